"""Numbers and names as a reader meets them: rounding, counts, lists, and words of the case set apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from winset.case.rules import Match
from winset.lenses import NotComputed, Quantity

__all__ = [
    "amount",
    "and_list",
    "capital",
    "count",
    "cut",
    "decimals",
    "gain",
    "issue_words",
    "likelihood",
    "match_words",
    "odds_of",
    "plain",
    "points",
    "q",
    "quantity",
    "share",
    "split",
    "times",
]

OPEN, CLOSE = "\u2068", "\u2069"  # first strong isolate, and its end
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def q(text: object) -> str:
    """Words of the case, set apart; control characters and marks of direction are dropped."""
    words = str(text)
    if not words.isprintable():
        words = _DIRECTION.sub("", words)
        words = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in words)
    return f"{OPEN}{' '.join(words.split())}{CLOSE}"


def plain(text: str) -> str:
    """Without the marks of ``q``."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def capital(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def cut(text: str, most: int) -> str:
    """No longer than a label may be."""
    return text if len(text) <= most else text[: most - 1] + "…"


def decimals(width: float) -> int:
    """Digits after the point that a number deserves whose interval is so wide."""
    return 0 if width >= 3 else 1 if width >= 0.1 else 2


def split(text: str) -> Iterable[tuple[str, bool]]:
    """Pieces of a text, and whether they are words of the case."""
    for piece in re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", text):
        if piece:
            yield plain(piece), piece.startswith(OPEN)


def issue_words(issue: str) -> str:
    """An issue's id as words."""
    return issue.replace("_", " ")


def match_words(match: Match) -> str:
    """A condition on deals, set apart."""
    clauses = []
    for clause in match.clauses:
        parts = [f"{issue_words(issue)}: {' or '.join(options)}" for issue, options in clause]
        clauses.append(" and ".join(parts))
    return q("; or ".join(clauses))


def and_list(items: Iterable[str], word: str = "and") -> str:
    every = list(items)
    if len(every) < 3:
        return f" {word} ".join(every)
    return ", ".join(every[:-1]) + f" {word} " + every[-1]


def amount(value: float | Fraction, fine: bool = False) -> str:
    """Utility points without a sign: whole ones, or to a tenth where no number is a range."""
    x = abs(float(value))
    if fine:
        if 0 < x < 0.05:
            return "<0.1"
        text = f"{x:.1f}"
        return text.removesuffix(".0")
    return "<1" if 1e-9 < x < 0.5 else str(round(x))


def points(value: float | Fraction, fine: bool = False) -> str:
    """The same with the word."""
    text = amount(value, fine)
    text = text.replace("<", "less than ")
    return f"{text} point" if text in ("1", "less than 1") else f"{text} points"


def gain(value: float, fine: bool = False) -> str:
    """Signed: + over no deal, − short of it."""
    text = amount(value, fine)
    if text == "0":
        return "0"
    return ("+" if value > 0 else "−") + text


def count(value: float) -> str:
    """A number of things."""
    whole = round(value)
    if abs(whole) < 10**9:
        return f"{whole:,}"
    digits, power = f"{Decimal(whole):.2e}".split("e+")
    return f"{digits} × 10{str(int(power)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def share(value: Quantity) -> str:
    """A share in whole per cent."""
    if not value.of:
        return "–"
    part = value.share
    if value.exact and value.value == 0:
        return "0%"
    if value.exact and value.value == value.of:
        return "100%"
    if part < 0.01:
        return "<1%"
    return ">99%" if part > 0.99 else f"{part:.0%}"


def quantity(value: Quantity | NotComputed) -> str:
    """A number of deals with its share; an estimate says so."""
    if isinstance(value, NotComputed):
        return f"not computed: {value.because}"
    if value.exact:
        return f"{count(value.value)} of {count(value.of)} deals ({share(value)})"
    low, high = value.low, value.high
    between = "" if low is None or high is None else f", 95% interval {count(low)} to {count(high)}"
    return f"about {count(value.value)} of {count(value.of)} deals ({share(value)}; estimated{between})"


def times(value: int, noun: str, plural: str | None = None) -> str:
    return f"{count(value)} {noun if value == 1 else plural or noun + 's'}"


#: The bands of ICD 203 (Office of the Director of National Intelligence 2015), with their ends in per cent.
_LIKELIHOOD = (
    (1, 5, "almost no chance"),
    (5, 20, "very unlikely"),
    (20, 45, "unlikely"),
    (45, 55, "roughly even chance"),
    (55, 80, "likely"),
    (80, 95, "very likely"),
    (95, 99, "almost certain"),
)


def likelihood(p: float) -> str:
    """A probability in the words of ICD 203, with the numbers of its band.

    On the border of two bands it takes the less extreme word. Below 1% and above 99% the scale has no words,
    and the numbers stand alone.
    """
    per_cent = round(100 * p, 9)
    if not 0 <= per_cent <= 100:
        raise ValueError(f"a probability is from 0 to 1, not {p}")
    if per_cent < 1:
        return "less than 1%" if per_cent else "0%"
    if per_cent > 99:
        return "more than 99%" if per_cent < 100 else "100%"
    bands = [band for band in _LIKELIHOOD if band[0] <= per_cent <= band[1]]
    low, high, words = min(bands, key=lambda band: abs(band[0] + band[1] - 100))
    return f"{words} ({low}–{high}%)"


def odds_of(p: float) -> str:
    """A known probability with its word and band, and its number where the word does not say it."""
    words = likelihood(p)
    return f"{words}, at {100 * p:.0f}%" if "(" in words else words
