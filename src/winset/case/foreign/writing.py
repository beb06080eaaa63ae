"""A carried-over case as YAML that is pleasant to read and edit."""

from __future__ import annotations

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from winset.case.foreign.additive import Imported
from winset.case.text import MAX_BYTES
from winset.errors import Fault, ForeignError

__all__ = ["to_text"]

_WORDS = {"", "~", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "=", "<<"}
_IN_LINES = ("infeasible", "prioritised", "ranking")  # lists with an item a line
_DOUBTFUL = re.compile(r"[-+.\d].*|.*[\x00-\x1f\x7f].*|.*: .*|.* #.*|.*\bto\b.*", re.DOTALL)


class _Bare(str):
    """Text that is written without quotes: a number's exact text, a yes or no."""

    __slots__ = ()


class _Representer(RoundTripRepresenter):
    """The round-trip representer, which also writes some text as it stands."""


def _bare(representer: RoundTripRepresenter, text: _Bare) -> ScalarNode:
    if re.fullmatch(r"-?\d+", text):
        tag = "tag:yaml.org,2002:int"
    elif re.fullmatch(r"-?\d+\.\d+", text):
        tag = "tag:yaml.org,2002:float"
    else:
        tag = "tag:yaml.org,2002:str"
    node: ScalarNode = representer.represent_scalar(tag, str(text))
    return node


_Representer.add_representer(_Bare, _bare)


def to_text(imported: Imported) -> str:
    """The case as YAML with a comment on top; loading it gives ``imported.data`` again.

    Text that other readers of YAML might take for something else (``no``, ``1900``, ``1e3``, ``null``) is
    quoted.

    Raises
    ------
    ForeignError
        When the text is larger than a case file may be.
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.Representer = _Representer
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    top = _mapping(imported.data, ())
    assert isinstance(top, CommentedMap)
    origin = " and ".join(dict.fromkeys(s["title"] for s in imported.data["sources"].values()))
    scales = "; the scales of the parties in their `note`" if imported.scale else ""
    top.yaml_set_start_comment(
        f"Carried over from {_one_line(origin)}.\n"
        f"What was changed, left out or assumed stands under `notes`{scales}.\n"
    )
    for key in ("sources", "parties", "consent", "issues", "preferences", "conflict"):
        if key in top:
            top.yaml_set_comment_before_after_key(key, before="\n")
    stream = io.StringIO()
    yaml.dump(top, stream)
    text = stream.getvalue().replace("\n#\n", "\n\n")
    size = len(text.encode("utf-8"))
    if size > MAX_BYTES:
        raise ForeignError(
            [
                Fault(
                    "the case",
                    0,
                    0,
                    "",
                    "the case is larger than a case file may be",
                    f"{size:,} bytes",
                    f"at most {MAX_BYTES:,} bytes",
                    "make the issues coarser before you import it",
                )
            ]
        )
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]


def _mapping(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        out = CommentedMap()
        for key, inner in value.items():
            out[_words(key)] = _mapping(inner, (*path, key))
        if _on_one_line(value, path):
            out.fa.set_flow_style()
        return out
    if isinstance(value, list):
        seq = CommentedSeq(_mapping(v, (*path, "-")) for v in value)
        if path[-1] not in ("notes", *_IN_LINES) and sum(len(str(v)) + 4 for v in value) < 90:
            seq.fa.set_flow_style()
        return seq
    if isinstance(value, str):
        return _Bare(value) if _stays_bare(value, path) else _words(value)
    return value


def _stays_bare(value: str, path: tuple[str, ...]) -> bool:
    """Whether the text stands without quotes: a number, or a yes or no of a condition on states."""
    if path[0] == "conflict":
        return value in ("yes", "no")
    return path[0] == "preferences" and (path[2] in ("weights", "scores") or path[-1] == "no_deal")


def _on_one_line(value: dict[str, Any], path: tuple[str, ...]) -> bool:
    if path == ("consent",) or (path[:1] in (("parties",), ("sources",)) and len(path) == 2):
        return sum(len(str(v)) for v in value.values()) < 80
    small = sum(len(k) + len(str(v)) + 4 for k, v in value.items()) < 90
    if path[:1] == ("conflict",):
        return small and all(isinstance(v, str) for v in value.values())
    return path[:1] == ("preferences",) and len(path) >= 3 and path[-1] != "scores" and small


def _words(text: str) -> str:
    if text.strip().lower() in _WORDS or _DOUBTFUL.fullmatch(text) or text != text.strip():
        quoted: str = DoubleQuotedScalarString(text)
        return quoted
    return text
