"""Stability when parties see the conflict differently: a hypergame of the first level.

Wang, Hipel and Fraser 1988; Aljefri, Bashar, Fang and Hipel 2018. Each party acts on a view of its own: it
may take others' preferences, even its own, for what they are not, and may not know of some options. It
analyses its view as if that were the conflict. A state can last if it is stable for every party in that
party's own view (an equilibrium of the hypergame); it is understood by all if it is an equilibrium in every
view. One that lasts although it is no equilibrium of the real conflict hangs on a misperception.

A party that does not know of an option takes a state in which it is taken for the one in which it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.stability import CONCEPTS, Stability, stability

__all__ = ["Hypergame", "View", "hypergame"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class View:
    """The conflict as one party sees it."""

    ranks: Ints  # (party, state): everybody's, as this party sees them
    known: Bools  # (option,): which options it knows of


@dataclass(frozen=True, slots=True)
class Hypergame:
    """Stability in reality and in the views."""

    real: Stability
    views: tuple[Stability, ...]  # one a party; its states are those that the party takes for real
    seen: npt.NDArray[np.int64]  # (party, state): what the party takes it for; -1 if it thinks it impossible
    stable: dict[str, Bools]  # concept -> (party, state): for the party, in its own view
    understood: dict[str, Bools]  # concept -> (state,): an equilibrium in every view

    def equilibria(self, concept: str) -> Bools:
        """(state,): stable for every party in its own view."""
        return np.asarray(self.stable[concept].all(axis=0))

    def mistaken(self, concept: str) -> Bools:
        """(state,): lasting, but no equilibrium of the real conflict."""
        return self.equilibria(concept) & ~self.real.equilibria[concept]


def hypergame(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ints,
    views: Sequence[View],
    *,
    once: npt.NDArray[np.int8] | None = None,
    states: Longs | None = None,
    concepts: Sequence[str] = CONCEPTS,
) -> Hypergame:
    """Stability of all states, each party judging by its own view.

    Parameters
    ----------
    owner, feasible, ranks, once, states
        See ``stability``; ranks are the real ones, (party, state).
    views
        One for each party.
    """
    numbers = np.arange(len(feasible)) if states is None else states
    found, seen = [], []
    for view in views:
        hidden = sum(1 << o for o, known in enumerate(view.known) if not known)
        possible = feasible & (numbers & hidden == 0)
        found.append(stability(owner, possible, view.ranks, once=once, states=states, concepts=concepts))
        taken_for, listed = _placed(numbers, numbers & ~hidden)
        seen.append(np.where(feasible & listed & possible[taken_for], taken_for, -1))
    stable, understood = {}, {}
    for concept in concepts:
        own = [
            v.stable[concept][p, at] & (at >= 0) for p, (v, at) in enumerate(zip(found, seen, strict=True))
        ]
        stable[concept] = np.stack(own)
        settled = [v.equilibria[concept][at] & (at >= 0) for v, at in zip(found, seen, strict=True)]
        understood[concept] = np.logical_and.reduce(settled)
    real = stability(owner, feasible, ranks, once=once, states=states, concepts=concepts)
    return Hypergame(real, tuple(found), np.stack(seen), stable, understood)


def _placed(numbers: Longs, wanted: Longs) -> tuple[Longs, Bools]:
    """(state,): the place of each number wanted among the states, and whether it has one."""
    place = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return place, numbers[place] == wanted
