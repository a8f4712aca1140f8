"""Where files lie: a folder, or a zip file that stands for one. Names in, bytes out."""

import os
from pathlib import Path
from typing import Protocol

from scanner.capture.files import printable, read_whole, why
from scanner.capture.limits import limits
from scanner.capture.pairing import natural
from scanner.errors import ImageError, InputError


class Shelf(Protocol):
    """Files by name."""

    def names(self) -> list[str]:
        """All names in natural order; InputError if they cannot be listed or are too many."""
        ...

    def flaw(self, name: str) -> str | None:
        """Why a file cannot count as an image whatever it holds, as the end of a sentence; None if it may."""
        ...

    def read(self, name: str) -> bytes:
        """The whole file; ImageError with the end of a sentence if it cannot be read or is too large."""
        ...


class Folder:
    """A folder of the file system. What lies in folders inside it is not looked at."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """As the file system lists them."""
        shown = printable(str(self._path))
        try:
            with os.scandir(self._path) as entries:
                names = [one.name for one, _ in zip(entries, range(limits().max_files + 1), strict=False)]
        except OSError as error:
            raise InputError(f"The folder {shown} cannot be listed: {why(error)}.") from error
        if len(names) > limits().max_files:
            raise InputError(f"The folder {shown} has more than {limits().max_files} files.")
        return sorted(names, key=natural)

    def flaw(self, name: str) -> str | None:  # noqa: ARG002 - a folder cannot hold a name twice
        """None: the file itself will tell."""
        return None

    def read(self, name: str) -> bytes:
        """The file, which a manifest may have named."""
        check_inside(name)
        return read_whole(self._path / name)


def check_inside(name: str) -> None:
    """ImageError if the name leads out of the place it is given for."""
    if name in {".", ".."} or Path(name).is_absolute() or ".." in Path(name).parts or "\0" in name:
        raise ImageError("is a name that leads out of the folder")
