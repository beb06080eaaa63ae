"""Who accepts how many deals, with whom, and who stands alone in the way.

With few deals one pass counts how many are accepted by exactly each set of parties, and everything follows
from that. With many, one random sample serves all estimates (so they are consistent with each other);
totals that can be had exactly by other means replace their estimates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Block, Bools, Ints, accepts, number_of_deals, settle
from winset.kernels.count import Count, count, estimate, random_deals
from winset.kernels.rule import Gate, Rule, holds, involved
from winset.kernels.stream import patterns

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of deals."""

    total: int
    party: tuple[Count, ...]  # (party,), accepted by the party
    pair: tuple[tuple[Count, ...], ...]  # (party, party), accepted by both
    zone: Count  # passed by the rule
    sole_refuser: tuple[
        Count | None, ...
    ]  # refused by the party, accepted by all others of the rule; None if not in it
    pivotal: tuple[Count, ...]  # (party,), not passed, but would be if the party said yes


def tally(
    blocks: Sequence[Block],
    reserve: Ints,
    rule: Rule,
    *,
    rng: np.random.Generator,
    limit: int = 5_000_000,
    samples: int = 200_000,
) -> Tally:
    """Count the deals accepted by parties, pairs and the rule, and those that one party alone prevents.

    Parameters
    ----------
    limit : int
        Largest number of deals to enumerate; with more, `samples` random deals are drawn. At most 62 parties.
    """
    total = number_of_deals(blocks)
    parties = len(reserve)
    exact = total <= limit
    seen = patterns(blocks, reserve) if exact else _drawn(blocks, reserve, rng, samples)
    codes = np.array(list(seen), np.int64)
    many = np.array(list(seen.values()), np.int64)
    accept: Bools = (codes[:, None] >> np.arange(parties) & 1).astype(np.bool_)

    def number(which: Bools) -> Count:
        hits = int(many[which].sum())
        return Count(hits, total, "enumeration") if exact else estimate(hits, samples, total, total)

    passed = holds(rule, accept)
    member = involved(rule, parties)
    alone: list[Count | None] = []
    pivotal = []
    for party in range(parties):
        others = member.copy()
        others[party] = False
        refused = ~accept[:, party]
        alone.append(number(refused & accept[:, others].all(axis=1)) if member[party] else None)
        swung = accept.copy()
        swung[:, party] = True
        pivotal.append(number(~passed & holds(rule, swung)))
    single = [number(accept[:, party]) for party in range(parties)]
    zone = number(passed)
    if not exact:
        zone = count(blocks, reserve, rule, rng=rng, limit=limit, samples=samples)
        for party in range(parties):
            better = count(blocks, reserve, Rule((Gate(1, (party,)),)), rng=rng, limit=limit, samples=samples)
            single[party] = better if better.exact else single[party]
    pair = [
        [single[one] if one == two else number(accept[:, one] & accept[:, two]) for two in range(parties)]
        for one in range(parties)
    ]
    return Tally(total, tuple(single), tuple(tuple(row) for row in pair), zone, tuple(alone), tuple(pivotal))


def _drawn(blocks: Sequence[Block], reserve: Ints, rng: np.random.Generator, samples: int) -> dict[int, int]:
    found: dict[int, int] = {}
    bits: npt.NDArray[np.int64] = np.left_shift(np.int64(1), np.arange(len(reserve), dtype=np.int64))
    for start in range(0, samples, _PIECE):
        cells = random_deals(blocks, min(_PIECE, samples - start), rng)
        code = accepts(*settle(blocks, cells), reserve) @ bits
        for value, many in zip(*np.unique(code, return_counts=True), strict=True):
            found[int(value)] = found.get(int(value), 0) + int(many)
    return found
