"""The states of a conflict that can be, and for each of them whether a condition holds.

A state is the number whose bits say which options are taken; the first option is the lowest bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from winset.case.conflict import StateMatch, Statement

__all__ = ["TooManyStates", "feasible_states", "number_of", "ranking_places", "statement_states", "states_of"]

Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]

Clause = tuple[int, int]  # the bits that a condition is about, and those of them that are set


class TooManyStates(Exception):  # noqa: N818  (an outcome that callers handle, not a fault)
    """More would have to be looked at than was allowed."""


def feasible_states(
    infeasible: Iterable[StateMatch], place: Mapping[str, int], *, most: int | None = None
) -> Longs:
    """The states that can be, ascending.

    They are built up option by option. What is decided so far is dropped as soon as it meets a condition all
    of whose options are decided, so that the combinations of all options are never listed.

    Parameters
    ----------
    infeasible
        Conditions, none of which may hold.
    place
        Option to its bit; at most 62 of them.
    most
        How many comparisons of a state with a condition there may be.

    Raises
    ------
    TooManyStates
        If there are more.
    """
    left = list(dict.fromkeys(clause for match in infeasible for clause in _clauses(match, place)))
    if any(not about for about, _ in left):
        return np.zeros(0, np.int64)
    states = np.zeros(1, np.int64)
    decided = work = 0
    for bit in _in_turn([about for about, _ in left], [1 << n for n in place.values()]):
        decided |= bit
        ready = [clause for clause in left if not clause[0] & ~decided]
        left = [clause for clause in left if clause[0] & ~decided]
        work += 2 * len(states) * max(1, len(ready))
        if most is not None and work > most:
            raise TooManyStates
        states = np.concatenate([states, states | bit])
        for about, taken in ready:
            states = states[states & about != taken]
    return np.sort(states)


def _in_turn(patterns: list[int], bits: Iterable[int]) -> Iterable[int]:
    """Every bit, those first that decide patterns: the pattern with the fewest bits left comes next, of
    equals the one whose bits most patterns share."""
    open_ = [bit for bit in bits if not any(bit & p for p in patterns)]
    busy = {bit: sum(1 for p in patterns if p & bit) for bit in _bits_of(patterns)}
    waiting = list(patterns)
    while waiting:
        pattern = min(waiting, key=lambda p: (p.bit_count(), -sum(busy[b] for b in _bits_of([p]))))
        for bit in sorted(_bits_of([pattern]), key=lambda b: (-busy[b], b)):
            yield bit
            waiting = [rest for p in waiting if (rest := p & ~bit)]
    yield from open_


def _bits_of(patterns: Iterable[int]) -> list[int]:
    whole = 0
    for pattern in patterns:
        whole |= pattern
    return [1 << n for n in range(whole.bit_length()) if whole >> n & 1]


def _clauses(match: StateMatch, place: Mapping[str, int]) -> list[Clause]:
    return [
        (
            sum(1 << place[option] for option in clause),
            sum(1 << place[option] for option, taken in clause.items() if taken),
        )
        for clause in match
    ]


def states_of(match: StateMatch, place: Mapping[str, int], states: Longs) -> Bools:
    """(state,): whether a condition holds.

    Parameters
    ----------
    place
        Option to its bit.
    states : int64 (state,)
        Their numbers.
    """
    out = np.zeros(len(states), np.bool_)
    for about, taken in _clauses(match, place):
        out |= states & about == taken
    return out


def statement_states(statement: Statement, place: Mapping[str, int], states: Longs) -> Bools:
    """(state,): whether a statement is true."""
    out = states_of(statement.when, place, states)
    if statement.given is not None:
        out |= ~states_of(statement.given, place, states)
    if statement.iff is not None:
        out = out == states_of(statement.iff, place, states)
    return out


def ranking_places(
    ranking: Sequence[StateMatch], place: Mapping[str, int], states: Longs
) -> npt.NDArray[np.int32]:
    """(state,): the entry of a ranking that a state belongs to, from 0; -1 where there is none."""
    out = np.full(len(states), -1, np.int32)
    for n, entry in enumerate(ranking):
        if entry:
            out[states_of(entry, place, states) & (out < 0)] = n
    rest = next((n for n, entry in enumerate(ranking) if not entry), None)
    if rest is not None:
        out[out < 0] = rest
    return out


def number_of(taken: Iterable[str], place: Mapping[str, int]) -> int:
    """The state in which exactly these options are taken."""
    return sum(1 << place[option] for option in taken)
