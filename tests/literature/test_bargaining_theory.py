"""Published answers of bargaining theory, each with its source."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from winset.kernels.theory import baron_ferejohn, breakdown, rubinstein, ultimatum
from winset.theory import baron_ferejohn as body
from winset.theory import rubinstein as alternate
from winset.theory import ultimatum as offer


def one(*values):
    return [np.array([float(v)]) for v in values]


def test_rubinstein():
    """Rubinstein (1982), Econometrica 50:97-109, Conclusion 2, with fixed discounting factors. Quoted from
    memory; with one factor d the shares 1/(1+d) and d/(1+d) are in many textbooks."""
    for d1, d2 in ((0.9, 0.8), (0.5, 0.5), (0.99, 0.1)):
        found = alternate([d1, d2])
        assert found.first.value == pytest.approx((1 - d2) / (1 - d1 * d2))
        assert found.second.value == pytest.approx(d2 * (1 - d1) / (1 - d1 * d2))
    for d in (0.2, 0.9):
        found = alternate(d)
        assert (found.first.value, found.second.value) == pytest.approx((1 / (1 + d), d / (1 + d)))


def test_the_more_patient_gets_more_and_to_go_first_is_worth_something():
    """The same, remarks: as d1 goes to 1 party 1 gets all; with equal factors the first is ahead."""
    assert alternate([0.999999, 0.5]).first.value > 0.99999
    shares = [alternate([d, 0.7]).first.value for d in (0.1, 0.4, 0.7, 0.9)]
    assert shares == sorted(shares)
    even = alternate(0.8)
    assert even.first.value > 0.5 > even.swapped.value


def test_last_rounds_by_hand():
    """An even number of rounds, by a worked question on bargaining over T days: with the last offer by B the
    shares of the first party are 0, 1 - r, r (1 - r) (B offers), ... backwards from the last day."""
    for r in (0.5, 0.9):
        b_last = rubinstein.keeps(*one(r, r), 1)[0]
        assert 1 - b_last == 0
        assert rubinstein.keeps(*one(r, r), 2)[0] == pytest.approx(1 - r)
        assert 1 - rubinstein.keeps(*one(r, r), 3)[0] == pytest.approx(r * (1 - r))
        assert rubinstein.keeps(*one(r, r), 4)[0] == pytest.approx(1 - r * (1 - r * (1 - r)))


def test_risk_of_breakdown_is_like_impatience():
    """Osborne and Rubinstein (1994), A Course in Game Theory, solution to exercise 125.2: with nothing
    after a breakdown, which comes with probability a, 1 - a plays the role of the discount factors."""
    for a in (0.01, 0.2, 0.7):
        x, y = breakdown.shares(*one(a), np.zeros((2, 1)), (1.0, 1.0))
        assert x[0] == pytest.approx(rubinstein.keeps(*one(1 - a, 1 - a))[0])
        assert y[0] == pytest.approx(1 - x[0])


def test_breakdown_goes_to_the_nash_solution():
    """Binmore, Rubinstein and Wolinsky (1986), RAND Journal of Economics 17:176-188: as the risk goes to 0
    the equilibrium goes to the Nash solution with the breakdown point as disagreement point; with utilities
    that are linear, to split the difference. Quoted from memory."""
    for b1, b2 in ((0.0, 0.0), (0.1, 0.3), (0.5, 0.2)):
        back = np.array([[b1], [b2]])
        assert breakdown.nash(back, (1.0, 1.0))[0] == pytest.approx(b1 + (1 - b1 - b2) / 2)
        for exponent in ((1.0, 1.0), (1.0, 0.5), (0.3, 0.8)):
            gaps = [
                abs(breakdown.shares(*one(p), back, exponent)[0][0] - breakdown.nash(back, exponent)[0])
                for p in (0.1, 0.01, 0.001, 1e-5)
            ]
            assert gaps == sorted(gaps, reverse=True)
            assert gaps[-1] < 1e-5


def test_who_minds_risk_gets_less():
    """Roth (1979), Axiomatic Models of Bargaining, and Kihlstrom, Roth and Schmeidler (1981): in the Nash
    solution a party is better off against one that is more averse to risk. Quoted from memory."""
    back = np.array([[0.1], [0.1]])
    shares = [breakdown.nash(back, (1.0, e))[0] for e in (1.0, 0.8, 0.5, 0.2)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.5)


@pytest.mark.parametrize("members", [3, 5, 7, 435])
def test_closed_rule(members):
    """Baron and Ferejohn (1989), APSR 83:1181-1206, Proposition 3: with a simple majority of an odd number
    the proposer keeps 1 - d (n - 1) / (2n) and pays (n - 1)/2 others d/n each; everybody can expect 1/n. As
    quoted in notes on the paper (edegan.com, "Bargaining In Legislatures")."""
    for d in (0.2, 0.8, 1 - 1e-6):
        found = baron_ferejohn.payoffs(
            np.full((1, members), 1 / members), np.full((1, members), d), (members + 1) // 2
        )
        assert found.keeps[0] == pytest.approx(np.full(members, 1 - d * (members - 1) / (2 * members)))
        assert found.price[0] == pytest.approx(np.full(members, d / members))
        assert found.value[0] == pytest.approx(np.full(members, 1 / members))


def test_two_sessions_of_equal_members_are_as_endless_ones():
    """The same, their section on two sessions: with equal members the first of two sessions has the division
    of the session without end. Quoted from memory."""
    for last in (2, 3, 10):
        found = body(5, discount="0.8", sessions=last, draws=100)
        assert found.members[0].keeps.value == pytest.approx(1 - 0.8 * 2 / 5)
    assert body(5, discount="0.8", sessions=1, draws=100).members[0].keeps.value == 1


def test_payoffs_of_patient_members_go_against_their_patience():
    """Kawamori (2005), Economics Bulletin 3(43), abstract: if all are patient enough, recognised about
    equally often, and not all must agree, each can expect 1/n times the harmonic mean of the discount
    factors over its own; whatever the recognition probabilities and the quota."""
    discount = np.array([0.93, 0.95, 0.96, 0.97, 0.98])
    harmonic = 5 / (1 / discount).sum()
    for recognition in ([0.2, 0.2, 0.2, 0.2, 0.2], [0.19, 0.21, 0.2, 0.21, 0.19]):
        for quota in (2, 3, 4):
            found = baron_ferejohn.payoffs(np.array([recognition]), discount[None], quota)
            assert found.value[0] == pytest.approx(harmonic / discount / 5)
    unanimous = baron_ferejohn.payoffs(np.full((1, 5), 0.2), discount[None], 5).value[0]
    assert (np.diff(unanimous) > 0).all()  # there patience pays


def test_the_least_recognised_get_the_same():
    """Ambrus and Lu (2016), Legislative Bargaining with Long Finite Horizons, abstract: as offers come ever
    more often, under a K-majority the K members recognised least have equal payoffs, where these are above
    0."""
    recognition = np.array([0.05, 0.1, 0.15, 0.3, 0.4])
    found = baron_ferejohn.payoffs(recognition[None], np.full((1, 5), 1 - 1e-9), 3).value[0]
    assert found[:3] == pytest.approx(np.full(3, found[0]))


def test_payoffs_do_not_hang_on_names_and_add_up():
    """Eraslan (2002), Journal of Economic Theory 103:11-30: payoffs are unique, so that a permutation of the
    members permutes them; and who is recognised more often expects no less. Quoted from memory."""
    rng = np.random.default_rng(1)
    for _ in range(100):
        recognition, quota = rng.dirichlet(np.ones(6)), int(rng.integers(1, 7))
        factor, order = rng.uniform(0.1, 0.99), rng.permutation(6)
        found = baron_ferejohn.payoffs(recognition[None], np.full((1, 6), factor), quota).value[0]
        other = baron_ferejohn.payoffs(recognition[order][None], np.full((1, 6), factor), quota).value[0]
        assert found[order] == pytest.approx(other)
        assert found.sum() == pytest.approx(1)
        assert (np.diff(found[np.argsort(recognition)]) >= -1e-9).all()


def test_offers_to_a_seller_of_unknown_value():
    """IBM Research, Ponder This, March 2008, part 1: buyer and seller value a good between 0 and 1,
    uniformly; the buyer offers half its value; on average it gains 1/12 and the seller 1/24."""
    values = (np.arange(2000) + 0.5) / 2000
    offers = [ultimatum.uniform(0.0, 1.0, value) for value in values]
    assert [o.offer for o in offers] == pytest.approx(values / 2)
    assert np.mean([o.gain for o in offers]) == pytest.approx(1 / 12, abs=1e-6)
    assert np.mean([o.other for o in offers]) == pytest.approx(1 / 24, abs=1e-6)
    found = offer("0 to 1, uniform", pie=1)
    assert found.offer == 0.5
    assert found.refused.value == pytest.approx(float(Fraction(1, 2)))


def test_offers_by_the_rule_of_the_monopolist():
    """Myerson (1981), Mathematics of Operations Research 6:58-73, turned round: S - x = F(x)/f(x). For F(x)
    = x to the power a between 0 and 1 that is x = a S / (1 + a). A closed form of our own."""
    for a in (0.5, 1.0, 3.0):
        found = ultimatum.smooth(lambda u, a=a: u ** (1 / a), 0.8)
        assert found.offer == pytest.approx(0.8 * a / (1 + a), abs=1e-5)
