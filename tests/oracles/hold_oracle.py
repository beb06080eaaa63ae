"""Whether an agreement is kept, by the definitions: plain Python, one draw, values by forward sums.

Written from the statement in ``winset.kernels.hold`` without looking at its arrays. What lies beyond the last
period is not solved for but summed, over so many periods that nothing is left of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

FAR = 4000  # periods that are summed beyond the last
TIE = 1e-9


@dataclass(frozen=True)
class World:
    """One draw; the values are per party where they have an index."""

    keep: tuple[tuple[float, ...], ...]  # [period][party]
    alone: tuple[tuple[float, ...], ...]  # points of each period without a deal, [period][party]
    extra: tuple[float, ...]  # added for good to whoever broke it and is known to: edge less punishment
    gain: tuple[float, ...]
    patience: tuple[float, ...]
    seen: tuple[float, ...]
    shock: float
    stays: tuple[tuple[float, ...], ...] = ()  # points that stay when the deal is gone, [period][party]


def outlook(world: World, party: int, period: int) -> float:
    """(1 - d) sum d^k x_(period + k), the last x repeated for ever."""
    d, last = world.patience[party], len(world.alone) - 1
    return (1 - d) * sum(d**k * world.alone[min(period + k, last)][party] for k in range(FAR))


def solve(world: World) -> tuple[int, tuple[int, ...]]:
    """The first period in which it is broken (the last for none) and by whom."""
    parties, last = range(len(world.gain)), len(world.keep) - 1

    @cache
    def alone(party: int, period: int) -> float:
        left = world.stays[min(period, last)][party] if world.stays else 0.0
        return outlook(world, party, min(period, last)) + left

    def broken(party: int, period: int) -> float:
        return alone(party, period) + world.extra[party]

    def for_ever_kept(party: int) -> float:
        d, s, r = world.patience[party], world.shock, world.keep[last][party]
        total, stands = 0.0, 1.0
        for k in range(FAR):  # the shock comes at the end of period k
            total += d**k * stands * ((1 - d) * r + d * s * alone(party, last))
            stands *= 1 - s
        return total

    def for_ever_hidden(party: int) -> float:
        d, s, q = world.patience[party], world.shock, world.seen[party]
        total, stands = 0.0, 1.0
        for k in range(FAR):
            now = (1 - d) * (world.keep[last][party] + world.gain[party])
            ends = s * alone(party, last) + (1 - s) * q * broken(party, last)
            total += d**k * stands * (now + d * ends)
            stands *= (1 - s) * (1 - q)
        return total

    @cache
    def broke(party: int, period: int) -> float:
        """X: what breaking it alone is worth."""
        if period == last:
            return max(for_ever_hidden(party), broken(party, last))
        d, s, q = world.patience[party], world.shock, world.seen[party]
        after = q * broken(party, period + 1) + (1 - q) * broke(party, period + 1)
        now = (1 - d) * (world.keep[period][party] + world.gain[party])
        hidden = now + d * (s * alone(party, period + 1) + (1 - s) * after)
        return max(hidden, broken(party, period))

    @cache
    def kept(party: int, period: int) -> float:
        """K: what keeping it in this period is worth."""
        if period == last:
            return for_ever_kept(party)
        d, s = world.patience[party], world.shock
        now = (1 - d) * world.keep[period][party]
        return now + d * ((1 - s) * stands(party, period + 1) + s * alone(party, period + 1))

    @cache
    def breakers(period: int) -> tuple[int, ...]:
        return tuple(p for p in parties if broke(p, period) - kept(p, period) > TIE)

    def stands(party: int, period: int) -> float:
        """C: what the period brings if the deal still stands."""
        who = breakers(period)
        if not who:
            return kept(party, period)
        return broke(party, period) if who == (party,) else alone(party, period)

    for period in range(last):
        if breakers(period):
            return period, breakers(period)
    return last, ()
