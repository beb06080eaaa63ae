"""What it is worth to find out, in words and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from winset.lenses import InformationResult, NotComputed
from winset.lenses.estimates import Estimate
from winset.lenses.information import ChoiceWorth, DecisionWorth, MeetingWorth, UnknownWorth
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.odds import how, per_cent
from winset.report.words import count, issue_words, likelihood, q

__all__ = ["information_blocks"]

Names = Callable[[str], str]
MOST = 10  # unknowns that are listed
_HOW = {
    "types": "type by type",
    "classes": "by classes of draws",
    "answers": "by its answers",
    "regression": "by regression",
}


def information_blocks(result: InformationResult, names: Names) -> list[Block]:
    """The answer of the lens for the terminal."""
    if isinstance(result.decisions, NotComputed):
        return [Paragraph(f"Not computed: {result.decisions.because}.")]
    out: list[Block] = []
    for decision in result.decisions:
        out += _decision(result, decision, names)
    return out


def _points(value: float) -> str:
    """Points to a tenth: these are differences of means, mostly small."""
    text = f"{value:.1f}"
    if text in ("0.0", "-0.0"):
        return "0" if abs(value) < 1e-9 else "<0.1" if value > 0 else "0"
    return text.replace("-", "−")


def _worth(found: Estimate) -> str:
    """The expected value of information; below nought it is nought."""
    return _points(max(0.0, found.value))


def _within(found: Estimate) -> str:
    half = found.half
    return f"± {half:.1f}" if half >= 0.05 else "± <0.1" if half else ""


def _decision(result: InformationResult, decision: DecisionWorth, names: Names) -> list[Block]:
    title = f"Decision: {q(decision.name)}, by {names(decision.by)}."
    if not decision.stated:
        title += " The case states no decision; this one is looked at by default."
    best = next(c for c in decision.choices if c.name == decision.best)
    text = (
        f"{title} The largest expected utility has {q(best.name)}: {_points(best.utility.value)} points "
        f"({_within(best.utility) or 'exact'}; {how(result.plan)}). "
        f"Knowing everything beforehand would be worth {_worth(decision.everything)} points "
        f"({_within(decision.everything) or 'exact'}): that another choice turns out better is "
        f"{likelihood(decision.changes)}"
    )
    text += f", at {100 * decision.changes:.0f}%." if "(" in likelihood(decision.changes) else "."
    out: list[Block] = [Paragraph(text), _choices(decision.choices)]
    told = [
        u for u in decision.unknowns if u.worth.value > 2 * u.worth.standard_error and u.worth.value > 1e-9
    ]
    if told or decision.groups:
        out.append(_unknowns(told, decision.groups, len(decision.unknowns), names))
    if not told and decision.unknowns:
        out.append(
            Paragraph(
                "No single unknown by itself is worth anything that can be told from nought: whatever it "
                f"turned out to be, {q(best.name)} would remain the best on average."
            )
        )
    for meeting in decision.meetings:
        out += _meeting(meeting, names)
    return out


def _choices(choices: Sequence[ChoiceWorth]) -> Table:
    rows = tuple(
        Row(
            (
                Cell(
                    q(c.name),
                    lines=()
                    if c.deal is None
                    else ("; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in c.deal.items()),),
                ),
                Cell("–", "muted") if c.passes is None else Cell(per_cent(c.passes), "number"),
                Cell(_points(c.cost), "number"),
                Cell(_points(c.utility.value), "number", lines=(_within(c.utility),)),
                Cell(per_cent(c.best), "number"),
            )
        )
        for c in choices
    )
    return Table(
        "The choices",
        (
            Column("Choice"),
            Column("Passes", "number"),
            Column("Cost", "number"),
            Column("Expected utility", "number", note="cost taken off"),
            Column("Nothing better", "number"),
        ),
        (Rows(rows),),
        note="Where a tabled deal does not pass, the no-deal value counts. Nothing better: the probability "
        "that no other choice turns out better; ties count for all.",
    )


def _unknowns(told: Sequence[UnknownWorth], groups: Sequence[UnknownWorth], many: int, names: Names) -> Table:
    def row(u: UnknownWorth) -> Row:
        label = f"all about {names(u.name)}" if u.kind == "party" else q(u.name)
        return Row(
            (
                Cell(label),
                Cell(_worth(u.worth), "number", lines=(_within(u.worth),)),
                Cell(_points(u.at_most), "number"),
                Cell(f"{100 * u.changes:.0f}%", "number") if u.worth.value > 0 else Cell("–", "muted"),
                Cell(_HOW[u.method], "muted"),
            )
        )

    parts = []
    if told:
        parts.append(Rows(tuple(row(u) for u in told[:MOST]), title="Single unknowns"))
    if groups:
        parts.append(Rows(tuple(row(u) for u in groups), title="Groups"))
    return Table(
        "What it is worth to know",
        (
            Column("Unknown"),
            Column("Worth", "number", note="points"),
            Column("At most", "number", note="too high on average"),
            Column("Changes the choice", "number"),
            Column("How estimated"),
        ),
        tuple(parts),
        note=f"{count(len(told))} of {count(many)} single unknowns are worth something that can be told from "
        "nought. Worth: chosen on some draws and valued on others, a little too low on average. At most: "
        "chosen and valued on the same draws, which flatters the information.",
    )


def _meeting(meeting: MeetingWorth, names: Names) -> list[Block]:
    net = _points(meeting.net)
    text = (
        f"Meeting: {q(meeting.name)}, about {names(meeting.about)}. "
        f"Its signals are worth {_worth(meeting.worth)} "
        f"points ({_within(meeting.worth) or 'exact'}), knowing the type itself {_points(meeting.at_most)}. "
        f"It costs {_points(meeting.cost)}: net {net}."
    )
    rows = tuple(
        Row(
            (
                Cell(q(s.name)),
                Cell(f"{100 * s.probability:.0f}%", "number", lines=(likelihood(s.probability),)),
                Cell("; ".join(f"{q(t)}: {100 * p:.0f}%" for t, p in s.types.items())),
                Cell("–" if s.choice is None else q(s.choice)),
                Cell(_points(s.utility), "number"),
            )
        )
        for s in meeting.signals
    )
    table = Table(
        f"What {q(meeting.name)} may show",
        (
            Column("Signal"),
            Column("Probability", "number"),
            Column("Types after it"),
            Column("Best choice after it"),
            Column("Expected utility", "number", note="before the meeting's cost"),
        ),
        (Rows(rows),),
    )
    return [Paragraph(text), table]
