"""The brief holds all of a case, says the same in every format, and survives the edges."""

from __future__ import annotations

import html as markup
import io
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

from winset.case import open_case
from winset.report import Brief, brief, show
from winset.report.document import Bullets, Chart, Facts, Paragraph, Table
from winset.report.words import plain

from .examples import EDGES
from .pages import read

CASES = Path(__file__).parents[2] / "cases"
FILES = sorted(CASES.glob("*.yaml"))


@cache
def brief_of(name: str) -> Brief:
    if name in EDGES:
        return brief(EDGES[name]())
    return brief(open_case(CASES / f"{name}.yaml"))


def terminal(of: Brief, width: int = 20_000) -> str:
    out = io.StringIO()
    show(of, Console(file=out, width=width))
    return out.getvalue()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@cache
def formats(name: str) -> dict[str, str]:
    """Each format as bare words without spaces."""
    of = brief_of(name)
    bare = markup.unescape(re.sub(r"\\(?=[^a-zA-Z0-9\s])|\*\*|​|&#8203;|<br>", "", of.to_markdown()))
    return {
        "html": squeezed(read(of.to_html()).text),
        "markdown": squeezed(bare),
        "terminal": squeezed(terminal(of)),
        "data": squeezed(json.dumps(of.to_dict()["sections"], ensure_ascii=False)),
    }


def tables(of: Brief) -> list[Table]:
    blocks = [b for s in of.sections for b in s.blocks]
    return [b for b in blocks if isinstance(b, Table)] + [b.table for b in blocks if isinstance(b, Chart)]


NAMES = [f.stem for f in FILES]


@pytest.mark.parametrize("name", [*NAMES, *(e for e in EDGES if e != "hostile")])
def test_every_word_of_the_document_is_in_every_format(name: str) -> None:
    of = brief_of(name)
    wanted = [of.title]
    for section in of.sections:
        wanted.append(section.title)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                wanted += [block.head, block.text]
            elif isinstance(block, Bullets):
                wanted += block.items
            elif isinstance(block, Facts):
                wanted += [x for pair in block.items for x in pair]
            elif isinstance(block, Chart):
                wanted += [block.title, block.description]
    for table in tables(of):
        wanted += [
            table.caption,
            table.note,
            *(c.label for c in table.columns),
            *(g.title for g in table.groups),
        ]
        for row in (r for g in table.groups for r in g.rows):
            for cell in row.cells:
                wanted += [cell.text, *cell.lines, *(words for words, _ in cell.refs)]
    for form, text in formats(name).items():
        if form == "data":
            continue
        for words in wanted:
            if form == "markdown":  # signs that Markdown would read are escaped there; see test_markdown
                words = words.replace("\\", "")
            assert squeezed(plain(words)) in text, (form, words)


@pytest.mark.parametrize("name", NAMES)
def test_every_party_offer_claim_source_and_red_line_is_in_every_format(name: str) -> None:
    case = open_case(CASES / f"{name}.yaml").case
    wanted = [case.name(p) for p in case.parties]
    wanted += case.offers
    wanted += case.claims
    wanted += [c.says for c in case.claims.values() if c.says]
    wanted += [c.at for c in case.claims.values() if c.at]
    wanted += [s.title for s in case.sources.values()]
    wanted += [s.grade for s in case.sources.values() if s.grade]
    wanted += [o for i in case.issues.values() for o in i.options]
    for prefs in case.preferences.values():
        for line in prefs.red_lines or ():
            wanted += [o for clause in line.when.clauses for _, options in clause for o in options]
    wanted += [number.short() for _, number, _ in case.numbers()]
    for form, text in formats(name).items():
        for words in wanted:
            assert squeezed(str(words)) in text.replace('\\"', '"'), (form, words)


def test_every_number_is_listed_with_its_path() -> None:
    case = open_case(CASES / "alaska-2025.yaml").case
    listed = [
        plain(row.cells[0].text)
        for table in tables(brief_of("alaska-2025"))
        if table.caption.startswith("Numbers of")
        for group in table.groups
        for row in group.rows
    ]
    whole = (
        "parties.",
        "evidence.",
        "evidence_groups.",
        "stages.",
        "talks.",
        "war.",
        "threats.",
        "concessions.",
        "guarantees.",
        "durability.",
        "conflict.",
    )  # of no one party's block
    paths = [p if p.startswith(whole) else p.partition(".")[2] for p, _, _ in case.numbers()]
    assert sorted(listed) == sorted(paths)


def test_the_findings_lead_with_what_flips_the_answer() -> None:
    lead, more, basis = brief_of("alaska-2025").sections[0].blocks
    assert isinstance(lead, Paragraph)
    assert isinstance(more, Bullets)
    assert isinstance(basis, Paragraph)
    assert plain(lead.head).startswith("Whether any deal passes hangs on what Russia turns out to be")
    assert "53 of 948 deals (6%)" in lead.head
    assert plain(lead.head).endswith("read as maximalist, none does.")
    assert "the least joint change found" in lead.text
    assert "some deal passes: roughly even chance" in lead.text
    text = plain(" ".join([*more.items, basis.text]))
    assert "Absent from the table, though the deal is about its fate: Ukraine" in text
    assert "European allies. Consultation is not consent." in text
    assert "central values" in text
    assert "illustrative judgement" in text


