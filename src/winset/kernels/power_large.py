"""Power indices of one weight with large sums: votes in the millions, as in the International Monetary Fund.

Swings are counted exactly, modulo several primes, and put together by the Chinese remainder theorem. The
Shapley-Shubik index is the integral over t from 0 to 1 of the chance to swing when every other member says
yes with probability t (Owen 1972; Straffin 1977). As a polynomial in t of a degree below the number of
members it is summed without error by Gauss and Legendre's rule with half as many nodes, so that only the
rounding of floating-point sums remains.

Both need the coalitions without a member. If a(x) counts all coalitions with at most x votes, those without
a given member of weight w are a(x) - a(x - w) + a(x - 2w) - ..., and no table is needed for each member.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats

__all__ = ["ERROR", "MEMBERS", "additions", "apart", "primes", "shapley", "swings", "whole"]

Item = TypeVar("Item")
Answer = TypeVar("Answer")

#: Of a Shapley-Shubik index, at most: what a hundred thousand roundings leave, far more than is seen.
ERROR = 1e-10
_TOP = 1 << 31  # of the primes: two residues add up within 32 bits, and a whole table of them within 64
#: Members, at most: up to so many the answers have been held against closed forms.
MEMBERS = 495
_GONE = 1e-18  # a factor that no longer counts
_PIECE = 1 << 14  # numbers added at a time: they stay in the cache


def additions(weights: Sequence[int], sizes: Sequence[int]) -> int:
    """How many additions ``swings`` and ``shapley`` take together, roughly."""
    total, n = sum(w * c for w, c in zip(weights, sizes, strict=True)), sum(sizes)
    return total * n * (ceil(n / 2) + n // 30 + 1)


def swings(weights: Sequence[int], sizes: Sequence[int], quota: int) -> tuple[int, list[int]]:
    """Winning coalitions, and for each kind of member the losing ones that win with it. Exact.

    Parameters
    ----------
    weights, sizes
        Of each kind: the weight of a member, and how many members there are; at most ``MEMBERS`` in all.
    quota
        From 1 to the sum of all weights.
    """
    n, total = sum(sizes), _total(weights, sizes)
    few_absent = total - quota < quota - 1
    top = total - quota if few_absent else quota - 1  # votes that may be absent, or that lose
    used = primes(1 << n)
    rows = apart(lambda prime: _residues(weights, sizes, top, prime), used)
    counted, *swung = whole(np.array(rows), used).tolist()
    return (counted if few_absent else (1 << n) - counted), swung


def shapley(weights: Sequence[int], sizes: Sequence[int], quota: int) -> list[float]:
    """The Shapley-Shubik index of a member of each kind, to within ``ERROR``; parameters as of ``swings``."""
    total = _total(weights, sizes)
    nodes, shares = (x.tolist() for x in np.polynomial.legendre.leggauss(ceil(sum(sizes) / 2)))
    low = [(share, (node + 1) / 2) for node, share in zip(nodes, shares, strict=True) if node <= 0]
    # all say yes with 1 - p where all are absent with p: one table serves a node and its mirror image
    found = apart(lambda at: _chances(weights, sizes, (quota - 1, total - quota), at[1]), low)
    out = np.zeros(len(weights))
    for (share, p), (yes, absent) in zip(low, found, strict=True):
        out += share / 2 * (yes if p == 0.5 else yes + absent)
    return [float(x) for x in out]


def _total(weights: Sequence[int], sizes: Sequence[int]) -> int:
    return sum(w * c for w, c in zip(weights, sizes, strict=True))


def apart(job: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    """Answers in the order of the items, worked out on all cores."""
    with ThreadPoolExecutor(min(len(items), os.cpu_count() or 1)) as pool:
        return list(pool.map(job, items))


def _joined(weights: Sequence[int], sizes: Sequence[int], top: int) -> Iterator[tuple[slice, slice]]:
    """What is added to what as members join one by one, up to ``top`` votes.

    Light members come first, so that tables stay short for long. Pieces come from the top downwards, so that
    one table does: what a piece takes has not been added to yet.
    """
    filled = 0
    for weight in sorted(w for w, c in zip(weights, sizes, strict=True) for _ in range(c)):
        end, filled = min(top, filled + weight) + 1, min(top, filled + weight)
        while end > weight:
            start = max(weight, end - _PIECE)
            yield slice(start, end), slice(start - weight, end - weight)
            end = start


def _residues(weights: Sequence[int], sizes: Sequence[int], top: int, prime: int) -> list[int]:
    """Coalitions with at most ``top`` votes, and those of them without a member that would pass it with the
    member, for each kind; modulo a prime."""
    modulus = np.uint32(prime)
    table = np.zeros(top + 1, np.uint32)  # (votes,): coalitions with just so many
    table[0] = 1
    for here, there in _joined(weights, sizes, top):
        part = table[here]
        part += table[there]
        np.minimum(part, part - modulus, out=part)  # below the prime the difference wraps around to much
    upto = np.cumsum(table, dtype=np.uint64) % np.uint64(prime)

    def without(x: int, weight: int) -> int:
        terms = upto[x::-weight] if x >= 0 else upto[:0]
        return int(terms[::2].sum()) - int(terms[1::2].sum())

    return [int(upto[top]), *((without(top, w) - without(top - w, w)) % prime if w else 0 for w in weights)]


def primes(most: int) -> tuple[int, ...]:
    """Primes below 2**31, the largest first, so many that their product is above ``most``."""
    out: list[int] = []
    product, candidate = 1, _TOP - 1
    while product <= most:
        if _prime(candidate):
            out.append(candidate)
            product *= candidate
        candidate -= 2
    return tuple(out)


def _prime(n: int) -> bool:
    """Miller and Rabin's test; with these four bases it does not err below 3,215,031,751 (Jaeschke 1993)."""
    twos = (n - 1 & 1 - n).bit_length() - 1
    for base in (2, 3, 5, 7):
        x = pow(base, n - 1 >> twos, n)
        if x != 1 and all(pow(x, 1 << k, n) != n - 1 for k in range(twos)):
            return False
    return True


