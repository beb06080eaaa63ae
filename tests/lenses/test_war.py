"""The lens war: what must hold whatever the numbers, cases at the edges, and the Alaska case."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.lenses.edges import case, values
from tests.lenses.large import large
from typer.testing import CliRunner

from winset import compile_case, load, read_data, war, zone
from winset.case import dump, loads
from winset.cli.commands import app
from winset.compiled.draws import uncertain
from winset.compiled.sampling import Sampler
from winset.errors import CaseError, QuestionError
from winset.lenses import NotComputed

ROOT = Path(__file__).resolve().parents[2]
ALASKA = ROOT / "cases" / "alaska-2025.yaml"
Data = dict[str, Any]

FULL: Data = {
    "between": ["a", "b"],
    "over": "the farm",
    "kind": "trial",
    "wins": {"a": "45% to 65%"},
    "seen_by": {"a": "55% to 75%", "b": "35% to 55%"},
    "costs": {"a": "8% to 20%", "b": "10% to 30%"},
    "stake": {"a": "20 to 40", "b": 30},
    "risk": {"a": "0.6 to 0.9"},
    "settles": {"x": {"l": "70% to 80%", "r": "10% to 20%"}},
    "private": "b",
    "shift": {"a": "-1% to 3% per month"},
    "wear": {"a": "0% to 1% per month", "b": "1% to 2% per month"},
    "discount": {"a": "1% per month", "b": "0% to 2% per month"},
    "horizon": "6 to 18 months",
    "escalation": {"a": {"wins": "1% to 5%", "cost": "1% to 4%"}, "b": {"wins": "3%", "cost": "2% to 5%"}},
    "battles": {"every": "2 to 4 weeks", "weight": {"a": "5 to 10", "b": "8 to 20"}},
}
BOTH = {
    "a": values({"x": {"l": 100, "r": 0}}, "30 to 60"),
    "b": values({"x": {"l": 30, "r": 100}}, "15 to 40"),
}


def data(**bodies: Data) -> Data:
    return case({"all": ["a", "b"]}, {"x": ["l", "r"]}, BOTH, war=bodies)


def mirrored(body: Data) -> Data:
    """The same contest told of the other party: chances of the first become one less those of the second."""

    def less(number: str) -> str:
        low, _, high = number.partition(" to ")
        return f"{100 - float(high.rstrip('%')):g}% to {100 - float(low.rstrip('%')):g}%"

    out = {**body, "between": body["between"][::-1]}
    out["wins"] = {"b": less(body["wins"]["a"])}
    out["seen_by"] = {p: less(n) for p, n in body["seen_by"].items()}
    out["settles"] = {"x": {o: less(n) for o, n in body["settles"]["x"].items()}}
    out["shift"] = {"b": "-3% to 1% per month"}
    return out


def test_told_of_the_other_party_it_is_the_same_contest():
    one, two = war(read_data(data(it=FULL, other=mirrored(FULL))), draws=4000).contests
    near = 0.03
    assert one.range.low.median == pytest.approx(1 - two.range.high.median, abs=near)
    assert one.range.open.value == pytest.approx(two.range.open.value, abs=near)
    assert (one.demand.by, one.demand.to) == (two.demand.by, two.demand.to)
    assert one.demand.demand.median == pytest.approx(two.demand.demand.median, abs=near)
    assert one.demand.refused.value == pytest.approx(two.demand.refused.value, abs=near)
    assert one.power.met.value == pytest.approx(two.power.met.value, abs=near)
    assert one.power.fights["b"].value == pytest.approx(two.power.fights["b"].value, abs=near)
    assert one.learning.apart.value == pytest.approx(two.learning.apart.value, abs=near)
    for option, other in zip(one.options, two.options, strict=True):
        assert option.inside.value == pytest.approx(other.inside.value, abs=near)
    for n in (0, 1):
        assert one.ripeness.hurting[n].party == two.ripeness.hurting[1 - n].party
        assert one.ripeness.hurting[n].contest.value == pytest.approx(
            two.ripeness.hurting[1 - n].contest.value, abs=near
        )
        assert one.ripeness.way_out[n].some == two.ripeness.way_out[1 - n].some
    assert one.ripeness.shared == two.ripeness.shared


@pytest.mark.parametrize("seed", range(8))
def test_implications(seed):
    """What follows from the definitions, whatever the numbers."""
    rng = random.Random(seed)

    def chance(low: float = 0.0, high: float = 1.0) -> str:
        a, b = sorted((rng.uniform(low, high), rng.uniform(low, high)))
        return f"{a:.3f} to {b + 0.001:.3f}, uniform"

    body = {
        **FULL,
        "wins": {"a": chance(0.1, 0.9)},
        "seen_by": {"a": chance(0.1, 0.9), "b": chance(0.1, 0.9)},
        "costs": {"a": chance(0, 0.4), "b": chance(0, 0.4)},
        "settles": {"x": {"l": chance(), "r": chance()}},
        "divisible": rng.choice([True, False]),
    }
    (found,) = war(read_data(data(it=body)), draws=600).contests
    span = found.range
    assert span.open.value <= 1 - span.too_optimistic.value + 1e-12
    if body["divisible"]:
        assert span.indivisible is None
        assert span.open.value == pytest.approx(1 - span.too_optimistic.value)
    else:
        total = span.open.value + span.too_optimistic.value + span.indivisible.value
        assert total == pytest.approx(1)
    assert span.too_optimistic.value <= span.optimism.value + 1e-12
    for option in found.options:
        assert option.inside.value <= 1 - span.too_optimistic.value + 1e-12
        assert option.inside.value >= 1 - sum(f.value for f in option.fights.values()) - 1e-12
        assert all(option.inside.value <= 1 - f.value + 1e-12 for f in option.fights.values())
    power = found.power
    assert power.met.value == pytest.approx(sum(f.value for f in power.fights.values()))
    assert (power.months is None) == (power.met.value == 0)
    assert power.met.value <= power.limited.value + 1e-12
    ripe = found.ripeness
    assert ripe.both_hurting.value <= min(h.contest.value for h in ripe.hurting) + 1e-12
    assert ripe.neither_better.value <= min(e.no_better.value for e in ripe.escalation) + 1e-12
    assert ripe.shared.value <= min(w.some.value for w in ripe.way_out) + 1e-12
    assert ripe.deal_accepted is None or ripe.deal_accepted.value <= ripe.shared.value + 1e-12


def test_a_way_out_is_the_zone_where_both_and_nobody_else_must_agree():
    """Two contestants whose yes is all that is needed: the shared way out is P(zone), on the same draws."""
    read = read_data(data(it=FULL))
    (found,) = war(read, draws=700, rng=5).contests
    assert found.ripeness.shared == zone(read, draws=700, rng=5).odds.open


def test_costs_in_points_and_changes_in_points():
    body = {**FULL, "stake": {"a": 50}, "costs": {"a": "10%", "b": "20%"}, "wear": {"a": "1% per month"}}
    del body["shift"]
    (found,) = war(read_data(data(it=body)), draws=50).contests
    a, b = found.sides
    assert a.points.median == pytest.approx(5)
    assert b.points is None
    assert found.ripeness.hurting[0].points.median == pytest.approx(-0.5)
    assert isinstance(found.ripeness.hurting[1].contest, NotComputed)
    assert isinstance(found.ripeness.both_hurting, NotComputed)


def test_the_drift_of_the_talks_stands_beside_it():
    stage = {"kind": "offers", "room": ["a", "b"]}
    talks = {"drift": {"a": "-2 to -1 per month", "b": "12 to 24 per year"}}
    more = {**data(it=FULL), "stages": {"table": stage}, "talks": talks}
    (found,) = war(read_data(more), draws=200).contests
    a, b = found.ripeness.hurting
    assert (a.stated.value, b.stated.value) == (1, 0)
    assert b.stated_change.median == pytest.approx(1.5, abs=0.1)
    assert found.ripeness.both_hurting_stated.value == 0


def test_a_party_without_preferences_has_a_contest_and_no_way_out():
    body = {k: v for k, v in FULL.items() if k != "stake"}
    more = data(it={**body, "between": ["a", "c"]})
    text = json.dumps(more).replace('"b": "10% to 30%"', '"c": "10% to 30%"')
    more = json.loads(text)
    more["parties"]["c"] = {}
    it = more["war"]["it"]
    for key in ("seen_by", "wear", "discount", "escalation"):
        it[key] = {("c" if p == "b" else p): n for p, n in it[key].items()}
    it["battles"]["weight"] = {"a": 5, "c": 5}
    it["private"] = "c"
    (found,) = war(read_data(more), draws=60).contests
    assert found.demand.to == "c"
    assert isinstance(found.ripeness.shared, NotComputed)
    assert isinstance(found.ripeness.way_out[1].some, NotComputed)
    assert not isinstance(found.ripeness.way_out[0].some, NotComputed)


def test_a_case_without_a_contest():
    found = war(read_data(data()))
    assert isinstance(found.contests, NotComputed)
    told = CliRunner().invoke(app, ["ask", "war", str(ROOT / "cases" / "port-development.yaml")])
    assert told.exit_code == 0
    assert "the case states no contest" in " ".join(told.stdout.split())


def test_too_many_deals_and_too_many_draws():
    body = large(60)
    first, second = list(body["preferences"])[:2]
    body["war"] = {
        "it": {"between": [first, second], "wins": {first: 0.5}, "costs": {first: 0.1, second: 0.1}}
    }
    (found,) = war(read_data(body)).contests
    assert isinstance(found.ripeness.shared, NotComputed)
    assert found.ripeness.way_out[0].some.value in (0, 1)
    with pytest.raises(QuestionError, match="at most 1,000,000"):
        war(read_data(data(it=FULL)), draws=2_000_000)


def test_a_draw_is_the_same_however_the_work_is_cut(monkeypatch):
    read = compile_case(read_data(data(it=FULL)))
    whole = war(read, draws=1500, rng=3).to_dict()
    monkeypatch.setattr(Sampler, "width", property(lambda self: 96))
    assert war(read, draws=1500, rng=3).to_dict() == whole


def test_the_zone_does_not_know_of_the_contest():
    """The unknowns of a contest are drawn apart: other lenses answer as without it."""
    plain = data()
    del plain["war"]
    with_, without = read_data(data(it=FULL)), read_data(plain)
    assert zone(with_, draws=300).to_dict() == zone(without, draws=300).to_dict()
    assert not any(i.path.startswith("war.") for i in uncertain(with_).inputs)
    assert any(i.path == "war.it.wins.a" for i in uncertain(with_, also=("war",)).inputs)


def test_numbers_of_a_contest_can_be_correlated_and_set(tmp_path):
    linked = {"between": ["war.it.costs.a", "a.no_deal"], "rho": -0.9}
    model = uncertain(read_data({**data(it=FULL), "correlations": [linked]}), also=("war",))
    scores = Sampler(model, 0).scores(0, 1024)
    at = [model.index[path] for path in linked["between"]]
    assert np.corrcoef(scores[:, at].T)[0, 1] == pytest.approx(-0.9, abs=0.02)
    file = tmp_path / "it.yaml"
    file.write_text(dump(read_data(data(it=FULL))), encoding="utf-8")
    assert CliRunner().invoke(app, ["set", str(file), "war.it.costs.a", "5%"]).exit_code == 0
    assert load(file).war["it"].costs["a"].short() == "5%"


def test_there_and_back():
    read = read_data(data(it=FULL))
    assert loads(dump(read)) == read


def test_the_same_bytes_and_other_seeds():
    read = read_data(data(it=FULL))
    one, two = (json.dumps(war(read, draws=200, rng=s).to_dict()) for s in (4, 4))
    assert one == two
    assert json.dumps(war(read, draws=200, rng=5).to_dict()) != one
    sobol = war(read, draws=1024, method="sobol").contests[0]
    plain = war(read, draws=8000).contests[0]
    for a, b in ((sobol.range.open, plain.range.open), (sobol.power.met, plain.power.met)):
        assert abs(a.value - b.value) <= 4 * (a.standard_error + b.standard_error) + 1e-9


# ---- the Alaska case


@pytest.fixture(scope="module")
def alaska():
    return war(load(ALASKA), draws=2048)


def test_alaska_has_one_contest_with_all_its_parts(alaska):
    (found,) = alaska.contests
    assert found.between == ("russia", "ukraine")
    assert set(found.because) == {"ground-gained", "invasion"}
    parts = (found.demand, found.power, found.learning, found.ripeness.shared, found.ripeness.both_hurting)
    assert not any(isinstance(part, NotComputed) for part in parts)


def test_alaska_each_party_has_ranges_of_the_same_width():
    """Equal care: what is judged of one is judged of the other, as wide."""
    body = load(ALASKA).war["fighting on"]
    for part in (body.seen_by, body.costs, body.stake):
        widths = [float(n.high - n.low) for n in part.values()]
        assert len(widths) == 2
        assert widths[0] == pytest.approx(widths[1])
    for timed in (body.wear, body.discount):
        a, b = (t.number for t in timed.values())
        assert (a.low, a.high) == (b.low, b.high)
    a, b = body.escalation.values()
    assert (a.wins, a.cost) == (b.wins, b.cost)


def test_alaska_the_two_readings_of_the_drift_stand_side_by_side(alaska):
    """The talks say that time is on Russia's side; the contest, with its wear, is less sure of it."""
    russia, ukraine = alaska.contests[0].ripeness.hurting
    assert russia.stated.value < 0.2 < russia.contest.value
    assert ukraine.stated.value > 0.8
    assert ukraine.contest.value > 0.8


