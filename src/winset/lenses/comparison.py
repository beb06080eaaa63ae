"""What changes between several versions of a case, and is the change more than the error of drawing?

All versions are looked at in the same draws: an unknown that two of them have in common takes the same values
in both (common random numbers: Law and Kelton 2000, sec. 11.2; Glasserman and Yao 1992). So a difference is
known much better than the two numbers that it is between. What is the same in every draw is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Uncertain, reaches, uncertain
from winset.compiled.sampling import PIECE, Sampler
from winset.errors import QuestionError
from winset.kernels import ensemble
from winset.kernels.limits import TooLarge
from winset.lenses.estimates import Estimate, Plan, estimate, paired, plan
from winset.lenses.results import NotComputed, Progress, Result
from winset.lenses.survey import CHOICES, Survey, odds_plan, open_in, survey

__all__ = [
    "ASKED",
    "Changed",
    "Comparison",
    "ComparisonResult",
    "InputChange",
    "NotCompared",
    "Version",
    "change",
    "compare",
    "input_changes",
    "versions",
]

Values = npt.NDArray[Any]  # (draw,): bool for what happens or not, float64 for points and numbers

#: Lens -> what it asks of a draw.
ASKED: dict[str, tuple[str, ...]] = {
    "zone": ("zone", "accepts", "passes", "no deal"),
    "blockers": ("refused", "opens"),
    "frontier": ("frontier",),
    "solutions": ("gain",),
}
_BEST = CHOICES.index("egalitarian")


@dataclass(frozen=True, slots=True)
class InputChange(Result):
    """A place of the case file that differs."""

    path: str
    before: str | None  # None where it is not there
    after: str | None


@dataclass(frozen=True, slots=True)
class Changed(Result):
    """A quantity that is not the same in every draw."""

    what: str  # one of `ASKED`
    subject: str  # the offer, deal or set of parties that it is about; "" for none
    party: str  # whose; "" for nobody's
    before: Estimate
    after: Estimate
    change: Estimate  # after less before, draw by draw
    beyond_error: bool  # the 95 % interval of the change excludes 0


@dataclass(frozen=True, slots=True)
class NotCompared(Result):
    """A quantity that only one of the two has."""

    what: str
    subject: str
    party: str
    missing_in: str  # the version that does not have it


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """One version beside the base."""

    name: str
    inputs: tuple[InputChange, ...]
    changed: tuple[Changed, ...]
    same: int  # quantities that are the same in every draw
    not_compared: tuple[NotCompared, ...]
    nothing_changed: bool


@dataclass(frozen=True, slots=True)
class ComparisonResult(Result):
    """Versions of a case beside the first of them."""

    plan: Plan
    base: str
    comparisons: tuple[Comparison, ...]
    deals: dict[str, dict[str, str]]  # name of a deal of interest that is no offer -> the deal


def compare(
    cases: Mapping[str, Case | Compiled],
    *,
    lenses: Sequence[str] | None = None,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    most: int = 3,
    progress: Progress | None = None,
) -> ComparisonResult:
    """Set versions of a case beside the first of them, in the same draws.

    Parameters
    ----------
    cases
        Name to version, two or more; the first is what the others are compared with. Where they differ in
        parties, issues or offers, what both have is compared and the rest is listed.
    lenses
        Only what these ask: zone, blockers, frontier, solutions.
    draws, rng, method
        How many joint draws, from which seed, and how: "random" or "sobol".
    most
        Of each version so many of the deals that pass most often are compared.

    Raises
    ------
    QuestionError
        If there are fewer than two versions, or a lens is none of the four.
    """
    if len(cases) < 2:
        raise QuestionError("a comparison needs two versions of a case or more")
    for name in lenses or ():
        if name not in ASKED:
            raise QuestionError(f'there is no "{name}" to compare; there are {", ".join(ASKED)}')
    wanted = {what for name in lenses or ASKED for what in ASKED[name]}
    asked, found, deals = versions(
        cases, tuple(lenses or ASKED), draws=draws, rng=rng, method=method, most=most, progress=progress
    )
    base, *others = found
    return ComparisonResult(
        plan=asked,
        base=base.name,
        comparisons=tuple(_comparison(base, other, wanted, asked) for other in others),
        deals=deals,
    )


# --------------------------------------------------------------------------------- versions in the same draws

Key = tuple[str, str, str]  # what, subject, party


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a case, and what happens in it in every draw."""

    name: str
    model: Uncertain
    values: dict[Key, Values]


