"""Would a signed deal hold, and what would a guarantee change?

In every draw in which the rule of consent passes a deal, each party that could break it compares keeping it
with breaking it, period after period: a surprise gain until somebody notices, what guarantors would do then,
and a no-deal value that drifts (Fearon 1995, 1998; Powell 2006; Walter 2002). What breaks it, who breaks it
first, how strong a guarantee must be, what the order of the steps does, and the other side of it: the more
the future counts, the longer both hold out for the better deal (Fearon 1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from winset.case.fields import SPAN, Timed
from winset.case.guarantees import Durability
from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, uncertain
from winset.errors import QuestionError
from winset.kernels import best as best_kernel
from winset.kernels.hold import Held
from winset.kernels.holdout import delay
from winset.kernels.limits import TooLarge
from winset.lenses.drawn import Rows
from winset.lenses.durability_worlds import (
    MOST,
    YEAR,
    Clock,
    Order,
    Setting,
    Worlds,
    deliveries,
    lasting,
    least,
    settle,
    worlds,
)
from winset.lenses.estimates import (
    DRAWS,
    Z95,
    Estimate,
    Plan,
    Spread,
    conditional,
    paired,
    plan,
    spread,
)
from winset.lenses.per_draw import PerDraw
from winset.lenses.results import NotComputed, Progress, Result, named_deals

__all__ = [
    "Breaker",
    "DealDurability",
    "DurabilityResult",
    "GuaranteeWorth",
    "HoldOut",
    "Kept",
    "Least",
    "Need",
    "OfType",
    "Patience",
    "PhaseOrder",
    "Reason",
    "durability",
    "kept_in_draws",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]

TARGET = 0.8
LOOKS_AHEAD = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # years: the inverse of the discount rate
_DEALS = 3  # where the case names none
_LISTED = 2_000_000
_NOT_STATED = "the case does not say under durability who could break a deal"
_NEVER = NotComputed("the rule of consent passes the deal in none of the draws")
#: What may stand behind a breach, each taken away by itself; "foreseen" is another's breach, and "several"
#: stands for breaches that none of them alone would prevent.
Why = Literal["drift", "surprise", "unnoticed", "guarantors might not act", "foreseen", "several"]
CAUSES: tuple[Why, ...] = ("drift", "surprise", "unnoticed", "guarantors might not act")
Sequencing = Literal["as stated", "all at once", "reversed"]


@dataclass(frozen=True, slots=True)
class Kept(Result):
    """How likely a deal is still kept."""

    years: float  # after signing
    kept: Estimate


@dataclass(frozen=True, slots=True)
class Reason(Result):
    """Something without which all would keep the deal that is broken."""

    why: Why
    share: Estimate  # of the draws in which it is broken by these parties


@dataclass(frozen=True, slots=True)
class Breaker(Result):
    """A party that is the first to break the deal, or several at once.

    Of several, those that would break it were they the only ones that can; the others forestall them.
    """

    parties: tuple[str, ...]
    probability: Estimate  # up to the horizon
    years: Spread  # after signing
    reasons: tuple[Reason, ...]  # of one breach there may be several, or none


@dataclass(frozen=True, slots=True)
class Need(Result):
    """The least that is enough for the target; an end of the interval is None where nothing is."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Least(Result):
    """The weakest guarantee that would do, as the only one."""

    against: tuple[str, ...]  # whose breach it answers
    points: Need | NotComputed  # expected punishment: what it takes, times the probability that it acts


@dataclass(frozen=True, slots=True)
class OfType(Result):
    """A guarantee if the guarantor were known to be of one type."""

    type: str
    acts: Estimate
    kept: Estimate


@dataclass(frozen=True, slots=True)
class GuaranteeWorth(Result):
    """What a guarantee does for a deal."""

    name: str
    by: str
    against: tuple[str, ...]
    holds: bool  # it is in the deal; else all is as if it were added
    acts: Estimate  # that the guarantor would act, in the eyes of those it is to deter
    takes: Spread  # points of the one who breaks the deal, if it acts
    kept: Estimate  # to the horizon, with it
    change: Estimate  # over the same without it
    credible: Need | NotComputed  # the least probability of acting for the target, as the only guarantee
    types: tuple[OfType, ...]


