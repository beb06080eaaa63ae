"""The deal that those who bargain take: against definitions, and rules with parties taken out or put in."""

from __future__ import annotations

from itertools import combinations, product
from math import prod

import numpy as np
import pytest

from oracles import brute, random_spaces
from winset.kernels.agreed import NONE, at, favourite, picked
from winset.kernels.rule import Gate, Rule, holds, involved, requiring, unanimity, without


def definition(gains, passes, criterion):
    """The first best deal of one draw, from whole numbers."""

    def merit(deal):
        row = [int(g) for g in gains[:, deal]]
        if criterion == "utilitarian":
            return (sum(row),)
        if criterion == "egalitarian":
            return tuple(sorted(row))
        able = [g for g in row if g > 0]
        # of tied ones none that another tied one beats: such a one has the larger sum
        return (len(able), prod(able), 0 if len(able) == len(row) else sum(row))

    deals = [d for d in range(gains.shape[1]) if passes[d]]
    return max(deals, key=lambda d: (merit(d), -d)) if deals else NONE


@pytest.mark.parametrize("criterion", ["nash", "egalitarian", "utilitarian"])
@pytest.mark.parametrize("seed", range(3))
def test_picked_equals_the_definition(criterion, seed):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        parties, deals, draws = (int(rng.integers(1, n)) for n in (5, 9, 30))
        low = int(rng.choice([-4, 0, 1]))  # losses, nothing to gain, gains only; small numbers tie often
        gains = rng.integers(low, 5, (parties, deals, draws)).astype(np.float64)
        passes = rng.random((deals, draws)) < rng.choice([0.1, 0.6, 1.0])
        got = picked(gains, passes, criterion)
        assert got.tolist() == [definition(gains[:, :, d], passes[:, d], criterion) for d in range(draws)]


def test_picked_is_the_same_alone_and_beside_other_draws():
    rng = np.random.default_rng(5)
    gains, passes = rng.normal(5, 10, (3, 40, 50)), rng.random((40, 50)) < 0.5
    for criterion in ("nash", "egalitarian", "utilitarian"):
        whole = picked(gains, passes, criterion)
        alone = [int(picked(gains[:, :, [d]], passes[:, [d]], criterion)[0]) for d in range(50)]
        assert whole.tolist() == alone


def test_favourite_and_what_a_deal_holds():
    worth = np.array([[1.0, 9.0], [3.0, 9.0], [7.0, 2.0]])
    passes = np.array([[True, True], [True, True], [False, False]])
    deals = favourite(worth, passes)
    assert deals.tolist() == [1, 0]
    assert at(worth[None], deals).tolist() == [[3.0, 9.0]]
    assert at(worth[None], np.array([NONE, 2])).tolist() == [[0.0, 2.0]]
    assert favourite(worth, np.zeros((3, 2), np.bool_)).tolist() == [NONE, NONE]


@pytest.mark.parametrize("seed", range(4))
def test_a_rule_without_a_party_lies_between_its_no_and_its_yes(seed):
    rng = np.random.default_rng(seed)
    for _ in range(150):
        parties = int(rng.integers(1, 6))
        rule = random_spaces.rule(rng, parties)
        answers = np.array(list(product([False, True], repeat=parties)))
        full = holds(rule, answers)
        for party in range(parties):
            left = without(rule, [party])
            no, yes = answers.copy(), answers.copy()
            no[:, party], yes[:, party] = False, True
            if left is None:
                assert np.flatnonzero(involved(rule, parties)).tolist() == [party]
                continue
            got = holds(left, answers)
            assert (holds(rule, no) <= got).all()
            assert (got <= holds(rule, yes)).all()
            if (holds(rule, no) == holds(rule, yes)).all():  # a dummy: its answer never matters
                assert (got == full).all()
            both = requiring(rule, party)
            assert (holds(both, answers) == (full & answers[:, party])).all()


@pytest.mark.parametrize("seed", range(4))
def test_one_after_the_other_is_both_at_once(seed):
    rng = np.random.default_rng(seed)
    for _ in range(100):
        parties = int(rng.integers(2, 6))
        rule = random_spaces.rule(rng, parties)
        for pair in combinations(range(parties), 2):
            first = without(rule, pair[:1])
            twice = None if first is None else without(first, pair[1:])
            once = without(rule, pair)
            assert (twice is None) == (once is None)
            if once is not None:
                for answers in product([False, True], repeat=parties):
                    assert brute.holds(twice, answers) == brute.holds(once, answers)


def test_gates_keep_their_meaning():
    assert without(unanimity(3), [1]) == Rule((Gate(2, (0, 2)),))
    assert without(Rule((Gate(1, (0, 1, 2)),)), [1]) == Rule((Gate(1, (0, 2)),))
    assert without(Rule((Gate(2, (0, 1, 2)),)), [1]) == Rule((Gate(2, (0, 2)),))  # two of three: now both
    assert without(Rule((Gate(2, (0, 1, 2, 3)),)), [1]) == Rule((Gate(2, (0, 2, 3)),))
    nested = Rule((Gate(1, (1, 2)), Gate(2, (0,), (0,))))
    assert without(nested, [1, 2]) == Rule((Gate(1, (0,)),))
    assert without(nested, [0, 1, 2]) is None
