"""What does the case rest on, where do its claims disagree, and what happened when?

Every input with the claims behind it, the claims that nothing rests on, promises and what became of them,
claims that cannot both be true, and all that has a date. Grades are shown; none becomes a probability.
"""

from __future__ import annotations

from dataclasses import dataclass

from winset.case.claims import Claim
from winset.case.model import Case
from winset.compiled import Compiled
from winset.lenses.disagreements import Disagreement, Promise, disagreements, promises
from winset.lenses.results import NotComputed, Result
from winset.lenses.support import Support, cited, supports
from winset.lenses.timeline import Entry, timeline

__all__ = ["ClaimView", "ClaimsResult", "claims"]


@dataclass(frozen=True, slots=True)
class ClaimView(Result):
    """A claim as a reader meets it."""

    name: str
    by: str
    nature: str
    says: str
    source: str
    at: str | None
    date: str | None  # its own, else that of its source
    own_date: bool
    grade: str | None  # its own, else that of its source
    via: str | None
    used: tuple[str, ...]  # places of the case that cite it
    inputs: int  # numbers that rest on it, directly or through their block


@dataclass(frozen=True, slots=True)
class ClaimsResult(Result):
    """What rests on what, and what does not fit."""

    claims: tuple[ClaimView, ...]
    inputs: tuple[Support, ...]
    judged: int  # inputs that are judgements: all but the ends of scales
    unsupported: int  # of them, those that no claim stands behind
    unsupported_share: float | NotComputed
    unused: tuple[str, ...]  # claims that nothing rests on
    second_hand: tuple[str, ...]
    undated: tuple[str, ...]  # claims with no date of their own
    promises: tuple[Promise, ...]
    disagreements: tuple[Disagreement, ...]
    timeline: tuple[Entry, ...]


def claims(case: Case | Compiled) -> ClaimsResult:
    """What the inputs of a case rest on, and what its claims say of each other.

    A claim is used where a number, a red line, an issue or anything else gives it as its ``because``, or
    where another claim names it: as a promise that it keeps or delays, or as what it contradicts. What stands
    in a block that cites a claim rests on it through the block.
    """
    inner = case.case if isinstance(case, Compiled) else case
    inputs = supports(inner)
    judged = [i for i in inputs if not i.anchor]
    unsupported = sum(not i.supported for i in judged)
    places = cited(inner)
    views = tuple(_view(inner, name, claim, places[name], inputs) for name, claim in inner.claims.items())
    answered = {
        other
        for c in inner.claims.values()
        for other in (*c.kept_by, *c.fulfils, *c.puts_off, *c.contradicts)
    }
    return ClaimsResult(
        views,
        inputs,
        len(judged),
        unsupported,
        unsupported / len(judged) if judged else NotComputed("the case has no inputs that are judged"),
        tuple(v.name for v in views if not v.used and not v.inputs and v.name not in answered),
        tuple(v.name for v in views if v.via is not None),
        tuple(v.name for v in views if not v.own_date),
        promises(inner),
        disagreements(inner),
        timeline(inner),
    )


def _view(
    case: Case, name: str, claim: Claim, used: tuple[str, ...], inputs: tuple[Support, ...]
) -> ClaimView:
    source = case.sources.get(claim.source)
    date = claim.date or (source.date if source is not None else None)
    return ClaimView(
        name,
        claim.by,
        claim.nature,
        claim.says or claim.event or "",
        claim.source,
        claim.at,
        None if date is None else str(date),
        claim.date is not None,
        claim.grade or (source.grade if source is not None else None),
        claim.via,
        used,
        sum(name in (*i.own, *i.block, *i.about) for i in inputs),
    )
