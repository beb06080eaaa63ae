"""What does the evidence say about which type a party is?

From the prior to the posterior, one piece of evidence after the other, by Bayes' rule, each with its weight
(Good 1950, 1985): 10 log10 of how it changes the odds of a type, in decibans. Beside it stands the matrix of
the analysis of competing hypotheses (Heuer 1999, ch. 8): evidence down, types across, and what tells them
apart. What has not been seen yet is ranked by the bits that it would tell (Lindley 1956).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.evidence import Factor
from winset.case.fields import PROBABILITY
from winset.case.model import Case
from winset.case.numbers import Z90, Number
from winset.case.stages import Talk
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, uncertain
from winset.compiled.laws import quantile
from winset.compiled.sampling import PIECE, Sampler
from winset.kernels.belief import apart, decibans, entropy, order_gap, posterior, told
from winset.lenses.course_plan import shown
from winset.lenses.estimates import DRAWS, Estimate, Plan, Spread, estimate, plan, spread
from winset.lenses.results import NotComputed, Result
from winset.lenses.signals import of_meeting

__all__ = [
    "Apart",
    "Belief",
    "BeliefsResult",
    "Item",
    "Letter",
    "Orders",
    "PartyBeliefs",
    "Step",
    "Swing",
    "Unseen",
    "Weight",
    "beliefs",
]

Floats = npt.NDArray[np.float64]
Letter = Literal["CC", "C", "N", "I", "II"]

#: The least central likelihood for each letter: the bands of ICD 203.
_LETTERS: tuple[tuple[float, Letter], ...] = (
    (0.80, "CC"),
    (0.55, "C"),
    (0.45, "N"),
    (0.20, "I"),
    (0.0, "II"),
)
_NO_TYPES = "no party of this case has more than one type, so there is nothing that evidence could tell apart"
_SETTLED = NotComputed("it settles the matter, so that the odds change without limit")


@dataclass(frozen=True, slots=True)
class Belief(Result):
    """How likely a type is at some point."""

    central: float  # at central values
    mean: Estimate  # over the draws: the probability with which the party is of the type there
    spread: Spread  # of the probability, over the draws


@dataclass(frozen=True, slots=True)
class Weight(Result):
    """Evidence for one type against the others together, in decibans; below 0 it speaks against it."""

    central: float | NotComputed
    spread: Spread | NotComputed


@dataclass(frozen=True, slots=True)
class Step(Result):
    """One piece of evidence that counts, in the order of dates."""

    name: str  # the item, or the group whose items count together
    date: str | None  # of the item, or of the last of the group
    items: tuple[str, ...]  # all that it stands for
    joined: Literal["alone", "stated together", "most telling"]
    because: tuple[str, ...]  # claims
    likelihoods: dict[str, float]  # type -> at central values
    weight: dict[str, Weight]  # type -> given what was known by then
    after: dict[str, Belief]  # type -> how likely once this is known


@dataclass(frozen=True, slots=True)
class Apart(Result):
    """How far something tells types apart: 10 log10 of the largest likelihood over the least."""

    central: float | NotComputed
    spread: Spread | NotComputed
    rules_out: tuple[str, ...]  # types that are impossible given it


@dataclass(frozen=True, slots=True)
class Item(Result):
    """A row of the matrix: one item of evidence, whether or not it counts by itself."""

    name: str
    date: str | None
    group: str | None
    counts: bool  # its own likelihoods enter the posterior
    likelihoods: dict[str, str]  # type -> as written
    letters: dict[
        str, Letter
    ]  # type -> very consistent, consistent, neutral, inconsistent, very inconsistent
    apart: Apart
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Orders(Result):
    """The same evidence taken in in other orders."""

    tried: int
    every: bool  # whether these are all orders
    difference: float  # the largest between any two of them, of a type's probability


@dataclass(frozen=True, slots=True)
class Swing(Result):
    """The posterior with one number at either end of its range (5 % and 95 % points), all others central."""

    path: str
    low: float
    high: float
    at_low: dict[str, float]  # type -> probability
    at_high: dict[str, float]
    width: float  # the largest difference of a type's probability


@dataclass(frozen=True, slots=True)
class Unseen(Result):
    """What a meeting that has not been held, or a stage of the talks, would tell about a party's type."""

    name: str
    decision: str | None  # before which it may be held; None for a stage of the talks
    signals: tuple[str, ...]
    bits: Estimate  # expected, before it is seen
    spread: Spread
    share: float  # of the bits that are not known


