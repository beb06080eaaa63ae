"""Single runs of the talks, told step by step as data.

Which run is told: of the runs that end the same way by the same stages, the most frequent way is taken (of
equals the one that comes up first); of these runs the one whose gains, party by party, are nearest to their
medians, in points added up (of equals the first).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from winset.compiled.sampling import PIECE, Sampler
from winset.lenses.course_ends import Ends, alike, prospects
from winset.lenses.course_plan import CoursePlan, StagePlan
from winset.lenses.course_run import AGREEMENT, ENDINGS, Beliefs, Part, Room, Stop, run
from winset.lenses.estimates import Estimate, share
from winset.lenses.results import NotComputed, Result

__all__ = ["Beat", "Story", "names_of", "story"]

What = Literal["enters", "shows", "weighs", "offers", "agrees", "asks", "votes", "returns", "ends"]


@dataclass(frozen=True, slots=True)
class Beat(Result):
    """One thing that happens."""

    what: What
    stage: str  # "" once the last stage is over
    days: float  # since the talks began
    party: str | None = None  # who shows, weighs, offers (None: the mediator), is asked; the body that votes
    word: str | None = None  # the signal, the stage that is returned to, or how the talks end
    yes: bool | None = None  # weighs: goes on; asks and votes: yes
    round: int | None = None  # of offers
    deal: dict[str, str] | None = None
    gains: dict[str, float] = field(default_factory=dict)  # by party, of the deal
    accepted: tuple[str, ...] = ()  # who said yes to an offer; who walked out or rejected, at the end
    beliefs: dict[str, dict[str, float]] = field(default_factory=dict)  # weighs: of others' types
    expects: float | None = None  # weighs: from going on, in points
    costs: float | None = None  # weighs: what going on costs it


@dataclass(frozen=True, slots=True)
class Story(Result):
    """One run of the talks."""

    draw: int
    alike: Estimate  # of the runs with this result (agreement, or none), the share that take the same way
    types: dict[str, str]
    days: float
    deal: dict[str, str] | None
    gains: dict[str, float]  # party -> over its no-deal value at the outset, with what stages give and cost
    beats: tuple[Beat, ...]


def names_of(made: CoursePlan, how: int, who: int, stage: int) -> tuple[str, ...]:
    """Whose bits these are: bodies of the stage where they do not ratify, else parties."""
    if ENDINGS[how] == "not ratified":
        return tuple(v.name for n, v in enumerate(made.stages[stage].votes) if who >> n & 1)
    return tuple(p for n, p in enumerate(made.model.parties) if who >> n & 1)


def story(
    made: CoursePlan, room: Room, sampler: Sampler, found: Ends, beliefs: Beliefs, *, failed: bool
) -> Story | NotComputed:
    """A typical agreement, or a typical failure."""
    wanted = np.flatnonzero((found.how != AGREEMENT) == failed)
    if not len(wanted):
        return NotComputed("every run ends in agreement" if failed else "no run ends in agreement")
    _, which = alike(found.path[wanted], found.how[wanted], found.who[wanted])
    _, first, times = np.unique(which, return_index=True, return_counts=True)
    best = min(range(len(times)), key=lambda n: (-int(times[n]), int(first[n])))
    same = wanted[which == best]
    gains = found.gain[:, same]
    far = np.abs(gains - np.median(gains, axis=1, keepdims=True)).sum(axis=0)
    draw = int(same[int(np.argmin(np.round(far, 9)))])
    start = draw // PIECE * PIECE
    values = made.model.values(sampler.scores(start, min(PIECE, len(found.how) - start)))[draw - start]
    part = Part(room, made.model.draws(values[None], first=draw))
    teller = _Teller(made, found, part)
    with suppress(_Left):
        run(made, part, beliefs, teller)
    types = {
        p: kinds[int(found.kind[made.model.parties.index(p), draw])] for p, kinds in made.model.types.items()
    }
    return Story(
        draw,
        share(len(same), len(wanted)),
        types,
        float(found.clock[draw]),
        None if failed else made.model.number(int(found.deal[draw])),
        {p: float(found.gain[n, draw]) for n, p in enumerate(made.model.parties)},
        tuple(teller.beats),
    )


class _Left(Exception):  # noqa: N818 - somebody walked out; the run is over
    pass


class _Teller:
    """Writes down what happens in a single draw."""

    def __init__(self, made: CoursePlan, found: Ends, part: Part) -> None:
        self.made, self.found, self.part = made, found, part
        self.beats: list[Beat] = []

    def __call__(self, what: str, stage: StagePlan, told: Mapping[str, Any]) -> None:
        getattr(self, f"_{what}")(stage, told)

    def _add(self, what: What, stage: StagePlan | None, told: Mapping[str, Any], **more: Any) -> None:
        self.beats.append(Beat(what, "" if stage is None else stage.name, told["days"], **more))

    def _name(self, p: int) -> str:
        return self.made.model.parties[p]

    def _gains(self, deal: int) -> dict[str, float]:
        reserve, only = self.part.draws.reserve, np.array([0])
        return {
            party: float(self.part.worth(p, np.array([deal], np.int32), only)[0] - reserve[p, 0])
            for p, party in enumerate(self.made.model.parties)
        }

    def _enters(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        self._add("enters", stage, {"days": told["days"] - told["lasts"]})

    def _shows(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        self._add("shows", stage, told, party=self._name(told["party"]), word=told["signal"])

    def _stop(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        stop: Stop = told["stop"]
        expected = self.found.expected[stop.round, stop.stage]
        gone = 0
        for p, (gain, price) in prospects(stop, expected, self.part.draws.kind).items():
            stays = bool(gain[0] >= price[0] - 1e-9)
            gone |= (not stays) << p
            self._add(
                "weighs", stage, told, party=self._name(p), yes=stays, expects=float(gain[0]),
                costs=float(price[0]), beliefs=self._beliefs(stop, p),
            )  # fmt: skip
        if gone:
            self._ends(stage, {**told, "how": ENDINGS.index("walkout"), "who": gone})
            raise _Left

    def _beliefs(self, stop: Stop, p: int) -> dict[str, dict[str, float]]:
        sizes = stop.sizes[p]
        whole = stop.belief[p][0].reshape(list(sizes.values()))
        out = {}
        for axis, q in enumerate(sizes):
            alone = whole.sum(axis=tuple(n for n in range(whole.ndim) if n != axis))
            kinds = self.made.model.case.preferences[self._name(q)].types
            out[self._name(q)] = {k: float(v) for k, v in zip(kinds, alone, strict=True)}
        return out

    def _bargains(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        sides = [self._name(p) for p in stage.sides]
        for step in told["steps"]:
            by = None if step.by < 0 else sides[step.by]
            self._add(
                "offers", stage, told, party=by, round=int(step.round),
                deal=self.made.model.number(int(step.deal)), gains=self._gains(int(step.deal)),
                accepted=tuple(sides[n] for n in step.accepted),
            )  # fmt: skip
        if told["deal"] >= 0:
            deal = told["deal"]
            self._add("agrees", stage, told, deal=self.made.model.number(deal), gains=self._gains(deal))

    def _asks(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        at = None if told.get("late") else stage
        word = "asked" if told["asked"] else "heard"
        self._add("asks", at, told, party=self._name(told["party"]), yes=told["says"], word=word)

    def _votes(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        self._add("votes", stage, told, party=told["body"], yes=told["passes"])

    def _returns(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        self._add("returns", stage, told, word=self.made.stages[told["to"]].name)

    def _ends(self, stage: StagePlan, told: Mapping[str, Any]) -> None:
        who = told["who"]
        bits = int(who if np.ndim(who) == 0 else who[0])
        how = told["how"]
        self._add(
            "ends", stage, told, word=ENDINGS[how],
            accepted=() if how == AGREEMENT else names_of(self.made, how, bits, stage.place),
        )  # fmt: skip
