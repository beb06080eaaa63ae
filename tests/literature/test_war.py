"""Contests against what their authors published.

Pages, Fearon's general form and Powell's inequality are cited from memory of the articles, whose full text
was not at hand; each answer is therefore derived here by hand as well. Zartman's conditions are as his
survey of 2000 has them.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.lenses.edges import case, values

from winset import read_data, war
from winset.kernels.contest.demand import uniform_demand
from winset.lenses import NotComputed

Data = dict[str, Any]


def contest(**body: Any) -> Any:
    """What the lens says of a contest between a and b."""
    prefs = {
        "a": values({"x": {"l": 100, "r": 0}}, 40),
        "b": values({"x": {"l": 30, "r": 100}}, 20),
    }
    data = case({"all": ["a", "b"]}, {"x": ["l", "r"]}, prefs, war={"it": {"between": ["a", "b"], **body}})
    (found,) = war(read_data(data)).contests
    return found


# ---- Fearon, J. D. (1995). Rationalist explanations for war. International Organization 49: 379-414


def test_fearon_the_range_runs_from_p_less_one_cost_to_p_plus_the_other():
    """P. 387: any x with p - c_A < x < p + c_B."""
    found = contest(wins={"a": "60%"}, costs={"a": "10%", "b": "15%"}).range
    assert found.central == pytest.approx((0.5, 0.75))
    assert found.low.median == pytest.approx(0.5)
    assert found.high.median == pytest.approx(0.75)
    assert (found.open.value, found.open.standard_error) == (1.0, 0.0)


def test_fearon_one_offer_in_ignorance():
    """p = 0.6, c_A = 0.1, c_B uniform on [0, 0.3]: the demand is 0.7 and one war in three.

    By hand: k + 0.1 = (1 - F(k)) / f(k) = 0.3 - k, so k = 0.1; x = 0.7; F(0.1) = 1/3.
    """
    found = contest(wins={"a": "60%"}, costs={"a": "10%", "b": "0% to 30%, uniform"}, private="b").demand
    assert (found.by, found.to) == ("a", "b")
    assert found.central == pytest.approx(0.7, abs=1e-5)
    assert found.central_refused == pytest.approx(1 / 3, abs=1e-4)
    assert found.refused.value == pytest.approx(1 / 3, abs=1e-4)
    assert uniform_demand(0.6, 0.1, 0.0, 0.3) == pytest.approx((0.7, 1 / 3))


@pytest.mark.parametrize(
    ("p", "cost", "low", "high", "demand", "refused"),
    [
        (0.6, 0.1, 0.0, 0.3, 0.7, 1 / 3),  # inside: p + (h - c_A) / 2
        (0.5, 0.0, 0.0, 0.2, 0.6, 0.5),  # who fights for nothing risks most
        (0.5, 0.3, 0.0, 0.2, 0.5, 0.0),  # whose own cost is as high as any of the other's risks nothing
        (0.5, 0.1, 0.2, 0.3, 0.7, 0.0),  # all are known to fear fighting: the least of them is asked for
        (0.95, 0.0, 0.0, 0.4, 1.0, 0.125),  # more than all cannot be asked for
    ],
)
def test_fearon_the_general_closed_form(p, cost, low, high, demand, refused):
    assert uniform_demand(p, cost, low, high) == pytest.approx((demand, refused))
    found = contest(
        wins={"a": p}, costs={"a": cost, "b": f"{low} to {high}, uniform"}, private="b", proposes="a"
    ).demand
    assert (found.central, found.central_refused) == pytest.approx((demand, refused), abs=1e-4)


def test_fearon_it_is_the_same_from_the_other_side():
    """The same numbers with the sides exchanged: b demands 0.7."""
    found = contest(wins={"a": "40%"}, costs={"b": "10%", "a": "0% to 30%, uniform"}, private="a").demand
    assert (found.by, found.to) == ("b", "a")
    assert (found.central, found.central_refused) == pytest.approx((0.7, 1 / 3), abs=1e-4)


def test_optimism_closes_the_range_when_it_exceeds_both_costs():
    """Each by its own estimate: a range is left while p_A - p_B <= c_A + c_B (here 0.25)."""
    for own, left in (("64%", 1.0), ("65%", 1.0), ("66%", 0.0)):
        found = contest(
            wins={"a": "50%"}, seen_by={"a": own, "b": "40%"}, costs={"a": "10%", "b": "15%"}
        ).range
        assert found.open.value == left, own
        assert found.too_optimistic.value == 1 - left
        assert found.optimism.value == 1.0


def test_fearon_a_stake_that_cannot_be_divided():
    """P. 389: neither all nor nothing lies between 0.5 and 0.75; three quarters does."""
    found = contest(wins={"a": "60%"}, costs={"a": "10%", "b": "15%"}, divisible="no").range
    assert (found.open.value, found.indivisible.value, found.too_optimistic.value) == (0, 1, 0)
    found = contest(
        wins={"a": "60%"},
        costs={"a": "10%", "b": "15%"},
        divisible="no",
        settles={"x": {"l": "75%", "r": "0%"}},
    )
    assert (found.range.open.value, found.range.indivisible.value) == (1, 0)
    inside = {o.option: (o.inside.value, o.fights["a"].value, o.fights["b"].value) for o in found.options}
    assert inside == {"l": (1.0, 0.0, 0.0), "r": (0.0, 1.0, 0.0)}


# ---- Powell, R. (2006). War as a commitment problem. International Organization 60: 169-203


@pytest.mark.parametrize(("later", "met"), [(0.80, False), (0.85, False), (0.8501, True), (0.90, True)])
def test_powell_at_the_border(later, met):
    """d M_1(t+1) - M_1(t) > B - [M_1(t) + M_2(t)] with d = 1, B = 1, p = 0.6, c_1 = 0.1, c_2 = 0.15:
    M_1 = 0.5 and M_2 = 0.25, the surplus is 0.25, and the shift must exceed that: p' > 0.85."""
    found = contest(
        wins={"a": "60%"},
        costs={"a": "10%", "b": "15%"},
        shift={"a": f"{later - 0.6:.6f} per year"},
        horizon="1 year",
    ).power
    assert found.central is met
    assert found.met.value == float(met)
    assert found.fights == {"a": found.fights["a"], "b": found.met}
    assert found.fights["a"].value == 0
    assert found.limit.median == pytest.approx(0.25 / 12)


