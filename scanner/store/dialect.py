"""The one place that knows which database it is: connecting, locking, append-only triggers."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import NullPool, StaticPool

WRITES = {"writes": True}  # execution option: take the write lock at once, never halfway
BUSY_MS = 60_000  # a second process waits this long for the first one's commit


def sqlite_engine(path: Path | None) -> Engine:
    """An engine on the file, or in memory for None. Opens nothing yet."""
    name = ":memory:" if path is None else str(path)
    # One connection at a time for a file, opened where it is used: nothing survives a fork.
    engine = create_engine(
        "sqlite://",
        creator=lambda: _connect(name),
        poolclass=StaticPool if path is None else NullPool,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _connect(name: str) -> Any:
    """SQLite keeps a commit through a power cut only with synchronous FULL (its manual, WAL)."""
    import sqlite3  # noqa: PLC0415 a county on PostgreSQL never needs it

    connection = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "recursive_triggers=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def use_wal(engine: Engine) -> None:
    """Readers do not stop the scanner, and the scanner does not stop readers. Kept in the file."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()


def make_append_only(connection: Connection, table: Table) -> None:
    """From now on the database itself refuses to change or remove a row of the table."""
    for act in ("UPDATE", "DELETE"):
        trigger = (
            f"CREATE TRIGGER no_{act.lower()}_{table.name} BEFORE {act} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is append only'); END"
        )
        connection.execute(text(trigger))


def insert_new(table: Table) -> Insert:
    """An insert that leaves a row with the same key as it is."""
    return sqlite.insert(table).on_conflict_do_nothing()
