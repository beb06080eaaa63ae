"""Conflicts of gmcr-py: every field of the format, what is told, what is refused, and the order of states."""

from __future__ import annotations

import contextlib
import json
import random
import re
from pathlib import Path

import pytest
from tests.oracles.gmcr_oracle import payoffs, states

from winset.case import edit, load, loads, open_case, read_data
from winset.case.foreign import import_scenario, to_text
from winset.case.text import parse_yaml
from winset.errors import CaseError, ForeignError

CONFLICTS = Path(__file__).parent / "conflicts"
FILES = sorted(CONFLICTS.glob("*.gmcr"))


def holds(match, state) -> bool:
    return any(all(state[o] is taken for o, taken in clause.items()) for clause in match)


def agrees_with_the_program(path: Path) -> None:
    """The feasible states of the case, and each party's order of them, are those of gmcr-py."""
    model = json.loads(path.read_text(encoding="utf-8"))
    imported = import_scenario(path)
    conflict = load(path).conflict
    ids = list(imported.origin.options["conflict"])  # in the order of the file
    ours = [{ids[o]: said == "Y" for o, said in s.items()} for s in states(model)]
    listed = [o for party in conflict.options for o in conflict.options[party]]
    assert sorted(listed) == sorted(ids)
    ruled_out = [r.when for r in conflict.infeasible]
    assert not any(holds(match, s) for match in ruled_out for s in ours)
    assert 2 ** len(ids) - len(ours) == sum(
        any(holds(match, {o: bool(n >> b & 1) for b, o in enumerate(listed)}) for match in ruled_out)
        for n in range(2 ** len(ids))
    )
    for party, raw in zip(imported.origin.parties, model["decisionMakers"], strict=True):
        order = conflict.preferences[party]
        if order.prioritised is not None:
            many = len(order.prioritised)
            found = [
                sum(holds(s.when, state) << (many - 1 - k) for k, s in enumerate(order.prioritised))
                for state in ours
            ]
        else:
            found = [
                -next((k for k, entry in enumerate(order.ranking) if entry and holds(entry, state)), many)
                for state in ours
                for many in [len(order.ranking) - 1]
            ]
        theirs = payoffs(model, raw)
        for a in range(len(ours)):
            for b in range(len(ours)):
                assert (found[a] > found[b]) == (theirs[a] > theirs[b]), (party, ours[a], ours[b])


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_states_and_orders_are_those_of_the_program(path):
    agrees_with_the_program(path)


@pytest.mark.parametrize("seed", range(25))
def test_random_conflicts(seed, tmp_path):
    chance = random.Random(seed)
    options = chance.randint(1, 5)
    order = list(range(options))
    chance.shuffle(order)  # the file's order need not be that of the parties
    cuts = sorted(chance.sample(range(1, options), min(options - 1, chance.randint(0, 2))))
    lists = [order[a:b] for a, b in zip([0, *cuts], [*cuts, options], strict=True)]

    def condition():
        if chance.random() < 0.3:
            return {"compound": True, "members": [simple(), simple()]}
        return simple()

    def simple():
        chosen = chance.sample(range(options), chance.randint(1, min(3, options)))
        return [[o, chance.choice("YN")] for o in chosen]

    model = {
        "decisionMakers": [
            {
                "name": f"p{n}",
                "options": own,
                "preferences": [condition() for _ in range(chance.randint(0, 4))],
            }
            for n, own in enumerate(lists)
        ],
        "options": [
            {
                "name": chance.choice(["go", f"option {n}"]),
                "permittedDirection": chance.choice(["both", "fwd"]),
            }
            for n in range(options)
        ],
        "infeasibles": [],
        "useManualPreferenceRanking": chance.random() < 0.5,
    }
    rule = simple()
    if len(rule) > 1:
        model["infeasibles"] = [rule]
    if model["useManualPreferenceRanking"]:
        for party in model["decisionMakers"]:
            numbers = list(range(1, len(states(model)) + 1))
            chance.shuffle(numbers)
            ranking = []
            while numbers:
                tie = [numbers.pop() for _ in range(min(len(numbers), chance.randint(1, 3)))]
                ranking.append(tie if len(tie) > 1 else tie[0])
            party["preferenceRanking"] = ranking
    path = tmp_path / "random.gmcr"
    path.write_text(json.dumps(model))
    agrees_with_the_program(path)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_text_is_the_data_and_the_data_is_the_case(path):
    imported = import_scenario(path)
    text = to_text(imported)
    assert parse_yaml(text, "x").data == {**imported.data, "winset": "1"}
    assert loads(text) == read_data(imported.data) == load(path)


def test_names_directions_and_notes():
    imported = import_scenario(CONFLICTS / "reservoir.gmcr")
    conflict = load(CONFLICTS / "reservoir.gmcr").conflict
    assert conflict.names() == ("Raise", "Sue (Town)", "Save", "Sue (Mill)")
    once = {o: u.once for own in conflict.options.values() for o, u in own.items()}
    assert once == {"Raise": None, "Sue (Town)": "taken", "Save": "dropped", "Sue (Mill)": None}
    assert conflict.options["Mill"]["Sue (Mill)"].name == "Sue"
    assert conflict.sees["Town"].unaware == ("Sue (Mill)",)
    told = (
        "'view' is left out",
        "The coalition of Town and Mill is left out",
        "Town does not see the states with Raise: yes, Save: no",
        "Farms: a statement that is made twice is kept once",
        "Mill states no preferences",
        "The file says what each party can do alone, and nothing of deals",
    )
    for text in told:
        assert sum(text in note for note in imported.notes) == 1, text
    assert len(imported.notes) == len(told)


