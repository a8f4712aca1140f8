"""A backup is a store of its own in one folder; the last one stays until the new one is whole."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scanner.durable import sync_folder
from scanner.errors import StoreError
from scanner.store import dialect
from scanner.store.address import Place, place_of
from scanner.store.rows import as_store_error

NAME = "count.db"


def kept_in(folder: Path, name: str = NAME) -> Place:
    """The backup in a folder."""
    return place_of(f"sqlite:{folder / name}", folder / f"{NAME}.images")


@contextmanager
def backup_in(folder: Path) -> Iterator[Place]:
    """Where to make a new backup; it takes the place of the last one when all went well.

    StoreError if the folder cannot be written.
    """
    part = folder / f"{NAME}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove(part)
        yield (place := kept_in(folder, part.name))
        with as_store_error():
            dialect.in_one_file(place.engine)
        part.replace(folder / NAME)
        sync_folder(folder)
    except OSError as error:
        raise StoreError(f"The backup in {folder} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            _remove(part)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
