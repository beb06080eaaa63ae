"""The claims of a case: whether what they name is there, and whether their times can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from winset.case.claims import Claim, Stated, stated
from winset.case.clock import MOMENT_FORMS, ZONE_FORMS, Clock, zone_names, zone_of
from winset.case.plain import items
from winset.case.read_numbers import uncertain_numbers
from winset.case.text import Path, closest

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_claims", "check_zone", "zone_at"]


def check_claims(reader: Reader) -> None:
    """Every fault of the claims, for the reader."""
    claims: Mapping[str, Claim] = reader.kept.get("claims", {})
    subjects = dict.fromkeys(_subjects(reader)) if any(c.about for c in claims.values()) else {}
    for name, claim in claims.items():
        path: Path = ("claims", name)
        if claim.source not in reader.sources:
            reader.faults.unknown((*path, "source"), "source", claim.source, reader.sources)
        _check_forecast(reader, path, claim)
        _check_promise(reader, path, claim)
        _check_links(reader, path, name, claim)
        for here, thing in reader.listed((*path, "about"), claim.about):
            if thing not in subjects:
                reader.faults.unknown(
                    here, "party, issue, option, type, input, meeting or place", thing, subjects
                )
        _check_times(reader, path, claim)


def _subjects(reader: Reader) -> Iterator[str]:
    """All that a claim may be about."""
    yield from reader.parties
    for issue, options in reader.options.items():
        yield issue
        yield from (f"{issue}.{option}" for option in options or ())
    for party, body in items(reader.data.get("preferences")):
        yield from (f"{party}.{name}" for name, _ in items(items(body) and body.get("types")))
    for section in ("agenda", "places", "bodies", "decisions", "offers", "threats"):
        yield from reader.names(section)
    yield from uncertain_numbers(reader)


def _check_forecast(reader: Reader, path: Path, claim: Claim) -> None:
    faults = reader.faults
    if claim.says is None and claim.event is None:
        faults.add(path, "the claim says nothing", allowed="says, or event with probability")
    if claim.probability is not None and claim.event is None:
        faults.add((*path, "probability"), "a probability needs an event", allowed="event: text")
    if claim.event is not None and claim.probability is None and claim.says is None:
        faults.add(path, "a forecast needs a probability", allowed="probability: 25%")
    if claim.kind == "forecast" and claim.event is None:
        faults.add(
            (*path, "kind"), "a forecast needs an event", allowed="event: text, so that it can be scored"
        )
    if claim.of is not None and claim.event is None:
        faults.add((*path, "of"), "only a forecast is of something", allowed="event: text, beside it")


def _check_promise(reader: Reader, path: Path, claim: Claim) -> None:
    if claim.nature != "promise" and (claim.due or claim.kept_by):
        key = "due" if claim.due else "kept_by"
        reader.faults.add(
            (*path, key),
            f"a {claim.nature} is not kept or broken",
            value=claim.nature,
            allowed="kind: promise",
        )


def _check_links(reader: Reader, path: Path, name: str, claim: Claim) -> None:
    """The claims that this one names are there, and are another one."""
    claims: Mapping[str, Claim] = reader.kept.get("claims", {})
    for key in ("contradicts", "kept_by", "fulfils", "puts_off"):
        for here, other in reader.listed((*path, key), getattr(claim, key)):
            if other not in reader.claims:
                reader.faults.unknown(here, "claim", other, reader.claims)
            elif other == name:
                what = {"contradicts": "contradict", "puts_off": "put off"}.get(key, "keep")
                reader.faults.add(here, f"a claim cannot {what} itself", value=other)
            elif key in ("fulfils", "puts_off") and other in claims and claims[other].nature != "promise":
                reader.faults.add(
                    here,
                    f"'{other}' is a {claims[other].nature}, not a promise",
                    allowed="a claim with kind: promise",
                )


def _check_times(reader: Reader, path: Path, claim: Claim) -> None:
    """Every time has a day and a zone that is known."""
    zone = zone_at(reader, claim.zone)
    if claim.zone is not None and zone is None:
        check_zone(reader, (*path, "zone"), claim.zone, places=True)
    day = claim.date.day if claim.date is not None else None
    if claim.date is not None and claim.date.clock is not None:
        _check_clock(reader, (*path, "date"), claim.date.clock, day, claim.zone)
    for thing, values in claim.states.items():
        for here, value in reader.listed((*path, "states", thing), values):
            try:
                found: Stated = stated(value)
            except ValueError:
                reader.faults.add(here, "no clock shows this time", value=value, allowed=MOMENT_FORMS)
                continue
            if isinstance(found.value, Clock):
                _check_clock(reader, here, found.value, found.value.day or day, claim.zone)


def _check_clock(reader: Reader, path: Path, clock: Clock, day: object, zone: str | None) -> None:
    if clock.zone:
        check_zone(reader, path, clock.zone)
    elif zone is None:
        reader.faults.add(
            path,
            "nothing says whose clock shows this time",
            value=clock.text,
            allowed="a zone after the time, or zone: beside it",
        )
    if day is None:
        reader.faults.add(
            path,
            "nothing says on which day",
            value=clock.text,
            allowed="a day before the time, or date: a day",
        )


def zone_at(reader: Reader, zone: str | None) -> str | None:
    """A zone by its name, or that of the place of this name; None if there is none."""
    if zone is None:
        return None
    place = reader.kept.get("places", {}).get(zone)
    name = place.zone if place is not None else zone
    return name if name and zone_of(name) else None


def check_zone(reader: Reader, path: Path, zone: str, *, places: bool = False) -> None:
    if zone_of(zone) is not None:
        return
    if places and zone in reader.names("places"):
        reader.faults.add(path, "this place has no known zone", value=zone, allowed="zone: at the place")
        return
    reader.faults.add(
        path,
        "unknown time zone",
        value=zone,
        allowed=ZONE_FORMS + (", or the id of a place" if places else ""),
        hint=lambda: closest(zone, zone_names()),
    )
