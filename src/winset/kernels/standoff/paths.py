"""From one state: which states can be reached, in how many moves, and by whose.

A legal sequence of moves is one in which no party moves twice in a row, since two moves of one party would be
one where its moves can be joined (Fang, Hipel and Kilgour 1993, ch. 3; Xu, Hipel, Kilgour and Fang 2018,
ch. 4: R_H(s) by any moves, R_H+(s) by unilateral improvements of whoever moves). Status quo analysis asks
which states such sequences lead to, and by which shortest ones (Li, Kilgour and Hipel 2005).

The search runs over pairs of a state and who moved last, level by level. A level is found for all its states
at once: the party can have come to t when the least rank among the states of the level before that its moves
lead from is there at all (any moves), or is below its rank of t (improvements).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.moves import Moves

__all__ = ["Reach", "reach"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]

Step = tuple[int, int]  # who moves, and to which state


@dataclass(frozen=True)
class Reach:
    """What can be reached from one state by legal sequences."""

    start: int
    distance: npt.NDArray[np.int32]  # (state,): least moves, 0 at the start, -1 where none leads
    last: npt.NDArray[np.int32]  # (party, state): the same, one move at least, the party's the last
    moves: tuple[Moves, ...]
    ranks: Ints | None  # (party, state) where every move has to improve

    @property
    def reached(self) -> Bools:
        """(state,): R_H(start). The start is in it only if a sequence leads back."""
        return np.asarray((self.last > 0).any(axis=0))

    def paths(self, end: int, most: int = 1) -> list[tuple[Step, ...]]:
        """Up to ``most`` shortest sequences to a state, ordered by movers and states from the end back.

        The start itself has the empty one; a state that is not reached has none.
        """
        if end == self.start:
            return [()]
        out: list[tuple[Step, ...]] = []
        for path in self._back(end, int(self.distance[end])):
            if len(out) == most:
                break
            out.append(path)
        return out

    def _back(self, end: int, left: int) -> Iterator[tuple[Step, ...]]:
        """Sequences of ``left`` moves to a state. As they are shortest nobody moves twice in a row."""
        if left == 0:
            if end == self.start:
                yield ()
            return
        if left < 0:
            return
        for j, moves in enumerate(self.moves):
            if self.last[j, end] != left:
                continue
            for before in moves.backward().ends(end).tolist():
                if self.ranks is not None and self.ranks[j, before] >= self.ranks[j, end]:
                    continue
                for path in self._back(before, left - 1):
                    yield (*path, (j, end))


def reach(
    owner: Sequence[int],
    feasible: Bools,
    start: int,
    *,
    parties: int,
    ranks: Ints | None = None,
    movers: Sequence[int] | None = None,
    once: npt.NDArray[np.int8] | None = None,
    states: npt.NDArray[np.int64] | None = None,
) -> Reach:
    """All that legal sequences of moves lead to from one state.

    Parameters
    ----------
    owner, feasible, once, states
        See ``stability``.
    start
        A feasible state.
    parties
        How many there are.
    ranks : (party, state), optional
        If given, every move must improve on the state before it for whoever moves.
    movers : optional
        Who may move; everyone by default.
    """
    allowed = set(range(parties) if movers is None else movers)
    moves = moves_of(owner, once, feasible, parties, states)
    back = [m.backward() for m in moves]
    void = np.iinfo(np.int32).max
    last = np.full((parties, len(feasible)), -1, np.int32)
    # who came to which states at the last level; at the start nobody has moved
    came: dict[int, Bools] = {-1: np.zeros(len(feasible), np.bool_)}
    came[-1][start] = True
    level = 0
    while came:
        level += 1
        new: dict[int, Bools] = {}
        for j in sorted(allowed):
            before = [states for k, states in came.items() if k != j]
            if not before or not moves[j].own:
                continue
            at = np.logical_or.reduce(before)
            floor = np.zeros(len(feasible), np.int32) if ranks is None else ranks[j].astype(np.int32)
            least = back[j].least(np.where(at, floor, void).astype(np.int32), void)
            found = (least < void if ranks is None else least < floor) & feasible & (last[j] < 0)
            if found.any():
                last[j, found] = level
                new[j] = found
        came = new
    distance = np.where(last < 0, void, last).min(axis=0)
    distance[distance == void] = -1
    distance[start] = 0
    return Reach(start, distance, last, tuple(moves), ranks)
