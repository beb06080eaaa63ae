"""The lens stability: against published games, the definitions, and closed forms of its probabilities."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests.lenses.edges import EDGES
from tests.oracles.standoff_oracle import Standoff

from winset import load, read_data, stability
from winset.compiled import compile_case
from winset.compiled.conflict import compile_conflict
from winset.errors import QuestionError
from winset.kernels.standoff import CONCEPTS
from winset.lenses import NotComputed
from winset.lenses.standoff import ConflictStability, StateView

Data = dict[str, Any]


def case(conflict: Data, **more: Any) -> Any:
    """A case about something else, with a conflict beside it."""
    values = {"weights": {"x": 1}, "scores": {"x": {"l": 100, "r": 0}}, "no_deal": 50}
    return read_data(
        {
            "winset": 1,
            "title": "conflict",
            "parties": {p: {} for p in "abc"},
            "consent": {"all": ["a", "b"]},
            "issues": {"x": {"options": ["l", "r"]}},
            "preferences": {"a": values, "b": values},
            "conflict": conflict,
            **more,
        }
    )


def found(given: Any, **options: Any) -> ConflictStability:
    result = stability(given, **options).conflict
    assert isinstance(result, ConflictStability)
    return result


def state(result: ConflictStability, *taken: str) -> StateView:
    return next(s for s in result.shown if set(s.state) == set(taken))


def game(a: list[Data], b: list[Data], **more: Any) -> Data:
    """Two parties who can each defect, with rankings of the four states."""
    return {
        "options": {"a": ["a defects"], "b": ["b defects"]},
        "preferences": {"a": {"ranking": a}, "b": {"ranking": b}},
        **more,
    }


CC: Data = {"a defects": False, "b defects": False}
CD: Data = {"a defects": False, "b defects": True}
DC: Data = {"a defects": True, "b defects": False}
DD: Data = {"a defects": True, "b defects": True}


# ------------------------------------------------------------------------------------------ published games


def test_prisoners_dilemma() -> None:
    """Mutual defection is the Nash equilibrium; mutual cooperation is a sequential one, since each
    improvement meets the other's (Fang, Hipel and Kilgour 1993, ch. 3; Howard 1971). From memory."""
    result = found(case(game([DC, CC, DD, CD], [CD, CC, DD, DC], status_quo=CC)))
    assert result.complete
    assert state(result, "a defects", "b defects").equilibrium == CONCEPTS
    both = state(result)
    assert both.equilibrium == ("gmr", "smr", "seq", "sseq")
    assert both.now
    assert state(result, "a defects").equilibrium == ()
    [evidence] = [e for e in both.evidence if e.party == "a"]
    [move] = evidence.told
    assert (move.step.takes, evidence.place, move.place) == (("a defects",), 2, 1)
    sanction = move.sanctions["sseq"]
    assert sanction is not None
    assert [(s.by, s.takes) for s in sanction.steps] == [("b", ("b defects",))]
    assert sanction.place == 3
    assert sanction.answer is not None
    assert (sanction.answer.step.drops, sanction.answer.place) == (("a defects",), 4)
    assert {m.by for m in result.moves if m.start == both.number} == {"a", "b"}


def test_chicken() -> None:
    """One swerves: Nash. Both swerve: sequential, since the other would not stand for it, but would have to
    hurt itself; so general and symmetric metarational only (Fang, Hipel and Kilgour 1993). From memory."""
    result = found(case(game([DC, CC, CD, DD], [CD, CC, DC, DD])))
    assert state(result, "a defects").equilibrium == CONCEPTS
    assert state(result, "b defects").equilibrium == CONCEPTS
    assert state(result).equilibrium == ("gmr", "smr")
    [move] = state(result).evidence[0].told
    assert move.sanctions["seq"] is None
    assert move.sanctions["smr"] is not None
    assert result.now is None
    assert result.paths == ()


# ------------------------------------------------------------------------------------------ the definitions


def plainly(statement: Data, s: dict[str, bool]) -> bool:
    def holds(match: Any) -> bool:
        return any(
            all(s[o] is v for o, v in c.items()) for c in (match if isinstance(match, list) else [match])
        )

    words = {k: statement[k] for k in ("if", "iff") if k in statement}
    true = holds({k: v for k, v in statement.items() if k not in words})
    if "if" in words:
        return true or not holds(words["if"])
    return true == holds(words["iff"]) if "iff" in words else true


