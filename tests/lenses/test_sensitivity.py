"""Sensitivity: closed forms, brute force on small random cases, and what must hold."""

from __future__ import annotations

import copy
import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.lenses.edges import BOTH, EDGES, FLAT, Disguise, case, values
from tests.lenses.large import large
from tests.oracles.case_oracle import Oracle, number, random_case

from winset import load, read_data, sensitivity, zone
from winset.case.numbers import Z90
from winset.compiled.draws import uncertain
from winset.compiled.laws import quantile, standard_score
from winset.compiled.sampling import Sampler
from winset.errors import QuestionError
from winset.lenses import NotComputed
from winset.lenses.drawn import Rows
from winset.lenses.flips import Joint, _Space

ALASKA = "cases/alaska-2025.yaml"
Data = dict[str, Any]


def one_deal(a: Data, b: Data, **more: Any) -> Data:
    """Two parties and one possible deal, worth 60 to each."""
    body = {"weights": {"x": 1}, "scores": {"x": {"yes": 60, "no": 0}}}
    return case(
        {"all": ["a", "b"]},
        {"x": ["yes", "no"]},
        {"a": {**body, **a}, "b": {**body, **b}},
        forbid=[{"x": "no"}],
        **more,
    )


def sd(low: float, high: float) -> float:
    return (high - low) / (2 * Z90)


def entry(entries: Any, name: str) -> Any:
    (found,) = (e for e in entries if getattr(e, "name", getattr(e, "path", None)) == name)
    return found


# ---- shares of variance


@pytest.mark.parametrize("design", ["given-data", "pick-freeze"])
def test_shares_of_a_linear_answer(design):
    """A gain of 60 less two independent normals: each explains its own variance, nothing else does."""
    data = one_deal({"no_deal": "0 to 20", "closing_cost": "10 to 20"}, {"no_deal": "10 to 20"})
    result = sensitivity(read_data(data), design=design, draws=8192)
    whole = sd(0, 20) ** 2 + sd(10, 20) ** 2
    for path, part in (("a.no_deal", sd(0, 20) ** 2 / whole), ("a.closing_cost", sd(10, 20) ** 2 / whole)):
        share = entry(result.shares, path)
        first = share.first["gain.a"]
        # 20 classes keep about 98 % of what a normal explains
        assert first.value == pytest.approx(part, abs=4 * first.standard_error + 0.02 * part)
        assert first.standard_error < 0.03
        if design == "pick-freeze":
            total = share.total["gain.a"]
            assert total.value == pytest.approx(part, abs=4 * total.standard_error)
        else:
            assert isinstance(share.total["gain.a"], NotComputed)
        assert abs(share.first["gain.b"].value) < 4 * share.first["gain.b"].standard_error + 1e-9
        assert isinstance(share.first["zone"], NotComputed)  # it is always open
    of_a = entry(result.parties, "a").first["gain.a"]
    assert of_a.value == pytest.approx(1, abs=4 * of_a.standard_error + 0.02)


@pytest.mark.parametrize("design", ["given-data", "pick-freeze"])
def test_correlated_inputs_are_one_group(design):
    data = one_deal(
        {"no_deal": "10 to 30", "closing_cost": "10 to 20"},
        {"no_deal": "10 to 20"},
        correlations=[{"between": ["a.no_deal", "b.no_deal"], "rho": 0.8}],
    )
    result = sensitivity(read_data(data), design=design, draws=8192)
    names = {s.name: s.inputs for s in result.shares}
    assert names == {
        "a.no_deal + b.no_deal": ("a.no_deal", "b.no_deal"),
        "a.closing_cost": ("a.closing_cost",),
    }
    pair = entry(result.shares, "a.no_deal + b.no_deal")
    part = sd(10, 30) ** 2 / (sd(10, 30) ** 2 + sd(10, 20) ** 2)
    assert pair.first["gain.a"].value == pytest.approx(part, abs=4 * pair.first["gain.a"].standard_error)
    assert pair.first["gain.b"].value == pytest.approx(1, abs=4 * pair.first["gain.b"].standard_error + 1e-9)


