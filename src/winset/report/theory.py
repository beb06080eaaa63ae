"""Bargaining games in words and tables: the equilibrium, the play of it, and what the model leaves out."""

from __future__ import annotations

import math

from winset.lenses.estimates import Estimate, Plan
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.words import and_list, count, likelihood, times
from winset.theory import (
    Amount,
    BaronFerejohnResult,
    BreakdownResult,
    FearonResult,
    MemberPayoff,
    PowellResult,
    RubinsteinResult,
    UltimatumResult,
)

__all__ = ["game_blocks"]

Result = (
    RubinsteinResult | BreakdownResult | BaronFerejohnResult | UltimatumResult | FearonResult | PowellResult
)

_ALTERNATE = (
    "It assumes two parties that know each other's values and think every step through, one thing to divide, "
    "and offers in turn."
)
_LEFT_OUT = (
    "It leaves out what one does not know of the other, several issues, other parties, pressure and pride. "
    "In experiments people offer more evenly, and refuse more, than these games say."
)


def game_blocks(result: Result) -> list[Block]:
    """The answer of a game for the terminal."""
    if isinstance(result, RubinsteinResult):
        return _rubinstein(result)
    if isinstance(result, BreakdownResult):
        return _breakdown(result)
    if isinstance(result, BaronFerejohnResult):
        return _baron_ferejohn(result)
    if isinstance(result, FearonResult):
        return _fearon(result)
    if isinstance(result, PowellResult):
        return _powell(result)
    return _ultimatum(result)


# ------------------------------------------------------------------------------------------------ two parties


def _rubinstein(result: RubinsteinResult) -> list[Block]:
    last = "" if result.rounds is None else f", {times(result.rounds, 'round')} at most"
    lead = (
        f"{_kept(result.first, result.second)} If the second made the first offer, the first would have "
        f"{_per_cent(result.swapped)}."
    )
    rows = (
        _row("First party, which makes the first offer", result.first),
        _row("Second party", result.second),
        _row("Second party, if it refuses once", result.refused),
        _row("First party, if the second makes the first offer", result.swapped),
    )
    factors = " and ".join(dict.fromkeys(result.discount))
    ranged = result.first.range is not None
    return [
        Paragraph(lead, head=f"Alternating offers, discount {factors}{last}."),
        _table("Shares, as they are worth when the first offer is made", rows, ranged, result.plan),
        Bullets(
            (
                _ALTERNATE + " Waiting a round makes a share worth the discount factor times itself."
                + (" After the last round nobody gets anything." if result.rounds else ""),
                "Refusing once gains the second party nothing: it is offered just what refusing would bring.",
                _LEFT_OUT,
            )
        ),
    ]  # fmt: skip


def _breakdown(result: BreakdownResult) -> list[Block]:
    exponents = "" if result.exponent == (1.0, 1.0) else " and these exponents"
    lead = (
        f"{_kept(result.first, result.second)} As the risk goes to nothing, the first party's share goes to "
        f"{_per_cent(result.limit)}, the Nash solution with these fallbacks{exponents}"
        + (" (here: each its fallback, and half of the rest)." if not exponents else ".")
    )
    rows = (
        _row("First party, which makes the first offer", result.first),
        _row("Second party", result.second),
        _row("Second party, if it refuses once: the sure share as good", result.refused),
        _row("First party, if the second makes the first offer", result.swapped),
        _row("First party, as the risk goes to nothing", result.limit),
    )
    title = f"Alternating offers, {result.risk} risk of breakdown, fallbacks {' and '.join(result.fallback)}."
    ranged = result.first.range is not None
    out: list[Block] = [
        Paragraph(lead, head=title),
        _table("Shares of the pie", rows, ranged, result.plan),
    ]
    if result.something < 1:
        share = f"{100 * (1 - result.something):.2g}%"
        out.append(
            Paragraph(
                f"In {share} of the draws the fallbacks leave nothing to divide; these are left out.", "note"
            )
        )
    out.append(
        Bullets(
            (
                _ALTERNATE
                + " Nobody minds waiting; after each refusal talks end with the stated probability.",
                "A party values a share as the share to the power of its exponent: with less than 1 it minds "
                "risk, and gets less for it.",
                _LEFT_OUT,
            )
        )
    )
    return out


