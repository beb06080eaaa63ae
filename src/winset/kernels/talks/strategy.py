"""What a strategy is: how a side asks, answers and concedes.

A strategy sits down with a side's utilities (``sit``) and becomes a ``Player``, which holds its state in
every draw. Most work by a level of utility that they ask; those whose level depends on the clock alone are
``Timed``, and their whole course is known beforehand.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Indices
from winset.kernels.talks.table import Numbers, Table

__all__ = ["Parameter", "Player", "Side", "Strategy", "Talk", "Timed", "TimedPlayer", "Uniforms"]

Uniforms = Callable[[str], Floats]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a strategy."""

    name: str
    default: float
    low: float
    high: float
    what: str  # in a few words


@dataclass(frozen=True, slots=True)
class Side:
    """One party in the room: how it bargains."""

    strategy: str | type[Strategy]  # a name of ``STRATEGIES``, or one that is not among them
    parameters: Mapping[str, Floats] = field(default_factory=dict)  # each (draw,) or (1,)


@dataclass(frozen=True, slots=True)
class Talk:
    """What all sides know."""

    rounds: int
    sides: int
    options: npt.NDArray[np.int16] | None  # (deal, issue)
    uniforms: Uniforms  # of this side alone


class Strategy(ABC):
    """A way to bargain."""

    name: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    deterministic: ClassVar[bool] = True  # asks for no random numbers
    needs_options: ClassVar[bool] = False  # must know of which options a deal consists

    @abstractmethod
    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> Player:
        """A player for every draw. ``given`` holds all parameters, each (draw,) or (1,)."""


class Player(ABC):
    """A side at the table, in all draws at once. ``at`` names the draws that a call is about."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @abstractmethod
    def next(self, round_: int, at: Indices) -> Numbers:
        """(k,): the deal that the side would offer now; -1 where it leaves. Changes nothing."""

    def made(self, round_: int, at: Indices, deals: Numbers) -> None:  # noqa: B027  (few need it)
        """The side offers these deals: its own ``next``."""

    def heard(  # noqa: B027  (few need it)
        self, round_: int, at: Indices, deals: Numbers, by: npt.NDArray[np.int8]
    ) -> None:
        """Offers of other sides, before they are answered; each is heard once."""

    def accepts(self, round_: int, at: Indices, deals: Numbers, own: Numbers) -> Bools:
        """Whether the side takes these deals: by default if they are worth at least what it would offer.

        AC_next with scale 1 and no constant (Baarslag, Hindriks and Jonker 2014, in: Next Frontier in
        Agent-based Complex Automated Negotiation). Where a side offers the least deal that reaches its
        level, this is the same as to accept whatever reaches that level.
        """
        out: Bools = self.table.of(deals, at) >= self.table.of(own, at)
        return out


class Timed(Strategy):
    """A strategy that follows the clock and nothing else."""

    @abstractmethod
    def share(self, rounds: int, given: Mapping[str, Floats]) -> Floats:
        """(round, draw or 1): the share of the way from ``Table.base`` to the best deal that it asks; never
        rising."""

    def slack(self, given: Mapping[str, Floats]) -> Floats:
        """(draw or 1,): utility by which offers and answers may fall short of what is asked."""
        return np.zeros(1)

    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> TimedPlayer:
        return TimedPlayer(table, table.levels(self.share(talk.rounds, given), self.slack(given)))


class TimedPlayer(Player):
    """Offers the least deal that reaches the level of the round.

    Parameters
    ----------
    levels : float64 (round, draw)
    """

    def __init__(self, table: Table, levels: Floats) -> None:
        super().__init__(table)
        self.offers = table.least(np.where(table.able, levels, np.inf))  # (round, draw)

    def next(self, round_: int, at: Indices) -> Numbers:
        out: Numbers = self.offers[round_ - 1, at]
        return out
