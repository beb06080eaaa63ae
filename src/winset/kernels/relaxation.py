"""Lotteries over the cells of each block: the linear relaxation of a choice of deal.

Let every block draw its cell at random and let utilities be expected ones. With multipliers m >= 0 on the
parties' thresholds, no deal that reaches all thresholds r can be worth more than

    g(m) = sum over blocks of max over cells (worth + m . utility) - m . r

(Lagrangian relaxation: Geoffrion 1974, Mathematical Programming Study 2:82-114). The least g(m) equals the
best lottery. With worth 0, g(m) < 0 proves that no deal, and not even a lottery, reaches the thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from winset.kernels.blocks import Floats, Indices, Ints


class Relaxation:
    """Blocks with worth and utilities, laid out for repeated maximisation block by block."""

    def __init__(self, utility: Sequence[Ints], reserve: Ints, worth: Sequence[Ints] | None = None) -> None:
        self.starts = np.cumsum([0, *(len(cells) for cells in utility)])[:-1]
        self.owner = np.repeat(np.arange(len(utility)), [len(cells) for cells in utility])
        values = np.concatenate(utility).astype(np.float64)  # (cell of any block, party)
        lowest = np.minimum.reduceat(values, self.starts, axis=0)
        self.base = lowest.sum(axis=0)
        self.scale = np.maximum((np.maximum.reduceat(values, self.starts, axis=0) - lowest).sum(axis=0), 1.0)
        # in units of each party's range, from its worst deal upwards
        self.value: Floats = (values - lowest[self.owner]) / self.scale
        self.target: Floats = (reserve.astype(np.float64) - self.base) / self.scale
        self.worth: Floats = (
            np.zeros(len(values)) if worth is None else np.concatenate(worth).astype(np.float64)
        )

    def maximiser(self, multipliers: Floats) -> tuple[Indices, float]:
        """Return the cells that attain g, and g, for multipliers per range of each party."""
        score = self.worth + self.value @ multipliers
        best = np.maximum.reduceat(score, self.starts)
        top = np.flatnonzero(score == best[self.owner])
        cells = top[np.searchsorted(self.owner[top], np.arange(len(self.starts)))]
        return cells - self.starts, float(best.sum() - multipliers @ self.target)

    def value_of(self, cells: Indices) -> Floats:
        """Return the utilities of a deal less the thresholds, in ranges."""
        slack: Floats = self.value[self.starts + cells].sum(axis=0) - self.target
        return slack

    def best_margin(self) -> tuple[float, Floats, Indices]:
        """Find the lottery with the largest margin over all thresholds, in ranges.

        Returns the margin, multipliers that prove it largest, and a deal near the lottery.
        """
        parties = self.value.shape[1]
        cost = np.zeros(len(self.value) + 1)
        cost[-1] = -1.0
        solution = self._solve(cost, margin=True)
        multipliers = np.maximum(-np.asarray(solution.ineqlin.marginals), 0.0)
        if multipliers.sum() <= 0:
            multipliers = np.ones(parties) / parties
        return float(-solution.fun), multipliers / multipliers.sum(), self._rounded(solution.x[:-1])

    def best_worth(self) -> tuple[Floats, Indices] | None:
        """Find the multipliers of least g, and a deal near the best lottery; None if no lottery will do."""
        solution = self._solve(-self.worth / max(np.abs(self.worth).max(), 1.0), margin=False)
        if solution.status != 0:
            return None
        multipliers = np.maximum(-np.asarray(solution.ineqlin.marginals), 0.0)
        return multipliers * max(np.abs(self.worth).max(), 1.0), self._rounded(solution.x)

    def _solve(self, cost: Floats, *, margin: bool) -> Any:
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        cells = len(self.value)
        one = csr_array(
            (np.ones(cells), (self.owner, np.arange(cells))), shape=(len(self.starts), cells + margin)
        )
        upper = np.zeros((self.value.shape[1], cells + margin))
        upper[:, :cells] = -self.value.T
        bounds: list[tuple[float | None, float | None]] = [(0, None)] * cells
        if margin:
            upper[:, -1] = 1.0
            bounds.append((None, None))
        return linprog(
            cost,
            A_ub=upper,
            b_ub=-self.target,
            A_eq=one,
            b_eq=np.ones(len(self.starts)),
            bounds=bounds,
            method="highs",
        )

    def _rounded(self, lottery: Floats) -> Indices:
        best = np.maximum.reduceat(lottery, self.starts)
        top = np.flatnonzero(lottery == best[self.owner])
        cells: Indices = top[np.searchsorted(self.owner[top], np.arange(len(self.starts)))] - self.starts
        return cells
