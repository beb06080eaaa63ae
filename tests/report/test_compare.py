"""What the terminal says of versions of a case, and of judges, side by side."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from winset import compare, judges, load, read_data
from winset.report.compare import comparison, judged
from winset.report.terminal import render

ROOT = Path(__file__).resolve().parents[2]
LAWSUIT = load(ROOT / "cases" / "litigation.yaml")
PAIR = {n: load(ROOT / "cases" / "judges" / f"reservoir-{n}.yaml") for n in ("engineer", "mediator")}


def told(blocks, width: int) -> list[str]:
    console = Console(width=width, record=True, file=StringIO())
    for block in blocks:
        render(block, console)
    return console.export_text().splitlines()


def other(**changes):
    data = LAWSUIT.to_data()
    data["preferences"]["plaintiff"] = {**data["preferences"]["plaintiff"], **changes}
    return read_data(data)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width):
    cases = {"as it is": LAWSUIT, "dear": other(no_deal="50 to 74")}
    for blocks in (comparison(compare(cases, draws=256), cases), judged(judges(PAIR, draws=256), PAIR)):
        lines = told(blocks, width)
        assert max(map(cell_len, lines)) <= width
        assert len(lines) > 20


def test_points_shares_and_counts_each_in_their_unit():
    cases = {"as it is": LAWSUIT, "dear": other(no_deal="50 to 74")}
    text = " ".join(" ".join(told(comparison(compare(cases, draws=1024), cases), 200)).split())
    # both ranges are 24 points wide and share their draws: the values differ by 29 in every one of them
    assert re.search(r"its value of no deal [\d.]+ [\d.]+ \+29\.0 ", text)
    assert "pp (−" in text
    assert "Efficient deals" not in text  # they do not hang on what no deal brings
    assert "share of all deals that it refuses" in text
    assert "the zone is empty, and their yes would open it" in text
    text = " ".join(" ".join(told(comparison(compare(PAIR, draws=1024), PAIR), 200)).split())
    assert re.search(r"Efficient deals 1\d\.\d 1\d\.\d \+\d\.\d \(", text)


def test_nothing_changed_and_what_only_one_has():
    same = {"one": LAWSUIT, "two": LAWSUIT}
    assert "two beside one: nothing changed." in told(comparison(compare(same, draws=64), same), 100)
    unlike = {"lawsuit": LAWSUIT, "water": PAIR["engineer"]}
    text = " ".join(" ".join(told(comparison(compare(unlike, draws=64), unlike), 200)).split())
    assert "Not compared, since water does not have it" in text
    assert "Not compared, since lawsuit does not have it" in text


def test_a_judge_who_decides_alone_and_judges_who_rule_each_other_out():
    text = " ".join(" ".join(told(judged(judges(PAIR, draws=512), PAIR), 200)).split())
    assert "Linear pool: very likely (80–95%)" in text
    assert "Logarithmic pool: 100%" in text
    data = PAIR["mediator"].to_data()
    data["preferences"]["farmers"]["no_deal"] = 99
    never = {"engineer": PAIR["engineer"], "gloomy": read_data(data)}
    text = " ".join(" ".join(told(judged(judges(never, draws=512), never), 200)).split())
    assert "Logarithmic pool: 100%" not in text
    assert "Some deal passes 100% 0% 50% none" in text
