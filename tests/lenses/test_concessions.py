"""Concessions: every verdict by hand, closed forms, plain Python, and what must hold."""

from __future__ import annotations

import copy
import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import norm
from tests.lenses.edges import EDGES
from tests.oracles import concession_oracle as oracle
from tests.oracles.case_oracle import number, random_case

from winset import concessions, dump, load, loads, read_data, zone
from winset.case.numbers import Z90
from winset.case.write import edited
from winset.errors import CaseError, QuestionError
from winset.lenses import NotComputed
from winset.lenses.concessions import VERDICTS, Audit, ConcessionsResult, Receipt

ROOT = Path(__file__).resolve().parents[2]
ALASKA = load(ROOT / "cases" / "alaska-2025.yaml")
Data = dict[str, Any]

NOW = {"guns": "far", "gate": "shut", "watch": "nobody"}


def siege(block: Data, **more: Any) -> Data:
    """Ann besieges, Bob holds the gate; each weighs guns, gate and watch 40, 40 and 20."""
    scores = {
        "ann": {
            "guns": {"near": 100, "far": 0},
            "gate": {"shut": 0, "open": 100},
            "watch": {"nobody": 50, "some": 50},
        },
        "bob": {
            "guns": {"near": 0, "far": 100},
            "gate": {"shut": 100, "open": 0},
            "watch": {"nobody": 0, "some": 100},
        },
    }
    return {
        "winset": 1,
        "title": "A siege",
        "sources": {"letter": {"title": "A letter"}},
        "claims": {"oath": {"by": "ann", "says": "the guns go back", "source": "letter"}},
        "parties": {"ann": {}, "bob": {}, "cat": {}},
        "consent": {"all": ["ann", "bob"]},
        "issues": {
            "guns": {"options": ["near", "far"]},
            "gate": {"options": ["shut", "open"]},
            "watch": {"options": ["nobody", "some"]},
        },
        "preferences": {
            party: {"weights": {"guns": 40, "gate": 40, "watch": 20}, "scores": body, "no_deal": 10}
            for party, body in scores.items()
        },
        "concessions": {"baseline": {**NOW, "guns": "near"}, **block},
        **more,
    }


def asked(block: Data, **options: Any) -> ConcessionsResult:
    return concessions(read_data(siege(block)), **options)


def only(block: Data, **options: Any) -> tuple[Audit, Receipt]:
    (audit,) = asked({"it": block}, **options).audits
    (receipt,) = audit.receipts
    return audit, receipt


def points(ann: Any, bob: Any, **more: Any) -> Data:
    return {"by": "ann", "to": "bob", "worth": {"ann": ann, "bob": bob}, **more}


# ---- by hand


@pytest.mark.parametrize(
    ("ann", "bob", "verdict"),
    [
        (-5, 5, "costly and valued"),
        (-1, 5, "cheap and valued"),
        (1, 5, "cheap and valued"),
        (-5, 1, "costly, not valued"),
        (-5, -1, "costly, not valued"),
        (-1, 1, "hollow"),
        (0, 0, "hollow"),
        (5, 5, "sham"),
        (5, 0, "sham"),
        (5, -5, "harmful"),
        (-5, -5, "harmful"),
        (0, -1.5, "harmful"),
    ],
)
def test_every_verdict(ann, bob, verdict):
    _, found = only(points(ann, bob))
    assert found.likeliest == verdict
    assert found.verdicts[verdict].value == found.word[verdict].value == 1
    assert {v.value for name, v in found.verdicts.items() if name != verdict} == {0}
    assert found.drags == ()
    assert found.reason == ("itself" if verdict == "hollow" else None)


def test_the_margin_is_what_counts_as_something():
    assert only(points(-5, 5), margin=5)[1].likeliest == "hollow"
    assert only(points(-5, 5), margin=4.9)[1].likeliest == "costly and valued"
    assert only(points(-0.1, 0.1), margin=0)[1].likeliest == "costly and valued"
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(QuestionError, match="margin"):
            asked({"it": points(1, 1)}, margin=wrong)


