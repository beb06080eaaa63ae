"""Shares of variance: closed forms, a published function, another implementation, and rates of error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import sobol_indices

from winset.kernels.variance import by_class, by_regression, classes, hermite, pick_freeze


def ishigami(x):
    """Ishigami and Homma 1990, with a = 7 and b = 0.1; x uniform on (-pi, pi), (draw, input)."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    """Closed forms: e.g. Saltelli et al. 2008, sec. 4.9 (Homma and Saltelli 1996)."""
    a, b = 7, 0.1
    v1 = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    v2 = a**2 / 8
    v13 = b**2 * np.pi**8 * 8 / 225
    v = v1 + v2 + v13
    return np.array([v1, v2, 0]) / v, np.array([v1 + v13, v2, v13]) / v


def design(function, inputs, draws, seed, groups=None):
    rng = np.random.default_rng(seed)
    a, b = rng.random((2, draws, inputs))
    swapped = []
    for group in groups or [[n] for n in range(inputs)]:
        mixed = a.copy()
        mixed[:, group] = b[:, group]
        swapped.append(function(mixed)[None])
    return a, function(a)[None], function(b)[None], np.array(swapped)


def test_ishigami_by_pick_freeze():
    first, total = ishigami_indices()
    assert first == pytest.approx([0.3139, 0.4424, 0], abs=5e-5)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=5e-5)
    _, a, b, ab = design(lambda u: ishigami((2 * u - 1) * np.pi), 3, 20_000, 1)
    found = pick_freeze(a, b, ab, np.random.default_rng(0))
    assert (np.abs(found.first[:, 0] - first) < 4 * found.first_error[:, 0]).all()
    assert (np.abs(found.total[:, 0] - total) < 4 * found.total_error[:, 0] + 1e-12).all()
    assert (found.first_error < 0.03).all()


def test_the_errors_are_those_that_repetition_shows():
    runs = [
        pick_freeze(
            *design(lambda u: ishigami((2 * u - 1) * np.pi), 3, 500, seed)[1:], np.random.default_rng(0)
        )
        for seed in range(120)
    ]
    for value, error in (("first", "first_error"), ("total", "total_error")):
        scatter = np.std([getattr(r, value)[:, 0] for r in runs], axis=0, ddof=1)
        claimed = np.mean([getattr(r, error)[:, 0] for r in runs], axis=0)
        assert claimed == pytest.approx(scatter, rel=0.3)


def test_the_same_numbers_as_another_implementation():
    _, a, b, ab = design(lambda u: ishigami((2 * u - 1) * np.pi), 3, 1024, 5)
    found = pick_freeze(a, b, ab, np.random.default_rng(0))
    peer = sobol_indices(func={"f_A": a, "f_B": b, "f_AB": ab}, n=1024)
    assert found.first[:, 0] == pytest.approx(peer.first_order, abs=1e-12)
    assert found.total[:, 0] == pytest.approx(peer.total_order, abs=1e-12)


def test_a_group_of_dependent_inputs():
    """y = x1 + x2 + x3 with corr(x1, x2) = 0.8: the pair explains 3.6 / 4.6 (Jacques et al. 2006)."""

    def answer(u):
        z = ndtri(u)
        second = 0.8 * z[:, 0] + 0.6 * z[:, 1]
        return z[:, 0] + second + z[:, 2]

    a, at_a, b, ab = design(answer, 3, 20_000, 2, groups=[[0, 1], [2]])
    found = pick_freeze(at_a, b, ab, np.random.default_rng(0))
    assert found.first[:, 0] == pytest.approx([3.6 / 4.6, 1 / 4.6], abs=0.03)
    assert found.total[:, 0] == pytest.approx([3.6 / 4.6, 1 / 4.6], abs=0.03)
    z = ndtri(a)
    pair = np.column_stack([z[:, 0], 0.8 * z[:, 0] + 0.6 * z[:, 1]])
    share, error = by_regression(hermite(pair), at_a)
    assert share[0] == pytest.approx(3.6 / 4.6, abs=4 * error[0])
    assert error[0] < 0.01


def test_given_data_ishigami():
    first, _ = ishigami_indices()
    rng = np.random.default_rng(3)
    x = (2 * rng.random((50_000, 3)) - 1) * np.pi
    y = ishigami(x)[None]
    for n in range(3):
        share, error = by_class(classes(x[:, n]), y)
        # 37 classes leave out what varies inside a class, about 0.3 % of a share here
        assert share[0] == pytest.approx(first[n], abs=4 * error[0] + 0.003)
        assert error[0] < 0.01


def test_classes_closed_form():
    """Of one standard normal input, two classes of equal size explain 2/pi of the variance."""
    rng = np.random.default_rng(4)
    z = rng.standard_normal(40_000)
    share, error = by_class(classes(z, 2), z[None])
    assert share[0] == pytest.approx(2 / np.pi, abs=4 * error[0])
    yes = (z + rng.standard_normal(40_000) > 0).astype(np.float64)
    # Var(E[yes | z]) with E[yes | z] = Phi(z) uniform: 1/12 over 1/4
    share, error = by_class(classes(z), yes[None])
    assert share[0] == pytest.approx(1 / 3, abs=4 * error[0] + 0.003)
    assert float(np.var(ndtr(z)) / 0.25) == pytest.approx(1 / 3, abs=0.01)


def test_an_input_without_influence_gets_nothing_on_average():
    rng = np.random.default_rng(6)
    shares, errors = [], []
    for _ in range(300):
        z, y = rng.standard_normal((2, 1000))
        share, error = by_class(classes(z), y[None])
        shares.append(share[0])
        errors.append(error[0])
    assert abs(np.mean(shares)) < 4 * np.std(shares) / np.sqrt(300)
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.25)
    assert min(shares) < 0 < max(shares)


def test_the_error_falls_with_the_root_of_the_draws():
    def scatter(draws):
        rng = np.random.default_rng(draws)
        found = []
        for _ in range(150):
            z, noise = rng.standard_normal((2, draws))
            found.append(by_class(classes(z), (z + noise)[None]))
        shares = np.array([share[0] for share, _ in found])
        claimed = np.mean([error[0] for _, error in found])
        assert claimed == pytest.approx(shares.std(), rel=0.3)
        return np.sqrt(np.mean((shares - 0.5) ** 2))

    few, many = scatter(250), scatter(16_000)
    assert 4.5 < few / many < 12  # 64 times the draws: 8 times the precision


def test_equal_values_share_a_class():
    values = np.repeat([1.0, 2.0, 5.0], [700, 10, 290])
    assert classes(values).tolist() == np.repeat([0, 1, 2], [700, 10, 290]).tolist()
    many = np.concatenate([np.zeros(500), np.random.default_rng(0).random(500)])
    found = classes(many)
    assert len(set(found[:500])) == 1
    assert found[500:].min() > found[0]


def test_what_does_not_vary_has_no_shares():
    same = np.full((1, 50), 3.0)
    share, error = by_class(classes(np.arange(50.0)), same)
    assert np.isnan(share).all()
    assert np.isnan(error).all()
    found = pick_freeze(same, same, same[None], np.random.default_rng(0))
    assert np.isnan(found.first).all()
    assert np.isnan(found.total).all()


def test_shares_do_not_depend_on_the_scale_of_the_answer():
    rng = np.random.default_rng(8)
    z, y = rng.standard_normal((2, 3000))
    y = z + y
    one, stretched = by_class(classes(z), np.stack([y, 1000 - 50 * y]))[0]
    assert one == pytest.approx(stretched)


def test_too_few_draws_to_say():
    share, _ = by_regression(np.random.default_rng(0).random((5, 9)), np.random.default_rng(1).random((1, 5)))
    assert np.isnan(share).all()