def test_the_limits_say_that_ranges_are_drawn_where_they_are() -> None:
    text = terminal(brief_of("alaska-2025"))
    assert "all that is said to be over draws, carry them through" in text
    assert "The correlations stated act on what is over draws alone" in text
    assert "is not computed here" not in text


def test_no_advice_and_likelihood_words_only_with_their_bands() -> None:
    for name in (*NAMES, "empty by red lines"):
        first = brief_of(name).sections[0].blocks
        told = [b.head + " " + b.text for b in first if isinstance(b, Paragraph)]
        told += [item for b in first if isinstance(b, Bullets) for item in b.items]
        text = plain(" ".join(told)).lower()
        bare = text.replace("most likely type", "")
        for band in ("even chance (45–55%)", "likely (55–80%)", "likely (80–95%)", "certain (95–99%)"):
            bare = bare.replace(f"very {band}", "").replace(band, "")
        bare = bare.replace("almost no chance (1–5%)", "").replace("likeliest type", "")
        bare = bare.replace("very unlikely (5–20%)", "").replace("unlikely (20–45%)", "")
        for word in ("should", "must ", "we recommend", "likely", "chance", "probably", "best deal"):
            assert word not in bare, (name, word)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty by red lines", "whatever is settled on bridge, a red line of one of them is crossed"),
        ("empty by weighing", "weigh their values"),
    ],
)
def test_an_empty_zone_is_proved_in_words(name: str, words: str) -> None:
    of = brief_of(name)
    head = of.sections[0].blocks[0]
    assert isinstance(head, Paragraph)
    assert head.head.startswith("No deal passes the rule of consent")
    for form in ("html", "markdown", "terminal"):
        assert squeezed(words) in formats(name)[form]


def test_contradictions_stand_side_by_side() -> None:
    section = next(s for s in brief_of("alaska-2025").sections if s.id == "contradictions")
    table = section.blocks[0]
    assert isinstance(table, Table)
    sides = [(plain(r.cells[1].text), plain(r.cells[2].text)) for g in table.groups for r in g.rows]
    assert any("11:30 local" in a and "1900 GMT" in b for a, b in sides)
    litigation = next(s for s in brief_of("litigation").sections if s.id == "contradictions")
    forecasts = litigation.blocks[-1]
    assert isinstance(forecasts, Table)
    assert forecasts.groups[0].note == "forecasts differ"
    assert [plain(r.cells[1].text) for r in forecasts.groups[0].rows] == ["45% to 65%", "35% to 55%"]


def test_three_to_six_deals_and_never_one_best() -> None:
    for name in NAMES:
        section = next(s for s in brief_of(name).sections if s.id == "shortlist")
        table = next(b for b in section.blocks if isinstance(b, Table))
        assert 3 <= len(table.columns) - 1 <= 6, name


@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_the_same_case_and_seed_give_the_same_bytes(name: str) -> None:
    if name in EDGES:
        again = brief(EDGES[name]())
    else:
        again = brief(open_case(CASES / f"{name}.yaml"))
    of = brief_of(name)
    assert json.dumps(again.to_dict()) == json.dumps(of.to_dict())
    assert again.to_html() == of.to_html()
    assert again.to_markdown() == of.to_markdown()


@pytest.mark.parametrize("name", list(EDGES))
def test_edges_in_every_format(name: str) -> None:
    of = brief_of(name)
    assert "NaN" not in json.dumps(of.to_dict(), allow_nan=False)
    for text in formats(name).values():
        assert "None" not in text.replace("Noneofthe", ""), name
        assert "nan" not in re.findall(r"[a-z]+", text)


def test_hash_of_the_file_or_of_the_content() -> None:
    loaded = open_case(CASES / "litigation.yaml")
    assert brief(loaded).sha256 == loaded.sha256
    assert brief(loaded.case).sha256 == loaded.case.digest()


def test_progress_is_told() -> None:
    steps: list[tuple[str, int, int]] = []
    brief(open_case(CASES / "alaska-2025.yaml"), progress=lambda *step: steps.append(step))
    assert steps[0][0] == "compiling the case"
    assert steps[-1][0] == "writing the brief"
    assert [done for _, done, _ in steps] == list(range(len(steps)))
    assert {total for _, _, total in steps} == {len(steps)}


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, winset.report as r; heavy = {'vl_convert', 'jinja2', 'rich', 'numpy', 'altair'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules); assert dir(r);"
        "r.brief; assert not {'vl_convert', 'jinja2', 'rich', 'altair'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_front_of_the_package() -> None:
    import winset.report

    assert winset.report.__all__ == ["Brief", "brief", "lens_terminal", "show"]
    assert dir(winset.report) == sorted(winset.report.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'breif'"):
        winset.report.breif  # noqa: B018


def test_a_brief_at_central_values_alone() -> None:
    case = open_case(CASES / "alaska-2025.yaml").case
    made = brief(case, draws=0)
    assert "hangs on what" in plain(made.to_markdown())
    assert not {"failure", "war", "threats", "durability"} & {s.id for s in made.sections}
