"""Is an offer a real concession or a hollow one?

A concession is a move that costs the giver something and is worth something to the receiver (Walton and
McKersie 1965, ch. 2; Pruitt 1981, ch. 2), each measured on its own scale against a baseline (Raiffa 1982,
ch. 9). Draw by draw, what is left of it is what lasts beyond what was promised or due anyway, and the pair of
cost and gain has one verdict. A thing that the giver wants and yields as if it did not is a misrepresented
common value (O'Connor and Carnevale 1997). A promise that nobody can hold the giver to is cheap talk (Farrell
and Rabin 1996). Offers in sequence are a path: who has moved how far, in whose units (Raiffa 1982, ch. 4).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.concessions import Concession, Concessions
from winset.case.fields import PROBABILITY, SPAN, UTILITY, Timed
from winset.case.model import Case
from winset.case.numbers import Bounds, Number
from winset.case.stages import DAYS
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.sampling import Sampler
from winset.errors import QuestionError
from winset.kernels.concede import HOLLOW, kept, verdicts
from winset.lenses.estimates import DRAWS, Z95, Estimate, Plan, Spread, estimate, paired, plan, spread
from winset.lenses.per_draw import PerDraw
from winset.lenses.results import NotComputed, Progress, Result

__all__ = [
    "VERDICTS",
    "Approach",
    "Audit",
    "ConcessionsResult",
    "Double",
    "Drag",
    "OfferPath",
    "OfferStep",
    "Receipt",
    "Verdict",
    "concessions",
    "verdicts_in_draws",
]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Deal = dict[str, str]
Change = tuple[str, str, str]  # issue, from, to

Verdict = Literal["costly and valued", "cheap and valued", "costly, not valued", "hollow", "sham", "harmful"]
VERDICTS: tuple[Verdict, ...] = (  # in the order of the codes of the kernel
    "costly and valued",
    "cheap and valued",
    "costly, not valued",
    "hollow",
    "sham",
    "harmful",
)
DragName = Literal["reversible", "ends", "not enforceable", "not verifiable", "promised", "due", "double"]
Reason = DragName | Literal["itself", "together"]

MARGIN = 1.0  # points that count as something
MOST = 1_000_000  # draws
_SOME = 0.005  # a difference of probabilities that is told
_PART = 0.25  # of what the drags do together that one of them must do alone to be named


@dataclass(frozen=True, slots=True)
class Double(Result):
    """A change that one party gives twice; it counts where it was given first."""

    by: str
    issue: str
    before: str
    after: str
    first: str  # the concession or the offer that counts it
    again: str  # the one that does not


@dataclass(frozen=True, slots=True)
class Drag(Result):
    """Something that takes from a concession, and how much hangs on it."""

    name: DragName
    left: float  # mean share that it leaves, all else kept; of a double, that of the changes that are new
    because: tuple[str, ...]  # claims
    hollow_without: Estimate  # probability that it is hollow if this were not so
    change: Estimate  # probability of hollow as it is, less that; draw by draw


@dataclass(frozen=True, slots=True)
class Receipt(Result):
    """A concession as one receiver gets it."""

    party: str
    gain: Spread  # beyond the baseline, as far as it can be expected to last
    word_gain: Spread  # taken at its word
    verdicts: dict[Verdict, Estimate]  # they sum to 1
    word: dict[Verdict, Estimate]  # taken at its word
    likeliest: Verdict
    reason: Reason | None  # why it may be hollow; None where it hardly can be
    drags: tuple[Drag, ...]  # what takes most first


@dataclass(frozen=True, slots=True)
class Audit(Result):
    """One concession, looked at."""

    name: str
    by: str
    what: str | None
    offer: str | None  # of the case, where it is one
    changes: tuple[Change, ...]  # empty where it is stated in points
    against: str | None  # an offer, or None for a state that is described
    date: str | None
    cost: Spread  # to the giver, beyond the baseline, as far as it lasts; below 0 it gains
    word_cost: Spread
    left: Estimate  # mean share that can be expected to be kept and is new
    wanted: Estimate  # probability that the giver gains by it, taken at its word
    receipts: tuple[Receipt, ...]
    others: dict[str, Spread]  # what it does to those whom it is not for
    because: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class OfferStep(Result):
    """One offer of a path."""

    offer: str
    date: str | None
    moved: tuple[Change, ...]  # against the offer before; empty for the first
    change: dict[str, Spread] | None  # party -> points against the offer before
    over_baseline: dict[str, Spread] | None  # against how things stand, where the case says that
    over_no_deal: dict[str, Spread]  # utility less no-deal value
    verdicts: dict[str, dict[Verdict, Estimate]] | None  # receiver -> what the move is, taken at its word


@dataclass(frozen=True, slots=True)
class OfferPath(Result):
    """The offers of one party in their order."""

    party: str
    read: bool  # as its own by the author of the case; else tabled by the party itself
    steps: tuple[OfferStep, ...]


@dataclass(frozen=True, slots=True)
class Approach(Result):
    """How far a party has come towards another, from its first offer to its last."""

    party: str
    towards: str
    gave: Spread  # in its own points; below 0 it has moved away
    own_share: (
        Estimate | NotComputed
    )  # of the distance from its own opening to the other's, in its own points
    brought: Spread  # in the other's points
    other_share: (
        Estimate | NotComputed
    )  # of the distance from its opening to the other's, in the other's points
    back: Estimate | NotComputed  # points that the other's moves brought it, for each point that it gave up
    apart: Spread  # its last offer over the other's last one, in its own points


@dataclass(frozen=True, slots=True)
class ConcessionsResult(Result):
    """What concessions are, what is counted twice, and who has moved how far."""

    plan: Plan
    margin: float  # points that count as something
    audits: tuple[Audit, ...]  # in the order of the case
    doubles: tuple[Double, ...]
    paths: tuple[OfferPath, ...]
    approaches: tuple[Approach, ...]


def concessions(
    case: Case | Compiled,
    *,
    margin: float = MARGIN,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> ConcessionsResult:
    """What each concession of a case is worth, and what each party's offers come to.

    Parameters
    ----------
    margin
        Utility points that count as something: a loss or a gain of no more is nothing.
    draws, rng, method
        How the unknowns are drawn.

    Raises
    ------
    QuestionError
        On a margin below 0, or too many draws.

    Notes
    -----
    With c what the giver loses and g what the receiver gains if the concession stands in full, s the share
    of the horizon for which it lasts, and f the share that could not be counted on before:

    - kept k = s where c <= 0, else s (1 - reversible) enforceable verifiable
    - cost = f k c, gain = f k g

    c and g are differences of utility between the deal with the concession and the deal that it is held
    against, or stated points. Changes that the giver has given before are part of the latter.
    """
    if not (margin >= 0 and math.isfinite(margin)):
        raise QuestionError(f"a margin is 0 points or more, not {margin:g}")
    model = uncertain(case, also=("concessions",))
    if draws is None:
        draws = DRAWS if model.inputs else 1
    asked = plan(draws, rng, method=method)
    if asked.draws > MOST:
        raise QuestionError(f"{asked.draws:,} draws; concessions take at most {MOST:,}")
    return _Inquiry(model, asked, margin, progress).answer()


def verdicts_in_draws(
    model: Uncertain, asked: Plan, progress: Progress | None = None
) -> Iterator[tuple[str, str, Verdict, PerDraw]]:
    """Each concession as each receiver gets it: in which draws it is what.

    Parameters
    ----------
    model
        With the unknowns of the concessions.
    """
    inquiry = _Inquiry(model, asked, MARGIN, progress)
    for name, one in inquiry.block.given.items():
        terms = inquiry.terms(name, one)
        for party in one.to:
            codes = inquiry.codes(party, terms)
            found = inquiry.shares(codes)
            for code, verdict in enumerate(VERDICTS):
                yield name, party, verdict, PerDraw(codes == code, found[verdict], None, not model.inputs)


@dataclass(frozen=True, slots=True)
class _Path:
    party: str
    read: bool
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A concession as a step between two deals; no deals where it is stated in points."""

    before: Deal | None
    after: Deal | None
    new: Deal | None  # ``before`` with the changes that the giver has given already

    @property
    def changes(self) -> tuple[Change, ...]:
        return _differences(self.before, self.after)


