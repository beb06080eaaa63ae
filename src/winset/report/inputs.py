"""Where everything comes from: numbers, claims, sources, contradictions, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from winset.case.evidence import is_likelihood
from winset.case.fields import Frozen, Timed
from winset.case.model import Case, Claim
from winset.case.numbers import Bounds, Number
from winset.lenses import NotComputed
from winset.report.context import MOST_TYPES, Context
from winset.report.document import Block, Bullets, Cell, Column, Facts, Paragraph, Row, Rows, Table
from winset.report.parts import claim_refs
from winset.report.words import and_list, count, match_words, plain, q, times

__all__ = ["claim_says", "claim_where", "inputs", "limits"]

SOURCE_GRADES = {
    "A": "reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CLAIM_GRADES = {
    "1": "confirmed by others",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}

# blocks whose numbers are no party's, with the heading that they are listed under
_APART = {
    "stages": "the talks",
    "talks": "the talks",
    "war": "the contests",
    "threats": "threats and promises",
    "conflict": "moves outside of the room",
    "concessions": "concessions",
    "guarantees": "guarantees and whether a deal holds",
    "durability": "guarantees and whether a deal holds",
}


@dataclass(frozen=True, slots=True)
class _Input:
    path: str
    number: Number
    bounds: Bounds
    own: tuple[str, ...]  # claims on the number itself
    block: tuple[str, ...]  # claims on the block that it stands in
    note: str


def _inputs(case: Case) -> dict[str, list[_Input]]:
    """Every number of every party, with what it rests on; under "" those of what happens without a deal."""
    out: dict[str, list[_Input]] = {p: [] for p in case.preferences}
    parties = sorted(case.preferences, key=len, reverse=True)
    for path, number, bounds in case.numbers():
        inside, _, rest = path.partition(".")
        if inside == "parties" and rest.endswith(".can_spoil"):
            party = rest.removesuffix(".can_spoil")
            block, own = case.parties[party].because, number.because
            out.setdefault(party, []).append(_Input(path, number, bounds, own, block, number.note))
            continue
        if (seen := case.observed(path)) is not None:
            party, what = seen
            note = number.note or what.note or ""
            out.setdefault(party, []).append(_Input(path, number, bounds, number.because, what.because, note))
            continue
        if inside in _APART:
            out.setdefault(f".{_APART[inside]}", []).append(_of_block(case, path, number, bounds))
            continue
        party = next((p for p in parties if path.startswith(f"{p}.")), "")
        if inside == "bodies":  # how members vote: told in the section on bodies
            continue
        if not party:
            lottery = case.no_deal
            block = lottery.because if lottery is not None else ()
            if lottery is not None and rest.startswith("outcomes."):
                name = max((n for n in lottery.outcomes if rest.startswith(f"outcomes.{n}.")), key=len)
                block = lottery.outcomes[name].because or block
            out.setdefault("", []).append(_Input(path, number, bounds, number.because, block, number.note))
            continue
        prefs = case.preferences[party]
        rest = path[len(party) + 1 :]
        block, holder = prefs.because, prefs.linkages
        for name, kind in prefs.types.items():
            if rest.startswith(f"types.{name}."):
                block, holder = kind.because, kind.linkages
                rest = rest[len(f"types.{name}.") :]
                break
        own, note = number.because, number.note
        if rest.startswith("linkages.") and holder:
            linkage = holder[int(rest.rsplit(".", 1)[1]) - 1]
            own = (*own, *(c for c in linkage.because if c not in own))
            note = f"when {plain(match_words(linkage.when))}" + (f". {linkage.note}" if linkage.note else "")
        out[party].append(_Input(path[len(party) + 1 :], number, bounds, own, block, note))
    return out


def _of_block(case: Case, path: str, number: Number, bounds: Bounds) -> _Input:
    """A number of a block that is no party's; one in units of time says which.

    It rests on the claims of the innermost mapping around it that cites any.
    """
    block, _, rest = path.partition(".")
    body = getattr(case, block)
    if isinstance(body, Mapping):
        body = body[max((name for name in body if rest.startswith(f"{name}.")), key=len)]
    around = _around(body, number) or (body,)
    unit = next((t for t in around if isinstance(t, Timed)), None)
    words = "" if unit is None else f"per {unit.unit}" if unit.per else f"in {unit.unit}s"
    note = ". ".join(part for part in (words, number.note) if part)
    cited = (getattr(node, "because", ()) for node in reversed(around))
    return _Input(path, number, bounds, number.because, next((c for c in cited if c), ()), note)


def _around(node: object, number: Number) -> tuple[object, ...]:
    """What a number lies in, from this on inwards; empty where it is not in it."""
    inside: Iterable[object]
    if isinstance(node, Frozen):
        inside = (*vars(node).values(), *(node.__pydantic_extra__ or {}).values())
    elif isinstance(node, Timed):
        inside = (node.number,)
    elif isinstance(node, Mapping):
        inside = node.values()
    elif isinstance(node, tuple | list):
        inside = node
    else:
        return ()
    for child in inside:
        if child is number:
            return (node,)
        deeper = _around(child, number)
        if deeper:
            return (node, *deeper)
    return ()


def _central(item: _Input) -> str:
    value = item.number.central(item.bounds)
    if item.bounds.percent and item.number.percent:
        return f"{float(value * 100):.3g}%"
    return _trim(value)


def _trim(value: Fraction) -> str:
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return (text or "0").replace("-", "−")


def claim_words(context: Context, id_: str) -> str:
    """A claim in one line: who says what, where, when, graded how."""
    claim = context.case.claims[id_]
    return f"{context.speaker(claim.by)}: {claim_says(claim)} ({claim_where(context.case, claim)})"


def claim_says(claim: Claim) -> str:
    """What it says, and its forecast."""
    parts = []
    if claim.says:
        parts.append(q(claim.says))
    if claim.event:
        odds = f", probability {q(claim.probability.short())}" if claim.probability is not None else ""
        parts.append(f"forecast that {q(claim.event)}{odds}")
    elif claim.probability is not None:
        parts.append(f"probability {q(claim.probability.short())}")
    return "; ".join(parts) or "–"


def claim_where(case: Case, claim: Claim) -> str:
    """Where it was reported, when, and how it is graded."""
    source = case.sources.get(claim.source)
    grade = claim.grade or (source.grade if source else None)
    parts = [q(source.title) if source else q(claim.source)]
    if claim.at:
        parts.append(q(claim.at))
    date = claim.date or (source.date if source else None)
    if date:
        parts.append(str(date))
    parts.append(f"grade {grade}" if grade else "not graded")
    return ", ".join(parts)


def inputs(context: Context) -> list[Block]:
    """Every number, every claim, every source."""
    case = context.case
    by_party = _inputs(case)
    every = [i for items in by_party.values() for i in items]
    cited = sum(bool(i.own) for i in every)
    block = sum(bool(i.block) and not i.own for i in every)
    alone = len(every) - cited - block
    part = f"{alone / len(every):.0%}" if every else "0%"
    text = (
        f"Of the {times(len(every), 'number')} below, {count(alone)} ({part}) rest on the judge's own "
        "judgement with no "
        f"source, {count(cited)} cite a claim of their own"
    )
    text += f", and {count(block)} stand in a block that cites one." if block else "."
    text += " A claim bears on the number that cites it; it does not state it."
    if case.judge:
        text += f" The judge is {q(case.judge)}."
    if case.illustrative:
        text += " The case marks its numbers as illustrative judgement, not measurement."
    out: list[Block] = [Paragraph(text)]
    for party, items in by_party.items():
        sourced = sum(bool(i.own or i.block) for i in items)
        whose = party[1:] if party.startswith(".") else party and context.name(party)
        whose = whose or "what happens without a deal"
        told: set[str] = set()
        groups: dict[str, list[Row]] = {}
        for item in items:
            groups.setdefault(_kind(item.path), []).append(_input_row(context, item, told))
        out.append(
            Table(
                caption=f"Numbers of {whose}",
                columns=(
                    Column("Path"),
                    Column("As written", "narrow"),
                    Column("Central", "number"),
                    Column("Rests on"),
                ),
                groups=tuple(Rows(tuple(rows), title) for title, rows in groups.items()),
                folded=f"{whose}: {times(len(items), 'number')}, {count(sourced)} with a claim",
            )
        )
    out.extend(_correlations(context))
    out.extend(_claims(context))
    out.extend(_sources(context))
    return out


def _kind(path: str) -> str:
    """Which numbers belong together, as a heading."""
    parts = path.split(".")
    lead = ""
    if is_likelihood(path):
        return "Likelihoods of what was seen"
    if parts[0] == "parties":
        return "Means to undo a deal"
    if parts[0] == "talks":
        return "The talks as a whole"
    if parts[0] == "war":
        return f"The contest {q(parts[1])}"
    if parts[0] == "threats":
        return q(parts[1])
    if parts[0] == "concessions":
        return "The horizon" if len(parts) == 2 else f"The concession {q(parts[1])}"
    if parts[0] == "guarantees":
        return f"The guarantee {q(parts[1])}"
    if parts[0] == "stages":
        return f"The stage {q(parts[1])}"
    if parts[0] == "no_deal" and len(parts) > 1:
        return parts[1].capitalize()
    if parts[0] == "types" and len(parts) > 2:
        lead, parts = f"If {q(parts[1])}: ", parts[2:]
    words = {
        "weights": "weights of the issues",
        "scores": "scores of the options",
        "linkages": "what combinations add",
        "no_deal": "no deal",
        "closing_cost": "no deal",
        "prior": "probability of the type",
    }.get(parts[0], parts[0])
    return lead + words if lead else words[0].upper() + words[1:]


def _input_row(context: Context, item: _Input, told: set[str]) -> Row:
    """One number; a claim is told in full where it first supports a number of the party."""
    lines = [claim_words(context, c) for c in item.own if c not in told]
    told.update(item.own)
    if item.own:
        why = Cell(
            "", refs=claim_refs(context, item.own), lines=(*lines, *((q(item.note),) if item.note else ()))
        )
    elif item.block:
        why = Cell("judgement, in a block that cites", "muted", refs=claim_refs(context, item.block),
                   lines=(q(item.note),) if item.note else ())  # fmt: skip
    else:
        why = Cell("judge's own judgement", "muted", lines=(q(item.note),) if item.note else ())
    return Row((Cell(q(item.path)), Cell(q(item.number.short())), Cell(_central(item), "number"), why))


def _correlations(context: Context) -> list[Block]:
    rows = [
        Row(
            (
                Cell(and_list([q(p) for p in c.between])),
                Cell(f"{c.rho:g}".replace("-", "−"), "number"),
                Cell("" if c.because else "judge's own judgement", "" if c.because else "muted",
                     refs=claim_refs(context, c.because), lines=(q(c.note),) if c.note else ()),
            )
        )
        for c in context.case.correlations
    ]  # fmt: skip
    if not rows:
        return []
    return [
        Table(
            caption="Correlations stated; at central values they change nothing",
            columns=(Column("Between"), Column("Rank correlation", "number"), Column("Rests on")),
            groups=(Rows(tuple(rows)),),
        )
    ]


def _claims(context: Context) -> list[Block]:
    case = context.case
    if not case.claims:
        return [Paragraph("The case states no claims.")]
    rows = []
    for n, (id_, claim) in enumerate(case.claims.items(), 1):
        source = case.sources.get(claim.source)
        grade = claim.grade or (source.grade if source else None)
        lines = [] if claim.nature == "statement" else [claim.nature]
        if claim.quote:
            lines.append(f"in its words: “{q(claim.quote)}”")
        if claim.to:
            lines.append(f"to {context.speaker(claim.to)}")
        if claim.due:
            lines.append(f"due {q(claim.due)}")
        for thing, values in claim.states.items():
            lines.append(f"{q(thing)}: {and_list(map(q, values))}")
        if claim.via:
            lines.append(f"second hand, via {q(claim.via)}")
        if claim.contradicts:
            lines.append(f"contradicts {and_list([q(c) for c in claim.contradicts])}")
        if claim.about:
            lines.append(f"about {and_list([context.speaker(a) for a in claim.about])}")
        if claim.note:
            lines.append(q(claim.note))
        rows.append(
            Row(
                (
                    Cell(q(id_)),
                    Cell(context.speaker(claim.by)),
                    Cell(claim_says(claim), lines=tuple(lines)),
                    Cell(
                        q(source.title) if source else q(claim.source),
                        lines=(q(claim.at),) if claim.at else (),
                    ),
                    Cell(str(claim.date or (source.date if source and source.date else "–"))),
                    Cell(grade or "–"),
                ),
                id=f"claim-{n}",
            )
        )
    return [
        Table(
            caption="Claims, each as its speaker made it",
            columns=(
                Column("Claim"),
                Column("By"),
                Column("Says"),
                Column("Source"),
                Column("Date", "narrow", "said, else printed"),
                Column("Grade", "narrow"),
            ),
            groups=(Rows(tuple(rows)),),
        )
    ]


def _sources(context: Context) -> list[Block]:
    case = context.case
    if not case.sources:
        return [Paragraph("The case states no sources.")]
    rows = []
    for id_, source in case.sources.items():
        used = sum(c.source == id_ for c in case.claims.values())
        rows.append(
            Row(
                (
                    Cell(q(id_)),
                    Cell(q(source.title), lines=(q(source.note),) if source.note else ()),
                    Cell(str(source.date or "–")),
                    Cell(source.grade or "–", lines=(_grade(source.grade),) if source.grade else ()),
                    Cell(str(used), "number"),
                    Cell(
                        q(source.url) if source.url else "–", "" if source.url else "muted", href=source.url
                    ),
                )
            )
        )
    return [
        Table(
            caption="Sources",
            columns=(
                Column("Source"),
                Column("Title"),
                Column("Date", "narrow"),
                Column("Grade", "narrow"),
                Column("Claims", "number"),
                Column("Address"),
            ),
            groups=(Rows(tuple(rows)),),
        ),
        Facts(
            (
                ("Grade, letter", "the source: " + "; ".join(f"{k} {v}" for k, v in SOURCE_GRADES.items())),
                (
                    "Grade, figure",
                    "the information: " + "; ".join(f"{k} {v}" for k, v in CLAIM_GRADES.items()),
                ),
                ("Use", "a grade is shown, and never turned into a probability"),
            )
        ),
    ]


def _grade(grade: str) -> str:
    return f"{SOURCE_GRADES[grade[0]]}; {CLAIM_GRADES[grade[1]]}"


def limits(context: Context) -> list[Block]:
    """What the answer does not tell."""
    case = context.case
    numbers = [n for _, n, _ in case.numbers()]
    ranges = sum(n.is_range for n in numbers)
    items = []
    if ranges:
        items.append(
            f"{times(ranges, 'number')} of {count(len(numbers))} "
            f"{'is a range' if ranges == 1 else 'are ranges'}. "
            + (
                "Odds, and all that is said to be over draws, carry them through; counts of deals, gains of "
                "single deals and who refuses what are at their central values."
                if context.odds is not None
                else "Every one is read at its central value; how sure the answer is, over the ranges, is "
                "not computed here."
            )
        )
    if any(p.types for p in case.preferences.values()):
        typed = [p for p, prefs in case.preferences.items() if prefs.types]
        items.append(
            f"{and_list(context.names(typed))} may be of more than one type; at central values each is read "
            "as the most likely one, and on a "
            "tie as the first. What another type would change is shown beside it, one party at a time"
            + (f", for at most {MOST_TYPES} types." if len(context.others) == MOST_TYPES else ".")
        )
    if case.correlations:
        items.append(
            "The correlations stated act on what is over draws alone: central values leave them nothing to "
            "act on."
            if context.odds is not None
            else "The correlations stated are not used: at central values there is nothing for them to act "
            "on."
        )
    items.append(
        "Points are of each party's own scale, 0 to 100. Sums and worst-off comparisons across parties "
        "depend on "
        "those scales; Nash and Kalai-Smorodinsky do not."
    )
    if any(p in context.ranges for p in context.compiled.parties):
        items.append(
            "Points of parties whose numbers are ranges are rounded to whole ones in print, not in the "
            "computation."
        )
    found = [context.zone.zone, *context.zone.accepted.values(), *(o.zone for o in context.zone.options)]
    if any(not f.exact for f in found):
        items.append(
            "Some counts are estimated from random deals, with 95% intervals; they are marked “about”."
        )
    if context.compiled.rounded:
        who = and_list(context.names(context.compiled.rounded))
        items.append(
            f"The numbers of {who} have long tails and were rounded to about 2 × 10⁻¹³ of their scale."
        )
    for what, answer in (
        ("Whether the zone is empty", context.zone.empty),
        ("The efficient deals of the zone", context.frontier.zone),
        ("The efficient deals of all deals", context.frontier.all),
        ("The solutions of bargaining theory", context.solutions.solutions),
        ("Whose yes would open the zone", context.blockers.openings),
    ):
        if isinstance(answer, NotComputed):
            items.append(f"{what}: not computed, because {answer.because}.")
    if case.stages:
        items.append(
            "The talks run as the stages are described, between parties that hold to simple ways of making "
            "offers; people do better and worse. Whether a signed deal would hold is not asked."
        )
    else:
        items.append(
            "The model knows whether a deal is acceptable, not whether talks would get there, nor whether a "
            "signed deal would hold."
        )
    if case.conflict is not None:
        items.append(
            "Which moves each side has without the others is what the case lists; moves have no dates, and "
            "an option is done or not."
        )
    items.append("It shows options and what they hang on; it does not choose.")
    if case.illustrative:
        items.append("The case marks its numbers as illustrative judgement.")
    out: list[Block] = [Bullets(tuple(items))]
    if case.notes:
        out.append(Paragraph("Notes of the case:"))
        out.append(Bullets(tuple(q(n) for n in case.notes)))
    return out
