"""What Pydantic finds wrong with a mapping, as faults in a reader's words, at the place in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from winset.case.concessions import Concession
from winset.case.conflict import Conflict
from winset.case.levers import NewRule, Relaxation
from winset.case.model import Body
from winset.case.read_conflict import conflict_place
from winset.case.read_models import SECTIONS, model_at
from winset.case.text import Path, closest
from winset.case.threats import Threat

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["report"]


def report(
    reader: Reader,
    error: ValidationError,
    model: type[BaseModel],
    body: Any,
    path: Path,
    skip: str | None,
    *,
    whole: bool = False,
) -> None:
    """What is wrong with a mapping at ``path``, told to the reader's faults.

    Parameters
    ----------
    skip
        A key that the file leaves out where it is short: no step of a path there.
    whole
        Of the whole case, whose blocks have told their faults by themselves.
    """
    for item in error.errors(include_url=False):
        unknown = item["type"] == "extra_forbidden"  # of which the key may be empty; else "" is no step
        loc = tuple(p for p in item["loc"] if p != "[key]" and (p or unknown or p == 0))
        if skip and loc[:1] == (skip,):
            loc = loc[1:]
        here: Path = (*path, *loc)
        if model is Body and loc[:1] == ("members",) and len(loc) > 2:
            here = _written(reader.data, here)
        if model is Conflict:
            last = here[-1:] if item["type"] == "missing" else ()
            here = (*conflict_place(reader.data, here[: len(here) - len(last)]), *last)
        kind, value = item["type"], item["input"]
        if whole and (not loc or loc[0] in {s for s, _ in SECTIONS}):
            continue
        if kind == "winset" and (
            (loc[-1:] == ("when",) and model is not Conflict)
            or (skip and not loc)
            or (model is Relaxation and loc == ("to",))
            or (model is Threat and loc == ("unless",))
            or (model is NewRule and loc == ("consent",))
            or (model is Concession and loc == ("verified_by",))
        ):
            continue  # told by check_match, place by place
        if kind == "winset" and model is Body and loc == ("passes",):
            continue  # told by check_bodies, place by place
        if kind == "winset":
            reader.faults.add(
                here,
                item["ctx"]["text"],
                value=value,
                allowed=item["ctx"]["allowed"],
                hint=item["ctx"]["hint"],
            )
        elif kind == "missing" and isinstance(loc[-1], int):  # one of a pair
            reader.faults.add(here[:-1], "exactly two are expected", allowed="two paths")
        elif kind == "missing":
            field = model_at(model, loc[:-1]).model_fields.get(str(loc[-1]))
            about = field.description if field and field.description else ""
            reader.faults.add(here[:-1], f"the key {loc[-1]} is missing", allowed=about)
        elif kind == "extra_forbidden":
            if whole:
                continue
            known = model_at(model, loc[:-1]).model_fields
            keys = [field.alias or name for name, field in known.items()]
            reader.faults.unknown(here, "key", loc[-1], keys, key=True)
        else:
            message, allowed = _plain_words(item)
            hint = closest(str(value), allowed.split(", ")) if kind == "literal_error" else ""
            reader.faults.add(here, message, value=value, allowed=allowed, hint=hint)


def _written(data: Any, path: Path) -> Path:
    """The part of a path that the file holds: what is short in the file is longer in the model."""
    for n, step in enumerate(path):
        if not isinstance(data, dict) or step not in data:
            return path[:n]
        data = data[step]
    return path


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
