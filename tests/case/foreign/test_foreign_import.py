"""What comes out of scenarios of other tools: numbers by hand, notes, names, files for a scenario."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from winset.case.foreign import Imported, import_scenario, to_text
from winset.errors import ForeignError

SCENARIOS = Path(__file__).parent / "scenarios"
FOLDERS = sorted(p.name for p in SCENARIOS.iterdir() if p.is_dir())


def load(name: str, **more: str) -> Imported:
    return import_scenario(SCENARIOS / name, **more)  # type: ignore[arg-type]


def test_the_scenarios_are_many_and_small() -> None:
    assert len(FOLDERS) >= 36
    assert sum(p.stat().st_size for p in SCENARIOS.rglob("*")) < 1_500_000


def test_kitchen_by_hand() -> None:
    """Couple: Wood 9, 4, 1 of 9 at 0.5; Weeks 1 - (w-4)/8 at 0.3; Worktop 10, 7 of 10 at 0.2; floor 0.45."""
    case = load("hand-genius-kitchen")
    couple = case.data["preferences"]["couple"]
    # spans: Wood 0.5 x (1, 4/9, 1/9), so 0.5 x 8/9 = 4/9; Weeks 0.3 x (1 .. 1/4), so 0.225; Worktop 0.2 x 0.3
    assert {i: Fraction(w) for i, w in couple["weights"].items()} == {
        "Wood": Fraction(4, 9),
        "Weeks": Fraction(9, 40),
        "Worktop": Fraction(3, 50),
    }
    assert {o: Fraction(s) for o, s in couple["scores"]["Wood"].items()} == {
        "oak": 100,
        "pine": Fraction(75, 2),  # (4 - 1) / (9 - 1)
        "veneer": 0,
    }
    assert Fraction(couple["scores"]["Weeks"]["7"]) == 50
    least = Fraction("0.5") / 9 + Fraction("0.3") / 4 + Fraction("0.2") * Fraction("0.7")
    span = Fraction(4, 9) + Fraction(9, 40) + Fraction(3, 50)
    assert case.scale["couple"] == (least, span / 100)
    assert Fraction(couple["no_deal"]) == 100 * (Fraction("0.45") - least) / span
    assert case.data["consent"] == {"all": ["carpenter", "couple"]}
    assert any("discount factor 0.95" in note for note in case.notes)
    assert any("descriptions" in note for note in case.notes)
    assert any("<agent>" in note for note in case.notes)
    assert case.data["title"] == "Kitchen"


def test_genius_and_negmas_read_the_same_file_differently() -> None:
    """Price 10..30, slope 0.05, offset 0: Genius counts from 10, so 0..1; NegMAS from zero, so 0.5..1.5."""
    genius, negmas = load("genius-integer"), load("genius-integer", reading="negmas")
    assert genius.data["notes"][0].startswith("Evaluations are read as Genius does")
    assert negmas.data["notes"][0].startswith("Evaluations are read as NegMAS reads")
    party = next(p for p in genius.scale if genius.scale[p] != negmas.scale[p])
    assert genius.scale[party][0] != negmas.scale[party][0]
    decimals = load("genius-decimals"), load("genius-decimals", reading="negmas")
    assert decimals[0].data["preferences"] != decimals[1].data["preferences"]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("genius-weights-above-one", "Genius cuts utilities to 1"),
        ("genius-integer-cut", "lie outside 0..1 and are cut"),
        ("genius-integer-older-form", "counts from zero"),
        ("genius-decimals", "not whole numbers"),
        ("genius-nested", "the weight 0.5 of a nested objective is left out"),
        ("genius-reservation-missing", "no reservation value is given, which Genius reads as 0"),
        ("genius-discount", "the discount factor 0.5 is left out"),
        ("genius-settings", "settings of the simulator are left out: comparisons, errors, experimental"),
        ("genius-no-domain", "There is no domain file"),
        ("genius-one-value", "Issue 'place' has the single value 'Geneva'"),
        ("hand-genius-constant", "every deal is worth the same to this party"),
        ("genius-awkward-names", "The issue 'a.b & <c>' is called 'a·b & <c>' here"),
        ("genius-awkward-names", "The value '  padded ' of 'Größe' is called 'padded' here"),
        ("negmas-no-reservation", "no reservation value, so every deal is better than none"),
        ("negmas-discounted", "the discounting (discount 0.9, factor step) is left out"),
        ("negmas-discounted", "the inner function's reserved value 0.1 is left out"),
        ("hand-negmas-words", "'desks' has no value function"),
        ("hand-negmas-words", "the table of 'floor' also values third"),
        ("negmas-awkward-names", "The party 'x.y' is called 'x·y' here"),
    ],
)
def test_notes(folder: str, expected: str) -> None:
    assert any(expected in note for note in load(folder).notes), load(folder).notes


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_scenario_is_a_case(folder: str) -> None:
    case = load(folder)
    assert tuple(case.data["notes"]) == case.notes
    assert len(case.data["sources"]) >= len(case.data["parties"])
    assert all("sha256" in s["note"] for s in case.data["sources"].values())
    for party, prefs in case.data["preferences"].items():
        assert any(Fraction(w) > 0 for w in prefs["weights"].values())
        assert any(n.startswith(f"{party}: original utility = ") for n in case.notes)
        for issue, row in prefs["scores"].items():
            assert list(row) == case.data["issues"][issue]["options"]
            assert all(0 <= Fraction(s) <= 100 for s in row.values())
            if Fraction(prefs["weights"][issue]) and case.scale[party][1] != Fraction(1, 100):
                assert {min(map(Fraction, row.values())), max(map(Fraction, row.values()))} == {0, 100}
    assert json.loads(json.dumps(case.data)) == case.data  # plain data


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_loader_reads_it(folder: str) -> None:
    """The text is the data, and Winset's own reader of cases takes both."""
    from winset.case.read import loads, read_data
    from winset.case.text import parse_yaml

    case = load(folder)
    text = to_text(case)
    assert parse_yaml(text, "x").data == {**case.data, "winset": "1"}
    assert loads(text) == read_data(case.data)


