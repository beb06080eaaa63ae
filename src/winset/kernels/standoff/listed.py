"""The same moves as in ``moves`` between states of a list, for conflicts few of whose combinations can be.

A state is its place in the list. Every move is kept, as a pair of states; what is asked of the states that a
party can move to is asked of the pairs, start by start. So the work goes with the moves that there are, not
with the combinations of the options.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.moves import Moves, Uphill, lined, nothing, turned

__all__ = ["ListedMoves", "neighbours"]

Ints = npt.NDArray[Any]
Longs = npt.NDArray[np.int64]

_CELLS = 1 << 22  # pairs times sides that are worked on together


@dataclass(frozen=True)
class ListedMoves(Moves):
    """The unilateral moves of one party; ``feasible`` is of the states listed.

    Parameters
    ----------
    states : int64 (state,)
        Their numbers, ascending.
    """

    states: Longs

    @cached_property
    def pairs(self) -> tuple[Longs, Longs, Longs]:
        """The states that the party can move away from, where the ends of each begin, and all those ends."""
        order, first, size = _boxes(self.states, self.own)
        many = np.repeat(size, size)  # (state in order,): how many are in its box
        start = np.repeat(order, many)
        offset = np.arange(len(start)) - np.repeat(np.cumsum(many) - many, many)
        end = order[np.repeat(np.repeat(first, size), many) + offset]
        up, down = (sum(1 << o for o in self.own if self.once[o] == way) for way in (1, -1))
        before, after = self.states[start], self.states[end]
        may = (start != end) & self.feasible[end]
        may &= (before & up & ~after == 0) & (after & down & ~before == 0)
        start, end = start[may], end[may]
        by_start = np.argsort(start, kind="stable")
        starts, begins = np.unique(start[by_start], return_index=True)
        return starts, begins, end[by_start]

    def ends(self, state: int) -> Longs:
        starts, begins, ends = self.pairs
        n = int(np.searchsorted(starts, state))
        if n == len(starts) or starts[n] != state:
            return np.zeros(0, np.int64)
        return ends[begins[n] : begins[n + 1] if n + 1 < len(begins) else None]

    def uphill(self, ranks: Ints) -> Uphill:
        return ListedUphill(self, ranks)

    def _over(self, take: np.ufunc, values: Ints, none: int) -> Ints:
        rows = lined(values)
        out = np.full(rows.shape, none, rows.dtype)
        for starts, begins, _, ends in self.some(rows.shape[1]):
            out[starts] = take(take.reduceat(rows[ends], begins, axis=0), rows.dtype.type(none))
        return turned(out, values.shape)

    def some(self, sides: int) -> Iterator[tuple[Longs, Longs, Longs, Longs]]:
        """The pairs, so many at a time that arrays of them stay small: the states moved away from, where the
        ends of each begin, the start of every pair, and its end."""
        starts, begins, ends = self.pairs
        bounds = np.append(begins, len(ends))
        at = 0
        while at < len(starts):
            upto = np.searchsorted(bounds, bounds[at] + max(1, _CELLS // max(1, sides)), side="right") - 1
            to = max(at + 1, int(upto))
            start = np.repeat(starts[at:to], np.diff(bounds[at : to + 1]))
            yield starts[at:to], bounds[at:to] - bounds[at], start, ends[bounds[at] : bounds[to]]
            at = to


class ListedUphill(Uphill):
    """The unilateral improvements of one party among states of a list."""

    moves: ListedMoves

    def _over(self, take: np.ufunc, values: Ints, none: int) -> Ints:
        rows, ranks = lined(values), lined(self.ranks)
        out = np.full(rows.shape, none, rows.dtype)
        for starts, begins, start, end in self.moves.some(rows.shape[1]):
            worth = np.where(ranks[end] > ranks[start], rows[end], nothing(take, rows.dtype))
            worth = worth.astype(rows.dtype, copy=False)
            out[starts] = take(take.reduceat(worth, begins, axis=0), rows.dtype.type(none))
        return turned(out, values.shape)


def neighbours(states: Longs, own: tuple[int, ...]) -> int:
    """How many pairs of states differ in these options at most, each state and itself among them."""
    return int((_boxes(states, own)[2] ** 2).sum())


def _boxes(states: Longs, own: tuple[int, ...]) -> tuple[Longs, Longs, Longs]:
    """The states in an order in which those stand together that differ in own options alone, where each box
    of them begins, and how many they are; within a box they ascend."""
    others = states & ~sum(1 << o for o in own)
    order = np.argsort(others, kind="stable")
    _, first, size = np.unique(others[order], return_index=True, return_counts=True)
    return order, first, size
