"""Each decision stands beside its truth; doubts are no decisions, and disputes no errors."""

from dataclasses import replace

import pytest

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Category,
    Face,
    Field,
    FieldKind,
    Identity,
    Mark,
    MarkState,
    Proposal,
    Reading,
    Reason,
    Rect,
    Stamp,
    StampState,
    Verdict,
)
from scanner.bench.agreement import Agreement
from scanner.bench.answers import BINS, Case, answer, bin_of, middle_of, of_ballot
from scanner.bench.cases import DeckKind, Pile
from scanner.bench.positions import Position, of_mark, positions
from scanner.pipeline import Outcome
from scanner.simulate.truth import Answer, Meant, Truth

MARKED, UNMARKED, UNSURE = MarkState.MARKED, MarkState.UNMARKED, MarkState.DOUBTFUL
RIGHT, DOUBTFUL, WRONG = Agreement.RIGHT, Agreement.DOUBTFUL, Agreement.WRONG_BUT_SURE
OPEN, DECIDED = Agreement.LEFT_OPEN, Agreement.DECIDED_DISPUTED
NOBODY = Identity(None, None, None, None, None, agree=True)


def place(kind: FieldKind, n: int, x: float = 0.0) -> Field:
    line = n if kind is FieldKind.WRITE_IN else None
    return Field(Face.INSIDE, kind, Rect(x, 10.0 * n, 4, 4), candidate=None if line else n, line=line)


BOX = place(FieldKind.PERSONAL_VOTE, 1)


@pytest.mark.parametrize(
    ("truth", "a", "b", "expected"),
    [
        (MARKED, MARKED, MARKED, RIGHT),
        (MARKED, UNMARKED, UNMARKED, WRONG),
        (UNMARKED, MARKED, MARKED, WRONG),
        (UNMARKED, MARKED, UNMARKED, DOUBTFUL),
        (UNSURE, MARKED, MARKED, DECIDED),
        (UNSURE, UNMARKED, UNMARKED, DECIDED),
        (UNSURE, MARKED, UNSURE, OPEN),
        (MARKED, MARKED, None, DOUBTFUL),
        (UNMARKED, MARKED, None, DOUBTFUL),
        (UNSURE, MARKED, None, OPEN),
        (MARKED, UNMARKED, None, WRONG),
        (UNMARKED, UNMARKED, None, RIGHT),
    ],
)
def test_a_field_is_right_doubtful_or_wrong(
    truth: MarkState, a: MarkState, b: MarkState | None, expected: Agreement
) -> None:
    assert of_mark(truth, Mark(BOX, a, b, 1.0, 0.5)) is expected


def test_handwriting_that_was_read_is_a_decision() -> None:
    line = Mark(place(FieldKind.WRITE_IN, 2), MARKED, None, 9.0)
    assert of_mark(MARKED, line, read=True) is RIGHT
    assert of_mark(UNMARKED, line, read=True) is WRONG


def truth(*marks: Meant, **members: object) -> Truth:
    told = Truth(1, "A", "A", Category.RETTET, (), StampState.PRESENT, (), marks, 1, False, False)
    return replace(told, **members)  # type: ignore[arg-type]


def outcome(
    *marks: Mark, stamp: StampState | None = None, category: Category = Category.RETTET, **more
) -> Outcome:
    seen = None if stamp is None else Stamp(stamp, 0.9)
    reading = Reading("x", NOBODY, marks, seen, (), version="v", **more)
    reasons = (Reason.MARK_DOUBTFUL,) if category is Category.TVILSOM else ()
    return Outcome("x", reading, Verdict(category, "A", (), reasons, Proposal(category), 0.9))


def said(found: list[Position]) -> list[tuple[str, Agreement]]:
    return [(one.how, one.said) for one in found]


def test_fields_stand_beside_what_was_meant_for_them() -> None:
    cross, empty = place(FieldKind.PERSONAL_VOTE, 1), place(FieldKind.PERSONAL_VOTE, 2)
    meant = Meant(cross, MARKED, "cross_gel_blue", "gel_blue", "light")
    seen = outcome(Mark(cross, UNMARKED, UNMARKED, 0.1, 0.01), Mark(empty, UNMARKED, UNMARKED, 0, 0.001))
    first, second = positions(truth(meant), seen)
    assert (first.how, first.said, first.pen, first.strength) == (
        "cross_gel_blue",
        WRONG,
        "gel_blue",
        "light",
    )
    assert (first.truth, first.seen, first.chance, first.candidate) == ("marked", "unmarked", 0.01, 1)
    assert (second.how, second.said) == ("empty_personal_vote", RIGHT)


def test_a_field_that_other_ink_may_touch_is_no_position() -> None:
    near, far = place(FieldKind.CANDIDATE_LINE, 1), place(FieldKind.CANDIDATE_LINE, 5)
    seen = outcome(Mark(near, MARKED, None, 3.0), Mark(far, UNMARKED, None, 0.0))
    told = truth(beside=((Face.INSIDE, Rect(2, 12, 8, 8)), (Face.OUTSIDE, far.rect)))
    assert said(list(positions(told, seen))) == [("empty_candidate_line", RIGHT)]


@pytest.mark.parametrize(("box", "expected"), [(UNSURE, DOUBTFUL), (UNMARKED, WRONG)])
def test_a_strike_missed_beside_a_box_in_doubt_is_seen_by_whoever_is_asked(
    box: MarkState, expected: Agreement
) -> None:
    name, vote = place(FieldKind.CANDIDATE_LINE, 1, x=5.0), place(FieldKind.PERSONAL_VOTE, 1)
    meant = Meant(name, MARKED, "line_double_gel_black")
    seen = outcome(Mark(vote, box, box, 0.0, 0.5), Mark(name, UNMARKED, None, 0.0))
    assert said(list(positions(truth(meant), seen)))[1] == ("line_double_gel_black", expected)


