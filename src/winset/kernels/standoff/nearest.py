"""Which of some states is nearest by legal sequences of moves, and what improvements lead to at all.

Both ask less than ``reach`` and are quicker for it: the first stops at the first state found, the second
keeps no distances and takes many preferences side by side.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.moves import Moves

__all__ = ["improving_reach", "nearest"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]


def nearest(
    moves: Sequence[Moves],
    start: int,
    movers: Sequence[int],
    wanted: Bools,
    ranks: Ints | None = None,
) -> tuple[tuple[int, int], ...] | None:
    """The shortest legal sequence of at least one move to a wanted state: who moves, and to which state.

    Parameters
    ----------
    moves
        Of every party.
    movers
        Those who may move; nobody moves twice in a row.
    wanted : bool (state,)
    ranks : (party, state), optional
        If given, every move must improve on the state before it for whoever moves.

    Returns
    -------
    None where there is no such sequence.
    """
    came: dict[tuple[int, int], tuple[int, int] | None] = {(start, -1): None}
    open_: deque[tuple[int, int]] = deque(came)
    while open_:
        at, last = here = open_.popleft()
        for j in movers:
            if j == last or not moves[j].own:
                continue
            for end in moves[j].ends(at).tolist():
                step = (end, j)
                if step in came or (ranks is not None and ranks[j, end] <= ranks[j, at]):
                    continue
                came[step] = here
                if wanted[end]:
                    return _back(came, step)
                open_.append(step)
    return None


def _back(
    came: dict[tuple[int, int], tuple[int, int] | None], end: tuple[int, int]
) -> tuple[tuple[int, int], ...]:
    """The way to a step, as (who, to which state)."""
    out: list[tuple[int, int]] = []
    step: tuple[int, int] | None = end
    while step is not None and step[1] >= 0:
        out.append((step[1], step[0]))
        step = came[step]
    return tuple(reversed(out))


def improving_reach(moves: Sequence[Moves], ranks: Ints, start: int) -> Bools:
    """(..., state): which states legal sequences of unilateral improvements lead to from one, itself
    included.

    Parameters
    ----------
    moves
        Of every party.
    ranks : (..., party, state)
    """
    parties = [j for j, m in enumerate(moves) if m.own]
    by_party = np.moveaxis(ranks, -2, 0)
    void = int(np.iinfo(ranks.dtype).max)
    back = [m.backward() for m in moves]
    begun = np.zeros(by_party.shape[1:], np.bool_)
    begun[..., start] = True
    came = {j: np.zeros_like(begun) for j in parties}
    changed = True
    while changed:
        changed = False
        for j in parties:
            at = np.logical_or.reduce([begun, *(came[k] for k in parties if k != j)])
            least = back[j].least(np.where(at, by_party[j], void), void)
            found = (least < by_party[j]) & moves[j].feasible
            if (found & ~came[j]).any():
                came[j] |= found
                changed = True
    return np.asarray(np.logical_or.reduce([begun, *came.values()]))
