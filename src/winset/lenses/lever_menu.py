"""Which sets of levers, and which least amounts, open the zone at central values?

A change is a set of levers that are pulled or not and amounts of the others. It is *minimal* when it opens
the zone and no other change does that pulls no more levers and moves no larger amounts (Pareto-minimal). For
each set of levers and each smallest coalition whose yes would do, only the deals matter that are efficient
for the coalition: whoever refuses one of these refuses every deal that is no better for anyone. They come
from the exact frontier by merging (see ``winset.kernels.frontier``), so the search looks at no deal twice
however many there are. The least amounts of each are vertices of a transportation problem, in exact
fractions. Where a minimal change moves several amounts, mixtures of such changes of one deal open the zone
too; the vertices are listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations
from math import comb

import numpy as np
import numpy.typing as npt

from winset.compiled.levers import Levers, worth
from winset.kernels.blocks import Block
from winset.kernels.frontier import frontier
from winset.kernels.levers import Move, least_amounts, products, undercut
from winset.kernels.rule import minimal_coalitions
from winset.kernels.search import efficient

__all__ = ["Menu", "Opening", "menu_of"]

MOST_SETS = 20_000  # sets of levers to try


@dataclass(frozen=True, slots=True)
class Opening:
    """A minimal change, and a deal that it opens."""

    pulled: tuple[int, ...]  # indices of discrete levers
    amounts: tuple[Fraction, ...]  # of each continuous lever
    accepting: tuple[int, ...]  # parties that say yes and whose yes (or payment) it needs
    cells: tuple[int, ...]  # one of each group
    gains: tuple[Fraction, ...]  # of `accepting`, before payments and lower no-deal values

    def beats(self, other: Opening) -> bool:
        """Whether it pulls and moves no more than another."""
        return set(self.pulled) <= set(other.pulled) and all(
            a <= b for a, b in zip(self.amounts, other.amounts, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Menu:
    """All minimal changes, and what was looked at to know that there is none cheaper."""

    openings: tuple[Opening, ...]
    open: bool  # without any lever
    sets: int  # of discrete levers that were tried
    points: int  # efficient deals that were tried
    together: int  # most discrete levers in one change that were tried
    complete: bool  # no change is missing


@dataclass(frozen=True, slots=True)
class _Front:
    """The deals that are efficient for some parties, those that cross their red lines left out."""

    units: npt.NDArray[np.int64]  # (point, party of the coalition): gains in units
    cells: npt.NDArray[np.intp]  # (point, group)


def menu_of(levers: Levers, *, limit: int, together: int | None = None) -> Menu:
    """All minimal changes.

    Parameters
    ----------
    limit
        Largest number of partial deals to hold.
    together
        Most discrete levers in one change; by default as many as there are, or as few as keep the number of
        sets within 20,000.

    Raises
    ------
    TooLarge
        More than ``limit`` partial deals would be needed, or the rule has more than 4,096 smallest
        coalitions.
    """
    return _Search(levers, limit).run(together)


class _Search:
    def __init__(self, levers: Levers, limit: int) -> None:
        self.levers, self.limit = levers, limit
        self.compiled = levers.central
        self.fronts: dict[tuple[tuple[bytes, ...], tuple[int, ...]], _Front] = {}
        self.budget: dict[tuple[str, str | None, str], int] = {}
        self.caps: list[Fraction | None] = []
        moves = []
        for x in levers.continuous:
            key = (x.name, x.payer, "" if x.payer is not None else x.party)
            if key not in self.budget:
                self.budget[key] = len(self.caps)
                self.caps.append(x.cap)
            payer = None if x.payer is None else levers.place[x.payer]
            moves.append(Move(levers.place[x.party], payer, x.rate, self.budget[key]))
        self.moves = tuple(moves)
        self.points = 0

    def run(self, together: int | None) -> Menu:
        many = len(self.levers.discrete)
        most = many if together is None else min(together, many)
        while most > 1 and sum(comb(many, size) for size in range(most + 1)) > MOST_SETS:
            most -= 1
        openings: list[Opening] = []
        free: list[frozenset[int]] = []  # sets that open the zone without any amounts
        tried = 0
        for pulled in chain.from_iterable(combinations(range(many), size) for size in range(most + 1)):
            slots = [s for n in pulled if (s := self.levers.discrete[n].slot) is not None]
            if len(set(slots)) < len(slots) or any(f <= set(pulled) for f in free):
                continue
            tried += 1
            opening = self.without_amounts(pulled)
            if opening is not None:
                free.append(frozenset(pulled))
                openings = [o for o in openings if not opening.beats(o)] + [opening]
                if not pulled:
                    return Menu((), True, 1, self.points, most, True)
                continue
            for new in self.with_amounts(pulled) if self.moves else ():
                openings = _joined(openings, new)
        openings = [o for o in openings if not self.mixed(o)]
        complete = most == many and (self.products or not self.moves)
        return Menu(tuple(openings), False, tried, self.points, most, complete)

    @cached_property
    def products(self) -> bool:
        return products(self.moves)

    def coalitions(self, pulled: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Smallest sets of parties whose yes is enough."""
        return list(minimal_coalitions(self.levers.circuit(pulled), len(self.compiled.parties)))

    def front(self, pulled: tuple[int, ...], members: tuple[int, ...]) -> _Front:
        """The deals that cross no red line of the members and are efficient for them."""
        levers, masks = self.levers, []
        refused = [
            match
            for p in members
            for line in levers.central_lines[p]
            if (match := levers.refused(line, pulled)) is not None
        ]
        for group in self.compiled.groups:
            keep = levers.offered(pulled, group.issues, group.options)
            for match in refused:
                keep &= ~levers.held(match, group.issues, group.options)
            masks.append(keep)
        key = tuple(m.tobytes() for m in masks), members
        if key not in self.fronts:
            self.fronts[key] = self._front([np.flatnonzero(m) for m in masks], members)
        return self.fronts[key]

    def _front(self, kept: Sequence[npt.NDArray[np.intp]], members: tuple[int, ...]) -> _Front:
        groups = self.compiled.groups
        if any(not len(k) for k in kept):
            return _Front(np.zeros((0, len(members)), np.int64), np.zeros((0, len(groups)), np.intp))
        columns = list(members) or list(self.compiled.rulers)
        blocks = [
            Block(g.utility[0][k][:, columns], np.zeros((len(k), len(columns)), np.bool_))
            for g, k in zip(groups, kept, strict=True)
        ]
        found = frontier(blocks, limit=self.limit)
        cells = np.stack([k[found.witness[:, n]] for n, k in enumerate(kept)], axis=1)
        units = self.compiled.gains(found.utility, columns)
        self.points += len(units)
        return _Front(units if members else units[:, :0], cells)

    def promised(self, pulled: tuple[int, ...], members: tuple[int, ...]) -> list[Fraction]:
        """What guarantees add to the members' gains."""
        out = [Fraction(0)] * len(members)
        for n in pulled:
            lever = self.levers.discrete[n]
            if lever.kind == "guarantee" and lever.party is not None:
                p = self.levers.place[lever.party]
                if p in members:
                    out[members.index(p)] += worth(lever)
        return out

    def gains(
        self, row: npt.NDArray[np.int64], members: tuple[int, ...], more: list[Fraction]
    ) -> list[Fraction]:
        return [
            int(x) * self.compiled.unit[p] + extra for x, p, extra in zip(row, members, more, strict=True)
        ]

    def without_amounts(self, pulled: tuple[int, ...]) -> Opening | None:
        """The opening of a set of levers alone: the deal that is best for the worst-off of a coalition."""
        best: tuple[list[Fraction], Opening] | None = None
        for members in self.coalitions(pulled):
            front, more = self.front(pulled, members), self.promised(pulled, members)
            bars = [-extra / self.compiled.unit[p] for p, extra in zip(members, more, strict=True)]
            passing = np.ones(len(front.units), np.bool_)
            for n, bar in enumerate(bars):
                passing &= front.units[:, n] >= -(-bar.numerator // bar.denominator)  # its ceiling
            for n in np.flatnonzero(passing).tolist():
                gains = self.gains(front.units[n], members, more)
                merit = sorted(gains)
                if best is None or merit > best[0]:
                    cells = tuple(front.cells[n].tolist())
                    zero = (Fraction(0),) * len(self.moves)
                    best = merit, Opening(pulled, zero, members, cells, tuple(gains))
        return None if best is None else best[1]

    def deals(
        self, pulled: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], list[int], _Front, list[Fraction]]]:
        """Each set of parties that could say yes and pay, the moves that are then possible, and the deals
        that are efficient for them."""
        named = self.levers.named(pulled)
        payers = {m.payer for m in self.moves if m.payer is not None}
        for coalition in self.coalitions(pulled):
            others = sorted((payers & named) - set(coalition))
            for size in range(len(others) + 1):
                for extra in combinations(others, size):
                    members = tuple(sorted({*coalition, *extra}))
                    possible = [
                        k
                        for k, m in enumerate(self.moves)
                        if m.party in members
                        and (m.payer is None or m.payer in members or m.payer not in named)
                    ]
                    yield members, possible, self.front(pulled, members), self.promised(pulled, members)

    def with_amounts(self, pulled: tuple[int, ...]) -> Iterator[Opening]:
        uses = [n for n in pulled if self.levers.discrete[n].kind in ("relax", "drop", "add")]
        for members, possible, front, more in self.deals(pulled):
            moves = [self.moves[k] for k in possible]
            helped = {m.party for m in moves}
            paying = {m.payer for m in moves}
            capped = front.units.copy()
            keep = np.ones(len(capped), np.bool_)
            for n, p in enumerate(members):
                spare = more[n] / self.compiled.unit[p]
                if p not in helped:
                    keep &= front.units[:, n] >= -(spare.numerator // spare.denominator)
                if p not in paying:  # what it has to spare helps nobody
                    capped[:, n] = np.minimum(capped[:, n], -(spare.numerator // spare.denominator))
            rows = np.flatnonzero(keep)
            if not len(rows):
                continue
            rows = rows[efficient(capped[rows].astype(np.float64))] if members else rows[:1]
            for n in rows.tolist():
                cells = tuple(front.cells[n].tolist())
                if not all(self.used(x, pulled, members, cells) for x in uses):
                    continue  # the same with fewer levers
                gains = self.gains(front.units[n], members, more)
                for amounts in least_amounts(dict(zip(members, gains, strict=True)), moves, self.caps):
                    every = [Fraction(0)] * len(self.moves)
                    for k, amount in zip(possible, amounts, strict=True):
                        every[k] = amount
                    yield Opening(pulled, tuple(every), members, cells, tuple(gains))

    def used(
        self, lever: int, pulled: tuple[int, ...], members: tuple[int, ...], cells: tuple[int, ...]
    ) -> bool:
        """Whether a deal needs a lever that adds an option or alters a red line."""
        x = self.levers.discrete[lever]
        groups = list(zip(self.compiled.groups, cells, strict=True))
        if x.kind == "add":
            rest = [n for n in pulled if n != lever]
            return not all(self.levers.offered(rest, g.issues, g.options[c : c + 1])[0] for g, c in groups)
        assert x.line is not None
        line = self.levers.lines[x.line]
        if not any(x.line in self.levers.central_lines[p] for p in members):
            return False
        return any(self.levers.held(line.when, g.issues, g.options[c : c + 1])[0] for g, c in groups)

    def mixed(self, opening: Opening) -> bool:
        """Whether a mixture of changes moves no more than this one and something less."""
        support = [k for k, amount in enumerate(opening.amounts) if amount]
        if len(support) < 2:
            return False
        for size in range(len(opening.pulled) + 1):
            for pulled in combinations(opening.pulled, size):
                for members, possible, front, more in self.deals(pulled):
                    inside = [k for k in possible if k in support]
                    moves = [self.moves[k] for k in inside]
                    amounts = [opening.amounts[k] for k in inside]
                    keep = np.ones(len(front.units), np.bool_)
                    for n, p in enumerate(members):
                        reach = more[n] + sum(
                            (m.rate * a for m, a in zip(moves, amounts, strict=True) if m.party == p),
                            Fraction(0),
                        )
                        units = reach / self.compiled.unit[p]
                        keep &= front.units[:, n] >= -(units.numerator // units.denominator)
                    for n in np.flatnonzero(keep).tolist():
                        gains = dict(zip(members, self.gains(front.units[n], members, more), strict=True))
                        if len(inside) < len(support) and least_amounts(gains, moves, self.caps, amounts):
                            return True
                        if undercut(amounts, gains, moves, self.caps):
                            return True
        return False


def _joined(openings: list[Opening], new: Opening) -> list[Opening]:
    """Openings with a new one, none of which moves and pulls at least as much as another.

    Of equals the deal that is best for the worst-off stays.
    """
    for n, old in enumerate(openings):
        if old.beats(new):
            if new.beats(old) and _merit(new) > _merit(old):
                openings[n] = new
            return openings
    return [o for o in openings if not new.beats(o)] + [new]


def _merit(opening: Opening) -> tuple[list[Fraction], tuple[int, ...]]:
    return sorted(opening.gains), tuple(-c for c in opening.cells)
