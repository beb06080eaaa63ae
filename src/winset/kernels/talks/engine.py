"""When rounds are played by the compiled loop, and how. It gives the same bits as the one in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats, Indices
from winset.kernels.talks.rounds import Outcome

__all__ = ["ENGINES", "Engine", "chosen", "play"]

Engine = Literal["auto", "numpy", "compiled"]
ENGINES: tuple[Engine, ...] = ("auto", "numpy", "compiled")

_WORTH = 1 << 26  # utilities, about what NumPy works through while numba compiles
_PART = 64  # draws whose utilities are put side by side at a time
_ROOM = 1 << 20  # utilities of them at most
_asked = 0  # utilities so far


def chosen(engine: Engine, utilities: int) -> bool:
    """Whether to use the compiled loop: "auto" does once this process has been asked for enough.

    Raises
    ------
    ValueError
        On an unknown engine, or where numba is wanted and missing.
    """
    global _asked
    if engine not in ENGINES:
        raise ValueError(f'no engine "{engine}"; there are {", ".join(ENGINES)}')
    if engine == "compiled" and find_spec("numba") is None:
        raise ValueError("the compiled engine needs numba: pip install 'winset[fast]'")
    _asked += utilities
    return engine == "compiled" or (engine == "auto" and _asked > _WORTH and find_spec("numba") is not None)


def play(
    utility: Sequence[Floats] | Floats,
    reserve: Floats,
    shares: Sequence[Floats],
    slacks: Sequence[Floats],
    limit: Indices,
    first: Indices,
    proposer: npt.NDArray[np.int8],
) -> Outcome:
    """The rounds of sides that follow the clock.

    Parameters
    ----------
    utility : float64 (side, deal, draw or 1), or (deal, draw or 1) for each of two or more sides
        Fastest if the deals of one draw lie next to each other: as a view of an array (draw, side, deal).
    reserve : float64 (side, draw)
    shares : float64 (round, draw or 1), one for each side
    slacks : float64 (draw or 1,), one for each side
    limit, first : (draw,)
    proposer : int8 (draw, round), or (draw, 0) for alternating offers
    """
    from winset.kernels.talks.compiled import gather, meet, meet_alike

    share, slack = _stack(shares), _stack(slacks)
    draws = len(limit)
    whole = _stack(utility) if isinstance(utility, Sequence) else utility
    outcome = Outcome(
        np.empty(draws, np.int32),
        np.empty(draws, np.int32),
        np.empty(draws, np.int8),
        np.empty(draws, np.int8),
    )
    if whole.shape[2] == 1:
        row = np.ascontiguousarray(whole[:, :, 0])
        order = row.argsort(axis=1, kind="stable")
        meet_alike(
            row,
            np.take_along_axis(row, order, axis=1),
            order.astype(np.int32),
            np.ascontiguousarray(reserve),
            share,
            slack,
            np.ascontiguousarray(limit),
            np.ascontiguousarray(first),
            proposer,
            outcome.deal,
            outcome.round,
            outcome.by,
            outcome.ended,
        )
        return outcome
    rows = whole.transpose(2, 0, 1)
    part = draws if rows.flags.c_contiguous else min(_PART, draws, max(1, _ROOM // rows[0].size))
    room = np.empty((0 if rows.flags.c_contiguous else part, *rows.shape[1:]))
    for start in range(0, draws, part):
        cut = slice(start, min(start + part, draws))
        if len(room):
            gather(whole[:, :, cut], room[: cut.stop - start])
        meet(
            room[: cut.stop - start] if len(room) else rows,
            np.ascontiguousarray(reserve[:, cut]),
            share if share.shape[2] == 1 else np.ascontiguousarray(share[:, :, cut]),
            slack if slack.shape[1] == 1 else np.ascontiguousarray(slack[:, cut]),
            np.ascontiguousarray(limit[cut]),
            np.ascontiguousarray(first[cut]),
            np.ascontiguousarray(proposer[cut]),
            outcome.deal[cut],
            outcome.round[cut],
            outcome.by[cut],
            outcome.ended[cut],
        )
    return outcome


def _stack(arrays: Sequence[Floats]) -> Floats:
    """Arrays whose last axis has all draws or one, as one array."""
    widest = max(a.shape[-1] for a in arrays)
    return np.stack([np.broadcast_to(a, (*a.shape[:-1], widest)) for a in arrays])
