"""Charts: valid Vega-Lite, the most contested pairs, letters that do not cover each other."""

from __future__ import annotations

from itertools import combinations

import altair
import pytest

from winset.report.document import Chart
from winset.report.html import svg

from .examples import EDGES
from .test_brief import NAMES, brief_of


def drawn(name: str) -> list[Chart]:
    return [b for s in brief_of(name).sections if s.id == "payoffs" for b in s.blocks if isinstance(b, Chart)]


@pytest.mark.parametrize("name", ["alaska-2025", "10^12 deals", "hostile"])
def test_specs_are_valid(name: str) -> None:
    for chart in drawn(name):
        spec = {k: v for k, v in chart.spec.items() if k != "$schema"}
        altair.LayerChart.from_dict(spec, validate=True)


def test_at_most_six_pairs_and_a_word_about_the_rest() -> None:
    assert len(drawn("twelve parties")) == 6
    section = next(s for s in brief_of("twelve parties").sections if s.id == "payoffs")
    assert "Of 66 pairs, the 6 most contested are drawn." in section.blocks[0].text  # type: ignore[union-attr]


def test_one_party_has_no_pair() -> None:
    assert drawn("one party") == []


def test_too_many_deals_to_draw() -> None:
    (chart,) = drawn("10^12 deals")
    assert "too many deals" in chart.description
    assert len(chart.table.groups[0].rows) >= 4


@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_letters_are_apart(name: str) -> None:
    for chart in drawn(name):
        x, y = (chart.spec["layer"][0]["encoding"][k]["scale"]["domain"] for k in "xy")
        letters = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "text"]
        at = [
            (m["tx"] / (x[1] - x[0]) * chart.spec["width"], m["ty"] / (y[1] - y[0]) * chart.spec["height"])
            for m in letters[0]["data"]["values"]
        ]
        if len(at) <= 9:
            near = [max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in combinations(at, 2)]
            assert min(near, default=99) >= 8, name


def test_dots_are_one_path() -> None:
    (first, *_) = drawn("alaska-2025")
    text = str(svg(first, "c"))
    assert text.count("<path") < 120
    assert text.count("h0") > 500


def test_values_beyond_the_scale_are_explained() -> None:
    explained = "above 100 or below 0"
    assert explained in brief_of("alaska-2025").to_markdown()  # its linkages lift a deal to 106
    assert explained not in brief_of("litigation").to_markdown()
