"""What is the least change that turns an empty zone into an open one, or back?

*One input*, all else central. Where a party's margin at every deal is linear in the input (a score, a
linkage, the no-deal value, a cost; and a weight, once the margin is multiplied by the sum of the weights),
the values at which the zone is open follow exactly, as a union of half-lines. For what enters in a curved way
(probabilities, drifts and the horizon of a no-deal lottery) the range is scanned in steps and the first turn
refined by halving. Every flip is checked on the model itself. A 90 % interval is not the end of what is
drawn, so that flips are looked for beyond it too, as far as one draw in a thousand goes.

*All inputs together*: the smallest Euclidean distance in standard scores, after correlations are taken out
(Hasofer and Lind 1974; the most probable point of structural reliability). The point is found by solving
least-distance problems that are made linear again at every point reached, and is checked on the model. It is
the best that was found, not proved to be the least.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.fields import WEIGHT
from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, uncertain
from winset.compiled.laws import Input, quantile, standard_score
from winset.compiled.sampling import Sampler
from winset.kernels.ensemble import TIE
from winset.kernels.limits import TooLarge
from winset.kernels.rule import holds, minimal_coalitions
from winset.kernels.turning import blocking, crossings, least_change, open_ends, refine
from winset.lenses.drawn import Rows
from winset.lenses.reach import least_reach
from winset.lenses.results import NotComputed, Progress, Result

__all__ = ["Change", "Flip", "Joint", "flips", "joint", "no_deal_flips"]

Floats = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.int8]

_SCAN = 128  # steps of a scan of the range as written
_TAIL = 16  # steps of a scan of what lies beyond it, either way
_RARE = 3.090232306167813  # the standard score that one draw in a thousand passes
_NEAR = 1e-6  # of its range: how far beyond a flip the model is checked
_HAIR = 1e-9  # of its range: by so much a flip may lie outside and still count as at its end
_FAR = 12.0  # standard scores beyond which a joint change is not reported
_SHORTLIST = 400  # deals whose nearest acceptance is looked at
_TRIED = 4  # of these, followed to the end
_ROUNDS = 15
_SHRUNK = 5  # points that are drawn in towards the centre


@dataclass(frozen=True, slots=True)
class Flip(Result):
    """Where the answer turns along one input, all else central; the nearest such value."""

    path: str
    sourced: bool
    percent: bool  # a probability, or a rate: 0.4 is 40 %
    central: float
    value: float
    opens: bool  # an empty zone opens; else an open one empties
    distance: float  # in the input's own unit
    scores: float  # how many standard scores from the central value, with sign
    beyond: float  # the probability of a value as far out or farther
    method: Literal["exact", "scan", "values"]


@dataclass(frozen=True, slots=True)
class Change(Result):
    """What one input does in a joint change."""

    path: str
    percent: bool  # a probability, or a rate: 0.4 is 40 %
    central: float
    value: float
    inside: bool  # within its range as written
    scores: float  # standard scores, with sign


@dataclass(frozen=True, slots=True)
class Joint(Result):
    """The least change of all inputs together that was found to flip the answer."""

    opens: bool
    distance: float  # in standard scores, correlations taken out
    changes: tuple[Change, ...]  # largest first, without those that bear on nobody's yes or are below 0.01
    deal: dict[str, str] | None  # the deal that enters the zone
    searched: int  # starting points that were followed
    bound: float | None  # no change of a smaller distance can flip the answer; None: not known


def flips(
    rows: Rows, middle: Floats, kinds: Kinds, opened: bool
) -> tuple[tuple[Flip, ...], tuple[Flip, ...]]:
    """The flips of single inputs, the nearest in standard scores first: within their ranges as written, and
    of those that have none there, beyond the range.

    Parameters
    ----------
    middle : float64 (1, input)
        The central row.
    kinds : int8 (party, 1)
        The central types.
    opened
        Whether the zone is open there.
    """
    model = rows.model
    base = model.draws(middle, kinds=kinds)
    both = [rows.dense(base, p) for p in range(len(model.parties))]
    says = np.stack([s[:, 0] for _, s in both], axis=1)  # (deal, party)
    inside: list[Flip] = []
    farther: list[Flip] = []
    for n, item in enumerate(model.inputs):
        if item.law == "type" or item.weighs_types:
            continue
        low, high = _reached(item)
        p = model.parties.index(item.party) if item.party in model.parties else None
        if p is not None and p not in model.rulers:
            continue
        if item.law == "values":
            found = _listed(rows, middle, kinds, n, opened)
        elif p is not None:
            found = [(v, "exact") for v in _exact(rows, middle, kinds, n, p, says, opened, low, high)]
        else:
            found = [(v, "scan") for v in _scanned(rows, middle, kinds, n, opened, low, high)]
        near = [f for f in found if _inside(item, f[0])]
        if found:
            (inside if near else farther).append(_nearest(item, float(middle[0, n]), near or found, opened))

    def ordered(some: list[Flip]) -> tuple[Flip, ...]:
        return tuple(sorted(some, key=lambda f: abs(f.scores)))

    return ordered(inside), ordered(farther)


def _reached(item: Input) -> tuple[float, float]:
    """From where to where a number is drawn, but for one draw in a thousand either way."""
    assert item.number is not None
    low, high = float(item.number.low), float(item.number.high)
    if item.law in ("uniform", "pert", "values"):  # these end where the range ends
        return low, high
    ends = quantile(item, np.array([-_RARE, _RARE])).tolist()
    return min(low, ends[0]), max(high, ends[1])


def _inside(item: Input, value: float) -> bool:
    """Whether a value lies within the range as written, to a hair."""
    assert item.number is not None
    low, high = float(item.number.low), float(item.number.high)
    hair = _HAIR * (high - low)
    return low - hair <= value <= high + hair


def no_deal_flips(case: Case | Compiled, edges: Mapping[str, float]) -> tuple[Flip, ...]:
    """Where the zone closes if a no-deal value alone moves, the likeliest first.

    For cases whose deals are too many to look for other flips.

    Parameters
    ----------
    edges
        Party -> the highest no-deal value at which some deal passes. Parties whose no-deal value is known, or
        is below the edge in 999 draws of 1,000, are passed over.
    """
    model = uncertain(case)
    middle = model.middle()[None]
    kinds = model.kinds(middle)[:, 0]
    out = []
    for party, edge in edges.items():
        where, _ = model.written(party, int(kinds[model.parties.index(party)]))
        n = model.index.get(where["no_deal"])
        if n is None:
            continue
        low, high = _reached(model.inputs[n])
        if low <= edge < high:
            out.append(_nearest(model.inputs[n], float(middle[0, n]), [(edge, "exact")], True))
    return tuple(sorted(out, key=lambda f: -f.beyond))


def _nearest(item: Input, central: float, found: list[tuple[float, str]], opened: bool) -> Flip:
    from scipy.special import ndtr

    start = standard_score(item, central)
    value, method = min(found, key=lambda f: (abs(standard_score(item, f[0]) - start), f[0]))
    score = standard_score(item, value)
    if method == "values":
        assert item.number is not None
        out = [(float(v), float(w)) for v, w in item.number.values]
        beyond = sum(w for v, w in out if (v >= value if value > central else v <= value))
    else:
        beyond = float(ndtr(-score if value > central else score))
    return Flip(
        item.path,
        item.sourced,
        item.percent,
        central,
        value,
        not opened,
        abs(value - central),
        score - start,
        beyond,
        method,  # type: ignore[arg-type]
    )


def _open_at(rows: Rows, middle: Floats, kinds: Kinds, n: int, values: Floats) -> npt.NDArray[np.bool_]:
    """(value,): whether the zone is open with input ``n`` there."""
    many = np.repeat(middle, len(values), axis=0)
    many[:, n] = values
    return rows.answers(many, np.repeat(kinds, len(values), axis=1)).open


def _exact(
    rows: Rows,
    middle: Floats,
    kinds: Kinds,
    n: int,
    p: int,
    says: npt.NDArray[np.bool_],
    opened: bool,
    low: float,
    high: float,
) -> list[float]:
    """Both turns nearest to the central value, from half-lines of acceptance."""
    model = rows.model
    yes, no = says.copy(), says.copy()
    yes[:, p], no[:, p] = True, False
    if holds(model.rule, no).any():
        return []
    lines = rows.crossed[p][kinds[p, 0]]
    hangs = np.flatnonzero(holds(model.rule, yes) & ~lines)
    if not len(hangs):
        return []
    ends = np.repeat(middle, 2, axis=0)
    ends[:, n] = low, high
    draws = model.draws(ends, kinds=np.repeat(kinds, 2, axis=1), parties=(p,))
    gain = rows.dense(draws, p)[0][hangs] + TIE
    gain *= _total_weight(model, model.inputs[n], p, kinds, ends)
    upto, since = open_ends(gain[:, 0], gain[:, 1])
    if upto >= since:
        return []
    places = [low + t * (high - low) for t in (upto, since) if 0 <= t <= 1]
    central = float(middle[0, n])
    out = []
    for place in places:
        # the place is open; just beyond it, into the gap, the zone is empty
        inward = 1.0 if place == low + upto * (high - low) else -1.0
        gap = place + inward * _NEAR * (high - low)
        if opened and (place - central) * inward < 0:
            continue  # the central value lies on another branch
        if not low <= gap <= high:
            continue
        outside = place - inward * _NEAR * (high - low)
        pair = _open_at(rows, middle, kinds, n, np.array([min(max(outside, low), high), gap]))
        if pair[0] and not pair[1]:
            out.append(place)
    return out


def _total_weight(model: Uncertain, item: Input, p: int, kinds: Kinds, ends: Floats) -> Floats:
    """(row,): the sum of a party's weights as written, when the input is one of them; else 1."""
    party = model.parties[p]
    if ".weights." not in item.path:
        return np.ones(len(ends))
    path, prefs = model.written(party, int(kinds[p, 0]))
    total = np.zeros(len(ends))
    for issue, number in (prefs.weights or {}).items():
        known = model.index.get(path[f"weights.{issue}"])
        total += float(number.central(WEIGHT)) if known is None else ends[:, known]
    return total


