"""A body divides a pie by votes: one member, picked by chance, proposes, and all vote at once (closed rule).

Baron and Ferejohn (1989), American Political Science Review 83:1181-1206. In each session member i is
recognised with probability p_i and proposes a division. With q votes, its own counted, it passes; else a
new session begins, and what member i gets there is worth d_i times as much. A proposal cannot be amended.

In a stationary equilibrium a member votes for its *price* c_i = d_i v_i or more, where v_i is what a
session is worth to it before anybody is recognised, and whoever proposes buys the q - 1 cheapest others.
With equal members v = 1/n, the price is d/n, and the proposer keeps 1 - d (q - 1) / n (their Proposition
3, which has a simple majority and thus 1 - d (n - 1) / (2n)).

For any p and d, payoffs are the same in all stationary equilibria (Eraslan 2002, Journal of Economic
Theory 103:11-30). They are found here as follows. Let k be the price of the dearest partner that is
bought, A what a proposer keeps who is not cheaper than k, and r = k / A. Then members fall into three
groups:

    dearer than k, never bought            v_i = p_i A
    cheaper than k, bought by everybody    v_i = p_i (A - k) / (1 - d_i)
    at k, bought by some                   v_i = k / d_i

and the chance to be bought is, in all three, m_i = 1/d_i - p_i/r brought between 0 and 1 - p_i. Everybody
buys q - 1 partners, so that the m_i sum to q - 1. That sum never falls with r, and where it rises one r
solves it. A follows from what the q - 1 partners cost: 1 = A + sum of the cheaper ones' prices + (q - 1 -
their number) k.

With a last session, after which nobody gets anything, prices follow by backward induction. Among partners
that cost the same, all are then equally likely to be bought; other ways of choosing among them may give
other payoffs (Norman 2002, Journal of Economic Theory 102:322-353).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Payoffs", "Session", "payoffs", "play", "sessions"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_HALVINGS = 100
_SAME = 1e-9  # prices that are so close, relatively, are the same


@dataclass(frozen=True, slots=True)
class Payoffs:
    """What the first session is worth, for each draw of the inputs."""

    value: Floats  # (draw, member): before anybody is recognised
    price: Floats  # (draw, member): the least for which it votes yes
    keeps: Floats  # (draw, member): what it keeps when it proposes
    bought: Floats  # (draw, member): the probability to be among the partners of another


@dataclass(frozen=True, slots=True)
class Session:
    """Strategies in one session."""

    price: Floats  # (member,)
    partners: Floats  # (proposer, member): the probability to be bought; a row sums to quota - 1


def payoffs(recognition: Floats, discount: Floats, quota: int, *, last: int | None = None) -> Payoffs:
    """What the first session is worth to each.

    Parameters
    ----------
    recognition : float64 (draw, member)
        Above 0; each row sums to 1.
    discount : float64 (draw, member)
        Between 0 and 1.
    quota
        Votes that pass a proposal, the proposer's counted.
    last
        Number of sessions; None is without end.
    """
    recognition, discount = np.broadcast_arrays(recognition, discount)
    if last is None:
        return _endless(recognition, discount, quota)
    *_, first = _backwards(recognition, discount, quota, last)
    return first


def _endless(recognition: Floats, discount: Floats, quota: int) -> Payoffs:
    ceiling = 1 - recognition
    # from this ratio on everybody is always bought
    top = discount * recognition / (1 - discount * ceiling)
    low, high = np.zeros(len(recognition)), top.max(axis=1)
    for _ in range(_HALVINGS):
        ratio = (low + high) / 2
        bought = np.clip(1 / discount - recognition / ratio[:, None], 0.0, ceiling)
        more = bought.sum(axis=1) < quota - 1
        low, high = np.where(more, ratio, low), np.where(more, high, ratio)
    ratio = high[:, None]
    bought = np.clip(1 / discount - recognition / ratio, 0.0, ceiling)
    always, never = bought >= ceiling, bought <= 0
    one = np.where(always, discount * recognition * (1 - ratio) / (1 - discount), 0.0)  # price over A
    rest = quota - 1 - always.sum(axis=1, keepdims=True)
    kept = 1 / (1 + one.sum(axis=1, keepdims=True) + rest * ratio)
    dear = ratio * kept
    price = np.where(always, one * kept, np.where(never, discount * recognition * kept, dear))
    keeps = kept + np.where(always, price - dear, 0.0)  # who is cheap itself must buy a dearer one instead
    return Payoffs(price / discount, price, keeps, bought)


def _backwards(recognition: Floats, discount: Floats, quota: int, last: int) -> Iterator[Payoffs]:
    """The last session, the one before, and so on to the first."""
    price = np.zeros(recognition.shape)
    for _ in range(last):
        keeps, bought = _buying(price, recognition, quota)
        found = Payoffs(recognition * keeps + bought * price, price, keeps, bought)
        yield found
        price = discount * found.value


def _buying(price: Floats, recognition: Floats, quota: int) -> tuple[Floats, Floats]:
    """What each keeps as a proposer, and the probability to be bought, ties being equally likely."""
    cheap, level, dear = _groups(price, quota)
    n_cheap, n_level = cheap.sum(axis=1, keepdims=True), level.sum(axis=1, keepdims=True)
    cost = np.where(cheap, price, 0.0).sum(axis=1, keepdims=True)
    cost = cost + np.where(cheap, (quota - n_cheap) * dear - price, (quota - 1 - n_cheap) * dear)
    by_cheap = np.where(cheap, recognition, 0.0).sum(axis=1, keepdims=True)
    by_level = np.where(level, recognition, 0.0).sum(axis=1, keepdims=True)
    some = (
        by_cheap * (quota - n_cheap) / n_level
        + (1 - by_cheap - by_level) * (quota - 1 - n_cheap) / n_level
        + (by_level - recognition) * (quota - 1 - n_cheap) / np.maximum(n_level - 1, 1)
    )
    return 1 - cost, np.where(cheap, 1 - recognition, np.where(level, some, 0.0))


def _groups(price: Floats, quota: int) -> tuple[Bools, Bools, Floats]:
    """(draw, member): cheaper than the q-th cheapest; as cheap; and that price, (draw, 1)."""
    dear = np.sort(price, axis=1)[:, quota - 1 : quota]
    slack = _SAME * dear
    return price < dear - slack, np.abs(price - dear) <= slack, dear


def sessions(recognition: Floats, discount: Floats, quota: int, *, last: int | None = None) -> list[Session]:
    """Strategies that make up the equilibrium: one session that repeats, or each up to the last.

    Parameters
    ----------
    recognition, discount : float64 (member,)
    """
    if last is None:
        found = payoffs(recognition[None], discount[None], quota)
        price = found.price[0]
        return [Session(price, _mixture(found.bought[0], recognition, quota))]
    out = []
    for found in _backwards(recognition[None], discount[None], quota, last):
        cheap, level, _ = _groups(found.price, quota)
        out.append(Session(found.price[0], _evenly(cheap[0], level[0], quota)))
    return out[::-1]


def _evenly(cheap: Bools, level: Bools, quota: int) -> Floats:
    """(proposer, member): all that are cheap, and the others that are needed with even chances."""
    members = len(cheap)
    out = np.zeros((members, members))
    for j in range(members):
        others = np.arange(members) != j
        out[j, cheap & others] = 1.0
        some = level & others
        if some.any():
            out[j, some] = (quota - 1 - (cheap & others).sum()) / some.sum()
    return out


def _mixture(bought: Floats, recognition: Floats, quota: int) -> Floats:
    """(proposer, member): probabilities that make each be bought as often as its value says.

    Even chances where they do; else some that do, by a linear programme. Payoffs are the same with all.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    always, never = bought >= 1 - recognition - _SAME, bought <= _SAME
    out = _evenly(always, ~always & ~never, quota)
    (level,) = np.nonzero(~always & ~never)
    if np.abs(recognition @ out - bought).max() < _SAME or len(level) < 2:
        return out
    members, many = len(bought), len(level)
    row, column = (part.ravel() for part in np.indices((members, many)))
    place = np.arange(members * many)
    picks = coo_array((np.ones(members * many), (row, place)))
    is_picked = coo_array((recognition[row], (column, place)))
    found = linprog(
        np.zeros(members * many),
        A_eq=vstack([picks, is_picked]),
        b_eq=np.concatenate([out[:, level].sum(axis=1), bought[level]]),
        bounds=np.column_stack([np.zeros(members * many), level[column] != row]),
        method="highs",
    )
    if found.x is None:
        raise ArithmeticError(f"no mixture of partners was found: {found.message}")
    out[:, level] = found.x.reshape(members, many)
    return out


