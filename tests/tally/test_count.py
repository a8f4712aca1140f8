from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Amendment, AmendmentKind, Ballot, Box, Category, Decision, Rejection
from scanner.election import ElectionType
from scanner.errors import ElectionError
from scanner.tally.bag import Bag
from scanner.tally.count import count
from scanner.tally.tally import Answer, Person, Place, Rejected, Slenger, Tally, Undecided, Vote
from tests.strategies import small_election
from tests.tally.conftest import DOUBT, ballot, ballots, option, renumber, strike, tick, write_in

VO = Place("VO", "0001")
ELECTION = small_election()
STORTING = small_election(ElectionType.STORTING)

heaps = st.sampled_from(ElectionType).flatmap(
    lambda kind: st.tuples(st.just(small_election(kind)), st.lists(ballots(kind), max_size=12))
)


@settings(max_examples=60, deadline=None)
@given(heaps, st.integers(0, 12), st.randoms(use_true_random=False))
def test_a_tally_is_a_sum(heap: tuple, cut: int, chance: Random) -> None:
    election, paper = heap
    whole = count(paper, election)
    assert count(paper[:cut], election) + count(paper[cut:], election) == whole
    chance.shuffle(paper)
    assert count(paper, election) == whole
    assert whole + Tally() == whole


@settings(max_examples=60, deadline=None)
@given(heaps)
def test_paper_is_conserved(heap: tuple) -> None:
    election, paper = heap
    tally = count(paper, election)
    assert tally.fed == len(paper) == tally.decided + tally.undecided.total()
    assert tally.undecided.total() == sum(one.decision is None for one in paper)


@settings(max_examples=60, deadline=None)
@given(st.lists(ballots(ElectionType.KOMMUNESTYRE), max_size=12))
def test_slengere_given_are_slengere_received_and_within_the_limit(paper: list[Ballot]) -> None:
    tally = count(paper, ELECTION)
    rettede = tally.votes.total(lambda one: one.sort is Category.RETTET)
    assert tally.slengere.total() <= rettede * ELECTION.max_write_ins
    assert tally.slengere.total(lambda one: one.giver == one.receiver.list) == 0


def test_by_list_category_krets_and_sort() -> None:
    paper = [
        ballot(Category.URETTET),
        ballot(Category.RETTET, "A", tick(2)),
        ballot(Category.URETTET, place="FO"),
        ballot(Category.URETTET, krets="0002"),
        ballot(Category.URETTET, "B"),
    ]
    assert count(paper, ELECTION).votes == Bag(
        [
            Vote("A", VO, Category.URETTET),
            Vote("A", VO, Category.RETTET),
            Vote("A", Place("FO", "0001"), Category.URETTET),
            Vote("A", Place("VO", "0002"), Category.URETTET),
            Vote("B", VO, Category.URETTET),
        ]
    )


def test_a_personal_vote_is_one_however_often_it_is_given() -> None:
    tally = count(
        [ballot(Category.RETTET, "A", tick(2), tick(2)), ballot(Category.RETTET, "A", tick(2))], ELECTION
    )
    assert tally.personal_votes == Bag.of({Person("A", 2): 2})


def test_an_urettet_ballot_says_nothing_of_candidates() -> None:
    tally = count([ballot(Category.URETTET, "A", tick(2), strike(1))], ELECTION)
    assert (len(tally.personal_votes), len(tally.strikes)) == (0, 0)


def test_slengere_only_the_first_and_each_person_once() -> None:
    names = [
        write_in("B/1", 4),
        write_in("B/1", 1),
        write_in("A/2", 2),
        write_in("C/1", 3),
        write_in("B/3", 5),
    ]
    tally = count([ballot(Category.RETTET, "A", *names, write_in("B/4", 6), write_in(None, 7))], ELECTION)
    assert set(tally.slengere) == {Slenger("A", Person(*who)) for who in (("B", 1), ("C", 1), ("B", 3))}


def test_a_tick_off_ballot_counts_for_the_list_ticked() -> None:
    ticked = Amendment(AmendmentKind.PARTY_TICK, list="B")
    for code in (None, "B"):
        tally = count([ballot(Category.URETTET, code, ticked)], ELECTION)
        assert tally.votes == Bag([Vote("B", VO, Category.URETTET, ticked=True)])


def test_a_referendum() -> None:
    election = small_election(ElectionType.FOLKEAVSTEMNING)
    paper = [ballot(one, None, option("ja")) for one in (Category.URETTET, Category.RETTET)]
    tally = count([*paper, ballot(Category.BLANK, None)], election)
    assert tally.answers == Bag.of({Answer("ja", VO): 2})
    assert tally.blank == Bag([VO])


def test_strikes_and_ranks_in_a_storting_election() -> None:
    tally = count([ballot(Category.RETTET, "A", strike(1), renumber(3, 1))], STORTING)
    assert tally.strikes == Bag([Person("A", 1)])
    assert {(one.person.candidate, one.rank) for one in tally.ranks} == {(3, 1), (2, 2), (4, 3), (5, 4)}
    assert len(count([ballot(Category.RETTET, "A", tick(1))], ELECTION).ranks) == 0


def test_rejected_and_undecided_are_counted_apart() -> None:
    unread = Ballot("K1/0007", Box("VO", "VO", "0001"))
    tally = count(
        [ballot(Category.TVILSOM, None, rejected=Rejection.NO_STAMP), ballot(None), unread], ELECTION
    )
    assert tally.rejected == Bag([Rejected(Rejection.NO_STAMP, VO)])
    assert tally.undecided == Bag([Undecided("K1/0001", VO, DOUBT.reasons), Undecided("K1/0007", VO, ())])
    assert (tally.fed, tally.decided, tally.approved) == (3, 1, 0)


def test_a_decision_that_says_only_tvilsom_decides_nothing() -> None:
    assert count([ballot(Category.TVILSOM)], ELECTION).undecided.total() == 1


@pytest.mark.parametrize(
    ("code", "amendments", "complaint"),
    [
        ("X", (), "'X': not one list"),
        (None, (), "None: not one list"),
        (
            None,
            (Amendment(AmendmentKind.PARTY_TICK, list="A"), Amendment(AmendmentKind.PARTY_TICK, list="B")),
            "'A', 'B'",
        ),
        (None, (option("kanskje"),), "'kanskje': not one option"),
        ("A", (tick(9),), "A/9, who does not stand"),
        ("A", (write_in("B/77"),), "B/77, who does not stand"),
        ("A", (write_in("Bø"),), "who does not stand"),
    ],
)
def test_who_does_not_stand_is_never_counted(code: str | None, amendments: tuple, complaint: str) -> None:
    with pytest.raises(ElectionError, match=complaint):
        count([ballot(Category.RETTET, code, *amendments)], ELECTION)


def test_a_decision_by_the_machine_counts_like_any_other() -> None:
    decision = Decision("K1/0001", Category.URETTET, "A", ())
    assert count([Ballot("K1/0001", Box("K1", "VO", "0001"), None, decision)], ELECTION).approved == 1
