"""Days, times and zones: what a file may write, and the instants that it means.

Local times become instants by the rules of the zone on that very day (the IANA time zone database, through
``zoneinfo``). A local time may be skipped or shown twice where clocks are put forward or back, and a whole
day may be missing where a country moves to the other side of the date line: Samoa had no 30 December 2011.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from winset.case.fields import WORD_SCHEMA, refused

__all__ = [
    "DATED_FORMS",
    "MOMENT_FORMS",
    "ZONE_FORMS",
    "Clock",
    "Dated",
    "DatedField",
    "Lasting",
    "LastingField",
    "MomentField",
    "instants",
    "is_offset",
    "offset_text",
    "read_clock",
    "read_dated",
    "read_lasting",
    "zone_names",
    "zone_of",
]

DATED_FORMS = "a day, a month or a year, e.g. 2025-08-15, 2025-08, 2025; a day may have a time"
MOMENT_FORMS = "a day and a time, e.g. 2025-08-15 11:30, with or without a zone after it"
ZONE_FORMS = "a name of the IANA time zone database, e.g. America/Anchorage; UTC; or an offset, e.g. -08:00"

_UTC = ("UTC", "GMT", "Z")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+−-])(\d{1,2})(?::?([0-5]\d))?")
_MOST_OFFSET = dt.timedelta(hours=14)
_DAY = r"(\d{4}-\d\d-\d\d)"
_CLOCK = re.compile(
    rf"(?:{_DAY}[ T]+)?(\d{{1,2}}:\d\d(?::\d\d)?)(?:\s*([A-Za-z+−-][\w/+:−-]*)|\s+local time)?"
)
_PLAIN_CLOCK = re.compile(r"()(\d{4})\s*(UTC|GMT|Z)")  # 1900 GMT, as news agencies print it
_YEARS = range(1800, 3000)


@lru_cache
def zone_names() -> tuple[str, ...]:
    """The names that ``zone_of`` knows; what differs from machine to machine is no name."""
    return tuple(sorted(available_timezones() - {"localtime"}))


@lru_cache(maxsize=1024)
def zone_of(name: str) -> dt.tzinfo | None:
    """A zone by its name or offset; None if there is no such zone."""
    if name in _UTC:
        return dt.UTC
    if found := _OFFSET.fullmatch(name):
        ahead = dt.timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if ahead > _MOST_OFFSET:
            return None
        return dt.timezone(ahead if found[1] == "+" else -ahead)
    if name not in zone_names():  # not by opening a file: the answer is the same on every machine
        return None
    return ZoneInfo(name)


def is_offset(name: str) -> bool:
    """Whether a zone is written as an offset, and so without rules of its own."""
    return _OFFSET.fullmatch(name) is not None


def instants(local: dt.datetime, zone: dt.tzinfo) -> tuple[dt.datetime, ...]:
    """The instants, in UTC, at which clocks of a zone show a local time: one, none (skipped) or two."""
    found = {
        at
        for fold in (0, 1)
        for at in [local.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC)]
        if at.astimezone(zone).replace(tzinfo=None, fold=0) == local
    }
    return tuple(sorted(found))


def offset_text(at: dt.datetime, zone: str) -> str:
    """How far clocks of a known zone are from UTC at an instant, e.g. -08:00."""
    ahead = at.astimezone(zone_of(zone)).utcoffset()
    assert ahead is not None
    minutes = round(ahead.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it was written: its day and its zone where they are given."""

    time: dt.time
    day: dt.date | None = None
    zone: str = ""

    @property
    def text(self) -> str:
        shown = self.time.isoformat("seconds" if self.time.second else "minutes")
        return " ".join(part for part in (str(self.day or ""), shown, self.zone) if part)

    def instants(self, day: dt.date | None, zone: str) -> tuple[dt.datetime, ...] | None:
        """The instants that it means, with the day and zone where it states none; None where one is
        missing or unknown."""
        known = zone_of(self.zone or zone)
        on = self.day or day
        if known is None or on is None or on.year not in _YEARS:
            return None
        return instants(dt.datetime.combine(on, self.time), known)


