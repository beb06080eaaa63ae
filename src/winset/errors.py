"""Every error that Winset raises on purpose: one small tree.

``WinsetError`` is the user's mistake, told in one clear sentence; the command line prints it and exits with
code 2. Anything else that escapes is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CaseError", "Fault", "ForeignError", "QuestionError", "WinsetError"]


class WinsetError(Exception):
    """A mistake in what the user gave, said so that the user can put it right."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where, what was found, what is allowed, and what to try.

    ``line`` and ``column`` count from 1; 0 means that the place is the file as a whole.
    """

    file: str
    line: int
    column: int
    where: str  # path inside the case, e.g. "preferences.ukraine.weights.territory"
    message: str  # what is wrong, one sentence without a full stop
    value: str = ""  # what was written there, shortened
    allowed: str = ""  # what may stand there
    hint: str = ""  # what to try, e.g. did you mean "territory"?

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{place}: " + (f"{self.where}: " if self.where else "") + self.message
        lines = [head]
        if self.value:
            lines.append(f"    found:   {self.value}")
        if self.allowed:
            lines.append(f"    allowed: {self.allowed}")
        if self.hint:
            lines.append(f"    hint:    {self.hint}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, str | int]:
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "where": self.where,
            "message": self.message,
            "value": self.value,
            "allowed": self.allowed,
            "hint": self.hint,
        }


class CaseError(WinsetError):
    """A case that cannot be used; carries all its faults at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=lambda f: (f.file, f.line, f.column)))
        super().__init__(self._text())

    def _text(self) -> str:
        count = len(self.faults)
        total = f"{count} fault" if count == 1 else f"{count} faults"
        if any(f.message.endswith(" more from here on") for f in self.faults):
            total = f"more than {count - 1} faults"
        return "\n".join([*(str(f) for f in self.faults), total])


class ForeignError(WinsetError):
    """A scenario of another tool that cannot be carried over exactly; says which part and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(f) for f in self.faults))


class QuestionError(WinsetError):
    """A question that makes no sense for this case (an unknown offer, a negative tolerance, ...)."""
