"""What the brief and the terminal say about concessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from winset import brief, concessions, load, read_data
from winset.report.concessions import TITLES, concession_blocks
from winset.report.document import Bullets, Chart, Paragraph, Table
from winset.report.words import plain

ROOT = Path(__file__).resolve().parents[2]
ALASKA = load(ROOT / "cases" / "alaska-2025.yaml")


@pytest.fixture(scope="module")
def told():
    return concession_blocks(concessions(ALASKA, draws=512), ALASKA)


def text(block: object) -> str:
    return plain(block.text) if isinstance(block, Paragraph) else ""


def test_the_answer_comes_first(told):
    lead = text(told[0])
    assert lead.startswith("Of 11 concessions, each under its likeliest verdict: costly and valued: ")
    assert "hollow: travel waiver and ceasefire on its word;" in lead
    assert "furthest apart in ceasefire on its word" in lead
    assert lead.endswith("since a breach would not be seen.")


def test_every_concession_has_its_bar_its_row_and_its_claims(told):
    chart, table = told[2], told[3]
    assert isinstance(chart, Chart)
    bars: dict[str, float] = {}
    for part in chart.spec["data"]["values"]:
        bars[part["what"]] = bars.get(part["what"], 0) + part["to"] - part["from"]
    assert len(bars) == 16  # a bar for each receiver
    assert list(bars.values()) == pytest.approx([100] * 16, abs=0.05)
    assert chart.spec["encoding"]["color"]["scale"]["domain"] == [
        t for t in TITLES.values() if any(p["verdict"] == t for p in chart.spec["data"]["values"])
    ]
    assert isinstance(table, Table)
    names = [plain(group.title).partition(",")[0] for group in table.groups]
    assert ALASKA.concessions is not None
    assert names == list(ALASKA.concessions.given)
    by_name = dict(zip(names, table.groups, strict=True))
    row = by_name["ceasefire on its word"].rows[0]
    lines = [plain(line) for line in row.cells[3].lines]
    assert "Hollow since a breach would not be seen." in lines
    assert any(line.startswith("If a breach would be seen: ") for line in lines)
    assert [plain(words) for words, _ in row.cells[-1].refs] == ["hollow"]


def test_those_who_are_not_at_the_table_are_named(told):
    (meeting,) = (g for g in told[3].groups if plain(g.title).startswith("the meeting itself"))
    assert "What it does to others: Ukraine −" in plain(meeting.note)


def test_what_is_counted_twice_is_said(told):
    (twice,) = (b for b in told if isinstance(b, Bullets))
    (line,) = map(plain, twice.items)
    assert line.startswith("sanctions: kept → eased in steps, by United States, stands in stepwise easing")


def test_offers_read_as_a_sides_own_are_said_to_be(told):
    assert any("Offers that nobody tabled are read" in text(b) for b in told)
    dance = told[-1]
    assert isinstance(dance, Chart)
    assert {(p["side"], p["step"]) for p in dance.spec["data"]["values"]} == {
        ("Russia", 1),
        ("Russia", 2),
        ("Ukraine", 1),
        ("Ukraine", 2),
    }
    assert all("read as its own" in g.note for g in dance.table.groups)


def test_a_case_without_any_says_so():
    data = ALASKA.to_data()
    del data["concessions"]
    case = read_data(data)
    (only,) = concession_blocks(concessions(case, draws=64), case)
    assert text(only) == "The case names no concession, and none of its parties has tabled an offer."
    assert "concessions" not in {s.id for s in brief(case, draws=64).sections}


def test_the_brief_has_the_page_and_its_numbers_among_the_inputs():
    made = brief(ALASKA, draws=128)
    (section,) = (s for s in made.sections if s.id == "concessions")
    assert len(section.blocks) > 5
    (inputs,) = (s for s in made.sections if s.id == "inputs")
    (table,) = (b for b in inputs.blocks if isinstance(b, Table) and b.caption == "Numbers of concessions")
    listed = [plain(row.cells[0].text) for group in table.groups for row in group.rows]
    assert {"concessions.horizon", "concessions.the meeting itself.worth.russia"} <= set(listed)
    assert "concessions" in made.results
