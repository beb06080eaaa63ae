"""The worth of information: textbook decisions, a closed form, and definitions in plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from winset.kernels.worth import by_kind, by_signal, given_classes, given_terms, perfect


def wildcatter():
    """Raiffa 1968: drill or not; dry, wet or soaking; in thousands. (kind, choice, draw), (kind, draw)."""
    values = np.array([[[-70.0], [0.0]], [[50.0], [0.0]], [[200.0], [0.0]]])
    return values, np.array([[0.5], [0.3], [0.2]])


def test_the_oil_wildcatter():
    """Expected 20 without information; perfect information is worth 35, a seismic sounding 12.5 before its
    cost of 10 (Raiffa 1968, the numbers as textbooks retell them)."""
    values, chances = wildcatter()
    assert (chances[:, None] * values).sum(axis=0)[:, 0] == pytest.approx([20, 0])
    assert by_kind(values, chances).value == pytest.approx(35)
    # no structure, open structure, closed structure, given dry, wet, soaking
    sounding = np.array([[0.6, 0.3, 0.1], [0.3, 0.4, 0.4], [0.1, 0.3, 0.5]])
    found = by_signal(values, chances, sounding)
    assert found.worth.value == pytest.approx(12.5)
    assert found.chance == pytest.approx([0.41, 0.35, 0.24])
    assert found.choice.tolist() == [1, 0, 0]  # no drilling where there is no structure
    assert found.posterior[0] == pytest.approx([0.30 / 0.41, 0.09 / 0.41, 0.02 / 0.41])
    assert found.utility == pytest.approx([0, 11.5 / 0.35, 21 / 0.24])
    assert found.worth.changes == pytest.approx(0.41)


def test_two_states_two_actions():
    """Invest (up: +1500, down: -1000) or save (+500), up in 6 cases of 10: both are worth 500; knowing gives
    0.6 x 1500 + 0.4 x 500 = 1100."""
    values = np.array([[[1500.0], [500.0]], [[-1000.0], [500.0]]])
    chances = np.array([[0.6], [0.4]])
    assert by_kind(values, chances).value == pytest.approx(0.6 * 1500 + 0.4 * 500 - 500)
    # an expert who is right 8 times in 10
    expert = np.array([[0.8, 0.2], [0.2, 0.8]])
    good, bad = 0.6 * 0.8 * 1500 - 0.4 * 0.2 * 1000, 500 * (0.6 * 0.2 + 0.4 * 0.8)
    assert by_signal(values, chances, expert).worth.value == pytest.approx(good + bad - 500)


@pytest.mark.parametrize("distance", [0.0, 0.5, -1.5])
def test_the_unit_normal_loss_integral(distance):
    """Of N(d, 1) + noise against 0, knowing the first is worth phi(d) - |d| (1 - Phi(|d|))."""
    rng = np.random.default_rng(2)
    known, noise = rng.standard_normal((2, 60_000))
    values = np.stack([known + distance + 2 * noise, np.zeros(60_000)])
    loss = norm.pdf(distance) - abs(distance) * norm.sf(abs(distance))
    spread = np.sqrt(5)
    whole = spread * (norm.pdf(distance / spread) - abs(distance) / spread * norm.sf(abs(distance) / spread))
    everything = perfect(values)
    assert everything.value == pytest.approx(whole, abs=4 * everything.error)
    order = np.argsort(np.argsort(known)) * 39 // 60_000
    for found in (given_classes(values, order), given_terms(values, known[:, None])):
        assert found.value == pytest.approx(loss, abs=4 * found.error + 0.005)
        assert found.flattering >= found.value - 3 * found.error
        assert found.error < 0.02
    nothing = given_classes(values, (noise > 9).astype(np.intp))
    assert nothing.value == pytest.approx(0, abs=4 * nothing.error + 0.01)


def test_by_kind_equals_its_definition():
    rng = np.random.default_rng(5)
    for _ in range(50):
        kinds, choices, draws, signals = (int(n) for n in rng.integers(1, 5, 4))
        values = rng.integers(-5, 6, (kinds, choices, draws)).astype(float)
        chances = rng.dirichlet(np.ones(kinds), draws).T
        likelihood = rng.dirichlet(np.ones(signals), kinds).T

        def mean(choice, weights, values=values, chances=chances, kinds=kinds, draws=draws):
            return (
                sum(
                    weights[k] * chances[k, j] * values[k, choice, j]
                    for k in range(kinds)
                    for j in range(draws)
                )
                / draws
            )

        def best(weights, choices=choices, mean=mean):
            return max(mean(c, weights) for c in range(choices))

        without = best([1] * kinds)
        knowing = sum(best(np.eye(kinds)[k]) for k in range(kinds))
        seeing = sum(best(likelihood[s]) for s in range(signals))
        assert by_kind(values, chances).value == pytest.approx(knowing - without, abs=1e-9)
        found = by_signal(values, chances, likelihood)
        assert found.worth.value == pytest.approx(seeing - without, abs=1e-9)
        assert -1e-9 <= found.worth.value <= knowing - without + 1e-9
        assert found.chance.sum() == pytest.approx(1)


def test_a_signal_that_says_nothing_and_one_that_says_all():
    values, chances = wildcatter()
    assert by_signal(values, chances, np.full((2, 3), 0.5)).worth.value == pytest.approx(0)
    assert by_signal(values, chances, np.eye(3)).worth.value == pytest.approx(35)


def test_useless_information_flatters_itself_but_is_not_believed():
    rng = np.random.default_rng(7)
    honest, flattering = [], []
    for _ in range(200):
        values = rng.standard_normal((3, 400))
        found = given_classes(values, rng.integers(0, 10, 400))
        honest.append(found.value)
        flattering.append(found.flattering)
    assert np.mean(flattering) > 0.05
    # the best of three on the same draws is itself a lucky pick: what others would add is below nought
    assert np.mean(honest) < 3 * np.std(honest) / np.sqrt(200)


def test_one_draw():
    found = given_classes(np.array([[3.0], [5.0]]), np.array([0]))
    assert (found.value, found.error, found.flattering) == (0, 0, 0)
    assert perfect(np.array([[3.0], [5.0]])).value == 0


def test_a_tie_that_a_fit_breaks_changes_nothing() -> None:
    """The second choice is never better, and as good in half of the draws: to know that is worth nothing."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=4096)
    better = np.where(x > 0, 5.0, 0.0)
    found = given_terms(np.stack([better + 1.0, np.ones_like(x)]), np.stack([x, x**2, x**3], axis=1))
    assert found.value <= 0
    assert found.changes < 0.1  # a cubic is below nought for some of the draws in which the choices differ
    assert given_classes(np.stack([better, 0 * x]), (x > 0).astype(np.intp)).changes == 0
