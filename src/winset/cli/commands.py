"""The commands. Everything heavy is imported where it is used, so that ``--help`` is quick."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from winset import __version__
from winset.cli.agenda import agenda
from winset.cli.compare import compare, judges, value_of
from winset.cli.export import export
from winset.cli.log import log
from winset.cli.printing import console, json_text, progress_bar
from winset.cli.sweep import app as sweep_app
from winset.cli.theory import app as theory_app
from winset.errors import CaseError, Fault, QuestionError

if TYPE_CHECKING:
    from winset.case import Case, Loaded

__all__ = ["app"]

app = typer.Typer(
    name="winset",
    help="Understand a negotiation: which deals can everyone needed accept, who blocks the rest and why, "
    "and which are efficient and fair.",
    epilog="Start with:  winset new my-case   then   winset brief my-case.yaml",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

app.add_typer(log, name="log")
app.command()(compare)
app.command()(judges)
app.command()(agenda)
app.command()(export)
app.add_typer(sweep_app, name="sweep")
app.add_typer(theory_app, name="theory")

# a test keeps this equal to winset.lenses.LENSES
LENS_NAMES = (
    "zone",
    "blockers",
    "levers",
    "frontier",
    "solutions",
    "exclusion",
    "power",
    "ratification",
    "course",
    "war",
    "threats",
    "concessions",
    "durability",
    "stability",
    "dilemmas",
    "sensitivity",
    "information",
    "beliefs",
    "claims",
    "agenda",
    "venue",
)


def _lens_names(incomplete: str) -> list[str]:
    return [name for name in LENS_NAMES if name.startswith(incomplete)]


CaseFile = Annotated[Path, typer.Argument(help="The case file (YAML).", metavar="CASE", show_default=False)]
Seed = Annotated[int, typer.Option(help="Seed for whatever is estimated by random draws.", min=0)]


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        print(f"winset {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def brief(
    case: CaseFile,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Write to FILE.html, FILE.md or FILE.json instead of the terminal.",
            metavar="FILE",
        ),
    ] = None,
    seed: Seed = 0,
    draws: Annotated[
        int | None,
        typer.Option("--draws", help="Joint draws of all ranges and types.", min=0, show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE whatever it holds.")] = False,
) -> None:
    """Write the brief on a case, for a reader."""
    from winset.case import open_case, write_whole

    loaded = open_case(case)
    if output is not None:
        _check_output(output, case, force)
        if output.suffix.lower() == ".html":
            from winset.report.drawing import start

            start()
    from winset.report import brief as make
    from winset.report import show
    from winset.report.beside import allow

    allow()
    with progress_bar() as progress:
        made = make(loaded, rng=seed, progress=progress, draws=draws)
        text = ""
        if output is not None:
            suffix = output.suffix.lower()
            if suffix == ".html":
                text = made.to_html()
            elif suffix == ".md":
                text = made.to_markdown()
            else:
                text = json_text(made.to_dict())
    if output is None:
        show(made, console())
        return
    write_whole(output, text)
    print(f"brief written to {output.resolve()}", file=sys.stderr)


def _check_output(output: Path, case: Path, force: bool) -> None:
    """Refuse to write where something of the user's would be lost."""

    def fail(message: str, **more: str) -> NoReturn:
        raise CaseError([Fault(str(output), 0, 0, "", message, **more)])

    if output.suffix.lower() not in (".html", ".md", ".json"):
        fail("a brief cannot be written in this format", allowed="a name that ends in .html, .md or .json")
    if not output.parent.is_dir():
        fail("there is no such folder", value=str(output.parent))
    if output.is_dir():
        fail("this is a folder, not a file")
    if output.exists():
        if output.samefile(case):
            fail("this is the case file itself", hint="choose another name")
        with output.open("rb") as stream:
            head = stream.read(4096).lower()
        if head.strip() and b"winset" not in head and not force:
            fail(
                "there is a file of this name that is not a brief", hint="choose another name, or add --force"
            )


