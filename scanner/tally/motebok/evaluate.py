"""Working out a form: every sum, every carried number, every control. Pure; all arithmetic is here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from scanner.tally.form import Outcome
from scanner.tally.motebok.filled import Filled, Key, Value, cell_keys
from scanner.tally.motebok.formula import Expr, Number, Percent, Plus, Ref, Times, Total, walk
from scanner.tally.motebok.model import (
    Cell,
    Control,
    Dimension,
    FactKind,
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

    `missing` are keys that people must fill in and have not; they count as 0 until written. `taken`
    are sums for which the number written stands, because nothing that they add up is known: what is
    below them is then not missing.
    """

    filled: Filled
    values: Mapping[Key, Value | None]
    checked: tuple[Checked, ...]
    missing: tuple[Key, ...]
    taken: frozenset[Key] = frozenset()

    def number(self, cell: str, *at: str) -> int:
        """The number in a cell; 0 if nothing is written. KeyError if the form has no such cell."""
        value = self.values[Key(cell, at)]
        return value if isinstance(value, int) else 0

    @property
    def unexplained(self) -> tuple[Checked, ...]:
        """Controls that do not hold and that nobody has explained."""
        return tuple(one for one in self.checked if one.outcome is Outcome.UNEXPLAINED)

    @property
    def undecided(self) -> int:
        """Ballots that wait for people: doubt is a state on the way, and no words close a form over it."""
        form = self.filled.form
        waiting = {one.id for one in form.cells if one.fact and one.fact.kind is FactKind.UNDECIDED}
        return sum(self.number(key.cell, *key.at) for key in self.values if key.cell in waiting)

    @property
    def closed(self) -> bool:
        """True if the board can sign: nothing missing or undecided, no difference unexplained."""
        return not self.missing and not self.unexplained and not self.undecided


def evaluate(filled: Filled) -> Evaluated:
    """Every value and every control of a filled form. The same form, the same answer."""
    working = Working(filled)
    values = {key: working.value(key) for cell in filled.form.cells for key in cell_keys(filled, cell)}
    checked = (*working.controls(), *working.written())
    excused = working.below(working.taken)
    missing = tuple(
        key for key, value in values.items() if value is None and key not in excused and working.needed(key)
    )
    return Evaluated(filled, values, checked, missing, frozenset(working.taken))


class Working:
    """The numbers worked out so far; `taken` are those written, because nothing below is known."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.form = filled.form
        self.known: dict[Key, Value | None] = {}
        self.taken: set[Key] = set()
        self.said = {(one.control, one.at): one for one in filled.explanations}

    def value(self, key: Key) -> Value | None:
        """The value of a key, worked out once."""
        if key not in self.known:
            self.known[key] = self._work_out(self.form.cell(key.cell), key)
        return self.known[key]

    def _work_out(self, cell: Cell, key: Key) -> Value | None:
        if cell.source is Source.MACHINE and self.filled.counted:
            return self.filled.facts.get(key, 0)
        written = self.filled.values.get(key)
        if cell.formula is None:
            return written
        worked = self.number(cell.formula, cell.per, key.at)
        if worked is None and isinstance(written, int):
            self.taken.add(key)
            return written
        return worked

    def number(self, expr: Expr, per: tuple[Dimension, ...], at: tuple[str, ...]) -> int | None:
        """An expression asked from a place; None if nothing in it is known, else unknown parts are 0."""
        match expr:
            case Number(value):
                return value
            case Ref(cell):
                return _number(self.value(self.bound(cell, per, at)))
            case Total():
                return _sum(_number(self.value(key)) for key in self.totalled(expr, per, at))
            case Plus(terms):
                return _sum(_signed(one.sign, self.number(one.of, per, at)) for one in terms)
            case Times(left, right):
                return _product(self.number(left, per, at), self.number(right, per, at))
            case Percent(part, whole):
                return _percent(self.number(part, per, at), self.number(whole, per, at))

    def bound(self, cell: str, per: tuple[Dimension, ...], at: tuple[str, ...]) -> Key:
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
            if where is None or self.value(self.bound(where.cell, own, place)) == where.word:
                yield Key(total.cell, place)

    def needed(self, key: Key) -> bool:
        """True if people must write something here."""
        cell = self.form.cell(key.cell)
        if cell.optional or cell.formula is not None or (cell.unit is Unit.TEKST and not cell.choices):
            return False
        where = cell.needed
        return where is None or self.value(self.bound(where.cell, cell.per, key.at)) == where.word

    def below(self, keys: Iterable[Key]) -> set[Key]:
        """All keys that these rest on: what need not be written once the sum itself is."""
        found: set[Key] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            cell = self.form.cell(key.cell)
            parts = () if cell.formula is None else walk(cell.formula)
            here = [one for part in parts for one in self._looked_at(part, cell.per, key.at)]
            waiting += [one for one in here if one not in found]
            found.update(here)
        return found

    def _looked_at(self, part: Expr, per: tuple[Dimension, ...], at: tuple[str, ...]) -> Iterator[Key]:
        if isinstance(part, Ref):
            yield self.bound(part.cell, per, at)
        elif isinstance(part, Total):
            yield from self.totalled(part, per, at)

    def controls(self) -> Iterator[Checked]:
        """Every control of the form, at every place it looks at, once both sides have something known."""
        for control in self.form.controls:
            for at in self.filled.extent.places(control.per):
                left = self.number(control.left, control.per, at)
                right = self.number(control.right, control.per, at)
                if left is not None and right is not None:
                    yield self._checked(control, at, left, right)

    def written(self) -> Iterator[Checked]:
        """Numbers written where the form works them out itself, compared."""
        for key, value in self.filled.values.items():
            cell = self.form.cell(key.cell)
            worked = cell.formula is not None or (cell.source is Source.MACHINE and self.filled.counted)
            if worked and isinstance(value, int) and key not in self.taken:
                yield self._checked(_written(cell), key.at, value, _number(self.value(key)) or 0)

    def _checked(self, control: Control, at: tuple[str, ...], left: int, right: int) -> Checked:
        said = self.said.get((control.id, at))
        text, by = (said.text.strip(), said.by.strip()) if said else ("", "")
        if left == right or (control.relation is Relation.AT_MOST and left < right):
            return Checked(control, at, left, right, Outcome.HOLDS, text, by)
        meant = said is not None and said.difference in {None, left - right}
        outcome = Outcome.EXPLAINED if text and by and meant else Outcome.UNEXPLAINED
        return Checked(control, at, left, right, outcome, text, by)


def _written(cell: Cell) -> Control:
    return Control(
        f"={cell.id}", WRITTEN, Ref(cell.id), Relation.EQUAL, Ref(cell.id), Severity.FLAG, cell.per, own=True
    )


def _number(value: Value | None) -> int | None:
    return value if isinstance(value, int) else None


def _sum(parts: Iterable[int | None]) -> int | None:
    """The sum of what is known; None if nothing is; 0 if there is nothing to add."""
    listed = list(parts)
    known = [one for one in listed if one is not None]
    return sum(known) if known or not listed else None


def _signed(sign: int, number: int | None) -> int | None:
    return None if number is None else sign * number


def _product(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left * right


def _percent(part: int | None, whole: int | None) -> int | None:
    if part is None or whole is None:
        return None
    return (2 * 10000 * part + whole) // (2 * whole) if whole else 0
