"""Whether threats and promises fit their case: known parties, one condition, what they cost, a record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from winset.case.read_deals import check_match
from winset.case.text import Path, listing, show
from winset.case.threats import ANY_DEAL, NO_DEAL, Earlier, Threat, threat_numbers

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_threats", "uncertain_threats"]

_STAKES = ("cost", "benefit", "audience")


def check_threats(reader: Reader) -> None:
    """What threats name is there, and something says whether each would be carried out."""
    part = reader.data.get("threats")
    if not isinstance(part, dict):
        return
    for name, body in part.items():
        path: Path = ("threats", name)
        if not isinstance(body, dict):
            continue
        _check_parties(reader, path, body)
        _check_condition(reader, path, body)
        _check_stakes(reader, path, body)
        _check_types(reader, path, body)
        threat: Threat | None = reader.kept.get("threats", {}).get(name)
        if threat is not None:
            _check_record(reader, path, threat)
            _check_day(reader, (*path, "announced"), threat.announced, "it was made")


def uncertain_threats(reader: Reader) -> dict[str, bool]:
    """Every number of the threats that can be read: its path, and whether it is a range."""
    return {
        path: number.is_range
        for name, threat in reader.kept.get("threats", {}).items()
        for path, number, _ in threat_numbers(name, threat)
    }


def _check_parties(reader: Reader, path: Path, body: dict[str, Any]) -> None:
    by, to = body.get("by"), body.get("to")
    for key, party in (("by", by), ("to", to)):
        if isinstance(party, str) and party not in reader.parties:
            reader.faults.unknown((*path, key), "party", party, reader.parties)
    if isinstance(by, str) and by == to:
        what = "promise itself something" if body.get("kind") == "promise" else "threaten itself"
        reader.faults.add((*path, "to"), f"a party cannot {what}", value=to, allowed="another party")
    delay = body.get("delay")
    for here, holder in ((path, body), ((*path, "delay"), delay if isinstance(delay, dict) else {})):
        others = holder.get("others")
        for party in others if isinstance(others, dict) else ():
            at: Path = (*here, "others", party)
            if party not in reader.parties:
                reader.faults.unknown(at, "party", party, reader.parties, key=True)
            elif party in (by, to):
                reader.faults.add(
                    at,
                    "this is no third party",
                    value=party,
                    allowed="a party that neither makes it nor is its target",
                    key=True,
                )


def _check_condition(reader: Reader, path: Path, body: dict[str, Any]) -> None:
    if "when" in body and "unless" in body:
        reader.faults.add(
            (*path, "unless"), "either when or unless, not both", allowed="one condition", key=True
        )
    for key in ("when", "unless"):
        if key not in body:
            continue
        raw = body[key]
        if not isinstance(raw, str):
            check_match(reader, raw, (*path, key))
        elif raw.strip() not in (ANY_DEAL, NO_DEAL, *reader.names("offers")):
            known = (ANY_DEAL, NO_DEAL, *reader.names("offers"))
            reader.faults.unknown((*path, key), "condition", raw, known)


def _check_stakes(reader: Reader, path: Path, body: dict[str, Any]) -> None:
    """What it costs its maker, or a prior in place of that; harm of a threat, gain of a promise."""
    stakes = [key for key in (*_STAKES, "types") if key in body]
    if "prior" in body and stakes:
        reader.faults.add(
            (*path, "prior"),
            f"either a prior or {listing(stakes)}, not both",
            allowed="prior: 30% to 60%, or cost and audience",
            key=True,
        )
    elif "prior" not in body and "cost" not in body:
        reader.faults.add(
            path,
            "nothing says whether it would be carried out",
            allowed="cost: what carrying it out costs its maker, or prior: a probability",
        )
    promise = body.get("kind") == "promise"
    wrong, right, whose = ("harm", "gain", "a promise") if promise else ("gain", "harm", "a threat")
    delay = body.get("delay")
    for here, holder in ((path, body), ((*path, "delay"), delay if isinstance(delay, dict) else {})):
        if wrong in holder:
            allowed = f"{right}: {'5 to 10' if holder is body else '1 to 2 per month'}"
            reader.faults.add((*here, wrong), f"{whose} has no {wrong}", allowed=allowed, key=True)


def _check_types(reader: Reader, path: Path, body: dict[str, Any]) -> None:
    types, by = body.get("types"), body.get("by")
    if not isinstance(types, dict) or not isinstance(by, str) or by not in reader.parties:
        return
    prefs = reader.data["preferences"].get(by) if by in reader.valued else None
    known = prefs.get("types") if isinstance(prefs, dict) else None
    if not isinstance(known, dict) or not known:
        reader.faults.add(
            (*path, "types"), f"{show(by)} has no types", allowed="a maker with types", key=True
        )
        return
    for kind in types:
        if kind not in known:
            reader.faults.unknown((*path, "types", kind), f"type of {show(by)}", kind, known, key=True)


def _check_record(reader: Reader, path: Path, threat: Threat) -> None:
    seen: set[tuple[str, ...]] = set()
    for n, earlier in enumerate(threat.record):
        here: Path = (*path, "record", n)
        if not earlier.because:
            reader.faults.add(here, "no claim says so", allowed="because: the claims that say so")
        elif earlier.because in seen:
            reader.faults.add(
                (*here, "because"), "the record counts this twice", value=listing(earlier.because),
                allowed="each once",
            )  # fmt: skip
        seen.add(earlier.because)
        if earlier.likelihoods is None and threat.carries_out is None:
            reader.faults.add(
                here,
                "nothing says how likely this was",
                allowed="likelihoods: {resolute: 60%, irresolute: 20%}, or carries_out beside the record",
            )
        elif _impossible(earlier, threat):
            reader.faults.add(
                here,
                "it is impossible whether or not the maker is resolute, and yet it happened",
                allowed="a likelihood above 0 for one of the two",
            )
        for claim in earlier.because:
            known = reader.kept.get("claims", {}).get(claim)
            if known is not None and known.date is not None:
                _check_day(reader, (*here, "because"), known.date.first, f"'{show(claim)}' happened")


def _impossible(earlier: Earlier, threat: Threat) -> bool:
    if earlier.likelihoods is not None:
        return max(earlier.likelihoods.resolute.high, earlier.likelihoods.irresolute.high) == 0
    assert threat.carries_out is not None
    both = (threat.carries_out.resolute, threat.carries_out.irresolute)
    return all(n.high == 0 for n in both) if earlier.carried_out else all(n.low == 1 for n in both)


def _check_day(reader: Reader, path: Path, day: dt.date | None, what: str) -> None:
    try:
        as_of = dt.date.fromisoformat(str(reader.data.get("as_of")))
    except ValueError:
        return  # none, or told with its form
    if day is not None and day > as_of:
        reader.faults.add(
            path,
            f"{what} after the day that the case describes, and would be hindsight",
            value=str(day),
            allowed=f"a date up to as_of, {as_of}",
        )
