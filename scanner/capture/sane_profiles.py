"""What is known of a model or of one scanner: how to ask for both sides, good settings, what was measured.

One file for each in `calibration/devices/`, or wherever `scan --profile FILE.toml` says. A device
that no file knows is driven by rules on the names of its settings alone (`sane_options`). What
`calibrate device` measured stands in the same file and is told before a count.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from scanner.capture.events import Capabilities
from scanner.config import Measured, shipped
from scanner.errors import CaptureError, ModelError

SIDES = ("front", "back")
FIGURES = ("scale_across", "scale_along", "skew_deg", "stretch", "residual_mm", "noise", "tone")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that was measured of a scanner, or several that belong together."""

    name: str  # a side and a figure: front_skew_deg
    value: float | tuple[float, ...]
    unit: str
    date: str
    how: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One model or scanner. Empty members mean that nothing is known and the rules decide."""

    matches: tuple[str, ...] = ()  # patterns found in the device's name or model, whatever the case
    feeder: bool = True  # False: it takes one paper at a time, by hand
    duplex_source: str = ""  # the driver's word for both sides in one pass
    simplex_source: str = ""
    dpis: tuple[int, ...] = ()  # chosen from where the driver names a range
    margin_mm: tuple[float, float] = (0.0, 0.0)  # added to the paper's width and length
    double_feed: tuple[tuple[str, str], ...] = ()  # settings that stop on two sheets at once
    imprint_counter: str = "%08ud"  # how the driver writes the sheet's number into the text
    imprint_letters: int = 40  # longest text that is printed
    options: tuple[tuple[str, str], ...] = ()  # further settings, by the driver's names
    measured: tuple[Figure, ...] = field(default=())  # by `calibrate device`; a section each


_MEMBERS = {
    "matches": "patterns",
    "feeder": "yes or no",
    "duplex_source": "word of the driver",
    "simplex_source": "word of the driver",
    "dpis": "dpi",
    "margin_mm": "mm of width, of length",
    "double_feed": "settings of the driver",
    "imprint_counter": "word of the driver",
    "imprint_letters": "letters",
    "options": "settings of the driver",
}
_FIGURES = {f"{side}_{one}" for side in SIDES for one in FIGURES}


@cache
def profiles() -> tuple[tuple[str, Profile], ...]:
    """All shipped profiles by name, those of one measured scanner first; ModelError if one is damaged."""
    files = sorted((shipped("calibration") / "devices").glob("*.toml"))
    found = ((one.stem, profile_in(one)) for one in files)
    return tuple(sorted(found, key=lambda one: not one[1].measured))


def profile_in(path: Path) -> Profile:
    """The profile in a file; ModelError names what is missing, too much, or of a wrong type."""
    entries = _entries(path)
    odd = set(_MEMBERS) ^ (set(entries) - _FIGURES)
    if odd:
        raise ModelError(f"{path.name} is no profile of a scanner: look at {', '.join(sorted(odd))}.")
    known = {name: entries[name].value for name in _MEMBERS}
    figures = [_said(name, one) for name, one in entries.items() if name in _FIGURES]
    try:
        return msgspec.convert({**known, "measured": figures}, Profile)
    except msgspec.ValidationError as error:
        raise ModelError(f"{path.name} cannot be used: {error}.") from error


def profile_named(name: str) -> Profile:
    """The profile of that name, or in the file `name` ends with .toml; CaptureError names those there are."""
    if name.endswith(".toml"):
        return profile_in(Path(name))
    known = dict(profiles())
    if name not in known:
        raise CaptureError(f"There is no scanner profile {name!r}; there are {', '.join(known)}.")
    return known[name]


def profile_for(*names: str) -> Profile:
    """The first profile that knows one of these device or model names; the empty one if none does."""
    return next((one for _, one in _knowing(names)), Profile())


def names_of(spec: str, about: Capabilities) -> tuple[str, str]:
    """By which a profile knows what `spec` opens: the name that its driver has for it, and the model."""
    kind, _, name = spec.partition(":")
    return name if kind.lower() == "sane" else about.device, about.model


def profile_text(title: str, device: str, names: tuple[str, ...], figures: Iterable[Figure]) -> str:
    """A profile of one scanner as a file: driven as the one that knows `names`, and what was measured.

    `device`: its own name, by which the new profile finds it again.
    """
    name = next((name for name, _ in _knowing(names)), None)
    figures = tuple(figures)
    how = "the very scanner that was measured, by its name"
    date = max((one.date for one in figures), default="")
    known = _entries(shipped("calibration") / "devices" / f"{name}.toml") if name else _unknown(date)
    entries = {
        **{member: known[member] for member in _MEMBERS},
        "matches": Measured([f"^{re.escape(device)}$"], _MEMBERS["matches"], date, how),
        **{one.name: Measured(one.value, one.unit, one.date, one.how) for one in figures},
    }
    return f"# {' '.join(title.split())}, measured by valgskanner calibrate device.\n{_toml(entries)}"


def _knowing(names: tuple[str, ...]) -> Iterable[tuple[str, Profile]]:
    for name, one in profiles():
        if any(re.search(pattern, name, re.IGNORECASE) for pattern in one.matches for name in names):
            yield name, one


def _entries(path: Path) -> dict[str, Measured]:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, Measured])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ModelError(f"{path.name} cannot be used: {error}.") from error


def _said(name: str, one: Measured) -> dict[str, Any]:
    return {"name": name, "value": one.value, "unit": one.unit, "date": one.date, "how": one.how}


def _unknown(date: str) -> dict[str, Measured]:
    """The members of a scanner whose driver nobody has written down."""
    how = "nobody has said: rules on the names of its settings decide"
    kept = {one.name: one.default for one in fields(Profile) if one.name in _MEMBERS}
    return {name: Measured(value, _MEMBERS[name], date, how) for name, value in kept.items()}


def _toml(entries: Mapping[str, Measured]) -> str:
    """As the other files in `calibration/`; what JSON writes of words, numbers and lists is TOML as well."""
    parts = []
    for name, one in entries.items():
        parts.append(f"\n[{name}]")
        parts += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}"
            for key, value in (("value", one.value), ("unit", one.unit), ("date", one.date), ("how", one.how))
        ]
    return "\n".join(parts) + "\n"
