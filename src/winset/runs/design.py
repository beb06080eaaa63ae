"""Which points does a sweep visit?

An axis is a place in the case and the values that it takes in turn. Points are the product of the axes, or a
sample of it: scrambled Sobol points (Sobol 1967; Owen 1995), which fill many dimensions more evenly than a
grid of as many points can.

==================  ===========================================================================
written             means
==================  ===========================================================================
``10,20,30``        these values, each as ``winset set`` takes it; several words, ranges, ``{...}``
``10..60/6``        six numbers from 10 to 60, evenly spaced
``10..60``          any number from 10 to 60; only in a sample
``@5``              five values of the range that stands there, at its own 10, 30, ... 90 % points
``@``               any value of that range, by its own distribution, in a sample; of a type: each one
==================  ===========================================================================

A number that is *set* is an intervention: all others keep their ranges. A value of the range itself (``@``)
is something *learned*: what is correlated with it moves along, so that an average over ``@`` is an average
over the range.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from winset.case.numbers import Number, NumberProblem, format_fraction, parse_number
from winset.compiled.draws import Uncertain
from winset.compiled.laws import Input
from winset.errors import QuestionError

__all__ = ["MOST_POINTS", "Axis", "Fixed", "Kind", "Learned", "axes", "input_of", "points", "setting"]

MOST_POINTS = 100_000
_BETWEEN = re.compile(r"\s*([^,{}\[\]]+?)\s*\.\.\s*([^,{}\[\]/]+?)\s*(?:/\s*([0-9]{1,6}))?\s*")
_WRITE = "write it as PATH=10,20,30 or PATH=10..60/6 or PATH=@5"


@dataclass(frozen=True, slots=True)
class Axis:
    """A place in the case, and what is put there."""

    path: str  # as ``winset set`` takes it
    values: tuple[str, ...]  # empty where a sample takes any value
    between: tuple[Fraction, Fraction] | None = None  # any number from the one to the other
    percent: bool = False

    @property
    def any_value(self) -> bool:
        """Whether only a sample can choose a value."""
        return not self.values


@dataclass(frozen=True, slots=True)
class Fixed:
    """A range is replaced by a number."""

    input: int
    value: float


@dataclass(frozen=True, slots=True)
class Learned:
    """A range turns out to have its value at a level of its own distribution."""

    input: int
    level: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A party is of one of its types."""

    party: int
    kind: int


def axes(over: Mapping[str, Sequence[str] | str] | Sequence[str], model: Uncertain) -> tuple[Axis, ...]:
    """What is swept, from ``PATH=VALUES`` or from a mapping.

    Parameters
    ----------
    model
        The first case, for the types of ``@``.

    Raises
    ------
    QuestionError
        If something of it cannot be read.
    """
    pairs: list[tuple[str, Sequence[str] | str]] = []
    if isinstance(over, Mapping):
        pairs += [(str(path), values) for path, values in over.items()]
    else:
        for item in over:
            path, sign, values = item.partition("=")
            if not sign or not path.strip() or not values.strip():
                raise QuestionError(f'--over is "{item}"; {_WRITE}')
            pairs.append((path, values))
    out = [_axis(path.strip(), values, model) for path, values in pairs]
    for n, axis in enumerate(out):
        if any(_same(axis.path) == _same(other.path) for other in out[:n]):
            raise QuestionError(f"--over names {axis.path} twice; list all its values in one")
    return tuple(out)


def _axis(path: str, given: Sequence[str] | str, model: Uncertain) -> Axis:
    if not isinstance(given, str):
        return Axis(path, _distinct(path, [str(v).strip() for v in given]))
    text = given.strip()
    if text.startswith("@"):
        item = input_of(model, path)
        if item is not None and item.law == "type":
            if text != "@":
                raise QuestionError(f"--over {path}: a type has no quantiles; write @ for each type")
            return Axis(path, item.options)
        if text == "@":
            return Axis(path, ())
        if not re.fullmatch(r"@[0-9]{1,4}", text) or not 1 <= int(text[1:]) <= 1000:
            raise QuestionError(f'--over {path}: "{text}" is not a number of quantiles, such as @5')
        count = int(text[1:])
        return Axis(path, tuple(f"@{(2 * k + 1) / (2 * count):.6g}" for k in range(count)))
    found = _BETWEEN.fullmatch(text)
    if found:
        return _grid(path, found[1], found[2], found[3])
    return Axis(path, _distinct(path, _listed(text)))


def _grid(path: str, first: str, last: str, steps: str | None) -> Axis:
    ends: list[Number] = []
    for end in (first, last):
        number = plain_number(end)
        if number is None:
            raise QuestionError(f'--over {path}: "{end}" is not a number; write e.g. 10..60/6')
        ends.append(number)
    low, high = ends[0].low, ends[1].low
    if ends[0].percent != ends[1].percent:
        raise QuestionError(f"--over {path}: write % on both ends or on none")
    if low == high:
        raise QuestionError(f"--over {path}: {first}..{last} has no width")
    percent = ends[0].percent
    if steps is None:
        return Axis(path, (), (low, high), percent)
    count = int(steps)
    if not 2 <= count <= MOST_POINTS:
        raise QuestionError(f"--over {path}: a grid has from 2 to {MOST_POINTS:,} points, not {count}")
    exact = [low + (high - low) * Fraction(k, count - 1) for k in range(count)]
    return Axis(path, tuple(_written(x, percent) for x in exact), percent=percent)