def test_a_change_is_worth_what_the_deals_differ_by():
    """The guns go back: 40 points from Ann to Bob, and nothing else changes."""
    audit, found = only({"by": "ann", "to": "bob", "changes": {"guns": "far"}})
    assert audit.changes == (("guns", "near", "far"),)
    assert (audit.cost.median, found.gain.median, audit.left.value) == (40, 40, 1)
    assert found.likeliest == "costly and valued"
    assert (audit.cost.low, audit.cost.high) == (40, 40)


@pytest.mark.parametrize(
    ("feature", "left", "drag"),
    [
        ({"reversible": "yes"}, 0, "reversible"),
        ({"reversible": "75%"}, 0.25, "reversible"),
        ({"enforceable": "no"}, 0, "not enforceable"),
        ({"enforceable": "30%"}, 0.3, "not enforceable"),
        ({"verifiable": "10%"}, 0.1, "not verifiable"),
        ({"verified_by": {"watch": "some"}}, 0, "not verifiable"),
        ({"lasts": "1 month"}, 1 / 12, "ends"),
        ({"promised": "oath"}, 0, "promised"),
        ({"due": "oath"}, 0, "due"),
        ({"due": "oath", "counted_on": "60%"}, 0.4, "due"),
    ],
)
def test_what_takes_from_it(feature, left, drag):
    """Of 40 points so much is left, on both sides; without the drag all of it is."""
    block = {"by": "ann", "to": "bob", "changes": {"guns": "far"}, **feature}
    result = asked({"horizon": "12 months", "it": block}, margin=20)
    (audit,) = result.audits
    (found,) = audit.receipts
    assert audit.left.value == pytest.approx(left)
    assert (audit.cost.mean, found.gain.mean) == pytest.approx((40 * left, 40 * left))
    assert (audit.word_cost.mean, found.word_gain.mean) == (40, 40)
    assert found.word["costly and valued"].value == 1
    assert found.likeliest == "hollow"
    assert found.reason == drag
    (one,) = found.drags
    assert (one.name, one.hollow_without.value, one.change.value) == (drag, 0, 1)
    assert one.left == pytest.approx(left)
    assert one.because == (("oath",) if "promised" in feature or "due" in feature else ())


@pytest.mark.parametrize(
    "feature",
    [{"reversible": "yes"}, {"reversible": "no"}, {"enforceable": "no"}, {"verifiable": "no"}],
    ids=str,
)
def test_what_costs_the_giver_nothing_is_kept(feature):
    """Nobody breaks a promise that it likes to keep."""
    audit, found = only(points(3, 8, **feature))
    assert audit.left.value == 1
    assert (found.gain.mean, found.likeliest) == (8, "sham")


def test_what_ends_by_itself_ends_whoever_pays():
    block = {"horizon": "1 year", "it": points(3, 8, lasts="6 months")}
    (audit,) = asked(block).audits
    assert audit.left.value == pytest.approx(0.5)
    assert asked({"horizon": "1 year", "it": points(3, 8, lasts="3 years")}).audits[0].left.value == 1


def test_verified_by_looks_at_the_deal_with_the_concession():
    block = {"by": "ann", "to": "bob", "verified_by": {"watch": "some"}, "verifiable": "50%"}
    blind, _ = only({**block, "changes": {"guns": "far"}})
    watched, _ = only({**block, "changes": {"guns": "far", "watch": "some"}})
    assert (blind.left.value, watched.left.value) == (0, 0.5)


def test_two_drags_that_each_would_do_are_named_together():
    _, found = only(points(-5, 5, reversible="yes", verifiable="no"))
    assert (found.likeliest, found.reason) == ("hollow", "together")
    assert {d.name: d.change.value for d in found.drags} == {"reversible": 0, "not verifiable": 0}


