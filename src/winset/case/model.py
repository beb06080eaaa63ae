"""The validated case: what a negotiation is, as typed and frozen objects.

Every class mirrors one mapping of the case file, key for key; the docstrings of the fields are the case
reference and the JSON Schema (``winset schema``). Cross-references (does this claim exist?) are checked in
``read``; a ``Case`` that came from there can be trusted by all code behind it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    WrapSerializer,
)
from pydantic_core import PydanticCustomError

from winset.case.numbers import (
    NUMBER_FORMS,
    Bounds,
    Number,
    NumberProblem,
    format_fraction,
    parse_number,
)
from winset.case.text import show

__all__ = [
    "LEVERS",
    "RESERVED",
    "SEATS",
    "Addition",
    "Body",
    "Case",
    "Choice",
    "Claim",
    "Clause",
    "Correlation",
    "Decision",
    "Guarantee",
    "Issue",
    "Leaving",
    "Lever",
    "Linkage",
    "Lowering",
    "Match",
    "Meeting",
    "Member",
    "NewOption",
    "NewRule",
    "NoDeal",
    "Offer",
    "Outcome",
    "Party",
    "PartyType",
    "Passes",
    "Payment",
    "Preferences",
    "Quota",
    "RedLine",
    "Relaxation",
    "Removal",
    "Rule",
    "Source",
    "Timed",
]

Seat = Literal["table", "host", "mediator", "consulted", "absent"]
SEATS: tuple[str, ...] = ("table", "host", "mediator", "consulted", "absent")

#: Keys that later versions of the format use; refused with a message of their own until then.
RESERVED: Mapping[str, str] = {
    "stages": "the course of the talks",
    "evidence": "events that reveal a party's type",
    "conflict": "unilateral moves",
    "threats": "threats and their credibility",
    "guarantees": "guarantees and whether a deal would hold",
    "division": "dividing items or regions",
    "agenda": "places and times",
    "positions": "positions and influence",
    "log": "forecasts and what followed",
}

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
UNITS = ("day", "week", "month", "quarter", "year")
VOTES = Bounds("a number of votes", Fraction(0), None)


def _problem(message: str, *, allowed: str = "", hint: str = "") -> PydanticCustomError:
    return PydanticCustomError("winset", "{text}", {"text": message, "allowed": allowed, "hint": hint})


def _written(number: Number, info: SerializationInfo) -> Any:
    return number.to_data(canonical=bool((info.context or {}).get("canonical")))


def _reader(bounds: Bounds, *, fixed: bool = False, positive: bool = False) -> BeforeValidator:
    def read(raw: Any) -> Number:
        try:
            number = parse_number(raw)
        except NumberProblem as problem:
            raise _problem(problem.message, allowed=problem.allowed, hint=problem.hint) from None
        if fixed and number.is_range:
            raise _problem("this number cannot be a range", allowed=f"{bounds.name}, one number, e.g. 10")
        if positive and number.high <= 0:
            raise _problem("nothing above zero", allowed=f"{bounds.name} above 0")
        if number.percent and not bounds.percent:
            raise _problem(
                f"{bounds.name} is not a percentage", allowed=bounds.text(), hint="leave out the % sign"
            )
        if bounds.low is not None and number.low < bounds.low:
            raise _problem("too small", allowed=bounds.text())
        if bounds.high is not None and number.high > bounds.high:
            forgotten = bounds.percent and not number.percent and number.high <= 100
            hint = "write it as a percentage" if forgotten else ""
            raise _problem("too large", allowed=bounds.text(), hint=hint)
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
            "because": _IDS_SCHEMA,
            "note": _WORDS_SCHEMA,
        },
        "oneOf": [{"required": ["value"]}, {"required": ["values"]}],
        "additionalProperties": False,
    }
    return WithJsonSchema({"anyOf": [scalar, mapping]})


# YAML readers give an id such as 2025 as a number; the loader takes every scalar as the text as written.
_WORD_SCHEMA: dict[str, Any] = {"type": ["string", "number"]}
_WORDS_SCHEMA: dict[str, Any] = {**_WORD_SCHEMA, "minLength": 1}
_IDS_SCHEMA: dict[str, Any] = {"anyOf": [_WORD_SCHEMA, {"type": "array", "items": _WORD_SCHEMA}]}

Weight = Annotated[Number, _reader(WEIGHT), _WRITER, _schema(WEIGHT)]
Score = Annotated[Number, _reader(SCORE), _WRITER, _schema(SCORE)]
Utility = Annotated[Number, _reader(UTILITY), _WRITER, _schema(UTILITY)]
Cost = Annotated[Number, _reader(COST), _WRITER, _schema(COST)]
Probability = Annotated[Number, _reader(PROBABILITY), _WRITER, _schema(PROBABILITY)]
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
    example = "+1% to +2% per month" if per else "12 months"
    form = f"{bounds.name}, e.g. {example}; units: {', '.join(UNITS)}"

    def read(raw: Any) -> Timed:
        if isinstance(raw, Timed):
            return raw
        inner = raw.get("value") if isinstance(raw, Mapping) else raw
        found = re.fullmatch(r"(.*[0-9%])\s*(per\s+)?([A-Za-z]+)\s*", str(inner))
        unit = found[3].lower().removesuffix("s") if found else ""
        if not found or unit not in UNITS or bool(found[2]) != per:
            raise _problem(
                "a unit of time is missing" if unit not in UNITS else "not in this form", allowed=form
            )
        try:
            number = parse_number({**raw, "value": found[1]} if isinstance(raw, Mapping) else found[1])
        except NumberProblem as problem:
            raise _problem(problem.message, allowed=form, hint=problem.hint) from None
        if number.percent and not bounds.percent:
            raise _problem("not a percentage", allowed=form)
        if (bounds.low is not None and number.low < bounds.low) or (
            bounds.high is not None and number.high > bounds.high
        ):
            raise _problem("out of range", allowed=bounds.text())
        return Timed(number, unit, per)

    return BeforeValidator(read)


def _timed_text(timed: Timed, info: SerializationInfo) -> Any:
    data = timed.number.to_data(canonical=bool((info.context or {}).get("canonical")))
    text = data["value"] if isinstance(data, dict) else data
    number = timed.number
    plural = "" if not number.is_range and number.low == 1 else "s"
    text = f"{text} per {timed.unit}" if timed.per else f"{text} {timed.unit}{plural}"
    return {**data, "value": text} if isinstance(data, dict) else text


def _timed_schema(bounds: Bounds, per: bool) -> WithJsonSchema:
    text = {"type": "string", "description": f"{bounds.name}, e.g. {'1% per month' if per else '12 months'}"}
    mapping = {
        "type": "object",
        "properties": {"value": text, "because": _IDS_SCHEMA, "note": _WORDS_SCHEMA},
        "required": ["value"],
        "additionalProperties": False,
    }
    return WithJsonSchema({"anyOf": [text, mapping]})


Rate = Annotated[Timed, _timed(RATE, True), PlainSerializer(_timed_text), _timed_schema(RATE, True)]
Span = Annotated[Timed, _timed(SPAN, False), PlainSerializer(_timed_text), _timed_schema(SPAN, False)]


def _votes(raw: Any) -> Number:
    try:
        number = parse_number(raw)
    except NumberProblem as problem:
        raise _problem(problem.message, allowed=f"{VOTES.text()}, fixed", hint=problem.hint) from None
    if number.is_range or number.values:
        raise _problem("votes are a fixed number, not a range", allowed=VOTES.text())
    if number.percent:
        raise _problem(
            "a number of votes is not a percentage", allowed=VOTES.text(), hint="leave out the % sign"
        )
    if number.low < 0:
        raise _problem("too small", allowed=VOTES.text())
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
                        "because": _IDS_SCHEMA,
                        "note": _WORDS_SCHEMA,
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
    raise _problem("an id or a list of ids is expected", allowed="text, or a list of texts")


def _short_ids(ids: tuple[str, ...]) -> Any:
    return ids[0] if len(ids) == 1 else list(ids)


Ids = Annotated[
    tuple[str, ...], BeforeValidator(_ids), PlainSerializer(_short_ids), WithJsonSchema(_IDS_SCHEMA)
]


def _date(raw: Any) -> dt.date:
    text = str(raw)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise _problem("not a date", allowed="a date as YYYY-MM-DD, e.g. 2025-08-15")


Date = Annotated[
    dt.date,
    BeforeValidator(_date),
    PlainSerializer(lambda d: d.isoformat()),
    WithJsonSchema({"type": "string", "format": "date"}),
]


def _grade(raw: Any) -> str:
    if isinstance(raw, str) and re.fullmatch(r"[A-F][1-6]", raw):
        return raw
    raise _problem(
        "not a grade",
        allowed="the source A-F, then the information 1-6, e.g. B2",
        hint=raw.upper() if isinstance(raw, str) and re.fullmatch(r"[a-f][1-6]", raw) else "",
    )


Grade = Annotated[str, BeforeValidator(_grade), WithJsonSchema({"type": "string", "pattern": "^[A-F][1-6]$"})]


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise _problem("text is expected", allowed="a word or a sentence")
    return raw.strip()


Words = Annotated[str, BeforeValidator(_text), WithJsonSchema(_WORDS_SCHEMA)]


def _yes_no(raw: Any) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in words:
        return words[raw.lower()]
    raise _problem("not a yes or no", allowed="true or false")


YesNo = Annotated[
    bool, BeforeValidator(_yes_no), WithJsonSchema({"enum": [True, False, "yes", "no"]})
]  # "yes" is text in YAML 1.2


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


# --------------------------------------------------------------------------- matches and the rule of consent

Clause = tuple[tuple[str, tuple[str, ...]], ...]  # ((issue, (option, ...)), ...): all issues, any option


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the form of a match or of a rule, and where inside of it."""

    at: tuple[str | int, ...]
    message: str
    allowed: str
    unknown: bool = False  # the place is a key that is not known


