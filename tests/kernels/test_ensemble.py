"""Acceptance over draws against plain Python, whatever the shape of the groups."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.kernels import ensemble
from winset.kernels.rule import Gate, Rule, passes, unanimity


def plain(tables, reserve, rule):
    """Every deal in every draw, one by one."""
    parties, draws = reserve.shape
    deals = list(product(*(range(t.shape[1]) for t in tables)))
    party, zone = np.zeros((parties, len(deals)), int), np.zeros(len(deals), int)
    opened = np.zeros(draws, bool)
    for n, cells in enumerate(deals):
        for d in range(draws):
            yes = []
            for p in range(parties):
                total = sum(t[p, c, d] for t, c in zip(tables, cells, strict=True))
                yes.append(bool(total >= reserve[p, d] - 1e-9))
                party[p, n] += yes[-1]
            if passes(rule, yes):
                zone[n] += 1
                opened[d] = True
    return party, zone, opened


@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.integers(1, 3),
    st.integers(1, 20),
)
@settings(max_examples=120, deadline=None)
def test_counts_are_those_of_plain_python(seed, sizes, parties, draws):
    rng = np.random.default_rng(seed)
    tables = [rng.integers(0, 6, (parties, n, draws)).astype(float) for n in sizes]
    for t in tables:
        t[rng.random(t.shape) < 0.1] = -np.inf
    reserve = rng.integers(0, 4 * len(sizes), (parties, draws)).astype(float)
    rule = Rule((Gate(int(rng.integers(1, parties + 1)), tuple(range(parties))),))
    party, zone, opened = plain(tables, reserve, rule)
    got = ensemble.acceptance(tables, reserve, rule)
    assert got.party.tolist() == party.tolist()
    assert got.zone.tolist() == zone.tolist()
    assert got.open.tolist() == opened.tolist()
    assert ensemble.any_zone(tables, reserve, rule).tolist() == opened.tolist()
    whole = ensemble.expand(tables)
    bits = ensemble.codes(whole, reserve)
    assert ensemble.lookup(rule, parties)[bits].sum(axis=1).tolist() == zone.tolist()


def test_the_table_is_split_where_it_grows_too_large(monkeypatch):
    rng = np.random.default_rng(0)
    tables = [rng.random((2, 5, 64)) * 30 for _ in range(4)]
    reserve = np.full((2, 64), 60.0)
    whole = ensemble.acceptance(tables, reserve, unanimity(2))
    assert ensemble.split(tables, size=1) == 3
    assert ensemble.split(tables, size=10**9) == 0
    monkeypatch.setattr(ensemble, "split", lambda tables: 2)
    again = ensemble.acceptance(tables, reserve, unanimity(2))
    assert again.zone.tolist() == whole.zone.tolist()
    assert again.party.tolist() == whole.party.tolist()


@pytest.mark.parametrize("draws", [1, 7, 8, 9, 255 * 8, 256 * 8, 3001])
def test_counting_by_words_counts(draws):
    mask = np.random.default_rng(draws).random((3, 2, draws)) < 0.7
    assert ensemble.count_true(mask).tolist() == mask.sum(axis=-1).tolist()
    assert ensemble.count_true(np.ones((2, draws), bool)).tolist() == [draws, draws]


def test_no_draws_are_no_draws():
    assert ensemble.expand([np.zeros((2, 3, 0)), np.zeros((2, 4, 0))]).shape == (2, 12, 0)


def test_a_tie_is_a_yes_up_to_rounding():
    tables = [np.full((1, 1, 1), 0.1), np.full((1, 1, 1), 0.2)]
    assert ensemble.acceptance(tables, np.array([[0.3]]), unanimity(1)).zone.tolist() == [1]
    assert ensemble.acceptance(tables, np.array([[0.3001]]), unanimity(1)).zone.tolist() == [0]


def test_seventeen_parties_have_no_table():
    with pytest.raises(ValueError, match="at most 16"):
        ensemble.lookup(unanimity(17), 17)
