"""Bayes' rule by counting worlds, in fractions: slow, and without any code of the package.

A world says which type the party is and, for each thing that counts, whether it was seen. Its probability is
the prior of the type times the likelihood of each thing that was seen and one less that of each that was not.
What is believed afterwards are the worlds in which everything was seen.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

Data = dict[str, Any]
Chances = dict[str, Fraction]


def things(data: Data, party: str, *, apart: bool = False) -> list[Chances]:
    """What counts, each with its likelihood by type: single items, and groups once."""
    out: list[Chances] = []
    groups: dict[str, list[Chances]] = {}
    for item in data.get("evidence", {}).values():
        if item["about"] != party:
            continue
        likely = {t: Fraction(str(x)) for t, x in item["likelihoods"].items()}
        if "group" in item and not apart:
            groups.setdefault(item["group"], []).append(likely)
        else:
            out.append(likely)
    for name, members in groups.items():
        stated = data.get("evidence_groups", {}).get(name)
        if stated is not None:
            out.append({t: Fraction(str(x)) for t, x in stated["likelihoods"].items()})
        else:
            best = members[0]
            for other in members[1:]:
                if _telling(other) > _telling(best):
                    best = other
            out.append(best)
    return out


def _telling(likely: Chances) -> tuple[bool, Fraction]:
    above = [x for x in likely.values() if x > 0]
    return len(above) < len(likely), max(above) / min(above)


def after(prior: Chances, seen: list[Chances]) -> Chances:
    """Type to its probability, by adding up worlds."""
    told = dict.fromkeys(prior, Fraction(0))
    for kind, world in product(prior, product((True, False), repeat=len(seen))):
        weight = prior[kind]
        for likely, happened in zip(seen, world, strict=True):
            weight *= likely[kind] if happened else 1 - likely[kind]
        if all(world):
            told[kind] += weight
    total = sum(told.values())
    return {kind: x / total for kind, x in told.items()}


def bits(chances: Chances, signals: dict[str, Chances]) -> float:
    """Mutual information of signal and type: the sum of p(s, t) log2 (p(s, t) / p(s) p(t))."""
    out = 0.0
    for likely in signals.values():
        each = sum(chances[t] * likely[t] for t in chances)
        for t in chances:
            joint = chances[t] * likely[t]
            if joint:
                out += float(joint) * math.log2(joint / (each * chances[t]))
    return out
