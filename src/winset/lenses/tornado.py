"""How does the chance of a deal move when one unknown is set and all others vary?

Each unknown is set to its 5 % and to its 95 % point, a type to each kind, in the same draws of all others
(common random numbers), so that a difference is known better than either end. Setting is not learning: what
is correlated with the unknown stays as it was drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.laws import quantile
from winset.compiled.sampling import Sampler
from winset.kernels import ensemble
from winset.lenses.estimates import Estimate, Plan, estimate
from winset.lenses.results import NotComputed, Result, ready
from winset.lenses.survey import LIMIT, odds_plan

__all__ = ["Bar", "Tornado", "tornado"]

_ENDS = 1.6448536269514722  # standard scores of the 5 % and the 95 % point
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_CELLS = 1 << 19  # deals times draws at a time
_SCREEN = 128  # draws in which all unknowns are tried before the most telling are drawn in full


@dataclass(frozen=True, slots=True)
class Bar(Result):
    """One unknown and the probability of an open zone at its two ends."""

    path: str  # of an input; PARTY.type for a type
    low: str  # the end with the lower probability: a number (a probability in per cent), or a type
    high: str
    at_low: Estimate
    at_high: Estimate
    difference: Estimate  # over the same draws


@dataclass(frozen=True, slots=True)
class Tornado(Result):
    """The unknowns that move the chance of a deal most, the widest first."""

    plan: Plan
    screened: int  # unknowns that were tried
    bars: tuple[Bar, ...]


def tornado(
    case: Case | Compiled,
    *,
    paths: Sequence[str] | None = None,
    most: int = 10,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
) -> Tornado | NotComputed:
    """The probability that some deal passes, with each unknown set to either end of its range.

    Parameters
    ----------
    paths
        The unknowns to look at; by default all that enter the values of those whose yes is asked for.
    most
        Unknowns to list; where more are looked at, those with the widest difference in a first look at few
        draws.
    draws, rng, method
        As in ``zone``; half of the draws are used, and at most 1,024: a difference over the same draws needs
        fewer.
    """
    compiled = ready(case)
    model = uncertain(compiled)
    if model.deals > LIMIT:
        return NotComputed(f"{model.deals:,} deals are too many to look at in every draw; at most {LIMIT:,}")
    asked = odds_plan(model, min(1024, max(1, draws // 2)) if draws else 512, rng, method)
    rulers = {model.parties[r] for r in model.rulers}
    ends: dict[str, Sequence[str | float]] = {
        item.path: _kinds(model, item.party)
        if item.law == "type"
        else tuple(quantile(item, np.array([-_ENDS, _ENDS])).tolist())
        for item in model.inputs
        if (item.party in rulers or not item.party if paths is None else item.path in paths)
    }
    sampler = Sampler(model, asked.seed, method=asked.method)
    values = model.values(sampler.scores(0, asked.draws))
    wide = list(ends)
    if len(wide) > most:
        first = _answers(model, values[:_SCREEN], ends)
        wide = sorted(first, key=lambda p: -float(np.ptp([a.mean() for a in first[p]])))[:most]
    bars = []
    for path, answers in _answers(model, values, {p: ends[p] for p in wide}).items():
        order = np.argsort([a.mean() for a in answers], kind="stable")
        low, high = int(order[0]), int(order[-1])
        percent = model.inputs[model.index[path]].percent
        names = [e if isinstance(e, str) else _told(e, percent) for e in ends[path]]
        moved = answers[high].astype(np.float64) - answers[low]
        bars.append(
            Bar(
                path,
                names[low],
                names[high],
                estimate(answers[low], method=asked.method),
                estimate(answers[high], method=asked.method),
                estimate(moved, method=asked.method),
            )
        )
    bars = [b for b in bars if b.difference.value > 0]
    bars.sort(key=lambda b: -b.difference.value)
    return Tornado(asked, len(ends), tuple(bars))


def _told(value: float, percent: bool) -> str:
    return f"{100 * value:.4g}%" if percent else f"{value:.4g}"


def _kinds(model: Uncertain, party: str) -> tuple[str, ...]:
    return model.types[party]


def _answers(
    model: Uncertain, values: Floats, ends: Mapping[str, Sequence[str | float]]
) -> dict[str, list[Bools]]:
    """For each unknown and each end: (draw,), whether the zone is open.

    Setting a number changes the answers of its own party alone, so the others' are worked out once.
    """
    width = max(1, min(len(values), _CELLS // max(1, model.deals)))
    parts = [_part(model, values[at : at + width], ends) for at in range(0, len(values), width)]
    return {
        path: [np.concatenate([part[path][n] for part in parts]) for n in range(len(pair))]
        for path, pair in ends.items()
    }


def _part(
    model: Uncertain, values: Floats, ends: Mapping[str, Sequence[str | float]]
) -> dict[str, list[Bools]]:
    before = _says(model, model.draws(values, parties=model.rulers))
    out: dict[str, list[Bools]] = {}
    for path, pair in ends.items():
        column = model.index[path]
        party = model.inputs[column].party
        own = [model.parties.index(party)] if party else list(model.rulers)
        out[path] = []
        for n, end in enumerate(pair):
            kinds: npt.NDArray[np.int8] | None = None
            rows = values
            if isinstance(end, str):
                kinds = model.kinds(values)
                kinds[own[0]] = n
            else:
                rows = values.copy()
                rows[:, column] = float(end)
            now = _says(model, model.draws(rows, kinds=kinds, parties=own), own)
            said = before.copy()
            said[own] = now
            out[path].append(np.asarray(ensemble.passes(model.rule, said).any(axis=0)))
    return out


def _says(model: Uncertain, piece: Draws, parties: Sequence[int] | None = None) -> Bools:
    """(party, deal, draw): whether each of some parties accepts each deal."""
    chosen = list(range(len(model.parties)) if parties is None else parties)
    utility = ensemble.expand(piece.tables(chosen))
    out: Bools = utility >= (piece.reserve[chosen] - ensemble.TIE)[:, None]
    return out
