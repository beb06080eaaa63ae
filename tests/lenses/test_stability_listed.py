"""Conflicts few of whose combinations of options can be: the same answers, without listing the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.case.test_conflict import CASE
from tests.lenses.test_dilemmas import CRISIS
from tests.lenses.test_stability import case, found, random_conflict

from winset import Case, dilemmas, load, loads, stability
from winset.compiled import conflict
from winset.compiled.conflict import compile_conflict
from winset.report.gmcr import gmcr

MADE: dict[str, Callable[[], Case]] = {
    "alaska": lambda: load("cases/alaska-2025.yaml"),
    "ford": lambda: loads(CASE),
    "crisis": lambda: loads(CRISIS),
}


def always_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflict, "_LISTED", 0)
    monkeypatch.setattr(conflict, "_SPARSE", 0)


def everything(given: Case, wanted: dict[str, bool]) -> list[Any]:
    states = stability(given, wanted=wanted, horizon=3, coalitions=True, draws=64)
    return [states, dilemmas(given, draws=64), gmcr(given)]


@pytest.mark.parametrize("name", MADE)
def test_whole_answers_are_the_same(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    whole = everything(MADE[name](), {})
    always_listed(monkeypatch)
    given = MADE[name]()
    graph = compile_conflict(given)
    assert graph is not None
    assert len(graph.states) < 1 << len(graph.options)
    assert everything(given, {}) == whole


@pytest.mark.parametrize("seed", range(15))
def test_whole_answers_of_random_conflicts(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    rng = np.random.default_rng(seed)
    while "infeasible" not in (data := random_conflict(rng)[0]):
        pass
    names = [name for options in data["options"].values() for name in options]
    data["status_quo"] = {names[0]: True, names[1]: False}
    whole = everything(case(data), {})
    always_listed(monkeypatch)
    assert everything(case(data), {}) == whole


def test_a_conflict_of_24_options_and_16_states() -> None:
    """Every option but four goes with one of the four, which the same party has. So it is the conflict of
    the four under other names."""
    rng = np.random.default_rng(3)
    copies: dict[str, list[str]] = {f"o{n}": [f"o{n}"] for n in range(4)}
    for n in range(4, 24):
        copies[f"o{rng.integers(4)}"].append(f"o{n}")
    order = [{f"o{n}": bool(rng.integers(2)) for n in rng.permutation(4)[:2]} for _ in range(8)]
    small: dict[str, Any] = {
        "options": {"a": ["o0", "o1"], "b": ["o2", "o3"]},
        "status_quo": {"o1": True},
        "preferences": {"a": {"prioritised": order[:4]}, "b": {"prioritised": order[4:]}},
    }
    large = small | {
        "options": {p: [c for o in own for c in copies[o]] for p, own in small["options"].items()},
        "infeasible": [
            {like: taken, name: not taken}
            for name, others in copies.items()
            for like in others[1:]
            for taken in (True, False)
        ],
        "status_quo": dict.fromkeys(copies["o1"], True),
    }
    graph = compile_conflict(case(large))
    assert graph is not None
    assert len(graph.states) == graph.size == 16
    one, other = (found(case(data), draws=0, horizon=3, coalitions=True) for data in (small, large))
    assert (other.combinations, other.states, other.complete) == (1 << 24, 16, True)
    assert other.equilibria == one.equilibria
    by_state = {frozenset(view.state) & set(copies): view for view in other.shown}
    for view in one.shown:
        copy = by_state[frozenset(view.state)]
        assert set(copy.state) == {c for o in view.state for c in copies[o]}
        assert (copy.now, copy.place, copy.stable) == (view.now, view.place, view.stable)
    assert one.horizon is not None
    assert other.horizon is not None
    assert one.horizon.equilibria == other.horizon.equilibria
