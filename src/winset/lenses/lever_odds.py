"""How far do levers raise the probability that the zone is not empty, over all draws of the unknowns?

Every set of levers is held against the same draws, so that the difference from the case as it stands is known
better than either probability (common random numbers: Law and Kelton 2000, sec. 11.2). For a lever that is
pulled by an amount, each draw has a least amount that opens its zone; the amount that reaches a target is an
order statistic of these, with the interval that the binomial distribution gives it (David and Nagaraja 2003,
*Order Statistics*, sec. 7.1). Sets of levers are tried by size; a set that holds one that already reaches the
target needs no trial.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.fields import WORTH
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.laws import Input, quantile
from winset.compiled.levers import Levers
from winset.compiled.sampling import PIECE, Sampler, stream
from winset.kernels.levers import least_per_draw
from winset.kernels.rule import Gate
from winset.kernels.rule import Rule as Circuit
from winset.lenses.estimates import Estimate, Plan, estimate, order_rank, order_statistic, plan
from winset.lenses.lever_menu import Opening
from winset.lenses.results import NotComputed, Progress, Result
from winset.lenses.survey import LIMIT, odds_plan

__all__ = ["LeversOdds", "Reach", "reaches"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Job = tuple[tuple[int, ...], tuple[int, ...]]  # discrete levers, continuous levers each by itself

_TABLE = 1 << 22  # numbers in the tables of one piece of draws
_WORK = 1_000_000_000  # deals times draws times sets of levers, when nobody says how many draws
_FEWEST = 256
_MOST_JOBS = 400  # sets of levers in one round


@dataclass(frozen=True, slots=True)
class Reach(Result):
    """What some levers do to the probability that the zone is not empty."""

    levers: tuple[str, ...]
    by_amount: str | None  # that one of the levers whose amount is looked for
    payer: str | None  # who pays by it, and to whom; for a no-deal value `party` alone
    party: str | None
    chance: Estimate  # with all levers, and as much of the amount as its limit allows
    over_base: Estimate  # the difference from the case as it stands
    reaches: bool  # the target
    amount: float | None  # the least that reaches the target; None where none does or there is no amount
    amount_low: float | None  # 95 % interval
    amount_high: float | None  # None where the interval has no upper end


@dataclass(frozen=True, slots=True)
class LeversOdds(Result):
    """The probability that the zone is not empty, without and with levers."""

    plan: Plan
    base: Estimate
    target: float
    singles: tuple[Reach, ...]  # each lever alone
    reaching: tuple[Reach, ...]  # smallest sets that reach the target
    together: int  # most levers in a set that was tried
    complete: bool  # every set of so many was tried, or holds one that reaches the target


@dataclass(frozen=True, slots=True)
class _Shift:
    """Amounts that are fixed in every draw."""

    pulled: tuple[int, ...]
    amounts: tuple[Fraction, ...]


class _Sample:
    """The draws of a case with its levers."""

    def __init__(self, levers: Levers, asked: Plan, model: Uncertain, progress: Progress | None) -> None:
        self.levers, self.plan, self.model, self.progress = levers, asked, model, progress
        first = [item.path for item in uncertain(levers.base).inputs]
        self.sampler = Sampler(model, asked.seed, method=asked.method, order=first)
        rules = [levers.rule((n,)) for n in range(len(levers.discrete))]
        named = {p for rule in (levers.case.consent, *rules) for p in rule.parties()}
        self.parties = [n for n, p in enumerate(model.parties) if p in named]
        self.place = {p: n for n, p in enumerate(self.parties)}
        self.worth = {
            n: _worth(levers, n, asked) for n, x in enumerate(levers.discrete) if x.kind == "guarantee"
        }
        self.names = {
            p: tuple(levers.case.preferences[model.parties[p]].types) or (None,) for p in self.parties
        }
        columns = [
            (model.index[f"{path}.scores.{issue}.{new}"], model.index[f"{path}.scores.{issue}.{like}"])
            for path, issue, new, like in levers.copies
            if f"{path}.scores.{issue}.{new}" in model.index
        ]
        self.columns = columns

    def pieces(self, skip: Bools | None) -> Iterator[tuple[npt.NDArray[np.intp], Draws]]:
        """The draws piece by piece, less those to skip, with their numbers."""
        draws = self.plan.draws
        width = max(1, min(PIECE, _TABLE // max(1, self.model.cell_count * len(self.model.parties))))
        for start in range(0, draws, PIECE):
            if self.progress is not None:
                self.progress("drawing the unknowns", start, draws)
            numbers = np.arange(start, min(start + PIECE, draws))
            if skip is not None:
                numbers = numbers[~skip[numbers]]
            if not len(numbers):
                continue
            values = self.model.values(self.sampler.scores(start, min(PIECE, draws - start)))
            for new, like in self.columns:
                values[:, new] = values[:, like]
            for at in range(0, len(numbers), width):
                here = numbers[at : at + width]
                yield here, self.model.draws(values[here - start])

    def tables(self, draws: Draws, pulled: tuple[int, ...]) -> list[Floats]:
        """Per group (party of the rules, cell, draw): utilities with the levers, minus infinity where a red
        line is crossed."""
        levers, out = self.levers, []
        for group, utility in zip(self.model.groups, draws.utility, strict=True):
            kept = np.flatnonzero(levers.offered(pulled, group.issues, group.options))
            options = group.options[kept]
            table = utility[self.parties][:, kept]
            for row, p in zip(table, self.parties, strict=True):
                masks = []
                for kind in self.names[p]:
                    hit = np.zeros(len(kept), np.bool_)
                    for line in levers.active(self.model.parties[p], kind):
                        match = levers.refused(line, pulled)
                        if match is not None:
                            hit |= levers.held(match, group.issues, options)
                    masks.append(hit)
                for k, hit in enumerate(masks):
                    here = np.flatnonzero(draws.kind[p] == k) if len(masks) > 1 else np.arange(draws.count)
                    if hit.any() and len(here):
                        row[np.ix_(np.flatnonzero(hit), here)] = -np.inf
            out.append(table)
        return out

    def reserve(self, draws: Draws, here: npt.NDArray[np.intp], pulled: tuple[int, ...]) -> Floats:
        out: Floats = draws.reserve[self.parties].copy()
        for n in pulled:
            lever = self.levers.discrete[n]
            if n in self.worth and lever.party is not None and self.levers.place[lever.party] in self.place:
                out[self.place[self.levers.place[lever.party]]] -= self.worth[n][here]
        return out

    def circuit(self, pulled: tuple[int, ...], payers: Sequence[int] = ()) -> Circuit:
        """The rule with these levers; with payers that must say yes too."""
        rule = self.levers.circuit(pulled, self.parties)
        if not payers:
            return rule
        paying = tuple(self.place[p] for p in payers)
        return Circuit((*rule.gates, Gate(len(paying) + 1, paying, (len(rule.gates) - 1,))))

    def protected(self, payer: str | None, pulled: tuple[int, ...]) -> int | None:
        """The payer, where the rule names it; others pay whatever their limit allows."""
        if payer is None or self.levers.place[payer] not in self.levers.named(pulled):
            return None
        return self.levers.place[payer]

    def run(
        self, jobs: Sequence[Job], shifts: Sequence[_Shift] = (), skip: Bools | None = None
    ) -> tuple[list[Bools], list[Floats], list[Bools]]:
        """For each job whether the zone is open in each draw with its discrete levers, and the least amounts
        (continuous lever, draw) that open it; for each shift whether the zone is open.

        Draws to skip are open whatever the jobs pull.
        """
        levers, draws = self.levers, self.plan.draws
        opened = [np.zeros(draws, np.bool_) if skip is None else skip.copy() for _ in jobs]
        least = [
            np.where(opened[j], 0.0, np.full((len(cs), draws), np.inf)) for j, (_, cs) in enumerate(jobs)
        ]
        shifted = [np.zeros(draws, np.bool_) for _ in shifts]
        if not jobs and not shifts:
            return opened, least, shifted
        for here, piece in self.pieces(skip):
            made: dict[tuple[int, ...], tuple[list[Floats], Floats]] = {}

            def ready(
                pulled: tuple[int, ...], piece: Draws = piece, made: Any = made, here: Any = here
            ) -> tuple[list[Floats], Floats]:
                if pulled not in made:
                    made[pulled] = self.tables(piece, pulled), self.reserve(piece, here, pulled)
                pair: tuple[list[Floats], Floats] = made[pulled]
                return pair

            for j, (pulled, chosen) in enumerate(jobs):
                tables, reserve = ready(pulled)
                moves, where = [], []
                for m, c in enumerate(chosen):
                    lever = levers.continuous[c]
                    party, payer = levers.place[lever.party], self.protected(lever.payer, pulled)
                    if party in self.place:
                        where.append(m)
                        paying = None if payer is None else self.place[payer]
                        moves.append((self.place[party], paying, float(lever.rate)))
                now, amounts = least_per_draw(tables, reserve, self.circuit(pulled), moves)
                opened[j][here] = now
                for m, row in enumerate(amounts):
                    least[j][where[m], here] = row
                for m in set(range(len(chosen))) - set(where):
                    least[j][m, here] = np.where(now, 0.0, np.inf)
            for j, shift in enumerate(shifts):
                tables, reserve = ready(shift.pulled)
                reserve = reserve.copy()
                payers = set()
                for lever, amount in zip(levers.continuous, shift.amounts, strict=True):
                    if amount:
                        party = levers.place[lever.party]
                        if party in self.place:
                            reserve[self.place[party]] -= float(lever.rate * amount)
                        payer = self.protected(lever.payer, shift.pulled)
                        if payer is not None:
                            payers.add(payer)
                            reserve[self.place[payer]] += float(amount)
                rule = self.circuit(shift.pulled, sorted(payers))
                shifted[j][here] = least_per_draw(tables, reserve, rule, ())[0]
        return opened, least, shifted


def _worth(levers: Levers, n: int, asked: Plan) -> Floats:
    """(draw,): what a guarantee is worth; a stream of its own, by the lever's name."""
    lever = levers.discrete[n]
    assert lever.worth is not None
    if not lever.worth.is_range:
        return np.full(asked.draws, float(lever.worth.central(WORTH)))
    from scipy.special import ndtri

    path = f"levers.{lever.name}.worth"
    item = Input(path, lever.party or "", lever.worth, WORTH, lever.worth.law(WORTH), False)
    levels = np.clip(stream(asked.seed, path, 0).random(asked.draws), 2.0**-54, 1 - 2.0**-53)
    return quantile(item, ndtri(levels))


