"""The block ``decisions``: what somebody has to choose, and what could be learned before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, WrapSerializer

from winset.case.fields import (
    PROBABILITY,
    WORD_SCHEMA,
    WORDS_SCHEMA,
    Cost,
    Frozen,
    Ids,
    Probability,
    Words,
    refused,
    yes_no,
)
from winset.case.numbers import NUMBER_FORMS

__all__ = [
    "Choice",
    "Decision",
    "Meeting",
    "Signal",
]


def _table(raw: Any) -> Any:
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    if isinstance(raw, Mapping) and raw and all(isinstance(o, str) for o in raw.values()):
        return dict(raw)
    raise refused("not a deal to table", allowed="the name of an offer, or an option for every issue")


_LIKELIHOODS = "type: probability of the signal if the party is of that type, for every type; or rest: true"


def _signal(raw: Any) -> Any:
    """Likelihoods by type; an empty mapping stands for the rest."""
    if not isinstance(raw, Mapping) or not raw:
        raise refused("not a signal", allowed=_LIKELIHOODS)
    if "rest" in raw:
        if len(raw) > 1:
            raise refused("either likelihoods or rest, not both", allowed=_LIKELIHOODS)
        if not yes_no(raw["rest"]):
            raise refused("rest is true or left out", allowed=_LIKELIHOODS)
        return {}
    return raw


_LIKELIHOOD_SCHEMA: dict[str, Any] = {
    "type": ["number", "string"],
    "description": f"{PROBABILITY.text()}: {NUMBER_FORMS}",
}
Signal = Annotated[
    dict[str, Probability],
    BeforeValidator(_signal),
    WrapSerializer(lambda likelihoods, whole: whole(likelihoods) or {"rest": True}),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "object",
                    "additionalProperties": {"anyOf": [_LIKELIHOOD_SCHEMA, {"type": "object"}]},
                    "minProperties": 1,
                    "not": {"required": ["rest"]},
                },
                {
                    "type": "object",
                    "properties": {"rest": {"enum": [True, "yes", "true"]}},
                    "required": ["rest"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class Choice(Frozen):
    """One thing that the decider may do: table a deal, or none."""

    table: (
        Annotated[
            str | dict[str, str],
            BeforeValidator(_table),
            WithJsonSchema(
                {
                    "anyOf": [
                        WORDS_SCHEMA,
                        {"type": "object", "additionalProperties": WORD_SCHEMA, "minProperties": 1},
                    ]
                }
            ),
        ]
        | None
    ) = Field(
        None, description="An offer of the case, or a deal; worth its utility if it passes, else no deal"
    )
    cost: Cost | None = Field(None, description="What the choice costs the decider, in utility points")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Meeting(Frozen):
    """A way to learn about a party's type before choosing."""

    about: Words = Field(description="The party, which has types")
    cost: Cost | None = Field(None, description="What it costs the decider, in utility points")
    signals: dict[str, Signal] = Field(
        description="What may be seen, each with its probability given each type; one may take the rest"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Decision(Frozen):
    """A choice that somebody faces, and what could be learned before it."""

    by: Words = Field(description="The party that decides, and whose utility counts")
    choices: dict[str, Choice] = Field(description="What it may do, two or more")
    meetings: dict[str, Meeting] = Field(
        default_factory=dict, description="What can be learned before choosing"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")
