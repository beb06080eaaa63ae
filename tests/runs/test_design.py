"""What is swept: grids, lists, quantiles, samples, and what cannot be read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from runs.examples import TEXT, case
from winset.case import loads
from winset.compiled.draws import uncertain
from winset.errors import QuestionError
from winset.runs import axes, plan_sweep
from winset.runs import plan as planning
from winset.runs.design import Fixed, Kind, Learned, points, setting

MODEL = uncertain(case())
NO_DEAL = "preferences.lower.no_deal"


def values(text: str) -> tuple[str, ...]:
    (axis,) = axes([text], MODEL)
    return axis.values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{NO_DEAL}=10,20.5, 1/3", ("10", "20.5", "1/3")),
        (f"{NO_DEAL}=10..60/6", ("10", "20", "30", "40", "50", "60")),
        (f"{NO_DEAL}=-1 .. 1 / 4", ("-1", "-1/3", "1/3", "1")),
        ("preferences.upper.types.open.prior=10%..30%/3", ("10%", "20%", "30%")),
        (f"{NO_DEAL}=@5", ("@0.1", "@0.3", "@0.5", "@0.7", "@0.9")),
        ("upper.type=@", ("open", "closed")),
        (f"{NO_DEAL}=30 to 40,20 to 60, mode 30,50", ("30 to 40", "20 to 60, mode 30", "50")),
        (f"{NO_DEAL}=30 to 40, uniform,20 to 60", ("30 to 40, uniform", "20 to 60")),
        ("consent={all: [upper, lower]},donor", ("{all: [upper, lower]}", "donor")),
        ("parties.upper.seat=table,absent", ("table", "absent")),
        ("title='one, two',three", ("one, two", "three")),
    ],
)  # fmt: skip
def test_values_as_they_are_written(text: str, expected: tuple[str, ...]) -> None:
    assert values(text) == expected


def test_a_mapping_does_the_same() -> None:
    assert axes({NO_DEAL: ["10", "20"]}, MODEL) == axes([f"{NO_DEAL}=10,20"], MODEL)
    assert axes({NO_DEAL: "10..20/2"}, MODEL)[0].values == ("10", "20")


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (["no_deal"], "write it as PATH=10,20,30"),
        ([f"{NO_DEAL}="], "write it as PATH=10,20,30"),
        ([f"{NO_DEAL}=1,,2"], "a value is missing"),
        ([f"{NO_DEAL}=20,20.0"], "listed twice"),
        ([f"{NO_DEAL}=1..1/3"], "has no width"),
        ([f"{NO_DEAL}=1..9/1"], "from 2 to"),
        ([f"{NO_DEAL}=a..b/3"], '"a" is not a number'),
        ([f"{NO_DEAL}=10%..20/3"], "write % on both ends"),
        ([f"{NO_DEAL}=@x"], "not a number of quantiles"),
        ([f"{NO_DEAL}=@0"], "not a number of quantiles"),
        (["upper.type=@3"], "a type has no quantiles"),
        ([f"{NO_DEAL}=1,2", "lower.no_deal=3,4"], "twice"),
    ],
)
def test_what_cannot_be_read_is_told(over: list[str], said: str) -> None:
    with pytest.raises(QuestionError, match="over") as caught:
        axes(over, MODEL)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ([f"{NO_DEAL}=20..60"], "needs --sample N"),
        ([f"{NO_DEAL}=@"], "needs --sample N"),
        (["preferences.mars.no_deal=1,2"], "no such key"),
        (["preferences.upper.closing_cost=@3"], "there is none in this place"),
        (["preferences.upper.closing_cost=1,-1"], "a cost in utility points"),
        (["preferences.upper.types.open.prior=20,30"], "write it as a percentage"),
        (["upper.type=open,shut"], "there is no type shut; types: open, closed"),
        (["parties.upper.seat=tabel"], "not one of the allowed words"),
        (["title=a,b", f"{NO_DEAL}=0..1/60000"], "at most 100,000"),
    ],
)
def test_what_makes_no_sense_for_the_case_is_told_before_anything_runs(over: list[str], said: str) -> None:
    with pytest.raises(QuestionError) as caught:
        plan_sweep({"well": case()}, over)
    assert said in str(caught.value)


def test_sampling_nothing_and_no_draws() -> None:
    with pytest.raises(QuestionError, match="something to sample"):
        plan_sweep({"well": case()}, sample=4)
    with pytest.raises(QuestionError, match="0 draws"):
        plan_sweep({"well": case()}, draws=0)
    with pytest.raises(QuestionError, match="multiple of 1,024"):
        plan_sweep({"well": case()}, piece=1500)


def test_cases_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # water and meter are tied: six combinations
    monkeypatch.setattr(planning, "MOST_TABLE", 8 * 1024 * 6 * 3)
    assert plan_sweep({"well": case()}).rows == 4
    monkeypatch.setattr(planning, "MOST_TABLE", 8 * 1024 * 6 * 3 - 1)
    with pytest.raises(QuestionError, match="a group of 6 combinations"):
        plan_sweep({"well": case()})
    monkeypatch.setattr(planning, "MOST_DEALS", 17)
    with pytest.raises(QuestionError, match="well has 18 deals"):
        plan_sweep({"well": case()})


def test_a_sample_fills_the_ranges_evenly_and_is_the_same_again() -> None:
    swept = axes([f"{NO_DEAL}=20..60", "upper.no_deal=@", "title=a,b,c,d"], MODEL)
    drawn = points(swept, sample=64, seed=3)
    assert drawn == points(swept, sample=64, seed=3)
    assert drawn != points(swept, sample=64, seed=4)
    numbers = sorted(Fraction(p[0]) for p in drawn)
    for k in range(8):  # scrambled Sobol points: 8 of 64 in every eighth of each axis
        assert sum(20 + 5 * k <= x < 25 + 5 * k for x in numbers) == 8
        assert sum(k / 8 <= float(p[1][1:]) < (k + 1) / 8 for p in drawn) == 8
    assert sorted(p[2] for p in drawn) == sorted("abcd" * 16)


def test_a_range_takes_a_number_as_it_is_and_the_rest_is_an_edit() -> None:
    at = MODEL.index["lower.no_deal"]
    assert setting(MODEL, NO_DEAL, "40") == Fixed(at, 40.0)
    assert setting(MODEL, "lower.no_deal", "@0.25") == Learned(at, 0.25)
    assert setting(MODEL, "upper.type", "closed") == Kind(0, 1)
    assert setting(MODEL, NO_DEAL, "20 to 30") is None
    assert setting(MODEL, "preferences.upper.closing_cost", "3") is None


def test_a_case_without_unknowns_needs_one_draw() -> None:
    fixed = loads("""\
