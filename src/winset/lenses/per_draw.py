"""What every draw says of one quantity of a lens, so that versions can be set side by side draw by draw.

A quantity is a probability or a mean over all draws, or one given something else, such as that a deal is
signed: then it is a ratio of two means over the same draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.compiled.sampling import Method
from winset.lenses.estimates import Z95, Estimate, estimate, paired

__all__ = ["PerDraw", "difference", "exact"]

Floats = npt.NDArray[np.float64]
Values = npt.NDArray[Any]  # (draw,): bool for what happens or not, float64 for points and numbers


@dataclass(frozen=True, slots=True)
class PerDraw:
    """A quantity in every draw, and the estimate that its lens tells."""

    values: Values  # (draw,)
    found: Estimate
    given: Values | None = None  # (draw,): found is the mean of values over the mean of this
    certain: bool = False  # nothing that it hangs on is uncertain

    @property
    def ratio(self) -> tuple[Floats, Floats]:
        """(draw,) and (draw,): what is counted, and out of what."""
        top = self.values.astype(np.float64)
        return top, np.ones_like(top) if self.given is None else self.given.astype(np.float64)

    def over(self, draws: int) -> PerDraw:
        """The same in so many draws; of a case in which nothing is uncertain there is one."""
        if len(self.values) != 1 or draws == 1:
            return self
        given = None if self.given is None else np.broadcast_to(self.given, (draws,))
        return PerDraw(np.broadcast_to(self.values, (draws,)), self.found, given, self.certain)

    def same(self, other: PerDraw) -> bool:
        """Whether two are the same in every draw."""
        if (self.given is None) != (other.given is None) or not np.array_equal(self.values, other.values):
            return False
        return self.given is None or np.array_equal(self.given, np.asarray(other.given))


def exact(found: Estimate) -> Estimate:
    """An estimate without an error: what it is of does not differ from draw to draw."""
    return Estimate(found.value, 0.0, found.value, found.value, found.draws)


def difference(before: PerDraw, after: PerDraw, *, method: Method = "random") -> Estimate:
    """After less before, in the same draws, with its 95 % interval."""
    if before.given is None and after.given is None:
        found = paired(before.values, after.values, method=method)
    else:
        found = _of_ratios(before, after, method)
    return exact(found) if before.certain and after.certain else found


def _of_ratios(before: PerDraw, after: PerDraw, method: Method) -> Estimate:
    """The difference of two probabilities, each given something of its own, in draws common to both.

    Either is a ratio R of the means of t and of g, and a draw moves it by about (t - R g) / mean(g) (Cochran
    1977, Sampling Techniques, ch. 6). What a draw moves the difference by is the difference of the two; their
    scatter is its error, and holds what the versions share, and that not the same draws may be given in both.
    Two draws are added, one for each direction, that move it as far as one draw can. Where all draws are
    given in both versions the interval is that of Bonett and Price (2012), as in ``paired``.
    """
    moves, values, reach = [], [], 0.0
    for top, given in (before.ratio, after.ratio):
        whole = float(given.mean())
        value = float(top.mean()) / whole
        moves.append((top - value * given) / whole)
        values.append(value)
        reach = max(reach, float(given.max()) / whole)
    change, each = values[1] - values[0], moves[1] - moves[0]
    many = len(each)
    if method != "random":
        rest = estimate(each, method=method)
        low, high, error = (
            change + rest.low - rest.value,
            change + rest.high - rest.value,
            rest.standard_error,
        )
    else:
        error = float(each.std(ddof=1) / math.sqrt(many)) if many > 1 else 0.0
        square = (float(((each + change) ** 2).sum()) + 2 * reach**2) / (many + 2)
        middle = many * change / (many + 2)
        half = Z95 * math.sqrt(max(square - middle**2, 0.0) / (many + 2))
        low, high = middle - half, middle + half
    return Estimate(change, error, max(-1.0, low), min(1.0, high), many)
