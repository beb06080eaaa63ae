"""What is kept of a concession, and what it is: against plain Python, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import concession_oracle as oracle

from winset.kernels import concede
from winset.kernels.concede import kept, verdicts
from winset.lenses.concessions import VERDICTS


def test_against_plain_python():
    rng = np.random.default_rng(1)
    grid = np.array([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 3.0])
    for margin in (0.0, 0.5, 1.0, 2.0):
        cost, gain = rng.choice(grid, 4000), rng.choice(grid, 4000)
        found = verdicts(cost, gain, margin)
        expected = [oracle.verdict(c, g, margin) for c, g in zip(cost, gain, strict=True)]
        assert [VERDICTS[code] for code in found] == expected
        assert set(expected) == set(VERDICTS)


def test_kept_against_plain_python():
    rng = np.random.default_rng(2)
    cost = rng.choice([-2.0, 0.0, 2.0], 2000)
    others = rng.choice([0.0, 0.25, 0.5, 1.0], (4, 2000))
    found = kept(cost, *others)
    expected = [oracle.kept(c, *row) for c, row in zip(cost, others.T, strict=True)]
    assert found == pytest.approx(expected, abs=1e-15)
    assert ((found >= 0) & (found <= 1)).all()


def test_every_pair_of_cost_and_gain_has_one_verdict():
    """The six regions by themselves, written without an order; each point lies in exactly one."""
    rng = np.random.default_rng(3)
    cost, gain = rng.normal(0, 2, (2, 5000))
    code = verdicts(cost, gain, 1.0)
    regions = {
        concede.HARMFUL: gain < -1,
        concede.SHAM: (gain >= -1) & (cost < -1),
        concede.COSTLY_AND_VALUED: (gain > 1) & (cost > 1),
        concede.CHEAP_AND_VALUED: (gain > 1) & (abs(cost) <= 1),
        concede.COSTLY_NOT_VALUED: (abs(gain) <= 1) & (cost > 1),
        concede.HOLLOW: (abs(gain) <= 1) & (abs(cost) <= 1),
    }
    assert (sum(region.astype(int) for region in regions.values()) == 1).all()
    for which, region in regions.items():
        assert ((code == which) == region).all()
        assert region.any()


def test_just_the_margin_is_nothing_and_rounding_does_not_carry_over_it():
    near = np.array([1.0, 1.0 + 1e-12, 0.1 + 0.2 + 0.7])
    assert (verdicts(near, near, 1.0) == concede.HOLLOW).all()
    assert (verdicts(near + 1e-6, near + 1e-6, 1.0) == concede.COSTLY_AND_VALUED).all()


def test_each_way_of_not_being_held_to_it_leaves_nothing_and_costing_nothing_leaves_all():
    one, zero = np.ones(1), np.zeros(1)
    for gone in ((one, one, one, one), (one, zero, zero, one), (one, zero, one, zero)):
        lasts, reversible, enforceable, verifiable = gone
        assert kept(one, lasts, reversible, enforceable, verifiable) == 0
        assert kept(zero, lasts, reversible, enforceable, verifiable) == 1
        assert kept(-one, lasts, reversible, enforceable, verifiable) == 1
    assert kept(zero, zero, zero, one, one) == 0  # it ends by itself, whoever pays
