"""What a driver's status means for the operator, with the device's sensors asked where it is vague.

Drivers of sheet-fed scanners report a double feed as JAMMED, and an empty ink cartridge as
IO_ERROR (fujitsu and canon_dr of sane-backends 1.2.1, read in their source). Only the sensors, which
can be read while the feeder rests, tell which it was.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scanner.capture.events import Fault
from scanner.capture.sane_words import Option, Options, Status, Value, plain, written
from scanner.errors import CaptureError

_FAULTS = {
    Status.UNSUPPORTED: Fault.CONFIG,
    Status.CANCELLED: Fault.SHORT_IMAGE,  # somebody pressed stop: the sheet is half fed at best
    Status.DEVICE_BUSY: Fault.BUSY,
    Status.INVAL: Fault.CONFIG,
    Status.EOF: Fault.SHORT_IMAGE,
    Status.JAMMED: Fault.JAM,
    Status.NO_DOCS: Fault.HOPPER_EMPTY,
    Status.COVER_OPEN: Fault.COVER_OPEN,
    Status.IO_ERROR: Fault.OFFLINE,
    Status.NO_MEM: Fault.INTERNAL,
    Status.ACCESS_DENIED: Fault.OFFLINE,
    Status.WARMING_UP: Fault.WARMING,
    Status.HW_LOCKED: Fault.CONFIG,
}
_VAGUE = {Status.JAMMED, Status.IO_ERROR}
_SENSORS = (  # in this order: two sheets at once also jam, and an open cover stops everything
    ("cover-open", Fault.COVER_OPEN),
    ("double-feed", Fault.DOUBLE_FEED),
    ("omr-df", Fault.DOUBLE_FEED),
    ("ink-low", Fault.INK),
)
_PAPER = ("page-loaded", "adf-loaded")
_TOLD = ("error-code",)  # goes on record beside the status


@dataclass(frozen=True, slots=True)
class Sensor:
    """What one sensor says, by the device's own name."""

    name: str
    value: Value


def sensors(options: Options, read: Callable[[Option], Value]) -> tuple[Sensor, ...]:
    """What the sensors that name a fault say now; `read` fails with CaptureError where a device is mute."""
    names = (*(name for name, _ in _SENSORS), *_TOLD)
    found = (options.find(name) for name in names)
    return tuple(_sensed(one, read) for one in found if one is not None and one.readable)


def paper_left(options: Options, read: Callable[[Option], Value]) -> bool:
    """True if the device says that there is paper in its hopper; False where it cannot tell."""
    found = (options.find(name) for name in _PAPER)
    return any(_sensed(one, read).value is True for one in found if one is not None and one.readable)


def fault_of(status: int, told: tuple[Sensor, ...] = ()) -> Fault:
    """The fault that a status means; where it is vague, what a sensor says comes first."""
    known = Status(status) if status in set(Status) else None
    if known in _VAGUE:
        high = {one.name for one in told if one.value not in {0, ""}}
        for name, fault in _SENSORS:
            if name in high and (fault is not Fault.INK or known is Status.IO_ERROR):
                return fault
    return _FAULTS.get(known, Fault.INTERNAL) if known is not None else Fault.INTERNAL


def is_vague(status: int) -> bool:
    """True if the sensors should be asked what the status means."""
    return status in _VAGUE


def native(status: str, told: tuple[Sensor, ...]) -> str:
    """The driver's own words: its status, then each sensor that is not at rest."""
    high = (f"{one.name}={plain(written(one.value))}" for one in told if one.value not in {0, ""})
    return " ".join((status, *high))


def _sensed(option: Option, read: Callable[[Option], Value]) -> Sensor:
    try:
        return Sensor(option.name, read(option))
    except CaptureError:
        return Sensor(option.name, value=False)  # a sensor that cannot be read tells nothing
