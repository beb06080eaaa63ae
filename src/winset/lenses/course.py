"""Will the talks get there, and if not, at which stage do they fail?

The stages of the case are run for every joint draw of its unknowns: what parties show each other, who walks
out, what is offered and agreed, who rejects it, whether bodies ratify it, and what from outside ends it all.
A tentative deal counts as an agreement only if the rule of consent is satisfied in the end; a party whose yes
is needed and that no stage asks is asked when the last stage is over. What a party expects from going on is
defined in ``course_ends``. Other courses use the same random numbers, so that differences are sharp (common
random numbers: Law and Kelton 2000, Simulation Modeling and Analysis, sec. 11.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.case.stages import Offers, Talks
from winset.case.what_ifs import WhatIf, WhatIfProblem, changed, read_what_if
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.sampling import PIECE, Sampler
from winset.errors import QuestionError
from winset.kernels.ensemble import passes
from winset.kernels.variance import by_class, classes
from winset.lenses.course_ends import Ends, alike, ends
from winset.lenses.course_plan import CoursePlan, course_plan, without_any
from winset.lenses.course_run import AGREEMENT, ENDINGS, Part, Room, Trail, cut, run
from winset.lenses.course_story import Story, names_of, story
from winset.lenses.estimates import (
    DRAWS,
    Estimate,
    Plan,
    Spread,
    conditional,
    estimate,
    paired,
    plan,
    spread,
)
from winset.lenses.results import NotComputed, Progress, Result

__all__ = [
    "CourseResult",
    "Driver",
    "Ending",
    "FinalDeal",
    "Forecast",
    "OtherCourse",
    "PartyCourse",
    "StageFunnel",
    "course",
    "ends_in_draws",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST = 2_000_000  # draws: about a third of a kilobyte is kept of each, for every course
LIMIT = 100_000  # deals that are listed in every draw
_TABLE = 1 << 22  # numbers of all parties in the tables of deals of a part
_BELIEF = 1024  # draws from which a mediator's belief about the zone comes
_DRIVEN = 16_384  # draws that are looked at for what drives a failure
_MOST_DEALS = 10  # that are listed
_CLOSE = 0.02  # least share of the variance that makes a driver


@dataclass(frozen=True, slots=True)
class Ending(Result):
    """One way in which the talks end at a stage."""

    how: str  # one of ENDINGS
    who: tuple[str, ...]  # who walks out or rejects, or the bodies that do not ratify
    probability: Estimate


@dataclass(frozen=True, slots=True)
class StageFunnel(Result):
    """What becomes of the talks at one stage."""

    stage: str  # "" when parties that no stage asks are asked at the end
    kind: str
    room: tuple[str, ...]
    channel: str | None
    entered: Estimate
    agreed: Estimate | None  # of offers: that something is agreed there, at whichever visit
    ended: Estimate  # that the talks end there
    endings: tuple[Ending, ...]  # the likeliest first


@dataclass(frozen=True, slots=True)
class FinalDeal(Result):
    """A deal that the talks may end with."""

    name: str  # of an offer of the case, or ""
    deal: dict[str, str]
    probability: Estimate


@dataclass(frozen=True, slots=True)
class PartyCourse(Result):
    """What the talks bring a party, over its no-deal value at the outset."""

    party: str
    mean: Estimate
    gain: Spread
    stages: Spread  # what the stages themselves give, less what they cost
    if_agreed: Spread | NotComputed
    if_not: Spread | NotComputed


@dataclass(frozen=True, slots=True)
class Forecast(Result):
    """A stated probability of failure, with the computed one of the same event."""

    claim: str
    by: str
    event: str
    low: float
    high: float
    stage: str | None  # failure means nothing agreed when this stage is over; None: the talks as a whole
    computed: Estimate


@dataclass(frozen=True, slots=True)
class Driver(Result):
    """An unknown on which failure hangs."""

    path: str
    share: Estimate  # of the variance of failing or not that it explains by itself
    low: Estimate  # probability of failure with the unknown in the lowest third, or of the first type
    high: Estimate  # in the highest third, or of the last type
    low_is: str  # words for the two
    high_is: str


@dataclass(frozen=True, slots=True)
class OtherCourse(Result):
    """The same talks with one thing changed, on the same random numbers."""

    what: str
    failure: Estimate | NotComputed
    change: Estimate | NotComputed  # of the probability of failure
    gains: dict[str, Estimate]  # party -> change of its mean gain


@dataclass(frozen=True, slots=True)
class CourseResult(Result):
    """How the talks run and where they fail."""

    plan: Plan
    asked: int  # draws that were asked for; more than those of the plan after an interruption
    within: bool  # whether the tolerance asked for was reached; true when none was
    failure: Estimate | NotComputed
    hopeless: Estimate | None  # failure, and no deal would have passed the rule of consent in the first place
    missed: Estimate | None  # failure though some deal would have passed it
    endings: tuple[Ending, ...]  # over all stages
    stages: tuple[StageFunnel, ...]
    forecasts: tuple[Forecast, ...]
    baseline: float  # a naive forecaster's probability of failure: an even chance
    deals: tuple[FinalDeal, ...]  # the likeliest first
    different_deals: int
    parties: tuple[PartyCourse, ...]
    days: Spread | None
    success: Story | NotComputed
    collapse: Story | NotComputed
    drivers: tuple[Driver, ...]
    others: tuple[OtherCourse, ...]


def course(
    case: Case | Compiled,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: Literal["random", "sobol"] | str = "random",
    to_within: float | None = None,
    what_if: Sequence[str] | None = None,
    compared: int | None = None,
    progress: Progress | None = None,
) -> CourseResult:
    """Run the talks over all draws.

    Parameters
    ----------
    draws, rng, method
        How the unknowns, and what else is random, are drawn. At most 2,000,000.
    to_within
        Draw until the probability of failure is known to this, either way.
    what_if
        Other courses to compare with, as sentences: ``without STAGE``, ``with PARTY in STAGE``, ``order
        STAGE, STAGE``, ``deadline SPAN``, ``no deadline``, ``mediator PARTY in STAGE``. Those that the case
        lists by default.
    compared
        Over how many draws, the first ones, to compare other courses; all by default.

    Raises
    ------
    QuestionError
        On a what-if that is none, or too many draws.

    Notes
    -----
    Interrupted from the keyboard, it answers from the draws that are done; ``plan.draws`` says how many.
    """
    model = uncertain(case, also=("stages", "talks"))
    whole = model.case
    asked = plan(draws if draws is not None else DRAWS, rng, method=method, to_within=to_within)
    if asked.draws > MOST:
        raise QuestionError(f"{asked.draws:,} draws; the course of talks takes at most {MOST:,}")
    talks = whole.talks or Talks.model_validate({})
    wanted = _what_ifs(whole, talks, what_if)
    made = _stated(model, talks)
    if isinstance(made, NotComputed):
        return _nothing(asked, made)
    variants: list[CoursePlan | NotComputed] = []
    for what in wanted:
        stages, other = changed(whole.stages, talks, what)
        variants.append(course_plan(model, stages, other))
    plans = [made, *(v for v in variants if isinstance(v, CoursePlan))]
    runner = _Runner(model, asked, plans, compared, progress)
    runner.run()
    return _answer(runner, wanted, variants)


def ends_in_draws(
    model: Uncertain, asked: Plan, progress: Progress | None = None
) -> tuple[CoursePlan, Ends] | NotComputed:
    """How the talks that the case states end in every draw.

    Parameters
    ----------
    model
        With the unknowns of the stages and of the talks.
    """
    if asked.draws > MOST:
        return NotComputed(f"{asked.draws:,} draws; the course of talks takes at most {MOST:,}")
    made = _stated(model, model.case.talks or Talks.model_validate({}))
    if isinstance(made, NotComputed):
        return made
    runner = _Runner(model, asked, [made], None, progress)
    runner.run()
    if runner.interrupted:
        raise KeyboardInterrupt
    return made, ends(made, runner.trails[0])


def _stated(model: Uncertain, talks: Talks) -> CoursePlan | NotComputed:
    """The course that the case states, made ready."""
    why = without_any(model.case)
    if why is None and model.deals > LIMIT:
        why = NotComputed(f"{model.deals:,} deals; at most {LIMIT:,} are listed in every draw")
    return why or course_plan(model, model.case.stages, talks)


def _what_ifs(case: Case, talks: Talks, given: Sequence[str] | None) -> list[WhatIf]:
    out = []
    for text in talks.what_ifs if given is None else given:
        try:
            what = read_what_if(text, case.stages, case.parties, case.valued())
            changed(case.stages, talks, what)
        except WhatIfProblem as problem:
            lines = [f'what-if "{text}": {problem.message}', f"    allowed:   {problem.allowed}"]
            if problem.hint:
                lines.append(f"    hint:      {problem.hint}")
            raise QuestionError("\n".join(lines)) from None
        out.append(what)
    return out


def _nothing(asked: Plan, why: NotComputed) -> CourseResult:
    return CourseResult(
        asked, asked.draws, True, why, None, None, (), (), (), 0.5, (), 0, (), None, why, why, (), ()
    )


class _Runner:
    """All courses over all draws, in pieces."""

    def __init__(
        self,
        model: Uncertain,
        asked: Plan,
        plans: Sequence[CoursePlan],
        compared: int | None,
        progress: Progress | None,
    ) -> None:
        self.model, self.asked, self.plans, self.progress = model, asked, plans, progress
        self.compared = MOST if compared is None else compared
        if asked.method == "sobol":
            self.compared = -(-self.compared // PIECE) * PIECE
        self.room = Room(model, asked.seed, plans)
        self.sampler = Sampler(model, asked.seed, method=asked.method)
        self.open: list[Bools] = []
        self.trails: list[list[Trail]] = [[] for _ in plans]
        self.beliefs: dict[tuple[int, ...], Floats] = {}
        self.interrupted, self.within = False, True

    @property
    def done(self) -> int:
        return sum(len(o) for o in self.open)

    def run(self) -> None:
        self._prepare()
        wanted = self.asked.draws
        tolerance = self.asked.to_within
        if tolerance is not None:
            wanted = -(-wanted // PIECE) * PIECE
        try:
            self._more(wanted)
            while tolerance is not None and self._half() > tolerance:
                if 2 * self.done > MOST:
                    self.within = False
                    break
                self._more(self.done)
        except KeyboardInterrupt:
            if not self.open:
                raise
            self.interrupted, self.within = True, tolerance is None

    def _prepare(self) -> None:
        for made in self.plans:
            made_for = {
                s.sides for s in made.stages if isinstance(s.body, Offers) and s.body.protocol == "mediated"
            }
            for sides in made_for - set(self.beliefs):
                self.beliefs[sides] = self._belief(sides)

    def _belief(self, sides: tuple[int, ...]) -> Floats:
        """(deal, 1): the share of draws in which all in the room and the rule of consent take each deal."""
        found = np.zeros(self.model.deals)
        for piece in self.sampler.work(_BELIEF, lambda d: self._taken(d, sides)):
            found += np.sum(piece, axis=0)
        out: Floats = found[:, None] / _BELIEF
        return out

    def _taken(self, draws: Draws, sides: tuple[int, ...]) -> Floats:
        found = np.zeros(self.model.deals)
        for some in self._cut(draws):
            part = Part(self.room, some)
            yes = passes(self.room.rule, part.says(self.model.rulers))
            yes &= part.says(sides).all(axis=0)
            found += yes.sum(axis=0)
        return found

    def _cut(self, draws: Draws) -> list[Draws]:
        width = max(1, _TABLE // (self.model.deals * len(self.room.listed)))
        edges = {*range(0, draws.count, width), draws.count, self.compared - draws.first}
        kept = sorted(e for e in edges if 0 <= e <= draws.count)
        return [cut(draws, slice(*both)) for both in pairwise(kept)]

    def _job(self, draws: Draws) -> tuple[list[Bools], list[list[Trail]]]:
        opened, trails = [], []
        for some in self._cut(draws):
            part = Part(self.room, some)
            opened.append(part.open())
            plans = self.plans if some.first < self.compared else self.plans[:1]
            trails.append([run(made, part, self.beliefs) for made in plans])
        return opened, trails

    def _more(self, many: int) -> None:
        first, done = self.done, 0
        for piece in self.sampler.work(many, self._job, first=first):
            for opened, trails in piece:
                self.open += opened
                for made in trails:
                    for kept, trail in zip(self.trails, made, strict=False):
                        kept.append(trail)
            done = self.done
            if self.progress is not None:
                self.progress("running the talks", done, first + many)

    def _half(self) -> float:
        return estimate(ends(self.plans[0], self.trails[0]).how != AGREEMENT, method=self.asked.method).half


def _answer(
    runner: _Runner, wanted: Sequence[WhatIf], variants: Sequence[CoursePlan | NotComputed]
) -> CourseResult:
    made = runner.plans[0]
    done = replace(runner.asked, draws=runner.done)
    found = ends(made, runner.trails[0])
    failed = found.how != AGREEMENT
    opened = np.concatenate(runner.open)
    names = made.model.parties
    at = np.flatnonzero(~failed)
    deals, times = np.unique(found.deal[at], return_counts=True)
    order = np.argsort(-times, kind="stable")

    def sure(values: npt.NDArray[np.bool_] | Floats) -> Estimate:
        return estimate(values, method=done.method)

    return CourseResult(
        plan=done,
        asked=runner.asked.draws,
        within=runner.within,
        failure=sure(failed),
        hopeless=sure(failed & ~opened),
        missed=sure(failed & opened),
        endings=_endings(made, found, np.ones(len(failed), np.bool_), done),
        stages=_funnel(made, found, done),
        forecasts=_forecasts(made, found, done),
        baseline=0.5,
        deals=tuple(
            FinalDeal(
                _named(made, int(deals[n])), made.model.number(int(deals[n])), sure(found.deal == deals[n])
            )
            for n in order[:_MOST_DEALS]
        ),
        different_deals=len(deals),
        parties=tuple(_party(p, name, found, failed, done) for p, name in enumerate(names)),
        days=spread(found.clock),
        success=story(made, runner.room, runner.sampler, found, runner.beliefs, failed=False),
        collapse=story(made, runner.room, runner.sampler, found, runner.beliefs, failed=True),
        drivers=_drivers(runner, failed),
        others=_others(runner, wanted, variants),
    )


def _named(made: CoursePlan, deal: int) -> str:
    """The offer of the case that is this deal, or nothing."""
    body = made.model.number(deal)
    return next((name for name, offer in made.model.case.offers.items() if offer.deal == body), "")


def _endings(made: CoursePlan, found: Ends, at: Bools, done: Plan) -> tuple[Ending, ...]:
    """The ways in which talks end that end at some place, the likeliest first."""
    ways: dict[tuple[str, tuple[str, ...]], Bools] = {}
    for how, who, stage in alike(found.how[at], found.who[at], found.stage[at])[0]:
        name = (ENDINGS[how], names_of(made, how, who, stage) if how != AGREEMENT else ())
        hit = at & (found.how == how) & (found.who == who) & (found.stage == stage)
        ways[name] = ways.get(name, np.zeros(len(at), np.bool_)) | hit
    out = [Ending(how, who, estimate(hit, method=done.method)) for (how, who), hit in ways.items()]
    return tuple(sorted(out, key=lambda e: (-e.probability.value, e.how, e.who)))


def _funnel(made: CoursePlan, found: Ends, done: Plan) -> tuple[StageFunnel, ...]:
    out = []
    names = made.model.parties
    for stage in made.stages:
        body = stage.body
        here = found.stage == stage.place
        agreed = None
        if isinstance(body, Offers):
            agreed = estimate((found.agreed >> stage.place & 1).astype(np.bool_), method=done.method)
        out.append(
            StageFunnel(
                stage.name,
                body.kind,
                tuple(body.room) or tuple(getattr(body, "asks", ())) + tuple(getattr(body, "consult", ())),
                body.channel,
                estimate((found.entered >> stage.place & 1).astype(np.bool_), method=done.method),
                agreed,
                estimate(here, method=done.method),
                _endings(made, found, here, done),
            )
        )
    last = found.stage == len(made.stages)
    if last.any():
        asked = tuple(names[r] for r in made.model.rulers)
        never = estimate(last, method=done.method)
        out.append(
            StageFunnel("", "consent", asked, None, never, None, never, _endings(made, found, last, done))
        )
    return tuple(out)


def _forecasts(made: CoursePlan, found: Ends, done: Plan) -> tuple[Forecast, ...]:
    """Stated forecasts that the case ties to a stage; without any, all with an event, beside the whole."""
    case, tied = made.model.case, made.talks.forecasts
    names = [s.name for s in made.stages]
    out = []
    for name, claim in case.claims.items():
        if claim.probability is None or claim.event is None or (tied and name not in tied):
            continue
        stage = tied.get(name)
        failed = found.how != AGREEMENT
        if stage in names:
            failed = ~(found.agreed >> names.index(stage) & 1).astype(np.bool_)
        number = claim.probability
        out.append(
            Forecast(
                name,
                claim.by,
                claim.event,
                float(number.low),
                float(number.high),
                stage if stage in names else None,
                estimate(failed, method=done.method),
            )
        )
    return tuple(out)


def _party(p: int, name: str, found: Ends, failed: Bools, done: Plan) -> PartyCourse:
    gain = found.gain[p]

    def given(where: Bools, why: str) -> Spread | NotComputed:
        return spread(gain[where]) if where.any() else NotComputed(why)

    return PartyCourse(
        name,
        estimate(gain, method=done.method),
        spread(gain),
        spread(found.stages[p]),
        given(~failed, "no run ends in agreement"),
        given(failed, "every run ends in agreement"),
    )


def _drivers(runner: _Runner, failed: Bools) -> tuple[Driver, ...]:
    """Unknowns that explain a part of the variance of failing or not, by themselves, that is more than
    chance; the largest first. From the first draws only, which are enough to tell."""
    model, out = runner.model, []
    few = min(len(failed), _DRIVEN)
    if few < 2 or failed[:few].all() or not failed[:few].any():
        return ()
    scores = np.concatenate(
        [runner.sampler.scores(start, min(PIECE, few - start)) for start in range(0, few, PIECE)]
    )
    values = model.values(scores)
    kinds = model.kinds(values)
    answer = failed[None, :few].astype(np.float64)
    for n, item in enumerate(model.inputs):
        if item.law == "type":
            group = kinds[model.parties.index(item.party)].astype(np.intp)
            low, high = group == 0, group == len(item.options) - 1
            words = item.options[0], item.options[-1]
        else:
            group = classes(values[:, n])
            thirds = np.quantile(values[:, n], (1 / 3, 2 / 3))
            low, high = values[:, n] <= thirds[0], values[:, n] >= thirds[1]
            words = "its lowest third", "its highest third"
        first, error = by_class(group, answer)
        value, spread_ = float(first[0]), float(error[0])
        if not value > max(_CLOSE, 3 * spread_) or not low.any() or not high.any():
            continue
        half = 2 * spread_
        share = Estimate(value, spread_, max(0.0, value - half), min(1.0, value + half), few)
        ends_ = [conditional(failed[:few], where) for where in (low, high)]
        assert ends_[0] is not None
        assert ends_[1] is not None
        out.append(Driver(item.path, share, ends_[0], ends_[1], *words))
    return tuple(sorted(out, key=lambda d: -d.share.value))


def _others(
    runner: _Runner, wanted: Sequence[WhatIf], variants: Sequence[CoursePlan | NotComputed]
) -> tuple[OtherCourse, ...]:
    """Every other course beside the one stated, over the draws that both have run."""
    out: list[OtherCourse] = []
    place, how = 0, runner.asked.method
    if len(runner.plans) > 1:
        base = ends(runner.plans[0], runner.trails[0][: len(runner.trails[1])])
        failed = base.how != AGREEMENT
    for what, made in zip(wanted, variants, strict=True):
        if isinstance(made, NotComputed):
            out.append(OtherCourse(what.text, made, made, {}))
            continue
        place += 1
        found = ends(made, runner.trails[place])
        after = found.how != AGREEMENT
        gains = {p: paired(base.gain[n], found.gain[n], method=how) for n, p in enumerate(made.model.parties)}
        out.append(
            OtherCourse(what.text, estimate(after, method=how), paired(failed, after, method=how), gains)
        )
    return tuple(out)
