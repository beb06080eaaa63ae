"""Large sums of votes, against the exact count by size and what is known without counting."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest

from winset.kernels import power as kernel
from winset.kernels import power_large as large
from winset.kernels.limits import TooLarge
from winset.kernels.power import Game, power


@pytest.mark.parametrize("batch", range(4))
def test_the_same_as_by_size(batch):
    rng = random.Random(batch)
    for _ in range(60):
        weights = [rng.choice((0, 1, 2, 3, 5, 8, 13, 40, 1000)) for _ in range(rng.randint(1, 14))]
        weights[0] = weights[0] or 1
        quota = rng.randint(1, sum(weights))
        exact = power(Game((tuple(weights),), ((quota,),)))
        kinds = sorted(set(weights))
        sizes = [weights.count(w) for w in kinds]
        winning, swings = large.swings(kinds, sizes, quota)
        assert winning == exact.winning, (weights, quota)
        assert [swings[kinds.index(w)] for w in weights] == list(exact.swings), (weights, quota)
        index = large.shapley(kinds, sizes, quota)
        for w, wanted in zip(weights, exact.shapley, strict=True):
            assert abs(index[kinds.index(w)] - float(wanted)) < 1e-13, (weights, quota)


def test_pieces_join_as_whole_tables_would(monkeypatch):
    weights, sizes = [7, 100, 2500, 4000], [3, 4, 2, 5]
    before = large.swings(weights, sizes, 15_000), large.shapley(weights, sizes, 15_000)
    monkeypatch.setattr(large, "_PIECE", 13)
    assert (large.swings(weights, sizes, 15_000), large.shapley(weights, sizes, 15_000)) == before


@pytest.mark.parametrize("n", [2, 187, 200, large.MEMBERS])
def test_all_alike_by_the_binomials(n):
    """More than half of n members with one vote each, and all of them."""
    quota = n // 2 + 1
    winning, swings = large.swings([1], [n], quota)
    assert winning == sum(comb(n, k) for k in range(quota, n + 1))
    assert swings == [comb(n - 1, quota - 1)]
    assert large.swings([1], [n], n) == (1, [1])
    for q in (quota, n):
        assert abs(large.shapley([1], [n], q)[0] - 1 / n) < large.ERROR


def test_a_dictator_and_a_member_without_votes():
    kinds, sizes, quota = [0, 3, 1_000_000], [2, 4, 1], 700_000
    winning, swings = large.swings(kinds, sizes, quota)
    assert (winning, swings) == (64, [0, 0, 64])
    assert large.shapley(kinds, sizes, quota) == pytest.approx([0, 0, 1], abs=1e-12)


def test_one_weight_with_large_sums_is_counted_so(monkeypatch):
    """60 members with six-digit votes: too many for a table by size; Shapley-Shubik sums to one."""
    rng = random.Random(5)
    votes = tuple(rng.randint(1000, 99_999) for _ in range(60))
    game = Game((votes, (1,) * 60), ((sum(votes) * 2 // 3, 0),))
    found = power(game)
    assert found.error == large.ERROR
    assert abs(sum(found.shapley) - 1) < 1e-11
    order = sorted(range(60), key=votes.__getitem__)
    for values in (found.swings, found.shapley):
        ranked = [values[i] for i in order]
        assert ranked == sorted(ranked)
    # every coalition wins or its complement does not: counted from both ends
    dual = power(Game((votes,), ((sum(votes) - sum(votes) * 2 // 3 + 1,),)))
    assert dual.swings == found.swings
    assert dual.winning == (1 << 60) - found.winning
    assert all(abs(a - b) < 1e-12 for a, b in zip(dual.shapley, found.shapley, strict=True))
    monkeypatch.setattr(kernel, "LARGE", 10**6)
    with pytest.raises(TooLarge):
        power(game)


def test_two_weights_are_still_too_many():
    rng = random.Random(6)
    rows = tuple(tuple(rng.randint(1, 10**6) for _ in range(60)) for _ in range(2))
    with pytest.raises(TooLarge):
        power(Game(rows, (tuple(sum(r) // 2 for r in rows),)))


def test_exact_where_it_was_exact():
    assert power(Game(((3, 2, 1),), ((4,),))).error == 0.0
    assert power(Game(((3, 2, 1),), ((4,),))).shapley == (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))


def test_primes_are_the_largest_below_two_to_the_31() -> None:
    found = large.primes(1 << 4000)
    assert found[:4] == (2147483647, 2147483629, 2147483587, 2147483579)
    assert list(found) == sorted(set(found), reverse=True)
    sieve = [q for q in range(2, 46_342) if all(q % r for r in range(2, int(q**0.5) + 1))]
    beyond = [n for n in range(found[-1], 1 << 31) if n % 2 and all(n % q for q in sieve)]
    assert beyond == sorted(found)
