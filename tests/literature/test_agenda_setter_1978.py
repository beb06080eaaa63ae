"""Romer and Rosenthal (1978), Public Choice 33:27-43: the setter and the voters.

Published: when the fall-back r is below the median voter's ideal m, a setter who wants as much as possible
obtains 2m - r. Checked, with m = 50 and r = 20: the win-set is 20 to 80 and the setter's best deal in it is
80; and, with the fall-back moved, that it obtains 2m - r wherever the published condition holds.
"""

from __future__ import annotations

import pytest

from literature.exact import Exact
from winset import zone

SETTER = Exact.of("agenda-setter-1978")
MEDIAN, FALL_BACK = 50, 20


def passed(exact, fall_back):
    """The levels that pass, if the fall-back were this; what it is worth to each is its utility there."""
    worth = exact.utility[str(fall_back),]
    rule = exact.case.consent
    return [int(d[0]) for d, us in exact.utility.items() if rule.holds({p for p in us if us[p] >= worth[p]})]


def test_the_win_set():
    assert [int(d[0]) for d in SETTER.zone] == [*range(FALL_BACK, 2 * MEDIAN - FALL_BACK + 1, 5)]


def test_the_setter_obtains_twice_the_median_less_the_fall_back():
    best = max(SETTER.zone, key=lambda deal: SETTER.utility[deal]["bureau"])
    assert best == ("80",)


@pytest.mark.parametrize("fall_back", range(0, MEDIAN + 1, 5))
def test_wherever_the_fall_back_is(fall_back):
    assert max(passed(SETTER, fall_back)) == 2 * MEDIAN - fall_back


@pytest.mark.parametrize("fall_back", range(MEDIAN, 101, 5))
def test_above_the_median_the_fall_back_stays(fall_back):
    """A setter who wants more than the fall-back cannot move it: the median voter would rather keep it."""
    assert max(passed(SETTER, fall_back)) == fall_back


def test_through_the_public_functions():
    found = zone(SETTER.case)
    assert found.zone.value == len(SETTER.zone) == 13
    assert found.best["bureau"].deal == {"budget": "80"}
    assert [share.option for share in found.options if share.zone.value] == [deal[0] for deal in SETTER.zone]
