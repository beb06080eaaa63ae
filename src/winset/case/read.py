"""A user's file to a validated ``Case``, or to all its faults at once.

Two passes over the same data. The first gives each mapping of the file to its model (types, notations,
unknown keys). The second checks what refers to what, on whatever was readable, so that one broken line never
hides the faults of the others.
"""

from __future__ import annotations

import datetime as dt
import decimal
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from winset.case.agenda import PARTS, AgendaItem, Legal, Place
from winset.case.claims import Claim
from winset.case.concessions import Concession, Concessions
from winset.case.conflict import Conflict
from winset.case.decisions import Choice, Decision, Meeting
from winset.case.evidence import Evidence, EvidenceGroup
from winset.case.guarantees import (
    Durability,
    SecurityGuarantee,
    durability_numbers,
    guarantee_numbers,
)
from winset.case.levers import NewRule, Relaxation
from winset.case.model import (
    MEMBER_WORDS,
    RESERVED,
    Body,
    Case,
    Correlation,
    Forbid,
    Issue,
    Linkage,
    NoDeal,
    Offer,
    Party,
    PartyType,
    Preferences,
    RedLine,
    Source,
    merged,
)
from winset.case.numbers import Number, NumberProblem, format_fraction, parse_number
from winset.case.read_agenda import check_agenda
from winset.case.read_claims import check_claims
from winset.case.read_concessions import concessions_hold_names, read_concessions, uncertain_concessions
from winset.case.read_conflict import (
    ReadConflict,
    check_conflict,
    conflict_holds_names,
    conflict_model_at,
    conflict_place,
    read_conflict,
    uncertain_conflict,
)
from winset.case.read_evidence import check_evidence
from winset.case.read_guarantees import check_guarantees, holds_keys, part_of, read_durability
from winset.case.read_levers import read_levers
from winset.case.read_stages import holds_names, read_stages, read_talks, uncertain_stages
from winset.case.read_threats import check_threats, uncertain_threats
from winset.case.read_war import check_war, holds_contest_names
from winset.case.rules import HEADS, VOTE, Clause, Match, Passes, Quota, Rule
from winset.case.stages import Consent, Offers, Rejected, Strategy, Talks
from winset.case.text import (
    CONTROL,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Faults,
    Path,
    Text,
    closest,
    decode,
    dotted,
    listing,
    parse_yaml,
    show,
)
from winset.case.threats import Delay, Earlier, Resolve, Threat, ThreatType
from winset.case.war import Battles, Contest, Escalation, war_numbers
from winset.errors import CaseError, Fault, ForeignError

__all__ = ["Loaded", "load", "loads", "open_case", "read_data"]

Model = TypeVar("Model", bound=BaseModel)

