"""What a party would have to prefer, against all rankings of small conflicts one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff
from tests.oracles.standoff_oracle import Standoff

from winset.kernels.limits import TooLarge
from winset.kernels.standoff import CONCEPTS, inverse


def weak_orders(states):
    """All rankings of so many states, ties included: ranks without gaps."""
    every = np.array(list(product(range(states), repeat=states)))
    ranked = np.sort(every, axis=1)
    steps = np.diff(ranked, axis=1, prepend=-1)
    return every[(steps <= 1).all(axis=1)]


def small_conflict(rng, states):
    """Three options of two or three parties, some states feasible; a party, and a state it can leave."""
    while True:
        owner = rng.integers(0, int(rng.integers(2, 4)), 3).tolist()
        feasible = np.zeros(8, bool)
        feasible[rng.choice(8, states, replace=False)] = True
        once = rng.choice([-1, 0, 1], 3, p=[0.05, 0.9, 0.05]).astype(np.int8)
        party, wanted = int(rng.integers(0, 3)), int(rng.choice(np.flatnonzero(feasible)))
        ranks = rng.integers(0, 5, (3, 8))
        if inverse(owner, feasible, ranks, wanted, party, "nash", once=once).conditions:
            return owner, feasible, once, ranks, party, wanted


@pytest.mark.parametrize("concept", CONCEPTS)
def test_exactly_the_rankings_that_make_it_stable(concept):
    rng = np.random.default_rng(CONCEPTS.index(concept))
    alternatives = 0
    for states in 6 * (4,) + 14 * (5,) + 6 * (6,):
        owner, feasible, once, ranks, party, wanted = small_conflict(rng, states)
        orders = weak_orders(states)
        every = np.zeros((len(orders), 8), int)
        every[:, feasible] = orders
        pattern = inverse(owner, feasible, ranks, wanted, party, concept, once=once)
        holds = pattern.holds(every)
        tables = ranks.tolist()
        plain = Standoff(owner, feasible, tables, once)
        for n, order in enumerate(every.tolist()):
            tables[party] = order
            assert holds[n] == plain.stable(concept, party, wanted)
        assert 0 < holds.mean() < 1
        alternatives += sum(len(c.sanctions) for c in pattern.conditions)
        # nothing can be left out: each condition and each of its alternatives excludes or admits some ranking
        for k, condition in enumerate(pattern.conditions):
            fewer = replace(pattern, conditions=pattern.conditions[:k] + pattern.conditions[k + 1 :])
            assert (fewer.holds(every) != holds).any()
            for t in range(len(condition.sanctions)):
                keep = [n for n in range(len(condition.sanctions)) if n != t]
                less = replace(
                    condition,
                    sanctions=condition.sanctions[keep],
                    answers=tuple(condition.answers[n] for n in keep) if condition.answers else (),
                )
                other = [*pattern.conditions[:k], less, *pattern.conditions[k + 1 :]]
                assert (replace(pattern, conditions=tuple(other)).holds(every) != holds).any()
    assert alternatives >= 3 or concept == "nash"


@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_bar(concept):
    """Raised to the bar the wanted state is stable, one below it is not."""
    rng = np.random.default_rng(11)
    met = 0
    for _ in range(80):
        owner, feasible, once, ranks, party, wanted = small_conflict(rng, 7)
        pattern = inverse(owner, feasible, ranks, wanted, party, concept, once=once)
        bar = int(pattern.bar(ranks[party]))
        for rank in (bar, bar - 1):
            tables = ranks.copy()
            tables[party, wanted] = rank
            stable = Standoff(owner, feasible, tables.tolist(), once).stable(concept, party, wanted)
            if rank == bar:
                assert stable
            elif rank >= 0:
                assert not stable
                met += 1
    assert met


def test_weak_orders():
    assert [len(weak_orders(n)) for n in range(1, 6)] == [1, 3, 13, 75, 541]  # the Fubini numbers


@pytest.mark.parametrize("seed", range(3))
def test_larger_conflicts(seed):
    rng = np.random.default_rng(seed)
    for _ in range(40):
        owner, feasible, ranks, once = random_standoff(rng)
        tables = ranks.tolist()
        plain = Standoff(owner, feasible, tables, once)
        party, wanted = int(rng.integers(len(ranks))), int(rng.choice(plain.states))
        for concept in CONCEPTS:
            pattern = inverse(owner, feasible, ranks, wanted, party, concept, once=once)
            several = rng.integers(0, 6, (5, len(feasible)))
            for order, holds in zip(several.tolist(), pattern.holds(several), strict=True):
                tables[party] = order
                assert plain.stable(concept, party, wanted) == holds
        tables[party] = ranks[party].tolist()


def test_prisoners_dilemma():
    """For cooperation to be a Nash outcome a party has to prefer it to defecting alone; with sanctions in
    view the punishment, or being left alone to cooperate, may do."""
    ranks = np.array([[2, 3, 0, 1], [2, 0, 3, 1]])
    nash = inverse([0, 1], np.ones(4, bool), ranks, 0, 0, "nash")
    assert [(c.move, c.sanctions.tolist()) for c in nash.conditions] == [(1, [])]
    assert not nash.holds(ranks[0])
    assert nash.bar(ranks[0]) == 3
    seq = inverse([0, 1], np.ones(4, bool), ranks, 0, 0, "seq")
    assert [(c.move, c.sanctions.tolist()) for c in seq.conditions] == [(1, [3])]
    assert seq.holds(ranks[0])
    smr = inverse([0, 1], np.ones(4, bool), ranks, 0, 0, "smr")
    assert [a.tolist() for a in smr.conditions[0].answers] == [[2]]


def test_a_move_is_no_sanction_of_itself():
    """The two others can lead back to where the move led, which adds nothing to it."""
    pattern = inverse([0, 1, 2], np.ones(8, bool), np.zeros((3, 8), int), 0, 0, "gmr")
    assert [(c.move, c.sanctions.tolist()) for c in pattern.conditions] == [(1, [3, 5, 7])]


def test_refuses_what_is_too_large():
    with pytest.raises(TooLarge):
        inverse([0, 0, 1], np.ones(8, bool), np.zeros((2, 8), int), 0, 0, "gmr", limit=23)
