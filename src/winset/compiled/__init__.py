"""Case to frozen arrays and name tables: what the kernels compute on.

Issues that a ``forbid``, a linkage or a red line ties together are merged into one group; a group's cells are
the combinations of its options that ``forbid`` leaves. A deal is one cell of each group, so utilities add up
over groups and a red line is crossed inside one group only.

Utilities are held as whole numbers of a party's own ``unit``, so that comparisons and ties are exact. With
weights ``w`` and scores ``s`` of a party, ``W u(a) = sum_i w_i s_i(a_i) + W sum worth`` is a fraction with a
small denominator when the case is written in ordinary decimals; then nothing is rounded at all. Where the
denominators do not fit (numbers with long tails), contributions are rounded to about 2e-13 of the scale and
``rounded`` says so for that party; its reservation value is lowered by the rounding error, so that a tie that
the exact numbers have is not lost.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.fields import COST, PROBABILITY, RATE, SCORE, SPAN, UTILITY, WEIGHT
from winset.case.model import Case, NoDeal, Preferences
from winset.case.rules import Rule
from winset.compiled.groups import cells_left, cells_of, crossed_cells, deal_of, frozen, holding, tied
from winset.compiled.outcomes import mean_shares
from winset.errors import QuestionError
from winset.kernels.blocks import Block
from winset.kernels.rule import Gate
from winset.kernels.rule import Rule as Circuit

__all__ = ["Compiled", "Group", "PartyValues", "circuit_of", "compile_case"]

PARTY_LIMIT = 62  # acceptances of one deal fit in one machine word
_CAP = 1 << 51  # of a utility in units: sums stay exact in float64
_RESERVE_CAP = 1 << 60  # of a reservation value in units: gains stay within int64


@dataclass(frozen=True, slots=True)
class Group:
    """Issues that are settled together."""

    issues: tuple[int, ...]  # indices of issues
    options: npt.NDArray[np.int16]  # (cell, issue of the group): index of the option
    utility: npt.NDArray[np.int64]  # (draw, cell, party)
    crossed: npt.NDArray[np.bool_]  # (cell, party)


@dataclass(frozen=True, slots=True)
class PartyValues:
    """One party's central numbers, exact."""

    weights: dict[str, Fraction]  # issue -> normalised weight, sums to 1
    scores: dict[str, dict[str, Fraction]]  # issue -> option -> 0..100
    linkages: tuple[Fraction, ...]
    no_deal: Fraction
    reserve: Fraction  # no_deal + closing cost


