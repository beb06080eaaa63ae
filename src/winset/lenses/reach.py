"""How far must the numbers move, at the least, before somebody's answer to a deal can change?

A party's margin at a deal is a smooth function of standard scores. Within a ball of radius t around the
central point every score is within t of its own central value, so that each partial derivative has a bound
there, and their root of squares S(t) bounds the slope in any direction. Within distance r the margin
therefore moves by at most the integral of S from 0 to r. Sums in steps from above keep the bound rigorous up
to rounding. It is a lower bound on the distance to a change, not that distance.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from winset.case.fields import COST, SCORE, UTILITY, WEIGHT
from winset.case.numbers import Z90, Bounds, Number
from winset.compiled.draws import Uncertain
from winset.compiled.laws import Input, quantile
from winset.lenses.matched import matched, options_taken

__all__ = ["least_reach"]

Floats = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.int8]

STEP = 0.05
FINE = 5_000  # deals up to which the steps are that small
MOST = 200_000  # deals


def least_reach(
    model: Uncertain, centre: Floats, middle: Floats, kinds: Kinds, margin: Floats, p: int, far: float
) -> Floats | None:
    """(deal,): a radius within which the party gives the same answer to each deal; at most ``far``.

    Parameters
    ----------
    centre, middle : float64 (input,)
        Standard scores and values of the central point.
    margin : float64 (deal,)
        The party's gain at each deal there.
    p
        Index of the party.

    Returns
    -------
    None where a law or a no-deal lottery keeps the slopes from being bounded.
    """
    party = model.parties[p]
    path, prefs = model.written(party, int(kinds[p, 0]))
    if prefs.no_deal is None or model.deals > MOST:
        return None
    option = options_taken(model)

    # coarser where there are many deals
    size = min(max(STEP, STEP * model.deals / FINE), max(STEP, far / 10))
    radii = size * np.arange(1, math.ceil(far / size) + 1)

    def spans(number: Number, bounds: Bounds, where: str) -> Floats:
        """(radius, 3): least and greatest value within each radius of the centre, and the steepest slope."""
        n = model.index.get(where)
        out = np.zeros((len(radii), 3))
        if n is None or model.inputs[n].law == "values":
            out[:, :2] = float(number.central(bounds)) if n is None else float(middle[n])
            return out
        low, high = centre[n] - radii, centre[n] + radii
        out[:, 0], out[:, 1] = quantile(model.inputs[n], low), quantile(model.inputs[n], high)
        out[:, 2] = [
            _steepest(model.inputs[n], a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)
        ]
        return out

    issues = [i for i, w in (prefs.weights or {}).items() if w.high > 0]
    links = [matched(model, link.when, option) for link in prefs.linkages or ()]
    weights = np.stack([spans((prefs.weights or {})[i], WEIGHT, path[f"weights.{i}"]) for i in issues])
    scores = [
        np.stack(
            [
                spans((prefs.scores or {})[i][o], SCORE, path[f"scores.{i}.{o}"])
                for o in model.options[model.issues.index(i)]
            ]
        )
        for i in issues
    ]
    worths = [
        spans(link.worth, UTILITY, path[f"linkages.{n}"]) for n, link in enumerate(prefs.linkages or (), 1)
    ]
    values = [spans(prefs.no_deal, UTILITY, path["no_deal"])]
    if prefs.closing_cost is not None:
        values.append(spans(prefs.closing_cost, COST, path["closing_cost"]))
    moved, reach = np.zeros(model.deals), np.zeros(model.deals)
    for step, t in enumerate(radii.tolist()):
        weight = weights[:, step]
        if weight[:, 0].sum() <= 0:
            break
        score = np.empty((3, len(issues), model.deals))
        for k, issue in enumerate(issues):
            score[:, k] = scores[k][:, step].T[:, option[issue]]
        if not (np.isfinite(weight).all() and np.isfinite(score).all()):
            return None
        low, high = weight[:, 0], weight[:, 1]
        least = low / (low + high.sum() - high)
        most = high / np.maximum(high + low.sum() - low, 1e-300)
        top = _mean(score[1], least, most)
        bottom = -_mean(-score[0], least, most)
        off = np.maximum(np.abs(score[1] - bottom), np.abs(top - score[0]))
        square = (off * weight[:, 2, None] / low.sum()) ** 2 + (score[2] * most[:, None]) ** 2
        slope = square.sum(axis=0)
        for held, worth in zip(links, worths, strict=True):
            slope = slope + held * worth[step, 2] ** 2
        for value in values:
            slope = slope + value[step, 2] ** 2
        if not np.isfinite(slope).all():
            return None
        moved += size * np.sqrt(slope)
        reach[moved < np.abs(margin)] = t
        if (moved >= np.abs(margin)).all():
            break
    return reach


def _mean(values: Floats, least: Floats, most: Floats) -> Floats:
    """(deal,): the greatest weighted mean of (issue, deal) values with shares between bounds."""
    order = np.argsort(-values, axis=0)
    out: Floats = least @ values
    left = np.full(values.shape[1], max(0.0, 1 - float(least.sum())))
    for rank in order:
        take = np.minimum(left, (most - least)[rank])
        out = out + take * np.take_along_axis(values, rank[None], axis=0)[0]
        left = left - take
    return out


def _steepest(item: Input, low: float, high: float) -> float:
    """The greatest slope of a value by its standard score between two scores; infinite if not known."""
    number, bounds = item.number, item.bounds
    assert number is not None
    first, last = float(number.low), float(number.high)
    if item.law in ("normal", "clipped"):
        return (last - first) / (2 * Z90)
    near = min(max(0.0, low), high)  # the score nearest to 0
    if item.law == "uniform":
        return (last - first) * math.exp(-(near**2) / 2) / math.sqrt(2 * math.pi)
    if item.law == "lognormal":
        base = 0.0 if bounds.low is None else float(bounds.low)
        rate = math.log((last - base) / (first - base)) / (2 * Z90)
        return rate * (float(quantile(item, np.array([high]))[0]) - base)
    if item.law == "logitnormal":
        assert bounds.low is not None
        assert bounds.high is not None
        floor, ceiling = float(bounds.low), float(bounds.high)
        ends = [math.log((x - floor) / (ceiling - x)) for x in (first, last)]
        rate, middle = (ends[1] - ends[0]) / (2 * Z90), (ends[0] + ends[1]) / 2
        logit = min(max(0.0, middle + rate * low), middle + rate * high)
        share = 1 / (1 + math.exp(-logit))
        return (ceiling - floor) * rate * share * (1 - share)
    return math.inf
