"""2019, the trial election: weak stamps and stamps that were not black sent many ballots to a person.

What must hold: a good stamp is a good stamp in any colour and under any lamp, a weak one is never
called missing without a person, and a missing one is never called present.
"""

from dataclasses import replace

import numpy as np
import pytest

from scanner.ballot import Reason, StampState
from scanner.opening import Atlas
from scanner.pipeline import Outcome
from scanner.simulate.deck import Deck, deliver, inked
from scanner.simulate.intention import Intention
from scanner.simulate.pens import LUMA, InkColour
from scanner.simulate.scan import scanned
from scanner.simulate.shares import shares
from scanner.simulate.stamps import DieShape
from scanner.simulate.truth import judged
from scanner.simulate.voters import impression, voter
from scanner.simulate.wear import GREEN, scanner, wear
from tests.odd import cases, outcome, press

pytestmark = pytest.mark.endtoend

COLOURS = InkColour.BLACK, InkColour.BLUE, InkColour.RED


def stamped(
    atlas: Atlas, colour: InkColour, cover: float, lamp: tuple[float, float, float], seed: int = 1
) -> Outcome:
    """A ballot with a stamp of this colour and strength, under this lamp."""
    rng = np.random.default_rng([2019, seed])
    deck = Deck(press(atlas.election), seed, 0)
    style = atlas.faces.style("A").style
    made = impression(style, replace(deck.die(1), colour=colour, shape=DieShape.ROUND), rng, shares())
    stamp = replace(made, cover=cover, uneven=0.1)
    meant = Intention("A", voter(rng), (), stamp, StampState.PRESENT)
    on = replace(scanner(0, rng), weights=lamp)
    worn = wear(on, style.page_mm, style.folds_mm, rng)
    faces = scanned(inked(deck.press, style, meant, worn, rng)[0], worn)
    return outcome(atlas, deliver(faces, worn, judged(atlas.election, style, meant, index=1)))


@pytest.mark.parametrize("lamp", [LUMA, GREEN], ids=["luma", "green"])
@pytest.mark.parametrize("colour", COLOURS)
def test_a_good_stamp_is_one_in_every_colour(
    atlas: Atlas, colour: InkColour, lamp: tuple[float, float, float]
) -> None:
    seen = stamped(atlas, colour, 0.9, lamp)
    assert seen.reading.stamp is not None
    assert seen.reading.stamp.state is StampState.PRESENT
    assert seen.verdict.sure


@pytest.mark.parametrize("colour", COLOURS)
def test_with_less_ink_a_stamp_goes_from_present_to_doubt_and_never_back(
    atlas: Atlas, colour: InkColour
) -> None:
    states = [stamped(atlas, colour, cover, LUMA).reading.stamp for cover in (0.9, 0.5, 0.25, 0.08)]
    present = [one is not None and one.state is StampState.PRESENT for one in states]
    assert present == sorted(present, reverse=True)
    assert present[0]
    for cover in (0.25, 0.08):
        seen = stamped(atlas, colour, cover, LUMA)
        assert seen.verdict.sure or set(seen.verdict.reasons) & {Reason.STAMP_WEAK, Reason.STAMP_ABSENT}


def test_a_missing_stamp_is_never_there(atlas: Atlas) -> None:
    for level in (0, 2):
        for one in cases(atlas, "stamp_absent", 4, level=level):
            assert Reason.STAMP_ABSENT in one.outcome.verdict.reasons, one


def test_weak_and_misplaced_stamps_are_never_wrong(atlas: Atlas) -> None:
    for kind in ("stamp_weak", "stamp_outside_field", "stamp_on_inside"):
        for one in cases(atlas, kind, 3):
            assert not one.wrong, one
            assert one.sure or one.sent_to_the_right_place, one
