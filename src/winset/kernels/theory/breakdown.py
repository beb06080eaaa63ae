"""Two parties divide one pie by alternating offers, and talks may break down after every refusal.

Binmore, Rubinstein and Wolinsky (1986), RAND Journal of Economics 17:176-188, the model with an exogenous
risk of breakdown. Nobody minds waiting; after each refusal the talks end with probability p, and then
party i has b_i, its breakdown point. Party i values a share s as s**a_i, with an exponent a_i of at most
1 (1: it does not mind risk). In the only subgame-perfect equilibrium party 1 keeps x when it offers and
is left y when party 2 offers, where each is indifferent when it answers:

    u1(y)     = p u1(b1) + (1 - p) u1(x)
    u2(1 - x) = p u2(b2) + (1 - p) u2(1 - y)

As p goes to 0 both go to the Nash solution with b as its disagreement point; with exponents of 1 that is
to split the difference. There the shares are explicit: with S = 1 - b1 - b2, x = b1 + S / (2 - p).
"""

from __future__ import annotations

from itertools import count

import numpy as np
import numpy.typing as npt

__all__ = ["nash", "play", "shares"]

Floats = npt.NDArray[np.float64]

_HALVINGS = 100  # more than a float can tell
_SAME = 1e-12


def shares(risk: Floats, fallback: Floats, exponent: tuple[float, float]) -> tuple[Floats, Floats]:
    """Party 1's share when it offers, and when party 2 does.

    Parameters
    ----------
    risk : float64 (draw,)
        Of breakdown after a refusal, between 0 and 1.
    fallback : float64 (party, draw)
        Shares after a breakdown; together less than 1.
    exponent
        Of either party's value of a share; above 0, at most 1.

    Returns
    -------
    float64 (draw,), float64 (draw,)
    """
    low, high = fallback[0] + 0 * risk, 1 - fallback[1] + 0 * risk
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        left = _waits(middle, risk, fallback[0], exponent[0])
        again = 1 - _waits(1 - left, risk, fallback[1], exponent[1])
        more = again > middle
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    offered = (low + high) / 2
    return offered, _waits(offered, risk, fallback[0], exponent[0])


def _waits(share: Floats, risk: Floats, fallback: Floats, exponent: float) -> Floats:
    """The sure share that is as good as the chance of this one, or of the fallback after a breakdown."""
    value: Floats = risk * fallback**exponent + (1 - risk) * share**exponent
    sure: Floats = value ** (1 / exponent)
    return sure


def nash(fallback: Floats, exponent: tuple[float, float]) -> Floats:
    """Party 1's share in the Nash solution: the largest product of what both gain over the fallback.

    Returns
    -------
    float64 (draw,)
    """
    low, high = fallback[0].astype(np.float64), 1 - fallback[1]
    (a, b), (back1, back2) = exponent, fallback
    for _ in range(_HALVINGS):
        x = (low + high) / 2
        # the slope of the logarithm of the product, times both gains
        slope = a * x ** (a - 1) * ((1 - x) ** b - back2**b) - b * (1 - x) ** (b - 1) * (x**a - back1**a)
        low, high = np.where(slope > 0, x, low), np.where(slope > 0, high, x)
    best: Floats = (low + high) / 2
    return best


def play(
    risk: float,
    fallback: tuple[float, float],
    exponent: tuple[float, float],
    *,
    draws: int,
    chance: np.random.Generator,
    refusals: int = 0,
) -> Floats:
    """Play the equilibrium strategies from party 1's first offer on.

    Parameters
    ----------
    chance
        Decides after each refusal whether the talks go on.
    refusals
        So many first offers are refused whatever they are.

    Returns
    -------
    float64 (party, draw)
        What each has in the end: its share, or its fallback after a breakdown.
    """
    one = np.ones(1)
    mine, left = shares(risk * one, np.array([[fallback[0]], [fallback[1]]]), exponent)
    keeps = (float(mine[0]), 1 - float(left[0]))  # of whoever offers
    out = np.empty((2, draws))
    talking = np.ones(draws, np.bool_)
    for turn in count():
        offers, answers = turn % 2, 1 - turn % 2
        offer = 1 - keeps[offers]
        waiting = _waits(keeps[answers] * one, risk * one, fallback[answers] * one, exponent[answers])
        if turn >= refusals and offer >= waiting[0] - _SAME:
            out[offers, talking], out[answers, talking] = keeps[offers], offer
            break
        broken = talking & (chance.random(draws) < risk)
        out[0, broken], out[1, broken] = fallback
        talking &= ~broken
    return out
