"""Signals that somebody may see: their likelihoods given each type, and numbers that one lens alone draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from winset.case.decisions import Meeting
from winset.case.fields import PROBABILITY
from winset.case.numbers import Bounds, Number
from winset.compiled.laws import Input, quantile
from winset.compiled.sampling import PIECE, stream
from winset.lenses.estimates import Plan

__all__ = ["drawn_apart", "likelihoods", "of_meeting"]

Floats = npt.NDArray[np.float64]


def drawn_apart(number: Number | None, bounds: Bounds, path: str, asked: Plan) -> tuple[Floats, Floats]:
    """(draw,) scores and (draw,) values of a number that is not among the unknowns of the case; nought for
    none."""
    draws = asked.draws
    if number is None or not number.is_range:
        value = 0.0 if number is None else float(number.central(bounds))
        return np.zeros(draws), np.full(draws, value)
    from scipy.special import ndtri

    level = np.concatenate(
        [
            stream(asked.seed, path, start).random(min(PIECE, draws - start))
            for start in range(0, draws, PIECE)
        ]
    )
    score = ndtri(np.clip(level, 2.0**-54, 1 - 2.0**-53))
    item = Input(path, "", number, bounds, number.law(bounds), bool(number.because))
    return score, quantile(item, score)


def likelihoods(
    signals: Mapping[str, Mapping[str, Number]],
    types: Sequence[str],
    draws: int,
    drawn: Callable[[Number, str], Floats],
) -> Floats:
    """(signal, type, draw): how likely each signal is given each type; over the signals they sum to 1.

    Parameters
    ----------
    signals
        Signal to type to its likelihood; nothing for the signal that takes the rest.
    drawn
        From a likelihood and its place, SIGNAL.TYPE, to its (draw,) values.
    """
    out = np.zeros((len(signals), len(types), draws))
    rest = None
    for s, (signal, stated) in enumerate(signals.items()):
        if not stated:
            rest = s
        for kind, number in stated.items():
            out[s, types.index(kind)] = drawn(number, f"{signal}.{kind}")
    if rest is not None:
        out[rest] = np.maximum(0.0, 1.0 - out.sum(axis=0))
    total = out.sum(axis=0)
    shares: Floats = np.divide(out, total, out=np.full_like(out, 1 / len(out)), where=total > 0)
    return shares


def of_meeting(meeting: Meeting, types: Sequence[str], path: str, asked: Plan) -> Floats:
    """(signal, type, draw): the likelihoods of a meeting's signals, which are drawn apart.

    Parameters
    ----------
    path
        Of the meeting, e.g. decisions.what to table.meetings.feel-out.
    """

    def drawn(number: Number, place: str) -> Floats:
        return drawn_apart(number, PROBABILITY, f"{path}.signals.{place}", asked)[1]

    return likelihoods(meeting.signals, types, asked.draws, drawn)
