"""What a game is asked with: numbers in the notation of the case, known or ranges, and their draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.numbers import Bounds, Number, NumberProblem, parse_number
from winset.compiled.laws import Input, quantile
from winset.compiled.sampling import stream
from winset.errors import QuestionError
from winset.lenses.estimates import Plan, plan

__all__ = [
    "MOST_DRAWS",
    "central",
    "drawn",
    "each",
    "inside",
    "item",
    "known",
    "number",
    "planned",
    "whole",
]

Floats = npt.NDArray[np.float64]

DRAWS = 10_000
MOST_DRAWS = 1_000_000
_EDGE = 1e-9  # draws of a quantity stay so far inside of its bounds


def planned(draws: int | None, rng: int | np.random.Generator | None) -> Plan:
    """How often a game is played, and from which seed.

    Raises
    ------
    QuestionError
        There are no draws, or too many.
    """
    many = DRAWS if draws is None else draws
    if many > MOST_DRAWS:
        raise QuestionError(f"{many:,} draws of a game; at most {MOST_DRAWS:,}")
    return plan(many, rng)


def number(raw: Any, what: str, bounds: Bounds) -> Number:
    """Read a number.

    Raises
    ------
    QuestionError
        It cannot be read, or lies outside of its bounds.
    """
    try:
        found = parse_number(raw)
    except NumberProblem as problem:
        text = f'{what} is "{raw}": {problem.message}; allowed: {problem.allowed}'
        raise QuestionError(text + (f"; {problem.hint}" if problem.hint else "")) from None
    if found.percent and not bounds.percent:
        raise QuestionError(f"{what} is {found.short()}; write it without %")
    for end in (found.low, found.high):
        if (bounds.low is not None and end < bounds.low) or (bounds.high is not None and end > bounds.high):
            raise QuestionError(f"{what} is {found.short()}; allowed: {bounds.text()}")
    return found


def inside(raw: Any, what: str, bounds: Bounds) -> Number:
    """Read a number that lies strictly between its bounds.

    Raises
    ------
    QuestionError
        It does not.
    """
    found = number(raw, what, bounds)
    if found.low == bounds.low or found.high == bounds.high:
        raise QuestionError(f"{what} is {found.short()}; allowed: {bounds.text()}, both ends excluded")
    return found


def known(raw: Any, what: str, bounds: Bounds) -> Fraction:
    """Read a number that must not be a range.

    Raises
    ------
    QuestionError
        It is one.
    """
    found = number(raw, what, bounds)
    if found.is_range:
        raise QuestionError(f"{what} is {found.short()}; one number is needed here, not a range")
    return found.low


def each(raw: Any | Sequence[Any], many: int, read: Callable[[Any, str], Any], what: str) -> list[Any]:
    """Read one entry that holds for all, or one for each of so many; one for all is one unknown.

    Raises
    ------
    QuestionError
        There are more or fewer, or one cannot be read.
    """
    given = list(raw) if isinstance(raw, list | tuple) else [raw]
    if len(given) == 1:
        return [read(given[0], what)] * many
    if len(given) != many:
        raise QuestionError(f"{len(given)} numbers for {what}; one for all, or {many}: one for each")
    return [read(one, f"{what} of number {place}") for place, one in enumerate(given, 1)]


def whole(value: int, what: str, low: int, high: int) -> int:
    """Check a whole number.

    Raises
    ------
    QuestionError
        It is out of its bounds.
    """
    if not low <= value <= high:
        raise QuestionError(f"{what} is {value:,}; allowed: a whole number from {low:,} to {high:,}")
    return value


def item(found: Number, path: str, bounds: Bounds) -> Input:
    """The number as something that is drawn, from a stream of its own."""
    return Input(path, "", found, bounds, found.law(bounds), False)


def central(numbers: Sequence[Number], bounds: Bounds) -> Floats:
    """Central values.

    Returns
    -------
    float64 (number,)
    """
    return np.array([float(n.central(bounds)) for n in numbers])


def drawn(numbers: Sequence[Number], path: str, bounds: Bounds, asked: Plan) -> Floats | None:
    """Joint draws; numbers that are the same object are the same unknown. None where nothing is a range.

    Returns
    -------
    float64 (draw, number)
    """
    from scipy.special import ndtri

    if not any(n.is_range for n in numbers):
        return None
    out = np.empty((asked.draws, len(numbers)))
    floor = -np.inf if bounds.low is None else float(bounds.low) + _EDGE
    ceiling = np.inf if bounds.high is None else float(bounds.high) - _EDGE
    for place, found in enumerate(numbers):
        first = next(k for k, other in enumerate(numbers) if other is found)
        if first < place:
            out[:, place] = out[:, first]
        elif found.is_range:
            name = f"theory.{path}.{place + 1}"
            level = stream(asked.seed, name, 0).random(asked.draws)
            score = ndtri(np.clip(level, 2.0**-54, 1 - 2.0**-53))
            out[:, place] = np.clip(quantile(item(found, name, bounds), score), floor, ceiling)
        else:
            out[:, place] = float(found.low)
    return out
