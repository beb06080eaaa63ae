"""The words, tables and picture for the states of a conflict."""

from __future__ import annotations

from typing import Any

import pytest

from winset import load, read_data, stability
from winset.report.document import Block, Bullets, Chart, Paragraph, Table
from winset.report.standoff import stability_blocks, stability_section
from winset.report.words import plain


@pytest.fixture(scope="module")
def alaska() -> tuple[Any, list[Block]]:
    case = load("cases/alaska-2025.yaml")
    return case, stability_section(stability(case, draws=512), case.name)


def dilemma(**more: Any) -> Any:
    values = {"weights": {"x": 1}, "scores": {"x": {"l": 100, "r": 0}}, "no_deal": 50}
    order = {
        p: {"prioritised": [{f"{q} arms": False}, {f"{p} arms": True}]} for p, q in (("a", "b"), ("b", "a"))
    }
    return read_data(
        {
            "winset": 1,
            "title": "arms",
            "parties": {"a": {"name": "Aland"}, "b": {"name": "Bland"}},
            "consent": {"all": ["a", "b"]},
            "issues": {"x": {"options": ["l", "r"]}},
            "preferences": {"a": values, "b": values},
            "conflict": {
                "options": {"a": ["a arms"], "b": ["b arms"]},
                "preferences": order,
                "status_quo": {},
                **more,
            },
        }
    )


def texts(blocks: list[Block]) -> str:
    out = []
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(plain(block.text))
        if isinstance(block, Bullets):
            out += [plain(item) for item in block.items]
    return "\n".join(out)


def test_the_page_says_the_answer_first(alaska: tuple[Any, list[Block]]) -> None:
    _, blocks = alaska
    first = plain(blocks[0].text)  # type: ignore[union-attr]
    assert first.startswith(
        "7 unilateral options of 4 parties make 72 states that can be. The status quo is state 1"
    )
    assert "(95% interval" in first
    assert "likely (" in first  # with its band
    assert "35 different sets of preferences" in first
    told = texts(blocks)
    assert "What that hangs on" in told
    assert "exactly if accept ceasefire: yes" in told


def test_options_down_and_states_across(alaska: tuple[Any, list[Block]]) -> None:
    case, blocks = alaska
    table = next(b for b in blocks if isinstance(b, Table))
    assert [plain(g.title) for g in table.groups] == [
        *(case.name(p) for p in case.conflict.options),
        "Probability",
    ]
    rows = {plain(r.cells[0].text): [c.text for c in r.cells[1:]] for g in table.groups for r in g.rows}
    assert rows["press on"][:3] == ["yes", "–", "yes"]
    assert rows["accept ceasefire"][:3] == ["–", "yes", "–"]
    assert table.columns[1].note == "now"


def test_the_picture_holds_what_its_table_holds(alaska: tuple[Any, list[Block]]) -> None:
    _, blocks = alaska
    chart = next(b for b in blocks if isinstance(b, Chart))
    lines, heads, dots = (chart.spec["layer"][n]["data"]["values"] for n in range(3))
    assert len(heads) == len({p["move"] for p in lines}) == sum(g.size for g in chart.table.groups)
    assert {d["n"] for d in dots} >= {"1", "2", "3"}
    ends = {part for r in chart.table.groups[0].rows for part in r.cells[0].text.split(" to ")}
    assert ends <= {d["n"] for d in dots}
    places = {(d["x"], d["y"]) for d in dots}
    assert len(places) == len(dots)


def test_the_evidence_in_words() -> None:
    """Why cooperation lasts in the dilemma: who would gain by what, and what it would get for it."""
    case = dilemma()
    told = texts(stability_blocks(stability(case), case.name))
    assert "Aland would gain if it took up a arms. It is deterred: Bland takes up b arms" in told
    assert "which leaves it at place 3" in told
    assert "the best it could answer with leads to place 4" in told
    assert "Nothing is uncertain, and 2 of them are sequentially stable for all" in told


def test_what_was_asked_for_is_told() -> None:
    case = dilemma(sees={"b": {"a": {"prioritised": [{"a arms": False}]}}})
    result = stability(case, wanted={}, coalitions=True, horizon=3)
    blocks = stability_blocks(result, case.name)
    told = texts(blocks)
    assert "Bland misreads Aland." in told
    assert "Against joint moves of 3 coalitions" in told
    captions = [b.caption for b in blocks if isinstance(b, Table)]
    assert any("would have to be preferred" in c for c in captions)
    assert any("so many moves ahead" in c for c in captions)
    assert any("better for every member" in c for c in captions)


def test_a_case_without_the_block_says_so() -> None:
    values = {"weights": {"x": 1}, "scores": {"x": {"l": 100, "r": 0}}, "no_deal": 50}
    case = read_data(
        {
            "winset": 1,
            "title": "none",
            "parties": {"a": {}},
            "consent": "a",
            "issues": {"x": {"options": ["l", "r"]}},
            "preferences": {"a": values},
        }
    )
    result = stability(case)
    assert stability_section(result, case.name) == []
    assert "does not say what each party can do" in texts(stability_blocks(result, case.name))
