"""Reading a form back from its workbook: cell by cell, a sentence for each that cannot be used."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from openpyxl import Workbook

from scanner.errors import InputError
from scanner.tally.entered import MOST, entered, number, words
from scanner.tally.motebok.evaluate import evaluate
from scanner.tally.motebok.filled import Explanation, Filled, Key, Value
from scanner.tally.motebok.formula import Expr
from scanner.tally.motebok.model import Cell, Source
from scanner.tally.words import LANGUAGES
from scanner.tally.workbook.formulas import Formulas
from scanner.tally.workbook.identity import MARK, identity
from scanner.tally.workbook.opening import opened
from scanner.tally.workbook.places import (
    ABOUT,
    CONTROLS,
    FIRST_CONTROL,
    LABEL,
    Block,
    Plan,
    Spot,
    control_rows,
    plan,
)

Grid = Mapping[tuple[int, int], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be used: where, and what is wrong with it."""

    cell: str  # "B1!C7"
    what: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.what}"


@dataclass(frozen=True, slots=True)
class Read:
    """What a workbook says. `filled` holds only cells without fault; nothing is kept if there is any."""

    filled: Filled
    faults: tuple[Fault, ...]


def read_workbook(content: bytes, blank: Filled) -> Read:
    """The numbers and explanations of a workbook made of `blank` (its form, lists, kretser and facts).

    InputError if it is no such workbook or not of this form; faults for cells that cannot be used.
    """
    book = opened(content)
    try:
        language = _language(book, blank)
        reader = _Reader(book, blank, plan(blank, language))
        values = dict(reader.values())
        reader.controls()
    finally:
        book.close()
    filled = replace(blank, values={**reader.sums, **values})
    return Read(filled.explained(*_meant(filled, reader.said)), tuple(reader.faults))


def _meant(filled: Filled, said: Iterable[Explanation]) -> Iterator[Explanation]:
    """Words stand for the difference that people saw: should a number change, they are asked again."""
    seen = {(one.control.id, one.at): one.difference for one in evaluate(filled).checked}
    return (replace(one, difference=seen.get((one.control, one.at))) for one in said)


def _language(book: Workbook, blank: Filled) -> str:
    """The language it was written in, if it is the workbook of this very form."""
    if ABOUT not in book.sheetnames:
        raise InputError("This workbook was not made by valgskanner: export the form and fill that in.")
    said = [str(row[0]) for row in book[ABOUT].iter_rows(min_row=1, max_row=5, max_col=1, values_only=True)]
    if len(said) < 5 or said[0] != MARK or said[2] not in LANGUAGES:
        raise InputError("This workbook was not made by this version of valgskanner: export the form again.")
    if said != list(identity(blank, said[2])):
        raise InputError(
            f"This workbook is of another form ({said[1]}, {said[3]}), or other lists and kretser: "
            "export it again for this election."
        )
    return said[2]


