"""A baseline without a plan."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winset.kernels.blocks import Floats, Indices
from winset.kernels.talks.strategy import Parameter, Player, Strategy, Talk
from winset.kernels.talks.table import Numbers, Table

__all__ = ["RandomWalker"]


class RandomWalker(Strategy):
    """Offers, every time, any deal that is good enough, drawn evenly; accepts what is worth as much as the
    one it would offer now (the Random Walker of the literature on automated negotiation, for comparison)."""

    name = "random"
    parameters = (Parameter("least", 0.0, 0.0, 1.0, "share of its range that its offers reach at least"),)
    deterministic = False

    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> Player:
        return Walker(table, given, talk)


class Walker(Player):
    def __init__(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> None:
        super().__init__(table)
        self.talk = talk
        every = np.arange(table.draws)
        level = np.where(table.able, table.levels(given["least"]), np.inf)
        self.good = len(table.utility) - table.reached(level, every)  # (draw,): how many are good enough

    def next(self, round_: int, at: Indices) -> Numbers:
        good = self.good[at]
        rank = (self.talk.uniforms(f"offer {round_}")[at] * good).astype(np.intp)
        deals = self.table.best(np.minimum(rank, np.maximum(good - 1, 0)), at)
        return np.where(good > 0, deals, np.int32(-1)).astype(np.int32)
