"""The timeline: a table of all that has a date, and a picture with a lane for each party."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from winset.case.model import Case
from winset.lenses.timeline import Entry
from winset.report.charts import INK, look
from winset.report.context import Context
from winset.report.document import Block, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.drawing import ahead
from winset.report.words import and_list, plain, q

__all__ = ["timeline_section", "timeline_table"]

MOST_DRAWN = 40
WIDTH, LANE = 560, 34
NOBODY = "others"
_KINDS = {"due": "falls due", "meeting": "meeting", "warrant": "warrant"}
_MARKS = {
    "event": "circle",
    "said or stated": "circle",
    "meeting": "square",
    "falls due, or the law": "diamond",
}


def timeline_section(context: Context) -> list[Block]:
    """The section of the brief."""
    entries = context.claims.timeline
    undated = len(context.claims.undated)
    out: list[Block] = []
    if not entries:
        return [Paragraph("Nothing in the case has a date of its own.")]
    (table,) = timeline_table(entries, context.case)
    assert isinstance(table, Table)
    if 2 <= len(entries) <= MOST_DRAWN:
        chart = _chart(entries, context.case, table)
        ahead(chart.spec)
        out.append(chart)
    else:
        out.append(table)
    if undated:
        one = "1 claim has no date of its own and is"
        words = one if undated == 1 else f"{undated} claims have no date of their own and are"
        out.append(Paragraph(f"{words} not on the line.", "note"))
    return out


def timeline_table(entries: Sequence[Entry], case: Case) -> list[Block]:
    """All that has a date, earliest first."""
    if not entries:
        return []
    rows = tuple(
        Row(
            (
                Cell(str(n)),
                Cell(q(e.when), lines=(f"{e.instant[11:16]} UTC",) if e.instant else ()),
                Cell(f"warrant against {q(e.text)}" if e.kind == "warrant" else q(e.text), lines=(_what(e),)),
                Cell(and_list([q(case.name(p)) for p in e.parties]) or "–"),
            )
        )
        for n, e in enumerate(entries, 1)
    )
    return [
        Table(
            "What has a date, earliest first",
            (Column("No.", "narrow"), Column("When", "narrow"), Column("What"), Column("Whom it concerns")),
            (Rows(rows),),
            folded="The same as a table",
        )
    ]


def _what(entry: Entry) -> str:
    if entry.kind == "claim":
        return f"{entry.nature}: claim {q(entry.name)}"
    if entry.kind == "waiver":
        return "a waiver begins" if entry.nature == "since" else "the last day of a waiver"
    return f"{_KINDS[entry.kind]}: {q(entry.name)}"


def _mark(entry: Entry) -> str:
    if entry.kind == "claim":
        return "event" if entry.nature == "event" else "said or stated"
    return "meeting" if entry.kind == "meeting" else "falls due, or the law"


def _places(entries: Sequence[Entry]) -> tuple[list[float], list[tuple[float, str]]]:
    """Where each entry stands along the line, and where the days are written.

    Entries of a day stand side by side; between days the line grows with the logarithm of the days
    between, so that a century does not push a week together.
    """
    at: list[float] = []
    days: dict[str, list[float]] = {}
    x, last = 0.0, None
    for entry in entries:
        day = dt.date.fromisoformat(entry.first)
        if last is not None:
            gap = (day - last).days
            x += 0.5 if gap == 0 else 0.8 + 0.35 * math.log10(gap)
        at.append(x)
        days.setdefault(_day(entry), []).append(x)
        last = day
    return at, [(sum(xs) / len(xs), label) for label, xs in days.items()]


def _day(entry: Entry) -> str:
    """The day, month or year, without the time."""
    return entry.when[:10]


def _chart(entries: Sequence[Entry], case: Case, table: Table) -> Chart:
    lanes = [p for p in case.parties if any(p in e.parties for e in entries)]
    names = [plain(q(case.name(p))) for p in lanes] + (
        [NOBODY] if any(not e.parties for e in entries) else []
    )
    at, days = _places(entries)
    points, joins = [], []
    for n, (entry, x) in enumerate(zip(entries, at, strict=True), 1):
        rows = [lanes.index(p) for p in entry.parties] or [len(lanes)]
        mark = _mark(entry)
        points += [{"x": round(x, 3), "y": y, "n": str(n), "mark": mark, "full": mark != "said or stated"}
                   for y in rows]  # fmt: skip
        if len(rows) > 1:
            joins.append({"x": round(x, 3), "y": min(rows), "y2": max(rows)})
    return Chart(
        title="What happened and what is to come, by day",
        description="A lane for each party; a mark in each lane that something concerns, joined where there "
        f"are several. The numbers are those of the table below. {_legend(entries)} The line is not to "
        "scale: the farther apart two days are, the more it is shortened.",
        table=table,
        spec=_spec(points, joins, days, names, at[-1]),
    )


def _legend(entries: Sequence[Entry]) -> str:
    """What the marks are, of those that are drawn."""
    shapes = {
        "event": "Filled circle: an event",
        "said or stated": "hollow circle: said or stated",
        "meeting": "square: a meeting",
        "falls due, or the law": "diamond: something falls due, or a fact of law",
    }
    drawn = {_mark(e) for e in entries}
    text = "; ".join(words for kind, words in shapes.items() if kind in drawn)
    return text[0].upper() + text[1:] + "."


def _spec(
    points: list[dict[str, Any]],
    joins: list[dict[str, Any]],
    days: list[tuple[float, str]],
    names: list[str],
    end: float,
) -> dict[str, Any]:
    def x(field: str = "x") -> dict[str, Any]:
        spots = [round(where, 3) for where, _ in days]
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [-0.4, end + 0.4], "nice": False, "zero": False},
            "axis": {
                "values": spots,
                "labelExpr": f"{_list([label for _, label in days])}[indexof({spots}, datum.value)]",
                "labelAngle": -40,
                "labelAlign": "right",
                "labelOverlap": False,
                "title": None,
                "ticks": True,
                "domain": False,
            },
        }

    def y(field: str = "y") -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [len(names) - 0.4, -0.6], "nice": False, "zero": False},
            "axis": {
                "values": list(range(len(names))),
                "labelExpr": f"{_list(names)}[datum.value]",
                "labelLimit": 150,
                "title": None,
                "ticks": False,
                "domain": False,
            },
        }

    shapes = {"domain": list(_MARKS), "range": list(_MARKS.values())}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": LANE * len(names),
        "padding": {"left": 24, "right": 6, "top": 6, "bottom": 6},  # names may be drawn wider than measured
        "background": "transparent",
        "layer": [
            {
                "data": {"values": joins or [{"x": 0, "y": 0, "y2": 0}]},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1, "opacity": 0.6 if joins else 0},
                "encoding": {"x": x(), "y": y(), "y2": {"field": "y2"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "size": 80, "stroke": INK, "strokeWidth": 1.5, "opacity": 1},
                "encoding": {
                    "x": x(),
                    "y": y(),
                    "shape": {"field": "mark", "type": "nominal", "scale": shapes, "legend": None},
                    "fill": {"condition": {"test": "datum.full", "value": INK}, "value": "white"},
                },
            },
            {
                "data": {"values": points},
                "mark": {"type": "text", "dy": -11, "fontSize": 11, "color": INK},
                "encoding": {"x": x(), "y": y(), "text": {"field": "n", "type": "nominal"}},
            },
        ],
        "config": look(),
    }  # fmt: skip


def _list(words: Sequence[str]) -> str:
    """A list of texts for an expression of the chart."""
    return "[" + ",".join("'" + w.replace("\\", "\\\\").replace("'", "\\'") + "'" for w in words) + "]"
