"""Threats: plain Python draw by draw, closed forms, and what must hold whatever the numbers."""

from __future__ import annotations

import copy
import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.lenses.edges import EDGES
from tests.oracles.threat_oracle import Draw, random_threats

from winset import compile_case, course, load, read_data, threats, zone
from winset.compiled.draws import uncertain
from winset.kernels.threats import after_record, critical, prior_needed
from winset.lenses import NotComputed
from winset.lenses.estimates import Estimate, plan
from winset.lenses.threat_run import ThreatRun
from winset.lenses.threats import ThreatOdds

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"
Data = dict[str, Any]


def dispute(threat: Data, no_deal: Any = 50, **more: Any) -> Data:
    """Two parties, one issue. The target prefers to refuse what the maker wants: 40 against its no deal."""
    return {
        "winset": 1,
        "title": "A dispute",
        "sources": {"s": {"title": "t"}},
        "claims": {c: {"by": "a", "says": "so", "source": "s"} for c in ("c1", "c2", "c3")},
        "parties": {"a": {}, "b": {}, "c": {}},
        "consent": {"all": ["a", "b"]},
        "issues": {"x": {"options": ["yield", "stay"]}},
        "preferences": {
            "a": {"weights": {"x": 1}, "scores": {"x": {"yield": 100, "stay": 0}}, "no_deal": 30},
            "b": {"weights": {"x": 1}, "scores": {"x": {"yield": 40, "stay": 100}}, "no_deal": no_deal},
        },
        "threats": {"t": {"by": "a", "to": "b", "unless": "any deal", **threat}},
        **more,
    }


def asked(data: Data, **options: Any) -> ThreatOdds:
    found = threats(read_data(data), **{"draws": 2048, **options}).threats
    assert not isinstance(found, NotComputed)
    return found[0]


def value(found: Any) -> float:
    assert isinstance(found, Estimate), found
    return found.value


# ---- draw by draw


@pytest.mark.parametrize("batch", range(4))
def test_against_plain_python_draw_by_draw(batch: int) -> None:
    """Credible, effective, both, the zone and the deals, of random cases in 16 draws each."""
    many, seen = 16, set()
    for seed in range(25 * batch, 25 * batch + 25):
        data = random_threats(random.Random(seed))
        case = read_data(data)
        found = threats(case, draws=many, rng=seed)
        assert not isinstance(found.threats, NotComputed)
        draws = drawn(case, many, seed, data)
        assert value(found.opened) == pytest.approx(mean(d.open() for d in draws))
        for told in found.threats:
            compare(told, draws, seen)
    assert seen >= {"threat", "promise", "prior", "record", "no say", "types", "both"}


def drawn(case: Any, many: int, seed: int, data: Data) -> list[Draw]:
    model = uncertain(case, also=("threats",))
    run = ThreatRun(model, plan(many, seed))
    run.do(None)
    fixed = {path: float(number.central(bounds)) for path, number, bounds in case.numbers()}

    def one(n: int) -> Draw:
        numbers = {**fixed, **{i.path: run.values[n, k] for k, i in enumerate(model.inputs)}}
        kinds = {p: model.types[p][run.kind[k, n]] for k, p in enumerate(model.parties) if p in model.types}
        return Draw(data, numbers.__getitem__, kinds)

    return [one(n) for n in range(many)]


def mean(values: Any) -> float:
    every = [float(v) for v in values]
    return sum(every) / len(every)


