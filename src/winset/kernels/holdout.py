"""How long do two hold out for the deal that each likes better?

Two deals would both do. Each party would rather have the other concede, and waits; meanwhile both go without
a deal. With points over no deal of ``best`` from the deal that one likes better and of ``other`` from the one
that the other likes better, and a discount rate r, the present values are W = best / r and L = other / r. In
the equilibrium in which neither is sure of the other, each is indifferent between conceding now and waiting a
moment longer: what waiting costs, r L, is what it may bring, the other's rate of conceding times W - L. So

    rate of the other = r other / (best - other),

and the first concession comes after an exponential time with the sum of both rates (the war of attrition with
complete information: Hendricks, Weiss and Wilson 1988). Fearon (1998) puts this before the enforcement of an
agreement: the more the future counts, the smaller r, the longer both hold out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["delay"]

Floats = npt.NDArray[np.float64]


def delay(best: Floats, other: Floats, rate: Floats) -> Floats:
    """(draw,): the expected time until one of two concedes; nought where one does not mind which deal it is.

    Parameters
    ----------
    best, other : float64 (2, draw)
        What each gains over no deal from the deal it likes better, and from the one it likes less; not below
        nought, and ``best`` not below ``other``.
    rate : float64 (2, draw)
        Each one's discount rate per unit of time.

    Returns
    -------
    float64 (draw,)
        In that unit. Infinite where neither gains anything from the deal that the other likes better.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        pace = np.where(best > other, rate * other / (best - other), np.inf).sum(axis=0)
        out: Floats = 1.0 / pace
    return out
