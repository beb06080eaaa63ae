"""The best deal that reaches given thresholds, by merging blocks under bounds.

Prefixes of deals are extended block by block. One is dropped when it cannot reach a threshold even with the
most the remaining blocks can add; when the Lagrangian bound of `relaxation` says that it cannot beat the
best deal found so far; or when another prefix is at least as good in worth and in every party's utility,
utility beyond what surely reaches the threshold not counted. A first pass keeps only the most promising
prefixes, to find a good deal early; the last keeps all, which makes the answer exact. (Branch and bound
with dominance: Morin and Marsten 1976, Operations Research 24:611-627.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats, Indices, Ints
from winset.kernels.limits import TooLarge
from winset.kernels.relaxation import Relaxation

_WIDTHS = (128, 4096)  # prefixes kept in the first passes
_CHUNK = 1 << 20


def search(
    utility: Sequence[Ints],
    reserve: Ints,
    worth: Sequence[Ints] | None,
    multipliers: Sequence[Floats],
    relaxation: Relaxation,
    *,
    above: int | None = None,
    limit: int = 1_000_000,
) -> tuple[int, Indices] | None:
    """Find the deal of largest worth among those that reach the thresholds; without worth, any of them.

    Parameters
    ----------
    utility : per block int64 (cell, party)
    reserve : int64 (party,), within the range of utilities
    worth : per block int64 (cell,), or None
    multipliers : each (party,), per range of the party, for the bounds
    above : int, optional
        Only a deal worth more than this is of interest.

    Returns
    -------
    (worth, intp (block,)) or None when there is no such deal.

    Raises
    ------
    TooLarge
        More than `limit` prefixes would have to be held.
    """
    plan = _Plan(utility, reserve, worth, multipliers, relaxation)
    found: tuple[int, Indices] | None = None
    for width in (*_WIDTHS, None):
        better, complete = plan.run(above, width, limit)
        if better is not None:
            found, above = better, better[0]
        if complete or (found is not None and worth is None):
            break
    return found


class _Plan:
    def __init__(
        self,
        utility: Sequence[Ints],
        reserve: Ints,
        worth: Sequence[Ints] | None,
        multipliers: Sequence[Floats],
        relaxation: Relaxation,
    ) -> None:
        self.parties = len(reserve)
        self.seeking = worth is not None
        columns = [
            np.column_stack([cells, worth[index]]) if worth is not None else cells
            for index, cells in enumerate(utility)
        ]
        kept = [np.flatnonzero(efficient(cells.astype(np.float64))) for cells in columns]
        spread = [
            float((np.ptp(cells[:, : self.parties], axis=0) / relaxation.scale).sum()) for cells in columns
        ]
        self.order = sorted(range(len(columns)), key=lambda index: -spread[index])
        self.cell = [kept[index] for index in self.order]
        self.block = [columns[index][kept[index]].astype(np.float64) for index in self.order]
        self.reserve = reserve.astype(np.float64)
        self.most = _tails([block.max(axis=0) for block in self.block])
        self.least = _tails([block.min(axis=0) for block in self.block])
        # (bound, column): worth + m . utility, and what the remaining blocks can add to it
        weights = np.array([m / relaxation.scale for m in multipliers]).reshape(
            len(multipliers), self.parties
        )
        if self.seeking:
            weights = np.column_stack([weights, np.ones(len(weights))])
        self.weights: Floats = weights
        self.tail = _tails([(block @ weights.T).max(axis=0) for block in self.block])
        self.offset = weights[:, : self.parties] @ self.reserve
        size = np.sum([np.abs(block).max(axis=0) for block in self.block], axis=0)
        size[: self.parties] += np.abs(self.reserve)
        self.slip = 1e-11 * (weights @ size)  # rounding of a bound, generously

    def run(
        self, above: int | None, width: int | None, limit: int
    ) -> tuple[tuple[int, Indices] | None, bool]:
        """Return a best deal found, and whether nothing was left out."""
        states = np.zeros((1, self.block[0].shape[1]))
        history: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]] = []
        complete = True
        goal = -self.slip if not self.seeking else None
        if self.seeking and above is not None:
            goal = above + 1 - self.slip
        for stage, block in enumerate(self.block):
            size = len(block)
            rows = max(1, _CHUNK // size)
            parts: list[tuple[Floats, Indices, Floats]] = []
            for start in range(0, len(states), rows):
                part = (states[start : start + rows, None] + block).reshape(-1, block.shape[1])
                number = np.arange(len(part)) + start * size
                alive = (part[:, : self.parties] + self.most[stage][: self.parties] >= self.reserve).all(
                    axis=1
                )
                if self.seeking and above is not None:
                    alive &= part[:, -1] + self.most[stage][-1] > above
                part, number = part[alive], number[alive]
                bound = part @ self.weights.T + (self.tail[stage] - self.offset)
                if goal is not None:
                    alive = (bound >= goal).all(axis=1)
                    part, number, bound = part[alive], number[alive], bound[alive]
                score = bound.min(axis=1) if bound.shape[1] else np.zeros(len(part))
                keep = self._undominated(part, stage)
                parts.append((part[keep], number[keep], score[keep]))
                if sum(len(p[0]) for p in parts) > 2 * limit:
                    raise TooLarge(sum(len(p[0]) for p in parts), limit)
            states = np.concatenate([p[0] for p in parts])
            number = np.concatenate([p[1] for p in parts])
            score = np.concatenate([p[2] for p in parts])
            if len(parts) > 1:
                keep = self._undominated(states, stage)
                states, number, score = states[keep], number[keep], score[keep]
            if width is not None and len(states) > width:
                top = np.argsort(-score, kind="stable")[:width]
                states, number, complete = states[top], number[top], False
            if len(states) > limit:
                raise TooLarge(len(states), limit)
            history.append((number // size, self.cell[stage][number % size]))
            if not len(states):
                return None, complete
        best = int(states[:, -1].argmax()) if self.seeking else 0
        value = int(states[best, -1]) if self.seeking else 0
        cells = np.empty(len(self.order), np.intp)
        at = best
        for index, (parent, cell) in zip(reversed(self.order), reversed(history), strict=True):
            cells[index] = cell[at]
            at = int(parent[at])
        return (value, cells), complete

    def _undominated(self, states: Floats, stage: int) -> Indices:
        """Keep one of equal states."""
        enough = self.reserve - self.least[stage][: self.parties]
        capped = states.copy()
        np.minimum(capped[:, : self.parties], enough, out=capped[:, : self.parties])
        return np.flatnonzero(efficient(capped))


def _tails(rows: Sequence[Floats]) -> Floats:
    """Sums of the rows after each one."""
    table = np.array(rows)
    sums: Floats = np.cumsum(table[::-1], axis=0)[::-1] - table
    return sums


def efficient(points: Floats) -> npt.NDArray[np.bool_]:
    """Points that no other dominates, the first of equal ones."""
    import moocore

    if len(points) <= 1 or points.shape[1] == 0:
        return np.arange(len(points)) < 1
    mask: npt.NDArray[np.bool_] = moocore.is_nondominated(points, maximise=True)
    return mask
