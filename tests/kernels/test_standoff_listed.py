"""Conflicts of which only the feasible states are listed, against the same over all combinations."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.test_standoff import random_standoff

from winset.kernels.dilemmas import NONE, dilemmas
from winset.kernels.standoff import (
    COALITIONAL,
    CONCEPTS,
    View,
    coalitional,
    drawn_stability,
    horizons,
    hypergame,
    inverse,
    moves_of,
    reach,
    stability,
    strength,
)
from winset.kernels.standoff import listed as module
from winset.kernels.standoff.listed import ListedMoves, neighbours
from winset.kernels.standoff.nearest import improving_reach, nearest


def listed(rng, options=6):
    """A conflict over all combinations, and over a list: the feasible states and a few that cannot be."""
    while True:
        owner, feasible, ranks, once = random_standoff(rng, options)
        feasible &= rng.random(len(feasible)) < rng.choice([0.3, 0.8])
        more = feasible | (rng.random(len(feasible)) < rng.choice([0.0, 0.1]))
        if feasible.any() and not more.all():
            return owner, feasible, ranks, once, np.flatnonzero(more)


@pytest.mark.parametrize("cells", [1, 1 << 22])
@pytest.mark.parametrize("seed", range(3))
def test_moves(monkeypatch, seed, cells):
    """What can be asked of moves, all pairs at once and a few at a time, for several preferences."""
    monkeypatch.setattr(module, "_CELLS", cells)
    rng = np.random.default_rng(seed)
    for _ in range(60):
        owner, feasible, ranks, once, states = listed(rng)
        whole = moves_of(owner, once, feasible, len(ranks))
        few = moves_of(owner, once, feasible[states], len(ranks), states)
        drawn = rng.integers(0, 5, (3, len(feasible))).astype(np.int32)
        values = rng.integers(0, 9, drawn.shape).astype(np.int32)
        for one, other in zip(whole, few, strict=True):
            assert isinstance(other, ListedMoves)
            sizes = [sum(t & ~other_bits(one) == s & ~other_bits(one) for t in states) for s in states]
            assert neighbours(states, one.own) == sum(sizes)
            for a, b in ((one, other), (one.backward(), other.backward())):
                for place, s in enumerate(states.tolist()):
                    assert states[b.ends(place)].tolist() == a.ends(s).tolist()
                up, steep = a.uphill(drawn), b.uphill(drawn[:, states])
                assert (up.any()[:, states] == steep.any()).all()
                for question, none in (("least", 99), ("most", -1)):
                    for x, y in ((a, b), (up, steep)):
                        expected = getattr(x, question)(values, none)[:, states]
                        assert (getattr(y, question)(values[:, states], none) == expected).all()
                bits = values.astype(np.uint64)
                assert (a.any(bits)[:, states] == b.any(bits[:, states])).all()


def other_bits(moves):
    return sum(1 << o for o in moves.own)


@pytest.mark.parametrize("seed", range(3))
def test_every_question(seed):
    rng = np.random.default_rng(50 + seed)
    for _ in range(40):
        owner, feasible, ranks, once, states = listed(rng)
        able, few = feasible[states], ranks[:, states]
        number = {int(s): n for n, s in enumerate(states)}
        shared = {"once": once, "states": states}

        def same(whole, short, states=states):
            assert (np.asarray(whole)[..., states] == np.asarray(short)).all()

        one = stability(owner, feasible, ranks, once=once)
        other = stability(owner, able, few, **shared)
        for c in CONCEPTS:
            same(one.stable[c], other.stable[c])
            same(one.equilibria[c], other.equilibria[c])
        drawn = rng.integers(0, 3, (4, *ranks.shape)).astype(np.int32)
        one, other = (
            drawn_stability(owner, feasible, drawn, once=once),
            drawn_stability(owner, able, drawn[..., states], **shared),
        )
        for c in CONCEPTS:
            same(one.equilibria(c)[one.profile], other.equilibria(c)[other.profile])
        below = ranks - 2
        one, other = (
            strength(owner, feasible, ranks, below, once=once),
            strength(owner, able, few, below[:, states], **shared),
        )
        for c, table in one.strong.items():
            same(table, other.strong[c])
        one, other = horizons(owner, feasible, ranks, 4, once=once), horizons(owner, able, few, 4, **shared)
        same(one.stable, other.stable)
        one, other = (
            coalitional(owner, feasible, ranks, once=once),
            coalitional(owner, able, few, **shared),
        )
        assert one.starts.tolist() == states[other.starts].tolist()
        for c in COALITIONAL:
            assert (one.stable[c] == other.stable[c]).all()

        start = int(rng.choice(np.flatnonzero(feasible)))
        for improving in (False, True):
            one = reach(
                owner, feasible, start, parties=len(ranks), once=once, ranks=ranks if improving else None
            )
            other = reach(
                owner, able, number[start], parties=len(ranks), ranks=few if improving else None, **shared
            )
            same(one.last, other.last)
            same(one.distance, other.distance)
            for place, s in enumerate(states.tolist()):
                paths = [tuple((j, int(states[t])) for j, t in path) for path in other.paths(place, 5)]
                assert paths == one.paths(s, 5)
        whole = moves_of(owner, once, feasible, len(ranks))
        short = moves_of(owner, once, able, len(ranks), states)
        same(improving_reach(whole, drawn, start), improving_reach(short, drawn[..., states], number[start]))
        wanted = rng.random(len(feasible)) < 0.3
        path = nearest(short, number[start], range(len(ranks)), wanted[states], few)
        told = None if path is None else tuple((j, int(states[t])) for j, t in path)
        assert told == nearest(whole, start, range(len(ranks)), wanted, ranks)
        for concept in CONCEPTS:
            one = inverse(owner, feasible, ranks, start, 0, concept, once=once)
            other = inverse(owner, able, few, number[start], 0, concept, **shared)
            assert [c.move for c in one.conditions] == [states[c.move] for c in other.conditions]
            for a, b in zip(one.conditions, other.conditions, strict=True):
                assert a.sanctions.tolist() == states[b.sanctions].tolist()
                assert [u.tolist() for u in a.answers] == [states[u].tolist() for u in b.answers]

        views = [View(ranks, rng.random(len(owner)) < 0.8) for _ in ranks]
        short_views = [View(few, view.known) for view in views]
        one = hypergame(owner, feasible, ranks, views, once=once)
        other = hypergame(owner, able, few, short_views, **shared)
        for c in CONCEPTS:
            same(one.stable[c], other.stable[c])
            same(one.understood[c], other.understood[c])
        same(one.seen, np.where(other.seen < 0, -1, states[other.seen]))
        position = [int(rng.choice(np.flatnonzero(feasible))) if rng.random() < 0.8 else NONE for _ in ranks]
        one = dilemmas(owner, feasible, ranks[None], position, start)
        places = [p if p == NONE else number[p] for p in position]
        other = dilemmas(owner, able, few[None], places, number[start], states=states)
        for kind in ("threat", "cooperation", "trust"):
            found = getattr(other, kind)
            assert (getattr(one, kind) == np.where(found == NONE, NONE, states[found])).all()
        for kind in ("rejection", "persuasion", "positioning"):
            assert (getattr(one, kind) == getattr(other, kind)).all()
