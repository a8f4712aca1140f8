"""Stemmestyrenes møtebøker become numbers of valgstyret's: C1.1, C2.3b and C3.1b, krets by krets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scanner.errors import InputError
from scanner.tally.motebok.evaluate import Evaluated
from scanner.tally.motebok.filled import Filled, Key, Value
from scanner.tally.motebok.model import Dimension


@dataclass(frozen=True, slots=True)
class Conflict:
    """A number written in the book that a smaller board's book says otherwise."""

    key: Key
    written: Value
    told: Value


def feed(filled: Filled, books: Mapping[str, Evaluated]) -> tuple[Filled, tuple[Conflict, ...]]:
    """The book with the numbers of other boards' books, by krets (kommune) code, where nothing is written.

    What is written already stays, and is a conflict if it differs. Raises InputError for a book that is
    not the kind this form takes, or of a krets it does not have.
    """
    new: dict[Key, Value] = {}
    conflicts = []
    for place, book in books.items():
        _check(filled, place, book)
        for key, told in _told(filled, place, book):
            written = filled.values.get(key)
            if written is None:
                new[key] = told
            elif written != told:
                conflicts.append(Conflict(key, written, told))
    return filled.with_values(new), tuple(conflicts)


def _check(filled: Filled, place: str, book: Evaluated) -> None:
    form = filled.form
    if book.filled.form.id not in form.fed_by:
        takes = " or ".join(form.fed_by) or "no other book"
        raise InputError(f"The form {form.id} takes {takes}; the book of {place} is {book.filled.form.id}.")
    if place not in filled.extent.codes(form.fed_per):
        raise InputError(f"There is no {form.fed_per.value} «{place}».")


def _told(filled: Filled, place: str, book: Evaluated) -> Iterator[tuple[Key, Value]]:
    """What a book says, under the keys it has here: the krets is put where this form has it."""
    form = filled.form
    for one in form.feeds:
        for key, value in book.values.items():
            if key.cell == one.source and value is not None:
                theirs = dict(zip(book.filled.form.cell(key.cell).per, key.at, strict=True))
                where: dict[Dimension, str] = {**theirs, form.fed_per: place}
                yield Key(one.target, tuple(where[dim] for dim in form.cell(one.target).per)), value
