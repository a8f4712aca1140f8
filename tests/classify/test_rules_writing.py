"""What handwriting means: sure names count, guesses are only proposed, "blank" is blank."""

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Category,
    Face,
    FieldKind,
    MarkState,
    Reading,
    Reason,
    Rect,
    StyleKind,
    Verdict,
)
from scanner.classify.rules import judge
from tests.strategies import identity, mark, reading, small_election

ELECTION = small_election()
WRITTEN = Rect(30.0, 60.0, 40.0, 7.0)
NAME = Amendment(AmendmentKind.WRITE_IN, line=1, text="Ærlig B2", person="B/2")
TICK = Amendment(AmendmentKind.PARTY_TICK, list="B")


def judged(seen: Reading) -> Verdict:
    return judge(seen, ELECTION, ELECTION.category("VO"))


def on_list(**more: object) -> Verdict:
    return judged(reading(identity(ELECTION), mark(FieldKind.WRITE_IN, line=1), **more))


def on_blank(*stray: tuple[Face, Rect], **more: object) -> Verdict:
    return judged(reading(identity(ELECTION, StyleKind.BLANK), stray_mm=stray, **more))


def test_a_guessed_name_is_only_proposed() -> None:
    found = on_list(guesses=(NAME,))
    assert found.category is Category.TVILSOM
    assert found.reasons == (Reason.WRITE_IN,)
    assert found.amendments == ()
    assert found.proposed.amendments == (NAME,)


def test_a_sure_name_counts_and_a_guess_at_another_line_does_not() -> None:
    other = Amendment(AmendmentKind.WRITE_IN, line=2, text="Ærlig C1", person="C/1")
    found = on_list(write_ins=(NAME,), guesses=(other,))
    assert found.category is Category.RETTET
    assert found.amendments == (NAME,)


def test_a_tail_on_the_next_line_does_not_send_the_ballot_to_a_person() -> None:
    tail = mark(FieldKind.WRITE_IN, MarkState.UNMARKED, line=2)
    seen = reading(identity(ELECTION), mark(FieldKind.WRITE_IN, line=1), tail, write_ins=(NAME,))
    assert judged(seen).category is Category.RETTET


def test_a_blank_ballot_that_surely_says_blank_is_blank() -> None:
    found = on_blank((Face.INSIDE, WRITTEN), says_blank=True)
    assert found.category is Category.BLANK
    assert found.reasons == ()


def test_anything_on_the_outside_still_needs_a_person() -> None:
    found = on_blank((Face.INSIDE, WRITTEN), (Face.OUTSIDE, WRITTEN), says_blank=True)
    assert found.reasons == (Reason.WRITING_ON_BLANK,)


def test_a_party_named_on_a_blank_ballot_is_a_proposal() -> None:
    found = on_blank((Face.INSIDE, WRITTEN), guesses=(TICK,))
    assert found.category is Category.TVILSOM
    assert found.reasons == (Reason.WRITING_ON_BLANK,)
    assert found.proposed.category is Category.URETTET
    assert found.proposed.amendments == (TICK,)
    assert found.amendments == ()


def test_unread_writing_on_a_blank_ballot_is_proposed_blank() -> None:
    found = on_blank((Face.INSIDE, WRITTEN))
    assert found.reasons == (Reason.WRITING_ON_BLANK,)
    assert found.proposed.category is Category.BLANK
