import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import Connection, String, select, text

from scanner.audit.events import Act
from scanner.ballot import Box, Category, Decision, Opinion
from scanner.box_label import BoxLabel, LabelKind
from scanner.errors import StoreError
from scanner.store import Store, open_store, schema
from scanner.store.acts import TABLE
from scanner.store.records import Became
from scanner.store.verification import first
from tests.store.conftest import new_address, sheet
from tests.store.test_store import DOUBT, READING, URETTET
from tests.strategies import small_election

TABLES = {
    *("binding", "boxes", "sheets", "verdicts", "opinions", "decisions", "statements"),
    *("labels", "expected_boxes", "explanations", "stack_sheets", "erasures"),
}
LABEL = BoxLabel(LabelKind.START, "VO", "0001", 1, 2)


def filled(address: str) -> Store:
    """Six sheets read; of two that were doubtful, two people settled one."""
    store = open_store(address)
    store.bind(small_election())
    store.record.open_count(("Kari", "Ola"))
    store.add_box(Box("K1", "VO", "0001"))
    for number in range(1, 7):
        name = f"K1/{number:04d}"
        store.add_sheet(sheet(number, front=b"front %d" % number))
        verdict = DOUBT if number > 4 else URETTET
        sure = Decision(name, Category.URETTET, "A", ()) if verdict.sure else None
        store.add_verdict(name, verdict, READING, "v1", sure)
    for person in ("Kari", "Ola"):
        store.add_opinion(Opinion("K1/0005", person, Category.URETTET, "A", ()))
    store.book.expect([LABEL])
    store.add_box(LABEL.box)
    store.book.keep_label(LABEL, "1" * 28, sheet(1, LABEL.box.id, front=b"label"))
    store.book.explain(LABEL.box.id, "Kari", "came by car")
    store.book.add_to_stack("S1", 1, Became.LABEL, f"{LABEL.box.id}/start", sheet(1, "S1", front=b"label"))
    store.add_decision(Decision("K1/0005", Category.URETTET, "A", (), ("Kari", "Ola")))
    return store


def erased(store: Store) -> Store:
    """Closed, the images of its labelled box erased, and opened again for one more sheet."""
    both = ("Kari", "Ola")
    store.add_decision(Decision("K1/0006", Category.URETTET, "A", (), both))
    store.record.close_count(both)
    assert store.retention.erase(both, "archived on paper", "2027-10-01", [LABEL.box.id]) == 1
    store.record.reopen_count(both, "a sheet was found")
    return store


