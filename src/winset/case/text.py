"""Untrusted YAML text to plain data with the place of every key and value.

Only mappings, lists and written scalars are accepted. Tags, anchors and aliases are refused (so nothing can
be constructed and nothing can expand), as are duplicate keys, deep nesting and large files. Scalars are kept
as they were written, so that ``0.1`` stays exactly one tenth and ``no`` stays a word.
"""

from __future__ import annotations

import codecs
import difflib
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from winset.errors import CaseError, Fault

if TYPE_CHECKING:
    import yaml

__all__ = [
    "CONTROL",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Faults",
    "Path",
    "Text",
    "closest",
    "decode",
    "listing",
    "parse_yaml",
    "show",
]

MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_FAULTS = 200

#: What no text of a case may hold: it would garble a terminal, or could not be written back.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_CONTROL_ALLOWED = "printable text, tabs and line ends"

Path = tuple[str | int, ...]
Lazy = str | Callable[[], str]


@dataclass(slots=True)
class Text:
    """Parsed text: the data, and where each path of it starts (line and column from 1)."""

    file: str
    data: Any
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)  # those that did not stop the parser

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """The place of the value (or key) at ``path``, or of its nearest ancestor that was written."""
        while True:
            table = self.keys if key else self.values
            if path in table:
                return table[path]
            if not path:
                return (0, 0)
            path, key = path[:-1], False


class Faults:
    """Collects faults so that all are reported at once.

    A file may hold a fault in each of 100,000 lines. The first ones by place are reported, with a count of
    the rest; what costs time (hints, lists of what is allowed) is worked out for the reported ones only.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.found: list[tuple[tuple[int, int], Callable[[_Hints], Fault]]] = []
        for fault in text.faults:
            self.found.append(((fault.line, fault.column), lambda _, fault=fault: fault))  # type: ignore[misc]

    def add(
        self,
        path: Path,
        message: Lazy,
        *,
        value: object = None,
        allowed: Lazy = "",
        hint: Lazy = "",
        key: bool = False,
    ) -> None:
        self._add(path, key, message, value, allowed, lambda _: _now(hint))

    def unknown(
        self, path: Path, noun: str, value: object, known: Collection[str], *, key: bool = False
    ) -> None:
        """A name that is not among the ``known`` ones of its kind."""
        self._add(
            path,
            key,
            f"unknown {noun}",
            value,
            lambda: listing(known) if known else f"there is no {noun} in this case",
            lambda hints: hints.closest(str(value), known),
        )

    def _add(
        self,
        path: Path,
        key: bool,
        message: Lazy,
        value: object,
        allowed: Lazy,
        hint: Callable[[_Hints], str],
    ) -> None:
        place = self.text.place(path, key=key)

        def build(hints: _Hints) -> Fault:
            written = "" if value is None else show(value)
            return Fault(
                self.text.file, *place, dotted(path), _now(message), written, _now(allowed), hint(hints)
            )

        self.found.append((place, build))

    def error(self) -> CaseError:
        self.found.sort(key=lambda found: found[0])
        hints = _Hints()
        faults = list(dict.fromkeys(build(hints) for _, build in self.found[:MAX_FAULTS]))
        more = len(self.found) - MAX_FAULTS
        if more > 0:
            (line, column), _ = self.found[MAX_FAULTS]
            faults.append(Fault(self.text.file, line, column, "", f"and {more:,} more from here on"))
        return CaseError(faults)

    def stop_if_any(self) -> None:
        if self.found:
            raise self.error()


def _now(text: Lazy) -> str:
    return text if isinstance(text, str) else text()


class _Hints:
    """``did you mean …?`` for many words without ever taking long: difflib's work is rationed."""

    def __init__(self) -> None:
        self.left = 4_000_000  # pairs of characters that may still be compared
        self.folded: dict[int, tuple[object, dict[str, str]]] = {}

    def closest(self, word: str, names: Iterable[str]) -> str:
        if id(names) not in self.folded:
            pairs = {_fold(n): show(n, 200) for n in reversed(list(names))}
            self.folded[id(names)] = names, pairs
        folded = self.folded[id(names)][1]
        word = _fold(word)
        if word not in folded:
            short = len(word)
            near = [n for n in folded if 3 * len(n) >= short > 0 and 3 * short >= len(n)]
            self.left -= short * sum(map(len, near))
            if self.left < 0:
                return ""
            found = difflib.get_close_matches(word, near, n=1, cutoff=0.6)
            if not found:
                return ""
            word = found[0]
        return f'did you mean "{folded[word]}"?'


