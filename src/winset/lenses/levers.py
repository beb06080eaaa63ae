"""What is the least change that opens the zone, or that makes an open zone likely enough?

A lever is something that could be changed: a side payment, a red line read more narrowly or dropped, a new
option, a guarantee, a lower no-deal value, another rule of consent. The lens lists every change for which no
smaller one would do (Pareto-minimal: it pulls no lever and moves no point in vain), at central values and
exactly; and what levers do to the probability that the zone is not empty. Such moves change the game rather
than play it (Sebenius 1983, International Organization 37:281-316, on adding and subtracting issues and
parties; Lax and Sebenius 2006, *3-D Negotiation*; on side payments Raiffa 1982, *The Art and Science of
Negotiation*). The lens lists and does not recommend. Whose yes a change does without, and who of them is
affected or absent, is named with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.levers import Continuous, Discrete, Levers, compile_levers, worth
from winset.errors import QuestionError
from winset.kernels.limits import TooLarge
from winset.lenses.estimates import Estimate
from winset.lenses.lever_menu import Menu, Opening, menu_of
from winset.lenses.lever_odds import LeversOdds, Reach, reaches
from winset.lenses.results import NotComputed, Progress, Result, ready

__all__ = [
    "Amount",
    "Change",
    "LeverView",
    "LeversOdds",
    "LeversResult",
    "OpenedDeal",
    "Reach",
    "Searched",
    "levers",
]

LeverKind = Literal["payment", "relax", "drop", "add", "guarantee", "lower", "consent", "without"]


@dataclass(frozen=True, slots=True)
class LeverView(Result):
    """A lever as the lens read it."""

    name: str
    kind: LeverKind
    party: str | None  # whose red line or no-deal value, who gets the guarantee, whose yes is not asked for
    payers: tuple[str, ...]
    paid: tuple[str, ...]
    red_line: int | None  # its place in the party's list
    type: str | None  # the type of the party whose list that is
    when: str | None  # what the red line refuses
    to: str | None  # what it refuses then
    issue: str | None
    option: str | None
    worth: float | None  # of a guarantee, central value in points
    rule: str | None  # the new rule of consent, in words
    cap: float | None  # most points; None where there is no limit
    rate: float | None  # points to the receiver for each of the payer
    price: float | None
    unit: str
    because: tuple[str, ...]
    note: str | None
    unheard: tuple[str, ...]  # parties whose yes is needed now and no longer then
    affected: tuple[str, ...]  # those of them that are affected or absent


@dataclass(frozen=True, slots=True)
class Amount(Result):
    """Points that a change moves."""

    lever: str
    payer: str | None  # None where a no-deal value falls
    party: str  # who is paid, or whose no-deal value falls
    points: float  # of the payer's own scale, or of the no-deal value
    received: float | None  # points of the party's own scale; None where nobody pays


@dataclass(frozen=True, slots=True)
class OpenedDeal(Result):
    """A deal that a change opens."""

    deal: dict[str, str]  # issue -> option
    utility: dict[str, float]  # party -> points, before payments and guarantees
    gain: dict[str, float]  # party -> points over its reservation value, with the change
    accepts: tuple[str, ...]  # parties that say yes
    refuses: tuple[str, ...]  # parties that say no, and whose yes is not needed then


@dataclass(frozen=True, slots=True)
class Change(Result):
    """A minimal change: with fewer levers or smaller amounts of these alone the zone stays empty."""

    levers: tuple[str, ...]
    amounts: tuple[Amount, ...]
    price: dict[str, float] | None  # unit -> price of all; None where a lever has no price
    deal: OpenedDeal
    unheard: tuple[str, ...]  # parties whose yes is needed as things stand and not then
    affected: tuple[str, ...]  # those of them that are affected or absent
    chance: Estimate | None  # that the zone is not empty, over draws
    over_base: Estimate | None


@dataclass(frozen=True, slots=True)
class Searched(Result):
    """What was looked at, so that no cheaper change is missing."""

    sets: int  # of levers that are pulled or not
    deals: int  # with all added options
    points: int  # efficient deals that were tried; every other deal is no better for those concerned
    together: int  # most levers of that kind in one change
    complete: bool  # no minimal change is missing
    arithmetic: Literal["exact fractions", "rounded"]


@dataclass(frozen=True, slots=True)
class LeversResult(Result):
    """Changes that open the zone at central values, and what levers do over all draws."""

    stated: bool  # the levers are the author's; otherwise they are the default menu
    levers: tuple[LeverView, ...]
    needed: tuple[str, ...]
    open: bool | NotComputed  # without any lever
    menu: tuple[Change, ...] | NotComputed  # the first `most`, fewest levers first
    size: int | None  # of the whole menu
    searched: Searched | None
    odds: LeversOdds | NotComputed


def levers(
    case: Case | Compiled,
    *,
    target: float | None = None,
    most: int = 20,
    together: int = 2,
    limit: int = 1_000_000,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> LeversResult:
    """List the least changes that open the zone, and what levers do to its probability.

    Parameters
    ----------
    target
        The probability of an open zone that is wanted, from 0 to 1; by default a half, or, where it is that
        already, halfway to 1.
    most
        Changes to list.
    together
        Most levers that are combined to reach the target.
    limit
        Largest number of partial deals to hold in the search for efficient ones.
    draws, rng, method
        How many joint draws of the ranges and types (0 leaves them out), their seed, and how: "random" or
        "sobol". By default 2,048; fewer where there are very many deals.
    progress
        Told how far the draws are.

    Raises
    ------
    QuestionError
        If the target is not a probability, or ``most`` or ``together`` is below 1.

    Notes
    -----
    A payer that the rule names, before or after the change, refuses to pay more than its gain over no deal;
    others pay up to their cap. Nobody both pays and is paid in one change. A price is that of the whole
    lever; a part of its points costs that part of its price.
    """
    if target is not None and not 0 < target <= 1:
        raise QuestionError(f"--target is {target:g}; a probability above 0% and up to 100%, e.g. 60%")
    for name, value in (("most", most), ("together", together)):
        if value < 1:
            raise QuestionError(f"{name} is {value}; at least 1")
    compiled = ready(case)
    made = compile_levers(compiled)
    found: Menu | NotComputed
    try:
        found = menu_of(made, limit=limit)
    except TooLarge as large:
        found = NotComputed(f"the search passed its limit of {large.limit:,}")
    openings = [] if isinstance(found, NotComputed) else _ordered(made, found.openings)
    odds, chances = reaches(
        made,
        openings[:most],
        target=target,
        together=together,
        draws=draws,
        rng=rng,
        method=method,
        progress=progress,
    )
    listed = tuple(
        _change(made, opening, chances[n] if chances else None) for n, opening in enumerate(openings[:most])
    )
    exact: Literal["exact fractions", "rounded"] = "rounded" if made.central.rounded else "exact fractions"
    return LeversResult(
        stated=made.stated,
        levers=_views(made),
        needed=tuple(compiled.parties[r] for r in compiled.rulers),
        open=found if isinstance(found, NotComputed) else found.open,
        menu=found if isinstance(found, NotComputed) else listed,
        size=None if isinstance(found, NotComputed) else len(openings),
        searched=None
        if isinstance(found, NotComputed)
        else Searched(found.sets, made.central.deals, found.points, found.together, found.complete, exact),
        odds=odds,
    )


def _ordered(made: Levers, openings: Sequence[Opening]) -> list[Opening]:
    """Fewest levers first, then the fewest points moved."""

    def key(o: Opening) -> tuple[int, int, Fraction, tuple[int, ...], tuple[int, ...]]:
        moved = tuple(k for k, amount in enumerate(o.amounts) if amount)
        return len(o.pulled) + len(moved), len(moved), sum(o.amounts, Fraction(0)), o.pulled, moved

    return sorted(openings, key=key)


def _change(made: Levers, opening: Opening, chance: tuple[Estimate, Estimate] | None) -> Change:
    pulled = [made.discrete[n] for n in opening.pulled]
    moved = [(x, a) for x, a in zip(made.continuous, opening.amounts, strict=True) if a]
    unheard = _unheard(made, opening.pulled)
    return Change(
        levers=tuple(dict.fromkeys([*(x.name for x in pulled), *(x.name for x, _ in moved)])),
        amounts=tuple(
            Amount(x.name, x.payer, x.party, float(a), float(a * x.rate) if x.payer is not None else None)
            for x, a in moved
        ),
        price=_price(made, pulled, moved),
        deal=_deal(made, opening),
        unheard=unheard,
        affected=_affected(made, unheard),
        chance=chance[0] if chance else None,
        over_base=chance[1] if chance else None,
    )


def _price(
    made: Levers, pulled: Sequence[Discrete], moved: Sequence[tuple[Continuous, Fraction]]
) -> dict[str, float] | None:
    total: dict[str, Fraction] = {}
    for x in pulled:
        if x.price is None:
            return None
        total[x.unit] = total.get(x.unit, Fraction(0)) + x.price
    for move, amount in moved:
        if move.price is None or move.cap is None:
            return None
        payers = {x.payer for x in made.continuous if x.name == move.name}
        part = amount / (move.cap * len(payers))
        total[move.unit] = total.get(move.unit, Fraction(0)) + move.price * part
    return {unit: float(price) for unit, price in total.items()}


def _deal(made: Levers, opening: Opening) -> OpenedDeal:
    """The deal with everybody's gain, by the definitions."""
    compiled = made.central
    deal = compiled.deal(opening.cells)
    utility = {p: compiled.utility(deal, p) for p in compiled.parties}
    gain = {p: utility[p] - compiled.values[p].reserve for p in compiled.parties}
    for n in opening.pulled:
        lever = made.discrete[n]
        if lever.kind == "guarantee" and lever.party is not None:
            gain[lever.party] += worth(lever)
    for x, amount in zip(made.continuous, opening.amounts, strict=True):
        gain[x.party] += x.rate * amount
        if x.payer is not None:
            gain[x.payer] -= amount
    sure = {compiled.parties[p] for p in opening.accepting}
    accepts = []
    for n, p in enumerate(compiled.parties):
        lines = [made.refused(line, opening.pulled) for line in made.central_lines[n]]
        crossed = any(match is not None and match.holds(deal) for match in lines)
        if p in sure or (not crossed and gain[p] >= 0):
            accepts.append(p)
    return OpenedDeal(
        deal,
        {p: float(u) for p, u in utility.items()},
        {p: float(g) for p, g in gain.items()},
        tuple(accepts),
        tuple(p for p in compiled.parties if p not in accepts),
    )


