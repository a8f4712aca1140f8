"""2011, Ski: the tail of a j or g reached into the next line of the table; 114 votes were made of such tails.

The system took the tail for a name and offered the first candidate of the alphabet, whom operators
confirmed. What must hold: a line that only a tail reaches gives no vote, and no candidate is ever
offered who was not read.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import AmendmentKind, FieldKind, MarkState
from scanner.classify.rules import judge
from scanner.opening import Atlas
from tests.odd import Case, cases
from tests.strategies import identity, mark, mark_states, reading, small_election

ELECTION = small_election()


@settings(max_examples=60, deadline=None)
@given(st.lists(mark_states, min_size=1, max_size=10))
def test_a_line_that_was_not_read_names_nobody(states: list[MarkState]) -> None:
    lines = [mark(FieldKind.WRITE_IN, state, line=n) for n, state in enumerate(states, 1)]
    verdict = judge(reading(identity(ELECTION), *lines), ELECTION, ELECTION.category("VO"))
    offered = [*verdict.amendments, *verdict.proposed.amendments]
    assert not [one for one in offered if one.person or one.text]
    assert not [one for one in verdict.amendments if one.kind is AmendmentKind.WRITE_IN]


def empty_lines(one: Case) -> set[int]:
    """The lines on which nothing was written."""
    used = {amendment.line for amendment in one.truth.amendments}
    return {n for n in range(1, 20) if n not in used}


@pytest.mark.endtoend
def test_a_tail_is_no_name(atlas: Atlas) -> None:
    for one in cases(atlas, "write_in_descender", 6):
        assert not one.wrong, one
        verdict = one.outcome.verdict
        offered = [*verdict.amendments, *verdict.proposed.amendments]
        named = {a.line for a in offered if a.kind is AmendmentKind.WRITE_IN and a.person}
        assert not named & empty_lines(one), one
        assert one.sure or one.sent_to_the_right_place, one
