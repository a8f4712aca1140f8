"""Registration first: what lies badly, is no page of ours, or is more than one, never ends in a sure verdict.

In every trial the errors came from registration, not from classification. A page that the feeder only
stretched may be read, and then right; of all others nothing sure may be said.
"""

import pytest

from scanner.ballot import Category
from scanner.opening import Atlas
from tests.odd import cases

pytestmark = pytest.mark.endtoend

MAY_BE_READ = ("local_shift", "feeder_slip", "scaled", "askew", "torn_corner", "fold_through_boxes")
MUST_BE_SHOWN = (
    *("half_a_page", "photo", "mirrored", "two_overlaid", "two_stuck_together", "photocopy"),
    *("double_feed_insides", "double_feed_outsides", "foreign_form"),
    *("one_name_differs", "one_name_missing", "number_of_other_list"),
    *("other_district", "other_year", "other_election"),
)


@pytest.mark.parametrize("kind", MAY_BE_READ)
def test_a_page_that_lies_badly_is_read_right_or_shown(kind: str, atlas: Atlas, ranked_atlas: Atlas) -> None:
    for one in (*cases(atlas, kind, 2, level=0, seed=40), *cases(ranked_atlas, kind, 1, seed=41)):
        assert not one.wrong, one


@pytest.mark.parametrize("kind", MUST_BE_SHOWN)
def test_of_no_page_of_ours_nothing_is_sure(kind: str, atlas: Atlas, ranked_atlas: Atlas) -> None:
    for one in (*cases(atlas, kind, 2, level=0, seed=40), *cases(ranked_atlas, kind, 1, seed=41)):
        assert one.outcome.verdict.category is Category.TVILSOM, one
        assert one.sent_to_the_right_place, one
