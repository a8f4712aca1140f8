"""Working out a form: every sum, every carried number, every control. Pure; all arithmetic is here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from scanner.tally.form import Outcome
from scanner.tally.motebok.filled import Filled, Key, Value, cell_keys
from scanner.tally.motebok.formula import Expr, Number, Percent, Plus, Ref, Times, Total
from scanner.tally.motebok.model import (
    Cell,
    Control,
    Dimension,
    Form,
    Relation,
    Severity,
    Source,
    Text,
    Unit,
)

WRITTEN = Text(
    "Oppført tall er lik utregnet tall",
    "Oppført tal er likt utrekna tal",
    "Čállojuvvon lohku lea seamma go rehkenaston lohku",
    "The number written is the number worked out",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A control looked at once: both numbers, and whether they agree, are explained, or stand unexplained."""

    control: Control
    at: tuple[str, ...]
    left: int
    right: int
    outcome: Outcome
    explanation: str = ""
    by: str = ""

    @property
    def difference(self) -> int:
        """How much left is more than right; 0 if it holds for equality."""
        return self.left - self.right


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A form worked out. `values` has every key (None: people have not written it yet).

    `missing` are input keys without a value, not optional; they count as 0 until written.
    """

    filled: Filled
    values: Mapping[Key, Value | None]
    checked: tuple[Checked, ...]
    missing: tuple[Key, ...]

    def number(self, cell: str, *at: str) -> int:
        """The number in a cell; 0 if nothing is written. KeyError if the form has no such cell."""
        value = self.values[Key(cell, at)]
        return value if isinstance(value, int) else 0

    @property
    def unexplained(self) -> tuple[Checked, ...]:
        """Controls that do not hold and that nobody has explained."""
        return tuple(one for one in self.checked if one.outcome is Outcome.UNEXPLAINED)

    @property
    def closed(self) -> bool:
        """True if the board can sign: nothing missing, no difference unexplained."""
        return not self.missing and not self.unexplained


def evaluate(filled: Filled) -> Evaluated:
    """Every value and every control of a filled form. The same form, the same answer."""
    working = _Working(filled)
    values = {key: working.value(key) for cell in filled.form.cells for key in cell_keys(filled, cell)}
    checked = (*working.controls(), *working.written())
    missing = tuple(key for key, value in values.items() if value is None and _needed(filled.form, key))
    return Evaluated(filled, values, checked, missing)


def _needed(form: Form, key: Key) -> bool:
    cell = form.cell(key.cell)
    return not cell.optional and cell.unit is not Unit.TEKST


class _Working:
    """The numbers worked out so far."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.form = filled.form
        self.known: dict[Key, Value | None] = {}
        self.said = {(one.control, one.at): one for one in filled.explanations}

    def value(self, key: Key) -> Value | None:
        """The value of a key, worked out once."""
        if key not in self.known:
            self.known[key] = self._work_out(self.form.cell(key.cell), key)
        return self.known[key]

    def _work_out(self, cell: Cell, key: Key) -> Value | None:
        if cell.formula is not None:
            return self.number(cell.formula, cell.per, key.at)
        if cell.source is Source.MACHINE and self.filled.counted:
            return self.filled.facts.get(key, 0)
        return self.filled.values.get(key)

    def number(self, expr: Expr, per: tuple[Dimension, ...], at: tuple[str, ...]) -> int:
        """An expression asked from a place; what is not written counts as 0."""
        match expr:
            case Number(value):
                return value
            case Ref(cell):
                return _number(self.value(self._bound(cell, per, at)))
            case Total():
                return sum(_number(self.value(key)) for key in self.totalled(expr, per, at))
            case Plus(terms):
                return sum(one.sign * self.number(one.of, per, at) for one in terms)
            case Times(left, right):
                return self.number(left, per, at) * self.number(right, per, at)
            case Percent(part, whole):
                return _percent(self.number(part, per, at), self.number(whole, per, at))

    def _bound(self, cell: str, per: tuple[Dimension, ...], at: tuple[str, ...]) -> Key:
        """The key of a cell seen from a place: its list, krets … are those of the place."""
        here = dict(zip(per, at, strict=True))
        return Key(cell, tuple(here[one] for one in self.form.cell(cell).per))

    def totalled(self, total: Total, per: tuple[Dimension, ...], at: tuple[str, ...]) -> Iterator[Key]:
        """The keys a total adds up."""
        own = self.form.cell(total.cell).per
        here = dict(zip(per, at, strict=True))
        wide = ((here[one],) if one in here else self.filled.extent.codes(one) for one in own)
        for place in product(*wide):
            where = total.where
            if where is None or self.value(self._bound(where.cell, own, place)) == where.word:
                yield Key(total.cell, place)

    def controls(self) -> Iterator[Checked]:
        """Every control of the form, at every place it looks at."""
        for control in self.form.controls:
            for at in self.filled.extent.places(control.per):
                left, right = (self.number(one, control.per, at) for one in (control.left, control.right))
                yield self._checked(control, at, left, right)

    def written(self) -> Iterator[Checked]:
        """Numbers written where the form works them out itself, compared."""
        for key, value in self.filled.values.items():
            cell = self.form.cell(key.cell)
            worked = cell.formula is not None or (cell.source is Source.MACHINE and self.filled.counted)
            if worked and isinstance(value, int):
                yield self._checked(_written(cell), key.at, value, _number(self.value(key)))

    def _checked(self, control: Control, at: tuple[str, ...], left: int, right: int) -> Checked:
        said = self.said.get((control.id, at))
        text, by = (said.text.strip(), said.by.strip()) if said else ("", "")
        if left == right or (control.relation is Relation.AT_MOST and left < right):
            return Checked(control, at, left, right, Outcome.HOLDS, text, by)
        outcome = Outcome.EXPLAINED if text and by else Outcome.UNEXPLAINED
        return Checked(control, at, left, right, outcome, text, by)


def _written(cell: Cell) -> Control:
    return Control(
        f"={cell.id}", WRITTEN, Ref(cell.id), Relation.EQUAL, Ref(cell.id), Severity.FLAG, cell.per, own=True
    )


def _number(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _percent(part: int, whole: int) -> int:
    return (2 * 10000 * part + whole) // (2 * whole) if whole else 0
