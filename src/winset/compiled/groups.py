"""Issues that must be settled together, and the combinations of their options that make sense."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from winset.case.model import Case, Preferences
from winset.case.rules import Clause
from winset.errors import QuestionError

__all__ = ["CELL_LIMIT", "cells_left", "cells_of", "crossed_cells", "deal_of", "frozen", "holding", "tied"]

CELL_LIMIT = 1_000_000  # combinations inside one group

Scalar = TypeVar("Scalar", bound=np.generic)


def frozen(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    array.setflags(write=False)
    return array


def _ties(case: Case, prefs: Iterable[Preferences]) -> Iterable[tuple[str, ...]]:
    """Sets of issues that must be settled together. A clause of ``forbid`` or of a red line is checked by
    itself (they are ORed); a linkage pays once for all its clauses, so it ties all that it names."""
    for rule in case.forbid:
        for clause in rule.when.clauses:
            yield tuple(issue for issue, _ in clause)
    for p in prefs:
        for line in p.red_lines or ():
            for clause in line.when.clauses:
                yield tuple(issue for issue, _ in clause)
        for linkage in p.linkages or ():
            yield linkage.when.issues()


def tied(
    case: Case, prefs: Iterable[Preferences], issues: Sequence[str], options: Sequence[Sequence[str]]
) -> list[list[int]]:
    index = {i: n for n, i in enumerate(issues)}
    leader = list(range(len(issues)))

    def find(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    for tie in _ties(case, prefs):
        for other in tie[1:]:
            a, b = find(index[tie[0]]), find(index[other])
            leader[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = {}
    for n in range(len(issues)):
        groups.setdefault(find(n), []).append(n)
    for group in groups.values():
        size = math.prod(len(options[n]) for n in group)
        if size > CELL_LIMIT:
            names = ", ".join(issues[n] for n in group)
            raise QuestionError(
                f"the issues {names} are tied together by forbid, linkages or red lines into {size:,} "
                f"combinations; at most {CELL_LIMIT:,} can be handled as one group. "
                "Tie fewer issues, or drop options"
            )
    return list(groups.values())


def cells_left(
    case: Case, group: Sequence[int], issues: Sequence[str], options: Sequence[Sequence[str]]
) -> npt.NDArray[np.int16]:
    axes = [np.arange(len(options[n]), dtype=np.int16) for n in group]
    table = np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=1)
    keep = np.ones(len(table), np.bool_)
    for rule in case.forbid:
        for clause in rule.when.clauses:
            if {issue for issue, _ in clause} <= {issues[n] for n in group}:
                keep &= ~holding(clause, group, table, issues, options)
    if not keep.any():
        raise QuestionError("forbid rules out every deal: nothing is left to negotiate")
    return np.ascontiguousarray(table[keep])


def holding(
    clause: Clause,
    group: Sequence[int],
    table: npt.NDArray[np.int16],
    issues: Sequence[str],
    options: Sequence[Sequence[str]],
) -> npt.NDArray[np.bool_]:
    """(cell,): whether a clause, all of whose issues are in the group, holds."""
    place = {issues[n]: k for k, n in enumerate(group)}
    out = np.ones(len(table), np.bool_)
    for issue, names in clause:
        k = place[issue]
        known = options[group[k]]
        out &= np.isin(table[:, k], [known.index(name) for name in names])
    return out


def crossed_cells(
    prefs: Preferences,
    group: Sequence[int],
    table: npt.NDArray[np.int16],
    issues: Sequence[str],
    options: Sequence[Sequence[str]],
) -> npt.NDArray[np.bool_]:
    inside = {issues[n] for n in group}
    out = np.zeros(len(table), np.bool_)
    for line in prefs.red_lines or ():
        for clause in line.when.clauses:
            if {issue for issue, _ in clause} <= inside:
                out |= holding(clause, group, table, issues, options)
    return out


class Settled(Protocol):
    """Issues that are settled together."""

    @property
    def issues(self) -> tuple[int, ...]: ...

    @property
    def options(self) -> npt.NDArray[np.int16]: ...


def deal_of(
    groups: Sequence[Settled],
    issues: Sequence[str],
    options: Sequence[Sequence[str]],
    cells: Iterable[int],
) -> dict[str, str]:
    """The deal that takes these cells, one of each group."""
    chosen = {
        issue: options[issue][int(group.options[int(cell), k])]
        for group, cell in zip(groups, cells, strict=True)
        for k, issue in enumerate(group.issues)
    }
    return {name: chosen[n] for n, name in enumerate(issues)}


def cells_of(
    groups: Sequence[Settled],
    issues: Sequence[str],
    options: Sequence[Sequence[str]],
    deal: Mapping[str, str],
) -> list[int]:
    """The cells of a deal.

    Raises
    ------
    QuestionError
        If ``forbid`` rules it out.
    """
    out = []
    for group in groups:
        if len(group.issues) == 1 and len(group.options) == len(options[group.issues[0]]):
            issue = group.issues[0]
            out.append(list(options[issue]).index(deal[issues[issue]]))
            continue
        wanted = [options[i].index(deal[issues[i]]) for i in group.issues]
        found = np.flatnonzero((group.options == wanted).all(axis=1))
        if not len(found):
            raise QuestionError("forbid rules this deal out")
        out.append(int(found[0]))
    return out
