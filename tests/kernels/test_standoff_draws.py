"""Many draws at once against one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff

from winset.kernels.standoff import CONCEPTS, drawn_stability, stability
from winset.kernels.standoff import draws as module


@pytest.mark.parametrize("cells", [1, 100, 1 << 17])
def test_equals_one_draw_after_the_other(monkeypatch, cells):
    monkeypatch.setattr(module, "_CELLS", cells)
    rng = np.random.default_rng(cells)
    for _ in range(25):
        owner, feasible, ranks, once = random_standoff(rng)
        kinds = rng.integers(0, 30, (3, *ranks.shape))  # of each party three rankings, drawn independently
        drawn = np.stack(
            [
                kinds[rng.integers(0, 3, len(ranks)), np.arange(len(ranks))]
                for _ in range(int(rng.integers(1, 20)))
            ]
        )
        found = drawn_stability(owner, feasible, drawn, once=once)
        assert len(found.stable["nash"]) == len({d.tobytes() for d in drawn})
        counts = {c: np.zeros(len(feasible), int) for c in CONCEPTS}
        for n, one in enumerate(drawn):
            alone = stability(owner, feasible, one, once=once)
            for c in CONCEPTS:
                assert (found.stable[c][found.profile[n]] == alone.stable[c]).all()
                assert (found.equilibria(c)[found.profile[n]] == alone.equilibria[c]).all()
                counts[c] += alone.equilibria[c]
        for c in CONCEPTS:
            assert (found.counts(c) == counts[c]).all()


def test_ranks_beyond_small_numbers():
    """Ranks that sixteen bits would not hold."""
    rng = np.random.default_rng(0)
    ranks = rng.integers(0, 2**30, (4, 2, 16)).astype(np.int32)
    found = drawn_stability([0, 1, 0, 1], np.ones(16, bool), ranks)
    for n, one in enumerate(ranks):
        alone = stability([0, 1, 0, 1], np.ones(16, bool), one)
        assert all((found.stable[c][found.profile[n]] == alone.stable[c]).all() for c in CONCEPTS)


def test_only_some_concepts():
    ranks = np.random.default_rng(1).integers(0, 9, (6, 2, 8))
    found = drawn_stability([0, 1, 1], np.ones(8, bool), ranks, concepts=["smr"])
    assert list(found.stable) == ["smr"]
