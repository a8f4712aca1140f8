"""What the rows stand on: tables as they were made, triggers that keep rows, values of the right kind.

The chain vouches for what rows say, as it is read. A database can hold more: a truth value that is neither
true nor false belongs to no query, a trigger that is gone guards nothing.
"""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Boolean, Column, Connection, Float, Integer, Table, text

from scanner.audit.chain import Flaw
from scanner.store import dialect, schema
from scanner.store.migrations import migrate
from scanner.store.session import Session

_WHERE = "the tables"
_SHAPE = "SELECT type, name, coalesce(sql, '') FROM sqlite_master"
# Statement triggers (pg_trigger.tgtype): before 2, delete 8, update 16, truncate 32
_GUARDS = """SELECT c.relname, t.tgenabled IN ('O', 'A') AND t.tgtype = 58 AND p.prosrc = :source
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"""


def foundation_flaws(session: Session) -> Iterator[Flaw]:
    """Tables, indices and triggers that are not those of this version, and values of another kind."""
    with session.read() as connection:
        if connection.dialect.name == "sqlite":
            yield from _shape(connection)
            for table in schema.metadata.sorted_tables:
                yield from _kinds(connection, table)
        else:
            yield from _guards(connection)


def _shape(connection: Connection) -> Iterator[Flaw]:
    """Against a store that is made here and now."""
    there, made = _shape_of(connection), _made()
    for kind, name in sorted(made.keys() | there.keys()):
        if there.get((kind, name)) != made.get((kind, name)):
            how = "is gone" if (kind, name) not in there else "is not as this version makes it"
            yield Flaw(_WHERE, f"{kind} {name} {how}")


def _shape_of(connection: Connection) -> dict[tuple[str, str], str]:
    return {(kind, name): sql for kind, name, sql in connection.execute(text(_SHAPE))}


@cache
def _made() -> dict[tuple[str, str], str]:
    engine = dialect.sqlite_engine(None)
    try:
        with engine.connect() as connection, connection.begin():
            migrate(connection, 0, schema.VERSION)
            return _shape_of(connection)
    finally:
        engine.dispose()


def _kinds(connection: Connection, table: Table) -> Iterator[Flaw]:
    """SQLite keeps any value in any column, and what is read of it may be taken for another."""
    key = next(iter(table.primary_key)).name
    wrong = " OR ".join(_other_kind(one) for one in table.columns)
    query = f'SELECT "{key}" FROM {table.name} WHERE {wrong} LIMIT 20'  # noqa: S608 - names of our own schema
    for (row,) in connection.execute(text(query)):
        yield Flaw(_WHERE, f"row {row!r} of {table.name} holds a value of another kind than its column")


def _other_kind(column: Column[object]) -> str:
    kind = column.type
    wanted = (
        "integer" if isinstance(kind, Integer | Boolean) else "real" if isinstance(kind, Float) else "text"
    )
    named = f'typeof("{column.name}")'
    allowed = f"'{wanted}', 'null'" if column.nullable else f"'{wanted}'"
    wrong = f"{named} NOT IN ({allowed})"
    return f'{wrong} OR "{column.name}" NOT IN (0, 1)' if isinstance(kind, Boolean) else wrong


def _guards(connection: Connection) -> Iterator[Flaw]:
    """Each table has its one trigger, switched on and doing what it was made for."""
    found: dict[str, list[bool]] = {}
    for table, holds in connection.execute(text(_GUARDS), {"source": dialect.GUARD}):
        found.setdefault(table, []).append(holds)
    for table in schema.metadata.tables:
        if found.get(table) != [True]:
            yield Flaw(
                _WHERE, f"the trigger that keeps the rows of {table} as they are is not as it was made"
            )
