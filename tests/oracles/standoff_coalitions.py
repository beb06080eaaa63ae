"""Coalitional stability from the definitions, state by state, with sets: slow and plain."""

from __future__ import annotations


def stable(plain, concept, group, s) -> bool:
    """``plain`` is a Standoff."""
    others = [j for j in plain.parties if j not in group]

    def better(t):
        return all(plain.ranks[i][t] > plain.ranks[i][s] for i in group)

    for s1 in filter(better, plain.legal(group, s, False)):
        if concept == "nash":
            return False
        for s2 in plain.legal(others, s1, concept == "seq"):
            if better(s2):
                continue
            if concept == "smr" and any(better(s3) for s3 in plain.legal(group, s2, False)):
                continue
            break
        else:
            return False
    return True
