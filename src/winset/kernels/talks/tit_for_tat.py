"""Strategies that answer concessions in kind.

Faratin, Sierra and Jennings (1998, Robotics and Autonomous Systems 24:159-182, sec. 4.3) let each issue
follow the other's last offers on that issue. Options have no distances, so that here, as is usual for such
issues, what follows is a level of utility: the other's offers are measured by the side's own utility, as a
share of the way from its worst deal (0) to its best (1), a refused one as the worst. Offers are those of the
others as the side comes to answer them, whoever made them. The level is kept as it is asked, not as the deal
offered turns out, so that small concessions add up. Until there are offers enough the side asks ``start``.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats, Indices
from winset.kernels.ensemble import TIE
from winset.kernels.talks.strategy import Parameter, Player, Strategy, Talk
from winset.kernels.talks.table import Numbers, Table

__all__ = ["AveragedTitForTat", "RandomTitForTat", "RelativeTitForTat"]

START = Parameter("start", 1.0, 0.0, 1.0, "share of its range that it asks at the outset")
LAG = Parameter("lag", 1.0, 1.0, 50.0, "how many of the other's offers back it looks, in whole numbers")


class RelativeTitForTat(Strategy):
    """The other's concession in per cent: asks its last level times (offer before) / (offer after), ``lag``
    offers ago (their delta).

    After an offer worth nothing there is nothing to compare with: the level stays.
    """

    name = "relative tit-for-tat"
    parameters = (LAG, START)

    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> Player:
        return Relative(table, given, talk)


class RandomTitForTat(Strategy):
    """The other's concession in absolute terms and a random part: asks its last level less (offer after -
    offer before), ``lag`` offers ago, less up to ``most`` drawn evenly (their R(M), whose sign is that of
    conceding)."""

    name = "random tit-for-tat"
    parameters = (
        LAG,
        Parameter("most", 0.0, 0.0, 1.0, "largest random concession, share of its range"),
        START,
    )
    deterministic = False

    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> Player:
        return Random(table, given, talk)


class AveragedTitForTat(Strategy):
    """The other's concession in per cent over its last offers: asks its last level times (offer ``lag``
    before the last) / (last offer); their gamma."""

    name = "averaged tit-for-tat"
    parameters = (LAG, START)

    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> Player:
        return Averaged(table, given, talk)


class Mirror(Player):
    """Keeps the level last asked and the worth of the last offers heard."""

    def __init__(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> None:
        super().__init__(table)
        self.talk = talk
        worst, best = table.ends
        self.worst = np.where(table.able, worst, 0.0)
        self.width = np.where(table.able, best - self.worst, 0.0)
        self.unit = np.where(self.width > 0, self.width, 1.0)
        self.floor = np.where(table.able, (table.base - self.worst) / self.unit, 0.0)
        self.lag = np.broadcast_to(np.rint(given["lag"]), table.draws).astype(np.intp)
        self.asked = np.maximum(np.broadcast_to(given["start"], table.draws), self.floor)
        self.said = np.zeros(table.draws, np.intp)  # offers heard
        self.last = np.zeros(
            (int(self.lag.max(initial=1)) + 1, table.draws)
        )  # their worth, the last one first

    @abstractmethod
    def step(self, round_: int, at: Indices, last: Floats, before: Floats, after: Floats) -> Floats:
        """(k,): the level to ask next.

        Parameters
        ----------
        last : (k,)
            The other's last offer.
        before, after : (k,)
            Its offer ``lag`` offers before the last, and the one that came next.
        """

    def level(self, round_: int, at: Indices) -> Floats:
        """(k,): the share to ask now."""
        lag, now = self.lag[at], self.asked[at]
        last, before, after = self.last[0, at], self.last[lag, at], self.last[lag - 1, at]
        asked = np.where(self.said[at] > lag, self.step(round_, at, last, before, after), now)
        return np.minimum(np.maximum(asked, self.floor[at]), 1.0)

    def next(self, round_: int, at: Indices) -> Numbers:
        table = self.table
        asked = np.maximum(self.worst[at] + self.level(round_, at) * self.width[at], table.base[at]) - TIE
        return np.where(table.able[at], table.least_at(asked, at), np.int32(-1)).astype(np.int32)

    def made(self, round_: int, at: Indices, deals: Numbers) -> None:
        self.asked[at] = self.level(round_, at)

    def heard(self, round_: int, at: Indices, deals: Numbers, by: npt.NDArray[np.int8]) -> None:
        self.last[1:, at] = self.last[:-1, at]
        worth = (self.table.of(deals, at) - self.worst[at]) / self.unit[at]
        self.last[0, at] = np.maximum(worth, 0.0)
        self.said[at] += 1


class Relative(Mirror):
    def step(self, round_: int, at: Indices, last: Floats, before: Floats, after: Floats) -> Floats:
        return self.asked[at] * _ratio(before, after)


class Averaged(Mirror):
    def step(self, round_: int, at: Indices, last: Floats, before: Floats, after: Floats) -> Floats:
        return self.asked[at] * _ratio(before, last)


class Random(Mirror):
    def __init__(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> None:
        super().__init__(table, given, talk)
        self.most = np.broadcast_to(given["most"], table.draws)

    def step(self, round_: int, at: Indices, last: Floats, before: Floats, after: Floats) -> Floats:
        random = self.most[at] * self.talk.uniforms(f"offer {round_}")[at]
        return self.asked[at] - (after - before) - random


def _ratio(before: Floats, after: Floats) -> Floats:
    """before / after, or 1 where one of them is nothing."""
    some = (before > 0) & (after > 0)
    return np.divide(before, after, out=np.ones_like(before), where=some)
