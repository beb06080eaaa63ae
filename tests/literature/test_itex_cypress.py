"""Kersten and Noronha (1999), Decision Support Systems 25:135-154; Baarslag, Hindriks and Jonker (2013).

Published: the case of Itex and Cypress has four issues and 180 packages (1999); with the two profiles used
by researchers on agents its opposition is 0.431 and its bid distribution, the mean distance of a deal from
the nearest efficient one, 0.222 (2013). Checked: all of them, to the digits printed.
"""

from __future__ import annotations

from math import dist

from literature.exact import Exact
from winset import frontier, zone

ITEX = Exact.of("itex-cypress")


def test_the_number_of_packages():
    assert [len(i.options) for i in ITEX.case.issues.values()] == [5, 4, 3, 3]
    assert len(ITEX.utility) == 180


def test_opposition():
    assert f"{ITEX.opposition():.3f}" == "0.431"


def test_bid_distribution():
    efficient = [tuple(float(g) / 100 for g in point) for point in ITEX.frontier()]
    deals = [tuple(float(g) / 100 for g in ITEX.gains(deal)) for deal in ITEX.utility]
    mean = sum(min(dist(deal, point) for point in efficient) for deal in deals) / len(deals)
    assert f"{mean:.3f}" == "0.222"


def test_through_the_public_functions():
    assert zone(ITEX.case).deals == 180
    efficient = frontier(ITEX.case).all
    assert efficient.size == len(ITEX.frontier())
    assert f"{min(dist(point / 100, (1, 1)) for point in efficient.utility):.3f}" == "0.431"
    deals = [tuple(float(g) / 100 for g in ITEX.gains(deal)) for deal in ITEX.utility]
    mean = sum(min(dist(deal, point / 100) for point in efficient.utility) for deal in deals) / len(deals)
    assert f"{mean:.3f}" == "0.222"
