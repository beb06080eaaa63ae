"""Coverage-guided fuzzing of the case loader: any bytes give a case or a CaseError, never anything else.

python fuzz/fuzz_loader.py -max_total_time=60 -timeout=10
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["winset.case", "yaml"]):
    from winset.case import dump, edited, json_schema, loads
    from winset.case.text import decode
    from winset.errors import CaseError, QuestionError

ROOT = Path(__file__).parent.parent
SEEDS = [
    path.read_bytes()
    for folder in ("cases", "tests/case/broken")
    for path in sorted((ROOT / folder).rglob("*.yaml"))
    if 0 < path.stat().st_size < 12_000
]
TOKENS = r"""
{ } [ ] , : # - ? | > & * ! % @ ` ' " to mode value values because note when all any at_least of
rest prior winset title parties consent issues options forbid offers deal preferences weights scores
linkages red_lines no_deal closing_cost types correlations between rho claims sources null ~ true
nan .inf 1/0 25% 1e400 -1 0 ..
"""
WORDS = [
    *TOKENS.split(),
    "\n",
    "\n  ",
    "\n    - ",
    "\t",
    "\r\n",
    "\ufeff",
    "\x00",
    "\u2028",
    "\xe9",
    "\U0001f600",
    ": ",
    " #",
    "---\n",
]


def mutated(data: bytes) -> bytes:
    """One of the seeds with some of its lines and words exchanged, as the fuzzer's bytes say."""
    chance = random.Random(data[1:])
    seed = SEEDS[data[0] % len(SEEDS)]
    for byte in data[1:13]:
        at = chance.randrange(len(seed) + 1)
        width = chance.choice((0, 1, 1, 4, 20, 200))
        other = SEEDS[byte % len(SEEDS)]
        start = chance.randrange(len(other))
        put = (
            b"",
            bytes([byte]),
            chance.choice(WORDS).encode(),
            other[start : start + chance.choice((1, 8, 40, 300))],
        )[byte % 4]
        if byte & 64:  # whole lines
            at = seed.rfind(b"\n", 0, at) + 1
            end = seed.find(b"\n", at + width)
            seed = seed[:at] + put + seed[len(seed) if end < 0 else end :]
        else:
            seed = seed[:at] + put + seed[at + width :]
    return seed


def one_input(data: bytes) -> None:
    raw = mutated(data[1:]) if len(data) > 2 and data[0] % 4 else data[1:]
    try:
        text = decode(raw, "fuzz")
        case = loads(text)
    except CaseError as error:
        if not error.faults or len(str(error)) > 2_000_000:
            raise AssertionError("faults that say nothing, or too much") from error
        return
    assert loads(dump(case)) == case
    assert edited(text, {}) == text
    try:
        again = edited(
            text, {"title": "A: new, title?", f"preferences.{case.valued()[0]}.no_deal": "10 to 20"}
        )
    except (CaseError, QuestionError):
        return  # a number that became uncertain, or was in a correlation
    assert loads(again).title == "A: new, title?"


def main() -> None:
    assert json_schema()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
