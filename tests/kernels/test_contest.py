"""Kernels of contests against plain Python, closed forms and limits."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from tests.oracles import contest_oracle as plain

from winset.kernels.contest.demand import demands, uniform_demand
from winset.kernels.contest.learning import meets
from winset.kernels.contest.shift import excess, first_time, slowest
from winset.kernels.contest.terms import inside, least, range_of


def one(*numbers: float) -> tuple[np.ndarray, ...]:
    return tuple(np.array([x]) for x in numbers)


@pytest.mark.parametrize("seed", range(40))
def test_the_range_is_what_both_prefer(seed):
    rng = random.Random(seed)
    seen = (rng.random(), rng.random())
    cost = (0.5 * rng.random(), 0.5 * rng.random())
    bend = rng.choice([(1.0, 1.0), (0.5, 1.0), (0.3 + 0.7 * rng.random(), 0.3 + 0.7 * rng.random())])
    low, high = range_of(one(*seen), one(*cost), one(*bend))
    steps = 4000
    found = plain.both_prefer(steps, seen, cost, bend)
    if high[0] - low[0] > 1 / steps:
        assert found[0] == pytest.approx(low[0], abs=1 / steps)
        assert found[-1] == pytest.approx(high[0], abs=1 / steps)
        assert inside(np.array([found[0], found[-1]]), low, high).all()
    elif low[0] > high[0]:
        assert found == []


def test_minding_risk_widens_the_range():
    low, high = range_of(one(0.6, 0.6), one(0.1, 0.2), one(0.5, 0.5))
    assert (low[0], high[0]) == pytest.approx((0.25, 0.96))  # 0.5 squared; 1 less 0.2 squared
    assert least(np.array([0.3]), np.array([0.5]))[0] == 0.0


@pytest.mark.parametrize("seed", range(30))
def test_the_demand_of_uniform_costs_in_closed_form(seed):
    rng = random.Random(seed)
    p, cost = rng.random(), 0.4 * rng.random()
    low = 0.3 * rng.random()
    high = low + 0.05 + 0.5 * rng.random()
    asked, war = demands(lambda u: low + (high - low) * u, one(p, cost, 1.0), one(p, 1.0))
    wanted = uniform_demand(p, cost, low, high)
    assert (asked[0], war[0]) == pytest.approx(wanted, abs=2e-5)


@pytest.mark.parametrize("seed", range(12))
def test_the_demand_against_a_grid_of_demands(seed):
    """Any distribution, own estimates, and sides that mind risk; held against equally likely costs."""
    rng = random.Random(seed)
    own = (rng.uniform(0.2, 0.9), rng.uniform(0, 0.3), rng.choice([1.0, 0.6]))
    other = (min(1.0, max(0.0, own[0] + rng.uniform(-0.2, 0.2))), rng.choice([1.0, 0.7]))
    shape = rng.choice([1.0, 2.0, 0.5])
    scale = rng.uniform(0.1, 0.6)

    def quantile(u):
        return scale * np.asarray(u) ** shape

    asked, war = demands(quantile, one(*own), one(*other))
    costs = plain.equally_likely(lambda u: float(quantile(u)), 400)
    x, _, worth = plain.demand(800, costs, own, other)

    def value(share: float, refused: float) -> float:
        return share ** own[2] * (1 - refused) + (own[0] - own[1]) * refused

    found = value(float(asked[0]), float(war[0]))
    assert found == pytest.approx(worth, abs=4e-3)
    assert 0 <= war[0] <= 1
    assert 0 <= asked[0] <= 1
    assert abs(asked[0] - x) < 0.06 or abs(found - worth) < 1e-3


def test_the_demand_of_listed_costs_is_at_a_jump():
    """Cost 0.05 or 0.3, even chances: asking for the costly side's limit is worth 0.5 x 0.8 + 0.5 x 0.4."""
    listed, upto = np.array([0.05, 0.3]), np.array([0.5])

    def quantile(u):
        return listed[np.searchsorted(upto - 1e-12, u, side="right")]

    asked, war = demands(quantile, one(0.5, 0.1, 1.0), one(0.5, 1.0), upto)
    assert (asked[0], war[0]) == pytest.approx((0.8, 0.5))
    asked, war = demands(quantile, one(0.5, 0.6, 1.0), one(0.5, 1.0), upto)
    assert (asked[0], war[0]) == pytest.approx((0.55, 0.0))


