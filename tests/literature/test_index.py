"""The index of the cases, cases/README.md, says of every case how large it is, and says it right."""

from __future__ import annotations

import re

import pytest

from literature.exact import CASES, LITERATURE, Exact
from winset import zone

ROW = re.compile(r"\| \[([a-z0-9-]+)\]\(([a-z0-9/-]+)\.yaml\) \|.*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|")
INDEX = {found[1]: found for found in ROW.finditer((CASES / "README.md").read_text(encoding="utf-8"))}


def test_every_case_is_in_the_index():
    assert sorted(INDEX) == sorted(
        path.stem for folder in (CASES, LITERATURE) for path in folder.glob("*.yaml")
    )
    for name, row in INDEX.items():
        assert (CASES / f"{row[2]}.yaml").stem == name


@pytest.mark.parametrize("name", INDEX)
def test_sizes(name):
    exact = Exact.of(name)
    written = [int(n) for n in INDEX[name].groups()[2:]]
    assert written == [len(exact.case.parties), len(exact.case.issues), len(exact.utility), len(exact.zone)]


@pytest.mark.parametrize("name", INDEX)
def test_zone_finds_the_same(name):
    exact = Exact.of(name)
    found = zone(exact.case)
    assert (found.combinations, found.deals) == (exact.product, len(exact.utility))
    assert found.zone.exact
    assert found.zone.value == len(exact.zone)
    assert found.empty is (not exact.zone)
