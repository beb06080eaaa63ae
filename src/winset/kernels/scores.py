"""How good probabilities of yes-or-no events were, once it is known what happened.

With p the probability that was given and o = 1 if the event happened, else 0:

* Brier score (Brier 1950, Monthly Weather Review 78:1-3): (p - o)^2, from 0 (sure and right) to 1 (sure and
  wrong). Brier sums over the event and its complement, which is exactly twice as much; the half that is usual
  today is given here.
* Logarithmic score (Good 1952, JRSS B 14:107-114): the natural logarithm of the probability given to what
  happened, from 0 down; minus infinity for a 0 or 1 that was wrong.
* Partition (Murphy 1973, Journal of Applied Meteorology 12:595-600): mean Brier score = reliability -
  resolution + uncertainty, when forecasts are grouped by equal probability. Groups of unequal ones leave a
  fourth term (Stephenson, Coelho and Jolliffe 2008, Weather and Forecasting 23:752-757).
* Interval of an observed share (Wilson 1927, JASA 22:209-212).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Partition", "brier", "left_out_rate", "logarithmic", "partition", "skill", "wilson"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

Z95 = 1.959963984540054  # the standard normal's 97.5 % point


def brier(p: Floats, happened: Flags) -> Floats:
    """Brier score of each forecast."""
    return np.square(p - happened)


def logarithmic(p: Floats, happened: Flags) -> Floats:
    """Logarithmic score of each forecast, in nats."""
    with np.errstate(divide="ignore"):
        given: Floats = np.log(np.where(happened, p, 1 - p))
    return given


def left_out_rate(happened: Flags) -> Floats:
    """For each of two or more events, the share of all the others that happened."""
    rate: Floats = (happened.sum() - happened) / (len(happened) - 1)
    return rate


def skill(score: float, baseline: float) -> float:
    """Brier skill score: 1 is perfect, 0 as good as the baseline, which is not 0; below 0 is worse."""
    return 1 - score / baseline


@dataclass(frozen=True, slots=True)
class Partition:
    """Mean Brier score = reliability - resolution + uncertainty + within."""

    reliability: float  # how far groups are from what happened in them; 0 is best
    resolution: float  # how far what happened differs between groups; more is better
    uncertainty: float  # of the events themselves
    within: float  # from unequal probabilities in one group; 0 if there are none


def partition(p: Floats, happened: Flags, group: Ints) -> Partition:
    """Murphy's partition of the mean Brier score.

    Parameters
    ----------
    group : int (forecast,)
        A number for each group, from 0.
    """
    o = happened.astype(np.float64)
    size = np.bincount(group).astype(np.float64)
    filled = np.maximum(size, 1)
    mean_p = np.bincount(group, p) / filled
    mean_o = np.bincount(group, o) / filled
    share = size / len(p)
    rate = o.mean()
    off_p, off_o = p - mean_p[group], o - mean_o[group]
    return Partition(
        reliability=float(share @ np.square(mean_p - mean_o)),
        resolution=float(share @ np.square(mean_o - rate)),
        uncertainty=float(rate * (1 - rate)),
        within=float(np.mean(np.square(off_p) - 2 * off_p * off_o)),
    )


def wilson(successes: Ints, trials: Ints, z: float = Z95) -> tuple[Floats, Floats]:
    """Ends of the 95 % score interval of each share; trials are 1 or more."""
    share = successes / trials
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
    return np.where(successes == 0, 0.0, low), np.where(successes == trials, 1.0, high)
