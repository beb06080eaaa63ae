"""Published scores of probability forecasts.

Brier (1950), Monthly Weather Review 78:1-3, table 1: ten forecasts of rain; published P = 0.19. P sums over
rain and no rain, so it is twice the score that is given here.

Murphy and Winkler (1977), precipitation at Chicago, 12,402 forecasts, as tabulated by Wilks (Statistical
Methods in the Atmospheric Sciences, 1995, table 7.3): the share of the forecasts at each probability and how
often it then rained; published overall frequency 0.162.

Newcombe (1998), Statistics in Medicine 17:857-872, table I: score intervals without continuity correction.
"""

from __future__ import annotations

import numpy as np
import pytest

from winset.kernels.scores import brier, partition, wilson

RAIN = (0.7, 0.9, 0.8, 0.4, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1)
RAINED = (0, 1, 1, 1, 0, 0, 0, 0, 0, 0)

SAID = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SHARE = (0.4112, 0.0671, 0.1833, 0.0986, 0.0616, 0.0366, 0.0303, 0.0275, 0.0245, 0.022, 0.017, 0.0203)
CAME = (0.006, 0.019, 0.059, 0.15, 0.277, 0.377, 0.511, 0.587, 0.723, 0.779, 0.934, 0.933)


def test_brier_1950():
    assert 2 * brier(np.array(RAIN), np.array(RAINED, bool)).mean() == pytest.approx(0.19)


def test_chicago_rain():
    size = np.round(12402 * np.array(SHARE)).astype(int)
    wet = np.round(size * np.array(CAME)).astype(int)
    group = np.repeat(np.arange(12), size)
    happened = np.concatenate([np.arange(n) < k for n, k in zip(size, wet, strict=True)])
    assert happened.mean() == pytest.approx(0.162, abs=0.0006)
    p = np.array(SAID)[group]
    parts = partition(p, happened, group)
    # the same terms from the published shares, which are rounded
    rate = float(np.dot(SHARE, CAME))
    assert parts.reliability == pytest.approx(np.dot(SHARE, np.subtract(SAID, CAME) ** 2), abs=2e-5)
    assert parts.resolution == pytest.approx(np.dot(SHARE, np.subtract(CAME, rate) ** 2), abs=1e-4)
    assert parts.uncertainty == pytest.approx(rate * (1 - rate), abs=1e-4)
    assert parts.within == pytest.approx(0, abs=1e-12)
    assert brier(p, happened).mean() == pytest.approx(
        parts.reliability - parts.resolution + parts.uncertainty, abs=1e-12
    )


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_newcombe_1998(hits, trials, low, high):
    found = wilson(np.array([hits]), np.array([trials]))
    assert [f[0] for f in found] == pytest.approx([low, high], abs=5e-5)
