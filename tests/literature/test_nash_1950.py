"""Nash (1950), The bargaining problem, Econometrica 18:155-162, pages 160-161: Bill and Jack swap goods.

Published: Bill gives book, whip, ball and bat, Jack gives pen, toy and knife. From the table of utilities
Bill then gains 20 - 8 = 12 and Jack 9 - 4 = 5, a product of 60. Checked: the deal, the gains, and that no
other deal has them.
"""

from __future__ import annotations

from fractions import Fraction

from literature.exact import Exact
from winset import frontier, solutions, zone

NASH = Exact.of("nash-1950")
BILL, JACK = Fraction(100, 34), Fraction(100, 16)  # what one unit of the source is in points
PUBLISHED = ("Jack", "Jack", "Jack", "Jack", "Bill", "Bill", "Bill", "Bill", "Jack")


def test_the_solution_is_the_published_exchange():
    assert NASH.nash() == {PUBLISHED}
    assert tuple(NASH.case.offers["the published solution"].deal.values()) == PUBLISHED


def test_the_gains_are_twelve_and_five():
    assert NASH.gains(PUBLISHED) == (12 * BILL, 5 * JACK)
    assert [d for d in NASH.utility if NASH.gains(d) == (12 * BILL, 5 * JACK)] == [PUBLISHED]


def test_what_they_own_is_what_they_have_without_a_deal():
    start = tuple(NASH.case.offers["nobody gives anything"].deal.values())
    assert NASH.gains(start) == (0, 0)
    assert NASH.reservation == {"Bill": 12 * BILL, "Jack": 6 * JACK}


def test_all_exchanges_are_there():
    assert len(NASH.utility) == 512
    assert NASH.product == 512


def test_through_the_public_functions():
    found = zone(NASH.case)
    assert (found.deals, found.zone.value, found.empty) == (512, len(NASH.zone), False)
    assert NASH.found("Nash") == {PUBLISHED}
    gap = next(o for o in frontier(NASH.case).offers if o.name == "the published solution")
    assert gap.efficient
    assert gap.improvements == ()


def test_no_lottery_does_better():
    """Nash lets the two toss coins; the largest product of gains is still at the published exchange."""
    best = next(s for s in solutions(NASH.case, lotteries=True).lotteries if s.name == "Nash")
    assert [(tuple(share.deal.deal.values()), share.probability) for share in best.mix] == [(PUBLISHED, 1)]
