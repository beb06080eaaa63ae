"""Raiffa (1982), chapter 12, and Brams and Taylor (1996), chapter 5: the Panama Canal treaty by adjusted
winner.

Published: the higher bidder takes each issue, which gives the United States 79 points (with the tie on land
and water) and Panama 53; then the United States keeps 2/15 of land and water, and each side has 66.
Checked: the first step, the final deal, that it alone is efficient with equal points for both, and that
neither would rather have the other's share.
"""

from __future__ import annotations

from literature.exact import Exact
from winset import frontier, zone

PANAMA = Exact.of("panama-canal-1974")
FINAL = tuple(PANAMA.case.offers["adjusted winner"].deal.values())
FIRST = tuple(PANAMA.case.offers["each issue to the higher bidder"].deal.values())


def test_points_before_and_after_the_adjustment():
    assert PANAMA.utility[FIRST] == {"usa": 79, "panama": 53}
    assert PANAMA.utility[FINAL] == {"usa": 66, "panama": 66}


def test_adjusted_winner_is_the_egalitarian_solution():
    assert PANAMA.egalitarian() == {FINAL}


def test_it_is_the_only_efficient_deal_with_equal_points():
    efficient = PANAMA.frontier()
    assert [g for g in efficient if g[0] == g[1]] == [(16, 16)]
    assert [d for d in PANAMA.utility if PANAMA.gains(d) == (16, 16)] == [FINAL]


def test_neither_side_envies_the_other():
    assert FINAL in PANAMA.zone  # at least 50 points for each
    assert len(PANAMA.utility) == 2**9 * 16


def test_through_the_public_functions():
    found = zone(PANAMA.case)
    assert (found.deals, found.zone.value) == (len(PANAMA.utility), len(PANAMA.zone))
    assert PANAMA.found("egalitarian") == {FINAL}
    efficient = frontier(PANAMA.case).zone
    assert efficient.size == len(PANAMA.frontier())
    assert [view.deal for view in efficient.points if len({*view.gain.values()}) == 1] == [
        dict(PANAMA.case.offers["adjusted winner"].deal)
    ]
