"""Acceptance among the deals that hold some of the cells of one block.

With few deals one pass counts, for every cell, how many of its deals each party accepts and the rule passes.
With many, one random sample serves every question: utilities add up over blocks, so redrawing the cell of one
block, with all other blocks left as drawn, gives random deals that hold given cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Block, Bools, Indices, Ints, accepts, number_of_deals, settle
from winset.kernels.count import random_deals
from winset.kernels.rule import Rule, holds
from winset.kernels.stream import cells_of, stream


def by_cell(blocks: Sequence[Block], reserve: Ints, rule: Rule) -> list[Ints]:
    """Count the deals of every cell by enumeration.

    Returns
    -------
    per block int64 (cell, party + 1): deals that each party accepts; last, that the rule passes
    """
    sizes = [len(block.utility) for block in blocks]
    found = [np.zeros((size, len(reserve) + 1), np.int64) for size in sizes]
    table: npt.NDArray[np.int32] | None = None
    split = 0
    for first, utility, crossed in stream(blocks):
        yes = _answers(utility.T, crossed.T, reserve, rule)  # (deal, party + 1)
        if table is None:
            table = np.zeros(yes.shape, np.int32)
            while number_of_deals(blocks[split:]) > len(yes):
                split += 1
        table += yes
        if split:
            row = yes.sum(axis=0)
            for index, cell in enumerate(cells_of(blocks[:split], np.array([first // len(yes)]))[0]):
                found[index][cell] += row
    assert table is not None
    spread = table.reshape(*sizes[split:], -1)
    for index in range(split, len(blocks)):
        others = tuple(axis for axis in range(len(blocks) - split) if axis != index - split)
        found[index] += spread.sum(axis=others, dtype=np.int64)
    return found


@dataclass(frozen=True, slots=True)
class Sample:
    """Random deals of the whole space."""

    cells: Indices  # (deal, block)
    utility: Ints  # (deal, party)
    crossings: npt.NDArray[np.int32]  # (deal, party), cells that cross a red line of the party


def draw(blocks: Sequence[Block], samples: int, rng: np.random.Generator) -> Sample:
    """Draw uniform random deals."""
    cells = random_deals(blocks, samples, rng)
    utility, _ = settle(blocks, cells)
    crossings = np.zeros(utility.shape, np.int32)
    for index, block in enumerate(blocks):
        crossings += block.crossed[cells[:, index]]
    return Sample(cells, utility, crossings)


def hits(
    blocks: Sequence[Block],
    reserve: Ints,
    rule: Rule,
    sample: Sample,
    index: int,
    held: Indices,
    rng: np.random.Generator,
) -> list[int]:
    """How many deals of a sample each party accepts and, last, the rule passes, once the cell of the block
    `index` has been drawn anew from `held`."""
    block, was = blocks[index], sample.cells[:, index]
    now = held[rng.integers(0, len(held), len(was))]
    utility = sample.utility - block.utility[was] + block.utility[now]
    crossed = sample.crossings - block.crossed[was] + block.crossed[now] > 0
    counted: list[int] = _answers(utility, crossed, reserve, rule).sum(axis=0).tolist()
    return counted


def _answers(utility: Ints, crossed: Bools, reserve: Ints, rule: Rule) -> Bools:
    accept = accepts(utility, crossed, reserve)
    return np.column_stack([accept, holds(rule, accept)])
