"""The terminal: fits its width, needs no colour, and tells the answer of each lens."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from winset.case import open_case, read_data
from winset.lenses import LENSES, blockers, frontier, levers, solutions, zone
from winset.report import lens_terminal, show

from .examples import EDGES
from .test_brief import CASES, NAMES, brief_of


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    out = io.StringIO()
    show(brief_of(name), Console(file=out, width=width))
    assert max(cell_len(line) for line in out.getvalue().split("\n")) <= width
    assert "\x1b" not in out.getvalue()


def test_colour_only_where_there_is_some() -> None:
    of = brief_of("alaska-2025")
    colour = io.StringIO()
    show(of, Console(file=colour, width=100, force_terminal=True, color_system="standard", no_color=False))
    assert "\x1b[" in colour.getvalue()
    grey = io.StringIO()
    show(of, Console(file=grey, width=100, force_terminal=True, no_color=True))
    assert "\x1b[3" not in grey.getvalue().replace("\x1b[3m", "")
    dumb = io.StringIO()
    show(of, Console(file=dumb, width=100, _environ={"TERM": "dumb"}))
    assert "\x1b" not in dumb.getvalue()


def test_markup_of_a_case_is_not_read() -> None:
    from winset.case import loads

    case = loads(
        "winset: 1\ntitle: '[red]x[/red] [/]'\nparties: {a: {name: '[bold]A[/]'}}\nconsent: a\n"
        "issues: {i: {options: ['[b]', '[/b]']}}\n"
        "preferences: {a: {weights: {i: 1}, scores: {i: {'[b]': 1, '[/b]': 2}}, no_deal: 0}}\n"
    )
    from winset.report import brief

    out = io.StringIO()
    show(brief(case), Console(file=out, width=80))
    assert "[red]x[/red] [/]" in out.getvalue()
    assert "[bold]A[/]" in out.getvalue()


def answer(lens: object, name: str, width: int = 100, **keywords: object) -> str:
    case = EDGES[name]() if name in EDGES else open_case(CASES / f"{name}.yaml").case
    out = io.StringIO()
    lens_terminal(lens(case, **keywords), case, Console(file=out, width=width))  # type: ignore[operator]
    return out.getvalue()


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("name", [*NAMES, *EDGES])
def test_every_lens_has_words_for_every_case(lens: object, name: str) -> None:
    text = answer(lens, name, width=80)
    assert max(cell_len(line) for line in text.split("\n")) <= 80
    assert len(text) > 40  # "Not computed: the case states no stages." is an answer


def test_what_the_lenses_say() -> None:
    assert "In the zone: 53 of 948 deals (6%)" in answer(zone, "alaska-2025")
    assert "192 (20%)" in answer(blockers, "alaska-2025")
    assert "Efficient deals in the zone: 14." in answer(frontier, "alaska-2025")
    assert "Kalai-Smorodinsky" in answer(solutions, "alaska-2025")
    assert "Nash over lotteries" in answer(solutions, "litigation", lotteries=True)
    assert "weigh their values" in answer(zone, "empty by weighing", width=200)
    assert "The zone is empty. Smallest sets whose yes would open it: " in answer(
        blockers, "empty by red lines"
    )


def test_an_unknown_result_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="no words for a str"):
        lens_terminal("x", EDGES["one deal"](), Console(file=io.StringIO()))


def test_what_the_lens_levers_says() -> None:
    """Numbers of the change that the page of the lens works out: a seller and a buyer ten points apart."""
    prices = {"sixty": 60, "seventy": 70}
    data = {
        "winset": 1,
        "title": "A sale",
        "parties": {"seller": {}, "buyer": {"seat": "absent"}, "fund": {}},
        "consent": {"all": ["seller", "buyer"]},
        "issues": {"price": {"options": list(prices)}},
        "preferences": {
            "seller": {"weights": {"price": 1}, "scores": {"price": prices}, "no_deal": 70},
            "buyer": {
                "weights": {"price": 1},
                "scores": {"price": {"sixty": 40, "seventy": 30}},
                "no_deal": 40,
            },
            "fund": {
                "weights": {"price": 1},
                "scores": {"price": {"sixty": 50, "seventy": 50}},
                "no_deal": 50,
            },
        },
        "levers": {
            "subsidy": {"pays": "fund", "to": "buyer", "cap": 30, "rate": 0.5, "price": 6, "unit": "million"},
            "over its head": {"without": "buyer", "price": 1},
        },
    }
    case = read_data(data)
    out = io.StringIO()
    lens_terminal(levers(case), case, Console(file=out, width=140))
    text = " ".join(out.getvalue().split())
    assert "The zone is empty. 2 changes would open it such that no smaller one does." in text
    assert "side payment: fund to buyer, 20 points (worth 10 there) 4 million price: seventy" in text
    assert "over its head takes the say from buyer; affected or absent: buyer." in text
    assert "Chance that the zone is open as things stand: 0%; 0% of 1 draw." in text
    lens_terminal(levers(case, draws=0), case, Console(file=out, width=140))
    assert "was not computed: no draws were asked for." in out.getvalue()
