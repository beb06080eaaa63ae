"""The starter case that ``winset new`` writes."""

from __future__ import annotations

from importlib import resources

from winset.case.read import loads
from winset.case.write import to_yaml

__all__ = ["starter"]


def starter(title: str) -> str:
    """The commented starter case with its title put in.

    Raises
    ------
    CaseError
        If the title cannot be one: empty, or with control characters in it.
    """
    text = resources.files("winset.case").joinpath("starter.yaml").read_text(encoding="utf-8")
    text = text.replace("title: TITLE\n", to_yaml({"title": title}), 1)
    loads(text, file="the new case")
    return text
