"""The command export, and conflicts of another tool wherever a case is taken."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from winset.cli import main

CONFLICTS = Path(__file__).parents[1] / "case" / "foreign" / "conflicts"


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["winset", *map(str, words)])
    monkeypatch.setenv("COLUMNS", "120")
    try:
        main()
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def test_there_and_back(monkeypatch, tmp_path, capsys):
    case, out = tmp_path / "merger.yaml", tmp_path / "out.gmcr"
    assert run(monkeypatch, "import", CONFLICTS / "merger.gmcr", "-o", case) == 0
    assert run(monkeypatch, "check", case) == 0
    assert run(monkeypatch, "export", case, "-o", out) == 0
    told = capsys.readouterr().err
    assert f"conflict written to {out}" in told
    assert "note: All of the case outside its conflict is left out" in told
    assert json.loads(out.read_text(encoding="utf-8"))["program"] == "gmcr-py"
    assert run(monkeypatch, "check", out) == 0


def test_a_game_for_gambit(monkeypatch, tmp_path, capsys):
    out = tmp_path / "merger.nfg"
    assert run(monkeypatch, "export", CONFLICTS / "merger.gmcr", "-o", out) == 2
    assert "changes one way only" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("verb", ["ask dilemmas", "ask zone", "check"])
def test_a_conflict_is_asked_like_a_case(verb, monkeypatch, capsys):
    assert run(monkeypatch, *verb.split(), CONFLICTS / "reservoir.gmcr") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert ("states no positions" in told) == (verb == "ask dilemmas")


def test_nothing_is_written_over(monkeypatch, tmp_path, capsys):
    here = tmp_path / "here.gmcr"
    here.write_bytes((CONFLICTS / "merger.gmcr").read_bytes())
    assert run(monkeypatch, "export", here, "-o", here, "--force") == 2
    assert "this is the case file itself" in capsys.readouterr().err
    other = tmp_path / "other.gmcr"
    other.write_text("mine")
    assert run(monkeypatch, "export", here, "-o", other) == 2
    assert other.read_text() == "mine"
    assert run(monkeypatch, "export", here, "-o", other, "--force") == 0
    assert run(monkeypatch, "export", here, "-o", tmp_path / "x.txt") == 2
    assert "a name that ends in .gmcr or .nfg" in capsys.readouterr().err


def test_a_broken_conflict_is_told_like_a_broken_case(monkeypatch, tmp_path, capsys):
    bad = tmp_path / "bad.gmcr"
    bad.write_text('{"options": [{"name": "x", "permittedDirection": "up"}], "decisionMakers": []}')
    assert run(monkeypatch, "check", bad) == 2
    told = capsys.readouterr().err
    assert "bad.gmcr: options.1.permittedDirection: unknown direction" in told
    assert "infeasibles: a list is expected" in told
