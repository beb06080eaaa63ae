"""Who can move from which state to which, without a matrix of states by states.

A state says yes or no to every option; it is the number whose bits those are (option 0 is the lowest bit).
A party changes any of its own options at once, so the states that it can move between form a box over its
options. All questions asked here are "the least, the most, or any, of a quantity over the states that it can
move to": over a box they are answered option by option, move by move, or by sorting the box once.

Every array may have axes before its last, of states: several preferences, or words of bits, side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Moves", "Uphill", "moves_of"]

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
        return replace(self, once=-self.once)

    def boxed(self, values: Ints) -> Ints:
        """(box, position): the values of states, box by box; bit n of a position is the n-th own option."""
        axes = values.reshape(-1, *(2,) * self.count)  # the highest option first
        place = [self.count - o for o in (*reversed(self.rest), *reversed(self.own))]
        return axes.transpose(0, *place).reshape(-1, self.size)

    def flat(self, boxed: Ints, lead: tuple[int, ...] = ()) -> Ints:
        """(..., state): the inverse of ``boxed``; ``lead`` are the axes before the states."""
        order = (*reversed(self.rest), *reversed(self.own))
        place = np.argsort([self.count - 1 - o for o in order])
        out = boxed.reshape(-1, *(2,) * self.count).transpose(0, *(int(p) + 1 for p in place))
        return np.ascontiguousarray(out).reshape(*lead, 1 << self.count)

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
        """(..., state): the smallest value over states that the party can move to; ``none`` where there is
        no such state."""
        return self._over(np.minimum, values, none)

    def most(self, values: Ints, none: int) -> Ints:
        """(..., state): the largest value over the states that the party can move to."""
        return self._over(np.maximum, values, none)

    def any(self, bits: Ints) -> Ints:
        """(..., state): which bits are set in some state that the party can move to."""
        return self.flat(self._anywhere(np.bitwise_or, self.boxed(self.inside(bits, 0))), bits.shape[:-1])

    def uphill(self, ranks: Ints) -> Uphill:
        """The party's unilateral improvements under ranks (..., state)."""
        return Uphill(self, ranks)

    def _over(self, take: np.ufunc, values: Ints, none: int) -> Ints:
        found = self._anywhere(take, self.boxed(self.inside(values, nothing(take, values.dtype))))
        return settled(take, self.flat(found, values.shape[:-1]), none)

    def inside(self, values: Ints, outside: Any) -> Ints:
        """Values (..., state), those of infeasible states replaced."""
        if self.feasible.all():
            return values
        out = values.copy()
        out[..., ~self.feasible] = outside
        return out

    def _anywhere(self, take: np.ufunc, boxed: Ints) -> Ints:
        """Over every move: what ``take`` makes of a box option by option, the own state left out.

        ``near`` holds what changes of the options so far lead to, the state itself included; ``far`` the same
        without it. Another option adds to ``far`` what ``near`` is across that option.
        """
        near = np.ascontiguousarray(boxed)
        far = np.full(boxed.shape, nothing(take, boxed.dtype), boxed.dtype)
        for n, option in enumerate(self.own):
            shape = (-1, 2, 1 << n)
            across, beyond = near.reshape(shape), far.reshape(shape)
            grown = across.copy()
            if self.once[option] >= 0:
                take(beyond[:, 0], across[:, 1], out=beyond[:, 0])
                take(grown[:, 0], across[:, 1], out=grown[:, 0])
            if self.once[option] <= 0:
                take(beyond[:, 1], across[:, 0], out=beyond[:, 1])
                take(grown[:, 1], across[:, 0], out=grown[:, 1])
            near = grown
        return far