def compare(told: ThreatOdds, draws: list[Draw], seen: set[str]) -> None:
    name = told.name
    body = draws[0].data["threats"][name]
    seen |= {body["kind"], *(k for k in ("prior", "record", "types") if k in body)}
    resolute = [float(d.resolute(name)) for d in draws]
    assert value(told.credible.interests) == pytest.approx(mean(resolute))
    weight = [d.record(name) for d in draws]
    yes = [r * w[0] for r, w in zip(resolute, weight, strict=True)]
    no = [(1 - r) * w[1] for r, w in zip(resolute, weight, strict=True)]
    whole = sum(yes) + sum(no)
    assert value(told.credible.believed) == pytest.approx(sum(yes) / whole)
    effect = told.effect
    assert not isinstance(effect, NotComputed)
    after = [d.open(d.effects(name)) for d in draws]
    assert value(effect.opened) == pytest.approx(mean(after))
    for change in effect.deals:
        passed = [d.passes(change.deal) for d in draws]
        carried = [d.passes(change.deal, d.effects(name)) for d in draws]
        assert (change.without.value, change.carried.value) == pytest.approx((mean(passed), mean(carried)))
        assert change.change.value == pytest.approx(mean(carried) - mean(passed))
    up = down = 0
    for deal in draws[0].deals:
        moved = sum(d.passes(deal, d.effects(name)) - d.passes(deal) for d in draws)
        up, down = up + (moved > 0), down + (moved < 0)
    assert (effect.opens, effect.closes) == (up, down)
    if not draws[0].has_say(name):
        seen.add("no say")
        assert isinstance(effect.complies, NotComputed)
        return
    complies = [d.complies(name, 1.0) for d in draws]
    assert value(effect.complies) == pytest.approx(mean(complies))
    assert value(effect.anyway) == pytest.approx(mean(d.complies(name, 0.0) for d in draws))
    assert value(effect.cannot) == pytest.approx(mean(d.courses(name)[0] is None for d in draws))
    belief = value(told.credible.believed)
    assert value(effect.at_belief) == pytest.approx(mean(d.complies(name, belief) for d in draws))
    both = sum(y for y, c in zip(yes, complies, strict=True) if c) / whole
    assert value(effect.both) == pytest.approx(both)
    seen.add("both")
    plainly = mean(r * c for r, c in zip(resolute, complies, strict=True))
    assert value(effect.both_interests) == pytest.approx(plainly)


# ---- closed forms


def test_credible_by_two_uniform_ranges() -> None:
    """Cost uniform on [0, 10], audience cost uniform on [0, 5]: P(cost <= audience) = E[audience] / 10."""
    found = asked(dispute({"cost": "0 to 10, uniform", "audience": "0 to 5, uniform"}), draws=20_000)
    interests = found.credible.interests
    assert abs(interests.value - 0.25) < 4 * interests.standard_error
    assert interests.low < 0.25 < interests.high


@pytest.mark.parametrize(("cost", "audience", "benefit"), [(4, 3, 0), (4, 4, 0), (4, 3, 1), (4, 0, 5)])
def test_a_tie_is_credible(cost: int, audience: int, benefit: int) -> None:
    found = asked(dispute({"cost": cost, "audience": audience, "benefit": benefit}))
    assert found.credible.interests.value == float(cost - benefit <= audience)
    assert found.credible.interests.standard_error == 0


def test_the_record_by_bayes_rule() -> None:
    """Prior 1/2; carried out by 80 % and 20 %, then put off by 30 % and 60 %: 0.5 x 0.8 x 0.3 against
    0.5 x 0.2 x 0.6 makes 2 to 1."""
    record = [
        {"carried_out": "yes", "because": "c1"},
        {"carried_out": "no", "because": "c2", "likelihoods": {"resolute": "30%", "irresolute": "60%"}},
    ]
    threat = {"prior": "50%", "carries_out": {"resolute": "80%", "irresolute": "20%"}, "record": record}
    found = asked(dispute(threat)).credible
    assert [value(s.after) for s in found.record] == pytest.approx([0.8, 2 / 3])
    assert value(found.believed) == pytest.approx(2 / 3)
    assert [(s.resolute, s.irresolute) for s in found.record] == [(0.8, 0.2), (0.3, 0.6)]
    turned = asked(dispute({**threat, "record": record[::-1]})).credible
    assert value(turned.believed) == pytest.approx(2 / 3)
    kept = [{"carried_out": "no", "because": "c3"}]
    assert value(asked(dispute({**threat, "record": kept})).credible.believed) == pytest.approx(0.2)


