"""What can go wrong inside the virtual scanner, and when it does: by sheet, and by side of the sheet."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What can go wrong inside the device."""

    JAM = "ScannerAdfJam"
    MULTIPICK = "ScannerAdfMultipickDetected"
    DOOR_OPEN = "ScannerAdfDoorOpen"
    HATCH_OPEN = "ScannerAdfHatchOpen"
    MISPICK = "ScannerAdfMispick"
    TOO_SHORT = "ScannerAdfDuplexPageTooShort"
    TOO_LONG = "ScannerAdfDuplexPageTooLong"
    TRAY_FAILED = "ScannerAdfInputTrayFailed"
    TRAY_OVERLOADED = "ScannerAdfInputTrayOverloaded"
    TRUNCATED = "truncated"  # half the image, sent as if it were all
    CUT_OFF = "cut_off"  # the connection ends in the middle of the image
    LYING_DPI = "lying_dpi"  # the JPEG claims twice the resolution it has
    LOST_SIDE = "lost_side"  # "no more images" though the sheet has another side; the feeder says it is empty
    EARLY_404 = "early_404"  # "no more images" once, though the job goes on
    PAUSE = "pause"  # 503 for some seconds, then goes on
    WARMING = "warming"  # the same, with Retry-After, and the lamp named as the reason
    SILENT = "silent"  # no answer at all for some seconds, then goes on
    DIE = "die"  # switched off for some seconds: connections refused, the job forgotten


STOPS = frozenset(one for one in Trouble if one.startswith("ScannerAdf"))


class Side(StrEnum):
    """Where in the way of a sheet a fault strikes."""

    FRONT = "front"  # the sheet is drawn in, its front never comes
    BACK = "back"  # its front came, its back never does
    BETWEEN = "between"  # the sheet before it is through, this one still lies in the hopper


@dataclass(frozen=True, slots=True)
class Planned:
    """`trouble` strikes once, when the host asks for `image` (0 is the front of the first sheet)."""

    trouble: Trouble
    image: int
    seconds: float = 0.1  # how long a pause, a silence or a death lasts
    between: bool = False  # the sheet is not drawn in

    @classmethod
    def at(cls, trouble: Trouble, sheet: int, side: Side, seconds: float = 0.1) -> "Planned":
        """At `side` of `sheet` (1 is the first ever fed)."""
        image = 2 * (sheet - 1) + (side is Side.BACK)
        return cls(trouble, image, seconds, between=side is Side.BETWEEN)
