"""Probabilities, one of which may be the rest: whether they make 1 together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from winset.case.fields import PROBABILITY
from winset.case.numbers import Number
from winset.case.text import Path, listing

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_shares"]


def check_shares(
    reader: Reader, path: Path, key: str, kind: str, shares: Mapping[str, tuple[Number | None, bool]]
) -> None:
    """Probabilities, one of which may be the rest, that must make 1 together."""
    plural = "priors" if key == "prior" else "probabilities"
    rest = [n for n, (_, left) in shares.items() if left]
    for name, (number, left) in shares.items():
        if left and number is not None:
            reader.faults.add(
                (*path, name), f"either {key} or rest, not both", allowed=f"{key}: 40%, or rest: true"
            )
        if not left and number is None:
            reader.faults.add(
                (*path, name), f"the key {key} is missing", allowed=f"{key}: 40%, or rest: true"
            )
    if len(rest) > 1:
        reader.faults.add(
            path, f"more than one {kind} takes the rest", value=listing(rest), allowed="at most one"
        )
    stated = [number for number, _ in shares.values() if number is not None]
    if len(stated) < len(shares) - len(rest):
        return
    low, high = sum(p.low for p in stated), sum(p.high for p in stated)
    slack = Fraction(1, 10**6)
    middle = sum(p.central(PROBABILITY) for p in stated)
    if rest and low > 1 + slack:
        reader.faults.add(path, f"the {plural} sum to {float(low):g} or more", allowed="at most 1")
    elif rest and middle > 1 + slack:
        reader.faults.add(
            path,
            f"the {plural} sum to {float(middle):.3g} in the middle of their ranges, which leaves less than "
            "nothing as the rest",
            allowed="at most 1",
        )
    if not rest and not (low - slack <= 1 <= high + slack):
        total = f"{float(low):g}" if low == high else f"between {float(low):g} and {float(high):g}"
        reader.faults.add(
            path,
            f"the {plural} sum to {total}",
            allowed=f"{plural} that sum to 1",
            hint=f"let one {kind} take rest: true",
        )