def test_the_record_scatters_as_its_error_says() -> None:
    """The standard error of a ratio of means, against its scatter over seeds."""
    threat = {
        "cost": "0 to 10, uniform",
        "audience": "0 to 10, uniform",
        "carries_out": {"resolute": "70% to 90%", "irresolute": "20% to 60%"},
        "record": [{"carried_out": "no", "because": "c1"}],
    }
    found = [asked(dispute(threat), rng=seed, draws=256).credible.believed for seed in range(60)]
    values, errors = [value(f) for f in found], [f.standard_error for f in found]  # type: ignore[union-attr]
    assert np.std(values, ddof=1) == pytest.approx(np.mean(errors), rel=0.25)
    truth = asked(dispute(threat), draws=100_000).credible.believed
    inside = sum(f.low <= value(truth) <= f.high for f in found)  # type: ignore[union-attr]
    assert inside >= 52


def test_without_any_draw_in_which_it_is_credible_the_interval_is_not_a_point() -> None:
    threat = {
        "cost": "20 to 30, uniform",
        "audience": "0 to 10, uniform",
        "carries_out": {"resolute": "90%", "irresolute": "10%"},
        "record": [{"carried_out": "yes", "because": "c1"}],
    }
    found = asked(dispute(threat), draws=100).credible
    assert isinstance(found.believed, Estimate)
    assert (found.believed.value, found.believed.low) == (0, 0)
    before = found.interests.high
    assert found.believed.high == pytest.approx(9 * before / (9 * before + 1 - before))


def test_an_impossible_record_is_said_to_be_one() -> None:
    often = {"resolute": "100%", "irresolute": "0%"}
    record = [{"carried_out": "no", "because": "c1"}, {"carried_out": "yes", "because": "c2"}]
    found = asked(dispute({"cost": 3, "audience": 1, "carries_out": often, "record": record, "harm": 5}))
    assert isinstance(found.credible.believed, NotComputed)
    assert "impossible" in found.credible.believed.because
    assert not isinstance(found.effect, NotComputed)
    assert isinstance(found.effect.at_belief, NotComputed)
    json.dumps(found.to_dict(), allow_nan=False)


# ---- the target


@pytest.mark.parametrize(
    ("harm", "complies", "risk"), [(5, 0, None), (10, 1, 1.0), (20, 1, 0.5), (40, 1, 0.25)]
)
def test_the_critical_risk(harm: int, complies: int, risk: float | None) -> None:
    """No deal is worth 50 to the target and yielding 40: it yields from a belief of 10 / harm on."""
    found = asked(dispute({"prior": "50%", "harm": harm, "unless": {"x": "yield"}}))
    effect = found.effect
    assert not isinstance(effect, NotComputed)
    assert (value(effect.complies), value(effect.anyway), value(effect.cannot)) == (complies, 0, 0)
    if risk is None:
        assert isinstance(effect.critical, NotComputed)
    else:
        assert effect.critical.median == pytest.approx(risk)  # type: ignore[union-attr]
    assert value(effect.at_belief) == float(10 / harm <= 0.5)
    assert value(effect.both) == pytest.approx(0.5 * complies)


def test_a_promise_works_the_other_way_round() -> None:
    """What a threat of 20 points does to refusing, a promise of 20 points does to yielding."""
    threat = asked(dispute({"prior": "50%", "harm": 20, "unless": {"x": "yield"}})).effect
    promise = asked(dispute({"kind": "promise", "prior": "50%", "gain": 20, "unless": "no deal"})).effect
    assert not isinstance(threat, NotComputed)
    assert not isinstance(promise, NotComputed)
    assert promise.critical == threat.critical
    assert (promise.complies, promise.opened, promise.opens) == (threat.complies, threat.opened, threat.opens)