def _several(raw: Any) -> Any:
    """One or a list of something, as a list."""
    return raw if isinstance(raw, list | tuple) else [raw]


class Match(_Frozen):
    """A condition on a deal: any of its clauses; a clause names issues (all must hold) and options (any)."""

    clauses: tuple[Clause, ...]

    @classmethod
    def read(cls, raw: Any) -> Match:
        for problem in cls.problems(raw):
            raise _problem(problem.message, allowed=problem.allowed)
        return cls(
            clauses=tuple(
                tuple((str(issue), tuple(_several(options))) for issue, options in item.items())
                for item in _several(raw)
            )
        )

    @classmethod
    def problems(cls, raw: Any) -> Iterator[Problem]:
        """Everything wrong with the form of a written match."""
        items = _several(raw)
        if not items:
            yield Problem((), "a match names nothing", _MATCH_ALLOWED)
        for n, item in enumerate(items):
            at: tuple[str | int, ...] = () if item is raw else (n,)
            if not isinstance(item, Mapping):
                yield Problem(at, "not a match", _MATCH_ALLOWED)
                continue
            if not item:
                yield Problem(at, "a match names nothing", _MATCH_ALLOWED)
            for issue, options in item.items():
                names = _several(options)
                if not names or not all(isinstance(name, str) for name in names):
                    yield Problem(
                        (*at, issue),
                        f"the match says nothing usable about '{show(issue)}'",
                        "an option or a list of options",
                    )
                elif len(set(names)) < len(names):
                    yield Problem(
                        (*at, issue), f"an option of '{show(issue)}' is named twice", "each option once"
                    )

    def to_data(self) -> Any:
        items = [{i: o[0] if len(o) == 1 else list(o) for i, o in clause} for clause in self.clauses]
        return items[0] if len(items) == 1 else items

    def issues(self) -> tuple[str, ...]:
        """The issues that the match looks at, each once, in order of mention."""
        return tuple(dict.fromkeys(issue for clause in self.clauses for issue, _ in clause))

    def holds(self, deal: Mapping[str, str]) -> bool:
        """Whether a deal (issue to option) fulfils the condition."""
        return any(all(deal[issue] in options for issue, options in clause) for clause in self.clauses)

    def short(self) -> str:
        """In one line for a reader."""
        return "; or ".join(
            ", ".join(f"{issue}: {' or '.join(options)}" for issue, options in clause)
            for clause in self.clauses
        )