@pytest.mark.parametrize("seed", range(60))
def test_the_shift_against_peace_worked_out(seed):
    rng = random.Random(seed)
    p, rate = rng.uniform(0, 0.8), rng.uniform(0, 0.3)
    costs = (rng.uniform(0, 0.2), rng.uniform(0, 0.2))
    keep, time = rng.uniform(0.8, 1), rng.uniform(0.5, 4)
    over = excess(*one(p, rate, costs[0]), 1.0, *one(max(0.0, 1 - p - costs[1]), keep), np.array([[time]]))
    if abs(over[0, 0]) > 1e-4:
        assert (over[0, 0] > 0) == plain.fights(p, rate, costs, keep, time)


@pytest.mark.parametrize("seed", range(30))
def test_the_slowest_shift_is_the_border(seed):
    rng = random.Random(seed)
    p, c1, c2 = rng.uniform(0, 0.8), rng.uniform(0, 0.2), rng.uniform(0, 0.2)
    bend, keep = rng.choice([1.0, 0.6]), rng.uniform(0.95, 1)
    times = np.linspace(0.5, 12, 24)[None]
    secure = least(*one(1 - p, c2, bend))
    (border,) = slowest(*one(p, c1), bend, secure, np.array([keep]), times)
    if not np.isfinite(border):
        border = 10.0
        assert not (excess(*one(p, border, c1), bend, secure, np.array([keep]), times) > 1e-9).any()
        return
    for rate, met in ((border * 0.999, False), (border * 1.001 + 1e-6, True)):
        over = excess(*one(p, rate, c1), bend, secure, np.array([keep]), times)
        assert (over > 1e-9).any() == met
        assert np.isnan(first_time(over, times)[0]) == (not met)


@pytest.mark.parametrize("seed", range(40))
def test_beliefs_meet_as_bayes_counts(seed):
    rng = random.Random(seed)
    mean = (Fraction(rng.randint(1, 19), 20), Fraction(rng.randint(1, 19), 20))
    weight = (Fraction(rng.randint(1, 30)), Fraction(rng.randint(1, 30)))
    surplus = Fraction(rng.randint(1, 40), 100)
    won = [rng.random() < 0.6 for _ in range(60)]
    found = meets(
        one(*map(float, mean)), one(*map(float, weight)), np.array([float(surplus)]), np.array([won])
    )
    assert found[0] == plain.meeting(mean, weight, surplus, won)


def test_with_equal_weights_it_does_not_matter_who_wins():
    """The means differ by n (m1 - m2) / (n + t): after 20 (0.4 / 0.1 - 1) = 60 trials by 0.1."""
    rng = np.random.default_rng(1)
    many = 50
    full = [np.full(many, x) for x in (0.7, 0.3, 20.0, 20.0, 0.1)]
    found = meets((full[0], full[1]), (full[2], full[3]), full[4], rng.random((many, 128)) < 0.5)
    assert set(found) == {60}
    found = meets((full[0], full[1]), (full[2], full[3]), full[4], rng.random((many, 59)) < 0.5)
    assert set(found) == {-1}


def test_the_chance_of_meeting_over_all_ways_it_can_go():
    """Unequal weights: every way that ten trials can go, each with its probability."""
    wins, surplus = Fraction(1, 2), Fraction(1, 5)
    mean, weight = (Fraction(8, 10), Fraction(4, 10)), (Fraction(3), Fraction(12))
    exact = plain.chance_of_meeting(wins, mean, weight, surplus, 4)
    assert 0 < exact < 1
    many = 40_000
    won = np.random.default_rng(7).random((many, 4)) < 0.5
    full = [np.full(many, float(x)) for x in (*mean, *weight, surplus)]
    found = meets((full[0], full[1]), (full[2], full[3]), full[4], won) >= 0
    error = np.sqrt(float(exact) * (1 - float(exact)) / many)
    assert found.mean() == pytest.approx(float(exact), abs=4 * error)


def test_the_first_time_lies_between_the_moments_looked_at():
    times = np.array([[0.0, 10.0, 20.0], [0.0, 10.0, 20.0], [0.0, 10.0, 20.0]])
    over = np.array([[-1.0, -0.5, 0.5], [0.2, 0.3, 0.4], [-1.0, -1.0, 0.0]])
    assert first_time(over, times) == pytest.approx([15.0, 0.0, np.nan], nan_ok=True)
