"""How does the chance of a deal move when one unknown is set and all others vary?

Each unknown is set to its 5 % and to its 95 % point, a type to each kind, in the same draws of all others
(common random numbers), so that a difference is known better than either end. Setting is not learning: what
is correlated with the unknown stays as it was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Sampler, Uncertain, quantile, uncertain
from winset.kernels import ensemble
from winset.lenses.estimates import Estimate, Plan, estimate
from winset.lenses.results import NotComputed, Result, ready
from winset.lenses.survey import LIMIT, odds_plan

__all__ = ["Bar", "Tornado", "tornado"]

_ENDS = 1.6448536269514722  # standard scores of the 5 % and the 95 % point
_SCREEN = 128  # draws in which all unknowns are tried before the most telling are drawn in full


@dataclass(frozen=True, slots=True)
class Bar(Result):
    """One unknown and the probability of an open zone at its two ends."""

    path: str  # of an input; PARTY.type for a type
    low: str  # the end with the lower probability: a number, or a type
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
        As in ``zone``; at most 1,024 draws are used.
    """
    compiled = ready(case)
    model = uncertain(compiled)
    if model.deals > LIMIT:
        return NotComputed(f"{model.deals:,} deals are too many to look at in every draw; at most {LIMIT:,}")
    asked = odds_plan(model, min(1024, draws) if draws else 512, rng, method)
    rulers = {model.parties[r] for r in model.rulers}
    ends: dict[str, Sequence[str | float]] = {
        item.path: _kinds(model, item.party)
        if item.law == "type"
        else tuple(quantile(item, np.array([-_ENDS, _ENDS])).tolist())
        for item in model.inputs
        if (item.party in rulers or not item.party if paths is None else item.path in paths)
    }
    sampler = Sampler(model, asked.seed, method=asked.method)
    scores = sampler.scores(0, asked.draws)
    values = model.values(scores)
    wide = list(ends)
    if len(wide) > most:
        few = values[: min(_SCREEN, asked.draws)]
        first = {path: _answers(model, few, path, pair) for path, pair in ends.items()}
        wide = sorted(first, key=lambda p: -float(np.ptp([a.mean() for a in first[p]])))[:most]
    bars = []
    for path in wide:
        answers = _answers(model, values, path, ends[path])
        order = np.argsort([a.mean() for a in answers], kind="stable")
        low, high = int(order[0]), int(order[-1])
        names = [e if isinstance(e, str) else f"{e:.4g}" for e in ends[path]]
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


def _kinds(model: Uncertain, party: str) -> tuple[str, ...]:
    return model.types[party]


def _answers(
    model: Uncertain, values: npt.NDArray[np.float64], path: str, ends: Sequence[str | float]
) -> list[npt.NDArray[np.bool_]]:
    """For each end: (draw,), whether the zone is open."""
    out = []
    column = model.index[path]
    for n, end in enumerate(ends):
        kinds: npt.NDArray[np.int8] | None = None
        rows = values
        if isinstance(end, str):
            kinds = model.kinds(values)
            kinds[model.parties.index(model.inputs[column].party)] = n
        else:
            rows = values.copy()
            rows[:, column] = float(end)
        width = max(1, (1 << 21) // max(1, model.cell_count))
        found = [
            _open(
                model.draws(
                    rows[a : a + width],
                    kinds=None if kinds is None else kinds[:, a : a + width],
                    parties=model.rulers,
                )
            )
            for a in range(0, len(rows), width)
        ]
        out.append(np.concatenate(found))
    return out


def _open(piece: Draws) -> npt.NDArray[np.bool_]:
    return ensemble.any_zone(piece.tables(), piece.reserve, piece.model.rule)
