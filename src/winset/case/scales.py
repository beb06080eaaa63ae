"""Words for likelihoods, with the numbers that whoever published a scale gave them.

Words without more are those of ICD 203 (Office of the Director of National Intelligence 2015), either row.
With "(Kent)" they are those of Kent (1964), Words of estimative probability, Studies in Intelligence 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from winset.case.numbers import Number

__all__ = ["ICD_203", "KENT", "worded"]

#: Per cent, low and high.
ICD_203: Mapping[str, tuple[int, int]] = {
    "almost no chance": (1, 5),
    "very unlikely": (5, 20),
    "unlikely": (20, 45),
    "roughly even chance": (45, 55),
    "likely": (55, 80),
    "very likely": (80, 95),
    "almost certain": (95, 99),
    "remote": (1, 5),
    "highly improbable": (5, 20),
    "improbable": (20, 45),
    "roughly even odds": (45, 55),
    "probable": (55, 80),
    "highly probable": (80, 95),
    "nearly certain": (95, 99),
}

#: Kent gives a middle and so much either way: 93 and 6, 75 and 12, 50 and 10, 30 and 10, 7 and 5.
KENT: Mapping[str, tuple[int, int]] = {
    "almost certain (kent)": (87, 99),
    "probable (kent)": (63, 87),
    "chances about even (kent)": (40, 60),
    "probably not (kent)": (20, 40),
    "almost certainly not (kent)": (2, 12),
}


def worded(text: str) -> Number | None:
    """The range that a word of a scale stands for; it is written back as that word. None for no such word."""
    found = {**ICD_203, **KENT}.get(" ".join(text.casefold().split()))
    if found is None:
        return None
    low, high = (Fraction(n, 100) for n in found)
    return Number(low, high, percent=True, text=" ".join(text.split()))
