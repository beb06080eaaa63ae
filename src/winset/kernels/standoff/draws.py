"""Stability under many drawn preferences at once.

Draws often agree: then the same profile of preferences is analysed once. What others prefer matters only
where their sanctions have to improve (seq, sseq); nash, gmr and smr of a party are found once for each of
its own rankings. The profiles that are left are analysed side by side, as axes before the states.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.moves import Moves
from winset.kernels.standoff.stability import CONCEPTS, IMPROVING, worth_moving

__all__ = ["DrawnStability", "drawn_stability"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]

_CELLS = 1 << 17  # of profiles times states at a time: their tables stay in a processor's cache


@dataclass(frozen=True, slots=True)
class DrawnStability:
    """Stability of every state for every party, draw by draw."""

    profile: Indices  # (draw,): which of the different profiles of preferences it has
    stable: dict[str, Bools]  # concept -> (profile, party, state)

    def equilibria(self, concept: str) -> Bools:
        """(profile, state): feasible and stable for all."""
        return np.asarray(self.stable[concept].all(axis=1))

    def counts(self, concept: str) -> Indices:
        """(state,): in how many draws it is an equilibrium."""
        weight = np.bincount(self.profile, minlength=len(self.stable[concept]))
        return np.asarray(weight @ self.equilibria(concept), np.int64)


def drawn_stability(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ints,
    *,
    once: npt.NDArray[np.int8] | None = None,
    states: npt.NDArray[np.int64] | None = None,
    concepts: Sequence[str] = CONCEPTS,
) -> DrawnStability:
    """Stability of all states for all parties in every draw.

    Parameters
    ----------
    owner, feasible, once, states
        See ``stability``.
    ranks : (draw, party, state)
        Equal preferences count as the same only if their ranks are equal, so ranks without gaps serve best.
    """
    draws, parties, wide = ranks.shape
    small = ranks.astype(np.int16 if ranks.max(initial=0) < np.iinfo(np.int16).max - 1 else np.int32)
    moves = moves_of(owner, once, feasible, parties, states)
    which = np.empty((draws, parties), np.int64)  # which of a party's rankings a draw has
    kinds = []
    for p in range(parties):
        kind, which[:, p] = _distinct(small[:, p])
        kinds.append(kind)
    first, profile = _distinct(which)
    chosen = which[first]  # (profile, party): rankings
    stable = {c: np.zeros((len(first), parties, wide), np.bool_) for c in concepts}
    for p in range(parties):
        plain = [c for c in concepts if c not in IMPROVING]
        for at, table in _stable(moves, p, {p: small[kinds[p], p]}, plain):
            for concept, rows in table.items():
                # of the profiles with these rankings
                has = np.flatnonzero((chosen[:, p] >= at) & (chosen[:, p] < at + len(rows)))
                stable[concept][has, p] = rows[chosen[has, p] - at]
        improving = [c for c in concepts if c in IMPROVING]
        profiles = {j: small[first, j] for j in range(parties)}
        for at, table in _stable(moves, p, profiles, improving):
            for concept, rows in table.items():
                stable[concept][at : at + len(rows), p] = rows
    return DrawnStability(profile, {c: t & feasible for c, t in stable.items()})


def _distinct(rows: Ints) -> tuple[Indices, Indices]:
    """Where each different row is first found, and for every row which of those it is."""
    known: dict[bytes, int] = {}
    first: list[int] = []
    which = np.empty(len(rows), np.int64)
    for n, row in enumerate(np.ascontiguousarray(rows)):
        key = row.tobytes()
        if key not in known:
            known[key] = len(first)
            first.append(n)
        which[n] = known[key]
    return np.array(first, np.int64), which


def _stable(
    moves: Sequence[Moves], party: int, ranks: Mapping[int, Ints], concepts: Sequence[str]
) -> Iterator[tuple[int, dict[str, Bools]]]:
    """Of one party, some profiles at a time: the first, and concept -> (profile, state).

    Parameters
    ----------
    ranks
        (profile, state) of each party whose preferences matter.
    """
    profiles, states = ranks[party].shape
    step = max(1, _CELLS // states)
    for at in range(0, profiles if concepts else 0, step):
        some = {j: r[at : at + step] for j, r in ranks.items()}
        uphill = {j: moves[j].uphill(r) for j, r in some.items()}
        most = worth_moving(party, moves, uphill, concepts)
        yield at, {c: table <= uphill[party].ranks for c, table in most.items()}
