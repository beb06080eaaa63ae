"""Which states are stable for whom, under which idea of how others would answer.

With R_i(s) the states that party i can move to from s, R_i+(s) those of them that it ranks above s (its
unilateral improvements), R_H(s) the states that the parties of H can reach by legal sequences (nobody twice
in a row), and R_H+(s) the same where every move improves on the state before it for whoever moves:

nash   R_i+(s) is empty (Nash 1950, 1951)
gmr    for every s1 of R_i+(s) some s2 of R_{N-i}(s1) is not better for i than s (Howard 1971)
smr    the same, and every s3 of R_i(s2) is not better for i than s either (Howard 1971)
seq    as gmr, with s2 of R_{N-i}+(s1): others sanction by improving (Fraser and Hipel 1979)
sseq   as smr, with s2 of R_{N-i}+(s1) (Rego and Vieira 2017)

Every one asks: does each improvement s1 meet a sanction s2 that leaves i with at most what it has at s? With
f the rank of s2 for i (gmr, seq), or the best that i could make of s2 (smr, sseq), that holds exactly when
the most, over improvements s1, of the least f over what the others can reach from s1 is at most the rank of
s. So two runs over boxes answer it for all states at once, with no list of arcs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.moves import Moves, Uphill

__all__ = ["CONCEPTS", "IMPROVING", "Stability", "sanction", "stability", "worth_moving"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
IMPROVING = ("seq", "sseq")  # those whose sanctions must improve on the state before for whoever moves
NONE = -1  # below every rank


@dataclass(frozen=True, slots=True)
class Stability:
    """Stability of every state for every party."""

    stable: dict[str, Bools]  # concept -> (..., party, state)
    equilibria: dict[str, Bools]  # concept -> (..., state): feasible and stable for all


def stability(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ints,
    *,
    once: npt.NDArray[np.int8] | None = None,
    states: npt.NDArray[np.int64] | None = None,
    concepts: Sequence[str] = CONCEPTS,
) -> Stability:
    """Stability of all states for all parties.

    Parameters
    ----------
    owner
        Whose each option is: indices of parties.
    feasible : bool (state,)
        2 ** options of them, or as many as ``states`` lists.
    ranks : int32 (..., party, state)
        0 or more; a higher rank is preferred, equal ranks are indifferent. Axes before are several
        preferences side by side.
    once : int8 (option,), optional
        See ``Moves``.
    states : int64 (state,), optional
        Their numbers; see ``moves_of``.
    """
    moves = moves_of(owner, once, feasible, ranks.shape[-2], states)
    by_party = np.moveaxis(ranks, -2, 0)
    uphill = {j: m.uphill(by_party[j]) for j, m in enumerate(moves)}
    stable = {c: np.zeros(ranks.shape, np.bool_) for c in concepts}
    for i, rank in enumerate(by_party):
        for concept, most in worth_moving(i, moves, uphill, concepts).items():
            stable[concept][..., i, :] = (most <= rank) & feasible
    return Stability(stable, {c: table.all(axis=-2) & feasible for c, table in stable.items()})


def worth_moving(
    party: int, moves: Sequence[Moves], uphill: Mapping[int, Uphill], concepts: Sequence[str]
) -> dict[str, Ints]:
    """For every concept (..., state): the best rank that an improvement is sure to leave the party with.

    It is stable where that is no more than the rank of the state itself, and -1 where it has no improvement.
    Under smr and sseq the party may answer a sanction. Others' improvements are asked for by the concepts of
    ``IMPROVING`` only.
    """
    rank = uphill[party].ranks
    others = [j for j, m in enumerate(moves) if j != party and m.own]
    answered = None
    out = {}
    for concept in concepts:
        if concept == "nash":
            out[concept] = np.where(uphill[party].any(), rank + 1, NONE).astype(rank.dtype)
            continue
        value = rank
        if concept in ("smr", "sseq"):
            if answered is None:
                answered = np.maximum(rank, moves[party].most(rank, NONE))
            value = answered
        steps: Sequence[Moves | Uphill]
        steps = [uphill[j] for j in others] if concept in IMPROVING else [moves[j] for j in others]
        out[concept] = uphill[party].most(sanction(steps, value), NONE)
    return out


def sanction(steps: Sequence[Moves | Uphill], value: Ints) -> Ints:
    """(..., state): the least value that parties can reach by a legal sequence of at least one move.

    Parameters
    ----------
    steps
        The moves of each of them, or their improvements if every move must improve.
    value : (..., state)

    Returns
    -------
    The largest number of its kind where they cannot move at all.

    The least over sequences that party j begins is the least, over its moves, of the value there or of what
    the others can begin there; repeated until nothing falls any more, which is when no longer sequence helps.
    """
    top = int(np.iinfo(value.dtype).max)
    begun = [step.least(value, top) for step in steps]
    stale = [len(steps) > 1] * len(steps)  # what the others can begin has changed since
    while any(stale):
        for j, step in enumerate(steps):
            if not stale[j]:
                continue
            stale[j] = False
            after = [begun[k] for k in range(len(steps)) if k != j]
            better = step.least(reduce(np.minimum, after, value), top)
            if (better < begun[j]).any():
                begun[j] = better
                stale = [stale[k] or k != j for k in range(len(steps))]
    return reduce(np.minimum, begun) if begun else np.full_like(value, top)
