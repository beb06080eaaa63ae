"""Which model each part of a case file has, and whether the keys at a place are names of the author's."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from winset.case.agenda import PARTS, AgendaItem, Legal, Place
from winset.case.claims import Claim
from winset.case.conflict import Conflict
from winset.case.decisions import Choice, Decision, Meeting
from winset.case.evidence import Evidence, EvidenceGroup
from winset.case.guarantees import Durability, SecurityGuarantee
from winset.case.model import Body, Issue, Linkage, Offer, Party, PartyType, Preferences, RedLine, Source
from winset.case.read_concessions import concessions_hold_names
from winset.case.read_conflict import conflict_holds_names, conflict_model_at
from winset.case.read_guarantees import holds_keys, part_of
from winset.case.read_stages import holds_names as stages_hold_names
from winset.case.read_war import holds_contest_names
from winset.case.stages import Consent, Offers, Rejected, Strategy
from winset.case.text import Path
from winset.case.threats import Delay, Earlier, Resolve, Threat, ThreatType
from winset.case.war import Battles, Contest, Escalation

__all__ = ["APART", "SECTIONS", "holds_names", "model_at"]

#: Blocks that are no mapping of names to one model, or whose reader is a module of its own.
APART = frozenset(
    {
        "consent",
        "forbid",
        "no_deal",
        "correlations",
        "levers",
        "stages",
        "talks",
        "conflict",
        "concessions",
        "durability",
        "legal",
    }
)
#: Blocks that map names to one model, in the order in which they are read.
SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("sources", Source),
    ("claims", Claim),
    ("parties", Party),
    ("issues", Issue),
    ("offers", Offer),
    ("preferences", Preferences),
    ("bodies", Body),
    ("decisions", Decision),
    ("evidence", Evidence),
    ("evidence_groups", EvidenceGroup),
    ("threats", Threat),
    ("guarantees", SecurityGuarantee),
    ("places", Place),
    ("agenda", AgendaItem),
    ("war", Contest),
)

_THREAT: Mapping[str, type[BaseModel]] = {
    "types": ThreatType,
    "carries_out": Resolve,
    "likelihoods": Resolve,
    "record": Earlier,
    "delay": Delay,
}


def model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that stands at a place inside another."""
    if model is Preferences and loc[:1] == ("types",) and len(loc) > 1:
        return model_at(PartyType, loc[2:])
    if model is Conflict:
        return conflict_model_at(loc)
    if model is Legal:
        return next((PARTS[step] for step in map(str, reversed(loc)) if step in PARTS), model)
    if model is Decision and len(loc) > 1:
        parts: dict[str, type[BaseModel]] = {"choices": Choice, "meetings": Meeting}
        return parts.get(str(loc[0]), model)
    if model is Durability and len(loc) > 1:
        return part_of(loc)
    if model is Consent and loc[:1] == ("rejected",):
        return Rejected
    if model is Contest:
        inner: dict[str, type[BaseModel]] = {"escalation": Escalation, "battles": Battles}
        return inner.get(str(next(iter(loc), "")), model)
    if model is Offers and loc[:1] == ("strategies",) and len(loc) > 1:
        return Strategy
    if model is Threat and loc:
        return next((_THREAT[step] for step in map(str, reversed(loc)) if step in _THREAT), model)
    inside: dict[int | str, type[BaseModel]] = {"linkages": Linkage, "red_lines": RedLine}
    if model in (Preferences, PartyType) and len(loc) > 1:
        return inside.get(loc[0], model)
    return model


def holds_names(path: Path) -> bool:
    """Whether the keys of the mapping at ``path`` are names of the author's, not words of the format."""
    if path[:1] == ("bodies",) and path[2:] == ("members",):
        return True
    if len(path) == 1:
        return path[0] in {s for s, _ in SECTIONS} | {"levers"}
    if path[:1] == ("levers",):
        return path[2:] == ("add", "scores")
    if path[:1] in (("evidence",), ("evidence_groups",)):
        return path[2:] == ("likelihoods",)
    if path[:1] in (("stages",), ("talks",)):
        return stages_hold_names(path)
    if path[:1] == ("war",):
        return holds_contest_names(path)
    if path[:1] == ("threats",):
        return path[2:] in (("types",), ("others",), ("delay", "others"))
    if path[:1] == ("concessions",):
        return concessions_hold_names(path)
    if path[:1] in (("durability",), ("guarantees",)):
        return holds_keys(path)
    if path[:1] == ("conflict",):
        return conflict_holds_names(path)
    if path[:1] == ("agenda",):
        return path[2:] in (("participants",), ("place",))
    if path[:1] == ("legal",):
        return path[1:] == ("courts",) or path[3:] == ("members",)
    if path[:1] == ("claims",):
        return path[2:] == ("states",)
    if path[:1] == ("decisions",):
        return path[2:] in (("choices",), ("meetings",)) or (len(path) > 4 and path[4] == "signals")
    inner = path[4:] if path[2:3] == ("types",) and len(path) > 3 else path[2:]
    return path[:1] == ("preferences",) and (
        inner in (("types",), ("weights",)) or (inner[:1] == ("scores",) and len(inner) < 3)
    )
