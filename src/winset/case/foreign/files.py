"""Files of other tools: their bytes, checksum and text, and the faults found in them.

Everything here is untrusted. Sizes are checked before anything is read, numbers are taken from their written
text (``0.1`` is one tenth), and all faults of a scenario are reported at once.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from winset.case.text import show
from winset.errors import Fault, ForeignError

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_OPTIONS",
    "Faults",
    "ForeignFile",
    "exact",
    "read_file",
]

MAX_BYTES = 10 << 20
MAX_DEPTH = 40
MAX_NODES = 400_000
MAX_OPTIONS = 2_000

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """One file as it was read."""

    path: Path
    raw: bytes = field(repr=False)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(slots=True)
class Faults:
    """Collects faults so that all are reported at once."""

    found: list[Fault] = field(default_factory=list)

    def add(
        self,
        file: str,
        message: str,
        *,
        line: int = 0,
        column: int = 0,
        where: str = "",
        value: object = None,
        allowed: str = "",
        hint: str = "",
    ) -> None:
        written = "" if value is None else show(value)
        column = (column or 1) if line else 0
        self.found.append(Fault(file, line, column, where, message, written, allowed, hint))

    def stop_if_any(self) -> None:
        if self.found:
            raise ForeignError(sorted(self.found, key=lambda f: (f.file, f.line, f.column)))


def read_file(path: Path, faults: Faults) -> ForeignFile | None:
    """The file's bytes, or a fault."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        faults.add(path.name, f"the file cannot be read: {error.strerror or 'unknown reason'}")
        return None
    if len(raw) > MAX_BYTES:
        faults.add(path.name, "the file is too large", allowed=f"at most {MAX_BYTES:,} bytes")
        return None
    if not raw.strip():
        faults.add(path.name, "the file is empty")
        return None
    return ForeignFile(path, raw)


def exact(text: str) -> Fraction | None:
    """A decimal number exactly as written, or None when the text is not one."""
    text = text.strip()
    if len(text) > 100 or not _DECIMAL.fullmatch(text):
        return None
    return Fraction(text)