def _differences(before: Deal | None, after: Deal | None) -> tuple[Change, ...]:
    if before is None or after is None:
        return ()
    return tuple((i, before[i], after[i]) for i in before if before[i] != after[i])


class _Inquiry:
    """The concessions and the offers of a case in every draw."""

    def __init__(self, model: Uncertain, asked: Plan, margin: float, progress: Progress | None) -> None:
        self.case, self.asked, self.margin = model.case, asked, margin
        self.block = self.case.concessions or Concessions.model_validate({})
        self.deals: dict[tuple[str, ...], int] = {}
        self.paths = _paths(self.case, self.block)
        self.doubles: list[Double] = []
        self.steps = self._steps()
        for path in self.paths:
            for offer in path.offers:
                self._cell(self._deal(offer))
        if self.block.baseline is not None:
            self._cell(self._deal(self.block.baseline))
        listed = [dict(zip(model.issues, key, strict=True)) for key in self.deals]
        self.model = model.only(listed or [model.number(0)])
        self._draw(progress)

    # ------------------------------------------------------------------------------------------- the deals

    def _deal(self, raw: str | Mapping[str, str]) -> Deal:
        found = self.case.offers[raw].deal if isinstance(raw, str) else raw
        return {issue: found[issue] for issue in self.case.issues}

    def _cell(self, deal: Deal) -> int:
        return self.deals.setdefault(tuple(deal.values()), len(self.deals))

    def _steps(self) -> dict[str, _Step]:
        """What each concession moves, and which of that its giver has given before."""
        plain = {name: self._plain(one) for name, one in self.block.given.items()}
        out: dict[str, _Step] = {}
        seen: dict[tuple[str, Change], list[tuple[str, Concession | None]]] = {}
        for name, by, one, changes in self._in_order(plain):
            given = []
            for change in changes:
                earlier = seen.setdefault((by, change), [])
                first = next((n for n, other in earlier if not _same(n, other, name, one)), None)
                if first is None:
                    earlier.append((name, one))
                else:  # it counts there, so nothing later can be held against this one
                    given.append(change)
                    self.doubles.append(Double(by, *change, first, name))
            if one is not None:
                before, after = plain[name]
                new = None if before is None else {**before, **{i: to for i, _, to in given}}
                out[name] = _Step(before, after, new)
                for deal in (before, after, new):
                    if deal is not None:
                        self._cell(deal)
        return {name: out[name] for name in self.block.given}

    def _plain(self, one: Concession) -> tuple[Deal | None, Deal | None]:
        if one.worth is not None:
            return None, None
        stands = one.against if one.against is not None else self.block.baseline
        assert stands is not None  # the reader asks for it
        before = self._deal(stands)
        if one.offer is not None:
            return before, self._deal(one.offer)
        moves = one.changes or {}
        before |= {issue: change[0] for issue, change in moves.items() if len(change) == 2}
        return before, {**before, **{issue: change[-1] for issue, change in moves.items()}}

    def _in_order(
        self, plain: Mapping[str, tuple[Deal | None, Deal | None]]
    ) -> list[tuple[str, str, Concession | None, tuple[Change, ...]]]:
        """Offers that were tabled and concessions, by date; what has none comes last, in the file's order."""
        out: list[tuple[tuple[bool, dt.date], tuple[str, str, Concession | None, tuple[Change, ...]]]] = []
        for path in self.paths:
            if path.read:
                continue
            stands = None if self.block.baseline is None else self._deal(self.block.baseline)
            for offer in path.offers:
                deal = self._deal(offer)
                row = (offer, path.party, None, _differences(stands, deal))
                out.append((_when(self.case.offers[offer].date), row))
                stands = deal
        for name, one in self.block.given.items():
            out.append((_when(one.date), (name, one.by, one, _differences(*plain[name]))))
        return [row for _, row in sorted(out, key=lambda item: item[0])]

    # ------------------------------------------------------------------------------------------- the draws

    def _draw(self, progress: Progress | None) -> None:
        sampler = Sampler(self.model, self.asked.seed, method=self.asked.method)
        parts: list[tuple[Floats, Floats, Floats]] = []
        for answers in sampler.work(self.asked.draws, _parts):
            if progress is not None:
                progress("drawing the unknowns", sum(len(v) for _, _, v in parts), self.asked.draws)
            parts += answers
        self.utility = np.concatenate([u for u, _, _ in parts], axis=2)  # (party, deal, draw)
        self.no_deal = np.concatenate([n for _, n, _ in parts], axis=1)  # (party, draw)
        self.values = np.concatenate([v for _, _, v in parts])  # (draw, input)

    def _number(self, number: Number, bounds: Bounds, path: str) -> Floats:
        column = self.model.index.get(path)
        if column is None:
            return np.full(self.asked.draws, float(number.central(bounds)))
        out: Floats = self.values[:, column]
        return out

    def _days(self, timed: Timed, path: str) -> Floats:
        return self._number(timed.number, SPAN, path) * DAYS[timed.unit]

    def _worth(self, deal: Deal, party: str) -> Floats:
        out: Floats = self.utility[self.model.parties.index(party), self._cell(deal)]
        return out

    def _estimate(self, values: npt.NDArray[np.bool_] | Floats) -> Estimate:
        found = estimate(values, method=self.asked.method)
        if self.model.inputs:
            return found
        return Estimate(found.value, 0.0, found.value, found.value, found.draws)

    def codes(self, party: str, terms: _Terms) -> Codes:
        """(draw,): what a concession is as a party gets it."""
        return verdicts(*terms.both(party), self.margin)

    def shares(self, codes: Codes) -> dict[Verdict, Estimate]:
        return {name: self._estimate(codes == code) for code, name in enumerate(VERDICTS)}

    # ----------------------------------------------------------------------------------------- the answers

    def answer(self) -> ConcessionsResult:
        return ConcessionsResult(
            self.asked,
            self.margin,
            tuple(self._audit(name, one) for name, one in self.block.given.items()),
            tuple(self.doubles),
            tuple(self._path(path) for path in self.paths),
            tuple(self._approach(a, b) for a in self.paths for b in self.paths if a.party != b.party),
        )

    def _audit(self, name: str, one: Concession) -> Audit:
        step, terms = self.steps[name], self.terms(name, one)
        left, word = terms.left(), -terms.moved[one.by]
        return Audit(
            name,
            one.by,
            one.what,
            one.offer,
            step.changes,
            one.against if isinstance(one.against, str) else None,
            None if one.date is None else str(one.date),
            spread(-left * terms.fresh[one.by]),
            spread(word),
            self._estimate(left),
            self._estimate(word < -self.margin),
            tuple(self._receipt(party, one, terms) for party in one.to),
            {
                party: spread(left * moved)
                for party, moved in terms.fresh.items()
                if party != one.by and party not in one.to
            },
            one.because,
            one.note,
        )

    def terms(self, name: str, one: Concession) -> _Terms:
        path, step = f"concessions.{name}", self.steps[name]
        if one.worth is not None:
            moved = {p: self._number(w, UTILITY, f"{path}.worth.{p}") for p, w in one.worth.items()}
            features = self._features(path, one, None)
            return _Terms(one.by, moved, moved, features, _drags(one, features))
        assert step.before is not None
        assert step.after is not None
        assert step.new is not None
        after = {p: self._worth(step.after, p) for p in self.model.parties}
        moved = {p: after[p] - self._worth(step.before, p) for p in after}
        fresh = {p: after[p] - self._worth(step.new, p) for p in after}
        features = self._features(path, one, step.after)
        drags = _drags(one, features)
        new = len(_differences(step.new, step.after)) / len(step.changes)
        if new < 1:
            drags["double"] = np.full(self.asked.draws, new), ()
        return _Terms(one.by, moved, fresh, features, drags)

    def _features(self, path: str, one: Concession, after: Deal | None) -> dict[str, Floats]:
        """What a concession keeps, in every draw; what the case does not state takes nothing."""

        def stated(key: str, otherwise: float) -> Floats:
            number: Number | None = getattr(one, key)
            if number is None:
                return np.full(self.asked.draws, otherwise)
            return self._number(number, PROBABILITY, f"{path}.{key}")

        seen = one.verified_by is None or (after is not None and one.verified_by.holds(after))
        lasts = np.ones(self.asked.draws)
        if one.lasts is not None and self.block.horizon is not None:
            whole = self._days(self.block.horizon, "concessions.horizon")
            lasts = np.minimum(1.0, self._days(one.lasts, f"{path}.lasts") / np.maximum(whole, 1e-9))
        return {
            "lasts": lasts,
            "reversible": stated("reversible", 0.0),
            "enforceable": stated("enforceable", 1.0),
            "verifiable": stated("verifiable", 1.0) * seen,
            "counted_on": stated("counted_on", 1.0) * bool(one.promised or one.due),
        }

    def _receipt(self, party: str, one: Concession, terms: _Terms) -> Receipt:
        now = self.codes(party, terms)
        word = verdicts(-terms.moved[one.by], terms.moved[party], self.margin)
        hollow = now == HOLLOW
        drags = []
        for drag, (share, because) in terms.drags.items():
            without = verdicts(*terms.both(party, drag), self.margin) == HOLLOW
            drags.append(
                Drag(
                    drag,
                    float(share.mean()),
                    because,
                    self._estimate(without),
                    paired(without, hollow, method=self.asked.method),
                )
            )
        drags.sort(key=lambda d: -d.change.value)
        shares, word_shares = self.shares(now), self.shares(word)
        return Receipt(
            party,
            spread(terms.both(party)[1]),
            spread(terms.moved[party]),
            shares,
            word_shares,
            max(VERDICTS, key=lambda v: shares[v].value),
            _reason(shares["hollow"].value, word_shares["hollow"].value, drags),
            tuple(drags),
        )

    def _path(self, path: _Path) -> OfferPath:
        stands = None if self.block.baseline is None else self._deal(self.block.baseline)
        others = [p for p in self._asked() if p != path.party]
        steps, last = [], None
        for offer in path.offers:
            deal = self._deal(offer)
            date = self.case.offers[offer].date
            worth = {p: self._worth(deal, p) for p in self.model.parties}
            moved = None if last is None else {p: worth[p] - self._worth(last, p) for p in worth}
            kinds = None
            if moved is not None:
                kinds = {p: self.shares(verdicts(-moved[path.party], moved[p], self.margin)) for p in others}
            steps.append(
                OfferStep(
                    offer,
                    None if date is None else str(date),
                    _differences(last, deal),
                    None if moved is None else {p: spread(m) for p, m in moved.items()},
                    None
                    if stands is None
                    else {p: spread(u - self._worth(stands, p)) for p, u in worth.items()},
                    {p: spread(worth[p] - self.no_deal[n]) for n, p in enumerate(self.model.parties)},
                    kinds,
                )
            )
            last = deal
        return OfferPath(path.party, path.read, tuple(steps))

    def _asked(self) -> list[str]:
        """Those whom an offer is for: the parties that the rule of consent names."""
        return [self.model.parties[r] for r in self.model.rulers]

    def _approach(self, a: _Path, b: _Path) -> Approach:
        """Shares of the distance between openings, as Raiffa (1982, ch. 4) follows offers of two sides."""
        ends = [self._deal(o) for o in (a.offers[0], a.offers[-1], b.offers[0], b.offers[-1])]
        mine = [self._worth(deal, a.party) for deal in ends]  # own first, own last, other's first, last
        theirs = [self._worth(deal, b.party) for deal in ends]
        gave, brought = mine[0] - mine[1], theirs[1] - theirs[0]
        return Approach(
            a.party,
            b.party,
            spread(gave),
            self._ratio(gave, mine[0] - mine[2]),
            spread(brought),
            self._ratio(brought, theirs[2] - theirs[0]),
            self._ratio(mine[3] - mine[2], gave),
            spread(mine[1] - mine[3]),
        )

    def _ratio(self, top: Floats, bottom: Floats) -> Estimate | NotComputed:
        """A ratio of two means; its error is that of the mean of (top - ratio x bottom) / mean bottom."""
        whole = float(bottom.mean())
        if whole <= self.margin:
            return NotComputed("there is no distance to share out: it is within the margin, or below 0")
        ratio = float(top.mean()) / whole
        error = self._estimate((top - ratio * bottom) / whole).standard_error
        return Estimate(ratio, error, ratio - Z95 * error, ratio + Z95 * error, self.asked.draws)


