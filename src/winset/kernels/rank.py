"""The first deals of the zone by a criterion on the parties' gains over no deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from winset.kernels.blocks import Block, Bools, Floats, Indices, Ints, accepts, number_of_deals
from winset.kernels.frontier import frontier
from winset.kernels.rule import Rule, holds
from winset.kernels.stream import cells_of, stream

Criterion = Literal["worst-off", "sum", "product"]

_TIES = 10_000  # deals kept that tie with the last


@dataclass(frozen=True, slots=True)
class Ranked:
    """Deals in falling order of score; all that tie with the last one asked for are included, unless `cut`.

    With `efficient_only` just the efficient deals were ranked, one for each utility vector. The first place
    is then right (some deal of highest score is always efficient), but deals that are not efficient are
    missing from lower places.
    """

    utility: Ints  # (deal, party)
    witness: Indices  # (deal, block)
    score: Floats  # (deal,)
    efficient_only: bool
    cut: bool  # more deals tie with the last than were kept


def ranked(
    blocks: Sequence[Block],
    reserve: Ints,
    rule: Rule,
    criterion: Criterion,
    *,
    base: Ints,
    scale: Floats,
    counting: Bools,
    size: int = 10,
    limit: int = 5_000_000,
    states: int = 1_000_000,
) -> Ranked:
    """Rank the deals of the zone.

    Parameters
    ----------
    criterion
        "worst-off", the least gain; "sum" of gains; "product" of gains, 0 when a party does not gain.
    base : int64 (party,)
        Utilities that gains are counted from.
    scale : float64 (party,), > 0
        Factors that make the gains comparable.
    counting : bool (party,)
        Parties whose gains count, at least one.
    size : int
        Places to fill.
    limit : int
        Largest number of deals to enumerate; with more, only efficient deals are ranked.
    states : int
        Limit of the frontier in that case.

    Raises
    ------
    TooLarge
        The frontier passed its limit.
    """
    chosen = np.flatnonzero(counting)

    def scores(utility: Ints) -> Floats:
        gain: Floats = (utility[chosen] - base[chosen, None]) * scale[chosen, None]
        if criterion == "worst-off":
            return np.asarray(gain.min(axis=0), np.float64)
        if criterion == "sum":
            return np.asarray(gain.sum(axis=0), np.float64)
        return np.asarray(np.where((gain > 0).all(axis=0), gain.prod(axis=0), 0.0), np.float64)

    if number_of_deals(blocks) > limit:
        front = frontier(blocks, rule=rule, reserve=reserve, limit=states)
        score = scores(front.utility.T)
        order, cut = _first(score, np.arange(len(score)), size)
        return Ranked(front.utility[order], front.witness[order], score[order], True, cut)

    held = np.zeros(0, np.intp)
    score = np.zeros(0)
    utility = np.zeros((len(reserve), 0), np.int64)
    cut = False
    for first, values, crossed in stream(blocks):
        inside = np.flatnonzero(holds(rule, accepts(values.T, crossed.T, reserve)))
        if not len(inside):
            continue
        new = scores(values[:, inside])
        if len(score) >= size:
            good = new >= score[size - 1]
            inside, new = inside[good], new[good]
        utility = np.concatenate([utility, values[:, inside]], axis=1)
        held = np.concatenate([held, first + inside])
        score = np.concatenate([score, new])
        order, more = _first(score, held, size)
        cut = more or (cut and len(order) >= size + _TIES)
        utility, held, score = utility[:, order], held[order], score[order]
    return Ranked(np.ascontiguousarray(utility.T), cells_of(blocks, held), score, False, cut)


def _first(score: Floats, number: Indices, size: int) -> tuple[Indices, bool]:
    """Order the best `size` and what ties with the last of them, and tell whether ties were cut."""
    order = np.lexsort((number, -score))
    if len(order) <= size:
        return order, False
    tied = int(np.searchsorted(-score[order], -score[order[size - 1]], side="right"))
    return order[: min(tied, size + _TIES)], tied > size + _TIES
