"""What happened, was said and is to come, by day: dated claims, meetings, and what falls due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from winset.case.agenda import times
from winset.case.claims import clock_of
from winset.case.clock import Dated
from winset.case.model import Case
from winset.lenses.results import Result

__all__ = ["Entry", "timeline"]


@dataclass(frozen=True, slots=True)
class Entry(Result):
    """One thing with a date."""

    kind: Literal["claim", "due", "meeting", "warrant", "waiver"]
    name: str  # the claim's or meeting's id; of a warrant or waiver its path
    nature: str  # of a claim: statement, event, ...; else empty
    when: str  # as it was written
    first: str  # the first day that it may mean
    last: str
    instant: str | None  # in UTC, where the time is known
    parties: tuple[str, ...]
    text: str  # the case's own words


def timeline(case: Case) -> tuple[Entry, ...]:
    """Everything with a date of its own, earliest first."""
    homes = [(name, place.zone) for name, place in case.places.items()]
    out: list[Entry] = []
    for name, claim in case.claims.items():
        parties = _parties(case, (claim.by, claim.to, *claim.about))
        text = claim.says or claim.event or ""
        if claim.date is not None:
            clock = claim.date.clock
            found = (clock.instants(None, clock_of(claim.zone, homes)) or ()) if clock is not None else ()
            at = found[0] if len(found) == 1 else None
            out.append(_entry("claim", name, claim.nature, claim.date, parties, text, at))
        if claim.due is not None:
            out.append(_entry("due", name, claim.nature, claim.due, parties, text))
    for name, item in case.agenda.items():
        found_times = times(item, case.places)
        at = None if found_times is None else found_times.starts
        day = item.starts.day
        assert day is not None
        when = Dated(item.starts.text, day, day)
        out.append(_entry("meeting", name, "", when, item.who(), item.format or name, at))
    if case.legal is not None:
        for n, warrant in enumerate(case.legal.warrants, 1):
            told = any((d := case.claims[c].date) is not None and d == warrant.since for c in warrant.because)
            if warrant.since is not None and not told:
                who = (warrant.against,)
                path, text = f"legal.warrants.{n}", warrant.person or warrant.against
                out.append(_entry("warrant", path, warrant.court, warrant.since, who, text))
        for n, bar in enumerate(case.legal.bars, 1):
            for m, waiver in enumerate(bar.waivers, 1):
                for edge in (waiver.since, waiver.until):
                    if edge is not None:
                        which = "until" if edge is waiver.until else "since"
                        path = f"legal.bars.{n}.waivers.{m}"
                        out.append(_entry("waiver", path, which, edge, (bar.against,), bar.what))
    return tuple(sorted(out, key=_order))


def _entry(
    kind: Literal["claim", "due", "meeting", "warrant", "waiver"],
    name: str,
    nature: str,
    when: Dated,
    parties: tuple[str, ...],
    text: str,
    at: dt.datetime | None = None,
) -> Entry:
    instant = f"{at:%Y-%m-%dT%H:%M:%SZ}" if at is not None else None
    return Entry(kind, name, nature, when.text, str(when.first), str(when.last), instant, parties, text)


def _parties(case: Case, names: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(p for p in case.parties if p in names)


def _order(entry: Entry) -> tuple[str, str, str]:
    return entry.first, entry.instant or entry.first, entry.last