# --------------------------------------------------------------------------------------------------- a body


def _baron_ferejohn(result: BaronFerejohnResult) -> list[Block]:
    members, partners = len(result.members), result.quota - 1
    first = result.members[0]
    if result.equal:
        idle = members - result.quota
        lead = f"Whoever proposes keeps {_with_range(first.keeps)} of the pie"
        if not first.price.value:
            lead += ": in the last session there is nothing to wait for, and a yes costs nothing"
        elif partners:
            lead += f" and offers {_per_cent(first.price)} to {'each of ' if partners > 1 else ''}"
            lead += f"{times(partners, 'other')}, picked by chance"
        lead += "; it passes at once."
        if idle and first.price.value:
            lead += f" {times(idle, 'member')} get{'s' if idle == 1 else ''} nothing."
    else:
        most = max(m.value.value for m in result.members)
        top = [m for m in result.members if m.value.value > most - 1e-9]
        named = "member" + ("s " if len(top) > 1 else " ") + and_list([str(m.member) for m in top])
        cheapest = "the cheapest other" if partners == 1 else f"the {partners} cheapest others"
        lead = f"Whoever proposes buys the votes of {cheapest}" if partners else "Whoever proposes keeps all"
        lead += (
            f"; it passes at once. The most is expected by {named}: {_with_range(top[0].value)} of the pie"
            + (" each." if len(top) > 1 else ".")
        )
    last = "" if result.sessions is None else f", {times(result.sessions, 'session')} at most"
    votes = f"{times(result.quota, 'vote')} pass" + ("es" if result.quota == 1 else "")
    title = f"Proposals to {times(members, 'member')}; {votes} one{last}."
    shown = result.members[:1] if result.equal else result.members
    rows = tuple(_member(m, members if result.equal else 1) for m in shown)
    columns = (
        Column("Member"),
        Column("Proposes", "number"),
        Column("Can expect", "number", note="before"),
        Column("Votes yes for", "number", note="or more"),
        Column("Keeps", "number", note="if it proposes"),
        Column("Is bought", "number", note="by another"),
    )
    note = (
        f"Under each number what came of {count(result.plan.draws)} simulated plays, ± its standard error, "
        f"seed {result.plan.seed}; under what a member votes yes for, what it had in plays whose first "
        "proposal was refused."
    )
    if first.value.range is not None:
        note += " In brackets, nine draws of the ranges in ten; played at central values."
    return [
        Paragraph(lead, head=title),
        Table("The equilibrium, and its play", columns, (Rows(rows),), note=note),
        Bullets(
            (
                "It assumes members that know all of this and care for their own share only, proposals that "
                "cannot be amended, and a member picked by chance to propose each time."
                + (
                    " After the last session nobody gets anything."
                    if result.sessions
                    else " Strategies are the same in every session (stationary); without that, almost any "
                    "division can be an equilibrium among five or more patient members."
                ),
                "It leaves out blocs and promises, views on the matter itself, amendments (the open rule), "
                "and a status quo that stays. In experiments proposers keep less than this.",
            )
        ),
    ]


def _member(m: MemberPayoff, alike: int) -> Row:
    def cell(part: Amount) -> Cell:
        lines = []
        if part.range is not None:
            lines.append(f"({_ends(part)})")
        if part.play is not None:
            lines.append(_played(part.play))
        return Cell(_per_cent(part), "number", lines=tuple(lines))

    name = f"member {m.member}"
    if alike > 1:
        name += f", as each of the {alike}"
    return Row(
        (
            Cell(name),
            Cell(_tenths(m.recognised), "number"),
            cell(m.value),
            cell(m.price),
            cell(m.keeps),
            cell(m.bought),
        )
    )


# -------------------------------------------------------------------------------------------------- one offer


