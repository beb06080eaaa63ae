"""The games as one asks for them: ranges, plays beside theory, the same answers for a seed, and clear
refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest

from winset import WinsetError
from winset.lenses.estimates import Estimate
from winset.theory import Amount, baron_ferejohn, breakdown, fearon, powell, rubinstein, ultimatum

ASKED = {
    "rubinstein": lambda **more: rubinstein("0.7 to 0.9", **more),
    "rubinstein with a last round": lambda **more: rubinstein([0.9, "0.5 to 0.8"], rounds=3, **more),
    "breakdown": lambda **more: breakdown("5% to 15%", fallback=["10%", "20% to 40%"], **more),
    "breakdown, risk minded": lambda **more: breakdown(0.2, exponent=[1, 0.5], **more),
    "baron-ferejohn": lambda **more: baron_ferejohn(5, discount=0.9, **more),
    "baron-ferejohn, unequal": lambda **more: baron_ferejohn(
        4, discount=[0.9, "0.6 to 0.8", 0.5, 0.9], quota=3, recognition=["3 to 4", 1, 2, 1], **more
    ),
    "baron-ferejohn with a last session": lambda **more: baron_ferejohn(
        4, discount="0.5 to 0.9", sessions=2, **more
    ),
    "ultimatum": lambda **more: ultimatum("10 to 40", **more),
    "ultimatum, uniform": lambda **more: ultimatum("30 to 90, uniform", keep=20, **more),
    "ultimatum, PERT": lambda **more: ultimatum("30 to 90, mode 40", pie=120, **more),
    "ultimatum, listed": lambda **more: ultimatum({"values": {10: 0.3, 40: 0.7}}, **more),
    "ultimatum, known": lambda **more: ultimatum(30, **more),
    "fearon": lambda **more: fearon(0.6, 0.1, "0 to 0.3, uniform", **more),
    "fearon, more than all": lambda **more: fearon("80%", "5%", "10% to 60%, uniform", **more),
    "fearon, normal": lambda **more: fearon(0.5, 0.05, "10% to 30%", **more),
    "fearon, listed": lambda **more: fearon(0.5, 0.1, {"values": {0.05: 0.5, 0.3: 0.5}}, **more),
    "fearon, known": lambda **more: fearon(0.6, 0.1, 0.2, **more),
    "powell": lambda **more: powell("50% to 60%", 0.8, 0.1, "10% to 20%", discount=0.95, **more),
}


def amounts(result):
    """Every amount of a result."""
    for value in (getattr(result, name) for name in result.__dataclass_fields__):
        if isinstance(value, Amount):
            yield value
        elif isinstance(value, tuple) and value and hasattr(value[0], "__dataclass_fields__"):
            for part in value:
                yield from amounts(part)


@pytest.mark.parametrize("name", ASKED)
def test_play_comes_to_what_theory_says(name):
    found = list(amounts(ASKED[name](draws=20_000)))
    assert found
    for amount in found:
        play = amount.play
        if play is None:
            continue
        assert isinstance(play, Estimate)
        slack = 4 * max(play.standard_error, (play.high - play.low) / 4 if not 0 < play.value < 1 else 0.0)
        assert amount.value == pytest.approx(play.value, abs=slack + 1e-9)


@pytest.mark.parametrize("name", ASKED)
def test_the_same_seed_gives_the_same_answer(name):
    def text(**more):
        return json.dumps(ASKED[name](draws=3000, **more).to_dict(), allow_nan=False)

    assert text() == text(rng=0)
    if name.startswith(("baron", "ultimatum", "fearon")) and not name.endswith("known"):
        assert text(rng=1) != text(rng=2)


def test_more_draws_begin_with_the_same_ones():
    few, many = (rubinstein("0.7 to 0.9", draws=n).first.range for n in (1000, 100_000))
    assert few.low == pytest.approx(many.low, abs=0.01)
    assert few.draws == 1000


def test_a_range_for_both_is_one_unknown():
    """Alike in every draw, so that the first is always ahead; two ranges are drawn on their own."""
    both, each = rubinstein("0.5 to 0.9"), rubinstein(["0.5 to 0.9", "0.5 to 0.9"])
    assert both.first.range.low > 0.5
    assert each.first.range.low < 0.45
    members = baron_ferejohn(3, discount="0.5 to 0.9", draws=500).members
    assert [m.value.range.low for m in members] == pytest.approx([1 / 3] * 3)


def test_ranges_hold_what_their_ends_give():
    found = rubinstein(["0.8 to 0.9", 0.8])
    ends = [rubinstein([d, 0.8]).first.value for d in (0.8, 0.9)]
    assert (found.first.range.low, found.first.range.high) == pytest.approx(ends, abs=0.01)


def test_draws_that_leave_nothing_to_divide_are_named():
    found = breakdown(0.1, fallback=["20% to 60%", "30% to 70%"])
    assert 0.5 < found.something < 1
    assert found.first.range.draws == round(found.something * 10_000)
    assert breakdown(0.1, fallback=[0.2, "30% to 40%"]).something == 1


def test_members_alike_and_not():
    assert baron_ferejohn(5, discount=0.9, draws=100).equal
    assert not baron_ferejohn(5, discount=0.9, recognition=[2, 1, 1, 1, 1], draws=100).equal
    assert not baron_ferejohn(3, discount=[0.9, 0.9, 0.8], draws=100).equal
    assert baron_ferejohn(6, discount=0.9, draws=100).quota == 4


def test_a_known_reservation_value_is_offered():
    found = ultimatum(30, pie=100, keep=20)
    assert (found.offer, found.refused.value, found.gain.value, found.missed) == (30, 0, 50, 0)
    nothing = ultimatum("50 to 60, uniform", pie=40)
    assert (nothing.offer, nothing.refused.value, nothing.refused.play.value) == (None, 1, 1)
    assert nothing.gain.play.value == 0


def test_large_bodies_are_played_in_bounded_memory():
    rng = np.random.default_rng(3)
    found = baron_ferejohn(
        100, discount=0.9, quota=60, recognition=[f"{w:.6f}" for w in rng.uniform(0.5, 2, 100)], draws=2000
    )
    assert sum(m.value.value for m in found.members) == pytest.approx(1)
    with pytest.raises(WinsetError, match="at most 50,000 for so many"):
        baron_ferejohn(100, discount=0.9, draws=60_000)


REFUSED = {
    "the discount factor is 1.2; allowed: a discount factor from 0 to 1": lambda: rubinstein(1.2),
    "the discount factor is 1; .* both ends excluded": lambda: rubinstein(1),
    "the discount factor of number 2 is 0; .* both ends excluded": lambda: rubinstein([0.5, 0]),
    "the discount factor is 50% to 100%; .* both ends excluded": lambda: rubinstein("50% to 100%"),
    'the discount factor is "fast": not a number': lambda: rubinstein("fast"),
    'the discount factor is "0.9-0.8": .*0.9 to 0.8': lambda: rubinstein("0.9-0.8"),
    "3 numbers for the discount factor; one for all, or 2": lambda: rubinstein([0.5] * 3),
    "0 numbers for the discount factor": lambda: rubinstein([]),
    "the number of rounds is 0; allowed: a whole number from 1 to 1,000": lambda: rubinstein(0.5, rounds=0),
    "0 draws; at least 1": lambda: rubinstein(0.5, draws=0),
    "draws of a game; at most 1,000,000": lambda: rubinstein(0.5, draws=10**7),
    "the risk of breakdown is 0; .* both ends excluded": lambda: breakdown(0),
    "together they must leave something": lambda: breakdown(0.1, fallback=[0.5, 0.5]),
    "the fallback of number 1 is -0.1": lambda: breakdown(0.1, fallback=["-0.1", 0]),
    "the exponent is 1 to 2; allowed": lambda: breakdown(0.1, exponent="1 to 2"),
    "the exponent is 0.5 to 1; one number": lambda: breakdown(0.1, exponent="0.5 to 1"),
    "the exponent is 50%; write it without %": lambda: breakdown(0.1, exponent="50%"),
    "the quota is 7; allowed: a whole number from 1 to 5": lambda: baron_ferejohn(5, discount=0.9, quota=7),
    "the number of members is 1; ": lambda: baron_ferejohn(1, discount=0.9),
    "2 recognition weights for 5 members": lambda: baron_ferejohn(5, discount=0.9, recognition=[1, 2]),
    "the recognition weight of number 2 is 0": lambda: baron_ferejohn(2, discount=0.9, recognition=[1, 0]),
    "member 1 would propose with probability 1e-07; allowed: 1e-06": lambda: baron_ferejohn(
        2, discount=0.9, recognition=["1e-7", 1]
    ),
    "the pie is 10 to 20; one number": lambda: ultimatum(5, pie="10 to 20"),
    "the chance to prevail is 1.5; allowed: a probability from 0 to 1": lambda: fearon(1.5, 0.1, 0.2),
    "the cost of A is 0.1 to 0.2; one number": lambda: fearon(0.5, "0.1 to 0.2", 0.2),
    "the cost of B is -0.1 to 0.2; allowed": lambda: fearon(0.5, 0.1, "-0.1 to 0.2"),
    "there is nothing to ask for but everything": lambda: fearon(1, 0, 0.2),
    "the chance of A falls, from 0.6 to 0.5; exchange the sides": lambda: powell(0.6, 0.5, 0.1, 0.1),
    "the discount factor is 0; allowed": lambda: powell(0.5, 0.6, 0.1, 0.1, discount=0),
    "the pie is 20; it must have less": lambda: ultimatum(5, pie=20, keep=20),
    "the reservation value is 10% to 20%; write it without %": lambda: ultimatum("10% to 20%"),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_makes_no_sense_is_refused(message):
    with pytest.raises(WinsetError, match=message):
        REFUSED[message]()


def test_the_demand_of_fearon_is_the_offer_of_the_ultimatum_game():
    """A stake of 1, of which A keeps p - c without agreement, and a reservation value of 1 - p - c_B."""
    war, offer = fearon(0.6, 0.1, "0 to 0.3, uniform"), ultimatum("0.1 to 0.4, uniform", pie=1, keep=0.5)
    assert war.demand == pytest.approx(1 - offer.offer)
    assert war.war.value == pytest.approx(offer.refused.value)
    assert (war.demand, war.war.value, war.low) == pytest.approx((0.7, 1 / 3, 0.5))
    assert war.gain.value == pytest.approx(2 / 3 * 0.2)


def test_powell_at_the_border():
    """Costs of 0.1 and 0.15 save 0.25: from 0.6 the chance must rise to more than 0.85."""
    for later, met in ((0.85, False), (0.8501, True)):
        found = powell(0.6, later, 0.1, 0.15)
        assert found.met is met
        assert found.war is None
        assert found.border == pytest.approx(0.85)
        assert found.shift.value == pytest.approx(later - 0.6)
        assert found.surplus.value == pytest.approx(0.25)
    assert powell(0.9, 1, 0.1, 0.15).border is None
    over = powell(0.6, "80% to 90%, uniform", 0.1, 0.15, draws=40_000).war
    assert abs(over.value - 0.5) < 4 * over.standard_error


def test_whom_fighting_costs_more_than_it_brings_gains_that_too_from_peace():
    """A prevails with 95% and asks for all; B, whose cost is uniform on [0, 0.3], gains E[(c - 0.05)+]."""
    found = fearon(0.95, 0.1, "0 to 0.3, uniform", draws=20_000)
    expected = 0.25**2 / 2 / 0.3
    assert found.demand == 1
    assert found.other.value == pytest.approx(expected, abs=1e-6)
    played = found.other.play
    assert abs(played.value - expected) < 4 * played.standard_error
