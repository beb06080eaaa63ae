"""Odds over draws in words and tables: probabilities with their bands, gains with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from winset.lenses import NotComputed
from winset.lenses.estimates import Estimate, Plan, Spread
from winset.lenses.odds import CERTAIN, BlockerOdds, DealOdds, FrontierOdds, SolutionOdds, TypeOdds, ZoneOdds
from winset.lenses.survey import Reading
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.words import and_list, count, gain, issue_words, likelihood, q, times

__all__ = [
    "blocker_odds",
    "blocking_matrix",
    "chance",
    "deals_table",
    "frontier_odds",
    "open_sentence",
    "per_cent",
    "readings_table",
    "solution_odds",
    "spread_words",
    "types_table",
    "zone_odds",
]

Names = Callable[[str], str]
MOST = 5  # deals that are told with all their odds

_READINGS = {
    "as stated": "as the case states",
    "independent": "every unknown independent of every other",
    "together": "no-deal values move together",
    "against each other": "no-deal values move against each other",
}


def per_cent(found: Estimate) -> str:
    """A probability to the digits that its interval allows: whole per cents, tenths where they are known."""
    if found.half < 0.0005 or found.low == found.high:
        text = f"{100 * found.value:.1f}".removesuffix(".0")
    else:
        text = f"{100 * found.value:.0f}"
    if text in ("0", "100") and 0 < found.value < 1:
        return "<1%" if found.value < 0.5 else ">99%"
    return f"{text}%"


def chance(found: Estimate) -> str:
    """A probability with its word, its band and its interval, for a sentence."""
    words = likelihood(found.value)
    if found.low == found.high:
        return f"{words}, at {per_cent(found)}" if "(" in words else words
    number = f"{per_cent(found)} (95% interval {_ends(found)})"
    return f"{words}, at {number}" if "(" in words else number


def _ends(found: Estimate) -> str:
    """An interval of a probability, in per cent."""
    fine = 0 < found.low < 0.005 or 0.995 < found.low < 1
    low = f"{100 * found.low:.1f}" if fine else f"{100 * found.low:.0f}"
    if found.high < 0.005:
        return f"{low} to {100 * found.high:.2g}%"
    high = f"{100 * found.high:.0f}" if found.high <= 0.995 or found.high == 1 else f"{100 * found.high:.1f}"
    return f"{low} to {high}%"


def spread_words(found: Spread, fine: bool = False) -> str:
    """Median and the interval that holds nine draws in ten, in signed points."""
    low, middle, high = (gain(v, fine) for v in (found.low, found.median, found.high))
    return middle if low == middle == high else f"{middle} ({low} to {high})"


def how(plan: Plan, unknowns: int | None = None) -> str:
    """How the draws were made, for a reader who wants to repeat them."""
    what = f" of {count(unknowns)} unknowns" if unknowns else ""
    kind = "scrambled Sobol points" if plan.method == "sobol" else "joint draws"
    return f"{count(plan.draws)} {kind}{what}, seed {plan.seed}"


def open_sentence(odds: ZoneOdds) -> str:
    """Whether the zone is open, over all draws."""
    if not odds.unknowns:
        return "Nothing in this case is uncertain: every number is a single value and no party has types."
    text = (
        f"Some deal passes the rule of consent: {chance(odds.open)} "
        f"over {how(odds.plan, odds.unknowns)} (standard error {100 * odds.open.standard_error:.1f} points)."
    )
    if not odds.within and odds.plan.to_within:
        text += f" The {100 * odds.plan.to_within:g}% asked for were not reached: more draws are needed."
    elif odds.open.half > 0.01:
        text += f" To know it to one point, either way, takes about {_rough(odds.draws_for_1_percent)} draws."
    return text


def _rough(number: int) -> str:
    """A number to two digits: what it is an estimate of is no better known."""
    return count(float(f"{number:.2g}"))


def types_table(types: Sequence[TypeOdds], names: Names) -> Table:
    """What hangs on what a party turns out to be."""
    rows = tuple(
        Row(
            (
                Cell(names(t.party)),
                Cell(q(t.type)),
                Cell(per_cent(t.probability), "number"),
                Cell("–", "muted")
                if isinstance(t.open, NotComputed)
                else Cell(per_cent(t.open), "number", level=t.open.value, lines=(likelihood(t.open.value),)),
            )
        )
        for t in types
    )
    return Table(
        "If a party is of one type: the probability that some deal passes",
        (
            Column("Party"),
            Column("Type"),
            Column("Share of the draws", "number"),
            Column("Zone open, given the type", "number"),
        ),
        (Rows(rows),),
        kind="heat",
    )


def readings_table(readings: Sequence[Reading]) -> Table:
    """The answer under other readings of what hangs together."""
    rows = tuple(
        Row(
            (
                Cell(_READINGS.get(r.name, r.name)),
                Cell("–" if r.rho is None else f"{r.rho:g}".replace("-", "−"), "number"),
                Cell(per_cent(r.open), "number", lines=(likelihood(r.open.value),)),
            )
        )
        for r in readings
    )
    return Table(
        "The same under other readings of what hangs together",
        (Column("Reading"), Column("Correlation", "number"), Column("Zone open", "number")),
        (Rows(rows),),
        note="All readings use the same draws, so that their differences are sharper than each by itself.",
    )


def deals_table(
    caption: str, deals: Sequence[tuple[str, DealOdds]], names: Names, parties: Sequence[str]
) -> Table:
    """Deals down; how likely each passes, who accepts it, what it brings."""
    rows = []
    for label, d in deals:
        deal = "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in d.deal.items())
        cells = [
            Cell(label or "–", lines=(deal,)),
            Cell(per_cent(d.passed), "number", level=d.passed.value),
            *(
                Cell(
                    per_cent(d.accepted[p]),
                    "number",
                    level=d.accepted[p].value,
                    lines=(f"gain {spread_words(d.gain[p])}",),
                )
                for p in parties
            ),
            Cell(f"{d.worst_off.mean:.1f}", "number"),
            Cell(f"{d.regret.mean:.1f}", "number", lines=(f"up to {d.regret.high:.0f}",)),
            Cell(per_cent(d.efficient), "number"),
        ]
        rows.append(Row(tuple(cells)))
    return Table(
        caption,
        (
            Column("Deal"),
            Column("Passes", "number"),
            *(Column(names(p), "number", note="accepts; gain") for p in parties),
            Column("Worst-off", "number", note="mean gain"),
            Column("Regret", "number", note="mean"),
            Column("Efficient", "number"),
        ),
        (Rows(tuple(rows)),),
        kind="heat",
        note="Gains in points over no deal: the median, and in brackets what nine draws in ten lie between. "
        "Worst-off: the gain of the worst-off of those whose yes is asked for, nought where the deal does "
        "not pass. Regret: how much more the best deal of the same draw would bring the worst-off; in small "
        "print, the worst draw in twenty.",
    )


def _without(odds: NotComputed) -> list[Block]:
    """Why there are no odds; where nothing is uncertain, nothing is missing."""
    if odds.because == CERTAIN:
        return []
    return [Paragraph(f"Odds over draws were not computed: {odds.because}.", "note")]


def zone_odds(odds: ZoneOdds | NotComputed, names: Names, parties: Sequence[str]) -> list[Block]:
    """How sure the answer is."""
    if isinstance(odds, NotComputed):
        return _without(odds)
    out: list[Block] = [Paragraph(open_sentence(odds))]
    if not odds.unknowns:
        return out
    if odds.types:
        out.append(types_table(odds.types, names))
    if odds.readings:
        out.append(readings_table(odds.readings))
    if isinstance(odds.shortlist, NotComputed):
        out.append(Paragraph(f"Odds of single deals were not computed: {odds.shortlist.because}.", "note"))
    elif odds.shortlist:
        listed = [(str(n), d) for n, d in enumerate(odds.shortlist[:MOST], 1)]
        out.append(
            deals_table("Robust deals: the likeliest, and the best for the worst-off", listed, names, parties)
        )
    if not isinstance(odds.offers, NotComputed) and odds.offers:
        named = [(q(d.name), d) for d in odds.offers]
        out.append(deals_table("The offers over all draws", named, names, parties))
    return out


def blocking_matrix(
    odds: BlockerOdds, names: Names, parties: Sequence[str], labels: Mapping[str, str]
) -> Table:
    """Deals down, parties across: the probability of a refusal."""
    rows = tuple(
        Row(
            (
                Cell(labels.get(name, q(name))),
                *(Cell(per_cent(by[p]), "number", level=by[p].value) for p in parties),
            )
        )
        for name, by in odds.refuses.items()
    )
    return Table(
        "How likely each party refuses each deal of interest",
        (Column("Deal"), *(Column(names(p), "number") for p in parties)),
        (Rows(rows),),
        kind="heat",
        note=f"Over {how(odds.plan)}.",
    )


def openings_words(odds: BlockerOdds, names: Names) -> str:
    """Whose yes would open the zone where it is empty, over all draws."""
    text = f"No deal passes: {chance(odds.empty)}."
    told = [
        f"{and_list(map(names, o.parties))} ({per_cent(o.probability)})"
        for o in odds.openings
        if o.probability.value >= 0.01
    ]
    if told:
        text += (
            " Where the zone is empty, the yes of these alone would open it (share of all draws): "
            + "; ".join(told)
            + "."
        )
    return text


def blocker_odds(odds: BlockerOdds | NotComputed, names: Names, parties: Sequence[str]) -> list[Block]:
    if isinstance(odds, NotComputed):
        return _without(odds)
    out: list[Block] = [Paragraph(openings_words(odds, names))]
    if odds.refuses:
        out.append(blocking_matrix(odds, names, parties, {}))
    return out


def frontier_odds(odds: FrontierOdds | NotComputed, names: Names, parties: Sequence[str]) -> list[Block]:
    if isinstance(odds, NotComputed):
        return _without(odds)
    size = odds.size
    out: list[Block] = [
        Paragraph(
            f"Over {how(odds.plan)}, {times(round(size.median), 'deal')} "
            f"{'is' if round(size.median) == 1 else 'are'} efficient (nine draws in ten: "
            f"{size.low:.0f} to {size.high:.0f})."
        )
    ]
    if odds.often:
        listed = [(str(n), d) for n, d in enumerate(odds.often[:MOST], 1)]
        out.append(deals_table("Deals that are most often efficient", listed, names, parties))
    return out


def solution_odds(odds: SolutionOdds | NotComputed, names: Names, parties: Sequence[str]) -> list[Block]:
    if isinstance(odds, NotComputed):
        return _without(odds)
    rows = []
    for c in odds.choices:
        first = c.picks[0] if c.picks else None
        deal = "–"
        if first is not None:
            settled = "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in first[0].items())
            deal = f"{per_cent(first[1])}: {settled}"
        rows.append(
            Row(
                (
                    Cell(c.name),
                    *(
                        Cell("–", "muted")
                        if isinstance(c.gain_if_open, NotComputed)
                        else Cell(spread_words(c.gain_if_open[p]), "number")
                        for p in parties
                    ),
                    Cell(deal),
                )
            )
        )
    return [
        Paragraph(f"There is a deal to choose: {chance(odds.open)} ({how(odds.plan)})."),
        Table(
            "What each solution brings where there is a deal, over all draws",
            (
                Column("Solution"),
                *(Column(names(p), "number") for p in parties),
                Column("Picks most often"),
            ),
            (Rows(tuple(rows)),),
            note="Gains in points over no deal: the median, and what nine draws in ten lie between.",
        ),
    ]
