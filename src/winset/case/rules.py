"""Conditions on deals, whose yes a deal needs, and when a body says yes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from winset.case.fields import WORD_SCHEMA, Frozen, refused
from winset.case.numbers import NumberProblem, format_fraction, parse_number
from winset.case.text import show

__all__ = [
    "HEADS",
    "MATCH_SCHEMA",
    "PASSES_SCHEMA",
    "RULE_SCHEMA",
    "VOTE",
    "Clause",
    "Match",
    "MatchField",
    "Passes",
    "PassesField",
    "Problem",
    "Quota",
    "Rule",
    "RuleField",
    "several",
]


Clause = tuple[tuple[str, tuple[str, ...]], ...]  # ((issue, (option, ...)), ...): all issues, any option


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the form of a match or of a rule, and where inside of it."""

    at: tuple[str | int, ...]
    message: str
    allowed: str
    unknown: bool = False  # the place is a key that is not known


def several(raw: Any) -> Any:
    """One or a list of something, as a list."""
    return raw if isinstance(raw, list | tuple) else [raw]


class Match(Frozen):
    """A condition on a deal: any of its clauses; a clause names issues (all must hold) and options (any)."""

    clauses: tuple[Clause, ...]

    @classmethod
    def read(cls, raw: Any) -> Match:
        for problem in cls.problems(raw):
            raise refused(problem.message, allowed=problem.allowed)
        return cls(
            clauses=tuple(
                tuple((str(issue), tuple(several(options))) for issue, options in item.items())
                for item in several(raw)
            )
        )

    @classmethod
    def problems(cls, raw: Any) -> Iterator[Problem]:
        """Everything wrong with the form of a written match."""
        items = several(raw)
        if not items:
            yield Problem((), "a match names nothing", _MATCH_ALLOWED)
        for n, item in enumerate(items):
            at: tuple[str | int, ...] = () if item is raw else (n,)
            if not isinstance(item, Mapping):
                yield Problem(at, "not a match", _MATCH_ALLOWED)
                continue
            if not item:
                yield Problem(at, "a match names nothing", _MATCH_ALLOWED)
            for issue, options in item.items():
                names = several(options)
                if not names or not all(isinstance(name, str) for name in names):
                    yield Problem(
                        (*at, issue),
                        f"the match says nothing usable about '{show(issue)}'",
                        "an option or a list of options",
                    )
                elif len(set(names)) < len(names):
                    yield Problem(
                        (*at, issue), f"an option of '{show(issue)}' is named twice", "each option once"
                    )

    def to_data(self) -> Any:
        items = [{i: o[0] if len(o) == 1 else list(o) for i, o in clause} for clause in self.clauses]
        return items[0] if len(items) == 1 else items

    def issues(self) -> tuple[str, ...]:
        """The issues that the match looks at, each once, in order of mention."""
        return tuple(dict.fromkeys(issue for clause in self.clauses for issue, _ in clause))

    def holds(self, deal: Mapping[str, str]) -> bool:
        """Whether a deal (issue to option) fulfils the condition."""
        return any(all(deal[issue] in options for issue, options in clause) for clause in self.clauses)

    def short(self) -> str:
        """In one line for a reader."""
        return "; or ".join(
            ", ".join(f"{issue}: {' or '.join(options)}" for issue, options in clause)
            for clause in self.clauses
        )


_MATCH_ALLOWED = "a mapping issue: option (or a list of options), or a list of such mappings"
_OPTIONS_SCHEMA = {"type": "array", "items": WORD_SCHEMA, "minItems": 1, "uniqueItems": True}
_CLAUSE_SCHEMA = {
    "type": "object",
    "additionalProperties": {"anyOf": [WORD_SCHEMA, _OPTIONS_SCHEMA]},
    "minProperties": 1,
}
MATCH_SCHEMA: dict[str, Any] = {
    "anyOf": [_CLAUSE_SCHEMA, {"type": "array", "items": _CLAUSE_SCHEMA, "minItems": 1}]
}
MatchField = Annotated[
    Match,
    BeforeValidator(lambda raw: raw if isinstance(raw, Match) else Match.read(raw)),
    PlainSerializer(lambda m: m.to_data()),
    WithJsonSchema(MATCH_SCHEMA),
]


