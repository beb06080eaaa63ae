"""Charts to SVG, by a process of its own where there is a second core.

The engine that draws (vl-convert) takes a third of a second to start and holds the interpreter while it does.
Started in a process of its own as soon as it is known that there will be charts, it is ready when they are.
Whatever happens to that process, a chart is then drawn here; the drawing is the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

__all__ = ["draw", "start", "stop"]

VEGA_LITE = "5.20"

#: Reads a specification a line and writes its drawing, as JSON; ends with its input.
_PAINTER = """
import json, sys
import vl_convert
empty = '{"data": {"values": [{}]}, "mark": "point", "encoding": {}}'
vl_convert.vegalite_to_svg(empty, vl_version=sys.argv[1])
for line in sys.stdin.buffer:
    drawing = vl_convert.vegalite_to_svg(line.decode(), vl_version=sys.argv[1])
    sys.stdout.buffer.write(json.dumps(drawing).encode() + b"\\n")
    sys.stdout.buffer.flush()
"""

_painter: list[subprocess.Popen[bytes]] = []


def start() -> None:
    """Start the process that draws; without a second core, or if it cannot be started, do nothing."""
    if _painter or (os.cpu_count() or 1) < 2:
        return
    with suppress(OSError):
        _painter.append(
            subprocess.Popen(
                [sys.executable, "-c", _PAINTER, VEGA_LITE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        )


def draw(spec: Mapping[str, Any]) -> str:
    """A Vega-Lite specification as SVG."""
    text = json.dumps(spec, ensure_ascii=False)
    if _painter:
        with suppress(OSError, ValueError):
            process = _painter[0]
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(text.encode() + b"\n")
            process.stdin.flush()
            return str(json.loads(process.stdout.readline()))
        stop()
    import vl_convert

    return str(vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE))


def stop() -> None:
    """End the process that draws."""
    while _painter:
        process = _painter.pop()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()
