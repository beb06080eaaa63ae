"""What does one demand, take it or leave it, of somebody whose cost of fighting is not known?

Fearon (1995, p. 393 and appendix): side A demands a share x. B, who knows its cost c, yields when
1 - x >= 1 - p - c, else there is war. With F the distribution of c in A's eyes, the demand is worth

    x (1 - F(x - p)) + (p - c_A) F(x - p).

Where F has a density f, at the best demand k + c_A = (1 - F(k)) / f(k) with k = x - p: the gain from asking a
little more of those who yield balances the loss on those who then fight. For c uniform between l and h it is
k = (h - c_A) / 2, within l and h. In general, with u(x) = x ** a on either side, B yields when
(1 - x) ** b >= 1 - p_B - c, where p_B is B's own estimate.

A distribution is given by its quantiles Q, and the demand is looked for among the levels u = F(k).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from winset.kernels.contest.terms import least

__all__ = ["demands", "uniform_demand"]

Floats = npt.NDArray[np.float64]

_LEVELS = 65
_CLOSER = 17
_ZOOMS = 5


def uniform_demand(wins: float, cost: float, low: float, high: float) -> tuple[float, float]:
    """The demand and the probability of war where B's cost is uniform and nobody minds risk (closed form)."""
    over = min(max((high - cost) / 2, low), high)
    over = min(over, 1.0 - wins)  # all of the stake is the most that can be demanded
    return wins + over, min(max((over - low) / (high - low), 0.0), 1.0)


def demands(
    quantile: Callable[[Floats], Floats],
    own: tuple[Floats, Floats, Floats | float],
    other: tuple[Floats, Floats | float],
    marks: Floats | None = None,
) -> tuple[Floats, Floats]:
    """The best demand and the probability of war, in every draw.

    Parameters
    ----------
    quantile
        From levels between 0 and 1 to costs of the other side, ascending.
    own : (wins, cost, exponent), each float64 (draw,)
        Of who demands: the chance that it prevails in its own eyes, and so on.
    other : (wins, exponent)
        The chance that *who demands* prevails in the other's eyes, and the other's exponent.
    marks : float64 (mark,), optional
        Levels at which the quantiles jump: demands that those just above them accept.

    Returns
    -------
    float64 (draw,), float64 (draw,)
        The share demanded, and the probability that it is refused.
    """
    wins, cost, exponent = (np.asarray(x, np.float64)[:, None] for x in np.broadcast_arrays(*own))
    theirs, bend = (np.asarray(x, np.float64)[:, None] for x in np.broadcast_arrays(*other))
    war = wins - cost
    straight = bool((exponent == 1).all())

    def share(level: Floats) -> Floats:
        return np.asarray(1.0 - least(1.0 - theirs, quantile(level), bend))

    def worth(level: Floats) -> Floats:
        asked = share(level)
        return np.asarray((asked if straight else asked**exponent) * (1.0 - level) + war * level)

    levels = np.linspace(0.0, 1.0, _LEVELS)
    if marks is not None:
        levels = np.unique(np.concatenate([levels, marks]))
    grid = np.broadcast_to(levels, (len(wins), len(levels)))
    row = np.arange(len(wins))
    best = worth(grid).argmax(axis=1)
    at = levels[best]
    if marks is None:  # between the jumps of a list nothing is better than at them
        width = 1.0 / (_LEVELS - 1)
        steps = np.linspace(-1.0, 1.0, _CLOSER)
        for _ in range(_ZOOMS):
            near = np.clip(at[:, None] + width * steps, 0.0, 1.0)
            at = near[row, worth(near).argmax(axis=1)]
            width *= 2.0 / (_CLOSER - 1)
    return share(at[:, None])[:, 0], at
