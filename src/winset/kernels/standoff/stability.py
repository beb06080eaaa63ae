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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.moves import Moves, owned

__all__ = ["CONCEPTS", "Stability", "moves_of", "sanction", "stability"]

Bools = npt.NDArray[np.bool_]
Ranks = npt.NDArray[np.int32]

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
_TOP = np.iinfo(np.int32).max - 1
_NONE = -1  # below every rank


@dataclass(frozen=True, slots=True)
class Stability:
    """Stability of every state for every party."""

    stable: dict[str, Bools]  # concept -> (party, state)
    equilibria: dict[str, Bools]  # concept -> (state,): feasible and stable for all


def moves_of(owner: Sequence[int], once: npt.NDArray[np.int8], feasible: Bools, parties: int) -> list[Moves]:
    """The moves of each party.

    Parameters
    ----------
    owner : whose each option is
    """
    return [Moves(len(owner), owned(owner, p), once, feasible) for p in range(parties)]


def stability(
    owner: Sequence[int],
    feasible: Bools,
    ranks: Ranks,
    *,
    once: npt.NDArray[np.int8] | None = None,
    concepts: Sequence[str] = CONCEPTS,
) -> Stability:
    """Stability of all states for all parties.

    Parameters
    ----------
    owner
        Whose each option is: indices of parties.
    feasible : bool (state,)
        2 ** options of them.
    ranks : int32 (party, state)
        0 or more; a higher rank is preferred, equal ranks are indifferent.
    once : int8 (option,), optional
        See ``Moves``.
    """
    given = np.zeros(len(owner), np.int8) if once is None else once
    moves = moves_of(owner, given, feasible, len(ranks))
    out = {c: np.zeros(ranks.shape, np.bool_) for c in concepts}
    for i, rank in enumerate(ranks):
        others = [m for j, m in enumerate(moves) if j != i and m.own]
        prefer = [ranks[j] for j, m in enumerate(moves) if j != i and m.own]
        if "nash" in out:
            out["nash"][i] = moves[i].most_above(rank, _NONE, rank) == _NONE
        plain = rank
        strict = np.maximum(rank, moves[i].most(rank, _NONE))
        for concept, value, improving in (
            ("gmr", plain, False),
            ("smr", strict, False),
            ("seq", plain, True),
            ("sseq", strict, True),
        ):
            if concept in out:
                least = sanction(others, value, prefer if improving else None)
                out[concept][i] = moves[i].most_above(least, _NONE, rank) <= rank
    for table in out.values():
        table &= feasible
    return Stability(out, {c: table.all(axis=0) & feasible for c, table in out.items()})


def sanction(others: Sequence[Moves], value: Ranks, prefer: Sequence[Ranks] | None) -> Ranks:
    """(state,): the least value that the others can reach by a legal sequence of at least one move.

    Parameters
    ----------
    prefer
        Their ranks, if every move must improve; None if any move will do.

    The least over sequences that party j begins is the least, over its moves, of the value there or of what
    the others can begin there; iterated until nothing falls any more, which is when no longer sequence helps.
    """
    above: Sequence[Ranks | None] = [None] * len(others) if prefer is None else prefer
    begun = [m.least(value, _TOP, up) for m, up in zip(others, above, strict=True)]
    changed = len(others) > 1
    while changed:
        changed = False
        for j, (m, up) in enumerate(zip(others, above, strict=True)):
            after = np.minimum.reduce([begun[k] for k in range(len(others)) if k != j])
            better = m.least(np.minimum(value, after), _TOP, up)
            if (better < begun[j]).any():
                begun[j] = np.minimum(begun[j], better)
                changed = True
    if not begun:
        return np.full_like(value, _TOP)
    out: Ranks = np.minimum.reduce(begun)
    return out
