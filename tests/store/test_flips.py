"""One byte or one row changed anywhere in a finished store: `verify` finds it and names it.

A finished store is the database, its images, the protocol (PDF and JSON), and a signed checkpoint. In it
one place is changed at random: a byte of any file flipped, put in, taken out or changed with its neighbour;
a row of any table changed, put in, taken out or changed with another, in both databases, past the triggers
that forbid it; a trigger or index taken out.

What may be changed unseen must say nothing. That is decided without our own code: for the database file
SQLite itself must read the same tables, indices, triggers and rows, value by value with their types, and
find its file whole; and even that is found where a checkpoint with the file's sha256 was signed. For a
signature, the bytes it decodes to and the words that it covers must be the same.

The suite tries 40 places; VALGSKANNER_PLACES=500 in the environment tries 500 of each kind,
VALGSKANNER_SEED names others.
"""

import base64
import logging
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, text
from sqlalchemy.exc import SQLAlchemyError

from scanner.audit.chain import Flaw
from scanner.ballot import Category, Opinion
from scanner.commands.record import store_flaws
from scanner.errors import ExitCode
from scanner.store import Store, schema
from scanner.store.verification import first
from tests.command import Here
from tests.store.conftest import new_address
from tests.store.test_verification import UndoError, erased, filled

PLACES = int(os.environ.get("VALGSKANNER_PLACES", "40"))
log = logging.getLogger(__name__)
SEED = int(os.environ.get("VALGSKANNER_SEED", "1"))
BOTH = ("Kari", "Ola")
FOUND = {ExitCode.AUDIT, ExitCode.STORE, ExitCode.INPUT}


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


@dataclass(frozen=True)
class Finished:
    """A finished count as it lies on disk."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "count.db"

    @property
    def signature(self) -> Path:
        return self.folder / "point.json.minisig"

    def files(self) -> dict[str, list[Path]]:
        """Every file, by what it is."""
        images = sorted(one for one in (self.folder / "count.db.images").rglob("*") if one.is_file())
        signed = [self.folder / one for one in ("point.json", "point.json.minisig", "valg.pub")]
        protocol = [self.folder / one for one in ("protocol.pdf", "protocol.json")]
        return {"database": [self.database], "image": images, "checkpoint": signed, "protocol": protocol}

    def checked(self, here: Here, *, signed: bool = True) -> tuple[int, str]:
        """How `verify` ends, and all it says."""
        point = ("--checkpoint", self.folder / "point.json", "--public", self.folder / "valg.pub")
        protocol = ("--protocol", self.folder / "protocol.json")
        ran = here("verify", "--store", f"sqlite:{self.database}", *protocol, *(point if signed else ()))
        return ran.code, ran.out + ran.err


def closed(url: str) -> Store:
    """A finished store with a row in every table; all in it follows from what is on record."""
    store = filled(url)
    for person in BOTH:
        store.add_opinion(Opinion("K1/0006", person, Category.URETTET, "A", ()))
    erased(store).record.close_count(BOTH)
    return store


@pytest.fixture
def finished(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Finished:
    monkeypatch.setenv("VALGSKANNER_PASSWORD", "")
    one = Finished(tmp_path / "finished")
    one.folder.mkdir()
    url = f"sqlite:{one.database}"
    with closed(url):
        pass
    assert here("protocol", "--store", url, "--out", one.folder / "protocol.pdf").code in {
        ExitCode.DONE,
        ExitCode.DISAGREE,
    }
    here("key", "--secret", tmp_path / "valg.key", "--public", one.folder / "valg.pub")
    here("checkpoint", "--store", url, "--key", tmp_path / "valg.key", "--out", one.folder / "point.json")
    code, words = one.checked(here)
    assert code == ExitCode.DONE, words
    return one


def damaged(content: bytes, dice: random.Random) -> tuple[str, bytes]:
    """The same bytes with one place changed, and how."""
    at = dice.randrange(len(content))
    match dice.choice(("flip", "flip", "change", "insert", "delete", "reorder")):
        case "flip":
            bit = 1 << dice.randrange(8)
            return f"bit {bit} of byte {at} flipped", _put(content, at, bytes([content[at] ^ bit]))
        case "change":
            other = (content[at] + dice.randrange(1, 256)) % 256
            return f"byte {at} made {other}", _put(content, at, bytes([other]))
        case "insert":
            return f"a byte put in at {at}", content[:at] + dice.randbytes(1) + content[at:]
        case "delete":
            return f"byte {at} taken out", content[:at] + content[at + 1 :]
        case _:
            pairs = (n % (len(content) - 1) for n in range(at, at + len(content)))
            at = next(n for n in pairs if content[n] != content[n + 1])
            swapped = content[at : at + 2][::-1]
            return f"bytes {at} and {at + 1} in each other's place", _put(content, at, swapped)


def _put(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def meaning(database: Path) -> object:
    """All that SQLite itself reads in the file; None if it finds it damaged or cannot read it."""
    try:
        with closing(sqlite3.connect(database)) as link:
            if link.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return None
            shape = link.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
            ).fetchall()
            tables = [name for kind, name, *_ in shape if kind == "table"]
            return shape, [_rows(link, one) for one in tables]
    except sqlite3.Error:
        return None


def _rows(link: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    columns = [one[1] for one in link.execute(f"PRAGMA table_info({table})")]
    typed = ", ".join(f'typeof("{one}"), quote("{one}")' for one in columns)
    query = f"SELECT rowid, {typed} FROM {table} ORDER BY rowid"  # noqa: S608 - names from the schema
    return link.execute(query).fetchall()


def sealed(signature: bytes) -> object:
    """What a signature says: the bytes that are signed, and the words; the first line is anybody's."""
    try:
        lines = signature.decode().splitlines()
        return base64.b64decode(lines[1]), lines[2], base64.b64decode(lines[3]), len(lines)
    except (ValueError, IndexError):
        return None


