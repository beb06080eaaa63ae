"""What the time without a deal is made of: outcomes, their drift, and their shares up to the horizon."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

__all__ = ["mean_shares"]

Floats = npt.NDArray[np.float64]
_STEPS = 48  # midpoints of the time up to the horizon; exact while no probability meets 0 or 1


def mean_shares(
    start: Mapping[str, Floats | None], drift: Mapping[str, Floats], horizon: Floats
) -> dict[str, Floats]:
    """The share of the time up to the horizon that each outcome is expected to take.

    Each outcome has its probability at the start and may gain or lose some of it in every unit of time; it
    stays within 0 and 1. Outcomes without a drift share what the others leave in the proportion in which
    they began. Where all drift, or the drifting ones pass 1 together, the whole is brought back to 1.

    Parameters
    ----------
    start : outcome -> float64 (draw,), or None
        Probabilities now; None takes what the others leave.
    drift : outcome -> float64 (draw,)
        Change of probability in a unit of time.
    horizon : float64 (draw,)
        In units of time; 0 looks at the start alone.

    Returns
    -------
    outcome -> float64 (draw,)
        Shares; they sum to 1.
    """
    names = list(start)
    began = np.stack([np.zeros(len(horizon)) if p is None else p for p in start.values()])
    for n, p in enumerate(start.values()):
        if p is None:
            began[n] = np.maximum(0.0, 1.0 - began.sum(axis=0))
    began = _to_one(began)
    if not drift:
        return dict(zip(names, began, strict=True))
    moving = np.array([name in drift for name in names])
    speed = np.stack([drift.get(name, np.zeros(len(horizon))) for name in names])
    total = np.zeros_like(began)
    still = began[~moving].sum(axis=0)
    for step in range(_STEPS):
        time = horizon * (step + 0.5) / _STEPS
        now = np.clip(began + speed * time, 0.0, 1.0)
        left = np.maximum(0.0, 1.0 - now[moving].sum(axis=0))
        scale = np.divide(left, still, out=np.zeros_like(left), where=still > 0)
        now[~moving] = began[~moving] * scale
        total += _to_one(now)
    return dict(zip(names, total / _STEPS, strict=True))


def _to_one(shares: Floats) -> Floats:
    whole = shares.sum(axis=0)
    out: Floats = np.divide(shares, whole, out=np.full_like(shares, 1 / len(shares)), where=whole > 0)
    return out
