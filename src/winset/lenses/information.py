"""Which unknown is worth finding out?

For a decision (which offer to table, if any) every unknown gets the expected value of knowing it: how much
better the choice would turn out on average if it could wait until the unknown is known (Raiffa and Schlaifer
1961; Howard 1966). A meeting gets the expected value of its signals, less its cost. All in the decider's
utility points. A decision that the case does not state is offered by default, and named as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.decisions import Choice, Decision, Meeting
from winset.case.fields import COST
from winset.case.model import Case
from winset.case.numbers import Number
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.sampling import PIECE, Sampler
from winset.errors import QuestionError
from winset.kernels.ensemble import passes
from winset.kernels.variance import classes, hermite
from winset.kernels.worth import Worth, by_kind, by_signal, given_classes, given_terms, perfect
from winset.lenses.drawn import Rows
from winset.lenses.estimates import DRAWS, Z95, Estimate, Plan, estimate, plan
from winset.lenses.results import NotComputed, Progress, Result
from winset.lenses.signals import drawn_apart, of_meeting
from winset.lenses.survey import certain

__all__ = [
    "ChoiceWorth",
    "DecisionWorth",
    "InformationResult",
    "MeetingWorth",
    "SignalWorth",
    "UnknownWorth",
    "information",
]

Floats = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.int8]

DEFAULT = "which deal to table"
NOTHING = "table nothing"
_DEALS = 3  # of a default decision, where the case has no offers
_LISTED = 2_000_000


@dataclass(frozen=True, slots=True)
class ChoiceWorth(Result):
    """What a choice brings the decider."""

    name: str
    deal: dict[str, str] | None  # what is tabled
    cost: float  # expected
    passes: Estimate | None  # probability that the rule of consent passes it; None where nothing is tabled
    utility: Estimate  # expected, cost taken off
    best: Estimate  # probability that no other choice turns out better


@dataclass(frozen=True, slots=True)
class UnknownWorth(Result):
    """The expected value of knowing something for sure before choosing."""

    name: str
    kind: Literal["number", "correlated", "type", "party", "reservation values", "cost"]
    inputs: tuple[str, ...]
    worth: Estimate  # expected utility points gained
    at_most: float  # chosen and valued on the same draws: too high on average
    changes: float  # share of draws in which another choice would be taken
    method: Literal["types", "classes", "answers", "regression"]


@dataclass(frozen=True, slots=True)
class SignalWorth(Result):
    """What follows from one signal."""

    name: str
    probability: float
    types: dict[str, float]  # type -> probability after it
    choice: str | None  # the best after it; None for a signal that never comes
    utility: float  # expected, with that choice


@dataclass(frozen=True, slots=True)
class MeetingWorth(Result):
    """What a meeting is worth before it is held."""

    name: str
    about: str
    worth: Estimate  # expected value of its signals
    at_most: float  # of knowing the type itself
    cost: float  # expected
    net: float  # worth less cost
    signals: tuple[SignalWorth, ...]


@dataclass(frozen=True, slots=True)
class DecisionWorth(Result):
    """One decision with all that could be learned before it."""

    name: str
    by: str
    stated: bool  # by the case; else offered by default
    choices: tuple[ChoiceWorth, ...]
    best: str  # the largest expected utility
    everything: Estimate  # the expected value of knowing all unknowns
    changes: float  # share of draws in which another choice than the best turns out better
    unknowns: tuple[UnknownWorth, ...]  # single ones; worth most first
    groups: tuple[UnknownWorth, ...]  # parties, and all reservation values
    meetings: tuple[MeetingWorth, ...]  # largest net value first


@dataclass(frozen=True, slots=True)
class InformationResult(Result):
    """What it is worth to find out, decision by decision."""

    plan: Plan
    decisions: tuple[DecisionWorth, ...] | NotComputed


def information(
    case: Case | Compiled,
    *,
    decision: str | None = None,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> InformationResult:
    """The expected value of information for the decisions of a case.

    Parameters
    ----------
    decision
        The name of one; all that the case states by default. Where it states none: which of its offers to
        table, or, without offers, which of the three deals that are best for the worst-off at central
        values; or nothing. It is taken by the first host, else the first mediator, else the first party of
        the rule of consent that has preferences.
    draws, rng, method
        How the unknowns are drawn.

    Raises
    ------
    QuestionError
        On an unknown decision.

    Notes
    -----
    A choice is worth the tabled deal's utility less the cost of closing it where the rule of consent passes
    it, else the no-deal value; in both cases less the choice's own cost.
    """
    model = uncertain(case)
    stated = dict(model.case.decisions)
    if decision is not None and decision not in stated:
        listed = ", ".join(stated) or "this case has none"
        raise QuestionError(f'there is no decision "{decision}"; decisions: {listed}')
    if draws is None:
        draws = DRAWS if model.inputs or _ranges(stated.values()) else 1
    asked = plan(draws, rng, method=method)
    wanted: Mapping[str, Decision] = stated if decision is None else {decision: stated[decision]}
    if not stated:
        offered = _default(model)
        if isinstance(offered, NotComputed):
            return InformationResult(asked, offered)
        wanted = {DEFAULT: offered}
    done = []
    for n, (name, body) in enumerate(wanted.items()):
        if progress:
            progress("decisions", n, len(wanted))
        done.append(_Question(model, asked, name, body).answer(bool(stated)))
    return InformationResult(asked, tuple(done))


def _ranges(decisions: object) -> bool:
    numbers = [
        number
        for d in decisions  # type: ignore[attr-defined]
        for number in (
            *(c.cost for c in d.choices.values()),
            *(m.cost for m in d.meetings.values()),
            *(x for m in d.meetings.values() for s in m.signals.values() for x in s.values()),
        )
    ]
    return any(number is not None and number.is_range for number in numbers)


def _default(model: Uncertain) -> Decision | NotComputed:
    """The decision that is looked at where the case states none."""
    case = model.case
    valued = [p for p in case.parties if p in case.preferences]
    seated = [
        *(p for seat in ("host", "mediator") for p in valued if case.parties[p].seat == seat),
        *(model.parties[r] for r in model.rulers),
    ]
    choices: dict[str, Choice] = {}
    for name in case.offers:
        choices[name] = Choice.model_validate({"table": name})
    if not choices:
        if model.deals > _LISTED:
            return NotComputed(
                f"the case states no decision and no offer, and its {model.deals:,} deals are not listed; "
                "state a decision or offers"
            )
        for n, deal in enumerate(Rows(model).for_worst_off(_DEALS), 1):
            choices[f"deal {n}"] = Choice.model_validate({"table": deal})
    choices[NOTHING] = Choice.model_validate({})
    return Decision.model_validate({"by": seated[0], "choices": choices})


class _Question:
    """One decision with the values of its choices in every draw."""

    def __init__(self, model: Uncertain, asked: Plan, name: str, body: Decision) -> None:
        self.model, self.asked, self.name, self.body = model, asked, name, body
        self.by = model.parties.index(body.by)
        self.deals: list[dict[str, str] | None] = [_deal(model, c) for c in body.choices.values()]
        some = [d for d in self.deals if d is not None]
        self.few = model.only(some or [model.number(0)])
        sampler = Sampler(model, asked.seed, method=asked.method)
        self.scores = np.concatenate(
            [sampler.scores(start, min(PIECE, asked.draws - start)) for start in range(0, asked.draws, PIECE)]
        )
        self.correlated = [where for where, _ in sampler.mixing]
        self.values = model.values(self.scores)
        self.kinds = model.kinds(self.values)
        self.costs = {c: self._number(choice.cost, f"choices.{c}.cost") for c, choice in body.choices.items()}
        self.drawn = self.few.draws(self.values, kinds=self.kinds)
        self.worth, self.passed = self._worth(self.drawn)

    def _number(self, number: Number | None, place: str) -> tuple[Floats, Floats]:
        """(draw,) scores and (draw,) values of a cost of the decision."""
        return drawn_apart(number, COST, f"decisions.{self.name}.{place}", self.asked)

    def _worth(self, drawn: Draws) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """(choice, draw): utility points to the decider, and whether the tabled deal passes."""
        out = np.repeat(drawn.no_deal[self.by][None], len(self.deals), axis=0)
        passed = np.zeros(out.shape, np.bool_)
        cell = 0
        for n, deal in enumerate(self.deals):
            if deal is not None:
                utility, accepts = drawn.of([cell])
                passed[n] = passes(self.model.rule, accepts)
                over = utility[self.by] - drawn.reserve[self.by]
                out[n] += np.where(passed[n], over, 0.0)
                cell += 1
        for row, (_, cost) in zip(out, self.costs.values(), strict=True):
            row -= cost
        return out, passed

    # ------------------------------------------------------------------------------------------ the answer

    def answer(self, stated: bool) -> DecisionWorth:
        method = self.asked.method
        top = self.worth.max(axis=0)
        choices = tuple(
            ChoiceWorth(
                name,
                deal,
                float(self.costs[name][1].mean()),
                None if deal is None else self._sure(estimate(self.passed[n], method=method)),
                self._sure(estimate(self.worth[n], method=method)),
                self._sure(estimate(self.worth[n] >= top - 1e-9, method=method)),
            )
            for n, (name, deal) in enumerate(zip(self.body.choices, self.deals, strict=True))
        )
        everything = perfect(self.worth)
        unknowns = sorted(self._unknowns(), key=lambda u: (-u.worth.value, -u.at_most))
        meetings = [self._meeting(n, m) for n, m in self.body.meetings.items()]
        return DecisionWorth(
            self.name,
            self.body.by,
            stated,
            choices,
            list(self.body.choices)[int(self.worth.mean(axis=1).argmax())],
            self._estimate(everything),
            everything.changes,
            tuple(unknowns),
            tuple(self._groups()),
            tuple(sorted(meetings, key=lambda m: -m.net)),
        )

    def _sure(self, found: Estimate) -> Estimate:
        return found if any(score.any() for score, _ in self.costs.values()) else certain(self.model, found)

    def _estimate(self, worth: Worth) -> Estimate:
        half = Z95 * worth.error
        return Estimate(worth.value, worth.error, worth.value - half, worth.value + half, self.asked.draws)

    def _entry(
        self,
        name: str,
        kind: Literal["number", "correlated", "type", "party", "reservation values", "cost"],
        inputs: Sequence[str],
        worth: Worth,
        method: Literal["types", "classes", "answers", "regression"],
    ) -> UnknownWorth:
        return UnknownWorth(
            name, kind, tuple(inputs), self._estimate(worth), worth.flattering, worth.changes, method
        )

    def _unknowns(self) -> list[UnknownWorth]:
        """Types, single numbers, and numbers that are correlated with each other."""
        model, out = self.model, []
        for party in model.types:
            worth = by_kind(*self._by_type(party))
            out.append(self._entry(f"{party}.type", "type", [f"{party}.type"], worth, "types"))
        joined = {int(n) for where in self.correlated for n in where}
        for where in self.correlated:
            ranges = [int(n) for n in where if model.inputs[n].law != "type"]
            paths = [model.inputs[n].path for n in where]
            worth = given_terms(self.worth, hermite(self.scores[:, ranges]))
            out.append(self._entry(" + ".join(paths), "correlated", paths, worth, "regression"))
        for n, item in enumerate(model.inputs):
            if item.law == "type" or n in joined:
                continue
            column = (self.values if item.law == "values" else self.scores)[:, n]
            worth = given_classes(self.worth, classes(column))
            out.append(self._entry(item.path, "number", [item.path], worth, "classes"))
        for name, (score, _) in self.costs.items():
            if score.any():
                path = f"decisions.{self.name}.choices.{name}.cost"
                worth = given_classes(self.worth, classes(score))
                out.append(self._entry(path, "cost", [path], worth, "classes"))
        return out

    def _groups(self) -> list[UnknownWorth]:
        """All that one party knows of itself, and all reservation values."""
        model, out = self.model, []
        cells = range(len(self.few.groups[0].options))
        each = [self.drawn.of([c]) for c in cells] if any(d is not None for d in self.deals) else []
        for p, party in enumerate(model.parties):
            inputs = [i.path for i in model.inputs if i.party == party]
            if not inputs:
                continue
            if p == self.by:  # its own gains where it accepts, and its no-deal value, say all that counts
                terms = [self.drawn.no_deal[p]]
                for utility, accepts in each:
                    over = utility[p] - self.drawn.reserve[p]
                    terms += [over, np.where(accepts[p], over, 0.0), accepts[p].astype(np.float64)]
                worth = given_terms(self.worth, np.column_stack(terms))
                out.append(self._entry(party, "party", inputs, worth, "regression"))
            else:  # of the others only their answers count
                code = np.zeros(self.asked.draws, np.int64)
                for k, (_, accepts) in enumerate(each):
                    code += accepts[p].astype(np.int64) << min(k, 60)
                out.append(self._entry(party, "party", inputs, given_classes(self.worth, code), "answers"))
        ends = ("no_deal", "closing_cost")
        chosen = [
            n
            for n, i in enumerate(model.inputs)
            if i.law != "type" and (i.path.startswith("no_deal.") or i.path.rpartition(".")[2] in ends)
        ]
        if len(chosen) > 1:
            terms_ = hermite(self.scores[:, chosen], 2)
            paths = [model.inputs[n].path for n in chosen]
            worth = given_terms(self.worth, terms_)
            out.append(self._entry("reservation values", "reservation values", paths, worth, "regression"))
        return out

    def _by_type(self, party: str) -> tuple[Floats, Floats]:
        """(type, choice, draw) values with the party as each of its types, and (type, draw) probabilities."""
        p = self.model.parties.index(party)
        worths = []
        for k in range(len(self.model.types[party])):
            kinds: Kinds = self.kinds.copy()
            kinds[p] = k
            worths.append(self._worth(self.few.draws(self.values, kinds=kinds))[0])
        return np.stack(worths), np.ascontiguousarray(self.model.chances(party, self.values).T)

    def _meeting(self, name: str, meeting: Meeting) -> MeetingWorth:
        cost = float(self._number(meeting.cost, f"meetings.{name}.cost")[1].mean())
        types = tuple(self.model.case.preferences[meeting.about].types)
        if meeting.about not in self.model.types:  # a single type: nothing to learn
            values, chances = self.worth[None], np.ones((1, self.asked.draws))
        else:
            values, chances = self._by_type(meeting.about)
        # expected likelihoods: only these matter for what a meeting is worth beforehand, since they are
        # independent of all else
        path = f"decisions.{self.name}.meetings.{name}"
        found = by_signal(values, chances, of_meeting(meeting, types, path, self.asked).mean(axis=2))
        names = list(self.body.choices)
        signals = tuple(
            SignalWorth(
                signal,
                float(found.chance[s]),
                {t: float(x) for t, x in zip(types, found.posterior[s], strict=True)},
                names[found.choice[s]] if found.choice[s] >= 0 else None,
                float(found.utility[s]),
            )
            for s, signal in enumerate(meeting.signals)
        )
        worth = self._estimate(found.worth)
        most = by_kind(values, chances).value
        return MeetingWorth(name, meeting.about, worth, most, cost, worth.value - cost, signals)


def _deal(model: Uncertain, choice: Choice) -> dict[str, str] | None:
    if choice.table is None:
        return None
    if isinstance(choice.table, str):
        return dict(model.case.offers[choice.table].deal)
    return {issue: choice.table[issue] for issue in model.issues}
