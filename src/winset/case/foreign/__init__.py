"""What other tools hold, carried over exactly or refused: Genius (XML), NegMAS (YAML, JSON), gmcr-py (.gmcr).

>>> from winset.case.foreign import import_scenario, to_text
>>> imported = import_scenario("laptop/")                  # doctest: +SKIP
>>> print(to_text(imported))                               # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeVar

from winset.case.foreign.additive import Imported, Origin
from winset.case.foreign.files import MAX_BYTES, MAX_OPTIONS, Faults, read_file
from winset.case.foreign.genius import XmlFile, import_genius, read_xml
from winset.case.foreign.gmcr import import_gmcr
from winset.case.foreign.negmas import TreeFile, import_negmas, read_tree
from winset.case.foreign.writing import to_text
from winset.case.text import listing

__all__ = ["MAX_BYTES", "MAX_OPTIONS", "Imported", "Origin", "import_scenario", "to_text"]

_XML, _TREE, _GMCR = (".xml",), (".yml", ".yaml", ".json"), ".gmcr"
_KINDS = "Genius XML, NegMAS YAML or JSON, or a conflict of gmcr-py (.gmcr)"


def import_scenario(
    path: str | os.PathLike[str], *, reading: Literal["genius", "negmas"] = "genius"
) -> Imported:
    """Carry a scenario of another tool over to case data.

    Parameters
    ----------
    path
        A folder with a domain and one profile a party; or its domain file, which takes the profiles beside
        it; or one profile, which takes the domain beside it and gives a case of one party; or a conflict
        of gmcr-py (``.gmcr``).
    reading
        How evaluations in Genius files are read: as Genius does (divided by the largest of their issue), or
        as NegMAS reads the same files (as written).

    Returns
    -------
    Imported
        The case data, notes on all that was changed, left out or assumed, and each party's scale.

    Raises
    ------
    ForeignError
        With all faults at once, when something cannot be carried over exactly.
    """
    asked = Path(path)
    faults = Faults()
    if asked.suffix.lower() == _GMCR and asked.is_file():
        file = read_file(asked, faults)
        faults.stop_if_any()
        assert file is not None
        return import_gmcr(file, faults)
    genius, negmas, notes = _scenario_files(asked, str(path), faults)
    if negmas:
        space, ufuns, _ = _choose(negmas, asked, faults, "NegMAS outcome space")
        if space is None:
            faults.add(
                str(path),
                "there is no outcome space among the files",
                allowed="a file with type: …OutcomeSpace and its issues",
            )
        faults.stop_if_any()
        assert space is not None
        return import_negmas(space, ufuns, notes)
    domain, profiles, several = _choose(genius, asked, faults, "Genius domain")
    faults.stop_if_any()
    return import_genius(domain, profiles, notes, reading=reading, lenient=several)


def _scenario_files(
    asked: Path, said: str, faults: Faults
) -> tuple[list[XmlFile], list[TreeFile], list[str]]:
    """The files of the one scenario that is meant, and notes on those that are left out."""
    paths = _paths(asked, said, faults)
    xml = [made for p in paths if p.suffix.lower() in _XML and (made := _xml(p, faults))]
    trees = [tree for p in paths if p.suffix.lower() in _TREE and (tree := _tree(p, faults))]
    faults.stop_if_any()
    notes: list[str] = []
    strays: list[XmlFile | TreeFile] = [x for x in xml if x.kind == "other"]
    strays.extend(t for t in trees if t.kind == "other")
    for stray in strays:
        if asked.is_file() and stray.file.name == asked.name:
            faults.add(asked.name, "this file is neither a domain nor a profile", allowed=_KINDS)
        notes.append(f"{stray.file.name} is left out: it is neither a domain nor a profile.")
    for tree in trees:
        if tree.kind == "geniusweb":
            hint = "NegMAS can turn them into its own format"
            faults.add(tree.file.name, "GeniusWeb files are not read", allowed=_KINDS, hint=hint)
    genius = [x for x in xml if x.kind != "other"]
    negmas = [t for t in trees if t.kind in ("domain", "profile")]
    if genius and negmas:
        faults.add(
            said,
            "the folder holds a Genius scenario and a NegMAS scenario",
            value=f"{genius[0].file.name}, {negmas[0].file.name}",
            hint="give the domain file that you mean",
        )
    faults.stop_if_any()
    if not genius and not negmas:
        faults.add(said, "there is no scenario in this folder", allowed=_KINDS)
        faults.stop_if_any()
    return genius, negmas, notes


def _paths(asked: Path, said: str, faults: Faults) -> list[Path]:
    suffix = asked.suffix.lower()
    if not asked.exists():
        faults.add(said, "there is no such file or folder")
    elif asked.is_file() and suffix not in (*_XML, *_TREE):
        allowed = listing((*_XML, *_TREE, _GMCR))
        faults.add(asked.name, "unknown kind of file", value=asked.suffix or "no suffix", allowed=allowed)
    faults.stop_if_any()
    wanted = (*_XML, *_TREE) if asked.is_dir() else _XML if suffix in _XML else _TREE
    folder = asked if asked.is_dir() else asked.parent
    found = [p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in wanted]
    return sorted((p for p in found if not p.name.startswith(".")), key=lambda p: p.name)


def _xml(path: Path, faults: Faults) -> XmlFile | None:
    file = read_file(path, faults)
    return None if file is None else read_xml(file, faults)


def _tree(path: Path, faults: Faults) -> TreeFile | None:
    file = read_file(path, faults)
    return None if file is None else read_tree(file, faults)


_Parsed = TypeVar("_Parsed", XmlFile, TreeFile)


def _choose(
    found: Sequence[_Parsed], asked: Path, faults: Faults, noun: str
) -> tuple[_Parsed | None, list[_Parsed], bool]:
    """The domain, the profiles, and whether there were several domains to choose from."""
    domains = [f for f in found if f.kind == "domain"]
    profiles = [f for f in found if f.kind == "profile"]
    several = len(domains) > 1
    if asked.is_file():
        mine = next((f for f in found if f.file.path.name == asked.name), None)
        if mine is not None and mine.kind == "domain":
            domains = [mine]
        elif mine is not None:
            profiles = [mine]
    if len(domains) > 1:
        faults.add(
            str(asked),
            f"more than one {noun} in the folder",
            value=listing(d.file.name for d in domains),
            hint="give the domain file that you mean",
        )
    if not profiles:
        faults.add(
            domains[0].file.name if domains else str(asked),
            "there is no profile beside this domain, so nobody's preferences are known",
            allowed="one file a party with its utilities, in the same folder",
        )
    return (domains[0] if domains else None), profiles, several and asked.is_file()
