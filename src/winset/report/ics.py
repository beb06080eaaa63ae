"""The agenda as an iCalendar file (RFC 5545), for the calendars of those who meet.

Times are in UTC, which every calendar shows in its owner's zone; the local times are told in the description.
The same case gives the same bytes: the time stamp is the day of the case, and the UID follows from the case's
title and the meeting's name, so that a later export replaces the entry rather than doubling it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from importlib.util import find_spec
from typing import TYPE_CHECKING

from winset.case.model import Case
from winset.errors import QuestionError
from winset.lenses.agenda import AgendaResult, MeetingView
from winset.lenses.results import NotComputed
from winset.report.words import and_list

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["calendar"]


def calendar(result: AgendaResult, case: Case) -> bytes:
    """The meetings as an iCalendar file.

    Raises
    ------
    QuestionError
        If the library that writes it is not installed, or there are no meetings.
    """
    if isinstance(result.meetings, NotComputed):
        raise QuestionError(f"there is nothing to export: {result.meetings.because}")
    if find_spec("icalendar") is None:
        raise QuestionError(
            "writing a calendar needs icalendar, which is not installed; "
            "this installs it:  pip install 'winset[agenda]'"
        )
    from icalendar import Calendar

    book = Calendar()
    book.add("prodid", "-//Winset//agenda//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    for meeting in result.meetings:
        book.add_component(_event(meeting, case))
    return bytes(book.to_ical())


def _event(meeting: MeetingView, case: Case) -> Event:
    from icalendar import Event

    event = Event()
    starts = dt.datetime.fromisoformat(meeting.starts)
    stamp = dt.datetime.combine(case.as_of, dt.time(), dt.UTC) if case.as_of is not None else starts
    key = f"{case.title}\n{meeting.name}".encode()
    event.add("uid", f"{hashlib.sha256(key).hexdigest()[:32]}@winset")
    event.add("dtstamp", stamp)
    event.add("dtstart", starts)
    if meeting.most is not None:
        event.add("dtend", dt.datetime.fromisoformat(meeting.most))
    event.add("summary", f"{meeting.name} ({case.title})")
    event.add("location", "; ".join(_place(case, p) for p in dict.fromkeys(meeting.where.values())))
    event.add("description", "\n".join(_lines(meeting, case)))
    places = [case.places[p].coordinates for p in dict.fromkeys(meeting.where.values())]
    if len(places) == 1 and places[0] is not None:
        event.add("geo", places[0])
    return event


def _place(case: Case, place: str) -> str:
    found = case.places[place]
    return (found.name or place) + (f", {found.country}" if found.country else "")


def _lines(meeting: MeetingView, case: Case) -> list[str]:
    """Who meets, in which format, and the local time of everybody."""
    out = [meeting.format] if meeting.format else []
    for party in meeting.where:
        people = and_list(meeting.participants.get(party, ()))
        out.append(f"{case.name(party)}: {people}" if people else case.name(party))
    if meeting.languages:
        out.append(f"Languages: {and_list(meeting.languages)}")
    if meeting.interpreters:
        out.append(f"Interpreters: {meeting.interpreters}")
    for place, clock in meeting.there.items():
        out.append(f"{clock.starts} in {_place(case, place)} ({clock.offset})")
    for party, clock in meeting.at_home.items():
        out.append(f"{clock.starts} at home for {case.name(party)} ({clock.offset})")
    if meeting.least != meeting.most:
        out.append("How long it takes is not certain; the latest end is entered.")
    if meeting.note:
        out.append(meeting.note)
    return out
