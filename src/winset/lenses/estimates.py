"""What is estimated from draws: a value, its standard error, and an interval.

A share of independent draws has Wilson's (1927) interval; a mean has Student's. With Sobol points the sixteen
scramblings are sixteen independent estimates, and their scatter gives the error (Owen 1997; L'Ecuyer and
Lemieux 2002, sec. 4).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.compiled.sampling import PIECE, REPLICATES, Method
from winset.errors import QuestionError
from winset.lenses.results import Result

__all__ = [
    "Estimate",
    "Plan",
    "Spread",
    "conditional",
    "draws_needed",
    "estimate",
    "order_rank",
    "order_statistic",
    "paired",
    "plan",
    "share",
    "spread",
    "until",
]

DRAWS = 2048  # when nobody says how many
MOST_DRAWS = 100_000_000
Z95 = 1.959963984540054  # the standard normal's 97.5 % point
_T15 = 2.131449545559323  # Student's, with 15 degrees of freedom


@dataclass(frozen=True, slots=True)
class Estimate(Result):
    """A probability or a mean over draws."""

    value: float
    standard_error: float
    low: float  # 95 % interval of the estimate: sampling error alone
    high: float
    draws: int

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Spread(Result):
    """How a quantity scatters over draws: nine draws in ten lie between low and high."""

    low: float  # 5 %
    median: float
    high: float  # 95 %
    mean: float
    draws: int


@dataclass(frozen=True, slots=True)
class Plan(Result):
    """How draws are made: the same plan and case give the same answer to the last bit."""

    draws: int
    seed: int
    method: Method = "random"
    to_within: float | None = None  # stop when the probability asked for is known to this, either way


def plan(
    draws: int | None,
    rng: int | np.random.Generator | None,
    *,
    method: str = "random",
    to_within: float | None = None,
) -> Plan:
    """The plan that a caller asks for.

    Raises
    ------
    QuestionError
        If there are no draws, too many, or the tolerance or the method is not one.
    """
    if method not in ("random", "sobol"):
        raise QuestionError(f'there is no way "{method}" to draw; it is random or sobol')
    many = DRAWS if draws is None else int(draws)
    if not 1 <= many <= MOST_DRAWS:
        raise QuestionError(f"{many:,} draws; at least 1 and at most {MOST_DRAWS:,}")
    if to_within is not None and not 0.0001 <= to_within < 0.5:
        raise QuestionError(f"--to-within is {to_within:g}; from 0.01% to 50%, e.g. 1%")
    if method == "sobol":
        many = -(-many // PIECE) * PIECE
    if isinstance(rng, np.random.Generator):
        seed = int(rng.integers(2**63))
    elif rng is None:
        seed = int(np.random.default_rng().integers(2**63))
    else:
        seed = int(rng)
    return Plan(many, seed, "sobol" if method == "sobol" else "random", to_within)


def share(hits: float, draws: int) -> Estimate:
    """A probability from the number of independent draws in which something holds (Wilson 1927)."""
    p = hits / draws
    z2 = Z95**2 / draws
    middle = (p + z2 / 2) / (1 + z2)
    half = Z95 / (1 + z2) * math.sqrt(p * (1 - p) / draws + z2 / (4 * draws))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == draws else min(1.0, middle + half)
    return Estimate(p, math.sqrt(p * (1 - p) / draws), low, high, draws)


def estimate(values: npt.NDArray[Any], *, method: Method = "random") -> Estimate:
    """A probability (of booleans) or a mean (of numbers) over draws, in the order of the draws.

    Parameters
    ----------
    values : bool or float64 (draw,)
        With ``method="sobol"`` their number must be a multiple of 1,024.
    """
    draws = len(values)
    yes_no = values.dtype == np.bool_
    if yes_no and (method == "random" or values.all() or not values.any()):
        return share(int(values.sum()), draws)
    mean = float(np.mean(values))
    if method == "sobol":
        lanes = values.reshape(-1, REPLICATES, PIECE // REPLICATES).mean(axis=(0, 2), dtype=np.float64)
        error = max(float(lanes.std(ddof=1) / math.sqrt(REPLICATES)), _grain(draws) if yes_no else 0.0)
        half = _T15 * error
    else:
        error = float(values.std(ddof=1) / math.sqrt(draws)) if draws > 1 else 0.0
        half = Z95 * error
    low, high = mean - half, mean + half
    if yes_no:
        low, high = max(low, 0.0), min(high, 1.0)
    return Estimate(mean, error, low, high, draws)


def _grain(draws: int) -> float:
    """The standard error of a share of Sobol points that the scatter of scramblings may miss: each of these
    counts whole points, and is off by about half a one where all sixteen happen to count the same."""
    return 0.5 * REPLICATES / draws / math.sqrt(REPLICATES)


def conditional(
    values: npt.NDArray[Any], given: npt.NDArray[np.bool_], *, method: Method = "random"
) -> Estimate | None:
    """A probability or a mean over those draws in which something is given; None when it never is.

    Parameters
    ----------
    values : bool or float64 (draw,)
    given : bool (draw,)
    """
    many = int(given.sum())
    if not many:
        return None
    inside = values[given]
    if method == "random" or (values.dtype == np.bool_ and (inside.all() or not inside.any())):
        return estimate(inside)
    # a ratio of two means: its error is that of the mean of given x (value - ratio) / P(given)
    ratio = float(inside.mean(dtype=np.float64))
    rest = np.where(given, values - np.float64(ratio), 0.0) * (len(values) / many)
    error = estimate(rest, method=method).standard_error
    if values.dtype == np.bool_:
        error = max(error, _grain(len(values)) * len(values) / many)
    low, high = ratio - _T15 * error, ratio + _T15 * error
    if values.dtype == np.bool_:
        low, high = max(low, 0.0), min(high, 1.0)
    return Estimate(ratio, error, low, high, many)


def paired(before: npt.NDArray[Any], after: npt.NDArray[Any], *, method: Method = "random") -> Estimate:
    """The mean of after less before, draw by draw: of two probabilities (booleans) or two means.

    Where the draws are common to both, what they share drops out. For two probabilities the interval is that
    of Bonett and Price (2012, J. Educational and Behavioral Statistics 37:479-488), which holds when few
    draws, or none, differ.
    """
    change = after.astype(np.float64) - before.astype(np.float64)
    if before.dtype != np.bool_ or after.dtype != np.bool_:
        return estimate(change, method=method)
    if method == "sobol":
        found = estimate(change, method=method)
        error = max(found.standard_error, _grain(len(change)) if change.any() else 0.0)
        half = _T15 * error
        return Estimate(
            found.value, error, max(-1.0, found.value - half), min(1.0, found.value + half), len(change)
        )
    many = len(change)
    up, down = (int((change > 0).sum()) + 1) / (many + 2), (int((change < 0).sum()) + 1) / (many + 2)
    half = Z95 * math.sqrt((up + down - (up - down) ** 2) / (many + 2))
    error = float(change.std(ddof=1) / math.sqrt(many)) if many > 1 else 0.0
    middle = up - down
    return Estimate(float(change.mean()), error, max(-1.0, middle - half), min(1.0, middle + half), many)


def spread(values: npt.NDArray[np.float64]) -> Spread:
    """How numbers scatter over draws."""
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    return Spread(float(low), float(median), float(high), float(values.mean()), len(values))


def order_rank(level: float, draws: int) -> int:
    """How many draws make up a share of all of them, rounded up."""
    return max(1, math.ceil(level * draws - 1e-9))


def order_statistic(
    values: npt.NDArray[np.float64], level: float
) -> tuple[float | None, float | None, float | None]:
    """The least number that a share of the draws does not exceed, and its 95 % interval by ranks.

    None for what is infinite, or beyond the draws.
    """
    many = len(values)
    ranked = np.sort(values)
    half = Z95 * math.sqrt(many * level * (1 - level))
    middle = order_rank(level, many)
    low, high = max(1, math.floor(middle - half)), math.ceil(middle + half)

    def at(rank: int) -> float | None:
        value = float(ranked[rank - 1]) if 1 <= rank <= many else math.inf
        return value if math.isfinite(value) else None

    point = at(middle)
    if point is None:
        return None, None, None
    if many == 1:
        return point, point, point
    return point, at(low), at(high)


def until(
    asked: Plan, run: Callable[[int, int], npt.NDArray[np.bool_]], *, most: int = 10_000_000
) -> tuple[npt.NDArray[np.bool_], bool]:
    """Draw until a probability is known to the tolerance of the plan, doubling the number of draws.

    Parameters
    ----------
    run
        From the first draw and a number of draws to the booleans of these.

    Returns
    -------
    bool (draw,)
    bool
        Whether the tolerance was reached (always true without one).
    """
    seen = run(0, asked.draws)
    if asked.to_within is None:
        return seen, True
    if len(seen) % PIECE:
        seen = run(0, -(-len(seen) // PIECE) * PIECE)
    while estimate(seen, method=asked.method).half > asked.to_within:
        if len(seen) >= most:
            return seen, False
        seen = np.concatenate([seen, run(len(seen), len(seen))])
    return seen, True


def draws_needed(p: float, to_within: float) -> int:
    """About how many independent draws make the 95 % interval of a probability this narrow, either way."""
    p = min(max(p, to_within / 2), 1 - to_within / 2)
    return math.ceil(p * (1 - p) * (Z95 / to_within) ** 2)
