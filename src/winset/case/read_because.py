"""Every ``because`` of a case must name claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from winset.case.read_models import holds_names
from winset.case.text import Path

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_because"]


def check_because(reader: Reader, node: Any, path: Path = ()) -> None:
    """Every ``because`` anywhere must name claims."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = (*path, key)
            if key != "because" or holds_names(path):
                check_because(reader, value, here)
            elif isinstance(value, str):
                _check_claim(reader, here, value)
            elif isinstance(value, list):
                for n, claim in enumerate(value):
                    if isinstance(claim, str):
                        _check_claim(reader, (*here, n), claim)
    elif isinstance(node, list):
        for n, item in enumerate(node):
            check_because(reader, item, (*path, n))


def _check_claim(reader: Reader, path: Path, claim: str) -> None:
    if claim not in reader.claims:
        reader.faults.unknown(path, "claim", claim, reader.claims)
