"""Sequences of moves from one state, against all of them one by one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff
from tests.oracles.standoff_oracle import Standoff
from tests.oracles.standoff_paths import shortest

from winset.kernels.standoff import reach

LONGEST = {False: 6, True: 9}  # moves: what the shortest sequences need on conflicts this small


@pytest.mark.parametrize("improving", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_equals_all_sequences(seed, improving):
    rng = np.random.default_rng(seed)
    several = 0
    for _ in range(30):
        owner, feasible, ranks, once = random_standoff(rng, options=4)
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        parties = len(ranks)
        step = plain.improvements if improving else lambda j, s, arcs=plain.arcs: arcs[j, s]
        arcs = [{s: step(j, s) for s in plain.states} for j in range(parties)]
        start = int(rng.choice(plain.states))
        found = reach(owner, feasible, start, parties=parties, ranks=ranks if improving else None, once=once)
        expected = shortest(arcs, start, LONGEST[improving])
        assert found.last.max() <= LONGEST[improving]  # or the oracle was too short
        for j in range(parties):
            for s in range(len(feasible)):
                assert found.last[j, s] == expected.get((j, s), (-1,))[0]
        assert set(np.flatnonzero(found.reached)) == plain.legal(range(parties), start, improving)
        for s in plain.states:
            if s == start:
                assert found.paths(s, 99) == [()]
                assert found.distance[s] == 0
                continue
            ways = [expected[j, s] for j in range(parties) if (j, s) in expected]
            if not ways:
                assert found.distance[s] == -1
                assert found.paths(s) == []
                continue
            least = min(length for length, _ in ways)
            all_ = {path for length, paths in ways if length == least for path in paths}
            assert found.distance[s] == least
            assert set(found.paths(s, 10**6)) == all_
            assert len(found.paths(s, 10**6)) == len(all_)
            assert found.paths(s, 1)[0] in all_
            several += len(all_) > 1
    assert several or improving


def test_some_may_move():
    """Two parties with an option each: alone, one of them changes its own option only."""
    found = reach([0, 1], np.ones(4, bool), 0, parties=2, movers=[1])
    assert found.distance.tolist() == [0, -1, 1, -1]


def test_nobody_moves_twice_in_a_row():
    """The second option needs both others: its owner has to wait for the other party's move."""
    feasible = np.zeros(8, bool)
    feasible[[0b000, 0b001, 0b101, 0b111]] = True
    found = reach([0, 0, 1], feasible, 0, parties=2)
    assert found.distance[0b111] == 3
    assert found.paths(0b111) == [((0, 0b001), (1, 0b101), (0, 0b111))]
    alone = reach([0, 0, 0], feasible, 0, parties=1)
    assert alone.distance[0b111] == 1


def test_a_million_states():
    size = 1 << 20
    owner = [n % 3 for n in range(20)]
    found = reach(owner, np.ones(size, bool), 0, parties=3)
    assert found.distance.max() == 3
    assert (found.distance == 1).sum() == 2**7 - 1 + 2**7 - 1 + 2**6 - 1
    end = size - 1
    path = found.paths(end)[0]
    assert [m for m, _ in path] in ([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0])
    assert path[-1][1] == end
    assert len(found.paths(end, 10)) == 6
