"""The moves of each party, between all combinations of the options or between states of a list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from winset.kernels.standoff.listed import ListedMoves
from winset.kernels.standoff.moves import Moves

__all__ = ["moves_of"]

Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]


def moves_of(
    owner: Sequence[int],
    once: npt.NDArray[np.int8] | None,
    feasible: Bools,
    parties: int,
    states: Longs | None = None,
) -> list[Moves]:
    """The moves of each party.

    Parameters
    ----------
    owner
        Whose each option is.
    once : int8 (option,), optional
        See ``Moves``; by default every option may be taken up and dropped again.
    feasible : bool (state,)
    states : int64 (state,), optional
        The numbers of the states that arrays run over, ascending; by default all 2 ** options of them.
    """
    given = np.zeros(len(owner), np.int8) if once is None else once
    every = [tuple(o for o, whose in enumerate(owner) if whose == p) for p in range(parties)]
    if states is None or len(states) == 1 << len(owner):
        return [Moves(len(owner), own, given, feasible) for own in every]
    return [ListedMoves(len(owner), own, given, feasible, states) for own in every]
