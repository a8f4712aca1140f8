"""The grounds of rejection by category and version of the law."""

from dataclasses import replace

import pytest

from scanner.ballot import Box, Category, Opinion, Rejection
from scanner.errors import UsageError
from scanner.review.grounds import check_ground, cited, grounds
from scanner.settling import give
from scanner.store import open_store
from tests.store.conftest import sheet
from tests.store.test_store import DOUBT, READING
from tests.strategies import small_election

REST = (Rejection.WHICH_ELECTION, Rejection.WHICH_LIST, Rejection.LIST_NOT_STANDING)


@pytest.mark.parametrize(
    ("law", "category", "stamp_counts"),
    [
        ("2002", "VO", True),
        ("2002", "FO", False),  # the envelope carried it
        ("2013", "FO", True),
        ("2013", "FS", False),  # stamped afterwards by the board
        ("2023", "FO", True),
        ("2023", "VO", True),
        ("2023", "FS", False),
    ],
)
def test_a_missing_stamp_is_a_ground_where_the_law_says_so(
    law: str, category: str, stamp_counts: bool
) -> None:
    known = grounds(small_election(law=law), category)
    assert known == ((Rejection.NO_STAMP, *REST) if stamp_counts else REST)


def test_the_law_is_cited_by_its_letters() -> None:
    assert [cited(one) for one in Rejection] == [f"§ 10-3 (1) {letter}" for letter in "abcd"]


def opinion(ground: Rejection | None) -> Opinion:
    return Opinion("F1/0001", "Kari", Category.TVILSOM, None, (), rejected=ground)


def test_no_ground_no_question() -> None:
    assert check_ground(replace(opinion(None), category=Category.BLANK), small_election(), "FS") is None  # type: ignore[func-returns-value]


def test_two_people_cannot_reject_for_a_stamp_that_is_not_asked_for(tmp_path) -> None:
    with open_store(f"sqlite:{tmp_path / 'a.db'}") as store:
        store.bind(small_election())
        store.add_box(Box("F1", "FS", "0001"))
        store.add_sheet(sheet(1, "F1"))
        store.add_verdict("F1/0001", DOUBT, READING, "v1")
        with pytest.raises(UsageError, match="cannot be rejected for no_stamp"):
            give(store, opinion(Rejection.NO_STAMP))
        assert store.opinions("F1/0001") == ()
        assert give(store, opinion(Rejection.WHICH_LIST)) is None
        decision = give(store, replace(opinion(Rejection.WHICH_LIST), person="Ola"))
    assert decision is not None
    assert (decision.rejected, decision.decided_by) == (Rejection.WHICH_LIST, ("Kari", "Ola"))
