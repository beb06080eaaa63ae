"""Beliefs: counting worlds, invariants of Bayes' rule, and that every lens believes the same."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lenses.edges import EDGES
from tests.oracles.belief_oracle import after, bits, things

from winset import (
    beliefs,
    compile_case,
    course,
    information,
    judges,
    load,
    ratification,
    read_data,
    sensitivity,
    zone,
)
from winset.compiled.draws import uncertain
from winset.compiled.sampling import Sampler
from winset.lenses import NotComputed
from winset.lenses.beliefs import PartyBeliefs
from winset.lenses.judges import _with
from winset.lenses.unsourced import unsourced, widened

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"
Data = dict[str, Any]


def firm(types: dict[str, Any], evidence: Data | None = None, **more: Any) -> Data:
    """A union asks a firm of several types, which differ in what no raise is worth to them."""
    return {
        "winset": 1,
        "title": "Wages",
        "as_of": "2024-03-01",
        "parties": {"union": {}, "firm": {}},
        "consent": {"all": ["union", "firm"]},
        "issues": {"raise": {"options": ["none", "some"]}},
        "preferences": {
            "union": {
                "weights": {"raise": 1},
                "scores": {"raise": {"none": 0, "some": 100}},
                "no_deal": "30 to 60",
            },
            "firm": {
                "weights": {"raise": 1},
                "scores": {"raise": {"none": 100, "some": 50}},
                "types": {
                    t: {"prior": p, "no_deal": 30 + 60 * n // len(types)}
                    for n, (t, p) in enumerate(types.items())
                },
            },
        },
        **({"evidence": evidence} if evidence else {}),
        **more,
    }


def item(likelihoods: Data, **more: Any) -> Data:
    return {"about": "firm", "likelihoods": likelihoods, **more}


def believed(data: Data, **options: Any) -> PartyBeliefs:
    (found,) = beliefs(read_data(data), **{"draws": 64, **options}).parties
    return found


def central(found: PartyBeliefs) -> dict[str, float]:
    return {t: b.central for t, b in found.after.items()}


TWO = {"squeezed": "40%", "holds back": "60%"}
WAGES = firm(
    TWO,
    {
        "no hiring": item({"squeezed": "80%", "holds back": "40%"}, date="2024-01-10"),
        "treasurer": item({"squeezed": "60%", "holds back": "40%"}, date="2024-02-08", group="interviews"),
        "head": item({"squeezed": "60%", "holds back": "40%"}, date="2024-02-01", group="interviews"),
    },
)


def test_by_hand():
    """Odds of 2 : 3, doubled, then half as good again: 2 : 1. Counted one by one 3 : 1."""
    found = believed(WAGES)
    assert [s.name for s in found.steps] == ["no hiring", "treasurer"]  # the first that is written, on a tie
    assert [s.joined for s in found.steps] == ["alone", "most telling"]
    assert found.steps[1].items == ("treasurer", "head")
    assert [s.weight["squeezed"].central for s in found.steps] == pytest.approx([3.0103, 1.7609], abs=1e-4)
    assert [s.weight["holds back"].central for s in found.steps] == pytest.approx(
        [-3.0103, -1.7609], abs=1e-4
    )
    assert [s.after["squeezed"].central for s in found.steps] == pytest.approx([4 / 7, 2 / 3])
    assert central(found) == pytest.approx({"squeezed": 2 / 3, "holds back": 1 / 3})
    assert found.one_by_one == pytest.approx({"squeezed": 3 / 4, "holds back": 1 / 4})
    assert [(i.name, i.counts) for i in found.items] == [
        ("no hiring", True),
        ("head", False),
        ("treasurer", True),
    ]
    assert found.swings == ()
    assert (found.overturned.value, found.overturned.standard_error) == (1, 0)
    assert found.leads["squeezed"].low == found.leads["squeezed"].high == 1


def test_what_is_stated_for_a_group_counts_once_and_last():
    data = copy.deepcopy(WAGES)
    data["evidence_groups"] = {"interviews": {"likelihoods": {"squeezed": "50%", "holds back": "20%"}}}
    data["evidence"]["strike fund"] = item({"squeezed": "30%", "holds back": "30%"}, date="2024-02-05")
    found = believed(data)
    assert [s.name for s in found.steps] == ["no hiring", "strike fund", "interviews"]
    assert (found.steps[2].joined, found.steps[2].date) == ("stated together", "2024-02-08")
    assert central(found)["squeezed"] == pytest.approx(Fraction(40 * 80 * 50, 40 * 80 * 50 + 60 * 40 * 20))
    assert [i.counts for i in found.items] == [True, False, True, False]


def random_data(rng: random.Random) -> Data:
    """Several types, items in groups and out of them, some of them stated together."""
    types = [f"t{n}" for n in range(rng.randint(2, 5))]
    cuts = sorted(rng.sample(range(1, 100), len(types) - 1))
    priors = {t: f"{b - a}/100" for t, a, b in zip(types, [0, *cuts], [*cuts, 100], strict=True)}
    evidence, lows = {}, {}
    for n in range(rng.randint(0, 6)):
        likelihoods = {t: f"{rng.randint(1, 20)}/20" for t in types}
        evidence[f"e{n}"] = item(likelihoods)
        if rng.random() < 0.5:
            group = evidence[f"e{n}"]["group"] = rng.choice("xy")
            for t, x in likelihoods.items():
                lows[group, t] = min(lows.get((group, t), Fraction(1)), Fraction(x))
    data = firm(priors, evidence)
    for group in {g for g, _ in lows}:
        if rng.random() < 0.5:
            joint = {t: str(lows[group, t] * rng.randint(1, 9) / 9) for t in types}
            data.setdefault("evidence_groups", {})[group] = {"likelihoods": joint}
    return data


@pytest.mark.parametrize("seed", range(60))
def test_as_by_counting_worlds(seed):
    data = random_data(random.Random(seed))
    prior = {t: Fraction(k["prior"]) for t, k in data["preferences"]["firm"]["types"].items()}
    case = read_data(data)
    found = believed(data)
    expected = after(prior, things(data, "firm"))
    assert case.central_chances("firm") == expected
    assert central(found) == pytest.approx({t: float(x) for t, x in expected.items()})
    one_by_one = after(prior, things(data, "firm", apart=True))
    if found.one_by_one is None:
        assert one_by_one == expected
    else:
        assert found.one_by_one == pytest.approx({t: float(x) for t, x in one_by_one.items()})
    model = uncertain(case)
    drawn = model.chances("firm", model.values(Sampler(model, 1).scores(0, 8)))
    assert drawn == pytest.approx(np.tile([float(expected[t]) for t in prior], (8, 1)))
    assert found.orders.difference < 1e-12


def test_a_group_never_says_more_than_its_most_telling_item():
    for seed in range(40):
        data = random_data(random.Random(seed))
        data.pop("evidence_groups", None)
        for name, body in data["evidence"].items() if "evidence" in data else ():
            body["group"] = "all"
            assert body["about"] == "firm", name
        if "evidence" not in data:
            continue
        (step,) = believed(data).steps
        far = max(i.apart.central for i in believed(data).items)
        likely = list(step.likelihoods.values())
        assert max(likely) / min(likely) == pytest.approx(10 ** (far / 10))


def test_what_a_meeting_would_tell_as_by_adding_up():
    rng = random.Random(5)
    for _ in range(20):
        types = [f"t{n}" for n in range(rng.randint(2, 4))]
        data = firm(
            {t: f"1/{len(types)}" for t in types}, {"e": item({t: f"{rng.randint(1, 9)}/10" for t in types})}
        )
        shown = {t: Fraction(rng.randint(0, 10), 10) for t in types}
        data["decisions"] = {
            "ask": {
                "by": "union",
                "choices": {"a": {"table": {"raise": "some"}}, "b": {}},
                "meetings": {
                    "books": {
                        "about": "firm",
                        "signals": {"loss": {t: str(x) for t, x in shown.items()}, "profit": {"rest": True}},
                    }
                },
            }
        }
        signals = data["decisions"]["ask"]["meetings"]["books"]["signals"]
        data["stages"] = {"tea": {"kind": "talk", "room": ["union", "firm"], "signals": {"firm": signals}}}
        found = believed(data)
        now = after({t: Fraction(1, len(types)) for t in types}, things(data, "firm"))
        expected = bits(now, {"loss": shown, "profit": {t: 1 - x for t, x in shown.items()}})
        books, tea = found.signals
        assert [s.decision for s in found.signals] == ["ask", None]
        assert books.bits.value == pytest.approx(expected, abs=1e-9)
        assert (tea.name, tea.signals) == ("tea", books.signals)
        assert tea.bits.value == pytest.approx(expected, abs=1e-9)
        everything = bits(now, {t: {s: Fraction(s == t) for s in types} for t in types})
        assert found.unknown.value == pytest.approx(everything)
        assert books.bits.value <= found.unknown.value + 1e-9


# ---- what must hold whatever the numbers

LIKELIHOOD = st.integers(1, 40).map(lambda n: Fraction(n, 40))
ROWS = st.lists(st.tuples(LIKELIHOOD, LIKELIHOOD, LIKELIHOOD), min_size=1, max_size=5)
PRIORS = {"a": "20%", "b": "30%", "c": "50%"}


def three(rows: list[tuple[Fraction, ...]], group: str | None = None) -> dict[str, float]:
    more = {"group": group} if group else {}
    evidence = {
        f"e{n}": item({t: str(x) for t, x in zip("abc", row, strict=True)}, **more)
        for n, row in enumerate(rows)
    }
    case = read_data(firm(PRIORS, evidence))
    return {t: float(x) for t, x in case.central_chances("firm").items()}


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_items_is_irrelevant(rows, rng):
    mixed = rng.sample(rows, len(rows))
    assert three(mixed) == pytest.approx(three(rows))


@settings(max_examples=40, deadline=None)
@given(ROWS, st.integers(2, 9))
def test_a_common_factor_of_likelihoods_changes_nothing(rows, factor):
    smaller = [tuple(x / factor for x in rows[0]), *rows[1:]]
    assert three(smaller) == pytest.approx(three(rows))
    assert three(smaller, "g") == pytest.approx(three(rows, "g"))


@settings(max_examples=40, deadline=None)
@given(ROWS, LIKELIHOOD)
def test_an_item_that_tells_nothing_changes_nothing(rows, same):
    assert three([*rows, (same, same, same)]) == pytest.approx(three(rows))
    assert three([*rows, (same, same, same)], "g") == pytest.approx(three(rows, "g"))


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_an_item_said_again_in_its_group_changes_nothing(rows):
    again = three([rows[0], rows[0], rows[0]], "g")
    assert again == pytest.approx(three(rows[:1]))


# ---- one model


def rounded(node: Any) -> Any:
    """Numbers to nine places: the posterior and a prior of the same value differ in their last bit."""
    if isinstance(node, dict):
        return {k: rounded(v) for k, v in node.items()}
    if isinstance(node, list):
        return [rounded(v) for v in node]
    return round(node, 9) + 0.0 if isinstance(node, float) else node


def test_every_lens_draws_types_by_the_posterior():
    """With fixed numbers, the same case with the posterior as its prior gives the same answers."""
    data = copy.deepcopy(WAGES)
    signals = {"loss": {"squeezed": "70%", "holds back": "20%"}, "profit": {"rest": True}}
    data["decisions"] = {
        "ask": {
            "by": "union",
            "choices": {"a": {"table": {"raise": "some"}}, "b": {"table": {"raise": "none"}}, "c": {}},
            "meetings": {"books": {"about": "firm", "signals": signals}},
        }
    }
    data["stages"] = {
        "talk": {
            "kind": "talk",
            "room": ["union", "firm"],
            "signals": {"firm": signals},
            "stay": {"union": "1 to 40"},
        },
        "haggling": {"kind": "offers", "room": ["union", "firm"], "rounds": 10},
    }
    plain = copy.deepcopy(data)
    del plain["evidence"]
    for kind, prior in (("squeezed", "2/3"), ("holds back", "1/3")):
        plain["preferences"]["firm"]["types"][kind]["prior"] = prior
    one, two = (compile_case(read_data(d)) for d in (data, plain))
    for lens in (zone, information, sensitivity, ratification, course):
        first, second = (lens(c, draws=512).to_dict() for c in (one, two))
        assert rounded(first) == rounded(second), lens.__name__
    share = next(t for t in zone(one, draws=4096).odds.types if t.type == "squeezed").probability
    assert share.value == pytest.approx(2 / 3, abs=4 * share.standard_error)


def test_the_central_type_is_the_likeliest_given_the_evidence():
    assert read_data(WAGES).central_type("firm") == "squeezed"
    assert read_data({**WAGES, "evidence": {}}).central_type("firm") == "holds back"


def test_likelihoods_are_inputs_of_the_case():
    data = copy.deepcopy(WAGES)
    data["evidence"]["no hiring"]["likelihoods"]["squeezed"] = "60% to 95%"
    data["preferences"]["firm"]["types"]["squeezed"]["prior"] = "30% to 50%"
    data["preferences"]["firm"]["types"]["holds back"] = {"rest": True, "no_deal": 60}
    path = "evidence.no hiring.likelihoods.squeezed"
    data["correlations"] = [{"between": [path, "firm.types.squeezed.prior"], "rho": 0.9}]
    case = read_data(data)
    model = uncertain(case)
    assert model.inputs[model.index[path]].party == "firm"
    scores = Sampler(model, 3).scores(0, 1024)
    both = scores[:, [model.index[path], model.index["firm.types.squeezed.prior"]]]
    assert np.corrcoef(both.T)[0, 1] == pytest.approx(0.9, abs=0.03)
    shares = sensitivity(case, draws=512).shares
    (share,) = (s for s in shares if "firm.type" in s.inputs)
    assert path in share.inputs
    assert not any(path in s.path for s in sensitivity(case, draws=512).moves)
    assert path in {u for d in information(case, draws=256).decisions for x in d.unknowns for u in x.inputs}
    found = believed(data, draws=2048)
    assert {s.path for s in found.swings} == {path, "firm.types.squeezed.prior"}
    by = {s.path: s for s in found.swings}
    # 0.4 x 0.95 x 0.6 against 0.6 x 0.4 x 0.4, and so on
    assert by[path].at_high["squeezed"] == pytest.approx(
        0.4 * 0.95 * 0.6 / (0.4 * 0.95 * 0.6 + 0.6 * 0.4 * 0.4)
    )
    assert by[path].at_low["squeezed"] == pytest.approx(0.4 * 0.6 * 0.6 / (0.4 * 0.6 * 0.6 + 0.6 * 0.4 * 0.4))
    assert found.swings[0].width >= found.swings[1].width
    low, high = found.after["squeezed"].spread.low, found.after["squeezed"].spread.high
    assert low < found.after["squeezed"].central < high


def test_what_cites_nothing_is_left_wide_open():
    data = copy.deepcopy(WAGES)
    data["sources"] = {"s": {"title": "t"}}
    data["claims"] = {"c": {"by": "firm", "says": "no", "source": "s"}}
    data["evidence"]["no hiring"]["because"] = "c"
    wide = widened(read_data(data)).evidence
    assert wide["no hiring"].likelihoods["squeezed"].high == Fraction(4, 5)
    assert (wide["head"].likelihoods["squeezed"].low, wide["head"].likelihoods["squeezed"].high) == (0, 1)
    found = unsourced(read_data(data), draws=64)
    assert found.sourced == 2


def test_a_draw_in_which_all_is_impossible_keeps_its_prior():
    data = firm(TWO, {"e": item({"squeezed": {"values": {"0": "50%", "1": "50%"}}, "holds back": 0})})
    model = uncertain(read_data(data))
    values = model.values(Sampler(model, 0).scores(0, 256))
    found = model.chances("firm", values)
    assert set(map(tuple, found.round(9).tolist())) == {(0.4, 0.6), (1.0, 0.0)}
    assert isinstance(believed(data).steps[0].weight["squeezed"].central, NotComputed)


def test_a_judge_s_evidence_goes_with_the_judge_s_types():
    """Taking over a party from another judge takes over what that one says has been seen of it."""
    other = firm({"rich": "50%", "poor": "50%"}, {"cars": item({"rich": "80%", "poor": "20%"})})
    cases = {"one": read_data(WAGES), "two": read_data(other)}
    swaps = [s for s in judges(cases, draws=256).swaps if s.block == "firm"]
    assert {s.judge for s in swaps} == {"one", "two"}
    assert not any(isinstance(s.after, NotComputed) for s in swaps)
    taken = _with(cases["one"], cases["two"], "firm")
    assert (list(taken.evidence), taken.central_type("firm")) == (["cars"], "rich")
    assert read_data(taken.to_data()) == taken
    alike = copy.deepcopy(WAGES)
    alike["evidence"]["no hiring"]["likelihoods"]["squeezed"] = "90%"
    found = judges({"one": cases["one"], "two": read_data(alike)}, draws=64)
    assert {s.block for s in found.swaps} == {"firm"}


# ---- edges


def test_no_types_no_beliefs():
    for data in EDGES.values():
        found = beliefs(read_data(data))
        assert isinstance(found.parties, NotComputed)
        assert "more than one type" in found.parties.because


def test_types_without_evidence_keep_their_priors():
    found = believed(firm({"a": "1/3", "b": "1/3", "c": "1/3"}))
    assert (found.steps, found.items, found.orders.tried) == ((), (), 1)
    assert found.before == found.after
    assert found.one_by_one is None
    assert found.inconsistent == found.score == {"a": 0, "b": 0, "c": 0}


def test_the_same_seed_gives_the_same_bytes():
    one, two, other = (json.dumps(beliefs(load(ALASKA), rng=r).to_dict()) for r in (3, 3, 4))
    assert one == two != other


def test_the_alaska_evidence_tells_little_about_russia():
    """Its judge says so; if that changes, the comments of the case must, too."""
    found = {p.party: p for p in beliefs(load(ALASKA)).parties}
    russia, usa = found["russia"], found["usa"]
    assert 0.5 < central(russia)["dealmaker"] < 0.55
    assert max(i.apart.central for i in russia.items) < 2  # decibans
    assert 0.6 < central(usa)["broker"] < 0.8
    assert {s.joined for s in russia.steps} == {"alone", "most telling"}
    assert all(i.because for p in (russia, usa) for i in p.items)
