"""MiCRO: concede one deal whenever the other has."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Indices
from winset.kernels.talks.strategy import Player, Strategy, Talk
from winset.kernels.talks.table import Numbers, Table

__all__ = ["Micro"]


class Micro(Strategy):
    """De Jonge (2022, IJCAI, 223-229): offer one's deals from the best on, but a new one only if one has not
    offered more different deals than one has received; else one of those offered before, drawn evenly.

    Accepts what is worth at least the next new deal or, if it is not its turn to concede, the last one it
    offered. Deals below the reservation value are never offered.
    """

    name = "micro"
    deterministic = False

    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> Player:
        return MicroPlayer(table, talk)


class MicroPlayer(Player):
    def __init__(self, table: Table, talk: Talk) -> None:
        super().__init__(table)
        self.talk = talk
        self.offered = np.zeros(table.draws, np.intp)  # different deals, its best ones
        self.received = np.zeros(table.draws, np.intp)  # different deals
        self.seen: list[Numbers] = []  # in each hearing, (draw,): the deal, -1 where there was none

    def concedes(self, at: Indices) -> Bools:
        """(k,): whether a new deal is to come."""
        out: Bools = (self.offered[at] <= self.received[at]) & (self.offered[at] < self.table.acceptable[at])
        return out

    def next(self, round_: int, at: Indices) -> Numbers:
        offered = self.offered[at]
        concedes = self.concedes(at)
        if concedes.all():
            rank = offered
        else:
            again = (self.talk.uniforms(f"offer {round_}")[at] * offered).astype(np.intp)
            rank = np.where(concedes, offered, np.minimum(again, np.maximum(offered - 1, 0)))
        deals = self.table.best(rank, at)
        return np.where(self.table.able[at], deals, np.int32(-1)).astype(np.int32)

    def made(self, round_: int, at: Indices, deals: Numbers) -> None:
        self.offered[at] += self.concedes(at)

    def heard(self, round_: int, at: Indices, deals: Numbers, by: npt.NDArray[np.int8]) -> None:
        known = np.zeros(len(at), np.bool_)
        for earlier in self.seen:
            known |= earlier[at] == deals
        self.received[at] += ~known
        now = np.full(self.table.draws, -1, np.int32)
        now[at] = deals
        self.seen.append(now)

    def accepts(self, round_: int, at: Indices, deals: Numbers, own: Numbers) -> Bools:
        rank = np.where(self.concedes(at), self.offered[at], np.maximum(self.offered[at] - 1, 0))
        least = self.table.of(self.table.best(rank, at), at)
        out: Bools = self.table.of(deals, at) >= least
        return out
