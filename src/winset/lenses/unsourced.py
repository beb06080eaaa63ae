"""How much of the answer rests on judgement that cites nothing?

Every number that cites no claim, nor stands in a block that does, is drawn from the widest range that its
quantity makes plausible; what cites a claim stays as it is. If the answer of no draw changes, it rests on the
sources; if it moves, the difference is what unsourced judgement carries. That both are as likely does not
show that little hangs on it: what helps a deal may cancel what hurts it. So the draws are counted, too, whose
answer is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from winset.case.evidence import Evidence, EvidenceGroup
from winset.case.model import Case, PartyType, Preferences
from winset.case.numbers import Number
from winset.compiled import Compiled
from winset.compiled.draws import uncertain
from winset.kernels.limits import TooLarge
from winset.lenses.estimates import Estimate, Plan, estimate
from winset.lenses.results import NotComputed, Result, ready
from winset.lenses.survey import certain, odds_plan, open_as_stated, open_in

__all__ = ["Unsourced", "unsourced", "widened"]


@dataclass(frozen=True, slots=True)
class Unsourced(Result):
    """The answer as judged, and with all that cites nothing left wide open."""

    plan: Plan
    numbers: int  # of the case, but for the anchors 0 and 100 of scores
    sourced: int  # of them, those that cite a claim or stand in a block that does
    stated: Estimate  # the zone is not empty, as judged
    widened: Estimate  # the same with the unsourced numbers at their widest plausible range
    difference: Estimate  # widened less stated, over the same draws
    changed: Estimate  # the answer of a draw is another one when they are at their widest


def unsourced(
    case: Case | Compiled,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
) -> Unsourced | NotComputed:
    """The probability that the zone is open, as judged and with unsourced judgement left wide open.

    The widest plausible range is uniform: scores 0 to 100; weights 0 to the largest weight of the party;
    no-deal values 0 to 100, or as far as stated; costs 0 to twice the most stated; linkages to the largest
    stated either way; probabilities 0 to 1. The anchors of a scale, scores of exactly 0 and 100, stay.
    """
    compiled = ready(case)
    model = uncertain(compiled)
    wide = widened(compiled.case)
    other = uncertain(wide)
    asked = odds_plan(other, draws, rng, method)
    fixed = Plan(asked.draws, asked.seed, asked.method)
    try:
        stated = open_as_stated(model, fixed)
        opened, _ = open_in(other, fixed)
    except TooLarge as large:
        return NotComputed(f"the search of a draw passed its limit of {large.limit:,} partial deals")
    if len(stated) < len(opened):  # nothing to draw as judged
        stated = np.resize(stated, len(opened))
    told = list(_told(compiled.case))
    return Unsourced(
        fixed,
        len(told),
        sum(told),
        certain(model, estimate(stated, method=fixed.method)),
        certain(other, estimate(opened, method=fixed.method)),
        estimate(opened.astype(np.float64) - stated, method=fixed.method),
        estimate(opened != stated, method=fixed.method),
    )


def _anchor(number: Number) -> bool:
    return not number.is_range and number.low in (0, 100)


def _told(case: Case) -> Iterator[bool]:
    """For each number that is judged: whether it cites a claim or stands in a block that does."""
    for party in case.valued():
        base = case.preferences[party]
        for block in (base, *base.types.values()):
            cites = bool(block.because) or bool(base.because)
            for number in (block.weights or {}).values():
                yield cites or bool(number.because)
            for scores in (block.scores or {}).values():
                for number in scores.values():
                    if not _anchor(number):
                        yield cites or bool(number.because)
            for linkage in block.linkages or ():
                yield cites or bool(linkage.because) or bool(linkage.worth.because)
            for one in (block.no_deal, block.closing_cost):
                if one is not None:
                    yield cites or bool(one.because)
            if isinstance(block, PartyType) and block.prior is not None:
                yield cites or bool(block.prior.because)
    observed: list[Evidence | EvidenceGroup] = [*case.evidence.values(), *case.evidence_groups.values()]
    for item in observed:
        for number in item.likelihoods.values():
            yield bool(item.because) or bool(number.because)


def _flat(number: Number, low: Fraction | int, high: Fraction | int) -> Number:
    low, high = min(Fraction(low), number.low), max(Fraction(high), number.high)
    if low == high:
        return number
    return Number(low, high, uniform=True, percent=number.percent)


def widened(case: Case) -> Case:
    """The case with every unsourced number at its widest plausible range."""
    preferences = {}
    for party, base in case.preferences.items():
        wide = _widened(base, bool(base.because))
        kinds = {name: _widened(kind, bool(base.because)) for name, kind in base.types.items()}
        preferences[party] = wide.model_copy(update={"types": kinds})
    changes = {
        "preferences": preferences,
        "evidence": {name: _unsure(item) for name, item in case.evidence.items()},
        "evidence_groups": {name: _unsure(group) for name, group in case.evidence_groups.items()},
    }
    stated = set()
    for path, number, _ in case.model_copy(update=changes).numbers():
        if number.is_range:
            stated.add(path)
    kept = tuple(c for c in case.correlations if set(c.between) <= stated)
    return case.model_copy(update={**changes, "correlations": kept})


def _unsure(item: Any) -> Any:
    """Evidence with likelihoods that may be anything, where neither it nor they cite a claim."""
    if item.because:
        return item
    likelihoods = {
        kind: number if number.because else replace(_flat(number, 0, 1), percent=True)
        for kind, number in item.likelihoods.items()
    }
    return item.model_copy(update={"likelihoods": likelihoods})


def _widened(block: Any, cites: bool) -> Any:
    if cites or block.because:
        return block
    changes: dict[str, Any] = {}
    if block.weights:
        most = max(w.high for w in block.weights.values())
        changes["weights"] = {
            issue: w if w.because or w.high == 0 else _flat(w, 0, most)  # at 0 an issue needs no scores
            for issue, w in block.weights.items()
        }
    if block.scores:
        changes["scores"] = {
            issue: {o: s if s.because or _anchor(s) else _flat(s, 0, 100) for o, s in scores.items()}
            for issue, scores in block.scores.items()
        }
    if block.linkages:
        most = max(max(abs(k.worth.low), abs(k.worth.high)) for k in block.linkages)
        changes["linkages"] = tuple(
            k if k.because or k.worth.because else k.model_copy(update={"worth": _flat(k.worth, -most, most)})
            for k in block.linkages
        )
    if block.no_deal is not None and not block.no_deal.because:
        changes["no_deal"] = _flat(block.no_deal, 0, 100)
    if block.closing_cost is not None and not block.closing_cost.because:
        changes["closing_cost"] = _flat(block.closing_cost, 0, 2 * block.closing_cost.high)
    if isinstance(block, PartyType) and block.prior is not None and not block.prior.because:
        changes["prior"] = replace(_flat(block.prior, 0, 1), percent=True)
    assert isinstance(block, Preferences | PartyType)
    return block.model_copy(update=changes)
