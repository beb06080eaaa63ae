"""The command line: thin over the same calls as the library.

A user's mistake is one clear message on standard error and exit code 2; an interrupt is exit code 130; a bug
keeps its traceback. Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import gc
import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    gc.set_threshold(100_000, 20, 20)  # short runs make many small objects and few cycles
    # Draws are made on all cores by threads of their own; a linear-algebra library that starts threads
    # inside of each only makes them wait for one another.
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from winset.cli.commands import app
    from winset.errors import WinsetError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except WinsetError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted; nothing half-written was left", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
