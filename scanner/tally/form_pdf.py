"""A whole form as a document to sign, or blank to be filled in by hand: PDF by typst."""

import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import TypedDict

import msgspec

from scanner.tally.form import Outcome
from scanner.tally.forms import FOLDER
from scanner.tally.motebok.evaluate import Checked, Evaluated
from scanner.tally.motebok.filled import Key
from scanner.tally.motebok.model import Dimension, Source, Unit
from scanner.tally.paper import lasting
from scanner.tally.printed import Grid, Line, place_name, printed
from scanner.tally.words import Words, words

MOST_COLUMNS = 10  # of a table on A4; more are printed as several tables
MEMBERS = 5  # lines to sign on besides the leader's
_SPACE = " "  # narrow, never broken: between thousands


class _Cell(msgspec.Struct, frozen=True):
    text: str
    kind: str  # input, sum, words, none


class _Row(msgspec.Struct, frozen=True):
    label: str
    cells: tuple[_Cell, ...]
    own: bool


class _Group(msgspec.Struct, frozen=True):
    label: str
    span: int


class _Grid(msgspec.Struct, frozen=True):
    title: str
    heading: str
    columns: tuple[str, ...]
    groups: tuple[_Group, ...]
    rows: tuple[_Row, ...]
    note: str
    own: bool


class _Page(msgspec.Struct, frozen=True):
    title: str
    grids: tuple[_Grid, ...]


class _Control(msgspec.Struct, frozen=True):
    id: str
    where: str
    text: str
    left: str
    right: str
    outcome: str
    bad: bool
    cause: str
    by: str


class Routine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to count by hand, and the words of the count sheet."""

    title: str
    steps: tuple[str, ...]
    sheet: str
    box: str
    krets: str
    category: str
    all: str
    crosses: str
    list: str
    fifties: str
    rest: str
    sum: str
    again: str
    blank: str
    doubtful: str
    total: str
    counted: str


class _Book(msgspec.Struct, frozen=True):
    title: str
    election: str
    area: str
    year: int
    language: str
    words: Words
    pages: tuple[_Page, ...]
    controls: tuple[_Control, ...]
    open: bool
    unexplained: tuple[str, ...]
    blank: bool
    test: bool
    checkpoint: str
    foot: str
    members: int
    routine: Routine | None
    lists: tuple[str, ...]


class Printed(TypedDict, total=False):
    """What a form says of where its numbers come from."""

    election: str
    checkpoint: str
    test: bool


def form_pdf(
    made: Evaluated,
    language: str = "nb",
    *,
    election: str = "",
    checkpoint: str = "",
    test: bool = False,
) -> bytes:
    """The form on A4, made to last and to be read aloud; the same form gives the same bytes.

    A form with no number in it is printed blank, to be filled in by hand, after the routine for
    counting by hand and a count sheet to be copied for each box. `election` is its name,
    `checkpoint` the end of the chain that the numbers rest on; `test` is printed on every page.
    """
    form, filled = made.filled.form, made.filled
    said = words(language)
    blank = not filled.values and not filled.counted
    checked = () if blank else tuple(one for one in made.checked if _shown(one))
    book = _Book(
        title=form.name.in_(language),
        election=election or f"{form.type.value} {form.year}",
        area=filled.area,
        year=form.year,
        language=language,
        words=said,
        pages=tuple(_pages(made, language)),
        controls=tuple(_control(made, one, language) for one in checked),
        open=not blank and not made.closed,
        unexplained=tuple(dict.fromkeys(one.control.id for one in made.unexplained if not blank)),
        blank=blank,
        test=test,
        checkpoint=checkpoint,
        foot=f"{form.id} {form.law}",
        members=MEMBERS,
        routine=routine(language) if blank else None,
        lists=tuple(one.name for one in filled.extent.of(Dimension.LIST)),
    )
    return lasting(FOLDER / "book.typ", "book", msgspec.json.encode(book).decode())


@cache
def routine(language: str) -> Routine:
    """The routine in nb, nn or en; in bokmål for a language that it is not translated to yet."""
    told = msgspec.convert(tomllib.loads((FOLDER / "routine.toml").read_text("utf-8")), dict[str, Routine])
    return told.get(language, told["nb"])


def _shown(one: Checked) -> bool:
    """Sums that people wrote are told only where they differ from the sum worked out."""
    return not one.control.id.startswith("=") or one.outcome is not Outcome.HOLDS


def _pages(made: Evaluated, language: str) -> Iterator[_Page]:
    for page in printed(made.filled, language):
        grids = tuple(part for grid in page.grids for part in _grids(made, grid))
        if grids:
            yield _Page(page.title, grids)


def _grids(made: Evaluated, grid: Grid) -> Iterator[_Grid]:
    """A table, or several where it has more columns than a page; none without lines."""
    for start in range(0, len(grid.columns) if grid.lines else 0, MOST_COLUMNS):
        part = slice(start, start + MOST_COLUMNS)
        columns = grid.columns[part]
        groups = [_Group(name, len(tuple(run))) for name, run in groupby(columns, key=lambda one: one.group)]
        rows = tuple(_row(made, line, part) for line in grid.lines)
        only_words = len(columns) == 1 and all(one.kind == "words" for row in rows for one in row.cells)
        yield _Grid(
            title=grid.title,
            heading=grid.heading,
            columns=tuple("" if only_words else one.label for one in columns),
            groups=tuple(groups) if any(one.label for one in groups) else (),
            rows=rows,
            note=grid.note if part.stop >= len(grid.columns) else "",
            own=grid.own,
        )


def _row(made: Evaluated, line: Line, part: slice) -> _Row:
    return _Row(line.label, tuple(_cell(made, key) for key in line.keys[part]), line.own)


def _cell(made: Evaluated, key: Key | None) -> _Cell:
    if key is None:
        return _Cell("", "none")
    cell = made.filled.form.cell(key.cell)
    value = made.values[key]
    if cell.unit is Unit.TEKST:
        return _Cell("" if value is None else str(value), "words")
    kind = "sum" if cell.source in {Source.FORMULA, Source.CARRIED} else "input"
    if not isinstance(value, int):
        return _Cell("", kind)
    return _Cell(_percent(value) if cell.unit is Unit.PROSENT else number(value), kind)


def number(value: int) -> str:
    """63 509, −436: as the forms are printed."""
    return f"{'−' if value < 0 else ''}{abs(value):,}".replace(",", _SPACE)


def _percent(value: int) -> str:
    return f"{value // 100},{value % 100:02}{_SPACE}%"


def _control(made: Evaluated, one: Checked, language: str) -> _Control:
    return _Control(
        id=one.control.id,
        where=place_name(made.filled.extent, one.control.per, one.at),
        text=one.control.text.in_(language),
        left=number(one.left),
        right=number(one.right),
        outcome=words(language).told(one.outcome),
        bad=one.outcome is Outcome.UNEXPLAINED,
        cause=one.explanation,
        by=one.by,
    )
