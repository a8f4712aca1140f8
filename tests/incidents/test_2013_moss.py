"""2013, Moss: ballots with braille made the machines jam, feed two at once, and misread.

What must hold: pressed dots are never taken for a mark, and two sheets fed as one are seen.
"""

import pytest

from scanner.ballot import Category, Reason
from scanner.opening import Atlas
from tests.odd import cases

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("level", [0, 2])
def test_braille_is_read_right_or_shown(atlas: Atlas, level: int) -> None:
    for one in cases(atlas, "braille", 6, level=level):
        assert not one.wrong, one
        ticked = {a.list for a in one.outcome.verdict.amendments}
        assert ticked <= {one.truth.list}, one


@pytest.mark.parametrize("kind", ["double_feed_insides", "double_feed_outsides"])
def test_two_sheets_at_once_are_seen(atlas: Atlas, kind: str) -> None:
    for one in cases(atlas, kind, 3):
        assert one.outcome.verdict.category is Category.TVILSOM
        assert Reason.SAME_FACE_TWICE in one.outcome.verdict.reasons
