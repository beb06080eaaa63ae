"""Which deals are efficient, and what does an offer leave on the table?

A deal is Pareto-efficient when no other deal is at least as good for every party that bargains and better for
one (Pareto 1906; Raiffa 1982, ch. 10). Those who bargain are the parties that the rule of consent names. The
frontier of the zone compares deals of the zone only; the frontier of all deals ignores red lines and
reservation values, and shows what they cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.compiled import Compiled
from winset.errors import QuestionError
from winset.kernels import frontier as kernel
from winset.kernels.best import best
from winset.kernels.blocks import Block
from winset.kernels.limits import TooLarge
from winset.kernels.rule import unanimity
from winset.lenses.odds import FrontierOdds, frontier_odds
from winset.lenses.results import (
    DealView,
    NotComputed,
    Progress,
    Result,
    named_deals,
    ready,
    view,
    view_cells,
)

__all__ = ["FrontierResult", "FrontierSet", "OfferGap", "Trade", "efficient", "frontier"]


MOST_OFTEN = 10  # deals that are most often efficient, over the draws


@dataclass(frozen=True, slots=True)
class FrontierSet(Result):
    """Efficient utility vectors, each with a deal that reaches it."""

    parties: tuple[str, ...]  # those who bargain
    size: int  # utility vectors
    deals: int | None  # deals that reach them; None when not counted
    exact: bool
    within: dict[str, float]  # party -> points by which some deal may beat every listed one; 0 when exact
    points: tuple[DealView, ...]  # the first `most`, by the gain of the worst-off
    utility: npt.NDArray[np.float64] = field(
        repr=False, compare=False
    )  # (point, party of `parties`), all points
    witness: npt.NDArray[np.intp] = field(repr=False, compare=False)  # (point, group): cells of a deal
    units: npt.NDArray[np.int64] = field(repr=False, compare=False)  # (point, party of `parties`), exact
    counts: tuple[int, ...] | None = field(repr=False, compare=False)  # (point,): deals that reach it

    def to_dict(self) -> dict[str, Any]:
        return {
            "parties": list(self.parties),
            "size": self.size,
            "deals": self.deals,
            "exact": self.exact,
            "within": dict(self.within),
            "points": [p.to_dict() for p in self.points],
        }


@dataclass(frozen=True, slots=True)
class Trade(Result):
    """One issue that an improvement settles otherwise than the offer, and what that is to each who bargains.

    Logrolling shows as changes of unlike sign: each gives where it matters less to it. ``issue`` is None for
    what the linkages of all changes add or take away.
    """

    issue: str | None
    before: str | None
    after: str | None
    change: dict[str, float]  # party -> utility points


@dataclass(frozen=True, slots=True)
class OfferGap(Result):
    """What an offer leaves on the table."""

    name: str
    view: DealView
    efficient: bool | None  # among all deals; None when that was not settled
    efficient_in_zone: bool | None  # None when the offer is not in the zone, or when that was not settled
    distance: float  # the most points that some deal gives more to every bargaining party at once
    distance_exact: bool  # otherwise some deal may give yet more
    improvements: tuple[DealView, ...]  # efficient deals no worse for any bargaining party and better for one
    trades: tuple[tuple[Trade, ...], ...]  # for each of the improvements: what changes, issue by issue
    improving: int  # utility vectors that such deals have (of the listed ones, where a tolerance was spent)


@dataclass(frozen=True, slots=True)
class FrontierResult(Result):
    """The frontiers at central values, and their odds over all draws."""

    zone: FrontierSet | NotComputed
    all: FrontierSet | NotComputed
    offers: tuple[OfferGap, ...]
    odds: FrontierOdds | NotComputed

    def to_dict(self) -> dict[str, Any]:
        return {
            "zone": self.zone.to_dict(),
            "all": self.all.to_dict(),
            "offers": [o.to_dict() for o in self.offers],
            "odds": self.odds.to_dict(),
        }


def frontier(
    case: Case | Compiled,
    *,
    deals: Sequence[str | Mapping[str, str]] | None = None,
    within: float | None = None,
    most: int = 200,
    limit: int = 1_000_000,
    rng: int | np.random.Generator | None = 0,
    draws: int | None = None,
    method: str = "random",
    to_within: float | None = None,
    progress: Progress | None = None,
) -> FrontierResult:
    """Find the efficient deals, and how far offers are from them.

    Parameters
    ----------
    deals
        Offers of the case by name, or deals as mappings; by default every offer.
    within
        Utility points, >= 0. Given, large frontiers are thinned to a set such that for every deal some listed
        deal gives each bargaining party at most this much less (proved in the page of this lens).
    most
        Efficient deals to list with all their values; their number and utilities are always complete.
    limit
        Largest number of partial deals to hold.
    rng, draws, method, to_within
        As in ``zone``.
    progress
        Told what is being done, and how many of how many steps are.

    Raises
    ------
    QuestionError
        On a negative tolerance, an unknown offer or an incomplete deal.
    """
    compiled = ready(case)
    check_within(within)
    inside = efficient(compiled, zone=True, within=within, most=most, limit=limit, progress=progress)
    outside = efficient(compiled, zone=False, within=within, most=most, limit=limit, progress=progress)
    offers = named_deals(compiled, deals)
    gaps = tuple(_gap(compiled, name, deal, inside, outside, most) for name, deal in offers.items())
    odds = frontier_odds(compiled, offers, draws, rng, method, to_within, min(most, MOST_OFTEN), progress)
    return FrontierResult(inside, outside, gaps, odds)


def check_within(within: float | None) -> None:
    if within is not None and not 0 <= within < float("inf"):
        raise QuestionError(f"within must be 0 or more utility points, not {within}")


def efficient(
    compiled: Compiled,
    *,
    zone: bool,
    within: float | None = None,
    most: int = 200,
    limit: int = 1_000_000,
    progress: Progress | None = None,
) -> FrontierSet | NotComputed:
    """The efficient set of the zone, or of all deals, among those who bargain."""
    rulers = list(compiled.rulers)
    found = _kept(compiled, zone=zone, within=within or 0.0, limit=limit, progress=progress)
    if isinstance(found, NotComputed):
        return found
    utility = found.utility * compiled.points[rulers]
    gains = utility - compiled.reserve_points[rulers]
    order = np.lexsort([-gains.sum(axis=1), -gains.min(axis=1)]) if len(gains) else np.zeros(0, np.intp)
    counts = found.count
    return FrontierSet(
        parties=tuple(compiled.parties[r] for r in rulers),
        size=len(utility),
        deals=None if counts is None else sum(counts),
        exact=found.exact,
        within={compiled.parties[r]: float(found.loss[n] * compiled.points[r]) for n, r in enumerate(rulers)},
        points=tuple(
            view_cells(compiled, found.witness[i], count=None if counts is None else counts[i])
            for i in order[:most]
        ),
        utility=utility,
        witness=found.witness,
        units=found.utility,
        counts=counts,
    )


def _kept(
    compiled: Compiled, *, zone: bool, within: float, limit: int, progress: Progress | None
) -> kernel.Frontier | NotComputed:
    """The kernel's answer, kept with the compiled case: several lenses start from it."""
    key = ("frontier", zone, within, limit)
    if key not in compiled.memo:
        rulers = list(compiled.rulers)
        tolerance = None
        what = "efficient deals of the zone" if zone else "efficient deals of all"

        def step(done: int, total: int, _states: int) -> None:
            if progress is not None:
                progress(what, done, total)

        step(0, len(compiled.groups), 0)
        if within:
            tolerance = np.array(
                [min(Fraction(within) // compiled.unit[r], 1 << 51) for r in rulers], np.int64
            )
        try:
            compiled.memo[key] = kernel.frontier(
                compiled.blocks(rulers),
                rule=compiled.circuit(rulers) if zone else None,
                reserve=compiled.reserve[0][rulers] if zone else None,
                within=tolerance,
                limit=limit,
                progress=step,
            )
        except TooLarge as large:
            compiled.memo[key] = NotComputed(
                f"the frontier needs more than {large.limit:,} partial deals; "
                "ask within a tolerance (within=1)"
            )
    kept: kernel.Frontier | NotComputed = compiled.memo[key]
    return kept


def _gap(
    compiled: Compiled,
    name: str,
    deal: Mapping[str, str],
    inside: FrontierSet | NotComputed,
    outside: FrontierSet | NotComputed,
    most: int,
) -> OfferGap:
    seen = view(compiled, deal)
    rulers = list(compiled.rulers)
    cells = compiled.cells(deal)
    mine = sum(g.utility[0, c] for g, c in zip(compiled.groups, cells, strict=True))
    units = np.asarray(mine)[rulers]
    better: dict[tuple[int, ...], npt.NDArray[np.intp]] = {}  # utility vector -> cells
    inner: set[tuple[int, ...]] = set()
    distance = 0.0
    for front in (inside, outside):
        if isinstance(front, NotComputed) or not front.size:
            continue
        rise = (front.units - units) * compiled.points[rulers]
        distance = max(distance, float(rise.min(axis=1).max()))
        above = (front.units >= units).all(axis=1) & (front.units != units).any(axis=1)
        for i in np.flatnonzero(above):
            better.setdefault(tuple(front.units[i].tolist()), front.witness[i])
        if front is inside:
            inner = set(better)
    efficient = False if better else _settled(outside)
    if efficient is None:
        efficient = _unbeaten(compiled, units)
    in_zone: bool | None = None
    if seen.in_zone:
        in_zone = False if inner else True if efficient else _settled(inside)
    points = compiled.points[rulers]
    order = sorted(
        better,
        key=lambda u: (
            u not in inner,
            -float(((np.array(u) - units) * points).min()),
            -float((np.array(u) * points).sum()),
            u,
        ),
    )
    shown = tuple(view_cells(compiled, better[u]) for u in order[: min(most, 20)])
    parties = [compiled.parties[r] for r in rulers]
    return OfferGap(
        name,
        seen,
        efficient=efficient,
        efficient_in_zone=in_zone,
        distance=distance,
        distance_exact=_settled(outside) is True,
        improvements=shown,
        trades=tuple(_trades(compiled, seen, improved, parties) for improved in shown),
        improving=len(better),
    )


def _settled(front: FrontierSet | NotComputed) -> bool | None:
    """Whether a deal that no listed one beats is efficient: only an exact frontier can say."""
    return True if isinstance(front, FrontierSet) and front.exact else None


def _unbeaten(compiled: Compiled, units: npt.NDArray[np.int64]) -> bool | None:
    """Whether no deal beats these utilities of those who bargain, without the frontier: the largest total
    among deals that are no worse for anyone."""
    rulers = list(compiled.rulers)
    blocks = [
        Block(np.column_stack([u, u.sum(axis=1)]), np.zeros((len(u), len(rulers) + 1), np.bool_))
        for u in (g.utility[0][:, rulers] for g in compiled.groups)
    ]
    if sum(int(np.abs(block.utility).max()) for block in blocks) >= 1 << 52:
        return None
    floor = np.append(units, 0)
    try:
        found = best(blocks, floor, unanimity(len(rulers)), len(rulers))
    except TooLarge:
        return None
    return found is not None and found[0] == int(units.sum())


def _trades(
    compiled: Compiled, offer: DealView, better: DealView, parties: Sequence[str]
) -> tuple[Trade, ...]:
    out = []
    moved = dict.fromkeys(parties, 0.0)
    for issue in compiled.issues:
        before, after = offer.deal[issue], better.deal[issue]
        if before == after:
            continue
        change = {}
        for party in parties:
            values = compiled.values[party]
            weight = values.weights[issue]
            change[party] = (
                float(weight * (values.scores[issue][after] - values.scores[issue][before]))
                if weight
                else 0.0
            )
            moved[party] += change[party]
        out.append(Trade(issue, before, after, change))
    rest = {p: better.utility[p] - offer.utility[p] - moved[p] for p in parties}
    if any(abs(r) > 1e-9 for r in rest.values()):
        out.append(Trade(None, None, None, rest))
    return tuple(out)
