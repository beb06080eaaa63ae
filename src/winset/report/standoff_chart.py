"""The moves between the states of a conflict as a picture, from the status quo to the right."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from winset.lenses.standoff import ConflictStability, ShownMove, StateOdds
from winset.report.charts import INK, look
from winset.report.document import Cell, Chart, Column, Row, Rows, Table
from winset.report.words import plain, q

__all__ = ["move_graph"]

Names = Callable[[str], str]

COLOURS = ("#b3541e", "#1f5f8b", "#3f7d4e", "#7a4b94", "#8a6d1d", "#4f5b66")
ACROSS, DOWN = 175, 100  # pixels from state to state
RADIUS = 15
LEAST = 0.1  # share of draws in which a move must be an improvement to be drawn
CURVE = 30  # points of an arrow


def move_graph(found: ConflictStability, names: Names) -> Chart | None:
    """The states that improvements lead to from the status quo; None where they lead nowhere."""
    moves = [m for m in found.moves if m.share >= LEAST]
    start = next((s.number for s in found.shown if s.now), None)
    levels = {} if start is None else _levels(start, moves)
    if len(levels) < 2:
        return None
    moves = [m for m in moves if m.start in levels and m.end in levels]
    return Chart(
        title="Where moves that are good for whoever makes them lead",
        description=f"From the status quo (state {start}) to the right. An arrow is a move by one party; it "
        "is the darker the more often that party is better off by it over all draws. A state is the greener "
        "the more often it is stable for all. What is listed under a state is done in it. Moves that pay in "
        "fewer than 10% of the draws, and states that none leads to, are left out.",
        table=_table(moves, names),
        spec=_spec(found, moves, _places(levels), names),
    )


def _spec(
    found: ConflictStability,
    moves: list[ShownMove],
    place: dict[int, tuple[float, float]],
    names: Names,
) -> dict[str, Any]:
    wide = max(x for x, _ in place.values()) + RADIUS + 60
    high = max(y for _, y in place.values()) + RADIUS + 55
    across, down = _axis("x", [0, wide]), _axis("y", [high, 0])
    parties = list(dict.fromkeys(o.party for o in found.options))
    colours = {p: COLOURS[n % len(COLOURS)] for n, p in enumerate(parties)}
    moving = [p for p in parties if any(m.by == p for m in moves)]
    colour = {
        "field": "by",
        "type": "nominal",
        "scale": {"domain": [plain(names(p)) for p in moving], "range": [colours[p] for p in moving]},
        "legend": {"title": "who moves", "orient": "top", "symbolType": "stroke", "symbolStrokeWidth": 3},
    }
    weight = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [0.3, 1]},
        "legend": None,
    }
    lines, heads = _arrows(moves, place, names)
    dots = _dots(found, place)
    arrow = {"x": across, "y": down, "color": colour, "opacity": weight}
    dot = {"x": across, "y": down}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": wide,
        "height": high,
        "padding": 6,
        "background": "transparent",
        "layer": [
            {
                "data": {"values": lines},
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {
                    **arrow,
                    "detail": {"field": "move", "type": "nominal"},
                    "order": {"field": "k", "type": "quantitative"},
                },
            },
            {
                "data": {"values": heads},
                "mark": {"type": "point", "shape": "triangle", "filled": True, "size": 70},
                "encoding": {**arrow, "angle": {"field": "turn", "type": "quantitative", "scale": None}},
            },
            {
                "data": {"values": dots},
                "mark": {"type": "circle", "size": 3.2 * RADIUS * RADIUS, "stroke": INK, "opacity": 1},
                "encoding": {
                    **dot,
                    "fill": {
                        "field": "stable",
                        "type": "quantitative",
                        "legend": None,
                        "scale": {"domain": [0, 1], "range": ["#ffffff", "#8fbf9f"]},
                    },
                },
            },
            {
                "data": {"values": dots},
                "mark": {"type": "text", "fontSize": 13, "fontWeight": "bold", "color": INK},
                "encoding": {**dot, "text": {"field": "n"}},
            },
            # once in white, so that no arrow runs through the words
            *(
                {
                    "data": {"values": dots},
                    "mark": {"type": "text", "dy": RADIUS + 9, "lineBreak": "\n", "lineHeight": 12, **style},
                    "encoding": {**dot, "text": {"field": "text"}},
                }
                for style in (
                    {"fontSize": 11, "stroke": "white", "strokeWidth": 4, "color": "white"},
                    {"fontSize": 11, "color": INK},
                )
            ),
        ],
        "config": look(),
    }


def _arrows(
    moves: list[ShownMove], place: dict[int, tuple[float, float]], names: Names
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Points of the lines, and the heads at their ends."""
    lines, heads = [], []
    for n, move in enumerate(moves):
        points = _curve(place[move.start], place[move.end])
        told = {"by": plain(names(move.by)), "share": round(move.share, 3)}
        lines += [
            {"move": n, "k": k, "x": round(x, 1), "y": round(y, 1), **told} for k, (x, y) in enumerate(points)
        ]
        (x0, y0), (x1, y1) = points[-2:]
        turn = math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90
        heads.append({"x": round(x1, 1), "y": round(y1, 1), "turn": round(turn, 1), **told})
    return lines, heads


