"""Opening a store: is it there, is it ours, is it of this version."""

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from scanner.errors import StoreError
from scanner.store import dialect, schema
from scanner.store.address import Place, beside, place_of, server_of
from scanner.store.migrations import FIRST, migrate
from scanner.store.rows import cause
from scanner.store.store import Store

__all__ = ["beside", "found_version", "make_store", "open_at", "open_store", "server_of"]


def open_store(url: str, images_folder: Path | None = None, *, create: bool = True) -> Store:
    """The store at an address as `place_of` takes it, made if it is not there.

    With `create` False a store must be there. Raises StoreError for any other address, a place
    that cannot be written or reached, a database that is not ours or of another version.
    """
    return open_at(place_of(url, images_folder), create=create)


def open_at(place: Place, *, create: bool = True) -> Store:
    """The store at a place. As `open_store`."""
    try:
        _ready(place, create=create)
    except StoreError:
        place.engine.dispose()
        raise
    return Store(place.engine, place.images)


def _ready(place: Place, *, create: bool) -> None:
    if place.file is not None:
        _check_place(place.file, create=create)
    version = found_version(place)
    if version is None:
        if not create:
            raise StoreError(f"There is no store at {place.shown}. Scan first, or check the name.")
        make_store(place.engine, place.shown)
    elif version != schema.VERSION:
        raise StoreError(f"{place.shown} was made by {age(version)}")


def age(version: int) -> str:
    """Who made a store of another version, and what to do about it."""
    if version > schema.VERSION:
        return f"a newer valgskanner (schema {version}); install that one."
    if version < FIRST:
        return f"an older valgskanner (schema {version}) without a chain of acts; read it with that one."
    return f"an older valgskanner (schema {version}); run valgskanner store upgrade, which keeps a backup."


def found_version(place: Place) -> int | None:
    """Which version the store is of, None if there is none. StoreError for what is no store of ours."""
    try:
        tables = inspect(place.engine).get_table_names()
        if not tables:
            return None
        if schema.about.name not in tables:
            raise StoreError(f"{place.shown} is a database of another program; choose another file.")
        with place.engine.connect() as connection:
            return int(connection.execute(select(func.max(schema.about.c.version))).scalar_one() or 0)
    except SQLAlchemyError as error:
        raise StoreError(f"{place.shown} cannot be opened: {cause(error)}.") from error


def _check_place(path: Path, *, create: bool) -> None:
    if not path.parent.is_dir():
        raise StoreError(f"The store {path} cannot be opened: there is no folder {path.parent}.")
    if path.exists() and not path.is_file():
        raise StoreError(f"The store {path} cannot be opened: it is not a file.")
    if not create and not (path.exists() and path.stat().st_size):
        raise StoreError(f"There is no store at {path}. Scan first, or check the name.")
    needed = not path.exists() or path.with_name(f"{path.name}-wal").exists()
    if needed and not os.access(path.parent, os.W_OK):
        raise StoreError(
            f"The store {path} cannot be opened: {path.parent} cannot be written; copy it elsewhere."
        )


def make_store(engine: Engine, shown: str, version: int = schema.VERSION) -> None:
    """All tables in one transaction: a store is whole or not there. StoreError if it cannot be made."""
    try:
        if engine.dialect.name == "sqlite":
            dialect.use_wal(engine)
        with engine.connect().execution_options(**dialect.WRITES) as connection, connection.begin():
            _make(connection, version)
    except SQLAlchemyError as error:
        raise StoreError(f"{shown} cannot be made: {cause(error)}.") from error


def _make(connection: Connection, version: int) -> None:
    if not inspect(connection).has_table(schema.about.name):  # else another process was first
        migrate(connection, 0, version)
