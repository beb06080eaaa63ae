"""Whatever a file holds, reading it gives a case or a CaseError, soon, and never anything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from case.strategies import cases
from winset.case import Case, dump, edited, loads, open_case, read_data, starter
from winset.case.text import MAX_FAULTS, decode
from winset.errors import CaseError, QuestionError

ROOT = Path(__file__).parents[2]
SEEDS = [
    starter("A new case").encode(),
    *(
        path.read_bytes()
        for folder in ("cases", "tests/case/broken")
        for path in sorted((ROOT / folder).rglob("*.yaml"))
        if path.stat().st_size < 20_000
    ),
]
SECONDS = 60  # far above what any of these needs, far below what grows with the square takes
PIECES = """
    { } [ ] , : # - ? | > & * ! % @ ` ' " to mode value values because note when all any at_least of rest
    prior winset title parties consent issues options forbid offers deal by preferences weights scores
    linkages worth red_lines no_deal closing_cost types correlations between rho claims sources seat null ~
    true nan .nan inf .inf -inf 1/0 0/0 25% 1e400 1e-400 -1 0 -0 .. 0x1f 0o7 1_000 2026-02-30 !!python/name:os
    !!binary &a *a << --- ... %YAML
""".split()  # noqa: SIM905
TOKENS = [
    *PIECES,
    "\n",
    "\n  ",
    "\n    - ",
    "\t",
    "\r",
    "\r\n",
    "\ufeff",
    "\x00",
    "\u2028",
    "\x85",
    "é",
    "😀",
    ": ",
]
KEYS = [
    *Case.model_fields,
    "options",
    "weights",
    "scores",
    "no_deal",
    "when",
    "deal",
    "types",
    "a",
    "b",
    "x",
    "y",
]


def few(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


def told(read: Callable[[], Any]) -> tuple[Any, CaseError | None]:
    """What reading gives, or the error; anything else that is raised fails the test."""
    try:
        return read(), None
    except CaseError as error:
        return None, error


def survives(raw: bytes) -> None:
    """Read the bytes as a file would be."""
    start = time.process_time()
    case, error = told(lambda: loads(decode(raw, "fuzz.yaml"), file="fuzz.yaml"))
    if error is None:
        text = decode(raw, "fuzz.yaml")
        assert loads(dump(case)) == case
        assert edited(text, {}) == text
    else:
        assert error.faults
        assert len(str(error)) < 1_000_000
        lines = raw.count(b"\n") + raw.count(b"\r") + raw.count(b"\xc2\x85") + 2
        for fault in error.faults:
            assert fault.file == "fuzz.yaml"
            assert fault.message
            assert 0 <= fault.line <= lines
            assert (fault.line > 0) == (fault.column > 0)
            assert str(fault).replace("\n", "").isprintable()
    event("faults" if error else "a case")
    assert time.process_time() - start < SECONDS


@few(250)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf\xff")
@example(b"winset: 1\n\x00")
def test_any_bytes(raw: bytes) -> None:
    survives(raw)


@few(250)
@given(st.text(st.characters(), max_size=200))
def test_any_text(text: str) -> None:
    """Lone surrogates, which no file can hold, are told from Python as well."""
    _, error = told(lambda: loads(text))
    assert error is None or error.faults


@few(400)
@given(st.lists(st.sampled_from(TOKENS), max_size=60), st.sampled_from(["", " "]))
def test_tokens_of_the_format(tokens: list[str], between: str) -> None:
    survives(between.join(tokens).encode())


@few(600)
@given(st.data())
def test_mutated_files(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw)))
        width = data.draw(st.sampled_from([0, 0, 1, 2, 5, 40, 300]))
        other = data.draw(st.sampled_from(SEEDS))
        start = data.draw(st.integers(0, len(other)))
        put = data.draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from(TOKENS).map(str.encode),
                st.just(other[start : start + data.draw(st.sampled_from([1, 8, 40, 300]))]),
            )
        )
        raw = raw[:at] + put + raw[at + width :]
    survives(raw)


@few(300)
@given(st.data())
def test_exchanged_lines(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(SEEDS)).splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        if not lines:
            break
        at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        kind = data.draw(st.sampled_from(["swap", "repeat", "drop", "indent"]))
        if kind == "swap":
            lines[at], lines[to] = lines[to], lines[at]
        elif kind == "repeat":
            lines.insert(to, lines[at])
        elif kind == "drop":
            del lines[at]
        else:
            lines[at] = b"  " + lines[at] if data.draw(st.booleans()) else lines[at].lstrip()
    survives(b"".join(lines))


def leaves() -> st.SearchStrategy[Any]:
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(TOKENS),
        st.sampled_from(KEYS),
        st.sampled_from(["10 to 20", "20 to 10", "1 to 2, mode 3", "50%", "1e999", "1/0", "nan", "at_least"]),
        st.dates(),
        st.binary(max_size=3),
    )


def structures() -> st.SearchStrategy[Any]:
    keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=5), st.integers(), st.none(), st.floats())
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5), st.tuples(inner, inner)
        ),
        max_leaves=25,
    )


@few(250)
@given(st.dictionaries(st.sampled_from([*Case.model_fields, "x"]), structures(), max_size=10))
def test_any_structure(data: dict[str, Any]) -> None:
    start = time.process_time()
    for whole in (data, {**data, "winset": 1, "title": "x"}):
        case, error = told(partial(read_data, whole))
        if error is None:
            assert read_data(case.to_data()) == case
        else:
            assert error.faults
            assert str(error)
    assert time.process_time() - start < SECONDS


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path inside of plain data."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for step, inner in steps for found in places(inner, (*path, step)))]


@few(100)
@given(cases(), st.data())
def test_valid_cases_with_one_value_exchanged(whole: dict[str, Any], data: st.DataObject) -> None:
    *path, last = data.draw(st.sampled_from(places(whole)[1:]))
    node: Any = whole
    for step in path:
        node = node[step]
    node[last] = data.draw(structures())
    case, error = told(lambda: read_data(whole))
    if error is None:
        assert loads(dump(case)) == case
    else:
        assert 0 < len(error.faults) <= MAX_FAULTS + 1


@few(200)
@given(
    st.sampled_from(["", "title", "preferences.town.no_deal", "consent", "forbid.1", "issues", "notes"]),
    structures(),
)
def test_any_edit(path: str, value: Any) -> None:
    """An edit gives a valid text with just this value changed, or says why not."""
    text = SEEDS[0].decode()
    try:
        after = edited(text, {path: value})
    except (CaseError, QuestionError):
        return
    assert loads(after)
    assert "# A Winset case" in after


@few(100)
@given(st.text(st.characters(), max_size=40))
def test_any_edit_path(path: str) -> None:
    with pytest.raises((CaseError, QuestionError)):
        edited(SEEDS[0].decode(), {path: {"a": [1]}})


@few(60)
@given(st.text(st.characters(), max_size=30))
def test_any_file_name(name: str) -> None:
    with pytest.raises(CaseError):
        open_case(f"/nonexistent/{name}")
