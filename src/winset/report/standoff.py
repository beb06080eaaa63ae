"""What each side may do without the others: which states would last, in words, tables and a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from winset.lenses.estimates import Estimate
from winset.lenses.results import NotComputed
from winset.lenses.stability import StabilityResult
from winset.lenses.standoff import (
    CoalitionFound,
    ConflictOdds,
    ConflictStability,
    Evidence,
    Given,
    HorizonFound,
    Improvement,
    Sanction,
    StateOdds,
    StateView,
    Step,
    ViewsFound,
    WantedFound,
)
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.standoff_chart import move_graph
from winset.report.words import and_list, capital, count, likelihood, q, times

__all__ = ["stability_blocks", "stability_section"]

Names = Callable[[str], str]

CONCEPTS = {
    "nash": "Nash",
    "gmr": "GMR",
    "smr": "SMR",
    "seq": "SEQ",
    "sseq": "symmetric SEQ",
}
MOST_GIVEN = 3  # conditions that are told
TELLING = 0.15  # difference of probability that is told
MOST_COLUMNS = 8  # states in the option table of the brief


def stability_section(result: StabilityResult, names: Names) -> list[Block]:
    """The page of the brief: the answer, its evidence, what would change it; details folded away."""
    found = result.conflict
    if isinstance(found, NotComputed):
        return []
    words = _Words(found, names)
    out: list[Block] = [Paragraph(_answer(result, words)), Bullets(tuple(_why(words)))]
    turns = _turns(words)
    if turns:
        out.append(Paragraph("What that hangs on, in the same draws: " + " ".join(turns)))
    chart = move_graph(found, names)
    out += [_option_table(words, MOST_COLUMNS)]
    if chart is not None:
        out.append(chart)
    out += [_state_table(words, folded=True), _party_table(words, folded=True)]
    if found.views is not None:
        out += _views(found.views, words)
    return out


def stability_blocks(result: StabilityResult, names: Names) -> list[Block]:
    """The answer of the lens for the terminal."""
    found = result.conflict
    if isinstance(found, NotComputed):
        return [Paragraph(f"Not computed: {found.because}.")]
    words = _Words(found, names)
    out: list[Block] = [Paragraph(_answer(result, words)), Bullets(tuple(_why(words)))]
    turns = _turns(words)
    if turns:
        out.append(Paragraph("What that hangs on, in the same draws: " + " ".join(turns)))
    out += [_option_table(words, len(found.shown)), _state_table(words), _party_table(words)]
    out.append(_evidence_table(words))
    if found.paths:
        out.append(_path_table(words))
    if found.views is not None:
        out += _views(found.views, words)
    if isinstance(found.wanted, NotComputed):
        out.append(Paragraph(f"What would have to be preferred was not computed: {found.wanted.because}."))
    elif found.wanted is not None:
        out += _wanted(found.wanted, words)
    if found.horizon is not None:
        out += _horizon(found.horizon, words)
    if isinstance(found.coalitions, NotComputed):
        out.append(Paragraph(f"Joint moves were not looked at: {found.coalitions.because}."))
    elif found.coalitions is not None:
        out += _coalitions(found.coalitions, words)
    return out


class _Words:
    """Names of states, options and moves."""

    def __init__(self, found: ConflictStability, names: Names) -> None:
        self.found, self.names = found, names
        self.numbers = {s.state: s.number for s in found.shown}

    def state(self, state: tuple[str, ...]) -> str:
        """A state: its number where it is shown, and what is done in it."""
        done = " + ".join(map(q, state)) or "nothing done"
        number = self.numbers.get(state)
        return f"({done})" if number is None else f"state {number} ({done})"

    def step(self, step: Step) -> str:
        """A move in words."""
        parts = []
        if step.takes:
            parts.append(f"takes up {and_list(map(q, step.takes))}")
        if step.drops:
            parts.append(f"drops {and_list(map(q, step.drops))}")
        return f"{self.names(step.by)} {' and '.join(parts)}"

    def steps(self, steps: Sequence[Step]) -> str:
        return ", then ".join(map(self.step, steps))


# ------------------------------------------------------------------------------------------ answer, evidence


def _answer(result: StabilityResult, words: _Words) -> str:
    found = words.found
    text = (
        f"{times(len(found.options), 'unilateral option')} of {times(_acting(found), 'party', 'parties')} "
        f"make {times(found.states, 'state')} that can be. "
    )
    if not found.shown:
        return text + "None of them is sequentially stable for all."
    first = found.shown[0]
    if isinstance(found.odds, ConflictOdds) and not found.odds.unknowns:
        return text + _certain(found, words)
    if found.now is None:
        text += f"{capital(words.state(first.state))} is the likeliest to last: {_lasting(first)}."
        return text
    text += f"The status quo is {words.state(found.now)}. It lasts: {_lasting(first)}."
    others = [s for s in found.shown[1:] if isinstance(s.odds, StateOdds) and _value(s.odds.ends) > 0]
    if others:
        best = others[0]
        assert isinstance(best.odds, StateOdds)
        assert isinstance(best.odds.ends, Estimate)
        text += (
            f" The likeliest other end, by moves each of which is good for whoever makes it, is "
            f"{words.state(best.state)}: {chance(best.odds.ends)}."
        )
    if isinstance(found.odds, ConflictOdds) and found.odds.unknowns:
        text += (
            f" This is over {how(result.plan, found.odds.unknowns)}, in which "
            f"{times(found.odds.profiles, 'different set')} of preferences occur."
        )
    return text


def _acting(found: ConflictStability) -> int:
    return len({o.party for o in found.options})


def _certain(found: ConflictStability, words: _Words) -> str:
    """Which states are sequentially stable for all, where nothing is drawn."""
    total = found.equilibria["seq"]
    lasting = [words.state(s.state) for s in found.shown if "seq" in s.equilibrium]
    among = "among them " if len(lasting) < total else ""
    text = f"Nothing is uncertain, and {count(total)} of them {'is' if total == 1 else 'are'} "
    text += f"sequentially stable for all{': ' + among + and_list(lasting) if lasting else ''}."
    if found.now is not None:
        lasts = "seq" in found.shown[0].equilibrium
        text += f" The status quo, {words.state(found.now)}, is {'' if lasts else 'not '}one of them."
    return text


def _lasting(state: StateView) -> str:
    """How likely a state is to be sequentially stable for all."""
    if isinstance(state.odds, NotComputed):
        stable = "seq" in state.equilibrium
        answer = "yes" if stable else "no"
        return f"{answer}, at central values (odds were not computed: {state.odds.because})"
    return chance(state.odds.equilibrium["seq"])


def _value(found: Estimate | NotComputed) -> float:
    return found.value if isinstance(found, Estimate) else 0.0


def _why(words: _Words) -> list[str]:
    """Party by party, why the first state is stable for it or is not."""
    out = []
    state = words.found.shown[0] if words.found.shown else None
    for evidence in state.evidence if state else ():
        out.append(_evidence(evidence, words))
    for path in words.found.paths:
        if path.improving is not None and "seq" in path.equilibrium:
            out.append(
                f"At central values it leads to {words.state(path.state)}: {words.steps(path.improving)}."
            )
    near = next(
        (
            p
            for p in words.found.paths
            if p.improving is None and p.any is not None and "seq" in p.equilibrium
        ),
        None,
    )
    if near is not None and near.any is not None:
        out.append(
            f"{capital(words.state(near.state))} would last too at central values, but no chain of moves, "
            f"each of them good for whoever makes it, leads there. It would take: {words.steps(near.any)}."
        )
    return out


def _evidence(evidence: Evidence, words: _Words) -> str:
    name = words.names(evidence.party)
    if not evidence.improvements:
        if evidence.moves < 2:
            return (
                f"{name}: its only move is not better for it." if evidence.moves else f"{name} has no move."
            )
        return f"{name}: none of its {count(evidence.moves)} moves is better for it."
    first = evidence.told[0]
    text = f"{name} would gain if it {_does(first.step)}"
    sanction = first.sanctions["seq"]
    if sanction is not None:
        return f"{text}. It is deterred: {_sanction(sanction, evidence, words)}."
    laxer = first.sanctions["gmr"]
    if laxer is None:
        return f"{text}, and nothing that the others can do would take that from it."
    return (
        f"{text}, and no answer that is good for the others takes that from it. They could only by moves "
        f"against their own interest: {_sanction(laxer, evidence, words)}."
    )


def _does(step: Step) -> str:
    parts = []
    if step.takes:
        parts.append(f"took up {and_list(map(q, step.takes))}")
    if step.drops:
        parts.append(f"dropped {and_list(map(q, step.drops))}")
    return " and ".join(parts)


def _sanction(sanction: Sanction, evidence: Evidence, words: _Words) -> str:
    text = f"{words.steps(sanction.steps)}, which leaves it at place {sanction.place}"
    text += f" instead of {evidence.place}"
    if sanction.answer is not None:
        text += f"; the best it could answer with leads to place {sanction.answer.place}"
    return text


def _turns(words: _Words) -> list[str]:
    """What the first state's lasting hangs on most."""
    if not words.found.shown:
        return []
    out = []
    pairs: dict[tuple[str, str | None, str | None], list[Given]] = {}
    for given in words.found.shown[0].given:
        key = (given.party, given.type if given.statement else None, given.statement)
        pairs.setdefault(key, []).append(given)
    told = []
    for several in pairs.values():
        known = [(g, g.equilibrium) for g in several if isinstance(g.equilibrium, Estimate)]
        if len(known) < 2:
            continue
        high = max(known, key=lambda k: k[1].value)
        low = min(known, key=lambda k: k[1].value)
        told.append((high[1].value - low[1].value, high, low))
    for difference, high, low in sorted(told, key=lambda t: -t[0])[:MOST_GIVEN]:
        if difference < TELLING:
            continue
        out.append(
            f"{capital(_condition(high[0], words))}, it lasts with {_worded(high[1])}; "
            f"{_condition(low[0], words)}, with {_worded(low[1])}."
        )
    return out


