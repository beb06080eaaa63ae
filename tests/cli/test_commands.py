"""The command line as a user meets it: what is printed where, exit codes, and that nothing is lost."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

import winset
from winset.cli.commands import LENS_NAMES
from winset.lenses import LENSES

ROOT = Path(__file__).parents[2]
ALASKA = ROOT / "cases" / "alaska-2025.yaml"


def run(
    *arguments: object, cwd: Path | None = None, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "winset", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        input=stdin,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    assert run("new", "my-case", cwd=tmp_path).returncode == 0
    return tmp_path / "my-case.yaml"


def test_without_arguments_it_shows_the_help() -> None:
    done = run()
    assert done.returncode == 0
    for command in ("brief", "ask", "check", "new", "schema", "import", "lenses"):
        assert command in done.stdout


def test_lens_names_are_those_of_the_lenses() -> None:
    assert tuple(lens.__name__ for lens in LENSES) == LENS_NAMES
    listed = run("lenses").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(LENS_NAMES)


@pytest.mark.parametrize("lens", LENS_NAMES)
def test_json_is_one_document_and_nothing_else(lens: str) -> None:
    done = run("ask", lens, ALASKA, "--json", "--seed", 7)
    assert done.returncode == 0
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert list(document) == ["winset", "lens", "case", "seed", "result"]
    assert document["winset"] == winset.__version__
    assert document["lens"] == lens
    assert document["seed"] == 7
    digest = hashlib.sha256(ALASKA.read_bytes()).hexdigest()
    assert document["case"] == {"title": winset.load(ALASKA).title, "sha256": digest}
    assert document["result"]


def test_the_same_question_gives_the_same_bytes() -> None:
    assert run("ask", "zone", ALASKA, "--json").stdout == run("ask", "zone", ALASKA, "--json").stdout


@pytest.mark.parametrize("lens", LENS_NAMES)
def test_ask_prints_for_a_reader(lens: str) -> None:
    done = run("ask", lens, ALASKA)
    assert done.returncode == 0, done.stderr
    said = {"ratification": "this case names no bodies", "beliefs": "Russia"}.get(lens, "Ukraine")
    assert said in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "zon", ALASKA], 'did you mean "zone"?'),
        (["ask", "zone", "missing.yaml"], "there is no such file"),
        (["ask", "zone", ALASKA, "--lotteries"], "--lotteries means nothing to zone"),
        (["ask", "solutions", ALASKA, "--weight", "usa"], "write it as party=number"),
        (["ask", "solutions", ALASKA, "--weight", "mars=2"], "not one of those who bargain"),
        (["ask", "solutions", ALASKA, "--weight", "usa=-1"], "must be above 0"),
        (["ask", "frontier", ALASKA, "--within", "-1"], "0 or more"),
        (["ask", "levers", ALASKA, "--target", "often"], "write it as 60% or 0.6"),
        (["ask", "levers", ALASKA, "--target", "120%"], "up to 100%"),
        (["ask", "zone", ALASKA, "--target", "60%"], "it goes with levers"),
        (["ask", "blockers", ALASKA, "--offer", "nonsense"], "there is no offer"),
        (["check", ROOT / "cases"], "this is a folder"),
        (["brief", ALASKA, "-o", "brief.docx"], ".html, .md or .json"),
        (["brief", ALASKA, "-o", "no-such-folder/brief.html"], "there is no such folder"),
        (["import", "nothing-here"], "nothing-here"),
        (["set", ALASKA, "preferences.mars.no_deal", "3"], "no such key"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_mistake_is_told_on_standard_error_with_exit_code_2(
    arguments: Sequence[object], said: str, tmp_path: Path
) -> None:
    before = ALASKA.read_bytes()
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert ALASKA.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


def test_new_writes_a_case_that_runs_and_never_overwrites(starter: Path) -> None:
    assert run("check", starter).returncode == 0
    assert run("brief", starter).returncode == 0
    starter.write_text("mine", encoding="utf-8")
    again = run("new", "my-case", cwd=starter.parent)
    assert again.returncode == 2
    assert "nothing was overwritten" in again.stderr
    assert starter.read_text(encoding="utf-8") == "mine"


def test_set_keeps_every_other_line(starter: Path) -> None:
    before = starter.read_text(encoding="utf-8").splitlines()
    done = run("set", starter, "preferences.town.no_deal", "35 to 45")
    assert done.returncode == 0, done.stderr
    after = starter.read_text(encoding="utf-8").splitlines()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1
    assert "35 to 45" in changed[0][1]
    assert "# what the party gets" in changed[0][1]


def test_set_refuses_what_would_break_the_case(starter: Path) -> None:
    before = starter.read_bytes()
    assert run("set", starter, "preferences.town.no_deal", "45 to 35").returncode == 2
    assert starter.read_bytes() == before


def test_check_reports_all_faults_of_all_files(starter: Path) -> None:
    text = starter.read_text(encoding="utf-8")
    slips = text.replace("seat: host", "seat: hots").replace("park: shared}, worth", "park: shred}, worth")
    starter.write_text(slips, encoding="utf-8")
    done = run("check", starter, ALASKA)
    assert done.returncode == 2
    assert 'did you mean "host"?' in done.stderr
    assert 'did you mean "shared"?' in done.stderr
    assert "alaska-2025.yaml: in order" in done.stdout
    as_json = run("check", starter, "--json")
    assert as_json.returncode == 2
    document = json.loads(as_json.stdout)
    assert document["ok"] is False
    assert len(document["faults"]) == 2
    assert all(fault["line"] for fault in document["faults"])


@pytest.mark.parametrize(("name", "starts"), [("b.html", "<!doctype html>"), ("b.md", "# "), ("b.json", "{")])
def test_brief_writes_each_format(name: str, starts: str, tmp_path: Path) -> None:
    done = run("brief", ALASKA, "-o", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.lower().startswith(starts) or f"\n{starts}" in text.lower()
    assert "Ukraine" in text
    assert run("brief", ALASKA, "-o", name, cwd=tmp_path).returncode == 0  # a brief may be replaced
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_brief_never_replaces_what_is_not_a_brief(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.html"
    thesis.write_text("<html>my own words</html>", encoding="utf-8")
    done = run("brief", ALASKA, "-o", thesis)
    assert done.returncode == 2
    assert "not a brief" in done.stderr
    assert thesis.read_text(encoding="utf-8") == "<html>my own words</html>"
    assert run("brief", ALASKA, "-o", thesis, "--force").returncode == 0


def test_schema_is_a_json_schema_that_accepts_the_cases() -> None:
    from ruamel.yaml import YAML

    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in (ROOT / "cases").rglob("*.yaml"):
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        validator.validate(json.loads(json.dumps(data, default=str)))


def test_import_turns_a_scenario_into_a_case(tmp_path: Path) -> None:
    scenarios = ROOT / "tests" / "case" / "foreign" / "scenarios"
    folder = sorted(p for p in scenarios.iterdir() if p.is_dir())[0]
    done = run("import", folder, "-o", "case.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert run("check", "case.yaml", cwd=tmp_path).returncode == 0
    again = run("import", folder, "-o", "case.yaml", cwd=tmp_path)
    assert again.returncode == 2
    printed = run("import", folder)
    assert winset.loads(printed.stdout) == winset.load(tmp_path / "case.yaml")


def test_an_interrupt_leaves_no_file(tmp_path: Path) -> None:
    code = (
        "import winset.report, sys\n"
        "def stop(*a, **k): raise KeyboardInterrupt\n"
        "winset.report.brief = stop\n"
        f"sys.argv = ['winset', 'brief', {str(ALASKA)!r}, '-o', 'out.html']\n"
        "from winset.cli import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert done.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_is_no_traceback() -> None:
    done = subprocess.run(
        f"{sys.executable} -m winset schema | head -c 10",
        shell=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr


def test_help_is_light() -> None:
    heavy = ("numpy", "scipy", "pydantic", "jinja2")
    code = f"import sys, winset.cli.commands; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"


def on_a_terminal(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Run the program with a terminal for its standard error: code, standard output, what it saw."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    kept = cwd / "standard output"  # a file: a full pipe would stop the program while the terminal is read
    with kept.open("w") as stream:
        program = subprocess.Popen(
            [sys.executable, "-m", "winset", *arguments],
            cwd=cwd,
            stdout=stream,
            stderr=terminal,
            env=environment,
        )
    os.close(terminal)
    seen = b""
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(controller)
    code = program.wait(timeout=60)
    return code, kept.read_text(), seen.decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "frontier", "CASE", "--json"], "efficient deals of"),
        (["ask", "zone", "CASE", "--json"], "computing"),
        (["brief", "CASE", "-o", "brief.json"], "writing the brief"),
    ],
)
def test_progress_on_a_terminal_only(arguments: list[str], told: str, tmp_path: Path) -> None:
    arguments = [str(ROOT / "cases" / "litigation.yaml") if a == "CASE" else a for a in arguments]
    code, output, seen = on_a_terminal(*arguments, cwd=tmp_path)
    assert code == 0, seen
    assert told in seen
    if "--json" in arguments:
        json.loads(output)
    else:
        assert output == ""
        json.loads((tmp_path / "brief.json").read_text())
    plain = subprocess.run(
        [sys.executable, "-m", "winset", *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told not in plain.stderr


@pytest.mark.parametrize(
    ("scenario", "file", "tool"),
    [("genius-ties", "domain.xml", "Genius"), ("negmas-table-yml", "buyer.yml", "NegMAS")],
)
def test_another_tools_file_is_pointed_to_import(scenario: str, file: str, tool: str) -> None:
    done = run("brief", ROOT / "tests" / "case" / "foreign" / "scenarios" / scenario / file)
    assert (done.returncode, done.stdout) == (2, "")
    assert "winset import" in done.stderr
    assert tool in done.stderr
