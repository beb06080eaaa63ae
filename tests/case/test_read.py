"""Reading: every file of the repository, round trips, plain data, references, what a case says of itself."""

from __future__ import annotations

import datetime as dt
import decimal
import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from case.strategies import cases
from winset.case import Case, dump, load, loads, open_case, read_data, starter
from winset.case.numbers import Number, parse_number
from winset.errors import CaseError, Fault

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "cases").rglob("*.yaml"))
ANY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def data() -> dict[str, Any]:
    """The starter as plain data, to be broken."""
    return yaml.load(starter("x"), Loader=yaml.BaseLoader)  # type: ignore[no-any-return]


def faults(data: Any) -> list[Fault]:
    with pytest.raises(CaseError) as caught:
        read_data(data)
    return list(caught.value.faults)


def strict_readers(text: str) -> list[Any]:
    return [
        yaml.load(text, Loader=yaml.SafeLoader),
        yaml.load(text, Loader=yaml.CSafeLoader),
        YAML(typ="safe", pure=True).load(text),
        YAML(typ="rt").load(io.StringIO(text)),
    ]


# --------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_files_round_trip(path: Path) -> None:
    case = load(path)
    text = dump(case)
    assert loads(text) == case
    assert loads(text).digest() == case.digest()
    assert read_data(case.to_data()) == case
    assert dump(loads(text)) == text
    for data in strict_readers(text):
        assert read_data(data) == case


@ANY
@given(cases())
def test_random_cases_round_trip(data: dict[str, Any]) -> None:
    case = read_data(data)
    text = dump(case)
    assert loads(text) == case
    assert dump(loads(text)) == text
    assert hash(loads(text)) == hash(case)
    assert loads(text).digest() == case.digest()


@ANY
@given(cases())
def test_every_yaml_reader_sees_the_same_case(data: dict[str, Any]) -> None:
    case = read_data(data)
    for seen in strict_readers(dump(case)):
        assert read_data(seen) == case


@ANY
@given(cases())
def test_random_cases_answer(data: dict[str, Any]) -> None:
    case = read_data(data)
    assert list(case.parties) == list(data["parties"])
    assert list(case.issues) == list(data["issues"])
    assert set(case.consent.parties()) <= set(case.valued())
    assert case.consent.holds(set(case.parties))
    assert not case.consent.holds(set())
    for party in case.valued():
        assert case.central_preferences(party).no_deal is not None
    paths = [path for path, _, _ in case.numbers()]
    assert len(set(paths)) == len(paths)
    for _, number, bounds in case.numbers():
        central = number.central(bounds)
        assert number.low <= central <= number.high


def test_equality_is_of_content_and_order() -> None:
    text = starter("x")
    assert loads(text) == loads(text.replace("worth: 5}", "worth: 5.0}"))
    assert loads(text).digest() == loads(text.replace("worth: 5}", "worth: 10/2}")).digest()
    assert loads(text) != loads(text.replace("worth: 5}", "worth: 6}"))
    swapped = text.replace("{all: [town, firm]}", "{all: [firm, town]}")
    assert loads(text) != loads(swapped)
    assert loads(text) != "a case"


# --------------------------------------------------------------------------- where a case comes from


def test_open_case_keeps_text_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "a case.yaml"
    path.write_text(starter("x"), encoding="utf-8")
    loaded = open_case(path)
    assert loaded.file == str(path)
    assert loaded.text == starter("x")
    assert len(loaded.sha256) == 64
    assert loaded.places.place(("title",), key=True) == (8, 1)
    assert load(str(path)) == loaded.case


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "summit.yaml").write_text("x", encoding="utf-8")
    for path, message, hint in (
        (tmp_path, "this is a folder, not a case file", "winset import"),
        (tmp_path / "sumit.yaml", "there is no such file", 'did you mean "summit.yaml"?'),
        (tmp_path / "no" / "where.yaml", "there is no such file", "winset new NAME"),
        (Path("/dev/null"), "this is not a regular file", ""),
        (tmp_path / "a\0b", "there is no such file", ""),
    ):
        with pytest.raises(CaseError) as caught:
            load(path)
        (fault,) = caught.value.faults
        assert fault.message == message
        assert hint in fault.hint
        assert (fault.line, fault.column) == (0, 0)


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("x", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CaseError, match="the file cannot be read: Permission denied"):
        load(path)


# --------------------------------------------------------------------------- plain data