@dataclass(frozen=True)
class Compiled:
    """A case as arrays. Draw 0 holds the central values of all ranges; it is the only draw for now."""

    case: Case
    parties: tuple[str, ...]  # those with preferences, in the order of the case
    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]  # (issue, option)
    groups: tuple[Group, ...]
    reserve: npt.NDArray[np.int64]  # (draw, party), in units, lowered by `slip`
    slip: npt.NDArray[np.int64]  # (party,): units by which rounding may have moved a utility; 0 where exact
    unit: tuple[Fraction, ...]  # (party,): utility points per unit
    values: dict[str, PartyValues]
    rule: Circuit  # over the indices of `parties`
    rounded: tuple[str, ...]  # parties whose numbers did not fit exactly
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # answers that lenses share

    @cached_property
    def preferences(self) -> dict[str, Preferences]:
        """Each party's preferences, those of its most likely type where it has types."""
        return {p: self.case.central_preferences(p) for p in self.parties}

    @cached_property
    def common(self) -> tuple[tuple[int, ...], Fraction] | None:
        """For each party the whole number that takes its units to one unit common to all, and that unit in
        points; None where the numbers would not fit, or where some were rounded."""
        if self.rounded:
            return None
        unit = Fraction(1, math.lcm(*(u.denominator for u in self.unit)))
        factors = tuple(int(u / unit) for u in self.unit)
        reach = np.sum([np.abs(g.utility[0]).max(axis=0) for g in self.groups], axis=0)
        total = sum(
            (int(most) + abs(int(r))) * f for most, r, f in zip(reach, self.reserve[0], factors, strict=True)
        )
        return (factors, unit) if total < 1 << 62 else None

    @cached_property
    def rulers(self) -> tuple[int, ...]:
        """Indices of the parties that the rule of consent names: those who bargain."""
        named = set(self.case.consent.parties())
        return tuple(i for i, p in enumerate(self.parties) if p in named)

    @cached_property
    def points(self) -> npt.NDArray[np.float64]:
        """(party,): utility points per unit."""
        return np.array([float(u) for u in self.unit])

    @cached_property
    def reserve_points(self) -> npt.NDArray[np.float64]:
        """(party,): reservation values in utility points."""
        return np.array([float(self.values[p].reserve) for p in self.parties])

    def gains(
        self, units: npt.NDArray[np.int64], parties: Sequence[int], *, draw: int = 0
    ) -> npt.NDArray[np.int64]:
        """Gains over the reservation values in each party's units; nought where rounding may hide that.

        Parameters
        ----------
        units : (point, party of ``parties``)
            Utilities in units.
        """
        chosen = list(parties)
        slip = self.slip[chosen]
        gain: npt.NDArray[np.int64] = units - (self.reserve[draw][chosen] + slip)
        return np.where(np.abs(gain) <= slip, 0, gain) if slip.any() else gain

    def blocks(self, parties: Sequence[int] | None = None, *, draw: int = 0) -> list[Block]:
        """The groups as the kernels take them, for all or some parties."""
        columns = list(range(len(self.parties))) if parties is None else list(parties)
        return [Block(g.utility[draw][:, columns], g.crossed[:, columns]) for g in self.groups]

    def circuit(self, parties: Sequence[int]) -> Circuit:
        """The rule of consent over a selection of parties that holds all that it names."""
        place = {p: n for n, p in enumerate(parties)}
        return Circuit(
            tuple(Gate(g.threshold, tuple(place[p] for p in g.parties), g.gates) for g in self.rule.gates)
        )

    @property
    def combinations(self) -> int:
        """Deals before ``forbid``."""
        return math.prod(len(o) for o in self.options)

    @property
    def deals(self) -> int:
        """Deals that ``forbid`` leaves."""
        return math.prod(len(g.options) for g in self.groups)

    def deal(self, cells: Iterable[int]) -> dict[str, str]:
        """The deal that takes these cells, one of each group."""
        return deal_of(self.groups, self.issues, self.options, cells)

    def cells(self, deal: Mapping[str, str]) -> list[int]:
        """The cells of a deal.

        Raises
        ------
        QuestionError
            If ``forbid`` rules it out.
        """
        return cells_of(self.groups, self.issues, self.options, deal)

    def utility(self, deal: Mapping[str, str], party: str) -> Fraction:
        """A party's utility for a deal, exactly, by the definition."""
        values = self.values[party]
        total = sum(
            (w * values.scores[i][deal[i]] for i, w in values.weights.items() if w),
            Fraction(0),
        )
        prefs = self.preferences[party]
        for linkage, worth in zip(prefs.linkages or (), values.linkages, strict=True):
            if linkage.when.holds(deal):
                total += worth
        return total


