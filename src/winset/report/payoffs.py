"""Pay-offs of two parties at a time, as Vega-Lite charts with their description and table."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from winset.kernels.rule import holds
from winset.kernels.stream import stream
from winset.lenses import NotComputed
from winset.report.charts import FAINT, FRONT, INK, LINE, SUITS, ZONE, look
from winset.report.context import Context
from winset.report.document import Cell, Chart, Column, Row, Rows, Table
from winset.report.parts import interval
from winset.report.words import amount, and_list, count, cut, gain, plain, points, times

__all__ = ["COLOURS", "charts"]

MOST_DOTS = 5000
MOST_PAIRS = 6
MOST_BARS = 6  # deals that are drawn with their intervals
GRID = 0.5  # dots closer than this many points are one dot
#: what the style sheet recolours for dark screens
COLOURS = (INK, FAINT, ZONE, FRONT, LINE, SUITS)
#: kind of a deal -> Vega shape
SHAPES = {
    "nash": "diamond",
    "ks": "square",
    "egalitarian": "triangle-up",
    "utilitarian": "triangle-down",
    "worst-off": "triangle-up",
    "sum": "triangle-down",
    "product": "diamond",
    "issue": "cross",
    "offer": "circle",
    "favourite": "circle",
}


def charts(context: Context) -> tuple[tuple[Chart, ...], int]:
    """The charts, and how many pairs of parties there are."""
    pairs = list(combinations(context.rulers, 2))
    accepted = {frozenset(p.parties): p.accepted.share for p in context.zone.pairs}
    shown = pairs
    if len(pairs) > MOST_PAIRS:
        order = sorted(pairs, key=lambda p: accepted.get(frozenset(p), 1.0))
        shown = [p for p in pairs if p in order[:MOST_PAIRS]]
    values, passes = _all_deals(context) if shown else (None, None)
    return tuple(_chart(context, pair, values, passes) for pair in shown), len(pairs)


def _all_deals(context: Context) -> tuple[Any, Any]:
    """Utility points (deal, party) and whether the rule passes (deal), for a space small enough to draw."""
    compiled = context.compiled
    if compiled.deals > MOST_DOTS:
        return None, None
    utilities, accepts = [], []
    for _, utility, crossed in stream(compiled.blocks()):
        utilities.append(utility.T * compiled.points)
        accepts.append((~crossed & (utility >= compiled.reserve[0][:, None])).T)
    return np.concatenate(utilities), holds(compiled.rule, np.concatenate(accepts))


def _chart(context: Context, pair: tuple[str, str], values: Any, passes: Any) -> Chart:
    a, b = pair
    names = [plain(context.name(p)) for p in pair]
    columns = [context.compiled.parties.index(p) for p in pair]
    reserve = [float(context.compiled.reserve_points[c]) for c in columns]
    dots: list[dict[str, Any]] = []
    if values is not None:
        cells = np.round(values[:, columns] / GRID) * GRID
        inside = {tuple(c) for c in cells[passes].tolist()}
        for x, y in sorted({tuple(c) for c in cells.tolist()}):
            dots.append({"x": x, "y": y, "z": int((x, y) in inside)})
    front = context.frontier.zone
    frontier = []
    if not isinstance(front, NotComputed) and front.size <= MOST_DOTS:
        where = [front.parties.index(p) for p in pair]
        frontier = sorted({(round(float(x), 2), round(float(y), 2)) for x, y in front.utility[:, where]})
    marks = [
        {
            "x": round(p.view.utility[a], 2),
            "y": round(p.view.utility[b], 2),
            "letter": p.letter,
            "shape": SHAPES[p.kind],
            "offer": int(p.kind in ("offer", "favourite")),
            **_bars(context, p.view.deal, pair, reserve),
        }
        for p in context.lettered[:26]
    ]
    spec = _spec(names, reserve, dots, frontier, marks)
    return Chart(
        title=f"{context.name(a)} and {context.name(b)}",
        description=_description(context, pair, len(dots) > 0),
        table=_table(context, pair, reserve),
        spec=spec,
    )


def _bars(
    context: Context, deal: dict[str, str], pair: tuple[str, str], reserve: list[float]
) -> dict[str, float]:
    """What nine draws in ten lie between, as gains over the dashed lines."""
    found = context.over_draws(deal)
    if found is None:
        return {}
    out = {}
    for axis, party, base in zip("xy", pair, reserve, strict=True):
        spread = found.gain[party]
        out[f"{axis}1"], out[f"{axis}2"] = round(base + spread.low, 2), round(base + spread.high, 2)
    return out


def _spec(
    names: list[str],
    reserve: list[float],
    dots: list[dict[str, Any]],
    frontier: list[tuple[float, float]],
    marks: list[dict[str, Any]],
) -> dict[str, Any]:
    spread = [m for m in marks[:MOST_BARS] if "x1" in m]
    xs = (
        [d["x"] for d in dots]
        + [m[k] for m in spread for k in ("x1", "x2")]
        + [m["x"] for m in marks]
        + [x for x, _ in frontier]
        + [reserve[0]]
    )
    ys = (
        [d["y"] for d in dots]
        + [m[k] for m in spread for k in ("y1", "y2")]
        + [m["y"] for m in marks]
        + [y for _, y in frontier]
        + [reserve[1]]
    )
    x_domain, y_domain = _domain(xs), _domain(ys)
    _place(marks, x_domain, y_domain)

    def position(field: str, domain: list[float], name: str) -> dict[str, Any]:
        axis = {"title": f"value for {cut(name, 34)}", "tickCount": 6}
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": domain, "nice": False},
            "axis": axis,
        }

    x, y = position("x", x_domain, names[0]), position("y", y_domain, names[1])
    layers: list[dict[str, Any]] = []
    for inside, colour, size, opacity in ((0, FAINT, 9, 0.7), (1, ZONE, 16, 0.9)):
        found = [{"x": d["x"], "y": d["y"]} for d in dots if d["z"] == inside]
        if found:
            layers.append(
                {
                    "data": {"values": found},
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "size": size,
                        "color": colour,
                        "opacity": opacity,
                    },
                    "encoding": {"x": x, "y": y},
                }
            )
    corner = [{"x": reserve[0], "y": reserve[1], "x2": x_domain[1], "y2": y_domain[1]}]
    suits = {"type": "rect", "color": SUITS, "opacity": 1}
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    layers.insert(0, {"data": {"values": corner}, "mark": suits, "encoding": {"x": x, "y": y, **ends}})
    rule = {"type": "rule", "color": LINE, "strokeDash": [5, 3], "strokeWidth": 1.2}
    layers.append({"data": {"values": [{"x": reserve[0]}]}, "mark": rule, "encoding": {"x": x}})
    layers.append({"data": {"values": [{"y": reserve[1]}]}, "mark": rule, "encoding": {"y": y}})
    if frontier:
        layers.append(
            {
                "data": {"values": [{"x": a, "y": b} for a, b in frontier]},
                "mark": {"type": "point", "filled": True, "size": 34, "color": FRONT, "opacity": 1},
                "encoding": {"x": x, "y": y},
            }
        )
    bars = [m for m in marks[:MOST_BARS] if "x1" in m]
    if bars:
        for along in ("x", "y"):
            other = "y" if along == "x" else "x"
            span = {
                along: {**(x if along == "x" else y), "field": f"{along}1"},
                f"{along}2": {"field": f"{along}2"},
            }
            layers.append(
                {
                    "data": {"values": bars},
                    "mark": {"type": "rule", "color": INK, "opacity": 0.3, "strokeWidth": 1.1},
                    "encoding": {**span, other: y if other == "y" else x},
                }
            )
    for offer in (1, 0):
        found = [m for m in marks if m["offer"] == offer]
        if not found:
            continue
        shape = {"field": "shape", "type": "nominal", "scale": None, "legend": None}
        style = {"fill": "white", "stroke": INK} if offer else {"fill": INK, "stroke": "white"}
        layers.append(
            {
                "data": {"values": found},
                "mark": {"type": "point", "size": 95, "strokeWidth": 1.5, "opacity": 1, **style},
                "encoding": {"x": x, "y": y, "shape": shape},
            }
        )
    if marks:
        layers.append(
            {
                "data": {"values": marks},
                "mark": {
                    "type": "text", "fontSize": 13, "fontWeight": "bold", "color": INK,
                    "stroke": "white", "strokeWidth": 3, "strokeJoin": "round",
                },
                "encoding": {"x": {**x, "field": "tx"}, "y": {**y, "field": "ty"}, "text": _LETTER},
            }
        )  # fmt: skip
        halo = layers[-1]
        layers.append({**halo, "mark": {"type": "text", "fontSize": 13, "fontWeight": "bold", "color": INK}})
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 6,
        "background": "transparent",
        "layer": layers,
        "config": look(titleLimit=300),
    }  # fmt: skip


WIDTH, HEIGHT = 380, 300
_LETTER = {"field": "letter", "type": "nominal"}
#: where a letter may stand beside its mark, best first
_AROUND = (
    *((13, 0), (-13, 0), (0, -14), (0, 14), (12, -12), (-12, -12)),
    *((12, 12), (-12, 12), (26, 0), (-26, 0), (0, -27), (0, 27)),
)


def _place(marks: list[dict[str, Any]], x_domain: list[float], y_domain: list[float]) -> None:
    """Put each letter beside its mark where it covers no other mark or letter."""
    scale_x = WIDTH / (x_domain[1] - x_domain[0])
    scale_y = HEIGHT / (y_domain[1] - y_domain[0])
    taken = [(m["x"] * scale_x, -m["y"] * scale_y) for m in marks]
    for n, mark in enumerate(marks):
        home = taken[n]
        best, most = home, -1.0
        for dx, dy in _AROUND:
            at = (home[0] + dx, home[1] + dy)
            left, top = at[0] - x_domain[0] * scale_x, HEIGHT + at[1] + y_domain[0] * scale_y
            if not (6 <= left <= WIDTH - 6 and 8 <= top <= HEIGHT - 8):
                continue
            room = min(
                (max(abs(at[0] - o[0]), abs(at[1] - o[1])) for k, o in enumerate(taken) if k != n), default=99
            )
            room = min(room, 14) - 0.05 * (abs(dx) + abs(dy))
            if room > most:
                best, most = at, room
        taken.append(best)
        mark["tx"], mark["ty"] = round(best[0] / scale_x, 3), round(-best[1] / scale_y, 3)


def _domain(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    margin = max((high - low) * 0.06, 1.0)
    return [float(np.floor(low - margin)), float(np.ceil(high + margin))]


def _description(context: Context, pair: tuple[str, str], dots: bool) -> str:
    a, b = pair
    both = next(p.accepted for p in context.zone.pairs if set(p.parties) == {a, b})
    reserve = [float(context.compiled.values[p].reserve) for p in pair]
    parts = [
        f"Value of deals for {context.name(a)} (across) and {context.name(b)} (up). Dashed lines mark what "
        "each "
        f"has without a deal, with the cost of closing one: {amount(reserve[0], context.fine(a))} and "
        f"{amount(reserve[1], context.fine(b))}. Both would accept {count(both.value)} of {count(both.of)} "
        "deals."
    ]
    if not dots:
        parts.append("There are too many deals to draw each of them.")
    up_right = [p for p in context.lettered if p.view.gain[a] >= 0 and p.view.gain[b] >= 0]
    lettered = context.lettered
    if lettered:
        parts.append(
            f"Of the {times(len(lettered), 'lettered deal')}, {and_list([p.letter for p in up_right])} "
            f"{'lies' if len(up_right) == 1 else 'lie'} above both lines."
            if up_right
            else f"None of the {times(len(lettered), 'lettered deal')} lies above both lines."
        )
    best = context.zone.best
    for p in pair:
        view = best.get(p)
        if view is not None and not isinstance(view, NotComputed):
            parts.append(
                f"The most that {context.name(p)} can gain in the zone is "
                f"{points(view.gain[p], context.fine(p))}."
            )
    return " ".join(parts)


def _table(context: Context, pair: tuple[str, str], reserve: list[float]) -> Table:
    a, b = pair
    rows = [
        Row(
            (
                Cell("No deal"),
                Cell(amount(reserve[0], context.fine(a)), "number"),
                Cell("0", "number"),
                Cell(amount(reserve[1], context.fine(b)), "number"),
                Cell("0", "number"),
                Cell(""),
            )
        )
    ]
    for pick in context.lettered:
        refusing = {r.party for r in pick.view.refusals}
        rows.append(
            Row(
                (
                    Cell(f"{pick.letter}: {'; '.join(pick.labels)}"),
                    Cell(amount(pick.view.utility[a], context.fine(a)), "number"),
                    Cell(gain(pick.view.gain[a], context.fine(a)), "number",
                         lines=interval(context, pick.view.deal, a)),
                    Cell(amount(pick.view.utility[b], context.fine(b)), "number"),
                    Cell(gain(pick.view.gain[b], context.fine(b)), "number",
                         lines=interval(context, pick.view.deal, b)),
                    Cell("in the zone" if pick.view.in_zone else "refused by "
                         + and_list(context.names(r for r in context.rulers if r in refusing))),
                )
            )
        )  # fmt: skip
    return Table(
        caption=f"Value for {context.name(a)} and {context.name(b)}, in points",
        columns=(
            Column("Deal"),
            Column(context.name(a), "number"),
            Column("over no deal", "number"),
            Column(context.name(b), "number"),
            Column("over no deal", "number"),
            Column("Rule of consent"),
        ),
        groups=(Rows(tuple(rows)),),
        folded="The same in numbers",
    )
