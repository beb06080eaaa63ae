"""Stability of all states at once, against the definitions state by state."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles.standoff_oracle import Standoff

from winset.kernels.standoff import CONCEPTS, moves, stability
from winset.kernels.standoff.moves import Moves


def random_standoff(rng, options=5, parties=None):
    """Up to so many options of up to three parties, at times with states and changes that cannot be."""
    options = int(rng.integers(1, options + 1))
    parties = parties or int(rng.integers(1, 4))
    owner = rng.integers(0, parties, options).tolist()
    feasible = rng.random(1 << options) < rng.choice([1.0, 0.7])
    if not feasible.any():
        feasible[0] = True
    ranks = rng.integers(0, rng.choice([3, 40]), (parties, 1 << options)).astype(np.int32)
    once = rng.choice([-1, 0, 1], options, p=[0.2, 0.6, 0.2]).astype(np.int8) * int(rng.integers(0, 2))
    return owner, feasible, ranks, once.astype(np.int8)


@pytest.mark.parametrize("small", [0, 16])
@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definitions(monkeypatch, seed, small):
    """With boxes sorted, and with their moves taken one by one."""
    monkeypatch.setattr(moves, "_SMALL", small)
    rng = np.random.default_rng(seed)
    for _ in range(120):
        owner, feasible, ranks, once = random_standoff(rng)
        found = stability(owner, feasible, ranks, once=once)
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        for concept in CONCEPTS:
            for i, s, stable in plain.all(concept):
                assert found.stable[concept][i, s] == stable, (concept, i, s, owner, once)
            assert not found.stable[concept][:, ~feasible].any()


@pytest.mark.parametrize("seed", range(3))
def test_implications(seed):
    """Nash => SSEQ => SEQ => GMR and Nash => SSEQ => SMR => GMR (Rego and Vieira 2017, theorem 1)."""
    rng = np.random.default_rng(100 + seed)
    strict = dict.fromkeys(CONCEPTS, 0)
    for _ in range(100):
        owner, feasible, ranks, once = random_standoff(rng)
        s = stability(owner, feasible, ranks, once=once).stable
        for less, more in (
            ("nash", "sseq"),
            ("sseq", "seq"),
            ("seq", "gmr"),
            ("sseq", "smr"),
            ("smr", "gmr"),
        ):
            assert (~s[less] | s[more]).all()
            strict[more] += int((s[more] & ~s[less]).sum())
    assert all(strict[c] for c in ("gmr", "smr", "seq"))


@pytest.mark.parametrize("improving", [False, True])
def test_two_moves_of_a_party_can_be_joined(improving):
    """Irreversible options and infeasible states leave a party's moves transitive, since it changes all its
    options at once. So it makes no difference that nobody moves twice in a row, but for leading back."""
    rng = np.random.default_rng(17)
    longer = 0
    for _ in range(150):
        owner, feasible, ranks, once = random_standoff(rng)
        plain = Standoff(owner, feasible, ranks.tolist(), once)
        for start in plain.states:
            reached, open_ = set(), [start]
            while open_:
                at = open_.pop()
                for j in plain.parties:
                    new = (plain.improvements(j, at) if improving else plain.arcs[j, at]) - reached
                    reached |= new
                    open_.extend(new)
            legal = plain.legal(plain.parties, start, improving)
            assert reached - {start} == legal - {start}
            longer += len(legal)
    assert longer > 1000


def test_boxes_round_trip():
    rng = np.random.default_rng(3)
    values = rng.integers(0, 99, (64, 2))  # (state, side)
    numbers = np.repeat(np.arange(64), 2).reshape(64, 2)
    for own in ((0,), (1, 4), (0, 2, 5), (), (0, 1, 2, 3, 4, 5)):
        party = Moves(6, own, np.zeros(6, np.int8), np.ones(64, bool))
        boxed = party.boxed(values)
        assert boxed.shape == (1 << len(own), 2 * 64 >> len(own))
        assert (party.unboxed(boxed) == values).all()
        for n, option in enumerate(own):  # bit n of a position is the n-th own option
            here = party.boxed(numbers) >> option & 1
            assert (here == (np.arange(1 << len(own)) >> n & 1)[:, None]).all()


def test_several_preferences_side_by_side():
    """Whatever lies before the states, and however it lies in memory, changes nothing."""
    rng = np.random.default_rng(4)
    for _ in range(30):
        owner, feasible, ranks, once = random_standoff(rng)
        several = rng.integers(0, 30, (3, 2, *ranks.shape))
        found = stability(owner, feasible, several, once=once)
        turned = stability(owner, feasible, np.asfortranarray(several), once=once)
        for place in np.ndindex(3, 2):
            alone = stability(owner, feasible, several[place], once=once)
            for concept in CONCEPTS:
                assert (found.stable[concept][place] == alone.stable[concept]).all()
                assert (found.equilibria[concept][place] == alone.equilibria[concept]).all()
                assert (turned.stable[concept][place] == alone.stable[concept]).all()
