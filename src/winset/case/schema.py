"""The JSON Schema of the case file, so that editors complete and check it while one types."""

from __future__ import annotations

from typing import Any

from winset.case.conflict import conflict_schema
from winset.case.model import Case
from winset.case.rules import PASSES_SCHEMA, RULE_SCHEMA

__all__ = ["SCHEMA_ID", "json_schema"]

SCHEMA_ID = "urn:winset:case:1"


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of version 1, generated from the model."""
    schema = Case.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    definitions["RuleOfConsent"] = RULE_SCHEMA
    schema["properties"]["consent"] = {
        "$ref": "#/$defs/RuleOfConsent",
        "description": Case.model_fields["consent"].description,
    }
    forbid = schema["properties"]["forbid"]
    match = definitions["Forbid"]["properties"]["when"]
    forbid["items"] = {"anyOf": [{"$ref": "#/$defs/Forbid"}, *match["anyOf"]]}
    definitions["Passes"] = PASSES_SCHEMA
    body = definitions["Body"]["properties"]
    body["passes"] = {"$ref": "#/$defs/Passes", "description": body["passes"]["description"]}
    member = definitions["Member"]
    votes = member["additionalProperties"]["anyOf"][0]
    body["members"] = {
        "description": body["members"]["description"],
        "anyOf": [
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"anyOf": [votes, {"$ref": "#/$defs/Member"}, {"type": "null"}]},
            },
            {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1, "uniqueItems": True},
        ],
    }
    court = definitions["Court"]["properties"]["members"]
    court.pop("type", None)
    some = {"anyOf": [court.pop("additionalProperties"), {"type": "null"}]}
    names = {"type": "array", "items": {"type": ["string", "number"]}, "uniqueItems": True}
    court["anyOf"] = [{"type": "object", "additionalProperties": some}, names]
    conflict_schema(definitions)
    _tidy(schema)
    parties = schema["properties"]["parties"]  # "europe:" with nothing after it is a party too
    parties["additionalProperties"] = {"anyOf": [parties["additionalProperties"], {"type": "null"}]}
    for section in ("parties", "issues", "preferences"):
        schema["properties"][section]["minProperties"] = 1
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **{**schema, "title": "Winset case, version 1"},
    }


def _tidy(node: Any) -> None:
    """Editors should see plain types: no nulls (a key is left out instead), no made-up titles or defaults."""
    if isinstance(node, dict):
        node.pop("default", None)
        if "properties" in node:
            for sub in node["properties"].values():
                sub.pop("title", None)
        options = node.get("anyOf")
        if isinstance(options, list) and {"type": "null"} in options:
            options.remove({"type": "null"})
            if len(options) == 1:
                node.pop("anyOf")
                for key, value in options[0].items():
                    node.setdefault(key, value)
        for value in list(node.values()):
            _tidy(value)
    elif isinstance(node, list):
        for value in node:
            _tidy(value)
