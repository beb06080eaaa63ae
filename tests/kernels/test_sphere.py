"""Great-circle distances against a published example, another formula, and what must hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from winset.kernels.sphere import EARTH, great_circle


def test_los_angeles_to_new_york() -> None:
    """0.623585 radians from LAX (33°57'N 118°24'W) to JFK (40°38'N 73°47'W).

    The worked example of Ed Williams, "Aviation Formulary"; the figure is quoted from memory.
    """
    lax, jfk = (33 + 57 / 60, -(118 + 24 / 60)), (40 + 38 / 60, -(73 + 47 / 60))
    assert float(great_circle(lax, jfk)) / EARTH == pytest.approx(0.623585, abs=1e-6)


def test_against_the_angle_between_vectors() -> None:
    rng = np.random.default_rng(5)
    start, end = (np.stack([rng.uniform(-90, 90, 500), rng.uniform(-180, 180, 500)], -1) for _ in range(2))
    found = great_circle(start, end)
    for one, two, km in zip(start.tolist(), end.tolist(), found.tolist(), strict=True):
        (a, b), (c, d) = ((math.radians(x) for x in point) for point in (one, two))
        cosine = math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)
        assert km == pytest.approx(EARTH * math.acos(max(-1.0, min(1.0, cosine))), rel=1e-6, abs=1e-3)
    assert np.allclose(found, great_circle(end, start))


@pytest.mark.parametrize(
    ("start", "end", "radians"),
    [
        ((10, 20), (10, 20), 0.0),
        ((0, 0), (0, 90), math.pi / 2),
        ((0, 0), (0, 180), math.pi),  # no rounding beyond the other side of the Earth
        ((90, 17), (-90, -60), math.pi),
        ((0, 179.5), (0, -179.5), math.radians(1)),  # over the date line
        ((60, 0), (60, 1e-6), math.radians(1e-6) / 2),
    ],
)
def test_by_hand(start: tuple[float, float], end: tuple[float, float], radians: float) -> None:
    assert float(great_circle(start, end)) == pytest.approx(EARTH * radians, rel=1e-9, abs=1e-9)
