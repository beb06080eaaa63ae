"""COMAP, For All Practical Purposes (9th edition), adjusted winner: five goods between John and Mary.

Published: after the first step John has 80 points and Mary 50; John then keeps 1/7 of C and each has 62
6/7. Checked: both, that this is the egalitarian solution, and that it alone is efficient with equal points.
"""

from __future__ import annotations

from fractions import Fraction

from literature.exact import Exact
from winset import frontier, zone

GOODS = Exact.of("adjusted-winner-goods")
FINAL = ("John", "Mary", "1/7", "John", "Mary")


def test_points_before_and_after_the_adjustment():
    assert GOODS.utility["John", "Mary", "all", "John", "Mary"] == {"John": 80, "Mary": 50}
    assert GOODS.utility[FINAL] == {"John": Fraction(440, 7), "Mary": Fraction(440, 7)}
    assert Fraction(440, 7) == 62 + Fraction(6, 7)


def test_adjusted_winner_is_the_egalitarian_solution():
    assert GOODS.egalitarian() == {FINAL}
    assert [g for g in GOODS.frontier() if g[0] == g[1]] == [GOODS.gains(FINAL)]


def test_through_the_public_functions():
    found = zone(GOODS.case)
    assert (found.deals, found.zone.value) == (len(GOODS.utility), len(GOODS.zone))
    assert GOODS.found("egalitarian") == {FINAL}
    efficient = frontier(GOODS.case).zone
    assert efficient.size == len(GOODS.frontier())
    assert [view.deal for view in efficient.points if len({*view.gain.values()}) == 1] == [
        dict(GOODS.case.offers["adjusted winner"].deal)
    ]
