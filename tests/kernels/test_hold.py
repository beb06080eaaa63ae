"""Keeping an agreement: against the definitions, closed forms, and cases worked by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.oracles.hold_oracle import World, solve

from winset.kernels.hold import enough, hold, outlook, per_period
from winset.kernels.holdout import delay

Arrays = dict[str, np.ndarray[Any, Any]]


def arrays(worlds: list[World]) -> Arrays:
    """Worlds of one shape as the kernel takes them."""

    def stack(pick: str) -> Any:
        return np.array([getattr(w, pick) for w in worlds]).T  # (..., draw)

    keep = np.moveaxis(np.array([w.keep for w in worlds]), 0, -1)  # (period, party, draw)
    flow = np.moveaxis(np.array([w.alone for w in worlds]), 0, -1)
    patience = stack("patience")
    alone = outlook(flow, patience)
    return {
        "keep": keep,
        "alone": alone,
        "broken": alone + stack("extra"),
        "gain": stack("gain"),
        "patience": patience,
        "seen": stack("seen"),
        "shock": np.array([w.shock for w in worlds]),
    }


def random_world(rng: np.random.Generator, periods: int, parties: int) -> World:
    def rows(low: float, high: float) -> tuple[tuple[float, ...], ...]:
        start = rng.uniform(low, high, parties)
        slope = rng.choice([0.0, 1.0]) * rng.uniform(-3, 3, parties)
        return tuple(tuple(start + slope * t) for t in range(periods + 1))

    return World(
        keep=rows(45, 65),
        alone=rows(35, 60),
        extra=tuple(rng.uniform(-20, 6, parties)),
        gain=tuple(rng.choice([0.0, 1.0]) * rng.uniform(0, 40, parties)),
        patience=tuple(rng.uniform(0.6, 0.98, parties)),
        seen=tuple(rng.choice([0.0, 0.2, 0.7, 1.0], parties)),
        shock=float(rng.choice([0.0, 0.02, 0.1])),
    )


@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_the_definitions_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    periods, parties = int(rng.integers(1, 7)), int(rng.integers(1, 4))
    worlds = [random_world(rng, periods, parties) for _ in range(25)]
    held = hold(**arrays(worlds))
    found = list(zip(held.period.tolist(), held.who.tolist(), strict=True))
    told = [solve(w) for w in worlds]
    assert found == [(period, sum(1 << p for p in who)) for period, who in told]


def test_the_random_worlds_are_of_all_kinds() -> None:
    """The test above would say little if all were kept, or all broken at once."""
    rng = np.random.default_rng(1)
    held = hold(**arrays([random_world(rng, 6, 2) for _ in range(400)]))
    counts = np.bincount(held.period, minlength=7)
    assert (counts > 4).sum() >= 4
    assert set(held.who.tolist()) == {0, 1, 2, 3}


def dilemma(t: float, r: float, p: float, patience: float, seen: float = 1.0, shock: float = 0.0) -> Arrays:
    """A repeated prisoner's dilemma whose payoffs never change, ten periods long and then for ever."""
    world = World(((r,),) * 11, ((p,),) * 11, (0.0,), (t - r,), (patience,), (seen,), shock)
    return arrays([world])


@pytest.mark.parametrize("seed", range(20))
def test_the_condition_of_the_repeated_dilemma(seed: int) -> None:
    """Kept just above d = (T - R) / (T - P), broken in the first period just below."""
    rng = np.random.default_rng(seed)
    p, r, t = np.cumsum(rng.uniform(1, 20, 3))
    edge = (t - r) / (t - p)
    assert hold(**dilemma(t, r, p, edge + 1e-4)).period == [10]
    assert hold(**dilemma(t, r, p, edge - 1e-4)).period == [0]


@pytest.mark.parametrize("seed", range(20))
def test_the_condition_with_detection_and_shocks(seed: int) -> None:
    """d (1 - s) q (K - B) = (1 - d) g, with K = ((1 - d) R + d s A) / (1 - d (1 - s)) and B = A."""
    rng = np.random.default_rng(seed)
    d, q, s = rng.uniform(0.5, 0.95), rng.uniform(0.1, 1), rng.uniform(0, 0.2)
    p, r = 40.0, 55.0
    k = ((1 - d) * r + d * s * p) / (1 - d * (1 - s))
    gain = d * (1 - s) * q * (k - p) / (1 - d)
    assert hold(**dilemma(r + gain * 0.999, r, p, d, q, s)).period == [10]
    assert hold(**dilemma(r + gain * 1.001, r, p, d, q, s)).period == [0]


def test_survival_under_a_constant_hazard() -> None:
    """A yearly chance of 1 - exp(-l) leaves exp(-l t) after t years, however short the periods."""
    rate = 0.07
    yearly = np.array([1 - math.exp(-rate)])
    for periods_a_year in (1, 4, 12, 52):
        each = per_period(yearly, 1 / periods_a_year)
        assert (1 - each) ** (5 * periods_a_year) == pytest.approx(math.exp(-rate * 5))


def test_the_outlook_of_a_stream() -> None:
    flow = np.array([4.0, 2.0, 7.0])[:, None, None]
    ahead = outlook(flow, np.array([[0.5]]))[:, 0, 0]
    assert ahead == pytest.approx([0.5 * 4 + 0.25 * 2 + 0.25 * 7, 0.5 * 2 + 0.5 * 7, 7.0])


