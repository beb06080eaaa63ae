"""The page is well formed, needs nothing else, reads aloud, and runs nothing that a case smuggles in."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from winset.report.html import _web

from .examples import EDGES, NASTY
from .pages import read
from .test_brief import NAMES, brief_of


@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_well_formed(name: str) -> None:
    page = read(brief_of(name).to_html())
    assert page.faults == []
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("nav")) == 1
    assert any(a.get("class") == "skip" for a in page.all("a"))
    for attributes in page.all("div"):
        if "scroll" in (attributes.get("class") or "").split():
            assert attributes["tabindex"] == "0"
            assert attributes["role"] == "region"


@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_nothing_from_elsewhere_and_no_script(name: str) -> None:
    html = brief_of(name).to_html()
    page = read(html)
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert not {"script", "link", "iframe", "object", "embed", "img", "base", "form", "use", "image",
                "foreignobject", "animate", "set"} & {tag for tag, _ in page.tags}  # fmt: skip
    for tag, attributes in page.tags:
        for key, value in attributes.items():
            assert not key.startswith("on"), (tag, key)
            assert key not in ("src", "srcset", "action", "formaction", "xlink:href", "ping"), (tag, key)
            if key == "href":
                assert tag == "a"
                assert re.match(r"#|https?://", value or ""), value
                if not (value or "").startswith("#"):
                    assert attributes["rel"] == "noopener noreferrer"
            elif key == "style":
                assert re.fullmatch(r"width:[\d.]+%", value or ""), value
            elif value and "url(" in value:
                assert re.fullmatch(r"url\(#chart\d+-[\w-]+\)", value), value
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_attacks_come_out_as_text() -> None:
    html = brief_of("hostile").to_html()
    page = read(html)
    for payload in NASTY:
        assert " ".join(payload.split()) in page.text
    assert html.count("<style") == 1
    assert html.count("</style>") == 1
    assert "alert(1)>" not in re.sub(r"&[a-z#0-9]+;", "", html)


def test_only_web_addresses_are_links() -> None:
    links = [a["href"] for a in read(brief_of("hostile").to_html()).all("a")]
    assert [h for h in links if not str(h).startswith("#")] == ["https://good.example/page?a=1&b=2"]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JAVASCRIPT:x", " https://a.example", "data:text/html,x", "//a.example", "https://",
     "https://a.example/\"onclick=", "https://a.example/<b>", "file:///etc/passwd", "vbscript:x", "", None,
     "https://[bad", "java\nscript:x", "http://a.example\\@b.example"],
)  # fmt: skip
def test_addresses_that_are_not_linked(address: str | None) -> None:
    assert _web(address) is None


def test_words_of_the_case_have_their_own_direction() -> None:
    html = brief_of("scripts").to_html()
    assert "<bdi>المملكة</bdi>" in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)


def test_charts_say_what_they_show() -> None:
    html = brief_of("alaska-2025").to_html()
    page = read(html)
    drawn = [a for a in page.all("svg") if a.get("role") == "img"]
    # the funnel, a tornado, beliefs about two, the war, threats, concessions and offers, what is kept, moves
    # alone, three pairs of parties, the timeline
    assert len(drawn) == 14
    for n, attributes in enumerate(drawn, 1):
        assert attributes["aria-labelledby"] == f"chart{n}-title chart{n}-desc"
        assert "viewbox" in attributes


def test_small_enough_to_send() -> None:
    assert len(brief_of("alaska-2025").to_html()) < 800_000


def test_heat_is_a_ramp_of_light() -> None:
    """Greys of the ramp fall steadily, and the figure in the cell stands out from each of them."""
    style = re.search(r"<style>(.*?)</style>", brief_of("one deal").to_html(), re.DOTALL)
    assert style is not None
    light, dark = style[1].split("@media screen and (prefers-color-scheme: dark)")
    for sheet, falls, flip, low, high in (
        (light, True, 7, "1d2730", "ffffff"),
        (dark, False, 8, "f2f6f9", "0d1317"),
    ):
        ramp = [_light(c) for _, c in sorted(
            ((int(n), c) for n, c in re.findall(r"--h(\d+): #(\w{6})", sheet)))]  # fmt: skip
        assert len(ramp) == 11
        steps = [b - a for a, b in pairwise(ramp)]
        assert all(s < 0 for s in steps) if falls else all(s > 0 for s in steps)
        for n, back in enumerate(ramp):
            a, b = sorted((back, _light(high if n >= flip else low)))
            assert (b + 0.05) / (a + 0.05) >= 4.5, n


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
