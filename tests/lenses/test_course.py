"""The course of the talks: funnels by hand, walkouts by Bayes' rule, what-ifs, and the same bits always."""

from __future__ import annotations

import json
import math
import random
import sys
from typing import Any

import pytest
from tests.lenses.edges import Disguise

from winset import course, load, read_data
from winset.case import dump, loads
from winset.case.stages import STRATEGIES
from winset.errors import QuestionError
from winset.kernels import talks
from winset.lenses import NotComputed
from winset.lenses.estimates import Estimate

Data = dict[str, Any]

UNSURE: Data = {"weights": {"x": 1}, "scores": {"x": {"yes": 80, "no": 0}}, "no_deal": "60 to 90"}
ISSUES = {"x": {"options": ["yes", "no"]}}


def data(stages: Data, *, consent: Any = None, preferences: Data | None = None, **more: Any) -> Data:
    """Three parties to whom "yes" is worth 60 and "no" 0 over a no-deal value of 20."""
    mine: Data = {"weights": {"x": 1}, "scores": {"x": {"yes": 80, "no": 0}}, "no_deal": 20}
    return {
        "winset": 1,
        "title": "talks",
        "parties": {p: {} for p in "abc"},
        "consent": consent or {"all": ["a", "b"]},
        "issues": ISSUES,
        "preferences": {**{p: dict(mine) for p in "abc"}, **(preferences or {})},
        "stages": stages,
        **more,
    }


def offers(**more: Any) -> Data:
    return {"kind": "offers", "room": ["a", "b"], "rounds": 2, **more}


def near(found: Estimate, p: float) -> bool:
    return abs(found.value - p) <= 4.5 * math.sqrt(max(p * (1 - p), 1e-9) / found.draws) + 1e-12


def endings(found: Any) -> dict[tuple[str, tuple[str, ...]], float]:
    return {(e.how, e.who): e.probability.value for e in found.endings}


# ---- by hand


def test_hazards_alone_give_a_product():
    hazards = [0.1, 0.25, 0.4]
    stages = {
        "first": {"kind": "talk", "room": ["a", "b"], "hazard": "10%"},
        "second": offers(hazard="25%"),
        "third": {"kind": "consent", "asks": "c", "hazard": "40%"},
    }
    found = course(read_data(data(stages)), draws=20_000)
    survive = 1.0
    for stage, hazard in zip(found.stages, hazards, strict=True):
        assert near(stage.entered, survive)
        event = next(e for e in stage.endings if e.how == "outside event")
        assert near(event.probability, survive * hazard)
        survive *= 1 - hazard
    assert near(found.failure, 1 - survive)
    assert found.failure.value == pytest.approx(1 - endings(found)["agreement", ()])
    assert found.hopeless is not None
    assert found.hopeless.value == 0
    assert found.missed == found.failure
    (deal,) = found.deals
    assert deal.deal == {"x": "yes"}


def test_the_funnel_adds_up():
    found = course(load("cases/alaska-2025.yaml"), draws=512)
    assert sum(s.ended.value for s in found.stages) == pytest.approx(1)
    for stage in found.stages:
        assert sum(e.probability.value for e in stage.endings) == pytest.approx(stage.ended.value)
        assert stage.ended.value <= stage.entered.value + 1e-12
    assert found.hopeless.value + found.missed.value == pytest.approx(found.failure.value)


def test_a_party_whose_yes_is_needed_is_asked_at_the_end():
    refuses = {"c": {"weights": {"x": 1}, "scores": {"x": {"yes": 0, "no": 80}}, "no_deal": 20}}
    case = data({"room": offers()}, consent={"all": ["a", "b", "c"]}, preferences=refuses)
    found = course(read_data(case), draws=16)
    assert endings(found) == {("rejected", ("c",)): 1.0}
    assert [s.stage for s in found.stages] == ["room", ""]
    assert found.hopeless.value == 1
    assert course(read_data({**case, "consent": {"all": ["a", "b"]}}), draws=16).failure.value == 0


def test_heard_is_not_asked():
    """A party that is heard stops a deal only where the rule of consent names it."""
    refuses = {"c": {"weights": {"x": 1}, "scores": {"x": {"yes": 0, "no": 80}}, "no_deal": 20}}

    def failure(how: str, consent: Any) -> float:
        stages = {"room": offers(), "hearing": {"kind": "consent", how: "c"}}
        return course(read_data(data(stages, consent=consent, preferences=refuses)), draws=8).failure.value

    assert failure("consult", {"all": ["a", "b"]}) == 0
    assert failure("consult", {"all": ["a", "b", "c"]}) == 1
    assert failure("asks", {"all": ["a", "b"]}) == 1


