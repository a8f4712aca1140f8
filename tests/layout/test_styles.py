"""Every ballot is a style: the right form, and fields that a voter's ink can be read from."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from scanner.ballot import Face, FieldKind, Rect, StyleKind
from scanner.election import Election, ElectionType
from scanner.errors import ElectionError
from scanner.layout.style import Style
from scanner.layout.styles import styles
from tests.layout.papers import FORMS, elections, every, full, inside_of, meet
from tests.strategies import small_election

ALL = [one for election in every() for one in styles(election)]
all_styles = pytest.mark.parametrize("style", ALL, ids=lambda one: f"{one.form}-{one.id}")


@pytest.mark.parametrize("form", FORMS)
def test_seats_choose_the_form_and_the_list_fills_it(form: str) -> None:
    style = styles(full(form))[0]
    assert (style.form, style.capacity) == (form, len(style.of(FieldKind.CANDIDATE_LINE)))


@pytest.mark.parametrize(("seats", "form"), [(43, "01"), (44, "02"), (67, "02"), (68, "19")])
def test_kommunestyre_forms_change_at_43_and_67_seats(seats: int, form: str) -> None:
    assert styles(replace(small_election(), seats=seats))[0].form == form


@pytest.mark.parametrize(("seats", "form"), [(57, "05"), (58, "20")])
def test_fylkesting_forms_change_at_57_seats(seats: int, form: str) -> None:
    assert styles(replace(small_election(ElectionType.FYLKESTING), seats=seats))[0].form == form


@pytest.mark.parametrize("form", FORMS)
def test_one_candidate_too_many_is_refused_with_both_numbers(form: str) -> None:
    kind, seats, most = FORMS[form]
    election = replace(small_election(kind, candidates=most + 1), seats=seats)
    with pytest.raises(ElectionError, match=rf"A needs {most + 1} rows.* {form} has {most}"):
        styles(election)


def test_lists_come_in_order_then_blank_then_tick_off() -> None:
    every_style = styles(small_election())
    assert [one.id for one in every_style] == ["A", "B", "C", "blank", "tick_off"]
    assert [one.list for one in every_style] == ["A", "B", "C", None, None]
    kinds = [StyleKind.PARTY] * 3 + [StyleKind.BLANK, StyleKind.TICK_OFF]
    assert [one.kind for one in every_style] == kinds


def test_a_referendum_has_one_ballot_with_its_answers() -> None:
    (style,) = styles(small_election(ElectionType.FOLKEAVSTEMNING))
    assert (style.id, style.kind) == ("referendum", StyleKind.REFERENDUM)
    assert [one.option for one in style.of(FieldKind.OPTION)] == ["ja", "nei"]


def test_blank_and_tick_off_have_the_size_of_the_party_ballots_and_their_own_numbers() -> None:
    for form in FORMS:
        election = full(form)
        *parties, blank, ticks = styles(election)
        assert {one.page_mm for one in parties} == {blank.page_mm} == {ticks.page_mm}
        assert (blank.ballot_number, ticks.ballot_number) == (election.blank_number, election.tick_off_number)
        assert blank.heading == "Blank stemmeseddel"
        assert [one.list for one in ticks.of(FieldKind.PARTY_TICK)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("form", "kinds"),
    [
        ("01", {"personal_vote": 49, "candidate_line": 49, "write_in": 10, "write_in_party": 10}),
        ("02", {"personal_vote": 73, "candidate_line": 73, "write_in": 16, "write_in_party": 16}),
        ("19", {"personal_vote": 93, "candidate_line": 93, "write_in": 21, "write_in_party": 21}),
        ("05", {"personal_vote": 63, "candidate_line": 63}),
        ("20", {"personal_vote": 93, "candidate_line": 93}),
        ("03", {"renumber": 40, "strike": 40, "candidate_line": 40}),
    ],
)
def test_each_form_offers_what_its_law_lets_a_voter_do(form: str, kinds: dict[str, int]) -> None:
    style = styles(full(form))[0]
    headings = len(style.folds_mm)
    found = Counter(one.kind.value for one in style.fields)
    assert found == {**kinds, "stamp": 1, "ballot_number": 1, "heading": headings}


def test_no_write_ins_where_none_are_allowed() -> None:
    style = styles(replace(small_election(), max_write_ins=0))[0]
    assert not style.of(FieldKind.WRITE_IN)


def test_more_than_67_seats_put_the_write_ins_on_the_outside() -> None:
    style = styles(full("19"))[0]
    assert {one.face for one in style.of(FieldKind.WRITE_IN)} == {Face.OUTSIDE}
    assert [one.line for one in style.of(FieldKind.WRITE_IN)] == list(range(1, 22))
    assert min(one.rect.x for one in style.of(FieldKind.WRITE_IN)) > style.folds_outside_mm[1]


@all_styles
def test_every_face_has_its_five_marks_and_the_stamp_is_outside(style: Style) -> None:
    page = Rect(0, 0, *style.page_mm)
    assert Counter(one.face for one in style.marks) == {Face.INSIDE: 5, Face.OUTSIDE: 5}
    assert all(inside_of(one.rect, page) for one in style.marks)
    (stamp,) = style.of(FieldKind.STAMP)
    assert stamp.face is Face.OUTSIDE
    assert (stamp.rect.w, stamp.rect.h) == pytest.approx((58.1, 38.9))


@all_styles
def test_two_marks_on_top_and_three_below_tell_which_way_is_up(style: Style) -> None:
    heights = [one.rect.centre[1] / style.page_mm[1] for one in style.marks if one.face is Face.INSIDE]
    assert sorted(one > 0.5 for one in heights) == [False] * 2 + [True] * 3


@all_styles
def test_the_number_has_a_cell_for_each_of_its_22_digits_inside_its_field(style: Style) -> None:
    (field,) = style.of(FieldKind.BALLOT_NUMBER)
    assert "".join(digit for _, digit in style.digits) == style.ballot_number
    assert len(style.digits) == 22
    assert all(inside_of(cell, field.rect) for cell, _ in style.digits)


def misplaced(style: Style) -> list[tuple[Rect, Rect]]:
    """Fields and marks that lie off the paper, or on each other though neither is a part of the other."""
    page = Rect(0, 0, *style.page_mm)
    places = [(one.face, one.rect) for one in (*style.fields, *style.marks)]
    off = [(rect, page) for _, rect in places if not inside_of(rect, page)]
    on = [(a, b) for (face, a), (other, b) in combinations(places, 2) if face is other and meet(a, b)]
    return off + [(a, b) for a, b in on if not inside_of(a, b) and not inside_of(b, a)]


@all_styles
def test_fields_lie_on_the_paper_and_apart(style: Style) -> None:
    assert misplaced(style) == []


@all_styles
def test_no_field_lies_on_a_fold(style: Style) -> None:
    folds = {Face.INSIDE: style.folds_mm, Face.OUTSIDE: style.folds_outside_mm}
    for field in style.fields:
        assert not any(field.rect.x < x < field.rect.x + field.rect.w for x in folds[field.face])


@settings(max_examples=25, deadline=None)
@given(elections())
def test_any_names_leave_the_fields_where_they_are(election: Election) -> None:
    style = styles(election)[0]
    assert misplaced(style) == []
    whole = styles(full(style.form, election.number_line))[0]
    ours = {(one.kind, one.candidate): one.rect for one in style.fields if one.candidate}
    assert ours.items() <= {(one.kind, one.candidate): one.rect for one in whole.fields}.items()
