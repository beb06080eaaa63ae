"""What does leaving a party out do?

A deal made without a party is easier to reach, since fewer players hold a veto (Tsebelis 2002, ch. 1;
Cunningham 2006, on civil wars). But the party left out may have to carry it out, and then its yes is needed
after all (Putnam 1988: what counts is the win-set of those who ratify); or the deal binds it although it is
worse off; or it undoes the deal, if it has the will (Stedman 1997, on spoilers) and the means (Greenhill and
Major 2007, who hold that means decide). This lens takes parties out of the rule of consent and puts others
in, asks in every draw which deal those who decide would take, and compares, draw by draw, what each gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from winset.case.fields import PROBABILITY
from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.sampling import PIECE, Sampler
from winset.errors import QuestionError
from winset.kernels.agreed import NONE, TIE, Criterion, at, favourite, picked
from winset.kernels.ensemble import expand, passes
from winset.kernels.limits import TooLarge
from winset.kernels.rule import Rule, requiring, without
from winset.lenses.estimates import Estimate, Plan, Spread, conditional, estimate, paired, plan, spread
from winset.lenses.results import DealView, NotComputed, Progress, Result, view
from winset.lenses.survey import certain, odds_plan, open_in

__all__ = [
    "After",
    "Agreement",
    "Change",
    "DealShare",
    "Exclusion",
    "ExclusionResult",
    "NewOption",
    "Opened",
    "Standing",
    "Voice",
    "exclusion",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SOLUTIONS: tuple[Criterion, ...] = ("nash", "egalitarian", "utilitarian")
INSIDERS = ("table", "host", "mediator")  # seats of those who are in the room
MOST_SUBSETS = 64
_LAST = 1e6  # points: what crosses a red line comes after all that crosses none
_ROOM = 1 << 17  # numbers of one (deal, draw) array: it should stay in the cache
_SEARCHED = 128  # draws, where every one needs a search of its own
_WORK = 2_000_000_000  # rules x deals x draws, when nobody says how many draws


@dataclass(frozen=True, slots=True)
class DealShare(Result):
    """A deal, and how often it is the one agreed."""

    deal: dict[str, str]
    share: Estimate  # of all draws


@dataclass(frozen=True, slots=True)
class Agreement(Result):
    """What would be agreed under a rule of consent."""

    bargain: tuple[str, ...]  # the parties that the rule names: their gains decide which deal is taken
    zone: Estimate  # P(some deal passes)
    central_zone: int  # deals that pass at central values
    central: DealView | None  # the deal taken at central values; its in_zone speaks of the rule as written
    deals: tuple[DealShare, ...]  # the most frequent ones
    different: int  # different deals over all draws
    gain: dict[str, Spread]  # every party's gain; 0 in draws without agreement


@dataclass(frozen=True, slots=True)
class NewOption(Result):
    """An option that no deal of the zone holds, and some deals opened by the exclusion do."""

    issue: str
    option: str
    deals: int


@dataclass(frozen=True, slots=True)
class Opened(Result):
    """Deals that pass at central values without the parties, and not with them; and the other way round."""

    deals: int
    closed: int  # above 0 only where the yes of those left out could stand in for another's
    options: tuple[NewOption, ...]


@dataclass(frozen=True, slots=True)
class Change(Result):
    """What leaving out does to one party: its gain without, less its gain under the rule as written."""

    mean: Estimate  # over all draws, in points; a draw without agreement counts as 0
    spread: Spread
    loses: Estimate  # P(it gains less)
    wins: Estimate  # P(it gains more)


@dataclass(frozen=True, slots=True)
class After(Result):
    """What a party that was left out meets afterwards, in three readings; each probability given that the
    others agree."""

    bound: bool | None  # which reading the case holds to be true; None where it does not say
    refuses: Estimate  # its yes is needed after all: P(it refuses the deal agreed without it)
    worse: Estimate  # bound: P(the deal is worth less to it than its reservation value)
    better: Estimate  # bound: P(the deal is worth at least that)
    crossed: Estimate  # P(the deal crosses a red line of it); may go with either
    spoils: Estimate | NotComputed  # free to act: P(it refuses the deal and has the means to undo it)


@dataclass(frozen=True, slots=True)
class Exclusion(Result):
    """Some parties left out of the rule of consent."""

    parties: tuple[str, ...]
    absent: bool  # these are all those of the rule that are not in the room
    zone: Estimate | NotComputed  # P(some deal passes without them)
    without: Agreement | NotComputed
    zone_change: Estimate | NotComputed  # P(zone not empty) without them, less with them
    opened: Opened | NotComputed
    changes: dict[str, Change]  # every party with preferences, left out or not
    after: dict[str, After]  # those left out; without those for whom nothing is ever agreed


@dataclass(frozen=True, slots=True)
class Standing(Result):
    """How a party fares with one kind of voice."""

    zone: Estimate  # P(some deal passes)
    accepts: Estimate  # P(a deal is agreed and the party accepts it)
    gain: Estimate  # its mean gain; 0 in draws without agreement
    spread: Spread
    others: dict[str, Estimate]  # the mean gains of those who bargain without it


@dataclass(frozen=True, slots=True)
class Voice(Result):
    """What a say is worth to a party: none, being consulted, a veto.

    Of the deals that consultation may choose from, a party takes one that crosses none of its red lines if
    it can, and then the one worth most to it. So with more goodwill it accepts more often, though its mean
    gain may fall.
    """

    party: str
    needed: bool  # the rule of consent as written names it
    left_out: Standing | NotComputed
    consulted: Standing | NotComputed  # heard where it costs no one who bargains anything
    favoured: Standing | NotComputed | None  # heard at up to `goodwill` points; None when that is 0
    must_consent: Standing
    consulting: Estimate | NotComputed  # mean gain when consulted, less when left out
    favouring: Estimate | NotComputed | None  # mean gain when favoured, less when left out
    consenting: Estimate | NotComputed  # mean gain when its yes is needed, less when left out


@dataclass(frozen=True, slots=True)
class ExclusionResult(Result):
    """Who gains and who loses from leaving parties out, and from hearing them."""

    plan: Plan
    solution: Criterion  # which deal of a zone is taken
    goodwill: float
    needed: tuple[str, ...]  # the parties of the rule
    insiders: tuple[str, ...]  # those of them who are in the room
    zone: Estimate | NotComputed  # P(some deal passes) under the rule as written
    full: Agreement | NotComputed  # under the rule as written
    exclusions: tuple[Exclusion, ...]
    complete: bool  # every set of parties was left out; else single ones, pairs and the absent
    voices: dict[str, Voice] | NotComputed
    fewer_draws: int | None  # the number of draws that was meant, where there was too much to do


def exclusion(
    case: Case | Compiled,
    *,
    solution: Criterion = "nash",
    goodwill: float = 0.0,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    most: int = 5,
    limit: int = 2_000_000,
    progress: Progress | None = None,
) -> ExclusionResult:
    """Leave parties out of the rule of consent, and say what that opens, for whom, and at whose cost.

    Parameters
    ----------
    solution
        Which deal those who bargain take: ``nash`` (the largest product of gains), ``egalitarian`` (the
        largest least gain) or ``utilitarian`` (the largest sum). Where deals tie, the first.
    goodwill
        Points of gain that no one who bargains gives up more than, to suit a party that is consulted.
    draws, rng, method
        How many joint draws of all unknowns, from which seed, and how: "random" or "sobol".
    most
        Deals listed for each rule.
    limit
        Above so many deals only the probabilities that some deal passes are computed, by search.

    Raises
    ------
    QuestionError
        If the solution or the goodwill is none.
    """
    if solution not in SOLUTIONS:
        raise QuestionError(f'there is no solution "{solution}"; solutions: {", ".join(SOLUTIONS)}')
    if not 0 <= goodwill <= 100:
        raise QuestionError(f"goodwill is {goodwill:g} points; from 0 to 100")
    model = uncertain(case)
    seats = {p: model.case.parties[p].seat for p in model.parties}
    asked = plan(draws, rng, method=method)
    if not model.inputs:
        asked = odds_plan(model, None, rng, method)  # one draw says all
    names = tuple(model.parties[r] for r in model.rulers)
    inside = tuple(p for p in names if seats[p] in INSIDERS)
    subsets, complete = _subsets(model.rulers, [r for r in model.rulers if model.parties[r] not in inside])
    if model.deals > limit:
        if draws is None:
            asked = Plan(PIECE if asked.method == "sobol" else _SEARCHED, asked.seed, asked.method)
        why = NotComputed(
            f"there are {model.deals:,} deals, and up to {limit:,} are looked at one by one; only whether "
            "any deal passes is known"
        )
        zone, out = _searched(model, asked, subsets, seats, why)
        return ExclusionResult(asked, solution, goodwill, names, inside, zone, why, out, complete, why, None)
    rules = _rules(model, subsets)
    asked, meant = _affordable(asked, draws is None, len(rules) * model.deals)
    run = _Run(model, asked, solution, goodwill, rules)
    run.do(progress)
    report = _Reporter(run, most)
    return ExclusionResult(
        plan=asked,
        solution=solution,
        goodwill=goodwill,
        needed=names,
        insiders=inside,
        zone=report.zone(()),
        full=report.agreement(()),
        exclusions=tuple(report.exclusion(s, seats) for s in subsets),
        complete=complete,
        voices={model.parties[p]: report.voice(p) for p in range(len(model.parties))},
        fewer_draws=meant,
    )


Subset = tuple[int, ...]  # parties left out


def _subsets(rulers: Sequence[int], absent: Sequence[int]) -> tuple[list[Subset], bool]:
    """The sets to leave out, small ones first; and whether these are all but that of everybody."""
    complete = (1 << len(rulers)) - 2 <= MOST_SUBSETS
    upto = len(rulers) - 1 if complete else 2
    if not complete and len(rulers) * (len(rulers) + 1) // 2 > 4 * MOST_SUBSETS:
        upto = 1  # 23 parties or more have hundreds of pairs
    out = [s for size in range(1, max(upto, 1) + 1) for s in combinations(rulers, size)]
    if absent and tuple(absent) not in out:
        out.append(tuple(absent))
    return out, complete


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A rule of consent, and those who bargain under it."""

    rule: Rule
    bargain: tuple[int, ...]


