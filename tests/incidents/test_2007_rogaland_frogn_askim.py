"""2007, three municipalities in Rogaland, Frogn and Askim: the scanner did not register personal votes.

Up to 170 users of the system were asked to count again by hand. What must hold: of all crosses on a
batch none is lost. A ballot is either read with every cross on it, or a person sees it, whatever pen
and whatever way of marking the voter used.
"""

from collections import Counter

import numpy as np
import pytest

from scanner.ballot import FieldKind, StampState
from scanner.opening import Atlas
from scanner.simulate.acts import mark_in
from scanner.simulate.deck import Deck
from scanner.simulate.intention import Intention, Voter
from scanner.simulate.marks import Hand, MarkShape, StrikeShape
from scanner.simulate.pens import InkColour, PenKind, pen
from scanner.simulate.shares import shares
from scanner.simulate.voters import impression
from tests.odd import Case, outcome, press

pytestmark = pytest.mark.endtoend

PENS = (
    *((PenKind.BALLPOINT, colour) for colour in (InkColour.BLUE, InkColour.BLACK, InkColour.RED)),
    *((PenKind.GEL, colour) for colour in (InkColour.BLUE, InkColour.BLACK)),
    *((PenKind.FELT, colour) for colour in (InkColour.BLACK, InkColour.RED)),
    (PenKind.PENCIL, InkColour.GREY),
)


def batch(atlas: Atlas, level: int) -> list[Case]:
    """One ballot for each pen, pressed lightly or not, with crosses or ticks in three of its boxes."""
    deck, found = Deck(press(atlas.election), seed=2007, level=level), []
    style = atlas.faces.style("B").style
    boxes = style.of(FieldKind.PERSONAL_VOTE)
    for n, (kind, colour) in enumerate(PENS):
        rng = np.random.default_rng([2007, level, n])
        shape = (MarkShape.CROSS, MarkShape.TICK)[(n + level) % 2]
        held = pen(kind, colour, rng, light=n % 3 == level % 3)
        who = Voter(held, Hand(size=1.1), shape, StrikeShape.STRAIGHT)
        chosen = sorted(rng.choice(len(boxes), size=3, replace=False).tolist())
        stamp = impression(style, deck.die(n), rng, shares())
        meant = Intention("B", who, tuple(mark_in(boxes[i]) for i in chosen), stamp, StampState.PRESENT)
        sheet = deck.given(n + 1, meant, rng)
        found.append(Case(sheet.truth, outcome(atlas, sheet)))
    return found


@pytest.mark.parametrize("level", [0, 1])
def test_no_cross_of_a_batch_is_lost(atlas: Atlas, level: int) -> None:
    read = batch(atlas, level)
    for one in read:
        assert not one.wrong, one
    crosses = Counter((one.truth.index, a.candidate) for one in read for a in one.truth.amendments)
    counted = Counter(
        (one.truth.index, a.candidate) for one in read if one.sure for a in one.outcome.verdict.amendments
    )
    shown = {one.truth.index for one in read if not one.sure}
    lost = [cross for cross in crosses - counted if cross[0] not in shown]
    assert not lost
    assert not counted - crosses  # and none is invented
    assert len(crosses) == 3 * len(PENS)


def test_most_of_a_batch_needs_nobody(atlas: Atlas) -> None:
    """Sending every ballot to a person would lose no cross either."""
    read = batch(atlas, 0)
    assert sum(one.sure for one in read) >= len(read) // 2, read
