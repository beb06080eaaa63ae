"""The block ``conflict``: whether what it names is there, and whether the states are ordered by everybody."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from winset.case.conflict import (
    MOST_OPTIONS,
    MOST_STATEMENTS,
    STATEMENT_WORDS,
    Conflict,
    ConflictPreferences,
    Effect,
    Infeasible,
    Order,
    Position,
    StateMatch,
    Statement,
    StateOutcome,
    Unilateral,
    View,
    conflict_numbers,
)
from winset.case.read_deals import Forbidden, check_deal
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from winset.case.reader import Reader

    Longs = npt.NDArray[np.int64]

__all__ = [
    "ReadConflict",
    "check_conflict",
    "conflict_holds_names",
    "conflict_model_at",
    "conflict_place",
    "read_conflict",
    "uncertain_conflict",
]

_MOST_WORK = 1 << 30  # combinations of options times conditions
_MOST_LOOKED_AT = 1 << 26  # where that is passed: states that can be, times conditions
_EXAMPLES = 3  # of states that are told
_KEPT = frozenset({*STATEMENT_WORDS, "rest"})  # no option is called so


@dataclass(frozen=True, slots=True)
class ReadConflict:
    """The block, or as much of it as could be read."""

    conflict: Conflict
    whole: bool


def read_conflict(reader: Reader) -> ReadConflict | None:
    """The block, less those parts whose form is wrong; their faults go to the reader."""
    before = len(reader.faults.found)
    conflict = reader.one("conflict", Conflict)
    if conflict is not None:
        return ReadConflict(conflict, True)
    body = reader.data.get("conflict")
    if not isinstance(body, dict) or len(reader.faults.found) == before:
        return None
    try:
        Conflict.model_validate(body)
    except ValidationError as error:
        broken = {item["loc"][:2] for item in error.errors(include_url=False)}
    rest: dict[str, Any] = {}
    for key, part in body.items():
        if isinstance(part, dict) and (key,) not in broken and key != "status_quo":
            rest[key] = {name: inner for name, inner in part.items() if (key, name) not in broken}
        elif not any(loc[0] == key for loc in broken):
            rest[key] = part
    with contextlib.suppress(ValidationError):
        return ReadConflict(Conflict.model_validate(rest), False)
    return None


def check_conflict(reader: Reader, read: ReadConflict, forbid: Forbidden) -> None:
    """Every fault of the block, for the reader."""
    conflict = read.conflict
    sound = _check_options(reader, conflict) and read.whole
    if conflict.options.keys() < _named(reader, "options").keys():
        return  # of options that could not be read, nothing is known
    known = conflict.names()
    matches = list(_matches(conflict))
    for path, match in matches:
        sound &= _check_match(reader, path, match, known)
    for option in conflict.status_quo or ():
        sound &= _check_known(reader, ("conflict", "status_quo", option), option, known)
    sound &= _check_positions(reader, conflict)
    _check_parties(reader, conflict)
    for path, party, order in _orders(conflict):
        _check_order(reader, path, party, order, conflict)
    _check_outcomes(reader, conflict, forbid)
    _check_views(reader, conflict)
    if not sound:
        return
    states = _states(conflict, len(matches))
    if states is None:
        reader.faults.add(
            ("conflict",),
            f"{len(matches):,} conditions on the states of {len(known)} options are too many",
            allowed=f"at most {_MOST_WORK >> len(known):,} for so many options, or fewer states that can be",
        )
        return
    _check_states(reader, conflict, states)


def _named(reader: Reader, key: str) -> Mapping[str, Any]:
    """What the file names under a key of the block, readable or not."""
    part = reader.data["conflict"].get(key)
    return part if isinstance(part, dict) else {}


# -------------------------------------------------------------------------------------------------- options


def _check_options(reader: Reader, conflict: Conflict) -> bool:
    """Whether the options can be counted on: named well, of one party each, not too many."""
    faults, sound = reader.faults, True
    owner: dict[str, str] = {}
    if not conflict.options:
        faults.add(("conflict", "options"), "nobody can do anything", allowed="party: [option, ...]")
        return False
    for party, options in conflict.options.items():
        here: Path = ("conflict", "options", party)
        if party not in reader.parties:
            faults.unknown(here, "party", party, reader.parties, key=True)
        for option in options:
            path = (*here, option)
            reader.check_id(path, option, "conflict")
            if option in _KEPT:
                faults.add(
                    path,
                    f"an option cannot be called '{option}'",
                    allowed="a word that conditions and statements do not use",
                    key=True,
                )
                sound = False
            if option in owner:
                faults.add(
                    path,
                    f"{show(owner[option])} has an option of this name already",
                    value=option,
                    allowed="a name of its own for each option of each party",
                    key=True,
                )
                sound = False
            owner[option] = party
    if len(owner) > MOST_OPTIONS:
        faults.add(
            ("conflict", "options"),
            f"{len(owner)} options make {1 << min(len(owner), 1000):,} states"
            if len(owner) <= 60
            else f"{len(owner):,} options",
            allowed=f"at most {MOST_OPTIONS} options of all parties together",
        )
        sound = False
    return sound


def _matches(conflict: Conflict) -> Iterable[tuple[Path, StateMatch]]:
    """Every condition on states, with its place in the model."""
    for n, rule in enumerate(conflict.infeasible):
        yield ("conflict", "infeasible", n, "when"), rule.when
    for n, outcome in enumerate(conflict.outcomes):
        yield ("conflict", "outcomes", n, "when"), outcome.when
    for n, effect in enumerate(conflict.effects):
        yield ("conflict", "effects", n, "when"), effect.when
    for path, _, order in _orders(conflict):
        for n, statement in enumerate(order.prioritised or ()):
            here = (*path, "prioritised", n)
            parts = (("when", statement.when), ("if", statement.given), ("iff", statement.iff))
            yield from (((*here, key), match) for key, match in parts if match is not None)
        for n, place in enumerate(order.ranking or ()):
            yield (*path, "ranking", n), place


def _orders(conflict: Conflict) -> Iterable[tuple[Path, str, Order]]:
    """Every order, those that are seen wrongly among them, with its place and whose it is."""
    for party, stated in conflict.preferences.items():
        path: Path = ("conflict", "preferences", party)
        if stated.ways or not stated.types:
            yield path, party, stated
        yield from (((*path, "types", kind), party, order) for kind, order in stated.types.items())
    for viewer, view in conflict.sees.items():
        yield from ((("conflict", "sees", viewer, p), p, order) for p, order in view.orders.items())


def _check_match(reader: Reader, path: Path, match: StateMatch, known: tuple[str, ...]) -> bool:
    sound = True
    for n, clause in enumerate(match):
        for option in clause:
            here = conflict_place(reader.data, (*path, n, option))
            sound &= _check_known(reader, here, option, known)
    return sound


def _check_known(reader: Reader, path: Path, option: str, known: tuple[str, ...]) -> bool:
    if option not in known:
        reader.faults.unknown(path, "option", option, known, key=True)
        return False
    return True


# ---------------------------------------------------------------------------------------------- preferences


def _check_parties(reader: Reader, conflict: Conflict) -> None:
    for party in conflict.preferences:
        if party not in reader.parties:
            path: Path = ("conflict", "preferences", party)
            reader.faults.unknown(path, "party", party, reader.parties, key=True)
    stated = _named(reader, "preferences")
    missing = [p for p in conflict.options if p not in stated]
    if missing:
        reader.faults.add(
            ("conflict", "preferences"),
            f"nothing says how {listing(missing)} {'ranks' if len(missing) == 1 else 'rank'} the states",
            allowed="preferences for every party that has options",
        )
    for party, own in conflict.preferences.items():
        if own.types:
            _check_types(reader, ("conflict", "preferences", party), party, own)


def _check_types(reader: Reader, path: Path, party: str, stated: ConflictPreferences) -> None:
    prefs = reader.data.get("preferences")
    body = prefs.get(party) if isinstance(prefs, dict) else None
    types = body.get("types") if isinstance(body, dict) else None
    known = types if isinstance(types, dict) else {}
    if not known:
        reader.faults.add(
            (*path, "types"),
            f"{show(party)} has no types in preferences, which give their probabilities",
            allowed="types of the party in preferences, or one order for it",
        )
        return
    for kind in stated.types:
        if kind not in known:
            here = (*path, "types", kind)
            reader.faults.unknown(here, f"type of {show(party)}", kind, known, key=True)
    missing = [kind for kind in known if kind not in stated.types]
    if missing and not stated.ways:
        reader.faults.add(
            (*path, "types"),
            f"nothing says how the type {listing(missing)} ranks the states",
            allowed="an order for every type, or one beside types for those that are not named",
        )


def _check_order(reader: Reader, path: Path, party: str, order: Order, conflict: Conflict) -> None:
    faults = reader.faults
    if len(order.ways) != 1:
        faults.add(
            path,
            "it does not say how the states are ordered"
            if not order.ways
            else f"{' and '.join(order.ways)} order the states in two ways",
            allowed="one of prioritised, ranking, from: deals",
        )
    if len(order.prioritised or ()) > MOST_STATEMENTS:
        faults.add(
            (*path, "prioritised"),
            f"{len(order.prioritised or ()):,} statements",
            allowed=f"at most {MOST_STATEMENTS}",
        )
    for n, statement in enumerate(order.prioritised or ()):
        if statement.given is not None and statement.iff is not None:
            faults.add((*path, "prioritised", n), "either if or iff, not both", allowed="one of the two")
    rests = [n for n, place in enumerate(order.ranking or ()) if not place]
    for n in rests[1:]:
        faults.add((*path, "ranking", n), "rest stands here twice", value="rest", allowed="once")
    if order.source is not None:
        if party not in reader.valued:
            faults.add(
                (*path, "from"),
                f"{show(party)} has no preferences over deals",
                value="deals",
                allowed=listing(reader.valued),
            )
        if not conflict.outcomes and "outcomes" not in reader.data["conflict"]:
            faults.add(
                (*path, "from"),
                "nothing says which deals the states come to",
                value="deals",
                allowed="outcomes: beside preferences, for every state",
            )


# --------------------------------------------------------------------------------- outcomes, effects, views


def _check_outcomes(reader: Reader, conflict: Conflict, forbid: Forbidden) -> None:
    for n, outcome in enumerate(conflict.outcomes):
        path: Path = ("conflict", "outcomes", n)
        if (outcome.deal is None) is not outcome.no_deal:
            reader.faults.add(
                path,
                "it does not say what the states come to" if outcome.deal is None else "a deal and no deal",
                allowed="either deal: an option for every issue, or no_deal: true",
            )
        if outcome.deal is not None:
            check_deal(reader, (*path, "deal"), outcome.deal, forbid)
    derived = {party for _, party, order in _orders(conflict) if order.source is not None}
    for n, effect in enumerate(conflict.effects):
        path = ("conflict", "effects", n)
        if not effect.less and not effect.more:
            reader.faults.add(
                path, "it takes nothing and brings nothing", allowed="less or more: {party: points}"
            )
        for key, costs in (("less", effect.less), ("more", effect.more)):
            for party in costs:
                here = (*path, key, party)
                if party not in reader.parties:
                    reader.faults.unknown(here, "party", party, reader.parties, key=True)
                elif party not in derived:
                    reader.faults.add(
                        here,
                        f"points mean nothing to {show(party)}, whose order is not from deals",
                        allowed=listing(derived) or "a party with from: deals",
                        key=True,
                    )


def _check_views(reader: Reader, conflict: Conflict) -> None:
    known = conflict.parties()
    for viewer, view in conflict.sees.items():
        path: Path = ("conflict", "sees", viewer)
        if viewer not in known:
            reader.faults.unknown(path, "party of the conflict", viewer, known, key=True)
        if not view.orders and not view.unaware:
            reader.faults.add(
                path, "it sees nothing wrongly", allowed="party: {prioritised: ...}, or unaware of: option"
            )
        for party, order in view.orders.items():
            for n, statement in enumerate(order.prioritised or ()):
                if statement.sure is not None:
                    reader.faults.add(
                        (*path, party, "prioritised", n, "sure"),
                        "what a party sees is not drawn",
                        value=statement.sure.short(),
                        allowed="a statement without sure",
                    )
            if party not in known or party == viewer:
                others = [p for p in known if p != viewer]
                reader.faults.unknown((*path, party), "other party of the conflict", party, others, key=True)
        own = conflict.options.get(viewer, {})
        others = [option for option in conflict.names() if option not in own]
        for here, option in reader.listed((*path, "unaware of"), view.unaware):
            if option not in others:
                reader.faults.unknown(here, "option of another party", option, others)
            elif (conflict.status_quo or {}).get(option):
                reader.faults.add(
                    here,
                    "the option is taken now, for all to see",
                    value=option,
                    allowed="an option that the status quo does not take",
                )


def _check_positions(reader: Reader, conflict: Conflict) -> bool:
    """Whether positions and fallback are of parties who can take them, about options that there are."""
    known, names, sound = conflict.parties(), conflict.names(), True
    for key, stated in (("positions", conflict.positions), ("fallback", conflict.fallback)):
        for party, position in stated.items():
            path: Path = ("conflict", key, party)
            if party not in known:
                reader.faults.unknown(path, "party of the conflict", party, known, key=True)
            own = conflict.options.get(party, {})
            for option in position.when:
                here = conflict_place(reader.data, (*path, "when", option))
                sound &= _check_known(reader, here, option, names)
                if key == "fallback" and option in names and option not in own:
                    reader.faults.add(
                        here,
                        f"the option is not {show(party)}'s",
                        value=option,
                        allowed=listing(own) or "a party with options",
                        key=True,
                    )
    return sound


# --------------------------------------------------------------------------------------------------- states


def _states(conflict: Conflict, conditions: int) -> Longs | None:
    """The states that can be; None where they and the conditions on them are too many."""
    from winset.case.states import TooManyStates, feasible_states

    names = conflict.names()
    place = {option: n for n, option in enumerate(names)}
    most = None if conditions << len(names) <= _MOST_WORK else _MOST_LOOKED_AT
    try:
        states = feasible_states((rule.when for rule in conflict.infeasible), place, most=most)
    except TooManyStates:
        return None
    return states if most is None or conditions * len(states) <= most else None


def _check_states(reader: Reader, conflict: Conflict, states: Longs) -> None:
    """Something can be, the status quo among it; and everybody orders all of it.

    Parameters
    ----------
    states : int64 (state,)
        The numbers of those that can be.
    """
    from winset.case.states import number_of, ranking_places, states_of

    faults, names = reader.faults, conflict.names()
    place = {option: n for n, option in enumerate(names)}
    if not len(states):
        faults.add(
            ("conflict", "infeasible"), "every state is infeasible", allowed="at least one that can be"
        )
        return
    now = conflict.taken_now()
    if now is not None and not _among(states, number_of(now, place)):
        faults.add(
            ("conflict", "status_quo"),
            "the status quo is infeasible",
            value=_state(number_of(now, place), names),
            allowed="a state that can be",
        )
    _check_futures(reader, conflict, place, states)
    for path, _, order in _orders(conflict):
        if order.ranking is None or sum(not entry for entry in order.ranking) > 1:
            continue
        entries = ranking_places(order.ranking, place, states)
        _tell_left(
            reader,
            (*path, "ranking"),
            states[entries < 0],
            names,
            "the preferences do not order all states",
            "every state, or rest for those not named",
        )
        for n, entry in enumerate(order.ranking):
            if entry and not (entries == n).any():
                faults.add(
                    (*path, "ranking", n),
                    "no state is left that this could place",
                    allowed="a condition on a state that can be and is not placed before",
                )
    if conflict.outcomes and any(order.source is not None for _, _, order in _orders(conflict)):
        left = states
        for outcome in conflict.outcomes:
            left = left[~states_of(outcome.when, place, left)]
        _tell_left(
            reader,
            ("conflict", "outcomes"),
            left,
            names,
            "the outcomes do not cover all states",
            "an outcome for every state that can be",
        )


def _check_futures(reader: Reader, conflict: Conflict, place: Mapping[str, int], states: Longs) -> None:
    """The futures that positions and fallback speak of can be."""
    from winset.case.states import number_of

    told: list[tuple[Path, str, dict[str, bool]]] = [
        (("conflict", "positions", p), f"what {show(p)} asks for", conflict.asked(p))
        for p in conflict.positions
    ]
    if conflict.fallback:
        told.append((("conflict", "fallback"), "what would be without agreement", conflict.threatened()))
    for path, what, future in told:
        number = number_of((option for option, taken in future.items() if taken), place)
        if not _among(states, number):
            reader.faults.add(
                path,
                f"{what} is infeasible",
                value=_state(number, conflict.names()),
                allowed="a state that can be",
                hint="options that a position does not name are as in fallback, else as in status_quo",
            )


def _tell_left(
    reader: Reader,
    path: Path,
    left: Longs,
    names: tuple[str, ...],
    message: str,
    allowed: str,
) -> None:
    if len(left):
        shown = "; ".join(_state(int(s), names) for s in left[:_EXAMPLES])
        more = len(left) - _EXAMPLES
        reader.faults.add(
            path,
            f"{message}: {len(left):,} {'is' if len(left) == 1 else 'are'} left",
            value=shown + (f"; and {more:,} more" if more > 0 else ""),
            allowed=allowed,
        )


def _among(states: Longs, number: int) -> bool:
    """Whether a state is one of these; they ascend."""
    at = int(states.searchsorted(number))
    return at < len(states) and int(states[at]) == number


def _state(number: int, names: tuple[str, ...]) -> str:
    taken = [name for n, name in enumerate(names) if number >> n & 1]
    return " + ".join(taken) or "nothing taken"


# ---------------------------------------------------------------------------------- for the reader's own use


def uncertain_conflict(reader: Reader) -> dict[str, bool]:
    """Every number of the block: its path, and whether it is a range."""
    if reader.conflict is None:
        return {}
    return {path: number.is_range for path, number, _ in conflict_numbers(reader.conflict.conflict)}


def conflict_place(data: Any, path: Path) -> Path:
    """The part of a path that the file holds: what is short in the file is longer in the model."""
    out: list[str | int] = []
    for step in path:
        inside = (
            step in data
            if isinstance(data, dict)
            else isinstance(data, list) and isinstance(step, int) and step < len(data)
        )
        if inside:
            out.append(step)
            data = data[step]
    return tuple(out)


def conflict_holds_names(path: Path) -> bool:
    """Whether the keys of the mapping at ``path``, a place in the block, are names of the author's."""
    inner = path[1:]
    if inner[:1] == ("options",):
        return len(inner) < 3
    return (
        inner in (("preferences",), ("sees",), ("positions",), ("fallback",))
        or inner[2:] == ("types",)
        or inner[-1:] in (("less",), ("more",))
    )


_PARTS: Mapping[str, type[BaseModel]] = {
    "infeasible": Infeasible,
    "outcomes": StateOutcome,
    "effects": Effect,
    "prioritised": Statement,
    "types": Order,
}


def conflict_model_at(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that stands at a place inside the block."""
    steps = [str(step) for step in loc]
    if steps[:1] == ["options"]:
        return Unilateral
    inside = next((_PARTS[step] for step in reversed(steps) if step in _PARTS), None)
    if inside is not None:
        return inside
    if steps[:1] in (["positions"], ["fallback"]) and len(steps) > 1:
        return Position
    if steps[:1] == ["sees"]:
        return Order if len(steps) > 2 else View
    return ConflictPreferences if steps[:1] == ["preferences"] and len(steps) > 1 else Conflict
