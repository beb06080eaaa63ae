"""Which numbers a case has, readable or not, and which of them are ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from winset.case.guarantees import durability_numbers, guarantee_numbers
from winset.case.numbers import NumberProblem, parse_number
from winset.case.plain import items
from winset.case.read_concessions import uncertain_concessions
from winset.case.read_conflict import uncertain_conflict
from winset.case.read_stages import uncertain_stages
from winset.case.read_threats import uncertain_threats
from winset.case.war import war_numbers

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["uncertain_numbers"]


def uncertain_numbers(reader: Reader) -> dict[str, bool]:
    """Every number of the preferences, readable or not: its path, and whether it is a range."""
    out: dict[str, bool] = {}

    def visit(node: Any, path: str) -> None:
        for key in ("no_deal", "closing_cost", "prior"):
            if key in node:
                out[f"{path}.{key}"] = _is_range(node[key])
        for issue, raw in items(node.get("weights")):
            out[f"{path}.weights.{issue}"] = _is_range(raw)
        for issue, scores in items(node.get("scores")):
            for option, raw in items(scores):
                out[f"{path}.scores.{issue}.{option}"] = _is_range(raw)
        linkages = node.get("linkages")
        for n, item in enumerate(linkages if isinstance(linkages, list) else (), 1):
            if isinstance(item, dict):
                out[f"{path}.linkages.{n}"] = _is_range(item.get("worth"))

    for party, body in items(reader.data.get("preferences")):
        if isinstance(body, dict):
            visit(body, party)
            for name, kind in items(body.get("types")):
                if isinstance(kind, dict):
                    visit(kind, f"{party}.types.{name}")
    for party, body in items(reader.data.get("parties")):
        if isinstance(body, dict) and "can_spoil" in body:
            out[f"parties.{party}.can_spoil"] = _is_range(body["can_spoil"])
    lottery = reader.data.get("no_deal")
    if isinstance(lottery, dict):
        for name, outcome in items(lottery.get("outcomes")):
            if isinstance(outcome, dict):
                if "probability" in outcome:
                    out[f"no_deal.outcomes.{name}.probability"] = _is_range(outcome["probability"])
                for party, raw in items(outcome.get("values")):
                    out[f"no_deal.outcomes.{name}.values.{party}"] = _is_range(raw)
        for party, raw in items(lottery.get("cost")):
            out[f"no_deal.cost.{party}"] = _is_range(raw)
        if reader.lottery is not None:
            for name, rate in reader.lottery.drift.items():
                out[f"no_deal.drift.{name}"] = rate.number.is_range
            if reader.lottery.horizon is not None:
                out["no_deal.horizon"] = reader.lottery.horizon.number.is_range
    for body, inside in items(reader.data.get("bodies")):
        for name, member in items(inside.get("members") if isinstance(inside, dict) else None):
            for key in ("bar", "yes"):
                if isinstance(member, dict) and key in member:
                    out[f"bodies.{body}.{name}.{key}"] = _is_range(member[key])
    for block in ("evidence", "evidence_groups"):
        for name, inside in items(reader.data.get(block)):
            likelihoods = inside.get("likelihoods") if isinstance(inside, dict) else None
            for kind, raw in items(likelihoods):
                out[f"{block}.{name}.likelihoods.{kind}"] = _is_range(raw)
    for name, contest in reader.kept.get("war", {}).items():
        out |= {path: number.is_range for path, number, _ in war_numbers(name, contest)}
    for name, body in reader.kept.get("guarantees", {}).items():
        out |= {path: number.is_range for path, number, _ in guarantee_numbers(name, body)}
    if reader.durability is not None:
        out |= {path: number.is_range for path, number, _ in durability_numbers(reader.durability)}
    return (
        out
        | uncertain_stages(reader)
        | uncertain_conflict(reader)
        | uncertain_threats(reader)
        | uncertain_concessions(reader.concessions)
    )


def _is_range(raw: Any) -> bool:
    try:
        return parse_number(raw).is_range
    except NumberProblem:
        return True  # its own fault is reported elsewhere
