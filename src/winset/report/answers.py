"""The answer of one lens as blocks, for the terminal."""

from __future__ import annotations

from typing import Any

from winset.case.model import Case
from winset.case.read import Loaded
from winset.compiled import Compiled
from winset.lenses import (
    AgendaResult,
    BeliefsResult,
    BlockersResult,
    ClaimsResult,
    ConcessionsResult,
    CourseResult,
    DealView,
    DilemmasResult,
    DurabilityResult,
    ExclusionResult,
    FrontierResult,
    InformationResult,
    LeversResult,
    NotComputed,
    PowerResult,
    Quantity,
    RatificationResult,
    SensitivityResult,
    SolutionsResult,
    StabilityResult,
    ThreatsResult,
    VenueResult,
    WarResult,
    ZoneResult,
)
from winset.lenses.frontier import FrontierSet
from winset.report import odds
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.drivers import sensitivity_blocks
from winset.report.votes import power_words, ratification_words
from winset.report.words import amount, and_list, count, gain, issue_words, q, quantity, share, times
from winset.report.worth import information_blocks

__all__ = ["answer"]
MOST = 10


class _Names:
    """Names of parties, and whether tenths of a point mean anything."""

    def __init__(self, case: Case) -> None:
        self.case = case
        uncertain = [path for path, n, _ in case.numbers() if n.is_range]
        self.ranges = {p for p in case.preferences if any(u.startswith(f"{p}.") for u in uncertain)}

    def __call__(self, party: str) -> str:
        return q(self.case.name(party))

    def gain(self, party: str, value: float) -> str:
        return gain(value, party not in self.ranges)


def answer(result: Any, case: Case | Loaded | Compiled) -> list[Block]:
    """The result of a lens as blocks."""
    if isinstance(case, Loaded):
        case = case.case
    inner = case.case if isinstance(case, Compiled) else case
    names = _Names(inner)
    if isinstance(result, ZoneResult):
        return _zone(result, names)
    if isinstance(result, BlockersResult):
        return _blockers(result, names)
    if isinstance(result, LeversResult):
        from winset.report.lever_words import lever_blocks

        return lever_blocks(result, names, _central(names))
    if isinstance(result, FrontierResult):
        return _frontier(result, names)
    if isinstance(result, SolutionsResult):
        return _solutions(result, names)
    if isinstance(result, PowerResult):
        return power_words(result, inner)
    if isinstance(result, RatificationResult):
        return ratification_words(result, inner)
    if isinstance(result, ExclusionResult):
        from winset.report.exclusion import exclusion

        return exclusion(result, names)
    if isinstance(result, CourseResult):
        from winset.report.course import course_blocks

        return course_blocks(result, names)
    if isinstance(result, ThreatsResult):
        from winset.report.threats import threat_blocks

        return threat_blocks(result, names)
    if isinstance(result, ConcessionsResult):
        from winset.report.concessions import concession_blocks

        return concession_blocks(result, inner)
    if isinstance(result, DurabilityResult):
        from winset.report.durability import durability_blocks

        return durability_blocks(result, inner)
    if isinstance(result, StabilityResult):
        from winset.report.standoff import stability_blocks

        return stability_blocks(result, names)
    if isinstance(result, DilemmasResult):
        from winset.report.dilemmas import dilemma_blocks

        return dilemma_blocks(result, inner)
    if isinstance(result, SensitivityResult):
        return sensitivity_blocks(result, names)
    if isinstance(result, InformationResult):
        return information_blocks(result, names)
    if isinstance(result, BeliefsResult):
        from winset.report.beliefs import belief_blocks

        return belief_blocks(result, names)
    if isinstance(result, ClaimsResult):
        from winset.report.claims import claims_blocks

        return claims_blocks(result, inner)
    if isinstance(result, AgendaResult):
        from winset.report.agenda import agenda_blocks

        return agenda_blocks(result, inner)
    if isinstance(result, VenueResult):
        from winset.report.venue import venue_blocks

        return venue_blocks(result, inner)
    if isinstance(result, WarResult):
        from winset.report.war import war_blocks

        return war_blocks(result, names)
    raise TypeError(f"no words for a {type(result).__name__}")


def _central(names: _Names) -> str:
    if not names.ranges:
        return ""
    typed = any(p.types for p in names.case.preferences.values())
    return " Ranges are read at their central values" + (
        ", parties as their most likely type." if typed else "."
    )


def _deals(caption: str, rows: list[tuple[str, DealView]], names: _Names, parties: tuple[str, ...]) -> Table:
    """Deals down, issues and gains across."""
    issues = list(names.case.issues)
    body = tuple(
        Row(
            (
                Cell(label),
                *(
                    Cell(
                        names.gain(p, view.gain[p]),
                        "no" if any(r.party == p for r in view.refusals) else "yes",
                    )
                    for p in parties
                ),
                Cell("; ".join(f"{q(issue_words(i))}: {q(view.deal[i])}" for i in issues)),
            )
        )
        for label, view in rows
    )
    return Table(
        caption=caption,
        columns=(Column("Deal"), *(Column(names(p), "number") for p in parties), Column("What it settles")),
        groups=(Rows(body),),
        note="Gains in points over no deal, the cost of closing included.",
    )


