"""How long a silent scanner is waited for, and how far it may run ahead (`calibration/worker.toml`)."""

from dataclasses import dataclass
from functools import cache

from scanner.config import calibration


@dataclass(frozen=True, slots=True)
class Patience:
    """Each number's unit and origin stand in `calibration/worker.toml`."""

    sheets_ahead: int
    opening_s: float
    silence_s: float
    parting_s: float
    reserve_sheets: int


@cache
def patience() -> Patience:
    """The shipped bounds; ModelError if the file is damaged."""
    return calibration("worker", Patience)
