"""The answer of the lens levers as blocks: what could change, what each change opens, how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from winset.lenses.levers import Amount, Change, LeversOdds, LeversResult, LeverView, Reach
from winset.lenses.results import NotComputed
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.words import amount, and_list, count, issue_words, likelihood, points, q, times

__all__ = ["lever_blocks", "lever_words"]

Names = Callable[[str], str]


def lever_blocks(result: LeversResult, names: Names, central: str) -> list[Block]:
    """The result for a reader.

    Parameters
    ----------
    names
        A party's id to its name, set apart.
    central
        A sentence on how ranges are read, or nothing.
    """
    out: list[Block] = [Paragraph(_head(result, names) + central)]
    rows = tuple(
        Row(
            (
                Cell(q(x.name)),
                Cell(lever_words(x, names)),
                Cell(_price({x.unit: x.price}) if x.price is not None else "–"),
            )
        )
        for x in result.levers
    )
    out.append(
        Table(
            "The levers" if result.stated else "The levers: a default menu, since the case names none",
            (Column("Lever"), Column("What it changes"), Column("Price")),
            (Rows(rows),),
        )
    )
    flags = [
        f"{q(x.name)} takes the say from {and_list(map(names, x.unheard))}"
        + (f"; affected or absent: {and_list(map(names, x.affected))}" if x.affected else "")
        + "."
        for x in result.levers
        if x.unheard
    ]
    if flags:
        out.append(Bullets(tuple(flags)))
    if not isinstance(result.menu, NotComputed) and result.menu:
        out.append(_menu(result, result.menu, names))
    out += _odds(result.odds, names)
    return out


def _head(result: LeversResult, names: Names) -> str:
    if isinstance(result.menu, NotComputed):
        return f"What opens the zone was not computed: {result.menu.because}."
    if result.open is True:
        return "The zone is open as things stand: no lever is needed."
    searched = result.searched
    assert searched is not None
    missing = "" if searched.complete else (
        f" Changes of more than {searched.together} levers that are pulled or not were left out, or amounts "
        "at unlike rates; some change may be missing."
    )  # fmt: skip
    if not result.menu:
        return f"The zone is empty, and no change by these levers opens it.{missing}"
    listed = len(result.menu)
    first = f"; the first {listed} are listed" if result.size is not None and listed < result.size else ""
    return (
        f"The zone is empty. {times(result.size or 0, 'change')} would open it such that no smaller one does"
        f"{first}. Held against {times(searched.sets, 'set')} of levers and every one of "
        f"{times(searched.deals, 'deal')}, in {searched.arithmetic.replace('rounded', 'rounded numbers')}."
        f"{missing}"
    )


def lever_words(x: LeverView, names: Names) -> str:
    """What a lever changes."""
    who = "" if x.party is None else names(x.party)
    most = "" if x.cap is None else f", at most {points(x.cap, True)}"
    if x.kind == "payment":
        rate = "" if x.rate in (None, 1.0) else f", worth {x.rate:g} each to the receiver"
        each = " each" if len(x.payers) > 1 else ""
        whom = f"{and_list(map(names, x.payers))} to {and_list(map(names, x.paid), 'or')}"
        return f"side payment: {whom}{most}{each}{rate}"
    if x.kind == "lower":
        return f"the no-deal value of {who} falls{most}"
    if x.kind == "guarantee":
        return f"any deal is worth {points(x.worth or 0.0, True)} more to {who}"
    if x.kind == "add":
        return f"new option of {q(issue_words(x.issue or ''))}: {q(x.option)}"
    if x.kind == "consent":
        return f"the rule of consent becomes: {q(x.rule)}"
    if x.kind == "without":
        return f"the yes of {who} is not asked for"
    kind = f" as {q(x.type)}" if x.type else ""
    line = f"red line {x.red_line} of {who}{kind} ({q(x.when)})"
    return f"{line} falls" if x.kind == "drop" else f"{line} is read as {q(x.to)}"


def _price(price: dict[str, float] | None) -> str:
    if price is None:
        return "not all stated"
    return and_list(f"{value:,.4g} {q(unit)}" for unit, value in price.items()) or "0"


def _amount(x: Amount, names: Names) -> str:
    if x.payer is None:
        return f"no-deal value of {names(x.party)} −{amount(x.points, True)}"
    given = f"side payment: {names(x.payer)} to {names(x.party)}, {points(x.points, True)}"
    same = x.received is None or abs(x.received - x.points) < 1e-9
    return given if same else f"{given} (worth {amount(x.received or 0.0, True)} there)"


def _menu(result: LeversResult, menu: Sequence[Change], names: Names) -> Table:
    whole = {x.name for x in result.levers if x.kind not in ("payment", "lower")}
    priced = any(x.price is not None for x in result.levers)
    rows = []
    for n, change in enumerate(menu, 1):
        parts = [q(x) for x in change.levers if x in whole] + [_amount(a, names) for a in change.amounts]
        cells = [Cell(str(n), "number"), Cell("; ".join(parts), lines=_unheard(change, names))]
        if priced:
            cells.append(Cell(_price(change.price)))
        deal = "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in change.deal.deal.items())
        refuses = f"refuses: {and_list(map(names, change.deal.refuses))}" if change.deal.refuses else ""
        cells.append(Cell(deal, lines=(refuses,) if refuses else ()))
        if change.chance is not None:
            cells.append(Cell(_share(change.chance.value), "number"))
        rows.append(Row(tuple(cells)))
    return Table(
        "Changes that open the zone, none of them larger than needed",
        (
            Column(""),
            Column("Change"),
            *((Column("Price"),) if priced else ()),
            Column("A deal that it opens"),
            *((Column("Open in", "number", "of the draws"),) if menu[0].chance is not None else ()),
        ),
        (Rows(tuple(rows)),),
        note="Points are of each party's own scale. Fewest levers first; the order is no advice.",
    )


def _unheard(change: Change, names: Names) -> tuple[str, ...]:
    if not change.unheard:
        return ()
    then = f" (affected or absent: {and_list(map(names, change.affected))})" if change.affected else ""
    return (f"without the yes of {and_list(map(names, change.unheard))}{then}",)


def _share(value: float) -> str:
    if 0 < value < 0.01:
        return "<1%"
    return ">99%" if 0.99 < value < 1 else f"{value:.0%}"


def _odds(odds: LeversOdds | NotComputed, names: Names) -> list[Block]:
    if isinstance(odds, NotComputed):
        return [Paragraph(f"How levers change the odds was not computed: {odds.because}.")]
    base, many = odds.base, odds.plan.draws
    head = (
        f"Chance that the zone is open as things stand: {likelihood(base.value)}; {_share(base.value)} of "
        f"{times(many, 'draw')}"
    )
    if base.standard_error:
        head += f", 95% interval {base.low:.0%} to {base.high:.0%}"
    out: list[Block] = [Paragraph(head + ".")]
    if base.value >= 1:
        return out
    rows = tuple(
        Row(
            (
                Cell(_reach_words(r, names)),
                Cell(_share(r.chance.value), "number"),
                Cell(_step(r), "number"),
                Cell(_needed(r)),
            )
        )
        for r in odds.singles
    )
    out.append(
        Table(
            "Each lever alone, over all draws",
            (
                Column("Lever"),
                Column("Open in", "number", "of the draws"),
                Column("Change", "number", "in % points, ± standard error"),
                Column(f"To reach {_share(odds.target)}"),
            ),
            (Rows(rows),),
            note="An amount goes as far as its limit allows. To reach: the least amount that opens the zone "
            "in so many of the draws, with its 95% interval.",
        )
    )
    pairs = [r for r in odds.reaching if len(r.levers) > 1]
    if pairs:
        listed = tuple(
            f"{_reach_words(r, names)}: {_share(r.chance.value)} of the draws, {_needed(r)}."
            for r in pairs[:10]
        )
        more = f" The first {len(listed)} of {count(len(pairs))}:" if len(pairs) > len(listed) else ""
        out.append(Paragraph(f"Levers that reach {_share(odds.target)} only together.{more}"))
        out.append(Bullets(listed))
    if not odds.reaching and base.value < odds.target:
        tried = f", nor do up to {odds.together} levers together" if odds.together > 1 else ""
        if not odds.complete:
            tried = ", nor do the sets that were tried"
        out.append(Paragraph(f"No lever reaches {_share(odds.target)} of the draws{tried}."))
    return out


def _reach_words(r: Reach, names: Names) -> str:
    words = [q(x) for x in r.levers]
    if r.payer is not None and r.party is not None:
        words[-1] += f" ({names(r.payer)} to {names(r.party)})"
    return " and ".join(words)


def _step(r: Reach) -> str:
    value = round(100 * r.over_base.value)
    error = 100 * r.over_base.standard_error
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value)}" + (f" ± {error:.1f}" if error else "")


def _needed(r: Reach) -> str:
    if not r.reaches:
        return "does not reach it"
    if r.amount is None:
        return "reaches it"
    text = points(r.amount, True)
    if r.amount_low is None or r.amount_high == r.amount_low:
        return text
    upper = "more" if r.amount_high is None else amount(r.amount_high, True)
    return f"{text} ({amount(r.amount_low, True)} to {upper})"
