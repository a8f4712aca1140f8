"""Coming to terms with a TWAIN source: everything is set, read back once more at the end, and recorded.

Setting one thing may change another without a word, so what was agreed is what holds at the end.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from scanner.capture.events import Fault, ScanSettings
from scanner.capture.twain_capabilities import (
    Held,
    Line,
    Transfer,
    after_picture,
    before_picture,
    check,
    picture,
    settle,
    settle_resolution,
    ways,
)
from scanner.capture.twain_containers import Container, One, Several, Value
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_limits import twain_limits
from scanner.capture.twain_session import Session
from scanner.capture.twain_values import get, now, paper, put, restore_profile, set_area
from scanner.capture.twain_words import VANILLA, Cap, Item, Pixel

_WHOLE_LOT = Cap.CAP_CUSTOMDSDATA.name
_OF_IMAGES = "TWEI_"  # options of that kind are not the device's but the feed's
_CHOOSING = {Cap.ICAP_XFERMECH.name, Cap.ICAP_COMPRESSION.name, Cap.ICAP_PIXELTYPE.name}
_WIDE_MM = 216.0  # letter paper, when a source does not say how wide it is


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the source agreed to."""

    settings: ScanSettings  # its `options` are all values that were settled, by their TWAIN names
    way: Transfer
    ink_is_zero: bool  # of bare bits: a bit that is not set is ink
    ahead: bool  # it feeds ahead of us and cannot be kept from it


def agree(session: Session, asked: ScanSettings) -> Agreement:
    """Settle everything in state 4; TwainError(CONFIG) with one sentence if what matters cannot be had.

    `asked.options`: TWAIN names (`ICAP_BRIGHTNESS`, or `0x8001` for a vendor's own) and values, lists
    with commas. `CAP_CUSTOMDSDATA` names a file with the vendor driver's own settings, given back first.
    """
    options = {name: value for name, value in asked.options if not name.startswith(_OF_IMAGES)}
    if _WHOLE_LOT in options:
        restore_profile(session, _file(options.pop(_WHOLE_LOT)))
    way = _settled(session, asked, options)
    dpi = settle_resolution(session, asked.dpi)
    _settle_all(session, after_picture(asked))
    for name, value in options.items():
        _set_option(session, name, value)
    area = set_area(session, asked.page_mm or _all_paper(session))
    return _recorded(session, replace(asked, dpi=dpi, page_mm=area), way, options)


def number_sheets(session: Session, first: int) -> None:
    """Have the imprinter print `first` on the next sheet; TwainError(CONFIG) if it prints another number."""
    put(session, Cap.CAP_PRINTERINDEX, One(Item.UINT32, first))
    held = now(session, Cap.CAP_PRINTERINDEX)
    if held != first:
        raise TwainError(Fault.CONFIG, f"The imprinter would print number {held} on sheet {first}.")


def _settled(session: Session, asked: ScanSettings, options: dict[str, str]) -> Transfer:
    """The first way that the source can go, all of it settled; TwainError(CONFIG) if there is none."""
    _settle_all(session, before_picture(asked))
    refusal = TwainError(Fault.CONFIG, "The scanner sends images in no way that is read here.")
    for way in ways(asked):
        if not _chosen(way, options):
            continue
        try:
            _settle_all(session, picture(way))
        except TwainError as error:
            if error.fault is not Fault.CONFIG:
                raise
            refusal = error
        else:
            return way
    raise refusal


def _chosen(way: Transfer, options: dict[str, str]) -> bool:
    """False if an option names another way."""
    values = {
        Cap.ICAP_XFERMECH.name: way.mechanism,
        Cap.ICAP_COMPRESSION.name: way.compression,
        Cap.ICAP_PIXELTYPE.name: way.pixel,
    }
    return all(str(int(value)) == options.get(name, str(int(value))) for name, value in values.items())


def _settle_all(session: Session, lines: Iterable[Line]) -> None:
    for line in lines:
        settle(session, line)


def _set_option(session: Session, name: str, text: str) -> None:
    """One of the device's own settings by its name; TwainError(CONFIG) if it is not taken."""
    if name in _CHOOSING:
        return  # `ways` were chosen by it
    cap = _number(name)
    known = get(session, cap)
    if known is None:
        raise TwainError(Fault.CONFIG, f"The scanner has no setting {name}.")
    want = _parsed(name, known, text)
    if not put(session, cap, want):
        raise TwainError(Fault.CONFIG, f"The scanner does not take {name} = {text}.")


def _number(name: str) -> int:
    if name in Cap.__members__:
        return Cap[name]
    try:
        return int(name, 16) & 0xFFFF
    except ValueError:
        text = f"{name} is no setting of TWAIN: write its name (ICAP_BRIGHTNESS) or number (0x1101)."
        raise TwainError(Fault.CONFIG, text) from None


def _parsed(name: str, known: Container, text: str) -> Container:
    try:
        if isinstance(known, Several):
            return Several(known.item, tuple(_value(known.item, one) for one in text.split(",") if one))
        return One(known.item, _value(known.item, text))
    except ValueError:
        raise TwainError(Fault.CONFIG, f"{name} = {text} is no value that this setting can have.") from None


def _value(item: Item, text: str) -> Value:
    if item in {Item.STR32, Item.STR64, Item.STR128, Item.STR255}:
        return text
    return float(text) if item is Item.FIX32 else int(text, 0)


def _all_paper(session: Session) -> tuple[float, float]:
    """All the paper the source takes, in mm, but no metres of it."""
    wide, high = paper(session) or (_WIDE_MM, twain_limits().max_length_mm)
    return wide, min(high, twain_limits().max_length_mm)


def _recorded(session: Session, settings: ScanSettings, way: Transfer, options: dict[str, str]) -> Agreement:
    lines = (*before_picture(settings), *picture(way), *after_picture(settings))
    held = {line.cap.name: check(session, line) for line in lines}
    held |= {name: now(session, _number(name)) for name in options}
    record = tuple((name, _text(value)) for name, value in held.items() if value is not None)
    agreed = replace(
        settings,
        colour=way.pixel is Pixel.RGB,
        bilevel=way.pixel is Pixel.BW,
        double_feed=settings.double_feed and held.get(Cap.CAP_DOUBLEFEEDDETECTION.name) not in {None, ()},
        options=record,
    )
    zero = held.get(Cap.ICAP_PIXELFLAVOR.name) != VANILLA
    return Agreement(agreed, way, zero, ahead=held.get(Cap.CAP_AUTOSCAN.name) == 1)


def _text(value: Held) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _file(path: str) -> bytes:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        text = f"The driver's own settings in {path} cannot be read: {error.strerror}."
        raise TwainError(Fault.CONFIG, text) from error
    if len(content) > twain_limits().max_profile_kib * 1024:
        raise TwainError(Fault.CONFIG, f"{path} is too long to be a driver's own settings.")
    return content
