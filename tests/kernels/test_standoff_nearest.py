"""The nearest of some states, and what improvements lead to, against the definitions state by state."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff
from tests.oracles.standoff_oracle import Standoff

from winset.kernels.standoff import moves_of, reach
from winset.kernels.standoff.nearest import improving_reach, nearest


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definitions(seed: int) -> None:
    rng = np.random.default_rng(900 + seed)
    found_some = found_none = 0
    for _ in range(60):
        owner, feasible, ranks, once = random_standoff(rng)
        moves = moves_of(owner, once, feasible, len(ranks))
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        start = int(rng.choice(plain.states))
        movers = [j for j in plain.parties if rng.random() < 0.7]
        wanted = rng.random(len(feasible)) < 0.2
        for improving in (False, True):
            every = plain.legal(movers, start, improving)
            path = nearest(moves, start, movers, wanted, ranks if improving else None)
            if not any(wanted[t] for t in every):
                assert path is None
                found_none += 1
                continue
            assert path is not None
            found_some += 1
            at, last = start, None
            for j, t in path:
                assert j in movers
                assert j != last
                assert t in (plain.improvements(j, at) if improving else plain.arcs[j, at])
                at, last = t, j
            assert wanted[at]
            # none of the wanted states is nearer
            far = reach(
                owner, feasible, start, parties=len(ranks), movers=movers, once=once,
                ranks=ranks if improving else None,
            ).last  # fmt: skip
            near = far[:, wanted & feasible]
            assert len(path) == near[near > 0].min()
    assert found_some
    assert found_none


@pytest.mark.parametrize("seed", range(4))
def test_improvements_of_many_preferences_at_once(seed: int) -> None:
    rng = np.random.default_rng(950 + seed)
    for _ in range(40):
        owner, feasible, ranks, once = random_standoff(rng)
        several = np.stack([ranks, rng.permuted(ranks, axis=1), ranks[::-1]])
        moves = moves_of(owner, once, feasible, len(ranks))
        start = int(rng.choice(np.flatnonzero(feasible)))
        found = improving_reach(moves, several, start)
        for n, each in enumerate(several):
            plain = Standoff(owner, feasible, each.tolist(), once)
            assert set(np.flatnonzero(found[n]).tolist()) == plain.legal(plain.parties, start, True) | {start}
