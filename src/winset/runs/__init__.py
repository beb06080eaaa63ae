"""Sweeps: a case, or several, over grids and samples of their inputs, on one machine or many.

``sweep`` plans the work, cuts it into pieces, has them done (in this process, by a local cluster, or by the
workers of a Dask scheduler), writes each to a file of its own and puts them together at the end. ``summary``
and ``query`` read what is there.

Needs the extra ``sweep``; nothing of it is imported before a sweep is asked for.
"""

from winset.runs.design import Axis, axes
from winset.runs.engine import Done, sweep
from winset.runs.plan import SweepPlan, plan_sweep
from winset.runs.summary import Answer, SweepRow, SweepSummary, query, summary

__all__ = [
    "Answer",
    "Axis",
    "Done",
    "SweepPlan",
    "SweepRow",
    "SweepSummary",
    "axes",
    "plan_sweep",
    "query",
    "summary",
    "sweep",
]
