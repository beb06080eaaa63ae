"""Information: textbook decisions as cases, closed forms, plain enumeration, and what must hold."""

from __future__ import annotations

import copy
import json
import math
import random
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import norm
from tests.lenses.edges import EDGES
from tests.lenses.large import large
from tests.oracles.case_oracle import Oracle, Value, number, random_case

from winset import information, load, read_data
from winset.case.numbers import Z90
from winset.errors import CaseError, QuestionError
from winset.lenses import NotComputed
from winset.lenses.information import DEFAULT, NOTHING

ROOT = Path(__file__).resolve().parents[2]
Data = dict[str, Any]


def seller(**more: Any) -> Data:
    """A seller asks much, asks little or walks away; only a soft buyer pays much."""
    return {
        "winset": 1,
        "title": "An offer to a buyer",
        "parties": {"seller": {}, "buyer": {}},
        "consent": {"all": ["seller", "buyer"]},
        "issues": {"price": {"options": ["low", "high"]}},
        "offers": {"dear": {"deal": {"price": "high"}}},
        "preferences": {
            "seller": {"weights": {"price": 1}, "scores": {"price": {"low": 55, "high": 80}}, "no_deal": 20},
            "buyer": {
                "weights": {"price": 1},
                "scores": {"price": {"low": 100, "high": 40}},
                "types": {"soft": {"prior": "60%", "no_deal": 30}, "hard": {"rest": True, "no_deal": 60}},
            },
        },
        "decisions": {
            "what to ask": {
                "by": "seller",
                "choices": {
                    "much": {"table": "dear"},
                    "little": {"table": {"price": "low"}},
                    "nothing": {},
                },
                "meetings": {
                    "lunch": {
                        "about": "buyer",
                        "cost": 2,
                        "signals": {"warm": {"soft": "70%", "hard": "25%"}, "cold": {"rest": True}},
                    }
                },
            }
        },
        **more,
    }


def asked(data: Data, **options: Any) -> Any:
    (found,) = information(read_data(data), **options).decisions
    return found


def unknown(decision: Any, name: str) -> Any:
    (found,) = (u for u in (*decision.unknowns, *decision.groups) if u.name == name)
    return found


def test_by_hand():
    """Much: 0.6 x 80 + 0.4 x 20 = 56, little: 55. Knowing the buyer: 0.6 x 80 + 0.4 x 55 = 70.

    Warm (0.52): much, 0.42 x 80 + 0.10 x 20 = 35.6; cold (0.48): little, 26.4. Together 62.
    """
    found = asked(seller())
    assert (found.name, found.by, found.stated, found.best) == ("what to ask", "seller", True, "much")
    much, little, nothing = found.choices
    assert much.utility.value == pytest.approx(56, abs=4 * much.utility.standard_error)
    assert (little.utility.value, nothing.utility.value) == (55, 20)
    assert little.deal == {"price": "low"}
    assert nothing.passes is None
    assert much.best.value == much.passes.value
    assert unknown(found, "buyer.type").worth.value == pytest.approx(14)
    assert unknown(found, "buyer.type").changes == pytest.approx(0.4)
    assert unknown(found, "buyer").method == "answers"
    assert unknown(found, "buyer").worth.value == pytest.approx(14, abs=4 * found.everything.standard_error)
    assert found.everything.value == pytest.approx(14, abs=4 * found.everything.standard_error)
    (lunch,) = found.meetings
    assert (lunch.worth.value, lunch.cost, lunch.net) == pytest.approx((6, 2, 4))
    assert lunch.at_most == pytest.approx(14)
    warm, cold = lunch.signals
    assert (warm.probability, warm.choice, warm.utility) == (
        pytest.approx(0.52),
        "much",
        pytest.approx(35.6 / 0.52),
    )
    assert (cold.probability, cold.choice, cold.utility) == (pytest.approx(0.48), "little", pytest.approx(55))
    assert warm.types == pytest.approx({"soft": 0.42 / 0.52, "hard": 0.10 / 0.52})


