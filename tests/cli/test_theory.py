"""``winset theory`` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from winset import __version__
from winset.cli.commands import app

GAMES = {
    "rubinstein": ["--discount", "0.9,0.8"],
    "breakdown": ["--risk", "10%", "--fallback", "10%,30%"],
    "baron-ferejohn": ["--members", "5", "--quota", "3", "--discount", "0.9"],
    "ultimatum": ["--reserve", "10 to 40"],
}


def text(*arguments: str) -> str:
    """What is printed, its line breaks set aside."""
    done = CliRunner().invoke(app, ["theory", *arguments], catch_exceptions=False, env={"COLUMNS": "100"})
    assert done.exit_code == 0
    return " ".join(done.stdout.split())


def refused(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "winset", "theory", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.parametrize("game", GAMES)
def test_json_is_one_document(game):
    document = json.loads(text(game, *GAMES[game], "--json", "--seed", "3", "--draws", "500"))
    assert list(document) == ["winset", "theory", "seed", "result"]
    assert (document["winset"], document["theory"], document["seed"]) == (__version__, game, 3)
    assert document["result"]["plan"]["draws"] == 500


@pytest.mark.parametrize("game", GAMES)
def test_each_says_what_it_assumes_and_leaves_out(game):
    printed = text(game, *GAMES[game])
    assert "It assumes" in printed
    assert "It leaves out" in printed
    assert "± standard error" in printed or "± its standard error" in printed


def test_rubinstein():
    printed = text("rubinstein", "--discount", "0.9,0.8")
    assert "The first party keeps 71.4% of the pie and offers 28.6%" in printed
    ranged = text("rubinstein", "--discount", "0.7 to 0.9, mode 0.85,0.8")
    assert "discount 0.7 to 0.9, mode 0.85 and 0.8" in ranged
    assert "in nine draws in ten" in ranged
    assert "3 rounds at most" in text("rubinstein", "--discount", "50%", "--rounds", "3")


def test_breakdown():
    printed = text("breakdown", "--risk", "10%", "--fallback", "10%,30%")
    assert "The first party keeps 41.6% of the pie and offers 58.4%" in printed
    assert "the first party's share goes to 40%, the Nash solution" in printed
    assert "leave nothing to divide" in text("breakdown", "--risk", "0.1", "--fallback", "20% to 60%,40%")
    assert "and these exponents" in text("breakdown", "--risk", "0.1", "--exponent", "1,0.5")


def test_baron_ferejohn():
    printed = text("baron-ferejohn", "--members", "5", "--quota", "3", "--discount", "0.9")
    assert "Whoever proposes keeps 64% of the pie and offers 18% to each of 2 others" in printed
    assert "2 members get nothing" in printed
    last = text("baron-ferejohn", "--members", "5", "--discount", "0.9", "--sessions", "1")
    assert "keeps 100% of the pie: in the last session there is nothing to wait for" in last
    unequal = text("baron-ferejohn", "--members", "3", "--discount", "0.9", "--recognition", "3,1,1")
    assert "buys the votes of the cheapest other" in unequal
    alone = text("baron-ferejohn", "--members", "3", "--quota", "1", "--discount", "0.9")
    assert "1 vote passes one. Whoever proposes keeps 100% of the pie; it passes at once" in alone


def test_ultimatum():
    printed = text("ultimatum", "--reserve", "10 to 80, uniform")
    assert (
        "The offer that brings most on average is 55.0. How likely a refusal is: unlikely (20–45%)" in printed
    )
    assert "never refused" in text("ultimatum", "--reserve", "10 to 20, uniform")
    assert "No offer brings a gain" in text("ultimatum", "--reserve", "50", "--pie", "30")
    listed = text("ultimatum", "--reserve", "{values: {10: 0.5, 60: 0.5}}", "--keep", "20")
    assert "is 10.0. How likely a refusal is: roughly even chance (45–55%), at 50%" in listed
    assert "over what it keeps without agreement" in listed
    assert "is 0.500" in text("ultimatum", "--reserve", "0 to 1, uniform", "--pie", "1")


def test_mistakes():
    assert "both ends excluded" in refused("rubinstein", "--discount", "1")
    assert "a whole number from 1 to 5" in refused(
        "baron-ferejohn", "--members", "5", "--quota", "7", "--discount", "0.9"
    )
    assert "--discount" in refused("rubinstein")
