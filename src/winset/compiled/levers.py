"""A case with its levers: what each changes, on the case that has all options that any of them adds.

The case of the levers holds every option that some lever adds; a deal that takes such an option needs that
lever. Red lines are kept one by one, so that each can be dropped or narrowed. Where a case names no levers,
there is a default menu: a lower no-deal value, a fallen red line, a yes that is not asked for, and side
payments, for the parties of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.fields import AMOUNT, EXCHANGE, PRICE, WORTH
from winset.case.levers import Addition, Guarantee, Leaving, Lowering, NewRule, Payment, Relaxation, Removal
from winset.case.model import Case, Preferences, RedLine
from winset.case.numbers import Number
from winset.case.read_levers import lines_of, with_like
from winset.case.rules import Match, Rule
from winset.compiled import Compiled, circuit_of, compile_case
from winset.compiled.groups import holding
from winset.kernels.rule import Gate
from winset.kernels.rule import Rule as Circuit

__all__ = ["Continuous", "Discrete", "Levers", "Line", "compile_levers", "worth"]

Bools = npt.NDArray[np.bool_]
Kind = Literal["relax", "drop", "add", "guarantee", "consent", "without"]

PAYERS = 4  # parties of the rule up to which the default menu holds payments from each to each


@dataclass(frozen=True, slots=True)
class Discrete:
    """A lever that is pulled or not."""

    name: str
    kind: Kind
    party: str | None  # whose red line, who gets the guarantee, whose yes is not asked for
    line: int | None = None  # index of `Levers.lines`
    to: Match | None = None  # the narrower match
    issue: str | None = None  # of an option that is added
    option: str | None = None
    worth: Number | None = None  # of a guarantee
    rule: Rule | None = None
    price: Fraction | None = None
    unit: str = "points"

    @property
    def slot(self) -> tuple[str, int | None] | None:
        """Levers of one slot exclude each other: a rule replaces another, a red line is altered once."""
        if self.kind == "consent":
            return ("consent", None)
        return ("line", self.line) if self.kind in ("relax", "drop") else None


@dataclass(frozen=True, slots=True)
class Continuous:
    """A lever that is pulled by an amount: a lower no-deal value (no payer), or points from payer to
    party."""

    name: str
    party: str  # whose no-deal value is lowered, or who is paid
    payer: str | None
    rate: Fraction  # the party's points for each point of the amount
    cap: Fraction | None  # most points; of the payer over all whom it pays by this lever
    price: Fraction | None = None  # of the whole cap
    unit: str = "points"


@dataclass(frozen=True, slots=True)
class Line:
    """A red line of a party, wherever among its types it stands; equal ones of one list are several."""

    party: str
    number: int  # its place in the list that holds it, from 1
    kind: str | None  # the type whose list that is; None for the party's own
    when: Match  # holds for new options where it should
    stated: RedLine
    which: tuple[Match, int]  # what it refuses as stated, and how many equal ones stand before it


@dataclass(frozen=True)
class Levers:
    """The levers of a case, ready to be pulled."""

    case: Case  # with every added option
    base: Compiled  # of the case as it stands
    central: Compiled  # of `case`
    stated: bool  # by the author; otherwise this is the default menu
    discrete: tuple[Discrete, ...]
    continuous: tuple[Continuous, ...]
    lines: tuple[Line, ...]
    copies: tuple[tuple[str, str, str, str], ...]  # (preferences' path, issue, new option, option it is like)

    @cached_property
    def place(self) -> dict[str, int]:
        return {p: n for n, p in enumerate(self.central.parties)}

    def rule(self, pulled: Iterable[int]) -> Rule:
        """The rule of consent with these discrete levers; parties left out still stand in it."""
        for n in pulled:
            new = self.discrete[n].rule
            if new is not None:
                return new
        return self.case.consent

    def wider(self, pulled: Iterable[int]) -> bool:
        """Whether every deal that passes as things stand passes with these levers, by their kind alone."""
        return all(self.discrete[n].kind != "consent" for n in pulled)

    def circuit(self, pulled: Sequence[int], among: Sequence[int] | None = None) -> Circuit:
        """The rule with these levers, over all parties with preferences or over those chosen; the yes of a
        party left out is taken as given."""
        out = {self.discrete[n].party for n in pulled if self.discrete[n].kind == "without"}
        gone = {self.place[p] for p in out if p is not None}
        chosen = range(len(self.place)) if among is None else among
        place = {p: n for n, p in enumerate(chosen)}
        gates = circuit_of(self.rule(pulled), self.place).gates
        return Circuit(
            tuple(
                Gate(
                    g.threshold - sum(p in gone for p in g.parties),
                    tuple(place[p] for p in g.parties if p not in gone),
                    g.gates,
                )
                for g in gates
            )
        )

    def named(self, pulled: Sequence[int]) -> set[int]:
        """Parties whose yes the rule asks for, before or after these levers: they pay out of their gain."""
        return {self.place[p] for p in (*self.case.consent.parties(), *self.rule(pulled).parties())}

    def active(self, party: str, kind: str | None) -> tuple[int, ...]:
        """Indices of the red lines that a party has, as one of its types."""
        listed = set(_numbered(lines_of(self.base.case.preferences[party], kind)))
        return tuple(n for n, x in enumerate(self.lines) if x.party == party and x.which in listed)

    @cached_property
    def central_lines(self) -> tuple[tuple[int, ...], ...]:
        """Per party with preferences: the red lines of its most likely type."""
        return tuple(self.active(p, self.case.central_type(p)) for p in self.central.parties)

    def refused(self, line: int, pulled: Iterable[int]) -> Match | None:
        """What a red line refuses when these levers are pulled; None when it has fallen."""
        for n in pulled:
            lever = self.discrete[n]
            if lever.line == line:
                return lever.to if lever.kind == "relax" else None
        return self.lines[line].when

    def held(self, match: Match, issues: Sequence[int], table: npt.NDArray[np.int16]) -> Bools:
        """(cell,): whether some clause of a match that a group settles holds."""
        names, options = self.central.issues, self.central.options
        inside = {names[n] for n in issues}
        out = np.zeros(len(table), np.bool_)
        for clause in match.clauses:
            if {issue for issue, _ in clause} <= inside:
                out |= holding(clause, issues, table, names, options)
        return out

    def offered(self, pulled: Iterable[int], issues: Sequence[int], table: npt.NDArray[np.int16]) -> Bools:
        """(cell,): whether all its options are there when these levers are pulled."""
        out = np.ones(len(table), np.bool_)
        missing = set(range(len(self.discrete))) - set(pulled)
        for n in missing:
            lever = self.discrete[n]
            if lever.issue is not None and lever.option is not None:
                issue = self.central.issues.index(lever.issue)
                if issue in issues:
                    option = self.central.options[issue].index(lever.option)
                    out &= table[:, list(issues).index(issue)] != option
        return out


def compile_levers(case: Case | Compiled) -> Levers:
    """The levers of a case, or the default menu where it names none.

    Raises
    ------
    QuestionError
        As by ``compile_case``, for the case with all added options.
    """
    base = compile_case(case)
    if "levers" in base.memo:
        made: Levers = base.memo["levers"]
        return made
    whole = base.case
    likes: dict[tuple[str, str], list[str]] = {}
    for new in (x.add for x in whole.levers.values() if isinstance(x, Addition)):
        if new.like is not None:
            likes.setdefault((new.issue, new.like), []).append(new.option)
    lines = _lines(base, likes)
    discrete, continuous = _stated(whole, lines, likes) if whole.levers else _menu(base, lines)
    grown, copies = _grown(whole, likes, discrete)
    out = Levers(
        case=grown,
        base=base,
        central=compile_case(grown) if grown is not whole else base,
        stated=bool(whole.levers),
        discrete=discrete,
        continuous=continuous,
        lines=lines,
        copies=copies,
    )
    base.memo["levers"] = out
    return out


def _lines(base: Compiled, likes: Mapping[tuple[str, str], list[str]]) -> tuple[Line, ...]:
    out: list[Line] = []
    for party in base.parties:
        prefs = base.case.preferences[party]
        seen: set[tuple[Match, int]] = set()
        for kind in (None, *prefs.types):
            lines = lines_of(prefs, kind)
            for n, (line, which) in enumerate(zip(lines, _numbered(lines), strict=True), 1):
                if which not in seen:
                    seen.add(which)
                    own = kind if kind is not None and prefs.types[kind].red_lines is not None else None
                    out.append(Line(party, n, own, with_like(line.when, likes), line, which))
    return tuple(out)


def _numbered(lines: Sequence[RedLine]) -> list[tuple[Match, int]]:
    """Each red line as what it refuses and how many equal ones stand before it."""
    return [(x.when, sum(y.when == x.when for y in lines[:n])) for n, x in enumerate(lines)]


def _stated(
    case: Case, lines: Sequence[Line], likes: Mapping[tuple[str, str], list[str]]
) -> tuple[tuple[Discrete, ...], tuple[Continuous, ...]]:
    discrete: list[Discrete] = []
    continuous: list[Continuous] = []
    for name, x in case.levers.items():
        price = None if x.price is None else x.price.central(PRICE)
        unit = x.unit or "points"
        if isinstance(x, Lowering):
            continuous.append(Continuous(name, x.lower, None, Fraction(1), x.by.central(AMOUNT), price, unit))
        elif isinstance(x, Payment):
            rate, cap = x.rate.central(EXCHANGE), x.cap.central(AMOUNT)
            continuous += [
                Continuous(name, party, payer, rate, cap, price, unit)
                for payer in x.pays
                for party in x.to
                if party != payer
            ]
        elif isinstance(x, Relaxation | Removal):
            party = x.relax if isinstance(x, Relaxation) else x.drop
            which = _numbered(lines_of(case.preferences[party], x.type))[(x.red_line or 1) - 1]
            line = next(n for n, y in enumerate(lines) if y.party == party and y.which == which)
            to = with_like(x.to, likes) if isinstance(x, Relaxation) else None
            kind: Kind = "drop" if to is None else "relax"
            discrete.append(Discrete(name, kind, party, line=line, to=to, price=price, unit=unit))
        elif isinstance(x, Addition):
            discrete.append(
                Discrete(name, "add", None, issue=x.add.issue, option=x.add.option, price=price, unit=unit)
            )
        elif isinstance(x, Guarantee):
            discrete.append(Discrete(name, "guarantee", x.guarantee, worth=x.worth, price=price, unit=unit))
        elif isinstance(x, NewRule):
            discrete.append(Discrete(name, "consent", None, rule=x.consent, price=price, unit=unit))
        else:
            assert isinstance(x, Leaving)
            discrete.append(Discrete(name, "without", x.without, price=price, unit=unit))
    return tuple(discrete), tuple(continuous)


def _menu(base: Compiled, lines: Sequence[Line]) -> tuple[tuple[Discrete, ...], tuple[Continuous, ...]]:
    """The default menu."""
    rulers = [base.parties[r] for r in base.rulers]
    discrete = [
        Discrete(
            f"drop red line {x.number} of {x.party}" + (f" ({x.kind})" if x.kind else ""),
            "drop",
            x.party,
            line=n,
        )
        for n, x in enumerate(lines)
        if x.party in rulers
    ]
    discrete += [Discrete(f"without {p}", "without", p) for p in rulers]
    continuous = [Continuous(f"lower {p}", p, None, Fraction(1), None) for p in rulers]
    if len(rulers) <= PAYERS:
        continuous += [
            Continuous(f"{payer} pays {p}", p, payer, Fraction(1), None)
            for payer, p in permutations(rulers, 2)
        ]
    return tuple(discrete), tuple(continuous)


def _grown(
    case: Case,
    likes: Mapping[tuple[str, str], list[str]],
    discrete: Sequence[Discrete],
) -> tuple[Case, tuple[tuple[str, str, str, str], ...]]:
    """The case with every added option, and with narrower red lines' issues tied together."""
    news = [x.add for x in case.levers.values() if isinstance(x, Addition)]
    narrower: dict[str, list[RedLine]] = {}
    for lever in discrete:
        if lever.to is not None and lever.party is not None:
            narrower.setdefault(lever.party, []).append(RedLine(when=lever.to, because=(), note=None))
    if not news and not narrower:
        return case, ()
    issues = dict(case.issues)
    for new in news:
        body = issues[new.issue]
        issues[new.issue] = body.model_copy(update={"options": (*body.options, new.option)})
    copies: list[tuple[str, str, str, str]] = []

    def scored(prefs: Preferences, party: str, path: str, *, own: bool) -> Preferences:
        scores = {issue: dict(options) for issue, options in (prefs.scores or {}).items()}
        for new in news:
            if party in new.scores:
                if own:
                    scores.setdefault(new.issue, {})[new.option] = new.scores[party]
            elif new.like is not None and new.like in scores.get(new.issue, {}):
                scores[new.issue][new.option] = scores[new.issue][new.like]
                copies.append((path, new.issue, new.option, new.like))
        lines = prefs.red_lines
        if lines is not None or own:
            lines = tuple(
                line.model_copy(update={"when": with_like(line.when, likes)}) for line in lines or ()
            ) + tuple(narrower.get(party, ()))
        links = prefs.linkages
        if links is not None:
            links = tuple(x.model_copy(update={"when": with_like(x.when, likes)}) for x in links)
        return prefs.model_copy(update={"scores": scores, "red_lines": lines, "linkages": links})

    preferences = {}
    for party, prefs in case.preferences.items():
        types = {
            name: scored(kind, party, f"{party}.types.{name}", own=False)  # type: ignore[arg-type]
            for name, kind in prefs.types.items()
        }
        whole = scored(prefs, party, party, own=True)
        preferences[party] = whole.model_copy(update={"types": types})
    forbid = tuple(f.model_copy(update={"when": with_like(f.when, likes)}) for f in case.forbid)
    grown = case.model_copy(
        update={"issues": issues, "preferences": preferences, "forbid": forbid, "levers": {}}
    )
    return grown, tuple(copies)


def worth(lever: Discrete) -> Fraction:
    """A guarantee's worth at its central value."""
    return Fraction(0) if lever.worth is None else lever.worth.central(WORTH)