def objection(third: Data, at_most: int) -> dict[tuple[str, tuple[str, ...]], float]:
    """In a single round a side asks for the least that it accepts: here first far, then worse, then good."""
    room = {"weights": {"x": 1}, "scores": {"x": {"far": 60, "worse": 70, "good": 80}}, "no_deal": 20}
    stages = {
        "room": offers(rounds=1),
        "hearing": {"kind": "consent", "asks": "c", "rejected": {"to": "room", "at_most": at_most}},
    }
    case = data(stages, consent={"all": ["a", "b", "c"]}, preferences={"a": room, "b": room, "c": third})
    case["issues"] = {"x": {"options": ["far", "worse", "good"]}}
    return endings(course(read_data(case), draws=4))


def test_an_objection_is_remembered():
    """What is worth no more to the objector than what it refused is not offered again."""

    def third(worse: int) -> Data:
        return {"weights": {"x": 1}, "scores": {"x": {"far": 10, "worse": worse, "good": 60}}, "no_deal": 50}

    assert objection(third(worse=5), 1) == {("agreement", ()): 1.0}
    assert objection(third(worse=15), 1) == {("rejected", ("c",)): 1.0}
    assert objection(third(worse=15), 2) == {("agreement", ()): 1.0}


def test_a_red_line_that_is_crossed_is_told():
    """A deal that crosses a red line tells of all red lines, and of nothing else."""
    third = {"weights": {"x": 1}, "scores": {"x": {"far": 90, "worse": 95, "good": 60}}, "no_deal": 50}
    both = {**third, "red_lines": [{"when": {"x": ["far", "worse"]}}]}
    assert objection(both, 1) == {("agreement", ()): 1.0}
    short = {
        **third,
        "scores": {"x": {"far": 90, "worse": 40, "good": 60}},
        "red_lines": [{"when": {"x": "far"}}],
    }
    assert objection(short, 1) == {("rejected", ("c",)): 1.0}


def test_bodies_ratify_with_their_probability():
    stages = {"room": offers(), "vote": {"kind": "ratify", "bodies": "house"}}
    bodies = {"house": {"members": {"free": {"votes": 1, "yes": "30%"}}, "passes": 1}}
    found = course(read_data(data(stages, bodies=bodies)), draws=10_000)
    assert near(found.failure, 0.7)
    assert set(endings(found)) == {("agreement", ()), ("not ratified", ("house",))}


def test_a_deadline_and_a_drift():
    stages = {
        "first": {"kind": "talk", "room": ["a", "b"], "lasts": "2 weeks"},
        "room": offers(lasts="1 week"),
    }
    assert course(read_data(data(stages, talks={"deadline": "21 days"})), draws=4).failure.value == 0
    late = course(read_data(data(stages, talks={"deadline": "20 days"})), draws=4)
    assert endings(late) == {("deadline", ()): 1.0}
    assert late.stages[1].ended.value == 1
    # after three weeks a's no-deal value has come to 20 + 3 x 21 = 83, more than the 80 of the deal; it sees
    # that coming, and the talks are worth to it what no deal will be worth
    drift = course(read_data(data(stages, talks={"drift": {"a": "3 per day"}})), draws=4)
    assert endings(drift) == {("walkout", ("a",)): 1.0}
    assert drift.parties[0].mean.value == pytest.approx(63)
    assert drift.days.median == 21


# ---- who walks out


def walk(stay: float) -> Any:
    """Deals are possible with a soft a only; b sees a signal of that and decides whether to stay."""
    kinds = {"soft": {"prior": "60%"}, "hard": {"rest": True, "no_deal": 90}}
    a = {"weights": {"x": 1}, "scores": {"x": {"yes": 80, "no": 0}}, "no_deal": 20, "types": kinds}
    stages = {
        "hello": {
            "kind": "talk",
            "room": ["a", "b"],
            "signals": {"a": {"warm": {"soft": "70%", "hard": "20%"}, "cold": {"rest": True}}},
            "stay": {"b": stay, "a": 0},
        },
        "room": offers(),
    }
    return course(read_data(data(stages, preferences={"a": a})), draws=20_000)


def test_bayes_decides_who_walks_out():
    """By hand: P(soft | warm) = .42 / .50 = .84, P(soft | cold) = .18 / .50 = .36; a deal is worth 60 to b,
    so that going on is worth 50.4 after warm and 21.6 after cold."""
    bold = walk(20)
    assert near(bold.failure, 0.4)  # never leaves: fails with every hard a
    careful = walk(30)
    assert near(careful.stages[0].ended, 0.5)  # leaves after cold
    assert near(careful.failure, 1 - 0.6 * 0.7)
    assert endings(walk(55)) == {("walkout", ("b",)): 1.0}


