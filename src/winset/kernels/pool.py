"""One probability from several: opinion pools.

* Linear (Stone 1961, Annals of Mathematical Statistics 32:1339-1342): the weighted mean. It commutes with
  taking margins: the pool of a sum of outcomes is the sum of their pools.
* Logarithmic (Genest and Zidek 1986, Statistical Science 1:114-135): proportional to the weighted geometric
  mean. It is externally Bayesian: to pool and then to learn is to learn and then to pool. An outcome to which
  one judge gives 0 has a pool of 0, whatever the others say.
"""

from __future__ import annotations

import numpy as np

from winset.kernels.blocks import Floats

__all__ = ["linear", "logarithmic"]


def linear(probabilities: Floats, weights: Floats) -> Floats:
    """The weighted mean.

    Parameters
    ----------
    probabilities : float64 (judge, outcome)
        Each judge's sum to 1.
    weights : float64 (judge,)
        Positive; only their proportions count.

    Returns
    -------
    float64 (outcome,)
    """
    share: Floats = weights / weights.sum()
    pooled: Floats = share @ probabilities
    return pooled


def logarithmic(probabilities: Floats, weights: Floats) -> Floats | None:
    """The normalised weighted geometric mean; None where every outcome is ruled out by some judge.

    Parameters and what is returned are as in ``linear``.
    """
    share: Floats = weights / weights.sum()
    possible = (probabilities > 0).all(axis=0)
    if not possible.any():
        return None
    logs = share @ np.log(probabilities[:, possible])
    pooled = np.zeros(probabilities.shape[1])
    pooled[possible] = np.exp(logs - logs.max())
    return np.asarray(pooled / pooled.sum())
