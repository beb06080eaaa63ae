"""Is there a deal that given parties all accept? Exactly, with a deal or a proof.

A proof is a weighing: whole multipliers m >= 0, one for each needed party, such that the largest weighted
total m . u of any deal (the sum over blocks of the largest weighted cell) stays below the m . r that
acceptance by all would need. It is found in floating point and then checked in Python's integers. By linear
programming duality there is one whenever not even a lottery over deals would satisfy all (Farkas); where a
lottery would but no deal does, the answer comes from an exhaustive search under bounds (`search`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from winset.kernels.blocks import Block, Bools, Floats, Indices, Ints
from winset.kernels.limits import TooLarge
from winset.kernels.relaxation import Relaxation
from winset.kernels.rule import Rule, minimal_coalitions
from winset.kernels.search import efficient, search

_ROUNDS = 40  # of the quick multiplicative-weights attempt


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weighted total that any deal can reach is below the one that acceptance needs.

    Only deals count that cross no red line of the needed parties.
    """

    multipliers: tuple[int, ...]  # (party,), 0 for parties that are not needed
    attainable: int
    required: int


@dataclass(frozen=True, slots=True)
class Feasible:
    """Whether some deal satisfies all needed parties.

    `argument` is "deal" with a witness; "red lines" when every cell of the block `blocked` crosses a needed
    party; "weighing" with that proof; "search" when every deal was ruled out by exhaustive search under
    bounds.
    """

    exists: bool
    argument: Literal["deal", "red lines", "weighing", "search"]
    witness: Indices | None = None  # (block,)
    blocked: int | None = None
    weighing: Weighing | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """Whether the zone is empty: a witness, or a proof for every minimal winning coalition."""

    empty: bool
    witness: Indices | None  # (block,)
    coalition: tuple[int, ...] | None  # the coalition that accepts the witness
    proofs: tuple[tuple[tuple[int, ...], Feasible], ...]  # (coalition, why it accepts no deal)


@dataclass(frozen=True, slots=True)
class Reduced:
    """The cells that cross none of the needed parties, and the needed parties' columns of them."""

    cell: tuple[Indices, ...]  # per block, index in the original block
    utility: tuple[Ints, ...]  # per block (cell, needed party)
    reserve: Ints  # (needed party,), moved next to the range of utilities where out of reach
    stated: Ints  # (needed party,), as given
    blocked: int | None  # a block without cells, when there is one


def reduce_to(blocks: Sequence[Block], reserve: Ints, needed: Bools, worth: int | None = None) -> Reduced:
    """Keep what matters for the needed parties, and for the utility of one more party.

    Cells that another is at least as good as in all of that are left out; no largest weighted sum is lost
    with them.
    """
    columns = np.flatnonzero(needed).tolist() + ([] if worth is None else [worth])
    cells, utility = [], []
    for index, block in enumerate(blocks):
        kept = np.flatnonzero(~block.crossed[:, needed].any(axis=1))
        if not len(kept):
            return Reduced((), (), reserve[needed], reserve[needed], index)
        if columns:
            kept = kept[efficient(block.utility[kept][:, columns].astype(np.float64))]
        cells.append(kept)
        utility.append(block.utility[kept][:, needed])
    least = np.sum([values.min(axis=0) for values in utility], axis=0)
    most = np.sum([values.max(axis=0) for values in utility], axis=0)
    return Reduced(
        tuple(cells), tuple(utility), np.clip(reserve[needed], least, most + 1), reserve[needed], None
    )


