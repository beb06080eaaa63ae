"""Bayes' rule in rows, weights in decibans, bits, and orders."""

from __future__ import annotations

import math

import numpy as np
import pytest

from winset.kernels.belief import apart, decibans, entropy, order_gap, posterior, told


def test_by_hand_in_every_row():
    prior = np.array([[0.5, 0.5], [0.2, 0.8], [1.0, 0.0]])
    seen = np.array([[[0.8, 0.4], [0.5, 0.5], [0.1, 0.9]], [[0.6, 0.4], [0.9, 0.1], [0.1, 0.9]]])
    assert posterior(prior, seen) == pytest.approx(
        np.array([[0.75, 0.25], [0.18 / 0.26, 0.08 / 0.26], [1, 0]])
    )


def test_many_small_likelihoods_do_not_vanish():
    seen = np.full((400, 1, 3), 1e-5)
    seen[:, 0, 1] = 2e-5
    seen[7, 0, 2] = 0.0
    found = posterior(np.array([[0.5, 0.25, 0.25]]), seen)
    assert found.tolist() == [[pytest.approx(2.0**-399), 1.0, 0.0]]


def test_what_is_impossible_for_all_is_passed_over():
    prior = np.array([[0.3, 0.7], [0.0, 1.0], [0.3, 0.7]])
    seen = np.array([[[0.0, 0.0], [0.5, 0.0], [0.0, 0.2]]])
    assert posterior(prior, seen).tolist() == [[0.3, 0.7], [0.0, 1.0], [0.0, 1.0]]


def test_without_observations_the_prior_stays():
    prior = np.array([[0.25, 0.75]])
    assert posterior(prior, np.zeros((0, 1, 2))).tolist() == prior.tolist()


def test_ten_decibans_make_odds_ten_times_as_good():
    before, after = np.array([[0.5, 0.5]]), np.array([[10 / 11, 1 / 11]])
    assert decibans(before, after).tolist() == [[pytest.approx(10), pytest.approx(-10)]]


def test_weights_at_the_ends():
    found = decibans(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]), np.array([[1.0, 0.0, 0.0]] * 2))
    assert found.tolist() == [[math.inf, -math.inf, 0.0], [0.0, 0.0, 0.0]]


def test_how_far_likelihoods_are_apart():
    found = apart(np.array([[0.8, 0.4, 0.08], [0.3, 0.3, 0.3], [0.5, 0.0, 0.1], [0.0, 0.0, 0.0]]))
    assert found.tolist() == [pytest.approx(10), 0.0, math.inf, 0.0]


def test_bits():
    assert entropy(np.array([0.25, 0.25, 0.25, 0.25])) == 2
    assert entropy(np.array([1.0, 0.0])) == 0
    even = np.array([[0.5, 0.5]])
    assert told(even, np.array([[[1.0, 0.0], [0.0, 1.0]]])).tolist() == [1.0]
    assert told(even, np.array([[[0.7, 0.7], [0.3, 0.3]]])) == pytest.approx(0, abs=1e-12)
    # a binary symmetric channel: 1 - H(error) (Shannon 1948)
    error = 0.11
    channel = np.array([[[1 - error, error], [error, 1 - error]]])
    expected = 1 + error * math.log2(error) + (1 - error) * math.log2(1 - error)
    assert told(even, channel) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("many", "tried", "every"), [(0, 1, True), (1, 1, True), (3, 6, True), (6, 720, True), (7, 14, False)]
)
def test_orders(many, tried, every):
    rng = np.random.default_rng(many)
    found = order_gap(np.array([0.2, 0.3, 0.5]), rng.uniform(0.01, 1, (many, 3)))
    assert found[:2] == (tried, every)
    assert found[2] < 1e-12


def test_orders_that_differ_are_seen():
    """What is impossible for all that are left is passed over, so here the order does matter."""
    tried, every, gap = order_gap(np.array([0.5, 0.5]), np.array([[0.0, 0.6], [0.6, 0.0]]))
    assert (tried, every, gap) == (2, True, 1.0)
