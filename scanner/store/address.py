"""Where a store lies: the words of `--store` taken apart into a database and a place for images."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from scanner.errors import StoreError
from scanner.store import dialect
from scanner.store.images import FolderImages, Images, MemoryImages
from scanner.store.object_images import SCHEME, ObjectImages

MEMORY = ":memory:"
_SERVER = ("postgresql:", "postgres:")
_ASKED = "?images="


@dataclass(frozen=True, slots=True)
class Place:
    """A database and images, not opened yet. `shown` names them to people, without a password."""

    engine: Engine
    images: Images
    shown: str
    file: Path | None = None  # of the database; None in memory and on a server


def place_of(url: str, folder: Path | None = None) -> Place:
    """The place at `sqlite:FILE`, `sqlite::memory:` or `postgresql://…`.

    Images lie in `folder`, else where `?images=FOLDER` or `?images=s3://BUCKET/PREFIX` says, else in
    `FILE.images` beside the database. StoreError for any other address, and for a server without images.
    """
    if server := server_of(url):
        images = FolderImages(folder) if folder else _images(_images_of(_server(url)))
        return Place(dialect.postgresql_engine(server), images, _shown(server))
    file, named = _file(url)
    shown = url.removesuffix(f"{_ASKED}{named}")
    return Place(dialect.sqlite_engine(file), _images_beside(file, folder, named), shown, file)


def beside(url: str, ending: str) -> Path | None:
    """`FILE.<ending>` beside the database or the images of a server; None for a store in memory.

    StoreError as `place_of`, and for a server whose images lie in no folder of this machine.
    """
    if not url.startswith(_SERVER):
        file, _ = _file(url)
        return None if file is None else file.with_name(f"{file.name}.{ending}")
    address = _server(url)
    named = _images_of(address)
    if named.startswith(SCHEME):
        raise StoreError(
            f"{_shown(address)} has no folder on this machine: say where with --{ending} FOLDER."
        )
    return Path(named).with_suffix(f".{ending}")


def server_of(url: str) -> URL | None:
    """The server's address in the words of its own driver; None for a store that is a file or in memory."""
    return _server(url).difference_update_query(["images"]) if url.startswith(_SERVER) else None


def _server(url: str) -> URL:
    try:
        return make_url(url.replace("postgres:", "postgresql:", 1))
    except (ArgumentError, ValueError) as error:
        raise StoreError("The address of the store is none: write postgresql://USER@HOST/NAME.") from error


def _images_of(address: URL) -> str:
    named = address.query.get("images")
    if not isinstance(named, str) or not named:
        raise StoreError(
            f"{_shown(address)} does not say where images lie: add ?images=FOLDER or ?images=s3://BUCKET/PREFIX."
        )
    return named


def _shown(address: URL) -> str:
    """The address without its password."""
    return address.set(query={}).render_as_string(hide_password=True)


def _file(url: str) -> tuple[Path | None, str]:
    """The database file, None for memory; and where its images are asked to lie."""
    scheme, _, rest = url.partition(":")
    name, _, named = rest.partition(_ASKED)
    if scheme != "sqlite" or not name:
        raise StoreError(
            f"The store {url!r} cannot be opened: this build supports sqlite:FILE and postgresql://…."
        )
    return (None if name == MEMORY else Path(name)), named


def _images_beside(file: Path | None, folder: Path | None, named: str) -> Images:
    if folder is not None or named:
        return FolderImages(folder) if folder else _images(named)
    return MemoryImages() if file is None else FolderImages(file.with_name(f"{file.name}.images"))


def _images(named: str) -> Images:
    return ObjectImages(named) if named.startswith(SCHEME) else FolderImages(Path(named))
