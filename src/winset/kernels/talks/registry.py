"""All strategies: to add one, write its class and put it here (docs/how-to/strategy.md)."""

from __future__ import annotations

import numpy as np

from winset.kernels.blocks import Floats
from winset.kernels.talks.learner import Bayesian
from winset.kernels.talks.micro import Micro
from winset.kernels.talks.strategy import Side, Strategy
from winset.kernels.talks.timed import Aspiration, TimeDependent
from winset.kernels.talks.tit_for_tat import AveragedTitForTat, RandomTitForTat, RelativeTitForTat
from winset.kernels.talks.walker import RandomWalker

__all__ = ["STRATEGIES", "complete", "strategy"]

STRATEGIES: tuple[type[Strategy], ...] = (
    TimeDependent,
    Aspiration,
    RelativeTitForTat,
    RandomTitForTat,
    AveragedTitForTat,
    Micro,
    Bayesian,
    RandomWalker,
)


def strategy(name: str | type[Strategy]) -> type[Strategy]:
    """The strategy of that name; a strategy itself stands for itself.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not isinstance(name, str):
        return name
    for kind in STRATEGIES:
        if kind.name == name:
            return kind
    raise ValueError(f'no strategy "{name}"; there are {", ".join(kind.name for kind in STRATEGIES)}')


def complete(side: Side) -> dict[str, Floats]:
    """All parameters of a side's strategy, each (draw,) or (1,); defaults where it gives none.

    Raises
    ------
    ValueError
        If it gives one that the strategy does not have, or a value out of bounds.
    """
    kind = strategy(side.strategy)
    known = {p.name: p for p in kind.parameters}
    for name, value in side.parameters.items():
        if name not in known:
            raise ValueError(f'"{kind.name}" has no parameter "{name}"; it has {", ".join(known) or "none"}')
        low, high = known[name].low, known[name].high
        if not np.all((value >= low) & (value <= high)):
            raise ValueError(f'"{name}" of "{kind.name}" must lie in {low:g} to {high:g}')
    return {
        name: np.atleast_1d(np.asarray(side.parameters.get(name, p.default), np.float64))
        for name, p in known.items()
    }