def random_conflict(rng: np.random.Generator) -> tuple[Data, list[str], list[str]]:
    names = [f"o{n}" for n in range(int(rng.integers(2, 5)))]
    owner = [str(rng.choice(list("abc"))) for _ in names]
    options: Data = {}
    for name, party in zip(names, owner, strict=True):
        once = rng.choice(["", "taken", "dropped"], p=[0.7, 0.15, 0.15])
        options.setdefault(party, {})[name] = {"once": str(once)} if once else {}

    def clause() -> Data:
        chosen = rng.permutation(names)[: rng.integers(1, 3)]
        return {str(o): bool(rng.integers(2)) for o in chosen}

    preferences: Data = {}
    for party in options:
        statements = []
        for _ in range(int(rng.integers(1, 5))):
            body = clause()
            kind = rng.integers(3)
            statements.append(
                body | ({"if": clause()} if kind == 1 else {"iff": clause()} if kind == 2 else {})
            )
        preferences[party] = {"prioritised": statements}
    out = {"options": options, "preferences": preferences}
    if rng.random() < 0.4 and len(names) > 2:
        out["infeasible"] = [{names[0]: True, names[1]: True}]
    ordered = [n for p in options for n in options[p]]
    return out, ordered, [p for p in options for _ in options[p]]


def oracle(data: Data, names: list[str], owner: list[str]) -> tuple[Standoff, list[str]]:
    parties = list(data["options"])
    states = [{n: bool(s >> k & 1) for k, n in enumerate(names)} for s in range(1 << len(names))]
    feasible = [not any(plainly(r, s) for r in data.get("infeasible", [])) for s in states]
    ranks = []
    for party in parties:
        stated = data["preferences"][party]["prioritised"]
        ranks.append(
            [sum(2 ** (len(stated) - 1 - j) for j, x in enumerate(stated) if plainly(x, s)) for s in states]
        )
    bodies = {n: b for options in data["options"].values() for n, b in options.items()}
    once = [{"taken": 1, "dropped": -1}.get(bodies[n].get("once"), 0) for n in names]
    return Standoff([parties.index(o) for o in owner], feasible, ranks, once), parties


@pytest.mark.parametrize("seed", range(60))
def test_equals_the_definitions(seed: int) -> None:
    """Stabilities, places, improvements, and what deters from them, from the words of the case."""
    rng = np.random.default_rng(seed)
    data, names, owner = random_conflict(rng)
    plain, parties = oracle(data, names, owner)
    result = found(case(data), draws=0)
    place = {n: k for k, n in enumerate(names)}
    assert result.states == len(plain.states)
    assert len(result.shown) == len(plain.states)
    for s in result.shown:
        number = sum(1 << place[o] for o in s.state)
        for i, party in enumerate(parties):
            held = {c for c in CONCEPTS if plain.stable(c, i, number)}
            assert set(s.stable[party]) == held
            better = {plain.ranks[i][t] for t in plain.states if plain.ranks[i][t] > plain.ranks[i][number]}
            assert s.place[party] == 1 + len(better)
        for e in s.evidence:
            i = parties.index(e.party)
            assert e.moves == len(plain.arcs[i, number])
            assert e.improvements == len(plain.improvements(i, number))
            for told in e.told:
                check_improvement(plain, parties, place, i, number, told)


def check_improvement(plain: Any, parties: list[str], place: Any, i: int, number: int, told: Any) -> None:
    """Every sanction is a legal sequence that deters; where none is told, there is none."""
    rank = plain.ranks[i]
    bits = lambda taken: sum(1 << place[o] for o in taken)  # noqa: E731
    first = bits(told.step.state)
    assert first in plain.improvements(i, number)
    others = [j for j in plain.parties if j != i]
    for concept, sanction in told.sanctions.items():
        improving = concept in ("seq", "sseq")

        def deters(t: int, concept: str = concept) -> bool:
            escape = concept in ("smr", "sseq") and any(rank[u] > rank[number] for u in plain.arcs[i, t])
            return rank[t] <= rank[number] and not escape

        every = plain.legal(others, first, improving)
        if sanction is None:
            assert not any(map(deters, every))
            continue
        at, last = first, None
        for step in sanction.steps:
            j, t = parties.index(step.by), bits(step.state)
            assert j != last
            assert t in (plain.improvements(j, at) if improving else plain.arcs[j, at])
            at, last = t, j
        assert deters(at)


