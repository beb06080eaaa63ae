"""All results that a brief draws on, asked once, and the deals that it sets side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from winset.case.fields import UTILITY
from winset.case.model import Case, merged
from winset.compiled import compile_case
from winset.compiled.sampling import PIECE, share_cores
from winset.lenses import (
    BlockersResult,
    DealView,
    ExclusionResult,
    FrontierResult,
    InformationResult,
    LeversResult,
    NotComputed,
    SensitivityResult,
    SolutionsResult,
    ZoneResult,
    blockers,
    frontier,
    sensitivity,
    solutions,
    zone,
)
from winset.lenses.odds import DealOdds, ZoneOdds, deal_odds
from winset.lenses.results import Progress
from winset.lenses.sensitivity import Turning, turning
from winset.lenses.tornado import Bar, tornado
from winset.lenses.unsourced import Unsourced, unsourced
from winset.report.asked import BESIDE, Asked
from winset.report.beside import begin, carry_on
from winset.report.words import amount, issue_words, q

__all__ = ["Context", "OtherType", "Pick", "ask"]

FEW = 2 * PIECE  # draws that one core makes in no time
MOST_TYPES = 6  # other types whose zone is looked at
MOST_BARS = 8  # unknowns in the tornado
MOST_PICKS = 6  # deals side by side
RANKED = {"worst-off": "egalitarian", "sum": "utilitarian", "product": "Nash"}
_KINDS = {
    "Nash": "nash",
    "Kalai-Smorodinsky": "ks",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


@dataclass(frozen=True, slots=True)
class OtherType:
    """The zone if a party were of another type than the one read for now."""

    party: str
    type: str
    zone: ZoneResult


@dataclass(frozen=True, slots=True)
class Pick:
    """A deal that the brief refers to by a letter."""

    letter: str
    labels: tuple[str, ...]
    kind: str  # the shape of its mark in charts
    view: DealView
    offer: str | None = None


@dataclass(frozen=True)
class Context(Asked):
    """A case and every lens's answer."""

    zone: ZoneResult
    blockers: BlockersResult
    frontier: FrontierResult
    solutions: SolutionsResult
    others: tuple[OtherType, ...]
    unsourced: Unsourced | NotComputed

    @cached_property
    def odds(self) -> ZoneOdds | None:
        """The zone over all draws, where there is anything to draw."""
        found = self.zone.odds
        return found if isinstance(found, ZoneOdds) and found.unknowns else None

    @cached_property
    def sensitivity(self) -> SensitivityResult | None:
        """What drives the answer, where anything is drawn."""
        if self.odds is None:
            return None
        return sensitivity(self.compiled, rng=self.rng, draws=self.draws)

    @cached_property
    def turning(self) -> Turning | NotComputed:
        """What would flip the answer at central values."""
        found = self.sensitivity
        if found is None:
            return turning(self.compiled)
        if isinstance(found.central, NotComputed):
            return found.central
        return Turning(found.flips, found.farther, found.joint)

    @cached_property
    def tornado(self) -> tuple[Bar, ...]:
        """What moves the chance of a deal most: types, and the numbers that move the zone most."""
        if self.sensitivity is None:
            return ()
        types = [f"{p}.type" for p, prefs in self.case.preferences.items() if len(prefs.types) > 1]
        wide = [m.path for m in self.sensitivity.moves[: MOST_BARS - len(types)]]
        found = tornado(self.compiled, paths=[*types, *wide], most=MOST_BARS, rng=self.rng, draws=self.draws)
        return () if isinstance(found, NotComputed) else found.bars

    @cached_property
    def levers(self) -> LeversResult | None:
        """What would open the zone, where anything is drawn."""
        if isinstance(self.zone.odds, NotComputed):
            return None
        return self.any_levers

    @cached_property
    def information(self) -> InformationResult | None:
        """What is worth finding out before a choice, where anything is drawn."""
        if self.odds is None:
            return None
        return self.any_information

    @cached_property
    def exclusion(self) -> ExclusionResult | None:
        """What leaving parties out does, where anything is drawn."""
        if isinstance(self.zone.odds, NotComputed):
            return None
        return self.any_exclusion

    @cached_property
    def deal_odds(self) -> dict[tuple[str, ...], DealOdds]:
        """The lettered deals over all draws, by their options; empty where nothing is drawn."""
        if self.odds is None or not self.lettered:
            return {}
        deals = [p.view.deal for p in self.lettered]
        found = deal_odds(self.compiled, deals, self.odds.plan.draws, self.odds.plan.seed)
        if isinstance(found, NotComputed):
            return {}
        return {tuple(d.deal.values()): d for d in found}

    def over_draws(self, deal: dict[str, str]) -> DealOdds | None:
        """A lettered deal over all draws."""
        return self.deal_odds.get(tuple(deal[i] for i in self.compiled.issues))

    @cached_property
    def rulers(self) -> tuple[str, ...]:
        """Parties that the rule of consent names, in the order of the case."""
        return self.zone.needed

    @cached_property
    def vetoes(self) -> tuple[str, ...]:
        """Parties without whose yes no deal passes."""
        everyone = set(self.case.consent.parties())
        return tuple(p for p in self.rulers if not self.case.consent.holds(everyone - {p}))

    @cached_property
    def ranges(self) -> frozenset[str]:
        """Parties any of whose numbers is a range."""
        uncertain = [path for path, number, _ in self.case.numbers() if number.is_range]
        return frozenset(p for p in self.case.preferences if any(u.startswith(f"{p}.") for u in uncertain))

    def fine(self, *parties: str) -> bool:
        """Whether tenths of a point mean anything: none of the parties' numbers is a range."""
        return not self.ranges.intersection(parties or self.case.preferences)

    def name(self, party: str) -> str:
        return q(self.case.name(party))

    def names(self, parties: Iterable[str]) -> list[str]:
        return [self.name(p) for p in parties]

    def speaker(self, by: str | None) -> str:
        """Who said something: a party's name, or the name given."""
        return q(self.case.name(by)) if by else "nobody named"

    def issue(self, issue: str) -> str:
        """An issue for a reader."""
        return q(issue_words(issue))

    def no_deal(self, party: str) -> tuple[float, float, float]:
        """The no-deal value as written, lowest, central and highest; one that is derived has its central
        value alone."""
        number = self.case.central_preferences(party).no_deal
        if number is None:
            central = float(self.compiled.values[party].no_deal)
            return central, central, central
        return float(number.low), float(number.central(UTILITY)), float(number.high)

    def no_deal_text(self, party: str) -> str:
        """The no-deal value as its author wrote it."""
        number = self.case.central_preferences(party).no_deal
        if number is None:
            return f"{amount(self.compiled.values[party].no_deal)}, from what happens without a deal"
        return number.short()

    @cached_property
    def lettered(self) -> tuple[Pick, ...]:
        """The shortlist, then every other offer."""
        chosen = _picks(self)
        out = []
        for n, (labels, kind, view, offer) in enumerate(chosen):
            out.append(Pick(_letter(n), tuple(labels), kind, view, offer))
        return tuple(out)

    @cached_property
    def shortlist(self) -> tuple[Pick, ...]:
        return self.lettered[:MOST_PICKS]

    def letter(self, deal: dict[str, str]) -> str:
        """The letter of a deal, or nothing."""
        return next((p.letter for p in self.lettered if p.view.deal == deal), "")


