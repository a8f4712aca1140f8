"""One image over from a TWAIN source: strip by strip through memory, or as a file. Nothing is believed.

A source writes into our buffer by itself, so it could write anything anywhere; what can be checked
is checked: behind each buffer stands a mark, each strip must fit the image that was told, and all
of it must stay below what a ballot can have.
"""

import ctypes as c
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from scanner.capture.events import Fault
from scanner.capture.limits import limits
from scanner.capture.twain_agreement import Agreement
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_limits import twain_limits
from scanner.capture.twain_pictures import from_group4, from_rows
from scanner.capture.twain_session import Session
from scanner.capture.twain_types import ImageInfo, Memory, MemoryTransfer, SetupFile, SetupMemory
from scanner.capture.twain_words import (
    ANY,
    ANY32,
    MEMORY_FLAGS,
    Compression,
    Dat,
    FileFormat,
    Mechanism,
    Msg,
    Pixel,
    Rc,
)

_MARK = b"\xa5here ends the buffer of a ballot\x5a"
_STRIP = (Rc.SUCCESS, Rc.XFERDONE)
_BITS = {Pixel.BW: 1, Pixel.GRAY: 8, Pixel.RGB: 24}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it came, and its size in px as the source told it; not positive: it did not tell."""

    data: bytes
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the source says of an image."""

    width: int
    length: int
    bits: int  # a pixel
    compression: int

    @property
    def row_bytes(self) -> int:
        """Bytes of one row without padding."""
        return (self.width * self.bits + 7) // 8


def fetch(session: Session, agreement: Agreement, until: float) -> Picture:
    """The image that is ready (state 6 → 7), by `until` (monotonic s).

    TwainError with BAD_IMAGE, SHORT_IMAGE, CONFIG, TIMEOUT or the source's own fault.
    """
    told = _told(session.image_info(), agreement)
    if agreement.way.mechanism is Mechanism.FILE:
        return Picture(_file(session, agreement), (told.width, told.length))
    if agreement.way.compression is Compression.NONE:
        return _bare(session, told, agreement, until)
    codes = _packed(session, told, until)
    if agreement.way.compression is Compression.GROUP4:
        if min(told.width, told.length) <= 0:
            info = session.image_info()  # some know the length only now
            told = _Told(info.width, info.length, info.bits, info.compression)
        if min(told.width, told.length) <= 0:
            raise TwainError(Fault.BAD_IMAGE, "The scanner does not tell how long its image is.")
        codes = from_group4(codes, told.width, told.length, agreement.settings.dpi)
    return Picture(codes, (told.width, told.length))


def _told(info: ImageInfo, agreement: Agreement) -> _Told:
    """What is told of the image, if it can be true and is what was agreed."""
    told = _Told(info.width, info.length, info.bits, info.compression)
    dpi = agreement.settings.dpi
    seen = info.x_resolution.value, info.y_resolution.value
    if any(one > 0 and abs(one - dpi) > 1 for one in seen):
        text = f"The scanner sends {seen[0]:g} × {seen[1]:g} dpi, agreed were {dpi}."
        raise TwainError(Fault.CONFIG, text)
    bare = agreement.way.compression is Compression.NONE
    if min(told.width, told.length) > 0 and _too_large(told, bare=bare):
        text = f"The scanner announces an image of {told.width} × {told.length} pixels of {told.bits} bits."
        raise TwainError(Fault.BAD_IMAGE, text)
    if bare and told.bits != _BITS[agreement.way.pixel]:
        raise TwainError(Fault.CONFIG, f"The scanner sends {told.bits} bits a pixel, which was not agreed.")
    if told.compression != agreement.way.compression and agreement.way.mechanism is Mechanism.MEMORY:
        text = (
            f"The scanner packs images in way {told.compression}, agreed was {agreement.way.compression:d}."
        )
        raise TwainError(Fault.CONFIG, text)
    return told


def _too_large(told: _Told, *, bare: bool) -> bool:
    if told.width * told.length > limits().max_megapixels * 1e6:
        return True
    return bare and told.row_bytes * told.length > limits().max_image_bytes


