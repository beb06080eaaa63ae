"""The block ``levers``: what could be changed so that a deal becomes possible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from winset.case.fields import Exchange, Frozen, Ids, Points, Price, Score, Words, Worth, refused
from winset.case.numbers import Number
from winset.case.rules import MatchField, RuleField

__all__ = [
    "LEVERS",
    "Addition",
    "Guarantee",
    "Leaving",
    "Lever",
    "LeverBase",
    "Lowering",
    "NewOption",
    "NewRule",
    "Payment",
    "Relaxation",
    "Removal",
]


class LeverBase(Frozen):
    price: Price | None = Field(
        None, description="What it costs, pulled in full; a part of the points costs its share of that"
    )
    unit: Words | None = Field(None, description="What the price is counted in; points if left out")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Payment(LeverBase):
    """A lever: side payments from one party to another."""

    pays: Ids = Field(description="Who pays: a party or a list of parties")
    to: Ids = Field(description="Who is paid: a party or a list of parties")
    cap: Points = Field(description="The most that each payer pays, in points of its own scale")
    rate: Exchange = Field(
        Number.point(1), description="Points to the receiver for each point of the payer; 1 if left out"
    )


def _place(raw: Any) -> int:
    if re.fullmatch(r"[1-9][0-9]{0,5}", str(raw)):
        return int(str(raw))
    raise refused("not a place in a list", allowed="a whole number from 1")


class _LineLever(LeverBase):
    red_line: (
        Annotated[int, BeforeValidator(_place), WithJsonSchema({"type": "integer", "minimum": 1})] | None
    ) = Field(None, description="Its place in the party's list, from 1; may be left out if there is one only")
    type: Words | None = Field(None, description="Whose list: that of this type of the party")


class Relaxation(_LineLever):
    """A lever: a red line is read more narrowly."""

    relax: Words = Field(description="The party whose red line it is")
    to: MatchField = Field(description="What it refuses then: a match that holds for fewer deals")


class Removal(_LineLever):
    """A lever: a red line falls."""

    drop: Words = Field(description="The party whose red line it is")


class NewOption(Frozen):
    """An option that an issue does not have yet."""

    issue: Words = Field(description="The issue")
    option: Words = Field(description="The new option")
    like: Words | None = Field(
        None,
        description="An option that it is like: matches that hold for that one hold for it too, and whoever "
        "has no score for the new one scores it as that one",
    )
    scores: dict[str, Score] = Field(default_factory=dict, description="Party to score, 0 to 100")


class Addition(LeverBase):
    """A lever: an issue gets one more option."""

    add: NewOption = Field(description="The option, and how the parties score it")


class Guarantee(LeverBase):
    """A lever: a promise that makes any deal worth more to a party."""

    guarantee: Words = Field(description="The party that it is given to")
    worth: Worth = Field(description="Utility points that it adds to every deal for that party")


class Lowering(LeverBase):
    """A lever: being without a deal becomes worse for a party."""

    lower: Words = Field(description="The party whose no-deal value it is")
    by: Points = Field(description="By how many points at most")


class NewRule(LeverBase):
    """A lever: another rule of consent."""

    consent: RuleField = Field(description="Whose yes a deal needs then")


class Leaving(LeverBase):
    """A lever: a party's yes is no longer asked for."""

    without: Words = Field(description="The party; its yes is taken as given")


Lever = Payment | Relaxation | Removal | Addition | Guarantee | Lowering | NewRule | Leaving

#: The key that tells what a lever does, and its class.
LEVERS: Mapping[str, type[LeverBase]] = {
    "pays": Payment,
    "relax": Relaxation,
    "drop": Removal,
    "add": Addition,
    "guarantee": Guarantee,
    "lower": Lowering,
    "consent": NewRule,
    "without": Leaving,
}
