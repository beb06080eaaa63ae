"""What a number of the case is called where its path would say little to a reader."""

from __future__ import annotations

from winset.case.model import Case
from winset.report.words import issue_words, q

__all__ = ["input_label", "input_words", "parts"]


def input_words(case: Case, path: str) -> str:
    """What an unknown is, e.g. "no-deal value of Ukraine"; its path where it is in no one's preferences."""
    party, kind, what = parts(case, path)
    who = q(case.name(party)) + (f" as {q(kind)}" if kind else "") if party else ""
    match what:
        case ["type"]:
            return f"type of {who}"
        case ["no_deal"]:
            return f"no-deal value of {who}"
        case ["closing_cost"]:
            return f"closing cost of {who}"
        case ["prior"]:
            return f"prior probability of {who}"
        case ["linkages", n]:
            return f"linkage {n} of {who}"
        case ["scores", issue, option]:
            return f"score of {q(option)} on {q(issue_words(issue))} for {who}"
        case ["weights", issue]:
            return f"weight of {q(issue_words(issue))} to {who}"
    return q(path)


def input_label(case: Case, path: str) -> str:
    """The same short, and the party first, so that labels are told apart: "Ukraine: no-deal value"."""
    party, kind, what = parts(case, path)
    who = q(case.name(party)) + (f" as {q(kind)}" if kind else "") if party else ""
    match what:
        case ["type" | "prior" | "no_deal" | "closing_cost" as key]:
            return f"{who}: {key.replace('no_deal', 'no-deal value').replace('_', ' ')}"
        case ["linkages", n]:
            return f"{who}: linkage {n}"
        case ["scores", issue, option]:
            return f"{who}: {q(option)} ({q(issue_words(issue))})"
        case ["weights", issue]:
            return f"{who}: weight of {q(issue_words(issue))}"
    return q(path)


def parts(case: Case, path: str) -> tuple[str, str, list[str]]:
    """Whose number it is, as which type, and which; nothing where it is not one of a party's preferences."""
    party, _, rest = path.partition(".")
    if party not in case.preferences:
        return "", "", []
    kind = ""
    if rest.startswith("types."):
        kind = next((t for t in case.preferences[party].types if rest.startswith(f"types.{t}.")), "")
        rest = rest.removeprefix(f"types.{kind}.")
    return party, kind, rest.split(".", 2)
