"""What a piece computes: against the draws themselves, one after the other."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from runs.examples import TEXT, case
from winset.case import loads
from winset.compiled.draws import uncertain
from winset.compiled.sampling import Sampler
from winset.runs import plan_sweep
from winset.runs.piece import learn, rows


def computed(over: list[str], **options: Any) -> list[dict[str, Any]]:
    plan = plan_sweep({"well": case()}, over, **options)
    return [row for n in range(plan.pieces) for row in rows(plan.piece(n))]


def looped(text: str, draws: int, seed: int) -> dict[str, float]:
    """Every deal in every draw, in plain Python, from the numbers of the case."""
    told = loads(text)
    model = uncertain(told)
    values = model.values(Sampler(model, seed).scores(0, draws))
    out: dict[str, float] = dict.fromkeys(("zone", "zone_deals", "least", "gain:upper", "gain:donor"), 0.0)
    for row, kinds in zip(values, model.kinds(values).T, strict=True):
        at = dict(zip(model.index, row, strict=True))

        def number(path: str, fixed: Any, at: dict[str, float] = at) -> float:
            return at[path] if path in at else float(fixed.low)

        utility = {}
        reserve = {}
        for p, prefs in told.preferences.items():
            raw = {i: number(f"{p}.weights.{i}", w) for i, w in prefs.weights.items()}
            total = sum(raw.values())
            utility[p] = {
                (i, o): raw[i] / total * number(f"{p}.scores.{i}.{o}", s)
                for i, scores in prefs.scores.items()
                for o, s in scores.items()
            }
            closed = p == "upper" and kinds[0] == 1
            place = "upper.types.closed.no_deal" if closed else f"{p}.no_deal"
            reserve[p] = number(place, prefs.no_deal) + (2 if p == "upper" else 0)
        best = None
        for deal in itertools.product(*(issue.options for issue in told.issues.values())):
            chosen = dict(zip(told.issues, deal, strict=True))
            gain = {p: sum(utility[p][c] for c in chosen.items()) - reserve[p] for p in utility}
            crossed = {p for p, prefs in told.preferences.items()
                       if any(line.when.holds(chosen) for line in prefs.red_lines or ())}  # fmt: skip
            if all(gain[p] >= -1e-9 and p not in crossed for p in ("upper", "lower")):
                out["zone_deals"] += 1
                if best is None or min(gain["upper"], gain["lower"]) > min(best["upper"], best["lower"]):
                    best = gain
        if best is not None:
            out["zone"] += 1
            out["least"] += min(best["upper"], best["lower"])
            out["gain:upper"] += best["upper"]
            out["gain:donor"] += best["donor"]
    return out


@pytest.mark.parametrize("seed", [0, 5])
def test_a_block_equals_a_loop_over_draws_and_deals(seed: int) -> None:
    (row,) = computed([], draws=500, seed=seed)
    expected = looped(TEXT, 500, seed)
    assert 50 < row["zone"] < 450
    assert {k: row[k] for k in expected} == pytest.approx(expected, rel=1e-9)
    assert row["deals"] == 18
    assert (row["first"], row["draws"]) == (0, 500)


def test_a_number_that_is_set_is_the_case_with_that_number() -> None:
    apart = TEXT[: TEXT.index("correlations")]
    (edited,) = [looped(apart.replace("no_deal: 30 to 60", "no_deal: 42"), 400, 1)]
    plan = plan_sweep({"well": loads(apart)}, ["preferences.lower.no_deal=42"], draws=400, seed=1)
    (row,) = rows(plan.piece(0))
    assert row["preferences.lower.no_deal"] == 42.0
    assert {k: row[k] for k in edited} == pytest.approx(edited, rel=1e-9)


def test_an_edit_is_the_edited_case() -> None:
    for path, value, old, new in [
        ("preferences.lower.no_deal", "20 to 30", "no_deal: 30 to 60", "no_deal: 20 to 30"),
        ("preferences.lower.weights.water", "20", "{water: 60,", "{water: 20,"),
    ]:
        found = computed([f"{path}={value}"], draws=300, seed=2)
        expected = looped(TEXT.replace(old, new), 300, 2)
        assert {k: found[0][k] for k in expected} == pytest.approx(expected, rel=1e-9)


def test_types_are_taken_in_turn_and_make_up_the_whole() -> None:
    whole = computed([], draws=1024)
    parts = computed(["upper.type=@"], draws=1024)
    assert [r["upper.type"] for r in parts] == ["open", "closed"]
    model = uncertain(case())
    kinds = model.kinds(model.values(Sampler(model, 0).scores(0, 1024)))[0]
    share = kinds.mean()
    mixed = (1 - share) * parts[0]["zone"] + share * parts[1]["zone"]
    assert parts[0]["zone"] > whole[0]["zone"] > parts[1]["zone"]
    assert abs(mixed - whole[0]["zone"]) < 6 * math.sqrt(1024 * 0.25)


def test_what_is_learned_moves_what_is_correlated_with_it() -> None:
    model = uncertain(case())
    sampler = Sampler(model, 0)
    at, other = model.index["upper.no_deal"], model.index["lower.no_deal"]
    score = float(ndtri(0.9))
    before = sampler.scores(0, 8192)
    after = learn(sampler, before.copy(), {at: score})
    assert (after[:, at] == score).all()
    # the conditional law of bivariate normals: mean rho z, variance 1 - rho^2 (rho = -0.6)
    assert after[:, other].mean() == pytest.approx(-0.6 * score, abs=6 * 0.8 / math.sqrt(8192))
    assert after[:, other].var() == pytest.approx(1 - 0.36, abs=6 * 0.64 * math.sqrt(2 / 8192))
    twin = model.index["upper.types.closed.no_deal"]  # what a type has in its place has the same score
    assert np.allclose(after[:, twin], score, rtol=0, atol=1e-12)
    rest = [n for n in range(len(model.inputs)) if n not in (at, other, twin)]
    assert np.array_equal(after[:, rest], before[:, rest])


def test_an_average_over_quantiles_is_an_average_over_the_range() -> None:
    whole = sum(r["zone"] for r in computed([], draws=8192)) / 8192
    slices = computed(["preferences.upper.no_deal=@32"], draws=1024)
    assert [r["preferences.upper.no_deal"] for r in slices] == sorted(
        r["preferences.upper.no_deal"] for r in slices
    )
    average = sum(r["zone"] for r in slices) / (32 * 1024)
    assert average == pytest.approx(whole, abs=6 * math.sqrt(0.25 / 1024))
    numbers = ",".join(repr(r["preferences.upper.no_deal"]) for r in slices)
    set_ = computed([f"preferences.upper.no_deal={numbers}"], draws=1024)
    assert [r["zone"] for r in set_] != [r["zone"] for r in slices]  # a set number leaves the other alone


def test_a_point_that_makes_no_sense_says_which() -> None:
    plan = plan_sweep(
        {"well": case()}, ["preferences.lower.weights.water=0,1", "preferences.lower.weights.upkeep=0,1",
                           "preferences.lower.weights.meter=0,1"], draws=10
    )  # fmt: skip
    with pytest.raises(Exception, match=r"point 0 .*weights.water = 0.*all weights are zero"):
        list(rows(plan.piece(0)))
