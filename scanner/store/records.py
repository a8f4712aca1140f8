"""What the store hands out besides the nouns of `ballot`: sheets without their pixels, and counts."""

from dataclasses import dataclass
from enum import StrEnum

from scanner.audit.events import Act
from scanner.box_label import BoxLabel


@dataclass(frozen=True, slots=True)
class SideRecord:
    """One side of a stored sheet; the bytes lie in the images folder under `sha256`."""

    sha256: str
    name: str
    dpi: float | None
    page: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A stored sheet without the bytes of its images."""

    box: str
    number: int
    name: str
    device: str
    imprint: str | None
    sides: tuple[SideRecord, ...]

    @property
    def id(self) -> str:
        """`box/number`, as `Sheet.id`."""
        return f"{self.box}/{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the count has come, in sheets.

    fed ≥ read; `doubtful` are read, not sure, and not settled by people yet.
    """

    fed: int
    read: int
    decided: int
    doubtful: int

    @property
    def unread(self) -> int:
        """Sheets no machine has read yet."""
        return self.fed - self.read


class BoxStanding(StrEnum):
    """How far a box has come."""

    MISSING = "missing"  # expected, and no sheet of it was ever fed
    OPEN = "open"  # begun by its start label, and its end label has not come
    SCANNED = "scanned"
    EXPLAINED = "explained"  # missing or open, and somebody said why


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label sheet without the bytes of its images."""

    label: BoxLabel
    device: str
    name: str
    sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a named person says of a box that is not as it should be."""

    person: str
    words: str


@dataclass(frozen=True, slots=True)
class BoxRecord:
    """A box that was expected, scanned, or both."""

    id: str
    category: str
    krets: str
    number: int | None  # None: it was on no list
    of: int | None
    sheets: int
    started: bool  # its start label is on record
    ended: bool  # ... its end label
    explained: tuple[Explanation, ...] = ()

    @property
    def standing(self) -> BoxStanding:
        """Scanned by its labels, or without any under its own name."""
        if self.ended or (self.sheets and not self.started):
            return BoxStanding.SCANNED
        if self.explained:
            return BoxStanding.EXPLAINED
        return BoxStanding.OPEN if self.started else BoxStanding.MISSING


class Became(StrEnum):
    """What a sheet of a labelled stack turned out to be."""

    BALLOT = "ballot"
    LABEL = "label"
    ASIDE = "aside"  # the stack stopped before it: it goes back on the hopper and is fed again


@dataclass(frozen=True, slots=True)
class StackRecord:
    """One sheet of a labelled stack, as it was fed."""

    number: int  # 1.. in the stack
    became: Became
    of: str  # id of the ballot or label; why it was put aside
    name: str
    device: str
    sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What named people said of the count as a whole: opened, closed or reopened, and why."""

    act: Act
    people: tuple[str, ...]
    reason: str
