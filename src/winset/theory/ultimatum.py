"""How much to offer, take it or leave it, to somebody whose reservation value is not known?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.numbers import Bounds, Number
from winset.compiled.laws import quantile
from winset.compiled.sampling import stream
from winset.errors import QuestionError
from winset.kernels.theory.ultimatum import Offer, among, play, smooth, uniform
from winset.lenses.estimates import Plan
from winset.lenses.results import Result
from winset.theory.inputs import item, known, number, planned
from winset.theory.results import Amount, amount

__all__ = ["UltimatumResult", "ultimatum"]

Floats = npt.NDArray[np.float64]

AMOUNT = Bounds("an amount")
PATH = "theory.ultimatum.reserve"


@dataclass(frozen=True, slots=True)
class UltimatumResult(Result):
    """The offer that is best on average, and what comes of it."""

    plan: Plan
    reserve: str  # of the responder, as given
    pie: float
    keep: float  # what the one who offers has without agreement
    offer: float | None  # None: no offer is worth making
    refused: Amount  # probability
    gain: Amount  # of the one who offers, over no agreement
    other: Amount  # of the responder, over its reservation value
    known: float  # gain of the one who offers if it knew the reservation value
    missed: float  # probability that no agreement comes about although both could gain


def ultimatum(
    reserve: Any,
    *,
    pie: Any = 100,
    keep: Any = 0,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
) -> UltimatumResult:
    """The best take-it-or-leave-it offer.

    Parameters
    ----------
    reserve
        The least that the responder accepts, as far as it is known: a range, or a number.
    pie
        What is divided.
    keep
        What the one who offers has without agreement; less than the pie.
    draws, rng
        Plays against drawn responders.

    Raises
    ------
    QuestionError
        On a number that cannot be one.
    """
    asked = planned(draws, rng)
    least = number(reserve, "the reservation value", AMOUNT)
    whole_pie, own = float(known(pie, "the pie", AMOUNT)), float(known(keep, "what is kept", AMOUNT))
    surplus = whole_pie - own
    if surplus <= 0:
        raise QuestionError(
            f"who offers has {own:g} without agreement, and the pie is {whole_pie:g}; it must have less"
        )
    found = _best(least, surplus)
    offer = found.offer
    level = np.clip(stream(asked.seed, PATH, 0).random(asked.draws), 2.0**-54, 1 - 2.0**-53)
    drawn = _quantile(least, level)
    if offer is None:
        taken, gain, other = play(-np.inf, drawn, surplus)
    else:
        taken, gain, other = play(offer, drawn, surplus)
    return UltimatumResult(
        asked,
        least.short(),
        whole_pie,
        own,
        offer,
        amount(1 - found.accepted, play=~taken),
        amount(found.gain, play=gain),
        amount(found.other, play=other),
        found.known,
        found.missed,
    )


def _best(reserve: Number, surplus: float) -> Offer:
    if not reserve.is_range:
        return among(np.array([float(reserve.low)]), np.ones(1), surplus)
    if reserve.values:
        values, weights = zip(*reserve.values, strict=True)
        return among(np.array(values, np.float64), np.array(weights, np.float64), surplus)
    if reserve.uniform:
        return uniform(float(reserve.low), float(reserve.high), surplus)
    return smooth(lambda level: _quantile(reserve, level), surplus)


def _quantile(reserve: Number, level: Floats) -> Floats:
    if not reserve.is_range:
        return np.full(len(level), float(reserve.low))
    from scipy.special import ndtri

    return quantile(item(reserve, PATH, AMOUNT), ndtri(level))
