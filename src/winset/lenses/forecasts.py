"""How good were the forecasts, and where does a lens give one?

Scores those forecasts of a log that are resolved, beside two naive baselines: 50 % for everything, and the
base rate of the other resolved forecasts (each left out of its own). This is asked of a log and not of a
case, so it is not one of ``LENSES``. The scores are in ``kernels.scores``, with their sources.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.case.log import Forecast, ForecastLog
from winset.case.read import Loaded
from winset.case.text import closest, listing, show
from winset.errors import QuestionError
from winset.kernels import scores
from winset.lenses.course import course
from winset.lenses.estimates import Estimate
from winset.lenses.results import NotComputed, Result
from winset.lenses.zone import zone

__all__ = [
    "BAND_ENDS",
    "FORECASTING",
    "LEAST_FOR_PARTITION",
    "Baseline",
    "Bin",
    "Computed",
    "ScoreResult",
    "Scored",
    "forecast_from",
    "score",
]

#: Where the bands of likelihood of ICD 203 meet, in per cent; forecasts are binned by them.
BAND_ENDS = (5, 20, 45, 55, 80, 95)

#: Below this many scored forecasts the terms of the partition are mostly chance.
LEAST_FOR_PARTITION = 20

#: The lenses that give a probability.
FORECASTING = ("zone", "course")


@dataclass(frozen=True, slots=True)
class Scored(Result):
    """One forecast with its scores."""

    id: str
    event: str
    by: str
    probability: float  # the middle of a stated range
    happened: bool
    brier: float
    log: float  # natural logarithm; -inf for a 0 or 1 that was wrong
    settled_before_logged: bool  # the event was settled on an earlier day than the forecast was logged


@dataclass(frozen=True, slots=True)
class Baseline(Result):
    """What a naive forecaster would have scored on the same events."""

    name: str  # "even chance" or "base rate"
    brier: float
    log: float
    skill: float | NotComputed  # Brier skill score of the forecasts over it


@dataclass(frozen=True, slots=True)
class Bin(Result):
    """The forecasts of one band of probability, and how many of their events happened."""

    low: int  # per cent
    high: int
    forecasts: int
    mean: float  # of their probabilities
    happened: int
    share: float
    share_low: float  # 95 % interval, Wilson 1927
    share_high: float


@dataclass(frozen=True, slots=True)
class Computed(Result):
    """A probability that a lens gives."""

    probability: float
    standard_error: float  # of the draws alone
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class ScoreResult(Result):
    """Scores of the resolved forecasts of a log."""

    scored: tuple[Scored, ...]
    open: tuple[str, ...]  # ids left out because they are not resolved
    void: tuple[str, ...]  # ids left out because they were resolved as void
    brier: float  # mean of (p - o)^2
    brier_error: float | NotComputed  # standard error of that mean
    brier_ends: tuple[float, float] | None  # best and worst over the stated ranges; None if there are none
    log: float  # mean natural logarithm; -inf if one is
    rate: float  # share of the events that happened
    baselines: tuple[Baseline, ...]
    partition: scores.Partition | NotComputed  # of the mean Brier score, by the same bands as the bins
    bins: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; minus infinity is the text "-inf"."""
        out = Result.to_dict(self)
        out["log"] = _signed(self.log)
        for scored, row in zip(self.scored, out["scored"], strict=True):
            row["log"] = _signed(scored.log)
        for baseline, row in zip(self.baselines, out["baselines"], strict=True):
            row["log"] = _signed(baseline.log)
        return out


def _signed(value: float) -> float | str:
    return value if math.isfinite(value) else "-inf"


