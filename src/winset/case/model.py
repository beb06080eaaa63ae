"""The validated case: what a negotiation is, as typed and frozen objects.

Every class mirrors one mapping of the case file, key for key; the docstrings of the fields are the case
reference and the JSON Schema (``winset schema``). Cross-references (does this claim exist?) are checked in
``read``; a ``Case`` that came from there can be trusted by all code behind it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    WrapSerializer,
)

from winset.case.agenda import AgendaItem, Legal, Place
from winset.case.claims import Claim
from winset.case.concessions import Concessions, concession_numbers
from winset.case.conflict import Conflict, conflict_numbers
from winset.case.decisions import Decision
from winset.case.evidence import Evidence, EvidenceGroup, Factor, counted, is_likelihood
from winset.case.fields import (
    COST,
    PROBABILITY,
    RATE,
    SCORE,
    SPAN,
    UTILITY,
    WEIGHT,
    WORD_SCHEMA,
    Cost,
    Date,
    Frozen,
    Grade,
    Ids,
    Probability,
    Rate,
    Score,
    Span,
    Utility,
    Votes,
    Weight,
    Words,
    YesNo,
    refused,
)
from winset.case.guarantees import Durability, SecurityGuarantee, durability_numbers, guarantee_numbers
from winset.case.levers import Lever, LeverBase
from winset.case.numbers import Bounds, Number
from winset.case.rules import HEADS, VOTE, MatchField, PassesField, RuleField
from winset.case.stages import Stage, Talks, stage_numbers, talks_numbers
from winset.case.text import show
from winset.case.threats import Threat, threat_numbers
from winset.case.war import Contest, war_numbers

__all__ = [
    "RESERVED",
    "SEATS",
    "Body",
    "Case",
    "Claim",
    "Correlation",
    "Issue",
    "Linkage",
    "Member",
    "NoDeal",
    "Offer",
    "Outcome",
    "Party",
    "PartyType",
    "Preferences",
    "RedLine",
    "Source",
]

Seat = Literal["table", "host", "mediator", "consulted", "absent"]
SEATS: tuple[str, ...] = ("table", "host", "mediator", "consulted", "absent")

#: Keys that later versions of the format use; refused with a message of their own until then.
RESERVED: Mapping[str, str] = {
    "division": "dividing items or regions",
    "positions": "positions and influence",
    "log": "forecasts and what followed",
}

# --------------------------------------------------------------------------- the mappings of the file


class Source(Frozen):
    """Where something was reported."""

    title: Words = Field(description="What it is: a report, a book, an interview")
    date: Date | None = Field(None, description="When it appeared")
    grade: Grade | None = Field(
        None, description="Two-field grade: the source's reliability A-F, the information's credibility 1-6"
    )
    url: Words | None = Field(None, description="Where to find it; never opened")
    note: Words | None = Field(None, description="Anything a reader should know")


class Party(Frozen):
    """An actor."""

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    seat: Seat = Field(
        "table", description="Where the party sits: table, host, mediator, consulted or absent"
    )
    affected: YesNo = Field(
        False, description="Whether the deal is about its fate; named in the brief if absent"
    )
    bound: YesNo | None = Field(
        None, description="Whether a deal binds the party without its consent; left out where it is not known"
    )
    can_spoil: Probability | None = Field(
        None, description="The probability that the party has the means to undo a deal that it rejects"
    )
    home: Words | None = Field(
        None,
        description="The id of the place that its people come from; distances and clocks are told from it",
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def _options(raw: Any) -> tuple[str, ...]:
    allowed = "a list of two or more different options"
    if not isinstance(raw, list | tuple):
        raise refused("options must be a list", allowed=allowed)
    if not all(isinstance(o, str) and o.strip() for o in raw):
        raise refused("an option must be text", allowed="words; put text with a colon in quotes")
    if len(raw) < 2:
        raise refused("an issue with fewer than two options leaves nothing to settle", allowed=allowed)
    if any(len(o) > 200 for o in raw):
        raise refused("an option's text is too long", allowed="at most 200 characters")
    if len(set(raw)) < len(raw):
        twice = next(o for o, times in Counter(raw).items() if times > 1)
        raise refused(f"the option '{show(twice)}' is listed twice", allowed=allowed)
    return tuple(raw)


class Issue(Frozen):
    """A question on the agenda."""

    question: Words | None = Field(None, description="The question that a deal settles")
    options: Annotated[
        tuple[str, ...],
        BeforeValidator(_options),
        WithJsonSchema(
            {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 2, "uniqueItems": True}
        ),
    ] = Field(description="The ways to settle it, two or more")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Forbid(Frozen):
    """Deals that make no sense."""

    when: MatchField = Field(description="The deals")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Why they make no sense")


class Linkage(Frozen):
    """What a combination of options is worth to a party, over and above the options themselves."""

    when: MatchField = Field(description="The combination")
    worth: Utility = Field(description="Utility points, positive or negative")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class RedLine(Frozen):
    """A condition on the deal that a party refuses at any price."""

    when: MatchField = Field(description="What it refuses")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


Weights = dict[str, Weight]
Scores = dict[str, dict[str, Score]]


class _Values(Frozen):
    weights: Weights | None = Field(
        None, description="Issue to weight; normalised to sum to 1; left out is 0"
    )
    scores: Scores | None = Field(
        None, description="Issue to option to score, 0 worst to 100 best of that issue"
    )
    linkages: tuple[Linkage, ...] | None = Field(None, description="What combinations are worth")
    red_lines: tuple[RedLine, ...] | None = Field(None, description="What the party refuses at any price")
    no_deal: Utility | None = Field(
        None, description="What the party gets without a deal, in utility points (its BATNA, valued)"
    )
    closing_cost: Cost | None = Field(
        None, description="What closing a deal costs the party; reservation value = no_deal + closing_cost"
    )
    because: Ids = Field((), description="The claims that the block as a whole rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class PartyType(_Values):
    """A hidden kind that a party may be: a prior probability, and what differs from the party's preferences.

    Weights and scores replace those of the same issue (and option); linkages and red lines replace the list.
    """

    prior: Probability | None = Field(None, description="The probability of this type")
    rest: YesNo = Field(False, description="Takes the probability that the others leave")


class Preferences(_Values):
    """What a deal is worth to a party."""

    types: dict[str, PartyType] = Field(
        default_factory=dict, description="Hidden kinds that the party may be"
    )


class Correlation(Frozen):
    """Two uncertain numbers that move together."""

    between: tuple[str, str] = Field(
        description="Two paths, e.g. russia.no_deal, usa.weights.territory; what a type has in place of such "
        "a number is correlated likewise"
    )
    rho: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] = Field(
        description="Correlation in the Gaussian copula, -1 to 1 (of the numbers where both are normal)"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Offer(Frozen):
    """A deal on the table, or of interest."""

    by: Words | None = Field(None, description="Who made it: a party's id, or a name")
    deal: Annotated[
        dict[str, str],
        WithJsonSchema({"type": "object", "additionalProperties": WORD_SCHEMA, "minProperties": 1}),
    ] = Field(description="An option for every issue")
    date: Date | None = Field(None, description="When it was made")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Outcome(Frozen):
    """One thing that may come about without a deal."""

    probability: Probability | None = Field(None, description="Its probability at the start")
    rest: YesNo = Field(False, description="Takes the probability that the others leave")
    deal: (
        Annotated[
            dict[str, str],
            WithJsonSchema({"type": "object", "additionalProperties": WORD_SCHEMA, "minProperties": 1}),
        ]
        | None
    ) = Field(
        None,
        description="What is imposed, as an option for every issue; each party values it as it values deals",
    )
    values: dict[str, Utility] = Field(
        default_factory=dict, description="What it is worth to a party, where the issues do not say it"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class NoDeal(Frozen):
    """What happens without a deal: a lottery over imposed outcomes.

    A party that states no no_deal of its own gets this one: sum over outcomes of (share of the time up to the
    horizon) x (utility of the outcome), less its cost.
    """

    outcomes: dict[str, Outcome] = Field(description="What may come about, by name")
    cost: dict[str, Cost] = Field(
        default_factory=dict,
        description="What being without a deal takes off each period's value for a party, in utility points",
    )
    drift: dict[str, Rate] = Field(
        default_factory=dict, description="Outcome to the change of its probability with time"
    )
    horizon: Span | None = Field(None, description="How far ahead to look; values are averages up to it")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def _times(raw: Any) -> int:
    if re.fullmatch(r"[0-9]{1,4}", str(raw)) and 1 <= int(str(raw)) <= MOST_TIMES:
        return int(str(raw))
    raise refused("not a number of members", allowed=f"a whole number from 1 to {MOST_TIMES:,}")


MOST_TIMES = 1000


class Member(Frozen):
    """A member of a body: its weights, by names of one's own choosing, and how it votes on ratification.

    A bare number is its weight called ``votes``.
    """

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, Votes]

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    times: Annotated[
        int,
        BeforeValidator(_times),
        WithJsonSchema({"type": ["integer", "string"], "description": "A number of members"}),
    ] = Field(1, description="So many members alike, each with these weights")
    like: Words | None = Field(
        None, description="Votes by the utility of this party, and refuses what crosses its red lines"
    )
    bar: Utility | None = Field(
        None, description="The least utility for its yes; the party's reservation value if left out"
    )
    yes: Probability | None = Field(
        None, description="Instead of like: the probability of its yes to any signed deal"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def weights(self) -> dict[str, Number]:
        """Its weights by name."""
        return dict(self.__pydantic_extra__)


MEMBER_WORDS = tuple(Member.model_fields)


def _member(raw: Any) -> Any:
    if raw is None:
        return {}
    return {VOTE: raw} if isinstance(raw, str | int | float | Fraction | Number) else raw


def _short_member(member: Member, whole: SerializerFunctionWrapHandler) -> Any:
    data = whole(member)
    return data[VOTE] if list(data) == [VOTE] and not isinstance(data[VOTE], dict) else data


def _members(raw: Any) -> Any:
    allowed = "a mapping member: its weights, or a list of members with one vote each"
    if isinstance(raw, list | tuple):
        if not all(isinstance(m, str) for m in raw):
            raise refused("a list of members holds names", allowed=allowed)
        if len(set(raw)) < len(raw):
            twice = next(m for m, times in Counter(raw).items() if times > 1)
            raise refused(f"the member '{show(twice)}' is listed twice", allowed="each member once")
        raw = {m: {} for m in raw}
    if not isinstance(raw, Mapping) or not raw:
        raise refused("a body needs members", allowed=allowed)
    return raw


class Body(Frozen):
    """A body that decides by votes, and may have to ratify what a party signs."""

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    ratifies: Words | None = Field(None, description="The party whose signature it must confirm")
    members: Annotated[
        dict[str, Annotated[Member, BeforeValidator(_member), WrapSerializer(_short_member)]],
        BeforeValidator(_members),
    ] = Field(description="Its members with their weights; a list of names gives one vote each")
    passes: PassesField = Field(description="When it says yes")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    def weight(self, member: str, weight: str) -> Fraction:
        """What each of a member's kind weighs. Votes that nobody states are one each."""
        if weight == HEADS:
            return Fraction(1)
        stated = self.members[member].weights.get(weight)
        if stated is not None:
            return stated.low
        return Fraction(int(weight == VOTE and all(VOTE not in m.weights for m in self.members.values())))

    def total(self, weight: str) -> Fraction:
        """What all members weigh together."""
        return sum((self.weight(m, weight) * member.times for m, member in self.members.items()), Fraction(0))

    def stance(self, member: str, valued: Mapping[str, Any] | tuple[str, ...]) -> str | None:
        """The party by whose utility a member votes: the one it is like, or the one of its own id."""
        body = self.members[member]
        if body.yes is not None:
            return None
        return body.like or (member if member in valued else None)


