"""The conflict of a case as a file of gmcr-py (``.gmcr``, JSON), at the central values of what is uncertain.

Read back by ``winset.case.foreign``, the options, the infeasible states and everybody's order of the states
are the same. What such a file has no place for is listed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.case.conflict import Order, StateMatch, Statement
from winset.case.fields import PROBABILITY
from winset.case.model import Case
from winset.compiled.conflict import ConflictGraph, compile_conflict
from winset.errors import QuestionError

__all__ = ["Written", "conflict_of", "gmcr", "lost"]

_DIRECTION = {None: "both", "taken": "fwd", "dropped": "back"}
_MOST_MEMBERS = 64  # clauses of one compound condition
_MOST_STATES = 1 << 16  # that are ranked one by one

Clause = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a file, and what it has no place for."""

    text: str
    notes: tuple[str, ...]


def gmcr(case: Case) -> Written:
    """The conflict of a case as JSON.

    Raises
    ------
    QuestionError
        If the case has no conflict, or has too many states for a ranking where statements do not do.
    """
    graph = conflict_of(case)
    conflict, number = graph.conflict, {option: n for n, option in enumerate(graph.options)}
    statements = {party: _statements(_order(graph, party)) for party in graph.parties}
    manual = any(found is None for found in statements.values())
    notes = lost(graph)
    if manual:
        notes.append(
            "All parties' orders are written as rankings of states by number: not all can be written as the "
            "statements of such a file."
        )
    ranks = graph.central.profile(0)

    def pairs(clause: Clause) -> list[list[Any]]:
        return [[number[option], "Y" if taken else "N"] for option, taken in clause.items()]

    def condition(clauses: Sequence[Clause]) -> Any:
        if len(clauses) == 1:
            return pairs(clauses[0])
        return {"compound": True, "members": [pairs(clause) for clause in clauses]}

    makers = []
    for p, party in enumerate(graph.parties):
        view = conflict.sees.get(party)
        maker = {
            "name": case.name(party),
            "options": [n for n, whose in enumerate(graph.owner) if whose == p],
            "preferences": [condition(clauses) for clauses in statements[party] or ()],
            "misperceptions": [[[number[option], "Y"]] for option in (view.unaware if view else ())],
        }
        if manual:
            maker["preferenceRanking"] = _ranking(graph, ranks[p])
        makers.append(maker)
    data = {
        "decisionMakers": makers,
        "coalitions": list(range(len(makers))),
        "coalitionsFull": [{"name": m["name"], "options": m["options"]} for m in makers],
        "options": [
            {"name": body.name or option, "permittedDirection": _DIRECTION[body.once]}
            for owned in conflict.options.values()
            for option, body in owned.items()
        ],
        "infeasibles": [pairs(clause) for rule in conflict.infeasible for clause in rule.when],
        "useManualPreferenceRanking": manual,
        "program": "gmcr-py",
        "version": "0.3.13",
    }
    return Written(json.dumps(data, ensure_ascii=False, indent=1) + "\n", tuple(notes))


def conflict_of(case: Case) -> ConflictGraph:
    """The conflict of a case, compiled."""
    graph = compile_conflict(case)
    if graph is None:
        raise QuestionError("the case states no conflict, which is all that such a file holds")
    return graph


def lost(graph: ConflictGraph) -> list[str]:
    """What of the conflict, and of the case, only a case file holds."""
    conflict = graph.conflict
    orders = [order for _, _, _, order in conflict.orders()]
    stated = [s for order in orders for s in order.prioritised or ()]
    told = [
        (True, "All of the case outside its conflict is left out: sources, claims, deals and their worth."),
        (
            any(s.sure is not None for s in stated),
            "Statements that are not certain are in or out, by which is likelier.",
        ),
        (any(s.strongly for s in stated), "How strongly states are preferred is left out."),
        (any(p.types for p in conflict.preferences.values()), "Parties are taken as their likeliest type."),
        (
            any(order.source is not None for order in orders),
            "Orders that follow from deals are those at the central values of all ranges.",
        ),
        (conflict.status_quo is not None, "The status quo is left out."),
        (
            bool(conflict.positions or conflict.fallback),
            "Positions and what follows without them are left out.",
        ),
        (
            any(view.orders for view in conflict.sees.values()),
            "How parties wrongly see the orders of others is left out.",
        ),
    ]
    return [text for so, text in told if so]


# ---------------------------------------------------------------------------------------------- preferences


def _order(graph: ConflictGraph, party: str) -> Order:
    """The order of a party at central values."""
    stated = graph.conflict.preferences[party]
    kind = graph.case.central_type(party) if stated.types else None
    return stated.types.get(kind, stated) if kind is not None else stated


def _statements(order: Order) -> list[list[Clause]] | None:
    """The statements as conditions without ``if`` and ``iff``, none where all states are alike; None where
    there are none of the sort, or they grow too long."""
    if order.prioritised is None:
        return [] if order.ranking is not None and len(order.ranking) == 1 else None
    out = []
    for statement in order.prioritised:
        if statement.sure is not None and statement.sure.central(PROBABILITY) <= 0.5:
            continue
        clauses = _plain(statement)
        if clauses is None:
            return None
        if clauses and {} not in clauses:  # what is never or always true orders nothing
            out.append(clauses)
    return out


def _plain(statement: Statement) -> list[Clause] | None:
    """Clauses of which one holds exactly where the statement is true."""
    wanted: list[Clause] | None = _distinct(statement.when)
    if statement.given is not None and wanted is not None:
        unless = _negated(statement.given)
        wanted = None if unless is None else _distinct([*wanted, *unless])
    if statement.iff is not None and wanted is not None:
        neither = _both(_negated(wanted), _negated(statement.iff))
        both = _both(wanted, _distinct(statement.iff))
        wanted = None if both is None or neither is None else _distinct([*both, *neither])
    return wanted if wanted is not None and len(wanted) <= _MOST_MEMBERS else None


def _distinct(clauses: StateMatch | Sequence[Clause]) -> list[Clause]:
    """Without those that say no more than another."""
    out: list[Clause] = []
    for clause in sorted((dict(c) for c in clauses), key=len):
        if not any(known.items() <= clause.items() for known in out):
            out.append(clause)
    return out


def _both(one: Sequence[Clause] | None, other: Sequence[Clause] | None) -> list[Clause] | None:
    """Where a clause of each holds."""
    if one is None or other is None or len(one) * len(other) > _MOST_MEMBERS**2:
        return None
    joined = [{**a, **b} for a in one for b in other if all(b.get(o, t) == t for o, t in a.items())]
    found = _distinct(joined)
    return found if len(found) <= _MOST_MEMBERS else None


def _negated(clauses: StateMatch | Sequence[Clause]) -> list[Clause] | None:
    """Where none of the clauses holds."""
    out: list[Clause] | None = [{}]
    for clause in clauses:
        out = _both(out, [{option: not taken} for option, taken in clause.items()])
    return out


def _ranking(graph: ConflictGraph, ranks: Any) -> list[Any]:
    """The feasible states by their numbers from 1, the best first; those of one rank in a list."""
    states = np.flatnonzero(graph.feasible)
    if len(states) > _MOST_STATES:
        raise QuestionError(
            f"the orders of {len(states):,} states would be written one by one; at most {_MOST_STATES:,}"
        )
    out: list[Any] = []
    for rank in sorted({int(ranks[s]) for s in states}, reverse=True):
        numbers = [n for n, s in enumerate(states.tolist(), 1) if ranks[s] == rank]
        out.append(numbers if len(numbers) > 1 else numbers[0])
    return out
