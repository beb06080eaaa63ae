"""Schedulers, workers and clients as processes of their own, on this machine: some of them are killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runs.examples import TEXT, case
from winset.errors import QuestionError
from winset.runs import sweep

SRC = Path(__file__).parents[2] / "src"
PATIENCE = 60.0  # seconds that anything may take on a busy machine
POINTS = 24
OVER = f"preferences.lower.no_deal=30..60/{POINTS}"
COMMON = ["--over", OVER, "--draws", 4096, "--piece", 4096]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(filter(None, [str(SRC), os.environ.get("PYTHONPATH")])),
    "NO_COLOR": "1",
    "COLUMNS": "200",
}


def python(*arguments: object, cwd: Path, log: Path | None = None) -> subprocess.Popen[str]:
    """A process of its own, in a session of its own."""
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(log.open("w")) if log else subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-m", *map(str, arguments)],
            cwd=cwd, env=ENVIRONMENT, stdout=out, stderr=out if log else subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip


def client(folder: Path, *arguments: object, cwd: Path) -> subprocess.Popen[str]:
    return python("winset", "sweep", cwd / "well.yaml", *COMMON, "-o", folder, *arguments, cwd=cwd)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=PATIENCE)
    assert out == ""
    return process.returncode, err


def wait_for(what: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something is so while a process runs."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def all_gone(session: int) -> bool:
    """Whether the processes of a session end, all of them."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def pieces(folder: Path) -> list[Path]:
    return sorted((folder / "pieces").rglob("*.parquet"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "well.yaml").write_text(TEXT, encoding="utf-8")
    return folder


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, place: Path) -> None:
        self.place = place
        file = place / "scheduler.json"
        self.processes = [
            python("dask", "scheduler", "--host", "127.0.0.1", "--port", 0, "--no-dashboard",
                   "--scheduler-file", file, cwd=place, log=place / "scheduler.log")
        ]  # fmt: skip
        wait_for(lambda: file.exists() and file.read_text().endswith("}"), self.processes[0])
        self.address = json.loads(file.read_text())["address"]

    def worker(self) -> subprocess.Popen[str]:
        number = len(self.processes)
        log = self.place / f"worker-{number}.log"
        options = ["--host", "127.0.0.1", "--nthreads", 1, "--no-nanny", "--no-dashboard"]
        options += ["--name", f"w{number}", "--local-directory", self.place / "scratch"]
        process = python("dask", "worker", self.address, *options, cwd=self.place, log=log)
        self.processes.append(process)
        wait_for(lambda: "Registered to:" in log.read_text(), process)
        return process

    def close(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                process.kill()
            process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def cluster(place: Path) -> Iterator[Cluster]:
    made: list[Cluster] = []
    try:
        made.append(Cluster(place))
        yield made[0]
    finally:
        for each in made:
            each.close()


@pytest.fixture(scope="module")
def expected(place: Path) -> bytes:
    """The results as this process's own kind computes them, without Dask."""
    code, said = finish(client(place / "alone", "--workers", 0, cwd=place))
    assert code == 0, said
    assert len(pieces(place / "alone")) == POINTS
    return (place / "alone" / "results.parquet").read_bytes()


def test_workers_and_their_number_change_no_byte(cluster: Cluster, place: Path, expected: bytes) -> None:
    for many in (1, 2):
        cluster.worker()
        folder = place / f"with-{many}"
        code, said = finish(client(folder, "--scheduler", cluster.address, cwd=place))
        assert code == 0, said
        assert f"sweep of {POINTS} points, 4,096 draws at each: {POINTS} pieces, to " in said
        assert (folder / "results.parquet").read_bytes() == expected


def test_a_worker_that_is_killed_costs_nothing_but_time(
    cluster: Cluster, place: Path, expected: bytes
) -> None:
    victim = cluster.worker()
    folder = place / "killed-worker"
    process = client(folder, "--scheduler", cluster.address, cwd=place)
    wait_for(lambda: len(pieces(folder)) >= 2, process)
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait(timeout=PATIENCE)
    assert len(pieces(folder)) < POINTS
    assert not (folder / "results.parquet").exists()
    code, said = finish(process)
    assert code == 0, said
    assert (folder / "results.parquet").read_bytes() == expected


def test_a_client_that_is_killed_loses_no_finished_piece(
    cluster: Cluster, place: Path, expected: bytes
) -> None:
    folder = place / "killed-client"
    process = client(folder, "--scheduler", cluster.address, cwd=place)
    wait_for(lambda: len(pieces(folder)) >= 3, process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert all_gone(process.pid)
    kept = {p: (p.stat().st_mtime_ns, p.stat().st_ino, p.read_bytes()) for p in pieces(folder)}
    assert 3 <= len(kept) < POINTS
    assert not (folder / "results.parquet").exists()
    code, said = finish(client(folder, "--scheduler", cluster.address, cwd=place))
    assert code == 0, said
    assert f"{len(kept)} of them done before" in said
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino, p.read_bytes()) for p in kept} == kept
    assert (folder / "results.parquet").read_bytes() == expected
    assert not list(folder.rglob(".winset-*"))


def test_an_interrupt_says_what_is_done_and_how_to_go_on(place: Path, expected: bytes) -> None:
    for attempt in range(5):
        folder = place / f"interrupted {attempt}"
        process = client(folder, "--workers", 2, cwd=place)  # a cluster of its own
        wait_for(lambda folder=folder: len(pieces(folder)) >= 2, process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        code, said = finish(process)
        if code:  # else all was done before the signal came
            break
    assert code == 130, said
    assert f"interrupted: {len(pieces(folder))} of {POINTS} pieces are done" in said
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
    assert all_gone(process.pid)  # nobody is left behind
    code, said = finish(client(folder, "--workers", 0, cwd=place))
    assert code == 0, said
    assert (folder / "results.parquet").read_bytes() == expected


def test_a_scheduler_that_goes_away_is_told(place: Path) -> None:
    (place / "other").mkdir()
    other = Cluster(place / "other")
    try:
        other.worker()
        folder = place / "lost"
        process = client(folder, "--scheduler", other.address, cwd=place)
        wait_for(lambda: len(pieces(folder)) >= 1, process)
        other.processes[0].kill()
        code, said = finish(process)
    finally:
        other.close()
    assert code == 2, said
    assert "went away" in said
    assert "the same command goes on from there" in said
    assert "Traceback" not in said


def test_an_address_where_nobody_answers(place: Path) -> None:
    began = time.monotonic()
    code, said = finish(client(place / "nobody", "--scheduler", "tcp://127.0.0.1:1", cwd=place))
    assert code == 2, said
    assert "no Dask scheduler answers at tcp://127.0.0.1:1 within 5 seconds" in said
    assert len(said.strip().splitlines()) == 2  # what is asked for, and why it cannot be
    assert 5 < time.monotonic() - began < 30
    assert not pieces(place / "nobody")


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1:8786", "tcp://127.0.0.1", ""])
def test_what_is_no_address(address: str, tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="looks like tcp://") as caught:
        sweep({"well": case()}, [OVER], folder=tmp_path / "a", scheduler=address)
    assert f'--scheduler is "{address}"' in str(caught.value)
    assert not (tmp_path / "a").exists()
