import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Amendment, Category
from scanner.election import ElectionType
from scanner.tally.count import count
from scanner.tally.ranks import matrix, places
from scanner.tally.tally import Person, Rank
from tests.strategies import small_election
from tests.tally.conftest import ballot, ballots, changes, renumber, strike

FIVE = (1, 2, 3, 4, 5)
STORTING = small_election(ElectionType.STORTING)


@pytest.mark.parametrize(
    ("amendments", "order"),
    [
        ((), (1, 2, 3, 4, 5)),
        ((renumber(3, 1),), (3, 1, 2, 4, 5)),
        ((renumber(1, 5),), (2, 3, 4, 5, 1)),
        ((renumber(1, 2), renumber(2, 1)), (2, 1, 3, 4, 5)),
        ((strike(2),), (1, 3, 4, 5)),
        ((strike(1), renumber(5, 1)), (5, 2, 3, 4)),
        ((renumber(3, 1), renumber(4, 1)), (1, 2, 3, 4, 5)),  # two with the same number
        ((renumber(3, 1), renumber(3, 2)), (1, 2, 3, 4, 5)),  # two numbers at one name
        ((renumber(3, 9), renumber(2, 0)), (1, 2, 3, 4, 5)),  # no such place
        ((renumber(3, 1), strike(3)), (1, 2, 4, 5)),  # struck and numbered
    ],
)
def test_where_each_name_stands(amendments: tuple[Amendment, ...], order: tuple[int, ...]) -> None:
    assert tuple(name for name, _ in sorted(places(FIVE, amendments), key=lambda one: one[1])) == order


def test_a_number_is_kept_though_others_are_struck() -> None:
    assert dict(places(FIVE, (strike(1), renumber(2, 5)))) == {3: 1, 4: 2, 5: 3, 2: 5}


@settings(deadline=None)
@given(st.lists(changes, max_size=8))
def test_nobody_stands_twice_and_no_place_is_taken_twice(amendments: list[Amendment]) -> None:
    standing = places(FIVE, amendments)
    names, taken = zip(*standing, strict=True) if standing else ((), ())
    assert len(set(names)) == len(names)
    assert len(set(taken)) == len(taken)
    assert set(taken) <= set(FIVE)


@settings(deadline=None)
@given(st.lists(ballots(ElectionType.STORTING), max_size=12))
def test_every_ballot_of_a_list_stands_in_the_matrix(paper: list) -> None:
    tally = count(paper, STORTING)
    for party in STORTING.lists:
        approved = tally.votes.total(lambda one, code=party.code: one.list == code)
        standing = matrix(tally, party)
        for one in party.candidates:
            person = Person(party.code, one.number)
            seen = standing.total(lambda rank, person=person: rank.person == person)
            assert seen + tally.strikes[person] == approved


def test_urettede_contribute_the_printed_order() -> None:
    paper = [ballot(Category.URETTET)] * 3 + [ballot(Category.RETTET, "A", renumber(3, 1))]
    standing = matrix(count(paper, STORTING), STORTING.list_of("A"))
    assert standing[Rank(Person("A", 1), 1)] == 3
    assert standing[Rank(Person("A", 1), 2)] == 1
    assert standing[Rank(Person("A", 3), 1)] == 1
