"""One take-it-or-leave-it offer to somebody whose reservation value is not known.

The one who offers has a surplus S to give away from, and a responder with reservation value R takes an
offer x when x is at least R. With F the distribution of R the offer is worth (S - x) F(x); at its best,
where F has a density f,

    S - x = F(x) / f(x).

This is the monopolist's price turned round (Myerson 1981, Mathematics of Operations Research 6:58-73; for
offers to somebody who knows more, Samuelson 1984, Econometrica 52:995-1005): more is offered only as long
as the acceptances that it adds are worth what it costs on all the offers that were accepted anyway. For R
uniform between l and h it is x = (l + S) / 2, between l and h.

A distribution is given by its quantiles Q, and the offer is looked for among the levels u = F(x): it is
worth (S - Q(u)) u.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Offer", "among", "play", "smooth", "uniform"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_LEVELS = 4096
_CLOSER = 128
_ZOOMS = 7
_STEPS = 1 << 16  # of a mean over the distribution


@dataclass(frozen=True, slots=True)
class Offer:
    """The best offer, and what it brings on average over reservation values."""

    offer: float | None  # None: no offer is worth making
    accepted: float  # probability
    gain: float  # of the one who offers, over no agreement
    other: float  # the responder's, over its reservation value
    known: float  # of the one who offers, if it knew the reservation value
    missed: float  # probability of a refusal although something could be divided


def uniform(low: float, high: float, surplus: float) -> Offer:
    """The reservation value is uniform."""
    width, top = high - low, min(max(surplus, low), high)
    offer = min(max((low + surplus) / 2, low), high)
    accepted, possible = (offer - low) / width, (top - low) / width
    if surplus <= low:
        return Offer(None, 0.0, 0.0, 0.0, 0.0, 0.0)
    return Offer(
        offer,
        accepted,
        (surplus - offer) * accepted,
        (offer - low) * accepted / 2,
        possible * (surplus - (low + top) / 2),
        max(0.0, possible - accepted),
    )


def among(values: Floats, weights: Floats, surplus: float) -> Offer:
    """The reservation value is one of a list: only these are worth offering.

    Parameters
    ----------
    values, weights : float64 (value,)
        Ascending, and their probabilities.
    """
    upto = np.cumsum(weights)
    worth = (surplus - values) * upto
    best = int(worth.argmax())
    gains = np.maximum(surplus - values, 0.0)
    if worth[best] <= 0:
        return Offer(None, 0.0, 0.0, 0.0, float(weights @ gains), float(weights[gains > 0].sum()))
    taken = values <= values[best]
    return Offer(
        float(values[best]),
        float(upto[best]),
        float(worth[best]),
        float(weights @ np.where(taken, values[best] - values, 0.0)),
        float(weights @ gains),
        float(weights[~taken & (gains > 0)].sum()),
    )


def smooth(quantile: Callable[[Floats], Floats], surplus: float) -> Offer:
    """Any other distribution.

    Parameters
    ----------
    quantile
        From levels between 0 and 1 to reservation values, ascending; may be infinite at 0 and 1.
    """

    def worth(level: Floats) -> Floats:
        return (surplus - quantile(level)) * level

    levels = np.arange(1, _LEVELS + 1) / _LEVELS
    step, best = 1 / _LEVELS, levels[worth(levels).argmax()]
    for _ in range(_ZOOMS):
        near = np.clip(best + step * np.linspace(-1, 1, _CLOSER + 1), 2.0**-53, 1.0)
        step, best = 2 * step / _CLOSER, near[worth(near).argmax()]
    middles = (np.arange(_STEPS) + 0.5) / _STEPS
    reserve = quantile(middles)
    known = float(np.maximum(surplus - reserve, 0.0).mean())
    possible = float((reserve < surplus).mean())
    gain = float(worth(np.array([best]))[0])
    if gain <= 0:
        return Offer(None, 0.0, 0.0, 0.0, known, possible)
    offer = float(quantile(np.array([best]))[0])
    below = best * middles  # the same number of steps, all among the acceptances
    other = float(best * (offer - quantile(below)).mean())
    return Offer(offer, float(best), gain, other, known, max(0.0, possible - float(best)))


def play(offer: float, reserve: Floats, surplus: float) -> tuple[Bools, Floats, Floats]:
    """Make the offer to every drawn responder.

    Parameters
    ----------
    reserve : float64 (draw,)

    Returns
    -------
    bool (draw,)
        Whether it is accepted.
    float64 (draw,), float64 (draw,)
        The gain of the one who offers, and of the responder.
    """
    taken = reserve <= offer
    return taken, np.where(taken, surplus - offer, 0.0), np.where(taken, offer - reserve, 0.0)
