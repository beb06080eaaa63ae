"""What came out of a sweep? Rows put together by what was swept, with their Monte Carlo errors.

A probability at one point has Wilson's interval (Wilson 1927), a mean the usual one. All points see the same
draws (common random numbers), so points that are averaged are not independent of each other: the interval of
their average is that of one point, which is never too narrow (the variance of an average over points is at
most the average of their second moments less the square of the mean). What the choice of points itself leaves
open is not in it.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.errors import CaseError, Fault, QuestionError
from winset.lenses.estimates import Z95, Estimate, share
from winset.lenses.results import Result
from winset.runs.engine import needs
from winset.runs.plan import read_plan

if TYPE_CHECKING:
    import duckdb

__all__ = ["Answer", "SweepRow", "SweepSummary", "query", "summary"]

_MOST_VALUES = 40  # of an axis of numbers; with more, they are put into tenths
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class SweepRow(Result):
    """What came out for one combination of values."""

    case: str
    values: tuple[str | float, ...]  # of the axes by which rows are put together
    upto: tuple[float | None, ...]  # the other end, where several values of an axis are put together
    points: int
    draws: int  # at each point
    zone: Estimate  # the probability that some deal passes
    zone_share: float | None  # of all deals, the mean over draws
    accepted: dict[str, float]  # party -> share of all deals that it accepts, the mean over draws
    least: Estimate | None  # gain of the worst-off at the deal that is best for them, where some deal passes
    gain: dict[str, Estimate]  # party -> its gain at that deal
    offers: dict[str, Estimate]  # offer -> the probability that it passes
    offer_accepted: dict[str, dict[str, Estimate]]  # offer -> party -> the probability that it accepts


@dataclass(frozen=True, slots=True)
class SweepSummary(Result):
    """The rows of a sweep, put together."""

    folder: str
    cases: dict[str, str]  # name -> title
    by: tuple[str, ...]
    numeric: tuple[bool, ...]
    others: tuple[str, ...]  # axes that were averaged over
    rows: tuple[SweepRow, ...]
    points: int  # of the plan, all cases
    draws: int  # at each point
    seed: int
    sample: int | None
    pieces: int
    done: int  # pieces that are there
    version: str


@dataclass(frozen=True, slots=True)
class Answer(Result):
    """What a query gave."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool  # there are more rows than were asked for


def summary(folder: str | os.PathLike[str], *, by: Sequence[str] | None = None) -> SweepSummary:
    """Put the rows of a sweep together by the values of some of its axes.

    Parameters
    ----------
    by
        Paths of the axes; all by default.

    Raises
    ------
    CaseError
        If the folder holds no sweep, or nothing of it is done.
    QuestionError
        If the sweep has no such axis.
    """
    place = Path(folder)
    plan = read_plan(place)
    paths, numeric = plan["paths"], dict(zip(plan["paths"], plan["numeric"], strict=True))
    chosen = list(paths) if by is None else [_axis(name, paths) for name in by]
    parties = [n.removeprefix("accepted:") for n, _ in plan["columns"] if n.startswith("accepted:")]
    names = [n for n, kind in plan["columns"] if kind == "whole" and n.startswith("offer:")]
    sums = ["draws", "zone", "zone_deals", "least", "least_squared"]
    sums += [f"{word}:{p}" for p in parties for word in ("accepted", "gain", "gain_squared")]
    sums += names
    with _opened(place, plan) as (connection, done):
        keys: list[str] = []
        groups: list[str] = []
        bands: list[str] = []
        for path in chosen:
            name = _quoted(path)
            if numeric[path] and _distinct(connection, name) > _MOST_VALUES:
                bands.append(f"ntile({_TENTHS}) OVER (ORDER BY {name}) AS band{len(bands)}")
                keys += [f"min({name})", f"max({name})"]
                groups.append(f"band{len(bands) - 1}")
            else:
                keys += [name, "NULL"]
                groups.append(name)
        source = f"(SELECT *{''.join(', ' + b for b in bands)} FROM results)"
        wanted = [
            '"case"',
            *keys,
            "count(DISTINCT point)",
            "max(deals)",
            "sum(draws::DOUBLE * deals)",
            *(f"sum({_quoted(s)})" for s in sums),
        ]
        group = ", ".join(['"case"', *groups])
        found = connection.execute(
            f"SELECT {', '.join(wanted)} FROM {source} GROUP BY {group} ORDER BY min(point)"
        ).fetchall()
    order = [c["name"] for c in plan["cases"]]
    rows = [_row(r, len(chosen), sums, parties, names) for r in found]
    rows.sort(key=lambda r: order.index(r.case))
    return SweepSummary(
        folder=str(place),
        cases={c["name"]: c["title"] for c in plan["cases"]},
        by=tuple(chosen),
        numeric=tuple(numeric[p] for p in chosen),
        others=tuple(p for p in paths if p not in chosen),
        rows=tuple(_sorted(rows, [numeric[p] for p in chosen], order)),
        points=len(plan["points"]) * len(order),
        draws=plan["draws"],
        seed=plan["seed"],
        sample=plan["sample"],
        pieces=plan["pieces"],
        done=done,
        version=plan["winset"],
    )


def _sorted(rows: list[SweepRow], numeric: Sequence[bool], order: Sequence[str]) -> list[SweepRow]:
    """By case and then by value: numbers by size, words in the order of the plan."""
    places: list[dict[Any, int]] = [{} for _ in numeric]
    for row in rows:
        for place, value in zip(places, row.values, strict=True):
            place.setdefault(value, len(place))

    def key(row: SweepRow) -> Any:
        return order.index(row.case), *(
            v if number else place[v] for v, number, place in zip(row.values, numeric, places, strict=True)
        )

    return sorted(rows, key=key)


