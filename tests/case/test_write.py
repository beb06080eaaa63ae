"""Writing: edits keep everything around them, a file is replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from winset.case import edit, edited, load, loads, open_case, starter, write_whole
from winset.errors import CaseError, QuestionError

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "cases").rglob("*.yaml"))
NO_DEAL = "preferences.town.no_deal"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A starter case alone in a folder."""
    file = tmp_path / "case.yaml"
    file.write_bytes(starter("A new case").encode())
    return file


def alone(path: Path) -> bool:
    """No stray file lies next to it."""
    return list(path.parent.iterdir()) == [path]


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.splitlines(), after.splitlines()
    assert len(old) == len(new)
    return [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]


# --------------------------------------------------------------------------- comments and layout


def test_only_the_value_changes(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    case = edit(path, {NO_DEAL: "35 to 45"})
    after = path.read_text(encoding="utf-8")
    [(old, new)] = changed_lines(before, after)
    assert new == old.replace("30 to 40", "35 to 45", 1)
    assert "# what the party gets if there is no deal" in new
    assert case == load(path)
    assert case.preferences["town"].no_deal == loads(after).preferences["town"].no_deal
    assert alone(path)


@pytest.mark.parametrize(
    ("where", "value", "old", "new"),
    [
        ("title", "A: new, title?", "title: A new case", 'title: "A: new, title?"'),
        ("judge", "somebody # else", "judge: your name ", 'judge: "somebody # else" '),
        ("illustrative", False, "illustrative: true ", "illustrative: false "),
        ("issues.park.options.2", "half each", None, None),
        ("issues.height.question", "How high?", '"How high may it be?"', '"How high?"'),
        ("preferences.firm.scores.height.eight storeys", "60 to 70", "55 to 75", "60 to 70"),
        ("preferences.firm.linkages.1.worth", 7, "worth: 5", "worth: 7"),
        ("preferences.firm.linkages[1].worth", 7, "worth: 5", "worth: 7"),
        ("preferences.firm.closing_cost", 3, "closing_cost: 2 ", "closing_cost: 3 "),
        ("offers.opening bid.deal.park", "the firm", "park: shared}", "park: the firm}"),
        ("sources.minutes.grade", "A1", "grade: B2", "grade: A1"),
        (
            "consent",
            {"any": ["town", "firm"]},
            "consent: {all: [town, firm]}",
            "consent: {any: [town, firm]}",
        ),
    ],
)
def test_each_kind_of_value(path: Path, where: str, value: Any, old: str | None, new: str | None) -> None:
    before = path.read_text(encoding="utf-8")
    if old is None:  # an option that is used elsewhere: taking it away would break the case
        with pytest.raises(CaseError):
            edit(path, {where: value})
        assert path.read_text(encoding="utf-8") == before
        return
    edit(path, {where: value})
    [(was, now)] = changed_lines(before, path.read_text(encoding="utf-8"))
    assert old in was
    assert now == was.replace(old, str(new), 1)


def test_several_at_once_and_back(path: Path) -> None:
    before = path.read_bytes()
    edit(path, {NO_DEAL: "10 to 20", "preferences.firm.no_deal": 40, "title": "x"})
    assert len(changed_lines(before.decode(), path.read_text(encoding="utf-8"))) == 3
    edit(path, {NO_DEAL: "30 to 40", "preferences.firm.no_deal": "35 to 50", "title": "A new case"})
    assert path.read_bytes() == before


def test_a_key_is_added(path: Path) -> None:
    before = path.read_text(encoding="utf-8").splitlines()
    edit(path, {"preferences.residents.closing_cost": 1, "parties.firm.affected": True})
    after = path.read_text(encoding="utf-8")
    assert "    closing_cost: 1" in after.splitlines()
    assert "firm: {name: The firm, seat: table, affected: true}" in after
    assert [line for line in before if line not in after.splitlines()] == [
        "  firm: {name: The firm, seat: table}"
    ]
    assert alone(path)


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_worked_cases_keep_their_comments(file: Path) -> None:
    text = open_case(file).text
    after = edited(text, {"title": "Another title"})
    assert [line for line in after.splitlines() if line not in text.splitlines()] == ["title: Another title"]
    assert edited(text, {}) == text
    assert loads(after).title == "Another title"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_the_byte_order_mark_stay(path: Path, ending: str, mark: bytes) -> None:
    raw = mark + path.read_text(encoding="utf-8").replace("\n", ending).encode()
    path.write_bytes(raw)
    edit(path, {NO_DEAL: "35 to 45", "preferences.residents.closing_cost": 1})
    after = path.read_bytes()
    assert after.startswith(mark + b"# A Winset case")
    text = after.decode("utf-8-sig")
    assert text.replace(ending, "").count("\n") == text.replace(ending, "").count("\r") == 0
    old = raw.decode("utf-8-sig").split(ending)
    new = text.split(ending)
    assert len([line for line in old if line not in new]) == 1
    assert len(new) == len(old) + 1


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755])
def test_the_mode_stays(path: Path, mode: int) -> None:
    path.chmod(mode)
    edit(path, {NO_DEAL: 35})
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_what_a_link_points_to_is_changed(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.yaml"
    link.symlink_to(path)
    edit(link, {NO_DEAL: 35})
    assert link.is_symlink()
    assert "no_deal: 35 " in path.read_text(encoding="utf-8")
    assert list(folder.iterdir()) == [link]


# --------------------------------------------------------------------------- refused changes


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({NO_DEAL: "40 to 30"}, CaseError, "no_deal"),
        ({NO_DEAL: "nan"}, CaseError, "no_deal"),
        ({NO_DEAL: float("inf")}, CaseError, "no_deal"),
        ({NO_DEAL: None}, CaseError, "no_deal"),
        ({NO_DEAL: "x\x00"}, CaseError, "a control character"),
        ({NO_DEAL: b"1"}, CaseError, "a case holds no bytes"),
        ({"consent": "nobody"}, CaseError, "unknown party"),
        ({"issues.height.options": ["one"]}, CaseError, "options"),
        ({"preferences.town.weights": {"height": 0}}, CaseError, "weights"),
        ({"preferences.town.weights.hight": 3}, CaseError, "hight"),
        ({"winset": 2}, CaseError, "unknown version"),
        ({"title": "fine", NO_DEAL: "many"}, CaseError, "no_deal"),
        ({"": 1}, QuestionError, "the path is empty"),
        ({"preferences.twon.no_deal": 1}, QuestionError, "no such key"),
        ({"forbid.7.height": "x"}, QuestionError, "there is no such entry"),
        ({"title.first": "x"}, QuestionError, "nothing inside of a value"),
    ],
)
def test_refused_changes_leave_every_byte(
    path: Path, changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    with pytest.raises(error, match=message):
        edit(path, changes)
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == stamp
    assert alone(path)


def test_a_broken_case_is_not_edited(path: Path) -> None:
    path.write_text("winset: 1\ntitle: x\n", encoding="utf-8")
    with pytest.raises(CaseError, match="parties is missing"):
        edit(path, {"title": "y"})
    assert path.read_text(encoding="utf-8") == "winset: 1\ntitle: x\n"


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="there is no such file"):
        edit(tmp_path / "none.yaml", {"title": "y"})
    assert not list(tmp_path.iterdir())


