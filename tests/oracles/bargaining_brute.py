"""Bargaining games from their definitions: every division of a pie of crumbs, backwards from the end."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product


def alternating(first: Fraction, second: Fraction, rounds: int, crumbs: int) -> tuple[Fraction, Fraction]:
    """What both get by alternating offers, in shares of the pie; a responder that is indifferent says yes."""
    discount = (first, second)
    value = [Fraction(0), Fraction(0)]  # after the last round
    for turn in reversed(range(rounds)):
        offers, answers = turn % 2, 1 - turn % 2
        waiting = [d * v for d, v in zip(discount, value, strict=True)]
        outcomes = []
        for given in range(crumbs + 1):
            share = Fraction(given, crumbs)
            outcomes.append((1 - share, share) if share >= waiting[answers] else
                            (waiting[offers], waiting[answers]))  # fmt: skip
        mine, other = max(outcomes)
        value[offers], value[answers] = mine, other
    return value[0], value[1]


def with_breakdown(
    risk: float, fallback: Sequence[float], exponent: Sequence[float], rounds: int, crumbs: int
) -> float:
    """Party 1's share when it offers first; after the last refusal the talks break down for certain."""
    back = [b**e for b, e in zip(fallback, exponent, strict=True)]
    value, share = list(back), float("nan")
    for turn in reversed(range(rounds)):
        offers, answers = turn % 2, 1 - turn % 2
        waiting = [risk * b + (1 - risk) * v for b, v in zip(back, value, strict=True)]
        best = (-1.0, 0.0, 0)
        for given in range(crumbs + 1):
            x = given / crumbs
            if x ** exponent[answers] >= waiting[answers]:
                best = max(best, ((1 - x) ** exponent[offers], x ** exponent[answers], given))
        value[offers], value[answers] = best[:2]
        share = best[2] / crumbs if answers == 0 else 1 - best[2] / crumbs
    return share


def sessions(
    recognition: Sequence[Fraction], discount: Sequence[Fraction], quota: int, last: int, crumbs: int
) -> list[Fraction]:
    """What each can expect before the first session; the indifferent say yes, ties are even chances."""
    members = range(len(recognition))
    divisions = [d for d in product(range(crumbs + 1), repeat=len(recognition)) if sum(d) == crumbs]
    value = [Fraction(0) for _ in members]
    for _ in range(last):
        price = [d * v for d, v in zip(discount, value, strict=True)]
        value = [Fraction(0) for _ in members]
        for proposer in members:
            passing = [
                division
                for division in divisions
                if sum(i == proposer or Fraction(division[i], crumbs) >= price[i] for i in members) >= quota
            ]
            most = max(division[proposer] for division in passing)
            best = [division for division in passing if division[proposer] == most]
            for division in best:
                for i in members:
                    value[i] += recognition[proposer] * Fraction(division[i], crumbs * len(best))
    return value


def cheapest(price: Sequence[float], proposer: int, quota: int) -> float:
    """What the cheapest winning coalition costs its proposer, all of them tried."""
    others = [i for i in range(len(price)) if i != proposer]
    return min(sum(price[i] for i in chosen) for chosen in combinations(others, quota - 1))
