"""Rounds of offers and answers, in all draws in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Indices
from winset.kernels.ensemble import TIE
from winset.kernels.talks.strategy import Player
from winset.kernels.talks.table import Numbers, Table

__all__ = [
    "AGREED",
    "BROKEN",
    "DEADLINE",
    "PROTOCOLS",
    "WALKED",
    "Outcome",
    "Protocol",
    "Rounds",
    "Step",
    "alternating",
    "random_proposer",
]

AGREED, DEADLINE, BROKEN, WALKED = 0, 1, 2, 3
Protocol = Literal["alternating", "random", "mediated"]
PROTOCOLS: tuple[Protocol, ...] = ("alternating", "random", "mediated")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How talks end in every draw."""

    deal: npt.NDArray[np.int32]  # (draw,), -1 where there is none
    round: npt.NDArray[np.int32]  # (draw,): in which they end, from 1
    by: npt.NDArray[np.int8]  # (draw,): whose offer was accepted; who walked out; -1 else
    ended: npt.NDArray[np.int8]  # (draw,): 0 agreed, 1 deadline, 2 broken off, 3 walked out


@dataclass(frozen=True, slots=True)
class Step:
    """One offer and its answers."""

    round: int
    by: int  # side; -1 for the mediator
    deal: int
    accepted: tuple[int, ...]  # sides that said yes, in their order


class Rounds:
    """The state of talks in all draws.

    Parameters
    ----------
    limit : (draw,)
        The last round that takes place.
    log
        Takes the steps of draw 0.
    """

    def __init__(
        self, tables: Sequence[Table], players: Sequence[Player], limit: Indices, log: list[Step] | None
    ) -> None:
        self.tables, self.players, self.limit, self.log = tables, players, limit, log
        draws = len(limit)
        self.open = np.ones(draws, np.bool_)
        self.deal = np.full(draws, -1, np.int32)
        self.round = limit.astype(np.int32)
        self.by = np.full(draws, -1, np.int8)
        self.ended = np.full(draws, DEADLINE, np.int8)

    def outcome(self, rounds: int) -> Outcome:
        self.ended[self.open & (self.limit < rounds)] = BROKEN
        return Outcome(self.deal, self.round, self.by, self.ended)

    def close(
        self, at: Indices, how: int, round_: int, by: npt.NDArray[np.int8] | int, deal: Numbers | int
    ) -> None:
        """End these draws."""
        self.open[at] = False
        self.ended[at], self.round[at], self.by[at], self.deal[at] = how, round_, by, deal

    def sign(self, at: Indices, round_: int, text: Numbers) -> None:
        """End at the text that stands; where there is none, without a deal."""
        agreed = text[at] >= 0
        self.close(at[agreed], AGREED, round_, -1, text[at[agreed]])
        self.close(at[~agreed], DEADLINE, round_, -1, -1)

    def running(self, round_: int) -> Bools:
        out: Bools = self.open & (round_ <= self.limit)
        return out

    def leave(self, side: int, round_: int, at: Indices, own: Numbers) -> Bools:
        """Those of draws ``at`` in which the side stays; it walks out where it has nothing to offer."""
        stays: Bools = own >= 0
        self.close(at[~stays], WALKED, round_, side, -1)
        return stays

    def suits(self, side: int, round_: int, at: Indices, deals: Numbers, own: Numbers) -> Bools:
        """Whether the side accepts: what its strategy says, but nothing below its reservation value."""
        table = self.tables[side]
        worth = table.of(deals, at) >= table.reserve[at] - TIE
        return worth & self.players[side].accepts(round_, at, deals, own)


def alternating(game: Rounds, rounds: int, first: Indices) -> None:
    """Stacked alternating offers (Aydogan, Festen, Hindriks and Jonker 2017, in: Modern Approaches to
    Agent-based Complex Automated Negotiation, 153-167): each in turn accepts the offer that stands or makes
    one of its own; an offer that all others accept one after another is agreed.

    Parameters
    ----------
    first : (draw,)
        The side that opens; the others follow in the order of the room. In a round everyone has one turn.
    """
    sides = len(game.players)
    draws = len(first)
    standing = np.full(draws, -1, np.int32)
    proposer = np.full(draws, -1, np.int8)
    yes = np.zeros(draws, np.int8)
    for round_ in range(1, rounds + 1):
        if not game.running(round_).any():
            return
        for turn in range(sides):
            for side in range(sides):
                at = np.flatnonzero(game.running(round_) & ((first + turn) % sides == side))
                if not len(at):
                    continue
                player = game.players[side]
                offered = at[standing[at] >= 0]
                if len(offered):
                    player.heard(round_, offered, standing[offered], proposer[offered])
                own = player.next(round_, at)
                stays = game.leave(side, round_, at, own)
                at, own = at[stays], own[stays]
                accepts = (standing[at] >= 0) & game.suits(side, round_, at, standing[at], own)
                glad = at[accepts]
                yes[glad] += 1
                if game.log and len(glad):
                    last = game.log[-1]
                    game.log[-1] = Step(last.round, last.by, last.deal, (*last.accepted, side))
                done = glad[yes[glad] == sides - 1]
                game.close(done, AGREED, round_, proposer[done], standing[done])
                at, own = at[~accepts], own[~accepts]
                standing[at], proposer[at], yes[at] = own, side, 0
                player.made(round_, at, own)
                if game.log is not None and len(at):
                    game.log.append(Step(round_, side, int(own[0]), ()))


def random_proposer(game: Rounds, proposers: npt.NDArray[np.int8]) -> None:
    """Every round one side makes an offer, and all others answer it at once.

    Parameters
    ----------
    proposers : int8 (draw, round)
    """
    sides = len(game.players)
    for round_, proposer in enumerate(proposers.T, 1):
        if not game.running(round_).any():
            return
        for side in range(sides):
            at = np.flatnonzero(game.running(round_) & (proposer == side))
            if not len(at):
                continue
            own = game.players[side].next(round_, at)
            stays = game.leave(side, round_, at, own)
            at, own = at[stays], own[stays]
            game.players[side].made(round_, at, own)
            yes = np.ones(len(at), np.bool_)
            said = []
            for other in range(sides):
                if other == side or not len(at):
                    continue
                game.players[other].heard(round_, at, own, np.full(len(at), side, np.int8))
                planned = game.players[other].next(round_, at)
                says = game.suits(other, round_, at, own, planned) & (planned >= 0)
                yes &= says
                if says.any():
                    said.append(other)
            if game.log is not None and len(at):
                game.log.append(Step(round_, side, int(own[0]), tuple(said)))
            game.close(at[yes], AGREED, round_, side, own[yes])
