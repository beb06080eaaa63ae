"""Versions of a case, and judges, side by side for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from winset.case.model import Case
from winset.lenses.comparison import Changed, Comparison, ComparisonResult, NotCompared
from winset.lenses.comparison_values import ASKED, reads
from winset.lenses.estimates import Estimate
from winset.lenses.judges import JudgedInput, Judgement, JudgesResult, Swap
from winset.lenses.results import NotComputed
from winset.report.document import Block, Bullets, Cell, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.words import and_list, count, issue_words, q, times

__all__ = ["comparison", "judged"]

WHAT = {
    "zone": "some deal passes",
    "passes": "the rule passes it",
    "accepts": "accepts it",
    "no deal": "its value of no deal",
    "gain": "its gain from the deal best for the worst-off",
    "refused": "share of all deals that it refuses",
    "frontier": "efficient deals",
    "opens": "the zone is empty, and their yes would open it",
    "agreed": "the talks end in agreement",
    "failed": "the talks fail there",
    "days": "days that the talks take",
    "ratified": "passes it, signed or not",
    "ratified if signed": "passes it, given that it is signed",
    "stands": "it passes when only ratified signatures count",
    "kept": "kept to the horizon, given that it is signed",
    "credible": "credible",
    "complies": "effective, if its target is sure of it",
    "credible and complies": "credible and effective",
    "opens the zone": "some deal passes, if it is carried out for sure",
    "range": "both prefer some division of the stake to it",
    "width": "width of the range that both prefer, of the stake",
    "fighting": "what it is worth, of the stake",
    "cost of fighting": "what it costs, in points",
    "inside": "both prefer it to the contest",
    "refused offer": "its one offer is refused",
    "commitment": "power shifts too far for a promise to hold",
    "apart": "their estimates leave nothing to agree on at the outset",
    "meet": "they learn enough before the horizon, given that",
    "hurts": "going on makes things worse for both",
    "drifts": "no deal gets worse for both, as the talks have it",
    "calm": "neither gains by escalating",
    "shared": "some deal is acceptable to both",
    "lasts": "the state lasts",
    "ends in": "moves from the status quo end in the state, and it lasts",
}
POINTS = ("no deal", "gain", "cost of fighting")
NUMBERS = (*POINTS, "frontier", "days")
STAKE = ("width", "fighting")  # shares that may be below 0
STATES = ("lasts", "ends in")
MOST = 12


def comparison(result: ComparisonResult, cases: Mapping[str, Case]) -> list[Block]:
    """What changes in each version beside the base."""
    out: list[Block] = []
    for c in result.comparisons:
        out += _one(c, result, cases)
    out.append(
        Paragraph(
            f"From {how(result.plan)}, the same in every version. The intervals hold the error of drawing "
            "alone, 95%.",
            "note",
        )
    )
    return out


def _one(c: Comparison, result: ComparisonResult, cases: Mapping[str, Case]) -> list[Block]:
    names = {**cases[c.name].names(), **cases[result.base].names()}
    for case in (cases[result.base], cases[c.name]):
        names |= {name: body.name for name, body in case.bodies.items() if body.name}
    out: list[Block] = [Paragraph(f"{q(c.name)} beside {q(result.base)}: {_in_short(c)}")]
    if c.nothing_changed:
        return [*out, *_left_out(c, result, names)]
    out += [Paragraph(_unread(block), "note") for block in c.unread]
    if c.inputs:
        rows = tuple(
            Row((Cell(q(i.path)), Cell(_written(i.before)), Cell(_written(i.after)))) for i in c.inputs
        )
        out.append(
            Table(
                "What was written otherwise", (Column("Where"), Column("From"), Column("To")), (Rows(rows),)
            )
        )
    else:
        out.append(Paragraph("Nothing that counts was written otherwise.", "note"))
    if c.changed:
        rows = tuple(
            Row(
                (
                    Cell(_about(x, names)),
                    Cell(_level(x, x.before)),
                    Cell(_level(x, x.after)),
                    Cell(_moved(x), "" if x.beyond_error else "muted"),
                )
            )
            for x in c.changed
        )
        out.append(
            Table(
                "What changes",
                (Column("What"), Column("From", "number"), Column("To", "number"),
                 Column("Change", "number", "95% interval")),
                (Rows(rows),),
            )
        )  # fmt: skip
    used = {x.subject for x in c.changed} & set(result.deals)
    if used:
        items = [
            f"{q(name)}: " + "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in deal.items())
            for name, deal in result.deals.items()
            if name in used
        ]
        out.append(Bullets(tuple(items)))
    return [*out, *_left_out(c, result, names)]


def _in_short(c: Comparison) -> str:
    """How much changed, in a sentence."""
    many, sure = c.same + len(c.changed), sum(x.beyond_error for x in c.changed)
    if c.nothing_changed:
        return "nothing changed."
    if not many:
        return "nothing could be compared."
    if not c.changed and c.inputs:
        if {i.path.partition(".")[0] for i in c.inputs} <= set(c.unread):
            return f"what was written otherwise bears on none of the {count(many)} things compared."
        return f"what was written otherwise changes none of the {count(many)} things compared, in any draw."
    text = f"of {count(many)} things compared, {sure} changed by more than the error of drawing"
    if len(c.changed) > sure:
        text += f", {len(c.changed) - sure} within it"
    return f"{text}, {count(c.same)} not in any draw."


def _unread(block: str) -> str:
    """That nothing compared hangs on a block, and what would."""
    others = [lens for lens in ASKED if reads(lens, block)]
    text = f"No question that is compared reads {q(block)}, so nothing here tells what that change does"
    return f"{text}; --lens {','.join(others)} asks one that does." if others else f"{text}."


def _left_out(c: Comparison, result: ComparisonResult, names: Mapping[str, str]) -> list[Block]:
    """What is not compared, and why."""
    out: list[Block] = []
    lenses: dict[tuple[str, str], list[str]] = {}
    for lens in c.not_computed:
        lenses.setdefault((lens.lens, lens.because), []).append(lens.version)
    for (name, why), where in lenses.items():
        place = "either version" if len(where) == 2 else q(where[0])
        out.append(Paragraph(f"Not computed for {place}: {name}, because {q(why)}.", "note"))
    groups: dict[tuple[str, str | None], list[str]] = {}
    for n in c.not_compared:
        if n.missing_in:
            groups.setdefault((n.missing_in, n.because), []).append(_about(n, names))
    for (missing, because), told in groups.items():
        more = f"; and {len(told) - MOST} more" if len(told) > MOST else ""
        why = f"since {q(missing)} does not have it"
        if because is not None:
            why = f"since it is not computed for {q(missing)}, because {q(because)}"
        out.append(Paragraph(f"Not compared, {why}: {'; '.join(told[:MOST])}{more}.", "note"))
    neither = [n for n in c.not_compared if not n.missing_in]
    if neither:
        about = and_list([q(s) for s in dict.fromkeys(n.subject for n in neither)][:MOST])
        text = f"Computed in neither version: {times(len(neither), 'thing')} about {about}; --json says why."
        out.append(Paragraph(text, "note"))
    return out


def _written(text: str | None) -> str:
    return "–" if text is None else q(text)


def _about(x: Changed | NotCompared, names: Mapping[str, str]) -> str:
    if x.what == "opens":
        return f"{and_list([q(names.get(p, p)) for p in x.subject.split(' + ')])}: {WHAT[x.what]}"
    who = q(names.get(x.party, x.party)) if x.party else ""
    if x.what in ASKED["concessions"]:
        return f"{q(x.subject)}, as {who} gets it: {x.what}"
    if x.what in STATES:
        return f"{q(x.subject) if x.subject else 'no option taken'}: {WHAT[x.what]}"
    if x.what == "failed" and not x.subject:
        return "The talks fail at the end, when those are asked whom no stage asks"
    if x.what in ASKED["war"]:
        return f"{q(x.subject)}: {f'{who}, ' if who else ''}{WHAT[x.what]}"
    if x.subject:
        return f"{q(x.subject)}: {(who + ' ') if who else ''}{WHAT[x.what]}"
    return f"{who}: {WHAT[x.what]}" if who else WHAT[x.what][0].upper() + WHAT[x.what][1:]


def _level(x: Changed, value: Estimate) -> str:
    if x.what in POINTS:
        return _sign(f"{value.value:.1f}")
    if x.what == "refused":
        return f"{value.value:.0f}%"
    if x.what in STAKE:
        return _sign(f"{100 * value.value:.0f}%")
    return f"{value.value:.1f}" if x.what in NUMBERS else per_cent(value)


def _moved(x: Changed) -> str:
    scale = 1 if x.what in (*NUMBERS, "refused") else 100
    unit = "" if x.what in NUMBERS else " pp"
    fine = 1 if scale == 1 or x.change.half < 0.01 else 0
    low, middle, high = (
        _sign(f"{scale * v:+.{fine}f}") for v in (x.change.low, x.change.value, x.change.high)
    )
    if low == high:
        return f"{middle}{unit}"
    return f"{middle}{unit} ({low} to {high})"


def _sign(text: str) -> str:
    return text.replace("-", "−")


# --------------------------------------------------------------------------------------------------- judges


def judged(result: JudgesResult, cases: Mapping[str, Case]) -> list[Block]:
    """Where judges differ, what of it matters, and what pools say."""
    first = next(iter(cases.values()))
    names = first.names()
    zone = next((a for a in result.answers if a.what == "zone"), None)
    who = and_list(
        [f"{q(name)} ({q(said)})" if said != name else q(name) for name, said in result.names.items()]
    )
    out: list[Block] = [
        Paragraph(
            f"{len(result.names)} judges: {who}. They differ on {times(len(result.inputs), 'number')} and "
            f"agree on {count(result.alike)}."
        )
    ]
    if zone is not None:
        said = "; ".join(f"{q(n)} {per_cent(e)}" for n, e in zone.by_judge.items())
        text = f"Some deal passes: {said}. Linear pool: {chance(zone.linear)}."
        if isinstance(zone.logarithmic, Estimate):
            text += f" Logarithmic pool: {chance(zone.logarithmic)}."
        out.append(Paragraph(text))
    for name, changes in result.otherwise.items():
        if changes:
            listed = and_list([q(c.path) for c in changes[:MOST]])
            more = f" and {len(changes) - MOST} more" if len(changes) > MOST else ""
            out.append(
                Paragraph(
                    f"Besides numbers {q(name)} differs from {q(next(iter(cases)))} in: {listed}{more}."
                )
            )
    out += _swaps(result, names)
    if result.inputs:
        out.append(_numbers(result))
    out.append(_answers(result, names))
    weights = and_list([f"{q(n)} {w:.0%}" for n, w in result.weights.items()])
    out.append(
        Paragraph(f"Weights in the pools: {weights}. From {how(result.plan)}, the same for all.", "note")
    )
    return out


def _numbers(result: JudgesResult) -> Table:
    judges = list(result.names)
    rows = tuple(
        Row(
            (
                Cell(q(i.path)),
                *(Cell(_view(i, j)) for j in judges),
                Cell(f"{i.overlap:.0%}", "number"),
            )
        )
        for i in result.inputs
    )
    return Table(
        "Numbers on which they differ",
        (Column("Number"), *(Column(q(j)) for j in judges), Column("Overlap", "number")),
        (Rows(rows),),
        note="Overlap: what the 90% intervals have in common, of what they cover together.",
    )


def _view(i: JudgedInput, judge: str) -> str:
    return q(i.views[judge].written) if judge in i.views else "–"


def _swaps(result: JudgesResult, names: Mapping[str, str]) -> list[Block]:
    done = [s for s in result.swaps if isinstance(s.change, Estimate)]
    if not done:
        return []
    rows = tuple(Row((Cell(_swap(s, names)), Cell(per_cent(s.before)), *_after(s))) for s in done[:MOST])
    more = len(done) - MOST + result.left_out
    return [
        Table(
            "Which differences matter: whether some deal passes if one judge took over another's view",
            (Column("Whose case, with whose view"), Column("Own", "number"), Column("With it", "number"),
             Column("Change", "number", "percentage points")),
            (Rows(rows),),
            note=f"The largest changes; {count(more)} more are left out." if more > 0 else "",
        )
    ]  # fmt: skip


def _swap(s: Swap, names: Mapping[str, str]) -> str:
    view = q(names[s.block]) if s.block in names else issue_words(s.block)
    return f"{q(s.judge)} with {q(s.giver)}'s view of {view}"


def _after(s: Swap) -> tuple[Cell, Cell]:
    assert isinstance(s.after, Estimate)
    assert isinstance(s.change, Estimate)
    text = _sign(f"{100 * s.change.value:+.0f} ({100 * s.change.low:+.0f} to {100 * s.change.high:+.0f})")
    return Cell(per_cent(s.after)), Cell(text, "" if s.beyond_error else "muted")


def _answers(result: JudgesResult, names: Mapping[str, str]) -> Table:
    judges = list(result.names)
    rows = tuple(
        Row(
            (
                Cell(_question(a, names)),
                *(Cell(per_cent(a.by_judge[j])) for j in judges),
                Cell(per_cent(a.linear)),
                Cell(_log(a.logarithmic)),
            )
        )
        for a in result.answers
        if len({e.value for e in a.by_judge.values()}) > 1
    )
    return Table(
        "Answers on which they differ",
        (Column("What"), *(Column(q(j), "number") for j in judges), Column("Linear pool", "number"),
         Column("Log pool", "number")),
        (Rows(rows),),
        note="The logarithmic pool is 0% where a judge has it in no draw. There is none where one has it in "
        "none and another in all.",
    )  # fmt: skip


def _question(a: Judgement, names: Mapping[str, str]) -> str:
    if a.what == "zone":
        return "Some deal passes"
    who = f"{q(names.get(a.party, a.party))} " if a.party else ""
    return f"{q(a.subject)}: {who}{WHAT[a.what]}"


def _log(value: Estimate | NotComputed) -> str:
    return per_cent(value) if isinstance(value, Estimate) else "none"
