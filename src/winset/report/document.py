"""The brief as a document: sections of typed blocks, computed once and rendered in every format.

Texts hold words of the case inside of isolates (``words.q``), so that HTML can set their direction apart
from the sentence around them; ``words.plain`` takes the marks out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from winset.report.words import plain

__all__ = [
    "DRAWN",
    "Block",
    "Brief",
    "Bullets",
    "Cell",
    "Chart",
    "Column",
    "Facts",
    "Paragraph",
    "Row",
    "Rows",
    "Section",
    "Table",
]

#: Leads what a chart shows where only its table can be printed.
DRAWN = "On the page, as a chart:"

Tone = Literal["", "number", "muted", "yes", "no", "mark"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    tone: Tone = ""
    level: float | None = None  # 0..1: how dark a cell of a heat map is
    bar: float | None = None  # -1..1: the length of a bar under the number
    href: str | None = None  # a web address of a source
    refs: tuple[tuple[str, str], ...] = ()  # (words, id of a row of this brief)
    lines: tuple[str, ...] = ()  # further lines, in smaller print


@dataclass(frozen=True, slots=True)
class Row:
    """A row; the first cell is its header."""

    cells: tuple[Cell, ...]
    id: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows under a heading of their own, or under none."""

    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""

    @property
    def size(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column."""

    label: str
    kind: Literal["text", "number", "narrow"] = "text"
    note: str = ""  # a second line


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a header for every row and column."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Rows, ...]
    kind: Literal["plain", "heat", "compare"] = "plain"
    note: str = ""
    folded: str = ""  # words of the handle, if a reader may fold it away


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose."""

    text: str
    role: Literal["", "lead", "note"] = ""
    head: str = ""  # its first sentence, when that carries the weight


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of remarks."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and what they are."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite chart with all that it shows in words and numbers."""

    title: str
    description: str
    table: Table
    spec: Mapping[str, Any] = field(repr=False)


Block = Paragraph | Bullets | Facts | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the brief."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The report of one case for a reader."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]  # as of, judge, version, seed, ...
    sha256: str
    version: str
    seed: str
    sections: tuple[Section, ...]
    results: Mapping[str, Any] = field(repr=False)  # lens -> its result as plain data

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: the document, and every lens's result in full."""
        return {
            "brief": 1,
            "title": plain(self.title),
            "sha256": self.sha256,
            "version": self.version,
            "seed": self.seed,
            "facts": {plain(k): plain(v) for k, v in self.facts},
            "sections": [_plain(s) for s in self.sections],
            "results": dict(self.results),
        }

    def to_markdown(self) -> str:
        """GitHub-flavoured Markdown; charts become tables."""
        from winset.report.markdown import markdown

        return markdown(self)

    def to_html(self) -> str:
        """One HTML page that needs nothing else: no script, no network."""
        from winset.report.html import html

        return html(self)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        out = (
            {}
            if isinstance(value, Section | Cell | Row | Rows | Column)
            else {"block": type(value).__name__.lower()}
        )
        for f in dataclasses.fields(value):
            item = getattr(value, f.name)
            if f.name == "spec" or item is None or item in ("", ()):
                continue
            out[f.name] = _plain(item)
        return out
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return plain(value) if isinstance(value, str) else value