def test_powell_the_declining_side_may_be_the_first():
    """Mirrored: b rises by 0.3 in the year, and a, who falls, does better by fighting now."""
    found = contest(
        wins={"a": "40%"},
        costs={"a": "15%", "b": "10%"},
        shift={"a": "-0.3 per year"},
        horizon="1 year",
    ).power
    assert found.fights["a"].value == found.met.value == 1
    assert found.rises["b"].value == 1
    assert found.months.median == pytest.approx(10, abs=0.26)  # 0.25 of 0.3 a year is reached after 10 months
    assert found.bound.median == pytest.approx(0.05)


def test_powell_patience_is_part_of_it():
    """By hand, with a loss of 10% over the period: 0.9 (p' - 0.1) > 0.75, so p' > 0.9333."""
    for later, met in ((0.93, 0.0), (0.94, 1.0)):
        found = contest(
            wins={"a": "60%"},
            costs={"a": "10%", "b": "15%"},
            shift={"a": f"{later - 0.6:.6f} per year"},
            discount={"b": "10% per year"},
            horizon="1 year",
        ).power
        assert found.met.value == met


def test_powell_without_a_shift_there_is_nothing_to_ask():
    found = contest(wins={"a": "60%"}, costs={"a": "10%", "b": "15%"})
    assert isinstance(found.power, NotComputed)
    found = contest(wins={"a": "60%"}, costs={"a": "10%", "b": "15%"}, shift={"a": "0% per year"})
    assert found.power.met.value == 0


# ---- Smith, A. and Stam, A. C. (2004). Bargaining and the nature of war. J. Conflict Resolution 48: 783-813


def test_smith_and_stam_different_priors_meet_through_battles():
    """Two beliefs of weight 10 that are 0.5 apart, costs 0.25 together: 10 (0.5 / 0.25 - 1) = 10 battles,
    whoever wins them; one in every month. (The model without its walk over forts; see the kernel.)"""
    body = {
        "wins": {"a": "50%"},
        "seen_by": {"a": "75%", "b": "25%"},
        "costs": {"a": "10%", "b": "15%"},
        "battles": {"every": "1 month", "weight": {"a": 10, "b": 10}},
    }
    found = contest(**body, horizon="10 months").learning
    assert (found.apart.value, found.meet.value) == (1.0, 1.0)
    assert (found.trials.median, found.months.median) == pytest.approx((10, 10))
    found = contest(**body, horizon="9 months").learning
    assert (found.apart.value, found.meet.value, found.months) == (1.0, 0.0, None)


# ---- Zartman, I. W. (2000). Ripeness: the hurting stalemate and beyond


def test_zartman_a_stalemate_that_hurts_both_and_one_that_does_not():
    costs = {"a": "10%", "b": "15%"}
    both = contest(
        wins={"a": "50%"},
        costs=costs,
        wear={"a": "1% per month", "b": "1% per month"},
        escalation={"a": {"wins": "5%", "cost": "10%"}, "b": {"wins": "5%", "cost": "4%"}},
    ).ripeness
    assert both.both_hurting.value == 1
    assert [e.no_better.value for e in both.escalation] == [1, 0]
    assert both.neither_better.value == 0
    one = contest(
        wins={"a": "50%"},
        costs=costs,
        wear={"a": "1% per month", "b": "1% per month"},
        shift={"a": "2% per month"},
    ).ripeness
    assert [h.contest.value for h in one.hurting] == [0, 1]
    assert one.both_hurting.value == 0
    assert [h.change.median for h in one.hurting] == pytest.approx([0.01, -0.03])


def test_zartman_a_way_out_is_one_that_both_see():
    found = contest(wins={"a": "50%"}, costs={"a": "10%", "b": "15%"}).ripeness
    assert [w.some.value for w in found.way_out] == [1, 1]
    assert (found.shared.value, found.deal) == (1, {"x": "l"})  # worth 30 to b, who has 20 without
