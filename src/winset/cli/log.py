"""``winset log``: keep forecasts, say what came of them, and score them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winset import __version__
from winset.cli.printing import check_chart, console, json_text
from winset.errors import CaseError, Fault, QuestionError

if TYPE_CHECKING:
    from winset.case.log import Forecast, ForecastLog

__all__ = ["log"]

log = typer.Typer(
    help="Keep forecasts in a log, say what came of them, and score them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

LogFile = Annotated[Path, typer.Option("--log", help="The log: a file of JSON Lines.", metavar="FILE")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
DEFAULT = Path("forecasts.jsonl")


@log.command()
def add(
    event: Annotated[
        str | None, typer.Option("--event", help="What must happen, so that one can tell afterwards.")
    ] = None,
    probability: Annotated[
        str | None, typer.Option("--probability", help='25%, 0.25 or 1/4; or a range, "20% to 30%".')
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who says so.", metavar="NAME")] = None,
    when: Annotated[
        str | None, typer.Option("--when", help="The day it was said; today if left out.", metavar="DATE")
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", help="The day by which one can tell.", metavar="DATE")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="Anything a reader should know.")] = None,
    case: Annotated[
        Path | None, typer.Option("--case", help="The case it comes from.", metavar="CASE")
    ] = None,
    claim: Annotated[
        str | None,
        typer.Option(
            "--claim",
            help="Take event, probability, name and day from this claim of the case. With --from course, "
            "its probability is computed.",
        ),
    ] = None,
    lens: Annotated[
        str | None, typer.Option("--from", help="Compute the probability by this lens.", metavar="LENS")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the draws. (with --from)", min=0)] = 0,
    file: LogFile = DEFAULT,
) -> None:
    """Add a forecast.

    It is on the disk before its id is printed.
    """
    from winset.case import open_case
    from winset.case.log import add_forecast, claimed

    options = {"--event": event, "--probability": probability, "--by": by, "--when": when}
    if claim is not None:
        _refuse(options, f"--claim {claim}", "the claim says it")
        if lens != "course":
            _refuse({"--from": lens}, f"--claim {claim}", "only --from course computes what a claim is about")
    if lens is not None:
        _refuse({"--probability": probability}, f"--from {lens}", "the lens computes it")
    if case is None and (claim is not None or lens is not None):
        raise QuestionError(f"{'--claim' if claim is not None else '--from'} needs a case: add --case CASE")
    given: dict[str, Any] = {"event": event, "probability": probability, "by": by, "when": when}
    loaded = None if case is None else open_case(case)
    if claim is not None and loaded is not None:
        stated = claimed(loaded, claim)
        given = {"event": stated.event, "probability": stated.probability, "by": stated.by}
        given["when"] = stated.when
    if lens is not None and loaded is not None:
        _require({"--event": given["event"]})
        from winset.lenses.forecasts import forecast_from

        computed = forecast_from(lens, loaded, seed=seed, claim=claim)
        given["probability"] = repr(computed.probability)
        given["by"] = by or f"Winset, lens {lens}"
        given |= {"lens": lens, "draws": computed.draws, "seed": seed}
    if claim is None or lens is not None:
        _require({f"--{key}": given[key] for key in ("event", "probability", "by")})
    made = add_forecast(file, **given, due=due, note=note, case=loaded, claim=claim)
    from winset.report.forecasts import said

    print(f"{made.id} added to {file}: {made.event}\n    {said(made)}; by {made.by}, {made.when}", flush=True)


def _refuse(options: dict[str, str | None], beside: str, why: str) -> None:
    for flag, value in options.items():
        if value is not None:
            raise QuestionError(f"{flag} does not go with {beside}: {why}\n    hint: leave out one of them")


def _require(options: dict[str, Any]) -> None:
    missing = [flag for flag, value in options.items() if value is None]
    if missing:
        raise CaseError(
            [
                Fault(flag, 0, 0, "", "a forecast needs this", hint=f"{flag} {_EXAMPLES[flag]}")
                for flag in missing
            ]
        )


_EXAMPLES = {
    "--event": '"a signed ceasefire by 1 June 2026"',
    "--probability": "25%",
    "--by": '"the analyst"',
}


@log.command(name="list")
def list_(
    unresolved: Annotated[bool, typer.Option("--open", help="Only the unresolved ones.")] = False,
    as_json: Json = False,
    file: LogFile = DEFAULT,
) -> None:
    """List the forecasts and what came of them."""
    import datetime as dt

    from winset.case.log import open_log

    found = open_log(file)
    if as_json:
        shown = [
            _entry(found, f)
            for f in found.forecasts.values()
            if not unresolved or found.resolution(f.id) is None
        ]
        document = {"winset": __version__, "log": found.file, "torn": list(found.torn), "forecasts": shown}
        print(json_text(document))
        return
    from winset.report.forecasts import entries
    from winset.report.terminal import render

    _warn(found)
    for block in entries(found, unresolved=unresolved, today=dt.date.today()):
        render(block, console())


def _entry(found: ForecastLog, forecast: Forecast) -> dict[str, Any]:
    """A forecast with the resolution that stands and all before it, as plain data."""
    resolution = found.resolution(forecast.id)
    return {
        **forecast.model_dump(mode="json"),
        "resolution": None if resolution is None else resolution.model_dump(mode="json"),
        "history": [r.model_dump(mode="json") for r in found.history.get(forecast.id, ())],
    }


def _warn(found: ForecastLog) -> None:
    from winset.report.forecasts import torn_warning

    if warning := torn_warning(found):
        print(f"warning: {warning}", file=sys.stderr)


@log.command()
def resolve(
    id: Annotated[str, typer.Argument(help="The forecast, e.g. f1.", metavar="ID", show_default=False)],
    outcome: Annotated[
        str,
        typer.Argument(
            help="yes (it happened), no, void (not scored), or open (take back, with --correct).",
            metavar="OUTCOME",
            show_default=False,
        ),
    ],
    on: Annotated[
        str | None,
        typer.Option("--on", help="The day that settled it; today if left out.", metavar="DATE"),
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="Where that was reported.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Anything a reader should know.")] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="Replace an earlier resolution, which stays in the file.")
    ] = False,
    file: LogFile = DEFAULT,
) -> None:
    """Say what came of a forecast."""
    from winset.case.log import resolve as append

    made = append(file, id, outcome, on=on, source=source, note=note, correct=correct)
    verb = "corrected to" if made.record == "correction" else "resolved:"
    print(f"{made.id} {verb} {made.outcome}, on {made.on}", flush=True)


@log.command()
def score(
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="Only these forecasts; all resolved ones if left out.", metavar="[ID...]"),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Only forecasts by this name.", metavar="NAME")
    ] = None,
    as_json: Json = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Also write the calibration chart to FILE.html, .svg, .png or .json (Vega-Lite).",
            metavar="FILE",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    file: LogFile = DEFAULT,
) -> None:
    """Score the resolved forecasts, beside naive baselines.

    Brier and logarithmic scores, skill, and calibration.
    """
    from winset.case.log import open_log
    from winset.lenses.forecasts import score as compute

    found = open_log(file)
    result = compute(found, ids=ids or (), by=by)
    if output is not None:
        check_chart(output, force)
        from winset.case import write_whole
        from winset.report.forecasts import picture

        write_whole(output, picture(result, output.suffix.lower()), new=not force)
        print(f"calibration chart written to {output.resolve()}", file=sys.stderr)
    if as_json:
        document = {"winset": __version__, "log": found.file, "torn": list(found.torn)}
        print(json_text({**document, "result": result.to_dict()}))
        return
    from winset.report.forecasts import scores
    from winset.report.terminal import render

    _warn(found)
    for block in scores(result):
        render(block, console())
