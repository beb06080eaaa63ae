"""Where can they meet: whose people can travel to which place?

For each place that is thought of and each party: the warrants, the bars with their waivers, and whether they
hold there on the day; the distance from home and the hours between the clocks. All of it is stated in the
case. Flags stand beside each other; none is weighed, summed or ranked. What is not stated is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from winset.case.agenda import Bar, Court, Place, Warrant
from winset.case.clock import Dated, zone_of
from winset.case.model import Case
from winset.compiled import Compiled
from winset.errors import QuestionError
from winset.kernels.sphere import great_circle
from winset.lenses.agenda import day_of
from winset.lenses.results import NotComputed, Result

__all__ = ["Flag", "Journey", "PlaceView", "VenueResult", "venue"]

Status = Literal["in force", "waived", "not in force", "unknown"]


@dataclass(frozen=True, slots=True)
class Flag(Result):
    """A legal fact about a party's people at a place."""

    kind: Literal["warrant", "bar"]
    status: Status
    person: str | None
    of: str  # the court, or the state that bars
    what: str | None  # of a bar
    member: Literal["member", "not a member", "unknown"] | None  # of a warrant: the place's state
    since: str | None  # of the warrant or the bar
    until: str | None
    waived_since: str | None
    waived_until: str | None
    member_until: str | None  # where a membership is known to end
    attends: bool | None  # whether the person is among the participants; None where nobody is named
    because: tuple[str, ...]
    source: str | None  # of the list of members
    as_of: str | None  # the day of that list


@dataclass(frozen=True, slots=True)
class Journey(Result):
    """A party's way to a place."""

    party: str
    home: str | None
    km: float | NotComputed  # along the great circle
    hours: float | NotComputed  # by which the clock there is ahead of the one at home
    same_state: bool | None  # whether the place is in the state of its home; None where one is not known
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class PlaceView(Result):
    """A place to meet, with every party's way there."""

    place: str
    country: str | None
    day: str | None  # against which flags are held
    meetings: tuple[str, ...]  # of the agenda that are held here
    journeys: tuple[Journey, ...]
    symbols: tuple[str, ...]
    because: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class VenueResult(Result):
    """The places in the order of the case; none is ranked."""

    places: tuple[PlaceView, ...] | NotComputed
    parties: tuple[str, ...]
    day: str | None


def venue(case: Case | Compiled, *, day: str | dt.date | None = None) -> VenueResult:
    """The legal flags, distances and clocks of the places to meet.

    Parameters
    ----------
    day
        The day to hold flags against; by default that of the first meeting at the place, else of the first
        meeting of the agenda, else the day of the case.

    Raises
    ------
    QuestionError
        If ``day`` is no date.

    Notes
    -----
    Looked at are the places marked ``candidate``, or all where none is. A state that a court's lists do not
    name is unknown: that it is not a member is a fact to be stated like any other.
    """
    inner = case.case if isinstance(case, Compiled) else case
    on = _day(day)
    parties = tuple(p for p, party in inner.parties.items() if _travels(inner, p) or party.home is not None)
    if not inner.places:
        because = (
            "the case names no places; they go under places, with country, zone and coordinates, and what "
            "bars whom from where under legal"
        )
        return VenueResult(NotComputed(because), parties, None if on is None else str(on))
    names = [n for n, p in inner.places.items() if p.candidate] or list(inner.places)
    whole = on or day_of(inner)
    views = tuple(_view(inner, name, inner.places[name], parties, on) for name in names)
    return VenueResult(views, parties, None if whole is None else str(whole))


def _day(day: str | dt.date | None) -> dt.date | None:
    if day is None or isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise QuestionError(f'the day is "{day}"; write it as YYYY-MM-DD, e.g. 2025-08-15') from None


def _travels(case: Case, party: str) -> bool:
    legal = case.legal
    against = (
        [w.against for w in legal.warrants] + [b.against for b in legal.bars] if legal is not None else []
    )
    return party in against or any(party in item.who() for item in case.agenda.values())


def _view(case: Case, name: str, place: Place, parties: tuple[str, ...], day: dt.date | None) -> PlaceView:
    on = day or day_of(case, name)
    held = tuple(n for n, item in case.agenda.items() if name in item.places())
    journeys = tuple(_journey(case, party, place, on) for party in parties)
    return PlaceView(
        name,
        place.country,
        None if on is None else str(on),
        held,
        journeys,
        place.symbols,
        place.because,
        place.note,
    )


