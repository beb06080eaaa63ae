"""The block ``concessions``: what one party gives another, and what would be left of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from winset.case.fields import (
    PROBABILITY,
    SPAN,
    UTILITY,
    WORD_SCHEMA,
    WORDS_SCHEMA,
    Date,
    Frozen,
    Ids,
    Probability,
    Span,
    Utility,
    Words,
    refused,
)
from winset.case.numbers import NUMBER_FORMS, Bounds, Number
from winset.case.rules import MatchField

__all__ = ["KINDS", "SETTINGS", "Concession", "Concessions", "concession_numbers"]

#: The keys of which a concession has exactly one: what it consists of.
KINDS = ("changes", "offer", "worth")


def _chance(raw: Any) -> Any:
    """Yes as 1 and no as 0, also in ``{value: yes, because: ...}``; numbers stay as they are."""
    if isinstance(raw, Mapping):
        return {k: _chance(v) if k == "value" else v for k, v in raw.items()}
    if not isinstance(raw, str | bool):
        return raw
    text = str(raw).strip().lower()
    if text.isalpha() and text not in _WORDS and text not in ("nan", "inf", "infinity"):
        raise refused("not a yes, a no or a number", allowed=f"yes, no, or {PROBABILITY.text()}")
    return _WORDS.get(text, raw)


_WORDS: Mapping[str, str] = {"yes": "1", "true": "1", "no": "0", "false": "0"}


_CHANCE_SCHEMA: dict[str, Any] = {
    "type": ["number", "string", "boolean"],
    "description": f"yes, no, or {PROBABILITY.text()}: {NUMBER_FORMS}",
}
Chance = Annotated[
    Probability,
    BeforeValidator(_chance),
    WithJsonSchema(
        {
            "anyOf": [
                _CHANCE_SCHEMA,
                {
                    "type": "object",
                    "properties": {
                        "value": {"type": ["number", "string", "boolean"]},
                        "values": {"type": "object", "minProperties": 1},
                        "because": {"anyOf": [WORD_SCHEMA, {"type": "array", "items": WORD_SCHEMA}]},
                        "note": WORDS_SCHEMA,
                    },
                    "oneOf": [{"required": ["value"]}, {"required": ["values"]}],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


def _deal(raw: Any) -> Any:
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    if isinstance(raw, Mapping) and raw and all(isinstance(o, str) for o in raw.values()):
        return dict(raw)
    raise refused("not a deal", allowed="the name of an offer, or an option for every issue")


Baseline = Annotated[
    str | dict[str, str],
    BeforeValidator(_deal),
    WithJsonSchema(
        {
            "anyOf": [
                WORDS_SCHEMA,
                {"type": "object", "additionalProperties": WORD_SCHEMA, "minProperties": 1},
            ]
        }
    ),
]


def _change(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, str) and raw.strip():
        return (raw,)
    if isinstance(raw, list | tuple) and 1 <= len(raw) <= 2 and all(isinstance(o, str) for o in raw):
        return tuple(raw)
    raise refused("not a change", allowed="the option that it moves to, or [from, to]")


Change = Annotated[
    tuple[str, ...],
    BeforeValidator(_change),
    PlainSerializer(lambda change: change[0] if len(change) == 1 else list(change)),
    WithJsonSchema(
        {"anyOf": [WORD_SCHEMA, {"type": "array", "items": WORD_SCHEMA, "minItems": 1, "maxItems": 2}]}
    ),
]


class Concession(Frozen):
    """What a party gives, or offers to give: options that it moves to, a whole offer, or points."""

    by: Words = Field(description="The party that gives")
    to: Ids = Field(description="The party that it is for, or a list of parties")
    what: Words | None = Field(None, description="What it is, in words")
    changes: dict[str, Change] | None = Field(
        None, description="Issue to the option that it moves to, or to [from, to]"
    )
    offer: Words | None = Field(None, description="Instead of changes: an offer of the case, as a whole")
    worth: dict[str, Utility] | None = Field(
        None,
        description="Instead of changes, for what is on no agenda: what it is worth to each party, in "
        "utility points; below 0 is a loss",
    )
    against: Baseline | None = Field(
        None, description="What it is held against: an offer, or a deal; the block's baseline if left out"
    )
    promised: Ids = Field((), description="Claims by which the giver had promised it before")
    due: Ids = Field((), description="Claims by which the giver owed it anyway")
    counted_on: Probability | None = Field(
        None, description="How surely the receiver could count on what was promised or due; 100% if left out"
    )
    reversible: Chance | None = Field(
        None,
        description="Whether the giver takes it back where keeping it costs anything: yes, no, or a "
        "probability; no if left out",
    )
    lasts: Span | None = Field(
        None, description="After what time it ends by itself; it counts for its share of the horizon"
    )
    enforceable: Chance | None = Field(
        None,
        description="Whether the giver is held to it where a breach is seen: yes, no, or a probability; yes "
        "if left out",
    )
    verifiable: Chance | None = Field(
        None, description="Whether a breach would be seen: yes, no, or a probability; yes if left out"
    )
    verified_by: MatchField | None = Field(
        None, description="A breach can be seen only where the deal with the concession matches this"
    )
    instead_of: Ids = Field(
        (), description="Concessions to which this one is an alternative, so that nothing is counted twice"
    )
    date: Date | None = Field(None, description="When it was made")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Concessions(Frozen):
    """Concessions by name, and what holds for all of them."""

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, Concession]

    baseline: Baseline | None = Field(
        None, description="How things stand without any of them: an offer, or an option for every issue"
    )
    horizon: Span | None = Field(None, description="How far ahead to look, for what lasts a while only")
    paths: dict[str, Ids] = Field(
        default_factory=dict,
        description="Party to offers in their order that are read as its own, where it tabled none",
    )

    @property
    def given(self) -> dict[str, Concession]:
        """The concessions by name."""
        return self.__pydantic_extra__


#: The keys of the block that are not names of concessions.
SETTINGS: tuple[str, ...] = tuple(Concessions.model_fields)


def concession_numbers(block: Concessions) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number of the block, with its path and what it measures."""
    if block.horizon is not None:
        yield "concessions.horizon", block.horizon.number, SPAN
    for name, one in block.given.items():
        path = f"concessions.{name}"
        for party, worth in (one.worth or {}).items():
            yield f"{path}.worth.{party}", worth, UTILITY
        for key in ("counted_on", "reversible", "enforceable", "verifiable"):
            number: Number | None = getattr(one, key)
            if number is not None:
                yield f"{path}.{key}", number, PROBABILITY
        if one.lasts is not None:
            yield f"{path}.lasts", one.lasts.number, SPAN
