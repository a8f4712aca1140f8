"""§ 7-2, row by row of the table in `rules`: which changes to a list hold, in every kind of election."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Category,
    FieldKind,
    Mark,
    MarkState,
    Reason,
    Verdict,
)
from scanner.classify.rules import judge
from scanner.election import ElectionType
from tests.strategies import candidate_sets, identity, mark, reading, small_election

KOMMUNE, FYLKE = ElectionType.KOMMUNESTYRE, ElectionType.FYLKESTING
PERSONAL = st.sampled_from([KOMMUNE, FYLKE])
ORDERED = st.sampled_from([ElectionType.STORTING, ElectionType.SAMETING])
SPARE = MarkState.UNMARKED
IN_DOUBT = MarkState.DOUBTFUL


def judged(kind: ElectionType, marks: Iterable[Mark], max_write_ins: int = 3, **seen: object) -> Verdict:
    election = small_election(kind, max_write_ins=max_write_ins)
    return judge(reading(identity(election), *marks, **seen), election, election.category("FO"))


def at(kind: FieldKind, names: Iterable[int], state: MarkState = MarkState.MARKED) -> list[Mark]:
    """Fields of candidates 1 to 5, those in `names` in that state and the others unmarked."""
    chosen = set(names)
    return [mark(kind, state if n in chosen else SPARE, candidate=n) for n in range(1, 6)]


def votes(names: Iterable[int]) -> tuple[Amendment, ...]:
    return tuple(Amendment(AmendmentKind.PERSONAL_VOTE, candidate=n) for n in sorted(names))


def strikes(names: Iterable[int]) -> tuple[Amendment, ...]:
    return tuple(Amendment(AmendmentKind.STRIKE, candidate=n) for n in sorted(names))


def numbers(ranks: Iterable[tuple[int, int]]) -> tuple[Amendment, ...]:
    return tuple(Amendment(AmendmentKind.RENUMBER, candidate=n, rank=rank) for n, rank in ranks)


def lines(used: Iterable[int], state: MarkState = MarkState.MARKED) -> list[Mark]:
    """Eight handwritten lines with a name and a party field each."""
    chosen = set(used)
    return [
        mark(kind, state if n in chosen else SPARE, line=n)
        for n in range(1, 9)
        for kind in (FieldKind.WRITE_IN, FieldKind.WRITE_IN_PARTY)
    ]


def names(*persons: str | None) -> tuple[Amendment, ...]:
    """Names read with confidence on the lines 1, 2, 3 …"""
    return tuple(
        Amendment(AmendmentKind.WRITE_IN, line=n, text="Ærlig", person=person)
        for n, person in enumerate(persons, 1)
    )


def doubt(verdict: Verdict, *reasons: Reason) -> bool:
    return verdict.category is Category.TVILSOM and verdict.reasons == reasons


def by_changes(made: tuple[Amendment, ...]) -> Category:
    return Category.RETTET if made else Category.URETTET


# --- (2) personal votes: "et merke ved kandidatens navn" --------------------------------------


@given(PERSONAL, candidate_sets)
def test_a_mark_in_a_personal_vote_box_is_a_vote(kind: ElectionType, chosen: set[int]) -> None:
    verdict = judged(kind, at(FieldKind.PERSONAL_VOTE, chosen))
    assert verdict.amendments == verdict.proposed.amendments == votes(chosen)
    assert verdict.category is verdict.proposed.category is by_changes(votes(chosen))
    assert (verdict.list, verdict.reasons) == ("A", ())


@given(ORDERED, candidate_sets)
def test_no_personal_votes_for_the_storting(kind: ElectionType, chosen: set[int]) -> None:
    verdict = judged(kind, at(FieldKind.PERSONAL_VOTE, chosen, IN_DOUBT))
    assert (verdict.category, verdict.amendments) == (Category.URETTET, ())


@given(PERSONAL, candidate_sets, candidate_sets, st.sampled_from([MarkState.MARKED, IN_DOUBT]))
def test_numbers_and_strikes_are_no_change_to_a_local_list(
    kind: ElectionType, chosen: set[int], struck: set[int], state: MarkState
) -> None:
    others = at(FieldKind.STRIKE, struck, state) + at(FieldKind.RENUMBER, struck, state)
    verdict = judged(kind, at(FieldKind.PERSONAL_VOTE, chosen) + others, ranks=((2, 1), (3, 1)))
    assert verdict.sure
    assert verdict.amendments == votes(chosen)


@given(PERSONAL, candidate_sets, candidate_sets)
def test_a_mark_beside_the_name_goes_to_a_person(
    kind: ElectionType, boxes: set[int], beside: set[int]
) -> None:
    verdict = judged(kind, at(FieldKind.PERSONAL_VOTE, boxes) + at(FieldKind.CANDIDATE_LINE, beside))
    assert verdict.amendments == votes(boxes)
    if beside <= boxes:  # a cross that overshoots its box: the name has its one vote
        assert verdict.sure
    else:
        assert doubt(verdict, Reason.MARK_OUTSIDE_BOX)
        assert set(verdict.proposed.amendments) == set(votes(boxes | beside))


@given(PERSONAL, candidate_sets, candidate_sets.filter(bool), st.floats(0, 1))
def test_a_doubtful_box_matters_even_beside_certain_ones(
    kind: ElectionType, sure: set[int], doubtful: set[int], chance: float
) -> None:
    marks = [
        mark(FieldKind.PERSONAL_VOTE, IN_DOUBT, candidate=n, probability=1 - chance)
        if n in doubtful
        else mark(FieldKind.PERSONAL_VOTE, MarkState.MARKED if n in sure else SPARE, candidate=n)
        for n in range(1, 6)
    ]
    verdict = judged(kind, marks)
    assert doubt(verdict, Reason.MARK_DOUBTFUL)
    assert verdict.amendments == votes(sure - doubtful)
    assert set(verdict.proposed.amendments) == set(
        votes(sure - doubtful | (doubtful if chance >= 0.5 else set()))
    )
    assert verdict.confidence <= max(chance, 1 - chance)


@given(PERSONAL, candidate_sets, candidate_sets)
def test_doubt_at_a_name_matters_only_without_its_vote(
    kind: ElectionType, boxes: set[int], smudged: set[int]
) -> None:
    marks = at(FieldKind.PERSONAL_VOTE, boxes) + at(FieldKind.CANDIDATE_LINE, smudged, IN_DOUBT)
    verdict = judged(kind, marks)
    assert verdict.sure is (smudged <= boxes)
    assert set(verdict.reasons) <= {Reason.MARK_DOUBTFUL}


# --- (1) Storting and Sameting: numbers and strikes ------------------------------------------

NEW_ORDER = st.permutations(range(1, 6)).flatmap(
    lambda order: st.sets(st.integers(1, 5)).map(lambda some: [(n, order[n - 1]) for n in sorted(some)])
)


@given(ORDERED, NEW_ORDER)
def test_unique_numbers_within_the_list_are_changes(kind: ElectionType, ranks: list[tuple[int, int]]) -> None:
    verdict = judged(kind, at(FieldKind.RENUMBER, [n for n, _ in ranks]), ranks=tuple(ranks))
    made = numbers(ranks) if any(n != rank for n, rank in ranks) else ()
    assert verdict.amendments == made
    assert (verdict.category, verdict.reasons) == (by_changes(made), ())


@given(ORDERED, candidate_sets)
def test_the_printed_number_alone_is_no_change(kind: ElectionType, chosen: set[int]) -> None:
    ranks = tuple((n, n) for n in sorted(chosen))
    verdict = judged(kind, at(FieldKind.RENUMBER, chosen), ranks=ranks)
    assert (verdict.category, verdict.amendments) == (Category.URETTET, ())
    moved = judged(
        kind, at(FieldKind.RENUMBER, chosen) + at(FieldKind.STRIKE, {1, 2, 3, 4, 5} - chosen), ranks=ranks
    )
    assert set(moved.amendments) >= set(numbers(ranks)) or chosen == {1, 2, 3, 4, 5}


@given(ORDERED, candidate_sets)
def test_a_strike_box_is_a_change(kind: ElectionType, struck: set[int]) -> None:
    verdict = judged(kind, at(FieldKind.STRIKE, struck) + at(FieldKind.CANDIDATE_LINE, struck))
    assert (verdict.category, verdict.amendments) == (by_changes(strikes(struck)), strikes(struck))


@given(ORDERED, candidate_sets.filter(bool))
def test_a_line_through_a_name_is_proposed_as_a_strike(kind: ElectionType, struck: set[int]) -> None:
    verdict = judged(kind, at(FieldKind.STRIKE, ()) + at(FieldKind.CANDIDATE_LINE, struck))
    assert doubt(verdict, Reason.MARK_OUTSIDE_BOX)
    assert (verdict.amendments, verdict.proposed.amendments) == ((), strikes(struck))
    assert verdict.proposed.category is Category.RETTET


@given(ORDERED, candidate_sets.filter(bool))
def test_a_number_that_is_not_read_goes_to_a_person(kind: ElectionType, chosen: set[int]) -> None:
    assert doubt(judged(kind, at(FieldKind.RENUMBER, chosen)), Reason.RENUMBER_UNREAD)
    twice = tuple((n, rank) for n in chosen for rank in (1, 2))
    assert doubt(judged(kind, at(FieldKind.RENUMBER, chosen), ranks=twice), Reason.RENUMBER_UNREAD)


@given(ORDERED, st.integers(1, 5), st.integers(-1, 99))
def test_the_guess_at_an_unread_number_is_proposed_and_never_sure(
    kind: ElectionType, name: int, rank: int
) -> None:
    verdict = judged(kind, at(FieldKind.RENUMBER, [name]), guessed_ranks=((name, rank),))
    assert doubt(verdict, Reason.RENUMBER_UNREAD)
    assert verdict.amendments == ()
    moved = 1 <= rank <= 5 and rank != name
    assert verdict.proposed.amendments == (numbers([(name, rank)]) if moved else ())


@given(ORDERED, st.integers(1, 5), st.sampled_from([0, 6]) | st.integers(7, 999) | st.integers(-99, -1))
def test_a_number_beyond_the_list_goes_to_a_person(kind: ElectionType, name: int, rank: int) -> None:
    verdict = judged(kind, at(FieldKind.RENUMBER, [name]), ranks=((name, rank),))
    assert doubt(verdict, Reason.RENUMBER_OUT_OF_RANGE)
    assert verdict.amendments == verdict.proposed.amendments == ()


@given(ORDERED, candidate_sets.filter(lambda some: len(some) > 1), st.integers(1, 5))
def test_names_with_the_same_number_go_to_a_person(kind: ElectionType, chosen: set[int], rank: int) -> None:
    verdict = judged(kind, at(FieldKind.RENUMBER, chosen), ranks=tuple((n, rank) for n in chosen))
    assert doubt(verdict, Reason.RENUMBER_DUPLICATE)
    assert verdict.amendments == verdict.proposed.amendments == ()


@given(ORDERED, st.integers(1, 5), candidate_sets)
def test_a_name_numbered_and_struck_goes_to_a_person(kind: ElectionType, torn: int, struck: set[int]) -> None:
    marks = at(FieldKind.RENUMBER, [torn]) + at(FieldKind.STRIKE, struck | {torn})
    verdict = judged(kind, marks, ranks=((torn, 6 - torn),))
    assert doubt(verdict, Reason.RENUMBER_AND_STRIKE)
    assert verdict.amendments == strikes(struck - {torn})
    assert verdict.proposed.amendments == strikes(struck | {torn})


@given(
    ORDERED,
    st.integers(2, 5),
    st.sampled_from([FieldKind.RENUMBER, FieldKind.STRIKE, FieldKind.CANDIDATE_LINE]),
)
def test_doubtful_fields_of_an_ordered_list_matter(kind: ElectionType, name: int, field: FieldKind) -> None:
    verdict = judged(kind, at(field, [name], IN_DOUBT), ranks=((name, 1),) * (field is FieldKind.RENUMBER))
    assert doubt(verdict, Reason.MARK_DOUBTFUL)
    assert verdict.amendments == ()


def test_a_number_read_where_no_ink_is_seen_is_doubt() -> None:
    assert doubt(
        judged(ElectionType.STORTING, at(FieldKind.RENUMBER, ()), ranks=((2, 1),)), Reason.MARK_DOUBTFUL
    )


def test_ink_across_a_numbered_name_leaves_the_number_open() -> None:
    marks = at(FieldKind.RENUMBER, [2]) + at(FieldKind.CANDIDATE_LINE, [2])
    verdict = judged(ElectionType.STORTING, marks, ranks=((2, 1),))
    assert doubt(verdict, Reason.MARK_OUTSIDE_BOX)
    assert (verdict.amendments, verdict.proposed.amendments) == ((), numbers([(2, 1)]))


# --- (3) kommunestyre: names of other lists --------------------------------------------------

OTHERS = st.lists(st.sampled_from([f"{code}/{n}" for code in "BC" for n in range(1, 6)]), max_size=8)


@given(OTHERS)
def test_settled_names_of_other_lists_count_once_each(persons: list[str]) -> None:
    verdict = judged(KOMMUNE, lines(range(1, len(persons) + 1)), 8, write_ins=names(*persons))
    counted = [one.person for one in verdict.amendments]
    assert counted == list(dict.fromkeys(persons))
    assert verdict.category is by_changes(verdict.amendments)


@given(
    st.lists(st.sampled_from(["B/1", "B/2", "B/3", "C/1", "C/2", "C/3"]), unique=True, max_size=6),
    st.integers(1, 6),
)
def test_only_the_first_names_up_to_the_maximum_count(persons: list[str], most: int) -> None:
    verdict = judged(KOMMUNE, lines(range(1, len(persons) + 1)), most, write_ins=names(*persons))
    assert verdict.sure
    assert [one.person for one in verdict.amendments] == persons[:most]


@given(st.sets(st.integers(4, 8), min_size=1), st.sampled_from([MarkState.MARKED, IN_DOUBT]))
def test_ink_below_a_full_number_of_names_cannot_matter(extra: set[int], state: MarkState) -> None:
    marks = lines({1, 2, 3})[:6] + [one for one in lines(extra, state) if (one.field.line or 0) > 3]
    assert judged(KOMMUNE, marks, 3, write_ins=names("B/1", "B/2", "C/1")).sure


def test_too_many_names_and_one_that_gives_no_vote_go_to_a_person() -> None:
    verdict = judged(KOMMUNE, lines({1, 2, 3, 4}), 3, write_ins=names("B/1", "B/1", "C/1", "C/2"))
    assert doubt(verdict, Reason.WRITE_IN_TOO_MANY)
    assert [one.line for one in verdict.amendments] == [1, 3]


@given(st.sets(st.integers(1, 3), min_size=1))
def test_unread_handwriting_goes_to_a_person(used: set[int]) -> None:
    verdict = judged(KOMMUNE, lines(used))
    assert doubt(verdict, Reason.WRITE_IN)
    assert (verdict.amendments, verdict.proposed.category) == ((), Category.RETTET)
    assert [one.line for one in verdict.proposed.amendments] == sorted(used)


def test_ink_in_the_party_column_alone_goes_to_a_person() -> None:
    assert doubt(judged(KOMMUNE, [mark(FieldKind.WRITE_IN_PARTY, line=1)]), Reason.WRITE_IN)


@given(st.sets(st.integers(1, 3), min_size=1))
def test_doubtful_handwriting_goes_to_a_person(used: set[int]) -> None:
    assert doubt(judged(KOMMUNE, lines(used, IN_DOUBT)), Reason.MARK_DOUBTFUL)


def test_a_name_read_where_no_ink_is_seen_is_doubt() -> None:
    assert doubt(judged(KOMMUNE, lines(()), write_ins=names("B/1")), Reason.MARK_DOUBTFUL)


@given(
    st.sampled_from([ElectionType.FYLKESTING, ElectionType.STORTING, ElectionType.SAMETING]),
    st.sets(st.integers(1, 8)),
)
def test_written_names_count_in_no_other_election(kind: ElectionType, used: set[int]) -> None:
    verdict = judged(kind, lines(used), write_ins=names("B/1"))
    assert (verdict.category, verdict.amendments) == (Category.URETTET, ())


def test_written_names_are_ignored_where_none_may_be_added() -> None:
    assert judged(KOMMUNE, lines({1}), 0).category is Category.URETTET


@pytest.mark.parametrize("person", ["B/6", "X/1", "B/", "B", "/1", "", None])
def test_a_name_that_stands_on_no_list_goes_to_a_person(person: str | None) -> None:
    verdict = judged(KOMMUNE, lines({1}), write_ins=names(person))
    assert doubt(verdict, Reason.WRITE_IN_UNKNOWN)
    assert verdict.amendments == ()


@given(st.integers(1, 5), candidate_sets)
def test_an_own_candidate_written_is_one_vote_if_ticked_and_doubt_if_not(name: int, ticked: set[int]) -> None:
    marks = at(FieldKind.PERSONAL_VOTE, ticked) + lines({1})
    verdict = judged(KOMMUNE, marks, write_ins=names(f"A/{name}"))
    assert verdict.amendments == votes(ticked)
    assert verdict.sure if name in ticked else doubt(verdict, Reason.WRITE_IN_OWN_LIST)
