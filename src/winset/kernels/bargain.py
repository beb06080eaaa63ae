"""Bargaining solutions on a finite set of points: which deal, or which lottery over deals.

Points are the parties' gains over no deal. Only Pareto-efficient points are chosen, and all that tie are
returned.

* Nash: the largest product of gains (Nash 1950, Econometrica 18:155-162; with weights as exponents Harsanyi
  and Selten 1972, Management Science 18:P80-P106). Among points at which not all gain, the most parties
  with a gain come first, then the product over these; only there does the choice depend on the parties'
  units.
* Kalai and Smorodinsky: the largest least share of what each could gain at most (1975, Econometrica
  43:513-518), with the lexicographic extension of Imai (1983, Econometrica 51:389-401).
* Egalitarian: the largest least gain (Kalai 1977, Econometrica 45:1623-1630), then the second least, and so
  on (leximin).
* Utilitarian: the largest sum. Lotteries over its points are the utilitarian lotteries.

Gains given as whole numbers are compared exactly; gains in floating point, and weighted products, tie when
they differ by less than one part in 10**12.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Indices

Gains = npt.NDArray[Any]  # (point, party), int64 or float64

_CLOSE = 1e-12


def nash(gains: Gains, weights: Floats | None = None) -> Indices:
    """Points of the largest product of gains.

    Parameters
    ----------
    gains : (point, party)
    weights : float64 (party,), > 0, optional
        Bargaining powers, as exponents.

    Returns
    -------
    intp (tie,)
    """
    if not len(gains):
        return np.zeros(0, np.intp)
    positive = gains > 0
    candidates = np.flatnonzero(positive.sum(axis=1) == positive.sum(axis=1).max())
    power = np.ones(gains.shape[1]) if weights is None else weights
    value = np.where(positive, gains, 1).astype(np.float64)
    total = np.log(value[candidates]) @ power
    slack = 64 * np.finfo(np.float64).eps * (1 + np.abs(np.log(value[candidates])).max() * power.sum())
    near = candidates[total >= total.max() - (slack if weights is None else max(slack, _CLOSE))]
    if weights is None and len(near) > 1 and _whole(gains):
        near = _top(near, lambda point: prod(int(g) for g in gains[point] if g > 0))
    return _efficient_of(near, gains)


def kalai_smorodinsky(gains: Gains, ideal: Gains | None = None) -> Indices:
    """Points of the largest least share of the ideal gain, then of the second least share, and so on.

    Parameters
    ----------
    gains : (point, party)
    ideal : (party,), optional
        The most that each party could gain; by default its largest gain among the points. Parties that
        could not gain are left out of the comparison.

    Returns
    -------
    intp (tie,)
    """
    if not len(gains):
        return np.zeros(0, np.intp)
    ideal = gains.max(axis=0) if ideal is None else ideal
    able = ideal > 0
    share = gains[:, able] / ideal[able].astype(np.float64)
    near = _leximin(share)
    if len(near) > 1 and _whole(gains) and _whole(ideal):
        near = _top(
            near,
            lambda point: sorted(
                Fraction(int(g), int(i)) for g, i in zip(gains[point, able], ideal[able], strict=True)
            ),
        )
    return _efficient_of(near, gains)


def egalitarian(gains: Gains) -> Indices:
    """Points of the largest least gain, then of the second least, and so on.

    Returns
    -------
    intp (tie,)
    """
    if not len(gains):
        return np.zeros(0, np.intp)
    near = _leximin(gains.astype(np.float64))
    if len(near) > 1 and _whole(gains):
        near = _top(near, lambda point: sorted(int(g) for g in gains[point]))
    return near


def utilitarian(gains: Gains) -> Indices:
    """Points of the largest sum of gains.

    Returns
    -------
    intp (tie,)
    """
    if not len(gains):
        return np.zeros(0, np.intp)
    total = gains.sum(axis=1)
    slack = 0 if _whole(gains) else _CLOSE * float(np.abs(gains).max()) * gains.shape[1]
    return np.flatnonzero(total >= total.max() - slack)


def _whole(values: Gains) -> bool:
    return bool(np.issubdtype(values.dtype, np.integer))


def _top(points: Indices, key: Callable[[int], Any]) -> Indices:
    keys = [key(point) for point in points.tolist()]
    best = max(keys)
    return np.array([point for point, value in zip(points, keys, strict=True) if value == best], np.intp)


def _leximin(values: Floats) -> Indices:
    """Rows whose sorted values are lexicographically largest, up to rounding."""
    rows = np.arange(len(values))
    slack = _CLOSE * float(np.abs(values).max(initial=0.0))
    ordered = np.sort(values, axis=1)
    for rank in range(values.shape[1]):
        level = ordered[rows, rank]
        rows = rows[level >= level.max() - slack]
    return rows


def _efficient_of(points: Indices, gains: Gains) -> Indices:
    """Of tied points, those that no other point of the whole set dominates.

    A dominating point would tie itself (it could not do worse by the criterion), so comparing the tied is
    enough.
    """
    tied = gains[points]
    keep: Bools = np.ones(len(points), np.bool_)
    for index, row in enumerate(tied):
        keep[index] = not ((tied >= row).all(axis=1) & (tied > row).any(axis=1)).any()
    return points[keep]
