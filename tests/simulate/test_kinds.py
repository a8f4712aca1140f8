"""Every kind of ballot: named once, made the same every time, with a truth that keeps to the rules."""

import re
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from scanner.ballot import AmendmentKind, Category, Proposal, Reason, StampState, Verdict
from scanner.election import Election, ElectionType
from scanner.simulate.deck import Deck, SimulatedSheet
from scanner.simulate.kinds import kind, kinds, kinds_of, tells_where
from scanner.simulate.kinds_papers import elsewhere, one_name_differs, years_ago
from scanner.simulate.recipe import Kind
from scanner.simulate.truth import Answer
from tests.simulate.papers import press

PICKED = ElectionType.KOMMUNESTYRE, ElectionType.STORTING, ElectionType.FOLKEAVSTEMNING
CASES = [(one, type_) for one in kinds() for type_ in PICKED if type_ in one.types]
CHOSEN = {AmendmentKind.PARTY_TICK, AmendmentKind.OPTION}
RANKED = {AmendmentKind.STRIKE, AmendmentKind.RENUMBER, AmendmentKind.PARTY_TICK}
ALLOWED = {
    ElectionType.KOMMUNESTYRE: {
        AmendmentKind.PERSONAL_VOTE,
        AmendmentKind.WRITE_IN,
        AmendmentKind.PARTY_TICK,
    },
    ElectionType.STORTING: RANKED,
    ElectionType.FOLKEAVSTEMNING: {AmendmentKind.OPTION},
}
B, U, R, T = Category.BLANK, Category.URETTET, Category.RETTET, Category.TVILSOM
WHAT_THEY_ARE = {
    "vote_in_box": R, "vote_beside_box": T, "vote_ringed_box": T, "vote_corrected": T,
    "name_struck_in_vain": U, "strike_in_box": R, "strike_through_name": R, "strike_both_ways": R,
    "renumber_valid": R, "renumber_own_number": U, "renumber_duplicate": T, "renumber_out_of_range": T,
    "renumber_and_strike": T, "stamp_absent": T, "stamp_weak": U, "stamp_outside_field": U,
    "write_in_valid": R, "write_in_over_maximum": R, "write_in_own_list": T, "write_in_ticked_too": R,
    "write_in_twice": R, "write_in_unknown": T, "write_in_descender": R, "write_in_outside_field": T,
    "party_struck_out": T, "party_replaced": T, "slip_of_the_pen": U, "stamp_on_inside": T,
    "blank_preprinted": B, "blank_naming_party": U, "blank_naming_no_list": T, "blank_saying_blank": B,
    "blank_paper": B, "blank_paper_saying_blank": B, "blank_paper_naming_party": T,
    "tick_none": B, "tick_one": U, "tick_several": T, "tick_regretted": T, "tick_local_list": T,
    "option_none": B, "option_one": U, "option_both": T, "option_regretted": T,
    "other_district": T, "other_year": T, "other_election": T, "one_name_differs": T, "one_name_missing": T,
    "number_of_other_list": T, "photocopy": T, "foreign_form": T, "two_stuck_together": T, "braille": U,
    "half_a_page": T, "photo": T, "mirrored": T, "two_overlaid": T,
    "double_feed_insides": T, "double_feed_outsides": T, "comment": U, "drawing": U,
}  # fmt: skip
# what may carry any mark, or none
FATES = {
    *("upside_down", "inside_out", "upside_down_inside_out", "sideways", "askew", "torn_corner", "stained"),
    *("taped", "crumpled", "fold_through_boxes", "local_shift", "feeder_slip", "scaled"),
    *("vote_erased", "name_dressed_up"),
}
names = pytest.mark.parametrize(("one", "type_"), CASES, ids=[f"{k.name}-{t}" for k, t in CASES])


@cache
def pile(type_: ElectionType, seed: int = 3, level: int = 1) -> Deck:
    return Deck(press(type_), seed, level, dpi=80.0)  # small pictures: what is true does not depend on them


@cache
def made(name: str, type_: ElectionType, index: int = 1) -> SimulatedSheet:
    return kind(name).sheet(pile(type_), index)


def inside(sheet: SimulatedSheet) -> np.ndarray:
    """The picture with the names, upright."""
    data = sheet.back if sheet.truth.outside_first else sheet.front
    page = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    return page[::-1, ::-1] if sheet.truth.turned else page


def verdict(category: Category, *reasons: Reason) -> Verdict:
    return Verdict(category, None, (), reasons, Proposal(category), 1.0)


def test_each_kind_is_named_once_and_told_in_a_sentence() -> None:
    every = kinds()
    assert len({one.name for one in every}) == len(every) >= 70
    for one in every:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", one.name)
        assert one.told[0].isupper()
        assert one.told.endswith(".")
        assert one.types
        assert kind(one.name) is one
    with pytest.raises(KeyError):
        kind("no_such_kind")


@pytest.mark.parametrize("type_", ElectionType)
def test_an_election_has_the_kinds_that_occur_in_it(type_: ElectionType) -> None:
    assert set(kinds_of(type_)) == {one for one in kinds() if type_ in one.types}
    foreign = next(one for one in kinds() if type_ not in one.types)
    with pytest.raises(ValueError, match=foreign.name):
        foreign.sheet(pile(type_), 1)


