"""A number written in a number box of a ballot, end to end: read, doubted, beyond the list, crossed out."""

import numpy as np
import numpy.typing as npt
import pytest

from scanner.ballot import Amendment, AmendmentKind, Category, Face, FieldKind, MarkState, Reason, Rect
from scanner.election import ElectionType
from scanner.opening import Atlas
from scanner.pipeline import Outcome, read
from scanner.simulate.letters import write
from scanner.simulate.marks import Hand, MarkShape, StrikeShape, correction, mark, strike
from scanner.simulate.pens import InkColour, PenKind, draw, pen
from scanner.simulate.strokes import Stroke
from tests.scans import MM, as_scanned, paper, printed, sheet, stamped

KIND = ElectionType.STORTING
Gray = npt.NDArray[np.uint8]
HAND = Hand(slant_deg=4.0, letter_jitter=0.02)


def box(candidate: int) -> Rect:
    return paper(KIND)[1]["A"].of(FieldKind.RENUMBER)[candidate - 1].rect


def number(digits: str, candidate: int, *, tall: float = 3.6, seed: int = 1) -> list[Stroke]:
    """Pen strokes of a number in the box of a candidate."""
    where = box(candidate)
    at = (where.x + (3.0 if len(digits) == 1 else 1.6), where.y + (where.h + tall) / 2)
    return write(digits, at, tall, HAND, np.random.default_rng(seed), habit=0)


def marked(*strokes: list[Stroke], width: float = 0.45) -> Gray:
    """The inside of ballot A with these strokes in blue ballpoint."""
    page, random = printed("A", Face.INSIDE, kind=KIND), np.random.default_rng(7)
    held = pen(PenKind.GEL, InkColour.BLUE, random)
    for one in strokes:
        draw(page, one, held, 200 / MM, random)
    return page


def outcome(page: Gray, atlas: Atlas) -> Outcome:
    back = printed("A", Face.OUTSIDE, kind=KIND)
    stamped(back, paper(KIND)[1]["A"].of(FieldKind.STAMP)[0].rect.centre)
    return read(sheet(as_scanned(page), as_scanned(back)), atlas, atlas.election.category("VO"))


@pytest.mark.parametrize(("digits", "candidate"), [("2", 5), ("3", 1), ("4", 2), ("5", 4)])
def test_a_clear_number_is_a_sure_change(ranked_atlas: Atlas, digits: str, candidate: int) -> None:
    seen = outcome(marked(number(digits, candidate)), ranked_atlas)
    assert seen.reading.ranks == ((candidate, int(digits)),)
    assert (seen.verdict.category, seen.verdict.reasons) == (Category.RETTET, ())
    change = Amendment(AmendmentKind.RENUMBER, candidate=candidate, rank=int(digits))
    assert seen.verdict.amendments == (change,)
    told = next(one for one in seen.reading.marks if one.field.rect == box(candidate))
    assert told.a is told.b is told.state is MarkState.MARKED


def test_empty_boxes_are_unmarked_for_both_readers_and_never_a_number(ranked_atlas: Atlas) -> None:
    seen = outcome(marked(), ranked_atlas)
    boxes = [one for one in seen.reading.marks if one.field.kind is FieldKind.RENUMBER]
    assert len(boxes) == 5
    assert all(one.a is one.b is MarkState.UNMARKED for one in boxes)
    assert seen.reading.ranks == seen.reading.guessed_ranks == ()


def test_a_number_beyond_the_list_is_read_as_it_is(ranked_atlas: Atlas) -> None:
    seen = outcome(marked(number("62", 2)), ranked_atlas)
    assert seen.reading.ranks == ((2, 62),)
    assert seen.verdict.reasons == (Reason.RENUMBER_OUT_OF_RANGE,)
    assert seen.verdict.amendments == ()


def test_the_same_number_twice_goes_to_a_person(ranked_atlas: Atlas) -> None:
    seen = outcome(marked(number("2", 3), number("2", 4, seed=2)), ranked_atlas)
    assert seen.reading.ranks == ((3, 2), (4, 2))
    assert Reason.RENUMBER_DUPLICATE in seen.verdict.reasons
    assert seen.verdict.amendments == ()


def scrawls() -> dict[str, list[Stroke]]:
    """What stands in a number box and is no number."""
    random, where = np.random.default_rng(3), box(2)
    middle = Rect(where.x + 2.2, where.y + 0.8, 4.6, 4.6)
    made = {
        shape.value: mark(shape, middle, HAND, random)
        for shape in (MarkShape.CROSS, MarkShape.TICK, MarkShape.SCRIBBLE, MarkShape.PLUS)
    }
    made["regretted"] = correction(middle, HAND, random)
    made["struck"] = [*number("4", 2), *strike(StrikeShape.ZIGZAG, middle, HAND, random)]
    made["overwritten"] = [*number("2", 2), *number("5", 2, seed=4)]
    made["letter"] = write("K", (where.x + 3, where.y + 5.2), 4.2, HAND, random)
    return made


@pytest.mark.parametrize("what", list(scrawls()))
def test_what_is_no_number_is_never_read_as_one(ranked_atlas: Atlas, what: str) -> None:
    seen = outcome(marked(scrawls()[what]), ranked_atlas)
    assert seen.reading.ranks == ()
    assert seen.verdict.category is Category.TVILSOM
    assert seen.verdict.amendments == ()
    assert {Reason.RENUMBER_UNREAD, Reason.MARK_DOUBTFUL} & set(seen.verdict.reasons)
