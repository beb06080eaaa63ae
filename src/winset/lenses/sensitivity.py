"""Which inputs drive the answer, and what would flip it?

Three views. *Shares*: how much of the variance of each answer is due to each input, or to each group of
inputs that are correlated (Sobol 1993; see ``winset.kernels.variance``). *Moves*: each input alone from its
5 % to its 95 % point, all else central (Howard 1988: a tornado), and the chance of a zone when the input is
drawn in its lowest or highest tenth. *Flips*: the least change that turns an empty zone into an open one or
back (see ``winset.lenses.flips``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.case.numbers import Z90
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, uncertain
from winset.compiled.laws import quantile
from winset.compiled.sampling import PIECE, REPLICATES, Sampler
from winset.errors import QuestionError
from winset.kernels.answers import Answers, answers
from winset.kernels.variance import by_class, by_regression, classes, hermite, pick_freeze
from winset.lenses.drawn import Rows, joined
from winset.lenses.estimates import DRAWS, Z95, Estimate, Plan, estimate, plan, share
from winset.lenses.flips import Flip, Joint, flips, joint
from winset.lenses.results import NotComputed, Progress, Result
from winset.lenses.survey import certain

__all__ = [
    "Alternative",
    "Move",
    "Outcome",
    "SensitivityResult",
    "Share",
    "Turning",
    "sensitivity",
    "turning",
]

Floats = npt.NDArray[np.float64]
Design = Literal["given-data", "pick-freeze"]

_LISTED = 200_000_000  # deals times draws that are listed when nobody asks for a number of draws
_BASE = 1024  # draws of each of the two samples of a pick-freeze design


@dataclass(frozen=True, slots=True)
class Outcome(Result):
    """The answers in one row of numbers."""

    open: bool
    deals: int  # in the zone
    gain: dict[str, float]  # party -> at the deal that is best for the worst-off; 0 without a zone


@dataclass(frozen=True, slots=True)
class Share(Result):
    """What part of the variance of each answer is due to some inputs.

    ``first`` is what they explain by themselves, ``total`` what they explain together with all others.
    Answers are "zone" (whether it is open), "deals" (how many it holds) and "gain.PARTY".
    """

    name: str
    inputs: tuple[str, ...]
    sourced: Literal["all", "some", "none"]  # which of the inputs cite a claim
    first: dict[str, Estimate | NotComputed]
    total: dict[str, Estimate | NotComputed]


@dataclass(frozen=True, slots=True)
class Move(Result):
    """One input at its ends."""

    path: str
    sourced: bool
    percent: bool  # a probability, or a rate: 0.4 is 40 %
    low: float  # its 5 % point
    high: float  # its 95 % point
    at_low: Outcome  # all else central
    at_high: Outcome
    lowest: Estimate  # chance of a zone with the input in the lowest tenth of the draws
    highest: Estimate


@dataclass(frozen=True, slots=True)
class Alternative(Result):
    """One of the types that a party may be."""

    party: str
    type: str
    central: bool  # the type that is read at central values
    probability: float
    outcome: Outcome  # all else central
    flips: bool  # the zone is open where it is empty for the central type, or the other way round
    zone: Estimate | NotComputed  # chance of a zone over the draws in which the party is of this type


@dataclass(frozen=True, slots=True)
class SensitivityResult(Result):
    """What drives the answer, and what would flip it."""

    plan: Plan
    design: Design
    evaluations: int  # rows of numbers that were looked at
    deals: int
    central: Outcome | NotComputed
    zone: Estimate | NotComputed  # chance that it is open
    shares: tuple[Share, ...] | NotComputed  # each input or correlated group; largest for the zone first
    parties: tuple[Share, ...]  # all that belongs to one party alone
    unsourced: Share | None  # all that cites no claim at all
    moves: tuple[Move, ...]  # widest first; without priors and likelihoods, which move no central answer
    types: tuple[Alternative, ...]
    flips: tuple[Flip, ...]  # within the range as written; nearest first
    farther: tuple[Flip, ...]  # of other numbers, beyond the range, where one draw in a thousand still goes
    joint: Joint | NotComputed | None  # None: no unknown could flip the answer


@dataclass(frozen=True, slots=True)
class Turning:
    """What would flip the answer at central values; a part of ``SensitivityResult``."""

    flips: tuple[Flip, ...]
    farther: tuple[Flip, ...]
    joint: Joint | NotComputed | None


@dataclass(frozen=True, slots=True)
class _Atom:
    """Inputs that hang together: correlated ones, and a party's type with its prior probabilities."""

    name: str
    columns: tuple[int, ...]
    sourced: Literal["all", "some", "none"]
    touches: tuple[int, ...]  # parties whose values it enters


