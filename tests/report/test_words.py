"""Rounding and words."""

from __future__ import annotations

import pytest

from winset.lenses import Quantity
from winset.report.words import (
    amount,
    and_list,
    capital,
    count,
    cut,
    decimals,
    gain,
    likelihood,
    plain,
    points,
    q,
    quantity,
    share,
    split,
)


@pytest.mark.parametrize(
    ("value", "fine", "text"),
    [
        (7.46, False, "+7"),
        (-5.1, False, "−5"),
        (0.3, False, "+<1"),
        (-0.3, False, "−<1"),
        (0.0, False, "0"),
        (7.46, True, "+7.5"),
        (7.0, True, "+7"),
        (0.01, True, "+<0.1"),
        (1e-13, False, "0"),
    ],
)
def test_gain(value: float, fine: bool, text: str) -> None:
    assert gain(value, fine) == text


def test_points() -> None:
    assert points(1.2) == "1 point"
    assert points(0.2) == "less than 1 point"
    assert points(12.6) == "13 points"
    assert amount(66.5, fine=True) == "66.5"


def test_counts() -> None:
    assert count(948) == "948"
    assert count(1_000_000) == "1,000,000"
    assert count(10**12) == "1.00 × 10¹²"
    assert count(999_999_999_999) == "1.00 × 10¹²"


def test_shares_never_round_to_none_or_all() -> None:
    assert share(Quantity(1, 1000, "x")) == "<1%"
    assert share(Quantity(999, 1000, "x")) == ">99%"
    assert share(Quantity(0, 1000, "x")) == "0%"
    assert share(Quantity(1000, 1000, "x")) == "100%"
    assert share(Quantity(0, 0, "x")) == "–"


def test_an_estimate_says_so() -> None:
    text = quantity(Quantity(500, 1000, "x", 10.0, 480.0, 520.0))
    assert text == "about 500 of 1,000 deals (50%; estimated, 95% interval 480 to 520)"


def test_words_of_the_case_are_set_apart() -> None:
    text = q("a\u202eb") + " and " + q("c\x07 d")
    assert list(split(text)) == [("ab", True), (" and ", False), ("c d", True)]
    assert plain(text) == "ab and c d"


def test_lists() -> None:
    assert and_list([]) == ""
    assert and_list(["a"]) == "a"
    assert and_list(["a", "b"], "or") == "a or b"
    assert and_list(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0, "0%"),
        (0.004, "less than 1%"),
        (0.01, "almost no chance (1–5%)"),
        (0.05, "very unlikely (5–20%)"),
        (0.2, "unlikely (20–45%)"),
        (0.25, "unlikely (20–45%)"),
        (0.45, "roughly even chance (45–55%)"),
        (0.55, "roughly even chance (45–55%)"),
        (0.551, "likely (55–80%)"),
        (0.8, "likely (55–80%)"),
        (1 - 0.05, "very likely (80–95%)"),
        (0.96, "almost certain (95–99%)"),
        (0.99, "almost certain (95–99%)"),
        (0.999, "more than 99%"),
        (1, "100%"),
    ],
)
def test_likelihood_words_of_icd_203(p: float, text: str) -> None:
    assert likelihood(p) == text


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
def test_no_words_for_what_is_no_probability(p: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        likelihood(p)


@pytest.mark.parametrize(("width", "digits"), [(4.1, 0), (3.0, 0), (1.5, 1), (0.1, 1), (0.05, 2), (0.0, 2)])
def test_digits_are_no_finer_than_the_interval(width: float, digits: int) -> None:
    assert decimals(width) == digits


def test_labels_are_cut_and_begin_with_a_capital() -> None:
    assert cut("twelve words", 12) == "twelve words"
    assert cut("twelve words", 8) == "twelve …"
    assert capital("the war") == "The war"
    assert capital("") == ""
