"""Case files to validated cases, and back: the only reader of users' files."""

from winset.case.model import Case
from winset.case.read import Loaded, load, loads, open_case, read_data
from winset.case.schema import json_schema
from winset.case.starter import starter
from winset.case.write import dump, edit, edited, write_whole

__all__ = [
    "Case",
    "Loaded",
    "dump",
    "edit",
    "edited",
    "json_schema",
    "load",
    "loads",
    "open_case",
    "read_data",
    "starter",
    "write_whole",
]
