"""Limited-move stability as a tree of moves, from the definitions: slow and plain."""

from __future__ import annotations


def two_parties(plain, h, i, s):
    """G_h(i, s) of Kilgour 1985 for two parties and strict preferences: the final state."""
    ranks = plain.ranks
    if h == 0 or not plain.arcs[i, s]:
        return s
    ends = {s1: two_parties(plain, h - 1, 1 - i, s1) for s1 in plain.arcs[i, s]}
    best = max(ends.values(), key=lambda end: ranks[i][end])
    return best if ranks[i][best] > ranks[i][s] else s


class Foresight:
    """Any number of parties, ties included: the sets of final states that a party's turn may lead to."""

    def __init__(self, plain):
        self.plain = plain
        self.known = {}

    def ends(self, h, j, s) -> frozenset[int]:
        """Final states if it is for j to move or stay at s; exactly {s} and staying if it stays."""
        return self._turn(h, j, s)[0]

    def moves(self, h, j, s) -> bool:
        return self._turn(h, j, s)[1]

    def _turn(self, h, j, s):
        if (h, j, s) not in self.known:
            self.known[h, j, s] = self._decide(h, j, s)
        return self.known[h, j, s]

    def _decide(self, h, j, s):
        rank = self.plain.ranks[j]
        if h == 0 or not self.plain.arcs[j, s]:
            return frozenset([s]), False
        after = {}
        for s1 in self.plain.arcs[j, s]:
            movers = [k for k in self.plain.parties if k != j and self.moves(h - 1, k, s1)]
            after[s1] = frozenset().union(*(self.ends(h - 1, k, s1) for k in movers)) or frozenset([s1])
        worth = {s1: min(rank[t] for t in ends) for s1, ends in after.items()}
        best = max(worth.values())
        if best <= rank[s]:
            return frozenset([s]), False
        return frozenset().union(*(after[s1] for s1 in after if worth[s1] == best)), True
