"""All deals in all draws against plain Python; and the compiled loops, which must have the same bits."""

from __future__ import annotations

from dataclasses import fields
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest

from winset.kernels import poll as kernel
from winset.kernels.poll import any_passes, fitting, minimal, poll
from winset.kernels.rule import Gate, Rule, passes, unanimity

FINE = 2.0**-36
FIELDS = [f.name for f in fields(kernel.Poll)]


def some(rng: np.random.Generator) -> dict[str, Any]:
    """A small negotiation with draws: coarse numbers, so that there are ties, and some red lines."""
    parties, draws = int(rng.integers(1, 5)), int(rng.integers(1, 150))
    sizes = rng.integers(1, 5, rng.integers(1, 5)).tolist()
    coarse = 1.0 if rng.random() < 0.5 else FINE
    utility = [np.rint(rng.random((parties, n, draws)) * 60 / len(sizes) / coarse) * coarse for n in sizes]
    reserve = np.rint((rng.random((parties, draws)) * 40 + 10) / coarse) * coarse
    tables = [u.copy() for u in utility]
    if rng.random() < 0.6:
        for t in tables:
            t[rng.random(t.shape) < 0.15] = -np.inf
    rulers = tuple(sorted(rng.choice(parties, int(rng.integers(1, parties + 1)), replace=False).tolist()))
    rule = Rule((Gate(int(rng.integers(1, len(rulers) + 1)), rulers),))
    sets = [(p,) for p in rulers] + ([rulers] if len(rulers) > 1 else [])
    names = ("tables", "utility", "reserve", "rule", "rulers", "sets")
    return dict(zip(names, (tables, utility, reserve, rule, rulers, sets), strict=True))


def plain(tables, utility, reserve, rule, rulers, sets, powers=None) -> dict[str, Any]:
    """Deal by deal and draw by draw."""
    parties, draws = reserve.shape
    deals = list(product(*(range(t.shape[1]) for t in tables)))
    out: dict[str, Any] = {
        "accepted": np.zeros((parties, len(deals)), int),
        "passed": np.zeros(len(deals), int),
        "worst": np.zeros(len(deals)),
        "refused": np.zeros((parties, draws), int),
        "picks": np.full((4, draws), -1),
        "opens": np.zeros((len(sets), draws), bool),
    }
    for d in range(draws):
        answers, gains, zone = [], [], []
        for n, cells in enumerate(deals):
            masked = [sum(t[p, c, d] for t, c in zip(tables, cells, strict=True)) for p in range(parties)]
            true = [sum(u[p, c, d] for u, c in zip(utility, cells, strict=True)) for p in range(parties)]
            yes = [bool(masked[p] >= reserve[p, d] - 1e-9) for p in range(parties)]
            answers.append(yes)
            gains.append([true[p] - reserve[p, d] for p in rulers])
            for p in range(parties):
                out["accepted"][p, n] += yes[p]
                out["refused"][p, d] += not yes[p]
            if passes(rule, yes):
                zone.append(n)
                out["passed"][n] += 1
                out["worst"][n] += min(gains[-1])
        if not zone:
            for s, chosen in enumerate(sets):
                lent = [[y or p in chosen for p, y in enumerate(yes)] for yes in answers]
                out["opens"][s, d] = any(passes(rule, yes) for yes in lent)
            continue
        ideal = [max(1e-300, max(gains[n][k] for n in zone)) for k in range(len(rulers))]

        def product_of(n, gains=gains):
            value = 1.0
            for k, g in enumerate(gains[n]):
                value *= max(g, 0.0) ** (1 if powers is None else powers[k])
            return value

        measures = (
            product_of,
            lambda n, gains=gains, ideal=ideal: min(g / i for g, i in zip(gains[n], ideal, strict=True)),
            lambda n, gains=gains: min(gains[n]),
            lambda n, gains=gains: sum(gains[n]),
        )
        for c, measure in enumerate(measures):
            out["picks"][c, d] = max(zone, key=lambda n: (measure(n), -n))
    return out