# --------------------------------------------------------------------------- whole or not at all


def broken_off(error: BaseException) -> Callable[..., Any]:
    def instead(*_: Any, **__: Any) -> Any:
        raise error

    return instead


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_an_interruption_leaves_the_old_file(path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()
    monkeypatch.setattr(os, step, broken_off(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        edit(path, {NO_DEAL: 35})
    assert path.read_bytes() == before
    assert alone(path)


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_full_disk_leaves_the_old_file(path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()
    monkeypatch.setattr(os, step, broken_off(OSError(28, "No space left on device")))
    with pytest.raises(CaseError, match="cannot be written: No space left"):
        edit(path, {NO_DEAL: 35})
    assert path.read_bytes() == before
    assert alone(path)


@pytest.mark.parametrize("step", ["fsync", "chmod", "link"])
def test_an_interruption_leaves_no_new_file(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, step, broken_off(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "new.yaml", "x", new=True)
    assert not list(tmp_path.iterdir())


def test_readers_never_see_half_a_file(path: Path) -> None:
    texts = {"a" * 200_000, "b" * 300_000}
    write_whole(path, "a" * 200_000)
    seen: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(path.read_text(encoding="utf-8"))

    reader = threading.Thread(target=look)
    reader.start()
    for n in range(40):
        write_whole(path, "ab"[n % 2] * (200_000 + 100_000 * (n % 2)))
    done.set()
    reader.join()
    assert seen <= texts


def test_new_never_overwrites(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(CaseError, match="already something of this name"):
        write_whole(path, "x", new=True)
    assert path.read_bytes() == before
    dangling = tmp_path / "dangling.yaml"
    dangling.symlink_to(tmp_path / "nowhere")
    for taken in (dangling, tmp_path):
        with pytest.raises(CaseError, match="already something of this name"):
            write_whole(taken, "x", new=True)
    assert sorted(tmp_path.iterdir()) == [path, dangling]


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sync = tmp_path / "new.yaml", os.fsync

    def meanwhile(handle: int) -> None:
        path.write_text("another's", encoding="utf-8")
        sync(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(CaseError, match="already something of this name"):
        write_whole(path, "x", new=True)
    assert path.read_text(encoding="utf-8") == "another's"
    assert alone(path)


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.write_text("x", encoding="utf-8")
    write_whole(tmp_path / "new.yaml", "x", new=True)
    assert (tmp_path / "new.yaml").stat().st_mode == usual.stat().st_mode
    assert (tmp_path / "new.yaml").read_bytes() == b"x"


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for where in (tmp_path, tmp_path / "none" / "x.yaml", tmp_path / ("x" * 300), tmp_path / "a\0b"):
        with pytest.raises(CaseError, match=r"folder|cannot be written"):
            write_whole(where, "x")
    assert not list(tmp_path.iterdir())
