"""Opening a store: is it there, is it ours, is it of this version."""

from pathlib import Path

from sqlalchemy import URL, Engine, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from scanner.errors import StoreError
from scanner.store import dialect, schema
from scanner.store.images import FolderImages, Images, MemoryImages
from scanner.store.rows import cause
from scanner.store.store import Store

MEMORY = ":memory:"


def open_store(url: str, images_folder: Path | None = None, *, create: bool = True) -> Store:
    """The store at `sqlite:FILE`, `sqlite::memory:` or `postgresql://…`, made if it is not there.

    Images go to `images_folder`, else to `FILE.images` beside the database (in memory for
    `sqlite::memory:`); every station of a server names its folder: `postgresql://…/NAME?images=FOLDER`.
    With `create` False a store must be there. Raises StoreError for any other address, a place
    that cannot be written or reached, a database that is not ours or of another version.
    """
    if url.startswith(("postgresql:", "postgres:")):
        return _on_server(url, images_folder, create=create)
    path = _file(url)
    if path is not None:
        _check_place(path, create=create)
    engine = dialect.sqlite_engine(path)
    _ready(engine, url, create=True)
    return Store(engine, _images(path, images_folder))


def _on_server(url: str, folder: Path | None, *, create: bool) -> Store:
    address = _address(url)
    images = folder or _images_of(address)
    engine = dialect.postgresql_engine(address.difference_update_query(["images"]))
    _ready(engine, _shown(address), create=create)
    return Store(engine, FolderImages(images))


def _address(url: str) -> URL:
    try:
        return make_url(url.replace("postgres:", "postgresql:", 1))
    except (ArgumentError, ValueError) as error:
        raise StoreError("The address of the store is none: write postgresql://USER@HOST/NAME.") from error


def _images_of(address: URL) -> Path:
    named = address.query.get("images")
    if not isinstance(named, str) or not named:
        raise StoreError(f"{_shown(address)} does not say where images lie: add ?images=FOLDER.")
    return Path(named)


def _shown(address: URL) -> str:
    """The address without its password."""
    return address.set(query={}).render_as_string(hide_password=True)


def _ready(engine: Engine, shown: str, *, create: bool) -> None:
    try:
        _prepare(engine, shown, create=create)
    except SQLAlchemyError as error:
        raise StoreError(f"{shown} cannot be opened: {cause(error)}.") from error


def beside(url: str, ending: str) -> Path | None:
    """`FILE.<ending>` beside the database or the images of a server; None for a store in memory.

    StoreError as `open_store`.
    """
    if url.startswith(("postgresql:", "postgres:")):
        return _images_of(_address(url)).with_suffix(f".{ending}")
    path = _file(url)
    return None if path is None else path.with_name(f"{path.name}.{ending}")


def _file(url: str) -> Path | None:
    scheme, _, name = url.partition(":")
    if scheme != "sqlite" or not name:
        raise StoreError(
            f"The store {url!r} cannot be opened: this build supports sqlite:FILE and postgresql://…."
        )
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


def _prepare(engine: Engine, url: str, *, create: bool) -> None:
    tables = set(inspect(engine).get_table_names())
    if not tables and not create:
        raise StoreError(f"There is no store at {url}. Scan first, or check the name.")
    if not tables:
        _create(engine)
    elif schema.about.name not in tables:
        raise StoreError(f"{url} is a database of another program; choose another file.")
    with engine.connect() as connection:
        version = connection.execute(select(schema.about.c.version)).scalar_one()
    if version != schema.VERSION:
        age = "a newer" if version > schema.VERSION else "an older"
        raise StoreError(f"{url} was made by {age} valgskanner (schema {version}); install that one.")


def _create(engine: Engine) -> None:
    """All tables in one transaction: a store is whole or not there."""
    if engine.dialect.name == "sqlite":
        dialect.use_wal(engine)
    with engine.connect().execution_options(**dialect.WRITES) as connection, connection.begin():
        if inspect(connection).has_table(schema.about.name):
            return  # another process was first
        schema.metadata.create_all(connection)
        for table in schema.metadata.sorted_tables:
            dialect.make_append_only(connection, table)
        connection.execute(schema.about.insert().values(version=schema.VERSION))
