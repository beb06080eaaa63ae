"""What every lens must do, whatever its question; see "Adding a lens" in the guide for contributors."""

from __future__ import annotations

import dataclasses
import inspect
import json
import math
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.lenses.edges import ANSWERS, BOTH, EDGES, FLAT, Data, Disguise, case, values
from tests.lenses.large import large
from tests.oracles.case_oracle import Oracle, random_case

import winset
from winset import (
    LENSES,
    agenda,
    beliefs,
    blockers,
    claims,
    compile_case,
    concessions,
    course,
    dilemmas,
    durability,
    exclusion,
    frontier,
    information,
    levers,
    load,
    power,
    ratification,
    read_data,
    sensitivity,
    solutions,
    stability,
    threats,
    venue,
    war,
    zone,
)
from winset.errors import QuestionError
from winset.lenses import NotComputed, Result

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "cases").glob("*.yaml"))
SECTIONS = ["What it answers", "How", "Example", "When not to trust it", "References"]

each_lens = pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.__name__)


def options_of(lens: Callable[..., Result], **wanted: Any) -> dict[str, Any]:
    """Those of the options that this lens has."""
    return {k: v for k, v in wanted.items() if k in inspect.signature(lens).parameters}


def as_json(result: Result) -> str:
    return json.dumps(result.to_dict(), allow_nan=False)


