"""The block ``threats``: who threatens or promises whom what, when it is due, and what it would cost.

A threat is due where the target does not do what is asked of it, a promise where it does. What carrying it
out costs its maker, and what not doing so costs it before its audiences, say whether it is in its interest;
what became of earlier words of the maker is evidence on that (see ``winset.lenses.threats``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from winset.case.evidence import Likelihood
from winset.case.fields import (
    COST,
    DRIFT,
    PACE,
    PROBABILITY,
    SPAN,
    UTILITY,
    WORDS_SCHEMA,
    Cost,
    Date,
    Drift,
    Frozen,
    Ids,
    Pace,
    Probability,
    Span,
    Utility,
    Words,
    YesNo,
    refused,
)
from winset.case.numbers import Bounds, Number
from winset.case.rules import MATCH_SCHEMA, Match

__all__ = [
    "ANY_DEAL",
    "NO_DEAL",
    "Condition",
    "Delay",
    "Earlier",
    "Resolve",
    "Threat",
    "ThreatType",
    "threat_numbers",
]

ANY_DEAL, NO_DEAL = "any deal", "no deal"


def _condition(raw: Any) -> Any:
    if isinstance(raw, Match):
        return raw
    if isinstance(raw, str):
        if raw.strip():
            return raw.strip()
        raise refused("not a condition", allowed=f"{ANY_DEAL}, {NO_DEAL}, the name of an offer, or a match")
    return Match.read(raw)


Condition = Annotated[
    str | Match,
    BeforeValidator(_condition),
    PlainSerializer(lambda c: c.to_data() if isinstance(c, Match) else c),
    WithJsonSchema({"anyOf": [WORDS_SCHEMA, *MATCH_SCHEMA["anyOf"]]}),
]


class Resolve(Frozen):
    """A probability for a maker that is resolute, and for one that is not."""

    resolute: Likelihood = Field(description="For a maker to whom carrying it out is better")
    irresolute: Likelihood = Field(description="For a maker to whom backing down is better")


class Earlier(Frozen):
    """An earlier threat or promise of the same maker, and whether it was carried out."""

    carried_out: YesNo = Field(description="Whether it was carried out by the day of the case")
    likelihoods: Resolve | None = Field(
        None,
        description="How likely just this was for either kind of maker; from carries_out if left out",
    )
    because: Ids = Field(description="The claims that say so")
    note: Words | None = Field(None, description="Anything a reader should know")


class ThreatType(Frozen):
    """What differs if the maker is of one type."""

    cost: Cost | None = Field(None, description="What carrying it out costs the maker then")
    benefit: Cost | None = Field(None, description="What carrying it out brings the maker then")
    audience: Cost | None = Field(None, description="What backing down costs the maker then")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Delay(Frozen):
    """Something announced that is not in force yet: what each unit of time of waiting does."""

    lasts: Span = Field(description="How long it is put off, in all")
    harm: Pace | None = Field(None, description="Of a threat: what being in force would take from the target")
    gain: Pace | None = Field(None, description="Of a promise: what being in force would bring the target")
    cost: Pace | None = Field(None, description="What being in force would cost the maker")
    audience: Pace | None = Field(None, description="What waiting costs the maker before its audiences")
    others: dict[str, Drift] = Field(
        default_factory=dict, description="Party to what waiting brings it, or takes from it if below 0"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Threat(Frozen):
    """A threat or a promise: who makes it to whom, when it is due, what it would cost and do."""

    kind: Literal["threat", "promise"] = Field("threat", description="What it is: threat or promise")
    by: Words = Field(description="The party that makes it")
    to: Words = Field(description="The party that it is made to, its target")
    what: Words | None = Field(None, description="What would be done, in your own words")
    when: Condition | None = Field(
        None, description="When it is due: any deal, no deal, an offer of the case, or a match on deals"
    )
    unless: Condition | None = Field(
        None, description="When it is not due, instead of when: in all other outcomes it is"
    )
    cost: Cost | None = Field(None, description="What carrying it out costs its maker, in utility points")
    benefit: Cost | None = Field(None, description="What carrying it out brings its maker, in utility points")
    audience: Cost | None = Field(
        None, description="What not carrying it out when due costs its maker before its audiences"
    )
    prior: Probability | None = Field(
        None,
        description="In place of cost, benefit and audience: the probability that carrying it out is better "
        "for its maker than backing down, before the record",
    )
    harm: Cost | None = Field(None, description="Of a threat: what it takes from the target if carried out")
    gain: Cost | None = Field(None, description="Of a promise: what it brings the target if carried out")
    others: dict[str, Utility] = Field(
        default_factory=dict,
        description="Party to what carrying it out brings it, or takes from it if below 0",
    )
    types: dict[str, ThreatType] = Field(
        default_factory=dict, description="Type of the maker to what differs if it is of that type"
    )
    carries_out: Resolve | None = Field(
        None, description="How often a maker of either kind carries out what it announces"
    )
    record: tuple[Earlier, ...] = Field(
        (), description="Earlier threats and promises of the maker, as evidence on whether it is resolute"
    )
    announced: Date | None = Field(None, description="When it was made; not after as_of")
    delay: Delay | None = Field(None, description="What waiting does, where it is announced and put off")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def effect(self) -> Number | None:
        """What it does to the target: the harm of a threat, the gain of a promise."""
        return self.harm if self.kind == "threat" else self.gain

    def by_type(self, key: Literal["cost", "benefit", "audience"]) -> Mapping[str, Number]:
        """Type to the number that it has of its own."""
        found = {name: getattr(kind, key) for name, kind in self.types.items()}
        return {name: number for name, number in found.items() if number is not None}


def threat_numbers(name: str, threat: Threat) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number of a threat, with its path and what it measures."""
    path = f"threats.{name}"
    for key in ("cost", "benefit", "audience", "harm", "gain"):
        number = getattr(threat, key)
        if number is not None:
            yield f"{path}.{key}", number, COST
    if threat.prior is not None:
        yield f"{path}.prior", threat.prior, PROBABILITY
    for party, worth in threat.others.items():
        yield f"{path}.others.{party}", worth, UTILITY
    for kind, body in threat.types.items():
        for key in ("cost", "benefit", "audience"):
            number = getattr(body, key)
            if number is not None:
                yield f"{path}.types.{kind}.{key}", number, COST
    if threat.carries_out is not None:
        yield from _resolve(f"{path}.carries_out", threat.carries_out)
    for n, earlier in enumerate(threat.record, 1):
        if earlier.likelihoods is not None:
            yield from _resolve(f"{path}.record.{n}.likelihoods", earlier.likelihoods)
    if threat.delay is not None:
        yield from _delay(f"{path}.delay", threat.delay)


def _resolve(path: str, both: Resolve) -> Iterator[tuple[str, Number, Bounds]]:
    yield f"{path}.resolute", both.resolute, PROBABILITY
    yield f"{path}.irresolute", both.irresolute, PROBABILITY


def _delay(path: str, delay: Delay) -> Iterator[tuple[str, Number, Bounds]]:
    yield f"{path}.lasts", delay.lasts.number, SPAN
    for key in ("harm", "gain", "cost", "audience"):
        pace = getattr(delay, key)
        if pace is not None:
            yield f"{path}.{key}", pace.number, PACE
    for party, drift in delay.others.items():
        yield f"{path}.others.{party}", drift.number, DRIFT
