"""What the results of all lenses are made of: deals with their values, refusals with reasons, counts."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from winset.case.model import Case
from winset.compiled import Compiled, compile_case
from winset.errors import QuestionError
from winset.kernels.count import Count

__all__ = [
    "CrossedLine",
    "DealView",
    "NotComputed",
    "Progress",
    "Quantity",
    "Refusal",
    "Result",
    "generator",
    "named_deals",
    "ready",
    "view",
    "view_cells",
]


#: Told what is being done, the steps done and the steps in all.
Progress = Callable[[str, int, int], None]


class Result:
    """Base of the results: every one is a frozen dataclass and serialises itself."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: mappings, lists, text, numbers, None."""
        out = _plain(self)
        assert isinstance(out, dict)
        return out


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


@dataclass(frozen=True, slots=True)
class NotComputed(Result):
    """An answer that was not computed, and why. Never confused with "none exists"."""

    because: str


@dataclass(frozen=True, slots=True)
class Quantity(Result):
    """A number of deals: exact (``standard_error`` None), or estimated."""

    value: int | float
    of: int  # all deals
    method: str
    standard_error: float | None = None
    low: float | None = None  # of an estimate: 95 % interval
    high: float | None = None

    @property
    def share(self) -> float:
        return float(Fraction(self.value) / self.of) if self.of else 0.0

    @property
    def exact(self) -> bool:
        return self.standard_error is None

    @classmethod
    def of_count(cls, count: Count) -> Quantity:
        return cls(count.value, count.total, count.method, count.standard_error, count.low, count.high)


@dataclass(frozen=True, slots=True)
class CrossedLine(Result):
    """A red line that a deal crosses."""

    number: int  # its place in the party's list, from 1
    when: str
    because: tuple[str, ...]  # claims
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal(Result):
    """Why a party says no to a deal."""

    party: str
    red_lines: tuple[CrossedLine, ...]
    short: float  # utility points below its reservation value; 0 when the value suffices


@dataclass(frozen=True, slots=True)
class DealView(Result):
    """A deal and what it is to everybody."""

    deal: dict[str, str]  # issue -> option
    utility: dict[str, float]  # party -> points, 0..100 (linkages may lead outside)
    gain: dict[str, float]  # party -> points over its reservation value
    refusals: tuple[Refusal, ...]  # parties with preferences that say no, whether or not their yes is needed
    in_zone: bool  # the rule of consent passes
    count: int | None = None  # deals with exactly these values for those who bargain; None when not counted
    score: float | None = None  # by the criterion that ranked it


def ready(case: Case | Compiled) -> Compiled:
    """A case or its compiled form as the compiled form."""
    return compile_case(case)


def generator(rng: int | np.random.Generator | None) -> np.random.Generator:
    """A seed or a generator as a generator."""
    return np.random.default_rng(rng)


def view(
    compiled: Compiled, deal: Mapping[str, str], *, count: int | None = None, score: float | None = None
) -> DealView:
    """A deal with every party's utility, gain and refusal.

    Raises
    ------
    QuestionError
        If ``forbid`` rules it out.
    """
    return view_cells(compiled, compiled.cells(deal), count=count, score=score)


def view_cells(
    compiled: Compiled, cells: Iterable[int], *, count: int | None = None, score: float | None = None
) -> DealView:
    """The deal that takes these cells, with every party's utility, gain and refusal."""
    cells = [int(c) for c in cells]
    deal = compiled.deal(cells)
    whole = [0] * len(compiled.parties)
    crossed = [False] * len(compiled.parties)
    for group, cell in zip(compiled.groups, cells, strict=True):
        whole = [a + b for a, b in zip(whole, group.utility[0, cell].tolist(), strict=True)]
        crossed = [a or b for a, b in zip(crossed, group.crossed[cell].tolist(), strict=True)]
    reserve = compiled.reserve[0].tolist()
    utility: dict[str, float] = {}
    gain: dict[str, float] = {}
    refusals = []
    accepting = set()
    for n, party in enumerate(compiled.parties):
        exact = compiled.utility(deal, party) if party in compiled.rounded else whole[n] * compiled.unit[n]
        over = exact - compiled.values[party].reserve
        utility[party], gain[party] = float(exact), float(over)
        if whole[n] >= reserve[n] and not crossed[n]:
            accepting.add(party)
            continue
        lines = tuple(
            CrossedLine(k, line.when.short(), line.because, line.note)
            for k, line in enumerate(compiled.preferences[party].red_lines or (), 1)
            if line.when.holds(deal)
        )
        refusals.append(Refusal(party, lines, max(0.0, -float(over))))
    return DealView(
        deal, utility, gain, tuple(refusals), compiled.case.consent.holds(accepting), count, score
    )


def named_deals(
    compiled: Compiled, deals: Sequence[str | Mapping[str, str]] | Mapping[str, str] | None
) -> dict[str, dict[str, str]]:
    """Deals of interest by name: offers of the case, or deals given as mappings; all offers by default.

    Raises
    ------
    QuestionError
        On an unknown offer, or a deal that leaves an issue open or that ``forbid`` rules out.
    """
    offers = {name: dict(offer.deal) for name, offer in compiled.case.offers.items()}
    if deals is None:
        return offers
    if isinstance(deals, str | Mapping):
        deals = [deals]
    out: dict[str, dict[str, str]] = {}
    for n, item in enumerate(deals, 1):
        if isinstance(item, str):
            if item not in offers:
                listed = ", ".join(offers) or "this case has none"
                raise QuestionError(f'there is no offer "{item}"; offers: {listed}')
            out[item] = offers[item]
            continue
        for issue, known in zip(compiled.issues, compiled.options, strict=True):
            if item.get(issue) not in known:
                raise QuestionError(
                    f"deal {n}: {issue} must be one of {', '.join(known)}, not {item.get(issue)}"
                )
        extra = [i for i in item if i not in compiled.issues]
        if extra:
            raise QuestionError(f"deal {n}: unknown issue {extra[0]}; issues: {', '.join(compiled.issues)}")
        if any(rule.when.holds(item) for rule in compiled.case.forbid):
            raise QuestionError(f"deal {n}: forbid rules it out")
        name = f"deal {n}"
        while name in out or name in offers:
            name += "'"
        out[name] = dict(item)
    return out
