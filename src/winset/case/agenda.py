"""The blocks ``places``, ``agenda`` and ``legal``: where and when people meet, and who can travel there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from winset.case.clock import Clock, DatedField, LastingField, MomentField
from winset.case.fields import IDS_SCHEMA, WORD_SCHEMA, Frozen, Ids, Words, YesNo, refused

__all__ = [
    "PARTS",
    "AgendaItem",
    "Bar",
    "Court",
    "Legal",
    "Membership",
    "Place",
    "Times",
    "Waiver",
    "Warrant",
    "times",
    "zones",
]

_COORDINATES = "latitude and longitude in degrees, e.g. [61.25, -149.81]; south and west are negative"


def _coordinates(raw: Any) -> tuple[float, float]:
    try:
        north, east = (float(str(part)) for part in raw)
    except (TypeError, ValueError):
        raise refused("not a pair of coordinates", allowed=_COORDINATES) from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise refused("there is no such point on Earth", allowed=_COORDINATES)
    return north, east


Coordinates = Annotated[
    tuple[float, float],
    BeforeValidator(_coordinates),
    PlainSerializer(list),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": ["number", "string"]},
            "minItems": 2,
            "maxItems": 2,
            "description": _COORDINATES,
        }
    ),
]


class Place(Frozen):
    """A place where people meet, or are at home."""

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    country: Words | None = Field(
        None, description="The state or territory it is in, spelled as in legal; flags hang on it"
    )
    zone: Words | None = Field(
        None, description="Its clock: a name of the IANA time zone database, UTC, or an offset"
    )
    coordinates: Coordinates | None = Field(None, description="Its latitude and longitude in degrees")
    candidate: YesNo = Field(False, description="Whether it is thought of as a place to meet")
    symbols: tuple[Words, ...] = Field((), description="What it stands for, to whom")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def _where(raw: Any) -> Any:
    if isinstance(raw, Mapping) and raw and all(isinstance(v, str) and v.strip() for v in raw.values()):
        return dict(raw)
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    raise refused("not a place", allowed="the id of a place, or of a call party to place")


class AgendaItem(Frozen):
    """A meeting: where and when, and who is in the room."""

    starts: MomentField = Field(
        description="The day and time on the clock of the place, e.g. 2025-08-15 11:30; another zone, or the "
        "offset where clocks show a time twice, may be written after it"
    )
    ends: MomentField | None = Field(None, description="When it ends, likewise; or lasts")
    lasts: LastingField | None = Field(None, description="How long it takes, e.g. 90 minutes, 2 to 3 hours")
    place: Annotated[
        str | dict[str, str],
        BeforeValidator(_where),
        WithJsonSchema(
            {
                "anyOf": [
                    WORD_SCHEMA,
                    {"type": "object", "additionalProperties": WORD_SCHEMA, "minProperties": 1},
                ]
            }
        ),
    ] = Field(description="The place; of a call, each party with its place")
    parties: Ids = Field((), description="Who meets, where participants do not say it")
    participants: dict[str, Annotated[tuple[Words, ...], BeforeValidator(
        lambda raw: (raw,) if isinstance(raw, str) else raw
    ), WithJsonSchema(IDS_SCHEMA)]] = Field(
        default_factory=dict, description="Party to the people who come, by name or by role"
    )  # fmt: skip
    languages: tuple[Words, ...] = Field((), description="The languages spoken")
    interpreters: Words | None = Field(None, description="Who interprets, e.g. one from each side")
    format: Words | None = Field(
        None, description="What kind of meeting it is, e.g. leaders alone, with aides, call, shuttle"
    )
    stage: Words | None = Field(
        None, description="The stage of the talks that it is; a label where the case has no stages"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    def who(self) -> tuple[str, ...]:
        """The parties that meet."""
        called = self.place if isinstance(self.place, dict) else ()
        return tuple(dict.fromkeys((*self.parties, *self.participants, *called)))

    def where(self) -> dict[str, str]:
        """Party to the place where it sits."""
        if isinstance(self.place, dict):
            return {p: self.place[p] for p in self.who() if p in self.place}
        return dict.fromkeys(self.who(), self.place)

    def places(self) -> tuple[str, ...]:
        """The places that it is held at."""
        if isinstance(self.place, str):
            return (self.place,)
        return tuple(dict.fromkeys(self.place.values()))


@dataclass(frozen=True, slots=True)
class Times:
    """When a meeting begins and ends, in UTC; where its length is not known, it has no end."""

    starts: dt.datetime
    least: dt.datetime | None  # the earliest end
    most: dt.datetime | None  # the latest

    def sure(self) -> dt.datetime:
        """Until when it lasts for certain."""
        return self.least or self.starts


def times(item: AgendaItem, places: Mapping[str, Place]) -> Times | None:
    """When a meeting is held; None where that cannot be told."""
    starts = _instant(item, item.starts, places)
    if starts is None:
        return None
    if item.ends is not None:
        end = _instant(item, item.ends, places)
        return Times(starts, end, end)
    if item.lasts is not None:
        least, most = item.lasts.least, item.lasts.most
        return Times(starts, starts + dt.timedelta(minutes=least), starts + dt.timedelta(minutes=most))
    return Times(starts, None, None)


def zones(item: AgendaItem, places: Mapping[str, Place]) -> tuple[str, ...]:
    """The zones of the places of a meeting."""
    found = (places[p].zone for p in item.places() if p in places)
    return tuple(dict.fromkeys(z for z in found if z is not None))


def _instant(item: AgendaItem, clock: Clock, places: Mapping[str, Place]) -> dt.datetime | None:
    here = zones(item, places)
    found = clock.instants(None, here[0] if len(here) == 1 else "")
    return found[0] if found is not None and len(found) == 1 else None


class _Period(Frozen):
    since: DatedField | None = Field(None, description="The day from which it holds, where it is known")
    until: DatedField | None = Field(None, description="The last day on which it holds, where it is known")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Membership(_Period):
    """That a state is a member of a court."""


def _members(raw: Any) -> Any:
    if isinstance(raw, list | tuple) and all(isinstance(m, str) for m in raw):
        return {m: {} for m in raw}
    if isinstance(raw, Mapping):
        return {name: {} if body is None else body for name, body in raw.items()}
    raise refused(
        "not a list of states", allowed="a list of names, or a mapping name: {since: ..., until: ...}"
    )


class Court(Frozen):
    """A court whose warrants bind its members."""

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    members: Annotated[dict[str, Membership], BeforeValidator(_members)] = Field(
        description="States that are members: a list, or each with since and until"
    )
    not_members: tuple[Words, ...] = Field(
        (), description="States known not to be; of all others nothing is assumed"
    )
    source: Words | None = Field(None, description="The id of the source of the lists")
    as_of: DatedField | None = Field(None, description="The day for which the lists hold")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Warrant(_Period):
    """A court's warrant against somebody of a party."""

    court: Words = Field(description="The id of the court")
    against: Words = Field(description="The party")
    person: Words | None = Field(None, description="Whom it names, spelled as in participants")


class Waiver(_Period):
    """That a bar is lifted for a time."""


class Bar(_Period):
    """What a state has put in the way of a party's travel: a visa ban, sanctions."""

    country: Words = Field(description="The state that bars, spelled as in places")
    against: Words = Field(description="The party")
    what: Words = Field(description="What is barred")
    person: Words | None = Field(None, description="Whom it names, spelled as in participants")
    waivers: tuple[Waiver, ...] = Field((), description="When it is lifted for a time")


class Legal(Frozen):
    """Legal facts about travel; shown as flags, never weighed against anything."""

    courts: dict[str, Court] = Field(default_factory=dict, description="Courts with their members")
    warrants: tuple[Warrant, ...] = Field((), description="Warrants of these courts")
    bars: tuple[Bar, ...] = Field((), description="Bars of states against parties")


#: The models inside of legal, for messages about unknown keys.
PARTS: Mapping[str, type[BaseModel]] = {
    "courts": Court,
    "members": Membership,
    "warrants": Warrant,
    "bars": Bar,
    "waivers": Waiver,
}
