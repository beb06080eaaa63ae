"""What is it worth to know something before choosing?

Values of choices come as numbers per draw. With perfect information one chooses anew in every draw; with
information on some unknowns, anew for everything that these can be (Raiffa and Schlaifer 1961; Howard 1966);
with a signal, anew for every signal (preposterior analysis: Raiffa 1968, ch. 7).

What a choice is worth given some unknowns is a conditional mean, and is estimated from draws that exist, by
classes or by regression (Strong and Oakley 2013). To choose by estimated means and to add up the same means
flatters the information: the best of several noisy means is too high on average. So the choice is made by
means that were fitted without the draws on which it is then valued (four folds). That is too low on average,
by what a choice from fewer draws loses; the flattering figure is given beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats, Ints

__all__ = ["Signals", "Worth", "by_kind", "by_signal", "given_classes", "given_terms", "perfect"]

FOLDS = 4


@dataclass(frozen=True, slots=True)
class Worth:
    """The expected value of some information."""

    value: float
    error: float  # standard error
    flattering: float  # chosen and valued on the same draws
    changes: float  # share of the draws in which another choice is taken than without it, worth more or less


@dataclass(frozen=True, slots=True)
class Signals:
    """The expected value of a signal, and what follows from each signal."""

    worth: Worth
    chance: Floats  # (signal,)
    posterior: Floats  # (signal, kind)
    choice: Ints  # (signal,): the best after it; -1 for a signal that never comes
    utility: Floats  # (signal,): expected, with that choice


def perfect(values: Floats) -> Worth:
    """Knowing everything.

    Parameters
    ----------
    values : float64 (choice, draw)
    """
    best = int(values.mean(axis=1).argmax())
    gain = values.max(axis=0) - values[best]
    return Worth(float(gain.mean()), _error(gain), float(gain.mean()), float((gain > 0).mean()))


def given_classes(values: Floats, group: npt.NDArray[np.intp]) -> Worth:
    """Knowing which class a draw is in.

    Parameters
    ----------
    values : float64 (choice, draw)
    group : int (draw,)
    """
    _, place = np.unique(group, return_inverse=True)
    many = int(place.max()) + 1

    def fit(rows: npt.NDArray[np.bool_]) -> Floats:
        sizes = np.bincount(place[rows], minlength=many)
        sums = np.stack([np.bincount(place[rows], weights=v[rows], minlength=many) for v in values])
        overall = values[:, rows].mean(axis=1, keepdims=True)  # a class that was not met
        means: Floats = np.where(sizes > 0, sums / np.maximum(sizes, 1), overall)
        return means[:, place]

    return _crossed(values, fit)


def given_terms(values: Floats, terms: Floats) -> Worth:
    """Knowing some functions of the unknowns: conditional means are least-squares fits to them.

    Parameters
    ----------
    values : float64 (choice, draw)
    terms : float64 (draw, term)
    """
    off = terms - terms.mean(axis=0)
    size = np.abs(off).max(axis=0)
    kept = size > 1e-9 * np.maximum(1.0, np.abs(terms).max(axis=0))
    design = np.concatenate([np.ones((len(terms), 1)), off[:, kept] / size[kept]], axis=1)

    def fit(rows: npt.NDArray[np.bool_]) -> Floats:
        solved = np.linalg.lstsq(design[rows], values[:, rows].T, rcond=1e-9)[0]
        return np.ascontiguousarray((design @ solved).T)

    return _crossed(values, fit)


def _crossed(values: Floats, fit: Callable[[npt.NDArray[np.bool_]], Floats]) -> Worth:
    """Choose by means fitted on the other folds, value on one's own."""

    draws = values.shape[1]
    best = int(values.mean(axis=1).argmax())
    everyone = np.ones(draws, np.bool_)
    fitted = fit(everyone)
    flattering = float(fitted.max(axis=0).mean() - fitted[best].mean())
    fold = np.arange(draws) % FOLDS
    gain = np.zeros(draws)
    chosen = np.full(draws, best)
    for k in range(FOLDS if draws >= 2 * FOLDS else 0):
        own = fold == k
        guess = fit(~own)[:, own]
        pick = np.where(guess.max(axis=0) > guess[best] + 1e-12, guess.argmax(axis=0), best)
        chosen[own] = pick
        gain[own] = np.take_along_axis(values[:, own], pick[None], axis=0)[0] - values[best, own]
    # fitted means never tie: where the choices themselves do, taking the other changes nothing
    changed = (chosen != best) & (gain != 0)
    return Worth(float(gain.mean()), _error(gain), max(0.0, flattering), float(changed.mean()))


def by_kind(values: Floats, chances: Floats) -> Worth:
    """Knowing which of several kinds somebody is, every draw being looked at as each of them.

    Parameters
    ----------
    values : float64 (kind, choice, draw)
    chances : float64 (kind, draw)
        Probabilities of the kinds; they sum to 1 in every draw.
    """
    return by_signal(values, chances, np.eye(len(values))).worth


def by_signal(values: Floats, chances: Floats, likelihood: Floats) -> Signals:
    """Seeing a signal whose probability depends on the kind.

    Parameters
    ----------
    values : float64 (kind, choice, draw)
    chances : float64 (kind, draw)
    likelihood : float64 (signal, kind)
        Columns sum to 1.

    Notes
    -----
    On the same draws its value never exceeds that of knowing the kind: the best of mixtures is at most the
    mixture of the best (Blackwell 1953).
    """
    joint = np.einsum("kj,kcj->kcj", chances, values)
    means = joint.mean(axis=2)  # (kind, choice): chance times conditional mean
    best = int(means.sum(axis=0).argmax())
    after = likelihood @ means  # (signal, choice)
    chance = likelihood @ chances.mean(axis=1)
    pick = np.where(after.max(axis=1) > after[:, best] + 1e-12, after.argmax(axis=1), best)
    share = np.einsum("sk,kj->sj", likelihood, chances)
    gain = np.zeros(values.shape[2])
    for s, choice in enumerate(pick):
        gain += np.einsum("k,kj->j", likelihood[s], joint[:, choice] - joint[:, best])
    value = float(gain.mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        posterior = likelihood * chances.mean(axis=1) / chance[:, None]
        utility = after[np.arange(len(pick)), pick] / chance
    never = chance <= 0
    return Signals(
        Worth(value, _error(gain), value, float(share[pick != best].sum(axis=0).mean())),
        chance,
        np.where(never[:, None], 0.0, posterior),
        np.where(never, -1, pick),
        np.where(never, 0.0, utility),
    )


def _error(gain: Floats) -> float:
    return float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else 0.0