def test_the_story_shows_what_was_believed():
    told = walk(30).collapse
    weighs = next(b for b in told.beats if b.what == "weighs" and b.party == "b")
    assert weighs.beliefs == {"a": pytest.approx({"soft": 0.36, "hard": 0.64})}
    assert weighs.expects == pytest.approx(21.6)
    assert (weighs.costs, weighs.yes) == (30, False)
    assert told.beats[-1].word == "walkout"
    success = walk(30).success
    assert [b.what for b in success.beats if b.what in ("agrees", "ends")] == ["agrees", "ends"]
    assert success.types == {"a": "soft"}


# ---- other courses


def test_a_what_if_on_the_same_draws():
    stages = {
        "first": {"kind": "talk", "room": ["a", "b"], "hazard": "30%"},
        "room": offers(hazard="10%"),
    }
    case = read_data(data(stages))
    found = course(case, draws=4096, what_if=["without first", "deadline 3 months", "order first, room"])
    without, late, same = found.others
    assert near(without.failure, 0.1)
    assert near(found.failure, 1 - 0.7 * 0.9)
    assert without.change.value == pytest.approx(without.failure.value - found.failure.value)
    # all that the two have in common drops out: the difference scatters only by the 27 % that it concerns
    assert without.change.standard_error < 0.8 * math.hypot(
        without.failure.standard_error, found.failure.standard_error
    )
    for other in (late, same):
        assert (other.change.value, other.failure) == (0, found.failure)


def test_a_mediator_and_another_party_in_the_room():
    case = load("cases/alaska-2025.yaml")
    what = [
        "with europe in working lunch",
        "mediator europe in meeting of three",
        "order working lunch, leaders alone",
    ]
    found = course(case, draws=256, what_if=what)
    assert [o.what for o in found.others] == what
    assert found.others[1].change.high < 0
    assert course(case, draws=64, what_if=[]).others == ()
    assert [o.what for o in course(case, draws=64).others] == list(case.talks.what_ifs)


def test_other_courses_compared_on_fewer_draws():
    case = load("cases/alaska-2025.yaml")
    few, all_ = (course(case, draws=n, what_if=["without hearing"], compared=200) for n in (700, 200))
    assert few.others == all_.others
    assert few.others[0].failure.draws == 200
    assert few.failure.draws == 700


@pytest.mark.parametrize(
    ("text", "culprits"),
    [
        ("without lunch", ["unknown stage lunch", "working lunch"]),
        ("with nobody in hearing", ["nobody"]),
        ("with europe in hearing", ["no room"]),
        ("with usa in working lunch", ["already"]),
        ("mediator europe in leaders alone", ["no stage of offers"]),
        ("deadline soon", ["a unit of time"]),
        ("order hearing, hearing", ["each once"]),
        ("order hearing, working lunch, leaders alone", ["nobody could enter", "leaders alone"]),
        ("more coffee", ["without STAGE"]),
    ],
)
def test_a_what_if_that_is_none(text, culprits):
    with pytest.raises(QuestionError) as raised:
        course(load("cases/alaska-2025.yaml"), draws=8, what_if=[text])
    assert [word for word in culprits if word not in str(raised.value)] == []


# ---- the same bits


def test_neither_cores_nor_pieces_change_a_bit(monkeypatch):
    case = load("cases/alaska-2025.yaml")

    def run() -> str:
        return json.dumps(course(case, draws=700, what_if=["without hearing"]).to_dict())

    once = run()
    monkeypatch.setattr("winset.compiled.sampling._cores", lambda: 1)
    assert run() == once
    monkeypatch.setattr(sys.modules["winset.lenses.course"], "_TABLE", 948 * 4 * 37)
    assert run() == once


def test_the_order_of_names_changes_nothing():
    plain = load("cases/alaska-2025.yaml").to_data()
    turned = {**plain}
    for key in ("parties", "preferences"):
        turned[key] = dict(reversed(plain[key].items()))
    one, two = (course(read_data(d), draws=512, what_if=[]) for d in (plain, turned))
    assert one.failure == two.failure
    assert [s.entered for s in one.stages] == [s.entered for s in two.stages]


def test_other_names_change_the_answer_within_its_error_only():
    stages = {
        "hello": {"kind": "talk", "room": ["a", "b"], "hazard": "20%"},
        "room": offers(hazard="10%", first="a"),
    }
    plain = data(stages, preferences={"a": UNSURE})
    disguise = Disguise.of(plain, random.Random(3))
    other = disguise.put_on({k: v for k, v in plain.items() if k != "stages"}, random.Random(4))
    other["stages"] = {
        n: {
            **s,
            "room": [disguise.party[p] for p in s["room"]],
            **({"first": disguise.party["a"]} if "first" in s else {}),
        }
        for n, s in stages.items()
    }
    one, two = (course(read_data(d), draws=4000).failure for d in (plain, other))
    assert abs(one.value - two.value) < 4 * (one.standard_error + two.standard_error)
    assert one != two


