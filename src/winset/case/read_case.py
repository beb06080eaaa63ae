"""Parsed text to a validated ``Case``, or to all its faults at once.

Two passes over the same data. The first gives each mapping of the file to its model (types, notations,
unknown keys). The second checks what refers to what, on whatever was readable, so that one broken line never
hides the faults of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winset.case.agenda import Legal
from winset.case.model import RESERVED, Case, Correlation, Forbid, NoDeal
from winset.case.numbers import Number
from winset.case.read_agenda import check_agenda
from winset.case.read_because import check_because
from winset.case.read_bodies import check_bodies
from winset.case.read_claims import check_claims
from winset.case.read_concessions import read_concessions
from winset.case.read_conflict import check_conflict, read_conflict
from winset.case.read_consent import check_consent, read_consent
from winset.case.read_correlations import check_correlations
from winset.case.read_deals import Forbidden, check_forbid, check_offers
from winset.case.read_decisions import check_decisions
from winset.case.read_evidence import check_evidence
from winset.case.read_guarantees import check_guarantees, read_durability
from winset.case.read_levers import read_levers
from winset.case.read_models import APART, SECTIONS
from winset.case.read_no_deal import check_no_deal
from winset.case.read_preferences import check_preferences
from winset.case.read_stages import read_stages, read_talks
from winset.case.read_threats import check_threats
from winset.case.read_war import check_war
from winset.case.reader import Reader
from winset.case.text import Faults, Text

__all__ = ["read_case"]


def read_case(text: Text) -> Case:
    """The case of a file.

    Raises
    ------
    CaseError
        With every fault of the file.
    """
    faults = Faults(text)
    data = text.data
    if not isinstance(data, dict):
        faults.add((), "a case is a mapping", value=data, allowed="keys such as title, parties, issues")
        raise faults.error()
    _version(data, faults)
    case = _read(Reader(data, faults))
    faults.stop_if_any()
    assert case is not None
    return case


def _version(data: dict[str, Any], faults: Faults) -> None:
    if "winset" not in data:
        faults.add(
            (), "the key winset is missing", allowed="winset: 1, the version of the format", hint=_peer(data)
        )
    elif data["winset"] != "1":
        faults.add(("winset",), "unknown version of the format", value=data["winset"], allowed="1")
        faults.stop_if_any()


def _peer(data: dict[str, Any]) -> str:
    """A hint where the file looks like one of a NegMAS scenario."""
    if "title" not in data and (
        {"type", "reserved_value"} & set(data) or isinstance(data.get("issues"), list)
    ):
        return "winset import turns the folder of a scenario of NegMAS into a case"
    return ""


def _read(reader: Reader) -> Case | None:
    data, faults = reader.data, reader.faults
    known = list(Case.model_fields)
    for key in data:
        if key in known:
            continue
        if key in RESERVED:
            faults.add(
                (key,),
                f"'{key}' is reserved for a later version of the format ({RESERVED[key]})",
                hint="leave it out",
                key=True,
            )
        else:
            faults.unknown((key,), "key", key, known, key=True)
    for key, field in Case.model_fields.items():
        if field.is_required() and key != "winset" and key not in data:
            faults.add((), f"the key {key} is missing", allowed=field.description or "")
    for section, model in SECTIONS:
        reader.section(section, model)
    consent = read_consent(reader)
    reader.lottery = no_deal = reader.one("no_deal", NoDeal)
    legal = reader.one("legal", Legal)
    reader.conflict = read_conflict(reader)
    forbid = reader.many("forbid", Forbid)
    correlations = reader.many("correlations", Correlation)
    levers = read_levers(reader)
    stages = reader.kept["stages"] = read_stages(reader)
    reader.talks = talks = read_talks(reader, stages)
    reader.concessions = concessions = read_concessions(reader)
    reader.durability = durability = read_durability(reader)
    _check_references(reader, forbid, correlations)
    check_agenda(reader, legal)
    check_threats(reader)
    apart = {section for section, _ in SECTIONS} | APART
    head = {k: v for k, v in data.items() if k in known and k not in apart}
    parts: dict[str, Any] = {"winset": 1, "parties": {}, "issues": {}, "preferences": {}, **reader.kept}
    stub = {"winset": 1, "title": "x", "parties": {}, "consent": "x", "issues": {}, "preferences": {}}
    reader.model(Case, {**stub, **head, "winset": 1}, (), whole=True)
    if faults.found:
        return None
    whole = {
        **head,
        **parts,
        "consent": consent,
        "forbid": tuple(forbid),
        "no_deal": no_deal,
        "correlations": tuple(correlations),
        "levers": levers,
        "stages": stages,
        "talks": talks,
        "durability": durability,
        "legal": legal,
        "concessions": concessions,
        "conflict": reader.conflict and reader.conflict.conflict,
    }
    case = reader.model(Case, whole, (), whole=True)
    if case is not None:
        _check_whole(reader, case)
    return case


def _check_references(reader: Reader, forbid: list[Forbid], correlations: list[Correlation]) -> None:
    forbidden = Forbidden(forbid)
    check_because(reader, reader.data)
    check_claims(reader)
    check_consent(reader, reader.data.get("consent"), ("consent",))
    check_forbid(reader)
    check_offers(reader, forbidden)
    check_no_deal(reader, forbidden)
    if reader.conflict is not None:
        check_conflict(reader, reader.conflict, forbidden)
    check_decisions(reader, forbidden)
    check_preferences(reader)
    check_bodies(reader)
    check_evidence(reader)
    check_war(reader)
    check_guarantees(reader, forbidden)
    check_correlations(reader, correlations)


def _check_whole(reader: Reader, case: Case) -> None:
    """What needs the finished case: at central values some weight must be positive."""
    for party in case.valued():
        weights: Mapping[str, Number] = case.central_preferences(party).weights or {}
        if not any(w.high > 0 for w in weights.values()):
            reader.faults.add(("preferences", party, "weights"), "all weights are zero")
