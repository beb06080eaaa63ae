"""The least amounts that make given parties say yes, exactly for one deal, and for a deal of any kind draw by
draw.

One deal: each party's gain over its reservation value is known, and *moves* can raise it: a move without a
payer lowers a party's no-deal value by its amount, a move with one takes its amount from the payer's gain and
adds `rate` times as much to the party's. Who pays is not paid, so parties and moves form a bipartite network
with gains (a transportation problem; Dantzig 1963, *Linear Programming and Extensions*, ch. 14 and 21). Its
vertices are forests, and a forest is filled leaf by leaf: some order of steps, each of which settles a
party's shortfall, a payer's surplus or a limit at once, leads to every vertex. So trying all orders finds all
vertices, and among them all that no other solution undercuts. (Where two payers or more can pay two parties
or more at rates that are not a product of one number for each, a vertex may hold a cycle; see `products`.)

Many draws: for one move alone, the least amount that opens the zone is, in each draw, the least over deals of
what the party lacks, among the deals that pass if it and the payer say yes and that leave the payer enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from winset.kernels.blocks import Bools, Floats
from winset.kernels.ensemble import TIE, expand, passes, split
from winset.kernels.rule import Rule, holds

__all__ = ["Move", "least_amounts", "least_per_draw", "products", "undercut"]


@dataclass(frozen=True, slots=True)
class Move:
    """What one unit of an amount does."""

    party: int  # whose gain it raises
    payer: int | None  # whose gain it takes from; None for a lower no-deal value
    rate: Fraction  # by how much it raises the party's gain
    budget: int  # which limit it draws on


def least_amounts(
    gains: Mapping[int, Fraction],
    moves: Sequence[Move],
    budgets: Sequence[Fraction | None],
    most: Sequence[Fraction] | None = None,
) -> set[tuple[Fraction, ...]]:
    """Amounts, one for each move, after which no gain is below 0: corners, and every solution that no other
    undercuts is a mixture of these.

    Parameters
    ----------
    gains
        Of the parties that must say yes. A payer that is not among them pays whatever its limit allows.
    budgets
        The most that all moves of a budget take together; None is no limit.
    most
        The most of each move by itself.
    """
    into: dict[int, list[int]] = {}
    lower: dict[int, list[int]] = {}
    for k, move in enumerate(moves):
        into.setdefault(move.party, []).append(k)
        if move.payer is None:
            lower.setdefault(move.party, []).append(k)
    zero = Fraction(0)
    found: set[tuple[Fraction, ...]] = set()
    stack = [(zero,) * len(moves)]
    seen = set(stack)

    while stack:
        amounts = stack.pop()
        balance = dict(gains)
        used = [zero] * len(budgets)
        paying, paid = set(), set()
        for move, amount in zip(moves, amounts, strict=True):
            if amount:
                used[move.budget] += amount
                if move.party in balance:
                    balance[move.party] += move.rate * amount
                if move.payer is not None:
                    paying.add(move.payer)
                    paid.add(move.party)
                    if move.payer in balance:
                        balance[move.payer] -= amount

        def room(
            k: int, amounts: tuple[Fraction, ...] = amounts, used: list[Fraction] = used
        ) -> Fraction | None:
            limit = budgets[moves[k].budget]
            rooms = [] if limit is None else [limit - used[moves[k].budget]]
            if most is not None:
                rooms.append(most[k] - amounts[k])
            return min(rooms, default=None)

        short = [p for p, value in balance.items() if value < 0]
        if not short:
            if _corner(amounts, balance, used, moves, budgets, most):
                found.add(amounts)
            continue
        for p in short:
            for k in into.get(p, ()):
                move = moves[k]
                steps: list[tuple[int, ...]] = [(k,)]
                limits = [-balance[p] / move.rate, room(k)]
                if move.payer is not None:
                    if move.payer in paid or p in paying or balance.get(move.payer, zero) < 0:
                        continue
                    if move.payer in balance:
                        if balance[move.payer] > 0:
                            limits.append(balance[move.payer])
                        else:  # its gain is spent: it can pay on only as its own no-deal value falls
                            steps = [(k, j) for j in lower.get(move.payer, ())]
                for step in steps:
                    size = min(x for x in (*limits, *(room(j) for j in step)) if x is not None)
                    if size > 0:
                        after = list(amounts)
                        for j in step:
                            after[j] += size
                        if (new := tuple(after)) not in seen:
                            seen.add(new)
                            stack.append(new)
    return found


def _corner(
    amounts: Sequence[Fraction],
    balance: Mapping[int, Fraction],
    used: Sequence[Fraction],
    moves: Sequence[Move],
    budgets: Sequence[Fraction | None],
    most: Sequence[Fraction] | None,
) -> bool:
    """Whether a solution is no mixture of others: what is spent, filled or at its limit determines it."""
    moved = [k for k, amount in enumerate(amounts) if amount]
    zero, one = Fraction(0), Fraction(1)
    rows = [
        [
            (moves[k].rate if moves[k].party == p else zero) - (one if moves[k].payer == p else zero)
            for k in moved
        ]
        for p, value in balance.items()
        if not value
    ]
    rows += [
        [one if moves[k].budget == b else zero for k in moved]
        for b, limit in enumerate(budgets)
        if limit is not None and used[b] == limit
    ]
    if most is not None:
        rows += [[one if k == j else zero for k in moved] for j in moved if amounts[j] == most[j]]
    for c in range(len(moved)):  # elimination: the columns must be independent
        pivot = next((r for r in range(c, len(rows)) if rows[r][c]), None)
        if pivot is None:
            return False
        rows[c], rows[pivot] = rows[pivot], rows[c]
        for r in range(c + 1, len(rows)):
            if rows[r][c]:
                part = rows[r][c] / rows[c][c]
                rows[r] = [x - part * y for x, y in zip(rows[r], rows[c], strict=True)]
    return True


def undercut(
    amounts: Sequence[Fraction],
    gains: Mapping[int, Fraction],
    moves: Sequence[Move],
    budgets: Sequence[Fraction | None],
) -> bool:
    """Whether other amounts, none of them larger, satisfy these parties."""
    own = tuple(amounts)
    return any(other != own for other in least_amounts(gains, moves, budgets, own))


def products(moves: Sequence[Move]) -> bool:
    """Whether the payments' rates are a product of one number for each payer and one for each party paid, as
    they are when all are equal. Then no vertex holds a cycle."""
    rates: dict[tuple[int, int], set[Fraction]] = {}
    for move in moves:
        if move.payer is not None:
            rates.setdefault((move.payer, move.party), set()).add(move.rate)
    if any(len(several) > 1 for several in rates.values()):
        return False
    for (a, x), (b, y) in product(rates, rates):
        if a != b and x != y and (a, y) in rates and (b, x) in rates:
            straight = {r * s for r in rates[a, x] for s in rates[b, y]}
            crossed = {r * s for r in rates[a, y] for s in rates[b, x]}
            if len(straight | crossed) > 1:
                return False
    return True


def least_per_draw(
    tables: Sequence[Floats], reserve: Floats, rule: Rule, moves: Sequence[tuple[int, int | None, float]]
) -> tuple[Bools, Floats]:
    """Whether the zone is open in each draw, and the least amount of each move alone that opens it.

    Parameters
    ----------
    tables : float64 (party, cell, draw), one per group
        Utilities; minus infinity where a red line is crossed.
    reserve : float64 (party, draw)
    rule
        Over the same parties.
    moves
        (party, payer or None, rate); a payer that the tables do not hold is None too.

    Returns
    -------
    bool (draw,)
    float64 (move, draw)
        0 where the zone is open; infinity where no amount opens it.
    """
    draws = reserve.shape[1]
    at = split(tables)
    right = np.ascontiguousarray(expand(tables[at:]))
    opened = np.zeros(draws, np.bool_)
    least = np.full((len(moves), draws), np.inf)
    for cells in np.ndindex(*(t.shape[1] for t in tables[:at])):
        fixed = -reserve
        for table, cell in zip(tables, cells, strict=False):
            fixed = fixed + table[:, cell]
        gain = right + fixed[:, None]  # (party, deal, draw)
        says = gain >= -TIE
        opened |= _passes(rule, says).any(axis=0)
        for party in dict.fromkeys(party for party, _, _ in moves):
            lack = np.maximum(-gain[party], 0.0)  # infinite where a red line is crossed
            alone = None
            for m, (receiver, payer, rate) in enumerate(moves):
                if receiver != party:
                    continue
                if payer is None and alone is not None:
                    passing, amount = alone, lack / rate
                else:
                    yes = says.copy()
                    yes[party] = True
                    amount = lack / rate
                    if payer is not None:
                        yes[payer] = True
                    passing = _passes(rule, yes)
                    if payer is None:
                        alone = passing
                    else:
                        passing = passing & (gain[payer] >= amount - TIE)
                np.minimum(least[m], np.where(passing, amount, np.inf).min(axis=0), out=least[m])
    least[:, opened] = 0.0
    return opened, least


def _passes(rule: Rule, says: Bools) -> Bools:
    """(deal, draw) of (party, deal, draw): whether the rule passes, even one that asks nobody."""
    root = rule.gates[-1]
    if root.parties:
        return passes(rule, says)
    return holds(rule, np.moveaxis(says, 0, -1))