@dataclass(frozen=True, slots=True)
class _Terms:
    """A concession in every draw."""

    giver: str
    moved: dict[str, Floats]  # party -> points that it moves, taken at its word
    fresh: dict[str, Floats]  # the same for what the giver has not given before
    features: dict[str, Floats]  # lasts, reversible, enforceable, verifiable, counted_on
    drags: dict[DragName, tuple[Floats, tuple[str, ...]]]  # what it leaves, and the claims for it

    def left(self, without: DragName | None = None) -> Floats:
        """(draw,): the share that is kept and new, if one drag were not there."""
        features = dict(self.features)
        if without in _HARMLESS:
            key, value = _HARMLESS[without]
            features[key] = np.full_like(features[key], value)
        new = 1 - features.pop("counted_on")
        out: Floats = new * kept(-self._points(without)[self.giver], **features)
        return out

    def both(self, party: str, without: DragName | None = None) -> tuple[Floats, Floats]:
        """(draw,): what the giver loses and what a party gains, if one drag were not there."""
        left, points = self.left(without), self._points(without)
        return -left * points[self.giver], left * points[party]

    def _points(self, without: DragName | None) -> dict[str, Floats]:
        return self.moved if without == "double" else self.fresh


#: A drag, the feature that it comes from, and the value at which that takes nothing.
_HARMLESS: Mapping[str | None, tuple[str, float]] = {
    "ends": ("lasts", 1.0),
    "reversible": ("reversible", 0.0),
    "not enforceable": ("enforceable", 1.0),
    "not verifiable": ("verifiable", 1.0),
    "promised": ("counted_on", 0.0),
    "due": ("counted_on", 0.0),
}


