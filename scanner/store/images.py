"""Images as the scanner sent them, each kept once under its sha256."""

import os
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

from scanner.ballot import PageImage
from scanner.durable import sync_folder, write_part
from scanner.errors import StoreError


class OutOfReachError(StoreError):
    """The place of the images does not answer."""


class Images(Protocol):
    """A place for bytes that are named by their own sha256."""

    def put(self, digest: str, data: bytes, file: Path | None = None) -> None:
        """Keep the bytes; durable on return. `file`: holds the same bytes, durably, for a while."""

    def get(self, digest: str) -> bytes:
        """The bytes, checked. Raises StoreError if they are gone or not the same."""

    def holds(self, digest: str) -> bool:
        """True if there are bytes under this name, whole or not."""

    def forget(self, *digests: str) -> None:
        """Remove the bytes under these names for good, where there are any; durable on return."""


def put_all(images: Images, sides: Sequence[PageImage], files: Sequence[Path] = ()) -> list[str]:
    """Keep the images of a sheet; their sha256. `files` as in `put`, side by side, perhaps fewer."""
    hashes = [one.sha256 for one in sides]
    for digest, one, file in zip_longest(hashes, sides, files[: len(hashes)]):
        images.put(digest, one.data, file)
    return hashes


class MemoryImages:
    """For a store in memory: everything is gone when the process ends."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, digest: str, data: bytes, file: Path | None = None) -> None:  # noqa: ARG002
        """Keep the bytes as long as the store lives."""
        self._kept[digest] = data

    def get(self, digest: str) -> bytes:
        """The bytes. Raises StoreError if there are none."""
        if digest not in self._kept:
            raise StoreError(f"The image {digest} is missing from the store.")
        return self._kept[digest]

    def holds(self, digest: str) -> bool:
        """True if there are bytes under this name."""
        return digest in self._kept

    def forget(self, *digests: str) -> None:
        """Remove the bytes, where there are any."""
        for one in digests:
            self._kept.pop(one, None)


class FolderImages:
    """One file per image, `ab/cdef…`, so that no folder grows beyond what a file system likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, digest: str, data: bytes, file: Path | None = None) -> None:
        """Keep the bytes. A file under its final name is always whole, whenever the power goes."""
        path = self._path(digest)
        if _whole(path, digest):
            return
        try:
            self._shard(path.parent)
            if file is None or not _linked(path, file):
                _write_then_rename(path, data)
        except OSError as error:
            raise StoreError(
                f"The image folder {self.folder} cannot be written: {error.strerror}."
            ) from error

    def get(self, digest: str) -> bytes:
        """The bytes, compared with their name. Raises StoreError if gone or changed."""
        path = self._path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StoreError(f"The image {path} cannot be read: {error.strerror}.") from error
        if sha256(data).hexdigest() != digest:
            raise StoreError(f"The image {path} was changed after it was stored; restore it from a copy.")
        return data

    def holds(self, digest: str) -> bool:
        """True if there is a file under this name, whole or not."""
        return self._path(digest).exists()

    def forget(self, *digests: str) -> None:
        """Remove the files for good, where there are any. StoreError if the folder cannot be written."""
        there = [path for path in map(self._path, digests) if path.exists()]
        try:
            for path in there:
                path.unlink()
            for folder in {path.parent for path in there}:
                sync_folder(folder)
        except OSError as error:
            raise StoreError(f"Images in {self.folder} cannot be erased: {error.strerror}.") from error

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:]

    def _shard(self, shard: Path) -> None:
        if not shard.is_dir():
            shard.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder)
            sync_folder(self.folder.parent)


def _whole(path: Path, digest: str) -> bool:
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def _linked(path: Path, file: Path) -> bool:
    """A second name for bytes that lie on the same disk; False where that cannot be."""
    try:
        path.hardlink_to(file)
    except OSError:
        return False
    sync_folder(path.parent)
    return True


def _write_then_rename(path: Path, data: bytes) -> None:
    """.part, fsync, rename, fsync of the folder: the order that survives a power cut."""
    handle, part = tempfile.mkstemp(suffix=".part", dir=path.parent)  # a name that no other process has
    os.close(handle)
    write_part(Path(part), data)
    try:
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
