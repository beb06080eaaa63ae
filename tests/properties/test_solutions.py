"""What must always hold of the solutions of bargaining theory: their axioms, on deals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.oracles.case_oracle import Oracle, dominates
from tests.properties.spaces import Data, cases, relaxed, stretched

from winset import read_data, solutions


def chosen(data: Data, oracle: Oracle, name: str) -> set[Any]:
    """Points that a solution picks, in the utilities of the oracle's case."""
    found = {s.name: s for s in solutions(read_data(data)).solutions}
    return {oracle.point(oracle.at(view.deal)) for view in found[name].deals}


@given(
    st.data(),
    st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(3, 4), Fraction(1, 10)]),
    st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]),
)
@relaxed
def test_stretching_a_scale_leaves_nash_and_kalai_smorodinsky_alone(drawn, factor, part):
    """Where nobody can gain, or not all at once, the product of gains has no such property."""
    data = drawn.draw(cases(unanimous=True))
    oracle = Oracle(data)
    assume(oracle.zone)
    party = drawn.draw(st.sampled_from(list(data["parties"])))
    other = stretched(data, party, factor, 100 * (1 - factor) * part)
    assert Oracle(other).zone == oracle.zone
    shares = chosen(data, oracle, "Kalai-Smorodinsky")
    assert chosen(other, oracle, "Kalai-Smorodinsky") == shares
    if any(min(oracle.gains(n)) > 0 for n in oracle.zone):
        assert chosen(other, oracle, "Nash") == chosen(data, oracle, "Nash")


def test_stretching_a_scale_moves_what_compares_points_between_parties():
    """So that the property above is not one of every solution."""
    data: Data = {
        "winset": 1,
        "title": "two deals",
        "parties": {"a": {}, "b": {}},
        "consent": {"all": ["a", "b"]},
        "issues": {"i": {"options": ["l", "r"]}},
        "preferences": {
            "a": {"weights": {"i": 1}, "scores": {"i": {"l": 90, "r": 20}}},
            "b": {"weights": {"i": 1}, "scores": {"i": {"l": 30, "r": 70}}},
        },
    }
    for body in data["preferences"].values():
        body |= {"no_deal": 0, "closing_cost": 0, "linkages": [], "red_lines": []}
    oracle = Oracle(data)
    other = stretched(data, "a", Fraction(1, 2), Fraction(0))
    assert chosen(data, oracle, "utilitarian") == {(90, 30)}
    assert chosen(other, oracle, "utilitarian") == {(20, 70)}
    assert chosen(data, oracle, "Nash") == chosen(other, oracle, "Nash") == {(90, 30)}


@given(cases())
@relaxed
def test_each_solution_lies_on_the_frontier_of_the_zone(data):
    oracle = Oracle(data)
    found = solutions(read_data(data)).solutions
    reached = [oracle.point(n) for n in oracle.zone]
    names = [s.name for s in found if s.name != "issue-by-issue"]
    expected = ["Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian"] if reached else []
    assert names == expected
    for solution in found:
        if solution.name == "issue-by-issue":
            continue
        assert solution.deals
        for view in solution.deals:
            n = oracle.at(view.deal)
            assert n in oracle.zone
            assert view.in_zone
            assert not any(dominates(p, oracle.point(n)) for p in reached)
            assert view.count == reached.count(oracle.point(n))


@given(st.data(), st.floats(0.25, 4))
@relaxed
def test_equal_bargaining_weights_are_none(drawn, weight):
    """All weights alike raise the product to a power, which keeps the order."""
    data = drawn.draw(cases(unanimous=True))
    oracle = Oracle(data)
    assume(any(min(oracle.gains(n)) > 0 for n in oracle.zone))
    plain = chosen(data, oracle, "Nash")
    (weighted,) = (
        s
        for s in solutions(read_data(data), weights=dict.fromkeys(data["parties"], weight)).solutions
        if s.name == "Nash"
    )
    assert {oracle.point(oracle.at(view.deal)) for view in weighted.deals} == plain
