"""What a number is called, and its label in a chart."""

from __future__ import annotations

import pytest

from winset import load
from winset.report.drivers import _farther
from winset.report.numbers import input_label, input_words
from winset.report.words import plain

ALASKA = load("cases/alaska-2025.yaml")


@pytest.mark.parametrize(
    ("path", "words", "label"),
    [
        ("russia.type", "type of Russia", "Russia: type"),
        ("ukraine.no_deal", "no-deal value of Ukraine", "Ukraine: no-deal value"),
        ("ukraine.closing_cost", "closing cost of Ukraine", "Ukraine: closing cost"),
        ("russia.linkages.1", "linkage 1 of Russia", "Russia: linkage 1"),
        (
            "usa.weights.territory",
            "weight of territory to United States",
            "United States: weight of territory",
        ),
        (
            "russia.types.maximalist.no_deal",
            "no-deal value of Russia as maximalist",
            "Russia as maximalist: no-deal value",
        ),
        (
            "russia.types.dealmaker.prior",
            "prior probability of Russia as dealmaker",
            "Russia as dealmaker: prior",
        ),
        (
            "ukraine.scores.next_meeting.three with Ukraine",
            "score of three with Ukraine on next meeting for Ukraine",
            "Ukraine: three with Ukraine (next meeting)",
        ),
        ("no_deal.horizon", "no_deal.horizon", "no_deal.horizon"),
    ],
)
def test_numbers_by_name(path: str, words: str, label: str) -> None:
    assert plain(input_words(ALASKA, path)) == words
    assert plain(input_label(ALASKA, path)) == label


@pytest.mark.parametrize(
    ("p", "text", "lines"),
    [(0.0022, "less than 1%", ()), (0.036, "4%", ("almost no chance (1–5%)",)), (0.999, "more than 99%", ())],
)
def test_how_likely_a_flip_is_has_no_false_nought(p: float, text: str, lines: tuple[str, ...]) -> None:
    cell = _farther(p)
    assert (cell.text, cell.lines) == (text, lines)
