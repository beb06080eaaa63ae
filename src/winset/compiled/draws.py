"""A case with all its unknowns: joint samples of every range and hidden type, and the arrays they make.

Three steps, each of use alone. ``Sampler`` (``winset.compiled.sampling``) gives every unknown its standard
normal score in every draw, with the correlations of the case. ``Uncertain.values`` turns scores into numbers
by the law of each range (``winset.compiled.laws``). ``Uncertain.draws`` turns rows of numbers, wherever they
come from, into utilities, red lines and reservation values, which the kernels take.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from winset.case.fields import COST, PROBABILITY, RATE, SCORE, SPAN, UTILITY, WEIGHT
from winset.case.model import Case, Preferences, merged
from winset.case.numbers import Bounds, Number
from winset.compiled import Compiled, compile_case
from winset.compiled.groups import cells_left, cells_of, crossed_cells, deal_of, frozen, holding, tied
from winset.compiled.laws import Input, quantile
from winset.compiled.outcomes import mean_shares
from winset.kernels.belief import posterior
from winset.kernels.rule import Rule as Circuit

if TYPE_CHECKING:
    from winset.case.evidence import Factor
    from winset.case.model import NoDeal

__all__ = ["APART", "TIE", "Cells", "Draws", "Uncertain", "reaches", "uncertain"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Blocks of a case whose unknowns are drawn only for the lenses that ask for them.
APART = ("stages", "talks", "conflict", "war", "threats", "concessions", "guarantees", "durability")


@dataclass(frozen=True, slots=True)
class Cells:
    """Issues that are settled together: a deal takes one cell of each group."""

    issues: tuple[int, ...]
    options: npt.NDArray[np.int16]  # (cell, issue of the group)


@dataclass(frozen=True, slots=True)
class Draws:
    """Some draws of everything, ready for the kernels. Utility points, not exact units."""

    model: Uncertain
    first: int  # number of the first draw
    values: Floats  # (draw, input)
    kind: npt.NDArray[np.int8]  # (party, draw): index of the party's type, 0 where it has none
    utility: tuple[Floats, ...]  # per group (party, cell, draw)
    no_deal: Floats  # (party, draw)
    reserve: Floats  # (party, draw): no_deal + closing cost

    @property
    def count(self) -> int:
        return int(self.reserve.shape[1])

    def tables(self, parties: Sequence[int] | None = None) -> list[Floats]:
        """Per group (party, cell, draw): utilities, minus infinity where a red line is crossed.

        A sum over groups ``reaches`` the reservation value exactly when the party accepts.
        """
        chosen = range(len(self.model.parties)) if parties is None else parties
        out = []
        for g, utility in enumerate(self.utility):
            table = utility[list(chosen)]
            for row, p in zip(table, chosen, strict=True):
                kinds = self.model.lines[self.model.parties[p]]
                always = np.logical_and.reduce([lines[g] for lines in kinds])
                row[always] = -np.inf
                for k, lines in enumerate(kinds):
                    some = np.flatnonzero(lines[g] & ~always)
                    if len(some):
                        row[np.ix_(some, np.flatnonzero(self.kind[p] == k))] = -np.inf
            out.append(table)
        return out

    def of(self, cells: Sequence[int]) -> tuple[Floats, Bools]:
        """Utility (party, draw) of the deal with these cells, and whether each party accepts it."""
        total = np.sum([u[:, c] for u, c in zip(self.utility, cells, strict=True)], axis=0)
        return total, reaches(total, self.reserve) & ~self.crossed(cells)

    def crossed(self, cells: Sequence[int]) -> Bools:
        """(party, draw): whether the deal with these cells crosses a red line of the party."""
        out = np.zeros(self.reserve.shape, np.bool_)
        for p, party in enumerate(self.model.parties):
            kinds = self.model.lines[party]
            hit = np.array([any(lines[g][c] for g, c in enumerate(cells)) for lines in kinds])
            out[p] = hit[self.kind[p]]
        return out


#: Utilities and reservation values within this many points of each other count as equal in a draw.
TIE = 1e-9
_FINE = 2.0**36  # terms of utilities are whole multiples of its inverse


def reaches(utility: Floats, reserve: Floats) -> Bools:
    """Whether utilities reach reservation values, up to rounding of floating-point sums."""
    out: Bools = utility >= reserve - TIE
    return out


@dataclass(frozen=True)
class Uncertain:
    """A case with all its unknowns."""

    case: Case
    central: Compiled
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    groups: tuple[Cells, ...]  # tied by anything that any type of a party says
    rule: Circuit
    inputs: tuple[Input, ...]
    types: dict[str, tuple[str, ...]]  # party -> its types
    order: tuple[str, ...] = ()  # paths of all versions of the case that share a Sobol sequence
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # answers that lenses share

    @cached_property
    def _fixed(self) -> dict[str, float]:
        """Path of a number that is no range to its value; filled as they are met."""
        return {}

    @cached_property
    def index(self) -> dict[str, int]:
        """Path to column of ``values``."""
        return {item.path: n for n, item in enumerate(self.inputs)}

    @property
    def deals(self) -> int:
        return math.prod(len(g.options) for g in self.groups)

    @property
    def cell_count(self) -> int:
        """Cells of all groups together."""
        return sum(len(g.options) for g in self.groups)

    @cached_property
    def rulers(self) -> tuple[int, ...]:
        """Indices of the parties that the rule of consent names."""
        return self.central.rulers

    def deal(self, cells: Sequence[int]) -> dict[str, str]:
        """The deal that takes these cells, one of each group."""
        return deal_of(self.groups, self.issues, self.options, cells)

    def number(self, n: int) -> dict[str, str]:
        """The n-th deal; the last group varies fastest."""
        return self.deal([int(c) for c in np.unravel_index(n, [len(g.options) for g in self.groups])])

    def cells(self, deal: Mapping[str, str]) -> list[int]:
        """The cells of a deal.

        Raises
        ------
        QuestionError
            If ``forbid`` rules it out.
        """
        return cells_of(self.groups, self.issues, self.options, deal)

    def position(self, deal: Mapping[str, str]) -> int:
        """The number of a deal, the inverse of ``number``."""
        shape = [len(g.options) for g in self.groups]
        return int(np.ravel_multi_index(tuple(self.cells(deal)), shape))

    def warm(self) -> None:
        """Make what all draws share, before several threads ask for it."""
        _ = self.index, self.lines, self._designs, self.factors

    def only(self, deals: Sequence[Mapping[str, str]]) -> Uncertain:
        """The same case with these deals and no others: one group, with a cell for each."""
        rows = [
            [options.index(deal[issue]) for issue, options in zip(self.issues, self.options, strict=True)]
            for deal in deals
        ]
        group = Cells(tuple(range(len(self.issues))), frozen(np.array(rows, np.int16)))
        return replace(self, groups=(group,), memo={})

    # ------------------------------------------------------------------------------------ scores to numbers

    def values(self, scores: Floats) -> Floats:
        """Numbers from standard normal scores, each by the law of its range.

        Parameters
        ----------
        scores : float64 (draw, input)

        Returns
        -------
        float64 (draw, input)
            In the unit of each quantity; for a type the level from 0 to 1 that picks it (see ``kinds``).
        """
        out = np.empty_like(scores)
        for n, item in enumerate(self.inputs):
            out[:, n] = quantile(item, scores[:, n])
        return out

    def middle(self) -> Floats:
        """(input,): the central value of every range, and for each type-holder the level of its most likely
        type."""
        out = np.empty(len(self.inputs))
        for n, item in enumerate(self.inputs):
            out[n] = math.nan if item.number is None else float(item.number.central(item.bounds))
        for n, item in enumerate(self.inputs):
            if item.law == "type":
                chances = self.chances(item.party, out[None])[0]
                best = item.options.index(self.case.central_type(item.party) or item.options[0])
                out[n] = float(chances[:best].sum() + chances[best] / 2)
        return out

    def chances(self, party: str, values: Floats) -> Floats:
        """(draw, type): the probabilities of a party's types given the evidence, in every draw by Bayes' rule
        from the priors and likelihoods of that draw."""
        priors = self.priors(party, values)
        factors = self.factors.get(party, ())
        if not factors:
            return priors
        return posterior(priors, np.stack([self.likelihoods(party, f, values) for f in factors]))

    @cached_property
    def factors(self) -> dict[str, tuple[Factor, ...]]:
        """Party -> the evidence that counts towards its types."""
        return {party: self.case.factors(party) for party in self.types}

    def likelihoods(self, party: str, factor: Factor, values: Floats) -> Floats:
        """(draw, type): how likely a piece of evidence was for each type of a party."""
        out = np.empty((len(values), len(self.types[party])))
        for k, kind in enumerate(self.types[party]):
            place = f"{factor.path}.likelihoods.{kind}"
            out[:, k] = self._number(factor.likelihoods[kind], PROBABILITY, place, values)
        return out

    def priors(self, party: str, values: Floats) -> Floats:
        """(draw, type): the probabilities of a party's types before any evidence; they sum to 1."""
        types = self.case.preferences[party].types
        out = np.zeros((len(values), len(types)))
        rest = None
        for k, (name, kind) in enumerate(types.items()):
            if kind.prior is None:
                rest = k if kind.rest else rest
            else:
                out[:, k] = self._number(kind.prior, PROBABILITY, f"{party}.types.{name}.prior", values)
        if rest is not None:
            out[:, rest] = np.maximum(0.0, 1.0 - out.sum(axis=1))
        total = out.sum(axis=1, keepdims=True)
        shares: Floats = np.divide(out, total, out=np.full_like(out, 1 / out.shape[1]), where=total > 0)
        return shares

    def kinds(self, values: Floats) -> npt.NDArray[np.int8]:
        """(party, draw): the type that each party is."""
        out = np.zeros((len(self.parties), len(values)), np.int8)
        for p, party in enumerate(self.parties):
            if party in self.types:
                upto = np.cumsum(self.chances(party, values), axis=1)[:, :-1]
                level = values[:, self.index[f"{party}.type"]]
                out[p] = (level[:, None] >= upto).sum(axis=1)
        return out

    # ---------------------------------------------------------------------------------- numbers to arrays

    def draws(
        self,
        values: Floats,
        *,
        first: int = 0,
        kinds: npt.NDArray[np.int8] | None = None,
        parties: Sequence[int] | None = None,
    ) -> Draws:
        """Utilities, red lines and reservation values of rows of numbers.

        Every term of a utility is rounded to 2**-36 points, and so is every reservation value. So sums of
        terms and gains are exact, and the same in any order and on any number of cores.

        Parameters
        ----------
        values : float64 (draw, input)
            From ``values``, or made by hand: to hold one unknown fixed, fill its column.
        kinds : int8 (party, draw), optional
            Types to use in place of those that the values pick.
        parties
            Indices of the parties to work out; the rest is left at 0. All by default.
        """
        kind = self.kinds(values) if kinds is None else kinds
        chosen = range(len(self.parties)) if parties is None else parties
        utility, no_deal, reserve = self._worked(values, kind, chosen, None)
        return Draws(self, first, values, kind, utility, no_deal, reserve)

    def gains(
        self,
        values: Floats,
        deals: npt.NDArray[np.intp],
        *,
        kinds: npt.NDArray[np.int8] | None = None,
        parties: Sequence[int] | None = None,
    ) -> Floats:
        """(party, deal, draw): utility less reservation value at some deals only, given by their numbers."""
        kind = self.kinds(values) if kinds is None else kinds
        chosen = range(len(self.parties)) if parties is None else parties
        cells = np.unravel_index(deals, [len(g.options) for g in self.groups])
        utility, _, reserve = self._worked(values, kind, chosen, cells)
        out: Floats = np.sum(utility, axis=0) - reserve[:, None]
        return out

    def _worked(
        self,
        values: Floats,
        kind: npt.NDArray[np.int8],
        chosen: Sequence[int],
        cells: Sequence[npt.NDArray[np.intp]] | None,
    ) -> tuple[tuple[Floats, ...], Floats, Floats]:
        """Per group (party, cell, draw) utilities, of all its cells or of some; no-deal and reservation
        values (party, draw)."""
        many, every = len(values), len(self.parties)
        sizes = [len(g.options) for g in self.groups] if cells is None else [len(c) for c in cells]
        utility = [np.zeros((every, size, many)) for size in sizes]
        no_deal, reserve = np.zeros((every, many)), np.zeros((every, many))
        for p in chosen:
            party = self.parties[p]
            terms = self._terms(party, kind[p], values)
            for g, (columns, design) in enumerate(self._designs[party]):
                if len(columns):
                    rows = design if cells is None else design[cells[g]]
                    np.matmul(rows, terms[columns], out=utility[g][p])
            for k, (path, prefs) in enumerate(self._kinds[party]):
                if prefs.no_deal is not None:
                    worth = self._number(prefs.no_deal, UTILITY, path["no_deal"], values)
                else:
                    assert self.case.no_deal is not None
                    worth = self._lottery(self.case.no_deal, p, k, terms, values)
                least = worth
                if prefs.closing_cost is not None:
                    least = worth + self._number(prefs.closing_cost, COST, path["closing_cost"], values)
                here = kind[p] == k
                no_deal[p] = np.where(here, worth, no_deal[p])
                reserve[p] = np.where(here, np.rint(least * _FINE) / _FINE, reserve[p])
        return tuple(utility), no_deal, reserve

    def written(self, party: str, kind: int) -> tuple[Written, Preferences]:
        """The preferences of one type of a party, and where each number of theirs is written."""
        return self._kinds[party][kind]

    @cached_property
    def _kinds(self) -> dict[str, list[tuple[Written, Preferences]]]:
        """Party -> each of its types' preferences, with where each number is written."""
        out = {}
        for party in self.parties:
            base = self.case.preferences[party]
            out[party] = [
                (Written(party, base, name), merged(base, kind)) for name, kind in base.types.items()
            ] or [(Written(party, base, None), base)]
        return out

    @cached_property
    def lines(self) -> dict[str, list[list[Bools]]]:
        """Party -> type -> group -> (cell,): whether a red line of that type is crossed."""
        return {
            party: [
                [crossed_cells(prefs, g.issues, g.options, self.issues, self.options) for g in self.groups]
                for _, prefs in kinds
            ]
            for party, kinds in self._kinds.items()
        }

    @cached_property
    def _named(self) -> dict[str, list[tuple[int, str, str] | tuple[int, int]]]:
        """Party -> its terms: (-1, issue, option) for each option; (type, number) for each linkage."""
        out: dict[str, list[tuple[int, str, str] | tuple[int, int]]] = {}
        for party, kinds in self._kinds.items():
            terms: list[tuple[int, str, str] | tuple[int, int]] = [
                (-1, issue, option)
                for issue, options in zip(self.issues, self.options, strict=True)
                if any(w.high > 0 for _, prefs in kinds if (w := (prefs.weights or {}).get(issue)))
                for option in options
            ]
            for k, (_, prefs) in enumerate(kinds):
                shared = k > 0 and prefs.linkages is kinds[0][1].linkages
                if not shared:
                    terms += [(k, n) for n in range(len(prefs.linkages or ()))]
            out[party] = terms
        return out

    @cached_property
    def _designs(self) -> dict[str, list[tuple[npt.NDArray[np.intp], Floats]]]:
        """Party -> group -> the party's terms that the group settles, and (cell, term): 1 where it counts."""
        out = {}
        for party, terms in self._named.items():
            designs = []
            for group in self.groups:
                place = {self.issues[n]: k for k, n in enumerate(group.issues)}
                columns, rows = [], []
                for t, term in enumerate(terms):
                    hit = None
                    if len(term) == 3:
                        if term[1] in place:
                            k = place[term[1]]
                            hit = group.options[:, k] == self.options[group.issues[k]].index(term[2])
                    else:
                        when = (self._kinds[party][term[0]][1].linkages or ())[term[1]].when
                        if set(when.issues()) <= set(place):
                            hit = np.zeros(len(group.options), np.bool_)
                            for clause in when.clauses:
                                hit |= holding(clause, group.issues, group.options, self.issues, self.options)
                    if hit is not None:
                        columns.append(t)
                        rows.append(hit)
                matrix = np.array(rows, np.float64).T if rows else np.zeros((len(group.options), 0))
                designs.append((np.array(columns, np.intp), np.ascontiguousarray(matrix)))
            out[party] = designs
        return out

    def _terms(self, party: str, kind: npt.NDArray[np.int8], values: Floats) -> Floats:
        """(term, draw): what each option and each linkage is worth to a party of the type that it is."""
        terms = self._named[party]
        out = np.zeros((len(terms), len(values)))
        weights = [self._weights(prefs, path, values) for path, prefs in self._kinds[party]]
        for t, term in enumerate(terms):
            for k, (path, prefs) in enumerate(self._kinds[party]):
                worth: Floats | None = None
                if len(term) == 3:
                    _, issue, option = term
                    if issue in weights[k]:
                        score = (prefs.scores or {})[issue][option]
                        drawn = self._number(score, SCORE, path[f"scores.{issue}.{option}"], values)
                        worth = weights[k][issue] * drawn
                elif prefs.linkages is self._kinds[party][term[0]][1].linkages:
                    linkage = (prefs.linkages or ())[term[1]]
                    worth = self._number(linkage.worth, UTILITY, path[f"linkages.{term[1] + 1}"], values)
                if worth is not None:
                    out[t] = worth if len(weights) == 1 else np.where(kind == k, worth, out[t])
        fine: Floats = np.rint(out * _FINE) / _FINE
        return fine

    def _number(self, number: Number, bounds: Bounds, path: str, values: Floats) -> Floats:
        """(draw,): a number of the case in every draw."""
        column = self.index.get(path)
        if column is not None:
            out: Floats = values[:, column]
            return out
        if path not in self._fixed:
            self._fixed[path] = float(number.central(bounds))
        return np.full(len(values), self._fixed[path])

    def _weights(self, prefs: Preferences, path: Written, values: Floats) -> dict[str, Floats]:
        """Issue -> (draw,): weights that sum to 1."""
        raw = {
            issue: self._number(weight, WEIGHT, path[f"weights.{issue}"], values)
            for issue, weight in (prefs.weights or {}).items()
            if weight.high > 0
        }
        total = np.sum([raw[i] for i in self.issues if i in raw], axis=0)
        none = total <= 0  # ranges that touch 0 may all be there at once; then the central ones stand in
        if none.any():
            central = {i: float(weight.central(WEIGHT)) for i, weight in (prefs.weights or {}).items()}
            raw = {issue: np.where(none, central[issue], weight) for issue, weight in raw.items()}
            total = np.sum([raw[i] for i in self.issues if i in raw], axis=0)
        return {issue: weight / total for issue, weight in raw.items()}

    def _lottery(self, lottery: NoDeal, p: int, k: int, terms: Floats, values: Floats) -> Floats:
        """(draw,): a party's no-deal value from what happens without a deal (see ``NoDeal``); right in the
        draws in which the party is of type ``k``."""
        party = self.parties[p]
        linkages = self._kinds[party][k][1].linkages or ()
        shares = self._shares(lottery, values)
        total = np.zeros(len(values))
        for name, outcome in lottery.outcomes.items():
            if party in outcome.values:
                place = f"no_deal.outcomes.{name}.values.{party}"
                worth = self._number(outcome.values[party], UTILITY, place, values)
            else:
                imposed = outcome.deal or {}
                worth = np.zeros(len(values))
                for t, term in enumerate(self._named[party]):
                    if len(term) == 3:
                        counts = imposed[term[1]] == term[2]
                    else:
                        mine = self._kinds[party][term[0]][1].linkages or ()
                        counts = mine is linkages and mine[term[1]].when.holds(imposed)
                    if counts:
                        worth = worth + terms[t]
            total += shares[name] * worth
        if party in lottery.cost:
            total -= self._number(lottery.cost[party], COST, f"no_deal.cost.{party}", values)
        return total

    def _shares(self, lottery: NoDeal, values: Floats) -> dict[str, Floats]:
        """Outcome -> (draw,): its share of the time up to the horizon."""
        start: dict[str, Floats | None] = {}
        for name, outcome in lottery.outcomes.items():
            chance, place = outcome.probability, f"no_deal.outcomes.{name}.probability"
            start[name] = None if chance is None else self._number(chance, PROBABILITY, place, values)
        drift = {
            name: self._number(rate.number, RATE, f"no_deal.drift.{name}", values)
            for name, rate in lottery.drift.items()
        }
        horizon = np.zeros(len(values))
        if lottery.horizon is not None:
            horizon = self._number(lottery.horizon.number, SPAN, "no_deal.horizon", values)
        return mean_shares(start, drift, horizon)


