"""The stages of the talks run for some draws at once, without anybody walking out of a talk.

Who walks out of a talk hangs on what is expected to follow, and that on all draws (see ``course_ends``). So
each draw is first taken to its end, and what stood at every talk is kept, so that the run can be cut there.

Everything random beyond the unknowns of the case comes from ``stream`` by the seed, the name of the stage and
how often the stage has been entered: the same for a stage in every variant of the course.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.stages import Consent, Offers, Talk
from winset.compiled.draws import Draws, Uncertain
from winset.compiled.sampling import stream
from winset.kernels.ensemble import TIE, passes
from winset.kernels.onward import posterior
from winset.kernels.rule import holds
from winset.kernels.talks import WALKED, Mediator, bargain
from winset.lenses.course_plan import FINISH, CoursePlan, StagePlan
from winset.lenses.drawn import Rows
from winset.lenses.results import NotComputed
from winset.lenses.voting import chances, passing, voiced

__all__ = ["AGREEMENT", "ENDINGS", "WALKOUT", "Beliefs", "Part", "Room", "Stop", "Trail", "cut", "run"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

#: How the talks may end. The order is that of the codes in ``Trail.how``.
ENDINGS = (
    "agreement", "walkout", "rejected", "nothing agreed", "deadline", "outside event", "not ratified",
)  # fmt: skip
AGREEMENT, WALKOUT, REJECTED, NOTHING, DEADLINE, EVENT, REFUSED = range(len(ENDINGS))

#: Who bargains with a mediator -> (deal, 1): how far it believes each deal to be in the zone.
Beliefs = Mapping[tuple[int, ...], Floats]
Told = Callable[[str, StagePlan, dict[str, Any]], None]


@dataclass(frozen=True)
class Stop:
    """The draws that went on from a talk, and what stood there."""

    stage: int
    round: int  # rejections before
    at: Indices  # (k,): their places in the piece, then their numbers
    towards: npt.NDArray[np.int8]  # (k,): the stage that follows
    gross: Floats  # (party, k): gained so far, and what the no-deal value has changed by
    spent: Floats  # (party, k)
    given: Floats  # (party, k): by the stages so far
    clock: Floats  # (k,)
    entered: npt.NDArray[np.int64]  # (k,): bits of stages
    agreed: npt.NDArray[np.int64]  # (k,): bits of stages at which something was agreed
    path: npt.NDArray[np.uint64]  # (k,)
    room: tuple[int, ...]
    sizes: dict[int, dict[int, int]]  # party of the room -> who has shown it a signal -> that one's types
    belief: dict[int, Floats]  # party -> (k, combination of their types)
    stay: dict[int, Floats]  # party that states it -> (k,): what going on costs it


@dataclass(frozen=True)
class Trail:
    """How the draws of a piece ran to their ends."""

    first: int
    kind: npt.NDArray[np.int8]  # (party, draw)
    stage: npt.NDArray[np.int8]  # (draw,): where they ended; one more than there are: asked at the end
    how: npt.NDArray[np.int8]  # (draw,): index of ENDINGS
    who: npt.NDArray[np.int64]  # (draw,): bits of parties, or of bodies of the stage
    deal: npt.NDArray[np.int32]  # (draw,): -1 for none
    gross: Floats  # (party, draw): over the no-deal value at the outset, costs of stages not taken off
    spent: Floats  # (party, draw): costs of stages
    given: Floats  # (party, draw): gains from stages, which are in gross
    clock: Floats  # (draw,): days
    entered: npt.NDArray[np.int64]  # (draw,): bits of stages
    agreed: npt.NDArray[np.int64]  # (draw,): bits of stages
    path: npt.NDArray[np.uint64]  # (draw,): the same for the same stages in the same order
    stops: list[Stop] = field(default_factory=list)


class Room:
    """What all courses of a case share: its deals, as tables of them all."""

    def __init__(self, model: Uncertain, seed: int, plans: Sequence[CoursePlan]) -> None:
        self.model, self.seed = model, seed
        self.rows = Rows(model)
        bargain = {p for made in plans for stage in made.stages for p in stage.sides}
        self.listed = tuple(sorted(bargain | set(model.rulers)))  # those whose values of all deals are needed
        self.rule = model.central.circuit(model.rulers)  # over ``model.rulers``

    @cached_property
    def options(self) -> npt.NDArray[np.int16]:
        """(deal, issue): the options of every deal."""
        groups = self.model.groups
        cells = np.unravel_index(np.arange(self.model.deals), [len(g.options) for g in groups])
        out = np.zeros((self.model.deals, len(self.model.issues)), np.int16)
        for group, cell in zip(groups, cells, strict=True):
            out[:, list(group.issues)] = group.options[cell]
        return out


class Part:
    """A few draws with the utilities of all deals in each."""

    def __init__(self, room: Room, draws: Draws) -> None:
        self.room, self.draws = room, draws
        shape = (draws.count, len(room.listed), room.model.deals)
        #: (draw, party of ``room.listed``, deal): minus infinity where a red line is crossed
        self.utility = np.empty(shape)
        for n, p in enumerate(room.listed):
            self.plain(p, slice(None), out=self.utility[:, n])
            lines = room.rows.crossed[p]
            if lines.any():
                np.copyto(self.utility[:, n], -np.inf, where=lines[draws.kind[p]])

    @property
    def count(self) -> int:
        return self.draws.count

    def plain(self, p: int, at: Indices | slice, out: Floats | None = None) -> Floats:
        """(k, deal): a party's utilities, whatever its red lines."""
        *first, last = (u[p][:, at].T for u in self.draws.utility)
        if out is None:
            out = np.empty((len(last), self.room.model.deals))
        if not first:
            out[:] = last
            return out
        left = np.ascontiguousarray(first[0])
        for table in first[1:]:
            left = (left[:, :, None] + table[:, None]).reshape(len(left), -1)
        cells = out.reshape(len(left), left.shape[1], -1)  # a view: the deals of a draw lie side by side
        np.add(left[:, :, None], last[:, None], out=cells)
        return out

    def worth(self, p: int, deal: npt.NDArray[np.int32], at: Indices) -> Floats:
        """(k,): a party's utility of one deal each, whatever its red lines."""
        cells = np.unravel_index(deal, self.room.rows.shape)
        out: Floats = np.zeros(len(at))
        for table, cell in zip(self.draws.utility, cells, strict=True):
            out += table[p, cell, at]
        return out

    def says(self, parties: Sequence[int]) -> Bools:
        """(party, draw, deal): whether each of some listed parties accepts each deal at the outset."""
        places = [self.room.listed.index(p) for p in parties]
        bar = self.draws.reserve[list(parties)] - TIE
        return np.array([self.utility[:, n] >= b[:, None] for n, b in zip(places, bar, strict=True)])

    def open(self) -> Bools:
        """(draw,): whether some deal passes the rule of consent at the outset."""
        return np.asarray(passes(self.room.rule, self.says(self.room.model.rulers)).any(axis=1))

    def crossed(self, p: int, deal: npt.NDArray[np.int32], at: Indices) -> Bools:
        """(k,): whether one deal each crosses a red line of a party."""
        out: Bools = self.room.rows.crossed[p][self.draws.kind[p, at], deal]
        return out

    def accepts(self, p: int, deal: npt.NDArray[np.int32], at: Indices, reserve: Floats) -> Bools:
        """(k,): whether a party says yes to one deal each."""
        out: Bools = self.worth(p, deal, at) >= reserve - TIE
        return out & ~self.crossed(p, deal, at)

    def uniform(self, name: str) -> Floats:
        """(draw,): from 0 to 1, by the name and the draw's number alone."""
        over = self.draws.first % 4
        path = f"course.{name}"
        return stream(self.room.seed, path, self.draws.first - over).random(self.count + over)[over:]


