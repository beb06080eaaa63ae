"""The talks of a whole room: what is given, checked once, and the loop that carries it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Indices
from winset.kernels.talks.engine import Engine, chosen, play
from winset.kernels.talks.registry import complete, strategy
from winset.kernels.talks.rounds import (
    PROTOCOLS,
    Outcome,
    Protocol,
    Rounds,
    Step,
    alternating,
    random_proposer,
)
from winset.kernels.talks.single_text import Mediator, single_text
from winset.kernels.talks.strategy import Side, Talk, Timed, Uniforms
from winset.kernels.talks.table import Table

__all__ = ["bargain", "steps"]


def bargain(
    utility: Sequence[Floats] | Floats,
    reserve: Floats,
    sides: Sequence[Side],
    *,
    rounds: int,
    protocol: Protocol = "alternating",
    first: int | npt.NDArray[np.integer] = 0,
    hazard: Floats | None = None,
    uniforms: Uniforms | None = None,
    allowed: Bools | None = None,
    options: npt.NDArray[np.int16] | None = None,
    mediator: Mediator | None = None,
    engine: Engine = "auto",
) -> Outcome:
    """Let the sides bargain in every draw; parameters and rules are those of the package's docstring.

    Raises
    ------
    ValueError
        On an unknown strategy, protocol, parameter or engine, or where random numbers, ``options`` or a
        mediator are needed and not given.
    """
    room = _Room(
        utility, reserve, sides, rounds, protocol, np.atleast_1d(np.asarray(first, np.intp)),
        hazard, uniforms, allowed, options, mediator,
    )  # fmt: skip
    return room.play(engine)


def steps(
    utility: Sequence[Floats] | Floats,
    reserve: Floats,
    sides: Sequence[Side],
    *,
    draw: int,
    rounds: int,
    protocol: Protocol = "alternating",
    first: int | npt.NDArray[np.integer] = 0,
    hazard: Floats | None = None,
    uniforms: Uniforms | None = None,
    allowed: Bools | None = None,
    options: npt.NDArray[np.int16] | None = None,
    mediator: Mediator | None = None,
) -> list[Step]:
    """The offers and answers of one draw of ``bargain``, in their order."""
    room = _Room(
        utility, reserve, sides, rounds, protocol, np.atleast_1d(np.asarray(first, np.intp)),
        hazard, uniforms, allowed, options, mediator,
    )  # fmt: skip
    log: list[Step] = []
    room.only(draw).play("numpy", log)
    return log


@dataclass(frozen=True, slots=True)
class _Room:
    """What ``bargain`` is given."""

    utility: Sequence[Floats] | Floats
    reserve: Floats
    sides: Sequence[Side]
    rounds: int
    protocol: Protocol
    first: Indices
    hazard: Floats | None
    uniforms: Uniforms | None
    allowed: Bools | None
    options: npt.NDArray[np.int16] | None
    mediator: Mediator | None

    def play(self, engine: Engine, log: list[Step] | None = None) -> Outcome:
        if self.protocol not in PROTOCOLS:
            raise ValueError(f'no protocol "{self.protocol}"; there are {", ".join(PROTOCOLS)}')
        limit = self._limit()
        if self.protocol == "mediated":
            if self.mediator is None:
                raise ValueError("mediated talks need a mediator")
            game = Rounds(self._tables(), [], limit, log)
            single_text(game, self.rounds, self.mediator)
            return game.outcome(self.rounds)
        kinds = [strategy(side.strategy)() for side in self.sides]
        given = [complete(side) for side in self.sides]
        first = np.broadcast_to(self.first, limit.shape)
        clocks = [kind for kind in kinds if isinstance(kind, Timed)]
        utilities = sum(u.size for u in self.utility)
        if len(clocks) == len(kinds) > 1 and chosen(engine, utilities):
            shares = [clock.share(self.rounds, g) for clock, g in zip(clocks, given, strict=True)]
            slacks = [clock.slack(g) for clock, g in zip(clocks, given, strict=True)]
            return play(self._open(), self.reserve, shares, slacks, limit, first, self._proposers(limit))
        tables = self._tables()
        players = []
        for n, (kind, table) in enumerate(zip(kinds, tables, strict=True)):
            if kind.needs_options and self.options is None:
                raise ValueError(f'"{kind.name}" needs the options of every deal')
            talk = Talk(self.rounds, len(kinds), self.options, partial(self._of_side, n))
            players.append(kind.sit(table, given[n], talk))
        game = Rounds(tables, players, limit, log)
        if self.protocol == "alternating":
            alternating(game, self.rounds, first)
        else:
            random_proposer(game, self._proposers(limit))
        return game.outcome(self.rounds)

    def only(self, draw: int) -> _Room:
        """The room in one draw."""

        def one(values: Any) -> Any:
            values = np.asarray(values)
            return values if values.ndim == 0 or values.shape[-1] == 1 else values[..., draw : draw + 1]

        mediator = self.mediator and replace(self.mediator, belief=one(self.mediator.belief))

        return replace(
            self,
            utility=[one(u) for u in self.utility],
            reserve=self.reserve[:, draw : draw + 1],
            sides=[Side(s.strategy, {k: one(v) for k, v in s.parameters.items()}) for s in self.sides],
            first=one(self.first),
            hazard=None if self.hazard is None else one(self.hazard),
            uniforms=lambda name: self._uniform(name)[draw : draw + 1],
            allowed=self.allowed if self.allowed is None or self.allowed.ndim == 1 else one(self.allowed),
            mediator=mediator,
        )

    def _tables(self) -> list[Table]:
        return [Table(u, r) for u, r in zip(self._open(), self.reserve, strict=True)]

    def _open(self) -> Sequence[Floats] | Floats:
        """Utilities, minus infinity where a deal is not allowed."""
        if self.allowed is None:
            return self.utility
        allowed = self.allowed if self.allowed.ndim == 2 else self.allowed[:, None]
        return [np.where(allowed, u, -np.inf) for u in self.utility]

    def _uniform(self, name: str) -> Floats:
        if self.uniforms is None:
            raise ValueError(f'these talks need random numbers ("{name}"); give uniforms')
        return self.uniforms(name)

    def _limit(self) -> Indices:
        """(draw,): the last round that takes place: talks break off after each but the last one with the
        probability ``hazard``."""
        draws = self.reserve.shape[1]
        if self.hazard is None or not np.any(self.hazard > 0):
            return np.full(draws, self.rounds, np.intp)
        with np.errstate(divide="ignore", invalid="ignore"):
            survived = np.log1p(-self._uniform("hazard")) / np.log1p(-self.hazard)
        survived = np.where(self.hazard > 0, survived, np.inf)
        return np.minimum(survived, self.rounds - 1).astype(np.intp) + 1

    def _of_side(self, number: int, name: str) -> Floats:
        return self._uniform(f"side {number} {name}")

    def _proposers(self, limit: Indices) -> npt.NDArray[np.int8]:
        """(draw, round): who makes the offer, up to the last round that takes place anywhere; no rounds for
        alternating offers."""
        sides, rounds = len(self.sides), 0 if self.protocol == "alternating" else int(limit.max(initial=0))
        out = np.empty((len(limit), rounds), np.int8)
        for n in range(rounds):
            out[:, n] = np.minimum(self._uniform(f"proposer {n + 1}") * sides, sides - 1)
        return out
