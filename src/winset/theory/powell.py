"""Does power shift by more than peace can save?

Powell (2006), inequality 1, for a stake of 1 that a war would settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.fields import PART, PROBABILITY
from winset.case.numbers import Bounds
from winset.errors import QuestionError
from winset.kernels.contest.terms import TIE, least
from winset.lenses.estimates import Estimate, Plan, estimate
from winset.lenses.results import Result
from winset.theory.inputs import central, drawn, number, planned
from winset.theory.results import Amount, amount

__all__ = ["PowellResult", "powell"]

Floats = npt.NDArray[np.float64]

DISCOUNT = Bounds("a discount factor", Fraction(1, 1000), Fraction(1), percent=True)


@dataclass(frozen=True, slots=True)
class PowellResult(Result):
    """Whether the declining side does better by fighting now. All are shares of the stake."""

    plan: Plan
    wins: tuple[str, str]  # the rising side's chance now and later, as given
    now: Amount  # what the rising side can secure itself by fighting now
    later: Amount  # what it can later, as it counts now
    other: Amount  # what the declining side can secure itself by fighting now
    shift: Amount  # later less now
    surplus: Amount  # what fighting would destroy
    left: Amount  # the most that the rising side can leave the declining one in peace
    met: bool  # at central values
    war: Estimate | None  # probability that it is met, over draws; None where nothing is a range
    border: float | None  # the chance later above which it is met, at central values; None: at none


def powell(
    p: Any,
    later: Any,
    cost_a: Any,
    cost_b: Any,
    *,
    discount: Any = 1,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
) -> PowellResult:
    """The commitment problem when power shifts towards A.

    Parameters
    ----------
    p, later
        The chance that A prevails now, and a period later.
    cost_a, cost_b
        What fighting costs either, as a share of the stake.
    discount
        What a share is worth a period later.
    draws, rng
        Draws of the ranges.

    Raises
    ------
    QuestionError
        On a number that cannot be one, or a chance that falls.
    """
    asked = planned(draws, rng)
    given = [
        (number(p, "the chance now", PROBABILITY), PROBABILITY, "p"),
        (number(later, "the chance later", PROBABILITY), PROBABILITY, "later"),
        (number(cost_a, "the cost of A", PART), PART, "cost_a"),
        (number(cost_b, "the cost of B", PART), PART, "cost_b"),
        (number(discount, "the discount factor", DISCOUNT), DISCOUNT, "discount"),
    ]
    middle = np.array([[central([n], bounds)[0] for n, bounds, _ in given]])
    if middle[0, 1] < middle[0, 0]:
        raise QuestionError(
            f"the chance of A falls, from {given[0][0].short()} to {given[1][0].short()}; exchange the sides"
        )
    columns = [drawn([n], f"powell.{name}", bounds, asked) for n, bounds, name in given]
    over = None
    if any(c is not None for c in columns):
        over = np.column_stack(
            [np.full(asked.draws, middle[0, k]) if c is None else c[:, 0] for k, c in enumerate(columns)]
        )
    at_middle, found = _terms(middle), None if over is None else _terms(over)
    border = float((1 - at_middle[2][0]) / middle[0, 4] + middle[0, 2])

    def part(k: int) -> Amount:
        return amount(float(at_middle[k][0]), None if found is None else found[k])

    met = at_middle[3] - at_middle[4] > TIE
    return PowellResult(
        asked,
        (given[0][0].short(), given[1][0].short()),
        *(part(0), part(1), part(2), part(3), part(4), part(5)),
        bool(met[0]),
        None if found is None else estimate(found[3] - found[4] > TIE),
        border if border < 1 else None,
    )


def _terms(values: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """(draw, input) to what either can secure, the shift, the surplus, and what peace can leave."""
    p, later, cost, other, factor = values.T
    now, then, falls = least(p, cost), factor * least(later, cost), least(1 - p, other)
    return now, then, falls, then - now, 1 - now - falls, 1 - then