def test_the_oil_wildcatter_as_a_case():
    """Raiffa 1968: dry, wet or soaking (-70, 50, 200 thousand) or no drilling (0), as points from 0 to 100.

    What lies in the ground is a type of the driller. Perfect information is worth 35 thousand, the sounding
    12.5 less its cost of 10, and drilling without either 20.
    """
    point = 270 / 100  # thousands
    ground = {"dry": ("50%", 0), "wet": ("30%", "400/9"), "soaking": ("20%", 100)}
    data = {
        "winset": 1,
        "title": "Oil",
        "parties": {"driller": {}, "owner": {}},
        "consent": "owner",
        "issues": {"well": {"options": ["drill", "leave"]}},
        "preferences": {
            "driller": {
                "weights": {"well": 1},
                "scores": {"well": {"leave": "700/27"}},
                "no_deal": "700/27",
                "types": {
                    name: {"prior": prior, "scores": {"well": {"drill": score}}}
                    for name, (prior, score) in ground.items()
                },
            },
            "owner": {"weights": {"well": 1}, "scores": {"well": {"drill": 50, "leave": 50}}, "no_deal": 0},
        },
        "decisions": {
            "whether to drill": {
                "by": "driller",
                "choices": {"drill": {"table": {"well": "drill"}}, "leave": {}},
                "meetings": {
                    "sounding": {
                        "about": "driller",
                        "cost": "100/27",
                        "signals": {
                            "no structure": {"dry": "60%", "wet": "30%", "soaking": "10%"},
                            "open structure": {"dry": "30%", "wet": "40%", "soaking": "40%"},
                            "closed structure": {"rest": True},
                        },
                    }
                },
            }
        },
    }
    found = asked(data, draws=8192)
    drill, leave = found.choices
    gain = (drill.utility.value - leave.utility.value) * point
    assert gain == pytest.approx(20, abs=4 * drill.utility.standard_error * point)
    assert unknown(found, "driller.type").worth.value * point == pytest.approx(35)
    (sounding,) = found.meetings
    assert sounding.worth.value * point == pytest.approx(12.5)
    assert sounding.net * point == pytest.approx(2.5)
    assert [s.choice for s in sounding.signals] == ["leave", "drill", "drill"]
    assert [s.probability for s in sounding.signals] == pytest.approx([0.41, 0.35, 0.24])


@pytest.mark.parametrize(("low", "high"), [(50, 70), (40, 60), (62, 90)])
def test_a_normal_unknown_is_worth_the_unit_normal_loss_integral(low, high):
    """A deal worth 60, that all accept, against a no-deal value N(m, s): s (phi(d) - |d| (1 - Phi(|d|)))."""
    data = seller()
    del data["preferences"]["buyer"]["types"]
    data["preferences"]["buyer"]["no_deal"] = 0
    data["consent"] = "buyer"
    data["preferences"]["seller"].update(no_deal=f"{low} to {high}", scores={"price": {"low": 60, "high": 0}})
    data["decisions"]["what to ask"] = {
        "by": "seller",
        "choices": {"low": {"table": {"price": "low"}}, "no": {}},
    }
    found = asked(data, draws=16_384)
    middle, scatter = (low + high) / 2, (high - low) / (2 * Z90)
    far = abs(60 - middle) / scatter
    loss = scatter * (norm.pdf(far) - far * norm.sf(far))
    assert found.everything.value == pytest.approx(loss, abs=4 * found.everything.standard_error)
    for name in ("seller.no_deal", "seller"):
        worth = unknown(found, name)
        # classes lose a little where the choice turns inside of one
        assert worth.worth.value == pytest.approx(loss, abs=4 * worth.worth.standard_error + 0.02 * scatter)
        assert worth.at_most >= worth.worth.value - 1e-9


def fixed(data: Data, kinds: dict[str, str]) -> Data:
    """The same case with each party of one type for sure."""
    out = copy.deepcopy(data)
    for party, kind in kinds.items():
        prefs = out["preferences"][party]
        own = prefs.pop("types")[kind]
        for key, value in own.items():
            if key == "scores":
                for issue, scores in value.items():
                    prefs["scores"].setdefault(issue, {}).update(scores)
            elif key == "weights":
                prefs["weights"].update(value)
            elif key not in ("prior", "rest"):
                prefs[key] = value
    return out


def central(node: Any) -> Any:
    """Every range at its middle, so that only types are uncertain."""
    if isinstance(node, dict):
        if set(node) & {"value", "values"} and not set(node) - {"value", "values", "note"}:
            return str(number(node))
        return {k: central(v) for k, v in node.items()}
    if isinstance(node, list):
        return [central(v) for v in node]
    if isinstance(node, str) and " to " in node:
        return str(number(node))
    return node