def versions(
    cases: Mapping[str, Case | Compiled],
    lenses: Sequence[str],
    *,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    most: int = 0,
    progress: Progress | None = None,
) -> tuple[Plan, list[Version], dict[str, dict[str, str]]]:
    """All versions in the same draws, and the deals besides the offers that are looked at."""
    models = {name: uncertain(case) for name, case in cases.items()}
    paths = tuple(dict.fromkeys(i.path for model in models.values() for i in model.inputs))
    models = {name: replace(model, order=paths, memo={}) for name, model in models.items()}
    asked = plan(draws, rng, method=method)
    limits = [odds_plan(model, draws, asked.seed, method).draws for model in models.values() if model.inputs]
    asked = Plan(min(limits), asked.seed, asked.method) if limits else Plan(1, asked.seed)
    surveys: dict[str, Survey | NotComputed] = {}
    for name, model in models.items():
        if most or set(lenses) - {"zone"}:
            surveys[name] = survey(model, _of(model, asked), progress)
        else:
            surveys[name] = NotComputed("only the zone was asked for")
    chosen = _often(models, surveys, most)
    out = []
    for name, model in models.items():
        values = dict(_values(model, surveys[name], chosen, _of(model, asked)))
        spread_out = {key: np.broadcast_to(v, _length(v, model, asked)) for key, v in values.items()}
        out.append(Version(name, model, spread_out))
    sets = {key for version in out for key in version.values if key[0] == "opens"}
    for version in out:
        rulers = {version.model.parties[r] for r in version.model.rulers}
        for key in sets - set(version.values):
            if set(key[1].split(" + ")) <= rulers:  # it never opens the zone there
                version.values[key] = np.zeros(asked.draws, np.bool_)
    return asked, out, chosen


def _of(model: Uncertain, asked: Plan) -> Plan:
    """The plan; of a case in which nothing is uncertain, one draw."""
    return asked if model.inputs else Plan(1, asked.seed)


def _length(values: Values, model: Uncertain, asked: Plan) -> tuple[int]:
    return (len(values) if model.inputs else asked.draws,)


def _often(
    models: Mapping[str, Uncertain], surveys: Mapping[str, Survey | NotComputed], most: int
) -> dict[str, dict[str, str]]:
    """The deals that pass most often in each version, by names; none that is an offer."""
    out: list[dict[str, str]] = []
    offers = [dict(o.deal) for model in models.values() for o in model.case.offers.values()]
    for name, model in models.items():
        seen = surveys[name]
        if isinstance(seen, NotComputed):
            continue
        order = np.lexsort((-seen.worst, -seen.passed))[:most]
        for n in order[seen.passed[order] > 0].tolist():
            deal = model.number(n)
            if deal not in out and deal not in offers:
                out.append(deal)
    return {f"deal {n}": deal for n, deal in enumerate(out, 1)}


def _values(
    model: Uncertain, seen: Survey | NotComputed, chosen: Mapping[str, Mapping[str, str]], asked: Plan
) -> Iterator[tuple[Key, Values]]:
    """Everything that is asked of a draw."""
    if isinstance(seen, NotComputed):
        try:
            opened = open_in(model, asked)[0]
        except TooLarge:  # not known here; listed with what is not compared if the other version has it
            pass
        else:
            yield ("zone", "", ""), opened
    else:
        yield ("zone", "", ""), seen.open
        for p, party in enumerate(model.parties):
            yield ("gain", "", party), seen.gains[_BEST, p]
            if p in model.rulers:
                yield ("refused", "", party), 100 * seen.refused[p]
        yield ("frontier", "", ""), seen.frontier.astype(np.float64)
        for parties, opens in seen.opens.items():
            yield ("opens", " + ".join(model.parties[p] for p in parties), ""), opens
    named = {name: dict(offer.deal) for name, offer in model.case.offers.items()}
    named |= {name: dict(deal) for name, deal in chosen.items() if _has(model, deal)}
    yield from _deals(model, named, asked)


def _has(model: Uncertain, deal: Mapping[str, str]) -> bool:
    """Whether a deal of another version is one here too."""
    known = dict(zip(model.issues, model.options, strict=True))
    if set(deal) != set(known) or any(deal[i] not in known[i] for i in known):
        return False
    return not any(rule.when.holds(deal) for rule in model.case.forbid)