@pytest.mark.parametrize("design", ["given-data", "pick-freeze"])
def test_a_type_with_its_prior_is_one_input(design):
    """The zone is open just when a is soft: the type explains all of it."""
    data = one_deal(
        {"no_deal": 0, "types": {"soft": {"prior": "30% to 50%"}, "hard": {"rest": True, "no_deal": 90}}},
        {"no_deal": "10 to 20"},
    )
    result = sensitivity(read_data(data), design=design, draws=4096)
    share = entry(result.shares, "a.type")
    assert set(share.inputs) == {"a.type", "a.types.soft.prior"}
    assert share.first["zone"].value == pytest.approx(1, abs=4 * share.first["zone"].standard_error + 1e-9)
    assert result.zone.value == pytest.approx(0.4, abs=4 * result.zone.standard_error)
    soft, hard = result.types
    assert (soft.type, soft.central, soft.flips, soft.zone.value) == ("soft", False, True, 1.0)
    assert (hard.type, hard.central, hard.flips, hard.zone.value) == ("hard", True, False, 0.0)
    assert soft.probability == pytest.approx(0.4)
    assert [m.path for m in result.moves] == ["b.no_deal"]  # a prior moves no central answer


def test_swapping_sobol_points_finds_the_shares_of_a_linear_answer():
    """A gain of x/2 + y/2 - n - c with uniform inputs: shares are those of the variances, and seeds scatter
    by the errors that are told. Two scramblings of the same dimensions would be off by thirty of these."""
    uniform = {"x": "60 to 80", "y": "50 to 90", "no_deal": "5 to 15", "closing_cost": "1 to 3"}
    width = {"a.scores.x.p": 10, "a.scores.y.p": 20, "a.no_deal": 10, "a.closing_cost": 2}
    wanted = {path: w**2 / sum(v**2 for v in width.values()) for path, w in width.items()}
    case = read_data(
        {
            "winset": 1,
            "title": "A sum",
            "parties": {"a": {}},
            "consent": "a",
            "issues": {"x": {"options": ["p", "q"]}, "y": {"options": ["p", "q"]}},
            "forbid": [{"x": "q"}, {"y": "q"}],
            "preferences": {
                "a": {
                    "weights": {"x": 1, "y": 1},
                    "scores": {
                        "x": {"p": f"{uniform['x']}, uniform", "q": 0},
                        "y": {"p": f"{uniform['y']}, uniform", "q": 0},
                    },
                    "no_deal": f"{uniform['no_deal']}, uniform",
                    "closing_cost": f"{uniform['closing_cost']}, uniform",
                }
            },
        }
    )
    far = []
    for seed in range(6):
        shares = sensitivity(case, design="pick-freeze", method="sobol", draws=2048, rng=seed).shares
        found = {s.name: (s.first["gain.a"], s.total["gain.a"]) for s in shares}
        for path, part in wanted.items():
            for told in found[path]:
                assert told.value == pytest.approx(part, abs=0.02)
                far.append((told.value - part) / max(told.standard_error, 1e-4))
        assert sum(first.value for first, _ in found.values()) == pytest.approx(1, abs=0.03)
    assert 0.4 < float(np.sqrt(np.mean(np.square(far)))) < 2.0


@pytest.mark.parametrize(("kind", "counts"), [("s", "a.no_deal"), ("t", "a.types.t.no_deal")])
def test_the_least_joint_change_names_the_number_of_the_type_in_play(kind: str, counts: str):
    """Two reservation values with rho 0.6: the least change is that of the likelier type's own number."""
    data = one_deal(
        {
            "no_deal": "40 to 60",
            "types": {
                "s": {"prior": "70%" if kind == "s" else "30%"},
                "t": {"rest": True, "no_deal": "35 to 55"},
            },
        },
        {"no_deal": "20 to 40"},
        correlations=[{"between": ["a.no_deal", "b.no_deal"], "rho": 0.6}],
    )
    found = sensitivity(read_data(data)).joint
    assert {c.path for c in found.changes} == {counts, "b.no_deal"}
    low, high = (40, 60) if kind == "s" else (35, 55)
    assert found.distance == pytest.approx((60 - (low + high) / 2) / sd(low, high), rel=1e-3)


