"""Every snippet of the documentation runs, and prints what the page says.

* ``python`` blocks of a page run one after another in one namespace; an ``output`` block after one holds
  what it prints.
* ``console`` blocks hold commands after ``$`` and below each what it shows. Known are ``winset``, ``cat``,
  ``cp`` and ``echo $?``.
* A ``yaml`` block that starts with ``# file: NAME`` is written to that file; one that starts with
  ``winset: 1`` must be a valid case.
* In output, ``...`` stands for any text; how lines are broken and columns are set does not matter.
* ``text``, ``sh`` and ``yaml`` blocks otherwise are for reading only.

All of this happens in an empty folder that holds copies of ``cases/`` and of the case files in ``docs/``.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest

from docs.pages import PAGES, ROOT, Block, blocks, name
from winset.case import loads
from winset.cli import main

KNOWN = {"python", "output", "console", "yaml", "text", "sh", "json", "bibtex"}
RUN = [p for p in PAGES if any(b.language in ("python", "console", "yaml") for b in blocks(p))]


@pytest.mark.parametrize("page", RUN, ids=name)
def test_snippets_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "cases", tmp_path / "cases")
    (tmp_path / "docs").mkdir()
    for case in (ROOT / "docs").glob("*.yaml"):
        shutil.copy(case, tmp_path / "docs")
    (tmp_path / "tests").symlink_to(ROOT / "tests")  # the scenarios that the page on importing reads
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")
    namespace: dict[str, Any] = {"__name__": "snippet"}
    every = list(blocks(page))
    for number, block in enumerate(every):
        place = f"{name(page)}:{block.line}"
        following = every[number + 1] if number + 1 < len(every) else Block("", "", 0)
        if block.language == "python":
            shown = _python(block, place, namespace, tmp_path)
            if following.language == "output":
                _compare(shown, following.text, place)
        elif block.language == "console":
            _console(block, place, monkeypatch)
        elif block.language == "yaml":
            first = block.text.splitlines()[0]
            if first.startswith("# file: "):
                (tmp_path / first.removeprefix("# file: ")).write_text(block.text + "\n", encoding="utf-8")
            elif first == "winset: 1":
                loads(block.text, file=place)


def _python(block: Block, place: str, namespace: dict[str, Any], folder: Path) -> str:
    out = io.StringIO()
    code = block.text.replace('"/tmp/', f'"{folder}/')
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        exec(compile("\n" * (block.line - 1) + code, place, "exec"), namespace)
    return out.getvalue()


def _console(block: Block, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not commands[0].strip(), f"{place}: a console block starts with $"
    code = 0
    for part in commands[1:]:
        line, _, expected = part.partition("\n")
        words = shlex.split(line)
        if words[0] == "winset":
            shown, code = _winset(words, monkeypatch)
            asked = commands[-1].startswith("echo $?") or code == 0
            assert asked, f"{place}: {line} ended with {code}:\n{shown}"
        elif words[0] == "cat":
            shown = Path(words[1]).read_text(encoding="utf-8")
        elif words[0] == "cp":
            shutil.copy(words[1], words[2])
            shown = ""
        elif line == "echo $?":
            shown = str(code)
        else:
            pytest.fail(f"{place}: {words[0]} cannot be run here; mark the block as text")
        _compare(shown, expected, f"{place}: {line}")


def _winset(words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    out = io.StringIO()
    monkeypatch.setattr("sys.argv", words)
    code: Any = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return out.getvalue(), int(code)


def _compare(shown: str, expected: str, place: str) -> None:
    text, pieces = " ".join(shown.split()), [" ".join(piece.split()) for piece in expected.split("...")]
    at = len(pieces[0])
    fits = text.startswith(pieces[0])
    for piece in pieces[1:-1]:
        found = text.find(piece, at)
        fits &= found >= 0
        at = found + len(piece)
    end = len(text) - len(pieces[-1])
    fits &= text == pieces[0] if len(pieces) == 1 else end >= at and text.endswith(pieces[-1])
    if not fits:
        pytest.fail(f"{place} shows something else:\n{shown}", pytrace=False)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_blocks_say_what_they_are(page: Path) -> None:
    unknown = [
        f"line {b.line}: {b.language or 'no language'}" for b in blocks(page) if b.language not in KNOWN
    ]
    assert unknown == []
