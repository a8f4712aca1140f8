"""How long things last on the operators' page, and how much it takes in."""

from dataclasses import dataclass

from scanner.config import calibration


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """As in `calibration/desk.toml`."""

    claim_s: float  # a silent station keeps its ballot so long
    idle_s: int  # an unused session ends after
    failures: int  # wrong passwords in a row
    locked_s: int  # an account is locked so long
    password_letters: int  # at least
    body_bytes: int  # of an answer, at most
    pictures: int  # sheets whose pictures are kept in memory
    grid: int  # crops on one screen


def desk_limits() -> DeskLimits:
    """The shipped limits; ModelError if they cannot be used."""
    return calibration("desk", DeskLimits)