def test_the_least_joint_change_names_nobody_whose_yes_is_not_asked_for():
    """A bystander whose no-deal value is correlated with a's moves along, and bears on nothing."""
    body = {"weights": {"x": 1}, "scores": {"x": {"yes": 60, "no": 0}}}
    data = case(
        {"all": ["a", "b"]},
        {"x": ["yes", "no"]},
        {
            "a": {**body, "no_deal": "40 to 60"},
            "b": {**body, "no_deal": "20 to 40"},
            "c": {**body, "no_deal": "20 to 40"},
        },
        forbid=[{"x": "no"}],
        correlations=[{"between": ["a.no_deal", "c.no_deal"], "rho": 0.9}],
    )
    found = sensitivity(read_data(data)).joint
    assert [c.path for c in found.changes] == ["a.no_deal"]


def test_two_designs_agree_on_a_real_case():
    given = sensitivity(load(ALASKA))
    frozen = sensitivity(load(ALASKA), design="pick-freeze", draws=512, rng=3)
    others = {s.name: s for s in frozen.shares}
    assert set(others) == {s.name for s in given.shares}
    far = []
    for share in given.shares:
        for name, one in share.first.items():
            two = others[share.name].first[name]
            far.append(abs(one.value - two.value) / math.hypot(one.standard_error, two.standard_error, 1e-3))
    assert max(far) < 6
    assert np.mean(far) < 1.2
    for share in frozen.shares:
        for name, total in share.total.items():
            first = share.first[name]
            assert total.value >= 0
            assert total.value >= first.value - 4 * math.hypot(first.standard_error, total.standard_error)
    for name in ("zone", "deals", "gain.usa"):
        whole = [s.first[name] for s in given.shares]
        assert sum(e.value for e in whole) < 1 + 4 * math.hypot(*(e.standard_error for e in whole))
    assert given.unsourced.sourced == "none"
    assert 0 <= entry(frozen.parties, "europe").total["zone"].value < 1e-12  # nobody asks Europe


# ---- moves


def put(data: Data, path: str, value: Any) -> Data:
    """A copy of plain data with another number at the path of an input."""
    out = copy.deepcopy(data)
    node, *steps = out["preferences"], *path.split(".")
    for step in steps[:-1]:
        node = node[step]
    last = steps[-1]
    if isinstance(node, list):
        node[int(last) - 1]["worth"] = value
    else:
        node[last] = value
    return out


def test_moves_are_the_zone_at_the_ends():
    data = load(ALASKA).to_data()
    del data["correlations"]  # they would name a number that is no range any more
    result = sensitivity(read_data(data), draws=256)
    moves = {m.path: m for m in result.moves}
    for path in ("russia.no_deal", "ukraine.weights.guarantees", "usa.scores.guarantees.binding treaty"):
        move = moves[path]
        for value, outcome in ((move.low, move.at_low), (move.high, move.at_high)):
            found = zone(read_data(put(data, path, repr(value))), draws=1)
            assert (outcome.open, outcome.deals) == (not found.empty, found.zone.value)
            best = found.ranked["worst-off"][0]
            rulers = found.needed
            assert min(outcome.gain[p] for p in rulers) == pytest.approx(min(best.gain[p] for p in rulers))
    now = zone(read_data(data), draws=1)
    assert (result.central.open, result.central.deals) == (not now.empty, now.zone.value)
    assert moves["russia.no_deal"].low == pytest.approx(40)
    assert moves["russia.no_deal"].high == pytest.approx(56)
    assert moves["russia.no_deal"].sourced
    assert not moves["usa.linkages.1"].sourced


