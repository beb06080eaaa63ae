"""Two parties divide one pie by alternating offers, and waiting costs.

Rubinstein (1982), Econometrica 50:97-109. In each round one party offers a division and the other says
yes or no; after a no the roles change. A share that party i gets after t refusals is worth d_i**t times
itself. In the only subgame-perfect equilibrium the one who offers keeps (1 - d_j) / (1 - d_i d_j), where j
answers, and j says yes at once: it is offered just what it would be worth to j to refuse and be the next
to offer.

With a last round, after which nobody gets anything, the shares follow by backward induction (Stahl 1972):
who offers in the last round keeps all. They converge to the above as the rounds grow.
"""

from __future__ import annotations

from itertools import count

import numpy as np
import numpy.typing as npt

__all__ = ["keeps", "play"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SAME = 1e-12  # an offer that is so close to what is asked for is taken


def keeps(own: Floats, other: Floats, rounds: int | None = None) -> Floats:
    """What the party keeps who offers now.

    Parameters
    ----------
    own, other : float64 (draw,)
        Discount factors of the one who offers and of the one who answers, between 0 and 1.
    rounds
        Rounds left, this one counted; None is without end.

    Returns
    -------
    float64 (draw,)
    """
    if rounds is None:
        return (1 - other) / (1 - own * other)
    kept = np.ones_like(own * other)
    for left in range(2, rounds + 1):
        answers = other if (rounds - left) % 2 == 0 else own
        kept = 1 - answers * kept
    return kept


def play(
    first: Floats, second: Floats, *, rounds: int | None = None, refusals: int = 0
) -> tuple[Floats, Ints]:
    """Play the equilibrium strategies from the first offer on.

    Parameters
    ----------
    first, second : float64 (draw,)
        Discount factors of the party who makes the first offer and of the other.
    refusals
        So many first offers are refused whatever they are.

    Returns
    -------
    float64 (party, draw)
        Shares, as they are worth today; 0 where no offer was taken.
    int64 (draw,)
        The round of agreement, from 1; 0 for none.
    """
    discount = np.stack(np.broadcast_arrays(first, second))
    worth, agreed = np.zeros(discount.shape), np.zeros(discount.shape[1], np.int64)
    for turn in count() if rounds is None else range(rounds):
        offers, answers = turn % 2, 1 - turn % 2
        left = None if rounds is None else rounds - turn
        demand = keeps(discount[offers], discount[answers], left)
        offer = 1 - demand
        if left == 1:
            waiting = np.zeros_like(offer)  # after the last round there is nothing
        else:
            later = None if left is None else left - 1
            waiting = discount[answers] * keeps(discount[answers], discount[offers], later)
        taken = (agreed == 0) & (offer >= waiting - _SAME) & (turn >= refusals)
        worth[offers] = np.where(taken, discount[offers] ** turn * demand, worth[offers])
        worth[answers] = np.where(taken, discount[answers] ** turn * offer, worth[answers])
        agreed[taken] = turn + 1
        if agreed.all():
            break
    return worth, agreed