def test_what_is_given_twice_counts_once():
    guns = {"guns": ["near", "far"]}
    result = asked(
        {
            "withdrawal": {"by": "ann", "to": "bob", "changes": guns},
            "package": {"by": "ann", "to": "bob", "changes": {**guns, "watch": "some"}},
            "nothing new": {"by": "ann", "to": "bob", "changes": guns},
            "variant": {
                "by": "ann",
                "to": "bob",
                "changes": guns,
                "instead_of": ["withdrawal", "package", "nothing new"],
            },
        }
    )
    first, package, again, variant = result.audits
    assert [(d.first, d.again) for d in result.doubles] == [
        ("withdrawal", "package"),
        ("withdrawal", "nothing new"),
    ]
    assert {(d.by, d.issue, d.before, d.after) for d in result.doubles} == {("ann", "guns", "near", "far")}
    assert (first.cost.mean, package.cost.mean, again.cost.mean, variant.cost.mean) == (40, 0, 0, 40)
    assert (package.word_cost.mean, package.receipts[0].gain.mean) == (40, 20)
    assert again.receipts[0].reason == "double"
    assert [d.left for d in package.receipts[0].drags] == [0.5]
    assert [d.left for d in again.receipts[0].drags] == [0]


def test_what_was_given_first_is_told_by_its_date():
    guns = {"by": "ann", "to": "bob", "changes": {"guns": "far"}}
    block = {"late": {**guns, "date": "2020-02-01"}, "early": {**guns, "date": "2020-01-01"}, "open": guns}
    assert [(d.first, d.again) for d in asked(block).doubles] == [("early", "late"), ("early", "open")]


def test_another_party_giving_the_same_is_no_double():
    guns = {"changes": {"guns": "far"}}
    block = {"a": {"by": "ann", "to": "bob", **guns}, "b": {"by": "bob", "to": "ann", **guns}}
    assert asked(block).doubles == ()


def test_each_receiver_has_a_verdict_and_others_are_told():
    data = siege({"it": {"by": "ann", "to": ["bob", "cat"], "worth": {"ann": -5, "bob": 5, "cat": 0}}})
    (audit,) = concessions(read_data(data)).audits
    assert [(r.party, r.likeliest) for r in audit.receipts] == [
        ("bob", "costly and valued"),
        ("cat", "costly, not valued"),
    ]
    data["concessions"]["it"]["to"] = "bob"
    (audit,) = concessions(read_data(data)).audits
    assert {p: s.mean for p, s in audit.others.items()} == {"cat": 0}


# ---- closed forms


def test_a_gain_that_is_uniform_is_valued_as_often_as_it_is_over_the_margin():
    """Uniform from 0 to 4 points: over 1 with probability 3/4, over 2 with 1/2."""
    block = points(0, "0 to 4, uniform")
    for margin, share in ((1, 0.75), (2, 0.5)):
        _, found = only(block, margin=margin, draws=8192)
        valued = found.verdicts["cheap and valued"]
        assert valued.value == pytest.approx(share, abs=4 * valued.standard_error)
        assert found.verdicts["hollow"].value == pytest.approx(1 - valued.value)


def test_a_cost_that_is_normal():
    """The cost is N(1, s) with nine draws in ten from -1 to 3: over 1 in half of them, below -1 in 5%."""
    _, found = only(points("-3 to 1", 5), draws=8192)
    scatter = 2 / Z90
    for verdict, share in (
        ("costly and valued", 0.5),
        ("sham", norm.cdf(-2 / scatter)),
        ("cheap and valued", 0.5 - norm.cdf(-2 / scatter)),
    ):
        p = found.verdicts[verdict]
        assert p.value == pytest.approx(share, abs=4 * p.standard_error)


def test_what_is_left_of_a_uniform_chance():
    """Taken back with a probability that is uniform from 0 to 1: of 4 points, more than 1 in 3 of 4 draws."""
    audit, found = only(points(-4, 4, reversible="0 to 1, uniform"), draws=8192)
    share = found.verdicts["costly and valued"]
    assert share.value == pytest.approx(0.75, abs=4 * share.standard_error)
    assert audit.left.value == pytest.approx(0.5, abs=4 * audit.left.standard_error)
    assert found.drags[0].change.value == found.verdicts["hollow"].value


