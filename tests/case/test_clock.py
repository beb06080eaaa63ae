"""Days, times and zones: what may be written, and the instants that it means."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from oracles.clock_oracle import shown_at
from winset.case.claims import stated
from winset.case.clock import (
    instants,
    offset_text,
    read_clock,
    read_dated,
    read_lasting,
    zone_names,
    zone_of,
)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def shown(text: str, zone: str) -> list[str]:
    found = zone_of(zone)
    assert found is not None
    return [f"{at:%Y-%m-%d %H:%M}" for at in instants(dt.datetime.fromisoformat(text), found)]


# The changes of clocks are those of the IANA time zone database.
@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2025-08-15 11:30", "America/Anchorage", ["2025-08-15 19:30"]),  # daylight time, UTC-8
        ("2025-01-15 11:30", "America/Anchorage", ["2025-01-15 20:30"]),  # standard time, UTC-9
        ("2025-03-09 02:30", "America/Anchorage", []),  # put forward at 2:00
        ("2025-03-09 03:00", "America/Anchorage", ["2025-03-09 11:00"]),
        (
            "2025-11-02 01:30",
            "America/Anchorage",
            ["2025-11-02 09:30", "2025-11-02 10:30"],
        ),  # put back at 2:00
        ("2025-03-30 02:30", "Europe/Helsinki", ["2025-03-30 00:30"]),  # there the gap is at 3:00
        ("2025-03-30 03:30", "Europe/Helsinki", []),
        ("2025-10-26 03:30", "Europe/Helsinki", ["2025-10-26 00:30", "2025-10-26 01:30"]),
        ("2025-04-06 01:45", "Australia/Lord_Howe", ["2025-04-05 14:45", "2025-04-05 15:15"]),  # half an hour
        ("2025-10-05 02:15", "Australia/Lord_Howe", []),
        ("2011-12-29 23:59", "Pacific/Apia", ["2011-12-30 09:59"]),  # the last minute east of the date line
        ("2011-12-30 10:00", "Pacific/Apia", []),  # a day that Samoa never had
        ("2011-12-31 00:00", "Pacific/Apia", ["2011-12-30 10:00"]),
        ("2025-08-15 00:00", "Pacific/Kiritimati", ["2025-08-14 10:00"]),  # UTC+14
        ("1994-12-31 12:00", "Pacific/Kiritimati", []),  # its line islands skipped this day
        ("1995-01-01 12:00", "Pacific/Kiritimati", ["1994-12-31 22:00"]),
        ("2025-08-15 12:00", "Asia/Kathmandu", ["2025-08-15 06:15"]),
        ("2025-08-15 12:00", "-08:00", ["2025-08-15 20:00"]),
        ("2025-08-15 12:00", "UTC+5:30", ["2025-08-15 06:30"]),
        ("2025-08-15 12:00", "GMT", ["2025-08-15 12:00"]),
    ],
)
def test_local_times(local: str, zone: str, expected: list[str]) -> None:
    assert shown(local, zone) == expected


def test_one_call_on_three_calendars() -> None:
    """Auckland, Apia and Anchorage: one instant, two days."""
    at = utc("2025-08-16 20:00")
    days = {z: at.astimezone(ZoneInfo(z)) for z in ("Pacific/Auckland", "Pacific/Apia", "America/Anchorage")}
    assert {z: f"{d:%d %H:%M}" for z, d in days.items()} == {
        "Pacific/Auckland": "17 08:00",
        "Pacific/Apia": "17 09:00",
        "America/Anchorage": "16 12:00",
    }
    for zone, local in days.items():
        found = zone_of(zone)
        assert found is not None
        assert instants(local.replace(tzinfo=None), found) == (at,)


@pytest.mark.parametrize("seed", range(8))
def test_against_an_oracle(seed: int) -> None:
    """Random times in random zones, most of them near a change of clocks."""
    rng = random.Random(seed)
    many: dict[int, int] = {}
    for _ in range(250):
        zone = rng.choice([z for z in zone_names() if "/" in z])
        rules = zone_of(zone)
        assert rules is not None
        at = dt.datetime(rng.randint(1950, 2035), 1, 1, tzinfo=dt.UTC) + dt.timedelta(
            minutes=rng.randrange(525_600)
        )
        change = _change(at, rules) if rng.random() < 0.7 else None
        if change is not None:
            at = change + dt.timedelta(minutes=rng.randint(-90, 90))
        local = at.astimezone(rules).replace(tzinfo=None, fold=0)
        local += dt.timedelta(minutes=rng.choice([0, 0, 20, 40, 60]))
        found = instants(local, rules)
        assert set(found) == shown_at(local, zone), (zone, local)
        assert list(found) == sorted(found)
        many[len(found)] = many.get(len(found), 0) + 1
    assert set(many) == {0, 1, 2}  # the sample holds all three


def _change(at: dt.datetime, rules: dt.tzinfo) -> dt.datetime | None:
    """The next change of clocks within a year, to the minute."""
    for day in range(366):
        one, two = at + dt.timedelta(days=day), at + dt.timedelta(days=day + 1)
        if one.astimezone(rules).utcoffset() != two.astimezone(rules).utcoffset():
            while two - one > dt.timedelta(minutes=1):
                middle = one + (two - one) / 2
                if middle.astimezone(rules).utcoffset() == one.astimezone(rules).utcoffset():
                    one = middle
                else:
                    two = middle
            return two.replace(second=0, microsecond=0)
    return None


@pytest.mark.parametrize(
    "name",
    ["", "America", "America/Anchorge", "../America/Anchorage", "/etc/localtime", "localtime", "+15",
     "-14:01", "UTC+25", "EDT", "a\0b", "america/anchorage", "Anchorage", "posixrules"],
)  # fmt: skip
def test_no_zone(name: str) -> None:
    assert zone_of(name) is None


def test_offsets_are_shown_with_their_sign() -> None:
    at = utc("2025-08-15 12:00")
    zones = {
        "America/Anchorage": "-08:00",
        "Asia/Kathmandu": "+05:45",
        "UTC": "+00:00",
        "America/St_Johns": "-02:30",
    }
    assert {z: offset_text(at, z) for z in zones} == zones


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("11:30", "11:30"),
        ("2025-08-15 11:30", "2025-08-15 11:30"),
        ("2025-08-15T11:30:00", "2025-08-15 11:30"),
        ("2025-08-15 11:30:05 UTC", "2025-08-15 11:30:05 UTC"),
        ("2025-08-15 11:30 America/Anchorage", "2025-08-15 11:30 America/Anchorage"),
        ("2025-08-15T11:30-08:00", "2025-08-15 11:30 -08:00"),
        ("11:30 local time", "11:30"),
        ("1900 GMT", "19:00 GMT"),
        ("9:05 Z", "09:05 Z"),
    ],
)
def test_times_as_written(text: str, written: str) -> None:
    clock = read_clock(text)
    assert clock is not None
    assert clock.text == written
    again = read_clock(clock.text)
    assert again == clock


@pytest.mark.parametrize(
    "text", ["1900", "noon", "11.30", "11:3", "2025-08-15", "11:30 in the morning", "x 11:30"]
)
def test_no_times(text: str) -> None:
    assert read_clock(text) is None


@pytest.mark.parametrize("text", ["24:00", "11:60", "2025-02-30 11:30", "2500 GMT", "1700-01-01 11:30"])
def test_times_that_no_clock_shows(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_clock(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-08-15", "2025-08-15", "2025-08-15"),
        ("2025-08-15 11:30", "2025-08-15", "2025-08-15"),
    ],
)
def test_dates(text: str, first: str, last: str) -> None:
    found = read_dated(text)
    assert found is not None
    assert (str(found), str(found.first), str(found.last)) == (text, first, last)
    assert (found.day is None) == (first != last)


@pytest.mark.parametrize("text", ["2025-13", "2025-02-30", "25", "11:30", "0000", "August 2025"])
def test_no_dates(text: str) -> None:
    assert read_dated(text) is None


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("90 minutes", 90, 90),
        ("1 hour 30 minutes", 90, 90),
        ("1 hour and 30 min", 90, 90),
        ("1.5 hours", 90, 90),
        ("2 to 3 hours", 120, 180),
        ("30 minutes to 1 hour", 30, 60),
        ("2 days", 2880, 2880),
    ],
)
def test_lengths(text: str, least: int, most: int) -> None:
    found = read_lasting(text)
    assert found is not None
    assert (found.least, found.most) == (least, most)


@pytest.mark.parametrize(
    "text",
    ["90", "3 to 2 hours", "0 minutes", "two hours", "1 fortnight", "1 to", "about 2 hours", "0.001 hours"],
)
def test_no_lengths(text: str) -> None:
    assert read_lasting(text) is None


DAY = dt.date(2025, 8, 15)
AK = "America/Anchorage"


@pytest.mark.parametrize(
    ("one", "two", "agrees"),
    [
        ("11:30", "2025-08-15 19:30 UTC", True),
        ("11:30", "1900 GMT", False),
        ("11:30", "11:30 -08:00", True),
        ("11:30", "2025-08-15", True),
        ("23:30", "2025-08-16", False),  # the local day counts
        ("2025-08", "2025-08-15", True),
        ("2025-08", "2025-09-01", False),
        ("25%", "0.25", True),
        ("20 to 30", "30 to 40", True),
        ("20 to 30", "31", False),
        ("90 minutes", "1.5 hours", True),
        ("90 minutes", "1 to 2 hours", True),
        ("90 minutes", "2 hours", False),
        ("The  Base", "the base", True),
        ("the base", "the city", False),
        ("5", "the city", False),
    ],
)
def test_what_agrees(one: str, two: str, agrees: bool) -> None:
    first, second = (stated(text, DAY, AK) for text in (one, two))
    assert first.agrees(second) is agrees
    assert second.agrees(first) is agrees
