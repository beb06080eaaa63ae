"""What was forecast, by whom and when, and what came of it: the only reader and writer of forecast logs.

A log is a file of JSON Lines, one record a line, that is only ever added to: forecasts, how each was
resolved, and corrections of that. Under an exclusive lock a writer reads the file, takes the next id, writes
its line in one call and has the disk confirm it; only then is the record acknowledged. A writer that is
stopped on the way leaves at worst the beginning of a line. Such a torn line was never acknowledged; it stays
where it is, is reported, and the next writer begins a new line after it.

Ids count the forecasts: f1, f2, ... A gap, or an id that stands twice, means that somebody changed the file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from winset.case.fields import Date, Words
from winset.case.numbers import Number, NumberProblem, parse_number
from winset.case.read import Loaded
from winset.case.text import CONTROL, closest, dotted, listing, show
from winset.errors import CaseError, Fault, QuestionError
from winset.version import __version__

__all__ = [
    "OUTCOMES",
    "Claimed",
    "Forecast",
    "ForecastLog",
    "Origin",
    "Resolution",
    "add_forecast",
    "claimed",
    "open_log",
    "resolve",
]

MAX_BYTES = 64 << 20
WAIT = 30.0  # seconds for another writer to finish

_PLAINLY = {"missing": "this is missing", "extra_forbidden": "unknown key"}

Outcome = Literal["yes", "no", "void", "open"]
OUTCOMES: Mapping[str, str] = {
    "yes": "the event happened",
    "no": "it did not happen",
    "void": "it cannot be told, or the question fell away; not scored",
    "open": "takes back an earlier resolution",
}

_PROBABILITY_ALLOWED = "a probability from 0 to 1, as 25%, 0.25 or 1/4, or a range as 20% to 30%"
_BEGINNING = b'{"log": '  # of every record


def _words(raw: Any) -> str:
    text = " ".join(str(raw).split()) if isinstance(raw, str) else ""
    if not text or CONTROL.search(text) or len(text) > 2000:
        raise ValueError("text is expected: printable, 1 to 2,000 characters")
    return text


def _share(raw: Any) -> tuple[float, float]:
    ends = raw if isinstance(raw, list | tuple) else (raw, raw)
    fits = len(ends) == 2 and all(isinstance(p, int | float) and not isinstance(p, bool) for p in ends)
    if not fits or not 0 <= ends[0] <= ends[1] <= 1 or (isinstance(raw, list) and ends[0] == ends[1]):
        raise ValueError("a probability from 0 to 1, or [low, high], is expected")
    return float(ends[0]), float(ends[1])


def _moment(raw: Any) -> dt.datetime:
    if isinstance(raw, dt.datetime):
        return raw
    with contextlib.suppress(ValueError):
        return dt.datetime.strptime(str(raw), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    raise ValueError("a moment as 2025-08-15T09:30:00Z is expected")


Line = Annotated[str, BeforeValidator(_words)]
Share = Annotated[
    tuple[float, float],
    BeforeValidator(_share),
    PlainSerializer(lambda ends: ends[0] if ends[0] == ends[1] else list(ends)),
]
Moment = Annotated[
    dt.datetime, BeforeValidator(_moment), PlainSerializer(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"))
]
Id = Annotated[str, Field(pattern=r"^f[1-9][0-9]{0,8}$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def to_line(self) -> bytes:
        data = {"log": 1, **self.model_dump(mode="json", exclude_none=True)}
        return json.dumps(data, ensure_ascii=False, allow_nan=False).encode()


class Origin(BaseModel):
    """The case that a forecast comes from, as it was when the forecast was logged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Words
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    path: str  # from the folder of the log, where there is a way
    claim: Line | None = None  # the claim that states the forecast
    lens: Line | None = None  # the lens that computed it, from so many draws under this seed
    draws: Annotated[int, Field(ge=1)] | None = None
    seed: Annotated[int, Field(ge=0)] | None = None


