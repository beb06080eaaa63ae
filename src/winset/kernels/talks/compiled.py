"""The rounds of sides that follow the clock, compiled (docs/decisions/009-compiled-rounds.md).

The level that a side asks never rises, so that every deal has one first round from which the side would offer
or accept it. A pass over the deals finds the first round in which some deal suits everybody; there can be no
agreement before. Only from there on are offers worked out: every deal that comes within reach in one of the
next few rounds is put into its round, where the least remains. Then these rounds are walked through, and if
they end without agreement, some more.

The outcome has the same bits as that of ``rounds``, to which this is a short cut.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from winset.kernels.compiling import fast, given
from winset.kernels.ensemble import TIE

__all__ = ["gather", "meet", "meet_alike"]

Array = npt.NDArray[Any]
End = tuple[int, int, int, int]  # deal, round, by, how it ended; the last is -1 where it did not

_BINS = 64  # of the utilities of deals that come within reach, for looking up their rounds


#: What is given beside utilities (reserve, share, slack, limit, first, proposer), and filled (deal, last, by,
#: ended).
_TALKS = (
    given(types.float64, 2),
    given(types.float64, 3),
    given(types.float64, 2),
    given(types.intp, 1),
    given(types.intp, 1),
    given(types.int8, 2),
    types.int32[::1],
    types.int32[::1],
    types.int8[::1],
    types.int8[::1],
)


@fast(given(types.float64, 3, "A"), types.float64[:, :, ::1])
def gather(utility: Array, rows: Array) -> None:
    """Copy (side, deal, draw) to (draw, side, deal)."""
    draws, sides, deals = rows.shape
    for side in range(sides):
        for deal in range(deals):
            for draw in range(draws):
                rows[draw, side, deal] = utility[side, deal, draw]


@fast()
def _most(row: Array, bits: Array, whole: Array, one: Array) -> float:
    """The largest number of a row.

    Positive floats are in the order of their bits read as whole numbers, which the processor compares several
    at a time; where none is positive they are compared as they are. ``bits`` and ``one`` are ``row`` and
    ``whole`` as whole numbers; ``whole`` has room for one number.
    """
    most = bits[0]
    for n in range(1, len(bits)):
        most = max(most, bits[n])
    if most > 0:
        one[0] = most
        return float(whole[0])
    largest = row[0]
    for u in row:
        largest = max(largest, u)
    return float(largest)


@fast()
def _least_from(row: Array, bits: Array, low: float, whole: Array, one: Array) -> float:
    """The least number of a row from ``low`` on, or infinity; as ``_most``."""
    whole[0] = np.inf
    beyond = one[0]
    if low > 0:
        whole[0] = low
        bound, least = one[0], beyond
        for n in range(len(bits)):
            least = min(least, bits[n] if bits[n] >= bound else beyond)
        one[0] = least
        return float(whole[0])
    smallest = np.inf
    for u in row:
        if u >= low:
            smallest = min(smallest, u)
    return float(smallest)


@fast()
def _base(row: Array, reserve: float) -> float:
    """The least that the side may come down to, as ``Table.base``."""
    least = np.inf
    for u in row:
        if u > -np.inf:
            if u <= reserve:
                return reserve
            least = min(least, u)
    return reserve if least == np.inf else least


@fast()
def _ask(share: Array, slack: float, base: float, top: float, level: Array) -> None:
    """Fill the level of every round, as ``Table.levels``."""
    for n in range(len(level)):
        level[n] = max((top - base) * share[n] + base - slack, base) - TIE


@fast()
def _reach(level: Array, utility: float, until: int) -> int:
    """The first round (from 0) whose level a utility reaches; it reaches that of ``until - 1``."""
    low, high = 0, until - 1
    while low < high:
        middle = (low + high) >> 1
        if level[middle] <= utility:
            high = middle
        else:
            low = middle + 1
    return low


@fast()
def _earliest(row: Array, level: Array, limit: int, low: Array) -> int:
    """The first round (from 0) in which some deal suits all sides; ``limit`` if there is none before."""
    sides, deals = row.shape
    bound = limit
    low[:] = level[:, bound - 1]
    one, other = row[0], row[1]
    deal = 0
    while deal < deals:
        if (one[deal] >= low[0]) & (other[deal] >= low[1]):
            suits = True
            for side in range(2, sides):
                suits &= row[side, deal] >= low[side]
            if suits:
                latest = 0
                for side in range(sides):
                    latest = max(latest, _reach(level[side], row[side, deal], bound))
                bound = latest
                if bound == 0:
                    return 0
                low[:] = level[:, bound - 1]
        deal += 1
    return bound


@fast()
def _schedule(
    row: Array,
    bits: Array,
    level: Array,
    since: int,
    until: int,
    near: Array,
    chosen: Array,
    value: Array,
    start: Array,
    whole: Array,
    one: Array,
) -> None:
    """Fill ``chosen`` from round ``since`` to before ``until``: the least deal that comes within reach in the
    round, or -1; in the first of them the least of all that are within reach by then.

    The round of a deal is looked up by the bin of its utility: ``start`` holds the first round whose level
    lies in that bin or below it. One and the same rising function finds both, so it is never too late.
    """
    low, high = level[until - 1], level[since]
    scale = _BINS / (high - low) if high - low > 1e-300 else 0.0
    bin_ = _BINS
    for n in range(since, until):
        chosen[n], value[n] = -1, np.inf
        lowest = int((level[n] - low) * scale)
        while bin_ >= lowest:
            start[bin_] = n
            bin_ -= 1
    value[since] = _least_from(row, bits, high, whole, one)
    count = 0
    for deal in range(len(row)):
        near[count] = deal
        count += (row[deal] >= low) & (row[deal] < high)
    if value[since] < np.inf:
        deal = 0
        while row[deal] != value[since]:
            deal += 1
        chosen[since] = deal
    for k in range(count):
        deal = near[k]
        u = row[deal]
        n = start[int((u - low) * scale)]
        while level[n] > u:
            n += 1
        before, least = chosen[n], value[n]
        chosen[n] = deal if u < least else before
        value[n] = u if u < least else least


@fast()
def _alternate(
    row: Array, level: Array, chosen: Array, since: int, until: int, first: int, offer: Array
) -> End:
    """Rounds of alternating offers."""
    sides = len(row)
    standing, proposer, yes = -1, -1, 0
    offer[:] = -1
    for n in range(since, until):
        for turn in range(sides):
            side = (first + turn) % sides
            if chosen[side, n] >= 0:
                offer[side] = chosen[side, n]
            if standing >= 0 and row[side, standing] >= level[side, n]:
                yes += 1
                if yes == sides - 1:
                    return standing, n + 1, proposer, 0
            else:
                standing, proposer, yes = offer[side], side, 0
    return -1, 0, -1, -1


@fast()
def _random(
    row: Array, level: Array, chosen: Array, since: int, until: int, proposers: Array, offer: Array
) -> End:
    """Rounds with a random proposer."""
    sides = len(row)
    offer[:] = -1
    for n in range(since, until):
        for side in range(sides):
            if chosen[side, n] >= 0:
                offer[side] = chosen[side, n]
        side = proposers[n]
        agreed = True
        for other in range(sides):
            agreed &= other == side or row[other, offer[side]] >= level[other, n]
        if agreed:
            return offer[side], n + 1, side, 0
    return -1, 0, -1, -1


@fast()
def _walk_out(able: Array, limit: int, first: int, proposers: Array) -> End:
    """Who has nothing to offer leaves when it is to make an offer; before that there is no agreement."""
    sides = len(able)
    if not len(proposers):
        for turn in range(sides):
            side = (first + turn) % sides
            if not able[side]:
                return -1, 1, side, 3
    for n in range(min(limit, len(proposers))):
        if not able[proposers[n]]:
            return -1, n + 1, proposers[n], 3
    return -1, 0, -1, -1


@fast(given(types.float64, 3), *_TALKS)
def meet(
    rows: Array,
    reserve: Array,
    share: Array,
    slack: Array,
    limit: Array,
    first: Array,
    proposer: Array,
    deal: Array,
    last: Array,
    by: Array,
    ended: Array,
) -> None:
    """Play the rounds of all draws.

    Parameters
    ----------
    rows : float64 (draw, side, deal)
        Of two sides or more.
    reserve : float64 (side, draw)
    share : float64 (side, round, draw or 1)
    slack : float64 (side, draw or 1)
    limit, first : intp (draw,)
    proposer : int8 (draw, round)
        Of a random proposer; (draw, 0) for alternating offers.
    deal, last, by, ended : (draw,)
        Filled: the outcome.
    """
    draws, sides, deals = rows.shape
    rounds = share.shape[1]
    level, able, low = np.empty((sides, rounds)), np.empty(sides, np.bool_), np.empty(sides)
    near, start = np.empty(deals + 1, np.int32), np.empty(_BINS + 1, np.int32)
    chosen, value = np.empty((sides, rounds), np.int32), np.empty(rounds)
    offer = np.empty(sides, np.int32)
    whole = np.empty(1)
    one, bits = whole.view(np.int64), rows.view(np.int64)
    likely = rounds  # the first round that may suit everybody in the next draw comes hardly later
    for draw in range(draws):
        row = rows[draw]
        willing = True
        for side in range(sides):
            top = _most(row[side], bits[draw, side], whole, one)
            base = _base(row[side], reserve[side, draw])
            asked = share[side, :, draw if share.shape[2] > 1 else 0]
            _ask(asked, slack[side, draw if slack.shape[1] > 1 else 0], base, top, level[side])
            able[side] = top != -np.inf and top >= base - TIE
            willing &= able[side]
        if not willing:
            done = _walk_out(able, limit[draw], first[draw], proposer[draw])
        else:
            done = -1, 0, -1, -1
            bound = min(likely, limit[draw])
            earliest = _earliest(row, level, bound, low)
            if earliest == bound < limit[draw]:
                earliest = _earliest(row, level, limit[draw], low)
            likely = min(earliest + rounds // 8 + 1, rounds)
            if proposer.shape[1]:
                since = earliest
            elif sides == 2:  # all offers before were refused, the last of them one round earlier
                since = max(0, earliest - 1)
            else:  # who has accepted what so far decides who speaks
                since = 0
            ahead = 2 + rounds // 12
            until = earliest
            while done[3] < 0 and until < limit[draw]:
                until = min(earliest + ahead, limit[draw])
                ahead *= 2
                for side in range(sides):
                    _schedule(
                        row[side], bits[draw, side], level[side], since, until, near, chosen[side], value,
                        start, whole, one,
                    )  # fmt: skip
                if proposer.shape[1]:
                    done = _random(row, level, chosen, since, until, proposer[draw], offer)
                else:
                    done = _alternate(row, level, chosen, since, until, first[draw], offer)
        deal[draw], last[draw], by[draw], ended[draw] = done
        if done[3] < 0:
            last[draw], ended[draw] = limit[draw], 1 if limit[draw] == rounds else 2


@fast()
def _offers(ranked: Array, order: Array, level: Array, until: int, chosen: Array) -> None:
    """Fill ``chosen`` up to a round with the least deal that is within reach, or -1; deals are ranked."""
    at = len(ranked)
    for n in range(until):
        while at > 0 and ranked[at - 1] >= level[n]:
            at -= 1
        chosen[n] = order[at] if at < len(ranked) else -1


@fast(given(types.float64, 2), given(types.float64, 2), given(types.int32, 2), *_TALKS)
def meet_alike(
    row: Array,
    ranked: Array,
    order: Array,
    reserve: Array,
    share: Array,
    slack: Array,
    limit: Array,
    first: Array,
    proposer: Array,
    deal: Array,
    last: Array,
    by: Array,
    ended: Array,
) -> None:
    """``meet`` where deals are worth the same in all draws: they are ranked once.

    Parameters
    ----------
    row : float64 (side, deal)
    ranked : float64 (side, deal)
        From the least up.
    order : int32 (side, deal)
        The deals in that order, equal ones by their numbers.
    """
    sides, deals = row.shape
    draws, rounds = len(limit), share.shape[1]
    level, able = np.empty((sides, rounds)), np.empty(sides, np.bool_)
    chosen, offer = np.empty((sides, rounds), np.int32), np.empty(sides, np.int32)
    lowest = np.empty(sides)  # utility that is not minus infinity
    for side in range(sides):
        n = np.searchsorted(ranked[side], -np.inf, side="right")
        lowest[side] = ranked[side, n] if n < deals else np.inf
    for draw in range(draws):
        willing = True
        for side in range(sides):
            top, base = ranked[side, deals - 1], max(lowest[side], reserve[side, draw])
            if lowest[side] == np.inf:
                base = reserve[side, draw]
            asked = share[side, :, draw if share.shape[2] > 1 else 0]
            _ask(asked, slack[side, draw if slack.shape[1] > 1 else 0], base, top, level[side])
            able[side] = top != -np.inf and top >= base - TIE
            willing &= able[side]
        if not willing:
            done = _walk_out(able, limit[draw], first[draw], proposer[draw])
        else:
            for side in range(sides):
                _offers(ranked[side], order[side], level[side], limit[draw], chosen[side])
            if proposer.shape[1]:
                done = _random(row, level, chosen, 0, limit[draw], proposer[draw], offer)
            else:
                done = _alternate(row, level, chosen, 0, limit[draw], first[draw], offer)
        deal[draw], last[draw], by[draw], ended[draw] = done
        if done[3] < 0:
            last[draw], ended[draw] = limit[draw], 1 if limit[draw] == rounds else 2
