"""What people may write in a cell of a form, wherever they write it: one sentence for what they may not."""

from datetime import date, time
from math import isfinite

from scanner.errors import InputError
from scanner.tally.motebok.filled import Value
from scanner.tally.motebok.model import Cell, Unit

MOST = 999_999_999  # of a number
MOST_LETTERS = 2000  # of words


def entered(cell: Cell, found: object) -> Value | None:
    """The value of an input cell; None if it is empty. InputError says what is wrong, not where."""
    if found is None or found == "":
        return None
    if cell.unit is not Unit.TEKST:
        return number(found)
    if cell.choices and found not in cell.choices:
        raise InputError(f"«{str(found)[:60]}» is not one of {', '.join(cell.choices)}.")
    return words(found)


def number(found: object, least: int = 0) -> int:
    """A whole number from `least`; InputError for anything else, also one written as text or a formula."""
    if isinstance(found, (bool, date, time)):
        raise InputError("holds a date or a yes/no; write a whole number.")
    if isinstance(found, str):
        if found.startswith("="):
            raise InputError("holds a formula; write the number itself.")
        raise InputError(f"«{found[:60]}» is text; write a whole number.")
    if not isinstance(found, int | float) or not isfinite(found) or found != int(found):
        raise InputError(f"{found!r} is no whole number.")
    if not least <= found <= MOST:
        raise InputError(f"{found:g} is no number of ballots or voters.")
    return int(found)


def words(found: object) -> str | None:
    """Free words, None if there are none. InputError for a formula, a novel, or what cannot be printed."""
    text = str(found).strip()
    if text.startswith("="):
        raise InputError("holds a formula; write words.")
    if len(text) > MOST_LETTERS:
        raise InputError(f"holds more than {MOST_LETTERS} letters.")
    if not all(one.isprintable() or one == "\n" for one in text):
        raise InputError("holds signs that cannot be printed.")
    return text or None
