"""Conflicts written for gmcr-py and Gambit: read back they are the same, and what is lost is told."""

from __future__ import annotations

import json
import random
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from tests.oracles.gmcr_oracle import payoffs, states

from winset import load, loads
from winset.compiled.conflict import compile_conflict
from winset.errors import QuestionError
from winset.kernels.standoff import stability
from winset.report.gmcr import gmcr
from winset.report.nfg import nfg

CONFLICTS = Path(__file__).parents[1] / "case" / "foreign" / "conflicts"
HEAD = """\
winset: 1
title: A "quoted" title
parties: {a: {name: Anna}, b: {}, c: {}}
consent: {all: [a, b]}
issues: {deal: {options: [some, other]}}
preferences:
  a: {weights: {deal: 1}, scores: {deal: {some: 100, other: 0}}, no_deal: 30}
  b: {weights: {deal: 1}, scores: {deal: {some: 100, other: 0}}, no_deal: 30}
"""


def case(conflict: str):
    return loads(HEAD + "conflict:\n" + conflict)


def same_order(one, other) -> bool:
    return bool(
        ((one[:, None] > one[None]) == (other[:, None] > other[None])).all()
        and ((one[:, None] == one[None]) == (other[:, None] == other[None])).all()
    )


def again(written, tmp_path):
    path = tmp_path / "again.gmcr"
    path.write_text(written.text, encoding="utf-8")
    return path


def in_order(model):
    """The options of a file party by party, as the program puts them when it saves."""
    order = [o for maker in model["decisionMakers"] for o in maker["options"]]

    def moved(raw):
        if isinstance(raw, dict):
            return [moved(member) for member in raw["members"]]
        return [(order.index(o), said) for o, said in raw]

    return (
        [model["options"][o] for o in order],
        [moved(rule) for rule in model["infeasibles"]],
        [(m["name"], [order.index(o) for o in m["options"]]) for m in model["decisionMakers"]],
        [[moved(s) for s in m["preferences"]] for m in model["decisionMakers"]],
        [m.get("preferenceRanking", m.get("preferenceVector")) for m in model["decisionMakers"]],
    )


def test_what_was_carried_over_is_written_as_it_was():
    before = json.loads((CONFLICTS / "reservoir.gmcr").read_text(encoding="utf-8"))
    after = json.loads(gmcr(load(CONFLICTS / "reservoir.gmcr")).text)
    before["decisionMakers"][1]["preferences"].pop()  # a statement made twice, which the program drops too
    assert in_order(after) == in_order(before)
    assert after["decisionMakers"][0]["misperceptions"] == [
        [[3, "Y"]]
    ]  # the other one was told on the way in
    assert not after["useManualPreferenceRanking"]


def test_rankings_are_written_as_they_were():
    before = json.loads((CONFLICTS / "merger.gmcr").read_text(encoding="utf-8"))
    after = json.loads(gmcr(load(CONFLICTS / "merger.gmcr")).text)
    before["decisionMakers"][0]["preferences"].clear()  # passed over by the program, and told on the way in
    assert in_order(after) == in_order(before)
    assert after["useManualPreferenceRanking"]


@pytest.mark.parametrize("seed", range(12))
def test_there_and_back(seed, tmp_path):
    """Statements with if and iff, rankings, one-way options: the order of every feasible state comes back."""
    chance = random.Random(seed)
    names = [f"o{n}" for n in range(5)]
    owned = {"a": names[:2], "b": names[2:4], "c": names[4:]}

    def clause(most=3):
        chosen = chance.sample(names, chance.randint(1, most))
        return "{" + ", ".join(f"{o}: {chance.choice(['yes', 'no'])}" for o in chosen) + "}"

    def match():
        return clause() if chance.random() < 0.6 else f"[{clause()}, {clause()}]"

    def statement():
        more = chance.choice(["", f", if: {match()}", f", iff: {match()}"])
        return "{when: " + match() + more + "}"

    lines = ["  options:"]
    for party, own in owned.items():
        bodies = ", ".join(f"{o}: {{{chance.choice(['', 'once: taken', 'once: dropped'])}}}" for o in own)
        lines.append(f"    {party}: {{{bodies}}}")
    lines.append("  infeasible: [{o0: yes, o2: yes}]")
    lines.append("  preferences:")
    for party in owned:
        if chance.random() < 0.3:
            lines.append(f"    {party}: {{ranking: [rest]}}")
        else:
            lines.append(f"    {party}: {{prioritised: [{', '.join(statement() for _ in range(3))}]}}")
    before = case("\n".join(lines) + "\n")
    path = again(gmcr(before), tmp_path)
    one, two = compile_conflict(before), compile_conflict(load(path))
    assert one is not None
    assert two is not None
    assert (one.feasible == two.feasible).all()
    assert (one.once == two.once).all()
    assert one.owner == two.owner
    able = one.feasible
    for p in range(3):
        assert same_order(one.central.profile(0)[p][able], two.central.profile(0)[p][able])
    model = json.loads(path.read_text(encoding="utf-8"))
    assert len(states(model)) == int(able.sum())
    for p, maker in enumerate(model["decisionMakers"]):  # and what the program itself would make of it
        theirs = np.array(payoffs(model, maker))
        assert same_order(one.central.profile(0)[p][able], theirs)