def whole(residues: npt.NDArray[np.int64], used: Sequence[int]) -> npt.NDArray[Any]:
    """The numbers from 0 with these residues, (prime, ...), as Python's own (Chinese remainder theorem; Knuth
    1997, sec. 4.3.2)."""
    out: npt.NDArray[Any] = np.zeros(residues.shape[1:], object)
    product = 1
    for found, prime in zip(residues, used, strict=True):
        out = out + product * ((found.astype(object) - out) * pow(product, -1, prime) % prime)
        product *= prime
    return out


def _chances(weights: Sequence[int], sizes: Sequence[int], tops: Sequence[int], p: float) -> list[Floats]:
    """For each bound, and each kind: the chance that the votes of the others stay within it, and pass it with
    the member's.

    Parameters
    ----------
    p
        The probability that each of the others adds its votes, at most 1/2: beyond it the alternating sum
        would blow up.
    """
    top, ratio = max(tops), p / (1 - p)
    table = np.zeros(top + 1)  # (votes,): the probability of just so many, but for a factor
    table[0] = 1.0
    for here, there in _joined(weights, sizes, top):
        table[here] += ratio * table[there]
    upto = np.cumsum(table)
    upto *= (1 - p) ** (sum(sizes) - 1)
    most = int(np.log(_GONE) / np.log(ratio)) + 1 if ratio < 1 else top + 1

    def without(x: int, weight: int) -> float:
        terms = upto[x::-weight][:most] if x >= 0 else upto[:0]
        return float(terms @ (-ratio) ** np.arange(len(terms)))

    return [np.array([without(top, w) - without(top - w, w) if w else 0.0 for w in weights]) for top in tops]
