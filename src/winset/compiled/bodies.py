"""Bodies and the rule of consent as games of votes, in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from winset.case.model import Body
from winset.case.rules import Passes, Rule
from winset.kernels.power import Asked, Game, terms

__all__ = ["body_game", "consent_game"]


def body_game(body: Body) -> Game:
    """The game of a body; each of several members alike is a voter of its own, in the order of the file.

    Raises
    ------
    TooLarge
        The rule, written out, has too many terms.
    """
    names = list(dict.fromkeys(weight for weight, _ in body.passes.leaves()))
    rows = {w: [body.weight(m, w) for m, member in body.members.items() for _ in range(member.times)]
            for w in names}  # fmt: skip
    scale = {w: math.lcm(*(x.denominator for x in row)) for w, row in rows.items()}

    def asked(rule: Passes) -> Asked | tuple[int, int]:
        if rule.weight is None or rule.quota is None:
            return Asked(rule.threshold, tuple(map(asked, rule.parts)))
        needed = rule.quota.needed(sum(rows[rule.weight], Fraction(0))) * scale[rule.weight]
        least = math.floor(needed) + 1 if rule.quota.strict else math.ceil(needed)
        return names.index(rule.weight), least

    weights = tuple(tuple(int(x * scale[w]) for x in rows[w]) for w in names)
    return Game(weights, terms(Asked(1, (asked(body.passes),)), len(names)))


def consent_game(rule: Rule, parties: Sequence[str]) -> Game:
    """The rule of consent as a game of the parties that it names, one vote each.

    Parties that stand side by side in an "all", an "any" or an "at least" are one weight; where rules stand
    beside them in an "at least", each has a weight of its own.

    Raises
    ------
    TooLarge
        The rule, written out, has too many terms.
    """
    rows: list[tuple[int, ...]] = []

    def weight(members: Sequence[str]) -> int:
        row = tuple(int(p in members) for p in parties)
        if row not in rows:
            rows.append(row)
        return rows.index(row)

    def asked(inner: Rule) -> Asked | tuple[int, int]:
        if inner.party is not None:
            return weight([inner.party]), 1
        alone = [m.party for m in inner.members if m.party is not None]
        rules = [m for m in inner.members if m.party is None]
        every = inner.threshold == len(inner.members)
        if alone and not rules:
            return weight(alone), inner.threshold
        if len(alone) > 1 and (every or inner.threshold == 1):
            group = (weight(alone), len(alone) if every else 1)
            return Asked(1 + len(rules) if every else 1, (group, *map(asked, rules)))
        return Asked(inner.threshold, tuple(map(asked, inner.members)))

    whole = Asked(1, (asked(rule),))
    return Game(tuple(rows), terms(whole, len(rows)))