def _fold(name: str) -> str:
    return name[:80].casefold()[:80]


def dotted(path: Path) -> str:
    """``("forbid", 0, "when")`` as ``forbid[1].when``: lists count from 1 for people."""
    out = ""
    for step in path:
        out += f"[{step + 1}]" if isinstance(step, int) else ("." if out else "") + show(step, 200)
    return out


def listing(names: Iterable[str], most: int = 12) -> str:
    names = list(names)
    rest = len(names) - most
    return ", ".join(show(n) for n in names[:most]) + (f", and {rest:,} more" if rest > 0 else "")


def closest(word: str, names: Iterable[str]) -> str:
    """``did you mean …?`` or nothing."""
    return _Hints().closest(word, list(names))


def show(value: object, most: int = 80) -> str:
    """A value for a message: one line, shortened, control characters escaped."""
    if isinstance(value, dict):
        text = "a mapping with " + listing([str(k) for k in value], 4) if value else "an empty mapping"
    elif isinstance(value, list):
        text = f"a list of {len(value):,}" if value else "an empty list"
    elif value is None:
        text = "nothing"
    else:
        text = str(value)
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def decode(raw: bytes, file: str) -> str:
    """Bytes to text: UTF-8 (a byte-order mark is fine), within the size limit, no control characters."""

    def fail(
        message: str, *, line: int = 0, column: int = 0, value: str = "", allowed: str = "", hint: str = ""
    ) -> CaseError:
        return CaseError([Fault(file, line, column, "", message, value, allowed, hint)])

    if len(raw) > MAX_BYTES:
        raise fail("the file is too large", allowed=f"at most {MAX_BYTES:,} bytes")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise fail(
            "the file is not UTF-8",
            value="a UTF-16 byte-order mark",
            allowed="UTF-8",
            hint="save it as UTF-8",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The offsets count from behind a byte-order mark, as does what the error carries.
        before, bad = bytes(error.object[: error.start]), error.object[error.start]
        raise fail(
            "the file is not UTF-8",
            line=before.count(b"\n") + 1,
            column=len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1,
            value=f"byte 0x{bad:02x}",
            allowed="UTF-8",
            hint="save it as UTF-8",
        ) from None
    if found := CONTROL.search(text):
        before_it = text[: found.start()]
        raise fail(
            "a control character",
            line=before_it.count("\n") + 1,
            column=found.start() - before_it.rfind("\n"),
            value=f"U+{ord(found[0]):04X}",
            allowed=_CONTROL_ALLOWED,
            hint="save it as UTF-8" if found[0] == "\0" else "",
        )
    return text


def parse_yaml(text: str, file: str) -> Text:
    """Parse one YAML document, from the stream of events, so that nothing is ever constructed.

    Raises
    ------
    CaseError
        On text that is not YAML, or uses what a case does not need (tags, anchors, several documents).
    """
    import yaml

    if re.match(r"\ufeff?\s*<[?!a-zA-Z]", text):
        hint = "winset import turns a scenario of Genius into a case"
        raise CaseError([Fault(file, 1, 1, "", "this is XML", allowed="a case in YAML", hint=hint)])
    out = Text(file, None)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _build(yaml.parse(text, Loader=loader), out)
    except CaseError as error:
        out.faults.extend(error.faults)
        raise Faults(out).error() from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = show(" ".join(str(error.problem or error.context or "not YAML").split()))
        hint = _yaml_hint(problem, text, error)
        out.faults.append(Fault(file, line, column, "", f"this is not YAML: {problem}", hint=hint))
        raise Faults(out).error() from None
    except yaml.YAMLError as error:
        problem = show(" ".join(str(error).split()))
        out.faults.append(Fault(file, 0, 0, "", f"this is not YAML: {problem}"))
        raise Faults(out).error() from None
    if out.data is None:
        raise CaseError(
            [Fault(file, 1, 1, "", "the file is empty", allowed="a case", hint="winset new NAME")]
        )
    return out


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    path: Path
    data: dict[str, Any] | list[Any]
    key: str | None = None  # of a mapping: the key whose value comes next
    skip: bool = False  # the value that comes next belongs to a repeated key
    mute: bool = False  # inside of such a value: read on, but keep no places


def _build(events: Iterable[Any], out: Text) -> None:
    from yaml import events as ev

    stack: list[_Open] = []
    documents = nodes = 0
    for event in events:
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, ev.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refused(out, place, "more than one document in the file", allowed="one case a file")
        if isinstance(event, ev.CollectionEndEvent):
            stack.pop()
        if not isinstance(event, ev.NodeEvent):
            continue
        nodes += 1
        if nodes > MAX_NODES:
            raise _refused(out, place, "too many entries", allowed=f"at most {MAX_NODES:,}")
        _refuse_marks(event, out, place)
        top = stack[-1] if stack else None
        if isinstance(event, ev.ScalarEvent) and (found := CONTROL.search(event.value)):
            raise _refused(
                out, place, "a control character", value=f"U+{ord(found[0]):04X}", allowed=_CONTROL_ALLOWED
            )
        if top is not None and isinstance(top.data, dict) and top.key is None:
            if isinstance(event, ev.ScalarEvent):
                _open_key(top, str(event.value), place, out)
                continue
            raise _refused(out, place, "a key must be a word, not a list or a mapping", allowed="a word")
        value: Any
        if isinstance(event, ev.ScalarEvent):
            plain = event.implicit[0]
            value = None if plain and event.value in ("", "~", "null", "Null", "NULL") else str(event.value)
        else:
            value = [] if isinstance(event, ev.SequenceStartEvent) else {}
        mute = top is not None and (top.mute or top.skip)
        path = _attach(top, value, out)
        if not mute:
            out.values[path] = place
        if not isinstance(event, ev.ScalarEvent):
            if len(stack) >= MAX_DEPTH:
                raise _refused(out, place, "nested too deeply", allowed=f"at most {MAX_DEPTH} levels")
            stack.append(_Open(path, value, mute=mute))


def _open_key(top: _Open, key: str, place: tuple[int, int], out: Text) -> None:
    assert isinstance(top.data, dict)
    here = (*top.path, key)
    top.key, top.skip = key, key in top.data
    if top.mute:
        return
    if top.skip:
        out.faults.append(
            Fault(
                out.file,
                *place,
                dotted(here),
                f"'{show(key)}' is written twice",
                hint=f"first on line {out.keys[here][0]}",
            )
        )
    else:
        out.keys[here] = place
        top.data[key] = None


def _attach(top: _Open | None, value: Any, out: Text) -> Path:
    if top is None:
        out.data = value
        return ()
    if isinstance(top.data, list):
        top.data.append(value)
        return (*top.path, len(top.data) - 1)
    assert top.key is not None
    path = (*top.path, top.key)
    if not top.skip:
        top.data[top.key] = value
    top.key, top.skip = None, False
    return path


def _refused(
    out: Text, place: tuple[int, int], message: str, *, value: str = "", allowed: str = "", hint: str = ""
) -> CaseError:
    return CaseError([Fault(out.file, *place, "", message, value, allowed, hint)])


def _refuse_marks(event: Any, out: Text, place: tuple[int, int]) -> None:
    """Refuse anchors, aliases and tags."""
    if event.anchor is not None:
        raise _refused(
            out,
            place,
            "anchors and aliases are not used in a case",
            value=("*" if type(event).__name__ == "AliasEvent" else "&") + show(event.anchor),
            hint="write it out, or put the text in quotes",
        )
    if getattr(event, "tag", None) is not None:
        raise _refused(
            out,
            place,
            "tags are not used in a case",
            value=show(str(event.tag)),
            hint="leave the tag out, or put the text in quotes",
        )


def _yaml_hint(problem: str, text: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    here = text[mark.index : mark.index + 1] if mark else ""
    if here == "\t":
        return "indent with spaces, not tabs"
    if "unexpected end of stream" in problem and error.context_mark:
        return f"a quote is opened on line {error.context_mark.line + 1} and not closed"
    if "escape character" in problem:
        return "in double quotes a backslash is written twice; in single quotes it stands for itself"
    if "mapping values are not allowed" in problem:
        return "text with a colon needs quotes; or look at the indentation"
    if "unexpected ':'" in problem:
        return "a colon needs a space after it"
    if "expected <block end>" in problem or "did not find expected" in problem:
        return "look at the indentation, and for a missing comma, bracket or quote just before this place"
    if "cannot start any token" in problem:
        return "text that starts with a special character needs quotes"
    return ""
