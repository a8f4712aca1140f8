"""The truth about a simulated ballot is what the law makes of it, row by row of the table."""

import numpy as np
import pytest

from scanner.ballot import AmendmentKind, Category, Face, FieldKind, MarkState, Rect, StampState
from scanner.election import ElectionType
from scanner.simulate.acts import line_through, mark_in, numbered, party_named, party_struck, written_in
from scanner.simulate.intention import Act, ActKind, Intention
from scanner.simulate.pens import InkColour
from scanner.simulate.stamps import Die, DieShape, Impression
from scanner.simulate.truth import judged
from scanner.simulate.voters import voter
from tests.simulate.papers import press, style

KOMMUNE, FYLKE = ElectionType.KOMMUNESTYRE, ElectionType.FYLKESTING
STORTING, SAMETING = ElectionType.STORTING, ElectionType.SAMETING
ANY = np.random.default_rng(1)


def truth(kind, *acts, name="A", state=StampState.PRESENT, **more):
    who = voter(np.random.default_rng(0))
    return judged(press(kind).election, style(kind, name), Intention(name, who, acts, None, state), **more)


def box(kind, field, n=0, name="A"):
    return style(kind, name).of(field)[n]


def kinds_of(one):
    return [(a.kind, a.candidate) for a in one.amendments]


@pytest.mark.parametrize("kind", [KOMMUNE, FYLKE, STORTING, SAMETING])
def test_an_untouched_ballot_is_urettet_for_its_list(kind):
    one = truth(kind)
    assert (one.category, one.list, one.amendments, one.needs_person) == (Category.URETTET, "A", (), False)


@pytest.mark.parametrize("kind", [KOMMUNE, FYLKE])
def test_a_mark_in_a_box_makes_it_rettet(kind):
    one = truth(kind, mark_in(box(kind, FieldKind.PERSONAL_VOTE, 2)))
    assert one.category is Category.RETTET
    assert kinds_of(one) == [(AmendmentKind.PERSONAL_VOTE, 3)]
    assert one.marks[0].state is MarkState.MARKED
    assert not one.needs_person


@pytest.mark.parametrize("kind", [STORTING, SAMETING])
def test_new_numbers_and_strikes_make_it_rettet(kind):
    moved, struck = box(kind, FieldKind.RENUMBER, 1), box(kind, FieldKind.STRIKE, 3)
    one = truth(kind, numbered(moved, 1), mark_in(struck), line_through(style(kind), 4, ANY))
    assert one.category is Category.RETTET
    assert set(kinds_of(one)) == {
        (AmendmentKind.RENUMBER, 2),
        (AmendmentKind.STRIKE, 4),
        (AmendmentKind.STRIKE, 5),
    }


@pytest.mark.parametrize("kind", [KOMMUNE, FYLKE])
def test_a_name_struck_where_strikes_do_not_count_is_no_change(kind):
    one = truth(kind, line_through(style(kind), 1, ANY))
    assert (one.category, one.amendments, one.needs_person) == (Category.URETTET, (), True)


@pytest.mark.parametrize(
    ("ranks", "category"),
    [
        (((0, 2), (1, 1)), Category.RETTET),
        (((0, 2), (1, 2)), Category.TVILSOM),
        (((0, 7),), Category.TVILSOM),
        (((2, 3),), Category.URETTET),
    ],
)
def test_numbers_must_be_on_the_list_and_used_once(ranks, category):
    acts = [numbered(box(STORTING, FieldKind.RENUMBER, n), rank) for n, rank in ranks]
    assert truth(STORTING, *acts).category is category


def test_a_name_both_moved_and_struck_is_doubtful():
    both = numbered(box(STORTING, FieldKind.RENUMBER, 1), 1), mark_in(box(STORTING, FieldKind.STRIKE, 1))
    assert truth(STORTING, *both).category is Category.TVILSOM


def write(line, text, person):
    return written_in(style(), box(KOMMUNE, FieldKind.WRITE_IN, line), text, person, "B")


def test_names_of_other_lists_count_the_first_ones_and_once_each():
    people = ["B/1", "B/2", "B/1", "C/3", "C/4"]
    one = truth(KOMMUNE, *(write(n, f"Ærlig {p}", p) for n, p in enumerate(people)))
    assert one.category is Category.RETTET
    assert [a.person for a in one.amendments] == ["B/1", "B/2"]  # three lines count, one is a repeat
    assert [a.line for a in one.amendments] == [1, 2]
    assert one.handwriting
    assert one.needs_person


