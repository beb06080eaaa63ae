"""Deals and parts of deals: whether what they name is there, and whether they make sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from winset.case.model import Forbid
from winset.case.plain import at
from winset.case.rules import Clause, Match
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["Forbidden", "check_deal", "check_forbid", "check_match", "check_offers"]


class Forbidden:
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


def check_match(reader: Reader, raw: Any, path: Path) -> None:
    """A condition on deals has the form of one, and its issues and options are there."""
    for problem in Match.problems(raw):
        reader.faults.add(
            (*path, *problem.at),
            problem.message,
            value=at(raw, problem.at),
            allowed=problem.allowed,
            key=bool(problem.at) and isinstance(problem.at[-1], str),
        )
    for n, clause in enumerate(raw) if isinstance(raw, list) else ((None, raw),):
        if not isinstance(clause, dict):
            continue
        base = path if n is None else (*path, n)
        for issue, options in clause.items():
            here = (*base, issue)
            if issue not in reader.options:
                reader.faults.unknown(here, "issue", issue, reader.options, key=True)
                continue
            known = reader.options[issue]
            if known is None:
                continue
            if isinstance(options, str):
                if options not in known:
                    reader.faults.unknown(here, f"option of {show(issue)}", options, known)
            elif isinstance(options, list):
                for m, option in enumerate(options):
                    if isinstance(option, str) and option not in known:
                        reader.faults.unknown((*here, m), f"option of {show(issue)}", option, known)


def check_forbid(reader: Reader) -> None:
    raw = reader.data.get("forbid")
    for n, item in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(item, dict) and "when" in item:
            check_match(reader, item["when"], ("forbid", n, "when"))
        else:
            check_match(reader, item, ("forbid", n))


def check_offers(reader: Reader, forbid: Forbidden) -> None:
    for name, offer in reader.kept.get("offers", {}).items():
        check_deal(reader, ("offers", name, "deal"), offer.deal, forbid)


def check_deal(reader: Reader, path: Path, deal: Mapping[str, Any], forbid: Forbidden) -> None:
    """A whole deal, one that makes sense."""
    whole = True
    for issue, option in deal.items():
        if issue not in reader.options:
            reader.faults.unknown((*path, issue), "issue", issue, reader.options, key=True)
            whole = False
            continue
        known = reader.options[issue]
        if known is not None and option not in known:
            reader.faults.unknown((*path, issue), f"option of {show(issue)}", option, known)
            whole = False
    if sum(i in reader.options for i in deal) < len(reader.options):
        reader.faults.add(
            path,
            lambda: f"the deal leaves open {listing([i for i in reader.options if i not in deal])}",
            allowed="one option for every issue",
        )
    elif whole:
        rule = forbid.against(deal)
        if rule is not None:
            reader.faults.add(
                path,
                lambda: f"forbid rules this deal out ({show(rule.when.short(), 200)})",
                allowed="a deal that makes sense",
            )