def test_numbers_that_are_correlated():
    """What Ann loses Bob gains: correlated at -1, the two are over the margin together."""
    data = siege({"it": points("-4 to 2", "-2 to 4")})
    data["correlations"] = [{"between": ["concessions.it.worth.ann", "concessions.it.worth.bob"], "rho": -1}]
    (audit,) = concessions(read_data(data), draws=2048).audits
    found = audit.receipts[0].verdicts
    assert found["cheap and valued"].value == found["costly, not valued"].value == 0
    assert found["costly and valued"].value > 0.3
    assert found["harmful"].value > 0.1  # where he loses, she gains
    assert found["sham"].value == 0


# ---- plain Python


def certain(node: Any) -> Any:
    """Every number at its middle, and no types."""
    if isinstance(node, dict):
        if set(node) & {"value", "values"} and not set(node) - {"value", "values", "note", "because"}:
            return str(number(node))
        return {k: certain(v) for k, v in node.items() if k not in ("types", "prior")}
    if isinstance(node, list):
        return [certain(v) for v in node]
    return str(number(node)) if isinstance(node, str) and " to " in node else node


def random_block(rng: random.Random, data: Data) -> Data:
    """Concessions of every kind, by any party to any others."""
    deals = [{i: rng.choice(b["options"]) for i, b in data["issues"].items()} for _ in range(2)]
    block: Data = {"baseline": deals[0], "horizon": "12 months"}
    valued = list(data["preferences"])
    for n in range(rng.randint(1, 5)):
        by = rng.choice(valued)
        others = [p for p in valued if p != by]
        if not others:
            break
        one: Data = {"by": by, "to": rng.sample(others, rng.randint(1, len(others)))}
        against = rng.choice(deals)
        moves = {
            i: rng.choice([o for o in b["options"] if o != against[i]])
            for i, b in data["issues"].items()
            if rng.random() < 0.6
        }
        if moves and rng.random() < 0.8:
            one |= {"against": against, "changes": moves}
            if rng.random() < 0.3:
                issue = rng.choice(list(moves))
                options = data["issues"][issue]["options"]
                one["changes"][issue] = rng.sample(options, 2)
            if rng.random() < 0.3:
                one["verified_by"] = {
                    i: rng.choice(b["options"]) for i, b in list(data["issues"].items())[:1]
                }
        elif data.get("offers") and rng.random() < 0.5:
            name = rng.choice(list(data["offers"]))
            if data["offers"][name]["deal"] == against:
                continue
            one |= {"against": against, "offer": name}
        else:
            one["worth"] = {p: rng.choice([-6, -1, 0, 1, 2, 6]) for p in valued}
        for key in ("reversible", "enforceable", "verifiable"):
            if rng.random() < 0.3:
                one[key] = rng.choice(["yes", "no", "25%", "50%"])
        if rng.random() < 0.2:
            one["lasts"] = rng.choice(["1 month", "6 months", "2 years", "20 days"])
        if rng.random() < 0.2:
            one[rng.choice(["promised", "due"])] = "oath"
            if rng.random() < 0.5:
                one["counted_on"] = "50%"
        if rng.random() < 0.3:
            one["date"] = f"2020-01-0{rng.randint(1, 9)}"
        if n and rng.random() < 0.2:
            one["instead_of"] = "c0"
        block[f"c{n}"] = one
    if "c0" not in block:
        for one in block.values():
            if isinstance(one, dict):
                one.pop("instead_of", None)
    return block


