"""Power and ratification in words and tables."""

from __future__ import annotations

from winset.case.model import Case
from winset.lenses.estimates import Estimate
from winset.lenses.power import BodyPower, PowerResult
from winset.lenses.ratification import BodyVerdict, BodyWinset, DealVote, RatificationResult
from winset.lenses.results import NotComputed
from winset.report.context import Context
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.words import and_list, count, q, times

__all__ = ["bodies", "power_words", "ratification_words"]


def _share(value: float) -> str:
    """A share to a tenth of a per cent, and to three digits below one per cent."""
    if value in (0.0, 1.0):
        return f"{value:.0%}"
    if value > 0.9995:
        return ">99.9%"
    return f"{value:.1%}" if value >= 0.01 else f"{100 * value:.3g}%"


def body_name(case: Case, body: str) -> str:
    """The name of a body for a reader."""
    return q((case.bodies[body].name if body in case.bodies else None) or body)


def member_name(case: Case, body: str, member: str) -> str:
    """The name of a member for a reader: its own, that of the party of the same id, or its id."""
    if body in case.bodies:
        own = case.bodies[body].members[member].name
        return q(own or case.name(member))
    return q(case.name(member))


def bodies(context: Context) -> list[Block]:
    """The bodies of a case for its brief: whether they confirm, and who has how much power in them."""
    out: list[Block] = []
    if context.ratification is not None:
        out += ratification_words(context.ratification, context.case)
    if context.power is not None:
        out += power_words(context.power, context.case)
    return out


def power_words(result: PowerResult, case: Case) -> list[Block]:
    """A table for each body and one for the rule of consent."""
    out: list[Block] = []
    for body in (*result.bodies, result.consent):
        out += _body(body, case)
    out.append(
        Paragraph(
            "Power a priori: what the rule alone gives, as if nothing were known of what members want. "
            "Shapley-Shubik counts orders of joining, Banzhaf coalitions; Deegan-Packel looks at the "
            "smallest winning coalitions only. Prevents: of what would pass, the share that the member could "
            "stop. Initiates: of what would fail, the share that it could carry.",
            "note",
        )
    )
    return out


def _body(body: BodyPower, case: Case) -> list[Block]:
    name = body_name(case, body.body) if body.body else "The rule of consent"
    if isinstance(body.votes, NotComputed):
        return [Paragraph(f"Not computed: {body.votes.because}.", head=f"{name}.")]
    votes, minimal = body.votes, body.minimal

    def names(members: tuple[str, ...]) -> str:
        return and_list([member_name(case, body.body, m) for m in members])

    text = f"{times(body.size, 'member')}; "
    text += f"{_share(votes.act)} of all coalitions win ({count(votes.winning)})"
    text += "" if isinstance(minimal, NotComputed) else f", {count(minimal.number)} of them minimal"
    text += "."
    if votes.vetoes:
        text += f" Nothing passes without {names(votes.vetoes)}."
    if votes.dummies:
        text += f" The vote of {names(votes.dummies)} never decides."
    if body.ratifies:
        text += f" It must confirm what {q(case.name(body.ratifies))} signs."
    if votes.shapley_error:
        text += " Shapley-Shubik is summed by a numerical rule, to more digits than are shown."
    if isinstance(minimal, NotComputed):
        text += f" Deegan-Packel is not computed: {minimal.because}."
    deegan = None if isinstance(minimal, NotComputed) else minimal.deegan
    weights = list(votes.members[0].weights)
    rows = tuple(
        Row(
            (
                Cell(
                    member_name(case, body.body, m.member) + (f" (each of {m.times})" if m.times > 1 else "")
                ),
                *(Cell(f"{m.weights[w]:,.10g}", "number") for w in weights),
                Cell(_share(m.shapley), "number"),
                Cell(_share(m.normalised), "number"),
                *([Cell(_share(deegan[m.member]), "number")] if deegan is not None else []),
                Cell(_share(m.banzhaf), "number"),
                Cell(_share(m.prevent), "number"),
                Cell(_share(m.initiate), "number"),
            )
        )
        for m in votes.members
    )
    columns = (
        Column("Member" if body.body else "Party"),
        *(Column(q(w), "number") for w in weights),
        Column("Shapley-Shubik", "number"),
        Column("Banzhaf", "number", "normalised"),
        *([Column("Deegan-Packel", "number")] if deegan is not None else []),
        Column("Banzhaf", "number", "absolute"),
        Column("Prevents", "number", "Coleman"),
        Column("Initiates", "number", "Coleman"),
    )
    return [
        Paragraph(text, head=f"{name}."),
        Table(f"Power in {name}" if body.body else "Power by the rule of consent", columns, (Rows(rows),)),
    ]


