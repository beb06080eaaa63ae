"""The command agenda: local times, and a calendar that reads back."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from icalendar import Calendar

from winset import agenda, load, loads
from winset.cli import main
from winset.errors import QuestionError
from winset.report import ics as ics_module
from winset.report.ics import calendar

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["winset", *map(str, words)])
    monkeypatch.setenv("COLUMNS", "120")
    try:
        main()
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def test_it_prints_local_times(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "agenda", ALASKA) == 0
    out = capsys.readouterr().out
    row = next(line for line in out.splitlines() if "19:30" in line)
    assert [t in row for t in ("2025-08-15 15:30", "2025-08-15 22:30", "2025-08-15 21:30")] == [True] * 3


def test_the_calendar_reads_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "talks.ics"
    assert run(monkeypatch, "agenda", ALASKA, "--ics", file) == 0
    raw = file.read_bytes()
    assert raw == calendar(agenda(load(ALASKA)), load(ALASKA))
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))  # RFC 5545, section 3.1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    book = Calendar.from_ical(raw)
    assert book.get("VERSION") == "2.0"
    first, second = book.walk("VEVENT")
    assert first.decoded("DTSTART") == dt.datetime(2025, 8, 15, 19, 30, tzinfo=dt.UTC)
    assert first.decoded("DTEND") == dt.datetime(2025, 8, 15, 22, 30, tzinfo=dt.UTC)
    assert first.decoded("DTSTAMP") == dt.datetime(2025, 8, 15, tzinfo=dt.UTC)
    assert second.decoded("DTSTART") == dt.datetime(2025, 8, 15, 21, 30, tzinfo=dt.UTC)
    assert "11:30 in Joint Base Elmendorf-Richardson, Anchorage" in first["DESCRIPTION"]
    assert first["UID"] != second["UID"]


def test_a_changed_meeting_keeps_its_uid() -> None:
    text = ALASKA.read_text(encoding="utf-8")
    later = text.replace("starts: 2025-08-15 13:30", "starts: 2025-08-15 15:30")
    one, two = (
        list(Calendar.from_ical(calendar(agenda(c), c)).walk("VEVENT")) for c in map(loads, (text, later))
    )
    assert [e["UID"] for e in one] == [e["UID"] for e in two]
    assert one[1].decoded("DTSTART") < two[1].decoded("DTSTART")


def test_hostile_words_stay_words() -> None:
    text = ALASKA.read_text(encoding="utf-8").replace(
        "format: working lunch with aides", 'format: "x\\nEND:VEVENT\\nBEGIN:VALARM;, \\\\ é"'
    )
    case = loads(text)
    events = Calendar.from_ical(calendar(agenda(case), case)).walk()
    assert [e.name for e in events] == ["VCALENDAR", "VEVENT", "VEVENT"]
    assert events[2]["DESCRIPTION"].startswith("x\nEND:VEVENT\nBEGIN:VALARM;, \\ é")


def test_nothing_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "talks.ics"
    file.write_text("mine", encoding="utf-8")
    assert run(monkeypatch, "agenda", ALASKA, "--ics", file) == 2
    assert "--force" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"
    assert run(monkeypatch, "agenda", ALASKA, "--ics", file, "--force") == 0
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR")
    copy = tmp_path / "case.yaml"
    copy.write_bytes(ALASKA.read_bytes())
    assert run(monkeypatch, "agenda", copy, "--ics", copy, "--force") == 2
    assert copy.read_bytes() == ALASKA.read_bytes()


def test_a_case_without_meetings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "talks.ics"
    assert run(monkeypatch, "agenda", ALASKA.parent / "litigation.yaml", "--ics", file) == 2
    assert "no agenda" in capsys.readouterr().err
    assert not file.exists()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics_module, "find_spec", lambda name: None)
    with pytest.raises(QuestionError, match=r"pip install 'winset\[agenda\]'"):
        calendar(agenda(load(ALASKA)), load(ALASKA))
