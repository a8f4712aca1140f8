"""Which ballots a campaign reads: piles of three sorts, and how to make any one sheet of them.

A sheet is decided by (pile, seed, index) and the ink folder alone: any of them can be made again.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import msgspec

from scanner.bench.twice import TwiceDeck
from scanner.bench.vvsg import TestDeck
from scanner.election import Election, StampRule, VoteCategory
from scanner.election_package import read_election
from scanner.errors import UsageError
from scanner.simulate.deck import Deck, Press, SimulatedSheet
from scanner.simulate.elections import shipped_election, shipped_names
from scanner.simulate.kinds import kinds_of
from scanner.simulate.real_ink import real_ink
from scanner.simulate.recipe import Kind

ALL = "all"


class DeckKind(StrEnum):
    """How the ballots of a pile come about."""

    VVSG = "vvsg"  # a test deck: every position of every ballot, every pen, strength and shape
    RANDOM = "random"  # voters as in a real election
    KINDS = "kinds"  # every odd kind of ballot, in turn
    TWICE = "twice"  # voters as in a real election, every paper scanned again


class Pile(msgspec.Struct, frozen=True):
    """One sort of ballots of one election through scanners of one level of wear."""

    deck: DeckKind
    election: str
    wear: int

    @property
    def name(self) -> str:
        """`vvsg, storting, wear 2`."""
        return f"{self.deck}, {self.election}, wear {self.wear}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides every sheet of a campaign: the seed, and the folder with ink of real writers."""

    seed: int
    ink: Path | None = None


class Sheets(Protocol):
    """The sheets of one pile."""

    def sheet(self, index: int) -> SimulatedSheet:
        """The sheet with this number, 1 or more."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class KindsDeck:
    """Every kind of ballot that occurs in an election of this type, one after the other."""

    deck: Deck
    every: tuple[Kind, ...]

    def sheet(self, index: int) -> SimulatedSheet:
        """Sheet 1 is the first of the first kind, sheet 2 the first of the second, and so on."""
        turn, place = divmod(index - 1, len(self.every))
        return self.every[place].sheet(self.deck, turn + 1)


def sheets_of(pile: Pile, plan: Plan) -> Sheets:
    """The pile, ready to be made sheet by sheet. InputError for a folder without ink."""
    ink = real_ink(plan.ink) if plan.ink is not None else None
    category = stamped(election_of(pile.election))
    deck = Deck(press_of(pile.election), plan.seed, pile.wear, ink, category.stamp is StampRule.REQUIRED)
    match pile.deck:
        case DeckKind.RANDOM:
            return deck
        case DeckKind.VVSG:
            return TestDeck(deck)
        case DeckKind.KINDS:
            return KindsDeck(deck, kinds_of(deck.press.election.type))
        case DeckKind.TWICE:
            return TwiceDeck(deck)


def size_of(pile: Pile) -> int | None:
    """How many different sheets the pile has; None: as many as one likes."""
    return TestDeck(Deck(press_of(pile.election), 0)).size if pile.deck is DeckKind.VVSG else None


@lru_cache(maxsize=1)  # printed faces are large; piles come election by election
def press_of(name: str) -> Press:
    """The printed ballots of a shipped election."""
    return Press(election_of(name))


def election_of(name: str) -> Election:
    """The shipped election with this name; UsageError if there is none."""
    return read_election(shipped_election(name))


def stamped(election: Election) -> VoteCategory:
    """The first category that asks for a stamp: the harder case."""
    required = (one for one in election.categories if one.stamp is StampRule.REQUIRED)
    return next(required, election.categories[0])


def piles(decks: str, elections: str, wears: str) -> tuple[Pile, ...]:
    """The piles of comma-separated choices or `all`, election by election. UsageError for what is none."""
    chosen = _chosen(elections, shipped_names(), "shipped election")
    levels = _chosen(wears, ("0", "1", "2", "3"), "wear level")
    kinds = _chosen(decks, tuple(DeckKind), "deck")
    return tuple(
        Pile(DeckKind(deck), name, int(level)) for name in chosen for level in levels for deck in kinds
    )


def _chosen(words: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    if words == ALL:
        return known
    chosen = tuple(dict.fromkeys(one.strip() for one in words.split(",")))
    for one in chosen:
        if one not in known:
            raise UsageError(f"There is no {what} {one!r}; choose {ALL} or some of {', '.join(known)}.")
    return chosen