def ask(
    case: Case,
    rng: int | np.random.Generator | None,
    progress: Progress | None = None,
    draws: int | None = None,
) -> Context:
    """Ask every lens."""

    variants = list(_variants(case))
    done = 0

    def say(step: str) -> None:
        nonlocal done
        if progress is not None:
            progress(step, done, 7 + len(variants))
        done += 1

    say("compiling the case")
    compiled = compile_case(case)
    asked = Asked(case, compiled, draws, rng)
    if isinstance(rng, int):  # a generator would have to hand on its state
        share_cores(1 if (draws or 0) <= FEW else None)  # threads of few draws only wait for one another
        if begin(asked, BESIDE) is None:
            share_cores(None)
    say("counting the zone")
    zoned = zone(compiled, rng=rng, draws=draws)
    say("who refuses what")
    blocked = blockers(compiled, rng=rng, draws=draws)
    say("efficient deals")
    front = frontier(compiled, most=500, rng=rng, draws=draws)
    say("fair deals")
    fair = solutions(compiled, rng=rng, draws=draws)
    others = []
    for party, kind, variant in variants:
        say(f"if {case.name(party)} is the {kind}")
        others.append(OtherType(party, kind, zone(variant, rng=rng, limit=200_000, samples=20_000, draws=0)))
    say("what rests on judgement")
    rests = NotComputed("nothing is drawn") if draws == 0 else unsourced(compiled, rng=rng, draws=draws)
    context = Context(case, compiled, draws, rng, zoned, blocked, front, fair, tuple(others), rests)
    carry_on(asked, context)
    return context


