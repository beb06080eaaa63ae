"""What rests on judgement that cites nothing: closed forms, and what must stay."""

from __future__ import annotations

from typing import Any

import pytest

from winset import load, read_data
from winset.lenses import NotComputed
from winset.lenses.unsourced import Unsourced, unsourced, widened


def one(no_deal: Any, **more: Any) -> dict[str, Any]:
    """One party, a deal worth 60 and one worth nothing."""
    body = {"weights": {"i": 1}, "scores": {"i": {"deal": {"value": 60, "because": "said"}, "other": 0}}}
    return {
        "winset": 1,
        "title": "One",
        "sources": {"s": {"title": "A source"}},
        "claims": {"said": {"by": "a", "says": "so", "source": "s"}},
        "parties": {"a": {}},
        "consent": "a",
        "issues": {"i": {"options": ["deal", "other"]}},
        "preferences": {"a": {**body, "no_deal": no_deal, **more}},
    }


def asked(data: dict[str, Any], **options: Any) -> Unsourced:
    found = unsourced(read_data(data), **options)
    assert not isinstance(found, NotComputed)
    return found


def test_an_unsourced_value_is_left_wide_open() -> None:
    """The no-deal value is put at 20 to 40, so the zone is open; anywhere from 0 to 100 it is so in 60%."""
    found = asked(one("20 to 40"), draws=20_480)
    assert found.stated.value == 1.0
    assert found.widened.value == pytest.approx(0.6, abs=4 * found.widened.standard_error)
    assert found.difference.value == pytest.approx(found.widened.value - 1)
    assert (found.numbers, found.sourced) == (3, 1)


@pytest.mark.parametrize("where", ["the number", "the block"])
def test_what_cites_a_claim_stays(where: str) -> None:
    if where == "the number":
        data = one({"value": "50 to 70", "because": "said"})
    else:
        data = one("50 to 70", because="said")
    found = asked(data)
    assert found.difference.value == 0
    assert found.stated == found.widened
    assert widened(read_data(data)).preferences["a"].no_deal == read_data(data).preferences["a"].no_deal


def test_anchors_of_a_scale_and_weights_of_nought_stay() -> None:
    data = one(30)
    data["issues"]["j"] = {"options": ["x", "y"]}
    data["preferences"]["a"]["weights"]["j"] = 0
    wide = widened(read_data(data)).preferences["a"]
    assert wide.scores is not None
    assert wide.weights is not None
    assert wide.scores["i"]["other"].low == wide.scores["i"]["other"].high == 0
    assert wide.weights["j"].high == 0
    assert (wide.weights["i"].low, wide.weights["i"].high) == (0, 1)


def test_ranges_only_grow_and_priors_become_anything() -> None:
    case = load("cases/alaska-2025.yaml")
    before = {path: n for path, n, _ in case.numbers()}
    for path, number, bounds in widened(case).numbers():
        old = before[path]
        assert number.low <= old.low
        assert number.high >= old.high
        if old.because:
            assert number == old
        assert bounds.low is None or number.low >= bounds.low
    data = one(30, types={"x": {"prior": "40%"}, "y": {"rest": True}})
    prior = widened(read_data(data)).preferences["a"].types["x"].prior
    assert prior is not None
    assert (prior.low, prior.high) == (0, 1)


def test_the_same_seed_gives_the_same_answer() -> None:
    case = load("cases/litigation.yaml")
    assert unsourced(case, draws=200, rng=3) == unsourced(load("cases/litigation.yaml"), draws=200, rng=3)
