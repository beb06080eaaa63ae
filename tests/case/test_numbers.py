"""Every notation of a number, its law and its central value."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special, stats

from winset.case.fields import COST, PROBABILITY, SCORE, UTILITY, WEIGHT
from winset.case.numbers import Bounds, Number, NumberProblem, format_fraction, parse_number

F = Fraction
MIXED = "percentages and plain numbers are mixed"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", F(7)),
        ("7.5", F(15, 2)),
        ("-3", F(-3)),
        ("+7", F(7)),
        (".5", F(1, 2)),
        ("5.", F(5)),
        ("1e3", F(1000)),
        ("2.5e-3", F(1, 400)),
        ("1/3", F(1, 3)),
        ("1 / 3", F(1, 3)),
        ("1/0.3", F(10, 3)),
        ("25%", F(1, 4)),
        ("25 %", F(1, 4)),
        ("0.1", F(1, 10)),
        ("0.1000000000000000055511151231257827", F("0.1000000000000000055511151231257827")),
        ("  12  ", F(12)),
        ("0/7", F(0)),
        ("-0", F(0)),
        ("1e12", F(10**12)),
        ("1e-12", F(1, 10**12)),
        (7, F(7)),
        (0.1, F(1, 10)),
        (F(1, 3), F(1, 3)),
    ],
)
def test_points_are_exact(text: Any, value: F) -> None:
    number = parse_number(format_fraction(text) if isinstance(text, F) else text)
    assert (number.low, number.high) == (value, value)
    assert not number.is_range
    for bounds in (UTILITY, WEIGHT, SCORE):
        assert number.law(bounds) == "point"
        assert number.central(bounds) == value


@pytest.mark.parametrize(
    ("text", "low", "high", "mode"),
    [
        ("10 to 20", F(10), F(20), None),
        ("10 TO 20", F(10), F(20), None),
        ("10\tto   20", F(10), F(20), None),
        ("-5 to -3", F(-5), F(-3), None),
        ("1/3 to 2/3", F(1, 3), F(2, 3), None),
        ("30% to 50%", F(3, 10), F(1, 2), None),
        ("10 to 20, mode 12", F(10), F(20), F(12)),
        ("10 to 20 , Mode 20", F(10), F(20), F(20)),
        ("0% to 100%, mode 25%", F(0), F(1), F(1, 4)),
    ],
)
def test_ranges(text: str, low: F, high: F, mode: F | None) -> None:
    number = parse_number(text)
    assert (number.low, number.high, number.mode) == (low, high, mode)
    assert number.is_range


@pytest.mark.parametrize(
    ("raw", "message", "hint"),
    [
        ("", "not a number", ""),
        ("seven", "not a number", ""),
        ("1,5", "not a number", "write 1.5 with a point"),
        ("1,000", "not a number", "write 1000 without commas, or 1.000 with a point"),
        ("1,000,000", "not a number", "write 1000000 without commas"),
        ("−3", "not a number", "write -3 with a plain hyphen"),
        ("٣", "not a number", ""),
        ("10^400", "not a number", ""),
        ("9" * 201, "not a number", ""),
        ("1e400", "the number is out of all proportion", ""),
        ("1e-13", "the number is out of all proportion", ""),
        ("nan", "a number must be finite", ""),
        (".NaN", "a number must be finite", ""),
        ("-inf", "a number must be finite", ""),
        ("Infinity", "a number must be finite", ""),
        ("1/0", "division by zero", ""),
        ("1/0.0", "division by zero", ""),
        ("20 to 10", "the range is upside down", "10 to 20"),
        ("10 to 10", "the range has no width", "write 10"),
        ("10 to 20, mode 30", "the mode is outside of the range", ""),
        ("10-20", "a range is written with 'to'", "10 to 20"),
        ("10 – 20", "a range is written with 'to'", "10 to 20"),
        ("10..20", "a range is written with 'to'", "10 to 20"),
        ("10 to 20%", "percentages and plain numbers are mixed", "write % on each or on none"),
        (None, "a number is missing here", ""),
        ([1, 2], "not a number", ""),
        (True, "not a number", ""),
        ({}, "a number with a claim needs either value or values", ""),
        ({"value": 1, "values": {1: 1}}, "a number with a claim needs either value or values", ""),
        ({"vale": 1}, "unknown key 'vale' in a number", ""),
        ({"value": {"value": 1}}, "value must be a number or a range, not a mapping", ""),
        ({"value": 1, "because": {"a": 1}}, "because must be a claim or a list of claims", ""),
        ({"value": 1, "because": 3}, "because must be a claim or a list of claims", ""),
        ({"value": 1, "note": ["x"]}, "note must be text", ""),
        ({"values": {}}, "values must be a mapping from value to probability", ""),
        ({"values": [1, 2]}, "values must be a mapping from value to probability", ""),
        ({"values": {"1 to 2": 1}}, "values and their probabilities are plain numbers", ""),
        ({"values": {"1": {"2": "3"}}}, "values and their probabilities are plain numbers", ""),
        ({"values": {"1": None}}, "values and their probabilities are plain numbers", ""),
        ({"values": {"1": "1.5"}}, "the probability of 1 is 1.5", ""),
        ({"values": {"1": "-0.5", "2": "1.5"}}, "the probability of 1 is -0.5", ""),
        ({"values": {"1": "0.5", "1.0": "0.5"}}, "a value is listed twice", ""),
        ({"values": {"1": "0.5", "2": "0.4"}}, "the probabilities sum to 0.9", ""),
        ({"values": {"1%": "0.5", "2": "0.5"}}, MIXED, "write % on each or on none"),
        ({"values": {str(v): "1/1001" for v in range(1001)}}, "1,001 values", ""),
    ],
)  # fmt: skip
def test_problems(raw: Any, message: str, hint: str) -> None:
    with pytest.raises(NumberProblem) as caught:
        parse_number(raw)
    assert (caught.value.message, caught.value.hint) == (message, hint)


# ------------------------------------------------------------------------------------------- laws


def _outside(low: float, high: float, bounds: Bounds) -> float:
    """The share of a normal with this 90 % interval beyond the bounds, by SciPy."""
    law = stats.norm((low + high) / 2, (high - low) / (2 * stats.norm.ppf(0.95)))
    below = law.cdf(float(bounds.low)) if bounds.low is not None else 0.0
    return float(below + (law.sf(float(bounds.high)) if bounds.high is not None else 0.0))


@pytest.mark.parametrize(
    ("text", "bounds", "law"),
    [
        ("30 to 40", SCORE, "normal"),
        ("-30 to 40", UTILITY, "normal"),
        ("-1 to 1e9", UTILITY, "normal"),
        ("1 to 40", WEIGHT, "lognormal"),
        ("1 to 40", COST, "lognormal"),
        ("1 to 40", SCORE, "logitnormal"),
        ("60 to 99", SCORE, "logitnormal"),
        ("0 to 40", WEIGHT, "clipped"),
        ("60 to 100", SCORE, "clipped"),
        ("0 to 100", SCORE, "clipped"),
        ("2% to 30%", PROBABILITY, "logitnormal"),
        ("40% to 60%", PROBABILITY, "normal"),
        ("1 to 40, mode 3", SCORE, "pert"),
    ],
)
def test_law_by_bounds(text: str, bounds: Bounds, law: str) -> None:
    assert parse_number(text).law(bounds) == law


@given(
    st.integers(0, 9999), st.integers(1, 9999), st.sampled_from([WEIGHT, SCORE, PROBABILITY, UTILITY, COST])
)
def test_the_normal_rule_is_one_in_a_thousand(start: int, width: int, bounds: Bounds) -> None:
    scale = F(1, 10_000) * (bounds.high or 100)
    low, high = start * scale, min(start + width, 10_000) * scale
    if low >= high:
        return
    number = Number(low, high)
    outside = _outside(float(low), float(high), bounds)
    if abs(outside - 0.001) < 1e-9:
        return
    law = number.law(bounds)
    assert (law == "normal") == (outside < 0.001)
    if law != "normal":
        at_bound = low == bounds.low or high == bounds.high
        assert law == ("clipped" if at_bound else "lognormal" if bounds.high is None else "logitnormal")


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_lognormal_median(a: int, b: int) -> None:
    low, high = F(a, 100), F(a, 100) + F(b, 100)
    number = Number(low, high)
    if number.law(WEIGHT) != "lognormal":
        return
    mu = (math.log(low) + math.log(high)) / 2
    sigma = (math.log(high) - math.log(low)) / (2 * stats.norm.ppf(0.95))
    law = stats.lognorm(s=sigma, scale=math.exp(mu))
    assert law.ppf([0.05, 0.95]) == pytest.approx([float(low), float(high)])
    assert float(number.central(WEIGHT)) == pytest.approx(law.median(), abs=6e-7)
    assert low < number.central(WEIGHT) < high


@given(st.integers(1, 9998), st.integers(1, 9998))
def test_logitnormal_median(a: int, b: int) -> None:
    low, high = F(min(a, b), 100), F(max(a, b) + 1, 100)
    number = Number(low, high)
    if number.law(SCORE) != "logitnormal":
        return
    ends = special.logit(np.array([float(low), float(high)]) / 100)
    law = stats.norm(ends.mean(), (ends[1] - ends[0]) / (2 * stats.norm.ppf(0.95)))
    median = optimize.brentq(lambda x: law.cdf(special.logit(x / 100)) - 0.5, 1e-9, 100 - 1e-9, xtol=1e-12)
    assert float(number.central(SCORE)) == pytest.approx(median, abs=1e-6)
    assert low < number.central(SCORE) < high


def test_central_values() -> None:
    assert parse_number("30 to 41").central(UTILITY) == F(71, 2)
    assert parse_number("0 to 40").central(WEIGHT) == 20  # clipped: the median of the normal
    assert parse_number("10 to 40, mode 13").central(SCORE) == 13
    assert parse_number({"values": {"10": "0.3", "20": "0.7"}}).central(UTILITY) == 17
    assert parse_number({"values": {"0": "1/3", "1": "2/3"}}).central(UTILITY) == F(2, 3)
    assert parse_number("1 to 100").central(WEIGHT) == 10
    assert parse_number("10% to 90%").central(PROBABILITY) == F(1, 2)
    near = parse_number({"values": {"10": "0.333333", "20": "0.666667"}})
    assert near.central(UTILITY) == F("16.66667")


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("1e-12 to 1e-9", WEIGHT),
        ("0.0000001 to 0.000001", WEIGHT),
        ("0.99999999 to 0.999999999", PROBABILITY),
        ("0." + "9" * 20 + " to 0." + "9" * 22, PROBABILITY),
        ("1e-12 to 1e12", COST),
    ],
)
def test_a_median_stays_inside_of_its_interval(text: str, bounds: Bounds) -> None:
    number = parse_number(text)
    assert number.low < number.central(bounds) < number.high


# ------------------------------------------------------------------------------------------- spelling


@given(st.fractions(max_denominator=10**6))
def test_format_is_exact(value: F) -> None:
    assert F(format_fraction(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(F(3), "3"), (F(-1, 8), "-0.125"), (F(1, 3), "1/3"), (F(0), "0"), (F(1, 2**31), f"1/{2**31}")],
)  # fmt: skip
def test_format(value: F, text: str) -> None:
    assert format_fraction(value) == text


@pytest.mark.parametrize(
    ("raw", "data", "canonical", "short"),
    [
        ("7.50", "7.50", "7.5", "7.50"),
        ("25%", "25%", "0.25", "25%"),
        ("1.0 to  2.0", "1.0 to 2.0", "1 to 2", "1.0 to 2.0"),
        ("1 to 5, mode 2.0", "1 to 5, mode 2.0", "1 to 5, mode 2", "1 to 5, mode 2.0"),
        (
            {"value": "7.0", "because": ["a"], "note": "n"},
            {"value": "7.0", "because": "a", "note": "n"},
            {"value": "7", "because": "a", "note": "n"},
            "7.0",
        ),
        (
            {"values": {"20%": "0.70", "10%": "0.3"}, "because": ["a", "b"]},
            {"values": {"10%": "0.3", "20%": "0.7"}, "because": ["a", "b"]},
            {"values": {"0.1": "0.3", "0.2": "0.7"}, "because": ["a", "b"]},
            "10% (30%), 20% (70%)",
        ),
    ],
)
def test_written_back(raw: Any, data: Any, canonical: Any, short: str) -> None:
    number = parse_number(raw)
    assert number.to_data() == data
    assert number.to_data(canonical=True) == canonical
    assert number.short() == short
    assert parse_number(number.to_data()) == number
    assert parse_number(number.to_data(canonical=True)) == number


def test_equality_ignores_spelling() -> None:
    assert parse_number("7.50") == parse_number("15/2") == Number.point("7.5")
    assert parse_number("25%") == parse_number("0.25")
    assert parse_number("1 to 2") != parse_number("1 to 2, mode 1")


def test_bounds_in_words() -> None:
    assert SCORE.text() == "a score from 0 to 100"
    assert COST.text() == "a cost in utility points of 0 or more"
    assert UTILITY.text() == "a value in utility points"