_GMCR = ".gmcr"  # a conflict of another tool, which is carried over as it is read
_MOST_CORRELATED = 100  # numbers that depend on each other
_MOST_TYPES = 100
_RULE_WORDS = ("all", "any", "at_least", "of")
_MATCH_WORDS = frozenset({"when", "because", "note"})
_ID_ALLOWED = "1 to 80 printable characters without a dot"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with where it came from."""

    case: Case
    file: str
    sha256: str  # of the file's bytes; of the canonical content when there is no file
    text: str
    places: Text
    foreign: bool = False  # another tool's file, carried over: the text is not what the file holds


def load(path: str | os.PathLike[str]) -> Case:
    """Read a case file.

    Raises
    ------
    CaseError
        With every fault of the file.
    """
    return open_case(path).case


def open_case(path: str | os.PathLike[str]) -> Loaded:
    """Read a case file and keep its bytes' SHA-256 and the place of everything in it.

    A conflict of gmcr-py (``.gmcr``) is carried over on the way (see ``winset.case.foreign``).
    """
    file = os.fspath(path)

    def fail(message: str, hint: str = "") -> CaseError:
        return CaseError([Fault(str(file), 0, 0, "", message, hint=hint)])

    place = FilePath(file)
    try:
        if place.is_dir():
            raise fail(
                "this is a folder, not a case file", "for a scenario of another tool: winset import FOLDER"
            )
        if not place.exists():
            near = (
                closest(place.name, (p.name for p in place.parent.glob("*.y*ml")))
                if place.parent.is_dir()
                else ""
            )
            raise fail("there is no such file", near or "winset new NAME writes a starter case")
        if not place.is_file():
            raise fail("this is not a regular file")
        with place.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise fail(f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if place.suffix.lower() == _GMCR:
        return _carried_over(place, str(file))
    text = decode(raw, str(file))
    parsed = parse_yaml(text, str(file))
    return Loaded(_read(parsed), str(file), hashlib.sha256(raw).hexdigest(), text, parsed)


def _carried_over(path: FilePath, file: str) -> Loaded:
    """A conflict of another tool as a case."""
    from winset.case.foreign import import_scenario, to_text

    try:
        text = to_text(import_scenario(path))
    except ForeignError as error:
        raise CaseError(error.faults) from None
    parsed = parse_yaml(text, file)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Loaded(_read(parsed), file, digest, text, parsed, foreign=True)


def loads(text: str, *, file: str = "<text>") -> Case:
    """Read a case from YAML text (see ``load``)."""
    return _read(parse_yaml(decode(text.encode("utf-8", "surrogatepass"), file), file))


def read_data(data: Mapping[str, Any], *, file: str = "<data>") -> Case:
    """Read a case from plain data: mappings, lists, text, numbers, dates (see ``load``)."""
    return _read(Text(file, plain(data, file)))


def plain(data: Any, file: str) -> Any:
    """Plain data as the YAML reader would give it: mappings with text keys, lists, text, None."""
    nodes = 0

    def visit(value: Any, path: Path) -> Any:
        nonlocal nodes
        nodes += 1
        if nodes > MAX_NODES:
            raise refuse((), "too many entries", allowed=f"at most {MAX_NODES:,}")
        if isinstance(value, Number):
            value = value.to_data()
        if isinstance(value, Mapping):
            deeper(path)
            out: dict[str, Any] = {}
            for key, inner in value.items():
                name = scalar(key, path, "a key")
                if name is None or name in out:
                    raise refuse(
                        path, f"'{show(key)}' is written twice" if name in out else "a key is missing"
                    )
                out[name] = visit(inner, (*path, name))
            return out
        if isinstance(value, list | tuple):
            deeper(path)
            return [visit(inner, (*path, n)) for n, inner in enumerate(value)]
        return scalar(value, path, "a case")

    def scalar(value: Any, path: Path, whose: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            if found := CONTROL.search(value):
                raise refuse(path, "a control character", value=f"U+{ord(found[0]):04X}")
            return str(value)
        if isinstance(value, Fraction):
            return format_fraction(value)
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, int) and abs(value) > 10**100:
            raise refuse(path, "the number is out of all proportion")
        if isinstance(value, int | float | decimal.Decimal) or hasattr(value, "__float__"):
            return str(value)
        raise refuse(path, f"{whose} holds no {type(value).__name__}", allowed="plain data")

    def deeper(path: Path) -> None:
        if len(path) >= MAX_DEPTH:
            raise refuse((), "nested too deeply", allowed=f"at most {MAX_DEPTH} levels")

    def refuse(path: Path, message: str, *, value: str = "", allowed: str = "") -> CaseError:
        return CaseError([Fault(file, 0, 0, dotted(path), message, value, allowed)])

    return visit(data, ())


# ---------------------------------------------------------------------- first pass: each mapping to its model


def _read(text: Text) -> Case:
    faults = Faults(text)
    data = text.data
    if not isinstance(data, dict):
        faults.add((), "a case is a mapping", value=data, allowed="keys such as title, parties, issues")
        raise faults.error()
    _version(data, faults)
    reader = _Reader(data, faults)
    case = reader.read()
    faults.stop_if_any()
    assert case is not None
    return case


def _version(data: dict[str, Any], faults: Faults) -> None:
    if "winset" not in data:
        faults.add(
            (), "the key winset is missing", allowed="winset: 1, the version of the format", hint=_peer(data)
        )
    elif data["winset"] != "1":
        faults.add(("winset",), "unknown version of the format", value=data["winset"], allowed="1")
        faults.stop_if_any()


def _peer(data: dict[str, Any]) -> str:
    """A hint where the file looks like one of a NegMAS scenario."""
    if "title" not in data and (
        {"type", "reserved_value"} & set(data) or isinstance(data.get("issues"), list)
    ):
        return "winset import turns the folder of a scenario of NegMAS into a case"
    return ""


# blocks that are no mapping of names to one model, or whose reader is a module of its own
_APART = (
    "consent",
    "forbid",
    "no_deal",
    "correlations",
    "levers",
    "stages",
    "talks",
    "conflict",
    "concessions",
    "durability",
    "legal",
)
_SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("sources", Source),
    ("claims", Claim),
    ("parties", Party),
    ("issues", Issue),
    ("offers", Offer),
    ("preferences", Preferences),
    ("bodies", Body),
    ("decisions", Decision),
    ("evidence", Evidence),
    ("evidence_groups", EvidenceGroup),
    ("threats", Threat),
    ("guarantees", SecurityGuarantee),
    ("places", Place),
    ("agenda", AgendaItem),
    ("war", Contest),
)


class _Reader:
    def __init__(self, data: dict[str, Any], faults: Faults) -> None:
        self.data, self.faults = data, faults
        self.kept: dict[str, dict[str, Any]] = {}
        self.uncertain: dict[str, bool] | None = None
        self.lottery: NoDeal | None = None
        self.talks: Talks | None = None
        self.concessions: Concessions | None = None
        self.durability: Durability | None = None
        self.conflict: ReadConflict | None = None
        self.ranges: list[str] = []
        self.claims = self._names("claims")
        self.sources = self._names("sources")
        self.parties = self._names("parties")
        self.valued = self._names("preferences")
        self.options = {i: self._option_names(i) for i in self._names("issues")}

    def _names(self, section: str) -> dict[str, None]:
        part = self.data.get(section)
        return dict.fromkeys(part) if isinstance(part, dict) else {}

    def _option_names(self, issue: str) -> dict[str, None] | None:
        """The options of an issue, or None where they are too broken to check names against."""
        body = self.data["issues"][issue]
        raw = body.get("options") if isinstance(body, dict) else None
        if not isinstance(raw, list) or not raw or not all(isinstance(o, str) and o.strip() for o in raw):
            return None
        return dict.fromkeys(raw)

    def read(self) -> Case | None:
        data, faults = self.data, self.faults
        known = list(Case.model_fields)
        for key in data:
            if key in known:
                continue
            if key in RESERVED:
                faults.add(
                    (key,),
                    f"'{key}' is reserved for a later version of the format ({RESERVED[key]})",
                    hint="leave it out",
                    key=True,
                )
            else:
                faults.unknown((key,), "key", key, known, key=True)
        for key, field in Case.model_fields.items():
            if field.is_required() and key != "winset" and key not in data:
                faults.add((), f"the key {key} is missing", allowed=field.description or "")
        for section, model in _SECTIONS:
            self._section(section, model)
        consent = self._consent()
        self.lottery = no_deal = self._one("no_deal", NoDeal)
        legal = self._one("legal", Legal)
        self.conflict = read_conflict(self)
        forbid = self._list("forbid", Forbid)
        correlations = self._list("correlations", Correlation)
        levers = read_levers(self)
        stages = self.kept["stages"] = read_stages(self)
        self.talks = talks = read_talks(self, stages)
        self.concessions = concessions = read_concessions(self)
        self.durability = durability = read_durability(self)
        self._check_references(forbid, correlations)
        check_agenda(self, legal)
        check_threats(self)
        head = {
            k: v
            for k, v in data.items()
            if k in known and k not in {s for s, _ in _SECTIONS} and k not in _APART
        }
        parts: dict[str, Any] = {"winset": 1, "parties": {}, "issues": {}, "preferences": {}, **self.kept}
        stub = {"winset": 1, "title": "x", "parties": {}, "consent": "x", "issues": {}, "preferences": {}}
        self._model(Case, {**stub, **head, "winset": 1}, (), whole=True)
        if faults.found:
            return None
        whole = {
            **head,
            **parts,
            "consent": consent,
            "forbid": tuple(forbid),
            "no_deal": no_deal,
            "correlations": tuple(correlations),
            "levers": levers,
            "stages": stages,
            "talks": talks,
            "durability": durability,
            "legal": legal,
            "concessions": concessions,
            "conflict": self.conflict and self.conflict.conflict,
        }
        case = self._model(Case, whole, (), whole=True)
        if case is not None:
            self._check_whole(case)
        return case

    def _section(self, section: str, model: type[BaseModel]) -> None:
        if section not in self.data:
            return
        part = self.data[section]
        if not isinstance(part, dict):
            self.faults.add((section,), f"{section} must be a mapping", value=part, allowed="id: {...}")
            return
        if not part and section in ("parties", "issues", "preferences"):
            self.faults.add((section,), f"{section} is empty", allowed="at least one")
        kept: dict[str, Any] = {}
        for name, body in part.items():
            path: Path = (section, name)
            self._check_id(path, name, section)
            if body is None and section == "parties":
                body = {}
            if not isinstance(body, dict):
                self.faults.add(
                    path, "a mapping is expected", value=body, allowed=listing(model.model_fields)
                )
                continue
            read = self._model(model, body, path)
            if read is not None:
                kept[name] = read
        self.kept[section] = kept

    def _check_id(self, path: Path, name: str, section: str) -> None:
        bad = (
            not name.strip()
            or name != name.strip()
            or len(name) > 80
            or "." in name
            or not name.isprintable()
        )
        if bad and section != "preferences":
            self.faults.add(path, "not a usable id", value=name, allowed=_ID_ALLOWED, key=True)
        if section == "issues" and name in _MATCH_WORDS:
            self.faults.add(
                path,
                f"an issue cannot be called '{name}'",
                allowed="a word that matches do not use",
                key=True,
            )

    def _list(self, section: str, model: type[Model]) -> list[Model]:
        part = self.data.get(section)
        if part is None:
            if section in self.data:
                self.faults.add((section,), f"{section} is empty", allowed="a list, or leave the key out")
            return []
        if not isinstance(part, list):
            self.faults.add((section,), f"{section} must be a list", value=part, allowed="- {...} lines")
            return []
        kept = []
        for n, item in enumerate(part):
            body = item
            if model is Forbid and not (isinstance(item, dict) and "when" in item):
                body = {"when": item}
            if not isinstance(body, dict):
                self.faults.add(
                    (section, n), "a mapping is expected", value=item, allowed=listing(model.model_fields)
                )
                continue
            short = body is not item
            read = self._model(model, body, (section, n), skip="when" if short else None)
            if read is not None:
                kept.append(read)
        return kept

    def _one(self, section: str, model: type[Model]) -> Model | None:
        """A section that is one mapping."""
        if section not in self.data:
            return None
        body = self.data[section]
        if not isinstance(body, dict):
            self.faults.add(
                (section,), "a mapping is expected", value=body, allowed=listing(model.model_fields)
            )
            return None
        return self._model(model, body, (section,))

    def _consent(self) -> Rule | None:
        if "consent" not in self.data:
            return None
        raw = self.data["consent"]
        return Rule.read(raw) if self._check_rule(raw, ("consent",)) else None

    def _check_rule(self, raw: Any, where: Path) -> bool:
        """Whether a rule of consent has the form of one; what is wrong with it is told place by place."""
        problems = list(Rule.problems(raw))
        for problem in problems:
            path: Path = (*where, *problem.at)
            if problem.unknown:
                self.faults.unknown(path, "key", path[-1], _RULE_WORDS, key=True)
            else:
                self.faults.add(path, problem.message, value=_at(raw, problem.at), allowed=problem.allowed)
        return not problems

    def _model(
        self,
        model: type[Model],
        body: Mapping[str, Any],
        path: Path,
        *,
        skip: str | None = None,
        whole: bool = False,
    ) -> Model | None:
        try:
            return model.model_validate(body)
        except ValidationError as error:
            self._report(error, model, body, path, skip, whole=whole)
            return None

    def _report(
        self,
        error: ValidationError,
        model: type[BaseModel],
        body: Any,
        path: Path,
        skip: str | None,
        *,
        whole: bool = False,
    ) -> None:
        for item in error.errors(include_url=False):
            unknown = item["type"] == "extra_forbidden"  # of which the key may be empty; else "" is no step
            loc = tuple(p for p in item["loc"] if p != "[key]" and (p or unknown or p == 0))
            if skip and loc[:1] == (skip,):
                loc = loc[1:]
            here: Path = (*path, *loc)
            if model is Body and loc[:1] == ("members",) and len(loc) > 2:
                here = _written(self.data, here)
            if model is Conflict:
                last = here[-1:] if item["type"] == "missing" else ()
                here = (*conflict_place(self.data, here[: len(here) - len(last)]), *last)
            kind, value = item["type"], item["input"]
            if whole and (not loc or loc[0] in {s for s, _ in _SECTIONS}):
                continue
            if kind == "winset" and (
                (loc[-1:] == ("when",) and model is not Conflict)
                or (skip and not loc)
                or (model is Relaxation and loc == ("to",))
                or (model is Threat and loc == ("unless",))
                or (model is NewRule and loc == ("consent",))
                or (model is Concession and loc == ("verified_by",))
            ):
                continue  # told by _check_match, place by place
            if kind == "winset" and model is Body and loc == ("passes",):
                continue  # told by _check_body, place by place
            if kind == "winset":
                self.faults.add(
                    here,
                    item["ctx"]["text"],
                    value=value,
                    allowed=item["ctx"]["allowed"],
                    hint=item["ctx"]["hint"],
                )
            elif kind == "missing" and isinstance(loc[-1], int):  # one of a pair
                self.faults.add(here[:-1], "exactly two are expected", allowed="two paths")
            elif kind == "missing":
                field = _model_at(model, loc[:-1]).model_fields.get(str(loc[-1]))
                about = field.description if field and field.description else ""
                self.faults.add(here[:-1], f"the key {loc[-1]} is missing", allowed=about)
            elif kind == "extra_forbidden":
                if whole:
                    continue
                known = _model_at(model, loc[:-1]).model_fields
                keys = [field.alias or name for name, field in known.items()]
                self.faults.unknown(here, "key", loc[-1], keys, key=True)
            else:
                message, allowed = _plain_words(item)
                hint = closest(str(value), allowed.split(", ")) if kind == "literal_error" else ""
                self.faults.add(here, message, value=value, allowed=allowed, hint=hint)

    # ----------------------------------------------------------------------- second pass: what refers to what

    def _check_references(self, forbid: list[Forbid], correlations: list[Correlation]) -> None:
        self._check_because(self.data, ())
        check_claims(self)
        self._check_consent(self.data.get("consent"), ("consent",))
        raw_forbid = self.data.get("forbid")
        if isinstance(raw_forbid, list):
            for n, item in enumerate(raw_forbid):
                long = isinstance(item, dict) and "when" in item
                self._check_match(
                    item["when"] if long else item, ("forbid", n, "when") if long else ("forbid", n)
                )
        forbidden = _Forbidden(forbid)
        for name, offer in self.kept.get("offers", {}).items():
            self._check_offer(name, offer, forbidden)
        self._check_no_deal(forbidden)
        if self.conflict is not None:
            check_conflict(self, self.conflict, lambda path, deal: self._check_deal(path, deal, forbidden))
        for name, body in _items(self.data.get("decisions")):
            if isinstance(body, dict):
                self._check_decision(("decisions", name), body, forbidden)
        for party in self.valued:
            if party not in self.parties:
                self.faults.unknown(("preferences", party), "party", party, self.parties, key=True)
            body = self.data["preferences"][party]
            if isinstance(body, dict):
                self._check_preferences(party, body)
        for name, body in _items(self.data.get("bodies")):
            if isinstance(body, dict):
                self._check_body(name, body)
        check_evidence(self)
        check_war(self)
        check_guarantees(self, forbidden)
        for n, correlation in enumerate(correlations):
            self._check_correlation(n, correlation)
        pairs = [frozenset(c.between) for c in correlations]
        for n, pair in enumerate(pairs):
            if pair in pairs[:n]:
                self.faults.add(
                    ("correlations", n), "the same two numbers are correlated twice", allowed="once"
                )
        if len(set(pairs)) == len(pairs) and all(len(pair) == 2 for pair in pairs):
            self._check_matrix(correlations)

    def _check_because(self, node: Any, path: Path) -> None:
        """Every ``because`` anywhere must name claims."""
        if isinstance(node, dict):
            for key, value in node.items():
                here = (*path, key)
                if key != "because" or _holds_names(path):
                    self._check_because(value, here)
                elif isinstance(value, str):
                    self._check_is_claim(here, value)
                elif isinstance(value, list):
                    for n, claim in enumerate(value):
                        if isinstance(claim, str):
                            self._check_is_claim((*here, n), claim)
        elif isinstance(node, list):
            for n, item in enumerate(node):
                self._check_because(item, (*path, n))

    def _check_is_claim(self, path: Path, claim: str) -> None:
        if claim not in self.claims:
            self.faults.unknown(path, "claim", claim, self.claims)

    def _items(self, path: Path, names: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
        """The entries of what may be one text or a list of texts, each with its place."""
        listed = bool(names) and isinstance(_at(self.data, path), list)
        for n, name in enumerate(names):
            yield ((*path, n) if listed else path), name

    def _check_consent(self, raw: Any, path: Path) -> None:
        if isinstance(raw, str):
            if raw not in self.parties:
                self.faults.unknown(path, "party", raw, self.parties)
            elif raw not in self.valued:
                self.faults.add(
                    path,
                    f"'{show(raw)}' must consent but has no preferences",
                    allowed=f"preferences for {show(raw)}",
                )
        elif isinstance(raw, dict):
            for word in ("all", "any", "of"):
                members = raw.get(word)
                for n, member in enumerate(members if isinstance(members, list) else ()):
                    self._check_consent(member, (*path, word, n))

    def _check_match(self, raw: Any, path: Path) -> None:
        for problem in Match.problems(raw):
            self.faults.add(
                (*path, *problem.at),
                problem.message,
                value=_at(raw, problem.at),
                allowed=problem.allowed,
                key=bool(problem.at) and isinstance(problem.at[-1], str),
            )
        for n, clause in enumerate(raw) if isinstance(raw, list) else ((None, raw),):
            if not isinstance(clause, dict):
                continue
            base = path if n is None else (*path, n)
            for issue, options in clause.items():
                here = (*base, issue)
                if issue not in self.options:
                    self.faults.unknown(here, "issue", issue, self.options, key=True)
                    continue
                known = self.options[issue]
                if known is None:
                    continue
                if isinstance(options, str):
                    if options not in known:
                        self.faults.unknown(here, f"option of {show(issue)}", options, known)
                elif isinstance(options, list):
                    for m, option in enumerate(options):
                        if isinstance(option, str) and option not in known:
                            self.faults.unknown((*here, m), f"option of {show(issue)}", option, known)

    def _check_no_deal(self, forbid: _Forbidden) -> None:
        """The lottery over imposed outcomes: whole deals, known parties, probabilities that make one."""
        body = self.data.get("no_deal")
        if not isinstance(body, dict):
            return
        outcomes = body.get("outcomes")
        named = outcomes if isinstance(outcomes, dict) else {}
        if outcomes is not None and not named:
            self.faults.add(("no_deal", "outcomes"), "outcomes is empty", allowed="one outcome or more")
        for name, raw in named.items():
            path: Path = ("no_deal", "outcomes", name)
            self._check_id(path, name, "outcomes")
            if not isinstance(raw, dict):
                continue
            if isinstance(raw.get("deal"), dict):
                self._check_deal((*path, "deal"), raw["deal"], forbid)
            values = raw.get("values")
            for party, _ in _items(values):
                if party not in self.valued:
                    self.faults.unknown(
                        (*path, "values", party), "party with preferences", party, self.valued, key=True
                    )
            missing = [p for p in self.valued if p not in (values if isinstance(values, dict) else {})]
            if "deal" not in raw and missing:
                self.faults.add(
                    path,
                    f"nothing says what the outcome is worth to {listing(missing)}",
                    allowed="deal: an option for every issue, or values: a value for every party",
                )
        for party, _ in _items(body.get("cost")):
            if party not in self.valued:
                self.faults.unknown(
                    ("no_deal", "cost", party), "party with preferences", party, self.valued, key=True
                )
        for name, _ in _items(body.get("drift")):
            if name not in named:
                self.faults.unknown(("no_deal", "drift", name), "outcome", name, named, key=True)
        lottery = self.lottery
        if lottery is None or not lottery.outcomes:
            return
        self._check_shares(
            ("no_deal", "outcomes"),
            "probability",
            "outcome",
            {n: (o.probability, o.rest) for n, o in lottery.outcomes.items()},
        )
        if lottery.drift and lottery.horizon is None:
            self.faults.add(
                ("no_deal", "drift"),
                "a drift needs a horizon",
                allowed="horizon: 12 months, beside the drift",
            )
        elif lottery.horizon is not None:
            for name, rate in lottery.drift.items():
                if rate.unit != lottery.horizon.unit:
                    self.faults.add(
                        ("no_deal", "drift", name),
                        f"the drift is per {rate.unit} and the horizon in {lottery.horizon.unit}s",
                        allowed="the same unit of time in both",
                    )

    def _check_offer(self, name: str, offer: Offer, forbid: _Forbidden) -> None:
        self._check_deal(("offers", name, "deal"), offer.deal, forbid)

    def _check_deal(self, path: Path, deal: Mapping[str, Any], forbid: _Forbidden) -> None:
        """A whole deal, one that makes sense."""
        whole = True
        for issue, option in deal.items():
            if issue not in self.options:
                self.faults.unknown((*path, issue), "issue", issue, self.options, key=True)
                whole = False
                continue
            known = self.options[issue]
            if known is not None and option not in known:
                self.faults.unknown((*path, issue), f"option of {show(issue)}", option, known)
                whole = False
        if sum(i in self.options for i in deal) < len(self.options):
            self.faults.add(
                path,
                lambda: f"the deal leaves open {listing([i for i in self.options if i not in deal])}",
                allowed="one option for every issue",
            )
        elif whole:
            rule = forbid.against(deal)
            if rule is not None:
                self.faults.add(
                    path,
                    lambda: f"forbid rules this deal out ({show(rule.when.short(), 200)})",
                    allowed="a deal that makes sense",
                )

    def _check_decision(self, path: Path, body: dict[str, Any], forbid: _Forbidden) -> None:
        """Known parties, offers and types, and likelihoods that make one for every type."""
        by = body.get("by")
        if isinstance(by, str) and by not in self.valued:
            self.faults.unknown((*path, "by"), "party with preferences", by, self.valued)
        choices = body.get("choices")
        if isinstance(choices, dict) and len(choices) < 2:
            self.faults.add(
                (*path, "choices"),
                "a decision with fewer than two choices leaves nothing to decide",
                allowed="two choices or more; {} is a choice that tables nothing",
            )
        offers = self._names("offers")
        for name, choice in _items(choices):
            here: Path = (*path, "choices", name)
            self._check_id(here, name, "choices")
            table = choice.get("table") if isinstance(choice, dict) else None
            if isinstance(table, str) and table not in offers:
                self.faults.unknown((*here, "table"), "offer", table, offers)
            elif isinstance(table, dict) and table:
                self._check_deal((*here, "table"), table, forbid)
        for name, meeting in _items(body.get("meetings")):
            here = (*path, "meetings", name)
            self._check_id(here, name, "meetings")
            if isinstance(meeting, dict):
                self._check_meeting(here, meeting)

    def _check_meeting(self, path: Path, body: dict[str, Any]) -> None:
        about = body.get("about")
        if isinstance(about, str):
            self._check_signals((*path, "about"), (*path, "signals"), about, body.get("signals"))

    def _check_signals(self, whose: Path, path: Path, about: str, signals: Any) -> None:
        """What a party may show: signals at ``path``, about the party that is named at ``whose``."""
        if about not in self.valued:
            self.faults.unknown(whose, "party with preferences", about, self.valued)
            return
        prefs = self.data["preferences"][about]
        types = prefs.get("types") if isinstance(prefs, dict) else None
        if not isinstance(types, dict) or not types:
            self.faults.add(
                whose,
                f"{show(about)} has no types, so that a meeting could tell nothing",
                value=about,
                allowed="a party with types",
            )
            return
        if not isinstance(signals, dict):
            return
        if len(signals) < 2:
            self.faults.add(path, "a single signal says nothing", allowed="two signals or more")
        rests = []
        stated: dict[str, list[Number]] = {}
        for name, raw in signals.items():
            here = (*path, name)
            self._check_id(here, name, "signals")
            if not isinstance(raw, dict) or not raw:
                continue
            if "rest" in raw:
                rests.append(name)
                continue
            for kind, likelihood in raw.items():
                if kind not in types:
                    self.faults.unknown((*here, kind), f"type of {show(about)}", kind, types, key=True)
                    continue
                try:
                    number = parse_number(likelihood)
                except NumberProblem:
                    continue  # told with its form
                if number.low >= 0 and number.high <= 1:  # else told with its bounds
                    stated.setdefault(kind, []).append(number)
            missing = [k for k in types if k not in raw]
            if missing:
                self.faults.add(
                    here,
                    f"no likelihood for the type {listing(missing)}",
                    allowed="a probability for every type",
                )
        if len(rests) > 1:
            self.faults.add(
                path,
                "more than one signal takes the rest",
                value=listing(rests),
                allowed="at most one",
            )
        slack = Fraction(1, 10**6)
        for kind, numbers in stated.items():
            if len(numbers) + len(rests) < len(signals) or len(signals) < 2:
                continue  # told by itself
            low, high = sum(n.low for n in numbers), sum(n.high for n in numbers)
            if low > 1 + slack or (not rests and high < 1 - slack):
                total = f"{float(low):g}" if low == high else f"between {float(low):g} and {float(high):g}"
                self.faults.add(
                    path,
                    f"the likelihoods given the type {show(kind)} sum to {total}",
                    allowed="at most 1" if rests else "likelihoods that sum to 1 for every type",
                    hint="" if rests else "let one signal take rest: true",
                )

    def _check_preferences(self, party: str, body: dict[str, Any]) -> None:
        path: Path = ("preferences", party)
        self._check_values(body, path)
        base = self.kept.get("preferences", {}).get(party)
        types = body.get("types")
        if isinstance(types, dict):
            for name, kind in types.items():
                self._check_id((*path, "types", name), name, "types")
                if isinstance(kind, dict):
                    self._check_values(kind, (*path, "types", name))
            if not types:
                self.faults.add(
                    (*path, "types"), "types is empty", allowed="two or more types, or leave it out"
                )
        if isinstance(types, dict) and len(types) > _MOST_TYPES:
            self.faults.add((*path, "types"), f"{len(types):,} types", allowed=f"at most {_MOST_TYPES}")
            return
        if base is None:
            return
        if base.types:
            self._check_priors(base, path)
            for name, kind in base.types.items():
                self._check_complete(merged(base, kind), path, f" for the type {show(name)}")
        else:
            self._check_complete(base, path, "")

    def _check_values(self, body: dict[str, Any], path: Path) -> None:
        for section in ("weights", "scores"):
            part = body.get(section)
            for issue, scores in _items(part):
                here = (*path, section, issue)
                if issue not in self.options:
                    self.faults.unknown(here, "issue", issue, self.options, key=True)
                    continue
                known = self.options[issue]
                if section == "scores" and isinstance(scores, dict) and known is not None:
                    for option in scores:
                        if option not in known:
                            self.faults.unknown(
                                (*here, option), f"option of {show(issue)}", option, known, key=True
                            )
        for section in ("linkages", "red_lines"):
            part = body.get(section)
            for n, item in enumerate(part if isinstance(part, list) else ()):
                if isinstance(item, dict) and "when" in item:
                    self._check_match(item["when"], (*path, section, n, "when"))

    def _check_complete(self, prefs: Preferences, path: Path, whose: str) -> None:
        if prefs.no_deal is None and "no_deal" not in self.data:
            self.faults.add(
                path,
                f"the key no_deal is missing{whose}",
                allowed="what the party gets without a deal, e.g. 25 to 45",
            )
        weights = {i: w for i, w in (prefs.weights or {}).items() if i in self.options}
        if not prefs.weights:
            self.faults.add(
                path, f"the key weights is missing{whose}", allowed="issue: weight for every issue"
            )
            return
        if weights and len(weights) == len(prefs.weights) and not any(w.high > 0 for w in weights.values()):
            self.faults.add(
                (*path, "weights"), f"all weights are zero{whose}", allowed="at least one above zero"
            )
        signs = {w.percent for w in weights.values() if w.high > 0}
        if len(signs) == 2:
            self.faults.add(
                (*path, "weights"),
                "percentages and plain numbers are mixed",
                hint="write % on each or on none",
            )
        for issue, weight in weights.items():
            known = self.options[issue]
            if weight.high <= 0 or known is None:
                continue
            scores = (prefs.scores or {}).get(issue)
            if scores is None:
                self.faults.add(
                    (*path, "scores"),
                    f"no scores for the issue {show(issue)}{whose}",
                    allowed="a score for every option",
                )
                continue
            if sum(o in known for o in scores) < len(known):
                self.faults.add(
                    (*path, "scores", issue),
                    lambda known=known, scores=scores: (  # type: ignore[misc]
                        f"no score for {listing([o for o in known if o not in scores])}{whose}"
                    ),
                    allowed="a score for every option",
                )

    def _check_priors(self, base: Preferences, path: Path) -> None:
        self._check_shares(
            (*path, "types"), "prior", "type", {n: (t.prior, t.rest) for n, t in base.types.items()}
        )

    def _check_shares(
        self, path: Path, key: str, kind: str, shares: Mapping[str, tuple[Number | None, bool]]
    ) -> None:
        """Probabilities, one of which may be the rest, that must make 1 together."""
        plural = "priors" if key == "prior" else "probabilities"
        rest = [n for n, (_, left) in shares.items() if left]
        for name, (number, left) in shares.items():
            if left and number is not None:
                self.faults.add(
                    (*path, name), f"either {key} or rest, not both", allowed=f"{key}: 40%, or rest: true"
                )
            if not left and number is None:
                self.faults.add(
                    (*path, name), f"the key {key} is missing", allowed=f"{key}: 40%, or rest: true"
                )
        if len(rest) > 1:
            self.faults.add(
                path, f"more than one {kind} takes the rest", value=listing(rest), allowed="at most one"
            )
        stated = [number for number, _ in shares.values() if number is not None]
        if len(stated) < len(shares) - len(rest):
            return
        low, high = sum(p.low for p in stated), sum(p.high for p in stated)
        slack = Fraction(1, 10**6)
        if rest and low > 1 + slack:
            self.faults.add(path, f"the {plural} sum to {float(low):g} or more", allowed="at most 1")
        if not rest and not (low - slack <= 1 <= high + slack):
            total = f"{float(low):g}" if low == high else f"between {float(low):g} and {float(high):g}"
            self.faults.add(
                path,
                f"the {plural} sum to {total}",
                allowed=f"{plural} that sum to 1",
                hint=f"let one {kind} take rest: true",
            )

    def _check_body(self, name: str, raw: dict[str, Any]) -> None:
        path: Path = ("bodies", name)
        ratifies = raw.get("ratifies")
        if isinstance(ratifies, str) and ratifies not in self.parties:
            self.faults.unknown((*path, "ratifies"), "party", ratifies, self.parties)
        for member, body in _items(raw.get("members")):
            here: Path = (*path, "members", member)
            self._check_id(here, member, "members")
            if isinstance(body, dict):
                self._check_stance(member, body, here)
        if "passes" in raw:
            for problem in Passes.problems(raw["passes"]):
                self.faults.add(
                    (*path, "passes", *problem.at),
                    problem.message,
                    value=_at(raw["passes"], problem.at),
                    allowed=problem.allowed,
                )
        whole = self.kept.get("bodies", {}).get(name)
        if whole is not None:
            self._check_votes(whole, path)

    def _check_stance(self, member: str, body: dict[str, Any], path: Path) -> None:
        """How a member votes on ratification: like a party, or yes with a probability."""
        if HEADS in body:
            self.faults.add(
                (*path, HEADS),
                f"'{HEADS}' counts heads and cannot be a weight",
                allowed="another name",
                hint="times: so many members alike",
                key=True,
            )
        like = body.get("like")
        if "yes" in body:
            for other in ("like", "bar"):
                if other in body:
                    self.faults.add(
                        (*path, other),
                        f"either yes or {other}, not both",
                        allowed="yes: 60%, or like: party",
                        key=True,
                    )
        elif like is None and "bar" in body and member not in self.valued:
            self.faults.add(
                (*path, "bar"),
                "a bar needs a party whose utility is held against it",
                allowed="like: party",
                key=True,
            )
        if isinstance(like, str) and like not in self.valued:
            if like in self.parties:
                self.faults.add(
                    (*path, "like"), "this party has no preferences to vote by", value=like,
                    allowed=lambda: listing(self.valued),
                )  # fmt: skip
            else:
                self.faults.unknown((*path, "like"), "party", like, self.valued)

    def _check_votes(self, body: Body, path: Path) -> None:
        """The weights and the quotas of a body fit together."""
        asked = dict.fromkeys(weight for weight, _ in body.passes.leaves())
        stated = dict.fromkeys(w for m in body.members.values() for w in m.weights)
        known = [*(stated or [VOTE]), HEADS]
        for at, weight, quota in _quotas(body.passes, (*path, "passes"), _at(self.data, (*path, "passes"))):
            if weight not in known:
                self.faults.unknown(at, "weight", weight, known, key=True)
                continue
            total = body.total(weight)
            if not quota.reached(total, total):
                self.faults.add(
                    at,
                    "this quota can never be reached",
                    value=quota.text(),
                    allowed=f"at most {format_fraction(total)}, all of {show(weight)}",
                )
            elif not quota.share and quota.value < 1 and not quota.strict:
                weighs = [body.weight(m, weight) for m in body.members]
                if all(w >= quota.value for w in weighs if w):
                    self.faults.add(
                        at,
                        "any one vote reaches this quota",
                        value=quota.text(),
                        allowed=f"a number of {show(weight)}",
                        hint=f"for a share write {format_fraction(quota.value)} of all",
                    )
        for name, member in body.members.items():
            here: Path = (*path, "members", name)
            for weight in member.weights:
                if weight not in asked and weight != HEADS:
                    self.faults.unknown(
                        (*here, weight) if isinstance(_at(self.data, here), dict) else here,
                        "weight or key",
                        weight,
                        [*asked, *MEMBER_WORDS],
                        key=True,
                    )
            if stated and HEADS not in asked and not any(w in asked for w in member.weights):
                self.faults.add(here, "the member has no weight", allowed=lambda: listing(asked), key=True)

    def _check_correlation(self, n: int, correlation: Correlation) -> None:
        path: Path = ("correlations", n, "between")
        first, second = correlation.between
        if first == second:
            self.faults.add(
                path, "a number cannot be correlated with itself", value=first, allowed="two numbers"
            )
        if self.uncertain is None:
            self.uncertain = self._uncertain()
            self.ranges = [k for k, uncertain in self.uncertain.items() if uncertain]
        known = self.uncertain
        for m, name in enumerate(correlation.between):
            if name in known:
                if not known[name]:
                    self.faults.add(
                        (*path, m), "this number is fixed, not a range", value=name, allowed="a range"
                    )
            else:
                self.faults.unknown((*path, m), "uncertain number", name, self.ranges)

    def _uncertain(self) -> dict[str, bool]:
        """Every number of the preferences, readable or not: its path, and whether it is a range."""
        out: dict[str, bool] = {}

        def visit(node: Any, path: str) -> None:
            for key in ("no_deal", "closing_cost", "prior"):
                if key in node:
                    out[f"{path}.{key}"] = _is_range(node[key])
            for issue, raw in _items(node.get("weights")):
                out[f"{path}.weights.{issue}"] = _is_range(raw)
            for issue, scores in _items(node.get("scores")):
                for option, raw in _items(scores):
                    out[f"{path}.scores.{issue}.{option}"] = _is_range(raw)
            linkages = node.get("linkages")
            for n, item in enumerate(linkages if isinstance(linkages, list) else (), 1):
                if isinstance(item, dict):
                    out[f"{path}.linkages.{n}"] = _is_range(item.get("worth"))

        for party, body in _items(self.data.get("preferences")):
            if isinstance(body, dict):
                visit(body, party)
                for name, kind in _items(body.get("types")):
                    if isinstance(kind, dict):
                        visit(kind, f"{party}.types.{name}")
        for party, body in _items(self.data.get("parties")):
            if isinstance(body, dict) and "can_spoil" in body:
                out[f"parties.{party}.can_spoil"] = _is_range(body["can_spoil"])
        lottery = self.data.get("no_deal")
        if isinstance(lottery, dict):
            for name, outcome in _items(lottery.get("outcomes")):
                if isinstance(outcome, dict):
                    if "probability" in outcome:
                        out[f"no_deal.outcomes.{name}.probability"] = _is_range(outcome["probability"])
                    for party, raw in _items(outcome.get("values")):
                        out[f"no_deal.outcomes.{name}.values.{party}"] = _is_range(raw)
            for party, raw in _items(lottery.get("cost")):
                out[f"no_deal.cost.{party}"] = _is_range(raw)
            if self.lottery is not None:
                for name, rate in self.lottery.drift.items():
                    out[f"no_deal.drift.{name}"] = rate.number.is_range
                if self.lottery.horizon is not None:
                    out["no_deal.horizon"] = self.lottery.horizon.number.is_range
        for body, inside in _items(self.data.get("bodies")):
            for name, member in _items(inside.get("members") if isinstance(inside, dict) else None):
                for key in ("bar", "yes"):
                    if isinstance(member, dict) and key in member:
                        out[f"bodies.{body}.{name}.{key}"] = _is_range(member[key])
        for block in ("evidence", "evidence_groups"):
            for name, inside in _items(self.data.get(block)):
                likelihoods = inside.get("likelihoods") if isinstance(inside, dict) else None
                for kind, raw in _items(likelihoods):
                    out[f"{block}.{name}.likelihoods.{kind}"] = _is_range(raw)
        for name, contest in self.kept.get("war", {}).items():
            out |= {path: number.is_range for path, number, _ in war_numbers(name, contest)}
        for name, body in self.kept.get("guarantees", {}).items():
            out |= {path: number.is_range for path, number, _ in guarantee_numbers(name, body)}
        if self.durability is not None:
            out |= {path: number.is_range for path, number, _ in durability_numbers(self.durability)}
        return (
            out
            | uncertain_stages(self)
            | uncertain_conflict(self)
            | uncertain_threats(self)
            | uncertain_concessions(self.concessions)
        )

    def _check_matrix(self, stated: list[Correlation]) -> None:
        """Correlations that cannot all hold are refused, with the nearest ones that can."""
        if len(stated) < 2:
            return
        from winset.case.correlation import components, matrix, nearest, possible, rounded

        for names, stated_rho in components({c.between: c.rho for c in stated}):
            if len(names) > _MOST_CORRELATED:
                self.faults.add(
                    ("correlations",),
                    f"{len(names):,} numbers hang together",
                    allowed=f"at most {_MOST_CORRELATED} that depend on each other, directly or not",
                )
                continue
            if len(names) < 3:
                continue
            given = matrix(names, stated_rho)
            if possible(given):
                continue
            near = rounded(nearest(given))
            pairs = [
                f"{names[j]} with {names[i]}: {near[i, j]:g}"
                for i in range(len(names))
                for j in range(i)
                if near[i, j] != given[i, j]
            ]
            self.faults.add(
                ("correlations",),
                f"the correlations of {listing(names)} cannot all hold: their matrix is not positive "
                "semi-definite",
                allowed="correlations that some numbers can have together; a pair left out has 0",
                hint="the nearest that can: " + listing(pairs),
            )

    def _check_whole(self, case: Case) -> None:
        """What needs the finished case: at central values some weight must be positive."""
        for party in case.valued():
            weights: Mapping[str, Number] = case.central_preferences(party).weights or {}
            if not any(w.high > 0 for w in weights.values()):
                self.faults.add(("preferences", party, "weights"), "all weights are zero")


class _Forbidden:
    """The rules of ``forbid``, found by an option that they mention rather than one after the other."""

    def __init__(self, rules: Iterable[Forbid]) -> None:
        self.clauses: dict[tuple[str, str], list[tuple[Clause, Forbid]]] = {}
        for rule in rules:
            for clause in rule.when.clauses:
                issue, options = clause[0]
                for option in options:
                    self.clauses.setdefault((issue, option), []).append((clause, rule))

    def against(self, deal: Mapping[str, str]) -> Forbid | None:
        """The first rule that rules a deal out."""
        for first in deal.items():
            for clause, rule in self.clauses.get(first, ()):
                if all(deal.get(issue) in options for issue, options in clause):
                    return rule
        return None


def _quotas(rule: Passes, path: Path, raw: Any) -> Iterator[tuple[Path, str, Quota]]:
    """The quotas of a rule, each with its place in the file."""
    if not isinstance(raw, dict):
        assert rule.weight is not None
        assert rule.quota is not None
        yield path, rule.weight, rule.quota
        return
    word = next((w for w in ("all", "any", "of") if w in raw), None)
    if word is None:
        for weight, quota in rule.leaves():
            yield (*path, weight), weight, quota
        return
    parts = rule.parts if len(raw[word]) > 1 else (rule,)  # one of one is that one
    for n, (part, inner) in enumerate(zip(parts, raw[word], strict=True)):
        yield from _quotas(part, (*path, word, n), inner)


def _written(data: Any, path: Path) -> Path:
    """The part of a path that the file holds: what is short in the file is longer in the model."""
    for n, step in enumerate(path):
        if not isinstance(data, dict) or step not in data:
            return path[:n]
        data = data[step]
    return path


def _holds_names(path: Path) -> bool:
    """Whether the keys of the mapping at ``path`` are names of the author's, not words of the format."""
    if path[:1] == ("bodies",) and path[2:] == ("members",):
        return True
    if len(path) == 1:
        return path[0] in {s for s, _ in _SECTIONS} | {"levers"}
    if path[:1] == ("levers",):
        return path[2:] == ("add", "scores")
    if path[:1] in (("evidence",), ("evidence_groups",)):
        return path[2:] == ("likelihoods",)
    if path[:1] in (("stages",), ("talks",)):
        return holds_names(path)
    if path[:1] == ("war",):
        return holds_contest_names(path)
    if path[:1] == ("threats",):
        return path[2:] in (("types",), ("others",), ("delay", "others"))
    if path[:1] == ("concessions",):
        return concessions_hold_names(path)
    if path[:1] in (("durability",), ("guarantees",)):
        return holds_keys(path)
    if path[:1] == ("conflict",):
        return conflict_holds_names(path)
    if path[:1] == ("agenda",):
        return path[2:] in (("participants",), ("place",))
    if path[:1] == ("legal",):
        return path[1:] == ("courts",) or path[3:] == ("members",)
    if path[:1] == ("claims",):
        return path[2:] == ("states",)
    if path[:1] == ("decisions",):
        return path[2:] in (("choices",), ("meetings",)) or (len(path) > 4 and path[4] == "signals")
    inner = path[4:] if path[2:3] == ("types",) and len(path) > 3 else path[2:]
    return path[:1] == ("preferences",) and (
        inner in (("types",), ("weights",)) or (inner[:1] == ("scores",) and len(inner) < 3)
    )


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _items(node: Any) -> Iterable[tuple[str, Any]]:
    return node.items() if isinstance(node, dict) else ()


