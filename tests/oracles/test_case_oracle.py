"""Every lens against the definitions, on thousands of random small cases.

For more, or to see where a difference is: ``python -m tests.oracles.test_case_oracle FIRST COUNT``.
"""

from __future__ import annotations

import random
import sys
import traceback
from fractions import Fraction

import numpy as np
import pytest
from tests.oracles.case_oracle import Oracle, matches, random_case

from winset import blockers, compile_case, frontier, read_data, solutions, zone
from winset.lenses.frontier import FrontierSet

BATCHES, SIZE = 25, 100
TIED = 1e-9


def check(data, *, limit=2_000_000):
    """Compare all lenses with the oracle. A small `limit` takes the ways that large cases take."""
    case = read_data(data)
    compiled = compile_case(case)
    assert not compiled.rounded
    oracle = Oracle(data)
    assert compiled.parties == tuple(oracle.parties)
    assert compiled.deals == len(oracle.deals)
    assert compiled.combinations == oracle.combinations
    check_zone(oracle, compiled, limit)
    check_blockers(oracle, compiled, limit)
    check_frontier(oracle, compiled)
    check_solutions(oracle, compiled)


def is_view(oracle, view):
    """A deal with its values, refusals and standing; returns its number."""
    n = oracle.at(view.deal)
    utility = oracle.utility[n]
    assert view.utility == {p: float(u) for p, u in utility.items()}
    assert view.gain == {p: float(u - oracle.value[p].reserve) for p, u in utility.items()}
    assert {r.party for r in view.refusals} == set(oracle.parties) - oracle.yes[n]
    for refusal in view.refusals:
        value = oracle.value[refusal.party]
        assert [line.number for line in refusal.red_lines] == value.crossed(view.deal)
        assert refusal.short == max(0.0, float(value.reserve - utility[refusal.party]))
    assert view.in_zone == (n in oracle.zone)
    return n


def is_count(quantity, value, total, *, exact=True):
    """An exact number, or an estimate that is honest about being one."""
    assert quantity.of == total
    if exact or quantity.exact:
        assert quantity.exact
        assert (quantity.value, type(quantity.value)) == (value, int)
    else:
        assert quantity.method == "sample"
        # six standard errors: with a seed this either holds or does not
        assert abs(quantity.value - value) <= 6 * quantity.standard_error + 1e-9 * total
        assert 0 <= quantity.low <= quantity.value <= quantity.high <= total


def check_zone(oracle, compiled, limit):
    found = zone(compiled, limit=limit, samples=2000)
    total, exact = len(oracle.deals), len(oracle.deals) <= limit
    assert found.needed == tuple(oracle.rulers)
    is_count(found.zone, len(oracle.zone), total, exact=exact)
    for party in oracle.parties:
        is_count(found.accepted[party], oracle.accepted(party), total, exact=exact)
    for pair in found.pairs:
        is_count(pair.accepted, oracle.accepted(*pair.parties), total, exact=exact)
    assert len(found.pairs) == len(oracle.parties) * (len(oracle.parties) - 1) // 2
    assert found.empty is (not oracle.zone)
    if oracle.zone:
        assert is_view(oracle, found.witness) in oracle.zone
        assert not found.proofs
    else:
        assert found.witness is None
        check_proofs(oracle, found.proofs)
    for party in oracle.parties:
        view = found.best[party]
        if not oracle.zone:
            assert view is None
            continue
        assert is_view(oracle, view) in oracle.zone
        assert oracle.utility[oracle.at(view.deal)][party] == oracle.best(party)
    for criterion, views in found.ranked.items():
        check_ranking(oracle, oracle.scores(criterion), views, found.efficient_only)
    assert found.efficient_only == (bool(oracle.zone) and not exact)
    shares = {(s.issue, s.option): s for s in found.options}
    assert list(shares) == [(i, o) for i, options in oracle.issues.items() for o in options]
    for (issue, option), share in shares.items():
        held = [n for n, deal in enumerate(oracle.deals) if deal[issue] == option]
        assert share.deals == len(held)
        is_count(share.zone, sum(n in oracle.zone for n in held), len(held), exact=exact)
        for party in oracle.parties:
            is_count(share.accepted[party], sum(party in oracle.yes[n] for n in held), len(held), exact=exact)