def _scanned(
    rows: Rows, middle: Floats, kinds: Kinds, n: int, opened: bool, low: float, high: float
) -> list[float]:
    """The first turn on each side of the central value that a scan meets, refined."""
    central = float(middle[0, n])
    number = rows.model.inputs[n].number
    assert number is not None
    first, last = float(number.low), float(number.high)
    steps = np.unique(
        np.concatenate(
            [
                np.linspace(low, first, _TAIL + 1),
                np.linspace(first, last, _SCAN + 1),
                np.linspace(last, high, _TAIL + 1),
                [central],
            ]
        )
    )
    answers = _open_at(rows, middle, kinds, n, steps)
    out = []
    for same, other in crossings(answers, int(np.searchsorted(steps, central))):

        def turned(x: float) -> bool:
            return bool(_open_at(rows, middle, kinds, n, np.array([x]))[0]) != opened

        out.append(refine(float(steps[same]), float(steps[other]), turned, 40)[1])
    return out


def _listed(rows: Rows, middle: Floats, kinds: Kinds, n: int, opened: bool) -> list[tuple[float, str]]:
    """The listed values at which the answer is another."""
    number = rows.model.inputs[n].number
    assert number is not None
    values = np.array([float(v) for v, _ in number.values])
    found = _open_at(rows, middle, kinds, n, values)
    return [(float(v), "values") for v in values[found != opened]]