def _zone(result: ZoneResult, names: _Names) -> list[Block]:
    if isinstance(result.empty, NotComputed):
        head = f"Whether any deal passes was not settled: {result.empty.because}. So far: "
        f"{quantity(result.zone)}."
    elif result.empty:
        head = f"No deal passes the rule of consent: of {times(result.deals, 'deal')}, the zone holds none."
    else:
        head = f"In the zone: {quantity(result.zone)}."
    out: list[Block] = [Paragraph(head + _central(names))]
    if result.proofs:
        from winset.report.findings import proof_sentence

        out.append(Bullets(tuple(proof_sentence(p, names) for p in result.proofs)))
    rows = tuple(
        Row((Cell(names(p)), Cell("asked" if p in result.needed else "not asked"),
             Cell(count(n.value), "number"), Cell(share(n), "number")))
        for p, n in result.accepted.items()
    )  # fmt: skip
    out += odds.zone_odds(result.odds, names, result.needed)
    out.append(
        Table(
            "Deals that each party accepts",
            (Column("Party"), Column("Its yes"), Column("Accepts", "number"), Column("Share", "number")),
            (Rows(rows),),
        )
    )
    out.append(_options(result, names))
    for criterion, ranked in result.ranked.items():
        if isinstance(ranked, NotComputed):
            out.append(Paragraph(f"Ranking by {criterion}: not computed, {ranked.because}."))
    best = [(names(p), v) for p, v in result.best.items() if isinstance(v, DealView)]
    if best:
        out.append(
            _deals("The deal of the zone that each party would choose", best, names, tuple(result.accepted))
        )
    ranked = result.ranked.get("worst-off", ())
    if not isinstance(ranked, NotComputed) and ranked:
        listed = [(str(n), v) for n, v in enumerate(ranked[:MOST], 1)]
        only = " (efficient deals only)" if result.efficient_only else ""
        out.append(
            _deals(
                f"Deals of the zone by the gain of the worst-off{only}", listed, names, tuple(result.accepted)
            )
        )
    return out


def _options(result: ZoneResult, names: _Names) -> Table:
    who = tuple(result.accepted)
    groups: dict[str, list[Row]] = {}
    for o in result.options:
        cells = [
            Cell(share(o.accepted[p]), "number", level=o.accepted[p].share if o.deals else None) for p in who
        ]
        zone = Cell(share(o.zone), "number", level=o.zone.share if o.deals else None)
        groups.setdefault(o.issue, []).append(Row((Cell(q(o.option)), *cells, zone)))
    return Table(
        "Of the deals that hold an option, the share accepted",
        (Column("Option"), *(Column(names(p), "number") for p in who), Column("The rule", "number")),
        tuple(Rows(tuple(rows), q(issue_words(issue))) for issue, rows in groups.items()),
        kind="heat",
    )


def _blockers(result: BlockersResult, names: _Names) -> list[Block]:
    from winset.report.parts import line_words, reason_words

    out: list[Block] = []
    if isinstance(result.openings, NotComputed):
        out.append(Paragraph(f"Whose yes would open the zone was not computed: {result.openings.because}."))
    elif result.openings == ((),):
        out.append(Paragraph("The zone is open: some deal passes the rule of consent." + _central(names)))
    else:
        sets = "; ".join(and_list(map(names, o)) for o in result.openings)
        out.append(
            Paragraph(f"The zone is empty. Smallest sets whose yes would open it: {sets}." + _central(names))
        )

    out += odds.blocker_odds(result.odds, names, tuple(names.case.valued()))

    def number(value: Quantity) -> Cell:
        return Cell(("" if value.exact else "about ") + f"{count(value.value)} ({share(value)})", "number")

    rows = tuple(
        Row(
            (
                Cell(names(p)),
                number(result.refused[p]),
                number(result.sole_refuser[p]),
                number(result.pivotal[p]),
            )
        )
        for p in result.needed
    )
    out.append(
        Table(
            "How often each party refuses, among all deals",
            (Column("Party"), Column("Refuses", "number"), Column("Refuses alone", "number"),
             Column("Its yes would carry", "number")),
            (Rows(rows),),
        )
    )  # fmt: skip
    if result.red_lines:
        lines = tuple(
            Row((Cell(names(r.party)), Cell(line_words(names.case, r.party, r.number)),
                 Cell("not computed") if isinstance(r.crossed, NotComputed) else number(r.crossed),
                 Cell(", ".join(q(c) for c in r.because) or "judge's own judgement")))
            for r in result.red_lines
        )  # fmt: skip
        out.append(
            Table(
                "Red lines",
                (
                    Column("Party"),
                    Column("Refuses at any price"),
                    Column("Strikes out", "number"),
                    Column("Claims"),
                ),
                (Rows(lines),),
            )
        )

    deals = tuple(
        Row((
            Cell(q(d.name)),
            Cell("passes" if d.view.in_zone else "does not pass", "yes" if d.view.in_zone else "no"),
            Cell("; ".join(reason_words(r, names.case, r.party not in names.ranges) for r in d.view.refusals)
                 or "nobody refuses"),
            Cell(and_list(map(names, d.pivotal), "or") or "–"),
        ))
        for d in result.deals
    )  # fmt: skip
    if deals:
        out.append(
            Table(
                "Deals of interest",
                (
                    Column("Deal"),
                    Column("Rule of consent"),
                    Column("Refusals"),
                    Column("Whose yes would carry it"),
                ),
                (Rows(deals),),
            )
        )
    return out


