"""The unknowns of a case, each with its law (see ``winset.case.numbers``): scores to numbers, and back."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.evidence import is_likelihood
from winset.case.numbers import Z90, Bounds, Law, Number

__all__ = ["Input", "quantile", "standard_score"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Input:
    """One unknown: a range of the case, or which of its types a party is."""

    path: str  # e.g. russia.no_deal, usa.types.broker.prior, russia.type
    party: str  # whose number it is; "" when it is nobody's in particular
    number: Number | None  # None for a type
    bounds: Bounds
    law: Law | Literal["type"]
    sourced: bool  # cites a claim itself
    options: tuple[str, ...] = ()  # the types, in order
    shape: tuple[float, ...] = field(init=False, repr=False, compare=False)  # what the law needs, as floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", _shape(self))

    @property
    def percent(self) -> bool:
        """Whether it is told in per cent: a probability, or what was written as one."""
        number = self.number
        return number is not None and (number.percent or (self.bounds.percent and self.bounds.high == 1))

    @property
    def weighs_types(self) -> bool:
        """Whether it bears on nothing but how likely each type of a party is: a prior or a likelihood."""
        parts = self.path.split(".")
        prior = len(parts) == 4 and (parts[1], parts[3]) == ("types", "prior")
        return prior or is_likelihood(self.path)


def _shape(item: Input) -> tuple[float, ...]:
    """The parameters of a law: location and scale on the scale of scores, or ends and exponents."""
    number, bounds = item.number, item.bounds
    if number is None or item.law == "point":
        return ()
    low, high = float(number.low), float(number.high)
    if item.law in ("normal", "clipped"):
        return (low + high) / 2, (high - low) / (2 * Z90)
    if item.law == "lognormal":
        base = bounds.low if bounds.low is not None else Fraction(0)
        ends = [math.log(x - base) for x in (number.low, number.high)]
        return (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / (2 * Z90), float(base)
    if item.law == "logitnormal":
        assert bounds.low is not None
        assert bounds.high is not None
        ends = [math.log((x - bounds.low) / (bounds.high - x)) for x in (number.low, number.high)]
        return (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / (2 * Z90)
    if item.law == "pert":
        assert number.mode is not None
        mode = float(number.mode)
        return low, high, 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
    return low, high


def quantile(item: Input, score: Floats) -> Floats:
    """The number at a standard normal score: the inverse of its distribution function at Phi(score).

    Parameters
    ----------
    score : float64 (draw,)
    """
    from scipy.special import betaincinv, ndtr

    number, bounds, shape = item.number, item.bounds, item.shape
    if item.law == "type":
        level: Floats = ndtr(score)
        return level
    assert number is not None
    floor = -np.inf if bounds.low is None else float(bounds.low)
    ceiling = np.inf if bounds.high is None else float(bounds.high)
    if item.law in ("normal", "clipped"):
        out = shape[0] + shape[1] * score
    elif item.law == "lognormal":
        out = shape[2] + np.exp(shape[0] + shape[1] * score)
    elif item.law == "logitnormal":
        out = floor + (ceiling - floor) / (1 + np.exp(-(shape[0] + shape[1] * score)))
    elif item.law == "uniform":
        out = shape[0] + (shape[1] - shape[0]) * ndtr(score)
    elif item.law == "pert":
        low, high, rise, fall = shape
        out = low + (high - low) * betaincinv(rise, fall, ndtr(score))
    else:
        upto = np.cumsum([float(w) for _, w in number.values])[:-1]
        out = np.array([float(v) for v, _ in number.values])[np.searchsorted(upto, ndtr(score), side="right")]
    clipped: Floats = np.clip(out, floor, ceiling)
    return clipped


def standard_score(item: Input, value: float) -> float:
    """The standard normal score of a number within its range: the inverse of ``quantile``.

    Infinite beyond the ends that a PERT or a bound has. A listed value has the middle of its share.
    """
    from scipy.special import betainc, ndtri

    number, bounds = item.number, item.bounds
    if item.law == "type":
        return float(ndtri(value))
    assert number is not None
    shape = item.shape
    if item.law in ("normal", "clipped"):
        return (value - shape[0]) / shape[1]
    if item.law == "lognormal":
        return -math.inf if value <= shape[2] else (math.log(value - shape[2]) - shape[0]) / shape[1]
    if item.law == "logitnormal":
        assert bounds.low is not None
        assert bounds.high is not None
        floor, ceiling = float(bounds.low), float(bounds.high)
        if not floor < value < ceiling:
            return -math.inf if value <= floor else math.inf
        return (math.log((value - floor) / (ceiling - value)) - shape[0]) / shape[1]
    if item.law == "uniform":
        return float(ndtri(min(max((value - shape[0]) / (shape[1] - shape[0]), 0.0), 1.0)))
    if item.law == "pert":
        low, high, rise, fall = shape
        return float(ndtri(betainc(rise, fall, min(max((value - low) / (high - low), 0.0), 1.0))))
    below = sum(float(w) for v, w in number.values if v < Fraction(value))
    here = sum(float(w) for v, w in number.values if v == Fraction(value))
    return float(ndtri(below + here / 2))
