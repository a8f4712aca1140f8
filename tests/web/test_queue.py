"""The server's queue says what the record says, whatever came in between and in whatever order."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scanner.ballot import Category, Identity, Opinion, Proposal, Reading, Verdict
from scanner.people import Person, Role
from scanner.settling import give
from scanner.web.queue import Queue
from tests.web.day import Day, day, doubtful

KARI, OLA = Person("Kari Prøve", Role.OPERATOR), Person("Ola Prøve", Role.OPERATOR)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Day]:
    with day(tmp_path) as made:
        yield made


def names(queue: Queue, person: Person) -> list[str]:
    return [one.sheet for one in queue.wanted(person, 99)]


def test_a_new_queue_and_one_that_was_there_all_along_are_the_same(here: Day) -> None:
    old = Queue(here.store, 90.0)
    sheets = doubtful(here.store, 3)
    assert names(old, KARI) == sheets
    give(here.store, Opinion(sheets[0], "Kari Prøve", Category.BLANK, None, ()))
    give(here.store, Opinion(sheets[1], "Ola Prøve", Category.BLANK, None, ()))
    give(here.store, Opinion(sheets[1], "En Tredje", Category.BLANK, None, ()))
    for queue in (old, Queue(here.store, 90.0)):
        assert names(queue, KARI) == [sheets[2]], "spoken of, settled, waiting"
        assert names(queue, OLA) == [sheets[0], sheets[2]]
        assert queue.standing() == (2, 0, 0)


def test_a_ballot_read_again_and_sure_waits_no_more(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    queue = Queue(here.store, 90.0)
    assert names(queue, KARI) == [sheet]
    sure = Verdict(Category.BLANK, None, (), (), Proposal(Category.BLANK), 0.99)
    nobody = Identity(None, None, None, None, None, agree=False)
    here.store.add_verdict(sheet, sure, Reading(sheet, nobody, (), None, ()), "better eyes")
    assert names(queue, KARI) == []


def test_a_turn_fits_one_ballot_one_person_and_one_act(here: Day) -> None:
    first, second = doubtful(here.store, 2)
    queue = Queue(here.store, 90.0)
    turns = queue.take(KARI, [first, second])
    assert not queue.use(OLA, first, turns[first])
    assert not queue.use(KARI, first, turns[second])
    assert not queue.use(KARI, first, "")
    assert queue.use(KARI, first, turns[first])
    assert not queue.use(KARI, first, turns[first])
    assert queue.use(KARI, second, turns[second])


def test_people_who_ask_at_the_same_time_get_different_ballots(here: Day) -> None:
    sheets = doubtful(here.store, 8)
    queue = Queue(here.store, 90.0)
    people = [Person(f"Person {n}", Role.OPERATOR) for n in range(8)]
    with ThreadPoolExecutor(8) as hands:
        given = list(hands.map(queue.offer, people))
    assert sorted(one or "" for one in given) == sheets


def test_what_lapsed_takes_no_act(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    queue = Queue(here.store, -1.0)
    turn = queue.take(KARI, [sheet])[sheet]
    assert not queue.use(KARI, sheet, turn)
    assert names(queue, OLA) == [sheet]
