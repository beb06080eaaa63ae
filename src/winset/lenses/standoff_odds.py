"""How often a state is an equilibrium over draws of uncertain preferences, and on what that hangs."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from winset.compiled.conflict import ConflictGraph, Patterns
from winset.kernels.standoff import CONCEPTS, drawn_stability, moves_of
from winset.kernels.standoff.nearest import improving_reach
from winset.lenses.estimates import Plan, conditional, estimate
from winset.lenses.results import NotComputed
from winset.lenses.standoff import ConflictOdds, Given, StateOdds

__all__ = ["OddsOfStates"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_CELLS = 1 << 23  # ranks over all profiles, above which draws are not looked at
_AT_ONCE = 1 << 20  # ranks that are worked on together
_NEVER = "it does not occur in the draws"
_NOT_STATED = "the case states no status quo"


class OddsOfStates:
    """All states over all draws: which are equilibria, and which the status quo leads to by improvements."""

    def __init__(self, graph: ConflictGraph, asked: Plan) -> None:
        self.graph, self.plan = graph, asked
        self.patterns: Patterns = graph.drawn(asked.draws, asked.seed, asked.method)
        profiles = len(self.patterns.profiles)
        self.cells = profiles * len(graph.parties) * len(graph.feasible)
        self.refused: NotComputed | None = None
        if self.cells > _CELLS and profiles > 1:
            self.refused = NotComputed(
                f"{profiles:,} different sets of preferences over {graph.size:,} states are too many to try; "
                "with fewer draws, fewer of them occur"
            )

    @cached_property
    def _found(self) -> tuple[dict[str, Bools], Bools | None]:
        """Concept -> (profile, state): equilibrium; and (profile, state): reached by improvements."""
        graph, profiles = self.graph, len(self.patterns.profiles)
        each = len(graph.parties) * len(graph.feasible)
        step = max(1, _AT_ONCE // each)
        tables: dict[str, list[Bools]] = {c: [] for c in CONCEPTS}
        reached: list[Bools] = []
        moves = moves_of(graph.owner, graph.once, graph.feasible, len(graph.parties), graph.states)
        for at in range(0, profiles, step):
            ranks = self.patterns.several(range(at, min(profiles, at + step)))
            done = drawn_stability(graph.owner, graph.feasible, ranks, once=graph.once, states=graph.states)
            for concept in CONCEPTS:
                tables[concept].append(done.equilibria(concept)[done.profile])
            if graph.now is not None:
                reached.append(improving_reach(moves, ranks, graph.now))
        whole = {c: np.concatenate(parts) for c, parts in tables.items()}
        return whole, np.concatenate(reached) if reached else None

    @cached_property
    def chance(self) -> dict[str, Floats] | None:
        """Concept -> (state,): the share of draws in which it is an equilibrium; None where not computed."""
        if self.refused is not None:
            return None
        counts = self.patterns.counts / self.plan.draws
        return {c: counts @ table for c, table in self._found[0].items()}

    @cached_property
    def led_to(self) -> tuple[Floats, Floats] | None:
        """(state,): the share of draws in which improvements lead there from the status quo, and in which
        it is sequentially stable for all besides; None where not computed."""
        if self.refused is not None or self._found[1] is None:
            return None
        counts, reached = self.patterns.counts / self.plan.draws, self._found[1]
        return counts @ reached, counts @ (reached & self._found[0]["seq"])

    def improves(self, party: int, start: int, end: int) -> float:
        """The share of draws in which a party ranks one state above another."""
        ranks = self.patterns.ranks[party]
        better = ranks[:, end] > ranks[:, start]
        return float(better[self.patterns.profiles[self.patterns.of_draw, party]].mean())

    def whole(self) -> ConflictOdds | NotComputed:
        """What holds for all states together."""
        if self.refused is not None:
            return self.refused
        uncertain = len(self.graph.model.inputs) + len(self.patterns.cares)
        now = None if self.graph.now is None else self.of(self.graph.now)
        assert not isinstance(now, NotComputed)
        return ConflictOdds(uncertain, len(self.patterns.profiles), now)

    def of(self, state: int) -> StateOdds | NotComputed:
        """A state over all draws."""
        if self.refused is not None:
            return self.refused
        method = self.plan.method
        every = {c: estimate(self.lasts(state, c), method=method) for c in CONCEPTS}
        reached = self.reached(state)
        if reached is None:
            return StateOdds(every, NotComputed(_NOT_STATED), NotComputed(_NOT_STATED))
        ends = reached & self.lasts(state, "seq")
        return StateOdds(every, estimate(reached, method=method), estimate(ends, method=method))

    def lasts(self, state: int, concept: str) -> Bools:
        """(draw,): whether a state is stable for all."""
        out: Bools = self._found[0][concept][self.patterns.of_draw, state]
        return out

    def reached(self, state: int) -> Bools | None:
        """(draw,): whether improvements lead there from the status quo; None where none is stated."""
        table = self._found[1]
        if table is None:
            return None
        out: Bools = table[self.patterns.of_draw, state]
        return out

    def given(self, state: int) -> tuple[Given, ...]:
        """A state over the draws in which a party is of each of its types, cares about a statement or not."""
        if self.refused is not None:
            return ()
        holds = self.lasts(state, "seq")
        out = []
        for party, kinds in self.patterns.kinds.items():
            for k, name in enumerate(self.graph.model.types[party]):
                out.append(self._given(party, name, None, True, kinds == k, holds))
        for path, cares in self.patterns.cares.items():
            _, _, party, *rest = path.split(".")
            kind = rest[1] if rest[0] == "types" else None
            here = np.ones(len(cares), np.bool_)
            if kind is not None:
                here = self.patterns.kinds[party] == self.graph.model.types[party].index(kind)
            for sign in (True, False):
                out.append(self._given(party, kind, path, sign, here & (cares == sign), holds))
        return tuple(out)

    @cached_property
    def _says(self) -> dict[str, str]:
        """Path of a statement that is not certain to what it says."""
        return {
            f"{path}.prioritised.{n}.sure": statement.says
            for path, _, _, order in self.graph.conflict.orders()
            for n, statement in enumerate(order.prioritised or (), 1)
        }

    def _given(
        self, party: str, kind: str | None, path: str | None, cares: bool, inside: Bools, holds: Bools
    ) -> Given:
        found = conditional(holds, inside, method=self.plan.method)
        return Given(
            party,
            kind,
            path,
            None if path is None else self._says[path],
            cares,
            estimate(inside, method=self.plan.method),
            NotComputed(_NEVER) if found is None else found,
        )
