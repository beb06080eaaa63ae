"""What the stability of conflicts costs, beside the matrix method; writes ``benchmarks/standoff.md``.

    python -m benchmarks.standoff

Conflicts of fixed seeds: options dealt out in turn, every state feasible, every party's ranking of all states
random and strict. Each row runs in a process of its own, so that its peak memory is that of nothing else.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.run import ROOT, TIMEOUT, Row, megabytes, met, peak, seconds, table
from winset.kernels.standoff import (
    CONCEPTS,
    coalitional,
    drawn_stability,
    horizons,
    inverse,
    reach,
    stability,
)

RESULTS = ROOT / "benchmarks" / "standoff.md"
OPTIONS = range(8, 21, 2)
MATRIX = 10  # options up to which matrices of states by states are tried

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


def conflict(options: int, parties: int, *, draws: int | None = None) -> tuple[list[int], Any, Ints]:
    """Owners, feasible states and ranks (party, state), or (draw, party, state)."""
    rng = np.random.default_rng(options * 10 + parties)
    states = 1 << options
    one = [rng.permutation(states) for _ in range(parties * (draws or 1))]
    ranks = np.array(one, np.int32).reshape(*([draws] if draws else []), parties, states)
    return [o % parties for o in range(options)], np.ones(states, np.bool_), ranks


def timed(call: Callable[[], Any], runs: int) -> tuple[float, float, Any]:
    """The least wall clock and the least processor time of some runs, and the answer."""
    wall, busy, answer = [], [], None
    for _ in range(runs):
        start, cpu = time.perf_counter(), time.process_time()
        answer = call()
        wall.append(time.perf_counter() - start)
        busy.append(time.process_time() - cpu)
    return min(wall), min(busy), answer


# ---------------------------------------------------------------------------------------------- matrices


def matrix_method(owner: list[int], ranks: Ints) -> dict[str, npt.NDArray[np.bool_]]:
    """The stabilities by matrices of states by states (Xu, Hipel and Kilgour 2009), all states feasible.

    J are moves, J+ improvements, M what legal sequences of the others reach (M+ by improvements), P+ what is
    preferred. A state is stable where the diagonal of J+ (E - sign(M B)) is 0, with B the states that leave
    the party with no more than it has: those not in P+, and under smr and sseq with no answer in P+.
    """
    states = np.arange(ranks.shape[1])
    changed = states[:, None] ^ states[None]
    bits = [sum(1 << o for o, p in enumerate(owner) if p == party) for party in range(len(ranks))]
    move = [((changed & ~b == 0) & (changed != 0)).astype(np.float32) for b in bits]
    prefer = [(r[None] > r[:, None]).astype(np.float32) for r in ranks]
    improve = [j * p for j, p in zip(move, prefer, strict=True)]
    out = {c: np.zeros(ranks.shape, np.bool_) for c in CONCEPTS}
    for i, (j, plus) in enumerate(zip(move, prefer, strict=True)):
        others = [k for k in range(len(ranks)) if k != i]
        no_better = 1 - plus.T  # (t, s): t is not preferred to s
        trapped = no_better * (j @ plus.T == 0)
        tempted = improve[i]
        reached = {False: legal([move[k] for k in others]), True: legal([improve[k] for k in others])}
        for concept in CONCEPTS:
            if concept == "nash":
                out[concept][i] = tempted.sum(axis=1) == 0
                continue
            bad = trapped if concept in ("smr", "sseq") else no_better
            free = (reached[concept in ("seq", "sseq")] @ bad == 0).astype(np.float32)
            out[concept][i] = np.einsum("st,ts->s", tempted, free) == 0
    return out


def legal(steps: list[Floats]) -> Floats:
    """What legal sequences reach: by last mover, until no more comes of it."""
    reached = steps
    while True:
        sums = sum(reached[1:], reached[0])
        longer = [np.minimum((sums - r) @ step + step, 1) for r, step in zip(reached, steps, strict=True)]
        if all((a == b).all() for a, b in zip(longer, reached, strict=True)):
            return np.minimum(sums, 1)
        reached = longer


# -------------------------------------------------------------------------------------------------- rows


def row_growth(options: int) -> Row:
    owner, feasible, ranks = conflict(options, 3)
    wall, busy, found = timed(lambda: stability(owner, feasible, ranks), 5 if options < 20 else 2)
    return {
        "wall": wall, "busy": busy, "peak": peak(),
        "equilibria": {c: int(e.sum()) for c, e in found.equilibria.items()},
    }  # fmt: skip


def row_matrix(options: int) -> Row:
    owner, feasible, ranks = conflict(options, 3)
    wall, busy, found = timed(lambda: matrix_method(owner, ranks), 1)
    memory = peak()
    ours = stability(owner, feasible, ranks).stable
    assert all((found[c] == ours[c]).all() for c in CONCEPTS), "the stabilities differ"
    return {"wall": wall, "busy": busy, "peak": memory}


def row_draws(options: int) -> Row:
    owner, feasible, ranks = conflict(options, 4, draws=512)
    few = ranks[np.random.default_rng(0).integers(0, 3, (512, 4)), np.arange(4)]
    out: Row = {"peak": 0}
    for name, drawn in (("different", ranks), ("types", few)):
        wall, busy, found = timed(partial(drawn_stability, owner, feasible, drawn), 7)
        out[name] = {"wall": wall, "busy": busy, "profiles": len(found.stable["nash"])}
    return out | {"peak": peak()}


def row_other(name: str, options: int) -> Row:
    owner, feasible, ranks = conflict(options, 4 if name == "coalitions" else 3)
    ask: dict[str, Callable[[], Any]] = {
        "any moves": lambda: reach(owner, feasible, 0, parties=3),
        "improvements": lambda: reach(owner, feasible, 0, parties=3, ranks=ranks),
        "horizons": lambda: horizons(owner, feasible, ranks, 4),
        "coalitions": lambda: coalitional(owner, feasible, ranks),
        "inverse": lambda: [inverse(owner, feasible, ranks, 5, p, "seq") for p in range(3)],
    }
    wall, busy, _ = timed(ask[name], 3 if options < 20 else 1)
    return {"wall": wall, "busy": busy, "peak": peak()}


OTHERS = (
    ("any moves", 20, "what any legal sequences lead to from a state, with distances"),
    ("improvements", 20, "the same by improvements"),
    ("horizons", 16, "limited-move stability for horizons 1 to 4, three parties"),
    ("horizons", 20, "the same"),
    ("coalitions", 8, "all 15 coalitions of four parties, four concepts, every state"),
    ("coalitions", 12, "the same"),
    ("inverse", 12, "what each of three parties would have to prefer (seq), one state"),
)
ROWS: dict[str, Callable[[], Row]] = {}
for _n in OPTIONS:
    ROWS[f"growth {_n}"] = partial(row_growth, _n)
    if _n <= MATRIX:
        ROWS[f"matrix {_n}"] = partial(row_matrix, _n)
for _n in (8, 10):
    ROWS[f"draws {_n}"] = partial(row_draws, _n)
for _name, _n, _ in OTHERS:
    ROWS[f"{_name} {_n}"] = partial(row_other, _name, _n)


# ------------------------------------------------------------------------------------------------ report


def run(name: str) -> Row:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.standoff", "--row", name],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    row: Row = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {row}", flush=True)
    return row


def report(got: dict[str, Row]) -> str:
    out = [
        "# Stability of conflicts",
        "",
        f"Written by `make bench` on {date.today().isoformat()}; {os.cpu_count()} cores "
        f"({platform.machine()}, {platform.system()}), Python {platform.python_version()}, numpy "
        f"{version('numpy')}. Load average over the last minute at the end: {os.getloadavg()[0]:.1f}. "
        "The least of several runs, wall clock and processor time; peak memory is that of the whole process.",
        "",
        "Three parties that own the options in turn; every state is feasible; rankings of all states "
        "random and strict. All five stabilities (Nash, GMR, SMR, SEQ, symmetric SEQ) of every state for "
        "every party.",
        "",
        "## Growth, beside matrices of states by states",
        "",
    ]
    rows = []
    for n in OPTIONS:
        row, beside = got[f"growth {n}"], got.get(f"matrix {n}")
        target = {16: 5.0, 20: 120.0}.get(n)
        line = [str(n), f"{1 << n:,}", seconds(row["wall"]), seconds(row["busy"])]
        line += [f"{row['busy'] / (1 << n) * 1e6:.2f} µs", megabytes(row["peak"])]
        if beside is None:
            line += [f"one matrix: {megabytes(4.0**n * 4)}", ""]
        else:
            line += [f"{seconds(beside['busy'])}, {megabytes(beside['peak'])}"]
            line += [f"{beside['busy'] / row['busy']:,.0f} x"]
        line += ["", ""] if target is None else [f"< {seconds(target)}", met(row["wall"] < target)]
        rows.append(line)
    head = [
        "options",
        "states",
        "Winset takes",
        "processor",
        "a state",
        "peak memory",
        "matrices in NumPy, processor",
    ]
    out += table([*head, "ratio", "target", ""], rows)
    out += [
        f"A million states are also to stay below 2 GB: {met(got['growth 20']['peak'] < 2e9)}. The matrix "
        "method is that of Xu, Hipel and Kilgour (2009) in 32-bit NumPy; both run on one core and are "
        "compared by processor time, and the answers are asserted to be the same. It is tried up to "
        f"{MATRIX} options, since four times the states cost it some 64 times as much.",
        "",
        "## Many draws",
        "",
        "512 drawn preferences of four parties, all stabilities of every state. *Types*: three rankings a "
        "party, drawn independently.",
        "",
    ]
    rows = []
    for n in (8, 10):
        for kind in ("different", "types"):
            row = got[f"draws {n}"][kind]
            rows.append(
                [f"{1 << n:,}", f"{row['profiles']} ({kind})", seconds(row["wall"]), seconds(row["busy"])]
            )
    out += table(["states", "different preferences", "Winset takes", "processor"], rows)
    out += ["## Other questions", ""]
    rows = []
    for name, n, what in OTHERS:
        row = got[f"{name} {n}"]
        rows.append([what, f"{1 << n:,}", seconds(row["wall"]), seconds(row["busy"]), megabytes(row["peak"])])
    out += table(["question", "states", "Winset takes", "processor", "peak memory"], rows)
    return "\n".join(out)


def main() -> None:
    if sys.argv[1:2] == ["--row"]:
        print(json.dumps(ROWS[sys.argv[2]]()))
        return
    got = {name: run(name) for name in ROWS}
    RESULTS.write_text(report(got), encoding="utf-8")
    print(f"written: {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