def test_without_a_way_to_comply_no_harm_is_enough() -> None:
    data = dispute({"prior": "50%", "harm": 1000, "unless": {"x": "yield"}})
    data["preferences"]["b"]["red_lines"] = [{"when": {"x": "yield"}}]
    effect = asked(data).effect
    assert not isinstance(effect, NotComputed)
    assert (value(effect.complies), value(effect.cannot)) == (0, 1)
    assert isinstance(effect.critical, NotComputed)


def test_a_threat_against_a_deal_closes_it() -> None:
    """The target would take the deal at 60 against 50; 20 points of harm are more than it brings."""
    data = dispute({"prior": "50%", "harm": 20, "when": {"x": "stay"}, "unless": None}, no_deal=50)
    del data["threats"]["t"]["unless"]
    data["preferences"]["b"]["scores"]["x"]["stay"] = 60
    data["preferences"]["a"]["scores"]["x"]["stay"] = 40
    effect = asked(data).effect
    assert not isinstance(effect, NotComputed)
    assert (value(effect.opened), effect.change.value, effect.opens, effect.closes) == (0, -1, 0, 1)
    assert value(effect.complies) == 1
    assert effect.critical.median == pytest.approx(0.5)  # type: ignore[union-attr]


def test_what_it_costs_the_maker_bears_on_what_the_maker_accepts() -> None:
    """A maker who would have to carry out at a cost of 15 without a deal takes one that is 10 short."""
    data = dispute({"cost": 15, "audience": 20, "harm": 0}, no_deal=30)
    data["preferences"]["a"]["scores"]["x"] = {"yield": 20, "stay": 0}
    effect = asked(data).effect
    assert not isinstance(effect, NotComputed)
    assert value(threats(read_data(data)).opened) == 0
    assert value(effect.opened) == 1


def test_third_parties_count_where_the_rule_asks_them() -> None:
    data = dispute({"prior": "50%", "harm": 20, "others": {"c": -30}})
    data["consent"] = {"all": ["a", "b", "c"]}
    data["preferences"]["c"] = {"weights": {"x": 1}, "scores": {"x": {"yield": 30, "stay": 0}}, "no_deal": 50}
    effect = asked(data).effect
    assert not isinstance(effect, NotComputed)
    assert value(effect.opened) == 1
    data["threats"]["t"]["others"] = {"c": -10}
    effect = asked(data).effect
    assert not isinstance(effect, NotComputed)
    assert value(effect.opened) == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"unless": None}, "no condition"),
        ({}, "harm to the target is not stated"),
        ({"harm": 5, "to": "c"}, "no preferences"),
    ],
)
def test_what_is_not_known_is_said(change: Data, why: str) -> None:
    data = dispute({"cost": 3, "audience": 4, **change})
    body = data["threats"]["t"]
    data["threats"]["t"] = {k: v for k, v in body.items() if v is not None}
    found = asked(data)
    assert isinstance(found.effect, NotComputed)
    assert why in found.effect.because
    assert found.credible.interests.value == 1


def test_a_target_that_is_not_asked_has_nothing_to_take_or_leave() -> None:
    data = dispute({"kind": "promise", "cost": 3, "audience": 1, "gain": 5, "to": "c", "when": "any deal"})
    del data["threats"]["t"]["unless"]
    data["preferences"]["c"] = {"weights": {"x": 1}, "scores": {"x": {"yield": 30, "stay": 0}}, "no_deal": 50}
    effect = asked(data).effect
    assert not isinstance(effect, NotComputed)
    assert isinstance(effect.complies, NotComputed)
    assert "not asked for" in effect.complies.because


# ---- what would make it credible


