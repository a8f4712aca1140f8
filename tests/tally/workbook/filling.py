"""Every form there is, for two lists and two kretser, with names that spreadsheets might run as formulas."""

import random
from collections.abc import Iterator

from scanner.tally.motebok.filled import Extent, Filled, Item, Key, Value, keys
from scanner.tally.motebok.model import Cell, Dimension, Form, Source, Unit
from scanner.tally.motebok.reading import form, form_file, form_names

NAMES = (
    "=1+1",
    "@SUM(A1:A9)",
    "-Venstre",
    "+Pluss",
    '=HYPERLINK("http://example.org";"Klikk")',
    "Ærlig & <Sønn>",
)


def forms() -> Iterator[Form]:
    """Each form in its first year, for each type of election it is for."""
    for name in form_names():
        file = form_file(name)
        for kind in file.types:
            yield form(name, kind, file.since)


def extent(many: int = 2) -> Extent:
    """`many` of each dimension."""
    return Extent(
        tuple(
            (one, tuple(Item(f"{one.value[:2]}{n}", NAMES[(n + place) % len(NAMES)]) for n in range(many)))
            for place, one in enumerate(Dimension)
        )
    )


def blank(one: Form, many: int = 2) -> Filled:
    """The form with nothing in it."""
    return Filled(one, "=Ålmøy", extent(many))


def filled(one: Form, seed: int = 1) -> Filled:
    """The form filled in with what comes."""
    lot, empty = random.Random(seed), blank(one)
    return empty.with_values(
        {key: _value(one.cell(key.cell), lot) for key in keys(empty) if _written(one.cell(key.cell))}
    )


def _written(cell: Cell) -> bool:
    return cell.source in {Source.INPUT, Source.MACHINE} and cell.formula is None


def _value(cell: Cell, lot: random.Random) -> Value:
    if cell.choices:
        return lot.choice(cell.choices)
    return lot.choice(("-", "ord & <tegn>")) if cell.unit is Unit.TEKST else lot.randrange(2000)


def number_keys(one: Filled) -> list[Key]:
    """The keys whose values people write as numbers."""
    return [
        key
        for key in keys(one)
        if _written(one.form.cell(key.cell)) and one.form.cell(key.cell).unit is not Unit.TEKST
    ]
