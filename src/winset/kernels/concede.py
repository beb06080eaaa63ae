"""What is left of a concession, and what it then is to the giver and to the receiver."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = [
    "CHEAP_AND_VALUED",
    "COSTLY_AND_VALUED",
    "COSTLY_NOT_VALUED",
    "HARMFUL",
    "HOLLOW",
    "SHAM",
    "kept",
    "verdicts",
]

Floats = npt.NDArray[np.float64]

COSTLY_AND_VALUED, CHEAP_AND_VALUED, COSTLY_NOT_VALUED, HOLLOW, SHAM, HARMFUL = range(6)
_TIE = 1e-9  # rounding of sums never carries a value over the margin


def kept(cost: Floats, lasts: Floats, reversible: Floats, enforceable: Floats, verifiable: Floats) -> Floats:
    """The part of a concession that can be expected to be kept.

    It ends by itself after its share ``lasts`` of the time looked at. Until then a giver that it costs
    nothing keeps it: there is no reason not to (a self-enforcing promise, Telser 1980). A giver that it costs
    something keeps it as far as it is held to it: it does not take it back, and a breach is both seen and
    pursued, taken as independent: ``(1 - reversible) * enforceable * verifiable``.

    Parameters
    ----------
    cost : float64 (draw,)
        What the giver loses while it is kept in full; at or below 0 it loses nothing.
    lasts, reversible, enforceable, verifiable : float64 (draw,)
        A share of the time, and three probabilities.

    Returns
    -------
    float64 (draw,)
        From 0 to 1.
    """
    held = (1 - reversible) * enforceable * verifiable
    out: Floats = lasts * np.where(cost > _TIE, held, 1.0)
    return out


def verdicts(cost: Floats, gain: Floats, margin: float) -> npt.NDArray[np.int8]:
    """What a concession is, by what the giver loses and the receiver gains; every pair has one verdict.

    A loss or a gain counts as something when it is more than the margin. In this order: the receiver loses
    something, HARMFUL; the giver gains something, SHAM; the giver loses something, COSTLY_AND_VALUED or
    COSTLY_NOT_VALUED by whether the receiver gains something; else CHEAP_AND_VALUED, or HOLLOW where neither
    does. With a margin of 0 these are the classes of steps of Hindriks, Jonker and Tykhonov (2007): a
    concession step is COSTLY_AND_VALUED, a nice step CHEAP_AND_VALUED, a silent step HOLLOW, a fortunate step
    SHAM; selfish and unfortunate steps in which the other side loses are HARMFUL.

    Parameters
    ----------
    cost, gain : float64 (draw,)

    Returns
    -------
    int8 (draw,)
    """
    edge = margin + _TIE
    costly, valued = cost > edge, gain > edge
    out = np.where(
        costly,
        np.where(valued, COSTLY_AND_VALUED, COSTLY_NOT_VALUED),
        np.where(valued, CHEAP_AND_VALUED, HOLLOW),
    )
    out = np.where(cost < -edge, SHAM, out)
    return np.where(gain < -edge, HARMFUL, out).astype(np.int8)