@pytest.mark.parametrize("record", [[], [{"carried_out": "no", "because": "c1"}]])
@pytest.mark.parametrize("key", ["audience", "cost"])
def test_what_would_make_it_credible_does(key: str, record: list[Data]) -> None:
    """With the number that is told in place of the range, the probability is what was asked for."""
    threat = {
        "cost": "2 to 8",
        "audience": "1 to 5",
        "benefit": "0 to 2, uniform",
        "carries_out": {"resolute": "80%", "irresolute": "40%"},
        "record": record,
    }
    needed = asked(dispute(threat)).credible.needed
    assert not isinstance(needed, NotComputed)
    for n in needed:
        told = getattr(n, key)
        nudge = 1e-9 if key == "audience" else -1e-9
        found = asked(dispute({**threat, key: told.value + nudge})).credible
        assert value(found.believed) == pytest.approx(n.target, abs=0.002)
        assert told.low < told.value < told.high


# ---- waiting


def test_who_gains_by_the_delay() -> None:
    """Two months at 3 points of harm, 1 of cost and a half before the audiences, told by the month and by
    the week."""
    delay = {"lasts": "2 months", "harm": "3 per month", "cost": "1 per month", "audience": "0.5 per month"}
    found = asked(dispute({"cost": 4, "delay": {**delay, "others": {"c": "-1 per month"}}})).waiting
    told = {w.party: (w.role, w.each.median, w.whole.median, w.gains.value, w.unit) for w in found}
    assert told == {
        "b": ("target", 3, 6, 1, "month"),
        "a": ("maker", 0.5, 1, 1, "month"),
        "c": ("third", -1, -2, 0, "month"),
    }
    week = {**delay, "audience": f"{0.5 * 7 / (365.25 / 12)!r} per week"}
    assert asked(dispute({"cost": 4, "delay": week})).waiting[1].each.median == pytest.approx(0.5)
    promised = {"lasts": "2 months", "gain": "3 per month"}
    (target,) = asked(dispute({"kind": "promise", "cost": 4, "unless": "no deal", "delay": promised})).waiting
    assert (target.party, target.whole.median) == ("b", -6)


def test_claims_that_are_put_off_are_named() -> None:
    case = load(ALASKA)
    found = {t.name: t for t in threats(case, draws=64).threats}  # type: ignore[union-attr]
    assert found["promised sanctions"].put_off == ("sanctions-promised",)
    assert found["promised sanctions"].put_off_by == ("sanctions-delayed",)
    assert found["severe consequences"].put_off == ()
    waiting = {w.party: w for w in found["promised sanctions"].waiting}
    assert waiting["russia"].each.low > 0
    assert set(waiting) == {"russia", "usa", "ukraine", "europe"}


# ---- what must hold whatever the numbers


def test_the_zone_is_that_of_the_zone_lens_and_other_lenses_do_not_see_threats() -> None:
    case = load(ALASKA)
    odds = zone(case, draws=512, rng=3).odds
    found = threats(case, draws=512, rng=3)
    assert not isinstance(odds, NotComputed)
    assert found.opened == odds.open
    data = case.to_data()
    del data["threats"]
    bare = read_data(data)
    assert zone(bare, draws=512, rng=3).to_dict() == zone(case, draws=512, rng=3).to_dict()
    assert course(bare, draws=128).to_dict() == course(case, draws=128).to_dict()


def test_more_harm_or_cost_never_moves_it_the_wrong_way() -> None:
    for seed in range(30):
        data = random_threats(random.Random(seed))
        more = copy.deepcopy(data)
        for body in more["threats"].values():
            body.pop("types", None)
            if "cost" in body:
                body["cost"] = 50
        soft = copy.deepcopy(data)
        for body in soft["threats"].values():
            body.pop("types", None)
        one, two = threats(read_data(soft), draws=64).threats, threats(read_data(more), draws=64).threats
        for a, b in zip(one, two, strict=True):  # type: ignore[arg-type]
            assert b.credible.interests.value <= a.credible.interests.value + 1e-12


