"""How much power has each member of a body that decides by votes?

A body is a monotone simple game: a coalition of members wins when its sums of weights reach every quota of
one of the rule's terms. A member *swings* a losing coalition that wins with it. Counted here, exactly:

- Shapley and Shubik (1954): the chance to swing, all orders of joining equally likely;
- Penrose (1946) and Banzhaf (1965): the swings, as a share of the coalitions of the others (absolute) and
  of everybody's swings (normalised);
- Coleman (1971): the power of the body to act, of a member to prevent action, and to initiate it;
- Deegan and Packel (1978): all minimal winning coalitions equally likely, its members sharing equally.

All but the last follow from the winning coalitions by size, those with a given member apart. By inclusion
and exclusion over the terms these are sums over *orthants* (all quotas of one vector reached), and the
orthants are counted by whichever of three ways is short: a generating function in the sums (Mann and Shapley
1962), a grid over how many of each kind of member say yes, or meeting in the middle. Polynomials in the size
of a coalition are packed into one long whole number each, ``bits`` apart, so that a step of the generating
function is one shift and one addition. One weight whose quota is no more than half is counted modulo primes
instead (``power_sizes``), and one with sums in the millions is left to ``power_large``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels import power_large, power_sizes
from winset.kernels.limits import TooLarge
from winset.kernels.minimal import by_size

__all__ = ["Asked", "Game", "Minimal", "Power", "minimal", "power", "terms", "wins"]

MOST_TERMS = 512  # of a rule written out as "this or that or ..."
GRID = 20_000  # cells of a grid that are walked one by one
CELLS = 1 << 22  # cells of a grid held as an array
MEMBERS = 4_000  # counts have so many binary digits
HALVES = 40  # members that meet in the middle
STEPS = 10_000_000_000  # bytes moved by a generating function, roughly
LARGE = 200_000_000_000  # additions of numbers, for one weight with large sums: half a minute
MINIMAL = 100_000_000_000  # additions of numbers, for the minimal coalitions of one weight: half a minute
_WORD = 1 << 62  # sums of the machine's whole numbers stay below

Counts = list[int]  # by size, 0 .. members
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule: ``threshold`` of its parts hold; a part is a rule, or a weight whose quota must be reached."""

    threshold: int
    parts: tuple[Asked | tuple[int, int], ...]  # rules, and pairs (weight, quota)


@dataclass(frozen=True, slots=True)
class Game:
    """Weights in whole numbers, and the quotas of which some row must be reached in every column."""

    weights: tuple[tuple[int, ...], ...]  # (weight, member), 0 or more
    terms: tuple[tuple[int, ...], ...]  # (term, weight); 0 asks for nothing

    @property
    def members(self) -> int:
        return len(self.weights[0])


@dataclass(frozen=True, slots=True)
class Power:
    """The indices of a game, exact but for one; one entry a member."""

    winning: int  # winning coalitions
    act: Fraction  # Coleman's power of the body to act: the share of coalitions that win
    swings: tuple[int, ...]
    shapley: tuple[Fraction, ...]  # to within `error`
    banzhaf: tuple[Fraction, ...]  # absolute: swings over coalitions of the others
    normalised: tuple[Fraction, ...]  # swings over everybody's; all 0 where there are none
    prevent: tuple[Fraction, ...]  # swings over winning coalitions
    initiate: tuple[Fraction, ...]  # swings over losing coalitions
    veto: tuple[bool, ...]  # nothing passes without it
    dummy: tuple[bool, ...]  # it swings nothing
    error: float = 0.0  # of the Shapley-Shubik index, where the weights are too large for an exact one


@dataclass(frozen=True, slots=True)
class Minimal:
    """The minimal winning coalitions of a game."""

    number: int
    holding: tuple[int, ...]  # (member,): those that hold it
    deegan: tuple[Fraction, ...]  # (member,): the Deegan-Packel index


def wins(game: Game, coalition: Sequence[bool]) -> bool:
    """Whether a coalition wins: ``coalition`` says of each member whether it is in."""
    sums = [sum(w for w, yes in zip(row, coalition, strict=True) if yes) for row in game.weights]
    return any(all(s >= q for s, q in zip(sums, quotas, strict=True)) for quotas in game.terms)


