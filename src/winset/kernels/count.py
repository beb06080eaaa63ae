"""How many deals the rule of consent passes.

Tried in this order, the first that fits:

* enumeration, when there are few deals;
* a dynamic program over blocks, in which prefixes of deals are added up when their future is the same:
  equal utility for the parties whose answer is still open, and the same parties settled. A prefix whose
  outcome is settled leaves it at once. This is exact at any size when utilities are coarse or thresholds
  easy (a multi-dimensional subset-sum count);
* meeting in the middle, when the rule comes down to one party or two: each half of the blocks is expanded,
  one is sorted, and partners are counted by binary search (Horowitz and Sahni 1974, Journal of the ACM
  21:277-292);
* otherwise an estimate from random deals. If the rule cannot do without some party, deals are drawn from
  those that the most reluctant such party accepts, whose number is exact by meeting in the middle, which
  shrinks the error.

An estimate never claims that there is no deal: without a hit it gives the bound of the rule of three
(Hanley and Lippman-Hand 1983, JAMA 249:1743-1745).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from winset.kernels.blocks import Block, Bools, Floats, Indices, Ints, accepts, number_of_deals, settle
from winset.kernels.pairs import reaching_pairs
from winset.kernels.rule import Rule, holds, involved, minimal_coalitions, necessary
from winset.kernels.stream import expand, patterns
from winset.kernels.wide import LARGEST, Residues, whole

_STATES = 100_000  # of the dynamic program
_HALF = 2_000_000  # points of one half when meeting in the middle


@dataclass(frozen=True, slots=True)
class Count:
    """A number of deals, exact or estimated."""

    value: int | float  # an int when exact
    total: int  # all deals of the space
    method: str  # "enumeration", "dynamic program", "meeting in the middle" or "sample"
    standard_error: float | None = None  # None when exact
    low: float | None = None  # 95 % interval of an estimate
    high: float | None = None

    @property
    def exact(self) -> bool:
        """Whether the value is exact."""
        return self.standard_error is None


def count(
    blocks: Sequence[Block],
    reserve: Ints,
    rule: Rule,
    *,
    rng: np.random.Generator,
    limit: int = 5_000_000,
    samples: int = 200_000,
) -> Count:
    """Number of deals in the zone.

    Parameters
    ----------
    limit : int
        Largest number of deals to enumerate.
    samples : int
        Random deals of an estimate.
    """
    total = number_of_deals(blocks)
    if total <= limit and len(reserve) <= 62:
        seen = patterns(blocks, reserve)
        codes = np.array(list(seen), np.int64)
        passed = holds(rule, (codes[:, None] >> np.arange(len(reserve)) & 1).astype(np.bool_))
        number = sum(n for n, yes in zip(seen.values(), passed.tolist(), strict=True) if yes)
        return Count(number, total, "enumeration")
    needed = necessary(rule, len(reserve))
    left = without(blocks, needed)
    if left is None:
        return Count(0, total, "enumeration")
    number_or_none = _dynamic(left, reserve, rule)
    if number_or_none is not None:
        return Count(number_or_none, total, "dynamic program")
    number_or_none = _middle(left, reserve, rule)
    if number_or_none is not None:
        return Count(number_or_none, total, "meeting in the middle")
    return _sampled(left, reserve, rule, needed, total, rng, samples)


def estimate(hits: int, samples: int, size: int, total: int) -> Count:
    """Return the estimate of a number of deals from hits among random deals of a set of known size.

    With no hit, or only hits, the interval is the rule of three's, and the standard error is that of one
    hit more or less, since the plug-in estimate would be nought.
    """
    share = hits / samples
    shrunk = min(max(hits, 1), samples - 1) / samples
    error = sqrt(shrunk * (1 - shrunk) / samples)
    if hits in (0, samples):
        low, high = (0.0, min(1.0, 3 / samples)) if hits == 0 else (max(0.0, 1 - 3 / samples), 1.0)
    else:  # Wilson 1927
        z = 1.959963984540054
        centre = (share + z * z / (2 * samples)) / (1 + z * z / samples)
        half = z * sqrt(share * (1 - share) / samples + z * z / (4 * samples**2)) / (1 + z * z / samples)
        low, high = centre - half, centre + half
    return Count(
        float(share * size), total, "sample", float(error * size), float(low * size), float(high * size)
    )


def without(blocks: Sequence[Block], parties: Bools) -> list[Block] | None:
    """Drop the cells that cross any of the parties; None when a block has no cell left."""
    left = []
    for block in blocks:
        keep = ~block.crossed[:, parties].any(axis=1)
        if not keep.any():
            return None
        left.append(block if keep.all() else Block(block.utility[keep], block.crossed[keep]))
    return left


def halves(blocks: Sequence[Block]) -> tuple[list[int], list[int]]:
    """Split the blocks into two groups of nearly equal product, large blocks first."""
    groups: tuple[list[int], list[int]] = ([], [])
    sizes = [1, 1]
    for index in sorted(range(len(blocks)), key=lambda index: -len(blocks[index].utility)):
        side = 0 if sizes[0] <= sizes[1] else 1
        groups[side].append(index)
        sizes[side] *= len(blocks[index].utility)
    return groups


def random_deals(blocks: Sequence[Block], size: int, rng: np.random.Generator) -> Indices:
    """Uniform random deals.

    Returns
    -------
    intp (deal, block)
    """
    return np.stack([rng.integers(0, len(block.utility), size) for block in blocks], axis=1)


# ---- dynamic program


def _dynamic(blocks: Sequence[Block], reserve: Ints, rule: Rule) -> int | None:
    """Count exactly by merging blocks, or None when more than `_STATES` states would be needed."""
    matter = np.flatnonzero(involved(rule, len(reserve)))
    if len(matter) > 30:
        return None
    least = np.sum([block.utility.min(axis=0) for block in blocks], axis=0)[matter]
    most = np.sum([block.utility.max(axis=0) for block in blocks], axis=0)[matter]
    target = np.clip(reserve[matter], least, most + 1)
    cells = [_distinct(block.utility[:, matter], block.crossed[:, matter]) for block in blocks]
    order = sorted(cells, key=lambda cell: (len(cell[0]), int(np.ptp(cell[0], axis=0).max())))
    parties = len(matter)
    need: Ints = target.copy()  # what the rest must add is `need` less the state
    low = [np.zeros(parties, np.int64)]
    high = [np.zeros(parties, np.int64)]
    free = [np.zeros(parties, np.bool_)]  # the rest may cross the party
    for utility, crossed, _ in reversed(order):
        low.append(low[-1] + utility.min(axis=0))
        high.append(high[-1] + utility.max(axis=0))
        free.append(free[-1] | crossed.any(axis=0))
    low, high, free = low[::-1], high[::-1], free[::-1]
    rest = [1]
    for _, _, many in reversed(order):
        rest.append(rest[-1] * int(many.sum()))
    rest.reverse()

    answers = np.zeros(len(reserve), np.bool_)

    def outcome(yes: Bools) -> Bools:
        full = np.broadcast_to(answers, (len(yes), len(reserve))).copy()
        full[:, matter] = yes
        return holds(rule, full)

    found = 0
    utility = np.zeros((1, parties), np.int64)
    lost = np.zeros((1, parties), np.bool_)
    residue: Residues = np.ones(1, np.uint64)
    approximation: Floats = np.ones(1)
    for stage, (block, lines, many) in enumerate(order, start=1):
        if len(utility) * len(block) > 40 * _STATES:
            return None
        utility = (utility[:, None] + block).reshape(-1, parties)
        lost = (lost[:, None] | lines).reshape(-1, parties)
        residue = (residue[:, None] * many.astype(np.uint64)).ravel()
        approximation = (approximation[:, None] * many).ravel()
        lost |= utility + high[stage] < need
        sure = ~lost & (utility + low[stage] >= need) & ~free[stage]
        possible, certain = outcome(~lost), outcome(sure)
        if certain.any():
            if approximation[certain].sum() > LARGEST:
                return None
            amount = whole(
                np.array([residue[certain].sum(dtype=np.uint64)]), np.array([approximation[certain].sum()])
            )
            found += amount[0] * rest[stage]
        left = possible & ~certain
        utility, lost, residue, approximation = utility[left], lost[left], residue[left], approximation[left]
        if not len(utility):
            return found
        # a party that is lost, or sure of its yes, needs no utility any more
        settled = lost | sure[left]
        key = np.where(lost, -1, np.where(sure[left], most + 1 - low[stage], utility))
        utility = np.where(settled, key, utility)
        group, first = _groups(np.column_stack([utility, lost @ (1 << np.arange(parties))]))
        if len(first) > _STATES:
            return None
        utility, lost = utility[first], lost[first]
        sums = np.zeros(len(first), np.uint64)
        np.add.at(sums, group, residue)
        residue = sums
        approximation = np.bincount(group, approximation, len(first)).astype(np.float64)
    return found


def _groups(rows: Ints) -> tuple[Indices, Indices]:
    """For each row the number of its group of equal rows, and the first row of each group."""
    order = np.lexsort(rows.T)
    new = np.ones(len(rows), np.bool_)
    new[1:] = (rows[order][1:] != rows[order][:-1]).any(axis=1)
    group = np.empty(len(rows), np.intp)
    group[order] = np.cumsum(new) - 1
    return group, order[new]


def _distinct(utility: Ints, crossed: Bools) -> tuple[Ints, Bools, Ints]:
    """Merge equal cells; the last result says how many cells each stands for."""
    group, first = _groups(np.column_stack([utility, crossed]))
    return utility[first], crossed[first], np.bincount(group, minlength=len(first)).astype(np.int64)


# ---- meeting in the middle


def _middle(blocks: Sequence[Block], reserve: Ints, rule: Rule) -> int | None:
    """Count exactly when the rule comes down to at most two parties, or None."""
    if involved(rule, len(reserve)).sum() > 12:
        return None
    coalitions = minimal_coalitions(rule, len(reserve))
    used = sorted({party for coalition in coalitions for party in coalition})
    if len(used) > 2:
        return None
    if any(number_of_deals([blocks[index] for index in side]) > _HALF for side in halves(blocks)):
        return None
    if not coalitions:
        return 0
    if coalitions == ((),):
        return number_of_deals(blocks)
    if len(coalitions) == 1:
        return jointly(blocks, reserve, list(coalitions[0]))
    first, second = used  # either is enough
    together = jointly(blocks, reserve, used)
    return jointly(blocks, reserve, [first]) + jointly(blocks, reserve, [second]) - together


def jointly(blocks: Sequence[Block], reserve: Ints, parties: Sequence[int]) -> int:
    """Number of deals that each of one or two parties accepts; the halves must fit in memory."""
    chosen = np.zeros(len(reserve), np.bool_)
    chosen[list(parties)] = True
    left = without(blocks, chosen)
    if left is None:
        return 0
    columns = [Block(block.utility[:, list(parties)], block.crossed[:, list(parties)]) for block in left]
    least = np.sum([block.utility.min(axis=0) for block in columns], axis=0)
    most = np.sum([block.utility.max(axis=0) for block in columns], axis=0)
    target = np.clip(reserve[list(parties)], least, most + 1)
    one, two = (expand([columns[index] for index in side], len(parties)).utility for side in halves(columns))
    if len(parties) == 2:
        return reaching_pairs(one, two, target)
    tail = np.sort(two[:, 0])
    return int((len(tail) - np.searchsorted(tail, target[0] - np.sort(one[:, 0]), side="left")).sum())


# ---- sample


def _sampled(
    blocks: Sequence[Block],
    reserve: Ints,
    rule: Rule,
    needed: Bools,
    total: int,
    rng: np.random.Generator,
    samples: int,
) -> Count:
    cells = random_deals(blocks, samples, rng)
    utility, crossed = settle(blocks, cells)
    accept = accepts(utility, crossed, reserve)
    size = number_of_deals(blocks)
    sides = halves(blocks)
    if needed.any() and all(number_of_deals([blocks[index] for index in side]) <= _HALF for side in sides):
        share = np.where(needed, accept.mean(axis=0), 2.0)
        party = int(share.argmin())
        size, drawn = _accepted_by(blocks, reserve, party, sides, rng, samples)
        if drawn is None:
            return Count(0, total, "meeting in the middle")
        utility, crossed = settle(blocks, drawn)
        accept = accepts(utility, crossed, reserve)
    return estimate(int(holds(rule, accept).sum()), samples, size, total)


def _accepted_by(
    blocks: Sequence[Block],
    reserve: Ints,
    party: int,
    sides: tuple[list[int], list[int]],
    rng: np.random.Generator,
    samples: int,
) -> tuple[int, Indices | None]:
    """Number of deals that a party accepts, and uniform random ones among them; none of them may cross it."""
    one, two = (
        sum_of([blocks[index].utility[:, party] for index in side]) if side else np.zeros(1, np.int64)
        for side in sides
    )
    most = int(one.max() + two.max())
    least = int(one.min() + two.min())
    target = min(max(int(reserve[party]), least), most + 1)
    order = np.argsort(two, kind="stable")
    start = np.searchsorted(two[order], target - one, side="left")
    partners = np.cumsum(len(two) - start)
    size = int(partners[-1])
    if size == 0:
        return 0, None
    ticket = rng.integers(0, size, samples)
    left = np.searchsorted(partners, ticket, side="right")
    right = order[len(two) - (partners[left] - ticket)]
    cells = np.empty((samples, len(blocks)), np.intp)
    for side, position in zip(sides, (left, right), strict=True):
        if side:
            shape = [len(blocks[index].utility) for index in side]
            cells[:, side] = np.stack(np.unravel_index(position, shape), axis=-1)
    return size, cells


def sum_of(values: Sequence[Ints]) -> Ints:
    """All sums of one value of each array, the last varying fastest."""
    sums: Ints = np.zeros(1, np.int64)
    for value in values:
        sums = (sums[:, None] + value).ravel()
    return sums
