"""Invariants of the kernels over generated negotiations."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.kernels.bargain import nash
from winset.kernels.best import best
from winset.kernels.blocks import Block, accepts
from winset.kernels.count import count
from winset.kernels.feasible import empty
from winset.kernels.frontier import frontier
from winset.kernels.rule import Gate, Rule, holds, minimal_coalitions


@st.composite
def spaces(draw):
    parties = draw(st.integers(1, 4))
    blocks = []
    for _ in range(draw(st.integers(1, 4))):
        cells = draw(st.integers(1, 4))
        numbers = st.lists(st.integers(-6, 6), min_size=cells * parties, max_size=cells * parties)
        flags = st.lists(
            st.sampled_from([False] * 5 + [True]), min_size=cells * parties, max_size=cells * parties
        )
        shape = (cells, parties)
        blocks.append(
            Block(
                np.array(draw(numbers), np.int64).reshape(shape), np.array(draw(flags), bool).reshape(shape)
            )
        )
    reserve = np.array(draw(st.lists(st.integers(-12, 12), min_size=parties, max_size=parties)), np.int64)
    members = draw(st.lists(st.integers(0, parties - 1), min_size=1, unique=True))
    inner = Gate(draw(st.integers(1, len(members))), tuple(members))
    others = draw(st.lists(st.integers(0, parties - 1), unique=True))
    rule = Rule((inner, Gate(draw(st.integers(1, len(others) + 1)), tuple(others), (0,))))
    return blocks, reserve, rule


def points(result):
    return dict(zip(map(tuple, result.utility.tolist()), result.count, strict=True))


@settings(max_examples=150, deadline=None)
@given(spaces(), st.randoms(use_true_random=False))
def test_relabelling_changes_only_labels(case, random):
    blocks, reserve, rule = case
    parties = len(reserve)
    swap = list(range(parties))
    random.shuffle(swap)  # new party j was party swap[j]
    place = {old: new for new, old in enumerate(swap)}
    turned = [Block(b.utility[::-1, swap], b.crossed[::-1, swap]) for b in reversed(blocks)]
    turned_rule = Rule(
        tuple(Gate(g.threshold, tuple(place[p] for p in g.parties), g.gates) for g in rule.gates)
    )
    before = points(frontier(blocks, rule=rule, reserve=reserve))
    after = points(frontier(turned, rule=turned_rule, reserve=reserve[swap]))
    assert {tuple(u[p] for p in swap): n for u, n in before.items()} == after
    assert {tuple(sorted(place[p] for p in c)) for c in minimal_coalitions(rule, parties)} == set(
        minimal_coalitions(turned_rule, parties)
    )


@settings(max_examples=150, deadline=None)
@given(spaces())
def test_answers_agree_with_each_other(case):
    """Zone empty, counted and best deals are three routes to the same set."""
    blocks, reserve, rule = case
    front = frontier(blocks, rule=rule, reserve=reserve)
    number = count(blocks, reserve, rule, rng=np.random.default_rng(0))
    assert empty(blocks, reserve, rule).empty == (number.value == 0) == (len(front.utility) == 0)
    assert sum(front.count) <= number.value
    for party in range(len(reserve)):
        found = best(blocks, reserve, rule, party)
        assert (found is None) == (number.value == 0)
        if found is not None:
            assert found[0] == front.utility[:, party].max()


@settings(max_examples=150, deadline=None)
@given(spaces(), st.integers(0, 3))
def test_easier_terms_widen_the_zone(case, less):
    """Lower reservation values, or dropped red lines, never shrink the zone."""
    blocks, reserve, rule = case
    rng = np.random.default_rng(0)
    number = count(blocks, reserve, rule, rng=rng).value
    assert count(blocks, reserve - less, rule, rng=rng).value >= number
    free = [Block(b.utility, np.zeros_like(b.crossed)) for b in blocks]
    assert count(free, reserve, rule, rng=rng).value >= number


@settings(max_examples=100, deadline=None)
@given(spaces())
def test_witnesses_pass_the_rule_and_frontier_is_idempotent(case):
    blocks, reserve, rule = case
    front = frontier(blocks, rule=rule, reserve=reserve)
    assert holds(rule, accepts(front.utility, front.crossed, reserve)).all()
    if len(front.utility):
        again = frontier([Block(front.utility, front.crossed)], rule=rule, reserve=reserve)
        assert np.array_equal(again.utility, front.utility)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(-3, 9)] * 3), max_size=12),
    st.tuples(*[st.integers(1, 1000)] * 3),
)
def test_nash_ignores_the_units_of_a_party(gains, factors):
    points = np.array([*gains, (1, 1, 1)], np.int64)  # with a point at which all gain
    assert nash(points).tolist() == nash(points * np.array(factors)).tolist()
