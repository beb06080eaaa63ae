"""Coverage-guided fuzzing of the import of other tools' files: a scenario or a ForeignError, nothing else.

python fuzz/fuzz_import.py -max_total_time=60 -timeout=10
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["winset.case.foreign", "ruamel.yaml"]):
    from winset.case import loads
    from winset.case.foreign import import_scenario, to_text
    from winset.errors import CaseError, ForeignError

SCENARIOS = Path(__file__).parent.parent / "tests" / "case" / "foreign"
SEEDS = [
    {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    for kind in ("scenarios", "broken")
    for folder in sorted((SCENARIOS / kind).iterdir())
    if folder.is_dir() and sum(path.stat().st_size for path in folder.iterdir()) < 12_000
]
SEEDS += [{path.name: path.read_bytes()} for path in sorted((SCENARIOS / "conflicts").iterdir())]
TOKENS = r"""
{ } [ ] , : < > / = " & ; type name issue item index value weight evaluation cost reservation
discount_factor mapping values issues LinearAdditiveUtilityFunction AffineFun IdentityFun TableFun
null true nan inf 1e999 -1 0 1/0 0x10 1_000 !!python/name:os.system *a &a <!DOCTYPE <!ENTITY
<![CDATA[ ]]> &amp; &#0; lambda
"""
WORDS = [*TOKENS.split(), "\n", "\n  - ", "\t", "\r\n", "\ufeff", "\x00", "\xe9", "\U0001f600"]


def mutated(raw: bytes, others: list[bytes], data: bytes, chance: random.Random) -> bytes:
    for byte in data:
        at = chance.randrange(len(raw) + 1)
        width = chance.choice((0, 1, 1, 4, 20, 100))
        other = chance.choice(others) or b"x"
        start = chance.randrange(len(other))
        put = (
            b"",
            bytes([byte]),
            chance.choice(WORDS).encode(),
            other[start : start + chance.choice((1, 8, 40))],
        )[byte % 4]
        raw = raw[:at] + put + raw[at + width :]
    return raw


def one_input(data: bytes) -> None:
    if len(data) < 4:
        return
    chance = random.Random(data[2:])
    files = dict(SEEDS[data[1] % len(SEEDS)])
    names = sorted(files)
    if not names:
        return
    name = names[data[2] % len(names)]
    if data[0] % 4:
        files[name] = mutated(files[name], list(files.values()), data[3:11], chance)
    else:
        files[name] = data[3:]
    with tempfile.TemporaryDirectory() as folder:
        for name, raw in files.items():
            (Path(folder) / name).write_bytes(raw)
        try:
            asked = Path(folder) / name if name.endswith(".gmcr") else Path(folder)
            imported = import_scenario(asked, reading="negmas" if data[0] & 64 else "genius")
            text = to_text(imported)
        except ForeignError as error:
            if not error.faults:
                raise AssertionError("no faults told") from error
            return
    try:
        loads(text)
    except CaseError as error:  # what is imported must be a case
        raise AssertionError(str(error)) from error


def main() -> None:
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