def test_both_is_never_more_than_either() -> None:
    for seed in range(40):
        found = threats(read_data(random_threats(random.Random(seed))), draws=64).threats
        for told in found:  # type: ignore[union-attr]
            effect = told.effect
            assert not isinstance(effect, NotComputed)
            if isinstance(effect.both, NotComputed):
                continue
            assert value(effect.both) <= value(told.credible.believed) + 1e-12
            assert value(effect.both_interests) <= min(
                value(told.credible.interests) + 1e-12, value(effect.complies) + 1e-12
            )
            assert value(effect.anyway) <= value(effect.at_belief) <= value(effect.complies)


def test_same_bits_in_any_number_of_draws_and_pieces() -> None:
    """The first 1,024 of 3,000 draws are those of 1,024 draws."""
    model = uncertain(load(ALASKA), also=("threats",))
    few, many = ThreatRun(model, plan(1024, 5)), ThreatRun(model, plan(3000, 5))
    few.do(None)
    many.do(None)
    assert (many.values[:1024] == few.values).all()
    for name in few.due:
        assert (many.best[name][:, :1024] == few.best[name]).all()
        assert (many.opened[name][:1024] == few.opened[name]).all()


def test_parties_by_other_names_get_the_same_without_uncertainty() -> None:
    data = dispute({"cost": 3, "audience": 4, "harm": 12, "others": {"c": 1}})
    other = json.loads(json.dumps(data).replace('"b"', '"z"'))
    one, two = asked(data), asked(other)
    assert one.effect == two.effect
    assert one.credible == two.credible


def test_points_of_the_target_may_be_stretched() -> None:
    """Twice the scale of the target, its harm included, changes nothing about it."""
    data = dispute({"prior": "50%", "harm": "5 to 20"}, no_deal="20 to 30")
    data["preferences"]["b"]["scores"]["x"] = {"yield": 20, "stay": 50}
    big = copy.deepcopy(data)
    big["preferences"]["b"] |= {"scores": {"x": {"yield": 40, "stay": 100}}, "no_deal": "40 to 60"}
    big["threats"]["t"]["harm"] = "10 to 40"
    one, two = asked(data).effect, asked(big).effect
    assert not isinstance(one, NotComputed)
    assert not isinstance(two, NotComputed)
    assert (one.complies, one.opened) == (two.complies, two.opened)
    assert one.critical.median == pytest.approx(two.critical.median)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", EDGES)
def test_a_case_without_threats_says_so(name: str) -> None:
    found = threats(read_data(EDGES[name]))
    assert isinstance(found.threats, NotComputed)
    assert "no threats" in found.threats.because
    assert isinstance(found.opened, NotComputed)


def test_sobol_points_agree_with_random_draws() -> None:
    case = compile_case(load(ALASKA))
    one = threats(case, draws=4096).threats
    two = threats(case, draws=4096, method="sobol").threats
    for a, b in zip(one, two, strict=True):  # type: ignore[arg-type]
        gap = abs(a.credible.interests.value - b.credible.interests.value)
        assert gap < 4 * math.hypot(a.credible.interests.standard_error, b.credible.interests.standard_error)


# ---- kernels


def test_critical_by_hand() -> None:
    comply = np.array([40.0, 40.0, 60.0, -math.inf, 0.0, 10.0])
    defy = np.array([50.0, 50.0, 50.0, 0.0, -math.inf, 20.0])
    size = np.array([20.0, 5.0, 20.0, 90.0, 3.0, 0.0])
    assert critical(comply, defy, size).tolist() == [0.5, 2.0, 0.0, math.inf, 0.0, math.inf]


@pytest.mark.parametrize("resolute", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("irresolute", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("belief", [0.2, 0.5, 0.8])
def test_the_prior_that_is_needed_turns_into_the_belief(
    resolute: float, irresolute: float, belief: float
) -> None:
    before = prior_needed(belief, resolute, irresolute)
    got = after_record(np.array([before]), np.array([resolute]), np.array([irresolute]))
    assert got[0] == pytest.approx(belief)
