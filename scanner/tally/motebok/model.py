"""A blank form: what is printed where, what each number counts, and what must agree.

Ids are the form's own: table "B1.1", row "a", column "II" make the cell "B1.1a.II". A table with
one column leaves the column out ("B2.1d"). A row per list or krets is printed once for each, and
its cells are then numbers *per* list or krets; see `filled.Key`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scanner.ballot import Category, Rejection
from scanner.election import ElectionType
from scanner.tally.channels import Channel
from scanner.tally.motebok.formula import Expr, Where


class Unit(StrEnum):
    """What a number counts. Stemmegivninger, konvolutter and stemmesedler are never mixed silently."""

    STEMMEGIVNING = "stemmegivning"  # a cross in the manntall, an envelope with one voter's vote
    KONVOLUTT = "konvolutt"
    STEMMESEDDEL = "stemmeseddel"
    KASSE = "kasse"
    VELGER = "velger"  # people in the manntall
    STEMME = "stemme"  # personal votes, listestemmer
    PROSENT = "prosent"  # hundredths of a per cent
    TEKST = "tekst"  # words, no number


class Dimension(StrEnum):
    """What a number is counted per."""

    LIST = "list"  # or option of a referendum
    KRETS = "krets"
    PLACE = "place"  # where forhåndsstemmer were received, from 2025
    KOMMUNE = "kommune"
    CANDIDATE = "candidate"  # "LIST/NR"
    RANK = "rank"
    MEMBER = "member"  # of the board
    BOX = "box"


class Source(StrEnum):
    """Where the value of a cell comes from."""

    INPUT = "input"  # counted or written by people
    MACHINE = "machine"  # from decisions on ballots, see Fact
    FORMULA = "formula"  # worked out from other cells
    CARRIED = "carried"  # the same number as in one other cell ("Fra B2.1d")


class Severity(StrEnum):
    """How grave a difference is; none ever blocks, each needs words and a name."""

    NOTE = "note"  # differs for legal reasons in most elections
    FLAG = "flag"
    SEVERE = "severe"  # more paper than voters, paper lost


class Relation(StrEnum):
    """What left must be to right."""

    EQUAL = "="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in bokmål, nynorsk, Northern Sámi and English; "" where there is no translation."""

    nb: str
    nn: str = ""
    se: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """The words in one of nb, nn, se, en; in bokmål where that language has none."""
        said: str = getattr(self, language)
        return said or self.nb


class FactKind(StrEnum):
    """What is counted of the decided ballots."""

    VOTES = "votes"  # ballots approved for a list (option)
    BLANK = "blank"
    REJECTED = "rejected"
    UNDECIDED = "undecided"
    FED = "fed"  # every sheet
    PERSONAL = "personal"  # personstemmer on the candidate's own list
    SLENGERE_GIVEN = "slengere_given"
    SLENGERE_RECEIVED = "slengere_received"
    RANK = "rank"  # entries of a candidate at a rank, urettede in printed order
    STRIKES = "strikes"
    LISTED = "listed"  # ballots approved for the candidate's list


@dataclass(frozen=True, slots=True)
class Fact:
    """A question to the decided ballots; empty fields do not limit. List, krets … come from the cell."""

    kind: FactKind
    channel: Channel | None = None
    categories: tuple[str, ...] = ()  # FO FS VO VF VB VS BF
    sort: Category | None = None  # urettet or rettet
    ground: Rejection | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A place for one value (or one per list, krets …, as `per` says).

    `formula` is set for FORMULA and CARRIED, `fact` for MACHINE. `choices` are the words allowed in
    a TEKST cell, empty for free words. `optional`: empty means 0 (or nothing), and nothing is missing.
    `own`: not in the official form.
    """

    id: str
    label: Text
    unit: Unit
    source: Source
    per: tuple[Dimension, ...] = ()
    formula: Expr | None = None
    fact: Fact | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    own: bool = False
    crosses: str = ""  # why this sum may mix units (envelopes with one ballot each), else ""
    needed: Where | None = None  # people must fill it in only where another cell says so


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `per` repeats it for each (rank, krets)."""

    id: str
    label: Text
    group: Text = Text("")
    per: Dimension | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; `per` repeats it for each (list, krets). `cells` has one id a column, "" if empty."""

    id: str
    label: Text
    cells: tuple[str, ...]
    per: tuple[Dimension, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed. `heading` stands over the labels, `note` below the table."""

    id: str
    title: Text
    heading: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text = Text("")
    own: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter ("B", "B1") with its tables and their ids in order."""

    id: str
    title: Text
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """Two numbers that must agree. `per`: looked at once for each. `own`: not printed in the form.

    `hidden` is the number of the invariant it stands for (H1 … H9, E-1 … E-14), if any.
    """

    id: str
    text: Text
    left: Expr
    relation: Relation
    right: Expr
    severity: Severity = Severity.FLAG
    per: tuple[Dimension, ...] = ()
    own: bool = False
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A number that comes from another board's form, krets by krets: the cell there, the cell here."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two counts of the same ballots per list: the cell of the first count and that of the final one."""

    id: str
    text: Text
    first: str
    final: str


@dataclass(frozen=True)
class Form:
    """A blank form for one type of election in one year: everything that is printed, and all arithmetic."""

    id: str  # "valgstyret_2009"
    name: Text
    board: str  # "valgstyret", "stemmestyret" …
    type: ElectionType
    year: int
    law: str  # "2002", "2013", "2016", "2023": the version of the law it cites
    chapters: tuple[Chapter, ...]
    tables: tuple[Table, ...]
    cells: tuple[Cell, ...]  # in printed order
    controls: tuple[Control, ...]
    pairs: tuple[Pair, ...] = ()  # what `reconcile` compares
    fed_by: tuple[str, ...] = ()  # the forms whose numbers come in here, "stemmestyret_2009"
    fed_per: Dimension = Dimension.KRETS  # what there is one such form for
    feeds: tuple[Feed, ...] = ()

    def cell(self, id_: str) -> Cell:
        """The cell with this id; KeyError if there is none."""
        return self._cells[id_]

    def table(self, id_: str) -> Table:
        """The table with this id; KeyError if there is none."""
        return self._tables[id_]

    @cached_property
    def _cells(self) -> dict[str, Cell]:
        return {one.id: one for one in self.cells}

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {one.id: one for one in self.tables}
