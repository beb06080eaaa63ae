"""The block ``conflict``: what each party can do without the others, and how it ranks what comes of it.

A state says of every option whether it is taken. Conditions on states are matches: option to yes or no, all
of which must hold; a list of them is met when one of them is. Preferences order the states in one of three
ways: by statements in the order of their weight (option prioritising: Hipel, Kilgour, Fang and Peng 1997), by
a ranking that names them from the best on, or by what the deals of the case are worth to the party.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    WrapSerializer,
)

from winset.case.fields import (
    COST,
    PROBABILITY,
    WORD_SCHEMA,
    Cost,
    Frozen,
    Ids,
    Probability,
    Words,
    YesNo,
    refused,
    yes_no,
)
from winset.case.numbers import Bounds, Number

__all__ = [
    "MOST_OPTIONS",
    "MOST_STATEMENTS",
    "STATEMENT_WORDS",
    "UNAWARE",
    "Conflict",
    "ConflictPreferences",
    "Effect",
    "Infeasible",
    "Order",
    "Position",
    "StateMatch",
    "StateOutcome",
    "Statement",
    "Unilateral",
    "View",
    "conflict_numbers",
    "conflict_schema",
    "written",
]

MOST_OPTIONS = 24  # of all parties together: 16,777,216 states
MOST_STATEMENTS = 60  # of one party: their weights double, and must fit in one whole number

# ------------------------------------------------------------------------------------- conditions on states

_MATCH_ALLOWED = "option: yes or no (several must all hold), or a list of such mappings (one must)"
StateClause = dict[str, YesNo]
StateMatch = tuple[StateClause, ...]  # any of them; of each, all


def _match(raw: Any) -> list[Any]:
    items = list(raw) if isinstance(raw, list | tuple) else [raw]
    if not items or not all(isinstance(item, Mapping) for item in items):
        raise refused("not a condition on states", allowed=_MATCH_ALLOWED)
    if not all(items):
        raise refused("a condition names no option", allowed=_MATCH_ALLOWED)
    return items


def _short(match: StateMatch) -> Any:
    return dict(match[0]) if len(match) == 1 else [dict(clause) for clause in match]


def written(match: StateMatch) -> str:
    """A condition in one line for a reader."""
    return "; or ".join(
        ", ".join(f"{option}: {'yes' if taken else 'no'}" for option, taken in clause.items())
        for clause in match
    )


_YES_NO_SCHEMA: dict[str, Any] = {"enum": [True, False, "yes", "no"]}
_CLAUSE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": _YES_NO_SCHEMA,
    "minProperties": 1,
}
_MATCH_SCHEMA: dict[str, Any] = {
    "anyOf": [_CLAUSE_SCHEMA, {"type": "array", "items": _CLAUSE_SCHEMA, "minItems": 1}]
}
StateMatchField = Annotated[
    StateMatch, BeforeValidator(_match), PlainSerializer(_short), WithJsonSchema(_MATCH_SCHEMA)
]

# ------------------------------------------------------------------------------------------------- options


def _once(raw: Any) -> str | None:
    if isinstance(raw, str) and raw in ("taken", "dropped"):
        return raw
    try:
        return "taken" if yes_no(raw) else None
    except ValueError:
        raise refused("not a yes or no", allowed="true (the same as taken), taken, dropped") from None


class Unilateral(Frozen):
    """Something that a party can do, or leave, without asking the others."""

    name: Words | None = Field(None, description="The name for readers; the id if left out")
    once: (
        Annotated[
            Literal["taken", "dropped"] | None,
            BeforeValidator(_once),
            WithJsonSchema({"enum": ["taken", "dropped", True, False, "yes", "no"]}),
        ]
        | None
    ) = Field(
        None,
        description="Whether there is no way back: taken (or true), it can be taken and not dropped again; "
        "dropped, it can be dropped and not taken again",
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


def _options(raw: Any) -> Any:
    allowed = "a list of options, or a mapping option: {...}"
    if isinstance(raw, list | tuple):
        if not all(isinstance(name, str) for name in raw):
            raise refused("a list of options holds names", allowed=allowed)
        if len(set(raw)) < len(raw):
            raise refused("an option is listed twice", allowed="each once")
        raw = dict.fromkeys(raw)
    if not isinstance(raw, Mapping) or not raw:
        raise refused("no options are named", allowed=allowed)
    return {name: {} if body is None else body for name, body in raw.items()}


def _short_options(options: dict[str, Unilateral], whole: SerializerFunctionWrapHandler) -> Any:
    data = whole(options)
    return data if any(data.values()) else list(data)


Unilaterals = Annotated[dict[str, Unilateral], BeforeValidator(_options), WrapSerializer(_short_options)]


class Infeasible(Frozen):
    """States that cannot be."""

    when: StateMatchField = Field(description="The states")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Why they cannot be")


def _infeasible(raw: Any) -> Any:
    return raw if isinstance(raw, Mapping) and "when" in raw else {"when": raw}


def _short_infeasible(rule: Infeasible, whole: SerializerFunctionWrapHandler) -> Any:
    data = whole(rule)
    return data["when"] if list(data) == ["when"] and isinstance(data["when"], dict) else data


# --------------------------------------------------------------------------------------------- preferences


class Statement(Frozen):
    """One thing that a party cares about: that a state meets a condition.

    With ``if`` the statement is also true where that condition fails; with ``iff`` it is true where both hold
    or neither does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    when: StateMatchField = Field(description="What it wants to be so")
    given: StateMatchField | None = Field(
        None, alias="if", description="The statement asks for it only where this holds"
    )
    iff: StateMatchField | None = Field(None, description="It wants the one exactly where this holds")
    strongly: YesNo = Field(
        False,
        description="A state that is better by this statement, or by one above it, is greatly preferred",
    )
    sure: Probability | None = Field(
        None, description="The probability that the party cares about it at all; certain if left out"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def says(self) -> str:
        """The statement in one line for a reader."""
        text = written(self.when)
        if self.given is not None:
            text += f", if {written(self.given)}"
        if self.iff is not None:
            text += f", exactly if {written(self.iff)}"
        return text


STATEMENT_WORDS = ("when", "if", "iff", "strongly", "sure", "because", "note")


def _statement(raw: Any) -> Any:
    if isinstance(raw, Statement):
        return raw
    if isinstance(raw, list | tuple):
        return {"when": raw}
    if not isinstance(raw, Mapping):
        raise refused(
            "not a statement", allowed="option: yes or no, with if, iff, strongly, sure, because, note"
        )
    if "when" in raw:
        return raw
    words = {key: value for key, value in raw.items() if key in STATEMENT_WORDS}
    return {"when": {key: value for key, value in raw.items() if key not in words}, **words}


def _short_statement(statement: Statement, whole: SerializerFunctionWrapHandler) -> Any:
    data = {"if" if key == "given" else key: value for key, value in whole(statement).items()}
    when = data.pop("when")
    if isinstance(when, list):
        return {"when": when, **data} if data else when
    return {**when, **data}


StatementField = Annotated[Statement, BeforeValidator(_statement), WrapSerializer(_short_statement)]


def _place(raw: Any) -> Any:
    if isinstance(raw, str) and raw == "rest":
        return ()
    if not raw and isinstance(raw, tuple):
        return raw
    if isinstance(raw, str):
        raise refused("not a place in a ranking", allowed=f"rest, or {_MATCH_ALLOWED}")
    return _match(raw)


#: The states that meet a condition; an empty one stands for the rest.
Place = Annotated[
    StateMatch,
    BeforeValidator(_place),
    PlainSerializer(lambda match: _short(match) if match else "rest"),
    WithJsonSchema({"anyOf": [{"const": "rest"}, *_MATCH_SCHEMA["anyOf"]]}),
]


def _listed(raw: Any) -> Any:
    if not isinstance(raw, list | tuple) or not raw:
        raise refused("a list is expected", allowed="- lines, the most important or the best first")
    return raw


class Order(Frozen):
    """How a party orders the states; one of the three ways."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    prioritised: Annotated[tuple[StatementField, ...], BeforeValidator(_listed)] | None = Field(
        None, description="Statements, the most important first: one outweighs all that come after it"
    )
    ranking: Annotated[tuple[Place, ...], BeforeValidator(_listed)] | None = Field(
        None, description="States, the best first; those of one entry are tied, and rest is all others"
    )
    source: Literal["deals"] | None = Field(
        None, alias="from", description="deals: by what the outcomes below are worth to the party"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways of ordering that are stated."""
        keys = (("prioritised", self.prioritised), ("ranking", self.ranking), ("from", self.source))
        return tuple(key for key, stated in keys if stated is not None)


def _as_written(order: Order, whole: SerializerFunctionWrapHandler) -> Any:
    return {"from" if key == "source" else key: value for key, value in whole(order).items()}


_WRITTEN = WrapSerializer(_as_written)


class ConflictPreferences(Order):
    """How a party orders the states, and how each of its types does where they differ."""

    types: dict[str, Annotated[Order, _WRITTEN]] = Field(
        default_factory=dict, description="Types of the party in preferences, with an order of their own"
    )


# ---------------------------------------------------------------------------------------- what states bring


class StateOutcome(Frozen):
    """What states come to in terms of the case: a deal, or none."""

    when: StateMatchField = Field(description="The states; the first outcome that matches a state counts")
    deal: (
        Annotated[
            dict[str, str],
            WithJsonSchema({"type": "object", "additionalProperties": WORD_SCHEMA, "minProperties": 1}),
        ]
        | None
    ) = Field(None, description="An option for every issue")
    no_deal: YesNo = Field(False, description="They are worth what being without a deal is worth")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Effect(Frozen):
    """What states cost or bring a party by themselves, beside their outcome; all that match add up."""

    when: StateMatchField = Field(description="The states")
    less: dict[str, Cost] = Field(default_factory=dict, description="Party to the points that it takes off")
    more: dict[str, Cost] = Field(default_factory=dict, description="Party to the points that it adds")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


# ------------------------------------------------------------------------------------------- misperceptions

UNAWARE = "unaware of"


class View(Frozen):
    """How a party wrongly sees the conflict: party to the order that it takes that party to have."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)
    __pydantic_extra__: dict[str, Annotated[Order, _WRITTEN]]

    unaware: Ids = Field(
        (), alias="unaware of", description="Options of others that it does not know of, or rules out"
    )

    @property
    def orders(self) -> dict[str, Order]:
        """Party to its order as it is seen."""
        return dict(self.__pydantic_extra__)


def _short_view(view: View, whole: SerializerFunctionWrapHandler) -> Any:
    return {UNAWARE if key == "unaware" else key: value for key, value in whole(view).items()}


# ---------------------------------------------------------------------------------------- what parties say


class Position(Frozen):
    """What a party says should be done, or would do: option to yes or no; the rest it leaves open."""

    when: dict[str, YesNo] = Field(description="Option to yes or no")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


_POSITION_WORDS = ("because", "note")


def _position(raw: Any) -> Any:
    if isinstance(raw, Position) or (isinstance(raw, Mapping) and "when" in raw):
        return raw
    named = isinstance(raw, Mapping) and {key: v for key, v in raw.items() if key not in _POSITION_WORDS}
    if not named:
        raise refused("no option is named", allowed="option: yes or no, with because and note")
    return {"when": named, **{key: raw[key] for key in _POSITION_WORDS if key in raw}}


def _short_position(position: Position, whole: SerializerFunctionWrapHandler) -> Any:
    data = whole(position)
    return {**data.pop("when"), **data}


PositionField = Annotated[Position, BeforeValidator(_position), WrapSerializer(_short_position)]


# ------------------------------------------------------------------------------------------------ the block


class Conflict(Frozen):
    """What each party can do without the others, and how each orders the states that come of it."""

    question: Words | None = Field(None, description="The question that the moves are about")
    options: dict[str, Unilaterals] = Field(
        description="Party to what it can do alone: a list, or option: {...}; no two parties share an option"
    )
    infeasible: tuple[
        Annotated[Infeasible, BeforeValidator(_infeasible), WrapSerializer(_short_infeasible)], ...
    ] = Field((), description="States that cannot be; a list of conditions")
    status_quo: dict[str, YesNo] | None = Field(
        None, description="Which options are taken now; what is not named is not taken"
    )
    preferences: dict[str, Annotated[ConflictPreferences, _WRITTEN]] = Field(
        description="Party to how it orders the states; every party with options needs one"
    )
    outcomes: tuple[StateOutcome, ...] = Field(
        (), description="What states come to; needed for preferences from deals"
    )
    effects: tuple[Effect, ...] = Field(
        (), description="What states cost or bring by themselves; for preferences from deals"
    )
    sees: dict[str, Annotated[View, WrapSerializer(_short_view)]] = Field(
        default_factory=dict, description="Party to what it sees wrongly"
    )
    positions: dict[str, PositionField] = Field(
        default_factory=dict,
        description="Party to what it says that everybody should do; options that it does not name are as in "
        "fallback",
    )
    fallback: dict[str, PositionField] = Field(
        default_factory=dict,
        description="Party to what it does with its own options without agreement; what is not named stays "
        "as in status_quo",
    )
    because: Ids = Field((), description="The claims that the block as a whole rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    def names(self) -> tuple[str, ...]:
        """All options, party by party."""
        return tuple(option for options in self.options.values() for option in options)

    def taken_now(self) -> tuple[str, ...] | None:
        """The options that the status quo takes; None where no status quo is stated."""
        if self.status_quo is None:
            return None
        return tuple(option for option, taken in self.status_quo.items() if taken)

    def threatened(self) -> dict[str, bool]:
        """Every option as it is without agreement: the threatened future."""
        out = {option: bool((self.status_quo or {}).get(option)) for option in self.names()}
        for stated in self.fallback.values():
            out.update(stated.when)
        return out

    def asked(self, party: str) -> dict[str, bool]:
        """Every option as a party's position has it."""
        return {**self.threatened(), **self.positions[party].when}

    def owner(self, option: str) -> str:
        return next(party for party, options in self.options.items() if option in options)

    def parties(self) -> tuple[str, ...]:
        """Those who can act, and after them those who only have preferences."""
        return tuple(dict.fromkeys((*self.options, *self.preferences)))

    def orders(self) -> Iterator[tuple[str, str, str | None, Order]]:
        """Every order that is stated: its path, the party, the type or None, and itself."""
        for party, stated in self.preferences.items():
            path = f"conflict.preferences.{party}"
            if stated.ways:
                yield path, party, None, stated
            for kind, order in stated.types.items():
                yield f"{path}.types.{kind}", party, kind, order


def conflict_schema(definitions: dict[str, Any]) -> None:
    """Complete the definitions of a JSON schema by the short forms that the block may be written in."""
    block = definitions["Conflict"]["properties"]
    owned = block["options"]["additionalProperties"]
    named = {"type": "array", "items": WORD_SCHEMA, "minItems": 1, "uniqueItems": True}
    body = {"anyOf": [owned.pop("additionalProperties"), {"type": "null"}]}
    owned.pop("type")
    owned["anyOf"] = [named, {"type": "object", "minProperties": 1, "additionalProperties": body}]
    block["options"]["minProperties"] = 1
    block["status_quo"]["anyOf"][0]["additionalProperties"] = _YES_NO_SCHEMA
    block["infeasible"]["items"] = {"anyOf": [block["infeasible"]["items"], *_MATCH_SCHEMA["anyOf"]]}
    stand = definitions["Position"]
    said = {key: part for key, part in stand["properties"].items() if key != "when"}
    stand["properties"]["when"]["additionalProperties"] = _YES_NO_SCHEMA
    for key in ("positions", "fallback"):
        block[key]["additionalProperties"] = {
            "anyOf": [
                {"$ref": "#/$defs/Position"},
                {
                    "type": "object",
                    "properties": said,
                    "not": {"required": ["when"]},
                    "additionalProperties": _YES_NO_SCHEMA,
                },
            ]
        }
    statement = definitions["Statement"]
    inside = {key: part for key, part in statement["properties"].items() if key != "when"}
    short = {
        "type": "object",
        "properties": inside,
        "not": {"required": ["when"]},
        "additionalProperties": _YES_NO_SCHEMA,
    }
    for order in ("Order", "ConflictPreferences"):
        stated = definitions[order]["properties"]
        stated["prioritised"]["anyOf"][0] |= {
            "minItems": 1,
            "items": {"anyOf": [{"$ref": "#/$defs/Statement"}, short, _MATCH_SCHEMA["anyOf"][1]]},
        }
        stated["ranking"]["anyOf"][0]["minItems"] = 1


def conflict_numbers(conflict: Conflict) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number of the block, with its path and what it measures."""
    for path, _, _, order in conflict.orders():
        for n, statement in enumerate(order.prioritised or (), 1):
            if statement.sure is not None:
                yield f"{path}.prioritised.{n}.sure", statement.sure, PROBABILITY
    for n, effect in enumerate(conflict.effects, 1):
        for key, costs in (("less", effect.less), ("more", effect.more)):
            for party, cost in costs.items():
                yield f"conflict.effects.{n}.{key}.{party}", cost, COST