class _Same:
    """Numbers written rules so that equal ones have the same number; looks at each part of a rule once."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.known: dict[int, tuple[Any, int]] = {}  # by identity; the rule is kept so that it stays its own

    def number(self, raw: Any) -> int:
        if isinstance(raw, str):
            return self.numbers.setdefault(raw, len(self.numbers))
        if id(raw) not in self.known:
            word = next((w for w in ("all", "any", "of") if w in raw), "") if isinstance(raw, Mapping) else ""
            if word and isinstance(raw[word], list | tuple):
                members = tuple(self.number(m) for m in raw[word])
                count = {"all": len(members), "any": 1}.get(word) or str(raw.get("at_least"))
                shape: Any = (str(count), members)
            else:
                shape = ("", repr(raw)[:1000])
            self.known[id(raw)] = raw, self.numbers.setdefault(shape, len(self.numbers))
        return self.known[id(raw)][1]


class Rule(Frozen):
    """Whose yes a deal needs: a party, or ``threshold`` of the ``members`` (rules themselves)."""

    party: str | None = None
    threshold: int = 1
    members: tuple[Rule, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> Rule:
        for problem in cls.problems(raw):
            raise refused(problem.message, allowed=problem.allowed)
        return cls._read(raw)

    @classmethod
    def _read(cls, raw: Any) -> Rule:
        if isinstance(raw, str):
            return cls(party=raw)
        word = next(w for w in ("all", "any", "of") if w in raw)
        members = tuple(cls._read(r) for r in raw[word])
        count = {"all": len(members), "any": 1}.get(word) or int(str(raw["at_least"]))
        return cls(threshold=count, members=members)

    @classmethod
    def problems(
        cls, raw: Any, at: tuple[str | int, ...] = (), same: _Same | None = None
    ) -> Iterator[Problem]:
        """Everything wrong with the form of a written rule."""
        same = same or _Same()
        if isinstance(raw, str) and raw.strip():
            return
        if not isinstance(raw, Mapping):
            yield Problem(at, "not a rule of consent", _RULE_ALLOWED)
            return
        unknown = [k for k in raw if k not in _RULE_WORDS]
        for key in unknown:
            yield Problem((*at, key), "unknown key", ", ".join(_RULE_WORDS), unknown=True)
        if set(raw) not in ({"all"}, {"any"}, {"at_least", "of"}):
            if not unknown:
                yield Problem(at, "not a rule of consent", _RULE_ALLOWED)
            return
        word = next(w for w in ("all", "any", "of") if w in raw)
        members, here = raw[word], (*at, word)
        if not isinstance(members, list | tuple):
            yield Problem(here, f"{word} needs a list", "a list of parties or rules")
            return
        if not members:
            yield Problem(here, "the rule of consent names nobody", "at least one party")
        seen = set()
        for n, member in enumerate(members):
            yield from cls.problems(member, (*here, n), same)
            number = same.number(member)
            if number in seen:
                yield Problem((*here, n), f"{word} names the same party or rule twice", "each once")
            seen.add(number)
        if word == "of" and members:
            count = raw["at_least"]
            if not re.fullmatch(r"[0-9]{1,6}", str(count)) or not 1 <= int(str(count)) <= len(members):
                yield Problem(
                    (*at, "at_least"),
                    f"at_least is {show(count)}",
                    f"a whole number from 1 to {len(members)} (those it counts)",
                )

    def to_data(self) -> Any:
        if self.party is not None:
            return self.party
        members = [m.to_data() for m in self.members]
        if self.threshold == len(members):
            return {"all": members}
        return {"any": members} if self.threshold == 1 else {"at_least": self.threshold, "of": members}

    def parties(self) -> tuple[str, ...]:
        """The parties it names, each once, in order of mention."""
        if self.party is not None:
            return (self.party,)
        return tuple(dict.fromkeys(p for m in self.members for p in m.parties()))

    def holds(self, accepting: frozenset[str] | set[str]) -> bool:
        """Whether the rule passes when exactly these parties say yes."""
        if self.party is not None:
            return self.party in accepting
        return sum(m.holds(accepting) for m in self.members) >= self.threshold

    def short(self, names: Mapping[str, str]) -> str:
        """In words for a reader."""
        if self.party is not None:
            return names.get(self.party, self.party)
        parts = [m.short(names) if m.party is not None else f"({m.short(names)})" for m in self.members]
        if len(parts) == 1:
            return parts[0]
        if self.threshold == len(parts):
            return ", ".join(parts[:-1]) + " and " + parts[-1]
        if self.threshold == 1:
            return ", ".join(parts[:-1]) + " or " + parts[-1]
        return f"at least {self.threshold} of " + ", ".join(parts)


_RULE_WORDS = ("all", "any", "at_least", "of")
_RULE_ALLOWED = "a party, {all: [...]}, {any: [...]} or {at_least: 2, of: [...]}, nested as needed"
RuleField = Annotated[
    Rule,
    BeforeValidator(lambda raw: raw if isinstance(raw, Rule) else Rule.read(raw)),
    PlainSerializer(lambda r: r.to_data()),
    WithJsonSchema({"title": "RuleOfConsent"}),  # completed in schema.py: it refers to itself
]
RULE_SCHEMA: dict[str, Any] = {
    "title": "RuleOfConsent",
    "description": "Whose yes a deal needs: " + _RULE_ALLOWED,
    "anyOf": [
        {**WORD_SCHEMA, "description": "A party's id"},
        *(
            {
                "type": "object",
                "properties": {
                    word: {"type": "array", "items": {"$ref": "#/$defs/RuleOfConsent"}, "minItems": 1}
                },
                "required": [word],
                "additionalProperties": False,
            }
            for word in ("all", "any")
        ),
        {
            "type": "object",
            "properties": {
                "at_least": {"type": "integer", "minimum": 1},
                "of": {"type": "array", "items": {"$ref": "#/$defs/RuleOfConsent"}, "minItems": 1},
            },
            "required": ["at_least", "of"],
            "additionalProperties": False,
        },
    ],
}


HEADS = "members"  # the weight that counts heads
VOTE = "votes"  # the weight that a bare number is
_QUOTA_ALLOWED = "a number, a share of all (65%, 2/3 of all), or more than either"
_PASSES_ALLOWED = (
    "weight: quota (votes: more than 50%), {all: [...]}, {any: [...]} or {at_least: 2, of: [...]}"
)


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of a weight must say yes."""

    value: Fraction
    share: bool = False  # of the total of the weight
    strict: bool = False  # more than that, not just as much

    @classmethod
    def read(cls, raw: Any) -> Quota:
        """Read a written quota.

        Raises
        ------
        NumberProblem
            With what is wrong.
        """
        words = " ".join(str(raw).split()) if isinstance(raw, str | int | float | Fraction) else ""
        text, strict = words, False
        if found := re.fullmatch(r"more than (.*)", text, re.IGNORECASE):
            text, strict = found[1], True
        of_all = re.fullmatch(r"(.*?) of all", text, re.IGNORECASE)
        number = parse_number(of_all[1] if of_all else text if words else raw)
        if number.is_range or number.values:
            raise NumberProblem("a quota is a fixed number, not a range", allowed=_QUOTA_ALLOWED)
        share = number.percent or of_all is not None
        if number.low < 0 or (number.low == 0 and not strict):
            raise NumberProblem("a quota of nothing is always reached", allowed=_QUOTA_ALLOWED)
        if share and (number.low > 1 or (strict and number.low == 1)):
            raise NumberProblem("more than all can never be reached", allowed="at most 100%")
        return cls(number.low, share, strict)

    def text(self) -> str:
        """As it is written in a case."""
        percent = 100 * self.value
        written = format_fraction(percent if self.share else self.value)
        if self.share:
            written = f"{format_fraction(self.value)} of all" if "/" in written else f"{written}%"
        return f"more than {written}" if self.strict else written

    def needed(self, total: Fraction) -> Fraction:
        """The quota where the weight has this total."""
        return self.value * total if self.share else self.value

    def reached(self, votes: Fraction, total: Fraction) -> bool:
        needed = self.needed(total)
        return votes > needed if self.strict else votes >= needed