@dataclass(frozen=True, slots=True)
class PartyBeliefs(Result):
    """One party with types."""

    party: str
    types: tuple[str, ...]
    before: dict[str, Belief]
    steps: tuple[Step, ...]
    after: dict[str, Belief]
    one_by_one: dict[str, float] | None  # at central values, were every item counted; None without groups
    orders: Orders
    swings: tuple[Swing, ...]  # widest first
    leads: dict[str, Estimate]  # type -> share of the draws in which none is likelier
    overturned: Estimate  # share of the draws in which another type leads than before the evidence
    items: tuple[Item, ...]  # the matrix, in the order of dates
    inconsistent: dict[str, int]  # type -> items with I or II against it (Heuer's count)
    score: dict[str, int]  # type -> the same with II counted twice
    unknown: Estimate  # bits that are not known after the evidence
    signals: tuple[Unseen, ...]  # most telling first


@dataclass(frozen=True, slots=True)
class BeliefsResult(Result):
    """What the evidence says, party by party."""

    plan: Plan
    parties: tuple[PartyBeliefs, ...] | NotComputed  # those with more than one type


def beliefs(
    case: Case | Compiled,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
) -> BeliefsResult:
    """What the evidence says about hidden types, step by step, and what it hangs on.

    In every draw the types' probabilities are prior times likelihoods, normalised, with the priors and
    likelihoods of that draw; all lenses draw types by them. Items of a group count once (see
    ``winset.case.evidence.counted``).

    Parameters
    ----------
    draws, rng, method
        How the unknowns are drawn.
    """
    model = uncertain(case, also=("stages", "talks"))
    asked = plan((DRAWS if model.inputs else 1) if draws is None else draws, rng, method=method)
    if not model.types:
        return BeliefsResult(asked, NotComputed(_NO_TYPES))
    sampler = Sampler(model, asked.seed, method=asked.method)
    starts = range(0, asked.draws, PIECE)
    scores = np.concatenate([sampler.scores(at, min(PIECE, asked.draws - at)) for at in starts])
    values, middle = model.values(scores), model.middle()[None]
    return BeliefsResult(asked, tuple(_Party(model, asked, p, values, middle).answer() for p in model.types))


