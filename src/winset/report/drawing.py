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
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

__all__ = ["ahead", "draw", "start", "stop"]

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
_asked: dict[str, Future[str]] = {}  # specification -> its drawing
_line = ThreadPoolExecutor(1)  # one chart after another, while other work goes on


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


def ahead(spec: Mapping[str, Any]) -> None:
    """Have a chart drawn that will be asked for, where there is a process that draws."""
    if _painter:
        text = json.dumps(spec, ensure_ascii=False)
        if text not in _asked:
            _asked[text] = _line.submit(_paint, _painter[0], text)


def draw(spec: Mapping[str, Any]) -> str:
    """A Vega-Lite specification as SVG."""
    text = json.dumps(spec, ensure_ascii=False)
    if _painter:
        ahead(spec)
        with suppress(OSError, ValueError):
            return _asked[text].result()
        stop()
    import vl_convert

    return str(vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE))


def _paint(process: subprocess.Popen[bytes], text: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(text.encode() + b"\n")
    process.stdin.flush()
    return str(json.loads(process.stdout.readline()))


def stop() -> None:
    """End the process that draws."""
    _asked.clear()
    while _painter:
        process = _painter.pop()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()
