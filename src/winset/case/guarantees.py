"""The blocks ``guarantees`` and ``durability``: who would stand by a deal, and who could break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, WrapSerializer

from winset.case.fields import (
    COST,
    DISCOUNT,
    DRIFT,
    HAZARD,
    PROBABILITY,
    SPAN,
    UTILITY,
    WORD_SCHEMA,
    WORDS_SCHEMA,
    Cost,
    Discount,
    Drift,
    Frozen,
    Hazard,
    Ids,
    Probability,
    Span,
    Utility,
    Words,
    refused,
)
from winset.case.numbers import NUMBER_FORMS, Bounds, Number
from winset.case.rules import MatchField
from winset.case.text import show

__all__ = [
    "ALL",
    "Durability",
    "Phase",
    "SecurityGuarantee",
    "Temptation",
    "durability_numbers",
    "guarantee_numbers",
]

_NUMBER_WORDS = {"value", "values", "because", "note"}
#: The key of a value that is the same for all.
ALL = ""
_DEAL_FORMS = "the name of an offer, or NAME: {an option for every issue}"


def _spread(raw: Any) -> Any:
    """One value for all as ``{"": value}``; a mapping of names to values as it is."""
    if isinstance(raw, Mapping) and raw and not set(map(str, raw)) <= _NUMBER_WORDS:
        return raw
    return {ALL: raw}


def _gathered(value: Any, whole: Any) -> Any:
    data = whole(value)
    return data[ALL] if list(data) == [ALL] else data


def _each(bounds: Bounds, of: str, per: bool = False) -> tuple[Any, ...]:
    text = f"{bounds.text()}{' per unit of time' if per else ''}: {NUMBER_FORMS}; or one for each {of}"
    one = {"type": "string" if per else ["number", "string"], "description": text}
    return (
        BeforeValidator(_spread),
        WrapSerializer(_gathered),
        WithJsonSchema({"anyOf": [one, {"type": "object", "minProperties": 1}]}),
    )


_Chances = Annotated[dict[str, Probability], *_each(PROBABILITY, "type of the guarantor")]
_Costs = Annotated[dict[str, Cost], *_each(COST, "type of the guarantor")]
_Stakes = Annotated[dict[str, Utility], *_each(UTILITY, "type of the guarantor")]
_Seen = Annotated[dict[str, Hazard], *_each(HAZARD, "option of seen_through", True)]
_Discounts = Annotated[dict[str, Discount], *_each(DISCOUNT, "party", True)]


class SecurityGuarantee(Frozen):
    """A promise to act against whoever breaks a deal."""

    by: Words = Field(description="Who gives it: a party's id, or the name of somebody outside")
    to: Words | None = Field(None, description="The party that it protects")
    when: MatchField | None = Field(None, description="The deals that hold it; all of them if left out")
    against: Ids = Field((), description="Whose breach it answers; any but its giver's and receiver's")
    credible: _Chances | None = Field(
        None, description="The probability that it would act, for each of its types where they differ"
    )
    cost: _Costs | None = Field(
        None, description="Instead of credible: what acting would cost the guarantor, in utility points"
    )
    stake: _Stakes | None = Field(
        None, description="With cost: what not acting would cost it; it acts where that is at least as much"
    )
    punishment: Cost = Field(
        description="What its action takes from the one who breaks the deal, for good, in utility points"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    def answers(self, party: str) -> bool:
        """Whether it is against a breach by this party."""
        return party in self.against if self.against else party not in (self.by, self.to)


class Temptation(Frozen):
    """What breaking a deal would bring a party."""

    gain: Cost | None = Field(
        None,
        description="What a breach adds to its value of the deal while nobody notices, in utility points",
    )
    edge: Cost | None = Field(
        None,
        description="What striking first adds to its value without a deal, for good, in utility points",
    )
    then: Utility | None = Field(
        None, description="What it has once the deal is gone; its no-deal value if left out"
    )
    drift: Drift | None = Field(
        None, description="How that changes with time, up to the horizon: its power grows or wanes"
    )
    detection: _Seen | None = Field(
        None, description="How likely its breach is noticed; as for all if left out"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Phase(Frozen):
    """A step in which a deal is carried out."""

    after: Span = Field(description="How long after signing it comes")
    gives: Ids = Field(description="The issues that are settled as agreed from then on")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def _deals(raw: Any) -> Any:
    """Name to deal; nothing for an offer, which is named in a list, or stands for itself."""
    items = raw.items() if isinstance(raw, Mapping) else raw if isinstance(raw, list | tuple) else (raw,)
    out: dict[str, dict[str, str]] = {}
    for item in items:
        name, deal = (item, {}) if isinstance(item, str) else item if isinstance(item, tuple) else ("", None)
        if isinstance(item, Mapping) and len(item) == 1:
            ((name, deal),) = item.items()
        whole = isinstance(deal, Mapping) and all(isinstance(o, str) for o in deal.values())
        if not whole or not isinstance(name, str) or not name.strip():
            raise refused("not a deal", allowed=_DEAL_FORMS)
        if name.strip() in out:
            raise refused(f"'{show(name)}' is named twice", allowed="each deal once")
        out[name.strip()] = dict(deal)
    return out


def _listed_deals(deals: dict[str, dict[str, str]]) -> list[Any]:
    return [{name: deal} if deal else name for name, deal in deals.items()]


_DEAL_SCHEMA: dict[str, Any] = {
    "anyOf": [
        WORDS_SCHEMA,
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {
                "type": "object",
                "additionalProperties": WORD_SCHEMA,
                "minProperties": 1,
            },
        },
    ]
}


class Durability(Frozen):
    """Whether a signed deal would hold."""

    horizon: Span = Field(description="How far ahead to look")
    period: Span | None = Field(
        None, description="How often each considers anew whether to keep it; a twentieth of the horizon"
    )
    deals: Annotated[
        dict[str, dict[str, str]],
        BeforeValidator(_deals),
        PlainSerializer(_listed_deals),
        WithJsonSchema({"anyOf": [WORDS_SCHEMA, {"type": "array", "items": _DEAL_SCHEMA}]}),
    ] = Field(
        default_factory=dict,
        description="The deals to look at: a list of offers by name, and of further deals as "
        "NAME: {an option for every issue}; all offers if left out",
    )
    discount: _Discounts = Field(description="By how much less the future counts, e.g. 5% to 15% per year")
    parties: dict[str, Temptation] = Field(description="Who could break a deal, and what that would bring it")
    seen_through: Words | None = Field(
        None, description="The issue whose option decides how likely a breach is noticed"
    )
    detection: _Seen | None = Field(
        None,
        description="How likely a breach is noticed, e.g. 30% per month; for each option of seen_through. "
        "At once if left out",
    )
    shocks: Hazard | None = Field(
        None, description="How likely something from outside ends a deal that everyone keeps"
    )
    phases: tuple[Phase, ...] = Field(
        (), description="When which issues of a deal are carried out; the others at once"
    )
    until_then: Annotated[
        dict[str, str],
        WithJsonSchema({"type": "object", "additionalProperties": WORD_SCHEMA}),
    ] = Field(default_factory=dict, description="How the issues stand that are not carried out at once")
    irreversible: Ids = Field(
        (), description="Issues on which what has been carried out stays when the deal is gone"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def guarantee_numbers(name: str, body: SecurityGuarantee) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number of a guarantee, with its path and what it measures."""
    path = f"guarantees.{name}"
    for key, bounds in (("credible", PROBABILITY), ("cost", COST), ("stake", UTILITY)):
        for kind, number in (getattr(body, key) or {}).items():
            yield _place(f"{path}.{key}", kind), number, bounds
    yield f"{path}.punishment", body.punishment, COST


def durability_numbers(body: Durability) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number of the block, with its path and what it measures."""
    yield "durability.horizon", body.horizon.number, SPAN
    if body.period is not None:
        yield "durability.period", body.period.number, SPAN
    for party, rate in body.discount.items():
        yield _place("durability.discount", party), rate.number, DISCOUNT
    for party, lure in body.parties.items():
        path = f"durability.parties.{party}"
        for key, bounds in (("gain", COST), ("edge", COST), ("then", UTILITY)):
            if getattr(lure, key) is not None:
                yield f"{path}.{key}", getattr(lure, key), bounds
        if lure.drift is not None:
            yield f"{path}.drift", lure.drift.number, DRIFT
        for option, seen in (lure.detection or {}).items():
            yield _place(f"{path}.detection", option), seen.number, HAZARD
    for option, seen in (body.detection or {}).items():
        yield _place("durability.detection", option), seen.number, HAZARD
    if body.shocks is not None:
        yield "durability.shocks", body.shocks.number, HAZARD
    for n, phase in enumerate(body.phases, 1):
        yield f"durability.phases.{n}.after", phase.after.number, SPAN


def _place(path: str, key: str) -> str:
    return f"{path}.{key}" if key != ALL else path
