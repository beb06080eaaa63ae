"""What the evidence says: in words, in tables, in the brief and its chart."""

from __future__ import annotations

import copy
import re
from typing import Any

from tests.lenses.test_beliefs import WAGES, firm, item

from winset import beliefs, read_data
from winset.report.answers import answer
from winset.report.build import brief
from winset.report.document import Bullets, Chart, Paragraph, Table
from winset.report.words import plain

from .test_brief import brief_of

Data = dict[str, Any]


def told(data: Data) -> tuple[str, list[Table]]:
    case = read_data(data)
    blocks = answer(beliefs(case, draws=256), case)
    texts = [b.head + " " + b.text for b in blocks if isinstance(b, Paragraph)]
    texts += [t for b in blocks if isinstance(b, Bullets) for t in b.items]
    return plain(" ".join(texts)), [b for b in blocks if isinstance(b, Table)]


def rows(table: Table) -> list[list[str]]:
    return [[plain(c.text) for c in row.cells] for group in table.groups for row in group.rows]


def test_in_words():
    text, tables = told(WAGES)
    assert "firm as squeezed: likely (55–80%), at 66.7%, given the 2 pieces of evidence that count." in text
    assert "Before them: unlikely (20–45%), at 40%." in text
    assert "Counted one by one, they would make squeezed 75% instead of 67%, at central values." in text
    assert "does not matter: both orders lead to the same." in text
    assert "The least of the evidence is inconsistent with squeezed; that agrees with Bayes' rule" in text
    steps, matrix = tables
    assert rows(steps) == [
        ["–", "before the evidence", "40%", "60%"],
        ["2024-01-10", "no hiring", "57.1%", "42.9%"],
        ["2024-02-08", "treasurer", "66.7%", "33.3%"],
    ]
    assert steps.groups[0].rows[2].cells[1].lines == ("stands for its group; not counted: \u2068head\u2069",)
    assert steps.groups[0].rows[1].cells[2].lines == ("weight +3.0",)
    assert rows(matrix) == [
        ["no hiring", "CC", "I", "3.0"],
        ["head", "C", "I", "1.8"],
        ["treasurer", "C", "I", "1.8"],
        ["Inconsistent items", "0", "3", "–"],
        ["Probability, by Bayes' rule", "66.7%", "33.3%", "–"],
    ]


def test_the_count_and_bayes_may_disagree():
    """Three mild signs against a outnumber one against b that is strong; both answers are told."""
    mild, strong = item({"a": "40%", "b": "45%"}), item({"a": "44%", "b": "4%"})
    text, tables = told(firm({"a": "50%", "b": "50%"}, {"1": mild, "2": mild, "3": strong}))
    assert "inconsistent with b; that does not agree with Bayes' rule, by which a is likeliest." in text
    assert rows(tables[1])[-2:] == [
        ["Inconsistent items", "3", "1", "–"],
        ["Probability, by Bayes' rule", "89.7%", "10.3%", "–"],
    ]


def test_what_settles_it_is_said():
    text, tables = told(firm({"a": "1/3", "b": "1/3", "c": "1/3"}, {"1": item({"a": 0.5, "b": 0.5, "c": 0})}))
    assert "roughly even chance (45–55%), at 50%" in text
    assert rows(tables[1])[0][-1] == "rules out"
    assert tables[0].groups[0].rows[1].cells[4].lines == ("settles it",)


def test_without_evidence_and_without_types():
    text, tables = told(firm({"a": "30%", "b": "70%"}))
    assert (
        text.strip()
        == "firm as b: likely (55–80%), at 70%, by the priors. No evidence of this case bears on it."
    )
    assert tables == []
    data = firm({"a": "30%", "b": "70%"})
    data["preferences"]["firm"].update(types={}, no_deal=20)
    del data["preferences"]["firm"]["types"]
    assert "Not computed: no party of this case has more than one type" in told(data)[0]


def test_the_brief_of_a_case_with_evidence():
    (section,) = (s for s in brief_of("alaska-2025").sections if s.id == "beliefs")
    assert section.title == "What the evidence says about hidden types"
    charts = [b for b in section.blocks if isinstance(b, Chart)]
    assert [plain(c.title).partition(":")[0] for c in charts] == ["United States", "Russia"]
    russia = charts[1]
    steps = list(dict.fromkeys(r["step"].partition("|")[2] for r in russia.spec["data"]["values"]))
    assert steps == ["before", "2018-07-16|Helsinki", "2025-02-12|phone call", "2025-08-15|ground gained"]
    assert russia.spec["layer"][0]["encoding"]["x"]["type"] == "ordinal"  # dates far apart do not squash it
    for row in russia.spec["data"]["values"]:
        assert row["low"] < row["p"] < row["high"]
    assert [len(c.table.groups[0].rows) for c in charts] == [3, 4]
    notes = [b.note for b in section.blocks if isinstance(b, Table) and "against types" in b.caption]
    assert [bool(n) for n in notes] == [True, False]  # explained once
    text = brief_of("alaska-2025").to_markdown()
    assert "evidence.phone call.likelihoods.dealmaker" in text.partition("What the numbers rest on")[2]


def test_no_section_without_evidence():
    data = copy.deepcopy(WAGES)
    del data["evidence"]
    assert "beliefs" not in [s.id for s in brief(read_data(data), draws=64).sections]
    assert "beliefs" in [s.id for s in brief(read_data(WAGES), draws=64).sections]


def test_likelihood_words_never_without_their_band():
    text, _ = told(WAGES)
    for found in re.finditer(r"(?:very |un)?likely(?! \()", text):
        assert text[found.end() :].startswith(("est", "hood")), text[found.start() : found.end() + 20]
