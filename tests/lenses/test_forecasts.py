"""Scoring a log: what is scored, beside what, and what is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from winset.case import open_case
from winset.case.log import ForecastLog, add_forecast, open_log, resolve
from winset.errors import QuestionError
from winset.lenses import NotComputed, course, zone
from winset.lenses.forecasts import BAND_ENDS, LEAST_FOR_PARTITION, forecast_from, score

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"


def logged(file: Path, *said: tuple[str, str | None], by: str = "Ann") -> ForecastLog:
    """A log of forecasts (probability, outcome or None) that are made and settled in January 2020."""
    for probability, outcome in said:
        made = add_forecast(
            file, event=f"event of {probability}", probability=probability, by=by, when="2020-01-01"
        )
        if outcome is not None:
            resolve(file, made.id, outcome, on="2020-01-31")
    return open_log(file)


def test_scores_by_hand(tmp_path: Path) -> None:
    log = logged(
        tmp_path / "log", ("80%", "yes"), ("30%", "no"), ("60%", "no"), ("50%", None), ("9%", "void")
    )
    result = score(log)
    assert [s.id for s in result.scored] == ["f1", "f2", "f3"]
    assert (result.open, result.void) == (("f4",), ("f5",))
    assert [s.brier for s in result.scored] == pytest.approx([0.04, 0.09, 0.36])
    assert result.brier == pytest.approx(0.49 / 3)
    assert result.brier_error == pytest.approx(
        math.sqrt(sum((b - 0.49 / 3) ** 2 for b in (0.04, 0.09, 0.36)) / 2 / 3)
    )
    assert result.log == pytest.approx((math.log(0.8) + math.log(0.7) + math.log(0.4)) / 3)
    assert result.rate == pytest.approx(1 / 3)
    even, base = result.baselines
    assert (even.name, even.brier, even.log) == ("even chance", 0.25, pytest.approx(-math.log(2)))
    assert even.skill == pytest.approx(1 - 0.49 / 3 / 0.25)
    # the rate of the other two: 0 for the one that happened, 1/2 for each that did not
    assert (base.name, base.brier) == ("base rate", pytest.approx((1 + 0.25 + 0.25) / 3))
    assert base.skill == pytest.approx(1 - 0.49 / 1.5)
    assert base.log == -math.inf
    assert result.brier_ends is None


def test_sure_and_wrong_is_minus_infinity_and_shown(tmp_path: Path) -> None:
    result = score(logged(tmp_path / "log", ("0%", "yes"), ("100%", "no"), ("100%", "yes")))
    assert [s.log for s in result.scored] == [-math.inf, -math.inf, 0.0]
    assert result.log == -math.inf
    data = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert [s["log"] for s in data["scored"]] == ["-inf", "-inf", 0.0]
    assert data["log"] == "-inf"


def test_a_range_is_scored_at_its_middle_and_its_ends_are_told(tmp_path: Path) -> None:
    result = score(logged(tmp_path / "log", ("20% to 40%", "yes"), ("50%", "no")))
    assert result.brier == pytest.approx((0.49 + 0.25) / 2)
    assert result.brier_ends == pytest.approx(((0.36 + 0.25) / 2, (0.64 + 0.25) / 2))


def test_one_forecast_and_events_all_alike(tmp_path: Path) -> None:
    one = score(logged(tmp_path / "one", ("80%", "yes")))
    assert [b.name for b in one.baselines] == ["even chance"]
    assert isinstance(one.brier_error, NotComputed)
    alike = score(logged(tmp_path / "alike", ("80%", "yes"), ("70%", "yes")))
    assert alike.baselines[1].brier == 0
    assert isinstance(alike.baselines[1].skill, NotComputed)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), min_size=2, max_size=8).filter(lambda o: 0 < sum(o) < len(o)))
def test_whoever_says_the_base_rate_has_no_skill_over_it(tmp_path: Path, outcomes: list[bool]) -> None:
    file = tmp_path / f"log{''.join(str(int(o)) for o in outcomes)}"
    file.unlink(missing_ok=True)
    others = [(f"{sum(outcomes) - o}/{len(outcomes) - 1}", "yes" if o else "no") for o in outcomes]
    assert score(logged(file, *others)).baselines[1].skill == pytest.approx(0, abs=1e-9)


def test_bands_are_those_of_the_likelihood_words(tmp_path: Path) -> None:
    """Every whole per cent falls into the band that its words name; the outer bands run on to 0 and 100."""
    from winset.report.words import likelihood

    log = logged(tmp_path / "log", *((f"{n}%", "yes") for n in range(1, 100)))
    named: dict[str, int] = {}
    for n in range(1, 100):
        band = likelihood(n / 100).rpartition("(")[2].removesuffix("%)")
        named[band] = named.get(band, 0) + 1
    found = {f"{max(b.low, 1)}–{min(b.high, 99)}": b.forecasts for b in score(log).bins}
    assert found == named
    assert len(found) == len(BAND_ENDS) + 1


def test_bins_and_their_intervals(tmp_path: Path) -> None:
    said = [("30%", "yes")] * 3 + [("40%", "no")] * 7 + [("90%", "yes")]
    low, high = score(logged(tmp_path / "log", *said)).bins
    assert (low.low, low.high, low.forecasts, low.happened) == (20, 45, 10, 3)
    assert low.mean == pytest.approx(0.37)
    # Wilson 1927 for 3 of 10, worked by hand: (0.3 + 0.19207) / 1.38415 -/+ 0.25238
    assert (low.share_low, low.share_high) == pytest.approx((0.10779, 0.60322), abs=1e-4)
    assert (high.low, high.high, high.share, high.share_high) == (80, 95, 1.0, 1.0)
    assert high.share_low == pytest.approx(1 / (1 + 1.959964**2), abs=1e-6)


def test_the_partition_waits_for_enough(tmp_path: Path) -> None:
    few = [("30%", "no"), ("70%", "yes")] * (LEAST_FOR_PARTITION // 2 - 1)
    assert isinstance(score(logged(tmp_path / "few", *few)).partition, NotComputed)
    enough = [("30%", "no"), ("70%", "yes")] * (LEAST_FOR_PARTITION // 2)
    parts = score(logged(tmp_path / "enough", *enough)).partition
    assert not isinstance(parts, NotComputed)
    assert (parts.reliability, parts.resolution) == pytest.approx((0.09, 0.25))
    assert (parts.uncertainty, parts.within) == pytest.approx((0.25, 0), abs=1e-12)


def test_entered_when_it_was_already_settled(tmp_path: Path) -> None:
    result = score(logged(tmp_path / "log", ("80%", "yes")))
    assert result.scored[0].settled_before_logged
    file = tmp_path / "today"
    made = add_forecast(file, event="rain", probability="80%", by="Ann")
    resolve(file, made.id, "yes")
    assert not score(open_log(file)).scored[0].settled_before_logged


def test_only_some(tmp_path: Path) -> None:
    file = tmp_path / "log"
    logged(file, ("80%", "yes"), ("30%", "no"))
    log = logged(file, ("60%", "no"), by="Bob")
    assert [s.id for s in score(log, by="Bob").scored] == ["f3"]
    assert [s.id for s in score(log, ids=["f2", "f1", "f2"]).scored] == ["f2", "f1"]


def test_what_cannot_be_scored(tmp_path: Path) -> None:
    file = tmp_path / "log"
    log = logged(file, ("80%", None), ("30%", None))
    with pytest.raises(QuestionError, match=r"an unresolved forecast cannot be scored[\s\S]*f1, f2"):
        score(log)
    log = logged(file, ("60%", "no"), ("5%", "void"), by="Bob")
    with pytest.raises(QuestionError, match="f1 is unresolved; an unresolved forecast cannot be scored"):
        score(log, ids=["f3", "f1"])
    with pytest.raises(QuestionError, match="an unresolved forecast cannot be scored, and none by Ann"):
        score(log, by="Ann")
    with pytest.raises(QuestionError, match="f4 was resolved as void"):
        score(log, ids=["f4"])
    with pytest.raises(QuestionError, match=r'no forecast "f9"[\s\S]*f1, f2, f3, f4'):
        score(log, ids=["f9"])
    with pytest.raises(QuestionError, match='no forecast by "bob"; did you mean "Bob"'):
        score(log, by="bob")
    with pytest.raises(QuestionError, match="f3 is by Bob, not by Ann"):
        score(log, ids=["f3"], by="Ann")


def test_a_forecast_from_the_zone() -> None:
    case = open_case(ALASKA)
    made = forecast_from("zone", case, seed=5)
    odds = zone(case.case, rng=5).odds
    assert not isinstance(odds, NotComputed)
    assert (made.probability, made.draws, made.seed) == (odds.open.value, odds.open.draws, 5)
    assert 0 < made.probability < 1
    assert made == forecast_from("zone", case, seed=5)


def test_a_forecast_from_the_course() -> None:
    case = open_case(ALASKA)
    found = course(case.case, rng=5, what_if=[])
    made = forecast_from("course", case, seed=5)
    assert not isinstance(found.failure, NotComputed)
    assert made.probability == 1 - found.failure.value
    assert made.standard_error == found.failure.standard_error
    assert forecast_from("course", case, seed=5, claim="odds").probability == next(
        f.computed.value for f in found.forecasts if f.claim == "odds"
    )
    with pytest.raises(QuestionError, match=r'claim "no-cession" states no odds that the talks fail'):
        forecast_from("course", case, claim="no-cession")
    without = open_case(ALASKA.parent / "port-development.yaml")
    with pytest.raises(QuestionError, match="the course was not computed"):
        forecast_from("course", without)


def test_where_a_lens_gives_no_forecast() -> None:
    case = open_case(ALASKA)
    exact = open_case(ALASKA.parent / "literature" / "nash-1950.yaml")
    with pytest.raises(QuestionError, match=r"not empty because the case has no draws: .*100% is too sure"):
        forecast_from("zone", exact)
    agreed = open_case(ALASKA.parent / "litigation.yaml")
    with pytest.raises(QuestionError, match=r"not empty in all [0-9,]+ draws; 100% is too sure"):
        forecast_from("zone", agreed)
    with pytest.raises(QuestionError, match=r'lens "zon" gives no probability; did you mean "zone"'):
        forecast_from("zon", case)
