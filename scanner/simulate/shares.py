"""How often voters do what: `calibration/voters.toml` as one value."""

from dataclasses import dataclass
from functools import cache

from scanner.config import calibration
from scanner.election import ElectionType


@dataclass(frozen=True, slots=True)
class VoterShares:
    """`calibration/voters.toml`; units and sources there."""

    amended_kommunestyre: float
    amended_fylkesting: float
    amended_storting: float
    amended_sameting: float
    one_more_mark: float
    written_in: float
    one_more_name: float
    written_wrongly: float
    renumbered: float
    struck: float
    struck_by_line: float
    numbered_wrongly: float
    blank: float
    blank_with_name: float
    tick_off: float
    ticked_wrongly: float
    comment: float
    drawing: float
    around_name: float
    useless_strike: float
    corrected: float
    slip: float
    party_struck: float
    stamp_absent: float
    stamp_weak: float
    stamp_outside: float
    stamp_doubled: float
    light_hand: float
    heavy_hand: float

    def amended(self, kind: ElectionType) -> float:
        """The share of party ballots with personal votes or new ranks in this type of election."""
        match kind:
            case ElectionType.KOMMUNESTYRE:
                return self.amended_kommunestyre
            case ElectionType.FYLKESTING:
                return self.amended_fylkesting
            case ElectionType.STORTING:
                return self.amended_storting
            case ElectionType.SAMETING:
                return self.amended_sameting
            case ElectionType.FOLKEAVSTEMNING:
                return 0.0


@cache
def shares() -> VoterShares:
    """The calibrated shares, read once."""
    return calibration("voters", VoterShares)
