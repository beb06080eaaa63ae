"""Results to readers: the brief as HTML, Markdown, plain data and text for the terminal."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from winset.report.build import brief as brief
    from winset.report.document import Brief as Brief
    from winset.report.terminal import lens_terminal as lens_terminal
    from winset.report.terminal import show as show

_HOME = {
    "Brief": "winset.report.document",
    "brief": "winset.report.build",
    "lens_terminal": "winset.report.terminal",
    "show": "winset.report.terminal",
}

__all__ = ["Brief", "brief", "lens_terminal", "show"]


def __getattr__(name: str) -> Any:
    """Load each part when it is first used: charts and templates take a moment."""
    if name not in _HOME:
        raise AttributeError(f"module 'winset.report' has no attribute '{name}'")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
