"""The dilemmas that positions and threats make, in words and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from winset.case.model import Case
from winset.lenses.dilemmas import Dilemma, DilemmasResult, Future
from winset.lenses.results import NotComputed
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.parts import claim_links
from winset.report.words import and_list, q, times

__all__ = ["dilemma_blocks"]

MOST = 6  # dilemmas that are shown without unfolding

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
    out: list[Block] = [Paragraph(_lead(result, words), "lead")]
    if (told := _parties(result, result.dilemmas, words)) is not None:
        out.append(told)
    out.append(_board(result, words))
    if result.dilemmas:
        if hangs := _hangs(result.dilemmas, words):
            out.append(Paragraph(hangs))
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


def _lead(result: DilemmasResult, words: _Words) -> str:
    stated = [f.party for f in result.futures if f.party is not None]
    text = f"Positions are known of {and_list(words.party(p) for p in stated)}. "
    if result.common:
        text += "All ask for the same. "
    assert not isinstance(result.none, NotComputed)
    if result.plan.draws > 1:
        text += f"That they put nobody in a dilemma is {chance(result.none)}; {how(result.plan)}."
    elif result.none.value:
        text += "They put nobody in a dilemma."
    return text.strip()


def _in_order(result: DilemmasResult, found: Sequence[Dilemma]) -> list[str]:
    """The parties that have any of these, in the order of the options board."""
    return [f.party for f in result.futures if f.party is not None and f.party in {d.party for d in found}]


def _parties(result: DilemmasResult, found: Sequence[Dilemma], words: _Words) -> Bullets | None:
    """What each is in, more likely than not."""
    likely = [d for d in found if d.probability.value >= 0.5]
    if not likely:
        return None
    often = "" if likely[0].probability.draws == 1 else ", more often than not"
    return Bullets(
        tuple(
            f"{words.party(party)}{often}: {_told([d for d in likely if d.party == party], words)}."
            for party in _in_order(result, likely)
        )
    )


def _told(own: Sequence[Dilemma], words: _Words) -> str:
    """The dilemmas of one party in plain words, those of a kind together."""
    out = []
    for kind, text in _PLAIN.items():
        some = [d for d in own if d.kind == kind]
        if some:
            out.append(text.format(and_list(words.party(d.towards) for d in some if d.towards)))
    return "; ".join(out)


_PLAIN = {
    "threat": "carrying out its own threat would be worse than not",
    "persuasion": "what is threatened does not press {}",
    "rejection": "what is asked for by {} would be better than no agreement, so that refusing it is hard to "
    "believe",
    "positioning": "what is asked for by {} would be better than what it asks for itself",
    "trust": "once all agreed to its position, {} would not keep to it",
    "cooperation": "once all agreed to its position, it would not keep to it itself",
}


def _hangs(found: Sequence[Dilemma], words: _Words) -> str:
    """On whose type dilemmas hang."""
    hanging = [
        d
        for d in found
        if d.given and max(e.low for e in d.given.values()) > min(e.high for e in d.given.values())
    ]
    parties = dict.fromkeys(d.by for d in hanging)
    if not parties:
        return ""
    whose = and_list(f"which type {words.party(p)} is" for p in parties)
    return (
        f"What would change most of it is to know {whose}: {times(len(hanging), 'dilemma')} of {len(found)} "
        "hang on that."
    )


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
            for party in _in_order(result, found)
        ),
        folded=f"All {len(found)} dilemmas: what makes each, and what would end it"
        if len(found) > MOST
        else "",
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