class Forecast(_Record):
    """An event, its probability, and who says so."""

    record: Literal["forecast"] = "forecast"
    id: Id
    event: Line
    probability: Share  # (low, high); both the same unless a range was stated
    by: Line
    when: Date  # the day on which it was made
    due: Date | None = None  # the day by which it can be resolved
    case: Origin | None = None
    note: Line | None = None
    logged: Moment
    winset: Line  # the version that logged it

    @property
    def is_range(self) -> bool:
        return self.probability[0] != self.probability[1]

    @property
    def middle(self) -> float:
        """What is scored: the probability, or the middle of the stated range."""
        low, high = (Fraction(repr(p)) for p in self.probability)
        return float((low + high) / 2)


class Resolution(_Record):
    """What came of a forecast. A correction replaces the resolution before it."""

    record: Literal["resolution", "correction"] = "resolution"
    id: Id
    outcome: Outcome
    on: Date  # the day on which the event happened, or it was clear that it had not
    source: Line | None = None
    note: Line | None = None
    logged: Moment
    winset: Line


@dataclass(frozen=True, slots=True)
class ForecastLog:
    """A log as it was read."""

    file: str
    forecasts: Mapping[str, Forecast]  # by id, in the order of the file
    history: Mapping[str, tuple[Resolution, ...]]  # by id, oldest first; only of forecasts that have one
    torn: tuple[int, ...] = ()  # lines that an interrupted writer left unfinished

    def resolution(self, id: str) -> Resolution | None:
        """The resolution that stands, or None while the forecast is open."""
        found = self.history.get(id)
        return found[-1] if found and found[-1].outcome != "open" else None

    def forecast(self, id: str) -> Forecast:
        """A forecast by its id.

        Raises
        ------
        QuestionError
            If there is none of this id.
        """
        if id not in self.forecasts:
            hint = closest(id, self.forecasts)
            known = listing(self.forecasts) if self.forecasts else "the log holds none yet"
            raise QuestionError(
                f'{self.file}: there is no forecast "{show(id)}"' + (f"; {hint}" if hint else "")
                + f"\n    forecasts: {known}"
            )  # fmt: skip
        return self.forecasts[id]


# ---------------------------------------------------------------------------------------------------- reading


def open_log(path: str | os.PathLike[str]) -> ForecastLog:
    """Read a log.

    Raises
    ------
    CaseError
        If there is no such file, or it is not a log, with every line that is wrong.
    """
    file = os.fspath(path)
    with _locked(file, write=False) as handle:
        raw = _content(handle, file)
    return _parsed(raw, file)


