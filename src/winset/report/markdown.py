"""The brief as GitHub-flavoured Markdown."""

from __future__ import annotations

import re

from winset.report.document import DRAWN, Block, Brief, Bullets, Cell, Chart, Facts, Paragraph, Row, Table
from winset.report.words import split

__all__ = ["markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$@&])")
_LINE_START = re.compile(r"^(\s*)([-=:]|\d+[.)])")


def markdown(brief: Brief) -> str:
    lines = [f"# {escape(brief.title)}", ""]
    if brief.subtitle:
        lines += [escape(brief.subtitle), ""]
    lines += [f"- {escape(k)}: {escape(v)}" for k, v in brief.facts]
    lines.append("")
    for section in brief.sections:
        lines += [f"## {escape(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def escape(text: str) -> str:
    """Words of the case cannot become markup: every sign that Markdown or HTML reads is escaped."""
    out = []
    for piece, foreign in split(text):
        out.append(_escape(piece) if foreign else piece.replace("|", "\\|").replace("<", "&lt;"))
    return "".join(out)


def _escape(piece: str) -> str:
    piece = _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", _SPECIAL.sub(_entity, piece))
    return re.sub(r"(?i)\b(https?|ftp|www)([:.])", r"\1&#8203;\2", piece)


def _entity(match: re.Match[str]) -> str:
    sign = match[1]
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "$": "&#36;"}.get(sign, "\\" + sign)


def _block(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [f"**{escape(block.head)}** {escape(block.text)}" if block.head else escape(block.text)]
    if isinstance(block, Bullets):
        return [f"- {escape(i)}" for i in block.items]
    if isinstance(block, Facts):
        return [f"- **{escape(k)}**: {escape(v)}" for k, v in block.items]
    if isinstance(block, Chart):
        said = f"{DRAWN} {escape(block.description)}"
        return [f"### {escape(block.title)}", "", said, "", *_block(block.table)]
    return _table(block)


def _table(table: Table) -> list[str]:
    heads = [f"{escape(c.label)}{f' ({escape(c.note)})' if c.note else ''}" for c in table.columns]
    rule = ["---:" if c.kind == "number" else "---" for c in table.columns]
    lines = [f"**{escape(table.caption)}**", "", _line(heads), _line(rule)]
    for group in table.groups:
        if group.title:
            note = f" – {escape(group.note)}" if group.note else ""
            lines.append(_line([f"**{escape(group.title)}**{note}", *([""] * (len(heads) - 1))]))
        lines += [_row(r) for r in group.rows]
    if table.note:
        lines += ["", escape(table.note)]
    return lines


def _row(row: Row) -> str:
    cells = [_cell(c) for c in row.cells]
    if row.strong:
        cells = [f"**{c}**" if c else c for c in cells]
    return _line(cells)


def _cell(cell: Cell) -> str:
    parts = [escape(cell.text)] if cell.text else []
    if cell.refs:
        parts.append(", ".join(escape(words) for words, _ in cell.refs))
    return "<br>".join([" ".join(parts), *(escape(x) for x in cell.lines)]).removeprefix("<br>")


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(c.replace("\n", " ") for c in cells) + " |"
