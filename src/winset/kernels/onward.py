"""What does a party expect from going on, when it does not know what the others are?

Rational expectations by type: a party's expectation of what comes later is the mean over everything that may
happen, given its own type and given each type of the others, weighted with what it believes of these types
after what it has seen. The comparison of that with the cost of going on is the exit rule of bargaining with
an outside option and incomplete information (Fudenberg and Tirole 1983, Review of Economic Studies
50:221-247; Fearon 1994, American Political Science Review 88:577-592).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats

__all__ = ["by_types", "expected", "posterior"]

Indices = npt.NDArray[np.intp]


def posterior(prior: Floats, likelihood: Floats) -> Floats:
    """Bayes' rule; the prior where the likelihood is nought for every type that is possible.

    Parameters
    ----------
    prior, likelihood : float64 (draw, type)

    Returns
    -------
    float64 (draw, type)
        Each row sums to 1.
    """
    joint = prior * likelihood
    total = joint.sum(axis=1, keepdims=True)
    out: Floats = np.where(total > 0, np.divide(joint, total, out=prior.copy(), where=total > 0), prior)
    return out


def by_types(value: Floats, own: Indices, others: Indices, shape: tuple[int, int]) -> Floats:
    """The mean of a value given one's own type and the types of the others.

    Where no draw has a combination, the mean given one's own type stands in.

    Parameters
    ----------
    value : float64 (draw,)
    own, others : intp (draw,)
        Index of one's own type, and of the combination of the others' types.
    shape
        How many of each there are.

    Returns
    -------
    float64 (own, others)
        Nought where no draw has that own type.
    """
    cell = own * shape[1] + others
    many = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    total = np.bincount(cell, value, minlength=shape[0] * shape[1]).reshape(shape)
    mine = many.sum(axis=1, keepdims=True)
    whole = np.divide(total.sum(axis=1, keepdims=True), mine, out=np.zeros_like(mine), where=mine > 0)
    out: Floats = np.divide(total, many, out=np.broadcast_to(whole, shape).copy(), where=many > 0)
    return out


def expected(table: Floats, own: Indices, belief: Floats) -> Floats:
    """(draw,): the expectation of what the table holds, by what one believes of the others' types.

    Parameters
    ----------
    table : float64 (own, others)
    own : intp (draw,)
    belief : float64 (draw, others)
    """
    out: Floats = (table[own] * belief).sum(axis=1)
    return out