def _journey(case: Case, party: str, place: Place, on: dt.date | None) -> Journey:
    home = case.parties[party].home
    start = case.places[home] if home is not None else None
    same = None
    if start is not None and start.country is not None and place.country is not None:
        same = start.country == place.country
    flags = tuple(_flags(case, party, place, on))
    return Journey(party, home, _km(start, place), _hours(start, place, on), same, flags)


def _km(start: Place | None, end: Place) -> float | NotComputed:
    if start is None or start.coordinates is None or end.coordinates is None:
        return NotComputed("the home or the place has no coordinates")
    return float(great_circle(start.coordinates, end.coordinates))


def _hours(start: Place | None, end: Place, on: dt.date | None) -> float | NotComputed:
    if start is None or start.zone is None or end.zone is None:
        return NotComputed("the home or the place has no clock")
    if on is None:
        return NotComputed("no day is known on which to compare the clocks")
    noon = dt.datetime.combine(on, dt.time(12), dt.UTC)
    ahead = []
    for zone in (end.zone, start.zone):
        known = zone_of(zone)
        assert known is not None
        offset = noon.astimezone(known).utcoffset()
        assert offset is not None
        ahead.append(offset.total_seconds() / 3600)
    return ahead[0] - ahead[1]


# ------------------------------------------------------------------------------------------------- flags


def _flags(case: Case, party: str, place: Place, on: dt.date | None) -> Iterator[Flag]:
    legal = case.legal
    if legal is None:
        return
    for warrant in legal.warrants:
        if warrant.against == party:
            yield _warrant(case, warrant, legal.courts[warrant.court], place, on)
    for bar in legal.bars:
        if bar.against == party and bar.country == place.country:
            yield _bar(case, bar, on)


def _holds(since: Dated | None, until: Dated | None, on: dt.date | None) -> bool | None:
    """Whether a period covers a day; None where that cannot be told. An end left out is open."""
    if on is None:
        return None if since is not None or until is not None else True
    if (since is not None and on < since.first) or (until is not None and on > until.last):
        return False
    if (since is not None and on < since.last) or (until is not None and on > until.first):
        return None  # within a month or a year whose day is not known
    return True


def _warrant(case: Case, warrant: Warrant, court: Court, place: Place, on: dt.date | None) -> Flag:
    member: Literal["member", "not a member", "unknown"] = "unknown"
    ends = None
    membership = court.members.get(place.country or "")
    because = [*warrant.because, *court.because]
    if membership is not None:
        covers = _holds(membership.since, membership.until, on)
        member = "unknown" if covers is None else "member" if covers else "not a member"
        ends = membership.until
        because += membership.because
    elif place.country in court.not_members:
        member = "not a member"
    holds = _holds(warrant.since, warrant.until, on)
    status: Status = "unknown"
    if holds is False or member == "not a member":
        status = "not in force"
    elif holds and member == "member":
        status = "in force"
    return Flag(
        "warrant",
        status,
        warrant.person,
        warrant.court,
        None,
        member,
        _text(warrant.since),
        _text(warrant.until),
        None,
        None,
        _text(ends),
        _attends(case, warrant.against, warrant.person),
        tuple(dict.fromkeys(because)),
        court.source,
        _text(court.as_of),
    )


def _bar(case: Case, bar: Bar, on: dt.date | None) -> Flag:
    holds = _holds(bar.since, bar.until, on)
    status: Status = "unknown" if holds is None else "in force" if holds else "not in force"
    waivers = [(w, _holds(w.since, w.until, on)) for w in bar.waivers]
    waiver = next((w for w, covers in waivers if covers), None)
    if status == "in force" and waiver is not None:
        status = "waived"
    elif status == "in force" and any(covers is None for _, covers in waivers):
        status = "unknown"
    shown = waiver or (bar.waivers[0] if bar.waivers else None)
    because = [*bar.because, *(shown.because if shown else ())]
    return Flag(
        "bar",
        status,
        bar.person,
        bar.country,
        bar.what,
        None,
        _text(bar.since),
        _text(bar.until),
        _text(shown.since if shown else None),
        _text(shown.until if shown else None),
        None,
        _attends(case, bar.against, bar.person),
        tuple(dict.fromkeys(because)),
        None,
        None,
    )


def _attends(case: Case, party: str, person: str | None) -> bool | None:
    named = [item.participants[party] for item in case.agenda.values() if party in item.participants]
    if person is None or not named:
        return None
    return any(person in people for people in named)


def _text(dated: Dated | None) -> str | None:
    return None if dated is None else dated.text
