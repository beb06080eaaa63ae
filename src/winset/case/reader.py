"""The first pass over a case file: each mapping to its model, and what of it could be read.

The second pass, which checks what refers to what (``read_case``), looks here for names and for what was kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from winset.case.model import Forbid
from winset.case.plain import at
from winset.case.read_faults import report
from winset.case.text import Faults, Path, listing

if TYPE_CHECKING:
    from winset.case.concessions import Concessions
    from winset.case.guarantees import Durability
    from winset.case.model import NoDeal
    from winset.case.read_conflict import ReadConflict
    from winset.case.stages import Talks

__all__ = ["Reader"]

Model = TypeVar("Model", bound=BaseModel)

_ID_ALLOWED = "1 to 80 printable characters without a dot"
_MATCH_WORDS = frozenset({"when", "because", "note"})


class Reader:
    """The data of a file with their faults, and what of them could be read so far."""

    def __init__(self, data: dict[str, Any], faults: Faults) -> None:
        self.data, self.faults = data, faults
        self.kept: dict[str, dict[str, Any]] = {}
        self.places: dict[
            str, list[int]
        ] = {}  # block that is a list -> where each entry that was kept stands
        self.uncertain: dict[str, bool] | None = None
        self.lottery: NoDeal | None = None
        self.talks: Talks | None = None
        self.concessions: Concessions | None = None
        self.durability: Durability | None = None
        self.conflict: ReadConflict | None = None
        self.ranges: list[str] = []
        self.claims = self.names("claims")
        self.sources = self.names("sources")
        self.parties = self.names("parties")
        self.valued = self.names("preferences")
        self.options = {i: self._option_names(i) for i in self.names("issues")}

    def names(self, section: str) -> dict[str, None]:
        """The names that a block gives, readable or not."""
        part = self.data.get(section)
        return dict.fromkeys(part) if isinstance(part, dict) else {}

    def _option_names(self, issue: str) -> dict[str, None] | None:
        """The options of an issue, or None where they are too broken to check names against."""
        body = self.data["issues"][issue]
        raw = body.get("options") if isinstance(body, dict) else None
        if not isinstance(raw, list) or not raw or not all(isinstance(o, str) and o.strip() for o in raw):
            return None
        return dict.fromkeys(raw)

    def section(self, section: str, model: type[BaseModel]) -> None:
        """A block that is a mapping of names to one model; what can be read is kept."""
        if section not in self.data:
            return
        part = self.data[section]
        if not isinstance(part, dict):
            self.faults.add((section,), f"{section} must be a mapping", value=part, allowed="id: {...}")
            return
        if not part and section in ("parties", "issues", "preferences"):
            self.faults.add((section,), f"{section} is empty", allowed="at least one")
        kept: dict[str, Any] = {}
        for name, body in part.items():
            path: Path = (section, name)
            self.check_id(path, name, section)
            if body is None and section == "parties":
                body = {}
            if not isinstance(body, dict):
                self.faults.add(
                    path, "a mapping is expected", value=body, allowed=listing(model.model_fields)
                )
                continue
            read = self.model(model, body, path)
            if read is not None:
                kept[name] = read
        self.kept[section] = kept

    def many(self, section: str, model: type[Model]) -> list[Model]:
        """A block that is a list."""
        part = self.data.get(section)
        if part is None:
            if section in self.data:
                self.faults.add((section,), f"{section} is empty", allowed="a list, or leave the key out")
            return []
        if not isinstance(part, list):
            self.faults.add((section,), f"{section} must be a list", value=part, allowed="- {...} lines")
            return []
        kept, places = [], self.places.setdefault(section, [])
        for n, item in enumerate(part):
            body = item
            if model is Forbid and not (isinstance(item, dict) and "when" in item):
                body = {"when": item}
            if not isinstance(body, dict):
                self.faults.add(
                    (section, n), "a mapping is expected", value=item, allowed=listing(model.model_fields)
                )
                continue
            short = body is not item
            read = self.model(model, body, (section, n), skip="when" if short else None)
            if read is not None:
                kept.append(read)
                places.append(n)
        return kept

    def one(self, section: str, model: type[Model]) -> Model | None:
        """A block that is one mapping."""
        if section not in self.data:
            return None
        body = self.data[section]
        if not isinstance(body, dict):
            self.faults.add(
                (section,), "a mapping is expected", value=body, allowed=listing(model.model_fields)
            )
            return None
        return self.model(model, body, (section,))

    def model(
        self,
        model: type[Model],
        body: Mapping[str, Any],
        path: Path,
        *,
        skip: str | None = None,
        whole: bool = False,
    ) -> Model | None:
        """A mapping as its model, or None and its faults (see ``report``)."""
        try:
            return model.model_validate(body)
        except ValidationError as error:
            report(self, error, model, body, path, skip, whole=whole)
            return None

    def check_id(self, path: Path, name: str, section: str) -> None:
        """Whether a name can be one, told where not."""
        bad = (
            not name.strip()
            or name != name.strip()
            or len(name) > 80
            or "." in name
            or not name.isprintable()
        )
        if bad and section != "preferences":
            self.faults.add(path, "not a usable id", value=name, allowed=_ID_ALLOWED, key=True)
        if section == "issues" and name in _MATCH_WORDS:
            self.faults.add(
                path,
                f"an issue cannot be called '{name}'",
                allowed="a word that matches do not use",
                key=True,
            )

    def listed(self, path: Path, names: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
        """The entries of what may be one text or a list of texts, each with its place."""
        listed = bool(names) and isinstance(at(self.data, path), list)
        for n, name in enumerate(names):
            yield ((*path, n) if listed else path), name
