"""A million million deals: proofs checked by hand, counts by convolution, estimates by other estimates."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tests.lenses.large import ISSUES, OPTIONS, PARTIES, STEP, large

from winset import blockers, read_data, zone
from winset.lenses import BlockersResult, Quantity, ZoneResult

TOTAL = 10**12


@cache
def asked(no_deal: int) -> ZoneResult:
    return zone(read_data(large(no_deal)), samples=20_000)


@cache
def blocked(no_deal: int) -> BlockersResult:
    return blockers(read_data(large(no_deal)), samples=20_000)


def utility(prefs: dict[str, Any], deal: dict[str, str]) -> Fraction:
    weights = prefs["weights"]
    return sum(
        (Fraction(w, sum(weights.values())) * prefs["scores"][i][deal[i]] for i, w in weights.items()),
        Fraction(0),
    )


def floor(prefs: dict[str, Any]) -> int:
    """The least whole number of weight times score in steps that meets the reservation value."""
    return -(-prefs["no_deal"] * sum(prefs["weights"].values()) // STEP)


def worth(prefs: dict[str, Any], issue: str) -> list[int]:
    """What each option adds, in the same whole numbers."""
    return [prefs["weights"][issue] * prefs["scores"][issue][o] // STEP for o in OPTIONS]


def spread(prefs: dict[str, Any], issues: list[str]) -> npt.NDArray[np.int64]:
    """(total,): how many deals add up to each total, by convolution of the issues."""
    out = np.ones(1, np.int64)
    for issue in issues:
        out = np.convolve(out, np.bincount(worth(prefs, issue)).astype(np.int64))
    return out


def both(one: dict[str, Any], two: dict[str, Any]) -> int:
    """Deals that two parties both accept, by convolution in the plane."""
    shape = [sum(max(worth(p, i)) for i in ISSUES) + 1 for p in (one, two)]
    table = np.zeros(shape, np.int64)
    table[0, 0] = 1
    for issue in ISSUES:
        new = np.zeros_like(table)
        for x, y in zip(worth(one, issue), worth(two, issue), strict=True):
            new[x:, y:] += table[: shape[0] - x, : shape[1] - y]
        table = new
    assert int(table.sum()) == TOTAL
    return int(table[floor(one) :, floor(two) :].sum())


def agrees(found: Quantity, value: float, error: float = 0.0) -> None:
    if found.exact:
        assert isinstance(found.value, int)
        assert found.standard_error is None
        assert found.value == value or abs(found.value - value) <= 5 * error
    else:
        assert found.method == "sample"
        assert found.standard_error is not None
        assert found.low is not None
        assert found.high is not None
        assert 0 < found.standard_error < found.of
        assert 0 <= found.low <= found.value <= found.high <= found.of
        assert found.low < found.high
        assert abs(found.value - value) <= 5 * np.hypot(found.standard_error, error)


@pytest.mark.parametrize("no_deal", [50, 60, 70])
def test_the_witness_of_an_open_zone_is_accepted_by_all(no_deal):
    found = asked(no_deal)
    assert found.deals == found.combinations == TOTAL
    assert found.empty is False
    assert found.proofs == ()
    assert found.witness is not None
    prefs = large(no_deal)["preferences"]
    for party in PARTIES:
        exact = utility(prefs[party], found.witness.deal)
        assert exact >= no_deal
        assert found.witness.utility[party] == float(exact)
        best = found.best[party]
        assert best.in_zone
        assert min(utility(prefs[p], best.deal) for p in PARTIES) >= no_deal
        assert utility(prefs[party], best.deal) >= exact
    assert found.zone.low >= 1


@pytest.mark.parametrize("no_deal", [78, 80, 90, 100])
def test_the_weighing_shows_by_itself_that_the_zone_is_empty(no_deal):
    found = asked(no_deal)
    assert found.empty is True
    assert found.witness is None
    assert (found.zone.value, found.zone.exact) == (0, True)
    assert set(found.best.values()) == {None}
    (proof,) = found.proofs
    assert set(proof.coalition) == set(PARTIES)
    assert proof.argument == "weighing"
    weigh = {p: Fraction(m) for p, m in proof.multipliers.items()}
    assert set(weigh) == set(PARTIES)
    assert min(weigh.values()) >= 0
    assert float(sum(weigh.values())) == pytest.approx(1)
    prefs = large(no_deal)["preferences"]
    reachable = sum(
        max(
            sum(
                weigh[p]
                * Fraction(prefs[p]["weights"][i], sum(prefs[p]["weights"].values()))
                * prefs[p]["scores"][i][o]
                for p in PARTIES
            )
            for o in OPTIONS
        )
        for i in ISSUES
    )
    required = sum(m * no_deal for m in weigh.values())
    assert reachable < required
    assert proof.reachable == pytest.approx(float(reachable), abs=1e-9)
    assert proof.required == pytest.approx(float(required), abs=1e-9)


@pytest.mark.parametrize("no_deal", [50, 60])
def test_each_partys_acceptances_by_convolution(no_deal):
    prefs = large(no_deal)["preferences"]
    for party in PARTIES:
        expected = int(spread(prefs[party], ISSUES)[floor(prefs[party]) :].sum())
        found = asked(no_deal).accepted[party]
        assert found.exact
        assert found.method != "enumeration"
        agrees(found, expected)
        agrees(blocked(no_deal).refused[party], TOTAL - expected)


def test_a_pairs_acceptances_by_convolution_in_the_plane():
    prefs = large(60)["preferences"]
    for pair in asked(60).pairs[:2]:
        assert pair.accepted.of == TOTAL
        agrees(pair.accepted, both(*(prefs[p] for p in pair.parties)))


def test_a_zone_of_two_parties_by_convolution_in_the_plane():
    data = large(70, consent=["a", "b"])
    found = zone(read_data(data), samples=20_000)
    assert found.needed == ("a", "b")
    agrees(found.zone, both(data["preferences"]["a"], data["preferences"]["b"]))


def test_estimates_say_that_they_are():
    found = asked(60)
    estimates = [found.zone, *(p.accepted for p in found.pairs), *(s.zone for s in found.options)]
    refused = blocked(60)
    estimates += [*refused.sole_refuser.values(), *refused.pivotal.values()]
    rough = [q for q in estimates if not q.exact]
    assert len(rough) >= 120
    assert {q.method for q in rough} == {"sample"}
    assert all(q.standard_error > 0 and q.low <= q.value <= q.high for q in rough)


def test_the_zone_and_who_alone_refuses_by_another_sample():
    """Deals drawn anew, in plain arrays: both estimates within five standard errors of their difference."""
    rng = np.random.default_rng(20260)
    prefs = large(50)["preferences"]
    draws = rng.integers(0, len(OPTIONS), (100_000, len(ISSUES)))
    yes = np.stack(
        [
            sum(np.array(worth(prefs[p], i))[draws[:, n]] for n, i in enumerate(ISSUES)) >= floor(prefs[p])
            for p in PARTIES
        ],
        axis=1,
    )

    def estimate(hits: npt.NDArray[np.bool_]) -> tuple[float, float]:
        share = hits.mean()
        return float(share * TOTAL), float(np.sqrt(share * (1 - share) / len(hits)) * TOTAL)

    agrees(asked(50).zone, *estimate(yes.all(axis=1)))
    for n, party in enumerate(PARTIES):
        others = np.delete(yes, n, axis=1).all(axis=1)
        agrees(blocked(50).sole_refuser[party], *estimate(others & ~yes[:, n]))
        agrees(blocked(50).pivotal[party], *estimate(others & ~yes[:, n]))


def test_acceptance_by_option_by_convolution_of_the_other_issues():
    prefs = large(50)["preferences"]
    shares = {(s.issue, s.option): s for s in asked(50).options}
    assert len(shares) == len(ISSUES) * len(OPTIONS)
    issue = ISSUES[3]
    rest = [i for i in ISSUES if i != issue]
    for party in PARTIES:
        others = spread(prefs[party], rest)
        for option, own in zip(OPTIONS, worth(prefs[party], issue), strict=True):
            share = shares[issue, option]
            assert share.deals == TOTAL // len(OPTIONS)
            agrees(share.accepted[party], int(others[max(floor(prefs[party]) - own, 0) :].sum()))
