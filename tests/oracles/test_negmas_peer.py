"""Scenarios carried over mean what NegMAS (and Genius) mean by them, to rounding."""

from __future__ import annotations

import copy
import itertools
import math
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oracles import negmas_peer
from winset.case.foreign import Imported, import_scenario
from winset.case.model import Case
from winset.case.read import read_data
from winset.kernels import bargain
from winset.lenses.frontier import frontier
from winset.lenses.results import NotComputed
from winset.lenses.solutions import solutions

SCENARIOS = Path(__file__).parent.parent / "case" / "foreign" / "scenarios"
FOLDERS = sorted(p.name for p in SCENARIOS.iterdir() if p.is_dir())
GENIUS = [f for f in FOLDERS if any((SCENARIOS / f).glob("*.xml"))]
PAIRS = [(f, r) for f in FOLDERS for r in (("genius", "negmas") if f in GENIUS else ("negmas",))]


def both(folder: str, reading: str) -> tuple[Imported, negmas_peer.Peer]:
    place = SCENARIOS / folder
    imported = import_scenario(place, reading="genius" if reading == "genius" else "negmas")
    return imported, negmas_peer.load(place, reading=reading)


def utility(data: dict[str, Any], party: str, deal: dict[str, str]) -> Fraction:
    """The model of the format, in fractions: weights are normalised to sum to 1."""
    prefs = data["preferences"][party]
    weights = {i: Fraction(w) for i, w in prefs["weights"].items()}
    parts = (w * Fraction(prefs["scores"][i][deal[i]]) for i, w in weights.items() if w)
    return sum(parts, Fraction(0)) / sum(weights.values())


def deals(imported: Imported, most: int = 500) -> list[dict[str, str]]:
    issues = {i: body["options"] for i, body in imported.data["issues"].items()}
    size = math.prod(len(o) for o in issues.values())
    if size <= most:
        return [dict(zip(issues, options, strict=True)) for options in itertools.product(*issues.values())]
    rng = random.Random(1)
    return [{i: rng.choice(o) for i, o in issues.items()} for _ in range(most)]


def original(imported: Imported, deal: dict[str, str]) -> dict[str, Any]:
    origin = imported.origin
    return {origin.issues[i]: origin.options[i][o] for i, o in deal.items()} | origin.fixed


@pytest.mark.parametrize(("folder", "reading"), PAIRS)
def test_utilities_agree(folder: str, reading: str) -> None:
    imported, peer = both(folder, reading)
    assert sorted(imported.origin.parties.values()) == sorted(peer.names)
    for deal in deals(imported):
        outcome = peer.outcome(original(imported, deal))
        theirs = dict(zip(peer.names, peer.utilities(outcome), strict=True))
        for party, name in imported.origin.parties.items():
            a, b = imported.scale[party]
            ours = float(a + b * utility(imported.data, party, deal))
            assert ours == pytest.approx(theirs[name], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("folder", "reading"), PAIRS)
def test_reservations_agree(folder: str, reading: str) -> None:
    imported, peer = both(folder, reading)
    theirs = dict(zip(peer.names, peer.reserved(), strict=True))
    for party, name in imported.origin.parties.items():
        a, b = imported.scale[party]
        no_deal = Fraction(imported.data["preferences"][party]["no_deal"])
        if math.isfinite(theirs[name]):
            assert float(a + b * no_deal) == pytest.approx(theirs[name], rel=1e-9, abs=1e-9)
        else:
            assert no_deal == 0
            assert any("no reservation value" in note for note in imported.notes)


def rational_frontier(imported: Imported) -> list[tuple[Fraction, ...]]:
    """NegMAS' frontier by its definition, in fractions: one point for each vector of utilities."""
    parties = list(imported.scale)
    least = [Fraction(imported.data["preferences"][p]["no_deal"]) for p in parties]
    points = {tuple(utility(imported.data, p, d) for p in parties) for d in deals(imported, 4000)}
    points = {x for x in points if all(u >= r for u, r in zip(x, least, strict=True))}

    def beaten(x: tuple[Fraction, ...]) -> bool:
        return any(y != x and all(s >= t for s, t in zip(y, x, strict=True)) for y in points)

    return [x for x in points if not beaten(x)]


def on_the_line(imported: Imported, point: tuple[Fraction, ...]) -> bool:
    """Whether a party gets exactly its no-deal value: in floats that may fall to either side."""
    least = [Fraction(imported.data["preferences"][p]["no_deal"]) for p in imported.scale]
    return any(u == r for u, r in zip(point, least, strict=True))


