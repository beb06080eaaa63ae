"""What does each draw come to: is there a zone, how many deals are in it, and what does each party gain?

A party's gain is that at the deal of the zone that is best for the worst-off (Rawls 1971), counted over the
parties that bargain; where several deals tie for that, the mean of their gains, so that no order of deals or
parties matters. Without a zone it is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.kernels.blocks import Bools, Floats, Ints
from winset.kernels.ensemble import TIE, passes
from winset.kernels.rule import Rule

__all__ = ["Answers", "answers"]


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer of each kind per draw."""

    open: Bools  # (draw,): some deal passes
    deals: Ints  # (draw,): deals that pass
    gain: Floats  # (party, draw)


def answers(gain: Sequence[Floats], says: Sequence[Bools], rule: Rule, bargain: Sequence[int]) -> Answers:
    """The answers of some draws.

    Parameters
    ----------
    gain : float64 (deal, draw), one per party
        Utility less reservation value, red lines or not.
    says : bool (deal, draw), one per party
        Whether the party accepts.
    rule
        Over the same parties.
    bargain
        Parties among whom the worst-off is looked for.
    """
    passed = passes(rule, np.stack(says))
    worst = gain[bargain[0]]
    for p in bargain[1:]:
        worst = np.minimum(worst, gain[p])
    deals = np.asarray(passed.sum(axis=0), np.int64)
    top = np.where(passed, worst, -np.inf).max(axis=0)
    deal, draw = np.nonzero(passed & (worst >= top - TIE))
    draws = passed.shape[1]
    ties = np.maximum(np.bincount(draw, minlength=draws), 1)
    mean = np.stack([np.bincount(draw, weights=g[deal, draw], minlength=draws) / ties for g in gain])
    return Answers(deals > 0, deals, mean)
