"""The conflict as parties wrongly see it, what a wanted state would need, looking ahead, and joint moves.

Each is a kernel of its own (``kernels.standoff``: views, inverse, horizon, coalitions), which cites its
source; here its arrays get their names.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from winset.compiled.conflict import ConflictGraph
from winset.kernels.limits import TooLarge
from winset.kernels.standoff import (
    COALITIONAL,
    CONCEPTS,
    View,
    coalitional,
    every_coalition,
    horizons,
    hypergame,
    inverse,
    reach,
)
from winset.lenses.results import NotComputed
from winset.lenses.standoff import (
    CoalitionFound,
    CoalitionMove,
    HorizonFound,
    Need,
    Step,
    Unmet,
    ViewFound,
    ViewsFound,
    WantedFound,
)
from winset.lenses.standoff_evidence import Referee

__all__ = ["joint_moves", "looking_ahead", "needed", "views"]

MAIN = "seq"
MOST = 12  # states of a kind that are told
FEW = 3  # sanctions of a move that are told


# ---------------------------------------------------------------------------------------- wrongly seen


def views(graph: ConflictGraph, referee: Referee) -> ViewsFound | None:
    """The conflict in the eyes of the parties, where some see something wrongly."""
    if not graph.conflict.sees:
        return None
    true = referee.equilibria[MAIN]
    every = [View(*graph.seen(party, referee.ranks)) for party in graph.parties]
    found = hypergame(
        graph.owner,
        graph.feasible,
        referee.ranks,
        every,
        once=graph.once,
        states=graph.states,
        concepts=(MAIN,),
    )
    told = []
    for viewer, stated in graph.conflict.sees.items():
        p = graph.parties.index(viewer)
        seen = found.views[p].equilibria[MAIN]
        believed = np.flatnonzero(seen & ~true)
        starts = [*([] if graph.now is None else [graph.now]), *believed.tolist()]
        told.append(
            ViewFound(
                viewer,
                tuple(stated.orders),
                stated.unaware,
                _told(graph, seen & ~true),
                _told(graph, true & ~seen),
                int((true & seen).sum()),
                _surprises(graph, referee, viewer, every[p], list(dict.fromkeys(starts))),
            )
        )
    return ViewsFound(tuple(told), _told(graph, found.equilibria(MAIN)), _told(graph, found.mistaken(MAIN)))


def _told(graph: ConflictGraph, states: npt.NDArray[np.bool_]) -> tuple[tuple[str, ...], ...]:
    return tuple(graph.taken(int(s)) for s in np.flatnonzero(states)[:MOST])


def _surprises(
    graph: ConflictGraph, referee: Referee, viewer: str, view: View, starts: Sequence[int]
) -> tuple[Step, ...]:
    """True improvements of others that the viewer does not expect."""
    hidden = sum(1 << o for o, known in enumerate(view.known.tolist()) if not known)
    out = []
    for start in starts:
        for j, moves in enumerate(referee.moves):
            if graph.parties[j] == viewer or not moves.own:
                continue
            for end in moves.ends(start).tolist():
                improves = referee.ranks[j, end] > referee.ranks[j, start]
                expected = not graph.states[end] & hidden and view.ranks[j, end] > view.ranks[j, start]
                if improves and not expected:
                    out.append(referee.step(j, start, end))
    return tuple(out[:MOST])


# --------------------------------------------------------------------------------- what would be needed


def needed(graph: ConflictGraph, referee: Referee, state: int, number: int) -> WantedFound | NotComputed:
    """Under which preferences of each party a state is stable for it (see ``kernels.standoff.inverse``)."""
    needs = []
    for p, moves in enumerate(referee.moves):
        for concept in CONCEPTS if moves.own else ():
            try:
                pattern = inverse(
                    graph.owner,
                    graph.feasible,
                    referee.ranks,
                    state,
                    p,
                    concept,
                    once=graph.once,
                    states=graph.states,
                )
            except TooLarge as error:
                return NotComputed(
                    f"{graph.size:,} states and the moves of {graph.parties[p]} are too many ({error})"
                )
            rank, mine = referee.ranks[p], int(referee.ranks[p, state])
            open_ = [c for c in pattern.conditions if c.bar(rank) > mine]
            lowest = int(pattern.bar(rank))
            needs.append(
                Need(
                    graph.parties[p],
                    concept,
                    not open_,
                    len(pattern.conditions),
                    tuple(
                        Unmet(
                            referee.step(p, state, c.move),
                            tuple(graph.taken(int(t)) for t in c.sanctions[:FEW]),
                            max(0, len(c.sanctions) - FEW),
                        )
                        for c in open_
                    ),
                    (referee.place(p, state), referee.place_of(p, lowest)),
                )
            )
    return WantedFound(number, tuple(needs))


# ---------------------------------------------------------------------------------------- looking ahead


def looking_ahead(
    graph: ConflictGraph, referee: Referee, numbers: Sequence[int], longest: int
) -> HorizonFound:
    """Limited-move stability at every horizon up to the longest."""
    found = horizons(
        graph.owner, graph.feasible, referee.ranks, longest, once=graph.once, states=graph.states
    )
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
            graph.owner,
            graph.feasible,
            referee.ranks,
            coalitions=groups,
            starts=numbers,
            once=graph.once,
            states=graph.states,
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
        graph.owner,
        graph.feasible,
        state,
        parties=len(graph.parties),
        movers=group,
        once=graph.once,
        states=graph.states,
    )
    ranks = referee.ranks[list(group)]
    better = found.reached & (ranks > ranks[:, [state]]).all(axis=0)
    ends = np.flatnonzero(better)
    gain = [referee.place(p, state) - referee.places(p, ends) for p in group]
    end = int(ends[np.min(gain, axis=0).argmax()])
    return CoalitionMove(
        number,
        tuple(graph.parties[p] for p in group),
        concepts,
        referee.steps(state, found.paths(end)[0]),
        {graph.parties[p]: referee.place(p, end) for p in group},
    )