def sensitivity(
    case: Case | Compiled,
    *,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    design: str = "given-data",
    limit: int = 2_000_000,
    progress: Progress | None = None,
) -> SensitivityResult:
    """Apportion the variance of the answers, move every input alone, and look for what flips the zone.

    Parameters
    ----------
    draws
        Joint draws of all unknowns; 2,048 by default (fewer where there are very many deals). With
        ``design="pick-freeze"`` the size of each of the two samples, 1,024 by default: the case is then
        evaluated that many times for each group of inputs.
    rng
        Seed or generator.
    method
        "random" or "sobol".
    design
        "given-data": first-order shares from one set of draws. "pick-freeze": first-order and total shares.
    limit
        Largest number of deals; above it nothing is computed.

    Raises
    ------
    QuestionError
        On a design or a number of draws that makes no sense.
    """
    if design not in ("given-data", "pick-freeze"):
        raise QuestionError(f'there is no design "{design}"; it is given-data or pick-freeze')
    frozen = design == "pick-freeze"
    way: Design = "pick-freeze" if frozen else "given-data"
    model = uncertain(case)
    if draws is None:
        draws = _BASE if frozen else DRAWS
        if model.deals * draws > _LISTED:
            draws = max(64, _LISTED // model.deals)
        if not model.inputs:
            draws = 1
    asked = plan(draws, rng, method=method)
    if model.deals > limit:
        reason = _too_many(model.deals, limit)
        return SensitivityResult(
            asked, way, 0, model.deals, reason, reason, reason, (), None, (), (), (), (), reason
        )
    rows = Rows(model)
    middle = model.middle()[None]
    kinds = model.kinds(middle)
    central = rows.answers(middle, kinds)
    atoms = _atoms(model)
    seen = _Drawn.make(rows, asked, progress)
    names = ("zone", "deals", *(f"gain.{p}" for p in model.parties))
    if frozen and model.inputs:
        unions = _unions(model, atoms)
        found = _pick_freeze(rows, asked, names, [*atoms, *unions], seen, progress)
        evaluations = asked.draws * (2 + len(atoms) + len(unions))
        singles, (*parties, unsourced) = found[: len(atoms)], found[len(atoms) :]
    else:
        singles = [_given(model, names, atom, seen) for atom in atoms]
        evaluations = asked.draws
        parties = [_summed(model, names, u, atoms, singles) for u in _unions(model, atoms)]
        unsourced = parties.pop() if parties else None  # type: ignore[assignment]
    if progress:
        progress("moving each input", 0, 1)
    moves, made = _moves(rows, middle, kinds, central, seen)
    types = _types(rows, middle, kinds, central, seen)
    turns = _turning(rows, middle, kinds, bool(central.open[0]), progress)
    return SensitivityResult(
        plan=asked,
        design=way,
        evaluations=evaluations + made + len(types) + 1,
        deals=model.deals,
        central=_outcome(model, central, 0),
        zone=certain(model, estimate(seen.answers.open, method=asked.method)),
        shares=tuple(sorted(singles, key=lambda s: -_size(s))),
        parties=tuple(parties),
        unsourced=unsourced,
        moves=moves,
        types=types,
        flips=turns.flips,
        farther=turns.farther,
        joint=turns.joint,
    )


def turning(case: Case | Compiled, *, limit: int = 2_000_000) -> Turning | NotComputed:
    """What would flip the answer at central values, without any draws.

    Parameters
    ----------
    limit
        Largest number of deals; above it nothing is computed.
    """
    model = uncertain(case)
    if model.deals > limit:
        return _too_many(model.deals, limit)
    rows = Rows(model)
    middle = model.middle()[None]
    kinds = model.kinds(middle)
    return _turning(rows, middle, kinds, bool(rows.answers(middle, kinds).open[0]), None)


def _turning(
    rows: Rows, middle: Floats, kinds: npt.NDArray[np.int8], opened: bool, progress: Progress | None
) -> Turning:
    inside, farther = flips(rows, middle, kinds, opened)
    sampler = Sampler(rows.model, 0)  # for what is correlated with what; nothing is drawn
    return Turning(
        inside,
        farther,
        joint(rows, sampler, middle, kinds, opened, (*inside, *farther), progress),
    )


def _too_many(deals: int, limit: int) -> NotComputed:
    return NotComputed(f"the case has {deals:,} deals; up to {limit:,} are listed in each draw")


# ---------------------------------------------------------------------------------------------------- groups


def _atoms(model: Uncertain) -> list[_Atom]:
    """The unknowns, those joined that depend on each other, in the order of the case."""
    leader = list(range(len(model.inputs)))

    def find(n: int) -> int:
        while leader[n] != n:
            n = leader[n]
        return n

    def join(a: int, b: int) -> None:
        a, b = find(a), find(b)
        leader[max(a, b)] = min(a, b)

    for where, _ in Sampler(model, 0).mixing:
        for other in where[1:]:
            join(int(where[0]), int(other))
    for n in range(len(model.inputs)):
        if _weighs_types(model, n):
            join(n, model.index[f"{model.inputs[n].party}.type"])
    groups: dict[int, list[int]] = {}
    for n in range(len(model.inputs)):
        groups.setdefault(find(n), []).append(n)
    return [_atom(model, members) for members in groups.values()]


def _atom(model: Uncertain, columns: Sequence[int], name: str | None = None) -> _Atom:
    cited = [model.inputs[n].sourced for n in columns]
    sourced: Literal["all", "some", "none"] = "all" if all(cited) else "some" if any(cited) else "none"
    paths = [model.inputs[n].path for n in columns if not model.inputs[n].weighs_types]
    touched = {model.inputs[n].party for n in columns}
    every = range(len(model.parties))
    return _Atom(
        name or " + ".join(paths or [model.inputs[columns[0]].path]),
        tuple(columns),
        sourced,
        tuple(every if "" in touched else (p for p in every if model.parties[p] in touched)),
    )


def _unions(model: Uncertain, atoms: Sequence[_Atom]) -> list[_Atom]:
    """All atoms of each party alone, and at last all that cite nothing."""

    def union(name: str, chosen: list[_Atom]) -> _Atom:
        return _atom(model, sorted(n for a in chosen for n in a.columns), name)

    out = []
    for p, party in enumerate(model.parties):
        mine = [a for a in atoms if a.touches == (p,)]
        if mine:
            out.append(union(party, mine))
    bare = [a for a in atoms if a.sourced == "none"]
    if not atoms:
        return []
    nothing = _Atom("unsourced", (), "none", ())
    return [*out, union("unsourced", bare) if bare else nothing]


# ---------------------------------------------------------------------------------------------------- draws


@dataclass(frozen=True)
class _Drawn:
    """The drawn rows and their answers."""

    scores: Floats  # (draw, input)
    values: Floats  # (draw, input)
    kinds: npt.NDArray[np.int8]  # (party, draw)
    answers: Answers

    @classmethod
    def make(cls, rows: Rows, asked: Plan, progress: Progress | None) -> _Drawn:
        sampler = Sampler(rows.model, asked.seed, method=asked.method)
        scores, parts = [], []
        for start in range(0, asked.draws, PIECE):
            if progress:
                progress("drawing", start, asked.draws)
            score = sampler.scores(start, min(PIECE, asked.draws - start))
            parts.append(rows.answers(rows.model.values(score)))
            scores.append(score)
        every = np.concatenate(scores)
        values = rows.model.values(every)
        return cls(every, values, rows.model.kinds(values), joined(parts))

    def table(self) -> Floats:
        return _table(self.answers)


def _table(found: Answers) -> Floats:
    """(answer, draw): in the order of their names."""
    return np.concatenate([found.open[None].astype(np.float64), found.deals[None], found.gain])


def _outcome(model: Uncertain, found: Answers, n: int) -> Outcome:
    return Outcome(
        bool(found.open[n]),
        int(found.deals[n]),
        {p: float(g) for p, g in zip(model.parties, found.gain[:, n], strict=True)},
    )


def _size(entry: Share) -> float:
    first = entry.first["zone"]
    other = [e.value for e in entry.first.values() if isinstance(e, Estimate)]
    return first.value if isinstance(first, Estimate) else sum(other)


# --------------------------------------------------------------------------------------------------- shares

_SAME = "it is the same in every draw"


def _estimates(
    names: Sequence[str], values: Floats, errors: Floats, draws: int, reason: str = _SAME
) -> dict[str, Estimate | NotComputed]:
    return {
        name: Estimate(float(v), float(e), float(v - Z95 * e), float(v + Z95 * e), draws)
        if np.isfinite(v)
        else NotComputed(reason)
        for name, v, e in zip(names, values, errors, strict=True)
    }


def _needs_two(names: Sequence[str]) -> dict[str, Estimate | NotComputed]:
    return {name: NotComputed('total shares need design="pick-freeze"') for name in names}


def _given(model: Uncertain, names: Sequence[str], atom: _Atom, seen: _Drawn) -> Share:
    """First-order shares of one atom from draws that exist."""
    table, draws = seen.table(), len(seen.scores)
    inputs = [model.inputs[n] for n in atom.columns]
    ranges = [n for n in atom.columns if model.inputs[n].law != "type" and not _weighs_types(model, n)]
    typed = [i.party for i in inputs if i.law == "type"]
    kinds = [seen.kinds[model.parties.index(p)] for p in typed]
    if len(kinds) == 1 and not ranges:
        value, error = by_class(kinds[0].astype(np.intp), table)
    elif len(ranges) == 1 and not kinds:
        listed = model.inputs[ranges[0]].law == "values"
        column = (seen.values if listed else seen.scores)[:, ranges[0]]
        value, error = by_class(classes(column), table)
    else:
        terms = [hermite(seen.scores[:, ranges])]
        terms += [(kind[:, None] == np.arange(1, kind.max() + 1)).astype(np.float64) for kind in kinds]
        value, error = by_regression(np.concatenate(terms, axis=1), table)
    reason = _SAME if draws > 1 else "one draw does not vary"
    paths = tuple(i.path for i in inputs)
    first = _estimates(names, value, error, draws, reason)
    return Share(atom.name, paths, atom.sourced, first, _needs_two(names))


def _weighs_types(model: Uncertain, n: int) -> bool:
    """Whether an input only says how likely the types are, of a party that has a type in play."""
    return model.inputs[n].weighs_types and model.inputs[n].party in model.types


def _summed(
    model: Uncertain, names: Sequence[str], union: _Atom, atoms: Sequence[_Atom], singles: Sequence[Share]
) -> Share:
    """First-order shares of a union as the sum over its atoms: what they explain one by one."""
    inside = [s for a, s in zip(atoms, singles, strict=True) if set(a.columns) <= set(union.columns)]
    first: dict[str, Estimate | NotComputed] = {}
    for name in names:
        found = [s.first[name] for s in inside]
        known = [e for e in found if isinstance(e, Estimate)]
        if len(known) < len(found) or not known:
            first[name] = found[0] if found else NotComputed("every unknown cites a claim")
            continue
        value = sum(e.value for e in known)
        error = float(np.sqrt(sum(e.standard_error**2 for e in known)))
        first[name] = Estimate(value, error, value - Z95 * error, value + Z95 * error, known[0].draws)
    paths = tuple(model.inputs[n].path for n in union.columns)
    return Share(union.name, paths, union.sourced, first, _needs_two(names))


def _pick_freeze(
    rows: Rows,
    asked: Plan,
    names: Sequence[str],
    groups: Sequence[_Atom],
    seen: _Drawn,
    progress: Progress | None,
) -> list[Share]:
    """First-order and total shares by swapping whole groups of columns between two samples."""
    model, draws = rows.model, asked.draws
    if asked.method == "sobol":
        other = Sampler(model, asked.seed, method="sobol").beside(draws)
    else:
        beyond = max(PIECE, 1 << (draws - 1).bit_length())
        other = np.concatenate(
            [
                Sampler(model, asked.seed).scores(start, min(PIECE, beyond + draws - start))
                for start in range(beyond, beyond + draws, PIECE)
            ]
        )
    values = model.values(other)
    at_b = _table(rows.answers(values))
    swapped = np.zeros((len(groups), *at_b.shape))
    every = range(len(model.parties))
    pieces = list(rows.cut(draws))
    for done, cut in enumerate(pieces):
        base = model.draws(seen.values[cut])
        both = [rows.dense(base, p) for p in every]
        for g, group in enumerate(groups):
            if progress:
                progress("swapping inputs", done * len(groups) + g, len(pieces) * len(groups))
            mixed = seen.values[cut].copy()
            mixed[:, group.columns] = values[cut][:, group.columns]
            part = model.draws(mixed, parties=group.touches)
            now = [rows.dense(part, p) if p in group.touches else both[p] for p in every]
            found = answers([x for x, _ in now], [x for _, x in now], model.rule, model.rulers)
            swapped[g][:, cut] = _table(found)
    scrambling = np.arange(draws) % PIECE * REPLICATES // PIECE if asked.method == "sobol" else None
    indices = pick_freeze(
        seen.table(), at_b, swapped, np.random.default_rng([asked.seed, 1]), replicate=scrambling
    )
    out = []
    for g, group in enumerate(groups):
        first = _estimates(names, indices.first[g], indices.first_error[g], draws)
        total = _estimates(names, indices.total[g], indices.total_error[g], draws)
        if not group.columns:
            first = total = {name: NotComputed("every unknown cites a claim") for name in names}
        paths = tuple(model.inputs[n].path for n in group.columns)
        out.append(Share(group.name, paths, group.sourced, first, total))
    return out


# ----------------------------------------------------------------------------------------- one by one


def _moves(
    rows: Rows,
    middle: Floats,
    kinds: npt.NDArray[np.int8],
    central: Answers,
    seen: _Drawn,
) -> tuple[tuple[Move, ...], int]:
    """Each range at its ends; the widest move of a gain first, those that turn the zone before all."""
    model = rows.model
    chosen = [n for n, item in enumerate(model.inputs) if item.law != "type" and not _weighs_types(model, n)]
    if not chosen:
        return (), 0
    ends = np.repeat(middle, 2 * len(chosen), axis=0)
    for k, n in enumerate(chosen):
        ends[2 * k : 2 * k + 2, n] = quantile(model.inputs[n], np.array([-Z90, Z90]))
    found = rows.answers(ends, np.repeat(kinds, len(ends), axis=1))
    opened = seen.answers.open
    tenth = max(1, len(opened) // 10)
    out = []
    for k, n in enumerate(chosen):
        item = model.inputs[n]
        order = np.argsort(seen.values[:, n], kind="stable")
        low, high = order[:tenth], order[-tenth:]
        wide = np.abs(found.gain[:, 2 * k : 2 * k + 2] - central.gain[:, :1]).sum()
        turned = (found.open[2 * k : 2 * k + 2] != central.open[0]).any()
        counts = np.abs(found.deals[2 * k : 2 * k + 2] - central.deals[0]).sum()
        move = Move(
            item.path,
            item.sourced,
            item.percent,
            float(ends[2 * k, n]),
            float(ends[2 * k + 1, n]),
            _outcome(model, found, 2 * k),
            _outcome(model, found, 2 * k + 1),
            share(int(opened[low].sum()), tenth),
            share(int(opened[high].sum()), tenth),
        )
        out.append(((not turned, -int(counts), -float(wide), k), move))
    return tuple(move for _, move in sorted(out, key=lambda entry: entry[0])), len(ends)


def _types(
    rows: Rows, middle: Floats, kinds: npt.NDArray[np.int8], central: Answers, seen: _Drawn
) -> tuple[Alternative, ...]:
    model, out = rows.model, []
    for party, names in model.types.items():
        p = model.parties.index(party)
        chances = model.chances(party, middle)[0]
        for k, name in enumerate(names):
            other = kinds.copy()
            other[p] = k
            found = rows.answers(middle, other)
            here = seen.answers.open[seen.kinds[p] == k]
            none = NotComputed("no draw has this type")
            out.append(
                Alternative(
                    party,
                    name,
                    bool(kinds[p, 0] == k),
                    float(chances[k]),
                    _outcome(model, found, 0),
                    bool(found.open[0] != central.open[0]),
                    share(int(here.sum()), len(here)) if len(here) else none,
                )
            )
    return tuple(out)