def compile_case(case: Case | Compiled) -> Compiled:
    """Compile a case at the central values of its ranges.

    Raises
    ------
    QuestionError
        If ``forbid`` rules out every deal, ties too many issues into one group, or too many parties have
        preferences.
    """
    if isinstance(case, Compiled):
        return case
    parties = case.valued()
    if len(parties) > PARTY_LIMIT:
        raise QuestionError(
            f"{len(parties)} parties have preferences; at most {PARTY_LIMIT} can be handled. "
            "Put parties that value deals alike into one"
        )
    issues = tuple(case.issues)
    options = tuple(case.issues[i].options for i in issues)
    prefs = {p: case.central_preferences(p) for p in parties}
    values = {p: _values(case, p, prefs[p], issues) for p in parties}
    groups = tied(case, prefs.values(), issues, options)
    tables = [cells_left(case, group, issues, options) for group in groups]
    columns, units, reserves, slips = [], [], [], []
    for party in parties:
        contributions = [
            _contributions(case, prefs[party], values[party], group, table, issues, options)
            for group, table in zip(groups, tables, strict=True)
        ]
        whole, unit, reserve, slip = _to_units(contributions, values[party].reserve)
        columns.append(whole)
        units.append(unit)
        reserves.append(reserve - slip)
        slips.append(slip)
    crossed = [
        np.stack([crossed_cells(prefs[p], group, table, issues, options) for p in parties], axis=1)
        for group, table in zip(groups, tables, strict=True)
    ]
    return Compiled(
        case=case,
        parties=parties,
        issues=issues,
        options=options,
        groups=tuple(
            Group(
                tuple(group),
                frozen(table),
                frozen(np.stack([column[n] for column in columns], axis=1)[None]),
                frozen(crossed[n]),
            )
            for n, (group, table) in enumerate(zip(groups, tables, strict=True))
        ),
        reserve=frozen(np.array([reserves], np.int64)),
        slip=frozen(np.array(slips, np.int64)),
        unit=tuple(units),
        values=values,
        rule=circuit_of(case.consent, {p: n for n, p in enumerate(parties)}),
        rounded=tuple(p for p, slip in zip(parties, slips, strict=True) if slip),
    )


def _values(case: Case, party: str, prefs: Preferences, issues: Sequence[str]) -> PartyValues:
    raw = {
        i: (prefs.weights or {})[i].central(WEIGHT) if i in (prefs.weights or {}) else Fraction(0)
        for i in issues
    }
    total = sum(raw.values(), Fraction(0))
    weights = {i: w / total for i, w in raw.items()}
    scores = {
        i: {o: s.central(SCORE) for o, s in scores.items()}
        for i, scores in (prefs.scores or {}).items()
        if i in raw
    }
    linkages = tuple(link.worth.central(UTILITY) for link in prefs.linkages or ())
    if prefs.no_deal is not None:
        no_deal = prefs.no_deal.central(UTILITY)
    else:
        assert case.no_deal is not None
        no_deal = Fraction(0)
        for name, share in central_shares(case.no_deal).items():
            outcome = case.no_deal.outcomes[name]
            if party in outcome.values:
                worth = outcome.values[party].central(UTILITY)
            else:
                imposed = outcome.deal or {}
                worth = sum((w * scores[i][imposed[i]] for i, w in weights.items() if w), Fraction(0))
                for link, extra in zip(prefs.linkages or (), linkages, strict=True):
                    worth += extra if link.when.holds(imposed) else 0
            no_deal += share * worth
        if party in case.no_deal.cost:
            no_deal -= case.no_deal.cost[party].central(COST)
    cost = prefs.closing_cost.central(COST) if prefs.closing_cost is not None else Fraction(0)
    return PartyValues(weights, scores, linkages, no_deal, no_deal + cost)


def central_shares(lottery: NoDeal) -> dict[str, Fraction]:
    """Each outcome's share of the time up to the horizon, at central values.

    Exact without a drift; with one, to twelve decimals.
    """
    stated = {
        n: None if o.probability is None else o.probability.central(PROBABILITY)
        for n, o in lottery.outcomes.items()
    }
    if lottery.drift:
        shares = mean_shares(
            {n: None if p is None else np.array([float(p)]) for n, p in stated.items()},
            {n: np.array([float(r.number.central(RATE))]) for n, r in lottery.drift.items()},
            np.array([0.0 if lottery.horizon is None else float(lottery.horizon.number.central(SPAN))]),
        )
        stated = {n: Fraction(round(float(share[0]) * 10**12), 10**12) for n, share in shares.items()}
    left = max(Fraction(0), 1 - sum((p for p in stated.values() if p is not None), Fraction(0)))
    shares_ = {n: left if p is None else p for n, p in stated.items()}
    total = sum(shares_.values(), Fraction(0))
    return {n: p / total for n, p in shares_.items()} if total else shares_


