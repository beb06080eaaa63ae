"""The concessions of a case: each to its model, and whether what they name is there and fits together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from winset.case.concessions import KINDS, SETTINGS, Concession, Concessions, concession_numbers
from winset.case.read_deals import check_match
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["concessions_hold_names", "read_concessions", "uncertain_concessions"]

MOST_CONCESSIONS = 200


def read_concessions(reader: Reader) -> Concessions | None:
    """The block, with the concessions that can be read; faults of the others go to the reader."""
    if "concessions" not in reader.data:
        return None
    part, faults = reader.data["concessions"], reader.faults
    if not isinstance(part, dict) or not part:
        faults.add(
            ("concessions",),
            "concessions is empty" if part in (None, {}) else "concessions must be a mapping",
            value=part or None,
            allowed="name: {by: ..., to: ...}, or leave the key out",
        )
        return None
    names = [name for name in part if name not in SETTINGS]
    if len(names) > MOST_CONCESSIONS:
        faults.add(("concessions",), f"{len(names):,} concessions", allowed=f"at most {MOST_CONCESSIONS}")
        return None
    whole = reader.model(Concessions, {k: v for k, v in part.items() if k in SETTINGS}, ("concessions",))
    if whole is not None and whole.horizon is not None and whole.horizon.number.high <= 0:
        faults.add(
            ("concessions", "horizon"),
            "a horizon of no time",
            value=part["horizon"],
            allowed="a length of time above 0, e.g. 12 months",
        )
    if "baseline" in part:
        _check_baseline(reader, ("concessions", "baseline"), part["baseline"])
    _check_paths(reader, part.get("paths"))
    kept: dict[str, Any] = {}
    for name in names:
        path: Path = ("concessions", name)
        reader.check_id(path, name, "concessions")
        body = part[name]
        if not isinstance(body, dict):
            faults.add(path, "a mapping is expected", value=body, allowed=listing(Concession.model_fields))
            continue
        one = reader.model(Concession, body, path)
        _check(reader, path, body, names)
        if one is not None:
            kept[name] = one
    return None if whole is None else Concessions.model_validate({**dict(whole), **kept})


def uncertain_concessions(block: Concessions | None) -> dict[str, bool]:
    """Every number of the block that can be read: its path, and whether it is a range."""
    return {} if block is None else {path: n.is_range for path, n, _ in concession_numbers(block)}


def concessions_hold_names(path: Path) -> bool:
    """Whether the keys of the mapping at ``path``, a place in the block, are names of the author's."""
    if path[1:2] == ("paths",):
        return True
    return len(path) == 1 or path[2:] in (("worth",), ("changes",))


def _check_paths(reader: Reader, raw: Any) -> None:
    offers = reader.names("offers")
    for party, listed in raw.items() if isinstance(raw, dict) else ():
        path: Path = ("concessions", "paths", party)
        if party not in reader.valued:
            _check_valued(reader, path, party, key=True)
            continue
        several = listed if isinstance(listed, list) else [listed]
        for n, offer in enumerate(several):
            here = (*path, n) if isinstance(listed, list) else path
            if isinstance(offer, str) and offer not in offers:
                reader.faults.unknown(here, "offer", offer, offers)
        if not several:
            reader.faults.add(path, "no offer is named", allowed="one offer or more, in their order")


def _check(reader: Reader, path: Path, body: dict[str, Any], names: list[str]) -> None:
    by, faults = body.get("by"), reader.faults
    if isinstance(by, str):
        _check_giver(reader, (*path, "by"), by.strip(), body)
    _check_receivers(reader, (*path, "to"), by, body)
    kinds = [key for key in KINDS if key in body]
    if len(kinds) != 1:
        faults.add(
            path,
            "it does not say what is given" if not kinds else f"{listing(kinds)} are given together",
            allowed=f"exactly one of {listing(KINDS)}",
        )
    elif "worth" in body:
        _check_worth(reader, path, body)
    else:
        _check_deals(reader, path, body)
    for key in ("promised", "due"):
        for n, claim in enumerate(_several(body.get(key))):
            if isinstance(claim, str) and claim not in reader.claims:
                here = (*path, key, n) if isinstance(body[key], list) else (*path, key)
                reader.faults.unknown(here, "claim", claim, reader.claims)
    if "counted_on" in body and not ("promised" in body or "due" in body):
        faults.add(
            (*path, "counted_on"),
            "nothing is named that the receiver could have counted on",
            allowed="promised: or due: with the claim that says so",
        )
    if "lasts" in body and "horizon" not in reader.data["concessions"]:
        faults.add(
            (*path, "lasts"),
            "how much of it counts needs a horizon",
            allowed="horizon: 12 months, in the block concessions",
        )
    for n, other in enumerate(_several(body.get("instead_of"))):
        here = (*path, "instead_of", n) if isinstance(body["instead_of"], list) else (*path, "instead_of")
        if other == path[1]:
            faults.add(here, "it cannot stand in for itself", value=other, allowed="another concession")
        elif isinstance(other, str) and other not in names:
            faults.unknown(here, "concession", other, names)


