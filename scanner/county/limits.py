"""How many sheets a job has, how often workers give a sign of life (`calibration/county.toml`)."""

from dataclasses import dataclass
from functools import cache

from scanner.config import calibration


@dataclass(frozen=True, slots=True)
class CountyLimits:
    """Each number's unit and origin stand in `calibration/county.toml`."""

    chunk: int
    ahead: int
    look_s: float
    heartbeat_s: float
    silence_s: float
    attempts: int
    away_s: float


@cache
def limits() -> CountyLimits:
    """The shipped numbers; ModelError if the file is damaged."""
    return calibration("county", CountyLimits)