def key_of(public: bytes) -> object:
    try:
        return base64.b64decode(public.decode().splitlines()[1])
    except (ValueError, IndexError):
        return None


def says_the_same(path: Path, before: bytes, after: bytes) -> bool:
    """True for a file that reads as it did, although its bytes are others."""
    if path.name.endswith(".minisig"):
        return sealed(before) is not None and sealed(before) == sealed(after)
    return path.name == "valg.pub" and key_of(before) == key_of(after)


def test_a_byte_changed_in_any_file_is_found_and_named(
    here: Here, finished: Finished, tmp_path: Path
) -> None:
    dice, told = random.Random(SEED), Counter[str]()
    whole = meaning(finished.database)
    assert whole is not None
    kinds = ("database", "database", "image", "checkpoint", "protocol")
    for turn in range(PLACES):
        kind = kinds[turn % len(kinds)]
        work = Finished(tmp_path / "work")
        shutil.rmtree(work.folder, ignore_errors=True)
        shutil.copytree(finished.folder, work.folder)
        path = dice.choice(work.files()[kind])
        before = path.read_bytes()
        how, after = damaged(before, dice)
        path.write_bytes(after)
        where = f"{path.name}: {how}"
        copy = tmp_path / "copy.db"
        shutil.copy(work.database, copy)
        code, words = work.checked(here)
        if code == ExitCode.DONE:
            assert says_the_same(path, before, after), (where, words)
            told[f"{kind}: says nothing"] += 1
            continue
        assert code in FOUND, (where, words)
        assert named(kind, path, words), (where, words)
        told[f"{kind}: found"] += 1
        if kind == "database":
            told[f"database without a checkpoint: {bare(here, work, copy, whole, where)}"] += 1
    log.info("%d bytes: %s", PLACES, dict(sorted(told.items())))


def named(kind: str, path: Path, words: str) -> bool:
    """The words say which file it is, or for the database what is wrong in it."""
    match kind:
        case "image":
            return path.name[:10] in words and "Traceback" not in words
        case "checkpoint":
            return "checkpoint" in words or "signature" in words or "valg.pub" in words
        case "protocol":
            return path.name in words
        case _:
            return any(
                one in words for one in ("count.db", "the database file", "row", "event", "the tables")
            )


def bare(here: Here, work: Finished, database: Path, whole: object, where: str) -> str:
    """The same place where nothing was signed: found, or SQLite itself reads the same in it."""
    for ending in ("", "-wal", "-shm"):
        work.database.with_name(work.database.name + ending).unlink(missing_ok=True)
    shutil.copy(database, work.database)
    code, words = work.checked(here, signed=False)
    if code in FOUND:
        return "found"
    assert code == ExitCode.DONE, (where, words)
    assert meaning(database) == whole, where
    return "says nothing"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all tests: what they change they take back."""
    with closed(new_address(request, tmp_path_factory.mktemp("full"))) as store:
        yield store


@contextmanager
def past_the_triggers(store: Store, act: Callable[[Connection], str]) -> Iterator[str]:
    """What whoever has the database's password can do; what was done, "" if the database refused it.

    The triggers are switched off and on again, and nothing of it is kept.
    """
    with suppress(UndoError), store._write() as connection:
        server = connection.dialect.name == "postgresql"
        triggers = []
        if server:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = list(connection.execute(text(query)))
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        done = ""
        with suppress(SQLAlchemyError), connection.begin_nested():
            done = act(connection)
        for _, words in triggers:
            connection.execute(text(words))
        if server:
            connection.execute(text("SET LOCAL session_replication_role = origin"))
        yield done
        raise UndoError


def other(value: object, dice: random.Random) -> object:
    """A value that is another, also in small ways: one letter, one case, one more, nothing at all."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + dice.choice((1, -1, 7))
        case str() if value and dice.random() < 0.9:
            at = dice.randrange(len(value))
            letter = dice.choice([chr(ord(value[at]) ^ 1), value[at].swapcase(), ""])
            new = value[:at] + letter + value[at + 1 :]
            return new if new != value else value + "x"
    return "x" if value is None else None


