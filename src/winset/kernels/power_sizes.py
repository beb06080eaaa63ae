"""Coalitions of one weight by size: those that lose, and the minimal ones among those that win.

What Deegan and Packel (1978) share out are minimal winning coalitions. Members are read from the heaviest
down. A coalition that wins is minimal when it would not win without its lightest member, so that the others,
all read before, bring at least the quota less the lightest's weight and less than the quota. With ``T(x)``
for the coalitions of the members read so far that bring at most x votes, by size, the next member of weight w
is the lightest of ``T(q - 1) - T(q - 1 - w)`` minimal ones. When all are read, ``T(q - 1)`` are those that
lose.

Those with a given member of weight h need no table of their own. The coalitions with it that bring at most
x are ``T(x - h) - T(x - 2h) + T(x - 3h) - ...``, each of one size more, and this is the same sum for every
later member. So the later members' ``T(x) - T(x - w)`` are added up first, for all x at once. Of these only
the first must be added: the second is what a member adds to the table, by which the table has grown.

All is counted modulo several primes and put together by the Chinese remainder theorem, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.power_large import apart, primes, whole

__all__ = ["BySize", "additions", "by_size"]

Ints = npt.NDArray[np.int64]
Table = npt.NDArray[np.uint32]
_PIECE = 1 << 15  # numbers added at a time: they stay in the cache


@dataclass(frozen=True, slots=True)
class BySize:
    """Numbers of coalitions with 0, 1, ... members, up to all; lists within lists have an entry a kind."""

    losing: list[int]
    losing_with: list[list[int]]  # those with one given member of the kind
    minimal: list[int]
    minimal_with: list[list[int]]


def additions(weights: Sequence[int], sizes: Sequence[int], quota: int) -> int:
    """How many additions of numbers ``by_size`` takes, roughly."""
    n = sum(sizes)
    return n * quota * _most(weights, sizes, quota) * (n // 31 + 1)


@lru_cache(maxsize=2)  # swings and minimal coalitions are asked for one after the other
def by_size(weights: tuple[int, ...], sizes: tuple[int, ...], quota: int) -> BySize:
    """Count them.

    Parameters
    ----------
    weights, sizes
        Of each kind: the weight of a member, 1 or more, and how many members there are.
    quota
        From 1 to the sum of all weights.
    """
    n, most = sum(sizes), _most(weights, sizes, quota)
    used = primes(1 << n)
    found = apart(lambda prime: _residues(weights, sizes, quota, most, prime), used)
    counts = whole(np.stack(found), used)
    rest = [0] * (n - most)
    (losing, *held), (minimal, *light) = ([row + rest for row in rows] for rows in counts.tolist())
    return BySize(losing, held, minimal, light)


def _most(weights: Sequence[int], sizes: Sequence[int], quota: int) -> int:
    """No coalition that loses, and no minimal one, has more members: without its lightest it loses too."""
    light = sorted(w for w, c in zip(weights, sizes, strict=True) for _ in range(c))
    return min(len(light), sum(total < quota for total in accumulate(light)) + 1)


def _residues(weights: Sequence[int], sizes: Sequence[int], quota: int, most: int, prime: int) -> Ints:
    """(losing or minimal, all and then each kind, size): the counts modulo a prime."""
    order = sorted((k for k, c in enumerate(sizes) for _ in range(c)), key=lambda k: -weights[k])
    before = [0, *accumulate(weights[k] for k in order)]
    start = next(m for m, k in enumerate(order) if before[m] + weights[k] >= quota)  # before it none is last
    table = np.zeros((most + 1, quota), np.uint32)  # (size, x): coalitions with at most x votes
    table[0] = 1
    added = np.zeros((most + 1, quota), np.int64)  # tables added up, from ``start`` on
    losing, minimal = np.zeros((2, 1 + len(weights), most + 1), np.int64)
    seen: list[int] = []
    for m, kind in enumerate(order):
        weight, filled = weights[kind], min(m, most) + 1  # sizes that there are
        if m == start:
            for k in seen:
                minimal[1 + k] -= _later(table, added, weights[k])
        last = np.zeros(most + 1, np.int64)
        last[1:] = table[:-1, -1]
        if weight < quota:
            last[1:] -= table[:-1, -1 - weight]
        minimal[0] += last
        least = [before[m] - before[m - s] for s in range(filled)]
        _read(table, added if m >= start else None, weight, least, prime)
        if not seen or seen[-1] != kind:
            seen.append(kind)
            minimal[1 + kind] += last
            if m >= start:
                minimal[1 + kind] -= _later(table, added, weight)
    losing[0] = table[:, -1]
    for k in seen:
        minimal[1 + k] += _later(table, added, weights[k])
        losing[1 + k] = _with_one(_steps(table, weights[k]))
    return np.stack([losing, minimal]) % prime


def _read(table: Table, added: Ints | None, weight: int, least: Sequence[int], prime: int) -> None:
    """Add up the table, then put one member more into it.

    The largest sizes come first, so that what is added has not been added to yet. Coalitions of a size bring
    at the ``least`` so many votes: below, the table is empty.
    """
    modulus, quota = np.uint32(prime), table.shape[1]
    many = max(1, _PIECE // quota)
    for end in range(min(len(least) + 1, len(table)), 0, -many):
        first = max(0, end - many)
        if added is not None and first < len(least):
            added[first:end, least[first] :] += table[first:end, least[first] :]
        first = max(1, first)
        floor = least[first - 1]
        if first < end and floor + weight < quota:
            part = table[first:end, floor + weight :]
            part += table[first - 1 : end - 1, floor : quota - weight]
            np.minimum(part, part - modulus, out=part)  # below the prime the difference wraps around to much


def _steps(table: npt.NDArray[Any], weight: int) -> npt.NDArray[Any]:
    """(size, step): the table one weight below the quota less one, two weights below it, and so on."""
    return table[:, table.shape[1] - 1 - weight :: -weight] if weight < table.shape[1] else table[:, :0]


def _later(table: Table, added: Ints, weight: int) -> Ints:
    """(size,): of what has been added up, less what the table has grown by, that with one member of a weight,
    the lightest counted too. The coalition of nobody is left out: it is there before and after."""
    found = np.zeros(len(table), np.int64)
    found[1:] = _with_one(_steps(added, weight)[:-1] - _steps(table, weight)[1:])
    return found


def _with_one(steps: npt.NDArray[Any]) -> Ints:
    """(size,): of (size, step), every other step less the others, each of one size more than the last."""
    many = len(steps)
    steps = steps[:, :many].astype(np.int64)
    steps[:, 1::2] *= -1
    width = many + steps.shape[1]
    # a row so long that, read as rows of one less, every row is moved by one to the right of the row above
    rows = np.zeros((many, width + 1), np.int64)
    rows[:, : steps.shape[1]] = steps
    total: Ints = rows.ravel()[: many * width].reshape(many, width).sum(axis=0)
    return np.concatenate([[0], total[: many - 1]])
