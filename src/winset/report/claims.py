"""What the case rests on and where its claims disagree, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence

from winset.case.model import Case
from winset.lenses.claims import ClaimsResult
from winset.lenses.disagreements import Disagreement, Promise, Side
from winset.lenses.results import NotComputed
from winset.report.context import Context
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.inputs import claim_says, claim_where
from winset.report.parts import claim_links
from winset.report.timeline import timeline_table
from winset.report.words import and_list, count, q, times

__all__ = ["claims_blocks", "contradictions", "length"]

MOST = 12  # names that a sentence lists

_FOUND = {
    "values": "They cannot both be true of one thing.",
    "definitions": "One event under two definitions, so the probabilities are not of the same thing.",
    "probabilities": "Two probabilities of one event.",
    "marked": "The case marks that they cannot both be true.",
}
_STATUS = {
    "kept": "kept",
    "kept late": "kept late",
    "overdue": "its date has passed, and nothing says that it was kept",
    "put off": "put off",
    "open": "its date is still to come",
    "no date": "no date is stated, so it cannot be told whether it is late",
    "no day to judge by": "the case states no day of its own to hold it against",
}


def claims_blocks(result: ClaimsResult, case: Case) -> list[Block]:
    """The answer of the lens for the terminal."""
    if not result.claims:
        words = (
            f"The case states no claims, so that all of the {times(result.judged, 'input')} that are judged "
            "are the judge's own. Who said what, and where it was reported, goes under claims and sources."
        )
        return [Paragraph(words), *timeline_table(result.timeline, case)]
    return [
        Paragraph(_support_words(result)),
        *disagreement_blocks(result, case),
        *timeline_table(result.timeline, case),
        *_remarks(result),
        *_supported(result),
    ]


def contradictions(context: Context) -> list[Block]:
    """The section of the brief: what cannot be true together, promises, and forecasts as stated."""
    return [*disagreement_blocks(context.claims, context.case), *_forecasts(context.case)]


def disagreement_blocks(result: ClaimsResult, case: Case) -> list[Block]:
    """Disagreements with both claims side by side, and what has become of promises."""
    out: list[Block] = []
    if result.disagreements:
        out.append(_table(result.disagreements, result.promises, case))
    else:
        out.append(
            Paragraph(
                "No claims disagree in what they state, and none are marked as contradicting each other."
            )
        )
    if result.promises:
        out.append(_promises(result.promises, case))
    return out


# ------------------------------------------------------------------------------------------- what is backed


def _support_words(result: ClaimsResult) -> str:
    share = result.unsupported_share
    told = f" ({100 * share:.0f}%)" if not isinstance(share, NotComputed) else ""
    direct = sum(bool(i.own) and not i.anchor for i in result.inputs)
    block = sum(bool(i.block or i.about) and not i.own and not i.anchor for i in result.inputs)
    return (
        f"{times(len(result.claims), 'claim')}. Of {times(result.judged, 'input')} that are judged, "
        f"{count(direct)} cite a claim, {count(block)} stand in a block that does or are named by one, and "
        f"{count(result.unsupported)}{told} rest on no claim at all. The ends of scales, 0 and 100, are not "
        "counted."
    )


def _supported(result: ClaimsResult) -> list[Block]:
    groups: dict[str, list[Row]] = {}
    bare: dict[str, int] = {}
    for item in result.inputs:
        head, _, rest = item.path.partition(".")
        if item.supported:
            block = and_list([q(c) for c in (*item.block, *item.about)])
            cells = (Cell(q(rest or head)), Cell(q(item.written)), Cell(and_list([q(c) for c in item.own])))
            groups.setdefault(head, []).append(Row((*cells, Cell(block, "muted"))))
        elif not item.anchor:
            bare[head] = bare.get(head, 0) + 1
    out: list[Block] = []
    if groups:
        out.append(
            Table(
                "Inputs that a claim stands behind",
                (
                    Column("Input"),
                    Column("As written", "narrow"),
                    Column("It cites"),
                    Column("Its block cites"),
                ),
                tuple(Rows(tuple(rows), q(head)) for head, rows in groups.items()),
            )
        )
    if bare:
        listed = ", ".join(f"{q(head)} {count(n)}" for head, n in bare.items())
        out.append(Paragraph(f"Inputs that rest on no claim, by the first word of their path: {listed}."))
    return out


def _remarks(result: ClaimsResult) -> list[Block]:
    items = []
    for names, words in (
        (result.unused, "Nothing rests on"),
        (result.second_hand, "At second hand come"),
        (result.undated, "No date of their own have"),
    ):
        if names:
            listed = and_list([q(n) for n in names[:MOST]])
            more = f", and {count(len(names) - MOST)} more" if len(names) > MOST else ""
            items.append(f"{words} {times(len(names), 'claim')}: {listed}{more}.")
    return [Bullets(tuple(items))] if items else []


# ----------------------------------------------------------------------------------------- what disagrees


def _table(found: Sequence[Disagreement], promises: Sequence[Promise], case: Case) -> Table:
    status = {p.claim: p for p in promises}
    rows = []
    for n, one in enumerate(found, 1):
        sides = [_side(side, case) for side in one.sides[:2]]
        words = _found(one, status.get(one.thing))
        if one.marked and one.kind != "marked":
            words += " The case marks it too."
        lines = (f"about: {q(one.thing)}",) if one.thing and one.kind != "promise" else ()
        rows.append(
            Row((Cell(str(n)), *sides, *([Cell("–", "muted")] * (2 - len(sides))), Cell(words, lines=lines)))
        )
    return Table(
        "Claims that cannot both be true, and promises that were not kept in time",
        (Column("No.", "narrow"), Column("One says"), Column("Another says"), Column("What is found")),
        (Rows(tuple(rows)),),
        kind="compare",
        note="Found by comparing what the claims state, promise and forecast, or marked by the case. Nothing "
        "is resolved: which of the two is right is for the reader.",
    )


def _side(side: Side, case: Case) -> Cell:
    if side.claim is None:
        return Cell(f"The case itself: {q(side.says)}", lines=(q(side.where),))
    claim = case.claims[side.claim]
    lines = [claim_where(case, claim)]
    if claim.says is not None and side.says not in (claim.says, claim.event):
        lines.insert(0, f"stated as: {q(side.says)}")
    if claim.note:
        lines.append(q(claim.note))
    return Cell(
        f"{q(case.name(claim.by))}: {claim_says(claim)}",
        lines=tuple(lines),
        refs=claim_links(case, (side.claim,)),
    )


def _found(one: Disagreement, promise: Promise | None) -> str:
    if one.kind == "times":
        return _times_apart(one)
    if one.kind in ("skipped", "twice"):
        zone = q(one.sides[0].zone)
        if one.kind == "skipped":
            return f"No clock in {zone} showed this time: it was skipped there."
        return f"Clocks in {zone} showed this time twice, and nothing says which is meant."
    if one.kind == "promise":
        assert promise is not None
        words = _STATUS[promise.status]
        late = f" ({times(promise.days, 'day')})" if promise.days else ""
        due = f" Due {q(promise.due)}." if promise.due else " No date is stated."
        return words[0].upper() + words[1:] + late + "." + due
    return _FOUND[one.kind]


def _times_apart(one: Disagreement) -> str:
    """Both times in UTC, and each on the clock of the other."""
    assert one.minutes is not None
    first, second = one.sides
    told = []
    for side, other in ((first, second), (second, first)):
        clocks = dict(side.clocks)
        here, there = clocks[_plain_zone(side.zone)], clocks[_plain_zone(other.zone)]
        told.append(f"{_at(here, there)} in {q(side.zone)} is {_at(there, here)} in {q(other.zone)}")
    apart = "Half an hour" if one.minutes == 30 else length(one.minutes)
    text = f"{apart} apart: {', and '.join(told)}."
    if "UTC" not in (_plain_zone(first.zone), _plain_zone(second.zone)):
        zulu = [dict(s.clocks)["UTC"] for s in one.sides]
        text += f" In UTC: {_at(zulu[0], zulu[1])} and {_at(zulu[1], zulu[0])}."
    return text


def _plain_zone(zone: str) -> str:
    return "UTC" if zone in ("GMT", "Z") else zone


def _at(local: str, other: str) -> str:
    """The time alone where both are on one day."""
    return local.partition(" ")[2] if local[:10] == other[:10] else local


def length(minutes: int) -> str:
    """So many minutes, in words."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [times(n, noun) for n, noun in ((days, "day"), (hours, "hour"), (left, "minute")) if n]
    return and_list(parts) or "no time"


