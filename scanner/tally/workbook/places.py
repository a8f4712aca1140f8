"""Where each key of a form stands in the workbook: one sheet a chapter, its tables one below another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from openpyxl.utils import get_column_letter

from scanner.tally.motebok.filled import Filled, Key
from scanner.tally.motebok.model import Control
from scanner.tally.printed import Grid, Page, printed

LABEL = 1  # column of the labels; numbers begin right of it
CONTROLS = "Kontroller"
ABOUT = "valgskanner"  # which form this is, for reading it back


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the workbook."""

    sheet: str
    row: int  # 1..
    column: int  # 1..

    @property
    def name(self) -> str:
        """`B7`."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def address(self) -> str:
        """`'B1'!B7`."""
        return f"'{self.sheet}'!{self.name}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.name}"


@dataclass(frozen=True, slots=True)
class Block:
    """A table on its sheet: `top` is the row of its title, the lines begin at `first`."""

    grid: Grid
    sheet: str
    top: int

    @property
    def first(self) -> int:
        """Row of the first line: below the title, the groups (if any) and the headings."""
        return self.top + 2 + any(one.group for one in self.grid.columns)

    @property
    def last(self) -> int:
        """Row of the last line."""
        return self.first + len(self.grid.lines) - 1

    def spots(self) -> Iterator[tuple[Key, Spot]]:
        """Every key of the table and where it stands."""
        for down, line in enumerate(self.grid.lines):
            for right, key in enumerate(line.keys, LABEL + 1):
                if key is not None:
                    yield key, Spot(self.sheet, self.first + down, right)


@dataclass(frozen=True)
class Plan:
    """The whole workbook. The same form for the same lists and kretser gives the same places."""

    pages: tuple[Page, ...]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Every table where it stands."""
        found = []
        for page in self.pages:
            top = 3
            for grid in page.grids:
                found.append(Block(grid, sheet_name(page.id), top))
                top = found[-1].last + (3 if grid.note else 2)
        return tuple(found)

    @cached_property
    def spots(self) -> Mapping[Key, Spot]:
        """Where each key stands."""
        return {key: spot for block in self.blocks for key, spot in block.spots()}


def plan(filled: Filled, language: str = "nb") -> Plan:
    """Where everything stands for this form."""
    return Plan(printed(filled, language))


def sheet_name(chapter: str) -> str:
    """A chapter's id as Excel allows it: at most 31 letters, and no sign that it forbids."""
    return "".join("-" if one in "[]:*?/\\'" else one for one in chapter)[:31] or "-"


FIRST_CONTROL = 4  # row
CONTROL_COLUMNS = ("id", "where", "text", "left", "relation", "right", "difference", "outcome", "cause", "by")


def control_rows(filled: Filled) -> tuple[tuple[int, Control, tuple[str, ...]], ...]:
    """The row of each control of the form, at every place it looks at."""
    found = ((one, at) for one in filled.form.controls for at in filled.extent.places(one.per))
    return tuple((row, *one) for row, one in enumerate(found, FIRST_CONTROL))
