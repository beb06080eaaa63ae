"""The shortest joint change that turns an answer."""

from __future__ import annotations

import numpy as np
import pytest

from winset.kernels.turning import least_change, nonnegative


def test_the_shortest_change_that_meets_two_conditions():
    change = least_change(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, 3.0]))
    assert change == pytest.approx([1.5, 1.5])
    assert least_change(np.array([[1.0], [-1.0]]), np.array([1.0, 1.0])) is None


def test_nonnegative_least_squares_are_those_of_scipy():
    from scipy.optimize import nnls

    rng = np.random.default_rng(5)
    for _ in range(400):
        system = rng.normal(size=(rng.integers(1, 12), rng.integers(1, 9)))
        if rng.random() < 0.3:
            system = np.round(system)  # ties, and columns that depend on each other
        wanted = rng.normal(size=len(system))
        found = nonnegative(system, wanted)
        assert found is not None
        assert (found >= 0).all()
        _, least = nnls(system, wanted)
        assert np.linalg.norm(system @ found - wanted) == pytest.approx(least, abs=1e-9)
