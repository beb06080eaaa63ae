"""The lens agenda: one meeting on every clock, and meetings that may overlap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from winset import agenda, load, read_data
from winset.lenses import NotComputed
from winset.lenses.agenda import AgendaResult

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"
PLACES = {
    "auckland": {"zone": "Pacific/Auckland"},
    "apia": {"zone": "Pacific/Apia"},
    "anchorage": {"zone": "America/Anchorage"},
    "kiritimati": {"zone": "Pacific/Kiritimati"},
}


def ask(items: dict[str, Any], **homes: str) -> AgendaResult:
    data = {
        "winset": 1,
        "title": "x",
        "parties": {p: {"home": homes[p]} if p in homes else {} for p in ("a", "b", "c")},
        "consent": "a",
        "issues": {"i": {"options": ["l", "r"]}},
        "preferences": {"a": {"weights": {"i": 1}, "scores": {"i": {"l": 1, "r": 2}}, "no_deal": 1}},
        "places": PLACES,
        "agenda": items,
    }
    return agenda(read_data(data))


def test_alaska_on_every_clock() -> None:
    result = agenda(load(ALASKA))
    assert not isinstance(result.meetings, NotComputed)
    first = result.meetings[0]
    assert (first.name, first.starts) == ("leaders alone", "2025-08-15T19:30:00Z")
    assert first.there["base"].starts == "2025-08-15 11:30"
    assert {p: c.starts[8:] for p, c in first.at_home.items()} == {
        "usa": "15 15:30",
        "russia": "15 22:30",
        "ukraine": "15 22:30",
        "europe": "15 21:30",
    }
    assert [(c.party, c.people, c.minutes) for c in result.conflicts] == [
        ("usa", ("president",), 60),
        ("russia", ("president",), 60),
    ]


def test_a_call_across_the_date_line() -> None:
    where = {"a": "auckland", "b": "anchorage", "c": "apia"}
    call = {"place": where, "starts": "2025-08-16 12:00 America/Anchorage", "lasts": "45 minutes"}
    result = ask({"call": call}, a="auckland", b="anchorage")
    assert not isinstance(result.meetings, NotComputed)
    (view,) = result.meetings
    assert view.starts == "2025-08-16T20:00:00Z"
    shown = {p: (c.starts, c.ends, c.offset, c.days) for p, c in view.there.items()}
    assert shown == {
        "auckland": ("2025-08-17 08:00", "2025-08-17 08:45", "+12:00", 1),
        "anchorage": ("2025-08-16 12:00", "2025-08-16 12:45", "-08:00", 0),
        "apia": ("2025-08-17 09:00", "2025-08-17 09:45", "+13:00", 1),
    }
    assert set(view.at_home) == {"a", "b"}
    assert result.homeless == ("c",)


def test_a_meeting_through_the_repeated_hour_takes_as_long_as_it_says() -> None:
    """From 0:30 for two hours: when it ends, clocks in Anchorage show 1:30 for the second time."""
    night = {"place": "anchorage", "starts": "2025-11-02 00:30", "lasts": "2 hours", "parties": "a"}
    result = ask({"night": night})
    assert not isinstance(result.meetings, NotComputed)
    (view,) = result.meetings
    assert (view.starts, view.most) == ("2025-11-02T08:30:00Z", "2025-11-02T10:30:00Z")
    assert view.there["anchorage"].ends == "2025-11-02 01:30"


def test_earliest_first_whatever_the_calendars_say() -> None:
    items = {
        "west": {"place": "anchorage", "starts": "2025-08-15 02:00", "parties": "a"},
        "east": {"place": "kiritimati", "starts": "2025-08-15 23:00", "parties": "b"},
    }
    result = ask(items)
    assert not isinstance(result.meetings, NotComputed)
    assert [m.name for m in result.meetings] == ["east", "west"]


@pytest.mark.parametrize(
    ("second", "minutes"),
    [
        ({"starts": "2025-08-15 14:00", "parties": "a"}, 30),
        ({"starts": "2025-08-15 14:00", "lasts": "10 minutes", "parties": "a"}, 10),
        ({"starts": "2025-08-15 14:30", "parties": "a"}, None),
        ({"starts": "2025-08-15 14:00", "parties": "b"}, None),
        ({"starts": "2025-08-15 14:00", "participants": {"a": "Bo"}}, None),
        ({"starts": "2025-08-15 14:00", "participants": {"a": ["Bo", "Ann"]}}, 30),
    ],
)
def test_what_may_overlap(second: dict[str, Any], minutes: int | None) -> None:
    first = {
        "place": "anchorage",
        "starts": "2025-08-15 11:30",
        "lasts": "2 to 3 hours",
        "participants": {"a": "Ann"},
    }
    found = ask(
        {
            "first": first,
            "second": {"place": "apia", **second, "starts": second["starts"] + " America/Anchorage"},
        }
    )
    assert [c.minutes for c in found.conflicts] == ([] if minutes is None else [minutes])


def test_without_an_agenda_it_says_so() -> None:
    result = agenda(load(ALASKA.parent / "litigation.yaml"))
    assert isinstance(result.meetings, NotComputed)
    assert "no agenda" in result.meetings.because
