"""Is an agreement kept, period after period, by parties that could break it?

An agreement holds for as long as keeping it is worth at least as much as breaking it to everyone who could
break it: it enforces itself (Axelrod and Keohane 1985; Fearon 1998). All values are discounted averages of
points, (1 - d) sum_k d^k x_k, so that a stream of x for ever is worth x. In period t, with R the points while
the agreement is kept, g what an unnoticed breach adds to them, q the chance that a breach is noticed in the
period, s the chance that something from outside ends the agreement, A(t) what it is worth to have none from
t on, and B(t) the same to one whose breach is known:

    keep    K(t) = (1 - d) R(t) + d [(1 - s) C(t + 1) + s A(t + 1)]
    cheat   H(t) = (1 - d) (R(t) + g) + d [s A(t + 1) + (1 - s) (q B(t + 1) + (1 - q) X(t + 1))]
    break   X(t) = max(H(t), B(t))            in secret, or openly

Whoever has X(t) > K(t) breaks it at t. C(t) is what t brings if the agreement still stands: K(t) if nobody
does; X(t) to one who alone breaks it, and A(t) to the others; A(t) to all if several break it at once, since
then nobody is surprised. No party's points are held against another's. A breach that is foreseen may be
forestalled, as where power shifts (Powell 2006). From the last
period on nothing changes any more: there H and K solve their own equations, and one compares

    d (1 - s) q (K - B)  with  (1 - d) g,

which for s = 0 and q = 1 is the condition of the repeated prisoner's dilemma, d >= (T - R) / (T - P).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Held", "enough", "hold", "outlook", "per_period"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

TIE = 1e-9  # points within which keeping counts as worth as much


@dataclass(frozen=True, slots=True)
class Held:
    """When each draw's agreement is broken, and by whom."""

    period: Ints  # (draw,): of the first breach; the number of periods where there is none
    who: npt.NDArray[np.int64]  # (draw,): bits of the parties that break it then; 0 where there is none


def per_period(chance: Floats, periods: float) -> Floats:
    """The chance over some periods, where it is ``chance`` in each of them; also for parts of one."""
    out: Floats = 1.0 - (1.0 - chance) ** periods
    return out


def outlook(flow: Floats, patience: Floats) -> Floats:
    """The discounted average of a stream from each period on; the last goes on for ever.

    Parameters
    ----------
    flow : float64 (period + 1, party, draw)
    patience : float64 (party, draw)
        The discount factor of a period, less than 1.
    """
    out = np.empty_like(flow)
    out[-1] = flow[-1]
    for t in range(len(flow) - 2, -1, -1):
        out[t] = flow[t] + patience * (out[t + 1] - flow[t])
    return out


def hold(
    keep: Floats,
    alone: Floats,
    broken: Floats,
    gain: Floats,
    patience: Floats,
    seen: Floats,
    shock: Floats,
) -> Held:
    """When an agreement is broken, and by whom.

    Parameters
    ----------
    keep : float64 (period + 1, party, draw)
        R, in points; the last for all that follows.
    alone, broken : float64 (period + 1, party, draw)
        A and B, discounted averages.
    gain, patience, seen : float64 (party, draw)
        g, d and q.
    shock : float64 (draw,)
        s.
    """
    last = len(keep) - 1
    draws = np.arange(keep.shape[2])
    still = patience * (1.0 - shock)  # what is left of tomorrow if nothing comes from outside
    hidden = still * (1.0 - seen)
    keeping = (1.0 - patience) * keep + (patience * shock) * np.concatenate([alone[1:], alone[-1:]])
    cheating = (1.0 - patience) * gain + (still * seen) * np.concatenate([broken[1:], broken[-1:]])
    cheating += keeping
    k = keeping[last] / (1.0 - still)
    x = np.maximum(cheating[last] / (1.0 - hidden), broken[last])
    period = np.full(len(draws), last, np.intp)
    who = np.zeros(len(draws), np.int64)
    bits = 1 << np.arange(len(gain))
    for t in range(last, -1, -1):
        if t < last:
            k = keeping[t] + still * k
            x = np.maximum(cheating[t] + hidden * x, broken[t])
        breaks = x - k > TIE
        at = np.flatnonzero(breaks.any(axis=0))
        if len(at):
            some = breaks[:, at]
            k[:, at] = np.where(some & (some.sum(axis=0) == 1), x[:, at], alone[t][:, at])
            if t < last:
                period[at], who[at] = t, bits @ some
    return Held(period, who)


def enough(
    keep: Floats,
    alone: Floats,
    broken: Floats,
    gain: Floats,
    patience: Floats,
    seen: Floats,
    shock: Floats,
    *,
    against: npt.NDArray[np.bool_],
    most: float,
    steps: int = 10,
) -> Floats:
    """(draw,): the least that must be taken for good from some parties once their breach is known, for the
    agreement to be kept to the last period; infinite where ``most`` is not enough. By bisection.

    Parameters
    ----------
    against : bool (party, draw)
        From whom it is taken.
    most : float
        The largest that is tried; what is found is at most ``most / 2**steps`` too large.
    """
    last = len(keep) - 1

    def kept(taken: Floats, at: Ints) -> npt.NDArray[np.bool_]:
        loss = np.where(against[:, at], taken, 0.0)
        held = hold(
            keep[:, :, at], alone[:, :, at], broken[:, :, at] - loss, gain[:, at], patience[:, at],
            seen[:, at], shock[at],
        )  # fmt: skip
        out: npt.NDArray[np.bool_] = held.period == last
        return out

    draws = np.arange(keep.shape[2])
    out = np.zeros(len(draws))
    open_ = draws[~kept(np.zeros(len(draws)), draws)]
    out[open_] = np.inf
    at = open_[kept(np.full(len(open_), most), open_)]
    low, high = np.zeros(len(at)), np.full(len(at), most)
    for _ in range(steps if len(at) else 0):
        middle = (low + high) / 2
        does = kept(middle, at)
        high, low = np.where(does, middle, high), np.where(does, low, middle)
    out[at] = high
    return out
