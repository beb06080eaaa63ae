"""Which of the acceptable deals are fair, by the solutions of bargaining theory?

The disagreement point is the vector of reservation values (no deal, plus the cost of closing one). Each
solution is computed over the deals of the zone, with its full set of ties, and where asked over lotteries
between them (their convex hull), which is the setting in which the axioms pick one point.

================  ===========================================================================================
Nash              largest product of gains (Nash 1950, Econometrica 18: 155-162); with bargaining weights,
                  of gains to those powers (Harsanyi & Selten 1972)
Kalai-Smorodinsky  largest equal share of each party's ideal gain (1975, Econometrica 43: 513-518); the ideal
                  point holds each party's best deal of the zone; over deals: largest least share
egalitarian       largest gain of the worst-off, then of the next (Kalai 1977; leximin: Imai 1983)
utilitarian       largest sum of gains (Harsanyi 1955)
issue-by-issue    naive baseline: on each issue alone, the option whose lowest score is highest
================  ===========================================================================================

Gains count in utility points of each party's own scale: egalitarian and utilitarian compare them between
parties, Nash and Kalai-Smorodinsky do not depend on the scales.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.compiled import Compiled
from winset.errors import QuestionError
from winset.kernels import bargain, lottery
from winset.lenses.frontier import FrontierSet, check_within, efficient
from winset.lenses.odds import SolutionOdds, solution_odds
from winset.lenses.results import DealView, NotComputed, Progress, Result, ready, view, view_cells

__all__ = ["SOLUTIONS", "LotterySolution", "Share", "Solution", "SolutionsResult", "solutions"]

#: Combinations of tied options that the naive baseline looks through; with more it is left out.
MOST_TIES = 4096

#: name -> source
SOLUTIONS = {
    "Nash": "Nash 1950",
    "Kalai-Smorodinsky": "Kalai & Smorodinsky 1975",
    "egalitarian": "Kalai 1977; leximin: Imai 1983",
    "utilitarian": "Harsanyi 1955",
    "issue-by-issue": "naive baseline",
}


@dataclass(frozen=True, slots=True)
class Solution(Result):
    """A solution over the deals of the zone."""

    name: str
    source: str
    deals: tuple[DealView, ...]  # all utility vectors that tie, each with one deal and how many reach it
    score: float | None  # product of gains, least share of the ideal gain, least gain, sum of gains


@dataclass(frozen=True, slots=True)
class Share(Result):
    """A deal of a lottery with its probability."""

    probability: float
    deal: DealView


@dataclass(frozen=True, slots=True)
class LotterySolution(Result):
    """A solution over lotteries between deals of the zone."""

    name: str
    source: str
    mix: tuple[Share, ...]
    gain: dict[str, float]  # expected, over the reservation value
    gap: float  # how far it may be from the optimum, see `winset.kernels.lottery`


@dataclass(frozen=True, slots=True)
class SolutionsResult(Result):
    """Fair deals at central values, and their odds over all draws."""

    parties: tuple[str, ...]  # those who bargain
    disagreement: dict[str, float]
    ideal: dict[str, float] | None  # best utility of each in the zone; None when the zone is empty
    weights: dict[str, float] | None  # bargaining weights of Nash, if not equal
    solutions: tuple[Solution, ...] | NotComputed
    lotteries: tuple[LotterySolution, ...] | None  # None when not asked for
    within: dict[str, float]  # points that each party may lose to the tolerance asked for; 0 when exact
    odds: SolutionOdds | NotComputed


def solutions(
    case: Case | Compiled,
    *,
    weights: Mapping[str, float] | None = None,
    lotteries: bool = False,
    within: float | None = None,
    limit: int = 1_000_000,
    rng: int | np.random.Generator | None = 0,
    draws: int | None = None,
    method: str = "random",
    to_within: float | None = None,
    progress: Progress | None = None,
) -> SolutionsResult:
    """Find the Nash, Kalai-Smorodinsky, egalitarian and utilitarian deals of the zone, and a naive one.

    Parameters
    ----------
    weights
        Bargaining weights of the Nash solution, party to a positive number; parties left out weigh 1.
    lotteries
        Solve over lotteries between deals as well.
    within, limit, progress
        As in ``frontier``; every solution is searched on the frontier of the zone, where it must lie.
    rng, draws, method, to_within
        As in ``zone``.

    Raises
    ------
    QuestionError
        On weights that are not positive or of unknown parties.
    """
    compiled = ready(case)
    check_within(within)
    rulers = list(compiled.rulers)
    parties = tuple(compiled.parties[r] for r in rulers)
    powers = _powers(parties, weights)
    disagreement = {compiled.parties[r]: float(compiled.reserve_points[r]) for r in rulers}
    front = efficient(compiled, zone=True, within=within, most=0, limit=limit, progress=progress)
    stated = dict(zip(parties, powers.tolist(), strict=True)) if powers is not None else None
    nothing = dict.fromkeys(parties, 0.0)
    baseline = _issue_by_issue(compiled)
    odds = solution_odds(compiled, powers, draws, rng, method, to_within, progress)
    if isinstance(front, NotComputed):
        return SolutionsResult(parties, disagreement, None, stated, front, None, nothing, odds)
    if not front.size:
        return SolutionsResult(
            parties,
            disagreement,
            None,
            stated,
            (baseline,) if baseline else (),
            () if lotteries else None,
            front.within,
            odds,
        )
    whole = compiled.gains(front.units, rulers)
    points = _points(compiled, whole, rulers)
    ideal = dict(zip(parties, front.utility.max(axis=0).tolist(), strict=True))
    found = _discrete(compiled, front, whole, points, powers)
    return SolutionsResult(
        parties,
        disagreement,
        ideal,
        stated,
        (*found, *((baseline,) if baseline else ())),
        _lotteries(compiled, front, points, powers) if lotteries else None,
        front.within,
        odds,
    )


def _powers(parties: tuple[str, ...], weights: Mapping[str, float] | None) -> npt.NDArray[np.float64] | None:
    if not weights:
        return None
    for party, weight in weights.items():
        if party not in parties:
            raise QuestionError(f'weights: "{party}" is not one of those who bargain: {", ".join(parties)}')
        if not 0 < weight < float("inf"):
            raise QuestionError(f"weights: the weight of {party} must be above 0, not {weight}")
    return np.array([float(weights.get(p, 1.0)) for p in parties])


def _points(compiled: Compiled, whole: npt.NDArray[np.int64], rulers: list[int]) -> npt.NDArray[Any]:
    """Gains in utility points, in whole numbers of one common unit where that is exact, else as floats."""
    if compiled.common is None:
        return whole * compiled.points[rulers]
    return whole * np.array([compiled.common[0][r] for r in rulers], np.int64)


def _discrete(
    compiled: Compiled,
    front: FrontierSet,
    whole: npt.NDArray[np.int64],
    points: npt.NDArray[Any],
    powers: npt.NDArray[np.float64] | None,
) -> tuple[Solution, ...]:
    gains = front.utility - compiled.reserve_points[list(compiled.rulers)]  # in points
    most = gains.max(axis=0)

    def nash_score(g: npt.NDArray[np.float64]) -> float:
        return float(np.prod(np.maximum(g, 0) ** (1 if powers is None else powers)))

    def share(g: npt.NDArray[np.float64]) -> float:
        able = most > 0
        return float((g[able] / most[able]).min()) if able.any() else 0.0

    # where all gain, the product does not depend on units, and whole numbers are exact; elsewhere it does
    base = whole if (whole > 0).all(axis=1).any() else points
    recipes: tuple[tuple[str, Any, Callable[[npt.NDArray[np.float64]], float]], ...] = (
        ("Nash", bargain.nash(base, powers), nash_score),
        ("Kalai-Smorodinsky", bargain.kalai_smorodinsky(whole), share),
        ("egalitarian", bargain.egalitarian(points), lambda g: float(g.min())),
        ("utilitarian", bargain.utilitarian(points), lambda g: float(g.sum())),
    )
    out = []
    seen: dict[int, DealView] = {}  # one deal is often the answer to several
    for name, ties, score in recipes:
        for i in map(int, ties):
            if i not in seen:
                seen[i] = view_cells(compiled, front.witness[i], count=_count(front, i))
        views = tuple(seen[int(i)] for i in ties)
        out.append(Solution(name, SOLUTIONS[name], views, score(gains[ties[0]])))
    return tuple(out)


def _count(front: FrontierSet, point: int) -> int | None:
    return None if front.counts is None else front.counts[point]


def _lotteries(
    compiled: Compiled, front: FrontierSet, points: npt.NDArray[Any], powers: npt.NDArray[np.float64] | None
) -> tuple[LotterySolution, ...]:
    rulers = list(compiled.rulers)
    gains = front.utility - compiled.reserve_points[rulers]
    solved = (
        ("Nash", lottery.nash_lottery(gains, powers)),
        ("Kalai-Smorodinsky", lottery.kalai_smorodinsky_lottery(gains)),
        ("egalitarian", lottery.egalitarian_lottery(gains)),
    )
    out = []
    for name, found in solved:
        if found is None:
            continue
        mix = tuple(
            Share(float(p), view_cells(compiled, front.witness[i]))
            for i, p in zip(found.point, found.probability, strict=True)
        )
        gain = dict(zip(front.parties, (float(g) for g in found.gains), strict=True))
        out.append(LotterySolution(name, SOLUTIONS[name], mix, gain, found.gap))
    ties = bargain.utilitarian(points)
    mean = gains[ties].mean(axis=0)
    out.append(
        LotterySolution(
            "utilitarian",
            SOLUTIONS["utilitarian"],
            tuple(Share(1 / len(ties), view_cells(compiled, front.witness[i])) for i in ties),
            dict(zip(front.parties, mean.tolist(), strict=True)),
            0.0,
        )
    )
    return tuple(out)


def _whole(score: Fraction) -> Fraction | int:
    """The same number; whole ones as integers, which compare many times faster."""
    return score.numerator if score.denominator == 1 else score


def _issue_by_issue(compiled: Compiled) -> Solution | None:
    """On each issue alone, the option whose lowest score among those with a stake in it is highest (then the
    largest sum of scores). None when ``forbid`` rules out every such combination, or when more than
    `MOST_TIES` combinations tie."""
    choices: list[list[str]] = []
    for issue, options in zip(compiled.issues, compiled.options, strict=True):
        stakes = [compiled.values[compiled.parties[r]] for r in compiled.rulers]
        stakes = [v for v in stakes if v.weights[issue]]
        if not stakes:
            choices.append([options[0]])
            continue
        tables = [v.scores[issue] for v in stakes]
        rows = [[_whole(table[o]) for o in options] for table in tables]
        merit = [(min(scores), sum(scores)) for scores in zip(*rows, strict=True)]
        top = max(merit)
        choices.append([o for o, m in zip(options, merit, strict=True) if m == top])
    seen: dict[tuple[float, ...], DealView] = {}
    if prod(map(len, choices)) > MOST_TIES:
        return None
    for combination in product(*choices):
        deal = dict(zip(compiled.issues, combination, strict=True))
        if any(rule.when.holds(deal) for rule in compiled.case.forbid):
            continue
        got = view(compiled, deal)
        seen.setdefault(tuple(got.utility.values()), got)
    if not seen:
        return None
    return Solution("issue-by-issue", SOLUTIONS["issue-by-issue"], tuple(seen.values()), None)