def test_plain_data_of_many_types(data: dict[str, Any]) -> None:
    data["as_of"] = dt.date(2026, 1, 15)
    data["illustrative"] = True
    data["parties"]["firm"] = {"affected": False, "name": np.str_("The firm")}
    data["preferences"]["firm"]["no_deal"] = np.float64(35.5)
    data["preferences"]["firm"]["closing_cost"] = Fraction(1, 3)
    data["preferences"]["town"]["no_deal"] = decimal.Decimal("30.10")
    data["preferences"]["residents"]["no_deal"] = parse_number("40 to 60")
    data["issues"]["park"]["options"] = tuple(data["issues"]["park"]["options"])
    case = read_data(data)
    assert case.as_of == dt.date(2026, 1, 15)
    assert case.preferences["firm"].no_deal == Number.point("35.5")
    assert case.preferences["firm"].closing_cost == Number.point(Fraction(1, 3))
    assert case.preferences["town"].no_deal == Number.point("30.1")


def test_numbers_may_be_ids(data: dict[str, Any]) -> None:
    data["issues"]["park"]["options"] = [2025, 2026, 2027.5]
    for party in data["preferences"].values():
        party["scores"]["park"] = {2025: 1, 2026: 2, "2027.5": 3}
        party.pop("linkages", None)
    data["offers"]["opening bid"]["deal"]["park"] = 2026
    assert read_data(data).issues["park"].options == ("2025", "2026", "2027.5")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1, 2}, "a case holds no set"),
        (b"x", "a case holds no bytes"),
        (object(), "a case holds no object"),
        ("a\x00b", "a control character"),
        ("\ud800", "a control character"),
        (10**101, "the number is out of all proportion"),
        (float("nan"), "text is expected"),
        ({("a", "b"): 1}, "a key holds no tuple"),
        ({None: 1}, "a key is missing"),
        ({1: 1, "1": 1}, "'1' is written twice"),
        ({"a\x07": 1}, "a control character"),
    ],
)
def test_data_that_is_not_plain(data: dict[str, Any], value: object, message: str) -> None:
    data["summary"] = value
    if message == "text is expected":
        assert read_data(data).summary == "nan"
        return
    assert faults(data)[0].message == message


def test_data_without_end(data: dict[str, Any]) -> None:
    data["notes"] = [data]
    assert faults(data)[0].message == "nested too deeply"
    wide: list[Any] = ["x"]
    for _ in range(20):
        wide = [wide] * 10
    data["notes"] = wide
    assert faults(data)[0].message == "too many entries"


@pytest.mark.parametrize("value", [None, [], "x", 7, True])
def test_data_that_is_no_mapping(value: Any) -> None:
    assert faults(value)[0].message == "a case is a mapping"


# --------------------------------------------------------------------------- names that could be mistaken


def test_names_that_are_words_of_the_format(data: dict[str, Any]) -> None:
    """Options, parties, claims and types may be called what they like."""
    data["issues"]["park"]["options"] = ["because", "values", "when"]
    for party in data["preferences"].values():
        party["scores"]["park"] = {"because": 1, "values": 2, "when": 3}
        party.pop("linkages", None)
    data["offers"]["opening bid"]["deal"]["park"] = "because"
    data["parties"]["because"] = {}
    data["claims"]["because"] = dict(data["claims"]["no-towers"])
    data["preferences"]["firm"]["types"] = {
        "because": {"prior": "50%", "scores": {"park": {"because": 7}}},
        "linkages": {"rest": True, "red_lines": []},
    }
    case = read_data(data)
    assert case.preferences["firm"].types["because"].scores is not None
    data["preferences"]["firm"]["types"]["linkages"]["sedc"] = 1
    (fault,) = faults(data)
    assert fault.where == "preferences.firm.types.linkages.sedc"
    assert "prior" in fault.allowed


def test_a_claim_is_looked_for_wherever_one_is_cited(data: dict[str, Any]) -> None:
    town = data["preferences"]["town"]
    town["because"] = "gone"
    town["no_deal"] = {"value": "30", "because": ["no-towers", "gone"]}
    town["weights"]["park"] = {"value": "20", "because": "gone"}
    town["scores"]["park"]["shared"] = {"value": "20", "because": "gone"}
    town["red_lines"][0]["because"] = "gone"
    data["parties"]["town"]["because"] = "gone"
    data["issues"]["park"]["because"] = "gone"
    data["forbid"] = [{"when": {"park": "shared"}, "because": "gone"}]
    data["offers"]["opening bid"]["deal"]["park"] = "the firm"
    data["offers"]["opening bid"]["because"] = "gone"
    assert {f.where for f in faults(data)} == {
        "preferences.town.because",
        "preferences.town.no_deal.because[2]",
        "preferences.town.weights.park.because",
        "preferences.town.scores.park.shared.because",
        "preferences.town.red_lines[1].because",
        "parties.town.because",
        "issues.park.because",
        "forbid[1].because",
        "offers.opening bid.because",
    }


def test_equal_rules_in_two_spellings_are_one(data: dict[str, Any]) -> None:
    data["consent"] = {"all": [{"all": ["town"]}, {"any": ["town"]}]}
    assert [f.where for f in faults(data)] == ["consent.all[2]"]
    data["consent"] = {"any": [{"at_least": 2, "of": ["town", "firm"]}, {"all": ["town", "firm"]}]}
    assert [f.where for f in faults(data)] == ["consent.any[2]"]