def test_against_plain_python_on_random_cases():
    looked = dict.fromkeys(VERDICTS, 0)
    doubled = 0
    for seed in range(400):
        rng = random.Random(seed)
        data = certain(random_case(rng))
        data["sources"] = {"letter": {"title": "A letter"}}
        data["claims"] = {"oath": {"by": "somebody", "says": "so it will be", "source": "letter"}}
        for name, offer in data.get("offers", {}).items():
            offer["by"] = rng.choice([*data["preferences"], "an adviser"])
            if rng.random() < 0.5:
                offer["date"] = f"2020-01-0{1 + len(name) % 9}"
        data["concessions"] = random_block(rng, data)
        given = [name for name in data["concessions"] if name not in oracle.SETTINGS]
        margin = rng.choice([0, 1, 3])
        found = concessions(read_data(data), margin=margin)
        assert [a.name for a in found.audits] == given, seed
        expected = oracle.doubles(data)
        assert [(d.by, d.issue, d.before, d.after, d.first, d.again) for d in found.doubles] == expected, seed
        doubled += len(expected)
        for audit in found.audits:
            truth = oracle.audit(data, audit.name, margin)
            assert audit.left.value == pytest.approx(float(truth["left"])), seed
            assert audit.cost.mean == pytest.approx(float(truth["cost"]), abs=1e-8), seed
            assert audit.word_cost.mean == pytest.approx(float(truth["word_cost"]), abs=1e-8), seed
            assert {p: s.mean for p, s in audit.others.items()} == pytest.approx(
                {p: float(x) for p, x in truth["others"].items()}, abs=1e-8
            ), seed
            for receipt in audit.receipts:
                mine = truth["receipts"][receipt.party]
                assert receipt.gain.mean == pytest.approx(float(mine["gain"]), abs=1e-8), seed
                assert receipt.likeliest == mine["verdict"], (seed, audit.name)
                assert receipt.word[mine["word"]].value == 1, (seed, audit.name)
                looked[receipt.likeliest] += 1
    assert min(looked.values()) > 10, looked
    assert doubled > 20


# ---- paths of offers


def price(offers: Data, **more: Any) -> Data:
    """Two who want the opposite: each step of the price is worth 25 points to one and costs the other 25."""
    steps = [str(n) for n in range(5)]
    return {
        "winset": 1,
        "title": "A price",
        "parties": {"buyer": {}, "seller": {}},
        "consent": {"all": ["buyer", "seller"]},
        "issues": {"price": {"options": steps}},
        "offers": {
            name: {"by": by, "deal": {"price": p}, **({"date": d} if d else {})}
            for name, (by, p, d) in offers.items()
        },
        "preferences": {
            party: {
                "weights": {"price": 1},
                "scores": {"price": {s: start + slope * int(s) for s in steps}},
                "no_deal": no_deal,
            }
            for party, start, slope, no_deal in (("buyer", 100, -25, 20), ("seller", 0, 25, 10))
        },
        **more,
    }


HAGGLE = {
    "last bid": ("buyer", "1", "2020-01-04"),
    "bid": ("buyer", "0", "2020-01-01"),
    "ask": ("seller", "4", "2020-01-02"),
    "last ask": ("seller", "2", "2020-01-05"),
}


def test_paths_of_offers_by_hand():
    """The buyer comes up a quarter of the way, the seller comes down half of it; a quarter is left."""
    found = concessions(read_data(price(HAGGLE)))
    assert found.audits == found.doubles == ()
    buyer, _ = found.paths
    assert (buyer.party, buyer.read, [s.offer for s in buyer.steps]) == ("buyer", False, ["bid", "last bid"])
    first, last = buyer.steps
    assert (first.moved, first.change, first.verdicts, first.over_baseline) == ((), None, None, None)
    assert last.moved == (("price", "0", "1"),)
    assert {p: s.mean for p, s in last.change.items()} == {"buyer": -25, "seller": 25}
    assert {p: s.mean for p, s in last.over_no_deal.items()} == {"buyer": 55, "seller": 15}
    assert last.verdicts["seller"]["costly and valued"].value == 1
    up, down = found.approaches
    assert (up.party, up.towards, up.gave.mean, up.brought.mean) == ("buyer", "seller", 25, 25)
    assert (up.own_share.value, up.other_share.value) == (0.25, 0.25)
    assert (down.own_share.value, down.other_share.value) == (0.5, 0.5)
    assert (up.back.value, down.back.value) == (2, 0.5)
    assert (up.apart.mean, down.apart.mean) == (25, 25)
    assert up.own_share.standard_error == 0


def test_offers_count_towards_what_is_given_twice():
    """The buyer's first offer moves the price off the state; a concession of that is nothing new."""
    data = price({"bid": ("buyer", "2", "2020-01-01")})
    data["concessions"] = {
        "baseline": {"price": "0"},
        "a better price": {"by": "buyer", "to": "seller", "changes": {"price": "2"}},
    }
    found = concessions(read_data(data))
    (double,) = found.doubles
    assert (double.first, double.again) == ("bid", "a better price")
    assert found.audits[0].receipts[0].reason == "double"
    data["concessions"]["a better price"] = {"by": "buyer", "to": "seller", "offer": "bid"}
    assert concessions(read_data(data)).doubles == ()  # the concession is that offer


