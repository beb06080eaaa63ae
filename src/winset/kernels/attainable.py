"""Which parties can be satisfied together?

The sets of parties that some deal satisfies together are closed under taking subsets, so their maximal
members say all. With few deals they are read off from the acceptances of all deals. Otherwise sets are
tried from the largest down; sets within one that a known deal satisfies, and sets that contain one for
which no deal exists, need no search.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from winset.kernels.blocks import Block, Indices, Ints, accepts, number_of_deals, settle
from winset.kernels.feasible import feasible
from winset.kernels.stream import patterns

_FEW = 200_000  # deals to enumerate rather than search


def attainable(
    blocks: Sequence[Block], reserve: Ints, parties: Sequence[int], *, limit: int = 1_000_000
) -> tuple[tuple[int, ...], ...]:
    """All maximal sets of the given parties that some deal satisfies together; never empty, but may hold
    the empty set.

    Parameters
    ----------
    parties : at most 16

    Raises
    ------
    TooLarge
        One of the sets was left open after `limit` prefixes of deals.
    """
    chosen = sorted(set(parties))
    if len(chosen) > 16:
        raise ValueError("at most 16 parties")
    if number_of_deals(blocks) <= _FEW:
        columns = [Block(block.utility[:, chosen], block.crossed[:, chosen]) for block in blocks]
        sets = set(patterns(columns, reserve[chosen])) if chosen else {0}
        return _named(_maximal(sets), chosen)
    known: set[int] = {0}
    barred: list[int] = []
    small = [mask for size in (1, 2) for mask in _masks(len(chosen), size)]
    large = [mask for size in range(len(chosen), 2, -1) for mask in _masks(len(chosen), size)]
    whole = (1 << len(chosen)) - 1
    for mask in ([whole] if whole else []) + small + large:
        if any(mask & other == mask for other in known) or any(mask & other == other for other in barred):
            continue
        needed = np.zeros(len(reserve), np.bool_)
        needed[[chosen[bit] for bit in range(len(chosen)) if mask >> bit & 1]] = True
        answer = feasible(blocks, reserve, needed, limit=limit)
        if answer.witness is None:
            barred.append(mask)
        else:
            known = _maximal(known | {_satisfied(blocks, reserve, chosen, answer.witness)})
    return _named(_maximal(known), chosen)


def _satisfied(blocks: Sequence[Block], reserve: Ints, chosen: list[int], cells: Indices) -> int:
    accept = accepts(*settle(blocks, cells[None, :]), reserve)[0]
    return sum(1 << bit for bit, party in enumerate(chosen) if accept[party])


def _masks(parties: int, size: int) -> list[int]:
    return [sum(1 << bit for bit in bits) for bits in combinations(range(parties), size)]


def _maximal(sets: set[int]) -> set[int]:
    return {mask for mask in sets if not any(mask != other and mask & other == mask for other in sets)}


def _named(sets: set[int], chosen: list[int]) -> tuple[tuple[int, ...], ...]:
    named = [tuple(chosen[bit] for bit in range(len(chosen)) if mask >> bit & 1) for mask in sets]
    return tuple(sorted(named, key=lambda members: (-len(members), members)))
