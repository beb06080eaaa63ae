"""The loops of ``poll``, compiled (docs/decisions/012-compiled-draws.md); the same bits as with arrays.

Draws lie side by side, sixty-four at a time, so that a party's answers to one deal are compared several at
once. Only deals that pass are looked at further. Which these are is kept, a bit for each draw, for the second
look that shares of the largest gains need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from winset.kernels import ensemble
from winset.kernels.blocks import Bools, Floats
from winset.kernels.compiling import fast, given
from winset.kernels.poll import WORD, Poll, coded, opened
from winset.kernels.rule import Rule, involved

__all__ = ["any_zone", "look"]

Array = npt.NDArray[Any]

_TABLE = 1 << 13  # numbers of one party in the right-hand table
#: Each run of six of its bits is another number, which tells the place of a single bit (Leiserson, Prokop and
#: Randall 1998).
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_PLACE = np.zeros(64, np.int64)
_PLACE[[(int(_DE_BRUIJN) << n & 0xFFFFFFFFFFFFFFFF) >> 58 for n in range(64)]] = np.arange(64)
_READ = given(types.float64, 3, "A")


def look(
    tables: Sequence[Floats],
    utility: Sequence[Floats],
    reserve: Floats,
    rule: Rule,
    rulers: Sequence[int],
    sets: Sequence[Sequence[int]],
    out: Poll,
) -> None:
    """Fill in some draws, at most ``WORD``; see ``poll``."""
    left, right = _sides(tables)
    true_left, true_right = (left, right) if utility is tables else _sides(utility)
    draws, members = reserve.shape[1], np.array(rulers, np.int64)
    bits = np.zeros(len(reserve), np.uint64)
    bits[members] = 1 << np.arange(len(members))
    seen = np.zeros(draws, np.uint64)
    passed = np.zeros(len(out.passed), np.uint64)
    best, picks = np.full(out.picks.shape, -np.inf), np.full(out.picks.shape, -1, np.int64)
    ideal, refused = np.full((len(members), draws), 1e-300), np.zeros(reserve.shape, np.int64)
    held = np.ascontiguousarray(reserve)
    _first(
        left, right, true_left, true_right, held, bits, members, _word(coded(rule, rulers)),
        out.accepted, out.passed, out.worst, refused, seen, passed, best, picks, ideal,
    )  # fmt: skip
    _second(true_left, true_right, held, members, passed, ideal, best[1], picks[1])
    out.refused[:], out.picks[:] = refused, picks
    shut = np.flatnonzero(picks[0] < 0)
    if len(shut) and sets:
        codes = np.arange(1 << len(members), dtype=np.uint64)
        out.opens[:, shut] = opened(
            (seen[shut, None] >> codes & np.uint64(1)).astype(np.bool_), rule, rulers, sets
        )


def any_zone(tables: Sequence[Floats], reserve: Floats, rule: Rule) -> Bools:
    """(draw,): whether some deal passes; at most ``MOST_CODED`` parties may be named by the rule."""
    rulers = [int(p) for p in np.flatnonzero(involved(rule, len(reserve)))]
    wins = _word(coded(rule, rulers))
    out = np.zeros(reserve.shape[1], np.bool_)
    for start in range(0, len(out), WORD):
        cut = slice(start, min(start + WORD, len(out)))
        left, right = _sides([t[rulers, :, cut] for t in tables])
        _any(left, right, np.ascontiguousarray(reserve[rulers, cut]), wins, out[cut])
    return out


def _word(wins: Bools) -> np.uint64:
    """One bit for each set of rulers, at most 64: whether the rule passes what exactly these accept."""
    return np.uint64(sum(1 << n for n in np.flatnonzero(wins).tolist()))


def _sides(tables: Sequence[Floats]) -> tuple[Floats, Floats]:
    """(party, combination, draw) of the left groups, and of the right ones."""
    at = ensemble.split(tables, _TABLE)
    right = np.ascontiguousarray(ensemble.expand(tables[at:]))
    if at == 0:
        return np.zeros((len(right), 1, right.shape[2])), right
    return np.ascontiguousarray(ensemble.expand(tables[:at])), right


@fast(
    *[given(types.float64, 3)] * 4,
    given(types.float64, 2),
    given(types.uint64, 1),
    given(types.int64, 1),
    types.uint64,
    types.int64[:, ::1],
    types.int64[::1],
    types.float64[::1],
    types.int64[:, ::1],
    types.uint64[::1],
    types.uint64[::1],
    types.float64[:, ::1],
    types.int64[:, ::1],
    types.float64[:, ::1],
)
def _first(
    left: Array,
    right: Array,
    true_left: Array,
    true_right: Array,
    reserve: Array,
    bits: Array,
    rulers: Array,
    wins: np.uint64,
    accepted: Array,
    passed: Array,
    worst: Array,
    refused: Array,
    seen: Array,
    passing: Array,
    best: Array,
    pick: Array,
    ideal: Array,
) -> None:
    """Who accepts what, what passes, the largest gains, and the best but for shares of these."""
    parties, width, draws = right.shape
    bar, base = np.empty((parties, draws)), np.empty((len(rulers), draws))
    yes, code = np.zeros((parties, draws), np.uint64), np.empty(draws, np.uint64)
    inside, one = np.empty(draws + 1, np.int64), np.uint64(1)
    for c in range(left.shape[1]):
        for p in range(parties):
            for n in range(draws):
                bar[p, n] = (reserve[p, n] - ensemble.TIE) - left[p, c, n]
        for k in range(len(rulers)):
            for n in range(draws):
                base[k, n] = true_left[rulers[k], c, n] - reserve[rulers[k], n]
        for r in range(width):
            deal = c * width + r
            code[:] = 0
            for p in range(parties):
                row, least, mine, bit, many = right[p, r], bar[p], yes[p], bits[p], np.uint64(0)
                for n in range(draws):
                    says = np.uint64(row[n] >= least[n])
                    mine[n] += says
                    code[n] |= says * bit
                    many += says
                accepted[p, deal] += np.int64(many)
            some = np.uint64(0)
            for n in range(draws):
                seen[n] |= one << code[n]
                some |= wins >> code[n]
            if not some & one:
                continue
            found = np.int64(0)
            for n in range(draws):
                inside[found] = n
                found += np.int64(wins >> code[n] & one)
            passed[deal] += found
            together, word = 0.0, np.uint64(0)
            for at in range(found):
                n = inside[at]
                word |= one << np.uint64(n)
                gain = true_right[rulers[0], r, n] + base[0, n]
                ideal[0, n] = max(ideal[0, n], gain)
                product, lowest, total = max(gain, 0.0), gain, gain
                for k in range(1, len(rulers)):
                    gain = true_right[rulers[k], r, n] + base[k, n]
                    ideal[k, n] = max(ideal[k, n], gain)
                    product *= max(gain, 0.0)
                    lowest = min(lowest, gain)
                    total += gain
                together += lowest
                if product > best[0, n]:
                    best[0, n], pick[0, n] = product, deal
                if lowest > best[2, n]:
                    best[2, n], pick[2, n] = lowest, deal
                if total > best[3, n]:
                    best[3, n], pick[3, n] = total, deal
            worst[deal] += together
            passing[deal] = word
    for p in range(parties):
        for n in range(draws):
            refused[p, n] = left.shape[1] * width - np.int64(yes[p, n])


@fast(
    *[given(types.float64, 3)] * 2,
    given(types.float64, 2),
    given(types.int64, 1),
    given(types.uint64, 1),
    given(types.float64, 2),
    types.float64[::1],
    types.int64[::1],
)
def _second(
    left: Array,
    right: Array,
    reserve: Array,
    rulers: Array,
    passing: Array,
    ideal: Array,
    best: Array,
    pick: Array,
) -> None:
    """The best by shares of the largest gains."""
    width = right.shape[1]
    for c in range(left.shape[1]):
        for r in range(width):
            word = passing[c * width + r]
            while word:
                lowest = word & (~word + np.uint64(1))
                n = _PLACE[(lowest * _DE_BRUIJN) >> np.uint64(58)]
                word ^= lowest
                share = np.inf
                for k in range(len(rulers)):
                    p = rulers[k]
                    gain = right[p, r, n] + (left[p, c, n] - reserve[p, n])
                    share = min(share, gain / ideal[k, n])
                if share > best[n]:
                    best[n], pick[n] = share, c * width + r


@fast(*[given(types.float64, 3)] * 2, given(types.float64, 2), types.uint64, types.boolean[::1])
def _any(left: Array, right: Array, reserve: Array, wins: np.uint64, out: Array) -> None:
    """Whether some deal passes; draws in which one does need no more."""
    parties, width, draws = right.shape
    bar, code = np.empty((parties, draws)), np.empty(draws, np.uint64)
    passing = np.zeros(draws, np.uint64)
    for c in range(left.shape[1]):
        for p in range(parties):
            for n in range(draws):
                bar[p, n] = (reserve[p, n] - ensemble.TIE) - left[p, c, n]
        for r in range(width):
            code[:] = 0
            for p in range(parties):
                row, least, bit = right[p, r], bar[p], np.uint64(1) << np.uint64(p)
                for n in range(draws):
                    code[n] |= np.uint64(row[n] >= least[n]) * bit
            for n in range(draws):
                passing[n] |= wins >> code[n]
        every = np.uint64(1)
        for n in range(draws):
            every &= passing[n]
        if every:
            break
    for n in range(draws):
        out[n] = passing[n] & np.uint64(1)
