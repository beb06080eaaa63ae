"""``winset log`` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from winset import __version__, course, load
from winset.cli import main

ROOT = Path(__file__).parents[2]
ALASKA = ROOT / "cases" / "alaska-2025.yaml"


class Shell:
    """Runs commands in a folder of their own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *words: object) -> tuple[int, str, str]:
        self.monkeypatch.setattr("sys.argv", ["winset", "log", *map(str, words)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        shown = self.capsys.readouterr()
        assert isinstance(code, int)
        return code, shown.out, shown.err


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return Shell(monkeypatch, capsys)


RAIN = ("add", "--event", "rain on 1 May", "--by", "Ann", "--when", "2020-04-30", "--probability")


def test_from_forecast_to_score(log: Shell) -> None:
    code, out, err = log(*RAIN, "25%")
    assert (code, err) == (0, "")
    assert out == (
        "f1 added to forecasts.jsonl: rain on 1 May\n    25%, unlikely (20–45%); by Ann, 2020-04-30\n"
    )
    assert log("list")[1].splitlines()[0] == "1 forecast in the log, 1 unresolved"
    assert log("resolve", "f1", "no", "--on", "2020-05-01", "--source", "the gazette") == (
        0, "f1 resolved: no, on 2020-05-01\n", "",
    )  # fmt: skip
    code, out, err = log("score")
    assert (code, err) == (0, "")
    assert "Brier score, mean of (p − o)²: 0.062" in out
    assert "Brier skill over 50% for everything: +0.75" in out
    assert log("list", "--open")[1].strip() == "The log holds no unresolved forecast."


def test_json(log: Shell) -> None:
    log(*RAIN, "25%")
    log(*RAIN, "0%")
    log("resolve", "f2", "yes", "--on", "2020-05-01")
    code, out, err = log("list", "--json", "--open")
    document = json.loads(out)
    assert (code, err, document["winset"], document["log"]) == (0, "", __version__, "forecasts.jsonl")
    assert [(f["id"], f["probability"], f["resolution"]) for f in document["forecasts"]] == [
        ("f1", 0.25, None)
    ]
    document = json.loads(log("score", "--json")[1])
    assert list(document) == ["winset", "log", "torn", "result"]
    assert document["result"]["log"] == "-inf"
    assert document["result"]["scored"][0]["brier"] == 1


def test_a_claim_of_a_case(log: Shell) -> None:
    code, out, _ = log("add", "--case", ALASKA, "--claim", "odds", "--due", "2025-08-16")
    assert code == 0
    assert "25%, unlikely (20–45%); by United States, 2025-08-15" in out
    (forecast,) = json.loads(log("list", "--json")[1])["forecasts"]
    assert forecast["case"]["claim"] == "odds"
    assert forecast["case"]["title"] == "Summit in Alaska on the war in Ukraine"
    assert forecast["due"] == "2025-08-16"


def test_a_lens_of_a_case(log: Shell) -> None:
    code, out, err = log(
        "add", "--case", ALASKA, "--from", "zone", "--event", "an agreement", "--when", "2025-08-15",
        "--seed", "3",
    )  # fmt: skip
    assert (code, err) == (0, "")
    (forecast,) = json.loads(log("list", "--json")[1])["forecasts"]
    case = forecast["case"]
    assert (case["lens"], case["seed"], case["claim"]) == ("zone", 3, None)
    assert case["draws"] >= 1000
    assert forecast["by"] == "Winset, lens zone"
    assert f"{forecast['probability']:.0%}, " in out
    assert f"{case['draws']:,} draws" in " ".join(log("list")[1].split())


def test_the_course_beside_a_stated_forecast(log: Shell) -> None:
    """The event and the day of the claim, with what the course of the talks says of that event."""
    log(*CLAIM)
    code, _, err = log(*CLAIM, "--from", "course")
    assert (code, err) == (0, "")
    stated, computed = json.loads(log("list", "--json")[1])["forecasts"]
    assert computed["event"] == stated["event"]
    assert computed["when"] == stated["when"]
    assert computed["by"] == "Winset, lens course"
    case = computed["case"]
    assert (case["lens"], case["claim"]) == ("course", "odds")
    told = course(load(ALASKA), rng=0, what_if=[]).forecasts
    assert computed["probability"] == next(f.computed.value for f in told if f.claim == "odds")
    assert case["draws"] == told[0].computed.draws
    log("resolve", "f1", "yes", "--on", "2025-08-16")
    log("resolve", "f2", "yes", "--on", "2025-08-16")
    assert log("score", "f1", "f2")[0] == 0


def test_a_correction(log: Shell) -> None:
    log(*RAIN, "25%")
    log("resolve", "f1", "yes", "--on", "2020-05-01")
    code, out, err = log("resolve", "f1", "no")
    assert (code, out) == (2, "")
    assert "--correct replaces that" in err
    assert log("resolve", "f1", "no", "--on", "2020-05-02", "--correct")[1] == (
        "f1 corrected to no, on 2020-05-02\n"
    )
    assert [len(f["history"]) for f in json.loads(log("list", "--json")[1])["forecasts"]] == [2]


def test_a_torn_line_is_warned_of(log: Shell) -> None:
    log(*RAIN, "25%")
    with open("forecasts.jsonl", "ab") as stream:
        stream.write(b'{"log": 1, "record": "fore')
    code, out, err = log("list")
    assert code == 0
    assert "f1" in out
    assert err.startswith("warning: forecasts.jsonl: line 2 was left unfinished")
    assert json.loads(log("list", "--json")[1])["torn"] == [2]
    assert log(*RAIN, "30%")[1].startswith("f2 ")
    log("resolve", "f2", "no", "--on", "2020-05-01")
    assert "line 2 was left unfinished" in log("score")[2]


@pytest.mark.parametrize("suffix", [".html", ".svg", ".png", ".json"])
def test_the_chart_is_written_and_nothing_overwritten(log: Shell, suffix: str) -> None:
    log(*RAIN, "25%")
    log("resolve", "f1", "no", "--on", "2020-05-01")
    chart = Path(f"chart{suffix}")
    code, _, err = log("score", "-o", chart)
    assert code == 0
    assert f"chart{suffix}" in err
    made = chart.read_bytes()
    chart.write_bytes(b"mine")
    code, out, err = log("score", "-o", chart)
    assert (code, out) == (2, "")
    assert "there is already a file of this name" in err
    assert chart.read_bytes() == b"mine"
    assert log("score", "-o", chart, "--force")[0] == 0
    assert chart.read_bytes() == made


EXACT = ROOT / "cases" / "literature" / "nash-1950.yaml"
CLAIM = ("add", "--case", ALASKA, "--claim", "odds")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add",), "--event: a forecast needs this"),
        (("add", "--event", "rain", "--by", "Ann"), "--probability: a forecast needs this"),
        ((*RAIN, "130%"), "--probability: not a probability"),
        ((*RAIN, "25"), "write it as a percentage"),
        ((*RAIN, "-0.1"), "--probability: not a probability"),
        ((*RAIN, "likely"), "--probability: not a number"),
        ((*RAIN, "20-30%"), "a range is written with 'to'"),
        ((*RAIN, "30% to 20%"), "the range is upside down"),
        ((*RAIN, "20% to 130%"), "--probability: not a probability"),
        ((*RAIN, "20% to 40%, mode 25%"), "a forecast is one number or a plain range"),
        ((*RAIN, "nan"), "a number must be finite"),
        ((*RAIN, "25%", "--due", "tomorrow"), "--due: not a date"),
        ((*RAIN, "25%", "--due", "2020-02-30"), "--due: not a date"),
        ((*RAIN, "25%", "--due", "2020-04-29"), "due before the forecast was made"),
        ((*RAIN, "25%", "--when", "2999-01-01"), "--when: this day is still to come"),
        ((*RAIN, "25%", "--event", " "), "--event: text is expected"),
        ((*RAIN, "25%", "--note", "bell\x07"), "--note: text is expected"),
        ((*RAIN, "25%", "--log", "."), "this is a folder, not a log"),
        ((*RAIN, "25%", "--log", "no/log.jsonl"), "there is no such folder"),
        ((*RAIN, "25%", "--log", ALASKA), "this is not a line of a forecast log"),
        ((*RAIN, "25%", "--case", "no.yaml"), "there is no such file"),
        ((*RAIN, "25%", "--claim", "odds"), "--event does not go with --claim odds"),
        (("add", "--claim", "odds"), "--claim needs a case"),
        ((*CLAIM[:-1], "ods"), 'did you mean "odds"'),
        ((*CLAIM, "--from", "zone"), "--from does not go with --claim odds"),
        (("add", "--from", "zone", "--event", "a deal"), "--from needs a case"),
        (("add", "--from", "zone", "--case", ALASKA), "--event: a forecast needs this"),
        (
            ("add", "--from", "zone", "--case", ALASKA, "--event", "a deal", "--probability", "1"),
            "--probability does not go with --from zone",
        ),
        (("add", "--from", "zone", "--case", EXACT, "--event", "a deal"), "the case has no draws"),
        (("add", "--from", "blockers", "--case", ALASKA, "--event", "a deal"), "gives no probability"),
        (("resolve", "F1", "yes"), 'there is no forecast "F1"; did you mean "f1"'),
        (("resolve", "f1", "ye"), 'did you mean "yes"'),
        (("resolve", "f1", "yes", "--on", "1 May"), "--on: not a date"),
        (("resolve", "f1", "yes", "--on", "2999-01-01"), "--on: this day is still to come"),
        (("resolve", "f1", "yes", "--on", "2020-04-29"), "that is no forecast"),
        (("resolve", "f1", "open"), "nothing to correct or take back"),
        (("resolve", "f1", "yes", "--correct"), "nothing to correct or take back"),
        (("resolve", "f1", "yes", "--log", "other.jsonl"), "there is no such log"),
        (("list", "--log", "other.jsonl"), "there is no such log"),
        (("score",), "an unresolved forecast cannot be scored"),
        (("score", "f1"), "f1 is unresolved; an unresolved forecast cannot be scored"),
        (("score", "f7"), 'there is no forecast "f7"'),
        (("score", "--by", "Anne"), 'did you mean "Ann"'),
    ],
)
def test_every_mistake_is_one_clear_message(log: Shell, words: tuple[object, ...], message: str) -> None:
    log(*RAIN, "25%")
    before = Path("forecasts.jsonl").read_bytes()
    case = ALASKA.read_bytes()
    code, out, err = log(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert Path("forecasts.jsonl").read_bytes() == before
    assert ALASKA.read_bytes() == case


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("chart.pdf", "cannot be written in this format"),
        ("no/chart.svg", "there is no such folder"),
        ("folder.svg", "this is a folder"),
    ],
)
def test_places_where_no_chart_can_be(log: Shell, name: str, message: str) -> None:
    Path("folder.svg").mkdir()
    log(*RAIN, "25%")
    log("resolve", "f1", "no", "--on", "2020-05-01")
    code, out, err = log("score", "-o", name)
    assert (code, out) == (2, "")
    assert message in err


def test_all_mistakes_at_once(log: Shell) -> None:
    _, _, err = log("add", "--event", " ", "--by", "Ann", "--probability", "2", "--when", "x")
    assert [line.split(":")[0] for line in err.splitlines() if line.startswith("--")] == [
        "--event", "--probability", "--when",
    ]  # fmt: skip
    assert err.splitlines()[-1] == "3 faults"
    assert not Path("forecasts.jsonl").exists()


def test_a_program_of_its_own(tmp_path: Path) -> None:
    words = ["log", "add", "--event", "rain", "--by", "Ann", "--probability", "1/4"]
    done = subprocess.run(
        [sys.executable, "-m", "winset", *words],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.startswith("f1 added to forecasts.jsonl: rain\n")
    assert (tmp_path / "forecasts.jsonl").read_bytes().endswith(b"}\n")


def test_the_log_of_the_cases_reads(log: Shell) -> None:
    document = json.loads(log("list", "--json", "--log", ROOT / "cases" / "forecasts.jsonl")[1])
    first = document["forecasts"][0]
    assert (first["id"], first["probability"], first["by"]) == ("f1", 0.25, "United States")
    assert first["case"]["path"] == "alaska-2025.yaml"
    assert document["torn"] == []