def run(plan: CoursePlan, part: Part, beliefs: Beliefs, told: Told | None = None) -> Trail:
    """Run the course for a few draws.

    Parameters
    ----------
    beliefs
        Of the mediators.
    told
        Told of everything that happens, where one draw is looked at.
    """
    return _Run(plan, part, beliefs, told).whole()


class _Run:
    def __init__(self, plan: CoursePlan, part: Part, beliefs: Beliefs, told: Told | None) -> None:
        self.plan, self.part, self.beliefs, self.told = plan, part, beliefs, told
        model, draws, many = plan.model, part.draws, part.count
        parties, stages = len(model.parties), len(plan.stages)
        self.values = draws.values
        self.drift = plan.drift(self.values)
        self.deadline = plan.deadline(self.values)
        self.clock = np.zeros(many)
        self.gained, self.spent = np.zeros((parties, many)), np.zeros((parties, many))
        self.deal = np.full(many, -1, np.int32)
        self.yes, self.asked = np.zeros((parties, many), np.bool_), np.zeros((parties, many), np.bool_)
        self.open: Bools | None = None  # (draw, deal): what may still be offered
        self.visits = np.zeros((stages, many), np.int64)
        self.returns = np.zeros((stages, many), np.int64)
        self.entered, self.agreed = np.zeros(many, np.int64), np.zeros(many, np.int64)
        self.path = np.zeros(many, np.uint64)
        self.last = np.zeros(many, np.int8)
        self.seen: dict[tuple[int, int], Floats] = {}  # (observer, about) -> (draw, type): likelihood
        self.stage, self.how = np.zeros(many, np.int8), np.full(many, -1, np.int8)
        self.who = np.zeros(many, np.int64)
        self.waiting: dict[tuple[int, int], list[Indices]] = {}
        self.stops: list[Stop] = []

    def whole(self) -> Trail:
        self._go(np.arange(self.part.count), 0, 0)
        for round_ in range(self.plan.rounds):
            for n in self.plan.order:
                came = self.waiting.pop((round_, n), None)
                if came:
                    self._enter(self.plan.stages[n], np.sort(np.concatenate(came)), round_)
        agreed = np.flatnonzero(self.how == AGREEMENT)
        gross = self.gained + self.drift * self.clock
        for p, reserve in enumerate(self.part.draws.reserve):
            worth = self.part.worth(p, self.deal[agreed], agreed)
            gross[p, agreed] = self.gained[p, agreed] + worth - reserve[agreed]
        self.deal[self.how != AGREEMENT] = -1
        return Trail(
            self.part.draws.first, self.part.draws.kind, self.stage, self.how, self.who, self.deal, gross,
            self.spent, self.gained, self.clock, self.entered, self.agreed, self.path, self.stops,
        )  # fmt: skip

    # ------------------------------------------------------------------------------------ from stage to stage

    def _go(self, at: Indices, target: int, round_: int) -> None:
        if not len(at):
            return
        if target == FINISH:
            self._finish(at)
        else:
            self.waiting.setdefault((round_, target), []).append(at)

    def _end(self, at: Indices, stage: int, how: int, who: Any = 0) -> None:
        self.stage[at], self.how[at], self.who[at] = stage, how, who
        self._tell("ends", self.plan.stages[min(stage, len(self.plan.stages) - 1)], at, how=how, who=who)

    def _close(self, at: Indices, how: int) -> None:
        """The talks end at the stage that each draw was in last."""
        for n in np.unique(self.last[at]):
            self._end(at[self.last[at] == n], int(n), how)

    def _tell(self, what: str, stage: StagePlan, at: Indices, **more: Any) -> None:
        if self.told is not None and len(at):
            self.told(what, stage, {"days": float(self.clock[at[0]]), **more})

    def _reserve(self, p: int, at: Indices) -> Floats:
        """(k,): what a deal must be worth by now."""
        out: Floats = self.part.draws.reserve[p, at] + self.drift[p, at] * self.clock[at]
        return out

    def _uniform(self, stage: StagePlan, what: str, at: Indices) -> Floats:
        """(k,): for the n-th time that each draw has entered the stage."""
        visit = self.visits[stage.place, at]
        if (visit == visit[0]).all():
            return self.part.uniform(f"{stage.name}.{visit[0]}.{what}")[at]
        out = np.empty(len(at))
        for n in np.unique(visit):
            here = visit == n
            out[here] = self.part.uniform(f"{stage.name}.{n}.{what}")[at[here]]
        return out

    def _enter(self, stage: StagePlan, at: Indices, round_: int) -> None:
        if not isinstance(stage.body, Talk | Offers):
            without = self.deal[at] < 0
            self._go(at[without], stage.ways[""], round_)
            at = at[~without]
            if not len(at):
                return
        bit = np.int64(1 << stage.place)
        self.visits[stage.place, at] += 1
        self.entered[at] |= bit
        self.path[at] = self.path[at] * np.uint64(31) + np.uint64(stage.place + 1)
        self.last[at] = stage.place
        values = self.values[at]
        lasts = self.plan.lasts(stage, values)
        self.clock[at] += lasts
        for p, points in self.plan.points(stage, "gains", values):
            self.gained[p, at] += points
        for p, points in self.plan.points(stage, "cost", values):
            self.spent[p, at] += points
        self._tell("enters", stage, at, lasts=float(np.mean(lasts)))
        hazard = self.plan.hazard(stage, values)
        if hazard is not None:
            struck = self._uniform(stage, "hazard", at) < hazard
            self._end(at[struck], stage.place, EVENT)
            at = at[~struck]
        if self.deadline is not None:
            late = self.clock[at] > self.deadline[at]
            self._end(at[late], stage.place, DEADLINE)
            at = at[~late]
        if not len(at):
            return
        if isinstance(stage.body, Talk):
            self._talk(stage, stage.body, at, round_)
        elif isinstance(stage.body, Offers):
            self._offers(stage, stage.body, at, round_)
        elif isinstance(stage.body, Consent):
            self._consent(stage, stage.body, at, round_)
        else:
            self._ratify(stage, at, round_)

    # ---------------------------------------------------------------------------------------------- the kinds

    def _talk(self, stage: StagePlan, body: Talk, at: Indices, round_: int) -> None:
        target = np.full(len(at), stage.ways[""], np.int8)
        chosen = np.zeros(len(at), np.bool_)
        shown: dict[str, Indices] = {}
        for party, signals in body.signals.items():
            p = self.plan.model.parties.index(party)
            likelihood = self.plan.likelihood(stage, party, self.values[at])
            own = likelihood[:, self.part.draws.kind[p, at], np.arange(len(at))]  # (signal, k)
            level = self._uniform(stage, f"signal {party}", at)
            signal = (level >= np.cumsum(own, axis=0)[:-1]).sum(axis=0)
            shown[party] = signal
            seen = likelihood[signal, :, np.arange(len(at))]  # (k, type)
            for observer in stage.room:
                if observer != p:
                    key = (observer, p)
                    if key not in self.seen:
                        self.seen[key] = np.ones((self.part.count, seen.shape[1]))
                    self.seen[key][at] *= seen
            names = list(signals)
            self._tell("shows", stage, at, party=p, signal=names[int(signal[0])])
            for s, name in enumerate(names):
                if name in stage.ways and name:
                    target[(signal == s) & ~chosen] = stage.ways[name]
                    chosen |= signal == s
        stop = self._stop(stage, at, round_, target)
        self.stops.append(stop)
        if self.told is not None:
            self.told("stop", stage, {"stop": stop, "days": float(self.clock[at[0]])})
        for n in np.unique(target):
            self._go(at[target == n], int(n), round_)

    def _stop(self, stage: StagePlan, at: Indices, round_: int, target: npt.NDArray[np.int8]) -> Stop:
        sizes: dict[int, dict[int, int]] = {}
        belief: dict[int, Floats] = {}
        model = self.plan.model
        for p in stage.room:
            about = tuple(q for q in range(len(model.parties)) if (p, q) in self.seen)
            whole = np.ones((len(at), 1))
            for q in about:
                prior = model.chances(model.parties[q], self.values[at])
                after = posterior(prior, self.seen[p, q][at])
                whole = (whole[:, :, None] * after[:, None]).reshape(len(at), -1)
            sizes[p] = {q: self.seen[p, q].shape[1] for q in about}
            belief[p] = whole
        return Stop(
            stage.place, round_, at, target, self.gained[:, at] + self.drift[:, at] * self.clock[at],
            self.spent[:, at], self.gained[:, at], self.clock[at], self.entered[at], self.agreed[at],
            self.path[at], stage.room, sizes, belief, dict(self.plan.points(stage, "stay", self.values[at])),
        )  # fmt: skip

    def _offers(self, stage: StagePlan, body: Offers, at: Indices, round_: int) -> None:
        self.deal[at] = -1  # what was agreed before lapses
        places = [self.part.room.listed.index(p) for p in stage.sides]
        rows = self.part.utility[np.ix_(at, np.array(places))]
        if self.open is not None:
            np.copyto(rows, -np.inf, where=~self.open[at][:, None])
        utility = rows.transpose(1, 2, 0)
        reserve = np.array([self._reserve(p, at) for p in stage.sides])
        first = 0
        if body.first is not None:
            opener = self.plan.model.parties.index(body.first)
            first = stage.sides.index(opener) if opener in stage.sides else 0
        told: dict[str, Any] = {
            "rounds": body.rounds,
            "protocol": body.protocol,
            "first": first,
            "uniforms": lambda name: self._uniform(stage, name, at),
            "options": self.part.room.options,
        }
        if body.protocol == "mediated":
            told["mediator"] = Mediator(self.beliefs[stage.sides])
        sides = self.plan.sides(stage, self.values[at])
        found = bargain(utility, reserve, sides, **told)
        if self.told is not None:
            from winset.kernels.talks import steps

            made = steps(utility, reserve, sides, draw=0, **told)
            self._tell("bargains", stage, at, steps=made, deal=int(found.deal[0]))
        left = found.ended == WALKED
        who = np.array([1 << p for p in stage.sides], np.int64)
        self._end(at[left], stage.place, WALKOUT, who[found.by[left]])
        done = found.deal >= 0
        now = at[done]
        self.deal[now] = found.deal[done]
        self.agreed[now] |= np.int64(1 << stage.place)
        self.yes[:, now], self.asked[:, now] = False, False
        for p in stage.sides:
            self.yes[p, now], self.asked[p, now] = True, True
        self._go(now, stage.ways["agreed"], round_)
        self._go(at[~done & ~left], stage.ways["not agreed"], round_)

    def _consent(self, stage: StagePlan, body: Consent, at: Indices, round_: int) -> None:
        model = self.plan.model
        deal = self.deal[at]
        needed = np.zeros(len(at), np.int64)  # bits of those whose no counts
        no = np.zeros((len(model.parties), len(at)), np.bool_)
        for party in (*body.asks, *body.consult):
            p = model.parties.index(party)
            says = self.part.accepts(p, deal, at, self._reserve(p, at))
            self.yes[p, at], self.asked[p, at] = says, True
            no[p] = ~says
            self._tell("asks", stage, at, party=p, says=bool(says[0]), asked=party in body.asks)
        for party in body.asks:
            p = model.parties.index(party)
            needed |= no[p].astype(np.int64) << p
        heard = [model.parties.index(p) for p in body.consult]
        blocked = ~holds(model.rule, ~no.T)
        for p in heard:
            if p in model.rulers:
                needed |= (no[p] & blocked).astype(np.int64) << p
        self._go(at[needed == 0], stage.ways[""], round_)
        some = needed != 0
        may = some & (self.returns[stage.place, at] < stage.returns)
        self._end(at[some & ~may], stage.place, REJECTED, needed[some & ~may])
        back = at[may]
        if len(back):
            assert stage.back is not None
            self._strike(back, needed[may])
            self.returns[stage.place, back] += 1
            self.deal[back] = -1
            self._go(back, stage.back, round_ + 1)
            self._tell("returns", stage, back, to=stage.back)

    def _strike(self, at: Indices, who: npt.NDArray[np.int64]) -> None:
        """The deals that an objection rules out are not offered again: the deal itself; where it crosses a
        red line of the objector, all that cross one of its red lines; where it is worth too little, all that
        are worth no more to the objector."""
        if self.open is None:
            self.open = np.ones((self.part.count, self.plan.model.deals), np.bool_)
        deal = self.deal[at]
        self.open[at, deal] = False
        for p in range(len(self.plan.model.parties)):
            mine = (who >> p & 1).astype(np.bool_)
            here, theirs = at[mine], deal[mine]
            if not len(here):
                continue
            value = self.part.worth(p, theirs, here)
            short = value < self._reserve(p, here) - TIE
            gone = short[:, None] & (self.part.plain(p, here) <= value[:, None] + TIE)
            lines = self.part.crossed(p, theirs, here)
            if lines.any():
                gone |= lines[:, None] & self.part.room.rows.crossed[p][self.part.draws.kind[p, here]]
            self.open[here] &= ~gone

    def _ratify(self, stage: StagePlan, at: Indices, round_: int) -> None:
        model = self.plan.model
        deal, values = self.deal[at], self.values[at]
        every = range(len(model.parties))
        utility = np.array([self.part.worth(p, deal, at) for p in every])
        crossed = np.array([self.part.crossed(p, deal, at) for p in every])
        accept = np.array([self.part.accepts(p, deal, at, self._reserve(p, at)) for p in every])
        says = voiced(self.plan.voices, model, values, utility, crossed, accept)
        refused = np.zeros(len(at), np.int64)
        for n, vote in enumerate(stage.votes):
            here = chances(vote, model, values)
            assert not isinstance(here, NotComputed)  # looked at when the course was made ready
            sure, _ = passing(vote, says, here)
            no = self._uniform(stage, f"vote {vote.name}", at) >= sure
            refused |= no.astype(np.int64) << n
            self._tell("votes", stage, at, body=vote.name, passes=not bool(no[0]), chance=float(sure[0]))
        self._end(at[refused != 0], stage.place, REFUSED, refused[refused != 0])
        self._go(at[refused == 0], stage.ways[""], round_)

    def _finish(self, at: Indices) -> None:
        """Nothing comes any more: those whose yes is needed and who were not asked are asked now."""
        stages, model = len(self.plan.stages), self.plan.model
        self._close(at[self.deal[at] < 0], NOTHING)
        at = at[self.deal[at] >= 0]
        if not len(at):
            return
        for p in model.rulers:
            here = at[~self.asked[p, at]]
            if len(here):
                says = self.part.accepts(p, self.deal[here], here, self._reserve(p, here))
                self.yes[p, here] = says
                self._tell(
                    "asks", self.plan.stages[-1], here, party=p, says=bool(says[0]), asked=True, late=True
                )
        passed = holds(model.rule, self.yes[:, at].T)
        self._close(at[passed], AGREEMENT)
        refused = at[~passed]
        no = np.zeros(len(refused), np.int64)
        for p in model.rulers:
            no |= (~self.yes[p, refused]).astype(np.int64) << p
        self._end(refused, stages, REJECTED, no)


def cut(draws: Draws, where: slice) -> Draws:
    """Some of the draws."""
    return replace(
        draws,
        first=draws.first + (where.start or 0),
        values=draws.values[where],
        kind=draws.kind[:, where],
        utility=tuple(u[..., where] for u in draws.utility),
        no_deal=draws.no_deal[:, where],
        reserve=draws.reserve[:, where],
    )
