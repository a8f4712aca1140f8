"""Test decks in the manner of VVSG 2.0: every position, marked in every way, on every ballot of an election.

One round marks every position of every style once; each round takes other pens, strengths and shapes,
until every position has been marked in every way. Any beginning of the deck is a fair sample of it.
Each sheet has one voter with one pen, as real ballots do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import product

import numpy as np

from scanner.ballot import Field, FieldKind, Rect, StampState, StyleKind
from scanner.layout.style import Style
from scanner.simulate.acts import line_through, mark_in, numbered, party_named, written_in
from scanner.simulate.deck import Deck, SimulatedSheet
from scanner.simulate.intention import Act, ActKind, Intention, Strength, Voter
from scanner.simulate.marks import Hand, MarkShape, StrikeShape, hand
from scanner.simulate.pens import InkColour, PenKind, pen
from scanner.simulate.shares import shares
from scanner.simulate.stamps import Impression
from scanner.simulate.voters import impression

_STREAM = 5  # what this deck's random stream is for, beside those of `simulate.deck`
_THIRDS = 3  # a third of the boxes of a ballot is marked at once
_STRIDES = 95, 29  # prime to the number of ways: every way comes once, and neighbours differ
_PENS = (
    (PenKind.BALLPOINT, InkColour.BLUE),
    (PenKind.BALLPOINT, InkColour.BLACK),
    (PenKind.BALLPOINT, InkColour.RED),
    (PenKind.GEL, InkColour.BLUE),
    (PenKind.GEL, InkColour.BLACK),
    (PenKind.FELT, InkColour.BLUE),
    (PenKind.FELT, InkColour.BLACK),
    (PenKind.FELT, InkColour.RED),
    (PenKind.PENCIL, InkColour.GREY),
)
_SIZE = {Strength.MINIMAL: (0.62, 0.7), Strength.LIGHT: (0.85, 1.3), Strength.NORMAL: (0.85, 1.3)}
_LARGE = (1.3, 1.65)
_STAMPS = (StampState.ABSENT, StampState.WEAK, StampState.ABSENT, StampState.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to mark."""

    kind: PenKind
    colour: InkColour
    shape: MarkShape
    strength: Strength

    @property
    def disputed(self) -> bool:
        """A dot hardly pressed may be no more than a pen at rest."""
        return self.shape is MarkShape.DOT and self.strength in {Strength.MINIMAL, Strength.LIGHT}

    def voter(self, rng: np.random.Generator, strike: StrikeShape) -> Voter:
        """Somebody who marks in this way."""
        light = self.strength in {Strength.MINIMAL, Strength.LIGHT}
        heavy = self.strength is Strength.BOLD
        held = pen(self.kind, self.colour, rng, light=light, heavy=heavy)
        return Voter(held, self._hand(rng), self.shape, strike, habit=int(rng.integers(1000)))

    def _hand(self, rng: np.random.Generator) -> Hand:
        return replace(hand(rng), size=float(rng.uniform(*_SIZE.get(self.strength, _LARGE))))


def ways() -> tuple[Way, ...]:
    """Every pen, shape and strength about which careful people agree that it is a mark."""
    every = (Way(kind, ink, shape, how) for (kind, ink), shape, how in product(_PENS, MarkShape, Strength))
    return tuple(one for one in every if not one.disputed)


