"""The power indices straight from their definitions: every coalition, every member, in fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from math import factorial
from typing import Any


def holds(rule: Any, weights: list[list[int]], coalition: tuple[bool, ...]) -> bool:
    """``rule`` is ``(threshold, [rules or (weight, quota)])``, read by its definition."""
    first, second = rule
    if isinstance(second, list):
        return sum(holds(part, weights, coalition) for part in second) >= first
    return sum(w for w, yes in zip(weights[first], coalition, strict=True) if yes) >= second


def brute(rule: Any, weights: list[list[int]]) -> dict[str, Any]:
    n = len(weights[0])
    every = list(product((False, True), repeat=n))
    won = {c: holds(rule, weights, c) for c in every}

    def changed(c: tuple[bool, ...], i: int) -> tuple[bool, ...]:
        return (*c[:i], not c[i], *c[i + 1 :])

    winning = sum(won.values())
    swings = [sum(won[c] and not won[changed(c, i)] for c in every if c[i]) for i in range(n)]
    shapley = [
        sum(
            (
                Fraction(factorial(sum(c) - 1) * factorial(n - sum(c)), factorial(n))
                for c in every
                if c[i] and won[c] and not won[changed(c, i)]
            ),
            Fraction(0),
        )
        for i in range(n)
    ]
    least = [c for c in every if won[c] and not any(won[changed(c, i)] for i in range(n) if c[i])]
    shares = [c for c in least if any(c)]
    return {
        "winning": winning,
        "swings": swings,
        "shapley": shapley,
        "veto": [all(c[i] for c in every if won[c]) for i in range(n)],
        "minimal": len(least),
        "holding": [sum(c[i] for c in least) for i in range(n)],
        "deegan": [
            sum((Fraction(1, sum(c)) for c in shares if c[i]), Fraction(0)) / max(len(least), 1)
            for i in range(n)
        ],
    }


def pivots(rule: Any, weights: list[list[int]]) -> list[Fraction]:
    """Shapley and Shubik's own story: in every order of joining, whose joining turns the coalition."""
    n = len(weights[0])
    count = [0] * n
    for order in permutations(range(n)):
        inside = [False] * n
        for member in order:
            before = holds(rule, weights, tuple(inside))
            inside[member] = True
            if not before and holds(rule, weights, tuple(inside)):
                count[member] += 1
    return [Fraction(c, factorial(n)) for c in count]
