"""What would change the answer, for the brief: the tornado, the flips, and what leaving someone out does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from winset.lenses import NotComputed
from winset.lenses.estimates import Estimate
from winset.lenses.exclusion import ExclusionResult
from winset.lenses.tornado import Bar
from winset.report.answers import _Names
from winset.report.charts import FAINT, INK, look
from winset.report.context import Context
from winset.report.document import Block, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.drawing import ahead
from winset.report.drivers import sensitivity_blocks, type_flips
from winset.report.exclusion import exclusion
from winset.report.lever_words import lever_blocks
from winset.report.numbers import input_label, input_words
from winset.report.odds import per_cent
from winset.report.words import capital, count, cut, plain, q
from winset.report.worth import information_blocks

__all__ = ["leaving_out", "levers_section", "turns", "worth_knowing"]

WIDTH, STEP = 400, 30
_LABEL = 44


def turns(context: Context) -> list[Block]:
    """The section on what would change the answer."""
    found = context.sensitivity
    if found is None:
        text = "Nothing in this case is uncertain, so nothing inside its ranges can change the answer."
        if isinstance(context.zone.odds, NotComputed):
            text = f"What drives the answer over draws was not computed: {context.zone.odds.because}."
        return [Paragraph(text)]
    told = sensitivity_blocks(replace(found, types=()), context.name)
    first = next((n for n, block in enumerate(told) if isinstance(block, Table)), len(told))
    flips = [Paragraph(text) for text in type_flips(found, context.name)]
    bars = context.tornado
    drawn: list[Block] = []
    if bars:
        chart = _tornado(context, bars)
        ahead(chart.spec)
        drawn = [chart]
    folded = [replace(b, folded=b.caption) if isinstance(b, Table) else b for b in told[first:]]
    return [*told[:1], *flips, *told[1:first], *drawn, *folded]


def _tornado(context: Context, bars: Sequence[Bar]) -> Chart:
    rows = [
        {
            "input": _label(context, b),
            "low": round(100 * b.at_low.value, 2),
            "high": round(100 * b.at_high.value, 2),
            "l1": round(100 * b.at_low.low, 2),
            "l2": round(100 * b.at_low.high, 2),
            "h1": round(100 * b.at_high.low, 2),
            "h2": round(100 * b.at_high.high, 2),
        }
        for b in bars
    ]
    order = [r["input"] for r in rows]
    y = {
        "field": "input",
        "type": "nominal",
        "sort": order,
        "axis": {"title": None, "labelLimit": 300, "ticks": False, "domain": False},
    }

    def x(field: str) -> dict[str, Any]:
        axis = {"title": "probability that some deal passes, in per cent", "tickCount": 6}
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [0, 100], "nice": False},
            "axis": axis,
        }

    def rule(start: str, end: str, **style: Any) -> dict[str, Any]:
        return {
            "mark": {"type": "rule", **style},
            "encoding": {"y": y, "x": x(start), "x2": {"field": end}},
        }

    def dot(field: str, **style: Any) -> dict[str, Any]:
        mark = {"type": "point", "size": 70, "opacity": 1, "strokeWidth": 1.6, **style}
        return {"mark": mark, "encoding": {"y": y, "x": x(field)}}

    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": STEP},
        "padding": {"left": 48, "top": 6, "right": 6, "bottom": 6},
        "background": "transparent",
        "data": {"values": rows},
        "layer": [
            rule("low", "high", color=FAINT, strokeWidth=9, opacity=0.8),
            rule("l1", "l2", color=INK, strokeWidth=1.2),
            rule("h1", "h2", color=INK, strokeWidth=1.2),
            dot("low", fill="white", stroke=INK),
            dot("high", fill=INK, stroke=INK),
        ],
        "config": look(),
    }  # fmt: skip
    first = bars[0]
    return Chart(
        title="How likely some deal passes, with one unknown set and all others drawn",
        description=f"The {len(bars)} unknowns that move the answer most, of those that move the zone "
        "most. Hollow: the end of its range (5% or 95% point), or the type, with the lower probability; "
        "filled: the other. Thin lines are 95% intervals. All ends use the same draws, so that a difference "
        f"is sharper than they suggest. These are {count(first.at_low.draws)} draws; over others, as "
        "elsewhere in this brief, a probability differs within its interval. The largest: "
        f"{input_words(context.case, first.path)}, from {per_cent(first.at_low)} "
        f"({q(first.low)}) to {per_cent(first.at_high)} ({q(first.high)}).",
        table=_table(context, bars),
        spec=spec,
    )


def _label(context: Context, bar: Bar) -> str:
    """Short enough to stand beside the chart."""
    return cut(plain(input_label(context.case, bar.path)), _LABEL)


def _table(context: Context, bars: Sequence[Bar]) -> Table:
    rows = tuple(
        Row(
            (
                Cell(capital(input_words(context.case, b.path)), lines=(q(b.path),)),
                Cell(q(b.low)),
                Cell(per_cent(b.at_low), "number", lines=(_interval(b.at_low),)),
                Cell(q(b.high)),
                Cell(per_cent(b.at_high), "number", lines=(_interval(b.at_high),)),
                Cell(
                    f"{100 * b.difference.value:.0f}", "number", lines=(f"± {100 * b.difference.half:.0f}",)
                ),
            )
        )
        for b in bars
    )
    return Table(
        "How likely some deal passes, with one unknown set",
        (
            Column("Unknown"),
            Column("One end"),
            Column("Some deal passes", "number"),
            Column("Other end"),
            Column("Some deal passes", "number"),
            Column("Difference", "number", note="points"),
        ),
        (Rows(rows),),
        folded="The same in numbers",
    )


def _interval(found: Estimate) -> str:
    return f"{100 * found.low:.0f} to {100 * found.high:.0f}%"


def levers_section(context: Context) -> list[Block]:
    """The section on what would open the zone, or open it more likely."""
    found = context.levers
    if found is None:
        return [Paragraph("Levers were not looked at: no draws were asked for.")]
    return lever_blocks(found, context.name, "")


def worth_knowing(context: Context) -> list[Block]:
    """The section on what is worth finding out before a choice."""
    found = context.information
    if found is None:
        return [Paragraph("Nothing in this case is uncertain, so there is nothing to find out.")]
    return information_blocks(found, context.name)


def leaving_out(context: Context) -> list[Block]:
    """The section on what leaving a party out does: single parties, and all who are absent."""
    found = context.exclusion
    if found is None:
        return [Paragraph("What leaving a party out does was not computed: no draws were asked for.")]
    few = tuple(e for e in found.exclusions if len(e.parties) == 1 or e.absent)
    shown: ExclusionResult = replace(found, exclusions=few, complete=True)
    return exclusion(shown, _Names(context.case))
