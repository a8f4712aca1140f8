"""A form filled in: numbers people wrote, facts the machine counted, and words for what differs.

Contract for everything that reads or writes forms (CSV, workbook, PDF, web):

* A `Key` is a cell and where: `Key("B2.1d")`, `Key("B3.1.a", ("DNA",))`, `Key("ST.B3.2", ("K1", "DNA"))`;
  `at` has one code for each of the cell's `per`, in that order.
* `Filled.values` holds what people wrote. A number written in a FORMULA, CARRIED or MACHINE cell (a
  sum printed on paper) is not believed: it is compared with the number worked out, as a control.
* `keys(filled)` is every key of the form in printed order; `evaluate(filled)` gives each its value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

from scanner.tally.motebok.model import Cell, Dimension, Form


class Key(NamedTuple):
    """A cell, and which list, krets … of it."""

    cell: str
    at: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As people write it: B3.1.a[DNA]."""
        return f"{self.cell}[{', '.join(self.at)}]" if self.at else self.cell


Value = int | str


@dataclass(frozen=True, slots=True)
class Item:
    """One list, krets … : its code, and its name as printed."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Extent:
    """Which lists, kretser … this form is for, each in printed order; a dimension not named has none."""

    items: tuple[tuple[Dimension, tuple[Item, ...]], ...] = ()

    def of(self, dimension: Dimension) -> tuple[Item, ...]:
        """The items of a dimension."""
        return next((items for one, items in self.items if one is dimension), ())

    def codes(self, dimension: Dimension) -> tuple[str, ...]:
        """The codes of a dimension's items."""
        return tuple(one.code for one in self.of(dimension))

    def places(self, per: tuple[Dimension, ...]) -> Iterator[tuple[str, ...]]:
        """Every combination of codes, in printed order; one empty one if `per` is empty."""
        return product(*(self.codes(one) for one in per))

    def having(self, dimension: Dimension, items: tuple[Item, ...]) -> "Extent":
        """The same extent with these items for a dimension."""
        others = tuple(one for one in self.items if one[0] is not dimension)
        return Extent((*others, (dimension, items)))

    def name(self, dimension: Dimension, code: str) -> str:
        """The name of an item; its code if it is not known."""
        return next((one.name for one in self.of(dimension) if one.code == code), code)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a control does not hold, in words, by a named person; both are needed.

    `difference` is the one explained (left − right): should the numbers change later, the words no
    longer stand for them. None: whatever it is.
    """

    control: str
    text: str
    by: str
    at: tuple[str, ...] = ()
    difference: int | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with what is known. `facts` are the machine's numbers; what is not there is 0 if `counted`.

    `counted`: the machine has counted; false for a form filled in by hand only, whose MACHINE cells
    are then what people wrote.
    """

    form: Form
    area: str
    extent: Extent = Extent()
    values: Mapping[Key, Value] = field(default_factory=dict)
    facts: Mapping[Key, int] = field(default_factory=dict)
    counted: bool = False
    explanations: tuple[Explanation, ...] = ()

    def with_values(self, values: Mapping[Key, Value]) -> "Filled":
        """The same form with these values written over its own."""
        return replace(self, values={**self.values, **values})

    def explained(self, *more: Explanation) -> "Filled":
        """The same form with more explanations."""
        return replace(self, explanations=(*self.explanations, *more))


def keys(filled: Filled) -> Iterator[Key]:
    """Every key of the form, in printed order."""
    for cell in filled.form.cells:
        yield from cell_keys(filled, cell)


def cell_keys(filled: Filled, cell: Cell) -> Iterator[Key]:
    """Every key of one cell, in printed order."""
    return (Key(cell.id, at) for at in filled.extent.places(cell.per))
