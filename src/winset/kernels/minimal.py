"""Minimal winning coalitions of any rule, sixty-four coalitions to a word of the machine.

A coalition is minimal when it wins and loses without any one of its members. Members with the same weights
are of one kind, and a cell is a number of members of each kind. Up to six kinds of one member are the
*lanes*: the bits of a word. The other kinds are the axes of a table of words. Taking away a member is then
a shift within all words, or the table beside itself moved by one along an axis, and whole words are compared.

What is found is counted by size. One axis after the other is summed away, each entry as often as there are
ways to choose so many members of the kind, and moved by that many sizes (a product of generating functions).
The table is walked in blocks, so that besides its words only small arrays are held.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.limits import TooLarge

__all__ = ["by_size"]

WORDS = 1 << 24  # of the table: 128 MiB
MEMBERS = 62  # the machine's whole numbers count all their coalitions
SUMS = 1 << 62  # sums of weights stay below
_LANES = 6  # bits that number the 64 bits of a word
_BLOCK = 1 << 14  # words at a time

Counts = list[int]  # by size, 0 .. members
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


def by_size(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], rows: Sequence[tuple[int, ...]]
) -> tuple[Counts, list[Counts]]:
    """Minimal winning coalitions by size: all of them, and those with one given member of each kind.

    Parameters
    ----------
    kinds
        (kind, weight): the weights of its members, in whole numbers.
    sizes
        (kind,): members of the kind.
    rows
        (term, weight): a coalition wins that reaches every quota of some row; 0 asks for nothing.

    Raises
    ------
    TooLarge
        There are more than ``WORDS`` words, ``MEMBERS`` members, or weights that are too long.
    """
    members = sum(sizes)
    if members > MEMBERS:
        raise TooLarge(members, MEMBERS)
    totals = [sum(w * s for w, s in zip(column, sizes, strict=True)) for column in zip(*kinds, strict=True)]
    heaviest = max(*totals, *(quota for row in rows for quota in row))
    if heaviest >= SUMS:
        raise TooLarge(heaviest, SUMS)
    single = [k for k, size in enumerate(sizes) if size == 1]
    lanes = single[-_LANES:]
    axes = [k for k in range(len(sizes)) if k not in lanes]
    words = math.prod(sizes[k] + 1 for k in axes)
    if words > WORDS:
        raise TooLarge(words, WORDS)
    return _Table(kinds, sizes, rows, lanes, axes).count()


class _Table:
    """The words, with their axes in two groups: one block of words for each cell of the outer ones."""

    def __init__(
        self,
        kinds: Sequence[tuple[int, ...]],
        sizes: Sequence[int],
        rows: Sequence[tuple[int, ...]],
        lanes: list[int],
        axes: list[int],
    ) -> None:
        self.kinds, self.sizes, self.rows, self.lanes = kinds, sizes, rows, lanes
        cut = len(axes)
        while cut and math.prod(sizes[k] + 1 for k in axes[cut - 1 :]) <= _BLOCK:
            cut -= 1
        self.outer, self.inner = axes[:cut], axes[cut:]
        self.outer_shape = tuple(sizes[k] + 1 for k in self.outer)
        self.inner_shape = tuple(sizes[k] + 1 for k in self.inner)
        number = np.arange(1 << len(lanes))
        self.has = [  # the bits of a word whose coalitions hold the member of a lane
            _word(number >> i & 1 == 1) for i in range(len(lanes))
        ]
        self.of_size = [  # the bits whose coalitions hold so many members of lanes
            _word(np.bitwise_count(number) == s) for s in range(len(lanes) + 1)
        ]
        self.won: Words = np.zeros((*self.outer_shape, *self.inner_shape), np.uint64)
        self._fill()

    def _fill(self) -> None:
        """Which coalitions win."""
        places = range(len(self.rows[0]))
        inner = [self._sums(self.inner, w) for w in places]
        lane = [self._lane_sums(w) for w in places]
        for cell in np.ndindex(*self.outer_shape):
            base = [sum(self.kinds[k][w] * c for k, c in zip(self.outer, cell, strict=True)) for w in places]
            block = self._block(cell)
            for bit in range(1 << len(self.lanes)):
                some: npt.NDArray[np.bool_] | None = None
                for row in self.rows:
                    reached: Any = True
                    for w, quota in enumerate(row):
                        if quota > 0:
                            reached = (inner[w] >= quota - base[w] - lane[w][bit]) & reached
                    some = reached if some is None else some | reached
                block |= np.asarray(some).astype(np.uint64) << np.uint64(bit)

    def _sums(self, axes: Sequence[int], weight: int) -> Ints:
        out: Ints = np.zeros((1,) * len(axes), np.int64)
        for n, k in enumerate(axes):
            column = np.arange(self.sizes[k] + 1, dtype=np.int64) * self.kinds[k][weight]
            out = out + column.reshape([-1 if m == n else 1 for m in range(len(axes))])
        return out

    def _lane_sums(self, weight: int) -> list[int]:
        sums = [0]
        for k in self.lanes:
            sums += [s + self.kinds[k][weight] for s in sums]
        return sums

    def _block(self, cell: tuple[int, ...]) -> Words:
        """The words of one cell of the outer axes, not a copy of them."""
        index: tuple[Any, ...] = (*cell, ...)
        block: Words = self.won[index]
        return block

    def _least(self, cell: tuple[int, ...]) -> Words:
        """The minimal ones of a block."""
        block = self._block(cell)
        less: Words = np.zeros_like(block)  # wins without some member
        for i, has in enumerate(self.has):
            less |= block << np.uint64(1 << i) & has
        for axis in range(block.ndim):
            upper, lower = _beside(axis, block.ndim)
            less[upper] |= block[lower]
        for axis, c in enumerate(cell):
            if c:
                less |= self._block((*cell[:axis], c - 1, *cell[axis + 1 :]))
        return block & ~less

    def count(self) -> tuple[Counts, list[Counts]]:
        """By size: all, and with one member of each kind."""
        members = sum(self.sizes)
        outside = sum(self.sizes[k] for k in self.outer)
        depth = len(self.lanes) + 1
        inner_total = np.zeros((outside + depth, *self.inner_shape), np.int64)
        outer_total = np.zeros((members - outside + 1, *self.outer_shape), np.int64)
        in_lane = np.zeros((len(self.lanes), members + 1), np.int64)
        for cell in np.ndindex(*self.outer_shape):
            least = self._least(cell)
            if not least.any():
                continue
            held = sum(cell)
            ways = math.prod(math.comb(self.sizes[k], c) for k, c in zip(self.outer, cell, strict=True))
            found = self._counts(least)
            inner_total[held : held + depth] += ways * found
            outer_total[(slice(None), *cell)] = self._summed(found, self.inner)
            for i, has in enumerate(self.has):
                counts = self._summed(self._counts(least & has), self.inner)
                in_lane[i, held : held + len(counts)] += ways * counts
        each: dict[int, Counts] = {k: in_lane[i].tolist() for i, k in enumerate(self.lanes)}
        for total, axes in ((inner_total, self.inner), (outer_total, self.outer)):
            for kind, apart in self._apart(total, axes):
                each[kind] = self._with_one(kind, apart)
        everything = self._summed(inner_total, self.inner).tolist()
        return everything, [each[k] for k in range(len(self.sizes))]

    def _counts(self, words: Words) -> Ints:
        """(size in lanes, ...): set bits."""
        return np.stack([np.bitwise_count(words & size) for size in self.of_size]).astype(np.int64)

    def _without(self, total: Ints, kind: int, axis: int) -> Ints:
        """Sum an axis away: (size, ...), with as many sizes more as the kind has members."""
        size = self.sizes[kind]
        moved = np.moveaxis(total, axis, 0)
        out = np.zeros((moved.shape[1] + size, *moved.shape[2:]), np.int64)
        for c in range(size + 1):
            out[c : c + moved.shape[1]] += math.comb(size, c) * moved[c]
        return out

    def _summed(self, total: Ints, axes: Sequence[int]) -> Ints:
        for kind in axes:
            total = self._without(total, kind, 1)
        return total

    def _apart(self, total: Ints, axes: Sequence[int]) -> Iterator[tuple[int, Ints]]:
        """For every axis (size, members of the kind), all the others summed away; by halves."""
        if len(axes) == 1:
            yield axes[0], total
        elif axes:
            half = len(axes) // 2
            rest = total
            for kind in reversed(axes[half:]):
                rest = self._without(rest, kind, rest.ndim - 1)
            yield from self._apart(rest, axes[:half])
            yield from self._apart(self._summed(total, axes[:half]), axes[half:])

    def _with_one(self, kind: int, apart: Ints) -> Counts:
        """By size, those that hold one given member of a kind."""
        size, members = self.sizes[kind], sum(self.sizes)
        out = [0] * (members + 1)
        for c in range(1, size + 1):
            for s, ways in enumerate(apart[:, c].tolist()):
                if ways:
                    out[s + c] += math.comb(size - 1, c - 1) * ways
        return out


def _word(bits: npt.NDArray[np.bool_]) -> np.uint64:
    return np.uint64(sum(1 << int(n) for n in np.flatnonzero(bits)))


def _beside(axis: int, axes: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """The cells from 1 on along an axis, and for each the one with a member less."""
    upper, lower = [slice(None)] * axes, [slice(None)] * axes
    upper[axis], lower[axis] = slice(1, None), slice(None, -1)
    return tuple(upper), tuple(lower)