def test_a_name_of_no_other_list_is_for_a_board():
    one = truth(KOMMUNE, write(0, "Ærlig A2", None))
    assert (one.category, one.amendments) == (Category.TVILSOM, ())


@pytest.mark.parametrize(
    "kind", [ActKind.CORRECTION, ActKind.BESIDE, ActKind.RING, ActKind.BRACE, ActKind.PARTY_STRUCK]
)
def test_what_only_people_can_settle_is_doubtful(kind):
    one = truth(KOMMUNE, Act(kind, Face.INSIDE, Rect(50, 50, 9, 5)))
    assert one.category is Category.TVILSOM
    assert one.needs_person


@pytest.mark.parametrize("kind", [ActKind.COMMENT, ActKind.DRAWING, ActKind.UNDERLINE])
def test_what_means_nothing_in_law_is_shown_all_the_same(kind):
    one = truth(KOMMUNE, Act(kind, Face.INSIDE, Rect(50, 50, 9, 5), text="HEI"))
    assert (one.category, one.needs_person) == (Category.URETTET, True)


def test_a_corrected_box_is_neither_marked_nor_unmarked():
    place = box(KOMMUNE, FieldKind.PERSONAL_VOTE)
    one = truth(KOMMUNE, mark_in(place, ActKind.CORRECTION))
    assert [(m.field, m.state) for m in one.marks] == [(place, MarkState.DOUBTFUL)]


def test_a_ballot_without_stamp_is_doubtful_unless_none_is_asked_for():
    assert truth(KOMMUNE, state=StampState.ABSENT).category is Category.TVILSOM
    assert truth(KOMMUNE, state=StampState.ABSENT, stamp_required=False).category is Category.URETTET
    weak = truth(KOMMUNE, state=StampState.WEAK)
    assert (weak.category, weak.needs_person) == (Category.URETTET, True)


def test_blank_and_tick_off():
    assert truth(KOMMUNE, name="blank").category is Category.BLANK
    assert truth(KOMMUNE, name="tick_off").category is Category.BLANK
    named = party_named(style(name="blank"), "Partiet B", np.random.default_rng(0))
    assert truth(KOMMUNE, named, name="blank").category is Category.TVILSOM
    ticks = [mark_in(place) for place in style(name="tick_off").of(FieldKind.PARTY_TICK)]
    one = truth(KOMMUNE, ticks[1], name="tick_off")
    assert (one.category, one.list) == (Category.URETTET, "B")
    two = truth(KOMMUNE, *ticks[:2], name="tick_off")
    assert (two.category, two.list) == (Category.TVILSOM, None)


def test_referendum():
    places = style(ElectionType.FOLKEAVSTEMNING, "referendum").of(FieldKind.OPTION)
    one = truth(ElectionType.FOLKEAVSTEMNING, mark_in(places[1]), name="referendum")
    assert (one.category, one.amendments[0].option) == (Category.URETTET, "nei")
    assert truth(ElectionType.FOLKEAVSTEMNING, name="referendum").category is Category.BLANK
    both = truth(ElectionType.FOLKEAVSTEMNING, *map(mark_in, places), name="referendum")
    assert both.category is Category.TVILSOM


def test_a_struck_party_is_doubtful_and_its_heading_named():
    one = truth(KOMMUNE, party_struck(style()))
    assert one.category is Category.TVILSOM
    assert one.marks[0].field.kind is FieldKind.HEADING


def test_kinds_name_every_generator():
    one = truth(KOMMUNE, mark_in(box(KOMMUNE, FieldKind.PERSONAL_VOTE)), more_kinds=("streak",))
    by = voter(np.random.default_rng(0))
    assert one.kinds == (f"{by.shape}_{by.pen.name}", "streak")


def test_kinds_name_the_stamp():
    die = Die(DieShape.ROUND, (30.0, 30.0), 1, ("ÅLMØY", "VALG"), None, 0.5, InkColour.RED)
    stamped = Impression(die, (220.0, 45.0), 0.0, 0.9, 0.1, (1.0, 0.5))
    meant = Intention("A", voter(np.random.default_rng(0)), (), stamped, StampState.PRESENT)
    assert judged(press().election, style(), meant).kinds == ("stamp_round_red", "stamp_doubled")
