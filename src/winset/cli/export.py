"""The command that writes the conflict of a case for other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from winset.errors import CaseError, Fault

__all__ = ["export"]

_FORMATS = (".gmcr", ".nfg")


def export(
    case: Annotated[
        Path, typer.Argument(help="The case file (YAML), or a .gmcr.", metavar="CASE", show_default=False)
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="FILE.gmcr for gmcr-py, FILE.nfg for Gambit.", metavar="FILE"),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if there is one.")] = False,
) -> None:
    """Write the conflict of a case for another tool.

    What the other tool's file has no place for is listed. Uncertain numbers are at their central values.
    """
    from winset.case import open_case, write_whole

    suffix = output.suffix.lower()
    if suffix not in _FORMATS:
        allowed = "a name that ends in .gmcr or .nfg"
        raise CaseError(
            [Fault(str(output), 0, 0, "", "a conflict cannot be written in this format", allowed=allowed)]
        )
    loaded = open_case(case)
    if output.exists() and output.samefile(case):
        hint = "choose another name"
        raise CaseError([Fault(str(output), 0, 0, "", "this is the case file itself", hint=hint)])
    if suffix == ".gmcr":
        from winset.report.gmcr import gmcr as write
    else:
        from winset.report.nfg import nfg as write
    written = write(loaded.case)
    write_whole(output, written.text, new=not force)
    print(f"conflict written to {output}", file=sys.stderr)
    for note in written.notes:
        print(f"note: {note}", file=sys.stderr)
