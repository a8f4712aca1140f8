"""A form worked out, as JSON for other programs: every cell with its number, every control."""

import msgspec

from scanner.tally.motebok.evaluate import Evaluated
from scanner.tally.motebok.filled import Value


class CellValue(msgspec.Struct, frozen=True):
    """A cell: null is not written yet. `formula`: worked out, not written by people."""

    cell: str
    at: tuple[str, ...]
    unit: str
    formula: bool
    value: Value | None


class ControlOutcome(msgspec.Struct, frozen=True):
    """A control looked at at one place."""

    control: str
    at: tuple[str, ...]
    left: int
    right: int
    outcome: str
    explanation: str
    by: str


class FormDocument(msgspec.Struct, frozen=True):
    """The whole form. `closed`: nothing missing, no difference unexplained."""

    form: str
    type: str
    year: int
    law: str
    area: str
    closed: bool
    checkpoint: str
    test: bool
    cells: tuple[CellValue, ...]
    controls: tuple[ControlOutcome, ...]


def form_json(made: Evaluated, *, checkpoint: str = "", test: bool = False) -> bytes:
    """The form as indented JSON, UTF-8, ending in a line break; the same form, the same bytes."""
    form = made.filled.form
    cells = (
        CellValue(key.cell, key.at, cell.unit.value, cell.formula is not None, value)
        for key, value in made.values.items()
        for cell in (form.cell(key.cell),)
    )
    controls = (
        ControlOutcome(
            one.control.id, one.at, one.left, one.right, one.outcome.value, one.explanation, one.by
        )
        for one in made.checked
    )
    whole = FormDocument(
        form=form.id,
        type=form.type.value,
        year=form.year,
        law=form.law,
        area=made.filled.area,
        closed=made.closed,
        checkpoint=checkpoint,
        test=test,
        cells=tuple(cells),
        controls=tuple(controls),
    )
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"