class Passes(Frozen):
    """When a body says yes: a quota of a weight is reached, or ``threshold`` of the ``parts`` hold."""

    weight: str | None = None
    quota: Quota | None = None
    threshold: int = 1
    parts: tuple[Passes, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> Passes:
        for problem in cls.problems(raw):
            raise refused(problem.message, allowed=problem.allowed)
        return cls._read(raw)

    @classmethod
    def _read(cls, raw: Any) -> Passes:
        if not isinstance(raw, Mapping):
            return cls(weight=VOTE, quota=Quota.read(raw))
        word = next((w for w in ("all", "any", "of") if w in raw), None)
        if word is None:
            leaves = tuple(cls(weight=w, quota=Quota.read(q)) for w, q in raw.items())
            return leaves[0] if len(leaves) == 1 else cls(threshold=len(leaves), parts=leaves)
        parts = tuple(cls._read(part) for part in raw[word])
        if len(parts) == 1:
            return parts[0]
        count = {"all": len(parts), "any": 1}.get(word) or int(str(raw["at_least"]))
        return cls(threshold=count, parts=parts)

    @classmethod
    def problems(cls, raw: Any, at: tuple[str | int, ...] = ()) -> Iterator[Problem]:
        """Everything wrong with the form of a written rule."""
        if not isinstance(raw, Mapping):
            if isinstance(raw, list | tuple) or raw is None:
                yield Problem(at, "not a rule for votes", _PASSES_ALLOWED)
            else:
                yield from _quota_problem(raw, at)
            return
        words = [w for w in _RULE_WORDS if w in raw]
        if not words:
            if not raw:
                yield Problem(at, "the rule asks for nothing", _PASSES_ALLOWED)
            for weight, quota in raw.items():
                yield from _quota_problem(quota, (*at, weight))
            return
        if set(raw) not in ({"all"}, {"any"}, {"at_least", "of"}):
            yield Problem(at, "not a rule for votes", _PASSES_ALLOWED)
            return
        word = next(w for w in ("all", "any", "of") if w in raw)
        parts, here = raw[word], (*at, word)
        if not isinstance(parts, list | tuple) or not parts:
            yield Problem(here, f"{word} needs a list", "a list of rules")
            return
        for n, part in enumerate(parts):
            yield from cls.problems(part, (*here, n))
        if word == "of":
            count = raw["at_least"]
            if not re.fullmatch(r"[0-9]{1,6}", str(count)) or not 1 <= int(str(count)) <= len(parts):
                yield Problem(
                    (*at, "at_least"),
                    f"at_least is {show(count)}",
                    f"a whole number from 1 to {len(parts)} (those it counts)",
                )

    def to_data(self) -> Any:
        if self.weight is not None and self.quota is not None:
            return {self.weight: self.quota.text()}
        parts = [part.to_data() for part in self.parts]
        if self.threshold == len(parts):
            weights = [part.weight for part in self.parts]
            if None not in weights and len(set(weights)) == len(weights):
                return {key: value for part in parts for key, value in part.items()}
            return {"all": parts}
        return {"any": parts} if self.threshold == 1 else {"at_least": self.threshold, "of": parts}

    def leaves(self) -> Iterator[tuple[str, Quota]]:
        """The weights and quotas that it names, in order of mention."""
        if self.weight is not None and self.quota is not None:
            yield self.weight, self.quota
        for part in self.parts:
            yield from part.leaves()


def _quota_problem(raw: Any, at: tuple[str | int, ...]) -> Iterator[Problem]:
    try:
        Quota.read(raw)
    except NumberProblem as problem:
        yield Problem(at, problem.message, _QUOTA_ALLOWED)


_QUOTA_SCHEMA: dict[str, Any] = {"type": ["number", "string"], "description": f"A quota: {_QUOTA_ALLOWED}"}
PASSES_SCHEMA: dict[str, Any] = {
    "title": "Passes",
    "description": "When a body says yes: " + _PASSES_ALLOWED,
    "anyOf": [
        _QUOTA_SCHEMA,
        {"type": "object", "additionalProperties": _QUOTA_SCHEMA, "minProperties": 1},
        *(
            {
                "type": "object",
                "properties": {word: {"type": "array", "items": {"$ref": "#/$defs/Passes"}, "minItems": 1}},
                "required": [word],
                "additionalProperties": False,
            }
            for word in ("all", "any")
        ),
        {
            "type": "object",
            "properties": {
                "at_least": {"type": "integer", "minimum": 1},
                "of": {"type": "array", "items": {"$ref": "#/$defs/Passes"}, "minItems": 1},
            },
            "required": ["at_least", "of"],
            "additionalProperties": False,
        },
    ],
}
PassesField = Annotated[
    Passes,
    BeforeValidator(lambda raw: raw if isinstance(raw, Passes) else Passes.read(raw)),
    PlainSerializer(lambda p: p.to_data()),
    WithJsonSchema({"title": "Passes"}),  # completed in schema.py: it refers to itself
]