def change(connection: Connection, table: Table, dice: random.Random) -> str:
    """One row or word of a table changed; what was done. Empty if the database itself refused."""
    keys = list(table.primary_key)
    rows = [dict(one) for one in connection.execute(select(table)).mappings()]
    row = dice.choice(rows)
    mine = [column == row[column.name] for column in keys]
    match dice.choice(("change", "change", "kind", "insert", "delete", "reorder")):
        case "kind" if connection.dialect.name == "sqlite":
            return _of_another_kind(connection, table, dice, row)
        case "change" | "kind":
            column = dice.choice(list(table.columns))
            new = other(row[column.name], dice)
            connection.execute(table.update().where(*mine).values({column.name: new}))
            return f"{table}.{column.name} of {row} made {new!r}"
        case "insert":
            twin = row | {one.name: _fresh(row[one.name], dice) for one in keys}
            for one in table.columns:
                if one.unique:
                    twin[one.name] = _fresh(row[one.name], dice)
            connection.execute(table.insert(), twin)
            return f"{table}: {twin} put in"
        case "delete":
            connection.execute(table.delete().where(*mine))
            return f"{table}: {row} taken out"
        case _:
            second = dice.choice(rows)
            words = [
                one.name for one in table.columns if one not in keys and row[one.name] != second[one.name]
            ]
            if not words:
                return ""
            _swap(connection, table, (row, second), words)
            return f"{table}: {row} and {second} in each other's place"


def _of_another_kind(connection: Connection, table: Table, dice: random.Random, row: dict[str, Any]) -> str:
    """SQLite takes any kind of value in any column, and a truth value of 3 is neither 0 nor 1."""
    column, key = dice.choice(list(table.columns)), next(iter(table.primary_key))
    if column.primary_key and isinstance(row[column.name], int):
        return ""  # only this kind is kept as it is
    new = "3" if isinstance(row[column.name], bool) else f"CAST({column.name} AS BLOB)"
    words = f'UPDATE {table.name} SET "{column.name}" = {new} WHERE "{key.name}" = :key'  # noqa: S608
    connection.execute(text(words), {"key": row[key.name]})
    return "" if row[column.name] is None else f"{table}.{column.name} of {row} made {new}"


def _fresh(key: object, dice: random.Random) -> object:
    return (
        key + dice.randrange(1000, 2000)
        if isinstance(key, int)
        else f"{key}"[:-3] + f"{dice.randrange(999):03d}"
    )


def _swap(
    connection: Connection, table: Table, pair: tuple[dict[str, Any], dict[str, Any]], words: list[str]
) -> None:
    """What two rows say changed between them: taken out, and put in with each other's words."""
    for row in pair:
        connection.execute(table.delete().where(*(one == row[one.name] for one in table.primary_key)))
    for row, said in (pair, pair[::-1]):
        connection.execute(table.insert(), row | {one: said[one] for one in words})


def test_a_row_changed_in_any_table_is_found_and_named(full: Store) -> None:
    dice, told = random.Random(SEED), Counter[str]()
    assert everything(full) == ()
    tables = schema.metadata.sorted_tables
    for turn in range(PLACES):
        table = tables[turn % len(tables)] if turn % 2 else dice.choice(tables)
        with past_the_triggers(full, partial(change, table=table, dice=dice)) as done:
            if done:
                seen = everything(full)
                assert seen, done
                told[f"{table}"] += 1
    assert everything(full) == ()
    assert told.total() > PLACES / 2
    log.info("%d rows: %s", told.total(), dict(sorted(told.items())))


def everything(store: Store) -> tuple[Flaw, ...]:
    return first(store_flaws(store), 5)


@pytest.mark.parametrize("kind", ["trigger", "index"])
def test_a_trigger_or_index_taken_out_is_named(full: Store, kind: str) -> None:
    """Triggers are what keeps honest programs from changing a row: their loss must not pass unseen."""
    for name, words in _guards(full, kind):
        with suppress(UndoError), full._write() as connection:
            connection.execute(text(words))
            assert any(name in one.what for one in everything(full)), words
            raise UndoError
    assert everything(full) == ()


def _guards(store: Store, kind: str) -> list[tuple[str, str]]:
    """What verify must name, and the words that take it away."""
    with store._read() as connection:
        if connection.dialect.name == "sqlite":
            query = text("SELECT name FROM sqlite_master WHERE type = :kind AND sql IS NOT NULL")
            return [(one, f"DROP {kind} {one}") for (one,) in connection.execute(query, {"kind": kind})]
    if kind == "index":
        return []  # on a server an index only makes things quicker
    tables = [one.name for one in schema.metadata.sorted_tables]
    broken = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    return [
        *((one, f"ALTER TABLE {one} DISABLE TRIGGER append_only") for one in tables),
        (tables[0], f"DROP TRIGGER append_only ON {tables[0]}"),
        ("trigger", f"CREATE OR REPLACE FUNCTION valgskanner_append_only() {broken}"),
    ]