def test_constant_party_is_said_plainly() -> None:
    case = load("hand-genius-constant")
    same = case.data["preferences"]["same"]
    # red and blue 3 of 3 at 0.4, days 0.5 at 0.6: every deal is worth 0.7; reservation 0.6
    assert case.scale["same"] == (Fraction(7, 10), Fraction(1, 100))
    assert same["weights"] == {"Colour": "1", "Number": "0"}
    assert same["scores"] == {"Colour": {"red": "0", "blue": "0"}}
    assert Fraction(same["no_deal"]) == -10


def test_no_deal_may_lie_outside_of_the_scale() -> None:
    assert Fraction(load("negmas-high-reservation").data["preferences"]["buyer"]["no_deal"]) > 100
    assert Fraction(load("negmas-low-reservation").data["preferences"]["buyer"]["no_deal"]) < 0


def test_a_domain_file_stands_for_its_scenario() -> None:
    whole = load("genius-discrete-two")
    assert import_scenario(SCENARIOS / "genius-discrete-two" / "domain.xml").data == whole.data
    assert (
        import_scenario(SCENARIOS / "negmas-table-yml" / "domain.yml").data == load("negmas-table-yml").data
    )


@pytest.mark.parametrize(
    "file",
    ["genius-discrete-two/profile-2.xml", "negmas-table-yml/seller.yml", "negmas-table-json/seller.json"],
)
def test_a_profile_stands_for_one_party(file: str) -> None:
    one = import_scenario(SCENARIOS / file)
    whole = import_scenario((SCENARIOS / file).parent)
    (party,) = one.data["preferences"]
    assert one.data["preferences"][party] == whole.data["preferences"][party]
    assert one.data["consent"] == {"all": [party]}


def test_of_several_domains_one_is_chosen_and_misfits_are_named(tmp_path: Path) -> None:
    for folder, tail in (("genius-discrete-two", "a"), ("genius-ties", "b")):
        for file in (SCENARIOS / folder).iterdir():
            shutil.copy(file, tmp_path / f"{tail}-{file.name}")
    with pytest.raises(ForeignError, match="more than one Genius domain"):
        import_scenario(tmp_path)
    case = import_scenario(tmp_path / "a-domain.xml")
    assert list(case.data["parties"]) == ["a-profile-1", "a-profile-2"]
    left = [n for n in case.notes if "is left out, because it does not fit a-domain.xml" in n]
    assert len(left) == 2


def test_other_files_in_the_folder_are_named(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "negmas-table-yml", tmp_path / "s")
    (tmp_path / "s" / "_stats.json").write_text('{"opposition": 0.4}')
    (tmp_path / "s" / "._domain.yml").write_bytes(b"\x00\x05\x16\x07")  # a Mac's shadow file is passed over
    notes = import_scenario(tmp_path / "s").notes
    assert "_stats.json is left out: it is neither a domain nor a profile." in notes


def test_quoting() -> None:
    text = to_text(load("negmas-awkward-names"))
    for word in ("yes", "no", "1e3", "1900", "null", "on", "~", "2025-08-15"):
        assert f'"{word}"' in text
    plain = __import__("yaml").safe_load(text)  # YAML 1.1, the least forgiving reader
    assert plain["issues"]["a·b"]["options"] == ["yes", "no", "1e3", "1900", "null"]


def test_the_text_is_pleasant() -> None:
    text = to_text(load("hand-genius-kitchen"))
    assert text.startswith("# Carried over from kitchen.xml (Genius domain)")
    assert "consent: {all: [carpenter, couple]}" in text
    assert "options: [oak, pine, veneer]" in text
    assert "Wood: {oak: 100, pine: 37.5, veneer: 0}" in text


def test_json_tables_of_numbers_are_matched_by_text_and_noted(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(
        '{"type": "DiscreteCartesianOutcomeSpace",'
        ' "issues": [{"name": "n", "type": "ContiguousIssue", "values": [1, 2]}]}'
    )
    (tmp_path / "u.json").write_text(
        '{"type": "LinearAdditiveUtilityFunction", "weights": [1],'
        ' "values": [{"type": "TableFun", "mapping": {"1": 0, "2": 3}}]}'
    )
    case = import_scenario(tmp_path)
    assert case.scale["u"] == (0, Fraction(3, 100))
    assert any("because JSON has no other" in note for note in case.notes)


def test_tiny_scores_become_zero_and_are_noted(tmp_path: Path) -> None:
    (tmp_path / "d.yml").write_text(
        "type: DiscreteCartesianOutcomeSpace\n"
        "issues:\n- {name: n, type: CategoricalIssue, values: [a, b, c]}\n"
    )
    (tmp_path / "u.yml").write_text(
        "type: LinearAdditiveUtilityFunction\nweights: [1]\n"
        "values:\n- {type: TableFun, mapping: {a: 0, b: 1.0e-20, c: 1}}\n"
    )
    case = import_scenario(tmp_path)
    assert case.data["preferences"]["u"]["scores"]["n"] == {"a": "0", "b": "0", "c": "100"}
    assert any("smaller than the case format holds" in note for note in case.notes)
