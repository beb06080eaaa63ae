"""A user's file to a validated ``Case``, or to all its faults at once (see ``read_case``)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from winset.case.model import Case
from winset.case.plain import plain
from winset.case.read_case import read_case
from winset.case.text import MAX_BYTES, Text, closest, decode, parse_yaml
from winset.errors import CaseError, Fault, ForeignError

__all__ = ["Loaded", "load", "loads", "open_case", "read_data"]

_GMCR = ".gmcr"  # a conflict of another tool, which is carried over as it is read


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
    return Loaded(read_case(parsed), str(file), hashlib.sha256(raw).hexdigest(), text, parsed)


def _carried_over(path: FilePath, file: str) -> Loaded:
    """A conflict of another tool as a case."""
    from winset.case.foreign import import_scenario, to_text

    try:
        text = to_text(import_scenario(path))
    except ForeignError as error:
        raise CaseError(error.faults) from None
    parsed = parse_yaml(text, file)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Loaded(read_case(parsed), file, digest, text, parsed, foreign=True)


def loads(text: str, *, file: str = "<text>") -> Case:
    """Read a case from YAML text (see ``load``)."""
    return read_case(parse_yaml(decode(text.encode("utf-8", "surrogatepass"), file), file))


def read_data(data: Mapping[str, Any], *, file: str = "<data>") -> Case:
    """Read a case from plain data: mappings, lists, text, numbers, dates (see ``load``)."""
    return read_case(Text(file, plain(data, file)))
