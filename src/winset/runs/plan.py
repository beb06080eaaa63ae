"""What is computed in a sweep, piece by piece, and where does it go?

A row is one point of the design and one block of at most 1,024 draws. Rows are numbered: case by case, point
by point, block by block. A piece is a run of rows; how many go into one changes nothing about any row. The
plan is written before anything is computed, and says all that decides the results.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset import __version__
from winset.case import Case, dump, edited, loads, write_whole
from winset.compiled.draws import Uncertain, uncertain
from winset.compiled.sampling import PIECE
from winset.errors import CaseError, Fault, QuestionError
from winset.lenses.estimates import MOST_DRAWS
from winset.runs.design import Axis, axes, input_of, plain_number, points, setting

__all__ = [
    "MOST_DEALS",
    "VERSION",
    "Part",
    "Piece",
    "SweepCase",
    "SweepPlan",
    "plan_sweep",
    "read_plan",
    "write_plan",
]

MOST_DEALS = 2_000_000  # of a case: every draw looks at every deal
VERSION = __version__
DRAWS = 4096  # at every point, when nobody says how many
MOST_TABLE = 1 << 30  # bytes of one table of a block of draws; a worker holds several
PLAN = "plan.json"
_MOST_BLOCKS = 128  # in a piece: with a thousand deals about ten seconds of work
_MANY_PIECES = 256  # a small sweep is cut into no more than this
_MOST_ROWS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SweepCase:
    """A case of a sweep."""

    name: str
    title: str
    digest: str  # of its content, whatever its spelling and comments
    text: str  # the case itself; not part of the written plan
    draws: int  # 1 where nothing is uncertain


@dataclass(frozen=True, slots=True)
class Part:
    """Some draws of one point: a run of rows."""

    case: int
    point: int
    values: tuple[str, ...]  # one for each axis
    first: int
    last: int  # one more than the last draw


@dataclass(frozen=True, slots=True)
class Piece:
    """All that it takes to compute a run of rows, anywhere."""

    number: int
    version: str
    seed: int
    cases: Mapping[int, SweepCase]  # those that occur
    paths: tuple[str, ...]
    parts: tuple[Part, ...]
    columns: tuple[tuple[str, str], ...]  # name, and what it holds: "text", "whole" or "real"


@dataclass(frozen=True)
class SweepPlan:
    """All that decides the results of a sweep."""

    cases: tuple[SweepCase, ...]
    paths: tuple[str, ...]
    numeric: tuple[bool, ...]  # whether an axis holds numbers
    over: tuple[str, ...]  # what was asked for, for a reader
    sample: int | None
    points: tuple[tuple[str, ...], ...]  # of each case
    draws: int
    seed: int
    blocks: int  # in a piece
    columns: tuple[tuple[str, str], ...]
    version: str = VERSION

    @property
    def rows(self) -> int:
        return sum(self._per_point(c) for c in self.cases) * len(self.points)

    @property
    def pieces(self) -> int:
        return -(-self.rows // self.blocks)

    @property
    def total_draws(self) -> int:
        """Of all points together."""
        return sum(c.draws for c in self.cases) * len(self.points)

    @staticmethod
    def _per_point(case: SweepCase) -> int:
        return -(-case.draws // PIECE)

    def piece(self, number: int) -> Piece:
        """One run of rows, from 0."""
        row, end = number * self.blocks, min((number + 1) * self.blocks, self.rows)
        parts = []
        start = 0
        for n, case in enumerate(self.cases):
            each = self._per_point(case)
            stop = start + each * len(self.points)
            while row < min(stop, end):
                point, block = divmod(row - start, each)
                blocks = min(each - block, end - row)
                first, last = block * PIECE, min((block + blocks) * PIECE, case.draws)
                parts.append(Part(n, point, self.points[point], first, last))
                row += blocks
            start = stop
        used = sorted({part.case for part in parts})
        return Piece(
            number,
            self.version,
            self.seed,
            {n: self.cases[n] for n in used},
            self.paths,
            tuple(parts),
            self.columns,
        )

    def to_data(self) -> dict[str, Any]:
        """The plan as it is written down."""
        return {
            "winset": self.version,
            "sweep": 1,
            "cases": [
                {"name": c.name, "title": c.title, "digest": c.digest, "draws": c.draws} for c in self.cases
            ],
            "over": list(self.over),
            "sample": self.sample,
            "draws": self.draws,
            "seed": self.seed,
            "blocks": self.blocks,
            "rows": self.rows,
            "pieces": self.pieces,
            "paths": list(self.paths),
            "numeric": list(self.numeric),
            "columns": [list(c) for c in self.columns],
            "points": [list(p) for p in self.points],
        }


def plan_sweep(
    cases: Mapping[str, Case],
    over: Mapping[str, Sequence[str] | str] | Sequence[str] = (),
    *,
    draws: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    piece: int | None = None,
) -> SweepPlan:
    """Lay out a sweep and check every value of every axis in every case.

    Parameters
    ----------
    cases
        Name to case.
    over
        What is swept: ``PATH=VALUES``, or path to values (see ``winset.runs.design``).
    draws
        Joint draws at every point; 4,096 by default.
    sample
        Points to draw from the product of the axes in place of all of them.
    piece
        Draws in a piece, a multiple of 1,024. It changes how the work is cut, and no result.

    Raises
    ------
    QuestionError
        If anything of it makes no sense for one of the cases.
    """
    if not cases:
        raise QuestionError("a sweep needs a case")
    many = DRAWS if draws is None else int(draws)
    if not 1 <= many <= MOST_DRAWS:
        raise QuestionError(f"{many:,} draws at every point; at least 1 and at most {MOST_DRAWS:,}")
    if sample is not None and sample < 1:
        raise QuestionError(f"--sample is {sample}; at least 1")
    if piece is not None and (piece < PIECE or piece % PIECE):
        raise QuestionError(f"--piece is {piece:,}; a multiple of {PIECE:,} draws")
    models = {name: uncertain(case) for name, case in cases.items()}
    for name, model in models.items():
        _within_limits(name, model)
    swept = axes(over, next(iter(models.values())))
    design = points(swept, sample=sample, seed=seed, cases=len(cases))
    chosen = [
        SweepCase(name, case.title, case.digest(), dump(case), many if models[name].inputs else 1)
        for name, case in cases.items()
    ]
    sweep_cases = [_checked(case, models[case.name], swept, design, many) for case in chosen]
    for axis in swept:
        _bears(axis, list(models.values()))
    rows = sum(-(-c.draws // PIECE) for c in sweep_cases) * len(design)
    if rows > _MOST_ROWS:
        raise QuestionError(
            f"{rows:,} rows of {PIECE:,} draws; at most {_MOST_ROWS:,}: fewer points or fewer --draws"
        )
    if piece is None:
        most = max(1, min(_MOST_BLOCKS, _MOST_BLOCKS * 1000 // max(m.deals for m in models.values())))
        blocks = max(1, min(most, rows // _MANY_PIECES))
    else:
        blocks = piece // PIECE
    numeric = tuple(
        a.between is not None or not a.values or all(_numeric(v) for v in a.values) for a in swept
    )
    return SweepPlan(
        cases=tuple(sweep_cases),
        paths=tuple(a.path for a in swept),
        numeric=numeric,
        over=tuple(f"{a.path}={_shown(a)}" for a in swept),
        sample=sample,
        points=design,
        draws=many,
        seed=int(seed),
        blocks=blocks,
        columns=_columns([models[c.name] for c in sweep_cases], swept, numeric),
    )


def _bears(axis: Axis, models: Sequence[Uncertain]) -> None:
    """Refuse an axis on which no column depends: all its rows would be alike."""
    from winset.lenses.comparison_values import ASKED, reads

    block = axis.path.partition(".")[0]
    drawn = [item.path for m in models if (item := input_of(m, axis.path)) is not None]
    joined = {path for m in models for c in m.case.correlations for path in c.between}
    parties = {p for m in models for p in m.parties}
    if reads("zone", block) or block in parties or joined.intersection(drawn):
        return
    lenses = [lens for lens in ASKED if reads(lens, block)]
    raise QuestionError(
        f"--over {axis.path}: no column of a sweep depends on it; a sweep counts what passes and who "
        f"accepts it, and sums up gains, and none of these reads {block}"
        + (f'; ask winset compare CASE --set "{axis.path}=VALUE" --lens {lenses[0]}' if lenses else "")
    )


def _within_limits(name: str, model: Uncertain) -> None:
    if model.deals > MOST_DEALS:
        raise QuestionError(
            f"{name} has {model.deals:,} deals; a sweep looks at every deal in every draw, and takes "
            f"cases of at most {MOST_DEALS:,}"
        )
    cells = max(len(g.options) for g in model.groups)
    table = 8 * PIECE * cells * len(model.parties)
    if table > MOST_TABLE:
        raise QuestionError(
            f"{name} ties issues into a group of {cells:,} combinations; a table of {PIECE:,} draws of it "
            f"takes {table / 2**30:,.1f} GiB, and a sweep takes at most {MOST_TABLE / 2**30:,.1f}; "
            "tie fewer issues by forbid, linkages and red lines"
        )


def _numeric(value: str) -> bool:
    return value.startswith("@") or plain_number(value) is not None


def _shown(axis: Axis) -> str:
    if axis.values:
        return ",".join(axis.values)
    if axis.between is None:
        return "@"
    return "..".join(f"{float(x):g}" for x in axis.between)


def _checked(
    case: SweepCase, model: Uncertain, swept: Sequence[Axis], design: Sequence[tuple[str, ...]], draws: int
) -> SweepCase:
    """The case, once every value of every axis was tried on it, each by itself."""
    edits_add_ranges = False
    for n, axis in enumerate(swept):
        for value in axis.values or sorted({point[n] for point in design}):
            if setting(model, axis.path, value) is None:
                edits_add_ranges |= bool(variant(case, ((axis.path, value),)).inputs)
    if edits_add_ranges and case.draws < draws:
        return SweepCase(case.name, case.title, case.digest, case.text, draws)
    return case


def variant(case: SweepCase, changes: tuple[tuple[str, str], ...]) -> Uncertain:
    """A case with some values changed, ready for draws.

    Raises
    ------
    QuestionError
        If the changed case is not in order.
    """
    from winset.case.text import parse_yaml

    text = case.text
    if changes:
        raw = {
            path: parse_yaml(value, "VALUE").data if value[:1] in ("{", "[") else value
            for path, value in changes
        }
        what = " and ".join(f"{path} = {value}" for path, value in changes)
        try:
            text = edited(text, raw, file=case.name)
        except CaseError as error:
            raise QuestionError(f"{case.name} with {what}: {_why(error.faults)}") from None
        except QuestionError as error:
            raise QuestionError(f"{case.name}: {error}") from None
    return uncertain(loads(text, file=case.name))


def _why(faults: Sequence[Fault]) -> str:
    first = faults[0]
    words = (f"{first.where}: " if first.where else "") + first.message
    words += f", allowed: {first.allowed}" if first.allowed else ""
    words += f", {first.hint}" if first.hint else ""
    return words + (f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else "")


def _columns(
    models: Sequence[Uncertain], swept: Sequence[Axis], numeric: Sequence[bool]
) -> tuple[tuple[str, str], ...]:
    """Inputs beside outputs; see the page on sweeps."""
    parties = dict.fromkeys(p for m in models for p in m.parties)
    offers = dict.fromkeys(o for m in models for o in m.case.offers)
    out = [("case", "text"), ("point", "whole")]
    out += [(axis.path, "real" if number else "text") for axis, number in zip(swept, numeric, strict=True)]
    out += [("seed", "whole"), ("first", "whole"), ("draws", "whole"), ("deals", "whole")]
    out += [("zone", "whole"), ("zone_deals", "whole")]
    out += [(f"accepted:{p}", "whole") for p in parties]
    out += [("least", "real"), ("least_squared", "real")]
    for p in parties:
        out += [(f"gain:{p}", "real"), (f"gain_squared:{p}", "real")]
    for offer in offers:
        out += [(f"offer:{offer}", "whole"), *((f"offer:{offer}:{p}", "whole") for p in parties)]
    return tuple(out)


# ------------------------------------------------------------------------------------------------ the folder


def write_plan(plan: SweepPlan, folder: Path) -> None:
    """Write the plan into its folder, or see that the one that is there is the same.

    Raises
    ------
    CaseError
        If the folder holds another plan, or something else; nothing is changed then.
    """
    path = folder / PLAN
    if folder.exists() and not folder.is_dir():
        raise _fault(folder, "this is a file, not a folder", "choose another name")
    if path.exists():
        old, new = read_plan(folder), json.loads(json.dumps(plan.to_data()))
        differs = [key for key in new if old.get(key) != new[key]]
        if differs:
            raise _fault(
                folder,
                "the folder holds another sweep; nothing was changed",
                f"choose another folder with -o ({_difference(differs, old, new)})",
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise _fault(folder, "the folder is not empty and holds no sweep", "choose another folder with -o")
    try:
        (folder / "pieces").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _fault(folder, f"the folder cannot be made: {error.strerror}") from None
    write_whole(path, json.dumps(plan.to_data(), ensure_ascii=False, indent=1) + "\n")


def _difference(keys: Sequence[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    words = {
        "winset": "version",
        "over": "--over",
        "sample": "--sample",
        "draws": "--draws",
        "seed": "--seed",
    }
    for key, word in words.items():
        if key in keys and len(str(old.get(key))) + len(str(new[key])) < 120:
            return f"{word}: {old.get(key)} there, {new[key]} here"
    return f"they differ in {'--piece' if keys[0] in ('blocks', 'pieces') else keys[0]}"


def read_plan(folder: Path) -> dict[str, Any]:
    """The plan of a folder.

    Raises
    ------
    CaseError
        If there is none that can be read.
    """
    path = folder / PLAN
    if not folder.is_dir():
        raise _fault(folder, "there is no such folder")
    if not path.exists():
        raise _fault(folder, "the folder holds no sweep", "winset sweep CASE --over PATH=VALUES makes one")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        known = data["sweep"] == 1 and all(
            isinstance(data[key], list) for key in ("cases", "paths", "numeric", "columns", "points")
        )
        known = known and math.prod(data[k] for k in ("pieces", "rows", "draws", "blocks")) > 0
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise _fault(path, "this is not the plan of a sweep", "start the sweep again in another folder")
    return data  # type: ignore[no-any-return]


def _fault(path: Path, message: str, hint: str = "") -> CaseError:
    return CaseError([Fault(str(path), 0, 0, "", message, hint=hint)])