# ------------------------------------------------------------------------------------------- all together


class _Space:
    """Independent standard scores of the inputs that can move, and the model seen from there."""

    def __init__(self, rows: Rows, sampler: Sampler, middle: Floats, kinds: Kinds) -> None:
        self.rows, self.sampler, self.middle, self.kinds = rows, sampler, middle, kinds
        model = rows.model
        self.free = np.array(
            [
                n
                for n, item in enumerate(model.inputs)
                if item.law not in ("type", "values") and not item.weighs_types
            ],
            np.intp,
        )
        z = np.zeros(len(model.inputs))
        for n in self.free:
            z[n] = standard_score(model.inputs[n], float(middle[0, n]))
        # what moves along with what is correlated with it, but bears on nothing: numbers of those whose yes
        # is not asked for, and numbers that share the score of one of another type, which counts
        asked = {model.parties[r] for r in model.rulers}
        self.idle = {n for n, item in enumerate(model.inputs) if item.party in set(model.parties) - asked}
        for twin, base in sampler.twins.items():
            party, _, kind, *_ = model.inputs[twin].path.split(".")
            counts = model.types[party][int(kinds[model.parties.index(party), 0])] == kind
            self.idle.add(base if counts else twin)
            if counts:
                z[base] = z[twin]
        for twin, base in sampler.twins.items():
            z[twin] = z[base]
        self.start = self._unmixed(np.clip(z, -_FAR, _FAR))

    def _unmixed(self, z: Floats) -> Floats:
        out = z.copy()
        for where, root in self.sampler.mixing:
            out[where] = np.linalg.lstsq(root, z[where], rcond=None)[0]
        return out

    def scores(self, u: Floats) -> Floats:
        """(row, input) of (row, input): correlated scores."""
        return self.sampler.mix(u.copy())

    def values(self, u: Floats) -> Floats:
        """(row, input): numbers; what cannot move stays central."""
        out = np.repeat(self.middle, len(u), axis=0)
        z = self.scores(u)
        for n in self.free:
            out[:, n] = quantile(self.rows.model.inputs[n], z[:, n])
            if ".weights." in self.rows.model.inputs[n].path:  # far out all might be zero together
                np.maximum(out[:, n], 1e-9, out=out[:, n])
        return out

    def open(self, u: Floats) -> npt.NDArray[np.bool_]:
        return self.rows.answers(self.values(u), np.repeat(self.kinds, len(u), axis=1)).open

    def passing(self, u: Floats) -> npt.NDArray[np.intp]:
        """Deals that pass at one point."""
        draws = self.rows.model.draws(self.values(u[None]), kinds=self.kinds)
        says = [self.rows.dense(draws, p)[1][:, 0] for p in range(len(self.rows.model.parties))]
        return np.flatnonzero(holds(self.rows.model.rule, np.stack(says, axis=1)))

    def slopes(
        self, u: Floats, deals: npt.NDArray[np.intp], active: npt.NDArray[np.intp]
    ) -> tuple[Floats, Floats]:
        """(party, deal) gains at one point, and (party, deal, input) their slopes; of those who count."""
        step = 1e-4
        near = np.repeat(u[None], len(active) + 1, axis=0)
        near[np.arange(1, len(near)), active] += step
        kinds = np.repeat(self.kinds, len(near), axis=1)
        model = self.rows.model
        gain = model.gains(self.values(near), deals, kinds=kinds, parties=model.rulers)
        return gain[:, :, 0], (gain[:, :, 1:] - gain[:, :, :1]) / step