def check_proofs(oracle, proofs):
    """Each proof shows by itself that no deal suits all its members; together they cover the rule."""
    assert {p.coalition for p in proofs} == oracle.minimal_coalitions()
    for proof in proofs:
        lines = [oracle.value[p].crossed for p in proof.coalition]
        clean = [n for n, deal in enumerate(oracle.deals) if not any(crossed(deal) for crossed in lines)]
        assert not any(set(proof.coalition) <= yes for yes in oracle.yes)
        if proof.argument == "red lines":
            assert not clean
            assert proof.issues
        elif proof.argument == "weighing":
            assert set(proof.multipliers) == set(proof.coalition)
            assert sum(proof.multipliers.values()) == pytest.approx(1)
            weigh = {p: Fraction(m) for p, m in proof.multipliers.items()}
            most = max(sum(m * oracle.utility[n][p] for p, m in weigh.items()) for n in clean)
            required = sum(m * oracle.value[p].reserve for p, m in weigh.items())
            assert float(most) <= proof.reachable + TIED
            assert float(required) == pytest.approx(proof.required)
            assert proof.reachable < proof.required
        else:
            assert proof.argument == "search"


def check_ranking(oracle, scores, views, efficient_only):
    numbers = [is_view(oracle, view) for view in views]
    assert len(set(numbers)) == len(numbers)
    got = [scores[n] for n in numbers]
    assert got == sorted(got, reverse=True)
    assert [v.score for v in views] == pytest.approx([float(s) for s in got], rel=1e-12, abs=1e-12)
    if efficient_only:
        assert max(scores.values()) == got[0]
        candidates = {p: scores[deals[0]] for p, deals in oracle.front.items()}
        assert {oracle.point(n) for n in numbers} <= set(candidates)
        pool = sorted(candidates.values(), reverse=True)
    else:
        pool = sorted(scores.values(), reverse=True)
    with_ties = sum(s >= pool[min(9, len(pool) - 1)] for s in pool) if pool else 0
    assert got == pool[: min(with_ties, 30)]


def check_blockers(oracle, compiled, limit):
    found = blockers(compiled, limit=limit, samples=2000)
    total, exact = len(oracle.deals), len(oracle.deals) <= limit
    offers = {name: body["deal"] for name, body in oracle.data.get("offers", {}).items()}
    assert [d.name for d in found.deals[: len(offers)]] == list(offers)
    for named in found.deals:
        n = is_view(oracle, named.view)
        assert set(named.pivotal) == oracle.swings(n)
    favourites = found.deals[len(offers) :]
    assert len(favourites) == len(oracle.rulers)
    for party, named in zip(oracle.rulers, favourites, strict=True):
        most = oracle.favourite(party)
        if most is not None:
            assert not oracle.value[party].crossed(named.view.deal)
            assert oracle.utility[oracle.at(named.view.deal)][party] == most
    for party in oracle.rulers:
        is_count(found.refused[party], total - oracle.accepted(party), total, exact=exact)
        is_count(found.sole_refuser[party], oracle.sole(party), total, exact=exact)
        swung = sum(party in oracle.swings(n) for n in range(total))
        is_count(found.pivotal[party], swung, total, exact=exact)
    assert set(found.openings) == oracle.openings()
    lines = [(p, n, when) for p in oracle.parties for n, when in enumerate(oracle.value[p].lines, 1)]
    assert [(line.party, line.number) for line in found.red_lines] == [(p, n) for p, n, _ in lines]
    for line, (_, _, when) in zip(found.red_lines, lines, strict=True):
        is_count(line.crossed, sum(matches(when, deal) for deal in oracle.deals), total)


def check_set(oracle, compiled, front, expected):
    """A frontier: exactly the efficient points, each with all its deals counted."""
    assert isinstance(front, FrontierSet)
    assert front.exact
    assert front.parties == tuple(oracle.rulers)
    units = [compiled.unit[r] for r in compiled.rulers]
    points = [tuple(int(u) * unit for u, unit in zip(row, units, strict=True)) for row in front.units]
    assert len(points) == len(set(points)) == front.size
    assert set(points) == set(expected)
    assert dict(zip(points, front.counts, strict=True)) == {p: len(deals) for p, deals in expected.items()}
    assert front.deals == sum(map(len, expected.values()))
    numbers = [is_view(oracle, view) for view in front.points]
    assert len(numbers) == min(front.size, 200)
    assert all(n in expected[oracle.point(n)] for n in numbers)
    least = [min(oracle.gains(n)) for n in numbers]
    assert least == sorted(least, reverse=True)
    for view, n in zip(front.points, numbers, strict=True):
        assert view.count == len(expected[oracle.point(n)])
    for row, cells in zip(points, front.witness, strict=True):
        assert oracle.at(compiled.deal(cells)) in expected[row]


def check_frontier(oracle, compiled):
    found = frontier(compiled)
    check_set(oracle, compiled, found.zone, oracle.front)
    check_set(oracle, compiled, found.all, oracle.whole_front)
    assert len(found.offers) == len(oracle.data.get("offers", {}))
    for gap in found.offers:
        n = is_view(oracle, gap.view)
        over_all, over_zone = (oracle.improvements(n, f) for f in (oracle.whole_front, oracle.front))
        assert gap.efficient is (not over_all)
        assert gap.efficient_in_zone is ((not over_zone) if n in oracle.zone else None)
        assert gap.distance == pytest.approx(float(oracle.distance(n)), abs=1e-9)
        better = over_all | over_zone
        assert gap.improving == len(better)
        listed = {oracle.point(is_view(oracle, view)) for view in gap.improvements}
        assert len(listed) == len(gap.improvements) == min(20, len(better))
        assert listed <= better
        inside = [view.in_zone for view in gap.improvements]
        assert inside == sorted(inside, reverse=True)


