"""A case back to its file: dumping, and edits that keep the author's comments and layout."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from winset.case.model import Case
from winset.case.plain import plain
from winset.case.read import loads, open_case, read_data
from winset.case.text import closest, listing, parse_yaml, show
from winset.errors import CaseError, Fault, QuestionError

__all__ = ["dump", "edit", "edited", "write_whole"]


def dump(case: Case) -> str:
    """The case as YAML text; ``loads(dump(case)) == case``."""
    return to_yaml(case.to_data())


def to_yaml(data: Mapping[str, Any], *, header: str = "") -> str:
    """Plain case data as YAML that is pleasant to read: short mappings on one line, the rest in blocks."""
    out = io.StringIO()
    for line in header.splitlines():
        out.write(f"# {line}".rstrip() + "\n")
    for key, value in data.items():
        if key not in ("winset", "title", "as_of", "judge", "illustrative", "summary"):
            out.write("\n")
        _emit(out.write, str(key), value, "", blocks=key != "consent")
    return out.getvalue()


_WIDTH = 108


def _emit(
    write: Callable[[str], Any], key: str, value: Any, pad: str, *, blocks: bool = False, step: int = 2
) -> None:
    """One entry of a mapping at its indentation; in ``blocks``, each item of a list gets its line."""
    inline = f"{pad}{_scalar(key)}: {_flow(value)}"
    if not isinstance(value, dict | list | tuple) or not value or (len(inline) <= _WIDTH and not blocks):
        write(inline + "\n")
        return
    if isinstance(value, dict) and any(len(_scalar(str(k))) > _LONGEST_KEY for k in value):
        write(inline + "\n")
        return
    write(f"{pad}{_scalar(key)}:\n")
    if isinstance(value, dict):
        for k, v in value.items():
            _emit(write, str(k), v, pad + " " * step, step=step)
    else:
        for item in value:
            write(f"{pad}{' ' * step}- {_flow(item)}\n")


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(str(k))}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _scalar(str(value))


_PLAIN = re.compile(r"[\w+\-.(][\w \-+.%/()'’;!–—·°€$£]*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_LONGEST_KEY = 1000  # a key of more than 1,024 characters needs a question mark before it


def _scalar(text: str) -> str:
    """Text as a YAML scalar: bare where every YAML reader sees the same text, else in double quotes.

    Whole numbers, decimals and dates stay bare: all readers agree on what they are. Words that some take for
    a truth value, and signs that strict readers refuse inside of braces (``?``, ``:``, ``,``), are quoted.
    """
    if _bare(text):
        return text
    short = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(short.get(c) or (c if c.isprintable() else _escape(c)) for c in text) + '"'


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _bare(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or not text.isprintable() or text[-1] == " " or text.lower() in _WORDS:
        return False
    if text[0] not in "+-.0123456789":
        return True
    if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,14})", text):
        return text != "-0"
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return repr(float(text)) == text  # 7.10 would come back as 7.1
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with contextlib.suppress(ValueError):
            return bool(dt.date.fromisoformat(text))
        return False
    if text.startswith(("- ", "---", "...")) or text == "-":
        return False
    # 1_000, 0x1f, 1e3, .5, .inf: numbers to some readers and words to others
    return not re.fullmatch(r"[-+.0-9_a-fA-FxXoOiInN]+", text)


def _key(text: str) -> str:
    written = _scalar(text)
    return written if len(written) <= _LONGEST_KEY else f"? {written} "


def edited(text: str, changes: Mapping[str, Any], *, file: str = "<text>") -> str:
    """The text of a case with some values changed; comments, order and layout stay.

    Only the changed values are written anew. What surrounds them is not touched.

    Parameters
    ----------
    text : str
        A valid case.
    changes : mapping of str to value
        Dotted path (``preferences.ukraine.no_deal``; lists count from 1) to its new value: text, number,
        mapping or list. Setting a key that is not there yet adds it to its mapping.

    Raises
    ------
    CaseError
        If the changed text would not be a valid case.
    QuestionError
        If a path leads nowhere.
    """
    mark, text = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    loads(text, file=file)
    data = parse_yaml(text, file).data
    for path, value in changes.items():
        text = _changed(text, path, value, plain(value, file), data)
    if loads(text, file=file) != read_data(data, file=file):
        raise QuestionError("this cannot be changed without moving the text around it; edit the file by hand")
    return mark + text


def _changed(text: str, path: str, raw: Any, value: Any, data: Any) -> str:
    """The text with one value changed; ``data`` is changed along with it.

    ``value`` is ``raw`` as the reader will find it.
    """
    root = node = _tree(text)
    put: Callable[[Any], str] | None = None  # writes over the node; of the whole case there is no such thing
    at, rest = "", path.strip()
    while rest:
        if node.entries is not None:
            key = _first_key(rest, node.entries)
            if key is None:
                name, _, more = rest.partition(".")
                if more or not name or "[" in name:
                    names = list(node.entries)
                    known = f"there are {listing(names)}  {closest(name, names)}".rstrip()
                    raise QuestionError(f"{at}{show(rest)}: no such key; {known}")
                data[name] = value
                return _added(text, node, name, _spelled(raw, value))
            rest = rest[len(key) :].removeprefix(".")
            owner: Any = data
            step: str | int = key
            put = partial(_replaced, text, node, key)
            at, node = f"{at}{show(key)}.", node.entries[key][2]
        elif node.items is not None:
            found = re.match(r"(?:\[([0-9]{1,9})\]|([0-9]{1,9}))(?:\.|(?=\[)|$)", rest)
            count = int(found[1] or found[2]) if found else 0
            if found is None or not 1 <= count <= len(node.items):
                raise QuestionError(
                    f"{at}{show(rest)}: there is no such entry; entries count from 1 to {len(node.items)}"
                )
            rest = rest[found.end() :]
            owner, step = data, count - 1
            node = node.items[count - 1]
            put = partial(_over, text, node)
            at = f"{at}{count}."
        elif data is None and put is not None and "." not in rest and "[" not in rest:
            raw, value, rest = {rest: raw}, {rest: value}, ""  # the first key inside of what was left empty
            break
        else:
            raise QuestionError(f"{at}{show(rest)}: there is nothing inside of a value")
        data = owner[step]
    if put is None or node is root:
        raise QuestionError("the path is empty; write e.g. preferences.ukraine.no_deal")
    owner[step] = value
    return put(_spelled(raw, value))


def _spelled(raw: Any, value: Any) -> Any:
    """Plain data for writing: its truth values stay bare, unlike words of the same letters."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, Mapping) and isinstance(value, dict):
        return {key: _spelled(inner, value[key]) for key, inner in zip(value, raw.values(), strict=True)}
    if isinstance(raw, list | tuple) and isinstance(value, list):
        return [_spelled(inner, plain_inner) for inner, plain_inner in zip(raw, value, strict=True)]
    return value


