"""In each draw, which acceptable deal is best for the worst-off, and how many are there to choose from?

The criterion is the largest least gain over the reservation values (maximin: Rawls 1971, sec. 13; Kalai 1977
for bargaining). Deals that tie in it are told apart by the larger sum of gains, and then by their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from winset.kernels.blocks import Bools, Floats, Ints
from winset.kernels.ensemble import TIE, expand, split
from winset.kernels.rule import Rule, holds

__all__ = ["WorstOff", "worst_off"]

_CHUNK = 1 << 16  # numbers of one party that are looked at together: they should stay in the cache


@dataclass(frozen=True, slots=True)
class WorstOff:
    """Over one piece of draws."""

    deal: Ints  # (draw,): its number, the last group varying fastest; -1 where no deal passes
    gain: Floats  # (party, draw): what it gives over the reservation value; 0 where no deal passes
    zone: Ints  # (draw,): deals that pass
    accepted: Ints  # (party, draw): deals that the party accepts

    @property
    def open(self) -> Bools:
        """(draw,): whether some deal passes."""
        out: Bools = self.deal >= 0
        return out


def worst_off(
    tables: Sequence[Floats],
    utility: Sequence[Floats],
    reserve: Floats,
    rule: Rule,
    members: Sequence[int],
) -> WorstOff:
    """Find the deal of the zone that is best for the worst-off of some parties, draw by draw.

    Parameters
    ----------
    tables : float64 (party, cell, draw), one per group
        Utilities; minus infinity where a red line is crossed.
    utility : float64 (party, cell, draw), one per group
        The same without red lines: a rule may pass a deal that one of the members refuses.
    reserve : float64 (party, draw)
    rule
        Over the same parties.
    members
        The parties whose gains count.
    """
    parties, draws = reserve.shape
    at = split(utility)
    right = np.ascontiguousarray(expand(utility[at:]))
    width = right.shape[1]
    step = max(1, min(width, _CHUNK // max(draws, 1)))
    shape = [t.shape[1] for t in utility[:at]]
    chosen = list(members)
    barred = {p: _crossed([t[p] for t in tables], at) for p in range(parties) if _any_line(tables, p)}
    deal = np.full(draws, -1, np.int64)
    least, total = np.full(draws, -np.inf), np.full(draws, -np.inf)
    gain = np.zeros((parties, draws))
    zone, accepted = np.zeros(draws, np.int64), np.zeros((parties, draws), np.int64)
    room = np.empty((parties, step, draws))  # used again and again: asking for memory takes longer than sums
    answers = np.empty((parties, step, draws), np.bool_)
    lows, sums = np.empty((step, draws)), np.empty((step, draws))
    for n in range(prod(shape)):
        cells = [int(c) for c in np.unravel_index(n, shape)] if shape else []
        fixed = -reserve
        for table, c in zip(utility, cells, strict=False):
            fixed = fixed + table[:, c]
        for start in range(0, width, step):
            stop = min(start + step, width)
            over = np.add(right[:, start:stop], fixed[:, None], out=room[:, : stop - start])
            says = np.greater_equal(over, -TIE, out=answers[:, : stop - start])
            for p, (left_lines, right_lines) in barred.items():
                says[p] &= ~right_lines[start:stop]
                for lines, c in zip(left_lines, cells, strict=True):
                    says[p] &= ~lines[c]
            accepted += says.sum(axis=1)
            refused = ~holds(rule, np.moveaxis(says, 0, -1))
            zone += stop - start - refused.sum(axis=0)
            low, every = lows[: stop - start], sums[: stop - start]
            low[...], every[...] = over[chosen[0]], over[chosen[0]]
            for p in chosen[1:]:
                np.minimum(low, over[p], out=low)
                every += over[p]
            low[refused] = -np.inf
            most = low.max(axis=0)
            every[refused | (low < most - TIE)] = -np.inf
            best = every.argmax(axis=0)
            reach = np.take_along_axis(every, best[None], 0)[0]
            better = (most > least + TIE) | ((most >= least - TIE) & (reach > total + TIE))
            where = np.flatnonzero(better)
            deal[where] = n * width + start + best[where]
            least[where], total[where] = most[where], reach[where]
            gain[:, where] = over[:, best[where], where]
    return WorstOff(deal, gain, zone, accepted)


def _any_line(tables: Sequence[Floats], party: int) -> bool:
    return any(bool(np.isneginf(t[party]).any()) for t in tables)


def _crossed(tables: Sequence[Floats], at: int) -> tuple[list[Bools], Bools]:
    """Of one party's tables (cell, draw): the crossed lines of each left group, and of the right side."""
    lines = [np.isneginf(t) for t in tables]
    right = lines[at]
    for more in lines[at + 1 :]:
        right = (right[:, None] | more[None]).reshape(-1, more.shape[1])
    return lines[:at], right
