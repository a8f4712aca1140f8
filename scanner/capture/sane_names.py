"""What the words of a driver mean: paper paths, modes and switches, which no two drivers name alike.

Pure rules on words. Names are those of the drivers of sane-backends 1.2.1 and those that users
report ("Automatic Document Feeder(left aligned,Duplex)", "ADF Duplex", `adf-mode`, a bool `duplex`).
"""

import re
from collections.abc import Iterable
from typing import Literal

Mode = Literal["colour", "gray", "bilevel"]

BOTH_SIDES = ("adf-mode", "adf_mode", "duplex", "scan-both-sides")  # settings of their own on some devices
RESOLUTIONS = ("resolution", "x-resolution", "y-resolution")
STOPS_AT_TWO = (("df-action", "Stop"), ("df-thickness", "yes"))  # fujitsu and canon_dr

_DUPLEX = re.compile(r"duplex|both.?sides|(two|double|2)[- ]?sided", re.IGNORECASE)
_FEEDER = re.compile(r"adf|feed|auto", re.IGNORECASE)
_OTHER_PATH = re.compile(r"back|rear|card|manual|transparen|flatbed", re.IGNORECASE)
_GLASS = re.compile(r"flatbed|glass|platen", re.IGNORECASE)
_SCREENED = re.compile(r"half.?tone|dither|diffus", re.IGNORECASE)
_BITS = re.compile(r"line.?art|black.*white|binary|mono|b/?w\b|threshold", re.IGNORECASE)
_DEEP = re.compile(r"\b(10|12|14|16|30|36|42|48)\b.?bit|\((10|12|14|16|30|36|42|48)", re.IGNORECASE)


def is_duplex(word: str) -> bool:
    """True if the word means both sides in one pass."""
    return bool(_DUPLEX.search(word))


def is_glass(word: str) -> bool:
    """True if the word means that one paper is laid down by hand."""
    return bool(_GLASS.search(word))


def path(words: Iterable[str], *, duplex: bool) -> str:
    """The word for a feeder that takes both sides, or the front alone; "" if there is none.

    Where no word means both sides the plain feeder is the answer: a switch may do the rest.
    """
    feeders = [
        one for one in words if not _OTHER_PATH.search(one) and (_FEEDER.search(one) or is_duplex(one))
    ]
    both = [one for one in feeders if is_duplex(one)]
    if duplex and both:
        return next((one for one in both if _FEEDER.search(one)), both[0])
    fronts = [one for one in feeders if not is_duplex(one)]
    return next((one for one in fronts if "front" in one.casefold()), fronts[0] if fronts else "")


def mode_of(word: str) -> Mode | None:
    """What a mode's word means; None for halftones and what is not known."""
    low = word.casefold()
    in_colour = "colo" in low or "rgb" in low
    if _SCREENED.search(low) or (in_colour and _BITS.search(low)):
        return None
    if _BITS.search(low):
        return "bilevel"
    if "gray" in low or "grey" in low:
        return "gray"
    return "colour" if in_colour else None


def mode_word(mode: Mode, words: Iterable[str]) -> str:
    """The driver's word for a mode, eight bits a sample before more; "" if it has none."""
    fitting = [one for one in words if mode_of(one) == mode]
    return next((one for one in fitting if not _DEEP.search(one)), fitting[0] if fitting else "")