def test_a_type_is_checked_with_what_it_takes_over(data: dict[str, Any]) -> None:
    firm = data["preferences"]["firm"]
    del firm["no_deal"], firm["scores"]["park"]
    firm["types"] = {"a": {"prior": "40%", "no_deal": 3}, "b": {"rest": True, "weights": {"park": 0}}}
    told = {(f.where, f.message) for f in faults(data)}
    assert told == {
        ("preferences.firm.scores", "no scores for the issue park for the type a"),
        ("preferences.firm", "the key no_deal is missing for the type b"),
    }


def test_priors_that_are_ranges(data: dict[str, Any]) -> None:
    firm = data["preferences"]["firm"]
    firm["types"] = {"a": {"prior": "30% to 50%"}, "b": {"prior": "40% to 60%"}}
    assert read_data(data).central_type("firm") == "b"
    firm["types"] = {"a": {"prior": "30% to 40%"}, "b": {"prior": "40% to 50%"}}
    assert faults(data)[0].message == "the priors sum to between 0.7 and 0.9"
    firm["types"] = {f"t{n}": {"prior": "1/101"} for n in range(101)}
    assert faults(data)[0].message == "101 types"


# --------------------------------------------------------------------------- bodies


def body(data: dict[str, Any], **body: Any) -> Any:
    return read_data({**data, "bodies": {"b": body}}).bodies["b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("more than 50%", {"votes": "more than 1/2 of all"}),
        ("1/3 of all", {"all": [{"votes": "1/3 of  all"}]}),
        (4, {"votes": "4.0"}),
        ({"votes": 4, "members": 2}, {"all": [{"votes": 4}, {"members": 2}]}),
        (
            {"any": [{"votes": "50%"}, {"members": 3}]},
            {"at_least": 1, "of": [{"votes": "50%"}, {"members": 3}]},
        ),
    ],
)
def test_two_ways_to_write_a_quota(data: dict[str, Any], one: Any, other: Any) -> None:
    members = {"x": 3, "y": {"votes": 2}, "z": {"votes": {"value": 1}}}
    first, second = (
        read_data({**data, "bodies": {"b": {"members": members, "passes": p}}}) for p in (one, other)
    )
    assert first == second
    assert loads(dump(first)) == first


def test_votes_that_nobody_states_are_one_each(data: dict[str, Any]) -> None:
    listed = body(data, members=["x", "y"], passes="more than 50%")
    assert (listed.weight("x", "votes"), listed.total("votes"), listed.total("members")) == (1, 2, 2)
    stated = body(data, members={"x": {"votes": "1/3", "times": 6}, "y": 4}, passes=5)
    assert (stated.weight("x", "votes"), stated.total("votes"), stated.total("members")) == (
        Fraction(1, 3), 6, 7,
    )  # fmt: skip


def test_quotas_are_reached_by_just_as_much(data: dict[str, Any]) -> None:
    """Two thirds of 100 are 66.7: 67 votes. Half of 100: 50, or 51 if it says more than half."""
    for text, least in (
        ("2/3 of all", 67),
        ("50%", 50),
        ("more than 50%", 51),
        ("1/2 of all", 50),
        ("51", 51),
    ):
        rule = body(data, members=[f"m{n}" for n in range(100)], passes={"members": text}).passes
        assert next(n for n in range(101) if rule.quota.reached(Fraction(n), Fraction(100))) == least, text


def test_whose_utility_a_member_votes_by(data: dict[str, Any]) -> None:
    members = {"firm": 1, "x": {"votes": 1, "like": "town"}, "y": 1, "z": {"votes": 1, "yes": "9%"}}
    read = body(data, members=members, passes=2)
    assert [read.stance(m, ("town", "firm")) for m in read.members] == ["firm", "town", None, None]


def test_error_text_counts_and_sorts() -> None:
    text = starter("x").replace("seat: host", "seat: hots").replace("no_deal: 30 to 40", "no_deal: 40 to 30")
    with pytest.raises(CaseError) as caught:
        loads(text, file="x.yaml")
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("x.yaml:25:32: parties.town.seat: ")
    assert lines[-1] == "2 faults"
    assert [f.line for f in caught.value.faults] == sorted(f.line for f in caught.value.faults)


def test_a_case_is_frozen() -> None:
    case = loads(starter("x"))
    assert isinstance(case, Case)
    with pytest.raises(ValueError, match="frozen"):
        case.title = "y"


def test_an_empty_key_is_told_in_its_place() -> None:
    with pytest.raises(CaseError) as told:
        read_data({"winset": 1, "title": "x", "correlations": [{"": None}]})
    assert any(f.where == "correlations[1]." and f.message == "unknown key" for f in told.value.faults)
