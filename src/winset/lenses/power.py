"""Who has how much power in the bodies that decide, and by the rule of consent?

Power a priori: how often a member's vote decides when nothing is known of what members want. Shapley and
Shubik (1954), Penrose (1946) and Banzhaf (1965), Coleman (1971), Deegan and Packel (1978). All exact, but
for the first where votes are in the millions: its error is then far below what is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.bodies import body_game, consent_game
from winset.kernels import power as kernel
from winset.kernels.limits import TooLarge
from winset.lenses.results import NotComputed, Result

__all__ = ["BodyPower", "MemberPower", "PowerResult", "power"]


@dataclass(frozen=True, slots=True)
class MemberPower(Result):
    """The power of a member; of several alike, the power of each."""

    member: str
    times: int  # so many alike
    weights: dict[str, float]  # weight that the rule asks for -> the member's
    shapley: float  # the chance to swing, all orders of joining equally likely; over members they sum to 1
    swings: int  # losing coalitions that win with it
    banzhaf: float  # swings over all coalitions of the others
    normalised: float  # swings over everybody's swings
    prevent: float  # swings over winning coalitions: its power to stop what would pass
    initiate: float  # swings over losing coalitions: its power to carry what would fail
    veto: bool  # nothing passes without it
    dummy: bool  # it swings nothing


@dataclass(frozen=True, slots=True)
class Minima(Result):
    """The minimal winning coalitions."""

    number: int
    holding: dict[str, int]  # member -> those that hold it; of several alike, each
    deegan: dict[str, float]  # member -> Deegan-Packel index; of several alike, of each


@dataclass(frozen=True, slots=True)
class Votes(Result):
    """What the members of one body can do."""

    winning: int  # winning coalitions
    act: float  # Coleman's power of the body to act: winning over all coalitions
    members: tuple[MemberPower, ...]
    vetoes: tuple[str, ...]
    dummies: tuple[str, ...]
    shapley_error: float  # at most; 0 where it is exact, above 0 where sums of votes are in the millions


@dataclass(frozen=True, slots=True)
class BodyPower(Result):
    """One body, or the parties by the rule of consent."""

    body: str  # its id; "" for the rule of consent
    ratifies: str | None  # the party whose signature it must confirm
    size: int  # members, each of several alike counted
    votes: Votes | NotComputed
    minimal: Minima | NotComputed


@dataclass(frozen=True, slots=True)
class PowerResult(Result):
    """Power a priori."""

    bodies: tuple[BodyPower, ...]
    consent: BodyPower


def power(case: Case | Compiled) -> PowerResult:
    """Work out the power of every member of every body, and of every party by the rule of consent.

    Notes
    -----
    Exact whatever the weights: up to 40 members, or few kinds of members, or one weight with sums of some ten
    thousand for 200 members. With one weight and sums up to some millions all is exact but the Shapley-Shubik
    index, see ``Votes.shapley_error``. What would take longer says so.
    """
    inner = case.case if isinstance(case, Compiled) else case
    bodies = []
    for name, body in inner.bodies.items():
        weights = list(dict.fromkeys(w for w, _ in body.passes.leaves()))
        members = [
            (m, member.times, {w: float(body.weight(m, w)) for w in weights})
            for m, member in body.members.items()
        ]
        bodies.append(_body(name, body.ratifies, members, lambda body=body: body_game(body)))  # type: ignore[misc]
    parties = inner.consent.parties()
    voters: list[tuple[str, int, dict[str, float]]] = [(p, 1, {}) for p in parties]
    return PowerResult(tuple(bodies), _body("", None, voters, lambda: consent_game(inner.consent, parties)))


def _body(
    name: str,
    ratifies: str | None,
    members: Sequence[tuple[str, int, dict[str, float]]],
    make: Callable[[], kernel.Game],
) -> BodyPower:
    size = sum(times for _, times, _ in members)
    votes: Votes | NotComputed
    minimal: Minima | NotComputed
    first, at = [], 0  # one voter stands for several alike
    for _, times, _ in members:
        first.append(at)
        at += times
    try:
        game = make()
        found = kernel.power(game)
    except TooLarge:
        why = NotComputed(f"{size:,} members with these weights and quotas are too many for an exact count")
        return BodyPower(name, ratifies, size, why, why)
    each = tuple(
        MemberPower(
            member=member,
            times=times,
            weights=weights,
            shapley=float(found.shapley[i]),
            swings=found.swings[i],
            banzhaf=float(found.banzhaf[i]),
            normalised=float(found.normalised[i]),
            prevent=float(found.prevent[i]),
            initiate=float(found.initiate[i]),
            veto=found.veto[i],
            dummy=found.dummy[i],
        )
        for (member, times, weights), i in zip(members, first, strict=True)
    )
    votes = Votes(
        winning=found.winning,
        act=float(found.act),
        members=each,
        vetoes=tuple(m.member for m in each if m.veto),
        dummies=tuple(m.member for m in each if m.dummy),
        shapley_error=found.error,
    )
    try:
        least = kernel.minimal(game)
        minimal = Minima(
            least.number,
            {m: least.holding[i] for (m, _, _), i in zip(members, first, strict=True)},
            {m: float(least.deegan[i]) for (m, _, _), i in zip(members, first, strict=True)},
        )
    except TooLarge:
        minimal = NotComputed(
            f"the minimal winning coalitions of {size:,} members by this rule are too many to list"
        )
    return BodyPower(name, ratifies, size, votes, minimal)
