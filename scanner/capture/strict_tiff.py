"""Damage in a TIFF that other readers pass over: one flipped bit in a fax page shifts or whitens its rest.

Measured on 2026-11-22 on a group 4 page of 46 KB, 150 damages of each kind. Pillow accepts all; the
strictest ready-made reader accepts 44 % of single flipped bits. libtiff notices nearly all of them
(90 % of flipped bits, all runs of zeroed bytes) but only says so in a warning, and goes on. Here its
warnings count. What passes even so is a legal fax page that differs in some pixels: fax has no sum.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_ssize_t, c_uint32, c_uint64, c_void_p
from functools import cache
from pathlib import Path

import PIL

from scanner.capture.limits import limits
from scanner.errors import ImageError

_READ = CFUNCTYPE(c_ssize_t, c_void_p, c_void_p, c_ssize_t)
_SEEK = CFUNCTYPE(c_uint64, c_void_p, c_uint64, c_int)
_CLOSE = CFUNCTYPE(c_int, c_void_p)
_SIZE = CFUNCTYPE(c_uint64, c_void_p)
_MAP = CFUNCTYPE(c_int, c_void_p, POINTER(c_void_p), POINTER(c_uint64))
_UNMAP = CFUNCTYPE(None, c_void_p, c_void_p, c_uint64)
_SAID = CFUNCTYPE(c_int, c_void_p, c_void_p, c_char_p, c_char_p, c_void_p)

# (arguments, result) of what is called, from tiffio.h of libtiff 4.5, the first with handlers for each file
_CALLS = {
    "TIFFOpenOptionsAlloc": ([], c_void_p),
    "TIFFOpenOptionsFree": ([c_void_p], None),
    "TIFFOpenOptionsSetMaxSingleMemAlloc": ([c_void_p, c_ssize_t], None),
    "TIFFOpenOptionsSetErrorHandlerExtR": ([c_void_p, _SAID, c_void_p], None),
    "TIFFOpenOptionsSetWarningHandlerExtR": ([c_void_p, _SAID, c_void_p], None),
    "TIFFClientOpenExt": (
        [c_char_p, c_char_p, c_void_p, _READ, _READ, _SEEK, _CLOSE, _SIZE, _MAP, _UNMAP, c_void_p],
        c_void_p,
    ),
    "TIFFClose": ([c_void_p], None),
    "TIFFSetDirectory": ([c_void_p, c_uint32], c_int),
    "TIFFIsTiled": ([c_void_p], c_int),
    "TIFFNumberOfStrips": ([c_void_p], c_uint32),
    "TIFFNumberOfTiles": ([c_void_p], c_uint32),
    "TIFFStripSize64": ([c_void_p], c_uint64),
    "TIFFTileSize64": ([c_void_p], c_uint64),
    "TIFFReadEncodedStrip": ([c_void_p, c_uint32, c_void_p, c_ssize_t], c_ssize_t),
    "TIFFReadEncodedTile": ([c_void_p, c_uint32, c_void_p, c_ssize_t], c_ssize_t),
}


def check(data: bytes, page: int) -> None:
    """ImageError with the end of a sentence if the page cannot be unpacked without a murmur."""
    library = _library()
    if library is None:
        raise ImageError("is a packed TIFF, and libtiff, which would see its damage, is not on this machine")
    with _opened(library, data) as (tiff, said):
        if not tiff or not library.TIFFSetDirectory(tiff, page):
            raise ImageError("is a damaged TIFF")
        said.clear()  # odd tags are warned of as well; they are no damage
        tiles = bool(library.TIFFIsTiled(tiff))
        count = (library.TIFFNumberOfTiles if tiles else library.TIFFNumberOfStrips)(tiff)
        size = (library.TIFFTileSize64 if tiles else library.TIFFStripSize64)(tiff)
        read = library.TIFFReadEncodedTile if tiles else library.TIFFReadEncodedStrip
        if not 0 < size <= limits().max_file_bytes or not 0 < count <= limits().max_megapixels * 1e6:
            raise ImageError("is a TIFF in pieces of impossible size")
        buffer = ctypes.create_string_buffer(size)
        for piece in range(count):
            if read(tiff, piece, buffer, size) < 0 or said:
                raise ImageError(f"is a damaged TIFF ({_plain(said)})")


def available() -> bool:
    """True if this machine has a libtiff that tells damage."""
    return _library() is not None


@contextmanager
def _opened(library: ctypes.CDLL, data: bytes) -> Iterator[tuple[int | None, list[str]]]:
    """A handle of libtiff's on the bytes, None if they are no TIFF to it, and what it says meanwhile."""
    said: list[str] = []

    def hear(_tiff: int, _user: int, _module: bytes, text: bytes, _arguments: int) -> int:
        said.append((text or b"").decode("latin-1"))
        return 1  # heard: nothing goes to stderr

    memory, heard = _Memory(data), _SAID(hear)
    options = library.TIFFOpenOptionsAlloc()
    library.TIFFOpenOptionsSetMaxSingleMemAlloc(options, limits().max_file_bytes)
    library.TIFFOpenOptionsSetErrorHandlerExtR(options, heard, None)
    library.TIFFOpenOptionsSetWarningHandlerExtR(options, heard, None)
    tiff = library.TIFFClientOpenExt(b"", b"r", None, *memory.calls, options)
    library.TIFFOpenOptionsFree(options)
    try:
        yield tiff, said
    finally:
        if tiff:
            library.TIFFClose(tiff)


class _Memory:
    """Bytes as a file that libtiff reads, most of it in place."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._address = ctypes.cast(c_char_p(data), c_void_p).value or 0
        self.calls = (
            _READ(self._read),
            _READ(lambda *_: -1),
            _SEEK(self._seek),
            _CLOSE(lambda _: 0),
            _SIZE(lambda _: len(data)),
            _MAP(self._map),
            _UNMAP(lambda *_: None),
        )

    def _read(self, _handle: int, place: int, size: int) -> int:
        part = self._data[self._at : self._at + max(size, 0)]
        ctypes.memmove(place, part, len(part))
        self._at += len(part)
        return len(part)

    def _seek(self, _handle: int, offset: int, whence: int) -> int:
        self._at = offset + (0, self._at, len(self._data))[whence]
        return self._at

    def _map(self, _handle: int, base: "ctypes._Pointer[c_void_p]", size: "ctypes._Pointer[c_uint64]") -> int:
        base[0], size[0] = c_void_p(self._address), c_uint64(len(self._data))
        return 1


@cache
def _library() -> ctypes.CDLL | None:
    """The system's libtiff (tesseract brings it), else the one inside Pillow; None if neither is there."""
    around = Path(PIL.__file__).parent
    inside = [*around.parent.glob("pillow.libs/libtiff*"), *around.glob(".dylibs/libtiff*")]
    for name in ("libtiff.so.6", *map(str, inside), "libtiff.6.dylib", "libtiff.dll"):
        try:
            library = ctypes.CDLL(name)
            for call, (arguments, result) in _CALLS.items():
                getattr(library, call).argtypes, getattr(library, call).restype = arguments, result
        except (OSError, AttributeError):
            continue
        return library
    return None


def _plain(said: list[str]) -> str:
    """The first thing it said, without the numbers it would have filled in."""
    words = [one for one in (said[0] if said else "no reason given").split() if "%" not in one]
    return " ".join(words).strip(" .,:(").lower()[:60] or "no reason given"