def _frontier(result: FrontierResult, names: _Names) -> list[Block]:
    from winset.report.parts import left_words

    out: list[Block] = []
    for words, found in (("in the zone", result.zone), ("of all deals", result.all)):
        if isinstance(found, NotComputed):
            out.append(Paragraph(f"The efficient deals {words} were not computed: {found.because}."))
        else:
            out.append(Paragraph(_front_words(found, words)))
    if _central(names):
        out.append(Paragraph(_central(names).strip(), "note"))
    if result.offers:
        who = result.zone.parties if isinstance(result.zone, FrontierSet) else tuple(names.case.preferences)
        rows = []
        for g in result.offers:
            left = left_words(g, not names.ranges)
            better = g.improvements[0] if g.improvements else None
            change = "–"
            if better is not None:
                changed = and_list(
                    [f"{q(issue_words(i))}: {q(o)}" for i, o in better.deal.items() if g.view.deal[i] != o]
                )
                rises = and_list(
                    [f"{names(p)} {names.gain(p, better.utility[p] - g.view.utility[p])}" for p in who]
                )
                change = f"{changed} ({rises})"
            rows.append(Row((Cell(q(g.name)), Cell(left), Cell(count(g.improving), "number"), Cell(change))))
        out.append(
            Table(
                "What the offers leave on the table",
                (
                    Column("Offer"),
                    Column("Left"),
                    Column("Better deals", "number"),
                    Column("One of them changes"),
                ),
                (Rows(tuple(rows)),),
            )
        )
    for words, found in (("in the zone", result.zone), ("of all deals", result.all)):
        if isinstance(found, FrontierSet) and found.points:
            listed = [(str(n), v) for n, v in enumerate(found.points[:MOST], 1)]
            more = f", the first {MOST} of {count(found.size)}" if found.size > MOST else ""
            out.append(_deals(f"Efficient deals {words}{more}", listed, names, found.parties))
    who = result.zone.parties if isinstance(result.zone, FrontierSet) else tuple(names.case.preferences)
    return out + odds.frontier_odds(result.odds, names, who)


def _front_words(found: FrontierSet, words: str) -> str:
    if not found.size:
        return f"There are no efficient deals {words}: there are no deals."
    number = found.size if found.deals is None else found.deals
    text = f"Efficient deals {words}: {count(number)}"
    if found.deals is not None and found.deals != found.size:
        text += f" with {count(found.size)} different values"
    if not found.exact:
        most = max(found.within.values(), default=0.0)
        text += f", thinned so that no deal beats all listed ones by more than {amount(most, True)} points"
    return text + "."


def _solutions(result: SolutionsResult, names: _Names) -> list[Block]:
    if isinstance(result.solutions, NotComputed):
        return [Paragraph(f"The solutions were not computed: {result.solutions.because}.")]
    out: list[Block] = []
    if result.ideal is None:
        out.append(Paragraph("The zone is empty, so there is nothing to choose from." + _central(names)))
    else:
        out.append(
            Paragraph(
                "Each solution is best by a yardstick of its own; egalitarian and utilitarian compare "
                "points between "
                "parties, Nash and Kalai-Smorodinsky do not." + _central(names)
            )
        )
    if result.weights:
        out.append(
            Paragraph(
                "Bargaining weights: " + and_list([f"{names(p)} {w:g}" for p, w in result.weights.items()])
            )
        )
    listed = []
    for s in result.solutions:
        for n, view in enumerate(s.deals[:3]):
            tie = f" ({n + 1} of {len(s.deals)})" if len(s.deals) > 1 else ""
            alike = view.count or 1
            same = f" ({count(alike)} deals alike)" if alike > 1 else ""
            outside = "" if view.in_zone else " (not in the zone)"
            listed.append((f"{s.name}{tie}{same}{outside}", view))
    if listed:
        out.append(_deals("Solutions over single deals", listed, names, result.parties))
    for lottery in result.lotteries or ():
        rows = tuple(
            Row(
                (
                    Cell(f"{s.probability:.0%}", "number"),
                    Cell("; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in s.deal.deal.items())),
                )
            )
            for s in lottery.mix
        )
        gains = and_list([f"{names(p)} {names.gain(p, g)}" for p, g in lottery.gain.items()])
        out.append(
            Table(
                f"{lottery.name} over lotteries: {gains}",
                (Column("Chance", "number"), Column("Deal")),
                (Rows(rows),),
            )
        )
    return out + odds.solution_odds(result.odds, names, result.parties)
