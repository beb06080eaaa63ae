"""Sets of the states of a conflict, as yes or no for each of them.

A state is the number whose bits say which options are taken; the first option is the lowest bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from winset.case.conflict import Conflict, StateMatch, Statement

__all__ = ["feasible_states", "number_of", "ranking_places", "statement_states", "states_of"]

Bools = npt.NDArray[np.bool_]


def states_of(match: StateMatch, place: Mapping[str, int]) -> Bools:
    """(state,): whether a condition holds.

    Parameters
    ----------
    place
        Option to its bit.
    """
    out = np.zeros((2,) * len(place), np.bool_)  # the axes run from the highest bit to the lowest
    for clause in match:
        at: list[slice | int] = [slice(None)] * len(place)
        for option, taken in clause.items():
            at[len(place) - 1 - place[option]] = int(taken)
        out[tuple(at)] = True
    return out.reshape(-1)


def statement_states(statement: Statement, place: Mapping[str, int]) -> Bools:
    """(state,): whether a statement is true."""
    out = states_of(statement.when, place)
    if statement.given is not None:
        out |= ~states_of(statement.given, place)
    if statement.iff is not None:
        out = out == states_of(statement.iff, place)
    return out


def feasible_states(conflict: Conflict, place: Mapping[str, int]) -> Bools:
    """(state,): whether it can be."""
    out = np.ones(1 << len(place), np.bool_)
    for rule in conflict.infeasible:
        out &= ~states_of(rule.when, place)
    return out


def ranking_places(
    ranking: Sequence[StateMatch], place: Mapping[str, int], feasible: Bools
) -> npt.NDArray[np.int32]:
    """(state,): the entry of a ranking that a state belongs to, from 0; -1 where there is none or the state
    cannot be."""
    out = np.full(1 << len(place), -1, np.int32)
    for n, entry in enumerate(ranking):
        if entry:
            out[states_of(entry, place) & (out < 0)] = n
    rest = next((n for n, entry in enumerate(ranking) if not entry), None)
    if rest is not None:
        out[out < 0] = rest
    out[~feasible] = -1
    return out


def number_of(taken: Iterable[str], place: Mapping[str, int]) -> int:
    """The state in which exactly these options are taken."""
    return sum(1 << place[option] for option in taken)