def _written(value: Fraction, percent: bool) -> str:
    return format_fraction(value * 100) + "%" if percent else format_fraction(value)


def _listed(text: str) -> list[str]:
    """The items between commas; not those in brackets or quotes, or before the shape of a range."""
    items, depth, quote, start = [], 0, "", 0
    for n, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and not text[start:n].strip():
            quote = char
        elif char in "{[(":
            depth += 1
        elif char in "}])":
            depth -= 1
        elif char == "," and depth == 0 and not re.match(r"\s*(?:mode\s|uniform\b)", text[n + 1 :]):
            items.append(text[start:n].strip())
            start = n + 1
    items.append(text[start:].strip())
    return [i[1:-1] if len(i) > 1 and i[0] == i[-1] and i[0] in "\"'" else i for i in items]


def _distinct(path: str, values: Sequence[str]) -> tuple[str, ...]:
    if not values or not all(values):
        raise QuestionError(f"--over {path}: a value is missing; {_WRITE}")
    seen: dict[Any, str] = {}
    for value in values:
        number = plain_number(value)
        key = value if number is None else number.low
        if key in seen:
            raise QuestionError(f"--over {path}: {value} is listed twice")
        seen[key] = value
    return tuple(values)


def plain_number(text: str) -> Number | None:
    """A number without a range, or None."""
    try:
        number = parse_number(text)
    except NumberProblem:
        return None
    return None if number.is_range else number


# ---------------------------------------------------------------------------------------------------- points


def points(
    swept: Sequence[Axis], *, sample: int | None, seed: int, cases: int = 1
) -> tuple[tuple[str, ...], ...]:
    """The values of every axis at every point: the whole product, or a sample of it.

    Raises
    ------
    QuestionError
        If there are too many, or an axis without a list is not sampled.
    """
    many = math.prod(len(a.values) for a in swept) if sample is None else sample
    if sample is None:
        loose = [a.path for a in swept if a.any_value]
        if loose:
            raise QuestionError(
                f"--over {loose[0]} takes any value, which needs --sample N; "
                "a number of steps (10..60/6) or of quantiles (@5) makes a grid"
            )
    elif not swept:
        raise QuestionError("--sample needs something to sample: --over PATH=VALUES")
    if not 1 <= many * cases <= MOST_POINTS:
        hint = "--sample N draws some of them" if sample is None else "each point takes --draws draws"
        raise QuestionError(f"{many * cases:,} points; at least 1 and at most {MOST_POINTS:,} ({hint})")
    if sample is None:
        return tuple(itertools.product(*(a.values for a in swept)))
    from scipy.stats import qmc

    engine = qmc.Sobol(len(swept), scramble=True, rng=np.random.default_rng([seed, 1]))
    levels = engine.random_base2(math.ceil(math.log2(sample)))[:sample] if sample > 1 else engine.random(1)
    return tuple(tuple(_at(a, float(u)) for a, u in zip(swept, row, strict=True)) for row in levels)


def _at(axis: Axis, level: float) -> str:
    """The value of an axis at a level from 0 to 1."""
    if axis.values:
        return axis.values[min(int(level * len(axis.values)), len(axis.values) - 1)]
    if axis.between is None:
        return f"@{min(max(level, 1e-6), 1 - 1e-6):.6f}"
    low, high = axis.between
    scale = 100 if axis.percent else 1
    number = f"{float((low + (high - low) * Fraction(level)) * scale):.6g}"
    return number + ("%" if axis.percent else "")


# ------------------------------------------------------------------------------------- a value in one case


def _same(path: str) -> str:
    return path.strip().removeprefix("preferences.").removesuffix(".worth").removesuffix(".value")


def input_of(model: Uncertain, path: str) -> Input | None:
    """The unknown that a path of the file leads to, if it is one."""
    for name in (path, _same(path)):
        if name in model.index:
            return model.inputs[model.index[name]]
    return None


def setting(model: Uncertain, path: str, value: str) -> Fixed | Learned | Kind | None:
    """What a value means for a case whose inputs can take it as they are; None where the case is edited.

    Raises
    ------
    QuestionError
        If the value is not one for this place.
    """
    item = input_of(model, path)
    if item is None:
        if value.startswith("@"):
            raise QuestionError(f"{path}: @ takes values of a range, and there is none in this place")
        return None
    if item.law == "type":
        if value not in item.options:
            raise QuestionError(f"{path}: there is no type {value}; types: {', '.join(item.options)}")
        return Kind(model.parties.index(item.party), item.options.index(value))
    at = model.index[item.path]
    if value.startswith("@"):
        return Learned(at, float(value[1:]))
    number = plain_number(value)
    if number is None:
        return None
    bounds = item.bounds
    outside = (bounds.low is not None and number.low < bounds.low) or (
        bounds.high is not None and number.low > bounds.high
    )
    if outside or (number.percent and not bounds.percent):
        hint = ""
        if bounds.percent and not number.percent and 1 < number.low <= 100:
            hint = "; write it as a percentage"
        raise QuestionError(f"{path}: {value} is not {bounds.text()}{hint}")
    return Fixed(at, float(number.low))