class Role(StrEnum):
    """What is done to one ballot of the deck."""

    CLEAN = "clean"
    STAMP = "stamp"  # nothing but a stamp that is weak, misplaced or missing
    MARKED = "marked"  # boxes: personal votes, strikes
    NUMBERED = "numbered"
    STRUCK = "struck"  # lines through names
    WRITTEN = "written"
    DISPUTED = "disputed"
    TICKED = "ticked"  # one of several choices
    SEVERAL = "several"
    NAMED = "named"  # a party's name written on a paper that names none


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of every round: a style, what is done to it, and to which of its positions."""

    style: Style
    role: Role
    phase: int = 0


def parts(style: Style) -> Iterator[Part]:
    """The sheets that one style takes in a round."""
    yield from (Part(style, one) for one in (Role.CLEAN, Role.STAMP))
    match style.kind:
        case StyleKind.PARTY:
            yield from _party(style)
        case StyleKind.BLANK:
            yield Part(style, Role.NAMED)
        case StyleKind.TICK_OFF | StyleKind.REFERENDUM:
            yield from (Part(style, Role.TICKED, n) for n in range(len(choices(style))))
            yield from (Part(style, one) for one in (Role.SEVERAL, Role.DISPUTED))
    if style.kind is StyleKind.TICK_OFF:
        yield Part(style, Role.NAMED)


def _party(style: Style) -> Iterator[Part]:
    yield from (Part(style, Role.MARKED, n) for n in range(_THIRDS))
    if style.of(FieldKind.RENUMBER):
        yield from (Part(style, Role.NUMBERED, n) for n in range(_THIRDS))
    yield Part(style, Role.STRUCK)
    yield Part(style, Role.DISPUTED)
    if style.of(FieldKind.WRITE_IN):
        yield Part(style, Role.WRITTEN)


def choices(style: Style) -> tuple[Field, ...]:
    """The boxes of a style that are marked with a mark, not with a number."""
    wanted = (FieldKind.PERSONAL_VOTE, FieldKind.STRIKE, FieldKind.PARTY_TICK, FieldKind.OPTION)
    return tuple(place for kind in wanted for place in style.of(kind))


@dataclass(frozen=True)
class TestDeck:
    """The test deck of one election; `deck` says which, with which seed, and through which scanners."""

    __test__ = False  # for pytest: this is no test
    deck: Deck

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """One round."""
        return tuple(part for style in self.deck.press.styles for part in parts(style))

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """One round each."""
        return ways()

    @property
    def size(self) -> int:
        """Number of different sheets."""
        return len(self.parts) * len(self.ways)

    def sheet(self, index: int) -> SimulatedSheet:
        """The sheet with this number, 1 to `size`; beyond it the deck begins again with other hands."""
        rng = np.random.default_rng([self.deck.seed, _STREAM, index])
        return self.deck.given(index, self.meant(index, rng), rng)

    def meant(self, index: int, rng: np.random.Generator) -> Intention:
        """What the voter of this sheet does."""
        turn, place = divmod(index - 1, len(self.parts))
        part = self.parts[place]
        way = self.ways[(turn * _STRIDES[0] + place * _STRIDES[1]) % len(self.ways)]
        if part.role is Role.DISPUTED:
            way = _hardly(way, turn)
        voter = way.voter(rng, tuple(StrikeShape)[(turn + place) % len(StrikeShape)])
        acts = tuple(self._acts(part, turn, rng))
        stamp, state = self._stamp(index, part, turn, rng)
        return Intention(part.style.id, voter, acts, stamp, state)

    def _acts(self, part: Part, turn: int, rng: np.random.Generator) -> Iterator[Act]:
        style, boxes = part.style, choices(part.style)
        match part.role:
            case Role.CLEAN | Role.STAMP:
                return
            case Role.MARKED:
                yield from (mark_in(one) for n, one in enumerate(boxes) if (n + turn) % _THIRDS == part.phase)
            case Role.NUMBERED:
                yield from _numbers(style, part.phase, turn)
            case Role.STRUCK:
                lines = range(turn % _THIRDS, len(style.of(FieldKind.CANDIDATE_LINE)), _THIRDS)
                yield from (line_through(style, n, rng) for n in lines)
            case Role.WRITTEN:
                yield from self._written(style, turn)
            case Role.DISPUTED:
                yield from _disputed(boxes, turn, rng)
            case Role.TICKED:
                yield mark_in(boxes[part.phase])
            case Role.SEVERAL:
                yield from (mark_in(boxes[(turn + n) % len(boxes)]) for n in range(2))
            case Role.NAMED:
                yield self._named(style, turn, rng)

    def _written(self, style: Style, turn: int) -> Iterator[Act]:
        """Every second line, the other ones in the next round; names of all other lists in turn."""
        election = self.deck.press.election
        others = [(one, who) for one in election.lists if one.code != style.list for who in one.candidates]
        for n, place in enumerate(style.of(FieldKind.WRITE_IN)):
            party, who = others[(turn * 7 + n * 13) % len(others)]
            if (n + turn) % 2 == 0:
                code = party.code if turn % 4 < 2 else ""
                yield written_in(style, place, who.name, f"{party.code}/{who.number}", code)

    def _named(self, style: Style, turn: int, rng: np.random.Generator) -> Act:
        lists = self.deck.press.election.lists
        named = party_named(style, lists[turn % len(lists)].party, rng)
        lines = style.of(FieldKind.WRITE_IN_PARTY)
        return replace(named, aim=lines[0].rect, face=lines[0].face, field=lines[0]) if lines else named

    def _stamp(
        self, index: int, part: Part, turn: int, rng: np.random.Generator
    ) -> tuple[Impression | None, StampState]:
        die, s = self.deck.die(index), shares()
        state = _STAMPS[turn % len(_STAMPS)] if part.role is Role.STAMP else StampState.PRESENT
        match state:
            case StampState.ABSENT:
                return None, state
            case StampState.WEAK:
                return impression(part.style, die, rng, s).weakened(rng), state
            case StampState.OUTSIDE | StampState.PRESENT:
                inside = state is StampState.PRESENT
                return impression(part.style, die, rng, s, inside=inside), state


def _numbers(style: Style, phase: int, turn: int) -> Iterator[Act]:
    """New ranks that differ from each other; in time every name gets every rank."""
    boxes = style.of(FieldKind.RENUMBER)
    for n, one in enumerate(boxes):
        if (n + turn) % _THIRDS == phase:
            yield numbered(one, (n + turn + 1) % len(boxes) + 1)


def _hardly(way: Way, turn: int) -> Way:
    """The pen of a disputed mark: a dot hardly pressed, or, where the place is disputed, anything."""
    if turn % _THIRDS:
        return way
    strength = Strength.LIGHT if turn % 2 else Strength.MINIMAL
    return replace(way, shape=MarkShape.DOT, strength=strength)


def _disputed(boxes: tuple[Field, ...], turn: int, rng: np.random.Generator) -> Iterator[Act]:
    """Two marks that people would dispute: a light dot, a touch of the pen, a mark half outside its box."""
    for n in range(min(2, len(boxes))):
        place = boxes[(turn + n * 7) % len(boxes)]
        aim = (place.rect, _touch(place.rect, rng), _half_outside(place.rect, turn))[turn % _THIRDS]
        yield Act(ActKind.MARK, place.face, aim, place, disputed=True)


def _touch(box: Rect, rng: np.random.Generator) -> Rect:
    """A small place somewhere in the box."""
    side = 0.25 * min(box.w, box.h)
    return Rect(box.x + rng.uniform(0, box.w - side), box.y + rng.uniform(0, box.h - side), side, side)


def _half_outside(box: Rect, turn: int) -> Rect:
    """The box moved half its width to the left, or to the right."""
    return Rect(box.x + (0.5 if turn % 2 else -0.5) * box.w, box.y, box.w, box.h)
