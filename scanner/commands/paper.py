"""Piles of simulated ballots for a virtual scanner, made ahead by all cores and laid down in order."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scanner.ballot import Box
from scanner.election import Election
from scanner.engine import processes
from scanner.simulate.deck import Deck, Press, SimulatedSheet
from scanner.simulate.real_ink import real_ink
from scanner.simulate.truth import Truth

AHEAD = 3  # sheets waiting for each core


@dataclass(frozen=True, slots=True)
class Pile:
    """What decides the ballots of one box."""

    election: Election
    box: Box
    count: int
    seed: int
    wear: int
    stamp_required: bool
    real_ink: Path | None


def makers(pile: Pile) -> ProcessPoolExecutor:
    """Processes that make the sheets of a pile, one for each core.

    The caller closes them: a generator that did so itself would be closed by chance, after Ctrl-C
    when half of the interpreter is gone.
    """
    return processes(os.cpu_count() or 1, _open, pile)


def pages(pool: ProcessPoolExecutor, pile: Pile, truths: list[Truth]) -> Iterator[tuple[bytes, bytes]]:
    """Front and back of each sheet in order; the truth of each is put on `truths` as it leaves."""
    ahead = AHEAD * (os.cpu_count() or 1)
    waiting = deque[Future[SimulatedSheet]]()
    for index in range(1, pile.count + 1):
        waiting.append(pool.submit(_sheet, index))
        if len(waiting) >= ahead:
            yield _laid(waiting, truths)
    while waiting:
        yield _laid(waiting, truths)


def _laid(waiting: deque[Future[SimulatedSheet]], truths: list[Truth]) -> tuple[bytes, bytes]:
    sheet = waiting.popleft().result()
    truths.append(sheet.truth)
    return sheet.front, sheet.back


_deck: Deck | None = None  # of this process; set once when it starts


def _open(pile: Pile) -> None:
    global _deck  # noqa: PLW0603 - a process pool has no other place for what its workers open once
    ink = real_ink(pile.real_ink) if pile.real_ink is not None else None
    _deck = Deck(Press(pile.election), pile.seed, pile.wear, ink, pile.stamp_required)


def _sheet(index: int) -> SimulatedSheet:
    assert _deck is not None  # noqa: S101 - the initializer has run
    return _deck.sheet(index)
