"""The conflict as a party wrongly sees it, for parties that look ahead, and against joint moves.

Hypergames: each party decides by the conflict that it sees, and what is stable in its eyes may not last
(Bennett 1977; Wang, Hipel and Fraser 1988). Horizons and coalitions: see the kernels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from winset.compiled.conflict import ConflictGraph
from winset.kernels.limits import TooLarge
from winset.kernels.standoff import COALITIONAL, coalitional, every_coalition, horizons, reach, stability
from winset.lenses.results import NotComputed
from winset.lenses.standoff import CoalitionFound, CoalitionMove, HorizonFound, Step, ViewFound
from winset.lenses.standoff_evidence import Referee

__all__ = ["joint_moves", "looking_ahead", "views"]

MAIN = "seq"
MOST = 12  # states of a kind that are told


# ---------------------------------------------------------------------------------------- wrongly seen


def views(graph: ConflictGraph, referee: Referee) -> tuple[ViewFound, ...]:
    """The conflict in the eyes of each party that sees something wrongly."""
    true = referee.equilibria[MAIN]
    out = []
    for viewer, view in graph.conflict.sees.items():
        ranks, known = graph.seen(viewer, referee.ranks)
        seen = stability(graph.owner, known, ranks, once=graph.once, concepts=(MAIN,)).equilibria[MAIN]
        believed = np.flatnonzero(seen & ~true)
        starts = [*([] if graph.now is None else [graph.now]), *believed.tolist()]
        out.append(
            ViewFound(
                viewer,
                tuple(view.orders),
                view.unaware,
                tuple(graph.taken(int(s)) for s in believed[:MOST]),
                tuple(graph.taken(int(s)) for s in np.flatnonzero(true & ~seen)[:MOST]),
                int((true & seen).sum()),
                _surprises(graph, referee, viewer, ranks, known, list(dict.fromkeys(starts))),
            )
        )
    return tuple(out)


def _surprises(
    graph: ConflictGraph,
    referee: Referee,
    viewer: str,
    ranks: npt.NDArray[np.int32],
    known: npt.NDArray[np.bool_],
    starts: Sequence[int],
) -> tuple[Step, ...]:
    """True improvements of others that the viewer does not expect."""
    out = []
    for start in starts:
        for j, moves in enumerate(referee.moves):
            if graph.parties[j] == viewer or not moves.own:
                continue
            for end in moves.ends(start).tolist():
                improves = referee.ranks[j, end] > referee.ranks[j, start]
                expected = known[end] and ranks[j, end] > ranks[j, start]
                if improves and not expected:
                    out.append(referee.step(j, start, end))
    return tuple(out[:MOST])


# ---------------------------------------------------------------------------------------- looking ahead


def looking_ahead(
    graph: ConflictGraph, referee: Referee, numbers: Sequence[int], longest: int
) -> HorizonFound:
    """Limited-move stability at every horizon up to the longest."""
    found = horizons(graph.owner, graph.feasible, referee.ranks, longest, once=graph.once)
    stable = found.equilibria
    lasting = None if found.lasting is None else np.logical_and.reduce(found.lasting, axis=0)
    return HorizonFound(
        longest,
        tuple(int(row.sum()) for row in stable),
        {
            n: tuple(h for h, row in enumerate(stable, 1) if row[number])
            for n, number in enumerate(numbers, 1)
        },
        found.cycle,
        () if lasting is None else tuple(n for n, number in enumerate(numbers, 1) if lasting[number]),
    )


# ------------------------------------------------------------------------------------------- joint moves


def joint_moves(
    graph: ConflictGraph, referee: Referee, numbers: Sequence[int], named: Sequence[tuple[int, ...]]
) -> CoalitionFound | NotComputed:
    """Whether coalitions upset the states that are shown.

    Parameters
    ----------
    named
        Members of each; none for all coalitions.
    """
    acting = [n for n, moves in enumerate(referee.moves) if moves.own]
    groups = list(named) or [tuple(acting[m] for m in group) for group in every_coalition(len(acting))]
    try:
        found = coalitional(
            graph.owner, graph.feasible, referee.ranks, coalitions=groups, starts=numbers, once=graph.once
        )
    except TooLarge as error:
        return NotComputed(
            f"{len(groups):,} coalitions over {graph.size:,} states are too many to try; name some ({error})"
        )
    moves = []
    for g, group in enumerate(found.coalitions):
        for n, number in enumerate(numbers):
            upset = tuple(c for c in COALITIONAL if not found.stable[c][g, n])
            if upset and len(group) > 1:
                moves.append(_upset(graph, referee, number, n + 1, group, upset))
    return CoalitionFound(
        tuple(tuple(graph.parties[p] for p in group) for group in found.coalitions),
        {
            n: tuple(c for c in COALITIONAL if found.stable[c][:, n - 1].all())
            for n in range(1, len(numbers) + 1)
        },
        tuple(moves),
    )


def _upset(
    graph: ConflictGraph,
    referee: Referee,
    state: int,
    number: int,
    group: tuple[int, ...],
    concepts: tuple[str, ...],
) -> CoalitionMove:
    """The joint move that is best for the member who gains the fewest places by it."""
    found = reach(
        graph.owner, graph.feasible, state, parties=len(graph.parties), movers=group, once=graph.once
    )
    ranks = referee.ranks[list(group)]
    better = found.reached & (ranks > ranks[:, [state]]).all(axis=0)
    ends = np.flatnonzero(better)
    gain = (ranks[:, ends] - ranks[:, [state]]).min(axis=0)
    end = int(ends[gain.argmax()])
    return CoalitionMove(
        number,
        tuple(graph.parties[p] for p in group),
        concepts,
        referee.steps(state, found.paths(end)[0]),
        {graph.parties[p]: referee.place(p, end) for p in group},
    )
