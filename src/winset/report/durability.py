"""Whether signed deals would hold, in words, tables and a chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from winset.case.model import Case
from winset.lenses import DurabilityResult, NotComputed
from winset.lenses.durability import (
    Breaker,
    DealDurability,
    GuaranteeWorth,
    HoldOut,
    Need,
    PhaseOrder,
    Reason,
    Why,
)
from winset.lenses.estimates import Estimate
from winset.report.charts import FRONT, INK, LINE, look
from winset.report.document import Block, Bullets, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.parts import claim_links
from winset.report.words import amount, and_list, capital, count, issue_words, likelihood, plain, q

__all__ = ["durability_blocks", "kept_words"]

Names = Callable[[str], str]

WIDTH, HEIGHT = 460, 210
COLOURS = (FRONT, LINE, INK)
DASHES = ([1, 0], [6, 3], [2, 2])
MOST_DRAWN = 3  # deals in the chart
_APART = 7  # points between the names of two lines
_FEW = 30  # draws below which the words warn
_FEW_BREACHES = 10  # below which no causes are told
_WHY: dict[Why, str] = {
    "drift": "what each has without the deal did not shift with time",
    "surprise": "there were nothing to gain by surprise",
    "unnoticed": "every breach were noticed at once",
    "guarantors might not act": "the guarantors were sure to act",
    "foreseen": "it need not fear that the other breaks it later",
    "several": "only several of these together were changed",
}
_CAUSE: dict[Why, str] = {
    "drift": "a shift of power with time",
    "surprise": "a gain by surprise",
    "unnoticed": "a breach that may go unnoticed",
    "guarantors might not act": "guarantors that might not act",
    "foreseen": "a breach by another that it foresees",
    "several": "none of these alone",
}


def durability_blocks(result: DurabilityResult, case: Case) -> list[Block]:
    """The answer of the lens, for the terminal and for the brief."""
    if isinstance(result.deals, NotComputed):
        return [Paragraph(f"Whether a deal would hold was not computed: {result.deals.because}.")]

    def names(party: str) -> str:
        return q(case.name(party))

    told = [d for d in result.deals if isinstance(d.kept, Estimate)]
    out: list[Block] = [_lead(result, told, names)]
    points = [*_never_signed(result.deals), *_evidence(told, names), *_turns(result, told, names)]
    if points:
        out.append(Bullets(tuple(points)))
    if told:
        out.append(_chart(result, told[:MOST_DRAWN], names))
        out += [_deals(result, told, names), *_reasons(told, names), _weakest(result, told, names)]
        out += [*_guarantees(result, told, case, names), *_types(told, names), *_sequences(told)]
        out.append(_shadow(result, told, names))
    out.append(Paragraph(_basis(result), "note"))
    return out


def kept_words(result: DurabilityResult | None) -> list[str]:
    """Whether the first of the deals would hold, in a sentence; nothing where that was not computed."""
    if result is None or isinstance(result.deals, NotComputed):
        return []
    told = [d for d in result.deals if isinstance(d.kept, Estimate)]
    if not told:
        return []
    after = f"after {_span(result.horizon)}"
    return [f"If {_deal(told[0])} were signed, that it is still kept {after}: {chance(_kept(told[0]))}."]


# ------------------------------------------------------------------------------------------------ sentences


def _span(years: float) -> str:
    """A length of time for a reader."""
    if years < 0.995:
        months = round(12 * years)
        return f"{months} month" + ("" if months == 1 else "s")
    text = f"{years:.1f}".removesuffix(".0")
    return f"{text} year" + ("" if text == "1" else "s")


def _deal(deal: DealDurability) -> str:
    return f"“{q(deal.name)}”"


def _kept(deal: DealDurability) -> Estimate:
    assert isinstance(deal.kept, Estimate)
    return deal.kept


def _lead(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> Paragraph:
    if not told:
        return Paragraph("No deal that was looked at is signed in any draw, so none can be said to hold.")
    after = f"after {_span(result.horizon)}"
    first = told[0]
    head = f"If {_deal(first)} is signed, is it still kept {after}? {capital(chance(_kept(first)))}."
    rest = [f"For {_deal(d)} it is {chance(_kept(d))}." for d in told[1:]]
    rest.append("Every figure is given that the deal is signed, that is over the draws in which it passes.")
    return Paragraph(" ".join(rest), "lead", head)


def _never_signed(deals: Sequence[DealDurability]) -> list[str]:
    out = []
    for d in deals:
        if isinstance(d.kept, NotComputed):
            out.append(f"{_deal(d)} cannot be judged: {d.kept.because}.")
        elif _kept(d).draws < _FEW:
            out.append(f"{_deal(d)} is signed in {count(_kept(d).draws)} draws only, too few to say much.")
    return out


def _evidence(told: Sequence[DealDurability], names: Names) -> list[str]:
    """Who breaks each first, when, and what is behind that."""
    out = []
    for d in told:
        if not d.breakers:
            ended = " What ends it comes from outside." if d.outside and d.outside.value > 0 else ""
            out.append(f"{_deal(d)}: nobody breaks it in any draw.{ended}")
            continue
        b = d.breakers[0]
        text = (
            f"{_deal(d)}: {_who(b.parties, names)} the first to break it in {per_cent(b.probability)} of "
            "the runs"
        )
        text += f", in the median {_span(b.years.median)} after signing"
        said = [f"{per_cent(r.share)} if {_WHY[r.why]}" for r in _main(b)]
        out.append(text + (f". Of these breaches would not be: {'; '.join(said)}." if said else "."))
    return out


def _who(parties: Sequence[str], names: Names) -> str:
    told = and_list(map(names, parties))
    return f"{told} is" if len(parties) == 1 else f"{told} are, at once,"


def _breaks(parties: Sequence[str]) -> str:
    return "breaks it first" if len(parties) == 1 else "break it at once"


def _main(breaker: Breaker) -> list[Reason]:
    """The causes that stand behind most of a party's breaches, where there are enough to tell."""
    if breaker.years.draws < _FEW_BREACHES:
        return []
    return [r for r in breaker.reasons if r.share.value >= 0.1 and r.why != "several"][:2]