def _worded(found: Estimate) -> str:
    """A share, with its word where there is one beside the number."""
    told, word = per_cent(found), likelihood(found.value)
    return told if word == told else f"{told}, {word}"


def _condition(given: Given, words: _Words) -> str:
    name = words.names(given.party)
    kind = f" as {q(given.type)}" if given.type else ""
    if given.statement is None:
        return f"if {name} is of the type {q(given.type or '')}"
    cares = "wants" if given.cares else "does not mind about"
    return f"if {name}{kind} {cares} ‘{q(given.says or '')}’"


# --------------------------------------------------------------------------------------------------- tables


def _option_table(words: _Words, most: int) -> Table:
    """Options down, states across, as the literature has it."""
    found = words.found
    shown = found.shown[:most]
    groups = []
    for party in dict.fromkeys(o.party for o in found.options):
        rows = []
        for option in (o for o in found.options if o.party == party):
            label = q(option.name)
            lines = () if option.label == option.name else (q(option.label),)
            if option.once:
                lines = (*lines, "no way back" if option.once == "taken" else "cannot be taken up again")
            cells = [Cell("yes", "yes") if option.name in s.state else Cell("–", "muted") for s in shown]
            rows.append(Row((Cell(label, lines=lines), *cells)))
        groups.append(Rows(tuple(rows), words.names(party)))
    odds = []
    if any(isinstance(s.odds, StateOdds) for s in shown):
        for label, key in (("Stable for all", "seq"), ("Comes of the status quo", "ends")):
            cells = []
            for s in shown:
                value = s.odds.equilibrium["seq"] if key == "seq" and isinstance(s.odds, StateOdds) else None
                if key == "ends" and isinstance(s.odds, StateOdds) and isinstance(s.odds.ends, Estimate):
                    value = s.odds.ends
                cells.append(Cell("–", "muted") if value is None else Cell(per_cent(value), "number"))
            odds.append(Row((Cell(label), *cells)))
        groups.append(Rows(tuple(odds), "Probability"))
    heads = (Column(f"{s.number}", "narrow", "now" if s.now else "asked" if s.asked else "") for s in shown)
    rest = found.states - len(shown)
    note = "Every column is a state: what is done in it, and what is not. "
    note += (
        "Stable for all: no party has a move from which the others would not, in their own interest, take "
        "the gain (sequential stability). Comes of the status quo: stable, and reached from there by moves "
        "each of which is good for whoever makes it."
    )
    if rest:
        note += f" {count(rest)} further states are not shown: they are less likely to last or to be reached."
    return Table("What is done in which state", (Column("Option"), *heads), tuple(groups), note=note)


