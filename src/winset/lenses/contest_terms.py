"""The numbers of a contest in rows of draws, and what the kernels make of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from winset.case.fields import (
    DISCOUNT,
    DRIFT,
    EXPONENT,
    PART,
    PROBABILITY,
    RATE,
    SHARE,
    SPAN,
    TRIALS,
    WEAR,
    WORTH,
    Timed,
)
from winset.case.numbers import Bounds, Number
from winset.case.stages import DAYS
from winset.case.war import Contest
from winset.compiled.draws import Uncertain
from winset.compiled.laws import Input, quantile
from winset.compiled.sampling import stream
from winset.kernels.contest.demand import demands
from winset.kernels.contest.learning import meets
from winset.kernels.contest.shift import excess, first_time, slowest
from winset.kernels.contest.terms import inside, least, range_of
from winset.lenses.course_plan import drawn

__all__ = ["MOST_TRIALS", "Terms", "in_months"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HORIZON = 12.0  # months, where a contest states none
MOST_TRIALS = 128
_SLOW = 1e-12  # a shift each month that is none
_TIMES = 48  # moments up to the horizon at which a shift is looked at
_LEAST = 1e-6  # months


def in_months(timed: Timed, value: Floats) -> Floats:
    """A length of time in months, or a change for each month."""
    unit = DAYS[timed.unit] / DAYS["month"]
    return value / unit if timed.per else value * unit


@dataclass(frozen=True)
class Terms:
    """One contest in some rows of numbers. Pairs are (first party, second party), arrays (draw,)."""

    model: Uncertain
    name: str
    body: Contest
    values: Floats  # (draw, input)

    def _number(self, number: Number, bounds: Bounds, path: str) -> Floats:
        return drawn(self.model, number, bounds, f"war.{self.name}.{path}", self.values)

    def _pair(self, key: str, bounds: Bounds, default: float) -> tuple[Floats, Floats]:
        """A number of each party, or what holds where none is stated."""
        part = getattr(self.body, key)
        a, b = (
            self._number(part[p], bounds, f"{key}.{p}") if p in part else np.full(len(self.values), default)
            for p in self.body.between
        )
        return a, b

    def _timed(self, key: str, bounds: Bounds) -> tuple[Floats, Floats]:
        """A change for each month of each party; nought where none is stated."""
        part = getattr(self.body, key)
        a, b = (
            in_months(part[p], self._number(part[p].number, bounds, f"{key}.{p}"))
            if p in part
            else np.zeros(len(self.values))
            for p in self.body.between
        )
        return a, b

    # ---------------------------------------------------------------------------------------- as stated

    @cached_property
    def wins(self) -> Floats:
        """The chance that the first prevails, in the judge's eyes."""
        first = self.body.between[0]
        return self._number(self.body.wins[first], PROBABILITY, f"wins.{first}")

    @cached_property
    def seen(self) -> tuple[Floats, Floats]:
        """The same in the eyes of each party."""
        part = self.body.seen_by
        a, b = (
            self._number(part[p], PROBABILITY, f"seen_by.{p}") if p in part else self.wins
            for p in self.body.between
        )
        return a, b

    @cached_property
    def cost(self) -> tuple[Floats, Floats]:
        return self._pair("costs", PART, 0.0)

    @cached_property
    def exponent(self) -> tuple[Floats, Floats]:
        return self._pair("risk", EXPONENT, 1.0)

    @cached_property
    def horizon(self) -> Floats:
        """Months to look ahead."""
        span = self.body.horizon
        if span is None:
            return np.full(len(self.values), HORIZON)
        return np.maximum(in_months(span, self._number(span.number, SPAN, "horizon")), _LEAST)

    def stake(self, party: str) -> Floats | None:
        """What the whole stake is worth to a party, in points."""
        number = self.body.stake.get(party)
        return None if number is None else self._number(number, WORTH, f"stake.{party}")

    # ------------------------------------------------------------------------------- what beats fighting

    @cached_property
    def range(self) -> tuple[Floats, Floats]:
        """The lowest and the highest share of the first that both prefer."""
        return range_of(self.seen, self.cost, self.exponent)

    @cached_property
    def shares(self) -> dict[str, Floats]:
        """Option to the share that it gives to the first."""
        return {
            option: self._number(share, SHARE, f"settles.{issue}.{option}")
            for issue, options in self.body.settles.items()
            for option, share in options.items()
        }

    def inside(self, share: Floats) -> Bools:
        return inside(share, *self.range)

    @cached_property
    def possible(self) -> Bools:
        """Whether some share that can be agreed on is one that both prefer."""
        low, high = self.range
        if self.body.divisible:
            return inside(low, low, high)
        whole = np.ones(len(self.values))
        shares = list(self.shares.values()) or [0.0 * whole, whole]
        out: Bools = np.any([self.inside(s) for s in shares], axis=0)
        return out

    # -------------------------------------------------------------------------------------------- one offer

    def demand(self) -> tuple[Floats, Floats]:
        """The share that the proposer demands for itself, and the probability of a refusal."""
        me = self.body.between.index(self.body.proposer)
        you = 1 - me
        other = self.body.between[you]
        seen = self.seen if me == 0 else (1.0 - self.seen[0], 1.0 - self.seen[1])
        ask, marks = self._costs_of(other)
        return demands(
            ask, (seen[me], self.cost[me], self.exponent[me]), (seen[you], self.exponent[you]), marks
        )

    def _costs_of(self, party: str) -> tuple[Callable[[Floats], Floats], Floats | None]:
        """The quantiles of a party's cost as others see it, and the levels at which they jump."""
        number = self.body.costs[party]
        item = Input(f"war.{self.name}.costs.{party}", "", number, PART, number.law(PART), False)
        if item.law == "point":
            return lambda level: np.full(np.shape(level), float(number.low)), None
        if item.law == "values":
            listed = np.array([float(v) for v, _ in number.values])
            upto = np.cumsum([float(w) for _, w in number.values])[:-1]
            return lambda level: listed[np.searchsorted(upto - 1e-12, level, side="right")], upto
        from scipy.special import ndtri

        return lambda level: quantile(item, ndtri(level)), None

    # --------------------------------------------------------------------------------------- shifting power

    @cached_property
    def shift(self) -> Floats:
        """By how much the first's chance changes each month."""
        return self._timed("shift", RATE)[0]

    @cached_property
    def _patience(self) -> tuple[Floats, Floats]:
        """What a share is worth to each a month later."""
        out = []
        for party in self.body.between:
            loss = self.body.discount.get(party)
            if loss is None:
                out.append(np.ones(len(self.values)))
                continue
            each = 1.0 - self._number(loss.number, DISCOUNT, f"discount.{party}")
            out.append(np.maximum(each, _LEAST) ** (DAYS["month"] / DAYS[loss.unit]))
        return out[0], out[1]

    def commitment(self) -> tuple[Floats, Floats, Floats]:
        """By how much the shift exceeds the surplus at most, when first (NaN: never), and the largest shift
        for each month at which it never would; of whichever party rises."""
        times = self.horizon[:, None] * np.arange(1, _TIMES + 1) / _TIMES
        up = self.shift >= 0

        def either(first: Floats, second: Floats) -> Floats:
            return np.where(up, first, second)

        rises, falls = either(self.wins, 1 - self.wins), either(1 - self.wins, self.wins)
        cost, other = either(*self.cost), either(*self.cost[::-1])
        exponent, bend = either(*self.exponent), either(*self.exponent[::-1])
        secure, patience = least(falls, other, bend), either(*self._patience[::-1])
        speed = np.maximum(np.abs(self.shift), _SLOW)
        sure = np.minimum((1 - rises) / speed, self.horizon)  # when the rising side would prevail for sure
        since = np.sort(np.hstack([np.zeros((len(times), 1)), times, sure[:, None]]), axis=1)
        over = excess(rises, np.abs(self.shift), cost, exponent, secure, patience, since)
        return (
            over.max(axis=1),
            first_time(over, since),
            slowest(rises, cost, exponent, secure, patience, times),
        )

    # --------------------------------------------------------------------------------- learning by fighting

    def learning(self, seed: int, first: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """After how many trials the beliefs are close enough (-1: not within ``MOST_TRIALS``), and the months
        from one trial to the next."""
        battles = self.body.battles
        assert battles is not None
        chance = stream(seed, f"war.{self.name}.battles", first * MOST_TRIALS)
        won = chance.random((len(self.values), MOST_TRIALS)) < self.wins[:, None]
        a, b = (self._number(battles.weight[p], TRIALS, f"battles.weight.{p}") for p in self.body.between)
        every = in_months(battles.every, self._number(battles.every.number, SPAN, "battles.every"))
        return meets(self.seen, (a, b), self.cost[0] + self.cost[1], won), np.maximum(every, _LEAST)

    # ---------------------------------------------------------------------------------------------- ripeness

    def change(self, party: str) -> Floats | None:
        """What a month of going on changes for a party, in shares of the stake; None where not stated."""
        me = self.body.between.index(party)
        if not self.body.shift and party not in self.body.wear:
            return None
        moved = self.shift if me == 0 else -self.shift
        return moved - self._timed("wear", WEAR)[me]

    def escalated(self, party: str) -> Floats | None:
        """What escalating would bring a party, in shares of the stake; None where nothing is said."""
        more = self.body.escalation.get(party)
        if more is None:
            return None
        path = f"escalation.{party}"
        own = self.wins if party == self.body.between[0] else 1 - self.wins
        raised = np.clip(own + self._number(more.wins, RATE, f"{path}.wins"), 0.0, 1.0)
        return raised - own - self._number(more.cost, PART, f"{path}.cost")

    def stated_drift(self, party: str) -> Floats | None:
        """By how many points a party's no-deal value changes each month, as ``talks`` has it."""
        rate = None if self.model.case.talks is None else self.model.case.talks.drift.get(party)
        if rate is None:
            return None
        return in_months(rate, drawn(self.model, rate.number, DRIFT, f"talks.drift.{party}", self.values))
