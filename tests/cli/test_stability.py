"""``winset ask stability``: its own options, and what is wrong with them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from winset.cli.commands import app
from winset.errors import QuestionError

ALASKA = "cases/alaska-2025.yaml"


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["ask", "stability", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_states_are_asked_for_by_their_options() -> None:
    states = ["--state", "press on=yes, sanctions=YES", "--wanted", "withdraw=yes"]
    out = run(ALASKA, "--json", "--draws", "16", *states, "--horizon", "2", "--coalitions")
    found = json.loads(out)["result"]["conflict"]
    asked = [s["state"] for s in found["shown"] if s["asked"]]
    assert asked == [["withdraw"], ["press on", "sanctions"]]
    assert found["shown"][found["wanted"]["number"] - 1]["state"] == ["withdraw"]
    assert found["horizon"]["longest"] == 2
    assert found["coalitions"]["moves"]


@pytest.mark.parametrize("text", ["press on", "press on=maybe", "=yes", "press on: yes"])
def test_a_state_that_is_written_wrongly(text: str) -> None:
    with pytest.raises(QuestionError, match="write it as option=yes, option=no"):
        run(ALASKA, "--state", text)


def test_named_coalitions() -> None:
    out = run(
        ALASKA, "--json", "--draws", "16", "--coalition", "usa, europe", "--coalition", "russia,ukraine"
    )
    found = json.loads(out)["result"]["conflict"]["coalitions"]
    assert found["coalitions"] == [["usa", "europe"], ["russia", "ukraine"]]


def test_a_horizon_that_is_no_number_of_moves() -> None:
    with pytest.raises(QuestionError, match="not a number of moves"):
        run(ALASKA, "--horizon", "5 years")


@pytest.mark.parametrize(
    ("text", "what"), [("press on=yes, press on=no", "cannot be both"), ("", "names no option")]
)
def test_a_state_that_says_both_or_nothing(text: str, what: str) -> None:
    with pytest.raises(QuestionError, match=what):
        run(ALASKA, "--state", text)
