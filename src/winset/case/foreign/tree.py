"""YAML and JSON of other tools to a plain tree, scalars as the other tool would read them.

NegMAS writes and reads YAML 1.1 (through PyYAML): a bare ``no`` is a truth value there and a bare ``1e3``
is text. Scalars are therefore resolved by the rules of YAML 1.1, but kept with their written text, so that
0.1 stays one tenth. Spellings that surprise (octal and base-60 numbers, underscores, dates) are refused
rather than guessed. Nothing is ever constructed: tags, anchors and aliases are refused.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from winset.case.foreign.files import MAX_DEPTH, MAX_NODES, Faults, ForeignFile, exact
from winset.case.text import show
from winset.errors import Fault

__all__ = ["MAX_YAML_BYTES", "Mapping", "Node", "Scalar", "Sequence", "parse_json", "parse_yaml"]

MAX_YAML_BYTES = 2 << 20  # YAML is read by a careful and slow parser

Kind = Literal["text", "number", "truth", "nothing", "minus infinity", "infinity", "not a number"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: what it is, how it is written, and its number if it is one."""

    kind: Kind
    text: str
    line: int = 0
    number: Fraction | None = None

    @property
    def key(self) -> tuple[str, object]:
        """What equality means in the other tool: 1, 1.0 and true are the same, "1" is not."""
        if self.kind == "number":
            return ("number", self.number)
        if self.kind == "truth":
            return ("number", Fraction(self.text.lower() in ("yes", "true", "on")))
        return (self.kind, self.text if self.kind == "text" else "")

    @property
    def value(self) -> str | int | float | bool | None:
        """The value as the other tool has it."""
        if self.kind == "number":
            assert self.number is not None
            whole = re.fullmatch(r"[+-]?\d+", self.text)
            return int(self.text) if whole else float(self.text)
        if self.kind == "truth":
            return self.key[1] == 1
        if self.kind == "text":
            return self.text
        return {"nothing": None, "minus infinity": -float("inf"), "infinity": float("inf")}.get(
            self.kind, float("nan")
        )


@dataclass(slots=True)
class Sequence:
    line: int = 0
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int = 0
    entries: list[tuple[Node, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """The value at a text key."""
        return next(
            (v for k, v in self.entries if isinstance(k, Scalar) and k.kind == "text" and k.text == key), None
        )

    def names(self) -> list[str]:
        return [k.text for k, _ in self.entries if isinstance(k, Scalar)]


Node = Scalar | Sequence | Mapping


# --------------------------------------------------------------------------- YAML 1.1

_TRUTH = re.compile(r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF")
_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*)")
_FLOAT = re.compile(r"(?:[+-]?\d+\.\d*|\.\d+)(?:[eE][+-]\d+)?")
_INFINITE = re.compile(r"([+-]?)\.(?:inf|Inf|INF)")
_NAN = re.compile(r"\.(?:nan|NaN|NAN)")
_ODD = re.compile(
    r"[+-]?0[0-7_]+|[+-]?0b[01_]+|[+-]?0x[0-9a-fA-F_]+|[+-]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[+-]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-][0-9]+)?|\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?|<<|=",
)


def _scalar(text: str, plain: bool, line: int) -> Scalar | None:
    """A scalar by the rules of YAML 1.1; None for the spellings that are refused."""
    if not plain:
        return Scalar("text", text, line)
    if text in ("", "~", "null", "Null", "NULL"):
        return Scalar("nothing", text, line)
    if _TRUTH.fullmatch(text):
        return Scalar("truth", text, line)
    if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
        number = exact(text)
        return None if number is None else Scalar("number", text, line, number)
    if found := _INFINITE.fullmatch(text):
        return Scalar("minus infinity" if found[1] == "-" else "infinity", text, line)
    if _NAN.fullmatch(text):
        return Scalar("not a number", text, line)
    if _ODD.fullmatch(text):
        return None
    return Scalar("text", text, line)


def _decoded(file: ForeignFile, faults: Faults) -> str | None:
    if file.raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.add(
            file.name,
            "the file is not UTF-8",
            value="a UTF-16 byte-order mark",
            allowed="UTF-8",
            hint="save it as UTF-8",
        )
        return None
    try:
        return file.raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(
            file.name,
            "the file is not UTF-8",
            line=file.raw.count(b"\n", 0, error.start) + 1,
            value=f"byte 0x{file.raw[error.start]:02x}",
            allowed="UTF-8",
            hint="save it as UTF-8",
        )
        return None


class _Stop(Exception):  # noqa: N818 - a fault that ends the reading, never raised to a user
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def parse_yaml(file: ForeignFile, faults: Faults) -> Node | None:
    """The document's tree, or a fault."""
    if len(file.raw) > MAX_YAML_BYTES:
        faults.add(
            file.name,
            "the YAML file is too large",
            value=f"{len(file.raw):,} bytes",
            allowed=f"at most {MAX_YAML_BYTES:,} bytes (JSON and XML may be larger)",
        )
        return None
    text = _decoded(file, faults)
    if text is None:
        return None
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    try:
        return _tree(yaml.parse(text), file, faults)
    except _Stop as stop:
        faults.found.append(stop.fault)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or error.context or "not YAML").split())
        faults.add(
            file.name,
            f"this is not YAML: {show(problem)}",
            line=mark.line + 1 if mark else 0,
            column=mark.column + 1 if mark else 0,
        )
    except (YAMLError, ValueError) as error:
        faults.add(file.name, f"this is not YAML: {show(' '.join(str(error).split()))}")
    return None


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    holder: Sequence | Mapping
    key: Node | None = None  # of a mapping: the key that waits for its value
    seen: set[tuple[str, object]] = field(default_factory=set)


