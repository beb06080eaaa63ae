"""The levers of a case: each to its model, and whether what they name is there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from winset.case.levers import (
    LEVERS,
    Addition,
    Guarantee,
    Leaving,
    Lowering,
    NewRule,
    Payment,
    Relaxation,
    Removal,
)
from winset.case.model import Preferences, RedLine
from winset.case.read_consent import check_consent, check_rule
from winset.case.read_deals import check_match
from winset.case.rules import Clause, Match
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["lines_of", "read_levers", "with_like"]

_MOST_DEALS = 100_000  # combinations of options to try whether a red line has become narrower


def read_levers(reader: Reader) -> dict[str, Any]:
    """The levers that can be read; faults of the others go to the reader."""
    if "levers" not in reader.data:
        return {}
    part, faults = reader.data["levers"], reader.faults
    if not isinstance(part, dict) or not part:
        faults.add(
            ("levers",),
            "levers is empty" if part in (None, {}) else "levers must be a mapping",
            value=part or None,
            allowed="name: {...}, or leave the key out",
        )
        return {}
    kept: dict[str, Any] = {}
    added: dict[tuple[str, str], str] = {}
    for name, body in part.items():
        path: Path = ("levers", name)
        reader.check_id(path, name, "levers")
        words = [word for word in LEVERS if isinstance(body, dict) and word in body]
        if len(words) != 1:
            faults.add(
                path,
                "it does not say what it changes" if not words else f"it is {len(words)} levers in one",
                value=body if not isinstance(body, dict) else listing(body) or None,
                allowed=f"one of {listing(LEVERS)}",
                hint="" if not words else "give each a name of its own",
            )
            continue
        lever = reader.model(LEVERS[words[0]], body, path)
        if "consent" in body:
            check_rule(reader, body["consent"], (*path, "consent"))
            check_consent(reader, body["consent"], (*path, "consent"))
        if "relax" in body and "to" in body:
            check_match(reader, body["to"], (*path, "to"))
        if lever is not None:
            _check(reader, path, lever, added)
            kept[name] = lever
    return kept


def _check(reader: Reader, path: Path, lever: Any, added: dict[tuple[str, str], str]) -> None:
    if isinstance(lever, Payment):
        _check_payment(reader, path, lever)
    elif isinstance(lever, Relaxation | Removal):
        _check_line(reader, path, lever)
    elif isinstance(lever, Addition):
        _check_option(reader, path, lever, added)
    elif isinstance(lever, Guarantee):
        _check_valued(reader, (*path, "guarantee"), lever.guarantee)
    elif isinstance(lever, Lowering):
        _check_valued(reader, (*path, "lower"), lever.lower)
    elif isinstance(lever, Leaving):
        # also a party that the rule does not name: another rule can then be tried without touching the levers
        _check_valued(reader, (*path, "without"), lever.without)
    else:
        assert isinstance(lever, NewRule)  # its parties are looked at where it was read


def _check_valued(reader: Reader, path: Path, party: str) -> bool:
    if party not in reader.parties:
        reader.faults.unknown(path, "party", party, reader.parties)
    elif party not in reader.valued:
        reader.faults.add(
            path,
            "this party has no preferences, so nothing can be said about its gains",
            value=party,
            allowed=listing(reader.valued),
        )
    else:
        return True
    return False


def _check_payment(reader: Reader, path: Path, lever: Payment) -> None:
    for key, names in (("pays", lever.pays), ("to", lever.to)):
        if not names:
            reader.faults.add((*path, key), "nobody is named", allowed="a party or a list of parties")
        for n, (here, party) in enumerate(reader.listed((*path, key), names)):
            if _check_valued(reader, here, party) and party in names[:n]:
                reader.faults.add(here, "the party is named twice", value=party, allowed="each once")
    both = [p for p in lever.to if p in lever.pays]
    if both and len(lever.to) == len(lever.pays) == 1:
        reader.faults.add((*path, "to"), "a party cannot pay itself", value=both[0], allowed="another party")


def lines_of(prefs: Preferences, kind: str | None) -> tuple[RedLine, ...]:
    """The red lines of a party as it wrote them, or those of one of its types."""
    if kind is not None:
        own = prefs.types[kind].red_lines
        return (prefs.red_lines or ()) if own is None else own
    return prefs.red_lines or ()


def _check_line(reader: Reader, path: Path, lever: Relaxation | Removal) -> None:
    key = "relax" if isinstance(lever, Relaxation) else "drop"
    party = lever.relax if isinstance(lever, Relaxation) else lever.drop
    if not _check_valued(reader, (*path, key), party):
        return
    prefs: Preferences | None = reader.kept.get("preferences", {}).get(party)
    if prefs is None:
        return
    if lever.type is not None and lever.type not in prefs.types:
        reader.faults.unknown((*path, "type"), f"type of {show(party)}", lever.type, prefs.types)
        return
    lines = lines_of(prefs, lever.type)
    if not lines:
        hint = next((f"type: {k}" for k, t in prefs.types.items() if t.red_lines), "")
        reader.faults.add(
            (*path, key),
            "this party has no red line",
            value=party,
            allowed="a party with red lines",
            hint=hint,
        )
        return
    number = lever.red_line or (1 if len(lines) == 1 else 0)
    if not 1 <= number <= len(lines):
        reader.faults.add(
            (*path, "red_line") if lever.red_line else path,
            "there is no such red line" if lever.red_line else "it does not say which red line",
            value=lever.red_line,
            allowed=f"red_line: a whole number from 1 to {len(lines)}" if len(lines) > 1 else "red_line: 1",
        )
        return
    if isinstance(lever, Relaxation):
        line = lines[number - 1].when
        wider = _wider(lever.to, line, reader.options)
        if wider is not None:
            reader.faults.add(
                (*path, "to"),
                "this is not narrower than the red line",
                value=wider,
                allowed=f"a match that holds for fewer deals than {line.short()}",
            )


def _wider(new: Match, old: Match, options: Mapping[str, Any]) -> str | None:
    """A combination of options that the new match refuses and the old does not, or "the same" for an equal
    match; None when it is narrower, or when that would take too long to try."""
    issues = list(dict.fromkeys((*new.issues(), *old.issues())))
    known = [list(options.get(i) or ()) for i in issues]
    if not all(known) or prod(map(len, known)) > _MOST_DEALS:
        return None
    fewer = False
    for chosen in product(*known):
        deal = dict(zip(issues, chosen, strict=True))
        before, after = old.holds(deal), new.holds(deal)
        if after and not before:
            return ", ".join(f"{i}: {deal[i]}" for i in new.issues())
        fewer |= before and not after
    return None if fewer else "the same deals"


def _check_option(reader: Reader, path: Path, lever: Addition, added: dict[tuple[str, str], str]) -> None:
    new, here = lever.add, (*path, "add")
    if new.issue not in reader.options:
        reader.faults.unknown((*here, "issue"), "issue", new.issue, reader.options)
        return
    known = reader.options[new.issue]
    if known is not None and new.option in known:
        reader.faults.add(
            (*here, "option"),
            f"{show(new.issue)} has this option already",
            value=new.option,
            allowed="a new one",
        )
    if (new.issue, new.option) in added:
        reader.faults.add(
            (*here, "option"),
            f"the lever '{show(added[new.issue, new.option])}' adds this option already",
            value=new.option,
            allowed="each option once",
        )
    added[new.issue, new.option] = path[-1] if isinstance(path[-1], str) else ""
    if new.like is not None and known is not None and new.like not in known:
        reader.faults.unknown((*here, "like"), f"option of {show(new.issue)}", new.like, known)
    for party in new.scores:
        if party not in reader.valued:
            reader.faults.unknown(
                (*here, "scores", party), "party with preferences", party, reader.valued, key=True
            )
    if new.like is None:
        missing = [
            p
            for p in reader.valued
            if p not in new.scores and _weighs(reader.kept.get("preferences", {}).get(p), new.issue)
        ]
        if missing:
            reader.faults.add(
                here,
                f"no score for {listing(missing)}",
                allowed="a score for every party that gives the issue weight",
                hint="like: OPTION scores it as that option",
            )


def _weighs(prefs: Preferences | None, issue: str) -> bool:
    if prefs is None:
        return False
    return any((p.weights or {}).get(issue) is not None for p in (prefs, *prefs.types.values()))


def with_like(match: Match, likes: Mapping[tuple[str, str], list[str]]) -> Match:
    """A match that also holds for new options where it holds for the ones that they are like."""

    def grown(clause: Clause) -> Clause:
        return tuple(
            (
                issue,
                tuple(dict.fromkeys(o for known in options for o in (known, *likes.get((issue, known), ())))),
            )
            for issue, options in clause
        )

    return match.model_copy(update={"clauses": tuple(map(grown, match.clauses))})
