"""Untrusted text to data with places; nothing is constructed, nothing expands."""

from __future__ import annotations

import codecs

import pytest

from winset.case.text import MAX_BYTES, MAX_NODES, Faults, Text, closest, decode, listing, parse_yaml, show
from winset.errors import CaseError, Fault


def only_fault(error: CaseError) -> Fault:
    assert len(error.faults) == 1
    return error.faults[0]


def refused(text: str) -> Fault:
    with pytest.raises(CaseError) as caught:
        parse_yaml(text, "f")
    return only_fault(caught.value)


def undecodable(raw: bytes) -> Fault:
    with pytest.raises(CaseError) as caught:
        decode(raw, "f")
    return only_fault(caught.value)


def test_scalars_stay_as_written() -> None:
    text = 'a: 0.10\nb: no\nc: 2025-08-15\nd: 0x1F\ne: "~"\nf: ~\ng:\nh: null\ni: !\n'.replace("i: !\n", "")
    assert parse_yaml(text, "f").data == {
        "a": "0.10",
        "b": "no",
        "c": "2025-08-15",
        "d": "0x1F",
        "e": "~",
        "f": None,
        "g": None,
        "h": None,
    }


def test_places_count_characters_from_one() -> None:
    parsed = parse_yaml("é: 😀\nlist:\n  - [a, 中, b]\n  - k: v\n", "f")
    assert parsed.place(("é",), key=True) == (1, 1)
    assert parsed.place(("é",)) == (1, 4)
    assert parsed.place(("list", 0)) == (3, 5)
    assert parsed.place(("list", 0, 2)) == (3, 12)
    assert parsed.place(("list", 1, "k"), key=True) == (4, 5)
    assert parsed.place(("list", 1, "k")) == (4, 8)
    assert parsed.place(("list", 7, "gone")) == (3, 3)  # the nearest that was written
    assert parsed.place(("gone",)) == (1, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(end: str) -> None:
    parsed = parse_yaml(decode(end.join(["a: 1", "b:", "  - c", ""]).encode(), "f"), "f")
    assert parsed.data == {"a": "1", "b": ["c"]}
    assert parsed.place(("b", 0)) == (3, 5)


def test_byte_order_mark() -> None:
    assert decode(codecs.BOM_UTF8 + b"a: 1", "f") == "a: 1"
    fault = undecodable(codecs.BOM_UTF8 + "é\nab".encode() + b"\xff")
    assert (fault.line, fault.column, fault.value) == (2, 3, "byte 0xff")


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        ("a: é".encode("latin-1"), (1, 4), "the file is not UTF-8"),
        ("ß: 1\né: ".encode() + b"\xe9", (2, 4), "the file is not UTF-8"),
        ("a: 1".encode("utf-16"), (0, 0), "the file is not UTF-8"),
        ("a: 1".encode("utf-16-be"), (1, 1), "a control character"),
        ("a: 1".encode("utf-32"), (0, 0), "the file is not UTF-8"),
        (b"a: \xed\xa0\x80", (1, 4), "the file is not UTF-8"),
        (b"a: 1\nb: \x00", (2, 4), "a control character"),
        (b"a: \x1b[31mred", (1, 4), "a control character"),
        ("a: \x85".encode(), (1, 4), "a control character"),
        ("a: \x9b".encode(), (1, 4), "a control character"),
        ("a\nb: \u2028".encode(), (2, 4), "a control character"),
        ("a: x\ufeff".encode(), (1, 5), "a control character"),
        (b"x" * (MAX_BYTES + 1), (0, 0), "the file is too large"),
    ],
)
def test_bytes_that_are_no_text(raw: bytes, place: tuple[int, int], message: str) -> None:
    fault = undecodable(raw)
    assert ((fault.line, fault.column), fault.message) == (place, message)


def test_largest_file() -> None:
    assert len(decode(b"#" * MAX_BYTES, "f")) == MAX_BYTES


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1), "the file is empty"),
        ("# only a comment\n", (1, 1), "the file is empty"),
        ("---\n", (1, 1), "the file is empty"),
        ("~", (1, 1), "the file is empty"),
        ("a: 1\n---\nb: 2\n", (2, 1), "more than one document in the file"),
        ("a: &x 1\nb: *x\n", (1, 4), "anchors and aliases are not used in a case"),
        ("a: *x\n", (1, 4), "anchors and aliases are not used in a case"),
        ("<<: *base\n", (1, 5), "anchors and aliases are not used in a case"),
        ("a: !!python/object/apply:os.system [ls]\n", (1, 4), "tags are not used in a case"),
        ("!x {a: 1}\n", (1, 1), "tags are not used in a case"),
        ("a: !!str 7\n", (1, 4), "tags are not used in a case"),
        ("a: ! 7\n", (1, 4), "tags are not used in a case"),
        ("? [a]\n: 1\n", (1, 3), "a key must be a word, not a list or a mapping"),
        ("{a: 1}: 2\n", (1, 1), "a key must be a word, not a list or a mapping"),
        ('a: "\\x00"\n', (1, 4), "a control character"),
        ('"\\e": 1\n', (1, 1), "a control character"),
        ('a: "\\u2028"\n', (1, 4), "a control character"),
        ("[" * 41 + "]" * 41, (1, 41), "nested too deeply"),
        ("- " * 41 + "a", (1, 81), "nested too deeply"),
        ("[" + "a," * MAX_NODES + "]", (1, 2 * MAX_NODES), "too many entries"),
    ],
)
def test_refused(text: str, place: tuple[int, int], message: str) -> None:
    fault = refused(text)
    assert ((fault.line, fault.column), fault.message) == (place, message)


