"""The blocks claims, places, agenda and legal: short forms, there and back, the schema, and edits."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from case.test_schema import parsed
from winset.case import dump, edited, json_schema, loads
from winset.case.agenda import times
from winset.case.claims import Claim
from winset.errors import CaseError

TEXT = """\
winset: 1
title: The ford
as_of: 2025-08-15
sources: {s: {title: A report, date: 2025-08-14, grade: B2}}
claims:
  pledge: {by: north, to: south, kind: promise, says: it will leave, quote: we will leave, due: 2025-07, source: s, grade: C4}
  left: {by: a witness, kind: event, says: they left, source: s, date: 2025-08-02 06:00, zone: hall, fulfils: pledge}
  start: {by: north, says: it starts, source: s, date: 2025-08-15, zone: hall, states: {talks.starts: "11:30", rooms: [two, 2]}, about: [talks, land.ceded, south.calm, north.no_deal, mill]}
  odds: {by: north, of: success, event: they sign, probability: 30%, source: s}
parties: {north: {home: hall}, south: {}, bank: {}}
consent: {all: [north, south]}
issues: {land: {options: [kept, ceded]}}
preferences:
  north: {weights: {land: 1}, scores: {land: {kept: 100, ceded: 0}}, no_deal: 40}
  south: {weights: {land: 1}, scores: {land: {kept: 0, ceded: 100}}, no_deal: 40, types: {calm: {rest: true}}}
places:
  hall: {name: The hall, country: Northland, zone: America/Anchorage, coordinates: [61.25, -149.81], candidate: yes, symbols: [A post of the old war.], because: pledge}
  mill: {country: Southland, zone: "+13:00"}
agenda:
  talks: {place: hall, starts: 2025-08-15 11:30, lasts: 2 to 3 hours, participants: {north: [Ann, Bo], south: Cy}, languages: [A, B], interpreters: one a side, format: leaders alone, because: start, note: x}
  again: {place: hall, starts: 2025-11-02 01:30 -09:00, ends: 2025-11-02 02:15, parties: [north, south]}
  call: {place: {north: hall, south: mill}, starts: 2025-08-16 20:00 UTC}
legal:
  courts: {court: {members: [Northland, Midland], not_members: [Southland], source: s, as_of: 2025-08}}
  warrants: [{court: court, against: south, person: Cy, since: 2024}]
  bars: [{country: Northland, against: south, what: visas, waivers: [{until: 2025-08-31}]}]
