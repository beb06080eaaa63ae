"""Charts drawn by a process of its own are the charts drawn here, and nothing is lost when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from winset.report import drawing

SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"values": [{"x": 1, "y": 2, "n": "zwölf – 十二"}, {"x": 2, "y": 5, "n": "b"}]},
    "mark": "point",
    "encoding": {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "quantitative"},
        "color": {"field": "n", "type": "nominal"},
    },
}


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    drawing.stop()


def started(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    drawing.start()
    assert len(drawing._painter) == 1
    return drawing._painter[0]


def test_the_same_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    here = drawing.draw(SPEC)
    assert "十二" in here
    process = started(monkeypatch)
    assert drawing.draw(SPEC) == here
    assert drawing.draw(SPEC) == here
    assert process.poll() is None
    drawing.start()  # once is enough
    assert drawing._painter == [process]


def test_drawings_asked_for_ahead_are_those_asked_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    other = {**SPEC, "mark": "bar"}
    here = [drawing.draw(SPEC), drawing.draw(other)]
    drawing.ahead(SPEC)  # without a process nothing happens
    assert drawing._asked == {}
    started(monkeypatch)
    for spec in (other, SPEC, other):
        drawing.ahead(spec)
    assert len(drawing._asked) == 2
    assert [drawing.draw(SPEC), drawing.draw(other)] == here


def test_a_painter_that_dies_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    here = drawing.draw(SPEC)
    process = started(monkeypatch)
    process.kill()
    process.wait()
    assert drawing.draw(SPEC) == here
    assert drawing._painter == []


def test_a_painter_that_chokes_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it cannot draw ends it; the error is then raised here, where it can be seen."""
    started(monkeypatch)
    with pytest.raises(ValueError, match="conversion failed"):
        drawing.draw({"mark": "no such mark"})
    assert drawing._painter == []


def test_one_core_starts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    drawing.start()
    assert drawing._painter == []