def check_solutions(oracle, compiled):
    found = solutions(compiled, lotteries=True)
    assert found.parties == tuple(oracle.rulers)
    assert found.disagreement == {p: float(oracle.value[p].reserve) for p in oracle.rulers}
    named = {s.name: s for s in found.solutions}
    baseline = named.pop("issue-by-issue", None)
    expected = oracle.issue_by_issue()
    assert (baseline is None) == (not expected)
    if baseline is not None:
        numbers = [is_view(oracle, view) for view in baseline.deals]
        assert {tuple(oracle.utility[n][p] for p in oracle.parties) for n in numbers} == expected
        assert len(numbers) == len(expected)
    if not oracle.zone:
        assert not named
        assert found.ideal is None
        assert found.lotteries == ()
        return
    assert found.ideal == pytest.approx({p: float(oracle.best(p)) for p in oracle.rulers}, abs=1e-9)
    want = {
        "Nash": oracle.nash(),
        "Kalai-Smorodinsky": oracle.kalai_smorodinsky(),
        "egalitarian": oracle.egalitarian(),
        "utilitarian": oracle.utilitarian(),
    }
    assert list(named) == list(want)
    for name, points in want.items():
        numbers = [is_view(oracle, view) for view in named[name].deals]
        assert {oracle.point(n) for n in numbers} == points, name
        assert len(numbers) == len(points)
        for view, n in zip(named[name].deals, numbers, strict=True):
            assert n in oracle.zone
            assert view.count == len(oracle.front[oracle.point(n)])
    for lottery in found.lotteries:
        check_lottery(oracle, lottery, named)


def check_lottery(oracle, lottery, named):
    """A lottery over deals of the zone, with the expected gains it states, at least as good as any deal."""
    numbers = [is_view(oracle, share.deal) for share in lottery.mix]
    chances = [share.probability for share in lottery.mix]
    assert all(n in oracle.zone for n in numbers)
    assert sum(chances) == pytest.approx(1)
    gains = np.array([[float(g) for g in oracle.gains(n)] for n in numbers])
    expected = np.array(chances) @ gains
    assert list(lottery.gain.values()) == pytest.approx(expected.tolist(), abs=1e-6)
    if lottery.name == "egalitarian":
        assert expected.min() >= named["egalitarian"].score - 1e-6
    if lottery.name == "utilitarian":
        assert expected.sum() == pytest.approx(named["utilitarian"].score)
    if lottery.name == "Nash" and min(expected) >= 0:
        assert np.prod(expected) >= named["Nash"].score * (1 - 1e-6) - 1e-9


def run(first, count):
    """Check cases by seed; every third also takes the ways of large cases."""
    for seed in range(first, first + count):
        data = random_case(random.Random(seed))
        try:
            check(data)
            if seed % 3 == 0:
                check(data, limit=0)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise


@pytest.mark.parametrize("batch", range(BATCHES))
def test_lenses_agree_with_the_definitions(batch):
    run(batch * SIZE, SIZE)


def test_the_random_cases_hold_what_they_are_meant_to():
    seen = dict.fromkeys(
        (
            "empty",
            "one deal",
            "ties",
            "outside",
            "types",
            "forbid",
            "linkages",
            "red_lines",
            "one party",
            "five",
        ),
        0,
    )
    for seed in range(500):
        data = random_case(random.Random(seed))
        oracle = Oracle(data)
        blocks = list(data["preferences"].values())
        seen["empty"] += not oracle.zone
        seen["one deal"] += len(oracle.zone) == 1
        seen["ties"] += any(len(deals) > 1 for deals in oracle.front.values())
        seen["outside"] += len(oracle.rulers) < len(oracle.parties)
        seen["forbid"] += "forbid" in data
        seen["one party"] += len(oracle.parties) == 1
        seen["five"] += len(oracle.parties) == 5
        for key in ("types", "linkages", "red_lines"):
            seen[key] += any(key in b for b in blocks)
    assert min(seen.values()) >= 20, seen


if __name__ == "__main__":
    start, number = int(sys.argv[1]), int(sys.argv[2])
    failed = 0
    for one in range(start, start + number):
        try:
            run(one, 1)
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
            failed += 1
            at = traceback.extract_tb(error.__traceback__)[-1]
            print(f"seed {one}: {at.name}:{at.lineno} {at.line} {str(error)[:200]}")
    print(f"{number} cases from seed {start}: {failed} differ")
