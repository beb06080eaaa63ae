"""Which dilemmas do the parties' own positions and threats put them in?

Confrontation analysis compares three kinds of futures: what each party says everybody should do (its
position), what comes about when each does what it says it will do without agreement (the threatened future),
and what somebody would rather make of one of them by itself. Six dilemmas follow from how the parties rank
them; they are defined, with their sources, in ``winset.kernels.dilemmas``. A dilemma is gone when the
comparison that makes it turns round, or when a position or a threat changes so that it is no longer made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.case.states import number_of
from winset.compiled import Compiled
from winset.compiled.conflict import ConflictGraph, Patterns, compile_conflict
from winset.kernels.dilemmas import NONE
from winset.kernels.dilemmas import Dilemmas as Found
from winset.kernels.dilemmas import dilemmas as find
from winset.lenses.estimates import DRAWS, Estimate, Plan, conditional, estimate, plan
from winset.lenses.results import NotComputed, Result

__all__ = ["KINDS", "Dilemma", "DilemmasResult", "Future", "dilemmas"]

Kind = Literal["threat", "persuasion", "rejection", "positioning", "trust", "cooperation"]
KINDS: tuple[Kind, ...] = ("threat", "persuasion", "rejection", "positioning", "trust", "cooperation")

Bools = npt.NDArray[np.bool_]

_CELLS = 1 << 24  # ranks that are looked at together


@dataclass(frozen=True, slots=True)
class Future(Result):
    """A future that the parties talk of."""

    party: str | None  # whose position it is; None for the threatened future
    taken: tuple[str, ...]  # options that are taken in it
    named: tuple[str, ...]  # options that the position, or a fallback, names; the rest are filled in
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dilemma(Result):
    """One dilemma with the comparison that makes it."""

    kind: Kind
    party: str  # whose it is
    towards: str | None  # the other party that it is about; None for threat and cooperation
    by: str  # whose preference makes it
    better: tuple[str, ...]  # options taken in the future that this party prefers ...
    worse: tuple[str, ...]  # ... to this one
    about: tuple[str, ...]  # the options in question
    central: bool  # whether it is there at central values
    probability: Estimate  # that it is there
    given: dict[str, Estimate]  # the same for each type of the party whose preference makes it
    because: tuple[str, ...]  # claims that the positions and the fallback rest on


@dataclass(frozen=True, slots=True)
class DilemmasResult(Result):
    """The dilemmas of everybody who has taken a position."""

    plan: Plan
    futures: tuple[Future, ...]  # positions in the order of the parties, then the threatened future
    options: dict[str, tuple[str, ...]]  # party -> its options
    common: bool  # whether all positions ask for the same
    none: Estimate | NotComputed  # the probability that nobody has any dilemma
    dilemmas: tuple[Dilemma, ...] | NotComputed  # by kind, and in the order of the parties


def dilemmas(
    case: Case | Compiled,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
) -> DilemmasResult:
    """The dilemmas of confrontation analysis, with their evidence.

    Parameters
    ----------
    draws, rng, method
        How uncertain preferences are drawn.
    """
    graph = compile_conflict(case)
    if graph is None or not graph.conflict.positions:
        what = "states no conflict" if graph is None else "states no positions"
        because = (
            f"the case {what}; what each party says should be done goes under positions of the block "
            "conflict, and what each does without agreement under fallback"
        )
        return DilemmasResult(
            plan(draws or 1, rng, method=method), (), {}, False, NotComputed(because), NotComputed(because)
        )
    if draws is None:
        draws = DRAWS if graph.uncertain else 1
    return _Question(graph, plan(draws, rng, method=method)).answer()


class _Question:
    """A conflict with its futures as numbers of states, and the dilemmas under every order that occurs."""

    def __init__(self, graph: ConflictGraph, asked: Plan) -> None:
        self.graph, self.asked, self.conflict = graph, asked, graph.conflict
        self.positions = [
            self._number(self.conflict.asked(p)) if p in self.conflict.positions else NONE
            for p in graph.parties
        ]
        self.threatened = self._number(self.conflict.threatened())
        central = graph.central
        self.drawn = graph.drawn(asked.draws, asked.seed, asked.method) if graph.uncertain else central
        self.found = self._found(self.drawn)
        self.middle = self._found(central)

    def _number(self, future: dict[str, bool]) -> int:
        found = self.graph.state(
            number_of((option for option, taken in future.items() if taken), self.graph.place)
        )
        assert found is not None  # futures are listed
        return found

    def _found(self, patterns: Patterns) -> Found:
        """The dilemmas under every profile of preferences."""
        graph, many = self.graph, len(patterns.profiles)
        step = max(1, _CELLS // (len(graph.parties) * len(graph.feasible)))
        pieces = [
            find(
                graph.owner,
                graph.feasible,
                patterns.several(range(at, min(many, at + step))),
                self.positions,
                self.threatened,
                states=graph.states,
            )
            for at in range(0, many, step)
        ]
        return Found(*(np.concatenate([getattr(p, f.name) for p in pieces]) for f in fields(Found)))

    def answer(self) -> DilemmasResult:
        conflict, parties = self.conflict, self.graph.parties
        somebody = np.zeros(len(self.drawn.of_draw), np.bool_)
        told = []
        for kind, i, j in _every(len(parties)):
            held, central = _table(self.found, kind, i, j) != NONE, _table(self.middle, kind, i, j) != NONE
            if held.any() or central.any():
                yes = held[self.drawn.of_draw]
                somebody |= yes
                told.append(self._dilemma(kind, i, j, yes, bool(central[0])))
        return DilemmasResult(
            plan=self.asked,
            futures=(*(self._future(p) for p in parties if p in conflict.positions), self._future(None)),
            options={p: tuple(owned) for p, owned in conflict.options.items()},
            common=len({p for p in self.positions if p != NONE}) == 1,
            none=self._estimate(~somebody),
            dilemmas=tuple(told),
        )

    def _future(self, party: str | None) -> Future:
        conflict = self.conflict
        future = conflict.threatened() if party is None else conflict.asked(party)
        stated = list(conflict.fallback.values()) if party is None else [conflict.positions[party]]
        named = {option for position in stated for option in position.when}
        return Future(
            party,
            tuple(option for option, taken in future.items() if taken),
            tuple(option for option in future if option in named),
            tuple(dict.fromkeys(claim for position in stated for claim in position.because)),
        )

    def _dilemma(self, kind: Kind, i: int, j: int, yes: Bools, central: bool) -> Dilemma:
        graph, names = self.graph, self.graph.parties
        better, worse = self._compared(kind, i, j)
        by = j if kind in ("persuasion", "trust") else i
        given = {}
        if names[by] in self.drawn.kinds:
            kinds = self.drawn.kinds[names[by]]
            shares = {
                type_: conditional(yes, kinds == k, method=self.asked.method)
                for k, type_ in enumerate(graph.case.preferences[names[by]].types)
            }
            given = {type_: share for type_, share in shares.items() if share is not None}
        return Dilemma(
            kind=kind,
            party=names[i],
            towards=None if i == j else names[j],
            by=names[by],
            better=graph.taken(better),
            worse=graph.taken(worse),
            about=self._about(kind, i, j, int(graph.states[better] ^ graph.states[worse])),
            central=central,
            probability=self._estimate(yes),
            given=given if graph.uncertain else {},
            because=self._because(kind, names[i], names[j]),
        )

    def _compared(self, kind: Kind, i: int, j: int) -> tuple[int, int]:
        """The future that is preferred, and the one that it is preferred to."""
        mine, theirs = self.positions[i], self.positions[j]
        if kind == "persuasion":
            return self.threatened, mine
        if kind == "rejection":
            return theirs, self.threatened
        if kind == "positioning":
            return theirs, mine
        worse = self.threatened if kind == "threat" else mine
        return self._rather(kind, i, j), worse

    def _rather(self, kind: Kind, i: int, j: int) -> int:
        """What somebody would rather do: that of most draws, or at central values where no draw has it."""
        states, weights = _table(self.found, kind, i, j), self.drawn.counts
        if not (states != NONE).any():
            states, weights = _table(self.middle, kind, i, j), np.ones(1, np.int64)
        chosen, place = np.unique(states[states != NONE], return_inverse=True)
        return int(chosen[np.bincount(place, weights[states != NONE]).argmax()])

    def _about(self, kind: Kind, i: int, j: int, differ: int) -> tuple[str, ...]:
        """The options in question: of persuasion those of the other, of rejection its own, if the futures
        differ in any of them; else all in which they differ."""
        whose = {"persuasion": j, "rejection": i}.get(kind)
        every = [n for n in range(len(self.graph.options)) if differ >> n & 1]
        owned = [n for n in every if whose is None or self.graph.owner[n] == whose]
        return tuple(self.graph.options[n] for n in owned or every)

    def _because(self, kind: Kind, *parties: str) -> tuple[str, ...]:
        """The claims that the futures compared rest on."""
        stated = [self.conflict.positions[p] for p in parties if p in self.conflict.positions]
        if kind in ("threat", "persuasion", "rejection"):
            stated += self.conflict.fallback.values()
        return tuple(dict.fromkeys(claim for position in stated for claim in position.because))

    def _estimate(self, yes: Bools) -> Estimate:
        if self.graph.uncertain:
            return estimate(yes, method=self.asked.method)
        value = float(yes[0])
        return Estimate(value, 0.0, value, value, 1)


def _every(parties: int) -> Iterator[tuple[Kind, int, int]]:
    """Every dilemma that there could be: its kind, whose it is, and towards whom (itself: nobody)."""
    for kind in KINDS:
        for i in range(parties):
            if kind in ("threat", "cooperation"):
                yield kind, i, i
            else:
                yield from ((kind, i, j) for j in range(parties) if j != i)


def _table(found: Found, kind: Kind, i: int, j: int) -> npt.NDArray[np.int64]:
    """(profile,): what makes the dilemma, or ``NONE`` where it is not there."""
    table = getattr(found, kind)
    row: npt.NDArray[np.int64] = table[:, i] if i == j else table[:, i, j]
    return np.where(row, 0, NONE) if row.dtype == np.bool_ else row
