"""A number of a case: known exactly, or a range.

=====================  =========================================================
written                meaning
=====================  =========================================================
``7``, ``7.5``, ``1/3``  the number itself, exactly (decimals are never rounded)
``25%``                0.25; for probabilities, priors and weights only
``a to b``             a 90 % interval: 5 % of the mass below a, 5 % above b
``a to b, mode m``     PERT (Malcolm et al. 1959): least a, most likely m, most b
``a to b, uniform``    from a to b, every value as likely as any other
``{values: {v: w}}``   v with probability w
=====================  =========================================================

An interval is normal unless the normal would put more than 0.1 % of its mass beyond the bounds of the
quantity (a weight below 0, a score outside 0..100); then it is lognormal (one bound) or logit-normal (two).
When an end of the interval sits on a bound, no such law exists and the normal is clipped at the bound.

The *central value* stands for the number where one value is needed: the number itself, the median of an
interval, the middle of a uniform range, the mode of a PERT, the mean of listed values. Central values are
exact fractions; the medians of lognormal and logit-normal intervals are irrational and are rounded to six
decimals (to more where six would leave the interval).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

__all__ = ["NUMBER_FORMS", "Bounds", "Number", "NumberProblem", "format_fraction", "parse_number"]

NUMBER_FORMS = (
    "a number (7, 7.5, 1/3), a range (10 to 20; 10 to 20, mode 12; 10 to 20, uniform), "
    "or {values: {10: 0.3, 20: 0.7}}"
)

Z90 = 1.6448536269514722  # the standard normal's 95 % point: the half-width of a 90 % interval
_NORMAL_OUTSIDE = 0.001  # the share beyond a bound that a normal may have

_DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_NUM = rf"(?:{_DIGITS}\s*/\s*[0-9]+(?:\.[0-9]+)?|{_DIGITS}\s*%?)"
_POINT = re.compile(rf"\s*({_NUM})\s*")
_RANGE = re.compile(
    rf"\s*({_NUM})\s+to\s+({_NUM})\s*(?:,\s*(?:mode\s+({_NUM})|(uniform))\s*)?", re.IGNORECASE
)
_DASHED = re.compile(rf"\s*({_NUM})\s*(?:-|–|—|\.\.+)\s*({_NUM})\s*")
_LARGEST = Fraction(10) ** 12
_MOST_VALUES = 1000
_SMALLEST = Fraction(1, 10**12)

Law = Literal["point", "normal", "clipped", "lognormal", "logitnormal", "pert", "uniform", "values"]


class NumberProblem(ValueError):  # noqa: N818 - it becomes a Fault, it is never raised to a user
    """What is wrong with a written number, ready to become a fault."""

    def __init__(self, message: str, *, allowed: str = NUMBER_FORMS, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.allowed, self.hint = message, allowed, hint


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a quantity may be: ``low`` and ``high`` are inclusive, None is unbounded."""

    name: str
    low: Fraction | None = None
    high: Fraction | None = None
    percent: bool = False  # may be written as a percentage

    def text(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.name} from {format_fraction(self.low)} to {format_fraction(self.high)}"
        if self.low is not None:
            return f"{self.name} of {format_fraction(self.low)} or more"
        return self.name


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the author wrote it, with the claims it rests on. Equality ignores spelling."""

    low: Fraction
    high: Fraction
    mode: Fraction | None = None
    values: tuple[tuple[Fraction, Fraction], ...] = ()
    uniform: bool = False
    because: tuple[str, ...] = ()
    note: str = ""
    percent: bool = field(default=False, compare=False)
    text: str = field(default="", compare=False)

    @classmethod
    def point(cls, value: Fraction | int | str) -> Number:
        exact = Fraction(value)
        return cls(exact, exact, text=format_fraction(exact))

    @property
    def is_range(self) -> bool:
        """Whether the number is uncertain."""
        return self.low != self.high

    def law(self, bounds: Bounds) -> Law:
        """The distribution of the number as a quantity with these bounds."""
        if self.values:
            return "values"
        if not self.is_range:
            return "point"
        if self.mode is not None:
            return "pert"
        if self.uniform:
            return "uniform"
        middle, sd = (self.low + self.high) / 2, float(self.high - self.low) / (2 * Z90)
        outside = 0.0
        for bound in (bounds.low, bounds.high):
            if bound is not None:
                outside += 0.5 * math.erfc(abs(float(middle - bound)) / sd / math.sqrt(2))
        if outside <= _NORMAL_OUTSIDE:
            return "normal"
        if self.low == bounds.low or self.high == bounds.high:
            return "clipped"
        return "lognormal" if bounds.high is None or bounds.low is None else "logitnormal"

    def central(self, bounds: Bounds) -> Fraction:
        """The one value that stands for the number (see the module's table), in the unit of the quantity."""
        law = self.law(bounds)
        if law == "values":
            total = sum((w for _, w in self.values), Fraction(0))
            return sum((v * w for v, w in self.values), Fraction(0)) / total
        if law == "pert":
            assert self.mode is not None
            return self.mode
        if law == "lognormal":
            base = bounds.low if bounds.low is not None else Fraction(0)
            return self._inside(base, math.sqrt(float(self.low - base)) * math.sqrt(float(self.high - base)))
        if law == "logitnormal":
            assert bounds.low is not None
            assert bounds.high is not None
            odds = [(x - bounds.low) / (bounds.high - x) for x in (self.low, self.high)]
            logit = sum(math.log(o.numerator) - math.log(o.denominator) for o in odds) / 2
            return self._inside(bounds.low, float(bounds.high - bounds.low) / (1 + math.exp(-logit)))
        return (self.low + self.high) / 2

    def _inside(self, base: Fraction, above: float) -> Fraction:
        """``base + above`` to six decimals, or to as many as keep it strictly inside of the interval."""
        for places in range(6, 31):
            value = base + Fraction(round(Fraction(above) * 10**places), 10**places)
            if self.low < value < self.high:
                return value
        return (self.low + self.high) / 2  # narrower than a float can tell

    def to_data(self, *, canonical: bool = False) -> Any:
        """The number in the case's own notation: text, or a mapping when it carries claims or values.

        As its author spelled it; in the ``canonical`` spelling equal numbers are equal texts.
        """
        percent = self.percent and not canonical
        if self.values:
            values = {_spell(v, percent): format_fraction(w) for v, w in self.values}
            body: dict[str, Any] = {"values": values}
        elif canonical:
            body = {"value": self._spelled(percent)}
        else:
            body = {"value": self.text or self._spelled(percent)}
        if self.because:
            body["because"] = self.because[0] if len(self.because) == 1 else list(self.because)
        if self.note:
            body["note"] = self.note
        return body["value"] if list(body) == ["value"] else body

    def short(self) -> str:
        """The number for a reader: as written, listed values in one line."""
        if self.values:
            return ", ".join(f"{_spell(v, self.percent)} ({float(w):.0%})" for v, w in self.values)
        return self.text or self._spelled(self.percent)

    def _spelled(self, percent: bool) -> str:
        low, high = _spell(self.low, percent), _spell(self.high, percent)
        if not self.is_range:
            return low
        if self.uniform:
            return f"{low} to {high}, uniform"
        return f"{low} to {high}" + ("" if self.mode is None else f", mode {_spell(self.mode, percent)}")


def parse_number(raw: Any) -> Number:
    """Read a number in any of the notations.

    Raises
    ------
    NumberProblem
        With what is wrong, what is allowed and a hint.
    """
    if isinstance(raw, Number):
        return raw
    if isinstance(raw, Mapping):
        return _from_mapping(raw)
    if raw is None:
        raise NumberProblem("a number is missing here")
    if isinstance(raw, bool | list | tuple):
        raise NumberProblem("not a number")
    return _from_text(str(raw))


def _from_text(text: str) -> Number:
    text = text.strip()
    if len(text) > 200:
        raise NumberProblem("not a number", allowed=f"{NUMBER_FORMS}, in at most 200 characters")
    if found := _POINT.fullmatch(text):
        value = _fraction(found[1])
        return Number(value, value, percent="%" in text, text=" ".join(text.split()))
    if found := _RANGE.fullmatch(text):
        parts = [p.strip() for p in found.groups()[:3] if p is not None]
        percent = _percent(parts)
        low, high = _fraction(parts[0]), _fraction(parts[1])
        mode = _fraction(parts[2]) if len(parts) == 3 else None
        if low > high:
            raise NumberProblem("the range is upside down", hint=f"{parts[1]} to {parts[0]}")
        if low == high:
            raise NumberProblem("the range has no width", hint=f"write {parts[0]}")
        if mode is not None and not low <= mode <= high:
            raise NumberProblem(
                "the mode is outside of the range", allowed=f"a mode from {parts[0]} to {parts[1]}"
            )
        spelled = " ".join(text.split())
        return Number(low, high, mode, uniform=bool(found[4]), percent=percent, text=spelled)
    if found := _DASHED.fullmatch(text):
        raise NumberProblem("a range is written with 'to'", hint=f"{found[1].strip()} to {found[2].strip()}")
    if re.fullmatch(r"[+-]?\.?(nan|inf(inity)?)", text, re.IGNORECASE):
        raise NumberProblem("a number must be finite")
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        point = (
            f", or {text.replace(',', '.')} with a point" if text.count(",") == 1 and "." not in text else ""
        )
        raise NumberProblem("not a number", hint=f"write {text.replace(',', '')} without commas{point}")
    if "," in text and _POINT.fullmatch(text.replace(",", ".")):
        raise NumberProblem("not a number", hint=f"write {text.replace(',', '.')} with a point")
    if "−" in text and _POINT.fullmatch(text.replace("−", "-")):  # the typographic minus
        raise NumberProblem("not a number", hint=f"write {text.replace('−', '-')} with a plain hyphen")
    raise NumberProblem("not a number")


def _from_mapping(raw: Mapping[Any, Any]) -> Number:
    unknown = next((k for k in raw if k not in ("value", "values", "because", "note")), None)
    if unknown is not None:
        raise NumberProblem(
            f"unknown key '{_cut(unknown)}' in a number", allowed="value or values, because, note"
        )
    if ("value" in raw) == ("values" in raw):
        raise NumberProblem("a number with a claim needs either value or values")
    if "value" in raw:
        if isinstance(raw["value"], Mapping):
            raise NumberProblem("value must be a number or a range, not a mapping")
        number = parse_number(raw["value"])
    else:
        number = _from_values(raw["values"])
    because = raw.get("because", ())
    if isinstance(because, str):
        because = (because,)
    if not isinstance(because, list | tuple) or not all(isinstance(c, str) for c in because):
        raise NumberProblem("because must be a claim or a list of claims", allowed="ids of claims")
    note = raw.get("note", "")
    if not isinstance(note, str):
        raise NumberProblem("note must be text", allowed="text")
    return replace(number, because=tuple(because), note=note)


def _from_values(raw: Any) -> Number:
    allowed = "values and their probabilities, e.g. {10: 0.3, 20: 0.7}"
    if not isinstance(raw, Mapping) or not raw:
        raise NumberProblem("values must be a mapping from value to probability", allowed=allowed)
    if len(raw) > _MOST_VALUES:
        raise NumberProblem(f"{len(raw):,} values", allowed=f"at most {_MOST_VALUES:,}")
    pairs, percents = [], []
    for value, weight in raw.items():
        if weight is None or isinstance(weight, Mapping | list | tuple):
            raise NumberProblem("values and their probabilities are plain numbers", allowed=allowed)
        v, w = _from_text(str(value)), _from_text(str(weight))
        if v.is_range or w.is_range:
            raise NumberProblem("values and their probabilities are plain numbers", allowed=allowed)
        if not 0 <= w.low <= 1:
            raise NumberProblem(
                f"the probability of {_cut(value)} is {_cut(weight)}", allowed="probabilities from 0 to 1"
            )
        pairs.append((v.low, w.low))
        percents.append(v.percent)
    if len(set(percents)) == 2:
        raise NumberProblem("percentages and plain numbers are mixed", hint="write % on each or on none")
    if len({v for v, _ in pairs}) < len(pairs):
        raise NumberProblem("a value is listed twice", allowed=allowed)
    total = sum((w for _, w in pairs), Fraction(0))
    if abs(total - 1) > Fraction(1, 10**6):
        raise NumberProblem(
            f"the probabilities sum to {float(total):g}", allowed="probabilities that sum to 1"
        )
    pairs.sort()
    return Number(pairs[0][0], pairs[-1][0], values=tuple(pairs), percent=any(percents))


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _fraction(text: str) -> Fraction:
    text = "".join(text.split())
    percent = text.endswith("%")
    top, _, bottom = text.rstrip("%").partition("/")
    try:
        value = Fraction(top) / (Fraction(bottom) if bottom else 1)
    except ZeroDivisionError:
        raise NumberProblem("division by zero") from None
    if abs(value) > _LARGEST or (value != 0 and abs(value) < _SMALLEST):
        raise NumberProblem("the number is out of all proportion", allowed="0, or a size from 1e-12 to 1e12")
    return value / 100 if percent else value


def _percent(parts: list[str]) -> bool:
    signs = {p.rstrip().endswith("%") for p in parts}
    if len(signs) == 2:
        raise NumberProblem("percentages and plain numbers are mixed", hint="write % on each or on none")
    return signs == {True}


def _spell(value: Fraction, percent: bool) -> str:
    return format_fraction(value * 100) + "%" if percent else format_fraction(value)


def format_fraction(value: Fraction) -> str:
    """The shortest exact text: a decimal where there is one, else a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > 30:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return ("-" if value < 0 else "") + digits[:-places] + "." + digits[-places:]
