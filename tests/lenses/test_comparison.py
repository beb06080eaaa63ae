"""Versions of a case in the same draws: closed forms, sharpness, coverage, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.lenses.edges import BOTH, EDGES, FLAT, OFFER, case, values

from winset import compare, load, read_data
from winset.errors import QuestionError
from winset.lenses.estimates import paired

ROOT = Path(__file__).resolve().parents[2]
LAND = {"land": ["kept", "sold"]}


def sale(worth: Any, no_deal: Any = "0 to 100, uniform") -> Any:
    """One party decides: with a no-deal value uniform on 0 to 100 it sells with probability worth / 100."""
    body = {"me": values({"land": {"kept": 0, "sold": worth}}, no_deal)}
    return read_data(case("me", LAND, body, offers={"sale": {"deal": {"land": "sold"}}}))


def found(result: Any, what: str, subject: str = "", party: str = "") -> Any:
    (one,) = (
        x for x in result.comparisons[0].changed if (x.what, x.subject, x.party) == (what, subject, party)
    )
    return one


def test_a_closed_form():
    result = compare({"low": sale(60), "high": sale(70)}, draws=4096, rng=5)
    zone = found(result, "zone")
    assert zone.change.low < 0.1 < zone.change.high
    assert abs(zone.before.value - 0.6) < 4 * zone.before.standard_error
    assert zone.beyond_error
    # in a share 0.1 of the draws the answer changes, always in one direction
    assert zone.change.standard_error == pytest.approx((0.1 * 0.9 / 4096) ** 0.5, rel=0.1)
    # the gain is worth less no-deal where positive: its mean is worth squared over 200
    gain = found(result, "gain", party="me")
    assert gain.change.low < (70**2 - 60**2) / 200 < gain.change.high
    (moved,) = result.comparisons[0].inputs
    assert (moved.path, moved.before, moved.after) == ("preferences.me.scores.land.sold", "60", "70")


def test_the_interval_is_sharper_than_of_unpaired_runs():
    result = compare({"low": sale(60), "high": sale(63)}, draws=2048, rng=1)
    zone = found(result, "zone")
    apart = (zone.before.standard_error**2 + zone.after.standard_error**2) ** 0.5
    assert zone.change.standard_error < apart / 3
    # what would be needed without common draws to be as sure
    assert (apart / zone.change.standard_error) ** 2 > 9


@pytest.mark.parametrize("high", [62, 90])
def test_nineteen_intervals_in_twenty_hold_the_truth(high):
    low, other = sale(60), sale(high)
    held = 0
    for seed in range(200):
        zone = [
            x
            for x in compare({"a": low, "b": other}, draws=200, rng=seed, lenses=["zone"], most=0)
            .comparisons[0]
            .changed
            if x.what == "zone"
        ]
        if zone:
            held += zone[0].change.low <= (high - 60) / 100 <= zone[0].change.high
        else:  # the same in all 200 draws: the interval of no difference at all
            none = np.zeros(200, np.bool_)
            held += paired(none, none).high >= (high - 60) / 100
    assert 182 <= held <= 199


def test_intervals_of_rare_and_of_certain_changes():
    none = np.zeros(100, np.bool_)
    same, all_of = paired(none, none), paired(none, ~none)
    assert same.value == 0
    assert 0 < same.high < 0.05
    assert same.low == -same.high
    assert all_of.value == 1
    assert 0.94 < all_of.low < 1 == all_of.high


def test_the_same_case_changes_nothing():
    text = load(ROOT / "cases" / "litigation.yaml")
    (one,) = compare({"a": text, "b": text}, draws=256).comparisons
    assert one.nothing_changed
    assert (one.inputs, one.changed, one.not_compared) == ((), (), ())
    assert one.same > 20


def test_without_unknowns_a_change_is_certain():
    result = compare({"a": sale(60, 50), "b": sale(40, 50)})
    assert result.plan.draws == 1
    zone = found(result, "zone")
    assert (zone.before.value, zone.after.value, zone.change.value) == (1, 0, -1)
    assert (zone.change.low, zone.change.high, zone.beyond_error) == (-1, -1, True)


def test_a_certain_version_beside_an_uncertain_one():
    zone = found(compare({"known": sale(60, 50), "open": sale(60)}, draws=1000), "zone")
    assert (zone.before.value, zone.before.standard_error) == (1, 0)
    assert zone.after.value == pytest.approx(0.6, abs=0.06)
    assert zone.change.low < -0.4 < zone.change.high


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_what_two_versions_share_is_the_same_in_both(method):
    """A range more for b, in front of all others: a's answers stay, draw by draw."""
    body = {
        "b": values({**FLAT, "x": {"l": 40, "r": 90}}, 50),
        "a": values(FLAT, "20 to 80"),
    }
    one = case({"all": ["a", "b"]}, BOTH, body, offers=OFFER)
    two = case({"all": ["a", "b"]}, BOTH, {**body, "b": {**body["b"], "no_deal": "45 to 70"}}, offers=OFFER)
    result = compare({"one": read_data(one), "two": read_data(two)}, draws=2048, method=method)
    changed = {(x.what, x.subject, x.party) for x in result.comparisons[0].changed}
    assert ("accepts", "fair", "b") in changed
    assert ("no deal", "", "b") in changed
    assert not {key for key in changed if key[2] == "a" and key[0] != "gain"}


def test_only_what_was_asked():
    result = compare({"low": sale(60), "high": sale(70)}, lenses=["frontier", "solutions"], draws=64)
    assert {x.what for x in result.comparisons[0].changed} == {"gain"}
    assert result.comparisons[0].same == 1


def test_cases_that_differ_in_parties_issues_and_offers():
    one, two = EDGES["ties"], EDGES["one party"]
    (c,) = compare({"one": read_data(one), "two": read_data(two)}).comparisons
    alone = {(n.what, n.subject, n.party, n.missing_in) for n in c.not_compared}
    assert ("accepts", "fair", "a", "two") in alone
    assert ("gain", "", "me", "one") in alone
    assert ("passes", "fair", "", "two") in alone
    assert any(n[1].startswith("deal ") for n in alone)
    assert not c.nothing_changed
    paths = {i.path: (i.before, i.after) for i in c.inputs}
    assert paths["consent"] == ("{all: [a, b]}", "me")
    assert paths["issues.where.options"] == (None, "[sea, hills]")


def test_several_versions_each_beside_the_first():
    result = compare({"a": sale(60), "b": sale(60), "c": sale(80)}, draws=100)
    assert result.base == "a"
    assert [(c.name, c.nothing_changed) for c in result.comparisons] == [("b", True), ("c", False)]


def test_words_and_claims_are_not_inputs():
    data = load(ROOT / "cases" / "litigation.yaml").to_data()
    other = {**data, "title": "Another title", "parties": {p: {} for p in data["parties"]}}
    data["parties"] = {p: {"name": "A name", "note": "A note"} for p in data["parties"]}
    (one,) = compare({"a": read_data(data), "b": read_data(other)}, draws=64).comparisons
    assert one.nothing_changed


@pytest.mark.parametrize(
    ("cases", "options", "words"),
    [
        ({"a": sale(60)}, {}, ["two versions"]),
        ({"a": sale(60), "b": sale(70)}, {"lenses": ["zones"]}, ['"zones"', "zone, blockers"]),
        ({"a": sale(60), "b": sale(70)}, {"draws": 0}, ["0 draws"]),
    ],
)
def test_mistakes(cases, options, words):
    with pytest.raises(QuestionError) as raised:
        compare(cases, **options)
    assert [word for word in words if word not in str(raised.value)] == []
