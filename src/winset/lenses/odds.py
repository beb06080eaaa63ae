"""How sure are the answers of zone, blockers, frontier and solutions, over all draws of the unknowns?

One pass over the draws (``survey``) serves the four. Every probability is an ``Estimate`` with its Monte
Carlo standard error; every quantity that differs from draw to draw is a ``Spread`` that holds nine draws in
ten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, uncertain
from winset.kernels.feasible import empty
from winset.kernels.limits import TooLarge
from winset.lenses.estimates import Estimate, Plan, Spread, draws_needed, estimate, spread
from winset.lenses.results import NotComputed, Progress, Result
from winset.lenses.survey import (
    CHOICES,
    LIMIT,
    Reading,
    Survey,
    certain,
    deal_draws,
    odds_plan,
    open_in,
    readings,
    survey,
)

__all__ = [
    "BlockerOdds",
    "ChoiceOdds",
    "DealOdds",
    "DealTable",
    "FrontierOdds",
    "Opening",
    "SolutionOdds",
    "TypeOdds",
    "ZoneOdds",
    "blocker_odds",
    "deal_odds",
    "draws_within",
    "frontier_odds",
    "solution_odds",
    "zone_odds",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NO_DRAWS = "no draws were asked for"
CERTAIN = "nothing in this case is uncertain, so there is nothing to draw"
_MOST_ROWS = 5_000  # deals in the table of all


@dataclass(frozen=True, slots=True)
class TypeOdds(Result):
    """The probability that the zone is not empty if a party is of one type."""

    party: str
    type: str
    probability: Estimate  # of the type
    open: Estimate | NotComputed  # given the type


@dataclass(frozen=True, slots=True)
class DealOdds(Result):
    """A deal over all draws."""

    name: str  # of an offer, or ""
    deal: dict[str, str]
    accepted: dict[str, Estimate]  # party -> probability that it accepts
    passed: Estimate  # probability that the rule passes it
    gain: dict[str, Spread]  # party -> points over its reservation value, accepted or not
    worst_off: Spread  # gain of the worst-off of those whose yes is asked for; 0 where the rule fails
    regret: Spread  # how much more the worst-off would get from the best deal of the draw
    efficient: Estimate  # probability that no deal is better for one of them and worse for none


@dataclass(frozen=True, slots=True)
class DealTable(Result):
    """Every deal: who accepts it in which share of the draws. Columns of equal length."""

    issues: tuple[str, ...]
    parties: tuple[str, ...]
    deals: tuple[tuple[str, ...], ...]  # (deal, issue): the option
    accepted: tuple[tuple[float, ...], ...]  # (deal, party): share of draws
    passed: tuple[float, ...]  # (deal,): share of draws


@dataclass(frozen=True, slots=True)
class ZoneOdds(Result):
    """The zone over all draws."""

    plan: Plan  # with as many draws as were made: with a tolerance, more than it began with
    unknowns: int  # ranges and types that are drawn
    open: Estimate  # the zone is not empty
    within: bool  # whether the tolerance asked for was reached; true when none was
    draws_for_1_percent: int  # about how many draws know the probability to one in a hundred, either way
    readings: tuple[Reading, ...]  # the same under other readings of what hangs together
    types: tuple[TypeOdds, ...]
    shortlist: (
        tuple[DealOdds, ...] | NotComputed
    )  # robust deals: none is likelier and better for the worst-off
    offers: tuple[DealOdds, ...] | NotComputed
    table: DealTable | NotComputed


@dataclass(frozen=True, slots=True)
class Opening(Result):
    """A minimal set of parties whose yes would open the zone where it is empty."""

    parties: tuple[str, ...]
    probability: Estimate  # that the zone is empty and the yes of these, and of no smaller set, opens it


@dataclass(frozen=True, slots=True)
class BlockerOdds(Result):
    """Refusals over all draws."""

    plan: Plan
    empty: Estimate
    openings: tuple[Opening, ...]  # the likeliest first
    refuses: dict[str, dict[str, Estimate]]  # deal of interest -> party -> probability that it refuses
    share_refused: dict[str, Spread]  # party of the rule -> share of all deals that it refuses


@dataclass(frozen=True, slots=True)
class FrontierOdds(Result):
    """The frontier of all deals over the draws."""

    plan: Plan
    size: Spread  # deals on it
    often: tuple[DealOdds, ...]  # those most often on it
    offers: dict[str, Estimate]  # offer -> probability that it is efficient


@dataclass(frozen=True, slots=True)
class ChoiceOdds(Result):
    """A solution over all draws."""

    name: str
    gain: dict[str, Spread]  # party -> points over no deal at the deal it picks; 0 where the zone is empty
    gain_if_open: dict[str, Spread] | NotComputed  # the same over the draws in which there is a deal
    picks: tuple[tuple[dict[str, str], Estimate], ...]  # the deals it picks most often, and how often


@dataclass(frozen=True, slots=True)
class SolutionOdds(Result):
    """Fair deals over all draws."""

    plan: Plan
    open: Estimate
    choices: tuple[ChoiceOdds, ...]


def zone_odds(
    compiled: Compiled,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    to_within: float | None,
    most: int,
    progress: Progress | None = None,
) -> ZoneOdds | NotComputed:
    """See ``zone``."""
    if draws == 0:
        return NotComputed(NO_DRAWS)
    model = uncertain(compiled)
    asked = odds_plan(model, draws, rng, method, to_within)
    if not model.inputs:
        return _certain_zone(compiled, asked)
    try:
        opened, within = _open(model, asked, progress)
        found = certain(model, estimate(opened, method=asked.method))
        reached = Plan(len(opened), asked.seed, asked.method, asked.to_within)
        if (
            model.deals <= LIMIT
        ):  # beyond it every draw is a search: the rest makes do with the draws asked for
            asked = reached
        near = readings(model, Plan(asked.draws, asked.seed, asked.method), progress)
    except TooLarge as large:
        return NotComputed(f"the search of a draw passed its limit of {large.limit:,} partial deals")
    seen = survey(model, asked, progress)
    if isinstance(seen, NotComputed):
        short: tuple[DealOdds, ...] | NotComputed = seen
        table: DealTable | NotComputed = seen
        offers: tuple[DealOdds, ...] | NotComputed = seen
        types: tuple[TypeOdds, ...] = ()
    else:
        robust = [model.number(n) for n in _robust(seen, most)]
        names = {name: dict(offer.deal) for name, offer in model.case.offers.items()}
        told = _deals(model, seen, [("", d) for d in robust] + list(names.items()))
        short, offers = told[: len(robust)], told[len(robust) :]
        table = _table(model, seen)
        types = _types(model, seen)
    return ZoneOdds(
        reached,
        len(model.inputs),
        found,
        within,
        draws_needed(found.value, 0.01),
        near,
        types,
        short,
        offers,
        table,
    )


def _certain_zone(compiled: Compiled, asked: Plan) -> ZoneOdds | NotComputed:
    """A case without unknowns: its zone is open or it is not, and every deal is as at central values."""
    try:
        is_open = not empty(compiled.blocks(), compiled.reserve[0], compiled.rule).empty
    except TooLarge as large:
        return NotComputed(f"the search passed its limit of {large.limit:,} partial deals")
    sure = Estimate(float(is_open), 0.0, float(is_open), float(is_open), 1)
    nothing = NotComputed(CERTAIN)
    return ZoneOdds(asked, 0, sure, True, 1, (), (), nothing, nothing, nothing)


def settled(
    model: Uncertain,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    to_within: float | None,
    progress: Progress | None,
) -> Plan:
    """The plan of a lens; with a tolerance, with as many draws as know P(zone) to it."""
    asked = odds_plan(model, draws, rng, method, to_within)
    if to_within is None or model.deals > LIMIT:
        return asked
    opened, _ = _open(model, asked, progress)
    return Plan(len(opened), asked.seed, asked.method, to_within)


def _seen(
    model: Uncertain,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    to_within: float | None,
    progress: Progress | None,
    powers: Floats | None = None,
) -> Survey | NotComputed:
    """The draws that a lens looks at, or why it looks at none."""
    if draws == 0:
        return NotComputed(NO_DRAWS)
    if not model.inputs:
        return NotComputed(CERTAIN)
    return survey(model, settled(model, draws, rng, method, to_within, progress), progress, powers)


def draws_within(
    case: Case | Compiled,
    to_within: float,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> int | None:
    """How many draws know the probability of an open zone to a tolerance (95 %, either way).

    For lenses that have no tolerance of their own. Where nothing is uncertain, or each draw needs a search,
    the number given is returned.

    Raises
    ------
    QuestionError
        If the tolerance is none.
    """
    model = uncertain(case)
    if not model.inputs or model.deals > LIMIT or draws == 0:
        return draws
    return settled(model, draws, rng, method, to_within, progress).draws


def _open(model: Uncertain, asked: Plan, progress: Progress | None) -> tuple[Bools, bool]:
    if asked.to_within is None:
        seen = survey(model, asked, progress)
        if isinstance(seen, Survey):
            return seen.open, True
    key = ("open", asked)
    if key not in model.memo:
        model.memo[key] = open_in(model, asked, progress=progress)
    kept: tuple[Bools, bool] = model.memo[key]
    return kept


def _robust(seen: Survey, most: int) -> list[int]:
    """Deals that no other beats both in how likely they pass and in the mean gain of the worst-off, the
    likeliest first. Filled up with the likeliest that remain."""
    order = np.lexsort((-seen.worst, -seen.passed))
    order = order[seen.passed[order] > 0]
    best, front = -math.inf, []
    for n in order.tolist():
        if seen.worst[n] > best:
            best = float(seen.worst[n])
            front.append(n)
    rest = [n for n in order[: 2 * most].tolist() if n not in front]
    chosen = (front + rest)[:most] if len(front) < most else front[:most]
    return sorted(chosen, key=lambda n: (-int(seen.passed[n]), -float(seen.worst[n]), n))


def _deals(
    model: Uncertain, seen: Survey, deals: Sequence[tuple[str, Mapping[str, str]]]
) -> tuple[DealOdds, ...]:
    if not deals:
        return ()
    gain, accepts, passes = deal_draws(model, seen.plan, [d for _, d in deals])
    rulers = list(model.rulers)
    method = seen.plan.method
    out = []
    for n, (name, deal) in enumerate(deals):
        worst = np.where(passes[n], gain[rulers, n].min(axis=0), 0.0)
        out.append(
            DealOdds(
                name,
                dict(deal),
                {
                    p: certain(model, estimate(accepts[k, n], method=method))
                    for k, p in enumerate(model.parties)
                },
                certain(model, estimate(passes[n], method=method)),
                {p: spread(gain[k, n]) for k, p in enumerate(model.parties)},
                spread(worst),
                spread(np.maximum(seen.best_worst - worst, 0.0)),
                _efficient(model, seen, model.position(deal)),
            )
        )
    return tuple(out)


def deal_odds(
    compiled: Compiled,
    deals: Sequence[Mapping[str, str]],
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str = "random",
) -> tuple[DealOdds, ...] | NotComputed:
    """Some deals over all draws.

    Parameters
    ----------
    deals
        Deals that ``forbid`` leaves.
    draws, rng, method
        As in ``zone``.
    """
    if draws == 0:
        return NotComputed(NO_DRAWS)
    model = uncertain(compiled)
    seen = survey(model, odds_plan(model, draws, rng, method))
    return seen if isinstance(seen, NotComputed) else _deals(model, seen, [("", d) for d in deals])


def _efficient(model: Uncertain, seen: Survey, n: int) -> Estimate:
    from winset.lenses.estimates import share

    return certain(model, share(int(seen.efficient[n]), seen.compared))


def _table(model: Uncertain, seen: Survey) -> DealTable | NotComputed:
    if model.deals > _MOST_ROWS:
        return NotComputed(f"{model.deals:,} deals; a table of at most {_MOST_ROWS:,} is written out")
    draws = seen.plan.draws
    rows = [model.number(n) for n in range(model.deals)]
    return DealTable(
        model.issues,
        model.parties,
        tuple(tuple(row[i] for i in model.issues) for row in rows),
        tuple(tuple(row) for row in (seen.accepted.T / draws).tolist()),
        tuple((seen.passed / draws).tolist()),
    )


def _types(model: Uncertain, seen: Survey) -> tuple[TypeOdds, ...]:
    out = []
    for p, party in enumerate(model.parties):
        for k, name in enumerate(model.types.get(party, ())):
            here = seen.kind[p] == k
            given: Estimate | NotComputed = NotComputed("no draw has this type")
            if here.any():
                given = estimate(seen.open[here])
            out.append(TypeOdds(party, name, estimate(here, method=seen.plan.method), given))
    return tuple(out)


def blocker_odds(
    compiled: Compiled,
    wanted: Mapping[str, Mapping[str, str]],
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    to_within: float | None,
    progress: Progress | None = None,
) -> BlockerOdds | NotComputed:
    """See ``blockers``."""
    model = uncertain(compiled)
    seen = _seen(model, draws, rng, method, to_within, progress)
    if isinstance(seen, NotComputed):
        return seen
    how = seen.plan.method
    openings = [
        Opening(tuple(model.parties[p] for p in parties), certain(model, estimate(opened, method=how)))
        for parties, opened in seen.opens.items()
    ]
    openings.sort(key=lambda o: (-o.probability.value, len(o.parties)))
    refuses: dict[str, dict[str, Estimate]] = {}
    if wanted:
        _, accepts, _ = deal_draws(model, seen.plan, list(wanted.values()))
        for n, name in enumerate(wanted):
            refuses[name] = {
                p: certain(model, estimate(~accepts[k, n], method=how)) for k, p in enumerate(model.parties)
            }
    return BlockerOdds(
        seen.plan,
        certain(model, estimate(~seen.open, method=how)),
        tuple(openings),
        refuses,
        {model.parties[r]: spread(seen.refused[r]) for r in model.rulers},
    )


def frontier_odds(
    compiled: Compiled,
    wanted: Mapping[str, Mapping[str, str]],
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    to_within: float | None,
    most: int,
    progress: Progress | None = None,
) -> FrontierOdds | NotComputed:
    """See ``frontier``."""
    model = uncertain(compiled)
    seen = _seen(model, draws, rng, method, to_within, progress)
    if isinstance(seen, NotComputed):
        return seen
    often = np.lexsort((-seen.passed, -seen.efficient))[:most]
    often = often[seen.efficient[often] > 0]
    return FrontierOdds(
        Plan(seen.compared, seen.plan.seed, seen.plan.method),
        spread(seen.frontier.astype(np.float64)),
        _deals(model, seen, [("", model.number(int(n))) for n in often]),
        {name: _efficient(model, seen, model.position(deal)) for name, deal in wanted.items()},
    )


def solution_odds(
    compiled: Compiled,
    powers: Floats | None,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    to_within: float | None,
    progress: Progress | None = None,
) -> SolutionOdds | NotComputed:
    """See ``solutions``."""
    model = uncertain(compiled)
    seen = _seen(model, draws, rng, method, to_within, progress, powers)
    if isinstance(seen, NotComputed):
        return seen
    choices = []
    for c, name in enumerate(CHOICES):
        picked, times = np.unique(seen.chosen[c][seen.open], return_counts=True)
        order = np.argsort(-times, kind="stable")[:5]
        given: dict[str, Spread] | NotComputed = NotComputed("no draw has a deal")
        if seen.open.any():
            given = {p: spread(seen.gains[c, k, seen.open]) for k, p in enumerate(model.parties)}
        choices.append(
            ChoiceOdds(
                name,
                {p: spread(seen.gains[c, k]) for k, p in enumerate(model.parties)},
                given,
                tuple(
                    (
                        model.number(int(picked[n])),
                        certain(model, estimate(seen.chosen[c] == picked[n], method=seen.plan.method)),
                    )
                    for n in order
                ),
            )
        )
    return SolutionOdds(
        seen.plan, certain(model, estimate(seen.open, method=seen.plan.method)), tuple(choices)
    )