def parts(value: Any) -> Iterator[Result]:
    """A result and all results inside it."""
    if isinstance(value, Result):
        yield value
        for field in dataclasses.fields(value):  # type: ignore[arg-type]
            yield from parts(getattr(value, field.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from parts(inner)


# ---- one function a question


def test_the_lenses_are_public_and_answer_with_results():
    assert [lens.__name__ for lens in LENSES] == [
        "zone",
        "blockers",
        "levers",
        "frontier",
        "solutions",
        "exclusion",
        "power",
        "ratification",
        "course",
        "war",
        "threats",
        "concessions",
        "durability",
        "stability",
        "dilemmas",
        "sensitivity",
        "information",
        "beliefs",
        "claims",
        "agenda",
        "venue",
    ]
    for lens in LENSES:
        name = lens.__name__
        assert getattr(winset, name) is lens
        assert name in winset.__all__
        first = (sys.modules[lens.__module__].__doc__ or "").partition("\n\n")[0]
        assert first.endswith("?"), f"the first paragraph of {name} must be its question"
        result = lens(read_data(EDGES["no weight"]))
        assert isinstance(result, Result)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, dataclasses.fields(result)[0].name, None)


# ---- deterministic


@each_lens
@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_same_case_and_seed_same_bytes(lens, path):
    extra = options_of(lens, rng=7, lotteries=True)
    one, two = (as_json(lens(compile_case(load(path)), **extra)) for _ in range(2))
    assert one == two
    assert len(one) > 100


@pytest.mark.parametrize("lens", [zone, blockers], ids=lambda lens: lens.__name__)
def test_estimates_follow_the_seed_and_nothing_else(lens):
    def run(seed: int) -> str:
        return as_json(lens(read_data(large(60)), rng=seed, samples=500))

    first = run(1)
    assert '"sample"' in first
    assert run(1) == first
    assert run(2) != first


@each_lens
def test_an_answer_does_not_depend_on_what_was_asked_before(lens):
    shared = compile_case(load(CASES[0]))
    for other in LENSES:
        other(shared)
    assert as_json(lens(shared)) == as_json(lens(load(CASES[0])))


# ---- plain data


@each_lens
@pytest.mark.parametrize("name", EDGES)
def test_json_there_and_back(lens, name):
    plain = lens(read_data(EDGES[name]), **options_of(lens, lotteries=True)).to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_every_kind_of_result_serialises():
    asked: list[Result] = []
    for data in (*EDGES.values(), *(load(path).to_data() for path in CASES)):
        compiled = compile_case(read_data(data))
        asked += [
            zone(compiled),
            blockers(compiled),
            levers(compiled),
            frontier(compiled),
            solutions(compiled, lotteries=True),
            power(compiled),
            ratification(compiled, draws=64),
            exclusion(compiled, draws=64),
            sensitivity(compiled, draws=64),
            information(compiled, draws=64),
            beliefs(compiled, draws=64),
            course(compiled, draws=256),
            war(compiled, draws=64),
            stability(compiled, draws=64),
            dilemmas(compiled, draws=64),
            threats(compiled, draws=64),
            concessions(compiled, draws=64),
            durability(compiled, draws=256),
            claims(compiled),
            agenda(compiled),
            venue(compiled),
        ]
    asked += [frontier(read_data(large(60)), limit=1), solutions(read_data(large(60)), limit=1)]
    near = load(CASES[0]).to_data()
    near["preferences"]["russia"]["no_deal"] = "48 to 64"
    asked.append(sensitivity(read_data(near), draws=64))
    near["conflict"]["sees"] = {"usa": {"unaware of": ["replace arms"]}}
    asked.append(stability(read_data(near), draws=64, wanted={}, horizon=2, coalitions=True))
    seen: dict[str, int] = {}
    for result in asked:
        for part in parts(result):
            plain = part.to_dict()
            assert json.loads(json.dumps(plain, allow_nan=False)) == plain
            hidden = {f.name for f in dataclasses.fields(part) if not f.repr}  # type: ignore[arg-type]
            assert set(plain) == {f.name for f in dataclasses.fields(part)} - hidden  # type: ignore[arg-type]
            seen[type(part).__name__] = seen.get(type(part).__name__, 0) + 1
    apart = {
        "comparison",
        "forecasts",
        "judges",
        "tornado",
        "unsourced",
        "summary",
    }  # of other questions, tested by themselves
    ours = {k for k in Result.__subclasses__() if k.__module__.startswith("winset.")}
    kinds = {k for k in ours if not k.__module__.startswith("winset.theory.")}
    assert set(seen) == {k.__name__ for k in kinds if k.__module__.rpartition(".")[2] not in apart}


# ---- the edges


@pytest.mark.parametrize("name", EDGES)
def test_the_edges_by_hand(name):
    deals, passed, openings, efficient, efficient_of_all, nash = ANSWERS[name]
    compiled = compile_case(read_data(EDGES[name]))
    found = zone(compiled)
    assert (found.deals, found.zone.value, found.empty) == (deals, passed, passed == 0)
    assert (found.witness is None) == (passed == 0)
    assert bool(found.proofs) == (passed == 0)
    assert all((view is None) == (passed == 0) for view in found.best.values())
    assert {len(views) for views in found.ranked.values()} == {passed}
    assert set(blockers(compiled).openings) == openings
    gaps = frontier(compiled)
    assert (gaps.zone.size, gaps.all.size) == (efficient, efficient_of_all)
    fair = {s.name: s for s in solutions(compiled).solutions}
    if nash:
        assert {tuple(v.utility.values()) for v in fair["Nash"].deals} == nash
    else:
        assert set(fair) == {"issue-by-issue"}


def test_an_empty_zone_says_why():
    lines = zone(read_data(EDGES["empty by red lines"])).proofs
    assert [(p.argument, p.issues) for p in lines] == [("red lines", ("x",))]
    (weighing,) = zone(read_data(EDGES["empty by weighing"])).proofs
    assert weighing.argument == "weighing"
    assert weighing.multipliers == pytest.approx({"a": 0.5, "b": 0.5})
    assert (weighing.reachable, weighing.required) == pytest.approx((50, 60))


def test_ties_are_counted_not_dropped():
    compiled = compile_case(read_data(EDGES["ties"]))
    assert frontier(compiled).zone.deals == 4
    (nash,) = solutions(compiled).solutions[0].deals
    assert nash.count == 4
    assert solutions(compiled).solutions[0].score == 0.0


def test_no_weight_means_no_say_in_the_issue():
    found = zone(read_data(EDGES["no weight"]))
    assert found.witness.deal == {"x": "l", "y": "r"}
    assert {p: q.value for p, q in found.accepted.items()} == {"a": 2, "b": 2}
    (gap,) = frontier(read_data(EDGES["no weight"])).offers
    (trade,) = gap.trades[0]
    assert (trade.issue, trade.change) == ("y", {"a": 0.0, "b": 60.0})


# ---- names and their order


def rounded(value: float) -> float:
    """Without the last digits, which the order of adding up may change."""
    return float(f"{value + 0.0:.9g}") if abs(value) > 1e-9 else 0.0


def summary(data: Data, party: dict[str, str]) -> dict[str, Any]:
    """What must not depend on names, with parties under their old names."""
    compiled = compile_case(read_data(data))
    rulers = sorted(party[compiled.parties[r]] for r in compiled.rulers)
    new = {old: name for name, old in party.items()}

    def point(view: Any) -> tuple[float, ...]:
        return tuple(view.utility[new[p]] for p in rulers)

    def counts(by_party: dict[str, Any]) -> dict[str, Any]:
        return {party[p]: (q.value, q.of, q.exact) for p, q in by_party.items()}

    z, b, f, s = (lens(compiled, draws=0) for lens in (zone, blockers, frontier, solutions))
    staked = all(
        any(compiled.values[compiled.parties[r]].weights[i] for r in compiled.rulers) for i in compiled.issues
    )
    return {
        "deals": (z.deals, z.combinations),
        "accepted": counts(z.accepted),
        "pairs": {frozenset(party[p] for p in x.parties): x.accepted.value for x in z.pairs},
        "zone": (z.zone.value, z.empty, z.witness is None),
        "coalitions": {frozenset(party[p] for p in x.coalition) for x in z.proofs},
        "best": {party[p]: v and v.utility[p] for p, v in z.best.items()},
        "ranked": {name: [v.score for v in views] for name, views in z.ranked.items()},
        "options": sorted((o.deals, o.zone.value, *sorted(counts(o.accepted).items())) for o in z.options),
        "refused": [counts(x) for x in (b.refused, b.sole_refuser, b.pivotal)],
        "lines": {(party[x.party], x.number): x.crossed.value for x in b.red_lines},
        "openings": {frozenset(party[p] for p in x) for x in b.openings},
        "offers": [
            (o.name, o.efficient, o.efficient_in_zone, rounded(o.distance), o.improving) for o in f.offers
        ],
        "swings": [{party[p] for p in x.pivotal} for x in b.deals if x.name in {o.name for o in f.offers}],
        "efficient": [
            (x.size, x.deals, {(point(v), v.count) for v in x.points} if x.size <= 200 else None)
            for x in (f.zone, f.all)
        ],
        "ideal": s.ideal and {party[p]: u for p, u in s.ideal.items()},
        "disagreement": {party[p]: u for p, u in s.disagreement.items()},
        "solutions": {
            x.name: ({(point(v), v.count) for v in x.deals}, x.score is not None and rounded(x.score))
            for x in s.solutions
            if staked or x.name != "issue-by-issue"
        },
    }


@pytest.mark.parametrize("batch", range(6))
def test_other_names_in_another_order_change_only_names_and_order(batch):
    for seed in range(30 * batch, 30 * batch + 30):
        rng = random.Random(seed)
        data = random_case(rng)
        disguise = Disguise.of(data, rng)
        plain = summary(data, {p: p for p in data["parties"]})
        assert plain["zone"][0] == len(Oracle(data).zone)
        assert summary(disguise.put_on(data, rng), disguise.back()) == plain, f"seed {seed}"


@pytest.mark.parametrize("seed", [3, 8, 21])
def test_other_names_change_odds_within_their_error_only(seed):
    """A stream of random numbers belongs to a path, so another name means other draws of the same law."""
    rng = random.Random(seed)
    data = random_case(rng)
    disguise = Disguise.of(data, rng)
    back = disguise.back()
    one = zone(read_data(data), draws=2000).odds
    two = zone(read_data(disguise.put_on(data, rng)), draws=2000).odds
    assert abs(one.open.value - two.open.value) <= 5 * (one.open.standard_error + two.open.standard_error)
    assert (one.unknowns, len(one.types)) == (two.unknowns, len(two.types))
    for name, names in ((one.offers, two.offers),):
        for a, b in zip(name, names, strict=True):
            for party, mine in b.accepted.items():
                other = a.accepted[back[party]]
                near = 5 * (mine.standard_error + other.standard_error) + 0.01
                assert abs(mine.value - other.value) <= near


def test_the_baseline_keeps_all_its_ties_in_any_order_of_issues():
    """Eight issues on each of which both options tie, of unlike weight: 256 deals tie by the baseline."""
    issues = {f"i{n}": ["l", "r"] for n in range(8)}

    def ask(order: list[str]) -> set[tuple[float, ...]]:
        weights = {i: 2 ** int(i[1:]) for i in order}
        body = {
            "a": {"weights": weights, "scores": {i: {"l": 100, "r": 0} for i in order}, "no_deal": 0},
            "b": {"weights": weights, "scores": {i: {"l": 0, "r": 100} for i in order}, "no_deal": 0},
        }
        data = case({"all": ["a", "b"]}, {i: issues[i] for i in order}, body)
        last = solutions(read_data(data)).solutions[-1]
        assert last.name == "issue-by-issue"
        return {(v.utility["a"], v.utility["b"]) for v in last.deals}

    assert ask(list(issues)) == ask(list(issues)[::-1])


def test_the_baseline_is_none_only_if_forbid_rules_out_all_its_ties():
    """Of 256 deals that tie by the baseline, forbid leaves the half with one option of an issue."""
    options = {f"i{n}": ["l", "r"] for n in range(8)}
    party = values({i: {"l": 50, "r": 50} for i in options}, 0)
    data = case({"all": ["a"]}, options, {"a": party}, forbid=[{"i0": "l"}])
    (last,) = (s for s in solutions(read_data(data)).solutions if s.name == "issue-by-issue")
    assert {view.deal["i0"] for view in last.deals} == {"r"}


# ---- documented


@each_lens
def test_a_page_with_five_sections_linked_from_the_index(lens):
    page = ROOT / "docs" / "lenses" / f"{lens.__name__}.md"
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    assert re.findall(r"^## (.+)$", text, flags=re.M) == SECTIONS
    for body in re.split(r"^## .+$", text, flags=re.M)[1:]:
        assert len(body.strip()) > 20
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert f"](lenses/{lens.__name__}.md)" in index


# ---- mistakes


@pytest.mark.parametrize("lens", [blockers, frontier], ids=lambda lens: lens.__name__)
@pytest.mark.parametrize(
    ("deals", "culprits"),
    [
        (["nowhere"], ["nowhere", "fair"]),
        ("nowhere", ["nowhere", "fair"]),
        ([{"x": "l"}], ["deal 1", "y", "l, r"]),
        (["fair", {"x": "l", "y": "up"}], ["deal 2", "y", "up", "l, r"]),
        ([{"x": "l", "y": "l", "z": "l"}], ["deal 1", "z", "x, y"]),
        ([{"x": "r", "y": "r"}], ["deal 1", "forbid"]),
    ],
)
def test_a_deal_that_is_none(lens, deals, culprits):
    data = {**EDGES["ties"], "forbid": [{"x": "r", "y": "r"}]}
    with pytest.raises(QuestionError) as raised:
        lens(read_data(data), deals=deals)
    assert [word for word in culprits if word not in str(raised.value)] == []


@pytest.mark.parametrize("lens", [frontier, solutions], ids=lambda lens: lens.__name__)
@pytest.mark.parametrize("within", [-1, -1e-9, math.inf, math.nan])
def test_a_tolerance_that_is_none(lens, within):
    with pytest.raises(QuestionError, match=rf"within .*{within}"):
        lens(read_data(EDGES["ties"]), within=within)


@pytest.mark.parametrize(
    ("weights", "culprits"),
    [
        ({"nobody": 1}, ["nobody", "a, b"]),
        ({"a": 1, "c": 1}, ['"c"', "a, b"]),
        ({"a": 0}, ["weight of a", "0"]),
        ({"a": 1, "b": -2}, ["weight of b", "-2"]),
        ({"b": math.inf}, ["weight of b", "inf"]),
        ({"b": math.nan}, ["weight of b", "nan"]),
    ],
)
def test_bargaining_weights_that_are_none(weights, culprits):
    """Party c has preferences, but the rule does not name it."""
    data = case({"all": ["a", "b"]}, BOTH, {p: values(FLAT, 50) for p in "abc"})
    with pytest.raises(QuestionError) as raised:
        solutions(read_data(data), weights=weights)
    assert [word for word in culprits if word not in str(raised.value)] == []


def test_not_computed_is_a_value_with_a_reason():
    found = frontier(read_data(large(60)), limit=1)
    assert isinstance(found.zone, NotComputed)
    assert "within=1" in found.zone.because
    assert isinstance(solutions(read_data(large(60)), limit=1).solutions, NotComputed)
