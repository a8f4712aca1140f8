"""Which form belongs to which election: by board, type and year."""

from scanner.election import ElectionType
from scanner.errors import InputError
from scanner.tally.motebok.model import Form
from scanner.tally.motebok.reading import FormFile, form, form_file, form_names


def form_for(board: str, type_: ElectionType, year: int) -> Form:
    """The form a board fills in at an election. Raises InputError if there is none for that year."""
    for name in form_names():
        if _fits(form_file(name), board, type_, year):
            return form(name, type_, year)
    raise InputError(f"There is no form of {board} for {type_} {year}; see `valgskanner form list`.")


def _fits(file: FormFile, board: str, type_: ElectionType, year: int) -> bool:
    return file.board == board and type_ in file.types and file.since <= year <= file.until
