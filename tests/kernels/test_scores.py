"""Scores against plain Python, and what must hold whatever the forecasts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from winset.kernels.scores import brier, left_out_rate, logarithmic, partition, skill, wilson

FORECASTS = st.lists(
    st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans(), st.integers(0, 4)),
    min_size=2,
    max_size=40,
)


def arrays(forecasts):
    p, o, g = zip(*forecasts, strict=True)
    return np.array(p), np.array(o), np.array(g)


@given(FORECASTS)
def test_scores_against_plain_python(forecasts):
    p, o, _ = arrays(forecasts)
    assert brier(p, o).tolist() == pytest.approx([(a - b) ** 2 for a, b, _ in forecasts])
    told = [a if b else 1 - a for a, b, _ in forecasts]
    assert logarithmic(p, o).tolist() == pytest.approx([math.log(t) if t else -math.inf for t in told])


@given(FORECASTS)
def test_brier_as_published_is_twice_the_half(forecasts):
    p, o, _ = arrays(forecasts)
    both = (p - o) ** 2 + ((1 - p) - (1.0 - o)) ** 2
    assert both.tolist() == pytest.approx((2 * brier(p, o)).tolist())


@given(FORECASTS)
def test_the_partition_sums_to_the_score(forecasts):
    p, o, g = arrays(forecasts)
    parts = partition(p, o, g)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(brier(p, o).mean(), abs=1e-12)
    assert min(parts.reliability, parts.resolution, parts.uncertainty) >= 0
    assert parts.resolution <= parts.uncertainty + 1e-12


@given(FORECASTS)
def test_by_equal_probability_nothing_is_left_within(forecasts):
    p, o, _ = arrays(forecasts)
    _, group = np.unique(p, return_inverse=True)
    assert partition(p, o, group).within == pytest.approx(0, abs=1e-12)


def test_a_partition_by_hand():
    """0.2 four times, one event; 0.6 twice, both events. Reliability (4·0.05² + 2·0.4²)/6, and so on."""
    p = np.array([0.2, 0.2, 0.2, 0.2, 0.6, 0.6])
    o = np.array([True, False, False, False, True, True])
    parts = partition(p, o, np.array([3, 3, 3, 3, 0, 0]))
    assert parts.reliability == pytest.approx((4 * 0.05**2 + 2 * 0.4**2) / 6)
    assert parts.resolution == pytest.approx((4 * 0.25**2 + 2 * 0.5**2) / 6)
    assert parts.uncertainty == pytest.approx(0.25)
    assert brier(p, o).mean() == pytest.approx((0.64 + 3 * 0.04 + 2 * 0.16) / 6)


@given(st.lists(st.booleans(), min_size=2, max_size=60))
def test_the_base_rate_left_out(outcomes):
    o = np.array(outcomes)
    others = [(sum(outcomes) - a) / (len(outcomes) - 1) for a in outcomes]
    rates = left_out_rate(o)
    assert rates.tolist() == pytest.approx(others)
    score, n, share = float(brier(rates, o).mean()), len(outcomes), o.mean()
    assert score == pytest.approx(share * (1 - share) * (n / (n - 1)) ** 2, abs=1e-12)
    if any(outcomes) and not all(outcomes):
        assert skill(score, score) == 0
        assert skill(0.0, score) == 1


@given(st.integers(1, 500), st.data())
def test_wilson_against_scipy(trials, data):
    hits = data.draw(st.integers(0, trials))
    low, high = wilson(np.array([hits]), np.array([trials]))
    peer = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    assert low[0] == pytest.approx(peer.low, abs=1e-12)
    assert high[0] == pytest.approx(peer.high, abs=1e-12)
    assert 0 <= low[0] <= hits / trials <= high[0] <= 1
