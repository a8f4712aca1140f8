"""2020, Windham, New Hampshire: folds through the targets were counted as votes, some 400 ballots were wrong.

A Norwegian ballot is always folded. What must hold: a fold through a row or column of boxes gives
nobody a vote and takes none away.
"""

import pytest

from scanner.ballot import AmendmentKind
from scanner.opening import Atlas
from tests.odd import cases

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_fold_is_no_vote(atlas: Atlas, level: int) -> None:
    for one in cases(atlas, "fold_through_boxes", 6, level=level):
        assert not one.wrong, one
        voted = {a.candidate for a in one.truth.amendments}
        sure = {a.candidate for a in one.outcome.verdict.amendments if a.kind is AmendmentKind.PERSONAL_VOTE}
        assert sure <= voted, one
        if one.sure:
            assert sure == voted, one


def test_a_fold_is_no_strike_and_no_number(ranked_atlas: Atlas) -> None:
    for one in cases(ranked_atlas, "fold_through_boxes", 5, level=2):
        assert not one.wrong, one


def test_crumpled_paper_is_no_vote(atlas: Atlas) -> None:
    for one in cases(atlas, "crumpled", 4, level=1):
        assert not one.wrong, one
