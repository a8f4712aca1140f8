"""Who is asked about which ballot, and whose it is meanwhile."""

from hypothesis import given
from hypothesis import strategies as st

from scanner.ballot import Category, Opinion, Reason, Rejection
from scanner.people import Person, Role
from scanner.review.queue import Claims, Waiting, asked, in_order, passed_on

KARI, OLA = Person("Kari Prøve", Role.OPERATOR), Person("Ola Prøve", Role.OPERATOR)
BOARD, AUDITOR = Person("Leder Prøve", Role.VALGSTYRE), Person("Revisor Prøve", Role.AUDITOR)


def said(person: str, category: Category = Category.BLANK, rejected: Rejection | None = None) -> Opinion:
    return Opinion("K/0001", person, category, None, (), rejected=rejected)


def waiting(*opinions: Opinion, sheet: str = "K/0001") -> Waiting:
    return Waiting(sheet, (Reason.STAMP_WEAK,), opinions)


def test_each_is_asked_once_however_the_name_is_written() -> None:
    assert asked(KARI, waiting())
    assert not asked(KARI, waiting(said("  kari   PRØVE ")))
    assert asked(OLA, waiting(said("Kari Prøve")))


def test_who_may_say_nothing_is_asked_nothing() -> None:
    assert not asked(AUDITOR, waiting())
    assert not asked(Person("Administrator", Role.ADMIN), waiting())


def test_what_was_passed_on_is_asked_of_the_valgstyre_alone() -> None:
    one = waiting(said("Kari Prøve", Category.TVILSOM))
    assert passed_on(one.opinions[0])
    assert not asked(OLA, one)
    assert asked(BOARD, one)
    assert not passed_on(said("Leder Prøve", Category.TVILSOM, Rejection.NO_STAMP))


def test_what_a_person_takes_back_is_no_longer_for_the_valgstyre() -> None:
    assert not waiting(said("Kari Prøve", Category.TVILSOM), said("kari prøve")).for_board


def test_three_who_do_not_agree_are_enough() -> None:
    spoken = [said(f"Person {n}") for n in range(3)]
    assert not waiting(*spoken[:2]).for_board
    assert waiting(*spoken).for_board


def test_what_needs_one_more_look_comes_first_and_the_rest_as_the_paper_lies() -> None:
    there = [waiting(sheet="K/0002"), waiting(sheet="K/0001"), waiting(said("Ola Prøve"), sheet="K/0003")]
    assert [one.sheet for one in in_order(KARI, there)] == ["K/0003", "K/0001", "K/0002"]
    board = waiting(said("Ola Prøve", Category.TVILSOM), sheet="K/0009")
    assert in_order(BOARD, [*there, board])[0] is board


def test_a_claim_lapses_when_the_station_falls_silent() -> None:
    claims = Claims(90.0)
    assert claims.take("K/0001", KARI, 0.0)
    assert not claims.take("K/0001", OLA, 89.0)
    claims.renew(KARI, 89.0)
    assert not claims.take("K/0001", OLA, 91.0)
    assert claims.take("K/0001", OLA, 180.0)
    assert not claims.holds("K/0001", KARI, 180.0)


steps = st.tuples(
    st.sampled_from(["take", "drop", "renew"]),
    st.sampled_from([KARI, OLA, BOARD]),
    st.sampled_from(["K/1", "K/2"]),
    st.floats(0, 60),
)


@given(st.lists(steps, max_size=30))
def test_a_ballot_never_lies_before_two(acts: list[tuple[str, Person, str, float]]) -> None:
    claims, now = Claims(90.0), 0.0
    for act, person, sheet, later in acts:
        now += later
        match act:
            case "take":
                got = claims.take(sheet, person, now)
                assert got is claims.holds(sheet, person, now)
            case "drop":
                claims.drop(person)
                assert not any(claims.holds(one, person, now) for one in ("K/1", "K/2"))
            case _:
                claims.renew(person, now)
        for one in ("K/1", "K/2"):
            assert sum(claims.holds(one, each, now) for each in (KARI, OLA, BOARD)) <= 1
    assert claims.held(now) <= 2
    assert claims.held(now + 91) == 0
