"""Equal ballots counted by the database add up to what the same ballots give one by one."""

import random

import pytest
from sqlalchemy import text

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Box,
    Category,
    Decision,
    PageImage,
    Proposal,
    Reason,
    Rejection,
    Sheet,
    Verdict,
)
from scanner.errors import StoreError
from scanner.store import Store, open_store
from scanner.tally.count import count, count_heaps
from tests.store.conftest import sheet
from tests.store.test_store import DOUBT, READING, by_people
from tests.strategies import small_election

ODD = Box('K"2\\,"category":"', "FO", "0001")  # a name that looks like what stands after a name
BOXES = (Box("K1", "VO", "0001"), Box("F1", "FO", "0001"), ODD)


def _amendments(dice: random.Random) -> tuple[Amendment, ...]:
    votes = tuple(
        Amendment(AmendmentKind.PERSONAL_VOTE, candidate=one)
        for one in sorted(dice.sample(range(1, 6), dice.randrange(3)))
    )
    written = Amendment(AmendmentKind.WRITE_IN, line=1, text='Ærlig "B"', person="B/2")
    return (*votes, written) if dice.random() < 0.2 else votes


def _decision(name: str, dice: random.Random, by: tuple[str, ...]) -> Decision:
    changes = _amendments(dice)
    sort = Category.RETTET if changes else Category.URETTET
    if by and dice.random() < 0.3:
        return Decision(name, Category.TVILSOM, None, (), by, dice.choice([None, *Rejection]))
    if dice.random() < 0.2:
        return Decision(name, Category.BLANK, None, (), by)
    return Decision(name, sort, "A" if changes else dice.choice("ABC"), changes, by)


def _history(store: Store, one: Sheet, dice: random.Random) -> None:
    """Fed, perhaps read once or more, perhaps decided by machine and people, again and again."""
    store.add_sheet(one)
    for version in range(dice.randrange(4)):
        made = _decision(one.id, dice, ())
        sure = Verdict(made.category, made.list, made.amendments, (), Proposal(made.category), 0.999)
        if dice.random() < 0.6:
            store.add_verdict(one.id, sure, READING, f"v{version}", made)
        else:
            verdict = dice.choice([sure, DOUBT])
            store.add_verdict(one.id, verdict, READING, f"v{version}")
        if dice.random() < 0.3:
            store.add_decision(_decision(one.id, dice, ("Kari", "Ola")))


def test_heaps_add_up_to_the_same_whatever_became_of_the_sheets(address: str) -> None:
    dice, election = random.Random(11), small_election()
    with open_store(address) as store:
        store.bind(election)
        for one in BOXES:
            store.add_box(one)
        for number in range(1, 31):
            with store.transaction():
                for box in BOXES:
                    images = (PageImage("F", b"%d" % number),)
                    _history(store, Sheet(box.id, number, images), dice)
                assert count_heaps(store.heaps(), election) == count(store.ballots(), election)
        tally = count_heaps(store.heaps(), election)
    assert tally.fed == 90
    for seen in (tally.votes, tally.blank, tally.rejected, tally.undecided, tally.personal_votes):
        assert seen.total() > 3, "the history above has some of everything"


def test_equal_ballots_lie_together_and_others_by_themselves(store: Store) -> None:
    for number in range(1, 8):
        store.add_sheet(sheet(number))
        if number < 6:
            store.add_decision(by_people() if number == 1 else _blank(number))
    store.add_verdict("K1/0006", DOUBT, READING, "v1")
    decided, read, unread = store.heaps()
    assert (decided[1], decided[0].decision) == (5, _blank(0))
    assert (read[1], read[0].sheet, read[0].verdict) == (1, "K1/0006", DOUBT)
    assert DOUBT.reasons == (Reason.STAMP_ABSENT,)
    assert (unread[1], unread[0].sheet, unread[0].verdict) == (1, "K1/0007", None)


def _blank(number: int) -> Decision:
    name = f"K1/{number:04d}" if number else ""
    return Decision(name, Category.BLANK, None, (), ("Kari", "Ola"))


def test_a_damaged_decision_is_no_ballot(store: Store) -> None:
    store.add_sheet(sheet())
    row = "INSERT INTO decisions (sheet, by_machine, decision) VALUES ('K1/0001', false, '{}')"
    with store._write() as connection:
        connection.execute(text(row))
    with pytest.raises(StoreError, match="damaged"):
        store.heaps()