def test_offers_that_are_read_as_a_partys_own():
    data = price({"middle": ("a mediator", "2", "")}, concessions={"paths": {"buyer": "middle"}})
    data["concessions"]["gift"] = {"by": "buyer", "to": "seller", "worth": {"buyer": 0, "seller": 2}}
    (path,) = concessions(read_data(data)).paths
    assert (path.party, path.read, [s.offer for s in path.steps]) == ("buyer", True, ["middle"])


def test_sides_that_open_alike_have_no_distance_to_share_out():
    data = price({"a": ("buyer", "2", ""), "b": ("seller", "2", "")})
    up, _ = concessions(read_data(data)).approaches
    assert isinstance(up.own_share, NotComputed)
    assert isinstance(up.back, NotComputed)
    assert up.apart.mean == 0


# ---- Alaska


@pytest.fixture(scope="module")
def alaska() -> ConcessionsResult:
    return concessions(ALASKA, draws=512)


def named(result: ConcessionsResult, name: str) -> Audit:
    (found,) = (a for a in result.audits if a.name == name)
    return found


def test_the_warning_of_the_diplomat_has_an_answer(alaska):
    """A ceasefire that nobody checks is hollow; the same with observers is not."""
    for found in named(alaska, "ceasefire on its word").receipts:
        assert found.likeliest == "hollow"
        assert found.reason == "not verifiable"
        assert found.drags[0].hollow_without.value < 0.1
        assert found.word["costly and valued"].value > 0.9
    for found in named(alaska, "ceasefire with observers").receipts:
        assert found.likeliest == "costly and valued"


def test_the_meeting_itself_is_worth_something_to_one_and_harms_another(alaska):
    meeting = named(alaska, "the meeting itself")
    assert meeting.receipts[0].gain.low > 1
    assert meeting.others["ukraine"].high < 0
    assert meeting.left.value == 1


def test_the_easing_in_two_packages_counts_once(alaska):
    (double,) = alaska.doubles
    assert (double.first, double.again, double.issue) == ("stepwise easing", "economic opening", "sanctions")


def test_verdicts_sum_to_one(alaska):
    for audit in alaska.audits:
        for found in audit.receipts:
            for shares in (found.verdicts, found.word):
                assert tuple(shares) == VERDICTS
                assert sum(p.value for p in shares.values()) == pytest.approx(1)


# ---- what must hold


def test_what_concessions_say_leaves_the_zone_as_it_is():
    without = ALASKA.to_data()
    del without["concessions"]
    one, two = (json.dumps(zone(c, draws=256).to_dict()) for c in (ALASKA, read_data(without)))
    assert one == two


def test_the_same_seed_gives_the_same_bytes_and_more_draws_the_same_draws():
    one, two = (json.dumps(concessions(ALASKA, draws=512, rng=3).to_dict()) for _ in range(2))
    assert one == two
    assert json.dumps(concessions(ALASKA, draws=512, rng=4).to_dict()) != one
    sobol = concessions(ALASKA, draws=1024, method="sobol")
    plain = concessions(ALASKA, draws=4096)
    for a, b in zip(sobol.audits, plain.audits, strict=True):
        assert a.cost.mean == pytest.approx(b.cost.mean, abs=0.35)


def test_the_order_of_the_file_changes_nothing_but_the_order():
    data = ALASKA.to_data()
    other = copy.deepcopy(data)
    block = other["concessions"]
    settings = {k: block.pop(k) for k in oracle.SETTINGS}
    dated = {k: v for k, v in block.items() if k in ("stepwise easing", "economic opening")}
    rest = {k: v for k, v in reversed(block.items()) if k not in dated}
    other["concessions"] = {**dated, **rest, **settings}
    other["issues"] = dict(reversed(other["issues"].items()))
    one, two = (concessions(read_data(d), draws=256) for d in (data, other))
    assert {a.name: a.cost for a in two.audits}.keys() == {a.name: a.cost for a in one.audits}.keys()
    for audit in one.audits:
        twin = named(two, audit.name)
        assert twin.cost.median == pytest.approx(audit.cost.median)
        for mine, other_ in zip(audit.receipts, twin.receipts, strict=True):
            assert mine.verdicts == other_.verdicts
    assert one.doubles == two.doubles


