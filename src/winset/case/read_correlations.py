"""Correlations: between two ranges of the case, once, and such as can all hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.case.model import Correlation
from winset.case.read_numbers import uncertain_numbers
from winset.case.text import Path, listing

if TYPE_CHECKING:
    from winset.case.reader import Reader

_MOST_CORRELATED = 100  # numbers that depend on each other

__all__ = ["check_correlations"]


def check_correlations(reader: Reader, correlations: list[Correlation]) -> None:
    """Every fault of the correlations, for the reader."""
    places = reader.places.get("correlations", [])  # those that are no correlation are left out
    for n, correlation in zip(places, correlations, strict=True):
        _check_pair(reader, n, correlation)
    pairs = [frozenset(c.between) for c in correlations]
    for n, pair in enumerate(pairs):
        if pair in pairs[:n]:
            reader.faults.add(
                ("correlations", places[n]), "the same two numbers are correlated twice", allowed="once"
            )
    if len(set(pairs)) == len(pairs) and all(len(pair) == 2 for pair in pairs):
        _check_matrix(reader, correlations)


def _check_pair(reader: Reader, n: int, correlation: Correlation) -> None:
    path: Path = ("correlations", n, "between")
    first, second = correlation.between
    if first == second:
        reader.faults.add(
            path, "a number cannot be correlated with itself", value=first, allowed="two numbers"
        )
    if reader.uncertain is None:
        reader.uncertain = uncertain_numbers(reader)
        reader.ranges = [k for k, uncertain in reader.uncertain.items() if uncertain]
    known = reader.uncertain
    for m, name in enumerate(correlation.between):
        if name in known:
            if not known[name]:
                reader.faults.add(
                    (*path, m), "this number is fixed, not a range", value=name, allowed="a range"
                )
        else:
            reader.faults.unknown((*path, m), "uncertain number", name, reader.ranges)


def _check_matrix(reader: Reader, stated: list[Correlation]) -> None:
    """Correlations that cannot all hold are refused, with the nearest ones that can."""
    if len(stated) < 2:
        return
    from winset.case.correlation import components, matrix, nearest, possible, rounded

    for names, stated_rho in components({c.between: c.rho for c in stated}):
        if len(names) > _MOST_CORRELATED:
            reader.faults.add(
                ("correlations",),
                f"{len(names):,} numbers hang together",
                allowed=f"at most {_MOST_CORRELATED} that depend on each other, directly or not",
            )
            continue
        if len(names) < 3:
            continue
        given = matrix(names, stated_rho)
        if possible(given):
            continue
        near = rounded(nearest(given))
        pairs = [
            f"{names[j]} with {names[i]}: {near[i, j]:g}"
            for i in range(len(names))
            for j in range(i)
            if near[i, j] != given[i, j]
        ]
        reader.faults.add(
            ("correlations",),
            f"the correlations of {listing(names)} cannot all hold: their matrix is not positive "
            "semi-definite",
            allowed="correlations that some numbers can have together; a pair left out has 0",
            hint="the nearest that can: " + listing(pairs),
        )