@pytest.mark.parametrize("seed", range(30))
def test_where_the_status_quo_leads(seed: int) -> None:
    rng = np.random.default_rng(500 + seed)
    data, names, owner = random_conflict(rng)
    plain, _ = oracle(data, names, owner)
    start = int(rng.choice(plain.states))
    data["status_quo"] = {n: bool(start >> k & 1) for k, n in enumerate(names)}
    result = found(case(data))
    place = {n: k for k, n in enumerate(names)}
    reached = plain.legal(plain.parties, start, True) | {start}
    anyhow = plain.legal(plain.parties, start, False) | {start}
    assert result.shown[0].now
    for s in result.shown:
        number = sum(1 << place[o] for o in s.state)
        assert s.odds.reached.value == (number in reached)  # type: ignore[union-attr]
        assert s.odds.ends.value == (number in reached and "seq" in s.equilibrium)  # type: ignore[union-attr]
    for path in result.paths:
        number = sum(1 << place[o] for o in path.state)
        assert (path.improving is not None) == (number in reached)
        assert (path.any is not None) == (number in anyhow)


# ---------------------------------------------------------------------------------------- probabilities


def test_a_statement_that_may_not_count() -> None:
    """One party, one option: the state without it lasts exactly where the party does not care."""
    conflict = {
        "options": {"a": ["go"]},
        "preferences": {"a": {"prioritised": [{"go": True, "sure": "70%"}]}},
    }
    result = found(case(conflict | {"status_quo": {}}), draws=20_000)
    odds = state(result).odds
    assert not isinstance(odds, NotComputed)
    for concept in CONCEPTS:
        assert abs(odds.equilibrium[concept].value - 0.3) < 4 * odds.equilibrium[concept].standard_error
    assert state(result, "go").robust == CONCEPTS
    wants, minds_not = state(result).given
    assert (wants.cares, minds_not.cares) == (True, False)
    assert wants.says == "go: yes"
    assert (wants.equilibrium.value, minds_not.equilibrium.value) == (0, 1)  # type: ignore[union-attr]
    assert state(result).equilibrium == ()  # at central values it cares
    assert result.odds.profiles == 2  # type: ignore[union-attr]
    certain = found(case(conflict | {"status_quo": {}}), draws=0)
    assert isinstance(certain.odds, NotComputed)


def test_from_deals() -> None:
    """A state that is worth 50 less a cost of N(4, s) against a no-deal value of 50 less N(6, s): the party
    goes there with probability Phi(2 / (s sqrt 2))."""
    conflict = {
        "options": {"a": ["yield"]},
        "preferences": {"a": {"from": "deals"}},
        "status_quo": {},
        "outcomes": [
            {"when": {"yield": True}, "deal": {"x": "r"}},
            {"when": {"yield": False}, "no_deal": True},
        ],
        "effects": [
            {"when": {"yield": True}, "less": {"a": "2 to 6"}},
            {"when": {"yield": False}, "less": {"a": "4 to 8"}},
        ],
    }
    values = {"weights": {"x": 1}, "scores": {"x": {"l": 100, "r": 50}}, "no_deal": 50}
    given = case(conflict, preferences={"a": values, "b": values})
    odds = state(found(given, draws=20_000)).odds
    assert not isinstance(odds, NotComputed)
    from math import erf, sqrt

    spread = 2 / 1.6448536269514722
    goes = 0.5 * (1 + erf(2 / (spread * sqrt(2)) / sqrt(2)))
    stays = odds.equilibrium["nash"]
    assert abs(stays.value - (1 - goes)) < 4 * stays.standard_error
    assert state(found(given, draws=0), "yield").deal == {"x": "r"}
    assert state(found(given, draws=0)).no_deal
    closing = case(conflict, preferences={"a": values | {"closing_cost": 3, "no_deal": 45}, "b": values})
    assert state(found(closing, draws=0)).place["a"] == 2  # 45 - 6 against 50 - 3 - 4
    refused = values | {"no_deal": 10, "red_lines": [{"when": {"x": "r"}}]}
    assert (
        state(found(case(conflict, preferences={"a": refused, "b": values}), draws=0), "yield").place["a"]
        == 2
    )


def test_types_carry_their_own_orders() -> None:
    conflict = {
        "options": {"a": ["go"]},
        "status_quo": {},
        "preferences": {
            "a": {"prioritised": [{"go": False}], "types": {"bold": {"prioritised": [{"go": True}]}}}
        },
    }
    values = {"weights": {"x": 1}, "scores": {"x": {"l": 100, "r": 0}}, "no_deal": 50}
    typed = values | {"types": {"calm": {"prior": "60%"}, "bold": {"rest": True}}}
    result = found(case(conflict, preferences={"a": typed, "b": values}), draws=20_000)
    odds = state(result).odds
    assert not isinstance(odds, NotComputed)
    assert abs(odds.equilibrium["nash"].value - 0.6) < 4 * odds.equilibrium["nash"].standard_error
    assert {g.type: g.equilibrium.value for g in state(result).given} == {"calm": 1, "bold": 0}  # type: ignore[union-attr]
    assert result.parties[0].type == "calm"


