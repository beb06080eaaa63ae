"""The efficient deals of a product of blocks, without enumerating it.

The utility vectors of all deals are the Minkowski sum of the utility vectors of the blocks, so the
efficient ones come from merging one block at a time and dropping what can no longer be efficient: a prefix
of a deal that is dominated stays dominated whatever the remaining blocks add (Nemhauser and Ullmann 1969,
Management Science 15:494-505, for the knapsack problem; Ehrgott 2005, *Multicriteria Optimization*, 2nd
ed., ch. 8-10).

With a rule of consent, only deals of the zone count. A state is then a pair (utility, lost), where `lost`
is the set of parties that can no longer accept, or whose answer no longer matters because of those. State b
is dropped when

* the rule fails even if every party outside `lost` accepts, or
* some state a has a utility at least as large for every party and larger for one, and lost_a is a subset of
  lost_b.

The second is sound because acceptance is monotone: whatever completes b to a deal of the zone completes a
to a deal of the zone that dominates it. States of equal utility and different `lost` are both kept, and
states equal in both are added up, so the number of deals that reach each efficient vector is exact.

With tolerances the set is approximate (Papadimitriou and Yannakakis 2000, FOCS, 86-92; Laumanns, Thiele,
Deb and Zitzler 2002, Evolutionary Computation 10:263-282): after a merge, utilities are rounded down to the
grid of a box and one state is kept of each undominated box. A merge with boxes of d units loses at most d -
1 units, losses add up over merges, and their sum stays within the tolerance. In the zone a party's utility
is rounded only where its answer is already settled. Let `sure` be the least partial utility with which a
party that is not lost accepts whatever follows (a red line apart, which would undo any yes). Rounding goes
down to the grid that starts at `sure` for what is above it, is the identity below it, and is free for lost
parties. A rounded value that is at least another's then implies an answer at least as favourable, whatever
follows. Hence, if a prefix has a completion in the zone, the state kept in its place has the same
completion in the zone, at a loss of at most d - 1 in each utility. Near the thresholds the set is therefore
as large as the exact one; nothing coarser would be safe there, since whether a deal just reaches two
thresholds is already the partition problem (NP-complete).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Block, Bools, Floats, Indices, Ints, settle
from winset.kernels.limits import TooLarge
from winset.kernels.rule import Rule, involved, minimal_coalitions, passes
from winset.kernels.wide import LARGEST, Residues, whole

Progress = Callable[[int, int, int], None]  # blocks merged, blocks in all, states kept

_CHUNK = 1 << 22  # utilities formed at a time
_FEW = 512  # rows up to which a plain sort is quicker than hashing
_TINY = 64  # states that are not worth pruning before the last merge
_EXACT_UP_TO = 25_000  # states below which a tolerance is not spent


@dataclass(frozen=True, slots=True)
class Frontier:
    """Efficient utility vectors, the best for the first party first.

    If `exact`, the points are exactly the efficient vectors. Otherwise every deal (of the zone, when a rule
    was given) is matched by a point whose utility is lower by at most `loss` for every party, and all
    points are attained by deals (of the zone) and none dominates another.
    """

    utility: Ints  # (point, party)
    crossed: Bools  # (point, party), red lines crossed by the witness
    witness: Indices  # (point, block), the cells of one deal that has this utility
    count: tuple[int, ...] | None  # deals with exactly this utility; None when a tolerance was spent
    counts_exact: bool  # False where a count above 1e28 is a float64 approximation, or when there are none
    exact: bool
    loss: Ints  # (party,), 0 when exact
    states: int  # the largest number of states held after a merge


@dataclass(slots=True)
class _States:
    utility: Floats  # (state, party), whole numbers
    lost: Ints  # (state,), bits of parties
    residue: Residues  # (state,), number of deals modulo 2**64
    approximation: Floats  # (state,), number of deals
    parent: npt.NDArray[np.int32]  # (state,), index in the previous merge
    cell: npt.NDArray[np.int32]  # (state,), cell of the block merged last

    def __len__(self) -> int:
        return len(self.utility)

    def take(self, index: npt.NDArray[np.intp] | Bools) -> _States:
        return _States(
            self.utility[index],
            self.lost[index],
            self.residue[index],
            self.approximation[index],
            self.parent[index],
            self.cell[index],
        )


def frontier(
    blocks: Sequence[Block],
    *,
    rule: Rule | None = None,
    reserve: Ints | None = None,
    within: npt.ArrayLike | None = None,
    limit: int = 1_000_000,
    progress: Progress | None = None,
) -> Frontier:
    """Pareto-efficient utility vectors, every party's utility maximised.

    Parameters
    ----------
    blocks : at least one, of at most 62 parties when a rule is given
    rule, reserve : int64 (party,)
        Given both, only deals that the rule passes count (the zone), and red lines matter. Without, all
        deals count and red lines are ignored.
    within : number or (party,), >= 0, in units of utility
        Tolerated loss of each party. Spent only once the exact set has grown large; see `Frontier.exact`
        and `loss`.
    limit : int
        Largest number of states to hold after a merge.
    progress : called after every merge

    Raises
    ------
    TooLarge
        More than `limit` states would be needed.
    """
    parties = blocks[0].utility.shape[1]
    tolerance: Ints = np.zeros(parties, np.int64)
    if within is not None:
        tolerance += np.floor(np.asarray(within, np.float64)).astype(np.int64)
    if (rule is None) != (reserve is None):
        raise ValueError("a rule and reservation values are given together or not at all")
    consent = None if rule is None or reserve is None else _Consent(rule, reserve, blocks)

    pruned = [_cells(block, consent) for block in blocks]
    order = sorted(range(len(blocks)), key=lambda index: (len(pruned[index]), index))
    if any(len(cells) == 0 for cells in pruned):
        return _empty(parties, len(blocks))
    rest = _Rest([blocks[index] for index in order])

    states = pruned[order[0]]
    if consent is not None:
        states = _group(consent.screen(states, rest, 0))
    history = [(states.parent, states.cell)]
    largest = len(states)
    spent: Ints = np.zeros(parties, np.int64)
    for stage, index in enumerate(order[1:], start=1):
        box: Ints | None = None
        room = tolerance - spent
        if room.any() and len(states) > _EXACT_UP_TO:
            # few large boxes thin out far more than many small ones of the same total loss
            box = (room if stage == len(order) - 1 else room * 3 // 4) + 1
            spent += box - 1
        states = _merge(states, pruned[index], stage, consent, rest, box, limit)
        largest = max(largest, len(states))
        history.append((states.parent, states.cell))
        if progress is not None:
            progress(stage + 1, len(order), len(states))
        if not len(states):
            return _empty(parties, len(blocks))

    if consent is not None:  # every state left is in the zone; now utilities alone decide
        keep = np.flatnonzero(_efficient(states.utility))
    else:
        keep = np.arange(len(states))
    return _result(blocks, order, states, keep, history, spent, largest)


def _result(
    blocks: Sequence[Block],
    order: list[int],
    states: _States,
    keep: Indices,
    history: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]],
    spent: Ints,
    largest: int,
) -> Frontier:
    utility: npt.NDArray[Any] = states.utility[keep]
    rank = np.lexsort(-utility.T[::-1])
    keep, utility = keep[rank], utility[rank]
    first = np.ones(len(keep), np.bool_)
    first[1:] = (utility[1:] != utility[:-1]).any(axis=1)
    start = np.flatnonzero(first)
    exact = not spent.any()
    count: tuple[int, ...] | None = None
    counts_exact = False
    if exact:
        approximation = np.add.reduceat(states.approximation[keep], start)
        count = tuple(whole(np.add.reduceat(states.residue[keep], start), approximation))
        counts_exact = bool((approximation <= LARGEST).all())

    chosen = keep[start]
    witness = np.empty((len(chosen), len(blocks)), np.intp)
    at: npt.NDArray[Any] = chosen
    for index, (parent, cell) in zip(reversed(order), reversed(history), strict=True):
        witness[:, index] = cell[at]
        at = parent[at]
    settled, crossed = settle(blocks, witness)
    return Frontier(settled, crossed, witness, count, counts_exact, exact, spent, largest)


def _empty(parties: int, blocks: int) -> Frontier:
    return Frontier(
        np.zeros((0, parties), np.int64),
        np.zeros((0, parties), np.bool_),
        np.zeros((0, blocks), np.intp),
        (),
        True,
        True,
        np.zeros(parties, np.int64),
        0,
    )


class _Rest:
    """What the blocks that are still to be merged can add."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        parties = blocks[0].utility.shape[1]
        stages = len(blocks)
        self.most = np.zeros((stages, parties))  # the most each party can still get where it is not crossed
        self.least = np.zeros((stages, parties))
        self.always = np.zeros((stages, parties), np.bool_)  # the rest crosses the party for sure
        for stage in range(stages - 1, 0, -1):
            utility, crossed = blocks[stage].utility, blocks[stage].crossed
            least, most = utility.min(axis=0), utility.max(axis=0)
            self.least[stage - 1] = self.least[stage] + least
            self.always[stage - 1] = self.always[stage]
            if crossed.any():
                most = np.where(crossed, np.iinfo(np.int64).min, utility).max(axis=0)
                barred = crossed.all(axis=0)
                most = np.where(barred, 0, most)
                self.always[stage - 1] |= barred
            self.most[stage - 1] = self.most[stage] + most