def score(log: ForecastLog, *, ids: Sequence[str] = (), by: str | None = None) -> ScoreResult:
    """Score the resolved forecasts of a log.

    Parameters
    ----------
    ids
        Only these forecasts; all must be resolved with yes or no.
    by
        Only those made by this name.

    Raises
    ------
    QuestionError
        On an unknown id or name, on an id that is open or void, and if nothing is resolved.
    """
    chosen = _chosen(log, ids, by)
    found = [(f, r) for f in chosen if (r := log.resolution(f.id)) is not None and r.outcome != "void"]
    if not found:
        whose = f" by {by}" if by is not None else ""
        raise QuestionError(
            f"{log.file}: an unresolved forecast cannot be scored, and none{whose} is resolved yet with yes "
            f"or no\n    forecasts: {listing(f.id for f in chosen) if chosen else 'none'}"
            "\n    hint:      winset log resolve ID yes|no, once it is known"
        )
    p = np.array([f.middle for f, _ in found])
    happened = np.array([r.outcome == "yes" for _, r in found])
    brier, logs = scores.brier(p, happened), scores.logarithmic(p, happened)
    mean = float(brier.mean())
    return ScoreResult(
        scored=tuple(
            Scored(f.id, f.event, f.by, f.middle, bool(o), float(b), float(g), f.logged.date() > r.on)
            for (f, r), o, b, g in zip(found, happened, brier, logs, strict=True)
        ),
        open=tuple(f.id for f in chosen if log.resolution(f.id) is None),
        void=tuple(f.id for f in chosen if (r := log.resolution(f.id)) is not None and r.outcome == "void"),
        brier=mean,
        brier_error=_standard_error(brier),
        brier_ends=_ends([f for f, _ in found], happened),
        log=float(logs.mean()),
        rate=float(happened.mean()),
        baselines=_baselines(happened, mean),
        partition=_partition(p, happened),
        bins=_bins(p, happened),
    )


def forecast_from(lens: str, loaded: Loaded, *, seed: int = 0, claim: str | None = None) -> Computed:
    """The probability that a lens gives, over all draws.

    For ``zone``, that the zone is not empty; for ``course``, that the talks end in a deal; with a claim that
    states the odds of failure, that they fail as that claim reads it.

    Raises
    ------
    QuestionError
        If the lens gives no probability, or one of 0 or 1: where nothing is drawn, or all draws agree, the
        world is still less certain than the case.
    """
    if lens not in FORECASTING:
        hint = closest(lens, FORECASTING)
        raise QuestionError(
            f'lens "{show(lens)}" gives no probability' + (f"; {hint}" if hint else "")
            + f"\n    lenses that do: {', '.join(FORECASTING)}"
        )  # fmt: skip
    if lens == "course":
        found, what = _of_the_course(loaded, seed, claim)
        unknowns = found.draws > 1
    else:
        odds = zone(loaded.case, rng=seed, most=1).odds
        if isinstance(odds, NotComputed):
            raise QuestionError(f"{loaded.file}: the odds of the zone were not computed: {odds.because}")
        found, unknowns = odds.open, odds.unknowns > 0
        what = f"the zone is {'not empty' if found.value else 'empty'}"
    if found.value in (0, 1):
        if unknowns:
            why = f"in all {found.draws:,} draws"
        else:
            why = "because the case has no draws: none of its numbers is a range, and no party has types"
        raise QuestionError(
            f"{loaded.file}: {what} {why}; {found.value:.0%} is too sure for a forecast"
            "\n    hint: state the probability yourself with --probability"
        )
    return Computed(found.value, found.standard_error, found.draws, seed)


def _of_the_course(loaded: Loaded, seed: int, claim: str | None) -> tuple[Estimate, str]:
    """What the course of the talks says, and what of, should it be too sure."""
    result = course(loaded.case, rng=seed, what_if=[])
    if isinstance(result.failure, NotComputed):
        raise QuestionError(f"{loaded.file}: the course was not computed: {result.failure.because}")
    if claim is not None:
        told = {f.claim: f.computed for f in result.forecasts}
        if claim not in told:
            raise QuestionError(
                f'{loaded.file}: claim "{show(claim)}" states no odds that the talks fail, so the course '
                f"says nothing of it\n    claims that do: {listing(told) if told else 'none'}"
            )
        return told[claim], f"the talks {'fail' if told[claim].value else 'do not fail'}"
    failed = result.failure
    agreed = Estimate(1 - failed.value, failed.standard_error, 1 - failed.high, 1 - failed.low, failed.draws)
    return agreed, f"the talks {'end in a deal' if agreed.value else 'fail'}"


