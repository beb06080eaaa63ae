"""The commands that take several cases, as a user meets them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAWSUIT = ROOT / "cases" / "litigation.yaml"
ENGINEER, MEDIATOR = (ROOT / "cases" / "judges" / f"reservoir-{n}.yaml" for n in ("engineer", "mediator"))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "winset", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_changed_value_beside_the_file_which_stays_as_it_is() -> None:
    before = hashlib.sha256(LAWSUIT.read_bytes()).hexdigest()
    done = run("compare", LAWSUIT, "--set", "preferences.plaintiff.no_deal=40 to 60", "--draws", 512)
    assert (done.returncode, done.stderr) == (0, "")
    assert hashlib.sha256(LAWSUIT.read_bytes()).hexdigest() == before
    text = words(done.stdout)
    assert "preferences.plaintiff.no_deal=40 to 60 beside litigation: of" in text
    assert "What was written otherwise" in text
    assert "Some deal passes" in text
    assert "512 joint draws" in text


def test_json_holds_the_result_and_which_files_it_is_of() -> None:
    done = run(
        "compare", LAWSUIT,
        "--alt",
        "cheap trial: preferences.plaintiff.no_deal=50 to 70; preferences.defendant.no_deal=50 to 70",
        "--alt", "as it was: title=Another title", "--lens", "zone", "--draws", 256, "--seed", 3, "--json",
    )  # fmt: skip
    document = json.loads(done.stdout)
    assert list(document) == ["winset", "lens", "cases", "seed", "result"]
    assert document["lens"] == "compare"
    digest = hashlib.sha256(LAWSUIT.read_bytes()).hexdigest()
    assert document["cases"]["litigation"]["sha256"] == digest
    cheap, same = document["result"]["comparisons"]
    assert cheap["name"] == "cheap trial"
    assert {i["path"] for i in cheap["inputs"]} == {
        "preferences.plaintiff.no_deal",
        "preferences.defendant.no_deal",
    }
    zone = next(c for c in cheap["changed"] if c["what"] == "zone")
    assert zone["change"]["high"] < 0
    assert same["nothing_changed"] is True
    assert document["result"]["plan"] == {"draws": 256, "seed": 3, "method": "random", "to_within": None}


def test_files_beside_each_other_with_a_value_changed_in_both() -> None:
    done = run("compare", ENGINEER, MEDIATOR, "--set", "preferences.farmers.no_deal=40", "--draws", 256)
    text = words(done.stdout)
    assert "reservoir-mediator beside reservoir-engineer" in text
    assert "preferences.farmers.no_deal" not in text
    assert "preferences.company.no_deal 45 to 60 42 to 58" in text


def test_a_later_block_is_asked_about() -> None:
    edit = "war.trial.costs.plaintiff=30% to 50%"
    text = words(run("compare", LAWSUIT, "--set", edit, "--lens", "war", "--draws", 256).stdout)
    assert "of 14 things compared" in text
    assert "trial: Supplier (plaintiff), what it is worth, of the stake" in text
    text = words(run("compare", LAWSUIT, "--set", edit, "--lens", "zone", "--draws", 256).stdout)
    assert "what was written otherwise bears on none of the" in text
    assert "No question that is compared reads war" in text
    assert "--lens war asks one that does" in text
    assert "nothing changed" not in text
    text = words(run("compare", LAWSUIT, "--set", edit, "--lens", "zone,course", "--draws", 64).stdout)
    assert "Not computed for either version: course, because the case has no stages." in text


def test_json_names_what_is_asked_and_what_is_not_read() -> None:
    edit = "war.trial.costs.plaintiff=30% to 50%"
    document = json.loads(
        run("compare", LAWSUIT, "--set", edit, "--lens", "zone,course", "--draws", 64, "--json").stdout
    )
    assert document["result"]["lenses"] == ["zone", "course"]
    (one,) = document["result"]["comparisons"]
    assert one["unread"] == ["war"]
    assert one["nothing_changed"] is False
    assert {n["lens"] for n in one["not_computed"]} == {"course"}


def test_a_file_beside_itself() -> None:
    done = run("compare", LAWSUIT, ROOT / "cases" / ".." / "cases" / "litigation.yaml", "--draws", 64)
    assert "nothing changed" in words(done.stdout)


def test_judges_for_a_reader_and_as_json() -> None:
    text = words(run("judges", ENGINEER, MEDIATOR, "--weight", "reservoir-mediator=3").stdout)
    assert "reservoir-engineer (the hydraulic engineer)" in text
    assert "They differ on 4 numbers and agree on 22" in text
    assert "reservoir-engineer with reservoir-mediator's view of The farmers below" in text
    assert "reservoir-engineer 25% and reservoir-mediator 75%" in text
    document = json.loads(run("judges", ENGINEER, MEDIATOR, "--json", "--draws", 128).stdout)
    assert document["lens"] == "judges"
    assert document["result"]["weights"] == {"reservoir-engineer": 0.5, "reservoir-mediator": 0.5}
    assert document["result"]["alike"] == 22


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["compare", LAWSUIT], "there is nothing to compare with"),
        (["compare", LAWSUIT, "--set", "preferences"], '"preferences" is no change'),
        (["compare", LAWSUIT, "--set", "preferences.plaintif.no_deal=3"], "plaintif"),
        (["compare", LAWSUIT, "--set", "preferences.plaintiff.no_deal=high"], "not a number"),
        (["compare", LAWSUIT, "--alt", "no name"], '--alt is "no name"'),
        (["compare", LAWSUIT, "--alt", "a: title=x", "--alt", "a: title=y", "--draws", "8"], "two versions"),
        (["compare", ENGINEER, MEDIATOR, "--alt", "a: title=x"], "--alt goes with one case"),
        (["compare", LAWSUIT, "--set", "title=x", "--lens", "zones"], 'there is no "zones" to compare'),
        (["compare", LAWSUIT, LAWSUIT], "is named twice"),
        (["judges", ENGINEER], "two judges or more"),
        (["judges", ENGINEER, LAWSUIT], "not about the same negotiation"),
        (["judges", ENGINEER, MEDIATOR, "--weight", "me=2"], '"me" is not one of the judges'),
        (["judges", ENGINEER, MEDIATOR, "--weight", "me"], "write it as name=number"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments: list[object], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in words(done.stderr)
    assert "Traceback" not in done.stderr
