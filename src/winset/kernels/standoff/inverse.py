"""What a party would have to prefer for a wanted state to be stable for it.

The inverse of stability analysis (Kinsara, Kilgour and Hipel 2015; Wang, Hipel, Fang, Xu and Kilgour 2018)
asks which of all rankings of a party make a state stable, the others' preferences as they are. Instead of a
list of rankings the answer is one pattern. With w the wanted state, i the party, and t <= w short for "w is
at least as good as t for i", the state is stable exactly if for every s1 of R_i(w)

nash       s1 <= w
gmr, seq   s1 <= w, or t <= w for some t that the others reach from s1 (by any moves, or by improvements)
smr, sseq  s1 <= w, or for some such t both t <= w and u <= w for all u of R_i(t)

i's own preferences move no other party, so what is reached from s1 does not depend on them. Nothing can be
left out of the pattern: whichever states are to be no better than w, some ranking has exactly those; every
s1 and every t stands for itself, for others' moves leave i's options as they are in s1, so that no t is w,
nor can two alternatives hold the same state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.limits import TooLarge
from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.paths import reach
from winset.kernels.standoff.stability import IMPROVING

__all__ = ["Condition", "Pattern", "inverse"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]
States = npt.NDArray[np.int64]

CELLS = 1 << 26  # moves of the party times states: some ten seconds


@dataclass(frozen=True, slots=True)
class Condition:
    """Of a move away from the wanted state: that, or one of these, must be no better than the wanted
    state."""

    move: int
    sanctions: States  # what the others can make of it; none for nash
    answers: tuple[States, ...]  # for each sanction what the party can make of that; under smr and sseq only

    def bar(self, ranks: Ints) -> Ints:
        """(...): the lowest rank of the wanted state with which the condition holds.

        Parameters
        ----------
        ranks : (..., state)
        """
        ways = [ranks[..., self.move]]
        if self.answers:
            ways += [
                ranks[..., [t, *u]].max(axis=-1) for t, u in zip(self.sanctions, self.answers, strict=True)
            ]
        elif len(self.sanctions):
            ways.append(ranks[..., self.sanctions].min(axis=-1))
        return np.asarray(np.minimum.reduce(ways))


@dataclass(frozen=True, slots=True)
class Pattern:
    """The conditions on a party's preferences under which a state is stable for it: all of them."""

    wanted: int
    party: int
    concept: str
    conditions: tuple[Condition, ...]

    def bar(self, ranks: Ints) -> Ints:
        """(...): the lowest rank of the wanted state with which it is stable, the other states as they are.

        Parameters
        ----------
        ranks : (..., state)
            Of the party; 0 or more.
        """
        start = np.zeros(ranks.shape[:-1], ranks.dtype)
        return np.asarray(np.maximum.reduce([start, *(c.bar(ranks) for c in self.conditions)]))

    def holds(self, ranks: Ints) -> Bools:
        """(...): whether the wanted state is stable for a party with these ranks (..., state)."""
        return np.asarray(self.bar(ranks) <= ranks[..., self.wanted])


def inverse(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ints,
    wanted: int,
    party: int,
    concept: str,
    *,
    once: npt.NDArray[np.int8] | None = None,
    states: npt.NDArray[np.int64] | None = None,
    limit: int = CELLS,
) -> Pattern:
    """What a party would have to prefer for a state to be stable for it.

    Parameters
    ----------
    owner, feasible, ranks, once, states
        See ``stability``; ranks are (party, state), and those of the party itself do not matter.
    wanted
        A feasible state.
    concept
        One of ``CONCEPTS``.

    Raises
    ------
    TooLarge
        If the party's moves times the states pass the limit.
    """
    moves = moves_of(owner, once, feasible, len(ranks), states)
    ends = moves[party].ends(wanted).tolist()
    if concept != "nash" and len(ends) * len(feasible) > limit:
        raise TooLarge(len(ends) * len(feasible), limit)
    none = np.zeros(0, np.int64)
    if concept == "nash":
        return Pattern(wanted, party, concept, tuple(Condition(s1, none, ()) for s1 in ends))
    prefer = ranks if concept in IMPROVING else None
    others = [j for j in range(len(ranks)) if j != party]
    conditions = []
    for s1 in ends:
        found = reach(
            owner, feasible, s1, parties=len(ranks), ranks=prefer, movers=others, once=once, states=states
        ).reached
        found[s1] = False  # leading back to the move itself adds nothing to it
        sanctions = np.flatnonzero(found)
        answers: tuple[States, ...] = ()
        if concept in ("smr", "sseq"):
            answers = tuple(moves[party].ends(t) for t in sanctions.tolist())
        conditions.append(Condition(s1, sanctions, answers))
    return Pattern(wanted, party, concept, tuple(conditions))
