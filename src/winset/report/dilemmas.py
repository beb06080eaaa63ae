"""The dilemmas that positions and threats make, in words and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from winset.case.model import Case
from winset.lenses.dilemmas import Dilemma, DilemmasResult, Future
from winset.lenses.results import NotComputed
from winset.report.document import Block, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.parts import claim_links
from winset.report.words import and_list, q, times

__all__ = ["dilemma_blocks"]

_KINDS = {
    "threat": "threat",
    "persuasion": "persuasion (deterrence)",
    "rejection": "rejection (inducement)",
    "positioning": "positioning",
    "trust": "trust",
    "cooperation": "cooperation",
}


def dilemma_blocks(result: DilemmasResult, case: Case) -> list[Block]:
    """The answer, the futures that are compared, and what makes every dilemma and would end it."""
    if isinstance(result.dilemmas, NotComputed):
        return [Paragraph(f"No dilemmas are shown: {result.dilemmas.because}.")]
    words = _Words(case)
    out: list[Block] = [Paragraph(_lead(result, result.dilemmas, words), "lead"), _board(result, words)]
    if result.dilemmas:
        out.append(_table(result, result.dilemmas, words))
        out.append(
            Paragraph(
                "What would end a dilemma is told as confrontation analysis has it: what is preferred, asked "
                "for or threatened changes, or somebody is bound. None of it is a recommendation.",
                "note",
            )
        )
    return out


class _Words:
    """Names of parties and options, and futures, for a reader."""

    def __init__(self, case: Case) -> None:
        self.case = case
        owned = case.conflict.options.values() if case.conflict is not None else ()
        self.options = {o: unilateral.name or o for options in owned for o, unilateral in options.items()}

    def party(self, party: str | None) -> str:
        return q(self.case.name(party)) if party is not None else "nobody"

    def option(self, option: str) -> str:
        return q(self.options[option])

    def change(self, dilemma: Dilemma) -> str:
        """What the preferred future has otherwise, option by option."""
        return and_list(f"{self.option(o)}: {'yes' if o in dilemma.better else 'no'}" for o in dilemma.about)


def _lead(result: DilemmasResult, found: Sequence[Dilemma], words: _Words) -> str:
    stated = [f.party for f in result.futures if f.party is not None]
    text = f"Positions are known of {and_list(words.party(p) for p in stated)}. "
    if result.common:
        text += "All ask for the same. "
    assert not isinstance(result.none, NotComputed)
    likely = [d for d in found if d.probability.value >= 0.5]
    if not likely:
        text += "At least as likely as not, none of it puts anybody in a dilemma. "
    for party in stated:
        own = [d for d in likely if d.party == party]
        if own:
            text += f"For {words.party(party)}, {_many(own)}: "
            text += and_list(_short(d, words) for d in own) + ". "
    if result.none.draws > 1:
        text += f"That nobody has any dilemma is {chance(result.none)}; {how(result.plan)}."
    return text.strip()


def _many(own: Sequence[Dilemma]) -> str:
    """How many dilemmas there are, and whether anything uncertain bears on them."""
    verb = "is" if len(own) == 1 else "are"
    often = "" if own[0].probability.draws == 1 else " more often than not"
    return f"{times(len(own), 'dilemma')} {verb} there{often}"


def _short(dilemma: Dilemma, words: _Words) -> str:
    about = f" towards {words.party(dilemma.towards)}" if dilemma.towards else ""
    return f"{dilemma.kind}{about}"


def _board(result: DilemmasResult, words: _Words) -> Table:
    """The options board: what each position asks for, and what comes without agreement."""

    def cell(option: str, future: Future) -> Cell:
        said = "yes" if option in future.taken else "no"
        if option in future.named:
            return Cell(said, "yes" if said == "yes" else "no")
        return Cell(f"({said})", "muted")

    return Table(
        "What each asks for, and what comes without agreement",
        (
            Column("Option"),
            *(
                Column(words.party(f.party), "narrow", note="asks for")
                if f.party is not None
                else Column("Without agreement", "narrow")
                for f in result.futures
            ),
        ),
        tuple(
            Rows(
                tuple(Row((Cell(words.option(o)), *(cell(o, f) for f in result.futures))) for o in options),
                f"In the hands of {words.party(party)}",
            )
            for party, options in result.options.items()
        ),
        note="In brackets: left open. A position that names no answer is read as what comes without "
        "agreement; without agreement, what nobody names stays as it is.",
    )


def _table(result: DilemmasResult, found: Sequence[Dilemma], words: _Words) -> Table:
    drawn = result.plan.draws > 1

    def row(d: Dilemma) -> Row:
        makes, ends = _SENTENCES[d.kind](d, words)
        odds = [Cell(per_cent(d.probability), "number", lines=_given(d))] if drawn else []
        return Row(
            (
                Cell(_KINDS[d.kind], lines=(f"towards {words.party(d.towards)}",) if d.towards else ()),
                Cell(makes, refs=claim_links(words.case, d.because)),
                *odds,
                Cell(ends),
            )
        )

    parties = dict.fromkeys(d.party for d in found)
    return Table(
        "The dilemmas",
        (
            Column("Dilemma"),
            Column("What makes it"),
            *([Column("Probability", "number")] if drawn else []),
            Column("What would end it"),
        ),
        tuple(
            Rows(tuple(row(d) for d in found if d.party == party), f"Dilemmas of {words.party(party)}")
            for party in parties
        ),
    )


def _given(dilemma: Dilemma) -> tuple[str, ...]:
    return tuple(f"{q(kind)}: {per_cent(share)}" for kind, share in dilemma.given.items())


def _threat(d: Dilemma, words: _Words) -> tuple[str, str]:
    who = words.party(d.party)
    return (
        f"Without agreement {who} would prefer {words.change(d)} to what is said for that case.",
        f"{who} finding it better to carry it out, or saying something else for that case; or positions that "
        "meet.",
    )


def _persuasion(d: Dilemma, words: _Words) -> tuple[str, str]:
    other, who = words.party(d.towards), words.party(d.party)
    return (
        f"{other} would prefer what comes without agreement ({words.change(d)}) to what {who} asks for, so "
        "that nothing presses towards giving way.",
        f"{other} finding it worse to be without agreement, or the position of {who} better; or {who} asking "
        f"for something that {other} prefers to no agreement.",
    )


def _rejection(d: Dilemma, words: _Words) -> tuple[str, str]:
    other, who = words.party(d.towards), words.party(d.party)
    return (
        f"{who} would prefer what {other} asks for ({words.change(d)}) to what comes without agreement, so "
        "that a refusal is hard to believe.",
        f"{who} finding it better to be without agreement, or what {other} asks for worse; or accepting the "
        f"position of {other}.",
    )


def _positioning(d: Dilemma, words: _Words) -> tuple[str, str]:
    other, who = words.party(d.towards), words.party(d.party)
    return (
        f"{who} would prefer what {other} asks for ({words.change(d)}) to what {who} asks for.",
        f"{who} taking up the position of {other}, or finding it worse.",
    )


def _trust(d: Dilemma, words: _Words) -> tuple[str, str]:
    other, who = words.party(d.towards), words.party(d.party)
    return (
        f"Once all agreed to what {who} asks for, {other} would prefer {words.change(d)}.",
        f"{other} finding it better to keep to it, or being bound to it; or {who} asking for something else.",
    )


def _cooperation(d: Dilemma, words: _Words) -> tuple[str, str]:
    who = words.party(d.party)
    return (
        f"Once all agreed to what {who} asks for, {who} would prefer {words.change(d)}.",
        f"{who} finding it better to keep to it, or being bound to it; or asking for something else.",
    )


_SENTENCES: dict[str, Callable[[Dilemma, _Words], tuple[str, str]]] = {
    "threat": _threat,
    "persuasion": _persuasion,
    "rejection": _rejection,
    "positioning": _positioning,
    "trust": _trust,
    "cooperation": _cooperation,
}