def terms(rule: Asked, weights: int) -> tuple[tuple[int, ...], ...]:
    """A rule written out as the smallest vectors of quotas, any one of which suffices.

    Raises
    ------
    TooLarge
        There are more than ``MOST_TERMS`` of them.
    """

    def unfold(part: Asked | tuple[int, int]) -> list[tuple[int, ...]]:
        if not isinstance(part, Asked):
            place, quota = part
            return [tuple(quota if k == place else 0 for k in range(weights))]
        # layers[k]: vectors that satisfy k of the parts read so far
        layers: list[list[tuple[int, ...]]] = [[(0,) * weights], *([] for _ in range(part.threshold))]
        for inner in part.parts:
            vectors = unfold(inner)
            for k in range(part.threshold, 0, -1):
                joined = {tuple(map(max, low, extra)) for low in layers[k - 1] for extra in vectors}
                layers[k] = _smallest(joined.union(layers[k]))
                if len(layers[k]) > MOST_TERMS:
                    raise TooLarge(len(layers[k]), MOST_TERMS)
        return layers[-1]

    return tuple(sorted(unfold(rule)))


def _smallest(vectors: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    kept: list[tuple[int, ...]] = []
    for vector in sorted(vectors, key=lambda v: (sum(v), v)):
        if not any(all(a <= b for a, b in zip(other, vector, strict=True)) for other in kept):
            kept.append(vector)
    return kept


# ------------------------------------------------------------------------------------ indices from swings


def power(game: Game) -> Power:
    """All indices but Deegan and Packel's.

    Raises
    ------
    TooLarge
        The winning coalitions cannot be counted within the limits.
    """
    n = game.members
    if n > MEMBERS:
        raise TooLarge(n, MEMBERS)
    kinds, of = _kinds(game.weights)
    sizes = [0] * len(kinds)
    for kind in of:
        sizes[kind] += 1
    error = 0.0
    try:
        total, swings, shapley = _by_size(kinds, sizes, game.terms)
    except TooLarge:
        found = _large(kinds, sizes, game.terms)
        if found is None:
            raise
        total, swings, shapley = found
        error = power_large.ERROR
    everything, all_swings = 1 << n, sum(map(int.__mul__, swings, sizes))
    normalised = [Fraction(x, all_swings) if all_swings else Fraction(0) for x in swings]
    prevent = [Fraction(x, total) if total else Fraction(0) for x in swings]
    initiate = [Fraction(x, everything - total) if total < everything else Fraction(0) for x in swings]
    absolute = [Fraction(x, everything // 2) for x in swings]
    return Power(
        winning=total,
        act=Fraction(total, everything),
        swings=tuple(swings[k] for k in of),
        shapley=tuple(shapley[k] for k in of),
        banzhaf=tuple(absolute[k] for k in of),
        normalised=tuple(normalised[k] for k in of),
        prevent=tuple(prevent[k] for k in of),
        initiate=tuple(initiate[k] for k in of),
        veto=tuple(swings[k] == total for k in of),  # a coalition that wins without it also wins with it
        dummy=tuple(swings[k] == 0 for k in of),
        error=error,
    )


def _by_size(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], rows: Sequence[tuple[int, ...]]
) -> tuple[int, list[int], list[Fraction]]:
    """Winning coalitions; swings and the Shapley-Shubik index of each kind."""
    n = sum(sizes)
    winning, holding = [0] * (n + 1), [[0] * (n + 1) for _ in kinds]
    for quotas, sign in _signed(rows).items():
        some, each = _orthant(kinds, sizes, quotas)
        winning = [a + sign * b for a, b in zip(winning, some, strict=True)]
        for kind, counts in enumerate(each):
            holding[kind] = [a + sign * b for a, b in zip(holding[kind], counts, strict=True)]
    orders = [math.factorial(s) * math.factorial(n - 1 - s) for s in range(n)]
    swings, shapley, every = [], [], math.factorial(n)
    for counts in holding:
        swung = [counts[s + 1] + counts[s] - winning[s] for s in range(n)]
        swings.append(sum(swung))
        shapley.append(Fraction(sum(map(int.__mul__, swung, orders)), every))
    return sum(winning), swings, shapley


def _large(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], rows: Sequence[tuple[int, ...]]
) -> tuple[int, list[int], list[Fraction]] | None:
    """The same of one weight with sums too large for a table by size; None where that is too much too."""
    asked = [w for w in range(len(rows[0])) if rows[0][w] > 0]
    if len(rows) > 1 or len(asked) != 1 or sum(sizes) > power_large.MEMBERS:
        return None
    column = [k[asked[0]] for k in kinds]
    divisor = math.gcd(*column)
    weights, quota = [w // divisor for w in column], -(-rows[0][asked[0]] // divisor)
    if power_large.additions(weights, sizes) > LARGE:
        return None
    total, swings = power_large.swings(weights, sizes, quota)
    return total, swings, [Fraction(x) for x in power_large.shapley(weights, sizes, quota)]


def _kinds(weights: Sequence[Sequence[int]]) -> tuple[list[tuple[int, ...]], list[int]]:
    """Members with the same weights are of one kind: the kinds' weights, and each member's kind."""
    number: dict[tuple[int, ...], int] = {}
    of = [number.setdefault(vector, len(number)) for vector in zip(*weights, strict=True)]
    return list(number), of


def _signed(rows: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], int]:
    """Inclusion and exclusion: orthants and how often each counts, so that any of the rows counts once."""
    out: dict[tuple[int, ...], int] = {}
    for row in rows:
        more = {row: 1}
        for other, sign in out.items():
            both = tuple(map(max, row, other))
            more[both] = more.get(both, 0) - sign
        for vector, sign in more.items():
            out[vector] = out.get(vector, 0) + sign
        out = {vector: sign for vector, sign in out.items() if sign}
        if len(out) > MOST_TERMS:
            raise TooLarge(len(out), MOST_TERMS)
    return out


def _orthant(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], quotas: Sequence[int]
) -> tuple[Counts, list[Counts]]:
    """Coalitions whose sums reach all quotas, by size: all of them, and those with one member of a kind."""
    n = sum(sizes)
    least = 0
    columns, wanted = [], []
    for column, quota in zip(zip(*kinds, strict=True), quotas, strict=True):
        if quota <= 0:
            continue
        if len(set(column)) == 1:  # everybody weighs the same: so many members
            least = max(least, -(-quota // column[0]) if column[0] else n + 1)
            continue
        divisor = math.gcd(*column)
        columns.append([w // divisor for w in column])
        wanted.append(-(-quota // divisor))
    if not columns:
        some: Counts = _binomials(n)
        each = [_shifted(_binomials(n - 1)) for _ in kinds]
    else:
        merged, of = _kinds(columns)
        totals = [0] * len(merged)
        for kind, size in zip(of, sizes, strict=True):
            totals[kind] += size
        some, one = _count(merged, totals, wanted)
        each = [one[kind] for kind in of]
    if least:
        some = [c if s >= least else 0 for s, c in enumerate(some)]
        each = [[c if s >= least else 0 for s, c in enumerate(counts)] for counts in each]
    return some, each


def _binomials(n: int) -> Counts:
    return [math.comb(n, s) for s in range(n + 1)]


def _shifted(counts: Counts) -> Counts:
    return [0, *counts]


def _count(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], quotas: Sequence[int]
) -> tuple[Counts, list[Counts]]:
    """The orthant by the shortest way."""
    n = sum(sizes)
    if any(
        sum(w * c for w, c in zip(column, sizes, strict=True)) < quota
        for column, quota in zip(zip(*kinds, strict=True), quotas, strict=True)
    ):
        return [0] * (n + 1), [[0] * (n + 1) for _ in kinds]
    cells = _cells(sizes) // (max(sizes) + 1)
    if cells <= GRID and cells * len(sizes) * n * n // 8 <= STEPS:
        return _grid(kinds, sizes, quotas)
    steps = _steps(kinds, sizes, quotas)
    if n <= HALVES and steps > STEPS // 100:
        return _halves(kinds, sizes, quotas)
    if steps > STEPS:
        raise TooLarge(steps, STEPS)
    return _series([k[0] for k in kinds], sizes, quotas[0])


def _cells(sizes: Sequence[int]) -> int:
    return math.prod(s + 1 for s in sizes)


def _steps(kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], quotas: Sequence[int]) -> int:
    """Bytes that a generating function would move; beyond any limit where there are several weights."""
    if len(quotas) > 1:
        return STEPS + 1
    n, total = sum(sizes), sum(k[0] * c for k, c in zip(kinds, sizes, strict=True))
    return n * min(quotas[0], total - quotas[0] + 1) * n * n // 16


# ------------------------------------------------------------------------------- packed polynomials in size


def _unpacked(packed: int, n: int, bits: int) -> Counts:
    mask = (1 << bits) - 1
    return [packed >> (bits * s) & mask for s in range(n + 1)]


class _Table:
    """Members whose weights are added one by one: coalitions with at most x votes, packed by size."""

    def __init__(self, top: int, bits: int) -> None:
        self.top, self.bits = top, bits
        self.rows: list[int] = []  # x -> packed; beyond the last row every coalition counts
        self.full = 1

    def add(self, weight: int) -> None:
        bits, full = self.bits, self.full
        long = min(self.top + 1, len(self.rows) + weight) - len(self.rows)
        rows = self.rows + [full] * long
        self.full = full + (full << bits)
        self.rows = rows[:weight]
        self.rows += [a + (c << bits) for a, c in zip(rows[weight:], rows, strict=False)]

    def most(self, x: int) -> int:
        """Coalitions with at most x votes."""
        if x < 0:
            return 0
        return self.rows[x] if x < len(self.rows) else self.full

    def with_one(self, x: int, weight: int, n: int) -> int:
        """Those with one given member of this weight: y z / (1 + y z) of all, as an alternating series."""
        out = 0
        for k in range(1, n + 1):
            if k * weight > x:
                break
            part = self.most(x - k * weight) << (k * self.bits)
            out += part if k % 2 else -part
        return out & ((1 << (self.bits * (n + 1))) - 1)


def _series(weights: Sequence[int], sizes: Sequence[int], quota: int) -> tuple[Counts, list[Counts]]:
    """One weight: the generating function in the sums up to the quota, or up to what may be absent."""
    n = sum(sizes)
    total = sum(w * c for w, c in zip(weights, sizes, strict=True))
    losing = quota - 1 <= total - quota
    if losing and 0 not in weights:
        found = power_sizes.by_size(tuple(weights), tuple(sizes), quota)
        every, others = _binomials(n), _shifted(_binomials(n - 1))
        held = [[a - b for a, b in zip(others, counts, strict=True)] for counts in found.losing_with]
        return [a - b for a, b in zip(every, found.losing, strict=True)], held
    table = _Table(min(quota - 1, total - quota), n + 2)
    for weight, size in sorted(zip(weights, sizes, strict=True)):
        for _ in range(size):
            table.add(weight)
    small = _unpacked(table.most(table.top), n, table.bits)
    out = []
    for weight in weights:
        with_it = _unpacked(table.with_one(table.top, weight, n), n, table.bits)
        if losing:
            out.append([a - b for a, b in zip(_shifted(_binomials(n - 1)), with_it, strict=True)])
        else:  # the absent are few: a coalition holds the member when its absent do not
            out.append([a - b for a, b in zip(small, with_it, strict=True)][::-1])
    if losing:
        return [a - b for a, b in zip(_binomials(n), small, strict=True)], out
    return small[::-1], out


def _grid(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], quotas: Sequence[int]
) -> tuple[Counts, list[Counts]]:
    """Few kinds: walk over how many of each say yes; of the largest kind, the least number that wins."""
    n = sum(sizes)
    bits = n + n.bit_length() + 2
    big = max(range(len(sizes)), key=lambda k: sizes[k])
    others = [k for k in range(len(sizes)) if k != big]
    some, one = [0] * (sizes[big] + 2), [0] * (sizes[big] + 2)  # at least so many of the largest kind
    for k in range(sizes[big], -1, -1):
        some[k] = some[k + 1] + (math.comb(sizes[big], k) << (bits * k))
        one[k] = one[k + 1] + (math.comb(sizes[big] - 1, k - 1) << (bits * k) if k else 0)
    row = [[math.comb(sizes[k], j) for j in range(sizes[k] + 1)] for k in others]
    winning, holding = 0, [0] * len(sizes)
    for cell in product(*(range(sizes[k] + 1) for k in others)):
        need = 0
        for w, quota in enumerate(quotas):
            short = quota - sum(kinds[k][w] * j for k, j in zip(others, cell, strict=True))
            if short > 0:
                each = kinds[big][w]
                need = max(need, -(-short // each) if each else sizes[big] + 1)
        if need > sizes[big]:
            continue
        ways = math.prod(row[i][j] for i, j in enumerate(cell)) << (bits * sum(cell))
        found = ways * some[need]
        winning += found
        holding[big] += ways * one[need]
        for k, j in zip(others, cell, strict=True):
            holding[k] += found * j
    for k in others:
        holding[k] //= sizes[k]
    return _unpacked(winning, n, bits), [_unpacked(packed, n, bits) for packed in holding]


def _halves(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], quotas: Sequence[int]
) -> tuple[Counts, list[Counts]]:
    """Meeting in the middle: for each coalition of one half, those of the other that make it win."""
    member = [k for k, size in enumerate(sizes) for _ in range(size)]
    if any(sum(kinds[k][w] for k in member) >= _WORD for w in range(len(quotas))):
        raise TooLarge(_WORD, _WORD)
    weights = np.array([kinds[k] for k in member], np.int64)
    n, half = len(member), len(member) // 2
    first = {k: member.index(k) for k in range(len(kinds))}  # one member stands for its kind
    low, high = _subsets(weights[:half]), _subsets(weights[half:])
    low_size, high_size = (_subsets(np.ones((m, 1), np.int64))[:, 0] for m in (half, n - half))
    axis = max(range(len(quotas)), key=lambda w: len(np.unique(low[:, w])))
    rest = [w for w in range(len(quotas)) if w != axis]
    keys = np.column_stack([low_size, *(low[:, w] for w in rest)])
    groups, group = np.unique(keys, axis=0, return_inverse=True)
    group = group.ravel()
    order = np.lexsort((low[:, axis], group))
    starts = np.searchsorted(group[order], np.arange(len(groups) + 1))
    inside = {k: i for k, i in first.items() if i < half}
    outside = {k: (np.arange(len(high)) >> (i - half) & 1) == 1 for k, i in first.items() if i >= half}
    counts = np.zeros((1 + len(kinds), n + 1), np.int64)  # all that win, then those with a member of a kind

    def tally(row: int, size: int, ways: Ints, sizes_there: Ints) -> None:
        # a bin holds less than 2**53, so that floats hold it exactly
        found = np.bincount(sizes_there, ways, n - half + 1).astype(np.int64)
        counts[row, size : size + n - half + 1] += found

    for g, key in enumerate(groups.tolist()):
        rows = order[starts[g] : starts[g + 1]]
        fits = np.ones(len(high), np.bool_)
        for place, w in enumerate(rest, 1):
            fits &= high[:, w] >= quotas[w] - key[place]
        fit = np.flatnonzero(fits)
        sizes_there = high_size[fit]
        at = np.searchsorted(low[rows, axis], quotas[axis] - high[fit, axis])
        ways = len(rows) - at
        tally(0, key[0], ways, sizes_there)
        for kind, i in inside.items():
            held = np.concatenate([np.cumsum((rows >> i & 1)[::-1])[::-1], [0]])
            tally(1 + kind, key[0], held[at], sizes_there)
        for kind, there in outside.items():
            chosen = there[fit]
            tally(1 + kind, key[0], ways[chosen], sizes_there[chosen])
    winning, *holding = counts.tolist()
    return winning, holding


def _subsets(weights: Ints) -> Ints:
    """(subset, weight): sums over all subsets of the members, the first being the lowest bit."""
    sums: Ints = np.zeros((1, weights.shape[1]), np.int64)
    for row in weights:
        sums = np.concatenate([sums, sums + row])
    return sums


# ----------------------------------------------------------------------------- minimal winning coalitions


def minimal(game: Game) -> Minimal:
    """The minimal winning coalitions, how many hold each member, and the Deegan-Packel index.

    Raises
    ------
    TooLarge
        They cannot be counted within the limits.
    """
    if game.members > MEMBERS:
        raise TooLarge(game.members, MEMBERS)
    kinds, of = _kinds(game.weights)
    sizes = [0] * len(kinds)
    for kind in of:
        sizes[kind] += 1
    asked = [w for w in range(len(game.weights)) if any(row[w] for row in game.terms)]
    if len(asked) == len(game.terms) == 1 and _cells(sizes) > 1 << 14:
        weights = [k[asked[0]] for k in kinds]
        some, each = _minimal_series(weights, sizes, game.terms[0][asked[0]])
    elif _cells(sizes) <= CELLS and len(sizes) <= 32:
        some, each = _minimal_grid(kinds, sizes, game.terms)
    else:
        some, each = by_size(kinds, sizes, game.terms)
    number = sum(some)
    if not number:
        none = (0,) * len(of)
        return Minimal(0, none, tuple(map(Fraction, none)))
    scale = math.lcm(*range(1, game.members + 1))
    index = [
        Fraction(sum(c * (scale // s) for s, c in enumerate(counts) if s), number * scale) for counts in each
    ]
    return Minimal(number, tuple(sum(each[k]) for k in of), tuple(index[k] for k in of))


def _minimal_series(weights: Sequence[int], sizes: Sequence[int], quota: int) -> tuple[Counts, list[Counts]]:
    """One weight: see ``power_sizes``; members without any are in none."""
    n = sum(sizes)
    none = [0] * (n + 1)
    if sum(w * c for w, c in zip(weights, sizes, strict=True)) < quota:
        return none, [none for _ in weights]
    divisor = math.gcd(*weights)
    heavy = [k for k, w in enumerate(weights) if w]
    asked = tuple(weights[k] // divisor for k in heavy), tuple(sizes[k] for k in heavy), -(-quota // divisor)
    steps = power_sizes.additions(*asked)
    if steps > MINIMAL:
        raise TooLarge(steps, MINIMAL)
    found = power_sizes.by_size(*asked)
    rest = [0] * (n + 1 - len(found.minimal))
    each = dict(zip(heavy, found.minimal_with, strict=True))
    return found.minimal + rest, [each[k] + rest if k in each else none for k in range(len(weights))]


def _minimal_grid(
    kinds: Sequence[tuple[int, ...]], sizes: Sequence[int], rows: Sequence[tuple[int, ...]]
) -> tuple[Counts, list[Counts]]:
    """Any rule: every number of members of each kind, held at once."""
    n, shape = sum(sizes), tuple(s + 1 for s in sizes)
    sums = [
        _outer([[w * j for j in range(size + 1)] for w, size in zip(column, sizes, strict=True)])
        for column in zip(*kinds, strict=True)
    ]
    won = np.zeros(shape, np.bool_)
    for quotas in rows:
        reached = np.ones(shape, np.bool_)
        for total, quota in zip(sums, quotas, strict=True):
            if quota > 0:
                reached &= total >= np.array(quota, total.dtype)
        won |= reached
    least = won.copy()
    for axis in range(len(shape)):
        upper = [slice(None)] * len(shape)
        lower = list(upper)
        upper[axis], lower[axis] = slice(1, None), slice(None, -1)
        least[tuple(upper)] &= ~won[tuple(lower)]
    cells = np.argwhere(least)
    several = [k for k, size in enumerate(sizes) if size > 1]
    single = [k for k, size in enumerate(sizes) if size == 1]
    keys = np.column_stack([cells[:, single].sum(axis=1), cells[:, several]])

    def counted(chosen: Ints, kind: int | None) -> Counts:
        out = [0] * (n + 1)
        found, times = np.unique(chosen, axis=0, return_counts=True)
        for key, number in zip(found.tolist(), times.tolist(), strict=True):
            ways = number * math.prod(math.comb(sizes[k], j) for k, j in zip(several, key[1:], strict=True))
            if kind is not None:
                ways = ways * key[1 + several.index(kind)] // sizes[kind]
            out[sum(key)] += ways
        return out

    each = [
        counted(keys, k) if k in several else counted(keys[cells[:, k] == 1], None) for k in range(len(sizes))
    ]
    return counted(keys, None), each


def _outer(columns: Sequence[Sequence[int]]) -> npt.NDArray[Any]:
    """Sums of one entry of each column, an axis for each; Python's own numbers where others are too short."""
    short = sum(map(max, columns)) < _WORD
    out: npt.NDArray[Any] = np.zeros((1,) * len(columns), np.int64 if short else object)
    for axis, column in enumerate(columns):
        at = [1] * len(columns)
        at[axis] = len(column)
        out = out + np.array(column, out.dtype).reshape(at)
    return out
