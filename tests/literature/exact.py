"""A case worked out by hand: every deal, in fractions, straight from the definitions.

Published answers are checked twice. Here, by listing all deals with nothing but the case file and the
model's definition, which shows that the case is coded as published; and through the public functions, which
shows that these find the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path

from winset import load, solutions
from winset.case.fields import COST, SCORE, UTILITY, WEIGHT
from winset.case.model import Case

CASES = Path(__file__).parents[2] / "cases"
LITERATURE = CASES / "literature"

Deal = tuple[str, ...]  # an option for every issue, in the order of the case


@dataclass(frozen=True)
class Exact:
    """All deals of a case at central values."""

    case: Case
    product: int  # before forbid
    utility: dict[Deal, dict[str, Fraction]]
    reservation: dict[str, Fraction]
    zone: tuple[Deal, ...]

    @classmethod
    def of(cls, name: str) -> Exact:
        """The case of that file, without its ending, from the folder of literature or from the one above."""
        path = LITERATURE / f"{name}.yaml"
        case = load(path if path.exists() else CASES / f"{name}.yaml")
        every = [*product(*(issue.options for issue in case.issues.values()))]
        named = {deal: dict(zip(case.issues, deal, strict=True)) for deal in every}
        deals = [deal for deal in every if not any(f.when.holds(named[deal]) for f in case.forbid)]
        values, reservation, crossed = {}, {}, {}
        for party in case.valued():
            prefs = case.central_preferences(party)
            raw = {i: w.central(WEIGHT) for i, w in (prefs.weights or {}).items()}
            total = sum(raw.values(), Fraction(0))
            table = {
                i: {o: s.central(SCORE) for o, s in os.items()} for i, os in (prefs.scores or {}).items()
            }
            extra = [(k.when, k.worth.central(UTILITY)) for k in prefs.linkages or ()]
            lines = [line.when for line in prefs.red_lines or ()]
            reservation[party] = prefs.no_deal.central(UTILITY) + (
                prefs.closing_cost.central(COST) if prefs.closing_cost else 0
            )
            values[party] = {
                deal: sum((w / total * table[i][named[deal][i]] for i, w in raw.items() if w), Fraction(0))
                + sum((worth for when, worth in extra if when.holds(named[deal])), Fraction(0))
                for deal in deals
            }
            crossed[party] = {deal for deal in deals if any(line.holds(named[deal]) for line in lines)}
        utility = {deal: {p: values[p][deal] for p in values} for deal in deals}
        zone = tuple(
            deal
            for deal in deals
            if case.consent.holds(
                {p for p in values if utility[deal][p] >= reservation[p] and deal not in crossed[p]}
            )
        )
        return cls(case, len(every), utility, reservation, zone)

    def gains(self, deal: Deal) -> tuple[Fraction, ...]:
        """What each party of the rule of consent gains over its reservation value."""
        return tuple(self.utility[deal][p] - self.reservation[p] for p in self.case.consent.parties())

    def most(self, value: Callable[[tuple[Fraction, ...]], object]) -> set[Deal]:
        """The deals of the zone whose gains have the largest value: all that tie."""
        worth = {deal: value(self.gains(deal)) for deal in self.zone}
        top = max(worth.values())  # type: ignore[type-var]
        return {deal for deal, v in worth.items() if v == top}

    def nash(self) -> set[Deal]:
        """The largest product of gains."""
        return self.most(_product)

    def egalitarian(self) -> set[Deal]:
        """The largest least gain, then the second least, and so on."""
        return self.most(lambda g: tuple(sorted(g)))

    def utilitarian(self) -> set[Deal]:
        """The largest sum."""
        return self.most(sum)

    def kalai_smorodinsky(self) -> set[Deal]:
        """The largest least share of what each could gain at most, then the second least, and so on."""
        best = [max(column) for column in zip(*map(self.gains, self.zone), strict=True)]
        return self.most(lambda g: tuple(sorted(x / b for x, b in zip(g, best, strict=True))))

    def frontier(self, deals: Iterable[Deal] | None = None) -> set[tuple[Fraction, ...]]:
        """The gains that no other deal matches for everybody and exceeds for somebody."""
        points = {self.gains(deal) for deal in (self.zone if deals is None else deals)}
        return {
            p
            for p in points
            if not any(q != p and all(a >= b for a, b in zip(q, p, strict=True)) for q in points)
        }

    def found(self, solution: str) -> set[Deal]:
        """What the public function finds: its deals, one for each pair of utilities that ties.

        Its gains must be those worked out here, as the nearest floating-point numbers.
        """
        views = next(s for s in solutions(self.case).solutions if s.name == solution).deals  # type: ignore[union-attr]
        deals = {tuple(view.deal.values()): view.gain for view in views}
        for deal, gain in deals.items():
            assert tuple(gain[p] for p in self.case.consent.parties()) == tuple(map(float, self.gains(deal)))
        return set(deals)

    def opposition(self) -> float:
        """How far the deal nearest to the best of both, utility 100 for each, is from it; in units of 100."""
        return min(sum(float(1 - u / 100) ** 2 for u in us.values()) ** 0.5 for us in self.utility.values())


def _product(gains: tuple[Fraction, ...]) -> Fraction:
    out = Fraction(1)
    for gain in gains:
        out *= gain
    return out
