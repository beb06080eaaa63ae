"""The forecast log for a reader: the list, the scores in words, the chart."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from winset.case.log import ForecastLog, add_forecast, open_log, resolve
from winset.lenses.forecasts import score
from winset.report.document import Bullets, Facts, Paragraph, Table
from winset.report.forecasts import FORMATS, calibration, entries, picture, said, scores, torn_warning


@pytest.fixture
def log(tmp_path: Path) -> ForecastLog:
    file = tmp_path / "log.jsonl"
    for probability, outcome in (("100%", "no"), ("20% to 30%", "no"), ("70%", "yes"), ("60%", None)):
        made = add_forecast(
            file, event="<b>rain</b>", probability=probability, by="Ann", when="2020-01-01", due="2020-02-01"
        )
        if outcome:
            resolve(file, made.id, outcome, on="2020-01-31", source="the gazette")
    return open_log(file)


def test_words_come_with_their_numbers(tmp_path: Path) -> None:
    texts = {
        "25%": "25%, unlikely (20–45%)",
        "1/3": "33.33%, unlikely (20–45%)",
        "0": "0%",
        "99.5%": "99.5%, more than 99%",
        "20% to 30%": "20% to 30%",
    }
    for probability, text in texts.items():
        made = add_forecast(tmp_path / "log", event="rain", probability=probability, by="Ann")
        assert said(made) == text


def test_the_list(log: ForecastLog) -> None:
    (table,) = entries(log, unresolved=False, today=dt.date(2020, 1, 15))
    assert isinstance(table, Table)
    assert table.caption == "4 forecasts in the log, 1 unresolved"
    last = [row.cells[-1] for row in table.groups[0].rows]
    assert [c.text for c in last] == ["no", "no", "yes", "open"]
    assert last[0].lines[0] == "on 2020-01-31"
    assert last[3].lines == ("due on 2020-02-01",)
    (late,) = entries(log, unresolved=True, today=dt.date(2020, 3, 1))
    assert isinstance(late, Table)
    assert [row.cells[0].text for row in late.groups[0].rows] == ["f4"]
    assert late.groups[0].rows[0].cells[-1].lines == ("was due on 2020-02-01",)


def test_an_empty_list_says_so(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"")
    (only,) = entries(open_log(tmp_path / "log"), unresolved=True, today=dt.date(2020, 3, 1))
    assert only == Paragraph("The log holds no forecast yet.")


def test_the_scores_say_what_they_rest_on(log: ForecastLog) -> None:
    blocks = scores(score(log))
    facts = dict(next(b for b in blocks if isinstance(b, Facts)).items)
    # (1 + 0.0625 + 0.09) / 3
    assert facts["Brier score, mean of (p − o)²"].startswith("0.384 (standard error 0.308")
    assert facts["Logarithmic score, mean natural logarithm"] == "−∞"
    assert facts["Brier skill over 50% for everything"] == "−0.54 (it scores 0.250)"
    assert facts["Partition of the Brier score"].startswith("not computed: 3 scored")
    remarks = " ".join(next(b for b in blocks if isinstance(b, Bullets)).items)
    for words in (
        "f1 gave 0% to what then happened",
        "at the worse ends 0.393",
        "f1, f2 and f3 were put into the log after",
        "unresolved: f4",
    ):
        assert words in remarks


def test_unfinished_lines_are_reported(log: ForecastLog) -> None:
    assert torn_warning(log) == ""
    for number, words in ((1, "line 8 was left"), (2, "lines 8 and 9 were left")):
        with open(log.file, "ab") as stream:
            stream.write(b'{"log": 1, "re' + b"\n" * (number == 1))
        assert words in torn_warning(open_log(log.file))


def test_the_chart_holds_the_bins(log: ForecastLog) -> None:
    chart = calibration(score(log))
    points = chart.spec["layer"][2]["data"]["values"]
    assert [(p["said"], p["happened"], p["forecasts"]) for p in points] == [
        (25, 0, 1),
        (70, 100, 1),
        (100, 0, 1),
    ]
    assert [len(row.cells) for row in chart.table.groups[0].rows] == [6, 6, 6]
    assert "misses the line in 1 band: 95–100%" in chart.description


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_of_the_chart(log: ForecastLog, suffix: str) -> None:
    made = picture(score(log), suffix)
    assert made == picture(score(log), suffix)
    if isinstance(made, bytes):
        assert suffix == ".png"
        assert made.startswith(b"\x89PNG\r\n")
    elif suffix == ".json":
        assert json.loads(made)["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    elif suffix == ".svg":
        assert made.startswith("<svg")
        assert "probability that was said" in made
    else:
        assert made.startswith("<!DOCTYPE html>")
        assert "<bdi>&lt;b&gt;rain&lt;/b&gt;</bdi>" in made
        assert not re.search(r"<script|<b>rain|https?://(?!www\.w3\.org)", made)
        assert made.count("<table") == 2
        assert 'aria-labelledby="chart1-title chart1-desc"' in made
