"""A zip file as a folder: nothing is unpacked to disk, and no file of it is believed before it is read.

A few kilobytes of zip can claim terabytes: the list of files, each file's size and how much it grows
when unpacked are bounded before a byte is unpacked, and the unpacking itself stops at the bound.
"""

import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from scanner.capture.files import printable, why
from scanner.capture.limits import limits
from scanner.capture.pairing import natural
from scanner.capture.shelf import check_inside
from scanner.errors import ImageError, InputError

_END, _END_64 = b"PK\5\6", b"PK\6\6"
_TAIL = 65536 + 22 + 20 + 56  # the last record, its comment, and the two of ZIP64 (APPNOTE 4.3.14-16)
_LOCKED = 1  # bit of the flags (APPNOTE 4.4.4)
_BROKEN = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    LookupError,
)
_UNPACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others need much memory or are rare


def is_zip(path: Path) -> bool:
    """True if the file begins as a zip file does, whatever its name."""
    try:
        with path.open("rb") as file:
            return file.read(4) in {b"PK\3\4", _END}
    except OSError:
        return False


class Zipped:
    """The files in a zip file, under their whole names; InputError if it is none or is cut short."""

    def __init__(self, path: Path) -> None:
        shown = printable(str(path))
        try:
            with path.open("rb") as file:
                _check_list(file)
            self._zip = ZipFile(path)
        except ImageError as error:
            raise InputError(f"The zip file {shown} {error}.") from error
        except _BROKEN as error:
            raise InputError(f"The zip file {shown} is damaged or cut short: {why(error)}.") from error
        infos = [one for one in self._zip.infolist() if not one.is_dir()]
        if len(infos) > limits().max_files:
            raise InputError(f"The zip file {shown} has more than {limits().max_files} files.")
        self._infos = _named(infos)
        self._often = Counter(one.filename for one in infos)

    def names(self) -> list[str]:
        """Whole names; the second of two equal ones gets a number."""
        return sorted(self._infos, key=natural)

    def flaw(self, name: str) -> str | None:
        """Two files of one name: nobody can say which of them was meant."""
        info = self._infos.get(name)
        twice = info is not None and self._often[info.filename] > 1
        return "is in the zip file more than once" if twice else None

    def read(self, name: str) -> bytes:
        """Unpacked in memory, to the last byte and its checksum."""
        check_inside(name)
        info = self._infos.get(name)
        if info is None:
            raise ImageError("is not in the zip file")
        _check(info)
        try:
            with self._zip.open(info) as file:
                content = file.read(limits().max_file_bytes + 1)
        except _BROKEN as error:
            raise ImageError("is damaged inside the zip file") from error
        if len(content) != info.file_size:
            raise ImageError("is damaged inside the zip file")
        return content


def _named(infos: list[ZipInfo]) -> dict[str, ZipInfo]:
    """Each file under a name of its own: the second of two equal ones is `1F (2).jpg`."""
    own = {one.filename for one in infos}
    named: dict[str, ZipInfo] = {}
    for one in infos:
        path, name, count = PurePath(one.filename), one.filename, 1
        while name in named or (count > 1 and name in own):
            count += 1
            name = f"{path.parent / path.stem} ({count}){path.suffix}"
        named[name] = one
    return named


def _check(info: ZipInfo) -> None:
    bound = limits()
    if info.flag_bits & _LOCKED:
        raise ImageError("is locked with a password")
    if info.compress_type not in _UNPACKED:
        raise ImageError("is packed in a way that is not read; pack it anew with deflate")
    if info.file_size > bound.max_file_bytes:
        raise ImageError(f"has more than {bound.max_file_mib:g} MiB")
    if info.file_size > max(bound.max_image_bytes, bound.zip_ratio * info.compress_size):
        raise ImageError(f"grows more than {bound.zip_ratio:g} times when unpacked, which no scan does")


def _check_list(file: BinaryIO) -> None:
    """Refuse a list of files too long to be held: its size stands in the file's last record."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at, at_64 = tail.rfind(_END), tail.rfind(_END_64)
    listed = struct.unpack_from("<I", tail, at + 12)[0] if 0 <= at <= len(tail) - 22 else 0
    if 0 <= at_64 <= len(tail) - 56:
        listed = max(listed if listed != 0xFFFFFFFF else 0, struct.unpack_from("<Q", tail, at_64 + 40)[0])
    if listed > limits().max_image_bytes:
        raise ImageError("holds a list of files too long to be true")