def test_a_wider_margin_never_makes_less_of_it_hollow():
    found = [concessions(ALASKA, draws=256, margin=m).audits for m in (0, 1, 2, 5, 200)]
    shares = [[r.verdicts["hollow"].value for a in audits for r in a.receipts] for audits in found]
    for less, more in pairwise(shares):
        assert all(a <= b for a, b in zip(less, more, strict=True))
    assert set(shares[-1]) == {1}


@pytest.mark.parametrize("name", EDGES)
def test_a_case_without_concessions_has_none(name):
    found = concessions(read_data(EDGES[name]))
    assert (found.audits, found.doubles, found.paths, found.approaches) == ((), (), (), ())


def test_the_block_comes_back_as_it_was_written_and_can_be_edited():
    assert loads(dump(ALASKA)) == ALASKA
    text = (ROOT / "cases" / "alaska-2025.yaml").read_text(encoding="utf-8")
    changed = loads(edited(text, {"concessions.the meeting itself.worth.russia": "0 to 1"}))
    audit = named(concessions(changed, draws=64), "the meeting itself")
    assert audit.receipts[0].gain.high <= 1.2


def test_its_numbers_are_drawn_and_swept_by_their_paths():
    paths = {path for path, n, _ in ALASKA.numbers() if n.is_range}
    assert "concessions.promise to consult.enforceable" in paths
    assert "concessions.the meeting itself.worth.russia" in paths
    data = siege({"horizon": "6 to 18 months", "it": points("-5 to -2", 5, lasts="1 to 2 months")})
    found = {path for path, _, _ in read_data(data).numbers() if path.startswith("concessions.")}
    assert found == {f"concessions.{p}" for p in ("horizon", "it.worth.ann", "it.worth.bob", "it.lasts")}
    (audit,) = concessions(read_data(data), draws=512).audits
    assert 0.05 < audit.left.value < 0.3


# ---- mistakes


