"""The chance of a deal with one unknown set: closed forms, types, and the same draws."""

from __future__ import annotations

from typing import Any

import pytest
from scipy import stats

from winset import load, read_data, zone
from winset.lenses import NotComputed
from winset.lenses.tornado import Tornado, tornado


def data(**types: Any) -> dict[str, Any]:
    """Zone open exactly where a's reservation value is at most 60 and b's at most 40."""
    return {
        "winset": 1,
        "title": "Two reservation values",
        "parties": {"a": {}, "b": {}},
        "consent": {"all": ["a", "b"]},
        "issues": {"i": {"options": ["deal", "other"]}},
        "preferences": {
            "a": {"weights": {"i": 1}, "scores": {"i": {"deal": 60, "other": 0}}, "no_deal": "40 to 70"},
            "b": {
                "weights": {"i": 1},
                "scores": {"i": {"deal": 40, "other": 0}},
                "no_deal": "30 to 50",
                **types,
            },
        },
    }


def asked(case: Any, **options: Any) -> Tornado:
    found = tornado(read_data(case) if isinstance(case, dict) else case, **options)
    assert not isinstance(found, NotComputed)
    return found


def test_each_end_is_the_closed_form() -> None:
    """a at 40: open where b is at most 40, a half; a at 70: never. b at 30: P(r_a <= 60); b at 50: never."""
    found = asked(data(), draws=2048)
    by = {b.path: b for b in found.bars}
    assert set(by) == {"a.no_deal", "b.no_deal"}
    a, b = by["a.no_deal"], by["b.no_deal"]
    assert (a.low, a.high) == ("70", "40")
    assert a.at_low.value == 0
    assert a.at_high.value == pytest.approx(0.5, abs=4 * a.at_high.standard_error)
    inside = stats.norm(55, 30 / (2 * stats.norm.ppf(0.95))).cdf(60)
    assert b.at_high.value == pytest.approx(inside, abs=4 * b.at_high.standard_error)
    assert [x.path for x in found.bars] == ["b.no_deal", "a.no_deal"]
    assert a.difference.value == pytest.approx(a.at_high.value - a.at_low.value)


def test_types_are_set_too() -> None:
    kinds = {"types": {"soft": {"prior": "50%", "no_deal": 20}, "hard": {"rest": True, "no_deal": 90}}}
    found = asked(data(**kinds), draws=2048)
    bar = next(b for b in found.bars if b.path == "b.type")
    assert (bar.low, bar.high) == ("hard", "soft")
    assert bar.at_low.value == 0
    assert bar.at_high.value == pytest.approx(0.71, abs=0.06)


def test_unknowns_of_those_who_are_not_asked_are_left_out() -> None:
    found = asked(load("cases/alaska-2025.yaml"), draws=128)
    assert not any(b.path.startswith(("europe", "parties.")) for b in found.bars)
    assert found.bars[0].path == "russia.type"
    assert len(found.bars) <= 10


def test_chosen_paths_and_the_same_bytes() -> None:
    case = load("cases/alaska-2025.yaml")
    paths = ["russia.type", "ukraine.no_deal"]
    one = asked(case, paths=paths, draws=200)
    assert {b.path for b in one.bars} == set(paths)
    assert one == asked(load("cases/alaska-2025.yaml"), paths=paths, draws=200)


def test_too_many_deals_are_not_computed() -> None:
    issues = {f"i{n}": {"options": ["a", "b", "c", "d"]} for n in range(12)}
    body = {
        "weights": dict.fromkeys(issues, 1),
        "scores": {key: {"a": 100, "b": 60, "c": 40, "d": 0} for key in issues},
        "no_deal": "40 to 60",
    }
    case = {"winset": 1, "title": "Large", "parties": {"a": {}}, "consent": "a", "issues": issues,
            "preferences": {"a": body}}  # fmt: skip
    assert isinstance(tornado(read_data(case)), NotComputed)
    assert zone(read_data(case), draws=4).zone.value > 0