Key = tuple[str, Subset]  # ("without", parties) or ("with", (party,))


def _rules(model: Uncertain, subsets: Sequence[Subset]) -> dict[Key, _Ruled]:
    """The rule as written, without each set, and with each party that it does not name."""
    out: dict[Key, _Ruled] = {("without", ()): _Ruled(model.rule, model.rulers)}
    for subset in subsets:
        left = without(model.rule, subset)
        if left is not None:
            out["without", subset] = _Ruled(left, tuple(r for r in model.rulers if r not in subset))
    for p in range(len(model.parties)):
        if p not in model.rulers:
            out["with", (p,)] = _Ruled(requiring(model.rule, p), tuple(sorted((*model.rulers, p))))
    return out


def _affordable(asked: Plan, free: bool, each: int) -> tuple[Plan, int | None]:
    """Fewer draws than planned where there are very many deals and nobody said how many."""
    many = max(64, _WORK // max(each, 1))
    if asked.method == "sobol":
        many = max(PIECE, many - many % PIECE)
    if not free or many >= asked.draws:
        return asked, None
    return Plan(many, asked.seed, asked.method, asked.to_within), asked.draws


def _are_absent(model: Uncertain, left_out: Subset, seats: Mapping[str, str]) -> bool:
    return left_out == tuple(r for r in model.rulers if seats[model.parties[r]] not in INSIDERS)


def _searched(
    model: Uncertain, asked: Plan, subsets: Sequence[Subset], seats: Mapping[str, str], why: NotComputed
) -> tuple[Estimate | NotComputed, tuple[Exclusion, ...]]:
    """Whether any deal passes, with and without each set, where there are too many deals to look at."""

    def told(values: npt.NDArray[np.bool_] | Floats) -> Estimate:
        return certain(model, estimate(values, method=asked.method))

    found: dict[Subset, Bools | NotComputed] = {}
    for subset in ((), *subsets):
        rule = without(model.rule, subset)
        try:
            found[subset] = _NOBODY if rule is None else open_in(replace(model, rule=rule, memo={}), asked)[0]
        except TooLarge as large:
            found[subset] = NotComputed(f"the search of a draw passed its limit of {large.limit:,} deals")
    full = found[()]
    out = []
    for subset in subsets:
        opened, names = found[subset], tuple(model.parties[p] for p in subset)
        absent = _are_absent(model, subset, seats)
        if isinstance(opened, NotComputed):
            out.append(Exclusion(names, absent, opened, opened, opened, opened, {}, {}))
            continue
        change: Estimate | NotComputed
        if isinstance(full, NotComputed):
            change = full
        else:
            change = certain(model, paired(full, opened, method=asked.method))
        out.append(Exclusion(names, absent, told(opened), why, change, why, {}, {}))
    return full if isinstance(full, NotComputed) else told(full), tuple(out)


# ------------------------------------------------------------------------------------------------- the draws


@dataclass(slots=True)
class _Track:
    """What is agreed in every draw under one rule: the deal, and what it is to every party."""

    deal: Ints  # (draw,): NONE where nothing is
    gain: Floats  # (party, draw): 0 where nothing is agreed
    crossed: Bools  # (party, draw): a red line of the party is crossed

    @classmethod
    def empty(cls, parties: int, draws: int) -> _Track:
        return cls(
            np.full(draws, NONE, np.int64), np.zeros((parties, draws)), np.zeros((parties, draws), np.bool_)
        )


class _Run:
    """Goes through the draws once, for all rules."""

    def __init__(
        self,
        model: Uncertain,
        asked: Plan,
        solution: Criterion,
        goodwill: float,
        rules: dict[Key, _Ruled],
    ) -> None:
        self.model, self.plan, self.solution, self.goodwill, self.rules = (
            model,
            asked,
            solution,
            goodwill,
            rules,
        )
        self.draws = asked.draws
        parties = len(model.parties)
        self.tracks = {key: _Track.empty(parties, self.draws) for key in rules}
        self.heard: dict[tuple[int, float], _Track] = {}
        for p in range(parties):
            if self.base(p) in rules:
                for points in {0.0, goodwill}:
                    self.heard[p, points] = _Track.empty(parties, self.draws)
        self.means = {p: np.full(self.draws, np.nan) for p in range(parties)}
        self.lines = [[_any(lines) for lines in model.lines[party]] for party in model.parties]
        self.central_passes: dict[Key, Bools] = {}
        self.central_deal: dict[Key, int] = {}

    def base(self, party: int) -> Key:
        """The rule under which a party is left out."""
        return "without", ((party,) if party in self.model.rulers else ())

    def do(self, progress: Progress | None) -> None:
        middle = self.model.draws(self.model.middle()[None])
        gains, _, says = self._everything(middle, slice(0, 1))
        for key, ruled in self.rules.items():
            allowed = passes(ruled.rule, says)
            self.central_passes[key] = allowed[:, 0]
            self.central_deal[key] = int(picked(gains[list(ruled.bargain)], allowed, self.solution)[0])
        width = max(1, _ROOM // self.model.deals)

        def job(piece: Draws) -> int:
            for start in range(0, piece.count, width):
                self._piece(piece, start, width)
            return piece.count

        done = 0
        for counts in Sampler(self.model, self.plan.seed, method=self.plan.method).work(self.draws, job):
            done += sum(counts)
            if progress is not None:
                progress("leaving parties out", done, self.draws)

    def _everything(self, piece: Draws, some: slice) -> tuple[Floats, list[Bools], Bools]:
        """Gains (party, deal, draw), red lines crossed per party (deal, draw or 1), and who says yes."""
        tables = [np.ascontiguousarray(u[:, :, some]) for u in piece.utility]
        gains = expand(tables) - piece.reserve[:, None, some]
        crossed = []
        says = gains >= -TIE
        for p, kinds in enumerate(self.lines):
            if all(k is kinds[0] or (k == kinds[0]).all() for k in kinds):
                lines = kinds[0][:, None]
            else:
                lines = np.stack(kinds, axis=1)[:, piece.kind[p, some]]
            crossed.append(lines)
            if lines.any():
                says[p] &= ~lines
        return gains, crossed, says

    def _piece(self, piece: Draws, start: int, width: int) -> None:
        some = slice(start, min(start + width, piece.count))
        gains, crossed, says = self._everything(piece, some)
        to = slice(piece.first + some.start, piece.first + some.stop)
        for key, ruled in self.rules.items():
            allowed = passes(ruled.rule, says)
            # deals that pass in none of these draws are left out of the search
            rows = np.flatnonzero(allowed.any(axis=1))
            if len(rows):
                few = gains[np.ix_(np.array(ruled.bargain), rows)]
                deals = picked(few, allowed[rows], self.solution)
                _keep(self.tracks[key], to, deals, rows, gains, crossed)
                least = at(few, deals)
                for p in self._audience(key):
                    worth = gains[p, rows] - np.where(crossed[p][rows], _LAST, 0.0)
                    for points in {0.0, self.goodwill}:
                        # what costs nobody who bargains more than the goodwill
                        cheap = allowed[rows]
                        for gain, floor in zip(few, least - points - TIE, strict=True):
                            cheap &= gain >= floor
                        _keep(self.heard[p, points], to, favourite(worth, cheap), rows, gains, crossed)
        for p, party in enumerate(self.model.parties):
            number = self.model.case.parties[party].can_spoil
            if number is not None:
                column = self.model.index.get(f"parties.{party}.can_spoil")
                fixed = float(number.central(PROBABILITY))
                self.means[p][to] = fixed if column is None else piece.values[some, column]

    def _audience(self, key: Key) -> Iterator[int]:
        """The parties that may be consulted under a rule."""
        for p in range(len(self.model.parties)):
            if self.base(p) == key:
                yield p


def _any(lines: Sequence[Bools]) -> Bools:
    """(deal,): whether the red lines of any group are crossed; the last group varies fastest."""
    out: Bools = lines[0]
    for more in lines[1:]:
        out = (out[:, None] | more[None]).reshape(-1)
    return out


def _keep(
    track: _Track,
    to: slice,
    places: Ints,
    rows: npt.NDArray[np.intp],
    gains: Floats,
    crossed: Sequence[Bools],
) -> None:
    """Note the deals, given by their places among some rows, and what they are to everybody."""
    deals = np.where(places == NONE, NONE, rows[np.maximum(places, 0)])
    track.deal[to] = deals
    track.gain[:, to] = at(gains, deals)
    for p, lines in enumerate(crossed):
        column = np.arange(len(deals)) if lines.shape[1] > 1 else 0
        track.crossed[p, to] = (deals != NONE) & lines[np.maximum(deals, 0), column]


# -------------------------------------------------------------------------------------- what is made of them


class _Reporter:
    """Results from what was agreed in every draw."""

    def __init__(self, run: _Run, most: int) -> None:
        self.run, self.model, self.most = run, run.model, most
        self.names = run.model.parties

    def estimate(self, values: npt.NDArray[np.bool_] | Floats) -> Estimate:
        return certain(self.model, estimate(values, method=self.run.plan.method))

    def change(self, before: Bools, after: Bools) -> Estimate:
        return certain(self.model, paired(before, after, method=self.run.plan.method))

    def given(self, values: npt.NDArray[np.bool_] | Floats, given: Bools) -> Estimate | None:
        found = conditional(values, given, method=self.run.plan.method)
        return None if found is None else certain(self.model, found)

    def zone(self, left_out: Subset) -> Estimate:
        return self.estimate(self.run.tracks["without", left_out].deal != NONE)

    def agreement(self, left_out: Subset) -> Agreement | NotComputed:
        key: Key = ("without", left_out)
        if key not in self.run.rules:
            return _NOBODY
        track, ruled = self.run.tracks[key], self.run.rules[key]
        agreed = track.deal != NONE
        numbers, counts = np.unique(track.deal[agreed], return_counts=True)
        often = numbers[np.argsort(-counts, kind="stable")][: self.most]
        central = self.run.central_deal[key]
        return Agreement(
            bargain=tuple(self.names[p] for p in ruled.bargain),
            zone=self.estimate(agreed),
            central_zone=int(self.run.central_passes[key].sum()),
            central=None if central == NONE else view(self.model.central, self.model.number(central)),
            deals=tuple(DealShare(self.model.number(int(n)), self.estimate(track.deal == n)) for n in often),
            different=len(numbers),
            gain={party: spread(track.gain[p]) for p, party in enumerate(self.names)},
        )

    def exclusion(self, left_out: Subset, seats: Mapping[str, str]) -> Exclusion:
        key: Key = ("without", left_out)
        absent = _are_absent(self.model, left_out, seats)
        names = tuple(self.names[p] for p in left_out)
        if key not in self.run.rules:
            return Exclusion(names, absent, _NOBODY, _NOBODY, _NOBODY, _NOBODY, {}, {})
        track, full = self.run.tracks[key], self.run.tracks["without", ()]
        return Exclusion(
            parties=names,
            absent=absent,
            zone=self.estimate(track.deal != NONE),
            without=self.agreement(left_out),
            zone_change=self.change(full.deal != NONE, track.deal != NONE),
            opened=self._opened(key),
            changes={party: self._change(track.gain[p] - full.gain[p]) for p, party in enumerate(self.names)},
            after={self.names[p]: after for p in left_out if (after := self._after(p, track)) is not None},
        )

    def _change(self, difference: Floats) -> Change:
        return Change(
            self.estimate(difference),
            spread(difference),
            self.estimate(difference < -TIE),
            self.estimate(difference > TIE),
        )

    def _after(self, p: int, track: _Track) -> After | None:
        agreed = track.deal != NONE
        worse = track.gain[p] < -TIE
        crossed = track.crossed[p]
        refuses = worse | crossed
        chances = {
            name: self.given(hits, agreed)
            for name, hits in (
                ("refuses", refuses), ("worse", worse), ("better", ~worse), ("crossed", crossed)
            )
        }  # fmt: skip
        found = {name: chance for name, chance in chances.items() if chance is not None}
        if len(found) < len(chances):
            return None
        party = self.model.case.parties[self.names[p]]
        spoils: Estimate | NotComputed = NotComputed(
            "the case does not say how likely it is to have the means (can_spoil)"
        )
        if party.can_spoil is not None:
            means = self.given(refuses * self.run.means[p], agreed)
            assert means is not None
            spoils = means
        return After(bound=party.bound, spoils=spoils, **found)

    def _opened(self, key: Key) -> Opened:
        before, now = self.run.central_passes["without", ()], self.run.central_passes[key]
        opened = np.flatnonzero(now & ~before)
        shape = [len(g.options) for g in self.model.groups]

        def options(deals: npt.NDArray[np.intp]) -> dict[tuple[int, int], int]:
            out = {}
            for cells, group in zip(np.unravel_index(deals, shape), self.model.groups, strict=True):
                for k, issue in enumerate(group.issues):
                    held = np.bincount(group.options[cells, k], minlength=len(self.model.options[issue]))
                    out.update({(issue, o): int(n) for o, n in enumerate(held)})
            return out

        old, new = options(np.flatnonzero(before)), options(opened)
        return Opened(
            deals=len(opened),
            closed=int((before & ~now).sum()),
            options=tuple(
                NewOption(self.model.issues[i], self.model.options[i][o], new[i, o])
                for i, o in sorted(new)
                if new[i, o] and not old[i, o]
            ),
        )

    def voice(self, p: int) -> Voice:
        base, points = self.run.base(p), self.run.goodwill
        needed = p in self.model.rulers
        must = self.run.tracks["without", ()] if needed else self.run.tracks["with", (p,)]
        others = [r for r in self.model.rulers if r != p]
        more = self._standing(p, must, others)
        if base not in self.run.rules:
            favoured = _NOBODY if points else None
            return Voice(self.names[p], needed, _NOBODY, _NOBODY, favoured, more, _NOBODY, favoured, _NOBODY)
        out, heard = self.run.tracks[base], self.run.heard[p, 0.0]
        best = self.run.heard[p, points] if points else None
        return Voice(
            party=self.names[p],
            needed=needed,
            left_out=self._standing(p, out, others),
            consulted=self._standing(p, heard, others),
            favoured=None if best is None else self._standing(p, best, others),
            must_consent=more,
            consulting=self.estimate(heard.gain[p] - out.gain[p]),
            favouring=None if best is None else self.estimate(best.gain[p] - out.gain[p]),
            consenting=self.estimate(must.gain[p] - out.gain[p]),
        )

    def _standing(self, p: int, track: _Track, others: Sequence[int]) -> Standing:
        return Standing(
            zone=self.estimate(track.deal != NONE),
            accepts=self.estimate((track.deal != NONE) & (track.gain[p] >= -TIE) & ~track.crossed[p]),
            gain=self.estimate(track.gain[p]),
            spread=spread(track.gain[p]),
            others={self.names[o]: self.estimate(track.gain[o]) for o in others},
        )


_NOBODY = NotComputed("without them nobody is left whose yes is needed")