"""  # noqa: E501


def test_there_and_back() -> None:
    case = loads(TEXT)
    assert loads(dump(case)) == case
    assert dump(loads(dump(case))) == dump(case)


def test_the_schema_knows_them() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for text in (TEXT, dump(loads(TEXT))):
        plain = parsed(text)
        assert [e.message for e in validator.iter_errors(plain)] == []
    plain["places"]["hall"]["coordinates"] = ["61.25"]
    plain["agenda"]["talks"]["room"] = "blue"
    plain["legal"]["courts"]["court"]["members"] = "Northland"
    assert len(list(validator.iter_errors(plain))) == 3


def test_when_meetings_are() -> None:
    case = loads(TEXT)
    found = {name: times(item, case.places) for name, item in case.agenda.items()}
    assert {n: (f"{t.starts:%d %H:%M}", t.least and f"{t.least:%d %H:%M}", t.most and f"{t.most:%d %H:%M}")
            for n, t in found.items() if t} == {
        "talks": ("15 19:30", "15 21:30", "15 22:30"),
        "again": ("02 10:30", "02 11:15", "02 11:15"),  # the second 1:30 of that night
        "call": ("16 20:00", None, None),
    }  # fmt: skip
    assert case.agenda["call"].where() == {"north": "hall", "south": "mill"}
    assert case.agenda["talks"].who() == ("north", "south")


def test_a_kind_is_derived_where_none_is_stated() -> None:
    case = loads(TEXT)
    natures = {name: c.nature for name, c in case.claims.items()}
    assert natures == {"pledge": "promise", "left": "event", "start": "statement", "odds": "forecast"}
    due = {"by": "x", "says": "y", "source": "s", "due": "2025"}
    assert Claim.model_validate(due).nature == "promise"


def test_an_edit_keeps_the_rest() -> None:
    changed = edited(TEXT, {"agenda.talks.lasts": "1 hour", "legal.bars.1.what": "entry"})
    assert changed == TEXT.replace("2 to 3 hours", "1 hour").replace("what: visas", "what: entry")


def test_equal_however_it_is_spelled() -> None:
    other = TEXT.replace("starts: 2025-08-15 11:30,", "starts: 2025-08-15T11:30:00,")
    assert other != TEXT
    assert loads(other) == loads(TEXT)
    assert loads(other.replace("T11:30:00", "T11:31:00")) != loads(TEXT)


BOTH = "parties: [north, south]}"  # of the meeting that lasts from 10:30 to 11:15 UTC


@pytest.mark.parametrize(
    ("after", "words"),
    [
        # of a party different people may be in two rooms, the same may not
        ("participants: {north: Ann}}\n  too: {%s, participants: {north: Bo}}", ""),
        (
            "participants: {north: Ann}}\n  too: {%s, participants: {north: Ann}}",
            "Ann of north is in two rooms",
        ),
        ("participants: {north: Ann}}\n  too: {%s, parties: north}", "north is in two rooms at once"),
        ("parties: north}\n  too: {%s, participants: {north: Bo}}", "Bo of north is in two rooms at once"),
        # one after the other is fine
        ("parties: north}\n  too: {place: mill, starts: 2025-11-02 11:15 UTC, parties: north}", ""),
        # what may overlap need not
        ("parties: north, note: x}\n  too: {place: mill, starts: 2025-08-15 22:00 UTC, parties: north}", ""),
        # a shorter meeting in between does not hide that the longer one goes on
        (
            "parties: south}\n"
            "  long: {place: mill, starts: 2025-12-01 10:00, lasts: 5 hours, participants: {bank: [Ed]}}\n"
            "  other: {place: mill, starts: 2025-12-01 10:30, lasts: 1 hour, participants: {bank: [Flo]}}\n"
            "  last: {place: mill, starts: 2025-12-01 12:00, lasts: 1 hour, parties: bank}",
            "bank is in two rooms at once: long is not over",
        ),
    ],
)
def test_two_rooms_at_once(after: str, words: str) -> None:
    assert TEXT.count(BOTH) == 1
    text = TEXT.replace(BOTH, after.replace("%s", "place: mill, starts: 2025-11-02 10:40 UTC"))
    if not words:
        assert len(loads(text).agenda) == 4
        return
    with pytest.raises(CaseError, match=words) as caught:
        loads(text)
    assert len(caught.value.faults) == 1


def test_a_short_meeting_does_not_hide_a_long_one() -> None:
    """Both meetings that begin while the long one goes on are told, not only the first."""
    long = "parties: south}\n  long: {place: mill, starts: 2025-12-01 10:00, lasts: 5 hours, parties: bank}\n"
    more = "".join(
        f"  m{hour}: {{place: mill, starts: 2025-12-01 {hour}:00, lasts: 30 minutes, parties: bank}}\n"
        for hour in (11, 13, 16)
    )
    with pytest.raises(CaseError) as caught:
        loads(TEXT.replace(BOTH, long + more.rstrip("\n")))
    assert [f.where for f in caught.value.faults] == ["agenda.m11.starts", "agenda.m13.starts"]


def test_alaska_is_held_when_the_report_says_locally() -> None:
    case = loads((Path(__file__).parents[2] / "cases" / "alaska-2025.yaml").read_text(encoding="utf-8"))
    found = times(case.agenda["leaders alone"], case.places)
    assert found is not None
    assert f"{found.starts:%Y-%m-%d %H:%M}" == "2025-08-15 19:30"
