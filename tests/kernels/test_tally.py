"""Who accepts how many deals, and the first deals by a criterion: against enumeration."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from oracles import brute, random_spaces
from winset.kernels import stream as streaming
from winset.kernels.blocks import Block, settle
from winset.kernels.rank import ranked
from winset.kernels.rule import involved, unanimity
from winset.kernels.stream import cells_of, stream
from winset.kernels.tally import tally


def cases(seed, number):
    rng = np.random.default_rng(seed)
    for _ in range(number):
        parties = int(rng.integers(1, 6))
        space = random_spaces.blocks(rng, parties, most_cells=4)
        yield rng, space, random_spaces.reserve(rng, space), random_spaces.rule(rng, parties)


@pytest.mark.parametrize("table", [1, 7, 1 << 16])
def test_stream_is_every_deal_in_order(table, monkeypatch):
    monkeypatch.setattr(streaming, "_TABLE", table)
    for _, space, _, _ in cases(1, 40):
        expected = list(brute.deals(space))
        at = 0
        for first, utility, crossed in stream(space):
            assert first == at
            for u, c in zip(utility.T.tolist(), crossed.T.tolist(), strict=True):
                assert (tuple(u), tuple(c)) == expected[at][1:]
                at += 1
        assert at == len(expected)
        assert cells_of(space, np.arange(at)).tolist() == [list(deal[0]) for deal in expected]


@pytest.mark.parametrize("seed", range(3))
def test_tally_equals_enumeration(seed):
    for rng, space, reserve, rule in cases(seed, 100):
        result = tally(space, reserve, rule, rng=rng)
        answers = [brute.accept(u, c, reserve) for _, u, c in brute.deals(space)]
        members = np.flatnonzero(involved(rule, len(reserve))).tolist()
        assert result.total == len(answers)
        assert result.zone.value == sum(brute.holds(rule, a) for a in answers)
        for p in range(len(reserve)):
            assert result.party[p].value == sum(a[p] for a in answers)
            for q in range(len(reserve)):
                assert result.pair[p][q].value == sum(a[p] and a[q] for a in answers)
            turned = [(a, tuple(True if i == p else x for i, x in enumerate(a))) for a in answers]
            assert result.pivotal[p].value == sum(
                not brute.holds(rule, a) and brute.holds(rule, b) for a, b in turned
            )
            if p in members:
                alone = sum(not a[p] and all(a[q] for q in members if q != p) for a in answers)
                assert result.sole_refuser[p].value == alone
            else:
                assert result.sole_refuser[p] is None


def test_many_parties():
    space = random_spaces.blocks(np.random.default_rng(4), 20)
    reserve = np.zeros(20, np.int64)
    result = tally(space, reserve, unanimity(20), rng=np.random.default_rng(0))
    answers = [brute.accept(u, c, reserve) for _, u, c in brute.deals(space)]
    assert [c.value for c in result.party] == [sum(a[p] for a in answers) for p in range(20)]


def test_estimated_tally_agrees_with_the_exact_one():
    space = random_spaces.large(2, 6, 6, 3, lines=0.03)
    reserve = np.array([50_000_000, 45_000_000, 52_000_000])
    exact = tally(space, reserve, unanimity(3), rng=np.random.default_rng(0))
    near = tally(space, reserve, unanimity(3), rng=np.random.default_rng(1), limit=0, samples=20_000)
    for a, b in zip(
        [*exact.party, exact.pair[0][1], *exact.sole_refuser, *exact.pivotal, exact.zone],
        [*near.party, near.pair[0][1], *near.sole_refuser, *near.pivotal, near.zone],
        strict=True,
    ):
        if b.exact:
            assert a.value == b.value
        else:
            assert abs(a.value - b.value) < 4 * b.standard_error


@pytest.mark.parametrize("criterion", ["worst-off", "sum", "product"])
@pytest.mark.parametrize("table", [5, 1 << 16])
def test_ranked_equals_enumeration(criterion, table, monkeypatch):
    monkeypatch.setattr(streaming, "_TABLE", table)
    for rng, space, reserve, rule in cases(7, 80):
        base = np.clip(reserve, -20, 20)
        scale = np.array([1.0, 2.0, 0.5, 4.0, 1.0])[: len(reserve)]
        counting = rng.random(len(reserve)) < 0.7
        counting[0] = True

        def score(utility, base=base, scale=scale, counting=counting):
            gains = [
                (u - b) * s for u, b, s, c in zip(utility, base.tolist(), scale, counting, strict=True) if c
            ]
            if criterion == "product":
                return prod(gains) if min(gains) > 0 else 0.0
            return min(gains) if criterion == "worst-off" else sum(gains)

        zone = brute.zone(space, rule, reserve)
        size = int(rng.integers(1, 6))
        expected = sorted(((-score(u), cells) for cells, u, _ in zone))
        if len(expected) > size:
            expected = [e for e in expected if e[0] <= expected[size - 1][0]]
        result = ranked(space, reserve, rule, criterion, base=base, scale=scale, counting=counting, size=size)
        assert not result.efficient_only
        assert not result.cut
        assert result.score.tolist() == [-s for s, _ in expected]
        assert result.witness.tolist() == [list(cells) for _, cells in expected]
        assert np.array_equal(settle(space, result.witness)[0], result.utility)
        front = ranked(
            space, reserve, rule, criterion, base=base, scale=scale, counting=counting, size=size, limit=0
        )
        assert front.efficient_only
        assert len(front.score) == 0 or front.score[0] == result.score[0]
        assert bool(len(front.score)) == bool(len(result.score))


def test_ties_beyond_what_is_kept_are_told(monkeypatch):
    monkeypatch.setattr("winset.kernels.rank._TIES", 5)
    flat = Block(np.zeros((10, 1), np.int64), np.zeros((10, 1), bool))
    zero = np.zeros(1, np.int64)
    result = ranked(
        [flat] * 3, zero, unanimity(1), "sum", base=zero, scale=np.ones(1), counting=np.array([True]), size=2
    )
    assert result.cut
    assert len(result.score) == 7
