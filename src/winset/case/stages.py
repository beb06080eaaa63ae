"""The blocks ``stages`` and ``talks``: how the talks are meant to run.

A stage is one of four kinds. After it the talks go on with the next one of the file, unless ``next`` or
``then`` says where to go; ``end`` ends them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, WrapSerializer

from winset.case.decisions import Signal
from winset.case.fields import (
    COST,
    DRIFT,
    PROBABILITY,
    SPAN,
    UTILITY,
    Cost,
    Drift,
    Frozen,
    Ids,
    Plain,
    Probability,
    Span,
    Timed,
    Utility,
    Words,
    refused,
)
from winset.case.numbers import Bounds, Number

__all__ = [
    "DAYS",
    "END",
    "STAGES",
    "STRATEGIES",
    "Consent",
    "Offers",
    "Ratify",
    "Rejected",
    "Stage",
    "StageBase",
    "Strategy",
    "Talk",
    "Talks",
    "days",
    "stage_numbers",
    "talks_numbers",
]

END = "end"
AGREED, NOT_AGREED = "agreed", "not agreed"
MOST_ROUNDS = 1000
MOST_RETURNS = 20


def _told(name: str, low: str, high: str | None) -> Bounds:
    return Bounds(f"{name}, a number", Fraction(low), None if high is None else Fraction(high))


_LAG, _START = {"lag": _told("lag", "1", "50")}, {"start": _told("start", "0", "1")}

#: Ways of making offers, each with the numbers that it may be told; a test keeps this equal to the kernel's.
STRATEGIES: Mapping[str, Mapping[str, Bounds]] = {
    "time-dependent": {"beta": _told("beta", "0.001", "1000"), "kappa": _told("kappa", "0", "1")},
    "aspiration": {
        "exponent": _told("exponent", "0.001", "1000"),
        "start": _told("start", "0", "1"),
        "eps": _told("eps", "0", None),
    },
    "relative tit-for-tat": _LAG | _START,
    "random tit-for-tat": _LAG | {"most": _told("most", "0", "1")} | _START,
    "averaged tit-for-tat": _LAG | _START,
    "micro": {},
    "bayesian": {
        "beta": _told("beta", "0.001", "1000"),
        "kappa": _told("kappa", "0", "1"),
        "band": _told("band", "0", "1"),
        "sigma": _told("sigma", "0.01", "10"),
        "pace": _told("pace", "0", "1"),
    },
    "random": {"least": _told("least", "0", "1")},
}

#: How long a unit of time is; a month is a twelfth of a year of 365.25 days.
DAYS: Mapping[str, float] = {
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 365.25 / 12,
    "quarter": 365.25 / 4,
    "year": 365.25,
}

Channel = Literal["phone", "leaders alone", "with aides", "proximity talks", "shuttle"]


def days(timed: Timed, value: Any) -> Any:
    """A length of time in days, or a change for each day."""
    return value / DAYS[timed.unit] if timed.per else value * DAYS[timed.unit]


def _whole(most: int, what: str) -> BeforeValidator:
    def read(raw: Any) -> int:
        if re.fullmatch(r"[0-9]{1,6}", str(raw)) and 1 <= int(str(raw)) <= most:
            return int(str(raw))
        raise refused(f"not a number of {what}", allowed=f"a whole number from 1 to {most:,}")

    return BeforeValidator(read)


def _whole_schema(most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": ["integer", "string"], "description": f"A whole number from 1 to {most}"})


class Strategy(Frozen):
    """How a party makes offers, with the numbers that a strategy may be told; a bare name is one without."""

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, Plain]

    name: Words = Field(description="The way of making offers")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def numbers(self) -> dict[str, Number]:
        """What it is told, by name."""
        return dict(self.__pydantic_extra__)


def _strategy(raw: Any) -> Any:
    allowed = "the name of a strategy, or NAME: {number of it: ...}"
    if isinstance(raw, Strategy):
        return raw
    if isinstance(raw, str) and raw.strip():
        return {"name": raw.strip()}
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((name, inner),) = raw.items()
        if isinstance(inner, Mapping) and "name" not in inner:
            return {**inner, "name": name}
    raise refused("not a way of making offers", allowed=allowed)


def _short_strategy(strategy: Strategy, whole: Any) -> Any:
    data = dict(whole(strategy))
    name = data.pop("name")
    return {name: data} if data else name


StrategyField = Annotated[
    Strategy,
    BeforeValidator(_strategy),
    WrapSerializer(_short_strategy),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "additionalProperties": {"type": "object"},
                },
            ]
        }
    ),
]


class StageBase(Frozen):
    room: Ids = Field((), description="Who is in the room: a list of parties")
    channel: Channel | None = Field(
        None, description="How they meet: phone, leaders alone, with aides, proximity talks or shuttle"
    )
    lasts: Span | None = Field(None, description="How long it takes; no time at all if left out")
    cost: dict[str, Cost] = Field(
        default_factory=dict, description="What the stage costs a party, in utility points"
    )
    gains: dict[str, Utility] = Field(
        default_factory=dict,
        description="What a party gains from the stage merely taking place, deal or none, in utility points",
    )
    hazard: Probability | None = Field(
        None, description="The probability that an outside event ends the talks during the stage"
    )
    next: Words | None = Field(None, description="The stage that follows, or end; the next of the file")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Talk(StageBase):
    """A stage: they talk, learn about each other, and may walk out."""

    kind: Literal["talk"] = Field(description="What happens there: talk")
    signals: dict[str, dict[str, Signal]] = Field(
        default_factory=dict,
        description="Party to what it may show there, each with its probability given each of its types",
    )
    stay: dict[str, Cost] = Field(
        default_factory=dict,
        description="What it costs a party to go on: below that expected gain it walks out; the costs of the "
        "later stages if left out",
    )
    then: dict[str, Words] = Field(
        default_factory=dict, description="Signal to the stage that follows it, or end"
    )


class Offers(StageBase):
    """A stage: offers go to and fro until all in the room agree or the rounds are over."""

    kind: Literal["offers"] = Field(description="What happens there: offers")
    rounds: Annotated[int, _whole(MOST_ROUNDS, "rounds"), _whole_schema(MOST_ROUNDS)] = Field(
        10, description="How many rounds of offers there are"
    )
    protocol: Literal["alternating", "random", "mediated"] = Field(
        "alternating",
        description="Who makes the offers: each in turn, whoever is drawn, or a mediator with a single text",
    )
    first: Words | None = Field(None, description="Who makes the first offer; the first in the room")
    strategies: dict[str, StrategyField] = Field(
        default_factory=dict, description="Party to its way of making offers; linear if left out"
    )
    mediator: Words | None = Field(None, description="Who mediates, of those in the room")
    then: dict[str, Words] = Field(
        default_factory=dict, description="agreed, or not agreed, to the stage that follows, or end"
    )


class Rejected(Frozen):
    """Where a deal that is rejected goes back to."""

    to: Words = Field(description="The stage that it returns to")
    at_most: Annotated[int, _whole(MOST_RETURNS, "returns"), _whole_schema(MOST_RETURNS)] = Field(
        1, description="How often; a rejection after that ends the talks"
    )


class Consent(StageBase):
    """A stage: parties that were not in the room are asked, or heard, about what was agreed there."""

    kind: Literal["consent"] = Field(description="What happens there: consent")
    asks: Ids = Field((), description="Parties whose yes is asked for")
    consult: Ids = Field(
        (), description="Parties that are heard; their no counts where the rule of consent cannot do without"
    )
    rejected: Rejected | None = Field(
        None, description="Where a rejected deal goes back to; the talks end if left out"
    )


class Ratify(StageBase):
    """A stage: bodies vote on what was agreed."""

    kind: Literal["ratify"] = Field(description="What happens there: ratify")
    bodies: Ids = Field(description="The bodies that vote")


Stage = Talk | Offers | Consent | Ratify

STAGES: Mapping[str, type[StageBase]] = {
    "talk": Talk,
    "offers": Offers,
    "consent": Consent,
    "ratify": Ratify,
}


class Talks(Frozen):
    """What holds for the talks as a whole."""

    deadline: Span | None = Field(None, description="How long they may last in all")
    drift: dict[str, Drift] = Field(
        default_factory=dict,
        description="Party to how its no-deal value changes while the stages take time, in utility points",
    )
    forecasts: dict[str, Words] = Field(
        default_factory=dict,
        description="Claim that forecasts a failure, to the last stage that it is about: failure then means "
        "that nothing has been agreed when that stage is over",
    )
    what_ifs: Ids = Field(
        (),
        description="Other courses to compare with, as in winset ask course --what-if: without STAGE; with "
        "PARTY in STAGE; order STAGE, STAGE; deadline SPAN; mediator PARTY in STAGE",
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def stage_numbers(name: str, stage: Stage) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number of a stage, with its path and what it measures."""
    path = f"stages.{name}"
    if stage.lasts is not None:
        yield f"{path}.lasts", stage.lasts.number, SPAN
    for party, cost in stage.cost.items():
        yield f"{path}.cost.{party}", cost, COST
    for party, gain in stage.gains.items():
        yield f"{path}.gains.{party}", gain, UTILITY
    if stage.hazard is not None:
        yield f"{path}.hazard", stage.hazard, PROBABILITY
    if isinstance(stage, Talk):
        for party, signals in stage.signals.items():
            for signal, likelihoods in signals.items():
                for kind, likelihood in likelihoods.items():
                    yield f"{path}.signals.{party}.{signal}.{kind}", likelihood, PROBABILITY
        for party, cost in stage.stay.items():
            yield f"{path}.stay.{party}", cost, COST
    if isinstance(stage, Offers):
        for party, strategy in stage.strategies.items():
            known = STRATEGIES.get(strategy.name, {})
            for key, number in strategy.numbers.items():
                if key in known:  # else the reader refuses it
                    yield f"{path}.strategies.{party}.{key}", number, known[key]


def talks_numbers(talks: Talks) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number that holds for the talks as a whole."""
    if talks.deadline is not None:
        yield "talks.deadline", talks.deadline.number, SPAN
    for party, rate in talks.drift.items():
        yield f"talks.drift.{party}", rate.number, DRIFT
