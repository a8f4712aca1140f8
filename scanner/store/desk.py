"""Who may log in, who is logged in, and what was refused: kept beside the count, never part of it.

These rows change (a person is locked out, a session ends), so they have a database of their own:
`FILE.desk` beside a SQLite store, the schema `desk` on PostgreSQL. No word of a ballot stands here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
    update,
)

from scanner.errors import UsageError
from scanner.people import Language, Person, Role, key_of
from scanner.store import dialect, rows
from scanner.store.address import place_of

metadata = MetaData()

_people = Table(
    "desk_people",
    metadata,
    Column("key", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String, nullable=False),
    Column("language", String, nullable=False),
    Column("password", Text, nullable=False),  # argon2id, never the password
    Column("revoked", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),  # wrong passwords in a row
    Column("locked_until", Integer, nullable=False),  # s since 1970
)

_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token", String(64), primary_key=True),  # sha256 of the cookie: reading this opens no door
    Column("person", String, nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("seen", Integer, nullable=False),  # s since 1970
)

_log = Table(
    "desk_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Integer, nullable=False),  # s since 1970
    Column("what", String, nullable=False),
    Column("who", Text, nullable=False),
    Column("where", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what decides whether they may come in."""

    person: Person
    password: str  # argon2id
    revoked: bool
    failures: int
    locked_until: int  # s since 1970


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who is logged in. `csrf` must come with everything they do."""

    person: Person
    csrf: str
    token: str  # sha256 of the cookie


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that was refused, or that changed who may come in."""

    at: int  # s since 1970
    what: str
    who: str
    where: str


class Desk:
    """The way to these rows. Every method raises StoreError if the database cannot do it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with rows.as_store_error(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        options = self._options()
        with (
            rows.as_store_error(),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def _options(self) -> dict[str, bool]:
        return dialect.WRITES if self._engine.dialect.name == "sqlite" else {}

    # people

    def add(self, person: Person, password: str) -> None:
        """A new person; UsageError if somebody has the name already."""
        with self._write() as connection:
            if connection.execute(select(_people.c.key).where(_people.c.key == person.key)).first():
                raise UsageError(f"There is a person called {person.name} already; names must differ.")
            row = {"key": person.key, "name": person.name, "role": person.role.value, "password": password}
            fresh = {"language": person.language.value, "revoked": False, "failures": 0, "locked_until": 0}
            connection.execute(insert(_people), row | fresh)

    def change(self, name: str, *, password: str | None = None, revoked: bool | None = None) -> None:
        """Set a new password, or let a person in no more. Both end what sessions the person has."""
        given = {"password": password, "revoked": revoked}
        values = {key: value for key, value in given.items() if value is not None}
        self._update(name, failures=0, locked_until=0, **values)
        with self._write() as connection:
            connection.execute(delete(_sessions).where(_sessions.c.person == key_of(name)))

    def speak(self, person: Person, language: Language) -> None:
        """The language of a person's pages."""
        self._update(person.name, language=language.value)

    def failed(self, name: str, until: int) -> None:
        """One more wrong password in a row; `until` (s since 1970): locked, 0 for not yet."""
        self._update(name, failures=_people.c.failures + 1, locked_until=until)

    def _update(self, name: str, **values: object) -> None:
        with self._write() as connection:
            changed = connection.execute(
                update(_people).where(_people.c.key == key_of(name)).values(**values)
            )
            if not changed.rowcount:
                raise UsageError(f"There is no person called {name}.")

    def account(self, name: str) -> Account | None:
        """The account of that name."""
        return next(iter(self._accounts(key_of(name))), None)

    def accounts(self) -> tuple[Account, ...]:
        """All accounts, by name."""
        return self._accounts(None)

    def _accounts(self, key: str | None) -> tuple[Account, ...]:
        query = select(_people).order_by(_people.c.key)
        with self._read() as connection:
            found = connection.execute(query if key is None else query.where(_people.c.key == key)).all()
        return tuple(
            Account(
                Person(one.name, Role(one.role), Language(one.language)),
                one.password,
                bool(one.revoked),
                one.failures,
                one.locked_until,
            )
            for one in found
        )

    # sessions

    def begin(self, visit: Visit, now: int) -> None:
        """The person has given the right password."""
        row = {"token": visit.token, "person": visit.person.key, "csrf": visit.csrf, "seen": now}
        with self._write() as connection:
            connection.execute(insert(_sessions), row)
            key = _people.c.key == visit.person.key
            connection.execute(update(_people).where(key).values(failures=0, locked_until=0))

    def visit(self, token: str, now: int, idle_s: int) -> Visit | None:
        """Who holds this session; None if it ended, or nobody used it for `idle_s` seconds."""
        mine = _sessions.c.token == token
        with self._read() as connection:
            found = connection.execute(select(_sessions).where(mine)).first()
        if found is None:
            return None
        if now - found.seen > idle_s:
            self.end(token)
            return None
        if now - found.seen > idle_s // 60:  # not at every picture of a page
            with self._write() as connection:
                connection.execute(update(_sessions).where(mine).values(seen=now))
        account = self.account(found.person)
        return None if account is None or account.revoked else Visit(account.person, found.csrf, token)

    def end(self, token: str) -> None:
        """The person has left."""
        with self._write() as connection:
            connection.execute(delete(_sessions).where(_sessions.c.token == token))

    # the log

    def note(self, what: str, who: str, where: str, now: int) -> None:
        """Put on record what was refused, or who may come in now. Never a password or an opinion."""
        row = {"at": now, "what": what, "who": who[:200], "where": where[:500]}
        with self._write() as connection:
            connection.execute(insert(_log), row)

    def log(self, last: int = 200) -> tuple[Incident, ...]:
        """The latest incidents, newest first."""
        query = select(_log).order_by(_log.c.seq.desc()).limit(last)
        with self._read() as connection:
            return tuple(Incident(one.at, one.what, one.who, one.where) for one in connection.execute(query))


def open_desk(url: str) -> Desk:
    """The desk beside the store of that address, made if it is not there."""
    place = place_of(url, None)
    if place.file is not None:
        engine = dialect.sqlite_engine(place.file.with_name(f"{place.file.name}.desk"))
    elif place.engine.dialect.name == "sqlite":
        engine = dialect.sqlite_engine(None)
    else:
        engine = place.engine.execution_options(schema_translate_map={None: "desk"})
    with rows.as_store_error(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS desk"))
        metadata.create_all(connection)
    return Desk(engine)