@dataclass(frozen=True, slots=True)
class PhaseOrder(Result):
    """The deal with its phases in some order."""

    order: Sequencing
    phases: tuple[tuple[str, ...], ...]
    kept: Estimate
    change: Estimate  # over the order stated


@dataclass(frozen=True, slots=True)
class Patience(Result):
    """The deal if everyone looked so far ahead."""

    years: float  # the inverse of the discount rate
    kept: Estimate  # by all to the horizon


@dataclass(frozen=True, slots=True)
class DealDurability(Result):
    """Whether one deal would hold, given that it is signed."""

    name: str
    deal: dict[str, str]
    signed: Estimate  # that the rule of consent passes it; all else is given that
    kept: Estimate | NotComputed  # to the horizon
    curve: tuple[Kept, ...]
    breakers: tuple[Breaker, ...]  # the likeliest first
    outside: Estimate | None  # broken by something from outside
    least: tuple[Least, ...]  # against those whom guarantees of the case are against, and against all
    guarantees: tuple[GuaranteeWorth, ...]
    sequences: tuple[PhaseOrder, ...]  # where it has phases
    patience: tuple[Patience, ...]


@dataclass(frozen=True, slots=True)
class HoldOut(Result):
    """How long two parties hold out, each for the deal that it likes best; Fearon's bargaining phase."""

    parties: tuple[str, str]
    favourites: tuple[dict[str, str], dict[str, str]]
    both: Estimate  # that the rule passes both deals and the two disagree about them; the rest is given that
    delays: tuple[tuple[float, Spread], ...]  # years looked ahead, expected years until one concedes


@dataclass(frozen=True, slots=True)
class DurabilityResult(Result):
    """Whether signed deals would hold."""

    plan: Plan
    target: float
    horizon: float  # years
    period: float  # years
    deals: tuple[DealDurability, ...] | NotComputed
    holdout: HoldOut | NotComputed


