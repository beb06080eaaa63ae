"""How much of the variance of an answer is due to each input?

With V the variance of an answer, the first-order index of a group of inputs is Var(E[answer | group]) / V,
and its total index is E[Var(answer | all others)] / V (Sobol 1993; Homma and Saltelli 1996). Inputs that
depend on each other belong in one group (Jacques, Lavergne and Devictor 2006); between groups the inputs must
be independent.

Two ways to them. *Pick-freeze* needs answers at samples A and B and at A with one group's columns taken from
B. *Given data* needs only draws that exist: the answers are averaged over classes of an input (Plischke,
Borgonovo and Smith 2013), or regressed on functions of it. Averages of finite classes differ by chance even
for an input without any influence; the share is corrected for that by its degrees of freedom, so that its
expectation is then 0 and it may come out a little below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats

__all__ = ["Indices", "by_class", "by_regression", "classes", "hermite", "pick_freeze"]

_RESAMPLES = 256
_PRODUCTS = 60  # products of pairs that a regression on several inputs may have


@dataclass(frozen=True, slots=True)
class Indices:
    """Shares of variance and their standard errors; NaN where the answer does not vary."""

    first: Floats  # (group, answer)
    first_error: Floats
    total: Floats
    total_error: Floats


def pick_freeze(
    at_a: Floats,
    at_b: Floats,
    swapped: Floats,
    rng: np.random.Generator,
    *,
    resamples: int = _RESAMPLES,
    replicate: npt.NDArray[np.intp] | None = None,
) -> Indices:
    """First-order and total indices from a pick-freeze design, with bootstrap standard errors; with those of
    the jackknife where draws depend on each other within replicates.

    Parameters
    ----------
    at_a, at_b : float64 (answer, draw)
        Answers at two independent samples.
    swapped : float64 (group, answer, draw)
        Answers at the first sample with the columns of one group taken from the second.
    replicate : int (draw,), optional
        The replicate of each draw, as with scrambled Sobol points: each replicate is left out in turn
        (Efron and Tibshirani 1993, ch. 11).

    Notes
    -----
    First order: Saltelli et al. 2010, Table 2, estimator (b). Total: Jansen 1999, in the same table (f).
    Answers are centred first, which leaves the indices alone and lowers the errors.
    """
    draws = at_a.shape[1]
    middle = (at_a.mean(axis=1) + at_b.mean(axis=1)) / 2
    a, b = at_a - middle[:, None], at_b - middle[:, None]
    ab = swapped - middle[:, None]
    square, whole = (a**2 + b**2) / 2, (a + b) / 2
    upper, rest = b * (ab - a), (a - ab) ** 2 / 2
    if replicate is None:
        others = rng.multinomial(draws, np.full(draws, 1 / draws), resamples) / draws
    else:
        others = (replicate != np.unique(replicate)[:, None]).astype(np.float64)
        others /= others.sum(axis=1, keepdims=True)
    weights = np.vstack([np.full((1, draws), 1 / draws), others])
    variance = square @ weights.T - (whole @ weights.T) ** 2  # (answer, resample)
    steady = np.ptp(np.concatenate([at_a, at_b], axis=1), axis=1) == 0
    variance[variance <= 0] = np.inf  # a resample that met none of the rare draws that differ
    first = np.where(steady[:, None], np.nan, (upper @ weights.T) / variance)
    total = np.where(steady[:, None], np.nan, (rest @ weights.T) / variance)

    def error(found: Floats) -> Floats:
        if replicate is None:
            return np.asarray(found[..., 1:].std(axis=-1, ddof=1), np.float64)
        return np.asarray(found[..., 1:].std(axis=-1, ddof=0) * np.sqrt(len(others) - 1), np.float64)

    return Indices(first[..., 0], error(first), total[..., 0], error(total))


def classes(values: Floats, many: int | None = None) -> npt.NDArray[np.intp]:
    """(draw,): classes of about equal size, by the order of the values; equal values share a class.

    About the cube root of the number of draws by default, 2 to 64: as their number grows the classes narrow,
    and each still gets more draws.
    """
    draws = len(values)
    k = many or min(64, max(2, round(draws ** (1 / 3))))
    distinct, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    if len(distinct) <= k:
        return place
    before = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    _, group = np.unique(before * k // draws, return_inverse=True)
    out: npt.NDArray[np.intp] = group[place]
    return out


def by_class(group: npt.NDArray[np.intp], answers: Floats) -> tuple[Floats, Floats]:
    """First-order indices of an input from the means of answers over its classes.

    Parameters
    ----------
    group : int (draw,)
        The class of each draw.
    answers : float64 (answer, draw)

    Returns
    -------
    float64 (answer,), float64 (answer,)
        Shares of variance and their standard errors.
    """
    _, group = np.unique(group, return_inverse=True)
    sizes = np.bincount(group)
    fitted = np.stack([(np.bincount(group, weights=row) / sizes)[group] for row in answers])
    return _shares(answers, fitted, len(sizes) - 1)


def hermite(scores: Floats, degree: int = 3) -> Floats:
    """Functions of several inputs to regress on: Hermite polynomials of each score, and products of pairs.

    Parameters
    ----------
    scores : float64 (draw, input)
        Standard normal.

    Returns
    -------
    float64 (draw, term)
    """
    terms = [np.polynomial.hermite_e.hermevander(column, degree)[:, 1:] for column in scores.T]
    inputs = scores.shape[1]
    if inputs * (inputs - 1) // 2 <= _PRODUCTS:
        terms += [(scores[:, a] * scores[:, b])[:, None] for a in range(inputs) for b in range(a + 1, inputs)]
    return np.concatenate(terms, axis=1) if terms else np.zeros((len(scores), 0))


def by_regression(terms: Floats, answers: Floats) -> tuple[Floats, Floats]:
    """First-order indices of a group of inputs from a least-squares fit to functions of it.

    What the functions cannot follow is missed, so this is a lower bound up to sampling error.

    Parameters
    ----------
    terms : float64 (draw, term)
    answers : float64 (answer, draw)
    """
    design = np.concatenate([np.ones((len(terms), 1)), terms], axis=1)
    base, size, _ = np.linalg.svd(design, full_matrices=False)
    base = base[:, size > size.max() * 1e-10]
    fitted = (answers @ base) @ base.T
    return _shares(answers, fitted, base.shape[1] - 1)


def _shares(answers: Floats, fitted: Floats, terms: int) -> tuple[Floats, Floats]:
    """Explained shares of variance, corrected for ``terms`` degrees of freedom, and standard errors.

    The error is that of the ratio of two means (delta method). A fit of ``terms`` functions without influence
    adds twice its own variance to that, once too often: half of it is taken off.
    """
    draws = answers.shape[1]
    off = answers - answers.mean(axis=1, keepdims=True)
    left = answers - fitted
    whole, within = (off**2).mean(axis=1), (left**2).mean(axis=1)
    spare = draws - 1 - terms
    steady = np.ptp(answers, axis=1) == 0
    if spare <= 0:
        nothing = np.full(len(answers), np.nan)
        return nothing, nothing
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(steady, np.nan, within / whole)
        share = 1 - ratio * (draws - 1) / spare
        moves = (left**2 - ratio[:, None] * off**2) / whole[:, None]
        idle = 2 * terms * ratio**2 / draws**2
        error = np.sqrt(np.maximum(moves.var(axis=1) / draws - idle, idle))
    return share, error