_MATCH_ALLOWED = "a mapping issue: option (or a list of options), or a list of such mappings"
_OPTIONS_SCHEMA = {"type": "array", "items": _WORD_SCHEMA, "minItems": 1, "uniqueItems": True}
_CLAUSE_SCHEMA = {
    "type": "object",
    "additionalProperties": {"anyOf": [_WORD_SCHEMA, _OPTIONS_SCHEMA]},
    "minProperties": 1,
}
MatchField = Annotated[
    Match,
    BeforeValidator(lambda raw: raw if isinstance(raw, Match) else Match.read(raw)),
    PlainSerializer(lambda m: m.to_data()),
    WithJsonSchema({"anyOf": [_CLAUSE_SCHEMA, {"type": "array", "items": _CLAUSE_SCHEMA, "minItems": 1}]}),
]


class _Same:
    """Numbers written rules so that equal ones have the same number; looks at each part of a rule once."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.known: dict[int, tuple[Any, int]] = {}  # by identity; the rule is kept so that it stays its own

    def number(self, raw: Any) -> int:
        if isinstance(raw, str):
            return self.numbers.setdefault(raw, len(self.numbers))
        if id(raw) not in self.known:
            word = next((w for w in ("all", "any", "of") if w in raw), "") if isinstance(raw, Mapping) else ""
            if word and isinstance(raw[word], list | tuple):
                members = tuple(self.number(m) for m in raw[word])
                count = {"all": len(members), "any": 1}.get(word) or str(raw.get("at_least"))
                shape: Any = (str(count), members)
            else:
                shape = ("", repr(raw)[:1000])
            self.known[id(raw)] = raw, self.numbers.setdefault(shape, len(self.numbers))
        return self.known[id(raw)][1]


class Rule(_Frozen):
    """Whose yes a deal needs: a party, or ``threshold`` of the ``members`` (rules themselves)."""

    party: str | None = None
    threshold: int = 1
    members: tuple[Rule, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> Rule:
        for problem in cls.problems(raw):
            raise _problem(problem.message, allowed=problem.allowed)
        return cls._read(raw)

    @classmethod
    def _read(cls, raw: Any) -> Rule:
        if isinstance(raw, str):
            return cls(party=raw)
        word = next(w for w in ("all", "any", "of") if w in raw)
        members = tuple(cls._read(r) for r in raw[word])
        count = {"all": len(members), "any": 1}.get(word) or int(str(raw["at_least"]))
        return cls(threshold=count, members=members)

    @classmethod
    def problems(
        cls, raw: Any, at: tuple[str | int, ...] = (), same: _Same | None = None
    ) -> Iterator[Problem]:
        """Everything wrong with the form of a written rule."""
        same = same or _Same()
        if isinstance(raw, str) and raw.strip():
            return
        if not isinstance(raw, Mapping):
            yield Problem(at, "not a rule of consent", _RULE_ALLOWED)
            return
        unknown = [k for k in raw if k not in _RULE_WORDS]
        for key in unknown:
            yield Problem((*at, key), "unknown key", ", ".join(_RULE_WORDS), unknown=True)
        if set(raw) not in ({"all"}, {"any"}, {"at_least", "of"}):
            if not unknown:
                yield Problem(at, "not a rule of consent", _RULE_ALLOWED)
            return
        word = next(w for w in ("all", "any", "of") if w in raw)
        members, here = raw[word], (*at, word)
        if not isinstance(members, list | tuple):
            yield Problem(here, f"{word} needs a list", "a list of parties or rules")
            return
        if not members:
            yield Problem(here, "the rule of consent names nobody", "at least one party")
        seen = set()
        for n, member in enumerate(members):
            yield from cls.problems(member, (*here, n), same)
            number = same.number(member)
            if number in seen:
                yield Problem((*here, n), f"{word} names the same party or rule twice", "each once")
            seen.add(number)
        if word == "of" and members:
            count = raw["at_least"]
            if not re.fullmatch(r"[0-9]{1,6}", str(count)) or not 1 <= int(str(count)) <= len(members):
                yield Problem(
                    (*at, "at_least"),
                    f"at_least is {show(count)}",
                    f"a whole number from 1 to {len(members)} (those it counts)",
                )

    def to_data(self) -> Any:
        if self.party is not None:
            return self.party
        members = [m.to_data() for m in self.members]
        if self.threshold == len(members):
            return {"all": members}
        return {"any": members} if self.threshold == 1 else {"at_least": self.threshold, "of": members}

    def parties(self) -> tuple[str, ...]:
        """The parties it names, each once, in order of mention."""
        if self.party is not None:
            return (self.party,)
        return tuple(dict.fromkeys(p for m in self.members for p in m.parties()))

    def holds(self, accepting: frozenset[str] | set[str]) -> bool:
        """Whether the rule passes when exactly these parties say yes."""
        if self.party is not None:
            return self.party in accepting
        return sum(m.holds(accepting) for m in self.members) >= self.threshold

    def short(self, names: Mapping[str, str]) -> str:
        """In words for a reader."""
        if self.party is not None:
            return names.get(self.party, self.party)
        parts = [m.short(names) if m.party is not None else f"({m.short(names)})" for m in self.members]
        if len(parts) == 1:
            return parts[0]
        if self.threshold == len(parts):
            return ", ".join(parts[:-1]) + " and " + parts[-1]
        if self.threshold == 1:
            return ", ".join(parts[:-1]) + " or " + parts[-1]
        return f"at least {self.threshold} of " + ", ".join(parts)


_RULE_WORDS = ("all", "any", "at_least", "of")
_RULE_ALLOWED = "a party, {all: [...]}, {any: [...]} or {at_least: 2, of: [...]}, nested as needed"
RuleField = Annotated[
    Rule,
    BeforeValidator(lambda raw: raw if isinstance(raw, Rule) else Rule.read(raw)),
    PlainSerializer(lambda r: r.to_data()),
    WithJsonSchema({"title": "RuleOfConsent"}),  # completed in schema.py: it refers to itself
]
RULE_SCHEMA: dict[str, Any] = {
    "title": "RuleOfConsent",
    "description": "Whose yes a deal needs: " + _RULE_ALLOWED,
    "anyOf": [
        {**_WORD_SCHEMA, "description": "A party's id"},
        *(
            {
                "type": "object",
                "properties": {
                    word: {"type": "array", "items": {"$ref": "#/$defs/RuleOfConsent"}, "minItems": 1}
                },
                "required": [word],
                "additionalProperties": False,
            }
            for word in ("all", "any")
        ),
        {
            "type": "object",
            "properties": {
                "at_least": {"type": "integer", "minimum": 1},
                "of": {"type": "array", "items": {"$ref": "#/$defs/RuleOfConsent"}, "minItems": 1},
            },
            "required": ["at_least", "of"],
            "additionalProperties": False,
        },
    ],
}


# ----------------------------------------------------------------------------- bodies: when do they say yes


HEADS = "members"  # the weight that counts heads
VOTE = "votes"  # the weight that a bare number is
_QUOTA_ALLOWED = "a number, a share of all (65%, 2/3 of all), or more than either"
_PASSES_ALLOWED = (
    "weight: quota (votes: more than 50%), {all: [...]}, {any: [...]} or {at_least: 2, of: [...]}"
)


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of a weight must say yes."""

    value: Fraction
    share: bool = False  # of the total of the weight
    strict: bool = False  # more than that, not just as much

    @classmethod
    def read(cls, raw: Any) -> Quota:
        """Read a written quota.

        Raises
        ------
        NumberProblem
            With what is wrong.
        """
        words = " ".join(str(raw).split()) if isinstance(raw, str | int | float | Fraction) else ""
        text, strict = words, False
        if found := re.fullmatch(r"more than (.*)", text, re.IGNORECASE):
            text, strict = found[1], True
        of_all = re.fullmatch(r"(.*?) of all", text, re.IGNORECASE)
        number = parse_number(of_all[1] if of_all else text if words else raw)
        if number.is_range or number.values:
            raise NumberProblem("a quota is a fixed number, not a range", allowed=_QUOTA_ALLOWED)
        share = number.percent or of_all is not None
        if number.low < 0 or (number.low == 0 and not strict):
            raise NumberProblem("a quota of nothing is always reached", allowed=_QUOTA_ALLOWED)
        if share and (number.low > 1 or (strict and number.low == 1)):
            raise NumberProblem("more than all can never be reached", allowed="at most 100%")
        return cls(number.low, share, strict)

    def text(self) -> str:
        """As it is written in a case."""
        percent = 100 * self.value
        written = format_fraction(percent if self.share else self.value)
        if self.share:
            written = f"{format_fraction(self.value)} of all" if "/" in written else f"{written}%"
        return f"more than {written}" if self.strict else written

    def needed(self, total: Fraction) -> Fraction:
        """The quota where the weight has this total."""
        return self.value * total if self.share else self.value

    def reached(self, votes: Fraction, total: Fraction) -> bool:
        needed = self.needed(total)
        return votes > needed if self.strict else votes >= needed


