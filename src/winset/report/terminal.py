"""The brief, and the answer of one lens, for the terminal."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from winset.report.document import DRAWN, Block, Brief, Bullets, Cell, Chart, Facts, Paragraph, Row, Table
from winset.report.words import plain

__all__ = ["lens_terminal", "show"]

_MEASURE = 100  # prose is not set wider than this
_GAP = 2  # between columns
_TONES = {"muted": "dim", "yes": "green", "no": "red", "mark": "bold"}
_SHADES = "░▒▓█"


def show(brief: Brief, console: Console) -> None:
    """Print a brief."""
    _prose(brief.title, console, "bold")
    if brief.subtitle:
        _prose(brief.subtitle, console)
    console.print()
    for key, value in brief.facts:
        _prose(f"{key}: {value}", console, "dim")
    for number, section in enumerate(brief.sections, 1):
        console.print()
        heading = f"{number}. {plain(section.title)}"
        _prose(heading, console, "bold")
        _rule(min(len(heading), console.width), console)
        for block in section.blocks:
            render(block, console)


def lens_terminal(result: Any, case: Any, console: Console) -> None:
    """Print the answer of one lens.

    Parameters
    ----------
    result
        Of any lens: a ``ZoneResult``, ``BlockersResult``, ...
    case
        The case that was asked: a ``Case``, ``Loaded`` or ``Compiled``.
    """
    from winset.report.answers import answer

    for block in answer(result, case):
        render(block, console)


def render(block: Block, console: Console) -> None:
    """Print one block."""
    if isinstance(block, Paragraph):
        style = "dim" if block.role == "note" else ""
        text = Text.assemble(
            (f"{plain(block.head)} ", "bold") if block.head else "", (plain(block.text), style)
        )
        console.print(text, width=min(console.width, _MEASURE))
    elif isinstance(block, Bullets):
        for item in block.items:
            _item(item, console)
    elif isinstance(block, Facts):
        for key, value in block.items:
            _prose(f"{key}: {value}", console, "dim")
    elif isinstance(block, Chart):
        _prose(block.title, console, "bold")
        _prose(f"{DRAWN} {block.description}", console, "dim")
        console.print()
        _table(block.table, console)
        return
    else:
        _table(block, console)
        return
    console.print()


def _prose(text: str, console: Console, style: str = "") -> None:
    console.print(Text(plain(text), style=style), width=min(console.width, _MEASURE))


def _item(text: str, console: Console) -> None:
    lines = Text(plain(text)).wrap(console, max(min(console.width, _MEASURE) - 2, 10))
    for n, line in enumerate(lines):
        line.rstrip()
        console.print(Text.assemble("  " if n else "- ", line))


def _rule(width: int, console: Console) -> None:
    console.print(Text(("─" if _unicode(console) else "-") * width, style="dim"))


def _unicode(console: Console) -> bool:
    return (console.encoding or "").lower().startswith("utf")


def _table(table: Table, console: Console) -> None:
    """Print a table; one that is too wide is cut into several that keep the first column."""
    _prose(table.caption, console, "italic")
    least = [_least(table, n) for n in range(len(table.columns))]
    for columns in _pieces(least, console.width):
        widths = _widths(table, columns, least, console.width)
        header = _grid(widths, table, columns)
        header.add_row(*(_head(table, n) for n in columns))
        console.print(header)
        _rule(min(sum(widths) + _GAP * (len(widths) - 1), console.width), console)
        for group in table.groups:
            if group.title:
                title = Text(plain(group.title), style="bold")
                if group.note:
                    title.append(f"  {plain(group.note)}", style="dim not bold")
                console.print(title)
            body = _grid(widths, table, columns)
            for row in group.rows:
                body.add_row(*(_cell(row.cells[n], table, row) for n in columns))
            console.print(body)
        console.print()
    if table.note:
        _prose(table.note, console, "dim")
        console.print()


def _grid(widths: list[int], table: Table, columns: list[int]) -> Grid:
    grid = Grid.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    for n, width in zip(columns, widths, strict=True):
        right = table.columns[n].kind == "number"
        grid.add_column(width=width, justify="right" if right else "left", overflow="fold", vertical="top")
    return grid


def _head(table: Table, n: int) -> Text:
    column = table.columns[n]
    text = Text(plain(column.label), style="bold")
    if column.note:
        text.append(f"\n{plain(column.note)}", style="dim not bold")
    return text


def _cell(cell: Cell, table: Table, row: Row) -> Text:
    style = _TONES.get(cell.tone, "")
    if row.strong:
        style = f"{style} bold".strip()
    text = Text(plain(cell.text), style=style)
    if cell.refs:
        text.append(("\n" if cell.text else "") + ", ".join(plain(words) for words, _ in cell.refs))
    if table.kind == "heat" and cell.level is not None:
        text.append(
            " " + _SHADES[min(3, int(cell.level * 4))] if cell.level > 0 else "  ", style="dim not bold"
        )
    for line in cell.lines:
        text.append(("\n" if text.plain else "") + plain(line), style="dim not bold")
    return text


# ------------------------------------------------------------------------------------------ widths of columns


def _texts(table: Table, n: int) -> list[str]:
    """Every line of a column as it would stand unwrapped."""
    cells = [_cell(row.cells[n], table, row).plain for group in table.groups for row in group.rows]
    return [line for text in [*cells, _head(table, n).plain] for line in text.split("\n")]


def _wide(text: str) -> int:
    return Text(text).cell_len


def _least(table: Table, n: int) -> int:
    """The width below which a column is no longer pleasant to read."""
    texts = _texts(table, n)
    word = max((_wide(w) for t in texts for w in t.split()), default=1)
    natural = max(map(_wide, texts), default=1)
    return min(natural, max(min(word, 20), 26 if natural > 80 else 14 if natural > 30 else 0))


def _pieces(least: list[int], width: int) -> list[list[int]]:
    """Columns that fit side by side, in pieces of about equal number; each begins with the first column."""
    others = list(range(1, len(least)))
    for count in range(1, len(others) + 1):
        cuts = [round(k * len(others) / count) for k in range(count + 1)]
        pieces = [[0, *others[a:b]] for a, b in pairwise(cuts)]
        if all(sum(least[n] + _GAP for n in piece) - _GAP <= width for piece in pieces):
            return pieces
    return [[0, n] for n in others] or [[0]]


def _widths(table: Table, columns: list[int], least: list[int], width: int) -> list[int]:
    """The natural widths; too wide, the widest columns give way first."""
    room = width - _GAP * (len(columns) - 1)
    widths = [max(map(_wide, _texts(table, n)), default=1) for n in columns]
    floor = [min(least[n], room) for n in columns]
    while sum(widths) > room:
        n = max(range(len(widths)), key=lambda k: widths[k] - floor[k])
        if widths[n] <= floor[n]:
            widest = max(range(len(widths)), key=lambda k: widths[k])
            widths[widest] = max(widths[widest] - (sum(widths) - room), 4)
            break
        widths[n] -= 1
    return widths
