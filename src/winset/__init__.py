"""Winset: understand a negotiation that matters.

One sourced plain-text case goes in; which deals everyone needed can accept, who blocks the rest and why, and
which deals are efficient and fair comes out.

>>> import winset
>>> case = winset.load("cases/alaska-2025.yaml")
>>> winset.zone(case).deals
948
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from winset.version import __version__ as __version__

if TYPE_CHECKING:
    from winset.case import Case as Case
    from winset.case import dump as dump
    from winset.case import edit as edit
    from winset.case import load as load
    from winset.case import loads as loads
    from winset.case import read_data as read_data
    from winset.case.foreign import import_scenario as import_scenario
    from winset.compiled import compile_case as compile_case
    from winset.errors import CaseError as CaseError
    from winset.errors import WinsetError as WinsetError
    from winset.lenses import LENSES as LENSES
    from winset.lenses import agenda as agenda
    from winset.lenses import beliefs as beliefs
    from winset.lenses import blockers as blockers
    from winset.lenses import claims as claims
    from winset.lenses import concessions as concessions
    from winset.lenses import course as course
    from winset.lenses import dilemmas as dilemmas
    from winset.lenses import durability as durability
    from winset.lenses import exclusion as exclusion
    from winset.lenses import frontier as frontier
    from winset.lenses import information as information
    from winset.lenses import levers as levers
    from winset.lenses import power as power
    from winset.lenses import ratification as ratification
    from winset.lenses import sensitivity as sensitivity
    from winset.lenses import solutions as solutions
    from winset.lenses import stability as stability
    from winset.lenses import threats as threats
    from winset.lenses import venue as venue
    from winset.lenses import war as war
    from winset.lenses import zone as zone
    from winset.lenses.comparison import compare as compare
    from winset.lenses.judges import judges as judges
    from winset.report import brief as brief

_HOME = {
    "Case": "winset.case",
    "CaseError": "winset.errors",
    "LENSES": "winset.lenses",
    "WinsetError": "winset.errors",
    "beliefs": "winset.lenses",
    "agenda": "winset.lenses",
    "blockers": "winset.lenses",
    "brief": "winset.report",
    "claims": "winset.lenses",
    "compare": "winset.lenses.comparison",
    "compile_case": "winset.compiled",
    "concessions": "winset.lenses",
    "course": "winset.lenses",
    "dilemmas": "winset.lenses",
    "dump": "winset.case",
    "durability": "winset.lenses",
    "edit": "winset.case",
    "exclusion": "winset.lenses",
    "frontier": "winset.lenses",
    "import_scenario": "winset.case.foreign",
    "levers": "winset.lenses",
    "information": "winset.lenses",
    "judges": "winset.lenses.judges",
    "load": "winset.case",
    "loads": "winset.case",
    "power": "winset.lenses",
    "ratification": "winset.lenses",
    "read_data": "winset.case",
    "sensitivity": "winset.lenses",
    "solutions": "winset.lenses",
    "threats": "winset.lenses",
    "stability": "winset.lenses",
    "venue": "winset.lenses",
    "war": "winset.lenses",
    "zone": "winset.lenses",
}

__all__ = [
    "LENSES",
    "Case",
    "CaseError",
    "WinsetError",
    "agenda",
    "beliefs",
    "blockers",
    "brief",
    "claims",
    "compare",
    "compile_case",
    "concessions",
    "course",
    "dilemmas",
    "dump",
    "durability",
    "edit",
    "exclusion",
    "frontier",
    "import_scenario",
    "information",
    "judges",
    "levers",
    "load",
    "loads",
    "power",
    "ratification",
    "read_data",
    "sensitivity",
    "solutions",
    "stability",
    "threats",
    "venue",
    "war",
    "zone",
]


def __getattr__(name: str) -> Any:
    """Load each part when it is first used, so that ``import winset`` is quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'winset' has no attribute '{name}'")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
