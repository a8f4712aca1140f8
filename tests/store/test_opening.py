import sqlite3
from pathlib import Path

import pytest

from scanner.ballot import Box, Category, Decision, Opinion
from scanner.box_label import BoxLabel, LabelKind
from scanner.errors import StoreError
from scanner.store import open_store
from scanner.store.records import Became
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.strategies import small_election


def filled(path: Path) -> str:
    url = f"sqlite:{path}"
    with open_store(url) as store:
        store.bind(small_election())
        store.add_box(Box("K1", "VO", "0001"))
        store.add_sheet(sheet())
        store.add_verdict("K1/0001", URETTET, READING, "v1", Decision("K1/0001", Category.URETTET, "A", ()))
        store.add_opinion(Opinion("K1/0001", "Kari", Category.URETTET, "A", ()))
        store.book.expect([LABEL])
        store.add_box(LABEL.box)
        store.book.keep_label(LABEL, "1", sheet(box=LABEL.box.id))
        store.book.explain(LABEL.box.id, "Kari", "no end label")
        store.book.add_to_stack("s", 1, Became.LABEL, LABEL.box.id, sheet())
    return url


def test_a_store_is_found_again(tmp_path: Path) -> None:
    with open_store(filled(tmp_path / "nattå.db"), create=False) as store:
        assert store.sheet("K1/0001") == sheet()


def test_images_lie_beside_the_database(tmp_path: Path) -> None:
    filled(tmp_path / "a.db")
    digest = sheet().images[0].sha256
    assert (tmp_path / "a.db.images" / digest[:2] / digest[2:]).read_bytes() == b"front"


def test_images_may_lie_elsewhere(tmp_path: Path) -> None:
    with open_store("sqlite::memory:", tmp_path / "pictures") as store:
        store.bind(small_election())
        store.add_box(Box("K1", "VO", "0001"))
        store.add_sheet(sheet())
    assert len([one for one in (tmp_path / "pictures").rglob("*") if one.is_file()]) == 2


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite:", "a.db", ""])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="supports sqlite:FILE"):
        open_store(url)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        open_store(f"sqlite:{tmp_path}/no/a.db")


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a file"):
        open_store(f"sqlite:{tmp_path}")


def test_nothing_is_made_when_only_looking(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store at"):
        open_store(f"sqlite:{tmp_path}/a.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_store_to_look_into(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    with pytest.raises(StoreError, match="no store at"):
        open_store(f"sqlite:{tmp_path}/a.db", create=False)


def test_a_store_that_another_program_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.store.dialect.BUSY_MS", 10)
    with open_store(filled(tmp_path / "a.db")) as store:
        clerk = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        clerk.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            store.add_sheet(sheet(2))
        assert [one.id for one in store.sheets()] == ["K1/0001"]  # reading goes on
        clerk.execute("ROLLBACK")
        clerk.close()
        assert store.add_sheet(sheet(2))


def test_a_text_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("stemmer " * 1000)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:{tmp_path}/a.db")


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as other:
        other.execute("CREATE TABLE recipes (name)")
    other.close()
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(f"sqlite:{tmp_path}/a.db")
    assert (tmp_path / "a.db").read_bytes() == before


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    url = filled(tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as newer:
        newer.execute("DROP TRIGGER no_update_valgskanner")
        newer.execute("UPDATE valgskanner SET version = 99")
    newer.close()
    with pytest.raises(StoreError, match=r"newer valgskanner \(schema 99\)"):
        open_store(url)


def test_a_store_of_an_older_version_has_no_chain_and_is_refused(tmp_path: Path) -> None:
    url = filled(tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as old:
        old.execute("DROP TRIGGER no_update_valgskanner")
        old.execute("UPDATE valgskanner SET version = 1")
    old.close()
    with pytest.raises(StoreError, match=r"older valgskanner \(schema 1\)"):
        open_store(url)


LABEL = BoxLabel(LabelKind.START, "VO", "0001", 1, 2)
FILLED = [
    *("valgskanner", "binding", "boxes", "images", "sheets", "sides", "verdicts", "opinions", "decisions"),
    *("expected_boxes", "labels", "label_sides", "explanations", "stack_sheets", "stack_sides"),
]


@pytest.mark.parametrize("table", FILLED)
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid"])
def test_the_database_itself_refuses_changes(tmp_path: Path, table: str, act: str) -> None:
    filled(tmp_path / "a.db")
    clerk = sqlite3.connect(tmp_path / "a.db")
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append only"):
        clerk.execute(act.format(table))
    clerk.close()


def test_commits_are_made_to_last(tmp_path: Path) -> None:
    with open_store(filled(tmp_path / "a.db")) as store, store._read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
