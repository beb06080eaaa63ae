"""Bargaining solutions over lotteries: on the convex hull of a finite set of points.

The definitions and sources are those of `bargain`; the classical axioms are stated for these convex
problems. Only few points carry the solution, so it is built from few: the problem is solved over an active
set, every point is priced at the solution, and the best-priced one joins until none would improve it
(Dantzig and Wolfe 1960, Operations Research 8:101-111). For the Nash product the price doubles as a bound
on what is still missing (Frank and Wolfe 1956; Jaggi 2013, ICML, 427-435).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.kernels.bargain import Gains
from winset.kernels.blocks import Bools, Floats, Indices

_GAP = 1e-10
_ROUNDS = 2000


@dataclass(frozen=True, slots=True)
class Lottery:
    """A mixture of at most party + 1 points.

    `gap` bounds how far the solution may be from the best: for Nash in the sum of weighted log gains;
    otherwise in the least share or gain, of the first stage, in units of the largest.
    """

    point: Indices  # (carrier,)
    probability: Floats  # (carrier,), > 0, sum 1
    gains: Floats  # (party,), expected
    gap: float


def nash_lottery(gains: Gains, weights: Floats | None = None) -> Lottery | None:
    """Lottery of the largest weighted product of expected gains.

    Parties that gain at no point are left out. None when no lottery gives all the others a gain.

    Parameters
    ----------
    gains : (point, party)
    weights : float64 (party,), > 0, optional

    Raises
    ------
    ArithmeticError
        The gap did not fall to 1e-10 times the sum of weights.
    """
    able = np.flatnonzero((gains > 0).any(axis=0)) if len(gains) else np.zeros(0, np.intp)
    if not len(able):
        return None
    scale = gains[:, able].max(axis=0).astype(np.float64)
    points: Floats = gains[:, able] / scale
    power: Floats = np.ones(len(able)) if weights is None else np.asarray(weights, np.float64)[able]
    goal = _GAP * power.sum()

    corners = np.unique(points.argmax(axis=0))
    active, mix = corners, np.full(len(corners), 1 / len(corners))
    if (mix @ points[active] <= 0).any():
        start = _fairest(points, np.ones(len(able)), np.full(len(able), np.nan))
        if start is None or start[2] <= 1e-12:
            return None
        active, mix = start[0], start[1]
    active, mix = _reduced(points, active, mix)
    gap = np.inf
    for _ in range(_ROUNDS):
        active, mix = _polished(points, power, active, mix)
        expected = mix @ points[active]
        price = points @ (power / expected)
        best = int(price.argmax())
        gap = float(price[best] - power.sum())
        if gap <= goal:
            break
        step = _line(power, expected, points[best] - expected)
        mix = np.append(mix * (1 - step), step)
        active = np.append(active, best)
        active, mix = _reduced(points, active, mix)
    else:
        raise ArithmeticError(f"the Nash lottery stopped at a gap of {gap:g}")
    return _lottery(gains, active, mix, max(gap, 0.0))


def egalitarian_lottery(gains: Gains) -> Lottery | None:
    """Lottery of the largest least expected gain, then the second least, and so on; None without points."""
    return _levelled(gains, np.ones(gains.shape[1]), np.ones(gains.shape[1], np.bool_))


def kalai_smorodinsky_lottery(gains: Gains, ideal: Gains | None = None) -> Lottery | None:
    """Lottery of the largest least share of the ideal gain, then of the second least, and so on.

    Parameters
    ----------
    ideal : (party,), optional
        By default the largest gain of each party. Parties that could not gain come after all others, by
        their gain.

    Returns
    -------
    Lottery, or None without points.
    """
    if not len(gains):
        return None
    ideal = gains.max(axis=0) if ideal is None else ideal
    able = np.asarray(ideal > 0, np.bool_)
    return _levelled(gains, np.where(able, ideal, 1.0).astype(np.float64), able)


def _levelled(gains: Gains, unit: Floats, first: Bools) -> Lottery | None:
    """Leximin of gains / unit by linear programs: raise all free parties together, fix those that bind."""
    if not len(gains):
        return None
    points: Floats = gains / unit
    size = max(float(np.abs(points).max()), 1e-300)
    points = points / size
    level = np.full(points.shape[1], np.nan)
    active: Indices = np.zeros(0, np.intp)
    mix = np.zeros(0)
    gap: float | None = None
    for group in (first, ~first):
        while (group & np.isnan(level)).any():
            free = np.where(group & np.isnan(level), 1.0, 0.0)
            solved = _fairest(points, free, level)
            if solved is None:
                raise ArithmeticError("a linear program of the lottery failed")
            active, mix, height, binding, missing = solved
            gap = missing if gap is None else gap
            level[binding] = height
    active, mix = _reduced(points, active, mix)
    return _lottery(gains, active, mix, gap or 0.0)


def _fairest(
    points: Floats, free: Floats, level: Floats
) -> tuple[Indices, Floats, float, Bools, float] | None:
    """Raise the least of the free parties as far as the levels of the fixed ones allow.

    Returns the carriers, their probabilities, the height reached, which free parties bind in every solution
    (their price is positive), and the gap.
    """
    from scipy.optimize import linprog

    count = points.shape[1]
    fixed = ~np.isnan(level)
    rows = np.flatnonzero((free > 0) | fixed)
    target = np.where(fixed, level, 0.0)[rows]
    # a fixed party's shortfall costs more than any height: a few points then make a feasible program, and the
    # rounding of earlier levels does no harm
    penalty = 1e4
    active = np.unique(np.concatenate([points.argmax(axis=0), [int(points.min(axis=1).argmax())]]))
    for _ in range(_ROUNDS):
        size = len(active)
        short = np.flatnonzero(fixed[rows])
        upper = np.zeros((len(rows), size + 1 + len(short)))
        upper[:, :size] = -points[active][:, rows].T
        upper[:, size] = free[rows]
        upper[short, size + 1 + np.arange(len(short))] = -1.0
        cost = np.concatenate([np.zeros(size), [-1.0], np.full(len(short), penalty)])
        equal = np.concatenate([np.ones(size), np.zeros(1 + len(short))])[None, :]
        bounds = [(0, None)] * size + [(None, None)] + [(0, None)] * len(short)
        solution = linprog(
            cost,
            A_ub=upper,
            b_ub=-target,
            A_eq=equal,
            b_eq=[1.0],
            bounds=bounds,
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if solution.status != 0:
            return None
        price = np.zeros(count)
        price[rows] = np.maximum(-np.asarray(solution.ineqlin.marginals), 0.0)
        worth = points @ price
        best = int(worth.argmax())
        gap = float(worth[best] - (solution.x[:size] @ points[active]) @ price)
        if gap <= 1e-9 * max(1.0, price.sum()) or best in active:
            break
        active = np.append(active, best)
    mix = np.maximum(solution.x[:size], 0.0)
    mix /= mix.sum()
    active = active[:size]
    keep = mix > 0
    binding = (free > 0) & (price > 1e-7)
    if not binding.any():
        binding = (free > 0) & (price == price[free > 0].max())
    return active[keep], mix[keep], float(solution.x[size]), binding, max(gap, 0.0)


def _line(power: Floats, expected: Floats, direction: Floats, most: float = 1.0) -> float:
    """Step in 0..most of the largest sum of power * log(expected + step * direction), by bisection."""
    low, high = 0.0, most
    for _ in range(60):
        step = (low + high) / 2
        value = expected + step * direction
        if (value > 0).all() and float((power * direction / value).sum()) > 0:
            low = step
        else:
            high = step
    value = expected + most * direction
    if (value > 0).all() and float((power * direction / value).sum()) >= 0:
        return most
    return low


def _polished(points: Floats, power: Floats, active: Indices, mix: Floats) -> tuple[Indices, Floats]:
    """Newton's method over the mixtures of the active points; points that drop to nought leave."""
    for _ in range(60):
        size = len(active)
        if size == 1:
            break
        corners = points[active]
        expected = mix @ corners
        slope = corners @ (power / expected)
        curve = (corners * (power / expected**2)) @ corners.T
        system = np.zeros((size + 1, size + 1))
        system[:size, :size] = curve
        system[:size, size] = system[size, :size] = 1.0
        move = np.linalg.lstsq(system, np.append(slope, 0.0), rcond=1e-14)[0][:size]
        move -= move.mean()
        rise = float(slope @ move)
        if rise <= 1e-22 * power.sum():  # about the square of the gap
            break
        falling = move < 0
        room = float((mix[falling] / -move[falling]).min()) if falling.any() else 1.0
        step = _line(power, expected, move @ corners, min(room, 2.0))
        if step <= 0:
            break
        mix = mix + step * move
        if step >= room:
            mix[falling & (mix <= 1e-15)] = 0.0
            blocker = np.flatnonzero(falling)[int((mix[falling]).argmin())]
            mix[blocker] = 0.0
        mix = np.maximum(mix, 0.0)
        mix /= mix.sum()
        active, mix = active[mix > 0], mix[mix > 0]
    return active, mix


