"""Baarslag and others (2013), Evaluating practical negotiating agents, Artificial Intelligence 198:73-103.

Published, for the scenarios of the 2011 competition: the number of deals, and the opposition, which is how
far the deal nearest to the best of both sides is from it. Nice or Die 3 and 0.840; Laptop 27 and 0.160;
Company acquisition 384 and 0.117; Grocery 1600 and 0.191. Checked: all eight numbers, to the digits
printed.

The software that was distributed with the scenarios measures opposition from another deal, the efficient one
with the least difference between the two utilities. That gives 0.991, 0.178 and 0.125 on the first three, so
the printed figures follow the definition of the paper and not the software's; see docs/cases.md.
"""

from __future__ import annotations

from math import dist

import pytest

from literature.exact import Exact
from winset import frontier, zone

PUBLISHED = {
    "nice-or-die": (3, "0.840"),
    "laptop": (27, "0.160"),
    "company-acquisition": (384, "0.117"),
    "grocery": (1600, "0.191"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_size_and_opposition(name):
    size, opposition = PUBLISHED[name]
    exact = Exact.of(name)
    assert len(exact.utility) == size
    assert f"{exact.opposition():.3f}" == opposition


def test_nice_or_die_ties():
    """The product of gains is largest at both selfish deals; the fair deal is the egalitarian one."""
    exact = Exact.of("nice-or-die")
    assert exact.nash() == {("all for A",), ("all for B",)}
    assert exact.egalitarian() == exact.kalai_smorodinsky() == {("little for both",)}


@pytest.mark.parametrize(
    ("name", "other"), [("nice-or-die", "0.991"), ("laptop", "0.178"), ("company-acquisition", "0.125")]
)
def test_the_other_definition_gives_other_numbers(name, other):
    """Measured from the efficient deal with the least difference in utility, as the software does."""
    even = min(Exact.of(name).frontier(), key=lambda gains: abs(gains[0] - gains[1]))
    assert f"{dist([float(g) / 100 for g in even], (1, 1)):.3f}" == other


@pytest.mark.parametrize("name", PUBLISHED)
def test_through_the_public_functions(name):
    """The deal nearest to the best of both is efficient, so the frontier has it."""
    size, opposition = PUBLISHED[name]
    exact = Exact.of(name)
    assert zone(exact.case).deals == size
    efficient = frontier(exact.case).all
    assert efficient.exact
    assert efficient.size == len(exact.frontier())
    assert f"{min(dist(point / 100, (1, 1)) for point in efficient.utility):.3f}" == opposition


def test_ties_are_all_reported():
    exact = Exact.of("nice-or-die")
    assert exact.found("Nash") == {("all for A",), ("all for B",)}
    assert exact.found("egalitarian") == {("little for both",)}
