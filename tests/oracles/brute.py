"""Definitions of the kernels' answers, by enumeration in plain Python."""

from __future__ import annotations

from itertools import combinations, product


def deals(blocks):
    """Every deal as (cells, utility, crossed), in mixed-radix order (the last block varies fastest)."""
    tables = [(block.utility.tolist(), block.crossed.tolist()) for block in blocks]
    parties = blocks[0].utility.shape[1]
    for cells in product(*(range(len(utility)) for utility, _ in tables)):
        utility = [0] * parties
        crossed = [False] * parties
        for (values, lines), cell in zip(tables, cells, strict=True):
            for party in range(parties):
                utility[party] += values[cell][party]
                crossed[party] = crossed[party] or lines[cell][party]
        yield cells, tuple(utility), tuple(crossed)


def accept(utility, crossed, reserve):
    return tuple(
        not c and u >= r for u, c, r in zip(utility, crossed, [int(r) for r in reserve], strict=True)
    )


def holds(rule, answers):
    def gate(index):
        g = rule.gates[index]
        return sum(answers[p] for p in g.parties) + sum(gate(i) for i in g.gates) >= g.threshold

    return gate(len(rule.gates) - 1)


def zone(blocks, rule, reserve):
    return [deal for deal in deals(blocks) if holds(rule, accept(deal[1], deal[2], reserve))]


def dominates(a, b):
    return a != b and all(x >= y for x, y in zip(a, b, strict=True))


def frontier(found):
    """Efficient utility vectors of the deals found, each with the number of deals that reach it."""
    count = {}
    for _, utility, _ in found:
        count[utility] = count.get(utility, 0) + 1
    return {u: n for u, n in count.items() if not any(dominates(v, u) for v in count)}


def minimal_coalitions(rule, parties):
    winning = [
        set(c)
        for k in range(parties + 1)
        for c in combinations(range(parties), k)
        if holds(rule, [p in c for p in range(parties)])
    ]
    return sorted(tuple(sorted(c)) for c in winning if not any(d < c for d in winning))


def attainable(blocks, reserve):
    """Maximal sets of parties that some deal satisfies together."""
    sets = {frozenset(p for p, yes in enumerate(accept(u, c, reserve)) if yes) for _, u, c in deals(blocks)}
    return sorted(tuple(sorted(s)) for s in sets if not any(s < t for t in sets))
