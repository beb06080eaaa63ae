"""The best deal for the worst-off in each draw: against a loop over all deals."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from oracles import brute, random_spaces
from winset.kernels import ensemble
from winset.kernels import worst_off as module
from winset.kernels.worst_off import worst_off


def oracle(tables, utility, reserve, rule, members):
    """Every deal of every draw, one after the other; whole numbers, so all comparisons are exact."""
    parties, draws = reserve.shape
    out = []
    for d in range(draws):
        best, zone, accepted = None, 0, [0] * parties
        for number, cells in enumerate(itertools.product(*(range(t.shape[1]) for t in tables))):
            gain = [sum(t[p, c, d] for t, c in zip(utility, cells, strict=True)) for p in range(parties)]
            gain = [float(g - reserve[p, d]) for p, g in enumerate(gain)]
            barred = [
                any(t[p, c, d] == -np.inf for t, c in zip(tables, cells, strict=True)) for p in range(parties)
            ]
            says = tuple(g >= 0 and not b for g, b in zip(gain, barred, strict=True))
            accepted = [a + s for a, s in zip(accepted, says, strict=True)]
            if not brute.holds(rule, says):
                continue
            zone += 1
            key = (min(gain[m] for m in members), sum(gain[m] for m in members), -number)
            if best is None or key > best[0]:
                best = key, number, gain
        out.append((best[1] if best else -1, best[2] if best else [0.0] * parties, zone, accepted))
    return out


@pytest.mark.parametrize(("left", "chunk"), [(0, 1 << 16), (0, 6), (1, 1 << 16), (2, 3)])
def test_it_equals_the_loop(left, chunk, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    monkeypatch.setattr(module, "split", lambda tables: min(left, len(tables) - 1))
    rng = np.random.default_rng(left)
    found = 0
    for _ in range(60):
        parties, draws = int(rng.integers(1, 5)), 3
        rule = random_spaces.rule(rng, parties)
        cells = rng.integers(1, 4, rng.integers(1, 4))
        utility = [rng.integers(-3, 4, (parties, c, draws)).astype(float) for c in cells]
        tables = [np.where(rng.random((parties, t.shape[1], 1)) < 0.15, -np.inf, t) for t in utility]
        reserve = rng.integers(-3, 3, (parties, draws)).astype(float)
        members = sorted(rng.permutation(parties)[: rng.integers(1, parties + 1)].tolist())
        result = worst_off(tables, utility, reserve, rule, members)
        expected = oracle(tables, utility, reserve, rule, members)
        assert result.deal.tolist() == [e[0] for e in expected]
        assert result.gain.T.tolist() == [e[1] for e in expected]
        assert result.zone.tolist() == [e[2] for e in expected]
        assert result.accepted.T.tolist() == [e[3] for e in expected]
        counted = ensemble.acceptance(tables, reserve, rule)
        assert result.open.tolist() == counted.open.tolist()
        assert result.zone.sum() == counted.zone.sum()
        assert result.accepted.sum(axis=1).tolist() == counted.party.sum(axis=1).tolist()
        found += int((result.deal > 0).sum())
    assert found > 20