class _Reader:
    """One workbook being read; faults are gathered on the way."""

    def __init__(self, book: Workbook, blank: Filled, places: Plan) -> None:
        self.book, self.blank, self.plan = book, blank, places
        self.formulas = Formulas(blank, places.spots)
        self.faults: list[Fault] = []
        self.sheets: dict[str, Grid] = {}
        self.sums: dict[Key, Value] = {}
        self.said: list[Explanation] = []

    def grid(self, sheet: str, rows: int, columns: int) -> Grid:
        """The cells of a sheet, as far as the form reaches: what stands beyond is never looked at."""
        if sheet not in self.book.sheetnames:
            raise InputError(f"The sheet {sheet} is missing from the workbook.")
        found = self.book[sheet].iter_rows(max_row=rows, max_col=columns, values_only=True)
        return {
            (down, right): value
            for down, row in enumerate(found, 1)
            for right, value in enumerate(row, 1)
            if value is not None
        }

    def values(self) -> Iterator[tuple[Key, Value]]:
        """Every value people wrote."""
        for block in self.plan.blocks:
            rows, columns = self._reach(block.sheet)
            if block.sheet not in self.sheets:
                self.sheets[block.sheet] = self.grid(block.sheet, rows, columns)
            self._labels(block, self.sheets[block.sheet])
            for key, spot in block.spots():
                value = self._value(key, spot, self.sheets[block.sheet].get((spot.row, spot.column)))
                if value is not None:
                    yield key, value

    def _reach(self, sheet: str) -> tuple[int, int]:
        own = [one for one in self.plan.blocks if one.sheet == sheet]
        return max(one.last for one in own), LABEL + max(len(one.grid.columns) for one in own)

    def _labels(self, block: Block, grid: Grid) -> None:
        """Every label still stands where it was written: else rows were put in, sorted or taken out."""
        for row, line in enumerate(block.grid.lines, block.first):
            found = str(grid.get((row, LABEL), ""))
            if found.split() != line.label.split():
                where = str(Spot(block.sheet, row, LABEL))
                self.faults.append(Fault(where, f"«{line.label}» should stand here, not «{found[:60]}»."))

    def _value(self, key: Key, spot: Spot, found: object) -> Value | None:
        try:
            return self._checked(self.blank.form.cell(key.cell), key, found)
        except InputError as error:
            self._fault(spot, str(error))
            return None

    def _checked(self, cell: Cell, key: Key, found: object) -> Value | None:
        if cell.formula is not None:
            return self._worked(cell.formula, cell, key, found)
        if cell.source is Source.MACHINE and self.blank.counted:
            counted = self.blank.facts.get(key, 0)
            if found not in {None, counted}:
                raise InputError(f"the machine counted {counted}; this cell is not filled in by hand.")
            return None
        return entered(cell, found)

    def _worked(self, formula: Expr, cell: Cell, key: Key, found: object) -> int | None:
        """A live formula must be the form's own; a number over it is kept, and compared by the form."""
        if found is None:
            return None
        if not (isinstance(found, str) and found.startswith("=")):
            return number(found, -MOST)
        if _bare(found) != _bare(self.formulas.live(formula, cell.per, key.at)):
            raise InputError("the formula was changed; export the form again and copy the numbers.")
        return None

    def _fault(self, spot: Spot, what: str) -> None:
        self.faults.append(Fault(str(spot), what))

    def controls(self) -> None:
        """Sums that people wrote, and why controls do not hold, in their words."""
        rows = control_rows(self.blank)
        last = len(rows) + FIRST_CONTROL + len(self.plan.spots)
        grid = self.grid(CONTROLS, last, 10)
        for row, control, at in rows:
            if grid.get((row, 1)) != control.id:
                self._fault(Spot(CONTROLS, row, 1), f"the control {control.id} should stand here.")
            else:
                self._explained(grid, row, control.id, at)
        sums = {f"={key}": key for key in self.plan.spots}
        for row in range(FIRST_CONTROL + len(rows), last):
            if (row, 1) in grid:
                self._compared(grid, row, sums.get(str(grid[row, 1])))

    def _compared(self, grid: Grid, row: int, key: Key | None) -> None:
        if key is None:
            return self._fault(Spot(CONTROLS, row, 1), "no control of this form stands here.")
        try:
            self.sums[key] = number(grid.get((row, 4)), -MOST)
        except InputError as error:
            self._fault(Spot(CONTROLS, row, 4), str(error))
        self._explained(grid, row, f"={key.cell}", key.at)
        return None

    def _explained(self, grid: Grid, row: int, control: str, at: tuple[str, ...]) -> None:
        cause, by = (self._said(Spot(CONTROLS, row, n), grid.get((row, n))) for n in (9, 10))
        if cause or by:
            self.said.append(Explanation(control, cause, by, at))

    def _said(self, spot: Spot, found: object) -> str:
        try:
            return words("" if found is None else found) or ""
        except InputError as error:
            self._fault(spot, str(error))
            return ""


def _bare(formula: str) -> str:
    """A formula without what spreadsheets write differently: spaces, quotes around sheets, dollars."""
    return formula.removeprefix("=").replace(" ", "").replace("'", "").replace("$", "").upper()
