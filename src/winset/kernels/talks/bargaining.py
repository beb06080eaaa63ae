"""The talks of a whole room: what is given, checked once, and the loop that carries it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Indices
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
from winset.kernels.talks.strategy import Player, Side, Talk, Uniforms
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
) -> Outcome:
    """Let the sides bargain in every draw; parameters and rules are those of the package's docstring.

    Raises
    ------
    ValueError
        On an unknown strategy, protocol or parameter, or where random numbers, ``options`` or a mediator are
        needed and not given.
    """
    room = _Room(
        list(utility), reserve, list(sides), rounds, protocol, np.atleast_1d(np.asarray(first, np.intp)),
        hazard, uniforms, allowed, options, mediator,
    )  # fmt: skip
    return room.play(None)


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
        list(utility), reserve, list(sides), rounds, protocol, np.atleast_1d(np.asarray(first, np.intp)),
        hazard, uniforms, allowed, options, mediator,
    )  # fmt: skip
    log: list[Step] = []
    room.only(draw).play(log)
    return log


@dataclass(frozen=True, slots=True)
class _Room:
    """What ``bargain`` is given."""

    utility: list[Floats]
    reserve: Floats
    sides: list[Side]
    rounds: int
    protocol: Protocol
    first: Indices
    hazard: Floats | None
    uniforms: Uniforms | None
    allowed: Bools | None
    options: npt.NDArray[np.int16] | None
    mediator: Mediator | None

    def play(self, log: list[Step] | None) -> Outcome:
        if self.protocol not in PROTOCOLS:
            raise ValueError(f'no protocol "{self.protocol}"; there are {", ".join(PROTOCOLS)}')
        tables = [Table(self._open(u), r) for u, r in zip(self.utility, self.reserve, strict=True)]
        limit = self._limit()
        if self.protocol == "mediated":
            if self.mediator is None:
                raise ValueError("mediated talks need a mediator")
            game = Rounds(tables, [], limit, log)
            single_text(game, self.rounds, self.mediator)
            return game.outcome(self.rounds)
        game = Rounds(tables, [self._seat(n, t) for n, t in enumerate(tables)], limit, log)
        if self.protocol == "alternating":
            alternating(game, self.rounds, np.broadcast_to(self.first, limit.shape))
        else:
            random_proposer(game, self.rounds, self._uniform)
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

    def _open(self, utility: Floats) -> Floats:
        if self.allowed is None:
            return utility
        allowed = self.allowed if self.allowed.ndim == 2 else self.allowed[:, None]
        return np.where(allowed, utility, -np.inf)

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

    def _seat(self, number: int, table: Table) -> Player:
        side = self.sides[number]
        kind = strategy(side.strategy)
        if kind.needs_options and self.options is None:
            raise ValueError(f'"{kind.name}" needs the options of every deal')

        def uniforms(name: str) -> Floats:
            return self._uniform(f"side {number} {name}")

        return kind().sit(table, complete(side), Talk(self.rounds, len(self.sides), self.options, uniforms))
