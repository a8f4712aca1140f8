"""2015, Bergen: ballots printed for Lillehammer lay in the stack.

The parties were the same, the candidates were not. What must hold: a ballot of another district, year
or election is seen as such, and counts for nobody until people have decided (§ 10-3 (1) d).
"""

import pytest

from scanner.ballot import Category
from scanner.election import ElectionType
from scanner.opening import Atlas
from tests.odd import case, cases

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("kind", ["other_district", "other_year", "other_election", "number_of_other_list"])
def test_foreign_ballots_are_seen(atlas: Atlas, ranked_atlas: Atlas, kind: str) -> None:
    for home in (atlas, ranked_atlas):
        for one in cases(home, kind, 3):
            assert one.outcome.verdict.category is Category.TVILSOM
            assert one.outcome.verdict.amendments == ()
            assert one.sent_to_the_right_place, one


def test_in_a_stack_only_the_foreign_ones_are(atlas: Atlas) -> None:
    assert atlas.election.type is ElectionType.KOMMUNESTYRE
    stack = ["blank_preprinted", "other_district", "tick_none", "other_year", "tick_none", "other_district"]
    read = [case(atlas, name, index, level=1) for index, name in enumerate(stack, 1)]
    foreign = [name.startswith("other") for name in stack]
    assert [not one.sure for one in read] == foreign, read


def test_a_form_with_one_name_changed_is_not_the_list(atlas: Atlas) -> None:
    """§ 10-3 (3): changes on a ballot that differs from the official list do not count."""
    for kind in ("one_name_missing", "one_name_differs"):
        for one in cases(atlas, kind, 4, level=0):
            assert one.outcome.verdict.category is Category.TVILSOM, one
            assert one.sent_to_the_right_place, one
