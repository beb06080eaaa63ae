"""What happens without a deal, where that is a contest that one side wins at a cost to both?

A war, a trial, a strike: which settlements both sides prefer to it (Fearon 1995, International Organization
49:379-414), what one offer in ignorance of the other's costs leads to (the same), whether power shifts faster
than a promise can hold (Powell 2006, International Organization 60:169-203), how long fighting takes to teach
both enough (after Smith and Stam 2004, Journal of Conflict Resolution 48:783-813), and which conditions of
ripeness are met (Zartman 1989, 2000).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.case.war import Contest, war_numbers
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.sampling import PIECE, Method, Sampler
from winset.errors import QuestionError
from winset.kernels.contest.terms import TIE
from winset.kernels.ensemble import acceptance
from winset.kernels.rule import unanimity
from winset.lenses.contest_terms import Terms
from winset.lenses.estimates import (
    DRAWS,
    Estimate,
    Plan,
    Spread,
    conditional,
    estimate,
    plan,
    share,
    spread,
)
from winset.lenses.per_draw import PerDraw
from winset.lenses.results import NotComputed, Progress, Result

__all__ = [
    "BargainingRange",
    "ContestResult",
    "ContestSide",
    "Demand",
    "Escalates",
    "Hurting",
    "Learning",
    "OptionShare",
    "Ripeness",
    "ShiftingPower",
    "WarResult",
    "WayOut",
    "chancy",
    "contests_in_draws",
    "war",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

MOST = 1_000_000  # draws
MOST_DEALS = 100_000  # that are listed in every draw
_NONE = NotComputed("the case states no contest that would settle the matter")


@dataclass(frozen=True, slots=True)
class ContestSide(Result):
    """A party to the contest. All shares are its own, as it sees them."""

    party: str
    wins: Spread  # its chance to prevail
    cost: Spread  # share of the stake
    fighting: Spread  # what fighting is worth to it, as a share of the stake; may be below 0
    least: Spread  # the least share that it prefers to fighting
    points: Spread | None  # what its cost is in utility points, where the stake is valued
    because: tuple[str, ...]  # claims that its numbers cite


@dataclass(frozen=True, slots=True)
class BargainingRange(Result):
    """Shares of the first party that both prefer to fighting."""

    low: Spread
    high: Spread
    central: tuple[float, float]  # the same at central values
    width: Spread  # high less low; below 0 where there is none
    open: Estimate  # probability that some share that can be agreed on is in it
    optimism: (
        Estimate | None
    )  # that both sides' own chances add up to more than 1; None: one estimate for both
    too_optimistic: Estimate  # that no share at all is in it
    indivisible: Estimate | None  # that shares are in it, but none that can be agreed on; None if divisible


@dataclass(frozen=True, slots=True)
class OptionShare(Result):
    """An option of an issue as a division of the stake."""

    issue: str
    option: str
    share: Spread  # that it gives to the first party
    inside: Estimate  # probability that both prefer it to fighting
    fights: dict[str, Estimate]  # party -> probability that it does better by fighting


@dataclass(frozen=True, slots=True)
class Demand(Result):
    """One offer, take it or leave it, by a party that does not know the other's costs."""

    by: str
    to: str
    demand: Spread  # the share that it demands for itself
    central: float
    refused: Estimate  # probability of fighting, over costs of the other and draws
    central_refused: float


@dataclass(frozen=True, slots=True)
class ShiftingPower(Result):
    """Whether power shifts by more than the bargaining surplus before the horizon."""

    rises: dict[str, Estimate]  # party -> probability that its chance to prevail grows
    shift: Spread  # of the first party's chance, each month
    met: Estimate  # probability that the condition is met at some time
    fights: dict[str, Estimate]  # party that falls -> probability that it does better by fighting now
    central: bool  # met at central values
    months: Spread | None  # when first, of the draws in which it is met; None: in none of them
    bound: Spread | None  # there, the share of the stake that a promise would have to bind
    limit: Spread | None  # the largest change each month at which it would not be met, of the draws in which
    # some change would; None: in none of them
    limited: Estimate  # probability that some change would


