"""The commands that take several cases: compare and judges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winset import __version__
from winset.cli.printing import console, json_text, progress_bar
from winset.errors import QuestionError

if TYPE_CHECKING:
    from winset.case import Loaded

__all__ = ["compare", "judges", "value_of"]

Files = Annotated[
    list[Path], typer.Argument(help="Case files (YAML).", metavar="CASE...", show_default=False)
]
Seed = Annotated[int, typer.Option(help="Seed of the draws.", min=0)]
Draws = Annotated[
    int | None,
    typer.Option("--draws", help="Joint draws of all ranges and types.", min=1, show_default=False),
]
How = Annotated[str, typer.Option("--sampler", help="How to draw: random or sobol.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def compare(
    cases: Files,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="A value to change, in memory only; may be repeated. With one case it makes the version to "
            "compare with; with several it is changed in each.",
        ),
    ] = None,
    alternatives: Annotated[
        list[str] | None,
        typer.Option(
            "--alt",
            metavar='"NAME: PATH=VALUE; ..."',
            help="A named version of the one case; may be repeated.",
        ),
    ] = None,
    lens: Annotated[
        str | None,
        typer.Option(
            "--lens",
            help="Compare only what these ask: zone, blockers, frontier, solutions, course, ratification, "
            "durability, threats, concessions, war, stability; all that the case states if left out.",
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", help="Deals of each version to compare.", min=0)] = 3,
    draws: Draws = None,
    sampler: How = "random",
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Set versions of a case side by side, and show what changes.

    The versions are case files, or one case file with values changed; no file is written. All are looked at
    in the same draws, so that small differences show.
    """
    from winset.case import Case
    from winset.lenses.comparison import compare as ask

    loaded = _open(cases)
    shared = dict(_change(item, "--set") for item in changes or ())
    named = [_alternative(item) for item in alternatives or ()]
    versions: dict[str, Case] = {}
    if len(loaded) == 1:
        ((name, base),) = loaded.items()
        versions[name] = base.case
        if shared:
            versions["; ".join(f"{k}={v}" for k, v in shared.items())] = _edited(base, shared)
        for title, edits in named:
            if title in versions:
                raise QuestionError(f'two versions are called "{title}"')
            versions[title] = _edited(base, edits)
        if len(versions) == 1:
            raise QuestionError(
                "there is nothing to compare with; add another case, --set PATH=VALUE or --alt "
                '"NAME: PATH=VALUE"'
            )
    else:
        if named:
            raise QuestionError("--alt goes with one case; give each version a file of its own, or use --set")
        versions = {name: _edited(item, shared) if shared else item.case for name, item in loaded.items()}
    lenses = [part.strip() for part in lens.split(",")] if lens else None
    with progress_bar() as progress:
        result = ask(
            versions, lenses=lenses, draws=draws, rng=seed, method=sampler, most=most, progress=progress
        )
    if as_json:
        print(json_text(_document("compare", loaded, seed, result.to_dict())))
        return
    from winset.report.compare import comparison
    from winset.report.terminal import render

    out = console()
    for block in comparison(result, versions):
        render(block, out)


def judges(
    cases: Files,
    weight: Annotated[
        list[str] | None,
        typer.Option(
            "--weight",
            help="How much a judge counts, e.g. engineer=2; the name is the file's; may be repeated.",
        ),
    ] = None,
    draws: Draws = None,
    sampler: How = "random",
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Set several judges' cases of one negotiation side by side.

    Shows where their numbers differ, which of the differences matter, and what pools of their answers say.
    """
    from winset.lenses.judges import judges as ask

    loaded = _open(cases)
    weights = {}
    for item in weight or ():
        name, sign, number = item.rpartition("=")
        try:
            weights[name] = float(number)
        except ValueError:
            sign = ""
        if not sign or not name:
            raise QuestionError(f'--weight is "{item}"; write it as name=number, e.g. --weight engineer=2')
    whole = {name: item.case for name, item in loaded.items()}
    with progress_bar() as progress:
        result = ask(whole, weights=weights, draws=draws, rng=seed, method=sampler, progress=progress)
    if as_json:
        print(json_text(_document("judges", loaded, seed, result.to_dict())))
        return
    from winset.report.compare import judged
    from winset.report.terminal import render

    out = console()
    for block in judged(result, whole):
        render(block, out)


def value_of(text: str) -> Any:
    """A value as it is given on the command line: text, or a mapping or list in braces or brackets."""
    from winset.case.text import parse_yaml

    return parse_yaml(text, "VALUE").data if text.lstrip()[:1] in ("{", "[") else text


def _open(cases: list[Path]) -> dict[str, Loaded]:
    """The cases by the names of their files; with their folders where two are alike."""
    from winset.case import open_case

    stems = [path.stem for path in cases]
    names = [str(path) if stems.count(path.stem) > 1 else path.stem for path in cases]
    for name in names:
        if names.count(name) > 1:
            raise QuestionError(f"{name} is named twice")
    return {name: open_case(path) for name, path in zip(names, cases, strict=True)}


def _change(item: str, flag: str) -> tuple[str, str]:
    path, sign, value = item.partition("=")
    if not sign or not path.strip() or not value.strip():
        raise QuestionError(
            f'{flag}: "{item}" is no change; write PATH=VALUE, e.g. "preferences.ukraine.no_deal=30 to 45"'
        )
    return path.strip(), value.strip()


def _alternative(item: str) -> tuple[str, dict[str, str]]:
    name, sign, rest = item.partition(":")
    parts = [part for part in rest.split(";") if part.strip()]
    if not sign or not name.strip() or "=" in name or not parts:
        raise QuestionError(
            f'--alt is "{item}"; write "NAME: PATH=VALUE; PATH=VALUE", e.g. "firm: '
            'preferences.ukraine.no_deal=60"'
        )
    return name.strip(), dict(_change(part, "--alt") for part in parts)


def _edited(item: Loaded, changes: dict[str, str]) -> Any:
    from winset.case import edited, loads

    text = edited(item.text, {path: value_of(value) for path, value in changes.items()}, file=item.file)
    return loads(text, file=item.file)


def _document(command: str, loaded: dict[str, Loaded], seed: int, result: dict[str, Any]) -> dict[str, Any]:
    """The document that ``--json`` prints (see docs/reference/json.md)."""
    return {
        "winset": __version__,
        "lens": command,
        "cases": {name: {"title": c.case.title, "sha256": c.sha256} for name, c in loaded.items()},
        "seed": seed,
        "result": result,
    }
