"""Every deal once, in pieces of bounded size.

Deals are numbered in mixed radix: the last block varies fastest. The last blocks are expanded to one table
of partial sums; each combination of the first ones is added to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Block, Bools, Indices, Ints, number_of_deals

_TABLE = 1 << 16  # deals at a time


def expand(blocks: Sequence[Block], parties: int) -> Block:
    """Return all combinations of the blocks as one block, the last varying fastest."""
    utility: Ints = np.zeros((1, parties), np.int64)
    crossed: Bools = np.zeros((1, parties), np.bool_)
    for block in blocks:
        utility = (utility[:, None, :] + block.utility).reshape(-1, parties)
        crossed = (crossed[:, None, :] | block.crossed).reshape(-1, parties)
    return Block(utility, crossed)


def stream(blocks: Sequence[Block]) -> Iterator[tuple[int, Ints, Bools]]:
    """Walk through all deals.

    Yields
    ------
    first : int
        Number of the first deal of the piece; the others follow in order.
    utility : int64 (party, deal)
    crossed : bool (party, deal)
    """
    parties = blocks[0].utility.shape[1]
    split = len(blocks) - 1
    while split > 0:
        size, larger = number_of_deals(blocks[split:]), number_of_deals(blocks[split - 1 :])
        if larger > _TABLE and (size > _TABLE >> 4 or larger > _TABLE << 4):
            break
        split -= 1
    table = expand(blocks[split:], parties)
    utility, crossed = np.ascontiguousarray(table.utility.T), np.ascontiguousarray(table.crossed.T)
    first = 0
    for cells in product(*(range(len(block.utility)) for block in blocks[:split])):
        fixed, lines = np.zeros(parties, np.int64), np.zeros(parties, np.bool_)
        for block, cell in zip(blocks, cells, strict=False):
            fixed += block.utility[cell]
            lines |= block.crossed[cell]
        yield first, utility + fixed[:, None], crossed | lines[:, None]
        first += utility.shape[1]


def cells_of(blocks: Sequence[Block], deals: Indices) -> Indices:
    """Cells of numbered deals.

    Returns
    -------
    intp (deal, block)
    """
    shape = [len(block.utility) for block in blocks]
    return np.stack(np.unravel_index(deals, shape), axis=-1).astype(np.intp).reshape(len(deals), len(blocks))


def patterns(blocks: Sequence[Block], reserve: Ints) -> dict[int, int]:
    """How many deals are accepted by exactly each set of parties (bits), for up to 62 parties."""
    parties = len(reserve)
    small = parties <= 16
    total = np.zeros(1 << parties if small else 0, np.int64)
    found: dict[int, int] = {}
    for _, utility, crossed in stream(blocks):
        code: npt.NDArray[Any] = np.zeros(utility.shape[1], np.uint16 if small else np.int64)
        for party in range(parties):
            yes = (utility[party] >= reserve[party]) & ~crossed[party]
            code |= yes.astype(code.dtype) << code.dtype.type(party)
        if small:
            total += np.bincount(code, minlength=len(total))
        else:
            for value, count in zip(*np.unique(code, return_counts=True), strict=True):
                found[int(value)] = found.get(int(value), 0) + int(count)
    if small:
        found = {int(value): int(total[value]) for value in np.flatnonzero(total)}
    return found
