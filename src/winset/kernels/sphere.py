"""Distances over the ground."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["EARTH", "great_circle"]

Floats = npt.NDArray[np.float64]

EARTH = 6371.0088  # km: the mean radius (2a + b) / 3 of the ellipsoid WGS 84


def great_circle(start: npt.ArrayLike, end: npt.ArrayLike) -> Floats:
    """Great-circle distances in km between points given as (..., 2) latitudes and longitudes in degrees.

    The haversine form (Sinnott 1984, "Virtues of the haversine", Sky and Telescope 68: 159), which is exact
    for small distances too. On a sphere, so up to about 0.5 % from the ellipsoid.
    """
    one, two = np.radians(np.asarray(start, np.float64)), np.radians(np.asarray(end, np.float64))
    north, east = two[..., 0] - one[..., 0], two[..., 1] - one[..., 1]
    part = np.sin(north / 2) ** 2 + np.cos(one[..., 0]) * np.cos(two[..., 0]) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.clip(part, 0.0, 1.0))), np.float64)
