"""NegMAS as a peer: loads the same scenario folders and answers the same questions.

NegMAS 0.16 (``negmas.preferences.ops``) defines its answers so, which is what the functions here return:

- ``pareto_frontier(ufuns)``: over the outcomes whose utility is at least the reserved value for *every* ufun
  (``points >= reservs``; none when no outcome is), those that no other one dominates, largest total first.
  Of outcomes with equal utilities for all it keeps *one*. Comparisons are of floats, without a tolerance.
- ``nash_points``: the points of a given frontier that maximise the product of ``u - r``; within 1e-12 of the
  best *in the product*, all are returned. ``r`` is the reserved value, or the ufun's least utility when the
  reserved value is below it, infinite or missing.
- ``kalai_points``: those that maximise the least ``u - r`` (same ``r``), with no rescaling: the utilities
  of parties are taken to be comparable as they stand. Points below a reserved value are passed over.
- ``ks_points``: those with the least difference between the largest and the least of ``(u - r) / (x - r)``,
  where ``x`` is the ufun's largest utility over *all* outcomes, rational or not. (Kalai and Smorodinsky's
  solution on a convex set makes the ratios equal; on a finite set "least spread" is one extension, "largest
  least ratio" another.)
- ``max_welfare_points``: those with the largest plain sum of utilities, no reserved value and no rescaling.
- Wherever some ufun's range (from ``r`` to its largest) is at most 1e-12, *every* point is returned.

NegMAS' own choices when it reads files are evened out here: discounting is removed, nested Genius objectives
are flattened, JSON is read through the loader for YAML (``Scenario.load`` passes JSON by), and tables over
outcomes are built by hand (NegMAS writes them as YAML that it cannot read back). A reserved value of ``null``
is taken as minus infinity (in NegMAS it turns into "not a number", and no outcome is rational any more).
"""

from __future__ import annotations

import math
import tempfile
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

__all__ = ["Peer", "load"]

Point = tuple[float, ...]
Scale = Sequence[tuple[float, float]]  # (ufun): a and b of utility = a + b * rescaled utility


def _rescaled(point: Point, scale: Scale) -> Point:
    return tuple((x - a) / b for x, (a, b) in zip(point, scale, strict=True))


@contextmanager
def quiet() -> Iterator[None]:
    """NegMAS and what it imports warn a lot; none of it is about us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@dataclass(frozen=True)
class Peer:
    """A scenario as NegMAS sees it."""

    issues: tuple[Any, ...]
    ufuns: tuple[Any, ...]

    @property
    def names(self) -> list[str]:
        return [u.name for u in self.ufuns]

    def ufun(self, name: str) -> Any:
        return next(u for u in self.ufuns if u.name == name)

    def outcomes(self) -> list[tuple[Any, ...]]:
        from negmas.outcomes import enumerate_issues

        with quiet():
            return list(enumerate_issues(self.issues))

    def outcome(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(values[i.name] for i in self.issues)

    def utilities(self, outcome: tuple[Any, ...]) -> Point:
        with quiet():
            return tuple(float(u(outcome)) for u in self.ufuns)

    def reserved(self) -> Point:
        """Reserved values; minus infinity where there is none."""
        values = [u.reserved_value for u in self.ufuns]
        return tuple(-math.inf if v is None else float(v) for v in values)

    def pareto_frontier(self) -> list[Point]:
        from negmas.preferences.ops import pareto_frontier

        with quiet():
            points, _ = pareto_frontier(self.ufuns, outcomes=self.outcomes())
        return [tuple(float(x) for x in p) for p in points]

    def nash_points(self, scale: Scale | None = None) -> list[Point]:
        return self._points("nash_points", scale)

    def kalai_points(self, scale: Scale | None = None) -> list[Point]:
        return self._points("kalai_points", scale)

    def ks_points(self, scale: Scale | None = None) -> list[Point]:
        return self._points("ks_points", scale)

    def max_welfare_points(self, scale: Scale | None = None) -> list[Point]:
        return self._points("max_welfare_points", scale)

    def _points(self, name: str, scale: Scale | None) -> list[Point]:
        """NegMAS' function on the frontier; with ``scale`` (a, b an ufun) on ``(u - a) / b`` instead of u."""
        from negmas.preferences import ops

        function: Callable[..., Any] = getattr(ops, name)
        steps = scale or [(0.0, 1.0)] * len(self.ufuns)
        frontier = [_rescaled(point, steps) for point in self.pareto_frontier()]
        ranges = list(zip(*(_rescaled(end, steps) for end in zip(*self.ranges(), strict=True)), strict=True))
        # with ranges given, of an ufun only the reserved value is looked at
        stands_in = [SimpleNamespace(reserved_value=r) for r in _rescaled(self.reserved(), steps)]
        with quiet():
            found = function(stands_in, frontier, ranges=ranges)
        return [tuple(float(x) for x in point) for point, _ in found]

    def ranges(self) -> list[tuple[float, float]]:
        rows = list(zip(*(self.utilities(o) for o in self.outcomes()), strict=True))
        return [(min(row), max(row)) for row in rows]


def load(folder: Path, *, reading: str = "negmas") -> Peer:
    """The scenario of a folder; Genius files as NegMAS reads them, or with Genius' own rules applied."""
    if any(folder.glob("*.xml")):
        return _genius(folder, reading)
    return _own(folder)


