"""The course of the talks made ready for draws: stages by number, who is in the room, where ways lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.fields import COST, DRIFT, PROBABILITY, SPAN, UTILITY
from winset.case.flow import order, outcomes
from winset.case.numbers import Bounds, Number
from winset.case.stages import STRATEGIES, Consent, Offers, Ratify, Stage, Strategy, Talk, Talks, days
from winset.compiled.draws import Uncertain
from winset.kernels.talks import Side
from winset.lenses.results import NotComputed
from winset.lenses.signals import likelihoods
from winset.lenses.voting import Voice, Vote, prepared

__all__ = ["FINISH", "CoursePlan", "StagePlan", "course_plan", "drawn", "shown", "without_any"]

Floats = npt.NDArray[np.float64]

FINISH = -1  # where the talks end
MOST_SEEN = 256  # combinations of types that a party weighs
#: Where nothing is said: evenly, from the best deal to the least that it accepts.
DEFAULT = Strategy.model_validate({"name": "time-dependent"})


@dataclass(frozen=True)
class StagePlan:
    """One stage."""

    place: int  # in the file
    name: str
    body: Stage
    room: tuple[int, ...]  # parties with preferences that are in it
    sides: tuple[int, ...]  # those of them that bargain: all but a mediator whose yes no deal needs
    ways: dict[str, int]  # outcome -> stage; "" for the others
    back: int | None  # where a rejected deal returns to
    returns: int  # how often
    votes: tuple[Vote, ...]  # bodies that vote


@dataclass(frozen=True)
class CoursePlan:
    """A course of the talks."""

    model: Uncertain
    talks: Talks
    stages: tuple[StagePlan, ...]
    order: tuple[int, ...]  # so that each comes after all that lead to it other than by a rejection
    rounds: int  # rejections that may send a deal back, in all, and one
    voices: tuple[Voice, ...]

    def sides(self, stage: StagePlan, values: Floats) -> list[Side]:
        """How each party that bargains makes its offers, in rows of numbers."""
        assert isinstance(stage.body, Offers)
        out = []
        for p in stage.sides:
            party = self.model.parties[p]
            stated = stage.body.strategies.get(party, DEFAULT)
            parameters: dict[str, Floats] = {}
            for key, number in stated.numbers.items():
                path = f"stages.{stage.name}.strategies.{party}.{key}"
                bounds = STRATEGIES[stated.name][key]
                parameters[key] = drawn(self.model, number, bounds, path, values)
            out.append(Side(stated.name, parameters))
        return out

    def drift(self, values: Floats) -> Floats:
        """(party, draw): by how much the no-deal value changes each day."""
        out = np.zeros((len(self.model.parties), len(values)))
        for party, rate in self.talks.drift.items():
            path = f"talks.drift.{party}"
            row = drawn(self.model, rate.number, DRIFT, path, values)
            out[self.model.parties.index(party)] = days(rate, row)
        return out

    def deadline(self, values: Floats) -> Floats | None:
        """(draw,): how many days there are in all."""
        span = self.talks.deadline
        return (
            None
            if span is None
            else days(span, drawn(self.model, span.number, SPAN, "talks.deadline", values))
        )

    def lasts(self, stage: StagePlan, values: Floats) -> Floats | float:
        """(draw,): how many days a stage takes."""
        span = stage.body.lasts
        if span is None:
            return 0.0
        return days(span, drawn(self.model, span.number, SPAN, f"stages.{stage.name}.lasts", values))  # type: ignore[no-any-return]

    def hazard(self, stage: StagePlan, values: Floats) -> Floats | None:
        chance = stage.body.hazard
        if chance is None:
            return None
        return drawn(self.model, chance, PROBABILITY, f"stages.{stage.name}.hazard", values)

    def points(self, stage: StagePlan, key: str, values: Floats) -> Iterator[tuple[int, Floats]]:
        """Party and (draw,) points of it, of what a stage costs, brings, or costs to stay in."""
        bounds = UTILITY if key == "gains" else COST
        for party, number in getattr(stage.body, key).items():
            path = f"stages.{stage.name}.{key}.{party}"
            yield self.model.parties.index(party), drawn(self.model, number, bounds, path, values)

    def likelihood(self, stage: StagePlan, party: str, values: Floats) -> Floats:
        """(signal, type, draw): the probability of each signal that a party may show, given each type."""
        assert isinstance(stage.body, Talk)
        return shown(self.model, stage.name, stage.body, party, values)


def shown(model: Uncertain, stage: str, body: Talk, party: str, values: Floats) -> Floats:
    """(signal, type, draw): the probability of each signal of a party in a stage, given each of its types."""
    types = tuple(model.case.preferences[party].types)

    def number(likelihood: Number, place: str) -> Floats:
        return drawn(model, likelihood, PROBABILITY, f"stages.{stage}.signals.{party}.{place}", values)

    return likelihoods(body.signals[party], types, len(values), number)


def drawn(model: Uncertain, number: Number, bounds: Bounds, path: str, values: Floats) -> Floats:
    """(draw,): a number of the case in rows of numbers."""
    column = model.index.get(path)
    if column is not None:
        out: Floats = values[:, column]
        return out
    return np.full(len(values), float(number.central(bounds)))


def without_any(case: Any) -> NotComputed | None:
    """Why there is no course, where the case states none."""
    return None if case.stages else NotComputed("the case states no stages")


def course_plan(model: Uncertain, stages: Mapping[str, Stage], talks: Talks) -> CoursePlan | NotComputed:
    """Make a course ready, or say why it cannot be run."""
    names = list(stages)
    voices: list[Voice] = [Voice(p, "", "") for p in range(len(model.parties))]
    rulers = {model.parties[r] for r in model.rulers}

    def place(name: str) -> int:
        return names.index(name) if name in names else FINISH

    out = []
    for n, (name, body) in enumerate(stages.items()):
        room = tuple(model.parties.index(p) for p in body.room if p in model.parties)
        mediator = body.mediator if isinstance(body, Offers) else None
        sides = tuple(p for p in room if model.parties[p] != mediator or mediator in rulers)
        votes = []
        for which in body.bodies if isinstance(body, Ratify) else ():
            vote = prepared(which, model.case.bodies[which], model.central, voices)
            if isinstance(vote, NotComputed):
                return vote
            votes.append(vote)
        back = body.rejected if isinstance(body, Consent) else None
        if isinstance(body, Talk) and _seen(model, stages) > MOST_SEEN:
            return NotComputed(f"the types that the stages tell about combine in more than {MOST_SEEN} ways")
        out.append(
            StagePlan(
                n,
                name,
                body,
                room,
                sides,
                {k: place(v) for k, v in outcomes(stages, name).items()},
                None if back is None else place(back.to),
                0 if back is None else back.at_most,
                tuple(votes),
            )
        )
        if isinstance(body, Offers) and len(sides) < 2:
            return NotComputed(f"fewer than two parties bargain in {name}")
    return CoursePlan(
        model,
        talks,
        tuple(out),
        tuple(names.index(n) for n in order(stages)),
        1 + sum(s.returns for s in out),
        tuple(voices),
    )


def _seen(model: Uncertain, stages: Mapping[str, Stage]) -> int:
    shown: Sequence[str] = dict.fromkeys(  # type: ignore[assignment]
        p for s in stages.values() if isinstance(s, Talk) for p in s.signals
    )
    many = 1
    for party in shown:
        many *= len(model.types.get(party, (0,)))
    return many
