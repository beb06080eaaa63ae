"""The block conflict: its short forms, the way back to the file, edits, numbers, and sets of states."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from winset.case import dump, edit, load, loads, read_data
from winset.case.states import (
    TooManyStates,
    feasible_states,
    ranking_places,
    statement_states,
    states_of,
)
from winset.errors import CaseError

CASE = """\
winset: 1
title: The ford
sources: {s: {title: t}}
claims: {pledge: {by: north, says: hi, source: s}}
parties: {north: {}, south: {}, river: {}}
consent: {all: [north, south]}
issues: {land: {options: [kept, shared]}}
preferences:
  north: {weights: {land: 1}, scores: {land: {kept: 100, shared: 40 to 60}}, no_deal: 30 to 40}
  south:
    weights: {land: 1}
    scores: {land: {kept: 0, shared: 100}}
    no_deal: 20
    types: {calm: {prior: 60%}, firm: {rest: true, no_deal: 40 to 60}}
correlations:
  - {between: [conflict.effects.1.less.north, north.no_deal], rho: 0.5}
conflict:
  options:
    north: [attack, offer]
    south: {dam: {once: true, because: pledge}, flood: {}}
    river: {complain: null}
  infeasible:
    - {attack: yes, offer: yes}
    - {when: [{dam: no, flood: yes}], note: no dam no flood}
  status_quo: {attack: no}
  preferences:
    north: {from: deals}
    south:
      types:
        calm: {prioritised: [{attack: no}, {dam: yes, if: {attack: yes}}, [{flood: no}, {dam: no}]], note: x}
        firm: {ranking: [{flood: yes}, [{attack: no}, {dam: yes}], rest]}
    river: {prioritised: [{flood: no, sure: 60% to 80%}, {complain: yes, iff: {dam: yes}}]}  # sees the water
  outcomes:
    - {when: {offer: yes}, deal: {land: shared}}
    - {when: {offer: no}, no_deal: true}
  effects:
    - {when: {dam: yes}, less: {north: 5 to 10}}
  sees: {north: {south: {prioritised: [{flood: yes}]}, unaware of: complain}}
