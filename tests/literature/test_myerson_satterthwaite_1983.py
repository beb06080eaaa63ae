"""Myerson and Satterthwaite (1983), J. Economic Theory 29:265-281, section 5; Chatterjee and Samuelson
(1983), Operations Research 31:835-851: a seller whose cost and a buyer whose value are uniform on 0 to 1.

Published: trade is efficient with probability 1/2 (the buyer's value is above the seller's cost), and then it
is worth 1/6 to both together, counting no trade as 0. If the two see each other's numbers and split the
surplus evenly (the Nash solution), each gains 1/12. A seller who need not ask takes the whole price of 1: the
buyer, whose value is 1/2 on average, loses 1/2. On a grid of fifty costs and values the same integrals are
sums, done here in fractions; they differ from the published ones by their step.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from winset import exclusion, read_data

STEPS = range(1, 100, 2)  # costs and values, in hundredths; prices are whole hundredths


def trade():
    prices = [str(p) for p in range(101)]
    of = {"seller": {p: int(p) for p in prices}, "buyer": {p: 100 - int(p) for p in prices}}
    return read_data(
        {
            "winset": 1,
            "title": "A sale",
            "parties": {"seller": {}, "buyer": {"can_spoil": "25%"}},
            "consent": {"all": ["seller", "buyer"]},
            "issues": {"price": {"options": prices}},
            "preferences": {
                p: {
                    "weights": {"price": 1},
                    "scores": {"price": of[p]},
                    "no_deal": {"values": {str(s): "1/50" for s in STEPS}},
                }
                for p in of
            },
        }
    )


SALE = trade()
PAIRS = [(s, v) for s in STEPS for v in STEPS]
TRADE = Fraction(sum(v >= s for s, v in PAIRS), 2500)
WORTH = Fraction(sum(max(v - s, 0) for s, v in PAIRS), 2500)


def test_the_grid_is_close_to_the_published_integrals():
    assert (TRADE, abs(TRADE - Fraction(1, 2))) == (Fraction(51, 100), Fraction(1, 100))
    assert Fraction(1666, 100) == WORTH
    assert abs(WORTH / 100 - Fraction(1, 6)) < Fraction(1, 10_000)


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_what_leaving_the_buyer_out_does(method):
    found = exclusion(SALE, draws=20_480, rng=3, method=method)
    (out,) = (e for e in found.exclusions if e.parties == ("buyer",))

    def close(estimate, exact):
        assert 0 < estimate.standard_error < 0.3
        assert abs(estimate.value - float(exact)) < 4 * estimate.standard_error

    close(found.full.zone, TRADE)
    close(found.voices["seller"].must_consent.gain, WORTH / 2)
    close(found.voices["buyer"].must_consent.gain, WORTH / 2)
    assert out.without.zone.value == 1
    close(out.zone_change, 1 - TRADE)
    close(out.changes["buyer"].mean, -50 - WORTH / 2)
    close(out.changes["seller"].mean, 50 - WORTH / 2)
    assert [d.deal for d in out.without.deals] == [{"price": "100"}]
    after = out.after["buyer"]
    assert (after.refuses.value, after.worse.value, after.better.value, after.crossed.value) == (1, 1, 0, 0)
    assert after.spoils.value == pytest.approx(0.25)


def test_the_paired_difference_is_sharper_than_two_runs():
    found = exclusion(SALE, draws=8192, rng=1)
    (out,) = (e for e in found.exclusions if e.parties == ("buyer",))
    voice = found.voices["buyer"]
    apart = (voice.left_out.gain.standard_error**2 + voice.must_consent.gain.standard_error**2) ** 0.5
    # a buyer of low value loses much when left out, and would have gained little: they move together
    assert out.changes["buyer"].mean.standard_error < 0.9 * apart
