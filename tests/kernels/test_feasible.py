"""Whether deals exist, the best of them, and who can be satisfied together: against enumeration."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import brute, random_spaces
from winset.kernels import attainable as attaining
from winset.kernels import best as bests
from winset.kernels import search as searching
from winset.kernels.attainable import attainable
from winset.kernels.best import best
from winset.kernels.blocks import Block, accepts, settle
from winset.kernels.feasible import empty, feasible
from winset.kernels.rule import Gate, Rule, holds, minimal_coalitions, unanimity
from winset.kernels.stream import stream


def check_proof(space, reserve, needed, answer):
    """Every proof is verified from its definition, in Python ints."""
    if answer.argument == "red lines":
        assert all(
            any(c and n for c, n in zip(row, needed, strict=True)) for row in space[answer.blocked].crossed
        )
    if answer.argument == "weighing":
        m = answer.weighing.multipliers
        assert all(x >= 0 for x in m)
        assert all(x == 0 for x, n in zip(m, needed, strict=True) if not n)
        attained = 0
        for block in space:
            attained += max(
                sum(x * int(v) for x, v in zip(m, row, strict=True))
                for row, lines in zip(block.utility, block.crossed, strict=True)
                if not any(c and n for c, n in zip(lines, needed, strict=True))
            )
        assert attained == answer.weighing.attainable
        assert sum(x * int(r) for x, r in zip(m, reserve, strict=True)) == answer.weighing.required
        assert attained < answer.weighing.required


@pytest.mark.parametrize("seed", range(4))
def test_feasible_equals_enumeration(seed):
    rng = np.random.default_rng(seed)
    arguments = set()
    for _ in range(250):
        parties = int(rng.integers(1, 6))
        space = random_spaces.blocks(rng, parties, most_cells=4, spread=int(rng.integers(1, 20)))
        reserve = random_spaces.reserve(rng, space)
        needed = rng.random(parties) < 0.7
        answer = feasible(space, reserve, needed)
        truth = any(
            all(a for a, n in zip(brute.accept(u, c, reserve), needed, strict=True) if n)
            for _, u, c in brute.deals(space)
        )
        assert answer.exists == truth
        if answer.exists:
            assert accepts(*settle(space, answer.witness[None]), reserve)[0][needed].all()
        check_proof(space, reserve, needed, answer)
        arguments.add(answer.argument)
    assert arguments == {"deal", "red lines", "weighing", "search"}


@pytest.mark.parametrize("listed", [0, 1 << 16])
@pytest.mark.parametrize("seed", range(4))
def test_empty_and_best_equal_enumeration(seed, listed, monkeypatch):
    monkeypatch.setattr(searching, "_WIDTHS", (2,))
    monkeypatch.setattr(bests, "_LISTED", listed)
    rng = np.random.default_rng(50 + seed)
    for _ in range(150):
        parties = int(rng.integers(1, 5))
        space = random_spaces.blocks(rng, parties, most_cells=4, spread=int(rng.integers(1, 20)))
        reserve, rule = random_spaces.reserve(rng, space), random_spaces.rule(rng, parties)
        zone = brute.zone(space, rule, reserve)
        answer = empty(space, reserve, rule)
        assert answer.empty == (not zone)
        if answer.empty:
            assert tuple(c for c, _ in answer.proofs) == minimal_coalitions(rule, parties)
            for coalition, proof in answer.proofs:
                check_proof(space, reserve, [p in coalition for p in range(parties)], proof)
        else:
            assert holds(rule, accepts(*settle(space, answer.witness[None]), reserve))[0]
        for party in range(parties):
            found = best(space, reserve, rule, party)
            if not zone:
                assert found is None
                continue
            value, cells = found
            utility, crossed = settle(space, cells[None])
            assert value == utility[0, party] == max(u[party] for _, u, _ in zone)
            assert holds(rule, accepts(utility, crossed, reserve))[0]


@pytest.mark.parametrize("few", [0, 10**6])
def test_attainable_equals_enumeration(few, monkeypatch):
    monkeypatch.setattr(attaining, "_FEW", few)
    rng = np.random.default_rng(90)
    for _ in range(120):
        parties = int(rng.integers(1, 6))
        space = random_spaces.blocks(rng, parties, most_cells=4)
        reserve = random_spaces.reserve(rng, space)
        assert sorted(attainable(space, reserve, range(parties))) == brute.attainable(space, reserve)


def test_lottery_would_do_but_no_deal():
    """Two parties, one cake that cannot be cut: a coin toss gives each half, no deal does."""
    space = [Block(np.array([[2, 0], [0, 2]], np.int64), np.zeros((2, 2), bool))]
    answer = feasible(space, np.array([1, 1]), np.array([True, True]))
    assert not answer.exists
    assert answer.argument == "search"


def test_a_coalition_whose_bound_is_one_better_is_searched():
    """Lotteries promise the first coalition 5 but deals give 3; the second is promised 4 and has it."""
    cells = np.array([[2, 0, 0], [0, 0, 10], [1, 0, 3], [0, 1, 4]], np.int64)
    rule = Rule((Gate(1, (0, 1)),))
    value, witness = best([Block(cells, np.zeros((4, 3), bool))], np.array([1, 1, 0]), rule, 2)
    assert value == 4
    assert witness.tolist() == [3]


def test_large_utilities_are_exact():
    """A threshold missed by one unit in 2**51."""
    top = 2**49
    space = [
        Block(np.array([[top, 0], [0, top], [top // 2, top // 2]], np.int64), np.zeros((3, 2), bool))
    ] * 4
    both = np.array([True, True])
    assert feasible(space, np.array([2 * top, 2 * top]), both).exists
    answer = feasible(space, np.array([2 * top, 2 * top + 1]), both)
    assert not answer.exists
    check_proof(space, [2 * top, 2 * top + 1], both, answer)
    assert best(space, np.array([2 * top + 1, 0]), unanimity(2), 1)[0] == 2 * top - top // 2


@pytest.mark.parametrize("seed", range(4))
def test_tight_thresholds_at_size(seed):
    """Thresholds a little below and above what some of 10**6 deals reach together."""
    space = random_spaces.large(seed, 6, 10, 3 + seed % 3, lines=0.03)
    parties = space[0].utility.shape[1]
    everyone = np.ones(parties, bool)
    reached = np.concatenate([u[:, ~c.any(axis=0)] for _, u, c in stream(space)], axis=1)
    least = reached.min(axis=0)
    top = int(least.max())
    for level in (top - 2_000_000, top - 1, top, top + 1, top + 300_000, top + 3_000_000):
        reserve = np.full(parties, level)
        answer = feasible(space, reserve, everyone)
        assert answer.exists == (level <= top)
        check_proof(space, reserve, everyone, answer)
        inside = reached[:, least >= level]
        for party in range(parties):
            found = best(space, reserve, unanimity(parties), party)
            assert (None if found is None else found[0]) == (
                int(inside[party].max()) if inside.shape[1] else None
            )
