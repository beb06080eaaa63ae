"""Power indices: against the definitions on small random games, by every way of counting; what must hold."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

import pytest

from oracles.power_brute import brute, pivots
from winset.kernels import minimal as words
from winset.kernels import power as kernel
from winset.kernels import power_sizes
from winset.kernels.limits import TooLarge
from winset.kernels.power import Asked, Game, minimal, power, terms, wins


def random_rule(rng: random.Random, totals: list[int], depth: int = 2) -> Any:
    """``(threshold, [parts])``, or ``(weight, quota)``; quotas from a third of the total to all of it."""
    if depth == 0 or rng.random() < 0.4:
        weight = rng.randrange(len(totals))
        return weight, rng.randint(max(1, totals[weight] // 3), max(1, totals[weight]))
    parts = [random_rule(rng, totals, depth - 1) for _ in range(rng.randint(1, 3))]
    return rng.randint(1, len(parts)), parts


def random_game(rng: random.Random, most: int = 7) -> tuple[Any, list[list[int]]]:
    members = rng.randint(1, most)
    high = rng.choice((1, 2, 9, 10**9))
    weights = [[rng.randint(0, high) for _ in range(members)] for _ in range(rng.randint(1, 3))]
    return random_rule(rng, [sum(w) for w in weights]), weights


def game_of(rule: Any, weights: list[list[int]]) -> Game:
    def asked(part: Any) -> Any:
        return Asked(part[0], tuple(map(asked, part[1]))) if isinstance(part[1], list) else part

    whole = asked(rule)
    if not isinstance(whole, Asked):
        whole = Asked(1, (whole,))
    return Game(tuple(map(tuple, weights)), terms(whole, len(weights)))


def summary(game: Game) -> dict[str, Any]:
    found, least = power(game), minimal(game)
    return {
        "winning": found.winning,
        "swings": list(found.swings),
        "shapley": list(found.shapley),
        "veto": list(found.veto),
        "minimal": least.number,
        "holding": list(least.holding),
        "deegan": list(least.deegan),
    }


@pytest.mark.parametrize("batch", range(6))
def test_against_the_definitions(batch):
    for seed in range(500 * batch, 500 * batch + 500):
        rule, weights = random_game(random.Random(seed))
        assert summary(game_of(rule, weights)) == brute(rule, weights), f"seed {seed}"


@pytest.mark.parametrize("way", ["halves", "series"])
def test_every_way_of_counting(way, monkeypatch):
    """The grid is what small games use; here it is forbidden, so that the others answer."""
    monkeypatch.setattr(kernel, "GRID", -1)
    monkeypatch.setattr(kernel, "STEPS", -1 if way == "halves" else 10**12)
    for seed in range(800):
        rng = random.Random(seed)
        weights = [[rng.randint(0, 30) for _ in range(rng.randint(1, 9))]]
        rule: Any = (1, [(0, rng.randint(1, max(1, sum(weights[0]))))])
        if way == "halves":
            rule, weights = random_game(rng)
        expected = brute(rule, weights)
        found = power(game_of(rule, weights))
        assert [found.winning, *found.swings] == [expected["winning"], *expected["swings"]], f"seed {seed}"
        assert list(found.shapley) == expected["shapley"], f"seed {seed}"


def test_minimal_coalitions_by_the_generating_function():
    for seed in range(800):
        rng = random.Random(seed)
        weights = [rng.randint(0, rng.choice((3, 30))) for _ in range(rng.randint(1, 9))]
        if not any(weights):
            continue
        quota = rng.randint(1, sum(weights))
        expected = brute((1, [(0, quota)]), [weights])
        kinds, of = kernel._kinds([weights])
        some, each = kernel._minimal_series(
            [k[0] for k in kinds], [of.count(n) for n in range(len(kinds))], quota
        )
        assert sum(some) == expected["minimal"], f"seed {seed}"
        assert [sum(each[k]) for k in of] == expected["holding"], f"seed {seed}"


@pytest.mark.parametrize("piece", [1, 40, 1 << 15])
def test_coalitions_by_size_against_enumeration(piece, monkeypatch):
    monkeypatch.setattr(power_sizes, "_PIECE", piece)
    for seed in range(150):
        rng = random.Random(seed)
        weights = rng.sample(range(1, rng.choice((5, 40))), rng.randint(1, 4))
        sizes = [rng.randint(1, 3) for _ in weights]
        quota = rng.randint(1, sum(map(int.__mul__, weights, sizes)))
        found = power_sizes.by_size.__wrapped__(tuple(weights), tuple(sizes), quota)
        kind = [k for k, size in enumerate(sizes) for _ in range(size)]
        n = len(kind)
        losing, minimal = [0] * (n + 1), [0] * (n + 1)
        losing_with, minimal_with = ([[0] * (n + 1) for _ in weights] for _ in range(2))
        for chosen in product((0, 1), repeat=n):
            votes = [weights[k] for k, yes in zip(kind, chosen, strict=True) if yes]
            first = [chosen[kind.index(k)] for k in range(len(weights))]
            if sum(votes) < quota:
                total, held = losing, losing_with
            elif sum(votes) - min(votes) < quota:
                total, held = minimal, minimal_with
            else:
                continue
            total[len(votes)] += 1
            for k, yes in enumerate(first):
                held[k][len(votes)] += yes
        assert found == power_sizes.BySize(losing, losing_with, minimal, minimal_with), f"seed {seed}"


def test_minimal_coalitions_of_two_hundred_members():
    """Members of a coalition, counted by members and by coalitions; and a body of equals."""
    rng = random.Random(3)
    weights = tuple(rng.randint(1, 100) for _ in range(200))
    found = minimal(Game((weights,), ((sum(weights) // 2 + 1,),)))
    assert sum(found.deegan) == 1
    assert all(a >= b for (a, v), (b, w) in combinations(zip(found.deegan, weights, strict=True), 2) if v > w)
    equals = power_sizes.by_size((1,), (200,), 101)
    assert equals.minimal == [comb(200, 101) if s == 101 else 0 for s in range(201)]
    assert equals.minimal_with[0][101] == comb(199, 100)
    assert equals.losing == [comb(200, s) if s <= 100 else 0 for s in range(201)]


@pytest.mark.parametrize("block", [1, 4, 1 << 14])
def test_minimal_coalitions_by_words(block, monkeypatch):
    """What large games use, here on small ones with small blocks, so that both sorts of axes occur."""
    monkeypatch.setattr(words, "_BLOCK", block)
    for seed in range(700):
        rng = random.Random(seed)
        rule, weights = random_game(rng, 9)
        if rng.random() < 0.5:  # members alike are one kind
            weights = [[row[i // 2] for i in range(len(row))] for row in weights]
        game = game_of(rule, weights)
        expected = brute(rule, weights)
        kinds, of = kernel._kinds(game.weights)
        some, each = words.by_size(kinds, [of.count(k) for k in range(len(kinds))], game.terms)
        shares = [sum(Fraction(c, s) for s, c in enumerate(counts) if s) for counts in each]
        assert sum(some) == expected["minimal"], f"seed {seed}"
        assert [sum(each[k]) for k in of] == expected["holding"], f"seed {seed}"
        assert [shares[k] / max(sum(some), 1) for k in of] == expected["deegan"], f"seed {seed}"
        members = [sum(column) for column in zip(*(each[k] for k in of), strict=True)]
        assert members == [s * c for s, c in enumerate(some)], f"seed {seed}"


def test_minimal_coalitions_beyond_a_list():
    """A council's rule with 20 and 21 members: both ways, the last that can be listed."""
    rng = random.Random(7)
    for members in (20, 21):
        people = tuple(rng.randint(1, 900) for _ in range(members))
        game = Game(((1,) * members, people), ((members // 2 + 1, 2 * sum(people) // 3), (members - 2, 0)))
        kinds, of = kernel._kinds(game.weights)
        sizes = [of.count(k) for k in range(len(kinds))]
        assert words.by_size(kinds, sizes, game.terms) == kernel._minimal_grid(kinds, sizes, game.terms)


def test_orders_of_joining():
    for seed in range(40):
        rule, weights = random_game(random.Random(seed), 6)
        assert list(power(game_of(rule, weights)).shapley) == pivots(rule, weights), f"seed {seed}"


def test_wins_is_the_rule():
    rng = random.Random(5)
    for _ in range(200):
        rule, weights = random_game(rng)
        game = game_of(rule, weights)
        every = product((False, True), repeat=len(weights[0]))
        assert sum(wins(game, c) for c in every) == brute(rule, weights)["winning"]


def test_what_the_axioms_ask():
    """Efficiency, symmetry, the null member, and that names do not matter, on games too large to list."""
    for seed in range(30):
        rng = random.Random(seed)
        members = rng.randint(25, 60)
        weights = [rng.randint(0, 20) for _ in range(members)]
        weights[3], weights[7] = weights[5], 0
        quota = rng.randint(sum(weights) // 2, sum(weights))
        found = power(Game((tuple(weights),), ((quota,),)))
        assert sum(found.shapley) == 1
        assert sum(found.normalised) == 1
        assert found.shapley[3] == found.shapley[5]
        assert (found.shapley[7], found.swings[7], found.dummy[7]) == (0, 0, True)
        heavier = max(range(members), key=lambda i: weights[i])
        assert found.shapley[heavier] == max(found.shapley)
        order = rng.sample(range(members), members)
        other = power(Game((tuple(weights[i] for i in order),), ((quota,),)))
        assert [found.shapley[i] for i in order] == list(other.shapley)
        assert [found.swings[i] for i in order] == list(other.swings)


def test_one_vote_each():
    """Closed forms: all alike, and the swings of a member are the coalitions that lack one vote."""
    for members, quota in ((101, 51), (200, 134), (538, 270)):
        found = power(Game(((1,) * members,), ((quota,),)))
        assert set(found.shapley) == {Fraction(1, members)}
        assert set(found.swings) == {comb(members - 1, quota - 1)}
        assert found.winning == sum(comb(members, s) for s in range(quota, members + 1))
        assert minimal(Game(((1,) * members,), ((quota,),))).number == comb(members, quota)


def test_the_dual_game_has_the_same_power():
    """To pass with quota q, or to block with the rest: the same swings (Dubey and Shapley 1979)."""
    rng = random.Random(3)
    weights = tuple(rng.randint(1, 40) for _ in range(80))
    quota = 2 * sum(weights) // 3
    one = power(Game((weights,), ((quota,),)))
    other = power(Game((weights,), ((sum(weights) - quota + 1,),)))
    assert one.shapley == other.shapley
    assert one.swings == other.swings
    assert one.winning + other.winning == 2**80


def test_long_numbers_and_a_game_that_nobody_wins():
    huge = 10**30
    found = power(Game(((huge, huge, 1),), ((2 * huge + 1,),)))
    assert found.veto == (True, True, True)
    assert minimal(Game(((huge, huge, 1),), ((huge + 1,),))).holding == (2, 2, 2)
    nobody = power(Game(((1, 2),), ((4,),)))
    assert (nobody.winning, nobody.swings, nobody.shapley) == (0, (0, 0), (0, 0))
    assert minimal(Game(((1, 2),), ((4,),))).number == 0


def test_too_large_says_so():
    rng = random.Random(1)
    weights = tuple(tuple(rng.randint(1, 10**9) for _ in range(60)) for _ in range(2))
    game = Game(weights, ((sum(weights[0]) // 2, sum(weights[1]) // 2),))
    with pytest.raises(TooLarge):
        power(game)
    with pytest.raises(TooLarge):
        minimal(game)
    for few, many in ((31, 1), (16, 2), (4, 60)):  # too many words, twice, and too many members
        alike = tuple(tuple(w for w in row[:few] for _ in range(many)) for row in weights)
        with pytest.raises(TooLarge):
            minimal(Game(alike, ((sum(alike[0]) // 2, sum(alike[1]) // 2),)))
    with pytest.raises(TooLarge):
        words.by_size([(1 << 61,), (1 << 61,), (1,)], [1, 1, 1], [(1 << 61,)])
    with pytest.raises(TooLarge):
        terms(Asked(10, tuple((n, 1) for n in range(20))), 20)