def test_alias_bomb_stops_at_the_first_anchor() -> None:
    lines = ["a0: &a0 x"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    fault = refused("\n".join(lines))
    assert (fault.line, fault.column, fault.value) == (1, 5, "&a0")


def test_deepest_nesting() -> None:
    parse_yaml("[" * 40 + "]" * 40, "f")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a:\n\tb: 1\n", 2, "indent with spaces, not tabs"),
        ("a: b: c\n", 1, "text with a colon needs quotes"),
        ("a: {b: 1\nc: 2\n", 2, "just before this place"),
        ("a: 1\n b: 2\n", 2, "text with a colon needs quotes"),
        ("a: @x\n", 1, "needs quotes"),
        ("a: `x`\n", 1, "needs quotes"),
        ("a: %x\n", 1, "needs quotes"),
        ("a: [1, 2\n", 2, "just before this place"),
        ("a: 'x\n", 2, ""),
        ('a: "x" y\n', 1, "just before this place"),
        ('a: "\\q"\n', 1, ""),
        ("a\nb: 1\n", 2, ""),
        ("%YAML 9.9\n---\na: 1\n", 1, ""),
    ],
)
def test_not_yaml(text: str, line: int, hint: str) -> None:
    fault = refused(text)
    assert fault.message.startswith("this is not YAML: ")
    assert fault.line == line
    assert hint in fault.hint


def test_repeated_keys_do_not_stop_the_reader() -> None:
    parsed = parse_yaml("a: 1\nb: {c: 1, c: {d: 1, d: 2}}\na: {x: 1}\na: 3\n", "f")
    assert parsed.data == {"a": "1", "b": {"c": "1"}}
    told = [(f.line, f.column, f.where, f.message, f.hint) for f in parsed.faults]
    assert told == [
        (2, 11, "b.c", "'c' is written twice", "first on line 2"),
        (3, 1, "a", "'a' is written twice", "first on line 1"),
        (4, 1, "a", "'a' is written twice", "first on line 1"),
    ]
    assert parsed.place(("a",)) == (1, 4)


def test_a_repeated_key_is_told_beside_what_stopped_the_reader() -> None:
    with pytest.raises(CaseError) as caught:
        parse_yaml("a: 1\na: 2\nb: *x\n", "f")
    assert [f.line for f in caught.value.faults] == [2, 3]


# ------------------------------------------------------------------------------------------- words for people


def test_closest() -> None:
    assert closest("teritory", ["guarantees", "territory"]) == 'did you mean "territory"?'
    assert closest("USA", ["usa", "uk"]) == 'did you mean "usa"?'
    assert closest("zzz", ["usa", "uk"]) == ""
    assert closest("", ["usa"]) == ""
    assert closest("x" * 100_000, ["y" * 100_000]) == ""


def test_hints_are_rationed() -> None:
    faults = Faults(Text("f", {}))
    names = [f"{'ab' * 39}{n}" for n in range(10_000)]
    for n in range(300):
        faults.unknown((), "name", f"{'ba' * 38}x{n}", names)
    assert len(faults.error().faults) <= 201


def test_faults_are_capped_in_order() -> None:
    text = Text("f", {}, {(n,): (n + 1, 1) for n in range(1000)})
    faults = Faults(text)
    for n in reversed(range(1000)):
        faults.add((n,), f"fault {n}")
    told = faults.error().faults
    assert [f.message for f in told[:200]] == [f"fault {n}" for n in range(200)]
    assert (told[200].message, told[200].line, len(told)) == ("and 800 more from here on", 201, 201)


def test_show_and_listing() -> None:
    assert show("a\nb\x1b") == "a\\nb\\x1b"
    assert show("x" * 100) == "x" * 79 + "…"
    assert show({}) == "an empty mapping"
    assert show({"a": 1, "b": 2}) == "a mapping with a, b"
    assert show([1, 2]) == "a list of 2"
    assert show(None) == "nothing"
    assert listing([str(n) for n in range(14)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, and 2 more"
