"""Bazerman, Magliozzi and Neale (1985), Integrative bargaining in a competitive market, OBHDP 35:294-313.

Published: the compromise E, E, E brings each side 4000 and the integrative agreement A, E, I brings each
5200. Checked: both, the 729 agreements, that A, E, I is the Nash, Kalai-Smorodinsky and egalitarian
solution, and that no agreement brings more than 10400 together, which A on delivery with I on financing
does whatever the discount.
"""

from __future__ import annotations

from literature.exact import Exact
from winset import frontier, zone

MARKET = Exact.of("integrative-market-1985")
PROFIT = 80  # of one utility point


def profits(deal):
    return tuple(PROFIT * g for g in MARKET.gains(deal))


def test_compromise_and_integrative_agreement():
    assert profits(("E", "E", "E")) == (4000, 4000)
    assert profits(("A", "E", "I")) == (5200, 5200)


def test_the_integrative_agreement_is_the_solution():
    for solution in (MARKET.nash, MARKET.kalai_smorodinsky, MARKET.egalitarian):
        assert solution() == {("A", "E", "I")}


def test_the_largest_joint_profit():
    assert max(sum(profits(d)) for d in MARKET.utility) == 10400
    assert MARKET.utilitarian() == {("A", x, "I") for x in "ABCDEFGHI"}


def test_the_size_of_it():
    assert len(MARKET.utility) == 729


def test_through_the_public_functions():
    assert zone(MARKET.case).zone.value == 729
    for solution in ("Nash", "Kalai-Smorodinsky", "egalitarian"):
        assert MARKET.found(solution) == {("A", "E", "I")}
    assert MARKET.found("utilitarian") == MARKET.utilitarian()
    middle = next(o for o in frontier(MARKET.case).offers if o.name == "meet in the middle")
    assert not middle.efficient
    assert middle.distance == 1200 / PROFIT  # what logrolling adds for each side


def test_settling_issue_by_issue_misses_it():
    assert ("E", "E", "E") in MARKET.found("issue-by-issue")
