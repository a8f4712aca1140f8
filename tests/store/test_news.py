"""What is new since one last looked: all of it, once, in any portions."""

import pytest

from scanner.ballot import Category, Identity, Opinion, Proposal, Reading, Reason, Verdict
from scanner.review.agree import settle
from scanner.store.news import News, Seen, news
from scanner.store.store import Store
from tests.store.conftest import sheet

NOBODY = Identity(None, None, None, None, None, agree=False)
DOUBT = Verdict(Category.TVILSOM, None, (), (Reason.STAMP_WEAK,), Proposal(Category.BLANK), 0.5)
SURE = Verdict(Category.BLANK, None, (), (), Proposal(Category.BLANK), 0.99)


def fill(store: Store) -> None:
    """Three ballots: one sure, one doubtful and settled, one doubtful."""
    for number, verdict in enumerate((SURE, DOUBT, DOUBT), 1):
        store.add_sheet(sheet(number))
        name = f"K1/{number:04d}"
        reading = Reading(name, NOBODY, (), None, ())
        store.add_verdict(name, verdict, reading, "eyes", settle(name, verdict))
    for person in ("Kari", "Ola"):
        store.add_opinion(Opinion("K1/0002", person, Category.BLANK, None, ()))
    decision = settle("K1/0002", DOUBT, store.opinions("K1/0002"))
    assert decision is not None
    store.add_decision(decision)


def all_of(store: Store, most: int) -> list[News]:
    found, seen = [], Seen()
    while True:
        new = news(store, seen, most)
        if new.seen == seen:
            return found
        found.append(new)
        seen = new.seen


@pytest.mark.parametrize("most", [1, 2, 5000])
def test_everything_comes_once_in_order_whatever_the_portion(store: Store, most: int) -> None:
    fill(store)
    found = all_of(store, most)
    assert [one for new in found for one in new.verdicts] == [
        ("K1/0001", SURE),
        ("K1/0002", DOUBT),
        ("K1/0003", DOUBT),
    ]
    assert [one.person for new in found for one in new.opinions] == ["Kari", "Ola"]
    assert [one for new in found for one in new.decided] == ["K1/0002"], "not what the machine decided"


def test_nothing_new_is_nothing(store: Store) -> None:
    fill(store)
    seen = all_of(store, 5000)[-1].seen
    assert news(store, seen) == News((), (), (), seen)
