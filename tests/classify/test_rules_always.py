"""What the law holds to for every reading, however odd: doubt has reasons, and trouble never helps."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
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
from scanner.classify.rules import judge
from scanner.election import Election, ElectionType
from tests.strategies import GOOD_STAMP, identity, mark, mark_states, reading, small_election

KOMMUNE = small_election()
STRAY = ((Face.INSIDE, Rect(100, 100, 9, 3)),)
LAWS = st.sampled_from(["2002", "2013", "2023"])


def judged(seen: Reading, election: Election = KOMMUNE, category: str = "FO") -> Verdict:
    return judge(seen, election, election.category(category))


identities = st.one_of(
    st.sampled_from([identity(KOMMUNE, kind) for kind in StyleKind]),
    st.builds(
        Identity,
        st.none(),
        st.none(),
        st.sampled_from(["A", "B", "X", None]),
        st.none(),
        st.sampled_from([*StyleKind, None]),
        st.booleans(),
    ),
)
any_mark = st.builds(
    mark,
    st.sampled_from(list(FieldKind)),
    mark_states,
    candidate=st.integers(1, 6) | st.none(),
    line=st.integers(1, 6) | st.none(),
    option=st.sampled_from(["ja", "nei", None]),
    list_code=st.sampled_from(["A", "B", "X", None]),
    probability=st.floats(0, 1),
)
any_name = st.builds(
    Amendment,
    st.just(AmendmentKind.WRITE_IN),
    line=st.integers(1, 6) | st.none(),
    person=st.sampled_from(["A/1", "B/1", "B/2", "C/5", "C/9", None]),
)
readings = st.builds(
    Reading,
    st.just("K1/0001"),
    identities,
    st.lists(any_mark, max_size=8).map(tuple),
    st.none() | st.builds(Stamp, st.sampled_from(list(StampState)), st.floats(0, 1)) | st.just(GOOD_STAMP),
    st.sampled_from([(), STRAY]),
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), max_size=4).map(tuple),
    st.lists(any_name, max_size=4).map(tuple),
    st.just(()) | st.lists(st.sampled_from(list(Reason)), max_size=2).map(tuple),
)
elections = st.builds(
    small_election, st.sampled_from(list(ElectionType)), law=LAWS, max_write_ins=st.integers(0, 4)
)
ALLOWED = {
    ElectionType.KOMMUNESTYRE: {AmendmentKind.PERSONAL_VOTE, AmendmentKind.WRITE_IN},
    ElectionType.FYLKESTING: {AmendmentKind.PERSONAL_VOTE},
    ElectionType.STORTING: {AmendmentKind.RENUMBER, AmendmentKind.STRIKE},
    ElectionType.SAMETING: {AmendmentKind.RENUMBER, AmendmentKind.STRIKE},
    ElectionType.FOLKEAVSTEMNING: set[AmendmentKind](),
}


@settings(max_examples=300)
@given(readings, elections, st.sampled_from(["FO", "FS", "VO"]))
def test_sure_and_doubtful_are_opposites(seen: Reading, election: Election, code: str) -> None:
    verdict = judged(seen, election, code)
    assert verdict == judged(seen, election, code)
    assert verdict.sure is (not verdict.reasons)
    assert len(set(verdict.reasons)) == len(verdict.reasons)
    assert 0 <= verdict.confidence <= 1
    if verdict.sure:
        assert verdict.proposed.category is verdict.category
        assert verdict.proposed.amendments == verdict.amendments
        assert verdict.list is None or verdict.list in {one.code for one in election.lists}


@settings(max_examples=300)
@given(readings, elections)
def test_a_list_ballot_is_rettet_exactly_if_a_valid_change_stands(seen: Reading, election: Election) -> None:
    verdict = judged(seen, election)
    if seen.identity.kind is not StyleKind.PARTY:
        return
    assert {one.kind for one in verdict.proposed.amendments} <= ALLOWED[election.type]
    assert {one.kind for one in verdict.amendments} <= ALLOWED[election.type]
    if verdict.sure:
        assert verdict.category is (Category.RETTET if verdict.amendments else Category.URETTET)
        assert len({(one.kind, one.candidate, one.person) for one in verdict.amendments}) == len(
            verdict.amendments
        )


@settings(max_examples=200)
@given(readings, elections, st.lists(st.sampled_from(list(Reason)), min_size=1, max_size=3))
def test_trouble_never_makes_a_ballot_sure(seen: Reading, election: Election, trouble: list[Reason]) -> None:
    before = judged(seen, election)
    after = judged(replace(seen, trouble=(*seen.trouble, *trouble)), election)
    assert not after.sure
    assert after.amendments == ()
    assert set(seen.trouble) | set(trouble) <= set(after.reasons)
    assert after.confidence <= before.confidence or Reason.PRINTED_TEXT_DIFFERS in trouble


@settings(max_examples=200)
@given(readings, elections, st.data())
def test_a_worse_stamp_or_stray_ink_never_makes_a_ballot_sure(
    seen: Reading, election: Election, data: st.DataObject
) -> None:
    if judged(seen, election).sure:
        return
    worse = data.draw(st.sampled_from([replace(seen, stamp=None), replace(seen, stray_mm=STRAY)]))
    assert not judged(worse, election).sure


@given(
    st.lists(
        st.tuples(st.sampled_from([MarkState.MARKED, MarkState.UNMARKED]), st.floats(0.5, 1)), max_size=5
    )
)
def test_confidence_is_the_smallest_on_the_way(seen: list[tuple[MarkState, float]]) -> None:
    marks = [
        mark(FieldKind.PERSONAL_VOTE, state, candidate=n, probability=chance)
        for n, (state, chance) in enumerate(seen, 1)
    ]
    smallest = min([GOOD_STAMP.probability, *(chance for _, chance in seen)])
    assert judged(reading(identity(KOMMUNE), *marks)).confidence == pytest.approx(smallest)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_in_the_reading_is_heard(reason: Reason) -> None:
    verdict = judged(reading(identity(KOMMUNE), trouble=(reason,)))
    assert (verdict.category, verdict.reasons) == (Category.TVILSOM, (reason,))
