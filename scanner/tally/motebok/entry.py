"""What people write in a cell, understood or refused with a reason they can act on."""

import re

from scanner.errors import InputError
from scanner.tally.motebok.filled import Extent, Key, Value
from scanner.tally.motebok.model import Cell, Form, Source, Unit

_NUMBER = re.compile(r"[-−–]?\d{1,9}")
_PERCENT = re.compile(r"(\d{1,3}),(\d\d)%?")
_SPACES = str.maketrans("", "", "    .")  # between thousands: 63 509, 63.509


def entry(cell: Cell, written: str) -> Value | None:
    """The value of what is written in a cell; None if nothing is.

    Numbers may have spaces between thousands. Raises InputError, a sentence, if it is no number, is
    negative where only counting is meant, or is not one of the words the cell takes.
    """
    words = written.strip()
    if not words:
        return None
    if cell.unit is Unit.TEKST:
        return _word(cell, words)
    return _percent(words) if cell.unit is Unit.PROSENT else _number(cell, words)


def _word(cell: Cell, words: str) -> str:
    if cell.choices and words not in cell.choices:
        raise InputError(f"«{words}» is not one of {', '.join(cell.choices)}.")
    return words


def _number(cell: Cell, words: str) -> int:
    digits = words.translate(_SPACES)
    if not _NUMBER.fullmatch(digits):
        raise InputError(f"«{words}» is not a whole number.")
    number = int(digits.replace("−", "-").replace("–", "-"))
    if number < 0 and cell.source in {Source.INPUT, Source.MACHINE}:
        raise InputError(f"«{words}» is negative, and this cell counts something.")
    return number


def _percent(words: str) -> int:
    match = _PERCENT.fullmatch(words.translate(str.maketrans("", "", "   ")))
    if match is None:
        raise InputError(f"«{words}» is not a percentage with two decimals, such as 68,10.")
    return int(match[1] + match[2])


def key_of(form: Form, extent: Extent, cell: str, place: str) -> Key:
    """The key of a cell and place as written ("K1;A"). Raises InputError if the form has no such."""
    try:
        per = form.cell(cell).per
    except KeyError:
        raise InputError(f"The form {form.id} has no cell «{cell}».") from None
    at = tuple(one.strip() for one in place.split(";")) if place.strip() else ()
    if len(at) != len(per):
        wanted = ";".join(one.value for one in per) or "nothing"
        raise InputError(f"Cell {cell} is per {wanted}; «{place}» is written.")
    for dimension, code in zip(per, at, strict=True):
        if code not in extent.codes(dimension):
            raise InputError(f"There is no {dimension.value} «{code}».")
    return Key(cell, at)


def place_of(key: Key) -> str:
    """The place of a key as written: "K1;A"; empty for a cell that stands alone."""
    return ";".join(key.at)
