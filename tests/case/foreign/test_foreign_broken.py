"""Broken and hostile files are refused with a place, a reason and, where there is one, a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from winset.case.foreign import MAX_BYTES, import_scenario
from winset.errors import ForeignError

BROKEN = Path(__file__).parent / "broken"

EXPECTED = {
    "genius-bounds-differ": "p.xml:3:1: issue Days: the profile and the domain disagree on the bounds",
    "genius-hypervolume": "p.xml:6:1: the utility space is not additive (it has hyper-rectangles or",
    "genius-negative": "p.xml:2:92: issue Colour, value blue: an evaluation below 0, which Genius",
    "genius-no-evaluation": "p.xml:2:92: issue Colour, value blue: <item> has no evaluation",
    "genius-no-profile": "domain.xml: there is no profile beside this domain",
    "genius-no-weight": "p.xml:3:1: issue Days: the issue has no weight",
    "genius-nonlinear": "p.xml:1:1: the utility space is not additive",
    "genius-not-finite": "p.xml:2:92: issue Colour, value blue: evaluation is not a number",
    "genius-price": "domain.xml:3:1: issue Days: the issue is continuous",
    "genius-real": "domain.xml:3:1: issue Days: the issue is continuous, so its values cannot be listed",
    "genius-several-faults": "p.xml:7:1: reservation: value is not a number",
    "genius-too-many": "9,000 values",
    "genius-triangular": "p.xml:3:75: issue Days: only linear evaluators are carried over",
    "genius-twice": "domain.xml:3:1: issue Colour: two issues have the same name",
    "genius-two-domains": "more than one Genius domain in the folder",
    "genius-typo": 'did you mean "issue"?',
    "genius-unknown-issue": "p.xml:2:1: issue Color: the domain has no such issue",
    "genius-unknown-value": 'did you mean "blue"?',
    "genius-weight-text": "p.xml:5:1: weight: value is not a number",
    "geniusweb": "d.json: GeniusWeb files are not read",
    "mixed-tools": "the folder holds a Genius scenario and a NegMAS scenario",
    "negmas-alias": "u.yml:7:12: anchors and aliases are not read",
    "negmas-bad-json": "d.json:2:13: this is not JSON: Expecting value",
    "negmas-callable": "d.yml:8:1: issue b: the issue's values come from code",
    "negmas-constraints": "u.yml:9:1: constraints: constraints on outcomes are code and are not carried over",
    "negmas-continuous": "d.yml:8:1: issue b: the issue is continuous, so its values cannot be listed",
    "negmas-duplicate-key": "u.yml:9:1: a key is written twice",
    "negmas-duplicate-value": "d.yml:6:1: issue a: a value is listed twice",
    "negmas-enumerating-space": "d.yml:2:1: type: this type of outcome space is not carried over",
    "negmas-foreign-class": "u.yml:2:1: type: the utility function is of a class outside NegMAS",
    "negmas-gaussian": "u.yml:8:1: values.b: the value function has no exact values",
    "negmas-huge-numbers": "u.yml: the no-deal value has no form that a case can hold",
    "negmas-identity-on-text": "u.yml:6:1: values.a: values of the issue without a value here",
    "negmas-infinite": "d.yml:9:1: issue b: the issue has infinitely many values",
    "negmas-infinite-reservation": "u.yml:3:1: reserved_value: not a finite number",
    "negmas-lambda": "u.yml:8:1: values.b: the value function is code",
    "negmas-mapping-gap": "outcomes without a value",
    "negmas-mapping-not-additive": "the table is not a sum over issues, so weights and scores cannot say it",
    "negmas-nan": "u.yml:7:1: values.a.mapping: not a finite number",
    "negmas-no-domain": "there is no outcome space among the files",
    "negmas-not-additive-type": "u.yml:2:1: type: the utility function is not a sum over issues",
    "negmas-not-yaml": "u.yml:9:3: this is not YAML",
    "negmas-octal": "u.yml:7:16: a spelling that YAML 1.1 reads in a surprising way",
    "negmas-one-value": "d.yml: every issue has a single value, so there is nothing to settle",
    "negmas-table-gap": "u.yml:6:1: values.a: values of the issue without a value here",
    "negmas-tag": "u.yml:1:7: tags are not read",
    "negmas-too-many": "d.yml:9:1: issue b: the issue has too many values",
    "negmas-two-documents": "u.yml:9:1: more than one document in the file",
    "negmas-unknown-key": "u.yml:9:1: unknown key",
    "negmas-unknown-type": 'did you mean "LinearAdditiveUtilityFunction"?',
    "negmas-weight-exponent": "quoted numbers are text; in YAML 1.1 so is 1e3",
    "negmas-weights-short": "u.yml:4:1: weights: there must be one weight an issue",
    "nothing-here": "there is no scenario in this folder",
    "xml-bare-ampersand": "write & as &amp;",
    "xml-doctype": "domain.xml:2:32: a document type (DOCTYPE) is not read",
    "xml-empty": "p.xml: the file is empty",
    "xml-external-entity": "p.xml:1:52: a document type (DOCTYPE) is not read",
    "xml-not-closed": "p.xml:7:29: this is not well-formed XML: mismatched tag",
    "xml-unknown-encoding": "p.xml:1:1: the encoding that the file declares is not supported",
    "xml-wrong-encoding": "p.xml:2:1: the file is not UTF-8",
}


def refused(path: Path) -> ForeignError:
    with pytest.raises(ForeignError) as caught:
        import_scenario(path)
    return caught.value


def test_every_broken_folder_is_listed() -> None:
    assert sorted(p.name for p in BROKEN.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_broken(name: str) -> None:
    error = refused(BROKEN / name)
    assert EXPECTED[name] in str(error)
    assert all(f.message and not f.message.endswith(".") for f in error.faults)


def test_all_faults_at_once() -> None:
    assert len(refused(BROKEN / "genius-several-faults").faults) == 3
    assert (
        len(refused(BROKEN / "genius-weight-text").faults) == 1
    )  # and no faults that only follow from another


def test_no_such_file(tmp_path: Path) -> None:
    assert "there is no such file or folder" in str(refused(tmp_path / "absent"))
    (tmp_path / "notes.txt").write_text("x")
    assert "unknown kind of file" in str(refused(tmp_path / "notes.txt"))
    (tmp_path / "log.xml").write_text("<log/>")
    assert "neither a domain nor a profile" in str(refused(tmp_path / "log.xml"))


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("a.xml", b"<negotiation_template>" + b"<objective>" * 200, "nested too deeply"),
        ("a.xml", b"<negotiation_template>" + b"<a/>" * 500_000, "too many elements"),
        ("a.xml", b"<a>" + b" " * MAX_BYTES, "too large"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.yml", b"a: " * 300, "this is not YAML"),
        ("a.yml", b"[" * 5000, "nested too deeply"),
        ("a.yml", b"a: b\n" * 500_000, "too large"),
        ("a.yml", "type: x".encode("utf-16"), "not UTF-8"),
        ("a.yml", b"type: \xff", "not UTF-8"),
        ("a.yml", b"type: \x00", "this is not YAML"),
        ("a.xml", b"\x00\x01\x02", "not well-formed"),
    ],
)
def test_hostile(tmp_path: Path, file: str, content: bytes, expected: str) -> None:
    (tmp_path / file).write_bytes(content)
    assert expected in str(refused(tmp_path))


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    lines = ["<!DOCTYPE a [", '<!ENTITY e0 "ha">']
    lines += [f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12)]
    (tmp_path / "bomb.xml").write_text(
        "\n".join([*lines, "]>", "<negotiation_template>&e11;</negotiation_template>"])
    )
    assert "DOCTYPE" in str(refused(tmp_path))


def test_foreign_classes_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing named in a file is imported."""
    import builtins

    real, seen = builtins.__import__, []

    def watched(name: str, *rest: object, **more: object) -> object:
        seen.append(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", watched)
    refused(BROKEN / "negmas-foreign-class")
    import_scenario(BROKEN.parent / "scenarios" / "negmas-table-yml")
    assert not [n for n in seen if n.split(".")[0] == "negmas"]
