"""How hard the sanctions are that keep a state stable: strong and weak stability.

Hamouda, Kilgour and Hipel 2004 (two parties), 2006 (any number): a party may prefer one state to another
mildly or greatly. Improvements, mild ones too, are what tempts it, and others may sanction by mild
improvements; so stability as such is that of ``stability``. It is *strong* when every improvement meets a
sanction that leaves the party, whatever it answers under smr and sseq, only with states to which it greatly
prefers the state it left; *weak* when it is stable but not strongly so. Where the party has no improvement
at all nothing has to be sanctioned, and the state counts as strongly stable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.stability import worth_moving

__all__ = ["GRADED", "Strength", "graded", "strength"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]

GRADED = ("gmr", "smr", "seq", "sseq")


@dataclass(frozen=True, slots=True)
class Strength:
    """Strong and weak stability of every state for every party."""

    stable: dict[str, Bools]  # concept -> (..., party, state): strongly or weakly
    strong: dict[str, Bools]

    def weak(self, concept: str) -> Bools:
        """(..., party, state)"""
        return self.stable[concept] & ~self.strong[concept]

    def strong_equilibria(self, concept: str) -> Bools:
        """(..., state): strongly stable for all parties."""
        return np.asarray(self.strong[concept].all(axis=-2))


def graded(ranks: Ints, grades: Ints) -> Ints:
    """(..., state): the highest rank to which a state is greatly preferred, -1 if to none.

    Parameters
    ----------
    ranks : (..., state)
    grades : (..., state)
        A state is greatly preferred to all of a lower grade. Grades must not fall where ranks rise.
    """
    out = np.full(ranks.shape, -1, ranks.dtype)
    for place in np.ndindex(ranks.shape[:-1]):
        grade, where = np.unique(grades[place], return_inverse=True)
        top = np.full(len(grade) + 1, -1, ranks.dtype)
        np.maximum.at(top, where + 1, ranks[place])
        out[place] = np.maximum.accumulate(top)[where]
    return out


def strength(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ints,
    below: Ints,
    *,
    once: npt.NDArray[np.int8] | None = None,
    states: npt.NDArray[np.int64] | None = None,
    concepts: Sequence[str] = GRADED,
) -> Strength:
    """Strong and weak stability of all states for all parties.

    Parameters
    ----------
    owner, feasible, ranks, once, states
        See ``stability``.
    below : (..., party, state)
        The highest rank of a party to which it greatly prefers the state, lower than that of the state; -1 if
        there is none. See ``graded``.
    """
    moves = moves_of(owner, once, feasible, ranks.shape[-2], states)
    by_party = np.moveaxis(ranks, -2, 0)
    uphill = {j: m.uphill(by_party[j]) for j, m in enumerate(moves)}
    stable = {c: np.zeros(ranks.shape, np.bool_) for c in concepts}
    strong = {c: np.zeros(ranks.shape, np.bool_) for c in concepts}
    for i, rank in enumerate(by_party):
        for concept, most in worth_moving(i, moves, uphill, concepts).items():
            stable[concept][..., i, :] = (most <= rank) & feasible
            strong[concept][..., i, :] = (most <= below[..., i, :]) & feasible
    return Strength(stable, strong)