class Case(Frozen):
    """A written-down negotiation, validated as a whole."""

    winset: Literal[1] = Field(description="The version of the format: 1")
    title: Words = Field(description="What the negotiation is called")
    summary: Words | None = Field(None, description="A paragraph on what it is about")
    as_of: Date | None = Field(None, description="The day that the case describes")
    judge: Words | None = Field(None, description="Whose judgement the numbers are")
    illustrative: YesNo = Field(
        False, description="The numbers are illustrative judgement; the brief says so"
    )
    notes: tuple[Words, ...] = Field((), description="Remarks shown in the brief")
    sources: dict[str, Source] = Field(default_factory=dict, description="Where things were reported")
    claims: dict[str, Claim] = Field(
        default_factory=dict, description="Attributed statements, forecasts, facts"
    )
    parties: dict[str, Party] = Field(description="The actors")
    consent: RuleField = Field(description="Whose yes a deal needs")
    issues: dict[str, Issue] = Field(description="The questions on the agenda")
    forbid: tuple[Forbid, ...] = Field((), description="Deals that make no sense")
    offers: dict[str, Offer] = Field(default_factory=dict, description="Deals on the table, or of interest")
    preferences: dict[str, Preferences] = Field(description="What deals are worth to each party")
    no_deal: NoDeal | None = Field(
        None, description="What happens without a deal, for parties that state no no_deal of their own"
    )
    bodies: dict[str, Body] = Field(
        default_factory=dict, description="Bodies that decide by votes, or ratify what a party signs"
    )
    correlations: tuple[Correlation, ...] = Field((), description="Uncertain numbers that move together")
    levers: dict[str, Lever] = Field(
        default_factory=dict, description="What could be changed, by name, so that a deal becomes possible"
    )
    decisions: dict[str, Decision] = Field(
        default_factory=dict, description="Choices that somebody faces, and what could be learned before them"
    )
    evidence: dict[str, Evidence] = Field(
        default_factory=dict, description="What has been seen that tells what a party is; it moves the priors"
    )
    evidence_groups: dict[str, EvidenceGroup] = Field(
        default_factory=dict, description="How likely the items of a group of evidence were all together"
    )
    stages: dict[str, Stage] = Field(
        default_factory=dict, description="How the talks are meant to run: stages by name, in their order"
    )
    talks: Talks | None = Field(None, description="What holds for the talks as a whole, beside their stages")
    threats: dict[str, Threat] = Field(
        default_factory=dict,
        description="Threats and promises, by name: who makes them to whom, and when due",
    )
    guarantees: dict[str, SecurityGuarantee] = Field(
        default_factory=dict, description="Promises to act against whoever breaks a deal, by name"
    )
    durability: Durability | None = Field(
        None, description="Whether a signed deal would hold: who could break it, and what that would bring"
    )
    places: dict[str, Place] = Field(default_factory=dict, description="Where people meet, or are at home")
    agenda: dict[str, AgendaItem] = Field(
        default_factory=dict, description="Meetings: where, when, with whom"
    )
    legal: Legal | None = Field(
        None, description="Courts, warrants and bars, and so who can travel where; shown, never weighed"
    )
    concessions: Concessions | None = Field(
        None,
        description="What parties give each other or offer to give, by name, and what it is held against",
    )
    war: dict[str, Contest] = Field(
        default_factory=dict,
        description="Contests that settle the matter where no deal does: a war, a trial, a strike",
    )
    conflict: Conflict | None = Field(
        None, description="What each party can do without the others, and how it ranks what comes of it"
    )

    def to_data(self) -> dict[str, Any]:
        """The case as plain data in the file's own form; what is at its default is left out."""
        return self._data(canonical=False)

    def _data(self, *, canonical: bool) -> dict[str, Any]:
        data: dict[str, Any] = self.model_dump(exclude_defaults=True, context={"canonical": canonical})
        data = {"winset": 1, **data}
        if "forbid" in data:
            data["forbid"] = [
                f["when"] if list(f) == ["when"] and isinstance(f["when"], dict) else f
                for f in data["forbid"]
            ]
        for name, lever in data.get("levers", {}).items():  # what it does first, what it costs after
            data["levers"][name] = dict(
                sorted(lever.items(), key=lambda item: item[0] in LeverBase.model_fields)
            )
        for name, stage in data.get("stages", {}).items():
            data["stages"][name] = {"kind": stage.pop("kind"), **stage}
        return _listed(data)  # type: ignore[no-any-return]

    def _canonical(self) -> str:
        data = self._data(canonical=True)
        return json.dumps(data, sort_keys=False, ensure_ascii=False, separators=(",", ":"))

    def __eq__(self, other: object) -> bool:
        """Equal content in the same order; how a number is spelled does not matter."""
        return isinstance(other, Case) and self._canonical() == other._canonical()

    def __hash__(self) -> int:
        return hash(self._canonical())

    def digest(self) -> str:
        """SHA-256 of the case's content in canonical form, whatever its spelling and comments."""
        return hashlib.sha256(self._canonical().encode()).hexdigest()

    def name(self, party: str) -> str:
        """A party's name for readers."""
        known = self.parties.get(party)
        return (known.name if known else None) or party

    def names(self) -> dict[str, str]:
        return {p: self.name(p) for p in self.parties}

    def valued(self) -> tuple[str, ...]:
        """The parties with preferences, in the order of ``parties``."""
        return tuple(p for p in self.parties if p in self.preferences)

    def factors(self, party: str, *, apart: bool = False) -> tuple[Factor, ...]:
        """The evidence that counts towards a party's types (see ``evidence.counted``)."""
        return counted(self.evidence, self.evidence_groups, party, apart=apart)

    def observed(self, path: str) -> tuple[str, Evidence | EvidenceGroup] | None:
        """The party that a likelihood is about, and the item or group that it belongs to; None for a number
        that is no likelihood."""
        if not is_likelihood(path):
            return None
        block, name, *_ = path.split(".")
        if block == "evidence":
            return self.evidence[name].about, self.evidence[name]
        about = next(item.about for item in self.evidence.values() if item.group == name)
        return about, self.evidence_groups[name]

    def central_chances(self, party: str) -> dict[str, Fraction]:
        """The probabilities of a party's types at central values, given the evidence (Bayes' rule).

        Evidence that is impossible for every possible type at central values is passed over.
        """
        priors = central_priors(self.preferences[party].types)
        chances = priors
        for factor in self.factors(party):
            chances = {t: c * factor.likelihoods[t].central(PROBABILITY) for t, c in chances.items()}
        total = sum(chances.values(), Fraction(0))
        return {t: c / total for t, c in chances.items()} if total else priors

    def central_type(self, party: str) -> str | None:
        """The party's likeliest type given the evidence, at central values (the first on a tie), or None."""
        if not self.preferences[party].types:
            return None
        chances = self.central_chances(party)
        return max(chances, key=lambda t: chances[t])

    def central_preferences(self, party: str) -> Preferences:
        """The party's preferences with the overrides of its most likely type."""
        base = self.preferences[party]
        name = self.central_type(party)
        return base if name is None else merged(base, base.types[name])

    def numbers(self) -> Iterator[tuple[str, Number, Bounds]]:
        """Every number of the preferences, of the no-deal lottery, of how members of bodies vote, of the
        parties, of the evidence and of the blocks for single lenses, with its path and what it measures."""
        for party, prefs in self.preferences.items():
            yield from _numbers(party, prefs)
            for name, kind in prefs.types.items():
                yield from _numbers(f"{party}.types.{name}", kind)
                if kind.prior is not None:
                    yield f"{party}.types.{name}.prior", kind.prior, PROBABILITY
        if self.no_deal is not None:
            yield from _lottery_numbers(self.no_deal)
        for body, inside in self.bodies.items():
            for name, member in inside.members.items():
                if member.bar is not None:
                    yield f"bodies.{body}.{name}.bar", member.bar, UTILITY
                if member.yes is not None:
                    yield f"bodies.{body}.{name}.yes", member.yes, PROBABILITY
        for party, who in self.parties.items():
            if who.can_spoil is not None:
                yield f"parties.{party}.can_spoil", who.can_spoil, PROBABILITY
        blocks: tuple[Mapping[str, Evidence | EvidenceGroup], ...] = (self.evidence, self.evidence_groups)
        for block, observed in zip(("evidence", "evidence_groups"), blocks, strict=True):
            for name, seen in observed.items():
                for type_, likelihood in seen.likelihoods.items():
                    yield f"{block}.{name}.likelihoods.{type_}", likelihood, PROBABILITY
        for name, stage in self.stages.items():
            yield from stage_numbers(name, stage)
        if self.talks is not None:
            yield from talks_numbers(self.talks)
        for name, contest in self.war.items():
            yield from war_numbers(name, contest)
        for name, threat in self.threats.items():
            yield from threat_numbers(name, threat)
        if self.concessions is not None:
            yield from concession_numbers(self.concessions)
        for name, guarantee in self.guarantees.items():
            yield from guarantee_numbers(name, guarantee)
        if self.durability is not None:
            yield from durability_numbers(self.durability)
        if self.conflict is not None:
            yield from conflict_numbers(self.conflict)


