"""With what probability does a vote pass, when some members' votes are known and others' are chances?

Members that vote by chance vote independently: the sums of their weights are distributed as a sum of
independent terms, built one member at a time (the probabilistic form of the generating function of Mann and
Shapley 1962). Or they vote all by one mood, the strongest dependence there is: whoever is likelier to say yes
says yes whenever one less likely does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Bools, Floats, Ints
from winset.kernels.limits import TooLarge

__all__ = ["distribution", "one_mood", "reached"]

STATES = 8_192  # different sums of weights: each is held for a thousand draws at once
_WORD = 1 << 62


def distribution(weights: Ints, chance: Floats) -> tuple[Ints, Floats]:
    """The sums of weights of those who say yes, and their probabilities.

    Parameters
    ----------
    weights : int64 (member, weight)
    chance : float64 (draw, member)

    Returns
    -------
    int64 (state, weight)
        All sums that may come about.
    float64 (draw, state)

    Raises
    ------
    TooLarge
        There are more than ``STATES`` different sums.
    """
    draws, strides, size = len(chance), [], 1
    for total in weights.sum(axis=0).tolist():
        strides.append(size)
        size *= total + 1
    if size >= _WORD:
        raise TooLarge(size, _WORD)
    sums: Ints = np.zeros((1, weights.shape[1]), np.int64)
    share: Floats = np.ones((draws, 1))
    for row, yes in zip(weights, chance.T, strict=True):
        both = np.concatenate([sums, sums + row])
        _, first, place = np.unique(both @ np.array(strides), return_index=True, return_inverse=True)
        if len(first) > STATES:
            raise TooLarge(len(first), STATES)
        states = both[first]
        grown = np.zeros((draws, len(states)))
        half = len(sums)  # within each half no state comes twice
        grown[:, place[:half]] += share * (1 - yes)[:, None]
        grown[:, place[half:]] += share * yes[:, None]
        sums, share = states, grown
    return sums, share


def reached(sums: npt.NDArray[np.int64], terms: Sequence[Sequence[int]]) -> Bools:
    """(...,) of (..., weight): whether the quotas of some term are all reached."""
    out: Bools = np.zeros(sums.shape[:-1], np.bool_)
    for quotas in terms:
        out |= (sums >= np.array(quotas, np.int64)).all(axis=-1)
    return out


def one_mood(fixed: Ints, weights: Ints, chance: Floats, terms: Sequence[Sequence[int]]) -> Floats:
    """(draw,): the probability that the vote passes if one mood moves all chances.

    Parameters
    ----------
    fixed : int64 (weight,)
        What those bring who say yes for sure.
    weights : int64 (member, weight)
    chance : float64 (draw, member)
    """
    if reached(fixed, terms):
        return np.ones(len(chance))
    if not len(weights):
        return np.zeros(len(chance))
    order = np.argsort(-chance, axis=1, kind="stable")
    sums = fixed + np.cumsum(weights[order], axis=1)  # (draw, member, weight)
    passes = reached(sums, terms)
    first = passes.argmax(axis=1)
    rows = np.arange(len(chance))
    out: Floats = np.where(passes.any(axis=1), chance[rows, order[rows, first]], 0.0)
    return out