def _variants(case: Case) -> Iterable[tuple[str, str, Case]]:
    """The case with one party read as another of its types, for the parties of the rule."""
    found = 0
    for party in case.consent.parties():
        prefs = case.preferences.get(party)
        if prefs is None or not prefs.types:
            continue
        chances = case.central_chances(party)
        for kind in sorted(prefs.types, key=lambda t: -chances[t]):
            if kind == case.central_type(party):
                continue
            if found == MOST_TYPES:
                return
            found += 1
            preferences = {**case.preferences, party: merged(prefs, prefs.types[kind])}
            yield party, kind, case.model_copy(update={"preferences": preferences})


def _picks(context: Context) -> list[tuple[list[str], str, DealView, str | None]]:
    """Distinct deals with all that singles each out; theory first, offers by how near they come."""
    found: dict[tuple[str, ...], tuple[list[str], str, DealView, str | None]] = {}

    def add(view: DealView, label: str, kind: str, offer: str | None = None) -> None:
        key = tuple(view.deal.values())
        if key not in found:
            found[key] = ([label], kind, view, offer)
        else:
            labels, known, seen, named = found[key]
            if label not in labels:
                labels.append(label)
            found[key] = (labels, known, seen, named or offer)

    fair = context.solutions.solutions
    if not isinstance(fair, NotComputed):
        for solution in fair:
            if solution.name in _KINDS and solution.deals:
                add(solution.deals[0], solution.name, _KINDS[solution.name])
    else:  # the ranking of the zone finds three of them by another way
        for criterion, ranked in context.zone.ranked.items():
            if not isinstance(ranked, NotComputed) and ranked:
                add(ranked[0], RANKED[criterion], _KINDS[RANKED[criterion]])
    theory = len(found)
    if not isinstance(fair, NotComputed):
        for solution in fair:
            if solution.name not in _KINDS and solution.deals and solution.deals[0].in_zone and theory:
                add(solution.deals[0], "issue by issue", "issue")
    offers = [named for named in context.blockers.deals if named.name in context.case.offers]
    offers.sort(
        key=lambda d: (not d.view.in_zone, len(d.view.refusals), sum(r.short for r in d.view.refusals))
    )
    for named in offers:
        add(named.view, f"offer: {q(named.name)}", "offer", named.name)
    if len(found) < 3:
        for named in context.blockers.deals:
            if named.name not in context.case.offers and len(found) < MOST_PICKS:
                add(named.view, q(named.name), "favourite")
    return list(found.values())


def _letter(n: int) -> str:
    return chr(65 + n) if n < 26 else _letter(n // 26 - 1) + chr(65 + n % 26)