@pytest.mark.parametrize(("folder", "reading"), PAIRS)
def test_frontiers_agree(folder: str, reading: str) -> None:
    imported, peer = both(folder, reading)
    order = [peer.names.index(imported.origin.parties[p]) for p in imported.scale]
    theirs = [tuple(point[i] for i in order) for point in peer.pareto_frontier()]
    exact = rational_frontier(imported)
    scale = list(imported.scale.values())
    ours = [tuple(float(a + b * u) for (a, b), u in zip(scale, x, strict=True)) for x in exact]

    missing = [x for x, point in zip(exact, ours, strict=True) if not near(point, theirs)]
    assert [x for x in missing if not on_the_line(imported, x)] == []
    assert (missing != []) == (folder == "negmas-affine")  # there a float falls below
    assert [point for point in theirs if not near(point, ours)] == []


# --------------------------------------------------------------------------- bargaining solutions

Vector = tuple[float, ...]


class Sides:
    """The frontier of one scenario, and what both sides choose from it, in original units, Winset's order."""

    def __init__(self, folder: str, reading: str) -> None:
        self.folder, self.reading = folder, reading
        self.imported, self.peer = both(folder, reading)
        data, scale = self.imported.data, self.imported.scale
        self.order = [self.peer.names.index(self.imported.origin.parties[p]) for p in scale]
        exact = rational_frontier(self.imported)
        points = [tuple(float(a + b * u) for (a, b), u in zip(scale.values(), x, strict=True)) for x in exact]
        theirs = self.turned(self.peer.pareto_frontier())
        kept = [i for i, point in enumerate(points) if near(point, theirs)]  # floats lose one, see above
        exact, self.points = [exact[i] for i in kept], [points[i] for i in kept]
        self.no_deal = [Fraction(data["preferences"][p]["no_deal"]) for p in scale]
        most = [max(utility(data, p, d) for d in deals(self.imported, 4000)) for p in scale]
        units = [b for _, b in scale.values()]
        #: gains over Winset's own no-deal values, in points; and over NegMAS' disagreement, in original units
        self.own = np.array([[float(u - r) for u, r in zip(x, self.no_deal, strict=True)] for x in exact])
        clipped = [max(r, Fraction(0)) for r in self.no_deal]
        self.gains = np.array(
            [[float(b * (u - r)) for u, b, r in zip(x, units, clipped, strict=True)] for x in exact]
        )
        self.ceilings = [float(b * (m - r)) for m, b, r in zip(most, units, clipped, strict=True)]

    def turned(self, points: list[Vector]) -> list[Vector]:
        return [tuple(p[i] for i in self.order) for p in points]

    def chosen(self, indices: Any) -> list[Vector]:
        return [self.points[i] for i in indices]

    @property
    def flat(self) -> bool:
        """A party has nothing to gain in the whole space: NegMAS then returns all points of the frontier."""
        return any(c <= 1e-12 for c in self.ceilings)


def near(one: Vector, many: list[Vector]) -> bool:
    return any(max(abs(s - t) for s, t in zip(one, other, strict=True)) < 1e-9 for other in many)


def same(ours: list[Vector], theirs: list[Vector]) -> bool:
    return all(near(p, theirs) for p in ours) and all(near(p, ours) for p in theirs)


@pytest.fixture(scope="module", params=PAIRS, ids=[f"{f}-{r}" for f, r in PAIRS])
def sides(request: pytest.FixtureRequest) -> Sides:
    return Sides(*request.param)


FLAT = {  # a reserved value that no deal passes, or a constant utility
    ("genius-reservation-out-of-reach", "genius"),
    ("hand-genius-constant", "genius"),
    ("hand-genius-constant", "negmas"),
    ("negmas-constant-party", "negmas"),
    ("negmas-high-reservation", "negmas"),
    ("negmas-truth-values", "negmas"),
}


def test_few_scenarios_are_flat(sides: Sides) -> None:
    """Those below that are passed over are these, and no others."""
    assert sides.flat == ((sides.folder, sides.reading) in FLAT)


def test_nash_on_negmas_terms(sides: Sides) -> None:
    theirs = sides.turned(sides.peer.nash_points())
    if sides.flat:
        assert same(theirs, sides.points)
        return
    ours = sides.chosen(bargain.nash(sides.gains))
    assert all(near(p, theirs) for p in ours)
    if len(sides.gains) and sides.gains.prod(axis=1).max() > 1e-9:
        assert same(ours, theirs)  # else NegMAS returns every point with a product of zero


def test_egalitarian_on_negmas_terms(sides: Sides) -> None:
    theirs = sides.turned(sides.peer.kalai_points())
    if sides.flat:
        assert same(theirs, sides.points)
        return
    ours = sides.chosen(bargain.egalitarian(sides.gains))
    assert all(near(p, theirs) for p in ours)  # leximin breaks ties that NegMAS leaves open
    assert (ours == []) == (theirs == [])


