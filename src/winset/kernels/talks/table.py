"""One side's utilities of all deals, with what its strategy asks of them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Indices
from winset.kernels.ensemble import TIE

__all__ = ["Numbers", "Table"]

Numbers = npt.NDArray[np.int32]  # of deals; -1 for none

_ORDERED = 1 << 20  # deals in order at a time


class Table:
    """A side's utilities, sorted once and only when a strategy needs it.

    Parameters
    ----------
    utility : float64 (deal, draw) or (deal, 1)
        Minus infinity where the side refuses at any price. One column stands for all draws.
    reserve : float64 (draw,)
        What a deal must be worth to the side.
    """

    def __init__(self, utility: Floats, reserve: Floats) -> None:
        self.utility, self.reserve = utility, reserve
        self.shared = utility.shape[1] == 1

    @property
    def draws(self) -> int:
        return len(self.reserve)

    def column(self, at: Indices) -> Indices:
        """Columns of ``utility`` that belong to these draws."""
        return np.zeros_like(at) if self.shared else at

    def of(self, deals: Numbers, at: Indices) -> Floats:
        """(k,): utilities of one deal each in draws ``at``; minus infinity for deal -1."""
        found: Floats = self.utility[deals, self.column(at)]
        return np.where(deals < 0, -np.inf, found)

    @cached_property
    def ends(self) -> tuple[Floats, Floats]:
        """(draw,) twice: the utilities of the worst and of the best deal that is not refused at any price.

        Plus and minus infinity where every deal is.
        """
        worst, best = self.utility.min(axis=0), self.utility.max(axis=0)
        some = np.flatnonzero(np.isneginf(worst))
        if len(some):
            open_ = self.utility[:, some]
            worst[some] = np.where(np.isneginf(open_), np.inf, open_).min(axis=0)
        return np.broadcast_to(worst, self.draws), np.broadcast_to(best, self.draws)

    @property
    def top(self) -> Floats:
        """(draw,): utility of the best deal."""
        return self.ends[1]

    @cached_property
    def base(self) -> Floats:
        """(draw,): the least that the side may come down to: its reservation value or, if that is lower, its
        worst deal."""
        worst = np.where(np.isposinf(self.ends[0]), -np.inf, self.ends[0])
        return np.maximum(self.reserve, worst)

    @cached_property
    def able(self) -> Bools:
        """(draw,): whether any deal reaches the reservation value."""
        out: Bools = self.top >= self.base - TIE
        return out & ~np.isneginf(self.top)

    def levels(self, share: Floats, slack: Floats | float = 0.0) -> Floats:
        """(..., draw): utilities that a demand asks at least, with allowance for rounding.

        Parameters
        ----------
        share : float64 (..., draw)
            0 is ``base``, 1 the best deal.
        slack
            Taken off, but never below ``base``.
        """
        with np.errstate(invalid="ignore"):  # where every deal is refused
            asked = (self.top - self.base) * share + self.base - slack
        return np.maximum(asked, self.base) - TIE

    @cached_property
    def ranked(self) -> tuple[Numbers, Floats]:
        """Deals from the worst to the best, the lower number first among equals, and their utilities;
        each (draw or 1, deal). Refused deals come first, in any order."""
        return _ranked(self.utility)

    def least(self, levels: Floats) -> Numbers:
        """The deal of least utility that reaches each level, the lowest number among equals; -1 if none.

        Holds the order of only some draws at a time.

        Parameters
        ----------
        levels : float64 (round, draw)

        Returns
        -------
        int32 (round, draw)
        """
        out = np.empty(levels.shape, np.int32)
        deals, columns = self.utility.shape
        part = levels.shape[1] if self.shared else max(1, _ORDERED // deals)
        for start in range(0, levels.shape[1], part):
            order, values = _ranked(self.utility[:, start : start + part] if columns > 1 else self.utility)
            for j in range(start, min(start + part, levels.shape[1])):
                row = 0 if self.shared else j - start
                place = np.searchsorted(values[row], levels[:, j])
                found = order[row].take(place, mode="clip")
                out[:, j] = np.where(place < deals, found, -1)
        return out

    def least_at(self, level: Floats, at: Indices) -> Numbers:
        """(k,): the same for one level in each of draws ``at``."""
        order, _ = self.ranked
        place = self.reached(level, at)
        found = order[self.column(at), np.minimum(place, order.shape[1] - 1)]
        return np.where(place < order.shape[1], found, np.int32(-1)).astype(np.int32)

    def reached(self, level: Floats, at: Indices) -> Indices:
        """(k,): how many deals do not reach the level, in each of draws ``at``."""
        _, values = self.ranked
        rows, width = self.column(at), values.shape[1]
        low, high = np.zeros(len(at), np.intp), np.full(len(at), width, np.intp)
        for _ in range(int(width).bit_length()):  # bisection, all draws in step
            middle = (low + high) >> 1
            below = (values[rows, np.minimum(middle, width - 1)] < level) & (low < high)
            low, high = np.where(below, middle + 1, low), np.where(below | (low >= high), high, middle)
        return low

    @cached_property
    def acceptable(self) -> Indices:
        """(draw,): how many deals reach the reservation value."""
        _, values = self.ranked
        floor = np.where(self.able, self.base - TIE, np.inf)
        out: Indices = values.shape[1] - self.reached(floor, np.arange(self.draws))
        return out

    def best(self, rank: Indices, at: Indices) -> Numbers:
        """(k,): the deal of a rank from 0, the best, in each of draws ``at``. Of equal deals the one with the
        highest number comes first."""
        order, _ = self.ranked
        out: Numbers = order[self.column(at), order.shape[1] - 1 - rank]
        return out


def _ranked(utility: Floats) -> tuple[Numbers, Floats]:
    """(draw, deal) twice, as ``Table.ranked``, of (deal, draw)."""
    rows = np.ascontiguousarray(utility.T)
    order = np.argsort(rows, axis=1)
    values = np.sort(rows, axis=1)  # faster than to look them up
    ties = ((values[:, 1:] == values[:, :-1]) & (values[:, 1:] > -np.inf)).any(axis=1)
    if ties.any():  # only then is the slower sort needed that leaves equals in their order
        order[ties] = np.argsort(rows[ties], axis=1, kind="stable")
    return order.astype(np.int32), values