def test_conditional_chances_of_a_zone():
    """Open just when a's reservation value is at most 60: P(N(60, s) <= 60 | lowest tenth) is 1."""
    data = one_deal({"no_deal": "50 to 70"}, {"no_deal": "10 to 20"})
    result = sensitivity(read_data(data), draws=4096)
    move = entry(result.moves, "a.no_deal")
    assert (move.lowest.value, move.highest.value, move.lowest.draws) == (1, 0, 409)
    other = entry(result.moves, "b.no_deal")
    for found in (other.lowest, other.highest):
        assert found.value == pytest.approx(0.5, abs=5 * found.standard_error)


def test_tied_deals_count_with_their_mean_gain():
    data = case({"all": ["a", "b"]}, BOTH, {p: values(FLAT, 50) for p in "ab"})
    data["preferences"]["c"] = values({"x": {"l": 100, "r": 0}, "y": {"l": 40, "r": 0}}, 10)
    data["parties"]["c"] = {}
    result = sensitivity(read_data(data))
    assert result.central.gain == {"a": 0, "b": 0, "c": pytest.approx(35 - 10)}
    assert result.plan.draws == 1  # nothing is uncertain
    assert (result.zone.low, result.zone.value, result.zone.high) == (1, 1, 1)
    assert (result.shares, result.moves, result.types, result.flips, result.joint) == ((), (), (), (), None)


# ---- flips of one input


def ranged(rng: random.Random, modes: bool = True) -> Data:
    """A small random case in which many numbers are wide ranges."""
    data = random_case(rng)
    for party, prefs in data["preferences"].items():
        if rng.random() < 0.7 and abs(number(prefs["no_deal"])) < 100:
            middle = number(prefs["no_deal"])
            prefs["no_deal"] = f"{middle - 30} to {middle + 30}"
        if rng.random() < 0.6:
            prefs.pop("red_lines", None)
        for scores in prefs["scores"].values():
            for option in scores:
                if rng.random() < 0.3:
                    scores[option] = rng.choice(["20 to 80", "0 to 90, mode 40" if modes else "30 to 50"])
        for issue, weight in prefs["weights"].items():
            if "0 to" in str(weight) or (
                rng.random() < 0.5 and number(weight) > 0 and "%" not in str(weight)
            ):
                prefs["weights"][issue] = rng.choice(["2 to 4", "1 to 9, mode 4" if modes else "1 to 6"])
        for kind in prefs.get("types", {}).values():
            if "no_deal" in kind:
                kind["no_deal"] = number(kind["no_deal"])
        assert party
    return data


def ends(raw: Any) -> tuple[Fraction, Fraction]:
    text = raw["value"] if isinstance(raw, dict) else raw
    low, _, rest = str(text).partition(" to ")
    return Fraction(low), Fraction(rest.partition(",")[0])


def at(data: Data, path: str) -> Any:
    node = data["preferences"]
    *steps, last = path.split(".")
    for step in steps:
        node = node[step]
    return node[int(last) - 1]["worth"] if isinstance(node, list) else node[last]


