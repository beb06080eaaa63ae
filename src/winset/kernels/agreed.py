"""Which deal do those who bargain take in each draw?

Of the deals that the rule of consent passes, the one that a bargaining solution picks (see
``winset.kernels.bargain`` for the definitions): Nash's product, leximin or the sum, over the gains of those
who bargain. Where several tie, the first. Deals and draws are looked at together, so memory holds a few
arrays of (deal, draw); the caller cuts the draws into pieces that fit.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Ints

__all__ = ["NONE", "Criterion", "at", "favourite", "picked"]

NONE = -1  # no deal passes
TIE = 1e-9  # points: gains no larger than this count as none
_CLOSE = 1e-12  # scores that differ by less than this share tie
Criterion = Literal["nash", "egalitarian", "utilitarian"]


def picked(gains: Floats, passes: Bools, criterion: Criterion) -> Ints:
    """The number of the deal that the criterion picks in each draw, ``NONE`` where nothing passes.

    Parameters
    ----------
    gains : float64 (party, deal, draw)
        Of those who bargain, in points.
    passes : bool (deal, draw)

    Returns
    -------
    int64 (draw,)
    """
    if criterion == "utilitarian":
        best = _first_best(gains.sum(axis=0), passes)
    elif criterion == "egalitarian":
        best = _leximin(gains, passes)
    else:
        best = _nash(gains, passes)
    best[~passes.any(axis=0)] = NONE
    return best


def favourite(worth: Floats, passes: Bools) -> Ints:
    """The number of the deal of most worth among those that pass in each draw, else ``NONE``.

    Parameters
    ----------
    worth : float64 (deal, draw)
    passes : bool (deal, draw)
    """
    best = _first_best(worth, passes)
    best[~passes.any(axis=0)] = NONE
    return best


def _first_best(score: Floats, passes: Bools) -> Ints:
    _, near = _near(score, passes)
    return np.asarray(near.argmax(axis=0), np.int64)


def _near(score: Floats, passes: Bools) -> tuple[Floats, Bools]:
    """(draw,) the best score among the deals that pass, and (deal, draw) those that reach it."""
    score = np.where(passes, score, -np.inf)
    top: Floats = score.max(axis=0)
    return top, score >= top - _CLOSE * np.abs(np.where(np.isfinite(top), top, 0.0))


def _nash(gains: Floats, passes: Bools) -> Ints:
    product = np.where(gains[0] > TIE, gains[0], 0.0)
    for gain in gains[1:]:
        product *= np.where(gain > TIE, gain, 0.0)
    top, near = _near(product, passes)
    best = np.asarray(near.argmax(axis=0), np.int64)
    poor = np.flatnonzero(top == 0)  # nowhere do all gain: first the most who do, then their product
    if len(poor):
        some, may = gains[:, :, poor], passes[:, poor]
        able = some > TIE
        number = np.where(may, able.sum(axis=0), -1)
        may = number == number.max(axis=0)
        _, may = _near(np.where(able, some, 1.0).prod(axis=0), may)
        best[poor] = _first_best(some.sum(axis=0), may)  # so that none is chosen that another tied one beats
    return best


def _leximin(gains: Floats, passes: Bools) -> Ints:
    _, near = _near(gains.min(axis=0), passes)
    best = np.asarray(near.argmax(axis=0), np.int64)
    tied = np.flatnonzero(np.count_nonzero(near, axis=0) > 1)
    if len(tied) and len(gains) > 1:
        ordered, may = np.sort(gains[:, :, tied], axis=0), near[:, tied]
        for level in ordered[1:]:
            _, may = _near(level, may)
        best[tied] = may.argmax(axis=0)
    return best


def at(values: npt.NDArray[np.float64], deals: Ints, otherwise: float = 0.0) -> Floats:
    """(party, draw) of (party, deal, draw): what each draw's deal holds; ``otherwise`` where none is."""
    found = values[:, np.maximum(deals, 0), np.arange(len(deals))]
    out: Floats = np.where(deals == NONE, otherwise, found)
    return out
