"""Kalai and Smorodinsky (1975), Econometrica 43:513-518, page 515: Nash's solution is not monotone.

Published: for the mixtures of (0, 1), (1, 0) and (3/4, 3/4) the solution of Nash is (3/4, 3/4); for those
of (0, 1), (1, 0) and (1, 0.7) it is (1, 0.7). So player 2 gets less where more can be had. Checked: both,
and the solution that the paper defines, (3/4, 3/4) and, where the diagonal meets y = 1 - 0.3 x, (10/13,
10/13).
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from literature.exact import Exact
from winset import frontier, solutions

FIRST, SECOND = Exact.of("kalai-smorodinsky-1975-a"), Exact.of("kalai-smorodinsky-1975-b")


def points(exact, deals):
    return {tuple(g / 100 for g in exact.gains(deal)) for deal in deals}


def test_nash_is_not_monotone():
    assert points(FIRST, FIRST.nash()) == {(Fraction(3, 4), Fraction(3, 4))}
    assert points(SECOND, SECOND.nash()) == {(1, Fraction(7, 10))}


def test_kalai_smorodinsky_is():
    assert points(FIRST, FIRST.kalai_smorodinsky()) == {(Fraction(3, 4), Fraction(3, 4))}
    assert points(SECOND, SECOND.kalai_smorodinsky()) == {(Fraction(10, 13), Fraction(10, 13))}


def test_the_second_problem_offers_player_two_no_less():
    """Whatever the first allows is allowed by the second, at every level of player 1."""
    for one, two in points(FIRST, FIRST.zone):
        assert two <= 1 - Fraction(3, 10) * one


def test_every_point_is_efficient():
    for exact in (FIRST, SECOND):
        assert len(exact.frontier()) == len(exact.zone) == len(exact.utility)


@pytest.mark.parametrize("exact", [FIRST, SECOND])
def test_through_the_public_functions(exact):
    assert exact.found("Nash") == exact.nash()
    assert exact.found("Kalai-Smorodinsky") == exact.kalai_smorodinsky()
    assert frontier(exact.case).zone.size == len(exact.frontier())


@pytest.mark.parametrize(
    ("exact", "name", "one", "two"),
    [
        (FIRST, "Nash", 3 / 4, 3 / 4),
        (SECOND, "Nash", 1, 7 / 10),
        (FIRST, "Kalai-Smorodinsky", 3 / 4, 3 / 4),
        (SECOND, "Kalai-Smorodinsky", 10 / 13, 10 / 13),
    ],
)
def test_over_mixtures(exact, name, one, two):
    """The setting of the paper: what may be agreed is every mixture, not the listed points alone."""
    best = next(s for s in solutions(exact.case, lotteries=True).lotteries if s.name == name)
    assert best.gain == pytest.approx({"one": 100 * one, "two": 100 * two}, abs=1e-6)