def test_draws_do_not_depend_on_how_many_or_on_what_else_is_drawn() -> None:
    given = load("cases/alaska-2025.yaml")
    graph = compile_conflict(given)
    assert graph is not None
    few, many = graph.drawn(300, 5), graph.drawn(1500, 5)
    for n in (0, 7, 299):
        assert (few.profile(few.of_draw[n]) == many.profile(many.of_draw[n])).all()
    again = compile_conflict(compile_case(given))
    assert again is not None
    assert (again.drawn(300, 5).of_draw == few.of_draw).all()


# ------------------------------------------------------------------------------------------- other questions


def test_strong_preferences() -> None:
    """In the prisoner's dilemma cooperation is strongly stable if the sanction hurts greatly."""

    def dilemma(strong_at: int) -> ConflictStability:
        def order(mine: str, other: str) -> Data:
            statements: list[Data] = [{other: False}, {mine: True}]
            statements[strong_at]["strongly"] = True
            return {"prioritised": statements}

        data = {
            "options": {"a": ["a defects"], "b": ["b defects"]},
            "preferences": {"a": order("a defects", "b defects"), "b": order("b defects", "a defects")},
        }
        return found(case(data))

    both = state(dilemma(0))
    assert both.strong == dict.fromkeys("ab", ("gmr", "smr", "seq", "sseq"))
    weak = {
        "options": {"a": ["a defects"], "b": ["b defects"]},
        "preferences": {
            p: {
                "prioritised": [{f"{p} defects": True, "iff": {f"{q} defects": True}}, {f"{p} defects": True}]
            }
            for p, q in (("a", "b"), ("b", "a"))
        },
    }
    assert all(s.strong is None for s in found(case(weak)).shown)


def test_what_is_wrongly_seen() -> None:
    """b takes a for one that would never defect, and so believes in cooperation that a does not keep."""
    data = game([DC, DD, CC, CD], [CC, DC, CD, DD], status_quo=CC)
    data["sees"] = {"b": {"a": {"prioritised": [{"a defects": False}]}}}
    views = found(case(data)).views
    assert views is not None
    [view] = views.views
    assert (view.viewer, view.misread, view.unaware) == ("b", ("a",), ())
    assert view.believed == ((),)
    assert view.missed == (("a defects",),)
    assert [(s.by, s.takes) for s in view.surprises] == [("a", ("a defects",))]
    assert views.lasting == (("a defects",),)
    unaware = game([DC, DD, CC, CD], [CC, DC, CD, DD], status_quo=CC) | {
        "sees": {"b": {"unaware of": "a defects"}}
    }
    [view] = found(case(unaware)).views.views  # type: ignore[union-attr]
    assert view.unaware == ("a defects",)
    assert [s.by for s in view.surprises] == ["a"]
    assert found(case(game([DC, CC, DD, CD], [CD, CC, DD, DC]))).views is None


def test_what_a_wanted_state_needs() -> None:
    """Cooperation in the prisoner's dilemma is no Nash equilibrium: each would have to like it no less than
    defecting alone."""
    result = found(case(game([DC, CC, DD, CD], [CD, CC, DD, DC])), wanted=CC)
    wanted = result.wanted
    assert wanted is not None
    assert not isinstance(wanted, NotComputed)
    assert result.shown[wanted.number - 1].state == ()
    needs = {(n.party, n.concept): n for n in wanted.needs}
    nash = needs["a", "nash"]
    assert (nash.holds, nash.conditions, nash.places) == (False, 1, (2, 1))
    assert nash.unmet[0].step.takes == ("a defects",)
    assert needs["a", "seq"].holds
    assert needs["b", "gmr"].unmet == ()


