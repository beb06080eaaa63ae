"""The conflict of a case as a game in normal form, in the format of Gambit (``.nfg``).

A strategy of a party is a setting of its own options. That is the same game only where every party may
change its options both ways, and where which states can be is a matter of each party's own options. Payoffs
are ranks, from 0: their order is the party's, their sizes mean nothing.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from winset.case.model import Case
from winset.compiled.conflict import ConflictGraph
from winset.errors import QuestionError
from winset.report.gmcr import Written, conflict_of, lost

__all__ = ["nfg"]

_MOST_NUMBERS = 4_000_000
_NOTHING = "nothing"


def nfg(case: Case) -> Written:
    """The conflict of a case as a normal-form game, at the central values of what is uncertain.

    Raises
    ------
    QuestionError
        If the case has no conflict, or its graph has no normal form.
    """
    graph = conflict_of(case)
    settings = _strategies(graph)
    ranks = graph.central.profile(0)
    many = int(np.prod([len(own) for own in settings])) * len(settings)
    if many > _MOST_NUMBERS:
        raise QuestionError(f"the game would hold {many:,} payoffs; at most {_MOST_NUMBERS:,}")
    lines = [
        f"NFG 1 R {_text(f'{case.title} (payoffs are ranks: only their order means anything)')} "
        f"{{ {' '.join(_text(case.name(p)) for p in graph.parties)} }}",
        "",
        "{ " + "\n".join("{ " + " ".join(_text(_name(graph, s)) for s in own) + " }" for own in settings),
        "}",
        _text("What each party may do alone, written by Winset"),
        "",
    ]
    for chosen in product(*reversed(settings)):  # the first party's strategy changes fastest
        state = graph.state(sum(chosen))
        lines.append(" ".join(str(int(own[state])) for own in ranks))
    return Written("\n".join(lines) + "\n", tuple(lost(graph)))


def _strategies(graph: ConflictGraph) -> list[list[int]]:
    """Party -> the settings of its options that can be, as bits."""
    if graph.once.any():
        bound = [o for o, once in zip(graph.options, graph.once, strict=True) if once]
        raise QuestionError(
            f'a game in normal form cannot say that "{bound[0]}" changes one way only; .gmcr can'
        )
    masks = [
        sum(1 << n for n, whose in enumerate(graph.owner) if whose == p) for p in range(len(graph.parties))
    ]
    states = graph.states[graph.feasible]
    settings = [np.unique(states & mask).tolist() for mask in masks]
    if np.prod([float(len(own)) for own in settings]) != len(states):
        raise QuestionError(
            "a game in normal form cannot say that what one party does rules out what another does, as "
            "infeasible states of this conflict do; .gmcr can"
        )
    return settings


def _name(graph: ConflictGraph, setting: int) -> str:
    return " + ".join(graph.named(setting)) or _NOTHING


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