class _Party:
    """One party with its probabilities before and after each piece of evidence, in every draw."""

    def __init__(self, model: Uncertain, asked: Plan, party: str, values: Floats, middle: Floats) -> None:
        self.model, self.asked, self.party = model, asked, party
        self.values, self.middle = values, middle
        self.types = model.types[party]
        self.factors = model.factors[party]
        self.track = self._track(values)  # (step, draw, type), the prior first
        self.central = self._track(middle)  # (step, 1, type)
        paths = [f"{party}.types.{t}.prior" for t in self.types]
        paths += [f"{f.path}.likelihoods.{t}" for f in self.factors for t in self.types]
        self.ranges = [model.index[p] for p in paths if p in model.index]  # columns that enter the posterior

    def _track(self, values: Floats) -> Floats:
        found = [self.model.priors(self.party, values)]
        seen: list[Floats] = []
        for factor in self.factors:
            seen.append(self.model.likelihoods(self.party, factor, values))
            found.append(posterior(found[0], np.stack(seen)))
        return np.stack(found)

    def answer(self) -> PartyBeliefs:
        items = tuple(self._items())
        against = {t: [item.letters[t] for item in items] for t in self.types}
        last, first = self.track[-1], self.track[0]
        lead = last >= last.max(axis=1, keepdims=True) - 1e-12
        moved = last.argmax(axis=1) != first.argmax(axis=1)
        known = estimate(entropy(last), method=self.asked.method)
        return PartyBeliefs(
            party=self.party,
            types=self.types,
            before=self._beliefs(0),
            steps=tuple(self._step(n, factor) for n, factor in enumerate(self.factors, 1)),
            after=self._beliefs(len(self.factors)),
            one_by_one=self._one_by_one(),
            orders=self._orders(),
            swings=tuple(sorted(self._swings(), key=lambda s: -s.width)),
            leads={t: self._share(lead[:, k]) for k, t in enumerate(self.types)},
            overturned=self._share(moved),
            items=items,
            inconsistent={t: sum(x in ("I", "II") for x in letters) for t, letters in against.items()},
            score={t: letters.count("I") + 2 * letters.count("II") for t, letters in against.items()},
            unknown=self._sure(known),
            signals=tuple(sorted(self._signals(known.value), key=lambda s: -s.bits.value)),
        )

    # ---------------------------------------------------------------------------------------------- the steps

    def _sure(self, found: Estimate) -> Estimate:
        """An estimate of what is the same in every draw has no error."""
        if self.ranges:
            return found
        return Estimate(found.value, 0.0, found.value, found.value, found.draws)

    def _share(self, hits: npt.NDArray[np.bool_]) -> Estimate:
        return self._sure(estimate(hits, method=self.asked.method))

    def _beliefs(self, n: int) -> dict[str, Belief]:
        return {
            t: Belief(
                float(self.central[n, 0, k]),
                self._sure(estimate(self.track[n, :, k], method=self.asked.method)),
                spread(self.track[n, :, k]),
            )
            for k, t in enumerate(self.types)
        }

    def _step(self, n: int, factor: Factor) -> Step:
        central = decibans(self.central[n - 1], self.central[n])[0]
        drawn = decibans(self.track[n - 1], self.track[n])
        likely = self.model.likelihoods(self.party, factor, self.middle)[0]
        together = len(factor.items) > 1
        return Step(
            name=factor.path.partition(".")[2],
            date=None if factor.date is None else factor.date.isoformat(),
            items=factor.items,
            joined=("stated together" if factor.stated else "most telling") if together else "alone",
            because=factor.because,
            likelihoods={t: float(x) for t, x in zip(self.types, likely, strict=True)},
            weight={t: Weight(_finite(central[k]), _spread(drawn[:, k])) for k, t in enumerate(self.types)},
            after=self._beliefs(n),
        )

    def _one_by_one(self) -> dict[str, float] | None:
        every = self.model.case.factors(self.party, apart=True)
        if {f.path for f in every} == {f.path for f in self.factors}:
            return None
        seen = np.stack([self.model.likelihoods(self.party, f, self.middle) for f in every])
        return dict(zip(self.types, posterior(self.central[0], seen)[0].tolist(), strict=True))

    def _orders(self) -> Orders:
        seen = [self.model.likelihoods(self.party, f, self.middle)[0] for f in self.factors]
        return Orders(*order_gap(self.central[0, 0], np.array(seen).reshape(-1, len(self.types))))

    # ------------------------------------------------------------------------------------- what it hangs on

    def _swings(self) -> Iterator[Swing]:
        """Every range that enters the posterior of this party."""
        model, where = self.model, self.ranges
        rows = np.repeat(self.middle, 2 * len(where), axis=0)
        for k, n in enumerate(where):
            rows[2 * k : 2 * k + 2, n] = quantile(model.inputs[n], np.array([-Z90, Z90]))
        found = model.chances(self.party, rows)
        for k, n in enumerate(where):
            low, high = found[2 * k], found[2 * k + 1]
            yield Swing(
                model.inputs[n].path,
                float(rows[2 * k, n]),
                float(rows[2 * k + 1, n]),
                dict(zip(self.types, low.tolist(), strict=True)),
                dict(zip(self.types, high.tolist(), strict=True)),
                float(np.abs(high - low).max()),
            )

    # ------------------------------------------------------------------------------------------- the matrix

    def _items(self) -> Iterator[Item]:
        case = self.model.case
        used = {factor.path for factor in self.factors}
        for factor in case.factors(self.party, apart=True):
            (name,) = factor.items
            central = self.model.likelihoods(self.party, factor, self.middle)
            drawn = apart(self.model.likelihoods(self.party, factor, self.values))
            yield Item(
                name=name,
                date=None if factor.date is None else factor.date.isoformat(),
                group=factor.group,
                counts=factor.path in used,
                likelihoods={t: factor.likelihoods[t].short() for t in self.types},
                letters={t: _letter(factor.likelihoods[t]) for t in self.types},
                apart=Apart(
                    _finite(apart(central)[0]),
                    _spread(drawn),
                    tuple(t for t, x in zip(self.types, central[0], strict=True) if x == 0),
                ),
                because=factor.because,
            )

    # --------------------------------------------------------------------------------- what would tell more

    def _signals(self, unknown: float) -> Iterator[Unseen]:
        """Meetings before a decision, and stages of the talks, in which this party may show something."""
        case = self.model.case
        for decision, choice in case.decisions.items():
            for name, meeting in choice.meetings.items():
                if meeting.about == self.party:
                    path = f"decisions.{decision}.meetings.{name}"
                    likely = of_meeting(meeting, self.types, path, self.asked)
                    yield self._unseen(name, decision, tuple(meeting.signals), likely, unknown)
        for name, stage in case.stages.items():
            if isinstance(stage, Talk) and self.party in stage.signals:
                likely = shown(self.model, name, stage, self.party, self.values)
                yield self._unseen(name, None, tuple(stage.signals[self.party]), likely, unknown)

    def _unseen(
        self, name: str, decision: str | None, signals: tuple[str, ...], likely: Floats, unknown: float
    ) -> Unseen:
        bits = told(self.track[-1], np.moveaxis(likely, 2, 0))
        found = estimate(bits, method=self.asked.method)
        share = found.value / unknown if unknown > 0 else 0.0
        return Unseen(name, decision, signals, found, spread(bits), share)


def _letter(likelihood: Number) -> Letter:
    """How consistent an item is with a type, by the central likelihood."""
    central = float(likelihood.central(PROBABILITY))
    return next(letter for least, letter in _LETTERS if central >= least)


def _finite(value: float) -> float | NotComputed:
    return float(value) if np.isfinite(value) else _SETTLED


def _spread(values: Floats) -> Spread | NotComputed:
    return spread(values) if np.isfinite(values).all() else _SETTLED
