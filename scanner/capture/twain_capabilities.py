"""What is settled with a TWAIN source before paper moves, as a list in the order it must be asked.

Each line: ask, try to set, read back, record. What must hold and does not is refused with one
sentence; what a source lacks and we can do without is left. Order and reasons: colour before
depth before compression, since a source offers of each only what fits the one before.
"""

from dataclasses import dataclass
from enum import Enum

from scanner.capture.events import Fault, ScanSettings
from scanner.capture.twain_containers import Choice, Container, One, Several, Value, current, offers
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_limits import twain_limits
from scanner.capture.twain_session import Session
from scanner.capture.twain_values import get, now, put
from scanner.capture.twain_words import (
    CHOCOLATE,
    CHUNKY,
    COMPOUND,
    DOUBLE_FEED_STOP,
    INCHES,
    KEEP_BLANK,
    MSB_FIRST,
    VANILLA,
    Cap,
    Compression,
    DeviceEvent,
    FileFormat,
    Item,
    Mechanism,
    Pixel,
)

Held = Value | tuple[Value, ...]


class Need(Enum):
    """What follows if a value does not hold."""

    MUST = "must"  # the source is refused
    HOLD = "hold"  # refused if the source has the setting at all: its default would harm
    WISH = "wish"  # it is recorded


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to settle."""

    cap: Cap
    want: Container
    need: Need
    why: str = ""  # what the operator reads if it does not hold: "The scanner ..."


@dataclass(frozen=True, slots=True)
class Transfer:
    """A way for images to come over."""

    mechanism: Mechanism
    compression: Compression
    pixel: Pixel
    format: FileFormat | None = None


def before_picture(asked: ScanSettings) -> tuple[Line, ...]:
    """The feeder, both sides, all the paper, one sheet at a time."""
    sides = (
        "does not scan both sides in one pass" if asked.duplex else "scans both sides though one was asked"
    )
    return (
        _line(Cap.CAP_FEEDERENABLED, Item.BOOL, 1, Need.MUST, "has no document feeder"),
        _line(Cap.CAP_AUTOFEED, Item.BOOL, 1),
        _line(Cap.CAP_AUTOSCAN, Item.BOOL, 0),  # else it feeds ahead of us: more to put back after a fault
        _line(Cap.CAP_MAXBATCHBUFFERS, Item.UINT32, 1),  # where it cannot be switched off
        _line(
            Cap.CAP_DUPLEXENABLED,
            Item.BOOL,
            int(asked.duplex),
            Need.MUST if asked.duplex else Need.HOLD,
            sides,
        ),
        _line(Cap.CAP_XFERCOUNT, Item.INT16, -1, Need.MUST, "does not feed a whole stack"),
        _line(Cap.ICAP_UNITS, Item.UINT16, INCHES, Need.MUST, "does not measure in inches"),
    )


def picture(way: Transfer) -> tuple[Line, ...]:
    """How an image is made and comes over. Zero is black, but in bare bits, which PBM has the other way."""
    bits = way.pixel is Pixel.BW and way.compression is Compression.NONE
    depth = {Pixel.BW: 1, Pixel.GRAY: 8, Pixel.RGB: 24}[way.pixel]
    format_ = (
        (_line(Cap.ICAP_IMAGEFILEFORMAT, Item.UINT16, way.format, Need.MUST),)
        if way.format is not None
        else ()
    )
    return (
        _line(Cap.ICAP_XFERMECH, Item.UINT16, way.mechanism, Need.MUST),
        *format_,
        _line(Cap.ICAP_PIXELTYPE, Item.UINT16, way.pixel, Need.MUST),
        _line(Cap.ICAP_BITDEPTH, Item.UINT16, depth, Need.HOLD),
        _line(
            Cap.ICAP_COMPRESSION,
            Item.UINT16,
            way.compression,
            Need.MUST if way.compression is not Compression.NONE else Need.HOLD,
        ),
        _line(
            Cap.ICAP_PIXELFLAVOR,
            Item.UINT16,
            VANILLA if way.pixel is Pixel.BW else CHOCOLATE,
            Need.WISH if way.pixel is Pixel.BW else Need.HOLD,
        ),
        _line(Cap.ICAP_BITORDER, Item.UINT16, MSB_FIRST, Need.HOLD if bits else Need.WISH),
        _line(Cap.ICAP_BITORDERCODES, Item.UINT16, MSB_FIRST),
        _line(Cap.ICAP_PLANARCHUNKY, Item.UINT16, CHUNKY, Need.HOLD),
    )


def after_picture(asked: ScanSettings) -> tuple[Line, ...]:
    """Nothing cut, turned or thrown away; stop at a double feed; number the paper; tell of each image."""
    return (
        _line(Cap.ICAP_UNDEFINEDIMAGESIZE, Item.BOOL, 0),
        _line(Cap.ICAP_AUTOMATICBORDERDETECTION, Item.BOOL, 0, Need.HOLD, "cuts pictures at their edges"),
        _line(Cap.ICAP_AUTOMATICDESKEW, Item.BOOL, 0, Need.HOLD, "turns pictures by itself"),
        _line(Cap.ICAP_AUTOMATICROTATE, Item.BOOL, 0, Need.HOLD, "turns pictures by itself"),
        _line(
            Cap.ICAP_AUTODISCARDBLANKPAGES,
            Item.INT32,
            KEEP_BLANK,
            Need.HOLD,
            "throws blank sides away, and a blank back is a side of a ballot",
        ),
        _line(Cap.ICAP_JPEGQUALITY, Item.INT16, twain_limits().jpeg_quality),
        *_double_feed(asked),
        *_imprint(asked),
        _line(Cap.ICAP_EXTIMAGEINFO, Item.BOOL, 1),
        Line(
            Cap.CAP_DEVICEEVENT,
            Several(Item.UINT16, (DeviceEvent.PAPERJAM, DeviceEvent.PAPERDOUBLEFEED)),
            Need.WISH,
        ),
        _line(Cap.CAP_INDICATORS, Item.BOOL, 0),
    )


def ways(asked: ScanSettings) -> tuple[Transfer, ...]:
    """Ways for images to come over, the best first: as the scanner packs them, else bare, else as files."""
    if asked.bilevel:
        return (
            Transfer(Mechanism.MEMORY, Compression.GROUP4, Pixel.BW),
            Transfer(Mechanism.FILE, Compression.GROUP4, Pixel.BW, FileFormat.TIFF),
            Transfer(Mechanism.MEMORY, Compression.NONE, Pixel.BW),
        )
    pixels = (Pixel.RGB, Pixel.GRAY) if asked.colour else (Pixel.GRAY, Pixel.RGB)
    return tuple(
        way
        for pixel in pixels
        for way in (
            Transfer(Mechanism.MEMORY, Compression.JPEG, pixel),
            Transfer(Mechanism.FILE, Compression.JPEG, pixel, FileFormat.JFIF),
            Transfer(Mechanism.MEMORY, Compression.NONE, pixel),
            Transfer(Mechanism.FILE, Compression.NONE, pixel, FileFormat.TIFF),
        )
    )


def settle(session: Session, line: Line) -> None:
    """Try to bring one thing about; TwainError(CONFIG) if it must hold and does not."""
    known = get(session, line.cap)
    if known is not None and now(session, line.cap) != current(line.want):
        put(session, line.cap, _fitting(known, line.want))
    check(session, line)


def check(session: Session, line: Line) -> Held | None:
    """What holds now, None if the source does not know it; TwainError(CONFIG) if another must."""
    held, wanted = now(session, line.cap), current(line.want)
    good = held == wanted or (held is None and line.need is Need.HOLD)
    if good or line.need is Need.WISH:
        return held
    why = line.why or f"does not agree to {line.cap.name} = {wanted} (it has {held})"
    raise TwainError(Fault.CONFIG, f"The scanner {why}.", f"{line.cap.name} {held}")


def settle_resolution(session: Session, asked: int) -> int:
    """The smallest resolution the source has that is not below `asked`, set both ways and read back, in dpi.

    TwainError(CONFIG) if it does not reach it, or rounds to another below it or not the same both ways.
    """
    across = _settle_dpi(session, Cap.ICAP_XRESOLUTION, asked)
    held = across, _settle_dpi(session, Cap.ICAP_YRESOLUTION, round(across))
    if round(held[0]) != round(held[1]) or round(held[0]) < asked:
        raise TwainError(
            Fault.CONFIG, f"The scanner does not reach {asked} dpi (it has {held[0]:g} × {held[1]:g})."
        )
    return round(held[0])


def _settle_dpi(session: Session, cap: Cap, asked: int) -> float:
    known = get(session, cap)
    if known is None:
        raise TwainError(Fault.CONFIG, "The scanner does not tell its resolution.")
    enough = offers(known, asked, 32767)
    put(session, cap, One(known.item, enough[0] if enough else asked))
    held = now(session, cap)
    return float(held) if isinstance(held, int | float) else 0.0


def _line(cap: Cap, item: Item, value: Value, need: Need = Need.WISH, why: str = "") -> Line:
    return Line(cap, One(item, value), need, why)


def _double_feed(asked: ScanSettings) -> tuple[Line, ...]:
    if not asked.double_feed:
        return ()
    stop = Several(Item.UINT16, (DOUBLE_FEED_STOP,))
    return (
        Line(Cap.CAP_DOUBLEFEEDDETECTION, Several(Item.UINT16, (0,)), Need.WISH),  # TWDF_ULTRASONIC
        Line(Cap.CAP_DOUBLEFEEDDETECTIONRESPONSE, stop, Need.WISH),
    )


def _imprint(asked: ScanSettings) -> tuple[Line, ...]:
    if asked.imprint is None:
        return (_line(Cap.CAP_PRINTERENABLED, Item.BOOL, 0, Need.HOLD, "prints on the paper by itself"),)
    must = Need.MUST
    return (
        _line(Cap.CAP_PRINTERENABLED, Item.BOOL, 1, must, "has no imprinter"),
        _line(Cap.CAP_PRINTERMODE, Item.UINT16, COMPOUND, must, "does not print a number behind a text"),
        _line(Cap.CAP_PRINTERSTRING, Item.STR255, asked.imprint, must, f"does not print {asked.imprint!r}"),
        _line(Cap.CAP_PRINTERINDEXSTEP, Item.UINT32, 1, Need.HOLD, "does not number sheet by sheet"),
        _line(Cap.CAP_PRINTERSUFFIX, Item.STR255, "", Need.WISH),
    )


def _fitting(known: Container, want: Container) -> Container:
    """What is wanted, as far as the source has it: of double feed detectors, those that are there."""
    if not isinstance(want, Several) or not isinstance(known, Several | Choice):
        return want
    there = tuple(one for one in want.values if one in known.values)
    return Several(want.item, there or known.values)
