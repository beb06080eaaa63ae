"""Judges side by side: the worked pair, pools by their definition, swaps by hand, and who rules what out."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.lenses.test_comparison import sale

from winset import judges, load, read_data, zone
from winset.errors import QuestionError
from winset.lenses import NotComputed
from winset.lenses.judges import overlap

FOLDER = Path(__file__).resolve().parents[2] / "cases" / "judges"
PAIR = {name: load(FOLDER / f"reservoir-{name}.yaml") for name in ("engineer", "mediator")}


def logit(p):
    return math.log(p / (1 - p))


def answer(result, what="zone", subject="", party=""):
    (one,) = (a for a in result.answers if (a.what, a.subject, a.party) == (what, subject, party))
    return one


def test_the_worked_pair():
    result = judges(PAIR, draws=2048)
    assert result.names == {"engineer": "the hydraulic engineer", "mediator": "the mediator"}
    assert [i.path for i in result.inputs] == [
        "farmers.no_deal",
        "farmers.scores.release.a third more",
        "company.weights.release",
        "company.no_deal",
    ]
    assert result.alike == 22
    least = result.inputs[0]
    assert least.overlap == 0
    assert (least.views["mediator"].low, least.views["mediator"].high) == pytest.approx((50, 65))
    (line,) = result.otherwise["mediator"]
    assert (line.path, line.after) == ("preferences.farmers.red_lines.1.when", None)
    # what matters: the farmers, and hardly the company
    assert [s.block for s in result.swaps[:2]] == ["farmers", "farmers"]
    assert {s.judge for s in result.swaps[:2]} == set(PAIR)
    assert all(abs(s.change.value) > 0.3 for s in result.swaps[:2])
    assert all(abs(s.change.value) < 0.1 for s in result.swaps[2:])


def test_answers_are_those_of_each_case_alone():
    result = judges(PAIR, draws=2048)
    for name, case in PAIR.items():
        odds = zone(case, draws=2048).odds
        assert answer(result).by_judge[name].value == odds.open.value
        for offer in odds.offers:
            told = answer(result, "passes", offer.name).by_judge[name]
            assert told == offer.passed


def test_a_swap_is_the_case_with_the_other_block():
    data = {name: case.to_data() for name, case in PAIR.items()}
    for block in ("farmers", "company"):
        mixed = {**data["mediator"], "preferences": dict(data["mediator"]["preferences"])}
        mixed["preferences"][block] = data["engineer"]["preferences"][block]
        expected = zone(read_data(mixed), draws=1024).odds.open
        (swap,) = (s for s in judges(PAIR, draws=1024).swaps if (s.block, s.judge) == (block, "mediator"))
        assert swap.after.value == expected.value
        assert swap.before.value == zone(PAIR["mediator"], draws=1024).odds.open.value
        assert swap.change.value == pytest.approx(swap.after.value - swap.before.value)


def test_pools_by_their_definition():
    cases = {"a": sale(20), "b": sale(70), "c": sale(80)}
    result = judges(cases, weights={"c": 2}, draws=4096, rng=3)
    assert result.weights == pytest.approx({"a": 0.25, "b": 0.25, "c": 0.5})
    told = answer(result)
    p = {name: e.value for name, e in told.by_judge.items()}
    assert told.linear.value == pytest.approx(p["a"] / 4 + p["b"] / 4 + p["c"] / 2)
    odds = sum(w * logit(p[n]) for n, w in result.weights.items())
    assert logit(told.logarithmic.value) == pytest.approx(odds)
    # the truth: 0.2, 0.7 and 0.8
    assert told.linear.low < 0.25 * 0.2 + 0.25 * 0.7 + 0.5 * 0.8 < told.linear.high
    truth = 1 / (1 + math.exp(-(0.25 * logit(0.2) + 0.25 * logit(0.7) + 0.5 * logit(0.8))))
    assert told.logarithmic.low < truth < told.logarithmic.high
    assert told.between == ("a", "c")
    assert told.widest.change.low < 0.6 < told.widest.change.high
    assert (told.never, told.always) == ((), ())


def test_nineteen_intervals_of_a_pool_in_twenty_hold_the_truth():
    cases = {"a": sale(30), "b": sale(70)}
    odds = (logit(0.3) + 2 * logit(0.7)) / 3
    truth = {"linear": 0.3 / 3 + 0.7 * 2 / 3, "logarithmic": 1 / (1 + math.exp(-odds))}
    held = dict.fromkeys(truth, 0)
    for seed in range(150):
        told = answer(judges(cases, weights={"b": 2}, draws=200, rng=seed))
        for pool, p in truth.items():
            held[pool] += getattr(told, pool).low <= p <= getattr(told, pool).high
    assert all(135 <= n <= 149 for n in held.values()), held


def test_one_who_never_has_it_rules_it_out_as_far_as_the_draws_go():
    told = answer(judges({"never": sale(10, "20 to 60, uniform"), "often": sale(60)}, draws=1000))
    assert (told.never, told.always) == (("never",), ())
    assert told.linear.value == pytest.approx(0.3, abs=0.05)
    assert told.logarithmic.value == told.logarithmic.low == 0
    # in none of 1,000 draws: by Wilson's interval at most some 0.4 %, and the pool at most some 7 %
    assert 0.05 < told.logarithmic.high < 0.1
    both = answer(judges({"never": sale(10, "20 to 60, uniform"), "always": sale(90, "20 to 60, uniform")}))
    assert isinstance(both.logarithmic, NotComputed)
    assert (both.never, both.always) == (("never",), ("always",))
    assert both.linear.value == 0.5
    assert both.linear.low < 0.5 < both.linear.high
    certain = answer(judges({"no": sale(10, 50), "often": sale(60)}, draws=1000))
    assert (certain.logarithmic.value, certain.logarithmic.high) == (0, 0)


def test_judges_who_agree():
    result = judges({"a": sale(60), "b": sale(60)}, draws=500)
    assert (result.inputs, result.swaps) == ((), ())
    told = answer(result)
    assert told.widest is None
    assert told.linear.value == told.by_judge["a"].value
    assert told.logarithmic.value == pytest.approx(told.by_judge["a"].value)


def test_overlap_by_hand():
    assert overlap([(0, 10), (5, 15)]) == pytest.approx(1 / 3)
    assert overlap([(0, 10), (2, 4)]) == pytest.approx(0.2)
    assert overlap([(0, 1), (2, 3)]) == 0
    assert overlap([(4, 4), (4, 4)]) == 1
    assert overlap([(4, 4), (5, 5)]) == 0
    assert overlap([(0, 10), (5, 15), (8, 20)]) == pytest.approx(0.1)


def test_a_view_that_rests_on_what_the_other_case_does_not_say():
    data = PAIR["mediator"].to_data()
    del data["preferences"]["company"]["no_deal"]
    data["no_deal"] = {"outcomes": {"drought": {"rest": True, "values": {"company": 40, "farmers": 10}}}}
    result = judges({"engineer": PAIR["engineer"], "mediator": read_data(data)}, draws=128)
    swaps = {(s.block, s.judge): s for s in result.swaps}
    assert isinstance(swaps["company", "engineer"].change, NotComputed)
    assert "without a deal" in swaps["company", "engineer"].after.because
    assert isinstance(swaps["no_deal", "mediator"].after, NotComputed)
    assert swaps["no_deal", "engineer"].change.value == 0  # both its parties state a value of their own


@pytest.mark.parametrize(
    ("cases", "options", "words"),
    [
        ({"a": sale(60)}, {}, ["two judges"]),
        ({"a": sale(60), "b": sale(70)}, {"weights": {"c": 1}}, ['"c"', "a, b"]),
        ({"a": sale(60), "b": sale(70)}, {"weights": {"b": 0}}, ["weight of b", "0"]),
        ({"a": sale(60), **PAIR}, {}, ["not about the same negotiation", "land", "winset compare"]),
    ],
)
def test_mistakes(cases, options, words):
    with pytest.raises(QuestionError) as raised:
        judges(cases, **options)
    assert [word for word in words if word not in str(raised.value)] == []