def flaws(store: Store) -> str:
    """All flaws but those of triggers, which `tampered` takes away."""
    found = (f"{one.where}: {one.what}" for one in first(store.verification().flaws(), 100))
    return "\n".join(one for one in found if not one.startswith("the tables: trigger"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all tests: what they change they take back."""
    with filled(new_address(request, tmp_path_factory.mktemp("full"))) as store:
        assert flaws(erased(store)) == ""
        yield store


class UndoError(Exception):
    """Ends a transaction without keeping what was done in it."""


@contextmanager
def tampered(store: Store) -> Iterator[Connection]:
    """What somebody with the database's password can do: switch off what keeps rows as they are."""
    with suppress(UndoError), store._write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in triggers.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        raise UndoError


def changed(value: object) -> object:
    """A value like it that is another."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1_000_003
        case None:
            return "x"
    return f"{value}"[:-1] + ("0" if f"{value}"[-1:] != "0" else "1")


COLUMNS = [(table.name, column.name) for table in schema.metadata.sorted_tables for column in table.columns]


@pytest.mark.parametrize(("name", "word"), [one for one in COLUMNS if one[0] != "valgskanner"])
def test_any_word_of_any_row_changed_is_seen(full, name, word):
    table = schema.metadata.tables[name]
    column = table.c[word]
    with tampered(full) as connection:
        old = connection.execute(select(column).limit(1)).scalar_one()
        new = 17 if old is None and not isinstance(column.type, String) else changed(old)
        connection.execute(table.update().where(column.is_not_distinct_from(old)).values({word: new}))
        assert flaws(full) != ""
    assert flaws(full) == ""


@pytest.mark.parametrize("table", [*schema.metadata.sorted_tables], ids=str)
def test_a_row_taken_out_is_seen(full, table):
    if table is schema.about:
        pytest.skip("holds the version of the tables alone")
    key = next(iter(table.primary_key))
    with tampered(full) as connection:
        last = connection.execute(select(key).order_by(key.desc()).limit(1)).scalar_one()
        connection.execute(table.delete().where(key == last))
        words = {
            "acts": "has no event",
            "sides": "was changed",
            "label_sides": "was changed",
            "stack_sides": "was changed",
            "images": "is not on record",
            "erased": "the list of what was erased was changed",
        }
        assert words.get(f"{table}", f"its row is gone from {table}") in flaws(full)


def test_a_decision_put_in_without_an_event_is_seen(full):
    with tampered(full) as connection:
        first_one = connection.execute(select(schema.decisions).limit(1)).mappings().one()
        connection.execute(schema.decisions.insert(), {**first_one, "seq": 96, "sheet": "K1/0006"})
        assert "decisions: row 96 has no event" in flaws(full)


def test_an_image_put_in_beside_is_seen(full):
    with tampered(full) as connection:
        connection.execute(schema.images.insert(), {"sha256": "ab" * 32, "bytes": 1})
        assert "belongs to no sheet" in flaws(full)


def test_two_verdicts_that_change_places_are_seen(full):
    with tampered(full) as connection:
        for old, new in ((1, 91), (2, 1), (91, 2)):
            table = schema.verdicts
            connection.execute(table.update().where(table.c.seq == old).values(seq=new))
        assert "row 1 of verdicts was changed" in flaws(full)
        assert "row 2 of verdicts was changed" in flaws(full)


def test_every_act_has_its_table():
    assert set(TABLE) == set(Act)
    assert {f"{one.name}" for one in TABLE.values()} == TABLES


def test_an_image_changed_on_disk_is_named_with_its_sheet(tmp_path):
    with filled(f"sqlite:{tmp_path / 'a.db'}") as store:
        paths = [one for one in (tmp_path / "a.db.images").rglob("*") if one.is_file()]
        picked = next(one for one in paths if one.read_bytes() == b"front 3")
        picked.write_bytes(b"Front 3")
        assert "of K1/0003" in flaws(store)
        picked.unlink()
        assert "of K1/0003" in flaws(store)


def test_the_file_of_a_finished_store_is_known_to_the_last_byte(tmp_path):
    with filled(f"sqlite:{tmp_path / 'a.db'}") as store:
        before = store.record.file()
    content = bytearray((tmp_path / "a.db").read_bytes())
    assert before is not None
    dice = random.Random(7)
    for _ in range(25):
        place, bit = dice.randrange(len(content)), 1 << dice.randrange(8)
        content[place] ^= bit
        (tmp_path / "b.db").write_bytes(content)
        content[place] ^= bit
        with suppress(StoreError), open_store(f"sqlite:{tmp_path / 'b.db'}") as store:
            file = store.record.file()
            assert file is not None
            assert file[1] != before[1], place


def test_a_database_whose_pages_are_mixed_up_says_so(tmp_path):
    filled(f"sqlite:{tmp_path / 'a.db'}").close()
    raw = sqlite3.connect(tmp_path / "a.db")
    raw.execute("PRAGMA writable_schema = ON")
    raw.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'opinions_of_sheet'")
    raw.commit()
    raw.close()
    with open_store(f"sqlite:{tmp_path / 'a.db'}") as store:
        assert "cannot be walked over any further" in flaws(store)


def test_what_is_added_later_still_holds(address):
    with filled(address) as store:
        store.add_sheet(sheet(7))
        sure = Decision("K1/0007", Category.URETTET, "A", ())
        store.add_verdict("K1/0007", URETTET, READING, "v1", sure)
        later = Decision("K1/0006", Category.URETTET, "A", ())
        store.add_verdict("K1/0006", URETTET, READING, "v2", later)
        store.record.close_count(("Kari", "Ola"))
        assert flaws(store) == ""
