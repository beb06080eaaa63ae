"""Numbers of deals that several lenses need: counted once for a compiled case and a seed."""

from __future__ import annotations

import numpy as np

from winset.compiled import Compiled
from winset.kernels.tally import Tally, tally
from winset.lenses.results import generator

__all__ = ["tallied"]


def tallied(compiled: Compiled, rng: int | np.random.Generator | None, *, limit: int, samples: int) -> Tally:
    """Who accepts how many deals, with whom, and who stands alone in the way; kept when ``rng`` is a seed."""
    key = ("tally", rng, limit, samples) if isinstance(rng, int | np.integer) else None
    if key is None or key not in compiled.memo:
        counts = tally(
            compiled.blocks(),
            compiled.reserve[0],
            compiled.rule,
            rng=generator(rng),
            limit=limit,
            samples=samples,
        )
        if key is None:
            return counts
        compiled.memo[key] = counts
    kept: Tally = compiled.memo[key]
    return kept