def _turns(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> list[str]:
    """What would change the answer: guarantees, and how much the future counts."""
    return [
        *_weakest_words(result, told, names),
        *_best(told, names),
        *_cuts_both_ways(result, told, names),
    ]


def _weakest_words(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> list[str]:
    said = []
    for d in told:
        for least in d.least[:1]:
            who = and_list(map(names, least.against))
            if isinstance(least.points, NotComputed):
                said.append(f"for {_deal(d)} against {who} none would do ({least.points.because})")
            else:
                said.append(f"for {_deal(d)} against {who} {_need_words(least.points, amount)}")
    if not said:
        return []
    return [
        f"The weakest guarantee that by itself keeps a deal to {100 * result.target:.0f}%, in points that "
        "it takes "
        f"times the probability that it acts: {'; '.join(said)}."
    ]


def _best(told: Sequence[DealDurability], names: Names) -> list[str]:
    """The guarantee that does most for each deal."""
    said = []
    for d in told:
        best = max(d.guarantees, key=lambda g: g.change.value, default=None)
        if best is None or best.change.low <= 0:
            continue
        with_, of = ("without", -1) if best.holds else ("with", 1)
        other = _kept(d).value + of * best.change.value
        said.append(
            f"{_deal(d)} {with_} “{q(best.name)}” by {names(best.by)} is kept in {100 * other:.0f}% of the "
            "runs "
            f"instead of {per_cent(_kept(d))}"
        )
    return [f"What one guarantee changes: {'; '.join(said)}."] if said else []


def _need_words(need: Need, words: Callable[[float], str]) -> str:
    """A least amount with its interval."""
    low = words(need.low) if need.low is not None else words(need.value)
    high = words(need.high) if need.high is not None else None
    ends = f"{low} to {high}" if high is not None else f"{low} or more"
    return f"{words(need.value)} ({ends})"


def _cuts_both_ways(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> list[str]:
    held = result.holdout
    if isinstance(held, NotComputed) or not told:
        return []
    near, far = told[0].patience[0], told[0].patience[-1]
    short, long = held.delays[0][1], held.delays[-1][1]
    a, b = held.parties
    return [
        f"The future cuts both ways. If everyone looked {_span(near.years)} ahead, {_deal(told[0])} would "
        "be kept "
        f"in {per_cent(near.kept)} of the runs; looking {_span(far.years)} ahead, in {per_cent(far.kept)}. "
        "But "
        f"{names(a)} and {names(b)} would then hold out, each for its own best deal, for "
        f"{_delay(long.median)} "
        f"in the median rather than {_delay(short.median)}."
    ]


def _delay(years: float) -> str:
    return "more than a century" if years > 100 else _span(float(f"{years:.2g}"))


def _basis(result: DurabilityResult) -> str:
    return (
        f"From {how(result.plan)}; each party considers anew every {_span(result.period)}, and beyond "
        f"{_span(result.horizon)} everything is taken to stay as it is then. Percentages of runs are "
        "probabilities over draws, with their sampling error; they are no better than the judgements that "
        "they rest on."
    )


# ------------------------------------------------------------------------------------------------ the chart


def _chart(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> Chart:
    rows = [
        {
            "deal": plain(q(d.name)),
            "years": round(k.years, 4),
            "kept": round(100 * k.kept.value, 2),
            "low": round(100 * k.kept.low, 2),
            "high": round(100 * k.kept.high, 2),
        }
        for d in told
        for k in d.curve
    ]
    order = [plain(q(d.name)) for d in told]
    x = {
        "field": "years",
        "type": "quantitative",
        "axis": {"title": "years after signing", "tickCount": 6},
        "scale": {"domain": [0, result.horizon], "nice": False},
    }
    axis = {"title": "still kept, in per cent", "tickCount": 6}
    colour = {
        "field": "deal",
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order, "range": list(COLOURS[: len(order)])},
        "legend": None,
    }
    y = {"type": "quantitative", "scale": {"domain": [0, 100]}, "axis": axis}
    dash = {
        "field": "deal",
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order, "range": [list(d) for d in DASHES[: len(order)]]},
        "legend": None,
    }
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": {"left": 6, "right": 40, "top": 6, "bottom": 6},  # fonts of readers may be wider
        "background": "transparent",
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.15},
                "encoding": {
                    "x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                    "fill": colour,
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {"x": x, "y": {**y, "field": "kept"}, "color": colour, "strokeDash": dash},
            },
            {
                "data": {"values": _ends(told)},
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "limit": 200},
                "encoding": {"x": x, "y": {**y, "field": "at"}, "text": {"field": "deal"}, "color": colour},
            },
        ],
        "config": look(),
    }  # fmt: skip
    ends = and_list([f"{_deal(d)} {per_cent(_kept(d))}" for d in told])
    return Chart(
        title="How likely each deal is still kept",
        description="Lines are the probability that a signed deal is still kept, bands its 95% intervals at "
        f"each point. At the horizon: {ends}.",
        table=_curve(result, told),
        spec=spec,
    )