def _chosen(log: ForecastLog, ids: Sequence[str], by: str | None) -> list[Forecast]:
    every = list(log.forecasts.values())
    if by is not None:
        names = list(dict.fromkeys(f.by for f in every))
        if by not in names:
            hint = closest(by, names)
            raise QuestionError(
                f'{log.file}: there is no forecast by "{show(by)}"' + (f"; {hint}" if hint else "")
                + f"\n    names: {listing(names) if names else 'the log holds no forecast yet'}"
            )  # fmt: skip
        every = [f for f in every if f.by == by]
    if not ids:
        return every
    chosen = [log.forecast(id) for id in dict.fromkeys(ids)]
    for forecast in chosen:
        resolution = log.resolution(forecast.id)
        if resolution is None:
            raise QuestionError(
                f"{log.file}: {forecast.id} is unresolved; an unresolved forecast cannot be scored"
                f"\n    hint: winset log resolve {forecast.id} yes|no, once it is known"
            )
        if resolution.outcome == "void":
            raise QuestionError(
                f"{log.file}: {forecast.id} was resolved as void, so there is nothing to score"
            )
        if forecast not in every:
            raise QuestionError(f"{log.file}: {forecast.id} is by {forecast.by}, not by {by}")
    return chosen


def _standard_error(brier: scores.Floats) -> float | NotComputed:
    if len(brier) < 2:
        return NotComputed("one score does not tell how far scores scatter")
    error = float(brier.std(ddof=1) / math.sqrt(len(brier)))
    return error if error > 1e-12 else NotComputed("all scores are the same")


def _ends(found: list[Forecast], happened: scores.Flags) -> tuple[float, float] | None:
    """The mean score if every stated range had been its better end, and its worse one."""
    if not any(f.is_range for f in found):
        return None
    low, high = np.array([f.probability for f in found]).T
    ends = np.stack([scores.brier(low, happened), scores.brier(high, happened)])
    return float(ends.min(axis=0).mean()), float(ends.max(axis=0).mean())


def _baselines(happened: scores.Flags, mean: float) -> tuple[Baseline, ...]:
    naive = {"even chance": np.full(len(happened), 0.5)}
    if len(happened) > 1:
        naive["base rate"] = scores.left_out_rate(happened)
    out = []
    for name, p in naive.items():
        brier = float(scores.brier(p, happened).mean())
        over: float | NotComputed
        if brier == 0:
            over = NotComputed("all events went the same way, so the base rate is never wrong")
        else:
            over = scores.skill(mean, brier)
        out.append(Baseline(name, brier, float(scores.logarithmic(p, happened).mean()), over))
    return tuple(out)


def _bands(p: scores.Floats) -> scores.Ints:
    """The band of each probability; one on a border belongs to the band nearer to an even chance."""
    per_cent = np.round(100 * p, 9)
    below = np.searchsorted(BAND_ENDS, per_cent, side="right")  # a border counts to the band above it
    above = np.searchsorted(BAND_ENDS, per_cent, side="left")  # and to the one below it
    return np.where(per_cent < 50, below, above).astype(np.int64)


def _partition(p: scores.Floats, happened: scores.Flags) -> scores.Partition | NotComputed:
    if len(p) < LEAST_FOR_PARTITION:
        return NotComputed(
            f"{len(p)} scored, and below {LEAST_FOR_PARTITION} forecasts its terms are mostly chance"
        )
    return scores.partition(p, happened, _bands(p))


def _bins(p: scores.Floats, happened: scores.Flags) -> tuple[Bin, ...]:
    ends = (0, *BAND_ENDS, 100)
    band = _bands(p)
    count = np.bincount(band, minlength=len(ends) - 1)
    filled = np.flatnonzero(count)
    hits = np.bincount(band, happened, minlength=len(count)).astype(np.int64)
    means = np.bincount(band, p, minlength=len(count))[filled] / count[filled]
    low, high = scores.wilson(hits[filled], count[filled])
    return tuple(
        Bin(
            low=ends[n], high=ends[n + 1], forecasts=int(count[n]), mean=float(means[k]),
            happened=int(hits[n]), share=float(hits[n] / count[n]),
            share_low=float(low[k]), share_high=float(high[k]),
        )
        for k, n in enumerate(filled.tolist())
    )  # fmt: skip
