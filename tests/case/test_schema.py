"""The JSON Schema: itself valid, accepts the worked cases, refuses what is broken in form."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from case.strategies import cases
from winset.case import dump, json_schema, loads, read_data, starter
from winset.case.model import Case

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "cases").rglob("*.yaml"))
BROKEN = Path(__file__).parent / "broken"


def as_json(node: Any) -> Any:
    """What a YAML reader gives, as an editor hands it to a schema: JSON types, dates as text."""
    if isinstance(node, dict):
        return {str(k): as_json(v) for k, v in node.items()}
    if isinstance(node, list):
        return [as_json(v) for v in node]
    return node.isoformat() if isinstance(node, dt.date) else node


def parsed(text: str) -> Any:
    return as_json(yaml.load(text, Loader=yaml.CSafeLoader))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


def test_the_schema_is_valid() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema == json_schema()  # building it leaves nothing behind
    assert set(schema["properties"]) == set(Case.model_fields)
    assert schema["additionalProperties"] is False


def test_every_key_is_described() -> None:
    def look(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for key, sub in node.get("properties", {}).items():
                inside_a_rule_or_number = (
                    key in ("all", "any", "at_least", "of", "value", "values") or "anyOf" in path
                )
                assert inside_a_rule_or_number or sub.get("description"), f"{path}.{key}"
            for key, sub in node.items():
                look(sub, f"{path}.{key}")
        elif isinstance(node, list):
            for sub in node:
                look(sub, path)

    look(json_schema(), "")


def test_there_are_worked_cases() -> None:
    assert len(FILES) >= 10


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_worked_cases_pass(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(parsed(path.read_text(encoding="utf-8")))


def test_the_starter_passes(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(parsed(starter("A new case")))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_random_cases_pass(validator: jsonschema.Draft202012Validator, data: dict[str, Any]) -> None:
    validator.validate(parsed(dump(read_data(data))))


def test_a_bare_party_passes(validator: jsonschema.Draft202012Validator) -> None:
    data = parsed(starter("x"))
    data["parties"]["residents"] = None
    validator.validate(data)
    assert read_data(data).parties["residents"].seat == "table"
    written = starter("x").replace("consent: {all", "  europe:\nconsent: {all", 1)
    validator.validate(parsed(written))
    assert loads(written).parties["europe"].seat == "table"
    written = starter("x").replace("consent: {all", "  europe:\nconsent: {all", 1)
    validator.validate(parsed(written))
    assert loads(written).parties["europe"].seat == "table"


STRUCTURAL = """
    version-missing version-two version-text title-missing title-empty title-list notes-text
    illustrative-maybe key-unknown key-junk reserved-positions section-is-list
    section-empty parties-empty several-keys-missing source-no-title grade-seven grade-lower
    grade-reversed claim-key-unknown seat-unknown affected-number party-is-text consent-missing
    consent-nobody consent-at-least-zero consent-at-least-alone consent-word-unknown consent-two-words
    consent-list consent-text-member issue-one-option issue-option-twice issue-option-mapping
    issue-options-text issue-key-unknown forbid-empty forbid-text forbid-mapping forbid-when-extra
    forbid-option-list-empty red-line-no-when linkage-no-worth offer-no-deal offer-option-list
    preferences-empty-party weights-are-list preferences-key-unknown number-list number-bool
    number-values-empty number-key-unknown correlation-rho-two correlation-rho-missing correlation-one
    correlation-three correlation-text no-deal-is-number yaml-list-at-top yaml-text-at-top because-at-top
    because-number-list body-key-unknown body-members-missing body-rule-written-wrong body-is-list
    body-member-is-list evidence-about-missing evidence-key-unknown evidence-is-list
    evidence-likelihoods-list evidence-group-without-likelihoods conflict-is-list conflict-key-unknown
    conflict-not-yes-or-no conflict-options-empty conflict-ranking-words conflict-once-maybe
    conflict-options-none
""".split()  # noqa: SIM905


@pytest.mark.parametrize("name", STRUCTURAL)
def test_broken_in_form(name: str, validator: jsonschema.Draft202012Validator) -> None:
    data = parsed((BROKEN / f"{name}.yaml").read_text(encoding="utf-8"))
    assert not validator.is_valid(data)


def test_json_types_are_the_written_ones(validator: jsonschema.Draft202012Validator) -> None:
    data = parsed(starter("x"))
    for value in (7, 7.5, "1/3", "10 to 20", "10 to 20, mode 12", {"values": {"1": 0.5, "2": "1/2"}}):
        data["preferences"]["firm"]["no_deal"] = value
        validator.validate(data)
        read_data(data)
    for value in (True, [1], None, {"values": [1]}, {"value": 1, "values": {"1": 1}}):
        data["preferences"]["firm"]["no_deal"] = value
        assert not validator.is_valid(data)