def _lottery_numbers(lottery: NoDeal) -> Iterator[tuple[str, Number, Bounds]]:
    for name, outcome in lottery.outcomes.items():
        if outcome.probability is not None:
            yield f"no_deal.outcomes.{name}.probability", outcome.probability, PROBABILITY
        for party, worth in outcome.values.items():
            yield f"no_deal.outcomes.{name}.values.{party}", worth, UTILITY
    for party, cost in lottery.cost.items():
        yield f"no_deal.cost.{party}", cost, COST
    for name, rate in lottery.drift.items():
        yield f"no_deal.drift.{name}", rate.number, RATE
    if lottery.horizon is not None:
        yield "no_deal.horizon", lottery.horizon.number, SPAN


def _listed(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _listed(v) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return [_listed(v) for v in data]
    return data


def _numbers(path: str, prefs: _Values) -> Iterator[tuple[str, Number, Bounds]]:
    for issue, weight in (prefs.weights or {}).items():
        yield f"{path}.weights.{issue}", weight, WEIGHT
    for issue, scores in (prefs.scores or {}).items():
        for option, score in scores.items():
            yield f"{path}.scores.{issue}.{option}", score, SCORE
    for n, linkage in enumerate(prefs.linkages or (), 1):
        yield f"{path}.linkages.{n}", linkage.worth, UTILITY
    if prefs.no_deal is not None:
        yield f"{path}.no_deal", prefs.no_deal, UTILITY
    if prefs.closing_cost is not None:
        yield f"{path}.closing_cost", prefs.closing_cost, COST


def merged(base: Preferences, kind: PartyType) -> Preferences:
    """Preferences of one type: the base with what the type overrides."""
    scores = {issue: dict(options) for issue, options in (base.scores or {}).items()}
    for issue, options in (kind.scores or {}).items():
        scores.setdefault(issue, {}).update(options)
    return Preferences.model_construct(
        weights={**(base.weights or {}), **(kind.weights or {})},
        scores=scores,
        linkages=base.linkages if kind.linkages is None else kind.linkages,
        red_lines=base.red_lines if kind.red_lines is None else kind.red_lines,
        no_deal=base.no_deal if kind.no_deal is None else kind.no_deal,
        closing_cost=base.closing_cost if kind.closing_cost is None else kind.closing_cost,
        because=(*base.because, *kind.because),
        note=kind.note or base.note,
        types={},
    )


def central_priors(types: Mapping[str, PartyType]) -> dict[str, Fraction]:
    """The types' probabilities at central values, normalised to sum to 1."""
    stated = {n: t.prior.central(PROBABILITY) for n, t in types.items() if t.prior is not None}
    left = max(Fraction(0), 1 - sum(stated.values(), Fraction(0)))
    chances = {n: stated.get(n, left if t.rest else Fraction(0)) for n, t in types.items()}
    total = sum(chances.values(), Fraction(0))
    return {n: c / total for n, c in chances.items()} if total else chances
