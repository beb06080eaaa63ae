"""Contests for a reader: words by their kind, digits by their intervals, and shares of few draws not told."""

from __future__ import annotations

from typing import Any

from tests.lenses.test_war import FULL, data

from winset import read_data, war
from winset.report.answers import answer
from winset.report.document import Paragraph
from winset.report.words import plain

PLAIN: dict[str, Any] = {"between": ["a", "b"], "wins": {"a": "60%"}, "costs": {"a": "10%", "b": "10%"}}


def told(draws: int = 64, **body: Any) -> str:
    case = read_data(data(it=body))
    blocks = answer(war(case, draws=draws), case)
    return plain(" ".join(f"{b.head} {b.text}" for b in blocks if isinstance(b, Paragraph)))


def test_a_contest_is_called_by_its_kind() -> None:
    text = told(**FULL)
    assert "The trial costs a" in text
    assert "without knowing what the trial costs b" in text
    assert "fighting was" not in text
    assert "Fighting costs a 10% of the stake" in told(**PLAIN, kind="war")


def test_a_range_without_width_is_said_to_have_next_to_none() -> None:
    free = {**PLAIN, "costs": {"a": "0%", "b": "0%"}}
    assert "The range has next to no width." in told(**free)
    assert "The range is 20 points wide." in told(**PLAIN)
    apart = {**PLAIN, "seen_by": {"a": "80%", "b": "40%"}}
    assert "would have to come closer by 20 points" in told(**apart)


def test_what_few_draws_say_of_learning_is_not_told_as_a_share() -> None:
    battles = {"every": "2 weeks", "weight": {"a": 5, "b": 5}}
    rarely = {"wins": {"a": "60%"}, "costs": {"a": "15% to 30%", "b": "10%"}, "horizon": "24 months"}
    seen = {"seen_by": {"a": "76%", "b": "50%"}, "battles": battles}
    text = told(256, between=["a", "b"], **rarely, **seen)
    assert "too few to say how long it would take" in text
    assert "% of draws, after" not in text
    always = {**rarely, "costs": {"a": "12%", "b": "12%"}}
    text = told(64, between=["a", "b"], **always, **seen)
    assert "before the horizon in 100% of draws, after 1 trial of strength or less than one month." in text


def test_digits_follow_the_interval() -> None:
    wide = {**PLAIN, "shift": {"a": "-2% to 8% per month"}, "horizon": "12 months"}
    assert "prevail changes by +3 (−2 to +8) points each month" in told(512, **wide)
    near = {**PLAIN, "shift": {"a": "0.5% to 1.5% per month"}, "horizon": "12 months"}
    assert "prevail changes by +1.0 (+0.5 to +1.5) points each month" in told(512, **near)
