"""Asking a TWAIN source for its values and setting them, and its vendor's own settings as one lump."""

import ctypes as c

from scanner.capture.events import Fault
from scanner.capture.twain_containers import Container, Value, current, decode, encode, head_size, kind, size
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_limits import twain_limits
from scanner.capture.twain_session import Session
from scanner.capture.twain_types import Capability, CustomData, Frame, ImageLayout, fix32
from scanner.capture.twain_words import ANY, Cap, Dat, Msg, Rc
from scanner.pixels import INCH_MM

Paper = tuple[float, float]  # width, height in mm

_TRIED_HARD = (Rc.SUCCESS, Rc.CHECKSTATUS)
_NOT_SO = {Fault.CONFIG, Fault.INTERNAL}  # "I have no such thing" in the words of different drivers


def get(session: Session, cap: int, message: Msg = Msg.GET) -> Container | None:
    """What the source says of `cap`; None if it does not know it, or answers nonsense.

    TwainError only if the scanner is gone or stands still.
    """
    body = Capability(cap, ANY, None)
    try:
        session.call("a question", Dat.CAPABILITY, message, body)
    except TwainError as error:
        if error.fault in _NOT_SO:
            return None
        raise
    if not body.container:
        return None
    lender = session.dsm.lender
    try:
        with lender.locked(body.container) as address:
            head = c.string_at(address, head_size(body.kind))
            return decode(body.kind, c.string_at(address, size(body.kind, head)))
    except ValueError:
        return None
    finally:
        lender.free(body.container)


def now(session: Session, cap: int) -> Value | tuple[Value, ...] | None:
    """The value that `cap` has now; None if the source does not know it."""
    found = get(session, cap, Msg.GETCURRENT) or get(session, cap)
    return None if found is None else current(found)


def put(session: Session, cap: int, container: Container) -> bool:
    """Try to set `cap`; False if the source does not take it. What holds then, `now` tells."""
    lender = session.dsm.lender
    handle = lender.lend(encode(container))
    try:
        session.call(
            "a setting", Dat.CAPABILITY, Msg.SET, Capability(cap, kind(container), handle), _TRIED_HARD
        )
    except TwainError as error:
        if error.fault in _NOT_SO:
            return False
        raise
    finally:
        lender.free(handle)
    return True


def supported(session: Session) -> tuple[int, ...]:
    """The settings the source says it has; empty if it does not say."""
    found = now(session, Cap.CAP_SUPPORTEDCAPS)
    return tuple(one for one in found if isinstance(one, int)) if isinstance(found, tuple) else ()


def paper(session: Session) -> Paper | None:
    """The largest paper the source takes, in mm; None if it does not say."""
    sides = [now(session, one) for one in (Cap.ICAP_PHYSICALWIDTH, Cap.ICAP_PHYSICALHEIGHT)]
    numbers = [one * INCH_MM for one in sides if isinstance(one, int | float) and one > 0]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def set_area(session: Session, asked: Paper) -> Paper | None:
    """Ask for the paper from its top left corner on, in mm; what the source then scans, None if unknown."""
    width, height = (fix32(mm / INCH_MM) for mm in asked)
    layout = ImageLayout(Frame(fix32(0), fix32(0), width, height), 1, 1, 1)
    session.ask(Dat.IMAGELAYOUT, Msg.SET, layout)  # refused or rounded: what holds is read back
    held = ImageLayout()
    if session.ask(Dat.IMAGELAYOUT, Msg.GET, held) != Rc.SUCCESS:
        return None
    frame = held.frame
    wide, high = frame.right.value - frame.left.value, frame.bottom.value - frame.top.value
    return (wide * INCH_MM, high * INCH_MM) if wide > 0 and high > 0 else None


def vendor_profile(session: Session) -> bytes:
    """All settings of the vendor's driver as one lump, to be kept; TwainError if it has none."""
    body = CustomData()
    session.call("the driver's own settings", Dat.CUSTOMDSDATA, Msg.GET, body)
    lender = session.dsm.lender
    if not body.handle or body.length > twain_limits().max_profile_kib * 1024:
        raise TwainError(
            Fault.CONFIG, f"The driver's own settings have {body.length} bytes, too many to keep."
        )
    try:
        with lender.locked(body.handle) as address:
            return c.string_at(address, body.length)
    finally:
        lender.free(body.handle)


def restore_profile(session: Session, profile: bytes) -> None:
    """Give the vendor's driver its settings back; TwainError if it does not take them."""
    lender = session.dsm.lender
    handle = lender.lend(profile)
    try:
        session.call(
            "its own settings given back", Dat.CUSTOMDSDATA, Msg.SET, CustomData(len(profile), handle)
        )
    finally:
        lender.free(handle)
