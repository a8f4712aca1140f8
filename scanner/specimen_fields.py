"""The fields of a foreign ballot: `name,kind,x,y,w,h` in pixels of its blank form, checked line by line."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from scanner.classify.marks import FieldShape
from scanner.errors import InputError

COLUMNS = ("name", "kind", "x", "y", "w", "h")
MOST_BYTES = 4 * 2**20
MOST_FIELDS = 5000
SMALLEST = 4.0  # px; less is a mistake in the file


@dataclass(frozen=True, slots=True)
class SpecimenField:
    """One field in px of the specimen."""

    name: str
    shape: FieldShape
    x: float
    y: float
    w: float
    h: float


def read_field_list(path: Path, page: tuple[int, int]) -> tuple[SpecimenField, ...]:
    """The fields listed in a CSV file, each inside the specimen of `page` (width, height) px.

    InputError names file and line of the first fault.
    """
    rows = _rows(path)
    fields: dict[str, SpecimenField] = {}
    for line, row in rows:
        field = _field(f"{path.name} line {line}", row, page)
        if field.name in fields:
            raise InputError(f"{path.name} line {line}: the name {field.name!r} is used twice.")
        if len(fields) == MOST_FIELDS:
            raise InputError(f"{path.name} line {line}: more than {MOST_FIELDS} fields.")
        fields[field.name] = field
    if not fields:
        raise InputError(f"{path.name} has no fields below its heading.")
    return tuple(fields.values())


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Line numbers and cells below the heading, in the order of COLUMNS."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]
    except csv.Error as error:
        raise InputError(f"{path.name} line {reader.line_num} is not CSV: {error}.") from error
    if not lines or not set(COLUMNS) <= set(lines[0][1]):
        raise InputError(f"{path.name} line 1 must name the columns {','.join(COLUMNS)}.")
    places = [lines[0][1].index(one) for one in COLUMNS]
    for line, cells in lines[1:]:
        if len(cells) != len(lines[0][1]):
            raise InputError(
                f"{path.name} line {line} has {len(cells)} columns, expected {len(lines[0][1])}."
            )
    return [(line, [cells[place] for place in places]) for line, cells in lines[1:]]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path.name} is larger than {MOST_BYTES // 2**20} MB: no list of fields.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text (byte {error.start}).") from error


def _field(where: str, row: list[str], page: tuple[int, int]) -> SpecimenField:
    name, kind, *numbers = row
    if not name:
        raise InputError(f"{where}: the field has no name.")
    if kind not in set(FieldShape):
        raise InputError(f"{where}: kind {kind!r} is not one of {', '.join(FieldShape)}.")
    x, y, w, h = (_number(where, column, text) for column, text in zip(COLUMNS[2:], numbers, strict=True))
    if min(w, h) < SMALLEST:
        raise InputError(f"{where}: the field is {w:g} × {h:g} px, smaller than {SMALLEST:g} px.")
    if x < 0 or y < 0 or x + w > page[0] or y + h > page[1]:
        raise InputError(f"{where}: the field does not lie on the specimen of {page[0]} × {page[1]} px.")
    return SpecimenField(name, FieldShape(kind), x, y, w, h)


def _number(where: str, column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e6:
        raise InputError(f"{where}: {column} is {text[:20]!r}, expected a number of pixels.")
    return number
