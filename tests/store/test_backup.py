"""Backup and move: a copy of one moment, verified, in either database."""

from pathlib import Path

import pytest

from scanner.ballot import Category, Decision
from scanner.errors import ExitCode
from scanner.store import Store, open_store
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.store.test_verification import filled, flaws


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def add_one(store: Store, number: int) -> None:
    store.add_sheet(sheet(number, front=b"front %d" % number))
    decision = Decision(f"K1/{number:04d}", Category.URETTET, "A", ())
    store.add_verdict(decision.sheet, URETTET, READING, "v1", decision)


def test_a_backup_restored_in_either_database_is_the_same_count(here, address, tmp_path):
    url = f"sqlite:{tmp_path / 'first.db'}"
    with filled(url) as store:
        before, head = list(store.ballots()), store.record.head()
    assert here("backup", "--store", url, "--out", tmp_path / "copy").code == ExitCode.DONE
    assert here("restore", tmp_path / "copy", "--store", address).code == ExitCode.DONE
    with open_store(address) as store:
        assert list(store.ballots()) == before
        assert store.record.head() == head
        add_one(store, 7)  # and it goes on
        assert flaws(store) == ""


def test_a_later_backup_takes_the_place_of_the_earlier_when_it_is_whole(here, tmp_path):
    url = f"sqlite:{tmp_path / 'first.db'}"
    with filled(url) as store:
        here("backup", "--store", url, "--out", tmp_path / "copy")
        add_one(store, 7)
        here("backup", "--store", url, "--out", tmp_path / "copy")
        head = store.record.head()
    with open_store(f"sqlite:{tmp_path / 'copy' / 'count.db'}") as copy:
        assert copy.record.head() == head
        assert flaws(copy) == ""
    assert sorted(one.name for one in (tmp_path / "copy").iterdir()) == ["count.db", "count.db.images"]


def test_a_backup_with_a_lost_image_is_not_restored(here, tmp_path):
    url = f"sqlite:{tmp_path / 'first.db'}"
    filled(url).close()
    here("backup", "--store", url, "--out", tmp_path / "copy")
    next(one for one in (tmp_path / "copy").rglob("*") if one.is_file() and one.name != "count.db").unlink()
    ran = here("restore", tmp_path / "copy", "--store", f"sqlite:{tmp_path / 'second.db'}")
    assert ran.code == ExitCode.AUDIT
    assert "cannot be read" in ran.out
    assert not (tmp_path / "second.db").exists()


def test_a_store_that_holds_something_is_never_written_over(here, tmp_path):
    url = f"sqlite:{tmp_path / 'first.db'}"
    filled(url).close()
    here("backup", "--store", url, "--out", tmp_path / "copy")
    ran = here("restore", tmp_path / "copy", "--store", url)
    assert ran.code == ExitCode.STORE
    assert "not empty" in ran.err


def test_a_damaged_original_gives_no_backup(here, tmp_path: Path):
    url = f"sqlite:{tmp_path / 'first.db'}"
    filled(url).close()
    next(one for one in (tmp_path / "first.db.images").rglob("*") if one.is_file()).write_bytes(b"?")
    ran = here("backup", "--store", url, "--out", tmp_path / "copy")
    assert ran.code == ExitCode.STORE
    assert not (tmp_path / "copy" / "count.db").exists()