class Uphill:
    """The unilateral improvements of one party: the moves to states that it ranks higher.

    What depends on the ranks alone is found once, and serves all questions about them.

    Parameters
    ----------
    ranks : (..., state)
    """

    def __init__(self, moves: Moves, ranks: Ints) -> None:
        self.moves, self.ranks = moves, ranks
        self._small = moves.size <= _SMALL

    def any(self) -> Bools:
        """(..., state): whether the party has an improvement."""
        out: Bools = self.moves.most(self.ranks, -1) > self.ranks
        return out

    def least(self, values: Ints, none: int) -> Ints:
        """(..., state): the smallest value over the party's improvements; values are 0 or more."""
        return self._over(np.minimum, values, none)

    def most(self, values: Ints, none: int) -> Ints:
        """(..., state): the largest value over the party's improvements; values are 0 or more."""
        return self._over(np.maximum, values, none)

    def _over(self, take: np.ufunc, values: Ints, none: int) -> Ints:
        boxed = self.moves.boxed(self.moves.inside(values, nothing(take, values.dtype)))
        found = self._move_by_move(take, boxed) if self._small else self._sorted(take, boxed)
        return settled(take, self.moves.flat(found, values.shape[:-1]), none)

    @cached_property
    def _barred(self) -> list[tuple[int, int, Ints]]:
        """Every move from one position to another, and -1 for boxes in which it does not improve, else 0."""
        ranks = np.ascontiguousarray(self.moves.boxed(self.ranks).T)
        places = np.arange(self.moves.size)
        pairs = np.argwhere(self.moves.may(places[:, None], places[None]))
        return [(p, q, -(ranks[q] <= ranks[p]).astype(ranks.dtype)) for p, q in pairs.tolist()]

    def _move_by_move(self, take: np.ufunc, boxed: Ints) -> Ints:
        """Of a small box: every move in turn, for all boxes at once. A barred one is set to nothing by its
        bits, which is many times as fast as a choice."""
        value = np.ascontiguousarray(boxed.T)
        void = value.dtype.type(nothing(take, value.dtype))
        out = np.full(value.shape, void)
        for start, end, barred in self._barred:
            take(out[start], value[end] | (barred & void), out=out[start])
        return out.T

    @cached_property
    def _slices(self) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Ints, Ints]]:
        """Positions that agree in the options that change one way only, and the positions in their reach.

        For each: the starts; the ends; places of the ends in each box from the lowest rank up; and for each
        start the place of the first end of a higher rank.
        """
        boxed = self.moves.boxed(self.ranks)
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
        out = np.empty(boxed.shape, boxed.dtype)
        for starts, ends, order, after in self._slices:
            above = np.full((len(boxed), len(ends) + 1), nothing(take, boxed.dtype), boxed.dtype)
            value = boxed[:, ends].ravel().take(order)
            take.accumulate(value[:, ::-1], axis=1, out=above[:, -2::-1])
            out[:, starts] = above.ravel().take(after)
        return out


def nothing(take: np.ufunc, kind: np.dtype[Any]) -> int:
    """What a minimum, a maximum of numbers not below 0, or a union of bits starts from."""
    if take is np.bitwise_or:
        return 0
    return int(np.iinfo(kind).max if take is np.minimum else np.iinfo(kind).min)


def settled(take: np.ufunc, found: Ints, none: int) -> Ints:
    """Minima or maxima with ``none`` where there was nothing to take them of; in place."""
    empty = found == nothing(take, found.dtype) if take is np.minimum else found < 0
    if empty.any():
        found[empty] = none
    return found


def moves_of(
    owner: Sequence[int], once: npt.NDArray[np.int8] | None, feasible: Bools, parties: int
) -> list[Moves]:
    """The moves of each party.

    Parameters
    ----------
    owner
        Whose each option is.
    once : int8 (option,), optional
        See ``Moves``; by default every option may be taken up and dropped again.
    """
    given = np.zeros(len(owner), np.int8) if once is None else once
    return [
        Moves(len(owner), tuple(o for o, whose in enumerate(owner) if whose == p), given, feasible)
        for p in range(parties)
    ]
