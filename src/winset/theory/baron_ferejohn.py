"""What does each get in a body that votes on one proposal after the other?

Baron and Ferejohn (1989), closed rule; Eraslan (2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.numbers import Bounds, Number
from winset.compiled.sampling import stream
from winset.errors import QuestionError
from winset.kernels.theory.baron_ferejohn import Payoffs, payoffs, play, sessions
from winset.lenses.estimates import Plan
from winset.lenses.results import Result
from winset.theory.inputs import central, drawn, each, inside, planned, whole
from winset.theory.results import Amount, amount
from winset.theory.rubinstein import DISCOUNT

__all__ = ["BaronFerejohnResult", "MemberPayoff", "baron_ferejohn"]

Floats = npt.NDArray[np.float64]

RECOGNITION = Bounds("a weight", Fraction(0))
MOST_MEMBERS = 100
MOST_SESSIONS = 1000
RAREST = 1e-6  # recognition
_CELLS = 5_000_000  # draws times members


@dataclass(frozen=True, slots=True)
class MemberPayoff(Result):
    """What a member can expect, as a share of the pie."""

    member: int  # from 1
    recognised: float  # the probability to propose, at central values
    discount: str  # as given
    value: Amount  # before anybody is recognised
    price: Amount  # for which it votes yes; played: what it has after a refusal
    keeps: Amount  # when it proposes
    bought: Amount  # the probability to be among the partners of another


@dataclass(frozen=True, slots=True)
class BaronFerejohnResult(Result):
    """The stationary equilibrium, or with a last session that by backward induction."""

    plan: Plan
    members: tuple[MemberPayoff, ...]
    quota: int  # votes that pass a proposal, the proposer's counted
    sessions: int | None  # None: without a last one
    equal: bool  # all members are alike


def baron_ferejohn(
    members: int,
    *,
    discount: Any | Sequence[Any],
    quota: int | None = None,
    recognition: Sequence[Any] | None = None,
    sessions: int | None = None,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
) -> BaronFerejohnResult:
    """Payoffs of bargaining in a body under the closed rule.

    Parameters
    ----------
    members
        How many vote, 2 to 100.
    discount
        What a share is worth a session later, between 0 and 1: one for all, or one for each; numbers or
        ranges.
    quota
        Votes that pass a proposal, the proposer's counted; more than half by default.
    recognition
        How likely each is to propose, as weights above 0; equal by default.
    sessions
        After so many nobody gets anything; None is without end.
    draws, rng
        Draws of the ranges, and plays.

    Raises
    ------
    QuestionError
        On a number that cannot be one.
    """
    whole(members, "the number of members", 2, MOST_MEMBERS)
    quota = members // 2 + 1 if quota is None else whole(quota, "the quota", 1, members)
    if sessions is not None:
        whole(sessions, "the number of sessions", 1, MOST_SESSIONS)
    waiting = each(discount, members, lambda raw, what: inside(raw, what, DISCOUNT), "the discount factor")
    weights = _weights(recognition, members)
    asked = planned(draws, rng)
    if asked.draws * members > _CELLS:
        raise QuestionError(
            f"{asked.draws:,} draws for {members} members; at most {_CELLS // members:,} for so many"
        )
    chance, factor = _normalised(central(weights, RECOGNITION)[None]), central(waiting, DISCOUNT)[None]
    at_middle = payoffs(chance, factor, quota, last=sessions)
    if chance.min() < RAREST:
        rare = int(chance.argmin())
        raise QuestionError(
            f"member {rare + 1} would propose with probability {chance[0, rare]:.2g}; "
            f"allowed: {RAREST:g} or more"
        )
    chances = drawn(weights, "baron-ferejohn.recognition", RECOGNITION, asked)
    factors = drawn(waiting, "baron-ferejohn.discount", DISCOUNT, asked)
    over = None
    if chances is not None or factors is not None:
        over = payoffs(
            chance if chances is None else _normalised(chances),
            factor if factors is None else factors,
            quota,
            last=sessions,
        )
    return BaronFerejohnResult(
        asked,
        _members(at_middle, over, chance[0], factor[0], waiting, quota, sessions, asked),
        quota,
        sessions,
        len(set(chance[0])) == 1 and len({n.short() for n in waiting}) == 1 and chances is None,
    )


def _weights(recognition: Sequence[Any] | None, members: int) -> list[Number]:
    if recognition is None:
        return [Number.point(1)] * members
    if len(recognition) != members:
        raise QuestionError(f"{len(recognition)} recognition weights for {members} members; one for each")
    return each(
        recognition, members, lambda raw, what: inside(raw, what, RECOGNITION), "the recognition weight"
    )


def _normalised(weights: Floats) -> Floats:
    shares: Floats = weights / weights.sum(axis=1, keepdims=True)
    return shares


def _members(
    at_middle: Payoffs,
    over: Payoffs | None,
    chance: Floats,
    factor: Floats,
    waiting: Sequence[Number],
    quota: int,
    last: int | None,
    asked: Plan,
) -> tuple[MemberPayoff, ...]:
    strategies = sessions(chance, factor, quota, last=last)

    def plays(name: str, refusals: int) -> tuple[Floats, npt.NDArray[np.int64]]:
        worth, opener, _ = play(
            strategies,
            chance,
            factor,
            quota,
            endless=last is None,
            draws=asked.draws,
            who=stream(asked.seed, f"theory.baron-ferejohn.{name}.proposer", 0),
            whom=stream(asked.seed, f"theory.baron-ferejohn.{name}.partners", 0),
            refusals=refusals,
        )
        return worth, opener

    (worth, opener), (waited, _) = plays("passed", 0), plays("refused", 1)

    def one(i: int) -> MemberPayoff:
        mine = opener == i
        price = float(at_middle.price[0, i])

        def part(of: str, play: npt.NDArray[Any] | None) -> Amount:
            value = float(getattr(at_middle, of)[0, i])
            return amount(value, None if over is None else getattr(over, of)[:, i], play)

        return MemberPayoff(
            i + 1,
            float(chance[i]),
            waiting[i].short(),
            part("value", worth[i]),
            part("price", waited[i]),
            part("keeps", worth[i][mine] if mine.any() else None),
            part("bought", (worth[i] > 0) & ~mine if price > 0 else None),
        )

    return tuple(one(i) for i in range(len(chance)))