# --------------------------------------------------------------------------- Genius


def _genius(folder: Path, reading: str) -> Peer:
    from negmas.inout import Scenario

    roots = {p: ET.parse(p).getroot() for p in sorted(folder.glob("*.xml"))}
    domains = [p for p, r in roots.items() if r.tag == "negotiation_template"]
    profiles = [p for p, r in roots.items() if r.tag == "utility_space"]
    with tempfile.TemporaryDirectory() as place:
        domain = Path(place) / "domain.xml"
        _write_flat(roots[domains[0] if domains else profiles[0]], domain, as_domain=True)
        flat = []
        for profile in profiles:
            copy = Path(place) / profile.name
            flat.append(_write_flat(roots[profile], copy, as_domain=False))
        with quiet():
            scenario = Scenario.from_genius_files(
                domain, [Path(place) / p.name for p in profiles], ignore_discount=True, safe_parsing=False
            )
    assert scenario is not None
    issues = tuple(scenario.outcome_space.issues)
    ufuns = list(scenario.ufuns)
    if reading == "genius":
        ufuns = [_by_genius(u, issues, root) for u, root in zip(ufuns, flat, strict=True)]
    return Peer(issues, tuple(ufuns))


def _write_flat(root: ET.Element, path: Path, *, as_domain: bool) -> ET.Element:
    """The file with all issues and their weights directly under one objective, numbered from 1."""
    space = ET.Element("utility_space")
    objective = ET.SubElement(space, "objective", index="0", name="flat", type="objective", etype="objective")
    weights: list[tuple[int, str]] = []
    number = 0
    for level in root.iter():
        if level.tag not in ("objective", "utility_space"):
            continue
        table = {w.get("index"): w.get("value", "") for w in level.findall("weight")}
        for issue in level.findall("issue"):
            number += 1
            if issue.get("index") in table:
                weights.append((number, table[issue.get("index")]))
            issue.set("index", str(number))
            for item in list(issue):
                if as_domain and item.tag == "evaluator":
                    issue.remove(item)
            objective.append(issue)
    for index, value in [] if as_domain else weights:
        ET.SubElement(objective, "weight", index=str(index), value=value)
    for tag in () if as_domain else ("reservation", "discount_factor"):
        for element in root.findall(tag):
            space.append(element)
    whole = space
    if as_domain:
        whole = ET.Element("negotiation_template")
        whole.append(space)
    ET.ElementTree(whole).write(path, encoding="utf-8")
    return space


def _by_genius(ufun: Any, issues: Sequence[Any], root: ET.Element) -> Any:
    """The ufun with Genius' evaluations: divided by the largest; integers from the lower bound, cut."""
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.value_fun import TableFun

    elements = {e.get("name"): e for e in root.iter("issue")}
    values = []
    for issue, value in zip(issues, ufun.values, strict=True):
        row = {v: float(value(v)) for v in issue.all}
        evaluator = elements[issue.name].find("evaluator")
        if evaluator is not None:
            if evaluator.get("slope") is not None:
                low = min(row)
                row = {v: float(value(v - low)) for v in row}
            row = {v: min(max(x, 0.0), 1.0) for v, x in row.items()}
        else:
            largest = max(row.values())
            row = {v: (x / largest if largest >= 1e-5 else 0.0) for v, x in row.items()}
        values.append(TableFun(row))
    with quiet():
        return LinearAdditiveUtilityFunction(
            values,
            weights=list(ufun.weights),
            outcome_space=ufun.outcome_space,
            name=ufun.name,
            reserved_value=ufun.reserved_value,
        )


# --------------------------------------------------------------------------- NegMAS


def _own(folder: Path) -> Peer:
    import yaml
    from negmas.helpers.inout import load as load_file
    from negmas.inout import Scenario
    from negmas.preferences import MappingUtilityFunction

    domain, ufuns, tables = None, [], []
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".yml", ".yaml", ".json")):
        try:
            data = load_file(path)
        except yaml.constructor.ConstructorError:  # a table: NegMAS cannot read its own keys
            tables.append(path)
            continue
        if "OutcomeSpace" in data.get("type", ""):
            domain = path
        elif "fun" in data.get("type", "").lower():
            ufuns.append(path)
    assert domain is not None
    with quiet():
        scenario = Scenario.from_yaml_files(domain, ufuns)
        assert scenario is not None
        space = scenario.outcome_space
        made = list(scenario.ufuns)
        for ufun, path in zip(made, ufuns, strict=True):
            if ufun.reserved_value is None:
                ufun.reserved_value = -math.inf
            if not load_file(path).get("name"):
                ufun.name = path.stem
        for path in tables:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
            loader = yaml.SafeLoader("")
            fields = {k.value: v for k, v in node.value}
            pairs = fields["mapping"].value
            mapping = {
                tuple(loader.construct_object(part) for part in key.value): loader.construct_object(value)
                for key, value in pairs
            }
            made.append(
                MappingUtilityFunction(
                    mapping,
                    outcome_space=space,
                    name=fields["name"].value,
                    reserved_value=loader.construct_object(fields["reserved_value"]),
                )
            )
    return Peer(tuple(space.issues), tuple(made))