@pytest.mark.parametrize("one", kinds(), ids=lambda one: one.name)
def test_a_ballot_depends_on_kind_seed_and_number_alone(one: Kind) -> None:
    type_ = next(type_ for type_ in PICKED + tuple(ElectionType) if type_ in one.types)
    sheet = made(one.name, type_)
    again = one.sheet(Deck(press(type_), 3, 1, dpi=80.0), 1)
    assert (again.front, again.back, again.truth) == (sheet.front, sheet.back, sheet.truth)
    assert made(one.name, type_, 2).front != sheet.front


@names
def test_the_truth_keeps_to_the_rules(one: Kind, type_: ElectionType) -> None:
    election, truth = pile(type_).press.election, made(one.name, type_).truth
    assert truth.kind == one.name
    assert truth.list is None or truth.list in {party.code for party in election.lists}
    for answer in (Answer(truth.category, truth.list, truth.amendments), *truth.also):
        candidates = [a for a in answer.amendments if a.kind not in CHOSEN]
        match answer.category:
            case Category.RETTET:
                assert candidates
                assert answer.list
            case Category.URETTET:
                assert not candidates
            case Category.BLANK:
                assert answer.list is None
                assert not answer.amendments
            case Category.TVILSOM:
                assert truth.needs_person
                assert answer not in truth.also
    assert {a.kind for a in truth.amendments} <= ALLOWED[type_]
    assert sum(a.kind is AmendmentKind.WRITE_IN for a in truth.amendments) <= election.max_write_ins


@pytest.mark.parametrize(("name", "category"), WHAT_THEY_ARE.items())
def test_each_kind_is_what_the_law_says_of_it(name: str, category: Category) -> None:
    type_ = next(type_ for type_ in PICKED if type_ in kind(name).types)
    assert {made(name, type_, index).truth.category for index in (1, 2)} == {category}


def test_no_kind_is_left_without_a_word_on_what_it_is() -> None:
    assert set(WHAT_THEY_ARE) == {one.name for one in kinds()} - FATES


def test_more_names_than_count_give_only_the_first_ones() -> None:
    truth = made("write_in_over_maximum", ElectionType.KOMMUNESTYRE).truth
    assert [one.line for one in truth.amendments] == [1, 2, 3]


def test_a_name_written_twice_is_one_vote() -> None:
    truth = made("write_in_twice", ElectionType.KOMMUNESTYRE).truth
    assert [one.line for one in truth.amendments] == [1]


def test_ticked_and_written_is_one_personal_vote() -> None:
    (vote,) = made("write_in_ticked_too", ElectionType.KOMMUNESTYRE).truth.amendments
    assert vote.kind is AmendmentKind.PERSONAL_VOTE


def test_numbers_that_contradict_each_other() -> None:
    two = made("renumber_duplicate", ElectionType.STORTING).truth.amendments
    assert len({one.rank for one in two}) == 1 < len({one.candidate for one in two})
    (beyond,) = made("renumber_out_of_range", ElectionType.STORTING).truth.amendments
    assert beyond.rank is not None
    assert not 1 <= beyond.rank <= 6


def test_a_stamp_is_where_the_kind_says() -> None:
    states = {
        name: made(name, ElectionType.STORTING).truth.stamp
        for name in ("stamp_absent", "stamp_weak", "stamp_outside_field", "stamp_on_inside", "photo")
    }
    assert list(states.values()) == [
        StampState.ABSENT,
        StampState.WEAK,
        StampState.OUTSIDE,
        StampState.ABSENT,
        StampState.PRESENT,
    ]


def test_paper_without_print_has_none() -> None:
    page = inside(made("blank_paper", ElectionType.KOMMUNESTYRE))[32:-32, 32:-32]
    assert (page < 120).mean() < 0.0005
    printed = inside(made("blank_preprinted", ElectionType.KOMMUNESTYRE))[32:-32, 32:-32]
    assert (printed < 120).mean() > 0.005


def test_a_referendum_pile_works_without_lists() -> None:
    assert made("other_district", ElectionType.FOLKEAVSTEMNING).truth.category is Category.TVILSOM


def test_one_form_differs_in_one_name_only() -> None:
    election = pile(ElectionType.KOMMUNESTYRE).press.election
    other = one_name_differs(election, "A", 2, "Noen Andre")
    before, after = election.list_of("A").candidates, other.list_of("A").candidates
    assert [a.name for a, b in zip(before, after, strict=True) if a != b] == [before[1].name]
    assert other.lists[1:] == election.lists[1:]


@pytest.mark.parametrize("change", [elsewhere, years_ago])
def test_another_election_shares_the_parties_and_not_a_number(change: Callable[[Election], Election]) -> None:
    here = pile(ElectionType.KOMMUNESTYRE).press.election
    there = change(here)
    assert [one.party for one in there.lists] == [one.party for one in here.lists]
    assert not {one.ballot_number for one in there.lists} & {one.ballot_number for one in here.lists}
    assert all(len(one.ballot_number) == 22 for one in there.lists)


def test_a_doubt_must_say_where_to_look() -> None:
    truth = made("write_in_outside_field", ElectionType.KOMMUNESTYRE).truth
    assert tells_where(truth, verdict(Category.TVILSOM, Reason.STRAY_INK, Reason.STAMP_WEAK))
    assert not tells_where(truth, verdict(Category.TVILSOM, Reason.POOR_IMAGE))
    assert not tells_where(truth, verdict(Category.URETTET))
    clear = made("blank_preprinted", ElectionType.KOMMUNESTYRE).truth
    assert tells_where(clear, verdict(Category.TVILSOM, Reason.POOR_IMAGE))
