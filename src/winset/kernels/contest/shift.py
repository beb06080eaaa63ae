"""Does power shift by more than both sides could gain from peace?

Powell (2006, International Organization 60:169-203, inequality 1; 2004, American Political Science Review
98:231-241): in period t side i can secure itself M_i(t) by fighting, and there is B in all. Side 1 rises
and cannot bind itself not to use its later strength. The most it can leave to side 2 is B less what it must
itself be given next period, and side 2 fights now if that is less than M_2(t): if B - d M_1(t+1) < M_2(t), or

    d M_1(t+1) - M_1(t)  >  B - [M_1(t) + M_2(t)],

the shift is larger than the bargaining surplus. Here B is the stake, 1, M_1 is the least share that the
rising side prefers to fighting, 1 - M_2 the highest that the other does, and the next period is any time
ahead, d being what a share then is worth to the *declining* side, which loses it. Without minding risk
M_1 = p - c_1 and M_2 = 1 - p - c_2, and the condition reads d p' - p > c_2 + d c_1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from winset.kernels.contest.terms import TIE, least

__all__ = ["excess", "first_time", "slowest"]

Floats = npt.NDArray[np.float64]


def excess(
    wins: Floats,
    rate: Floats,
    cost: Floats,
    exponent: Floats | float,
    secure: Floats,
    keep: Floats,
    times: Floats,
) -> Floats:
    """By how much the shift exceeds the surplus at every time: d M_1(T) - (1 - M_2). War for above 0.

    Parameters
    ----------
    wins, cost, exponent : float64 (draw,)
        The rising side's chance now, its cost and its exponent.
    rate : float64 (draw,)
        By how much its chance rises in a unit of time.
    secure : float64 (draw,)
        M_2: the least share that the declining side prefers to fighting now.
    keep : float64 (draw,)
        What a share is worth to the declining side a unit of time later.
    times : float64 (draw, time)

    Returns
    -------
    float64 (draw, time)
    """
    later = np.clip(wins[:, None] + rate[:, None] * times, 0.0, 1.0)
    bend = exponent if isinstance(exponent, float) else exponent[:, None]
    discount = keep[:, None] ** times
    out: Floats = discount * least(later, cost[:, None], bend) - (1.0 - secure[:, None])
    return out


def first_time(over: Floats, times: Floats) -> Floats:
    """(draw,): when the condition is first met, between two of the times in a straight line; NaN for never.

    Parameters
    ----------
    over, times : float64 (draw, time)
        As ``excess`` takes and gives them; times rise.
    """
    met = over > TIE
    at = met.argmax(axis=1)
    draw, before = np.arange(len(times)), np.maximum(at - 1, 0)
    low, high = over[draw, before], over[draw, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(at > 0, -low / (high - low), 1.0)
    met_at = times[draw, before] + np.clip(part, 0.0, 1.0) * (times[draw, at] - times[draw, before])
    out: Floats = np.where(met.any(axis=1), met_at, np.nan)
    return out


def slowest(
    wins: Floats, cost: Floats, exponent: Floats | float, secure: Floats, keep: Floats, times: Floats
) -> Floats:
    """(draw,): the largest rate of shift at which the condition is met at none of the times.

    Infinite where even certain victory would not meet it.
    """
    bend = exponent if isinstance(exponent, float) else exponent[:, None]
    with np.errstate(divide="ignore", over="ignore"):
        share = (1.0 - secure[:, None]) / keep[:, None] ** times
    # the chance at which least() reaches that share
    limit = np.where(share >= 1.0, np.inf, np.minimum(share, 1.0) ** bend + cost[:, None])
    limit = np.where(limit > 1.0 + TIE, np.inf, limit)
    out: Floats = ((limit - wins[:, None]) / times).min(axis=1)
    return out
