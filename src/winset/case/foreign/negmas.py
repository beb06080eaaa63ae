"""NegMAS scenarios (YAML, JSON) to additive profiles.

A scenario is a folder with one file for the outcome space and one for each utility function, as
``negmas.inout.Scenario.dumpas`` writes them. Class names in the files (``type:``) are words here: nothing
named in a file is imported or called. What each class computes is written out below in fractions, after
NegMAS 0.16.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from winset.case.foreign.additive import ForeignIssue, Imported, Profile, build
from winset.case.foreign.files import MAX_OPTIONS, Faults, ForeignFile
from winset.case.foreign.tree import Mapping, Node, Scalar, Sequence, parse_json, parse_yaml
from winset.case.numbers import format_fraction
from winset.case.text import closest, listing

__all__ = ["TreeFile", "import_negmas", "read_tree"]

_STATIONARY = 2047  # negmas.preferences.stability: every flag set, nothing depends on time or state

_UFUN_KEYS = (
    "type",
    "name",
    "id",
    "path",
    "reserved_value",
    "reserved_outcome",
    "stability",
    "outcome_space",
    "constraints",
)
_SPACES = ("DiscreteCartesianOutcomeSpace", "CartesianOutcomeSpace")
_LISTED = (
    "CategoricalIssue",
    "DiscreteOrdinalIssue",
    "OrdinalIssue",
    "DiscreteCardinalIssue",
    "CardinalIssue",
    "SingletonIssue",
)
_REFUSED_ISSUES = {
    "ContinuousIssue": "the issue is continuous, so its values cannot be listed",
    "ContinuousInfiniteIssue": "the issue is continuous, so its values cannot be listed",
    "InfiniteIssue": "the issue is continuous, so its values cannot be listed",
    "CountableInfiniteIssue": "the issue has infinitely many values",
    "CallableIssue": "the issue's values come from code",
    "OptionalIssue": "the issue may be left open, which a case cannot say",
}
_ADDITIVE = ("LinearAdditiveUtilityFunction", "LinearUtilityAggregationFunction")
_NOT_ADDITIVE = (
    "HyperRectangleUtilityFunction",
    "NonlinearHyperRectangleUtilityFunction",
    "NonLinearAggregationUtilityFunction",
    "PAUtilityFunction",
    "GAUtilityFunction",
    "GLAUtilityFunction",
    "GPAUtilityFunction",
    "RankOnlyUtilityFunction",
    "WeightedUtilityFunction",
    "ComplexNonlinearUtilityFunction",
    "ProbUtilityFunction",
    "UniformUtilityFunction",
)
_DISCOUNTED = {"ExpDiscountedUFun": ("discount",), "LinDiscountedUFun": ("cost", "power")}


@dataclass(slots=True)
class TreeFile:
    """A parsed file and what it is."""

    file: ForeignFile
    root: Node
    kind: Literal["domain", "profile", "geniusweb", "other"]


def read_tree(file: ForeignFile, faults: Faults) -> TreeFile | None:
    """Parse one file and tell outcome space from utility function, by its ``type`` as NegMAS does."""
    root = (parse_json if file.path.suffix.lower() == ".json" else parse_yaml)(file, faults)
    if root is None:
        return None
    if isinstance(root, Mapping):
        kind = root.get("type")
        name = kind.text if isinstance(kind, Scalar) else ""
        if "OutcomeSpace" in name:
            return TreeFile(file, root, "domain")
        if "fun" in name.lower():
            return TreeFile(file, root, "profile")
        if any(root.get(k) is not None for k in ("issuesValues", "LinearAdditiveUtilitySpace")):
            return TreeFile(file, root, "geniusweb")
    return TreeFile(file, root, "other")


def import_negmas(domain: TreeFile, profiles: Seq[TreeFile], notes: list[str]) -> Imported:
    """Carry an outcome space and its utility functions over."""
    faults = Faults()
    space = _Domain(domain, faults, notes)
    issues = space.issues()
    faults.stop_if_any()
    made = [_Ufun(p, issues, faults).read() for p in profiles]
    faults.stop_if_any()
    foreign = [
        ForeignIssue(i.name, tuple(s.value for s in i.values), tuple(s.text for s in i.values))
        for i in issues
    ]
    return build(
        title=space.title(),
        tool="NegMAS",
        domain=domain.file,
        issues=foreign,
        profiles=made,
        notes=notes,
        faults=faults,
    )


@dataclass(slots=True)
class _Issue:
    name: str
    values: list[Scalar]


class _Reader:
    def __init__(self, tree: TreeFile, faults: Faults) -> None:
        assert isinstance(tree.root, Mapping)
        self.file, self.root, self.faults = tree.file, tree.root, faults

    def fault(
        self, node: Node, message: str, where: str, *, value: object = None, allowed: str = "", hint: str = ""
    ) -> None:
        self.faults.add(
            self.file.name, message, line=node.line, where=where, value=value, allowed=allowed, hint=hint
        )

    def type_of(
        self, node: Mapping, where: str, known: Seq[str], refused: dict[str, str], noun: str
    ) -> str | None:
        """The class that a mapping names, as a word; None with a fault when it is not one of the known."""
        kind = node.get("type")
        if not isinstance(kind, Scalar) or kind.kind != "text":
            self.fault(node, f"the {noun} has no type", where, allowed=listing(known, 20))
            return None
        module, _, name = kind.text.rpartition(".")
        if module and module.split(".")[0] != "negmas":
            self.fault(
                kind,
                f"the {noun} is of a class outside NegMAS",
                where,
                value=kind.text,
                allowed=listing(known, 20),
            )
            return None
        if name in refused:
            self.fault(kind, refused[name], where, value=name, allowed=listing(known, 20))
            return None
        if name not in known:
            self.fault(
                kind,
                f"this type of {noun} is not carried over",
                where,
                value=name,
                allowed=listing(known, 20),
                hint=closest(name, known),
            )
            return None
        return name

    def only(self, node: Mapping, keys: Seq[str], where: str) -> None:
        for key, _ in node.entries:
            if not isinstance(key, Scalar) or key.text not in keys:
                word = key.text if isinstance(key, Scalar) else "a list"
                self.fault(
                    key, "unknown key", where, value=word, allowed=listing(keys, 20), hint=closest(word, keys)
                )

    def number(
        self, node: Node | None, where: str, holder: Node, default: Fraction | None = None
    ) -> Fraction | None:
        if node is None:
            if default is None:
                self.fault(holder, "a number is missing", where)
            return default
        if isinstance(node, Scalar) and node.kind == "number":
            return node.number
        hint = ""
        if isinstance(node, Scalar) and node.kind == "text":
            hint = (
                "quoted numbers are text; in YAML 1.1 so is 1e3 (write 1.0e+3)"
                if any(c.isdigit() for c in node.text)
                else ""
            )
        self.fault(
            node,
            "not a finite number",
            where,
            value=_written(node),
            allowed="a number such as 0.25",
            hint=hint,
        )
        return None


def _written(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text or "nothing"
    return "a list" if isinstance(node, Sequence) else "a mapping"


class _Domain(_Reader):
    """Reads the outcome space."""

    def __init__(self, tree: TreeFile, faults: Faults, notes: list[str]) -> None:
        super().__init__(tree, faults)
        self.notes = notes

    def title(self) -> str:
        name = self.root.get("name")
        text = name.text.strip() if isinstance(name, Scalar) and name.kind == "text" else ""
        generic = text.lower() in ("", "domain", "none")
        folder = self.file.path.resolve().parent.name
        return (folder if generic and folder else text) or self.file.path.stem

    def issues(self) -> list[_Issue]:
        self.type_of(self.root, "type", _SPACES, {}, "outcome space")
        self.only(self.root, ("type", "name", "id", "path", "issues", "constraints"), "")
        self._no_constraints()
        node = self.root.get("issues")
        if not isinstance(node, Sequence) or not node.items:
            self.fault(
                node or self.root, "the outcome space has no issues", "issues", allowed="a list of issues"
            )
            return []
        out: list[_Issue] = []
        for number, item in enumerate(node.items, 1):
            made = self._issue(item, number)
            if made is not None:
                if made.name in [i.name for i in out]:
                    self.fault(item, "two issues have the same name", f"issue {made.name}")
                out.append(made)
        return out

    def _no_constraints(self) -> None:
        node = self.root.get("constraints")
        if node is not None and not _is_nothing(node):
            self.fault(node, "constraints on outcomes are code and are not carried over", "constraints")

    def _issue(self, node: Node, number: int) -> _Issue | None:
        where = f"issues[{number}]"
        if not isinstance(node, Mapping):
            self.fault(node, "an issue must be a mapping", where, allowed="name, type, values")
            return None
        named = node.get("name")
        if isinstance(named, Scalar) and named.kind != "nothing":
            name, where = named.text, f"issue {named.text}"
        else:
            name = f"issue {number}"
            self.notes.append(f"Issue {number} has no name and is called '{name}' here.")
        self.only(node, ("type", "name", "id", "path", "values", "n_values"), where)
        kind = self.type_of(node, where, (*_LISTED, "ContiguousIssue"), _REFUSED_ISSUES, "issue")
        if kind is None:
            return None
        values = node.get("values")
        found = (
            self._range(values, node, where)
            if kind == "ContiguousIssue"
            else self._listed(values, node, where)
        )
        return None if found is None else _Issue(name, found)

    def _range(self, node: Node | None, holder: Node, where: str) -> list[Scalar] | None:
        allowed = "two whole numbers, the least and the largest"
        ends = node.items if isinstance(node, Sequence) else [node] if node is not None else []
        numbers = [
            e.number for e in ends if isinstance(e, Scalar) and e.kind == "number" and e.number is not None
        ]
        if len(numbers) != len(ends) or not 1 <= len(ends) <= 2 or any(n.denominator != 1 for n in numbers):
            infinite = any(isinstance(e, Scalar) and "infinity" in e.kind for e in ends)
            message = (
                "the issue has infinitely many values"
                if infinite
                else "the values are not a range of whole numbers"
            )
            self.fault(node or holder, message, where, allowed=allowed)
            return None
        low, high = (0, int(numbers[0]) - 1) if len(numbers) == 1 else (int(numbers[0]), int(numbers[1]))
        if low > high:
            self.fault(
                node or holder, "the range is upside down", where, value=f"{low} to {high}", allowed=allowed
            )
            return None
        if high - low >= MAX_OPTIONS:
            self.fault(
                node or holder,
                "the issue has too many values",
                where,
                value=f"{high - low + 1:,} values",
                allowed=f"at most {MAX_OPTIONS:,}",
                hint="make the grid coarser before you import it",
            )
            return None
        return [Scalar("number", str(v), holder.line, Fraction(v)) for v in range(low, high + 1)]

    def _listed(self, node: Node | None, holder: Node, where: str) -> list[Scalar] | None:
        allowed = "a list of different values"
        if isinstance(node, Scalar) and node.kind == "number":
            self.fault(
                node, "the values are only counted, not listed", where, value=node.text, allowed=allowed
            )
            return None
        if not isinstance(node, Sequence) or not node.items:
            self.fault(node or holder, "the issue has no values", where, allowed=allowed)
            return None
        if len(node.items) > MAX_OPTIONS:
            self.fault(
                node,
                "the issue has too many values",
                where,
                value=f"{len(node.items):,} values",
                allowed=f"at most {MAX_OPTIONS:,}",
                hint="make the grid coarser before you import it",
            )
            return None
        out: list[Scalar] = []
        seen: set[tuple[str, object]] = set()
        for item in node.items:
            if not isinstance(item, Scalar) or item.kind not in ("text", "number", "truth"):
                self.fault(item, "a value must be text, a number or true/false", where, value=_written(item))
            elif item.key in seen:
                self.fault(item, "a value is listed twice", where, value=item.text)
            else:
                seen.add(item.key)
                out.append(item)
        return out if len(out) == len(node.items) else None


def _is_nothing(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.kind == "nothing"
    return not (node.items if isinstance(node, Sequence) else node.entries)


Fun = Callable[[Scalar], "Fraction | None"]  # the value of an option, or None when it has none


class _Ufun(_Reader):
    """Reads one utility function as contributions of issues."""

    def __init__(self, tree: TreeFile, issues: Seq[_Issue], faults: Faults) -> None:
        super().__init__(tree, faults)
        self.issues = issues
        named = self.root.get("name")
        name = named.text.strip() if isinstance(named, Scalar) and named.kind not in ("nothing",) else ""
        self.profile = Profile(name or tree.file.path.stem, tree.file, [])

    def read(self) -> Profile:
        self._ufun(self.root, "")
        value = self.root.get("reserved_value")
        if isinstance(value, Scalar) and value.kind in ("nothing", "minus infinity"):
            value = None
        if value is not None:
            self.profile.reservation = self.number(value, "reserved_value", value)
        outcome = self.root.get("reserved_outcome")
        if outcome is not None and not _is_nothing(outcome):
            self.profile.notes.append(
                "the reserved outcome is left out; NegMAS values no agreement at the reserved value."
            )
        stability = self.root.get("stability")
        if (
            isinstance(stability, Scalar)
            and stability.number != _STATIONARY
            and self.root.get("ufun") is None
        ):
            self.profile.notes.append(
                f"the stability flags ({stability.text}) say that the function may change with time or "
                "state; its formula is carried over as it stands."
            )
        if self.root.get("outcome_space") is not None:
            self.profile.notes.append(
                "its own outcome space is left out; the scenario's is used, as NegMAS does."
            )
        return self.profile

    # -- utility functions

    def _ufun(self, node: Mapping, where: str) -> None:
        readers: dict[str, Callable[[Mapping, str], None]] = {
            **dict.fromkeys(_ADDITIVE, self._additive),
            "LinearUtilityFunction": self._affine,
            "AffineUtilityFunction": self._affine,
            "ConstUtilityFunction": self._constant,
            "MappingUtilityFunction": self._table,
            **dict.fromkeys(_DISCOUNTED, self._discounted),
        }
        refused = dict.fromkeys(_NOT_ADDITIVE, "the utility function is not a sum over issues")
        kind = self.type_of(node, _at(where, "type"), tuple(readers), refused, "utility function")
        limits = node.get("constraints")
        if limits is not None and not _is_nothing(limits):
            self.fault(
                limits, "constraints on outcomes are code and are not carried over", _at(where, "constraints")
            )
        if kind is not None:
            readers[kind](node, where)

    def _additive(self, node: Mapping, where: str) -> None:
        self.only(node, (*_UFUN_KEYS, "weights", "values", "bias"), where)
        weights = self._weights(node, where, Fraction(1))
        self.profile.constant += self.number(
            node.get("bias"), _at(where, "bias"), node, Fraction(0)
        ) or Fraction(0)
        values = node.get("values")
        funs: list[Node | None]
        if isinstance(values, Sequence):
            funs = list(values.items)
            if len(funs) != len(self.issues):
                self.fault(
                    values,
                    "there must be one value function an issue",
                    _at(where, "values"),
                    value=f"{len(funs)} functions",
                    allowed=f"{len(self.issues)}",
                )
                return
        elif isinstance(values, Mapping):
            self._known_issues(values, _at(where, "values"))
            funs = [values.get(i.name) for i in self.issues]
        else:
            self.fault(values or node, "the utility function has no value functions", _at(where, "values"))
            return
        for issue, fun, weight in zip(self.issues, funs, weights, strict=True):
            place = _at(where, f"values.{issue.name}")
            if fun is None:
                self.profile.notes.append(
                    f"'{issue.name}' has no value function: its value is taken, as NegMAS does."
                )
            row = self._row(
                issue, self._identity if fun is None else self._fun(fun, place, issue), fun or node, place
            )
            if row is not None and weight is not None:
                self.profile.contributions.append([weight * v for v in row])

    def _row(self, issue: _Issue, fun: Fun | None, node: Node, where: str) -> list[Fraction] | None:
        if fun is None:
            return None
        out = [fun(option) for option in issue.values]
        missing = [o.text for o, v in zip(issue.values, out, strict=True) if v is None]
        if missing:
            self.fault(node, "values of the issue without a value here", where, value=listing(missing, 8))
            return None
        return [v for v in out if v is not None]

    def _known_issues(self, node: Mapping, where: str) -> None:
        names = [i.name for i in self.issues]
        for key, _ in node.entries:
            if not isinstance(key, Scalar) or key.text not in names:
                word = key.text if isinstance(key, Scalar) else "a list"
                self.fault(
                    key,
                    "the outcome space has no such issue",
                    where,
                    value=word,
                    allowed=listing(names),
                    hint=closest(word, names),
                )

    def _weights(self, node: Mapping, where: str, default: Fraction) -> list[Fraction | None]:
        weights, place = node.get("weights"), _at(where, "weights")
        if weights is None or (isinstance(weights, Scalar) and weights.kind == "nothing"):
            self.profile.notes.append(
                f"no weights are given: each is {format_fraction(default)}, as NegMAS has it."
            )
            return [default for _ in self.issues]
        if isinstance(weights, Sequence):
            if len(weights.items) != len(self.issues):
                self.fault(
                    weights,
                    "there must be one weight an issue",
                    place,
                    value=f"{len(weights.items)} weights",
                    allowed=f"{len(self.issues)}",
                )
                return [None for _ in self.issues]
            return [self.number(w, place, w) for w in weights.items]
        if isinstance(weights, Mapping):
            self._known_issues(weights, place)
            out: list[Fraction | None] = []
            for issue in self.issues:
                given = weights.get(issue.name)
                if given is None:
                    self.profile.notes.append(f"'{issue.name}' has no weight: it is 1, as NegMAS has it.")
                out.append(self.number(given, _at(place, issue.name), weights, Fraction(1)))
            return out
        self.fault(weights, "weights must be a list or a mapping", place)
        return [None for _ in self.issues]

    def _affine(self, node: Mapping, where: str) -> None:
        self.only(node, (*_UFUN_KEYS, "weights", "bias"), where)
        weights = self._weights(node, where, Fraction(1, len(self.issues)))
        bias = self.number(node.get("bias"), _at(where, "bias"), node, Fraction(0)) or Fraction(0)
        kind = node.get("type")
        if bias and isinstance(kind, Scalar) and kind.text.endswith("LinearUtilityFunction"):
            self.profile.notes.append(
                f"the bias {format_fraction(bias)} is left out, as NegMAS leaves it out of a linear function."
            )
            bias = Fraction(0)
        self.profile.constant += bias
        for issue, weight in zip(self.issues, weights, strict=True):
            row = self._row(issue, self._identity, node, _at(where, f"issue {issue.name}"))
            if row is not None and weight is not None:
                self.profile.contributions.append([weight * v for v in row])

    def _constant(self, node: Mapping, where: str) -> None:
        self.only(node, (*_UFUN_KEYS, "value"), where)
        self.profile.constant += self.number(node.get("value"), _at(where, "value"), node) or Fraction(0)
        self.profile.contributions = [[Fraction(0)] * len(i.values) for i in self.issues]

    def _discounted(self, node: Mapping, where: str) -> None:
        kind = node.get("type")
        assert isinstance(kind, Scalar)
        own = _DISCOUNTED[kind.text.rpartition(".")[2]]
        self.only(node, (*_UFUN_KEYS, "ufun", "factor", "dynamic_reservation", *own), where)
        said = ", ".join(f"{k} {_written(v)}" for k in (*own, "factor") if (v := node.get(k)) is not None)
        self.profile.notes.append(
            f"the discounting ({said}) is left out: a case has no clock, and utilities are those "
            "at the start."
        )
        inner = node.get("ufun")
        if not isinstance(inner, Mapping):
            self.fault(inner or node, "the discounted function is missing", _at(where, "ufun"))
            return
        kept = inner.get("reserved_value")
        if kept is not None and not where:
            outer = node.get("reserved_value")
            if not (isinstance(kept, Scalar) and isinstance(outer, Scalar) and kept.key == outer.key):
                self.profile.notes.append(
                    f"the inner function's reserved value {_written(kept)} is left out; the discounted "
                    "function's own counts."
                )
        self._ufun(inner, _at(where, "ufun"))

    def _table(self, node: Mapping, where: str) -> None:
        self.only(node, (*_UFUN_KEYS, "mapping", "default"), where)
        place = _at(where, "mapping")
        mapping = node.get("mapping")
        if not isinstance(mapping, Mapping) or not mapping.entries:
            self.fault(
                mapping or node,
                "the function has no table",
                place,
                allowed="a mapping from outcomes to numbers",
            )
            return
        table: dict[tuple[tuple[str, object], ...], Fraction] = {}
        for key, value in mapping.entries:
            parts = key.items if isinstance(key, Sequence) else [key]
            number = self.number(value, place, value)
            if len(parts) != len(self.issues) or not all(isinstance(p, Scalar) for p in parts):
                self.fault(
                    key,
                    "an outcome must have one value an issue",
                    place,
                    value=f"{len(parts)} values",
                    allowed=f"{len(self.issues)}",
                )
                return
            if number is not None:
                table[tuple(p.key for p in parts if isinstance(p, Scalar))] = number
        if any(not isinstance(k, Sequence) for k, _ in mapping.entries):
            self.profile.notes.append("the keys of its table are read as the values of the only issue.")
        self._additive_table(table, node, mapping, place)

    def _additive_table(
        self, table: dict[tuple[tuple[str, object], ...], Fraction], ufun: Mapping, node: Mapping, where: str
    ) -> None:
        default = ufun.get("default")
        rest = default.number if isinstance(default, Scalar) and default.kind == "number" else None
        keys = [[v.key for v in i.values] for i in self.issues]
        size = 1
        for row in keys:
            size *= len(row)
        if size > 200_000:
            self.fault(
                node,
                "the table's outcome space is too large to check",
                where,
                value=f"{size:,} outcomes",
                allowed="at most 200,000",
            )
            return
        missing = [k for k in itertools.product(*keys) if k not in table]
        if missing and rest is None:
            texts = [{v.key: v.text for v in i.values} for i in self.issues]
            first = ", ".join(t[k] for t, k in zip(texts, missing[0], strict=True))
            self.fault(
                node,
                "outcomes without a value",
                where,
                value=f"{len(missing):,} outcomes, the first is ({first})",
                hint="every outcome needs a finite value",
            )
            return
        if missing:
            assert rest is not None
            self.profile.notes.append(
                f"{len(missing):,} outcomes are not in its table and have "
                f"the default {format_fraction(rest)}."
            )

        def worth(key: tuple[tuple[str, object], ...]) -> Fraction:
            return table.get(key, rest or Fraction(0))

        first_key = tuple(row[0] for row in keys)
        base = worth(first_key)
        parts: list[dict[tuple[str, object], Fraction]] = [
            {k: worth((*first_key[:i], k, *first_key[i + 1 :])) - base for k in row}
            for i, row in enumerate(keys)
        ]
        for key in itertools.product(*keys):
            if worth(key) != base + sum((p[k] for p, k in zip(parts, key, strict=True)), Fraction(0)):
                self.fault(
                    node,
                    "the table is not a sum over issues, so weights and scores cannot say it",
                    where,
                    allowed="a table in which each issue adds its own part, exactly",
                    hint="numbers that were rounded are no longer an exact sum",
                )
                return
        self.profile.constant += base
        self.profile.contributions = [[p[k] for k in row] for p, row in zip(parts, keys, strict=True)]

    # -- value functions

    @staticmethod
    def _identity(option: Scalar) -> Fraction | None:
        number = option.key[1]
        return number if isinstance(number, Fraction) else None

    def _fun(self, node: Node, where: str, issue: _Issue, *, inside: bool = False) -> Fun | None:
        """A value function; None with a fault when it is not carried over."""
        if isinstance(node, Sequence) and not inside:
            return self._plain_list(node, where, issue)
        if not isinstance(node, Mapping):
            self.fault(node, "a value function must be a mapping", where, value=_written(node))
            return None
        if node.get("type") is None and not inside:
            return self._plain_table(node, where, issue)
        shapes: dict[str, tuple[str, ...]] = {
            "TableFun": ("mapping",),
            "IdentityFun": (),
            "ConstFun": ("bias",),
            "LinearFun": ("slope",),
            "AffineFun": ("slope", "bias"),
            "QuadraticFun": ("a2", "a1", "bias"),
            "PolynomialFun": ("coefficients", "bias"),
            "TriangularFun": ("start", "middle", "end", "bias", "scale"),
            "TrapezoidalFun": ("start", "rise_end", "fall_start", "end", "bias", "scale"),
            "BiasedFun": ("fun", "bias", "normalize", "issue"),
            "AggregatingFun": ("funs", "weights", "bias", "normalize", "issue"),
        }
        rational = "the value function has no exact values (it is not a ratio of whole numbers)"
        refused = dict.fromkeys(
            ("ExponentialFun", "LogFun", "SinFun", "CosFun", "GaussianFun", "MultiModalGaussianFun"), rational
        )
        refused["LambdaFun"] = "the value function is code"
        kind = self.type_of(node, where, tuple(shapes), refused, "value function")
        if kind is None:
            return None
        self.only(node, ("type", *shapes[kind]), where)
        if kind == "TableFun":
            mapping = node.get("mapping")
            if not isinstance(mapping, Mapping):
                self.fault(mapping or node, "the table is missing", _at(where, "mapping"))
                return None
            return self._plain_table(mapping, _at(where, "mapping"), issue)
        if kind in ("BiasedFun", "AggregatingFun"):
            return self._combined(node, kind, where, issue)
        return self._formula(node, kind, where)

    def _formula(self, node: Mapping, kind: str, where: str) -> Fun | None:
        def get(name: str, default: int | None = None) -> Fraction:
            found = self.number(
                node.get(name), _at(where, name), node, None if default is None else Fraction(default)
            )
            if found is None:
                failed.append(name)
            return found or Fraction(0)

        failed: list[str] = []
        zero = Fraction(0)
        plain: Callable[[Fraction], Fraction]
        if kind == "IdentityFun":
            return self._identity
        if kind == "ConstFun":
            level = get("bias")
            return None if failed else lambda _option: level
        if kind in ("LinearFun", "AffineFun"):
            slope, bias = get("slope"), zero if kind == "LinearFun" else get("bias", 0)
            plain = lambda x: slope * x + bias  # noqa: E731
        elif kind == "QuadraticFun":
            a2, a1, bias = get("a2"), get("a1"), get("bias", 0)
            plain = lambda x: a2 * x * x + a1 * x + bias  # noqa: E731
        elif kind == "PolynomialFun":
            given, bias = node.get("coefficients"), get("bias", 0)
            if not isinstance(given, Sequence) or len(given.items) > 10:
                self.fault(
                    given or node,
                    "the coefficients are missing",
                    _at(where, "coefficients"),
                    allowed="a list of at most 10 numbers, from the first power up",
                )
                return None
            powers = [self.number(c, _at(where, "coefficients"), c) for c in given.items]
            if None in powers:
                return None
            plain = lambda x: sum(((c or zero) * x ** (p + 1) for p, c in enumerate(powers)), bias)  # noqa: E731
        elif kind == "TriangularFun":
            start, middle, end = get("start"), get("middle"), get("end")
            plain = _trapezoid(start, middle, middle, end, get("bias", 0), get("scale", 1), inside=False)
        else:
            corners = get("start"), get("rise_end"), get("fall_start"), get("end")
            plain = _trapezoid(*corners, get("bias", 0), get("scale", 1), inside=True)
        if failed:
            return None

        def fun(option: Scalar) -> Fraction | None:
            number = self._identity(option)
            return None if number is None else plain(number)

        return fun

    def _combined(self, node: Mapping, kind: str, where: str, issue: _Issue) -> Fun | None:
        normalize = node.get("normalize")
        if isinstance(normalize, Scalar) and normalize.key == ("number", Fraction(1)):
            self.fault(
                normalize,
                "a value function that rescales itself is not carried over",
                _at(where, "normalize"),
                hint="NegMAS writes normalize: false once it has rescaled",
            )
            return None
        bias = self.number(node.get("bias"), _at(where, "bias"), node, Fraction(0))
        if kind == "BiasedFun":
            inner = node.get("fun")
            if inner is None:
                self.fault(node, "the function inside is missing", _at(where, "fun"))
                return None
            parts, weights = [self._fun(inner, _at(where, "fun"), issue, inside=True)], [Fraction(1)]
        else:
            funs, given = node.get("funs"), node.get("weights")
            if not isinstance(funs, Sequence) or not funs.items:
                self.fault(funs or node, "the functions inside are missing", _at(where, "funs"))
                return None
            parts = [
                self._fun(f, _at(where, f"funs[{i}]"), issue, inside=True)
                for i, f in enumerate(funs.items, 1)
            ]
            weights = [Fraction(1)] * len(parts)
            if given is not None and not _is_nothing(given):
                if not isinstance(given, Sequence) or len(given.items) != len(parts):
                    self.fault(
                        given,
                        "there must be one weight a function",
                        _at(where, "weights"),
                        allowed=f"{len(parts)}",
                    )
                    return None
                read = [self.number(w, _at(where, "weights"), w) for w in given.items]
                if None in read:
                    return None
                weights = [w for w in read if w is not None]
        if bias is None or None in parts:
            return None
        inside = [p for p in parts if p is not None]
        level = bias

        def fun(option: Scalar) -> Fraction | None:
            total = level
            for weight, part in zip(weights, inside, strict=True):
                value = part(option)
                if value is None:
                    return None
                total += weight * value
            return total

        return fun

    def _plain_list(self, node: Sequence, where: str, issue: _Issue) -> Fun | None:
        if len(node.items) != len(issue.values):
            self.fault(
                node,
                "there must be one number a value of the issue",
                where,
                value=f"{len(node.items)} numbers",
                allowed=f"{len(issue.values)}",
            )
            return None
        numbers = [self.number(n, where, n) for n in node.items]
        if None in numbers:
            return None
        table = {o.key: n for o, n in zip(issue.values, numbers, strict=True)}
        return lambda option: table[option.key]

    def _plain_table(self, mapping: Mapping, where: str, issue: _Issue) -> Fun | None:
        table: dict[tuple[str, object], Fraction] = {}
        by_text = {o.text: o.key for o in issue.values} if self.file.path.suffix.lower() == ".json" else {}
        keys = {o.key for o in issue.values}
        spare: list[str] = []
        turned = False
        for key, value in mapping.entries:
            number = self.number(value, where, value)
            if number is None:
                return None
            if not isinstance(key, Scalar):
                self.fault(key, "a key of the table must be a value of the issue", where, value="a list")
                return None
            if key.key in keys:
                table[key.key] = number
            elif key.text in by_text:
                table[by_text[key.text]] = number
                turned = True
            else:
                spare.append(key.text)
        if turned:
            self.profile.notes.append(
                f"keys of the table of '{issue.name}' are text, because JSON has no other; they are read as "
                "the numbers that the issue lists. (NegMAS 0.16 itself does not find them.)"
            )
        if spare:
            self.profile.notes.append(
                f"the table of '{issue.name}' also values {listing(spare, 6)}, which the issue does not have."
            )
        return lambda option: table.get(option.key)


def _trapezoid(
    start: Fraction,
    rise: Fraction,
    fall: Fraction,
    end: Fraction,
    bias: Fraction,
    scale: Fraction,
    *,
    inside: bool,
) -> Callable[[Fraction], Fraction]:
    """NegMAS' trapezoid; a triangle is one without a top, whose ends count as outside."""

    def fun(x: Fraction) -> Fraction:
        if x < start or x > end or (not inside and x in (start, end)):
            return bias
        if x <= rise:
            return bias + scale * (Fraction(1) if rise == start else (x - start) / (rise - start))
        if x <= fall or end == fall:
            return bias + scale
        return bias + scale * (end - x) / (end - fall)

    return fun


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
