"""``winset sweep``: thin over ``winset.runs``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from winset import __version__
from winset.cli.printing import check_chart, console, json_text
from winset.errors import QuestionError

if TYPE_CHECKING:
    from winset.case import Case
    from winset.runs import SweepPlan

__all__ = ["app"]


class _RunByDefault(TyperGroup):
    """``winset sweep CASE ...`` is short for ``winset sweep run CASE ...``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_RunByDefault,
    help="Compute a case, or several, over grids and samples of their inputs, on this machine or on many.\n\n"
    "winset sweep CASE ... is short for winset sweep run CASE ...",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_EVERY = 10.0  # seconds between lines of progress where there is no terminal


@app.command()
def run(
    cases: Annotated[
        list[Path], typer.Argument(help="Case files (YAML).", metavar="CASE...", show_default=False)
    ],
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="PATH=VALUES",
            help="What to sweep: a path as for winset set, and 10,20,30 or 10..60/6 or @5 (quantiles of the "
            "range there); may be repeated.",
        ),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample", help="Draw this many points in place of the whole product.", show_default=False
        ),
    ] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", help="Joint draws at every point; 4096 if left out.", min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of draws and sampled points.", min=0)] = 0,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Where to; CASE-sweep if left out."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="A Dask scheduler, e.g. tcp://10.0.0.1:8786, in place of a cluster on this machine.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", help="Processes on this machine, one a core if left out; 0: none, do it here.", min=0
        ),
    ] = None,
    piece: Annotated[
        int | None,
        typer.Option(
            "--piece", help="Draws a piece of work, a multiple of 1024; results are the same.", min=1024
        ),
    ] = None,
) -> None:
    """Compute what comes out at every point: how likely a deal is, who accepts what, who gains what.

    Every finished piece is kept. The same command goes on where an earlier one stopped.
    """
    from winset.runs import plan_sweep
    from winset.runs.engine import execute, needs

    needs("pyarrow", *(() if workers == 0 and scheduler is None else ("distributed",)))
    folder = output or Path(f"{cases[0].stem}-sweep")
    plan = plan_sweep(_named(cases), over or (), draws=draws, sample=sample, seed=seed, piece=piece)
    with _progress(plan, folder) as (step, count):
        try:
            done = execute(plan, folder, scheduler=scheduler, workers=workers, step=step, say=_say)
        except KeyboardInterrupt:
            _say(
                f"interrupted: {count():,} of {plan.pieces:,} pieces are done and kept in {folder}; "
                "the same command goes on from there"
            )
            raise typer.Exit(130) from None
    if done.before == plan.pieces:
        _say(f"all {plan.pieces:,} pieces were there already: {done.results}")
    else:
        _say(f"{plan.total_draws:,} draws in {done.seconds:,.0f} s: {done.results}")
    _say(f"next:  winset sweep show {folder}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _named(paths: Sequence[Path]) -> dict[str, Case]:
    """Cases by the names of their files, told apart where two are the same."""
    from winset.case import open_case

    out: dict[str, Case] = {}
    for path in paths:
        name = path.stem
        if name in out:
            name = str(path)
        if name in out:
            raise QuestionError(f"{path} is listed twice")
        out[name] = open_case(path).case
    return out


@contextmanager
def _progress(
    plan: SweepPlan, folder: Path
) -> Iterator[tuple[Callable[[int, int, int], None], Callable[[], int]]]:
    """A bar on a terminal, elsewhere a line now and then; and how many pieces are done."""
    began = last = time.monotonic()
    now = 0
    many = f"{len(plan.points) * len(plan.cases):,} points, {plan.draws:,} draws at each"

    def count() -> int:
        return now

    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True, console=Console(stderr=True)) as bar:
            task = bar.add_task(f"sweep of {many}", total=plan.pieces)

            def draw(done: int, total: int, before: int) -> None:
                nonlocal now
                now = done
                bar.update(task, completed=done, total=total)

            yield draw, count
        return

    def tell(done: int, total: int, before: int) -> None:
        nonlocal now, last
        now = done
        time_ = time.monotonic()
        if done == before:
            there = f", {before:,} of them done before" if before else ""
            _say(f"sweep of {many}: {total:,} pieces{there}, to {folder}")
        elif time_ - last >= _EVERY:
            last = time_
            left = (time_ - began) / (done - before) * (total - done)
            _say(f"{done:,} of {total:,} pieces, about {left / 60:,.0f} min left")

    yield tell, count


@app.command()
def show(
    folder: Annotated[
        Path, typer.Argument(help="The folder of a sweep.", metavar="FOLDER", show_default=False)
    ],
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="PATH", help="Put rows together by this axis; may be repeated."),
    ] = None,
    sql: Annotated[
        str | None, typer.Option("--sql", metavar="SELECT", help="A query over the view results instead.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Draw it: FILE.html, .svg, .png or .json (Vega-Lite)."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
) -> None:
    """Show what came out: a table, the answer to a query, or a chart with intervals."""
    from winset.runs import query, summary

    if sql is not None and (by or output):
        raise QuestionError("--sql is a question of its own; leave out --by and -o")
    if sql is not None:
        answer = query(folder, sql)
        if as_json:
            print(json_text({"winset": __version__, "sweep": str(folder), **answer.to_dict()}))
            return
        from winset.report.sweep import answer_table

        _render([answer_table(answer)])
        return
    if output is not None:
        check_chart(output, force)
    found = summary(folder, by=by or None)
    if output is not None:
        from winset.case import write_whole
        from winset.report.sweep import sweep_picture

        write_whole(output, sweep_picture(found, output.suffix.lower()), new=not force)
        _say(f"chart written to {output.resolve()}")
    elif as_json:
        print(json_text({"winset": __version__, "sweep": str(folder), "result": found.to_dict()}))
    else:
        from winset.report.sweep import sweep_blocks

        _render(sweep_blocks(found))


def _render(blocks: Sequence[Any]) -> None:
    from winset.report.terminal import render

    screen = console()
    for block in blocks:
        render(block, screen)
