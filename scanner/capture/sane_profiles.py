"""What is known of a model beyond what its driver says: how to ask for both sides, and good settings.

One file for each model in `calibration/devices/`. A device that no file knows is driven by rules on
the names of its settings alone (`sane_options`).
"""

import re
from dataclasses import dataclass
from functools import cache

from scanner.config import calibration, shipped
from scanner.errors import CaptureError


@dataclass(frozen=True, slots=True)
class Profile:
    """One model. Empty members mean that nothing is known and the rules decide."""

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


@cache
def profiles() -> tuple[tuple[str, Profile], ...]:
    """All shipped profiles by name; ModelError if one is damaged."""
    files = sorted((shipped("calibration") / "devices").glob("*.toml"))
    return tuple((one.stem, calibration(f"devices/{one.stem}", Profile)) for one in files)


def profile_named(name: str) -> Profile:
    """The profile of that name; CaptureError names those there are."""
    known = dict(profiles())
    if name not in known:
        raise CaptureError(f"There is no scanner profile {name!r}; there are {', '.join(known)}.")
    return known[name]


def profile_for(*names: str) -> Profile:
    """The first profile that knows one of these device or model names; the empty one if none does."""
    for _, one in profiles():
        if any(re.search(pattern, name, re.IGNORECASE) for pattern in one.matches for name in names):
            return one
    return Profile()