@dataclass(frozen=True, slots=True)
class Learning(Result):
    """How long fighting takes until both sides' estimates leave something to agree on."""

    apart: Estimate  # probability that they differ by more than both costs together at the outset
    meet: Estimate | None  # given that, that they meet before the horizon; None where they never are apart
    trials: Spread | None  # of these, how many trials of strength it takes
    months: Spread | None


@dataclass(frozen=True, slots=True)
class Hurting(Result):
    """Whether going on makes things worse for a party."""

    party: str
    contest: Estimate | NotComputed  # probability that its value of fighting falls, as the contest moves
    change: Spread | None  # by how much each month, in shares of the stake
    points: Spread | None  # the same in utility points, where the stake is valued
    stated: Estimate | NotComputed  # probability that its no-deal value falls, as the talks have it
    stated_change: Spread | None  # points each month


@dataclass(frozen=True, slots=True)
class Escalates(Result):
    """Whether a party could gain by escalating."""

    party: str
    no_better: Estimate | NotComputed  # probability that it could not
    gain: Spread | None  # what it would bring, in shares of the stake


@dataclass(frozen=True, slots=True)
class WayOut(Result):
    """Whether a party sees a way out."""

    party: str
    some: Estimate | NotComputed  # probability that some deal is acceptable to it


@dataclass(frozen=True, slots=True)
class Ripeness(Result):
    """The conditions of ripeness, one by one; they are never added up."""

    hurting: tuple[Hurting, ...]
    both_hurting: Estimate | NotComputed  # as the contest moves
    both_hurting_stated: Estimate | NotComputed  # as the talks have it
    escalation: tuple[Escalates, ...]
    neither_better: Estimate | NotComputed
    way_out: tuple[WayOut, ...]
    shared: Estimate | NotComputed  # probability that some deal is acceptable to both
    deal: dict[str, str] | None  # the one that is most often
    deal_accepted: Estimate | None


@dataclass(frozen=True, slots=True)
class ContestResult(Result):
    """One contest."""

    name: str
    kind: str
    over: str | None
    between: tuple[str, str]
    because: tuple[str, ...]  # claims
    wins: Spread  # the first's chance to prevail, in the judge's eyes
    sides: tuple[ContestSide, ...]
    range: BargainingRange
    options: tuple[OptionShare, ...]
    demand: Demand | NotComputed
    power: ShiftingPower | NotComputed
    learning: Learning | NotComputed
    ripeness: Ripeness


@dataclass(frozen=True, slots=True)
class ContestQuantity:
    """Something that a contest comes to, draw by draw."""

    what: str
    of: str  # option, as "issue: option"; "" where it is about none
    party: str  # "" where it is nobody's
    told: PerDraw | NotComputed


@dataclass(frozen=True, slots=True)
class WarResult(Result):
    """What happens without a deal, contest by contest."""

    plan: Plan
    contests: tuple[ContestResult, ...] | NotComputed