def test_words_that_conditions_use_are_no_names_of_options():
    conflict = load(CONFLICTS / "merger.gmcr").conflict
    assert conflict.names() == ("bid", "3·5 sweetened", "note (board)")
    assert any("statements are left out" in n for n in import_scenario(CONFLICTS / "merger.gmcr").notes)


def test_a_conflict_is_opened_like_a_case_and_not_changed():
    path = CONFLICTS / "merger.gmcr"
    loaded = open_case(path)
    assert loaded.foreign
    assert loaded.case.title == "merger"
    with pytest.raises(CaseError, match="another tool's file is not changed"):
        edit(path, {"title": "x"})


BASE = json.loads((CONFLICTS / "reservoir.gmcr").read_text(encoding="utf-8"))
RANKED = json.loads((CONFLICTS / "merger.gmcr").read_text(encoding="utf-8"))


def broken(base, *path_and_value):
    data = json.loads(json.dumps(base))
    *path, last, value = path_and_value
    at = data
    for step in path:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([1], "a conflict is a mapping"),
        (broken(BASE, "options", None), "options: a list is expected"),
        (broken(BASE, "decisionMakers", None), "decisionMakers: a list is expected"),
        (
            broken(BASE, "options", 0, "permittedDirection", "up"),
            "options.1.permittedDirection: unknown direction",
        ),
        (
            broken(BASE, "options", 0, "permittedDirection", {}),
            "options.1.permittedDirection: unknown direction",
        ),
        (broken(BASE, "options", 0, "name", None), "options.1.name: a name is expected"),
        (broken(BASE, "decisionMakers", 1, "options", [0, 2]), "an option of two decision makers"),
        (broken(BASE, "decisionMakers", 1, "options", []), "an option that no decision maker controls"),
        (broken(BASE, "decisionMakers", 1, "options", [9]), "there is no such option"),
        (broken(BASE, "decisionMakers", 1, "options", [0.5]), "there is no such option"),
        (broken(BASE, "decisionMakers", 0, "preferences", 0, [[2, "yes"]]), "preferences.1: not a condition"),
        (broken(BASE, "decisionMakers", 0, "preferences", 0, [[2, "Y"], [2, "N"]]), "names an option twice"),
        (broken(BASE, "infeasibles", [[]]), "would rule out every state"),
        (broken(BASE, "infeasibles", [[[0, "Y"]], [[0, "N"]]]), "every state is infeasible"),
        (broken(RANKED, "decisionMakers", 0, "preferenceVector", None), "the ranking of states is missing"),
        (broken(RANKED, "decisionMakers", 0, "preferenceVector", [1, 2]), "does not order all states"),
        (broken(RANKED, "decisionMakers", 0, "preferenceVector", [[1, 2, 3, 4, 5, 6, 1]]), "is ranked twice"),
        (broken(RANKED, "decisionMakers", 0, "preferenceVector", [[1, 2, 3, 4, 5, 6, 7]]), "no such state"),
        (broken(RANKED, "decisionMakers", 0, "preferenceVector", ["x"]), "not a state"),
        ({"options": [], "decisionMakers": [], "infeasibles": []}, "nobody can do anything"),
        (
            {
                "options": [{"name": f"o{n}", "permittedDirection": "both"} for n in range(25)],
                "decisionMakers": [{"name": "a", "options": [*range(25)], "preferences": []}],
                "infeasibles": [],
            },
            "25 options",
        ),
    ],
)
def test_broken(data, expected, tmp_path):
    path = tmp_path / "broken.gmcr"
    path.write_text(json.dumps(data))
    with pytest.raises(ForeignError) as caught:
        import_scenario(path)
    assert expected in str(caught.value)
    with pytest.raises(CaseError):
        load(path)


def test_all_faults_at_once(tmp_path):
    data = broken(BASE, "options", 0, "permittedDirection", "up")
    data["decisionMakers"][1]["options"] = [9]
    data["infeasibles"] = [[[0, "maybe"]]]
    path = tmp_path / "broken.gmcr"
    path.write_text(json.dumps(data))
    with pytest.raises(ForeignError) as caught:
        import_scenario(path)
    assert len(caught.value.faults) == 4  # the direction, the option, the condition, and an option of nobody


WORDS = ["0", "9", "-1", "0.5", '"Y"', "[]", "{}", "null", "true", '"when"', "[[", "]]", '""', '" "', '"a.b"']
WORDS += [
    '"\\u0000"',
    '"\\ud800"',
    '[0, "Y"]',
    '"preferences"',
    '"members"',
    "NaN",
    "1e999",
    '"rest"',
    '"no"',
]


@pytest.mark.parametrize("seed", range(3))
def test_a_garbled_file_is_a_case_or_refused(seed, tmp_path):
    chance = random.Random(seed)
    path = tmp_path / "garbled.gmcr"
    cases = 0
    for _ in range(60):
        text = chance.choice(FILES).read_text(encoding="utf-8")
        for _ in range(chance.randint(1, 3)):
            start, end = chance.choice([m.span() for m in re.finditer(r'"[^"]*"|\d+|[{}]|\[', text)])
            text = text[:start] + chance.choice(WORDS) + text[end:]
        path.write_text(text, encoding="utf-8")
        with contextlib.suppress(ForeignError):
            loads(to_text(import_scenario(path)))
            cases += 1
    assert cases
