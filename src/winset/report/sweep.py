"""A sweep for a reader: the table, the sentence that says what moves, and a chart with its intervals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from winset.errors import QuestionError
from winset.lenses.estimates import Estimate
from winset.report.charts import look
from winset.report.document import Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, per_cent
from winset.report.words import and_list, count, gain, q, times
from winset.runs.summary import Answer, SweepRow, SweepSummary

__all__ = ["answer_table", "sweep_blocks", "sweep_chart", "sweep_picture"]

MOST_ROWS = 60
MOST_SERIES = 8
WIDTH, HEIGHT = 480, 300
_LINES = ("#1c5a8d", "#8a5a00", "#1d2730", "#6f9fc4", "#7a2f4f", "#3c7a4b", "#5b4b8a", "#b9770e")


def sweep_blocks(found: SweepSummary) -> list[Paragraph | Table]:
    """The sweep in words and tables."""
    out: list[Paragraph | Table] = [Paragraph(_head(found))]
    sentence = _extremes(found)
    if sentence:
        out.append(Paragraph(sentence))
    out.append(_table(found))
    if any(row.offers for row in found.rows):
        out.append(_offers(found))
    if found.others:
        out.append(
            Paragraph(
                f"Averaged over {and_list(q(p) for p in found.others)}, every point counting the same. The "
                "points share their draws, so the intervals are those of one point.",
                "note",
            )
        )
    return out


def _head(found: SweepSummary) -> str:
    cases = and_list(q(title) for title in dict.fromkeys(found.cases.values()))
    how = ", sampled" if found.sample is not None else ""
    text = (
        f"{cases}: {times(found.points, 'point')}{how}, {count(found.draws)} joint draws at each, "
        f"seed {found.seed}."
    )
    if found.done < found.pieces:
        text += (
            f" Unfinished: {count(found.done)} of {times(found.pieces, 'piece')} done, so some points may be "
            "missing or rest on fewer draws."
        )
    return text


def _extremes(found: SweepSummary) -> str:
    """Where the zone is most and least likely to be open."""
    rows = found.rows
    if not found.by and len(found.cases) == 1 and len(rows) == 1:
        return f"That some deal passes: {chance(rows[0].zone)}."
    if len(rows) < 2:
        return ""
    most, least = max(rows, key=lambda r: r.zone.value), min(rows, key=lambda r: r.zone.value)
    if most.zone.value == least.zone.value:
        return f"That some deal passes is the same at all of them: {chance(most.zone)}."
    return (
        f"That some deal passes is most likely with {_where(found, most)}: {chance(most.zone)}. "
        f"It is least likely with {_where(found, least)}: {chance(least.zone)}."
    )


def _where(found: SweepSummary, row: SweepRow) -> str:
    parts = [f"{q(p)} at {_value(v, u)}" for p, v, u in zip(found.by, row.values, row.upto, strict=True)]
    if len(found.cases) > 1:
        parts.insert(0, f"case {q(row.case)}")
    return and_list(parts)


def _value(value: str | float, upto: float | None) -> str:
    if isinstance(value, str):
        return q(value)
    return f"{value:.4g}" + ("" if upto is None else f" to {upto:.4g}")


def _shown(found: SweepSummary) -> tuple[Sequence[SweepRow], str]:
    if len(found.rows) <= MOST_ROWS:
        return found.rows, ""
    left = len(found.rows) - MOST_ROWS
    hint = " --by PATH puts them together." if len(found.by) > 1 else ""
    return found.rows[:MOST_ROWS], f"{times(left, 'more row')} not shown.{hint}"


def _lead(found: SweepSummary) -> list[Column]:
    kinds = ("number" if number else "text" for number in found.numeric)
    columns = [Column(_short(p, found.by), kind) for p, kind in zip(found.by, kinds, strict=True)]  # type: ignore[arg-type]
    if len(found.cases) > 1 or not columns:
        columns.insert(0, Column("Case"))
    return columns


def _short(path: str, paths: Sequence[str]) -> str:
    """A path for the head of a column: its last two steps, if that is clear."""
    steps = path.removeprefix("preferences.").split(".")
    short = ".".join(steps[-2:])
    return q(short if sum(p.endswith(short) for p in paths) == 1 else path)


def _first(found: SweepSummary, row: SweepRow) -> list[Cell]:
    cells = [
        Cell(_value(v, u), "number" if number else "")
        for v, u, number in zip(row.values, row.upto, found.numeric, strict=True)
    ]
    if len(found.cases) > 1 or not cells:
        cells.insert(0, Cell(q(row.case)))
    return cells


def _probability(value: Estimate | None) -> Cell:
    if value is None:
        return Cell("–", "muted")
    places = 0 if value.half >= 0.005 else 1
    lines = (
        ()
        if value.low == value.high
        else (f"{100 * value.low:.{places}f} to {100 * value.high:.{places}f}%",)
    )
    return Cell(per_cent(value), "number", lines=lines)


def _points(value: Estimate | None) -> Cell:
    if value is None:
        return Cell("–", "muted")
    fine = value.half < 0.3
    lines = () if value.low == value.high else (f"{gain(value.low, fine)} to {gain(value.high, fine)}",)
    return Cell(gain(value.value, fine), "number", lines=lines)


def _table(found: SweepSummary) -> Table:
    rows, note = _shown(found)
    parties = list(dict.fromkeys(p for row in found.rows for p in row.gain))
    columns = [
        *_lead(found),
        Column("Some deal passes", "number", "95% interval"),
        Column("Of all deals", "number", "mean"),
        Column("Worst-off", "number", "gain"),
        *(Column(q(p), "number", "gain") for p in parties),
    ]
    body = []
    for row in rows:
        size = "–" if row.zone_share is None else f"{100 * row.zone_share:.2g}%"
        cells = [*_first(found, row), _probability(row.zone), Cell(size, "number"), _points(row.least)]
        body.append(Row((*cells, *(replace(_points(row.gain.get(p)), lines=()) for p in parties))))
    explain = (
        "Gains in points over the reservation value, at the deal that is best for the worst-off, in the "
        "draws in which some deal passes. Intervals hold the error of sampling alone."
    )
    return Table(
        "The zone", tuple(columns), (Rows(tuple(body)),), note=" ".join(filter(None, [note, explain]))
    )


def _offers(found: SweepSummary) -> Table:
    rows, note = _shown(found)
    offers = list(dict.fromkeys(o for row in found.rows for o in row.offers))
    columns = [*_lead(found), *(Column(q(o), "number") for o in offers)]
    body = [Row((*_first(found, row), *(_probability(row.offers.get(o)) for o in offers))) for row in rows]
    return Table("Probability that each offer passes", tuple(columns), (Rows(tuple(body)),), note=note)


def answer_table(found: Answer) -> Table:
    """What a query gave."""
    rows = tuple(Row(tuple(Cell(_plain(v)) for v in row)) for row in found.rows)
    columns = tuple(
        Column(q(name), "number" if found.rows and isinstance(found.rows[0][n], int | float) else "text")
        for n, name in enumerate(found.columns)
    )
    note = f"Only the first {count(len(rows))} rows are shown." if found.more else ""
    return Table(times(len(rows), "row"), columns, (Rows(rows),), note=note)


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else q(value)


# --------------------------------------------------------------------------------------------------- chart


def sweep_chart(found: SweepSummary) -> Chart:
    """The probability that some deal passes against the first axis, a line for each value of the others.

    Raises
    ------
    QuestionError
        If there is nothing to draw it against, or too many lines.
    """
    if not found.by and len(found.cases) == 1:
        raise QuestionError("this sweep has one point; there is nothing to draw it against")
    axis = found.by[0] if found.by else "case"
    numeric = bool(found.numeric and found.numeric[0])
    data = []
    for row in found.rows:
        x: str | float = row.values[0] if found.by else row.case
        if numeric and row.upto[0] is not None:
            x = (float(x) + row.upto[0]) / 2
        rest = [_value(v, u).strip("\u2068\u2069") for v, u in zip(row.values[1:], row.upto[1:], strict=True)]
        if len(found.cases) > 1 and found.by:
            rest.insert(0, row.case)
        data.append(
            {
                "x": x,
                "p": row.zone.value,
                "low": row.zone.low,
                "high": row.zone.high,
                "series": ", ".join(rest),
            }
        )
    series = list(dict.fromkeys(str(d["series"]) for d in data))
    if len(series) > MOST_SERIES:
        raise QuestionError(
            f"{len(series)} lines are too many for a chart, at most {MOST_SERIES}; "
            "--by PATH (and --by OTHER) says which axes to draw"
        )
    names = [*found.by[1:], *(["case"] if len(found.cases) > 1 and found.by else [])]
    where = q(axis)
    return Chart(
        f"Probability that some deal passes, by {where}",
        f"Points are estimates from {count(found.draws)} draws at each point; bars span the 95% interval of "
        f"sampling. {_extremes(found)}",
        _table(found),
        _spec(data, axis, numeric, series, ", ".join(names)),
    )


def _spec(
    data: list[dict[str, Any]], axis: str, numeric: bool, series: list[str], legend: str
) -> dict[str, Any]:
    kind = "quantitative" if numeric else "nominal"
    x: dict[str, Any] = {"field": "x", "type": kind, "title": axis, "axis": {"labelAngle": 0}}
    if numeric:
        x["scale"] = {"zero": False, "nice": True}
    else:
        x["sort"] = None
    p = {
        "field": "p", "type": "quantitative", "title": "some deal passes",
        "scale": {"domain": [0, 1]}, "axis": {"format": ".0%"},
    }  # fmt: skip
    colour: dict[str, Any] = {"value": _LINES[0]}
    if len(series) > 1:
        colour = {
            "field": "series", "type": "nominal", "title": legend, "sort": None,
            "scale": {"domain": series, "range": list(_LINES[: len(series)])},
        }  # fmt: skip
    ends = {"y": {**p, "field": "low"}, "y2": {"field": "high"}}
    bars: dict[str, Any] = {
        "mark": {"type": "rule", "strokeWidth": 1.6, "opacity": 0.7},
        "encoding": {"x": x, **ends, "color": colour},
    }
    dots: dict[str, Any] = {
        "mark": {"type": "point", "filled": True, "size": 42, "opacity": 1},
        "encoding": {"x": x, "y": p, "color": colour},
    }
    layers = [bars, dots]
    if numeric:
        line = {"type": "line", "strokeWidth": 1.4}
        layers.insert(0, {"mark": line, "encoding": {"x": x, "y": p, "color": colour}})
    elif len(series) > 1:
        for layer in layers:
            layer["encoding"]["xOffset"] = {"field": "series", "type": "nominal", "sort": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 6,
        "background": "white",
        "data": {"values": data},
        "layer": layers,
        "config": {
            **look(titleLimit=420),
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
        },
    }  # fmt: skip


def sweep_picture(found: SweepSummary, suffix: str) -> str | bytes:
    """The chart as ``.html`` (with the tables), ``.svg``, ``.png`` or ``.json``."""
    chart = sweep_chart(found)
    if suffix == ".html":
        from winset.report.html import chart_page

        blocks = [
            b for b in sweep_blocks(found) if isinstance(b, Paragraph) or b.caption != chart.table.caption
        ]
        title = and_list(q(t) for t in dict.fromkeys(found.cases.values()))
        return chart_page(title, chart, blocks)
    text = json.dumps(chart.spec, ensure_ascii=False, indent=1)
    if suffix == ".json":
        return text + "\n"
    import vl_convert

    if suffix == ".svg":
        return str(vl_convert.vegalite_to_svg(text, vl_version="5.20"))
    return bytes(vl_convert.vegalite_to_png(text, vl_version="5.20", scale=2))
