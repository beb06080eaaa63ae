"""Stability for parties that look a given number of moves ahead (limited-move stability, L_h).

Two parties (Kilgour 1985; Zagare 1984; Kilgour, Hipel and Fang 1987; Fang, Hipel and Kilgour 1993, ch. 3):
with a horizon of h moves, party i at state s either stays, and s is final, or moves to s1, where the other
party decides with a horizon of h - 1, and so on in turn; whoever stays ends it, and so does the last move.
i moves to the s1 whose final state it ranks highest, but stays unless that is above s. With G_h(i, s) the
final state, G_0(i, s) = s; s is L_h stable for i exactly when G_h(i, s) = s. L_1 is Nash stability.

The definition leaves two things open. Which end of equal worth i foresees when a mover is indifferent: here
those of all its best moves, of which a party that looks ahead reckons with the worst for itself. And who
goes on after i when there are more parties: here any other party may, each if it gains by what it foresees
in its turn, and i reckons with the one whose move leads to the worst for i; nobody moves twice in a row. So
a party that looks ahead is cautious about what it cannot know and exact about what it can, in the spirit of
the metarational concepts. Books and papers differ on this for three parties and more, and results may
differ with them; some let the others act as one party.

What matters of the foreseen ends is only what they are worth, at least, to each party: so a table of
parties by parties by states stands for them, and each horizon is found from the one before it for all
states at once. Since the next table depends on nothing but the last, horizons end in a cycle, and a state
that is stable in all of it is stable for every horizon from there on (non-myopic stability: Brams and
Wittman 1981; Kilgour 1984).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.moves import Moves

__all__ = ["Horizons", "horizons"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Horizons:
    """Limited-move stability for every horizon from 1 on."""

    stable: Bools  # (horizon - 1, party, state)
    cycle: tuple[int, int] | None  # a horizon, and after how many more everything repeats; None if not seen
    lasting: Bools | None  # (party, state): stable for every horizon from the cycle on; None without one

    @property
    def equilibria(self) -> Bools:
        """(horizon - 1, state): stable for all parties."""
        return np.asarray(self.stable.all(axis=1))


def horizons(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ints,
    longest: int,
    *,
    once: npt.NDArray[np.int8] | None = None,
    states: npt.NDArray[np.int64] | None = None,
) -> Horizons:
    """Limited-move stability of all states for all parties, for each horizon up to the longest.

    Parameters
    ----------
    owner, feasible, once, states
        See ``stability``.
    ranks : (party, state)
        0 or more, a higher one preferred.
    longest
        At least 1. The work ends earlier where everything repeats; the horizons left are then filled from
        the cycle.
    """
    moves = moves_of(owner, once, feasible, len(ranks), states)
    plain = ranks.astype(np.int64)
    going = np.zeros(ranks.shape, np.bool_)  # (party, state): who moves on from where
    worth = np.repeat(plain[None], len(ranks), axis=0)  # (mover, party, state): what its turn there leads to
    seen = {_mark(going, worth): 0}
    stable: list[Bools] = []
    cycle = None
    for horizon in range(1, longest + 1):
        going, worth = _further(moves, plain, going, worth)
        stable.append(~going & feasible)
        mark = _mark(going, worth)
        if mark in seen:
            cycle = (max(1, seen[mark]), horizon - seen[mark])
            break
        seen[mark] = horizon
    lasting = None
    if cycle is not None:
        first, period = cycle
        while len(stable) < max(longest, first + period - 1):
            stable.append(stable[-period])
        lasting = np.logical_and.reduce(stable[first - 1 : first - 1 + period])
    return Horizons(np.stack(stable[:longest]), cycle, lasting)


def _further(moves: Sequence[Moves], ranks: Longs, going: Bools, worth: Longs) -> tuple[Bools, Longs]:
    """The tables of a horizon from those of the horizon before it."""
    parties = range(len(ranks))
    wide = int(ranks.max()) + 1
    new_going, new_worth = np.zeros_like(going), np.empty_like(worth)
    for j in parties:
        others = [k for k in parties if k != j and moves[k].own]
        left = []  # what each party has of j's coming to a state, at least
        for i in parties:
            turns = [np.where(going[k], worth[k, i], wide) for k in others]
            least = np.minimum.reduce(turns) if turns else np.full(ranks.shape[1], wide)
            left.append(np.where(least < wide, least, ranks[i]))
        new_going[j] = (moves[j].most(left[j], -1) > ranks[j]) & moves[j].feasible
        for i in parties:
            # j's best first; among its best, the worst for i
            found = moves[j].most(left[j] * wide + (wide - 1 - left[i]), -1)
            new_worth[j, i] = np.where(new_going[j], wide - 1 - found % wide, ranks[i])
    return new_going, new_worth


def _mark(going: Bools, worth: Longs) -> bytes:
    key = hashlib.blake2b(np.packbits(going).tobytes(), digest_size=16)
    key.update(worth.tobytes())
    return key.digest()