winset: 1
title: Fixed
parties: {a: {}, b: {}}
consent: {all: [a, b]}
issues: {x: {options: [l, r]}}
preferences:
  a: {weights: {x: 1}, scores: {x: {l: 100, r: 0}}, no_deal: 50}
  b: {weights: {x: 1}, scores: {x: {l: 60, r: 100}}, no_deal: 50}
""")
    both = plan_sweep({"fixed": fixed, "well": case()}, ["preferences.b.no_deal=40,70"][:0], draws=2000)
    assert [c.draws for c in both.cases] == [1, 2000]
    assert both.rows == 1 + 2
    assert plan_sweep({"fixed": fixed}, ["preferences.b.no_deal=40,70"], draws=2000).rows == 2
    widened = plan_sweep({"fixed": fixed}, ["preferences.b.no_deal=40,50 to 70"], draws=2000)
    assert widened.rows == 4


def test_pieces_hold_every_row_once_whatever_their_size() -> None:
    other = loads(TEXT.replace("two villages", "two other villages"))
    for piece in (1024, 3 * 1024, 64 * 1024):
        plan = plan_sweep({"a": case(), "b": other}, [f"{NO_DEAL}=30,40,50"], draws=5000, piece=piece)
        seen = [
            (part.case, part.point, first)
            for n in range(plan.pieces)
            for part in plan.piece(n).parts
            for first in range(part.first, part.last, 1024)
        ]
        assert seen == [(c, p, 1024 * b) for c in range(2) for p in range(3) for b in range(5)]
        assert plan.rows == 30
        assert plan.total_draws == 30000