@pytest.mark.parametrize("batch", range(3))
def test_flips_of_single_inputs_by_brute_force(batch):
    seen = {"exact": 0, "values": 0, "none": 0}
    for seed in range(16 * batch, 16 * batch + 16):
        data = ranged(random.Random(seed))
        model = uncertain(read_data(data))
        result = sensitivity(read_data(data), draws=16)
        opened = bool(Oracle(data).zone)
        assert result.central.open == opened
        flips = {f.path: f for f in result.flips}
        for item in model.inputs:
            if item.law == "type" or item.path.endswith(".prior"):
                continue
            central = float(item.number.central(item.bounds))
            middle = standard_score(item, central)

            def turned(
                value: Fraction, path: str = item.path, data: Data = data, opened: bool = opened
            ) -> bool:
                return bool(Oracle(put(data, path, str(value))).zone) != opened

            if item.law == "values":
                places = [v for v, _ in item.number.values]
            else:
                low, high = ends(at(data, item.path))
                places = [low + (high - low) * Fraction(k, 11) for k in range(12)]
            far = [abs(standard_score(item, float(v)) - middle) for v in places if turned(v)]
            flip = flips.get(item.path)
            if flip is None:
                assert not far, (seed, item.path)
                seen["none"] += 1
                continue
            seen[flip.method] += 1
            assert min(far, default=math.inf) >= abs(flip.scores) - 1e-9, (seed, item.path)
            assert flip.opens != opened
            assert flip.distance == pytest.approx(abs(flip.value - central))
            value = Fraction(flip.value)
            if flip.method == "exact":
                step = (high - low) / 10**6
                assert turned(value + step) != turned(value - step), (seed, item.path)
            else:
                assert turned(value)
    assert seen["exact"] > 5
    assert seen["none"] > 5


def test_a_closed_gap_between_two_open_ends_is_not_missed():
    """One weight moves a between two deals; in a narrow middle neither reaches the reservation value."""
    data = case(
        {"all": ["a", "b"]},
        {"x": ["l", "r"], "y": ["l", "r"]},
        {
            "a": {
                "weights": {"x": "10 to 30", "y": 20},
                "scores": {"x": {"l": 100, "r": 0}, "y": {"l": 0, "r": 100}},
                "no_deal": "51.1",
            },
            "b": values(FLAT, 0),
        },
        forbid=[{"x": "l", "y": "r"}],
    )
    # deals (l, l): 100 w / (w + 20); (r, r): 2000 / (w + 20); open for w >= 20.9 or w <= 19.14
    result = sensitivity(read_data(data), draws=64)
    (flip,) = result.flips
    assert flip.opens
    nearest = 2000 / 51.1 - 20
    assert flip.value == pytest.approx(nearest, abs=1e-6)
    assert flip.beyond == pytest.approx(0.5 * math.erfc((20 - nearest) / sd(10, 30) / math.sqrt(2)))
    data["preferences"]["a"]["weights"]["x"] = "15 to 21"  # central 18: open, on the lower branch
    (flip,) = sensitivity(read_data(data), draws=64).flips
    assert (flip.opens, flip.method) == (False, "exact")
    assert flip.value == pytest.approx(nearest, abs=1e-6)


def test_what_enters_in_a_curved_way_is_scanned():
    """a's no-deal value is 100 p (1 less costs): the probability of prevailing flips the zone at 0.6."""
    data = one_deal({}, {"no_deal": 10})
    data["no_deal"] = {
        "outcomes": {
            "prevails": {"probability": "20% to 80%", "values": {"a": 100, "b": 10}},
            "yields": {"rest": True, "values": {"a": 0, "b": 10}},
        }
    }
    (flip,) = sensitivity(read_data(data), draws=64).flips
    assert (flip.path, flip.method, flip.opens) == ("no_deal.outcomes.prevails.probability", "scan", False)
    assert flip.value == pytest.approx(0.6, abs=1e-7)


def test_flips_beyond_a_90_per_cent_range():
    """Of 39 to 59 a draw in 28 is above 60, and none of a range that ends there is."""
    result = sensitivity(read_data(one_deal({"no_deal": "39 to 59"}, {"no_deal": 10})), draws=64)
    assert result.flips == ()
    (flip,) = result.farther
    assert (flip.path, flip.value, flip.opens) == ("a.no_deal", pytest.approx(60), False)
    assert flip.beyond == pytest.approx(0.5 * math.erfc(11 / sd(39, 59) / math.sqrt(2)))
    for law in ("uniform", "mode 50"):
        result = sensitivity(read_data(one_deal({"no_deal": f"39 to 59, {law}"}, {"no_deal": 10})), draws=64)
        assert (result.flips, result.farther) == ((), ())


