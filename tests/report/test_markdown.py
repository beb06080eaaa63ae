"""Markdown: tables hold together, and words of a case stay words."""

from __future__ import annotations

import re

import pytest

from winset.report.markdown import escape
from winset.report.words import q

from .examples import EDGES
from .test_brief import NAMES, brief_of


@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_every_row_of_a_table_has_all_cells(name: str) -> None:
    width = 0
    for line in brief_of(name).to_markdown().split("\n"):
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        width = width or cells
        assert cells == width, line


@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_no_markup_from_the_case(name: str) -> None:
    text = brief_of(name).to_markdown()
    assert set(re.findall(r"<[^>]*>", text)) <= {"<br>"}
    assert not re.search(r"(?<!\\)\]\(", text)


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        ("a | b", r"a \| b"),
        ("<b> & c", "&lt;b&gt; &amp; c"),
        ("*x* _y_ `z`", r"\*x\* \_y\_ \`z\`"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("[t](u)", r"\[t\]\(u\)"),
        ("back\\slash", r"back\\slash"),
        ("https://a.example", "https&#8203;://a.example"),
    ],
)
def test_escaping(words: str, markdown: str) -> None:
    assert escape(q(words)) == markdown