def joint(
    rows: Rows,
    sampler: Sampler,
    middle: Floats,
    kinds: Kinds,
    opened: bool,
    single: tuple[Flip, ...],
    progress: Progress | None = None,
) -> Joint | NotComputed | None:
    """The least joint change that was found to flip the answer.

    None where no unknown that can move enters the yes of anyone who counts, or no change within 12 standard
    scores was found.
    """
    if progress:
        progress("least joint change", 0, 1)
    model = rows.model
    space = _Space(rows, sampler, middle, kinds)
    if not len(space.free):
        return None
    try:
        if opened:
            sets = minimal_coalitions(blocking(model.rule), len(model.parties), limit=256)
            points = _closings(space, sets)
        else:
            sets = minimal_coalitions(model.rule, len(model.parties), limit=256)
            points = _openings(space, sets)
    except TooLarge as large:
        return NotComputed(f"more than {large.limit:,} sets of parties could decide")
    searched = len(points)
    points += [point for flip in single if (point := _alone(space, flip)) is not None]
    best = min(_shrunk(space, points, opened), key=lambda u: _size(space, u), default=None)
    if best is None or _size(space, best) > _FAR:
        return None
    return _told(space, best, opened, searched, _bound(space, sets, opened, _size(space, best)))


def _bound(space: _Space, sets: tuple[tuple[int, ...], ...], opened: bool, found: float) -> float | None:
    """A distance, at most the one found, within which nothing flips.

    To open the zone, some coalition must be won over for some deal; to empty it, every deal that passes must
    be stopped by some blocking set.
    """
    model = space.rows.model
    if any(item.path.startswith("no_deal.") for item in model.inputs):
        return None  # such a number may move several parties at once
    centre, values = space.scores(space.start[None])[0], space.values(space.start[None])
    draws = model.draws(values, kinds=space.kinds)
    far = np.zeros((len(model.parties), model.deals))
    says = np.zeros((len(model.parties), model.deals), np.bool_)
    for p in model.rulers:
        gain, yes = space.rows.dense(draws, p)
        reach = least_reach(model, centre, values[0], space.kinds, gain[:, 0] + TIE, p, found)
        if reach is None:
            return None
        crossed = space.rows.crossed[p][space.kinds[p, 0]]
        far[p], says[p] = np.where(crossed, np.inf, reach), yes[:, 0]
    if opened:
        needed = np.where(says, far, 0.0)  # to win a refusal
    else:
        needed = np.where(says, 0.0, far)
    each = np.stack([np.sqrt((needed[list(s)] ** 2).sum(axis=0)) for s in sets]).min(axis=0)
    if opened:
        passed = holds(model.rule, says.T)
        least = float(each[passed].max(initial=0.0))
    else:
        least = float(each.min(initial=np.inf))
    stretch = max((float(np.linalg.norm(root, 2)) for _, root in space.sampler.mixing), default=1.0)
    least /= max(1.0, stretch)  # correlated scores may move by more than the independent ones behind them
    return min(least, found)


