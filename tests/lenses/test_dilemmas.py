"""The lens dilemmas: a crisis by hand, odds that follow from what is stated, order that does not matter."""

from __future__ import annotations

import dataclasses
from itertools import permutations

import pytest
from tests.lenses.edges import EDGES

from winset import dilemmas, loads, read_data
from winset.lenses import NotComputed
from winset.report.answers import answer
from winset.report.words import plain

# in the manner of the Cuban missile crisis (Fraser and Hipel 1984), with positions and threats of our own
CRISIS = """\
winset: 1
title: Crisis
sources: {s: {title: t}}
claims:
  pull out: {by: us, says: the missiles must go, source: s}
  no strike: {by: ussr, says: no attack, source: s}
  will strike: {by: us, says: we would strike, source: s}
parties: {us: {name: United States}, ussr: {name: Soviet Union}}
consent: {all: [us, ussr]}
issues: {deal: {options: [some, other]}}
preferences:
  us: {weights: {deal: 1}, scores: {deal: {some: 100, other: 0}}, no_deal: 30}
  ussr:
    weights: {deal: 1}
    scores: {deal: {some: 100, other: 20}}
    no_deal: 20
    types: {calm: {prior: 75%}, bold: {rest: true}}
conflict:
  options: {us: [strike, blockade], ussr: [withdraw, escalate]}
  infeasible: [{withdraw: yes, escalate: yes}]
  status_quo: {blockade: yes}
  preferences:
    us: {prioritised: [{withdraw: yes}, {escalate: no}, {strike: no}, {blockade: no}]}
    ussr:
      types:
        calm: {prioritised: [{escalate: no}, {strike: no}, {blockade: no}, {withdraw: no, sure: 60%}]}
        bold: {prioritised: [{withdraw: no}, {strike: no}, {escalate: no}, {blockade: no}]}
  positions:
    us: {withdraw: yes, escalate: no, strike: no, blockade: no, because: pull out}
    ussr: {withdraw: no, strike: no, blockade: no, escalate: no, because: no strike}
  fallback:
    us: {strike: yes, because: will strike}
    ussr: {escalate: no}
"""


def by_kind(result):
    return {(d.kind, d.party, d.towards): d for d in result.dilemmas}


def test_by_hand():
    """Positions: missiles out, and nothing done to them; without agreement: a strike under the blockade.

    The United States would rather not strike, likes the Soviet position better than the strike, and cannot be
    sure that the missiles stay out. A calm Soviet Union likes the American position better than the strike, a
    bold one likes the strike better than pulling out; either would rather leave them, the calm one in six
    draws of ten.
    """
    found = by_kind(dilemmas(loads(CRISIS), draws=4000, rng=1))
    calm, bold = 0.75, 0.25
    expected = {
        ("threat", "us", None): 1.0,
        ("rejection", "us", "ussr"): 1.0,
        ("rejection", "ussr", "us"): calm,
        ("persuasion", "us", "ussr"): bold,
        ("positioning", "ussr", "us"): 0.0,
        ("trust", "us", "ussr"): calm * 0.6 + bold,
    }
    for key, p in expected.items():
        if p == 0.0:
            assert key not in found
            continue
        share = found[key].probability
        assert share.low <= p <= share.high, key
        assert abs(share.value - p) < 0.03
    assert set(found) == {key for key, p in expected.items() if p}


def test_the_evidence_is_the_comparison():
    found = by_kind(dilemmas(loads(CRISIS), draws=1000))
    threat = found["threat", "us", None]
    assert (threat.by, threat.better, threat.worse) == ("us", (), ("strike", "blockade"))
    assert threat.about == ("strike", "blockade")
    assert threat.because == ("pull out", "will strike")
    trust = found["trust", "us", "ussr"]
    assert (trust.by, trust.better, trust.worse, trust.about) == ("ussr", (), ("withdraw",), ("withdraw",))
    assert trust.given["bold"].value == 1.0
    assert abs(trust.given["calm"].value - 0.6) < 0.06
    persuasion = found["persuasion", "us", "ussr"]
    assert persuasion.by == "ussr"
    assert persuasion.about == ("withdraw",)  # of the other's options, what it is asked to change
    assert not persuasion.central  # it is calm at central values
    assert persuasion.given["calm"].value == 0.0


def test_the_futures():
    result = dilemmas(loads(CRISIS), draws=10)
    assert [(f.party, f.taken) for f in result.futures] == [
        ("us", ("withdraw",)),
        ("ussr", ()),
        (None, ("strike", "blockade")),
    ]
    assert result.futures[2].named == ("strike", "escalate")
    assert not result.common
    assert result.none.value == 0.0


def test_a_common_position_leaves_trust_and_cooperation():
    text = CRISIS.replace("ussr: {withdraw: no, strike", "ussr: {withdraw: yes, strike")
    result = dilemmas(loads(text), draws=500)
    assert result.common
    assert {d.kind for d in result.dilemmas} == {"trust", "cooperation"}


def test_certain_preferences_are_not_drawn():
    text = (
        CRISIS.replace(", sure: 60%", "")
        .replace("      types:\n        calm: ", "      ")
        .replace(
            "        bold: {prioritised: [{withdraw: no}, {strike: no}, {escalate: no}, {blockade: no}]}\n",
            "",
        )
    )
    result = dilemmas(loads(text))
    assert result.plan.draws == 1
    assert all(d.probability.value == 1.0 and d.central and not d.given for d in result.dilemmas)
    assert all(d.probability.standard_error == 0.0 for d in result.dilemmas)


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_the_order_of_parties_and_options_does_not_matter(order):
    case = loads(CRISIS)
    data = case.to_data()
    names = [["us", "ussr"][n] for n in order]
    data["parties"] = {p: data["parties"][p] for p in names}
    conflict = data["conflict"]
    conflict["options"] = {p: list(reversed(conflict["options"][p])) for p in names}
    conflict["preferences"] = {p: conflict["preferences"][p] for p in names}
    other = by_kind(dilemmas(read_data(data), draws=300, rng=4))
    for key, d in by_kind(dilemmas(case, draws=300, rng=4)).items():
        assert other[key].probability == d.probability
        assert set(other[key].about) == set(d.about)
        assert set(other[key].better) == set(d.better)


def test_the_seed_decides():
    one, two, other = (dilemmas(loads(CRISIS), draws=1000, rng=seed) for seed in (9, 9, 10))
    assert one == two != other


@pytest.mark.parametrize("name", EDGES)
def test_a_case_without_positions_says_so(name):
    result = dilemmas(read_data(EDGES[name]))
    if isinstance(result.dilemmas, NotComputed):
        assert "positions of the block conflict" in result.dilemmas.because
        assert result.futures == ()


def texts(value):
    """All words of blocks."""
    if isinstance(value, str):
        yield plain(value)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from texts(inner)


def test_every_dilemma_is_told():
    case = loads(CRISIS)
    told = "\n".join(texts(answer(dilemmas(case, draws=1000), case)))
    for words in (
        "Without agreement United States would prefer strike: no and blockade: no to what is said for that",
        "Soviet Union would prefer what comes without agreement (withdraw: no) to what United States asks",
        "Once all agreed to what United States asks for, Soviet Union would prefer withdraw: no.",
        "United States, more often than not: carrying out its own threat would be worse than not; what is",
        "once all agreed to its position, Soviet Union would not keep to it.",
        "What would change most of it is to know which type Soviet Union is: 3 dilemmas of 5 hang on that.",
        "In the hands of Soviet Union",
        "That they put nobody in a dilemma is 0%",
        "None of it is a recommendation",
    ):
        assert words in told, words
    assert "should" not in told
