"""The one place that knows which database it is: connecting, locking, append-only triggers."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool, StaticPool

WRITES = {"writes": True}  # execution option: take the write lock at once, never halfway
BUSY_MS = 60_000  # a second process waits this long for the first one's commit
_CHAIN = 0x56414C47  # the lock of the chain of acts: links are made one at a time


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

    still = _never_written(Path(name))
    address = f"{Path(name).absolute().as_uri()}?immutable=1" if still else name
    connection = sqlite3.connect(address, isolation_level=None, check_same_thread=False, uri=still)
    try:
        for pragma in (
            *("foreign_keys=ON", "synchronous=FULL", "recursive_triggers=ON"),
            f"busy_timeout={BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except UnicodeDecodeError as error:  # SQLite quotes the damage, and it is no text
        connection.close()
        raise sqlite3.DatabaseError("malformed database schema: its words are no text") from error
    return connection


def _never_written(path: Path) -> bool:
    """True for a file on a disk that takes no writing: an auditor's copy is read without the files beside it.

    One that was not closed there is not read so: what is missing in it lies in its -wal.
    """
    if not hasattr(os, "statvfs") or not path.is_file() or path.with_name(f"{path.name}-wal").exists():
        return False
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def postgresql_engine(url: URL) -> Engine:
    """An engine on a PostgreSQL server. Opens nothing yet."""
    server = create_engine(
        url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args={"connect_timeout": 10}
    )
    event.listen(server, "begin", _begin_on_server)
    return server


def _begin_on_server(connection: Connection) -> None:
    """A writer waits for its turn, so that every link follows the one before it, whoever adds it."""
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_MS}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHAIN})")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def use_wal(engine: Engine) -> None:
    """Readers do not stop the scanner, and the scanner does not stop readers. Kept in the file."""
    _pragma(engine, "journal_mode=WAL")


def in_one_file(engine: Engine) -> None:
    """All in one file, that is read also from a disk nobody can write. Nobody may have it open."""
    engine.dispose()
    _pragma(engine, "journal_mode=DELETE")
    engine.dispose()


def _pragma(engine: Engine, line: str) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA {line}")
    finally:
        raw.close()


def make_append_only(connection: Connection, table: str) -> None:
    """From now on the database itself refuses to change or remove a row of the table."""
    for line in _TRIGGERS[connection.dialect.name]:
        connection.execute(text(line.format(table=table)))


GUARD = " BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME; END "  # body of the server's function

_TRIGGERS = {
    "sqlite": tuple(
        f"CREATE TRIGGER no_{act.lower()}_{{table}} BEFORE {act} ON {{table}} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
        for act in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION valgskanner_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $${GUARD}$$""",
        """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION valgskanner_append_only()""",
        "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM PUBLIC",
    ),
}


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that leaves a row with the same key as it is."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
