"""How many names and handwritten lines the printed forms have room for.

Source: the drawings of FOR-2019-02-15-123 and valgforskriften 2003 § 19c (8) and (9). The forms for
Storting and Sameting are not published; their number of candidates follows § 6-2 (1).
"""

from dataclasses import dataclass

from scanner.election import ElectionType

UNPUBLISHED_FORM = 40  # names that our own drawing for Storting and Sameting has room for
MOST_LISTS = 39  # that the tick-off ballot names; its last row is for a local list
MOST_OPTIONS = 8  # that the referendum ballot has rows for
EXTRA_NAMES = 6  # § 6-2 (1): at most six more than the seats


@dataclass(frozen=True, slots=True)
class Room:
    """What a form holds: candidates on the list, and lines for candidates of other lists."""

    candidates: int
    lines: int


def room(kind: ElectionType, seats: int) -> Room:
    """Room of the ballot that `seats` (0..) representatives call for; a referendum has no names."""
    match kind:
        case ElectionType.KOMMUNESTYRE:
            return _kommune(seats)
        case ElectionType.FYLKESTING:
            return Room(63, 0) if seats <= 57 else Room(93, 0)  # forms 05 and 20
        case ElectionType.STORTING | ElectionType.SAMETING:
            return Room(min(seats + EXTRA_NAMES, UNPUBLISHED_FORM), 0)
        case ElectionType.FOLKEAVSTEMNING:
            return Room(0, 0)


def _kommune(seats: int) -> Room:
    if seats <= 43:
        return Room(49, 10)  # form 01, one fold
    if seats <= 67:
        return Room(73, 16)  # form 02, two folds
    return Room(93, 21)  # form 19, two folds, lines on the outside
