"""The efficient deals: against enumeration, and invariants."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import brute, random_spaces
from winset.kernels.blocks import Block, accepts, settle
from winset.kernels.frontier import frontier
from winset.kernels.limits import TooLarge
from winset.kernels.rule import Gate, Rule, holds, unanimity


def as_dict(result):
    return dict(zip(map(tuple, result.utility.tolist()), result.count, strict=True))


def check_witness(space, result):
    utility, crossed = settle(space, result.witness)
    assert np.array_equal(utility, result.utility)
    assert np.array_equal(crossed, result.crossed)


@pytest.mark.parametrize("seed", range(5))
def test_equals_enumeration(seed):
    rng = np.random.default_rng(seed)
    for _ in range(200):
        parties = int(rng.integers(1, 6))
        space = random_spaces.blocks(rng, parties, most_cells=4, spread=int(rng.integers(1, 6)))
        result = frontier(space)
        assert as_dict(result) == brute.frontier(brute.deals(space))
        check_witness(space, result)
        assert result.exact
        assert result.counts_exact


@pytest.mark.parametrize("seed", range(8))
def test_zone_equals_enumeration(seed):
    rng = np.random.default_rng(100 + seed)
    for _ in range(250):
        parties = int(rng.integers(1, 6))
        space = random_spaces.blocks(rng, parties, most_cells=4, spread=int(rng.integers(1, 6)))
        reserve, rule = random_spaces.reserve(rng, space), random_spaces.rule(rng, parties)
        result = frontier(space, rule=rule, reserve=reserve)
        assert as_dict(result) == brute.frontier(brute.zone(space, rule, reserve))
        check_witness(space, result)
        assert holds(rule, accepts(result.utility, result.crossed, reserve)).all()


@pytest.mark.parametrize("seed", range(6))
def test_tolerance_is_kept(seed, monkeypatch):
    monkeypatch.setattr("winset.kernels.frontier._EXACT_UP_TO", 1)
    rng = np.random.default_rng(200 + seed)
    spent = 0
    for _ in range(150):
        parties = int(rng.integers(1, 5))
        space = random_spaces.blocks(rng, parties, spread=40)
        within = rng.integers(0, 60, parties)
        if seed % 2:
            reserve, rule = random_spaces.reserve(rng, space), random_spaces.rule(rng, parties)
            result = frontier(space, rule=rule, reserve=reserve, within=within)
            deals = [u for _, u, _ in brute.zone(space, rule, reserve)]
            assert holds(rule, accepts(result.utility, result.crossed, reserve)).all()
        else:
            result = frontier(space, within=within)
            deals = [u for _, u, _ in brute.deals(space)]
        assert (result.loss <= within).all()
        check_witness(space, result)
        points = result.utility.tolist()
        for deal in deals:
            assert any(
                all(b >= a - e for a, b, e in zip(deal, point, result.loss, strict=True)) for point in points
            )
        assert not any(brute.dominates(a, b) for a in points for b in points)
        spent += not result.exact
    assert spent > 15


@pytest.mark.parametrize("seed", range(3))
def test_tolerance_never_costs_an_acceptance(seed, monkeypatch):
    """Few cells and wide boxes: a state may only stand for one that is no surer of a yes."""
    monkeypatch.setattr("winset.kernels.frontier._EXACT_UP_TO", 0)
    rng = np.random.default_rng(400 + seed)
    for _ in range(400):
        parties = int(rng.integers(2, 4))
        space = [
            Block(np.sort(rng.integers(0, 30 // (k + 1), (3, parties)), axis=0), np.zeros((3, parties), bool))
            for k in range(4)
        ]
        space = [Block(rng.permuted(block.utility, axis=0), block.crossed) for block in space]
        low = sum(block.utility.min(axis=0) for block in space)
        high = sum(block.utility.max(axis=0) for block in space)
        reserve = np.rint(low + rng.uniform(0.1, 0.7, parties) * (high - low)).astype(np.int64)
        rule = Rule((Gate(int(rng.integers(1, parties + 1)), tuple(range(parties))),))
        near = frontier(space, rule=rule, reserve=reserve, within=rng.integers(5, 60, parties))
        assert holds(rule, accepts(near.utility, near.crossed, reserve)).all()
        for _, deal, _ in brute.zone(space, rule, reserve):
            assert (near.utility >= np.array(deal) - near.loss).all(axis=1).any()


@pytest.mark.parametrize("zone", [False, True])
def test_tolerance_at_size(zone, monkeypatch):
    """Every point of the exact frontier is matched, which covers every deal."""
    monkeypatch.setattr("winset.kernels.frontier._EXACT_UP_TO", 500)
    space = random_spaces.large(11, 9, 6, 4, lines=0.05)
    rule = Rule((Gate(1, (2, 3)), Gate(3, (0, 1), (0,))))
    given = {"rule": rule, "reserve": np.full(4, 45_000_000)} if zone else {}
    whole = frontier(space, **given)
    within = np.array([4e6, 3e6, 5e6, 2e6])
    near = frontier(space, **given, within=within)
    assert not near.exact
    assert near.count is None
    assert (near.loss <= within).all()
    assert len(near.utility) < len(whole.utility) / 3
    for point in whole.utility:
        assert (near.utility >= point - near.loss).all(axis=1).any()
    check_witness(space, near)
    if zone:
        assert holds(rule, accepts(near.utility, near.crossed, given["reserve"])).all()


def test_chunks_change_nothing(monkeypatch):
    space = random_spaces.large(3, 8, 6, 4, lines=0.05)
    whole = frontier(space)
    monkeypatch.setattr("winset.kernels.frontier._CHUNK", 500)
    assert as_dict(frontier(space)) == as_dict(whole)


def test_counts_beyond_64_bits():
    """Forty indifferent blocks of ten cells: 10**25 deals to a vector are exact, 10**40 are not."""
    flat = Block(np.zeros((10, 2), np.int64), np.zeros((10, 2), np.bool_))
    tilted = Block(np.array([[1, 0], [0, 1]], np.int64), np.zeros((2, 2), np.bool_))
    result = frontier([flat] * 25 + [tilted] * 3)
    assert as_dict(result) == {(3 - k, k): n * 10**25 for k, n in enumerate((1, 3, 3, 1))}
    assert result.counts_exact
    huge = frontier([flat] * 40)
    assert not huge.counts_exact
    assert huge.count[0] == pytest.approx(10**40, rel=1e-12)


def test_large_counts_against_python_ints():
    space = [Block(np.arange(20)[:, None] * np.array([[1, -1]]), np.zeros((20, 2), np.bool_))] * 18
    ways = [1]
    for _ in space:
        ways = [sum(ways[k - c] for c in range(20) if 0 <= k - c < len(ways)) for k in range(len(ways) + 19)]
    assert as_dict(frontier(space)) == {(k, -k): n for k, n in enumerate(ways)}
    assert max(ways) > 2**64


def test_limit_is_told():
    with pytest.raises(TooLarge) as caught:
        frontier(random_spaces.large(1, 10, 10, 4), limit=1000)
    assert caught.value.limit == 1000
    assert caught.value.states > 1000


def test_empty_zone():
    space = random_spaces.large(1, 3, 3, 2)
    result = frontier(space, rule=unanimity(2), reserve=np.array([2**50, 0]))
    assert result.utility.shape == (0, 2)
    assert result.witness.shape == (0, 3)
    assert result.count == ()


@pytest.mark.parametrize("seed", range(3))
def test_invariants(seed):
    rng = np.random.default_rng(300 + seed)
    for _ in range(100):
        parties = int(rng.integers(1, 5))
        space = random_spaces.blocks(rng, parties)
        reserve, rule = random_spaces.reserve(rng, space), random_spaces.rule(rng, parties)
        result = as_dict(frontier(space, rule=rule, reserve=reserve))
        shuffled = [space[i] for i in rng.permutation(len(space))]
        assert as_dict(frontier(shuffled, rule=rule, reserve=reserve)) == result
        if result:
            points = np.array(list(result), np.int64)
            again = frontier([Block(points, np.zeros(points.shape, np.bool_))])
            assert set(as_dict(again)) == set(result)
        swap = rng.permutation(parties)  # new party j is old party swap[j]
        turned = [Block(block.utility[:, swap], block.crossed[:, swap]) for block in space]
        assert set(as_dict(frontier(turned))) == {tuple(u[i] for i in swap) for u in as_dict(frontier(space))}


def test_dominated_cell_changes_only_counts():
    rng = np.random.default_rng(5)
    for _ in range(100):
        space = random_spaces.blocks(rng, 3)
        block = space[0]
        worse = Block(
            np.vstack([block.utility, block.utility[:1] - 1]), np.vstack([block.crossed, block.crossed[:1]])
        )
        assert set(as_dict(frontier([worse, *space[1:]]))) == set(as_dict(frontier(space)))