def _ultimatum(result: UltimatumResult) -> list[Block]:
    title = f"One offer out of {result.pie:g}, to a reservation value of {result.reserve}."
    money = _Money(result.pie)
    rows: list[Row] = []
    if result.offer is None:
        lead = (
            "No offer brings a gain: whatever has a chance to be accepted costs more than there is to gain."
        )
    else:
        cost = result.known - result.gain.value
        lead = (
            f"The offer that brings most on average is {money(result.offer)}. "
            f"{_refusal(result.refused.value)} It brings the one who offers {money(result.gain.value)} on "
            "average"
            + (" over what it keeps without agreement" if result.keep else "")
            + f"; if it knew the reservation value, {money(result.known)}: not knowing costs {money(cost)}."
        )
        if result.missed > 0:
            lead += f" In {_tenths(result.missed)} of cases both could gain and there is no agreement."
        rows = [
            _row("Refused", result.refused),
            _amount_row("Gain of the one who offers", result.gain, money),
            _amount_row("Gain of the other", result.other, money),
        ]
    out: list[Block] = [Paragraph(lead, head=title)]
    if rows:
        out.append(_table("On average over reservation values", tuple(rows), False, result.plan))
    out.append(
        Bullets(
            (
                "It assumes one offer and no second, a responder that takes whatever is worth its "
                "reservation value, and that the one who offers believes just this range.",
                "Offering more adds acceptances, and costs more on all that would have been accepted anyway; "
                "the offer is where both balance.",
                "It leaves out a counter-offer, what a refusal would teach, and pride. In experiments people "
                "refuse small offers that would leave them better off.",
            )
        )
    )
    return out


def _refusal(p: float) -> str:
    words = likelihood(p)
    if p < 1e-9:
        return "It is never refused."
    return f"How likely a refusal is: {words}" + (f", at {_tenths(p)}." if "(" in words else ".")


# -------------------------------------------------------------------------------------------- fighting it out


def _fearon(result: FearonResult) -> list[Block]:
    lead = (
        f"A prefers any share from {_tenths(result.low)} up to fighting. What brings it most on average is "
        f"to demand {_tenths(result.demand)}. {_war(result.war.value)} It brings A "
        f"{_tenths(result.gain.value)} of the stake over what fighting is worth to it; if it knew B's cost, "
        f"{_tenths(result.known)}."
    )
    rows = (
        _row("War", result.war),
        _row("Gain of A over fighting", result.gain),
        _row("Gain of B over fighting", result.other),
    )
    title = (
        f"One demand; A prevails with {_tenths(result.wins)}, its cost {_tenths(result.cost)}, that of B "
        f"{result.other_cost}."
    )
    return [
        Paragraph(lead, head=title),
        _table("On average over costs of B", rows, False, result.plan),
        Bullets(
            (
                "It assumes one stake that can be divided at will, one demand and no second, and that A "
                "believes just this range.",
                "Asking for more gains that much from those who still yield, and loses to those who then "
                "fight; the demand is where both balance. How likely A is to prevail moves the demand, and "
                "leaves the probability of war as it is, as long as less than everything is demanded.",
                "It leaves out counter-offers, what B could do to show its cost, and whether either would "
                "keep to a division.",
            )
        ),
    ]


def _war(p: float) -> str:
    words = likelihood(p)
    if p < 1e-9:
        return "It is never refused."
    return f"How likely war is: {words}" + (f", at {_tenths(p)}." if "(" in words else ".")


def _powell(result: PowellResult) -> list[Block]:
    verdict = "is larger" if result.met else "is not larger"
    lead = (
        f"Between the two periods A gains {_with_range(result.shift)} of the stake in strength; peace saves "
        f"both {_with_range(result.surplus)}. The shift {verdict} than that: in peace A can leave B "
        f"{_with_range(result.left)} at most, and fighting now is worth {_with_range(result.other)} to B."
    )
    lead += " B fights now." if result.met else " B does better in peace."
    if result.war is not None:
        words = likelihood(result.war.value)
        share = f", at {100 * result.war.value:.0f}%" if "(" in words else ""
        lead += f" Over draws, that B fights now: {words}{share}."
    if result.border is not None:
        lead += f" It begins where A would prevail later with more than {_tenths(result.border)}."
    else:
        lead += " Even if A were sure to prevail later, B would not fight now."
    rows = (
        _row("What A can secure by fighting now", result.now),
        _row("What A can secure later, as it counts now", result.later),
        _row("What B can secure by fighting now", result.other),
        _row("The shift", result.shift),
        _row("What peace saves both", result.surplus),
        _row("The most that peace can leave B", result.left),
    )
    ranged = result.now.range is not None
    columns = [Column(""), Column("Share", "number")]
    columns += [Column("Nine draws in ten", "number")] if ranged else []
    kept = tuple(Row(row.cells[: len(columns)]) for row in rows)
    note = f"{count(result.plan.draws)} draws, seed {result.plan.seed}." if ranged else ""
    return [
        Paragraph(lead, head=f"Power shifts: A prevails with {result.wins[0]} now, {result.wins[1]} later."),
        Table("Shares of the stake", tuple(columns), (Rows(kept),), note=note),
        Bullets(
            (
                "It assumes that all know all of this, and that A cannot bind itself not to use its later "
                "strength: nothing else stands between them and a division that suits both.",
                "A slower shift, a higher cost of fighting, or a promise that somebody else enforces would "
                "remove it.",
                "It leaves out that a first division may itself shift power, and that B may not foresee it.",
            )
        ),
    ]


