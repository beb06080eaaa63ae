"""Rules of consent: their form, and whether the parties that they name are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from winset.case.plain import at
from winset.case.rules import Rule
from winset.case.text import Path, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_consent", "check_rule", "read_consent"]

_RULE_WORDS = ("all", "any", "at_least", "of")


def read_consent(reader: Reader) -> Rule | None:
    """The rule of the case, as far as its own form goes."""
    if "consent" not in reader.data:
        return None
    raw = reader.data["consent"]
    return Rule.read(raw) if check_rule(reader, raw, ("consent",)) else None


def check_rule(reader: Reader, raw: Any, where: Path) -> bool:
    """Whether a rule of consent has the form of one; what is wrong with it is told place by place."""
    problems = list(Rule.problems(raw))
    for problem in problems:
        path: Path = (*where, *problem.at)
        if problem.unknown:
            reader.faults.unknown(path, "key", path[-1], _RULE_WORDS, key=True)
        else:
            reader.faults.add(path, problem.message, value=at(raw, problem.at), allowed=problem.allowed)
    return not problems


def check_consent(reader: Reader, raw: Any, path: Path) -> None:
    """The parties that a rule names are there, and have preferences to consent by."""
    if isinstance(raw, str):
        if raw not in reader.parties:
            reader.faults.unknown(path, "party", raw, reader.parties)
        elif raw not in reader.valued:
            reader.faults.add(
                path,
                f"'{show(raw)}' must consent but has no preferences",
                allowed=f"preferences for {show(raw)}",
            )
    elif isinstance(raw, dict):
        for word in ("all", "any", "of"):
            members = raw.get(word)
            for n, member in enumerate(members if isinstance(members, list) else ()):
                check_consent(reader, member, (*path, word, n))