def test_kalai_smorodinsky_is_another_rule(sides: Sides) -> None:
    """NegMAS takes the least spread of shares, Winset the largest least share: theirs is recomputed here."""
    theirs = sides.turned(sides.peer.ks_points())
    if sides.flat:
        assert same(theirs, sides.points)
        return
    if not len(sides.gains):
        assert theirs == []
        return
    shares = sides.gains / np.array(sides.ceilings)
    spread = shares.max(axis=1) - shares.min(axis=1)
    assert same([p for p, s in zip(sides.points, spread, strict=True) if s <= spread.min() + 1e-12], theirs)
    ours = bargain.kalai_smorodinsky(sides.gains, np.array(sides.ceilings))
    assert shares[ours].min(axis=1) == pytest.approx(shares.min(axis=1).max())


def test_welfare_on_negmas_terms(sides: Sides) -> None:
    theirs = sides.turned(sides.peer.max_welfare_points())
    ours = sides.chosen(bargain.utilitarian(np.array(sides.points)))
    if sides.flat and not same(ours, theirs):
        assert same(theirs, sides.points)  # NegMAS looks at the whole range here, without the reserved value
        return
    assert same(ours, theirs)


# --------------------------------------------------------------------------- the lenses


def read_case(imported: Imported, *, clipped: bool = False) -> Case:
    """The case; ``clipped`` with no-deal values of at least 0, which is NegMAS' point of disagreement."""
    data = copy.deepcopy(imported.data)
    for prefs in data["preferences"].values() if clipped else ():
        if Fraction(prefs["no_deal"]) < 0:
            prefs["no_deal"] = "0"
    return read_data(data)


def in_points(sides: Sides, found: Callable[[list[tuple[float, float]]], list[Vector]]) -> list[Vector]:
    """NegMAS' answer with every party's utility on Winset's scale."""
    scale = {sides.imported.origin.parties[p]: ab for p, ab in sides.imported.scale.items()}
    steps = [(float(a), float(b)) for a, b in (scale[name] for name in sides.peer.names)]
    return sides.turned(found(steps))


def test_lens_frontier(sides: Sides) -> None:
    got = frontier(read_case(sides.imported), most=0).zone
    assert not isinstance(got, NotComputed)
    assert got.exact
    scale = list(sides.imported.scale.values())
    ours = [
        tuple(float(a) + float(b) * u for (a, b), u in zip(scale, row, strict=True))
        for row in got.utility.tolist()
    ]
    theirs = sides.turned(sides.peer.pareto_frontier())
    exact = rational_frontier(sides.imported)
    assert got.size == len(exact)  # one point for each vector of utilities, as in NegMAS
    missing = [p for p in ours if not near(p, theirs)]
    assert all(any(near(p, [q]) for q in ours) for p in theirs)
    assert len(missing) == (sides.folder == "negmas-affine")  # there a float falls below the reserved value


def lens_points(case: Case, name: str) -> list[Vector]:
    found = solutions(case)
    assert not isinstance(found.solutions, NotComputed)
    return [
        tuple(view.utility[p] for p in found.parties)
        for s in found.solutions
        if s.name == name
        for view in s.deals
    ]


def test_lens_solutions_on_negmas_terms(sides: Sides) -> None:
    """With the disagreement cut at the worst deal and both on one scale, the deals are the same."""
    if sides.flat or sides.folder == "negmas-affine":
        return  # see the tests above
    case = read_case(sides.imported, clipped=True)
    peer = sides.peer
    nash, theirs = lens_points(case, "Nash"), in_points(sides, peer.nash_points)
    assert all(near(p, theirs) for p in nash)
    if sides.points and (sides.gains > 0).all(axis=1).any():
        assert same(nash, theirs)
    least, theirs = lens_points(case, "egalitarian"), in_points(sides, peer.kalai_points)
    assert all(near(p, theirs) for p in least)
    assert (least == []) == (theirs == [])
    assert same(lens_points(case, "utilitarian"), in_points(sides, peer.max_welfare_points))


def test_lens_nash_differs_only_below_the_worst_deal(sides: Sides) -> None:
    """Winset keeps a no-deal value below the worst deal; NegMAS lifts it to the worst deal."""
    if sides.flat or sides.folder == "negmas-affine":
        return
    ours, theirs = lens_points(read_case(sides.imported), "Nash"), in_points(sides, sides.peer.nash_points)
    if not same(ours, theirs):
        assert any(r < 0 for r in sides.no_deal)
