"""In each draw: who accepts which deal, what passes, what would open the zone, and which deal is best?

Four measures of best, of the gains over the reservation values of the parties that the rule names: their
product (Nash 1950), the least of their shares of the largest gain that each could have (Kalai and
Smorodinsky 1975), the least gain (Kalai 1977), and the sum. Ties go to the deal with the lowest number. Deals
are numbered in mixed radix, the last group varying fastest.

Combinations of the left groups are taken one by one beside a table of all combinations of the right ones, so
that memory holds a table of some draws and never a whole (deal, draw) array. A loop compiled with numba does
the same with the same bits, several times as fast, where numba is installed and there is enough to do
(docs/decisions/012-compiled-draws.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import prod
from typing import Literal

import numpy as np

from winset.kernels import ensemble
from winset.kernels.blocks import Bools, Floats, Ints
from winset.kernels.rule import Rule, holds

__all__ = ["CHOICES", "MOST_CODED", "WORD", "Engine", "Poll", "any_passes", "fitting", "minimal", "poll"]

Engine = Literal["numpy", "compiled"]

CHOICES = ("product", "share", "least", "sum")
MOST_CODED = 6  # parties of the rule, so that the sets of them that may say yes are the bits of a word
WORD = 64  # bits: draws side by side in the compiled loop
_TABLE = 1 << 17  # numbers of one party in the right-hand table: it should stay in the cache
_FEWEST = 128  # draws side by side, at least: inner loops that are shorter cost more than what they do
_WORTH = 400_000_000  # answers of a party to a deal in a draw: what arrays take some seconds for


@dataclass(frozen=True, slots=True)
class Poll:
    """Some draws of all deals."""

    accepted: Ints  # (party, deal): draws in which the party accepts
    passed: Ints  # (deal,): draws in which the rule passes
    worst: Floats  # (deal,): sum over draws of the least gain, 0 where not passed
    refused: Ints  # (party, draw): deals that the party refuses
    picks: Ints  # (choice, draw): the best deal, -1 where none passes
    opens: Bools  # (set, draw): none passes, and one would if these parties agreed to all


def poll(
    tables: Sequence[Floats],
    utility: Sequence[Floats],
    reserve: Floats,
    rule: Rule,
    rulers: Sequence[int],
    sets: Sequence[Sequence[int]] = (),
    *,
    powers: Floats | None = None,
    engine: Engine = "numpy",
) -> Poll:
    """Look at every deal in every draw.

    Parameters
    ----------
    tables, utility : float64 (party, cell, draw), one per group
        Utilities, in ``tables`` minus infinity where a red line is crossed. Like the reservation values they
        must be whole multiples of 2**-36 for sums to be exact.
    reserve : float64 (party, draw)
    rulers
        Parties whose gains count, those that the rule names.
    sets
        Sets of rulers, to be asked whether their yes to all deals would open an empty zone.
    powers : float64 (ruler,), optional
        Bargaining weights: exponents of the gains in the product.
    engine
        See ``fitting``.
    """
    parties, draws = reserve.shape
    deals = prod(t.shape[1] for t in tables)
    out = Poll(
        np.zeros((parties, deals), np.int64),
        np.zeros(deals, np.int64),
        np.zeros(deals),
        np.zeros((parties, draws), np.int64),
        np.full((len(CHOICES), draws), -1, np.int64),
        np.zeros((len(sets), draws), np.bool_),
    )
    plain = all(bool(np.isfinite(t).all()) for t in tables)
    loop = engine == "compiled" and powers is None
    width = WORD if loop else max(min(draws, _FEWEST), _TABLE // deals)
    for start in range(0, draws, width):
        cut = slice(start, min(start + width, draws))
        masked = [t[:, :, cut] for t in tables]
        true = masked if plain else [u[:, :, cut] for u in utility]
        refused, picks, opens = out.refused[:, cut], out.picks[:, cut], out.opens[:, cut]
        some = Poll(out.accepted, out.passed, out.worst, refused, picks, opens)
        if loop:
            from winset.kernels.poll_compiled import look

            look(masked, true, reserve[:, cut], rule, rulers, sets, some)
        else:
            _look(masked, true, reserve[:, cut], rule, rulers, sets, powers, some)
    return out


def fitting(answers: int, rulers: int) -> Engine:
    """What is to do the work: compiled loops where numba is installed and they pay.

    Parameters
    ----------
    answers
        Deals times draws times parties, in all.
    """
    if answers < _WORTH or rulers > MOST_CODED or find_spec("numba") is None:
        return "numpy"
    return "compiled"


@dataclass(frozen=True, slots=True)
class _Part:
    """Deals next to each other, in some draws."""

    first: int  # number of the first deal
    says: Bools  # (party, deal, draw)
    zone: Bools  # (deal, draw)
    gain: Sequence[Floats]  # of each ruler (deal, draw); none where nothing passes


def _look(
    tables: Sequence[Floats],
    utility: Sequence[Floats],
    reserve: Floats,
    rule: Rule,
    rulers: Sequence[int],
    sets: Sequence[Sequence[int]],
    powers: Floats | None,
    out: Poll,
) -> None:
    """Fill in some draws, with arrays."""
    draws = reserve.shape[1]
    parts = _parts(tables, utility, reserve, rule, rulers)
    once = next(parts)
    whole = once.zone.shape[0] == len(out.passed)
    best = np.full((len(CHOICES), draws), -np.inf)
    ideal = np.full((len(rulers), draws), 1e-300)
    for part in [once] if whole else _again(once, parts):
        here = slice(part.first, part.first + len(part.zone))
        for p, says in enumerate(part.says):
            out.accepted[p, here] += ensemble.count_true(says)
            out.refused[p] += len(says) - says.sum(axis=0)
        if not part.gain:
            continue
        out.passed[here] += ensemble.count_true(part.zone)
        product, least, total = _measures(part.gain, powers)
        out.worst[here] += np.where(part.zone, least, 0.0).sum(axis=1)
        for c, measure in ((0, product), (2, least), (3, total)):
            _choose(part, measure, best[c], out.picks[c])
        for n, gain in enumerate(part.gain):
            np.maximum(ideal[n], np.where(part.zone, gain, -np.inf).max(axis=0), out=ideal[n])
    shut = np.flatnonzero(out.picks[0] < 0)
    if len(shut) < draws:
        for part in [once] if whole else _parts(tables, utility, reserve, rule, rulers):
            if part.gain:
                share = part.gain[0] / ideal[0]
                for n in range(1, len(rulers)):
                    np.minimum(share, part.gain[n] / ideal[n], out=share)
                _choose(part, share, best[1], out.picks[1])
    if len(shut) and sets:
        few = [t[:, :, shut] for t in tables]
        again = [once] if whole else _parts(few, few, reserve[:, shut], rule, ())
        for part in again:
            says = part.says[:, :, shut] if whole else part.says
            out.opens[:, shut] |= _opening(says, rule, rulers, sets)


def _again(first: _Part, rest: Iterator[_Part]) -> Iterator[_Part]:
    yield first
    yield from rest


def _parts(
    tables: Sequence[Floats], utility: Sequence[Floats], reserve: Floats, rule: Rule, rulers: Sequence[int]
) -> Iterator[_Part]:
    """All deals, as many at a time as fit the cache."""
    at = ensemble.split(tables, _TABLE)
    masked = ensemble.expand(tables[at:])
    true = masked if utility is tables else ensemble.expand(utility[at:])
    bar = reserve - ensemble.TIE
    width = masked.shape[1]
    for n, cells in enumerate(np.ndindex(*(t.shape[1] for t in tables[:at]))):
        held = _sum(tables, cells, reserve)
        says = np.empty(masked.shape, np.bool_)
        for p in range(len(masked)):
            np.greater_equal(masked[p], bar[p] - held[p], out=says[p])
        zone = ensemble.passes(rule, says)
        gain: list[Floats] = []
        if rulers and zone.any():
            if utility is not tables:
                held = _sum(utility, cells, reserve)
            gain = [true[p] + (held[p] - reserve[p]) for p in rulers]
        yield _Part(n * width, says, zone, gain)


def _sum(tables: Sequence[Floats], cells: Sequence[int], like: Floats) -> Floats:
    """(party, draw): the utilities of some cells of the first groups, together."""
    out = np.zeros_like(like)
    for table, cell in zip(tables, cells, strict=False):
        out += table[:, cell]
    return out


def _measures(gain: Sequence[Floats], powers: Floats | None) -> tuple[Floats, Floats, Floats]:
    """Product, least and sum of gains (deal, draw)."""
    product = least = total = gain[0]
    for n, mine in enumerate(gain):
        floor = np.maximum(mine, 0.0)
        if powers is not None:
            floor **= powers[n]
        product = floor if n == 0 else product * floor
        if n:
            least, total = np.minimum(least, mine), total + mine
    return product, least, total


def _choose(part: _Part, measure: Floats, best: Floats, pick: Ints) -> None:
    """Put in the deals of a part that are better than the best so far."""
    ranked = np.where(part.zone, measure, -np.inf)
    better = np.flatnonzero(ranked.max(axis=0) > best)
    if len(better):
        few = ranked if len(better) == ranked.shape[1] else ranked[:, better]
        where = few.argmax(axis=0)
        pick[better] = part.first + where
        best[better] = few[where, np.arange(len(better))]


def _opening(says: Bools, rule: Rule, rulers: Sequence[int], sets: Sequence[Sequence[int]]) -> Bools:
    """(set, draw): whether some of these deals would pass if the set agreed to all."""
    if len(rulers) > MOST_CODED:
        out = np.zeros((len(sets), says.shape[2]), np.bool_)
        for n, chosen in enumerate(sets):
            lent = says.copy()
            lent[list(chosen)] = True
            out[n] = ensemble.passes(rule, lent).any(axis=0)
        return out
    code = np.zeros(says.shape[1:], np.uint16)
    for n, p in enumerate(rulers):
        code |= says[p].astype(np.uint16) << np.uint16(n)
    seen = np.zeros((says.shape[2], 1 << len(rulers)), np.bool_)
    seen[np.arange(says.shape[2]), code] = True
    return opened(seen, rule, rulers, sets)


def opened(seen: Bools, rule: Rule, rulers: Sequence[int], sets: Sequence[Sequence[int]]) -> Bools:
    """(set, draw): whether some deal would pass if the set agreed to all.

    Parameters
    ----------
    seen : bool (draw, set of rulers as bits)
        Whether exactly these rulers accept some deal.
    """
    wins = coded(rule, rulers)
    codes = np.arange(len(wins))
    out = np.zeros((len(sets), len(seen)), np.bool_)
    for n, chosen in enumerate(sets):
        mask = sum(1 << rulers.index(p) for p in chosen)
        out[n] = seen[:, wins[codes | mask]].any(axis=1)
    return out


def coded(rule: Rule, rulers: Sequence[int]) -> Bools:
    """(set of rulers as bits,): whether the rule passes what exactly these accept."""
    bits = np.arange(1 << len(rulers))[:, None] >> np.arange(len(rulers)) & 1
    says = np.zeros((len(bits), max(rulers, default=-1) + 1), np.bool_)
    says[:, list(rulers)] = bits
    return holds(rule, says)


def any_passes(tables: Sequence[Floats], reserve: Floats, rule: Rule, engine: Engine = "numpy") -> Bools:
    """(draw,): whether some deal passes; parameters as in ``poll``."""
    if engine == "numpy":
        return ensemble.any_zone(tables, reserve, rule)
    from winset.kernels.poll_compiled import any_zone

    return any_zone(tables, reserve, rule)


def minimal(sets: Sequence[Sequence[int]], opens: Bools) -> Bools:
    """(set, draw): the same without the draws in which a smaller set, of those before, would do."""
    out = opens.copy()
    for n, chosen in enumerate(sets):
        for m in range(n):
            if set(sets[m]) < set(chosen):
                out[n] &= ~opens[m]
    return out
