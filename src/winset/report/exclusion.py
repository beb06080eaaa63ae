"""The answer of the lens ``exclusion`` as blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from winset.lenses.estimates import Estimate
from winset.lenses.exclusion import After, Agreement, Exclusion, ExclusionResult, Standing, Voice
from winset.lenses.results import NotComputed
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.words import and_list, count, gain, issue_words, q, times

if TYPE_CHECKING:
    from winset.report.answers import _Names

__all__ = ["exclusion"]

CRITERIA = {
    "nash": "the largest product of gains (Nash)",
    "egalitarian": "the largest gain of the worst-off (egalitarian)",
    "utilitarian": "the largest sum of gains (utilitarian)",
}


def exclusion(result: ExclusionResult, names: _Names) -> list[Block]:
    """Tables: what leaving out opens and costs, what follows, which deals, and what a say is worth."""
    who = and_list(map(names, result.needed))
    verb = "is" if len(result.needed) == 1 else "are"
    head = f"As the rule of consent is written, {who} {verb} asked, and some deal passes"
    if isinstance(result.zone, NotComputed):
        head += f" or none: not computed, {result.zone.because}."
    else:
        head += f" ({chance(result.zone)})."
    if isinstance(result.full, NotComputed):
        head += f" What would be agreed was not computed: {result.full.because}."
    else:
        head += f" Of the deals that pass, those who are asked take the one with {CRITERIA[result.solution]}."
    out: list[Block] = [Paragraph(head), Paragraph(_draws(result), "note")]
    done = [e for e in result.exclusions if isinstance(e.without, Agreement)]
    for e in result.exclusions:
        if isinstance(e.zone, NotComputed):
            out.append(Paragraph(f"Without {_who(e, names)}: not computed, {e.zone.because}."))
    if not done and any(isinstance(e.zone, Estimate) for e in result.exclusions):
        out.append(_changes([e for e in result.exclusions if isinstance(e.zone, Estimate)], names))
    if done:
        out += [_changes(done, names), *_opened(done, names), _after(done, names), _deals(done, names)]
    if not result.complete:
        out.append(
            Paragraph(
                "Not every set of parties was left out: only single ones, pairs, and the absent.", "note"
            )
        )
    if not isinstance(result.voices, NotComputed):
        out.append(_voices(result, result.voices, names))
    return out


def _share(value: Estimate) -> str:
    """A probability for a table, with half its 95 % interval where sampling leaves one."""
    return per_cent(value) + (f" ±{value.half * 100:.0f}" if value.half >= 0.005 else "")


def _mean(value: Estimate, party: str, names: _Names) -> str:
    fine = party not in names.ranges and value.standard_error == 0
    half = value.half
    return gain(value.value, fine or half < 0.25) + (f" ±{half:.1f}" if half >= 0.05 else "")


def _draws(result: ExclusionResult) -> str:
    if isinstance(result.zone, Estimate) and result.zone.draws == 1:
        return "No number of the case is uncertain, so nothing was drawn."
    text = f"From {how(result.plan)}"
    if result.fewer_draws is not None:
        text += f" (not {count(result.fewer_draws)}, since there are so many deals)"
    return text + "; ± is half of a 95% interval for the error of drawing alone."


def _who(e: Exclusion, names: _Names) -> str:
    return and_list(map(names, e.parties)) + (" (all who are not in the room)" if e.absent else "")


def _changes(done: list[Exclusion], names: _Names) -> Table:
    parties = list(done[0].changes)
    rows = []
    for e in done:
        assert isinstance(e.zone, Estimate)
        cells = []
        for p in parties:
            change = e.changes[p]
            cells.append(Cell(_mean(change.mean, p, names), lines=(f"loses in {change.loses.value:.0%}",)))
        rows.append(Row((Cell(_who(e, names)), Cell(_share(e.zone)), Cell(_signed(e.zone_change)), *cells)))
    return Table(
        "What leaving out changes",
        (
            Column("Left out"),
            Column("Some deal passes", "number"),
            Column("Change", "number", "percentage points"),
            *(Column(names(p), "number") for p in parties),
        ),
        (Rows(tuple(rows)),),
        note="Mean change of each party's gain against the rule as written, in points, draw by draw; a draw "
        "without agreement counts as 0. Below it the share of draws in which the party gains less."
        if parties
        else "",
    )


def _signed(value: Estimate | NotComputed) -> str:
    if isinstance(value, NotComputed):
        return "–"
    points = round(value.value * 100)
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"{sign}{abs(points)}" + (f" ±{value.half * 100:.0f}" if value.half >= 0.005 else "")


def _opened(done: list[Exclusion], names: _Names) -> list[Block]:
    items = []
    for e in done:
        if isinstance(e.opened, NotComputed):
            continue
        text = f"Without {_who(e, names)}: {times(e.opened.deals, 'more deal')} at central values"
        if e.opened.closed:
            text += f", and {times(e.opened.closed, 'deal')} fewer that its yes would have carried"
        if e.opened.options:
            new = and_list([f"{q(issue_words(o.issue))}: {q(o.option)}" for o in e.opened.options])
            text += f". No deal of the zone holds these options, and some of the new ones do: {new}"
        items.append(text + ".")
    return [Bullets(tuple(items))] if items else []


READINGS = {True: "the deal binds it", False: "its yes is needed", None: "not stated"}


def _after(done: list[Exclusion], names: _Names) -> Table:
    rows = []
    for e in done:
        for n, (party, after) in enumerate(e.after.items()):
            rows.append(
                Row(
                    (
                        Cell(_who(e, names) if n == 0 else ""),
                        Cell(names(party), lines=(f"the case: {READINGS[after.bound]}",)),
                        Cell(_share(after.refuses)),
                        Cell(_share(after.worse)),
                        Cell(_share(after.better)),
                        Cell(_share(after.crossed)),
                        Cell(_spoils(after)),
                    )
                )
            )
    return Table(
        "What follows for those left out, if the others agree: three readings",
        (
            Column("Left out"),
            Column("Party"),
            Column("It refuses", "number", "if its yes is needed after all"),
            Column("Worse off", "number", "if it is bound"),
            Column("Not worse off", "number", "if it is bound"),
            Column("Its red line is crossed", "number"),
            Column("Refuses and can undo it", "number", "if it is free to act"),
        ),
        (Rows(tuple(rows)),),
        note="Worse off than its reservation value. It refuses what makes it worse off or crosses a red line "
        "of it.",
    )


def _spoils(after: After) -> str:
    return "no means stated" if isinstance(after.spoils, NotComputed) else _share(after.spoils)


def _deals(done: list[Exclusion], names: _Names) -> Table:
    rows = []
    for e in done:
        assert isinstance(e.without, Agreement)
        for n, d in enumerate(e.without.deals[:3]):
            told = "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in d.deal.items())
            rows.append(Row((Cell(_who(e, names) if n == 0 else ""), Cell(_share(d.share)), Cell(told))))
    return Table(
        "The deals most often agreed",
        (Column("Left out"), Column("Share of draws", "number"), Column("What it settles")),
        (Rows(tuple(rows)),),
    )


def _voices(result: ExclusionResult, voices: Mapping[str, Voice], names: _Names) -> Table:
    rows = []
    for p, voice in voices.items():
        cells = [_standing(voice.left_out, p, names), _standing(voice.consulted, p, names)]
        if result.goodwill:
            cells.append(_standing(voice.favoured, p, names))
        cells.append(_standing(voice.must_consent, p, names))
        rows.append(
            Row((Cell(names(p), lines=("its yes is needed" if voice.needed else "not asked",)), *cells))
        )
    heard = [Column("Heard for", "number", f"{result.goodwill:g} points")] if result.goodwill else []
    return Table(
        "What a say is worth: mean gain of the party, and how often some deal passes",
        (
            Column("Party"),
            Column("Left out", "number"),
            Column("Consulted", "number", "at no cost to anyone"),
            *heard,
            Column("Its yes is needed", "number"),
        ),
        (Rows(tuple(rows)),),
        note="Consulted: of the deals that cost none of those who decide anything, the one that the party "
        "likes best."
        + (f" Heard for {result.goodwill:g} points: that cost none of them more." if result.goodwill else ""),
    )


def _standing(standing: Standing | NotComputed | None, party: str, names: _Names) -> Cell:
    if not isinstance(standing, Standing):
        return Cell("–")
    return Cell(_mean(standing.gain, party, names), lines=(f"passes {standing.zone.value:.0%}",))