def _row(
    found: Sequence[Any], axes: int, sums: Sequence[str], parties: Sequence[str], names: Sequence[str]
) -> SweepRow:
    ends = found[1 : 1 + 2 * axes]
    points, deals, looked = found[1 + 2 * axes : 4 + 2 * axes]
    total = dict(zip(sums, found[4 + 2 * axes :], strict=True))
    draws = int(total["draws"]) // points  # at each point
    hits = int(total["zone"])

    def probability(count: Any) -> Estimate:
        return share(float(count) / points, draws)

    def mean(name: str) -> Estimate | None:
        return _mean(total[name], total[name.replace("gain", "gain_squared", 1) if name[0] == "g"
                                        else "least_squared"], hits, points)  # fmt: skip

    gain = {p: g for p in parties if total[f"gain:{p}"] is not None and (g := mean(f"gain:{p}")) is not None}
    offers: dict[str, Estimate] = {}
    each: dict[str, dict[str, Estimate]] = {}
    for name in names:
        parts = name.split(":")
        if len(parts) == 2 and total[name] is not None:
            offers[parts[1]] = probability(total[name])
        elif total[name] is not None:
            each.setdefault(parts[1], {})[":".join(parts[2:])] = probability(total[name])
    return SweepRow(
        case=found[0],
        values=tuple(ends[0::2]),
        upto=tuple(
            b if b is not None and b != a else None for a, b in zip(ends[0::2], ends[1::2], strict=True)
        ),
        points=int(points),
        draws=draws,
        zone=probability(hits),
        zone_share=float(total["zone_deals"]) / looked if deals else None,
        accepted={
            p: float(total[f"accepted:{p}"]) / looked for p in parties if total[f"accepted:{p}"] is not None
        },
        least=mean("least"),
        gain=gain,
        offers=offers,
        offer_accepted=each,
    )


def _mean(total: float, squares: float, hits: int, points: int) -> Estimate | None:
    """A mean over the draws in which some deal passes."""
    if not hits:
        return None
    value = total / hits
    independent = max(1, hits // points)
    variance = max(0.0, squares / hits - value**2)
    error = math.sqrt(variance / (independent - 1)) if independent > 1 else math.inf
    if not variance:
        error = 0.0
    return Estimate(value, error, value - Z95 * error, value + Z95 * error, independent)


def query(folder: str | os.PathLike[str], sql: str, *, most: int = 1000) -> Answer:
    """Ask the view ``results`` of a sweep anything, in SQL; nothing can be written, and no other file read.

    Raises
    ------
    CaseError
        If the folder holds no sweep, or nothing of it is done.
    QuestionError
        If the query is not one SELECT, or DuckDB cannot run it.
    """
    needs("duckdb")
    import duckdb

    place = Path(folder)
    with _opened(place, read_plan(place)) as (connection, _):
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise QuestionError(
                    "--sql takes one SELECT over the view results, e.g. "
                    '"SELECT point, sum(zone) / sum(draws) FROM results GROUP BY point"'
                )
            connection.execute(statements[0])
            columns = tuple(d[0] for d in connection.description or ())
            rows = connection.fetchmany(most + 1)
        except duckdb.Error as error:
            first = str(error).strip().splitlines()[0]
            raise QuestionError(f"DuckDB cannot answer --sql: {first}") from None
    return Answer(columns, tuple(tuple(_value(v) for v in row) for row in rows[:most]), len(rows) > most)


def _value(value: Any) -> str | int | float | None:
    """A value of DuckDB as plain data."""
    if value is None or isinstance(value, str | int | float):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)


@contextlib.contextmanager
def _opened(place: Path, plan: dict[str, Any]) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
    """The rows as the view ``results``, and how many pieces they come from."""
    needs("duckdb", "pyarrow")
    import duckdb

    from winset.runs.store import RESULTS, missing, piece_path

    whole = place / RESULTS
    if whole.exists():
        files, done = [whole], plan["pieces"]
    else:
        gone = set(missing(place, plan["pieces"]))
        files = [piece_path(place, n) for n in range(plan["pieces"]) if n not in gone]
        done = len(files)
    if not files:
        raise CaseError(
            [Fault(str(place), 0, 0, "", "nothing of this sweep is done yet", hint="run it again to go on")]
        )
    listed = "[" + ", ".join(_text(str(f.resolve())) for f in files) + "]"
    connection = duckdb.connect()
    try:
        connection.execute("SET enable_progress_bar = false; SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        try:
            connection.execute(f"CREATE VIEW results AS SELECT * FROM read_parquet({listed})")
        except duckdb.Error as error:
            first = str(error).strip().splitlines()[0]
            raise CaseError(
                [Fault(str(whole), 0, 0, "", "the results cannot be read", value=first)]
            ) from None
        connection.execute(f"SET allowed_paths = {listed}")
        connection.execute("SET enable_external_access = false; SET lock_configuration = true")
        yield connection, done
    finally:
        connection.close()


def _distinct(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    found = connection.execute(f"SELECT count(DISTINCT {name}) FROM results").fetchone()
    assert found is not None
    return int(found[0])


def _axis(name: str, paths: Sequence[str]) -> str:
    from winset.case.text import closest

    if name in paths:
        return name
    fits = [p for p in paths if p.endswith(f".{name}")]
    if len(fits) == 1:
        return fits[0]
    listed = ", ".join(paths) or "none"
    raise QuestionError(
        f"--by {name}: this sweep was not over that; it was over {listed}. {closest(name, paths)}"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
