"""What happens without a deal, in words, tables and a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from winset.lenses import NotComputed, WarResult
from winset.lenses.estimates import Estimate, Spread
from winset.lenses.war import ContestResult, Demand, Learning, Ripeness, ShiftingPower
from winset.report.charts import INK, SUITS, ZONE, look
from winset.report.document import Block, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.words import and_list, capital, cut, decimals, issue_words, plain, q, times

__all__ = ["war_blocks", "war_page"]

Names = Callable[[str], str]
Refs = Callable[[tuple[str, ...]], tuple[tuple[str, str], ...]]

WIDTH, STEP = 400, 28
_LABEL = 34
FEW = 30  # draws below which a share of them is not told
_TOLD = 3  # options outside of the range that get a sentence


def war_blocks(result: WarResult, names: Names) -> list[Block]:
    """The answer of the lens for the terminal."""
    if isinstance(result.contests, NotComputed):
        how_to = "Under war a case says who would fight it out, at what odds and costs."
        return [
            Paragraph(f"What happens without a deal was not computed: {result.contests.because}. {how_to}")
        ]
    return war_page(result, names, lambda claims: tuple((q(c), "") for c in claims))


def war_page(result: WarResult, names: Names, refs: Refs) -> list[Block]:
    """The section of the brief."""
    if isinstance(result.contests, NotComputed):
        return []
    out: list[Block] = []
    for contest in result.contests:
        out += _contest(contest, names, refs)
    out.append(
        Paragraph(
            f"All this is from {how(result.plan)}; in brackets is what nine draws in ten lie between. A "
            "contest is read as a lottery that one side wins whole, at a cost to both; fighting means to see "
            "it through, whatever it is called. What both would rather have than that lottery says nothing "
            "of what either is entitled to.",
            "note",
        )
    )
    return out


def _contest(found: ContestResult, names: Names, refs: Refs) -> list[Block]:
    over = f" over {q(found.over)}" if found.over else ""
    head = f"“{q(found.name)}” ({q(found.kind)}) between {and_list(map(names, found.between))}{over}."
    return [
        Paragraph(_answer(found, names), "", head),
        Paragraph(_basis(found, names), "", "What it rests on."),
        Paragraph(_change(found, names), "", "What would change it."),
        *_further(found, names),
        _chart(found, names),
        _sides(found, names, refs),
        _ripeness(found, names),
    ]


# ------------------------------------------------------------------------------------------------- sentences


def _fight(found: ContestResult) -> str:
    """Seeing the contest through, in a word."""
    return "fighting" if found.kind == "war" else f"the {q(found.kind)}"


def _answer(found: ContestResult, names: Names) -> str:
    """Whether there is something that both prefer, where it lies, and what keeps them from it."""
    first, second = found.between
    span = found.range
    text = (
        f"That some division is better for both than the {q(found.kind)}: {chance(span.open)}. To "
        f"{names(first)} anything from {_share(span.low)} of the stake up is better than {_fight(found)}, to "
        f"{names(second)} anything that leaves {names(first)} no more than {_share(span.high)}."
    )
    if span.optimism is not None:
        text += (
            " That optimism on both sides leaves nothing at all that suits both: "
            f"{chance(span.too_optimistic)}."
        )
    if span.indivisible is not None:
        text += (
            " The stake is not divided at will. That some share would suit both, but none that can be agreed "
            f"on: {chance(span.indivisible)}."
        )
    return text


def _basis(found: ContestResult, names: Names) -> str:
    first, second = found.sides
    text = (
        f"In the judge's eyes {names(first.party)} prevails with {_share(found.wins)}. "
        f"{capital(_fight(found))} costs {names(first.party)} {_share(first.cost)} of the stake and "
        f"{names(second.party)} {_share(second.cost)}: this is what a settlement saves, and what "
        "opens the range."
    )
    if found.range.optimism is not None:
        text += (
            f" Each goes by its own estimate: {names(first.party)} gives itself {_share(first.wins)}, "
            f"{names(second.party)} itself {_share(second.wins)}. That these add up to more than 100%: "
            f"{chance(found.range.optimism)}."
        )
    return text


def _change(found: ContestResult, names: Names) -> str:
    """What would close the range, or open it, and what would make a peace unsafe."""
    width = found.range.width
    if width.median >= 0.005:
        text = (
            f"The range is {_wide(width)} wide. If the two estimates of who prevails moved apart by about as "
            f"much, or {_fight(found)} became cheaper by about as much for both together, nothing would be "
            "left."
        )
    elif width.median > -0.005:
        text = (
            "The range has next to no width. Whatever moves the two estimates of who prevails apart, or "
            f"makes {_fight(found)} cheaper, closes it."
        )
    else:
        text = (
            "In the middle of the draws there is none. The two estimates of who prevails would have to come "
            f"closer by {100 * -width.median:.0f} points, or {_fight(found)} cost both together so much more."
        )
    power = found.power
    if isinstance(power, ShiftingPower) and power.limit is not None:
        first, second = found.between
        rising = first if power.rises[first].value >= power.rises[second].value else second
        falling = second if rising == first else first
        text += (
            f" If the chance of {names(rising)} to prevail were to rise by more than "
            f"{_points(power.limit, signed=False)} points each month, {names(falling)} would do better by "
            "fighting now."
        )
    return text


def _further(found: ContestResult, names: Names) -> list[Block]:
    """What else follows; what was not computed comes last, with why."""
    out: list[Block] = []
    missing = []
    if found.options:
        out.append(Paragraph(_options(found, names), "", "Which options lie in it."))
    if isinstance(found.demand, NotComputed):
        missing.append(f"what one offer in ignorance of the other's costs leads to ({found.demand.because})")
    else:
        offer = _offer(found.demand, _fight(found), names)
        out.append(Paragraph(offer, "", "One offer, take it or leave it."))
    if isinstance(found.power, NotComputed):
        missing.append(f"whether power shifts faster than a promise can hold ({found.power.because})")
    else:
        out.append(Paragraph(_shift(found.power, found.between[0], names), "", "Power that shifts."))
    if isinstance(found.learning, NotComputed):
        missing.append(f"how long fighting takes to teach both ({found.learning.because})")
    else:
        out.append(Paragraph(_learning(found.learning), "", "What fighting teaches."))
    if missing:
        out.append(Paragraph(f"Not computed: {'; '.join(missing)}.", "note"))
    return out


def _options(found: ContestResult, names: Names) -> str:
    best = max(found.options, key=lambda o: o.inside.value)
    text = (
        f"Of the options of {q(issue_words(best.issue))}, {q(best.option)} does most often: "
        f"{chance(best.inside)}."
    )
    outside = [o for o in found.options if o.inside.value < 0.05 and o is not best]
    for option in outside[:_TOLD]:
        who = max(option.fights, key=lambda p: option.fights[p].value)
        text += (
            f" That {q(option.option)} gives {names(who)} less than {_fight(found)} is worth to it: "
            f"{chance(option.fights[who])}."
        )
    return text


def _offer(found: Demand, fight: str, names: Names) -> str:
    return (
        f"If {names(found.by)} could make one offer, without knowing what {fight} costs {names(found.to)}, "
        f"what brings it most on average is to ask for {_share(found.demand)} of the stake. That this is "
        f"refused: {chance(found.refused)}. It would then come to {fight} although a smaller demand might "
        "have suited both. Who asks for less is refused less often, and gets less."
    )


def _shift(power: ShiftingPower, first: str, names: Names) -> str:
    text = (
        f"The chance of {names(first)} to prevail changes by {_points(power.shift)} points each month. That "
        "this is more than peace saves both, so that the one who falls behind does better by fighting now "
        f"than by a peace that will be forced open: {chance(power.met)}."
    )
    if power.months is not None and power.bound is not None:
        text += (
            f" Where it is so, it is so first after {_months(power.months)}; a promise that nobody can break "
            f"and that covers {_share(power.bound)} of the stake would remove it, or a slower shift."
        )
    return text


def _learning(found: Learning) -> str:
    text = (
        "That the two estimates differ by more than fighting costs both, so that only what is learned by "
        f"fighting could bring them together: {chance(found.apart)}."
    )
    if found.meet is not None and found.meet.draws < FEW:
        text += f" That is so in {times(found.meet.draws, 'draw')}, too few to say how long it would take."
    elif found.meet is not None and found.months is not None and found.trials is not None:
        text += (
            f" Where it is so, they come close enough before the horizon in {per_cent(found.meet)} of draws, "
            f"after {_counted(found.trials, 'trial of strength', 'trials of strength')} or "
            f"{_months(found.months)}."
        )
    elif found.meet is not None:
        text += " Where it is so, they do not come close enough before the horizon in any draw."
    return text


def _wide(found: Spread) -> str:
    low, middle, high = (f"{100 * x:.0f}".replace("-", "−") for x in (found.low, found.median, found.high))
    return f"{middle} points" if low == high else f"{middle} points ({low} to {high})"


def _share(found: Spread) -> str:
    low, middle, high = (f"{100 * x:.0f}" for x in (found.low, found.median, found.high))
    return f"{middle}%" if low == high else f"{middle}% ({low} to {high}%)"


def _points(found: Spread, *, signed: bool = True) -> str:
    """Points of a per cent, to the digits that their interval allows."""
    form = f"{'+' if signed else ''}.{decimals(100 * (found.high - found.low))}f"
    texts = (f"{100 * x:{form}}" for x in (found.low, found.median, found.high))
    low, middle, high = (t.replace("-", "−") if float(t) else t.lstrip("+-") for t in texts)
    return middle if low == high else f"{middle} ({low} to {high})"


def _months(found: Spread) -> str:
    return _counted(found, "month", "months")


def _counted(found: Spread, one: str, many: str) -> str:
    """A number of whole things, the least of which is told as less than one."""
    if found.high < 0.5:
        return f"less than one {one}"
    low, middle, high = (f"{x:.0f}" for x in (found.low, found.median, found.high))
    if low == high:
        return f"{middle} {one if middle == '1' else many}"
    return f"{middle} ({low} to {high}) {many}"


# ---------------------------------------------------------------------------------------------------- tables


def _sides(found: ContestResult, names: Names, refs: Refs) -> Table:
    def points(spread: Spread | None) -> Cell:
        if spread is None:
            return Cell("–", "muted")
        return Cell(f"{spread.median:.0f}", "number", lines=(f"{spread.low:.0f} to {spread.high:.0f}",))

    rows = tuple(
        Row(
            (
                Cell(names(side.party)),
                _cell(side.wins),
                _cell(side.cost),
                points(side.points),
                _cell(side.fighting),
                _cell(side.least),
                Cell("", refs=refs(side.because)) if side.because else Cell("judgement", "muted"),
            )
        )
        for side in found.sides
    )
    cited = refs(found.because)
    return Table(
        f"“{q(found.name)}” as each side sees it",
        (
            Column("Party"),
            Column("Its chance to prevail", "number"),
            Column("Its cost", "number", note="share of the stake"),
            Column("Its cost", "number", note="points"),
            Column("Fighting is worth", "number"),
            Column("Accepts from", "number"),
            Column("Rests on"),
        ),
        (Rows(rows),),
        note="Medians over draws, with what nine draws in ten lie between. Fighting is worth the chance to "
        "prevail less the cost."
        + (f" The contest rests on {and_list([name for name, _ in cited])}." if cited else ""),
    )


def _cell(found: Spread) -> Cell:
    low, middle, high = (f"{100 * x:.0f}".replace("-", "−") for x in (found.low, found.median, found.high))
    return Cell(f"{middle}%", "number", lines=() if low == high else (f"{low} to {high}%",))


def _row(label: str, under: str, found: Sequence[tuple[Estimate | NotComputed, Sequence[str]]]) -> Row:
    """A condition with its probability for each and for both; where nothing was computed, why under it."""
    reasons = [odds.because for odds, _ in found if isinstance(odds, NotComputed)]
    lines = [under] if under else []
    if len(reasons) == len(found):
        lines.append(f"not computed: {reasons[0]}")
        return Row((Cell(label, lines=tuple(lines)), *(Cell("–", "muted") for _ in found)))
    cells = (
        Cell("not computed", "muted", lines=(odds.because,))
        if isinstance(odds, NotComputed)
        else Cell(per_cent(odds), "number", lines=tuple(more))
        for odds, more in found
    )
    return Row((Cell(label, lines=tuple(lines)), *cells))


def _ripeness(found: ContestResult, names: Names) -> Table:
    ripe = found.ripeness
    stalemate = (
        _row(
            "Fighting on becomes worth less",
            "as the contest moves",
            [*((h.contest, _moves(h.change, h.points)) for h in ripe.hurting), (ripe.both_hurting, ())],
        ),
        _row(
            "Its no-deal value falls",
            "as stated for the talks",
            [
                *((h.stated, _moves(None, h.stated_change)) for h in ripe.hurting),
                (ripe.both_hurting_stated, ()),
            ],
        ),
    )
    escalation = _row(
        "Escalating would bring it nothing more",
        "",
        [
            *((e.no_better, () if e.gain is None else (f"brings {_points(e.gain)}% of the stake",))
              for e in ripe.escalation),
            (ripe.neither_better, ()),
        ],
    )  # fmt: skip
    out = _row(
        "Some deal is better than no deal",
        "",
        [*((w.some, ()) for w in ripe.way_out), (ripe.shared, ("the same deal for both",))],
    )
    return Table(
        "Is the time ripe? Condition by condition, how likely it is met",
        (Column("Condition"), *(Column(names(p), "number") for p in found.between), Column("Both", "number")),
        (
            Rows(stalemate, "Does going on hurt both?"),
            Rows((escalation,), "Is there no winning by more of it?"),
            Rows((out,), "Is there a way out?"),
        ),
        note=_ripe_note(ripe),
    )


def _ripe_note(ripe: Ripeness) -> str:
    text = (
        "After Zartman (1989, 2000). The conditions stand side by side and are not added up: each may be "
        "what is missing. What makes a moment ripe is that the parties see it so; these are the judge's "
        "numbers."
    )
    if ripe.deal is not None and ripe.deal_accepted is not None:
        deal = "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in ripe.deal.items())
        often = per_cent(ripe.deal_accepted)
        text += f" Most often acceptable to both, in {often} of draws, is {deal}."
    return text


def _moves(change: Spread | None, points: Spread | None) -> list[str]:
    out = [] if change is None else [f"{_points(change)}% of the stake a month"]
    return out + ([] if points is None else [f"{_tenths(points)} points a month"])


def _tenths(found: Spread) -> str:
    texts = [f"{x:+.1f}".replace("-", "−") for x in (found.low, found.median, found.high)]
    low, middle, high = ("0" if t in ("+0.0", "−0.0") else t for t in texts)
    return middle if low == high else f"{middle} ({low} to {high})"


# ----------------------------------------------------------------------------------------------------- chart


def _marks(found: ContestResult, names: Names) -> list[tuple[str, Spread, str]]:
    """What is drawn along the stake: a label, where it lies, and its kind."""
    first, second = found.between
    out = [
        (f"{names(first)} prefers from", found.range.low, "end"),
        (f"{names(second)} prefers up to", found.range.high, "end"),
    ]
    out += [(q(f"{issue_words(o.issue)}: {o.option}"), o.share, "option") for o in found.options]
    if isinstance(found.demand, Demand):
        asked = found.demand.demand
        if found.demand.by != first:
            asked = Spread(1 - asked.high, 1 - asked.median, 1 - asked.low, 1 - asked.mean, asked.draws)
        out.append((f"one offer by {names(found.demand.by)}", asked, "offer"))
    return out


def _chart(found: ContestResult, names: Names) -> Chart:
    marks = _marks(found, names)
    first = found.between[0]
    low, high = found.range.low.median, found.range.high.median
    labels = [cut(plain(label), _LABEL) for label, _, _ in marks]
    rows = [
        {
            "what": label,
            "kind": kind,
            "low": round(100 * s.low, 1),
            "middle": round(100 * s.median, 1),
            "high": round(100 * s.high, 1),
        }
        for label, (_, s, kind) in zip(labels, marks, strict=True)
    ]
    between = "there is none" if low > high else f"from {100 * low:.0f}% to {100 * high:.0f}%"
    return Chart(
        title=f"What both prefer to the {q(found.kind)}: the share of the stake that goes to {names(first)}",
        description=f"The tinted band is the bargaining range at the medians, {between}. A dot is a median, "
        "the line through it what nine draws in ten lie between: filled, from where on each side prefers a "
        "share to fighting; hollow, the options as shares; the diamond, what one offer would leave.",
        table=_numbers(marks, first, names),
        spec=_spec(rows, labels, (low, high), plain(names(first))),
    )


def _numbers(marks: Sequence[tuple[str, Spread, str]], first: str, names: Names) -> Table:
    return Table(
        f"Shares of the stake that go to {names(first)}",
        (Column(""), Column("Median", "number"), Column("Nine draws in ten", "number")),
        (
            Rows(
                tuple(
                    Row(
                        (
                            Cell(label),
                            Cell(f"{100 * s.median:.0f}%", "number"),
                            Cell(_ends(s), "number"),
                        )
                    )
                    for label, s, _ in marks
                )
            ),
        ),
        folded="The same in numbers",
    )


def _ends(found: Spread) -> str:
    low, high = f"{100 * found.low:.0f}", f"{100 * found.high:.0f}"
    return f"{low}%" if low == high else f"{low} to {high}%"


def _spec(
    rows: list[dict[str, Any]], labels: list[str], band: tuple[float, float], name: str
) -> dict[str, Any]:
    y = {
        "field": "what", "type": "nominal", "sort": labels,
        "axis": {"title": None, "labelLimit": 220, "ticks": False, "domain": False},
    }  # fmt: skip

    def x(field: str) -> dict[str, Any]:
        axis = {"title": f"share of {cut(plain(name), _LABEL)}, in per cent", "tickCount": 6}
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [0, 100], "nice": False, "clamp": True},
            "axis": axis,
        }

    shape = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": ["end", "option", "offer"], "range": ["circle", "circle", "diamond"]},
    }  # fmt: skip
    fill = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": ["end", "option", "offer"], "range": [INK, "white", ZONE]},
    }  # fmt: skip
    layers: list[dict[str, Any]] = []
    if band[0] <= band[1]:
        layers.append(
            {
                "data": {"values": [{"from": 100 * band[0], "to": 100 * band[1]}]},
                "mark": {"type": "rect", "color": SUITS, "opacity": 1},
                "encoding": {"x": x("from"), "x2": {"field": "to"}},
            }
        )
    layers += [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.4},
            "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "point", "size": 80, "opacity": 1, "strokeWidth": 1.5, "stroke": INK},
            "encoding": {"y": y, "x": x("middle"), "shape": shape, "fill": fill},
        },
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": STEP},
        "padding": {"left": 36, "top": 6, "right": 6, "bottom": 6},
        "background": "transparent",
        "layer": layers,
        "config": look(),
    }  # fmt: skip
