"""What changes between several versions of a case, and is the change more than the error of drawing?

All versions are looked at in the same draws: an unknown that two of them have in common takes the same values
in both (common random numbers: Law and Kelton 2000, sec. 11.2; Glasserman and Yao 1992). So a difference is
known much better than the two numbers that it is between. What is the same in every draw is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.case.model import Case
from winset.compiled import Compiled, compile_case
from winset.compiled.sampling import PIECE
from winset.errors import QuestionError
from winset.lenses.comparison_values import ASKED, OF_DEALS, Key, Version, applies, reads, versions
from winset.lenses.estimates import Estimate, Plan, estimate
from winset.lenses.per_draw import PerDraw, difference, exact
from winset.lenses.results import Progress, Result

__all__ = [
    "ASKED",
    "Changed",
    "Comparison",
    "ComparisonResult",
    "InputChange",
    "LensNotComputed",
    "NotCompared",
    "change",
    "compare",
    "input_changes",
]


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
    subject: str  # the offer, deal, stage, threat ... that it is about; "" for none
    party: str  # whose; "" for nobody's
    before: Estimate
    after: Estimate
    change: Estimate  # after less before, draw by draw
    beyond_error: bool  # the 95 % interval of the change excludes 0


@dataclass(frozen=True, slots=True)
class NotCompared(Result):
    """A quantity that only one of the two has, or that is not computed."""

    what: str
    subject: str
    party: str
    missing_in: str  # the version that does not have it; "" for both
    because: str | None  # why it is not computed there; None where the version does not have such a thing


@dataclass(frozen=True, slots=True)
class LensNotComputed(Result):
    """A lens that is not computed for a version."""

    lens: str
    version: str
    because: str


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """One version beside the base."""

    name: str
    inputs: tuple[InputChange, ...]
    changed: tuple[Changed, ...]
    same: int  # quantities that are the same in every draw
    not_compared: tuple[NotCompared, ...]
    not_computed: tuple[LensNotComputed, ...]
    unread: tuple[str, ...]  # blocks written otherwise on which nothing that is compared can hang
    nothing_changed: bool  # neither in the answers nor in what counts of the file


@dataclass(frozen=True, slots=True)
class ComparisonResult(Result):
    """Versions of a case beside the first of them."""

    plan: Plan
    base: str
    lenses: tuple[str, ...]  # whose questions are compared
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
        Only what these ask: zone, blockers, frontier, solutions, course, ratification, durability, threats,
        concessions, war, stability. By default all for which some version has what they are about.
    draws, rng, method
        How many joint draws, from which seed, and how: "random" or "sobol".
    most
        Of each version so many of the deals that pass most often are compared.

    Raises
    ------
    QuestionError
        If there are fewer than two versions, or a lens is none of these.
    """
    if len(cases) < 2:
        raise QuestionError("a comparison needs two versions of a case or more")
    for name in lenses or ():
        if name not in ASKED:
            raise QuestionError(f'there is no "{name}" to compare; there are {", ".join(ASKED)}')
    compiled = {name: compile_case(case) for name, case in cases.items()}
    chosen = tuple(lenses or (x for x in ASKED if any(applies(x, c.case) for c in compiled.values())))
    wanted = {what for name in chosen for what in ASKED[name]}
    asked, found, deals = versions(
        compiled, chosen, draws=draws, rng=rng, method=method, most=most, progress=progress
    )
    base, *others = found
    return ComparisonResult(
        plan=asked,
        base=base.name,
        lenses=chosen,
        comparisons=tuple(_comparison(base, other, wanted, chosen, asked) for other in others),
        deals=deals,
    )


# -------------------------------------------------------------------------------------- two beside each other


def _comparison(
    base: Version, other: Version, wanted: set[str], lenses: Sequence[str], asked: Plan
) -> Comparison:
    changed, same = [], 0
    for key in dict.fromkeys([*base.values, *other.values]):
        if key[0] not in wanted or key not in base.values or key not in other.values:
            continue
        found = change(key, base, other, asked)
        if found is None:
            same += 1
        else:
            changed.append(found)
    alone = [n for n in _not_compared(base, other) if n.what in wanted]
    without = tuple(
        LensNotComputed(lens, version.name, why.because)
        for version in (base, other)
        for lens, why in version.lenses.items()
        if lens in lenses
    )
    inputs = input_changes(base.model.case, other.model.case)
    blocks = dict.fromkeys(i.path.partition(".")[0] for i in inputs)
    return Comparison(
        other.name,
        inputs,
        tuple(sorted(changed, key=lambda c: not c.beyond_error)),
        same,
        tuple(alone),
        without,
        tuple(b for b in blocks if not any(reads(lens, b) for lens in lenses)),
        not changed and not inputs and not any(n.missing_in for n in alone),
    )


def _not_compared(base: Version, other: Version) -> Iterable[NotCompared]:
    """What one of the two does not have, or neither computes."""
    for key in dict.fromkeys([*base.values, *other.values, *base.without, *other.without]):
        missing = [v for v in (base, other) if key not in v.values]
        if len(missing) == 2:
            why = [_why(v, key) for v in missing]
            if why[0] == why[1]:
                yield NotCompared(*key, "", why[0])
                continue
        for version in missing:
            yield NotCompared(*key, version.name, _why(version, key))


def _why(version: Version, key: Key) -> str | None:
    """Why a version does not compute something; None where it does not have it."""
    if key in version.without:
        return version.without[key].because
    for lens, why in version.lenses.items():
        if key[0] in ASKED[lens] and lens not in OF_DEALS and applies(lens, version.model.case):
            return why.because
    return None


def change(key: Key, base: Version, other: Version, asked: Plan) -> Changed | None:
    """How a quantity differs between two versions; None where it is the same in every draw."""
    before, after = base.values[key], other.values[key]
    many = min(len(before.values), len(after.values))
    before, after = _first(before, many, asked), _first(after, many, asked)
    if before.same(after):
        return None
    moved = difference(before, after, method=asked.method if many % PIECE == 0 else "random")
    return Changed(*key, before.found, after.found, moved, moved.low > 0 or moved.high < 0)


def _first(told: PerDraw, many: int, asked: Plan) -> PerDraw:
    """A quantity in the first draws alone: of large cases some are known in fewer than others."""
    if len(told.values) == many:
        return told
    values = told.values[:many]
    found = estimate(values, method=asked.method if many % PIECE == 0 else "random")
    return PerDraw(values, exact(found) if told.certain else found, None, told.certain)


# --------------------------------------------------------------------------------- what was written otherwise

_COMPUTES = ("parties", "consent", "issues", "forbid", "offers", "preferences", "no_deal", "correlations")
_WORDS = ("because", "note", "name", "question")
_NAMED = ("weights", "types", "outcomes", "values", "cost", "drift", "members")  # their keys are names
_UNNAMED = ("talks", "durability", "conflict")  # blocks whose keys are not names
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
        names = ("." not in path and path not in _UNNAMED) or last in _NAMED or ".scores" in path
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
