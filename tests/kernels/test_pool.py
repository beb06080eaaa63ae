"""Opinion pools: by hand, and the properties that tell the two apart (Genest and Zidek 1986, sec. 3)."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
import pytest

from winset.kernels.pool import linear, logarithmic


def judged(rng, judges, outcomes):
    return rng.dirichlet(np.ones(outcomes), judges), rng.uniform(0.2, 3, judges)


def normal(values):
    return values / values.sum(axis=-1, keepdims=True)


def test_by_hand():
    two, equal = np.array([[0.5, 0.5], [0.9, 0.1]]), np.ones(2)
    assert linear(two, equal).tolist() == pytest.approx([0.7, 0.3])
    # odds 1 and 9: their geometric mean is 3
    assert logarithmic(two, equal).tolist() == pytest.approx([0.75, 0.25])
    # the second counts three times: odds 9 ** (3/4)
    odds = 9**0.75
    assert logarithmic(two, np.array([1.0, 3.0]))[0] == pytest.approx(odds / (1 + odds))
    assert linear(two, np.array([1.0, 3.0]))[0] == pytest.approx(0.8)


def test_three_outcomes_in_fractions():
    rows = [
        [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)],
        [Fraction(1, 8), Fraction(1, 4), Fraction(5, 8)],
    ]
    mean = [sum(column) / 2 for column in zip(*rows, strict=True)]
    assert linear(np.array(rows, float), np.ones(2)).tolist() == pytest.approx([float(m) for m in mean])
    roots = [float(prod(column)) ** 0.5 for column in zip(*rows, strict=True)]
    assert logarithmic(np.array(rows, float), np.ones(2)).tolist() == pytest.approx(
        [r / sum(roots) for r in roots]
    )


@pytest.mark.parametrize("seed", range(5))
def test_what_each_commutes_with(seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        p, w = judged(rng, int(rng.integers(2, 5)), int(rng.integers(3, 6)))
        merged = np.column_stack([p[:, :2].sum(axis=1), p[:, 2:]])  # two outcomes seen as one
        pooled = linear(p, w)
        assert linear(merged, w)[0] == pytest.approx(pooled[:2].sum())
        likelihood = rng.uniform(0.1, 1, p.shape[1])  # all judges see the same evidence
        learned_first = logarithmic(normal(p * likelihood), w)
        assert learned_first.tolist() == pytest.approx(normal(logarithmic(p, w) * likelihood).tolist())


def test_neither_has_the_property_of_the_other():
    p, w = np.array([[0.7, 0.1, 0.2], [0.1, 0.7, 0.2]]), np.ones(2)
    # both give 0.8 to the first two together; apart, the roots are of 0.07, 0.07 and 0.04
    assert logarithmic(np.array([[0.8, 0.2], [0.8, 0.2]]), w)[0] == pytest.approx(0.8)
    assert logarithmic(p, w)[:2].sum() == pytest.approx(2 * 0.07**0.5 / (2 * 0.07**0.5 + 0.2))
    # evidence against the first by a factor of 7: shares of 1/4 and 1/64
    likelihood = np.array([1 / 7, 1, 1])
    assert linear(normal(p * likelihood), w)[0] == pytest.approx((1 / 4 + 1 / 64) / 2)
    assert normal(linear(p, w) * likelihood)[0] == pytest.approx(0.4 / (0.4 + 7 * 0.6))


@pytest.mark.parametrize("pool", [linear, logarithmic])
def test_judges_who_agree_are_repeated_and_scale_and_order_do_not_matter(pool):
    rng = np.random.default_rng(2)
    p, w = judged(rng, 3, 4)
    same = np.repeat(p[:1], 3, axis=0)
    assert pool(same, w).tolist() == pytest.approx(p[0].tolist())
    assert pool(p, 7 * w).tolist() == pytest.approx(pool(p, w).tolist())
    assert pool(p[::-1], w[::-1]).tolist() == pytest.approx(pool(p, w).tolist())
    assert pool(p[:, ::-1], w).tolist() == pytest.approx(pool(p, w)[::-1].tolist())


def test_a_zero_is_a_veto_in_one_and_a_vote_in_the_other():
    p = np.array([[0.0, 0.4, 0.6], [0.9, 0.05, 0.05]])
    assert logarithmic(p, np.ones(2))[0] == 0
    assert linear(p, np.ones(2))[0] == pytest.approx(0.45)
    sure = np.array([[1.0, 0.0], [0.3, 0.7]])
    assert logarithmic(sure, np.ones(2)).tolist() == [1, 0]
    assert logarithmic(np.array([[1.0, 0.0], [0.0, 1.0]]), np.ones(2)) is None