@pytest.mark.parametrize(
    ("state", "seen", "expected"),
    [
        (StampState.PRESENT, StampState.PRESENT, RIGHT),
        (StampState.PRESENT, StampState.WEAK, DOUBTFUL),
        (StampState.ABSENT, StampState.PRESENT, WRONG),
        (StampState.OUTSIDE, StampState.PRESENT, WRONG),
        (StampState.ABSENT, StampState.ABSENT, DOUBTFUL),
        (StampState.WEAK, StampState.PRESENT, DECIDED),
        (StampState.WEAK, StampState.WEAK, OPEN),
    ],
)
def test_only_a_stamp_called_present_decides(
    state: StampState, seen: StampState, expected: Agreement
) -> None:
    assert said(list(positions(truth(stamp=state), outcome(stamp=seen)))) == [(f"stamp_{state}", expected)]


def test_numbers_are_right_unread_or_wrong() -> None:
    boxes = [place(FieldKind.RENUMBER, n) for n in (1, 2, 3, 4)]
    meant = [Meant(one, MARKED, "number", rank=7) for one in boxes[:3]]
    marks = [Mark(one, MARKED, MARKED, 2.0, 0.99) for one in boxes]
    found = list(positions(truth(*meant), outcome(*marks, ranks=((1, 7), (2, 1), (4, 3)))))
    digits = [(one.candidate, one.truth, one.seen, one.said) for one in found if one.field == "digits"]
    assert digits == [
        (1, "7", "7", RIGHT),
        (2, "7", "1", WRONG),
        (3, "7", "unread", DOUBTFUL),
        (4, "none", "3", WRONG),
    ]


def test_names_are_right_unread_or_wrong() -> None:
    lines = [place(FieldKind.WRITE_IN, n) for n in (1, 2, 3, 4)]
    people = ["B/2", "B/2", "B/2", None]
    meant = [Meant(one, MARKED, "write_in", person=who) for one, who in zip(lines, people, strict=True)]
    read = {1: "B/2", 2: "C/1", 4: "A/3"}
    names = tuple(Amendment(AmendmentKind.WRITE_IN, line=n, person=who) for n, who in read.items())
    marks = [Mark(one, MARKED, None, 9.0) for one in lines]
    found = list(positions(truth(*meant), outcome(*marks, write_ins=names)))
    assert [one.said for one in found if one.field == "name"] == [RIGHT, WRONG, DOUBTFUL, DOUBTFUL]
    assert [one.said for one in found if one.field == "write_in"] == [RIGHT, RIGHT, DOUBTFUL, RIGHT]


def test_a_disputed_ballot_is_neither_right_nor_wrong() -> None:
    vote = Amendment(AmendmentKind.PERSONAL_VOTE, candidate=1)
    also = (Answer(Category.URETTET, "A"), Answer(Category.RETTET, "A", (vote,)))
    told = truth(category=Category.TVILSOM, also=also)
    sure = Verdict(Category.RETTET, "A", (vote,), (), Proposal(Category.RETTET), 0.9)
    assert of_ballot(told, sure) is DECIDED
    assert of_ballot(told, replace(sure, amendments=(replace(vote, candidate=2),))) is WRONG
    assert of_ballot(told, replace(sure, category=Category.TVILSOM)) is OPEN
    assert of_ballot(replace(told, also=()), replace(sure, category=Category.TVILSOM)) is DOUBTFUL
    assert of_ballot(replace(told, also=()), sure) is WRONG


def test_an_answer_keeps_every_position_and_counts_the_right_ones() -> None:
    boxes = [place(FieldKind.PERSONAL_VOTE, n) for n in (1, 2, 3, 4)]
    chances = [0.97, 0.002, 0.4, 0.01]
    states = [(MARKED, MARKED), (UNMARKED, UNMARKED), (UNMARKED, UNSURE), (UNMARKED, UNMARKED)]
    marks = [Mark(one, a, b, 0.0, p) for one, (a, b), p in zip(boxes, states, chances, strict=True)]
    meant = Meant(boxes[0], MARKED, "cross_gel_blue", "gel_blue", "bold")
    case = Case(Pile(DeckKind.RANDOM, "storting", 1), 1, 1)
    found = answer(case, truth(meant), outcome(*marks, category=Category.TVILSOM))
    assert [(one.how, one.n) for one in found.right] == [("cross_gel_blue", 1), ("empty_personal_vote", 2)]
    assert [one.said for one in found.other] == [DOUBTFUL]
    assert found.nearest is not None
    assert found.nearest.chance == 0.97
    assert (found.pen, found.strength, found.said, found.version) == ("gel_blue", "bold", DOUBTFUL, "v")
    assert sum(one.n for one in found.chances) == 4
    assert [one.marked for one in found.chances if one.bin == bin_of(0.97)] == [1]


def test_odd_kinds_of_ballots_are_judged_whole() -> None:
    case = Case(Pile(DeckKind.KINDS, "storting", 1), 1, 1)
    found = answer(case, truth(kind="stamp_absent"), outcome(Mark(BOX, MARKED, MARKED, 1.0, 0.9)))
    assert (found.kind, found.right, found.other, found.chances) == ("stamp_absent", (), (), ())


def test_bins_hold_the_probabilities_around_their_middle() -> None:
    assert [bin_of(middle_of(place)) for place in range(BINS)] == list(range(BINS))
    assert (bin_of(0.0), bin_of(0.5), bin_of(1.0)) == (0, 40, 80)