def _deals(
    model: Uncertain, named: Mapping[str, Mapping[str, str]], asked: Plan
) -> Iterator[tuple[Key, Values]]:
    """Who accepts some deals, whether they pass, and what the parties have without a deal."""
    names = list(named)
    few = model.only([named[n] for n in names] or [model.number(0)])
    cells = len(few.groups[0].options)
    parties = len(model.parties)
    accepts = np.zeros((parties, cells, asked.draws), np.bool_)
    no_deal = np.zeros((parties, asked.draws))
    for piece in Sampler(few, asked.seed, method=asked.method).pieces(asked.draws):
        here = slice(piece.first, piece.first + piece.count)
        accepts[:, :, here] = reaches(piece.tables()[0], piece.reserve[:, None])
        no_deal[:, here] = piece.no_deal
    passed = ensemble.passes(model.rule, accepts)
    for n, name in enumerate(names):
        yield ("passes", name, ""), passed[n]
        for p, party in enumerate(model.parties):
            yield ("accepts", name, party), accepts[p, n]
    for p, party in enumerate(model.parties):
        yield ("no deal", "", party), no_deal[p]


# -------------------------------------------------------------------------------------- two beside each other


def _comparison(base: Version, other: Version, wanted: set[str], asked: Plan) -> Comparison:
    changed, alone, same = [], [], 0
    for key in dict.fromkeys([*base.values, *other.values]):
        if key[0] not in wanted:
            continue
        for here, there in ((base, other), (other, base)):
            if key not in there.values:
                alone.append(NotCompared(*key, there.name))
                assert key in here.values
        if key in base.values and key in other.values:
            found = change(key, base, other, asked)
            if found is None:
                same += 1
            else:
                changed.append(found)
    inputs = input_changes(base.model.case, other.model.case)
    return Comparison(
        other.name,
        inputs,
        tuple(sorted(changed, key=lambda c: not c.beyond_error)),
        same,
        tuple(alone),
        not changed and not alone and not inputs,
    )


def change(key: Key, base: Version, other: Version, asked: Plan) -> Changed | None:
    """How a quantity differs between two versions; None where it is the same in every draw."""
    many = min(len(base.values[key]), len(other.values[key]))
    before, after = base.values[key][:many], other.values[key][:many]
    if np.array_equal(before, after):
        return None
    method = asked.method if many % PIECE == 0 else "random"
    certain = not base.model.inputs and not other.model.inputs

    def told(values: Values, model: Uncertain) -> Estimate:
        found = estimate(values, method=method)
        return found if model.inputs else Estimate(found.value, 0.0, found.value, found.value, many)

    moved = paired(before, after, method=method)
    if certain:
        moved = Estimate(moved.value, 0.0, moved.value, moved.value, many)
    return Changed(
        *key,
        told(before, base.model),
        told(after, other.model),
        moved,
        moved.low > 0 or moved.high < 0,
    )


# --------------------------------------------------------------------------------- what was written otherwise

_COMPUTES = ("parties", "consent", "issues", "forbid", "offers", "preferences", "no_deal", "correlations")
_WORDS = ("because", "note", "name", "question")
_NAMED = ("weights", "types", "outcomes", "values", "cost", "drift", "members")  # their keys are names
_WHOLE = ("consent", "when", "between", "options")


def input_changes(base: Case, other: Case) -> tuple[InputChange, ...]:
    """The places of the case file that differ, as written; words, sources and claims are not looked at."""
    one, two = (dict(_leaves(_computing(case), "")) for case in (base, other))
    return tuple(
        InputChange(path, one.get(path), two.get(path))
        for path in dict.fromkeys([*one, *two])
        if one.get(path) != two.get(path)
    )


def _computing(case: Case) -> dict[str, Any]:
    data = case.to_data()
    later = [k for k in data if k not in (*_COMPUTES, "winset", "title", "summary", "as_of", "judge", "notes",
                                          "illustrative", "sources", "claims", "log")]  # fmt: skip
    return {key: data[key] for key in (*_COMPUTES, *later) if key in data}


def _leaves(node: Any, path: str) -> Iterable[tuple[str, str]]:
    """Every value with its path; a number with its claim counts as the number alone."""
    last = path.rpartition(".")[2]
    if isinstance(node, Mapping) and last not in _WHOLE:
        if "value" in node and set(node) <= {"value", "because", "note"}:
            yield path, _short(node["value"])
            return
        if "values" in node and set(node) <= {"values", "because", "note"}:
            yield path, _short({"values": node["values"]})
            return
        names = "." not in path or last in _NAMED or ".scores" in path
        for key, value in node.items():
            if names or key not in _WORDS:
                yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list | tuple) and last not in _WHOLE:
        for n, item in enumerate(node, 1):
            yield from _leaves(item, f"{path}.{n}")
    else:
        yield path, _short(node)


def _short(node: Any) -> str:
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{k}: {_short(v)}" for k, v in node.items()) + "}"
    if isinstance(node, list | tuple):
        return "[" + ", ".join(map(_short, node)) + "]"
    return {True: "true", False: "false"}.get(node, str(node)) if isinstance(node, bool) else str(node)
