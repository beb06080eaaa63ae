"""Threats and promises for a reader: in words, in tables, in the brief and its chart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.lenses.test_threats import dispute

from winset import load, read_data, threats
from winset.report.answers import answer
from winset.report.build import brief
from winset.report.document import Block, Bullets, Chart, Paragraph, Table
from winset.report.words import plain

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"
Data = dict[str, Any]


def words(blocks: list[Block] | tuple[Block, ...]) -> str:
    texts = [f"{b.head} {b.text}" for b in blocks if isinstance(b, Paragraph)]
    texts += [t for b in blocks if isinstance(b, Bullets) for t in b.items]
    return plain(" ".join(texts))


def told(data: Data, draws: int = 512) -> tuple[str, list[Table]]:
    case = read_data(data)
    blocks = answer(threats(case, draws=draws), case)
    return words(blocks), [b for b in blocks if isinstance(b, Table)]


def rows(table: Table) -> list[list[str]]:
    return [[plain(c.text) for c in row.cells] for group in table.groups for row in group.rows]


def test_in_words():
    record = [{"carried_out": "no", "because": "c1", "likelihoods": {"resolute": "20%", "irresolute": "60%"}}]
    text, tables = told(
        dispute({"prior": "50%", "harm": 20, "unless": {"x": "yield"}, "what": "a fine", "record": record})
    )
    assert (
        "Of 1 threat or promise of this case, none is both credible and effective in more than half of "
        "the draws." in text
    )
    assert "a threatens b with a fine, unless there is a deal with x: yield." in text
    assert "By the prior of the case, it is credible: roughly even chance (45–55%), at 50%." in text
    assert "With the record: unlikely (20–45%), at 25%." in text
    assert "If it were sure of it, b would comply: 100%." in text
    assert "b would do as it is asked anyway in 0% of the draws; in 100% it depends on what it bel" in text
    assert "Where it depends, the critical risk, the belief that it takes, is 50%." in text
    assert "At the 25% that it should believe, it complies in 0% of the draws." in text
    assert "On record: an earlier word was not carried out (c1). That is 20% likely of a maker" in text
    assert "It takes the probability from 50% to 25%." in text
    assert "some deal passes in 100% of the draws instead of 0% (+100 points, ± 0)" in text
    assert "1 deal passes more often, none less often." in text
    assert rows(tables[0]) == [["t", "50%", "25%", "100%", "0%", "25%", "50%"]]


def test_what_is_likelier_than_not_is_named_first():
    text, _ = told(dispute({"cost": 1, "audience": 3, "harm": 20, "unless": {"x": "yield"}}))
    assert text.startswith("Of 1 threat or promise of this case, t is both credible and effective")
    assert "On balance, carrying it out costs a 1.0 points, and backing down costs it 3.0 points" in text
    assert "for roughly even odds, backing down costs at least 1.0 or carrying out costs at most 3.0" in text


def test_counted_twice_is_said():
    data = dispute(
        {
            "cost": 1,
            "audience": 3,
            "harm": 20,
            "types": {"soft": {"cost": 5}},
            "carries_out": {"resolute": "80%", "irresolute": "30%"},
            "record": [{"carried_out": "no", "because": "c2"}],
        },
        evidence={"item": {"about": "a", "likelihoods": {"soft": "60%", "hard": "30%"}, "because": "c2"}},
    )
    data["preferences"]["a"]["types"] = {"soft": {"prior": "50%"}, "hard": {"rest": "true"}}
    text, _ = told(data)
    assert "c2: in the record here, and in the evidence on the type of a" in text
    assert re.search(
        r"By its type it is credible in these shares of the draws: soft 0% and hard 100%\.", text
    )


def test_a_case_without_says_so():
    data = dispute({"cost": 1})
    del data["threats"]
    text, tables = told(data)
    assert text.strip().startswith("Not computed: the case states no threats or promises.")
    assert not tables


def test_the_page_of_the_brief():
    made = brief(load(ALASKA), draws=64)
    (section,) = (s for s in made.sections if s.id == "threats")
    text = words(section.blocks)
    assert "Of 3 threats and promises" in text
    assert not re.search(r"\b(should|must|ought to) (threaten|promise|carry)", text)
    (chart,) = (b for b in section.blocks if isinstance(b, Chart))
    measures = {row["measure"] for row in chart.spec["data"]["values"]}
    assert measures == {
        "credible, by interests",
        "credible, with the record",
        "effective",
        "both, with the record",
    }
    assert len(rows(chart.table)) == 3
    (waiting,) = (b for b in section.blocks if isinstance(b, Table) and "put off" in plain(b.caption))
    assert [r[0] for r in rows(waiting)] == ["Russia", "United States", "Ukraine", "European allies"]
    assert "threats" in made.results
    json.dumps(made.to_dict(), allow_nan=False)
    inputs = next(s for s in made.sections if s.id == "inputs")
    (numbers,) = (
        b for b in inputs.blocks if isinstance(b, Table) and b.caption == "Numbers of threats and promises"
    )
    assert "threats.severe consequences.harm" in {plain(r[0]) for r in rows(numbers)}


def test_no_page_without_threats():
    data = load(ALASKA).to_data()
    del data["threats"]
    assert "threats" not in {s.id for s in brief(read_data(data), draws=16).sections}