def _promises(promises: Sequence[Promise], case: Case) -> Table:
    rows = []
    for p in promises:
        claim = case.claims[p.claim]
        late = f", {times(p.days, 'day')} past it" if p.days else ""
        rows.append(
            Row(
                (
                    Cell(
                        f"{q(case.name(claim.by))}: {claim_says(claim)}",
                        lines=(claim_where(case, claim),),
                        refs=claim_links(case, (p.claim,)),
                    ),
                    Cell(q(p.due) if p.due else "–"),
                    Cell(_STATUS[p.status] + late),
                    Cell("" if p.by else "–", refs=claim_links(case, p.by)),
                )
            )
        )
    return Table(
        "Promises, and what the claims say of them",
        (
            Column("Promise"),
            Column("Due", "narrow"),
            Column("By the day of the case"),
            Column("Claims on it"),
        ),
        (Rows(tuple(rows)),),
    )


def _forecasts(case: Case) -> list[Block]:
    events: dict[str, list[str]] = {}
    for id_, claim in case.claims.items():
        if claim.event and claim.probability is not None:
            events.setdefault(" ".join(claim.event.casefold().split()), []).append(id_)
    groups = []
    for ids in events.values():
        event = case.claims[ids[0]].event
        differ = len({case.claims[i].probability for i in ids}) > 1
        listed = tuple(
            Row(
                (
                    Cell(q(case.name(case.claims[i].by))),
                    Cell(q(case.claims[i].probability.short()), "number"),  # type: ignore[union-attr]
                    Cell(claim_where(case, case.claims[i])),
                    Cell("", refs=claim_links(case, (i,))),
                )
            )
            for i in ids
        )
        groups.append(Rows(listed, q(event), "forecasts differ" if differ else ""))
    if not groups:
        return []
    return [
        Table(
            caption="Forecasts as stated, each by its own speaker",
            columns=(Column("By"), Column("Probability", "number"), Column("Where"), Column("Claim")),
            groups=tuple(groups),
            note="Nothing here is averaged.",
        )
    ]
