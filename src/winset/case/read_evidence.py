"""Whether evidence fits its case: parties with types, a likelihood for each, nothing that came later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from winset.case.evidence import Evidence, EvidenceGroup, counted
from winset.case.numbers import Number
from winset.case.plain import items
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_evidence", "types_of"]


def check_evidence(reader: Reader) -> None:
    """What the evidence names is there, and it could have happened if the party is of some type."""
    as_of = _date(reader.data.get("as_of"))
    members: dict[str, list[str]] = {}
    for name, body in items(reader.data.get("evidence")):
        if isinstance(body, dict):
            _check_item(reader, name, body, as_of)
            if isinstance(body.get("group"), str):
                members.setdefault(body["group"].strip(), []).append(name)
    for group, names in members.items():
        _check_together(reader, group, names)
    for group, body in items(reader.data.get("evidence_groups")):
        path: Path = ("evidence_groups", group)
        if group not in members:
            reader.faults.unknown(path, "group of evidence", group, members, key=True)
        elif isinstance(body, dict):
            about = reader.data["evidence"][members[group][0]].get("about")
            _check_likelihoods(reader, (*path, "likelihoods"), body.get("likelihoods"), about)
            _check_bound(reader, group, members[group])
    _check_possible(reader)


def types_of(reader: Reader, about: Any) -> dict[str, Any]:
    """The types of a party as the file has them; none if they cannot be read."""
    prefs = reader.data["preferences"][about] if about in reader.valued else None
    types = prefs.get("types") if isinstance(prefs, dict) else None
    return types if isinstance(types, dict) else {}


def _check_item(reader: Reader, name: str, body: dict[str, Any], as_of: dt.date | None) -> None:
    path: Path = ("evidence", name)
    about = body.get("about")
    if isinstance(about, str):
        if about not in reader.valued:
            reader.faults.unknown((*path, "about"), "party with preferences", about, reader.valued)
        elif not types_of(reader, about):
            reader.faults.add(
                (*path, "about"),
                f"{show(about)} has no types that evidence could tell apart",
                value=about,
                allowed="a party with types",
            )
        else:
            _check_likelihoods(reader, (*path, "likelihoods"), body.get("likelihoods"), about)
    date = _date(body.get("date"))
    if date is not None and as_of is not None and date > as_of:
        reader.faults.add(
            (*path, "date"),
            "this came after the day that the case describes, and would be hindsight",
            value=str(date),
            allowed=f"a date up to as_of, {as_of}",
        )


def _check_likelihoods(reader: Reader, path: Path, raw: Any, about: Any) -> None:
    types = types_of(reader, about)
    if not isinstance(raw, dict) or not types:
        return
    for kind in raw:
        if kind not in types:
            reader.faults.unknown((*path, kind), f"type of {show(about)}", kind, types, key=True)
    missing = [kind for kind in types if kind not in raw]
    if missing:
        reader.faults.add(
            path, f"no likelihood for the type {listing(missing)}", allowed="a probability for every type"
        )
    body = _kept(reader, path[0], path[1])
    if body is not None and not missing and _never(body.likelihoods):
        reader.faults.add(
            path,
            "it is impossible whatever the party is, and yet it happened",
            allowed="a likelihood above 0 for one type or more",
        )


def _check_together(reader: Reader, group: str, names: list[str]) -> None:
    """The items of a group are about one party."""
    about = {name: reader.data["evidence"][name].get("about") for name in names}
    first = about[names[0]]
    for name in names[1:]:
        if about[name] != first:
            reader.faults.add(
                ("evidence", name, "group"),
                f"the group is also about {show(first)}",
                value=group,
                allowed="items of one group are about one party",
            )


def _check_bound(reader: Reader, group: str, names: list[str]) -> None:
    """All items of a group together cannot be likelier than any one of them (Frechet's bound)."""
    joint = _kept(reader, "evidence_groups", group)
    for name in names:
        item = _kept(reader, "evidence", name)
        if joint is None or item is None:
            continue
        for kind, likelihood in joint.likelihoods.items():
            single = item.likelihoods.get(kind)
            if single is not None and likelihood.low > single.high:
                reader.faults.add(
                    ("evidence_groups", group, "likelihoods", kind),
                    f"all items together cannot be likelier than {show(name)} alone",
                    value=likelihood.short(),
                    allowed=f"at most {single.short()}",
                )


def _check_possible(reader: Reader) -> None:
    """For each party, one type or more is possible given all that counts."""
    items: dict[str, Evidence] = reader.kept.get("evidence", {})
    groups: dict[str, EvidenceGroup] = reader.kept.get("evidence_groups", {})
    if len(items) < len(reader.data.get("evidence") or ()):
        return
    for party in dict.fromkeys(item.about for item in items.values()):
        base = reader.kept.get("preferences", {}).get(party)
        if base is None or not base.types:
            continue
        factors = counted(items, groups, party)
        if any(set(f.likelihoods) != set(base.types) or _never(f.likelihoods) for f in factors):
            continue  # told by itself
        left = [k for k, t in base.types.items() if t.rest or (t.prior is not None and t.prior.high > 0)]
        if not any(all(f.likelihoods[k].high > 0 for f in factors) for k in left):
            reader.faults.add(
                ("evidence",),
                f"taken together, it is impossible for every type of {show(party)}",
                allowed="likelihoods that leave one type possible",
            )


def _never(likelihoods: Mapping[str, Number]) -> bool:
    return all(n.high == 0 for n in likelihoods.values())


def _kept(reader: Reader, block: Any, name: Any) -> Any:
    return reader.kept.get(block, {}).get(name)


def _date(raw: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(raw))
    except ValueError:
        return None  # told with its form