def _dots(found: ConflictStability, place: dict[int, tuple[float, float]]) -> list[dict[str, Any]]:
    out = []
    for s in found.shown:
        if s.number in place:
            at = place[s.number]
            likely = float("seq" in s.equilibrium)
            if isinstance(s.odds, StateOdds):
                likely = s.odds.equilibrium["seq"].value
            text = "\n".join(plain(q(option)) for option in s.state) or "nothing done"
            out.append({"x": at[0], "y": at[1], "n": str(s.number), "text": text, "stable": round(likely, 3)})
    return out


def _axis(field: str, domain: list[float]) -> dict[str, Any]:
    """Pixels as they are."""
    scale = {"domain": domain, "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _levels(start: int, moves: list[ShownMove]) -> dict[int, int]:
    """State -> the fewest such moves that lead there."""
    out = {start: 0}
    open_ = [start]
    for at in open_:
        for move in moves:
            if move.start == at and move.end not in out:
                out[move.end] = out[at] + 1
                open_.append(move.end)
    return out


def _places(levels: dict[int, int]) -> dict[int, tuple[float, float]]:
    """State -> pixels: a column for each level, its states one below the other and in the middle."""
    columns: dict[int, list[int]] = {}
    for state, level in levels.items():
        columns.setdefault(level, []).append(state)
    tall = max(map(len, columns.values()))
    out = {}
    for level, states in columns.items():
        for n, state in enumerate(states):
            # every second column is shifted, so that arrows along a row do not run through its states
            shift = 0.18 * DOWN if level % 2 else 0.0
            out[state] = (60.0 + level * ACROSS, 30 + shift + DOWN * (n + (tall - len(states)) / 2))
    return out


def _curve(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """An arrow from the edge of one state to that of another, bent to its left."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    long = math.hypot(dx, dy)
    bend = 0.12 * long + 6
    cx, cy = (x0 + x1) / 2 + bend * dy / long, (y0 + y1) / 2 - bend * dx / long
    points = []
    for k in range(CURVE + 1):
        t = k / CURVE
        points.append(
            (
                (1 - t) ** 2 * x0 + 2 * t * (1 - t) * cx + t * t * x1,
                (1 - t) ** 2 * y0 + 2 * t * (1 - t) * cy + t * t * y1,
            )
        )
    clear = [p for p in points if math.dist(p, start) > RADIUS and math.dist(p, end) > RADIUS + 5]
    return clear if len(clear) > 1 else [points[0], points[-1]]


def _table(moves: list[ShownMove], names: Names) -> Table:
    rows = tuple(
        Row(
            (
                Cell(f"{m.start} to {m.end}"),
                Cell(names(m.by)),
                Cell(f"{100 * m.share:.0f}%", "number"),
                Cell("yes", "yes") if m.improves else Cell("no", "no"),
            )
        )
        for m in moves
    )
    return Table(
        "Moves that are drawn",
        (
            Column("From and to"),
            Column("Who moves"),
            Column("Better off by it", "number", "share of draws"),
            Column("At central values"),
        ),
        (Rows(rows),),
        folded="The same in numbers",
    )