def _state_table(words: _Words, *, folded: bool = False) -> Table:
    """States down: how likely each is stable under each idea of how the others answer."""
    rows = []
    for s in words.found.shown:
        if isinstance(s.odds, StateOdds):
            each = [Cell(per_cent(e), "number", level=e.value) for e in s.odds.equilibrium.values()]
            reached = s.odds.reached
            last = (
                Cell("–", "muted") if isinstance(reached, NotComputed) else Cell(per_cent(reached), "number")
            )
        else:
            each = [Cell("yes", "yes") if c in s.equilibrium else Cell("no", "no") for c in CONCEPTS]
            last = Cell("–", "muted")
        lines = [" + ".join(map(q, s.state)) or "nothing done"]
        if s.robust:
            lines.append("in every draw: " + and_list(CONCEPTS[c] for c in s.robust))
        label = f"{s.number}" + (" (now)" if s.now else "")
        rows.append(Row((Cell(label, lines=tuple(lines)), *each, last)))
    return Table(
        "How likely each state is stable for all",
        (
            Column("State"),
            Column("Nash", "number", "no better move"),
            Column("GMR", "number", "any answer"),
            Column("SMR", "number", "no escape"),
            Column("SEQ", "number", "credible answer"),
            Column("Symmetric SEQ", "number", "credible, no escape"),
            Column("Reached", "number", "by improvements"),
        ),
        (Rows(tuple(rows)),),
        kind="heat",
        note="From the strictest to the laxest: Nash, symmetric SEQ, SEQ and SMR, GMR. At central values "
        + and_list(f"{CONCEPTS[c]} {count(n)}" for c, n in words.found.equilibria.items())
        + f" of {times(words.found.states, 'state')} are equilibria.",
        folded="How likely each state is stable under five ideas of stability" if folded else "",
    )


