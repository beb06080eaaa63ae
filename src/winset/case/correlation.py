"""Do stated correlations fit together? If not: the nearest ones that do.

A matrix of correlations is possible exactly when it is positive semi-definite. The nearest possible one is
found by alternating projections with Dykstra's correction (Higham 2002, IMA Journal of Numerical Analysis
22:329-343, algorithm 3.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["components", "nearest", "possible", "rounded"]

_SLACK = 1e-8


def components(correlations: Mapping[tuple[str, str], float]) -> Iterator[tuple[list[str], Floats]]:
    """The sets of numbers that hang together, each with its matrix; pairs that are not stated have 0."""
    import numpy as np

    leader: dict[str, str] = {}

    def find(name: str) -> str:
        leader.setdefault(name, name)
        while leader[name] != name:
            name = leader[name]
        return name

    for one, two in correlations:
        leader[find(two)] = find(one)
    members: dict[str, list[str]] = {}
    for name in leader:
        members.setdefault(find(name), []).append(name)
    for names in members.values():
        matrix = np.eye(len(names))
        place = {name: n for n, name in enumerate(names)}
        for (one, two), rho in correlations.items():
            if one in place and two in place:
                matrix[place[one], place[two]] = matrix[place[two], place[one]] = rho
        yield names, matrix


def possible(matrix: Floats) -> bool:
    """Whether a symmetric matrix with unit diagonal is positive semi-definite."""
    import numpy as np

    return bool(np.linalg.eigvalsh(matrix)[0] >= -_SLACK)


def nearest(matrix: Floats, *, rounds: int = 1000) -> Floats:
    """The correlation matrix nearest to a symmetric one in the Frobenius norm.

    Parameters
    ----------
    matrix : float64 (n, n)
    """
    import numpy as np

    now, correction = np.array(matrix, np.float64), np.zeros_like(matrix)
    for _ in range(rounds):
        shifted = now - correction
        value, vector = np.linalg.eigh(shifted)
        psd = (vector * np.maximum(value, 0.0)) @ vector.T
        correction = psd - shifted
        before, now = now, psd.copy()
        np.fill_diagonal(now, 1.0)
        if np.abs(now - before).max() < 1e-12:
            break
    return now


def rounded(matrix: Floats, places: int = 2) -> Floats:
    """A possible matrix with short numbers, as near as rounding and then shrinking lets it be."""
    import numpy as np

    for step in range(0, 100):
        shrunk = matrix * (1 - step / 1000)
        np.fill_diagonal(shrunk, 1.0)
        short = np.round(shrunk, places)
        if possible(short):
            return short
    return matrix