def test_types_by_enumeration():
    """Cases in which only types are uncertain: every combination of types, by the definitions."""
    rng = random.Random(4)
    looked = positive = 0
    for seed in range(300):
        data = central(random_case(random.Random(seed)))
        types = {p: prefs["types"] for p, prefs in data["preferences"].items() if "types" in prefs}
        if not types or seed % 2:
            continue
        by = rng.choice(list(data["preferences"]))
        every = Oracle(data).deals
        deals = rng.sample(every, min(4, len(every)))
        choices: Data = {f"deal {n}": {"table": deal} for n, deal in enumerate(deals)}
        data["decisions"] = {"d": {"by": by, "choices": {**choices, "no": {"cost": 1}}}}
        found = asked(data, draws=2048)
        prior = {}
        for party, kinds in types.items():
            stated = {k: float(number(t["prior"])) for k, t in kinds.items() if "prior" in t}
            prior[party] = {k: stated.get(k, 1 - sum(stated.values())) for k in kinds}
        worlds = []  # (probability, types, value of each choice)
        for combination in product(*(types[p] for p in types)):
            kinds = dict(zip(types, combination, strict=True))
            oracle = Oracle(fixed(data, kinds))
            mine = fixed(data, kinds)["preferences"][by]
            value, base = Value.of(mine), number(mine["no_deal"])
            row = []
            for deal in deals:
                over = value.utility(deal) - value.reserve
                row.append(float(base + (over if oracle.at(deal) in oracle.zone else 0)))
            chance = math.prod(prior[p][k] for p, k in kinds.items())
            worlds.append((chance, kinds, [*row, float(base) - 1]))
        expected = [sum(w * row[c] for w, _, row in worlds) for c in range(len(deals) + 1)]
        for choice, truth in zip(found.choices, expected, strict=True):
            assert choice.utility.value == pytest.approx(
                truth, abs=5 * choice.utility.standard_error + 1e-6
            ), seed
        whole = sum(w * max(row) for w, _, row in worlds) - max(expected)
        assert found.everything.value == pytest.approx(
            whole, abs=5 * max(found.everything.standard_error, 0.02 * max(map(abs, expected)) + 0.01)
        ), seed
        if len(types) == 1:
            (party,) = types
            assert unknown(found, f"{party}.type").worth.value == pytest.approx(whole, abs=1e-6), seed
        looked += 1
        positive += whole > 0.01
    assert looked > 15
    assert positive > 4


@pytest.mark.parametrize("seed", range(6))
def test_a_signal_is_never_worth_more_than_the_type(seed):
    rng = random.Random(seed)
    data = seller()
    data["preferences"]["buyer"]["types"]["soft"]["no_deal"] = "20 to 45"
    data["preferences"]["buyer"]["types"]["soft"]["prior"] = "30% to 70%"
    data["preferences"]["seller"]["no_deal"] = "10 to 40"
    low = rng.randint(5, 60)
    data["decisions"]["what to ask"]["meetings"]["lunch"]["signals"] = {
        "warm": {
            "soft": f"{low}% to {low + 30}%",
            "hard": f"{rng.randint(1, 20)}% to {rng.randint(21, 60)}%",
        },
        "cool": {"soft": "1% to 5%", "hard": f"{rng.randint(1, 30)}%"},
        "cold": {"rest": True},
    }
    found = asked(data, draws=1024)
    (lunch,) = found.meetings
    assert -1e-9 <= lunch.worth.value <= unknown(found, "buyer.type").worth.value + 1e-9
    assert sum(s.probability for s in lunch.signals) == pytest.approx(1)
    assert found.everything.value >= unknown(found, "seller.no_deal").worth.value - 1e-9


def test_costs_are_taken_off_and_may_be_unknown():
    data = seller()
    data["decisions"]["what to ask"]["choices"]["little"]["cost"] = "2 to 20"
    data["decisions"]["what to ask"]["meetings"]["lunch"]["cost"] = "1 to 3"
    found = asked(data)
    little = found.choices[1]
    assert little.cost == pytest.approx(55 - little.utility.value)
    assert little.cost == pytest.approx(
        math.sqrt(40) * math.exp((math.log(10) / (2 * Z90)) ** 2 / 2), rel=0.05
    )
    assert unknown(found, "decisions.what to ask.choices.little.cost").kind == "cost"
    assert found.meetings[0].cost == pytest.approx(2, abs=0.05)


def test_closing_costs_count_only_where_a_deal_passes():
    data = seller()
    data["preferences"]["seller"]["closing_cost"] = 5
    much, little, nothing = asked(data).choices
    assert (little.utility.value, nothing.utility.value) == (50, 20)
    assert much.utility.value == pytest.approx(0.6 * 75 + 0.4 * 20, abs=4 * much.utility.standard_error)


