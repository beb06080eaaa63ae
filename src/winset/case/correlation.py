"""Do stated correlations fit together? If not: the nearest ones that do.

A matrix of correlations is possible exactly when it is positive semi-definite. The nearest possible one is
found by alternating projections with Dykstra's correction (Higham 2002, IMA Journal of Numerical Analysis
22:329-343, algorithm 3.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["components", "matrix", "nearest", "possible", "rounded"]

_SLACK = 1e-8


def components(
    correlations: Mapping[tuple[str, str], float],
) -> Iterator[tuple[list[str], dict[tuple[str, str], float]]]:
    """The sets of numbers that hang together, each with its correlations."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        leader.setdefault(name, name)
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for one, two in correlations:
        leader[find(two)] = find(one)
    members: dict[str, list[str]] = {}
    for name in leader:
        members.setdefault(find(name), []).append(name)
    inside: dict[str, dict[tuple[str, str], float]] = {top: {} for top in members}
    for pair, rho in correlations.items():
        inside[find(pair[0])][pair] = rho
    for top, names in members.items():
        yield names, inside[top]


def matrix(names: Sequence[str], correlations: Mapping[tuple[str, str], float]) -> Floats:
    """The correlation matrix of some numbers; pairs that are not stated have 0."""
    import numpy as np

    place = {name: n for n, name in enumerate(names)}
    out = np.eye(len(names))
    for (one, two), rho in correlations.items():
        out[place[one], place[two]] = out[place[two], place[one]] = rho
    return out


def possible(correlation: Floats) -> bool:
    """Whether a symmetric matrix with unit diagonal is positive semi-definite."""
    import numpy as np

    return bool(np.linalg.eigvalsh(correlation)[0] >= -_SLACK)


def nearest(stated: Floats, *, rounds: int = 300) -> Floats:
    """The correlation matrix nearest to a symmetric one in the Frobenius norm.

    Parameters
    ----------
    stated : float64 (n, n)
    """
    import numpy as np

    now, correction = np.array(stated, np.float64), np.zeros_like(stated)
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


def rounded(correlation: Floats, places: int = 2) -> Floats:
    """A possible matrix with short numbers, as near as rounding and then shrinking lets it be."""
    import numpy as np

    for step in range(0, 100):
        shrunk = correlation * (1 - step / 1000)
        np.fill_diagonal(shrunk, 1.0)
        short = np.round(shrunk, places)
        if possible(short):
            return short
    return correlation
