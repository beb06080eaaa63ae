"""Where does a yes turn into a no: along one input, and the least joint change of many.

Along one input: when the margin of every deal is linear in the input (times something positive), each deal is
accepted on a half-line, and the set on which some deal passes is the union of these: exact, without steps.

Joint: the least change that meets linear conditions is a least-distance problem, solved exactly through
non-negative least squares (Lawson and Hanson 1974, ch. 23). Where the conditions are curved, they are made
linear again at each point found (Hasofer and Lind 1974; Rackwitz and Fiessler 1978).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from winset.kernels.blocks import Bools, Floats
from winset.kernels.rule import Gate, Rule

__all__ = ["blocking", "crossings", "least_change", "open_ends", "refine"]

_STEPS = 60  # halvings of an interval


def open_ends(low: Floats, high: Floats) -> tuple[float, float]:
    """Up to where from the left, and from where to the right, some of several linear functions is >= 0.

    Parameters
    ----------
    low, high : float64 (deal,)
        Their values at 0 and at 1.

    Returns
    -------
    float, float
        (upto, since): some function is >= 0 exactly on [0, upto] and on [since, 1]. ``upto`` is -inf and
        ``since`` +inf where there is none; (1, 0) where some function always is.
    """
    if ((low >= 0) & (high >= 0)).any():
        return 1.0, 0.0
    falling, rising = low >= 0, high >= 0
    upto = float((low[falling] / (low[falling] - high[falling])).max(initial=-np.inf))
    since = float((low[rising] / (low[rising] - high[rising])).min(initial=np.inf))
    return upto, since


def crossings(answers: Bools, start: int) -> list[tuple[int, int]]:
    """Neighbouring steps of a scan between which the answer first turns, going either way from ``start``."""
    out = []
    for step in (-1, 1):
        at = start
        while 0 <= at + step < len(answers):
            if answers[at + step] != answers[start]:
                out.append((at, at + step))
                break
            at += step
    return out


def refine(
    same: float, other: float, turned: Callable[[float], bool], steps: int = _STEPS
) -> tuple[float, float]:
    """Halve the interval between a place where an answer is the same and one where it has turned."""
    for _ in range(steps):
        middle = (same + other) / 2
        if middle in (same, other):
            break
        if turned(middle):
            other = middle
        else:
            same = middle
    return same, other


def least_change(slopes: Floats, short: Floats) -> Floats | None:
    """The shortest d with ``slopes @ d >= short``; None where there is none.

    Parameters
    ----------
    slopes : float64 (condition, input)
    short : float64 (condition,)
    """
    if (short <= 0).all():
        return np.zeros(slopes.shape[1])
    size = np.sqrt((slopes**2).sum(axis=1))
    if ((size == 0) & (short > 0)).any():
        return None
    keep = size > 0
    rows, need = slopes[keep] / size[keep, None], short[keep] / size[keep]
    scale = float(np.abs(need).max())
    system = np.vstack([rows.T, need[None] / scale])
    wanted = np.zeros(len(system))
    wanted[-1] = 1.0
    weights = nonnegative(system, wanted)
    if weights is None:
        return None
    rest = system @ weights - wanted
    if -rest[-1] < 1e-10:
        return None
    out: Floats = -rest[:-1] / rest[-1] * scale
    met = rows @ out >= need - 1e-6 * max(scale, 1.0)
    return out if bool(met.all()) else None


def nonnegative(system: Floats, wanted: Floats) -> Floats | None:
    """The x >= 0 with the smallest ``|system @ x - wanted|``; None if it takes too many steps.

    Lawson and Hanson 1974, *Solving Least Squares Problems*, algorithm NNLS (ch. 23). SciPy has it too; to
    import that costs more time than all the systems of a brief take here, and a test holds both to the same.

    Parameters
    ----------
    system : float64 (equation, unknown)
    wanted : float64 (equation,)
    """
    unknowns = system.shape[1]
    out = np.zeros(unknowns)
    free = np.zeros(unknowns, bool)
    slack = 10 * max(system.shape) * np.finfo(float).eps * float(np.abs(system).sum(axis=0).max(initial=0.0))
    for _ in range(3 * unknowns + 1):
        pull = system.T @ (wanted - system @ out)
        pull[free] = -np.inf
        if free.all() or pull.max() <= slack:
            return out
        free[int(pull.argmax())] = True
        while True:
            tried = np.zeros(unknowns)
            tried[free] = np.linalg.lstsq(system[:, free], wanted, rcond=None)[0]
            if (tried[free] > 0).all():
                out = tried
                break
            back = free & (tried <= 0)
            step = float((out[back] / (out[back] - tried[back])).min())
            out += step * (tried - out)
            free &= out > slack
            out[~free] = 0.0
            if not free.any():
                break
    return None


def blocking(rule: Rule) -> Rule:
    """The rule that holds when those who refuse can stop a deal: its coalitions are the blocking sets."""
    return Rule(
        tuple(
            Gate(len(gate.parties) + len(gate.gates) - gate.threshold + 1, gate.parties, gate.gates)
            for gate in rule.gates
        )
    )
