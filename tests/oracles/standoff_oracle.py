"""Stability from the definitions, state by state, with sets: slow and plain."""

from __future__ import annotations

from collections.abc import Iterator


class Standoff:
    """A conflict with options; states are numbers whose bits are the options."""

    def __init__(self, owner, feasible, ranks, once):
        self.owner, self.ranks, self.once = list(owner), ranks, list(once)
        self.states = [s for s in range(1 << len(owner)) if feasible[s]]
        self.parties = range(len(ranks))
        self.arcs = {
            (i, s): {t for t in self.states if self._may(i, s, t)} for i in self.parties for s in self.states
        }

    def _may(self, i, s, t):
        if s == t:
            return False
        for o, whose in enumerate(self.owner):
            a, b = s >> o & 1, t >> o & 1
            if a != b and (whose != i or (self.once[o] > 0 and a) or (self.once[o] < 0 and b)):
                return False
        return True

    def improvements(self, i, s):
        return {t for t in self.arcs[i, s] if self.ranks[i][t] > self.ranks[i][s]}

    def legal(self, parties, s, improving) -> set[int]:
        """States that the parties reach from s by sequences in which nobody moves twice in a row."""
        seen = set()
        open_ = [(s, None)]
        while open_:
            at, last = open_.pop()
            for j in parties:
                if j == last:
                    continue
                for t in self.improvements(j, at) if improving else self.arcs[j, at]:
                    if (t, j) not in seen:
                        seen.add((t, j))
                        open_.append((t, j))
        return {t for t, _ in seen}

    def stable(self, concept, i, s) -> bool:
        rank = self.ranks[i]
        others = [j for j in self.parties if j != i]
        for s1 in self.improvements(i, s):
            if concept == "nash":
                return False
            found = False
            for s2 in self.legal(others, s1, concept in ("seq", "sseq")):
                if rank[s2] > rank[s]:
                    continue
                if concept in ("smr", "sseq") and any(rank[s3] > rank[s] for s3 in self.arcs[i, s2]):
                    continue
                found = True
            if not found:
                return False
        return True

    def all(self, concept) -> Iterator[tuple[int, int, bool]]:
        for i in self.parties:
            for s in self.states:
                yield i, s, self.stable(concept, i, s)
