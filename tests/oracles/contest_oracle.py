"""Contests in plain Python, straight from the definitions: one number at a time, no closed forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product


def prefers(share: float, wins: float, cost: float, exponent: float) -> bool:
    """Whether a side prefers a share to fighting: u(share) >= p u(1) + (1 - p) u(0) - c."""
    return share**exponent >= wins * 1.0**exponent + (1 - wins) * 0.0 - cost - 1e-12


def both_prefer(
    steps: int, seen: tuple[float, float], cost: tuple[float, float], exponent: tuple[float, float]
) -> list[float]:
    """Shares of the first, of so many steps, that both prefer; ``seen`` is the first's chance for each."""
    out = []
    for n in range(steps + 1):
        x = n / steps
        if prefers(x, seen[0], cost[0], exponent[0]) and prefers(1 - x, 1 - seen[1], cost[1], exponent[1]):
            out.append(x)
    return out


def demand(
    steps: int,
    costs: Sequence[float],
    own: tuple[float, float, float],
    other: tuple[float, float],
) -> tuple[float, float, float]:
    """The best of so many demands against a list of equally likely costs: demand, P(war), its worth."""
    wins, cost, exponent = own
    theirs, bend = other
    best = (0.0, 1.0, float("-inf"))
    for n in range(steps + 1):
        x = n / steps
        yields = sum(prefers(1 - x, 1 - theirs, c, bend) for c in costs) / len(costs)
        worth = yields * x**exponent + (1 - yields) * (wins - cost)
        if worth > best[2] + 1e-12:
            best = (x, 1 - yields, worth)
    return best


def fights(
    wins: float, rate: float, costs: tuple[float, float], keep: float, time: float, steps: int = 100_000
) -> bool:
    """Whether the side that falls does better by fighting now: it gets everything until then, and what the
    other, who can then secure itself what its new strength brings, leaves it afterwards."""
    at_war = 1 - wins - costs[1]
    later = min(wins + rate * time, 1.0)
    must = next(n / steps for n in range(steps + 1) if n / steps >= later - costs[0] - 1e-12)
    discount = keep**time
    peace = (1 - discount) * 1.0 + discount * (1 - must)
    return at_war > peace + 1e-9


def meeting(
    mean: tuple[Fraction, Fraction], weight: tuple[Fraction, Fraction], surplus: Fraction, won: Sequence[bool]
) -> int:
    """After how many trials two Beta beliefs are close enough, counting as Bayes' rule does; -1 for never."""
    counts = [[m * n, (1 - m) * n] for m, n in zip(mean, weight, strict=True)]
    for t in range(len(won) + 1):
        a, b = (alpha / (alpha + beta) for alpha, beta in counts)
        if a - b <= surplus:
            return t
        if t < len(won):
            for pair in counts:
                pair[0 if won[t] else 1] += 1
    return -1


def chance_of_meeting(
    wins: Fraction,
    mean: tuple[Fraction, Fraction],
    weight: tuple[Fraction, Fraction],
    surplus: Fraction,
    trials: int,
) -> Fraction:
    """The probability that beliefs meet within so many trials, over all 2 ** trials ways that they can go."""
    total = Fraction(0)
    for won in product((True, False), repeat=trials):
        if meeting(mean, weight, surplus, won) >= 0:
            yes = sum(won)
            total += wins**yes * (1 - wins) ** (trials - yes)
    return total


def equally_likely(quantile: Callable[[float], float], many: int) -> list[float]:
    """A distribution as so many equally likely values, the middles of its shares."""
    return [quantile((n + 0.5) / many) for n in range(many)]