_HOW = (
    ("nash", "no better move"),
    ("seq", "deterred by credible answers"),
    ("gmr", "deterred only by answers against the others' interest"),
)


def _party_table(words: _Words, *, folded: bool = False) -> Table:
    """States down, parties across: the place, and why it stays or does not."""
    acting = [p for p in words.found.parties if p.options]
    rows = []
    for s in words.found.shown:
        cells = []
        for p in acting:
            held = s.stable[p.party]
            why = next((text for concept, text in _HOW if concept in held), "would move")
            if s.strong is not None and "nash" not in held and "seq" in s.strong[p.party]:
                why += ", strongly"
            cells.append(Cell(why, "no" if not held else "yes" if "seq" in held else "", lines=(
                f"place {s.place[p.party]} of {p.places}",)))  # fmt: skip
        label = f"{s.number}" + (" (now)" if s.now else "")
        rows.append(Row((Cell(label, lines=(" + ".join(map(q, s.state)) or "nothing done",)), *cells)))
    types = [f"{words.names(p.party)} as {q(p.type)}" for p in acting if p.type]
    return Table(
        "Who would stay in which state, at central values",
        (Column("State"), *(Column(words.names(p.party)) for p in acting)),
        (Rows(tuple(rows)),),
        note=(f"Read with {and_list(types)}. " if types else "")
        + "Place 1 is what a party ranks highest; states of one place are alike to it.",
        folded="Who would stay in which state, and why" if folded else "",
    )


