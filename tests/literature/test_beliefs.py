"""Bayes by hand: textbook examples as cases with evidence, with the answers that were published."""

from __future__ import annotations

import math
from typing import Any

import pytest

from winset import beliefs, read_data
from winset.lenses.beliefs import PartyBeliefs

Likelihoods = dict[str, Any]


def believed(priors: Likelihoods, *evidence: Likelihoods) -> PartyBeliefs:
    """What is believed about something hidden with these priors, after items of evidence in turn."""
    things = {"thing": {"yes": 100, "no": 0}}
    values = {"weights": {"thing": 1}, "scores": things, "no_deal": 50}
    case = read_data(
        {
            "winset": 1,
            "title": "Bayes by hand",
            "parties": {"nature": {}},
            "consent": "nature",
            "issues": {"thing": {"options": ["yes", "no"]}},
            "preferences": {"nature": {**values, "types": {t: {"prior": p} for t, p in priors.items()}}},
            "evidence": {
                f"item {n}": {"about": "nature", "date": f"2000-01-{n:02}", "likelihoods": item}
                for n, item in enumerate(evidence, 1)
            },
        }
    )
    (found,) = beliefs(case, draws=4).parties
    return found


def test_the_cab_was_blue():
    """Tversky and Kahneman 1982: 15 % of cabs are blue; a witness who is right in 80 % says blue: 41 %."""
    found = believed({"blue": "15%", "green": "85%"}, {"blue": "80%", "green": "20%"})
    assert found.after["blue"].central == pytest.approx(0.41, abs=0.005)
    assert found.after["blue"].central == pytest.approx(12 / 29)


def test_a_positive_mammogram():
    """Eddy 1982: 1 % have it, 79.2 % of them and 9.6 % of the others test positive: 7.7 % of the positive.

    The three inputs and the answer are quoted from memory.
    """
    found = believed({"ill": "1%", "well": "99%"}, {"ill": "79.2%", "well": "9.6%"})
    assert found.after["ill"].central == pytest.approx(0.077, abs=0.0005)


def test_the_door_that_the_host_left_shut():
    """Selvin 1975: three types. You chose A and the host, who knows, opens C; B has two chances in three."""
    found = believed({"A": "1/3", "B": "1/3", "C": "1/3"}, {"A": "1/2", "B": 1, "C": 0})
    assert {t: b.central for t, b in found.after.items()} == pytest.approx({"A": 1 / 3, "B": 2 / 3, "C": 0})
    (opened,) = found.items
    assert opened.apart.rules_out == ("C",)
    assert {t: w.central for t, w in found.steps[0].weight.items() if t != "C"} == pytest.approx(
        {"A": 0, "B": 10 * math.log10(4)}  # from odds of 1 : 2 to 2 : 1
    )


RED, WHITE = {"first": "2/3", "second": "1/3"}, {"first": "1/3", "second": "2/3"}


@pytest.mark.parametrize(("red", "white", "odds"), [(4, 1, 8), (12, 8, 16)])
def test_balls_from_an_urn(red, white, odds):
    """Tversky and Kahneman 1974: two thirds of the balls are of one colour; 4 of 5 make odds of 8 to 1, and
    12 of 20, which feels weaker, make 16 to 1."""
    found = believed({"first": "50%", "second": "50%"}, *([RED] * red), *([WHITE] * white))
    after = found.after["first"].central
    assert after / (1 - after) == pytest.approx(odds)
    assert len(found.steps) == red + white


def test_chips_from_a_bag():
    """Edwards 1968: 70 red of 100 or 30; 8 red and 4 blue in 12 draws make it 0.97, people say 0.7 to 0.8."""
    red, blue = {"mostly red": "70%", "mostly blue": "30%"}, {"mostly red": "30%", "mostly blue": "70%"}
    order = [red, blue, red, red, blue, red, red, blue, red, red, blue, red]
    found = believed({"mostly red": "50%", "mostly blue": "50%"}, *order)
    assert found.after["mostly red"].central == pytest.approx(0.967, abs=0.0005)
    assert (found.orders.tried, found.orders.every) == (24, False)
    assert found.orders.difference < 1e-12
    # only the difference counts: four chips of the one colour say as much
    assert believed({"mostly red": "50%", "mostly blue": "50%"}, *[red] * 4).after == found.after


def test_a_die_that_may_be_loaded():
    """Good's example after Turing: a loaded die falls on six in a third of the throws. Each six is worth 3.0
    decibans, every other throw minus 1.0. (The example is quoted from memory; the weights are 10 log10 2 and
    10 log10 of 2/3 over 5/6.)"""
    six, other = {"loaded": "1/3", "fair": "1/6"}, {"loaded": "2/3", "fair": "5/6"}
    found = believed({"loaded": "1/100", "fair": "99/100"}, six, other, six)
    weights = [step.weight["loaded"].central for step in found.steps]
    assert weights == pytest.approx([3.01, -0.97, 3.01], abs=0.005)
    start = 10 * math.log10(1 / 99)
    after = found.after["loaded"].central
    assert 10 * math.log10(after / (1 - after)) == pytest.approx(start + sum(weights))


def test_heuer_counts_what_speaks_against():
    """Heuer 1999, ch. 8: evidence that is as likely under every hypothesis has no diagnostic value, and the
    hypothesis with the least against it leads, not the one with the most for it."""
    found = believed(
        {"one": "1/3", "two": "1/3", "three": "1/3"},
        {"one": "90%", "two": "90%", "three": "90%"},
        {"one": "85%", "two": "60%", "three": "10%"},
        {"one": "30%", "two": "60%", "three": "50%"},
    )
    assert [item.letters for item in found.items] == [
        {"one": "CC", "two": "CC", "three": "CC"},
        {"one": "CC", "two": "C", "three": "II"},
        {"one": "I", "two": "C", "three": "N"},
    ]
    assert found.items[0].apart.central == 0
    assert found.inconsistent == {"one": 1, "two": 0, "three": 1}
    assert found.score == {"one": 1, "two": 0, "three": 2}
    assert max(found.types, key=lambda t: found.after[t].central) == "two"
