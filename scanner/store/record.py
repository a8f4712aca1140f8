"""The count as a whole: opened, closed, reopened; and the chain of all acts."""

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import func, select

from scanner.audit.chain import Head, Kept
from scanner.audit.events import SILENT, Act
from scanner.errors import StoreError
from scanner.store import acts, current, rows, schema
from scanner.store.codec import decode
from scanner.store.records import Statement
from scanner.store.session import Session

_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}


class Record:
    """Part of a `Store`. Every method raises StoreError if the database cannot do it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def state(self) -> Act | None:
        """Opened, closed or reopened, whichever came last; None before the count was opened."""
        with self._session.read() as connection:
            return rows.state(connection)

    def course(self) -> tuple[Statement, ...]:
        """Every time the count was opened, closed or reopened, oldest first."""
        table = schema.statements
        query = select(table).where(table.c.act.in_(rows.STATES)).order_by(table.c.seq)
        with self._session.read() as connection:
            found = connection.execute(query).all()
        return tuple(
            Statement(Act(one.act), decode(one.people, tuple[str, ...]), one.reason) for one in found
        )

    def open_count(self, people: tuple[str, ...]) -> None:
        """The zero report: two named people state that no box is in the store. StoreError if one is."""
        with self._session.write() as connection:
            if rows.state(connection) is not None or rows.read_boxes(connection):
                raise StoreError("The count cannot be opened: the store is not empty, or was opened before.")
            rows.add_statement(connection, Act.COUNT_OPENED, people)

    def close_count(self, people: tuple[str, ...], reason: str = "") -> None:
        """From now on nothing is added. StoreError without two people, or with ballots undecided."""
        with self._session.write() as connection:
            rows.check_open(connection)
            fed, decided = connection.execute(
                current.standing(func.count(schema.sheets.c.seq), func.count(current.decided))
            ).one()
            if decided < fed:
                raise StoreError(
                    f"The count cannot be closed: {fed - decided} of {fed} sheets are not decided."
                )
            rows.add_statement(connection, Act.COUNT_CLOSED, people, reason)

    def reopen_count(self, people: tuple[str, ...], reason: str) -> None:
        """Go on after closing: only by two named people, who say why. StoreError else."""
        with self._session.write() as connection:
            if rows.state(connection) is not Act.COUNT_CLOSED:
                raise StoreError("The count is not closed, so it cannot be reopened.")
            if not reason.strip():
                raise StoreError("A closed count is reopened only for a reason: say it with --reason.")
            rows.add_statement(connection, Act.COUNT_REOPENED, people, reason)

    def protocol_written(self, sha256: str) -> None:
        """Put on record that a protocol was written: the sha256 of its JSON. Once for the same numbers."""
        table = schema.statements
        query = select(table.c.body).where(table.c.act == Act.PROTOCOL_WRITTEN.value)
        with self._session.write() as connection:
            if connection.execute(query.order_by(table.c.seq.desc()).limit(1)).scalar_one_or_none() != sha256:
                rows.add_statement(connection, Act.PROTOCOL_WRITTEN, (), body=sha256)

    def sample(self, act: Act, people: tuple[str, ...], body: str) -> None:
        """Put on record that a sample was drawn, or what people read in it; also when the count is closed."""
        with self._session.write() as connection:
            rows.add_statement(connection, act, people, body=body)

    def samples(self, act: Act) -> tuple[tuple[tuple[str, ...], str], ...]:
        """What was said of samples, oldest first: (people, body)."""
        table = schema.statements
        query = select(table.c.people, table.c.body).where(table.c.act == act.value).order_by(table.c.seq)
        with self._session.read() as connection:
            found = connection.execute(query).all()
        return tuple((decode(row.people, tuple[str, ...]), row.body) for row in found)

    def file(self) -> tuple[str, str] | None:
        """Name and sha256 of the database file, all written; None on a server, or while others write."""
        with self._session.read() as connection:
            if connection.dialect.name != "sqlite":
                return None
            path = connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2]
        with self._session.alone() as connection:
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy or not path:
            return None
        try:
            with Path(path).open("rb") as file:
                return Path(path).name, file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise StoreError(f"The store {path} cannot be read: {error.strerror}.") from error

    def size(self) -> tuple[str, int]:
        """Which database it is, sqlite or postgresql, and the bytes it takes, without images."""
        with self._session.read() as connection:
            name = connection.dialect.name
            return name, int(connection.exec_driver_sql(_SIZE[name]).scalar_one())

    def head(self) -> Head:
        """Where the chain ends."""
        with self._session.read() as connection:
            return acts.head(connection)

    def basis(self) -> Head:
        """The last event that can change a number."""
        table = schema.acts
        query = select(table.c.number, table.c.hash).where(table.c.act.not_in(SILENT))
        with self._session.read() as connection:
            last = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
        return Head() if last is None else Head(last.number, last.hash)

    def chain(self) -> Iterator[Kept]:
        """Every link as it lies in the store, oldest first."""
        for page in self._session.pages(select(schema.acts), schema.acts.c.number):
            yield from (Kept(one.number, one.act, one.at, one.event, one.hash) for one in page)