def test_a_curved_way_is_scanned_beyond_its_range_too():
    data = one_deal({}, {"no_deal": 10})
    data["no_deal"] = {
        "outcomes": {
            "prevails": {"probability": "20% to 55%", "values": {"a": 100, "b": 10}},
            "yields": {"rest": True, "values": {"a": 0, "b": 10}},
        }
    }
    result = sensitivity(read_data(data), draws=64)
    assert result.flips == ()
    (flip,) = result.farther
    assert (flip.method, flip.percent, flip.value) == ("scan", True, pytest.approx(0.6, abs=1e-7))
    assert 0.001 < flip.beyond < 0.05


# ---- flips of all inputs together


def joint_of(data: Data) -> Joint:
    found = sensitivity(read_data(data), draws=16).joint
    assert isinstance(found, Joint)
    return found


def test_the_least_joint_change_in_closed_form():
    """Short by 5 and by 11: each party's distance is its shortfall over its own scatter."""
    data = one_deal({"no_deal": "55 to 75"}, {"no_deal": "60 to 70", "closing_cost": "4 to 8"})
    found = joint_of(data)
    far = math.hypot(5 / sd(55, 75), 11 / math.hypot(sd(60, 70), sd(4, 8)))
    assert found.opens
    assert found.distance == pytest.approx(far, rel=1e-6)
    assert found.deal == {"x": "yes"}
    moves = {c.path: c for c in found.changes}
    assert moves["a.no_deal"].value == pytest.approx(60, abs=1e-4)
    assert moves["b.no_deal"].value + moves["b.closing_cost"].value == pytest.approx(60, abs=1e-4)


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.6])
def test_correlations_are_taken_out(rho):
    """Both short: the Mahalanobis distance of the shortfalls, if both bounds bind."""
    data = one_deal({"no_deal": "55 to 75"}, {"no_deal": "60 to 80"})
    if rho:
        data["correlations"] = [{"between": ["a.no_deal", "b.no_deal"], "rho": rho}]
    z = np.array([-5 / sd(55, 75), -10 / sd(60, 80)])
    inverse = np.linalg.inv(np.array([[1, rho], [rho, 1]]))
    far = math.sqrt(z @ inverse @ z)
    if rho == 0.6:  # the larger shortfall pulls the other along, beyond its bound
        far = min(far, abs(z[1])) if rho * z[1] <= z[0] else far
    assert joint_of(data).distance == pytest.approx(far, rel=1e-6)


def test_the_zone_empties_where_its_last_deal_fails():
    """One deal with two parties: the nearer of the two refusals."""
    data = one_deal({"no_deal": "40 to 50"}, {"no_deal": "20 to 50", "closing_cost": "4 to 8"})
    found = joint_of(data)
    near = min(15 / sd(40, 50), 19 / math.hypot(sd(20, 50), sd(4, 8)))
    assert not found.opens
    assert found.deal is None
    assert found.distance == pytest.approx(near, rel=1e-4)


def test_nothing_flips_within_the_bound():
    """Points in the ball of the proven radius, on its rim too, leave the answer alone."""
    looked, tight = 0, []
    rng = np.random.default_rng(1)
    for seed in range(60):
        data = ranged(random.Random(seed), modes=False)
        model = uncertain(read_data(data))
        found = sensitivity(read_data(data), draws=16).joint
        if not isinstance(found, Joint) or found.bound is None or found.distance < 0.1:
            continue
        assert found.bound <= found.distance
        middle = model.middle()[None]
        space = _Space(Rows(model), Sampler(model, 0), middle, model.kinds(middle))
        way = np.zeros((2000, len(model.inputs)))
        way[:, space.free] = rng.standard_normal((2000, len(space.free)))
        way *= found.bound / np.sqrt((way**2).sum(axis=1, keepdims=True))
        way[1000:] *= rng.random((1000, 1))
        assert (space.open(space.start + way) != found.opens).all(), seed
        looked += 1
        tight.append(found.bound / found.distance)
    assert looked > 10
    assert np.median(tight) > 0.4


