"""Who may log in: kept beside the count, in either database."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from scanner.errors import UsageError
from scanner.people import Language, Person, Role
from scanner.store.desk import Desk, Visit, open_desk
from scanner.store.opening import open_store
from tests.strategies import small_election

KARI = Person("Kari Prøve", Role.OPERATOR)
VISIT = Visit(KARI, "c" * 64, "t" * 64)


@pytest.fixture
def desk(address: str) -> Iterator[Desk]:
    """On either database."""
    with closing(open_desk(address)) as made:
        yield made


def test_two_accounts_never_share_a_name(desk: Desk) -> None:
    desk.add(KARI, "hash")
    with pytest.raises(UsageError, match="names must differ"):
        desk.add(Person("KARI  prøve", Role.VALGSTYRE), "hash")
    assert [one.person for one in desk.accounts()] == [KARI]


def test_a_session_lasts_as_long_as_it_is_used(desk: Desk) -> None:
    desk.add(KARI, "hash")
    desk.begin(VISIT, 1000)
    assert desk.visit(VISIT.token, 1500, 600) == VISIT
    assert desk.visit(VISIT.token, 2000, 600) == VISIT
    assert desk.visit(VISIT.token, 2700, 600) is None
    assert desk.visit(VISIT.token, 2000, 600) is None, "what has ended does not begin again"


@pytest.mark.parametrize("change", [{"revoked": True}, {"password": "another"}])
def test_a_change_of_an_account_ends_its_sessions(desk: Desk, change: dict[str, object]) -> None:
    desk.add(KARI, "hash")
    desk.begin(VISIT, 1000)
    desk.change("kari prøve", **change)  # type: ignore[arg-type]
    assert desk.visit(VISIT.token, 1001, 600) is None


def test_failures_are_counted_until_the_right_password(desk: Desk) -> None:
    desk.add(KARI, "hash")
    desk.failed("Kari Prøve", 0)
    desk.failed("Kari Prøve", 5000)
    account = desk.account("Kari Prøve")
    assert account is not None
    assert (account.failures, account.locked_until) == (2, 5000)
    desk.begin(VISIT, 6000)
    account = desk.account("Kari Prøve")
    assert account is not None
    assert (account.failures, account.locked_until) == (0, 0)


def test_nobody_unknown_is_changed(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no person called Ingen"):
        desk.change("Ingen", revoked=True)


def test_the_log_is_newest_first_and_bounded(desk: Desk) -> None:
    for n in range(5):
        desk.note(f"what {n}", "x" * 1000, "where", n)
    assert [one.what for one in desk.log(2)] == ["what 4", "what 3"]
    assert len(desk.log(1)[0].who) == 200


def test_it_lies_beside_the_store_and_never_in_it(address: str) -> None:
    with open_store(address) as store, closing(open_desk(address)) as desk:
        store.bind(small_election())
        desk.add(KARI, "hash")
        desk.speak(KARI, Language.SE)
        assert not list(store.verification().flaws())
    with open_store(address, create=False), closing(open_desk(address)) as again:
        assert [one.person.language for one in again.accounts()] == [Language.SE]
