"""Where do several judges of one negotiation differ, and which of their differences matter?

Each judge has written a case of their own. The numbers are set side by side; one judge's view of one party
is put into another's case to see what that alone changes; and each answer is given as every judge's own, with
the linear pool (Stone 1961) and the logarithmic pool (Genest and Zidek 1986) of them. What all judges
overlook, a pool of them overlooks too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.case.numbers import Z90, Bounds, Number
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, uncertain
from winset.compiled.laws import Input, quantile
from winset.errors import QuestionError
from winset.kernels.limits import TooLarge
from winset.kernels.pool import linear, logarithmic
from winset.lenses.comparison import Changed, InputChange, change, input_changes
from winset.lenses.comparison_values import Key, Version, versions
from winset.lenses.estimates import Estimate, Plan, estimate, paired, share
from winset.lenses.results import NotComputed, Progress, Result, ready
from winset.lenses.survey import open_in

__all__ = ["JudgedInput", "Judgement", "JudgesResult", "Swap", "View", "judges"]

MOST_SWAPS = 120


@dataclass(frozen=True, slots=True)
class View(Result):
    """What a judge takes a number to be."""

    written: str
    low: float  # 5 %
    central: float
    high: float  # 95 %


@dataclass(frozen=True, slots=True)
class JudgedInput(Result):
    """A number on which the judges differ."""

    path: str
    views: dict[str, View]  # without the judges who have no such number
    overlap: float  # length of what all the intervals have in common, over what they cover together


@dataclass(frozen=True, slots=True)
class Judgement(Result):
    """An answer by each judge, and the pools."""

    what: (
        str  # "zone": some deal passes; "passes": the rule passes the offer; "accepts": the party accepts it
    )
    subject: str  # the offer
    party: str
    by_judge: dict[str, Estimate]
    widest: Changed | None  # between the two judges who are furthest apart; None if they say the same
    between: tuple[str, str]  # these two
    linear: Estimate
    logarithmic: Estimate | NotComputed
    never: tuple[str, ...]  # judges in whose case it happens in no draw
    always: tuple[str, ...]  # in whose case it happens in all


@dataclass(frozen=True, slots=True)
class Swap(Result):
    """One judge's case with another's view of one thing."""

    block: str  # a party, or consent, forbid, no_deal, correlations
    judge: str  # whose case it is put in
    giver: str  # whose view it is
    before: Estimate  # P(some deal passes) in the judge's own case
    after: Estimate | NotComputed
    change: Estimate | NotComputed
    beyond_error: bool


@dataclass(frozen=True, slots=True)
class JudgesResult(Result):
    """Judges beside each other."""

    plan: Plan
    weights: dict[str, float]  # judge -> share; they sum to 1
    names: dict[str, str]  # judge -> who it says they are
    inputs: tuple[JudgedInput, ...]  # those that differ, the least overlap first
    alike: int  # numbers on which all agree
    otherwise: dict[str, tuple[InputChange, ...]]  # judge -> what else differs from the first judge's file
    answers: tuple[Judgement, ...]
    swaps: tuple[Swap, ...]  # the largest change first
    left_out: int  # swaps that were not done, because there are too many


def judges(
    cases: Mapping[str, Case | Compiled],
    *,
    weights: Mapping[str, float] | None = None,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> JudgesResult:
    """Set the cases of several judges of one negotiation side by side.

    Parameters
    ----------
    cases
        Name to case, two or more, of the same issues and options.
    weights
        How much each judge counts in the pools; 1 for those left out.
    draws, rng, method
        How many joint draws, from which seed, and how: "random" or "sobol".

    Raises
    ------
    QuestionError
        If there are fewer than two, the issues or options differ, or a weight is none.
    """
    if len(cases) < 2:
        raise QuestionError("two judges or more are needed, each with a case file")
    whole = {name: ready(case).case for name, case in cases.items()}
    _same_questions(whole)
    shares = _shares(tuple(cases), weights)
    asked, found, _ = versions(cases, ("zone",), draws=draws, rng=rng, method=method, progress=progress)
    inputs, alike = _inputs(whole)
    first, *others = whole
    numbers = {path for case in whole.values() for path, _, _ in case.numbers()}
    swaps, left_out = _swaps(whole, found, asked, progress)
    return JudgesResult(
        plan=asked,
        weights=shares,
        names={name: case.judge or name for name, case in whole.items()},
        inputs=inputs,
        alike=alike,
        otherwise={
            name: tuple(
                c
                for c in input_changes(whole[first], whole[name])
                if c.path.removeprefix("preferences.").removesuffix(".worth") not in numbers
            )
            for name in others
        },
        answers=tuple(_answers(found, shares, asked)),
        swaps=swaps,
        left_out=left_out,
    )


def _same_questions(cases: Mapping[str, Case]) -> None:
    first, *others = cases
    mine = {i: set(issue.options) for i, issue in cases[first].issues.items()}
    for other in others:
        theirs = {i: set(issue.options) for i, issue in cases[other].issues.items()}
        for issue in dict.fromkeys([*mine, *theirs]):
            if mine.get(issue) != theirs.get(issue):
                where = "is not an issue of both" if issue not in mine or issue not in theirs else "differs"
                raise QuestionError(
                    f"{first} and {other} are not about the same negotiation: {issue} {where}; judges need "
                    "the same issues and options (winset compare takes cases that differ)"
                )


def _shares(names: Sequence[str], weights: Mapping[str, float] | None) -> dict[str, float]:
    for name, weight in (weights or {}).items():
        if name not in names:
            raise QuestionError(f'weights: "{name}" is not one of the judges: {", ".join(names)}')
        if not 0 < weight < math.inf:
            raise QuestionError(f"weights: the weight of {name} must be above 0, not {weight}")
    given = {name: float((weights or {}).get(name, 1.0)) for name in names}
    total = sum(given.values())
    return {name: weight / total for name, weight in given.items()}


# ----------------------------------------------------------------------------------------------- the numbers


def _inputs(cases: Mapping[str, Case]) -> tuple[tuple[JudgedInput, ...], int]:
    """The numbers on which the judges differ, and how many there are on which all agree."""
    numbers = {name: {path: (n, b) for path, n, b in case.numbers()} for name, case in cases.items()}
    out, alike = [], 0
    for path in dict.fromkeys(path for known in numbers.values() for path in known):
        views = {name: _view(path, *known[path]) for name, known in numbers.items() if path in known}
        ends = {(v.low, v.central, v.high) for v in views.values()}
        if len(views) == len(cases) and len(ends) == 1:
            alike += 1
            continue
        out.append(JudgedInput(path, views, overlap([(v.low, v.high) for v in views.values()])))
    return tuple(sorted(out, key=lambda i: (i.overlap, len(i.views)))), alike


def _view(path: str, number: Number, bounds: Bounds) -> View:
    central = float(number.central(bounds))
    if not number.is_range:
        return View(number.short(), central, central, central)
    item = Input(path, "", number, bounds, number.law(bounds), False)
    low, high = quantile(item, np.array([-Z90, Z90])).tolist()
    return View(number.short(), low, central, high)


def overlap(intervals: Sequence[tuple[float, float]]) -> float:
    """What intervals have in common, as a share of what they cover together; of points 1 or 0."""
    together = max(high for _, high in intervals) - min(low for low, _ in intervals)
    common = min(high for _, high in intervals) - max(low for low, _ in intervals)
    if together <= 0:
        return 1.0
    return max(0.0, common) / together


# ----------------------------------------------------------------------------------------------- the answers


def _answers(found: Sequence[Version], shares: Mapping[str, float], asked: Plan) -> Iterator[Judgement]:
    keys = dict.fromkeys(k for v in found for k in v.values if k[0] in ("zone", "passes", "accepts"))
    for key in keys:
        if all(key in v.values for v in found):
            yield _judgement(key, found, shares, asked)


def _judgement(key: Key, found: Sequence[Version], shares: Mapping[str, float], asked: Plan) -> Judgement:
    values = {v.name: v.values[key].values for v in found}
    sure = {v.name: not v.model.inputs for v in found}
    level = {name: float(x.mean()) for name, x in values.items()}
    one, two = max(combinations(found, 2), key=lambda pair: abs(level[pair[0].name] - level[pair[1].name]))
    told = {}
    for name, x in values.items():
        known = estimate(x, method=asked.method)
        told[name] = Estimate(level[name], 0.0, level[name], level[name], len(x)) if sure[name] else known
    weights = np.array([shares[name] for name in values])
    mixed = np.sum([w * x for w, x in zip(weights, values.values(), strict=True)], axis=0)
    mean = linear(np.array([[p, 1 - p] for p in level.values()]), weights)[0]
    error = estimate(mixed, method=asked.method)
    low, high = error.low, error.high
    if not error.standard_error:  # the same in every draw: then as sure as the judges' own intervals
        low, high = (sum(shares[n] * getattr(e, end) for n, e in told.items()) for end in ("low", "high"))
    never = tuple(n for n, p in level.items() if p == 0)
    always = tuple(n for n, p in level.items() if p == 1)
    return Judgement(
        *key,
        by_judge=told,
        widest=change(key, one, two, asked),
        between=(one.name, two.name),
        linear=replace(error, value=float(mean), low=max(0.0, low), high=min(1.0, high)),
        logarithmic=_logarithmic(values, weights, sure, asked),
        never=never,
        always=always,
    )


def _logarithmic(
    values: Mapping[str, npt.NDArray[Any]],
    weights: npt.NDArray[np.float64],
    sure: Mapping[str, bool],
    asked: Plan,
) -> Estimate | NotComputed:
    """The logarithmic pool of the probabilities of an event, with the error of drawing.

    Where a judge has it in no draw, or in all, the pool is 0, or 1; how far it might be from that if this is
    the luck of the draws, the interval says. Where one has it in none and another in all there is no pool.
    """
    level = {name: float(x.mean()) for name, x in values.items()}
    draws = len(next(iter(values.values())))

    def pool(p: Mapping[str, float]) -> float | None:
        found = logarithmic(np.array([[x, 1 - x] for x in p.values()]), weights)
        return None if found is None else float(found[0])

    value = pool(level)
    if value is None:
        return NotComputed("one judge has it in no draw and another in every draw: they rule each other out")
    if value in (0.0, 1.0):
        ends = []
        for end in ("low", "high"):
            near = {
                name: p if sure[name] or 0 < p < 1 else float(getattr(share(p * draws, draws), end))
                for name, p in level.items()
            }
            ends.append(pool(near))
        low, high = (value if e is None else e for e in ends)
        return Estimate(value, 0.0, min(low, value), max(high, value), draws)
    slope = sum(
        w * (x - level[name]) / (level[name] * (1 - level[name]))
        for w, (name, x) in zip(weights, values.items(), strict=True)
    )
    error = estimate(np.asarray(slope), method=asked.method)  # of the log-odds of the pool
    odds = math.log(value / (1 - value))
    low, high = (1 / (1 + math.exp(-(odds + sign * error.half))) for sign in (-1, 1))
    return Estimate(value, value * (1 - value) * error.standard_error, low, high, draws)


# ----------------------------------------------------------------------------- one judge's view in another's


def _swaps(
    cases: Mapping[str, Case], found: Sequence[Version], asked: Plan, progress: Progress | None
) -> tuple[tuple[Swap, ...], int]:
    seen = {v.name: v for v in found}
    wanted = [
        (block, host, giver)
        for host, giver in permutations(cases, 2)
        for block in _blocks(cases[host], cases[giver])
    ]
    out = []
    for n, (block, host, giver) in enumerate(wanted[:MOST_SWAPS]):
        if progress is not None:
            progress("swapping views", n, min(len(wanted), MOST_SWAPS))
        told = seen[host].values.get(("zone", "", ""))
        if told is None:
            continue
        own, before = told.values, told.found
        mixed = _with(cases[host], cases[giver], block)
        if isinstance(mixed, NotComputed):
            out.append(Swap(block, host, giver, before, mixed, mixed, False))
            continue
        model = replace(uncertain(mixed), order=seen[host].model.order, memo={})
        many = asked if model.inputs else Plan(1, asked.seed)
        try:
            opened = (
                np.broadcast_to(open_in(model, many)[0], (len(own),))
                if not model.inputs
                else open_in(model, many)[0]
            )
        except TooLarge as large:
            why = NotComputed(f"the search of a draw passed its limit of {large.limit:,} deals")
            out.append(Swap(block, host, giver, before, why, why, False))
            continue
        moved = paired(own, opened, method=asked.method)
        if not model.inputs and not seen[host].model.inputs:
            moved = Estimate(moved.value, 0.0, moved.value, moved.value, len(own))
        out.append(
            Swap(
                block,
                host,
                giver,
                before,
                _told(model, opened, asked),
                moved,
                moved.low > 0 or moved.high < 0,
            )
        )

    def size(swap: Swap) -> float:
        return -abs(swap.change.value) if isinstance(swap.change, Estimate) else 1.0

    return tuple(sorted(out, key=size)), max(0, len(wanted) - MOST_SWAPS)


def _told(model: Uncertain, values: npt.NDArray[Any], asked: Plan) -> Estimate:
    found = estimate(values, method=asked.method)
    return found if model.inputs else Estimate(found.value, 0.0, found.value, found.value, len(values))


def _blocks(host: Case, giver: Case) -> Iterator[str]:
    """What one judge may take over from another: a party's preferences, the rule, what makes sense, ..."""
    changed = {c.path for c in input_changes(host, giver)}
    for party in host.preferences:
        if party in giver.preferences and (
            any(p.startswith(f"preferences.{party}.") for p in changed)
            or _evidence(host, party) != _evidence(giver, party)
        ):
            yield party
    for block in ("consent", "forbid", "no_deal", "correlations"):
        if any(p == block or p.startswith(f"{block}.") for p in changed):
            yield block