def _drags(one: Concession, features: Mapping[str, Floats]) -> dict[DragName, tuple[Floats, tuple[str, ...]]]:
    """What takes something from a concession in some draw."""
    left: dict[DragName, Floats] = {
        "reversible": 1 - features["reversible"],
        "ends": features["lasts"],
        "not enforceable": features["enforceable"],
        "not verifiable": features["verifiable"],
        "promised" if one.promised else "due": 1 - features["counted_on"],
    }
    cited = {
        "reversible": one.reversible,
        "ends": one.lasts and one.lasts.number,
        "not enforceable": one.enforceable,
        "not verifiable": one.verifiable,
    }
    out: dict[DragName, tuple[Floats, tuple[str, ...]]] = {}
    for name, share in left.items():
        number = cited.get(name)
        because = (
            (*one.promised, *one.due) if name in ("promised", "due") else number.because if number else ()
        )
        if (share < 1).any():
            out[name] = share, because
    return out


def _reason(hollow: float, word: float, drags: Sequence[Drag]) -> Reason | None:
    """Why a concession may be hollow: there is nothing in it, or what takes most of what there is."""
    if hollow <= _SOME:
        return None
    lost = hollow - word
    if lost <= max(_SOME, word):
        return "itself"
    best = drags[0] if drags else None  # the one that takes most
    return best.name if best is not None and best.change.value > _PART * lost else "together"


def _same(first: str, other: Concession | None, name: str, one: Concession | None) -> bool:
    """Whether two entries are one thing, or alternatives; of an offer there is no concession (None)."""
    if other is not None and (other.offer == name or name in other.instead_of):
        return True
    return one is not None and (one.offer == first or first in one.instead_of)


def _when(date: dt.date | None) -> tuple[bool, dt.date]:
    return date is None, date or dt.date.min


def _paths(case: Case, block: Concessions) -> list[_Path]:
    """The offers of each party: those it tabled, by date, or those that are read as its own."""
    out = []
    for party in case.valued():
        tabled = [name for name, offer in case.offers.items() if offer.by == party]
        tabled.sort(key=lambda name: _when(case.offers[name].date))
        listed = block.paths.get(party)
        if listed:
            out.append(_Path(party, not set(listed) <= set(tabled), listed))
        elif tabled:
            out.append(_Path(party, False, tuple(tabled)))
    return out


def _parts(draws: Draws) -> tuple[Floats, Floats, Floats]:
    return draws.utility[0], draws.no_deal, draws.values
