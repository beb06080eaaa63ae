"""Rules of consent: against definitions, and the United Nations Security Council."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest

from oracles import brute, random_spaces
from winset.kernels.limits import TooLarge
from winset.kernels.rule import Gate, Rule, holds, involved, minimal_coalitions, necessary, passes, unanimity


@pytest.mark.parametrize("seed", range(4))
def test_equals_definitions(seed):
    rng = np.random.default_rng(seed)
    for _ in range(200):
        parties = int(rng.integers(1, 6))
        rule = random_spaces.rule(rng, parties)
        answers = list(product([False, True], repeat=parties))
        expected = [brute.holds(rule, a) for a in answers]
        assert holds(rule, np.array(answers)).tolist() == expected
        assert [passes(rule, a) for a in answers] == expected
        coalitions = minimal_coalitions(rule, parties)
        assert sorted(coalitions) == brute.minimal_coalitions(rule, parties)
        for party in range(parties):
            without = [party != p for p in range(parties)]
            assert necessary(rule, parties)[party] == (not brute.holds(rule, without))
        pivotal = {p for c in coalitions for p in c}
        assert pivotal <= set(np.flatnonzero(involved(rule, parties)).tolist())


def test_security_council():
    """Nine of fifteen yeses, no veto of the five: C(10, 4) minimal coalitions."""
    rule = Rule((Gate(4, tuple(range(5, 15))), Gate(6, tuple(range(5)), (0,))))
    coalitions = minimal_coalitions(rule, 15)
    assert len(coalitions) == comb(10, 4)
    assert all(len(c) == 9 and c[:5] == (0, 1, 2, 3, 4) for c in coalitions)
    assert necessary(rule, 15).tolist() == [True] * 5 + [False] * 10


def test_edges():
    always, never = Rule((Gate(0),)), Rule((Gate(2, (0,)),))
    assert minimal_coalitions(always, 2) == ((),)
    assert minimal_coalitions(never, 2) == ()
    assert holds(always, np.zeros((3, 2), bool)).all()
    assert not holds(never, np.ones((3, 2), bool)).any()
    assert holds(unanimity(2), np.array([True, True])).shape == ()
    with pytest.raises(TooLarge):
        minimal_coalitions(Rule((Gate(10, tuple(range(20))),)), 20)
