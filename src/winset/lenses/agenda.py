"""Who meets whom where and when, and what time is that for each of them?

Every meeting in UTC, on the clock of each place, and on the clock of each party's home, by the rules of the
IANA time zone database on that day. Meetings that are certain to keep somebody in two rooms are refused when
the case is read; those that may are listed here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from winset.case.agenda import AgendaItem, Times, times
from winset.case.clock import offset_text, zone_of
from winset.case.model import Case
from winset.compiled import Compiled
from winset.lenses.results import NotComputed, Result

__all__ = ["AgendaResult", "Conflict", "LocalTime", "MeetingView", "agenda", "day_of"]


@dataclass(frozen=True, slots=True)
class LocalTime(Result):
    """A meeting on one clock."""

    zone: str
    starts: str  # local, e.g. 2025-08-15 11:30
    ends: str | None  # the latest end
    offset: str  # from UTC, e.g. -08:00
    days: int  # between this calendar's day and UTC's: -1, 0 or 1


@dataclass(frozen=True, slots=True)
class MeetingView(Result):
    """A meeting and its time for everybody."""

    name: str
    format: str | None
    stage: str | None
    where: dict[str, str]  # party -> place
    participants: dict[str, tuple[str, ...]]
    languages: tuple[str, ...]
    interpreters: str | None
    starts: str  # in UTC
    least: str | None  # the earliest end, in UTC; None where the length is not known
    most: str | None
    there: dict[str, LocalTime]  # place -> its clock
    at_home: dict[str, LocalTime]  # party with a home -> the clock there, whether or not it takes part
    because: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Conflict(Result):
    """Two meetings that may overlap for somebody, if the first takes as long as it may."""

    first: str
    second: str
    party: str
    people: tuple[str, ...]  # empty where the people are not named
    minutes: int  # of overlap at most


@dataclass(frozen=True, slots=True)
class AgendaResult(Result):
    """The meetings, earliest first."""

    meetings: tuple[MeetingView, ...] | NotComputed
    conflicts: tuple[Conflict, ...]  # possible overlaps; certain ones make the case invalid
    homes: dict[str, str]  # party -> place
    homeless: tuple[str, ...]  # parties with no home that has a clock


def agenda(case: Case | Compiled) -> AgendaResult:
    """The meetings of a case, with the time of each on every clock that matters."""
    inner = case.case if isinstance(case, Compiled) else case
    homes = {p: party.home for p, party in inner.parties.items() if party.home is not None}
    clocks = {p: zone for p, home in homes.items() if (zone := inner.places[home].zone) is not None}
    homeless = tuple(p for p in inner.parties if p not in clocks)
    if not inner.agenda:
        because = (
            "the case has no agenda; meetings go there, each with a place and its time on that place's clock"
        )
        return AgendaResult(NotComputed(because), (), homes, homeless)
    held = sorted(_held(inner), key=lambda h: (h[2].starts, h[2].sure()))
    views = tuple(_view(inner, name, item, when, clocks) for name, item, when in held)
    return AgendaResult(views, tuple(_conflicts(held)), homes, homeless)


def _held(case: Case) -> Iterator[tuple[str, AgendaItem, Times]]:
    for name, item in case.agenda.items():
        when = times(item, case.places)
        assert when is not None  # the reader has seen to it
        yield name, item, when


def _view(case: Case, name: str, item: AgendaItem, when: Times, clocks: dict[str, str]) -> MeetingView:
    there = {p: zone for p in item.places() if (zone := case.places[p].zone) is not None}
    return MeetingView(
        name,
        item.format,
        item.stage,
        item.where(),
        dict(item.participants),
        item.languages,
        item.interpreters,
        _utc(when.starts),
        None if when.least is None else _utc(when.least),
        None if when.most is None else _utc(when.most),
        {place: _local(when, zone) for place, zone in there.items()},
        {party: _local(when, zone) for party, zone in clocks.items()},
        item.because,
        item.note,
    )


def _utc(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _local(when: Times, zone: str) -> LocalTime:
    known = zone_of(zone)
    assert known is not None
    starts = when.starts.astimezone(known)
    ends = None if when.most is None else f"{when.most.astimezone(known):%Y-%m-%d %H:%M}"
    days = (starts.date() - when.starts.date()).days
    return LocalTime(zone, f"{starts:%Y-%m-%d %H:%M}", ends, offset_text(starts, zone), days)


def _conflicts(held: list[tuple[str, AgendaItem, Times]]) -> Iterator[Conflict]:
    """Pairs of meetings that may overlap for a party, or for people of it."""
    for (a, one, first), (b, two, second) in combinations(held, 2):
        if first.most is None or second.starts >= first.most:
            continue
        for party in one.who():
            if party not in two.who():
                continue
            mine, others = one.participants.get(party, ()), two.participants.get(party, ())
            both = tuple(p for p in mine if p in others)
            if mine and others and not both:
                continue
            last = min(first.most, second.most or first.most)
            yield Conflict(a, b, party, both, round((last - second.starts).total_seconds() / 60))


def day_of(case: Case, place: str | None = None) -> dt.date | None:
    """The day that counts: of the first meeting at a place, else of the first meeting, else of the case."""
    days = sorted(
        (item.starts.day, place in item.places())
        for item in case.agenda.values()
        if item.starts.day is not None
    )
    here = [day for day, at_it in days if at_it]
    return here[0] if here else days[0][0] if days else case.as_of
