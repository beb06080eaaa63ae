"""The six dilemmas from their definitions, state by state and option by option, with sets."""

from __future__ import annotations

from itertools import product


class Confrontation:
    """States are tuples of truth values, one for each option."""

    def __init__(self, owner, feasible, rank, positions, threatened):
        self.owner, self.rank = owner, rank  # rank: party -> state -> number
        self.feasible = feasible  # set of states
        self.positions = positions  # party -> state, of those who have taken one
        self.threatened = threatened

    def makes(self, party, state):
        """The states that a party can make of one by its own options alone."""
        choices = [
            (False, True) if whose == party else (taken,)
            for whose, taken in zip(self.owner, state, strict=True)
        ]
        return {s for s in product(*choices) if s in self.feasible}

    def tempted(self, party, state):
        return {s for s in self.makes(party, state) if self.rank[party][s] > self.rank[party][state]}

    def found(self):
        """Every dilemma as (kind, whose, towards whom)."""
        t, out = self.threatened, set()
        for i, mine in self.positions.items():
            for j, theirs in self.positions.items():
                if mine == theirs:
                    continue
                if self.tempted(i, t):
                    out.add(("threat", i, None))
                if self.rank[i][theirs] > self.rank[i][t]:
                    out.add(("rejection", i, j))
                if self.rank[j][t] > self.rank[j][mine]:
                    out.add(("persuasion", i, j))
                if self.rank[i][theirs] > self.rank[i][mine]:
                    out.add(("positioning", i, j))
            if self.tempted(i, mine):
                out.add(("cooperation", i, None))
            for j in self.rank:
                if j != i and self.tempted(j, mine):
                    out.add(("trust", i, j))
        return out
