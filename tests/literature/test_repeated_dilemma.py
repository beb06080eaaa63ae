"""The repeated prisoner's dilemma in the numbers that the literature on cooperation uses.

Axelrod (1984, *The Evolution of Cooperation*, ch. 1) takes T = 5, R = 3, P = 1, S = 0. Where any defection is
answered by defection for ever, cooperation is worth while for a discount parameter of at least
(T - R) / (T - P), here 1/2: the condition to which Fearon (1998) refers as the shadow of the future. The
figures are given from memory; the book was not at hand.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from winset.kernels.hold import hold

T, R, P = 5.0, 3.0, 1.0
NEEDED = Fraction(1, 2)


def kept(patience: float, lag: int = 1) -> bool:
    """Whether cooperation is kept for ever, if a defection is noticed only after some rounds.

    A lag of n rounds is one round that is n times as long: its discount factor is the n-th power.
    """
    one = np.ones((1, 1))
    alone = np.full((6, 1, 1), P)
    held = hold(np.full((6, 1, 1), R), alone, alone, (T - R) * one, patience**lag * one, one, np.zeros(1))
    return bool(held.period[0] == 5)


def test_axelrods_payoffs_need_an_even_weight_of_the_future():
    assert kept(float(NEEDED) + 1e-6)
    assert not kept(float(NEEDED) - 1e-6)


@pytest.mark.parametrize("lag", [2, 3, 10])
def test_the_longer_a_breach_goes_unnoticed_the_more_the_future_must_count(lag):
    """Temptation for n rounds: d^n >= 1/2."""
    edge = float(NEEDED) ** (1 / lag)
    assert kept(edge + 1e-6, lag)
    assert not kept(edge - 1e-6, lag)