def feasible(blocks: Sequence[Block], reserve: Ints, needed: Bools, *, limit: int = 1_000_000) -> Feasible:
    """Find a deal that all needed parties accept, or show that there is none.

    Parameters
    ----------
    needed : bool (party,)
    limit : int
        Largest number of prefixes of deals to hold in the exhaustive search.

    Raises
    ------
    TooLarge
        The question was left open after `limit` prefixes.
    """
    needed = np.asarray(needed, np.bool_)
    if not needed.any():
        return Feasible(True, "deal", np.zeros(len(blocks), np.intp))
    reduced = reduce_to(blocks, reserve, needed)
    if reduced.blocked is not None:
        return Feasible(False, "red lines", blocked=reduced.blocked)
    relaxation = Relaxation(reduced.utility, reduced.reserve)

    def told(cells: Indices) -> Feasible:
        return Feasible(
            True, "deal", np.array([c[i] for c, i in zip(reduced.cell, cells, strict=True)], np.intp)
        )

    weighing = None
    parties = relaxation.value.shape[1]
    for party in range(parties):
        weighing = weighing or _weigh(reduced, relaxation, np.eye(parties)[party], needed)
    multipliers = np.full(parties, 1 / parties)
    for turn in range(_ROUNDS if weighing is None else 0):
        cells, bound = relaxation.maximiser(multipliers)
        if _reaches(reduced, cells):
            return told(cells)
        if bound < 0:
            weighing = _weigh(reduced, relaxation, multipliers, needed)
            if weighing is not None:
                break
        multipliers = multipliers * np.exp(-relaxation.value_of(cells) * 8 / (1 + turn) ** 0.5)
        multipliers /= multipliers.sum()
    if weighing is None:
        margin, multipliers, cells = relaxation.best_margin()
        if _reaches(reduced, cells):
            return told(cells)
        if margin < 1e-6:
            weighing = _weigh(reduced, relaxation, multipliers, needed)
    if weighing is not None:
        return Feasible(False, "weighing", weighing=weighing)
    found = search(reduced.utility, reduced.reserve, None, [multipliers], relaxation, limit=limit)
    return Feasible(False, "search") if found is None else told(found[1])


def _reaches(reduced: Reduced, cells: Indices) -> bool:
    total = np.sum([values[cell] for values, cell in zip(reduced.utility, cells, strict=True)], axis=0)
    return bool((total >= reduced.reserve).all())


def _weigh(reduced: Reduced, relaxation: Relaxation, multipliers: Floats, needed: Bools) -> Weighing | None:
    """Round multipliers to whole numbers, as small as will do, and check the proof exactly."""
    if relaxation.maximiser(multipliers)[1] > 1e-6:
        return None
    raw = multipliers / relaxation.scale
    raw = raw / raw.max()
    for size in (1, 10, 100, 10**4, 10**6, 10**9, 10**12):
        whole = [round(float(value) * size) for value in raw]
        attainable = 0
        for values in reduced.utility:
            total = sum(m * values[:, party].astype(object) for party, m in enumerate(whole) if m)
            attainable += int(np.max(total))
        required = sum(m * int(r) for m, r in zip(whole, reduced.stated, strict=True))
        if attainable < required:
            everyone = np.zeros(len(needed), object)
            everyone[needed] = whole
            return Weighing(tuple(int(m) for m in everyone), attainable, required)
    return None


def empty(blocks: Sequence[Block], reserve: Ints, rule: Rule, *, limit: int = 1_000_000) -> Empty:
    """Whether the rule passes no deal at all.

    Raises
    ------
    TooLarge
        The rule has more than 4096 minimal coalitions, or one of them was left open after `limit` prefixes
        and no other accepts a deal.
    """
    proofs = []
    still_open: TooLarge | None = None
    for coalition in minimal_coalitions(rule, len(reserve)):
        needed = np.zeros(len(reserve), np.bool_)
        needed[list(coalition)] = True
        try:
            answer = feasible(blocks, reserve, needed, limit=limit)
        except TooLarge as outcome:
            still_open = outcome
            continue
        if answer.exists:
            return Empty(False, answer.witness, coalition, ())
        proofs.append((coalition, answer))
    if still_open is not None:
        raise still_open
    return Empty(True, None, None, tuple(proofs))
