"""Whole numbers beyond 64 bits in two arrays: the residue modulo 2**64 and a float64 approximation.

Sums and products of counts wrap around in uint64 and stay exact modulo 2**64; beside them the same sums in
float64 are right to about 1e-13. Together they determine the number as long as that error is far below
2**63.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from winset.kernels.blocks import Floats

Residues = npt.NDArray[np.uint64]
LARGEST = 1e28  # above it a relative error of 1e-10 could no longer be told from a multiple of 2**64


def whole(residue: Residues, approximation: Floats) -> list[int]:
    """Return the numbers as Python ints; above `LARGEST` they are the nearest the approximation gives."""
    multiples = np.rint((approximation - residue.astype(np.float64)) / 2.0**64)
    numbers: list[int] = residue.tolist()
    for index in np.flatnonzero(multiples > 0).tolist():
        if approximation[index] > LARGEST:
            numbers[index] = int(approximation[index])
        else:
            numbers[index] += int(multiples[index]) << 64
    return numbers