GUNS = {"by": "ann", "to": "bob", "changes": {"guns": "far"}}


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"it": {**GUNS, "by": "anne"}}, 'did you mean "ann"?'),
        ({"it": {**GUNS, "by": "cat"}}, "unknown party with preferences"),
        ({"it": {**GUNS, "to": "bobb"}}, 'did you mean "bob"?'),
        ({"it": {**GUNS, "to": ["bob", "ann"]}}, "a party cannot give to itself"),
        ({"it": {**GUNS, "to": ["bob", "bob"]}}, "the party is named twice"),
        ({"it": {**GUNS, "to": []}}, "nobody is named"),
        ({"it": {**GUNS, "changes": {"gunns": "far"}}}, "unknown issue"),
        ({"it": {**GUNS, "changes": {"guns": "farr"}}}, "unknown option of guns"),
        ({"it": {**GUNS, "changes": {"guns": ["far", "far"]}}}, "from and to are the same"),
        ({"it": {**GUNS, "changes": {"guns": "near"}}}, "from and to are the same"),
        ({"it": {**GUNS, "changes": {"guns": ["far", "near", "far"]}}}, "not a change"),
        ({"it": {**GUNS, "changes": {}}}, "it changes nothing"),
        ({"it": {**GUNS, "worth": {"ann": 1, "bob": 2}}}, "changes, worth are given together"),
        ({"it": {"by": "ann", "to": "bob"}}, "it does not say what is given"),
        ({"it": {"by": "ann", "to": "bob", "offer": "fair"}}, "unknown offer"),
        ({"it": {"by": "ann", "to": "bob", "worth": {"ann": 1}}}, "nothing says what it is worth to bob"),
        ({"it": points(1, 2, against={"guns": "far"})}, "worth in points has no deal to look at"),
        ({"it": points(1, 2, verified_by={"guns": "far"})}, "worth in points has no deal to look at"),
        ({"it": {**GUNS, "against": {"guns": "near"}}}, "it leaves open gate, watch"),
        ({"it": {**GUNS, "against": "fair"}}, "unknown offer"),
        ({"it": {**GUNS, "against": ["fair"]}}, "not a deal"),
        ({"baseline": {**NOW, "guns": "gone"}, "it": GUNS}, "unknown option of guns"),
        ({"it": {**GUNS, "promised": "oaths"}}, "unknown claim"),
        ({"it": {**GUNS, "because": "oaths"}}, "unknown claim"),
        ({"it": {**GUNS, "counted_on": "50%"}}, "nothing is named that the receiver could have counted on"),
        ({"it": {**GUNS, "lasts": "3 months"}}, "needs a horizon"),
        ({"horizon": 3, "it": GUNS}, "a unit of time is missing"),
        ({"horizon": "0 months", "it": GUNS}, "a horizon of no time"),
        ({"it": {**GUNS, "reversible": "120%"}}, "too large"),
        ({"it": {**GUNS, "reversible": "perhaps"}}, "not a yes, a no or a number"),
        ({"it": {**GUNS, "verified_by": {"wacht": "some"}}}, "unknown issue"),
        ({"it": {**GUNS, "verified_by": {}}}, "a match names nothing"),
        ({"it": {**GUNS, "instead_of": "that"}}, "unknown concession"),
        ({"it": {**GUNS, "instead_of": "it"}}, "it cannot stand in for itself"),
        ({"it": {**GUNS, "wants": "yes"}}, "unknown key"),
        ({"it": "a gift"}, "a mapping is expected"),
        ({"paths": {"cat": []}, "it": GUNS}, "unknown party with preferences"),
        ({"paths": {"ann": "fair"}, "it": GUNS}, "unknown offer"),
    ],
)
def test_a_concession_that_cannot_be_read(block, said):
    with pytest.raises(CaseError) as raised:
        read_data(siege(block))
    assert said in str(raised.value)
    assert len(raised.value.faults) == 1, raised.value


def test_without_a_baseline_a_change_is_held_against_nothing():
    data = siege({"it": GUNS})
    del data["concessions"]["baseline"]
    with pytest.raises(CaseError, match="nothing says what it is held against"):
        read_data(data)
    data["concessions"] = {}
    with pytest.raises(CaseError, match="concessions is empty"):
        read_data(data)


def test_all_faults_are_told_at_once():
    block = {"one": {**GUNS, "by": "anne"}, "two": {**GUNS, "changes": {"guns": "farr"}, "reversible": 7}}
    with pytest.raises(CaseError) as raised:
        read_data(siege(block))
    assert [f.where for f in raised.value.faults] == [  # without a file there are no lines to sort them by
        "concessions.one.by",
        "concessions.two.reversible",
        "concessions.two.changes.guns",
    ]


def test_of_a_change_given_three_times_one_always_counts():
    """A part of an offer that was tabled, and then the offer itself: the offer counts all of it."""
    data = {
        "winset": 1,
        "title": "t",
        "parties": {"a": {}, "b": {}},
        "consent": {"all": ["a", "b"]},
        "issues": {"x": {"options": ["n", "y"]}, "z": {"options": ["n", "y"]}},
        "offers": {"o1": {"by": "a", "deal": {"x": "y", "z": "y"}}},
        "preferences": {
            p: {"weights": {"x": 1, "z": 1}, "scores": {"x": s, "z": s}, "no_deal": 10}
            for p, s in (("a", {"n": 100, "y": 0}), ("b", {"n": 0, "y": 100}))
        },
        "concessions": {
            "baseline": {"x": "n", "z": "n"},
            "part": {"by": "a", "to": "b", "changes": {"x": "y"}},
            "whole": {"by": "a", "to": "b", "offer": "o1"},
        },
    }
    found = concessions(read_data(data))
    assert [(d.issue, d.first, d.again) for d in found.doubles] == [("x", "o1", "part")]
    assert [a.receipts[0].gain.median for a in found.audits] == [0, 100]
