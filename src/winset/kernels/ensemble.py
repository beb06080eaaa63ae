"""Who accepts which deal in how many draws?

Deals are a product of groups. The groups are split in two: combinations of the left ones lower the bar that a
party's reservation value sets, and the table of combinations of the right ones is compared with that bar for
all draws at once, so that one comparison decides one (party, deal, draw). Deals are numbered in mixed radix,
the last group varying fastest. Memory holds the tables of one piece of draws and never a whole (deal, draw)
array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Ints
from winset.kernels.rule import Rule, holds

__all__ = [
    "Acceptance",
    "acceptance",
    "any_zone",
    "codes",
    "count_true",
    "expand",
    "lookup",
    "passes",
    "split",
]

TIE = 1e-9  # a utility this little below the reservation value still reaches it
_RIGHT = 1 << 18  # numbers of one party in the right-hand table: it should stay in the cache
_MOST_BITS = 16  # parties whose answers are looked up as one number


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Numbers of draws, over one piece of draws."""

    party: Ints  # (party, deal): accepted by the party
    zone: Ints  # (deal,): passed by the rule
    open: Bools  # (draw,): some deal passes


def expand(tables: Sequence[Floats]) -> Floats:
    """(party, deal, draw): utilities of all combinations, the last group varying fastest."""
    out = tables[0]
    for table in tables[1:]:
        parties, cells, draws = table.shape
        out = (out[:, :, None] + table[:, None]).reshape(parties, out.shape[1] * cells, draws)
    return out


def split(tables: Sequence[Floats], size: int = _RIGHT) -> int:
    """How many of the groups go to the left."""
    draws = tables[0].shape[2]
    left = len(tables) - 1
    while left > 0 and prod(t.shape[1] for t in tables[left - 1 :]) * draws <= size:
        left -= 1
    return left


def _sides(tables: Sequence[Floats]) -> tuple[Iterator[tuple[int, Floats]], Floats]:
    """The left combinations one by one, with the number of their first deal, and the right-hand table."""
    at = split(tables)
    right = np.ascontiguousarray(expand(tables[at:]))
    parties, width, draws = right.shape

    def left() -> Iterator[tuple[int, Floats]]:
        if at == 0:
            yield 0, np.zeros((parties, draws))
            return
        shape = [t.shape[1] for t in tables[:at]]
        for n, cells in enumerate(np.ndindex(*shape)):
            yield n * width, np.sum([t[:, c] for t, c in zip(tables, cells, strict=False)], axis=0)

    return left(), right


def count_true(mask: Bools) -> Ints:
    """How many are true along the last axis of a contiguous array.

    Eight answers are added as one word, up to 255 times before a byte could overflow.
    """
    draws = mask.shape[-1]
    whole = draws - draws % 8
    out = np.asarray(mask[..., whole:].sum(axis=-1), np.int64)
    if not whole:
        return out
    words = np.ascontiguousarray(mask[..., :whole]).view(np.uint64)
    for start in range(0, words.shape[-1], 255):
        sums = words[..., start : start + 255].sum(axis=-1, dtype=np.uint64)
        out += np.ascontiguousarray(sums)[..., None].view(np.uint8).sum(axis=-1, dtype=np.int64)
    return out


def acceptance(tables: Sequence[Floats], reserve: Floats, rule: Rule) -> Acceptance:
    """Count, for each deal, the draws in which each party accepts it and in which the rule passes it.

    Parameters
    ----------
    tables : float64 (party, cell, draw), one per group
        Utilities; minus infinity where a red line is crossed.
    reserve : float64 (party, draw)
    rule
        Over the same parties.
    """
    parties, draws = reserve.shape
    lefts, right = _sides(tables)
    deals = prod(t.shape[1] for t in tables)
    width = right.shape[1]
    party, zone = np.zeros((parties, deals), np.int64), np.zeros(deals, np.int64)
    opened = np.zeros(draws, np.bool_)
    bar = reserve - TIE
    says = np.empty((parties, width, draws), np.bool_)
    for first, fixed in lefts:
        here = slice(first, first + width)
        for p in range(parties):
            np.greater_equal(right[p], bar[p] - fixed[p], out=says[p])
        carried = passes(rule, says)
        for p in range(parties):
            party[p, here] = count_true(says[p])
        zone[here] = count_true(carried)
        opened |= carried.any(axis=0)
    return Acceptance(party, zone, opened)


def passes(rule: Rule, says: Bools) -> Bools:
    """(..., ) of (party, ...): whether the rule passes; the common unanimity without any copying."""
    root = rule.gates[-1]
    if not root.gates and root.threshold == len(root.parties):
        out: Bools = says[root.parties[0]].copy()
        for p in root.parties[1:]:
            out &= says[p]
        return out
    return holds(rule, np.moveaxis(says, 0, -1))


def any_zone(tables: Sequence[Floats], reserve: Floats, rule: Rule) -> Bools:
    """(draw,): whether some deal passes the rule."""
    lefts, right = _sides(tables)
    bar = reserve - TIE
    opened = np.zeros(reserve.shape[1], np.bool_)
    for _, fixed in lefts:
        opened |= passes(rule, right >= (bar - fixed)[:, None]).any(axis=0)
    return opened


def lookup(rule: Rule, parties: int) -> Bools:
    """(2**party,): whether the rule passes for each set of parties that say yes, as bits.

    At most 16 parties.
    """
    if parties > _MOST_BITS:
        raise ValueError(f"{parties} parties; at most {_MOST_BITS}")
    bits = np.arange(1 << parties)[:, None] >> np.arange(parties) & 1
    return holds(rule, bits.astype(np.bool_))


def codes(utility: Floats, reserve: Floats) -> npt.NDArray[np.uint16]:
    """(deal, draw): the set of parties that accept, as bits. At most 16 parties.

    Parameters
    ----------
    utility : float64 (party, deal, draw)
    reserve : float64 (party, draw)
    """
    out = np.zeros(utility.shape[1:], np.uint16)
    for p in range(len(utility)):
        out |= (utility[p] >= reserve[p] - TIE).astype(np.uint16) << np.uint16(p)
    return out