def play(
    strategies: list[Session],
    recognition: Floats,
    discount: Floats,
    quota: int,
    *,
    endless: bool,
    draws: int,
    who: np.random.Generator,
    whom: np.random.Generator,
    refusals: int = 0,
) -> tuple[Floats, Ints, Ints]:
    """Play the strategies, session by session.

    Parameters
    ----------
    strategies
        One for each session; the last one repeats if ``endless``.
    who, whom
        Recognise the proposer, and pick its partners.
    refusals
        So many first proposals fail whatever they are.

    Returns
    -------
    float64 (member, draw)
        Shares, as they are worth in the first session; 0 where nothing passed.
    int64 (draw,)
        Who proposed in the first session.
    int64 (draw,)
        The session in which a proposal passed, from 1; 0 for none.
    """
    members, upto = len(recognition), np.cumsum(recognition)
    worth, passed = np.zeros((members, draws)), np.zeros(draws, np.int64)
    opener = np.zeros(draws, np.int64)
    number = 0
    while not passed.all() and (endless or number < len(strategies)):
        session = strategies[min(number, len(strategies) - 1)]
        proposer = np.minimum(np.searchsorted(upto, who.random(draws), side="right"), members - 1)
        if not number:
            opener = proposer
        # systematic sampling: as many partners as there must be, each with its own probability
        steps = np.cumsum(session.partners[proposer], axis=1)
        steps[:, -1] = quota - 1
        marks = np.floor(steps + whom.random(draws)[:, None])
        offers = np.diff(marks, axis=1, prepend=0.0) * session.price
        mine = np.arange(draws), proposer
        offers[mine] = 1 - offers.sum(axis=1)
        yes = offers >= session.price - _SAME
        yes[mine] = True
        passes = (passed == 0) & (yes.sum(axis=1) >= quota) & (number >= refusals)
        worth[:, passes] = (offers[passes] * discount**number).T
        passed[passes] = number + 1
        number += 1
    return worth, opener, passed
