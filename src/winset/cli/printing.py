"""How commands print: JSON, and text for the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console", "json_text"]


def json_text(data: Any) -> str:
    """One JSON document."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def console() -> Console:
    """The terminal, with nothing but what is printed to it."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)
