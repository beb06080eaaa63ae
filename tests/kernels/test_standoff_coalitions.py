"""Stability for coalitions against the definitions state by state."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff
from tests.oracles.standoff_coalitions import stable
from tests.oracles.standoff_oracle import Standoff

from winset.kernels.limits import TooLarge
from winset.kernels.standoff import coalitional, every_coalition, stability
from winset.kernels.standoff import coalitions as module

CONCEPTS = ("nash", "gmr", "smr", "seq")


@pytest.mark.parametrize("seed", range(5))
def test_equals_the_definitions(seed):
    rng = np.random.default_rng(seed)
    for _ in range(30):
        owner, feasible, ranks, once = random_standoff(rng, parties=int(rng.integers(1, 5)))
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        found = coalitional(owner, feasible, ranks, once=once)
        assert found.starts.tolist() == plain.states
        assert len(found.coalitions) == 2 ** len(ranks) - 1
        for concept in CONCEPTS:
            for g, group in enumerate(found.coalitions):
                for n, s in enumerate(plain.states):
                    assert found.stable[concept][g, n] == stable(plain, concept, group, s)
            assert (found.equilibria(concept) == found.stable[concept].all(axis=0)).all()


@pytest.mark.parametrize("seed", range(3))
def test_implications(seed):
    """Nash => SEQ => GMR and Nash => SMR => GMR hold for coalitions too (Inohara and Hipel 2008b), and a
    coalition of one is the party."""
    rng = np.random.default_rng(40 + seed)
    strict = dict.fromkeys(CONCEPTS, 0)
    for _ in range(60):
        owner, feasible, ranks, once = random_standoff(rng, parties=3)
        found = coalitional(owner, feasible, ranks, once=once)
        s = found.stable
        for less, more in (("nash", "seq"), ("seq", "gmr"), ("nash", "smr"), ("smr", "gmr")):
            assert (~s[less] | s[more]).all()
            strict[more] += int((s[more] & ~s[less]).sum())
        alone = stability(owner, feasible, ranks, once=once).stable
        for concept in CONCEPTS:
            assert (s[concept][:3] == alone[concept][:, found.starts]).all()
    assert all(strict[c] for c in ("gmr", "smr", "seq"))


def test_prisoners_dilemma_together():
    """Both defect: stable for each alone, upset by the two together."""
    ranks = np.array([[2, 3, 0, 1], [2, 0, 3, 1]])
    found = coalitional([0, 1], np.ones(4, bool), ranks)
    assert found.coalitions == ((0,), (1,), (0, 1))
    assert found.stable["nash"][:, 3].tolist() == [True, True, False]
    assert found.equilibria("gmr").tolist() == [True, False, False, False]


def test_more_states_than_a_word_and_some_of_them(monkeypatch):
    """Starts side by side in words do not touch each other, wherever the words are cut."""
    rng = np.random.default_rng(2)
    owner, feasible = [0, 1, 2, 0, 1, 2, 0, 1], rng.random(256) < 0.9
    ranks = rng.integers(0, 50, (3, 256))
    whole = coalitional(owner, feasible, ranks)
    order = rng.permutation(len(whole.starts))
    part = coalitional(owner, feasible, ranks, coalitions=[(0, 2), (2, 1, 0)], starts=whole.starts[order])
    for concept in CONCEPTS:
        rows = [whole.coalitions.index((0, 2)), whole.coalitions.index((0, 1, 2))]
        assert (part.stable[concept] == whole.stable[concept][rows][:, order]).all()
        assert 0 < whole.stable[concept].mean() < 1
    monkeypatch.setattr(module, "_CELLS", 1)
    cut = coalitional(owner, feasible, ranks)
    assert all((cut.stable[c] == whole.stable[c]).all() for c in CONCEPTS)


def test_refuses_what_is_too_large():
    with pytest.raises(TooLarge) as refused:
        coalitional([0, 1, 0], np.ones(8, bool), np.zeros((2, 8), int), limit=100)
    assert refused.value.states == 8 * 8 * 3


def test_every_coalition():
    assert every_coalition(3) == [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
