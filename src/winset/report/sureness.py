"""How sure the brief is: odds over draws, other readings, and what rests on unsourced judgement."""

from __future__ import annotations

from winset.lenses import NotComputed
from winset.lenses.estimates import Estimate
from winset.report import odds as words
from winset.report.context import Context
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.words import count, q, times

__all__ = ["odds_sentences", "sureness"]


def odds_sentences(context: Context) -> list[str]:
    """For the findings: how likely the zone is open, and on which type of whom that hangs."""
    found = context.odds
    if found is None:
        return []
    parts = []
    told = _decisive(context)
    if told is not None:
        party, kinds = told
        high, low = kinds[0], kinds[-1]
        parts.append(
            f"Over all draws of the ranges, if {context.name(party)} is {high[0]}, some deal passes: "
            f"{words.chance(high[1])}; if {low[0]}: {words.chance(low[1])}."
        )
    over = "Taking all types and ranges together" if found.types else "Over all draws of the ranges"
    parts.append(f"{over}, some deal passes: {words.chance(found.open)}.")
    return parts


def _decisive(context: Context) -> tuple[str, list[tuple[str, Estimate]]] | None:
    """The party whose type moves the answer most, with the odds given each type, the highest first."""
    found = context.odds
    assert found is not None
    by: dict[str, list[tuple[str, Estimate]]] = {}
    for t in found.types:
        if not isinstance(t.open, NotComputed):
            by.setdefault(t.party, []).append((q(t.type), t.open))
    best, apart = None, 0.2  # a fifth of all draws is worth a sentence
    for party, kinds in by.items():
        kinds.sort(key=lambda k: -k[1].value)
        distance = kinds[0][1].value - kinds[-1][1].value
        if distance > apart:
            best, apart = (party, kinds), distance
    return best


def sureness(context: Context) -> list[Block]:
    """The section on how sure the answer is."""
    found = context.zone.odds
    if isinstance(found, NotComputed):
        return [Paragraph(f"Odds over draws were not computed: {found.because}.")]
    out: list[Block] = [Paragraph(words.open_sentence(found))]
    if not found.unknowns:
        return out
    if found.types:
        out.append(words.types_table(found.types, context.name))
    out.append(words.readings_table(found.readings))
    out += _judgement(context)
    if isinstance(found.shortlist, NotComputed):
        out.append(Paragraph(f"Odds of single deals were not computed: {found.shortlist.because}.", "note"))
    elif found.shortlist:
        listed = [(context.letter(d.deal), d) for d in found.shortlist[: words.MOST]]
        caption = "Robust deals: the likeliest to pass, and the best for the worst-off"
        out.append(words.deals_table(caption, listed, context.name, context.rulers))
    return out


def _judgement(context: Context) -> list[Block]:
    """The share of the answer that rests on judgement without a source."""
    found = context.unsourced
    if isinstance(found, NotComputed):
        return [Paragraph(f"What rests on unsourced judgement was not computed: {found.because}.", "note")]
    left = found.numbers - found.sourced
    if not left:
        return [Paragraph(f"All {count(found.numbers)} numbers cite a claim or stand in a block that does.")]
    if found.sourced:
        none = "cites no claim, nor stands" if left == 1 else "cite no claim, nor stand"
        rests = (
            f"Of {times(found.numbers, 'judged number')}, {count(left)} ({left / found.numbers:.0%}) "
            f"{none} in a block that does."
        )
    else:
        rests = (
            f"Not one of {times(found.numbers, 'judged number')} cites a claim: all of them are judgement."
        )
    move = found.difference
    rows = (
        Row((Cell("as judged"), Cell(words.per_cent(found.stated), "number"))),
        Row((Cell("unsourced numbers left wide open"), Cell(words.per_cent(found.widened), "number"))),
        Row(
            (
                Cell("difference, in points of probability"),
                Cell(
                    f"{100 * move.value:+.0f}".replace("-", "−"),
                    "number",
                    lines=(f"{100 * move.low:.0f} to {100 * move.high:.0f}".replace("-", "−"),),
                ),
            ),
        ),
        Row(
            (
                Cell("draws whose answer is another one"),
                Cell(words.per_cent(found.changed), "number"),
            ),
            strong=True,
        ),
    )
    return [
        Table(
            "What rests on judgement without a source",
            (Column("Reading"), Column("Zone open", "number")),
            (Rows(rows),),
            note=f"{rests} In the second row they are drawn from the widest plausible range of their kind. "
            "Rows that lie near each other do not show that little hangs on them: what makes a deal likelier "
            "may cancel what makes it less likely. The last row tells how often the answer of a draw is "
            "another one.",
        )
    ]
