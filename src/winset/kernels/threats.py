"""Who would rather comply, and what opens, if a threat or a promise is carried out for sure?

Whoever is told that some outcomes will be made worse, or better, for it compares the best that it can have
among those and among the others (Schelling 1960, ch. 2 and 5). The belief at which it is indifferent is the
critical risk (Ellsberg 1959, in Ellsberg 1975; Harsanyi 1977, ch. 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.kernels.blocks import Bools, Floats, Ints
from winset.kernels.ensemble import TIE, count_true, passes
from winset.kernels.rule import Rule

__all__ = ["Carried", "after_record", "carried", "critical", "prior_needed"]


@dataclass(frozen=True, slots=True)
class Carried:
    """Some draws in which a threat or a promise is carried out when it is due."""

    opened: Bools  # (draw,): some deal passes
    opens: Ints  # (moved deal,): draws in which it passes now and did not
    closes: Ints  # (moved deal,): draws in which it passed and does not now
    moved: Floats  # (draw,): the target's best gain among the moved deals that it can have; minus infinity
    unmoved: Floats  # (draw,): the same among the other deals and no deal, whose gain is 0


def carried(
    gain: Floats,
    says: Bools,
    passed: Bools,
    rule: Rule,
    rulers: Sequence[int],
    target: int | None,
    moved: Ints,
    shift: Sequence[Floats | None],
) -> Carried:
    """What carrying it out does to the zone, and what the target can have by either course.

    Gains count from no deal. So what is done to a party without a deal and with some of the deals alike
    changes nothing among these; what counts is the difference it makes to the others, the moved ones.

    Parameters
    ----------
    gain : float64 (party, deal, draw)
        Utility less reservation value; minus infinity where the deal crosses a red line of the party.
    says : bool (party, deal, draw)
        Whether each party accepts as things are: its gain is nought or more.
    passed : bool (deal, draw)
        Whether the rule passes the deal as things are.
    rulers
        The parties that the rule looks at.
    target
        Whose courses are compared, one of the rulers. It can have the deals that the rule passes with its
        yes, and that cross none of its red lines. None where it has no say: both courses are then nought.
    moved : int64 (moved deal,)
        In increasing order.
    shift : float64 (draw,) or None, one per party
        What is added to the party's gain at every moved deal.
    """
    parties, deals, draws = gain.shape
    every = len(moved) == deals
    rest = np.setdiff1d(np.arange(deals), moved, assume_unique=True)
    new = np.empty((parties, len(moved), draws), np.bool_)
    for p in rulers:
        more = shift[p]
        if more is None:
            new[p] = says[p] if every else says[p, moved]
        else:
            np.greater_equal(gain[p] if every else gain[p, moved], -TIE - more, out=new[p])
    after = passes(rule, new)
    before = passed if every else passed[moved]
    opened: Bools = np.asarray(after.any(axis=0) | passed[rest].any(axis=0))
    best = np.zeros((2, draws))
    if target is not None:
        new[target] = True
        best[0] = _best(gain[target, moved], passes(rule, new))
        old = says[:, rest]
        old[target] = True
        best[1] = np.maximum(0.0, _best(gain[target, rest], passes(rule, old)))
    return Carried(opened, count_true(after & ~before), count_true(before & ~after), best[0], best[1])


def _best(gain: Floats, allowed: Bools) -> Floats:
    """(draw,): the largest gain of the deals that are allowed; minus infinity where none is."""
    out: Floats = np.where(allowed, gain, -np.inf).max(axis=0, initial=-np.inf)
    return out


def critical(comply: Floats, defy: Floats, size: Floats) -> Floats:
    """(draw,): the least belief at which the target complies; infinite where none suffices.

    It complies where comply + belief * size >= defy: what it forgoes over what is at stake. At most 0, it
    would comply anyway; above 1, not even certainty is enough.

    Parameters
    ----------
    comply, defy : float64 (draw,)
        The best that it can have by either course while nothing is carried out.
    size : float64 (draw,)
        The harm of a threat, or the gain of a promise.
    """
    short = defy - comply
    out = np.where(short <= TIE, 0.0, np.inf)
    np.divide(short, size, out=out, where=(short > TIE) & (size > 0))
    return out


def after_record(chance: Floats, resolute: Floats, irresolute: Floats) -> Floats:
    """The probability that the maker is resolute, given what it has done (Bayes' rule).

    Parameters
    ----------
    chance : float64 (...,)
        Before the record.
    resolute, irresolute : float64 (...,)
        How likely the record is for a maker of either kind; not both nought.
    """
    top = chance * resolute
    out: Floats = top / (top + (1 - chance) * irresolute)
    return out


def prior_needed(belief: float, resolute: float, irresolute: float) -> float:
    """The probability before the record that it turns into a belief; the inverse of ``after_record``."""
    top = belief * irresolute
    below = top + (1 - belief) * resolute
    return top / below if below > 0 else 1.0
