"""How much a TWAIN source may ask of us before it is refused (`calibration/twain.toml`)."""

from dataclasses import dataclass
from functools import cache

from scanner.config import calibration


@dataclass(frozen=True, slots=True)
class TwainLimits:
    """Bounds on memory and time. Each number's unit and origin stand in `calibration/twain.toml`."""

    buffer_kib: int
    least_buffer_kib: int
    max_strips: int
    empty_strips: int
    max_sources: int
    max_profile_kib: int
    jpeg_quality: int
    max_length_mm: float
    sides_unlike_px: int
    wait_s: float


@cache
def twain_limits() -> TwainLimits:
    """The shipped bounds; ModelError if the file is damaged."""
    return calibration("twain", TwainLimits)