def _tree(events: Any, file: ForeignFile, faults: Faults) -> Node | None:
    root: Node | None = None
    stack: list[_Open] = []
    count = documents = 0

    def stop(event: Any, message: str, **more: str) -> _Stop:
        return _Stop(
            Fault(file.name, event.start_mark.line + 1, event.start_mark.column + 1, "", message, **more)
        )

    for event in events:
        if isinstance(event, ev.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise stop(event, "more than one document in the file", allowed="one")
        if isinstance(event, ev.SequenceEndEvent | ev.MappingEndEvent):
            stack.pop()
            continue
        if not isinstance(event, ev.NodeEvent):
            continue
        if isinstance(event, ev.AliasEvent) or event.anchor is not None:
            raise stop(
                event, "anchors and aliases are not read", value=show(str(event.anchor)), hint="write it out"
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise stop(event, "tags are not read", value=show(str(tag)), hint="leave the tag out")
        count += 1
        if count > MAX_NODES:
            raise stop(event, "too many entries", allowed=f"at most {MAX_NODES:,}")
        line = event.start_mark.line + 1
        node: Node
        if isinstance(event, ev.ScalarEvent):
            made = _scalar(str(event.value), bool(event.implicit[0]) and not event.style, line)
            if made is None:
                faults.add(
                    file.name,
                    "a spelling that YAML 1.1 reads in a surprising way",
                    line=line,
                    column=event.start_mark.column + 1,
                    value=str(event.value),
                    allowed="plain decimal numbers, and text",
                    hint="put text in quotes; write numbers as 12 or 0.5",
                )
                made = Scalar("text", str(event.value), line)
            node = made
        else:
            node = Sequence(line) if isinstance(event, ev.SequenceStartEvent) else Mapping(line)
        if stack:
            _attach(stack[-1], node, file, faults)
        else:
            root = node
        if not isinstance(node, Scalar):
            if len(stack) >= MAX_DEPTH:
                raise stop(event, "nested too deeply", allowed=f"at most {MAX_DEPTH} levels")
            stack.append(_Open(node))
    return root


def _attach(top: _Open, node: Node, file: ForeignFile, faults: Faults) -> None:
    if isinstance(top.holder, Sequence):
        top.holder.items.append(node)
    elif top.key is None:
        if isinstance(node, Scalar):
            if node.key in top.seen:
                faults.add(file.name, "a key is written twice", line=node.line, value=node.text)
            top.seen.add(node.key)
        top.key = node
    else:
        top.holder.entries.append((top.key, node))
        top.key = None


# --------------------------------------------------------------------------- JSON


def parse_json(file: ForeignFile, faults: Faults) -> Node | None:
    """The document's tree, or a fault. Lines are not known, except of what is not JSON."""
    text = _decoded(file, faults)
    if text is None:
        return None
    if _depth(text) > MAX_DEPTH:
        faults.add(file.name, "nested too deeply", allowed=f"at most {MAX_DEPTH} levels")
        return None
    twice: list[str] = []

    def pairs(entries: list[tuple[str, Any]]) -> Mapping:
        twice.extend(k for k, count in Counter(k for k, _ in entries).items() if count > 1)
        return Mapping(0, [(Scalar("text", k), _json_node(v)) for k, v in entries])

    try:
        data = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_float=_json_number,
            parse_int=_json_number,
            parse_constant=_json_constant,
        )
    except json.JSONDecodeError as error:
        faults.add(file.name, f"this is not JSON: {error.msg}", line=error.lineno, column=error.colno)
        return None
    for key in twice:
        faults.add(file.name, "a key is written twice", value=key)
    return _json_node(data)


def _json_number(text: str) -> Scalar:
    number = exact(text)
    return Scalar("text", text) if number is None else Scalar("number", text, 0, number)


def _json_constant(text: str) -> Scalar:
    kinds: dict[str, Kind] = {"-Infinity": "minus infinity", "Infinity": "infinity"}
    return Scalar(kinds.get(text, "not a number"), text)


def _json_node(data: Any) -> Node:
    if isinstance(data, Scalar | Mapping):
        return data
    if isinstance(data, list):
        return Sequence(0, [_json_node(d) for d in data])
    if data is None:
        return Scalar("nothing", "null")
    if isinstance(data, bool):
        return Scalar("truth", "true" if data else "false")
    return Scalar("text", str(data))


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest
