"""Measured against peers and naive baselines; writes ``benchmarks/results.md``.

Every row runs in a process of its own (``run.py --row NAME``), which prints its figures as JSON, so that the
peak memory of a row is that of nothing else. Spaces come from fixed seeds: whole scores 0 to 100 and whole
weights 1 to 30, drawn for every party independently, no deal at 30 points. Where a peer answers the same
question, the answers are asserted to be equal before any time is reported.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from winset.compiled import Compiled

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.md"
TIMEOUT = 90  # seconds a row may take
LONG = {"million": 1800}  # but for these
STOP_AFTER = 4.0  # a growth table ends after the first row that took longer, in seconds
Row = dict[str, Any]


# ------------------------------------------------------------------------------------------------ spaces


def data(
    seed: int,
    parties: int,
    issues: int,
    options: int,
    *,
    no_deal: int = 30,
    consent: Any = None,
    tied: int = 0,
    lines: int = 0,
    linkages: int = 0,
) -> dict[str, Any]:
    """A case as plain data: the first ``tied`` issues in groups of three (ten linkages a party each)."""
    import numpy as np

    rng = np.random.default_rng(seed)
    names = [f"p{n}" for n in range(parties)]
    every = {f"i{n}": [f"o{k}" for k in range(options)] for n in range(issues)}
    preferences: dict[str, Any] = {}
    for p in names:
        weights = rng.integers(1, 31, issues).tolist()
        table = rng.integers(0, 101, (issues, options)).tolist()
        preferences[p] = {
            "weights": dict(zip(every, weights, strict=True)),
            "scores": {
                i: dict(zip(o, row, strict=True)) for (i, o), row in zip(every.items(), table, strict=True)
            },
            "no_deal": no_deal,
        }
        if lines:
            preferences[p]["red_lines"] = [
                {"when": {f"i{rng.integers(issues)}": f"o{rng.integers(options)}"}} for _ in range(lines)
            ]
        if linkages:
            pairs = [2 * int(n) for n in rng.choice(issues // 2, linkages, replace=False)]
            preferences[p]["linkages"] = [
                {
                    "when": {f"i{n}": f"o{rng.integers(options)}", f"i{n + 1}": f"o{rng.integers(options)}"},
                    "worth": int(rng.integers(-5, 6)),
                }
                for n in pairs
            ]
    if tied:
        for p in names:
            preferences[p]["linkages"] = [
                {
                    "when": {f"i{n + k}": f"o{rng.integers(options)}" for k in range(3)},
                    "worth": int(rng.integers(-10, 11)),
                }
                for n in range(0, tied - 2, 3)
                for _ in range(10)
            ]
    return {
        "winset": 1,
        "title": "Benchmark",
        "parties": {p: {"name": p} for p in names},
        "consent": consent or {"all": names},
        "issues": {i: {"options": o} for i, o in every.items()},
        "preferences": preferences,
    }


def compiled_of(*args: int, **rest: Any) -> Compiled:
    import winset

    return winset.compile_case(winset.read_data(data(*args, **rest)))


def fresh(compiled: Compiled) -> Compiled:
    """The same compiled case without any remembered answer."""
    from dataclasses import replace

    return replace(compiled, memo={})


def timed(call: Callable[[], Any], runs: int = 5, budget: float = 4.0) -> tuple[float, Any]:
    """Median seconds of up to ``runs`` runs (one at least, none past the budget), and the answer."""
    spent: list[float] = []
    answer = None
    while not spent or (len(spent) < runs and sum(spent) < budget):
        start = time.perf_counter()
        answer = call()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent), answer


def peak() -> int:
    """Peak memory of this process so far, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def raw_utilities(case: dict[str, Any]) -> list[list[npt.NDArray[np.float64]]]:
    """(party)(issue): weight times score of every option, in whole numbers."""
    import numpy as np

    return [
        [
            np.array([prefs["weights"][i] * s for s in scores.values()], float)
            for i, scores in prefs["scores"].items()
        ]
        for prefs in case["preferences"].values()
    ]


def enumerated(case: dict[str, Any]) -> npt.NDArray[np.float64]:
    """(deal, party): utilities of all deals of a case without linkages."""
    import numpy as np

    columns = []
    for tables in raw_utilities(case):
        total = np.zeros(1)
        for table in tables:
            total = (total[:, None] + table).ravel()
        columns.append(total)
    return np.stack(columns, axis=1)


def in_whole(front: Any, compiled: Compiled, case: dict[str, Any]) -> set[tuple[int, ...]]:
    """The utility vectors of a frontier as sums of weight times score."""
    factor = [
        compiled.unit[n] * sum(case["preferences"][p]["weights"].values())
        for n, p in enumerate(compiled.parties)
    ]
    return {tuple(int(int(u) * f) for u, f in zip(row, factor, strict=True)) for row in front.units}


# -------------------------------------------------------------------------------------------------- rows


def row_negmas() -> Row:
    import winset
    from winset.kernels import bargain
    from winset.lenses.frontier import FrontierSet, efficient

    case = data(1, 2, 6, 10)
    read = winset.read_data(case)
    compiled = winset.compile_case(read)
    lens, solved = timed(lambda: winset.solutions(fresh(compiled)), 21)
    kernel, front = timed(lambda: efficient(fresh(compiled), zone=True, most=0), 51)
    whole, _ = timed(lambda: winset.solutions(winset.compile_case(read)), 21)
    memory = peak()

    import warnings

    warnings.simplefilter("ignore")
    from negmas.outcomes import enumerate_issues, make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction, ops
    from negmas.preferences.value_fun import TableFun

    issues = [make_issue(list(i["options"]), name=n) for n, i in case["issues"].items()]
    space = make_os(issues)
    ufuns = []
    for party, tables in zip(case["preferences"].values(), raw_utilities(case), strict=True):
        values = [
            TableFun(dict(zip(i["options"], t.tolist(), strict=True)))
            for i, t in zip(case["issues"].values(), tables, strict=True)
        ]
        reserved = float(party["no_deal"] * sum(party["weights"].values()))
        ufuns.append(
            LinearAdditiveUtilityFunction(
                values, weights=[1.0] * len(values), outcome_space=space, reserved_value=reserved
            )
        )

    def peer() -> Any:
        points, _ = ops.pareto_frontier(ufuns, outcomes=list(enumerate_issues(issues)))
        found = [
            f(ufuns, points, issues=issues)
            for f in (ops.nash_points, ops.kalai_points, ops.ks_points, ops.max_welfare_points)
        ]
        return points, found

    def as_points() -> Any:
        """What the peer returns: the frontier, and the points of four solutions."""
        form = fresh(compiled)
        front = efficient(form, zone=True, most=0)
        assert isinstance(front, FrontierSet)
        gains = form.gains(front.units, list(form.rulers))
        in_points = gains * form.points[list(form.rulers)]
        return (
            bargain.nash(gains),
            bargain.kalai_smorodinsky(gains),
            bargain.egalitarian(in_points),
            bargain.utilitarian(in_points),
        )

    busy = []  # ratios of processor time
    rounds = []  # turn about, so that a slow moment of the machine strikes both
    for _ in range(3):
        start = time.process_time()
        theirs, (points, found) = timed(peer, 1)
        middle = time.process_time()
        rounds.append((theirs, timed(as_points, 51, 60)[0]))
        busy.append(51 * (middle - start) / (time.process_time() - middle))
    theirs = statistics.median(a for a, _ in rounds)
    as_points_time = statistics.median(b for _, b in rounds)
    vectors = {tuple(round(float(u)) for u in p) for p in points}
    assert in_whole(front, compiled, case) == vectors, "the frontiers differ"
    nash = {tuple(round(float(u)) for u in p) for p, _ in found[0]}
    scale = [sum(p["weights"].values()) for p in case["preferences"].values()]
    ours = {
        tuple(round(u * s) for u, s in zip(d.utility.values(), scale, strict=True))
        for d in solved.solutions[0].deals
    }
    assert ours == nash, "the Nash deals differ"
    return {
        "negmas": theirs, "ratios": sorted(a / b for a, b in rounds),
        "busy": statistics.median(busy), "points_time": as_points_time, "lens": lens, "frontier": kernel,
        "whole": whole,
        "points": len(vectors), "peak": memory, "peak_peer": peak(),
    }  # fmt: skip


def row_moocore(parties: int) -> Row:
    from winset.lenses.frontier import efficient

    case = data(2, parties, 6, 10)
    compiled = compiled_of(2, parties, 6, 10)
    ours, front = timed(lambda: efficient(fresh(compiled), zone=False, most=0), 7)
    memory = peak()
    import moocore

    listing, points = timed(lambda: enumerated(case), 1)
    theirs, kept = timed(
        lambda: points[moocore.is_nondominated(points, maximise=True, keep_weakly=False)], 3, 10
    )
    vectors = {tuple(int(u) for u in row) for row in kept}
    assert len(vectors) == front.size, "the frontiers differ in size"
    assert in_whole(front, compiled, case) == vectors, "the frontiers differ"
    return {
        "ours": ours, "moocore": theirs, "listing": listing, "points": front.size, "peak": memory,
        "peak_peer": peak(),
    }  # fmt: skip


def row_frontier(parties: int, issues: int, within: float | None = None) -> Row:
    from winset.lenses.frontier import efficient
    from winset.lenses.results import NotComputed

    compiled = compiled_of(3, parties, issues, 10)
    runs = 9 if parties == 2 else 5
    calls = 0

    def ask() -> Any:
        nonlocal calls
        calls += 1
        return efficient(fresh(compiled), zone=False, within=within, most=0)

    start = time.process_time()
    ours, front = timed(ask, runs, 4 if within is None else 0)
    busy = (time.process_time() - start) / calls
    if isinstance(front, NotComputed):
        return {"ours": ours, "refused": front.because, "busy": busy, "peak": peak()}
    return {
        "ours": ours,
        "busy": busy,
        "points": front.size,
        "exact": front.exact,
        "loss": max(front.within.values()),
        "peak": peak(),
    }


NESTED: dict[str, Any] = {"all": ["p0", {"any": ["p1", {"at_least": 2, "of": ["p1", "p2", "p3"]}]}]}


def row_zone() -> Row:
    import numpy as np

    from winset.kernels.best import best
    from winset.kernels.blocks import accepts, settle
    from winset.kernels.feasible import empty
    from winset.kernels.rule import holds

    def ask(compiled: Compiled) -> tuple[bool, list[int | None]]:
        blocks, reserve, rule = compiled.blocks(), compiled.reserve[0], compiled.rule
        none = empty(blocks, reserve, rule).empty
        found = [best(blocks, reserve, rule, p) for p in range(len(reserve))]
        return none, [f and f[0] for f in found]

    def naive(compiled: Compiled) -> tuple[bool, list[int | None]]:
        blocks = compiled.blocks()
        sizes = [len(b.utility) for b in blocks]
        cells = np.stack(np.unravel_index(np.arange(int(np.prod(sizes))), sizes), axis=1)
        utility, crossed = settle(blocks, cells)
        inside = holds(compiled.rule, accepts(utility, crossed, compiled.reserve[0]))
        return not inside.any(), utility[inside].max(axis=0).tolist() if inside.any() else [None] * 4

    features: dict[str, Any] = {"no_deal": 60, "consent": NESTED, "lines": 2, "linkages": 2}
    open_at, empty_at = (0, 0.0), (0, 0.0)
    worst = (0, 0.0)
    for no_deal in range(50, 91):  # the last open zone, the first empty one, and the slowest of all
        large = compiled_of(4, 4, 12, 10, **{**features, "no_deal": no_deal})
        spent, (none, _) = timed(partial(ask, large), 3)
        worst = max(worst, (no_deal, spent), key=lambda pair: pair[1])
        if not none:
            open_at = (no_deal, spent)
        elif not empty_at[0]:
            empty_at = (no_deal, spent)
    memory = peak()
    small = compiled_of(4, 4, 6, 10, **features)
    little, same = timed(lambda: ask(small))
    theirs, expected = timed(lambda: naive(small), 1)
    assert same == expected, "the best deals differ"
    return {
        "open": open_at, "empty": empty_at, "worst": worst, "small": little, "naive": theirs,
        "peak": memory, "groups": len(large.groups),
    }  # fmt: skip


def row_growth(which: str) -> Row:
    from winset.lenses.frontier import efficient
    from winset.lenses.results import NotComputed

    spaces: list[tuple[int, int, int, int, float | None]]  # parties, issues, options, tied, within
    if which == "issues, two parties":
        spaces = [(2, n, 10, 0, None) for n in (4, 6, 8, 10, 12, 16, 20)]
    elif which == "issues, three parties":
        spaces = [(3, n, 5, 0, None) for n in (4, 6, 8, 10, 12, 16, 20)]
    elif which == "options, three parties":
        spaces = [(3, 8, n, 0, None) for n in (2, 5, 10, 20, 30)]
    elif which == "parties":
        spaces = [(n, 8, 5, 0, None if n <= 4 else 3) for n in (2, 3, 4, 5, 6)]
    else:
        spaces = [(3, 12, 5, n, None) for n in (0, 3, 6, 9, 12)]
    out = []
    for parties, issues, options, tied, within in spaces:
        compiled = compiled_of(5, parties, issues, options, tied=tied)
        space = f"{parties} parties, {issues} issues x {options} options" + (
            f", {tied} tied in threes" if tied else ""
        )
        space += f", within {within:g}" if within else ""
        assert len(compiled.groups) == issues - 2 * (tied // 3), "not tied as meant"
        compile_time = timed(partial(compiled_of, 5, parties, issues, options, tied=tied), 1)[0]

        def ask(compiled: Compiled = compiled, within: float | None = within) -> Any:
            return efficient(fresh(compiled), zone=False, within=within, most=0)

        ours, front = timed(ask, 3, 1.0)
        refused = isinstance(front, NotComputed)
        size = None if refused else front.size
        out.append(
            {
                "space": space,
                "deals": str(compiled.deals),
                "ours": ours,
                "compile": compile_time,
                "points": size,
            }
            | {"parties": parties, "exact": None if refused else front.exact}
        )
        if ours > STOP_AFTER:
            break
    return {"rows": out, "peak": peak()}


def row_acceptance() -> Row:
    """Who accepts which deal in how many draws: 50,000 deals x 1,000 draws x 4 parties."""
    import numpy as np

    from winset.kernels.ensemble import acceptance
    from winset.kernels.rule import unanimity

    rng = np.random.default_rng(7)
    parties, draws, sizes = 4, 1000, (10, 10, 10, 10, 5)
    tables = [rng.random((parties, n, draws)) * 20 for n in sizes]
    reserve = rng.random((parties, draws)) * 20 + 45
    rule = unanimity(parties)

    def straight() -> tuple[Any, Any, Any]:
        """All utilities at once, as one would first write it."""
        total = np.zeros((parties, 1, draws))
        for table in tables:
            total = (total[:, :, None] + table[:, None]).reshape(parties, -1, draws)
        says = total >= reserve[:, None]
        passes = says.all(axis=0)
        return says.sum(axis=2), passes.sum(axis=1), passes.any(axis=0)

    ours, found = timed(lambda: acceptance(tables, reserve, rule), 7, 10)
    after = peak()
    naive, plain = timed(straight, 3, 20)
    assert (found.party == plain[0]).all()
    assert (found.zone == plain[1]).all()
    assert (found.open == plain[2]).all()
    a, b, out = rng.random(2048), rng.random(2048), np.empty(2048, np.bool_)

    def compare() -> None:
        for _ in range(1000):
            np.greater_equal(a, b, out=out)

    rate = 1000 * len(a) / timed(compare, 9, 5)[0]
    comparisons = parties * int(np.prod(sizes)) * draws
    return {
        "ours": ours,
        "naive": naive,
        "comparisons": comparisons,
        "rate": rate,
        "limit": comparisons / rate,
        "peak": after,
        "peak_naive": peak(),
    }


def many_deals() -> dict[str, Any]:
    """A case of 100,000 deals and three parties."""
    case = data(5, 3, 5, 10, no_deal=50)
    for body in case["preferences"].values():
        body["no_deal"] = "45 to 65"
    return case


def row_draws() -> Row:
    """The odds of a case of 100,000 deals: memory must not grow with the draws times the deals."""
    from winset import compile_case, read_data, zone
    from winset.kernels import poll

    case = many_deals()
    rows = []
    for draws in (256, 1024, 4096, 16_384):
        row: Row = {"draws": draws}
        worth = poll._WORTH
        for engine in ("arrays", "ours"):
            if engine == "arrays" and draws > 4096:
                continue
            poll._WORTH = 10**18 if engine == "arrays" else worth
            compiled = compile_case(read_data(case))
            start = time.perf_counter()
            found: Any = zone(compiled, draws=draws).odds
            row[engine] = time.perf_counter() - start
            if engine == "arrays":
                row["answer"] = found.to_dict()
            else:
                row["peak"], row["open"] = peak(), found.open.value
                assert found.to_dict() == row.pop("answer", found.to_dict())
        rows.append(row)
    return {"rows": rows, "deals": 10**5, "peak": peak()}


def row_million() -> Row:
    """The same with a million draws."""
    from winset import compile_case, read_data, zone

    compiled = compile_case(read_data(many_deals()))
    start, busy = time.perf_counter(), time.process_time()
    found: Any = zone(compiled, draws=10**6).odds
    return {
        "draws": 10**6,
        "ours": time.perf_counter() - start,
        "busy": time.process_time() - busy,
        "peak": peak(),
        "open": found.open.value,
    }


def row_course() -> Row:
    """The talks of the Alaska case, stage by stage: few draws as in the brief, and many."""
    from winset import compile_case, course, load

    compiled = compile_case(load(ROOT / "cases" / "alaska-2025.yaml"))
    course(compiled, draws=256, what_if=[])
    rows = []
    for draws in (1024, 10_000, 100_000):
        start = time.perf_counter()
        found: Any = course(compiled, draws=draws, what_if=[])
        spent = time.perf_counter() - start
        rows.append({"draws": draws, "ours": spent, "peak": peak(), "failure": found.failure.value})
    return {"rows": rows, "peak": peak()}


def row_start() -> Row:
    env = {**os.environ, "NO_COLOR": "1"}

    def of(command: list[str]) -> tuple[float, float]:
        def once() -> None:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env, cwd=ROOT)

        def cpu() -> float:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            return used.ru_utime + used.ru_stime

        once()
        before = cpu()
        spent = timed(once, 5, 60)[0]
        return spent, (cpu() - before) / 5

    def python(code: str) -> list[str]:
        return [sys.executable, "-c", code]

    import tempfile

    with tempfile.TemporaryDirectory() as place:
        page = str(Path(place) / "brief.html")
        main = "import sys; from winset.cli import main; sys.argv[0] = 'winset'; main()"
        brief = [*python(main), "brief", str(ROOT / "cases" / "alaska-2025.yaml"), "-o", page]
        return {
            "bare": of(python("pass")),
            "numpy": of(python("import numpy")),
            "import": of(python("import winset")),
            "help": of([*python(main), "--help"]),
            "brief": of(brief),
            "draws": of([*brief, "--draws", "10000"]),
        }


def row_power() -> Row:
    """Power indices: 200 members, and a plain enumeration of 20, whose indices must be the same."""
    import numpy as np

    from winset.kernels.power import Game, Power, minimal, power
    from winset.kernels.power_sizes import by_size

    rng = np.random.default_rng(1)

    def game(members: int, most: int) -> Game:
        weights = tuple(rng.integers(1, most + 1, members).tolist())
        return Game((weights,), ((sum(weights) // 2 + 1,),))

    def indices(body: Game) -> Power:
        by_size.cache_clear()  # swings and minimal coalitions come from one table
        return power(body)

    def enumerate_all(votes: tuple[int, ...], quota: int) -> list[int]:
        """Swings of every member from the sums of all coalitions."""
        sums = np.zeros(1, np.int64)
        for vote in votes:
            sums = np.concatenate([sums, sums + vote])
        wins = sums >= quota
        return [
            int((wins.reshape(-1, 2, 1 << i)[:, 1] & ~wins.reshape(-1, 2, 1 << i)[:, 0]).sum())
            for i in range(len(votes))
        ]

    out: Row = {}
    for most in (20, 100):
        large = game(200, most)
        out[f"indices {most}"], found = timed(lambda large=large: indices(large), 3)  # type: ignore[misc]
        assert sum(found.shapley) == 1
        out[f"all {most}"], _ = timed(lambda large=large: (indices(large), minimal(large)), 3)  # type: ignore[misc]
    council = Game(((1,) * 27, tuple(rng.integers(4 * 10**5, 8 * 10**7, 27).tolist())), ((15, 10**9 // 2),))
    out["council"], _ = timed(lambda: power(council), 3)
    small = game(20, 100)
    out["small"], found = timed(lambda: power(small), 5)
    out["naive"], swings = timed(lambda: enumerate_all(small.weights[0], small.terms[0][0]), 5)
    assert list(found.swings) == swings
    return {**out, "peak": peak()}


def row_talks() -> Row:
    """Bilateral talks: 1,000 deals, 100 rounds, every negotiation with utilities of its own."""
    import warnings
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from winset.kernels.ensemble import expand
    from winset.kernels.talks import Side, bargain

    rng = np.random.default_rng(8)
    issues, options, rounds, part, parts = 3, 10, 100, 256, 16
    reserve = np.full((2, part), 0.3)
    tables = [
        [t * w for t, w in zip(rng.random((issues, 2, options, part)), shares, strict=True)]
        for shares in rng.dirichlet(np.ones(issues), (parts, 2, part)).transpose(0, 3, 1, 2)[:, :, :, None]
    ]
    whole = [expand(piece) for piece in tables]  # (side, deal, draw)
    room = [
        np.ascontiguousarray(u.transpose(2, 0, 1)).transpose(1, 2, 0) for u in whole
    ]  # a draw in one place
    sides = [Side("aspiration", {"exponent": np.array([e]), "eps": np.array([1e-4])}) for e in (4.0, 1.0)]

    def play(utility: npt.NDArray[np.float64], engine: Any = "compiled") -> Any:
        return bargain(utility, reserve, sides, rounds=rounds, engine=engine)

    found = [play(u) for u in room]
    pool = ThreadPoolExecutor(os.cpu_count())
    several, _ = _rate(lambda: list(pool.map(play, room)), part * parts)
    memory = peak()
    warnings.simplefilter("ignore")
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.inv_ufun import PresortingInverseUtilityFunction
    from negmas.preferences.value_fun import TableFun
    from negmas.sao import SAOMechanism
    from negmas.sao.negotiators import BoulwareTBNegotiator, LinearTBNegotiator

    named = [make_issue([f"o{k}" for k in range(options)], name=f"i{n}") for n in range(issues)]
    space = make_os(named)
    deals = {outcome: n for n, outcome in enumerate(space.enumerate())}

    def ufun(draw: int, side: int) -> Any:
        values = [
            TableFun(dict(zip(i.all, t[side, :, draw].tolist(), strict=True)))
            for i, t in zip(named, tables[0], strict=True)
        ]
        return LinearAdditiveUtilityFunction(
            values, weights=[1.0] * issues, outcome_space=space, reserved_value=0.3
        )

    ufuns = [[ufun(draw, side) for side in range(2)] for draw in range(part)]

    def peer(draw: int) -> tuple[Any, int]:
        mechanism = SAOMechanism(issues=named, n_steps=rounds)
        for kind, u in zip((BoulwareTBNegotiator, LinearTBNegotiator), ufuns[draw], strict=True):
            mechanism.add(kind(), ufun=u)
        state = mechanism.run()
        return state.agreement, state.step

    ratios, theirs, busy, apart, compared = [], [], [], set(), 0
    for _ in range(5):  # turn about, so that a slow moment of the machine strikes both
        count, start, used = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - start < 2:
            draw = compared % part
            agreement, step = peer(draw)
            if (int(found[0].deal[draw]), int(found[0].round[draw])) != (deals[agreement], step):
                apart.add(draw)
            compared, count = compared + 1, count + 1
        theirs.append(count / (time.perf_counter() - start))
        used = (time.process_time() - used) / count
        ours, our_busy = _rate(lambda: list(pool.map(play, room)), part * parts)
        ratios.append(ours / theirs[-1])
        busy.append(used / our_busy)
        several = max(several, ours)
    PresortingInverseUtilityFunction.worst_in.__defaults__ = (
        True,
        0.0,
    )  # no offers a little below what it asks
    for draw in apart:
        agreement, step = peer(draw)
        here = int(found[0].deal[draw]), int(found[0].round[draw])
        assert here == (deals[agreement], step), "the agreements differ"
    across, _ = _rate(lambda: list(pool.map(play, whole)), part * parts)
    formed, _ = _rate(lambda: list(pool.map(lambda piece: play(expand(piece)), tables)), part * parts)
    arrays, _ = _rate(lambda: list(pool.map(partial(play, engine="numpy"), whole[:2])), part * 2)
    one_case = whole[0][:, :, :1]
    levels = [rng.uniform(0.2, 0.5, (2, 16 * part)) for _ in range(8)]

    def known(least: npt.NDArray[np.float64]) -> Any:
        return bargain(one_case, least, sides, rounds=rounds, engine="compiled")

    each = np.ascontiguousarray(np.repeat(one_case, part, axis=2))
    apiece = bargain(each, levels[0][:, :part], sides, rounds=rounds, engine="compiled")
    assert (apiece.deal == known(levels[0]).deal[:part]).all()
    alike, _ = _rate(lambda: list(pool.map(known, levels)), sum(v.shape[1] for v in levels))
    return {
        "negmas": statistics.median(theirs), "ours": several, "ratios": sorted(ratios), "alike": alike,
        "busy": statistics.median(busy), "across": across, "formed": formed, "numpy": arrays,
        "compared": min(compared, part), "apart": len(apart), "peak": memory, "peak_peer": peak(),
    }  # fmt: skip


def _rate(call: Callable[[], Any], many: int) -> tuple[float, float]:
    """Things a second by the median of at least five runs, and the processor seconds of one."""
    start = time.process_time()
    calls = 0

    def once() -> None:
        nonlocal calls
        calls += 1
        call()

    spent, _ = timed(once, 21, 1.0)
    return many / spent, (time.process_time() - start) / calls / many


ROWS: dict[str, Callable[[], Row]] = {
    "negmas": row_negmas,
    "moocore 2": lambda: row_moocore(2),
    "moocore 3": lambda: row_moocore(3),
    "moocore 4": lambda: row_moocore(4),
    "two 12": lambda: row_frontier(2, 12),
    "two 20": lambda: row_frontier(2, 20),
    "three 12": lambda: row_frontier(3, 12),
    "four 12": lambda: row_frontier(4, 12),
    "five within 5": lambda: row_frontier(5, 12, 5),
    "five within 3": lambda: row_frontier(5, 12, 3),
    "zone": row_zone,
    "acceptance": row_acceptance,
    "draws": row_draws,
    "million": row_million,
    "course": row_course,
    "power": row_power,
    "talks": row_talks,
    "start": row_start,
}
GROWTH = ("issues, two parties", "issues, three parties", "options, three parties", "parties", "tied issues")
for _name in GROWTH:
    ROWS[_name] = partial(row_growth, _name)


# ------------------------------------------------------------------------------------------------ report


def run(name: str) -> Row:
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, __file__, "--row", name],
            capture_output=True,
            text=True,
            timeout=LONG.get(name, TIMEOUT),
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {LONG.get(name, TIMEOUT)} s", flush=True)
        return {"failed": f"stopped after {LONG.get(name, TIMEOUT)} s"}
    print(f"{name}: {time.perf_counter() - start:.1f} s", flush=True)
    if done.returncode:
        print(done.stderr[-2000:], flush=True)
        return {"failed": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return row


def seconds(value: float) -> str:
    if value < 0.01:
        return f"{value * 1e3:.2f} ms"
    return f"{value * 1e3:.0f} ms" if value < 1 else f"{value:.2f} s"


def long(value: float) -> str:
    year = 365.25 * 86400
    if value > year:
        years = value / year
        return f"{years:,.0f} years" if years < 1e5 else f"{years:.0e} years"
    if value > 2 * 86400:
        return f"{value / 86400:.0f} days"
    return f"{value / 3600:.1f} hours" if value > 3600 else seconds(value)


def megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f} MB" if value < 1e10 else f"{value / 1e12:,.3g} TB"


def met(yes: bool) -> str:
    return "met" if yes else "**not met**"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join(["---"] * len(head)) + "|"]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def report(got: dict[str, Row], spent: float) -> str:
    def failed(name: str) -> bool:
        return name not in got or "failed" in got[name]

    def why(name: str) -> str:
        return str(got.get(name, {}).get("failed", "not run"))

    packages = ("winset", "numpy", "scipy", "moocore", "negmas")
    out = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {date.today().isoformat()} in {spent:.0f} s; {os.cpu_count()} cores "
        f"({platform.machine()}, {platform.system()}), Python {platform.python_version()}, "
        + ", ".join(f"{p} {version(p)}" for p in packages)
        + f". Load average over the last minute at the end: {os.getloadavg()[0]:.1f}.",
        "",
        "Times are wall clock: medians of several runs in one process for Winset (a single run "
        "where one takes "
        "seconds), medians of one to three for peers. "
        "Every row starts in a process of its own; spaces come from fixed seeds (whole weights 1 "
        "to 30, whole "
        "scores 0 to 100, parties independent). Answers that a peer gives as well are asserted to be equal.",
        "",
        "## Beside peers, a million deals (6 issues x 10 options)",
        "",
    ]
    rows = []
    row = got.get("negmas", {})
    if failed("negmas"):
        rows.append(["NegMAS, two parties", why("negmas"), "", "", "", "", ""])
    else:
        for what, key in (
            ("frontier of the zone and the points of four solutions, as NegMAS gives", "points_time"),
            ("all of the lens `solutions`: also the naive baseline and the deals in full", "lens"),
            ("the lens with compiling", "whole"),
            ("frontier of the zone alone", "frontier"),
        ):
            ratio = row["negmas"] / row[key]
            told = f"{ratio:,.0f} x"
            if key == "points_time":
                told += f" (rounds: {', '.join(f'{x:,.0f}' for x in row['ratios'])}; "
                told += f"by processor time {row['busy']:,.0f})"
            rows.append(
                [f"two parties: {what}", "NegMAS: frontier, Nash, Kalai, KS, welfare", seconds(row["negmas"])]
                + [seconds(row[key]), told]
                + (["5,000 x", met(min(ratio, row["busy"]) >= 5000)] if key == "points_time" else ["", ""])
            )
    for name, number in (("moocore 2", "two"), ("moocore 3", "three"), ("moocore 4", "four")):
        if failed(name):
            rows.append([f"moocore, {number} parties", why(name), "", "", "", "", ""])
            continue
        row = got[name]
        ratio = row["moocore"] / row["ours"]
        rows.append(
            [
                f"{number} parties: frontier of all deals ({row['points']:,} points)",
                f"moocore: filter only (enumeration, {seconds(row['listing'])}, not counted)",
                seconds(row["moocore"]),
                seconds(row["ours"]),
                f"{ratio:,.0f} x",
                "" if number == "two" else "20 x",
                "" if number == "two" else met(ratio >= 20),
            ]
        )
    out += table(["question", "peer", "peer takes", "Winset takes", "ratio", "target", ""], rows)
    out += [
        "NegMAS' time holds the listing of outcomes, its evaluation of both utility functions on "
        "all of them, its "
        "frontier and its four kinds of points; utility functions are made beforehand. Winset's "
        "first row holds what NegMAS gives, the second "
        "everything from the compiled case on, nothing remembered: frontier with exact counts of deals and "
        "witnesses, four solutions with their ties, the issue-by-issue baseline and the views of "
        "all deals shown. "
        "Reading the case is in none of the rows. On a machine with other work, wall clock flatters "
        "the shorter "
        "side (its median dodges what the longer one meets in full), so the target counts as met "
        "only if the ratio "
        "of processor times meets it too.",
        "",
        "## Frontiers out of reach of enumeration",
        "",
    ]
    naive3 = None if failed("moocore 3") else got["moocore 3"]["moocore"] + got["moocore 3"]["listing"]
    naive4 = None if failed("moocore 4") else got["moocore 4"]["moocore"] + got["moocore 4"]["listing"]
    naive2 = None if failed("moocore 2") else got["moocore 2"]["moocore"] + got["moocore 2"]["listing"]
    rows = []
    for name, label, deals, target, naive in (
        ("two 12", "two parties, 12 x 10", 1e12, 0.02, naive2),
        ("two 20", "two parties, 20 x 10", 1e20, 0.1, naive2),
        ("three 12", "three parties, 12 x 10", 1e12, 0.1, naive3),
        ("four 12", "four parties, 12 x 10", 1e12, 2.0, naive4),
        ("five within 5", "five parties, 12 x 10, within 5 points", 1e12, None, naive4),
        ("five within 3", "five parties, 12 x 10, within 3 points", 1e12, None, naive4),
    ):
        goal = "" if target is None else f"< {seconds(target)}"
        beside = "" if naive is None else long(naive * deals / 1e6)
        if failed(name):
            rows.append(
                [label, f"{deals:.0e}", "", why(name), "", beside, goal, "" if target is None else met(False)]
            )
            continue
        row = got[name]
        points = f"{row['points']:,}" if "points" in row else f"refused: {row['refused']}"
        if row.get("exact") is False:
            points += f" (loses at most {row['loss']:.2f})"
        rows.append(
            [
                label,
                f"{deals:.0e}",
                points,
                seconds(row["ours"]),
                seconds(row["busy"]),
                beside,
                goal,
                "" if target is None else met("points" in row and row["ours"] < target),
            ]
        )
    head = ["space", "deals", "points", "Winset takes", "processor, mean", "enumeration would take"]
    out += table([*head, "target", ""], rows)
    out += [
        "All deals, from the compiled case, nothing remembered. What enumeration would take is the "
        "peer's time for "
        "a million deals times their number (listing and moocore's filter"
        "; that "
        "of four parties stands in for five), which flatters enumeration: filters are not linear.",
        "",
        "## Is the zone empty, and each party's best acceptable deal",
        "",
    ]
    if failed("zone"):
        out += [why("zone"), ""]
    else:
        row = got["zone"]
        zone_rows = []
        for key, label in (
            ("open", "the last open one"),
            ("empty", "the first empty one"),
            ("worst", "slowest"),
        ):
            no_deal, spent_on = row[key]
            zone_rows.append(
                [
                    "10^12",
                    f"{label}: no deal at {no_deal}",
                    seconds(spent_on),
                    f"{long(row['naive'] * 1e6)} (scaled up)",
                    f"{row['naive'] * 1e6 / spent_on:.0e} x",
                    "< 1 s",
                    met(spent_on < 1),
                ]
            )
        ratio = row["naive"] / row["small"]
        zone_rows.append(
            ["10^6", "no deal at 60", seconds(row["small"]), seconds(row["naive"]), f"{ratio:,.1f} x", "", ""]
        )
        out += table(["deals", "zone", "Winset takes", "enumeration", "ratio", "target", ""], zone_rows)
        out += [
            "Four parties, two red lines and two linkages each, consent `all: [p0, any: [p1, at_least "
            "2 of p1, p2, "
            f"p3]]`; {row['groups']} groups of tied issues at 10^12. "
            "No deal is worth the same to all, from 50 to 90 points in steps of 1. Both answers in one "
            "time. "
            "Enumeration is NumPy "
            "over all deals.",
            "",
        ]
    out += ["## Draws", ""]
    if failed("acceptance"):
        out += [why("acceptance"), ""]
    else:
        row = got["acceptance"]
        out += table(
            [
                "question",
                "Winset",
                "straightforward NumPy",
                "ratio",
                "the machine's limit",
                "of it",
                "target",
                "",
            ],
            [
                [
                    "50,000 deals x 1,000 draws x 4 parties: who accepts what in how many draws",
                    seconds(row["ours"]),
                    seconds(row["naive"]),
                    f"{row['naive'] / row['ours']:.1f} x",
                    seconds(row["limit"]),
                    f"{row['limit'] / row['ours']:.0%}",
                    "< 1 s",
                    met(row["ours"] < 1),
                ]
            ],
        )
        out += [
            f"One comparison decides one party, deal and draw: {row['comparisons']:,} of them. The limit is "
            f"what one core of this machine compares when everything lies in its first cache, "
            f"{row['rate'] / 1e9:.1f} thousand million a second (measured in the same process); counting the "
            "answers and joining them by the rule comes on top. Straightforward NumPy forms all utilities at "
            f"once: {megabytes(row['peak_naive'])} at its peak, against {megabytes(row['peak'])}.",
            "",
        ]
    if failed("draws"):
        out += [why("draws"), ""]
    else:
        rows = [
            [f"{r['draws']:,}", seconds(r["ours"]), seconds(r["arrays"]) if "arrays" in r else "",
             megabytes(r["peak"]), f"{r['open']:.3f}"]
            for r in [*got["draws"]["rows"], *([] if failed("million") else [got["million"]])]
        ]  # fmt: skip
        out += ["All odds of `zone` for a case of 100,000 deals and three parties:", ""]
        head = ["draws", "Winset takes", "with arrays alone", "peak memory, whole process", "P(open)"]
        out += table(head, rows)
        out += [
            "From 1,334 draws on the loops are compiled (docs/decisions/012-compiled-draws.md); the first "
            "time that takes some seconds more. Both give the same answer, which is asserted.",
            "",
        ]
        if failed("million"):
            out += ["The million: " + why("million"), ""]
    out += ["## The course of talks", ""]
    if failed("course"):
        out += [why("course"), ""]
    else:
        rows = [
            [f"{r['draws']:,}", seconds(r["ours"]), megabytes(r["peak"]), f"{r['failure']:.3f}",
             "< 10 s" if r["draws"] == 100_000 else "", met(r["ours"] < 10) if r["draws"] == 100_000 else ""]
            for r in got["course"]["rows"]
        ]  # fmt: skip
        out += ["The stages of the Alaska case, without other courses:", ""]
        head = ["draws", "Winset takes", "peak memory, whole process", "P(failure)", "target", ""]
        out += [*table(head, rows), ""]
    out += ["## Power indices", ""]
    if failed("power"):
        out += [why("power"), ""]
    else:
        row = got["power"]
        scaled = long(row["naive"] * 2.0**180 * 10)
        out += table(
            ["body", "what", "Winset takes", "enumeration", "target", ""],
            [
                ["200 members, weights 1 to 20", "Shapley-Shubik, Banzhaf, Coleman",
                 seconds(row["indices 20"]),
                 f"{scaled} (scaled up)", "< 1 s", met(row["indices 20"] < 1)],
                ["200 members, weights 1 to 100", "the same", seconds(row["indices 100"]),
                 f"{scaled} (scaled up)", "< 1 s", met(row["indices 100"] < 1)],
                ["200 members, weights 1 to 20", "these and Deegan-Packel", seconds(row["all 20"]),
                 "", "< 1 s", met(row["all 20"] < 1)],
                ["200 members, weights 1 to 100", "these and Deegan-Packel", seconds(row["all 100"]),
                 "", "< 1 s", met(row["all 100"] < 1)],
                ["27 members by heads and populations of eight digits", "the indices",
                 seconds(row["council"]),
                 f"{long(row['naive'] * 2.0**7 * 27 / 20)} (scaled up)", "", ""],
                ["20 members, weights 1 to 100", "the indices", seconds(row["small"]),
                 f"{seconds(row['naive'])} (swings alone)", "", ""],
            ],
        )  # fmt: skip
        out += [
            "Weighted majorities, exact in whole numbers. Enumeration is NumPy over all coalitions of 20 "
            "members, swings only, with the same answer; scaled up by their number and that of the members.",
            "",
        ]
    out += ["## Talks in rounds", ""]
    if failed("talks"):
        out += [why("talks"), ""]
    else:
        row = got["talks"]
        rows = []
        for what, key in (
            ("one case, reservation values of each negotiation's own", "alike"),
            ("utilities given, the deals of a negotiation side by side", "ours"),
            ("utilities given, the draws of a deal side by side", "across"),
            ("utilities formed from issues first", "formed"),
            ("NumPy alone", "numpy"),
        ):
            ratio = statistics.median(row["ratios"]) if key == "ours" else row[key] / row["negmas"]
            told = f"{ratio:,.0f} x"
            if key == "ours":
                told += f" (rounds: {', '.join(f'{x:,.0f}' for x in row['ratios'])}; "
                told += f"by processor time {row['busy']:,.0f})"
            rows.append([what, f"{row[key]:,.0f} a second", told])
            rows[-1] += ["5,000 x", met(ratio >= 5000)] if key in ("alike", "ours") else ["", ""]
        out += table(["Winset, all cores", "negotiations", "beside NegMAS", "target", ""], rows)
        out += [
            "Bilateral alternating offers, Boulware against linear, 1,000 deals (3 issues x 10 options), 100 "
            "rounds, every negotiation with utilities of its own but in the first row, where the deals are "
            "valued once, as for one case with many reservation values; NegMAS' `SAOMechanism` does "
            f"{row['negmas']:.0f} a second on one core, its utility functions made beforehand. Of "
            f"{row['compared']} different ones {row['compared'] - row['apart']} ended "
            "with the same deal in the same step, the other "
            f"{row['apart']} once NegMAS' tolerance of 0.000001 below what it asks was taken away. Compiling "
            "and starting are not in the times.",
            "",
        ]
    out += ["## Growth", "", "Frontier of all deals; the naive column is enumeration as above.", ""]
    for name in GROWTH:
        out += [f"### {name}", ""]
        if failed(name):
            out += [why(name), ""]
            continue
        rows = []
        for row in got[name]["rows"]:
            base = {2: naive2, 3: naive3}.get(row["parties"], naive4)
            points = "refused" if row["points"] is None else f"{row['points']:,}"
            points += " (approximate)" if row["exact"] is False else ""
            beside = "" if base is None else long(base * float(row["deals"]) / 1e6)
            rows.append([row["space"], f"{float(row['deals']):.1e}", points])
            rows[-1] += [seconds(row["compile"]), seconds(row["ours"]), beside]
        out += table(["space", "deals", "points", "read and compile", "frontier", "enumeration"], rows)
    out += [
        f"A table ends after the first row that takes more than {STOP_AFTER:g} s; a space is "
        "refused when more than "
        "a million partial deals would have to be held.",
        "",
        "## Peak memory",
        "",
    ]
    sizes = {
        "negmas": (1e6, 2),
        "moocore 2": (1e6, 2),
        "moocore 3": (1e6, 3),
        "moocore 4": (1e6, 4),
        "two 12": (1e12, 2),
    }
    sizes |= {"two 20": (1e20, 2), "three 12": (1e12, 3), "four 12": (1e12, 4), "zone": (1e12, 4)}
    sizes |= {"talks": (1000 * 4096, 2)}
    sizes |= {"five within 5": (1e12, 5), "five within 3": (1e12, 5)}
    rows = []
    for name, (deals, parties) in sizes.items():
        if failed(name):
            rows.append([name, why(name), "", "", "", ""])
            continue
        row = got[name]
        peer = megabytes(row["peak_peer"]) if "peak_peer" in row else ""
        rows.append([name, megabytes(row["peak"]), megabytes(deals * parties * 8), peer])
        rows[-1] += ["< 500 MB", met(row["peak"] < 500e6)]
    out += table(
        ["row", "Winset, whole process", "array of all utilities", "with the peer", "target", ""], rows
    )
    out += ["## Start-up", ""]
    if failed("start"):
        out += [why("start"), ""]
    else:
        row = got["start"]
        rows = []
        for key, label, target in (
            ("bare", "`python -c pass`", None),
            ("numpy", "`import numpy`", None),
            ("import", "`import winset`", 0.3),
            ("help", "`winset --help`", 0.5),
            ("brief", "brief of the Alaska case as HTML", 2.0),
            ("draws", "the same with 10,000 draws", 10.0),
        ):
            spent_on, cpu = row[key]
            rows.append([label, seconds(spent_on), seconds(cpu), f"{spent_on / row['bare'][0]:.1f} x"])
            rows[-1] += ["", ""] if target is None else [f"< {seconds(target)}", met(spent_on < target)]
        out += table(
            ["process", "median of 5, warm", "processor time, mean", "beside bare Python", "target", ""], rows
        )
    return "\n".join(out)


def main() -> None:
    if sys.argv[1:2] == ["--row"]:
        print(json.dumps(ROWS[sys.argv[2]]()))
        return
    start = time.perf_counter()
    got: dict[str, Row] = {}
    for name in sys.argv[1:] or list(ROWS):
        got[name] = run(name)
    RESULTS.write_text(report(got, time.perf_counter() - start), encoding="utf-8")
    print(f"written: {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