@pytest.mark.parametrize("seed", range(60))
def test_as_in_plain_python(seed, monkeypatch):
    asked = some(np.random.default_rng(seed))
    if seed % 3 == 0:  # whole deals beside each other, and one after the other
        monkeypatch.setattr(kernel, "_TABLE", 8)
        monkeypatch.setattr(kernel, "_FEWEST", 7)
    found, wanted = poll(**asked), plain(**asked)
    for name in FIELDS:
        assert np.array_equal(getattr(found, name), wanted[name]), name
    opened = wanted["picks"][0] >= 0
    assert any_passes(asked["tables"], asked["reserve"], asked["rule"]).tolist() == opened.tolist()


@pytest.mark.parametrize("seed", range(60, 75))
def test_powers_are_exponents_of_the_gains(seed):
    asked = some(np.random.default_rng(seed))
    powers = np.array([0.5, 0.25, 1.0, 0.75][: len(asked["rulers"])])
    found, wanted = poll(**asked, powers=powers), plain(**asked, powers=powers)
    assert found.picks[0].tolist() == wanted["picks"][0].tolist()


@pytest.mark.parametrize("seed", range(60))
def test_compiled_loops_have_the_same_bits(seed):
    asked = some(np.random.default_rng(seed))
    arrays, loops = poll(**asked), poll(**asked, engine="compiled")
    for name in FIELDS:
        assert getattr(arrays, name).tobytes() == getattr(loops, name).tobytes(), name
    some_pass = [
        any_passes(asked["tables"], asked["reserve"], asked["rule"], engine).tolist()
        for engine in ("numpy", "compiled")
    ]
    assert some_pass[0] == some_pass[1]


def test_many_parties_of_the_rule_are_left_to_arrays():
    """Seven parties: what a set opens is found without holding the answers as bits, and is the same."""
    rng = np.random.default_rng(7)
    tables = [rng.integers(0, 9, (7, 4, 33)).astype(float) for _ in range(3)]
    reserve = rng.integers(9, 16, (7, 33)).astype(float)
    asked = {"tables": tables, "utility": tables, "reserve": reserve, "rule": unanimity(7),
             "rulers": tuple(range(7)), "sets": [(p,) for p in range(7)] + [(0, 1, 2, 3, 4)]}  # fmt: skip
    found, wanted = poll(**asked), plain(**asked)
    assert found.opens.any()
    assert np.array_equal(found.opens, wanted["opens"])
    assert fitting(10**12, 7) == "numpy"


def test_loops_are_compiled_only_where_they_pay():
    assert fitting(1000, 3) == "numpy"
    assert fitting(10**10, 3) == "compiled"


def test_only_the_smallest_sets_count():
    sets = [(0,), (1,), (0, 1), (1, 2)]
    opens = np.array([[1, 0, 0], [0, 0, 0], [1, 1, 0], [0, 1, 1]], bool)
    assert minimal(sets, opens).tolist() == [[True, False, False], [False] * 3, [False, True, False],
                                             [False, True, True]]  # fmt: skip


def test_sums_over_many_deals_are_those_of_all_together():
    """Ten thousand deals in pieces: what is counted by deal adds up to what is counted by draw."""
    rng = np.random.default_rng(3)
    tables = [np.rint(rng.random((3, 10, 64)) * 25 / FINE) * FINE for _ in range(4)]
    reserve = np.rint((50 + rng.random((3, 64)) * 10) / FINE) * FINE
    found = poll(tables, tables, reserve, unanimity(3), (0, 1, 2))
    deals = prod(t.shape[1] for t in tables)
    assert (found.accepted.sum(axis=1) + found.refused.sum(axis=1)).tolist() == [64 * deals] * 3
    assert (found.passed <= found.accepted.min(axis=0)).all()
