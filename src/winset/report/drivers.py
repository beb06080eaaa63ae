"""What drives the answer and what would flip it, in words and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from winset.lenses import NotComputed, SensitivityResult
from winset.lenses.estimates import Estimate
from winset.lenses.flips import Flip, Joint
from winset.lenses.sensitivity import Alternative, Move, Outcome, Share
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.words import count, gain, likelihood, q, times

__all__ = ["sensitivity_blocks", "type_flips"]

Names = Callable[[str], str]
MOST = 12  # rows of a table
_SOURCED = {"all": "yes", "some": "in part", "none": "no"}
_METHODS = {
    "exact": "exact",
    "scan": "found in steps and refined",
    "values": "one of the listed values",
}


def sensitivity_blocks(result: SensitivityResult, names: Names) -> list[Block]:
    """The answer of the lens for the terminal."""
    if isinstance(result.central, NotComputed) or isinstance(result.zone, NotComputed):
        reason = result.central.because if isinstance(result.central, NotComputed) else ""
        return [Paragraph(f"Not computed: {reason}. Neither shares nor flips can be found without that.")]
    out: list[Block] = [Paragraph(_lead(result, result.central, result.zone, names))]
    out += [Paragraph(text) for text in _turns(result, result.central, names)]
    if result.flips:
        out.append(_flips(result.flips, "Single numbers that flip the answer"))
    if result.farther:
        out.append(_flips(result.farther, "Beyond its range as written, yet drawn now and then"))
    if isinstance(result.joint, Joint):
        out.append(_joint(result.joint))
    if result.types:
        out.append(_types(result.types, names))
    if not isinstance(result.shares, NotComputed) and result.shares:
        out.append(_shares(result, result.shares, names))
        if (words := _unsourced(result.unsourced)) is not None:
            out.append(Paragraph(words))
    if result.moves:
        out.append(_moves(result.moves, result.central, names))
    return out


def _lead(result: SensitivityResult, central: Outcome, zone: Estimate, names: Names) -> str:
    now = f"the zone holds {times(central.deals, 'deal')}" if central.open else "the zone is empty"
    if not result.types and not result.moves:
        return (
            f"Nothing in this case is uncertain: {now}, and no input can move or flip that. Where a number "
            "is not known for sure, write it as a range, such as 20 to 30, and ask again."
        )
    return (
        f"At central values {now}. Over all draws it is open: {chance(zone)} "
        f"({how(result.plan)}; standard error {100 * zone.standard_error:.1f} points)."
    )


def _verb(central: Outcome) -> str:
    return "empties the zone" if central.open else "opens the zone"


def type_flips(result: SensitivityResult, names: Names) -> list[str]:
    """Which type of whom turns the central answer over."""
    if isinstance(result.central, NotComputed):
        return []
    return [
        f"If {names(t.party)} is {q(t.type)}, that {_verb(result.central)}, all else central. "
        f"How likely the type is, by the case: {likelihood(t.probability)}."
        for t in result.types
        if t.flips
    ]


def _turns(result: SensitivityResult, central: Outcome, names: Names) -> list[str]:
    verb = _verb(central)
    out = type_flips(result, names)
    ranges = bool(result.moves)
    if ranges and not result.flips:
        out.append(
            f"No single number {verb} within its range, all else central. What is not a number of those "
            "whose yes is asked for cannot, whatever its value."
        )
    if ranges and result.joint is None:
        out.append(f"No change of all numbers together that {verb} was found within 12 standard scores.")
    if isinstance(result.joint, NotComputed):
        out.append(f"The least joint change was not computed: {result.joint.because}.")
    return out


def _number(value: float, percent: bool) -> str:
    return (f"{100 * value:.3g}%" if percent else f"{value:.3g}").replace("-", "−")


def _flips(flips: Sequence[Flip], caption: str) -> Table:
    verb = "opens" if flips[0].opens else "empties"
    rows = tuple(
        Row(
            (
                Cell(q(f.path)),
                Cell(_number(f.central, f.percent), "number"),
                Cell(_number(f.value, f.percent), "number"),
                Cell(_number(f.distance, f.percent), "number"),
                Cell(f"{f.scores:+.2f}".replace("-", "−"), "number"),
                _farther(f.beyond),
                Cell(_METHODS[f.method], "muted"),
            )
        )
        for f in flips[:MOST]
    )
    return Table(
        f"{caption}: where the zone {verb}, all else central",
        (
            Column("Number"),
            Column("Central", "number"),
            Column("Flips at", "number"),
            Column("Away by", "number"),
            Column("Standard scores", "number"),
            Column("That far or farther", "number"),
            Column("How found"),
        ),
        (Rows(rows),),
        note=_first(len(flips), "numbers"),
    )


def _first(many: int, what: str) -> str:
    return f"The first {MOST} of {count(many)} {what}." if many > MOST else ""


def _joint(joint: Joint) -> Table:
    verb = "opens" if joint.opens else "empties"
    rows = tuple(
        Row(
            (
                Cell(q(c.path)),
                Cell(_number(c.central, c.percent), "number"),
                Cell(_number(c.value, c.percent), "number"),
                Cell(f"{c.scores:+.2f}".replace("-", "−"), "number"),
            )
        )
        for c in joint.changes[:MOST]
    )
    least = "" if joint.bound is None else f" No change of less than {joint.bound:.2f} can do it."
    return Table(
        f"The least joint change found that {verb} the zone: {joint.distance:.2f} standard scores in all",
        (
            Column("Number"),
            Column("Central", "number"),
            Column("There", "number"),
            Column("Standard scores", "number"),
        ),
        (Rows(rows),),
        note="A standard score is one standard deviation of a number's own range; correlated numbers move "
        f"along. Checked on the model; the least that was found, not proved to be the least.{least} "
        + _first(len(joint.changes), "numbers that move"),
    )


def _types(types: Sequence[Alternative], names: Names) -> Table:
    rows = tuple(
        Row(
            (
                Cell(names(t.party)),
                Cell(q(t.type) + (" (read at central values)" if t.central else "")),
                Cell(f"{100 * t.probability:.0f}%", "number"),
                Cell(count(t.outcome.deals), "number", lines=("flips",) if t.flips else ()),
                Cell("–", "muted")
                if isinstance(t.zone, NotComputed)
                else Cell(per_cent(t.zone), "number", lines=(likelihood(t.zone.value),)),
            )
        )
        for t in types
    )
    return Table(
        "Types one by one",
        (
            Column("Party"),
            Column("Type"),
            Column("Probability", "number"),
            Column("Deals in the zone", "number", note="all else central"),
            Column("Zone open", "number", note="all else drawn"),
        ),
        (Rows(rows),),
    )


def _share(found: Estimate | NotComputed) -> Cell:
    if isinstance(found, NotComputed):
        return Cell("–", "muted")
    half = f"{100 * found.half:.0f}" if found.half >= 0.005 else "<1"
    value = round(100 * found.value)
    return Cell(f"{value}%".replace("-", "−"), "number", lines=(f"± {half}",))


def _shares(result: SensitivityResult, shares: Sequence[Share], names: Names) -> Table:
    both = result.design == "pick-freeze"

    def row(entry: Share, label: str) -> Row:
        cells = [
            Cell(label),
            Cell(_SOURCED[entry.sourced], "muted"),
            _share(entry.first["zone"]),
            _share(entry.first["deals"]),
        ]
        if both:
            cells += [_share(entry.total["zone"]), _share(entry.total["deals"])]
        return Row(tuple(cells))

    columns = [
        Column("Input"),
        Column("Cites a claim"),
        Column("Zone open or not", "number", note="alone"),
        Column("Deals in it", "number", note="alone"),
    ]
    if both:
        columns += [
            Column("Zone open or not", "number", note="with others"),
            Column("Deals in it", "number", note="with others"),
        ]
    told = [s for s in shares if any(_told(s.first[name]) for name in ("zone", "deals"))]
    groups = [Rows(tuple(row(s, q(s.name)) for s in told[:MOST]), title="Inputs")]
    if result.parties:
        groups.append(
            Rows(
                tuple(row(s, names(s.name)) for s in result.parties),
                title="Each party's own numbers, without those that are correlated with another's"
                if _tied(shares)
                else "Each party's own numbers",
            )
        )
    return Table(
        "Shares of the variance of the answers",
        tuple(columns),
        tuple(groups),
        note="Alone: what the input explains by itself (first-order index); in small print half the width of "
        "the 95% interval. An input without influence scatters around nought, below it too. "
        + ("With others: what would be left if all else were known (total index). " if both else "")
        + "Inputs that are correlated stand together. "
        + f"{count(len(told))} of {count(len(shares))} inputs can be told from nought. "
        + _first(len(told), "of these"),
    )


def _tied(shares: Sequence[Share]) -> bool:
    """Whether some inputs of several parties stand together."""
    return any(len({path.partition(".")[0] for path in s.inputs}) > 1 for s in shares)


def _told(found: Estimate | NotComputed) -> bool:
    """Whether a share can be told from nought."""
    return isinstance(found, Estimate) and found.low > 0


def _unsourced(found: Share | None) -> str | None:
    if found is None:
        return None
    first, total = found.first["zone"], found.total["zone"]
    if isinstance(first, NotComputed):
        return None
    text = (
        "Numbers that cite no claim, the judge's own judgement, explain by themselves "
        f"{max(0.0, 100 * first.value):.0f}% (± {100 * first.half:.0f}) of whether the zone is open"
    )
    if isinstance(total, Estimate):
        text += f", and {100 * total.value:.0f}% (± {100 * total.half:.0f}) together with the others"
    return text + "."


def _moves(moves: Sequence[Move], central: Outcome, names: Names) -> Table:
    parties = list(central.gain)

    def pair(low: str, high: str) -> str:
        return low if low == high else f"{low} … {high}"

    rows = tuple(
        Row(
            (
                Cell(q(m.path)),
                Cell(f"{_number(m.low, m.percent)} … {_number(m.high, m.percent)}"),
                Cell(pair(count(m.at_low.deals), count(m.at_high.deals)), "number"),
                *(Cell(pair(gain(m.at_low.gain[p]), gain(m.at_high.gain[p])), "number") for p in parties),
                Cell(pair(per_cent(m.lowest), per_cent(m.highest)), "number"),
            )
        )
        for m in moves[:MOST]
    )
    return Table(
        "Each number alone from its 5% to its 95% point, all else central",
        (
            Column("Number"),
            Column("From … to"),
            Column("Deals in the zone", "number"),
            *(Column(names(p), "number", note="gain") for p in parties),
            Column("Zone open", "number", note="lowest … highest tenth"),
        ),
        (Rows(rows),),
        note="Gains at the deal that is best for the worst-off of those whose yes is asked for. The last "
        "column lets all else vary: draws in which the number is in its lowest or highest tenth "
        f"({count(moves[0].lowest.draws)} each, so ± {100 * moves[0].lowest.half:.0f} points or so). "
        + _first(len(moves), "numbers"),
    )


def _farther(p: float) -> Cell:
    """A known probability with its word, which is the number where there is less than one in a hundred."""
    words = likelihood(p)
    return Cell(f"{100 * p:.0f}%", "number", lines=(words,)) if "(" in words else Cell(words, "number")