def _ends(told: Sequence[DealDurability]) -> list[dict[str, Any]]:
    """Where the name of each line stands, at its end and clear of the others."""
    out: list[dict[str, Any]] = []
    above = 100.0 + _APART
    for deal in sorted(told, key=lambda d: -d.curve[-1].kept.value):
        last = deal.curve[-1]
        above = min(100 * last.kept.value, above - _APART)
        out.append({"deal": plain(q(deal.name)), "years": round(last.years, 4), "at": round(above, 2)})
    return out


def _curve(result: DurabilityResult, told: Sequence[DealDurability]) -> Table:
    """The curve in numbers, about once a year."""
    many = len(told[0].curve) - 1
    steps = sorted({round(n * many / 5) for n in range(6)})
    rows = tuple(
        Row(
            (
                Cell(_span(told[0].curve[n].years) if n else "at signing"),
                *(
                    Cell(per_cent(d.curve[n].kept), "number", lines=(_interval(d.curve[n].kept),))
                    for d in told
                ),
            )
        )
        for n in steps
    )
    return Table(
        "How likely each deal is still kept",
        (Column("After"), *(Column(q(d.name), "number") for d in told)),
        (Rows(rows),),
        folded="The same in numbers",
    )


def _interval(found: Estimate) -> str:
    return f"{100 * found.low:.0f} to {100 * found.high:.0f}%"


# ------------------------------------------------------------------------------------------------ tables


