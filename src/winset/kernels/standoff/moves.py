"""Who can move from which state to which, without a matrix of states by states.

A state says yes or no to every option; it is the number whose bits those are (option 0 is the lowest bit).
A party changes any of its own options at once, so the states that it can move between form a box over its
options. All questions asked here are "the least, the most, or any, of a quantity over the states that it can
move to": over a box they are answered option by option, move by move, or by sorting the box once.

Every array may have axes before its last, of states: several preferences, or words of bits, side by side. The
work is done with the states first; arrays that lie so in memory, and are only turned, need no copy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Moves", "Uphill", "lined", "nothing", "turned"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]  # of any width

_SMALL = 16  # states of a box up to which its moves are taken one by one


@dataclass(frozen=True)
class Moves:
    """The unilateral moves of one party.

    Parameters
    ----------
    count
        Options of all parties together.
    own
        The party's options, ascending.
    once : int8 (option,)
        0 for an option that may be taken up and dropped again; 1 if it can only be taken up; -1 if it can
        only be dropped.
    feasible : bool (state,)
    """

    count: int
    own: tuple[int, ...]
    once: npt.NDArray[np.int8]
    feasible: Bools

    @property
    def size(self) -> int:
        """States of a box."""
        return 1 << len(self.own)

    @cached_property
    def rest(self) -> tuple[int, ...]:
        return tuple(o for o in range(self.count) if o not in set(self.own))

    @cached_property
    def free(self) -> bool:
        """Whether every own option may be taken up and dropped again."""
        return self.bound == (0, 0)

    @cached_property
    def bound(self) -> tuple[int, int]:
        """Bits of a position that can only be set, and bits that can only be cleared."""
        up = sum(1 << n for n, o in enumerate(self.own) if self.once[o] > 0)
        down = sum(1 << n for n, o in enumerate(self.own) if self.once[o] < 0)
        return up, down

    def backward(self) -> Moves:
        """The same moves the other way round: from where they lead to where they began."""
        return self._backward

    @cached_property
    def _backward(self) -> Moves:
        return replace(self, once=-self.once)

    def boxed(self, lined: Ints) -> Ints:
        """(position, box): values (state, side) box by box; bit n of a position is the n-th own option."""
        axes = lined.reshape(*(2,) * self.count, -1)  # the highest option first
        return axes.transpose(*self._place, self.count).reshape(self.size, -1)

    def unboxed(self, boxed: Ints) -> Ints:
        """(state, side): the inverse of ``boxed``."""
        axes = boxed.reshape(*(2,) * self.count, -1)
        return axes.transpose(*np.argsort(self._place), self.count).reshape(1 << self.count, -1)

    @cached_property
    def _place(self) -> list[int]:
        return [self.count - 1 - o for o in (*reversed(self.own), *reversed(self.rest))]

    def may(self, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Bools:
        """Whether the party can go from one position of a box to another, both feasible; it cannot stay."""
        up, down = self.bound
        out: Bools = (start != end) & (start & up & ~end == 0) & (end & down & ~start == 0)
        return out

    def ends(self, state: int) -> npt.NDArray[np.int64]:
        """The feasible states that the party can move to from one state, ascending."""
        bits = [1 << o for o in self.own]
        places = np.arange(self.size)
        offset = sum((((places >> n) & 1) * bit for n, bit in enumerate(bits)), np.zeros_like(places))
        here = sum(1 << n for n, bit in enumerate(bits) if state & bit)
        there = (state & ~sum(bits)) + offset[self.may(np.array(here), places)]
        return there[self.feasible[there]]

    def least(self, values: Ints, none: int) -> Ints:
        """(..., state): the smallest value over the states that the party can move to.

        Parameters
        ----------
        values : (..., state)
            0 or more.
        none
            What to give where there is no such state: at least as large as any value.
        """
        return self._over(np.minimum, values, none)

    def most(self, values: Ints, none: int) -> Ints:
        """(..., state): the largest value over the states that the party can move to; ``none`` below 0."""
        return self._over(np.maximum, values, none)

    def any(self, bits: Ints) -> Ints:
        """(..., state): which bits are set in some state that the party can move to."""
        return self._over(np.bitwise_or, bits, 0)

    def uphill(self, ranks: Ints) -> Uphill:
        """The party's unilateral improvements under ranks (..., state)."""
        return Uphill(self, ranks)

    def _over(self, take: np.ufunc, values: Ints, none: int) -> Ints:
        found = self._anywhere(take, self.inside(lined(values), nothing(take, values.dtype)))
        return turned(take(found, found.dtype.type(none), out=found), values.shape)

    @cached_property
    def _never(self) -> npt.NDArray[np.intp]:
        return np.flatnonzero(~self.feasible)

    def inside(self, values: Ints, outside: int) -> Ints:
        """Values (state, side), those of infeasible states replaced."""
        if not len(self._never):
            return values
        out = values.copy()
        out[self._never] = outside
        return out

    def _anywhere(self, take: np.ufunc, near: Ints) -> Ints:
        """Over every move: what ``take`` makes of a box option by option, the own state left out.

        ``near`` holds what changes of the options so far lead to, the state itself included; ``far`` the same
        without it. Another option adds to ``far`` what ``near`` is across that option.
        """
        far = np.full(near.shape, nothing(take, near.dtype), near.dtype)
        for option in self.own:
            shape = (-1, 2, (1 << option) * near.shape[1])
            across, beyond = near.reshape(shape), far.reshape(shape)
            grown = across.copy()
            if self.once[option] >= 0:
                take(beyond[:, 0], across[:, 1], out=beyond[:, 0])
                take(grown[:, 0], across[:, 1], out=grown[:, 0])
            if self.once[option] <= 0:
                take(beyond[:, 1], across[:, 0], out=beyond[:, 1])
                take(grown[:, 1], across[:, 0], out=grown[:, 1])
            near = grown.reshape(near.shape)
        return far


