"""The case in rows of numbers, as the question whether a deal holds needs it.

Everything is in units of one party's points and of one period of time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.fields import COST, DISCOUNT, DRIFT, HAZARD, PROBABILITY, SPAN, UTILITY, Timed
from winset.case.guarantees import ALL, Durability, SecurityGuarantee
from winset.case.numbers import Bounds, Number
from winset.case.stages import DAYS
from winset.compiled.draws import Draws, Uncertain
from winset.compiled.sampling import Sampler
from winset.kernels.ensemble import passes
from winset.kernels.hold import Held, enough, hold, outlook, per_period
from winset.lenses.course_plan import drawn
from winset.lenses.estimates import Plan

__all__ = [
    "YEAR",
    "Clock",
    "Order",
    "Setting",
    "Worlds",
    "deliveries",
    "lasting",
    "least",
    "settle",
    "worlds",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Deal = dict[str, str]

YEAR = DAYS["year"]
PERIODS = 20  # up to the horizon, where the case does not say how long one is
LEAST_DISCOUNT = 1e-6  # of a period: a future that counts in full has no average
MOST = 100.0  # points that a guarantee may take: the whole scale
NEVER = 1e6  # points that keep a party from breaking anything
_TOGETHER = 1 << 20  # numbers of an array that is worked on at once


@dataclass(frozen=True, slots=True)
class Clock:
    """Periods up to the horizon, in days."""

    period: float
    periods: int

    @classmethod
    def of(cls, body: Durability, horizon: Timed | None = None) -> Clock:
        """Whole periods; the last that begins before the horizon counts in full."""
        span = horizon or body.horizon
        until = float(span.number.low) * DAYS[span.unit]
        if body.period is None:
            return cls(until / PERIODS, PERIODS)
        period = float(body.period.number.low) * DAYS[body.period.unit]
        return cls(period, max(1, math.ceil(until / period - 1e-9)))

    @property
    def years(self) -> Floats:
        """(period + 1,): when each period begins."""
        out: Floats = np.arange(self.periods + 1, dtype=np.float64) * (self.period / YEAR)
        return out


#: In which order phases deliver: what is given at the first, the second, ...; none for all at once.
Order = tuple[tuple[str, ...], ...]


def deliveries(body: Durability, deal: Mapping[str, str], order: Order) -> list[Deal]:
    """What is in force after none, one, two ... of the phases."""
    later = {issue for phase in order for issue in phase}
    out = [{i: body.until_then[i] if i in later else o for i, o in deal.items()}]
    for phase in order:
        out.append({i: deal[i] if i in phase else o for i, o in out[-1].items()})
    return out


def lasting(body: Durability, deal: Mapping[str, str], now: Deal) -> tuple[Deal, Deal]:
    """What stays of what is in force when the deal is gone, and the same without it: the rest as before."""
    before = {i: body.until_then.get(i, o) for i, o in deal.items()}
    return {i: now[i] if i in body.irreversible else o for i, o in before.items()}, before


@dataclass(frozen=True)
class Drawn:
    """What is drawn."""

    utility: Floats  # (party of the case, cell, draw)
    reserve: Floats  # (party of the case, draw)
    passed: Bools  # (cell, draw): the rule of consent
    then: Floats  # (party, draw): what each has once the deal is gone
    drift: Floats  # (party, draw): of that, for each day
    gain: Floats  # (party, draw)
    edge: Floats  # (party, draw)
    patience: Floats  # (party, draw): discount factor of a day
    seen: dict[str, Floats]  # option of seen_through -> (party, draw) for each day
    shock: Floats  # (draw,) for each day
    after: Floats  # (phase, draw): days
    acts: dict[str, Floats]  # guarantee -> (draw,): how likely the others think that it would act
    of_type: dict[tuple[str, str], Floats]  # guarantee and type of the guarantor -> (draw,): the same for it
    punishment: dict[str, Floats]  # guarantee -> (draw,)

    @classmethod
    def joined(cls, parts: Sequence[Drawn]) -> Drawn:
        """The rows of pieces as those of all draws."""
        whole: dict[str, Any] = {}
        for item in fields(cls):
            some = [getattr(part, item.name) for part in parts]
            if isinstance(some[0], dict):
                whole[item.name] = {k: np.concatenate([s[k] for s in some], axis=-1) for k in some[0]}
            else:
                whole[item.name] = np.concatenate(some, axis=-1)
        return cls(**whole)


@dataclass(frozen=True)
class Worlds:
    """All draws, with what is in them that bears on whether deals hold."""

    model: Uncertain  # of the deals below and no others
    body: Durability
    clock: Clock
    asked: Plan
    parties: tuple[str, ...]  # those that could break a deal
    deals: dict[tuple[str, ...], int]  # options of a deal -> its cell
    rows: Drawn

    @property
    def draws(self) -> int:
        return len(self.rows.shock)

    def cell(self, deal: Mapping[str, str]) -> int:
        return self.deals[tuple(deal[i] for i in self.model.issues)]

    def points(self, deal: Mapping[str, str], at: Ints) -> Floats:
        """(party, draw): what a deal is worth to those that could break one."""
        rows = [self.model.parties.index(p) for p in self.parties]
        out: Floats = self.rows.utility[rows, self.cell(deal)][:, at]
        return out

    @cached_property
    def guarantees(self) -> dict[str, SecurityGuarantee]:
        return self.model.case.guarantees

    def against(self, name: str) -> Bools:
        """(party,): whose breach a guarantee answers."""
        return np.array([self.guarantees[name].answers(p) for p in self.parties], np.bool_)

    def holds(self, name: str, deal: Mapping[str, str]) -> bool:
        """Whether a deal contains a guarantee."""
        when = self.guarantees[name].when
        return when is None or when.holds(deal)

    def setting(self, deal: Mapping[str, str], order: Order, at: Ints) -> Setting:
        """A deal as it would be carried out in some draws, with no guarantee."""
        clock, body = self.clock, self.body
        many = len(at)
        steps = clock.years * YEAR  # (period + 1,): days
        stages = deliveries(body, deal, order)
        shape = (clock.periods + 1, len(self.parties), many)
        keep, stays = np.empty(shape), np.zeros(shape)
        keep[:] = self.points(stages[0], at)
        kept, bare = lasting(body, deal, stages[0])
        less = self.points(bare, at) if body.irreversible else None
        if less is not None:
            stays[:] = self.points(kept, at) - less
        for n, now in enumerate(stages[1:]):
            come = steps[:, None] >= self.rows.after[n, at] - 1e-9  # (period + 1, draw)
            np.copyto(keep, self.points(now, at), where=come[:, None])
            if less is not None:
                kept, _ = lasting(body, deal, now)
                np.copyto(stays, self.points(kept, at) - less, where=come[:, None])
        option = deal[body.seen_through] if body.seen_through is not None else ALL
        return Setting(
            clock,
            keep,
            stays,
            self.rows.then[:, at],
            self.rows.drift[:, at] * clock.period,
            self.rows.gain[:, at],
            self.rows.edge[:, at],
            np.minimum(self.rows.patience[:, at] ** clock.period, 1 - LEAST_DISCOUNT),
            per_period(self.rows.seen[option][:, at], clock.period),
            per_period(self.rows.shock[at], clock.period),
            np.zeros((len(self.parties), many)),
        )

    def guard(self, names: Sequence[str], at: Ints, acts: Mapping[str, Floats] | None = None) -> Floats:
        """(party, draw): what some guarantees are expected to take from each that breaks a deal."""
        out = np.zeros((len(self.parties), len(at)))
        for name in names:
            likely = (acts or {}).get(name, self.rows.acts[name])
            out += np.where(self.against(name)[:, None], (likely * self.rows.punishment[name])[at], 0.0)
        return out


@dataclass(frozen=True)
class Setting:
    """One deal in some draws; every change of an assumption is another setting."""

    clock: Clock
    keep: Floats  # (period + 1, party, draw): points while it is kept
    stays: Floats  # (period + 1, party, draw): points of it that stay when it is gone
    then: Floats  # (party, draw)
    drift: Floats  # (party, draw): a period
    gain: Floats  # (party, draw)
    edge: Floats  # (party, draw)
    patience: Floats  # (party, draw)
    seen: Floats  # (party, draw)
    shock: Floats  # (draw,)
    guard: Floats  # (party, draw): points that guarantees are expected to take

    def but(self, **changes: Any) -> Setting:
        """The same with something else changed."""
        return replace(self, **changes)

    @cached_property
    def _arrays(self) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
        moved = np.arange(self.clock.periods + 1)[:, None, None] * self.drift
        alone = outlook(self.then + moved, self.patience) + self.stays
        broken = alone + (self.edge - self.guard)
        return self.keep, alone, broken, self.gain, self.patience, self.seen, self.shock

    def only(self, party: int) -> Setting:
        """The same if one party alone could break it."""
        others = np.arange(len(self.gain)) != party
        never = np.where(others[:, None], NEVER, 0.0)
        return self.but(guard=self.guard + never, gain=np.where(others[:, None], -NEVER, self.gain))

    def survival(self, held: Held) -> Iterator[Floats]:
        """(draw,) for the start of each period and the horizon: the chance that it is still kept."""
        still = np.ones(len(self.shock))
        for t in range(self.clock.periods + 1):
            yield np.where(held.period >= t, still, 0.0)
            still = still * (1.0 - self.shock)


def settle(settings: Sequence[Setting]) -> list[Held]:
    """When each is broken, and by whom; several at once, since periods must be gone through one by one."""
    out: list[Held] = []
    for some in _batches(settings):
        held = hold(*_together(some)._arrays)
        edges = np.cumsum([len(s.shock) for s in some])[:-1]
        pairs = zip(np.split(held.period, edges), np.split(held.who, edges), strict=True)
        out += [Held(period, who) for period, who in pairs]
    return out


def least(settings: Sequence[tuple[Setting, Bools]]) -> list[Floats]:
    """For each (draw,): the least expected punishment, in points, of some parties (party,), with which all
    keep it to the horizon; infinite where not even the whole scale would do."""
    out: list[Floats] = []
    whose = iter([against for _, against in settings])
    for some in _batches([s for s, _ in settings]):
        against = [np.repeat(next(whose)[:, None], len(s.shock), axis=1) for s in some]
        found = enough(*_together(some)._arrays, against=np.concatenate(against, axis=1), most=MOST)
        out += np.split(found, np.cumsum([len(s.shock) for s in some])[:-1])
    return out


def _batches(settings: Sequence[Setting]) -> Iterator[list[Setting]]:
    some: list[Setting] = []
    for setting in settings:
        if some and sum(s.keep.size for s in some) + setting.keep.size > _TOGETHER:
            yield some
            some = []
        some.append(setting)
    if some:
        yield some


def _together(settings: Sequence[Setting]) -> Setting:
    """The draws of several settings as those of one."""
    if len(settings) == 1:
        return settings[0]
    names = [f.name for f in fields(Setting) if f.name != "clock"]
    joined = {n: np.concatenate([getattr(s, n) for s in settings], axis=-1) for n in names}
    return Setting(settings[0].clock, **joined)


# ---------------------------------------------------------------------------------------------- from draws


def worlds(
    model: Uncertain, body: Durability, clock: Clock, asked: Plan, deals: Sequence[Mapping[str, str]]
) -> Worlds:
    """Draw everything.

    Parameters
    ----------
    deals
        Those that will be asked for, in whatever state they are carried out.
    """
    few: dict[tuple[str, ...], Deal] = {}
    for deal in deals:
        few.setdefault(tuple(deal[i] for i in model.issues), dict(deal))
    some = model.only(list(few.values()))
    sampler = Sampler(some, asked.seed, method=asked.method)
    parts: list[Drawn] = []
    for answers in sampler.work(asked.draws, lambda draws: _rows(some, body, draws, len(few))):
        parts += answers
    numbered = {options: n for n, options in enumerate(few)}
    return Worlds(some, body, clock, asked, tuple(body.parties), numbered, Drawn.joined(parts))


def _rows(model: Uncertain, body: Durability, draws: Draws, cells: int) -> Drawn:
    read = _Reading(model, draws.values)
    passed = [passes(model.rule, draws.of([cell])[1]) for cell in range(cells)]
    lures = body.parties

    def rows(key: str, bounds: Bounds, path: str) -> Floats:
        return np.array([read.number(getattr(t, key), bounds, f"{path}.{p}.{key}") for p, t in lures.items()])

    lure = "durability.parties"
    then = np.array(
        [
            draws.no_deal[model.parties.index(p)]
            if t.then is None
            else read.number(t.then, UTILITY, f"{lure}.{p}.then")
            for p, t in lures.items()
        ]
    )
    drift = [read.timed(t.drift, DRIFT, f"{lure}.{p}.drift") for p, t in lures.items()]
    acts, of_type, punishment = {}, {}, {}
    for name, guarantee in model.case.guarantees.items():
        acts[name], kinds = read.acting(name, guarantee)
        of_type.update({(name, kind): value for kind, value in kinds.items()})
        punishment[name] = read.number(guarantee.punishment, COST, f"guarantees.{name}.punishment")
    return Drawn(
        draws.utility[0],
        draws.reserve,
        np.array(passed),
        then,
        np.array(drift),
        rows("gain", COST, lure),
        rows("edge", COST, lure),
        np.array([1.0 - read.discount(body, p) for p in lures]),
        read.seen(body),
        read.timed(body.shocks, HAZARD, "durability.shocks"),
        np.array([read.days(p.after, n) for n, p in enumerate(body.phases, 1)]).reshape(
            len(body.phases), draws.count
        ),
        acts,
        of_type,
        punishment,
    )


class _Reading:
    """The numbers of both blocks in rows of numbers; those in time for each day."""

    def __init__(self, model: Uncertain, values: Floats) -> None:
        self.model, self.values = model, values

    def number(self, number: Number | None, bounds: Bounds, path: str) -> Floats:
        """(draw,); nought for none."""
        if number is None:
            return np.zeros(len(self.values))
        return drawn(self.model, number, bounds, path, self.values)

    def timed(self, timed: Timed | None, bounds: Bounds, path: str) -> Floats:
        """(draw,): a change, or a chance, for each day."""
        if timed is None:
            return np.zeros(len(self.values))
        value = self.number(timed.number, bounds, path)
        return value / DAYS[timed.unit] if bounds is DRIFT else per_period(value, 1 / DAYS[timed.unit])

    def days(self, timed: Timed, phase: int) -> Floats:
        return self.number(timed.number, SPAN, f"durability.phases.{phase}.after") * DAYS[timed.unit]

    def discount(self, body: Durability, party: str) -> Floats:
        key = party if party in body.discount else ALL
        path = "durability.discount" + (f".{key}" if key else "")
        return self.timed(body.discount[key], DISCOUNT, path)

    def seen(self, body: Durability) -> dict[str, Floats]:
        """Option of the issue that decides it -> (party, draw): how likely a breach is noticed in a day."""
        issue = body.seen_through
        names = [ALL] if issue is None else list(self.model.case.issues[issue].options)
        out = {}
        for option in names:
            rows = []
            for party, lure in body.parties.items():
                stated = body.detection if lure.detection is None else lure.detection
                whose = "" if lure.detection is None else f".parties.{party}"
                path = f"durability{whose}.detection"
                if stated is None:
                    rows.append(np.ones(len(self.values)))
                    continue
                key = option if option in stated else ALL
                rows.append(self.timed(stated[key], HAZARD, path + (f".{key}" if key else "")))
            out[option] = np.array(rows)
        return out

    def acting(self, name: str, body: SecurityGuarantee) -> tuple[Floats, dict[str, Floats]]:
        """(draw,) how likely a guarantor would act in the eyes of those who do not know its type, and the
        same for each of its types where they differ."""
        path = f"guarantees.{name}"
        keys = [*(body.credible or ()), *(body.cost or ()), *(body.stake or ())]
        kinds = list(dict.fromkeys(k for k in keys if k != ALL)) or [ALL]

        def of(key: str, bounds: Bounds, kind: str) -> Floats:
            stated = getattr(body, key)
            place = kind if kind in stated else ALL
            return self.number(stated[place], bounds, f"{path}.{key}" + (f".{place}" if place else ""))

        chances = {}
        for kind in kinds:
            if body.credible is not None:
                chances[kind] = of("credible", PROBABILITY, kind)
            else:
                chances[kind] = (of("stake", UTILITY, kind) >= of("cost", COST, kind)).astype(np.float64)
        if kinds == [ALL]:
            return chances[ALL], {}
        if body.by not in self.model.types:  # of one type, for sure
            return chances[kinds[0]], chances
        weights = self.model.chances(body.by, self.values)
        whole = np.sum(
            [weights[:, n] * chances[k] for n, k in enumerate(self.model.types[body.by]) if k in chances],
            axis=0,
        )
        return whole, chances