def reaches(
    levers: Levers,
    openings: Sequence[Opening],
    *,
    target: float | None,
    together: int,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    progress: Progress | None,
) -> tuple[LeversOdds | NotComputed, list[tuple[Estimate, Estimate]]]:
    """The probabilities of an open zone with levers, and for each opening of the menu its probability and the
    difference from the case as it stands."""
    if draws == 0:
        return NotComputed("no draws were asked for"), []
    model = uncertain(levers.case) if levers.central is not levers.base else uncertain(levers.base)
    if model.deals > LIMIT:
        because = f"{model.deals:,} deals are too many to look at in every draw; at most {LIMIT:,}"
        return NotComputed(because), []
    unsure = bool(model.inputs) or any(x.worth is not None and x.worth.is_range for x in levers.discrete)
    asked = odds_plan(model, draws, rng, method)
    if unsure and not model.inputs:
        asked = plan(draws, rng, method=method)
    work = model.deals * (len(levers.discrete) + len(levers.continuous) + len(openings) + 1)
    if draws is None and work * asked.draws > _WORK:
        fewer = max(_FEWEST, _WORK // work // PIECE * PIECE)
        asked = plan(min(asked.draws, fewer), asked.seed, method=method)
    sample = _Sample(levers, asked, model, progress)

    def counted(hits: Bools) -> Estimate:
        return _sure(estimate(hits, method=asked.method), unsure)

    def gained(hits: Bools) -> Estimate:
        step = hits.astype(np.float64) - base_hits.astype(np.float64)
        found = _sure(estimate(step, method=asked.method), unsure)
        return replace(found, low=max(found.low, -1.0), high=min(found.high, 1.0))

    continuous = tuple(range(len(levers.continuous)))
    singles: list[Job] = [((n,), ()) for n in range(len(levers.discrete))]
    shifts = [_Shift(o.pulled, o.amounts) for o in openings]
    sure = [j for j, job in enumerate(singles) if levers.wider(job[0])]
    others = [j for j in range(len(singles)) if j not in sure]
    opened, _, shifted = sample.run([((), ()), *(singles[j] for j in others)], shifts)
    base_hits = opened[0]
    hits_of = dict(zip(others, opened[1:], strict=True))
    opened, least, _ = sample.run([((), continuous), *(singles[j] for j in sure)], skip=base_hits)
    hits_of |= dict(zip(sure, opened[1:], strict=True))
    base = counted(base_hits)
    aim = target if target is not None else (0.5 if base.value < 0.5 else (1 + base.value) / 2)

    def by_amount(pulled: tuple[int, ...], c: int, amounts: Floats) -> Reach:
        lever = levers.continuous[c]
        hits = amounts <= (np.inf if lever.cap is None else float(lever.cap) + 1e-9)
        hits &= np.isfinite(amounts)
        chance = counted(hits)
        point, low, high = order_statistic(np.where(hits, amounts, np.inf), aim)
        names = tuple(dict.fromkeys((*(levers.discrete[n].name for n in pulled), lever.name)))
        return Reach(
            names,
            lever.name,
            lever.payer,
            lever.party,
            chance,
            gained(hits),
            point is not None,
            point,
            low,
            high,
        )

    def whole(pulled: tuple[int, ...], hits: Bools) -> Reach:
        names = tuple(levers.discrete[n].name for n in pulled)
        ok = int(hits.sum()) >= order_rank(aim, len(hits))
        return Reach(names, None, None, None, counted(hits), gained(hits), ok, None, None, None)

    alone = [whole(pulled, hits_of[j]) for j, (pulled, _) in enumerate(singles)]
    alone += [by_amount((), c, least[0][c]) for c in continuous]
    done = int(base_hits.sum()) >= order_rank(aim, len(base_hits))
    reaching = [] if done else [r for r in alone if r.reaches]
    complete = True
    tried = 1
    for size in range(2, together + 1) if not done else ():
        known = [(set(r.levers), r) for r in reaching]
        jobs, pairs = [], []
        for pulled in combinations(range(len(levers.discrete)), size):
            if _allowed(levers, pulled) and not _holds(levers, pulled, None, known):
                pairs.append(pulled)
        for pulled in combinations(range(len(levers.discrete)), size - 1):
            if _allowed(levers, pulled):
                chosen = tuple(c for c in continuous if not _holds(levers, pulled, c, known))
                if chosen:
                    jobs.append((pulled, chosen))
        every: list[Job] = [*jobs, *((pulled, ()) for pulled in pairs)]
        if len(every) > _MOST_JOBS:
            complete = False
            break
        if not every:
            break
        tried = size
        opened, least = [], []
        kinds = [levers.wider(pulled) for pulled, _ in every]
        first = sample.run([job for job, wide in zip(every, kinds, strict=True) if wide], skip=base_hits)
        second = sample.run([job for job, wide in zip(every, kinds, strict=True) if not wide])
        for wide in kinds:
            ran = first if wide else second
            opened.append(ran[0].pop(0))
            least.append(ran[1].pop(0))
        found = [by_amount(p, c, least[j][m]) for j, (p, cs) in enumerate(jobs) for m, c in enumerate(cs)]
        found += [whole(p, opened[len(jobs) + j]) for j, p in enumerate(pairs)]
        reaching += [r for r in found if r.reaches]
    chances = [(counted(h), gained(h)) for h in shifted]
    return LeversOdds(asked, base, aim, tuple(alone), tuple(reaching), tried, complete), chances


def _allowed(levers: Levers, pulled: Sequence[int]) -> bool:
    slots = [s for n in pulled if (s := levers.discrete[n].slot) is not None]
    return len(set(slots)) == len(slots)


def _holds(
    levers: Levers, pulled: Sequence[int], continuous: int | None, known: Sequence[tuple[set[str], Reach]]
) -> bool:
    """Whether a set of levers holds one that reaches the target by the same lever's amount, or by none."""
    names = {levers.discrete[n].name for n in pulled}
    move = None if continuous is None else levers.continuous[continuous]
    for have, r in known:
        same = move is not None and (r.by_amount, r.payer, r.party) == (move.name, move.payer, move.party)
        if (r.by_amount is None and have <= names) or (same and have - {r.by_amount} <= names):
            return True
    return False


def _sure(found: Estimate, unsure: bool) -> Estimate:
    if unsure:
        return found
    return Estimate(found.value, 0.0, found.value, found.value, found.draws)