def test_a_breach_that_is_foreseen_is_forestalled() -> None:
    """By hand, d = 1/2: the second rises and breaks openly at 2; the first, who then gets 20, strikes before.

    At 1 the first compares keeping, (1/2) 50 + (1/2) 20 = 35, with leaving at once for its outlook of
    (1/2) 45 + (1/2) 20 = 32.5: it keeps. With 52 in place of 45 leaving is worth 36: it leaves.
    """
    keep = ((50.0, 50.0),) * 4

    def world(first: float) -> World:
        alone = ((20.0, 10.0), (first, 10.0), (20.0, 60.0), (20.0, 60.0))
        return World(keep, alone, (0.0, 0.0), (0.0, 0.0), (0.5, 0.5), (1.0, 1.0), 0.0)

    waits, strikes = world(45.0), world(52.0)
    held = hold(**arrays([waits, strikes]))
    assert held.period.tolist() == [2, 1]
    assert held.who.tolist() == [0b10, 0b01]
    assert [solve(w) for w in (waits, strikes)] == [(2, (1,)), (1, (0,))]


def test_several_at_once_surprise_nobody() -> None:
    """By hand, d = 1/2. From 1 on the deal is worth 30 and none 40, striking first 44: both leave, for 40. So
    at 0 keeping is worth (1/2) 50 + (1/2) 40 = 45 and leaving in secret (1/2) 50 + (1/2) 44 = 47: both leave
    then. If a guarantor takes 12 from the first, it had rather wait for the other to leave (35 at 1, against
    32); the other leaves at 1, alone, for 44, and at 0 does as well by keeping: both ways are worth 47."""
    keep = ((50.0, 50.0), (30.0, 30.0), (30.0, 30.0))
    alone = ((40.0, 40.0),) * 3
    world = World(keep, alone, (4.0, 4.0), (0.0, 0.0), (0.5, 0.5), (1.0, 1.0), 0.0)
    held = hold(**arrays([world]))
    assert (held.period.tolist(), held.who.tolist()) == ([0], [0b11])
    assert solve(world) == (0, (0, 1))
    once = World(keep, alone, (-8.0, 4.0), (0.0, 0.0), (0.5, 0.5), (1.0, 1.0), 0.0)
    held = hold(**arrays([once]))
    assert (held.period.tolist(), held.who.tolist()) == ([1], [0b10])
    assert solve(once) == (1, (1,))


def test_a_breach_that_nobody_sees_and_that_brings_nothing_is_none() -> None:
    assert hold(**dilemma(50, 50, 40, 0.9, seen=0.0)).who == [0]


@pytest.mark.parametrize("seed", range(8))
def test_enough_is_the_least_that_keeps_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    told = arrays([random_world(rng, 5, 2) for _ in range(60)])
    against = np.zeros((2, 60), np.bool_)
    against[int(rng.integers(2))] = True
    told["broken"] = told["alone"].copy()
    found = enough(**told, against=against, most=100.0, steps=20)
    some = 0
    for n, least in enumerate(found):
        one = {k: v[..., n : n + 1] for k, v in told.items()}
        free = hold(**one)

        def with_(taken: float, one: Arrays = one, n: int = n) -> int:
            loss = np.where(against[:, n : n + 1], taken, 0.0)
            return int(hold(**{**one, "broken": one["broken"] - loss}).period[0])

        if least == 0:
            assert free.period[0] == 5
        elif math.isinf(least):
            assert with_(100.0) < 5
        else:
            some += 1
            assert with_(least) == 5
            assert with_(least - 1e-3) < 5
    assert some >= 3


# ---- holding out


@pytest.mark.parametrize("seed", range(10))
def test_holding_out_leaves_each_indifferent(seed: int) -> None:
    """Whenever one would concede, it expects the same, if the other concedes at the rate of equilibrium."""
    rng = np.random.default_rng(seed)
    other = rng.uniform(1, 20, 2)
    best = other + rng.uniform(1, 20, 2)
    r = rng.uniform(0.02, 0.5, 2)
    pace = r * other / (best - other)  # of the other party
    for i in range(2):
        for stop in (0.0, 0.7, 3.0, 12.0):
            # if the other has not conceded by then, concede: both deals last for ever from then on
            fades = pace[i] + r[i]
            first = pace[i] / fades * (1 - math.exp(-fades * stop)) * best[i] / r[i]
            last = math.exp(-fades * stop) * other[i] / r[i]
            assert first + last == pytest.approx(other[i] / r[i])
    found = delay(best[:, None], other[:, None], r[:, None])
    assert found == pytest.approx([1 / pace.sum()])


def test_the_longer_the_shadow_the_longer_the_wait() -> None:
    best, other = np.full((2, 1), 12.0), np.full((2, 1), 4.0)
    waits = [float(delay(best, other, np.full((2, 1), r))[0]) for r in (0.4, 0.2, 0.1)]
    assert waits == pytest.approx([2.5, 5.0, 10.0])  # (12 - 4) / (2 r 4)


def test_nobody_waits_over_what_is_the_same() -> None:
    same = np.full((2, 1), 5.0)
    assert delay(same, same, np.full((2, 1), 0.1)) == [0.0]
    assert np.isinf(delay(same, np.zeros((2, 1)), np.full((2, 1), 0.1)))
