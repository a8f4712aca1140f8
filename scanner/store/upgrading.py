"""An older store taken to the tables of this version: backup first, verified, then all in one transaction.

The backup is still of the older version: the program that made the store opens it as ever.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table

from scanner.audit.chain import Flaw, Head
from scanner.audit.events import Act
from scanner.errors import AuditError, StoreError
from scanner.store import acts, grants, rows, schema
from scanner.store.address import Place, place_of
from scanner.store.backup import backup_in
from scanner.store.codec import encode
from scanner.store.migrations import FIRST, migrate
from scanner.store.moving import copy_images, copy_rows
from scanner.store.opening import age, found_version, make_store
from scanner.store.session import Session
from scanner.store.verification import Verification, first

MOST = 20  # flaws told


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: from which version to which, and where the chain ended before."""

    since: int
    to: int
    before: Head
    images: int


class _TakenBackError(Exception):
    """Ends a transaction without keeping what was done in it."""


def upgrade(url: str, backup: Path, people: tuple[str, ...] = ()) -> Upgraded:
    """Take the store to this version, after a backup into a folder.

    Nothing is changed unless the backup, and the store as it will be, hold: AuditError else. StoreError
    if there is no store, if it is of this version, newer or has no chain, and if anybody adds to it
    meanwhile.
    """
    place = place_of(url)
    with closing(Session(place.engine)) as session:
        return _upgraded(session, place, backup, people)


def _upgraded(session: Session, place: Place, backup: Path, people: tuple[str, ...]) -> Upgraded:
    since = _since(place)
    with backup_in(backup) as copy:
        make_store(copy.engine, copy.shown, since)
        with closing(Session(copy.engine)) as made:
            copy_rows(session, made, _tables(session))
            with made.read() as connection:
                before = acts.head(connection)
            with _taken_back(made) as connection:
                _take_on(connection, since, people)
                images = copy_images(made, place.images, copy.images)
                _check(Verification(made, copy.images, tuple).flaws(), "backup")
        with session.write() as connection:
            if acts.head(connection) != before:
                raise StoreError("Somebody adds to the store: stop all stations, and upgrade again.")
            _take_on(connection, since, people)
            _check(Verification(session, place.images, tuple).flaws(images=False), "upgraded store")
    return Upgraded(since, schema.VERSION, before, images)


def _since(place: Place) -> int:
    version = None if place.file is not None and not place.file.exists() else found_version(place)
    if version is None:
        raise StoreError(f"There is no store at {place.shown}. Check the name.")
    if version == schema.VERSION:
        raise StoreError(f"{place.shown} is of this version already (schema {version}).")
    if not FIRST <= version < schema.VERSION:
        raise StoreError(f"{place.shown} was made by {age(version)}")
    return version


def _tables(session: Session) -> list[Table]:
    """The tables as they are there, in an order in which each finds those it points to."""
    found = MetaData()
    with session.read() as connection:
        found.reflect(connection)
    return [one for one in found.sorted_tables if one.name != schema.about.name]


@contextmanager
def _taken_back(session: Session) -> Iterator[Connection]:
    """Whatever is done inside is as if it never was."""
    with suppress(_TakenBackError), session.write() as connection:
        yield connection
        raise _TakenBackError


def _take_on(connection: Connection, since: int, people: tuple[str, ...]) -> None:
    migrate(connection, since, schema.VERSION)
    step = (since, schema.VERSION)
    rows.add_statement(connection, Act.STORE_UPGRADED, people, "schema {} to {}".format(*step), encode(step))
    if connection.dialect.name == "postgresql":
        grants.renew(connection)


def _check(flaws: Iterator[Flaw], what: str) -> None:
    if found := first(flaws, MOST):
        told = "; ".join(f"{one.where}: {one.what}" for one in found)
        raise AuditError(f"Nothing was changed, for the {what} does not hold: {told}.")