def _first_key(path: str, keys: Iterable[str]) -> str | None:
    """The key that a path starts with; the longest, since an option may have dots in it."""
    fits = [k for k in keys if path == k or path.startswith((f"{k}.", f"{k}["))]
    return max(fits, key=len, default=None)


def _over(text: str, node: _Node, value: Any) -> str:
    return text[: node.start] + _flow(value) + text[node.end :]


def _replaced(text: str, mapping: _Node, key: str, value: Any) -> str:
    """The text with the value of a key of a mapping written anew."""
    assert mapping.entries is not None
    key_start, key_end, old = mapping.entries[key]
    colon = text.find(":", key_end, max(old.start, key_end) + 1)
    inline = _flow(value)
    if colon < 0:  # a key on its own
        return f"{text[:key_end]}: {inline}{text[key_end:]}"
    column = key_start - _line_start(text, key_start)
    between = text[colon + 1 : old.start]
    was_block = old.scalar is None and not old.flow
    long = column + len(key) + 2 + len(inline) > _WIDTH and (was_block or not between.strip())
    blocks = not mapping.flow and isinstance(value, dict | list) and bool(value) and (was_block or long)
    if blocks:
        step = old.start - _line_start(text, old.start) - column if was_block else 2
        out = io.StringIO()
        _emit(out.write, "x", value, " " * column, blocks=True, step=max(step, isinstance(value, dict)))
        inline = out.getvalue().rstrip("\n").partition("\n")[2].replace("\n", _breaks(text))
    if was_block:  # its lines go, the comments above it stay
        first, last = _line_start(text, old.start), _line_end(text, old.end)
        if blocks:
            return text[:first] + inline + text[last:]
        return f"{text[: colon + 1]} {inline}{text[colon + 1 : first].rstrip()}{text[last:]}"
    if blocks:
        return text[: colon + 1] + _breaks(text) + inline + text[old.end :]
    return text[: old.start] + ("" if between else " ") + inline + text[old.end :]