"""
NAMES = ("attack", "offer", "dam", "flood", "complain")
PLACE = {name: n for n, name in enumerate(NAMES)}
EVERY = np.arange(32)


def test_the_way_back() -> None:
    case = loads(CASE)
    assert loads(dump(case)) == case
    assert read_data(case.to_data()) == case
    assert case.conflict is not None
    assert case.conflict.names() == NAMES
    assert case.conflict.options["south"]["dam"].once == "taken"
    assert case.conflict.sees["north"].unaware == ("complain",)
    assert list(case.conflict.sees["north"].orders) == ["south"]
    assert "river: [complain]" in dump(case)
    assert case != loads(CASE.replace("dam: {once: true", "dam: {once: dropped"))
    without = loads(CASE[: CASE.index("correlations")])
    assert without.conflict is None


def test_numbers_and_edits(tmp_path: Path) -> None:
    case = loads(CASE)
    paths = [path for path, _, _ in case.numbers() if path.startswith("conflict.")]
    assert paths == ["conflict.preferences.river.prioritised.1.sure", "conflict.effects.1.less.north"]
    file = tmp_path / "case.yaml"
    file.write_text(CASE, encoding="utf-8")
    edit(file, {"conflict.preferences.river.prioritised.1.sure": "75%", "conflict.status_quo.dam": "yes"})
    changed = load(file)
    assert changed.conflict is not None
    assert changed.conflict.taken_now() == ("dam",)
    assert "sure: 75%" in file.read_text(encoding="utf-8")
    assert "# sees the water" in file.read_text(encoding="utf-8")


def plainly(match: Any, state: dict[str, bool]) -> bool:
    return any(all(state[o] is taken for o, taken in clause.items()) for clause in match)


def test_sets_of_states_are_those_of_the_words() -> None:
    """Against the conditions read state by state."""
    conflict = loads(CASE).conflict
    assert conflict is not None
    rng = np.random.default_rng(5)
    states = [dict(zip(NAMES, reversed(bits), strict=True)) for bits in product((False, True), repeat=5)]
    for _ in range(100):
        match = tuple(
            {NAMES[o]: bool(rng.integers(2)) for o in rng.permutation(5)[: rng.integers(1, 5)]}
            for _ in range(rng.integers(1, 4))
        )
        assert states_of(match, PLACE, EVERY).tolist() == [plainly(match, s) for s in states]
    able = [not any(plainly(r.when, s) for r in conflict.infeasible) for s in states]
    assert (
        feasible_states((r.when for r in conflict.infeasible), PLACE).tolist()
        == np.flatnonzero(able).tolist()
    )
    _, conditional, _ = conflict.preferences["south"].types["calm"].prioritised or ()
    assert statement_states(conditional, PLACE, EVERY).tolist() == [
        s["dam"] or not s["attack"] for s in states
    ]
    _, exactly = conflict.preferences["river"].prioritised or ()
    assert statement_states(exactly, PLACE, EVERY).tolist() == [s["complain"] == s["dam"] for s in states]
    ranking = conflict.preferences["south"].types["firm"].ranking or ()
    expected = [0 if s["flood"] else 1 if s["dam"] or not s["attack"] else 2 for s in states]
    assert ranking_places(ranking, PLACE, EVERY).tolist() == expected
    assert ranking_places(ranking, PLACE, EVERY[able]).tolist() == np.array(expected)[able].tolist()


def test_states_that_can_be_are_those_left_of_all_combinations() -> None:
    """Against all combinations, looked at one by one."""
    rng = np.random.default_rng(11)
    empty = 0
    for _ in range(300):
        names = [f"o{n}" for n in range(int(rng.integers(1, 9)))]
        place = {name: n for n, name in enumerate(names)}
        infeasible = [
            tuple(
                {str(o): bool(rng.integers(2)) for o in rng.permutation(names)[: rng.integers(1, 4)]}
                for _ in range(rng.integers(1, 3))
            )
            for _ in range(rng.integers(0, 9))
        ]
        every = [{o: bool(s >> n & 1) for o, n in place.items()} for s in range(1 << len(names))]
        able = [n for n, s in enumerate(every) if not any(plainly(match, s) for match in infeasible)]
        assert feasible_states(infeasible, place).tolist() == able
        empty += not able
    assert empty


@pytest.mark.parametrize("options", [24, 40, 62])
def test_states_of_many_options_are_not_listed_before_they_are_ruled_out(options: int) -> None:
    """Four free options, of which each other one is a copy or the opposite: 16 states."""
    rng = np.random.default_rng(options)
    names = [f"o{n}" for n in rng.permutation(options)]
    place = {name: n for n, name in enumerate(names)}
    like = {name: (names[int(rng.integers(4))], bool(rng.integers(2))) for name in names[4:]}
    infeasible = [
        ({name: taken, free: taken is not same},)
        for name, (free, same) in like.items()
        for taken in (True, False)
    ]
    expected = []
    for chosen in range(16):
        state = {name: bool(chosen >> n & 1) for n, name in enumerate(names[:4])}
        state |= {name: state[free] is same for name, (free, same) in like.items()}
        expected.append(sum(1 << place[name] for name, taken in state.items() if taken))
    rng.shuffle(infeasible)  # type: ignore[arg-type]
    assert feasible_states(infeasible, place, most=10_000).tolist() == sorted(expected)
    with pytest.raises(TooManyStates):
        feasible_states(infeasible[: options // 2], place, most=10_000)


def test_the_rest_may_stand_in_the_middle() -> None:
    every = np.arange(4)
    ranking = ({"a": True, "b": True},), (), ({"a": False, "b": False},)
    assert ranking_places(tuple(tuple(r) for r in ranking), {"a": 0, "b": 1}, every).tolist() == [2, 1, 1, 0]


def test_a_correlation_with_a_number_that_is_not_there() -> None:
    with pytest.raises(CaseError, match="unknown uncertain number"):
        loads(CASE.replace("less.north, north", "more.north, north"))


def test_too_many_conditions_for_the_options() -> None:
    """What would take long is refused before it is begun."""
    many = ", ".join(f"o{n}" for n in range(19))
    rules = "".join(f"    - {{o{n % 19}: yes, dam: no}}\n" for n in range(100))
    text = CASE.replace("[attack, offer]", f"[attack, offer, {many}]")
    with pytest.raises(CaseError, match="conditions on the states of 24 options are too many"):
        loads(text.replace("  infeasible:\n", f"  infeasible:\n{rules}"))