class _Consent:
    """The rule of consent as seen from a prefix of a deal."""

    def __init__(self, rule: Rule, reserve: Ints, blocks: Sequence[Block]) -> None:
        parties = len(reserve)
        if parties > 62:
            raise ValueError("at most 62 parties with a rule")
        self.rule = rule
        # values out of reach are moved next to the range of utilities: same answers, exact arithmetic
        least = np.sum([block.utility.min(axis=0) for block in blocks], axis=0)
        most = np.sum([block.utility.max(axis=0) for block in blocks], axis=0)
        self.reserve: Ints = np.clip(reserve, least, most + 1)
        self.parties = parties
        self.matter = np.flatnonzero(involved(rule, parties))
        self.bits = np.left_shift(np.int64(1), np.arange(parties, dtype=np.int64))
        self.coalitions: tuple[int, ...] | None
        try:
            self.coalitions = tuple(
                sum(1 << party for party in coalition) for coalition in minimal_coalitions(rule, parties)
            )
        except TooLarge:
            self.coalitions = None
        self.closures: dict[int, int] = {}

    def close(self, lost: Ints) -> Ints:
        """Add the parties whose answer no longer matters; -1 where the rule can no longer be satisfied."""
        if (lost == lost[:1]).all():  # most often nobody is lost: worth its own way
            return np.full(len(lost), self._close(int(lost[0])), np.int64) if len(lost) else lost
        kinds, inverse = np.unique(lost, return_inverse=True)
        closed: Ints = np.array([self._close(kind) for kind in kinds.tolist()], np.int64)
        return closed[inverse]

    def _close(self, lost: int) -> int:
        known = self.closures.get(lost)
        if known is None:
            if self.coalitions is None:
                able = passes(self.rule, [not lost >> party & 1 for party in range(self.parties)])
                known = lost if able else -1
            else:
                left = [coalition for coalition in self.coalitions if not coalition & lost]
                useful = 0
                for coalition in left:
                    useful |= coalition
                known = (1 << self.parties) - 1 & ~useful if left else -1
            self.closures[lost] = known
        return known

    def crossing(self, crossed: Bools) -> Ints:
        """Bits of the crossed parties that matter."""
        return np.asarray(crossed[:, self.matter] @ self.bits[self.matter], np.int64)

    def screen(self, states: _States, rest: _Rest, stage: int) -> _States:
        """Drop states that cannot reach the zone, and note for the others which parties are lost."""
        lost: Ints = states.lost
        for party in self.matter:
            if rest.always[stage, party]:
                lost = lost | self.bits[party]
            else:
                gone = states.utility[:, party] + rest.most[stage, party] < self.reserve[party]
                lost = lost | np.where(gone, self.bits[party], 0)
        states.lost = self.close(lost)
        alive = states.lost >= 0
        return states if alive.all() else states.take(alive)


