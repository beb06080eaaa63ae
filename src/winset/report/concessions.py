"""Concessions and offers in words, tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from winset.case.model import Case
from winset.lenses.concessions import (
    VERDICTS,
    Approach,
    Audit,
    ConcessionsResult,
    Drag,
    OfferPath,
    OfferStep,
    Receipt,
    Verdict,
)
from winset.lenses.estimates import Estimate, Spread
from winset.report.charts import INK, look
from winset.report.document import Block, Bullets, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent, spread_words
from winset.report.parts import claim_links
from winset.report.words import amount, and_list, cut, issue_words, plain, points, q, times

__all__ = ["concession_blocks"]

Names = Callable[[str], str]
_TOLD = 0.005  # probabilities below it are not told
WIDTH, STEP, SIDE, LETTER = 420, 26, 340, 7
#: Darker is more of a concession; the two that are none of the kind asked for stand apart in hue.
COLOURS: Mapping[Verdict, str] = {
    "costly and valued": "#1b5e8c",
    "cheap and valued": "#6fa8d6",
    "costly, not valued": "#8a8f94",
    "hollow": "#d5dade",
    "sham": "#e0a33e",
    "harmful": "#b03a2e",
}
TITLES: Mapping[Verdict, str] = {
    "costly and valued": "costly and valued",
    "cheap and valued": "cheap to give and valued",
    "costly, not valued": "costly and not valued",
    "hollow": "hollow",
    "sham": "wanted by the giver",
    "harmful": "harms the receiver",
}
_MEANS: Mapping[Verdict, str] = {  # what the title does not say by itself
    "costly, not valued": "It brings the receiver next to nothing: a waste.",
    "sham": "The giver gains by it itself: sold as a concession, it would be a sham.",
}
_WHY: Mapping[str, str] = {
    "itself": "even kept in full it moves next to nothing",
    "together": "it takes several things together to leave so little of it",
    "reversible": "it can be taken back",
    "ends": "it ends too soon",
    "not enforceable": "nobody is sure to hold the giver to it",
    "not verifiable": "a breach would not be seen",
    "promised": "it had been promised before",
    "due": "it was due anyway",
    "double": "the same has been given before",
}
_IF: Mapping[str, str] = {
    "reversible": "If it could not be taken back",
    "ends": "If it lasted",
    "not enforceable": "If the giver could be held to it",
    "not verifiable": "If a breach would be seen",
    "promised": "If it had not been promised before",
    "due": "If it had not been due anyway",
    "double": "If the same had not been given before",
}


def concession_blocks(result: ConcessionsResult, case: Case) -> list[Block]:
    """The answer of the lens."""

    def names(party: str) -> str:
        return q(case.name(party))

    if not result.audits and not result.paths:
        return [
            Paragraph("The case names no concession, and none of its parties has tabled an offer."),
        ]
    out: list[Block] = []
    if result.audits:
        out += [Paragraph(_lead(result)), Paragraph(_terms(result), "note"), _bars(result, names)]
        out.append(_table(result, case, names))
        out += _changes(result, names)
    if result.doubles:
        out += _doubles(result, names)
    if result.paths:
        out += _paths(result, names)
    return out


# ------------------------------------------------------------------------------------- each concession


def _lead(result: ConcessionsResult) -> str:
    """The answer: which are most likely what."""
    many = len(result.audits)
    parts = []
    for verdict in VERDICTS:
        told = [a for a in result.audits if any(r.likeliest == verdict for r in a.receipts)]
        if told:
            listed = and_list([q(a.name) for a in told])
            parts.append(f"{TITLES[verdict]}: {listed}")
    head = f"Of {times(many, 'concession')}, " if many > 1 else ""
    how_told = "each under its likeliest verdict: " if many > 1 else "most likely "
    text = f"{head}{how_told}{'; '.join(parts)}."
    if not head:
        text = text[0].upper() + text[1:]
    worst = _least_kept(result)
    if worst is not None:
        audit, found = worst
        word = max(found.word, key=lambda v: found.word[v].value)
        text += (
            f" The word and the thing are furthest apart in {q(audit.name)}: at its word it would be "
            f"{TITLES[word]}, and that it is hollow is {chance(found.verdicts['hollow'])}, since "
            f"{_WHY[found.reason or 'itself']}."
        )
    return text


def _least_kept(result: ConcessionsResult) -> tuple[Audit, Receipt] | None:
    """The concession that is hollow and at its word is not, with the largest difference."""
    every = [
        (r.verdicts["hollow"].value - r.word["hollow"].value, a, r)
        for a, r in _pairs(result)
        if r.likeliest == "hollow" and r.reason not in (None, "itself")
    ]
    return max(every, key=lambda found: found[0])[1:] if every else None


def _terms(result: ConcessionsResult) -> str:
    return (
        f"From {how(result.plan)}. A loss or a gain of no more than {points(result.margin, True)} on a "
        "party's own scale counts as next to nothing. What is counted is what lasts, beyond what was there, "
        "promised or due before. That something is listed does not say that it was offered, or should be."
    )


def _label(audit: Audit, receipt: Receipt, names: Names) -> str:
    return f"{plain(q(audit.name))} → {plain(names(receipt.party))}"


def _bars(result: ConcessionsResult, names: Names) -> Chart:
    rows = []
    for n, (audit, found) in enumerate(_pairs(result)):
        start = 0.0
        for verdict in VERDICTS:
            width = 100 * found.verdicts[verdict].value
            if width:
                end = start + width
                label = f"{n}|{cut(_label(audit, found, names), 44)}"
                rows.append(
                    {"what": label, "verdict": TITLES[verdict], "from": round(start, 2), "to": round(end, 2)}
                )
                start = end
    seen = [v for v in VERDICTS if any(r["verdict"] == TITLES[v] for r in rows)]
    order = list(dict.fromkeys(r["what"] for r in rows))
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": STEP},
        "padding": 6,
        "background": "transparent",
        "data": {"values": rows},
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {
            "y": {
                "field": "what",
                "type": "nominal",
                "sort": order,
                "axis": {
                    "title": None,
                    "labelExpr": "slice(split(datum.label, '|'), 1)",
                    "labelLimit": 320,
                    "minExtent": min(320, LETTER * max(len(str(label)) for label in order)),
                    "ticks": False,
                    "domain": False,
                },
            },
            "x": {
                "field": "from",
                "type": "quantitative",
                "scale": {"domain": [0, 100], "nice": False},
                "axis": {"title": "probability, in per cent", "tickCount": 5},
            },
            "x2": {"field": "to"},
            "color": {
                "field": "verdict",
                "type": "nominal",
                "scale": {"domain": [TITLES[v] for v in seen], "range": [COLOURS[v] for v in seen]},
                "legend": {
                    "title": None,
                    "orient": "top",
                    "columns": 2,
                    "columnPadding": 40,
                    "labelLimit": 300,
                },
            },
        },
        "config": look(),
    }
    first = max(_pairs(result), key=lambda pair: pair[1].verdicts["hollow"].value)
    share = first[1].verdicts["hollow"]
    least = f" The likeliest to be hollow is {q(first[0].name)}, at {per_cent(share)}."
    return Chart(
        title="What each concession is, from the giver to the one it is for",
        description="Each bar is one concession to one receiver; its parts are the probabilities of what it "
        "is." + (least if share.value >= _TOLD else ""),
        table=_shares(result, names),
        spec=spec,
    )


def _pairs(result: ConcessionsResult) -> list[tuple[Audit, Receipt]]:
    return [(a, r) for a in result.audits for r in a.receipts]


def _shares(result: ConcessionsResult, names: Names) -> Table:
    """Verdicts across, as it would last and at its word."""
    rows = tuple(
        Row(
            (
                Cell(f"{q(a.name)} → {names(r.party)}"),
                *(
                    Cell(
                        per_cent(r.verdicts[v]),
                        "number",
                        level=r.verdicts[v].value,
                        lines=(f"at its word {per_cent(r.word[v])}",)
                        if abs(r.verdicts[v].value - r.word[v].value) >= 0.005
                        else (),
                    )
                    for v in VERDICTS
                ),
            )
        )
        for a, r in _pairs(result)
    )
    return Table(
        "The probability of each verdict",
        (Column("Concession"), *(Column(TITLES[v], "number") for v in VERDICTS)),
        (Rows(rows),),
        kind="heat",
        note="At its word: if it were kept in full, and nothing of it was given, promised or due before.",
        folded="The same in numbers",
    )


def _table(result: ConcessionsResult, case: Case, names: Names) -> Table:
    groups = []
    for audit in result.audits:
        rows = tuple(_row(audit, found, case, names) for found in audit.receipts)
        groups.append(Rows(rows, f"{q(audit.name)}, by {names(audit.by)}", _about(audit, names)))
    return Table(
        "The concessions one by one",
        (
            Column("For"),
            Column("Costs the giver", "number", "points, and at its word"),
            Column("Brings the receiver", "number", "points, and at its word"),
            Column("Most likely"),
            Column("Claims"),
        ),
        tuple(groups),
        note="Points of each party's own scale: the median, and in brackets what nine draws in ten lie "
        "between. A cost with a minus is a gain.",
    )


def _about(audit: Audit, names: Names) -> str:
    parts = []
    if audit.what:
        parts.append(_sentence(q(audit.what)))
    if audit.changes:
        moves = "; ".join(f"{q(issue_words(i))}: {q(a)} → {q(b)}" for i, a, b in audit.changes)
        parts.append(f"It moves {moves}{f' (against {q(audit.against)})' if audit.against else ''}.")
    touched = [f"{names(p)} {spread_words(s)}" for p, s in audit.others.items() if abs(s.median) >= 0.5]
    if touched:
        parts.append(f"What it does to others: {and_list(touched)}.")
    if audit.note:
        parts.append(q(audit.note))
    return " ".join(parts)


def _sentence(text: str) -> str:
    first = next((n for n, c in enumerate(text) if c.isalpha()), 0)
    whole = text[:first] + text[first : first + 1].upper() + text[first + 1 :]
    return whole if plain(whole).endswith((".", "!", "?")) else whole + "."


def _row(audit: Audit, found: Receipt, case: Case, names: Names) -> Row:
    likely = found.verdicts[found.likeliest]
    return Row(
        (
            Cell(names(found.party)),
            _moved(audit.cost, audit.word_cost),
            _moved(found.gain, found.word_gain),
            Cell(f"{TITLES[found.likeliest]}: {chance(likely)}", lines=_reasons(found)),
            Cell(
                "" if audit.because else "–",
                "" if audit.because else "muted",
                refs=claim_links(case, audit.because),
            ),
        )
    )


def _moved(lasting: Spread, word: Spread) -> Cell:
    said, left = spread_words(word), spread_words(lasting)
    return Cell(left, "number", lines=() if said == left else (f"at its word {said}",))


def _reasons(found: Receipt) -> tuple[str, ...]:
    """What the verdict means, why it may be hollow, and what would change that."""
    out = [_MEANS[found.likeliest]] if found.likeliest in _MEANS else []
    told = max(found.word, key=lambda v: found.word[v].value)
    if told != found.likeliest:
        out.append(f"At its word it would be {TITLES[told]} ({per_cent(found.word[told])}).")
    if found.reason is not None and (found.likeliest == "hollow" or found.verdicts["hollow"].value >= 0.05):
        why = _WHY[found.reason]
        if found.likeliest == "hollow":
            out.append(f"Hollow since {why}.")
        else:
            out.append(f"It may be hollow ({per_cent(found.verdicts['hollow'])}), since {why}.")
        drag = next((d for d in found.drags if d.name == found.reason), None)
        if drag is not None:
            out.append(f"{_IF[drag.name]}: {per_cent(drag.hollow_without)}.")
    return tuple(out)


def _changes(result: ConcessionsResult, names: Names) -> list[Block]:
    """What takes something from each, and how much hangs on it."""
    rows = tuple(
        Row(
            (
                Cell(f"{q(a.name)} → {names(r.party)}"),
                Cell(_WHY[d.name]),
                Cell(f"{100 * d.left:.0f}%", "number"),
                Cell(per_cent(r.verdicts["hollow"]), "number"),
                Cell(per_cent(d.hollow_without), "number", lines=(_within(d),)),
            )
        )
        for a, r in _pairs(result)
        for d in r.drags
        if max(r.verdicts["hollow"].value, d.hollow_without.value) >= _TOLD
    )
    if not rows:
        return []
    table = Table(
        "What takes something from them, and what would change if it were not so",
        (
            Column("Concession"),
            Column("What takes from it"),
            Column("Leaves", "number", "on average"),
            Column("Hollow", "number", "as it is"),
            Column("Hollow", "number", "if it were not so"),
        ),
        (Rows(rows),),
        note="Each is taken away by itself, all else as it is. What can be taken back, or is not seen or not "
        "pursued when broken, is kept all the same where keeping it costs the giver nothing. What is hardly "
        "ever hollow, either way, is left out.",
        folded="What would change if it lasted, were checked, or were new",
    )
    return [table]


def _within(drag: Drag) -> str:
    return f"difference {100 * drag.change.value:.0f} ± {100 * drag.change.half:.0f}".replace("-", "−")


def _doubles(result: ConcessionsResult, names: Names) -> list[Block]:
    items = [
        f"{q(issue_words(d.issue))}: {q(d.before)} → {q(d.after)}, by {names(d.by)}, stands in {q(d.first)} "
        f"and again in {q(d.again)}. It counts in {q(d.first)} only."
        for d in result.doubles
    ]
    return [Paragraph("Counted twice, if each were taken by itself:"), Bullets(tuple(items))]


# ------------------------------------------------------------------------------------- paths of offers


def _paths(result: ConcessionsResult, names: Names) -> list[Block]:
    out: list[Block] = []
    text = "How far each side's offers go, each in its own points and in those of the others."
    if any(p.read for p in result.paths):
        text += " Offers that nobody tabled are read as a side's own by the author of the case."
    out.append(Paragraph(text))
    told = [a for a in result.approaches if _moving(result, a)]
    out += [Paragraph(_approach(a, names)) for a in told]
    offers = _offers(result.paths, names)
    out.append(_dance(result, told[0], offers, names) if told else offers)
    return out


def _moving(result: ConcessionsResult, approach: Approach) -> bool:
    return any(len(p.steps) > 1 for p in result.paths if p.party == approach.party)


def _approach(a: Approach, names: Names) -> str:
    who, other = names(a.party), names(a.towards)
    text = f"{who} towards {other}: from its first offer to its last it {_gives(a.gave)} on its own scale"
    if isinstance(a.own_share, Estimate):
        text += f", {_part(a.own_share)} of the way to {other}'s opening"
    text += f". To {other} that is worth {spread_words(a.brought)} on {other}'s scale"
    if isinstance(a.other_share, Estimate):
        text += f", {_part(a.other_share)} of the way to the opening of its own"
    text += "."
    if isinstance(a.back, Estimate):
        text += f" For each point that {who} gives up, {other}'s moves bring it {a.back.value:.1f}."
    if a.apart.low == a.apart.high == 0:
        return text + " The last offers of both are worth the same to it."
    return text + f" Its own last offer is worth {spread_words(a.apart)} to it over the last one of {other}."


def _gives(found: Spread) -> str:
    """What a side has given up from its first offer to its last, in words."""
    if found.low == found.high == 0:
        return "gives up nothing"
    if found.low < 0:
        less = Spread(-found.high, -found.median, -found.low, -found.mean, found.draws)
        return f"moves by {spread_words(less)} points"
    between = f" ({amount(found.low)} to {amount(found.high)})" if found.low < found.high else ""
    return f"gives up {amount(found.median)}{between} points"


def _part(share: Estimate) -> str:
    return f"{100 * share.value:.0f}%".replace("-", "−")


def _offers(paths: Sequence[OfferPath], names: Names) -> Table:
    parties = list(paths[0].steps[0].over_no_deal)
    groups = []
    for path in paths:
        rows = tuple(_offer(step, parties, names) for step in path.steps)
        note = "read as its own; not tabled by it" if path.read else ""
        groups.append(Rows(rows, f"Offers of {names(path.party)}", note))
    return Table(
        "Offer by offer: what each changes for everybody",
        (Column("Offer"), *(Column(names(p), "number") for p in parties), Column("What the move is")),
        tuple(groups),
        note="Points of each party's own scale: the median over all draws, and what nine draws in ten lie "
        "between. First against the offer before; in small print against how things stand, where the case "
        "says that, and against the no-deal value.",
    )


def _offer(step: OfferStep, parties: Sequence[str], names: Names) -> Row:
    def moved(party: str) -> Cell:
        lines = [f"no deal: {spread_words(step.over_no_deal[party])}"]
        if step.over_baseline is not None:
            lines.insert(0, f"as things stand: {spread_words(step.over_baseline[party])}")
        if step.change is None:
            return Cell("–", "muted", lines=tuple(lines))
        return Cell(spread_words(step.change[party]), "number", lines=tuple(lines))

    kinds = [f"to {names(p)} {_likeliest(found)}" for p, found in (step.verdicts or {}).items()]
    return Row(
        (
            Cell(q(step.offer), lines=(step.date,) if step.date else ()),
            *(moved(p) for p in parties),
            Cell("; ".join(kinds)) if kinds else Cell("its opening", "muted"),
        )
    )


def _likeliest(found: Mapping[Verdict, Estimate]) -> str:
    best = max(found, key=lambda v: found[v].value)
    return f"{TITLES[best]} ({per_cent(found[best])})"


def _dance(result: ConcessionsResult, pair: Approach, offers: Table, names: Names) -> Chart:
    """Offers of two sides on the scales of both, in their order (Raiffa's negotiation dance)."""
    sides = (pair.party, pair.towards)
    rows = [
        {
            "side": plain(names(path.party)),
            "step": n,
            "x": round(step.over_no_deal[sides[0]].mean, 2),
            "y": round(step.over_no_deal[sides[1]].mean, 2),
            "label": str(n),
        }
        for path in result.paths
        if path.party in sides
        for n, step in enumerate(path.steps, 1)
    ]
    labels = [plain(names(p)) for p in sides]

    def axis(field: str, title: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"zero": True},
            "axis": {"title": f"{title}: points over no deal", "tickCount": 6},
        }

    where = {"x": axis("x", labels[0]), "y": axis("y", labels[1])}
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": labels, "range": [COLOURS["costly and valued"], COLOURS["sham"]]},
        "legend": {"title": None, "orient": "top", "labelLimit": 300},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": SIDE,
        "height": SIDE,
        "padding": 6,
        "background": "transparent",
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {**where, "color": colour, "order": {"field": "step"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {**where, "color": colour},
            },
            {
                "mark": {"type": "text", "dx": 10, "dy": -9, "fontSize": 12, "color": INK},
                "encoding": {**where, "text": {"field": "label"}},
            },
        ],
        "config": look(),
    }
    return Chart(
        title=f"The offers of {names(pair.party)} and {names(pair.towards)}, in their order",
        description="Numbers count each side's offers. A line that goes down its own scale and up the "
        "other's is a side that gives; where the lines meet, the offers are one. Below: all offers.",
        table=replace(offers, folded="Offer by offer"),
        spec=spec,
    )
