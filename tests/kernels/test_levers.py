"""Least amounts: against every corner of the amounts in fractions, and draw by draw against plain loops."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from tests.oracles.lever_oracle import corners, unit

from winset.kernels.levers import Move, least_amounts, least_per_draw, products, undercut
from winset.kernels.rule import Gate, Rule, passes, unanimity

ZERO = Fraction(0)


def constraints(gains, moves, budgets, used):
    n = len(used)
    out = [(unit(n, k, 1), ZERO) for k in range(n)]
    for b, cap in enumerate(budgets):
        if cap is not None:
            out.append((tuple(Fraction(-(moves[m].budget == b)) for m in used), -cap))
    for party, gain in gains.items():
        row = [
            (moves[m].rate if moves[m].party == party else ZERO) - (1 if moves[m].payer == party else 0)
            for m in used
        ]
        out.append((tuple(row), -gain))
    return out


def efficient_corners(gains, moves, budgets):
    """Corners of the amounts, for every set of payers of whom none is paid, that no other undercuts."""
    payers = sorted({m.payer for m in moves if m.payer is not None})
    found = set()
    for paying in product([False, True], repeat=len(payers)):
        who = {p for p, yes in zip(payers, paying, strict=True) if yes}
        used = [k for k, m in enumerate(moves) if m.payer is None or (m.payer in who and m.party not in who)]
        for x in corners(constraints(gains, moves, budgets, used), len(used)):
            amounts = [ZERO] * len(moves)
            for k, value in zip(used, x, strict=True):
                amounts[k] = value
            found.add(tuple(amounts))
    return minimal(found)


def minimal(found):
    return {
        x for x in found if not any(y != x and all(a <= b for a, b in zip(y, x, strict=True)) for y in found)
    }


def random_problem(rng, rates):
    parties = rng.choice([2, 3, 3, 4])
    gains = {p: Fraction(rng.randrange(-40, 41, 5)) for p in range(parties)}
    if rng.random() < 0.5:
        gains[0] = Fraction(-rng.randrange(5, 41, 5))
    moves = []
    for _ in range(rng.randint(1, 4)):
        party = rng.randrange(parties)
        others = [p for p in range(parties + 1) if p != party]
        payer = None if rng.random() < 0.4 else rng.choice(others)  # the last is a third party
        rate = Fraction(1) if payer is None else rng.choice(rates)
        moves.append(Move(party, payer, rate, len(moves)))
    budgets = [rng.choice([None, Fraction(5), Fraction(20), Fraction(30)]) for _ in moves]
    return gains, moves, budgets


@pytest.mark.parametrize(
    "rates", [[Fraction(1)], [Fraction(1), Fraction(1, 2), Fraction(2)]], ids=["one", "some"]
)
def test_every_corner_that_none_undercuts(rates):
    several = checked = 0
    for seed in range(400):
        gains, moves, budgets = random_problem(random.Random(seed), rates)
        # an amount without limit and without bound in the constraints makes no corner, and is never of use
        got = minimal(least_amounts(gains, moves, budgets))
        if products(moves):
            assert got == efficient_corners(gains, moves, budgets), f"seed {seed}"
            checked += 1
            several += len(got) > 1
    assert several > 10
    assert checked > 300


def test_one_payer_and_two_in_need_by_hand():
    """Party 2 has 12 to spare, 0 lacks 10 and 1 lacks 6; each can also have its no-deal value lowered."""
    gains = {0: Fraction(-10), 1: Fraction(-6), 2: Fraction(12)}
    moves = [
        Move(0, 2, Fraction(1), 0),
        Move(1, 2, Fraction(1), 0),
        Move(0, None, Fraction(1), 1),
        Move(1, None, Fraction(1), 2),
    ]
    found = minimal(least_amounts(gains, moves, [None, None, None]))
    assert {x for x in found if x[0] + x[1] == 12} == {(10, 2, 0, 4), (6, 6, 4, 0)}
    assert (0, 0, 10, 6) in found
    assert (10, 0, 0, 6) in found
    assert (0, 6, 10, 0) in found
    assert len(found) == 5


def test_a_mixture_undercuts_what_no_corner_does():
    """Five of each move is a mixture of ten of either."""
    gains = {0: Fraction(-10)}
    moves = [Move(0, None, Fraction(1), 0), Move(0, 1, Fraction(1), 1)]
    assert undercut((Fraction(6), Fraction(6)), gains, moves, [None, None])
    assert not undercut((Fraction(10), ZERO), gains, moves, [None, None])


def test_rates_that_are_products():
    one, two = Fraction(1), Fraction(2)
    square = [(2, 0), (2, 1), (3, 0), (3, 1)]
    assert products([Move(b, a, one, 0) for a, b in square])
    assert products([Move(b, a, two if a == 2 else one, 0) for a, b in square])
    assert not products([Move(b, a, two if (a, b) == (2, 0) else one, 0) for a, b in square])
    assert products([Move(b, a, two if (a, b) == (2, 0) else one, 0) for a, b in square[:3]])


def test_least_per_draw_against_plain_loops():
    rng = np.random.default_rng(5)
    rules = [unanimity(3), Rule((Gate(2, (0, 1, 2)),)), Rule((Gate(1, (1,)),)), Rule((Gate(0),))]
    moves = [(0, None, 1.0), (1, None, 1.0), (0, 1, 0.5), (2, 0, 2.0), (1, 0, 1.0)]
    finite = 0
    for rule in rules:
        for _ in range(6):
            tables = [rng.integers(0, 60, (3, cells, 7)).astype(float) for cells in (2, 3)]
            tables[0][rng.random((3, 2, 7)) < 0.15] = -np.inf
            reserve = rng.integers(40, 110, (3, 7)).astype(float)
            opened, least = least_per_draw(tables, reserve, rule, moves)
            for draw in range(7):
                gains = [
                    [tables[0][p, a, draw] + tables[1][p, b, draw] - reserve[p, draw] for p in range(3)]
                    for a in range(2)
                    for b in range(3)
                ]
                is_open = any(passes(rule, [g >= 0 for g in gain]) for gain in gains)
                assert opened[draw] == is_open
                for m, (party, payer, rate) in enumerate(moves):
                    amounts = [0.0] if is_open else []
                    for gain in gains:
                        amount = max(-gain[party], 0.0) / rate
                        after = list(gain)
                        after[party] += rate * amount if np.isfinite(amount) else 0.0
                        if payer is not None:
                            after[payer] -= amount
                        fine = np.isfinite(amount) and (payer is None or after[payer] >= -1e-9)
                        if fine and passes(rule, [g >= -1e-9 for g in after]):
                            amounts.append(amount)
                    want = min(amounts, default=np.inf)
                    assert least[m, draw] == pytest.approx(want)
                    finite += 0 < want < np.inf
    assert finite > 30
