"""Odds over draws: closed forms, coverage, convergence, and a plain-Python oracle."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.oracles.case_oracle import random_case

from winset import blockers, frontier, load, read_data, solutions, zone
from winset.cli.commands import app
from winset.compiled.draws import uncertain
from winset.compiled.sampling import PIECE, Sampler
from winset.errors import QuestionError
from winset.lenses import NotComputed, draws_within
from winset.lenses.estimates import (
    Estimate,
    Plan,
    conditional,
    draws_needed,
    estimate,
    paired,
    plan,
    share,
    until,
)
from winset.lenses.odds import ZoneOdds
from winset.lenses.survey import open_in

CRITERIA: dict[str, Callable[[list[tuple[float, float]]], float]] = {
    "Nash": lambda g: math.prod(max(gain, 0.0) for gain, _ in g),
    "Kalai-Smorodinsky": lambda g: min(gain / max(ideal, 1e-300) for gain, ideal in g),
    "egalitarian": lambda g: min(gain for gain, _ in g),
    "utilitarian": lambda g: sum(gain for gain, _ in g),
}
ALASKA = "cases/alaska-2025.yaml"


def two(a: str, b: str, *, rho: float = 0.0, **scores: Any) -> dict[str, Any]:
    """Two parties and one issue; "deal" is worth 60 to a and 40 to b, "other" nothing to either."""
    return {
        "winset": 1,
        "title": "A closed form",
        "parties": {"a": {}, "b": {}},
        "consent": {"all": ["a", "b"]},
        "issues": {"i": {"options": ["deal", "other"]}},
        "preferences": {
            "a": {"weights": {"i": 1}, "scores": {"i": {"deal": 60, "other": 0}}, "no_deal": a},
            "b": {"weights": {"i": 1}, "scores": {"i": {"deal": 40, "other": 0}}, "no_deal": b},
        },
        "correlations": [{"between": ["a.no_deal", "b.no_deal"], "rho": rho}],
    }


def odds(data: Any, **options: Any) -> ZoneOdds:
    found = zone(read_data(data) if isinstance(data, dict) else data, **options).odds
    assert isinstance(found, ZoneOdds)
    return found


# ---- closed forms: P(zone) = P(r_a <= 60 and r_b <= 40)


@pytest.mark.parametrize("rho", [-0.9, -0.5, 0.0, 0.5, 0.9])
@pytest.mark.parametrize("method", ["random", "sobol"])
def test_normal_reservation_values_at_their_medians(rho: float, method: str) -> None:
    """Both thresholds are medians: the orthant probability is 1/4 + arcsin(rho) / (2 pi) (Sheppard 1899)."""
    found = odds(two("50 to 70", "30 to 50", rho=rho), draws=32 * PIECE, method=method).open
    exact = 0.25 + math.asin(rho) / (2 * math.pi)
    assert found.value == pytest.approx(exact, abs=4 * found.standard_error)
    assert found.standard_error < 0.004


def test_correlated_normal_reservation_values_anywhere() -> None:
    sd = 20 / (2 * stats.norm.ppf(0.95))
    exact = stats.multivariate_normal.cdf([5 / sd, 3 / sd], cov=[[1, 0.4], [0.4, 1]])
    found = odds(two("45 to 65", "27 to 47", rho=0.4), draws=64 * PIECE).open
    assert found.value == pytest.approx(exact, abs=4 * found.standard_error)


def test_uniform_reservation_values() -> None:
    """P(r_a <= 60) P(r_b <= 40) with r_a uniform on 40..80 and r_b on 10..60."""
    data = two("40 to 80, uniform", "10 to 60, uniform")
    del data["correlations"]
    found = odds(data, draws=64 * PIECE).open
    assert found.value == pytest.approx(20 / 40 * 30 / 50, abs=4 * found.standard_error)


def test_types_and_a_given_type() -> None:
    data = two("50 to 70", "30")
    del data["correlations"]
    data["preferences"]["b"]["types"] = {"soft": {"prior": "30%"}, "hard": {"rest": True, "no_deal": 41}}
    found = odds(data, draws=32 * PIECE)
    assert found.open.value == pytest.approx(0.15, abs=4 * found.open.standard_error)
    soft, hard = found.types
    assert (soft.party, soft.type, hard.type) == ("b", "soft", "hard")
    assert soft.probability.value == pytest.approx(0.3, abs=0.015)
    assert isinstance(soft.open, Estimate)
    assert isinstance(hard.open, Estimate)
    assert soft.open.value == pytest.approx(0.5, abs=4 * soft.open.standard_error)
    assert hard.open.value == 0


@pytest.mark.parametrize("overrides", [("s", "t"), ("t",)])
def test_what_a_type_has_instead_is_correlated_likewise(overrides: tuple[str]) -> None:
    """Types that repeat the range of their party change nothing: the correlation is the same for each."""
    data = two("50 to 70", "30 to 50", rho=0.9)
    kinds: Any = {"s": {"prior": "50%"}, "t": {"rest": True}}
    for kind in overrides:
        kinds[kind]["no_deal"] = "50 to 70"
    data["preferences"]["a"]["types"] = kinds
    exact = 0.25 + math.asin(0.9) / (2 * math.pi)
    found = odds(data, draws=32 * PIECE)
    assert found.open.value == pytest.approx(exact, abs=4 * found.open.standard_error)
    for told in found.types:
        assert isinstance(told.open, Estimate)
        assert told.open.value == pytest.approx(exact, abs=4 * told.open.standard_error)
    apart = next(r for r in found.readings if r.name == "independent")
    assert apart.open.value == pytest.approx(0.25, abs=4 * apart.open.standard_error)


def test_a_type_may_state_a_correlation_of_its_own() -> None:
    data = two("50 to 70", "30 to 50", rho=0.9)
    data["preferences"]["a"]["types"] = {"s": {"prior": "50%"}, "t": {"rest": True, "no_deal": "50 to 70"}}
    data["correlations"].append({"between": ["a.types.t.no_deal", "b.no_deal"], "rho": -0.4})
    found = odds(data, draws=32 * PIECE)
    for told, rho in zip(found.types, (0.9, -0.4), strict=True):
        exact = 0.25 + math.asin(rho) / (2 * math.pi)
        assert isinstance(told.open, Estimate)
        assert told.open.value == pytest.approx(exact, abs=4 * told.open.standard_error)


def test_independence_is_never_assumed_silently() -> None:
    found = odds(two("50 to 70", "30 to 50", rho=0.5), draws=16 * PIECE)
    by = {r.name: r for r in found.readings}
    assert set(by) == {"as stated", "independent", "together", "against each other"}
    for name, rho in (
        ("as stated", 0.5),
        ("independent", 0),
        ("together", 0.8),
        ("against each other", -0.8),
    ):
        exact = 0.25 + math.asin(rho) / (2 * math.pi)
        assert by[name].open.value == pytest.approx(exact, abs=4 * by[name].open.standard_error)
    assert by["as stated"].open == found.open


# ---- the stated intervals cover


def test_95_percent_intervals_cover_in_93_to_97_of_a_hundred() -> None:
    """2,000 runs of 400 draws, P(zone) about 1/3; and as many of a rare event."""
    model = uncertain(read_data(two("50 to 70", "30 to 50", rho=0.5)))
    rare = uncertain(read_data(two("50 to 70", "39 to 49", rho=0.0)))
    exact = 0.25 + math.asin(0.5) / (2 * math.pi)
    seldom = 0.5 * stats.norm.cdf(-4 / (10 / (2 * stats.norm.ppf(0.95))))
    for case, truth in ((model, exact), (rare, seldom)):
        covered = 0
        for seed in range(2000):
            seen, _ = open_in(case, Plan(400, seed))
            found = estimate(seen)
            covered += found.low <= truth <= found.high
        assert 0.93 <= covered / 2000 <= 0.97


def test_sobol_points_that_all_count_the_same_are_not_certain() -> None:
    """Each scrambling counts whole points, so it may be half a one off where all agree."""
    lane = np.arange(64) < 11
    values = np.tile(lane, 16 * 4)
    found = estimate(values, method="sobol")
    assert found.value == 11 / 64
    assert found.standard_error == pytest.approx(2 / len(values))
    assert found.low < 11 / 64 < found.high
    given = conditional(values, np.ones(len(values), np.bool_), method="sobol")
    assert given is not None
    assert given.standard_error == pytest.approx(2 / len(values))
    moved = paired(values, np.ones(len(values), np.bool_), method="sobol")
    assert moved.standard_error == pytest.approx(2 / len(values))
    assert paired(values, values, method="sobol").standard_error == 0.0


def test_sobol_intervals_cover_too() -> None:
    model = uncertain(read_data(two("50 to 70", "30 to 50", rho=0.5)))
    exact = 0.25 + math.asin(0.5) / (2 * math.pi)
    covered = 0
    for seed in range(400):
        found = estimate(open_in(model, Plan(PIECE, seed, "sobol"))[0], method="sobol")
        covered += found.low <= exact <= found.high
    assert 0.92 <= covered / 400 <= 0.98


def test_means_have_students_interval() -> None:
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(2000):
        found = estimate(rng.normal(3.0, 2.0, 300))
        covered += found.low <= 3.0 <= found.high
    assert 0.93 <= covered / 2000 <= 0.97


def test_errors_shrink_as_they_should() -> None:
    """Random draws: as n to the power -1/2. Sobol points: faster."""
    model = uncertain(read_data(two("50 to 70", "30 to 50", rho=0.5)))
    exact = 0.25 + math.asin(0.5) / (2 * math.pi)

    def rmse(method: Any, draws: int) -> float:
        off = [open_in(model, Plan(draws, s, method))[0].mean() - exact for s in range(40)]
        return float(np.sqrt(np.mean(np.square(off))))

    slow = math.log(rmse("random", PIECE) / rmse("random", 16 * PIECE)) / math.log(16)
    fast = math.log(rmse("sobol", PIECE) / rmse("sobol", 16 * PIECE)) / math.log(16)
    assert 0.3 < slow < 0.7
    assert fast > slow
    assert rmse("sobol", 4 * PIECE) < rmse("random", 4 * PIECE) / 2


# ---- a plain-Python oracle on random cases


@pytest.mark.parametrize("seed", range(12))
def test_every_figure_is_that_of_plain_python(seed: int) -> None:
    data = random_case(random.Random(seed))
    case = read_data(data)
    model = uncertain(case)
    draws = 40
    found = zone(case, draws=draws, most=5)
    refused = blockers(case, draws=draws)
    front = frontier(case, draws=draws)
    fair = solutions(case, draws=draws)
    if not model.inputs:
        assert isinstance(found.odds, ZoneOdds)
        assert found.odds.open.value == (found.zone.value > 0)
        for other in (found.odds.table, refused.odds, front.odds, fair.odds):
            assert isinstance(other, NotComputed)
            assert "nothing in this case is uncertain" in other.because
        return
    piece = next(iter(Sampler(model, 0).pieces(draws)))
    rulers = [model.parties[r] for r in model.rulers]
    passed = np.zeros((model.deals, draws), bool)
    gains: dict[tuple[int, str], np.ndarray[Any, Any]] = {}
    utility = {}
    for n in range(model.deals):
        worth, accepts = piece.of(model.cells(model.number(n)))
        for p, party in enumerate(model.parties):
            gains[n, party] = worth[p] - piece.reserve[p]
            utility[n, party] = worth[p]
        for d in range(draws):
            yes = {party for p, party in enumerate(model.parties) if accepts[p, d]}
            passed[n, d] = case.consent.holds(yes)
    opened = passed.any(axis=0)
    assert isinstance(found.odds, ZoneOdds)
    assert found.odds.open.value == pytest.approx(opened.mean())
    assert not isinstance(found.odds.table, NotComputed)
    assert found.odds.table.passed == pytest.approx(passed.mean(axis=1).tolist())
    best = np.zeros(draws)
    for d in range(draws):
        inside = [min(gains[n, p][d] for p in rulers) for n in range(model.deals) if passed[n, d]]
        best[d] = max(inside, default=0.0)
    assert not isinstance(found.odds.shortlist, NotComputed)
    for deal in found.odds.shortlist:
        n = model.position(deal.deal)
        worst = np.where(passed[n], np.min([gains[n, p] for p in rulers], axis=0), 0.0)
        assert deal.passed.value == pytest.approx(passed[n].mean())
        assert deal.worst_off.mean == pytest.approx(worst.mean())
        assert deal.regret.mean == pytest.approx(np.maximum(best - worst, 0).mean())
        on = 0
        for d in range(draws):
            mine = [round(utility[n, p][d], 9) for p in rulers]
            beaten = False
            for m in range(model.deals):
                other = [round(utility[m, p][d], 9) for p in rulers]
                beaten |= other != mine and all(o >= i for o, i in zip(other, mine, strict=True))
            on += not beaten
        assert deal.efficient.value == pytest.approx(on / draws)
    assert not isinstance(fair.odds, NotComputed)
    for choice in fair.odds.choices:
        want = {party: np.zeros(draws) for party in model.parties}
        for d in np.flatnonzero(opened):
            score = CRITERIA[choice.name]
            inside = [n for n in range(model.deals) if passed[n, d]]
            ideal = {p: max(gains[n, p][d] for n in inside) for p in rulers}
            pick = max(inside, key=lambda n: (score([(gains[n, p][d], ideal[p]) for p in rulers]), -n))
            for party in model.parties:
                want[party][d] = gains[pick, party][d]
        for party in model.parties:
            assert choice.gain[party].mean == pytest.approx(want[party].mean())
    assert not isinstance(refused.odds, NotComputed)
    assert refused.odds.empty.value == pytest.approx(1 - opened.mean())
    for opening in refused.odds.openings:
        hits = 0
        for d in np.flatnonzero(~opened):

            def opens(lent: set[str], d: int = int(d)) -> bool:
                return any(
                    case.consent.holds(
                        lent
                        | {
                            party
                            for p, party in enumerate(model.parties)
                            if piece.of(model.cells(model.number(n)))[1][p, d]
                        }
                    )
                    for n in range(model.deals)
                )

            whole = set(opening.parties)
            if opens(whole) and not any(opens(whole - {p}) for p in whole):
                hits += 1
        if model.deals <= 12:
            assert opening.probability.value == pytest.approx(hits / draws)
    assert not isinstance(front.odds, NotComputed)
    assert 1 <= front.odds.size.low <= front.odds.size.high <= model.deals


# ---- the rest of the promise


@pytest.mark.parametrize("lens", [zone, blockers, frontier, solutions])
def test_same_seed_same_bytes_and_another_seed_others(lens: Any) -> None:
    case = load(ALASKA)
    one, again, other = (lens(case, draws=300, rng=s).to_dict()["odds"] for s in (1, 1, 2))
    assert one == again
    assert one != other


@pytest.mark.parametrize("lens", [zone, blockers, frontier, solutions])
def test_no_draws_no_odds(lens: Any) -> None:
    found = lens(load(ALASKA), draws=0).odds
    assert found == NotComputed("no draws were asked for")


def test_a_case_without_unknowns_is_certain() -> None:
    found = odds(two("60", "40") | {"correlations": []})
    assert (found.open.value, found.open.standard_error, found.open.low) == (1.0, 0.0, 1.0)
    assert odds(two("61", "40") | {"correlations": []}).open.high == 0.0
    assert found.unknowns == 0
    assert found.readings == ()


def test_drawing_goes_on_until_the_tolerance_is_met() -> None:
    found = odds(two("50 to 70", "30 to 50"), draws=500, to_within=0.005)
    assert found.plan.draws == found.open.draws > 500
    assert found.open.half <= 0.005
    assert found.within
    assert found.open.draws >= draws_needed(found.open.value, 0.005) * 0.9
    seen, reached = until(Plan(100, 0, to_within=0.01), lambda a, n: np.arange(a, a + n) % 2 == 0, most=2000)
    assert not reached
    assert len(seen) == 2048


@pytest.mark.parametrize("lens", [blockers, frontier, solutions])
def test_the_other_lenses_draw_as_often_as_the_zone_needs(lens: Any) -> None:
    case = read_data(two("50 to 70", "30 to 50"))
    needs = odds(case, draws=500, to_within=0.01).open.draws
    plan_of = lens(case, draws=500, to_within=0.01).odds.plan
    assert plan_of.to_within == 0.01 or lens is frontier
    assert plan_of.draws == needs


@pytest.mark.parametrize("name", ["exclusion", "levers", "sensitivity", "information", "ratification"])
def test_lenses_without_a_tolerance_are_given_as_many_draws_as_the_zone_needs(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = "cases/literature/council-lisbon.yaml" if name == "ratification" else "cases/litigation.yaml"
    case = load(path)
    needs = draws_within(case, 0.02, draws=300)
    certain_case = not uncertain(case).inputs
    assert needs == (300 if certain_case else odds(case, draws=300, to_within=0.02).open.draws)
    with pytest.raises(SystemExit) as ended:
        app(["ask", name, path, "--draws", "300", "--to-within", "2%", "--json"])
    assert ended.value.code == 0
    result = json.loads(capsys.readouterr().out)["result"]
    if name in ("exclusion", "sensitivity", "information"):
        assert result["plan"]["draws"] == needs


def test_no_tolerance_means_anything_to_power() -> None:
    with pytest.raises(QuestionError, match="--to-within means nothing to power"):
        app(["ask", "power", "cases/litigation.yaml", "--to-within", "2%"], standalone_mode=False)


def test_large_cases_are_decided_draw_by_draw() -> None:
    """4^12 deals: not enumerated, each draw searched exactly."""
    issues = {f"i{n}": {"options": ["a", "b", "c", "d"]} for n in range(12)}
    weights = dict.fromkeys(issues, 1)
    worth = {"a": 100, "b": 60, "c": 40, "d": 0}
    back = {"a": 0, "b": 40, "c": 60, "d": 100}
    data = {
        "winset": 1,
        "title": "Large",
        "parties": {"a": {}, "b": {}},
        "consent": {"all": ["a", "b"]},
        "issues": issues,
        "preferences": {
            "a": {"weights": weights, "scores": dict.fromkeys(issues, worth), "no_deal": "40 to 60"},
            "b": {"weights": weights, "scores": dict.fromkeys(issues, back), "no_deal": 50},
        },
    }
    found = odds(data, draws=200)
    assert isinstance(found.table, NotComputed)
    assert isinstance(found.shortlist, NotComputed)
    # both utilities sum to 100, so the zone is open exactly where a's reservation value is at most 50
    assert found.open.value == pytest.approx(0.5, abs=4 * found.open.standard_error)


def test_impossible_plans_are_refused() -> None:
    for options, words in (
        ({"draws": -1}, "at least 1"),
        ({"draws": 10**9}, "at most"),
        ({"method": "halton"}, "random or sobol"),
        ({"to_within": 0.9}, "to-within"),
    ):
        with pytest.raises(QuestionError, match=words):
            zone(load(ALASKA), **options)


def test_a_plan_rounds_sobol_up_and_takes_generators() -> None:
    assert plan(1000, 0, method="sobol").draws == 1024
    one = plan(None, np.random.default_rng(3))
    assert one.seed == plan(None, np.random.default_rng(3)).seed
    assert share(0, 100).low == 0.0
    assert share(0, 100).high == pytest.approx(0.0370, abs=1e-4)  # Wilson 1927: z^2 / (n + z^2)
