"""The body of the brief: who, what, which deals, who refuses."""

from __future__ import annotations

from collections.abc import Mapping

from winset.case.fields import PROBABILITY
from winset.case.model import Case, central_priors
from winset.lenses import DealView, NotComputed, Quantity, Refusal, ZoneResult
from winset.lenses.frontier import OfferGap
from winset.lenses.odds import BlockerOdds
from winset.report.context import Context
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.findings import proof_words
from winset.report.odds import blocking_matrix, openings_words, per_cent
from winset.report.words import amount, and_list, count, gain, match_words, points, q, share, times

__all__ = [
    "acceptability",
    "best_deals",
    "blocks",
    "gaps",
    "issues",
    "offers_table",
    "parties",
    "red_lines",
    "shortlist",
    "standing",
]

SEATS = {
    "table": "at the table",
    "host": "host, at the table",
    "mediator": "mediator",
    "consulted": "consulted",
    "absent": "absent",
}


def parties(context: Context) -> list[Block]:
    """Who sits where, whose yes is needed, what each has without a deal."""
    case = context.case
    named = set(case.consent.parties())
    typed = any(p.types for p in case.preferences.values())
    columns = [
        Column("Party"),
        Column("Seat"),
        Column("Its yes"),
        Column("No deal", "narrow", "as written"),
        Column("Reservation value", "number", "central"),
    ]
    if typed:
        columns.append(Column("Read for now as"))
    rows = []
    for party, who in case.parties.items():
        seat = SEATS[who.seat] + (", affected" if who.affected else "")
        yes = "needed" if party in context.vetoes else "counts" if party in named else "not asked for"
        cells = [
            Cell(context.name(party), lines=(q(who.note),) if who.note else ()),
            Cell(seat, "mark" if who.seat == "absent" or who.affected else ""),
            Cell(yes, "mark" if party in context.vetoes else "muted" if party not in named else ""),
        ]
        if party in case.preferences:
            prefs = case.central_preferences(party)
            written = context.no_deal_text(party)
            cost = f"+ {prefs.closing_cost.short()} to close" if prefs.closing_cost is not None else ""
            reserve = context.compiled.values[party].reserve
            cells.append(Cell(q(written), lines=(cost,) if cost else ()))
            cells.append(Cell(amount(reserve, fine=True), "number"))
        else:
            cells += [Cell("not valued", "muted"), Cell("–", "number")]
        if typed:
            cells.append(_type_cell(context, party))
        rows.append(Row(tuple(cells)))
    table = Table(
        caption="The parties, and what each has without a deal (points, 0 to 100 on its own scale)",
        columns=tuple(columns),
        groups=(Rows(tuple(rows)),),
        note="The reservation value is the no-deal value plus what closing a deal costs; below it a party "
        "says no. "
        "“Needed”: no deal passes without it.",
    )
    rule = case.consent.short(context.case.names())
    blocks: list[Block] = [Paragraph(f"A deal needs the yes of {q(rule)}."), table]
    if context.others:
        blocks.append(_types_table(context))
    return blocks


def _type_cell(context: Context, party: str) -> Cell:
    prefs = context.case.preferences.get(party)
    if prefs is None or not prefs.types:
        return Cell("–", "muted")
    now = context.case.central_type(party)
    lines = []
    given = context.case.central_chances(party) if context.case.factors(party) else {}
    for name, chance in central_priors(prefs.types).items():
        stated = prefs.types[name].prior
        written = f"{q(stated.short())}, central {float(stated.central(PROBABILITY)):.0%}" if stated else (
            f"the rest, {float(chance):.0%}"
        )  # fmt: skip
        after = f"; given the evidence {float(given[name]):.0%}" if given else ""
        lines.append(f"{q(name)}: {written}{after}")
    return Cell(q(now), lines=tuple(lines))


def _types_table(context: Context) -> Table:
    rows = [_type_row("All as read for now", context.zone, strong=True)]
    for other in context.others:
        rows.append(_type_row(f"{context.name(other.party)} read as {q(other.type)}", other.zone))
    return Table(
        caption="The zone if one party is of another type, all others as read for now",
        columns=(Column("If"), Column("Zone"), Column("Deals in it", "number"), Column("Share", "number")),
        groups=(Rows(tuple(rows)),),
    )


