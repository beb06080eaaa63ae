"""Limited-move stability against trees of moves, and against what is known of it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff
from tests.oracles.standoff_horizon import Foresight, two_parties
from tests.oracles.standoff_oracle import Standoff

from winset.kernels.standoff import horizons, stability


@pytest.mark.parametrize("seed", range(4))
def test_two_parties_equal_the_definition(seed):
    rng = np.random.default_rng(seed)
    for _ in range(25):
        owner, feasible, ranks, once = random_standoff(rng, options=3, parties=2)
        ranks = np.array([rng.permutation(len(feasible)) for _ in range(2)])  # strict
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        found = horizons(owner, feasible, ranks, 5, once=once)
        for h in range(1, 6):
            for i in range(2):
                for s in plain.states:
                    assert found.stable[h - 1, i, s] == (two_parties(plain, h, i, s) == s)
        assert not found.stable[:, :, ~feasible].any()


@pytest.mark.parametrize("seed", range(4))
def test_any_number_equals_the_definition(seed):
    rng = np.random.default_rng(50 + seed)
    for _ in range(60):
        owner, feasible, ranks, once = random_standoff(rng)
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        found = horizons(owner, feasible, ranks, 7, once=once)
        ahead = Foresight(plain)
        for h in range(1, 8):
            for i in plain.parties:
                for s in plain.states:
                    assert found.stable[h - 1, i, s] == (not ahead.moves(h, i, s)), (h, i, s)


@pytest.mark.parametrize("seed", range(3))
def test_what_it_implies(seed):
    """L_1 is Nash. For two parties L_2 => SEQ and L_2 => GMR, and L_3 => SMR (L_h implies the metarational
    stability of h rounds: "On some properties of limited move stability ...", Discrete Applied Mathematics
    2024, abstract; of 2 and 3 rounds that is GMR and SMR, from memory)."""
    rng = np.random.default_rng(90 + seed)
    for _ in range(100):
        owner, feasible, ranks, once = random_standoff(rng, parties=2)
        ahead = horizons(owner, feasible, ranks, 3, once=once).stable
        now = stability(owner, feasible, ranks, once=once).stable
        assert (ahead[0] == now["nash"]).all()
        assert (~ahead[1] | now["seq"]).all()
        assert (~ahead[1] | now["gmr"]).all()
        assert (~ahead[2] | now["smr"]).all()


def test_prisoners_dilemma():
    """State 0: both cooperate; 1 and 2: one defects; 3: both. With no look-ahead only defection lasts; from
    two moves on cooperation does too (both are non-myopic equilibria: Brams and Wittman 1981; by hand and
    from memory, the paper was not at hand)."""
    ranks = np.array([[2, 3, 0, 1], [2, 0, 3, 1]])
    found = horizons([0, 1], np.ones(4, bool), ranks, 12)
    assert np.flatnonzero(found.equilibria[0]).tolist() == [3]
    for h in range(2, 13):
        assert np.flatnonzero(found.equilibria[h - 1]).tolist() == [0, 3]
    assert np.flatnonzero(found.lasting.all(axis=0)).tolist() == [0, 3]


def test_the_cycle_goes_on():
    """What is filled in from the cycle is what a longer run would find."""
    rng = np.random.default_rng(7)
    periods = set()
    for _ in range(150):
        owner, feasible, ranks, once = random_standoff(rng, options=4)
        far = horizons(owner, feasible, ranks, 60, once=once)
        if far.cycle is None:
            continue
        first, period = far.cycle
        periods.add(period)
        ahead = Foresight(Standoff(owner, feasible, ranks.tolist(), once))
        for h in range(first, first + 2 * period):
            for i in range(len(ranks)):
                for s in np.flatnonzero(feasible).tolist():
                    assert far.stable[h - 1, i, s] == (not ahead.moves(h, i, s))
        assert (far.lasting == far.stable[first - 1 : first + period - 1].all(axis=0)).all()
        near = horizons(owner, feasible, ranks, 1, once=once)
        assert near.stable.shape[0] == 1
    assert len(periods) > 2  # some do not settle
