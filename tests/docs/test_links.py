"""Links lead somewhere, no page is missing or stale, and every word of the format is explained."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from docs.pages import PAGES, ROOT, anchor, headings, name, prose
from winset import LENSES
from winset.case import json_schema

DOCS = ROOT / "docs"
SECTIONS = ["What it answers", "How", "Example", "When not to trust it", "References"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            assert target.startswith(("https://", "mailto:")), target
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if (
            not file.exists()
            or not file.is_relative_to(ROOT)
            or (fragment and file.suffix == ".md" and fragment not in map(anchor, headings(file)))
        ):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_files_exist(page: Path) -> None:
    """Paths in code spans: ``src/...``, ``tests/...``, ``docs/...``, ``cases/...``, ``benchmarks/...``."""
    text = prose(page)
    named = re.findall(r"`((?:src|tests|docs|cases|benchmarks|fuzz)/[\w./\-]*)`", text)
    missing = [p for p in named if not (ROOT / p).exists() and "NAME" not in p]
    assert missing == []


def test_every_page_is_on_the_map() -> None:
    linked = set(re.findall(r"\]\(([^)#\s]+)", (DOCS / "index.md").read_text(encoding="utf-8")))
    pages = {p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")} - {"index.md"}
    assert pages - linked == set()


@pytest.mark.parametrize("lens", [lens.__name__ for lens in LENSES])
def test_every_lens_has_its_page(lens: str) -> None:
    page = DOCS / "lenses" / f"{lens}.md"
    found = [
        line.removeprefix("## ")
        for line in prose(page).splitlines()
        if line.startswith("## ") and line.removeprefix("## ") in SECTIONS
    ]
    assert found == SECTIONS


def test_no_page_about_a_lens_that_is_not_there() -> None:
    pages = {p.stem for p in (DOCS / "lenses").glob("*.md")}
    assert pages == {lens.__name__ for lens in LENSES}


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["case.md", "cli.md"])
def test_generated_pages_are_fresh(page: str, reference: ModuleType) -> None:
    written = (DOCS / "reference" / page).read_text(encoding="utf-8")
    assert written == reference.PAGES[page](), "run: python docs/make_reference.py"


def test_glossary_explains_every_key_and_lens() -> None:
    schema = json_schema()
    keys = {key for shape in [schema, *schema["$defs"].values()] for key in shape.get("properties", ())}
    for shape in schema["$defs"]["RuleOfConsent"]["anyOf"]:
        keys |= set(shape.get("properties", ()))
    keys |= {"value", "values", "mode"}
    words = keys | {lens.__name__ for lens in LENSES}
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([\w ]+)`", "\n".join(re.findall(r"^\|([^|]*)\|", glossary, re.MULTILINE))))
    assert words - explained == set()


def test_no_paths_of_one_machine() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])/(work|home|root|Users)/", text), name(page)
