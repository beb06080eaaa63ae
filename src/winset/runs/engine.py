"""Who computes the pieces? This process, a cluster on this machine, or the workers of a Dask scheduler.

There is no engine of our own: Dask (Rocklin 2015) moves pieces to workers, and moves them again when a worker
dies. A worker sends back the file of its piece; the one who asked writes it, so that machines need not share
a disk. A piece is a pure function of what it is sent. So it does not matter who computes it, when, or twice.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from winset.case import Case, write_whole
from winset.errors import QuestionError, WinsetError
from winset.runs.plan import SweepPlan, plan_sweep, write_plan

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Done", "execute", "needs", "sweep"]

#: Told the pieces done, the pieces in all, and how many of them were there before.
Step = Callable[[int, int, int], None]

CONNECT = 5.0  # seconds to wait for a scheduler
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss|ucx)://)?[^\s/]+:[0-9]{1,5}")
#: Ctrl-C is for the one who asked, who then ends the workers.
_DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
#: Workers keep memory that they will want again for the next block: asking for it anew costs a quarter more.
_KEEP_MEMORY = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 28}
_AHEAD = 3  # pieces that wait at the scheduler for each thread of a worker
_COUNT = 5.0  # seconds between counts of the workers
_PATIENCE = 30.0  # seconds without any worker before that is said


@dataclass(frozen=True, slots=True)
class Done:
    """A finished sweep."""

    folder: Path
    results: Path
    plan: SweepPlan
    before: int  # pieces that were there already
    seconds: float


def needs(*modules: str) -> None:
    """See that the extra is installed.

    Raises
    ------
    QuestionError
        With the command that installs it.
    """
    gone = [m for m in modules if find_spec(m) is None]
    if gone:
        raise QuestionError(
            f"a sweep needs {' and '.join(gone)}, which is not installed; "
            "this installs all it needs:  pip install 'winset[sweep]'"
        )


def sweep(
    cases: Mapping[str, Case],
    over: Mapping[str, Sequence[str] | str] | Sequence[str] = (),
    *,
    folder: str | os.PathLike[str],
    draws: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    piece: int | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Done:
    """Compute a case, or several, at the points of a design, and write the results to a folder.

    What is already in the folder is not computed again; see ``plan_sweep`` for the parameters of the design.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler, e.g. ``tcp://10.0.0.1:8786``; by default a cluster on this machine.
    workers
        Processes of the cluster on this machine, one for each core by default; 0 computes in this process.

    Raises
    ------
    QuestionError
        If the design makes no sense, the scheduler is not there, or a piece cannot be computed.
    CaseError
        If the folder holds something else.
    """
    plan = plan_sweep(cases, over, draws=draws, sample=sample, seed=seed, piece=piece)
    return execute(plan, folder, scheduler=scheduler, workers=workers)


def execute(
    plan: SweepPlan,
    folder: str | os.PathLike[str],
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    step: Step | None = None,
    say: Callable[[str], None] | None = None,
) -> Done:
    """Do what is missing of a plan (see ``sweep``).

    Parameters
    ----------
    step
        Told of the progress.
    say
        Told what a user may want to know: that no worker is there.
    """
    needs("pyarrow")
    from winset.runs.store import RESULTS, merge, missing, piece_path

    began = time.monotonic()
    place = Path(folder)
    if workers is not None and workers < 0:
        raise QuestionError(f"--workers is {workers}; 0 for this process, or a number of processes")
    in_process = workers == 0 and scheduler is None
    if scheduler is not None and workers is not None:
        raise QuestionError("--workers is for a cluster on this machine; a scheduler has workers of its own")
    if scheduler is not None and not _ADDRESS.fullmatch(scheduler):
        raise QuestionError(
            f'--scheduler is "{scheduler}"; the address of a Dask scheduler looks like tcp://127.0.0.1:8786'
        )
    if not in_process:
        needs("distributed")
    write_plan(plan, place)
    results = place / RESULTS
    open_pieces = [] if results.exists() else missing(place, plan.pieces)
    before = plan.pieces - len(open_pieces)
    count = before

    def keep(number: int, raw: bytes) -> None:
        nonlocal count
        path = piece_path(place, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, raw)
        count += 1
        if step is not None:
            step(count, plan.pieces, before)

    if step is not None:
        step(count, plan.pieces, before)
    if open_pieces and in_process:
        from winset.runs.piece import run_piece

        for number in open_pieces:
            keep(number, run_piece(plan.piece(number)))
    elif open_pieces:
        with _client(scheduler, workers, len(open_pieces)) as client:
            _distribute(client, plan, open_pieces, keep, scheduler, say)
    if not results.exists():
        merge(place, plan.to_data())
        for left in place.rglob(".winset-*"):  # half a file, from a run that was killed while it wrote
            left.unlink(missing_ok=True)
    return Done(place, results, plan, before, time.monotonic() - began)


@contextlib.contextmanager
def _client(scheduler: str | None, workers: int | None, pieces: int) -> Iterator[Client]:
    """A client of the scheduler at an address, or of a cluster of our own that ends with it."""
    import dask
    from distributed import Client, LocalCluster

    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(_KEEP_MEMORY))
        stack.enter_context(_quiet())
        if scheduler is None:
            cluster = LocalCluster(
                n_workers=min(workers or os.cpu_count() or 1, pieces),
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
                preload=[_DEAF],
            )
            stack.callback(_close, cluster)
            client = Client(cluster, set_as_default=False)
        else:
            try:
                client = Client(scheduler, timeout=CONNECT, set_as_default=False)
            except OSError:
                raise QuestionError(
                    f"no Dask scheduler answers at {scheduler} within {CONNECT:.0f} seconds; "
                    "the command  dask scheduler  starts one, and prints its address"
                ) from None
        stack.callback(_close, client)
        yield client


def _close(thing: Any) -> None:
    """Close a client or a cluster; what is wrong with it by now no longer matters."""
    with contextlib.suppress(OSError, RuntimeError, TimeoutError):
        thing.close(timeout=5)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the running commentary of the cluster; what matters comes back as an exception."""
    log = logging.getLogger("distributed")
    names = [log.name, *(n for n in logging.root.manager.loggerDict if n.startswith("distributed."))]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _distribute(
    client: Client,
    plan: SweepPlan,
    pieces: Sequence[int],
    keep: Callable[[int, bytes], None],
    scheduler: str | None,
    say: Callable[[str], None] | None,
) -> None:
    """Send out pieces, a few ahead of the workers, and keep what comes back as it comes."""
    from distributed import KilledWorker, as_completed

    from winset.runs.piece import run_piece

    waiting = iter(pieces)
    numbers: dict[Any, int] = {}
    flying = as_completed(loop=client.loop)
    run = uuid4().hex[:12]  # so that nothing of an earlier client is taken for ours

    def send(many: int) -> None:
        for _, number in zip(range(many), waiting, strict=False):  # range first: it must not eat a piece
            future = client.submit(run_piece, plan.piece(number), key=f"winset-{run}-{number}", pure=False)
            numbers[future] = number
            flying.add(future)

    threads, counted = _threads(client, scheduler, say), time.monotonic()
    send(_AHEAD * threads)
    for future in flying:
        number = numbers.pop(future)
        try:
            raw = future.result()
        except WinsetError:
            raise
        except KilledWorker:
            raise QuestionError(
                f"piece {number} ended its worker again and again, most likely for want of memory; "
                "give the workers more, or a smaller --piece in another folder"
            ) from None
        except (CancelledError, OSError) as error:
            raise QuestionError(
                f"the scheduler{f' at {scheduler}' if scheduler else ''} went away ({_short(error)}); "
                "what is done is kept, and the same command goes on from there"
            ) from None
        except (ImportError, RuntimeError) as error:
            if not _foreign(error):
                raise
            raise QuestionError(
                "the workers cannot read the work; they need the same versions of Python, Dask and "
                f"winset[sweep] as this machine ({_short(error.__cause__ or error)})"
            ) from None
        keep(number, raw)
        future.release()
        if time.monotonic() - counted > _COUNT:
            threads, counted = _threads(client, scheduler, say), time.monotonic()
        send(max(1, _AHEAD * threads - len(numbers)))


def _threads(client: Client, scheduler: str | None, say: Callable[[str], None] | None) -> int:
    """Threads of all workers; waits until there is one."""
    asked = time.monotonic()
    while True:
        try:
            threads = int(sum(client.nthreads().values()))
        except (OSError, RuntimeError, CancelledError):
            threads = 0
            if scheduler is not None and client.status != "running":
                return 1  # what flies comes back with the reason
        if threads:
            return threads
        if say is not None and time.monotonic() - asked > _PATIENCE:
            say(f"no worker at {scheduler or 'the local cluster'} yet; waiting")
            asked = time.monotonic()
        time.sleep(0.2)


def _foreign(error: Exception) -> bool:
    """Whether an error is about the work not being understood, rather than about the work."""
    words = f"{error} {error.__cause__ or ''}"
    return isinstance(error, ImportError) or "deserializ" in words.lower()


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 160 else text[:159] + "…"
