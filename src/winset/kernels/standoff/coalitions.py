"""Which states a coalition would upset by moving together.

Kilgour, Hipel, Fang and Peng 2001; Inohara and Hipel 2008a, 2008b; Xu, Hipel, Kilgour and Fang 2018. With
R_H(s) the states that the members of H reach by legal sequences of their own (nobody twice in a row), t is a
coalition improvement on s if it is in R_H(s) and every member ranks it above s; let B(s) be all states that
every member ranks above s. For a coalition H and a state s:

nash   no coalition improvement
gmr    from every coalition improvement s1 the others can reach (R_{N-H}(s1)) some s2 outside B(s): one that
       is no better than s for at least one member
smr    the same, and all of R_H(s2) is outside B(s) too
seq    as gmr, with s2 of R_{N-H}+(s1): every move of the others improves on the state before it for whoever
       moves (Kilgour and others 2001; for Inohara and Hipel the others' coalitions may improve too)

For a coalition of one these are the stabilities of that party. A state is coalitionally stable if it is
stable for every coalition, those of one included.

A start s is a bit, 64 of them a word beside each state. "From y, can H come to B(s)" is then the union of
bits over the moves of the members, repeated as legal sequences go on, for all starts of a word at once; no
set of reachable states is formed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.limits import TooLarge
from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.moves import Moves
from winset.kernels.standoff.stability import sanction

__all__ = ["COALITIONAL", "PAIRS", "Coalitional", "coalitional", "every_coalition"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]
Words = npt.NDArray[np.uint64]  # (word, state)

COALITIONAL = ("nash", "gmr", "smr", "seq")
PAIRS = 1 << 28  # of a start and a state, over all coalitions: some ten seconds
_CELLS = 1 << 20  # words at a time
_BITS = 64


@dataclass(frozen=True, slots=True)
class Coalitional:
    """Stability of states for coalitions."""

    coalitions: tuple[tuple[int, ...], ...]
    starts: npt.NDArray[np.int64]  # (start,): the states that were asked for
    stable: dict[str, Bools]  # concept -> (coalition, start)

    def equilibria(self, concept: str) -> Bools:
        """(start,): stable for every coalition that was asked for."""
        return np.asarray(self.stable[concept].all(axis=0))


def every_coalition(parties: int) -> list[tuple[int, ...]]:
    """All coalitions, the small ones first."""
    return [c for size in range(1, parties + 1) for c in combinations(range(parties), size)]


def coalitional(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ints,
    *,
    coalitions: Sequence[Sequence[int]] | None = None,
    starts: Sequence[int] | None = None,
    once: npt.NDArray[np.int8] | None = None,
    states: npt.NDArray[np.int64] | None = None,
    concepts: Sequence[str] = COALITIONAL,
    limit: int = PAIRS,
) -> Coalitional:
    """Stability of states for coalitions.

    Parameters
    ----------
    owner, feasible, ranks, once, states
        See ``stability``; ranks are (party, state).
    coalitions
        Parties of each; all coalitions by default.
    starts
        Feasible states to ask of; all of them by default.

    Raises
    ------
    TooLarge
        If starts times states times coalitions pass the limit.
    """
    groups = tuple(
        tuple(sorted(set(c))) for c in (every_coalition(len(ranks)) if coalitions is None else coalitions)
    )
    asked = np.asarray(np.flatnonzero(feasible) if starts is None else starts, np.int64)
    if len(asked) * len(feasible) * len(groups) > limit:
        raise TooLarge(len(asked) * len(feasible) * len(groups), limit)
    moves = moves_of(owner, once, feasible, len(ranks), states)
    uphill = [m.uphill(r) for m, r in zip(moves, ranks, strict=True)]
    stable = {c: np.zeros((len(groups), len(asked)), np.bool_) for c in concepts}
    step = max(1, _CELLS // len(feasible)) * _BITS
    for g, group in enumerate(groups):
        own = [moves[j] for j in group if moves[j].own]
        others = [j for j, m in enumerate(moves) if j not in group and m.own]
        mine = ranks[list(group)]
        # the least that each member has after the others' sanction
        after = {}
        if "gmr" in concepts:
            after["gmr"] = np.stack([sanction([moves[j] for j in others], r) for r in mine])
        if "seq" in concepts:
            after["seq"] = np.stack([sanction([uphill[j] for j in others], r) for r in mine])
        for at in range(0, len(asked), step):
            some = asked[at : at + step]
            bar = mine[:, some]
            better = _above(mine, bar)
            for concept in concepts:
                if concept == "nash":
                    open_ = better
                elif concept == "smr":
                    trapped = ~(better | _union(own, better))
                    open_ = better & ~_union([moves[j] for j in others], trapped)
                else:
                    open_ = better & _above(after[concept], bar)
                upset = _own_bits(_union(own, open_), some)
                stable[concept][g, at : at + step] = ~upset
    return Coalitional(groups, asked, stable)


def _above(table: Ints, bar: Ints) -> Words:
    """Bits of starts in which every member has more by its table than at the start.

    Parameters
    ----------
    table : (member, state)
    bar : (member, start)
    """
    starts = bar.shape[1]
    out = np.zeros((-(-starts // _BITS), table.shape[1]), np.uint64)
    for word, row in enumerate(out):
        some = bar[:, word * _BITS : (word + 1) * _BITS]
        all_ = np.logical_and.reduce([t > b[:, None] for t, b in zip(table, some, strict=True)])
        packed = np.zeros((_BITS // 8, table.shape[1]), np.uint8)
        held = np.packbits(all_, axis=0, bitorder="little")
        packed[: len(held)] = held
        row[:] = np.ascontiguousarray(packed.T).view("<u8")[:, 0]
    return out


def _own_bits(words: Words, starts: npt.NDArray[np.int64]) -> Bools:
    """(start,): for each start its own bit at its own state."""
    place = np.arange(len(starts))
    bits = words[place // _BITS, starts] >> (place % _BITS).astype(np.uint64)
    return (bits & np.uint64(1)).astype(np.bool_)


def _union(steps: Sequence[Moves], bits: Words) -> Words:
    """Bits set in some state that legal sequences of at least one move lead to. See ``sanction``."""
    begun = [step.any(bits) for step in steps]
    stale = [len(steps) > 1] * len(steps)
    while any(stale):
        for j, step in enumerate(steps):
            if not stale[j]:
                continue
            stale[j] = False
            after = [begun[k] for k in range(len(steps)) if k != j]
            more = step.any(reduce(np.bitwise_or, after, bits))
            if (more != begun[j]).any():
                begun[j] = more
                stale = [stale[k] or k != j for k in range(len(steps))]
    return reduce(np.bitwise_or, begun) if begun else np.zeros_like(bits)
