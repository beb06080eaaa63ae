"""Numbers of deals: against enumeration, each method on its own."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import brute, random_spaces
from winset.kernels import count as counting
from winset.kernels.count import count
from winset.kernels.pairs import reaching_pairs
from winset.kernels.rule import Gate, Rule, unanimity


def cases(seed, number, parties=None):
    rng = np.random.default_rng(seed)
    for _ in range(number):
        size = parties or int(rng.integers(1, 6))
        space = random_spaces.blocks(rng, size, most_cells=4)
        yield space, random_spaces.reserve(rng, space), random_spaces.rule(rng, size)


@pytest.mark.parametrize("limit", [0, 10**6])
@pytest.mark.parametrize("seed", range(3))
def test_equals_enumeration(seed, limit):
    for space, reserve, rule in cases(seed, 250):
        result = count(space, reserve, rule, rng=np.random.default_rng(0), limit=limit)
        assert result.value == len(brute.zone(space, rule, reserve))
        assert isinstance(result.value, int)
        assert result.exact
        assert result.method == "enumeration" if limit else "dynamic program"


@pytest.mark.parametrize("seed", range(3))
def test_meeting_in_the_middle(seed, monkeypatch):
    monkeypatch.setattr(counting, "_STATES", -1)
    met = 0
    for space, reserve, rule in cases(seed, 300, 2):
        result = count(space, reserve, rule, rng=np.random.default_rng(0), limit=0)
        assert result.value == len(brute.zone(space, rule, reserve))
        met += result.method == "meeting in the middle"
    assert met > 100


def test_pairs_equal_their_definition():
    rng = np.random.default_rng(8)
    for _ in range(300):
        a = rng.integers(-5, 6, (rng.integers(0, 20), 2))
        b = rng.integers(-5, 6, (rng.integers(0, 20), 2))
        r = rng.integers(-8, 9, 2)
        assert reaching_pairs(a, b, r) == sum(bool((x + y >= r).all()) for x in a for y in b)


@pytest.mark.parametrize(
    "rule", [unanimity(3), Rule((Gate(1, (1, 2)), Gate(2, (0,), (0,)))), Rule((Gate(2, (0, 1, 2)),))]
)
def test_estimate_covers_the_truth(rule, monkeypatch):
    monkeypatch.setattr(counting, "_STATES", -1)
    space = random_spaces.large(4, 6, 6, 3, lines=0.03)
    reserve = np.array([55_000_000, 50_000_000, 52_000_000])
    truth = count(space, reserve, rule, rng=np.random.default_rng(0)).value
    inside = 0
    errors = []
    for seed in range(100):
        result = count(space, reserve, rule, rng=np.random.default_rng(seed), limit=0, samples=2000)
        assert result.method == "sample"
        inside += result.low <= truth <= result.high
        errors.append((result.value - truth) / result.standard_error)
    assert inside >= 88
    assert abs(np.mean(errors)) < 0.4
    assert 0.75 < np.std(errors) < 1.3


def test_no_hit_is_not_nought(monkeypatch):
    monkeypatch.setattr(counting, "_STATES", -1)
    space = random_spaces.large(4, 8, 8, 3)
    top = np.sum([b.utility.max(axis=0) for b in space], axis=0)
    result = count(space, (top * 0.97).astype(np.int64), unanimity(3), rng=np.random.default_rng(0), limit=0)
    assert not result.exact
    assert result.value == 0
    assert result.high > 0
    assert result.standard_error > 0


def test_coarse_utilities_are_exact_at_any_size():
    """Twenty-five blocks of ten cells worth 0..9: dice sums, against a convolution in Python ints."""
    from winset.kernels.blocks import Block

    block = Block(np.stack([np.arange(10), 9 - np.arange(10)], axis=1), np.zeros((10, 2), bool))
    ways = [1]
    for _ in range(25):
        ways = [sum(ways[k - c] for c in range(10) if 0 <= k - c < len(ways)) for k in range(len(ways) + 9)]
    reserve = np.array([100, 90])
    result = count([block] * 25, reserve, unanimity(2), rng=np.random.default_rng(0))
    assert result.exact
    assert result.value == sum(n for k, n in enumerate(ways) if k >= 100 and 225 - k >= 90)
    assert result.total == 10**25
