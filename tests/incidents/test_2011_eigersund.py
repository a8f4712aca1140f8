"""2011, Eigersund: valid names of other lists were missed, the 8th of 7 was counted, and operators mistyped.

What must hold: every line with ink either counts or asks for a person; never more names than the law
allows, and the first ones; and no doubtful ballot counts on one person's word.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Amendment, AmendmentKind, Category, FieldKind, Opinion, Reason
from scanner.classify.rules import judge
from scanner.opening import Atlas
from scanner.review.agree import settle
from tests.odd import cases
from tests.strategies import identity, mark, reading, small_election

MOST = 7
ELECTION = small_election(max_write_ins=MOST, candidates=5)
OTHERS = [f"{code}/{n}" for code in "BC" for n in range(1, 6)]


def name(line: int) -> Amendment:
    return Amendment(AmendmentKind.WRITE_IN, line=line, text="NAVN", person=OTHERS[line - 1])


@pytest.mark.parametrize("count", [1, 6, 7, 8, 10])
def test_the_first_seven_count_and_no_eighth(count: int) -> None:
    lines = [mark(FieldKind.WRITE_IN, line=n) for n in range(1, count + 1)]
    names = tuple(name(n) for n in range(1, count + 1))
    verdict = judge(reading(identity(ELECTION), *lines, write_ins=names), ELECTION, ELECTION.category("VO"))
    assert verdict.category is Category.RETTET
    assert [one.line for one in verdict.amendments] == list(range(1, min(count, MOST) + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["read", "unread", "empty"]), min_size=1, max_size=7))
def test_no_written_name_is_missed(lines: list[str]) -> None:
    inked = [mark(FieldKind.WRITE_IN, line=n) for n, what in enumerate(lines, 1) if what != "empty"]
    names = tuple(name(n) for n, what in enumerate(lines, 1) if what == "read")
    verdict = judge(reading(identity(ELECTION), *inked, write_ins=names), ELECTION, ELECTION.category("VO"))
    if "unread" in lines:
        assert Reason.WRITE_IN in verdict.reasons
    else:
        assert {one.line for one in verdict.amendments} == {one.line for one in names}


def test_one_typing_error_counts_for_nothing() -> None:
    seen = reading(identity(ELECTION), mark(FieldKind.WRITE_IN, line=1))
    verdict = judge(seen, ELECTION, ELECTION.category("VO"))
    right, typo = (
        Opinion("K1/0001", person, Category.RETTET, "A", (name(line),))
        for person, line in (("Operatør 1", 1), ("Operatør 2", 2))
    )
    assert settle("K1/0001", verdict, [right]) is None
    assert settle("K1/0001", verdict, [right, typo]) is None
    third = Opinion("K1/0001", "Operatør 3", Category.RETTET, "A", (name(1),))
    decision = settle("K1/0001", verdict, [right, typo, third])
    assert decision is not None
    assert [one.person for one in decision.amendments] == [OTHERS[0]]


@pytest.mark.endtoend
@pytest.mark.parametrize("kind", ["write_in_valid", "write_in_over_maximum"])
def test_on_paper_none_is_missed_and_none_too_many(kind: str, atlas: Atlas) -> None:
    for one in cases(atlas, kind, 4):
        assert not one.wrong, one
        written = [a for a in one.outcome.verdict.amendments if a.kind is AmendmentKind.WRITE_IN]
        assert len(written) <= atlas.election.max_write_ins
        assert one.sure or one.sent_to_the_right_place, one
