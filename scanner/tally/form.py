"""A protocol: the filled-in official form as data, before it becomes paper."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a number counts; the three are never added up (ballots are not envelopes)."""

    STEMMESEDDEL = "stemmeseddel"
    STEMMEGIVNING = "stemmegivning"
    KONVOLUTT = "konvolutt"


class Outcome(StrEnum):
    """A control never blocks: a difference is either explained in words or it stands unexplained."""

    HOLDS = "holds"
    UNEXPLAINED = "unexplained"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class ListCount:
    """The manual preliminary count of one list (or option): ballots approved."""

    list: str
    advance: int
    election_day: int


@dataclass(frozen=True, slots=True)
class Preliminary:
    """The manual preliminary count. Blanks are those it set aside and the machine has seen again."""

    lists: tuple[ListCount, ...]
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """The board's own words on why a control does not hold."""

    control: str
    text: str


@dataclass(frozen=True, slots=True)
class BoxCheck:
    """Boxes that were expected and boxes that came: an urn was once forgotten in a cupboard (Askøy 2023)."""

    expected: int
    scanned: int
    missing: tuple[str, ...] = ()  # names of the boxes that did not come and that nobody has explained
    explained: tuple[str, ...] = ()  # what people say of the others, a sentence each


@dataclass(frozen=True, slots=True)
class Cell:
    """A numbered row of the form: label word for word, value, where it comes from.

    `formula` names the rows it is the sum of, empty for one filled in; `own` is a row that the
    official form does not have.
    """

    id: str
    label: str
    value: int
    formula: str
    source: str
    own: bool = False
    unit: Unit = Unit.STEMMESEDDEL


@dataclass(frozen=True, slots=True)
class Control:
    """Two numbers that must be equal."""

    id: str
    text: str
    left: int
    right: int
    outcome: Outcome
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; None is an empty cell."""

    label: str
    values: tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a label column and equal columns of numbers or words; `total` is its last line.

    `groups` are headings over the columns, (heading, columns covered). `wide`: needs a page
    turned on its side. `note` is a sentence below.
    """

    id: str
    title: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    groups: tuple[tuple[str, int], ...] = ()
    note: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of the form that are no rows, as printed."""

    form: str
    record: str
    part: str
    d1: str
    d2: str
    d22: str
    cause: str
    remarks: str
    signatures: str
    leader: str
    members: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """Part D of a møtebok, filled in. `closed` only when nothing waits and no difference is unexplained."""

    form: str
    words: Words
    kind: str  # "Kommunestyrevalg"
    election: str  # the name of this one
    year: int
    area_label: str  # "Kommune"
    area: str
    d1: tuple[Cell, ...]
    basis: str  # what D1.a and D1.b rest on, in a sentence
    d21: Table
    controls: tuple[Control, ...]
    undecided: int
    appendices: tuple[Table, ...]
    package: str  # fingerprint of the election package
    version: str  # with which eyes the ballots were read
    test: bool = False  # a trial count: marked on every page, never a result
    record: str = ""  # the last event these numbers rest on: its number and sha256

    @property
    def closed(self) -> bool:
        """True if the board can sign: every ballot decided, every difference explained."""
        return not self.undecided and all(one.outcome is not Outcome.UNEXPLAINED for one in self.controls)
