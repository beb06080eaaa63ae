"""Which threats and promises are credible, and would they work?

Credible, in a draw: carrying it out is at least as good for its maker as backing down; what it costs, less
what it brings, is no more than what backing down costs before its audiences (Schelling 1960, ch. 2; Fearon
1994; Smith 1998). P(credible) is the share of draws, as Kilgour and Zagare (1991) define credibility: the
probability that the maker prefers carrying it out. A maker to whom it is better is called resolute.

The record is evidence on that (Sartori 2002): what became of earlier words was more or less likely of a
resolute maker. There is one model. A draw has the prior weight of all draws, times how likely the record is
for the kind of maker that it holds, so that P(credible | record) = P L1 / (P L1 + (1 - P) L0) (Bayes).

Effective, in a draw: the target, sure that it will be carried out when due, does at least as well by what is
asked of it as by anything else that it can have. The belief at which it is indifferent is its critical risk
(Ellsberg 1975): what it forgoes over what is at stake. What others accept is taken as it is when carrying
out is certain, with what this does to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.case.threats import Threat
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, uncertain
from winset.kernels.blocks import Bools, Floats
from winset.kernels.threats import after_record, critical, prior_needed
from winset.lenses.disagreements import promises
from winset.lenses.estimates import Estimate, Plan, Spread, estimate, order_statistic, paired, share, spread
from winset.lenses.per_draw import PerDraw
from winset.lenses.results import NotComputed, Progress, Result
from winset.lenses.survey import certain, odds_plan
from winset.lenses.threat_run import ThreatRun

__all__ = [
    "Amount",
    "Credibility",
    "DealChange",
    "Effect",
    "Needed",
    "RecordStep",
    "ThreatOdds",
    "ThreatsResult",
    "Waiting",
    "threats",
    "threats_in_draws",
]

MOST = 3  # deals that are told of each threat
TARGETS = (0.5, 0.8)
_NONE = NotComputed("the case states no threats or promises")
_IMPOSSIBLE = NotComputed("the record is impossible, whether or not the maker is resolute")
_BY_PRIOR = NotComputed("the case states a prior in place of costs")
_NO_SAY = NotComputed("the yes of its target is not asked for, so that no deal is its to take or to leave")
_SETTLED = NotComputed("in no draw does it depend on what the target believes")
_EDGE = 1e-12  # a belief this little below the critical risk still reaches it

Draw = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class RecordStep(Result):
    """An earlier threat or promise, and what it says about the maker."""

    carried_out: bool
    resolute: float  # mean likelihood for a maker to whom carrying out is better
    irresolute: float  # for one to whom backing down is better
    after: Estimate | NotComputed  # P(credible) with the record up to here
    because: tuple[str, ...]  # claims


@dataclass(frozen=True, slots=True)
class Amount(Result):
    """A number of points, and its 95 % interval; an end that the draws leave open is None."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Needed(Result):
    """What would make it credible with some probability, given the record, all else as it is drawn."""

    target: float
    audience: Amount | NotComputed  # the least cost of backing down
    cost: Amount | NotComputed  # the largest cost of carrying out


@dataclass(frozen=True, slots=True)
class Credibility(Result):
    """How likely carrying it out is at least as good for the maker as backing down."""

    interests: Estimate  # before the record: by what it costs and brings, or the prior that the case states
    stated: bool  # as a prior
    record: tuple[RecordStep, ...]
    believed: Estimate | NotComputed  # with the record
    cost: Spread | NotComputed  # of carrying out, less what that brings
    audience: Spread | NotComputed  # of backing down
    by_type: dict[str, Estimate]  # type of the maker -> before the record; where the case tells types apart
    needed: tuple[Needed, ...] | NotComputed
    counted_twice: tuple[str, ...]  # claims of the record that the evidence on the maker's types rests on too


@dataclass(frozen=True, slots=True)
class DealChange(Result):
    """A deal that passes more or less often if it is carried out for sure."""

    deal: dict[str, str]
    without: Estimate
    carried: Estimate
    change: Estimate  # draw by draw


