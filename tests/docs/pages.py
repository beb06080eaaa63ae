"""The pages of the documentation, and their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "cases").rglob("*.md")])


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and its line in the page."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    language, start, lines = "", 0, []
    fence = ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if fence:
            if line.strip() == fence:
                yield Block(language, "\n".join(lines), start)
                fence = ""
            else:
                lines.append(line)
        elif found := re.fullmatch(r"(```+)\s*(\S*)\s*", line):
            fence, language, start, lines = found[1], found[2], number + 1, []
    assert not fence, f"{name(page)}: a block is not closed"


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    out, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
            continue
        out.append("" if inside else line)
    return "\n".join(out)


def headings(page: Path) -> list[str]:
    return [line.lstrip("# ").strip() for line in prose(page).splitlines() if re.match(r"#{1,6} ", line)]


def anchor(heading: str) -> str:
    """The anchor that code hosts make of a heading."""
    plain = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
