"""The forecast log: nothing acknowledged is ever lost, whoever is interrupted and however many write."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from winset.case import log as module
from winset.case import open_case
from winset.case.log import add_forecast, claimed, open_log, resolve
from winset.errors import CaseError, QuestionError

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"

#: Adds forecasts by the command, for ever or so many times; each id is printed once it is on the disk.
WRITER = """
import sys
from winset.cli import main
file, name, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
for n in range(times):
    sys.argv = ["winset", "log", "add", "--log", file, "--event", f"événement {n} de {name}", "--probability",
                "25%", "--by", name]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""


def writer(file: Path, name: str, times: int = 10**9) -> subprocess.Popen[bytes]:
    code = [sys.executable, "-c", WRITER, str(file), name, str(times)]
    return subprocess.Popen(code, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def acknowledged(printed: bytes) -> dict[str, str]:
    """Id to event, as it was acknowledged on whole lines."""
    found = {}
    for line in printed.decode().split("\n")[:-1]:
        if " added to " in line:
            head, _, event = line.partition(": ")
            found[head.split()[0]] = event
    return found


def plain(file: Path, **changes: object) -> module.Forecast:
    given = {"event": "rain", "probability": "25%", "by": "Ann", **changes}
    return add_forecast(file, **given)


def test_writers_killed_at_random_moments(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    chance = random.Random(1)
    told: dict[str, str] = {}
    for round in range(10):
        before = file.read_bytes() if file.exists() else b""
        writers = [writer(file, f"writer {round}.{n}") for n in range(2)]
        for process in writers:  # wait until both are at work
            assert process.stdout is not None
            first = process.stdout.readline()
            told |= acknowledged(first)
        time.sleep(chance.uniform(0, 0.2))
        for process in writers:
            process.send_signal(signal.SIGKILL)
        for process in writers:
            printed, errors = process.communicate()
            assert errors == b""
            told |= acknowledged(printed)
        assert file.read_bytes().startswith(before)  # only ever added to
        log = open_log(file)
        assert {id: log.forecasts[id].event for id in told} == told
        made = plain(file, event="after the interruption")
        assert open_log(file).forecasts[made.id].event == "after the interruption"
        told[made.id] = "after the interruption"
    assert len(told) > 30


def test_eight_writers_at_once(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    writers = [writer(file, f"writer {n}", 25) for n in range(8)]
    told: list[tuple[str, str]] = []
    for process in writers:
        printed, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, b"")
        told += acknowledged(printed).items()
    log = open_log(file)
    assert len(told) == 200
    assert {id: f.event for id, f in log.forecasts.items()} == dict(told)
    assert list(log.forecasts) == [f"f{n}" for n in range(1, 201)]
    assert log.torn == ()
    for n in range(8):
        mine = [f.event for f in log.forecasts.values() if f.by == f"writer {n}"]
        assert mine == [f"événement {k} de writer {n}" for k in range(25)]


def test_a_line_torn_at_any_byte(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    plain(whole)
    first = whole.read_bytes()
    plain(whole, event="zweites – mit Strich")
    second = whole.read_bytes()[len(first) :]
    for length in range(len(second)):
        file = tmp_path / "torn.jsonl"
        file.write_bytes(first + second[:length])
        complete = length == len(second) - 1  # all but the line's end
        log = open_log(file)
        assert log.torn == (() if complete or length == 0 else (2,))
        assert list(log.forecasts) == (["f1", "f2"] if complete else ["f1"])
        made = plain(file, event="the next")
        assert made.id == ("f3" if complete else "f2")
        assert file.read_bytes().startswith(first + second[:length])
        after = open_log(file)
        assert after.torn == log.torn
        assert after.forecasts[made.id].event == "the next"


def test_what_a_power_cut_leaves(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    plain(file)
    whole = file.read_bytes()
    for rest in (b'{"log": 1, "rec\0\0\0\0', b"\0" * 100):
        file.write_bytes(whole + rest)
        assert open_log(file).torn == (2,)
        assert plain(file).id == "f2"
        assert list(open_log(file).forecasts) == ["f1", "f2"]


def test_a_disk_that_takes_half_a_line(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    plain(file)
    size = file.stat().st_size
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 40},) * 2)\n{WRITER}"
    done = subprocess.run(
        [sys.executable, "-c", code, str(file), "Bob", "1"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "the disk has not confirmed the new line" in done.stderr
    assert file.stat().st_size == size + 40
    assert open_log(file).torn == (2,)
    assert plain(file).id == "f2"


def test_the_disk_confirms_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []

    def fsync(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}") if os.path.exists("/proc") else str(handle))

    monkeypatch.setattr(os, "fsync", fsync)
    file = tmp_path / "log.jsonl"
    plain(file)
    assert len(synced) == 2  # the file and, since it is new, its folder
    plain(file)
    assert len(synced) == 3

    def broken(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(CaseError, match="not confirmed the new line: Input/output error"):
        plain(file)


def test_a_held_log_is_waited_for_and_then_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "log.jsonl"
    plain(file)
    with file.open("rb") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        monkeypatch.setattr(module, "WAIT", 0.1)
        with pytest.raises(CaseError, match="another program has held the log"):
            plain(file)
        monkeypatch.setattr(module, "WAIT", 30.0)
        threading.Timer(0.2, fcntl.flock, (holder, fcntl.LOCK_UN)).start()
        assert plain(file).id == "f2"


def test_a_file_replaced_while_a_writer_waits(tmp_path: Path) -> None:
    file, other = tmp_path / "log.jsonl", tmp_path / "other.jsonl"
    plain(file)
    other.write_bytes(file.read_bytes())
    made = []
    with file.open("rb") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        waiting = threading.Thread(target=lambda: made.append(plain(file)))
        waiting.start()
        time.sleep(0.2)
        other.replace(file)
    waiting.join(timeout=30)
    assert [m.id for m in made] == ["f2"]
    assert list(open_log(file).forecasts) == ["f1", "f2"]


def test_what_is_kept_of_a_forecast(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    case = open_case(ALASKA)
    made = plain(
        file, probability="1/3", when="2020-01-31", due=dt.date(2020, 6, 1), note=" by  phone ", case=case
    )
    again = open_log(file).forecasts["f1"]
    assert again == made
    assert (made.event, made.by, made.middle, made.note) == ("rain", "Ann", 1 / 3, "by phone")
    assert (made.when, made.due) == (dt.date(2020, 1, 31), dt.date(2020, 6, 1))
    assert made.case is not None
    assert (made.case.title, made.case.sha256) == (case.case.title, case.sha256)
    assert (tmp_path / made.case.path).resolve() == ALASKA.resolve()
    assert not made.is_range
    line = json.loads(file.read_text())
    assert list(line)[:3] == ["log", "record", "id"]


def test_a_range_is_kept_and_its_middle_is_exact(tmp_path: Path) -> None:
    made = plain(tmp_path / "log.jsonl", probability="10% to 20%")
    assert made.is_range
    assert made.probability == (0.1, 0.2)
    assert made.middle == 0.15
    assert json.loads((tmp_path / "log.jsonl").read_text())["probability"] == [0.1, 0.2]
    assert open_log(tmp_path / "log.jsonl").forecasts["f1"] == made


def test_the_stated_odds_of_the_alaska_case() -> None:
    stated = claimed(open_case(ALASKA), "odds")
    assert (stated.by, stated.when) == ("United States", dt.date(2025, 8, 15))
    assert stated.probability.low == stated.probability.high == 0.25
    assert stated.event.startswith("the meeting of 15 August 2025 fails")
    with pytest.raises(QuestionError, match='no claim "ods"; did you mean "odds"'):
        claimed(open_case(ALASKA), "ods")
    with pytest.raises(QuestionError, match='claim "hollow" is no forecast'):
        claimed(open_case(ALASKA), "hollow")


def test_resolving_correcting_and_taking_back(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    plain(file, when="2020-01-31")
    assert open_log(file).resolution("f1") is None
    resolve(file, "f1", "yes", on="2020-02-01", source="the gazette", note="page 1")
    standing = open_log(file).resolution("f1")
    assert standing is not None
    assert (standing.outcome, standing.on, standing.source) == ("yes", dt.date(2020, 2, 1), "the gazette")
    before = file.read_bytes()
    with pytest.raises(QuestionError, match="f1 is resolved already: yes, on 2020-02-01"):
        resolve(file, "f1", "no")
    assert file.read_bytes() == before
    resolve(file, "f1", "no", on="2020-02-02", correct=True)
    resolve(file, "f1", "open", correct=True)
    log = open_log(file)
    assert log.resolution("f1") is None
    assert [r.outcome for r in log.history["f1"]] == ["yes", "no", "open"]
    with pytest.raises(QuestionError, match="nothing to correct"):
        resolve(file, "f1", "no", correct=True)
    resolve(file, "f1", "void")
    found = open_log(file).resolution("f1")
    assert found is not None
    assert found.outcome == "void"
    assert file.read_bytes().startswith(before)


def test_an_outcome_known_before_the_forecast(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    plain(file, when="2020-01-31")
    with pytest.raises(QuestionError, match="after its event was settled on 2020-01-30"):
        resolve(file, "f1", "no", on="2020-01-30")
    resolve(file, "f1", "void", on="2020-01-30")


GOOD = (
    '{"log": 1, "record": "forecast", "id": "f1", "event": "rain", "probability": 0.25, "by": "Ann", '
    '"when": "2020-01-31", "logged": "2020-01-31T10:00:00Z", "winset": "0.1.0"}\n'
)
DONE = (
    '{"log": 1, "record": "resolution", "id": "f1", "outcome": "yes", "on": "2020-02-01", '
    '"logged": "2020-02-01T10:00:00Z", "winset": "0.1.0"}\n'
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("winset: 1\n", "1:1: this is not a line of a forecast log"),
        ('{\n  "log": 1\n}\n', "2:1: this is not a line of a forecast log"),
        ("\x89PNG", "1:1: this is not a line of a forecast log"),
        (GOOD + "note to self\n", "2:1: this is not a line of a forecast log"),
        (GOOD + "[1]\n", "2:1: this is not a line of a forecast log"),
        (GOOD + "[" * 50000 + "\n", "2:1: this is not a line of a forecast log"),
        (GOOD.replace('"log": 1', '"log": 2'), "1:1: the log was written by a later version"),
        (GOOD + GOOD, "2:1: forecast f1 stands where f2 belongs"),
        (GOOD.replace('"f1"', '"f2"'), "1:1: forecast f2 stands where f1 belongs"),
        (DONE, "1:1: f1 is resolved before it is forecast"),
        (GOOD + DONE + DONE, "3:1: f1 is resolved twice"),
        (GOOD + DONE.replace("resolution", "correction"), "2:1: f1 is corrected before it is resolved"),
        (GOOD.replace("0.25", "1.25"), "1:1: probability: a probability from 0 to 1"),
        (GOOD.replace("0.25", "NaN"), "1:1: probability: a probability from 0 to 1"),
        (GOOD.replace("0.25", "true"), "1:1: probability: a probability from 0 to 1"),
        (GOOD.replace("0.25", "[0.3, 0.2]"), "1:1: probability: a probability from 0 to 1"),
        (GOOD.replace("2020-01-31T", "31 January "), "1:1: logged: a moment as"),
        (GOOD.replace('"when": "2020-01-31"', '"when": "soon"'), "1:1: when: not a date"),
        (GOOD.replace('"by": "Ann"', '"by": " "'), "1:1: by: text is expected"),
        (GOOD.replace('"by": "Ann", ', ""), "1:1: by: this is missing"),
        (GOOD.replace('"by"', '"bye": 1, "by"'), "1:1: bye: unknown key"),
        (GOOD + DONE.replace('"yes"', '"maybe"'), "2:1: outcome: Input should be"),
    ],
)
def test_a_file_that_is_no_log_is_refused_and_left_alone(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "file"
    file.write_text(text, encoding="utf-8")
    for attempt in (lambda: open_log(file), lambda: plain(file), lambda: resolve(file, "f1", "no")):
        with pytest.raises(CaseError) as caught:
            attempt()
        assert message in str(caught.value)
    assert file.read_text(encoding="utf-8") == text


def test_places_that_hold_no_log(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("")
    os.mkfifo(tmp_path / "pipe")
    for name, message in {
        ".": "this is a folder",
        "pipe": "not a regular file",
        "nowhere/log.jsonl": "there is no such folder",
        "text/log.jsonl": "cannot be written: Not a directory",
        "x" * 300: "cannot be written: File name too long",
        "a\0b": "not the name of a file",
    }.items():
        with pytest.raises(CaseError, match=message):
            plain(Path(f"{tmp_path}/{name}"))
    with pytest.raises(CaseError, match="there is no such log"):
        open_log(tmp_path / "other.jsonl")
    with pytest.raises(CaseError, match="there is no such log"):
        resolve(tmp_path / "other.jsonl", "f1", "no")
    assert not (tmp_path / "other.jsonl").exists()


def test_an_empty_file_is_an_empty_log(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"")
    assert open_log(file).forecasts == {}
    assert plain(file).id == "f1"
