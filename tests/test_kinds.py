"""Every kind of ballot through the pipeline: never wrong and sure, and a doubt says where to look.

The bench measures rates on many; here each kind is read a few times, so that no kind is forgotten.
"""

import pytest

from scanner.ballot import Category, Reason
from scanner.election import ElectionType
from scanner.opening import Atlas
from scanner.simulate.kinds import kinds
from scanner.simulate.recipe import Kind
from tests.odd import case

pytestmark = pytest.mark.endtoend

TURNED = ("upside_down", "inside_out", "upside_down_inside_out", "sideways")


@pytest.fixture
def atlas_for(atlas: Atlas, ranked_atlas: Atlas, referendum_atlas: Atlas) -> dict[ElectionType, Atlas]:
    return {one.election.type: one for one in (atlas, ranked_atlas, referendum_atlas)}


@pytest.mark.parametrize("one", kinds(), ids=lambda one: one.name)
def test_no_kind_is_read_wrong_and_sure(one: Kind, atlas_for: dict[ElectionType, Atlas]) -> None:
    home = next(atlas_for[type_] for type_ in atlas_for if type_ in one.types)
    for level in (0, 1):
        seen = case(home, one.name, 1 + level, level=level)
        assert not seen.wrong, seen
        if not seen.sure:
            assert seen.sent_to_the_right_place, seen
        assert seen.sure is False or seen.truth.category is not Category.TVILSOM


@pytest.mark.parametrize("name", TURNED)
def test_how_a_ballot_is_fed_is_no_reason_to_doubt_it(name: str, atlas: Atlas) -> None:
    for index in (1, 2, 3):
        seen = case(atlas, name, index, seed=5)
        assert set(seen.outcome.verdict.reasons) <= {Reason.MARK_DOUBTFUL}, seen


@pytest.mark.parametrize("name", ["blank_preprinted", "tick_none"])
def test_a_clean_ballot_needs_nobody(name: str, atlas: Atlas) -> None:
    for index in (1, 2, 3):
        seen = case(atlas, name, index, seed=5)
        assert seen.sure, seen


@pytest.mark.parametrize("name", ["option_none", "option_one"])
def test_an_answer_or_none_needs_nobody(name: str, referendum_atlas: Atlas) -> None:
    assert sum(case(referendum_atlas, name, index, seed=5).sure for index in (1, 2, 3)) >= 2
