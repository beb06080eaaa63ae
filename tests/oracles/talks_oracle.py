"""Talks in plain Python: one draw at a time, one deal at a time, in lists.

Written from the definitions alone, as a check of ``winset.kernels.talks``. A negotiator has ``plan`` (what it
would offer now; None leaves), ``made`` and ``hear``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

CLOSE = 1e-9

Uniform = Callable[[str], float]
Ending = tuple[int, int, int, int]  # deal, round, by, ended


class Negotiator:
    """What all have in common: the deals it could live with, and its range."""

    def __init__(self, utility: Sequence[float], reserve: float, rounds: int, **given: Any) -> None:
        self.utility, self.reserve, self.rounds, self.given = list(utility), reserve, rounds, given
        possible = [u for u in utility if u > -math.inf]
        self.fine = [d for d, u in enumerate(utility) if u > -math.inf and u >= reserve - CLOSE]
        self.top = max(possible, default=-math.inf)
        self.base = max(reserve, min(possible, default=-math.inf))

    def least(self, level: float) -> int | None:
        """The deal of least utility that reaches a level, among those it could live with."""
        found = [d for d in self.fine if self.utility[d] >= max(level, self.base) - CLOSE]
        return min(found, key=lambda d: (self.utility[d], d), default=None)

    def plan(self, round_: int) -> int | None:
        raise NotImplementedError

    def made(self, round_: int, deal: int) -> None:
        pass

    def hear(self, round_: int, deal: int, by: int) -> None:
        pass

    def accepts(self, round_: int, deal: int) -> bool:
        own = self.plan(round_)
        return own is not None and deal in self.fine and self.utility[deal] >= self.utility[own]


class TimeDependent(Negotiator):
    def plan(self, round_: int) -> int | None:
        beta, kappa = self.given["beta"], self.given["kappa"]
        passed = (round_ - 1) / (self.rounds - 1) if self.rounds > 1 else 1.0
        conceded = kappa + (1 - kappa) * passed ** (1 / beta)
        return self.least(self.base + (1 - conceded) * (self.top - self.base)) if self.fine else None


class Aspiration(Negotiator):
    def plan(self, round_: int) -> int | None:
        asked = self.given["start"] * (1 - (round_ / (self.rounds + 1)) ** self.given["exponent"])
        level = self.base + asked * (self.top - self.base) - self.given["eps"]
        return self.least(level) if self.fine else None


def last_round(rounds: int, hazard: float, uniform: Uniform) -> int:
    """Round after round, does it break off? One number decides: the chance to survive k rounds falls below
    it."""
    if hazard <= 0:
        return rounds
    level, alive = 1 - uniform("hazard"), 1.0
    for round_ in range(1, rounds):
        alive *= 1 - hazard
        if alive < level:
            return round_
    return rounds


def alternating(room: Sequence[Negotiator], rounds: int, limit: int, first: int) -> Ending:
    standing, proposer, yes = None, -1, 0
    order = [(first + k) % len(room) for k in range(len(room))]
    for round_ in range(1, limit + 1):
        for who in order:
            side = room[who]
            if standing is not None:
                side.hear(round_, standing, proposer)
            plan = side.plan(round_)
            if plan is None:
                return -1, round_, who, 3
            if standing is not None and side.accepts(round_, standing):
                yes += 1
                if yes == len(room) - 1:
                    return standing, round_, proposer, 0
                continue
            standing, proposer, yes = plan, who, 0
            side.made(round_, plan)
    return -1, limit, -1, 1 if limit == rounds else 2


def random_proposer(room: Sequence[Negotiator], rounds: int, limit: int, uniform: Uniform) -> Ending:
    for round_ in range(1, limit + 1):
        who = min(int(uniform(f"proposer {round_}") * len(room)), len(room) - 1)
        offer = room[who].plan(round_)
        if offer is None:
            return -1, round_, who, 3
        room[who].made(round_, offer)
        answers = []
        for other, side in enumerate(room):
            if other != who:
                side.hear(round_, offer, who)
                answers.append(side.accepts(round_, offer))
        if all(answers):
            return offer, round_, who, 0
    return -1, limit, -1, 1 if limit == rounds else 2


def mediated(
    room: Sequence[Negotiator], rounds: int, limit: int, belief: Sequence[float], patience: int
) -> Ending:
    drafts = sorted((d for d in range(len(belief)) if belief[d] > 0), key=lambda d: (-belief[d], d))
    text, refused = None, 0
    for round_ in range(1, limit + 1):
        if round_ > len(drafts):
            return (-1, round_, -1, 1) if text is None else (text, round_, -1, 0)
        draft = drafts[round_ - 1]
        if text is None:
            taken = all(draft in s.fine for s in room)
        else:
            taken = all(draft in s.fine and s.utility[draft] >= s.utility[text] for s in room)
            taken = taken and any(s.utility[draft] > s.utility[text] for s in room)
        text, refused = (draft, 0) if taken else (text, refused + 1)
        if text is not None and (refused >= patience or round_ == rounds):
            return text, round_, -1, 0
    return -1, limit, -1, 1 if limit == rounds else 2