@dataclass(slots=True)
class _Strips:
    """The strips of one image, as they come."""

    session: Session
    until: float
    buffer: c.Array[c.c_char]
    size: int
    count: int = 0
    empty: int = 0
    total: int = 0

    @classmethod
    def of(cls, session: Session, until: float, row_bytes: int) -> "_Strips":
        """With a buffer of the size that the source likes best, within reason."""
        setup = SetupMemory()
        session.call("the size of a strip", Dat.SETUPMEMXFER, Msg.GET, setup)
        most, least = twain_limits().buffer_kib * 1024, twain_limits().least_buffer_kib * 1024
        if setup.least > most:
            raise TwainError(Fault.CONFIG, f"The scanner wants a buffer of {setup.least} bytes for a strip.")
        size = max(min(setup.preferred, most), setup.least, least, min(row_bytes, most))
        if least <= setup.most < size:
            size = setup.most
        buffer = c.create_string_buffer(size + len(_MARK))
        c.memmove(c.addressof(buffer) + size, _MARK, len(_MARK))
        return cls(session, until, buffer, size)

    def next(self) -> tuple[MemoryTransfer, memoryview, bool]:
        """A strip, its bytes, and whether it is the last."""
        strip = MemoryTransfer(ANY, *[ANY32] * 6, Memory(MEMORY_FLAGS, self.size, c.addressof(self.buffer)))
        code = self.session.call("an image", Dat.IMAGEMEMXFER, Msg.GET, strip, _STRIP)
        self.session.begun()
        self._check(strip.written, last=code == Rc.XFERDONE)
        return strip, self._seen()[: strip.written], code == Rc.XFERDONE

    def _seen(self) -> memoryview:
        return memoryview(self.buffer).cast("B")

    def _check(self, written: int, *, last: bool) -> None:
        if written > self.size or bytes(self._seen()[self.size :]) != _MARK:
            raise TwainError(Fault.BAD_IMAGE, f"The scanner wrote {written} bytes into {self.size}.")
        self.count, self.total = self.count + 1, self.total + written
        self.empty = 0 if written else self.empty + 1
        if self.total > limits().max_image_bytes:
            raise TwainError(Fault.BAD_IMAGE, f"The scanner sent {self.total} bytes and has not done yet.")
        endless = self.empty > twain_limits().empty_strips or self.count > twain_limits().max_strips
        if endless and not last:
            raise TwainError(Fault.BAD_IMAGE, f"The scanner sent {self.count} strips and has not done yet.")
        if not last and time.monotonic() > self.until:
            raise TwainError(Fault.TIMEOUT, "The scanner took too long over one image.")


def _packed(session: Session, told: _Told, until: float) -> bytes:
    """All bytes of a packed image."""
    strips = _Strips.of(session, until, 0)
    data, last = bytearray(), False
    while not last:
        _, part, last = strips.next()
        data += part
    if not data:
        raise TwainError(Fault.SHORT_IMAGE, f"An image of {told.width} × {told.length} pixels came empty.")
    return bytes(data)


def _bare(session: Session, told: _Told, agreement: Agreement, until: float) -> Picture:
    """All rows of an image that is not packed, without what pads them."""
    if told.width <= 0:
        raise TwainError(Fault.BAD_IMAGE, "The scanner does not tell how wide its image is.")
    strips = _Strips.of(session, until, told.row_bytes)
    data, rows, last = bytearray(), 0, False
    while not last:
        strip, part, last = strips.next()
        _check_strip(strip, told, rows)
        data += _rows(part, strip, told.row_bytes)
        rows += strip.rows
    if told.length > 0 and rows < told.length:
        raise TwainError(Fault.SHORT_IMAGE, f"{rows} rows of an image came, {told.length} were told.")
    wrapped = from_rows(data, told.width, rows, told.bits, ink_is_zero=agreement.ink_is_zero)
    return Picture(wrapped, (told.width, rows))


def _check_strip(strip: MemoryTransfer, told: _Told, rows: int) -> None:
    """A strip must be whole rows that follow on those before."""
    if not _fits(strip, told, rows):
        text = f"A strip of {strip.columns} × {strip.rows} pixels and {strip.written} bytes"
        raise TwainError(Fault.BAD_IMAGE, f"{text} does not fit an image {told.width} pixels wide.")
    if told.length > 0 and rows + strip.rows > told.length:
        text = f"More rows of an image came than the {told.length} that were told."
        raise TwainError(Fault.BAD_IMAGE, text)


def _fits(strip: MemoryTransfer, told: _Told, rows: int) -> bool:
    if not strip.rows:
        return not strip.written
    return (
        strip.columns == told.width
        and strip.bytes_per_row >= told.row_bytes
        and strip.written == strip.bytes_per_row * strip.rows
        and strip.x in {0, ANY32}
        and strip.y in {rows, ANY32}
    )


def _rows(part: memoryview, strip: MemoryTransfer, row_bytes: int) -> memoryview | bytes:
    if strip.bytes_per_row == row_bytes or not strip.rows:
        return part
    padded = np.frombuffer(part, np.uint8).reshape(strip.rows, strip.bytes_per_row)
    return padded[:, :row_bytes].tobytes()


def _file(session: Session, agreement: Agreement) -> bytes:
    """The file that the source writes; it is gone afterwards."""
    suffix = "jpg" if agreement.way.format is FileFormat.JFIF else "tif"
    with TemporaryDirectory(prefix="valgskanner-") as folder:
        path = Path(folder, f"side.{suffix}")
        setup = SetupFile(str(path).encode(), agreement.way.format or FileFormat.TIFF, 0)
        session.call("the name of a file", Dat.SETUPFILEXFER, Msg.SET, setup)
        session.call("an image", Dat.IMAGEFILEXFER, Msg.GET, None, (Rc.XFERDONE,))
        session.begun()
        try:
            long = path.stat().st_size
            if long > limits().max_image_bytes:
                raise TwainError(Fault.BAD_IMAGE, f"The scanner wrote a file of {long} bytes.")
            return path.read_bytes()
        except OSError as error:
            raise TwainError(Fault.SHORT_IMAGE, "The scanner wrote no file.") from error
