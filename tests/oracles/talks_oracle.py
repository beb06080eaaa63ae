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


class TitForTat(Negotiator):
    """Levels as shares of the way from the worst deal to the best."""

    def __init__(self, utility: Sequence[float], reserve: float, rounds: int, **given: Any) -> None:
        super().__init__(utility, reserve, rounds, **given)
        self.worst = min((u for u in utility if u > -math.inf), default=0.0)
        self.heard: list[float] = []
        self.asked = max(given["start"], self.share(self.base) if self.fine else 0.0)

    def share(self, utility: float) -> float:
        return (utility - self.worst) / (self.top - self.worst) if self.top > self.worst else 0.0

    def rule(self, round_: int) -> float:
        raise NotImplementedError

    def level(self, round_: int) -> float:
        if not self.fine:
            return self.asked
        asked = self.rule(round_) if len(self.heard) > round(self.given["lag"]) else self.asked
        return min(max(asked, self.share(self.base)), 1.0)

    def plan(self, round_: int) -> int | None:
        return self.least(self.worst + self.level(round_) * (self.top - self.worst)) if self.fine else None

    def made(self, round_: int, deal: int) -> None:
        self.asked = self.level(round_)

    def hear(self, round_: int, deal: int, by: int) -> None:
        worth = self.utility[deal]
        self.heard.append(max(self.share(worth), 0.0) if worth > -math.inf and self.fine else 0.0)


class RelativeTitForTat(TitForTat):
    def rule(self, round_: int) -> float:
        lag = round(self.given["lag"])
        before, after = self.heard[-1 - lag], self.heard[-lag]
        return self.asked * before / after if before > 0 and after > 0 else self.asked


class AveragedTitForTat(TitForTat):
    def rule(self, round_: int) -> float:
        before, after = self.heard[-1 - round(self.given["lag"])], self.heard[-1]
        return self.asked * before / after if before > 0 and after > 0 else self.asked


class RandomTitForTat(TitForTat):
    def rule(self, round_: int) -> float:
        lag = round(self.given["lag"])
        conceded = self.heard[-lag] - self.heard[-1 - lag]
        return self.asked - conceded - self.given["most"] * self.given["uniform"](f"offer {round_}")


class Micro(Negotiator):
    def __init__(self, utility: Sequence[float], reserve: float, rounds: int, **given: Any) -> None:
        super().__init__(utility, reserve, rounds, **given)
        self.order = sorted(self.fine, key=lambda d: (-self.utility[d], -d))
        self.mine: list[int] = []
        self.theirs: set[int] = set()

    def new(self) -> bool:
        return len(self.mine) <= len(self.theirs) and len(self.mine) < len(self.order)

    def plan(self, round_: int) -> int | None:
        if not self.order:
            return None
        if self.new():
            return self.order[len(self.mine)]
        return self.mine[int(self.given["uniform"](f"offer {round_}") * len(self.mine))]

    def made(self, round_: int, deal: int) -> None:
        if self.new():
            self.mine.append(deal)

    def hear(self, round_: int, deal: int, by: int) -> None:
        self.theirs.add(deal)

    def accepts(self, round_: int, deal: int) -> bool:
        if not self.order:
            return False
        least = self.order[len(self.mine)] if self.new() else self.mine[-1]
        return deal in self.fine and self.utility[deal] >= self.utility[least]


class RandomWalker(Negotiator):
    def plan(self, round_: int) -> int | None:
        level = self.base + self.given["least"] * (self.top - self.base)
        good = [d for d in self.fine if self.utility[d] >= level - CLOSE]
        good.sort(key=lambda d: (-self.utility[d], -d))
        return good[int(self.given["uniform"](f"offer {round_}") * len(good))] if good else None


class Bayesian(Negotiator):
    """Beliefs as lists of (probability, hypothesis), each issue by itself."""

    def __init__(self, utility: Sequence[float], reserve: float, rounds: int, **given: Any) -> None:
        super().__init__(utility, reserve, rounds, **given)
        self.options: list[list[int]] = given["options"]
        self.weights, self.evaluations = [], []
        for issue in range(len(self.options[0])):
            size = max(row[issue] for row in self.options) + 1
            prior = [(1 - (j + 1) / 11) ** 3 for j in range(11)]
            self.weights.append([(p / sum(prior), j / 10) for j, p in enumerate(prior)])
            shapes = [[self.evaluation(o, peak, size) for o in range(size)] for peak in range(size)]
            self.evaluations.append([(1 / len(shapes), shape) for shape in shapes])
        self.heard: list[int] = []

    @staticmethod
    def evaluation(option: int, peak: int, size: int) -> float:
        if option == peak:
            return 1.0
        return option / peak if option < peak else (size - 1 - option) / (size - 1 - peak)

    def weight(self, issue: int) -> float:
        return sum(p * w for p, w in self.weights[issue])

    def value(self, issue: int, deal: int) -> float:
        return sum(p * shape[self.options[deal][issue]] for p, shape in self.evaluations[issue])

    def believed(self, deal: int) -> float:
        return sum(self.weight(i) * self.value(i, deal) for i in range(len(self.weights)))

    def likelihood(self, utility: float) -> float:
        expected = max(1 - self.given["pace"] * len(self.heard), 0.05)
        return math.exp(-0.5 * ((expected - utility) / expected / self.given["sigma"]) ** 2)

    def hear(self, round_: int, deal: int, by: int) -> None:
        if deal in self.heard:
            return
        issues = range(len(self.weights))
        if self.heard:
            rest = [self.believed(deal) - self.weight(i) * self.value(i, deal) for i in issues]
            self.weights = [
                self.learn(self.weights[i], [rest[i] + w * self.value(i, deal) for _, w in self.weights[i]])
                for i in issues
            ]
        rest = [self.believed(deal) - self.weight(i) * self.value(i, deal) for i in issues]
        self.evaluations = [
            self.learn(
                self.evaluations[i],
                [rest[i] + self.weight(i) * shape[self.options[deal][i]] for _, shape in self.evaluations[i]],
            )
            for i in issues
        ]
        self.heard.append(deal)

    def learn(self, belief: list[tuple[float, Any]], utilities: list[float]) -> list[tuple[float, Any]]:
        joint = [p * self.likelihood(u) for (p, _), u in zip(belief, utilities, strict=True)]
        return [(j / sum(joint), h) for j, (_, h) in zip(joint, belief, strict=True)]

    def plan(self, round_: int) -> int | None:
        if not self.fine:
            return None
        beta, kappa = self.given["beta"], self.given["kappa"]
        passed = (round_ - 1) / (self.rounds - 1) if self.rounds > 1 else 1.0
        level = self.base + (1 - kappa) * (1 - passed ** (1 / beta)) * (self.top - self.base)
        upper = level + self.given["band"] * (self.top - self.base)
        near = [d for d in self.fine if level - CLOSE <= self.utility[d] <= upper]
        near = near or [d for d in [self.least(level)] if d is not None]
        near = sorted(near, key=lambda d: (self.utility[d], d))[:64]
        return max(near, key=lambda d: (round(self.believed(d), 12), -near.index(d)))


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
