"""Where are the rows of a sweep kept? In Parquet: a file a piece while it runs, one file when it is done.

The bytes of a file depend on its rows and on the version of pyarrow, and on nothing else: fixed compression,
fixed order, no clock, no names of machines. A file is written under another name and moved into place, so
that a file that is there is whole.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from winset.errors import CaseError, Fault

__all__ = ["RESULTS", "encoded", "merge", "missing", "piece_path"]

RESULTS = "results.parquet"
GROUP = 1 << 16  # rows that the merged file keeps together
_TYPES = {"text": pa.string(), "whole": pa.int64(), "real": pa.float64()}
_HOW = {
    "compression": "zstd",
    "compression_level": 3,
    "version": "2.6",
    "data_page_version": "1.0",
    "store_schema": False,
    "write_statistics": False,
}


def piece_path(folder: Path, number: int) -> Path:
    """Where a piece goes; at most a thousand files a folder."""
    return folder / "pieces" / f"{number // 1000:06d}" / f"{number:09d}.parquet"


def missing(folder: Path, pieces: int) -> list[int]:
    """The pieces that are not there yet."""
    return [n for n in range(pieces) if not piece_path(folder, n).exists()]


def schema(columns: Sequence[Sequence[str]]) -> pa.Schema:
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns])


def encoded(rows: Sequence[Mapping[str, Any]], columns: Sequence[Sequence[str]]) -> bytes:
    """Rows as the bytes of a Parquet file; what a row does not have is null."""
    form = schema(columns)
    table = pa.table([pa.array([r.get(f.name) for r in rows], f.type) for f in form], schema=form)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, use_dictionary=False, **_HOW)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def merge(folder: Path, plan: Mapping[str, Any]) -> Path:
    """Put all pieces together, in order, in groups of rows that do not depend on how the work was cut.

    Raises
    ------
    CaseError
        If a piece cannot be read, or does not hold the rows that it should.
    """
    form = schema(plan["columns"])
    target = folder / RESULTS
    handle, temporary = tempfile.mkstemp(prefix=".winset-", dir=folder)
    os.close(handle)
    try:
        with pq.ParquetWriter(temporary, form, use_dictionary=True, **_HOW) as writer:
            kept, held = [], 0
            for number in range(plan["pieces"]):
                piece = _read(folder, number, plan, form)
                kept.append(piece)
                held += len(piece)
                while held >= GROUP:
                    whole = pa.concat_tables(kept).combine_chunks()
                    writer.write_table(whole.slice(0, GROUP).combine_chunks(), row_group_size=GROUP)
                    kept, held = [whole.slice(GROUP)], held - GROUP
            if held:
                writer.write_table(pa.concat_tables(kept).combine_chunks(), row_group_size=GROUP)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, target)
        temporary = ""
    except OSError as error:
        raise CaseError(
            [Fault(str(target), 0, 0, "", f"the file cannot be written: {error.strerror or error}")]
        ) from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    return target


def _read(folder: Path, number: int, plan: Mapping[str, Any], form: pa.Schema) -> pa.Table:
    path = piece_path(folder, number)
    rows = min(plan["blocks"], plan["rows"] - number * plan["blocks"])
    try:
        table = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowException):
        table = None
    if table is None or len(table) != rows or table.schema.names != form.names:
        raise CaseError(
            [
                Fault(
                    str(path),
                    0,
                    0,
                    "",
                    "this piece is damaged",
                    hint="delete the file and run the same command again; the other pieces stay",
                )
            ]
        )
    return table.cast(form)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
