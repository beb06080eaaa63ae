"""``winset sweep`` as a user meets it: what is printed where, what a chart is, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import altair
import pytest

ROOT = Path(__file__).parents[2]
LAWSUIT = ROOT / "cases" / "litigation.yaml"
PATH = "preferences.plaintiff.no_deal"


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "winset", "sweep", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, timeout=120,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    done = run(LAWSUIT, "--over", f"{PATH}=35,50,65", "--draws", 1500, "--workers", 0, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "4,500 draws in" in done.stderr
    assert done.stderr.endswith("next:  winset sweep show litigation-sweep\n")
    return folder


def test_run_may_be_said_and_what_is_done_is_not_done_again(place: Path) -> None:
    again = run("run", LAWSUIT, "--over", f"{PATH}=35,50,65", "--draws", 1500, "--workers", 0, cwd=place)
    assert again.returncode == 0
    assert "pieces were there already" in again.stderr


def test_the_table_is_for_a_reader(place: Path) -> None:
    shown = run("show", "litigation-sweep", cwd=place)
    assert shown.returncode == 0, shown.stderr
    assert shown.stderr == ""
    assert "3 points, 1,500 joint draws at each, seed 0." in shown.stdout
    assert "That some deal passes is most likely with" in shown.stdout
    assert "95% interval" in shown.stdout
    rows = [
        line.split()[0] for line in shown.stdout.splitlines() if line.strip()[:3] in ("35 ", "50 ", "65 ")
    ]
    assert rows[:3] == ["35", "50", "65"]


def test_json_is_one_document(place: Path) -> None:
    shown = run("show", "litigation-sweep", "--json", cwd=place)
    document = json.loads(shown.stdout)
    assert [r["values"] for r in document["result"]["rows"]] == [[35.0], [50.0], [65.0]]
    chances = [r["zone"]["value"] for r in document["result"]["rows"]]
    assert chances[0] > chances[1] > chances[2]  # the better it has it without a deal, the fewer deals pass
    asked = run(
        "show", "litigation-sweep", "--json", "--sql", "SELECT sum(draws) AS n FROM results", cwd=place
    )
    assert json.loads(asked.stdout)["rows"] == [[4500]]
    assert (
        "4500" in run("show", "litigation-sweep", "--sql", "SELECT sum(draws) FROM results", cwd=place).stdout
    )


def test_the_chart_is_drawn_with_its_intervals(place: Path) -> None:
    for suffix in ("json", "svg", "png", "html"):
        done = run("show", "litigation-sweep", "-o", f"chart.{suffix}", cwd=place)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    spec = json.loads((place / "chart.json").read_text(encoding="utf-8"))
    altair.LayerChart.from_dict({k: v for k, v in spec.items() if k != "$schema"}, validate=True)
    rows = json.loads(run("show", "litigation-sweep", "--json", cwd=place).stdout)["result"]["rows"]
    assert [(d["x"], d["p"], d["low"], d["high"]) for d in spec["data"]["values"]] == [
        (r["values"][0], r["zone"]["value"], r["zone"]["low"], r["zone"]["high"]) for r in rows
    ]
    assert (place / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert (place / "chart.svg").read_text(encoding="utf-8").startswith("<svg")
    page = (place / "chart.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "://" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page
    assert "points over the reservation value" in page
    (place / "mine.html").write_text("<p>mine</p>", encoding="utf-8")
    refused = run("show", "litigation-sweep", "-o", "mine.html", cwd=place)
    assert refused.returncode == 2
    assert "already a file of this name" in refused.stderr
    assert (place / "mine.html").read_text(encoding="utf-8") == "<p>mine</p>"
    assert run("show", "litigation-sweep", "-o", "mine.html", "--force", cwd=place).returncode == 0
    assert (place / "mine.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.yaml", "--workers", 0], "there is no such file"),
        ([LAWSUIT, "--over", "nonsense", "--workers", 0], "write it as PATH=10,20,30"),
        ([LAWSUIT, "--over", "preferences.mars.no_deal=1,2", "--workers", 0], "no such key"),
        ([LAWSUIT, "--over", f"{PATH}=a,b", "--workers", 0], "litigation with preferences.plaintiff"),
        ([LAWSUIT, "--workers", 2, "--scheduler", "tcp://127.0.0.1:1"], "a scheduler has workers of its own"),
        ([LAWSUIT, LAWSUIT, LAWSUIT, "--workers", 0], "is listed twice"),
        ([ROOT / "cases" / "literature" / "nothing.yaml"], "there is no such file"),
        (["show", "missing"], "there is no such folder"),
        (["show", ROOT], "the folder holds no sweep"),
        (["show", "missing", "-o", "chart.pdf"], "ends in .html, .svg, .png or .json"),
        (["show", "missing", "-o", "no-such-folder/chart.svg"], "there is no such folder"),
        (["show", "missing", "--sql", "SELECT 1", "--by", "x"], "leave out --by and -o"),
    ],
)
def test_a_mistake_is_told_on_standard_error_with_exit_code_2(
    arguments: Sequence[object], said: str, tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_extra_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, winset.cli.commands, winset.report, winset.lenses, winset.runs, winset.runs.plan\n"
        "heavy = {'dask', 'distributed', 'pyarrow', 'duckdb', 'tornado'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("over", "lens"),
    [
        ("war.trial.costs.plaintiff=10%,20%", "war"),
        ("war.trial.costs.plaintiff=@3", None),  # not drawn in a sweep
        ("title=one,two", ""),
    ],
)
def test_an_axis_on_which_no_column_depends_is_refused(over: str, lens: str | None, tmp_path: Path) -> None:
    done = run(LAWSUIT, "--over", over, "--draws", 64, "--workers", 0, cwd=tmp_path)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []
    if lens is None:
        return
    assert "no column of a sweep depends on it" in done.stderr
    assert ("winset compare CASE" in done.stderr) == bool(lens)
    assert f"--lens {lens}" in done.stderr or not lens
