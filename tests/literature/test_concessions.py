"""Concessions: the classes of steps of the literature, a feigned common value, and offers in a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from winset import concessions, read_data
from winset.kernels.concede import verdicts
from winset.lenses.concessions import VERDICTS, ConcessionsResult


def two_sided(
    issues: dict[str, dict[str, tuple[float, float]]], weights: dict[str, float], **more: Any
) -> Any:
    """Two parties, with a score of each for every option."""
    return read_data(
        {
            "winset": 1,
            "title": "Two sides",
            "parties": {"a": {}, "b": {}},
            "consent": {"all": ["a", "b"]},
            "issues": {issue: {"options": list(options)} for issue, options in issues.items()},
            "preferences": {
                party: {
                    "weights": weights,
                    "scores": {i: {o: s[n] for o, s in options.items()} for i, options in issues.items()},
                    "no_deal": 0,
                }
                for n, party in enumerate("ab")
            },
            **more,
        }
    )


@pytest.mark.parametrize(
    ("own", "others", "step", "verdict"),
    [
        (+1, +1, "fortunate", "sham"),
        (+1, -1, "selfish", "harmful"),
        (-1, +1, "concession", "costly and valued"),
        (-1, -1, "unfortunate", "harmful"),
        (0, +1, "nice", "cheap and valued"),
        (0, 0, "silent", "hollow"),
    ],
)
def test_the_classes_of_steps(own, others, step, verdict):
    """Hindriks, Jonker and Tykhonov (2007) sort steps by what they do to oneself and to the other side.

    The four with a change for both were read as a later paper quotes them; that a nice step leaves one's own
    value as it is and a silent one both is from memory. With a margin of 0 each class is within one verdict.
    """
    (code,) = verdicts(np.array([-float(own)]), np.array([float(others)]), 0.0)
    assert VERDICTS[code] == verdict, step


def test_a_common_value_that_is_sold_as_a_concession():
    """O'Connor and Carnevale (1997): both sides want the same on one issue; one of them feigns the opposite
    and yields on it for something that it wants. What it yields is no concession, what it gets is one.

    The experiment is known to us by its abstract; the numbers are ours.
    """
    case = two_sided(
        {"start": {"soon": (0, 0), "late": (100, 100)}, "pay": {"low": (100, 0), "high": (0, 100)}},
        {"start": 40, "pay": 60},
        concessions={
            "baseline": {"start": "soon", "pay": "low"},
            "a late start": {"by": "b", "to": "a", "changes": {"start": "late"}},
            "more pay": {"by": "a", "to": "b", "changes": {"pay": "high"}},
        },
    )
    start, pay = concessions(case).audits
    assert start.receipts[0].likeliest == "sham"
    assert start.wanted.value == 1
    assert (start.cost.mean, start.receipts[0].gain.mean) == (-40, 40)
    assert pay.receipts[0].likeliest == "costly and valued"


def test_a_trade_of_what_matters_less_for_what_matters_more():
    """Logrolling (Walton and McKersie 1965): each yields where it is cheap. The numbers are ours."""
    case = two_sided(
        {"pay": {"low": (100, 0), "high": (98, 100)}, "hours": {"long": (0, 100), "short": (100, 99)}},
        {"pay": 50, "hours": 50},
        concessions={
            "baseline": {"pay": "low", "hours": "long"},
            "pay": {"by": "a", "to": "b", "changes": {"pay": "high"}},
            "hours": {"by": "b", "to": "a", "changes": {"hours": "short"}},
        },
    )
    assert {a.receipts[0].likeliest for a in concessions(case).audits} == {"cheap and valued"}


# Elmtree House in Raiffa (1982, ch. 3): offers in thousands, a buyer's and a seller's. From memory; the book
# could not be read here. What is checked is what follows from these numbers, worked out by hand.
BIDS, ASKS = (600, 475, 425, 400), (125, 250, 275, 290, 300)


def dance() -> ConcessionsResult:
    prices = sorted({*BIDS, *ASKS})
    scale = {str(p): (100 * (600 - p) / 475, 100 * (p - 125) / 475) for p in prices}
    lines = [("a", n, p) for n, p in enumerate(ASKS)] + [("b", n, p) for n, p in enumerate(BIDS)]
    return concessions(
        two_sided(
            {"price": scale},
            {"price": 1},
            offers={
                f"{by} {n}": {"by": by, "deal": {"price": str(p)}, "date": f"2000-01-0{n + 1}"}
                for by, n, p in lines
            },
        )
    )


def test_a_dance_of_offers():
    """Between openings of 125 and 600 one side comes up 175, the other down 200; 100 are left."""
    up, down = dance().approaches
    assert up.own_share.value == pytest.approx(175 / 475)
    assert down.own_share.value == pytest.approx(200 / 475)
    assert up.other_share.value == pytest.approx(175 / 475)  # the money is one and the same
    assert up.back.value == pytest.approx(200 / 175)
    assert up.apart.mean == pytest.approx(100 * 100 / 475)
    steps = [s.change["a"].mean * 475 / 100 for s in dance().paths[0].steps[1:]]
    assert steps == pytest.approx([-125, -25, -15, -10])  # smaller and smaller
