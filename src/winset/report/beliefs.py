"""What the evidence says about hidden types, in words, tables and a chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from winset.lenses import BeliefsResult, NotComputed
from winset.lenses.beliefs import Apart, Belief, Item, PartyBeliefs, Step, Swing, Unseen, Weight
from winset.report.charts import FRONT, INK, LINE, ZONE, look
from winset.report.context import Context
from winset.report.document import Block, Bullets, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.drawing import ahead
from winset.report.odds import how, per_cent
from winset.report.parts import claim_refs
from winset.report.words import and_list, capital, count, cut, likelihood, plain, q, times

__all__ = ["belief_blocks", "beliefs_section"]

Names = Callable[[str], str]
Refs = Callable[[tuple[str, ...]], tuple[tuple[str, str], ...]]

MOST = 8  # numbers that the answer hangs on
STEP, WIDTH, HEIGHT = 130, 1000, 190  # of the chart: a step and all steps at most, and how high
COLOURS = (FRONT, LINE, INK, ZONE)
_ROUNDING = 1e-9


def belief_blocks(result: BeliefsResult, names: Names) -> list[Block]:
    """The answer of the lens for the terminal."""
    if isinstance(result.parties, NotComputed):
        return [Paragraph(f"Not computed: {result.parties.because}.")]
    out: list[Block] = []
    explained = False
    for found in result.parties:
        out += _words(found, result, names)
        if found.steps:
            out += [_steps(found, names, _plainly), *_tables(found, names, _plainly, not explained)]
            explained = True
        elif found.signals:
            out.append(_unseen(found, names))
    return out


def beliefs_section(context: Context) -> list[Block]:
    """The section of the brief: one picture for each party about which there is evidence."""
    result = context.beliefs
    if result is None or isinstance(result.parties, NotComputed):
        return []
    told = [found for found in result.parties if found.steps]

    def refs(claims: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        return claim_refs(context, claims)

    charts = [_chart(found, context.name, refs) for found in told]
    for chart in charts:
        ahead(chart.spec)
    out: list[Block] = []
    for found in told:
        out += _words(found, result, context.name)
    out += charts
    for n, found in enumerate(told):
        out += _tables(found, context.name, refs, n == 0)
    return out


def _plainly(claims: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """In the terminal claims are named, and lead nowhere."""
    return tuple((q(c), "") for c in claims)


# -------------------------------------------------------------------------------------------------- in words


def _words(found: PartyBeliefs, result: BeliefsResult, names: Names) -> list[Block]:
    who, first = names(found.party), _first(found)
    before, after = found.before[first], found.after[first]
    if not found.steps:
        text = f"{who} as {q(first)}: {_chance(before)}, by the priors. No evidence of this case bears on it."
        return [Paragraph(text)]
    pieces = times(len(found.steps), "piece")
    head = f"{who} as {q(first)}: {_chance(after)}, given the {pieces} of evidence that count."
    rest = f"Before them: {_chance(before)}. All is over {how(result.plan)}."
    more = [_joined(found, first), _hangs(found, first), _overturned(found), _order(found), _heuer(found)]
    return [Paragraph(rest, head=head), Bullets(tuple(text for text in more if text))]


def _first(found: PartyBeliefs) -> str:
    """The type that is told of: the likeliest over the draws."""
    return max(found.types, key=lambda t: found.after[t].mean.value)


def _chance(belief: Belief) -> str:
    words, spread = likelihood(belief.mean.value), belief.spread
    number = per_cent(belief.mean)
    low, high = f"{100 * spread.low:.0f}", f"{100 * spread.high:.0f}"
    if low != high:
        number += f" (nine draws in ten: {low} to {high}%)"
    return f"{words}, at {number}" if "(" in words else number


def _joined(found: PartyBeliefs, first: str) -> str:
    """What counting everything one by one would make of it."""
    if found.one_by_one is None:
        return ""
    apart, now = found.one_by_one[first], found.after[first].central
    return (
        "Items of one group hang together and are counted once. Counted one by one, they would make "
        f"{q(first)} {100 * apart:.0f}% instead of {100 * now:.0f}%, at central values."
    )


def _hangs(found: PartyBeliefs, first: str) -> str:
    if not found.swings:
        return ""
    swing = found.swings[0]
    low, high = sorted((swing.at_low[first], swing.at_high[first]))
    return (
        f"Of all numbers that enter, it hangs most on {_number(swing)}: over that range alone "
        f"{q(first)} goes from {100 * low:.0f}% to {100 * high:.0f}%."
    )


def _number(swing: Swing) -> str:
    """A prior or a likelihood by its path, for a reader."""
    block, name, _, kind = swing.path.split(".") if not swing.path.endswith(".prior") else ("", "", "", "")
    if not block:
        return f"the prior of {q(swing.path.split('.')[2])}"
    return f"the likelihood of {q(name)} given {q(kind)}"


def _overturned(found: PartyBeliefs) -> str:
    if not found.overturned.value:
        return ""
    share = per_cent(found.overturned)
    return f"In {share} of the draws the evidence changes which type is likeliest."


def _order(found: PartyBeliefs) -> str:
    many = found.orders.tried
    if len(found.steps) < 2:
        return ""
    which = "both orders" if many == 2 else f"all {count(many)} orders" if found.orders.every else (
        f"{count(many)} orders that were tried"
    )  # fmt: skip
    if found.orders.difference > _ROUNDING:
        return f"Over {which} of the evidence a probability differs by {found.orders.difference:.1g}."
    return f"The order in which the evidence is taken in does not matter: {which} lead to the same."


def _heuer(found: PartyBeliefs) -> str:
    """The count of what speaks against each type, beside Bayes' rule."""
    least = min(found.score.values())
    fewest = [t for t in found.types if found.score[t] == least]
    likeliest = max(found.types, key=lambda t: found.after[t].central)
    if len(fewest) == len(found.types):
        return "As much of the evidence is inconsistent with one type as with another."
    verb = "agrees" if likeliest in fewest else "does not agree"
    return (
        f"The least of the evidence is inconsistent with {and_list(map(q, fewest))}; that {verb} with "
        f"Bayes' rule, by which {q(likeliest)} is likeliest."
    )


