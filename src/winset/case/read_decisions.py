"""Decisions: known parties, offers and types, and signals whose likelihoods make one for every type."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from winset.case.numbers import Number, NumberProblem, parse_number
from winset.case.plain import items
from winset.case.read_deals import Forbidden, check_deal
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_decisions", "check_signals"]


def check_decisions(reader: Reader, forbid: Forbidden) -> None:
    """Every fault of the decisions, for the reader."""
    for name, body in items(reader.data.get("decisions")):
        if isinstance(body, dict):
            _check_decision(reader, ("decisions", name), body, forbid)


def _check_decision(reader: Reader, path: Path, body: dict[str, Any], forbid: Forbidden) -> None:
    by = body.get("by")
    if isinstance(by, str) and by not in reader.valued:
        reader.faults.unknown((*path, "by"), "party with preferences", by, reader.valued)
    choices = body.get("choices")
    if isinstance(choices, dict) and len(choices) < 2:
        reader.faults.add(
            (*path, "choices"),
            "a decision with fewer than two choices leaves nothing to decide",
            allowed="two choices or more; {} is a choice that tables nothing",
        )
    offers = reader.names("offers")
    for name, choice in items(choices):
        here: Path = (*path, "choices", name)
        reader.check_id(here, name, "choices")
        table = choice.get("table") if isinstance(choice, dict) else None
        if isinstance(table, str) and table not in offers:
            reader.faults.unknown((*here, "table"), "offer", table, offers)
        elif isinstance(table, dict) and table:
            check_deal(reader, (*here, "table"), table, forbid)
    for name, meeting in items(body.get("meetings")):
        here = (*path, "meetings", name)
        reader.check_id(here, name, "meetings")
        if isinstance(meeting, dict):
            _check_meeting(reader, here, meeting)


def _check_meeting(reader: Reader, path: Path, body: dict[str, Any]) -> None:
    about = body.get("about")
    if isinstance(about, str):
        check_signals(reader, (*path, "about"), (*path, "signals"), about, body.get("signals"))


def check_signals(reader: Reader, whose: Path, path: Path, about: str, signals: Any) -> None:
    """What a party may show: signals at ``path``, about the party that is named at ``whose``."""
    if about not in reader.valued:
        reader.faults.unknown(whose, "party with preferences", about, reader.valued)
        return
    prefs = reader.data["preferences"][about]
    types = prefs.get("types") if isinstance(prefs, dict) else None
    if not isinstance(types, dict) or not types:
        reader.faults.add(
            whose,
            f"{show(about)} has no types, so that a meeting could tell nothing",
            value=about,
            allowed="a party with types",
        )
        return
    if not isinstance(signals, dict):
        return
    if len(signals) < 2:
        reader.faults.add(path, "a single signal says nothing", allowed="two signals or more")
    rests = []
    stated: dict[str, list[Number]] = {}
    for name, raw in signals.items():
        here = (*path, name)
        reader.check_id(here, name, "signals")
        if not isinstance(raw, dict) or not raw:
            continue
        if "rest" in raw:
            rests.append(name)
            continue
        for kind, likelihood in raw.items():
            if kind not in types:
                reader.faults.unknown((*here, kind), f"type of {show(about)}", kind, types, key=True)
                continue
            try:
                number = parse_number(likelihood)
            except NumberProblem:
                continue  # told with its form
            if number.low >= 0 and number.high <= 1:  # else told with its bounds
                stated.setdefault(kind, []).append(number)
        missing = [k for k in types if k not in raw]
        if missing:
            reader.faults.add(
                here,
                f"no likelihood for the type {listing(missing)}",
                allowed="a probability for every type",
            )
    if len(rests) > 1:
        reader.faults.add(
            path,
            "more than one signal takes the rest",
            value=listing(rests),
            allowed="at most one",
        )
    slack = Fraction(1, 10**6)
    for kind, numbers in stated.items():
        if len(numbers) + len(rests) < len(signals) or len(signals) < 2:
            continue  # told by itself
        low, high = sum(n.low for n in numbers), sum(n.high for n in numbers)
        if low > 1 + slack or (not rests and high < 1 - slack):
            total = f"{float(low):g}" if low == high else f"between {float(low):g} and {float(high):g}"
            reader.faults.add(
                path,
                f"the likelihoods given the type {show(kind)} sum to {total}",
                allowed="at most 1" if rests else "likelihoods that sum to 1 for every type",
                hint="" if rests else "let one signal take rest: true",
            )
