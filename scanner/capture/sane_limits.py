"""How much a scanner's driver may ask of us before it is refused (`calibration/sane.toml`)."""

from dataclasses import dataclass
from functools import cache

from scanner.config import calibration


@dataclass(frozen=True, slots=True)
class SaneLimits:
    """Bounds on memory and time. Each number's unit and origin stand in `calibration/sane.toml`."""

    max_raw_mib: float
    read_kib: int
    max_options: int
    max_option_kib: int
    nothing_s: float
    usual_dpis: tuple[int, ...]
    hand_lines: int
    max_hand_mib: float

    @property
    def max_raw_bytes(self) -> int:
        """Bytes that one side may have as it comes."""
        return int(self.max_raw_mib * 2**20)

    @property
    def max_hand_bytes(self) -> int:
        """Same for a side whose length is not announced."""
        return int(self.max_hand_mib * 2**20)

    @property
    def read_bytes(self) -> int:
        """Bytes asked for at a time."""
        return self.read_kib * 1024

    @property
    def max_option_bytes(self) -> int:
        """Bytes that the value of one setting may have."""
        return self.max_option_kib * 1024


@cache
def sane_limits() -> SaneLimits:
    """The shipped bounds; ModelError if the file is damaged."""
    return calibration("sane", SaneLimits)