def _reduced(points: Floats, active: Indices, mix: Floats) -> tuple[Indices, Floats]:
    """Carry the same expected gains by affinely independent points, at most party + 1 (Caratheodory 1907)."""
    chosen, place = np.unique(active, return_inverse=True)
    active, mix = chosen, np.bincount(place, mix, len(chosen)).astype(np.float64)
    active, mix = active[mix > 0], mix[mix > 0]
    while len(active) > 1:
        system = np.vstack([points[active].T, np.ones(len(active))])
        _, singular, basis = np.linalg.svd(system)
        if len(active) <= len(singular) and singular[-1] > 1e-13 * singular[0]:
            break
        shift = basis[-1]  # moves probability without moving the expected gains
        if not (shift > 0).any():
            shift = -shift
        rising = shift > 0
        step = float((mix[rising] / shift[rising]).min())
        gone = np.flatnonzero(rising)[int((mix[rising] / shift[rising]).argmin())]
        mix = np.maximum(mix - step * shift, 0.0)
        mix[gone] = 0.0
        mix /= mix.sum()
        active, mix = active[mix > 0], mix[mix > 0]
    return active, mix


def _lottery(gains: Gains, active: Indices, mix: Floats, gap: float) -> Lottery:
    order = np.argsort(active)
    active, mix = active[order], mix[order]
    return Lottery(active, mix, np.asarray(mix @ gains[active], np.float64), gap)
