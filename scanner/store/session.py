"""One process's way into the database: reading, writing in turn, walking over many rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, Select

from scanner.store import dialect, rows, schema

PAGE = 500  # rows held in memory while walking over a whole count


class Session:
    """Every transaction of a store goes through here. What a database complains of is a StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing: Connection | None = None
        self._turn = RLock()  # one thread at a time

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One view of the store, inside the transaction under way if there is one."""
        with self._transaction() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """All that is written inside becomes durable together, or not at all."""
        with self._transaction(**dialect.WRITES) as connection:
            outer, self._writing = self._writing, connection
            try:
                yield connection
            finally:
                self._writing = outer

    @contextmanager
    def _transaction(self, **options: bool) -> Iterator[Connection]:
        with self._turn, rows.as_store_error():
            if self._writing is not None:
                yield self._writing
                return
            with self._engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A view of one moment, however long it is read, beside all that others do meanwhile.

        Inside the transaction under way if there is one.
        """
        with rows.as_store_error():
            if self._writing is not None:
                yield self._writing
                return
            level = {} if self._engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
            with self._engine.connect().execution_options(**level) as connection, connection.begin():
                yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A connection outside any transaction, for what a database does only there."""
        with self._turn, rows.as_store_error():
            raw = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            with raw.connect() as connection:
                yield connection

    def pages(self, query: Select[Any], by: Column[Any] = schema.sheets.c.seq) -> Iterator[list[Row[Any]]]:
        """Rows by the page in the order of a unique column of the query, each page after the last row seen.

        No cursor stays open while others write, and memory does not grow with the count.
        """
        page = query.order_by(by).limit(PAGE)
        while True:
            with self.read() as connection:
                found = list(connection.execute(page))
            if not found:
                return
            yield found
            page = query.where(by > getattr(found[-1], by.key)).order_by(by).limit(PAGE)