# ---- decisions that nobody stated


def test_a_default_decision_is_named_as_such():
    data = load(ROOT / "cases" / "alaska-2025.yaml").to_data()
    del data["decisions"]
    found = asked(data, draws=256)
    assert (found.name, found.by, found.stated) == (DEFAULT, "usa", False)  # the host
    assert [c.name for c in found.choices][-1] == NOTHING
    assert "air truce first" in [c.name for c in found.choices]
    assert found.everything.value > 0


def test_without_offers_the_best_deals_are_tabled():
    data = seller()
    del data["decisions"], data["offers"]
    data["parties"]["buyer"] = {"seat": "mediator"}
    found = asked(data, draws=64)
    assert (found.by, found.stated) == ("buyer", False)
    assert [c.deal for c in found.choices] == [{"price": "low"}, {"price": "high"}, None]
    big = information(read_data({k: v for k, v in large(60).items() if k != "offers"}))
    assert isinstance(big.decisions, NotComputed)
    assert "state a decision" in big.decisions.because


def test_a_case_of_any_size_has_its_decisions_answered():
    data = large(60)
    deal = {issue: body["options"][0] for issue, body in data["issues"].items()}
    by = next(iter(data["preferences"]))
    data["decisions"] = {"d": {"by": by, "choices": {"it": {"table": deal}, "no": {}}}}
    assert asked(data).everything.standard_error == 0


def test_without_unknowns_information_is_worth_nothing():
    (found,) = information(read_data(EDGES["ties"])).decisions
    assert (found.everything.value, found.unknowns, found.groups, found.changes) == (0, (), (), 0)
    assert found.choices[0].utility.low == found.choices[0].utility.high == 50


# ---- mistakes


def test_an_unknown_decision():
    with pytest.raises(QuestionError, match="what to ask"):
        information(read_data(seller()), decision="whom to ask")
    with pytest.raises(QuestionError, match="this case has none"):
        information(read_data(EDGES["ties"]), decision="d")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(by="sellar"), 'did you mean "seller"?'),
        (lambda d: d["choices"]["much"].update(table="cheap"), "unknown offer"),
        (lambda d: d["choices"]["much"].update(table={"price": "middling"}), "unknown option of price"),
        (lambda d: d["choices"]["much"].update(table=["dear"]), "not a deal to table"),
        (lambda d: d["choices"]["much"].update(cost=-1), "too small"),
        (lambda d: d.update(choices={"much": {}}), "fewer than two choices"),
        (lambda d: d["meetings"]["lunch"].update(about="seller"), "has no types"),
        (lambda d: d["meetings"]["lunch"].update(about="byer"), 'did you mean "buyer"?'),
        (lambda d: d["meetings"]["lunch"].update(signals={"warm": {"rest": True}}), "a single signal"),
        (
            lambda d: d["meetings"]["lunch"]["signals"].update(cold={"soft": "20%", "hard": "75%"}),
            "soft sum to 0.9",
        ),
        (
            lambda d: d["meetings"]["lunch"]["signals"].update(cold={"soft": "30%"}),
            "no likelihood for the type hard",
        ),
        (lambda d: d["meetings"]["lunch"]["signals"].update(cold={}), "not a signal"),
        (lambda d: d["meetings"]["lunch"]["signals"].update(cool={"rest": True}), "more than one signal"),
        (lambda d: d["meetings"]["lunch"]["signals"].update(cold={"rest": True, "soft": 0}), "not both"),
        (
            lambda d: d["meetings"]["lunch"]["signals"].update(cold={"sofd": 0, "soft": 0, "hard": 1}),
            "unknown type",
        ),
    ],
)
def test_a_decision_that_cannot_be_read(change, said):
    data = seller()
    change(data["decisions"]["what to ask"])
    with pytest.raises(CaseError) as raised:
        read_data(data)
    assert said in str(raised.value)


def test_a_decision_comes_back_as_it_was_written():
    from winset import dump, loads

    case = read_data(seller())
    assert loads(dump(case)) == case
    assert case.to_data()["decisions"]["what to ask"]["meetings"]["lunch"]["signals"]["cold"] == {
        "rest": True
    }


def test_the_same_seed_gives_the_same_bytes():
    data = seller()
    data["preferences"]["seller"]["no_deal"] = "10 to 60"
    one, two = (json.dumps(information(read_data(data), rng=3).to_dict()) for _ in range(2))
    assert one == two
    assert json.dumps(information(read_data(data), rng=4).to_dict()) != one