def _several(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [] if raw is None else [raw]


def _check_valued(reader: Reader, path: Path, party: str, *, key: bool = False) -> None:
    if party not in reader.valued:
        reader.faults.unknown(path, "party with preferences", party, reader.valued, key=key)


def _check_giver(reader: Reader, path: Path, by: str, body: dict[str, Any]) -> None:
    if "worth" in body:
        if by not in reader.parties:
            reader.faults.unknown(path, "party", by, reader.parties)
    else:
        _check_valued(reader, path, by)


def _check_receivers(reader: Reader, path: Path, by: Any, body: dict[str, Any]) -> None:
    listed = body.get("to")
    names = _several(listed)
    if "to" in body and not names:
        reader.faults.add(path, "nobody is named", allowed="a party or a list of parties")
    for n, party in enumerate(names):
        if not isinstance(party, str):
            continue  # told with its form
        here = (*path, n) if isinstance(listed, list) else path
        if party == by:
            reader.faults.add(here, "a party cannot give to itself", value=party, allowed="other parties")
        elif party in names[:n]:
            reader.faults.add(here, "the party is named twice", value=party, allowed="each once")
        else:
            _check_giver(reader, here, party, body)


def _check_worth(reader: Reader, path: Path, body: dict[str, Any]) -> None:
    """Known parties, the giver and every receiver among them; nothing that needs a deal."""
    worth = body["worth"]
    if not isinstance(worth, dict):
        return
    for party in worth:
        if party not in reader.parties:
            reader.faults.unknown((*path, "worth", party), "party", party, reader.parties, key=True)
    needed = [body.get("by"), *_several(body.get("to"))]
    missing = [p for p in needed if isinstance(p, str) and p in reader.parties and p not in worth]
    if missing:
        reader.faults.add(
            (*path, "worth"),
            f"nothing says what it is worth to {listing(missing)}",
            allowed="a value for the giver and for every receiver; 0 if it is nothing to them",
        )
    for key in ("against", "verified_by"):
        if key in body:
            reader.faults.add(
                (*path, key),
                "worth in points has no deal to look at",
                allowed="changes: or offer:, or leave it out",
                key=True,
            )


def _check_deals(reader: Reader, path: Path, body: dict[str, Any]) -> None:
    """The options that it moves, the deal that it is held against, and the offer that it is."""
    if "against" in body:
        _check_baseline(reader, (*path, "against"), body["against"])
    elif "baseline" not in reader.data["concessions"]:
        reader.faults.add(
            path,
            "nothing says what it is held against",
            allowed="against: an offer or a deal, or baseline: in the block concessions",
        )
    if "verified_by" in body:
        check_match(reader, body["verified_by"], (*path, "verified_by"))
    base = _options_of(reader, body.get("against", reader.data["concessions"].get("baseline")))
    offers = reader.names("offers")
    offer = body.get("offer")
    if isinstance(offer, str):
        if offer.strip() not in offers:
            reader.faults.unknown((*path, "offer"), "offer", offer, offers)
        elif base and _options_of(reader, offer) == base:
            reader.faults.add(
                (*path, "offer"), "it is what it is held against", value=offer, allowed="another offer"
            )
    changes = body.get("changes")
    if isinstance(changes, dict) and not changes:
        reader.faults.add((*path, "changes"), "it changes nothing", allowed="issue: the option it moves to")
    for issue, raw in changes.items() if isinstance(changes, dict) else ():
        _check_change(reader, (*path, "changes", issue), issue, raw, base.get(issue))


def _check_change(reader: Reader, path: Path, issue: str, raw: Any, stands: Any) -> None:
    if issue not in reader.options:
        reader.faults.unknown(path, "issue", issue, reader.options, key=True)
        return
    known = reader.options[issue]
    steps = [o for o in _several(raw) if isinstance(o, str)]
    if known is None or not 1 <= len(steps) <= 2:
        return  # told with its form
    for n, option in enumerate(steps):
        if option not in known:
            here = (*path, n) if isinstance(raw, list) else path
            reader.faults.unknown(here, f"option of {show(issue)}", option, known)
    start = steps[0] if len(steps) == 2 else stands
    if start == steps[-1]:
        reader.faults.add(
            path, "it moves nothing: from and to are the same", value=steps[-1], allowed="another option"
        )


def _check_baseline(reader: Reader, path: Path, raw: Any) -> None:
    """An offer, or an option for every issue. A state of things need not make sense as a deal."""
    offers = reader.names("offers")
    if isinstance(raw, str) and raw.strip() not in offers:
        reader.faults.unknown(path, "offer", raw, offers)
    if not isinstance(raw, dict):
        return
    for issue, option in raw.items():
        known = reader.options.get(issue)
        if issue not in reader.options:
            reader.faults.unknown((*path, issue), "issue", issue, reader.options, key=True)
        elif known is not None and isinstance(option, str) and option not in known:
            reader.faults.unknown((*path, issue), f"option of {show(issue)}", option, known)
    missing = [i for i in reader.options if i not in raw]
    if raw and missing:
        reader.faults.add(path, f"it leaves open {listing(missing)}", allowed="one option for every issue")


def _options_of(reader: Reader, raw: Any) -> dict[str, Any]:
    """The options of a deal, or of an offer by its name; none if they cannot be read."""
    if isinstance(raw, str):
        offers = reader.data.get("offers")
        body = offers.get(raw.strip()) if isinstance(offers, dict) else None
        raw = body.get("deal") if isinstance(body, dict) else None
    return raw if isinstance(raw, dict) else {}
