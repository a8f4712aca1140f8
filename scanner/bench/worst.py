"""Which readings a person should look at first: wrong, then disputed, doubted, nearest to doubt."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

from scanner.bench.agreement import Agreement
from scanner.bench.answers import Answer, Case
from scanner.bench.positions import Position

SHOWN = 50
_ALIKE = 4


class Why(StrEnum):
    """Why something is among the worst, worst first."""

    WRONG = "wrong but sure"
    DECIDED = "disputed, decided"
    DOUBTED = "doubt without cause"
    NEAREST = "right, nearest to doubt"


_FIRST = {Why.WRONG: SHOWN, Why.DECIDED: 10, Why.DOUBTED: 20, Why.NEAREST: SHOWN}  # at most, in a first round


@dataclass(frozen=True, slots=True)
class Shown:
    """One reading to look at; no position: the whole ballot."""

    why: Why
    case: Case
    position: Position | None
    told: str  # what is true and what was read, in words
    rank: float  # the smaller the earlier


@dataclass(slots=True)
class Worst:
    """The worst of all answers, as they come; never more than a few hundred are held."""

    _kept: dict[Why, list[Shown]] = field(default_factory=lambda: {one: [] for one in Why})

    def add(self, one: Answer) -> None:
        """Look at one ballot's answer."""
        for shown in _shown(one):
            kept = self._kept[shown.why]
            kept.append(shown)
            if len(kept) >= 8 * SHOWN:
                self._kept[shown.why] = _varied(sorted(kept, key=_rank))[: 2 * SHOWN]

    def chosen(self) -> tuple[Shown, ...]:
        """The worst 50, worst first; what one sort does not fill the next ones do."""
        ranked = {why: _varied(sorted(kept, key=_rank)) for why, kept in self._kept.items()}
        first = [one for why in Why for one in ranked[why][: _FIRST[why]]][:SHOWN]
        more = [one for why in Why for one in ranked[why][_FIRST[why] :]][: SHOWN - len(first)]
        order = list(Why)
        return tuple(sorted([*first, *more], key=lambda one: order.index(one.why)))


def _varied(ranked: list[Shown]) -> list[Shown]:
    """The same, but after a few that are alike others come first."""
    seen, early, late = Counter[str](), list[Shown](), list[Shown]()
    for one in ranked:
        like = one.position.how if one.position else one.told
        seen[like] += 1
        (early if seen[like] <= _ALIKE else late).append(one)
    return [*early, *late]


def _rank(one: Shown) -> float:
    return one.rank


def _shown(one: Answer) -> Iterator[Shown]:
    if one.crashed:
        return
    luck = crc32(f"{one.case.pile.name} {one.case.sheet}".encode()) / 2**32  # a fair sample, always the same
    for position in one.other:
        if position.said is Agreement.WRONG_BUT_SURE:
            yield Shown(Why.WRONG, one.case, position, _told(position), luck)
        elif position.said is Agreement.DECIDED_DISPUTED:
            yield Shown(Why.DECIDED, one.case, position, _told(position), luck)
    if one.said is Agreement.WRONG_BUT_SURE:
        told = f"{one.kind or one.category}: read as {one.read_as}"
        yield Shown(Why.WRONG, one.case, None, told, luck)
    if one.said is Agreement.DOUBTFUL and not one.needs_person:
        yield _doubted(one, luck)
    if one.nearest is not None and one.nearest.chance is not None:
        certainty = abs(one.nearest.chance - 0.5)
        yield Shown(Why.NEAREST, one.case, one.nearest, _told(one.nearest), certainty)


def _doubted(one: Answer, luck: float) -> Shown:
    """The position that was doubted, or the whole ballot if it was something else."""
    doubted = next((place for place in one.other if place.said is Agreement.DOUBTFUL), None)
    reasons = ", ".join(one.reasons)
    return Shown(Why.DOUBTED, one.case, doubted, f"{one.category}: {reasons}", luck)


def _told(one: Position) -> str:
    chance = "" if one.chance is None else f", B {one.chance:.4f}"
    return f"{one.how}: {one.truth}, read {one.seen}{chance}"
