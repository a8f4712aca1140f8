"""What the commands about forms print: a line of JSON each, or a table for people."""

from collections.abc import Iterable, Iterator

import msgspec
from rich.table import Table

from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import Checked, Evaluated
from scanner.tally.motebok.reading import FormFile, form
from scanner.tally.motebok.reconcile import Compared


class FormLine(msgspec.Struct, frozen=True):
    """A form: rows, cells and controls of its first type of election in its last known year."""

    form: str
    name: str
    board: str
    types: tuple[str, ...]
    since: int
    until: int
    tables: int
    rows: int
    cells: int
    controls: int
    own_controls: int


class CheckLine(msgspec.Struct, frozen=True):
    """A control looked at once."""

    control: str
    place: tuple[str, ...]
    text: str
    severity: str
    own: bool
    left: int
    right: int
    difference: int
    outcome: str
    explanation: str
    person: str

    @classmethod
    def of(cls, one: Checked) -> "CheckLine":
        """The line of a control."""
        about = one.control
        return cls(
            control=about.id,
            place=one.at,
            text=about.text.nb,
            severity=about.severity.value,
            own=about.own,
            left=one.left,
            right=one.right,
            difference=one.difference,
            outcome=one.outcome.value,
            explanation=one.explanation,
            person=one.by,
        )


class SwapLine(msgspec.Struct, frozen=True):
    """Two lists whose differences look like one bundle."""

    count: str
    place: tuple[str, ...]
    loser: str
    gainer: str
    ballots: int
    loser_difference: int
    gainer_difference: int


class BallotLine(msgspec.Struct, frozen=True):
    """A ballot in a number: `times` is what it adds; images by sha256, as they lie in the store."""

    sheet: str
    box: str
    number: int
    times: int
    images: tuple[str, ...]


def form_line(name: str, file: FormFile) -> FormLine:
    """The line of a form."""
    made = form(name, file.types[0], min(file.until, 2029))
    own = sum(one.own for one in made.controls)
    return FormLine(
        form=name,
        name=made.name.nb,
        board=file.board,
        types=tuple(one.value for one in file.types),
        since=file.since,
        until=file.until,
        tables=len(made.tables),
        rows=sum(len(one.rows) for one in made.tables),
        cells=len(made.cells),
        controls=len(made.controls) - own,
        own_controls=own,
    )


def form_table(lines: Iterable[FormLine]) -> Table:
    """The forms for people."""
    table = Table(title="Forms")
    for name in ("form", "elections", "years", "rows", "cells", "printed controls", "own controls"):
        table.add_column(name, justify="left" if name in {"form", "elections"} else "right", no_wrap=True)
    for one in lines:
        years = f"{one.since}-{one.until}" if one.until < 2100 else f"{one.since}-"
        numbers = (one.rows, one.cells, one.controls, one.own_controls)
        table.add_row(one.form, " ".join(one.types), years, *map(str, numbers))
    return table


def check_table(made: Evaluated) -> Table:
    """The controls that do not hold, the gravest first as the form orders them."""
    table = Table(title=f"{made.filled.form.name.nb}, {made.filled.area}")
    for name in ("control", "place", "text", "left", "right", "difference", "outcome"):
        table.add_column(name, justify="right" if name in {"left", "right", "difference"} else "left")
    for one in made.checked:
        if one.outcome is not Outcome.HOLDS:
            said = f"{one.outcome.value}: {one.explanation} ({one.by})" if one.by else one.outcome.value
            numbers = (str(one.left), str(one.right), f"{one.difference:+}")
            table.add_row(one.control.id, "; ".join(one.at), one.control.text.nb, *numbers, said)
    return table


def swap_lines(compared: Iterable[Compared]) -> Iterator[SwapLine]:
    """Every pair of lists that looks like one bundle."""
    for one in compared:
        lines = {line.list: line.difference for line in one.lines}
        for swap in one.swaps:
            yield SwapLine(
                one.pair.id,
                one.at,
                swap.loser,
                swap.gainer,
                swap.ballots,
                lines[swap.loser],
                lines[swap.gainer],
            )