class Written:
    """Where each number of a party's type is written: in the type, or in the party's own block."""

    def __init__(self, party: str, base: Preferences, kind: str | None) -> None:
        self.party, self.kind = party, kind
        self.own = None if kind is None else base.types[kind]

    def __getitem__(self, key: str) -> str:
        section, _, rest = key.partition(".")
        part = None if self.own is None else getattr(self.own, section)
        if section == "weights":
            there = part is not None and rest in part
        elif section == "scores":
            issue, _, option = rest.partition(".")
            there = part is not None and option in part.get(issue, {})
        else:
            there = part is not None
        return f"{self.party}.types.{self.kind}.{key}" if there else f"{self.party}.{key}"


def uncertain(case: Case | Compiled | Uncertain, *, also: tuple[str, ...] = ()) -> Uncertain:
    """A case with all its unknowns, in the order of the file: ranges first, then each party's type.

    Parameters
    ----------
    also
        Blocks of ``APART`` whose unknowns are drawn too. They decide whether a deal is reached or kept, and
        have no part in whether there is one to reach; the others have the same values with them and without,
        unless the case correlates them.

    Raises
    ------
    QuestionError
        As ``compile_case``.
    """
    if isinstance(case, Uncertain):
        return case
    central = compile_case(case)
    name = " ".join(("uncertain", *also))
    if name in central.memo:
        return central.memo[name]  # type: ignore[no-any-return]
    whole = central.case
    used = set(central.parties)
    apart = set(APART) - set(also)
    inputs = [
        Input(path, party, number, bounds, number.law(bounds), _cites(whole, path, number))
        for path, party, number, bounds in _numbers(whole)
        if number.is_range and (party in used or (not party and path.partition(".")[0] not in apart))
    ]
    types = {p: tuple(whole.preferences[p].types) for p in central.parties if whole.preferences[p].types}
    inputs += [
        Input(
            f"{party}.type",
            party,
            None,
            PROBABILITY,
            "type",
            all(
                t.because or (t.prior is not None and t.prior.because)
                for t in whole.preferences[party].types.values()
            ),
            kinds,
        )
        for party, kinds in types.items()
        if len(kinds) > 1
    ]
    prefs = [kind for p in central.parties for kind in _every_kind(whole.preferences[p])]
    groups = tied(whole, prefs, central.issues, central.options)
    made = Uncertain(
        case=whole,
        central=central,
        parties=central.parties,
        issues=central.issues,
        options=central.options,
        groups=tuple(
            Cells(tuple(g), frozen(cells_left(whole, g, central.issues, central.options))) for g in groups
        ),
        rule=central.rule,
        inputs=tuple(inputs),
        types={p: kinds for p, kinds in types.items() if len(kinds) > 1},
    )
    central.memo[name] = made
    return made


def _every_kind(prefs: Preferences) -> list[Preferences]:
    return [merged(prefs, kind) for kind in prefs.types.values()] or [prefs]


def _cites(case: Case, path: str, number: Number) -> bool:
    """Whether a number cites a claim, or is a likelihood of evidence that does."""
    seen = case.observed(path)
    return bool(number.because or (seen is not None and seen[1].because))


def _numbers(case: Case) -> Iterator[tuple[str, str, Number, Bounds]]:
    for path, number, bounds in case.numbers():
        block, _, rest = path.partition(".")
        name, _, key = rest.partition(".")
        if block == "parties" and key == "can_spoil":
            yield path, name, number, bounds
        elif (seen := case.observed(path)) is not None:
            yield path, seen[0], number, bounds
        else:
            yield path, block if block in case.preferences else "", number, bounds