def _evidence_table(words: _Words) -> Table:
    """Every improvement that is told, and what deters from it."""
    groups = []
    for s in words.found.shown:
        rows = []
        for e in s.evidence:
            for n, told in enumerate(e.told):
                more = e.improvements - len(e.told)
                left = f"and {more} more" if more and n == len(e.told) - 1 else ""
                rows.append(_improvement(e, told, left, words))
        if rows:
            groups.append(Rows(tuple(rows), capital(words.state(s.state))))
    if not groups:
        groups.append(Rows((Row((Cell("nobody"), Cell("no move is an improvement"), Cell("–"), Cell("–"))),)))
    return Table(
        "Moves that would be better for whoever makes them, and what deters from them",
        (
            Column("Party"),
            Column("Better move"),
            Column("What the others would answer", note="in their own interest"),
            Column("What they could answer", note="by any moves"),
        ),
        tuple(groups),
    )


def _improvement(e: Evidence, told: Improvement, left: str, words: _Words) -> Row:
    parts = [f"takes up {and_list(map(q, told.step.takes))}"] if told.step.takes else []
    parts += [f"drops {and_list(map(q, told.step.drops))}"] if told.step.drops else []
    lines = [f"place {e.place} to {told.place}", *([left] if left else [])]

    def cell(concept: str, stricter: str) -> Cell:
        sanction = told.sanctions[stricter] or told.sanctions[concept]
        if sanction is None:
            return Cell("nothing deters it", "no")
        under = [f"place {sanction.place}"]
        if sanction.answer is not None:
            under.append(f"its best answer leads to place {sanction.answer.place}")
        elif told.sanctions[stricter] is None:
            under.append("it could escape")
        return Cell(words.steps(sanction.steps), lines=tuple(under))

    return Row(
        (
            Cell(words.names(e.party)),
            Cell(" and ".join(parts), lines=tuple(lines)),
            cell("seq", "sseq"),
            cell("gmr", "smr"),
        )
    )


def _path_table(words: _Words) -> Table:
    rows = tuple(
        Row(
            (
                Cell(capital(words.state(p.state)), lines=(and_list(CONCEPTS[c] for c in p.equilibrium),)),
                Cell("–", "muted") if p.any is None else Cell(words.steps(p.any)),
                Cell("none", "no") if p.improving is None else Cell(words.steps(p.improving), "yes"),
            )
        )
        for p in words.found.paths
    )
    return Table(
        "From the status quo to the equilibria, at central values",
        (
            Column("Equilibrium"),
            Column("Fewest moves", note="whether or not they pay"),
            Column("By improvements alone", note="each good for whoever moves"),
        ),
        (Rows(rows),),
        note="No party moves twice in a row.",
    )


# ------------------------------------------------------------------------------------------ what was asked


def _views(found: ViewsFound, words: _Words) -> list[Block]:
    out: list[Block] = []
    items = []
    for view in found.views:
        name = words.names(view.viewer)
        wrong = []
        if view.misread:
            wrong.append(f"misreads {and_list(map(words.names, view.misread))}")
        if view.unaware:
            wrong.append(f"does not know of {and_list(map(q, view.unaware))}")
        text = f"{name} {' and '.join(wrong)}."
        if view.believed:
            text += f" It takes for lasting what is not: {'; '.join(map(words.state, view.believed))}."
        if view.missed:
            text += f" It does not see that these would last: {'; '.join(map(words.state, view.missed))}."
        if not view.believed and not view.missed:
            text += " It is right all the same about which states would last."
        if view.surprises:
            told = "; ".join(f"{words.step(s)}, to {words.state(s.state)}" for s in view.surprises)
            text += f" It would be surprised by: {told}."
        items.append(text)
    out.append(Paragraph("What parties see wrongly, at central values:"))
    out.append(Bullets(tuple(items)))
    if found.mistaken:
        out.append(
            Paragraph(
                "Held by a mistake alone, since each party stays in its own view and not all would in "
                f"truth: {'; '.join(map(words.state, found.mistaken))}."
            )
        )
    return out


