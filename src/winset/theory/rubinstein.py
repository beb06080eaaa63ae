"""How do two share a pie by alternating offers, when waiting costs? (Rubinstein 1982; Stahl 1972)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.numbers import Bounds
from winset.kernels.theory.rubinstein import keeps, play
from winset.lenses.estimates import Plan
from winset.lenses.results import Result
from winset.theory.inputs import central, drawn, each, inside, planned, whole
from winset.theory.results import Amount, amount

__all__ = ["DISCOUNT", "RubinsteinResult", "rubinstein"]

Floats = npt.NDArray[np.float64]

DISCOUNT = Bounds("a discount factor", Fraction(0), Fraction(1), percent=True)
MOST_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class RubinsteinResult(Result):
    """Shares of the pie, as they are worth when the first offer is made."""

    plan: Plan
    discount: tuple[str, str]  # of the first and the second party, as given
    rounds: int | None  # None: without a last one
    first: Amount  # share of the party who makes the first offer
    second: Amount  # and of the other, who accepts it
    refused: Amount  # what the second has if it refuses once and both then go on as theory says
    swapped: Amount  # share of the first party if the second made the first offer


def rubinstein(
    discount: Any | Sequence[Any],
    *,
    rounds: int | None = None,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
) -> RubinsteinResult:
    """The subgame-perfect equilibrium of alternating offers.

    Parameters
    ----------
    discount
        What a share is worth a round later, between 0 and 1: one number for both parties, or one for each.
        A number or a range in the notation of the case.
    rounds
        After so many nobody gets anything; None is without end.
    draws, rng
        Draws of the ranges.

    Raises
    ------
    QuestionError
        On a number that cannot be one.
    """
    numbers = each(discount, 2, lambda raw, what: inside(raw, what, DISCOUNT), "the discount factor")
    asked = planned(draws, rng)
    if rounds is not None:
        whole(rounds, "the number of rounds", 1, MOST_ROUNDS)
    middle = central(numbers, DISCOUNT)
    ranges = drawn(numbers, "rubinstein.discount", DISCOUNT, asked)
    played, _ = play(middle[:1], middle[1:], rounds=rounds)
    waited, _ = play(middle[:1], middle[1:], rounds=rounds, refusals=1)
    other, _ = play(middle[1:], middle[:1], rounds=rounds)

    def theory(values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """(draw, party) discount factors to the four shares."""
        one, two = values.T
        first = keeps(one, two, rounds)
        left = None if rounds is None else rounds - 1
        refused = two * keeps(two, one, left) if left != 0 else np.zeros_like(first)
        return first, 1 - first, refused, 1 - keeps(two, one, rounds)

    at_middle = [float(x[0]) for x in theory(middle[None])]
    over = [None] * 4 if ranges is None else theory(ranges)
    plays = (played[0], played[1], waited[1], other[1])
    parts = [amount(v, d, p) for v, d, p in zip(at_middle, over, plays, strict=True)]
    return RubinsteinResult(asked, (numbers[0].short(), numbers[1].short()), rounds, *parts)