def _is_range(raw: Any) -> bool:
    try:
        return parse_number(raw).is_range
    except NumberProblem:
        return True  # its own fault is reported elsewhere


_THREAT: Mapping[str, type[BaseModel]] = {
    "types": ThreatType,
    "carries_out": Resolve,
    "likelihoods": Resolve,
    "record": Earlier,
    "delay": Delay,
}


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that stands at a place inside another."""
    if model is Preferences and loc[:1] == ("types",) and len(loc) > 1:
        return _model_at(PartyType, loc[2:])
    if model is Conflict:
        return conflict_model_at(loc)
    if model is Legal:
        return next((PARTS[step] for step in map(str, reversed(loc)) if step in PARTS), model)
    if model is Decision and len(loc) > 1:
        parts: dict[str, type[BaseModel]] = {"choices": Choice, "meetings": Meeting}
        return parts.get(str(loc[0]), model)
    if model is Durability and len(loc) > 1:
        return part_of(loc)
    if model is Consent and loc[:1] == ("rejected",):
        return Rejected
    if model is Contest:
        inner: dict[str, type[BaseModel]] = {"escalation": Escalation, "battles": Battles}
        return inner.get(str(next(iter(loc), "")), model)
    if model is Offers and loc[:1] == ("strategies",) and len(loc) > 1:
        return Strategy
    if model is Threat and loc:
        return next((_THREAT[step] for step in map(str, reversed(loc)) if step in _THREAT), model)
    inside: dict[int | str, type[BaseModel]] = {"linkages": Linkage, "red_lines": RedLine}
    if model in (Preferences, PartyType) and len(loc) > 1:
        return inside.get(loc[0], model)
    return model


def _plain_words(item: Any) -> tuple[str, str]:
    """Pydantic's own faults in a reader's words: the message, and what is allowed."""
    kind = item["type"]
    context = item.get("ctx", {})
    if kind == "literal_error":
        return "not one of the allowed words", re.sub(r" or |'", lambda m: ", " if m[0] != "'" else "",
                                                      context["expected"])  # fmt: skip
    if kind.startswith("bool"):
        return "not a yes or no", "true or false"
    if kind in ("float_parsing", "float_type", "finite_number"):
        return "not a number", "a number"
    if kind in ("greater_than_equal", "less_than_equal"):
        return "out of bounds", "a number from -1 to 1"
    if kind in ("dict_type", "mapping_type", "model_type", "model_attributes_type"):
        return "a mapping is expected", "key: value lines"
    if kind in ("tuple_type", "list_type", "too_short", "too_long"):
        return (
            ("exactly two are expected", "two paths")
            if context.get("field_type")
            else ("a list is expected", "a list")
        )
    if kind == "string_type":
        return "text is expected", "text"
    return str(item["msg"]).removeprefix("Value error, "), ""