def _content(handle: int, file: str) -> bytes:
    if os.fstat(handle).st_size > MAX_BYTES:
        raise _fault(file, "the file is too large for a log", allowed=f"at most {MAX_BYTES:,} bytes")
    os.lseek(handle, 0, os.SEEK_SET)
    pieces = []
    while piece := os.read(handle, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _parsed(raw: bytes, file: str) -> ForecastLog:
    forecasts: dict[str, Forecast] = {}
    history: dict[str, tuple[Resolution, ...]] = {}
    torn: list[int] = []
    faults: list[Fault] = []

    def wrong(message: str, where: str = "", value: str = "", allowed: str = "", hint: str = "") -> None:
        faults.append(Fault(file, number, 1, where, message, value, allowed, hint))

    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        data = _json(line)
        if data is None and _is_beginning(line):
            torn.append(number)
            continue
        if not isinstance(data, dict) or "log" not in data:
            wrong(
                "this is not a line of a forecast log",
                value=show(line.decode("utf-8", "replace"), 60),
                hint="give a log's file with --log, or a new name to start one; nothing was written here",
            )
            break
        if data.pop("log") != 1:
            wrong("the log was written by a later version", hint="use a later version of Winset")
            break
        kind = Forecast if data.get("record") == "forecast" else Resolution
        try:
            record = kind.model_validate(data)
        except ValidationError as error:
            for problem in error.errors(include_url=False)[:5]:
                said = _PLAINLY.get(problem["type"], problem["msg"].removeprefix("Value error, "))
                wrong(said, dotted(problem["loc"]), show(problem["input"]))
            continue
        if isinstance(record, Forecast):
            expected = f"f{len(forecasts) + 1}"
            if record.id != expected:
                wrong(
                    f"forecast {record.id} stands where {expected} belongs",
                    allowed="forecasts numbered f1, f2, ... without a gap, as they were added",
                    hint="a line was removed, changed or put in by hand; bring the file back to what it was",
                )
                break
            forecasts[record.id] = record
        elif record.id not in forecasts:
            wrong(f"{record.id} is resolved before it is forecast")
        else:
            before = history.get(record.id, ())
            stands = bool(before) and before[-1].outcome != "open"
            if stands and record.record == "resolution":
                wrong(f"{record.id} is resolved twice, and the second time not as a correction")
            elif not stands and record.record == "correction":
                wrong(f"{record.id} is corrected before it is resolved")
            history[record.id] = (*before, record)
    if faults:
        raise CaseError(faults)
    return ForecastLog(file, forecasts, history, tuple(torn))


def _json(line: bytes) -> Any:
    """The data of a line, or None if it is no JSON."""
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _is_beginning(line: bytes) -> bool:
    """Whether a line may be what is left of a record; after a power cut the rest may be zero bytes."""
    written = line.rstrip(b"\0")
    return written.startswith(_BEGINNING) or _BEGINNING.startswith(written)


# ---------------------------------------------------------------------------------------------------- writing


def add_forecast(
    path: str | os.PathLike[str],
    *,
    event: str,
    probability: str | Number,
    by: str,
    when: str | dt.date | None = None,
    due: str | dt.date | None = None,
    note: str | None = None,
    case: Loaded | None = None,
    claim: str | None = None,
    lens: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
) -> Forecast:
    """Add a forecast to a log, which is made if need be; it is on the disk when this returns.

    Parameters
    ----------
    event
        What must happen, so defined that one can tell afterwards.
    probability
        As in a case: ``25%``, ``0.25``, ``1/4``, or a range ``20% to 30%``, of which the middle is scored.
    when, due
        The day on which the forecast was made (today if left out), and the day by which one can tell.
    case, claim, lens, draws, seed
        The case that it comes from, and the claim that states it, or the lens that computed it from so many
        draws under this seed.

    Raises
    ------
    CaseError
        With everything that is wrong in what was given, or with the file.
    """
    file = os.fspath(path)
    given = _Given()
    given.words("--event", event)
    given.words("--by", by)
    given.words("--note", note)
    ends = given.probability(probability)
    made = given.date("--when", when) or dt.date.today()
    until = given.date("--due", due)
    given.not_to_come("--when", made)
    if until is not None and until < made:
        given.wrong(
            "--due", "the event is due before the forecast was made", until.isoformat(), f"{made} or later"
        )
    given.stop_if_any()
    origin = None if case is None else _origin(case, file, claim=claim, lens=lens, draws=draws, seed=seed)

    def make(log: ForecastLog) -> Forecast:
        return Forecast(
            id=f"f{len(log.forecasts) + 1}", event=event, probability=ends, by=by, when=made, due=until,
            case=origin, note=note, logged=_now(), winset=__version__,
        )  # fmt: skip

    return _append(file, make, new=True)


def resolve(
    path: str | os.PathLike[str],
    id: str,
    outcome: str,
    *,
    on: str | dt.date | None = None,
    source: str | None = None,
    note: str | None = None,
    correct: bool = False,
) -> Resolution:
    """Add to a log what came of a forecast (``OUTCOMES``).

    Parameters
    ----------
    on
        The day on which it happened, or was clear that it had not; today if left out.
    correct
        Replace the resolution that stands. It stays in the file.

    Raises
    ------
    CaseError
        With everything that is wrong in what was given, or with the file.
    QuestionError
        On an unknown id, a forecast that is resolved already, or a correction of nothing.
    """
    given = _Given()
    if outcome not in OUTCOMES:
        given.wrong(
            "OUTCOME", "not an outcome", show(outcome), ", ".join(OUTCOMES), closest(outcome, OUTCOMES)
        )
    given.words("--source", source)
    given.words("--note", note)
    day = given.date("--on", on) or dt.date.today()
    given.not_to_come("--on", day)
    given.stop_if_any()

    def make(log: ForecastLog) -> Resolution:
        forecast, standing = log.forecast(id), log.resolution(id)
        if standing is not None and not correct:
            raise QuestionError(
                f"{id} is resolved already: {standing.outcome}, on {standing.on}"
                "\n    hint: --correct replaces that; the earlier resolution stays in the file"
            )
        if standing is None and (correct or outcome == "open"):
            raise QuestionError(f"{id} is not resolved, so there is nothing to correct or take back")
        if outcome in ("yes", "no") and day < forecast.when:
            raise QuestionError(
                f"{id} was made on {forecast.when}, after its event was settled on {day}: that is no forecast"
                "\n    hint: check the day given with --on, or resolve it as void"
            )
        return Resolution(
            record="correction" if correct else "resolution", id=id, outcome=cast(Outcome, outcome),
            on=day, source=source, note=note, logged=_now(), winset=__version__,
        )  # fmt: skip

    return _append(os.fspath(path), make, new=False)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A forecast that a claim of a case states."""

    event: str
    probability: Number
    by: str
    when: dt.date | None


def claimed(loaded: Loaded, claim: str) -> Claimed:
    """The forecast that a claim of a case states.

    The day is the claim's date, else that of its source, else the day that the case describes.

    Raises
    ------
    QuestionError
        If there is no such claim, or it states no probability.
    """
    case = loaded.case
    stated = [id for id, c in case.claims.items() if c.event is not None and c.probability is not None]
    found = case.claims.get(claim)
    if found is None or found.event is None or found.probability is None:
        what = f'there is no claim "{show(claim)}"' if found is None else f'claim "{claim}" is no forecast'
        hint = closest(claim, stated) if found is None else ""
        raise QuestionError(
            f"{loaded.file}: {what}" + (f"; {hint}" if hint else "")
            + f"\n    claims with an event and a probability: {listing(stated) if stated else 'none'}"
        )  # fmt: skip
    party = case.parties.get(found.by)
    by = party.name if party is not None and party.name else found.by
    said = found.date.first if found.date is not None else None
    when = said or case.sources[found.source].date or case.as_of
    return Claimed(found.event, found.probability, by, when)


Made = TypeVar("Made", Forecast, Resolution)


def _append(file: str, make: Callable[[ForecastLog], Made], *, new: bool) -> Made:
    """Add the record that ``make`` makes of the log as it is, and have the disk confirm it."""
    with _locked(file, write=True, new=new) as handle:
        raw = _content(handle, file)
        record = make(_parsed(raw, file))
        line = (b"\n" if raw and not raw.endswith(b"\n") else b"") + record.to_line() + b"\n"
        try:
            written = os.write(handle, line)
            if written != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
            if not raw:
                _sync_folder(file)
        except OSError as error:
            raise _fault(
                file, f"the disk has not confirmed the new line: {error.strerror}",
                hint="see with winset log list whether it is there before you try again",
            ) from None  # fmt: skip
    return record


def _origin(case: Loaded, log: str, **how: Any) -> Origin:
    path = os.path.abspath(case.file)
    with contextlib.suppress(ValueError):  # another drive
        path = os.path.relpath(os.path.realpath(path), os.path.dirname(os.path.realpath(log)))
    written = os.fsencode(FilePath(path).as_posix()).decode("utf-8", "replace")
    return Origin(title=case.case.title, sha256=case.sha256, path=written, **how)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


class _Given:
    """Checks what was given, and collects what is wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, what: str, message: str, value: str = "", allowed: str = "", hint: str = "") -> None:
        self.faults.append(Fault(what, 0, 0, "", message, value, allowed, hint))

    def stop_if_any(self) -> None:
        if self.faults:
            raise CaseError(self.faults)

    def words(self, what: str, text: str | None) -> None:
        if text is None:
            return
        try:
            _words(text)
        except ValueError:
            self.wrong(what, "text is expected", show(text), "printable text of 1 to 2,000 characters")

    def date(self, what: str, raw: str | dt.date | None) -> dt.date | None:
        if raw is None or isinstance(raw, dt.date):
            return raw
        with contextlib.suppress(ValueError):
            if len(raw) == 10:  # no other ISO form
                return dt.date.fromisoformat(raw)
        self.wrong(what, "not a date", show(raw), "a date as YYYY-MM-DD, e.g. 2025-08-15")
        return None

    def not_to_come(self, what: str, day: dt.date) -> None:
        if day > dt.date.today():
            self.wrong(what, "this day is still to come", day.isoformat(), "today or earlier")

    def probability(self, raw: str | Number) -> tuple[float, float]:
        what = "--probability"
        try:
            number = parse_number(raw)
        except NumberProblem as problem:
            self.wrong(what, problem.message, show(raw), _PROBABILITY_ALLOWED, problem.hint)
            return 0.0, 0.0
        if number.values or number.mode is not None:
            self.wrong(
                what, "a forecast is one number or a plain range", show(number.text), _PROBABILITY_ALLOWED
            )
        elif number.low < 0 or number.high > 1:
            forgotten = 1 < number.high <= 100 and not number.percent
            self.wrong(
                what, "not a probability", show(number.text), _PROBABILITY_ALLOWED,
                "write it as a percentage" if forgotten else "",
            )  # fmt: skip
        return float(number.low), float(number.high)


