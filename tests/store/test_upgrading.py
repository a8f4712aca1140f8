"""A store that an older version made and filled goes on in this one, after a backup that the older reads."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from scanner.audit.events import Act
from scanner.ballot import Category, Decision
from scanner.errors import AuditError, ExitCode, StoreError
from scanner.store import open_store, schema
from scanner.store.address import place_of
from scanner.store.images import FolderImages
from scanner.store.moving import copy_rows
from scanner.store.opening import found_version, make_store
from scanner.store.rows import add_statement
from scanner.store.session import Session
from scanner.store.upgrading import upgrade
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.store.test_verification import flaws

FROZEN = (Path(__file__).parent / "version_3.sql").read_text("utf-8")  # made and filled by version 3 itself
KARI = ("Kari",)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


@pytest.fixture
def old(address, tmp_path) -> str:
    """A store of version 3 with six sheets, in either database."""
    place = place_of(address)
    file = place.file or tmp_path / "frozen.db"
    with closing(sqlite3.connect(file)) as raw:
        raw.executescript(FROZEN)
    if place.file is None:
        frozen = place_of(f"sqlite:{file}")
        make_store(place.engine, "old", 3)
        with closing(Session(frozen.engine)) as source, closing(Session(place.engine)) as target:
            tables = MetaData()
            with source.read() as connection:
                tables.reflect(connection)
            copy_rows(source, target, [one for one in tables.sorted_tables if one.name != "valgskanner"])
    for number in range(1, 7):
        for image in sheet(number, front=b"front %d" % number).images:
            place.images.put(image.sha256, image.data)
    label = sheet(front=b"label").images[0]
    place.images.put(label.sha256, label.data)
    return address


def version_of(url: str) -> int | None:
    place = place_of(url)
    with closing(Session(place.engine)):
        return found_version(place)


def test_its_chain_and_ballots_are_those_it_had_and_it_goes_on(old, tmp_path):
    done = upgrade(old, tmp_path / "copy", KARI)
    assert (done.since, done.to, done.before.number, done.images) == (3, schema.VERSION, 27, 8)
    with open_store(old, create=False) as store:
        links = list(store.record.chain())
        assert links[26].hash == done.before.hash
        assert (links[27].act, '"by":["Kari"]' in links[27].text) == (Act.STORE_UPGRADED, True)
        assert [one.sheet for one in store.ballots()] == [f"K1/{number:04d}" for number in range(1, 7)]
        assert store.sheet("K1/0003").images[0].data == b"front 3"
        store.add_sheet(sheet(7))
        store.add_verdict("K1/0007", URETTET, READING, "v1", Decision("K1/0007", Category.URETTET, "A", ()))
        assert flaws(store) == ""


def test_the_backup_is_still_of_the_older_version_and_can_be_upgraded_itself(old, tmp_path):
    upgrade(old, tmp_path / "copy", KARI)
    assert sorted(one.name for one in (tmp_path / "copy").iterdir()) == ["count.db", "count.db.images"]
    copy = f"sqlite:{tmp_path / 'copy' / 'count.db'}"
    assert version_of(copy) == 3
    with closing(sqlite3.connect(tmp_path / "copy" / "count.db")) as raw:
        tables = {one for (one,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "erased" not in tables
    upgrade(copy, tmp_path / "second")
    with open_store(copy, create=False) as store:
        assert flaws(store) == ""


def test_until_it_is_upgraded_opening_it_says_what_to_do(old, here, tmp_path):
    ran = here("tally", "--store", old)
    assert ran.code == ExitCode.STORE
    assert "older valgskanner (schema 3); run valgskanner store upgrade" in ran.err
    assert here("store", "upgrade", "--store", old, "--backup", tmp_path / "copy", "--by", "Kari").code == 0
    assert here("verify", "--store", old).code == ExitCode.DONE


def test_of_this_version_or_not_there_it_is_left_alone(address, tmp_path):
    with pytest.raises(StoreError, match="no store at"):
        upgrade(f"sqlite:{tmp_path / 'none.db'}", tmp_path / "copy")
    open_store(address).close()
    with pytest.raises(StoreError, match=r"of this version already"):
        upgrade(address, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "none.db").exists()


def test_without_a_chain_it_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as raw:
        raw.executescript("CREATE TABLE valgskanner (version INTEGER); INSERT INTO valgskanner VALUES (2)")
    with pytest.raises(StoreError, match="without a chain of acts; read it with that one"):
        upgrade(f"sqlite:{tmp_path / 'a.db'}", tmp_path / "copy")


@pytest.mark.parametrize("damage", ["image", "row"])
def test_a_damaged_one_is_left_as_it_is(old, tmp_path, damage):
    place = place_of(old)
    if place.file is None:
        pytest.skip("the damage is done to a file")
    if damage == "image":
        assert isinstance(place.images, FolderImages)
        next(one for one in place.images.folder.rglob("*") if one.is_file()).unlink()
    else:
        with closing(sqlite3.connect(place.file)) as raw, raw:
            raw.execute("DROP TRIGGER no_update_decisions")
            raw.execute("UPDATE decisions SET sheet = 'K1/0002' WHERE seq = 1")
    with pytest.raises((AuditError, StoreError), match=r"cannot be read|row 1 of decisions was changed"):
        upgrade(old, tmp_path / "copy")
    assert version_of(old) == 3
    assert not (tmp_path / "copy" / "count.db").exists()


def test_somebody_who_adds_meanwhile_stops_it(old, tmp_path, monkeypatch):
    def slowly(*words: object) -> int:
        with closing(Session(place_of(old).engine)) as station, station.write() as connection:
            add_statement(connection, Act.COUNT_REOPENED, ("Kari", "Ola"))
        return 0

    monkeypatch.setattr("scanner.store.upgrading.copy_images", slowly)
    monkeypatch.setattr("scanner.store.upgrading._check", lambda *_: None)
    with pytest.raises(StoreError, match="Somebody adds to the store"):
        upgrade(old, tmp_path / "copy")
    assert version_of(old) == 3


def test_a_disk_without_room_for_the_backup_changes_nothing(old, tmp_path):
    (tmp_path / "copy").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written"):
        upgrade(old, tmp_path / "copy")
    assert version_of(old) == 3
