"""The block threats: the way there and back, edits, correlations, and what its conditions are."""

from __future__ import annotations

from pathlib import Path

import pytest

from winset.case import dump, edit, load, loads, read_data
from winset.case.rules import Match
from winset.compiled.draws import uncertain
from winset.errors import CaseError

CASE = """\
winset: 1
title: Threats
as_of: 2025-01-10
sources: {s: {title: t}}
claims:
  said: {by: a, kind: promise, says: will cut the line, source: s}
  late: {by: a, says: the line is not cut yet, source: s, puts_off: said}
parties: {a: {}, b: {}, c: {}}
consent: {all: [a, b]}
issues: {x: {options: [l, r]}}
offers: {fair: {deal: {x: l}}}
preferences:
  a:
    weights: {x: 1}
    scores: {x: {l: 100, r: 0}}
    types: {soft: {prior: 30% to 60%, no_deal: 20}, hard: {rest: true, no_deal: 60}}
  b: {weights: {x: 1}, scores: {x: {l: 0, r: 100}}, no_deal: 30 to 50}
threats:
  cut the line:
    by: a
    to: b
    what: no more power  # words
    unless: {x: [l]}
    cost: {value: 2 to 5, because: said}
    benefit: 1
    audience: 1 to 4
    harm: 5 to 10
    others: {c: -3 to 1}
    types: {hard: {cost: 1 to 2, because: said, note: It has a second line}}
    carries_out: {resolute: very likely, irresolute: 20% to 40%}
    record:
      - {carried_out: no, because: late, likelihoods: {resolute: 30%, irresolute: likely}}
      - {carried_out: yes, because: said}
    announced: 2025-01-02
    delay:
      {lasts: 1 to 2 months, harm: 1 per month, audience: 0.1 to 0.2 per week, others: {c: -1 to 0 per month}}
    because: said
    note: As usual
  help: {kind: promise, by: b, to: a, when: fair, prior: 40% to 60%, gain: 3}
correlations:
  - {between: [threats.cut the line.harm, b.no_deal], rho: -0.5}
"""


def test_there_and_back() -> None:
    case = loads(CASE)
    assert loads(dump(case)) == case
    assert read_data(case.to_data()) == case
    text = dump(case)
    for part in (
        "unless: {x: l}",
        "resolute: very likely",
        "kind: promise",
        "when: fair",
        "0.1 to 0.2 per week",
    ):
        assert part in text
    assert isinstance(case.threats["cut the line"].unless, Match)
    assert case.threats["help"].when == "fair"
    assert case.threats["help"].kind == "promise"
    assert case != loads(CASE.replace("benefit: 1", "benefit: 2"))


def test_every_number_is_known_by_its_path() -> None:
    case = loads(CASE)
    paths = [p.removeprefix("threats.cut the line.") for p, _, _ in case.numbers() if "cut" in p]
    assert paths == [
        "cost",
        "benefit",
        "audience",
        "harm",
        "others.c",
        "types.hard.cost",
        "carries_out.resolute",
        "carries_out.irresolute",
        "record.1.likelihoods.resolute",
        "record.1.likelihoods.irresolute",
        "delay.lasts",
        "delay.harm",
        "delay.audience",
        "delay.others.c",
    ]
    bare, whole = uncertain(case), uncertain(case, also=("threats",))
    assert not any(i.path.startswith("threats.") for i in bare.inputs)
    drawn = {i.path for i in whole.inputs if i.path.startswith("threats.")}
    assert "threats.cut the line.record.1.likelihoods.irresolute" in drawn
    assert "threats.help.prior" in drawn
    assert "threats.cut the line.benefit" not in drawn  # no range


def test_an_edit_keeps_the_comment(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    edit(
        path,
        {
            "threats.cut the line.harm": "6 to 9",
            "threats.cut the line.record.1.likelihoods.resolute": "35%",
            "threats.help.when": {"x": "l"},
        },
    )
    assert "# words" in path.read_text(encoding="utf-8")
    body = load(path).threats["cut the line"]
    assert body.harm is not None
    assert body.harm.short() == "6 to 9"
    assert body.record[0].likelihoods is not None
    assert body.record[0].likelihoods.resolute.short() == "35%"


def test_a_correlation_names_a_number_of_a_threat() -> None:
    with pytest.raises(CaseError) as raised:
        loads(CASE.replace("threats.cut the line.harm, b", "threats.cut the line.benefit, b"))
    assert [f.message for f in raised.value.faults] == ["this number is fixed, not a range"]
    with pytest.raises(CaseError) as raised:
        loads(CASE.replace("threats.cut the line.harm, b", "threats.cut the line.harms, b"))
    (fault,) = raised.value.faults
    assert "threats.cut the line.harm" in fault.hint


@pytest.mark.parametrize("words", ["any deal", "no deal", "fair", "{x: r}", "[{x: r}, {x: l}]"])
@pytest.mark.parametrize("key", ["when", "unless"])
def test_every_condition(key: str, words: str) -> None:
    case = loads(CASE.replace("when: fair", f"{key}: {words}"))
    assert loads(dump(case)) == case