# ------------------------------------------------------------------------------------- files, locks and disks


def _fault(file: str, message: str, *, value: str = "", allowed: str = "", hint: str = "") -> CaseError:
    return CaseError([Fault(file, 0, 0, "", message, value, allowed, hint)])


@contextlib.contextmanager
def _locked(file: str, *, write: bool, new: bool = False) -> Iterator[int]:
    """The open file, locked: for one writer, or for readers."""
    handle = -1
    try:
        while handle < 0:
            handle = _open(file, write=write, new=new)
            _lock(handle, file, shared=not write)
            if not os.path.samestat(os.fstat(handle), os.stat(file)):  # replaced while we waited
                os.close(handle)
                handle = -1
        yield handle
    except OSError as error:
        done = "written" if write else "read"
        raise _fault(file, f"the log cannot be {done}: {error.strerror}") from None
    finally:
        if handle >= 0:
            _unlock(handle)
            os.close(handle)


def _open(file: str, *, write: bool, new: bool) -> int:
    try:
        kind = os.stat(file).st_mode
    except FileNotFoundError:
        folder = os.path.dirname(os.path.abspath(file))
        if not os.path.isdir(folder):
            raise _fault(file, "there is no such folder", value=folder) from None
        if not new:
            raise _fault(
                file, "there is no such log", hint="winset log add starts one; --log FILE names another"
            ) from None
    except ValueError:
        raise _fault(show(file), "this is not the name of a file") from None
    else:
        if stat.S_ISDIR(kind):
            raise _fault(file, "this is a folder, not a log", hint="name a file, e.g. forecasts.jsonl")
        if not stat.S_ISREG(kind):
            raise _fault(file, "this is not a regular file")
    flags = os.O_RDWR | os.O_APPEND if write else os.O_RDONLY
    if new:
        flags |= os.O_CREAT
    return os.open(file, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0), 0o666)


def _lock(handle: int, file: str, *, shared: bool) -> None:
    end = time.monotonic() + WAIT
    while not _try_lock(handle, shared=shared):  # polled, because a wait of the system has no end
        if time.monotonic() > end:
            raise _fault(
                file, f"another program has held the log for {WAIT:.0f} seconds",
                hint="wait for it to end, or end it, and try again",
            )  # fmt: skip
        time.sleep(0.01)


if sys.platform == "win32":
    import msvcrt

    _FAR = 0x7FFFFFFE  # a byte that no log reaches stands for the whole file

    def _try_lock(handle: int, *, shared: bool) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        with contextlib.suppress(OSError):
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

    def _sync_folder(file: str) -> None:
        """Windows keeps the entry of a new file together with the file."""

else:
    import fcntl

    def _try_lock(handle: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            if not shared:
                raise
            # a file system without locks; nobody can be writing there either
        return True

    def _unlock(handle: int) -> None:
        """Closing it does."""

    def _sync_folder(file: str) -> None:
        """Have the disk confirm the entry of a new file."""
        folder = os.open(os.path.dirname(os.path.abspath(file)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
