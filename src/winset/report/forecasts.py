"""The forecast log and its scores for a reader: tables, remarks, and the calibration chart."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from winset.case.log import Forecast, ForecastLog, Resolution
from winset.kernels.scores import Partition
from winset.lenses.forecasts import LEAST_FOR_PARTITION, Bin, ScoreResult
from winset.lenses.results import NotComputed
from winset.report.charts import FAINT, FRONT, INK, look
from winset.report.document import Block, Bullets, Cell, Chart, Column, Facts, Paragraph, Row, Rows, Table
from winset.report.words import and_list, likelihood, q, times

__all__ = ["FORMATS", "calibration", "entries", "picture", "said", "scores", "torn_warning"]

#: What the calibration chart can be written as.
FORMATS = (".html", ".svg", ".png", ".json")


def said(forecast: Forecast) -> str:
    """The probability of a forecast, with its likelihood words where it is not a range."""
    if forecast.is_range:
        return f"{per_cent(forecast.probability[0])} to {per_cent(forecast.probability[1])}"
    words = likelihood(forecast.middle)
    drawn = forecast.case is not None and forecast.case.draws is not None
    stated = f"{forecast.middle:.0%}" if drawn else per_cent(forecast.middle)
    return stated if words == stated else f"{stated}, {words}"


def per_cent(p: float) -> str:
    """A stated probability as it was stated, to four digits."""
    return f"{100 * p:.4g}%"


def torn_warning(log: ForecastLog) -> str:
    """What a reader must know about lines that were never finished; nothing when there are none."""
    if not log.torn:
        return ""
    one = len(log.torn) == 1
    lines = f"line {log.torn[0]} was" if one else f"lines {and_list(map(str, log.torn))} were"
    return (
        f"{log.file}: {lines} left unfinished by a writer that was interrupted; what stood there was never "
        "acknowledged and is passed over"
    )


# -------------------------------------------------------------------------------------------------- the list


def entries(log: ForecastLog, *, unresolved: bool, today: dt.date) -> list[Block]:
    """The forecasts of a log, all or the unresolved ones."""
    shown = [f for f in log.forecasts.values() if not unresolved or log.resolution(f.id) is None]
    if not shown:
        what = "no unresolved forecast" if unresolved and log.forecasts else "no forecast yet"
        return [Paragraph(f"The log holds {what}.")]
    rows = tuple(
        Row(
            (
                Cell(f.id),
                Cell(said(f)),
                Cell(q(f.event), lines=tuple(_remarks(f))),
                Cell(q(f.by)),
                Cell(str(f.when)),
                _came(f, log.resolution(f.id), today),
            )
        )
        for f in shown
    )
    columns = (
        Column("Id"), Column("Probability"), Column("Event"), Column("By"), Column("Made"), Column("Outcome"),
    )  # fmt: skip
    open_ones = sum(log.resolution(f.id) is None for f in log.forecasts.values())
    count = times(len(log.forecasts), "forecast")
    return [Table(f"{count} in the log, {open_ones} unresolved", columns, (Rows(rows),))]


def _remarks(forecast: Forecast) -> list[str]:
    out = []
    if forecast.case is not None:
        origin = f"case {q(forecast.case.title)}"
        if forecast.case.claim:
            origin += f", claim {q(forecast.case.claim)}"
        if forecast.case.lens:
            origin += f", lens {forecast.case.lens}"
        if forecast.case.draws:
            origin += f", {forecast.case.draws:,} draws"
        out.append(origin)
    if forecast.note:
        out.append(q(forecast.note))
    return out


def _came(forecast: Forecast, resolution: Resolution | None, today: dt.date) -> Cell:
    if resolution is None:
        if forecast.due is None:
            return Cell("open", "muted")
        if forecast.due < today:
            return Cell("open", "mark", lines=(f"was due on {forecast.due}",))
        return Cell("open", "muted", lines=(f"due on {forecast.due}",))
    lines = [f"on {resolution.on}"]
    if resolution.source:
        lines.append(q(resolution.source))
    if resolution.record == "correction":
        lines.append("corrected")
    return Cell(resolution.outcome, "" if resolution.outcome != "void" else "muted", lines=tuple(lines))


# ------------------------------------------------------------------------------------------------ the scores


def scores(result: ScoreResult) -> list[Block]:
    """The scores as blocks: the summary, what it rests on, calibration, and every forecast."""
    return [*_summary(result), _calibration_table(result), _forecast_table(result)]


def _summary(result: ScoreResult) -> list[Block]:
    count = len(result.scored)
    happened = sum(s.happened for s in result.scored)
    facts = [("Brier score, mean of (p − o)²", _brier(result))]
    facts.append(("Logarithmic score, mean natural logarithm", _minus(result.log)))
    for baseline in result.baselines:
        if isinstance(baseline.skill, NotComputed):
            skill = f"not computed: {baseline.skill.because}"
        else:
            skill = _signed(baseline.skill)
        name = "50% for everything" if baseline.name == "even chance" else "the base rate of the other events"
        facts.append((f"Brier skill over {name}", f"{skill} (it scores {baseline.brier:.3f})"))
    facts.append(("Partition of the Brier score", _partition(result.partition)))
    remarks = _caveats(result)
    if count == 1:
        head = f"1 resolved forecast; its event {'happened' if happened else 'did not happen'}."
    else:
        head = f"{count} resolved forecasts; {happened} of the events happened."
    lead = Paragraph(
        f"{'The' if count == 1 else 'Their mean'} Brier score is {result.brier:.3f}: 0 is perfect, 0.25 is "
        "what 50% for everything scores, 1 is the worst.",
        "lead",
        head,
    )
    return [lead, Facts(tuple(facts)), *([Bullets(tuple(remarks))] if remarks else [])]


def _brier(result: ScoreResult) -> str:
    text = f"{result.brier:.3f}"
    if isinstance(result.brier_error, NotComputed):
        text += f" (no standard error: {result.brier_error.because})"
    else:
        text += f" (standard error {result.brier_error:.3f})"
    return text


def _minus(value: float) -> str:
    return "−∞" if value == float("-inf") else f"{value:.3f}".replace("-", "−")


def _ids(ids: list[str] | tuple[str, ...]) -> str:
    """Ids in a sentence; of many the first ones and how many more."""
    most = 6
    return and_list(ids if len(ids) <= most else [*ids[:most], f"{len(ids) - most} more"])


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−").replace("+0.00", "0.00").replace("−0.00", "0.00")


def _partition(value: Partition | NotComputed) -> str:
    if isinstance(value, NotComputed):
        return f"not computed: {value.because}"
    return (
        f"reliability {value.reliability:.3f} (0 is best) − resolution {value.resolution:.3f} (more is "
        f"better) + uncertainty {value.uncertainty:.3f} + within bands {_minus(value.within)}"
    )


def _caveats(result: ScoreResult) -> list[str]:
    out = []
    impossible = [s.id for s in result.scored if s.log == float("-inf")]
    if impossible:
        out.append(
            f"{_ids(impossible)} gave 0% to what then happened; the logarithmic score of that is −∞, and "
            "so is the mean."
        )
    if result.brier_ends is not None:
        low, high = result.brier_ends
        out.append(
            "A forecast stated as a range is scored at its middle. At the better ends of all ranges the "
            f"Brier score would be {low:.3f}, at the worse ends {high:.3f}."
        )
    late = [s.id for s in result.scored if s.settled_before_logged]
    if late:
        out.append(
            f"{_ids(late)} {'was' if len(late) == 1 else 'were'} put into the log after the event was "
            "settled. That the forecast was made beforehand is what the log says; the log does not prove it."
        )
    if len(result.scored) < LEAST_FOR_PARTITION:
        out.append(f"With fewer than {LEAST_FOR_PARTITION} forecasts, skill and luck look alike.")
    left = []
    if result.open:
        left.append(f"unresolved: {_ids(result.open)}")
    if result.void:
        left.append(f"void: {_ids(result.void)}")
    if left:
        out.append(f"Not scored: {'; '.join(left)}.")
    return out


def _forecast_table(result: ScoreResult) -> Table:
    rows = tuple(
        Row(
            (
                Cell(s.id), Cell(q(s.event)), Cell(q(s.by)), Cell(per_cent(s.probability), "number"),
                Cell("yes" if s.happened else "no"), Cell(f"{s.brier:.3f}", "number"),
                Cell(_minus(s.log), "number"),
            )
        )
        for s in result.scored
    )  # fmt: skip
    columns = (
        Column("Id"), Column("Event"), Column("By"), Column("Probability", "number"), Column("Happened"),
        Column("Brier", "number"), Column("Log", "number"),
    )  # fmt: skip
    return Table("Each forecast", columns, (Rows(rows),))


def _calibration_table(result: ScoreResult) -> Table:
    rows = tuple(
        Row(
            (
                Cell(f"{b.low}–{b.high}%"),
                Cell(str(b.forecasts), "number"),
                Cell(f"{b.mean:.0%}", "number"),
                Cell(f"{b.happened} ({b.share:.0%})", "number"),
                Cell(f"{b.share_low:.0%} to {b.share_high:.0%}", "number"),
                Cell(_agrees(b)),
            )
        )
        for b in result.bins
    )
    columns = (
        Column("Band"), Column("Forecasts", "number"), Column("Mean probability", "number"),
        Column("Happened", "number"), Column("95% interval", "number"), Column("Calibration"),
    )  # fmt: skip
    return Table(
        "Calibration: how often events of each band happened",
        columns,
        (Rows(rows),),
        note="Intervals are Wilson's, for events that do not hang together.",
        folded="The same in numbers",
    )


def _agrees(bin: Bin) -> str:
    if bin.mean < bin.share_low:
        return "happened more often than said"
    if bin.mean > bin.share_high:
        return "happened less often than said"
    return "mean probability within the interval"


# ------------------------------------------------------------------------------------------------- the chart


def calibration(result: ScoreResult) -> Chart:
    """What was said against what happened, with the interval of each band."""
    count = len(result.scored)
    outside = [b for b in result.bins if not b.share_low <= b.mean <= b.share_high]
    description = (
        "Mean probability of the forecasts of a band (across) and the share of their events that happened "
        f"(up), with its 95% interval, for {times(count, 'resolved forecast')} in "
        f"{times(len(result.bins), 'band')}. On the dashed line the two are equal; the number beside "
        "a point is how many forecasts it stands for. "
    )
    if outside:
        named = and_list(f"{b.low}–{b.high}%" for b in outside)
        description += f"The interval misses the line in {times(len(outside), 'band')}: {named}."
    else:
        description += "Every interval meets the mean probability of its band."
    return Chart("Calibration", description, _calibration_table(result), _spec(result))


def _spec(result: ScoreResult) -> dict[str, Any]:
    values = [
        {
            "said": round(100 * b.mean, 4),
            "happened": round(100 * b.share, 4),
            "low": round(100 * b.share_low, 4),
            "high": round(100 * b.share_high, 4),
            "forecasts": b.forecasts,
        }
        for b in result.bins
    ]

    def position(field: str, title: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [0, 100], "nice": False},
            "axis": {"title": title, "tickCount": 6},
        }

    x, y = position("said", "probability that was said, %"), position("happened", "share that happened, %")
    ends = [{"said": 0, "happened": 0}, {"said": 100, "happened": 100}]
    layers = [
        {
            "data": {"values": ends},
            "mark": {"type": "line", "color": FAINT, "strokeDash": [5, 3], "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": FRONT, "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": True, "size": 80, "color": FRONT, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "dx": 9, "align": "left", "fontSize": 12, "color": INK},
            "encoding": {"x": x, "y": y, "text": {"field": "forecasts", "type": "quantitative"}},
        },
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 320,
        "height": 320,
        "padding": 8,
        "background": "transparent",
        "layer": layers,
        "config": look(),
    }  # fmt: skip


def picture(result: ScoreResult, suffix: str) -> str | bytes:
    """The calibration chart as a file of one of ``FORMATS``: a page, a picture, or Vega-Lite."""
    import vl_convert

    chart = calibration(result)
    if suffix == ".html":
        from winset.report.html import chart_page

        blocks = [b for b in _summary(result) if isinstance(b, Facts | Bullets)]
        return chart_page("Forecasts and what happened", chart, [*blocks, _forecast_table(result)])
    opaque = json.dumps({**chart.spec, "background": "white"}, ensure_ascii=False, indent=2)
    if suffix == ".json":
        return opaque + "\n"
    if suffix == ".svg":
        return str(vl_convert.vegalite_to_svg(opaque, vl_version="5.20"))
    return bytes(vl_convert.vegalite_to_png(opaque, vl_version="5.20", scale=2))
