"""Which deals can everyone whose yes is needed accept?

The zone (ZOPA; Raiffa 1982, ch. 4) is the set of deals that the rule of consent passes. Whether it is empty
is decided exactly: by a deal, or, for every minimal coalition whose yes would do, by a proof that no deal
suits all its members.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.compiled import Compiled
from winset.kernels import best as best_kernel
from winset.kernels.count import estimate
from winset.kernels.feasible import Feasible, empty
from winset.kernels.limits import TooLarge
from winset.kernels.rank import ranked
from winset.kernels.shares import by_cell, draw, hits
from winset.lenses.counts import tallied
from winset.lenses.frontier import efficient
from winset.lenses.odds import ZoneOdds, zone_odds
from winset.lenses.results import (
    DealView,
    NotComputed,
    Progress,
    Quantity,
    Result,
    generator,
    ready,
    view_cells,
)

__all__ = ["CRITERIA", "OptionShare", "PairCount", "Proof", "ZoneResult", "zone"]

#: How the acceptable deals are ranked: the kernel's name, and the reader's.
CRITERIA = {"worst-off": "gain of the worst-off", "sum": "sum of gains", "product": "Nash product of gains"}


@dataclass(frozen=True, slots=True)
class PairCount(Result):
    """How many deals two parties both accept."""

    parties: tuple[str, str]
    accepted: Quantity


@dataclass(frozen=True, slots=True)
class Proof(Result):
    """Why no deal suits all of a coalition whose yes would do.

    ``argument`` is "red lines" (whatever is done about ``issues``, some red line is crossed), "weighing"
    (weigh the members' utilities with ``multipliers``: no deal reaches more than ``reachable`` of the
    ``required`` total), or "search" (every deal was ruled out by an exhaustive search under bounds).
    """

    coalition: tuple[str, ...]
    argument: str
    issues: tuple[str, ...] = ()
    multipliers: dict[str, float] | None = None
    reachable: float | None = None
    required: float | None = None


@dataclass(frozen=True, slots=True)
class OptionShare(Result):
    """How often deals with an option are accepted, by each party and by the rule."""

    issue: str
    option: str
    deals: int
    accepted: dict[str, Quantity]  # party -> deals
    zone: Quantity


@dataclass(frozen=True, slots=True)
class ZoneResult(Result):
    """The zone at central values, and its odds over all draws."""

    deals: int  # that `forbid` leaves
    combinations: int  # before `forbid`
    needed: tuple[str, ...]  # parties that the rule of consent names
    accepted: dict[str, Quantity]  # every party with preferences -> deals it accepts
    pairs: tuple[PairCount, ...]
    zone: Quantity
    empty: bool | NotComputed
    witness: DealView | None  # a deal of the zone
    proofs: tuple[Proof, ...]  # that it is empty
    best: dict[str, DealView | NotComputed | None]  # party -> its best deal of the zone
    ranked: dict[str, tuple[DealView, ...] | NotComputed]  # criterion -> deals, best first
    efficient_only: bool  # the ranking holds only efficient deals, because there are too many others
    options: tuple[OptionShare, ...]
    odds: ZoneOdds | NotComputed


def zone(
    case: Case | Compiled,
    *,
    rng: int | np.random.Generator | None = 0,
    most: int = 10,
    limit: int = 2_000_000,
    samples: int = 100_000,
    draws: int | None = None,
    method: str = "random",
    to_within: float | None = None,
    progress: Progress | None = None,
) -> ZoneResult:
    """Count, prove and rank the deals that the rule of consent passes.

    Parameters
    ----------
    rng
        Seed or generator: of the draws, and where a count must be estimated.
    most
        Deals to list by each criterion; deals that tie with the last are listed too (up to three times as
        many in all).
    limit
        Largest number of deals to enumerate. Above it counts are exact where a dynamic program or meeting in
        the middle does it, and estimated with a standard error where not.
    samples
        Random deals of an estimate.
    draws, method
        How many joint draws of the ranges and types (0 leaves the odds out), and how: "random" or "sobol".
        By default 2,048 random ones; fewer where there are very many deals.
    to_within
        Go on drawing until the probability that the zone is open is known to this (95 %), either way.
    progress
        Told how far the draws are.

    Notes
    -----
    Acceptable, zone: see the glossary. Ranking: Rawls 1971 (worst-off), Harsanyi 1955 (sum), Nash 1950
    (product); gains count from the reservation value, in utility points of each party's own scale, over the
    parties that the rule names.
    """
    compiled = ready(case)
    names = compiled.parties
    counts = tallied(compiled, rng, limit=limit, samples=samples)
    accepted = {names[p]: Quantity.of_count(counts.party[p]) for p in range(len(names))}
    pairs = tuple(
        PairCount((names[a], names[b]), Quantity.of_count(counts.pair[a][b]))
        for a in range(len(names))
        for b in range(a + 1, len(names))
    )
    is_empty, witness, proofs = _emptiness(compiled)
    best: dict[str, DealView | NotComputed | None] = {}
    for n, party in enumerate(names):
        best[party] = None if is_empty is True else _best(compiled, n)
    rankings: dict[str, tuple[DealView, ...] | NotComputed] = {}
    for criterion in CRITERIA:
        rankings[criterion] = () if is_empty is True else _ranking(compiled, criterion, most, limit)
    return ZoneResult(
        deals=compiled.deals,
        combinations=compiled.combinations,
        needed=tuple(names[r] for r in compiled.rulers),
        accepted=accepted,
        pairs=pairs,
        zone=_known(Quantity.of_count(counts.zone), is_empty),
        empty=is_empty,
        witness=witness,
        proofs=proofs,
        best=best,
        ranked=rankings,
        efficient_only=is_empty is not True and compiled.deals > limit,
        options=_by_option(compiled, rng, is_empty, limit=limit, samples=max(samples // 10, 1)),
        odds=zone_odds(compiled, draws, rng, method, to_within, most, progress),
    )


def _known(count: Quantity, is_empty: bool | NotComputed) -> Quantity:
    """A count of deals of the zone, in the light of a proof that there are none, or of a deal that is one."""
    if count.exact or isinstance(is_empty, NotComputed):
        return count
    if is_empty:
        return Quantity(0, count.of, "proof")
    return replace(count, low=max(count.low or 0.0, 1.0))


def _ranking(compiled: Compiled, criterion: str, most: int, limit: int) -> tuple[DealView, ...] | NotComputed:
    """The first deals of the zone; beyond the limit of enumeration, the first of the efficient ones."""
    rulers = list(compiled.rulers)
    if compiled.deals > limit:
        front = efficient(compiled, zone=True, most=0)
        if isinstance(front, NotComputed):
            return front
        cells, units = front.witness, front.units
    else:
        counting = np.zeros(len(compiled.parties), np.bool_)
        counting[rulers] = True
        order = ranked(
            compiled.blocks(),
            compiled.reserve[0],
            compiled.rule,
            criterion,  # type: ignore[arg-type]
            base=compiled.reserve[0] + compiled.slip,
            scale=compiled.points,
            counting=counting,
            size=4 * most,
            limit=limit,
        )
        cells, units = order.witness, order.utility[:, rulers]
    return tuple(
        view_cells(compiled, cells[n], score=float(score))
        for n, score in _first(compiled, criterion, units, most)
    )


def _first(
    compiled: Compiled, criterion: str, units: npt.NDArray[np.int64], most: int
) -> list[tuple[int, Fraction]]:
    """The best rows with their exact scores; those that tie with the last too, up to 3 * most in all."""
    rulers = list(compiled.rulers)
    whole = compiled.gains(units, rulers)
    gains = whole * compiled.points[rulers]
    rough = _score(criterion, gains.T)
    near = np.argsort(-rough, kind="stable")[: 4 * most].tolist()
    scored = []
    for n in near:
        gain = [int(g) * compiled.unit[r] for g, r in zip(whole[n], rulers, strict=True)]
        scored.append((n, Fraction(_score(criterion, gain))))
    scored.sort(key=lambda item: (-item[1], item[0]))
    if len(scored) > most:
        last = scored[most - 1][1]
        scored = [item for item in scored if item[1] >= last]
    return scored[: 3 * most]


def _score(criterion: str, gains: Any) -> Any:
    """(party, ...) gains to scores: exact on fractions, and for arrays row by row."""
    exact = not isinstance(gains, np.ndarray)
    if criterion == "worst-off":
        return min(gains) if exact else gains.min(axis=0)
    if criterion == "sum":
        return sum(gains) if exact else gains.sum(axis=0)
    if exact:
        return prod(gains) if min(gains) > 0 else Fraction(0)
    return np.where((gains > 0).all(axis=0), gains.prod(axis=0), 0.0)


def _emptiness(compiled: Compiled) -> tuple[bool | NotComputed, DealView | None, tuple[Proof, ...]]:
    try:
        answer = empty(compiled.blocks(), compiled.reserve[0], compiled.rule)
    except TooLarge as large:
        return NotComputed(f"the search passed its limit of {large.limit:,} partial deals"), None, ()
    if not answer.empty:
        assert answer.witness is not None
        return False, view_cells(compiled, answer.witness), ()
    return True, None, tuple(_proof(compiled, coalition, why) for coalition, why in answer.proofs)


def _proof(compiled: Compiled, coalition: tuple[int, ...], why: Feasible) -> Proof:
    members = tuple(compiled.parties[p] for p in coalition)
    if why.argument == "red lines":
        issues: tuple[str, ...] = ()
        if why.blocked is not None:
            issues = tuple(compiled.issues[i] for i in compiled.groups[why.blocked].issues)
        return Proof(members, "red lines", issues=issues)
    if why.argument == "weighing" and why.weighing is not None:
        # multipliers are per unit; per utility point they are multiplier / unit, here scaled to sum to 1
        raw = {compiled.parties[p]: why.weighing.multipliers[p] / compiled.unit[p] for p in coalition}
        total = sum(raw.values()) or 1
        return Proof(
            members,
            "weighing",
            multipliers={p: float(m / total) for p, m in raw.items()},
            reachable=float(why.weighing.attainable / total),
            required=float(why.weighing.required / total),
        )
    return Proof(members, "search")


def _best(compiled: Compiled, party: int) -> DealView | NotComputed | None:
    try:
        found = best_kernel.best(compiled.blocks(), compiled.reserve[0], compiled.rule, party)
    except TooLarge as large:
        return NotComputed(f"the search passed its limit of {large.limit:,} partial deals")
    return None if found is None else view_cells(compiled, found[1])


def _by_option(
    compiled: Compiled,
    rng: int | np.random.Generator | None,
    is_empty: bool | NotComputed,
    *,
    limit: int,
    samples: int,
) -> tuple[OptionShare, ...]:
    """Acceptance among the deals that hold one option of one issue."""
    blocks, reserve, rule = compiled.blocks(), compiled.reserve[0], compiled.rule
    exact = compiled.deals <= limit
    table: list[npt.NDArray[np.int64]] = []
    if exact:
        table = by_cell(blocks, reserve, rule)
    else:
        stream = np.random.default_rng([int(rng), 1]) if isinstance(rng, int | np.integer) else generator(rng)
        sample = draw(blocks, samples, stream)
    out: dict[tuple[int, int], OptionShare] = {}
    for g, group in enumerate(compiled.groups):
        for k, issue in enumerate(group.issues):
            for n, option in enumerate(compiled.options[issue]):
                held = np.flatnonzero(group.options[:, k] == n)
                deals = compiled.deals // len(group.options) * len(held)
                if exact or not len(held):
                    sums = table[g][held].sum(axis=0).tolist() if exact else [0] * (len(reserve) + 1)
                    found = [Quantity(value, deals, "enumeration") for value in sums]
                else:
                    found = [
                        Quantity.of_count(estimate(count, samples, deals, deals))
                        for count in hits(blocks, reserve, rule, sample, g, held, stream)
                    ]
                    never = group.crossed[held].all(axis=0)
                    for p in np.flatnonzero(never).tolist():
                        found[p] = Quantity(0, deals, "red lines")
                zone_ = found.pop()
                if is_empty is True and not zone_.exact:
                    zone_ = Quantity(0, deals, "proof")
                out[issue, n] = OptionShare(
                    compiled.issues[issue],
                    option,
                    deals,
                    dict(zip(compiled.parties, found, strict=True)),
                    zone_,
                )
    return tuple(out[key] for key in sorted(out))
