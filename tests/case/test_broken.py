"""Broken case files: every one is refused with exactly the faults of ``broken/expected.json``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from winset.case import loads, open_case
from winset.case.text import MAX_BYTES, MAX_FAULTS
from winset.cli import main
from winset.errors import CaseError

FOLDER = Path(__file__).parent / "broken"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))

BINARY = {
    "utf-16": ("winset: 1\n".encode("utf-16"), "the file is not UTF-8", 0, 0),
    "utf-16-without-mark": ("winset: 1\n".encode("utf-16-le"), "a control character", 1, 2),
    "latin-1": ("winset: 1\ntitle: Façade\n".encode("latin-1"), "the file is not UTF-8", 2, 10),
    "nul": (b"winset: 1\ntitle: a\x00b\n", "a control character", 2, 9),
    "bell": (b"winset: 1\ntitle: a\x07b\n", "a control character", 2, 9),
    "escape": (b"winset: 1\ntitle: \x1b[31mred\n", "a control character", 2, 8),
    "line-separator": ("winset: 1\ntitle: a\u2028b\n".encode(), "a control character", 2, 9),
    "half-a-character": (b"winset: 1\ntitle: \xe2\x82\n", "the file is not UTF-8", 2, 8),
    "surrogate": (b"winset: 1\ntitle: \xed\xa0\x80\n", "the file is not UTF-8", 2, 8),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "the file is not UTF-8", 1, 1),
    "archive": (b"PK\x03\x04\x14\x00", "a control character", 1, 3),
    "too-large": (b"winset: 1\n" + b"# x\n" * (MAX_BYTES // 4), "the file is too large", 0, 0),
    "one-long-line": (b"title: " + b"[" * (MAX_BYTES - 7), "nested too deeply", 1, 47),
    "blank": (b" \n\t\n", "this is not YAML: found character that cannot start any token", 2, 1),
    "only-tabs": (b"a:\n\t- b\n", "this is not YAML: found character that cannot start any token", 2, 1),
    "deep-blocks": ("".join(f"{' ' * n}k:\n" for n in range(60)).encode(), "nested too deeply", 41, 41),
    "deep-lists": (b"title: " + b"[" * 5000 + b"]" * 5000, "nested too deeply", 1, 47),
    "deep-mappings": (b"title: " + b"{a: " * 5000 + b"}" * 5000, "nested too deeply", 1, 164),
    "too-many-entries": (b"notes: [" + b"x, " * 250_000 + b"x]", "too many entries", 1, 600_000),
}


def test_the_table_and_the_folder_agree() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(EXPECTED)
    assert len(EXPECTED) >= 70


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_broken(name: str) -> None:
    with pytest.raises(CaseError) as caught:
        open_case(FOLDER / f"{name}.yaml")
    told = [{k: v for k, v in f.to_dict().items() if v and k != "file"} for f in caught.value.faults]
    assert told == EXPECTED[name]
    for fault in caught.value.faults:
        assert str(fault).startswith(f"{FOLDER / name}.yaml:{fault.line}:{fault.column}: ")
        assert not fault.message.endswith(".")
        assert fault.allowed or fault.hint or "YAML" in fault.message or fault.value


@pytest.mark.parametrize("name", sorted(BINARY))
def test_binary(name: str, tmp_path: Path) -> None:
    raw, message, line, column = BINARY[name]
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(raw)
    with pytest.raises(CaseError) as caught:
        open_case(path)
    assert [(f.file, f.line, f.column, f.message) for f in caught.value.faults] == [
        (str(path), line, column, message)
    ]


def test_places_that_are_no_case_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "alaska.yaml").write_text("x", encoding="utf-8")
    for path, message, hint in (
        (tmp_path, "this is a folder, not a case file", "winset import"),
        (tmp_path / "alsaka.yaml", "there is no such file", "alaska.yaml"),
        (tmp_path / "none" / "a.yaml", "there is no such file", "winset new"),
        (tmp_path / "pipe.yaml", "this is not a regular file", ""),
        (tmp_path / "loop.yaml", "", ""),
        (Path("a\0b.yaml"), "", ""),
        (tmp_path / ("x" * 300), "the file cannot be read: File name too long", ""),
    ):
        with pytest.raises(CaseError) as caught:
            open_case(path)
        [fault] = caught.value.faults
        assert (fault.file, fault.line, fault.column) == (str(path), 0, 0)
        assert fault.message == message or (not message and fault.message)
        assert hint in fault.hint


@pytest.mark.parametrize("verb", [["check"], ["ask", "zone"], ["brief"]])
def test_places_on_the_command_line(
    verb: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, message in ((tmp_path, "this is a folder"), (tmp_path / "a.yaml", "there is no such file")):
        assert command(monkeypatch, *verb, str(path)) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert f"{path}: {message}" in err


def test_faults_are_capped() -> None:
    """The first by place are shown, then how many more there are."""
    with pytest.raises(CaseError) as caught:
        loads(HEAD + TAIL + "".join(f"k{n}: 1\n" for n in range(1000)))
    faults = caught.value.faults
    assert [f.line for f in faults[:MAX_FAULTS]] == list(range(7, 7 + MAX_FAULTS))
    assert faults[-1].message == f"and {1000 - MAX_FAULTS:,} more from here on"
    assert str(CaseError(faults)).splitlines()[-1] == f"more than {MAX_FAULTS} faults"
    assert len(faults) == MAX_FAULTS + 1


@pytest.mark.parametrize("name", ["weights-zero", "yaml-tag-python", "number-nan", "many-faults"])
@pytest.mark.parametrize("verb", [["check"], ["ask", "zone"]])
def test_broken_in_a_process_of_its_own(name: str, verb: list[str]) -> None:
    path = FOLDER / f"{name}.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "winset", *verb, str(path)], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (2, "")
    for fault in EXPECTED[name]:
        assert f"{path}:{fault['line']}:{fault['column']}: " in done.stderr
        assert fault["message"] in done.stderr
    assert "Traceback" not in done.stderr


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["winset", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.parametrize("verb", [["check"], ["ask", "zone"], ["brief"]], ids=" ".join)
def test_broken_on_the_command_line(
    name: str, verb: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = FOLDER / f"{name}.yaml"
    assert command(monkeypatch, *verb, str(path)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    for fault in EXPECTED[name]:
        where = f"{fault['where']}: " if "where" in fault else ""
        assert f"{path}:{fault['line']}:{fault['column']}: {where}{fault['message']}\n" in err


@pytest.mark.parametrize("name", sorted(BINARY))
def test_binary_on_the_command_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, message, line, column = BINARY[name]
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    for verb in (["check"], ["ask", "zone"]):
        assert command(monkeypatch, *verb, str(path)) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert f"{path}:{line}:{column}: {message}" in err if line else f"{path}: {message}" in err
        assert "Traceback" not in err


# --------------------------------------------------------------------------- hostile files take no time

START = "winset: 1\ntitle: x\nparties: {a: {}}\n"
HEAD = START + "consent: a\nissues: {i: {options: [x, y]}}\n"
TAIL = "preferences: {a: {weights: {i: 1}, scores: {i: {x: 1, y: 2}}, no_deal: 1}}\n"
SIZE = MAX_BYTES // 4  # a quarter of what is allowed, so that a slow machine passes too


def filled(before: str, line: str, after: str = "") -> str:
    """A file of this size with one line over and over, ``{n}`` counting up."""
    lines, room = [], SIZE - len(before) - len(after)
    while room > 0:
        lines.append(line.format(n=len(lines)))
        room -= len(lines[-1])
    return before + "".join(lines[:-1]) + after


NAMES = ", ".join(f"y{n}" for n in range(5000))
SCORED = ", ".join(f"y{n}: 1 to 2" for n in range(5000))
HOSTILE = {
    "brackets": "[" * SIZE,
    "braces": "{" * SIZE,
    "colons": ":" * SIZE,
    "quotes": '"' * SIZE,
    "anchors": "&a " * (SIZE // 3),
    "one line": "title: " + "x" * SIZE,
    "one key": "x" * SIZE + ": 1",
    "emoji": HEAD + TAIL + "summary: " + "😀" * (SIZE // 4),
    "same key": filled("", "a: 1\n"),
    "unknown keys": filled(HEAD + TAIL, "k{n}: 1\n"),
    "unknown sources": filled(
        HEAD + TAIL + "claims:\n" + "".join(f" c{n}: {{by: a, says: b, source: q{n}}}\n" for n in range(999)),
        " s{n}x: {{title: a}}\n",
    ).replace(" s0x", "sources:\n s0x"),
    "long names": filled(
        HEAD + TAIL + f"claims:\n c: {{by: a, says: x, source: {'ba' * 39}}}\nsources:\n",
        " " + "ab" * 37 + "{n}: {{title: a}}\n",
    ),
    "unknown claims": filled(HEAD + TAIL[:-3] + ", because: [", "c{n},", "]}}\n"),
    "unknown subjects": filled(
        HEAD + TAIL + "sources: {s: {title: x}}\nclaims: {c: {by: a, says: x, source: s, about: [",
        "c{n},",
        "]}}\n",
    ),
    "consent": filled(START + TAIL + "consent: {all: [", "p{n},", "]}\n"),
    "nested consent": filled(START + TAIL + "consent: " + "{all: [" * 18, "p{n},", "]}" * 18 + "\n"),
    "options": filled("issues: {i: {options: [", "y{n},", "z, z]}}\n"),
    "types and scores": filled(
        f"{HEAD}preferences:\n a:\n  no_deal: 1\n  weights: {{i: 1}}\n  scores: {{i: {{{SCORED}}}}}\n"
        "  types:\n",
        "   t{n}: {{prior: 0}}\n",
    ),
    "parties and options": filled(
        f"{START}consent: a\nissues: {{i: {{options: [{NAMES}]}}}}\npreferences:\n",
        " p{n}: {{weights: {{i: 1}}, scores: {{i: {{}}}}, no_deal: 1}}\n",
    ),
    "correlations": filled(
        f"{HEAD}preferences: {{a: {{no_deal: 1, weights: {{i: 1}}, scores: {{i: {{{SCORED}}}}}}}}}\n"
        "correlations:\n",
        " - {{between: [a.nodeal{n}, a.scores.i.q], rho: 0.5}}\n",
    ),
    "offers and forbid": filled(
        HEAD.replace("issues: {i", f"issues: {{j: {{options: [{NAMES}]}}, i")
        + TAIL
        + "forbid:\n"
        + "".join(f" - {{i: x, j: y{n}}}\n" for n in range(2500))
        + "offers:\n",
        " o{n}: {{deal: {{i: y, j: y1}}}}\n",
    ),
    "unknown zones": filled(HEAD + TAIL + "places:\n", " p{n}: {{zone: America/Anchorge}}\n"),
    "one place at once": filled(
        HEAD + TAIL + "places: {h: {zone: UTC}}\nagenda:\n",
        " m{n}: {{place: h, starts: 2025-08-15 11:30, lasts: 1 day, participants: {{a: [b, c, d{n}]}}}}\n",
    ),
    "unknown times": filled(
        HEAD + TAIL + "sources: {s: {title: x}}\nclaims:\n",
        " c{n}: {{by: a, says: x, source: s, states: {{t: 11:30 Amerika/Anchorage}}, about: a.weight}}\n",
    ),
    "listed values": filled(HEAD + TAIL[:-4] + "{values: {", "{n}: 1/{n}7,", "}}}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_do_not_hang(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(HOSTILE[name].encode())
    start = time.process_time()
    if name in ("emoji", "offers and forbid"):
        open_case(path)
    else:
        with pytest.raises(CaseError) as caught:
            open_case(path)
        assert len(caught.value.faults) <= 201
        assert len(str(caught.value)) < 500_000
    assert time.process_time() - start < 60  # what grows with the square takes minutes
