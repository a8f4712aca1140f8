"""A form as it is printed: chapters of tables, rows per list or krets written out, a key in each cell.

The workbook, the PDF and the CSV are all drawn from this, so that no cell can be in one of them only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from scanner.tally.motebok.filled import Extent, Filled, Key
from scanner.tally.motebok.model import Column, Dimension, Form, Row, Table


@dataclass(frozen=True, slots=True)
class Heading:
    """Words over a column; `group` stands over several columns."""

    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed row: its words, and the key of each column's cell, None where none is."""

    label: str
    keys: tuple[Key | None, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table written out: `heading` over the labels, `note` below; `own`: not in the official form."""

    id: str
    title: str
    heading: str
    columns: tuple[Heading, ...]
    lines: tuple[Line, ...]
    note: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A chapter with its tables, in printed order."""

    id: str
    title: str
    grids: tuple[Grid, ...]


def printed(filled: Filled, language: str = "nb") -> tuple[Page, ...]:
    """The whole form in one of nb, nn, se, en, for the lists and kretser it is for."""
    form = filled.form
    return tuple(
        Page(
            one.id,
            one.title.in_(language),
            tuple(_grid(form, form.table(name), filled.extent, language) for name in one.tables),
        )
        for one in form.chapters
    )


def keys_of(pages: tuple[Page, ...]) -> Iterator[Key]:
    """Every key that is printed, in order."""
    for page in pages:
        for grid in page.grids:
            for line in grid.lines:
                yield from (one for one in line.keys if one is not None)


def place_name(extent: Extent, per: tuple[Dimension, ...], at: tuple[str, ...]) -> str:
    """The names of a list, krets … for people."""
    return " – ".join(extent.name(one, code) for one, code in zip(per, at, strict=True))


def _grid(form: Form, table: Table, extent: Extent, language: str) -> Grid:
    wide = [(one, code) for one in table.columns for code in _codes(one, extent)]
    return Grid(
        table.id,
        table.title.in_(language),
        table.heading.in_(language),
        tuple(_heading(one, code, extent, language) for one, code in wide),
        tuple(line for row in table.rows for line in _lines(form, table, row, extent, language)),
        table.note.in_(language),
        table.own,
    )


def _codes(column: Column, extent: Extent) -> tuple[str | None, ...]:
    return (None,) if column.per is None else extent.codes(column.per)


def _heading(column: Column, code: str | None, extent: Extent, language: str) -> Heading:
    label, group = column.label.in_(language), column.group.in_(language)
    if column.per is None or code is None:
        return Heading(label, group)
    return Heading(extent.name(column.per, code), group or label)


def _lines(form: Form, table: Table, row: Row, extent: Extent, language: str) -> Iterator[Line]:
    for at in product(*(extent.codes(one) for one in row.per)):
        here = dict(zip(row.per, at, strict=True))
        words = (row.label.in_(language), place_name(extent, row.per, at))
        cells = zip(table.columns, row.cells, strict=True)
        keys = tuple(
            _key(form, cell, here if column.per is None else {**here, column.per: code or ""})
            for column, cell in cells
            for code in _codes(column, extent)
        )
        yield Line(" ".join(one for one in words if one), keys, row.own)


def _key(form: Form, cell: str, here: dict[Dimension, str]) -> Key | None:
    return Key(cell, tuple(here[one] for one in form.cell(cell).per)) if cell else None
