"""Why a state is stable for a party: its improvements, and what the others can answer each of them with.

One set of preferences at a time. What would deter from an improvement s1 is known for all states at once (see
``kernels.standoff.stability``); the sanctions themselves are searched for only where they are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.compiled.conflict import ConflictGraph
from winset.kernels.standoff import graded, moves_of
from winset.kernels.standoff.moves import Uphill
from winset.kernels.standoff.nearest import nearest
from winset.kernels.standoff.stability import sanction
from winset.lenses.standoff import Answer, Evidence, Improvement, Sanction, Step

__all__ = ["SANCTIONED", "Referee"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]

SANCTIONED = ("gmr", "smr", "seq", "sseq")
#: What deters under a concept does so under laxer ones too; the strictest first.
_IMPLIES = {"sseq": ("smr", "seq", "gmr"), "seq": ("gmr",), "smr": ("gmr",), "gmr": ()}
MOST_TOLD = 3  # improvements of a party from a state
_NONE = -1


class Referee:
    """Who is deterred from what at central values."""

    def __init__(self, graph: ConflictGraph) -> None:
        self.graph, self.ranks = graph, graph.central.profile(0)
        self.moves = moves_of(graph.owner, graph.once, graph.feasible, len(self.ranks), graph.states)
        self._deterrents: dict[tuple[int, str], tuple[Ints, Ints]] = {}

    @cached_property
    def distinct(self) -> list[Ints]:
        """Party -> its different ranks of states that can be, ascending."""
        return [np.unique(rank[self.graph.feasible]) for rank in self.ranks]

    def places(self, party: int, states: Ints) -> Ints:
        """A party's places of states that can be."""
        known = self.distinct[party]
        return np.asarray(len(known) - np.searchsorted(known, self.ranks[party, states]))

    def place(self, party: int, state: int) -> int:
        """A party's place of a state: 1 for its best."""
        return self.place_of(party, int(self.ranks[party, state]))

    def place_of(self, party: int, rank: int) -> int:
        """The place that a rank of a party is."""
        ranks = self.distinct[party]
        return len(ranks) - int(np.searchsorted(ranks, rank))

    @cached_property
    def left(self) -> dict[str, Ints]:
        """Concept -> (party, state): the best rank that an improvement is sure to leave the party with; -1
        where it has no improvement."""
        return {
            concept: np.stack(
                [uphill.most(self.deterrent(i, concept)[1], _NONE) for i, uphill in enumerate(self.uphill)]
            )
            for concept in SANCTIONED
        }

    @cached_property
    def uphill(self) -> list[Uphill]:
        """Party -> its improvements."""
        return [moves.uphill(rank) for moves, rank in zip(self.moves, self.ranks, strict=True)]

    @cached_property
    def stable(self) -> dict[str, Bools]:
        """Concept -> (party, state)."""
        none = np.stack([~uphill.any() for uphill in self.uphill])
        out = {"nash": none} | {c: left <= self.ranks for c, left in self.left.items()}
        return {c: table & self.graph.feasible for c, table in out.items()}

    @cached_property
    def equilibria(self) -> dict[str, Bools]:
        """Concept -> (state,): stable for all."""
        return {c: np.asarray(table.all(axis=0)) for c, table in self.stable.items()}

    @cached_property
    def strong(self) -> dict[str, Bools] | None:
        """Concept -> (party, state): stable by sanctions that leave the party with what it likes greatly less
        (Hamouda, Kilgour and Hipel 2004; see ``kernels.standoff.strength``); None where no preference is
        strong."""
        levels = self.graph.central.strong(0)
        if all(level is None for level in levels):
            return None
        below = np.stack(
            [
                graded(rank, np.zeros_like(rank) if level is None else level)
                for rank, level in zip(self.ranks, levels, strict=True)
            ]
        )
        return {c: (left <= below) & self.graph.feasible for c, left in self.left.items()}

    def deterrent(self, party: int, concept: str) -> tuple[Ints, Ints]:
        """(state,): what a state would leave the party with as the end of a sanction, and the least that the
        others can leave it with from there on."""
        key = party, concept
        if key not in self._deterrents:
            rank = self.ranks[party]
            value = rank
            if concept in ("smr", "sseq"):
                value = np.maximum(rank, self.moves[party].most(rank, _NONE))
            others = [j for j, m in enumerate(self.moves) if j != party and m.own]
            steps = [self.uphill[j] if concept in ("seq", "sseq") else self.moves[j] for j in others]
            self._deterrents[key] = value, sanction(steps, value)
        return self._deterrents[key]

    def step(self, by: int, before: int, after: int) -> Step:
        """A move for a reader."""
        graph = self.graph
        old, new = (int(graph.states[state]) for state in (before, after))
        return Step(
            graph.parties[by],
            graph.named(new & ~old),
            graph.named(old & ~new),
            graph.named(new),
        )

    def steps(self, start: int, moves: Sequence[tuple[int, int]]) -> tuple[Step, ...]:
        """Moves, given by who moves and to which state, for a reader."""
        ends = [start, *(end for _, end in moves)]
        return tuple(self.step(by, ends[n], end) for n, (by, end) in enumerate(moves))

    def evidence(self, party: int, state: int) -> Evidence:
        """Why a state is stable for a party, or is not."""
        rank = self.ranks[party]
        ends = self.moves[party].ends(state)
        better = ends[rank[ends] > rank[state]]
        least = self.deterrent(party, "seq")[1]
        # what no improving sanction deters first, then the best
        order = sorted(better.tolist(), key=lambda s: (least[s] <= rank[state], -rank[s], s))
        return Evidence(
            self.graph.taken(state),
            self.graph.parties[party],
            self.place(party, state),
            len(ends),
            len(better),
            tuple(self._improvement(party, state, end) for end in order[:MOST_TOLD]),
        )

    def _improvement(self, party: int, state: int, end: int) -> Improvement:
        found: dict[str, Sanction | None] = {}
        # what deters under a stricter concept does so under a laxer one
        for concept, laxer in (
            ("sseq", ("smr", "seq", "gmr")),
            ("seq", ("gmr",)),
            ("smr", ("gmr",)),
            ("gmr", ()),
        ):
            if concept in found:
                continue
            found[concept] = self._sanction(party, state, end, concept)
            if found[concept] is not None:
                for other in laxer:
                    found.setdefault(other, found[concept])
        return Improvement(
            self.step(party, state, end), self.place(party, end), {c: found[c] for c in SANCTIONED}
        )

    def _sanction(self, party: int, state: int, end: int, concept: str) -> Sanction | None:
        value, least = self.deterrent(party, concept)
        bar = self.ranks[party, state]
        if least[end] > bar:
            return None
        others = [j for j in range(len(self.moves)) if j != party]
        ranks = self.ranks if concept in ("seq", "sseq") else None
        path = nearest(self.moves, end, others, value <= bar, ranks)
        assert path is not None  # the least says that there is one
        last = path[-1][1]
        answer = None
        if concept in ("smr", "sseq"):
            options = self.moves[party].ends(last)
            if len(options):
                best = int(options[self.ranks[party, options].argmax()])
                answer = Answer(self.step(party, last, best), self.place(party, best))
        return Sanction(self.steps(end, path), self.place(party, last), answer)
