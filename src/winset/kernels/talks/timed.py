"""Strategies that follow the clock: how much is conceded by when.

Both take the side's range from the least that it may come down to (its reservation value, or its worst deal
if that is better) to its best deal, and ask in every round for a share of it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winset.kernels.blocks import Floats
from winset.kernels.talks.strategy import Parameter, Timed

__all__ = ["Aspiration", "TimeDependent"]


class TimeDependent(Timed):
    """Boulware, linear and Conceder tactics.

    Faratin, Sierra and Jennings (1998, Robotics and Autonomous Systems 24:159-182, sec. 4.1): by time t of T
    the side has conceded alpha(t) = kappa + (1 - kappa) (min(t, T) / T)^(1 / beta). beta < 1 is Boulware
    (holds out, gives way at the end), beta = 1 linear, beta > 1 Conceder. In round r of R, t / T =
    (r - 1) / (R - 1): the first offer concedes kappa, the last one everything. A single round is the last.

    Their tactics set each issue by itself; here they set the utility of the whole offer, the least that
    reaches 1 - alpha(t) of the range, as is usual for issues with options.
    """

    name = "time-dependent"
    parameters = (
        Parameter("beta", 1.0, 1e-3, 1e3, "below 1 Boulware, 1 linear, above 1 Conceder"),
        Parameter("kappa", 0.0, 0.0, 1.0, "share of its range that the first offer gives away"),
    )

    def share(self, rounds: int, given: Mapping[str, Floats]) -> Floats:
        passed = np.arange(rounds)[:, None] / (rounds - 1) if rounds > 1 else np.ones((1, 1))
        return (1 - given["kappa"]) * (1 - passed ** (1 / given["beta"]))


class Aspiration(Timed):
    """The time-based negotiators of NegMAS 0.16, whose clock and margin differ from Faratin's.

    ``PolyAspiration`` asks max_aspiration (1 - t^exponent) of the range at time t = r / (R + 1): its last
    round is not quite at the end. ``TimeBasedNegotiator`` then lets offers and answers fall short by ``eps``,
    in units of utility. Boulware is exponent 4, linear 1, Conceder 1/4; eps is 0.0001 there.
    """

    name = "aspiration"
    parameters = (
        Parameter("exponent", 1.0, 1e-3, 1e3, "above 1 Boulware, 1 linear, below 1 Conceder"),
        Parameter("start", 1.0, 0.0, 1.0, "share of its range that it asks at the outset"),
        Parameter("eps", 0.0, 0.0, np.inf, "utility by which it falls short of what it asks"),
    )

    def share(self, rounds: int, given: Mapping[str, Floats]) -> Floats:
        passed = np.arange(1, rounds + 1)[:, None] / (rounds + 1)
        return given["start"] * (1 - passed ** given["exponent"])

    def slack(self, given: Mapping[str, Floats]) -> Floats:
        return given["eps"]
