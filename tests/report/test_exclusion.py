"""What the terminal says of leaving parties out."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from winset import brief, exclusion, load, loads, read_data
from winset.report import lens_terminal

ROOT = Path(__file__).resolve().parents[2]


def told(result, case) -> str:
    console = Console(width=240, record=True, file=StringIO())
    lens_terminal(result, case, console)
    return " ".join(console.export_text().split())


def test_alaska():
    case = load(ROOT / "cases" / "alaska-2025.yaml")
    text = told(exclusion(case, draws=1024, goodwill=5), case)
    assert "United States, Russia and Ukraine are asked" in text
    assert "some deal passes (roughly even chance (45–55%), at 5" in text
    assert "Without Ukraine (all who are not in the room): 303 more deals at central values" in text
    assert "territory: swaps, territory: Donbas ceded" in text
    assert "no means stated" in text
    assert "the case: not stated" in text
    assert "Heard for" in text
    assert "1,024 joint draws" in text


def test_what_the_case_says_of_a_party_is_told():
    data = load(ROOT / "cases" / "alaska-2025.yaml").to_data()
    data["parties"]["ukraine"] |= {"bound": False, "can_spoil": "100%"}
    case = read_data(data)
    text = told(exclusion(case, draws=256), case)
    assert "the case: its yes is needed" in text
    assert "Heard for" not in text


def test_nothing_uncertain_and_nobody_left():
    text = (ROOT / "cases" / "litigation.yaml").read_text(encoding="utf-8")
    case = loads(text)
    alone = read_data({**case.to_data(), "consent": next(iter(case.preferences))})
    out = told(exclusion(alone), alone)
    assert "not computed, without them nobody is left whose yes is needed" in out
    assert "What would be agreed was not computed: there are" in told(exclusion(case, limit=1), case)


def test_the_numbers_of_parties_and_of_the_lottery_are_in_the_brief():
    data = load(ROOT / "cases" / "alaska-2025.yaml").to_data()
    data["parties"]["ukraine"]["can_spoil"] = "40% to 70%"
    del data["preferences"]["europe"]["no_deal"], data["correlations"]
    freeze = data["offers"]["air truce first"]["deal"]
    data["no_deal"] = {
        "outcomes": {
            "war goes on": {"probability": "60% to 80%", "deal": freeze},
            "line breaks": {"rest": True, "values": dict.fromkeys(data["preferences"], "5 to 25")},
        },
        "cost": {"europe": "3 to 6"},
    }
    page = brief(read_data(data)).to_markdown().replace("\\", "")
    for path in (
        "parties.ukraine.can_spoil",
        "no_deal.outcomes.war goes on.probability",
        "no_deal.outcomes.line breaks.values.usa",
        "no_deal.cost.europe",
    ):
        assert path in page
    assert "40% to 70%" in page
    assert "Numbers of what happens without a deal" in page