@dataclass(frozen=True, slots=True)
class Effect(Result):
    """What it does to its target and to the zone if it is carried out for sure when due."""

    complies: Estimate | NotComputed  # effective: the target does as it is asked
    anyway: Estimate | NotComputed  # it would do so without
    cannot: Estimate | NotComputed  # nothing that it is asked for is to be had
    critical: Spread | NotComputed  # the belief that it takes, over the draws in which belief decides
    at_belief: Estimate | NotComputed  # it complies if it believes as much as the record warrants
    both: Estimate | NotComputed  # credible and effective, with the record
    both_interests: Estimate | NotComputed  # before the record
    opened: Estimate  # some deal passes
    change: Estimate  # of that, draw by draw
    opens: int  # deals that pass in more draws
    closes: int  # in fewer
    deals: tuple[DealChange, ...]  # those that change most


@dataclass(frozen=True, slots=True)
class Waiting(Result):
    """What it does to a party that something announced is put off."""

    party: str
    role: Literal["maker", "target", "third"]
    each: Spread  # points for each unit of time
    unit: str
    whole: Spread  # over the delay
    gains: Estimate  # probability that it gains


@dataclass(frozen=True, slots=True)
class ThreatOdds(Result):
    """One threat or promise."""

    name: str
    kind: Literal["threat", "promise"]
    by: str
    to: str
    what: str | None
    condition: Literal["when", "unless"] | None
    on: str | None  # the condition: any deal, no deal, an offer, or a match in one line
    announced: str | None
    because: tuple[str, ...]
    put_off: tuple[str, ...]  # claims that it rests on and that others put off
    put_off_by: tuple[str, ...]  # the claims that do
    credible: Credibility
    effect: Effect | NotComputed
    waiting: tuple[Waiting, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class ThreatsResult(Result):
    """Every threat and promise, in the order of the case."""

    plan: Plan
    opened: Estimate | NotComputed  # some deal passes, while nothing is carried out
    threats: tuple[ThreatOdds, ...] | NotComputed


def threats(
    case: Case | Compiled,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> ThreatsResult:
    """The threats and promises of a case: credible, effective, both, what opens, and who gains by waiting.

    Parameters
    ----------
    draws, rng, method
        How the unknowns are drawn, those of the block ``threats`` with all others.
    progress
        Told how many of the draws are done.
    """
    model = uncertain(case, also=("threats",))
    asked = odds_plan(model, draws, rng, method)
    if not model.case.threats:
        return ThreatsResult(asked, _NONE, _NONE)
    run = ThreatRun(model, asked)
    run.do(progress)
    return _Answer(run).answer()


@dataclass(frozen=True, slots=True)
class ThreatInDraws:
    """One threat or promise, draw by draw."""

    credible: PerDraw | NotComputed  # with the record
    complies: PerDraw | NotComputed  # effective
    both: PerDraw | NotComputed
    opened: PerDraw | NotComputed  # some deal passes if it is carried out for sure


def threats_in_draws(
    model: Uncertain, asked: Plan, progress: Progress | None = None
) -> dict[str, ThreatInDraws] | NotComputed:
    """Each threat and promise in every draw.

    Parameters
    ----------
    model
        With the unknowns of the threats.
    """
    if not model.case.threats:
        return _NONE
    run = ThreatRun(model, asked)
    run.do(progress)
    return {name: _Answer(run).in_draws(name) for name in run.bodies}


class _Answer:
    """What the draws say about each."""

    def __init__(self, run: ThreatRun) -> None:
        self.run, self.model = run, run.model

    def in_draws(self, name: str) -> ThreatInDraws:
        resolute, record = self.run.resolute(name), self.run.record(name)
        credible = self._given(resolute, record) if record else self._plain(resolute)
        if name in self.run.without:
            why = self.run.without[name]
            return ThreatInDraws(credible, why, why, why)
        opened = self._plain(self.run.opened[name])
        if not self._decides(name):
            return ThreatInDraws(credible, _NO_SAY, _NO_SAY, opened)
        complies: Bools = self._least(name) <= 1 + _EDGE
        return ThreatInDraws(credible, self._plain(complies), self._given(resolute, record, complies), opened)

    def _plain(self, values: npt.NDArray[np.bool_] | Floats) -> PerDraw:
        return PerDraw(values, self._mean(values), None, not self.model.inputs)

    def _decides(self, name: str) -> bool:
        """Whether the yes of its target is asked for."""
        return self.model.parties.index(self.run.bodies[name].to) in self.model.rulers

    def _least(self, name: str) -> Floats:
        """(draw,): the belief that it takes."""
        comply, defy = self.run.best[name]
        return critical(comply, defy, self.run.size(name, self.run.values))

    def answer(self) -> ThreatsResult:
        run = self.run
        opened = next(iter(run.without.values()), _NONE) if not run.listed else self._mean(run.before)
        return ThreatsResult(run.plan, opened, tuple(self._threat(n, b) for n, b in run.bodies.items()))

    def _mean(self, values: npt.NDArray[np.bool_] | Floats) -> Estimate:
        return certain(self.model, estimate(values, method=self.run.plan.method))

    def _change(self, before: Bools, after: Bools) -> Estimate:
        return certain(self.model, paired(before, after, method=self.run.plan.method))

    def _threat(self, name: str, body: Threat) -> ThreatOdds:
        stated = body.when if body.when is not None else body.unless
        rests = {*body.because, *(c for e in body.record for c in e.because)}
        rests |= set(body.delay.because) if body.delay is not None else set()
        late = [
            p for p in promises(self.model.case) if p.claim in rests and p.status in ("put off", "overdue")
        ]
        resolute, record = self.run.resolute(name), self.run.record(name)
        credible = self._credible(name, body, resolute, record)
        return ThreatOdds(
            name,
            body.kind,
            body.by,
            body.to,
            body.what,
            "when" if body.when is not None else "unless" if body.unless is not None else None,
            stated if stated is None or isinstance(stated, str) else stated.short(),
            None if body.announced is None else str(body.announced),
            body.because,
            tuple(p.claim for p in late),
            tuple(dict.fromkeys(c for p in late for c in p.by)),
            credible,
            self._effect(name, body, resolute, record, credible.believed),
            self._waiting(name, body),
            body.note,
        )

    # ------------------------------------------------------------------------------------------ the maker

    def _credible(
        self, name: str, body: Threat, resolute: Bools | Floats, record: Sequence[Draw]
    ) -> Credibility:
        run, by_prior = self.run, body.prior is not None
        steps = tuple(
            RecordStep(
                earlier.carried_out,
                float(yes.mean()),
                float(no.mean()),
                _found(self._given(resolute, record[: n + 1])),
                earlier.because,
            )
            for n, (earlier, (yes, no)) in enumerate(zip(body.record, record, strict=True))
        )
        interests = self._mean(resolute)
        believed = steps[-1].after if steps else interests
        twice = self._counted_twice(body)
        if by_prior:
            return Credibility(interests, True, steps, believed, _BY_PRIOR, _BY_PRIOR, {}, _BY_PRIOR, twice)
        cost = run.net_cost(name, run.values, run.kind)
        audience = run.stake(name, "audience", run.values, run.kind)
        by_type = {}
        if body.types:
            kinds = run.kind[self.model.parties.index(body.by)]
            for k, kind in enumerate(self.model.types.get(body.by, ())):
                if (kinds == k).any():
                    by_type[kind] = certain(self.model, estimate(resolute[kinds == k]))
        return Credibility(
            interests,
            False,
            steps,
            believed,
            spread(cost),
            spread(audience),
            by_type,
            self._needed(name, cost, audience, record),
            twice,
        )

    def _given(
        self, resolute: Bools | Floats, record: Sequence[Draw], also: Bools | None = None
    ) -> PerDraw | NotComputed:
        """The probability that the maker is resolute, and that something else holds too, given the record."""
        yes, no = _likelihood(record, len(resolute))
        top = resolute * yes
        below = top + (1.0 - resolute) * no
        whole = float(below.mean())
        if whole <= 0:
            return _IMPOSSIBLE
        alike = also is None and resolute.dtype == np.bool_ and resolute.all() == resolute.any()
        top = top if also is None else top * also
        value = float(top.mean()) / whole

        def told(found: Estimate) -> PerDraw:
            return PerDraw(top, certain(self.model, found), below, not self.model.inputs)

        if alike:  # no scatter: the interval of the share before the record, turned by Bayes' rule
            before = share(int(resolute.sum()), len(resolute))
            ends = np.array([before.low, before.high])
            low, high = after_record(ends, np.full(2, yes.mean()), np.full(2, no.mean())).tolist()
            return told(Estimate(value, 0.0, low, high, len(resolute)))
        # a ratio of two means: its error is that of the mean of (top - value x below) / mean of below
        rest = estimate((top - value * below) / whole, method=self.run.plan.method)
        low, high = max(0.0, value + rest.low), min(1.0, value + rest.high)
        return told(Estimate(value, rest.standard_error, low, high, rest.draws))

    def _needed(
        self, name: str, cost: Floats, audience: Floats, record: Sequence[Draw]
    ) -> tuple[Needed, ...] | NotComputed:
        """What it takes to be credible in so many of the draws that the record leaves the target."""
        yes, no = (float(side.mean()) for side in _likelihood(record, len(cost)))
        if yes <= 0:
            return NotComputed("no resolute maker could have this record")
        brings = self.run.stake(name, "benefit", self.run.values, self.run.kind)
        out = []
        for target in TARGETS:
            before = prior_needed(target, yes, no)
            out.append(
                Needed(
                    target,
                    _amount(np.maximum(cost, 0.0), before),
                    _mirrored(_amount(-(audience + brings), before)),
                )
            )
        return tuple(out)

    def _counted_twice(self, body: Threat) -> tuple[str, ...]:
        if not body.types:
            return ()
        seen = {c for factor in self.model.case.factors(body.by) for c in factor.because}
        return tuple(dict.fromkeys(c for e in body.record for c in e.because if c in seen))

    # ------------------------------------------------------------------------------ the target and the zone

    def _effect(
        self,
        name: str,
        body: Threat,
        resolute: Bools | Floats,
        record: Sequence[Draw],
        believed: Estimate | NotComputed,
    ) -> Effect | NotComputed:
        run = self.run
        if name in run.without:
            return run.without[name]
        opens, closes = run.changes[name]
        zone = (
            self._mean(run.opened[name]),
            self._change(run.before, run.opened[name]),
            int((opens > closes).sum()),
            int((closes > opens).sum()),
            self._deals(name),
        )
        if not self._decides(name):
            return Effect(_NO_SAY, _NO_SAY, _NO_SAY, _NO_SAY, _NO_SAY, _NO_SAY, _NO_SAY, *zone)
        comply, least = run.best[name][0], self._least(name)
        complies: Bools = least <= 1 + _EDGE
        decides = complies & (least > 0)
        return Effect(
            self._mean(complies),
            self._mean(least <= 0),
            self._mean(np.isneginf(comply)),
            spread(least[decides]) if decides.any() else _SETTLED,
            believed if isinstance(believed, NotComputed) else self._mean(least <= believed.value + _EDGE),
            _found(self._given(resolute, record, complies)),
            _found(self._given(resolute, (), complies)),
            *zone,
        )

    def _deals(self, name: str) -> tuple[DealChange, ...]:
        """The deals whose chance to pass changes most; of equal ones the first."""
        opens, closes = self.run.changes[name]
        change = np.abs(opens - closes)
        first = np.argsort(-change, kind="stable")[:MOST]
        chosen = self.run.due[name].moved[first[change[first] > 0]]
        if not len(chosen):
            return ()
        before, after = self.run.passing(name, chosen)
        return tuple(
            DealChange(self.model.number(int(n)), self._mean(b), self._mean(a), self._change(b, a))
            for n, b, a in zip(chosen, before, after, strict=True)
        )

    # ------------------------------------------------------------------------------------------- the delay

    def _waiting(self, name: str, body: Threat) -> tuple[Waiting, ...]:
        if body.delay is None:
            return ()
        unit, lasts, each = self.run.waiting(name)
        return tuple(
            Waiting(
                party,
                "target" if party == body.to else "maker" if party == body.by else "third",
                spread(points),
                unit,
                spread(points * lasts),
                self._mean(points > 0),
            )
            for party, points in each.items()
        )


def _found(told: PerDraw | NotComputed) -> Estimate | NotComputed:
    return told.found if isinstance(told, PerDraw) else told


def _likelihood(record: Sequence[Draw], draws: int) -> Draw:
    """(draw,) each: how likely the whole record is for a resolute maker, and for another."""
    yes, no = np.ones(draws), np.ones(draws)
    for one, other in record:
        yes, no = yes * one, no * other
    return yes, no


def _amount(values: Floats, level: float) -> Amount:
    """The least amount that reaches what it takes in this share of the draws."""
    point, low, high = order_statistic(values, level)
    assert point is not None
    return Amount(point, low, high)


def _mirrored(found: Amount) -> Amount:
    return Amount(-found.value, _negative(found.high), _negative(found.low))


def _negative(end: float | None) -> float | None:
    return None if end is None else -end
