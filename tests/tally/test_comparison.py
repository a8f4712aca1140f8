from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tally.comparison import Answer, PileDifference, compare

ANSWERS = st.builds(
    Answer,
    st.sampled_from(["blank", "urettet", "rettet", "tvilsom"]),
    st.sampled_from([None, "A", "B"]),
    st.just(frozenset()),
)
READINGS = st.dictionaries(st.from_regex(r"K1/000[0-9]", fullmatch=True), ANSWERS, max_size=8)


@settings(max_examples=60, deadline=None)
@given(READINGS)
def test_a_reading_is_identical_to_itself(reading):
    found = compare(reading, dict(reversed(reading.items())))
    assert found.identiske
    assert (found.ballots, found.identical) == (len(reading), len(reading))


@settings(max_examples=60, deadline=None)
@given(READINGS, READINGS)
def test_every_ballot_is_identical_or_named(ours, theirs):
    found = compare(ours, theirs)
    named = {one.sheet for one in found.differences}
    assert len(named) == len(found.differences)
    assert named == {one for one in ours.keys() | theirs.keys() if ours.get(one) != theirs.get(one)}
    assert found.identical == found.ballots - len(named & ours.keys() & theirs.keys())
    moved = sum(one.second - one.first for one in found.piles)
    assert moved == len(theirs) - len(ours)


def test_two_ballots_that_change_places_differ_though_the_piles_agree():
    a, b = Answer("urettet", "A", frozenset()), Answer("urettet", "B", frozenset())
    found = compare({"1": a, "2": b}, {"1": b, "2": a})
    assert not found.identiske
    assert found.piles == ()
    assert [one.sheet for one in found.differences] == ["1", "2"]


def test_a_moved_ballot_shows_in_both_piles():
    one = Answer("urettet", "A", frozenset())
    found = compare({"1": one}, {"1": replace(one, list="B")})
    assert found.piles == (PileDifference("A", "urettet", 1, 0), PileDifference("B", "urettet", 0, 1))
