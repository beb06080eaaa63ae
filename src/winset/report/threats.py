"""Threats and promises in words, tables and a chart: credible, effective, both, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from winset.lenses import NotComputed, ThreatsResult
from winset.lenses.estimates import Estimate, Spread
from winset.lenses.threats import Amount, Credibility, Effect, Needed, RecordStep, ThreatOdds, Waiting
from winset.report.charts import FAINT, FRONT, INK, LINE, ZONE, look
from winset.report.context import Context
from winset.report.document import Block, Bullets, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent
from winset.report.parts import claim_refs
from winset.report.words import and_list, capital, count, cut, decimals, issue_words, plain, q, times

__all__ = ["credible_words", "threat_blocks", "threats_section"]

Names = Callable[[str], str]
Refs = Callable[[tuple[str, ...]], tuple[tuple[str, str], ...]]

WIDTH, STEP = 420, 76
_MEASURES = (
    ("credible, by interests", ZONE),
    ("credible, with the record", FRONT),
    ("effective", LINE),
    ("both, with the record", INK),
)
_TARGETS = {0.5: "roughly even odds", 0.8: "four in five"}


def threat_blocks(result: ThreatsResult, names: Names) -> list[Block]:
    """The answer of the lens for the terminal."""
    if isinstance(result.threats, NotComputed):
        hint = "Under threats a case says who threatens or promises whom what, when it is due, and its costs."
        return [Paragraph(f"Not computed: {result.threats.because}. {hint}")]
    return [
        _lead(result, result.threats, names),
        _table(result.threats, names, _plainly),
        *_details(result, result.threats, names),
    ]


def threats_section(context: Context) -> list[Block]:
    """The section of the brief."""
    result = context.threats
    if result is None or isinstance(result.threats, NotComputed):
        return []

    def refs(claims: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        return claim_refs(context, claims)

    table = replace(_table(result.threats, context.name, refs), folded="The same in numbers")
    return [
        _lead(result, result.threats, context.name),
        _chart(result.threats, table),
        *_details(result, result.threats, context.name),
    ]


def _plainly(claims: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """In the terminal claims are named, and lead nowhere."""
    return tuple((q(c), "") for c in claims)


# -------------------------------------------------------------------------------------------------- in words


def _lead(result: ThreatsResult, found: Sequence[ThreatOdds], names: Names) -> Paragraph:
    """First the answer: which are more likely than not to be believed, to work, and both."""
    head = f"Of {_sum(found)}."
    credible = [t for t in found if isinstance(b := t.credible.believed, Estimate) and b.value > 0.5]
    works = [t for t in found if (c := _complies(t)) is not None and c.value > 0.5]
    text = (
        f"Credible in more than half of the draws, the record counted: {_names(credible)}. Effective in more "
        f"than half, that is, complied with if believed: {_names(works)}. Credible means that "
        "carrying it out is at least as good for its maker as backing down; the record is what became of "
        f"earlier words. All is over {how(result.plan)}."
    )
    return Paragraph(text, "", head)


def _sum(found: Sequence[ThreatOdds]) -> str:
    some = times(len(found), "threat or promise", "threats and promises")
    told = [t for t in found if _both(t) is not None]
    if not told:
        return f"{some} of this case, whether any works could not be computed"
    both = [t for t in told if (p := _both(t)) is not None and p.value > 0.5]
    text = f"{some} of this case, {_listed(both)} both credible and effective in more than half of the draws"
    if idle := [t for t in both if _changes_little(t)]:
        text += f"; what is asked would mostly be done without {_names(idle)}"
    if len(told) < len(found):
        text += f"; whether it works could be computed for {count(len(told))}"
    return text


def _changes_little(found: ThreatOdds) -> bool:
    """Whether the target would mostly do as it is asked without the threat."""
    effect = _effect(found)
    return effect is not None and isinstance(effect.anyway, Estimate) and effect.anyway.value > 0.5


def credible_words(result: ThreatsResult | None) -> list[str]:
    """How many of the threats and promises are both credible and effective, in a sentence."""
    if result is None or isinstance(result.threats, NotComputed):
        return []
    return [f"Of {_sum(result.threats)}."]


def _listed(some: Sequence[ThreatOdds]) -> str:
    return "none is" if not some else f"{_names(some)} {'is' if len(some) == 1 else 'are'}"


def _names(some: Sequence[ThreatOdds]) -> str:
    return and_list([q(t.name) for t in some]) or "none"


def _effect(found: ThreatOdds) -> Effect | None:
    return None if isinstance(found.effect, NotComputed) else found.effect


def _complies(found: ThreatOdds) -> Estimate | None:
    effect = _effect(found)
    return effect.complies if effect is not None and isinstance(effect.complies, Estimate) else None


def _both(found: ThreatOdds) -> Estimate | None:
    effect = _effect(found)
    return effect.both if effect is not None and isinstance(effect.both, Estimate) else None


def _details(result: ThreatsResult, found: Sequence[ThreatOdds], names: Names) -> list[Block]:
    out: list[Block] = []
    for threat in found:
        out.append(Paragraph(_answer(threat, names), head=f"“{q(threat.name)}”: {_who(threat, names)}."))
        out.append(Bullets(tuple(text for text in _evidence(threat, result, names) if text)))
        effect = _effect(threat)
        if effect is not None and effect.deals:
            out.append(_deals(threat, effect))
        if threat.waiting:
            out.append(_waiting(threat, names))
    return out


def _who(threat: ThreatOdds, names: Names) -> str:
    verb = "threatens" if threat.kind == "threat" else "promises"
    what = f" with {q(threat.what)}" if threat.what and threat.kind == "threat" else ""
    if threat.what and threat.kind == "promise":
        what = f" {q(threat.what)}"
    when = _when(threat)
    return f"{names(threat.by)} {verb} {names(threat.to)}{what}{', ' + when if when else ''}"


def _when(threat: ThreatOdds) -> str:
    if threat.on is None:
        return ""
    word = "if" if threat.condition == "when" else "unless"
    if threat.on == "any deal":
        return f"{word} there is a deal"
    if threat.on == "no deal":
        return f"{word} there is no deal"
    return f"{word} there is a deal with {q(issue_words(threat.on))}"


def _answer(threat: ThreatOdds, names: Names) -> str:
    """How likely it is to be credible and to work, in two or three sentences."""
    credible = threat.credible
    basis = "By the prior of the case" if credible.stated else "By what it costs its maker"
    parts = [f"{basis}, it is credible: {chance(credible.interests)}."]
    if credible.record and isinstance(credible.believed, Estimate):
        parts.append(f"With the record: {chance(credible.believed)}.")
    elif isinstance(credible.believed, NotComputed):
        parts.append(f"With the record it was not computed: {credible.believed.because}.")
    effect = threat.effect
    if isinstance(effect, NotComputed):
        parts.append(f"Whether it would work was not computed: {effect.because}.")
    elif isinstance(effect.complies, NotComputed):
        parts.append(f"Whether its target would comply was not computed: {effect.complies.because}.")
    else:
        parts.append(f"If it were sure of it, {names(threat.to)} would comply: {chance(effect.complies)}.")
        if isinstance(effect.both, Estimate):
            parts.append(f"Credible and effective at once: {chance(effect.both)}.")
    return " ".join(parts)


def _evidence(threat: ThreatOdds, result: ThreatsResult, names: Names) -> list[str]:
    """What the answer rests on, then what would change it."""
    out = [*_maker(threat, names), *(_step(s, n, threat.credible) for n, s in _numbered(threat))]
    if threat.credible.counted_twice:
        claims = and_list(map(q, threat.credible.counted_twice))
        out.append(
            f"{claims}: in the record here, and in the evidence on the type of {names(threat.by)}, on which "
            "the costs depend. It is counted twice."
        )
    if threat.put_off:
        by = f", by {and_list(map(q, threat.put_off_by))}" if threat.put_off_by else ""
        out.append(f"It rests on {and_list(map(q, threat.put_off))}, which has been put off{by}.")
    effect = _effect(threat)
    if effect is not None:
        out += _target(threat, effect, names)
        out.append(_zone(threat, effect, result))
    out.append(_needed(threat.credible))
    if threat.note:
        out.append(f"Note of the case: {q(threat.note)}")
    return out


def _numbered(threat: ThreatOdds) -> list[tuple[int, RecordStep]]:
    return list(enumerate(threat.credible.record))


def _maker(threat: ThreatOdds, names: Names) -> list[str]:
    found = threat.credible
    if isinstance(found.cost, NotComputed) or isinstance(found.audience, NotComputed):
        return []
    text = (
        f"On balance, carrying it out costs {names(threat.by)} {_points(found.cost)}, and backing down costs "
        f"it {_points(found.audience)} before its audiences."
    )
    if found.by_type:
        told = and_list([f"{q(t)} {per_cent(p)}" for t, p in found.by_type.items()])
        text += f" By its type it is credible in these shares of the draws: {told}."
    return [text]


def _step(step: RecordStep, n: int, found: Credibility) -> str:
    """One item of the record, and how it moves the answer."""
    done = "was carried out" if step.carried_out else "was not carried out"
    claims = f" ({and_list(map(q, step.because))})" if step.because else ""
    text = (
        f"On record: an earlier word {done}{claims}. That is {100 * step.resolute:.0f}% likely of a maker to "
        f"whom carrying out is better, and {100 * step.irresolute:.0f}% likely of another."
    )
    before = found.interests if n == 0 else found.record[n - 1].after
    if isinstance(before, Estimate) and isinstance(step.after, Estimate):
        text += f" It takes the probability from {per_cent(before)} to {per_cent(step.after)}."
    return text


def _target(threat: ThreatOdds, effect: Effect, names: Names) -> list[str]:
    out = []
    who = names(threat.to)
    if isinstance(effect.complies, Estimate) and isinstance(effect.anyway, Estimate):
        anyway, depends = effect.anyway.value, effect.complies.value - effect.anyway.value
        text = (
            f"{who} would do as it is asked anyway in {_share(anyway)} of the draws; in {_share(depends)} it "
            f"depends on what it believes; in {_share(1 - anyway - depends)} no belief is enough."
        )
        if isinstance(effect.critical, Spread):
            found = effect.critical
            text += f" Where it depends, the critical risk, the belief that it takes, is {_risk(found)}."
        if isinstance(threat.credible.believed, Estimate) and isinstance(effect.at_belief, Estimate):
            text += (
                f" At the {per_cent(threat.credible.believed)} that it should believe, it complies in "
                f"{per_cent(effect.at_belief)} of the draws."
            )
        out.append(text)
    if isinstance(effect.cannot, Estimate) and effect.cannot.value > 0:
        out.append(
            f"In {per_cent(effect.cannot)} of the draws {who} could not comply: the others would pass "
            "nothing of what it is asked for, or it crosses a red line."
        )
    return out


def _share(value: float) -> str:
    return f"{100 * max(0.0, value):.0f}%"


def _risk(found: Spread) -> str:
    """A belief at the median, and what nine draws in ten lie between."""
    low, middle, high = (f"{100 * x:.0f}" for x in (found.low, found.median, found.high))
    return f"{middle}%" if low == high else f"{middle}% (nine draws in ten: {low} to {high}%)"


def _zone(threat: ThreatOdds, effect: Effect, result: ThreatsResult) -> str:
    if isinstance(result.opened, NotComputed):
        return ""
    if effect.opens == effect.closes == 0:
        return "Whether it is carried out changes nothing about which deals pass."
    text = f"Carried out for sure, some deal passes in {per_cent(effect.opened)} of the draws"
    if abs(effect.change.value) > effect.change.half:
        moved = f"{100 * effect.change.value:+.0f}".replace("-", "−")
        text += f" instead of {per_cent(result.opened)} ({moved} points, ± {100 * effect.change.half:.0f})."
    else:
        text += f", which the draws cannot tell from {per_cent(result.opened)} as things are."
    more = times(effect.opens, "deal passes", "deals pass") if effect.opens else "no deal passes"
    less = count(effect.closes) if effect.closes else "none"
    return f"{text} {capital(more)} more often, {less} less often."


def _needed(found: Credibility) -> str:
    """What would change it."""
    if isinstance(found.needed, NotComputed):
        return ""
    parts = [f"for {_TARGETS.get(n.target, f'{n.target:.0%}')}, {_either(n)}" for n in found.needed]
    given = "the record counted and " if found.record else ""
    return f"What would make it credible, {given}all else as it is: {'; '.join(parts)}."


def _either(needed: Needed) -> str:
    out = []
    if isinstance(needed.audience, Amount):
        out.append(f"backing down costs at least {_amount(needed.audience)}")
    if isinstance(needed.cost, Amount):
        out.append(f"carrying out costs at most {_amount(needed.cost)}")
    return " or ".join(out) + " points"


def _amount(found: Amount) -> str:
    text = f"{found.value:.1f}"
    if found.low is None or found.high is None or f"{found.low:.1f}" == f"{found.high:.1f}":
        return text
    return f"{text} ({found.low:.1f} to {found.high:.1f})"


def _points(found: Spread, word: bool = True) -> str:
    """A median with what nine draws in ten lie between; to the digits that this allows."""
    digits = decimals(found.high - found.low) if found.high > found.low else 1
    low, middle, high = (f"{x:.{digits}f}" for x in (found.low, found.median, found.high))
    text = middle if low == high else f"{middle} ({low} to {high})"
    text = text.replace("-", "−").replace("−0.0", "0.0")
    return f"{text} points" if word else text


# --------------------------------------------------------------------------------------------------- tables


def _cell(found: Estimate | NotComputed | None) -> Cell:
    if not isinstance(found, Estimate):
        return Cell("–", "muted")
    low, high = f"{100 * found.low:.0f}", f"{100 * found.high:.0f}"
    lines = (f"{low} to {high}%",) if low != high else ()
    return Cell(per_cent(found), "number", lines=lines)


def _table(found: Sequence[ThreatOdds], names: Names, refs: Refs) -> Table:
    rows = []
    for threat in found:
        effect = _effect(threat)
        least: Cell = Cell("–", "muted")
        if effect is not None and isinstance(effect.critical, Spread):
            ends = f"{_share(effect.critical.low)} to {_share(effect.critical.high)}"
            least = Cell(_share(effect.critical.median), "number", lines=(ends,))
        rows.append(
            Row(
                (
                    Cell(q(threat.name), lines=(_who(threat, names),), refs=refs(threat.because)),
                    _cell(threat.credible.interests),
                    _cell(threat.credible.believed if threat.credible.record else None),
                    _cell(_complies(threat)),
                    _cell(effect.anyway if effect is not None else None),
                    _cell(_both(threat)),
                    least,
                )
            )
        )
    return Table(
        "Threats and promises",
        (
            Column("Threat or promise"),
            Column("Credible", "number", "by interests"),
            Column("Credible", "number", "with the record"),
            Column("Effective", "number", "if believed"),
            Column("Anyway", "number", "without it"),
            Column("Both", "number", "with the record"),
            Column("Critical risk", "number", "belief needed"),
        ),
        (Rows(tuple(rows)),),
        note="Probabilities with their 95% intervals. Anyway: the target would do what it is asked without "
        "any threat or promise. Critical risk: the belief at which the target is indifferent, over the draws "
        "in which belief decides: the median, and what nine draws in ten lie between.",
    )


def _deals(threat: ThreatOdds, effect: Effect) -> Table:
    rows = []
    for d in effect.deals:
        text = "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in d.deal.items())
        moved = f"{100 * d.change.value:+.0f}".replace("-", "−")
        rows.append(
            Row(
                (
                    Cell(text),
                    Cell(per_cent(d.without), "number"),
                    Cell(per_cent(d.carried), "number"),
                    Cell(moved, "number", lines=(f"± {100 * d.change.half:.0f}",)),
                )
            )
        )
    return Table(
        f"Deals that “{q(threat.name)}” opens or closes most, if carried out for sure",
        (
            Column("Deal"),
            Column("Passes", "number", "as things are"),
            Column("Passes", "number", "carried out"),
            Column("Change", "number", "points"),
        ),
        (Rows(tuple(rows)),),
    )


_ROLES = {"maker": "makes it", "target": "its target", "third": "a third party"}


def _waiting(threat: ThreatOdds, names: Names) -> Table:
    unit = threat.waiting[0].unit

    def row(w: Waiting) -> Row:
        return Row(
            (
                Cell(names(w.party), lines=(_ROLES[w.role],)),
                Cell(_points(w.each, False), "number"),
                Cell(_points(w.whole, False), "number"),
                Cell(per_cent(w.gains), "number"),
            )
        )

    return Table(
        f"Who gains while “{q(threat.name)}” is put off",
        (
            Column("Party"),
            Column(f"Each {unit}", "number", "points"),
            Column("Over the delay", "number", "points"),
            Column("Gains", "number", "share of the draws"),
        ),
        (Rows(tuple(row(w) for w in threat.waiting)),),
        note="The median, and what nine draws in ten lie between. The target is spared the harm; the maker "
        "is spared the cost and pays before its audiences for waiting. Points are of each party's own scale.",
    )


# ----------------------------------------------------------------------------------------------- the picture


def _chart(found: Sequence[ThreatOdds], table: Table) -> Chart:
    spec = _spec(found)
    text = "How likely each is to be credible, effective, and both; lines are 95% intervals."
    if spec["layer"][0]["data"]["values"]:
        text += (
            " A bar marks the critical risk, the belief that the target needs where belief decides, at the "
            "median: left of it, what it should believe is mostly not enough."
        )
    for threat in found:
        believed, both = threat.credible.believed, _both(threat)
        if isinstance(believed, Estimate):
            text += f" {q(threat.name)}: credible {per_cent(believed)}"
            text += f", both {per_cent(both)}." if both is not None else "."
    return Chart(title="How credible and how effective each is", description=text, table=table, spec=spec)


def _spec(found: Sequence[ThreatOdds]) -> dict[str, Any]:
    labels = [f"{n}|{_cut(t.name)}" for n, t in enumerate(found)]
    rows, bars = [], []
    for label, threat in zip(labels, found, strict=True):
        effect = _effect(threat)
        values = (
            threat.credible.interests,
            threat.credible.believed if threat.credible.record else None,
            _complies(threat),
            _both(threat),
        )
        for (measure, _), value in zip(_MEASURES, values, strict=True):
            if isinstance(value, Estimate):
                rows.append(
                    {
                        "threat": label,
                        "measure": measure,
                        "p": round(100 * value.value, 1),
                        "low": round(100 * value.low, 1),
                        "high": round(100 * value.high, 1),
                    }
                )
        if effect is not None and isinstance(effect.critical, Spread):
            bars.append({"threat": label, "risk": round(100 * effect.critical.median, 1)})
    measures = [m for m, _ in _MEASURES]
    y = {
        "field": "threat",
        "type": "nominal",
        "sort": labels,
        "axis": {
            "title": None,
            "labelExpr": "slice(split(datum.label, '|'), 1)",
            "labelLimit": 240,
            "ticks": False,
            "domain": False,
        },
    }
    colour = {
        "field": "measure",
        "type": "nominal",
        "scale": {"domain": measures, "range": [c for _, c in _MEASURES]},
        "legend": {
            "title": None,
            "orient": "top",
            "columns": 2,
            "columnPadding": 30,
            "symbolType": "circle",
            "symbolOpacity": 1,
            "labelLimit": 300,
        },
    }

    def x(field: str) -> dict[str, Any]:
        axis = {"title": "probability, in per cent", "tickCount": 6}
        scale = {"domain": [0, 100], "nice": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    shift = {"field": "measure", "type": "nominal", "sort": measures, "scale": {"paddingOuter": 0.8}}
    shared = {"y": y, "yOffset": shift, "color": colour}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": STEP, "for": "position"},
        "padding": {"left": 20, "right": 12, "top": 6, "bottom": 6},
        "background": "transparent",
        "data": {"values": rows},
        "layer": [
            {
                "data": {"values": bars},
                "mark": {"type": "tick", "thickness": 3, "size": 0.7 * STEP, "color": FAINT},
                "encoding": {"y": y, "x": x("risk")},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {**shared, "x": x("low"), "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {**shared, "x": x("p")},
            },
        ],
        "config": look(),
    }  # fmt: skip


def _cut(name: str) -> str:
    """A name short enough to stand beside the chart, and without the mark that parts a label."""
    return cut(plain(q(name)).replace("|", "/"), 30)