# --------------------------------------------------------------------------------------------------- tables


def _tables(found: PartyBeliefs, names: Names, refs: Refs, explained: bool) -> list[Block]:
    matrix = _matrix(found, names, refs)
    out: list[Block] = [matrix if explained else replace(matrix, note="")]
    if found.swings:
        out.append(_swings(found, names))
    if found.signals:
        out.append(_unseen(found, names))
    return out


def _steps(found: PartyBeliefs, names: Names, refs: Refs) -> Table:
    """Prior to posterior, one piece after the other."""
    start = Row((Cell("–"), Cell("before the evidence"), *(_belief(found.before[t]) for t in found.types)))
    rows = [start]
    for step in found.steps:
        after = [_belief(step.after[t], _weight(step.weight[t])) for t in found.types]
        rows.append(
            Row(
                (
                    Cell(step.date or "no date"),
                    Cell(q(step.name), lines=_how(step), refs=refs(step.because)),
                    *after,
                )
            )
        )
    return Table(
        f"{names(found.party)}: from prior to posterior",
        (Column("Date", "narrow"), Column("Evidence"), *(Column(q(t), "number") for t in found.types)),
        (Rows(tuple(rows)),),
        note="Probabilities of the types, and what nine draws in ten lie between. Weight: how the evidence "
        "changes the odds of the type against the others, in decibans; 10 makes them ten times as good, 3 "
        "about twice, and below 0 it speaks against the type.",
    )


def _how(step: Step) -> tuple[str, ...]:
    others = [q(name) for name in step.items if name != step.name]
    if step.joined == "stated together":
        return (f"a group, counted once: {and_list([q(n) for n in step.items])}",)
    if step.joined == "most telling":
        return (f"stands for its group; not counted: {and_list(others)}",)
    return ()


