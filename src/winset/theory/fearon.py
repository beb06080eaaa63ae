"""What does one demand of somebody whose cost of fighting is not known, and how likely is war?

Fearon (1995), private information about costs. It is the game of one offer (see ``ultimatum``) with the stake
as the pie: to A fighting is worth p - c_A, to B, who knows its own cost, 1 - p - c_B.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.fields import PART, PROBABILITY
from winset.case.numbers import Number
from winset.compiled.laws import quantile
from winset.compiled.sampling import stream
from winset.errors import QuestionError
from winset.kernels.theory.ultimatum import Offer, among, play, smooth, uniform
from winset.lenses.estimates import Plan
from winset.lenses.results import Result
from winset.theory.inputs import item, known, number, planned
from winset.theory.results import Amount, amount

__all__ = ["FearonResult", "fearon"]

Floats = npt.NDArray[np.float64]

PATH = "theory.fearon.cost_b"
_CELLS = 20_000  # levels that an average is taken over


@dataclass(frozen=True, slots=True)
class FearonResult(Result):
    """The demand that is best on average, and what comes of it. All are shares of the stake."""

    plan: Plan
    wins: float  # the chance that A prevails
    cost: float  # of A
    other_cost: str  # of B, as given
    low: float  # the least share that A prefers to fighting
    demand: float
    war: Amount  # probability
    gain: Amount  # of A, over fighting for sure
    other: Amount  # of B
    known: float  # gain of A if it knew B's cost


def fearon(
    p: Any,
    cost_a: Any,
    cost_b: Any,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
) -> FearonResult:
    """The best demand, take it or leave it, of somebody whose cost of fighting is not known.

    Parameters
    ----------
    p
        The chance that A prevails.
    cost_a
        What fighting costs A, as a share of the stake; above 0.
    cost_b
        What it costs B, as far as A knows: a range, or a number.
    draws, rng
        Plays against drawn costs.

    Raises
    ------
    QuestionError
        On a number that cannot be one.
    """
    asked = planned(draws, rng)
    wins = float(known(p, "the chance to prevail", PROBABILITY))
    cost = float(known(cost_a, "the cost of A", PART))
    costs = number(cost_b, "the cost of B", PART)
    surplus = 1 - wins + cost  # what A could give away before it would rather fight
    if surplus <= 0:
        raise QuestionError("A prevails for sure at no cost; there is nothing to ask for but everything")
    found = _best(costs, wins, surplus)
    level = np.clip(stream(asked.seed, PATH, 0).random(asked.draws), 2.0**-54, 1 - 2.0**-53)
    reserve = _reserve(costs, wins, level)
    offer = found.offer
    taken, gain, other = play(-np.inf if offer is None else offer, np.maximum(0.0, reserve), surplus)
    below = np.maximum(0.0, -reserve)  # whom fighting costs more than it brings has that too from any peace
    other = other + np.where(taken, below, 0.0)
    return FearonResult(
        asked,
        wins,
        cost,
        costs.short(),
        max(0.0, wins - cost),
        1.0 if offer is None else 1 - offer,
        amount(1 - found.accepted, play=~taken),
        amount(found.gain, play=gain),
        amount(found.other + (0.0 if offer is None else _below(costs, wins)), play=other),
        found.known,
    )


def _best(costs: Number, wins: float, surplus: float) -> Offer:
    """The best offer to B, whose reservation value is what fighting is worth to it, or nothing."""
    low, high = float(costs.low), float(costs.high)
    if not costs.is_range:
        return among(np.array([max(0.0, 1 - wins - low)]), np.ones(1), surplus)
    if costs.values:
        pairs = sorted((max(0.0, 1 - wins - float(v)), float(w)) for v, w in costs.values)
        values, weights = zip(*pairs, strict=True)
        return among(np.array(values), np.array(weights), surplus)
    if costs.uniform and high <= 1 - wins:
        return uniform(1 - wins - high, 1 - wins - low, surplus)
    return smooth(lambda level: np.maximum(0.0, _reserve(costs, wins, level)), surplus)


def _reserve(costs: Number, wins: float, level: Floats) -> Floats:
    """Quantiles of what fighting is worth to B; below nothing where it costs more than it brings."""
    if not costs.is_range:
        drawn = np.full(len(level), float(costs.low))
    else:
        from scipy.special import ndtri

        drawn = quantile(item(costs, PATH, PART), ndtri(1 - level))
    reserve: Floats = 1 - wins - drawn
    return reserve


def _below(costs: Number, wins: float) -> float:
    """By how much fighting is worth less than nothing to B, on average over its costs."""
    if costs.values:
        total = sum(float(w) for _, w in costs.values)
        return sum(max(0.0, float(v) - (1 - wins)) * float(w) for v, w in costs.values) / total
    level = (np.arange(_CELLS) + 0.5) / _CELLS
    return float(np.maximum(0.0, -_reserve(costs, wins, level)).mean())