@app.command()
def ask(
    lens: Annotated[
        str,
        typer.Argument(
            help="The question: " + ", ".join(LENS_NAMES) + ".",
            metavar="LENS",
            autocompletion=_lens_names,
            show_default=False,
        ),
    ],
    case: CaseFile,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
    seed: Seed = 0,
    offer: Annotated[
        list[str] | None,
        typer.Option(
            "--offer",
            "--deal",
            help="An offer of the case to look at; may be repeated. (blockers, frontier, durability)",
        ),
    ] = None,
    within: Annotated[
        float | None,
        typer.Option(
            "--within", help="Tolerance in utility points for very large frontiers. (frontier, solutions)"
        ),
    ] = None,
    lotteries: Annotated[
        bool, typer.Option("--lotteries", help="Also solve over lotteries between deals. (solutions)")
    ] = False,
    weight: Annotated[
        list[str] | None,
        typer.Option("--weight", help="Bargaining weight, e.g. usa=2; may be repeated. (solutions)"),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option("--most", help="Deals or changes to list. (zone, levers, frontier, exclusion)", min=1),
    ] = None,
    solution: Annotated[
        str | None,
        typer.Option(
            "--solution", help="The deal taken: nash (default), egalitarian, utilitarian. (exclusion)"
        ),
    ] = None,
    goodwill: Annotated[
        float | None,
        typer.Option(
            "--goodwill", help="Points that each gives up at most for a party consulted. (exclusion)"
        ),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option("--draws", help="Joint draws of all ranges and types.", min=0, show_default=False),
    ] = None,
    sampler: Annotated[
        str | None, typer.Option("--sampler", help="How to draw: random (default) or sobol.")
    ] = None,
    to_within: Annotated[
        str | None,
        typer.Option("--to-within", help="Draw until the probability is known to this, e.g. 1%."),
    ] = None,
    design: Annotated[
        str | None,
        typer.Option("--design", help="Variance shares: given-data (default) or pick-freeze. (sensitivity)"),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            help="The probability that is wanted, e.g. 60%: of an open zone, or that a deal holds. "
            "(levers, durability)",
        ),
    ] = None,
    horizon: Annotated[
        str | None,
        typer.Option(
            "--horizon",
            help="How far ahead to look: a time, e.g. 5 years (durability); a number of moves (stability).",
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--day", help="The day to hold flags against, e.g. 2025-08-15. (venue)"),
    ] = None,
    decision: Annotated[
        str | None,
        typer.Option("--decision", help="A decision of the case; all by default. (information)"),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option("--margin", help="Utility points that count as something; 1 by default. (concessions)"),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            help='Another course, e.g. "without STAGE", "with PARTY in STAGE", "order STAGE, STAGE", '
            '"deadline 3 months", "mediator PARTY in STAGE"; may be repeated. (course)',
        ),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            help='A state to look at, e.g. "press on=yes, sanctions=yes"; may be repeated. (stability)',
        ),
    ] = None,
    wanted: Annotated[
        str | None,
        typer.Option("--wanted", help="A state: what would have to be preferred for it? (stability)"),
    ] = None,
    coalitions: Annotated[
        bool, typer.Option("--coalitions", help="Also look at joint moves of parties. (stability)")
    ] = False,
    coalition: Annotated[
        list[str] | None,
        typer.Option(
            "--coalition", help='Joint moves of these alone, e.g. "usa, europe"; may be repeated. (stability)'
        ),
    ] = None,
) -> None:
    """Ask one question of a case."""
    if lens not in LENS_NAMES:
        from winset.case.text import closest

        hint = closest(lens, LENS_NAMES)
        raise QuestionError(
            f'there is no lens "{lens}"'
            + (f"; {hint}" if hint else "")
            + f"\n    lenses: {', '.join(LENS_NAMES)}"
        )
    given: dict[str, tuple[str, Any]] = {  # the lens's parameter -> the flag, and what was given
        "deals": ("--offer", offer or None),
        "within": ("--within", within),
        "lotteries": ("--lotteries", lotteries or None),
        "weights": ("--weight", _weights(weight)),
        "most": ("--most", most),
        "solution": ("--solution", solution),
        "goodwill": ("--goodwill", goodwill),
        "draws": ("--draws", draws),
        "method": ("--sampler", sampler),
        "to_within": ("--to-within", _share(to_within, "--to-within", "1% or 0.01")),
        "design": ("--design", design),
        "target": ("--target", _share(target, "--target", "60% or 0.6")),
        "horizon": ("--horizon", _moves(horizon) if lens == "stability" else horizon),
        "decision": ("--decision", decision),
        "margin": ("--margin", margin),
        "what_if": ("--what-if", what_if or None),
        "day": ("--day", day),
        "state": ("--state", [_state(text, "--state") for text in state or ()] or None),
        "wanted": ("--wanted", None if wanted is None else _state(wanted, "--wanted")),
        "coalitions": (
            "--coalition" if coalition else "--coalitions",
            _coalitions(coalition) or coalitions or None,
        ),
    }
    from winset.case import open_case

    loaded = open_case(case)
    import inspect

    import winset.lenses as lenses

    takes = {lens_.__name__: inspect.signature(lens_).parameters for lens_ in lenses.LENSES}
    options: dict[str, Any] = {}
    for key, (flag, value) in given.items():
        if value is None:
            continue
        if key == "to_within" and key not in takes[lens] and "draws" in takes[lens]:
            with progress_bar() as progress:
                options["draws"] = lenses.draws_within(
                    loaded.case, value, draws=draws, rng=seed, method=sampler or "random", progress=progress
                )
            continue
        if key not in takes[lens]:
            if key == "to_within":
                key = "draws"
            fit = [name for name in LENS_NAMES if key in takes[name]]
            raise QuestionError(f"{flag} means nothing to {lens}; it goes with {' and '.join(fit)}")
        options[key] = value
    if "rng" in takes[lens]:
        options["rng"] = seed
    with progress_bar() as progress:
        if "progress" in takes[lens]:
            options["progress"] = progress
        result = getattr(lenses, lens)(loaded.case, **options)
    if as_json:
        print(json_text(document(lens, loaded, seed, result.to_dict())))
        return
    from winset.report import lens_terminal

    lens_terminal(result, loaded.case, console())


