"""Dilemmas of confrontation analysis, for many rankings of the states at once.

With p_i the state that party i's position asks for, t the state that comes about when each does what it has
said it will do without agreement (the threatened future), and > a party's own preference, a party i that has
taken a position has

threat        over t:         t' > t for i, for some t' that i makes of t by its own options alone
rejection     towards j:      p_j > t for i (inducement in Howard 1999)
persuasion    towards j:      t > p_i for j (deterrence in Howard 1999)
positioning   towards j:      p_j > p_i for i
cooperation   over p_i:       s > p_i for i, for some s that i makes of p_i by its own options alone
trust         towards j:      s > p_i for j, for some s that j makes of p_i by its own options alone

The first four are dilemmas of a confrontation: they need a position that differs from i's (for threat: of
anybody; else: of j). Cooperation and trust are there whether positions differ or not. Whether an option could
be taken back once it is taken plays no part: what counts is whether it would be done at all.

Source: Murray-Jones and Howard, *Confrontation analysis: a command and control system for conflicts other
than war*, for threat, deterrence, inducement and trust; Howard 1999, *Confrontation Analysis*, and Bryant
2003, *The Six Dilemmas of Collaboration*, for all six.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["NONE", "Dilemmas", "dilemmas"]

Bools = npt.NDArray[np.bool_]
States = npt.NDArray[np.int64]
Ranks = npt.NDArray[np.int32]

NONE = -1


@dataclass(frozen=True, slots=True)
class Dilemmas:
    """Who has which dilemma; of what somebody would rather do the best, or ``NONE``."""

    threat: States  # (ranking, party)
    cooperation: States  # (ranking, party)
    trust: States  # (ranking, party, towards): what the other would rather do
    rejection: Bools  # (ranking, party, towards)
    persuasion: Bools  # (ranking, party, towards)
    positioning: Bools  # (ranking, party, towards)


def dilemmas(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ranks,
    positions: Sequence[int],
    threatened: int,
    *,
    states: States | None = None,
) -> Dilemmas:
    """The six dilemmas of every party that has taken a position.

    Parameters
    ----------
    owner
        Whose each option is: indices of parties.
    feasible : bool (state,)
        2 ** options of them, or as many as ``states`` lists.
    ranks : int32 (ranking, party, state)
        A higher rank is preferred, equal ranks are indifferent.
    positions
        The state that each party's position asks for, or ``NONE``.
    threatened
        The state that comes about without agreement.
    states : int64 (state,), optional
        The numbers of the states that arrays run over, ascending; by default all 2 ** options of them.
    """
    many, parties, _ = ranks.shape
    stated = [i for i in range(parties) if positions[i] != NONE]
    numbers = np.arange(len(feasible)) if states is None else states
    boxes = [_box(owner, party, numbers, feasible) for party in range(parties)]
    threat = np.full((many, parties), NONE, np.int64)
    cooperation = threat.copy()
    trust = np.full((many, parties, parties), NONE, np.int64)
    rejection, persuasion, positioning = (np.zeros((many, parties, parties), np.bool_) for _ in range(3))
    for i in stated:
        own = positions[i]
        others = [j for j in stated if positions[j] != own]
        if others:
            threat[:, i] = _better(boxes[i], ranks[:, i], threatened)
        for j in others:
            mine, theirs = ranks[:, i], ranks[:, j]
            rejection[:, i, j] = mine[:, positions[j]] > mine[:, threatened]
            persuasion[:, i, j] = theirs[:, threatened] > theirs[:, own]
            positioning[:, i, j] = mine[:, positions[j]] > mine[:, own]
        for j in range(parties):
            found = _better(boxes[j], ranks[:, j], own)
            if j == i:
                cooperation[:, i] = found
            else:
                trust[:, i, j] = found
    return Dilemmas(threat, cooperation, trust, rejection, persuasion, positioning)


@dataclass(frozen=True, slots=True)
class _Box:
    """What a party makes of a state by its own options."""

    mask: int  # bits of its own options
    states: States  # (state,): the number of each
    feasible: Bools  # (state,)

    def of(self, state: int) -> States:
        """The feasible states, this one among them if it is feasible."""
        same: Bools = (self.states ^ self.states[state]) & ~self.mask == 0
        return np.flatnonzero(same & self.feasible)


def _box(owner: Sequence[int], party: int, states: States, feasible: Bools) -> _Box:
    return _Box(sum(1 << o for o, whose in enumerate(owner) if whose == party), states, feasible)


def _better(box: _Box, ranks: Ranks, state: int) -> States:
    """(ranking,): the best state that the party would rather make of this one; of equals the first."""
    reached = box.of(state)
    if not len(reached):
        return np.full(len(ranks), NONE, np.int64)
    inside = ranks[:, reached]
    best = inside.argmax(axis=1)
    better = inside[np.arange(len(ranks)), best] > ranks[:, state]
    out: States = np.where(better, reached[best], NONE)
    return out
