"""The rule of consent: whose yes a deal needs.

A rule is a monotone circuit of threshold gates over the parties. A gate holds when at least `threshold` of
its members, which are parties and earlier gates, hold; "all" is a threshold of all members, "any" a
threshold of one. A winning coalition is a set of parties whose yes suffices; it is minimal when each of its
members is needed (von Neumann and Morgenstern 1944, ch. X; Taylor and Zwicker 1999, *Simple Games*, ch. 1).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools
from winset.kernels.limits import TooLarge


@dataclass(frozen=True, slots=True)
class Gate:
    """Holds when at least `threshold` of the members hold."""

    threshold: int
    parties: tuple[int, ...] = ()
    gates: tuple[int, ...] = ()  # indices of earlier gates of the same rule


@dataclass(frozen=True, slots=True)
class Rule:
    """Gates in an order in which each refers only to earlier ones; the last is the root."""

    gates: tuple[Gate, ...]


def unanimity(parties: int) -> Rule:
    """Return the rule that needs the yes of each of the parties 0 .. parties - 1."""
    return Rule((Gate(parties, tuple(range(parties))),))


def without(rule: Rule, parties: Collection[int]) -> Rule | None:
    """The rule with some parties left out; None when nobody is left whose yes it could need.

    Each gate keeps its meaning for those who remain: all of them, any of them, at least k of them or, where
    fewer remain, all. A gate that loses all its members is left out itself.

    For a party left out of rule R the new rule lies between two others: what R passes although that party
    says no, it passes; and what it passes, R passes if that party says yes.
    """
    gates: list[Gate] = []
    place: list[int | None] = []
    for gate in rule.gates:
        people = tuple(p for p in gate.parties if p not in parties)
        inner = tuple(n for g in gate.gates if (n := place[g]) is not None)
        left = len(people) + len(inner)
        place.append(len(gates) if left else None)
        if left:
            gates.append(Gate(min(gate.threshold, left), people, inner))
    return None if place[-1] is None else Rule(tuple(gates))


def requiring(rule: Rule, party: int) -> Rule:
    """The rule that needs one more party's yes, whatever the others say."""
    return Rule((*rule.gates, Gate(2, (party,), (len(rule.gates) - 1,))))


def holds(rule: Rule, accept: Bools) -> Bools:
    """Whether the rule is satisfied.

    Parameters
    ----------
    accept : bool (..., party)

    Returns
    -------
    bool (...)
    """
    accept = np.asarray(accept, np.bool_)
    done: list[npt.NDArray[np.bool_]] = []
    for gate in rule.gates:
        members = [accept[..., party] for party in gate.parties] + [done[index] for index in gate.gates]
        if gate.threshold <= 0:
            done.append(np.ones(accept.shape[:-1], np.bool_))
        elif gate.threshold > len(members):
            done.append(np.zeros(accept.shape[:-1], np.bool_))
        elif gate.threshold == len(members):
            done.append(np.logical_and.reduce(members))
        elif gate.threshold == 1:
            done.append(np.logical_or.reduce(members))
        else:
            votes = np.zeros(accept.shape[:-1], np.int32)
            for member in members:
                votes += member
            done.append(votes >= gate.threshold)
    return np.asarray(done[-1], np.bool_)


def passes(rule: Rule, accept: Sequence[bool]) -> bool:
    """Whether the rule is satisfied by one vector of answers, evaluated without arrays."""
    done: list[bool] = []
    for gate in rule.gates:
        votes = sum(bool(accept[party]) for party in gate.parties) + sum(done[index] for index in gate.gates)
        done.append(votes >= gate.threshold)
    return done[-1]


def involved(rule: Rule, parties: int) -> Bools:
    """Parties that the root depends on in writing (whether or not their answer can ever change the outcome).

    Returns
    -------
    bool (party,)
    """
    reached = {len(rule.gates) - 1}
    mask = np.zeros(parties, np.bool_)
    for index in range(len(rule.gates) - 1, -1, -1):
        if index in reached:
            reached.update(rule.gates[index].gates)
            mask[list(rule.gates[index].parties)] = True
    return mask


def necessary(rule: Rule, parties: int) -> Bools:
    """Parties without whose yes the rule cannot be satisfied (veto players).

    Returns
    -------
    bool (party,)
    """
    return ~holds(rule, ~np.eye(parties, dtype=np.bool_))


def minimal_coalitions(rule: Rule, parties: int, *, limit: int = 4096) -> tuple[tuple[int, ...], ...]:
    """All minimal sets of parties whose yes satisfies the rule, the smallest first.

    Built gate by gate: the coalitions of a threshold gate come from a dynamic program over its members, in
    which supersets are dropped at once (sound because the rule is monotone).

    Raises
    ------
    TooLarge
        More than `limit` coalitions are needed at some gate.
    """
    done: list[list[int]] = []
    for gate in rule.gates:
        members = [[1 << party] for party in gate.parties] + [done[index] for index in gate.gates]
        # layers[k]: minimal unions that satisfy k of the members read so far
        layers: list[list[int]] = [[0], *([] for _ in range(max(gate.threshold, 0)))]
        for member in members:
            for k in range(len(layers) - 1, 0, -1):
                joined = {low | extra for low in layers[k - 1] for extra in member}
                layers[k] = _minimal(joined.union(layers[k]))
                if len(layers[k]) > limit:
                    raise TooLarge(len(layers[k]), limit)
        done.append(layers[-1])
    sets = [tuple(party for party in range(parties) if mask >> party & 1) for mask in done[-1]]
    return tuple(sorted(sets, key=lambda coalition: (len(coalition), coalition)))


def _minimal(masks: set[int]) -> list[int]:
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count):
        if not any(other & mask == other for other in kept):
            kept.append(mask)
    return kept
