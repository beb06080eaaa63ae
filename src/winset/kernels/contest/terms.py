"""Which shares of the stake do both sides prefer to a contest?

Fearon (1995, International Organization 49:379-414, p. 386-388): side A prevails with probability p and
takes the whole stake, worth 1; fighting costs A c_A and B c_B. Fighting is worth p - c_A to A and
1 - p - c_B to B. With utilities u of a share, u(0) = 0 and u(1) = 1, both prefer a share x for A when

    u_A(x) >= p - c_A   and   u_B(1 - x) >= 1 - p - c_B.

Without minding risk that is p - c_A <= x <= p + c_B. Here u(x) = x ** a with 0 < a <= 1. Each side goes by
its own estimate of p, so that the range may be empty.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["TIE", "inside", "least", "range_of"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TIE = 1e-9  # shares this close count as equal


def least(wins: Floats, cost: Floats, exponent: Floats | float = 1.0) -> Floats:
    """The least share that a side prefers to fighting; 0 where fighting is worth nothing.

    Parameters
    ----------
    wins, cost : float64 (...,)
        The side's own chance to prevail, and its cost as a share of the stake.
    exponent : float64 (...,)
        Its utility of a share is the share to this power.
    """
    worth = np.maximum(wins - cost, 0.0)
    out: Floats = worth ** (1.0 / np.asarray(exponent))
    return out


def range_of(
    wins: tuple[Floats, Floats],
    cost: tuple[Floats, Floats],
    exponent: tuple[Floats | float, Floats | float] = (1.0, 1.0),
) -> tuple[Floats, Floats]:
    """The lowest and the highest share of the first side that both prefer; upside down where there is none.

    Parameters
    ----------
    wins : (first, second), each float64 (...,)
        The chance that the *first* prevails, in the eyes of each.
    """
    low = least(wins[0], cost[0], exponent[0])
    return low, 1.0 - least(1.0 - wins[1], cost[1], exponent[1])


def inside(share: Floats, low: Floats, high: Floats) -> Bools:
    """Whether a share lies in the range."""
    out: Bools = (share >= low - TIE) & (share <= high + TIE)
    return out
