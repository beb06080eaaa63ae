"""Answers worked out by a second process, where there is a second core, while the first works out others.

Most of a brief's time goes into Python itself, which one process does on one core. A fork knows all that has
been computed so far and needs no start of its own. It is made only where the program has said that it may be
(``allow``), and only on Linux, where the numeric libraries are safe to fork. Whatever happens to the fork, an
answer that it did not give is worked out here, and is the same.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from threading import Thread
from typing import Any, NoReturn, TypeVar

__all__ = ["Beside", "allow", "answer", "begin", "carry_on"]

Value = TypeVar("Value")

_allowed = [False]


def allow() -> None:
    """Say that this process may be forked: it is a program of its own, without threads or open work."""
    _allowed[0] = True


class answer(cached_property[Value]):  # noqa: N801 - used as a decorator
    """A property worked out once, perhaps by the second process of the object that has it."""

    def __init__(self, work: Callable[[Any], Value]) -> None:
        super().__init__(work)
        work_here = self.func

        def found(instance: Any) -> Value:
            beside: Beside | None = instance.__dict__.get("_beside")
            if beside is not None and self.attrname in beside.names:
                with suppress(KeyError):
                    return beside.take(self.attrname)  # type: ignore[no-any-return]
            return work_here(instance)

        self.func = found


class Beside:
    """A second process at work on some of an object's answers."""

    def __init__(self, owner: Any, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._found: dict[str, Any] = {}
        reads, writes = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._child = os.fork()
        if not self._child:
            os.close(reads)
            _work(owner, self.names, writes)
        os.close(writes)
        self._reader = Thread(target=self._read, args=(reads,), daemon=True)
        self._reader.start()

    def _read(self, reads: int) -> None:
        with os.fdopen(reads, "rb") as pipe, suppress(EOFError, pickle.UnpicklingError, OSError):
            for name in self.names:
                self._found[name] = pickle.load(pipe)
        with suppress(OSError):
            os.waitpid(self._child, 0)

    def there(self, name: str) -> bool:
        """Whether an answer is there."""
        return name in self._found

    def end(self) -> None:
        """Stop the process, if it is still at work."""
        with suppress(OSError):
            os.kill(self._child, signal.SIGKILL)

    def take(self, name: str) -> Any:
        """An answer, once it is there; KeyError if the process ended without it."""
        while name not in self._found and self._reader.is_alive():
            self._reader.join(0.002)
        return self._found[name]


def begin(owner: Any, names: Iterable[str]) -> Beside | None:
    """A second process at work on these answers of an object, in this order; nothing where none can be."""
    if not _allowed[0] or sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return None
    try:
        beside = Beside(owner, names)
    except OSError:
        return None
    owner.__dict__["_beside"] = beside
    return beside


def carry_on(owner: Any, heir: Any) -> None:
    """What the second process of one object works out is an answer of another, too."""
    if "_beside" in owner.__dict__:
        heir.__dict__["_beside"] = owner.__dict__["_beside"]


def _work(owner: Any, names: Iterable[str], writes: int) -> NoReturn:
    """Answer, in the second process; it leaves without a word and without running what the first will run."""
    try:
        with os.fdopen(writes, "wb") as pipe:
            for name in names:
                pickle.dump(getattr(owner, name), pipe, protocol=pickle.HIGHEST_PROTOCOL)
                pipe.flush()
    finally:  # whatever goes wrong here goes wrong in the first process too, which tells it
        os._exit(0)
