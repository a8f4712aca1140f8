"""A form as a CSV table: a line per cell to fill in, and read back cell by cell.

Columns: cell, place, where (names for people), what (label), unit, formula, value. Only cell, place and
value are read back; a number in a line with a formula is compared with the one worked out.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from scanner.errors import InputError
from scanner.tally.motebok.entry import entry, key_of, place_of
from scanner.tally.motebok.evaluate import Evaluated
from scanner.tally.motebok.filled import Filled, Key, Value, keys
from scanner.tally.motebok.formula import written
from scanner.tally.motebok.model import Cell, Unit
from scanner.tally.spreadsheet import as_text, as_written

COLUMNS = ("cell", "place", "where", "what", "unit", "formula", "value")


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be taken: its number in the file (the head is 1), the column, and why."""

    line: int
    column: str
    why: str

    def __str__(self) -> str:
        """As people read it."""
        return f"line {self.line}, column {self.column}: {self.why}"


def template(filled: Filled, language: str = "nb") -> str:
    """The form to fill in, with what is already written; `language` of the labels: nb, nn, se, en."""
    return _table(filled, filled.values.get, language)


def worked_out(evaluated: Evaluated, language: str = "nb") -> str:
    """The form with every number worked out."""
    return _table(evaluated.filled, evaluated.values.get, language)


def _table(filled: Filled, value: Callable[[Key], Value | None], language: str) -> str:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for key in keys(filled):
        lines.writerow(_line(filled, key, value(key), language))
    return out.getvalue()


def _line(filled: Filled, key: Key, value: Value | None, language: str) -> tuple[str, ...]:
    cell = filled.form.cell(key.cell)
    named = zip(cell.per, key.at, strict=True)
    where = "; ".join(filled.extent.name(one, code) for one, code in named)
    formula = written(cell.formula) if cell.formula else ""
    shown = shown_value(cell, value)
    label = as_text(cell.label.in_(language))
    return key.cell, place_of(key), as_text(where), label, cell.unit.value, as_text(formula), shown


def shown_value(cell: Cell, value: Value | None) -> str:
    """A value as it is written by people: 68,10 for a percentage, nothing for None."""
    if isinstance(value, int) and cell.unit is Unit.PROSENT:
        return f"{value // 100},{value % 100:02}"
    return "" if value is None else str(value) if isinstance(value, int) else as_text(value)


def read_table(filled: Filled, table: str) -> tuple[dict[Key, Value], tuple[Refused, ...]]:
    """The values of a table filled in, and every line that is refused; the rest can still be used.

    Raises InputError if the head lacks a column.
    """
    lines = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=_delimiter(table))
    lacking = {"cell", "place", "value"} - set(lines.fieldnames or ())
    if lacking:
        raise InputError(f"The table has no column {', '.join(sorted(lacking))}.")
    values: dict[Key, Value] = {}
    refused: list[Refused] = []
    try:
        for line in lines:
            _take(filled, line, lines.line_num, values, refused)
    except csv.Error as error:
        raise InputError(f"The table cannot be read at line {lines.line_num}: {error}.") from error
    return values, tuple(refused)


def _delimiter(table: str) -> str:
    """Norwegian Excel writes semicolons, and then puts quotes round places."""
    head = table.split("\n", 1)[0]
    return ";" if head.count(";") > head.count(",") else ","


def _take(
    filled: Filled,
    line: dict[str, str],
    number: int,
    values: dict[Key, Value],
    refused: list[Refused],
) -> None:
    if not (line["value"] or "").strip():
        return
    try:
        key = key_of(
            filled.form, filled.extent, (line["cell"] or "").strip(), as_written(line["place"] or "")
        )
    except InputError as error:
        refused.append(Refused(number, "cell, place", str(error)))
        return
    if key in values:
        refused.append(Refused(number, "cell, place", f"{key} is written twice."))
        return
    try:
        value = entry(filled.form.cell(key.cell), as_written(line["value"].strip()))
    except InputError as error:
        refused.append(Refused(number, "value", str(error)))
        return
    if value is not None:
        values[key] = value
