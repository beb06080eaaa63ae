"""Genius domains and utility profiles (XML) to additive profiles.

Genius is the simulator of Lin, Kraus, Baarslag, Tykhonov, Hindriks & Jonker (2014), "Genius: an integrated
environment for supporting the design of generic automated negotiators", Computational Intelligence 30(1).
The rules below are those of its class ``AdditiveUtilitySpace`` and evaluators (package
``genius.core.utility``):

- utility is the sum over issues of weight × evaluation; weights of nested objectives play no part, the
  weights of issues are taken as written, and sums above 1 are cut to 1;
- a discrete value's evaluation is divided by the largest of its issue (0 when that is below 0.00001);
- an integer value's is ``slope × (value - lower bound) + offset``, cut to 0..1; the older form
  ``parameter1 × value + parameter0`` counts from zero, not from the lower bound;
- a missing reservation value is 0.

NegMAS reads the same files otherwise: evaluations are not divided, integer values count from zero in both
forms, nothing is cut. ``reading="negmas"`` follows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from winset.case.foreign.additive import ForeignIssue, Imported, Profile, build
from winset.case.foreign.files import MAX_OPTIONS, Faults, ForeignFile, exact
from winset.case.foreign.xml import Element, parse_xml
from winset.case.numbers import format_fraction
from winset.case.text import closest, listing, show

__all__ = ["Reading", "XmlFile", "import_genius", "read_xml"]

Reading = Literal["genius", "negmas"]

_TINY = Fraction(1, 100_000)  # Genius: evaluations whose largest is below this count as 0
_IGNORED = ("comparisons", "errors", "experimental", "seed", "bother", "elicitationcost")
_NONLINEAR = (
    "utility_function",
    "utility",
    "ufun",
    "hyperRectangle",
    "constraint",
    "relevant_issues",
    "rank",
)


@dataclass(slots=True)
class XmlFile:
    """A parsed file and what it is."""

    file: ForeignFile
    root: Element
    kind: Literal["domain", "profile", "other"]


@dataclass(slots=True)
class _Issue:
    """An issue as a domain or profile file has it."""

    element: Element
    index: int | None
    name: str
    type: str
    values: tuple[str, ...] = ()  # discrete
    bounds: tuple[int, int] | None = None  # integer
    items: list[Element] = field(default_factory=list)

    def foreign(self, note: str = "") -> ForeignIssue:
        if self.bounds is not None:
            whole = range(self.bounds[0], self.bounds[1] + 1)
            return ForeignIssue(self.name, tuple(whole), tuple(str(v) for v in whole), note)
        return ForeignIssue(self.name, self.values, self.values, note)


def read_xml(file: ForeignFile, faults: Faults) -> XmlFile | None:
    """Parse one file and tell domain from profile."""
    root = parse_xml(file, faults)
    if root is None:
        return None
    if root.tag == "negotiation_template":
        return XmlFile(file, root, "domain")
    if root.tag == "utility_space":
        valued = any(
            e.tag in ("weight", "evaluator", "reservation", "discount_factor", *_NONLINEAR)
            or "evaluation" in e.attributes
            for e in _walk(root)
        )
        return XmlFile(file, root, "profile" if valued else "domain")
    return XmlFile(file, root, "other")


def import_genius(
    domain: XmlFile | None,
    profiles: Sequence[XmlFile],
    notes: list[str],
    *,
    reading: Reading,
    lenient: bool = False,
) -> Imported:
    """Carry a domain and its profiles over; ``lenient`` leaves out profiles that do not fit the domain."""
    faults = Faults()
    base = domain or profiles[0]
    if domain is None:
        notes.append(f"There is no domain file: the issues are those that {base.file.name} lists.")
    reader = _Reader(base.file.name, faults, notes)
    issues = reader.issues(base.root)
    faults.stop_if_any()
    made: list[Profile] = []
    for profile in profiles:
        own = Faults() if lenient else faults
        done = _ProfileReader(profile, issues, own, reading, notes).read()
        if lenient and own.found:
            first = own.found[0]
            notes.append(
                f"{profile.file.name} is left out, because it does not fit {base.file.name}: "
                f"{first.where + ': ' if first.where else ''}{first.message}."
            )
        elif done is not None:
            made.append(done)
    faults.stop_if_any()
    if not made:
        faults.add(base.file.name, "no utility profile fits this domain")
        faults.stop_if_any()
    title = next(
        (e.attributes["name"] for e in _walk(base.root) if e.tag == "objective" and e.attributes.get("name")),
        "",
    )
    title = title.strip() if title.strip() not in ("", "any", "Root", "root") else base.file.path.stem
    rule = (
        "Evaluations are read as Genius does: divided by the largest of their issue, weights as written."
        if reading == "genius"
        else "Evaluations are read as NegMAS reads Genius files: not divided by the largest of their issue."
    )
    return build(
        title=title,
        tool="Genius",
        domain=base.file,
        issues=[i.foreign() for i in issues],
        profiles=made,
        notes=[rule, *notes],
        faults=faults,
    )


def _walk(element: Element) -> Iterator[Element]:
    stack = [element]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(top.children))


class _Reader:
    """Reads the issues of a domain or profile file."""

    def __init__(self, name: str, faults: Faults, notes: list[str]) -> None:
        self.name, self.faults, self.notes = name, faults, notes

    def fault(self, element: Element, message: str, where: str = "", **more: str) -> None:
        self.faults.add(self.name, message, line=element.line, column=element.column, where=where, **more)

    def issues(self, root: Element) -> list[_Issue]:
        space = root
        if root.tag == "negotiation_template":
            spaces = root.all("utility_space")
            if len(spaces) > 1:
                self.fault(spaces[1], "a second utility_space in one domain")
            others = [c for c in root.children if c.tag != "utility_space"]
            if others:
                self.notes.append(
                    f"{self.name}: left out, because it is no part of the domain: "
                    + listing(dict.fromkeys(f"<{c.tag}>" for c in others))
                    + "."
                )
            space = spaces[0] if spaces else root
        found: list[_Issue] = []
        self._level(space, found, top=True)
        if not found:
            self.fault(root, "the file has no issues", allowed="<issue> elements inside <objective>")
        self._distinct(found)
        return found

    def _level(self, element: Element, found: list[_Issue], *, top: bool = False) -> None:
        for child in element.children:
            if child.tag == "issue":
                made = self._issue(child)
                if made is not None:
                    found.append(made)
            elif child.tag == "objective":
                self._level(child, found)
            elif child.tag in _NONLINEAR:
                self.fault(
                    child,
                    "the utility space is not additive (it has hyper-rectangles or constraints)",
                    value=f"<{child.tag}>",
                    allowed="additive utility: a weight for each issue and an evaluation for each value",
                )
            elif child.tag in ("item", "range", "evaluator"):
                self.fault(child, f"<{child.tag}> is not inside an <issue>")
            elif child.tag != "weight" and not (
                top and child.tag in ("reservation", "discount_factor", "cost", *_IGNORED)
            ):
                self.fault(
                    child,
                    "unknown element",
                    value=f"<{child.tag}>",
                    allowed="objective, issue, weight",
                    hint=closest(
                        child.tag, ["objective", "issue", "weight", "reservation", "discount_factor"]
                    ),
                )

    def _issue(self, element: Element) -> _Issue | None:
        name = element.attributes.get("name", "").strip()
        where = f"issue {name}" if name else ""
        if not name:
            self.fault(element, "an issue without a name")
            return None
        written = [element.attributes.get(a) for a in ("type", "etype", "vtype")]
        kind = next((w for w in written if w), "discrete").lower()
        index = self.whole(element, "index", where)
        made = _Issue(element, index, name, kind)
        if kind == "discrete":
            self._items(made, where)
        elif kind == "integer":
            made.bounds = self._bounds(element, where)
            for child in element.children:
                if child.tag not in ("range", "evaluator"):
                    self.fault(
                        child, "unknown element", where, value=f"<{child.tag}>", allowed="range, evaluator"
                    )
        else:
            self.fault(
                element,
                "the issue is continuous, so its values cannot be listed"
                if kind in ("real", "price")
                else "unknown type of issue",
                where,
                value=kind,
                allowed="discrete, integer",
                hint="make it discrete before you import it"
                if kind in ("real", "price")
                else closest(kind, ["discrete", "integer"]),
            )
            return None
        return made

    def _items(self, issue: _Issue, where: str) -> None:
        values: list[str] = []
        extra = 0
        for child in issue.element.children:
            if child.tag != "item":
                if child.tag in ("range", "evaluator"):
                    self.fault(child, f"<{child.tag}> belongs to an integer issue", where)
                else:
                    self.fault(child, "unknown element", where, value=f"<{child.tag}>", allowed="item")
                continue
            value = child.attributes.get("value")
            if value is None:
                self.fault(child, "an item without a value", where)
                continue
            if value in values:
                self.fault(child, "a value is listed twice", where, value=value)
                continue
            values.append(value)
            issue.items.append(child)
            description = child.attributes.get("description", "")
            extra += description not in ("", value)
        if not values:
            self.fault(issue.element, "the issue has no values", where, allowed='<item value="…"/>')
        if extra:
            self.notes.append(
                f"{self.name}: the descriptions of {extra} values of '{issue.name}' are left out."
            )
        issue.values = tuple(values)

    def _bounds(self, element: Element, where: str) -> tuple[int, int] | None:
        places = [
            e
            for e in (element, *element.all("range"))
            if "lowerbound" in e.attributes or "upperbound" in e.attributes
        ]
        pairs = []
        for place in places:
            pair = self.whole(place, "lowerbound", where), self.whole(place, "upperbound", where)
            if pair[0] is not None and pair[1] is not None:
                pairs.append((pair[0], pair[1]))
        if not places:
            self.fault(element, "an integer issue without bounds", where, allowed="lowerbound and upperbound")
        if len(pairs) < max(1, len(places)):
            return None
        if len(set(pairs)) > 1:
            self.fault(
                element, "the bounds are given twice and differ", where, value=f"{pairs[0]} and {pairs[1]}"
            )
            return None
        low, high = pairs[0]
        if low > high:
            self.fault(element, "the bounds are upside down", where, value=f"{low} to {high}")
            return None
        if high - low >= MAX_OPTIONS:
            self.fault(
                element,
                "the issue has too many values",
                where,
                value=f"{high - low + 1:,} values",
                allowed=f"at most {MAX_OPTIONS:,}",
                hint="make the grid coarser before you import it",
            )
            return None
        return low, high

    def whole(self, element: Element, attribute: str, where: str) -> int | None:
        text = element.attributes.get(attribute)
        if text is None:
            if attribute != "index":
                self.fault(element, f"{attribute} is missing", where)
            return None
        number = exact(text)
        if number is None or number.denominator != 1 or abs(number) > 10**9:
            self.fault(
                element, f"{attribute} is not a whole number", where, value=text, allowed="a whole number"
            )
            return None
        return int(number)

    def number(self, element: Element, attribute: str, where: str) -> Fraction | None:
        text = element.attributes.get(attribute)
        if text is None or text.strip() in ("", "null"):
            self.fault(element, f"<{element.tag}> has no {attribute}", where)
            return None
        number = exact(text)
        if number is None:
            self.fault(
                element, f"{attribute} is not a number", where, value=text, allowed="a number such as 0.25"
            )
        return number

    def _distinct(self, issues: list[_Issue]) -> None:
        names: dict[str, _Issue] = {}
        indexes: dict[int, _Issue] = {}
        for issue in issues:
            where = f"issue {issue.name}"
            if issue.name in names:
                first = names[issue.name].element.line
                self.fault(
                    issue.element,
                    "two issues have the same name",
                    where,
                    hint=f"the first is on line {first}",
                )
            names.setdefault(issue.name, issue)
            if issue.index is None:
                if "index" not in issue.element.attributes:
                    self.fault(issue.element, "an issue without an index", where)
            elif issue.index in indexes:
                self.fault(
                    issue.element,
                    "two issues have the same index",
                    where,
                    value=str(issue.index),
                    hint=f"it is the index of '{indexes[issue.index].name}'",
                )
            else:
                indexes[issue.index] = issue


class _ProfileReader(_Reader):
    """Reads one utility profile against the issues of its domain."""

    def __init__(
        self, xml: XmlFile, domain: Sequence[_Issue], faults: Faults, reading: Reading, notes: list[str]
    ) -> None:
        super().__init__(xml.file.name, faults, notes)
        self.xml, self.domain, self.reading = xml, domain, reading
        self.profile = Profile(xml.file.path.stem, xml.file, [])

    def read(self) -> Profile | None:
        before = len(self.faults.found)
        root = self.xml.root
        seen = len(self.notes)
        own = self.issues(root)
        del self.notes[seen:]  # the domain's own notes say this already
        if len(self.faults.found) > before:
            return None
        by_name = {i.name: i for i in own}
        weights = self._weights(root, own)

        for issue in self.domain:
            mine = by_name.pop(issue.name, None)
            where = f"issue {issue.name}"
            if mine is None:
                self.fault(
                    root, "the profile says nothing of this issue", where, hint=closest(issue.name, by_name)
                )
                continue
            if mine.type != issue.type or mine.index != issue.index:
                self.fault(
                    mine.element,
                    "the profile and the domain disagree on this issue",
                    where,
                    value=f"{mine.type}, index {mine.index}",
                    allowed=f"{issue.type}, index {issue.index}",
                )
                continue
            values = self._integer(mine, issue) if issue.type == "integer" else self._discrete(mine, issue)
            weight = weights.get(id(mine))
            if values is not None and weight is not None:
                self.profile.contributions.append([weight * v for v in values])
        for left in by_name.values():
            self.fault(
                left.element,
                "the domain has no such issue",
                f"issue {left.name}",
                hint=closest(left.name, [i.name for i in self.domain]),
            )
        self._closing(root)
        if len(self.faults.found) > before:
            return None
        self._largest()
        return self.profile

    def _weights(self, root: Element, own: Sequence[_Issue]) -> dict[int, Fraction]:
        """The weight of each issue, found at its own level of the tree by its index."""
        out: dict[int, Fraction] = {}
        issues = {id(i.element): i for i in own}
        for level in [e for e in _walk(root) if e.tag in ("objective", "utility_space")]:
            table: dict[int, tuple[Element, Fraction]] = {}
            unread: set[int | None] = set()
            for element in level.all("weight"):
                index = self.whole(element, "index", "weight")
                value = self.number(element, "value", "weight")
                if "index" not in element.attributes:
                    self.fault(element, "a weight without an index", "weight")
                if index is None or value is None:
                    unread.add(index)
                    continue
                if index in table:
                    self.fault(element, "two weights have the same index", "weight", value=str(index))
                table[index] = (element, value)
            for child in level.all("issue"):
                issue = issues.get(id(child))
                if issue is None or issue.index is None:
                    continue
                if issue.index in table:
                    out[id(issue)] = table.pop(issue.index)[1]
                elif issue.index not in unread:
                    self.fault(
                        child,
                        "the issue has no weight",
                        f"issue {issue.name}",
                        allowed=f'<weight index="{issue.index}" value="…"/> beside it',
                    )
            nested = {e.attributes.get("index") for e in level.all("objective")}
            for index, (element, value) in table.items():
                if str(index) in nested:
                    if value != 1:
                        self.profile.notes.append(
                            f"the weight {format_fraction(value)} of a nested objective is left out, "
                            "as Genius leaves it out: only the weights of issues count."
                        )
                elif self.reading == "negmas":
                    self.profile.constant += value
                    self.profile.notes.append(
                        f"the weight with index {index} belongs to no issue: it is added to every deal, "
                        "as NegMAS does."
                    )
                else:
                    self.profile.notes.append(
                        f"the weight with index {index} (line {element.line}) belongs to no issue and "
                        "is left out, as Genius does."
                    )
        return out

    def _discrete(self, mine: _Issue, issue: _Issue) -> list[Fraction] | None:
        where = f"issue {issue.name}"
        given: dict[str, Fraction] = {}
        good = True
        for item in mine.items:
            value = item.attributes["value"]
            if value not in issue.values:
                self.fault(
                    item,
                    "the domain has no such value",
                    where,
                    value=value,
                    allowed=listing(issue.values, 8),
                    hint=closest(value, issue.values),
                )
                good = False
                continue
            number = self.number(item, "evaluation", f"{where}, value {value}")
            if number is None:
                good = False
            elif number < 0 and self.reading == "genius":
                self.fault(
                    item,
                    "an evaluation below 0, which Genius does not allow",
                    f"{where}, value {value}",
                    value=item.attributes["evaluation"],
                    allowed="0 or more",
                    hint='if NegMAS wrote this file, import it with reading="negmas"',
                )
                good = False
            else:
                given[value] = number
        missing = [v for v in issue.values if v not in mine.values]
        if missing:
            self.fault(mine.element, "values without an evaluation", where, value=listing(missing, 8))
            good = False
        if not good:
            return None
        values = [given[v] for v in issue.values]
        if self.reading == "negmas":
            return values
        largest = max(values)
        if largest < _TINY:
            if largest > 0:
                self.profile.notes.append(
                    f"the evaluations of '{issue.name}' are all below 0.00001, which Genius takes as 0."
                )
            return [Fraction(0)] * len(values)
        if any(v.denominator != 1 for v in values):
            self.profile.notes.append(
                f"'{issue.name}' has evaluations that are not whole numbers: they are divided by their "
                "largest, as genius.core does; the older negotiator.utility rounded them, or left them as "
                "they are when none is above 1."
            )
        return [v / largest for v in values]

    def _integer(self, mine: _Issue, issue: _Issue) -> list[Fraction] | None:
        where = f"issue {issue.name}"
        if mine.bounds != issue.bounds or issue.bounds is None:
            self.fault(
                mine.element,
                "the profile and the domain disagree on the bounds",
                where,
                value=str(mine.bounds),
                allowed=str(issue.bounds),
            )
            return None
        evaluators = mine.element.all("evaluator")
        if len(evaluators) != 1:
            self.fault(
                mine.element,
                "an integer issue needs one evaluator",
                where,
                value=f"{len(evaluators)} evaluators",
                allowed='<evaluator ftype="linear" slope="…" offset="…"/>',
            )
            return None
        evaluator = evaluators[0]
        ftype = evaluator.attributes.get("ftype", "linear").lower()
        if ftype not in ("linear", "constant"):
            self.fault(
                evaluator,
                "only linear evaluators are carried over",
                where,
                value=ftype,
                allowed="linear, constant",
            )
            return None
        given = [a for a in ("slope", "offset", "parameter1", "parameter0") if a in evaluator.attributes]
        modern, older = (
            [a for a in given if a in ("slope", "offset")],
            [a for a in given if a.startswith("para")],
        )
        if modern and older:
            self.fault(
                evaluator,
                "the evaluator is written in both forms",
                where,
                value=listing(given),
                allowed="slope and offset, or parameter1 and parameter0",
            )
            return None
        names = ("parameter1", "parameter0") if older else ("slope", "offset")
        slope = Fraction(0) if ftype == "constant" else self.number(evaluator, names[0], where)
        offset = self.number(evaluator, names[1], where)
        if slope is None or offset is None:
            return None
        low, high = issue.bounds
        base = low if not older and self.reading == "genius" else 0
        if self.reading == "genius" and older:
            self.profile.notes.append(
                f"the evaluator of '{issue.name}' is in the older form (parameter0, parameter1), "
                "which counts from zero and not from the lower bound."
            )
        plain = [slope * (v - base) + offset for v in range(low, high + 1)]
        if self.reading == "negmas":
            return plain
        cut = [min(max(v, Fraction(0)), Fraction(1)) for v in plain]
        if cut != plain:
            count = sum(a != b for a, b in zip(cut, plain, strict=True))
            self.profile.notes.append(
                f"{count} of the {len(plain)} evaluations of '{issue.name}' lie outside 0..1 and are cut to "
                "it, as Genius does."
            )
        return cut

    def _closing(self, root: Element) -> None:
        reservations, discounts = root.all("reservation"), root.all("discount_factor")
        for several in (reservations, discounts):
            if len(several) > 1:
                self.fault(several[1], f"<{several[1].tag}> is given twice")
        if reservations:
            self.profile.reservation = self.number(reservations[0], "value", "reservation")
        else:
            self.profile.reservation = Fraction(0)
            self.profile.notes.append("no reservation value is given, which Genius reads as 0.")
        if discounts:
            value = self.number(discounts[0], "value", "discount_factor")
            if value is not None and value != 1:
                self.profile.notes.append(
                    f"the discount factor {format_fraction(value)} is left out: a case has no clock, and "
                    "utilities are those at the start."
                )
        for cost in root.all("cost"):
            self.profile.notes.append(
                f"the cost of time {show(cost.attributes.get('value', ''))} is left out: a case has no clock."
            )
        ignored = dict.fromkeys(c.tag for c in root.children if c.tag in _IGNORED)
        if ignored:
            self.profile.notes.append(f"settings of the simulator are left out: {listing(ignored)}.")
        space = root.attributes.get("type", "").lower()
        if space in ("nonlinear", "constraint"):
            self.fault(root, "the utility space is not additive", value=space, allowed="linear")

    def _largest(self) -> None:
        if self.reading != "genius":
            return
        largest = sum((max(c) for c in self.profile.contributions), Fraction(0))
        if largest > 1:
            simple = largest.denominator < 10**12
            written = format_fraction(largest) if simple else f"{float(largest):.17g}"
            self.profile.notes.append(
                f"the best deal sums to {written}; Genius cuts utilities to 1, here the sum is carried over "
                "uncut."
            )
