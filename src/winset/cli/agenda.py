"""The command that shows the meetings, and writes them as a calendar."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from winset.cli.printing import console
from winset.errors import CaseError, Fault

__all__ = ["agenda"]


def agenda(
    case: Annotated[Path, typer.Argument(help="The case file (YAML).", metavar="CASE", show_default=False)],
    ics: Annotated[
        Path | None,
        typer.Option("--ics", help="Also write the meetings as an iCalendar file.", metavar="FILE"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if there is one.")] = False,
) -> None:
    """Show the meetings of a case in everybody's local time.

    With --ics they are also written for calendars; that needs winset[agenda].
    """
    from winset.case import open_case, write_whole
    from winset.lenses import agenda as ask

    loaded = open_case(case)
    if ics is not None and ics.exists():
        _check(ics, case, force)
    result = ask(loaded.case)
    if ics is not None:
        from winset.report.ics import calendar

        write_whole(ics, calendar(result, loaded.case), new=not force)
    from winset.report import lens_terminal

    lens_terminal(result, loaded.case, console())
    if ics is not None:
        print(f"calendar written to {ics}", file=sys.stderr)


def _check(ics: Path, case: Path, force: bool) -> None:
    """Refuse to write over the case, and over anything else unless told to."""
    if ics.samefile(case):
        raise CaseError(
            [Fault(str(ics), 0, 0, "", "this is the case file itself", hint="choose another name")]
        )
    if not force:
        hint = "choose another name, or add --force"
        raise CaseError([Fault(str(ics), 0, 0, "", "there is already a file of this name", hint=hint)])
