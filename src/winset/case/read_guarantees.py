"""Whether guarantees fit their case, and what is said about breaking a deal: parties, options, times."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from winset.case.fields import DISCOUNT, Timed
from winset.case.guarantees import ALL, Durability, Phase, SecurityGuarantee, Temptation
from winset.case.plain import items
from winset.case.read_deals import Forbidden, check_deal, check_match
from winset.case.stages import DAYS
from winset.case.text import Path, closest, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_guarantees", "holds_keys", "part_of", "read_durability"]

Model = TypeVar("Model", bound=BaseModel)

MOST_PERIODS = 1000


#: Stands in for what cannot be read, so that the rest of a block can be looked at; faults nothing by itself.
_STUBS: Mapping[type[BaseModel], Mapping[str, Any]] = {
    SecurityGuarantee: {"by": "somebody", "punishment": "0"},
    Durability: {"horizon": "1000 years", "discount": "0% per year", "parties": {"": {}}},
}


def read_durability(reader: Reader) -> Durability | None:
    """The block ``durability``, as far as its own form goes."""
    return reader.one("durability", Durability)


def _readable(model: type[Model], body: dict[str, Any]) -> Model:
    """What can be read of a block, with stubs for what cannot."""
    left = copy.deepcopy(body)
    while left:
        try:
            return model.model_validate({**_STUBS[model], **left})
        except ValidationError as error:
            for item in error.errors(include_url=False):
                _drop(left, [step for step in item["loc"] if step not in ("[key]", "")])
    return model.model_validate(_STUBS[model])


def _drop(node: Any, loc: list[int | str]) -> None:
    """Take out what stands at a place, or what holds it where that is a list."""
    for n, step in enumerate(loc):
        inside = node[step] if isinstance(node, dict) and step in node else None
        if n == len(loc) - 1 or not isinstance(inside, dict):
            node.pop(step, None)
            return
        node = inside


def check_guarantees(reader: Reader, forbid: Forbidden) -> None:
    """What both blocks name is there, and their numbers fit together."""
    for name, told in items(reader.data.get("guarantees")):
        if isinstance(told, dict):
            if "when" in told:
                check_match(reader, told["when"], ("guarantees", name, "when"))
            _check_guarantee(reader, ("guarantees", name), _readable(SecurityGuarantee, told), told)
    raw = reader.data.get("durability")
    if not isinstance(raw, dict):
        return
    body = reader.durability or _readable(Durability, raw)
    timely = _check_time(reader, body)
    _check_parties(reader, body)
    _check_seen(reader, body)
    _check_phases(reader, body, timely)
    _check_deals(reader, body, forbid)


# -------------------------------------------------------------------------------------------- guarantees


def _check_guarantee(reader: Reader, path: Path, body: SecurityGuarantee, told: Mapping[str, Any]) -> None:
    if "by" in told and body.by not in reader.parties and closest(body.by, reader.parties):
        reader.faults.unknown((*path, "by"), "party", body.by, reader.parties)  # a slip, nobody from outside
    if body.to is not None:
        if body.to not in reader.parties:
            reader.faults.unknown((*path, "to"), "party", body.to, reader.parties)
        elif body.to == body.by:
            reader.faults.add(
                (*path, "to"), "a party cannot guarantee itself", value=body.to, allowed="another party"
            )
    if "against" in told and told["against"] == []:
        reader.faults.add(
            (*path, "against"), "it answers nobody's breach", allowed="a party, or leave it out"
        )
    for n, (here, party) in enumerate(reader.listed((*path, "against"), body.against)):
        if party not in reader.parties:
            reader.faults.unknown(here, "party", party, reader.parties)
        elif party in body.against[:n]:
            reader.faults.add(here, "the party is named twice", value=party, allowed="each once")
        elif party == body.to:
            reader.faults.add(
                here, "it does not protect a party from itself", value=party, allowed="a party other than to"
            )
        elif party == body.by:
            reader.faults.add(
                here,
                "a guarantor does not answer its own breach",
                value=party,
                allowed="parties other than the guarantor",
            )
    if ("credible" in told) == ("cost" in told or "stake" in told):
        reader.faults.add(
            path,
            "it does not say whether the guarantor would act"
            if "credible" not in told
            else "either credible, or cost and stake, not both",
            allowed="credible: 30% to 60%, or cost: 5 to 10 and stake: 5 to 15",
        )
    elif "credible" not in told and not {"cost", "stake"} <= set(told):
        missing = "stake" if "cost" in told else "cost"
        reader.faults.add(
            path, f"the key {missing} is missing", allowed="cost and stake, both in the guarantor's points"
        )
    for key in ("credible", "cost", "stake"):
        _check_types(reader, (*path, key), getattr(body, key), body.by)


def _check_types(reader: Reader, path: Path, stated: Mapping[str, Any] | None, by: str) -> None:
    """Values for each type of the guarantor: all of its types and no others."""
    if stated is None or ALL in stated:
        return
    prefs = reader.data["preferences"][by] if by in reader.valued else None
    types = prefs.get("types") if isinstance(prefs, dict) else None
    if not isinstance(types, dict) or not types:
        reader.faults.add(
            path,
            f"{show(by)} has no types that could differ in this",
            value=listing(stated),
            allowed="one number",
        )
        return
    _check_names(reader, path, stated, types, f"type of {show(by)}")


def _check_names(reader: Reader, path: Path, stated: Iterable[str], known: Iterable[str], noun: str) -> None:
    """One entry for each of the known names, and none for others."""
    known = list(known)
    for name in stated:
        if name not in known:
            reader.faults.unknown((*path, name), noun, name, known, key=True)
    missing = [name for name in known if name not in _keys(reader, path)]
    if missing and len(missing) < len(known):
        reader.faults.add(path, f"nothing for {listing(missing)}", allowed=f"one for every {noun}")


def _keys(reader: Reader, path: Path) -> list[str]:
    """The keys of a mapping of the file, those of entries that cannot be read among them."""
    node: Any = reader.data
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return list(node) if isinstance(node, dict) else []


# -------------------------------------------------------------------------------------------- durability


def _text(timed: Timed) -> str:
    """A length of time as one would write it."""
    one = not timed.number.is_range and timed.number.low == 1
    return f"{timed.number.short()} {timed.unit}" + ("" if one else "s")


def _length(timed: Timed) -> float:
    return float(timed.number.low) * DAYS[timed.unit]


def _check_time(reader: Reader, body: Durability) -> bool:
    """Whether the horizon can be held against other times."""
    for key, timed in (("horizon", body.horizon), ("period", body.period)):
        here: Path = ("durability", key)
        if timed is not None and timed.number.is_range:
            message = "this length of time cannot be a range"
            reader.faults.add(here, message, value=_text(timed), allowed="one length")
            return False
        if timed is not None and timed.number.low <= 0:
            reader.faults.add(here, "no time at all", value=_text(timed), allowed="more than 0")
            return False
    if body.period is None:
        return True
    many = _length(body.horizon) / _length(body.period)
    if many < 1:
        reader.faults.add(
            ("durability", "horizon"),
            "the horizon is shorter than a period",
            value=_text(body.horizon),
            allowed=f"{_text(body.period)} or more",
        )
    elif many > MOST_PERIODS and "horizon" in reader.data["durability"]:
        reader.faults.add(
            ("durability", "period"),
            f"{many:,.0f} periods up to the horizon",
            allowed=f"at most {MOST_PERIODS:,}",
            hint="a longer period",
        )
    return many >= 1


def _check_parties(reader: Reader, body: Durability) -> None:
    if not reader.data["durability"].get("parties", True):
        reader.faults.add(
            ("durability", "parties"),
            "nobody could break a deal, so nothing can be asked",
            allowed="party: {gain: 5 to 15, drift: -1 to 1 per year}",
        )
    for party in body.parties:
        if party and party not in reader.valued:
            here: Path = ("durability", "parties", party)
            reader.faults.unknown(here, "party with preferences", party, reader.valued, key=True)
    path: Path = ("durability", "discount")
    for party, rate in body.discount.items():
        here = (*path, party) if party != ALL else path
        told = any(p and p not in reader.valued for p in body.parties)  # its name may be one of these
        if party != ALL and body.parties and party not in body.parties and not told:
            reader.faults.unknown(here, "party that could break a deal", party, body.parties, key=True)
        if rate.number.high >= 1:
            reader.faults.add(
                here,
                "out of range",
                value=rate.number.short(),
                allowed=f"{DISCOUNT.name} of less than 100%: what is left of the future must count",
            )
    missing = [p for p in body.parties if p in reader.valued and p not in _keys(reader, path)]
    if ALL not in body.discount and missing:
        reader.faults.add(
            path, f"no discount for {listing(missing)}", allowed="one for every party that could break a deal"
        )


def _check_seen(reader: Reader, body: Durability) -> None:
    """How likely a breach is noticed, for every option of the issue that decides it."""
    issue = body.seen_through
    if issue is not None and issue not in reader.options:
        reader.faults.unknown(("durability", "seen_through"), "issue", issue, reader.options)
        return
    stated: list[tuple[Path, Mapping[str, Any] | None]] = [(("durability", "detection"), body.detection)]
    stated += [(("durability", "parties", p, "detection"), t.detection) for p, t in body.parties.items()]
    by_option = [(path, seen) for path, seen in stated if seen is not None and ALL not in seen]
    for path, seen in by_option:
        if issue is None:
            reader.faults.add(
                path,
                "it does not say by which issue this goes",
                value=listing(seen),
                allowed="seen_through: ISSUE, beside it",
            )
        elif reader.options[issue] is not None:
            _check_names(reader, path, seen, reader.options[issue] or (), f"option of {show(issue)}")
    if issue is not None and not by_option:
        reader.faults.add(
            ("durability", "seen_through"),
            "no detection goes by this issue",
            value=issue,
            allowed="detection: a probability for every option of it",
        )


def _check_phases(reader: Reader, body: Durability, timely: bool) -> None:
    path: Path = ("durability", "phases")
    given: dict[str, int] = {}
    before = 0.0
    for n, phase in enumerate(body.phases):
        number, unit = phase.after.number, DAYS[phase.after.unit]
        if float(number.low) * unit < before:
            reader.faults.add(
                (*path, n, "after"),
                "the phases are out of order",
                value=_text(phase.after),
                allowed="each no earlier than the one before it",
            )
        before = float(number.high if number.is_range else number.low) * unit
        if timely and float(number.low) * unit >= _length(body.horizon):
            reader.faults.add(
                (*path, n, "after"),
                "the phase comes when the horizon is reached, or later",
                value=_text(phase.after),
                allowed=f"less than {_text(body.horizon)}",
            )
        for here, issue in reader.listed((*path, n, "gives"), phase.gives):
            if issue not in reader.options:
                reader.faults.unknown(here, "issue", issue, reader.options)
            elif issue in given:
                reader.faults.add(
                    here, f"phase {given[issue] + 1} gives it already", value=issue, allowed="each issue once"
                )
            else:
                given[issue] = n
    for issue, option in body.until_then.items():
        here = ("durability", "until_then", issue)
        if issue not in reader.options:
            reader.faults.unknown(here, "issue", issue, reader.options, key=True)
        elif reader.options[issue] is not None and option not in (reader.options[issue] or ()):
            known = reader.options[issue] or {}
            reader.faults.unknown(here, f"option of {show(issue)}", option, known)
    missing = [issue for issue in given if issue not in body.until_then]
    if missing:
        reader.faults.add(
            path,
            f"it does not say how {listing(missing)} stands until then",
            allowed="until_then: an option for every issue that comes later",
        )
    for here, issue in reader.listed(("durability", "irreversible"), body.irreversible):
        if issue not in reader.options:
            reader.faults.unknown(here, "issue", issue, reader.options)
        elif issue not in body.until_then:
            reader.faults.add(
                here,
                f"it does not say how {show(issue)} stands before it is carried out",
                value=issue,
                allowed="until_then: an option for it",
            )


def _check_deals(reader: Reader, body: Durability, forbid: Forbidden) -> None:
    offers = reader.names("offers")
    raw = reader.data["durability"].get("deals")
    for n, (name, deal) in enumerate(body.deals.items()):
        here: Path = ("durability", "deals", n) if isinstance(raw, list) else ("durability", "deals")
        if deal:
            check_deal(reader, (*here, name), deal, forbid)
        elif name not in offers:
            reader.faults.unknown(here, "offer", name, offers)


# ---------------------------------------------------------------------------------- for the reader's own use


def part_of(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that stands at a place inside of ``durability``."""
    parts: dict[int | str, type[BaseModel]] = {"parties": Temptation, "phases": Phase}
    return parts.get(loc[0], Durability)


def holds_keys(path: Path) -> bool:
    """Whether the keys of the mapping at ``path``, a place in either block, are names of the author's."""
    if path[:1] == ("guarantees",):
        return len(path) == 1 or path[2:] in (("credible",), ("cost",), ("stake",), ("when",))
    inner = path[1:]
    return (
        inner in (("parties",), ("discount",), ("detection",), ("until_then",))
        or inner[:1] == ("deals",)
        or (inner[:1] == ("parties",) and inner[2:] == ("detection",))
    )
