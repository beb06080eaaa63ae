"""How many pairs of points reach two thresholds together.

For points a of A and b of B, counts pairs with a_1 + b_1 >= r_1 and a_2 + b_2 >= r_2. B is sorted by its
first value, so the partners of a that reach the first threshold are a suffix; how many of a suffix reach
the second is a range query, answered for all a at once by a wavelet matrix: one stable partition of B per
bit of the rank of its second value (Claude, Navarro and Ordonez 2015, Information Systems 47:15-32). O((|A|
+ |B|) log |B|).
"""

from __future__ import annotations

import numpy as np

from winset.kernels.blocks import Ints


def reaching_pairs(a: Ints, b: Ints, threshold: Ints) -> int:
    """Count the pairs.

    Parameters
    ----------
    a, b : int64 (point, 2)
    threshold : int64 (2,)
    """
    if not len(a) or not len(b):
        return 0
    b = b[np.argsort(b[:, 0], kind="stable")]
    second = np.sort(b[:, 1])
    rank = np.searchsorted(second, b[:, 1], side="left")
    start = np.searchsorted(b[:, 0], threshold[0] - a[:, 0], side="left")
    least = np.searchsorted(second, threshold[1] - a[:, 1], side="left")  # ranks below it are too low
    order = np.argsort(start, kind="stable")
    low, least = start[order], least[order]
    high = np.full(len(low), len(b))
    reaching = high - low
    bits = len(b).bit_length()  # `least` may be len(b), one more than any rank
    for bit in range(bits - 1, -1, -1):
        zero = (rank >> bit & 1) == 0
        zeros = np.zeros(len(b) + 1, np.intp)
        np.cumsum(zero, out=zeros[1:])
        low_zero, high_zero = zeros[low], zeros[high]
        up = (least >> bit & 1).astype(np.bool_)
        reaching -= np.where(up, high_zero - low_zero, 0)
        low = np.where(up, zeros[-1] + low - low_zero, low_zero)
        high = np.where(up, zeros[-1] + high - high_zero, high_zero)
        rank = np.concatenate([rank[zero], rank[~zero]])
    return int(reaching.sum())