def test_joint_moves() -> None:
    """From mutual defection both gain by cooperating, and each would then defect: no coalition of two upsets
    cooperation, and both together upset defection (Kilgour, Hipel, Fang and Peng 2001 on the dilemma)."""
    result = found(case(game([DC, CC, DD, CD], [CD, CC, DD, DC])), coalitions=True)
    joint = result.coalitions
    assert joint is not None
    assert not isinstance(joint, NotComputed)
    assert joint.coalitions == (("a",), ("b",), ("a", "b"))
    assert "seq" in joint.stable[state(result).number]
    assert joint.stable[state(result, "a defects", "b defects").number] == ()
    [move] = [m for m in joint.moves if m.state == state(result, "a defects", "b defects").number]
    assert move.coalition == ("a", "b")
    assert {s.by for s in move.steps} == {"a", "b"}
    assert move.places == {"a": 2, "b": 2}
    only = found(case(game([DC, CC, DD, CD], [CD, CC, DD, DC])), coalitions=[["a", "b"]]).coalitions
    assert only.coalitions == (("a", "b"),)  # type: ignore[union-attr]


def test_horizons() -> None:
    result = found(case(game([DC, CC, DD, CD], [CD, CC, DD, DC])), horizon=3)
    horizon = result.horizon
    assert horizon is not None
    assert horizon.equilibria[0] == result.equilibria["nash"]
    assert 1 in horizon.states[state(result, "a defects", "b defects").number]


def test_a_state_that_is_asked_for() -> None:
    given = load("cases/alaska-2025.yaml")
    asked = {"press on": True, "accept line": True, "replace arms": True, "sanctions": True}
    result = found(given, state=asked, draws=64)
    assert state(result, *asked).asked
    assert state(result, *asked).evidence
    with pytest.raises(QuestionError, match="there is no option"):
        stability(given, state={"pres on": True})
    with pytest.raises(QuestionError, match="rules this state out"):
        stability(given, state={"press on": True, "accept ceasefire": True})
    with pytest.raises(QuestionError, match="no party of the conflict"):
        stability(given, coalitions=[["usa", "china"]])
    with pytest.raises(QuestionError, match="horizon"):
        stability(given, horizon=0)


# --------------------------------------------------------------------------------------------- all the rest


def test_the_order_of_parties_and_options_does_not_matter() -> None:
    rng = np.random.default_rng(11)
    for _ in range(10):
        data, _, _ = random_conflict(rng)
        turned = data | {
            "options": {p: dict(reversed(o.items())) for p, o in reversed(data["options"].items())},
            "preferences": dict(reversed(data["preferences"].items())),
        }
        one, two = found(case(data)), found(case(turned))
        assert one.equilibria == two.equilibria
        for s in one.shown:
            other = state(two, *s.state)
            assert {p: set(c) for p, c in s.stable.items()} == {p: set(c) for p, c in other.stable.items()}
            assert s.place == other.place


def test_a_case_without_the_block() -> None:
    for data in EDGES.values():
        answer = stability(read_data(data)).conflict
        assert isinstance(answer, NotComputed)
        assert "conflict" in answer.because


def test_a_large_conflict_is_answered() -> None:
    """16 options, 65,536 states: all but a few are left untold, and that is said."""
    options = {p: [f"{p}{n}" for n in range(k)] for p, k in (("a", 6), ("b", 5), ("c", 5))}
    every = [o for names in options.values() for o in names]
    rng = np.random.default_rng(2)
    orders = {
        p: {"prioritised": [{str(o): bool(rng.integers(2))} for o in rng.permutation(every)]} for p in options
    }
    result = found(case({"options": options, "preferences": orders, "status_quo": {}}), draws=0)
    assert result.states == 1 << 16
    assert not result.complete
    assert len(result.shown) <= 14
    assert sum(bool(s.evidence) for s in result.shown) <= 6
    assert len(json.dumps(result.to_dict())) < 300_000


def test_too_many_profiles_are_not_tried() -> None:
    options = {"a": [f"o{n}" for n in range(14)]}
    statements = [{f"o{n}": True, "sure": "50%"} for n in range(14)]
    given = case({"options": options, "preferences": {"a": {"prioritised": statements}}})
    result = found(given, draws=2000)
    assert isinstance(result.odds, NotComputed)
    assert "too many" in result.odds.because
    assert result.equilibria["nash"] == 1  # a statement that counts as likely as not is counted


def test_alaska() -> None:
    """What the page says of the summit: the sanctions and the ceasefire hang on types (rows S10 and S19)."""
    result = found(load("cases/alaska-2025.yaml"), draws=512)
    assert result.now == ("press on",)
    line = state(result, "accept ceasefire", "accept line")
    by_type = {g.type: g.equilibrium for g in line.given if g.party == "russia" and g.statement is None}
    assert by_type["dealmaker"].value == 1  # type: ignore[union-attr]
    assert by_type["maximalist"].value == 0  # type: ignore[union-attr]
    assert {o.name for o in result.options if o.once} == {"withdraw"}
