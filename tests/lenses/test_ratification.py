"""Ratification: against every way of voting, in fractions, on small random cases; closed forms over draws."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from winset import power, ratification, read_data
from winset.kernels.ballot import distribution, one_mood
from winset.lenses import NotComputed

Data = dict[str, Any]
ISSUES = {"x": ["l", "m", "r"], "y": ["l", "r"]}


def random_case(rng: random.Random) -> Data:
    def values() -> Data:
        body: Data = {
            "weights": {i: rng.randint(1, 5) for i in ISSUES},
            "scores": {i: {o: rng.randint(0, 10) * 10 for o in opts} for i, opts in ISSUES.items()},
            "no_deal": rng.randint(20, 60),
        }
        if rng.random() < 0.4:
            body["red_lines"] = [{"when": {"x": rng.choice(ISSUES["x"])}}]
        return body

    def member(n: int) -> Any:
        votes = rng.randint(1, 5)
        kind = rng.randrange(4)
        if kind == 0:
            return {"votes": votes, "yes": f"{rng.randint(0, 4)}/4"}
        if kind == 1:
            return {"votes": votes, "like": rng.choice("ab"), "bar": rng.randint(20, 80)}
        if kind == 2:
            return {"votes": votes, "like": rng.choice("ab")}
        return {"votes": votes, "yes": f"{rng.randint(0, 10)}/10", "times": rng.randint(1, 3)}

    members = {f"m{n}": member(n) for n in range(rng.randint(1, 4))}
    if rng.random() < 0.3:
        members["a"] = rng.randint(1, 5)  # votes as the party of its own id
    total = sum((m["votes"] * m.get("times", 1)) if isinstance(m, dict) else m for m in members.values())
    quota = rng.randint(1, total)
    rule: Any = rng.choice(
        [quota, {"votes": quota, "members": 1}, {"any": [{"votes": total}, {"votes": quota}]}]
    )
    return {
        "winset": 1,
        "title": "two levels",
        "parties": {"a": {}, "b": {}},
        "consent": rng.choice([{"all": ["a", "b"]}, {"any": ["a", "b"]}, "a"]),
        "issues": {i: {"options": o} for i, o in ISSUES.items()},
        "preferences": {"a": values(), "b": values()},
        "offers": {"offer": {"deal": {i: rng.choice(o) for i, o in ISSUES.items()}}},
        "bodies": {"house": {"ratifies": rng.choice("ab"), "members": members, "passes": rule}},
    }


class Oracle:
    """The votes of a case without ranges, by the definitions."""

    def __init__(self, data: Data) -> None:
        self.case = read_data(data)
        self.body = self.case.bodies["house"]
        self.voters = [m for m, member in self.body.members.items() for _ in range(member.times)]
        self.deals = [dict(zip(ISSUES, options, strict=True)) for options in product(*ISSUES.values())]

    def utility(self, party: str, deal: dict[str, str]) -> Fraction:
        prefs = self.case.preferences[party]
        total = sum(w.low for w in prefs.weights.values())
        return sum(
            (w.low / total * prefs.scores[i][deal[i]].low for i, w in prefs.weights.items()), Fraction(0)
        )

    def likes(self, party: str, deal: dict[str, str], bar: Fraction | None = None) -> bool:
        prefs = self.case.preferences[party]
        least = prefs.no_deal.low if bar is None else bar
        crossed = any(line.when.holds(deal) for line in prefs.red_lines or ())
        return not crossed and self.utility(party, deal) >= least

    def in_zone(self, deal: dict[str, str]) -> bool:
        return self.case.consent.holds({p for p in "ab" if self.likes(p, deal)})

    def chance(self, voter: str, deal: dict[str, str]) -> Fraction:
        member = self.body.members[voter]
        if member.yes is not None:
            return member.yes.low
        bar = None if member.bar is None else member.bar.low
        return Fraction(self.likes(member.like or voter, deal, bar))

    def passes(self, yes: tuple[bool, ...]) -> bool:
        def holds(rule: Any) -> bool:
            if rule.weight is None:
                return sum(map(holds, rule.parts)) >= rule.threshold
            got = sum(
                (self.body.weight(v, rule.weight) for v, y in zip(self.voters, yes, strict=True) if y),
                Fraction(0),
            )
            return rule.quota.reached(got, self.body.total(rule.weight))

        return holds(self.body.passes)

    def passed(self, deal: dict[str, str], fixed: dict[int, bool] | None = None) -> Fraction:
        chances = [self.chance(v, deal) for v in self.voters]
        for n, says in (fixed or {}).items():
            chances[n] = Fraction(says)
        out = Fraction(0)
        for yes in product((False, True), repeat=len(chances)):
            weight = math.prod(p if y else 1 - p for p, y in zip(chances, yes, strict=True))
            if weight and self.passes(yes):
                out += weight
        return out

    def one_mood(self, deal: dict[str, str]) -> Fraction:
        """Someone says yes when the common level is below its chance; the level is uniform."""
        chances = [self.chance(v, deal) for v in self.voters]
        ends = sorted({Fraction(0), Fraction(1), *chances})
        return sum(
            (b - a for a, b in pairwise(ends) if self.passes(tuple(p >= b for p in chances))),
            Fraction(0),
        )


@pytest.mark.parametrize("batch", range(4))
def test_against_every_way_of_voting(batch):
    for seed in range(20 * batch, 20 * batch + 20):
        data = random_case(random.Random(seed))
        oracle = Oracle(data)
        found = ratification(oracle.case, draws=16)
        (body,) = found.bodies
        chances = {n: oracle.passed(d) for n, d in enumerate(oracle.deals)}
        zone = [n for n, d in enumerate(oracle.deals) if oracle.in_zone(d)]
        for win_set, deals in ((body.win_set, list(chances)), (body.in_zone, zone)):
            assert win_set.of == len(deals), f"seed {seed}"
            assert win_set.expected == pytest.approx(float(sum(chances[n] for n in deals))), f"seed {seed}"
            assert win_set.exact
        for vote in body.deals:
            passed = oracle.passed(vote.deal)
            assert vote.passed == pytest.approx(float(passed)), f"seed {seed}"
            assert vote.ratified.value == pytest.approx(float(passed)), f"seed {seed}"
            assert vote.one_mood == pytest.approx(float(oracle.one_mood(vote.deal))), f"seed {seed}"
            for member, decisive in vote.decisive.items():
                n = oracle.voters.index(member)
                swing = oracle.passed(vote.deal, {n: True}) - oracle.passed(vote.deal, {n: False})
                assert decisive == pytest.approx(float(swing)), f"seed {seed}"
        ratifies = oracle.body.ratifies
        for standing in found.deals:
            accepting = {p for p in "ab" if oracle.likes(p, standing.deal)}
            passed = oracle.passed(standing.deal)
            stands = passed * oracle.case.consent.holds(accepting)
            stands += (1 - passed) * oracle.case.consent.holds(accepting - {ratifies})
            assert standing.stands.value == pytest.approx(float(stands)), f"seed {seed}"


def test_sure_and_possible():
    for seed in range(25):
        oracle = Oracle(random_case(random.Random(seed)))
        win_set = ratification(oracle.case, draws=1).bodies[0].win_set
        by_chance = [n for n, v in enumerate(oracle.voters) if oracle.body.members[v].yes is not None]
        sure, possible = (
            sum(oracle.passed(d, dict.fromkeys(by_chance, says)) for d in oracle.deals)
            for says in (False, True)
        )
        assert (win_set.sure, win_set.possible) == (sure, possible), f"seed {seed}"


def simple(**member: Any) -> Data:
    """A deal worth 50 or 0 to the only party, which accepts both; a house of one member."""
    values = {"weights": {"x": 1}, "scores": {"x": {"l": 50, "r": 0}}, "no_deal": 0}
    return {
        "winset": 1,
        "title": "one house",
        "parties": {"a": {}},
        "consent": "a",
        "issues": {"x": {"options": ["l", "r"]}},
        "preferences": {"a": values},
        "offers": {"half": {"deal": {"x": "l"}}},
        "bodies": {"house": {"ratifies": "a", "members": {"m": {"votes": 1, **member}}, "passes": 1}},
    }


def test_a_bar_that_is_a_range():
    """The bar is normal, mean 45, 90 % between 30 and 60: it is below 50 with probability Phi(5 / 9.119)."""
    (vote, *_) = ratification(read_data(simple(like="a", bar="30 to 60")), draws=20_000).bodies[0].deals
    expected = 0.5 * (1 + math.erf(5 / (30 / (2 * 1.6448536269514722)) / math.sqrt(2)))
    assert vote.passed == 1.0
    assert abs(vote.ratified.value - expected) < 4 * vote.ratified.standard_error
    assert vote.ratified.standard_error < 0.004


def test_a_chance_that_is_a_range():
    """Listed values: 20 % or 60 % with equal probability, so 40 % on average."""
    yes = {"values": {"20%": 0.5, "60%": 0.5}}
    (vote, *_) = ratification(read_data(simple(yes=yes)), draws=20_000).bodies[0].deals
    assert vote.passed == pytest.approx(0.4)
    assert abs(vote.ratified.value - 0.4) < 4 * vote.ratified.standard_error


def test_a_signature_is_news_about_the_body():
    """Party and member hold the same unknown value against bars of 40 and 60: signed half of the time, and
    ratified then only in part. A body that asks less than the party never fails it."""
    data = simple(like="a", bar=60)
    data["preferences"]["a"] |= {
        "no_deal": 40,
        "linkages": [{"when": {"x": "l"}, "worth": "-32.897 to 32.897"}],
    }
    (vote, *_) = ratification(read_data(data), draws=20_000).bodies[0].deals

    def above(x: float) -> float:  # the value is normal, mean 50, standard deviation 20
        return 0.5 * (1 - math.erf((x - 50) / 20 / math.sqrt(2)))

    assert abs(vote.signed.value - above(40)) < 0.015
    assert abs(vote.ratified.value - above(60)) < 0.015
    assert abs(vote.given_signed.value - above(60) / above(40)) < 0.02
    data["bodies"]["house"]["members"]["m"]["bar"] = 40
    (vote, *_) = ratification(read_data(data), draws=2_000).bodies[0].deals
    assert (vote.given_signed.value, vote.given_signed.low > 0.99) == (1.0, True)


def test_two_chambers_both_confirm():
    data = simple(yes="50%")
    data["bodies"]["senate"] = {"ratifies": "a", "members": {"s": {"votes": 1, "yes": "20%"}}, "passes": 1}
    (standing, *_) = ratification(read_data(data), draws=64).deals
    assert standing.stands.value == pytest.approx(0.1)


def test_not_computed_says_why():
    data = simple(yes="50%")
    data["bodies"]["board"] = {"members": ["p", "q", "s", "t"], "passes": "more than 50%"}
    found = ratification(read_data(data), draws=16)
    board = found.bodies[1]
    assert isinstance(board.win_set, NotComputed)
    assert "p, q, s and 1 more" in board.win_set.because
    assert found.bodies[0].deals[0].passed == 0.5
    assert power(read_data(data)).bodies[1].votes.members[0].shapley == 0.25
    del data["bodies"]
    assert ratification(read_data(data)).bodies == NotComputed("this case names no bodies")
    names = {f"m{n}": {"votes": 10**6 + 7**n % 10**6, "yes": "50%"} for n in range(30)}
    data["bodies"] = {"big": {"ratifies": "a", "members": names, "passes": "50%"}}
    assert "too many different sums" in ratification(read_data(data), draws=64).bodies[0].deals.because


def test_large_spaces_are_sampled():
    """Ten million deals: the share of those that cross no bar is known by symmetry, about one half."""
    issues = {f"i{n}": ["l", "r"] for n in range(24)}
    values = {
        "weights": dict.fromkeys(issues, 1),
        "scores": {i: {"l": 100, "r": 0} for i in issues},
        "no_deal": 0,
    }
    data = simple(like="a", bar=50)
    data |= {
        "issues": {i: {"options": o} for i, o in issues.items()},
        "preferences": {"a": values},
        "offers": {},
    }
    win_set = ratification(read_data(data), draws=16, samples=20_000, deals=[]).bodies[0].win_set
    exact = sum(math.comb(24, n) for n in range(12, 25))
    assert not win_set.exact
    assert abs(win_set.expected - exact) < 4 * win_set.standard_error
    assert win_set.standard_error < 0.01 * win_set.of


def test_kernel_against_listing():
    rng = np.random.default_rng(3)
    for _ in range(50):
        weights = rng.integers(0, 5, (6, 2))
        chance = rng.random((3, 6))
        sums, share = distribution(weights, chance)
        assert share.sum(axis=1) == pytest.approx(1.0)
        terms = [(int(rng.integers(0, 10)), int(rng.integers(0, 10)))]
        listed = np.zeros(3)
        for yes in product((0, 1), repeat=6):
            got = np.array(yes) @ weights
            if (got >= terms[0]).all():
                listed += np.prod(np.where(yes, chance, 1 - chance), axis=1)
        assert share @ (sums >= terms[0]).all(axis=1) == pytest.approx(listed)
        sure = one_mood(np.array([100, 100]), weights, chance, terms)
        assert sure.tolist() == [1.0] * 3


def test_the_same_seed_gives_the_same_answer():
    data = simple(like="a", bar="30 to 60")
    one, other, third = (ratification(read_data(data), draws=500, rng=seed).to_dict() for seed in (1, 1, 2))
    assert one == other
    assert one != third
