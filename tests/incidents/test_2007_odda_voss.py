"""2007, Odda and Voss: names of the own list written in the table; rejected in one, accepted in the other.

What must hold: the machine decides neither way. The ballot goes to people, who see which line it is.
"""

import pytest

from scanner.ballot import Amendment, AmendmentKind, Category, FieldKind, Reason
from scanner.classify.rules import judge
from scanner.opening import Atlas
from tests.odd import cases
from tests.strategies import identity, mark, reading, small_election

ELECTION = small_election()


def test_an_own_name_read_with_confidence_is_still_for_people() -> None:
    written = Amendment(AmendmentKind.WRITE_IN, line=1, text="Ærlig A2", person="A/2")
    line = mark(FieldKind.WRITE_IN, line=1)
    seen = reading(identity(ELECTION), line, write_ins=(written,))
    verdict = judge(seen, ELECTION, ELECTION.category("VO"))
    assert verdict.category is Category.TVILSOM
    assert Reason.WRITE_IN_OWN_LIST in verdict.reasons
    assert not verdict.amendments


def test_ticked_and_written_is_one_vote_without_question() -> None:
    written = Amendment(AmendmentKind.WRITE_IN, line=1, text="Ærlig A2", person="A/2")
    marks = mark(FieldKind.WRITE_IN, line=1), mark(FieldKind.PERSONAL_VOTE, candidate=2)
    seen = reading(identity(ELECTION), *marks, write_ins=(written,))
    verdict = judge(seen, ELECTION, ELECTION.category("VO"))
    assert verdict.category is Category.RETTET
    assert [one.kind for one in verdict.amendments] == [AmendmentKind.PERSONAL_VOTE]


@pytest.mark.endtoend
def test_on_paper_too(atlas: Atlas) -> None:
    for one in cases(atlas, "write_in_own_list", 3):
        assert not one.sure, one
        assert one.sent_to_the_right_place, one