class Passes(_Frozen):
    """When a body says yes: a quota of a weight is reached, or ``threshold`` of the ``parts`` hold."""

    weight: str | None = None
    quota: Quota | None = None
    threshold: int = 1
    parts: tuple[Passes, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> Passes:
        for problem in cls.problems(raw):
            raise _problem(problem.message, allowed=problem.allowed)
        return cls._read(raw)

    @classmethod
    def _read(cls, raw: Any) -> Passes:
        if not isinstance(raw, Mapping):
            return cls(weight=VOTE, quota=Quota.read(raw))
        word = next((w for w in ("all", "any", "of") if w in raw), None)
        if word is None:
            leaves = tuple(cls(weight=w, quota=Quota.read(q)) for w, q in raw.items())
            return leaves[0] if len(leaves) == 1 else cls(threshold=len(leaves), parts=leaves)
        parts = tuple(cls._read(part) for part in raw[word])
        if len(parts) == 1:
            return parts[0]
        count = {"all": len(parts), "any": 1}.get(word) or int(str(raw["at_least"]))
        return cls(threshold=count, parts=parts)

    @classmethod
    def problems(cls, raw: Any, at: tuple[str | int, ...] = ()) -> Iterator[Problem]:
        """Everything wrong with the form of a written rule."""
        if not isinstance(raw, Mapping):
            if isinstance(raw, list | tuple) or raw is None:
                yield Problem(at, "not a rule for votes", _PASSES_ALLOWED)
            else:
                yield from _quota_problem(raw, at)
            return
        words = [w for w in _RULE_WORDS if w in raw]
        if not words:
            if not raw:
                yield Problem(at, "the rule asks for nothing", _PASSES_ALLOWED)
            for weight, quota in raw.items():
                yield from _quota_problem(quota, (*at, weight))
            return
        if set(raw) not in ({"all"}, {"any"}, {"at_least", "of"}):
            yield Problem(at, "not a rule for votes", _PASSES_ALLOWED)
            return
        word = next(w for w in ("all", "any", "of") if w in raw)
        parts, here = raw[word], (*at, word)
        if not isinstance(parts, list | tuple) or not parts:
            yield Problem(here, f"{word} needs a list", "a list of rules")
            return
        for n, part in enumerate(parts):
            yield from cls.problems(part, (*here, n))
        if word == "of":
            count = raw["at_least"]
            if not re.fullmatch(r"[0-9]{1,6}", str(count)) or not 1 <= int(str(count)) <= len(parts):
                yield Problem(
                    (*at, "at_least"),
                    f"at_least is {show(count)}",
                    f"a whole number from 1 to {len(parts)} (those it counts)",
                )

    def to_data(self) -> Any:
        if self.weight is not None and self.quota is not None:
            return {self.weight: self.quota.text()}
        parts = [part.to_data() for part in self.parts]
        if self.threshold == len(parts):
            weights = [part.weight for part in self.parts]
            if None not in weights and len(set(weights)) == len(weights):
                return {key: value for part in parts for key, value in part.items()}
            return {"all": parts}
        return {"any": parts} if self.threshold == 1 else {"at_least": self.threshold, "of": parts}

    def leaves(self) -> Iterator[tuple[str, Quota]]:
        """The weights and quotas that it names, in order of mention."""
        if self.weight is not None and self.quota is not None:
            yield self.weight, self.quota
        for part in self.parts:
            yield from part.leaves()


def _quota_problem(raw: Any, at: tuple[str | int, ...]) -> Iterator[Problem]:
    try:
        Quota.read(raw)
    except NumberProblem as problem:
        yield Problem(at, problem.message, _QUOTA_ALLOWED)


_QUOTA_SCHEMA: dict[str, Any] = {"type": ["number", "string"], "description": f"A quota: {_QUOTA_ALLOWED}"}
PASSES_SCHEMA: dict[str, Any] = {
    "title": "Passes",
    "description": "When a body says yes: " + _PASSES_ALLOWED,
    "anyOf": [
        _QUOTA_SCHEMA,
        {"type": "object", "additionalProperties": _QUOTA_SCHEMA, "minProperties": 1},
        *(
            {
                "type": "object",
                "properties": {word: {"type": "array", "items": {"$ref": "#/$defs/Passes"}, "minItems": 1}},
                "required": [word],
                "additionalProperties": False,
            }
            for word in ("all", "any")
        ),
        {
            "type": "object",
            "properties": {
                "at_least": {"type": "integer", "minimum": 1},
                "of": {"type": "array", "items": {"$ref": "#/$defs/Passes"}, "minItems": 1},
            },
            "required": ["at_least", "of"],
            "additionalProperties": False,
        },
    ],
}
PassesField = Annotated[
    Passes,
    BeforeValidator(lambda raw: raw if isinstance(raw, Passes) else Passes.read(raw)),
    PlainSerializer(lambda p: p.to_data()),
    WithJsonSchema({"title": "Passes"}),  # completed in schema.py: it refers to itself
]


# --------------------------------------------------------------------------- the mappings of the file


class Source(_Frozen):
    """Where something was reported."""

    title: Words = Field(description="What it is: a report, a book, an interview")
    date: Date | None = Field(None, description="When it appeared")
    grade: Grade | None = Field(
        None, description="Two-field grade: the source's reliability A-F, the information's credibility 1-6"
    )
    url: Words | None = Field(None, description="Where to find it; never opened")
    note: Words | None = Field(None, description="Anything a reader should know")


class Claim(_Frozen):
    """An attributed, dated statement, forecast or fact."""

    by: Words = Field(description="Who says it: a party's id, or a name")
    says: Words | None = Field(None, description="What is claimed, in your own words")
    event: Words | None = Field(
        None, description="Of a forecast: the event, defined so that it can be scored"
    )
    probability: Probability | None = Field(None, description="Of a forecast: the event's probability")
    source: Words = Field(description="The id of the source")
    at: Words | None = Field(None, description="The place in the source, e.g. paragraph 5")
    date: Date | None = Field(None, description="When it was said, or when it happened")
    via: Words | None = Field(None, description="Who relays it, when it comes at second hand")
    contradicts: Ids = Field((), description="Claims that cannot be true together with this one")
    about: Ids = Field((), description="The parties and issues it bears on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Party(_Frozen):
    """An actor."""

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    seat: Seat = Field(
        "table", description="Where the party sits: table, host, mediator, consulted or absent"
    )
    affected: YesNo = Field(
        False, description="Whether the deal is about its fate; named in the brief if absent"
    )
    bound: YesNo | None = Field(
        None, description="Whether a deal binds the party without its consent; left out where it is not known"
    )
    can_spoil: Probability | None = Field(
        None, description="The probability that the party has the means to undo a deal that it rejects"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def _options(raw: Any) -> tuple[str, ...]:
    allowed = "a list of two or more different options"
    if not isinstance(raw, list | tuple):
        raise _problem("options must be a list", allowed=allowed)
    if not all(isinstance(o, str) and o.strip() for o in raw):
        raise _problem("an option must be text", allowed="words; put text with a colon in quotes")
    if len(raw) < 2:
        raise _problem("an issue with fewer than two options leaves nothing to settle", allowed=allowed)
    if any(len(o) > 200 for o in raw):
        raise _problem("an option's text is too long", allowed="at most 200 characters")
    if len(set(raw)) < len(raw):
        twice = next(o for o, times in Counter(raw).items() if times > 1)
        raise _problem(f"the option '{show(twice)}' is listed twice", allowed=allowed)
    return tuple(raw)


class Issue(_Frozen):
    """A question on the agenda."""

    question: Words | None = Field(None, description="The question that a deal settles")
    options: Annotated[
        tuple[str, ...],
        BeforeValidator(_options),
        WithJsonSchema(
            {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 2, "uniqueItems": True}
        ),
    ] = Field(description="The ways to settle it, two or more")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Forbid(_Frozen):
    """Deals that make no sense."""

    when: MatchField = Field(description="The deals")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Why they make no sense")


class Linkage(_Frozen):
    """What a combination of options is worth to a party, over and above the options themselves."""

    when: MatchField = Field(description="The combination")
    worth: Utility = Field(description="Utility points, positive or negative")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class RedLine(_Frozen):
    """A condition on the deal that a party refuses at any price."""

    when: MatchField = Field(description="What it refuses")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


Weights = dict[str, Weight]
Scores = dict[str, dict[str, Score]]


class _Values(_Frozen):
    weights: Weights | None = Field(
        None, description="Issue to weight; normalised to sum to 1; left out is 0"
    )
    scores: Scores | None = Field(
        None, description="Issue to option to score, 0 worst to 100 best of that issue"
    )
    linkages: tuple[Linkage, ...] | None = Field(None, description="What combinations are worth")
    red_lines: tuple[RedLine, ...] | None = Field(None, description="What the party refuses at any price")
    no_deal: Utility | None = Field(
        None, description="What the party gets without a deal, in utility points (its BATNA, valued)"
    )
    closing_cost: Cost | None = Field(
        None, description="What closing a deal costs the party; reservation value = no_deal + closing_cost"
    )
    because: Ids = Field((), description="The claims that the block as a whole rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class PartyType(_Values):
    """A hidden kind that a party may be: a prior probability, and what differs from the party's preferences.

    Weights and scores replace those of the same issue (and option); linkages and red lines replace the list.
    """

    prior: Probability | None = Field(None, description="The probability of this type")
    rest: YesNo = Field(False, description="Takes the probability that the others leave")


class Preferences(_Values):
    """What a deal is worth to a party."""

    types: dict[str, PartyType] = Field(
        default_factory=dict, description="Hidden kinds that the party may be"
    )


class Correlation(_Frozen):
    """Two uncertain numbers that move together."""

    between: tuple[str, str] = Field(description="Two paths, e.g. russia.no_deal, usa.weights.territory")
    rho: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] = Field(
        description="Correlation in the Gaussian copula, -1 to 1 (of the numbers where both are normal)"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Offer(_Frozen):
    """A deal on the table, or of interest."""

    by: Words | None = Field(None, description="Who made it: a party's id, or a name")
    deal: Annotated[
        dict[str, str],
        WithJsonSchema({"type": "object", "additionalProperties": _WORD_SCHEMA, "minProperties": 1}),
    ] = Field(description="An option for every issue")
    date: Date | None = Field(None, description="When it was made")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Outcome(_Frozen):
    """One thing that may come about without a deal."""

    probability: Probability | None = Field(None, description="Its probability at the start")
    rest: YesNo = Field(False, description="Takes the probability that the others leave")
    deal: (
        Annotated[
            dict[str, str],
            WithJsonSchema({"type": "object", "additionalProperties": _WORD_SCHEMA, "minProperties": 1}),
        ]
        | None
    ) = Field(
        None,
        description="What is imposed, as an option for every issue; each party values it as it values deals",
    )
    values: dict[str, Utility] = Field(
        default_factory=dict, description="What it is worth to a party, where the issues do not say it"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class NoDeal(_Frozen):
    """What happens without a deal: a lottery over imposed outcomes.

    A party that states no no_deal of its own gets this one: sum over outcomes of (share of the time up to the
    horizon) x (utility of the outcome), less its cost.
    """

    outcomes: dict[str, Outcome] = Field(description="What may come about, by name")
    cost: dict[str, Cost] = Field(
        default_factory=dict,
        description="What being without a deal takes off each period's value for a party, in utility points",
    )
    drift: dict[str, Rate] = Field(
        default_factory=dict, description="Outcome to the change of its probability with time"
    )
    horizon: Span | None = Field(None, description="How far ahead to look; values are averages up to it")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def _times(raw: Any) -> int:
    if re.fullmatch(r"[0-9]{1,4}", str(raw)) and 1 <= int(str(raw)) <= MOST_TIMES:
        return int(str(raw))
    raise _problem("not a number of members", allowed=f"a whole number from 1 to {MOST_TIMES:,}")


MOST_TIMES = 1000


class Member(_Frozen):
    """A member of a body: its weights, by names of one's own choosing, and how it votes on ratification.

    A bare number is its weight called ``votes``.
    """

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, Votes]

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    times: Annotated[
        int,
        BeforeValidator(_times),
        WithJsonSchema({"type": ["integer", "string"], "description": "A number of members"}),
    ] = Field(1, description="So many members alike, each with these weights")
    like: Words | None = Field(
        None, description="Votes by the utility of this party, and refuses what crosses its red lines"
    )
    bar: Utility | None = Field(
        None, description="The least utility for its yes; the party's reservation value if left out"
    )
    yes: Probability | None = Field(
        None, description="Instead of like: the probability of its yes to any signed deal"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def weights(self) -> dict[str, Number]:
        """Its weights by name."""
        return dict(self.__pydantic_extra__)


MEMBER_WORDS = tuple(Member.model_fields)


def _member(raw: Any) -> Any:
    if raw is None:
        return {}
    return {VOTE: raw} if isinstance(raw, str | int | float | Fraction | Number) else raw


def _short_member(member: Member, whole: SerializerFunctionWrapHandler) -> Any:
    data = whole(member)
    return data[VOTE] if list(data) == [VOTE] and not isinstance(data[VOTE], dict) else data


def _members(raw: Any) -> Any:
    allowed = "a mapping member: its weights, or a list of members with one vote each"
    if isinstance(raw, list | tuple):
        if not all(isinstance(m, str) for m in raw):
            raise _problem("a list of members holds names", allowed=allowed)
        if len(set(raw)) < len(raw):
            twice = next(m for m, times in Counter(raw).items() if times > 1)
            raise _problem(f"the member '{show(twice)}' is listed twice", allowed="each member once")
        raw = {m: {} for m in raw}
    if not isinstance(raw, Mapping) or not raw:
        raise _problem("a body needs members", allowed=allowed)
    return raw


class Body(_Frozen):
    """A body that decides by votes, and may have to ratify what a party signs."""

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    ratifies: Words | None = Field(None, description="The party whose signature it must confirm")
    members: Annotated[
        dict[str, Annotated[Member, BeforeValidator(_member), WrapSerializer(_short_member)]],
        BeforeValidator(_members),
    ] = Field(description="Its members with their weights; a list of names gives one vote each")
    passes: PassesField = Field(description="When it says yes")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    def weight(self, member: str, weight: str) -> Fraction:
        """What each of a member's kind weighs. Votes that nobody states are one each."""
        if weight == HEADS:
            return Fraction(1)
        stated = self.members[member].weights.get(weight)
        if stated is not None:
            return stated.low
        return Fraction(int(weight == VOTE and all(VOTE not in m.weights for m in self.members.values())))

    def total(self, weight: str) -> Fraction:
        """What all members weigh together."""
        return sum((self.weight(m, weight) * member.times for m, member in self.members.items()), Fraction(0))

    def stance(self, member: str, valued: Mapping[str, Any] | tuple[str, ...]) -> str | None:
        """The party by whose utility a member votes: the one it is like, or the one of its own id."""
        body = self.members[member]
        if body.yes is not None:
            return None
        return body.like or (member if member in valued else None)


# ------------------------------------------------------------------------- levers: what could be changed


class _Lever(_Frozen):
    price: Price | None = Field(
        None, description="What it costs, pulled in full; a part of the points costs its share of that"
    )
    unit: Words | None = Field(None, description="What the price is counted in; points if left out")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Payment(_Lever):
    """A lever: side payments from one party to another."""

    pays: Ids = Field(description="Who pays: a party or a list of parties")
    to: Ids = Field(description="Who is paid: a party or a list of parties")
    cap: Points = Field(description="The most that each payer pays, in points of its own scale")
    rate: Exchange = Field(
        Number.point(1), description="Points to the receiver for each point of the payer; 1 if left out"
    )


def _place(raw: Any) -> int:
    if re.fullmatch(r"[1-9][0-9]{0,5}", str(raw)):
        return int(str(raw))
    raise _problem("not a place in a list", allowed="a whole number from 1")


class _LineLever(_Lever):
    red_line: (
        Annotated[int, BeforeValidator(_place), WithJsonSchema({"type": "integer", "minimum": 1})] | None
    ) = Field(None, description="Its place in the party's list, from 1; may be left out if there is one only")
    type: Words | None = Field(None, description="Whose list: that of this type of the party")


class Relaxation(_LineLever):
    """A lever: a red line is read more narrowly."""

    relax: Words = Field(description="The party whose red line it is")
    to: MatchField = Field(description="What it refuses then: a match that holds for fewer deals")


class Removal(_LineLever):
    """A lever: a red line falls."""

    drop: Words = Field(description="The party whose red line it is")


class NewOption(_Frozen):
    """An option that an issue does not have yet."""

    issue: Words = Field(description="The issue")
    option: Words = Field(description="The new option")
    like: Words | None = Field(
        None,
        description="An option that it is like: matches that hold for that one hold for it too, and whoever "
        "has no score for the new one scores it as that one",
    )
    scores: dict[str, Score] = Field(default_factory=dict, description="Party to score, 0 to 100")


class Addition(_Lever):
    """A lever: an issue gets one more option."""

    add: NewOption = Field(description="The option, and how the parties score it")


class Guarantee(_Lever):
    """A lever: a promise that makes any deal worth more to a party."""

    guarantee: Words = Field(description="The party that it is given to")
    worth: Worth = Field(description="Utility points that it adds to every deal for that party")


class Lowering(_Lever):
    """A lever: being without a deal becomes worse for a party."""

    lower: Words = Field(description="The party whose no-deal value it is")
    by: Points = Field(description="By how many points at most")


class NewRule(_Lever):
    """A lever: another rule of consent."""

    consent: RuleField = Field(description="Whose yes a deal needs then")


class Leaving(_Lever):
    """A lever: a party's yes is no longer asked for."""

    without: Words = Field(description="The party; its yes is taken as given")


Lever = Payment | Relaxation | Removal | Addition | Guarantee | Lowering | NewRule | Leaving

#: The key that tells what a lever does, and its class.
LEVERS: Mapping[str, type[_Lever]] = {
    "pays": Payment,
    "relax": Relaxation,
    "drop": Removal,
    "add": Addition,
    "guarantee": Guarantee,
    "lower": Lowering,
    "consent": NewRule,
    "without": Leaving,
}


# ------------------------------------------------------------------- decisions: what to choose, what to learn


def _table(raw: Any) -> Any:
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    if isinstance(raw, Mapping) and raw and all(isinstance(o, str) for o in raw.values()):
        return dict(raw)
    raise _problem("not a deal to table", allowed="the name of an offer, or an option for every issue")


_LIKELIHOODS = "type: probability of the signal if the party is of that type, for every type; or rest: true"


def _signal(raw: Any) -> Any:
    """Likelihoods by type; an empty mapping stands for the rest."""
    if not isinstance(raw, Mapping) or not raw:
        raise _problem("not a signal", allowed=_LIKELIHOODS)
    if "rest" in raw:
        if len(raw) > 1:
            raise _problem("either likelihoods or rest, not both", allowed=_LIKELIHOODS)
        if not _yes_no(raw["rest"]):
            raise _problem("rest is true or left out", allowed=_LIKELIHOODS)
        return {}
    return raw


_LIKELIHOOD_SCHEMA: dict[str, Any] = {
    "type": ["number", "string"],
    "description": f"{PROBABILITY.text()}: {NUMBER_FORMS}",
}
Signal = Annotated[
    dict[str, Probability],
    BeforeValidator(_signal),
    WrapSerializer(lambda likelihoods, whole: whole(likelihoods) or {"rest": True}),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "object",
                    "additionalProperties": {"anyOf": [_LIKELIHOOD_SCHEMA, {"type": "object"}]},
                    "minProperties": 1,
                    "not": {"required": ["rest"]},
                },
                {
                    "type": "object",
                    "properties": {"rest": {"enum": [True, "yes", "true"]}},
                    "required": ["rest"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class Choice(_Frozen):
    """One thing that the decider may do: table a deal, or none."""

    table: (
        Annotated[
            str | dict[str, str],
            BeforeValidator(_table),
            WithJsonSchema(
                {
                    "anyOf": [
                        _WORDS_SCHEMA,
                        {"type": "object", "additionalProperties": _WORD_SCHEMA, "minProperties": 1},
                    ]
                }
            ),
        ]
        | None
    ) = Field(
        None, description="An offer of the case, or a deal; worth its utility if it passes, else no deal"
    )
    cost: Cost | None = Field(None, description="What the choice costs the decider, in utility points")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Meeting(_Frozen):
    """A way to learn about a party's type before choosing."""

    about: Words = Field(description="The party, which has types")
    cost: Cost | None = Field(None, description="What it costs the decider, in utility points")
    signals: dict[str, Signal] = Field(
        description="What may be seen, each with its probability given each type; one may take the rest"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Decision(_Frozen):
    """A choice that somebody faces, and what could be learned before it."""

    by: Words = Field(description="The party that decides, and whose utility counts")
    choices: dict[str, Choice] = Field(description="What it may do, two or more")
    meetings: dict[str, Meeting] = Field(
        default_factory=dict, description="What can be learned before choosing"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Case(_Frozen):
    """A written-down negotiation, validated as a whole."""

    winset: Literal[1] = Field(description="The version of the format: 1")
    title: Words = Field(description="What the negotiation is called")
    summary: Words | None = Field(None, description="A paragraph on what it is about")
    as_of: Date | None = Field(None, description="The day that the case describes")
    judge: Words | None = Field(None, description="Whose judgement the numbers are")
    illustrative: YesNo = Field(
        False, description="The numbers are illustrative judgement; the brief says so"
    )
    notes: tuple[Words, ...] = Field((), description="Remarks shown in the brief")
    sources: dict[str, Source] = Field(default_factory=dict, description="Where things were reported")
    claims: dict[str, Claim] = Field(
        default_factory=dict, description="Attributed statements, forecasts, facts"
    )
    parties: dict[str, Party] = Field(description="The actors")
    consent: RuleField = Field(description="Whose yes a deal needs")
    issues: dict[str, Issue] = Field(description="The questions on the agenda")
    forbid: tuple[Forbid, ...] = Field((), description="Deals that make no sense")
    offers: dict[str, Offer] = Field(default_factory=dict, description="Deals on the table, or of interest")
    preferences: dict[str, Preferences] = Field(description="What deals are worth to each party")
    no_deal: NoDeal | None = Field(
        None, description="What happens without a deal, for parties that state no no_deal of their own"
    )
    bodies: dict[str, Body] = Field(
        default_factory=dict, description="Bodies that decide by votes, or ratify what a party signs"
    )
    correlations: tuple[Correlation, ...] = Field((), description="Uncertain numbers that move together")
    levers: dict[str, Lever] = Field(
        default_factory=dict, description="What could be changed, by name, so that a deal becomes possible"
    )
    decisions: dict[str, Decision] = Field(
        default_factory=dict, description="Choices that somebody faces, and what could be learned before them"
    )

    def to_data(self) -> dict[str, Any]:
        """The case as plain data in the file's own form; what is at its default is left out."""
        return self._data(canonical=False)

    def _data(self, *, canonical: bool) -> dict[str, Any]:
        data: dict[str, Any] = self.model_dump(exclude_defaults=True, context={"canonical": canonical})
        data = {"winset": 1, **data}
        if "forbid" in data:
            data["forbid"] = [
                f["when"] if list(f) == ["when"] and isinstance(f["when"], dict) else f
                for f in data["forbid"]
            ]
        for name, lever in data.get("levers", {}).items():  # what it does first, what it costs after
            data["levers"][name] = dict(
                sorted(lever.items(), key=lambda item: item[0] in _Lever.model_fields)
            )
        return _listed(data)  # type: ignore[no-any-return]

    def _canonical(self) -> str:
        data = self._data(canonical=True)
        return json.dumps(data, sort_keys=False, ensure_ascii=False, separators=(",", ":"))

    def __eq__(self, other: object) -> bool:
        """Equal content in the same order; how a number is spelled does not matter."""
        return isinstance(other, Case) and self._canonical() == other._canonical()

    def __hash__(self) -> int:
        return hash(self._canonical())

    def digest(self) -> str:
        """SHA-256 of the case's content in canonical form, whatever its spelling and comments."""
        return hashlib.sha256(self._canonical().encode()).hexdigest()

    def name(self, party: str) -> str:
        """A party's name for readers."""
        known = self.parties.get(party)
        return (known.name if known else None) or party

    def names(self) -> dict[str, str]:
        return {p: self.name(p) for p in self.parties}

    def valued(self) -> tuple[str, ...]:
        """The parties with preferences, in the order of ``parties``."""
        return tuple(p for p in self.parties if p in self.preferences)

    def central_type(self, party: str) -> str | None:
        """The party's most likely type at central values (the first on a tie), or None."""
        types = self.preferences[party].types
        if not types:
            return None
        chances = central_priors(types)
        return max(chances, key=lambda t: chances[t])

    def central_preferences(self, party: str) -> Preferences:
        """The party's preferences with the overrides of its most likely type."""
        base = self.preferences[party]
        name = self.central_type(party)
        return base if name is None else merged(base, base.types[name])

    def numbers(self) -> Iterator[tuple[str, Number, Bounds]]:
        """Every number of the preferences, of the no-deal lottery, of how members of bodies vote and of the
        parties, with its path and what it measures."""
        for party, prefs in self.preferences.items():
            yield from _numbers(party, prefs)
            for name, kind in prefs.types.items():
                yield from _numbers(f"{party}.types.{name}", kind)
                if kind.prior is not None:
                    yield f"{party}.types.{name}.prior", kind.prior, PROBABILITY
        if self.no_deal is not None:
            yield from _lottery_numbers(self.no_deal)
        for body, inside in self.bodies.items():
            for name, member in inside.members.items():
                if member.bar is not None:
                    yield f"bodies.{body}.{name}.bar", member.bar, UTILITY
                if member.yes is not None:
                    yield f"bodies.{body}.{name}.yes", member.yes, PROBABILITY
        for party, who in self.parties.items():
            if who.can_spoil is not None:
                yield f"parties.{party}.can_spoil", who.can_spoil, PROBABILITY


def _lottery_numbers(lottery: NoDeal) -> Iterator[tuple[str, Number, Bounds]]:
    for name, outcome in lottery.outcomes.items():
        if outcome.probability is not None:
            yield f"no_deal.outcomes.{name}.probability", outcome.probability, PROBABILITY
        for party, worth in outcome.values.items():
            yield f"no_deal.outcomes.{name}.values.{party}", worth, UTILITY
    for party, cost in lottery.cost.items():
        yield f"no_deal.cost.{party}", cost, COST
    for name, rate in lottery.drift.items():
        yield f"no_deal.drift.{name}", rate.number, RATE
    if lottery.horizon is not None:
        yield "no_deal.horizon", lottery.horizon.number, SPAN


def _listed(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _listed(v) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return [_listed(v) for v in data]
    return data


def _numbers(path: str, prefs: _Values) -> Iterator[tuple[str, Number, Bounds]]:
    for issue, weight in (prefs.weights or {}).items():
        yield f"{path}.weights.{issue}", weight, WEIGHT
    for issue, scores in (prefs.scores or {}).items():
        for option, score in scores.items():
            yield f"{path}.scores.{issue}.{option}", score, SCORE
    for n, linkage in enumerate(prefs.linkages or (), 1):
        yield f"{path}.linkages.{n}", linkage.worth, UTILITY
    if prefs.no_deal is not None:
        yield f"{path}.no_deal", prefs.no_deal, UTILITY
    if prefs.closing_cost is not None:
        yield f"{path}.closing_cost", prefs.closing_cost, COST


def merged(base: Preferences, kind: PartyType) -> Preferences:
    """Preferences of one type: the base with what the type overrides."""
    scores = {issue: dict(options) for issue, options in (base.scores or {}).items()}
    for issue, options in (kind.scores or {}).items():
        scores.setdefault(issue, {}).update(options)
    return Preferences.model_construct(
        weights={**(base.weights or {}), **(kind.weights or {})},
        scores=scores,
        linkages=base.linkages if kind.linkages is None else kind.linkages,
        red_lines=base.red_lines if kind.red_lines is None else kind.red_lines,
        no_deal=base.no_deal if kind.no_deal is None else kind.no_deal,
        closing_cost=base.closing_cost if kind.closing_cost is None else kind.closing_cost,
        because=(*base.because, *kind.because),
        note=kind.note or base.note,
        types={},
    )


def central_priors(types: Mapping[str, PartyType]) -> dict[str, Fraction]:
    """The types' probabilities at central values, normalised to sum to 1."""
    stated = {n: t.prior.central(PROBABILITY) for n, t in types.items() if t.prior is not None}
    left = max(Fraction(0), 1 - sum(stated.values(), Fraction(0)))
    chances = {n: stated.get(n, left if t.rest else Fraction(0)) for n, t in types.items()}
    total = sum(chances.values(), Fraction(0))
    return {n: c / total for n, c in chances.items()} if total else chances
