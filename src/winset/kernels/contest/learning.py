"""How long until fighting has taught both sides enough to settle?

Both sides have beliefs about the chance p that the first prevails, and they differ: Beta distributions with
means m_i and weights n_i, the number of trials that each estimate weighs as much as. Both see the same trials
of strength, each won by the first with probability p, and update by Bayes' rule. After t trials of which the
first won w, side i's mean is

    (n_i m_i + w) / (n_i + t).

There is something to agree on as soon as the first's mean exceeds the second's by no more than both costs
together. Different priors of this form, updated by what happens in battle until a settlement is possible, are
those of Smith and Stam (2004, Journal of Conflict Resolution 48:783-813). Left out of their model is the
walk over forts, by which the fighting itself may end first. With equal weights n the means differ by
n (m_1 - m_2) / (n + t) whoever wins, and the range opens after n ((m_1 - m_2) / s - 1) trials, s being both
costs together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from winset.kernels.contest.terms import TIE

__all__ = ["meets"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def meets(
    mean: tuple[Floats, Floats], weight: tuple[Floats, Floats], surplus: Floats, won: Bools
) -> npt.NDArray[np.int64]:
    """(draw,): after how many trials the beliefs first differ by no more than the surplus; -1 for never.

    Parameters
    ----------
    mean, weight : (first, second), each float64 (draw,)
    surplus : float64 (draw,)
    won : bool (draw, trial)
        Whether the first side wins each trial.
    """
    draws, trials = won.shape
    wins = np.zeros((draws, trials + 1))
    np.cumsum(won, axis=1, out=wins[:, 1:])
    count = np.arange(trials + 1.0)

    def belief(i: int) -> Floats:
        n = weight[i][:, None]
        out: Floats = np.divide(
            n * mean[i][:, None] + wins,
            n + count,
            out=np.tile(mean[i][:, None], trials + 1),
            where=n + count > 0,
        )
        return out

    close = belief(0) - belief(1) <= surplus[:, None] + TIE
    return np.where(close.any(axis=1), close.argmax(axis=1), -1)
