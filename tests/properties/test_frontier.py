"""What must always hold of efficient deals and of what improves an offer."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.case_oracle import Oracle, dominates, matches
from tests.properties.spaces import Data, cases, relaxed

from winset import compile_case, frontier, read_data
from winset.compiled import Compiled
from winset.kernels import frontier as kernel
from winset.lenses.frontier import FrontierSet


def points(compiled: Compiled, front: FrontierSet) -> list[tuple[Fraction, ...]]:
    """Exact utilities of those who bargain, at each point."""
    units = [compiled.unit[r] for r in compiled.rulers]
    return [tuple(int(u) * unit for u, unit in zip(row, units, strict=True)) for row in front.units]


@given(cases())
@relaxed
def test_efficient_points_do_not_beat_each_other_and_cover_all_deals(data):
    oracle, compiled = Oracle(data), compile_case(read_data(data))
    found = frontier(compiled)
    for front, deals in ((found.zone, oracle.zone), (found.all, range(len(oracle.deals)))):
        listed = points(compiled, front)
        assert len(set(listed)) == len(listed) == front.size
        assert not any(dominates(a, b) for a in listed for b in listed)
        reached = {oracle.point(n) for n in deals}
        assert set(listed) <= reached
        for point in reached:
            assert any(top == point or dominates(top, point) for top in listed)
        assert front.exact
        assert set(front.within.values()) == {0.0}


@given(cases(), st.sampled_from([0.5, 2.0, 7.5, 20.0, 60.0]))
@relaxed
def test_within_a_tolerance_some_listed_deal_is_near_every_deal(data, eps):
    oracle, compiled = Oracle(data), compile_case(read_data(data))
    with patch.object(kernel, "_EXACT_UP_TO", 1):  # so that the tolerance is spent on small cases too
        found = frontier(compiled, within=eps)
    for front, deals in ((found.zone, oracle.zone), (found.all, range(len(oracle.deals)))):
        near(oracle.rulers, points(compiled, front), {oracle.point(n) for n in deals}, front, eps)


def near(rulers: list[str], listed: Any, reached: Any, front: FrontierSet, eps: float) -> None:
    assert set(listed) <= set(reached)
    assert set(front.within) == set(rulers)
    assert all(0 <= loss <= eps for loss in front.within.values())
    # compared in float64: a difference below 1e-9 points is none
    rows = np.array([[float(u) for u in p] for p in listed]).reshape(len(listed), len(rulers))
    stated = np.array([front.within[p] for p in rulers]) + 1e-9
    for point in reached:
        assert (rows >= np.array([float(u) for u in point]) - stated).all(axis=1).any()


@pytest.mark.parametrize("eps", [1.0, 5.0, 15.0])
def test_a_thinned_frontier_stays_near_every_deal(eps):
    """Large enough that deals are dropped."""
    rng = random.Random(11)
    issues = {f"i{n}": ["a", "b", "c", "d"] for n in range(6)}
    parties = ["p", "q", "r"]
    data: Data = {
        "winset": 1,
        "title": "4096 deals",
        "parties": {p: {} for p in parties},
        "consent": {"all": parties},
        "issues": {i: {"options": o} for i, o in issues.items()},
        "preferences": {
            p: {
                "weights": {i: rng.randint(1, 9) for i in issues},
                "scores": {i: {o: rng.randint(0, 100) for o in opts} for i, opts in issues.items()},
                "no_deal": 45,
            }
            for p in parties
        },
    }
    oracle, compiled = Oracle(data), compile_case(read_data(data))
    exact = frontier(compiled)
    with patch.object(kernel, "_EXACT_UP_TO", 20):
        thin = frontier(compiled, within=eps)
    assert 0 < thin.all.size < exact.all.size
    assert not thin.all.exact
    assert 0 < thin.zone.size <= exact.zone.size
    for front, deals in ((thin.zone, oracle.zone), (thin.all, range(len(oracle.deals)))):
        near(oracle.rulers, points(compiled, front), {oracle.point(n) for n in deals}, front, eps)


@given(cases())
@relaxed
def test_improvements_beat_the_offer_and_are_beaten_by_none(data):
    oracle = Oracle(data)
    (gap,) = frontier(read_data(data)).offers
    n = oracle.at(data["offers"]["offer"]["deal"])
    everyone = [oracle.point(k) for k in range(len(oracle.deals))]
    insiders = [oracle.point(k) for k in oracle.zone]
    assert bool(gap.improvements) == any(dominates(p, oracle.point(n)) for p in everyone)
    assert gap.efficient == (not gap.improvements)
    for view in gap.improvements:
        better = oracle.point(oracle.at(view.deal))
        assert dominates(better, oracle.point(n))
        unbeaten = [not any(dominates(p, better) for p in pool) for pool in (everyone, insiders)]
        assert unbeaten[0] or (view.in_zone and unbeaten[1])


@given(cases())
@relaxed
def test_trades_add_up_to_what_each_gains(data):
    oracle = Oracle(data)
    (gap,) = frontier(read_data(data)).offers
    offer = data["offers"]["offer"]["deal"]
    before = oracle.utility[oracle.at(offer)]
    assert len(gap.trades) == len(gap.improvements)
    for view, trades in zip(gap.improvements, gap.trades, strict=True):
        after = oracle.utility[oracle.at(view.deal)]
        for party in oracle.rulers:
            total = sum(t.change[party] for t in trades)
            assert total == pytest.approx(float(after[party] - before[party]), abs=1e-9)
        changed = {i for i in offer if offer[i] != view.deal[i]}
        assert {t.issue for t in trades if t.issue is not None} == changed
        for trade in trades:
            for party, change in trade.change.items():
                value = oracle.value[party]
                if trade.issue is None:
                    worth = sum(
                        worth * (matches(when, view.deal) - matches(when, offer))
                        for when, worth in value.linkages
                    )
                    assert change == pytest.approx(float(worth), abs=1e-9)
                    continue
                assert (trade.before, trade.after) == (offer[trade.issue], view.deal[trade.issue])
                scores = value.scores[trade.issue]
                points_ = value.weights.get(trade.issue, 0) * (scores[trade.after] - scores[trade.before])
                assert change == pytest.approx(float(points_), abs=1e-9)
