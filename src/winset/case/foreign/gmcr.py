"""Conflicts of the program gmcr-py (files ``.gmcr``, JSON) to the block ``conflict`` of a case.

What the file holds, by the program's own reader (``ConflictModel.json_import``, versions to 0.3.13): options
with the direction in which they may change; parties ("decision makers") with the options that are theirs and
their preferences; combinations that cannot be. A condition is a list of pairs (option, Y or N), all of which
hold; a compound condition is met when one of its members is. Preferences are conditions in the order of their
weight, or a ranking of the feasible states, which are numbered from 1 by their bits, the first option being
the lowest.

Nothing in such a file says what could be agreed. The case format asks for an issue, so there is one that
stands in for it, and that everybody values alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from winset.case.conflict import MOST_OPTIONS, MOST_STATEMENTS, STATEMENT_WORDS
from winset.case.foreign.additive import Imported, Origin, named, printable, usable_ids
from winset.case.foreign.files import Faults, ForeignFile
from winset.case.foreign.tree import Mapping, Node, Scalar, parse_json
from winset.case.foreign.tree import Sequence as Items

__all__ = ["import_gmcr"]

_DIRECTIONS = {"both": None, "fwd": "taken", "back": "dropped"}
_TOP = ("decisionMakers", "options", "infeasibles", "program", "version", "coalitions", "coalitionsFull")
_MANUAL = ("useManualPreferenceRanking", "useManualPreferenceVectors")
_RANKING = ("preferenceRanking", "preferenceVector")
_PARTY = ("name", "options", "preferences", "misperceptions", *_RANKING, "payoffs")  # payoffs follow
_KEPT = (*STATEMENT_WORDS, "rest")  # words that no option of a case can be called
_STANDS_IN = "deal"
_NOT_STATED = ("not stated", "not stated either")

Clause = dict[int, bool]  # option -> taken
Condition = list[Clause]  # one of them holds; of each, all


@dataclass(slots=True)
class _Party:
    name: str
    options: list[int] = field(default_factory=list)
    statements: list[Condition] = field(default_factory=list)
    ranking: list[list[int]] | None = None  # numbers of states, the best first
    unseen: list[Condition] = field(default_factory=list)


@dataclass(slots=True)
class _Model:
    """What the file says, checked."""

    names: list[str] = field(default_factory=list)
    directions: list[str] = field(default_factory=list)
    parties: list[_Party] = field(default_factory=list)
    infeasible: list[Condition] = field(default_factory=list)
    version: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def order(self) -> list[int]:
        """The options party by party: the program numbers states by them in this order."""
        return [o for party in self.parties for o in party.options]


def import_gmcr(file: ForeignFile, faults: Faults) -> Imported:
    """Carry a conflict over; raises ForeignError with all faults when it cannot be."""
    root = parse_json(file, faults)
    faults.stop_if_any()
    reader = _Reader(file.name, faults)
    model = reader.read(root)
    faults.stop_if_any()
    return _Writer(model, file, faults).imported()


# -------------------------------------------------------------------------------------------------- reading


class _Reader:
    """The tree of the file as a ``_Model``, or faults."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file, self.faults, self.model = file, faults, _Model()

    def fault(self, where: str, message: str, *, value: object = None, allowed: str = "") -> None:
        self.faults.add(self.file, message, where=where, value=value, allowed=allowed)

    def read(self, root: Node | None) -> _Model:
        model = self.model
        if not isinstance(root, Mapping):
            self.fault("", "a conflict is a mapping", allowed="decisionMakers, options, infeasibles")
            return model
        self._options(root.get("options"))
        makers = root.get("decisionMakers")
        for n, node in enumerate(self._list(makers, "decisionMakers"), 1):
            self._party(node, f"decisionMakers.{n}")
        for n, node in enumerate(self._list(root.get("infeasibles"), "infeasibles"), 1):
            where = f"infeasibles.{n}"
            condition = self._condition(node, where)
            if condition is not None and not all(condition):
                self.fault(where, "a condition that names no option would rule out every state")
            elif condition is not None:
                model.infeasible.append(condition)
        manual = self._manual(root)
        if not manual:
            for party in model.parties:
                party.ranking = None
        elif not self.faults.found:
            for n, party in enumerate(model.parties, 1):
                if party.ranking is None:
                    self.fault(f"decisionMakers.{n}", "the ranking of states is missing", allowed=_RANKING[0])
        self._owners()
        self._told(root, manual)
        return model

    def _options(self, node: Node | None) -> None:
        for n, item in enumerate(self._list(node, "options"), 1):
            where = f"options.{n}"
            name = self._text(item.get("name") if isinstance(item, Mapping) else None, f"{where}.name")
            said = item.get("permittedDirection") if isinstance(item, Mapping) else None
            direction = "both" if said is None else said.text if isinstance(said, Scalar) else "no text"
            if direction not in _DIRECTIONS:
                self.fault(
                    f"{where}.permittedDirection",
                    "unknown direction",
                    value=direction,
                    allowed=", ".join(_DIRECTIONS),
                )
            self.model.names.append(name)
            self.model.directions.append(direction)
            self._left_out(item, ("name", "permittedDirection"), where)

    def _party(self, node: Node, where: str) -> None:
        if not isinstance(node, Mapping):
            self.fault(where, "a decision maker is a mapping", allowed=", ".join(_PARTY))
            return
        party = _Party(self._text(node.get("name"), f"{where}.name"))
        for item in self._list(node.get("options"), f"{where}.options"):
            option = self._option(item, f"{where}.options")
            if option is not None and option not in party.options:
                party.options.append(option)
        for key, into in (("preferences", party.statements), ("misperceptions", party.unseen)):
            for n, item in enumerate(self._list(node.get(key), f"{where}.{key}", needed=False), 1):
                condition = self._condition(item, f"{where}.{key}.{n}")
                if condition is not None:
                    into.append(condition)
        ranking = next((r for key in _RANKING if (r := node.get(key)) is not None), None)
        if ranking is not None and not _nothing(ranking):
            party.ranking = self._ranking(ranking, f"{where}.{_RANKING[0]}")
        self.model.parties.append(party)
        self._left_out(node, _PARTY, where)

    def _ranking(self, node: Node, where: str) -> list[list[int]]:
        out: list[list[int]] = []
        for n, entry in enumerate(self._list(node, where), 1):
            numbers = [_whole(i) for i in (entry.items if isinstance(entry, Items) else [entry])]
            if not numbers or None in numbers:
                self.fault(f"{where}.{n}", "not a state", allowed="the number of a state, or a list of them")
            out.append([i for i in numbers if i is not None])
        return out

    def _condition(self, node: Node, where: str) -> Condition | None:
        """A condition, or a compound one; None where it is broken."""
        if isinstance(node, Mapping):
            found = [
                self._condition(member, f"{where}.members.{n}")
                for n, member in enumerate(self._list(node.get("members"), f"{where}.members"), 1)
            ]
            members = [c for condition in found if condition is not None for c in condition]
            return members if members and len(members) == len(found) else None
        clause: Clause = {}
        before = len(self.faults.found)
        for pair in self._list(node, where):
            items = pair.items if isinstance(pair, Items) else []
            said = items[1] if len(items) == 2 else None
            if not isinstance(said, Scalar) or said.text not in ("Y", "N"):
                self.fault(where, "not a condition", allowed='[option, "Y"] or [option, "N"]')
                continue
            option = self._option(items[0], where)
            if option is None:
                continue
            if option in clause:
                self.fault(where, "the condition names an option twice", value=self.model.names[option])
            clause[option] = said.text == "Y"
        return [clause] if len(self.faults.found) == before else None

    def _manual(self, root: Mapping) -> bool:
        """Whether the states are ranked by hand."""
        said = next((s for key in _MANUAL if (s := root.get(key)) is not None), None)
        return isinstance(said, Scalar) and said.kind == "truth" and said.text == "true"

    def _owners(self) -> None:
        """Every option is somebody's, and nobody else's."""
        owner: dict[int, str] = {}
        for n, party in enumerate(self.model.parties, 1):
            for option in party.options:
                if option in owner:
                    self.fault(
                        f"decisionMakers.{n}.options",
                        "an option of two decision makers",
                        value=self.model.names[option],
                        allowed="an option that one of them controls",
                    )
                owner[option] = party.name
        for option, name in enumerate(self.model.names):
            if option not in owner:
                self.fault(f"options.{option + 1}", "an option that no decision maker controls", value=name)

    def _told(self, root: Mapping, manual: bool) -> None:
        """Notes on what is not carried over."""
        notes, parties = self.model.notes, self.model.parties
        version = root.get("version")
        self.model.version = version.text if isinstance(version, Scalar) else ""
        self._left_out(root, (*_TOP, *_MANUAL), "")
        grouped = root.get("coalitions")
        for group in grouped.items if isinstance(grouped, Items) else []:
            members = [_whole(i) for i in group.items] if isinstance(group, Items) else []
            if len(members) > 1:
                together = " and ".join(
                    parties[i].name if i is not None and 0 <= i < len(parties) else "?" for i in members
                )
                notes.append(f"The coalition of {printable(together)} is left out: each acts by itself.")
        for party in parties:
            if manual and party.statements:
                notes.append(
                    f"{printable(party.name)}: the states are ranked by hand, so the {len(party.statements)} "
                    "prioritised statements are left out, as the program passes them over."
                )

    def _left_out(self, node: Node, known: Sequence[str], where: str) -> None:
        for key in node.names() if isinstance(node, Mapping) else ():
            if key not in known:
                place = f"{where}.{key}" if where else key
                self.model.notes.append(f"'{printable(place)}' is left out: it is not known here.")

    def _list(self, node: Node | None, where: str, *, needed: bool = True) -> list[Node]:
        if isinstance(node, Items):
            return node.items
        if node is not None or needed:
            self.fault(where, "a list is expected")
        return []

    def _text(self, node: Node | None, where: str) -> str:
        if isinstance(node, Scalar) and node.kind in ("text", "number", "truth"):
            return node.text
        self.fault(where, "a name is expected")
        return ""

    def _option(self, node: Node, where: str) -> int | None:
        number = _whole(node)
        if number is None or not 0 <= number < len(self.model.names):
            self.fault(
                where,
                "there is no such option",
                value=node.text if isinstance(node, Scalar) else None,
                allowed=f"the place of an option in the list, from 0 to {len(self.model.names) - 1}",
            )
            return None
        return number


def _whole(node: Node) -> int | None:
    number = node.number if isinstance(node, Scalar) else None
    return None if number is None or number.denominator != 1 else int(number)


def _nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "nothing"


# -------------------------------------------------------------------------------------------------- writing


class _Writer:
    """A ``_Model`` as a case."""

    def __init__(self, model: _Model, file: ForeignFile, faults: Faults) -> None:
        self.model, self.file, self.faults = model, file, faults
        self.notes = list(model.notes)
        self.parties = usable_ids([p.name for p in model.parties], "party", self.notes)
        self.options = self._option_ids()

    def _option_ids(self) -> list[str]:
        """An id of its own for every option of every party."""
        model = self.model
        owner = {o: p for p, party in zip(self.parties, model.parties, strict=True) for o in party.options}
        wanted = [
            f"{name} ({owner[o]})" if model.names.count(name) > 1 or name.strip() in _KEPT else name
            for o, name in enumerate(model.names)
        ]
        return usable_ids(wanted, "option", self.notes)

    def imported(self) -> Imported:
        conflict = self._conflict()
        self.faults.stop_if_any()
        names = dict(zip(self.parties, (p.name for p in self.model.parties), strict=True))
        title = printable(self.file.path.stem).strip() or "Conflict"
        version = f", version {printable(self.model.version)}" if self.model.version else ""
        self.notes.append(
            "The file says what each party can do alone, and nothing of deals. The case has one issue that "
            "stands in for them, of which nobody prefers anything: what is said of deals in it means nothing."
        )
        data: dict[str, Any] = {
            "winset": 1,
            "title": title,
            "summary": "A conflict carried over from gmcr-py. The lenses stability and dilemmas tell of it.",
            "notes": list(dict.fromkeys(self.notes)),
            "sources": {
                "conflict": {
                    "title": f"{printable(self.file.name)} (gmcr-py conflict{version})",
                    "note": f"sha256 {self.file.sha256}",
                }
            },
            "parties": {p: named(p, printable(name)) for p, name in names.items()},
            "consent": {"all": list(self.parties)},
            "issues": {
                _STANDS_IN: {
                    "question": "What would be agreed? The file does not say.",
                    "options": list(_NOT_STATED),
                }
            },
            "preferences": {
                p: {
                    "weights": {_STANDS_IN: "1"},
                    "scores": {_STANDS_IN: dict.fromkeys(_NOT_STATED, "50")},
                    "no_deal": "50",
                }
                for p in self.parties
            },
            "conflict": conflict,
        }
        return Imported(
            data=data,
            notes=tuple(data["notes"]),
            scale={},
            origin=Origin(
                parties=names,
                issues={},
                options={"conflict": dict(zip(self.options, self.model.names, strict=True))},
                fixed={},
            ),
        )

    def _conflict(self) -> dict[str, Any]:
        model = self.model
        if len(model.names) > MOST_OPTIONS:
            self._fault(f"{len(model.names)} options", allowed=f"at most {MOST_OPTIONS} of all together")
        for party in model.parties:
            if len(party.statements) > MOST_STATEMENTS and party.ranking is None:
                self._fault(
                    f"{printable(party.name)}: {len(party.statements)} prioritised statements",
                    allowed=f"at most {MOST_STATEMENTS}",
                )
        if not model.names or not model.parties:
            self._fault("nobody can do anything", allowed="options, and decision makers who control them")
        self.faults.stop_if_any()
        states = self._feasible()
        out: dict[str, Any] = {
            "options": {
                p: {self.options[o]: self._direction(o) for o in party.options}
                for p, party in zip(self.parties, model.parties, strict=True)
                if party.options
            }
        }
        if model.infeasible:
            out["infeasible"] = [self._clause(c) for condition in model.infeasible for c in condition]
        out["preferences"] = {
            p: self._order(party, states) for p, party in zip(self.parties, model.parties, strict=True)
        }
        sees = {
            p: {"unaware of": unaware}
            for p, party in zip(self.parties, model.parties, strict=True)
            if (unaware := self._unaware(party))
        }
        return {**out, **({"sees": sees} if sees else {})}

    def _fault(self, message: str, *, value: object = None, allowed: str = "") -> None:
        self.faults.add(self.file.name, message, value=value, allowed=allowed)

    def _direction(self, option: int) -> dict[str, str]:
        once = _DIRECTIONS[self.model.directions[option]]
        return {
            **named(self.options[option], printable(self.model.names[option])),
            **({"once": once} if once else {}),
        }

    def _clause(self, clause: Clause) -> dict[str, str]:
        return {self.options[o]: "yes" if taken else "no" for o, taken in clause.items()}

    def _feasible(self) -> list[int]:
        """The feasible states in the order of their bits: the first has the number 1 in the program."""
        from winset.case.states import feasible_states

        place = {self.options[o]: n for n, o in enumerate(self.model.order)}
        ruled_out = (
            tuple({self.options[o]: taken for o, taken in clause.items()} for clause in condition)
            for condition in self.model.infeasible
        )
        states: list[int] = feasible_states(ruled_out, place).tolist()
        if not states:
            self._fault("every state is infeasible", allowed="at least one that can be")
            self.faults.stop_if_any()
        return states

    def _order(self, party: _Party, states: list[int]) -> dict[str, Any]:
        if party.ranking is not None:
            return {"ranking": self._ranking(party, party.ranking, states)}
        kept: list[Condition] = []
        for condition in party.statements:
            if not all(condition):
                self.notes.append(f"{printable(party.name)}: a statement that is always true is left out.")
            elif condition in kept:
                self.notes.append(f"{printable(party.name)}: a statement that is made twice is kept once.")
            else:
                kept.append(condition)
        if not kept:
            self.notes.append(f"{printable(party.name)} states no preferences: all states are alike to it.")
            return {"ranking": ["rest"]}
        return {
            "prioritised": [
                self._clause(c[0]) if len(c) == 1 else [self._clause(clause) for clause in c] for c in kept
            ]
        }

    def _ranking(self, party: _Party, ranking: list[list[int]], states: list[int]) -> list[Any]:
        numbers = [n for entry in ranking for n in entry]
        whose = f"{printable(party.name)}: "
        for n in dict.fromkeys(numbers):
            if not 1 <= n <= len(states):
                self._fault(
                    f"{whose}there is no such state in the ranking", value=n, allowed=f"1 to {len(states)}"
                )
            elif numbers.count(n) > 1:
                self._fault(f"{whose}a state is ranked twice", value=n)
        missing = sorted({*range(1, len(states) + 1)} - {*numbers})
        if missing:
            shown = ", ".join(map(str, missing[:3])) + (" and more" if len(missing) > 3 else "")
            self._fault(f"{whose}the ranking does not order all states", value=f"left out: {shown}")
        if self.faults.found:
            return []
        order = self.model.order
        out: list[Any] = []
        for entry in ranking[:-1]:
            numbers = [states[n - 1] for n in entry]
            matches = [
                self._clause({o: bool(state >> bit & 1) for bit, o in enumerate(order)}) for state in numbers
            ]
            out.append(matches[0] if len(matches) == 1 else matches)
        return [*out, "rest"]

    def _unaware(self, party: _Party) -> list[str]:
        """The options of others that the party does not know of; other misperceptions are told."""
        out = []
        for condition in party.unseen:
            (option, taken), *more = [*condition[0].items()] or [(0, False)]
            if len(condition) == 1 and not more and taken and option not in party.options:
                out.append(self.options[option])
            else:
                told = "; or ".join(
                    ", ".join(f"{o}: {taken}" for o, taken in self._clause(c).items()) for c in condition
                )
                self.notes.append(
                    f"{printable(party.name)} does not see the states with {told or 'anything'}. This is "
                    "left out: only options of others that a party does not know of are carried over."
                )
        return list(dict.fromkeys(out))