def durability(
    case: Case | Compiled,
    *,
    deals: Sequence[str | Mapping[str, str]] | None = None,
    horizon: str | None = None,
    target: float = TARGET,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> DurabilityResult:
    """Whether signed deals would hold, who would break them and why, and what guarantees change.

    Parameters
    ----------
    deals
        Names of offers or of deals under ``durability``, or deals; by default those that the case names
        there, else all its offers, else the three deals that are best for the worst-off at central values.
    horizon
        How far ahead to look, e.g. "5 years"; as the case says by default.
    target
        The probability that a deal is kept to the horizon that a guarantee should reach.
    draws, rng, method
        How the unknowns are drawn.

    Raises
    ------
    QuestionError
        On an unknown offer, a deal that is none, a horizon or a target that is none.
    """
    model = uncertain(case, also=("guarantees", "durability"))
    if not 0 < target < 1:
        raise QuestionError(f"--target is {target:g}; a probability between 0 and 1, e.g. 80%")
    asked = plan(draws if draws is not None else DRAWS if model.inputs else 1, rng, method=method)
    ahead = _horizon(horizon)
    body = model.case.durability
    named = None if deals is None else _named(model, body, deals)
    if body is None:
        why = NotComputed(_NOT_STATED)
        return DurabilityResult(asked, target, 0.0, 0.0, why, why)
    clock = Clock.of(body, ahead)
    chosen = named if named is not None else _chosen(model, body)
    years = clock.period * clock.periods / YEAR
    if isinstance(chosen, NotComputed):
        return DurabilityResult(asked, target, years, clock.period / YEAR, chosen, chosen)
    pairs = _favourites(model.central)
    world = worlds(model, body, clock, asked, [*_needed(body, chosen.values()), *_of_pairs(pairs)])
    questions = [_Question(world, name, deal, target) for name, deal in chosen.items()]
    _ask(questions, progress)
    done = tuple(question.answer() for question in questions)
    return DurabilityResult(asked, target, years, clock.period / YEAR, done, _holdout(world, pairs))


def kept_in_draws(
    model: Uncertain, asked: Plan, others: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[PerDraw, PerDraw | NotComputed]] | NotComputed:
    """Deal to whether it is signed, in every draw, and whether it is kept to the horizon given that it is.

    Parameters
    ----------
    model
        With the unknowns of guarantees and durability.
    others
        Deals to look at where the case names none and makes no offer.
    """
    body = model.case.durability
    if body is None:
        return NotComputed(_NOT_STATED)
    if body.deals or model.case.offers:
        chosen = _chosen(model, body)
    elif others:
        chosen = {name: dict(deal) for name, deal in others.items()}
    else:
        chosen = NotComputed("the case names no deal and no offer, and none passes")
    if isinstance(chosen, NotComputed):
        return chosen
    world = worlds(model, body, Clock.of(body), asked, _needed(body, chosen.values()))
    questions = [_Question(world, name, deal, TARGET) for name, deal in chosen.items()]
    open_ = [q for q in questions if len(q.at)]
    for question, held in zip(open_, settle([q.setting for q in open_]), strict=True):
        question.held[_BASE] = held
    return {q.name: q.in_draws() for q in questions}


def _ask(questions: Sequence[_Question], progress: Progress | None) -> None:
    """Settle all that the questions need to know, together."""
    open_ = [q for q in questions if len(q.at)]
    for n, step in enumerate(("who breaks what", "the weakest guarantees")):
        if progress:
            progress(step, n, 2)
        if not n:
            wanted = [(q, key, setting) for q in open_ for key, setting in q.settings().items()]
            for (q, key, _), held in zip(wanted, settle([s for _, _, s in wanted]), strict=True):
                q.held[key] = held
        else:
            sets = [(q, against) for q in open_ for against in q.sets]
            found = least([(q.bare, np.array(against, np.bool_)) for q, against in sets])
            for (q, against), values in zip(sets, found, strict=True):
                q.least[against] = values


def _horizon(text: str | None) -> Timed | None:
    if text is None:
        return None
    from pydantic import TypeAdapter, ValidationError

    from winset.case.fields import Span

    try:
        timed: Timed = TypeAdapter(Span).validate_python(text)
    except ValidationError:
        timed = None  # type: ignore[assignment]
    if timed is None or timed.number.is_range or timed.number.low <= 0:
        raise QuestionError(f'--horizon is "{text}"; write it as {SPAN.name}, e.g. 5 years')
    return timed


def _named(
    model: Uncertain, body: Durability | None, deals: Sequence[str | Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Deals of interest: offers, deals that the block names, or deals given as mappings."""
    own = {name: deal for name, deal in body.deals.items() if deal} if body is not None else {}
    out: dict[str, dict[str, str]] = {}
    for item in [deals] if isinstance(deals, str | Mapping) else deals:
        if isinstance(item, str) and item in own:
            out[item] = dict(own[item])
        else:
            ((name, deal),) = named_deals(model.central, [item]).items()
            out[name if isinstance(item, str) else f"deal {len(out) + 1}"] = deal
    return out


def _chosen(model: Uncertain, body: Durability) -> dict[str, dict[str, str]] | NotComputed:
    """The deals to look at where the question names none."""
    if body.deals:
        return _named(model, body, list(body.deals))
    if model.case.offers:
        return named_deals(model.central, None)
    rows = Rows(model)
    if model.deals > _LISTED:
        return NotComputed(
            f"the case names no deal and no offer, and its {model.deals:,} deals are not listed; name one"
        )
    return {f"deal {n}": deal for n, deal in enumerate(rows.for_worst_off(_DEALS), 1)}


def _orders(body: Durability) -> dict[Sequencing, Order]:
    stated = tuple(phase.gives for phase in body.phases)
    if not stated:
        return {"as stated": ()}
    out: dict[Sequencing, Order] = {"as stated": stated, "all at once": ()}
    return {**out, "reversed": stated[::-1]} if len(stated) > 1 else out


def _needed(body: Durability, deals: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The deals, in every state in which they may be carried out, or have been."""
    out: list[dict[str, str]] = []
    for deal in deals:
        out.append(dict(deal))
        for order in _orders(body).values():
            for now in deliveries(body, deal, order):
                out += [now, *lasting(body, deal, now)]
    return out


# --------------------------------------------------------------------------------------------------- one deal


#: What is settled of a deal: as it is, without a cause of breaches, with or without a guarantee, ...
_Key = tuple[str, ...]
_BASE: _Key = ("base",)


class _Question:
    """One deal over the draws in which it is signed."""

    def __init__(self, world: Worlds, name: str, deal: Mapping[str, str], target: float) -> None:
        self.world, self.name, self.deal, self.target = world, name, dict(deal), target
        self.signed: Bools = world.rows.passed[world.cell(deal)]
        self.at: Ints = np.flatnonzero(self.signed)
        self.orders = _orders(world.body)
        self.inside = [n for n in world.guarantees if world.holds(n, deal)]
        sets = [*(world.against(n) for n in world.guarantees), np.ones(len(world.parties), np.bool_)]
        #: whose breaches a guarantee may answer: as those of the case do, and all
        self.sets = list(dict.fromkeys(tuple(map(bool, s)) for s in sets if s.any()))
        self.held: dict[_Key, Held] = {}
        self.least: dict[tuple[bool, ...], Floats] = {}

    # ------------------------------------------------------------------------------- what is to be settled

    @cached_property
    def bare(self) -> Setting:
        """With no guarantee."""
        return self.world.setting(self.deal, self.orders["as stated"], self.at)

    @cached_property
    def setting(self) -> Setting:
        return self._with(self.inside)

    def _with(self, names: Sequence[str], acts: Mapping[str, Floats] | None = None) -> Setting:
        return self.bare.but(guard=self.world.guard(names, self.at, acts))

    def settings(self) -> dict[_Key, Setting]:
        """Every setting whose outcome the answer tells."""
        s, world, zero = self.setting, self.world, np.zeros_like(self.setting.gain)
        out: dict[_Key, Setting] = {
            _BASE: s,
            ("but", "drift"): s.but(drift=zero),
            ("but", "surprise"): s.but(gain=zero, edge=zero),
            ("but", "unnoticed"): s.but(seen=np.ones_like(s.seen)),
        }
        if self.inside:
            sure = {name: np.ones(world.draws) for name in self.inside}
            out["but", "guarantors might not act"] = self._with(self.inside, sure)
        if len(world.parties) > 1:
            for n, party in enumerate(world.parties):
                out["alone", party] = s.only(n)
        for name in world.guarantees:
            others = [n for n in self.inside if n != name]
            out["guarantee", name] = self._with(others if name in self.inside else [*others, name])
            for (guarantee, kind), acts in world.rows.of_type.items():
                if guarantee == name:
                    out["type", name, kind] = self._with([*others, name], {name: acts})
        for words, order in self.orders.items():
            if words != "as stated":
                out["order", words] = world.setting(self.deal, order, self.at).but(guard=s.guard)
        for years in LOOKS_AHEAD:
            factor = np.exp(-world.clock.period / (YEAR * years))
            out["ahead", f"{years:g}"] = s.but(patience=np.full_like(s.patience, factor))
        return out

    # ------------------------------------------------------------------------------------------ the answer

    def answer(self) -> DealDurability:
        signed = self._signed()
        if not len(self.at):
            return DealDurability(self.name, self.deal, signed, _NEVER, (), (), None, (), (), (), ())
        base = self.held[_BASE]
        signing, *later = self.setting.survival(base)
        curve = [Estimate(1.0, 0.0, 1.0, 1.0, len(signing)), *(self._mean(row) for row in later)]
        years = self.world.clock.years
        return DealDurability(
            self.name,
            self.deal,
            signed,
            curve[-1],
            tuple(Kept(float(t), found) for t, found in zip(years, curve, strict=True)),
            tuple(self._breakers(base)),
            self._mean(1.0 - self._calm(base.period)),
            tuple(self._weakest()),
            tuple(self._guarantee(name) for name in self.world.guarantees),
            tuple(self._sequences()),
            tuple(Patience(years, self._mean(self._kept(("ahead", f"{years:g}")))) for years in LOOKS_AHEAD),
        )

    def in_draws(self) -> tuple[PerDraw, PerDraw | NotComputed]:
        """Whether it is signed, and whether it is kept to the horizon given that it is."""
        certain = not self.world.model.inputs
        signed = PerDraw(self.signed, self._signed(), None, certain)
        if not len(self.at):
            return signed, _NEVER
        *_, kept = self.setting.survival(self.held[_BASE])
        return signed, PerDraw(self._told(kept), self._mean(kept), self.signed, certain)

    def _signed(self) -> Estimate:
        found = conditional(self.signed, np.ones(len(self.signed), np.bool_), method=self.world.asked.method)
        assert found is not None
        return found

    def _calm(self, period: Ints) -> Floats:
        """(draw,): the chance that nothing comes from outside before a period."""
        out: Floats = (1.0 - self.setting.shock) ** period
        return out

    @cached_property
    def _calm_to_end(self) -> Floats:
        return self._calm(np.full(len(self.at), self.world.clock.periods))

    def _all_keep(self, key: _Key) -> Bools:
        """(draw,): whether all keep it to the horizon, if nothing comes from outside."""
        out: Bools = self.held[key].period == self.world.clock.periods
        return out

    def _kept(self, key: _Key = _BASE) -> Floats:
        """(draw,): the chance that it is kept to the horizon."""
        return np.where(self._all_keep(key), self._calm_to_end, 0.0)

    # ------------------------------------------------------------------------------------------ estimates

    def _whole(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values of the draws in which the deal is signed among all draws; nought, or no, in the others."""
        out = np.zeros(len(self.signed), values.dtype)
        out[self.at] = values
        return out

    def _told(self, values: Floats) -> npt.NDArray[Any]:
        """Chances in all draws; as yes and no where they are nothing else."""
        certain = bool(((values == 0) | (values == 1)).all())
        return self._whole(values.astype(np.bool_) if certain else values)

    def _mean(self, values: Floats) -> Estimate:
        """The mean of chances over the draws in which the deal is signed."""
        found = conditional(self._told(values), self.signed, method=self.world.asked.method)
        assert found is not None
        return replace(found, low=max(0.0, found.low), high=min(1.0, found.high))

    def _change(self, before: Floats, after: Floats) -> Estimate:
        """The mean of after less before, over the same draws."""
        if (before == after).all():  # an interval all the same: of draws that are few
            none = np.zeros(len(before), np.bool_)
            return paired(none, none)
        found = conditional(self._whole(after - before), self.signed, method=self.world.asked.method)
        assert found is not None
        return found

    def _need(self, least: Floats, most: float) -> Need | NotComputed:
        """The smallest x for which the deal is kept as likely as wanted, where a draw takes ``least``."""
        order = np.argsort(least, kind="stable")
        x, calm = least[order], self._calm_to_end[order]
        reached = np.cumsum(calm) / len(x)
        scatter = np.sqrt(np.maximum(np.cumsum(calm**2) / len(x) - reached**2, 0.0) / len(x))
        fits = x <= most
        top = float(reached[fits][-1]) if fits.any() else 0.0
        if top < self.target - 1e-12:
            if calm.mean() < self.target:
                return NotComputed("something from outside ends the deal too often for that")
            return NotComputed(f"even at its strongest the deal is kept in {top:.0%} of the draws")

        def first(level: Floats) -> float | None:
            found = np.flatnonzero(fits & (level >= self.target - 1e-12))
            return float(x[found[0]]) if len(found) else None

        value = first(reached)
        assert value is not None
        return Need(value, first(reached + Z95 * scatter), first(reached - Z95 * scatter))

    # ------------------------------------------------------------------------------------------ who and why

    def _breakers(self, base: Held) -> list[Breaker]:
        calm = self._calm(base.period)
        out = []
        first = self._first(base)
        for who in np.unique(first[first > 0]):
            mine = first == who
            parties = tuple(p for n, p in enumerate(self.world.parties) if who >> n & 1)
            years = spread(self.world.clock.years[base.period[mine]])
            probability = self._mean(np.where(mine, calm, 0.0))
            out.append(Breaker(parties, probability, years, tuple(self._reasons(parties, mine))))
        return sorted(out, key=lambda b: (-b.probability.value, b.parties))

    def _first(self, base: Held) -> npt.NDArray[np.int64]:
        """(draw,): bits of the parties that break it first, without those that merely forestall them."""
        if len(self.world.parties) == 1:
            return base.who
        alone = [~self._all_keep(("alone", p)) for p in self.world.parties]
        own = np.sum([yes.astype(np.int64) << n for n, yes in enumerate(alone)], axis=0) & base.who
        return np.where(own > 0, own, base.who)

    def _reasons(self, parties: Sequence[str], mine: Bools) -> list[Reason]:
        """Without what the deal would be kept in the draws in which these parties break it first."""
        gone: dict[Why, Bools] = {
            why: self._all_keep(("but", why)) for why in CAUSES if ("but", why) in self.held
        }
        if len(self.world.parties) > 1:
            gone["foreseen"] = np.all([self._all_keep(("alone", p)) for p in parties], axis=0)
        gone["several"] = ~np.any(list(gone.values()), axis=0)
        out = []
        for why, saved in gone.items():
            share = conditional(self._whole(saved), self._whole(mine), method=self.world.asked.method)
            if share is not None and share.value > 0:
                out.append(Reason(why, share))
        return sorted(out, key=lambda r: -r.share.value)

    # ------------------------------------------------------------------------------------------ guarantees

    def _weakest(self) -> Iterator[Least]:
        for against, values in self.least.items():
            parties = tuple(p for p, yes in zip(self.world.parties, against, strict=True) if yes)
            yield Least(parties, self._need(values, MOST))

    def _guarantee(self, name: str) -> GuaranteeWorth:
        world, body = self.world, self.world.guarantees[name]
        holds = name in self.inside
        here, changed = self._kept(), self._kept(("guarantee", name))
        without, mine = (changed, here) if holds else (here, changed)
        takes, against = world.rows.punishment[name][self.at], tuple(map(bool, world.against(name)))
        need: Need | NotComputed = NotComputed("it answers nobody's breach")
        if any(against):
            points = self.least[against]
            with np.errstate(divide="ignore", invalid="ignore"):
                need = self._need(np.where(points > 0, points / takes, 0.0), 1.0)
        types = [
            OfType(kind, self._mean(acts[self.at]), self._mean(self._kept(("type", name, kind))))
            for (guarantee, kind), acts in world.rows.of_type.items()
            if guarantee == name
        ]
        return GuaranteeWorth(
            name,
            body.by,
            tuple(p for p in world.parties if body.answers(p)),
            holds,
            self._mean(world.rows.acts[name][self.at]),
            spread(takes),
            self._mean(mine),
            self._change(without, mine),
            need,
            tuple(types),
        )

    def _sequences(self) -> Iterator[PhaseOrder]:
        for words, order in self.orders.items() if self.world.body.phases else ():
            kept = self._kept(_BASE if words == "as stated" else ("order", words))
            yield PhaseOrder(words, order, self._mean(kept), self._change(self._kept(), kept))


# ------------------------------------------------------------------------------------------------ holding out

#: Two parties, and the deal of the zone that each likes best at central values.
_Pair = tuple[tuple[int, int], tuple[dict[str, str], dict[str, str]]]


def _favourites(compiled: Compiled) -> list[_Pair]:
    """Every two parties of the rule that like different deals of the zone best, at central values."""
    found: dict[int, list[int]] = {}
    try:
        for r in compiled.rulers:
            best = best_kernel.best(compiled.blocks(), compiled.reserve[0], compiled.rule, r)
            if best is not None:
                found[r] = [int(c) for c in best[1]]
    except TooLarge:
        return []
    return [
        ((a, b), (compiled.deal(found[a]), compiled.deal(found[b])))
        for a, b in combinations(found, 2)
        if found[a] != found[b]
    ]


def _of_pairs(pairs: Sequence[_Pair]) -> list[dict[str, str]]:
    return [deal for _, deals in pairs for deal in deals]


def _holdout(world: Worlds, pairs: Sequence[_Pair]) -> HoldOut | NotComputed:
    """The two that hold out longest."""
    found: HoldOut | None = None
    for (a, b), deals in pairs:
        cells = [world.cell(d) for d in deals]
        rows = np.array([a, b])
        over = world.rows.utility[rows][:, cells] - world.rows.reserve[rows][:, None]  # (party, deal, draw)
        best, other = np.stack([over[0, 0], over[1, 1]]), np.stack([over[0, 1], over[1, 0]])
        does: Bools = np.all([*world.rows.passed[cells], *(other >= 0), *(best > other)], axis=0)
        both = conditional(does, np.ones(len(does), np.bool_), method=world.asked.method)
        if both is None or not does.any():
            continue
        delays = []
        for years in LOOKS_AHEAD:
            rate = np.full((2, int(does.sum())), 1.0 / years)
            delays.append((years, _bounded(delay(best[:, does], other[:, does], rate))))
        here = HoldOut((world.model.parties[a], world.model.parties[b]), deals, both, tuple(delays))
        if found is None or delays[0][1].median > found.delays[0][1].median:
            found = here
    return found or NotComputed(
        "no two parties whose yes is needed like different deals best that both would do"
    )


def _bounded(values: Floats) -> Spread:
    """How delays scatter; of those without end, no more than a thousand years."""
    return spread(np.minimum(values, 1000.0))
