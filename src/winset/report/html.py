"""The brief as one HTML page that needs nothing else: no script, no font, no image from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from winset.report.document import Block, Brief, Chart
from winset.report.drawing import draw
from winset.report.words import OPEN, plain, split

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["chart_page", "html"]


def html(brief: Brief) -> str:
    charts = [b for s in brief.sections for b in s.blocks if isinstance(b, Chart)]
    drawn = {id(c): (svg(c, f"chart{n}"), f"chart{n}") for n, c in enumerate(charts, 1)}
    return _environment().get_template("brief.html.j2").render(brief=brief, drawn=drawn, ident=id)


def chart_page(title: str, chart: Chart, blocks: Sequence[Block]) -> str:
    """One chart with its table and what goes with it, as a page of its own."""
    from winset import __version__

    template = _environment().get_template("chart.html.j2")
    return template.render(
        title=title, chart=chart, drawn=svg(chart, "chart1"), blocks=blocks, version=__version__
    )


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("winset.report") / "templates"
    sheets = {
        n: (folder / n).read_text(encoding="utf-8") for n in ("brief.html.j2", "chart.html.j2", "brief.css")
    }
    made = Environment(
        loader=DictLoader(sheets),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(words=_words, plain=plain, web=_web)
    made.globals["kind"] = lambda block: type(block).__name__
    return made


@lru_cache(maxsize=4096)
def _words(text: str) -> Any:
    """Escaped text in which words of the case have a direction of their own."""
    from markupsafe import Markup, escape

    if OPEN not in text:
        return escape(plain(text))
    return Markup("").join(
        Markup("<bdi>{}</bdi>").format(piece) if foreign else escape(piece) for piece, foreign in split(text)
    )


def _web(address: str | None) -> str | None:
    """A web address that may be linked to, or None."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\"'<>`\\]", address):
        return None
    return address


def svg(chart: Chart, prefix: str) -> Any:
    """The chart as SVG to stand inside of a page, ids made unique."""
    from markupsafe import Markup

    raw = draw(chart.spec)
    raw = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", raw)
    raw = re.sub(
        r'\b(id|clip-path|href|xlink:href)="(url\()?#?([A-Za-z][\w-]*)(\))?"', _prefixed(prefix), raw
    )
    raw = re.sub(r' (?:class|aria-[a-z]+|role|version|xmlns:xlink)="[^"]*"', "", raw)
    raw = re.sub(r"(-?\d+\.\d{2})\d+", r"\1", raw)
    raw = _DOT_RUN.sub(_one_path, raw)
    head = re.match(r'\s*<svg([^>]*?) width="([\d.]+)" height="([\d.]+)"', raw)
    assert head is not None
    body = raw[head.end() :]
    named = f'role="img" aria-labelledby="{prefix}-title {prefix}-desc"'
    opening = f'<svg{head[1]} {named} width="{head[2]}" height="{head[3]}"'
    return Markup(opening + body.strip())


_DOT = (
    r'<path transform="translate\((-?[\d.]+),(-?[\d.]+)\)" d="M([\d.]+),0A[^"]*" fill="(#\w+)" '
    r'stroke-width="[\d.]+"(?: opacity="([\d.]+)")?/>'
)
_DOT_RUN = re.compile(f"(?:{_DOT})+")
_ONE_DOT = re.compile(_DOT)


def _one_path(run: re.Match[str]) -> str:
    """Many equal dots as one path of round ends: a tenth of the size."""
    dots = _ONE_DOT.findall(run[0])
    if len({d[2:] for d in dots}) > 1 or len(dots) < 3:
        return run[0]
    _, _, radius, fill, opacity = dots[0]
    steps = "".join(f"M{float(x):.5g},{float(y):.5g}h0" for x, y, *_ in dots)
    faint = f' opacity="{opacity}"' if opacity else ""
    return (
        f'<path d="{steps}" fill="none" stroke="{fill}" stroke-width="{2 * float(radius):.4g}" '
        f'stroke-linecap="round"{faint}/>'
    )


def _prefixed(prefix: str) -> Any:
    def change(match: re.Match[str]) -> str:
        name = f"{prefix}-{match[3]}"
        return (
            f'{match[1]}="url(#{name})"'
            if match[2]
            else f'{match[1]}="{"#" if "href" in match[1] else ""}{name}"'
        )

    return change
