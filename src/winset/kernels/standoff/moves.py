"""Who can move from which state to which, without a matrix of states by states.

A state says yes or no to every option; it is the number whose bits those are (option 0 is the lowest bit).
A party changes any of its own options at once, so the states that it can move between form a box over its
options. All questions asked here are "the least, or the most, of a quantity over the states that it can move
to": over a box they are answered option by option, or by sorting the box once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

__all__ = ["Moves"]

Bools = npt.NDArray[np.bool_]
Ranks = npt.NDArray[np.int32]

_CELLS = 1 << 22  # comparisons at a time


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

    def boxed(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """(box, position): the values of states, box by box; bit n of a position is the n-th own option."""
        axes = values.reshape((2,) * self.count)  # the highest option first
        place = [self.count - 1 - o for o in (*reversed(self.rest), *reversed(self.own))]
        return axes.transpose(place).reshape(-1, self.size)

    def flat(self, boxed: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """(state,): the inverse of ``boxed``."""
        order = (*reversed(self.rest), *reversed(self.own))
        place = np.argsort([self.count - 1 - o for o in order])
        return np.ascontiguousarray(boxed.reshape((2,) * self.count).transpose(place)).reshape(-1)

    @cached_property
    def bound(self) -> tuple[int, int]:
        """Bits of a position that can only be set, and bits that can only be cleared."""
        up = sum(1 << n for n, o in enumerate(self.own) if self.once[o] > 0)
        down = sum(1 << n for n, o in enumerate(self.own) if self.once[o] < 0)
        return up, down

    def may(self, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Bools:
        """Whether the party can go from one position of a box to another, both feasible; it cannot stay."""
        up, down = self.bound
        out: Bools = (start != end) & (start & up & ~end == 0) & (end & down & ~start == 0)
        return out

    def most(self, values: Ranks, none: int) -> Ranks:
        """(state,): the largest value over the states that the party can move to; ``none`` where there is no
        such state."""
        return self._over(values, none, None, largest=True)

    def least(self, values: Ranks, none: int, above: Ranks | None = None) -> Ranks:
        """(state,): the smallest value over the states that the party can move to.

        Parameters
        ----------
        above : int32 (state,), optional
            The party's ranks: only moves to states that it ranks higher count (unilateral improvements).
        """
        return self._over(values, none, above, largest=False)

    def most_above(self, values: Ranks, none: int, above: Ranks) -> Ranks:
        """(state,): the largest value over the party's unilateral improvements."""
        return self._over(values, none, above, largest=True)

    def _over(self, values: Ranks, none: int, above: Ranks | None, *, largest: bool) -> Ranks:
        sign = -1 if largest else 1
        worst = np.iinfo(np.int32).max
        inside = np.where(self.feasible, sign * values, worst).astype(np.int32)
        boxed = np.ascontiguousarray(self.boxed(inside))
        if above is None:
            found = self._anywhere(boxed, worst)
        elif self.bound == (0, 0):
            found = self._sorted(boxed, np.ascontiguousarray(self.boxed(above)), worst)
        else:
            found = self._pairwise(boxed, np.ascontiguousarray(self.boxed(above)), worst)
        out = self.flat(found)
        result: Ranks = np.where(out == worst, none, sign * out.astype(np.int64)).astype(np.int32)
        return result

    def _anywhere(self, boxed: Ranks, worst: int) -> Ranks:
        """Over every move: the least over a box option by option, once without and once with the own state.

        ``first`` is the least over the states that can be reached, ``stay`` the value of the state itself;
        adding an option extends the box, and only states other than the own one are taken over.
        """
        stay, first = boxed, np.full_like(boxed, worst)
        for n, option in enumerate(self.own):
            shape = (-1, 2, 1 << n)
            s, f = stay.reshape(shape), first.reshape(shape)
            grown = f.copy()
            # with this option changed, every combination of the earlier ones counts, the same one included
            other = self._closed(s, n)
            if self.once[option] >= 0:
                np.minimum(grown[:, 0], other[:, 1], out=grown[:, 0])
            if self.once[option] <= 0:
                np.minimum(grown[:, 1], other[:, 0], out=grown[:, 1])
            first = grown.reshape(boxed.shape)
        return first

    def _closed(self, values: Ranks, options: int) -> Ranks:
        """The least over the states that changes of the first own options lead to, the own state included."""
        out = values.reshape(-1, 1 << options).copy()
        for n in range(options):
            low, high = out.reshape(-1, 2, 1 << n)[:, 0], out.reshape(-1, 2, 1 << n)[:, 1]
            option = self.own[n]
            before = low.copy()
            if self.once[option] >= 0:
                np.minimum(low, high, out=low)
            if self.once[option] <= 0:
                np.minimum(high, before, out=high)
        return out.reshape(values.shape)

    def _sorted(self, boxed: Ranks, ranks: Ranks, worst: int) -> Ranks:
        """Over improvements where every option may change both ways: sort each box, then run from the top."""
        order = np.argsort(ranks, axis=1, kind="stable")
        value, rank = np.take_along_axis(boxed, order, 1), np.take_along_axis(ranks, order, 1)
        tail = np.minimum.accumulate(value[:, ::-1], axis=1)[:, ::-1]
        tail = np.concatenate([tail, np.full((len(tail), 1), worst, np.int32)], axis=1)
        # the first place after those of the same rank
        places = np.arange(self.size)
        last = np.concatenate([rank[:, 1:] != rank[:, :-1], np.ones((len(rank), 1), np.bool_)], axis=1)
        after = np.where(last, places + 1, self.size)
        after = np.minimum.accumulate(after[:, ::-1], axis=1)[:, ::-1]
        found = np.take_along_axis(tail, after, 1)
        out = np.empty_like(boxed)
        np.put_along_axis(out, order, found, 1)
        return out

    def _pairwise(self, boxed: Ranks, ranks: Ranks, worst: int) -> Ranks:
        """Over improvements where some options change one way only: every pair of a box."""
        places = np.arange(self.size)
        allowed = self.may(places[:, None], places[None])
        out = np.full_like(boxed, worst)
        step = max(1, _CELLS // (self.size * self.size))
        for at in range(0, len(boxed), step):
            b, r = boxed[at : at + step], ranks[at : at + step]
            better = allowed & (r[:, None, :] > r[:, :, None])
            out[at : at + step] = np.where(better, b[:, None, :], worst).min(axis=2)
        return out


def owned(owner: Sequence[int], party: int) -> tuple[int, ...]:
    """The options of a party."""
    return tuple(o for o, p in enumerate(owner) if p == party)