def _coalitions(told: list[str] | None) -> list[list[str]]:
    """Coalitions by their members: "usa, europe"."""
    return [[name.strip() for name in text.split(",")] for text in told or ()]


def _moves(horizon: str | None) -> int | None:
    """A number of moves to look ahead."""
    if horizon is None:
        return None
    if not horizon.isdecimal() or not int(horizon):
        raise QuestionError(f"--horizon {horizon} is not a number of moves\n    allowed: 1 or more, e.g. 3")
    return int(horizon)


def _state(text: str, flag: str) -> dict[str, bool]:
    """A state of a conflict: "press on=yes, sanctions=no"."""
    out: dict[str, bool] = {}
    for item in (part for part in text.split(",") if part.strip()):
        option, sign, value = item.rpartition("=")
        taken = {"yes": True, "true": True, "no": False, "false": False}.get(value.strip().lower())
        if not sign or taken is None or not option.strip():
            raise QuestionError(f'{flag} is "{text}"; write it as option=yes, option=no')
        if out.setdefault(option.strip(), taken) is not taken:
            raise QuestionError(f'{flag} is "{text}"; {option.strip()} cannot be both')
    if not out:
        raise QuestionError(f"{flag} names no option; write it as option=yes, option=no")
    return out


def _share(text: str | None, flag: str, example: str) -> float | None:
    """A probability, or a tolerance of one: 1% or 0.01."""
    if text is None:
        return None
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise QuestionError(f'{flag} is "{text}"; write it as {example}') from None


def document(lens: str, loaded: Loaded, seed: int, result: dict[str, Any]) -> dict[str, Any]:
    """The document that ``--json`` prints (see docs/reference/json.md)."""
    return {
        "winset": __version__,
        "lens": lens,
        "case": {"title": loaded.case.title, "sha256": loaded.sha256},
        "seed": seed,
        "result": result,
    }


def _weights(given: list[str] | None) -> dict[str, float] | None:
    if not given:
        return None
    out = {}
    for item in given:
        party, sign, number = item.rpartition("=")
        try:
            out[party] = float(number)
        except ValueError:
            sign = ""
        if not sign or not party:
            raise QuestionError(f'--weight is "{item}"; write it as party=number, e.g. --weight usa=2')
    return out


