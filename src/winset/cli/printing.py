"""How commands print: JSON, text for the terminal, and charts to files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.errors import CaseError, Fault

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["check_chart", "console", "json_text", "progress_bar"]


def json_text(data: Any) -> str:
    """One JSON document."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def console() -> Console:
    """The terminal, with nothing but what is printed to it."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def check_chart(output: Path, force: bool) -> None:
    """Refuse before anything is computed for a file that could not be written."""
    message, more = "", {}
    if output.suffix.lower() not in (".html", ".svg", ".png", ".json"):
        message = "a chart cannot be written in this format"
        more = {"allowed": "a name that ends in .html, .svg, .png or .json"}
    elif not output.parent.is_dir():
        message, more = "there is no such folder", {"value": str(output.parent)}
    elif output.is_dir():
        message = "this is a folder, not a file"
    elif output.exists() and not force:
        message = "there is already a file of this name"
        more = {"hint": "choose another name, or add --force"}
    if message:
        raise CaseError([Fault(str(output), 0, 0, "", message, **more)])


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on standard error, on a terminal only; gone when the work is done."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        transient=True,
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task("computing", total=None)

        def step(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield step
