"""A case as arrays: utilities against fractions worked out by hand, groups, reservation values, limits."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from winset import compile_case, read_data, zone
from winset.compiled import Compiled
from winset.errors import QuestionError

Data = dict[str, Any]


def make(preferences: Data, options: dict[str, list[str]] | None = None, **more: Any) -> Compiled:
    issues = options or {"x": ["l", "r"], "y": ["l", "r"]}
    return compile_case(
        read_data(
            {
                "winset": 1,
                "title": "by hand",
                "parties": {p: {} for p in preferences},
                "consent": {"all": list(preferences)},
                "issues": {i: {"options": o} for i, o in issues.items()},
                "preferences": preferences,
                **more,
            }
        )
    )


def flat(options: dict[str, list[str]], **more: Any) -> Data:
    """Preferences that score every option 50."""
    return {
        "weights": dict.fromkeys(options, 1),
        "scores": {i: dict.fromkeys(o, 50) for i, o in options.items()},
        "no_deal": 10,
        **more,
    }


def in_units(compiled: Compiled, deal: dict[str, str], party: str) -> Fraction:
    """The utility that the arrays hold."""
    n = compiled.parties.index(party)
    cells = compiled.cells(deal)
    whole = sum(int(g.utility[0, c, n]) for g, c in zip(compiled.groups, cells, strict=True))
    return whole * compiled.unit[n]


A = {
    "weights": {"x": 1, "y": 2},
    "scores": {"x": {"l": 10, "r": 100}, "y": {"l": 70, "r": "33.3"}},
    "no_deal": 40,
}


@pytest.mark.parametrize(
    ("deal", "by_hand"),
    [
        ({"x": "l", "y": "l"}, Fraction(50)),
        ({"x": "r", "y": "l"}, Fraction(80)),
        ({"x": "l", "y": "r"}, Fraction(383, 15)),
        ({"x": "r", "y": "r"}, Fraction(833, 15)),
    ],
)
def test_weighted_scores(deal, by_hand):
    compiled = make({"a": A})
    assert compiled.utility(deal, "a") == by_hand
    assert in_units(compiled, deal, "a") == by_hand
    assert compiled.rounded == ()
    assert compiled.slip.tolist() == [0]
    assert compiled.values["a"].weights == {"x": Fraction(1, 3), "y": Fraction(2, 3)}


@pytest.mark.parametrize(
    ("written", "central"),
    [
        ("30 to 41", Fraction(71, 2)),
        ("0 to 90, mode 20", Fraction(20)),
        ({"values": {"10": "1/3", "40": "2/3"}}, Fraction(30)),
        ({"value": "100/3", "note": "judged"}, Fraction(100, 3)),
        ("0.1", Fraction(1, 10)),
    ],
)
def test_central_values(written, central):
    body = {**A, "scores": {**A["scores"], "x": {"l": written, "r": 100}}}
    compiled = make({"a": body})
    assert compiled.values["a"].scores["x"]["l"] == central
    expected = central / 3 + Fraction(140, 3)
    assert in_units(compiled, {"x": "l", "y": "l"}, "a") == expected


def test_linkages_add_their_worth_once():
    links = [
        {"when": [{"x": "l"}, {"y": "l"}], "worth": 6},
        {"when": {"x": "l", "y": ["l", "r"]}, "worth": "-5/2"},
    ]
    compiled = make({"a": {**A, "linkages": links}})
    expected = {
        ("l", "l"): Fraction(50) + 6 - Fraction(5, 2),
        ("r", "l"): Fraction(86),
        ("l", "r"): Fraction(383, 15) + 6 - Fraction(5, 2),
        ("r", "r"): Fraction(833, 15),
    }
    for (x, y), value in expected.items():
        assert compiled.utility({"x": x, "y": y}, "a") == value
        assert in_units(compiled, {"x": x, "y": y}, "a") == value


def test_an_issue_without_weight_adds_nothing():
    compiled = make({"a": {"weights": {"x": 3}, "scores": {"x": {"l": 20, "r": 90}}, "no_deal": 0}, "b": A})
    for y in "lr":
        assert in_units(compiled, {"x": "r", "y": y}, "a") == 90
    assert compiled.values["a"].weights == {"x": 1, "y": 0}


def test_the_reservation_value_holds_the_cost_of_closing():
    compiled = make({"a": {**A, "no_deal": 47, "closing_cost": "2 to 4"}})
    assert compiled.values["a"].no_deal == 47
    assert compiled.values["a"].reserve == 50
    assert int(compiled.reserve[0, 0]) * compiled.unit[0] == 50
    assert zone(compiled).accepted["a"].value == 3  # 50 is just enough
    dearer = make({"a": {**A, "no_deal": 47, "closing_cost": "3.0000001"}})
    assert dearer.values["a"].reserve == Fraction("50.0000001")
    assert zone(dearer).accepted["a"].value == 2


FOUR = {i: ["l", "m", "r"] for i in "wxyz"}


@pytest.mark.parametrize(
    ("party", "more", "groups"),
    [
        ({}, {}, [("w",), ("x",), ("y",), ("z",)]),
        ({}, {"forbid": [{"w": "l", "y": "r"}]}, [("w", "y"), ("x",), ("z",)]),
        ({}, {"forbid": [{"w": "l"}, {"y": "r"}]}, [("w",), ("x",), ("y",), ("z",)]),
        ({"linkages": [{"when": {"x": "l", "z": "m"}, "worth": 5}]}, {}, [("w",), ("x", "z"), ("y",)]),
        (
            {"linkages": [{"when": [{"x": "l"}, {"z": "m"}], "worth": 5}]},
            {},
            [("w",), ("x", "z"), ("y",)],
        ),
        ({"red_lines": [{"when": {"y": "l", "z": "m"}}]}, {}, [("w",), ("x",), ("y", "z")]),
        ({"red_lines": [{"when": [{"y": "l"}, {"z": "m"}]}]}, {}, [("w",), ("x",), ("y",), ("z",)]),
        (
            {"red_lines": [{"when": {"x": "l", "y": "m"}}]},
            {"forbid": [{"w": "l", "x": "r"}]},
            [("w", "x", "y"), ("z",)],
        ),
    ],
)
def test_issues_that_are_tied_share_a_group(party, more, groups):
    compiled = make({"a": flat(FOUR, **party), "b": flat(FOUR)}, FOUR, **more)
    assert [tuple(compiled.issues[i] for i in g.issues) for g in compiled.groups] == groups
    assert compiled.combinations == 81


def test_forbid_leaves_out_its_deals_and_no_other():
    compiled = make({"a": flat(FOUR)}, FOUR, forbid=[{"w": "l", "y": ["m", "r"]}, {"z": "m"}])
    assert compiled.deals == (9 - 2) * 3 * 2
    for options in product("lmr", repeat=4):
        deal = dict(zip("wxyz", options, strict=True))
        if (deal["w"] == "l" and deal["y"] != "l") or deal["z"] == "m":
            with pytest.raises(QuestionError, match="forbid"):
                compiled.cells(deal)
        else:
            assert compiled.deal(compiled.cells(deal)) == deal


def test_a_red_line_is_crossed_where_its_clauses_hold():
    line = {"when": [{"w": "l", "x": "m"}, {"z": ["l", "r"]}]}
    compiled = make({"a": flat(FOUR, red_lines=[line]), "b": flat(FOUR)}, FOUR)
    for options in product("lmr", repeat=4):
        deal = dict(zip("wxyz", options, strict=True))
        crossed = np.any(
            [g.crossed[c] for g, c in zip(compiled.groups, compiled.cells(deal), strict=True)], axis=0
        )
        assert crossed.tolist() == [(options[0], options[1]) == ("l", "m") or deal["z"] != "m", False]


def test_arrays_are_frozen():
    compiled = make({"a": A})
    with pytest.raises(ValueError, match="read-only"):
        compiled.groups[0].utility[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        compiled.reserve[0, 0] = 1


def test_compiling_twice_is_compiling_once():
    compiled = make({"a": A})
    assert compile_case(compiled) is compiled


def test_too_many_tied_issues_are_refused_by_name():
    many = {f"i{n}": [f"o{k}" for k in range(8)] for n in range(8)}
    all_but_last = [{"when": {f"i{n}": "o0", f"i{n + 1}": "o0"}, "worth": 1} for n in range(6)]
    with pytest.raises(QuestionError) as raised:
        make({"a": flat(many, linkages=all_but_last)}, many)
    text = str(raised.value)
    assert "i0, i1, i2, i3, i4, i5, i6 are tied" in text
    assert "i7" not in text
    assert "2,097,152" in text
    assert "1,000,000" in text
    fewer = make({"a": flat(many, linkages=all_but_last[:5])}, many)
    assert [len(g.options) for g in fewer.groups] == [8**6, 8, 8]


def test_a_case_with_no_deal_left_is_refused():
    with pytest.raises(QuestionError, match="forbid rules out every deal"):
        make({"a": A}, forbid=[{"x": "l"}, {"x": "r"}])


def test_more_parties_than_bits_are_refused():
    names = [f"p{n}" for n in range(63)]
    with pytest.raises(QuestionError, match=r"63 parties .* at most 62"):
        make(dict.fromkeys(names, A))
    assert len(make(dict.fromkeys(names[:62], A)).parties) == 62


@pytest.mark.parametrize("no_deal", [-1000, "-999.999999", 0, "100.000001", 1000])
def test_extreme_reservation_values(no_deal):
    compiled = make({"a": {**A, "no_deal": no_deal}, "b": A})
    accepted = zone(compiled).accepted["a"].value
    assert int(compiled.reserve[0, 0]) * compiled.unit[0] == Fraction(str(no_deal))
    assert accepted == (4 if Fraction(str(no_deal)) <= 0 else 0)
    assert compiled.rounded == ()


@pytest.mark.parametrize("worth", [-1000, "-0.000001", "0.000001", 1000])
def test_extreme_worths(worth):
    link = [{"when": {"x": "l", "y": "l"}, "worth": worth}]
    compiled = make({"a": {**A, "linkages": link}})
    assert in_units(compiled, {"x": "l", "y": "l"}, "a") == 50 + Fraction(str(worth))
    assert in_units(compiled, {"x": "r", "y": "l"}, "a") == 80


def test_extreme_weights_stay_exact():
    compiled = make({"a": {**A, "weights": {"x": 1, "y": 999_999_999}}})
    assert in_units(compiled, {"x": "r", "y": "l"}, "a") == Fraction(100 + 70 * 999_999_999, 10**9)
    assert compiled.rounded == ()


def test_long_tails_are_rounded_said_so_and_keep_their_ties():
    third = "33.33333333333333333333"
    tail = {"x": {"l": third, "r": "14.28571428571428571"}, "y": {"l": "9.090909090909090909", "r": 80}}
    weights = {"x": "1/7", "y": "0.3333333333333"}
    share = Fraction(1, 7) / (Fraction(1, 7) + Fraction("0.3333333333333"))
    exact = share * Fraction(third) + (1 - share) * Fraction("9.090909090909090909")
    body = {"weights": weights, "scores": tail, "no_deal": f"{exact.numerator}/{exact.denominator}"}
    compiled = make({"a": body, "b": A})
    assert compiled.rounded == ("a",)
    assert compiled.slip[0] > 0
    assert compiled.slip[1] == 0
    assert compiled.common is None
    deal = {"x": "l", "y": "l"}
    assert compiled.utility(deal, "a") == exact
    assert abs(in_units(compiled, deal, "a") - exact) < Fraction(1, 10**12)
    n = [int(g.utility[0, c, 0]) for g, c in zip(compiled.groups, compiled.cells(deal), strict=True)]
    assert sum(n) >= int(compiled.reserve[0, 0])  # worth exactly the reservation value: accepted
    assert zone(compiled).accepted["a"].value == 3
    # on the same scale a deal that misses by a billionth of a point is refused
    missed = {**body, "no_deal": str((exact + Fraction(1, 10**9)).limit_denominator(10**15))}
    assert zone(make({"a": missed, "b": A})).accepted["a"].value == 2