def _type_row(label: str, found: ZoneResult, *, strong: bool = False) -> Row:
    words = "not settled"
    if not isinstance(found.empty, NotComputed):
        words = "none passes" if found.empty else "some pass"
    about = "" if found.zone.exact else "about "
    return Row(
        (
            Cell(label),
            Cell(words, "no" if found.empty is True else ""),
            Cell(about + count(found.zone.value), "number"),
            Cell(share(found.zone), "number"),
        ),
        strong=strong,
    )


def issues(context: Context) -> list[Block]:
    """What is on the agenda."""
    rows = []
    for issue, what in context.case.issues.items():
        rows.append(
            Row(
                (
                    Cell(context.issue(issue)),
                    Cell(
                        q(what.question) if what.question else "–", lines=(q(what.note),) if what.note else ()
                    ),
                    Cell("; ".join(q(o) for o in what.options)),
                    Cell(
                        "" if what.because else "–",
                        "" if what.because else "muted",
                        refs=claim_refs(context, what.because),
                    ),
                )
            )
        )
    total = context.zone.combinations
    left = context.zone.deals
    blocks: list[Block] = [
        Table(
            caption="Issues and the ways to settle them",
            columns=(Column("Issue"), Column("Question"), Column("Options"), Column("Claims")),
            groups=(Rows(tuple(rows)),),
        )
    ]
    if context.case.forbid:
        blocks.append(
            Paragraph(
                f"Of {times(total, 'combination')}, {count(left)} make sense as a deal. Ruled out, "
                "whatever anybody wants:"
            )
        )
        rows = [
            Row(
                (
                    Cell(match_words(f.when)),
                    Cell(q(f.note) if f.note else "–", "" if f.note else "muted"),
                    Cell(
                        "" if f.because else "–",
                        "" if f.because else "muted",
                        refs=claim_refs(context, f.because),
                    ),
                )
            )
            for f in context.case.forbid
        ]
        blocks.append(
            Table(
                caption="Combinations that are ruled out",
                columns=(Column("Combination"), Column("Why"), Column("Claims")),
                groups=(Rows(tuple(rows)),),
            )
        )
    else:
        blocks.append(
            Paragraph(
                f"Every combination is a deal: {count(left)} in all." if left > 1 else "One deal in all."
            )
        )
    return blocks


