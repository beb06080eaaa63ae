"""Where they can meet, in words and tables."""

from __future__ import annotations

from winset.case.model import Case
from winset.lenses.results import NotComputed
from winset.lenses.venue import Flag, Journey, PlaceView, VenueResult
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.parts import claim_links
from winset.report.words import q

__all__ = ["venue_blocks"]


def venue_blocks(result: VenueResult, case: Case) -> list[Block]:
    """Every place with every party's flags, distance and clock; in the order of the case."""
    if isinstance(result.places, NotComputed):
        return [Paragraph(f"No places are shown: {result.places.because}.")]
    day = f"Each is held against {q(result.day)}" if result.day else "No day is known to hold them against"
    text = (
        f"The flags below are facts that the case states, with their sources. {day}. No flag is weighed "
        "against anything, and the order of the places is that of the case. What the case does not "
        "say is unknown."
    )
    table = Table(
        "Who can travel where",
        (
            Column("Party"),
            Column("Flags"),
            Column("From home", "number", note="km, great circle"),
            Column("Clock", "number", note="hours ahead of home"),
        ),
        tuple(_place(view, case) for view in result.places),
    )
    return [Paragraph(text), table]


def _place(view: PlaceView, case: Case) -> Rows:
    place = case.places[view.place]
    title = q(place.name or view.place) + (f", {q(view.country)}" if view.country else "")
    notes = [f"meetings: {', '.join(q(m) for m in view.meetings)}"] if view.meetings else []
    notes += [q(s.rstrip(".")) for s in view.symbols]
    if view.note:
        notes.append(q(view.note.rstrip(".")))
    return Rows(tuple(_journey(j, view, case) for j in view.journeys), title, "; ".join(notes))


def _journey(journey: Journey, view: PlaceView, case: Case) -> Row:
    told = [_flag(flag, view, case) for flag in journey.flags]
    because = tuple(dict.fromkeys(c for flag in journey.flags for c in flag.because))
    strong = any(f.status in ("in force", "unknown") for f in journey.flags)
    return Row(
        (
            Cell(q(case.name(journey.party))),
            Cell(
                told[0] if told else "none stated",
                "mark" if strong else "" if told else "muted",
                lines=tuple(told[1:]),
                refs=claim_links(case, because),
            ),
            Cell("–" if isinstance(journey.km, NotComputed) else _km(journey.km), "number"),
            Cell("–" if isinstance(journey.hours, NotComputed) else _hours(journey.hours), "number"),
        )
    )


def _km(km: float) -> str:
    """To three figures at most: where in a city nobody has said, and the Earth is no sphere."""
    if km < 1:
        return "0"
    step = 10 ** max(0, len(str(int(km))) - 2)
    return f"{round(km / step) * step:,}"


def _hours(hours: float) -> str:
    text = f"{abs(hours):g}"
    return text if hours == 0 else ("+" if hours > 0 else "−") + text


def _flag(flag: Flag, view: PlaceView, case: Case) -> str:
    return _warrant(flag, view, case) if flag.kind == "warrant" else _bar(flag)


def _warrant(flag: Flag, view: PlaceView, case: Case) -> str:
    assert case.legal is not None
    court = q(case.legal.courts[flag.of].name or flag.of)
    whom = f" against {q(flag.person)}" if flag.person else ""
    state = q(view.country) if view.country else "the state"
    text = f"Warrant{whom}, {court}{_period(flag.since, flag.until)}: "
    if flag.member == "member":
        ends = f" until {q(flag.member_until)}" if flag.member_until else ""
        text += f"{state} is a member{ends}"
        text += {
            "in force": ", and the warrant binds it",
            "unknown": "; whether it holds on the day is unknown",
        }.get(flag.status, ", and the warrant does not hold on the day")
    elif flag.member == "not a member":
        text += f"{state} is not a member on the day"
    else:
        text += f"whether {state} is a member is not stated"
    if flag.attends is False:
        text += "; the person is not among the participants"
    return text + _listed(flag)


def _bar(flag: Flag) -> str:
    whom = f" ({q(flag.person)})" if flag.person else ""
    text = f"Bar by {q(flag.of)}{whom}: {q(flag.what or '')}{_period(flag.since, flag.until)}"
    waiver = _period(flag.waived_since, flag.waived_until) or ", for a time that is not stated"
    if flag.status == "waived":
        return f"{text}; waived on the day{waiver}"
    if flag.status == "unknown":
        return f"{text}; whether it holds on the day is unknown"
    if flag.status == "not in force":
        return f"{text}; it does not hold on the day"
    if flag.waived_since or flag.waived_until:
        return f"{text}; a waiver does not cover the day{waiver}"
    return text


def _period(since: str | None, until: str | None) -> str:
    parts = [f"since {q(since)}"] if since else []
    parts += [f"until {q(until)}"] if until else []
    return ", " + " ".join(parts) if parts else ""


def _listed(flag: Flag) -> str:
    return f" (list of {q(flag.as_of)})" if flag.as_of and flag.member != "unknown" else ""