def read_clock(text: str) -> Clock | None:
    """A text as a time; None if it does not have the form of one.

    Raises
    ------
    ValueError
        On a time or a day that no clock and no calendar shows.
    """
    found = _CLOCK.fullmatch(text.strip()) or _PLAIN_CLOCK.fullmatch(text.strip())
    if not found:
        return None
    day, time, zone = found[1], found[2], found[3] or ""
    if zone.lower() == "local":
        zone = ""
    if ":" not in time:
        time = f"{time[:2]}:{time[2:]}"
    hour, minute, second = (int(part) for part in f"{time}:00".split(":")[:3])
    return Clock(dt.time(hour, minute, second), _day(day) if day else None, zone)


def _day(text: str) -> dt.date:
    day = dt.date.fromisoformat(text)
    if day.year not in _YEARS:
        raise ValueError(f"a year from {_YEARS.start} to {_YEARS.stop - 1} is expected")
    return day


# ------------------------------------------------------------------------------------------------ dates


@dataclass(frozen=True, slots=True)
class Dated:
    """When something was: a year, a month, a day, or a day with a time."""

    text: str
    first: dt.date
    last: dt.date
    clock: Clock | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def day(self) -> dt.date | None:
        """The day, if it is known."""
        return self.first if self.first == self.last else None


def read_dated(text: str) -> Dated | None:
    """A text as a date; None if it is none."""
    try:
        if found := re.fullmatch(r"(\d{4})(?:-(\d\d))?", text):
            year, month = int(found[1]), int(found[2] or 0)
            first = dt.date(year, month or 1, 1)
            last = dt.date(year, month or 12, calendar.monthrange(year, month or 12)[1])
            return Dated(text, first, last)
        if re.fullmatch(_DAY, text):
            day = dt.date.fromisoformat(text)
            return Dated(text, day, day)
        clock = read_clock(text)
    except ValueError:
        return None
    if clock is None or clock.day is None:
        return None
    return Dated(clock.text, clock.day, clock.day, clock)


def _dated(raw: Any) -> Dated:
    found = raw if isinstance(raw, Dated) else read_dated(str(raw))
    if found is None:
        raise refused("not a date", allowed=DATED_FORMS)
    return found


DatedField = Annotated[
    Dated,
    BeforeValidator(_dated),
    PlainSerializer(str),
    WithJsonSchema({**WORD_SCHEMA, "description": DATED_FORMS}),
]


# ------------------------------------------------------------------------------------------- appointments


def _moment(raw: Any) -> Clock:
    if isinstance(raw, Clock):
        return raw
    try:
        found = read_clock(str(raw))
    except ValueError:
        found = None
    if found is None or found.day is None:
        raise refused("not a day with a time", allowed=MOMENT_FORMS)
    return found


MomentField = Annotated[
    Clock,
    BeforeValidator(_moment),
    PlainSerializer(lambda clock: clock.text),
    WithJsonSchema({**WORD_SCHEMA, "description": MOMENT_FORMS}),
]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long something takes: at least and at most so many minutes."""

    text: str
    least: int
    most: int


_UNITS = {"minute": 1, "min": 1, "hour": 60, "h": 60, "day": 24 * 60}
_PART = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)\s*([a-z]+)", re.IGNORECASE)
_LASTING_FORMS = "minutes, hours or days, e.g. 90 minutes, 1 hour 30 minutes, 2 to 3 hours"


def read_lasting(text: str) -> Lasting | None:
    """A text as a length of time; None if it is none."""
    low, between, high = text.strip().partition(" to ")
    most = _minutes(high if between else low)
    least = _minutes(low) if _PART.search(low) else _minutes(f"{low} {high.split()[-1]}" if high else low)
    if least is None or most is None or not 0 < least <= most:
        return None
    return Lasting(" ".join(text.split()), least, most)


def _minutes(text: str) -> int | None:
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).replace("and", "").strip():
        return None
    total = 0.0
    for number, unit in parts:
        unit = unit.lower()
        scale = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
        if scale is None:
            return None
        total += float(number) * scale
    return int(total) if total == int(total) else None


def _lasting(raw: Any) -> Lasting:
    found = raw if isinstance(raw, Lasting) else read_lasting(str(raw))
    if found is None:
        raise refused("not a length of time", allowed=_LASTING_FORMS)
    return found


LastingField = Annotated[
    Lasting,
    BeforeValidator(_lasting),
    PlainSerializer(lambda lasting: lasting.text),
    WithJsonSchema({"type": "string", "description": _LASTING_FORMS}),
]
