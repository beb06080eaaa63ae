# ruff: noqa: E501 - the page stands here as it is written
"""What a sweep costs: per draw, per piece, and with one worker or two; writes ``benchmarks/sweep.md``.

    python benchmarks/sweep.py

The Alaska case at eight points. Rates count from the first finished piece to the last, so that starting the
workers is not in them; the time it takes is given by itself. The bytes of the results are asserted to be the
same before any time is reported.
"""

from __future__ import annotations

import math
import os
import pickle
import platform
import resource
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from winset.case import Case, open_case, write_whole
from winset.compiled.draws import uncertain
from winset.runs import plan_sweep
from winset.runs.engine import execute
from winset.runs.piece import run_piece
from winset.runs.plan import SweepPlan, write_plan
from winset.runs.store import encoded, merge, piece_path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "benchmarks" / "sweep.md"
CASES = {"alaska-2025": ROOT / "cases" / "alaska-2025.yaml"}
OVER = ["preferences.ukraine.no_deal=40..58/8"]
ROUNDS = 2  # of each kind of run, in turn; the better is reported
PIECES = 200  # for what is measured piece by piece


def timed(plan: SweepPlan, folder: Path, workers: int) -> dict[str, Any]:
    """One run: draws a second while the workers work, and how long until the first piece."""
    seen: list[float] = []
    before, busy = _cpu(), _busy()
    began = time.perf_counter()

    def step(done: int, total: int, there: int) -> None:
        if done:
            seen.append(time.perf_counter())

    done = execute(plan, folder, workers=workers, step=step)
    per_piece = plan.total_draws / plan.pieces
    return {
        "rate": (len(seen) - 1) * per_piece / (seen[-1] - seen[0]),
        "first": seen[0] - began,
        "whole": done.seconds,
        "cpu": _cpu() - before,
        "others": (_busy() - busy - (_cpu() - before)) / (time.perf_counter() - began),
        "bytes": done.results.read_bytes(),
    }


def _cpu() -> float:
    """Processor seconds of this process and of its workers so far."""
    every = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(r.ru_utime + r.ru_stime for r in every)


def _busy() -> float:
    """Processor seconds of everything on this machine so far (Linux; elsewhere not a number)."""
    try:
        words = Path("/proc/stat").read_text(encoding="utf-8").split("\n")[0].split()
    except OSError:
        return math.nan
    user, nice, system, _, _, irq, soft = (int(w) for w in words[1:8])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def handled(folder: Path, real: list[dict[str, Any]]) -> dict[str, float]:
    """What the one who asks does with a piece of 128 rows: makes it, writes it, and puts it with the others."""
    plan = plan_sweep(_cases(), OVER[:0], draws=PIECES * 128 * 1024, piece=128 * 1024)
    many = (real + real)[:128]
    raw = encoded(many, plan.columns)
    write_plan(plan, folder)
    began = time.process_time()
    sent = [len(pickle.dumps(plan.piece(n))) for n in range(PIECES)]
    made = time.process_time()
    for n in range(PIECES):
        path = piece_path(folder, n)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, raw)
    wrote = time.process_time()
    merge(folder, plan.to_data())
    merged = time.process_time()
    return {
        "make": 1000 * (made - began) / PIECES,
        "write": 1000 * (wrote - made) / PIECES,
        "merge": 1000 * (merged - wrote) / PIECES,
        "sent": sent[0],
        "one": len(encoded(real[:1], plan.columns)),
        "many": len(raw),
    }


def overhead(folder: Path) -> float:
    """Milliseconds that a piece with next to no work takes, from one worker."""
    case = open_case(ROOT / "cases" / "literature" / "laptop.yaml").case
    plan = plan_sweep({"laptop": case}, ["title=" + ",".join(f"t{n}" for n in range(PIECES))], piece=1024)
    seen: list[float] = []
    execute(plan, folder, workers=1, step=lambda done, total, before: seen.append(time.perf_counter()))
    return 1000 * (seen[-1] - seen[1]) / (len(seen) - 2)


def _cases() -> dict[str, Case]:
    return {name: open_case(path).case for name, path in CASES.items()}


def main() -> None:
    """Measure, and write the page."""
    model = uncertain(_cases()["alaska-2025"])
    plan = plan_sweep(_cases(), OVER, draws=16 * 1024, piece=2 * 1024)
    began = time.process_time()
    run_piece(plan.piece(0))
    warm = time.process_time()
    run_piece(plan.piece(1))
    cost = (time.process_time() - warm) / 2048
    compiled = warm - began - 2048 * cost
    lines = []
    with tempfile.TemporaryDirectory() as scratch:
        runs = [(n, timed(plan, Path(scratch) / f"{n}-{k}", n)) for k in range(ROUNDS) for n in (0, 1, 2)]
        assert len({r["bytes"] for _, r in runs}) == 1
        found = {n: max((r for m, r in runs if m == n), key=lambda r: r["rate"]) for n in (0, 1, 2)}
        for n, r in found.items():
            name = "this process, without Dask" if n == 0 else f"{n} worker{'s' if n > 1 else ''}"
            lines.append(
                f"| {name} | {r['rate']:,.0f} | {r['rate'] / found[1]['rate']:.2f} | {r['first']:.1f} "
                f"| {r['whole']:.1f} | {1e6 * r['cpu'] / plan.total_draws:,.0f} | {max(r['others'], 0):.1f} |"
            )
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        real = pq.read_table(Path(scratch) / "0-0" / "results.parquet").to_pylist()
        piece = handled(Path(scratch) / "handled", real)
        idle = overhead(Path(scratch) / "overhead")
    table = "\n".join(lines)
    OUT.write_text(
        f"""# What a sweep costs

Written by `benchmarks/sweep.py` on {date.today().isoformat()}: Python {platform.python_version()},
Dask {version("dask")}, {os.cpu_count()} cores, which the workers share with the client, the scheduler and
whatever else runs; the last column says how much that was. The Alaska case ({model.deals:,} deals, {len(model.inputs)} unknowns), {len(plan.points)} points,
{plan.draws:,} draws at each, {plan.pieces} pieces.

| who computes | draws a second | beside one worker | s to the first piece | s in all | processor µs a draw, all in | cores that others used |
|---|---|---|---|---|---|---|
{table}

All runs gave the same bytes of `results.parquet`; of {ROUNDS} of each kind, in turn, the better is shown. The
rate counts from the first finished piece to the last; where others use the cores it says less than the processor time, which is given with
everything that the run needed (starting Python, reading the case, the scheduler).

| | |
|---|---|
| processor time of a draw | {1e6 * cost:,.0f} µs |
| reading and compiling the case, once a worker | {compiled:.2f} s |
| sent to a worker with a piece | {piece["sent"]:,.0f} bytes |
| a piece of one row (1,024 draws), on disk and on the wire | {piece["one"]:,.0f} bytes |
| a piece of 128 rows (131,072 draws) | {piece["many"]:,.0f} bytes |
| the merged results, per row | {len(found[0]["bytes"]) / plan.rows:,.0f} bytes |
| the client's work for a piece of 128 rows: making, writing, merging | {piece["make"]:.1f}, {piece["write"]:.1f}, {piece["merge"]:.1f} ms |
| a piece with next to no work, there and back, one worker | {idle:.1f} ms |
| most memory of a worker | {peak:,.0f} MiB |
""",
        encoding="utf-8",
    )
    print(OUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
