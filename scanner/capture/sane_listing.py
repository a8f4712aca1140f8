"""What scanners this machine's drivers find, and every setting of one, by the device's own names."""

from dataclasses import dataclass

from scanner.capture.sane_feed import opened
from scanner.capture.sane_library import Device, library
from scanner.capture.sane_words import Can, Found, Kind, Option, Unit, plain, written
from scanner.errors import CaptureError


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it stands. Its name and a value as text make a pair of `ScanSettings.options`."""

    name: str
    title: str
    text: str  # what it does, in the driver's words
    kind: str  # bool, int, fixed, string or button
    unit: str  # none, pixel, bit, mm, dpi, percent or microsecond
    value: str | None  # None: cannot be read now
    allowed: tuple[str, ...]  # empty: any, or what `least`, `most` and `step` say
    least: float | None
    most: float | None
    step: float | None
    settable: bool  # now: another setting may change it
    automatic: bool  # "auto" leaves the choice to the device


def found_devices() -> tuple[Found, ...]:
    """The devices on this machine and those the net driver is told of; CaptureError without libsane."""
    return library().devices(local=False)


def settings_of(name: str) -> tuple[Setting, ...]:
    """Every setting of the device of that name; CaptureError if it cannot be opened."""
    device = opened(name)
    try:
        return tuple(_setting(device, one) for one in device.options)
    finally:
        device.close()


def _setting(device: Device, one: Option) -> Setting:
    numbers = one.numbers if one.kind is Kind.FIXED else tuple(round(number) for number in one.numbers)
    return Setting(
        one.name,
        one.title,
        one.text,
        Kind(one.kind).name.lower(),
        Unit(one.unit).name.lower(),
        _value(device, one),
        tuple(map(plain, one.words)) or tuple(written(number) for number in numbers),
        one.range.low if one.range else None,
        one.range.high if one.range else None,
        one.range.step if one.range else None,
        one.settable,
        bool(one.can & Can.AUTOMATIC),
    )


def _value(device: Device, one: Option) -> str | None:
    if not one.readable:
        return None
    try:
        return written(device.get(one))
    except CaptureError:
        return None  # described as readable, but the device does not say