@app.command()
def check(
    cases: Annotated[
        list[Path], typer.Argument(help="Case files (YAML).", metavar="CASE...", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as one JSON document.")] = False,
) -> None:
    """Check case files, and show all faults at once.

    Each fault comes with its line and column, what was found, what is allowed and a hint.
    """
    from winset.case import open_case
    from winset.compiled import compile_case
    from winset.report.words import times

    faults: list[Fault] = []
    for path in cases:
        try:
            case = open_case(path).case
            compiled = compile_case(case)
        except CaseError as error:
            faults += error.faults
            if not as_json:
                print(error, file=sys.stderr)
            continue
        except QuestionError as error:
            faults.append(Fault(str(path), 0, 0, "", str(error)))
            if not as_json:
                print(f"{path}: {error}", file=sys.stderr)
            continue
        if not as_json:
            numbers = [n for _, n, _ in case.numbers()]
            ranges, sourced = sum(n.is_range for n in numbers), sum(bool(n.because) for n in numbers)
            print(
                f"{path}: in order. {times(len(case.parties), 'party', 'parties')}, "
                f"{times(len(case.issues), 'issue')}, {times(compiled.deals, 'deal')}; "
                f"{times(len(numbers), 'number')}, {ranges} of them "
                f"{'a range' if ranges == 1 else 'ranges'}, {sourced} citing a claim"
            )
            for advice in _advice(case):
                print(f"    note: {advice}")
    if as_json:
        print(json_text({"winset": __version__, "ok": not faults, "faults": [f.to_dict() for f in faults]}))
    if faults:
        raise typer.Exit(2)


def _advice(case: Case) -> Iterator[str]:
    """What is allowed and yet often a slip."""
    for party, prefs in case.preferences.items():
        left_out = [i for i in case.issues if i not in (prefs.weights or {})]
        if left_out:
            named = (
                ", ".join(left_out) if len(left_out) <= 3 else f"{len(left_out)} of {len(case.issues)} issues"
            )
            yield f"{party} gives no weight to {named}: counted as 0"
        for issue, scores in (prefs.scores or {}).items():
            ends = [s for o, s in scores.items()]
            if ends and max(s.high for s in ends) < 50:
                yield f"{party} scores no option of {issue} above 50; 100 is meant for its best"
    unused = [s for s in case.sources if all(c.source != s for c in case.claims.values())]
    if unused:
        yield f"no claim uses the sources {', '.join(unused)}"


@app.command(name="set")
def set_(
    case: CaseFile,
    path: Annotated[str, typer.Argument(help="Where, e.g. preferences.ukraine.no_deal; lists count from 1.")],
    value: Annotated[
        str, typer.Argument(help='The new value, e.g. "30 to 45" or "{fighting: full ceasefire}".')
    ],
) -> None:
    """Change one value of a case file.

    Comments and layout stay. A change that would break the case is refused.
    """
    from winset.case import edit

    edit(case, {path: value_of(value)})
    print(f"{case}: {path} is now {value}", file=sys.stderr)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The name of the case, or of its file.", metavar="NAME")],
) -> None:
    """Write a commented starter case that runs."""
    from winset.case import starter, write_whole

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if not path.stem.strip() or not path.parent.is_dir():
        message = "there is no such folder" if path.stem.strip() else "the case needs a name"
        raise CaseError([Fault(str(path), 0, 0, "", message, value=str(path.parent))])
    title = " ".join(path.stem.replace("_", " ").replace("-", " ").split())
    write_whole(path, starter(title[:1].upper() + title[1:]), new=True)
    print(f"starter case written to {path}\nnext:  winset brief {path}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the case file.

    Editors that know it complete and check a case while it is typed.
    """
    from winset.case import json_schema

    print(json_text(json_schema()))


@app.command(name="import")
def import_(
    path: Annotated[
        Path,
        typer.Argument(
            help="A Genius XML file or folder, a NegMAS scenario folder, or a .gmcr file.", show_default=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The case file to write; standard output if left out."),
    ] = None,
) -> None:
    """Turn another tool's scenario into a case.

    Reads Genius XML, NegMAS scenarios and conflicts of gmcr-py. What cannot be carried over exactly is
    refused or listed.
    """
    from winset.case import write_whole
    from winset.case.foreign import import_scenario, to_text

    imported = import_scenario(path)
    text = to_text(imported)
    if output is None:
        print(text, end="")
    else:
        write_whole(output, text, new=True)
        print(f"case written to {output}", file=sys.stderr)
    for note in imported.notes:
        print(f"note: {note}", file=sys.stderr)


@app.command(name="lenses")
def lenses_() -> None:
    """List the questions that can be asked."""
    import inspect

    import winset.lenses as lenses

    for lens in lenses.LENSES:
        module = sys.modules[lens.__module__]
        question = (inspect.getdoc(module) or "").splitlines()[0]
        print(f"{lens.__name__:<12} {question}")
