"""A side that learns from the other's offers what the other wants."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats, Indices
from winset.kernels.talks.strategy import Parameter, Player, Strategy, Talk
from winset.kernels.talks.table import Numbers, Table
from winset.kernels.talks.timed import TimeDependent

__all__ = ["Bayesian", "shapes"]

WEIGHTS = np.arange(11) / 10  # hypotheses of an issue's weight
PRIOR = (1 - np.arange(1, 12) / 11) ** 3  # a large weight is unlikely; the last one impossible
_WIDE = 64  # deals at most among which it chooses


class Bayesian(Strategy):
    """Hindriks and Tykhonov (2008, AAMAS, 331-338), the version that learns each issue by itself.

    Hypotheses of an issue: its weight is one of 0, 0.1 to 1, with prior weights (1 - (j + 1) / 11)^3; its
    options rise in the order they are listed, fall, or rise to an inner one and fall again, all equally
    likely. An offer of utility u under a hypothesis (the other issues taken at their expected weights and
    evaluations) has the likelihood of a normal distribution of (e - u) / e with standard deviation ``sigma``,
    where e is what the other is expected to ask by now: 1 less ``pace`` for each different offer before, 0.05
    at least. Weights are updated from the second offer on, evaluations from the first; an offer made before
    teaches nothing. Hypotheses, priors and the defaults of sigma and pace are those of the program of this
    model in Genius (BayesianOpponentModelScalable), not of the paper, whose text could not be read here.

    The side concedes by the clock (``beta``, ``kappa`` as for "time-dependent"). Among the deals from its
    level up to ``band`` of its range above, the 64 least of them at most, it offers the one that it believes
    to be best for the other, and the one least for itself among equals. With several others it learns one
    picture of them all.
    """

    name = "bayesian"
    parameters = (
        *TimeDependent.parameters,
        Parameter("band", 0.05, 0.0, 1.0, "share of its range within which its offers are the same to it"),
        Parameter("sigma", 0.25, 0.01, 10.0, "how loosely the other's offers follow what it wants"),
        Parameter("pace", 0.003, 0.0, 1.0, "how fast the other is expected to concede, for each offer"),
    )
    needs_options = True

    def sit(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> Player:
        return Learner(table, given, talk)


def shapes(options: int) -> Floats:
    """(hypothesis, option): evaluations from 0 to 1 that rise, fall, or rise to an inner option and fall."""
    peaks = [options - 1, 0, *range(1, options - 1)]
    at = np.arange(options, dtype=np.float64)
    out = np.ones((len(peaks) if options > 1 else 1, options))
    for row, peak in zip(out, peaks, strict=False):
        rise = at / peak if peak > 0 else np.ones(options)
        fall = (options - 1 - at) / (options - 1 - peak) if peak < options - 1 else np.ones(options)
        row[:] = np.where(at < peak, rise, fall) if options > 1 else 1.0
    return out


class Learner(Player):
    """Beliefs in every draw: probabilities of weights and of evaluations, issue by issue."""

    def __init__(self, table: Table, given: Mapping[str, Floats], talk: Talk) -> None:
        super().__init__(table)
        assert talk.options is not None
        self.options = talk.options
        every = np.arange(table.draws)
        share = TimeDependent().share(talk.rounds, given)
        levels = np.where(table.able, table.levels(share), np.inf)
        upper = levels + np.where(table.able, given["band"] * (table.top - table.base), 0.0)
        self.low = np.stack([table.reached(row, every) for row in levels])  # (round, draw)
        self.high = np.stack([table.reached(row + 1e-9, every) for row in upper])
        self.sigma = np.broadcast_to(given["sigma"], table.draws)
        self.pace = np.broadcast_to(given["pace"], table.draws)
        sizes = [int(column.max()) + 1 for column in self.options.T]
        self.shapes = [shapes(size) for size in sizes]
        self.weight = np.tile(PRIOR / PRIOR.sum(), (len(sizes), table.draws, 1))  # (issue, draw, hypothesis)
        self.shape = [np.full((table.draws, len(s)), 1 / len(s)) for s in self.shapes]  # (draw, hypothesis)
        self.count = np.zeros(table.draws, np.intp)  # different offers heard
        self.seen: list[Numbers] = []

    def next(self, round_: int, at: Indices) -> Numbers:
        order, _ = self.table.ranked
        low, high = self.low[round_ - 1, at], self.high[round_ - 1, at]
        width = order.shape[1]
        place = low[:, None] + np.arange(min(_WIDE, width))
        inside = (place < np.maximum(high, low + 1)[:, None]) & (place < width)
        deals = order[self.table.column(at)[:, None], np.minimum(place, width - 1)]
        worth = np.where(inside, self.believed(deals, at), -1.0)
        pick = np.take_along_axis(deals, worth.argmax(axis=1)[:, None], axis=1)[:, 0]
        return np.where(low < width, pick, np.int32(-1)).astype(np.int32)

    def believed(self, deals: Numbers, at: Indices) -> Floats:
        """(k, n) of (k, n) deals: utility to the other, as it is believed."""
        out = np.zeros(deals.shape)
        for issue, shape in enumerate(self.shapes):
            value = _mean(self.shape[issue][at], shape)  # (k, option)
            weight = (self.weight[issue, at] * WEIGHTS).sum(axis=1)
            out += weight[:, None] * np.take_along_axis(
                value, self.options[deals, issue].astype(np.intp), axis=1
            )
        return np.round(out, 12)  # so that what is equal ties, whatever the order of sums

    def heard(self, round_: int, at: Indices, deals: Numbers, by: npt.NDArray[np.int8]) -> None:
        known = np.zeros(len(at), np.bool_)
        for earlier in self.seen:
            known |= earlier[at] == deals
        now = np.full(self.table.draws, -1, np.int32)
        now[at] = deals
        self.seen.append(now)
        at, deals = at[~known], deals[~known]
        if len(at):
            self._learn(at[self.count[at] > 0], deals[self.count[at] > 0], weights=True)
            self._learn(at, deals, weights=False)
            self.count[at] += 1

    def _learn(self, at: Indices, deals: Numbers, *, weights: bool) -> None:
        """Bayes' rule for the weights or the evaluations of all issues, from the beliefs before."""
        expected = np.maximum(1 - self.pace[at] * self.count[at], 0.05)[:, None]
        values = [_mean(self.shape[n][at], shape) for n, shape in enumerate(self.shapes)]
        taken = [self.options[deals, n].astype(np.intp) for n in range(len(self.shapes))]
        value = np.stack([v[np.arange(len(at)), t] for v, t in zip(values, taken, strict=True)])
        weight = (self.weight[:, at] * WEIGHTS).sum(axis=2)  # (issue, k)
        whole = (weight * value).sum(axis=0)
        for n, shape in enumerate(self.shapes):
            rest = (whole - weight[n] * value[n])[:, None]
            if weights:
                utility = rest + WEIGHTS * value[n][:, None]
            else:
                utility = rest + weight[n][:, None] * shape[:, taken[n]].T
            belief = self.weight[n] if weights else self.shape[n]
            odds = -0.5 * ((expected - utility) / expected / self.sigma[at][:, None]) ** 2
            after = belief[at] * np.exp(odds - odds.max(axis=1, keepdims=True))
            belief[at] = after / after.sum(axis=1, keepdims=True)


def _mean(belief: Floats, shape: Floats) -> Floats:
    """(k, option): expected evaluations. No matrix product: its last bits hang on how many rows there are."""
    out: Floats = (belief[:, :, None] * shape).sum(axis=1)
    return out