def test_what_a_file_has_no_place_for_is_told(tmp_path):
    full = case(
        """\
  options: {a: [x], b: [y]}
  status_quo: {x: yes}
  preferences:
    a: {prioritised: [{y: no, strongly: true, sure: 60%}, {x: no, sure: 20%}]}
    b: {from: deals}
  outcomes: [{when: {x: yes}, deal: {deal: some}}, {when: {x: no}, no_deal: true}]
  sees: {a: {b: {ranking: [rest]}, unaware of: y}}
  positions: {a: {y: no}}
"""
    )
    written = gmcr(full)
    for text in (
        "All of the case outside its conflict",
        "not certain are in or out",
        "How strongly",
        "those at the central values",
        "The status quo",
        "Positions and what follows",
        "wrongly see the orders",
        "rankings of states by number",
    ):
        assert sum(text in note for note in written.notes) == 1, text
    back = load(again(written, tmp_path))
    assert back.conflict.sees["Anna"].unaware == ("y",)
    ranks = compile_conflict(back).central.profile(0)
    assert ranks[0][0] == ranks[0][1] > ranks[0][2] == ranks[0][3]  # y counts, x does not
    assert ranks[1].tolist() == [0, 1, 0, 1]  # some is worth 100, none 30


def parse_nfg(text: str):
    """Title, players, strategies and payoffs, by the published grammar of the format."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[{}]|[^\s{}"]+', text)
    assert tokens[:3] == ["NFG", "1", "R"]
    at = 3

    def word():
        nonlocal at
        at += 1
        return tokens[at - 1][1:-1].replace('\\"', '"').replace("\\\\", "\\")

    def braces(inner):
        nonlocal at
        assert tokens[at] == "{"
        at += 1
        out = []
        while tokens[at] != "}":
            out.append(inner())
        at += 1
        return out

    title, players = word(), braces(word)
    strategies = braces(lambda: braces(word))
    word()  # the comment
    numbers = [int(t) for t in tokens[at:]]
    shape = [len(own) for own in strategies]
    payoff = {}
    for n, chosen in enumerate(product(*(range(k) for k in reversed(shape)))):
        payoff[tuple(reversed(chosen))] = numbers[n * len(players) : (n + 1) * len(players)]
    assert len(numbers) == len(payoff) * len(players)
    return title, players, strategies, payoff


def pure_equilibria(strategies, payoff):
    out = set()
    for chosen, got in payoff.items():
        best = all(
            payoff[(*chosen[:p], s, *chosen[p + 1 :])][p] <= got[p]
            for p in range(len(strategies))
            for s in range(len(strategies[p]))
        )
        if best:
            out.add(chosen)
    return out


def test_prisoners_dilemma_as_a_game():
    pd = case(
        """\
  options: {a: [confess], b: [talk]}
  preferences:
    a: {prioritised: [{talk: no}, {confess: yes}]}
    b: {prioritised: [{confess: no}, {talk: yes}]}
"""
    )
    written = nfg(pd)
    title, players, strategies, payoff = parse_nfg(written.text)
    assert title == 'A "quoted" title (payoffs are ranks: only their order means anything)'
    assert players == ["Anna", "b"]
    assert strategies == [["nothing", "confess"], ["nothing", "talk"]]
    assert payoff == {(0, 0): [2, 2], (1, 0): [3, 0], (0, 1): [0, 3], (1, 1): [1, 1]}
    assert pure_equilibria(strategies, payoff) == {(1, 1)}


@pytest.mark.parametrize("seed", range(8))
def test_equilibria_of_the_game_are_the_nash_stable_states(seed):
    chance = random.Random(seed)
    names = [f"o{n}" for n in range(4)]

    def statement():
        wanted, given = chance.choice(names), chance.choice(names)
        return f"{{{wanted}: {chance.choice(['yes', 'no'])}, if: {{{given}: yes}}}}"

    orders = "".join(
        f"    {p}: {{prioritised: [{', '.join(statement() for _ in range(5))}]}}\n" for p in "ab"
    )
    conflict = case(
        "  options: {a: [o0, o1], b: [o2, o3]}\n  infeasible: [{o0: yes, o1: yes}]\n"
        f"  preferences:\n{orders}"
    )
    graph = compile_conflict(conflict)
    _, _, strategies, payoff = parse_nfg(nfg(conflict).text)
    assert [len(own) for own in strategies] == [3, 4]
    found = stability(graph.owner, graph.feasible, graph.central.profile(0)).equilibria["nash"]
    named = {
        frozenset(o for p, s in enumerate(chosen) for o in strategies[p][s].split(" + ") if o != "nothing")
        for chosen in pure_equilibria(strategies, payoff)
    }
    assert named == {frozenset(graph.taken(int(s))) for s in np.flatnonzero(found)}


def test_a_party_without_options_is_kept():
    conflict = case(
        "  options: {a: [x], b: [y]}\n  preferences:\n    a: {prioritised: [{x: yes}]}\n"
        "    b: {prioritised: [{y: yes}]}\n    c: {prioritised: [{x: no}]}\n"
    )
    _, players, strategies, payoff = parse_nfg(nfg(conflict).text)
    assert players == ["Anna", "b", "c"]
    assert strategies[2] == ["nothing"]
    assert payoff[1, 1, 0] == [1, 1, 0]


@pytest.mark.parametrize(
    ("conflict", "expected"),
    [
        (
            "  options: {a: {x: {once: taken}}, b: [y]}\n"
            "  preferences: {a: {ranking: [rest]}, b: {ranking: [rest]}}\n",
            '"x" changes one way only',
        ),
        (
            "  options: {a: [x], b: [y]}\n  infeasible: [{x: yes, y: yes}]\n"
            "  preferences: {a: {ranking: [rest]}, b: {ranking: [rest]}}\n",
            "what one party does rules out what another does",
        ),
    ],
)
def test_no_normal_form(conflict, expected):
    with pytest.raises(QuestionError, match=expected):
        nfg(case(conflict))


def test_a_case_without_a_conflict():
    for write in (gmcr, nfg):
        with pytest.raises(QuestionError, match="the case states no conflict"):
            write(loads(HEAD))