def _deals(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> Table:
    found = dict.fromkeys(b.parties for d in told for b in d.breakers)
    ways = sorted(found, key=len)  # single parties first

    def row(d: DealDurability) -> Row:
        by = {b.parties: b.probability for b in d.breakers}
        settled = "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in d.deal.items())
        assert d.outside is not None
        return Row(
            (
                Cell(q(d.name), lines=(settled,)),
                Cell(per_cent(d.signed), "number", lines=(_interval(d.signed),)),
                Cell(per_cent(_kept(d)), "number", lines=(_interval(_kept(d)), likelihood(_kept(d).value))),
                *(Cell(per_cent(by[w]) if w in by else "0%", "number") for w in ways),
                Cell(per_cent(d.outside), "number"),
            )
        )

    return Table(
        f"What becomes of a signed deal within {_span(result.horizon)}",
        (
            Column("Deal"),
            Column("Signed", "number", note="share of all draws"),
            Column("Kept", "number"),
            *(Column(f"{and_list(map(names, w))} {_breaks(w)}", "number") for w in ways),
            Column("Ended from outside", "number"),
        ),
        (Rows(tuple(map(row, told))),),
        note="All but the first column are given that the deal is signed. Kept, broken and ended from "
        "outside make "
        "up 100%, up to rounding.",
    )


def _reasons(told: Sequence[DealDurability], names: Names) -> list[Block]:
    groups = []
    for d in told:
        rows = [
            Row(
                (
                    Cell(and_list(map(names, b.parties)) if n == 0 else ""),
                    Cell(_CAUSE[r.why]),
                    Cell(per_cent(r.share), "number", lines=(_interval(r.share),)),
                )
            )
            for b in d.breakers
            if b.years.draws >= _FEW_BREACHES
            for n, r in enumerate(b.reasons)
        ]
        if rows:
            groups.append(Rows(tuple(rows), _deal(d), _when(d.breakers, names)))
    if not groups:
        return []
    return [
        Table(
            "What is behind the breaches",
            (Column("First to break it"), Column("Behind it"), Column("Share of its breaches", "number")),
            tuple(groups),
            note="Each cause is taken away by itself: the share of a party's breaches in which all would "
            "then keep the "
            "deal. One breach may have several causes, so that shares do not add up.",
            folded="What is behind the breaches",
        )
    ]


def _when(breakers: Sequence[Breaker], names: Names) -> str:
    told = [
        f"{and_list(map(names, b.parties))} between {_span(b.years.low)} and {_span(b.years.high)}"
        for b in breakers
        if b.years.draws >= _FEW_BREACHES
    ]
    return f"after signing, nine breaches in ten: {'; '.join(told)}" if told else ""


def _guarantees(
    result: DurabilityResult, told: Sequence[DealDurability], case: Case, names: Names
) -> list[Block]:
    if not case.guarantees:
        return [Paragraph("The case states no guarantees: each deal must hold by itself.", "note")]

    def row(g: GuaranteeWorth) -> Row:
        body = case.guarantees[g.name]
        return Row(
            (
                Cell(
                    q(g.name),
                    lines=(f"by {names(g.by)}, against {and_list(map(names, g.against)) or 'nobody'}",),
                    refs=claim_links(case, body.because),
                ),
                Cell("yes" if g.holds else "if added", "yes" if g.holds else "muted"),
                Cell(per_cent(g.acts), "number", lines=(likelihood(g.acts.value),)),
                Cell(f"{amount(g.takes.low)} to {amount(g.takes.high)}", "number"),
                Cell(per_cent(g.kept), "number"),
                Cell(_points(g.change), "number"),
                Cell(*_credible(g)),
            )
        )

    groups = tuple(Rows(tuple(map(row, d.guarantees)), _deal(d)) for d in told)
    want = f"{100 * result.target:.0f}%"
    return [
        Table(
            "What each guarantee does",
            (
                Column("Guarantee"),
                Column("In the deal", "narrow"),
                Column("Would act", "number"),
                Column("Takes", "number", note="points"),
                Column("Kept with it", "number"),
                Column("Its effect", "number", note="points of probability"),
                Column(f"Credibility for {want}", "number", note="as the only one"),
            ),
            groups,
            note="Would act: what those expect whom it is to deter, who do not know of which type the "
            "guarantor is. "
            "Its effect: the same draws with and without it, the other guarantees of the deal in force. "
            "Adding "
            "one may change who signs; that is not counted here. A dash: even sure to act it would not be "
            "enough.",
        )
    ]


def _points(change: Estimate) -> str:
    value, half = 100 * change.value, 100 * change.half
    text = f"{value:+.0f}".replace("-", "−")
    text = "0" if text in ("+0", "−0") else text
    return f"{text} ± {half:.0f}" if half >= 0.5 else f"{text} ± <1"


def _credible(g: GuaranteeWorth) -> tuple[str, Any]:
    if isinstance(g.credible, NotComputed):
        return "–", "muted"
    return _need_words(g.credible, lambda x: f"{100 * x:.0f}%"), "number"


def _weakest(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> Table:
    sets = [least.against for least in told[0].least]

    def cell(d: DealDurability, against: tuple[str, ...]) -> Cell:
        points = next(least.points for least in d.least if least.against == against)
        if isinstance(points, NotComputed):
            return Cell("none", "muted", lines=(points.because,))
        return Cell(_need_words(points, amount), "number")

    rows = tuple(Row((Cell(q(d.name)), *(cell(d, against) for against in sets))) for d in told)
    return Table(
        f"The weakest guarantee that by itself keeps a deal to {100 * result.target:.0f}%",
        (
            Column("Deal"),
            *(Column(f"Against {and_list(map(names, against))}", "number") for against in sets),
        ),
        (Rows(rows),),
        note="Points that it takes for good from the one who breaks the deal, times the probability that it "
        "acts: 20 points at even chances count as 10. In brackets the 95% interval.",
    )


def _types(told: Sequence[DealDurability], names: Names) -> list[Block]:
    groups = []
    for d in told:
        rows = [
            Row(
                (
                    Cell(q(g.name) if n == 0 else ""),
                    Cell(f"{names(g.by)}: {q(t.type)}"),
                    Cell(per_cent(t.acts), "number"),
                    Cell(per_cent(t.kept), "number", lines=(_interval(t.kept),)),
                )
            )
            for g in d.guarantees
            if g.holds
            for n, t in enumerate(g.types)
        ]
        if rows:
            groups.append(Rows(tuple(rows), _deal(d)))
    if not groups:
        return []
    return [
        Table(
            "If it were known of which type the guarantor is",
            (
                Column("Guarantee"),
                Column("Guarantor"),
                Column("Would act", "number"),
                Column("Deal kept", "number"),
            ),
            tuple(groups),
            note="Guarantees that are in the deal. The difference is what a clear word on who decides would "
            "change.",
            folded="If it were known of which type the guarantor is",
        )
    ]


_ORDER = {"as stated": "in the order stated", "all at once": "all at once", "reversed": "in reverse"}


def _sequences(told: Sequence[DealDurability]) -> list[Block]:
    if not any(d.sequences for d in told):
        return []

    def steps(order: PhaseOrder) -> str:
        return ", then ".join(and_list([q(issue_words(i)) for i in phase]) for phase in order.phases)

    groups = [
        Rows(
            tuple(
                Row(
                    (
                        Cell(_ORDER[s.order], lines=(steps(s),) if s.phases else ()),
                        Cell(per_cent(s.kept), "number"),
                        Cell("–" if s.order == "as stated" else _points(s.change), "number"),
                    )
                )
                for s in d.sequences
            ),
            _deal(d),
        )
        for d in told
    ]
    return [
        Table(
            "What the order of the steps does",
            (
                Column("Steps"),
                Column("Kept", "number"),
                Column("Difference", "number", note="points of probability"),
            ),
            tuple(groups),
            note="The same draws and the same dates; only what comes when is changed.",
        )
    ]


def _shadow(result: DurabilityResult, told: Sequence[DealDurability], names: Names) -> Table:
    held = result.holdout
    delays = {} if isinstance(held, NotComputed) else dict(held.delays)

    def row(n: int) -> Row:
        years = told[0].patience[n].years
        found = delays.get(years)
        cells = [Cell(per_cent(d.patience[n].kept), "number") for d in told]
        if found is None:
            return Row((Cell(_span(years)), *cells, Cell("–", "muted")))
        between = f"{_delay(found.low)} to {_delay(found.high)}"
        return Row((Cell(_span(years)), *cells, Cell(_delay(found.median), "number", lines=(between,))))

    return Table(
        "The future cuts both ways",
        (
            Column("Everyone looks ahead", note="the inverse of the discount rate"),
            *(Column(f"{q(d.name)} kept", "number") for d in told),
            Column("Hold-out before a deal", "number", note="median; nine draws in ten"),
        ),
        (Rows(tuple(row(n) for n in range(len(told[0].patience)))),),
        note=_held(held, names),
    )


def _held(held: HoldOut | NotComputed, names: Names) -> str:
    if isinstance(held, NotComputed):
        return f"How long they would hold out was not computed: {held.because}."
    a, b = held.parties
    first, second = held.favourites
    differ = "; ".join(
        f"{q(issue_words(i))}: {q(first[i])} or {q(second[i])}" for i in first if first[i] != second[i]
    )
    return (
        f"Hold-out: {names(a)} and {names(b)} each wait for the other to take the deal that it likes less; "
        "their best "
        f"deals of the zone differ in {differ}. Over the {per_cent(held.both)} of draws in which both deals "
        "pass. A war of attrition: whoever counts the future more waits longer for a better share of it."
    )
