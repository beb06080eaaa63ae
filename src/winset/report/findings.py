"""The findings: a paragraph with the answer and what would flip it, and what else matters most."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from winset.lenses import NotComputed
from winset.lenses.zone import Proof
from winset.report.context import Context
from winset.report.document import Block, Bullets, Paragraph
from winset.report.flip_words import flip_sentences, passes
from winset.report.odds import how
from winset.report.sureness import odds_sentences
from winset.report.words import (
    and_list,
    count,
    issue_words,
    points,
    q,
    share,
    times,
)

__all__ = ["affected", "findings", "proof_sentence", "proof_words"]


def findings(context: Context, beyond: Iterable[Iterable[str]] = ()) -> list[Block]:
    """The answer with what would flip it and how sure it is; then, one by one, what else matters most; at
    last what all that rests on.

    Parameters
    ----------
    beyond
        Sentences on what comes after a deal, and on what goes on around it; those on one matter together.
    """
    types = _types(context)
    head, *rest = [*types, *flip_sentences(context, bool(types)), *odds_sentences(context)]
    matters = (_zone(context), _blocker(context), affected(context), *beyond)
    items = tuple(" ".join(told) for matter in matters if (told := list(matter)))
    out: list[Block] = [Paragraph(" ".join(rest), "lead", head)]
    if items:
        out.append(Bullets(items))
    return [*out, Paragraph(_basis(context), "note")]


def _open(context: Context) -> bool:
    return context.zone.empty is False


def _types(context: Context) -> list[str]:
    """Whether another type of a party turns the answer over."""
    parts = []
    for other in context.others:
        if not isinstance(other.zone.empty, bool) or other.zone.empty is not _open(context):
            continue
        now = q(context.case.central_type(other.party))
        hangs = f"Whether any deal passes hangs on what {context.name(other.party)} turns out to be"
        if _open(context):
            parts.append(
                f"{hangs}: read as {now}, {passes(context.zone.zone)} the rule of consent; read as "
                f"{q(other.type)}, none does."
            )
        else:
            parts.append(
                f"{hangs}: read as {now}, none does; read as {q(other.type)}, {passes(other.zone.zone)} "
                "the rule of consent."
            )
    return parts


def _zone(context: Context) -> list[str]:
    """What lies in the zone, or why nothing does."""
    zone = context.zone
    if isinstance(zone.empty, NotComputed):
        return [f"Whether any deal passes the rule of consent was not settled: {zone.empty.because}."]
    return _empty(context) if zone.empty else _least_gain(context)


def _least_gain(context: Context) -> list[str]:
    """Who gains least, at the deal that does most for whoever gains least."""
    ranked = context.zone.ranked.get("worst-off")
    top = ranked[0] if ranked and not isinstance(ranked, NotComputed) else None
    if top is None or len(context.rulers) < 2:
        return []
    least = min(context.rulers, key=lambda p: top.gain[p])
    value = top.gain[least]
    where = "over" if value >= 0 else "below"
    return [
        f"In the deal that does most for whoever gains least, the smallest gain is that of "
        f"{context.name(least)}, {points(value, context.fine(least))} {where} no deal."
    ]


def _empty(context: Context) -> list[str]:
    parts = []
    openings = context.blockers.openings
    if not isinstance(openings, NotComputed) and openings and openings != ((),):
        single = [o[0] for o in openings if len(o) == 1]
        if single:
            parts.append(
                f"The zone would open if {and_list(context.names(single), 'or')} alone said yes to what it "
                "now "
                "refuses: some deal suits all others who are needed."
            )
        else:
            sets = and_list([and_list(context.names(o)) for o in openings[:3]], "or")
            parts.append(f"No single party's yes would open the zone; it would take that of {sets} together.")
    return parts


def _blocker(context: Context) -> list[str]:
    sole = {p: n for p, n in context.blockers.sole_refuser.items() if n.value}
    if not sole or len(context.rulers) < 2:
        return []
    order = sorted(sole, key=lambda p: -sole[p].value)
    first = sole[order[0]]
    tied = [p for p in order if sole[p].value == first.value]
    about = "" if first.exact else "about "
    number = f"{about}{times(round(first.value), 'deal')}"
    if len(tied) > 1:
        return [
            f"Most often alone in refusing: {and_list(context.names(tied))} ({number} each, {share(first)})."
        ]
    text = f"The party most often alone in refusing is {context.name(order[0])} ({number}, {share(first)})"
    if len(order) > 1:
        second = sole[order[1]]
        text += f", then {context.name(order[1])} ({about}{count(second.value)}, {share(second)})"
    return [text + "."]


def affected(context: Context) -> list[str]:
    """Absent, consulted and affected parties; the brief never leaves them out."""
    parts = []
    named = set(context.case.consent.parties())
    for party, who in context.case.parties.items():
        if who.seat == "absent":
            fate = ", though the deal is about its fate" if who.affected else ""
            if party in context.vetoes:
                rule = "no deal passes without its yes"
            elif party in named:
                rule = "the rule of consent counts its yes"
            else:
                rule = "the rule of consent does not ask for its yes"
            parts.append(f"Absent from the table{fate}: {context.name(party)}; {rule}.")
    heard = [p for p, who in context.case.parties.items() if who.seat == "consulted" and p not in named]
    touched = [p for p in heard if context.case.parties[p].affected]
    others = [p for p in heard if p not in touched]
    if touched:
        parts.append(f"Consulted and affected, but not in the rule: {and_list(context.names(touched))}.")
    if others:
        parts.append(f"Consulted, but not in the rule: {and_list(context.names(others))}.")
    if heard:
        parts.append("Consultation is not consent.")
    silent = [
        p
        for p, who in context.case.parties.items()
        if who.affected and who.seat not in ("absent", "consulted") and p not in named
    ]
    if silent:
        parts.append(
            "Affected, but the rule of consent does not ask for their yes: "
            f"{and_list(context.names(silent))}."
        )
    return parts


def _basis(context: Context) -> str:
    numbers = [n for _, n, _ in context.case.numbers()]
    text = "Counts of deals are computed at the central values of the ranges given"
    if context.odds is not None:
        text = f"Probabilities are over {how(context.odds.plan, context.odds.unknowns)}; counts of deals are "
        text += "computed at the central values of the ranges given"
    if not any(n.is_range for n in numbers):
        text = "All figures are computed from the numbers as given"
    if any(p.types for p in context.case.preferences.values()):
        text += ", every party read as its most likely type unless said otherwise"
    if context.case.illustrative:
        text += "; the numbers are illustrative judgement"
    return text + "."


def proof_words(context: Context) -> list[str]:
    """Why no deal suits a coalition, for each coalition whose yes would do."""
    return [proof_sentence(proof, context.name) for proof in context.zone.proofs]


def proof_sentence(proof: Proof, name: Callable[[str], str]) -> str:
    """One proof in words."""
    who = and_list([name(p) for p in proof.coalition])
    if proof.argument == "red lines":
        about = and_list([q(issue_words(i)) for i in proof.issues])
        where = f"whatever is settled on {about}" if about else "whatever is settled"
        return f"{who}: {where}, a red line of one of them is crossed."
    if proof.argument == "weighing" and proof.multipliers and proof.reachable is not None:
        weights = and_list([f"{name(p)} {m:.2f}" for p, m in proof.multipliers.items() if m > 0.0005])
        return (
            f"{who}: weigh their values ({weights}). Of the deals that cross none of their red lines, none "
            "reaches "
            f"more than {proof.reachable:.1f} weighted points; their reservation values together need "
            f"{proof.required or 0.0:.1f}."
        )
    return f"{who}: every deal was ruled out in turn, by a red line or by somebody's reservation value."
