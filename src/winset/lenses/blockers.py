"""Who refuses which deal and why, and whose yes would open the zone?

A party is the *sole refuser* of a deal when every other party that the rule of consent names accepts it, and
*pivotal* when the rule fails but would pass if that party said yes (Shapley & Shubik 1954). A set of parties
*opens* the zone when some deal would pass if all of them said yes; it is minimal when no part of it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from winset.case.model import Case
from winset.compiled import Compiled
from winset.kernels.attainable import attainable
from winset.kernels.limits import TooLarge
from winset.kernels.rule import minimal_coalitions
from winset.lenses.counts import tallied
from winset.lenses.odds import BlockerOdds, blocker_odds
from winset.lenses.results import DealView, NotComputed, Progress, Quantity, Result, named_deals, ready, view

__all__ = ["BlockersResult", "LineReach", "NamedDeal", "blockers"]


@dataclass(frozen=True, slots=True)
class NamedDeal(Result):
    """A deal of interest, and who refuses it."""

    name: str
    view: DealView
    pivotal: tuple[str, ...]  # parties whose yes alone would make the rule pass


@dataclass(frozen=True, slots=True)
class LineReach(Result):
    """A red line and how many deals it strikes out."""

    party: str
    number: int
    when: str
    because: tuple[str, ...]
    note: str | None
    crossed: Quantity | NotComputed


@dataclass(frozen=True, slots=True)
class BlockersResult(Result):
    """Refusals at central values, and their odds over all draws."""

    deals: tuple[NamedDeal, ...]
    needed: tuple[str, ...]
    refused: dict[str, Quantity]  # party of the rule -> deals it refuses
    sole_refuser: dict[str, Quantity]  # party of the rule -> deals that it alone refuses
    pivotal: dict[str, Quantity]  # party of the rule -> deals that its yes would carry
    red_lines: tuple[LineReach, ...]
    openings: (
        tuple[tuple[str, ...], ...] | NotComputed
    )  # minimal sets whose yes opens the zone; ((),) if open
    odds: BlockerOdds | NotComputed


def blockers(
    case: Case | Compiled,
    *,
    deals: Sequence[str | Mapping[str, str]] | None = None,
    rng: int | np.random.Generator | None = 0,
    limit: int = 2_000_000,
    samples: int = 100_000,
    draws: int | None = None,
    method: str = "random",
    to_within: float | None = None,
    progress: Progress | None = None,
) -> BlockersResult:
    """Say who refuses each deal of interest and why, and who stands in the way over all deals.

    Parameters
    ----------
    deals
        Names of offers of the case, or deals as mappings; by default every offer, and the deal that each
        needed party would choose if it alone decided.
    rng, limit, samples, draws, method, to_within, progress
        As in ``zone``.

    Raises
    ------
    QuestionError
        On an unknown offer or an incomplete deal.
    """
    compiled = ready(case)
    names = compiled.parties
    rulers = compiled.rulers
    wanted = named_deals(compiled, deals)
    if deals is None:
        for name, deal in _favourites(compiled).items():
            wanted[f"{name}, of all deals" if name in wanted else name] = deal
    counts = tallied(compiled, rng, limit=limit, samples=samples)
    alone: dict[str, Quantity] = {}
    for r in rulers:
        sole = counts.sole_refuser[r]
        assert sole is not None
        alone[names[r]] = Quantity.of_count(sole)
    return BlockersResult(
        deals=tuple(_named(compiled, name, deal) for name, deal in wanted.items()),
        needed=tuple(names[r] for r in rulers),
        refused={names[r]: _complement(Quantity.of_count(counts.party[r])) for r in rulers},
        sole_refuser=alone,
        pivotal={names[r]: Quantity.of_count(counts.pivotal[r]) for r in rulers},
        red_lines=_lines(compiled),
        openings=_openings(compiled),
        odds=blocker_odds(compiled, wanted, draws, rng, method, to_within, progress),
    )


def _favourites(compiled: Compiled) -> dict[str, dict[str, str]]:
    """Each needed party's favourite among all deals that cross none of its red lines. Of issues on which it
    cannot but cross one, what is worth most to it."""
    names = {r: compiled.case.name(compiled.parties[r]) for r in compiled.rulers}
    out: dict[str, dict[str, str]] = {}
    for r, name in names.items():
        if list(names.values()).count(name) > 1:
            name = f"{name} ({compiled.parties[r]})"
        cells = []
        for group in compiled.groups:
            worth = group.utility[0, :, r]
            if not group.crossed[:, r].all():
                worth = np.where(group.crossed[:, r], np.iinfo(np.int64).min, worth)
            cells.append(int(worth.argmax()))
        out[f"best for {name}"] = compiled.deal(cells)
    return out


def _named(compiled: Compiled, name: str, deal: Mapping[str, str]) -> NamedDeal:
    seen = view(compiled, deal)
    saying_no = {r.party for r in seen.refusals}
    yes = {p for p in compiled.parties if p not in saying_no}
    pivotal = () if seen.in_zone else tuple(
        p for p in compiled.parties if p in saying_no and compiled.case.consent.holds(yes | {p})
    )  # fmt: skip
    return NamedDeal(name, seen, pivotal)


def _complement(count: Quantity) -> Quantity:
    low = None if count.high is None else count.of - count.high
    high = None if count.low is None else count.of - count.low
    return Quantity(count.of - count.value, count.of, count.method, count.standard_error, low, high)


def _lines(compiled: Compiled) -> tuple[LineReach, ...]:
    out = []
    for party in compiled.parties:
        for n, line in enumerate(compiled.preferences[party].red_lines or (), 1):
            out.append(
                LineReach(
                    party, n, line.when.short(), line.because, line.note, _reach(compiled, line.when.clauses)
                )
            )
    return tuple(out)


def _reach(compiled: Compiled, clauses: Sequence[Sequence[tuple[str, tuple[str, ...]]]]) -> Quantity:
    """Deals that match any clause: each group is struck out by itself, so count the deals that match none."""
    untouched = []
    for group in compiled.groups:
        place = {compiled.issues[i]: k for k, i in enumerate(group.issues)}
        hit = np.zeros(len(group.options), np.bool_)
        for clause in clauses:
            if {issue for issue, _ in clause} <= set(place):
                inside = np.ones(len(group.options), np.bool_)
                for issue, options in clause:
                    known = compiled.options[group.issues[place[issue]]]
                    inside &= np.isin(group.options[:, place[issue]], [known.index(o) for o in options])
                hit |= inside
        untouched.append(int((~hit).sum()))
    return Quantity(compiled.deals - prod(untouched), compiled.deals, "product over groups")


def _openings(compiled: Compiled) -> tuple[tuple[str, ...], ...] | NotComputed:
    rulers = compiled.rulers
    if len(rulers) > 16:
        return NotComputed(f"{len(rulers)} parties are too many to try every set; at most 16")
    try:
        together = attainable(compiled.blocks(rulers), compiled.reserve[0][list(rulers)], range(len(rulers)))
        coalitions = minimal_coalitions(compiled.circuit(rulers), len(rulers))
    except TooLarge as large:
        return NotComputed(f"the search passed its limit of {large.limit:,} partial deals")
    lacking = {frozenset(c) - frozenset(m) for c in coalitions for m in together}
    minimal = [s for s in lacking if not any(other < s for other in lacking)]
    ordered = sorted(minimal, key=lambda s: (len(s), sorted(s)))
    return tuple(tuple(compiled.parties[rulers[p]] for p in sorted(s)) for s in ordered)