def _belief(belief: Belief, *more: str) -> Cell:
    low, high = f"{100 * belief.spread.low:.0f}", f"{100 * belief.spread.high:.0f}"
    between = (f"{low} to {high}%",) if low != high else ()
    return Cell(per_cent(belief.mean), "number", lines=(*between, *more))


def _weight(weight: Weight) -> str:
    if isinstance(weight.central, NotComputed):
        return "settles it"
    text = f"weight {_signed(weight.central)}"
    if isinstance(weight.spread, NotComputed):
        return text
    low, high = _signed(weight.spread.low), _signed(weight.spread.high)
    return text if low == high else f"{text} ({low} to {high})"


def _signed(value: float) -> str:
    text = f"{value:+.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def _matrix(found: PartyBeliefs, names: Names, refs: Refs) -> Table:
    """Evidence down, types across, the most telling first."""

    def size(item: Item) -> float:
        return -1e9 if isinstance(item.apart.central, NotComputed) else -item.apart.central

    rows = []
    for item in sorted(found.items, key=size):
        marks = [Cell(item.letters[t], lines=(q(item.likelihoods[t]),)) for t in found.types]
        lines = [item.date] if item.date else []
        if not item.counts:
            lines.append(f"counted with its group, {q(item.group)}")
        rows.append(
            Row((Cell(q(item.name), lines=tuple(lines), refs=refs(item.because)), *marks, _apart(item.apart)))
        )
    sums = [
        Row(
            (
                Cell("Inconsistent items", lines=("II counted twice",)),
                *(Cell(str(found.inconsistent[t]), lines=(str(found.score[t]),)) for t in found.types),
                Cell("–", "muted"),
            )
        ),
        Row(
            (
                Cell("Probability, by Bayes' rule"),
                *(replace(_belief(found.after[t]), tone="") for t in found.types),
                Cell("–", "muted"),
            )
        ),
    ]
    return Table(
        f"{names(found.party)}: evidence against types",
        (
            Column("Evidence"),
            *(Column(q(t)) for t in found.types),
            Column("Tells apart", "number", "decibans"),
        ),
        (Rows(tuple(rows)), Rows(tuple(sums), "Taken together")),
        note="How likely it was to be seen, if the party is of the type (central values): CC, very "
        "consistent, at 80% or more; C from 55%; N, neutral, from 45%; I, inconsistent, from 20%; II below. "
        "The count of inconsistent items leaves out how likely the types were before, and counts every item "
        "of a group; Bayes' rule does neither. Tells apart: the largest likelihood over the least, in "
        "decibans; at 0 an item tells nothing, however striking.",
    )


def _apart(found: Apart) -> Cell:
    if isinstance(found.central, NotComputed):
        return Cell("rules out", "number", lines=(and_list(map(q, found.rules_out)),))
    if isinstance(found.spread, NotComputed):
        return Cell(f"{found.central:.1f}", "number")
    low, high = f"{found.spread.low:.1f}", f"{found.spread.high:.1f}"
    return Cell(f"{found.central:.1f}", "number", lines=(f"{low} to {high}",) if low != high else ())


def _swings(found: PartyBeliefs, names: Names) -> Table:
    first = _first(found)
    rows = tuple(
        Row(
            (
                Cell(capital(_number(s)), lines=(q(s.path),)),
                Cell(f"{100 * s.low:.0f}%", "number"),
                Cell(f"{100 * s.at_low[first]:.0f}%", "number"),
                Cell(f"{100 * s.high:.0f}%", "number"),
                Cell(f"{100 * s.at_high[first]:.0f}%", "number"),
            )
        )
        for s in found.swings[:MOST]
    )
    more = f"The first {MOST} of {count(len(found.swings))} ranges. " if len(found.swings) > MOST else ""
    return Table(
        f"{names(found.party)}: what {q(first)} hangs on",
        (
            Column("Number"),
            Column("Low end", "number"),
            Column("there", "number", q(first)),
            Column("High end", "number"),
            Column("there", "number", q(first)),
        ),
        (Rows(rows),),
        note=f"{more}One number at the 5% and the 95% point of its range, all others at central values.",
    )


