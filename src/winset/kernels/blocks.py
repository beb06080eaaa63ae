"""A negotiation's deals as a product of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Block:
    """The cells of one group of tied issues: a deal takes exactly one of them.

    The absolute utility of any deal must stay under 2**52, so that it is exact in float64 as well.
    """

    utility: Ints  # (cell, party), each party in its own whole units
    crossed: Bools  # (cell, party), true where the cell crosses a red line of the party


def number_of_deals(blocks: Sequence[Block]) -> int:
    """Number of deals, of any size."""
    return prod(len(block.utility) for block in blocks)


def settle(blocks: Sequence[Block], cells: Indices) -> tuple[Ints, Bools]:
    """Utility and crossed red lines of deals.

    Parameters
    ----------
    cells : intp (deal, block)
        The cell that each deal takes of each block.

    Returns
    -------
    utility : int64 (deal, party)
    crossed : bool (deal, party)
    """
    parties = blocks[0].utility.shape[1]
    utility = np.zeros((len(cells), parties), np.int64)
    crossed = np.zeros((len(cells), parties), np.bool_)
    for index, block in enumerate(blocks):
        utility += block.utility[cells[:, index]]
        crossed |= block.crossed[cells[:, index]]
    return utility, crossed


def accepts(utility: Ints, crossed: Bools, reserve: Ints) -> Bools:
    """Whether each party accepts: it is not crossed and its utility reaches its reservation value."""
    accept: Bools = ~crossed & (utility >= reserve)
    return accept
