"""Plain data, as the YAML reader gives it: mappings with text keys, lists, text, None.

How Python's own data become such, and how to look into what may not have the form that it should.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from winset.case.numbers import Number, format_fraction
from winset.case.text import CONTROL, MAX_DEPTH, MAX_NODES, Path, dotted, show
from winset.errors import CaseError, Fault

__all__ = ["at", "items", "plain"]


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


def at(data: Any, path: Path) -> Any:
    """What stands at a place that is there."""
    for step in path:
        data = data[step]
    return data


def items(node: Any) -> Iterable[tuple[str, Any]]:
    """The entries of a mapping; none of anything else."""
    return node.items() if isinstance(node, dict) else ()
