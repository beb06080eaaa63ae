"""What versions are compared by: each lens's own figures, the interval of a difference of conditional
probabilities, what is looked at once, and what is not compared, with its reason."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import winset
from winset import compare, load, read_data
from winset.case import edited, loads
from winset.lenses import NotComputed
from winset.lenses.comparison_values import ASKED, DRAWN, applies, reads, versions
from winset.lenses.estimates import Estimate, paired, share
from winset.lenses.per_draw import PerDraw, difference

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "cases" / "alaska-2025.yaml").read_text(encoding="utf-8")
ALASKA = loads(TEXT)
LAWSUIT = load(ROOT / "cases" / "litigation.yaml")
#: Block to an edit of it.
EDITS = {
    "stages": {"stages.hearing.hazard": "20% to 30%"},
    "talks": {"talks.deadline": "5 to 9 days"},
    "threats": {"threats.severe consequences.cost": "1 to 3"},
    "guarantees": {"guarantees.treaty.punishment": "1 to 2"},
    "durability": {"durability.horizon": "2 years"},
    "concessions": {"concessions.sanctions put off.reversible": "1% to 5%"},
    "war": {"war.fighting on.costs.ukraine": "30% to 60%"},
    "conflict": {"conflict.preferences.russia.types.dealmaker.prioritised.2.sure": "1% to 5%"},
}
LATER = tuple(DRAWN)


def other(changes: dict[str, str]) -> Any:
    return loads(edited(TEXT, changes, file="alaska"))


def ratified(seats: int = 2, **plaintiff: Any) -> Any:
    """The lawsuit, with a board that confirms what the plaintiff signs."""
    data = LAWSUIT.to_data()
    data["preferences"]["plaintiff"] = {**data["preferences"]["plaintiff"], **plaintiff}
    members = {"chair": {"votes": 1, "yes": "40% to 80%"}, "owners": {"votes": 1, "like": "plaintiff"}}
    data["bodies"] = {"board": {"ratifies": "plaintiff", "members": members, "passes": seats}}
    return read_data(data)


def figures(lens: str, case: Any, deals: Any, **how: Any) -> dict[tuple[str, str, str], Any]:
    """What a lens itself tells, under the keys of a comparison: estimates, or means alone."""
    out: dict[tuple[str, str, str], Any] = {}
    if lens == "course":
        found = winset.course(case, what_if=[], **how)
        failure = found.failure
        out["agreed", "", ""] = 1 - failure.value
        for stage in found.stages:
            lost = [e.probability.value for e in stage.endings if e.how != "agreement"]
            out["failed", stage.stage, ""] = math.fsum(lost)
        out["days", "", ""] = found.days.mean
    elif lens == "ratification":
        found = winset.ratification(case, deals=deals, **how)
        for body in found.bodies:
            for vote in body.deals:
                out["ratified", vote.name, body.body] = vote.ratified
                out["ratified if signed", vote.name, body.body] = vote.given_signed
        for deal in found.deals:
            out["stands", deal.name, ""] = deal.stands
            out["passes", deal.name, ""] = deal.signed
    elif lens == "durability":
        for deal in winset.durability(case, **how).deals:
            out["kept", deal.name, ""] = deal.kept
            out["passes", deal.name, ""] = deal.signed
    elif lens == "threats":
        for threat in winset.threats(case, **how).threats:
            out["credible", threat.name, ""] = threat.credible.believed
            effect = threat.effect
            if not isinstance(effect, NotComputed):
                out["complies", threat.name, ""] = effect.complies
                out["credible and complies", threat.name, ""] = effect.both
                out["opens the zone", threat.name, ""] = effect.opened
    elif lens == "concessions":
        for audit in winset.concessions(case, **how).audits:
            for receipt in audit.receipts:
                for verdict, found in receipt.verdicts.items():
                    out[verdict, audit.name, receipt.party] = found
    elif lens == "war":
        for c in winset.war(case, **how).contests:
            out["range", c.name, ""] = c.range.open
            out["width", c.name, ""] = c.range.width.mean
            for side in c.sides:
                out["fighting", c.name, side.party] = side.fighting.mean
                if side.points is not None:
                    out["cost of fighting", c.name, side.party] = side.points.mean
            for option in c.options:
                out["inside", f"{c.name}, {option.issue}: {option.option}", ""] = option.inside
            out["refused offer", c.name, c.demand.by] = c.demand.refused
            if not isinstance(c.power, NotComputed):
                out["commitment", c.name, ""] = c.power.met
            if not isinstance(c.learning, NotComputed):
                out["apart", c.name, ""] = c.learning.apart
                out["meet", c.name, ""] = c.learning.meet
            ripe = c.ripeness
            out["hurts", c.name, ""] = ripe.both_hurting
            out["drifts", c.name, ""] = ripe.both_hurting_stated
            out["calm", c.name, ""] = ripe.neither_better
            out["shared", c.name, ""] = ripe.shared
    else:
        found = winset.stability(case, **how).conflict
        for state in found.shown:
            label = " + ".join(state.state)
            out["lasts", label, ""] = state.odds.equilibrium["seq"]
            if not state.now:
                out["ends in", label, ""] = state.odds.ends
    return out


@pytest.mark.parametrize("method", ["random", "sobol"])
@pytest.mark.parametrize("lens", [*LATER, "ratification"])
def test_both_sides_are_what_the_lens_itself_tells(lens: str, method: str):
    if lens == "ratification":
        cases = {"a": ratified(), "b": ratified(no_deal="30 to 60")}
    else:
        cases = {"a": ALASKA, "b": other({k: v for b in DRAWN[lens] for k, v in EDITS[b].items()})}
    draws = 1024
    how = {"draws": draws, "rng": 7, "method": method}
    plan, found, _ = versions(cases, (lens,), **how)
    assert plan.draws == draws
    for version, case in zip(found, cases.values(), strict=True):
        expected = figures(lens, case, list(case.offers), **how)
        compared = 0
        for key, told in version.values.items():
            if key not in expected:  # a state that the lens lists only where it is likelier
                assert lens == "stability" or (key[0] == "failed" and not told.values.any()), key
                continue
            compared += 1
            value = expected[key]
            if isinstance(value, Estimate):
                assert told.found == value, key
            else:
                assert told.found.value == pytest.approx(value, rel=1e-12, abs=1e-15), key
        assert compared >= 3
        computed = {k for k, v in expected.items() if isinstance(v, float | Estimate)}
        assert {k for k in computed if k[0] not in ("lasts", "ends in")} <= set(version.values)
    # and the comparison shows these
    (one,) = compare(cases, lenses=[lens], **how).comparisons
    assert any(c.what in ASKED[lens] for c in one.changed)
    for c in one.changed:
        key = (c.what, c.subject, c.party)
        if key in expected and isinstance(expected[key], Estimate):
            assert c.after == expected[key]


def test_estimates_are_of_the_values_of_the_draws():
    how: Any = {"draws": 512, "rng": 2, "method": "random", "most": 2}
    _, (version,), _ = versions({"a": ALASKA}, tuple(ASKED), **how)
    _, (board,), _ = versions({"a": ratified(no_deal="30 to 60")}, ("ratification",), **how)
    kinds = set()
    for key, told in [*version.values.items(), *board.values.items()]:
        top, given = told.ratio
        assert told.found.value == pytest.approx(top.mean() / given.mean(), abs=1e-12), key
        kinds.add((key[0], told.given is None))
    assert {("kept", False), ("ratified if signed", False), ("hollow", True)} <= kinds
    assert {key[0] for key in version.values} >= {"kept", "hollow", "lasts", "range", "agreed", "credible"}


@pytest.mark.parametrize("block", EDITS)
def test_what_is_looked_at_once_would_be_the_same_looked_at_twice(block: str):
    """A lens that cannot read what differs is not asked again; asked alone, it says the same."""
    edit = other(EDITS[block])
    lenses = ("zone", "solutions", *LATER)
    how: Any = {"draws": 256, "rng": 1, "method": "random"}
    _, (base, shared), _ = versions({"a": ALASKA, "b": edit}, lenses, **how)
    _, (alone,), _ = versions({"b": edit}, lenses, **how)
    moved = set()
    for key, told in alone.values.items():
        if key not in shared.values:  # a state of interest of this version alone
            assert key[0] in ASKED["stability"]
            continue
        assert shared.values[key].same(told), key
        if key in base.values and not base.values[key].same(told):
            moved |= {lens for lens in lenses if key[0] in ASKED[lens] and key[0] != "passes"}
    reading = {lens for lens in lenses if reads(lens, block)}
    assert moved
    assert moved <= reading


def test_a_block_that_nothing_compared_reads_is_told():
    cases = {"a": ALASKA, "b": other(EDITS["war"])}
    (one,) = compare(cases, lenses=["zone", "threats"], most=0, draws=64).comparisons
    assert (one.changed, one.unread, one.nothing_changed) == ((), ("war",), False)
    assert one.same > 10
    (one,) = compare(cases, lenses=["war"], draws=64).comparisons
    assert one.unread == ()
    assert one.changed


def test_by_default_all_that_the_case_is_about():
    assert compare({"a": LAWSUIT, "b": LAWSUIT}, draws=32).lenses == (
        "zone",
        "blockers",
        "frontier",
        "solutions",
        "war",
    )
    assert set(ASKED) - set(compare({"a": ALASKA, "b": ALASKA}, draws=32).lenses) == {"ratification"}
    assert not applies("concessions", LAWSUIT)


def test_a_block_that_only_one_version_has():
    data = ALASKA.to_data()
    for block in ("war", "correlations"):
        data.pop(block, None)
    (one,) = compare({"a": ALASKA, "b": read_data(data)}, lenses=["zone", "war"], draws=64).comparisons
    alone = {n.what: n for n in one.not_compared}
    assert alone["range"].missing_in == "b"
    assert alone["range"].because is None
    (why,) = one.not_computed
    assert (why.lens, why.version) == ("war", "b")
    assert "has no war" in why.because


def test_a_deal_that_is_never_signed_has_no_chance_to_be_kept():
    cases = {"a": ALASKA, "b": other({"preferences.ukraine.no_deal": "98 to 99"})}
    (one,) = compare(cases, lenses=["durability"], draws=128).comparisons
    kept = [n for n in one.not_compared if n.what == "kept"]
    assert kept
    assert {n.missing_in for n in kept} == {"b"}
    assert all("none of the draws" in str(n.because) for n in kept)
    signed = [c for c in one.changed if c.what == "passes"]
    assert {c.after.value for c in signed} == {0}
    (same,) = compare({"b": cases["b"], "c": cases["b"]}, lenses=["durability"], draws=128).comparisons
    assert {n.missing_in for n in same.not_compared} == {""}
    assert same.nothing_changed


def test_more_deals_than_a_course_takes():
    data = ALASKA.to_data()
    data["issues"] |= {f"more {n}": {"options": [f"{n}{c}" for c in "abcdef"]} for n in range(4)}
    extra = {f"more {n}": 1 for n in range(4)}
    for offer in data["offers"].values():
        offer["deal"] |= {f"more {n}": f"{n}a" for n in range(4)}
    for block in ("durability", "guarantees", "concessions", "conflict", "threats", "war", "no_deal"):
        data.pop(block, None)
    for prefs in data["preferences"].values():
        prefs["weights"] |= dict.fromkeys(extra, 0)
        prefs.setdefault("no_deal", 30)
    data.pop("decisions", None)
    data.pop("levers", None)
    data.pop("correlations", None)
    large = read_data(data)
    (one,) = compare({"a": large, "b": large}, lenses=["course"], draws=16).comparisons
    assert {(n.lens, n.version) for n in one.not_computed} == {("course", "a"), ("course", "b")}
    assert "are listed in every draw" in one.not_computed[0].because


# ------------------------------------------------------------------------- the difference of two conditionals


def told(values: Any, given: Any) -> PerDraw:
    return PerDraw(np.asarray(values), share(0, len(values)), None if given is None else np.asarray(given))


def drawn(rng: np.random.Generator, many: int, p: float) -> tuple[PerDraw, PerDraw]:
    """A deal that the second version signs less often and keeps more often: 0.6 and 0.75, given that."""
    one, two = rng.random(many), rng.random(many)
    before, after = one < 1.25 * p, one < p  # what is signed in the second is signed in the first
    kept = two < np.where(after, 0.75, 0.0), two < 0.6
    return told(before & kept[1], before), told(after & kept[0], after)


def test_where_all_is_given_it_is_the_interval_of_paired_draws():
    rng = np.random.default_rng(4)
    for _ in range(20):
        many = int(rng.integers(2, 60))
        a, b = rng.random(many) < 0.3, rng.random(many) < 0.7
        every = np.ones(many, np.bool_)
        plain, ratio = paired(a, b), difference(told(a, every), told(b, None))
        assert ratio.value == pytest.approx(plain.value)
        assert ratio.standard_error == pytest.approx(plain.standard_error)
        assert (ratio.low, ratio.high) == pytest.approx((plain.low, plain.high))


def test_its_error_is_that_of_the_jackknife():
    """Leave out one draw at a time (Efron and Stein 1981), in plain numbers."""
    rng = np.random.default_rng(8)
    before, after = drawn(rng, 400, 0.5)
    found = difference(before, after)

    def change(keep: list[int]) -> float:
        parts = []
        for one in (after, before):
            assert one.given is not None
            parts.append(sum(bool(one.values[n]) for n in keep) / sum(bool(one.given[n]) for n in keep))
        return parts[0] - parts[1]

    every = list(range(400))
    assert found.value == pytest.approx(change(every))
    left_out = [change(every[:n] + every[n + 1 :]) for n in every]
    middle = sum(left_out) / 400
    error = math.sqrt(399 / 400 * sum((x - middle) ** 2 for x in left_out))
    assert found.standard_error == pytest.approx(error, rel=0.01)


@pytest.mark.parametrize(("many", "p"), [(2048, 0.6), (2048, 0.02), (128, 0.3)])
def test_nineteen_of_twenty_intervals_hold_the_true_difference(many: int, p: float):
    rng = np.random.default_rng(many)
    held, runs = 0, 2000
    for _ in range(runs):
        before, after = drawn(rng, many, p)
        if before.given is None or after.given is None or not after.given.any():
            held += 1
            continue
        found = difference(before, after)
        held += found.low <= 0.15 <= found.high
    assert 0.935 <= held / runs <= 0.995


def test_sobol_points_keep_the_scatter_of_their_lanes():
    rng = np.random.default_rng(5)
    before, after = drawn(rng, 4096, 0.5)
    plain, lanes = difference(before, after), difference(before, after, method="sobol")
    assert lanes.value == plain.value
    assert lanes.standard_error == pytest.approx(plain.standard_error, rel=0.6)
    assert lanes.low < lanes.value < lanes.high


def test_what_is_certain_in_both_has_no_error():
    yes, no = (PerDraw(np.full(50, v), share(50 * v, 50), None, certain=True) for v in (True, False))
    assert (difference(yes, no).low, difference(yes, no).high) == (-1, -1)
    open_ = difference(yes, told(np.zeros(50, np.bool_), None))
    assert open_.low == -1 < open_.high < -0.8
