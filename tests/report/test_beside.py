"""A second process works out some answers; they are the same without it, and whatever happens to it."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from winset.report import beside

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")


@dataclass(frozen=True)
class Asked:
    """Says which process answered."""

    base: int

    @beside.answer
    def first(self) -> tuple[int, int]:
        return os.getpid(), self.base + 1

    @beside.answer
    def second(self) -> tuple[int, int]:
        if self.base < 0 and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid(), self.base + 2


HERE = os.getpid()


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_allowed", [True])
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


@pytest.mark.usefixtures("allowed")
def test_answers_come_from_the_second_process() -> None:
    asked = Asked(10)
    assert beside.begin(asked, ("first", "second")) is not None
    assert (asked.first[1], asked.second[1]) == (11, 12)
    assert asked.first[0] == asked.second[0] != os.getpid()


@pytest.mark.usefixtures("allowed")
def test_a_second_process_that_dies_is_made_good_here() -> None:
    asked = Asked(-10)
    assert beside.begin(asked, ("first", "second")) is not None
    assert asked.second == (os.getpid(), -8)
    assert asked.first[0] != os.getpid()


def test_without_leave_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_allowed", [False])
    asked = Asked(10)
    assert beside.begin(asked, ("first", "second")) is None
    assert asked.first == (os.getpid(), 11)


@pytest.mark.usefixtures("allowed")
def test_one_core_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert beside.begin(Asked(10), ("first",)) is None


@pytest.mark.usefixtures("allowed")
def test_the_brief_is_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    from winset.case import open_case
    from winset.report import brief

    loaded = open_case(Path(__file__).parents[2] / "cases" / "alaska-2025.yaml")
    both = brief(loaded, draws=64).to_dict()
    monkeypatch.setattr(beside, "_allowed", [False])
    assert brief(loaded, draws=64).to_dict() == both