def _cells(block: Block, consent: _Consent | None) -> _States:
    """Return the cells of a block as states, without those that another cell makes superfluous."""
    cells = len(block.utility)
    states = _States(
        block.utility.astype(np.float64),
        np.zeros(cells, np.int64),
        np.ones(cells, np.uint64),
        np.ones(cells),
        np.zeros(cells, np.int32),
        np.arange(cells, dtype=np.int32),
    )
    if consent is not None:
        if block.crossed.any():
            states.lost = consent.crossing(block.crossed)
        alive = consent.close(states.lost) >= 0
        if not alive.all():
            states = states.take(alive)
    if not len(states):
        return states
    return _group(states.take(_undominated(states.utility, states.lost)))


def _merge(
    states: _States,
    block: _States,
    stage: int,
    consent: _Consent | None,
    rest: _Rest,
    box: Ints | None,
    limit: int,
) -> _States:
    """Add a block to every state and drop what cannot be efficient."""
    parties = states.utility.shape[1]
    rows = max(1, _CHUNK // (parties * len(block)))
    parts: list[_States] = []
    held = 0
    for start in range(0, len(states), rows):
        left = slice(start, start + rows)
        utility = (states.utility[left, None, :] + block.utility).reshape(-1, parties)
        lost = (states.lost[left, None] | block.lost).ravel()
        size = len(utility) // len(block)
        part = _States(
            utility,
            lost,
            (states.residue[left, None] * block.residue).ravel(),
            (states.approximation[left, None] * block.approximation).ravel(),
            np.repeat(np.arange(start, start + size, dtype=np.int32), len(block)),
            np.tile(block.cell, size),
        )
        if len(part) <= _TINY and box is None and stage < len(rest.most) - 1 and rows >= len(states):
            return part  # pruning so few costs more than it saves; a later merge does it
        if consent is not None:
            part = consent.screen(part, rest, stage)
        if len(part):
            if box is None:
                part = part.take(_undominated(part.utility, part.lost))
            else:
                part = _boxed(part, box, consent, rest, stage)
            parts.append(part)
            held += len(part)
            if held > max(limit + limit // 4, _CHUNK // parties):
                parts = [_joined(parts, box, consent, rest, stage)]
                held = len(parts[0])
                if held > limit:
                    raise TooLarge(held, limit)
    if not parts:
        return states.take(np.zeros(0, np.intp))
    merged = _joined(parts, box, consent, rest, stage) if len(parts) > 1 else parts[0]
    merged = _group(merged)
    if len(merged) > limit:
        raise TooLarge(len(merged), limit)
    return merged


def _joined(
    parts: list[_States], box: Ints | None, consent: _Consent | None, rest: _Rest, stage: int
) -> _States:
    whole_part = _States(
        np.concatenate([part.utility for part in parts]),
        np.concatenate([part.lost for part in parts]),
        np.concatenate([part.residue for part in parts]),
        np.concatenate([part.approximation for part in parts]),
        np.concatenate([part.parent for part in parts]),
        np.concatenate([part.cell for part in parts]),
    )
    if box is not None:
        return _boxed(whole_part, box, consent, rest, stage)
    return whole_part.take(_undominated(whole_part.utility, whole_part.lost))


def _boxed(states: _States, box: Ints, consent: _Consent | None, rest: _Rest, stage: int) -> _States:
    """Keep one state of every undominated box. Idempotent: what it keeps, it keeps again."""
    size = box.astype(np.float64)
    key = np.floor(states.utility / size) * size
    if consent is not None:
        for party in consent.matter:
            value = states.utility[:, party]
            sure = float(consent.reserve[party]) - rest.least[stage, party]
            above = sure + np.floor((value - sure) / size[party]) * size[party]
            exact = np.where(value >= sure, above, value)
            gone = (states.lost >> party & 1).astype(np.bool_)
            key[:, party] = np.where(gone, key[:, party], exact)
    best = np.argsort(-(states.utility / size).sum(axis=1), kind="stable")
    states, key = states.take(best), key[best]
    first, _ = _same(key, states.lost)
    states, key = states.take(first), key[first]
    return states.take(_undominated(key, states.lost))


def _efficient(utility: Floats) -> Bools:
    """Points that no other dominates; all copies of equal points are kept."""
    if len(utility) <= 1:
        return np.ones(len(utility), np.bool_)
    if utility.shape[1] == 2:
        return _sweep(utility[:, 0], utility[:, 1])
    import moocore

    mask: Bools = moocore.is_nondominated(utility, maximise=True, keep_weakly=True)
    return mask


def _sweep(first: Floats, second: Floats) -> Bools:
    """Two parties: from the best for the first on, keep what is better than all before for the second."""
    order = np.lexsort((-second, -first))
    x, y = first[order], second[order]
    keep = np.ones(len(order), np.bool_)
    keep[1:] = y[1:] > np.maximum.accumulate(y)[:-1]
    copy = (x[1:] == x[:-1]) & (y[1:] == y[:-1])
    if copy.any():  # copies share the answer of the first of them
        begins = np.ones(len(order), np.bool_)
        begins[1:] = ~copy
        keep = keep[begins][np.cumsum(begins) - 1]
    mask = np.empty(len(order), np.bool_)
    mask[order] = keep
    return mask


def _undominated(utility: Floats, lost: Ints) -> Bools:
    """States that no state which has lost no more parties dominates."""
    if not len(lost) or (lost == lost[0]).all():
        return _efficient(utility)
    keep = np.zeros(len(lost), np.bool_)
    kinds, inverse = np.unique(lost, return_inverse=True)
    survivors: dict[int, Indices] = {}
    for kind in sorted(range(len(kinds)), key=lambda index: int(kinds[index]).bit_count()):
        own = np.flatnonzero(inverse == kind)
        outside = ~int(kinds[kind])
        better = [points for other, points in survivors.items() if int(kinds[other]) & outside == 0]
        pool = np.concatenate([own, *better])
        own = own[_efficient(utility[pool])[: len(own)]]
        survivors[kind] = own
        keep[own] = True
    return keep


def _group(states: _States) -> _States:
    """Merge states that are equal in utility and lost parties, adding their counts."""
    first, inverse = _same(states.utility, states.lost)
    if len(first) == len(states):
        return states
    merged = states.take(first)
    merged.residue = np.zeros(len(first), np.uint64)
    np.add.at(merged.residue, inverse, states.residue)
    merged.approximation = np.bincount(inverse, states.approximation, len(first)).astype(np.float64)
    return merged


def _same(values: Floats, lost: Ints) -> tuple[Indices, Indices]:
    """First index of every distinct row, in the order of rows, and for each row which of them it equals."""
    if len(lost) <= _FEW:
        order = np.lexsort((*values.T, lost))
        sorted_values, sorted_lost = values[order], lost[order]
        new = np.ones(len(lost), np.bool_)
        new[1:] = (sorted_values[1:] != sorted_values[:-1]).any(axis=1)
        new[1:] |= sorted_lost[1:] != sorted_lost[:-1]
        return _numbered(order, new)
    columns = [*(values.T + 0.0).astype(np.int64), lost]
    code = np.zeros(len(lost), np.uint64)
    for column in columns:  # equal rows have equal codes; the converse is checked below
        code = (code ^ column.view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        code ^= code >> np.uint64(29)
    order = np.argsort(code, kind="stable")
    new = np.ones(len(lost), np.bool_)
    new[1:] = code[order][1:] != code[order][:-1]
    if new.all():
        return _numbered(order, new)
    differs = np.zeros(len(lost), np.bool_)
    for column in columns:
        differs[1:] |= column[order][1:] != column[order][:-1]
    if (differs & ~new).any():
        order = np.lexsort(columns)
        new[:] = True
        new[1:] = False
        for column in columns:
            new[1:] |= column[order][1:] != column[order][:-1]
    return _numbered(order, new)


def _numbered(order: Indices, new: Bools) -> tuple[Indices, Indices]:
    """Number the runs of a stable sort by where each begins in the original order, as `new` marks it."""
    if new.all():
        return np.arange(len(order)), np.arange(len(order))
    group = np.cumsum(new) - 1
    first = order[new]  # stable sorts: the first of the equal rows
    rank = np.argsort(first)
    position = np.empty(len(first), np.intp)
    position[rank] = np.arange(len(first))
    inverse = np.empty(len(order), np.intp)
    inverse[order] = position[group]
    return first[rank], inverse
