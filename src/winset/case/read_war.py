"""Whether contests fit their case: two parties of it, numbers for both, chances and shares of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from winset.case.plain import items
from winset.case.text import Path, listing, show
from winset.case.war import Battles

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_war", "holds_contest_names"]

_BY_PARTY = ("wins", "seen_by", "costs", "stake", "risk", "shift", "wear", "discount", "escalation")
_BY_FIRST = ("wins", "shift")


def check_war(reader: Reader) -> None:
    """What the contests name is there, as far as they can be read."""
    for name, body in items(reader.data.get("war")):
        if isinstance(body, dict):
            sides = _sides(reader, ("war", name), body)
            _check_settles(reader, ("war", name, "settles"), body.get("settles"))
            _check_valued(reader, ("war", name, "stake"), body.get("stake"))
            if sides:
                _check_contest(reader, ("war", name), body, sides)


def holds_contest_names(path: Path) -> bool:
    """Whether the keys of the mapping at ``path``, a place in ``war``, are names of the author's."""
    inner = path[2:]
    return inner in tuple((key,) for key in _BY_PARTY) or (
        inner[:1] == ("settles",) or inner == ("battles", "weight")
    )


def _sides(reader: Reader, path: Path, body: dict[str, Any]) -> tuple[str, ...]:
    """The two parties; nothing where they are told to be wrong."""
    raw, here = body.get("between"), (*path, "between")
    if not isinstance(raw, list) or not all(isinstance(p, str) for p in raw):
        if isinstance(raw, str):
            reader.faults.add(here, "a contest is between two parties", value=raw, allowed="[party, party]")
        return ()
    if len(raw) != 2 or raw[0] == raw[1]:
        reader.faults.add(
            here,
            "a contest is between two parties",
            value=listing(raw) or None,
            allowed="[party, party], two different ones",
        )
        return ()
    unknown = [(n, party) for n, party in enumerate(raw) if party not in reader.parties]
    for n, party in unknown:
        reader.faults.unknown((*here, n), "party", party, reader.parties)
    return () if unknown else tuple(raw)


def _check_contest(reader: Reader, path: Path, body: dict[str, Any], sides: tuple[str, ...]) -> None:
    for key in _BY_PARTY:
        _check_parties(reader, (*path, key), body.get(key), sides[:1] if key in _BY_FIRST else sides)
    _check_whole(reader, (*path, "wins"), body.get("wins"), sides[:1])
    _check_whole(reader, (*path, "costs"), body.get("costs"), sides)
    for key in ("private", "proposes"):
        party = body.get(key)
        if isinstance(party, str) and party not in sides:
            reader.faults.unknown((*path, key), "party of the contest", party, sides)
    if body.get("private") in sides and body.get("private") == body.get("proposes"):
        reader.faults.add(
            (*path, "proposes"),
            "who makes the offer knows its own costs; it is the other that does not know them",
            value=body["proposes"],
            allowed=next(p for p in sides if p != body["private"]),
        )
    contest = reader.kept.get("war", {}).get(str(path[1]))
    if contest is not None and contest.horizon is not None and contest.horizon.number.low <= 0:
        reader.faults.add(
            (*path, "horizon"), "no time at all", value=body["horizon"], allowed="e.g. 12 months"
        )
    battles = body.get("battles")
    if isinstance(battles, dict):
        _check_parties(reader, (*path, "battles", "weight"), battles.get("weight"), sides)
        _check_whole(reader, (*path, "battles", "weight"), battles.get("weight"), sides)
        try:
            never = Battles.model_validate({**battles, "weight": {}}).every.number.high <= 0
        except ValidationError:
            never = False  # told with its form
        if never:
            reader.faults.add(
                (*path, "battles", "every"), "no time at all", value=battles["every"], allowed="e.g. 2 weeks"
            )


def _check_parties(reader: Reader, path: Path, part: Any, sides: tuple[str, ...]) -> None:
    for party, _ in items(part):
        if party in sides:
            continue
        if len(sides) == 1 and party in reader.parties:
            reader.faults.add(
                (*path, party),
                "this is told of the first party of between",
                value=party,
                allowed=show(sides[0]),
                key=True,
            )
        else:
            reader.faults.unknown((*path, party), "party of the contest", party, sides, key=True)


def _check_whole(reader: Reader, path: Path, part: Any, sides: tuple[str, ...]) -> None:
    missing = [p for p in sides if isinstance(part, dict) and p not in part]
    if missing and not (len(sides) == 1 and part):  # another party in its place is told by itself
        reader.faults.add(path, f"no number for {listing(missing)}", allowed=listing(sides))


def _check_valued(reader: Reader, path: Path, part: Any) -> None:
    for party, _ in items(part):
        if party in reader.parties and party not in reader.valued:
            reader.faults.unknown((*path, party), "party with preferences", party, reader.valued, key=True)


def _check_settles(reader: Reader, path: Path, part: Any) -> None:
    if isinstance(part, dict) and len(part) != 1:
        reader.faults.add(
            path, "not one issue", value=listing(part) or None, allowed="one issue: {option: share}"
        )
    for issue, shares in items(part):
        if issue not in reader.options:
            reader.faults.unknown((*path, issue), "issue", issue, reader.options, key=True)
            continue
        known = reader.options[issue]
        for option, _ in items(shares):
            if known is not None and option not in known:
                reader.faults.unknown(
                    (*path, issue, option), f"option of {show(issue)}", option, known, key=True
                )
        if shares == {}:
            reader.faults.add((*path, issue), "no option is named", allowed="option: share")