def _unseen(found: PartyBeliefs, names: Names) -> Table:
    def row(s: Unseen) -> Row:
        low, high = f"{s.spread.low:.2f}", f"{s.spread.high:.2f}"
        between = (f"{low} to {high}",) if low != high else ()
        return Row(
            (
                Cell(
                    q(s.name), lines=(f"decision {q(s.decision)}" if s.decision else "a stage of the talks",)
                ),
                Cell(and_list(map(q, s.signals), "or")),
                Cell(f"{s.bits.value:.2f}", "number", lines=between),
                Cell(f"{100 * s.share:.0f}%", "number"),
            )
        )

    return Table(
        f"{names(found.party)}: what has not been seen yet, and would tell more",
        (
            Column("Meeting or stage"),
            Column("May show"),
            Column("Tells", "number", "bits, expected"),
            Column("Of what is not known", "number"),
        ),
        (Rows(tuple(row(s) for s in found.signals)),),
        note=f"What is not known about the type comes to {found.unknown.value:.2f} bits; one bit settles an "
        "even chance between two. The lens information says what a meeting is worth for a choice.",
    )


# ----------------------------------------------------------------------------------------------- the picture


def _chart(found: PartyBeliefs, names: Names, refs: Refs) -> Chart:
    table = replace(_steps(found, names, refs), folded="The same in numbers")
    first = _first(found)
    before, after = found.before[first].mean.value, found.after[first].mean.value
    return Chart(
        title=f"{names(found.party)}: how likely each type is, one piece of evidence after the other",
        description="Steps stand side by side in the order of dates, however far apart these are. A dot is "
        "the probability over all draws, the line through it what nine draws in ten lie between. "
        f"{q(first)} goes from {100 * before:.0f}% to {100 * after:.0f}%.",
        table=table,
        spec=_spec(found),
    )


def _spec(found: PartyBeliefs) -> dict[str, Any]:
    stages = [("before", found.before)]
    stages += [(f"{s.date or 'no date'}|{_cut(s.name)}", s.after) for s in found.steps]
    rows = [
        {
            "step": f"{n}|{label}",
            "type": t,
            "p": round(100 * beliefs[t].mean.value, 1),
            "low": round(100 * beliefs[t].spread.low, 1),
            "high": round(100 * beliefs[t].spread.high, 1),
        }
        for n, (label, beliefs) in enumerate(stages)
        for t in found.types
    ]
    types, step = list(found.types), min(STEP, WIDTH // len(stages))
    colour = {
        "field": "type",
        "type": "nominal",
        "scale": {"domain": types, "range": [COLOURS[n % len(COLOURS)] for n in range(len(types))]},
        "legend": {
            "title": None,
            "orient": "top",
            "symbolType": "circle",
            "symbolOpacity": 1,
            "labelLimit": 300,
        },
    }
    x = {
        "field": "step",
        "type": "ordinal",
        "sort": [r["step"] for r in rows[:: len(types)]],
        "axis": {
            "title": None,
            "labelAngle": 0,
            "labelExpr": "slice(split(datum.label, '|'), 1)",
            "labelLimit": step - 8,
            "ticks": False,
        },
    }

    def y(field: str) -> dict[str, Any]:
        axis = {"title": "probability, in per cent", "tickCount": 5}
        scale = {"domain": [0, 100], "nice": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    shift = {"field": "type", "type": "nominal", "sort": types, "scale": {"paddingOuter": 0.4 * len(types)}}
    shared = {"x": x, "xOffset": shift, "color": colour}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": {"step": step, "for": "position"},
        "height": HEIGHT,
        "padding": 6,
        "background": "transparent",
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 1, "opacity": 0.6}, "encoding": {**shared, "y": y("p")}},
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {**shared, "y": y("low"), "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {**shared, "y": y("p")},
            },
        ],
        "config": look(),
    }  # fmt: skip


def _cut(name: str) -> str:
    """A name short enough to stand under a step, and without the mark that parts a label."""
    return cut(plain(q(name)).replace("|", "/"), 20)