class Uphill:
    """The unilateral improvements of one party: the moves to states that it ranks higher.

    What depends on the ranks alone is found once, and serves all questions about them.

    Parameters
    ----------
    ranks : (..., state)
    """

    def __init__(self, moves: Moves, ranks: Ints) -> None:
        self.moves, self.ranks = moves, turned(lined(ranks), ranks.shape)
        self._small = moves.size <= _SMALL

    def any(self) -> Bools:
        """(..., state): whether the party has an improvement."""
        out: Bools = self.moves.most(self.ranks, -1) > self.ranks
        return out

    def least(self, values: Ints, none: int) -> Ints:
        """(..., state): the smallest value over the party's improvements. See ``Moves.least``."""
        return self._over(np.minimum, values, none)

    def most(self, values: Ints, none: int) -> Ints:
        """(..., state): the largest value over the party's improvements. See ``Moves.most``."""
        return self._over(np.maximum, values, none)

    def _over(self, take: np.ufunc, values: Ints, none: int) -> Ints:
        boxed = self.moves.boxed(self.moves.inside(lined(values), nothing(take, values.dtype)))
        found = self._move_by_move(take, boxed) if self._small else self._sorted(take, boxed)
        out = self.moves.unboxed(found)
        return turned(take(out, out.dtype.type(none), out=out), values.shape)

    @cached_property
    def _barred(self) -> list[tuple[int, int, Ints]]:
        """Every move from one position to another; -1 for boxes in which it does not improve, else 0."""
        ranks = self.moves.boxed(lined(self.ranks))
        places = np.arange(self.moves.size)
        pairs = np.argwhere(self.moves.may(places[:, None], places[None]))
        return [(p, q, -(ranks[q] <= ranks[p]).astype(ranks.dtype)) for p, q in pairs.tolist()]

    def _move_by_move(self, take: np.ufunc, boxed: Ints) -> Ints:
        """Of a small box: every move in turn, for all boxes at once.

        The bits of a barred move are all set, which makes it the largest of the numbers without sign and less
        than any value of those with: many times as fast as a choice.
        """
        kind = np.dtype(f"u{boxed.itemsize}") if take is np.minimum else boxed.dtype
        value, out = boxed.view(kind), np.full(boxed.shape, -1, boxed.dtype).view(kind)
        either = np.empty(value.shape[1], kind)
        for start, end, barred in self._barred:
            np.bitwise_or(value[end], barred.astype(boxed.dtype, copy=False).view(kind), out=either)
            take(out[start], either, out=out[start])
        if take is np.minimum:
            out &= kind.type(nothing(take, boxed.dtype))
        return out.view(boxed.dtype)

    @cached_property
    def _slices(self) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Ints, Ints]]:
        """Positions that agree in the options that change one way only, and the positions in their reach.

        For each: the starts; the ends; places of the ends in each box from the lowest rank up; and for each
        start the place of the first end of a higher rank.
        """
        boxed = np.ascontiguousarray(self.moves.boxed(lined(self.ranks)).T)
        up, down = self.moves.bound
        places = np.arange(self.moves.size)
        out = []
        for fixed in np.unique(places & (up | down)):
            starts = np.flatnonzero(places & (up | down) == fixed)
            ends = np.flatnonzero((fixed & up & ~places == 0) & (places & down & ~fixed == 0))
            ranks = boxed[:, ends]
            order = np.argsort(ranks, axis=1)
            ranks = np.take_along_axis(ranks, order, 1)
            count = np.arange(1, len(ends) + 1)
            last = np.ones(ranks.shape, np.bool_)
            np.not_equal(ranks[:, 1:], ranks[:, :-1], out=last[:, :-1])
            higher = np.where(last, count, len(ends))
            higher = np.minimum.accumulate(higher[:, ::-1], axis=1)[:, ::-1]
            after = np.empty_like(order)
            np.put_along_axis(after, order, higher, 1)
            after = after[:, np.searchsorted(ends, starts)]
            row = np.arange(len(boxed))[:, None]
            out.append((starts, ends, order + row * len(ends), after + row * (len(ends) + 1)))
        return out

    def _sorted(self, take: np.ufunc, boxed: Ints) -> Ints:
        """Of a large box: its ends from the highest rank down, and ``take`` of those above each start."""
        rows = np.ascontiguousarray(boxed.T)
        out = np.empty_like(rows)
        for starts, ends, order, after in self._slices:
            above = np.full((len(rows), len(ends) + 1), nothing(take, rows.dtype), rows.dtype)
            value = rows[:, ends].ravel().take(order)
            take.accumulate(value[:, ::-1], axis=1, out=above[:, -2::-1])
            out[:, starts] = above.ravel().take(after)
        return out.T


def lined(values: Ints) -> Ints:
    """(state, side): values (..., state) with the states first."""
    first = np.moveaxis(values, -1, 0)
    return np.ascontiguousarray(first).reshape(len(first), -1)


def turned(found: Ints, shape: tuple[int, ...]) -> Ints:
    """(..., state): the inverse of ``lined``, without a copy."""
    return np.moveaxis(found.reshape(shape[-1], *shape[:-1]), 0, -1)


def nothing(take: np.ufunc, kind: np.dtype[Any]) -> int:
    """What a minimum, a maximum, or a union of bits starts from."""
    if take is np.bitwise_or:
        return 0
    return int(np.iinfo(kind).max if take is np.minimum else np.iinfo(kind).min)
