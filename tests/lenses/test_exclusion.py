"""The lens ``exclusion``: by hand, what must always hold, and what a caller can get wrong."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np
import pytest
from tests.lenses.edges import BOTH, EDGES, case, values
from tests.oracles.case_oracle import random_case

from winset import exclusion, read_data, zone
from winset.errors import CaseError, QuestionError
from winset.lenses import NotComputed
from winset.lenses.estimates import DRAWS, conditional, estimate

PIE = {"pie": ["a most", "even", "b most", "c most"]}


def pie(consent: Any, **more: Any) -> dict[str, Any]:
    """Who gets how much, by hand: a, b and c want different slices; each needs 20 points."""
    worth = {
        "a": {"a most": 100, "even": 50, "b most": 30, "c most": 0},
        "b": {"a most": 30, "even": 50, "b most": 100, "c most": 0},
        "c": {"a most": 0, "even": 30, "b most": 10, "c most": 100},
    }
    return case(consent, PIE, {p: values({"pie": w}, 20) for p, w in worth.items()}, **more)


def of(result: Any, *parties: str) -> Any:
    (found,) = (e for e in result.exclusions if e.parties == parties)
    return found


def test_a_pie_by_hand():
    data = pie({"all": ["a", "b", "c"]})
    data["parties"]["c"] = {"seat": "absent", "can_spoil": "40%", "bound": False}
    result = exclusion(read_data(data))
    assert (result.needed, result.insiders) == (("a", "b", "c"), ("a", "b"))
    assert result.full.central.deal == {"pie": "even"}
    assert result.full.central_zone == 1
    out = of(result, "c")
    assert out.absent
    # without c: a most gives (80, 10), even (30, 30), b most (10, 80): the products are 800, 900 and 800
    assert out.without.central.deal == {"pie": "even"}
    assert out.opened.deals == 2
    assert [(o.option, o.deals) for o in out.opened.options] == [("a most", 1), ("b most", 1)]
    assert {p: c.mean.value for p, c in out.changes.items()} == {"a": 0, "b": 0, "c": 0}
    both = of(result, "b", "c")
    assert both.without.central.deal == {"pie": "a most"}
    assert {p: c.mean.value for p, c in both.changes.items()} == {"a": 50, "b": -20, "c": -30}
    assert (both.changes["b"].loses.value, both.changes["b"].wins.value) == (1, 0)
    c, b = both.after["c"], both.after["b"]
    assert (c.bound, c.refuses.value, c.worse.value, c.spoils.value) == (False, 1, 1, 0.4)
    assert (b.bound, b.refuses.value, b.better.value) == (None, 0, 1)
    assert isinstance(b.spoils, NotComputed)
    sums = exclusion(read_data(data), solution="utilitarian")
    assert of(sums, "c").without.central.deal == {"pie": "a most"}  # 90 with b most, and first
    assert of(sums, "c").after["c"].refuses.value == 1


def test_what_a_hearing_is_worth_by_hand():
    data = pie({"all": ["a", "b"]})
    result = exclusion(read_data(data), goodwill=20)
    c = result.voices["c"]
    assert not c.needed
    assert (c.left_out.gain.value, c.consulted.gain.value, c.favoured.gain.value) == (10, 10, 10)
    # the sum is largest where c loses 20; for 60 points it could have had the even slice
    sums = exclusion(read_data(data), solution="utilitarian", goodwill=50).voices["c"]
    assert (sums.left_out.gain.value, sums.favoured.gain.value, sums.must_consent.gain.value) == (-20, 10, 10)
    assert (sums.consulting.value, sums.favouring.value, sums.consenting.value) == (0, 30, 30)
    assert sums.favoured.others["a"].value == 30
    # at no cost: two deals that are alike to a and b, and not to c
    tie = pie({"all": ["a", "b"]})
    tie["preferences"]["a"]["scores"]["pie"]["c most"] = 50
    tie["preferences"]["b"]["scores"]["pie"]["c most"] = 50
    heard = exclusion(read_data(tie)).voices["c"]
    assert (heard.left_out.gain.value, heard.consulted.gain.value) == (10, 80)
    assert heard.favoured is None
    assert heard.consulted.others == heard.left_out.others


def test_a_yes_that_stands_in_for_another_closes_deals():
    result = exclusion(read_data(pie({"at_least": 2, "of": ["a", "b", "c"]})))
    # with all three, two yeses of three: a and b, or any with c; without a, both b and c
    assert of(result, "a").without.central_zone == 1
    assert (of(result, "a").opened.deals, of(result, "a").opened.closed) == (0, 2)
    assert of(result, "a").without.bargain == ("b", "c")


def test_nothing_uncertain_is_known_for_sure():
    result = exclusion(read_data(pie({"all": ["a", "b", "c"]})))
    for e in (result.full.zone, of(result, "a").zone_change, of(result, "a").changes["b"].mean):
        assert (e.standard_error, e.low, e.high, e.draws) == (0, e.value, e.value, 1)


def test_nobody_left():
    result = exclusion(read_data(EDGES["one party"]))
    (alone,) = result.exclusions
    assert alone.parties == ("me",)
    assert isinstance(alone.without, NotComputed)
    assert "nobody" in alone.without.because
    assert isinstance(result.voices["me"].left_out, NotComputed)
    assert result.voices["me"].must_consent.gain.value == 50
    gone = pie({"all": ["a", "b"]})
    for party in "ab":
        gone["parties"][party] = {"seat": "absent"}
    assert [e.parties for e in exclusion(read_data(gone)).exclusions if e.absent] == [("a", "b")]


def test_too_many_deals_and_too_many_parties():
    data = pie({"all": ["a", "b", "c"]})
    data["preferences"]["c"]["no_deal"] = "10 to 60"
    result, known = (exclusion(read_data(data), limit=n, draws=200) for n in (3, 4))
    assert {type(x) for x in (result.full, result.voices)} == {NotComputed}
    assert "4 deals" in result.full.because
    # whether any deal passes is known all the same, and the same
    assert result.zone == known.zone
    assert 0 < known.zone.value < 1
    assert [(e.parties, e.zone, e.zone_change) for e in result.exclusions] == [
        (e.parties, e.zone, e.zone_change) for e in known.exclusions
    ]
    names = [f"p{n}" for n in range(8)]
    wide = case({"all": names}, BOTH, {p: values({"x": {"l": 60, "r": 0}}, 50) for p in names})
    found = exclusion(read_data(wide))
    assert not found.complete
    assert len(found.exclusions) == 8 + 28


def test_fewer_draws_where_there_is_too_much_to_do(monkeypatch):
    module = sys.modules["winset.lenses.exclusion"]  # the function hides the module of its name
    monkeypatch.setattr(module, "_WORK", 4 * 4 * 100)
    data = pie({"all": ["a", "b"]})
    data["preferences"]["a"]["no_deal"] = "10 to 30"
    found = exclusion(read_data(data))
    assert (found.plan.draws, found.fewer_draws, found.full.zone.draws) == (100, DRAWS, 100)
    assert exclusion(read_data(data), draws=500).plan.draws == 500


@pytest.mark.parametrize("seed", range(12))
def test_what_must_hold(seed):
    data = random_case(random.Random(f"exclusion {seed}"))
    found = exclusion(read_data(data), draws=64, rng=seed, goodwill=4)
    central = zone(read_data(data))
    assert found.full.central_zone == central.zone.value
    everybody = set(data["consent"]) == {"all"} and all(isinstance(m, str) for m in data["consent"]["all"])
    for e in found.exclusions:
        if isinstance(e.without, NotComputed):
            continue
        assert e.without.central_zone == found.full.central_zone + e.opened.deals - e.opened.closed
        if everybody:  # without a veto there is never less to agree on
            assert e.opened.closed == 0
            assert e.zone_change.value >= 0
            assert e.without.zone.value >= found.full.zone.value
        for after in e.after.values():
            assert after.worse.value + after.better.value == pytest.approx(1)
            assert max(after.worse.value, after.crossed.value) <= after.refuses.value + 1e-12
            assert after.refuses.value <= after.worse.value + after.crossed.value + 1e-12
    for voice in found.voices.values():
        if isinstance(voice.left_out, NotComputed):
            continue
        heard = [voice.left_out, voice.consulted, voice.favoured]
        assert sorted(x.accepts.value for x in heard) == [x.accepts.value for x in heard]
        if "red_lines" not in str(data["preferences"][voice.party]):
            assert voice.favouring.value >= voice.consulting.value - 1e-9 >= -2e-9
        for party, gain in voice.favoured.others.items():
            rulers = set(found.needed) - {voice.party}
            if party in rulers:
                assert gain.value >= voice.left_out.others[party].value - 4 - 1e-9


def test_a_dummy_changes_no_zone():
    """b is asked, but whatever a and c say decides."""
    data = pie({"any": [{"all": ["a", "c"]}, {"all": ["a", "b", "c"]}]})
    data["preferences"]["a"]["no_deal"] = "10 to 60"
    result = exclusion(read_data(data))
    out = of(result, "b")
    assert out.without.zone == result.full.zone
    assert (out.zone_change.value, out.opened.deals, out.opened.closed) == (0, 0, 0)


def test_other_order_of_parties_same_answer():
    data = pie({"all": ["a", "b", "c"]})
    turned = {**data, "parties": dict(reversed(data["parties"].items()))}
    data["preferences"]["a"]["no_deal"] = turned["preferences"]["a"]["no_deal"] = "10 to 60"
    one, two = exclusion(read_data(data)), exclusion(read_data(turned))
    assert one.full.zone == two.full.zone
    assert one.voices["a"].consenting == two.voices["a"].consenting
    changes = {frozenset(e.parties): e.changes for e in one.exclusions}
    assert {frozenset(e.parties): e.changes for e in two.exclusions} == changes


def test_a_stretched_scale_leaves_the_nash_deal():
    data = pie({"all": ["a", "b"]})
    stretched = pie({"all": ["a", "b"]})
    prefs = stretched["preferences"]["a"]
    prefs["scores"]["pie"] = {o: v / 2 for o, v in prefs["scores"]["pie"].items()}
    prefs["no_deal"] = 10
    assert exclusion(read_data(stretched)).full.central.deal == exclusion(read_data(data)).full.central.deal


@pytest.mark.parametrize(
    ("options", "culprits"),
    [
        ({"solution": "fair"}, ['"fair"', "nash, egalitarian, utilitarian"]),
        ({"goodwill": -1}, ["-1 points", "0 to 100"]),
        ({"goodwill": float("nan")}, ["nan points"]),
        ({"draws": 0}, ["0 draws"]),
    ],
)
def test_options_that_are_none(options, culprits):
    with pytest.raises(QuestionError) as raised:
        exclusion(read_data(EDGES["ties"]), **options)
    assert [word for word in culprits if word not in str(raised.value)] == []


def test_means_that_are_no_probability():
    data = pie("a")
    data["parties"]["b"] = {"can_spoil": "40% to 170%"}
    with pytest.raises(CaseError, match=r"can_spoil.*too large"):
        read_data(data)


def test_means_may_be_correlated_and_belong_to_their_party():
    data = pie({"all": ["a", "b", "c"]})
    data["preferences"]["c"]["no_deal"] = "10 to 90"
    data["parties"]["c"] = {"can_spoil": "30% to 70%"}
    apart = exclusion(read_data(data), draws=4096)
    data["correlations"] = [{"between": ["c.no_deal", "parties.c.can_spoil"], "rho": 0.9}]
    together = exclusion(read_data(data), draws=4096)
    one, two = (of(x, "c").after["c"] for x in (apart, together))
    # who has more to lose from the deal is then also the one with the means
    assert two.spoils.value > one.spoils.value + 5 * one.spoils.standard_error
    assert one.spoils.value == pytest.approx(one.refuses.value / 2, abs=0.02)


def test_a_conditional_probability_covers():
    """Nineteen intervals in twenty hold the truth, for both ways to draw."""
    rng = np.random.default_rng(0)
    held = {"random": 0, "sobol": 0}
    for _ in range(300):
        given = rng.random(1024) < 0.3
        hits = rng.random(1024) < 0.4
        for method in ("random", "sobol"):
            found = conditional(hits, given, method=method)
            assert found.value == pytest.approx(hits[given].mean())
            held[method] += found.low <= 0.4 <= found.high
    assert all(270 <= n <= 297 for n in held.values()), held
    assert conditional(hits, np.zeros(1024, np.bool_)) is None
    assert conditional(hits, np.ones(1024, np.bool_)) == estimate(hits)
