"""How do two share a pie when talks may break down after every refusal?

Binmore, Rubinstein and Wolinsky (1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.numbers import Bounds
from winset.compiled.sampling import stream
from winset.errors import QuestionError
from winset.kernels.theory.breakdown import nash, play, shares
from winset.lenses.estimates import Estimate, Plan, estimate
from winset.lenses.results import Result
from winset.theory.inputs import central, drawn, each, inside, known, number, planned
from winset.theory.results import Amount, amount

__all__ = ["BreakdownResult", "breakdown"]

Floats = npt.NDArray[np.float64]

RISK = Bounds("a probability", Fraction(0), Fraction(1), percent=True)
FALLBACK = Bounds("a share of the pie", Fraction(0), Fraction(1), percent=True)
EXPONENT = Bounds("an exponent", Fraction(1, 100), Fraction(1))


@dataclass(frozen=True, slots=True)
class BreakdownResult(Result):
    """Shares of the pie."""

    plan: Plan
    risk: str  # as given
    fallback: tuple[str, str]  # after a breakdown, as given
    exponent: tuple[float, float]  # a share s is valued as s to this power
    first: Amount  # share of the party who makes the first offer
    second: Amount  # and of the other, who accepts it
    refused: Amount  # the sure share as good to the second as refusing once
    swapped: Amount  # share of the first party if the second made the first offer
    limit: Amount  # share of the first party as the risk goes to 0: the Nash solution
    something: float  # share of draws in which both fallbacks leave something to divide


def breakdown(
    risk: Any,
    *,
    fallback: Any | Sequence[Any] = (0, 0),
    exponent: Any | Sequence[Any] = 1,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
) -> BreakdownResult:
    """The subgame-perfect equilibrium of alternating offers with a risk of breakdown.

    Parameters
    ----------
    risk
        The probability that talks end after a refusal, between 0 and 1: a number or a range.
    fallback
        What both have after a breakdown, as shares of the pie that sum to less than 1: a pair of numbers or
        ranges, or one for both.
    exponent
        Of the value of a share, above 0 and at most 1; 1 does not mind risk. One for both, or a pair.
    draws, rng
        Draws of the ranges, and plays.

    Raises
    ------
    QuestionError
        On a number that cannot be one, or when nothing is left to divide.
    """
    chance = inside(risk, "the risk of breakdown", RISK)
    backs = each(fallback, 2, lambda raw, what: number(raw, what, FALLBACK), "the fallback")
    powers = each(exponent, 2, lambda raw, what: float(known(raw, what, EXPONENT)), "the exponent")
    asked = planned(draws, rng)
    back = central(backs, FALLBACK)
    if back.sum() >= 1:
        raise QuestionError(
            f"after a breakdown there would be {back[0]:g} and {back[1]:g} of the pie; together they must "
            "leave something to divide, so less than 1"
        )
    p, curve = float(chance.central(RISK)), (powers[0], powers[1])
    risks = drawn([chance], "breakdown.risk", RISK, asked)
    fallbacks = drawn(backs, "breakdown.fallback", FALLBACK, asked)
    over: list[Floats | None] = [None] * 5
    something = 1.0
    if risks is not None or fallbacks is not None:
        dangers = np.full(asked.draws, p) if risks is None else risks[:, 0]
        both = np.repeat(back[None], asked.draws, axis=0) if fallbacks is None else fallbacks
        open_ = both.sum(axis=1) < 1
        something = float(open_.mean())
        over = list(_theory(dangers[open_], both[open_].T, curve))
    at_middle = [float(x[0]) for x in _theory(np.array([p]), back[:, None], curve)]

    def plays(name: str, refusals: int, *, swap: bool = False) -> Floats:
        order = (1, 0) if swap else (0, 1)
        return play(
            p,
            (float(back[order[0]]), float(back[order[1]])),
            (curve[order[0]], curve[order[1]]),
            draws=asked.draws,
            chance=stream(asked.seed, f"theory.breakdown.{name}", 0),
            refusals=refusals,
        )

    agreed, waited, other = plays("agreed", 0), plays("refused", 1), plays("swapped", 0, swap=True)
    refused = amount(at_middle[2], over[2])
    return BreakdownResult(
        plan=asked,
        risk=chance.short(),
        fallback=(backs[0].short(), backs[1].short()),
        exponent=curve,
        first=amount(at_middle[0], over[0], agreed[0]),
        second=amount(at_middle[1], over[1], agreed[1]),
        refused=Amount(refused.value, refused.range, _as_sure(waited[1], curve[1])),
        swapped=amount(at_middle[3], over[3], other[1]),
        limit=amount(at_middle[4], over[4]),
        something=something,
    )


def _theory(
    risk: Floats, fallback: Floats, exponent: tuple[float, float]
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """First, second, refused once, swapped, and the limit."""
    mine, left = shares(risk, fallback, exponent)
    value = risk * fallback[1] ** exponent[1] + (1 - risk) * (1 - left) ** exponent[1]
    return mine, 1 - mine, value ** (1 / exponent[1]), left, nash(fallback, exponent)


def _as_sure(share: Floats, exponent: float) -> Estimate:
    """The sure share with the mean value of these."""
    value = estimate(share**exponent)
    sure = value.value ** (1 / exponent)
    slope = sure / (exponent * value.value) if value.value else 0.0
    error = value.standard_error * slope
    low, high = (max(0.0, end) ** (1 / exponent) for end in (value.low, value.high))
    return Estimate(sure, error, low, high, value.draws)
