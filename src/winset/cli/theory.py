"""``winset theory``: bargaining games of the textbooks, what theory says and the play of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

import typer

from winset import __version__
from winset.cli.compare import value_of
from winset.cli.printing import console, json_text

__all__ = ["app"]

app = typer.Typer(
    help="Bargaining games of the textbooks: what theory says, and the simulated play of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Draws = Annotated[
    int | None,
    typer.Option("--draws", help="Plays, and draws of the ranges.", min=1, show_default="10,000"),
]
Seed = Annotated[int, typer.Option(help="Seed of the draws.", min=0)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@app.command()
def rubinstein(
    discount: Annotated[
        str,
        typer.Option(
            "--discount",
            help='What a share is worth a round later, for both or for each: "0.9,0.8", "0.7 to 0.9".',
            show_default=False,
        ),
    ],
    rounds: Annotated[
        int | None,
        typer.Option("--rounds", help="After so many nobody gets anything.", show_default="without end"),
    ] = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Alternating offers of two who mind waiting (Rubinstein 1982)."""
    from winset.theory import rubinstein as solve

    _answer(
        "rubinstein",
        lambda: solve(_several(discount), rounds=rounds, draws=draws, rng=seed),
        seed,
        as_json,
    )


@app.command()
def breakdown(
    risk: Annotated[
        str,
        typer.Option(
            "--risk", help="Probability that talks end after a refusal: 10%, 5% to 15%.", show_default=False
        ),
    ],
    fallback: Annotated[
        str,
        typer.Option("--fallback", help='What both have after a breakdown, as shares of the pie: "10%,30%".'),
    ] = "0",
    exponent: Annotated[
        str,
        typer.Option(
            "--exponent",
            help='A share is valued as the share to this power: 1 does not mind risk, less does; "1,0.5".',
        ),
    ] = "1",
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Alternating offers with a risk of breakdown (Binmore, Rubinstein and Wolinsky 1986)."""
    from winset.theory import breakdown as solve

    _answer(
        "breakdown",
        lambda: solve(
            value_of(risk),
            fallback=_several(fallback),
            exponent=_several(exponent),
            draws=draws,
            rng=seed,
        ),
        seed,
        as_json,
    )


@app.command(name="baron-ferejohn")
def baron_ferejohn(
    members: Annotated[int, typer.Option("--members", help="How many vote.", show_default=False)],
    discount: Annotated[
        str,
        typer.Option(
            "--discount",
            help='What a share is worth a session later, for all or for each: 0.9, "0.7 to 0.9".',
            show_default=False,
        ),
    ],
    quota: Annotated[
        int | None,
        typer.Option(
            "--quota",
            help="Votes that pass a proposal, the proposer's counted.",
            show_default="more than half",
        ),
    ] = None,
    recognition: Annotated[
        str | None,
        typer.Option(
            "--recognition", help='How likely each is to propose, as weights: "3,1,1".', show_default="equal"
        ),
    ] = None,
    sessions: Annotated[
        int | None,
        typer.Option("--sessions", help="After so many nobody gets anything.", show_default="without end"),
    ] = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Proposals to a body that votes, without amendments (Baron and Ferejohn 1989)."""
    from winset.theory import baron_ferejohn as solve

    _answer(
        "baron-ferejohn",
        lambda: solve(
            members,
            quota=quota,
            discount=_several(discount),
            recognition=None if recognition is None else _several(recognition),
            sessions=sessions,
            draws=draws,
            rng=seed,
        ),
        seed,
        as_json,
    )


@app.command()
def ultimatum(
    reserve: Annotated[
        str,
        typer.Option(
            "--reserve",
            help='The least that the other accepts, as far as it is known: "10 to 40", "10 to 40, uniform".',
            show_default=False,
        ),
    ],
    pie: Annotated[str, typer.Option("--pie", help="What is divided.")] = "100",
    keep: Annotated[str, typer.Option("--keep", help="What who offers has without agreement.")] = "0",
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """One take-it-or-leave-it offer to somebody whose reservation value is not known."""
    from winset.theory import ultimatum as solve

    _answer(
        "ultimatum",
        lambda: solve(value_of(reserve), pie=value_of(pie), keep=value_of(keep), draws=draws, rng=seed),
        seed,
        as_json,
    )


@app.command()
def fearon(
    p: Annotated[
        str,
        typer.Option("--p", help="The chance that A, who makes the demand, prevails.", show_default=False),
    ],
    cost_a: Annotated[
        str,
        typer.Option("--cost-a", help="What fighting costs A, as a share of the stake.", show_default=False),
    ],
    cost_b: Annotated[
        str,
        typer.Option(
            "--cost-b",
            help='What it costs B, as far as A knows: "0 to 0.3, uniform", "10% to 30%".',
            show_default=False,
        ),
    ],
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """One demand of somebody whose cost of fighting is not known (Fearon 1995)."""
    from winset.theory import fearon as solve

    _answer(
        "fearon",
        lambda: solve(value_of(p), value_of(cost_a), value_of(cost_b), draws=draws, rng=seed),
        seed,
        as_json,
    )


@app.command()
def powell(
    p: Annotated[
        str, typer.Option("--p", help="The chance that A, who rises, prevails now.", show_default=False)
    ],
    later: Annotated[str, typer.Option("--later", help="The same a period later.", show_default=False)],
    cost_a: Annotated[
        str,
        typer.Option("--cost-a", help="What fighting costs A, as a share of the stake.", show_default=False),
    ],
    cost_b: Annotated[str, typer.Option("--cost-b", help="What it costs B.", show_default=False)],
    discount: Annotated[str, typer.Option("--discount", help="What a share is worth a period later.")] = "1",
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Power shifts, and nobody can promise not to use it later (Powell 2006)."""
    from winset.theory import powell as solve

    given = [value_of(text) for text in (p, later, cost_a, cost_b)]
    _answer(
        "powell", lambda: solve(*given, discount=value_of(discount), draws=draws, rng=seed), seed, as_json
    )


def _several(text: str) -> list[Any]:
    """Numbers with commas between them; a comma before "mode" or "uniform", or in braces, is part of one."""
    return [value_of(part.strip()) for part in re.split(r",(?!\s*(?:mode|uniform)\b)(?![^{]*\})", text)]


def _answer(game: str, solve: Callable[[], Any], seed: int, as_json: bool) -> None:
    result = solve()
    if as_json:
        print(json_text({"winset": __version__, "theory": game, "seed": seed, "result": result.to_dict()}))
        return
    from winset.report.terminal import render
    from winset.report.theory import game_blocks

    out = console()
    for block in game_blocks(result):
        render(block, out)
