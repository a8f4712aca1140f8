"""The paper itself, as numbers of the form: sheets, boxes expected and scanned, boxes fed twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from scanner.election import Election
from scanner.tally.comparison import Comparison
from scanner.tally.motebok.filled import Filled, Key, Value

ORDINARY = "VO"  # ballots of the kretser's own urns


class BoxSeen(Protocol):
    """A box that was expected, scanned, or both; `number` is None if nobody expected it."""

    @property
    def category(self) -> str:
        """Its vote category."""

    @property
    def krets(self) -> str:
        """Its krets."""

    @property
    def number(self) -> int | None:
        """Its number among the boxes of its category and krets."""

    @property
    def sheets(self) -> int:
        """Sheets fed from it."""


def paper(filled: Filled, election: Election, boxes: Iterable[BoxSeen]) -> dict[Key, Value]:
    """Sheets by forhånd and valgting, and the ordinary boxes of each krets, as far as the form has them."""
    seen = tuple(boxes)
    found = {**dict(_sheets(election, seen)), **dict(_boxes(seen))}
    have = {one.id for one in filled.form.cells}
    return {key: many for key, many in found.items() if key.cell in have}


def _sheets(election: Election, boxes: tuple[BoxSeen, ...]) -> Iterator[tuple[Key, Value]]:
    fed: Counter[str] = Counter({"f": 0, "v": 0})
    for one in boxes:
        fed["f" if election.category(one.category).advance else "v"] += one.sheets
    return ((Key(f"M.ark.{side}"), many) for side, many in fed.items())


def _boxes(boxes: tuple[BoxSeen, ...]) -> Iterator[tuple[Key, Value]]:
    ordinary = [one for one in boxes if one.category == ORDINARY and one.number is not None]
    for krets in dict.fromkeys(one.krets for one in ordinary):
        here = [one for one in ordinary if one.krets == krets]
        yield Key("PK.ventet", (krets,)), len(here)
        yield Key("PK.kom", (krets,)), sum(one.sheets > 0 for one in here)


def fed_twice(passes: Mapping[str, Comparison]) -> dict[Key, Value]:
    """Two passes of the same boxes, by box: sheets each time, and those not read alike."""
    found: dict[Key, Value] = {}
    for box, one in passes.items():
        first = one.ballots + sum(other.second is None for other in one.differences)
        second = one.ballots + sum(other.first is None for other in one.differences)
        numbers = (("forste", first), ("andre", second), ("ulike", len(one.differences)))
        found.update({Key(f"P2.{column}", (box,)): many for column, many in numbers})
    return found