def _with(host: Case, giver: Case, block: str) -> Case | NotComputed:
    """A case with one block of another's. Correlations of numbers that are no longer there fall away."""
    if block in host.preferences and block not in ("consent", "forbid", "no_deal", "correlations"):
        taken = giver.preferences[block]
        if host.no_deal is None and giver.no_deal is not None and taken.no_deal is None:
            return NotComputed("it rests on what happens without a deal, which the other case does not say")
        observed = _evidence_with(host, giver, block)
        if isinstance(observed, NotComputed):
            return observed
        return host.model_copy(update={"preferences": {**host.preferences, block: taken}, **observed})
    if block == "consent" and not set(giver.consent.parties()) <= set(host.preferences):
        return NotComputed("the rule names parties that the other case does not value")
    if block == "no_deal" and (
        (giver.no_deal is None and any(p.no_deal is None for p in host.preferences.values()))
        or (
            giver.no_deal is not None
            and any(
                o.deal is None and not set(host.preferences) <= set(o.values)
                for o in giver.no_deal.outcomes.values()
            )
        )
    ):
        return NotComputed("what happens without a deal does not say what it is worth to every party")
    return host.model_copy(update={block: getattr(giver, block)})


def _evidence(case: Case, party: str) -> dict[str, dict[str, Any]]:
    """The evidence about a party: its items and its groups."""
    items = {name: item for name, item in case.evidence.items() if item.about == party}
    joined = {item.group for item in items.values()}
    groups = {name: group for name, group in case.evidence_groups.items() if name in joined}
    return {"evidence": items, "evidence_groups": groups}


def _evidence_with(host: Case, giver: Case, party: str) -> dict[str, dict[str, Any]] | NotComputed:
    """The evidence of a case with another's about one party: it belongs to the priors that it moves."""
    own, taken = _evidence(host, party), _evidence(giver, party)
    out = {
        block: {name: item for name, item in getattr(host, block).items() if name not in own[block]}
        for block in own
    }
    groups = {item.group for item in out["evidence"].values()} & {i.group for i in taken["evidence"].values()}
    if out["evidence"].keys() & taken["evidence"].keys() or groups - {None}:
        return NotComputed("evidence about another party has the same name in the other case")
    return {block: {**items, **taken[block]} for block, items in out.items()}