def _added(text: str, mapping: _Node, key: str, value: Any) -> str:
    """The text with a key added at the end of a mapping."""
    if mapping.flow:
        entry = f"{_key(key)}: {_flow(value)}"
        if mapping.last is None:
            return text[: mapping.start + 1] + entry + text[mapping.start + 1 :]
        return f"{text[: mapping.last.end]}, {entry}{text[mapping.last.end :]}"
    out = io.StringIO()
    column = mapping.start - _line_start(text, mapping.start)
    _emit(out.write, key, value, " " * column)
    end, newline = _line_end(text, mapping.end), _breaks(text)
    return text[:end] + newline + out.getvalue().rstrip("\n").replace("\n", newline) + text[end:]


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _line_end(text: str, index: int) -> int:
    found = re.compile(r"[\r\n]").search(text, index)
    return found.start() if found else len(text)


def _breaks(text: str) -> str:
    """How the author's lines end."""
    found = re.search(r"\r\n?|\n", text)
    return found[0] if found else "\n"


@dataclass(slots=True)
class _Node:
    """A value in the text: where it is written, and what is inside."""

    start: int
    end: int
    flow: bool  # inside of braces or brackets, or such itself
    scalar: str | None = None
    entries: dict[str, tuple[int, int, _Node]] | None = None  # key to (start, end of the key) and value
    items: list[_Node] | None = None
    last: _Node | None = None  # what is written last inside


def _tree(text: str) -> _Node:
    """The values of a text that is known to be a valid case, with their places."""
    import yaml
    from yaml import events as ev

    root: _Node | None = None
    stack: list[
        tuple[_Node, list[Any]]
    ] = []  # what is open, and for a mapping the key that waits for its value
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if event.start_mark is None or event.end_mark is None:
            continue
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, ev.CollectionEndEvent):
            node, _ = stack.pop()
            last = node.last
            node.end = end if text[node.start] in "{[" and node.flow else (last.end if last else node.start)
            continue
        if not isinstance(event, ev.NodeEvent):
            continue
        flow = bool(stack and stack[-1][0].flow) or bool(getattr(event, "flow_style", False))
        node = _Node(start, end, flow)
        if isinstance(event, ev.ScalarEvent):
            node.scalar = event.value
            if end > start:
                node.end = start + len(text[start:end].rstrip())
        elif isinstance(event, ev.MappingStartEvent):
            node.entries = {}
        else:
            node.items = []
        if stack:
            top, waiting = stack[-1]
            top.last = node
            if top.items is not None:
                top.items.append(node)
            elif not waiting:
                waiting.append((node.scalar, start, node.end))
                continue
            else:
                key, key_start, key_end = waiting.pop()
                assert top.entries is not None
                top.entries[key] = key_start, key_end, node
        else:
            root = node
        if node.scalar is None:
            stack.append((node, []))
    assert root is not None
    return root


def edit(path: str | os.PathLike[str], changes: Mapping[str, Any]) -> Case:
    """Change values of a case file in place (see ``edited``); the file is replaced whole or not at all."""
    loaded = open_case(path)
    if loaded.foreign:
        hint = f"winset import {loaded.file} -o CASE.yaml makes a case of it"
        raise CaseError([Fault(loaded.file, 0, 0, "", "another tool's file is not changed", hint=hint)])
    with FilePath(path).open("rb") as stream:
        mark = b"\xef\xbb\xbf" if stream.read(3) == b"\xef\xbb\xbf" else b""
    text = edited(loaded.text, changes, file=loaded.file)
    write_whole(path, mark + text.encode())
    return loads(text, file=loaded.file)


def write_whole(path: str | os.PathLike[str], text: str | bytes, *, new: bool = False) -> None:
    """Write a file so that an interruption leaves the old one, or none: never half of one.

    Parameters
    ----------
    new : bool
        Refuse to replace a file that is already there.
    """
    target = FilePath(path)

    def fail(message: str, hint: str = "") -> CaseError:
        return CaseError([Fault(str(target), 0, 0, "", message, hint=hint)])

    temporary = ""
    try:
        if new and (target.exists() or target.is_symlink()):
            raise FileExistsError
        if target.is_dir():
            raise fail("this is a folder, not a file")
        real = FilePath(os.path.realpath(target))  # what a link points to is replaced, not the link
        raw = text.encode() if isinstance(text, str) else text
        handle, temporary = tempfile.mkstemp(prefix=".winset-", dir=real.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, real.stat().st_mode & 0o777 if real.exists() else 0o666 & ~_umask())
        if new:
            os.link(temporary, real)  # fails where there is something by now
        else:
            os.replace(temporary, real)
            temporary = ""
    except FileExistsError:
        raise fail(
            "there is already something of this name", "choose another name; nothing was overwritten"
        ) from None
    except (OSError, ValueError) as error:
        raise fail(f"the file cannot be written: {getattr(error, 'strerror', None) or error}") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
