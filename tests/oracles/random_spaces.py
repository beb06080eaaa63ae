"""Random negotiations in which ties, red lines and hopeless or trivial reservation values are common."""

from __future__ import annotations

import numpy as np

from winset.kernels.blocks import Block
from winset.kernels.rule import Gate, Rule


def blocks(rng, parties, *, most_blocks=5, most_cells=5, spread=4, lines=0.15):
    found = []
    for _ in range(rng.integers(1, most_blocks + 1)):
        cells = int(rng.integers(1, most_cells + 1))
        utility = rng.integers(-spread, spread + 1, (cells, parties)).astype(np.int64)
        found.append(Block(utility, rng.random((cells, parties)) < lines))
    return found


def reserve(rng, space):
    parties = space[0].utility.shape[1]
    low = sum(block.utility.min(axis=0) for block in space)
    high = sum(block.utility.max(axis=0) for block in space)
    values = rng.integers(low, high + 2)
    values = np.where(rng.random(parties) < 0.1, -(2**62), values)
    return np.where(rng.random(parties) < 0.05, 2**62, values).astype(np.int64)


def rule(rng, parties):
    gates = []
    for _ in range(rng.integers(0, 3)):
        gates.append(_gate(rng, parties, len(gates)))
    gates.append(_gate(rng, parties, len(gates)))
    return Rule(tuple(gates))


def _gate(rng, parties, earlier):
    members = tuple(
        int(p) for p in rng.permutation(parties)[: rng.integers(0 if earlier else 1, parties + 1)]
    )
    below = tuple(index for index in range(earlier) if rng.random() < 0.7)
    if not members and not below:
        members = (int(rng.integers(parties)),)
    size = len(members) + len(below)
    kind = rng.random()
    threshold = size if kind < 0.4 else 1 if kind < 0.6 else int(rng.integers(1, size + 1))
    return Gate(threshold, members, below)


def large(seed, count, cells, parties, *, lines=0.0):
    """Weights times scores 0..100, in millionths of a point: `count` blocks of `cells` cells."""
    rng = np.random.default_rng(seed)
    weights = rng.random((parties, count))
    weights /= weights.sum(axis=1, keepdims=True)
    return [
        Block(
            np.rint(rng.integers(0, 101, (cells, parties)) * weights[:, i] * 1e6).astype(np.int64),
            rng.random((cells, parties)) < lines,
        )
        for i in range(count)
    ]
