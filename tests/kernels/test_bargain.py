"""Bargaining solutions: against their definitions, textbook problems and an independent optimiser."""

from __future__ import annotations

from fractions import Fraction
from math import log, prod

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from oracles import brute
from winset.kernels.bargain import egalitarian, kalai_smorodinsky, nash, utilitarian
from winset.kernels.lottery import egalitarian_lottery, kalai_smorodinsky_lottery, nash_lottery


def ties(points, key):
    keys = [key(p) for p in points]
    tied = [i for i, k in enumerate(keys) if k == max(keys)]
    return [i for i in tied if not any(brute.dominates(q, points[i]) for q in points)]


def nash_key(p):
    return sum(g > 0 for g in p), prod(g for g in p if g > 0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("low", [-4, 0, 1])
def test_equal_definitions(seed, low):
    rng = np.random.default_rng(seed)
    for _ in range(250):
        gains = rng.integers(low, 8, (rng.integers(1, 15), rng.integers(1, 5)))
        points = [tuple(map(int, p)) for p in gains]
        ideal = [max(column) for column in zip(*points, strict=True)]
        assert nash(gains).tolist() == ties(points, nash_key)
        assert egalitarian(gains).tolist() == ties(points, sorted)
        assert utilitarian(gains).tolist() == ties(points, sum)
        assert kalai_smorodinsky(gains).tolist() == ties(
            points,
            lambda p, ideal=ideal: sorted(Fraction(g, i) for g, i in zip(p, ideal, strict=True) if i > 0),
        )
        floats = gains * np.array([0.1])
        assert nash(floats).tolist() == nash(gains).tolist()
        assert egalitarian(floats).tolist() == egalitarian(gains).tolist()
        assert utilitarian(floats).tolist() == utilitarian(gains).tolist()
        assert kalai_smorodinsky(floats).tolist() == kalai_smorodinsky(gains).tolist()


def test_products_are_compared_exactly():
    """Two products that differ by one in 10**30."""
    a = 10**15
    assert nash(np.array([[a, a], [a - 1, a + 1]])).tolist() == [0]
    assert nash(np.array([[a - 1, a + 1], [a + 1, a - 1]])).tolist() == [0, 1]


def test_weights_move_the_nash_solution():
    gains = np.array([[9, 1], [5, 5], [1, 9]])
    assert nash(gains).tolist() == [1]
    assert nash(gains, np.array([5.0, 1.0])).tolist() == [0]
    assert nash(gains, np.array([1.0, 1.0])).tolist() == [1]


def test_scaling_a_party_leaves_nash_and_kalai_smorodinsky_alone():
    rng = np.random.default_rng(3)
    for _ in range(200):
        gains = rng.integers(0, 9, (12, 3))
        scaled = gains * np.array([1, 7, 1000])
        assert nash(gains).tolist() == nash(scaled).tolist()
        assert kalai_smorodinsky(gains).tolist() == kalai_smorodinsky(scaled).tolist()


def test_nothing_to_choose_from():
    none = np.zeros((0, 3), np.int64)
    for solution in (nash, egalitarian, utilitarian, kalai_smorodinsky):
        assert solution(none).tolist() == []
    for solution in (nash_lottery, egalitarian_lottery, kalai_smorodinsky_lottery):
        assert solution(none) is None


def test_nash_1950_example():
    """Bill and Jack's barter (Nash 1950, pp. 160-162): all of Bill's book, whip, ball and bat for pen, toy
    and knife;
    the product is 12 * 5 = 60."""
    items = [(-2, 4), (-2, 2), (-2, 1), (-2, 2), (-4, 1), (10, -1), (4, -1), (6, -2), (2, -2)]
    names = ["book", "whip", "ball", "bat", "box", "pen", "toy", "knife", "hat"]
    points, choices = [], []
    for code in range(1 << len(items)):
        chosen = [i for i in range(len(items)) if code >> i & 1]
        points.append([sum(items[i][0] for i in chosen), sum(items[i][1] for i in chosen)])
        choices.append({names[i] for i in chosen})
    best = nash(np.array(points))
    assert [choices[i] for i in best] == [{"book", "whip", "ball", "bat", "pen", "toy", "knife"}]
    assert points[best[0]] == [12, 5]


@pytest.mark.parametrize("seed", range(6))
def test_nash_lottery_is_the_optimum(seed):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        parties = int(rng.integers(1, 6))
        gains = rng.integers(-3 if seed % 2 else 0, 20, (rng.integers(1, 25), parties)).astype(float)
        weights = rng.uniform(0.2, 3, parties) if seed % 3 else None
        result = nash_lottery(gains, weights)
        able = (gains > 0).any(axis=0)
        if result is None:
            lp = (
                linprog(
                    [*np.zeros(len(gains)), -1],
                    A_ub=np.column_stack([-gains[:, able].T, np.ones(able.sum())]),
                    b_ub=np.zeros(able.sum()),
                    A_eq=[[*np.ones(len(gains)), 0]],
                    b_eq=[1],
                    bounds=[(0, None)] * len(gains) + [(None, None)],
                )
                if able.any()
                else None
            )
            assert lp is None or -lp.fun <= 1e-9
            continue
        w = (np.ones(parties) if weights is None else weights)[able]
        assert len(result.point) <= parties + 1
        assert result.probability.sum() == pytest.approx(1)
        assert np.allclose(result.probability @ gains[result.point], result.gains)
        price = gains[:, able] @ (w / result.gains[able])
        assert price.max() - w.sum() <= 1e-9 * w.sum()  # the duality gap is a proof of optimality

        def loss(mix, gains=gains, able=able, w=w):
            expected = mix @ gains[:, able]
            return 1e9 if (expected <= 0).any() else -float(w @ np.log(expected))

        n = len(gains)
        start = np.full(n, 0.05 / n)
        start[result.point] += 0.95 * result.probability
        other = minimize(
            loss,
            start,
            method="SLSQP",
            bounds=[(0, 1)] * n,
            constraints={"type": "eq", "fun": lambda x: x.sum() - 1},
        )
        value = sum(a * log(b) for a, b in zip(w, result.gains[able], strict=True))
        assert value >= -other.fun - 1e-6


def levelled(points):
    """Leximin over lotteries, slowly: a party is fixed when it cannot rise with the others held."""
    n, parties = points.shape
    level = {}
    while len(level) < parties:
        free = [p for p in range(parties) if p not in level]

        def solve(raised, held, n=n):
            rows, bound = [], []
            for p in raised:
                rows.append([*-points[:, p], 1.0])
                bound.append(0.0)
            for p, v in held.items():
                rows.append([*-points[:, p], 0.0])
                bound.append(-v + 1e-9)
            lp = linprog(
                [*np.zeros(n), -1.0],
                A_ub=rows,
                b_ub=bound,
                A_eq=[[*np.ones(n), 0.0]],
                b_eq=[1.0],
                bounds=[(0, None)] * n + [(None, None)],
            )
            assert lp.status == 0
            return -lp.fun

        t = solve(free, level)
        stuck = [p for p in free if solve([p], {**level, **{q: t for q in free if q != p}}) <= t + 1e-6]
        assert stuck
        level.update(dict.fromkeys(stuck, t))
    return np.array([level[p] for p in range(parties)])


@pytest.mark.parametrize("seed", range(4))
def test_levelled_lotteries(seed):
    rng = np.random.default_rng(seed)
    for _ in range(40):
        parties = int(rng.integers(1, 5))
        gains = rng.integers(-2 if seed % 2 else 0, 12, (rng.integers(1, 15), parties)).astype(float)
        result = egalitarian_lottery(gains)
        assert len(result.point) <= parties + 1
        assert np.allclose(result.gains, levelled(gains), atol=1e-5)
        if (gains.max(axis=0) > 0).all():
            ideal = gains.max(axis=0)
            result = kalai_smorodinsky_lottery(gains)
            assert len(result.point) <= parties + 1
            assert np.allclose(result.gains / ideal, levelled(gains / ideal), atol=1e-5)


def test_split_the_dollar():
    """Two deals, each all for one: every solution is the fair coin."""
    gains = np.array([[1, 0], [0, 1]])
    for solution in (nash_lottery, egalitarian_lottery, kalai_smorodinsky_lottery):
        result = solution(gains)
        assert result.point.tolist() == [0, 1]
        assert result.probability.tolist() == pytest.approx([0.5, 0.5])
    assert nash_lottery(gains, np.array([3.0, 1.0])).probability.tolist() == pytest.approx([0.75, 0.25])
