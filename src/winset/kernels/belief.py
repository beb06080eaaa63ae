"""What do observations say about which of several kinds something is?

Bayes' rule in rows of numbers, the weight of evidence (Good 1950, ch. 6; 1985), and what a signal would tell
(mutual information: Shannon 1948; as the value of an experiment: Lindley 1956).
"""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np

from winset.kernels.blocks import Floats

__all__ = ["apart", "decibans", "entropy", "order_gap", "posterior", "told"]


def posterior(prior: Floats, likelihoods: Floats) -> Floats:
    """Probabilities of kinds given observations that are independent given the kind.

    Parameters
    ----------
    prior : float64 (row, kind)
        They sum to 1.
    likelihoods : float64 (observation, row, kind)

    Returns
    -------
    float64 (row, kind)
        The prior in rows in which the observations are impossible for every possible kind.
    """
    out = prior.copy()
    for likelihood in likelihoods:
        out *= likelihood
        top = out.max(axis=1, keepdims=True)  # keeps products of many small numbers above nought
        np.divide(out, top, out=out, where=top > 0)
    total = out.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(out, total, out=prior.copy(), where=total > 0)
    return shares


def decibans(before: Floats, after: Floats) -> Floats:
    """The weight of evidence for each kind against all others together, 10 log10 of how the odds change.

    Parameters
    ----------
    before, after : float64 (row, kind)
        Probabilities that sum to 1.

    Returns
    -------
    float64 (row, kind)
        Nought where a kind was certain or impossible before; infinite where it becomes so.
    """
    open_ = (before > 0) & (before < 1)
    with np.errstate(divide="ignore"):
        change = np.log10(after) - np.log10(1 - after)
        change -= np.where(open_, np.log10(before) - np.log10(1 - before), 0.0)
    out: Floats = np.where(open_, 10 * change, 0.0)
    return out


def apart(likelihood: Floats) -> Floats:
    """(row,): how far an observation tells kinds apart, 10 log10 of the largest likelihood over the least.

    Infinite where it rules a kind out; nought where it is impossible for all.

    Parameters
    ----------
    likelihood : float64 (row, kind)
    """
    high, low = likelihood.max(axis=1), likelihood.min(axis=1)
    with np.errstate(divide="ignore"):
        out: Floats = np.where(high > 0, 10 * (np.log10(np.where(high > 0, high, 1.0)) - np.log10(low)), 0.0)
    return out


def entropy(chances: Floats) -> Floats:
    """Bits that are not known: minus the sum of p log2 p over the last axis."""
    logs = np.log2(np.where(chances > 0, chances, 1.0))
    bits: Floats = np.abs((chances * logs).sum(axis=-1))
    return bits


def told(chances: Floats, likelihood: Floats) -> Floats:
    """(row,): the bits that a signal tells about the kind on average, before it is seen.

    The mutual information of signal and kind: the entropy of the signal less what remains of it given the
    kind.

    Parameters
    ----------
    chances : float64 (row, kind)
    likelihood : float64 (row, signal, kind)
        Over the signals they sum to 1.
    """
    signal = np.einsum("rsk,rk->rs", likelihood, chances)
    given = np.einsum("rk,rk->r", chances, entropy(np.swapaxes(likelihood, 1, 2)))
    bits: Floats = np.maximum(0.0, entropy(signal) - given)
    return bits


def order_gap(prior: Floats, likelihoods: Floats, *, most: int = 720) -> tuple[int, bool, float]:
    """How far the posterior differs between the orders in which observations are taken in, one by one.

    Parameters
    ----------
    prior : float64 (kind,)
    likelihoods : float64 (observation, kind)
    most
        Orders to try at most. If there are more, each observation in turn comes first, forwards and
        backwards.

    Returns
    -------
    int
        Orders tried.
    bool
        Whether these are all.
    float
        The largest difference of a probability between any two of them.
    """
    many = len(likelihoods)
    whole = factorial(many) <= most
    if whole:
        orders = np.array(list(permutations(range(many))), np.intp)
    else:
        turned = (np.arange(many)[:, None] + np.arange(many)) % many
        orders = np.concatenate([turned, turned[:, ::-1]])[:most]
    now = np.repeat(prior[None], len(orders), axis=0)
    for place in orders.T:
        now = posterior(now, likelihoods[place][None])
    return len(orders), whole, float(np.ptp(now, axis=0).max())
