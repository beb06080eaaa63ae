"""The block evidence: words of scales, the way back to the file, edits, what counts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from winset.case import dump, edit, load, loads, read_data
from winset.case.numbers import Number
from winset.case.scales import ICD_203, KENT, worded

CASE = """\
winset: 1
title: Evidence
as_of: 2025-01-10
sources: {s: {title: t}}
claims: {c: {by: a, says: hi, source: s}}
parties: {a: {}, b: {}}
consent: {all: [a, b]}
issues: {x: {options: [l, r]}}
preferences:
  a: {weights: {x: 1}, scores: {x: {l: 100, r: 0}}, no_deal: 30}
  b:
    weights: {x: 1}
    scores: {x: {l: 0, r: 100}}
    types: {soft: {prior: 30% to 60%, no_deal: 20}, hard: {rest: true, no_deal: 60}}
evidence:
  call:
    about: b
    date: 2025-01-10
    likelihoods: {soft: Very  likely, hard: {value: unlikely, because: c}}
    because: c
  visit: {about: b, group: g, likelihoods: {soft: probable (Kent), hard: 20% to 50%}}  # seen twice
  gift: {about: b, group: g, likelihoods: {soft: 0.6, hard: 1/2}}
"""


def test_a_word_is_a_range_and_stays_a_word(tmp_path: Path) -> None:
    case = loads(CASE)
    likely = case.evidence["call"].likelihoods
    assert (likely["soft"].low, likely["soft"].high) == (Fraction(4, 5), Fraction(19, 20))
    assert likely["hard"].because == ("c",)
    assert "soft: Very likely, hard: {value: unlikely, because: c}" in dump(case)
    assert "probable (Kent)" in dump(case)
    assert loads(dump(case)) == case
    assert read_data(case.to_data()) == case
    assert case == loads(CASE.replace("Very  likely", "80% to 95%"))
    assert case != loads(CASE.replace("Very  likely", "likely"))


def test_an_edit_keeps_words_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    edit(
        path,
        {
            "evidence.gift.likelihoods.soft": "almost certain",
            "evidence.call.likelihoods.hard": "roughly even chance",
        },
    )
    text = path.read_text(encoding="utf-8")
    assert "# seen twice" in text
    assert "soft: almost certain" in text
    assert load(path).evidence["call"].likelihoods["hard"].low == Fraction(9, 20)


def test_the_paths_of_likelihoods() -> None:
    numbers = {path: number for path, number, _ in loads(CASE).numbers()}
    assert numbers["evidence.gift.likelihoods.hard"] == Number.point("1/2")
    assert list(numbers)[-6:] == [
        f"evidence.{name}.likelihoods.{kind}"
        for name in ("call", "visit", "gift")
        for kind in ("soft", "hard")
    ]


@pytest.mark.parametrize("word", [*ICD_203, *KENT])
def test_every_word_of_both_scales(word: str) -> None:
    case = loads(CASE.replace("Very  likely", word))
    assert case.evidence["call"].likelihoods["soft"] == worded(word)
    assert loads(dump(case)) == case


def test_the_published_numbers() -> None:
    """ICD 203 (2015) leaves no gap from 1 to 99 %. Kent (1964) gives a middle and so much either way."""
    ends = list(dict.fromkeys(ICD_203.values()))
    assert ends == [(1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99)]
    assert [((a + b) / 2, (b - a) / 2) for a, b in KENT.values()] == [
        (93, 6),
        (75, 12),
        (50, 10),
        (30, 10),
        (7, 5),
    ]


def test_what_counts_and_in_which_order() -> None:
    factors = loads(CASE).factors("b")
    assert [(f.path, f.items) for f in factors] == [
        ("evidence.call", ("call",)),
        ("evidence.visit", ("visit", "gift")),  # the more telling of the two; no date, so last
    ]
    assert [f.path for f in loads(CASE).factors("b", apart=True)] == [
        "evidence.call",
        "evidence.visit",
        "evidence.gift",
    ]
    assert loads(CASE).factors("a") == ()
    stated = CASE + "evidence_groups: {g: {likelihoods: {soft: 50%, hard: 20%}}}\n"
    assert [f.path for f in loads(stated).factors("b")] == ["evidence.call", "evidence_groups.g"]


def test_ranges_that_overlap_leave_room_for_all_items_together() -> None:
    """Of visit given hard, 20 to 50 %, only the upper end is a bound."""
    stated = CASE + "evidence_groups: {g: {likelihoods: {soft: 50%, hard: 30% to 60%}}}\n"
    assert [f.path for f in loads(stated).factors("b")][-1] == "evidence_groups.g"


def test_an_item_that_rules_a_type_out_tells_most() -> None:
    text = CASE.replace("{soft: 0.6, hard: 1/2}", "{soft: 1%, hard: 0}")
    assert [f.path for f in loads(text).factors("b")][-1] == "evidence.gift"


def test_a_day_on_which_nothing_is_hindsight() -> None:
    data: dict[str, Any] = loads(CASE).to_data()
    del data["as_of"]
    data["evidence"]["call"]["date"] = "2099-01-01"
    assert str(read_data(data).evidence["call"].date) == "2099-01-01"
