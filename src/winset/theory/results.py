"""What the answers of the games are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.lenses.estimates import Estimate, Spread, estimate, spread
from winset.lenses.results import Result

__all__ = ["Amount", "amount"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Amount(Result):
    """What theory says, how it scatters where an input is a range, and what came of playing it."""

    value: float  # at central values
    range: Spread | None  # over draws of the inputs; None where all are known
    play: Estimate | None  # the mean over plays at central values; None where it was not played


def amount(value: float, draws: Floats | None = None, play: npt.NDArray[Any] | None = None) -> Amount:
    """Put an answer together.

    Parameters
    ----------
    draws : float64 (draw,), optional
        The same over draws of the inputs.
    play : float64 or bool (draw,), optional
        What each play came to.
    """
    return Amount(
        float(value),
        None if draws is None or not len(draws) else spread(draws),
        None if play is None else _steady(play),
    )


def _steady(play: npt.NDArray[Any]) -> Estimate:
    """The mean of plays; without the rounding of a sum where all are alike."""
    if play.dtype != np.bool_ and np.ptp(play) == 0:
        only = float(play[0])
        return Estimate(only, 0.0, only, only, len(play))
    return estimate(play)
