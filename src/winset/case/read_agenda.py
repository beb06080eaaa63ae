"""Places, meetings and legal facts: whether what they name is there, and whether the times can be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winset.case.agenda import AgendaItem, Legal, Place, Times, times, zones
from winset.case.clock import Clock, instants, is_offset, offset_text, zone_of
from winset.case.read_claims import check_zone
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_agenda"]


def check_agenda(reader: Reader, legal: Legal | None) -> None:
    """Every fault of the places, the agenda and the legal facts, for the reader."""
    places: Mapping[str, Place] = reader.kept.get("places", {})
    for name, place in places.items():
        if place.zone is not None:
            check_zone(reader, ("places", name, "zone"), place.zone)
    for name, party in reader.kept.get("parties", {}).items():
        if party.home is not None:
            _check_place(reader, ("parties", name, "home"), party.home)
    held: list[_Held] = []
    for name, item in reader.kept.get("agenda", {}).items():
        path: Path = ("agenda", name)
        _check_people(reader, path, item)
        _check_rooms(reader, path, item)
        found = _check_times(reader, path, item, places)
        if found is not None:
            held.append(_Held(name, item, found))
    _check_two_rooms(reader, held)
    if legal is not None:
        _check_legal(reader, legal)


def _check_place(reader: Reader, path: Path, place: str) -> None:
    known = reader.names("places")
    if place not in known:
        reader.faults.unknown(path, "place", place, known)


def _check_party(reader: Reader, path: Path, party: str, *, key: bool = False) -> None:
    if party not in reader.parties:
        reader.faults.unknown(path, "party", party, reader.parties, key=key)


def _check_people(reader: Reader, path: Path, item: AgendaItem) -> None:
    for here, party in reader.listed((*path, "parties"), item.parties):
        _check_party(reader, here, party)
    for party, people in item.participants.items():
        _check_party(reader, (*path, "participants", party), party, key=True)
        twice = next((p for n, p in enumerate(people) if p in people[:n]), None)
        if twice is not None:
            reader.faults.add(
                (*path, "participants", party), "somebody is named twice", value=twice, allowed="each once"
            )
    if not item.who():
        reader.faults.add(path, "nobody meets", allowed="parties, or participants: {party: [people]}")
    known = _stages(reader.data.get("stages"))
    if item.stage is not None and known and item.stage not in known:  # without stages it is a label
        reader.faults.unknown((*path, "stage"), "stage", item.stage, known)


def _stages(raw: Any) -> dict[str, None]:
    """The names of the stages, whether they are written as a mapping or as a list."""
    if isinstance(raw, dict):
        return dict.fromkeys(raw)
    listed = raw if isinstance(raw, list) else ()
    return dict.fromkeys(s["name"] for s in listed if isinstance(s, dict) and isinstance(s.get("name"), str))


def _check_rooms(reader: Reader, path: Path, item: AgendaItem) -> None:
    if isinstance(item.place, str):
        _check_place(reader, (*path, "place"), item.place)
        return
    for party, place in item.place.items():
        _check_party(reader, (*path, "place", party), party, key=True)
        _check_place(reader, (*path, "place", party), place)
    left_out = [p for p in item.who() if p not in item.place]
    if left_out:
        reader.faults.add(
            (*path, "place"), f"nothing says where {listing(left_out)} sits", allowed="a place for each party"
        )


# ------------------------------------------------------------------------------------------------ times


def _check_times(reader: Reader, path: Path, item: AgendaItem, places: Mapping[str, Place]) -> Times | None:
    faults = reader.faults
    here = zones(item, places)
    sound = _check_clock(reader, (*path, "starts"), item, item.starts, here, places)
    if item.ends is not None:
        sound &= _check_clock(reader, (*path, "ends"), item, item.ends, here, places)
        if item.lasts is not None:
            faults.add((*path, "lasts"), "either ends or lasts, not both", allowed="one of the two", key=True)
    if not sound:
        return None
    found = times(item, places)
    if found is not None and item.ends is not None and found.sure() <= found.starts:
        faults.add(
            (*path, "ends"),
            "the meeting ends before it begins"
            if found.sure() < found.starts
            else "the meeting takes no time",
            value=item.ends.text,
            allowed=f"a time after {item.starts.text}",
        )
        return None
    return found


def _check_clock(
    reader: Reader,
    path: Path,
    item: AgendaItem,
    clock: Clock,
    here: tuple[str, ...],
    places: Mapping[str, Place],
) -> bool:
    """Whether the time is one instant, on a clock that is known."""
    faults = reader.faults
    if clock.zone and zone_of(clock.zone) is None:
        check_zone(reader, path, clock.zone)
        return False
    if not clock.zone and len(here) != 1:
        known = [p for p in item.places() if p in places]
        if len(known) < len(item.places()) or any(
            z is not None and zone_of(z) is None for z in (places[p].zone for p in known)
        ):
            return False  # told already
        faults.add(
            path,
            f"this may be the time at {listing(known)}" if here else f"{listing(known)} has no zone",
            value=clock.text,
            allowed="a zone after the time" + ("" if here else ", or zone: at the place"),
        )
        return False
    found = clock.instants(None, here[0] if here else "")
    if found is None:
        return False  # the zone of the place is not known; told there
    assert clock.day is not None
    local = dt.datetime.combine(clock.day, clock.time)
    zone = clock.zone or here[0]
    if not found:
        faults.add(
            path,
            f"no clock in {zone} shows this time: it is skipped there",
            value=clock.text,
            allowed="a time that is shown; or a zone or an offset after it",
        )
    elif len(found) == 2:
        offsets = [offset_text(at, zone) for at in found]
        faults.add(
            path,
            f"clocks in {zone} show this time twice",
            value=clock.text,
            allowed=f"the offset after it: {offsets[0]} for the first time, {offsets[1]} for the second",
        )
    elif is_offset(clock.zone) and len(here) == 1 and (own := zone_of(here[0])) is not None:
        if found[0] in instants(local, own):
            return True
        shown = found[0].astimezone(own)
        faults.add(
            path,
            f"{here[0]} does not have this offset then",
            value=clock.text,
            allowed=f"{clock.time:%H:%M} {offset_text(found[0], here[0])}",
            hint=f"at the instant written, clocks there show {shown:%H:%M}",
        )
        return False
    return len(found) == 1


# ------------------------------------------------------------------------------------ two rooms at once


@dataclass(frozen=True, slots=True)
class _Held:
    name: str
    item: AgendaItem
    times: Times


def _people(item: AgendaItem) -> Iterator[tuple[str, str]]:
    """Who is in the room: party and person; "" for a party whose people are not named."""
    for party in item.who():
        for person in item.participants.get(party) or ("",):
            yield party, person


def _check_two_rooms(reader: Reader, held: list[_Held]) -> None:
    """Nobody sits in two rooms at once; a party may, with different people in each."""
    free: dict[str, dict[str, _Held]] = {}  # party -> person -> the meeting that ends last
    for one in sorted(held, key=lambda h: (h.times.starts, h.times.sure())):
        told = False
        for party, person in _people(one.item):
            known = free.setdefault(party, {})
            others = known if person == "" else {k: known[k] for k in ("", person) if k in known}
            clash = next((h for h in others.values() if h is not one and _meet(h.times, one.times)), None)
            if clash is not None and not told:
                told = True
                who = f"{show(person)} of {show(party)}" if person else show(party)
                reader.faults.add(
                    ("agenda", one.name, "starts"),
                    f"{who} is in two rooms at once: {show(clash.name)} is not over",
                    value=one.item.starts.text,
                    allowed="a time after it, other people in participants, or a shorter length",
                    hint=f"{show(clash.name)} starts {clash.item.starts.text}",
                )
            last = known.get(person)
            if last is None or last.times.sure() <= one.times.sure():
                known[person] = one


def _meet(first: Times, second: Times) -> bool:
    """Whether the two overlap for certain; the second does not begin before the first."""
    return second.starts < first.sure() or second.starts == first.starts


# ------------------------------------------------------------------------------------------- legal facts


def _check_legal(reader: Reader, legal: Legal) -> None:
    faults = reader.faults
    for name, court in legal.courts.items():
        path: Path = ("legal", "courts", name)
        reader.check_id(path, name, "courts")
        if court.source is not None and court.source not in reader.sources:
            faults.unknown((*path, "source"), "source", court.source, reader.sources)
        for n, state in enumerate(court.not_members):
            if state in court.members:
                faults.add(
                    (*path, "not_members", n),
                    "this state is listed as a member too",
                    value=state,
                    allowed="a state in one of the two lists; since and until under members say when",
                )
    for n, warrant in enumerate(legal.warrants):
        if warrant.court not in legal.courts:
            faults.unknown(("legal", "warrants", n, "court"), "court", warrant.court, legal.courts)
        _check_party(reader, ("legal", "warrants", n, "against"), warrant.against)
    for n, bar in enumerate(legal.bars):
        _check_party(reader, ("legal", "bars", n, "against"), bar.against)
    for path, period in _periods(legal):
        if period.since and period.until and period.until.last < period.since.first:
            faults.add(
                (*path, "until"),
                "it ends before it begins",
                value=period.until.text,
                allowed=f"{period.since.text} or later",
            )


def _periods(legal: Legal) -> Iterator[tuple[Path, Any]]:
    for name, court in legal.courts.items():
        for state, membership in court.members.items():
            yield ("legal", "courts", name, "members", state), membership
    for n, warrant in enumerate(legal.warrants):
        yield ("legal", "warrants", n), warrant
    for n, bar in enumerate(legal.bars):
        yield ("legal", "bars", n), bar
        for m, waiver in enumerate(bar.waivers):
            yield ("legal", "bars", n, "waivers", m), waiver
