"""The first paragraph says what would flip the answer: by itself, beyond its range, and together."""

from __future__ import annotations

from typing import Any

import pytest

from winset import read_data
from winset.lenses import NotComputed, frontier
from winset.lenses.estimates import Estimate
from winset.lenses.information import UnknownWorth
from winset.report import brief
from winset.report import context as asked
from winset.report.document import Block, Paragraph, Table
from winset.report.odds import frontier_odds
from winset.report.words import plain
from winset.report.worth import _unknowns

LISTED = {"values": {"40": 0.5, "60": 0.5}}


def case(a: dict[str, Any], b: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Two parties, one deal of worth to both; q is worth nothing."""
    return {
        "winset": 1,
        "title": "One deal",
        "parties": {"a": {}, "b": {}},
        "consent": {"all": ["a", "b"]},
        "issues": {"x": {"options": ["p", "q"]}},
        "preferences": {
            party: {
                "weights": {"x": 1},
                "scores": {"x": {"p": body.pop("p"), "q": 0}},
                **body,
            }
            for party, body in (("a", dict(a)), ("b", dict(b)))
        },
        **more,
    }


def section(data: dict[str, Any], name: str, draws: int = 256) -> tuple[Block, ...]:
    made = brief(read_data(data), draws=draws)
    return next(s.blocks for s in made.sections if s.id == name)


def first_paragraph(data: dict[str, Any], draws: int = 64) -> str:
    block = brief(read_data(data), draws=draws).sections[0].blocks[0]
    assert isinstance(block, Paragraph)
    return plain(block.head + " " + block.text)


def test_a_wide_range_flips_the_answer_before_a_narrow_margin() -> None:
    """a's margin is the least in points, 8, but no draw of 49 to 51 spends it; b's 12 are spent in 16%."""
    text = first_paragraph(
        case({"p": 58, "no_deal": "49 to 51"}, {"p": 62, "no_deal": "30 to 70"}),
    )
    assert text.startswith(
        "As judged, 1 of 2 deals (50%) passes the rule of consent; once having no deal is worth more than 62 "
        "to b, none does. The range given for that is 30 to 70; a value above 62: very unlikely (5–20%), at "
        "16%. No other number does so by itself within the range given for it."
    )
    assert "58" not in text


def test_a_score_may_flip_the_answer() -> None:
    text = first_paragraph(case({"p": 58, "no_deal": "49 to 51"}, {"p": "40 to 84", "no_deal": 50}))
    assert "once b scores p on x below 50, none does" in text
    assert "very unlikely (5–20%), at 16%" in text
    assert "58" not in text


def test_every_flip_within_a_range_is_told_the_likeliest_first() -> None:
    text = first_paragraph(case({"p": 55, "no_deal": "40 to 60"}, {"p": 58, "no_deal": "40 to 60"}))
    assert "once having no deal is worth more than 55 to a, none does" in text
    assert (
        "By itself this does the same: having no deal is worth more than 58 to b (a value above 58: very "
        "unlikely (5–20%), at 9%). No other number does so"
    ) in text


def test_beyond_a_90_per_cent_range_draws_still_flip_the_answer() -> None:
    """P(a > 61) is 3.5% when 90% of a's draws lie between 40 and 60."""
    text = first_paragraph(case({"p": 61, "no_deal": "40 to 60"}, {"p": 100, "no_deal": "10 to 20"}))
    assert "no single number flips that within the range given for it" in text
    assert (
        "none passes once having no deal is worth more than 61 to a, past the 90% range of 40 to 60 (a value "
        "above 61: almost no chance (1–5%), at 4%)"
    ) in text
    assert "does not reach" not in text


@pytest.mark.parametrize(
    "written", ["40 to 60, uniform", "40 to 60, mode 50", {"values": {"40": 0.5, "60": 0.5}}]
)
def test_some_ranges_end_where_they_end(written: Any) -> None:
    text = first_paragraph(case({"p": 61, "no_deal": written}, {"p": 100, "no_deal": "10 to 20"}))
    assert "no single number flips that within the range given for it" in text
    assert "beyond its range" not in text
    assert "61" not in text


def test_numbers_that_flip_the_answer_only_together() -> None:
    text = first_paragraph(
        {
            **case({"p": 64, "no_deal": "40 to 60"}, {"p": 64, "no_deal": "40 to 60"}),
            "consent": {"any": ["a", "b"]},
        }
    )
    assert "no single number flips that" in text
    assert (
        "Several numbers do it together: the least joint change found is of 2 numbers, not all within "
        "their ranges: the no-deal value of a from 50 to 64 and the no-deal value of b from 50 to 64 (3.3 "
        "standard scores in all; a single 90% range ends at 1.6)."
    ) in text


def test_an_empty_zone_says_what_would_open_it() -> None:
    text = first_paragraph(case({"p": 45, "no_deal": "40 to 60"}, {"p": 62, "no_deal": "30 to 50"}))
    assert text.startswith(
        "No deal passes the rule of consent: of 2 deals, the zone holds none; once having no deal is worth "
        "less than 45 to a, some deal does."
    )
    assert "a value below 45: very unlikely (5–20%), at 21%" not in text
    assert "a value below 45: unlikely (20–45%), at 21%" in text


def test_listed_values_flip_at_one_of_them() -> None:
    listed = {"values": {"40": 0.7, "70": 0.3}}
    text = first_paragraph(case({"p": 60, "no_deal": listed}, {"p": 100, "no_deal": "10 to 20"}))
    assert "once having no deal is worth 70 to a, none does" in text
    assert "70 or more: unlikely (20–45%), at 30%" in text


def test_the_same_is_said_where_nothing_is_drawn() -> None:
    data = case({"p": 58, "no_deal": "49 to 51"}, {"p": 62, "no_deal": "30 to 70"})
    text = first_paragraph(data, draws=0)
    assert "once having no deal is worth more than 62 to b, none does" in text
    sections = {s.id: s for s in brief(read_data(data), draws=0).sections}
    (told,) = (b for b in sections["turns"].blocks if isinstance(b, Paragraph))
    assert "no draws were asked for" in told.text


def test_without_ranges_the_nearest_no_deal_value_is_named() -> None:
    text = first_paragraph(case({"p": 58, "no_deal": 50}, {"p": 62, "no_deal": 50}))
    assert "the zone closes once having no deal is worth more than 58 to a; it is put at 50." in text
    assert "kinds" not in text
    assert "types" not in text


def test_with_too_many_deals_no_deal_values_are_told_by_how_likely_they_flip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = case({"p": 58, "no_deal": "49 to 51"}, {"p": 62, "no_deal": "30 to 70"})
    because = NotComputed("the case has 9 deals; up to 1 are listed in each draw")
    monkeypatch.setattr(asked, "turning", lambda compiled: because)
    text = first_paragraph(data, draws=0)
    assert (
        "No deal passes once having no deal is worth more than 62 to b (the range given is 30 to 70; a value "
        "above 62: very unlikely (5–20%), at 16%). Other numbers were not looked at: the case has 9 deals"
    ) in text
    assert "58" not in text


def test_types_are_spoken_of_only_where_there_are_any() -> None:
    sides = {"p": 58, "no_deal": "49 to 51"}, {"p": 62, "no_deal": "30 to 70"}
    assert "Over all draws of the ranges, some deal passes" in first_paragraph(case(*sides))
    data = case(*sides)
    data["preferences"]["a"]["types"] = {"s": {"prior": "50%"}, "t": {"rest": True, "no_deal": "50 to 60"}}
    assert "Taking all types and ranges together, some deal passes" in first_paragraph(data)


def judgement(data: dict[str, Any]) -> Table:
    return next(
        b for b in section(data, "odds") if isinstance(b, Table) and b.caption.startswith("What rests on")
    )


def test_near_figures_are_not_said_to_show_that_little_hangs_on_judgement() -> None:
    table = judgement(case({"p": 60, "no_deal": "50 to 68"}, {"p": 80, "no_deal": "60 to 90"}))
    assert "Not one of 6 judged numbers cites a claim: all of them are judgement." in table.note
    assert "do not show that little hangs on them" in table.note
    assert "the less hangs" not in table.note
    last = table.groups[0].rows[-1].cells
    assert plain(last[0].text) == "draws whose answer is another one"
    assert 25 < int(last[1].text.removesuffix("%")) < 75


def test_the_share_of_numbers_without_a_claim_is_told() -> None:
    data = case(
        {"p": 58, "no_deal": {"value": "49 to 51", "because": "c"}},
        {"p": 62, "no_deal": "30 to 70"},
        sources={"s": {"title": "A report"}},
        claims={"c": {"by": "a", "says": "so", "source": "s"}},
    )
    assert (
        "Of 6 judged numbers, 5 (83%) cite no claim, nor stand in a block that does." in judgement(data).note
    )


def test_a_partys_own_numbers_are_told_apart_from_correlated_ones() -> None:
    data = case({"p": 58, "no_deal": "40 to 70"}, {"p": "50 to 72", "no_deal": "30 to 70"})

    def title() -> str:
        tables = [b for b in section(data, "turns") if isinstance(b, Table)]
        return next(t for t in tables if t.caption.startswith("Shares of")).groups[1].title

    assert title() == "Each party's own numbers"
    data["correlations"] = [{"between": ["a.no_deal", "b.no_deal"], "rho": 0.5}]
    assert title() == "Each party's own numbers, without those that are correlated with another's"


def test_probabilities_are_told_in_per_cent() -> None:
    data = case({"p": 58, "no_deal": "40 to 70"}, {"p": 62, "no_deal": "30 to 70"})
    data["parties"]["b"] = {"can_spoil": "40% to 70%"}
    tables = [b for b in section(data, "turns") if isinstance(b, Table)]
    moves = next(t for t in tables if t.caption.startswith("Each number alone"))
    assert {plain(r.cells[1].text) for r in moves.groups[0].rows} >= {"40% … 70%", "40 … 70"}


def test_one_of_a_kind_is_told_in_the_singular() -> None:
    """One lever, and one efficient deal."""
    data = case({"p": 45, "no_deal": "44 to 60"}, {"p": 62, "no_deal": "30 to 70"})
    data["levers"] = {"fund": {"lower": "a", "by": 1}}
    told = " ".join(plain(b.text) for b in section(data, "levers") if isinstance(b, Paragraph))
    assert "No lever reaches" in told
    assert "together" not in told
    odds = frontier_odds(frontier(read_data(data)).odds, str, ["a"])
    (found,) = (b for b in odds if isinstance(b, Paragraph))
    assert "1 deal is efficient (nine draws in ten: 1 to 1)." in found.text


def test_what_is_worth_nothing_changes_no_choice() -> None:
    worth = Estimate(-0.2, 0.1, -0.4, 0.0, 9)
    known = UnknownWorth("x", "number", ("x",), worth, 0.1, 0.3, "regression")
    row = _unknowns([known], [], 1, str).groups[0].rows[0]
    assert [c.text for c in row.cells][1:4] == ["0", "0.1", "–"]
