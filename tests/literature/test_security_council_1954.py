"""Shapley and Shubik (1954), American Political Science Review 48:787-792: power in the Security Council.

Published: with seven of eleven needed, the five permanent members among them, the five have 98.7 % of the
power and the six others 1.3 %. Checked: the 57 winning coalitions of 2048, that the zone is exactly these,
and the index, which is 76/385 for a permanent member and 1/462 for another one.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from literature.exact import Exact
from winset import blockers, zone

COUNCIL = Exact.of("security-council-1954")
WINNING = {frozenset(i for i, vote in enumerate(deal) if vote == "yes") for deal in COUNCIL.zone}
PERMANENT, OTHERS = range(5), range(5, 11)
ALL = len(COUNCIL.case.parties)


def power(member):
    """The chance to turn a losing coalition into a winning one, all orders of joining equally likely."""
    turned = [c for c in WINNING if member in c and c - {member} not in WINNING]
    return sum(Fraction(factorial(len(c) - 1) * factorial(ALL - len(c)), factorial(ALL)) for c in turned)


def test_winning_coalitions():
    assert len(COUNCIL.utility) == 2**11
    assert len(COUNCIL.zone) == len(WINNING) == 57
    assert all(len(c) >= 7 and c.issuperset(PERMANENT) for c in WINNING)


def test_power():
    assert {power(m) for m in PERMANENT} == {Fraction(76, 385)}
    assert {power(m) for m in OTHERS} == {Fraction(1, 462)}
    assert f"{float(sum(power(m) for m in PERMANENT)):.1%}" == "98.7%"
    assert f"{float(sum(power(m) for m in OTHERS)):.1%}" == "1.3%"


def test_through_the_public_functions():
    found = zone(COUNCIL.case)
    assert (found.deals, found.zone.value) == (2048, 57)


def test_whose_yes_would_carry():
    """Of the ways to vote that fail, those that one member's yes would carry: the swings behind the index."""
    carried = {party: count.value for party, count in blockers(COUNCIL.case).pivotal.items()}
    assert [*carried.values()] == [57] * 5 + [5] * 6
