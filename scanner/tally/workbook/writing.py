"""Writing a form as a workbook: the same form gives the same bytes."""

import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scanner.tally.entered import MOST
from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import Checked, Evaluated
from scanner.tally.motebok.filled import Key, Value
from scanner.tally.motebok.model import Cell, Control, Relation, Source, Unit
from scanner.tally.printed import place_name
from scanner.tally.words import Words, words
from scanner.tally.workbook.formulas import Formulas, areas
from scanner.tally.workbook.identity import identity
from scanner.tally.workbook.places import (
    ABOUT,
    CONTROL_COLUMNS,
    CONTROLS,
    FIRST_CONTROL,
    LABEL,
    Block,
    Plan,
    Spot,
    control_rows,
    plan,
)

_LINE = Side("thin", "999999")
_THIN = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_INPUT, _WORKED, _HEAD = (PatternFill("solid", fgColor=one) for one in ("FFF9D9", "EEEEEE", "D9D9D9"))
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every part: the workbook says nothing of when it was made


def workbook(made: Evaluated, language: str = "nb") -> bytes:
    """The form as XLSX: what people write unlocked and yellow, sums and controls as live formulas.

    Every label and name is written as text: none is ever taken for a formula.
    """
    return fixed(_Writer(made, language).book())


class _Writer:
    """One workbook in the making."""

    def __init__(self, made: Evaluated, language: str) -> None:
        self.made, self.filled = made, made.filled
        self.form = made.filled.form
        self.plan: Plan = plan(self.filled, language)
        self.words: Words = words(language)
        self.language = language
        self.formulas = Formulas(self.filled, self.plan.spots)
        self.allowed: dict[tuple[str, tuple[str, ...]], list[Spot]] = {}

    def book(self) -> Workbook:
        book = Workbook()
        book.remove(book.worksheets[0])
        for block in self.plan.blocks:
            if block.sheet not in book.sheetnames:
                self._open(book.create_sheet(block.sheet))
            self._table(book[block.sheet], block)
        self._allow(book)
        self._controls(book.create_sheet(CONTROLS))
        about = book.create_sheet(ABOUT)
        for row, text in enumerate(identity(self.filled, self.language), 1):
            _say(_at(about, row, 1), text)
        about.sheet_state = "hidden"
        return book

    def _open(self, sheet: Worksheet) -> None:
        sheet.protection.enable()
        sheet.column_dimensions["A"].width = 70
        for column in "BCDEFGHIJ":
            sheet.column_dimensions[column].width = 16
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        kind = f"{self.form.name.in_(self.language)} – {self.filled.area} – {self.form.year}"
        _say(_at(sheet, 1, LABEL), kind, Font(bold=True, size=14))
        _say(_at(sheet, 2, LABEL), self.words.fill_in, Font(italic=True))

    def _table(self, sheet: Worksheet, block: Block) -> None:
        _say(_at(sheet, block.top, LABEL), block.grid.title, Font(bold=True, size=12))
        _say(_at(sheet, block.first - 1, LABEL), block.grid.heading, Font(bold=True), _HEAD)
        for column, one in enumerate(block.grid.columns, LABEL + 1):
            if one.group:
                _say(_at(sheet, block.first - 2, column), one.group, Font(bold=True), _HEAD)
            _say(_at(sheet, block.first - 1, column), one.label, Font(bold=True), _HEAD)
        for row, line in enumerate(block.grid.lines, block.first):
            _say(_at(sheet, row, LABEL), line.label, Font(italic=line.own))
        for key, spot in block.spots():
            self._value(sheet, key, spot)
        if block.grid.note:
            _say(_at(sheet, block.last + 1, LABEL), block.grid.note, Font(italic=True, size=9))

    def _value(self, sheet: Worksheet, key: Key, spot: Spot) -> None:
        cell, form_cell = _at(sheet, spot.row, spot.column), self.form.cell(key.cell)
        cell.border = _THIN
        if form_cell.unit is Unit.PROSENT:
            cell.number_format = '0","00" %"'  # hundredths of a per cent: 6810 is shown as 68,10 %
        if form_cell.formula is not None:
            cell.value = self._worked(form_cell, key)
            cell.fill = _WORKED
        elif form_cell.source is Source.MACHINE and self.filled.counted:
            cell.value, cell.fill = self.made.number(key.cell, *key.at), _WORKED
        else:
            self._input(cell, form_cell, spot, self.filled.values.get(key))

    def _worked(self, cell: Cell, key: Key) -> Value | None:
        """The live formula; but a sum of which nothing below is known stands as people wrote it."""
        if key in self.made.taken:
            return self.filled.values[key]
        return None if cell.formula is None else self.formulas.live(cell.formula, cell.per, key.at)

    def _input(self, cell: XlsxCell, form_cell: Cell, spot: Spot, value: Value | None) -> None:
        cell.fill, cell.protection = _INPUT, Protection(locked=False)
        if isinstance(value, str):
            _say(cell, value, fill=_INPUT)
        elif value is not None:
            cell.value = value
        if form_cell.choices or form_cell.unit is not Unit.TEKST:
            self.allowed.setdefault((spot.sheet, form_cell.choices), []).append(spot)

    def _allow(self, book: Workbook) -> None:
        """What may be written where: a rule for many cells at once, or a large form takes minutes."""
        for (sheet, choices), spots in self.allowed.items():
            where = " ".join(one.partition("!")[2] for one in areas(spots))
            words = f'"{",".join(choices)}"'
            rule = (
                DataValidation("list", formula1=words, sqref=where)
                if choices
                else DataValidation(
                    "whole", operator="between", formula1="0", formula2=str(MOST), sqref=where
                )
            )
            rule.showErrorMessage = True
            book[sheet].add_data_validation(rule)

    def _controls(self, sheet: Worksheet) -> None:
        self._open(sheet)
        for column, name in enumerate(CONTROL_COLUMNS, 1):
            _say(_at(sheet, FIRST_CONTROL - 1, column), getattr(self.words, name), Font(bold=True), _HEAD)
        for letter, width in zip("ABCDEFGHIJ", (12, 24, 60, 12, 8, 12, 12, 18, 50, 24), strict=True):
            sheet.column_dimensions[letter].width = width
        checked = {(one.control.id, one.at): one for one in self.made.checked}
        rows = control_rows(self.filled)
        for row, control, at in rows:
            self._control(sheet, row, control, at, checked.get((control.id, at)))
        compared = [one for one in self.made.checked if one.control.id.startswith("=")]
        for row, one in enumerate(compared, FIRST_CONTROL + len(rows)):
            self._compared(sheet, row, one)
        alarm = Rule(type="expression", dxf=DifferentialStyle(fill=PatternFill(bgColor="FF9999")))
        alarm.formula = [f'$H{FIRST_CONTROL}="{self.words.unexplained}"']
        sheet.conditional_formatting.add(
            f"A{FIRST_CONTROL}:J{FIRST_CONTROL + len(rows) + len(compared)}", alarm
        )

    def _control(
        self, sheet: Worksheet, row: int, control: Control, at: tuple[str, ...], made: Checked | None
    ) -> None:
        left, right = (self.formulas.live(e, control.per, at) for e in (control.left, control.right))
        where = place_name(self.filled.extent, control.per, at)
        self._row(sheet, row, (control.id, where, control.text.in_(self.language)), left, right)
        self._outcome(sheet, row, control.relation, made)

    def _compared(self, sheet: Worksheet, row: int, made: Checked) -> None:
        """A sum that people wrote, against the same sum worked out."""
        key = Key(made.control.id.removeprefix("="), made.at)
        where = place_name(self.filled.extent, made.control.per, made.at)
        words = (f"={key}", where, made.control.text.in_(self.language))
        self._row(sheet, row, words, made.left, f"=N({self.plan.spots[key].address})")
        self._outcome(sheet, row, made.control.relation, made)

    def _row(
        self, sheet: Worksheet, row: int, said: tuple[str, ...], left: int | str, right: int | str
    ) -> None:
        for column, text in enumerate(said, 1):
            _say(_at(sheet, row, column), text)
        _at(sheet, row, 4).value, _at(sheet, row, 6).value = left, right

    def _outcome(self, sheet: Worksheet, row: int, relation: Relation, made: Checked | None) -> None:
        """The live outcome, and people's words as long as they stand for this difference."""
        at_most = relation is Relation.AT_MOST
        _say(_at(sheet, row, 5), "≤" if at_most else "=")
        both = f"AND(ISNUMBER(D{row}),ISNUMBER(F{row}))"
        _at(sheet, row, 7).value = f'=IF({both},D{row}-F{row},"")'
        names = (self.words.holds, self.words.explained, self.words.unexplained, self.words.missing)
        holds, explained, unexplained, missing = (f'"{one}"' for one in names)
        said = f'IF(AND(TRIM(I{row})<>"",TRIM(J{row})<>""),{explained},{unexplained})'
        sign = "<=" if at_most else "="
        _at(sheet, row, 8).value = f"=IF({both},IF(D{row}{sign}F{row},{holds},{said}),{missing})"
        stale = made is None or (made.outcome is Outcome.UNEXPLAINED and made.explanation and made.by)
        for column, text in (
            ((9, made.explanation), (10, made.by)) if made and not stale else ((9, ""), (10, ""))
        ):
            _say(_at(sheet, row, column), text, fill=_INPUT)
            _at(sheet, row, column).protection = Protection(locked=False)


def _at(sheet: Worksheet, row: int, column: int) -> XlsxCell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, XlsxCell), "nothing is merged"  # noqa: S101 - for the type only
    return cell


def _say(cell: XlsxCell, text: str, font: Font | None = None, fill: PatternFill | None = None) -> None:
    """Words, never a formula: a party may be called =1+1."""
    if text:
        cell.value = "".join(one for one in text if one.isprintable() or one == "\n")
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in {"=", "+", "-", "@"}
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if font:
        cell.font = font
    if fill:
        cell.fill = fill


def fixed(book: Workbook) -> bytes:
    """The workbook's bytes with every clock taken out."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(parts.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            content = parts.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, content)
    return out.getvalue()
