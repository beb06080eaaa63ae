"""How loops are compiled: on the first call, kept on disk, and only where numba is installed.

Imported by modules of compiled loops alone, which are imported where there is enough for them to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast

import numba
from numba import types

__all__ = ["fast", "given"]

Function = TypeVar("Function", bound=Callable[..., Any])


def given(dtype: Any, axes: int, layout: Literal["C", "A"] = "C") -> Any:
    """The type of an array that is only read: one for all that can be given, so that nothing is compiled
    twice."""
    return types.Array(dtype, axes, layout, readonly=True)


def fast(*signature: Any) -> Callable[[Function], Function]:
    """Compiled on the first call, or at once for a signature; kept on disk where there is a place for it."""

    def compiled(function: Function) -> Function:
        of = types.void(*signature) if signature else None
        made: Any
        try:
            made = numba.njit(of, cache=True, nogil=True, error_model="numpy")(function)
        except RuntimeError:  # neither beside the code nor in the user's folder
            made = numba.njit(of, nogil=True, error_model="numpy")(function)
        return cast(Function, made)

    return compiled
