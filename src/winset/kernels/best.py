"""The best deal of the zone for one party, without its frontier.

The zone is the union, over minimal winning coalitions, of the deals that all members accept. For each
coalition the Lagrangian bound of the relaxation by lotteries says how much could be had; coalitions are
searched in the order of their bounds, and those whose bound does not exceed the best deal found are left
out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, prod

import numpy as np

from winset.kernels.blocks import Block, Floats, Indices, Ints
from winset.kernels.feasible import Reduced, feasible, reduce_to
from winset.kernels.relaxation import Relaxation
from winset.kernels.rule import Rule, minimal_coalitions
from winset.kernels.search import search

_LISTED = 1 << 16  # deals that are sooner listed than bounded


def best(
    blocks: Sequence[Block], reserve: Ints, rule: Rule, party: int, *, limit: int = 1_000_000
) -> tuple[int, Indices] | None:
    """Largest utility of a party over the zone, with a deal that has it; None when the zone is empty.

    Returns
    -------
    (utility, intp (block,)) or None

    Raises
    ------
    TooLarge
        The rule has more than 4096 minimal coalitions, or the search passed `limit` prefixes.
    """
    tasks: list[tuple[float, Reduced, list[Ints], Relaxation, Floats]] = []
    found: tuple[int, Indices] | None = None
    for coalition in minimal_coalitions(rule, len(reserve)):
        needed = np.zeros(len(reserve), np.bool_)
        needed[list(coalition)] = True
        reduced = reduce_to(blocks, reserve, needed, party)
        if reduced.blocked is not None:
            continue
        worth = [block.utility[cell, party] for block, cell in zip(blocks, reduced.cell, strict=True)]
        top = np.array([values.argmax() for values in worth], np.intp)
        if not coalition:
            return int(sum(values.max() for values in worth)), top
        total = np.sum([values[cell] for values, cell in zip(reduced.utility, top, strict=True)], axis=0)
        if (total >= reduced.reserve).all():
            value = sum(int(values.max()) for values in worth)
            if found is None or value > found[0]:
                found = value, np.array([c[i] for c, i in zip(reduced.cell, top, strict=True)], np.intp)
            continue
        if prod(len(values) for values in worth) <= _LISTED:
            listed = _listed(reduced, worth)
            if listed is not None and (found is None or listed[0] > found[0]):
                found = listed
            continue
        relaxation = Relaxation(reduced.utility, reduced.reserve, worth)
        solved = relaxation.best_worth()
        if solved is None and not feasible(blocks, reserve, needed, limit=limit).exists:
            continue
        multipliers = np.ones(len(reduced.reserve)) if solved is None else solved[0]
        bound = relaxation.maximiser(multipliers)[1]
        tasks.append((bound, reduced, worth, relaxation, multipliers))
    for bound, reduced, worth, relaxation, multipliers in sorted(tasks, key=lambda task: -task[0]):
        slip = 1e-9 * (abs(bound) + sum(float(np.abs(values).max()) for values in worth))
        if found is not None and floor(bound + slip) <= found[0]:
            continue
        better = search(
            reduced.utility,
            reduced.reserve,
            worth,
            [multipliers],
            relaxation,
            above=None if found is None else found[0],
            limit=limit,
        )
        if better is not None:
            cells = np.array([c[i] for c, i in zip(reduced.cell, better[1], strict=True)], np.intp)
            found = better[0], cells
    return found


def _listed(reduced: Reduced, worth: Sequence[Ints]) -> tuple[int, Indices] | None:
    """The same for one coalition by listing every deal; the first of equal ones."""
    total, gain = np.zeros((1, len(reduced.reserve)), np.int64), np.zeros(1, np.int64)
    for utility, values in zip(reduced.utility, worth, strict=True):
        total = (total[:, None] + utility).reshape(-1, len(reduced.reserve))
        gain = (gain[:, None] + values).ravel()
    fits = np.flatnonzero((total >= reduced.reserve).all(axis=1))
    if not len(fits):
        return None
    top = int(fits[gain[fits].argmax()])
    cells = np.unravel_index(top, [len(values) for values in worth])
    chosen = [int(c[i]) for c, i in zip(reduced.cell, cells, strict=True)]
    return int(gain[top]), np.array(chosen, np.intp)