# ---- faults


def faults(**change: Any) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_data(data(it={**FULL, **change}))
    return [f"{f.where}: {f.message}" for f in caught.value.faults]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"between": ["a"]}, ["war.it.between: a contest is between two parties"]),
        ({"between": ["a", "a"]}, ["war.it.between: a contest is between two parties"]),
        ({"wins": {"b": "40%"}}, ["war.it.wins.b: this is told of the first party of between"]),
        ({"wins": {}}, ["war.it.wins: no number for a"]),
        ({"wins": {"a": "120%"}}, ["war.it.wins.a: too large"]),
        ({"costs": {"a": "10%"}}, ["war.it.costs: no number for b"]),
        ({"costs": {"a": "-10%", "b": "10%"}}, ["war.it.costs.a: too small"]),
        ({"risk": {"a": 2}}, ["war.it.risk.a: too large"]),
        ({"discount": {"a": "-1% per month"}}, ["war.it.discount.a: out of range"]),
        ({"discount": {"a": "1%"}}, ["war.it.discount.a: a unit of time is missing"]),
        ({"private": "c"}, ["war.it.private: unknown party of the contest"]),
        (
            {"proposes": "b"},
            [
                "war.it.proposes: who makes the offer knows its own costs; it is the other that does not "
                "know them"
            ],
        ),
        ({"settles": {"x": {"m": "10%"}}}, ["war.it.settles.x.m: unknown option of x"]),
        ({"settles": {}}, ["war.it.settles: not one issue"]),
        ({"settles": {"z": {"m": "10%"}}}, ["war.it.settles.z: unknown issue"]),
        (
            {"battles": {"every": "0 weeks", "weight": {"a": 1, "b": 1}}},
            ["war.it.battles.every: no time at all"],
        ),
        ({"battles": {"every": "1 week", "weight": {"a": 1}}}, ["war.it.battles.weight: no number for b"]),
        ({"escalation": {"a": {"wins": "3%"}}}, ["war.it.escalation.a: the key cost is missing"]),
        (
            {"escalation": {"c": {"wins": "3%", "cost": 1}}},
            ["war.it.escalation.c: unknown party of the contest"],
        ),
        ({"stake": {"a": "0"}}, ["war.it.stake.a: nothing above zero"]),
        ({"because": "hearsay"}, ["war.it.because: unknown claim"]),
        ({"winners": 1}, ["war.it.winners: unknown key"]),
    ],
)
def test_faults(change, told):
    assert faults(**change) == told


def test_an_extreme_contest_gives_numbers_and_no_nan():
    body = {**FULL, "wins": {"a": "100%"}, "costs": {"a": "300%", "b": "0%"}, "horizon": "1 minute"}
    body |= {
        "battles": {"every": "1 minute", "weight": {"a": 0, "b": 0}},
        "seen_by": {"a": "100%", "b": "0%"},
    }
    body |= {"discount": {"a": "100% per month", "b": "100% per month"}, "risk": {"a": "0.01"}}
    body |= {"escalation": {"a": {"wins": "100%", "cost": "0%"}}}
    found = war(read_data(data(it=body)), draws=40).to_dict()

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                visit(inner)
        elif isinstance(value, list):
            for inner in value:
                visit(inner)
        elif isinstance(value, float):
            assert np.isfinite(value)

    visit(found)
    spans = [found["contests"][0]["range"][key] for key in ("low", "high", "width")]
    assert all(s[k] is not None for s in spans for k in s)