def _size(space: _Space, u: Floats) -> float:
    return float(np.sqrt(((u - space.start) ** 2).sum()))


def _alone(space: _Space, flip: Flip) -> Floats | None:
    """The flip of one input as a joint change, where the input is correlated with none."""
    n = space.rows.model.index[flip.path]
    if n not in space.free or any(n in where for where, _ in space.sampler.mixing):
        return None
    out = space.start.copy()
    out[n] += flip.scores
    return out


def _shrunk(space: _Space, points: list[Floats], opened: bool) -> list[Floats]:
    """On the line from the centre to each of the nearest points at which the answer has turned, the first."""
    ways = [p - space.start for p in points if np.isfinite(p).all()]
    if not ways:
        return []
    stretch = np.array([1.0, 1 + 1e-9, 1 + 1e-7, 1 + 1e-5, 1 + 1e-3, 1.01, 1.1])
    tried = np.concatenate([space.start + stretch[:, None] * way for way in ways])
    turned = (space.open(tried) != opened).reshape(len(ways), -1)
    ends = [stretch[np.argmax(t)] * way for way, t in zip(ways, turned, strict=True) if t.any()]
    ends.sort(key=lambda way: float((way**2).sum()))
    out = []
    for way in ends[:_SHRUNK]:
        low, high = 0.0, 1.0
        for _ in range(7):
            steps = np.linspace(low, high, 17)[1:]
            found = space.open(space.start + steps[:, None] * way) != opened
            first = int(np.argmax(found))
            low, high = float(steps[first - 1]) if first else low, float(steps[first])
        out.append(space.start + high * way)
    return out