def test_drawn_until_it_is_known():
    found = course(read_data(data({"room": offers(hazard="50%")})), draws=1024, to_within=0.01)
    assert found.failure.half <= 0.01
    assert found.within
    assert found.plan.draws == 16_384


def test_an_interruption_leaves_what_is_done():
    def stop(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    case = read_data(data({"room": offers(hazard="50%")}))
    found = course(case, draws=10_000, progress=stop)
    assert (found.plan.draws, found.asked) == (1024, 10_000)
    assert found.failure == course(case, draws=1024).failure


def test_sobol_points():
    case = load("cases/alaska-2025.yaml")
    one, two = (course(case, draws=2048, method=m, what_if=[]).failure for m in ("random", "sobol"))
    assert abs(one.value - two.value) < 4 * (one.standard_error + two.standard_error)


# ---- nothing to run, and too much


def test_a_case_without_stages_says_so():
    case = data({"room": offers()})
    del case["stages"]
    found = course(read_data(case))
    assert found.failure == NotComputed("the case states no stages")
    assert found.stages == ()


def test_too_many_deals_and_draws():
    case = data({"room": offers()})
    case["issues"] = {f"i{n}": {"options": ["yes", "no"]} for n in range(17)}
    for p in "abc":
        case["preferences"][p] = {
            "weights": dict.fromkeys(case["issues"], 1),
            "scores": {i: {"yes": 80, "no": 0} for i in case["issues"]},
            "no_deal": 20,
        }
    found = course(read_data(case), draws=4)
    assert isinstance(found.failure, NotComputed)
    assert "131,072" in found.failure.because
    with pytest.raises(QuestionError, match="2,000,000"):
        course(read_data(data({"room": offers()})), draws=3_000_000)


# ---- the block


def test_the_strategies_of_the_case_are_those_of_the_kernel():
    told = {s.name: {p.name: (p.low, p.high) for p in s.parameters} for s in talks.STRATEGIES}
    mine = {
        name: {k: (float(b.low), math.inf if b.high is None else float(b.high)) for k, b in bounds.items()}
        for name, bounds in STRATEGIES.items()
    }
    assert mine == told


@pytest.mark.parametrize("name", list(STRATEGIES))
def test_every_strategy_can_be_named_in_a_stage(name):
    """Two parties that want opposite things, with one deal in the middle for both, which b comes down to in
    the last round only. NegMAS' clock never does; who offers at random hits it once in six times."""
    options = [str(n) for n in range(11)]
    case = data(
        {"room": offers(rounds=25, strategies={"a": name, "b": {"time-dependent": {"beta": "0.5 to 2"}}})}
    )
    case["issues"] = {"x": {"options": options}}
    for p, way in (("a", 1), ("b", -1)):
        scores = dict(zip(options[::way], range(0, 110, 10), strict=True))
        case["preferences"][p] = {"weights": {"x": 1}, "scores": {"x": scores}, "no_deal": 50}
    del case["preferences"]["c"]
    case["parties"] = {"a": {}, "b": {}}
    found = course(read_data(case), draws=256)
    again = course(read_data(case), draws=256)
    assert found.to_dict() == again.to_dict()
    fails = {"time-dependent": 0.0, "aspiration": 1.0, "bayesian": 0.0, "random": 5 / 6}
    assert near(found.failure, fails.get(name, found.failure.value))
    assert {tuple(d.deal.values()) for d in found.deals} <= {("5",)}


def test_the_block_comes_back_as_it_was():
    case = load("cases/alaska-2025.yaml")
    assert loads(dump(case)) == case
    paths = {path for path, _, _ in case.numbers()}
    assert {
        "stages.leaders alone.signals.russia.ready to move.dealmaker",
        "stages.working lunch.strategies.russia.beta",
        "stages.meeting of three.gains.ukraine",
        "stages.hearing.hazard",
        "stages.leaders alone.stay.usa",
        "talks.deadline",
        "talks.drift.ukraine",
    } <= paths


def test_numbers_of_stages_can_be_correlated_and_move_the_answer():
    stages = {"room": offers(hazard="5% to 60%")}
    case = data(stages, preferences={"a": {**UNSURE, "no_deal": "10 to 30"}})
    case["correlations"] = [{"between": ["a.no_deal", "stages.room.hazard"], "rho": 0.9}]
    found = course(read_data(case), draws=16_384)
    drivers = {d.path: d for d in found.drivers}
    assert set(drivers) == {"stages.room.hazard", "a.no_deal"}
    assert drivers["stages.room.hazard"].high.value > drivers["stages.room.hazard"].low.value + 0.1
