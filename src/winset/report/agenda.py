"""The meetings on every clock, in words and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from winset.case.model import Case
from winset.lenses.agenda import AgendaResult, LocalTime, MeetingView
from winset.lenses.results import NotComputed
from winset.report.claims import length
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.parts import claim_links
from winset.report.words import and_list, q

__all__ = ["agenda_blocks"]


def agenda_blocks(result: AgendaResult, case: Case) -> list[Block]:
    """The meetings, each in the local time of everybody, and those that may overlap."""
    if isinstance(result.meetings, NotComputed):
        return [Paragraph(f"No meetings are shown: {result.meetings.because}.")]
    out: list[Block] = [_meetings(result.meetings, case), _clocks(result.meetings, case)]
    if result.homeless:
        who = and_list([q(case.name(p)) for p in result.homeless])
        out.append(Paragraph(f"No clock at home is known for {who}.", "note"))
    if result.conflicts:
        items = []
        for c in result.conflicts:
            who = q(case.name(c.party))
            if c.people:
                who = f"{and_list([q(p) for p in c.people])} of {who}"
            items.append(
                f"If {q(c.first)} takes as long as it may, {who} is late for {q(c.second)} or misses up to "
                f"{length(c.minutes)} of it."
            )
        out.append(Bullets(tuple(items)))
    else:
        out.append(Paragraph("No two meetings can overlap for anybody, if they last no longer than stated."))
    return out


def _place(case: Case, place: str) -> str:
    return q(case.places[place].name or place)


def _meetings(meetings: Sequence[MeetingView], case: Case) -> Table:
    rows = []
    for m in meetings:
        people = [
            f"{q(case.name(party))}: {and_list([q(p) for p in m.participants.get(party, ())]) or 'not named'}"
            for party in m.where
        ]
        spoken = and_list([q(language) for language in m.languages])
        lines = [q(m.format)] if m.format else []
        if spoken:
            lines.append(f"in {spoken}" + (f"; {q(m.interpreters)}" if m.interpreters else ""))
        elif m.interpreters:
            lines.append(q(m.interpreters))
        if m.stage:
            lines.append(f"stage: {q(m.stage)}")
        if m.note:
            lines.append(q(m.note))
        places = list(dict.fromkeys(m.where.values()))
        where = [
            f"{_place(case, place)}, {m.there[place].starts}" if place in m.there else _place(case, place)
            for place in places
        ]
        rows.append(
            Row(
                (
                    Cell(q(m.name), lines=tuple(lines), refs=claim_links(case, m.because)),
                    Cell(where[0], lines=tuple(where[1:])),
                    Cell("; ".join(people)),
                    Cell(_lasts(m)),
                )
            )
        )
    return Table(
        "The meetings, earliest first, in the time of the place",
        (Column("Meeting"), Column("Where and when"), Column("Who"), Column("How long", "narrow")),
        (Rows(tuple(rows)),),
    )


def _lasts(meeting: MeetingView) -> str:
    ends = [meeting.least, meeting.most]
    if ends[0] is None or ends[1] is None:
        return "not known"
    start = dt.datetime.fromisoformat(meeting.starts)
    least, most = (
        round((dt.datetime.fromisoformat(e) - start).total_seconds() / 60) for e in ends if e is not None
    )
    return length(least) if least == most else f"{length(least)} to {length(most)}"


def _clocks(meetings: Sequence[MeetingView], case: Case) -> Table:
    """The beginning of each meeting on the clock of each party's home."""
    parties = [p for p in case.parties if any(p in m.at_home for m in meetings)]
    rows = []
    for m in meetings:
        cells = [Cell(q(m.name)), Cell(f"{m.starts[:10]} {m.starts[11:16]}")]
        for party in parties:
            clock = m.at_home[party]
            takes_part = party in m.where
            cells.append(
                Cell(_clock(clock), "" if takes_part else "muted", lines=() if takes_part else ("not in it",))
            )
        rows.append(Row(tuple(cells)))
    heads = []
    for party in parties:
        home = case.parties[party].home
        assert home is not None
        heads.append(Column(q(case.name(party)), note=_place(case, home)))
    return Table(
        "When they begin, on the clock of each party's home",
        (Column("Meeting"), Column("UTC"), *heads),
        (Rows(tuple(rows)),),
        note="By the rules of each time zone on that day.",
    )


def _clock(clock: LocalTime) -> str:
    return f"{clock.starts} ({clock.offset})"