def _unheard(made: Levers, pulled: Sequence[int]) -> tuple[str, ...]:
    """Parties that the rule names as things stand, and not with these levers."""
    gone = {made.discrete[n].party for n in pulled if made.discrete[n].kind == "without"}
    then = set(made.rule(pulled).parties()) - gone
    return tuple(p for p in made.case.parties if p in made.case.consent.parties() and p not in then)


def _affected(made: Levers, parties: Sequence[str]) -> tuple[str, ...]:
    who = made.case.parties
    return tuple(p for p in parties if who[p].affected or who[p].seat == "absent")


def _views(made: Levers) -> tuple[LeverView, ...]:
    out = []
    names = made.base.case.names()
    for n, x in enumerate(made.discrete):
        line = None if x.line is None else made.lines[x.line]
        stated = made.base.case.levers.get(x.name)
        unheard = _unheard(made, (n,))
        out.append(
            LeverView(
                name=x.name,
                kind=x.kind,
                party=x.party,
                payers=(),
                paid=(),
                red_line=None if line is None else line.number,
                type=None if line is None else line.kind,
                when=None if line is None else line.stated.when.short(),
                to=None if x.to is None else x.to.short(),
                issue=x.issue,
                option=x.option,
                worth=None if x.worth is None else float(worth(x)),
                rule=None if x.rule is None else x.rule.short(names),
                cap=None,
                rate=None,
                price=None if x.price is None else float(x.price),
                unit=x.unit,
                because=stated.because if stated else (),
                note=stated.note if stated else None,
                unheard=unheard,
                affected=_affected(made, unheard),
            )
        )
    for name in dict.fromkeys(x.name for x in made.continuous):
        arcs = [x for x in made.continuous if x.name == name]
        first, stated = arcs[0], made.base.case.levers.get(name)
        paying = first.payer is not None
        out.append(
            LeverView(
                name=name,
                kind="payment" if paying else "lower",
                party=None if paying else first.party,
                payers=tuple(dict.fromkeys(x.payer for x in arcs if x.payer is not None)),
                paid=tuple(dict.fromkeys(x.party for x in arcs)) if paying else (),
                red_line=None,
                type=None,
                when=None,
                to=None,
                issue=None,
                option=None,
                worth=None,
                rule=None,
                cap=None if first.cap is None else float(first.cap),
                rate=float(first.rate) if paying else None,
                price=None if first.price is None else float(first.price),
                unit=first.unit,
                because=stated.because if stated else (),
                note=stated.note if stated else None,
                unheard=(),
                affected=(),
            )
        )
    return tuple(out)