def claim_refs(context: Context, claims: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Claims by their id, each pointing at its row."""
    return claim_links(context.case, claims)


def claim_links(case: Case, claims: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The same from the case alone."""
    order = list(case.claims)
    return tuple((q(c), f"claim-{order.index(c) + 1}") for c in claims if c in order)


def acceptability(context: Context) -> list[Block]:
    """Which options the parties can live with."""
    who = list(context.compiled.parties)
    groups = []
    for issue, what in context.case.issues.items():
        rows = []
        for found in context.zone.options:
            if found.issue != issue:
                continue
            cells = [Cell(q(found.option)), Cell(count(found.deals), "number")]
            cells += [_heat(found.accepted[p]) for p in who]
            cells.append(_heat(found.zone))
            rows.append(Row(tuple(cells)))
        groups.append(Rows(tuple(rows), context.issue(issue), q(what.question) if what.question else ""))
    estimated = any(not o.zone.exact for o in context.zone.options)
    everything = Row(
        (
            Cell("all deals"),
            Cell(count(context.zone.deals), "number"),
            *(_heat(context.zone.accepted[p]) for p in who),
            _heat(context.zone.zone),
        ),
        strong=True,
    )
    table = Table(
        caption="Of the deals that hold an option, the share that each party accepts, and that the rule of "
        "consent passes",
        columns=(
            Column("Option"),
            Column("Deals", "number"),
            *(
                Column(context.name(p), "number", "" if p in context.rulers else "not in the rule")
                for p in who
            ),
            Column("The rule", "number"),
        ),
        groups=(*groups, Rows((everything,), "Any")),
        kind="heat",
        note="A stronger tint is more often accepted. –: no deal holds the option."
        + (" Shares are estimated from random deals." if estimated else ""),
    )
    return [
        Paragraph(
            "A party accepts a deal when it crosses none of its red lines and is worth at least its "
            "reservation value. "
            "A low share in one column beside high ones in the others is where an option costs a yes."
        ),
        table,
    ]


def interval(context: Context, deal: dict[str, str], party: str) -> tuple[str, ...]:
    """What nine draws in ten lie between, for the gain from a lettered deal."""
    found = context.over_draws(deal)
    if found is None:
        return ()
    spread, fine = found.gain[party], context.fine(party)
    return (f"{gain(spread.low, fine)} to {gain(spread.high, fine)}",)


def _heat(value: Quantity) -> Cell:
    return Cell(share(value), "number", level=value.share if value.of else None)


def shortlist(context: Context) -> list[Block]:
    """Some deals side by side; never one that is best."""
    picks = context.shortlist
    if not picks:
        return [
            Paragraph("The zone is empty, and the case states no offers: there is no deal to set out here.")
        ]
    columns = (
        Column("Issue"),
        *(Column(p.letter, note="; ".join(p.labels)) for p in picks),
    )
    deal_rows = tuple(
        Row(
            (
                Cell(context.issue(i)),
                *(_settled(p.view.deal[i], [o.view.deal[i] for o in picks]) for p in picks),
            )
        )
        for i in context.compiled.issues
    )
    most = (
        max((abs(p.view.gain[party]) for p in picks for party in context.compiled.parties), default=1.0)
        or 1.0
    )
    value_rows = []
    for party in context.compiled.parties:
        cells = [Cell(context.name(party) + ("" if party in context.rulers else " (not in the rule)"))]
        for p in picks:
            refuses = any(r.party == party for r in p.view.refusals)
            value = p.view.gain[party]
            cells.append(
                Cell(
                    gain(value, context.fine(party)),
                    "no" if refuses else "yes",
                    bar=value / most,
                    lines=(*(("refuses",) if refuses else ()), *interval(context, p.view.deal, party)),
                )
            )
        value_rows.append(Row(tuple(cells)))
    verdict = Row(
        (
            Cell("Rule of consent"),
            *(
                Cell("passes" if p.view.in_zone else "does not pass", "yes" if p.view.in_zone else "no")
                for p in picks
            ),
        ),
        strong=True,
    )
    verdicts = [verdict]
    drawn = [context.over_draws(p.view.deal) for p in picks]
    if any(d is not None for d in drawn):
        verdicts.append(
            Row(
                (
                    Cell("Probability that it passes"),
                    *(Cell("–", "muted") if d is None else Cell(per_cent(d.passed)) for d in drawn),
                )
            )
        )
    table = Table(
        caption="Deals side by side: what each settles, and what each party gains over no deal (points of "
        "its own scale)",
        columns=columns,
        groups=(
            Rows(deal_rows, "What it settles"),
            Rows(tuple(value_rows), "Gain over no deal"),
            Rows(tuple(verdicts), "Outcome"),
        ),
        kind="compare",
        note="In small print what nine draws in ten lie between, over all draws of ranges and types."
        if any(d is not None for d in drawn)
        else "",
    )
    intro = (
        "None of these is the best deal: each is best by a yardstick of its own, and the yardsticks are "
        "choices. "
        "Nash: the largest product of gains. Kalai-Smorodinsky: the largest equal share of what each could "
        "at most "
        "gain. Egalitarian: the most for the worst-off. Utilitarian: the largest sum of gains. The last "
        "two compare "
        "points between parties, which the scales do not promise to allow."
    )
    blocks: list[Block] = [Paragraph(intro, "note"), table]
    ties = []
    fair = context.solutions.solutions
    if isinstance(fair, NotComputed):
        blocks.append(
            Paragraph(f"The solutions of bargaining theory were not computed: {fair.because}.", "note")
        )
    else:
        for s in fair:
            several = len(s.deals) if len(s.deals) > 1 else (s.deals[0].count or 1) if s.deals else 1
            if several > 1 and s.name != "issue-by-issue":
                ties.append(f"{s.name}: {times(several, 'deal')} tie; one is shown.")
    if ties:
        blocks.append(Bullets(tuple(ties)))
    left = context.lettered[len(picks) :]
    if left:
        letters = and_list([f"{p.letter} ({'; '.join(p.labels)})" for p in left])
        blocks.append(Paragraph(f"Not set out here, but in the charts and below: {letters}.", "note"))
    best = best_deals(context)
    if best is not None:
        blocks.append(best)
    return blocks


def _settled(option: str, all_of_them: list[str]) -> Cell:
    """An option; what all deals share recedes."""
    return Cell(q(option), "muted" if len(all_of_them) > 1 and len(set(all_of_them)) == 1 else "")


def standing(context: Context) -> Table:
    """How often each party of the rule refuses, and refuses alone."""
    b = context.blockers
    rows = [
        Row(
            (
                Cell(context.name(p)),
                *_number(b.refused[p]),
                *_number(b.sole_refuser[p]),
                *_number(b.pivotal[p]),
            )
        )
        for p in context.rulers
    ]
    return Table(
        caption="How often each party refuses, among all deals",
        columns=(
            Column("Party"),
            Column("Refuses", "number"),
            Column("Refuses alone", "number", "all others say yes"),
            Column("Its yes would carry", "number", "the rule fails only for it"),
        ),
        groups=(Rows(tuple(rows)),),
    )


def _number(value: Quantity) -> tuple[Cell, ...]:
    about = "" if value.exact else "about "
    return (Cell(f"{about}{count(value.value)} ({share(value)})", "number", bar=value.share),)


def red_lines(context: Context) -> Table | None:
    """Every red line, its reach and its claims."""
    rows = []
    for line in context.blockers.red_lines:
        reach = line.crossed
        if isinstance(reach, NotComputed):
            struck = f"not computed: {reach.because}"
        else:
            struck = f"{count(reach.value)} of {count(reach.of)} ({share(reach)})"
        source = Cell("judge's own judgement", "muted")
        if line.because:
            source = Cell("", refs=claim_refs(context, line.because))
        rows.append(
            Row(
                (
                    Cell(context.name(line.party)),
                    Cell(
                        line_words(context.case, line.party, line.number),
                        lines=(q(line.note),) if line.note else (),
                    ),
                    Cell(struck, "number"),
                    source,
                )
            )
        )
    if not rows:
        return None
    return Table(
        caption="Red lines, and how many deals each strikes out",
        columns=(
            Column("Party"),
            Column("Refuses at any price"),
            Column("Strikes out", "number"),
            Column("Claims"),
        ),
        groups=(Rows(tuple(rows)),),
    )


def reason(context: Context, refusal: Refusal) -> str:
    """Why a party says no, in words."""
    return reason_words(refusal, context.case, context.fine(refusal.party))


def line_words(case: Case, party: str, number: int) -> str:
    """A red line of a party, by its number."""
    return match_words((case.central_preferences(party).red_lines or ())[number - 1].when)


def reason_words(refusal: Refusal, case: Case, fine: bool) -> str:
    """Why a party says no, without the brief's context."""
    why = []
    for line in refusal.red_lines:
        because = f" (claim {and_list([q(c) for c in line.because])})" if line.because else ""
        why.append(f"red line “{line_words(case, refusal.party, line.number)}”{because}")
    if refusal.short > 0:
        why.append(f"{points(refusal.short, fine)} short")
    return f"{q(case.name(refusal.party))}: {and_list(why)}"


def offers_table(context: Context) -> Table | None:
    """Every offer of the case: who refuses it and why."""
    rows = []
    for named in context.blockers.deals:
        offer = context.case.offers.get(named.name)
        if offer is None:
            continue
        refusals = [reason(context, r) for r in named.view.refusals]
        made = [f"by {context.speaker(offer.by)}"] if offer.by else []
        made += [str(offer.date)] if offer.date else []
        lines = [", ".join(made)] if made else []
        lines += [q(offer.note)] if offer.note else []
        passes = named.view.in_zone
        rows.append(
            Row(
                (
                    Cell(f"{context.letter(named.view.deal)}: {q(named.name)}",
                         lines=tuple(lines), refs=claim_refs(context, offer.because)),
                    Cell("passes" if passes else "does not pass", "yes" if passes else "no"),
                    Cell("; ".join(refusals) if refusals else "nobody refuses"),
                    Cell(and_list(context.names(named.pivotal), "or") or "–"),
                )
            )
        )  # fmt: skip
    if not rows:
        return None
    return Table(
        caption="Offers, who refuses them and why",
        columns=(
            Column("Offer"),
            Column("Rule of consent"),
            Column("Who refuses, and why"),
            Column("Whose yes would carry it"),
        ),
        groups=(Rows(tuple(rows)),),
        note="Short: points that the offer lacks to the party's reservation value. Refusals of parties "
        "whose yes is "
        "not asked for are listed too.",
    )


def blocks(context: Context) -> list[Block]:
    """Who stands in the way."""
    out: list[Block] = []
    openings = context.blockers.openings
    if context.zone.empty is True:
        out.append(
            Paragraph("The zone is empty. For each set of parties whose yes would do, the proof in words:")
        )
        out.append(Bullets(tuple(proof_words(context))))
        if isinstance(openings, NotComputed):
            out.append(Paragraph(f"Whose yes would open it was not computed: {openings.because}."))
        elif openings:
            sets = [and_list(context.names(o)) for o in openings]
            out.append(
                Paragraph(
                    "Smallest sets of parties whose yes would open the zone, all others free to refuse "
                    "what they "
                    f"refuse now: {'; '.join(sets)}."
                )
            )
    if context.odds is not None and isinstance(context.blockers.odds, BlockerOdds):
        out.append(Paragraph(openings_words(context.blockers.odds, context.name)))
        labels = {name: q(name) for name in context.blockers.odds.refuses}
        who = tuple(context.compiled.parties)
        out.append(blocking_matrix(context.blockers.odds, context.name, who, labels))
    out.append(standing(context))
    pairs = _pairs(context)
    if pairs is not None:
        out.append(pairs)
    lines = red_lines(context)
    out.append(lines if lines is not None else Paragraph("The case states no red lines."))
    offers = offers_table(context)
    out.append(offers if offers is not None else Paragraph("The case states no offers."))
    return out


def _pairs(context: Context) -> Table | None:
    """Pairs of the rule, the most contested first."""
    pairs = [p for p in context.zone.pairs if set(p.parties) <= set(context.rulers)]
    if len(pairs) < 2:
        return None
    pairs.sort(key=lambda p: p.accepted.share)
    rows = [Row((Cell(and_list(context.names(p.parties))), *_number(p.accepted))) for p in pairs[:10]]
    more = f" The {times(len(pairs) - 10, 'less contested pair')} are left out." if len(pairs) > 10 else ""
    return Table(
        caption="Deals that two parties both accept, the most contested pair first",
        columns=(Column("Pair"), Column("Both accept", "number")),
        groups=(Rows(tuple(rows)),),
        note=more.strip(),
    )


def best_deals(context: Context) -> Table | None:
    """The best that each party can get in the zone, and what it leaves the others."""
    found = {p: v for p, v in context.zone.best.items() if v is not None}
    if not found:
        return None
    deals = [v.deal for v in found.values() if not isinstance(v, NotComputed)]
    shared = {i: o for i, o in deals[0].items() if all(d[i] == o for d in deals)} if len(deals) > 1 else {}
    rows = []
    for party, view in found.items():
        if isinstance(view, NotComputed):
            rows.append(
                Row((Cell(context.name(party)), Cell("–"), Cell(f"not computed: {view.because}"), Cell("–")))
            )
            continue
        others = [
            f"{context.name(p)} {gain(view.gain[p], context.fine(p))}" for p in context.rulers if p != party
        ]
        own = [f"{context.issue(i)}: {q(o)}" for i, o in view.deal.items() if i not in shared]
        rows.append(
            Row(
                (
                    Cell(context.name(party)),
                    Cell(gain(view.gain[party], context.fine(party)), "number"),
                    Cell("; ".join(own) or "the same as all"),
                    Cell(", ".join(others) or "–"),
                )
            )
        )
    common = "; ".join(f"{context.issue(i)}: {q(o)}" for i, o in shared.items())
    return Table(
        caption="The deal of the zone that each party would choose, and its gain over no deal",
        columns=(Column("Party"), Column("Its gain", "number"), Column("Deal"), Column("The others")),
        groups=(Rows(tuple(rows)),),
        note=f"All of them settle {common}." if common else "",
    )


def gaps(context: Context) -> list[Block]:
    """What the offers leave on the table."""
    front = context.frontier
    out: list[Block] = [Paragraph(_efficient_words(context))]
    rows = []
    for gap in front.offers:
        verdict = left_words(gap, context.fine(*context.rulers))
        changes = [_change(context, gap, n) for n in range(min(2, len(gap.improvements)))]
        rows.append(
            Row(
                (
                    Cell(f"{context.letter(gap.view.deal)}: {q(gap.name)}"),
                    Cell(verdict, "yes" if gap.efficient else ""),
                    Cell(count(gap.improving), "number"),
                    Cell(changes[0], lines=tuple(f"or {c}" for c in changes[1:]))
                    if changes
                    else Cell("–", "muted"),
                )
            )
        )
    if not rows:
        out.append(Paragraph("The case states no offers."))
        return out
    out.append(
        Table(
            caption="What each offer leaves on the table",
            columns=(
                Column("Offer"),
                Column("Left"),
                Column("Better deals", "number", "efficient"),
                Column("One or two of them"),
            ),
            groups=(Rows(tuple(rows)),),
            note="A better deal gives every party of the rule at least as much as the offer, and one of "
            "them more.",
        )
    )
    trades = _trades(context)
    if trades is not None:
        out.append(trades)
    return out


def left_words(gap: OfferGap, fine: bool) -> str:
    """What an offer leaves on the table."""
    if gap.efficient:
        return "nothing: efficient"
    least = "" if gap.distance_exact else "at least "
    if gap.distance > 0:
        return f"{least}{points(gap.distance, fine)} for everybody at once"
    if gap.efficient is None:
        return "not settled"
    return "some could gain with nobody losing"


def _efficient_words(context: Context) -> str:
    front = context.frontier
    parts = ["A deal is efficient when no other gives one party of the rule more and none less."]
    for where, found in (("In the zone", front.zone), ("Of all deals, refused or not,", front.all)):
        if isinstance(found, NotComputed):
            parts.append(f"{where} the efficient deals were not computed: {found.because}.")
        elif found.size:
            number = found.deals if found.deals is not None else found.size
            parts.append(f"{where} {count(number)} {'is' if number == 1 else 'are'}.")
        else:
            parts.append(f"{where} there is none.")
    return " ".join(parts)


def _change(context: Context, gap: OfferGap, n: int) -> str:
    """One improvement in a line."""
    better = gap.improvements[n]
    where = _verdict(context, better)
    changed = "; ".join(
        f"{context.issue(i)}: {q(o)}" for i, o in better.deal.items() if gap.view.deal[i] != o
    )
    return f"{changed} ({_gains(context, _rise(context, gap, n))}; {where})"


def _verdict(context: Context, view: DealView) -> str:
    """Whether a deal passes, and who refuses it if not."""
    if view.in_zone:
        return "in the zone"
    refusing = [r.party for r in view.refusals if r.party in context.rulers]
    return f"refused by {and_list(context.names(refusing))}"


def _rise(context: Context, gap: OfferGap, n: int) -> dict[str, float]:
    better = gap.improvements[n]
    return {p: better.utility[p] - gap.view.utility[p] for p in context.rulers}


def _trades(context: Context) -> Table | None:
    """What the first improvement of each offer gives and takes, change by change."""
    groups = []
    for gap in context.frontier.offers:
        if not gap.improvements or not gap.trades:
            continue
        rows = []
        for trade in gap.trades[0]:
            label = "what combinations add"
            if trade.issue is not None:
                label = f"{context.issue(trade.issue)}: {q(trade.before)} → {q(trade.after)}"
            rows.append(Row((Cell(label), *_changes(context, trade.change))))
        rows.append(Row((Cell("altogether"), *_changes(context, _rise(context, gap, 0))), strong=True))
        title = f"{context.letter(gap.view.deal)}: {q(gap.name)}"
        groups.append(Rows(tuple(rows), title, f"changed: {_verdict(context, gap.improvements[0])}"))
    if not groups:
        return None
    return Table(
        caption="What the first better deal changes, and what each change is worth (points of each party's "
        "own scale)",
        columns=(Column("Change"), *(Column(context.name(p), "number") for p in context.rulers)),
        groups=tuple(groups),
        note="Where a change is worth + to one and − to another, the two would be trading.",
    )


def _changes(context: Context, change: Mapping[str, float]) -> list[Cell]:
    return [
        Cell(gain(x, context.fine(p)), "number" if x >= 0 else "no")
        for p, x in ((p, change.get(p, 0.0)) for p in context.rulers)
    ]


def _gains(context: Context, change: Mapping[str, float]) -> str:
    return ", ".join(f"{context.name(p)} {gain(x, context.fine(p))}" for p, x in change.items())
