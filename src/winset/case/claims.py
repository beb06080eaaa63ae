"""The block ``claims``: who said or did what and when, what it states, promises and forecasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from winset.case.clock import (
    Clock,
    Dated,
    DatedField,
    Lasting,
    read_clock,
    read_dated,
    read_lasting,
)
from winset.case.fields import IDS_SCHEMA, Frozen, Grade, Ids, Probability, Words, refused
from winset.case.numbers import Number, NumberProblem, parse_number

__all__ = ["KINDS", "Claim", "Stated", "clock_of", "stated"]

Kind = Literal["statement", "forecast", "event", "promise", "fact"]
KINDS: tuple[str, ...] = get_args(Kind)
MOST_WORDS = 12  # of a quotation


def _quote(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise refused("text is expected", allowed="a few words")
    words = len(raw.split())
    if words > MOST_WORDS:
        raise refused(
            f"a quotation of {words} words is too long",
            allowed=f"at most {MOST_WORDS} words",
            hint="say the rest in your own words under says",
        )
    return raw.strip()


Quote = Annotated[
    str, BeforeValidator(_quote), WithJsonSchema({"type": ["string", "number"], "minLength": 1})
]


def _values(raw: Any) -> tuple[str, ...]:
    listed = raw if isinstance(raw, list | tuple) else (raw,)
    if not listed or not all(isinstance(v, str) and v.strip() for v in listed):
        raise refused("not a value", allowed="a time, a date, a number or text; or a list of them")
    return tuple(v.strip() for v in listed)


Values = Annotated[
    tuple[str, ...],
    BeforeValidator(_values),
    PlainSerializer(lambda values: values[0] if len(values) == 1 else list(values)),
    WithJsonSchema(IDS_SCHEMA),
]


class Claim(Frozen):
    """An attributed, dated statement, forecast, event, promise or fact."""

    by: Words = Field(description="Who says it: a party's id, or a name")
    to: Words | None = Field(None, description="To whom: a party's id, or a name")
    says: Words | None = Field(None, description="What is claimed, in your own words")
    quote: Quote | None = Field(None, description=f"The words themselves, at most {MOST_WORDS} of them")
    kind: Kind | None = Field(
        None,
        description="What it is: statement, forecast, event, promise or fact; where it is left out, what has "
        "a probability is a forecast, what is due a promise, and the rest a statement",
    )
    event: Words | None = Field(
        None, description="Of a forecast: the event, defined so that it can be scored"
    )
    probability: Probability | None = Field(None, description="Of a forecast: the event's probability")
    of: Words | None = Field(
        None,
        description="Of a forecast: a word for what it is about, so that two definitions of one event can be "
        "told from two events",
    )
    due: DatedField | None = Field(None, description="Of a promise: by when")
    kept_by: Ids = Field((), description="Of a promise: the claims that say it was kept")
    fulfils: Ids = Field((), description="The promises that this keeps, said from the other side")
    puts_off: Ids = Field((), description="The promises or threats whose keeping this delays")
    states: dict[str, Values] = Field(
        default_factory=dict,
        description="What it says that something is: a time, a date, a number or text; compared with what "
        "other claims and the agenda say of the same thing",
    )
    source: Words = Field(description="The id of the source")
    at: Words | None = Field(None, description="The place in the source, e.g. paragraph 5")
    grade: Grade | None = Field(
        None, description="The grade of this piece of information, where it is not that of its source"
    )
    date: DatedField | None = Field(None, description="When it was said, or when it happened")
    zone: Words | None = Field(
        None, description="Whose clock its times follow: a zone, an offset, or a place of the case"
    )
    via: Words | None = Field(None, description="Who relays it, when it comes at second hand")
    contradicts: Ids = Field((), description="Claims that cannot be true together with this one")
    about: Ids = Field(
        (),
        description="What it bears on: parties, issues, options (territory.swaps), types "
        "(russia.maximalist), inputs (russia.no_deal), meetings and places",
    )
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def nature(self) -> str:
        """Its kind, stated or derived."""
        if self.kind is not None:
            return self.kind
        if self.probability is not None:
            return "forecast"
        return "promise" if self.due is not None or self.kept_by else "statement"


# ------------------------------------------------------------------------------------- what a claim states


@dataclass(frozen=True, slots=True)
class Stated:
    """A value as it was written, and what it is."""

    text: str
    value: Clock | Dated | Lasting | Number | str
    day: dt.date | None = None  # of a time that states none itself
    zone: str = ""

    @property
    def instants(self) -> tuple[dt.datetime, ...]:
        """Of a time: when that is, in UTC; none where clocks skipped it, two where they showed it twice."""
        return (self.value.instants(self.day, self.zone) or ()) if isinstance(self.value, Clock) else ()

    @property
    def whose(self) -> str:
        """Of a time: the zone whose clock shows it."""
        return self.value.zone or self.zone if isinstance(self.value, Clock) else ""

    @property
    def local_day(self) -> dt.date | None:
        return (self.value.day or self.day) if isinstance(self.value, Clock) else None

    def agrees(self, other: Stated) -> bool:
        """Whether both can be true of one thing.

        Times agree as instants, dates and ranges where they overlap; other text must be the same.
        """
        one, two = self.value, other.value
        if isinstance(one, Clock) and isinstance(two, Clock):
            mine, others = self.instants, other.instants
            return bool(set(mine) & set(others)) or not mine or not others
        if isinstance(one, Dated) and isinstance(two, Dated):
            return one.first <= two.last and two.first <= one.last
        if isinstance(one, Dated) and isinstance(two, Clock):
            return other.agrees(self)
        if isinstance(one, Clock) and isinstance(two, Dated):
            day = self.local_day
            return day is None or two.first <= day <= two.last
        if isinstance(one, Number) and isinstance(two, Number):
            return one.low <= two.high and two.low <= one.high
        if isinstance(one, Lasting) and isinstance(two, Lasting):
            return one.least <= two.most and two.least <= one.most
        return _folded(self.text) == _folded(other.text)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def stated(text: str, day: dt.date | None = None, zone: str = "") -> Stated:
    """A value that a claim states: a time, a length of time, a number, a date, or text.

    A number of four digits is a number, not a year; write dates with their month.

    Raises
    ------
    ValueError
        On a time that no clock shows.
    """
    clock = read_clock(text)
    if clock is not None:
        return Stated(text, clock, day, zone)
    if (lasting := read_lasting(text)) is not None:
        return Stated(text, lasting)
    try:
        return Stated(text, parse_number(text))
    except NumberProblem:
        pass
    return Stated(text, read_dated(text) or text)


def clock_of(zone: str | None, places: Iterable[tuple[str, str | None]]) -> str:
    """The zone that a claim names: its own, or that of a place; empty where there is none."""
    return dict(places).get(zone or "") or zone or ""