def _active(space: _Space, deals: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Inputs that move the gain of somebody who counts."""
    rulers = list(space.rows.model.rulers)
    _, slope = space.slopes(space.start, deals, space.free)
    out: npt.NDArray[np.intp] = space.free[(np.abs(slope[rulers]) > 1e-12).any(axis=(0, 1))]
    return out


def _openings(space: _Space, coalitions: tuple[tuple[int, ...], ...]) -> list[Floats]:
    """Points at which some deal suits some coalition; the nearest of their linear versions first."""
    rows = space.rows
    base = rows.model.draws(space.values(space.start[None]), kinds=space.kinds)
    gain = np.stack([rows.dense(base, p)[0][:, 0] for p in range(len(rows.model.parties))])
    crossed = np.stack([rows.crossed[p][space.kinds[p, 0]] for p in range(len(gain))])
    near: list[tuple[float, int]] = []
    for c, members in enumerate(map(list, coalitions)):
        allowed = np.flatnonzero(~crossed[members].any(axis=0))
        worst = gain[members][:, allowed].min(axis=0)
        near += [(-float(worst[k]), int(allowed[k]) * len(coalitions) + c) for k in range(len(allowed))]
    short = sorted(near)[:_SHORTLIST]
    if not short:
        return []
    pairs = [(at // len(coalitions), coalitions[at % len(coalitions)]) for _, at in short]
    deals = np.unique([deal for deal, _ in pairs])
    active = _active(space, deals)
    if not len(active):
        return []
    level, slope = space.slopes(space.start, deals, active)
    found = []
    for deal, coalition in pairs:
        d, who = int(np.searchsorted(deals, deal)), list(coalition)
        way = least_change(slope[who, d], -level[who, d])
        if way is not None:
            found.append((float(np.sqrt((way**2).sum())), deal, who, way))
    found.sort(key=lambda f: f[:2])
    out = []
    for _, deal, who, way in found[:_TRIED]:
        u = space.start.copy()
        u[active] += way
        rounds = []
        for _ in range(_ROUNDS):
            rounds.append(u)
            now, tilt = space.slopes(u, np.array([deal]), active)
            here = u[active] - space.start[active]
            step = least_change(tilt[who, 0], tilt[who, 0] @ here - now[who, 0])
            if step is None or np.abs(step).max() > _FAR:
                break
            moved = float(np.abs(step - here).max())
            u = space.start.copy()
            u[active] += step
            if moved < 1e-7:
                break
        out.append(u)
        out += rounds[-1:]
    return out


def _closings(space: _Space, blockers: tuple[tuple[int, ...], ...]) -> list[Floats]:
    """Points at which every deal that passed is stopped, each by some blocking set."""
    deals = space.passing(space.start)
    active = _active(space, deals[:_SHORTLIST])
    if not len(active):
        return []
    # every deal stopped by one and the same set; and each deal by the set for which that is least far
    plans: list[tuple[tuple[int, ...], ...]] = [(b,) for b in blockers[:8]]
    if len(blockers) > 1:
        plans.append(blockers)
    out = []
    for choice in plans:
        u, known = space.start, deals
        chosen = np.zeros(0, np.intp)
        for _ in range(_ROUNDS):
            level, slope = space.slopes(u, known, active)
            size = np.sqrt((slope**2).sum(axis=2))
            with np.errstate(divide="ignore", invalid="ignore"):
                far = np.where(level < -TIE, 0.0, np.where(size > 0, (level + 1e-6) / size, np.inf))
            cost = np.stack([np.sqrt((far[list(b)] ** 2).sum(axis=0)) for b in choice])
            which, least = cost.argmin(axis=0), cost.min(axis=0)
            if not np.isfinite(least).all():
                break
            hardest = known[np.argsort(-least, kind="stable")[:100]]
            chosen = np.union1d(chosen, hardest)
            here = u[active] - space.start[active]
            conditions, needs = [], []
            for deal in chosen:
                d = int(np.searchsorted(known, deal))
                for p in choice[which[d]]:
                    conditions.append(-slope[p, d])
                    needs.append(level[p, d] + 1e-6 - slope[p, d] @ here)
            way = least_change(np.array(conditions), np.array(needs))
            if way is None or np.abs(way).max() > _FAR:
                break
            moved = float(np.abs(way - here).max())
            u = space.start.copy()
            u[active] += way
            still = space.passing(u)
            known = np.union1d(known, still)
            chosen = np.union1d(chosen, still[:100])
            if not len(still):
                out.append(u)
                if moved < 1e-6:
                    break
    return out


def _told(space: _Space, u: Floats, opened: bool, searched: int, bound: float | None) -> Joint:
    model = space.rows.model
    values, scores = space.values(u[None])[0], space.scores(u[None])[0]
    origin = space.scores(space.start[None])[0]
    changes = [
        Change(
            model.inputs[n].path,
            model.inputs[n].percent,
            float(space.middle[0, n]),
            float(values[n]),
            _inside(model.inputs[n], float(values[n])),
            float(scores[n] - origin[n]),
        )
        for n in space.free
        if n not in space.idle and abs(scores[n] - origin[n]) >= 0.01
    ]
    changes.sort(key=lambda c: -abs(c.scores))
    entered = space.passing(u)
    return Joint(
        not opened,
        _size(space, u),
        tuple(changes),
        None if opened else model.number(int(entered[0])),
        searched,
        bound,
    )
