"""What a TWAIN source tells of an image it has sent: which side, which sheet, what it printed on it."""

import ctypes as c
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.capture.twain_containers import Value, item_size, read_value
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_session import Session
from scanner.capture.twain_types import ToldEntry
from scanner.capture.twain_words import BACK, FRONT, Dat, Item, Msg, Rc, Told

_ASKED = (Told.PAGESIDE, Told.PAPERCOUNT, Told.PRINTERTEXT, Told.DOCUMENTNUMBER, Told.PAGENUMBER)
_TEXTS = {Item.STR32, Item.STR64, Item.STR128, Item.STR255}
_COUNT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Page:
    """What is told of one image; None: not told."""

    side: int | None = None  # FRONT or BACK
    paper: int | None = None  # the device's own count of sheets
    printed: str | None = None  # what the imprinter wrote
    told: tuple[tuple[str, str], ...] = ()  # all of it, by TWAIN's names


NOTHING = Page()


def page(session: Session) -> Page:
    """What the source tells of the image just sent, in state 7; `NOTHING` if it tells nothing."""
    raw = c.create_string_buffer(_COUNT_BYTES + len(_ASKED) * c.sizeof(ToldEntry))
    c.c_uint32.from_buffer(raw).value = len(_ASKED)
    entries = [ToldEntry.from_buffer(raw, _COUNT_BYTES + n * c.sizeof(ToldEntry)) for n in range(len(_ASKED))]
    for entry, what in zip(entries, _ASKED, strict=True):
        entry.what, entry.code = what, Rc.INFONOTSUPPORTED
    if session.ask(Dat.EXTIMAGEINFO, Msg.GET, raw) != Rc.SUCCESS:
        return NOTHING
    return _page(dict(_values(session, entries)))


def _page(told: dict[Told, Value]) -> Page:
    side, paper, printed = (told.get(one) for one in (Told.PAGESIDE, Told.PAPERCOUNT, Told.PRINTERTEXT))
    return Page(
        side if side in {FRONT, BACK} and isinstance(side, int) else None,
        paper if isinstance(paper, int) else None,
        printed if isinstance(printed, str) and printed else None,
        tuple((one.name, str(value)) for one, value in told.items()),
    )


def _values(session: Session, entries: Iterable[ToldEntry]) -> Iterable[tuple[Told, Value]]:
    for entry in entries:
        value = _value(session, entry) if entry.code == Rc.SUCCESS and entry.count == 1 else None
        if value is not None and entry.what in set(Told):
            yield Told(entry.what), value


def _value(session: Session, entry: ToldEntry) -> Value | None:
    """One value: a small one stands in the entry itself, a text in memory of its own, to be freed."""
    if entry.item not in set(Item):
        return None
    item = Item(entry.item)
    try:
        if item in _TEXTS:
            return _text(session, entry.value, item_size(item))
        return read_value(item, entry.value.to_bytes(c.sizeof(c.c_size_t), "little"))
    except (ValueError, TwainError):
        return None


def _text(session: Session, handle: int, size: int) -> Value | None:
    if not handle:
        return None
    lender = session.dsm.lender
    try:
        with lender.locked(handle) as address:
            text = (c.c_char * size).from_address(address).value  # read no further than its end
            return text.decode("utf-8", "replace")
    finally:
        lender.free(handle)
