from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Category,
    Decision,
    Opinion,
    Proposal,
    Reason,
    Rejection,
    Verdict,
)
from scanner.review.agree import settle

SHEET = "K1/0001"
DOUBT = Verdict(Category.TVILSOM, "A", (), (Reason.MARK_DOUBTFUL,), Proposal(Category.RETTET), 0.4)
SURE = Verdict(Category.URETTET, "A", (), (), Proposal(Category.URETTET), 0.999)
TICK = Amendment(AmendmentKind.PERSONAL_VOTE, candidate=3)


def says(
    person: str, category: Category = Category.URETTET, code: str | None = "A", *amendments: Amendment
) -> Opinion:
    return Opinion(SHEET, person, category, code, amendments)


people = st.sampled_from(["Kari", "kari ", "KARI", "Ola", "Åse", "Per", "", "  "])
amendments = st.lists(
    st.builds(Amendment, st.just(AmendmentKind.PERSONAL_VOTE), st.integers(1, 2)), max_size=2
)
opinions = st.builds(
    Opinion,
    st.sampled_from([SHEET, SHEET, SHEET, "K1/0002"]),
    people,
    st.sampled_from(Category),
    st.sampled_from(["A", "B", None]),
    amendments.map(tuple),
    rejected=st.sampled_from([None, None, None, Rejection.NO_STAMP, Rejection.WHICH_LIST]),
)


def different(names: tuple[str, ...]) -> set[str]:
    return {name.strip().casefold() for name in names} - {""}


@settings(deadline=None)
@given(st.lists(opinions, max_size=8))
def test_no_doubtful_ballot_is_counted_on_one_persons_word(said: list[Opinion]) -> None:
    decision = settle(SHEET, DOUBT, said)
    if decision is None:
        return
    assert len(different(decision.decided_by)) == len(decision.decided_by) >= 2
    for person in decision.decided_by:
        latest = [
            one
            for one in said
            if one.sheet == SHEET and one.person.strip().casefold() == person.strip().casefold()
        ][-1]
        assert latest.rejected == decision.rejected
        if decision.rejected is None:
            assert latest.category is decision.category is not Category.TVILSOM
            if decision.category is not Category.BLANK:
                assert (latest.list, set(latest.amendments)) == (decision.list, set(decision.amendments))


@settings(deadline=None)
@given(st.lists(opinions, max_size=8))
def test_those_who_decide_are_more_than_half_of_those_who_spoke(said: list[Opinion]) -> None:
    latest = {one.person.strip().casefold(): one for one in said if one.sheet == SHEET and one.person.strip()}
    spoke = [one for one in latest.values() if one.rejected or one.category is not Category.TVILSOM]
    decision = settle(SHEET, DOUBT, said)
    assert decision is None or 2 * len(decision.decided_by) > len(spoke)


@settings(deadline=None)
@given(st.lists(opinions, max_size=6))
def test_a_sure_verdict_decides_itself(said: list[Opinion]) -> None:
    assert settle(SHEET, SURE, said) == Decision(SHEET, Category.URETTET, "A", ())


@settings(deadline=None)
@given(st.permutations([says("Kari"), says("Ola"), says("Åse", Category.BLANK, None)]))
def test_the_order_of_speaking_does_not_matter(said: list[Opinion]) -> None:
    decision = settle(SHEET, DOUBT, said)
    assert decision is not None
    assert (decision.category, decision.decided_by) == (Category.URETTET, ("Kari", "Ola"))


def test_nobody_has_spoken() -> None:
    assert settle(SHEET, DOUBT) is None


def test_one_person_twice_is_one() -> None:
    assert settle(SHEET, DOUBT, [says("Kari"), says(" kari")]) is None


def test_two_who_agree() -> None:
    decision = settle(
        SHEET, DOUBT, [says("Ola", Category.RETTET, "A", TICK), says("Kari", Category.RETTET, "A", TICK)]
    )
    assert decision == Decision(SHEET, Category.RETTET, "A", (TICK,), ("Kari", "Ola"))


@pytest.mark.parametrize(
    "other",
    [
        says("Ola", Category.BLANK),
        says("Ola", Category.URETTET, "B"),
        says("Ola", Category.URETTET, "A", TICK),
        replace(says("Ola"), rejected=Rejection.NO_STAMP),
        replace(says("Ola"), sheet="K1/0002"),
        says("Ola", Category.TVILSOM),
    ],
)
def test_two_who_do_not(other: Opinion) -> None:
    assert settle(SHEET, DOUBT, [says("Kari"), other]) is None


def test_a_third_decides() -> None:
    said = [says("Kari"), says("Ola", Category.BLANK, None), says("Åse", Category.BLANK, None)]
    for order in permutations(said):
        assert settle(SHEET, DOUBT, order) == Decision(SHEET, Category.BLANK, None, (), ("Ola", "Åse"))


def test_two_against_two_waits_for_a_fifth() -> None:
    said = [says("Kari"), says("Per"), says("Ola", Category.BLANK), says("Åse", Category.BLANK)]
    assert settle(SHEET, DOUBT, said) is None
    assert settle(SHEET, DOUBT, [*said, says("Eli")]) is not None


def test_who_changes_their_mind_is_heard_once() -> None:
    said = [says("Kari"), says("Ola", Category.BLANK), says("Ola")]
    assert settle(SHEET, DOUBT, said) is not None
    assert settle(SHEET, DOUBT, [*said, says("Kari", Category.BLANK)]) is None


def test_two_who_cannot_tell_decide_nothing() -> None:
    assert settle(SHEET, DOUBT, [says("Kari", Category.TVILSOM), says("Ola", Category.TVILSOM)]) is None


def test_two_may_reject() -> None:
    said = [replace(says(name, Category.TVILSOM), rejected=Rejection.NO_STAMP) for name in ("Kari", "Ola")]
    decision = settle(SHEET, DOUBT, said)
    assert decision == Decision(SHEET, Category.TVILSOM, None, (), ("Kari", "Ola"), Rejection.NO_STAMP)


def test_a_name_spelt_in_two_ways_is_the_same_vote() -> None:
    names = [
        Amendment(AmendmentKind.WRITE_IN, line=1, text="KARI NORD", person="B/2"),
        Amendment(AmendmentKind.WRITE_IN, line=2, text="Kari  nord", person="B/2"),
    ]
    said = [says(who, Category.RETTET, "A", name) for who, name in zip(["Ola", "Åse"], names, strict=True)]
    assert settle(SHEET, DOUBT, said) is not None
    other = replace(names[1], person="B/3")
    assert settle(SHEET, DOUBT, [said[0], says("Åse", Category.RETTET, "A", other)]) is None
