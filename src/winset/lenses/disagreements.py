"""Claims that disagree, found by what they state, promise and forecast, and those that the case marks.

Two claims disagree on a thing when what they state of it cannot both be true: times that are different
instants, by the rules of each zone on that day; dates, numbers and lengths that do not overlap; other words.
A meeting of the agenda and an input of the case speak too, as what the case itself says. Nothing is resolved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal

from winset.case.agenda import zones
from winset.case.claims import Claim, Stated, clock_of, stated
from winset.case.clock import Clock, zone_of
from winset.case.model import Case
from winset.case.numbers import Number
from winset.lenses.results import Result

__all__ = ["Disagreement", "Promise", "Side", "disagreements", "promises"]

Kind = Literal["times", "values", "skipped", "twice", "definitions", "probabilities", "promise", "marked"]
_MOST_SIDES = 60  # of one thing that are compared with each other


@dataclass(frozen=True, slots=True)
class Side(Result):
    """What one claim says, or the case itself."""

    claim: str | None  # None where the case says it, at ``where``
    where: str  # path in the case
    says: str  # as it was written
    instants: tuple[str, ...] = ()  # of a time, in UTC
    zone: str = ""  # of a time: whose clock it follows
    clocks: tuple[tuple[str, str], ...] = ()  # the same instant in the zones of all sides and in UTC


@dataclass(frozen=True, slots=True)
class Disagreement(Result):
    """Two claims that cannot both be true, or one that cannot be as it stands."""

    kind: Kind
    thing: str
    sides: tuple[Side, ...]
    minutes: int | None = None  # between two times
    marked: bool = False  # the case says so itself


@dataclass(frozen=True, slots=True)
class Promise(Result):
    """A promise, and what has become of it by the day of the case."""

    claim: str
    due: str | None
    status: Literal["kept", "kept late", "overdue", "put off", "open", "no date", "no day to judge by"]
    by: tuple[str, ...]  # the claims that keep it or put it off
    days: int | None = None  # past its date


# ------------------------------------------------------------------------------------------ what is stated


@dataclass(frozen=True, slots=True)
class _Voice:
    claim: str | None
    where: str
    value: Stated


def _voices(case: Case) -> dict[str, list[_Voice]]:
    """Each thing with all that is said of it."""
    homes = [(name, place.zone) for name, place in case.places.items()]
    out: dict[str, list[_Voice]] = {}
    labels: dict[str, str] = {}
    for name, claim in case.claims.items():
        zone = clock_of(claim.zone, homes)
        day = claim.date.day if claim.date is not None else None
        for thing, values in claim.states.items():
            label = labels.setdefault(" ".join(thing.casefold().split()), thing)
            for value in values:
                voice = _Voice(name, f"claims.{name}.states.{thing}", stated(value, day, zone))
                out.setdefault(label, []).append(voice)
    for label, voices in out.items():
        own = _said_by_the_case(case, label)
        if own is not None:
            voices.append(own)
    return out


def _said_by_the_case(case: Case, thing: str) -> _Voice | None:
    """What the agenda or an input of the case says of a thing, if it names one."""
    meeting, _, what = thing.removeprefix("agenda.").rpartition(".")
    item = case.agenda.get(meeting)
    if item is not None and what in ("starts", "ends"):
        clock = item.starts if what == "starts" else item.ends
        here = zones(item, case.places)
        if clock is not None:
            return _Voice(
                None, f"agenda.{meeting}.{what}", Stated(clock.text, clock, None, here[0] if here else "")
            )
    if item is not None and what == "lasts" and item.lasts is not None:
        return _Voice(None, f"agenda.{meeting}.lasts", Stated(item.lasts.text, item.lasts))
    if item is not None and what == "place" and isinstance(item.place, str):
        return _Voice(None, f"agenda.{meeting}.place", Stated(item.place, item.place))
    path = thing.removeprefix("preferences.")
    number = next((n for p, n, _ in case.numbers() if p == path), None)
    return None if number is None else _Voice(None, path, Stated(number.short(), number))


def _stated(case: Case) -> Iterator[Disagreement]:
    for thing, voices in _voices(case).items():
        for voice in voices:
            yield from _clock_fault(thing, voice)
        groups: list[list[_Voice]] = []  # those who say the same are one side
        for voice in voices[:_MOST_SIDES]:
            same = next((g for g in groups if _same(g[0].value, voice.value)), None)
            if same is None:
                groups.append([voice])
            else:
                same.append(voice)
        for one, two in combinations(groups, 2):
            if not one[0].value.agrees(two[0].value):
                yield _difference(thing, one[0], two[0])


def _same(one: Stated, two: Stated) -> bool:
    if isinstance(one.value, Clock) and isinstance(two.value, Clock):
        return one.instants == two.instants and one.whose == two.whose
    return one.text == two.text


def _clock_fault(thing: str, voice: _Voice) -> Iterator[Disagreement]:
    """A time that clocks of its zone skip, or show twice."""
    value = voice.value
    if isinstance(value.value, Clock) and zone_of(value.whose) is not None and value.local_day is not None:
        many = len(value.instants)
        if many != 1:
            yield Disagreement("twice" if many else "skipped", thing, (_side(voice, ()),))


def _difference(thing: str, one: _Voice, two: _Voice) -> Disagreement:
    first, second = one.value.instants, two.value.instants
    minutes = None
    if first and second:
        minutes = round(min(abs((a - b).total_seconds()) for a in first for b in second) / 60)
    named = ("UTC" if z in ("GMT", "Z") else z for z in (one.value.whose, two.value.whose, "UTC"))
    shown = tuple(dict.fromkeys(named)) if minutes is not None else ()
    kind: Kind = "times" if minutes is not None else "values"
    return Disagreement(kind, thing, (_side(one, shown), _side(two, shown)), minutes)


def _side(voice: _Voice, zones_: tuple[str, ...]) -> Side:
    value = voice.value
    return Side(
        voice.claim,
        voice.where,
        value.text,
        tuple(f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in value.instants),
        value.whose,
        tuple((zone, _shown(value.instants[0], zone)) for zone in zones_ if value.instants),
    )


def _shown(at: dt.datetime, zone: str) -> str:
    known = zone_of(zone)
    assert known is not None
    return f"{at.astimezone(known):%Y-%m-%d %H:%M}"


# --------------------------------------------------------------------------------- forecasts and promises


def _forecasts(case: Case) -> Iterator[Disagreement]:
    """One event under two definitions, or with two probabilities."""
    events: dict[str, list[str]] = {}
    for name, claim in case.claims.items():
        if claim.event is not None and claim.probability is not None:
            key = f"of {claim.of}" if claim.of else _folded(claim.event)
            events.setdefault(key, []).append(name)
    for names in events.values():
        for a, b in combinations(names[:_MOST_SIDES], 2):
            one, two = case.claims[a], case.claims[b]
            thing = one.of or one.event or ""
            if _folded(one.event or "") != _folded(two.event or ""):
                sides = (_says(a, one, one.event), _says(b, two, two.event))
                yield Disagreement("definitions", thing, sides)
            elif not _overlap(one.probability, two.probability):
                sides = (_says(a, one, _odds(one)), _says(b, two, _odds(two)))
                yield Disagreement("probabilities", thing, sides)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _overlap(one: Number | None, two: Number | None) -> bool:
    assert one is not None
    assert two is not None
    ends: tuple[tuple[Fraction, Fraction], ...] = ((one.low, one.high), (two.low, two.high))
    return ends[0] == ends[1]


def _odds(claim: Claim) -> str:
    return claim.probability.short() if claim.probability is not None else ""


def _says(name: str, claim: Claim, text: str | None) -> Side:
    return Side(name, f"claims.{name}", text or claim.says or "")


def promises(case: Case) -> tuple[Promise, ...]:
    """Every promise, in the order of the case."""
    keep: dict[str, list[str]] = {}
    delay: dict[str, list[str]] = {}
    for name, claim in case.claims.items():
        for other in claim.fulfils:
            keep.setdefault(other, []).append(name)
        for other in claim.puts_off:
            delay.setdefault(other, []).append(name)
    out = []
    for name, claim in case.claims.items():
        if claim.nature == "promise":
            kept = tuple(dict.fromkeys((*claim.kept_by, *keep.get(name, ()))))
            out.append(_promise(case, name, claim, kept, tuple(delay.get(name, ()))))
    return tuple(out)


def _promise(case: Case, name: str, claim: Claim, kept: tuple[str, ...], put_off: tuple[str, ...]) -> Promise:
    due = claim.due
    text = due.text if due is not None else None
    if kept:
        dates = [d.first for k in kept if (d := case.claims[k].date) is not None]
        late = (min(dates) - due.last).days if dates and due is not None else 0
        return Promise(name, text, "kept late" if late > 0 else "kept", kept, late if late > 0 else None)
    if due is not None and case.as_of is not None and case.as_of > due.last:
        return Promise(name, text, "overdue", put_off, (case.as_of - due.last).days)
    if put_off:
        return Promise(name, text, "put off", put_off)
    if due is None:
        return Promise(name, None, "no date", ())
    return Promise(name, text, "open" if case.as_of is not None else "no day to judge by", ())


def _broken(case: Case) -> Iterator[Disagreement]:
    """Promises whose date has passed, that were kept late, or that were put off."""
    for promise in promises(case):
        if promise.status in ("overdue", "kept late", "put off"):
            ids = (promise.claim, *promise.by)
            sides = tuple(_says(i, case.claims[i], case.claims[i].says) for i in ids)
            yield Disagreement("promise", promise.claim, sides)


# -------------------------------------------------------------------------------------------------- all


def disagreements(case: Case) -> tuple[Disagreement, ...]:
    """All that is found, and then what the case marks and nothing else has found."""
    found = [*_stated(case), *_forecasts(case), *_broken(case)]
    pairs = {
        frozenset((name, other)): (other, name)
        for name, claim in reversed(case.claims.items())
        for other in claim.contradicts
    }
    out = []
    for one in found:
        both = frozenset(s.claim for s in one.sides if s.claim is not None)
        marked = both in pairs
        pairs.pop(both, None)
        out.append(Disagreement(one.kind, one.thing, one.sides, one.minutes, marked))
    for first, second in reversed(pairs.values()):
        sides = tuple(_says(n, case.claims[n], case.claims[n].says) for n in (first, second))
        out.append(Disagreement("marked", "", sides, marked=True))
    return tuple(out)
