"""The block levers of a case: it reads back as it was written, and the schema knows every form of it."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from winset.case import dump, edit, json_schema, loads, read_data
from winset.case.text import parse_yaml
from winset.errors import CaseError

TEXT = """\
winset: 1
title: A ford
parties: {north: {}, south: {}, bank: {seat: consulted}}
consent: {all: [north, south]}
issues:
  land: {options: [kept, shared, ceded]}
  watch: {options: [nobody, observers]}
preferences:
  north:
    weights: {land: 1, watch: 1}
    scores: {land: {kept: 100, shared: 50, ceded: 0}, watch: {nobody: 0, observers: 100}}
    red_lines: [{when: {land: ceded}}, {when: {land: [shared, ceded], watch: nobody}}]
    no_deal: 40
    types: {calm: {prior: 50%}, firm: {rest: true, red_lines: [{when: {land: [shared, ceded]}}]}}
  south:
    weights: {land: 1}
    scores: {land: {kept: 0, shared: 50, ceded: 100}}
    no_deal: 60
  bank:
    weights: {watch: 1}
    scores: {watch: {nobody: 0, observers: 100}}
    no_deal: 0

levers:
  fund: {pays: [bank, north], to: south, cap: 15, rate: 4/5, price: 3, unit: million}
  narrow: {relax: north, red_line: 2, to: {land: shared, watch: nobody}}
  firm too: {drop: north, red_line: 1, type: firm, price: 20}
  lease: {add: {issue: land, option: leased, like: shared, scores: {south: 55 to 75}}}
  promise: {guarantee: south, worth: 5 to 15, note: judged}
  embargo: {lower: south, by: 7.5}
  all three: {consent: {at_least: 2, of: [north, south, bank]}}
  north alone: {without: south}
"""


def test_there_and_back():
    case = loads(TEXT)
    assert loads(dump(case)) == case
    assert read_data(case.to_data()) == case
    assert list(case.to_data()["levers"]["fund"]) == ["pays", "to", "cap", "rate", "price", "unit"]
    assert case.digest() != loads(TEXT.replace("by: 7.5", "by: 8")).digest()


def test_a_lever_can_be_set(tmp_path: Path):
    path = tmp_path / "ford.yaml"
    path.write_text(TEXT, encoding="utf-8")
    case = edit(path, {"levers.embargo.by": 9, "levers.fund.cap": 20})
    assert str(case.to_data()["levers"]["embargo"]["by"]) == "9"
    assert path.read_text(encoding="utf-8") == TEXT.replace("7.5", "9").replace("cap: 15", "cap: 20")


def test_the_schema_knows_every_form():
    schema = json_schema()
    data = parse_yaml(TEXT, "text").data
    for lever in data["levers"].values():  # the text reader keeps every scalar as text; places are numbers
        if "red_line" in lever:
            lever["red_line"] = int(lever["red_line"])
    checker = jsonschema.Draft202012Validator(schema)
    data = {**data, "winset": 1}
    assert [e.json_path for e in checker.iter_errors(data) if e.json_path.startswith("$.levers")] == []
    data["levers"]["fund"] = {"pays": "bank"}
    assert [e.json_path for e in checker.iter_errors(data) if e.json_path.startswith("$.levers")] == [
        "$.levers.fund"
    ]


@pytest.mark.parametrize(
    ("lever", "said"),
    [
        ("{drop: north}", "it does not say which red line"),
        ("{drop: south}", "this party has no red line"),
        ("{drop: north, red_line: 2, type: firm}", "there is no such red line"),
        ("{relax: north, red_line: 2, to: {watch: nobody}}", "this is not narrower than the red line"),
        ("{relax: north, red_line: 2, to: {land: [ceded, shared], watch: nobody}}", "the same deals"),
        ("{pays: [bank, bank], to: south, cap: 1}", "the party is named twice"),
        ("{without: bnak}", 'did you mean "bank"?'),
        ("{consent: {all: []}}", "the rule of consent names nobody"),
        ("{lower: south, by: -3}", "nothing above zero"),
        ("{guarantee: south, worth: 5%}", "is not a percentage"),
    ],
)
def test_what_cannot_be(lever: str, said: str):
    with pytest.raises(CaseError) as raised:
        loads(TEXT + f"  wrong: {lever}\n")
    assert said in str(raised.value)
    assert "levers.wrong" in str(raised.value)
    assert str(raised.value).endswith("1 fault")