class _Money:
    """Amounts to a thousandth of the pie."""

    def __init__(self, pie: float) -> None:
        self.decimals = max(0, 3 - round(math.log10(pie))) if pie > 0 else 1

    def __call__(self, value: float) -> str:
        return f"{value:,.{self.decimals}f}"


# ----------------------------------------------------------------------------------------------------- shared


def _kept(first: Amount, second: Amount) -> str:
    return (
        f"The first party keeps {_with_range(first)} of the pie and offers {_per_cent(second)}; the second "
        "accepts at once."
    )


def _table(caption: str, rows: tuple[Row, ...], ranged: bool, plan: Plan) -> Table:
    columns = [Column(""), Column("Equilibrium", "number")]
    if ranged:
        columns.append(Column("Nine draws in ten", "number"))
    columns.append(Column("Simulated play", "number", note="± standard error"))
    kept = tuple(row if ranged else Row((row.cells[0], row.cells[1], row.cells[3])) for row in rows)
    note = f"{count(plan.draws)} draws, seed {plan.seed}. "
    note += "Equilibrium and play at central values. " if ranged else ""
    note += "Where no ± is given, no chance is involved: every play is the same."
    return Table(caption, tuple(columns), (Rows(kept),), note=note)


def _row(label: str, part: Amount) -> Row:
    return Row(
        (
            Cell(label),
            Cell(_per_cent(part), "number"),
            Cell(_ends(part), "number"),
            Cell("–" if part.play is None else _played(part.play), "number"),
        )
    )


def _amount_row(label: str, part: Amount, money: _Money) -> Row:
    assert part.play is not None
    found, error = part.play, part.play.standard_error
    more = max(money.decimals, 0 if not error else math.ceil(-math.log10(error)))
    text = f"{found.value:,.{more}f}" + (f" ± {error:.{more}f}" if error else "")
    return Row((Cell(label), Cell(money(part.value), "number"), Cell(""), Cell(text, "number")))


def _tenths(share: float) -> str:
    text = f"{100 * share:.1f}".removesuffix(".0")
    return (
        f"{text}%"
        if text not in ("0", "100") or share in (0.0, 1.0)
        else "<0.1%"
        if share < 0.5
        else ">99.9%"
    )


def _per_cent(part: Amount) -> str:
    """Tenths of a per cent where all is known; whole ones where an input is a range."""
    return _tenths(part.value) if part.range is None else f"{100 * part.value:.0f}%"


def _ends(part: Amount) -> str:
    if part.range is None:
        return ""
    low, high = (f"{100 * x:.0f}" for x in (part.range.low, part.range.high))
    return f"{low}%" if low == high else f"{low} to {high}%"


def _with_range(part: Amount) -> str:
    ends = _ends(part)
    return f"{_per_cent(part)} ({ends} in nine draws in ten)" if ends else _per_cent(part)


def _played(found: Estimate) -> str:
    error = 100 * found.standard_error
    if not error:
        return _tenths(found.value)
    decimals = max(1, math.ceil(-math.log10(error)))
    return f"{100 * found.value:.{decimals}f}% ± {error:.{decimals}f}%"
