"""Joint draws: laws, correlations, types, the no-deal lottery, and the same bits however the work is cut."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.oracles.case_oracle import random_case

from winset import compile_case, load, read_data
from winset.case.correlation import matrix, nearest, possible, rounded
from winset.case.fields import COST, SCORE, UTILITY, WEIGHT
from winset.case.numbers import parse_number
from winset.compiled.draws import uncertain
from winset.compiled.laws import Input, quantile, standard_score
from winset.compiled.outcomes import mean_shares
from winset.compiled.sampling import PIECE, Sampler
from winset.errors import CaseError

ALASKA = "cases/alaska-2025.yaml"


def simple(**more: Any) -> dict[str, Any]:
    """Two parties, one issue, reservation values as given."""
    return {
        "winset": 1,
        "title": "One issue",
        "parties": {"a": {}, "b": {}},
        "consent": {"all": ["a", "b"]},
        "issues": {"i": {"options": ["left", "right"]}},
        "preferences": {
            "a": {"weights": {"i": 1}, "scores": {"i": {"left": 100, "right": 0}}, "no_deal": "40 to 60"},
            "b": {"weights": {"i": 1}, "scores": {"i": {"left": 0, "right": 100}}, "no_deal": "20 to 30"},
        },
        **more,
    }


def drawn(data: dict[str, Any], draws: int = 4096, **options: Any) -> Any:
    model = uncertain(read_data(data))
    sampler = Sampler(model, 1, **options)
    return model, model.draws(model.values(sampler.scores(0, draws)))


# ---- the laws


@pytest.mark.parametrize(
    ("text", "bounds", "law", "expected"),
    [
        ("40 to 60", UTILITY, "normal", stats.norm(50, 20 / (2 * stats.norm.ppf(0.95)))),
        ("1 to 4", COST, "lognormal", stats.lognorm(math.log(2) / stats.norm.ppf(0.95), scale=2)),
        ("2 to 10, mode 4", WEIGHT, "pert", stats.beta(1 + 1, 1 + 3, loc=2, scale=8)),
        ("20 to 40, uniform", SCORE, "uniform", stats.uniform(20, 20)),
    ],
)
def test_each_law_has_its_distribution(text: str, bounds: Any, law: str, expected: Any) -> None:
    number = parse_number(text)
    item = Input("x", "", number, bounds, number.law(bounds), False)
    assert item.law == law
    levels = np.linspace(0.001, 0.999, 997)
    got = quantile(item, stats.norm.ppf(levels))
    assert got == pytest.approx(expected.ppf(levels), rel=1e-9)


def test_an_interval_holds_nine_draws_in_ten_whatever_its_law() -> None:
    for text, bounds in (("2 to 20", SCORE), ("1 to 9", WEIGHT), ("60 to 97", SCORE), ("-3 to 8", UTILITY)):
        number = parse_number(text)
        item = Input("x", "", number, bounds, number.law(bounds), False)
        ends = quantile(item, stats.norm.ppf(np.array([0.05, 0.95])))
        assert ends == pytest.approx([float(number.low), float(number.high)], rel=1e-9), item.law


def test_listed_values_come_as_often_as_they_should() -> None:
    number = parse_number({"values": {"10": 0.25, "20": 0.75}})
    item = Input("x", "", number, UTILITY, "values", False)
    got = quantile(item, stats.norm.ppf((np.arange(1000) + 0.5) / 1000))
    assert sorted(set(got.tolist())) == [10.0, 20.0]
    assert (got == 10).sum() == 250


def test_bounded_quantities_never_leave_their_bounds() -> None:
    number = parse_number("0 to 30")
    item = Input("x", "", number, SCORE, number.law(SCORE), False)
    got = quantile(item, np.array([-6.0, 0.0, 6.0, 30.0]))
    assert got[0] == 0
    assert got[-1] == 100


# ---- the same case, seed and version give the same bits


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_pieces_of_any_width_are_the_same_bits(method: Any) -> None:
    model = uncertain(load(ALASKA))
    whole = list(Sampler(model, 3, method=method).pieces(3 * PIECE))
    for width in (1, 100, 512):
        at = 0
        sampler = Sampler(uncertain(load(ALASKA)), 3, method=method)
        for piece in sampler.pieces(2 * PIECE if width > 1 else 64, width=width):
            part = whole[piece.first // PIECE]
            here = slice(piece.first % PIECE, piece.first % PIECE + piece.count)
            assert piece.first == at
            assert np.array_equal(piece.reserve, part.reserve[:, here])
            assert np.array_equal(piece.utility[0], part.utility[0][:, :, here])
            at += piece.count


def test_a_later_start_gives_the_later_draws() -> None:
    sampler = Sampler(uncertain(load(ALASKA)), 5)
    whole = sampler.scores(0, 2 * PIECE)
    assert np.array_equal(whole[PIECE:], sampler.scores(PIECE, PIECE))
    with pytest.raises(ValueError, match="multiples of 1024"):
        sampler.scores(10, 10)


def test_seeds_differ_and_an_edit_leaves_all_other_draws_alone() -> None:
    case = simple()
    model, one = drawn(case)
    other = Sampler(model, 2).scores(0, 4096)
    assert not np.array_equal(Sampler(model, 1).scores(0, 4096), other)
    case["preferences"]["a"]["scores"]["i"]["right"] = "5 to 15"
    _, two = drawn(case)
    assert np.array_equal(one.reserve, two.reserve)
    assert not np.array_equal(one.utility[0][0], two.utility[0][0])


def test_a_second_sample_of_sobol_points_is_independent_of_the_first() -> None:
    """Point by point, also within a scrambling, where two scramblings of the same points are not."""
    model = uncertain(load(ALASKA))
    one = Sampler(model, 0, method="sobol").scores(0, 4 * PIECE)
    two = Sampler(model, 0, method="sobol").beside(4 * PIECE)
    assert one.shape == two.shape
    lanes = np.arange(len(one)) % PIECE // 64
    free = [
        n for n, i in enumerate(model.inputs) if all(i.path not in c.between for c in model.case.correlations)
    ]
    within = [
        abs(np.corrcoef(one[lanes == k, n], two[lanes == k, n])[0, 1]) for k in range(16) for n in free[:30]
    ]
    assert np.mean(within) < 0.1
    assert np.abs(two.mean(axis=0)).max() < 0.02
    assert np.abs(two.std(axis=0) - 1).max() < 0.02
    with pytest.raises(ValueError, match="later ones"):
        Sampler(model, 0).beside(PIECE)


def test_sobol_shares_the_dimensions_that_are_asked_for() -> None:
    case = simple()
    before = uncertain(read_data(case))
    case["preferences"]["a"]["closing_cost"] = "1 to 2"
    after = uncertain(read_data(case))
    order = sorted({i.path for i in (*before.inputs, *after.inputs)})
    one = Sampler(before, 0, method="sobol", order=order).scores(0, PIECE)
    two = Sampler(after, 0, method="sobol", order=order).scores(0, PIECE)
    for path in before.index:
        assert np.array_equal(one[:, before.index[path]], two[:, after.index[path]])


# ---- utilities are the definition


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_at_central_values_draws_are_the_compiled_case(seed: int) -> None:
    data = random_case(random.Random(seed))
    case = read_data(data)
    compiled = compile_case(case)
    model = uncertain(case)
    one = model.draws(model.middle()[None])
    for n in range(min(model.deals, 20)):
        deal = model.number(n)
        assert model.position(deal) == n
        utility, accepts = one.of(model.cells(deal))
        for p, party in enumerate(model.parties):
            assert utility[p, 0] == pytest.approx(float(compiled.utility(deal, party)), abs=1e-8)
            prefs = compiled.preferences[party]
            crossed = any(line.when.holds(deal) for line in prefs.red_lines or ())
            enough = compiled.utility(deal, party) >= compiled.values[party].reserve
            assert bool(accepts[p, 0]) == (enough and not crossed)
    only = model.only([model.number(0), model.number(model.deals - 1)])
    few = only.draws(only.middle()[None])
    assert few.utility[0][:, 0, 0].tolist() == one.of(model.cells(model.number(0)))[0][:, 0].tolist()


def test_weights_stay_on_the_simplex_and_scores_make_the_utility() -> None:
    model = uncertain(load(ALASKA))
    values = model.values(Sampler(model, 0).scores(0, 200))
    piece = model.draws(values)
    case, deal = model.case, next(iter(model.case.offers.values())).deal
    for p, party in enumerate(model.parties):
        prefs = case.preferences[party]
        if prefs.types or prefs.linkages:
            continue
        for draw in range(5):
            raw = {i: values[draw, model.index[f"{party}.weights.{i}"]] for i in case.issues}
            total = sum(raw.values())
            want = 0.0
            for issue, option in deal.items():
                assert prefs.scores is not None
                score = prefs.scores[issue][option]
                place = f"{party}.scores.{issue}.{option}"
                worth = values[draw, model.index[place]] if score.is_range else float(score.low)
                want += raw[issue] / total * worth
            assert piece.of(model.cells(deal))[0][p, draw] == pytest.approx(want, abs=1e-8)


# ---- types


def test_types_come_by_their_priors_with_their_overrides() -> None:
    data = simple()
    data["preferences"]["a"]["types"] = {
        "calm": {"prior": "30% to 50%"},
        "firm": {"rest": True, "no_deal": "90 to 95", "red_lines": [{"when": {"i": "left"}}]},
    }
    model, piece = drawn(data, 20 * PIECE)
    firm = piece.kind[0] == 1
    assert firm.mean() == pytest.approx(0.6, abs=0.01)
    assert piece.reserve[0, firm].min() > 85
    assert piece.reserve[0, ~firm].max() < 80
    table = piece.tables()[0]
    assert np.isneginf(table[0, 0]).tolist() == firm.tolist()
    assert not np.isneginf(table[0, 1]).any()
    assert not np.isneginf(piece.utility[0]).any()
    assert model.inputs[-1].path == "a.type"
    priors = model.priors("a", piece.values)
    assert priors.sum(axis=1) == pytest.approx(1)
    # the type is drawn with the prior of its own draw: likelier where the drawn prior is higher
    high = priors[:, 0] > np.median(priors[:, 0])
    assert (~firm[high]).mean() > (~firm[~high]).mean() + 0.03


# ---- correlations


def correlated(rho: float, **more: Any) -> dict[str, Any]:
    return simple(correlations=[{"between": ["a.no_deal", "b.no_deal"], "rho": rho}], **more)


@pytest.mark.parametrize("rho", [-1, -0.5, 0, 0.3, 1])
@pytest.mark.parametrize("method", ["random", "sobol"])
def test_normal_ranges_have_the_correlation_stated(rho: float, method: Any) -> None:
    _, piece = drawn(correlated(rho), 16 * PIECE, method=method)
    assert np.corrcoef(piece.no_deal)[0, 1] == pytest.approx(rho, abs=0.02)
    assert piece.no_deal[0].std() == pytest.approx(20 / (2 * stats.norm.ppf(0.95)), rel=0.03)


def test_zero_correlation_leaves_the_draws_as_they_were() -> None:
    _, one = drawn(correlated(0))
    _, two = drawn(simple())
    assert np.array_equal(one.no_deal, two.no_deal)


def test_the_nearest_correlation_matrix_of_higham_2002() -> None:
    """The example of section 4 (p. 339): the nearest to (1 1 0; 1 1 1; 0 1 1) has 0.7607 and 0.1573."""
    stated = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    assert not possible(stated)
    near = nearest(stated)
    assert near[0, 1] == pytest.approx(0.7607, abs=5e-5)
    assert near[0, 2] == pytest.approx(0.1573, abs=5e-5)
    assert np.linalg.norm(near - stated) == pytest.approx(0.5278, abs=5e-5)
    assert possible(rounded(near))
    assert np.abs(rounded(near) - near).max() < 0.02


def test_a_possible_matrix_is_its_own_nearest() -> None:
    paths = ["a", "b", "c"]
    good = matrix(paths, {("a", "b"): 0.5, ("b", "c"): -0.4})
    assert possible(good)
    assert nearest(good) == pytest.approx(good, abs=1e-10)


def test_impossible_correlations_are_refused_with_the_nearest() -> None:
    data = simple()
    data["preferences"]["a"]["closing_cost"] = "1 to 2"
    data["correlations"] = [
        {"between": ["a.no_deal", "b.no_deal"], "rho": 1},
        {"between": ["b.no_deal", "a.closing_cost"], "rho": 1},
    ]
    with pytest.raises(CaseError) as caught:
        read_data(data)
    assert "0.76" in str(caught.value)
    assert "0.16" in str(caught.value)


# ---- what happens without a deal


def test_shares_move_with_their_drift_and_sum_to_one() -> None:
    start = {"holds": np.array([0.6]), "stops": np.array([0.1]), "breaks": None}
    shares = mean_shares(start, {}, np.array([12.0]))
    assert [float(s[0]) for s in shares.values()] == pytest.approx([0.6, 0.1, 0.3])
    # breaks gains 2% a month for a year: from 0.3 to 0.54, on average 0.42; the others keep 6 to 1
    moved = mean_shares(start, {"breaks": np.array([0.02])}, np.array([12.0]))
    assert [float(s[0]) for s in moved.values()] == pytest.approx([0.58 * 6 / 7, 0.58 / 7, 0.42])
    # at 10% a month it is certain after seven months: the average of min(0.3 + 0.1 t, 1) over twelve
    sure = mean_shares(start, {"breaks": np.array([0.1])}, np.array([12.0]))
    assert float(sure["breaks"][0]) == pytest.approx((0.65 * 7 + 5) / 12, abs=2e-4)
    both = {"holds": np.array([-0.05]), "stops": np.array([0.0]), "breaks": np.array([0.05])}
    assert sum(float(s[0]) for s in mean_shares(start, both, np.array([12.0])).values()) == pytest.approx(1)


def lottery() -> dict[str, Any]:
    data = simple()
    del data["preferences"]["a"]["no_deal"]
    data["no_deal"] = {
        "outcomes": {
            "a prevails": {"probability": "50% to 70%", "deal": {"i": "left"}},
            "b prevails": {"rest": True, "values": {"a": "5 to 15", "b": 80}},
        },
        "cost": {"a": "10 to 20"},
    }
    return data


def test_the_lottery_gives_the_value_of_no_deal() -> None:
    data = lottery()
    model, piece = drawn(data, 8 * PIECE)
    p = piece.values[:, model.index["no_deal.outcomes.a prevails.probability"]]
    low = piece.values[:, model.index["no_deal.outcomes.b prevails.values.a"]]
    cost = piece.values[:, model.index["no_deal.cost.a"]]
    assert piece.no_deal[0] == pytest.approx(100 * p + low * (1 - p) - cost)
    assert piece.no_deal[1].mean() == pytest.approx(25, abs=0.3)  # b states its own
    central = compile_case(read_data(data)).values["a"].no_deal
    assert central == 60 + 4 - 15  # exact: the medians of normal ranges are their middles


def test_the_lottery_is_valued_by_each_type_on_its_own() -> None:
    data = lottery()
    data["preferences"]["a"]["types"] = {
        "one": {"prior": "50%"},
        "other": {"rest": True, "scores": {"i": {"left": 40}}},
    }
    model, piece = drawn(data, 2 * PIECE)
    other = piece.kind[0] == 1
    p = piece.values[:, model.index["no_deal.outcomes.a prevails.probability"]]
    low = piece.values[:, model.index["no_deal.outcomes.b prevails.values.a"]]
    cost = piece.values[:, model.index["no_deal.cost.a"]]
    best = np.where(other, 40, 100)
    assert piece.no_deal[0] == pytest.approx(best * p + low * (1 - p) - cost)


# ---- parts of the work


def test_chosen_deals_and_chosen_parties_give_the_same_numbers() -> None:
    for seed in range(30):
        rng = random.Random(seed)
        model = uncertain(read_data(random_case(rng)))
        values = model.values(Sampler(model, seed).scores(0, 7))
        whole = model.draws(values)
        numbers = np.array(rng.choices(range(model.deals), k=5))
        some = model.gains(values, numbers)
        for k, n in enumerate(numbers):
            utility, _ = whole.of(model.cells(model.number(int(n))))
            assert some[:, k] == pytest.approx(utility - whole.reserve, abs=1e-9)
        p = rng.randrange(len(model.parties))
        part = model.draws(values, parties=[p])
        for one, other in zip(part.utility, whole.utility, strict=True):
            assert np.array_equal(one[p], other[p])
        assert np.array_equal(part.reserve[p], whole.reserve[p])


@pytest.mark.parametrize("text", ["40 to 60", "1 to 4", "2 to 10, mode 4", "20 to 40, uniform"])
@pytest.mark.parametrize("bounds", [SCORE, COST, UTILITY], ids=lambda b: b.name)
def test_the_score_of_a_number_is_the_inverse_of_the_number_at_a_score(text: str, bounds: Any) -> None:
    number = parse_number(text)
    item = Input("x", "", number, bounds, number.law(bounds), False)
    for score in (-2.0, -0.5, 0.0, 1.2):
        value = float(quantile(item, np.array([score]))[0])
        assert standard_score(item, value) == pytest.approx(score, abs=1e-7)


def test_a_listed_value_has_the_middle_of_its_share() -> None:
    number = parse_number({"values": {"3": "0.2", "5": "0.8"}})
    item = Input("x", "", number, SCORE, "values", False)
    assert stats.norm.cdf(standard_score(item, 3)) == pytest.approx(0.1)
    assert stats.norm.cdf(standard_score(item, 5)) == pytest.approx(0.6)
