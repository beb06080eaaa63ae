"""The lens venue: flags of law on their day, distances, clocks; nothing is weighed, nothing is assumed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from winset import load, read_data, venue
from winset.errors import QuestionError
from winset.lenses import NotComputed
from winset.lenses.venue import Flag, PlaceView, VenueResult

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"


def places(result: VenueResult) -> dict[str, PlaceView]:
    assert not isinstance(result.places, NotComputed)
    return {view.place: view for view in result.places}


def flags(view: PlaceView, party: str) -> tuple[Flag, ...]:
    return next(j for j in view.journeys if j.party == party).flags


def test_alaska_the_warrant_binds_members_of_the_court_only() -> None:
    found = places(venue(load(ALASKA)))
    told = {
        name: [(f.kind, f.status, f.member) for f in flags(view, "russia")] for name, view in found.items()
    }
    member = [("warrant", "in force", "member")]
    other = [("warrant", "not in force", "not a member")]
    assert told == {
        "base": [*other, ("bar", "waived", None)],
        "helsinki": member,
        "geneva": member,
        "budapest": member,
        "istanbul": other,
        "riyadh": other,
    }
    assert not any(flags(view, p) for view in found.values() for p in ("usa", "ukraine", "europe"))
    (warrant,) = flags(found["budapest"], "russia")
    assert (warrant.person, warrant.attends, warrant.member_until) == ("president", True, "2026-06-01")
    assert "hungary-leaves" in warrant.because
    assert found["base"].meetings == ("leaders alone", "working lunch")


@pytest.mark.parametrize(
    ("day", "budapest", "base"),
    [
        ("2023-03-16", "not in force", "waived"),  # before the warrant; the waiver states no beginning
        ("2025-08-15", "in force", "waived"),
        ("2025-08-19", "in force", "waived"),
        ("2025-08-20", "in force", "in force"),
        ("2026-06-01", "in force", "in force"),
        ("2026-06-02", "not in force", "in force"),  # Hungary has left
    ],
)
def test_alaska_on_another_day(day: str, budapest: str, base: str) -> None:
    found = places(venue(load(ALASKA), day=day))
    assert [f.status for f in flags(found["budapest"], "russia")] == [budapest]
    assert flags(found["base"], "russia")[1].status == base
    assert found["base"].day == day


def test_alaska_distances_and_clocks() -> None:
    journeys = {(v.place, j.party): j for v in places(venue(load(ALASKA))).values() for j in v.journeys}
    assert journeys["helsinki", "russia"].km == pytest.approx(893, abs=3)  # Moscow to Helsinki by any map
    assert journeys["base", "russia"].hours == -11
    assert journeys["base", "usa"].hours == -4
    assert journeys["base", "usa"].same_state is True
    assert journeys["riyadh", "usa"].same_state is False


def data(**more: Any) -> dict[str, Any]:
    return {
        "winset": 1,
        "title": "x",
        "as_of": "2025-08-15",
        "parties": {"a": {}, "b": {"home": "there"}},
        "consent": "a",
        "issues": {"i": {"options": ["l", "r"]}},
        "preferences": {"a": {"weights": {"i": 1}, "scores": {"i": {"l": 1, "r": 2}}, "no_deal": 1}},
        "places": {"here": {"country": "Landia"}, "there": {"country": "Farland", "coordinates": [0, 0]}},
        **more,
    }


def ask(legal: dict[str, Any], day: str | dt.date | None = None, **more: Any) -> tuple[Flag, ...]:
    found = places(venue(read_data(data(legal=legal, **more)), day=day))
    return flags(found["here"], "a")


def warrant(court: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"courts": {"c": {"members": [], **court}}, "warrants": [{"court": "c", "against": "a", **more}]}


@pytest.mark.parametrize(
    ("court", "status", "member"),
    [
        ({"members": ["Landia"]}, "in force", "member"),
        ({"not_members": ["Landia"]}, "not in force", "not a member"),
        ({"members": ["Farland"]}, "unknown", "unknown"),  # what is not listed is not known
        ({"members": {"Landia": {"since": "2025-09"}}}, "not in force", "not a member"),
        ({"members": {"Landia": {"since": "2025-08"}}}, "unknown", "unknown"),  # on some day of that month
        ({"members": {"Landia": {"until": "2025-08-15"}}}, "in force", "member"),
        ({"members": {"Landia": {"until": "2025-08-14"}}}, "not in force", "not a member"),
    ],
)
def test_membership(court: dict[str, Any], status: str, member: str) -> None:
    (flag,) = ask(warrant(court))
    assert (flag.status, flag.member) == (status, member)


def bar(*waivers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "bars": [{"country": "Landia", "against": "a", "what": "visas", "waivers": list(waivers), **more}]
    }


@pytest.mark.parametrize(
    ("legal", "status"),
    [
        (bar(), "in force"),
        (bar(since="2026"), "not in force"),
        (bar(until="2025-08"), "unknown"),
        (bar({}), "waived"),
        (bar({"since": "2025-08-15", "until": "2025-08-15"}), "waived"),
        (bar({"until": "2025-08-14"}), "in force"),
        (bar({"since": "2025-08"}), "unknown"),
        (bar({"until": "2025-08-14"}, {"since": "2025-08-10"}), "waived"),
        (bar({}, since="2026"), "not in force"),
    ],
)
def test_bars_and_waivers(legal: dict[str, Any], status: str) -> None:
    (flag,) = ask(legal)
    assert flag.status == status
    assert flag.kind == "bar"


def test_bars_of_another_state_do_not_stand_here() -> None:
    legal = {"bars": [{"country": "Farland", "against": "a", "what": "visas"}]}
    assert ask(legal) == ()


def test_without_a_day_what_has_dates_is_unknown() -> None:
    body = data(legal=warrant({"members": ["Landia"]}, since="2024"))
    del body["as_of"]
    found = places(venue(read_data(body)))
    assert found["here"].day is None
    assert [f.status for f in flags(found["here"], "a")] == ["unknown"]


def test_the_day_of_a_meeting_there_goes_first() -> None:
    agenda = {
        "far": {"place": "there", "starts": "2025-09-01 10:00 UTC", "parties": "a"},
        "near": {"place": "here", "starts": "2025-10-01 10:00 UTC", "parties": "a"},
    }
    found = places(venue(read_data(data(agenda=agenda))))
    assert {name: view.day for name, view in found.items()} == {"here": "2025-10-01", "there": "2025-09-01"}


def test_candidates_only_where_there_are_some() -> None:
    body = data()
    assert list(places(venue(read_data(body)))) == ["here", "there"]
    body["places"]["there"]["candidate"] = True
    assert list(places(venue(read_data(body)))) == ["there"]


def test_what_cannot_be_measured_is_not() -> None:
    (journey,) = places(venue(read_data(data())))["here"].journeys
    assert journey.party == "b"
    assert isinstance(journey.km, NotComputed)
    assert isinstance(journey.hours, NotComputed)


def test_a_day_that_is_none() -> None:
    with pytest.raises(QuestionError, match="YYYY-MM-DD"):
        venue(load(ALASKA), day="tomorrow")


def test_nothing_is_ranked() -> None:
    """The places come in the order of the case, whatever the flags are."""
    names = [n for n, p in load(ALASKA).places.items() if p.candidate]
    assert list(places(venue(load(ALASKA)))) == names
