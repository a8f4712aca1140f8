"""The same marked paper scanned again: by the same machine, and by one of another level of wear.

What is on the paper stays: ink, folds, print. What the scanner does is new: skew, stretch, dirt, noise.
"""

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from scanner.ballot import Category, MarkState, Verdict
from scanner.pipeline import Outcome
from scanner.simulate.deck import Deck, SimulatedSheet, deliver, inked
from scanner.simulate.intention import Intention
from scanner.simulate.scan import scanned
from scanner.simulate.truth import judged
from scanner.simulate.voters import vote
from scanner.simulate.wear import Wear, scanner, wear

_VOTER, _PAPER, _SCAN = 6, 7, 8  # what a random stream is for, beside those of the other decks
_OTHER = (1, 2, 0, 2)  # the level of the second machine


class Repeat(msgspec.Struct, frozen=True):
    """Two scans of one paper compared."""

    scan: str  # "same wear" or "other wear"
    both_sure: bool
    differs: bool  # both sure, and not of the same category, list and changes
    boxes: int  # decided in both scans
    flipped: int  # of these: surely marked in one, surely blank in the other


@dataclass(frozen=True, slots=True)
class TwiceDeck:
    """Voters as in `simulate.deck`, each paper scanned three times."""

    deck: Deck

    def sheet(self, index: int) -> SimulatedSheet:
        """The first scan of a paper."""
        return self._scan(index, 0, self.deck.level)

    def again(self, index: int) -> tuple[tuple[str, SimulatedSheet], ...]:
        """The other scans of the same paper."""
        level = self.deck.level
        return (
            ("same wear", self._scan(index, 1, level)),
            ("other wear", self._scan(index, 2, _OTHER[level])),
        )

    def _scan(self, index: int, turn: int, level: int) -> SimulatedSheet:
        deck, press = self.deck, self.deck.press
        rng = np.random.default_rng([deck.seed, _VOTER, index])
        meant = vote(press.election, press.styles, rng, die=deck.die(index), s=deck.shares)
        worn = self._worn(meant, index, turn, level)
        pages, _ = inked(press, press.style(meant.style), meant, worn, rng, real=deck.real)
        style = press.style(meant.style)
        truth = judged(
            press.election,
            style,
            meant,
            index=index,
            wear=level,
            more_kinds=worn.kinds,
            stamp_required=deck.stamp_required,
        )
        return deliver(scanned(pages, worn), worn, truth)

    def _worn(self, meant: Intention, index: int, turn: int, level: int) -> Wear:
        """The paper's own fate, and the scanner's of this turn."""
        deck, style = self.deck, self.deck.press.style(meant.style)
        paper_rng = np.random.default_rng([deck.seed, _PAPER, index])
        paper = wear(deck.scanner(index), style.page_mm, style.folds_mm, paper_rng)
        rng = np.random.default_rng([deck.seed, _SCAN, index, turn])
        on = deck.scanner(index) if level == deck.level else scanner(level, rng, dpi=deck.dpi)
        passing = wear(on, style.page_mm, style.folds_mm, rng)
        return replace(
            passing,
            folds=paper.folds,
            corner=paper.corner,
            bleed=paper.bleed,
            print_shift_mm=paper.print_shift_mm,
            cut_mm=paper.cut_mm,
            dot_gain=paper.dot_gain,
            paper=paper.paper,
        )


def compared(scan: str, once: Outcome, again: Outcome) -> Repeat:
    """What two scans of one paper have in common."""
    states = {one.field: one.state for one in once.reading.marks if one.b is not None}
    pairs = [
        (states[one.field], one.state)
        for one in again.reading.marks
        if one.b is not None and one.field in states
    ]
    decided = [pair for pair in pairs if MarkState.DOUBTFUL not in pair]
    sure = once.verdict.sure and again.verdict.sure
    return Repeat(
        scan=scan,
        both_sure=sure,
        differs=sure and _counted(once.verdict) != _counted(again.verdict),
        boxes=len(decided),
        flipped=sum(a is not b for a, b in decided),
    )


def _counted(verdict: Verdict) -> tuple[Category, str | None, frozenset[object]]:
    """What a count takes from a verdict."""
    changes = (
        (one.kind, one.candidate, one.rank, one.person, one.list, one.option) for one in verdict.amendments
    )
    return verdict.category, verdict.list, frozenset(changes)
