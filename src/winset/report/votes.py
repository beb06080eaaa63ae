"""Power and ratification in words and tables."""

from __future__ import annotations

from winset.case.model import Case
from winset.lenses.power import BodyPower, PowerResult
from winset.lenses.results import NotComputed
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.words import and_list, count, q, times

__all__ = ["power_words"]


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
