"""XML of other tools to a tree with line numbers, through expat with everything dangerous refused.

Document types and entities are refused where they start (so nothing external is read and nothing expands), as
are deep nesting and too many elements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from winset.case.foreign.files import MAX_DEPTH, MAX_NODES, Faults, ForeignFile
from winset.errors import Fault

__all__ = ["Element", "parse_xml"]

_DECLARED = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


@dataclass(slots=True)
class Element:
    """An element: its attributes, children in order, and its line (from 1)."""

    tag: str
    attributes: dict[str, str]
    line: int
    column: int = 1
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list[Element]:
        return [c for c in self.children if c.tag == tag]


class _Stop(Exception):  # noqa: N818 - leaves expat's callbacks, never raised to a user
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def parse_xml(file: ForeignFile, faults: Faults) -> Element | None:
    """The root element, or a fault."""
    if not _encoding_fits(file, faults):
        return None
    parser = expat.ParserCreate()
    parser.buffer_text = True
    builder = _Builder(file.name, parser)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.EntityDeclHandler = builder.entity
    parser.ExternalEntityRefHandler = builder.external
    parser.SkippedEntityHandler = builder.skipped
    try:
        parser.Parse(file.raw, True)
    except _Stop as stop:
        faults.found.append(stop.fault)
        return None
    except expat.ExpatError as error:
        problem = expat.errors.messages.get(error.code, "unknown error")
        faults.add(
            file.name,
            f"this is not well-formed XML: {problem}",
            line=error.lineno,
            column=error.offset + 1,
            hint=_hint(problem),
        )
        return None
    except (LookupError, ValueError, UnicodeError):
        faults.add(file.name, "the encoding that the file declares is not supported", line=1, allowed="UTF-8")
        return None
    return builder.root


def _encoding_fits(file: ForeignFile, faults: Faults) -> bool:
    declared = _DECLARED.match(file.raw)
    name = declared[1].decode("ascii") if declared else "UTF-8"
    if file.raw.startswith((b"\xff\xfe", b"\xfe\xff")) or name.upper().replace("_", "-") not in (
        "UTF-8",
        "UTF8",
    ):
        return True  # expat judges
    try:
        file.raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = file.raw.count(b"\n", 0, error.start) + 1
        faults.add(
            file.name,
            "the file is not UTF-8" + (", though it says so" if declared else ""),
            line=line,
            value=f"byte 0x{file.raw[error.start]:02x}",
            allowed="UTF-8, or an encoding that the first line names",
            hint="save it as UTF-8",
        )
        return False
    return True


class _Builder:
    def __init__(self, name: str, parser: expat.XMLParserType) -> None:
        self.name, self.parser = name, parser
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0

    def _stop(self, message: str, **more: str) -> _Stop:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return _Stop(Fault(self.name, line, column, "", message, **more))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= MAX_DEPTH:
            raise self._stop("nested too deeply", allowed=f"at most {MAX_DEPTH} levels")
        if self.count > MAX_NODES:
            raise self._stop("too many elements", allowed=f"at most {MAX_NODES:,}")
        made = Element(tag, attributes, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        if self.open:
            self.open[-1].children.append(made)
        else:
            self.root = made
        self.open.append(made)

    def end(self, _tag: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        if self.open and text.strip():
            self.open[-1].text = (self.open[-1].text + text)[:200]

    def doctype(self, *_: object) -> None:
        raise self._stop("a document type (DOCTYPE) is not read", hint="remove the <!DOCTYPE …> part")

    def entity(self, *_: object) -> None:
        raise self._stop("entities are not read", hint="remove the <!ENTITY …> part")

    def external(self, *_: object) -> int:
        raise self._stop("external entities are not read")

    def skipped(self, *_: object) -> None:
        raise self._stop("entities are not read")


def _hint(problem: str) -> str:
    if "mismatched tag" in problem or "no element found" in problem or "unclosed" in problem:
        return "a tag is opened and not closed before this place"
    if "undefined entity" in problem or "invalid token" in problem:
        return "write & as &amp;, < as &lt;, and check the characters at this place"
    if "duplicate attribute" in problem:
        return "an attribute is written twice in one element"
    return ""
