"""§ 10-3 and the blank rules, row by row of the table in `rules`."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Category,
    Face,
    FieldKind,
    Identity,
    MarkState,
    Reading,
    Reason,
    Rect,
    Stamp,
    StampState,
    StyleKind,
    Verdict,
)
from scanner.classify.rules import judge, stamp_needed
from scanner.election import Election, ElectionType
from tests.strategies import identity, mark, mark_states, reading, small_election

KOMMUNE = small_election()
STRAY = ((Face.INSIDE, Rect(100, 100, 9, 3)),)
VOTES = [mark(FieldKind.PERSONAL_VOTE, candidate=n) for n in (2, 4)]
SPECIAL = st.sampled_from([StyleKind.BLANK, StyleKind.TICK_OFF])
LAWS = st.sampled_from(["2002", "2013", "2023"])
REFERENDUM = small_election(ElectionType.FOLKEAVSTEMNING)


def judged(seen: Reading, election: Election = KOMMUNE, category: str = "FO") -> Verdict:
    return judge(seen, election, election.category(category))


def doubt(verdict: Verdict, *reasons: Reason) -> bool:
    return verdict.category is Category.TVILSOM and verdict.reasons == reasons


def ticks(*codes: str, state: MarkState = MarkState.MARKED, probability: float = 0.999) -> list:
    return [
        mark(
            FieldKind.PARTY_TICK,
            state if code in codes else MarkState.UNMARKED,
            list_code=code,
            probability=probability,
        )
        for code in "ABC"
    ]


def options(*codes: str, state: MarkState = MarkState.MARKED) -> list:
    return [
        mark(FieldKind.OPTION, state if code in codes else MarkState.UNMARKED, option=code)
        for code in ("ja", "nei")
    ]


# --- § 10-3 (1) a: the stamp -----------------------------------------------------------------


@given(LAWS, st.sampled_from(["FO", "FS", "VO"]))
def test_a_stamp_is_needed_by_law_and_category(law: str, code: str) -> None:
    election = small_election(law=law)
    needed = code == "VO" or (code == "FO" and law != "2002")
    assert stamp_needed(election, election.category(code)) is needed


@given(st.sampled_from(list(StampState)), LAWS, st.sampled_from(["FO", "FS", "VO"]), st.floats(0, 1))
def test_a_missing_or_poor_stamp_is_doubt_never_rejection(
    state: StampState, law: str, code: str, chance: float
) -> None:
    election = small_election(law=law)
    verdict = judged(reading(identity(election), *VOTES, stamp=Stamp(state, chance)), election, code)
    if not stamp_needed(election, election.category(code)):
        assert verdict.sure
        assert verdict.confidence >= 0.99
    elif state is StampState.PRESENT:
        assert verdict.sure
        assert verdict.confidence == min(chance, 0.999)
    else:
        assert doubt(verdict, Reason(f"stamp_{state}"))
    assert verdict.proposed.category is Category.RETTET
    assert [one.candidate for one in verdict.amendments] == [2, 4]


@given(st.sampled_from(list(StyleKind)[:3]))
def test_an_outside_that_was_not_seen_has_no_stamp(kind: StyleKind) -> None:
    verdict = judged(reading(identity(KOMMUNE, kind), stamp=None))
    assert doubt(verdict, Reason.STAMP_ABSENT)
    assert judged(reading(identity(KOMMUNE, kind), stamp=None), category="FS").sure


# --- § 10-3 (1) b to d: which list -----------------------------------------------------------


@pytest.mark.parametrize("code", ["A", "B", "C"])
def test_an_untouched_ballot_is_urettet_for_its_list(code: str) -> None:
    verdict = judged(reading(identity(KOMMUNE, code=code)))
    assert (verdict.category, verdict.list, verdict.amendments) == (Category.URETTET, code, ())


def test_a_ballot_of_no_list_here_is_doubt() -> None:
    foreign = replace(identity(KOMMUNE), list="X")
    assert doubt(judged(reading(foreign, *VOTES)), Reason.UNKNOWN_BALLOT)
    nothing = Identity(None, None, None, None, None, agree=False)
    verdict = judged(reading(nothing, *VOTES))
    assert doubt(verdict, Reason.UNKNOWN_BALLOT)
    assert (verdict.list, verdict.proposed.category, verdict.confidence) == (None, Category.TVILSOM, 0.0)


def test_cues_that_disagree_leave_the_list_open() -> None:
    torn = replace(identity(KOMMUNE), agree=False)
    verdict = judged(reading(torn, *VOTES))
    assert doubt(verdict, Reason.IDENTITY_CONFLICT)
    assert (verdict.list, verdict.proposed.category) == (None, Category.RETTET)
    weak = judged(reading(torn, trouble=(Reason.IDENTITY_WEAK,)))
    assert doubt(weak, Reason.IDENTITY_WEAK)


def test_a_doubtful_ballot_keeps_the_list_that_both_cues_name() -> None:
    assert judged(reading(identity(KOMMUNE, code="C"), stray_mm=STRAY)).list == "C"


def test_a_page_that_was_not_read_is_no_evidence_of_no_marks() -> None:
    for kind in StyleKind:
        election = REFERENDUM if kind is StyleKind.REFERENDUM else KOMMUNE
        seen = reading(identity(election, kind), stamp=None, trouble=(Reason.BAD_REGISTRATION,))
        verdict = judged(seen, election)
        assert doubt(verdict, Reason.BAD_REGISTRATION)
        assert (verdict.proposed.category, verdict.confidence) == (Category.TVILSOM, 0.0)
    crashed = Identity(None, None, None, None, None, agree=False)
    assert doubt(
        judged(reading(crashed, stamp=None, trouble=(Reason.READER_CRASHED,))), Reason.READER_CRASHED
    )


@given(mark_states)
def test_ink_over_the_party_name(state: MarkState) -> None:
    verdict = judged(reading(identity(KOMMUNE), mark(FieldKind.HEADING, state)))
    told = {MarkState.MARKED: (Reason.PARTY_STRUCK_OUT,), MarkState.DOUBTFUL: (Reason.MARK_DOUBTFUL,)}
    assert verdict.reasons == told.get(state, ())
    assert verdict.proposed.category is Category.URETTET


def test_changes_on_a_form_that_is_not_the_official_list_are_disregarded() -> None:
    verdict = judged(reading(identity(KOMMUNE), *VOTES, trouble=(Reason.PRINTED_TEXT_DIFFERS,)))
    assert doubt(verdict, Reason.PRINTED_TEXT_DIFFERS)
    assert (verdict.amendments, verdict.proposed.amendments) == ((), ())
    assert verdict.proposed.category is Category.URETTET


@given(st.booleans())
def test_stray_ink_goes_to_a_person_as_if_it_were_not_there(voted: bool) -> None:
    marks = VOTES if voted else []
    clean, inked = (judged(reading(identity(KOMMUNE), *marks, stray_mm=stray)) for stray in ((), STRAY))
    assert doubt(inked, Reason.STRAY_INK)
    assert (inked.proposed, inked.amendments) == (clean.proposed, clean.amendments)


def test_ink_over_the_ballot_number_is_stray_ink() -> None:
    assert doubt(judged(reading(identity(KOMMUNE), mark(FieldKind.BALLOT_NUMBER))), Reason.STRAY_INK)


# --- ballots without a list ------------------------------------------------------------------


@given(st.sampled_from(list(ElectionType)))
def test_a_blank_ballot_without_writing_is_blank(kind: ElectionType) -> None:
    election = small_election(kind)
    verdict = judged(reading(identity(election, StyleKind.BLANK)), election)
    assert (verdict.category, verdict.list, verdict.amendments) == (Category.BLANK, None, ())


@given(st.sampled_from([one for one in FieldKind if one is not FieldKind.STAMP]), st.booleans())
def test_writing_on_a_blank_ballot_goes_to_a_person(kind: FieldKind, beside: bool) -> None:
    marks, stray = ([], STRAY) if beside else ([mark(kind)], ())
    verdict = judged(reading(identity(KOMMUNE, StyleKind.BLANK), *marks, stray_mm=stray))
    assert doubt(verdict, Reason.WRITING_ON_BLANK)
    assert verdict.proposed.category is Category.BLANK


@given(st.sets(st.sampled_from("ABC")))
def test_ticks_on_the_ballot_with_all_lists(chosen: set[str]) -> None:
    verdict = judged(reading(identity(KOMMUNE, StyleKind.TICK_OFF), *ticks(*chosen)))
    made = {Amendment(AmendmentKind.PARTY_TICK, list=code) for code in chosen}
    assert set(verdict.amendments) == made
    if not chosen:
        assert (verdict.category, verdict.list) == (Category.BLANK, None)
    elif len(chosen) == 1:
        assert (verdict.category, verdict.list) == (Category.URETTET, *chosen)
    else:
        assert doubt(verdict, Reason.SEVERAL_TICKED)
        assert (verdict.list, verdict.proposed.category) == (None, Category.TVILSOM)


@given(st.sets(st.sampled_from("ABC"), min_size=1))
def test_doubtful_ticks_go_to_a_person(chosen: set[str]) -> None:
    verdict = judged(
        reading(identity(KOMMUNE, StyleKind.TICK_OFF), *ticks(*chosen, state=MarkState.DOUBTFUL))
    )
    assert doubt(verdict, Reason.MARK_DOUBTFUL)
    assert (verdict.list, verdict.amendments) == (None, ())


def test_a_tick_for_a_list_that_does_not_stand_goes_to_a_person() -> None:
    seen = reading(identity(KOMMUNE, StyleKind.TICK_OFF), mark(FieldKind.PARTY_TICK, list_code="X"))
    assert doubt(judged(seen), Reason.UNKNOWN_BALLOT)


def test_a_party_written_on_the_ballot_with_all_lists_goes_to_a_person() -> None:
    seen = reading(identity(KOMMUNE, StyleKind.TICK_OFF), *ticks(), mark(FieldKind.WRITE_IN_PARTY, line=1))
    assert doubt(judged(seen), Reason.WRITE_IN)


@given(st.sets(st.sampled_from(["ja", "nei"])))
def test_options_of_a_referendum(chosen: set[str]) -> None:
    seen = reading(identity(REFERENDUM, StyleKind.REFERENDUM), *options(*chosen))
    verdict = judged(seen, REFERENDUM)
    assert {one.option for one in verdict.amendments} == chosen
    expected = [Category.BLANK, Category.URETTET, Category.TVILSOM][len(chosen)]
    assert verdict.category is expected
    assert verdict.reasons == ((Reason.SEVERAL_TICKED,) if len(chosen) == 2 else ())


@given(st.sampled_from(["ja", "nei"]))
def test_a_doubtful_option_goes_to_a_person(code: str) -> None:
    seen = reading(identity(REFERENDUM, StyleKind.REFERENDUM), *options(code, state=MarkState.DOUBTFUL))
    assert doubt(judged(seen, REFERENDUM), Reason.MARK_DOUBTFUL)
