"""Strong and weak stability against the definitions, read state by state."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff
from tests.oracles.standoff_oracle import Standoff

from winset.kernels.standoff import GRADED, graded, stability, strength


def strongly_stable(plain, greatly, concept, i, s) -> bool:
    """Hamouda, Kilgour and Hipel 2006 (their definitions in words; from memory, the paper was not at hand).

    ``greatly`` says of a party and two states whether the first is greatly preferred to the second.
    """
    others = [j for j in plain.parties if j != i]
    return all(
        any(
            greatly(i, s, s2)
            and (concept in ("gmr", "seq") or all(greatly(i, s, s3) for s3 in plain.arcs[i, s2]))
            for s2 in plain.legal(others, s1, concept in ("seq", "sseq"))
        )
        for s1 in plain.improvements(i, s)
    )


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definitions(seed):
    rng = np.random.default_rng(seed)
    for n in range(50):
        owner, feasible, ranks, once = random_standoff(rng)
        if n % 2:  # great by steps: all of a lower grade
            grades = ranks // int(rng.integers(1, 9))
            below = graded(ranks, grades)

            def greatly(i, s, t, grades=grades):
                return grades[i, s] > grades[i, t]
        else:  # great by distance
            gap = int(rng.integers(1, 9))
            below = np.maximum(ranks - gap, -1)

            def greatly(i, s, t, ranks=ranks, gap=gap):
                return ranks[i, s] - ranks[i, t] >= gap

        found = strength(owner, feasible, ranks, below, once=once)
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        for concept in GRADED:
            for i, s, stable in plain.all(concept):
                strong = strongly_stable(plain, greatly, concept, i, s)
                assert found.stable[concept][i, s] == stable
                assert found.strong[concept][i, s] == strong
                assert found.weak(concept)[i, s] == (stable and not strong)
            together = found.strong[concept].all(axis=0)
            assert (found.strong_equilibria(concept) == together).all()
            assert not together[~feasible].any()


@pytest.mark.parametrize("seed", range(2))
def test_implications(seed):
    """Strong => stable; and among strong ones sseq => seq => gmr and sseq => smr => gmr."""
    rng = np.random.default_rng(30 + seed)
    seen = dict.fromkeys(GRADED, 0)
    for _ in range(80):
        owner, feasible, ranks, once = random_standoff(rng)
        below = graded(ranks, ranks // 4)
        found = strength(owner, feasible, ranks, below, once=once)
        assert all((~found.strong[c] | found.stable[c]).all() for c in GRADED)
        for less, more in (("sseq", "seq"), ("seq", "gmr"), ("sseq", "smr"), ("smr", "gmr")):
            assert (~found.strong[less] | found.strong[more]).all()
        for c in GRADED:
            seen[c] += int(found.weak(c).sum())
    assert all(seen.values())


def test_none_or_all_great():
    """Nothing is strong but what has nothing to sanction. Where every preference is great, all that is stable
    is: of two parties, a sanction never leads back to the state itself, and no other is worth the same."""
    rng = np.random.default_rng(5)
    ranks = np.stack([rng.permutation(32) for _ in range(2)])
    owner, feasible = [0, 1, 0, 1, 0], np.ones(32, bool)
    nash = stability(owner, feasible, ranks).stable["nash"]
    mild = strength(owner, feasible, ranks, np.full_like(ranks, -1))
    assert all((mild.strong[c] == nash).all() for c in GRADED)
    great = strength(owner, feasible, ranks, ranks - 1)
    assert all((great.strong[c] == great.stable[c]).all() for c in GRADED)
    assert (great.stable["seq"] & ~nash).any()


def test_graded():
    ranks, grades = np.array([[4, 0, 2, 2, 9]]), np.array([[1, 0, 0, 0, 2]])
    assert graded(ranks, grades).tolist() == [[2, -1, -1, -1, 4]]
