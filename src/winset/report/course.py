"""The course of the talks in words, tables and a chart: where they fail, and single runs step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from winset.lenses import CourseResult, NotComputed
from winset.lenses.course import Ending, FinalDeal, OtherCourse, StageFunnel
from winset.lenses.course_story import Beat, Story
from winset.lenses.estimates import Estimate
from winset.report.charts import FAINT, FRONT, INK, LINE, look
from winset.report.document import Block, Bullets, Cell, Chart, Column, Paragraph, Row, Rows, Table
from winset.report.odds import chance, how, per_cent, spread_words
from winset.report.words import amount, and_list, capital, count, gain, issue_words, likelihood, plain, q

__all__ = ["course_blocks", "course_details", "course_page", "course_words", "lasting"]

Names = Callable[[str], str]

GOES, FAILS, AGREES = FAINT, LINE, FRONT
WIDTH, STEP = 400, 46
_TOLD = 2  # ways of failing that get a sentence
_WAYS = 4  # of a stage, in a table
_DEALS = 5


def course_blocks(result: CourseResult, names: Names) -> list[Block]:
    """The answer of the lens for the terminal."""
    if isinstance(result.failure, NotComputed):
        how_to = "Under stages a case says who meets whom, in what order, and what may happen there."
        return [Paragraph(f"How the talks run was not computed: {result.failure.because}. {how_to}")]
    return [
        Paragraph(" ".join(course_words(result, names))),
        *course_details(result, names),
        _funnel(result, names),
    ]


def course_page(result: CourseResult, names: Names) -> list[Block]:
    """The page of the brief that can be read in a minute: some sentences and the funnel."""
    if isinstance(result.failure, NotComputed):
        return [Paragraph(f"How the talks run was not computed: {result.failure.because}.")]
    head, *rest = _first(result, names)
    return [
        Paragraph(" ".join(rest), "lead", head),
        Bullets(tuple(_further(result, names))),
        _chart(result, names),
        Paragraph(_basis(result), "note"),
    ]


# ------------------------------------------------------------------------------------------------ sentences


def course_words(result: CourseResult, names: Names) -> list[str]:
    """What a reader in a hurry should know, a sentence each."""
    return [*_first(result, names), *_further(result, names), _basis(result)]


def _first(result: CourseResult, names: Names) -> list[str]:
    """How likely the talks fail, where, and whether there was anything to miss."""
    failure = result.failure
    assert isinstance(failure, Estimate)
    out = [f"As the stages are described, the talks fail: {chance(failure)}."]
    out += _where(result, names)
    if result.hopeless is not None and result.missed is not None and failure.value:
        out.append(
            f"In {per_cent(result.hopeless)} of all runs they fail where no deal would have passed the rule "
            f"of consent in the first place, and in {per_cent(result.missed)} although some deal would have."
        )
    return out


def _further(result: CourseResult, names: Names) -> list[str]:
    """What was forecast, on what failure hangs, what would change it, how long it all takes."""
    out = _beside(result, names)
    if result.drivers:
        first = result.drivers[0]
        out.append(
            f"Failure hangs most on {_unknown(first.path, names)}: {per_cent(first.low)} if "
            f"{_end(first.low_is)}, {per_cent(first.high)} if {_end(first.high_is)}."
        )
    out += _otherwise(result)
    if result.days is not None and result.days.high > 0:
        out.append(
            f"From the first stage to the end it takes {lasting(result.days.median)} in the median, and in "
            f"nine runs in ten between {lasting(result.days.low)} and {lasting(result.days.high)}."
        )
    return out


def _basis(result: CourseResult) -> str:
    return f"All this is from {how(result.plan)}.{_broken_off(result)}"


def _unknown(path: str, names: Names) -> str:
    party, _, rest = path.rpartition(".")
    return f"what {names(party)} turns out to be" if rest == "type" and party else q(path)


def _end(words: str) -> str:
    """What an unknown is: one of its types, or a part of its range."""
    return f"in {words}" if words.startswith("its ") else f"“{q(words)}”"


def _broken_off(result: CourseResult) -> str:
    if result.plan.draws < result.asked:
        return f" The run was interrupted: {count(result.asked)} draws were asked for."
    if not result.within and result.plan.to_within:
        return f" The {100 * result.plan.to_within:g}% asked for were not reached."
    return ""


def _where(result: CourseResult, names: Names) -> list[str]:
    """The ways of failing that are most frequent, each with its stage."""
    ways = [
        (stage, ending)
        for stage in result.stages
        for ending in stage.endings
        if ending.how != "agreement" and ending.probability.value >= 0.01
    ]
    ways.sort(key=lambda w: -w[1].probability.value)
    if not ways:
        return []
    told = [f"{_stage(s)}, {_ending(e, names)} ({per_cent(e.probability)})" for s, e in ways]
    text = f"Most often they fail at {told[0]}"
    if len(told) > 1:
        text += f"; next, at {'; then at '.join(told[1 : 1 + _TOLD])}"
    return [text + ". These are shares of all runs."]


def _stage(stage: StageFunnel) -> str:
    return f"“{q(stage.stage)}”" if stage.stage else "the very end"


def _ending(ending: Ending, names: Names) -> str:
    who = and_list(map(names, ending.who))
    return {
        "agreement": "an agreement",
        "walkout": f"when {who} {'walks' if len(ending.who) == 1 else 'walk'} out",
        "rejected": f"when {who} {'rejects' if len(ending.who) == 1 else 'reject'} what was agreed",
        "nothing agreed": "when nothing is agreed",
        "deadline": "when time is up",
        "outside event": "when something from outside breaks them off",
        "not ratified": f"when it is not ratified by {and_list(map(q, ending.who))}",
    }[ending.how]


def _beside(result: CourseResult, names: Names) -> list[str]:
    """Stated forecasts beside the computed ones."""
    out = []
    for f in result.forecasts:
        stated = f"{100 * f.low:.0f}%" if f.low == f.high else f"{100 * f.low:.0f} to {100 * f.high:.0f}%"
        if f.stage is None:
            what = "the talks as a whole"
        else:
            what = f"the event read as nothing agreed when “{q(f.stage)}” is over"
        out.append(
            f"Stated by {names(f.by)}: a failure at {stated}; computed for {what}: {chance(f.computed)}; an "
            "even chance would be 50%."
        )
    return out


def _otherwise(result: CourseResult) -> list[str]:
    """The changes to the course that move the answer."""
    moved = [
        o for o in result.others if isinstance(o.change, Estimate) and (o.change.low > 0 or o.change.high < 0)
    ]
    moved.sort(key=lambda o: -abs(o.change.value) if isinstance(o.change, Estimate) else 0.0)
    if not moved:
        return []
    told = [f"“{q(o.what)}” ({_change(o)} points)" for o in moved[:3]]
    return [f"Of the other courses looked at, these change the probability of failure: {and_list(told)}."]


def _change(other: OtherCourse) -> str:
    assert isinstance(other.change, Estimate)
    value, half = 100 * other.change.value, 100 * other.change.half
    text = f"{value:+.0f}" if half >= 0.5 or abs(value) >= 1 else f"{value:+.1f}"
    return text.replace("-", "−") + (f" ± {half:.0f}" if half >= 0.5 else " ± <1")


def lasting(days: float) -> str:
    """A length of time for a reader, in the unit that fits."""
    for unit, size, least in (("week", 7.0, 21.0), ("day", 1.0, 2.0), ("hour", 1 / 24, 1 / 24)):
        if days >= least * 0.99:
            return _units(days / size, unit)
    return _units(days * 1440, "minute")


def _units(value: float, unit: str) -> str:
    text = f"{value:.0f}"
    return f"{text} {unit}" + ("" if text == "1" else "s")


# ---------------------------------------------------------------------------------------------------- tables


def _funnel(result: CourseResult, names: Names) -> Table:
    rows = []
    for stage in result.stages:
        told = [f"{_way(e, names)}: {per_cent(e.probability)}" for e in stage.endings[:_WAYS]]
        rows.append(
            Row(
                (
                    Cell(_title(stage), lines=(_format(stage, names),)),
                    Cell(per_cent(stage.entered), "number", lines=(_interval(stage.entered),)),
                    Cell("–", "muted") if stage.agreed is None else Cell(per_cent(stage.agreed), "number"),
                    Cell(per_cent(stage.ended), "number", lines=(_interval(stage.ended),)),
                    Cell(told[0] if told else "–", lines=tuple(told[1:])),
                )
            )
        )
    return Table(
        "What becomes of the talks at each stage",
        (
            Column("Stage"),
            Column("Reached", "number"),
            Column("Agreed there", "number"),
            Column("Ends there", "number"),
            Column("How it ends there"),
        ),
        (Rows(tuple(rows)),),
        note="Shares of all runs, with their 95% intervals below. What is agreed at a stage may still be "
        "rejected later.",
    )


def _title(stage: StageFunnel) -> str:
    return q(stage.stage) if stage.stage else "asked at the very end"


def _format(stage: StageFunnel, names: Names) -> str:
    who = and_list(map(names, stage.room))
    kind = {"talk": "talk", "offers": "offers", "consent": "asked or heard", "ratify": "vote"}[stage.kind]
    parts = [kind, *([stage.channel] if stage.channel else []), *([who] if who else [])]
    return "; ".join(parts)


def _way(ending: Ending, names: Names) -> str:
    who = and_list(map(names, ending.who))
    return {
        "agreement": "agreement",
        "walkout": f"{who} walks out" if len(ending.who) == 1 else f"{who} walk out",
        "rejected": f"rejected by {who}",
        "not ratified": f"not ratified by {and_list(map(q, ending.who))}",
        "deadline": "time is up",
    }.get(ending.how, ending.how)


def _interval(found: Estimate) -> str:
    return f"{100 * found.low:.0f} to {100 * found.high:.0f}%"


def course_details(result: CourseResult, names: Names) -> list[Block]:
    """What a reader with more time may want to see."""
    if isinstance(result.failure, NotComputed):
        return []
    out: list[Block] = []
    if result.others:
        out.append(_others(result, names))
    out.append(_parties(result, names))
    if result.deals:
        out.append(_deals(result))
    if result.drivers:
        out.append(_drivers(result))
    for words, told in (("A typical agreement", result.success), ("A typical failure", result.collapse)):
        out += _story(words, told, names)
    return out


def _others(result: CourseResult, names: Names) -> Table:
    parties = [p.party for p in result.parties]
    rows = []
    for other in result.others:
        if isinstance(other.failure, NotComputed):
            rows.append(Row((Cell(q(other.what)), Cell("–", "muted"), Cell("–", "muted"),
                             *(Cell("–", "muted") for _ in parties))))  # fmt: skip
            continue
        rows.append(
            Row(
                (
                    Cell(q(other.what)),
                    Cell(per_cent(other.failure), "number", lines=(likelihood(other.failure.value),)),
                    Cell(_change(other), "number"),
                    *(
                        Cell(_moved(other.gains[p].value), "number", lines=(f"± {other.gains[p].half:.1f}",))
                        for p in parties
                    ),
                )
            )
        )
    over = next((o.failure.draws for o in result.others if isinstance(o.failure, Estimate)), 0)
    return Table(
        "The same talks with one thing changed",
        (
            Column("Change"),
            Column("Failure", "number"),
            Column("Difference", "number", note="points of probability"),
            *(Column(names(p), "number", note="mean gain changes by") for p in parties),
        ),
        (Rows(tuple(rows)),),
        note=f"Every course runs on the same {count(over)} draws, so that a difference is sharper than each "
        "figure by itself. A change that helps an agreement is not thereby good for everyone: see the gains.",
    )


def _moved(value: float) -> str:
    text = f"{value:+.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def _parties(result: CourseResult, names: Names) -> Table:
    def given(found: Any) -> Cell:
        return Cell("–", "muted") if isinstance(found, NotComputed) else Cell(spread_words(found), "number")

    rows = tuple(
        Row((Cell(names(p.party)), Cell(_moved(p.mean.value), "number", lines=(f"± {p.mean.half:.1f}",)),
             given(p.gain), given(p.stages), given(p.if_agreed), given(p.if_not)))
        for p in result.parties
    )  # fmt: skip
    return Table(
        "What the talks bring each party",
        (
            Column("Party"),
            Column("Mean gain", "number"),
            Column("Gain", "number"),
            Column("From the stages", "number", note="deal or none"),
            Column("If agreed", "number"),
            Column("If not", "number"),
        ),
        (Rows(rows),),
        note="Points over the no-deal value at the outset, with what the stages themselves give and cost: "
        "the median, and in brackets what nine runs in ten lie between.",
    )


def _deal(deal: dict[str, str]) -> str:
    return "; ".join(f"{q(issue_words(i))}: {q(o)}" for i, o in deal.items())


def _deals(result: CourseResult) -> Table:
    def row(d: FinalDeal) -> Row:
        return Row(
            (Cell(q(d.name) if d.name else "–"), Cell(per_cent(d.probability), "number"), Cell(_deal(d.deal)))
        )

    shown = result.deals[:_DEALS]
    return Table(
        "The deals that the talks most often end with",
        (Column("Offer"), Column("Share of runs", "number"), Column("What it settles")),
        (Rows(tuple(map(row, shown))),),
        note=f"{count(len(shown))} of {count(result.different_deals)} different deals.",
        folded="The deals that the talks most often end with",
    )


def _drivers(result: CourseResult) -> Table:
    rows = tuple(
        Row((Cell(q(d.path)), Cell(f"{100 * d.share.value:.0f}%", "number", lines=(_interval(d.share),)),
             Cell(per_cent(d.low), "number", lines=(_end(d.low_is),)),
             Cell(per_cent(d.high), "number", lines=(_end(d.high_is),))))
        for d in result.drivers
    )  # fmt: skip
    return Table(
        "On which unknowns failure hangs",
        (
            Column("Unknown"),
            Column("Explains by itself", "number", note="of the variance"),
            Column("Failure if", "number"),
            Column("Failure if", "number"),
        ),
        (Rows(rows),),
        note="Only unknowns whose share can be told from chance.",
        folded="On which unknowns failure hangs",
    )


# --------------------------------------------------------------------------------------------------- stories


def _story(words: str, told: Story | NotComputed, names: Names) -> list[Block]:
    if isinstance(told, NotComputed):
        return [Paragraph(f"{words}: none to tell, for {told.because}.", "note")]
    kinds = and_list([f"{names(p)} is {q(k)}" for p, k in told.types.items()])
    text = f"{words}, step by step (draw {count(told.draw)}"
    text += f"; {kinds}). " if kinds else "). "
    result = "agreements" if told.deal is not None else "failures"
    text += f"{per_cent(told.alike)} of the {result} go by these stages to this end; of those, this run is "
    text += "nearest to the median gains."
    items: list[str] = []
    for visit in _visits(told.beats):
        items.append(_visit(visit, names))
    gains = and_list([f"{names(p)} {gain(v)}" for p, v in told.gains.items()])
    items.append(f"In the end, {lasting(told.days)} after the start: {gains}, stages included.")
    return [Paragraph(text), Bullets(tuple(items))]


def _visits(beats: Sequence[Beat]) -> list[list[Beat]]:
    out: list[list[Beat]] = []
    for beat in beats:
        if beat.what == "enters" or not out or beat.stage != out[-1][0].stage:
            out.append([])
        out[-1].append(beat)
    return out


def _visit(beats: Sequence[Beat], names: Names) -> str:
    stage = beats[0].stage
    parts = [f"{q(stage)}:" if stage else "When the last stage is over:"]
    offers = [b for b in beats if b.what == "offers"]
    for beat in beats:
        if beat.what == "shows":
            parts.append(f"{names(str(beat.party))} shows “{q(beat.word)}”.")
        elif beat.what == "weighs":
            parts.append(_weighs(beat, names))
        elif beat.what == "offers" and beat is offers[0]:
            parts.append(_offers(offers, names))
        elif beat.what == "agrees":
            parts.append(f"Agreed: {_deal(beat.deal or {})} ({_worth(beat, names)}).")
        elif beat.what == "asks":
            says = "yes" if beat.yes else "no"
            parts.append(f"{names(str(beat.party))} is {beat.word} and says {says}.")
        elif beat.what == "votes":
            parts.append(f"{q(beat.party)} {'passes' if beat.yes else 'refuses'} it.")
        elif beat.what == "returns":
            parts.append(f"It goes back to {q(beat.word)}.")
        elif beat.what == "ends":
            parts.append(_over(beat, names))
    return " ".join(parts)


def _weighs(beat: Beat, names: Names) -> str:
    takes = [
        f"{names(party)} for {and_list([f'{q(k)} at {100 * v:.0f}%' for k, v in kinds.items()], 'or')}"
        for party, kinds in beat.beliefs.items()
    ]
    text = f"{names(str(beat.party))} "
    if takes:
        text += f"takes {and_list(takes)}, "
    verb = "stays" if beat.yes else "walks out"
    expects, costs = beat.expects or 0.0, beat.costs or 0.0
    return f"{text}expects {gain(expects)} from going on, at a cost of {amount(costs)}, and {verb}."


def _offers(offers: Sequence[Beat], names: Names) -> str:
    """The first offer of each, and how many there were."""
    first: dict[str | None, Beat] = {}
    for beat in offers:
        first.setdefault(beat.party, beat)
    told = [
        f"{names(p) if p is not None else 'the mediator'} opens with an offer ({_worth(b, names)})"
        for p, b in first.items()
    ]
    rounds = max(b.round or 0 for b in offers)
    length = f"{count(len(offers))} offers in {_units(rounds, 'round')}"
    return f"{capital('; '.join(told))}, in points over no deal. {length}."


def _worth(beat: Beat, names: Names) -> str:
    return ", ".join(f"{names(p)} {gain(v)}" for p, v in beat.gains.items())


def _over(beat: Beat, names: Names) -> str:
    if beat.word == "agreement":
        return "The rule of consent is satisfied: an agreement."
    ending = Ending(str(beat.word), beat.accepted, Estimate(1.0, 0.0, 1.0, 1.0, 1))
    return f"The talks end there: {_way(ending, names)}."


# ----------------------------------------------------------------------------------------------------- chart


def _chart(result: CourseResult, names: Names) -> Chart:
    """The funnel: for every stage how many runs reach it, and what becomes of them there."""
    rows, marks = [], []
    order = []
    for stage in result.stages:
        label = plain(_title(stage))
        order.append(label)
        agreed = sum(e.probability.value for e in stage.endings if e.how == "agreement")
        failed = stage.ended.value - agreed
        on = max(0.0, stage.entered.value - stage.ended.value)
        start = 0.0
        for what, value in (("agreement there", agreed), ("fails there", failed), ("goes on", on)):
            if value > 0:
                rows.append(
                    {
                        "stage": label,
                        "what": what,
                        "from": round(100 * start, 2),
                        "to": round(100 * (start + value), 2),
                    }
                )
            start += value
        marks.append(
            {
                "stage": label,
                "low": round(100 * stage.entered.low, 2),
                "high": round(100 * stage.entered.high, 2),
            }
        )
    y = {
        "field": "stage", "type": "nominal", "sort": order,
        "axis": {"title": None, "labelLimit": 180, "ticks": False, "domain": False},
    }  # fmt: skip

    def x(field: str) -> dict[str, Any]:
        axis = {"title": "share of all runs, in per cent", "tickCount": 6}
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [0, 100], "nice": False},
            "axis": axis,
        }

    parts = ["agreement there", "fails there", "goes on"]
    legend = {"title": None, "orient": "top", "symbolType": "square", "labelLimit": 220, "columnPadding": 30}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": STEP},
        "padding": {"left": 36, "top": 6, "right": 6, "bottom": 6},
        "background": "transparent",
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "bar", "height": 20},
                "encoding": {
                    "y": y,
                    "x": x("from"),
                    "x2": {"field": "to"},
                    "color": {
                        "field": "what", "type": "nominal", "sort": parts,
                        "scale": {"domain": parts, "range": [AGREES, FAILS, GOES]}, "legend": legend,
                    },
                },
            },
            {
                "data": {"values": marks},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.6},
                "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}},
            },
        ],
        "config": look(),
    }  # fmt: skip
    return Chart(
        title="How far the talks get",
        description="For every stage, the share of all runs that reach it, split by what becomes of them "
        "there. The thin line at the end of a bar is the 95% interval of the share that "
        "reaches the stage.",
        table=replace(_funnel(result, names), folded="The same in numbers"),
        spec=spec,
    )
