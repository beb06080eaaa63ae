"""Which deals of a case a match holds for, deal by deal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from winset.case.rules import Match
from winset.compiled.draws import Uncertain

__all__ = ["matched", "options_taken"]


def options_taken(model: Uncertain) -> dict[str, npt.NDArray[np.int16]]:
    """Issue to (deal,): the option that each deal takes; deals are numbered as ``Uncertain.number`` does."""
    cells = np.unravel_index(np.arange(model.deals), [len(g.options) for g in model.groups])
    return {
        model.issues[i]: group.options[cell, k]
        for group, cell in zip(model.groups, cells, strict=True)
        for k, i in enumerate(group.issues)
    }


def matched(
    model: Uncertain, match: Match, taken: Mapping[str, npt.NDArray[np.int16]]
) -> npt.NDArray[np.bool_]:
    """(deal,): whether a match holds, from ``options_taken``."""
    out = np.zeros(model.deals, np.bool_)
    for clause in match.clauses:
        here = np.ones(model.deals, np.bool_)
        for issue, names in clause:
            known = model.options[model.issues.index(issue)]
            wanted = np.array([option in names for option in known])
            here &= wanted[taken[issue]]
        out |= here
    return out
