"""Opening a store: is it there, is it ours, is it of this version."""

from pathlib import Path

from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from scanner.errors import StoreError
from scanner.store import dialect, schema
from scanner.store.images import FolderImages, Images, MemoryImages
from scanner.store.rows import cause
from scanner.store.store import Store

MEMORY = ":memory:"


def open_store(url: str, images_folder: Path | None = None, *, create: bool = True) -> Store:
    """The store at `sqlite:FILE` or `sqlite::memory:`, made if it is not there and `create` is set.

    Images go to `images_folder`, else to `FILE.images` beside the database (in memory for
    `sqlite::memory:`). Raises StoreError for any other address, a file that cannot be written,
    a database that is not ours or that a newer version made.
    """
    path = _file(url)
    if path is not None:
        _check_place(path, create=create)
    engine = dialect.sqlite_engine(path)
    try:
        _prepare(engine, url)
    except SQLAlchemyError as error:
        raise StoreError(f"{url} cannot be opened: {cause(error)}.") from error
    return Store(engine, _images(path, images_folder))


def beside(url: str, ending: str) -> Path | None:
    """`FILE.<ending>` beside the database; None for a store in memory. StoreError as `open_store`."""
    path = _file(url)
    return None if path is None else path.with_name(f"{path.name}.{ending}")


def _file(url: str) -> Path | None:
    scheme, _, name = url.partition(":")
    if scheme != "sqlite" or not name:
        raise StoreError(f"The store {url!r} cannot be opened: this build supports sqlite:FILE.")
    return None if name == MEMORY else Path(name)


def _check_place(path: Path, *, create: bool) -> None:
    if not path.parent.is_dir():
        raise StoreError(f"The store {path} cannot be opened: there is no folder {path.parent}.")
    if path.exists() and not path.is_file():
        raise StoreError(f"The store {path} cannot be opened: it is not a file.")
    if not create and not (path.exists() and path.stat().st_size):
        raise StoreError(f"There is no store at {path}. Scan first, or check the name.")


def _images(path: Path | None, folder: Path | None) -> Images:
    if folder is not None:
        return FolderImages(folder)
    return MemoryImages() if path is None else FolderImages(path.with_name(path.name + ".images"))


def _prepare(engine: Engine, url: str) -> None:
    tables = set(inspect(engine).get_table_names())
    if not tables:
        _create(engine)
    elif schema.about.name not in tables:
        raise StoreError(f"{url} is a database of another program; choose another file.")
    with engine.connect() as connection:
        version = connection.execute(select(func.max(schema.about.c.version))).scalar_one()
    if version > schema.VERSION:
        raise StoreError(f"{url} was made by a newer valgskanner (schema {version}); install that one.")
    if version < schema.VERSION:
        _grow(engine)


def _grow(engine: Engine) -> None:
    """The tables that a store of an older version lacks; its rows stay as they are."""
    with engine.connect().execution_options(**dialect.WRITES) as connection, connection.begin():
        there = set(inspect(connection).get_table_names())
        new = [one for one in schema.metadata.sorted_tables if one.name not in there]
        schema.metadata.create_all(connection, new)
        for table in new:
            dialect.make_append_only(connection, table)
        connection.execute(dialect.insert_new(schema.about), {"version": schema.VERSION})


def _create(engine: Engine) -> None:
    """All tables in one transaction: a store is whole or not there."""
    dialect.use_wal(engine)
    with engine.connect().execution_options(**dialect.WRITES) as connection, connection.begin():
        if inspect(connection).has_table(schema.about.name):
            return  # another process was first
        schema.metadata.create_all(connection)
        for table in schema.metadata.sorted_tables:
            dialect.make_append_only(connection, table)
        connection.execute(schema.about.insert().values(version=schema.VERSION))
