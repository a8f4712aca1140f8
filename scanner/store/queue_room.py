"""Room for a queue of tasks beside the record, in the same PostgreSQL server: a schema of its own.

The queue holds no truth. What is unread is a question to the record, so a queue that is lost costs
nothing but time, and neither backup nor verification looks at it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from scanner.errors import StoreError, UsageError
from scanner.store import dialect
from scanner.store.rows import as_store_error, cause

_MAKING = 0x51554555  # the lock of those who make the room
_TURN = 0x5455524E  # ... of those who look through it


class QueueRoom:
    """A schema `name` for tables made by the statements `tables`, once, however many come at once.

    Raises UsageError for a store that is no server, StoreError if the server cannot do it.
    """

    def __init__(self, url: str, name: str, tables: str) -> None:
        if not url.startswith(("postgresql:", "postgres:")):
            raise UsageError("The county engine needs a store on a server: postgresql://USER@HOST/NAME.")
        address = make_url(url.replace("postgres:", "postgresql:", 1)).difference_update_query(["images"])
        self._engine = dialect.postgresql_engine(address)
        self.address = _within(self._engine, name)
        try:
            self._make(name, tables)
        except SQLAlchemyError as error:
            self.close()
            raise StoreError(
                f"The task queue cannot be made: {cause(error)}. The owner of the store makes it by starting "
                "a worker once, before store grant."
            ) from error

    def _make(self, name: str, tables: str) -> None:
        with self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
            if inspect(connection).has_schema(name):
                return
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
            connection.exec_driver_sql(f"SET LOCAL search_path TO {name}")
            connection.execution_options(no_parameters=True).exec_driver_sql(tables)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """True for the one process that may look through the queue now; False while another does."""
        with as_store_error(), self._engine.connect() as connection, connection.begin():
            query = f"SELECT pg_try_advisory_xact_lock({_TURN})"
            yield bool(connection.exec_driver_sql(query).scalar_one())

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()


def _within(engine: Engine, name: str) -> str:
    """The address as libpq takes it, with the schema as the only one that is looked in."""
    given = engine.dialect.create_connect_args(engine.url)[1]
    words = {name: f"{value}" for name, value in given.items() if isinstance(value, str | int)}
    words["options"] = f"{words.get('options', '')} -csearch_path={name}".strip()
    return make_conninfo(**words)
