"""What a box label says: which box of which election begins or ends here, as digits and as words.

The digits are what the bar code holds. 28 of them, so that Code 128 packs two in a symbol:

    1 version · 1 start or end · 10 election · 2 category · 4 krets · 3 box · 3 of how many · 4 check

The election stands as the last ten digits of its fingerprint; category and krets by their place in
its package: that is unambiguous, since two packages with one fingerprint are equal.
"""

from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

from scanner.ballot import Box
from scanner.election import Election
from scanner.errors import UsageError

DIGITS = 28
MOST_BOXES = 999  # of one category in one krets: three digits on the label
_VERSION = "1"


class LabelKind(StrEnum):
    """A label lies on top of the ballots of its box, or under them."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class BoxLabel:
    """Box `number` (1..) of the `of` boxes that hold the ballots of one category from one krets."""

    kind: LabelKind
    category: str  # code of the vote category
    krets: str  # code of the krets
    number: int
    of: int

    @property
    def box(self) -> Box:
        """The box as the store knows it: `FO-0001-3`."""
        return Box(f"{self.category}-{self.krets}-{self.number}", self.category, self.krets)


@dataclass(frozen=True, slots=True)
class Written:
    """A label as its digits say, before anybody asked whether it belongs to this election."""

    kind: LabelKind
    election: int
    category: int  # place in the package, 0..
    krets: int
    number: int
    of: int


def digits(label: BoxLabel, election: Election, fingerprint: str) -> str:
    """The 28 digits of a label; `fingerprint` is the sha256 of the election package, in hex.

    UsageError for a category or krets that the election does not have, and for more than 999 boxes.
    """
    if not 1 <= label.number <= label.of <= MOST_BOXES:
        raise UsageError(
            f"There is no label for box {label.number} of {label.of}: number boxes from 1, "
            f"and have {MOST_BOXES} at most."
        )
    category = _place(label.category, [one.code for one in election.categories], "category")
    krets = _place(label.krets, [one.code for one in election.kretser], "krets")
    kind = "1" if label.kind is LabelKind.START else "2"
    body = (
        f"{_VERSION}{kind}{_mark(fingerprint):010d}{category:02d}{krets:04d}{label.number:03d}{label.of:03d}"
    )
    return body + _check(body)


def written(text: str) -> Written | None:
    """What the digits say; None for anything that is no box label of this program or is misread."""
    if len(text) != DIGITS or not (text.isascii() and text.isdigit()) or _check(text[:-4]) != text[-4:]:
        return None
    kind = {"1": LabelKind.START, "2": LabelKind.END}.get(text[1])
    number, of = int(text[18:21]), int(text[21:24])
    if text[0] != _VERSION or kind is None or not 1 <= number <= of:
        return None
    return Written(kind, int(text[2:12]), int(text[12:14]), int(text[14:18]), number, of)


def label_of(seen: Written, election: Election, fingerprint: str) -> BoxLabel | None:
    """The label in the words of this election; None if it was printed for another one."""
    known = seen.category < len(election.categories) and seen.krets < len(election.kretser)
    if seen.election != _mark(fingerprint) or not known:
        return None
    category, krets = election.categories[seen.category].code, election.kretser[seen.krets].code
    return BoxLabel(seen.kind, category, krets, seen.number, seen.of)


def _mark(fingerprint: str) -> int:
    return int(fingerprint, 16) % 10**10


def _check(body: str) -> str:
    """Four digits that a misread or swapped digit changes, but for one case in ten thousand."""
    return f"{crc32(body.encode()) % 10**4:04d}"


def _place(code: str, known: list[str], what: str) -> int:
    if code not in known:
        raise UsageError(f"The election has no {what} {code!r}; choose one of {', '.join(known)}.")
    return known.index(code)
