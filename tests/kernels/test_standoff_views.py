"""Hypergames against the definitions of stability, view by view."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff
from tests.oracles.standoff_oracle import Standoff

from winset.kernels.standoff import CONCEPTS, View, hypergame, stability


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definitions(seed):
    rng = np.random.default_rng(seed)
    mistaken = impossible = 0
    for _ in range(40):
        owner, feasible, ranks, once = random_standoff(rng)
        views = [
            View(
                np.where(rng.random(ranks.shape) < 0.3, rng.integers(0, 9, ranks.shape), ranks),
                rng.random(len(owner)) < 0.8,
            )
            for _ in ranks
        ]
        found = hypergame(owner, feasible, ranks, views, once=once)
        real = Standoff(owner, feasible, ranks.tolist(), once)
        lasting = {c: set(real.states) for c in CONCEPTS}
        everywhere = {c: set(real.states) for c in CONCEPTS}
        for p, view in enumerate(views):
            unknown = [o for o in range(len(owner)) if not view.known[o]]
            inside = [
                s for s in real.states if not any(s >> o & 1 for o in unknown)
            ]  # the states that this party knows of
            plain = Standoff(owner, np.isin(np.arange(len(feasible)), inside), view.ranks.tolist(), once)
            for s in real.states:
                taken_for = s
                for o in unknown:
                    if s >> o & 1:
                        taken_for -= 1 << o
                if taken_for not in inside:
                    assert found.seen[p, s] == -1
                    impossible += 1
                else:
                    assert found.seen[p, s] == taken_for
                for c in CONCEPTS:
                    known = taken_for in inside
                    stable = known and plain.stable(c, p, taken_for)
                    assert found.stable[c][p, s] == stable
                    if not stable:
                        lasting[c].discard(s)
                    if not known or not all(plain.stable(c, i, taken_for) for i in plain.parties):
                        everywhere[c].discard(s)
        for c in CONCEPTS:
            assert set(np.flatnonzero(found.equilibria(c)).tolist()) == lasting[c]
            assert set(np.flatnonzero(found.understood[c]).tolist()) == everywhere[c]
            wrong = {s for s in lasting[c] if not all(real.stable(c, i, s) for i in real.parties)}
            assert set(np.flatnonzero(found.mistaken(c)).tolist()) == wrong
            mistaken += len(wrong)
    assert mistaken
    assert impossible


def test_right_views_change_nothing():
    rng = np.random.default_rng(1)
    ranks = rng.integers(0, 9, (3, 32))
    owner, feasible = [0, 1, 2, 0, 1], rng.random(32) < 0.8
    views = [View(ranks, np.ones(5, bool))] * 3
    found = hypergame(owner, feasible, ranks, views)
    plain = stability(owner, feasible, ranks)
    for c in CONCEPTS:
        assert (found.stable[c] == plain.stable[c]).all()
        assert (found.understood[c] == plain.equilibria[c]).all()
        assert not found.mistaken(c).any()


def test_a_threat_that_is_only_believed():
    """The first could gain by acting (state 1). It takes the second for one that would then retaliate (3),
    though that would rather not: so nothing happens, and sequential stability of state 0 hangs on the
    mistake."""
    first = [2, 3, 0, 1]
    real, feared = np.array([first, [3, 2, 0, 1]]), np.array([first, [3, 1, 0, 2]])
    every = np.ones(2, bool)
    found = hypergame([0, 1], np.ones(4, bool), real, [View(feared, every), View(real, every)])
    assert np.flatnonzero(found.equilibria("seq")).tolist() == [0, 1]
    assert np.flatnonzero(found.real.equilibria["seq"]).tolist() == [1]
    assert np.flatnonzero(found.mistaken("seq")).tolist() == [0]
    assert not found.mistaken("nash").any()


def test_an_option_nobody_told_of():
    """The second does not know that the first can act: it takes state 1 for state 0."""
    ranks = np.array([[0, 1, 0, 1], [1, 0, 0, 1]])
    views = [View(ranks, np.array([True, True])), View(ranks, np.array([False, True]))]
    found = hypergame([0, 1], np.ones(4, bool), ranks, views)
    assert found.seen.tolist() == [[0, 1, 2, 3], [0, 0, 2, 2]]
    assert np.flatnonzero(found.equilibria("nash")).tolist() == [1]
    assert np.flatnonzero(found.real.equilibria["nash"]).tolist() == [3]
