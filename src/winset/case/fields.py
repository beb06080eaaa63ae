"""The kinds of value that a case file holds: numbers with their bounds, times, dates, words, ids.

Each kind reads what a user may write, refuses the rest with what is allowed, and writes it back the same way.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from winset.case.numbers import NUMBER_FORMS, Bounds, Number, NumberProblem, parse_number

__all__ = [
    "AMOUNT",
    "COST",
    "DISCOUNT",
    "DRIFT",
    "EXCHANGE",
    "EXPONENT",
    "HAZARD",
    "IDS_SCHEMA",
    "NUMBER",
    "PACE",
    "PART",
    "PRICE",
    "PROBABILITY",
    "RATE",
    "SCORE",
    "SHARE",
    "SPAN",
    "TRIALS",
    "UNITS",
    "UTILITY",
    "VOTES",
    "WEAR",
    "WEIGHT",
    "WORDS_SCHEMA",
    "WORD_SCHEMA",
    "WORTH",
    "Change",
    "Cost",
    "Date",
    "Discount",
    "Drift",
    "Exchange",
    "Exponent",
    "Frozen",
    "Grade",
    "Hazard",
    "Ids",
    "Pace",
    "Part",
    "Plain",
    "Points",
    "Price",
    "Probability",
    "Rate",
    "Score",
    "Share",
    "Span",
    "Timed",
    "Trials",
    "Utility",
    "Votes",
    "Wear",
    "Weight",
    "Words",
    "Worth",
    "YesNo",
    "refused",
    "yes_no",
]


WEIGHT = Bounds("a weight", Fraction(0), None, percent=True)
SCORE = Bounds("a score", Fraction(0), Fraction(100))
UTILITY = Bounds("a value in utility points")
COST = Bounds("a cost in utility points", Fraction(0), None)
WORTH = Bounds("a worth in utility points", Fraction(0), None)
PRICE = Bounds("a price", Fraction(0), None)
AMOUNT = Bounds("an amount of utility points", Fraction(0), None)
EXCHANGE = Bounds("the receiver's points for each of the payer's", Fraction(0), None)
PROBABILITY = Bounds("a probability", Fraction(0), Fraction(1), percent=True)
RATE = Bounds("a change of probability", Fraction(-1), Fraction(1), percent=True)
SPAN = Bounds("a length of time", Fraction(0), None)
DRIFT = Bounds("a change of a value in utility points")
PACE = Bounds("utility points for each unit of time", Fraction(0), None)
HAZARD = Bounds("a probability", Fraction(0), Fraction(1), percent=True)
NUMBER = Bounds("a number")
SHARE = Bounds("a share of the stake", Fraction(0), Fraction(1), percent=True)
PART = Bounds("a cost as a share of the stake", Fraction(0), Fraction(5), percent=True)
EXPONENT = Bounds("an exponent", Fraction(1, 100), Fraction(1))
TRIALS = Bounds("a number of trials", Fraction(0), None)
WEAR = Bounds("a loss with time, as a share of the stake", Fraction(-1), Fraction(1), percent=True)
DISCOUNT = Bounds("a loss of worth with time", Fraction(0), Fraction(1), percent=True)
UNITS = ("minute", "hour", "day", "week", "month", "quarter", "year")
VOTES = Bounds("a number of votes", Fraction(0), None)


def refused(message: str, *, allowed: str = "", hint: str = "") -> PydanticCustomError:
    return PydanticCustomError("winset", "{text}", {"text": message, "allowed": allowed, "hint": hint})


def _written(number: Number, info: SerializationInfo) -> Any:
    return number.to_data(canonical=bool((info.context or {}).get("canonical")))


def _reader(bounds: Bounds, *, fixed: bool = False, positive: bool = False) -> BeforeValidator:
    def read(raw: Any) -> Number:
        try:
            number = parse_number(raw)
        except NumberProblem as problem:
            raise refused(problem.message, allowed=problem.allowed, hint=problem.hint) from None
        if fixed and number.is_range:
            raise refused("this number cannot be a range", allowed=f"{bounds.name}, one number, e.g. 10")
        if positive and number.high <= 0:
            raise refused("nothing above zero", allowed=f"{bounds.name} above 0")
        if number.percent and not bounds.percent:
            raise refused(
                f"{bounds.name} is not a percentage", allowed=bounds.text(), hint="leave out the % sign"
            )
        if bounds.low is not None and number.low < bounds.low:
            raise refused("too small", allowed=bounds.text())
        if bounds.high is not None and number.high > bounds.high:
            forgotten = bounds.percent and not number.percent and number.high <= 100
            hint = "write it as a percentage" if forgotten else ""
            raise refused("too large", allowed=bounds.text(), hint=hint)
        return number

    return BeforeValidator(read)


_WRITER = PlainSerializer(_written)


def _schema(bounds: Bounds, *, fixed: bool = False) -> WithJsonSchema:
    forms = "one number" if fixed else NUMBER_FORMS
    scalar = {"type": ["number", "string"], "description": f"{bounds.text()}: {forms}"}
    mapping = {
        "type": "object",
        "properties": {
            "value": {"type": ["number", "string"]},
            "values": {
                "type": "object",
                "additionalProperties": {"type": ["number", "string"]},
                "minProperties": 1,
            },
            "because": IDS_SCHEMA,
            "note": WORDS_SCHEMA,
        },
        "oneOf": [{"required": ["value"]}, {"required": ["values"]}],
        "additionalProperties": False,
    }
    return WithJsonSchema({"anyOf": [scalar, mapping]})


# YAML readers give an id such as 2025 as a number; the loader takes every scalar as the text as written.
WORD_SCHEMA: dict[str, Any] = {"type": ["string", "number"]}
WORDS_SCHEMA: dict[str, Any] = {**WORD_SCHEMA, "minLength": 1}
IDS_SCHEMA: dict[str, Any] = {"anyOf": [WORD_SCHEMA, {"type": "array", "items": WORD_SCHEMA}]}

Weight = Annotated[Number, _reader(WEIGHT), _WRITER, _schema(WEIGHT)]
Score = Annotated[Number, _reader(SCORE), _WRITER, _schema(SCORE)]
Utility = Annotated[Number, _reader(UTILITY), _WRITER, _schema(UTILITY)]
Cost = Annotated[Number, _reader(COST), _WRITER, _schema(COST)]
Probability = Annotated[Number, _reader(PROBABILITY), _WRITER, _schema(PROBABILITY)]
Plain = Annotated[Number, _reader(NUMBER), _WRITER, _schema(NUMBER)]
Change = Annotated[Number, _reader(RATE), _WRITER, _schema(RATE)]
Share = Annotated[Number, _reader(SHARE), _WRITER, _schema(SHARE)]
Part = Annotated[Number, _reader(PART), _WRITER, _schema(PART)]
Exponent = Annotated[Number, _reader(EXPONENT), _WRITER, _schema(EXPONENT)]
Trials = Annotated[Number, _reader(TRIALS), _WRITER, _schema(TRIALS)]
Worth = Annotated[Number, _reader(WORTH, positive=True), _WRITER, _schema(WORTH)]
Price = Annotated[Number, _reader(PRICE, fixed=True), _WRITER, _schema(PRICE, fixed=True)]
Points = Annotated[Number, _reader(AMOUNT, fixed=True, positive=True), _WRITER, _schema(AMOUNT, fixed=True)]
Exchange = Annotated[
    Number, _reader(EXCHANGE, fixed=True, positive=True), _WRITER, _schema(EXCHANGE, fixed=True)
]


@dataclass(frozen=True, slots=True)
class Timed:
    """A number in units of time ("12 months"), or for each of them ("1% to 2% per month")."""

    number: Number
    unit: str  # one of UNITS
    per: bool


def _timed(bounds: Bounds, per: bool) -> BeforeValidator:
    form = f"{bounds.name}, e.g. {_example(bounds, per)}; units: {', '.join(UNITS)}"

    def read(raw: Any) -> Timed:
        if isinstance(raw, Timed):
            return raw
        inner = raw.get("value") if isinstance(raw, Mapping) else raw
        found = re.fullmatch(r"(.*[0-9%])\s*(per\s+)?([A-Za-z]+)\s*", str(inner))
        unit = found[3].lower().removesuffix("s") if found else ""
        if not found or unit not in UNITS or bool(found[2]) != per:
            last = str(inner).split()[-1].lower().removesuffix("s") if str(inner).split() else ""
            raise refused(
                "not in this form" if last in UNITS else "a unit of time is missing",
                allowed=form,
            )
        try:
            number = parse_number({**raw, "value": found[1]} if isinstance(raw, Mapping) else found[1])
        except NumberProblem as problem:
            raise refused(problem.message, allowed=form, hint=problem.hint) from None
        if number.percent and not bounds.percent:
            raise refused("not a percentage", allowed=form)
        if (bounds.low is not None and number.low < bounds.low) or (
            bounds.high is not None and number.high > bounds.high
        ):
            raise refused("out of range", allowed=bounds.text())
        return Timed(number, unit, per)

    return BeforeValidator(read)


def _timed_text(timed: Timed, info: SerializationInfo) -> Any:
    data = timed.number.to_data(canonical=bool((info.context or {}).get("canonical")))
    text = data["value"] if isinstance(data, dict) else data
    number = timed.number
    plural = "" if not number.is_range and number.low == 1 else "s"
    text = f"{text} per {timed.unit}" if timed.per else f"{text} {timed.unit}{plural}"
    return {**data, "value": text} if isinstance(data, dict) else text


def _example(bounds: Bounds, per: bool) -> str:
    if not per:
        return "12 months"
    if bounds.percent:
        return "+1% to +2% per month"
    return "-2 to 0 per month" if bounds.low is None else "1 to 2 per month"


def _timed_schema(bounds: Bounds, per: bool) -> WithJsonSchema:
    text = {"type": "string", "description": f"{bounds.name}, e.g. {_example(bounds, per)}"}
    mapping = {
        "type": "object",
        "properties": {"value": text, "because": IDS_SCHEMA, "note": WORDS_SCHEMA},
        "required": ["value"],
        "additionalProperties": False,
    }
    return WithJsonSchema({"anyOf": [text, mapping]})


Rate = Annotated[Timed, _timed(RATE, True), PlainSerializer(_timed_text), _timed_schema(RATE, True)]
Span = Annotated[Timed, _timed(SPAN, False), PlainSerializer(_timed_text), _timed_schema(SPAN, False)]
Drift = Annotated[Timed, _timed(DRIFT, True), PlainSerializer(_timed_text), _timed_schema(DRIFT, True)]
Wear = Annotated[Timed, _timed(WEAR, True), PlainSerializer(_timed_text), _timed_schema(WEAR, True)]
Discount = Annotated[
    Timed, _timed(DISCOUNT, True), PlainSerializer(_timed_text), _timed_schema(DISCOUNT, True)
]
Pace = Annotated[Timed, _timed(PACE, True), PlainSerializer(_timed_text), _timed_schema(PACE, True)]
Hazard = Annotated[Timed, _timed(HAZARD, True), PlainSerializer(_timed_text), _timed_schema(HAZARD, True)]


def _votes(raw: Any) -> Number:
    try:
        number = parse_number(raw)
    except NumberProblem as problem:
        raise refused(problem.message, allowed=f"{VOTES.text()}, fixed", hint=problem.hint) from None
    if number.is_range or number.values:
        raise refused("votes are a fixed number, not a range", allowed=VOTES.text())
    if number.percent:
        raise refused(
            "a number of votes is not a percentage", allowed=VOTES.text(), hint="leave out the % sign"
        )
    if number.low < 0:
        raise refused("too small", allowed=VOTES.text())
    return number


Votes = Annotated[
    Number,
    BeforeValidator(_votes),
    _WRITER,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["number", "string"], "description": f"{VOTES.text()}, fixed"},
                {
                    "type": "object",
                    "properties": {
                        "value": {"type": ["number", "string"]},
                        "because": IDS_SCHEMA,
                        "note": WORDS_SCHEMA,
                    },
                    "required": ["value"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


def _ids(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, str):
        return (raw,)
    if isinstance(raw, list | tuple) and all(isinstance(r, str) for r in raw):
        return tuple(raw)
    raise refused("an id or a list of ids is expected", allowed="text, or a list of texts")


def _short_ids(ids: tuple[str, ...]) -> Any:
    return ids[0] if len(ids) == 1 else list(ids)


Ids = Annotated[
    tuple[str, ...], BeforeValidator(_ids), PlainSerializer(_short_ids), WithJsonSchema(IDS_SCHEMA)
]


def _date(raw: Any) -> dt.date:
    text = str(raw)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise refused("not a date", allowed="a date as YYYY-MM-DD, e.g. 2025-08-15")


Date = Annotated[
    dt.date,
    BeforeValidator(_date),
    PlainSerializer(lambda d: d.isoformat()),
    WithJsonSchema({"type": "string", "format": "date"}),
]


def _grade(raw: Any) -> str:
    if isinstance(raw, str) and re.fullmatch(r"[A-F][1-6]", raw):
        return raw
    raise refused(
        "not a grade",
        allowed="the source A-F, then the information 1-6, e.g. B2",
        hint=raw.upper() if isinstance(raw, str) and re.fullmatch(r"[a-f][1-6]", raw) else "",
    )


Grade = Annotated[str, BeforeValidator(_grade), WithJsonSchema({"type": "string", "pattern": "^[A-F][1-6]$"})]


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise refused("text is expected", allowed="a word or a sentence")
    return raw.strip()


Words = Annotated[str, BeforeValidator(_text), WithJsonSchema(WORDS_SCHEMA)]


def yes_no(raw: Any) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in words:
        return words[raw.lower()]
    raise refused("not a yes or no", allowed="true or false")


YesNo = Annotated[
    bool, BeforeValidator(yes_no), WithJsonSchema({"enum": [True, False, "yes", "no"]})
]  # "yes" is text in YAML 1.2


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