def war(
    case: Case | Compiled,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> WarResult:
    """What happens without a deal, by the contests that the case states under ``war``.

    Parameters
    ----------
    draws, rng, method
        How the unknowns are drawn.

    Raises
    ------
    QuestionError
        On too many draws.
    """
    model = uncertain(case, also=("war", "talks"))
    contests = model.case.war
    asked = plan(draws if draws is not None else DRAWS if chancy(model) else 1, rng, method=method)
    if asked.draws > MOST:
        raise QuestionError(f"{asked.draws:,} draws; this lens takes at most {MOST:,}")
    if not contests:
        return WarResult(asked, _NONE)
    seen, common = _look(model, asked, progress)
    return WarResult(
        asked,
        tuple(
            _Answer(model, asked, name, body, seen[name], common[name]).result()
            for name, body in contests.items()
        ),
    )


def chancy(model: Uncertain) -> bool:
    """Whether anything about the contests of a case differs from draw to draw."""
    contests = model.case.war
    return bool(contests) and (bool(model.inputs) or any(body.battles for body in contests.values()))


def contests_in_draws(
    model: Uncertain, asked: Plan, progress: Progress | None = None
) -> dict[str, tuple[ContestQuantity, ...]] | NotComputed:
    """What each contest comes to in every draw.

    Parameters
    ----------
    model
        With the unknowns of the war and of the talks.
    """
    contests = model.case.war
    if not contests:
        return _NONE
    seen, common = _look(model, asked, progress)
    return {
        name: tuple(_Answer(model, asked, name, body, seen[name], common[name]).in_draws())
        for name, body in contests.items()
    }


# ------------------------------------------------------------------------------------------- over the draws


@dataclass(frozen=True, slots=True)
class _Seen:
    """One contest over all draws: arrays (draw,), or (row, draw)."""

    wins: Floats
    own: Floats  # (party, draw): chance to prevail in its own eyes
    cost: Floats  # (party, draw)
    least: Floats  # (party, draw)
    possible: Bools
    open: Bools
    shares: Floats  # (option, draw)
    stake: Floats  # (party, draw); 1 where the stake is not valued
    demand: Floats  # (demanded or refused, draw)
    power: Floats  # (shift, excess, time, slowest, draw)
    learnt: Floats  # (trials, months each, horizon, draw); trials -1 for never
    change: Floats  # (party, draw)
    stated: Floats  # (party, draw)
    escalated: Floats  # (party, draw)
    sees: Bools  # (party, draw): some deal is acceptable to it
    both: Bools  # (draw,): some deal is acceptable to both


def _look(
    model: Uncertain, asked: Plan, progress: Progress | None
) -> tuple[dict[str, _Seen], dict[str, Counts]]:
    """All contests in all draws; and for each deal, the draws in which both accept it."""
    contests = model.case.war
    common = {name: np.zeros(0, np.int64) for name in contests}
    fighters = [
        n for n, p in enumerate(model.parties) if any(p in body.between for body in contests.values())
    ]
    parts: dict[str, list[_Seen]] = {name: [] for name in contests}
    sampler = Sampler(model, asked.seed, method=asked.method)
    for start in range(0, asked.draws, PIECE):
        if progress is not None:
            progress("drawing the unknowns", start, asked.draws)
        values = model.values(sampler.scores(start, min(PIECE, asked.draws - start)))
        for at in range(0, len(values), sampler.width):
            piece = model.draws(values[at : at + sampler.width], first=start + at, parties=fighters)
            for name, body in contests.items():
                seen, counts = _piece(model, asked.seed, name, body, piece)
                parts[name].append(seen)
                common[name] = common[name] + counts if len(common[name]) else counts
    whole = {
        name: _Seen(*(np.concatenate([getattr(p, f.name) for p in pieces], axis=-1) for f in fields(_Seen)))
        for name, pieces in parts.items()
    }
    return whole, common


def _piece(model: Uncertain, seed: int, name: str, body: Contest, piece: Draws) -> tuple[_Seen, Counts]:
    terms = Terms(model, name, body, piece.values)
    nothing = np.full(piece.count, np.nan)

    def rows(found: Sequence[Floats | None]) -> Floats:
        return np.stack([nothing if row is None else row for row in found])

    low, high = terms.range
    demand = terms.demand() if body.private else (nothing, nothing)
    power = (terms.shift, *terms.commitment()) if body.shift else (nothing,) * 4
    learnt = (nothing,) * 3
    if body.battles is not None:
        after, every = terms.learning(seed, piece.first)
        learnt = (after.astype(np.float64), every, terms.horizon)
    sees, both, common = _ways_out(model, body, piece)
    seen = _Seen(
        wins=terms.wins,
        own=np.stack([terms.seen[0], 1 - terms.seen[1]]),
        cost=np.stack(terms.cost),
        least=np.stack([low, 1 - high]),
        possible=terms.possible,
        open=low <= high + TIE,
        shares=np.stack(list(terms.shares.values())) if terms.shares else np.zeros((0, piece.count)),
        stake=rows([terms.stake(p) for p in body.between]),
        demand=np.stack(demand),
        power=np.stack(power),
        learnt=np.stack(learnt),
        change=rows([terms.change(p) for p in body.between]),
        stated=rows([terms.stated_drift(p) for p in body.between]),
        escalated=rows([terms.escalated(p) for p in body.between]),
        sees=sees,
        both=both,
    )
    return seen, common


def _ways_out(model: Uncertain, body: Contest, piece: Draws) -> tuple[Bools, Bools, Counts]:
    """(party, draw) and (draw,): whether some deal is acceptable to each, and to both; (deal,): how often."""
    sees = np.zeros((2, piece.count), np.bool_)
    both = np.zeros(piece.count, np.bool_)
    common = np.zeros(0, np.int64)
    at = [model.parties.index(p) if p in model.parties else None for p in body.between]
    for row, p in enumerate(at):
        if p is not None:  # terms add up over groups, so the best deal is the best cell of each
            best = np.sum([t[0].max(axis=0) for t in piece.tables([p])], axis=0)
            sees[row] = best >= piece.reserve[p] - TIE
    if None not in at and model.deals <= MOST_DEALS:
        pair = [p for p in at if p is not None]
        found = acceptance(piece.tables(pair), piece.reserve[pair], unanimity(2))
        both, common = found.open, found.zone
    return sees, both, common


# ------------------------------------------------------------------------------------------------ the answer


class _Answer:
    """One contest's draws as a result."""

    def __init__(
        self, model: Uncertain, asked: Plan, name: str, body: Contest, seen: _Seen, common: Counts
    ) -> None:
        self.model, self.asked, self.name, self.body = model, asked, name, body
        self.seen, self.common = seen, common
        self.method: Method = asked.method
        mine = [n for n, item in enumerate(model.inputs) if item.path.startswith(f"war.{name}.")]
        middle = np.full((1, len(model.inputs)), np.nan)  # of the contest's own numbers, all that is asked
        for n in mine:
            item = model.inputs[n]
            assert item.number is not None
            middle[0, n] = float(item.number.central(item.bounds))
        self.central = Terms(model, name, body, middle)
        self.fixed = not mine

    def _odds(self, found: Bools | Floats) -> Estimate:
        """A probability or a mean; exact where nothing in the contest is uncertain."""
        out = estimate(found, method=self.method)
        return Estimate(out.value, 0.0, out.value, out.value, out.draws) if self.fixed else out

    def _over(self, found: Bools) -> Estimate:
        """A probability that hangs on the preferences too."""
        out = estimate(found, method=self.method)
        return out if self.model.inputs else Estimate(out.value, 0.0, out.value, out.value, out.draws)

    def in_draws(self) -> Iterator[ContestQuantity]:
        seen, sides, method = self.seen, self.body.between, self.method

        def own(values: Bools | Floats) -> PerDraw:
            return PerDraw(values, self._odds(values), None, self.fixed)

        def over(values: Bools) -> PerDraw:
            return PerDraw(values, self._over(values), None, not self.model.inputs)

        yield ContestQuantity("range", "", "", own(seen.possible))
        yield ContestQuantity("width", "", "", own(1 - seen.least[1] - seen.least[0]))
        for n, party in enumerate(sides):
            yield ContestQuantity("fighting", "", party, own(self._worth(n)))
            if party in self.body.stake:
                yield ContestQuantity("cost of fighting", "", party, own(seen.cost[n] * seen.stake[n]))
        for issue, option, part in self._settled():
            low, high = self._fights(part)
            yield ContestQuantity("inside", f"{issue}: {option}", "", own(~low & ~high))
        if self.body.private is not None:
            yield ContestQuantity("refused offer", "", self.body.proposer, own(seen.demand[1]))
        if self.body.shift:
            yield ContestQuantity("commitment", "", "", own(seen.power[1] > TIE))
        if self.body.battles is not None:
            apart, meet = self._meeting()
            yield ContestQuantity("apart", "", "", own(apart))
            found = conditional(meet, apart, method=method)
            never = NotComputed("the estimates are apart in none of the draws")
            yield ContestQuantity("meet", "", "", never if found is None else PerDraw(meet, found, apart))
        for what, (a, b) in zip(("hurts", "drifts", "calm"), self._hurts(), strict=True):
            if a is not None and b is not None:
                yield ContestQuantity(what, "", "", over(a & b))
        if all(p in self.model.parties for p in sides) and self.model.deals <= MOST_DEALS:
            yield ContestQuantity("shared", "", "", over(seen.both))

    def _worth(self, n: int) -> Floats:
        """(draw,): what fighting is worth to a side, as a share of the stake."""
        out: Floats = self.seen.own[n] - self.seen.cost[n]
        return out

    def _settled(self) -> Iterator[tuple[str, str, Floats]]:
        """Issue, option, and (draw,) the share that it gives to the first."""
        pairs = [(issue, option) for issue, shares in self.body.settles.items() for option in shares]
        for (issue, option), part in zip(pairs, self.seen.shares, strict=True):
            yield issue, option, part

    def _fights(self, part: Floats) -> tuple[Bools, Bools]:
        """(draw,) for either side: whether it does better by fighting than by a share of the first."""
        seen = self.seen
        return part < seen.least[0] - TIE, 1 - part < seen.least[1] - TIE

    def _meeting(self) -> tuple[Bools, Bools]:
        """(draw,): whether estimates are apart, and whether they are and meet before the horizon."""
        trials, every, horizon = self.seen.learnt
        apart = trials != 0
        return apart, apart & (trials > 0) & (trials * every <= horizon)

    def _hurts(self) -> tuple[list[Bools | None], list[Bools | None], list[Bools | None]]:
        """For either side (draw,): whether going on makes things worse as the contest moves, and as the talks
        have it, and whether escalating brings it nothing; None where the case says nothing on that."""
        seen = self.seen
        return (
            [None if np.isnan(c).any() else c < -TIE for c in seen.change],
            [None if np.isnan(c).any() else c < -TIE for c in seen.stated],
            [None if np.isnan(c).any() else c <= TIE for c in seen.escalated],
        )

    def result(self) -> ContestResult:
        body = self.body
        first, second = body.between
        return ContestResult(
            name=self.name,
            kind=body.kind,
            over=body.over,
            between=(first, second),
            because=body.because,
            wins=spread(self.seen.wins),
            sides=tuple(self._side(n, p) for n, p in enumerate(body.between)),
            range=self._range(),
            options=self._options(),
            demand=self._demand(),
            power=self._power(),
            learning=self._learning(),
            ripeness=self._ripeness(),
        )

    def _side(self, n: int, party: str) -> ContestSide:
        seen = self.seen
        return ContestSide(
            party,
            spread(seen.own[n]),
            spread(seen.cost[n]),
            spread(self._worth(n)),
            spread(seen.least[n]),
            spread(seen.cost[n] * seen.stake[n]) if party in self.body.stake else None,
            self._cited(party),
        )

    def _cited(self, party: str) -> tuple[str, ...]:
        """Claims that the numbers of a party cite; those of the first, with the chances told of it."""
        numbers = [n for path, n, _ in war_numbers(self.name, self.body) if path.split(".")[-1] == party]
        more = self.body.escalation.get(party)
        if more is not None:
            numbers += [more.wins, more.cost]
        return tuple(dict.fromkeys(c for number in numbers for c in number.because))

    def _range(self) -> BargainingRange:
        seen = self.seen
        low, high = seen.least[0], 1 - seen.least[1]
        central = self.central.range
        return BargainingRange(
            spread(low),
            spread(high),
            (float(central[0][0]), float(central[1][0])),
            spread(high - low),
            self._odds(seen.possible),
            self._odds(seen.own.sum(axis=0) > 1 + TIE) if self.body.seen_by else None,
            self._odds(~seen.open),
            None if self.body.divisible else self._odds(seen.open & ~seen.possible),
        )

    def _options(self) -> tuple[OptionShare, ...]:
        out = []
        for issue, option, part in self._settled():
            too_low, too_high = self._fights(part)
            fights = {p: self._odds(f) for p, f in zip(self.body.between, (too_low, too_high), strict=True)}
            out.append(OptionShare(issue, option, spread(part), self._odds(~too_low & ~too_high), fights))
        return tuple(out)

    def _demand(self) -> Demand | NotComputed:
        if self.body.private is None:
            return NotComputed("the case names nobody whose costs the other does not know")
        by = self.body.proposer
        share, refused = self.central.demand()
        return Demand(
            by,
            next(p for p in self.body.between if p != by),
            spread(self.seen.demand[0]),
            float(share[0]),
            self._odds(self.seen.demand[1]),
            float(refused[0]),
        )

    def _power(self) -> ShiftingPower | NotComputed:
        if not self.body.shift:
            return NotComputed("the case does not say how the chance to prevail changes")
        shift, over, when, slowest = self.seen.power
        met, finite = over > TIE, np.isfinite(slowest)
        first, second = self.body.between
        return ShiftingPower(
            {first: self._odds(shift > 0), second: self._odds(shift < 0)},
            spread(shift),
            self._odds(met),
            {first: self._odds(met & (shift < 0)), second: self._odds(met & (shift > 0))},
            bool(self.central.commitment()[0][0] > TIE),
            spread(when[met]) if met.any() else None,
            spread(over[met]) if met.any() else None,
            spread(slowest[finite]) if finite.any() else None,
            self._odds(finite),
        )

    def _learning(self) -> Learning | NotComputed:
        if self.body.battles is None:
            return NotComputed("the case states no battles from which the sides could learn")
        trials, every, _ = self.seen.learnt
        months = trials * every
        apart, meet = self._meeting()
        within = conditional(meet, apart, method=self.method)
        return Learning(
            self._odds(apart),
            within,
            spread(trials[meet]) if meet.any() else None,
            spread(months[meet]) if meet.any() else None,
        )

    def _ripeness(self) -> Ripeness:
        seen, sides = self.seen, self.body.between
        unmoved = NotComputed("the contest states neither shift nor wear")
        unstated = NotComputed("talks state no drift of its no-deal value")
        unsaid = NotComputed("the contest does not say what escalating would bring")
        falls, drifts, calm = self._hurts()

        def both(found: list[Bools | None], why: NotComputed) -> Estimate | NotComputed:
            a, b = found
            return why if a is None or b is None else self._over(a & b)

        hurting = tuple(
            Hurting(
                party,
                unmoved if (f := falls[n]) is None else self._odds(f),
                None if falls[n] is None else spread(seen.change[n]),
                None if falls[n] is None or party not in self.body.stake
                else spread(seen.change[n] * seen.stake[n]),
                unstated if (d := drifts[n]) is None else self._over(d),
                None if drifts[n] is None else spread(seen.stated[n]),
            )
            for n, party in enumerate(sides)
        )  # fmt: skip
        escalation = tuple(
            Escalates(
                party,
                unsaid if (c := calm[n]) is None else self._odds(c),
                None if calm[n] is None else spread(seen.escalated[n]),
            )
            for n, party in enumerate(sides)
        )
        return Ripeness(
            hurting,
            both(falls, unmoved),
            both(drifts, NotComputed("talks do not state the drift of both no-deal values")),
            escalation,
            both(calm, NotComputed("the contest does not say what escalating would bring both")),
            *self._way_out(),
        )

    def _way_out(
        self,
    ) -> tuple[tuple[WayOut, ...], Estimate | NotComputed, dict[str, str] | None, Estimate | None]:
        model, seen, sides = self.model, self.seen, self.body.between
        unvalued = NotComputed("not both have preferences, so that no deal can be valued")
        each = tuple(
            WayOut(
                p,
                self._over(seen.sees[n])
                if p in model.parties
                else NotComputed("it has no preferences, so that no deal can be valued"),
            )
            for n, p in enumerate(sides)
        )
        if not all(p in model.parties for p in sides):
            return each, unvalued, None, None
        if model.deals > MOST_DEALS:
            many = NotComputed(f"{model.deals:,} deals; at most {MOST_DEALS:,} are listed in every draw")
            return each, many, None, None
        most = int(self.common.argmax())
        often = int(self.common[most])
        if not often:
            return each, self._over(seen.both), None, None
        return each, self._over(seen.both), model.number(most), share(often, self.asked.draws)
