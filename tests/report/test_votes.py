"""Power and ratification in words: what is printed of which numbers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from winset import brief, load, power, ratification, read_data
from winset.report import lens_terminal

ROOT = Path(__file__).parents[2]


def data(**house):
    values = {"weights": {"x": 1}, "scores": {"x": {"l": 50, "r": 0}}, "no_deal": 0}
    return {
        "winset": 1,
        "title": "one house",
        "parties": {"a": {"name": "The minister"}},
        "consent": "a",
        "issues": {"x": {"options": ["l", "r"]}},
        "preferences": {"a": values},
        "offers": {"half": {"deal": {"x": "l"}}},
        "bodies": {"house": {"name": "The House", "ratifies": "a", **house}},
    }


HOUSE = {
    "members": {
        "a": 4,
        "hawks": {"name": "The Hawks", "votes": 3, "like": "a", "bar": 60},
        "free": {"votes": 1, "times": 2, "yes": "50%"},
        "clerk": {"votes": 0, "yes": "10%"},
    },
    "passes": "more than 50%",
}


def printed(lens, case) -> str:
    out = io.StringIO()
    lens_terminal(lens(case), case, Console(file=out, width=160, highlight=False, markup=False, emoji=False))
    return out.getvalue()


def test_power_in_words():
    text = printed(power, read_data(data(**HOUSE)))
    prose = " ".join(text.split())
    assert "The House. 5 members; 50.0% of all coalitions win (16), 4 of them minimal." in text
    assert "The vote of clerk never decides. It must confirm what The minister signs." in prose
    assert "free (each of 2)" in text
    row = next(line for line in text.splitlines() if line.startswith("The Hawks"))
    assert row.split()[2:5] == ["3", "16.7%", "16.7%"]


def test_ratification_in_words():
    """With the minister's four one of two free votes carries it: 3 in 4; in one mood both or none, 1 in 2."""
    text = printed(ratification, read_data(data(**HOUSE)))
    assert (
        "Its win-set: 0 of 2 deals for sure, 2 if all who vote by chance say yes, 1.5 expected"
        in " ".join(text.split())
    )
    row = next(line for line in text.splitlines() if line.startswith("half")).split()
    assert row[:5] == ["half", "75%", "75%", "75%", "50%"]
    assert "The minister (75%), free (50%) and The Hawks (25%)" in text
    assert "Signed, and confirmed by all whose yes is needed" in text


@pytest.mark.parametrize("lens", [power, ratification], ids=lambda lens: lens.__name__)
def test_not_computed_is_said(lens):
    big = {f"m{n}": {"x": 10**9 + 7919**n % 10**9, "y": 1 + n % 7, "yes": "50%"} for n in range(60)}
    text = printed(lens, read_data(data(members=big, passes={"x": "50%", "y": "60%"})))
    assert "Not computed: " in text


def test_the_brief_has_a_section_only_where_there_are_bodies():
    with_one = {s.id: s for s in brief(read_data(data(**HOUSE)), draws=64).sections}
    assert with_one["bodies"].title == "Bodies that vote on it"
    assert len(with_one["bodies"].blocks) >= 5
    made = brief(load(ROOT / "cases" / "litigation.yaml"), draws=64)
    assert "bodies" not in {s.id for s in made.sections}
    assert "power" not in made.results
    assert "The House" in brief(read_data(data(**HOUSE)), draws=64).to_html()