def _wanted(found: WantedFound, words: _Words) -> list[Block]:
    state = words.found.shown[found.number - 1]
    rows = []
    for need in found.needs:
        if need.concept not in ("nash", "seq"):
            continue
        where = f"place {need.places[0]}"
        if need.holds:
            cell = Cell("as it is", "yes", lines=(where,))
        else:
            cell = Cell(f"place {need.places[1]} or better", "no", lines=(f"now {where}",))
        lines = []
        for unmet in need.unmet[:3]:
            text = f"{words.state(unmet.step.state)} no better for it"
            if unmet.sanctions:
                text += f", or one of {'; '.join(map(words.state, unmet.sanctions))}"
                text += f" and {unmet.more} more" if unmet.more else ""
            lines.append(text)
        if len(need.unmet) > 3:
            lines.append(f"and {len(need.unmet) - 3} more such conditions")
        rows.append(
            Row(
                (
                    Cell(words.names(need.party)),
                    Cell(CONCEPTS[need.concept]),
                    cell,
                    Cell(lines[0] if lines else "–", "" if lines else "muted", lines=tuple(lines[1:])),
                )
            )
        )
    return [
        Table(
            f"What would have to be preferred for {words.state(state.state)} to be stable",
            (
                Column("Party"),
                Column("Stable as"),
                Column("It would do", note="with the rest as it is"),
                Column("Or what would have to change"),
            ),
            (Rows(tuple(rows)),),
            note="Nash: no better move; SEQ: none whose gain credible answers would leave it. Each line of "
            "the last column is one condition; all of them together would do.",
        )
    ]


def _horizon(found: HorizonFound, words: _Words) -> list[Block]:
    rows = tuple(
        Row(
            (
                Cell(capital(words.state(words.found.shown[n - 1].state))),
                *(
                    Cell("yes", "yes") if h in held else Cell("no", "no")
                    for h in range(1, min(found.longest, 10) + 1)
                ),
                Cell("yes", "yes") if n in found.lasting else Cell("no" if found.cycle else "not settled"),
            )
        )
        for n, held in found.states.items()
    )
    return [
        Table(
            "Stable for all if everybody looks so many moves ahead",
            (
                Column("State"),
                *(Column(str(h), "narrow") for h in range(1, min(found.longest, 10) + 1)),
                Column("However far", note="from some horizon on"),
            ),
            (Rows(rows),),
            note="At central values. Of all states, stable for all at each horizon: "
            + ", ".join(map(count, found.equilibria[:10]))
            + ".",
        )
    ]


def _coalitions(found: CoalitionFound, words: _Words) -> list[Block]:
    rows = []
    for move in sorted(found.moves, key=lambda m: (m.state, len(m.coalition))):
        state = words.found.shown[move.state - 1]
        if "nash" not in move.concepts:
            continue
        hard = [CONCEPTS[c] for c in move.concepts if c != "nash"]
        places = ", ".join(
            f"{words.names(p)} from place {state.place[p]} to {place}" for p, place in move.places.items()
        )
        rows.append(
            Row(
                (
                    Cell(capital(words.state(state.state))),
                    Cell(and_list(map(words.names, move.coalition))),
                    Cell(words.steps(move.steps), lines=(places,)),
                    Cell(f"no ({and_list(hard)})" if hard else "yes", "no" if hard else "yes"),
                )
            )
        )
    lasting = [words.state(words.found.shown[n - 1].state) for n, c in found.stable.items() if "seq" in c]
    text = f"Against joint moves of {times(len(found.coalitions), 'coalition')} "
    text += (
        f"these of the states shown are sequentially stable: {'; '.join(lasting)}."
        if lasting
        else "none of the states shown is sequentially stable."
    )
    if not rows:
        return [
            Paragraph(text + " No coalition of two or more has a joint move that is better for all of it.")
        ]
    return [
        Paragraph(text),
        Table(
            "Joint moves that are better for every member",
            (
                Column("From"),
                Column("Coalition"),
                Column("Joint move"),
                Column("Deterred", note="by the others"),
            ),
            (Rows(tuple(rows)),),
            note="At central values; of each coalition the move that is best for the member who gains the "
            "fewest places.",
        ),
    ]