@dataclass(frozen=True, slots=True)
class _Contribution:
    """What one group adds to a party's utility: a table lookup for each term, to be summed over terms."""

    cells: int
    terms: tuple[tuple[npt.NDArray[np.intp], tuple[Fraction, ...]], ...]  # (index per cell, values)


def _contributions(
    case: Case,
    prefs: Preferences,
    values: PartyValues,
    group: Sequence[int],
    table: npt.NDArray[np.int16],
    issues: Sequence[str],
    options: Sequence[Sequence[str]],
) -> _Contribution:
    terms = []
    for k, n in enumerate(group):
        weight = values.weights[issues[n]]
        if weight:
            scores = values.scores[issues[n]]
            terms.append((table[:, k].astype(np.intp), tuple(weight * scores[o] for o in options[n])))
    for linkage, worth in zip(prefs.linkages or (), values.linkages, strict=True):
        if set(linkage.when.issues()) <= {issues[n] for n in group}:
            hit = np.zeros(len(table), np.bool_)
            for clause in linkage.when.clauses:
                hit |= holding(clause, group, table, issues, options)
            terms.append((hit.astype(np.intp), (Fraction(0), worth)))
    return _Contribution(len(table), tuple(terms))


def _to_units(
    contributions: Sequence[_Contribution], reserve: Fraction
) -> tuple[list[npt.NDArray[np.int64]], Fraction, int, int]:
    """Utility points to whole units: exactly where the common denominator allows it, else rounded.

    Returns the utilities of each group's cells, the unit, the reservation value in units, and the most units
    by which a deal that is worth exactly the reservation value may seem to miss it (0 when exact).
    """
    every = list(itertools.chain.from_iterable(v for c in contributions for _, v in c.terms))
    size = sum((max(map(abs, v)) for c in contributions for _, v in c.terms), Fraction(0)) or Fraction(1)
    finest = min(_CAP / size, _RESERVE_CAP / abs(reserve) if reserve else Fraction(_CAP))  # units in a point
    denominator = 1
    for value in (*every, reserve):
        denominator = math.lcm(denominator, value.denominator)
        if denominator > finest:
            break
    if denominator <= finest:
        whole = [
            [int(value * denominator) for value in values] for c in contributions for _, values in c.terms
        ]
        floor = int(reserve * denominator)
        divisor = math.gcd(floor, *(v for values in whole for v in values)) or 1
        tables = _tables(contributions, [[v // divisor for v in values] for values in whole])
        return tables, Fraction(divisor, denominator), floor // divisor, 0
    unit = Fraction(2) ** -math.floor(math.log2(finest))
    whole = [[round(value / unit) for value in values] for c in contributions for _, values in c.terms]
    slack = len(whole) // 2 + 1  # each term is off by at most half a unit
    return _tables(contributions, whole), unit, math.ceil(reserve / unit), slack


def _tables(contributions: Sequence[_Contribution], whole: list[list[int]]) -> list[npt.NDArray[np.int64]]:
    out, at = [], 0
    for c in contributions:
        total = np.zeros(c.cells, np.int64)
        for index, _ in c.terms:
            total += np.array(whole[at], np.int64)[index]
            at += 1
        out.append(total)
    return out


def circuit_of(consent: Rule, place: Mapping[str, int]) -> Circuit:
    """A rule of consent over numbered parties, as the kernels take it."""
    gates: list[Gate] = []

    def add(rule: Rule) -> int:
        parties = tuple(place[m.party] for m in rule.members if m.party is not None)
        inner = tuple(add(m) for m in rule.members if m.party is None)
        gates.append(Gate(rule.threshold, parties, inner))
        return len(gates) - 1

    if consent.party is not None:
        gates.append(Gate(1, (place[consent.party],)))
    else:
        add(consent)
    return Circuit(tuple(gates))