def test_no_nearer_point_is_met_by_chance():
    """In small random cases, thousands of points within nine tenths of the distance found never flip."""
    looked = nearer = 0
    rng = np.random.default_rng(0)
    for seed in range(40):
        data = ranged(random.Random(seed))
        model = uncertain(read_data(data))
        result = sensitivity(read_data(data), draws=16)
        if not isinstance(result.joint, Joint) or result.joint.distance < 1e-6:
            continue
        middle = model.middle()[None]
        space = _Space(Rows(model), Sampler(model, 0), middle, model.kinds(middle))
        way = np.zeros((3000, len(model.inputs)))
        way[:, space.free] = rng.standard_normal((3000, len(space.free)))
        way /= np.sqrt((way**2).sum(axis=1, keepdims=True))
        reach = 0.9 * result.joint.distance * rng.random((3000, 1)) ** (1 / max(1, len(space.free)))
        looked += 1
        nearer += bool((space.open(space.start + reach * way) == result.joint.opens).any())
        single = [abs(f.scores) for f in result.flips if f.method != "values"]
        assert result.joint.distance <= min(single, default=math.inf) + 1e-4
    assert looked > 20
    assert nearer == 0


# ---- edges and mistakes


def test_other_names_in_another_order_change_only_names_and_order():
    """At central values; the draws of an unknown go by its name."""

    def told(data: Data, back: dict[str, str]) -> Any:
        found = sensitivity(read_data(data), draws=2)
        return (
            (found.central.open, found.central.deals),
            {back[p]: round(g, 9) for p, g in found.central.gain.items()},
            sorted((f.method, f.opens, round(f.scores, 7), round(f.beyond, 9)) for f in found.flips),
            sorted((round(m.low, 9), m.at_low.deals, round(m.high, 9), m.at_high.deals) for m in found.moves),
            sorted((back[t.party], t.type, t.outcome.deals, t.flips) for t in found.types),
            isinstance(found.joint, Joint) and found.joint.opens,
        )

    looked = 0
    for seed in range(100, 130):
        rng = random.Random(seed)
        data = ranged(rng)
        disguise = Disguise.of(data, rng)
        plain = told(data, {p: p for p in data["parties"]})
        assert told(disguise.put_on(data, rng), disguise.back()) == plain, seed
        looked += len(plain[2])
    assert looked > 10


def test_scores_are_the_inverse_of_values():
    model = uncertain(load(ALASKA))
    for item in model.inputs:
        if item.law != "type":
            for score in (-2.0, -0.3, 0.0, 1.5):
                value = float(quantile(item, np.array([score]))[0])
                assert standard_score(item, value) == pytest.approx(score, abs=1e-9)


def test_the_same_seed_gives_the_same_answer_however_often():
    one, two = (sensitivity(load(ALASKA), draws=600, rng=5).to_dict() for _ in range(2))
    assert one == two
    assert one["plan"] == {"draws": 600, "seed": 5, "method": "random", "to_within": None}
    assert sensitivity(load(ALASKA), draws=600, rng=6).to_dict()["shares"] != one["shares"]


def test_sobol_points():
    result = sensitivity(load(ALASKA), draws=1024, method="sobol")
    assert result.zone.standard_error < sensitivity(load(ALASKA), draws=1024).zone.standard_error


def test_too_many_deals_are_not_computed():
    result = sensitivity(read_data(large(60)))
    assert isinstance(result.central, NotComputed)
    assert "2,000,000" in result.central.because
    assert isinstance(result.shares, NotComputed)


def test_a_design_that_is_none():
    with pytest.raises(QuestionError, match="given-data or pick-freeze"):
        sensitivity(read_data(EDGES["ties"]), design="latin")