def ratification_words(result: RatificationResult, case: Case) -> list[Block]:
    """The win-set of each body and its votes on the deals of interest."""
    if isinstance(result.bodies, NotComputed):
        hint = "Name those that ratify under bodies, each with its members and when it passes a deal."
        return [Paragraph(f"Not computed: {result.bodies.because}. {hint}")]
    out: list[Block] = []
    for body in result.bodies:
        out += _verdict(body, case)
    if isinstance(result.deals, NotComputed):
        out.append(Paragraph(f"Whether deals stand was not computed: {result.deals.because}."))
    elif result.deals:
        rows = tuple(
            Row(
                (
                    Cell(q(d.name)),
                    Cell("in the zone" if d.in_zone else "not in the zone", "yes" if d.in_zone else "no"),
                    Cell(_chance(d.signed), "number"),
                    Cell(_chance(d.stands), "number"),
                )
            )
            for d in result.deals
        )
        out.append(
            Table(
                "Signed, and confirmed by all whose yes is needed",
                (
                    Column("Deal"),
                    Column("Central values"),
                    Column("Is signed", "number"),
                    Column("Stands", "number"),
                ),
                (Rows(rows),),
                note=f"Over {count(result.plan.draws)} draws of what is not known. Bodies vote independently "
                "of each other.",
            )
        )
    return out


def _chance(value: Estimate | NotComputed) -> str:
    """A probability in whole per cent, with its interval where draws leave more than half a point open."""
    if isinstance(value, NotComputed):
        return "–"
    text = _percent(value.value)
    if value.half >= 0.005:
        return f"{text} ±{100 * value.half:.0f}"
    return text


def _percent(p: float) -> str:
    if p in (0.0, 1.0):
        return f"{p:.0%}"
    return "<1%" if p < 0.01 else ">99%" if p > 0.99 else f"{p:.0%}"


def _verdict(body: BodyVerdict, case: Case) -> list[Block]:
    name = body_name(case, body.body)
    task = f"It must confirm what {q(case.name(body.ratifies))} signs. " if body.ratifies else ""
    if isinstance(body.deals, NotComputed):
        return [Paragraph(f"{task}Not computed: {body.deals.because}.", head=f"{name}.")]
    text = task
    if not isinstance(body.win_set, NotComputed) and not isinstance(body.in_zone, NotComputed):
        text += (
            f"Its win-set: {_win_set(body.win_set, 'deals')}; {_win_set(body.in_zone, 'deals of the zone')}."
        )
    elif isinstance(body.win_set, NotComputed):
        text += f"Its win-set was not computed: {body.win_set.because}."
    out: list[Block] = [Paragraph(text, head=f"{name}.")]
    if body.deals:
        rows = tuple(
            Row(
                (
                    Cell(q(d.name)),
                    Cell(_percent(d.passed), "number"),
                    Cell(_chance(d.ratified), "number"),
                    Cell(_chance(d.given_signed), "number"),
                    *([Cell(_chance(d.given_signed_one_mood), "number")] if body.by_chance else []),
                    Cell(_deciders(d, body, case)),
                )
            )
            for d in body.deals
        )
        out.append(
            Table(
                f"Would {name} confirm it?",
                (
                    Column("Deal"),
                    Column("Passes", "number", "central values"),
                    Column("Passes", "number", "over draws"),
                    Column("Passes", "number", "if signed"),
                    *([Column("If signed", "number", "one mood")] if body.by_chance else []),
                    Column("Whose vote decides"),
                ),
                (Rows(rows),),
                note=(
                    "Members that vote by chance do so independently; in one mood all lean the same way."
                    if body.by_chance
                    else ""
                ),
            )
        )
    return out


def _win_set(found: BodyWinset, what: str) -> str:
    about = "" if found.exact else "about "
    text = f"{about}{count(found.sure)} of {count(found.of)} {what}"
    if found.possible == found.sure:
        return text
    expected = count(found.expected) if found.expected >= 100 else f"{found.expected:.1f}"
    return (
        f"{text} for sure, {about}{count(found.possible)} if all who vote by chance say yes, "
        f"{expected} expected"
    )


def _deciders(vote: DealVote, body: BodyVerdict, case: Case) -> str:
    likely = sorted(((p, m) for m, p in vote.decisive.items() if p >= 0.005), key=lambda x: -x[0])
    named = [
        member_name(case, body.body, m) + ("" if p == 1.0 else f" ({_percent(p)})") for p, m in likely[:3]
    ]
    return and_list(named) or "nobody's alone"
