"""Bargaining games: against all divisions of a pie of crumbs, against deviations, and by their play."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import betaincinv, ndtr, ndtri

from oracles.bargaining_brute import alternating, cheapest, sessions, with_breakdown
from winset.kernels.theory import baron_ferejohn, breakdown, rubinstein, ultimatum


def one(*values):
    return [np.array([float(v)]) for v in values]


def close(value, mean, error, far=4.0):
    """A mean of plays is within its error of what theory says."""
    assert abs(value - mean) <= far * error + 1e-12, (value, mean, error)


# ----------------------------------------------------------------------------------------- alternating offers


@pytest.mark.parametrize("seed", range(20))
def test_alternating_offers_on_a_pie_of_crumbs(seed):
    """Each round rounds an offer up by less than a crumb."""
    rng = random.Random(seed)
    first, second = (Fraction(rng.randint(1, 19), 20) for _ in range(2))
    rounds, crumbs = rng.randint(1, 6), 400
    mine, other = alternating(first, second, rounds, crumbs)
    found = rubinstein.keeps(*one(first, second), rounds)[0]
    assert found == pytest.approx(float(mine), abs=rounds / crumbs)
    assert 1 - found == pytest.approx(float(other), abs=rounds / crumbs)


def test_many_rounds_come_to_the_game_without_end():
    rng = np.random.default_rng(1)
    first, second = rng.uniform(0.01, 0.95, (2, 500))
    assert rubinstein.keeps(first, second, 700) == pytest.approx(rubinstein.keeps(first, second), abs=1e-12)


@pytest.mark.parametrize("rounds", [None, 1, 2, 5, 6])
def test_nobody_gains_by_one_other_move(rounds):
    """One-shot deviations: to offer more or less, to refuse the offer of theory, to take a smaller one."""
    rng = np.random.default_rng(2)
    own, other = rng.uniform(0.05, 0.99, (2, 200))
    keeps = rubinstein.keeps(own, other, rounds)
    left = None if rounds is None else rounds - 1
    later = rubinstein.keeps(other, own, left) if left != 0 else np.zeros(200)
    waiting, refused = other * later, own * (1 - later if left != 0 else 0)
    assert 1 - keeps == pytest.approx(waiting)  # refusing brings the same
    for share in np.linspace(0, 1, 41):  # what the one who offers keeps
        accepted = 1 - share >= waiting
        assert (np.where(accepted, share, refused) <= keeps + 1e-9).all()


@pytest.mark.parametrize("rounds", [None, 7])
def test_the_play_of_alternating_offers(rounds):
    rng = np.random.default_rng(3)
    first, second = rng.uniform(0.05, 0.99, (2, 300))
    worth, agreed = rubinstein.play(first, second, rounds=rounds)
    keeps = rubinstein.keeps(first, second, rounds)
    assert worth[0] == pytest.approx(keeps)
    assert worth[1] == pytest.approx(1 - keeps)
    assert (agreed == 1).all()
    waited, agreed = rubinstein.play(first, second, rounds=rounds, refusals=1)
    assert waited[1] == pytest.approx(1 - keeps)  # nothing gained
    assert (waited[0] < keeps).all()
    assert (agreed == 2).all()
    twice, agreed = rubinstein.play(first, second, rounds=rounds, refusals=2)
    left = None if rounds is None else rounds - 2
    assert twice[0] == pytest.approx(first**2 * rubinstein.keeps(first, second, left))
    assert (agreed == 3).all()


def test_play_without_agreement():
    worth, agreed = rubinstein.play(*one(0.9, 0.8), rounds=2, refusals=2)
    assert worth.tolist() == [[0.0], [0.0]]
    assert agreed.tolist() == [0]


# -------------------------------------------------------------------------------------------------- breakdown


@pytest.mark.parametrize("seed", range(12))
def test_breakdown_on_a_pie_of_crumbs(seed):
    rng = random.Random(seed)
    risk = rng.uniform(0.2, 0.6)
    fallback = (rng.uniform(0, 0.4), rng.uniform(0, 0.4))
    exponent = (rng.uniform(0.4, 1), rng.uniform(0.4, 1))
    brute = with_breakdown(risk, fallback, exponent, 41, 4000)
    found, _ = breakdown.shares(*one(risk), np.array(fallback)[:, None], exponent)
    assert found[0] == pytest.approx(brute, abs=0.004)


def test_both_are_indifferent_when_they_answer():
    rng = np.random.default_rng(4)
    risk, fallback = rng.uniform(0.001, 0.9, 200), rng.uniform(0, 0.49, (2, 200))
    for a, b in ((1.0, 1.0), (0.5, 1.0), (0.3, 0.7)):
        x, y = breakdown.shares(risk, fallback, (a, b))
        assert y**a == pytest.approx(risk * fallback[0] ** a + (1 - risk) * x**a)
        assert (1 - x) ** b == pytest.approx(risk * fallback[1] ** b + (1 - risk) * (1 - y) ** b)
        assert (x > y).all()


def test_nash_solution_is_the_largest_product():
    rng = np.random.default_rng(5)
    fallback = rng.uniform(0, 0.45, (2, 50))
    for a, b in ((1.0, 1.0), (0.5, 1.0), (0.3, 0.7)):
        x = breakdown.nash(fallback, (a, b))

        def product(share, a=a, b=b):
            return (share**a - fallback[0] ** a) * ((1 - share) ** b - fallback[1] ** b)

        for step in (-1e-3, 1e-3):
            assert (product(x) > product(x + step)).all()


def test_the_play_with_breakdown():
    risk, fallback, exponent = 0.3, (0.1, 0.2), (1.0, 0.5)
    x, y = (float(s[0]) for s in breakdown.shares(*one(risk), np.array(fallback)[:, None], exponent))
    for refusals in range(4):
        got = breakdown.play(
            risk, fallback, exponent, draws=40_000, chance=np.random.default_rng(6), refusals=refusals
        )
        goes_on = (1 - risk) ** refusals
        mine = x if refusals % 2 == 0 else y
        agreed = got[0] == pytest.approx(mine)
        broken = (got == np.array(fallback)[:, None]).all(axis=0)
        assert broken.mean() == pytest.approx(
            1 - goes_on, abs=4 * math.sqrt(goes_on * (1 - goes_on) / 40_000)
        )
        value = got[1] ** exponent[1]
        expected = goes_on * (1 - mine) ** exponent[1] + (1 - goes_on) * fallback[1] ** exponent[1]
        close(expected, value.mean(), value.std() / 200)
        assert not agreed or refusals == 0
    once = breakdown.play(risk, fallback, exponent, draws=40_000, chance=np.random.default_rng(7), refusals=1)
    value = once[1] ** exponent[1]
    close((1 - x) ** exponent[1], value.mean(), value.std() / 200)  # refusing once gains nothing


# ----------------------------------------------------------------------------------------------------- bodies


@pytest.mark.parametrize("seed", range(12))
def test_sessions_on_a_pie_of_crumbs(seed):
    """Three members; prices are whole crumbs only by chance, so that each session may be off by some."""
    rng = random.Random(seed)
    quota, last = rng.randint(1, 3), rng.randint(1, 3)
    weights = [1, 1, 1] if seed < 6 else [rng.randint(1, 4) for _ in range(3)]
    recognition = [Fraction(w, sum(weights)) for w in weights]
    discount = [Fraction(rng.randint(2, 9), 10)] * 3
    crumbs = 60
    brute = sessions(recognition, discount, quota, last, crumbs)
    found = baron_ferejohn.payoffs(
        np.array([recognition], np.float64), np.array([discount], np.float64), quota, last=last
    )
    assert found.value[0] == pytest.approx([float(v) for v in brute], abs=2 * last / crumbs)
    assert sum(found.value[0]) == pytest.approx(1)


def random_body(rng):
    members = int(rng.integers(2, 8))
    quota = int(rng.integers(1, members + 1))
    recognition = np.maximum(rng.dirichlet(np.full(members, rng.choice([0.3, 1, 5]))), 1e-4)
    discount = rng.uniform(0.05, 0.99, members)
    return recognition / recognition.sum(), discount, quota


def test_stationary_equilibrium_by_its_definition():
    """Every proposer buys the cheapest coalition of all; values are what that brings; partners add up."""
    rng = np.random.default_rng(8)
    for _ in range(600):
        recognition, discount, quota = random_body(rng)
        found = baron_ferejohn.payoffs(recognition[None], discount[None], quota)
        value, price, keeps, bought = (
            part[0] for part in (found.value, found.price, found.keeps, found.bought)
        )
        assert price == pytest.approx(discount * value)
        costs = [cheapest(price, i, quota) for i in range(len(price))]
        assert keeps == pytest.approx(1 - np.array(costs))
        assert (keeps >= price - 1e-9).all()  # no proposer would rather see its own proposal fail
        assert value == pytest.approx(recognition * keeps + bought * price)
        (session,) = baron_ferejohn.sessions(recognition, discount, quota)
        assert recognition @ session.partners == pytest.approx(bought, abs=1e-7)
        assert session.partners.sum(axis=1) == pytest.approx(np.full(len(price), quota - 1))
        assert session.partners @ price == pytest.approx(1 - keeps, abs=1e-7)
        assert (np.diag(session.partners) == 0).all()
        assert session.partners.min() >= -1e-9
        assert session.partners.max() <= 1 + 1e-9


def test_partners_add_up_at_the_ends_of_what_is_allowed():
    rng = np.random.default_rng(14)
    for _ in range(150):
        members = int(rng.integers(2, 30))
        quota = int(rng.integers(1, members + 1))
        recognition = np.maximum(rng.dirichlet(np.full(members, 0.1)), 2e-6)
        recognition /= recognition.sum()
        for discount in (1e-6, 0.5, 1 - 1e-9, 1 - 10.0 ** rng.uniform(-9, -1, members)):
            factor = discount * np.ones(members)
            found = baron_ferejohn.payoffs(recognition[None], factor[None], quota)
            assert found.value.sum() == pytest.approx(1)
            (session,) = baron_ferejohn.sessions(recognition, factor, quota)
            assert recognition @ session.partners == pytest.approx(found.bought[0], abs=1e-6)


def test_draws_are_solved_like_single_bodies():
    rng = np.random.default_rng(9)
    recognition, discount = rng.dirichlet(np.ones(5), 40), rng.uniform(0.3, 0.98, (40, 5))
    for last in (None, 4):
        whole = baron_ferejohn.payoffs(recognition, discount, 3, last=last)
        for n in range(40):
            alone = baron_ferejohn.payoffs(recognition[n : n + 1], discount[n : n + 1], 3, last=last)
            assert whole.value[n] == pytest.approx(alone.value[0], abs=1e-12)


@pytest.mark.parametrize("last", [None, 3])
@pytest.mark.parametrize("weights", [(1, 1, 1, 1, 1), (4, 3, 2, 1, 1)])
def test_the_play_of_a_body(weights, last):
    recognition, discount, quota = np.array(weights) / sum(weights), np.full(5, 0.8), 3
    strategies = baron_ferejohn.sessions(recognition, discount, quota, last=last)
    found = baron_ferejohn.payoffs(recognition[None], discount[None], quota, last=last)
    for refusals in (0, 1):
        worth, opener, passed = baron_ferejohn.play(
            strategies, recognition, discount, quota, endless=last is None, draws=40_000,
            who=np.random.default_rng(10), whom=np.random.default_rng(11), refusals=refusals,
        )  # fmt: skip
        assert (passed == refusals + 1).all()
        expected = found.value[0] if refusals == 0 else found.price[0]  # refusing brings the price
        for i in range(5):
            close(expected[i], worth[i].mean(), worth[i].std() / 200)
            close(recognition[i], (opener == i).mean(), math.sqrt(recognition[i] / 40_000))
            if refusals == 0:
                assert worth[i][opener == i] == pytest.approx(found.keeps[0, i])
    assert worth.sum(axis=0) == pytest.approx(np.full(40_000, 0.8))


def test_a_body_without_agreement():
    thirds, factor = np.full(3, 1 / 3), np.full(3, 0.9)
    strategies = baron_ferejohn.sessions(thirds, factor, 2, last=2)
    worth, _, passed = baron_ferejohn.play(
        strategies, thirds, factor, 2, endless=False, draws=10,
        who=np.random.default_rng(1), whom=np.random.default_rng(2), refusals=2,
    )  # fmt: skip
    assert not worth.any()
    assert not passed.any()


# ----------------------------------------------------------------------------------------------------- offers

LAWS = {  # quantiles, and distribution functions from elsewhere
    "normal": (lambda u: 25 + 9 * ndtri(u), lambda x: ndtr((x - 25) / 9)),
    "two humps": (
        lambda u: np.where(u < 0.6, 10 + u / 0.06, 70 + (u - 0.6) / 0.04),
        lambda x: np.clip(0.06 * (x - 10), 0, 0.6) + np.clip(0.04 * (x - 70), 0, 0.4),
    ),
    "lognormal": (lambda u: np.exp(3 + 0.5 * ndtri(u)), lambda x: ndtr((np.log(x) - 3) / 0.5)),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("surplus", [15.0, 40.0, 100.0])
def test_the_best_of_all_offers(law, surplus):
    quantile, distribution = LAWS[law]
    found = ultimatum.smooth(quantile, surplus)
    grid = np.linspace(0.001, surplus, 200_001)
    worth = (surplus - grid) * distribution(grid)
    assert found.gain == pytest.approx(worth.max(), rel=1e-5)
    assert found.offer == pytest.approx(grid[worth.argmax()], abs=0.02)
    assert found.accepted == pytest.approx(distribution(np.array([found.offer]))[0], abs=1e-6)
    slope = np.gradient(distribution(grid), grid)  # S - x = F / f, where there is a density
    if law != "two humps":
        near = np.abs(grid - found.offer).argmin()
        assert surplus - found.offer == pytest.approx(distribution(grid)[near] / slope[near], rel=1e-3)


@pytest.mark.parametrize("seed", range(30))
def test_uniform_reservation_values(seed):
    rng = random.Random(seed)
    low = rng.uniform(-20, 50)
    high, surplus = low + rng.uniform(1, 60), rng.uniform(1, 120)
    exact = ultimatum.uniform(low, high, surplus)
    found = ultimatum.smooth(lambda u: low + (high - low) * u, surplus)
    if exact.offer is None:
        assert found.offer is None
        assert surplus <= low
        return
    assert found.offer == pytest.approx(exact.offer, abs=1e-4)
    for part in ("accepted", "gain", "other", "known", "missed"):
        assert getattr(found, part) == pytest.approx(getattr(exact, part), abs=1e-3 * max(1, surplus)), part


def test_listed_reservation_values():
    rng = random.Random(12)
    for _ in range(200):
        values = sorted(rng.sample(range(100), rng.randint(1, 6)))
        weights = [rng.random() for _ in values]
        chances = [w / sum(weights) for w in weights]
        surplus = rng.uniform(1, 120)
        found = ultimatum.among(np.array(values, float), np.array(chances), surplus)

        def worth(offer, values=values, chances=chances, surplus=surplus):
            return (surplus - offer) * sum(p for v, p in zip(values, chances, strict=True) if v <= offer)

        best = max(range(101), key=worth)
        assert found.gain == pytest.approx(max(0.0, worth(best)))
        if found.offer is None:
            assert worth(best) <= 0
            continue
        assert worth(found.offer) == pytest.approx(worth(best))
        below = [(v, p) for v, p in zip(values, chances, strict=True) if v < surplus]
        assert found.known == pytest.approx(sum(p * (surplus - v) for v, p in below))
        assert found.missed == pytest.approx(sum(p for v, p in below if v > found.offer))
        assert found.other == pytest.approx(sum(p * max(0.0, found.offer - v) for v, p in below))


def test_the_play_of_an_offer():
    def law(u):
        return 10 + 60 * betaincinv(2.0, 3.0, u)

    found = ultimatum.smooth(law, 70.0)
    taken, gain, other = ultimatum.play(found.offer, law(np.random.default_rng(13).random(40_000)), 70.0)
    close(found.accepted, taken.mean(), math.sqrt(found.accepted * (1 - found.accepted)) / 200)
    close(found.gain, gain.mean(), gain.std() / 200)
    close(found.other, other.mean(), other.std() / 200)
